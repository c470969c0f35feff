//! Planned analyses, and the rows of numbers that the agreed values give for each.
//!
//! An [`AnalysisSpec`] says what to pool and how; [`dataset_rows`] collects the numbers, study by study. A study without the
//! numbers is not dropped in silence: its row says which value is missing. Each row names the cells that it was made from, so
//! that every number of a forest plot leads back to a value, a report and a page.

mod characteristic;
mod exclusion;
mod rows;
mod side;

pub use characteristic::{Characteristic, group_rank};
pub use exclusion::AnalysisExclusion;
pub use rows::{AgreedStudy, ArmPair, CombineMeans, ContinuousArm, DatasetRow, DichotomousArm, LeftOut, dataset_rows};
pub use side::Side;

use serde::{Deserialize, Serialize};

use super::form::OutcomeKind;

/// A planned analysis of the review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnalysisSpec {
    /// The number of the analysis ("1.1"), `[a-z0-9_.-]+`.
    pub id: String,
    /// The title printed over results and figures.
    pub title: String,
    /// The id of the outcome.
    pub outcome: String,
    /// The id of the timepoint.
    pub timepoint: String,
    /// The arm on the experimental side, or several that are combined.
    pub experimental: Side,
    /// The arm that it is compared with, or several that are combined.
    pub control: Side,
    /// The effect measure.
    pub measure: EffectMeasure,
    /// One common effect, or effects that vary between studies.
    #[serde(default)]
    pub model: Model,
    /// How studies are weighted.
    #[serde(default)]
    pub method: PoolingMethod,
    /// How the variance between studies is estimated, for the random-effects model.
    #[serde(default)]
    pub tau2: Tau2Method,
    /// How the interval of the pooled estimate is made.
    #[serde(default)]
    pub test: IntervalTest,
    /// The confidence level in percent, between 0 and 100.
    #[serde(default = "ninety_five")]
    pub level: f64,
    /// The id of a field whose answers make the subgroups: a field of the study, or of its arms, of which that of the experimental arm
    /// counts.
    #[serde(default)]
    pub subgroup: Option<String>,
    /// Where the subgroups of a field of numbers begin, ascending: `[0.5, 1]` makes "< 0.5", "0.5 to < 1" and "≥ 1".
    #[serde(default)]
    pub cuts: Vec<f64>,
    /// The ids of fields whose answers may explain why effects differ (meta-regression); fields as for `subgroup`.
    #[serde(default)]
    pub moderators: Vec<String>,
    /// What effects left of the line mean ("Favours ketamine").
    #[serde(default)]
    pub favours_left: Option<String>,
    /// What effects right of the line mean.
    #[serde(default)]
    pub favours_right: Option<String>,
}

fn ninety_five() -> f64 {
    95.0
}

/// An effect measure of two arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString, strum::IntoStaticStr)]
pub enum EffectMeasure {
    /// The difference of means, in units of the outcome.
    #[serde(rename = "MD")]
    #[strum(serialize = "MD")]
    MeanDifference,
    /// The difference of means divided by their standard deviation.
    #[serde(rename = "SMD")]
    #[strum(serialize = "SMD")]
    StandardisedMeanDifference,
    /// The ratio of risks.
    #[serde(rename = "RR")]
    #[strum(serialize = "RR")]
    RiskRatio,
    /// The ratio of odds.
    #[serde(rename = "OR")]
    #[strum(serialize = "OR")]
    OddsRatio,
    /// The difference of risks.
    #[serde(rename = "RD")]
    #[strum(serialize = "RD")]
    RiskDifference,
}

impl EffectMeasure {
    /// Returns the abbreviation that readers know: "MD", "SMD", "RR", "OR", "RD".
    pub fn short(self) -> &'static str {
        self.into()
    }

    /// Returns whether the measure is a ratio, which is pooled on the scale of its natural logarithm.
    pub fn is_ratio(self) -> bool {
        matches!(self, Self::RiskRatio | Self::OddsRatio)
    }

    /// Returns the kind of outcome that the measure is made from.
    pub fn outcome_kind(self) -> OutcomeKind {
        match self {
            Self::MeanDifference | Self::StandardisedMeanDifference => OutcomeKind::Continuous,
            Self::RiskRatio | Self::OddsRatio | Self::RiskDifference => OutcomeKind::Dichotomous,
        }
    }
}

/// Whether the studies share one effect.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Model {
    /// Effects vary between studies.
    #[default]
    Random,
    /// One effect is common to all studies.
    Common,
}

/// How studies are weighted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString, strum::IntoStaticStr)]
pub enum PoolingMethod {
    /// By the inverse of the variance.
    #[default]
    #[serde(rename = "iv")]
    #[strum(serialize = "iv")]
    InverseVariance,
    /// Mantel-Haenszel weights, for dichotomous outcomes.
    #[serde(rename = "mh")]
    #[strum(serialize = "mh")]
    MantelHaenszel,
    /// Peto's odds ratio.
    #[serde(rename = "peto")]
    #[strum(serialize = "peto")]
    Peto,
}

/// The estimator of the variance between studies; names as in metafor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString, strum::IntoStaticStr)]
pub enum Tau2Method {
    /// DerSimonian and Laird.
    #[serde(rename = "DL")]
    #[strum(serialize = "DL")]
    DerSimonianLaird,
    /// Restricted maximum likelihood.
    #[default]
    #[serde(rename = "REML")]
    #[strum(serialize = "REML")]
    RestrictedMaximumLikelihood,
    /// Maximum likelihood.
    #[serde(rename = "ML")]
    #[strum(serialize = "ML")]
    MaximumLikelihood,
    /// Paule and Mandel.
    #[serde(rename = "PM")]
    #[strum(serialize = "PM")]
    PauleMandel,
    /// Hedges.
    #[serde(rename = "HE")]
    #[strum(serialize = "HE")]
    Hedges,
    /// Hunter and Schmidt.
    #[serde(rename = "HS")]
    #[strum(serialize = "HS")]
    HunterSchmidt,
    /// Sidik and Jonkman.
    #[serde(rename = "SJ")]
    #[strum(serialize = "SJ")]
    SidikJonkman,
    /// Empirical Bayes.
    #[serde(rename = "EB")]
    #[strum(serialize = "EB")]
    EmpiricalBayes,
}

impl Tau2Method {
    /// Returns the abbreviation that metafor uses: "DL", "REML", ...
    pub fn short(self) -> &'static str {
        self.into()
    }
}

/// How the interval of the pooled estimate is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString, strum::IntoStaticStr)]
pub enum IntervalTest {
    /// From the normal distribution (Wald).
    #[default]
    #[serde(rename = "z")]
    #[strum(serialize = "z")]
    Normal,
    /// Hartung and Knapp, Sidik and Jonkman.
    #[serde(rename = "knha")]
    #[strum(serialize = "knha")]
    HartungKnapp,
}
