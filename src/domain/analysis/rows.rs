//! The rows of an analysis: the numbers of each study as they are to be pooled, or why it has none.

use std::collections::BTreeMap;

use super::characteristic::{Characteristic, cell_of, group_of};
use super::{AnalysisSpec, Side};
use crate::domain::form::{ContrastPart, Form, Outcome, OutcomeKind, OutcomePart, contrast_path, outcome_path};
use crate::domain::value::ParsedValue;

/// A study with the values on which its extractors agreed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AgreedStudy {
    /// The label of the study ("Sigtermans 2009").
    pub label: String,
    /// The agreed values by cell path; numbers of outcomes as they are to be pooled.
    pub cells: BTreeMap<String, ParsedValue>,
    /// Why nothing of the study may be pooled, where something stands in the way.
    pub blocked: Option<String>,
    /// Whether both arms are the same people, so that only a contrast may be pooled.
    pub is_paired: bool,
}

/// One study of an analysis: its numbers, or why it has none.
#[derive(Debug, Clone, PartialEq)]
pub struct DatasetRow {
    /// The label of the study.
    pub study: String,
    /// The study's subgroup, where the analysis has subgroups and the study an answer; "not reported" and "unclear" are answers.
    pub subgroup: Option<String>,
    /// What the moderators of the analysis say of the study, in their order.
    pub moderators: Vec<Characteristic>,
    /// The numbers of both arms, or why the study is left out.
    pub arms: Result<ArmPair, LeftOut>,
    /// The paths of all cells that were looked at, in reading order: experimental arm, control arm, subgroup, moderators.
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
    /// An estimate of the analysis's measure with its standard error, where a study gives no numbers of its arms.
    Contrast {
        /// The estimate; of a ratio its natural logarithm.
        estimate: f64,
        /// Its standard error, above 0; of a ratio that of the logarithm.
        se: f64,
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
    /// Nothing of the study may be pooled.
    #[error("{why}")]
    Blocked {
        /// Why.
        why: String,
    },
    /// The same people are in both arms, and no paired estimate is known.
    #[error("a paired estimate with its standard error is needed: {path}")]
    NotPaired {
        /// The path of the cell that would hold the standard error.
        path: String,
    },
    /// The form has no such outcome.
    #[error("the form has no outcome {outcome}")]
    UnknownOutcome {
        /// The id that the analysis names.
        outcome: String,
    },
}

/// Combines groups, each with people, mean and standard deviation, into one; `None` where there is none or one has no people.
pub type CombineMeans = fn(&[(f64, f64, f64)]) -> Option<(f64, f64, f64)>;

/// Collects the numbers of an analysis, one row per study in the order given, studies without numbers included. `combine` makes one
/// group of several arms on a side, of those that the study has.
///
/// `form` is the form that `spec` belongs to. Studies must be distinct; a study is one row. No studies give no rows.
pub fn dataset_rows<'a>(
    form: &Form,
    spec: &AnalysisSpec,
    studies: impl IntoIterator<Item = &'a AgreedStudy>,
    combine: CombineMeans,
) -> Vec<DatasetRow> {
    studies.into_iter().map(|study| dataset_row(form, spec, study, combine)).collect()
}

