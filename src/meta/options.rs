//! How to pool: every choice that changes a number is a field here, none is silent.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::measure::EffectMeasure;
use super::tau2::Tau2Method;

/// One true effect, or a distribution of effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
#[strum(ascii_case_insensitive)]
pub enum Model {
    /// Common effect (also called fixed effect); metafor `method = "EE"`.
    #[strum(serialize = "common", serialize = "CE", serialize = "EE", serialize = "FE", serialize = "fixed")]
    Common,
    /// Random effects.
    #[strum(serialize = "random", serialize = "RE")]
    Random,
}

/// How studies are weighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
#[strum(ascii_case_insensitive)]
pub enum Method {
    /// Inverse variance.
    #[strum(serialize = "iv", serialize = "inverse-variance")]
    InverseVariance,
    /// Mantel-Haenszel: odds, risk and rate ratios and differences from counts. With random effects, the Mantel-Haenszel estimate
    /// centres Q for the DerSimonian-Laird formula and studies are then weighted by inverse variance (as in RevMan).
    #[strum(serialize = "mh", serialize = "mantel-haenszel")]
    MantelHaenszel,
    /// Peto's one-step odds ratio; also observed-minus-expected data.
    #[strum(serialize = "peto")]
    Peto,
}

/// Test and confidence interval of the pooled estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
#[strum(ascii_case_insensitive)]
pub enum Test {
    /// Normal quantile, Wald.
    #[strum(serialize = "z", serialize = "wald")]
    Wald,
    /// Hartung and Knapp (2001), Sidik and Jonkman (2002): rescaled standard error, t with k - 1 degrees of freedom. metafor `knha`.
    #[strum(serialize = "knha", serialize = "hk", serialize = "hksj")]
    HartungKnapp,
    /// The same with a scale factor of at least one. metafor `adhoc`.
    #[strum(serialize = "adhoc")]
    HartungKnappAdHoc,
    /// Classic standard error, t with k - 1 degrees of freedom. metafor `t`.
    #[strum(serialize = "t")]
    T,
}

/// Whose rules decide where programs differ. What each program also starts with is in [`Options::under`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
#[strum(ascii_case_insensitive)]
pub enum Convention {
    /// R package metafor: `escalc`, `rma`, `rma.mh`, `rma.peto`.
    #[strum(to_string = "metafor")]
    Metafor,
    /// Cochrane's RevMan 5 (Deeks and Higgins 2010); I2 from Q.
    #[strum(to_string = "revman54", serialize = "revman", serialize = "revman5")]
    RevMan,
    /// Cochrane's RevMan Web since 2024: the study-level rules of RevMan 5; I2 from tau2.
    #[strum(to_string = "revman_web", serialize = "revman-web", serialize = "revmanweb")]
    RevManWeb,
    /// R package meta, version 8: study-level rules of `metabin` and `metacont`.
    #[strum(to_string = "meta")]
    RMeta,
}

impl Convention {
    /// Returns true for both programs of Cochrane, whose rules for single studies and for counts are the same.
    pub fn is_revman(self) -> bool {
        matches!(self, Self::RevMan | Self::RevManWeb)
    }

    /// Returns the name for reading: "RevMan 5.4", "RevMan Web", "metafor", "R package meta".
    pub fn label(self) -> &'static str {
        match self {
            Self::Metafor => "metafor",
            Self::RevMan => "RevMan 5.4",
            Self::RevManWeb => "RevMan Web",
            Self::RMeta => "R package meta",
        }
    }

    /// Returns true when I2 is the share of tau2 in the total variance, and not computed from Q.
    pub fn takes_i2_from_tau2(self) -> bool {
        matches!(self, Self::Metafor | Self::RevManWeb)
    }
}

/// Which studies get a continuity correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
#[strum(ascii_case_insensitive)]
pub enum CorrectionRule {
    /// Studies with at least one zero cell.
    #[strum(serialize = "only0")]
    StudiesWithZero,
    /// All studies.
    #[strum(serialize = "all")]
    All,
    /// All studies as soon as one study has a zero cell.
    #[strum(serialize = "if0all")]
    AllIfAnyZero,
    /// No study.
    #[strum(serialize = "none")]
    Nobody,
}

