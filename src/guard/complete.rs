//! V0: an arm that has some of the numbers of an outcome, but not enough to pool.

use super::{Point, Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::form::{ContrastPart, OutcomePart};

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    for point in study.points() {
        let has_estimate = study.pairs().any(|pair| has_estimate(study, point, pair));
        if has_estimate {
            continue;
        }
        for arm in study.arms() {
            let has_answer = point.outcome.parts().iter().any(|&part| study.answers.value(&point.path(arm, part)).is_some());
            let is_given = |part| {
                let path = point.path(arm, part);
                // "Not reported" is an answer: nothing is missing from the draft then.
                study.derived.numbers.contains_key(&path) || study.answers.value(&path).is_some_and(|value| value.number().is_none())
            };
            let missing: Vec<OutcomePart> = OutcomePart::of(point.outcome.kind).iter().copied().filter(|&part| !is_given(part)).collect();
            if let Some(&first) = missing.first().filter(|_| has_answer) {
                let words: Vec<&str> = missing.iter().map(|part| part.words()).collect();
                let message = format!("the arm has other numbers of this outcome, but not enough to pool: {} missing", words.join(" and "));
                found.push(Warning::new(Rule::V0, Severity::Warning, point.path(arm, first), message));
            }
        }
    }
}

fn has_estimate(study: &Study<'_>, point: Point<'_>, pair: (&str, &str)) -> bool {
    [ContrastPart::Estimate, ContrastPart::Se].iter().all(|&part| study.derived.numbers.contains_key(&point.contrast(pair, part)))
}
