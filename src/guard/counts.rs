//! V1: events among the people in all, people analysed among those randomised, arms that add up.

use super::{Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::form::{OutcomeKind, OutcomePart};

/// The field, of an arm or of the study, that holds the number of people randomised.
const RANDOMISED: &str = "n_randomised";
/// The field of the study that holds the number of people recruited.
const RECRUITED: &str = "n_recruited";
/// The field of the study that holds the number of people excluded after recruitment.
const EXCLUDED: &str = "n_excluded";

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    let mut add = |severity, path: &str, message: String| found.push(Warning::new(Rule::V1, severity, path, message));
    for point in study.points() {
        for arm in study.arms() {
            let n_path = point.path(arm, OutcomePart::N);
            let Some(n) = study.typed(&n_path) else { continue };
            if n == 0.0 {
                add(Severity::Warning, &n_path, "nobody was analysed; leave the outcome empty if the arm has no data".to_owned());
            }
            let events_path = point.path(arm, OutcomePart::Events);
            if let Some(events) = study.typed(&events_path).filter(|&events| events > n && point.outcome.kind == OutcomeKind::Dichotomous) {
                add(Severity::Error, &events_path, format!("{events} people with the event among {n}"));
            }
            if let Some(randomised) = study.typed(&format!("arm.{arm}.{RANDOMISED}")).filter(|&randomised| n > randomised) {
                add(Severity::Error, &n_path, format!("{n} analysed, but {randomised} randomised"));
            }
        }
    }
    let arms: Vec<f64> = study.arms().filter_map(|arm| study.typed(&format!("arm.{arm}.{RANDOMISED}"))).collect();
    let sum: f64 = arms.iter().sum();
    if arms.is_empty() {
        return;
    }
    if let Some(total) = study.typed(RANDOMISED).filter(|&total| total != sum) {
        // A trial may have arms that the review has not; it cannot have fewer people than its arms.
        let (severity, more) = if sum > total { (Severity::Error, "") } else { (Severity::Warning, "; are there other arms?") };
        add(severity, RANDOMISED, format!("the arms add up to {sum}, the total is {total}{more}"));
    }
    if let (Some(recruited), Some(excluded)) = (study.typed(RECRUITED), study.typed(EXCLUDED)) {
        let left = recruited - excluded;
        if sum > left {
            add(
                Severity::Error,
                RECRUITED,
                format!("{recruited} recruited less {excluded} excluded leave {left}, but the arms add up to {sum}"),
            );
        }
    }
}