/// How much is added to the cells of a study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CorrectionAmount {
    /// 0.5, and nothing for measures that are defined with zero cells (arcsine and square-root transformations).
    Customary,
    /// The same amount to each cell.
    Constant(f64),
    /// Treatment-arm continuity correction: the group's share of the study's participants (Sweeting, Sutton and Lambert 2004).
    TreatmentArm,
}

/// The continuity correction for zero cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correction {
    /// How much is added.
    pub amount: CorrectionAmount,
    /// To which studies.
    pub rule: CorrectionRule,
    /// Drops studies without any event, or with events only, in both groups (metafor `drop00`). `None` is the custom of the method:
    /// inverse variance keeps them, Mantel-Haenszel drops them from heterogeneity and keeps them in the pooled estimate.
    pub drop_double_zero: Option<bool>,
}

impl Correction {
    /// 0.5 to the cells of studies with a zero; double-zero studies stay. The default of metafor's `escalc`.
    pub const CUSTOMARY: Self = Self { amount: CorrectionAmount::Customary, rule: CorrectionRule::StudiesWithZero, drop_double_zero: None };
    /// No correction.
    pub const NONE: Self = Self { amount: CorrectionAmount::Constant(0.0), rule: CorrectionRule::Nobody, drop_double_zero: None };

    /// Returns what is added to the cells of both groups of a study; `is_defined_at_zero` tells whether the measure needs it at all.
    ///
    /// `share` is the first group's share of the participants.
    pub(super) fn added(&self, has_zero: bool, any_zero: bool, share: f64, is_defined_at_zero: bool) -> (f64, f64) {
        let applies = match self.rule {
            CorrectionRule::StudiesWithZero => has_zero,
            CorrectionRule::All => true,
            CorrectionRule::AllIfAnyZero => any_zero,
            CorrectionRule::Nobody => false,
        };
        match self.amount {
            _ if !applies => (0.0, 0.0),
            CorrectionAmount::Customary if is_defined_at_zero => (0.0, 0.0),
            CorrectionAmount::Customary => (0.5, 0.5),
            CorrectionAmount::Constant(amount) => (amount, amount),
            CorrectionAmount::TreatmentArm => (share, 1.0 - share),
        }
    }

    /// Returns true when double-zero studies are dropped; `custom` is the custom of the method.
    pub(super) fn drops(&self, custom: bool) -> bool {
        self.drop_double_zero.unwrap_or(custom)
    }
}

/// Formula of the sampling variance, for the measures that have more than one ([`EffectMeasure::variance_types`]). metafor `vtype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
#[strum(ascii_case_insensitive)]
pub enum VarianceType {
    /// Large-sample approximation. For SMD: `1/n1 + 1/n2 + g^2/(2N)`.
    #[strum(serialize = "LS")]
    LargeSample,
    /// Large-sample approximation of the uncorrected d times J squared.
    #[strum(serialize = "LS2")]
    LargeSampleUncorrected,
    /// Unbiased (Hedges 1983); default of R package meta.
    #[strum(serialize = "UB")]
    Unbiased,
    /// Large-sample approximation at the size-weighted mean over all studies.
    #[strum(serialize = "AV")]
    Average,
    /// Equal variances in both groups (mean difference, ratio of means).
    #[strum(serialize = "HO")]
    Homoscedastic,
    /// Coefficients of variation averaged over all studies and both groups (ratio of means).
    #[strum(serialize = "AVHO")]
    AverageHomoscedastic,
    /// Groups of fixed size: stratified sampling (phi).
    #[strum(serialize = "ST")]
    Stratified,
    /// Only the total size is fixed: cross-sectional sampling (phi, where it is also the large-sample form).
    #[strum(serialize = "CS")]
    CrossSectional,
}

