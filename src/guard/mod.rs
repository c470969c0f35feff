//! WHAT IS UNLIKELY among the numbers of a study: checks V0 to V17, each with what to look at and the mend where there is one.
//!
//! A check speaks about reporting, never about people. Errors are kept for arithmetic that cannot be; everything else is a warning
//! or a note, which a reviewer can dismiss with a reason.
//!
//! | rule | file | what it looks at |
//! |---|---|---|
//! | V0 | `complete` | an arm with some of the numbers, but not enough to pool |
//! | V1 | `counts` | events, people analysed, people randomised, totals |
//! | V2 V3 V7 | `spread` | standard deviations: positive, possible on the scale, not standard errors |
//! | V4 V5 | `interval` | an estimate in the middle of its interval; the p value that goes with it |
//! | V6 | `p_value` | the p value that the arms give |
//! | V8 | `claim` | the direction that the text claims |
//! | V9 V10 V11 | `grain` | percentages, means and standard deviations that whole answers can give |
//! | V12 | `sprite` | a sample that gives the mean and the standard deviation |
//! | V13 | `baseline` | how alike the arms are at the start |
//! | V14 | `design` | crossover and cluster trials without a word about their numbers |
//! | V15 | `domain::form` | an arm compared with itself: an error of the form |
//! | V16 | `outlier` | one study far from the others, one standard deviation far from its neighbours |
//! | V17 | `sources` | two ways to the same number that disagree |

mod baseline;
mod claim;
mod complete;
mod counts;
mod design;
mod grain;
mod interval;
mod outlier;
mod p_value;
mod sources;
mod spread;
mod sprite;
mod validation;

use crate::derive::{Derived, derive};
use crate::domain::diagnostic::Severity;
use crate::domain::extraction::Answers;
use crate::domain::form::{Form, MeasureItem, Outcome, OutcomeKind, OutcomePart, Timepoint, measure_path, outcome_path};

pub use outlier::check_review;
pub use p_value::{ArmTests, arm_tests};
pub use sprite::sample_with;

/// The rules, numbered as in the guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
pub enum Rule {
    /// Some of an arm's numbers, but not enough to pool.
    V0,
    /// Counts that contradict each other.
    V1,
    /// A standard deviation or error that is not positive.
    V2,
    /// A mean outside its scale, or more spread than the scale has room for.
    V3,
    /// An estimate outside or off the middle of its interval.
    V4,
    /// A p value that does not go with the interval.
    V5,
    /// A p value that does not go with the arms.
    V6,
    /// A standard deviation that may be a standard error.
    V7,
    /// An effect against the direction that the text claims.
    V8,
    /// A percentage that no count gives.
    V9,
    /// A mean that whole answers cannot give (GRIM).
    V10,
    /// A standard deviation that whole answers cannot give (GRIMMER, DEBIT).
    V11,
    /// No sample on the scale with this mean and standard deviation (SPRITE).
    V12,
    /// Arms that are unusually alike, or unlike, at the start.
    V13,
    /// A crossover or cluster trial without a word about its numbers.
    V14,
    /// One arm on both sides of a comparison.
    V15,
    /// A study or a standard deviation far from the others.
    V16,
    /// Two ways to the same number that disagree.
    V17,
}

impl Rule {
    /// Returns the name by which forms may call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::V0 => "incomplete",
            Self::V1 => "counts",
            Self::V2 => "spread_positive",
            Self::V3 => "room_on_scale",
            Self::V4 => "estimate_and_interval",
            Self::V5 => "p_and_interval",
            Self::V6 => "p_and_arms",
            Self::V7 => "sd_se_confusion",
            Self::V8 => "direction",
            Self::V9 => "percentage",
            Self::V10 => "grim",
            Self::V11 => "grimmer",
            Self::V12 => "sprite",
            Self::V13 => "baseline",
            Self::V14 => "unit_of_analysis",
            Self::V15 => "shared_arm",
            Self::V16 => "outlier",
            Self::V17 => "two_sources",
        }
    }

    /// Finds a rule by its number ("V7") or its name ("sd_se_confusion").
    pub fn named(text: &str) -> Option<Self> {
        use strum::IntoEnumIterator;
        Self::iter().find(|rule| rule.name() == text || rule.to_string() == text)
    }

    /// Returns what the rule looks at, in a few words.
    pub fn title(self) -> &'static str {
        match self {
            Self::V0 => "not enough to pool",
            Self::V1 => "counts",
            Self::V2 => "spread not positive",
            Self::V3 => "room on the scale",
            Self::V4 => "estimate and interval",
            Self::V5 => "p value and interval",
            Self::V6 => "p value and arms",
            Self::V7 => "standard error or deviation",
            Self::V8 => "direction",
            Self::V9 => "percentage and count",
            Self::V10 => "mean of whole answers",
            Self::V11 => "spread of whole answers",
            Self::V12 => "no such sample",
            Self::V13 => "arms at the start",
            Self::V14 => "unit of analysis",
            Self::V15 => "shared arm",
            Self::V16 => "far from the others",
            Self::V17 => "two sources",
        }
    }
}

/// A change that would answer a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// What stands in one cell belongs in another ("treat as SE").
    Move {
        /// The cell that is emptied.
        from: String,
        /// The cell that takes its text.
        to: String,
    },
}

impl Mend {
    /// Returns the change in a few words.
    pub fn words(&self) -> String {
        let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_uppercase();
        match self {
            Self::Move { from, to } => format!("treat the {} as {}", last(from), last(to)),
        }
    }
}

