//! Planned analyses, and the rows of numbers that the agreed values give for each.
//!
//! An [`AnalysisSpec`] says what to pool and how; [`dataset_rows`] collects the numbers, study by study. A study without the
//! numbers is not dropped in silence: its row says which value is missing. Each row names the cells that it was made from, so
//! that every number of a forest plot leads back to a value, a report and a page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::form::{Form, OutcomeKind, OutcomePart, outcome_path};
use super::value::ParsedValue;

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
    /// The id of the arm on the experimental side.
    pub experimental: String,
    /// The id of the arm that it is compared with.
    pub control: String,
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
    /// The id of a field of the study whose answers make the subgroups.
    #[serde(default)]
    pub subgroup: Option<String>,
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

/// A study with the values on which its extractors agreed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AgreedStudy {
    /// The label of the study ("Sigtermans 2009").
    pub label: String,
    /// The agreed values by cell path.
    pub cells: BTreeMap<String, ParsedValue>,
}

/// One study of an analysis: its numbers, or why it has none.
#[derive(Debug, Clone, PartialEq)]
pub struct DatasetRow {
    /// The label of the study.
    pub study: String,
    /// The study's subgroup, where the analysis has subgroups and the study an answer; "not reported" and "unclear" are answers.
    pub subgroup: Option<String>,
    /// The numbers of both arms, or why the study is left out.
    pub arms: Result<ArmPair, LeftOut>,
    /// The paths of all cells that were looked at, in reading order: experimental arm, control arm, subgroup.
    pub paths: Vec<String>,
}

/// The numbers of two arms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ArmPair {
    /// Means of a continuous outcome, in its unit.
    Continuous {
        /// The experimental arm.
        experimental: ContinuousArm,
        /// The control arm.
        control: ContinuousArm,
    },
    /// Counts of a dichotomous outcome.
    Dichotomous {
        /// The experimental arm.
        experimental: DichotomousArm,
        /// The control arm.
        control: DichotomousArm,
    },
}

/// The numbers of one arm for a continuous outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContinuousArm {
    /// People analysed, at least 1.
    pub n: f64,
    /// The mean.
    pub mean: f64,
    /// The standard deviation, positive.
    pub sd: f64,
}

/// The numbers of one arm for a dichotomous outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DichotomousArm {
    /// People with the event, 0 to `n`.
    pub events: f64,
    /// People in all, at least 1.
    pub n: f64,
}

/// Why a study is left out of an analysis.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeftOut {
    /// The study has none of the analysis's numbers.
    #[error("no value for this outcome and timepoint")]
    NoData,
    /// A number was not agreed upon.
    #[error("no value for {path}")]
    Missing {
        /// The path of the cell.
        path: String,
    },
    /// The reports do not give a number.
    #[error("{path} is {answer}")]
    NotGiven {
        /// The path of the cell.
        path: String,
        /// "not reported" or "unclear".
        answer: String,
    },
    /// A number cannot be pooled.
    #[error("{path}: {reason}")]
    Unusable {
        /// The path of the cell.
        path: String,
        /// What is wrong with the number.
        reason: String,
    },
    /// The form has no such outcome.
    #[error("the form has no outcome {outcome}")]
    UnknownOutcome {
        /// The id that the analysis names.
        outcome: String,
    },
}

/// Collects the numbers of an analysis, one row per study in the order given, studies without numbers included.
///
/// `form` is the form that `spec` belongs to. Studies must be distinct; a study is one row. No studies give no rows.
pub fn dataset_rows(form: &Form, spec: &AnalysisSpec, studies: &[AgreedStudy]) -> Vec<DatasetRow> {
    studies.iter().map(|study| dataset_row(form, spec, study)).collect()
}

fn dataset_row(form: &Form, spec: &AnalysisSpec, study: &AgreedStudy) -> DatasetRow {
    let mut paths = Vec::new();
    let arms = match form.outcome(&spec.outcome) {
        None => Err(LeftOut::UnknownOutcome { outcome: spec.outcome.clone() }),
        Some(outcome) => {
            for arm in [&spec.experimental, &spec.control] {
                paths.extend(OutcomePart::of(outcome.kind).iter().map(|&part| outcome_path(&spec.outcome, &spec.timepoint, arm, part)));
            }
            if paths.iter().any(|path| study.cells.contains_key(path)) {
                let reader = Reader { spec, cells: &study.cells };
                match outcome.kind {
                    OutcomeKind::Continuous => reader.continuous_pair(),
                    OutcomeKind::Dichotomous => reader.dichotomous_pair(),
                }
            } else {
                Err(LeftOut::NoData)
            }
        }
    };
    let subgroup = spec.subgroup.as_ref().and_then(|field| {
        paths.push(field.clone());
        study.cells.get(field).map(ToString::to_string)
    });
    DatasetRow { study: study.label.clone(), subgroup, arms, paths }
}

/// Reads the numbers of one study for one analysis.
struct Reader<'a> {
    spec: &'a AnalysisSpec,
    cells: &'a BTreeMap<String, ParsedValue>,
}