fn dataset_row(form: &Form, spec: &AnalysisSpec, study: &AgreedStudy, combine: CombineMeans) -> DatasetRow {
    let mut paths = Vec::new();
    let arms = match form.outcome(&spec.outcome) {
        None => Err(LeftOut::UnknownOutcome { outcome: spec.outcome.clone() }),
        Some(outcome) => {
            let reader = Reader { spec, outcome, cells: &study.cells, combine };
            paths = reader.arm_paths();
            let contrast_paths = reader.contrast_paths();
            let has = |paths: &[String]| paths.iter().any(|path| study.cells.contains_key(path));
            let (has_arms, has_contrast) = (has(&paths), has(&contrast_paths));
            let from_arms = || match outcome.kind {
                OutcomeKind::Continuous => reader.continuous_pair(),
                OutcomeKind::Dichotomous => reader.dichotomous_pair(),
            };
            match (&study.blocked, has_arms, has_contrast) {
                (_, false, false) => Err(LeftOut::NoData),
                (Some(why), ..) => Err(LeftOut::Blocked { why: why.clone() }),
                (None, ..) if study.is_paired => {
                    paths = contrast_paths;
                    let path = reader.contrast_path(ContrastPart::Se);
                    reader.contrast().map_err(|error| if has_contrast { error } else { LeftOut::NotPaired { path } })
                }
                (None, true, false) => from_arms(),
                (None, false, true) => {
                    paths = contrast_paths;
                    reader.contrast()
                }
                // The numbers of the arms come first; an estimate counts where they are not complete.
                (None, true, true) => from_arms().or_else(|incomplete| match reader.contrast() {
                    Ok(contrast) => {
                        paths = contrast_paths;
                        Ok(contrast)
                    }
                    Err(_) => Err(incomplete),
                }),
            }
        }
    };
    let subgroup = spec.subgroup.as_ref().and_then(|field| {
        let path = cell_of(form, spec, field, |path| study.cells.contains_key(path));
        let value = study.cells.get(&path);
        paths.push(path);
        value.map(|value| group_of(form, spec, field, value))
    });
    let moderators = spec.moderators.iter().map(|field| {
        let path = cell_of(form, spec, field, |path| study.cells.contains_key(path));
        let value = Characteristic::of(study.cells.get(&path));
        if !paths.contains(&path) {
            paths.push(path);
        }
        value
    });
    let moderators = moderators.collect();
    DatasetRow { study: study.label.clone(), subgroup, moderators, arms, paths }
}

/// Reads the numbers of one study for one analysis.
struct Reader<'a> {
    spec: &'a AnalysisSpec,
    outcome: &'a Outcome,
    cells: &'a BTreeMap<String, ParsedValue>,
    combine: CombineMeans,
}