/// One remark on the numbers of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The rule that makes it.
    pub rule: Rule,
    /// An error cannot be; a warning is worth a look; a note is for the curious.
    pub severity: Severity,
    /// The cell to look at first.
    pub path: String,
    /// What was found and what to check; free of control characters.
    pub message: String,
    /// The change that would answer it, where there is an obvious one.
    pub mend: Option<Mend>,
}

impl Warning {
    fn new(rule: Rule, severity: Severity, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { rule, severity, path: path.into(), message: message.into(), mend: None }
    }
}

/// A study under examination.
struct Study<'a> {
    form: &'a Form,
    /// As typed, on the study's own scales.
    answers: &'a Answers,
    /// On the scales of the outcomes.
    derived: &'a Derived,
}

/// One outcome at one timepoint.
#[derive(Clone, Copy)]
struct Point<'a> {
    outcome: &'a Outcome,
    timepoint: &'a Timepoint,
}

/// What is typed or derived of one arm, on the study's own scale where that is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct MeanArm {
    n: f64,
    mean: f64,
    sd: f64,
}

impl<'a> Study<'a> {
    fn points(&self) -> impl Iterator<Item = Point<'a>> + use<'a> {
        self.form.points().map(|(outcome, timepoint)| Point { outcome, timepoint })
    }

    fn continuous(&self) -> impl Iterator<Item = Point<'a>> + use<'a> {
        self.points().filter(|point| point.outcome.kind == OutcomeKind::Continuous)
    }

    fn dichotomous(&self) -> impl Iterator<Item = Point<'a>> + use<'a> {
        self.points().filter(|point| point.outcome.kind == OutcomeKind::Dichotomous)
    }

    fn arms(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let form = self.form;
        form.arms.iter().map(|arm| arm.id.as_str())
    }

    /// The pairs of an experimental and a control arm.
    fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.form.pairs().map(|(experimental, control)| (experimental.id.as_str(), control.id.as_str()))
    }

    /// The number that was typed.
    fn typed(&self, path: &str) -> Option<f64> {
        self.answers.number(path)
    }

    /// The scale on which the study's numbers stand: its own where the form asks for it, else that of the outcome.
    fn scale(&self, outcome: &Outcome) -> Option<[f64; 2]> {
        if !outcome.harmonise {
            return outcome.scale;
        }
        let end = |item| self.answers.number(&measure_path(&outcome.id, item));
        Some([end(MeasureItem::ScaleMin)?, end(MeasureItem::ScaleMax)?]).filter(|[low, high]| low < high)
    }

    /// Whether an outcome's numbers are changes from the start, which the ends of the scale do not bound.
    fn is_change(&self, outcome: &Outcome) -> bool {
        self.answers.text(&measure_path(&outcome.id, MeasureItem::Change)).as_deref() == Some("change")
    }

    /// Size, mean and standard deviation of an arm as they would be pooled.
    fn mean_arm(&self, point: Point<'_>, arm: &str) -> Option<MeanArm> {
        let number = |part| self.derived.numbers.get(&point.path(arm, part)).copied();
        Some(MeanArm { n: number(OutcomePart::N)?, mean: number(OutcomePart::Mean)?, sd: number(OutcomePart::Sd)? })
    }

    /// Events and size of an arm as they would be pooled.
    fn event_arm(&self, point: Point<'_>, arm: &str) -> Option<(f64, f64)> {
        let number = |part| self.derived.numbers.get(&point.path(arm, part)).copied();
        Some((number(OutcomePart::Events)?, number(OutcomePart::N)?))
    }
}

impl Point<'_> {
    fn path(&self, arm: &str, part: OutcomePart) -> String {
        outcome_path(&self.outcome.id, &self.timepoint.id, arm, part)
    }

    fn contrast(&self, (experimental, control): (&str, &str), part: crate::domain::form::ContrastPart) -> String {
        crate::domain::form::contrast_path(&self.outcome.id, &self.timepoint.id, experimental, control, part)
    }
}

/// Returns what is unlikely among the answers of one study, by rule and cell.
///
/// `answers` are those of one draft, or those agreed upon; cells that are not asked do not count.
pub fn check_study(form: &Form, answers: &Answers) -> Vec<Warning> {
    let answers = answers.clone().asked(form);
    let derived = derive(form, &answers);
    let study = Study { form, answers: &answers, derived: &derived };
    let mut found = Vec::new();
    complete::check(&study, &mut found);
    counts::check(&study, &mut found);
    spread::check(&study, &mut found);
    interval::check(&study, &mut found);
    p_value::check(&study, &mut found);
    claim::check(&study, &mut found);
    grain::check(&study, &mut found);
    sprite::check(&study, &mut found);
    baseline::check(&study, &mut found);
    design::check(&study, &mut found);
    sources::check(&study, &mut found);
    validation::apply(form, &mut found);
    sort(form, &mut found);
    // Of several reasons for one remark on one cell, the first one is enough.
    found.dedup_by(|next, kept| (next.rule, &next.path) == (kept.rule, &kept.path));
    found
}

/// Puts warnings into the order of the form's cells, errors first in each.
fn sort(form: &Form, found: &mut [Warning]) {
    let places: std::collections::HashMap<String, usize> = form.cells().into_iter().enumerate().map(|(at, cell)| (cell.path, at)).collect();
    found.sort_by_key(|warning| {
        (places.get(&warning.path).copied().unwrap_or(usize::MAX), warning.severity != Severity::Error, warning.rule)
    });
}

#[cfg(test)]
mod tests;
