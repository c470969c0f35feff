//! FROM WHAT REPORTS PRINT TO WHAT IS POOLED: standard errors to standard deviations, medians to means, percentages to counts,
//! a study's own scale to that of the review, crossover and cluster trials to numbers that may be pooled.
//!
//! A derivation is never stored. It is made anew from the answers each time, so a changed answer changes what follows from it, and
//! each step names its formula, its source and the cells that it was made from. What a report prints as it is pooled is taken as
//! it stands: a standard deviation that was typed is never replaced by one that could be derived.
//!
//! ```text
//! arm        one arm of one outcome: the first of SD, SE, interval, quartiles and range that is there
//! contrast   two arms together: the standard error of an estimate; standard deviations of both arms from it
//! scale      each study's own scale and direction to those of the outcome
//! unit       crossover and cluster trials; without a word about them nothing is pooled
//! ```

mod arm;
mod contrast;
mod scale;
mod unit;

use std::collections::BTreeMap;

use crate::domain::extraction::Answers;
use crate::domain::form::{Arm, ContrastPart, Form, Outcome, OutcomeKind, OutcomePart, contrast_path, outcome_path};

pub use unit::Pairing;

/// One step from answers to a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The cell whose number it gives.
    pub path: String,
    /// The number, in the unit of that cell after the step.
    pub value: f64,
    /// The formula in words ("SD = SE \u{d7} \u{221a}n").
    pub formula: &'static str,
    /// Where the formula is from.
    pub source: &'static str,
    /// The cells that it was made from, each with its number.
    pub inputs: Vec<(String, f64)>,
    /// What is to be known about it, where there is something.
    pub note: Option<String>,
}

impl Step {
    /// Returns the step as one line: "SD = SE × √n, from se 5.1, n 30".
    pub fn words(&self) -> String {
        let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
        let inputs: Vec<String> = self.inputs.iter().map(|(path, value)| format!("{} {value}", last(path))).collect();
        let note = self.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
        format!("{}, from {} ({}){note}", self.formula, inputs.join(", "), self.source)
    }
}

/// What follows from the answers of one study.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Derived {
    /// The numbers to pool, by the path of their cell: those typed and those derived, on the scale of the outcome.
    pub numbers: BTreeMap<String, f64>,
    /// The steps, in the order in which they were made.
    pub steps: Vec<Step>,
    /// Cells whose number could not be derived although there was something to derive it from, each with the reason.
    pub refused: Vec<(String, String)>,
    /// Why nothing of the study may be pooled, where something stands in the way.
    pub blocked: Option<String>,
    /// How the two arms of a study belong together.
    pub pairing: Pairing,
}

impl Derived {
    /// Returns the last step that gave a cell its number.
    pub fn step_of(&self, path: &str) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.path == path)
    }

    fn number(&self, path: &str) -> Option<f64> {
        self.numbers.get(path).copied()
    }

    fn take(&mut self, step: Step) {
        self.numbers.insert(step.path.clone(), step.value);
        self.steps.push(step);
    }

    fn refuse(&mut self, path: String, why: impl Into<String>) {
        self.refused.push((path, why.into()));
    }
}

/// Derives what can be pooled from the answers of one study.
///
/// Answers to cells that are not asked do not count. No answers give nothing.
pub fn derive(form: &Form, answers: &Answers) -> Derived {
    let answers = answers.clone().asked(form);
    let mut derived = Derived::default();
    for (path, _, value) in answers.iter() {
        let is_number_to_pool = path.starts_with("outcome.") || path.starts_with("contrast.");
        if let Some(number) = value.number().filter(|_| is_number_to_pool) {
            derived.numbers.insert(path.to_owned(), number);
        }
    }
    for outcome in &form.outcomes {
        for timepoint in &outcome.timepoints {
            for arm in &form.arms {
                match outcome.kind {
                    OutcomeKind::Continuous => arm::continuous(&Cells { outcome, timepoint: &timepoint.id, arm: &arm.id }, &mut derived),
                    OutcomeKind::Dichotomous => {
                        arm::dichotomous(&Cells { outcome, timepoint: &timepoint.id, arm: &arm.id }, &answers, &mut derived);
                    }
                }
            }
            for arms in form.pairs() {
                let pair = Pair::new(outcome, &timepoint.id, arms);
                contrast::standard_error(&pair, &answers, &mut derived);
                if outcome.kind == OutcomeKind::Continuous {
                    contrast::standard_deviations(&pair, &answers, &mut derived);
                }
            }
        }
    }
    scale::harmonise(form, &answers, &mut derived);
    unit::apply(form, &answers, &mut derived);
    derived
}

/// One arm of one outcome at one timepoint.
struct Cells<'a> {
    outcome: &'a Outcome,
    timepoint: &'a str,
    arm: &'a str,
}

impl Cells<'_> {
    fn path(&self, part: OutcomePart) -> String {
        outcome_path(&self.outcome.id, self.timepoint, self.arm, part)
    }

    fn number(&self, derived: &Derived, part: OutcomePart) -> Option<f64> {
        derived.number(&self.path(part))
    }

    fn inputs(&self, parts: &[(OutcomePart, f64)]) -> Vec<(String, f64)> {
        parts.iter().map(|&(part, value)| (self.path(part), value)).collect()
    }
}

/// Two arms of one outcome at one timepoint.
struct Pair<'a> {
    outcome: &'a Outcome,
    timepoint: &'a str,
    experimental: &'a str,
    control: &'a str,
}

impl<'a> Pair<'a> {
    fn new(outcome: &'a Outcome, timepoint: &'a str, (experimental, control): (&'a Arm, &'a Arm)) -> Self {
        Self { outcome, timepoint, experimental: &experimental.id, control: &control.id }
    }

    fn path(&self, part: ContrastPart) -> String {
        contrast_path(&self.outcome.id, self.timepoint, self.experimental, self.control, part)
    }

    fn arm(&self, arm: &'a str) -> Cells<'a> {
        Cells { outcome: self.outcome, timepoint: self.timepoint, arm }
    }

    fn arms(&self) -> [Cells<'a>; 2] {
        [self.arm(self.experimental), self.arm(self.control)]
    }
}

#[cfg(test)]
mod tests;