/// All choices of one analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// What is computed per study.
    pub measure: EffectMeasure,
    /// Common effect or random effects.
    pub model: Model,
    /// How studies are weighted.
    pub method: Method,
    /// Estimator of the between-study variance; ignored under [`Model::Common`].
    pub tau2: Tau2Method,
    /// Test and interval.
    pub test: Test,
    /// Level of all intervals, a fraction between 0 and 1.
    pub level: f64,
    /// Whose rules hold where programs differ.
    pub convention: Convention,
    /// Correction of study effects for zero cells. Ignored by the RevMan conventions, whose rule is fixed.
    pub correction: Correction,
    /// Correction of the counts that enter the pooled Mantel-Haenszel or Peto estimate. Ignored by the RevMan conventions.
    pub pooled_correction: Correction,
    /// Variance formula for mean differences.
    pub variance: VarianceType,
    /// Adds the second-order bias correction to log ratios of means, as metafor does from version 5.
    pub correct_ratio_of_means: bool,
}

impl Options {
    /// Makes the options that this program starts with: random effects, REML, Wald test, 95 % intervals, metafor's conventions.
    pub fn new(measure: EffectMeasure) -> Self {
        Self {
            measure,
            model: Model::Random,
            method: Method::InverseVariance,
            tau2: Tau2Method::RestrictedMaximumLikelihood,
            test: Test::Wald,
            level: 0.95,
            convention: Convention::Metafor,
            correction: Correction::CUSTOMARY,
            pooled_correction: Correction::NONE,
            variance: VarianceType::LargeSample,
            correct_ratio_of_means: false,
        }
    }

    /// Makes the options that RevMan 5 starts with: DerSimonian-Laird random effects by Mantel-Haenszel for ratios and differences of
    /// risks, by inverse variance otherwise; Peto odds ratios and observed-minus-expected data under a common effect.
    pub fn revman(measure: EffectMeasure) -> Self {
        use EffectMeasure::{ObservedMinusExpected, OddsRatio, PetoOddsRatio, RiskDifference, RiskRatio};
        let mut options = Self { tau2: Tau2Method::DerSimonianLaird, convention: Convention::RevMan, ..Self::new(measure) };
        match measure {
            OddsRatio | RiskRatio | RiskDifference => options.method = Method::MantelHaenszel,
            PetoOddsRatio | ObservedMinusExpected => {
                options.method = Method::Peto;
                options.model = Model::Common;
            }
            _ => {}
        }
        options
    }

    /// Makes the options that a program starts with.
    ///
    /// metafor and R's meta: random effects, REML, inverse variance, Wald test. RevMan 5.4: [`Options::revman`]. RevMan Web: random
    /// effects by inverse variance, REML, Hartung-Knapp interval. Under a common effect both RevMan programs pool risks by
    /// Mantel-Haenszel. Peto odds ratios and observed-minus-expected data have a common effect in RevMan.
    pub fn under(convention: Convention, measure: EffectMeasure, model: Option<Model>) -> Self {
        let mut options = match convention {
            Convention::Metafor | Convention::RMeta => Self { convention, ..Self::new(measure) },
            Convention::RevMan => Self::revman(measure),
            Convention::RevManWeb => {
                let mut web = Self { convention, tau2: Tau2Method::RestrictedMaximumLikelihood, ..Self::revman(measure) };
                if web.model == Model::Random && model != Some(Model::Common) {
                    web.method = Method::InverseVariance;
                    web.test = Test::HartungKnapp;
                }
                web
            }
        };
        if let Some(model) = model {
            options.model = model;
            if model == Model::Random && options.method == Method::Peto {
                options.method = Method::InverseVariance;
            }
        }
        options
    }

    /// Returns the same options for a common-effect model.
    #[must_use]
    pub fn common(mut self) -> Self {
        self.model = Model::Common;
        self
    }

    /// Returns the same options for random effects with this estimator of the between-study variance.
    #[must_use]
    pub fn random(mut self, tau2: Tau2Method) -> Self {
        self.model = Model::Random;
        self.tau2 = tau2;
        self
    }

    /// Returns the same options with this test.
    #[must_use]
    pub fn with_test(mut self, test: Test) -> Self {
        self.test = test;
        self
    }

    /// Returns the same options with this weighting method.
    #[must_use]
    pub fn with_method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }
}

macro_rules! short_name {
    ($($kind:ty),+) => {$(
        impl $kind {
            /// Returns the short name that the command line uses.
            pub fn short(self) -> &'static str {
                self.into()
            }
        }
    )+};
}
short_name!(Model, Method, Test, Convention, CorrectionRule, VarianceType);
