//! Each study's own scale and direction, moved to those of the outcome.

use super::{Derived, Pair, Step, contrast};
use crate::domain::extraction::Answers;
use crate::domain::form::{ContrastPart, Direction, Form, MeasureItem, Outcome, OutcomePart, measure_path, outcome_path};
use crate::meta::convert::{rescale_mean, rescale_sd};

const SOURCE: &str = "Cochrane Handbook 10.5";

/// How a study's numbers are moved.
struct Move {
    from: [f64; 2],
    to: [f64; 2],
    is_reversed: bool,
    /// Changes from the start move by the factor alone.
    is_change: bool,
    inputs: Vec<(String, f64)>,
}

impl Move {
    fn factor(&self) -> f64 {
        (self.to[1] - self.to[0]) / (self.from[1] - self.from[0])
    }

    fn is_needed(&self) -> bool {
        self.is_reversed || self.from != self.to
    }

    fn mean(&self, mean: f64) -> Option<f64> {
        if self.is_change {
            let moved = mean * self.factor();
            return Some(if self.is_reversed { -moved } else { moved });
        }
        rescale_mean(mean, (self.from[0], self.from[1]), (self.to[0], self.to[1]), self.is_reversed)
    }

    fn spread(&self, spread: f64) -> Option<f64> {
        rescale_sd(spread, (self.from[0], self.from[1]), (self.to[0], self.to[1]))
    }

    fn difference(&self, difference: f64) -> f64 {
        let moved = difference * self.factor();
        if self.is_reversed { -moved } else { moved }
    }

    fn formula(&self) -> &'static str {
        match (self.from != self.to, self.is_reversed) {
            (true, true) => "moved to the outcome's scale and turned to its direction",
            (true, false) => "moved to the outcome's scale",
            _ => "turned to the outcome's direction",
        }
    }

    fn step(&self, path: String, before: f64, value: f64) -> Step {
        let mut inputs = vec![(path.clone(), before)];
        inputs.extend(self.inputs.iter().cloned());
        Step { path, value, formula: self.formula(), source: SOURCE, inputs, note: None }
    }
}

/// Moves means, standard deviations and mean differences of outcomes that ask for each study's own scale.
pub(super) fn harmonise(form: &Form, answers: &Answers, derived: &mut Derived) {
    for outcome in form.outcomes.iter().filter(|outcome| outcome.harmonise) {
        let prefixes = [format!("outcome.{}.", outcome.id), format!("contrast.{}.", outcome.id)];
        if !derived.numbers.keys().any(|path| prefixes.iter().any(|prefix| path.starts_with(prefix.as_str()))) {
            continue;
        }
        match plan(outcome, answers) {
            Ok(Some(plan)) => {
                arms(form, outcome, &plan, derived);
                differences(form, outcome, &plan, answers, derived);
            }
            Ok(None) => {}
            Err((path, why)) => {
                // Numbers on an unknown scale are not pooled as if they were on the outcome's.
                derived.numbers.retain(|path, _| !prefixes.iter().any(|prefix| path.starts_with(prefix.as_str())));
                derived.refuse(path, why);
            }
        }
    }
}

fn plan(outcome: &Outcome, answers: &Answers) -> Result<Option<Move>, (String, String)> {
    let Some(to) = outcome.scale else { return Ok(None) };
    let path = |item| measure_path(&outcome.id, item);
    let number =
        |item| answers.number(&path(item)).ok_or_else(|| (path(item), "the scale of the study's instrument is missing".to_owned()));
    let from = [number(MeasureItem::ScaleMin)?, number(MeasureItem::ScaleMax)?];
    if from[0] >= from[1] {
        return Err((path(MeasureItem::ScaleMax), format!("a scale from {} to {} has no width", from[0], from[1])));
    }
    let own = answers.text(&path(MeasureItem::Direction));
    let is_reversed = match (own.as_deref(), outcome.direction) {
        (Some("lower-better"), Some(Direction::HigherBetter)) | (Some("higher-better"), Some(Direction::LowerBetter)) => true,
        (Some("lower-better" | "higher-better"), _) => false,
        _ => return Err((path(MeasureItem::Direction), "it is not known which direction helps the patient".to_owned())),
    };
    let is_change = answers.text(&path(MeasureItem::Change)).as_deref() == Some("change");
    let inputs = vec![(path(MeasureItem::ScaleMin), from[0]), (path(MeasureItem::ScaleMax), from[1])];
    let plan = Move { from, to, is_reversed, is_change, inputs };
    Ok(Some(plan).filter(Move::is_needed))
}

fn arms(form: &Form, outcome: &Outcome, plan: &Move, derived: &mut Derived) {
    for timepoint in &outcome.timepoints {
        for arm in &form.arms {
            let path = |part| outcome_path(&outcome.id, &timepoint.id, &arm.id, part);
            if let Some(before) = derived.number(&path(OutcomePart::Mean))
                && let Some(value) = plan.mean(before)
            {
                derived.take(plan.step(path(OutcomePart::Mean), before, value));
            }
            if let Some(before) = derived.number(&path(OutcomePart::Sd))
                && let Some(value) = plan.spread(before)
            {
                derived.take(plan.step(path(OutcomePart::Sd), before, value));
            }
        }
    }
}

fn differences(form: &Form, outcome: &Outcome, plan: &Move, answers: &Answers, derived: &mut Derived) {
    for timepoint in &outcome.timepoints {
        for arms in form.pairs() {
            let pair = Pair::new(outcome, &timepoint.id, arms);
            let measure = contrast::measure_of(&pair, answers);
            if let Some(before) = derived.number(&pair.path(ContrastPart::Estimate)) {
                // A standardised difference has no scale, only a direction.
                let value = match measure.as_deref() {
                    Some("MD") => plan.difference(before),
                    Some("SMD") if plan.is_reversed => -before,
                    _ => continue,
                };
                derived.take(plan.step(pair.path(ContrastPart::Estimate), before, value));
            }
            if measure.as_deref() == Some("MD")
                && let Some(before) = derived.number(&pair.path(ContrastPart::Se))
                && let Some(value) = plan.spread(before)
            {
                derived.take(plan.step(pair.path(ContrastPart::Se), before, value));
            }
        }
    }
}
