//! V8: an effect that points against what the text claims.

use super::{Point, Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::form::{ContrastPart, Direction, OutcomeKind};

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    for point in study.points() {
        for pair in study.pairs() {
            look(study, point, pair, found);
        }
    }
}

fn look(study: &Study<'_>, point: Point<'_>, pair: (&str, &str), found: &mut Vec<Warning>) {
    let path = point.contrast(pair, ContrastPart::Claim);
    let Some(claim) = study.answers.text(&path) else { return };
    let Some(difference) = difference(study, point, pair) else { return };
    let lower_is_better = match point.outcome.direction {
        Some(Direction::LowerBetter) => true,
        Some(Direction::HigherBetter) => false,
        None => return,
    };
    let favours_experimental = (difference < 0.0) == lower_is_better;
    let says_experimental = claim == "favours the experimental arm";
    if difference != 0.0 && claim != "no difference" && favours_experimental != says_experimental {
        let message = format!("the text {claim}, but the numbers point the other way: is the scale turned, or are the arms swapped?");
        found.push(Warning::new(Rule::V8, Severity::Warning, path, message));
    }
}

/// Experimental minus control, on the scale of the outcome; of a ratio its logarithm.
fn difference(study: &Study<'_>, point: Point<'_>, pair: (&str, &str)) -> Option<f64> {
    let from_arms = match point.outcome.kind {
        OutcomeKind::Continuous => Some(study.mean_arm(point, pair.0)?.mean - study.mean_arm(point, pair.1)?.mean),
        OutcomeKind::Dichotomous => {
            let ((a, n1), (c, n2)) = (study.event_arm(point, pair.0)?, study.event_arm(point, pair.1)?);
            Some(a / n1 - c / n2)
        }
    };
    from_arms.or_else(|| {
        let estimate = study.derived.numbers.get(&point.contrast(pair, ContrastPart::Estimate)).copied()?;
        let measure = study.answers.text(&point.contrast(pair, ContrastPart::Measure));
        Some(if matches!(measure.as_deref(), Some("RR" | "OR" | "HR")) { estimate.ln() } else { estimate })
    })
}
