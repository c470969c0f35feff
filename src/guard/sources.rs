//! V17: two ways to the same number that disagree by more than rounding allows.

use super::{Point, Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::form::{ContrastPart, OutcomePart};

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    for point in study.points() {
        for arm in study.arms() {
            deviations(study, point, arm, found);
            percentages(study, point, arm, found);
        }
        for pair in study.pairs() {
            differences(study, point, pair, found);
        }
    }
    for (path, why) in &study.derived.refused {
        // What cannot be derived is said where it was expected; percentages have a rule of their own.
        if !path.ends_with(".events") {
            found.push(Warning::new(Rule::V17, Severity::Warning, path.clone(), format!("not derived: {why}")));
        }
    }
}

/// Standard deviation and standard error of one arm.
fn deviations(study: &Study<'_>, point: Point<'_>, arm: &str, found: &mut Vec<Warning>) {
    let path = |part| point.path(arm, part);
    let number = |part| study.typed(&path(part));
    let (Some(sd), Some(se), Some(n)) = (number(OutcomePart::Sd), number(OutcomePart::Se), number(OutcomePart::N)) else { return };
    let slack = study.answers.half_a_digit(&path(OutcomePart::Sd)) + study.answers.half_a_digit(&path(OutcomePart::Se)) * n.sqrt();
    if (sd - se * n.sqrt()).abs() > slack + 1e-9 {
        let message = format!("the standard deviation is {sd}, but the standard error {se} of {n} people means {:.4}", se * n.sqrt());
        found.push(Warning::new(Rule::V17, Severity::Warning, path(OutcomePart::Sd), message));
    }
}

/// Count and percentage of one arm.
fn percentages(study: &Study<'_>, point: Point<'_>, arm: &str, found: &mut Vec<Warning>) {
    let path = |part| point.path(arm, part);
    let number = |part| study.typed(&path(part));
    let (Some(events), Some(percent), Some(n)) = (number(OutcomePart::Events), number(OutcomePart::Percent), number(OutcomePart::N)) else {
        return;
    };
    let slack = study.answers.half_a_digit(&path(OutcomePart::Percent));
    if n > 0.0 && (100.0 * events / n - percent).abs() > slack + 1e-9 {
        let message = format!("{events} of {n} people are {:.1} %, the report prints {percent} %", 100.0 * events / n);
        found.push(Warning::new(Rule::V17, Severity::Warning, path(OutcomePart::Percent), message));
    }
}

/// A mean difference and the means of both arms.
fn differences(study: &Study<'_>, point: Point<'_>, pair: (&str, &str), found: &mut Vec<Warning>) {
    let path = point.contrast(pair, ContrastPart::Estimate);
    let measure = study.answers.text(&point.contrast(pair, ContrastPart::Measure));
    let is_difference = measure.as_deref() == Some("MD") || (measure.is_none() && point.outcome.contrast_measures() == ["MD"]);
    let means = [pair.0, pair.1].map(|arm| point.path(arm, OutcomePart::Mean));
    let (Some(estimate), Some(a), Some(b)) = (study.typed(&path), study.typed(&means[0]), study.typed(&means[1])) else { return };
    let slack: f64 = [&path, &means[0], &means[1]].iter().map(|path| study.answers.half_a_digit(path)).sum();
    if is_difference && (a - b - estimate).abs() > slack + 1e-9 {
        let message = format!("the mean difference is {estimate}, but the means {a} and {b} differ by {:.4}; is it adjusted?", a - b);
        found.push(Warning::new(Rule::V17, Severity::Warning, path, message));
    }
}