impl Reader<'_> {
    fn continuous_pair(&self) -> Result<ArmPair, LeftOut> {
        Ok(ArmPair::Continuous { experimental: self.continuous(&self.spec.experimental)?, control: self.continuous(&self.spec.control)? })
    }

    fn dichotomous_pair(&self) -> Result<ArmPair, LeftOut> {
        Ok(ArmPair::Dichotomous {
            experimental: self.dichotomous(&self.spec.experimental)?,
            control: self.dichotomous(&self.spec.control)?,
        })
    }

    fn continuous(&self, arm: &str) -> Result<ContinuousArm, LeftOut> {
        let n = self.number(arm, OutcomePart::N, |n| (n < 1.0).then_some("nobody was analysed"))?;
        let mean = self.number(arm, OutcomePart::Mean, |_| None)?;
        let sd = self.number(arm, OutcomePart::Sd, |sd| (sd <= 0.0).then_some("a standard deviation above 0 is needed"))?;
        Ok(ContinuousArm { n, mean, sd })
    }

    fn dichotomous(&self, arm: &str) -> Result<DichotomousArm, LeftOut> {
        let events = self.number(arm, OutcomePart::Events, |events| (events < 0.0).then_some("fewer than no events"))?;
        let n = self.number(arm, OutcomePart::N, |n| (n < 1.0).then_some("nobody was analysed"))?;
        if events > n {
            let path = outcome_path(&self.spec.outcome, &self.spec.timepoint, arm, OutcomePart::Events);
            return Err(LeftOut::Unusable { path, reason: format!("{events} of {n} people had the event") });
        }
        Ok(DichotomousArm { events, n })
    }

    fn number(&self, arm: &str, part: OutcomePart, fault: impl Fn(f64) -> Option<&'static str>) -> Result<f64, LeftOut> {
        let path = outcome_path(&self.spec.outcome, &self.spec.timepoint, arm, part);
        match self.cells.get(&path) {
            None => Err(LeftOut::Missing { path }),
            Some(answer @ (ParsedValue::NotReported | ParsedValue::Unclear)) => Err(LeftOut::NotGiven { path, answer: answer.to_string() }),
            Some(value) => match value.number() {
                None => Err(LeftOut::Unusable { path, reason: "it is not a number".to_owned() }),
                Some(number) => match fault(number) {
                    Some(reason) => Err(LeftOut::Unusable { path, reason: reason.to_owned() }),
                    None => Ok(number),
                },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::sample;
    use super::super::value::parse_value;
    use super::*;

    fn study(label: &str, cells: &[(&str, &str)]) -> AgreedStudy {
        let form = sample::form();
        let cells = cells.iter().map(|(path, raw)| {
            let cell = form.cell(path).expect("a cell of the form");
            ((*path).to_owned(), parse_value(&cell, raw).expect("a value"))
        });
        AgreedStudy { label: label.into(), cells: cells.collect() }
    }

    const PAIN: [(&str, &str); 6] = [
        ("outcome.pain.immediate.drug.n", "30"),
        ("outcome.pain.immediate.drug.mean", "26.8"),
        ("outcome.pain.immediate.drug.sd", "27.93385"),
        ("outcome.pain.immediate.placebo.n", "30"),
        ("outcome.pain.immediate.placebo.mean", "54.5"),
        ("outcome.pain.immediate.placebo.sd", "26.290683"),
    ];

    #[test]
    fn a_complete_study_gives_the_numbers_of_both_arms_and_where_they_came_from() {
        let form = sample::form();
        let mut cells = PAIN.to_vec();
        cells.push(("design", "RCT parallel"));
        let rows = dataset_rows(&form, &form.analyses[0], &[study("Sigtermans 2009", &cells)]);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].subgroup.as_deref(), Some("RCT parallel"));
        assert_eq!(
            rows[0].arms,
            Ok(ArmPair::Continuous {
                experimental: ContinuousArm { n: 30.0, mean: 26.8, sd: 27.93385 },
                control: ContinuousArm { n: 30.0, mean: 54.5, sd: 26.290683 },
            })
        );
        let expected: Vec<&str> = PAIN.iter().map(|(path, _)| *path).chain(["design"]).collect();
        assert_eq!(rows[0].paths, expected);
    }

    #[test]
    fn a_study_without_a_number_stays_in_the_list_with_the_reason() {
        let form = sample::form();
        let mut not_reported = PAIN.to_vec();
        not_reported[5].1 = "NR";
        let studies = [study("A", &PAIN[..5]), study("B", &not_reported), study("C", &[("design", "RCT crossover")])];
        let reasons: Vec<String> =
            dataset_rows(&form, &form.analyses[0], &studies).into_iter().map(|row| row.arms.expect_err("left out").to_string()).collect();
        assert_eq!(
            reasons,
            [
                "no value for outcome.pain.immediate.placebo.sd",
                "outcome.pain.immediate.placebo.sd is not reported",
                "no value for this outcome and timepoint",
            ]
        );
    }

    #[test]
    fn impossible_numbers_are_left_out_with_the_cell_named() {
        let form = sample::form();
        let harm = |events: &'static str, n: &'static str| {
            study(
                "A",
                &[
                    ("outcome.harm.any.drug.events", events),
                    ("outcome.harm.any.drug.n", n),
                    ("outcome.harm.any.placebo.events", "0"),
                    ("outcome.harm.any.placebo.n", "4"),
                ],
            )
        };
        let row = |study: AgreedStudy| dataset_rows(&form, &form.analyses[1], &[study]).remove(0).arms;
        assert_eq!(
            row(harm("3", "3")),
            Ok(ArmPair::Dichotomous {
                experimental: DichotomousArm { events: 3.0, n: 3.0 },
                control: DichotomousArm { events: 0.0, n: 4.0 }
            })
        );
        for (events, n) in [("5", "3"), ("0", "0"), ("-1", "3")] {
            let reason = row(harm(events, n)).expect_err("left out").to_string();
            assert!(reason.starts_with("outcome.harm.any.drug."), "{reason}");
        }
    }

    #[test]
    fn no_studies_give_no_rows() {
        let form = sample::form();
        assert_eq!(dataset_rows(&form, &form.analyses[0], &[]), []);
    }
}