impl Reader<'_> {
    fn arm_paths(&self) -> Vec<String> {
        [&self.spec.experimental, &self.spec.control]
            .into_iter()
            .flat_map(|side| self.arms_of(side))
            .flat_map(|arm| self.paths_of(arm))
            .collect()
    }

    fn paths_of(&self, arm: &str) -> Vec<String> {
        let parts = OutcomePart::of(self.outcome.kind).iter();
        parts.map(|&part| outcome_path(&self.spec.outcome, &self.spec.timepoint, arm, part)).collect()
    }

    /// Returns the arms of a side that the study has numbers of; the first arm where it has none.
    fn arms_of<'s>(&self, side: &'s Side) -> Vec<&'s str> {
        let has_numbers = |arm: &&str| self.paths_of(arm).iter().any(|path| self.cells.contains_key(path));
        let found: Vec<&str> = side.arms().iter().map(String::as_str).filter(has_numbers).collect();
        if found.is_empty() { vec![side.first()] } else { found }
    }

    fn contrast_path(&self, part: ContrastPart) -> String {
        contrast_path(&self.spec.outcome, &self.spec.timepoint, self.spec.experimental.first(), self.spec.control.first(), part)
    }

    /// Returns the cells of an estimate; none where a side has several arms: what is estimated for one of them is not for all.
    fn contrast_paths(&self) -> Vec<String> {
        if self.spec.experimental.only().is_none() || self.spec.control.only().is_none() {
            return Vec::new();
        }
        [ContrastPart::Estimate, ContrastPart::Se].map(|part| self.contrast_path(part)).to_vec()
    }

    /// Reads an estimate of the analysis's own measure; one of another measure is not turned into it.
    fn contrast(&self) -> Result<ArmPair, LeftOut> {
        let path = self.contrast_path(ContrastPart::Measure);
        let own = self.spec.measure.short();
        let measure = self.cells.get(&path).map(ToString::to_string).or_else(|| match self.outcome.contrast_measures()[..] {
            [only] => Some(only.to_owned()),
            // A paired difference is made from means.
            _ if self.outcome.kind == OutcomeKind::Continuous => Some("MD".to_owned()),
            _ => None,
        });
        match measure {
            Some(measure) if measure == own => {}
            Some(measure) => {
                return Err(LeftOut::Unusable { path, reason: format!("the estimate is {measure}, the analysis pools {own}") });
            }
            None => return Err(LeftOut::Missing { path }),
        }
        let is_ratio = self.spec.measure.is_ratio();
        let estimate =
            self.read(self.contrast_path(ContrastPart::Estimate), |value| (is_ratio && value <= 0.0).then_some("a ratio is above 0"))?;
        let se = self.read(self.contrast_path(ContrastPart::Se), |se| (se <= 0.0).then_some("a standard error above 0 is needed"))?;
        Ok(ArmPair::Contrast { estimate: if is_ratio { estimate.ln() } else { estimate }, se })
    }

    fn continuous_pair(&self) -> Result<ArmPair, LeftOut> {
        let side = |side: &Side| {
            let arms = self.arms_of(side).into_iter().map(|arm| self.continuous(arm)).collect::<Result<Vec<_>, _>>()?;
            if let [only] = arms[..] {
                return Ok(only);
            }
            let groups: Vec<(f64, f64, f64)> = arms.iter().map(|arm| (arm.n, arm.mean, arm.sd)).collect();
            let unusable = || LeftOut::Unusable { path: side.to_string(), reason: "the arms cannot be combined".to_owned() };
            (self.combine)(&groups).map(|(n, mean, sd)| ContinuousArm { n, mean, sd }).ok_or_else(unusable)
        };
        Ok(ArmPair::Continuous { experimental: side(&self.spec.experimental)?, control: side(&self.spec.control)? })
    }

    fn dichotomous_pair(&self) -> Result<ArmPair, LeftOut> {
        let side = |side: &Side| {
            let arms = self.arms_of(side).into_iter().map(|arm| self.dichotomous(arm)).collect::<Result<Vec<_>, _>>()?;
            Ok(DichotomousArm { events: arms.iter().map(|arm| arm.events).sum(), n: arms.iter().map(|arm| arm.n).sum() })
        };
        Ok(ArmPair::Dichotomous { experimental: side(&self.spec.experimental)?, control: side(&self.spec.control)? })
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
        self.read(outcome_path(&self.spec.outcome, &self.spec.timepoint, arm, part), fault)
    }

    fn read(&self, path: String, fault: impl Fn(f64) -> Option<&'static str>) -> Result<f64, LeftOut> {
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
    use super::super::super::form::sample;
    use super::super::super::value::parse_value;
    use super::*;

    fn study(label: &str, cells: &[(&str, &str)]) -> AgreedStudy {
        let form = sample::form();
        let cells = cells.iter().map(|(path, raw)| {
            let cell = form.cell(path).expect("a cell of the form");
            ((*path).to_owned(), parse_value(&cell, raw).expect("a value"))
        });
        AgreedStudy { label: label.into(), cells: cells.collect(), ..AgreedStudy::default() }
    }

    const PAIN: [(&str, &str); 6] = [
        ("outcome.pain.immediate.drug.n", "30"),
        ("outcome.pain.immediate.drug.mean", "26.8"),
        ("outcome.pain.immediate.drug.sd", "27.93385"),
        ("outcome.pain.immediate.placebo.n", "30"),
        ("outcome.pain.immediate.placebo.mean", "54.5"),
        ("outcome.pain.immediate.placebo.sd", "26.290683"),
    ];

    /// Cochrane Handbook 6.5.2.10, written out for two groups.
    fn combine(groups: &[(f64, f64, f64)]) -> Option<(f64, f64, f64)> {
        let [(n1, m1, s1), (n2, m2, s2)] = groups else { return None };
        let (n, m) = (n1 + n2, (n1 * m1 + n2 * m2) / (n1 + n2));
        let variance = ((n1 - 1.0) * s1 * s1 + (n2 - 1.0) * s2 * s2 + n1 * n2 / n * (m1 - m2).powi(2)) / (n - 1.0);
        Some((n, m, variance.sqrt()))
    }

    fn rows_of(form: &Form, spec: &AnalysisSpec, studies: &[AgreedStudy]) -> Vec<DatasetRow> {
        dataset_rows(form, spec, studies, combine)
    }

    #[test]
    fn several_arms_on_a_side_are_one_group_of_those_that_the_study_has() {
        let mut form = sample::form();
        let mut high = form.arms[0].clone();
        high.id = "high".to_owned();
        form.arms.push(high);
        form.analyses[0].experimental = ["drug", "high"].into();
        assert_eq!(form.check(), []);
        let high = [("n", 20.0), ("mean", 36.8), ("sd", 20.0)];
        let with = |label: &str, parts: usize| {
            let mut study = study(label, &PAIN);
            let more =
                high[..parts].iter().map(|(part, value)| (format!("outcome.pain.immediate.high.{part}"), ParsedValue::Decimal(*value)));
            study.cells.extend(more);
            study
        };
        let rows = rows_of(&form, &form.analyses[0], &[with("A", 3), with("B", 0), with("C", 2)]);
        let of = |row: &DatasetRow| match &row.arms {
            Ok(ArmPair::Continuous { experimental, .. }) => (experimental.n, experimental.mean, experimental.sd),
            other => panic!("{other:?}"),
        };
        // (29 27.93385² + 19 20² + 12 10²) / 49 = 641.42...
        let (n, mean, sd) = of(&rows[0]);
        assert_eq!((n, mean), (50.0, 30.8));
        assert!((sd * sd - (29.0 * 27.933_85_f64.powi(2) + 19.0 * 400.0 + 12.0 * 100.0) / 49.0).abs() < 1e-9, "{sd}");
        assert_eq!(of(&rows[1]).0, 30.0, "a study with one of the arms gives that one");
        assert_eq!(rows[2].arms.as_ref().expect_err("left out").to_string(), "no value for outcome.pain.immediate.high.sd");
        assert_eq!(rows[0].paths.len(), 10, "{:?}", rows[0].paths);
        form.analyses[0].control = ["placebo", "high"].into();
        assert!(form.check().iter().any(|note| note.message == "an arm cannot be compared with itself"));
    }

    #[test]
    fn a_complete_study_gives_the_numbers_of_both_arms_and_where_they_came_from() {
        let form = sample::form();
        let mut cells = PAIN.to_vec();
        cells.push(("design", "RCT parallel"));
        let rows = rows_of(&form, &form.analyses[0], &[study("Sigtermans 2009", &cells)]);
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
            rows_of(&form, &form.analyses[0], &studies).into_iter().map(|row| row.arms.expect_err("left out").to_string()).collect();
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
        let row = |study: AgreedStudy| rows_of(&form, &form.analyses[1], &[study]).remove(0).arms;
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
        assert_eq!(rows_of(&form, &form.analyses[0], &[]), []);
    }

    fn with_contrast(measure: &str, estimate: f64, se: f64) -> AgreedStudy {
        let path = |part: &str| format!("contrast.pain.immediate.drug.placebo.{part}");
        let mut agreed = AgreedStudy { label: "A".into(), ..AgreedStudy::default() };
        agreed.cells.insert(path("measure"), ParsedValue::Choice(measure.into()));
        agreed.cells.insert(path("estimate"), ParsedValue::Decimal(estimate));
        agreed.cells.insert(path("se"), ParsedValue::Decimal(se));
        agreed
    }

    #[test]
    fn an_estimate_counts_where_the_arms_give_no_numbers() {
        let form = sample::form();
        let arms = |study: AgreedStudy| rows_of(&form, &form.analyses[0], &[study]).remove(0).arms;
        assert_eq!(arms(with_contrast("MD", -12.0, 3.0)), Ok(ArmPair::Contrast { estimate: -12.0, se: 3.0 }));
        assert!(arms(with_contrast("SMD", -0.5, 0.2)).expect_err("another measure").to_string().contains("the analysis pools MD"));
        // Complete arms come first, incomplete ones do not stand in the way.
        let mut both = with_contrast("MD", -12.0, 3.0);
        both.cells.extend(study("A", &PAIN).cells);
        assert!(matches!(arms(both.clone()), Ok(ArmPair::Continuous { .. })));
        both.cells.remove("outcome.pain.immediate.placebo.sd");
        assert!(matches!(arms(both), Ok(ArmPair::Contrast { .. })));
    }

    #[test]
    fn a_crossover_trial_is_pooled_paired_or_not_at_all() {
        let form = sample::form();
        let arms = |study: AgreedStudy| rows_of(&form, &form.analyses[0], &[study]).remove(0).arms;
        let blocked = AgreedStudy { blocked: Some("say what its numbers are".into()), ..study("A", &PAIN) };
        assert_eq!(arms(blocked), Err(LeftOut::Blocked { why: "say what its numbers are".into() }));
        let mut paired = AgreedStudy { is_paired: true, ..study("A", &PAIN) };
        assert!(matches!(arms(paired.clone()), Err(LeftOut::NotPaired { .. })));
        paired.cells.extend(with_contrast("MD", -12.0, 3.0).cells);
        assert!(matches!(arms(paired), Ok(ArmPair::Contrast { .. })));
    }
}
