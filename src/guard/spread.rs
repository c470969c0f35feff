//! V2, V3, V7: standard deviations that cannot be, that the scale has no room for, or that may be standard errors.

use super::{MeanArm, Mend, Point, Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::form::{ContrastPart, Form, OutcomePart};
use crate::stats::dist;

/// The standardised difference beyond which a standard error is likelier than a standard deviation.
const LARGE_DIFFERENCE: f64 = 3.0;

/// The share of a scale's range below which a standard deviation of a group is unusually small.
const SMALL_SHARE: f64 = 0.05;

/// The size of a group from which a small standard deviation is remarked on.
const ENOUGH_PEOPLE: f64 = 10.0;

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    for point in study.continuous() {
        for arm in study.arms() {
            positive(study, point, arm, found);
            room(study, point, arm, found);
        }
        for pair in study.pairs() {
            large_difference(study, point, pair, found);
        }
        small_share(study, point, found);
    }
}

/// V2: nobody differs from anybody only with one person or at an end of the scale.
fn positive(study: &Study<'_>, point: Point<'_>, arm: &str, found: &mut Vec<Warning>) {
    for part in [OutcomePart::Sd, OutcomePart::Se] {
        let path = point.path(arm, part);
        let Some(spread) = study.typed(&path) else { continue };
        if spread < 0.0 {
            found.push(Warning::new(Rule::V2, Severity::Error, path, format!("a {} is not negative, found {spread}", part.words())));
        } else if spread == 0.0 {
            let mean = study.typed(&point.path(arm, OutcomePart::Mean));
            let at_an_end = study.scale(point.outcome).is_some_and(|scale| mean.is_some_and(|mean| scale.contains(&mean)));
            let n = study.typed(&point.path(arm, OutcomePart::N));
            if n != Some(1.0) && !at_an_end {
                let message = format!("a {} of 0 would mean that everybody scored the same", part.words());
                found.push(Warning::new(Rule::V2, Severity::Error, path, message));
            }
        }
    }
}

/// V3: a mean within its scale, and no more spread than the scale has room for.
fn room(study: &Study<'_>, point: Point<'_>, arm: &str, found: &mut Vec<Warning>) {
    if study.is_change(point.outcome) {
        return;
    }
    let Some([low, high]) = study.scale(point.outcome) else { return };
    let path = |part| point.path(arm, part);
    for part in [OutcomePart::Mean, OutcomePart::Median, OutcomePart::Q1, OutcomePart::Q3, OutcomePart::Min, OutcomePart::Max] {
        if let Some(value) = study.typed(&path(part)).filter(|value| !(low..=high).contains(value)) {
            let (side, end) = if value < low { ("below", low) } else { ("above", high) };
            let message = format!("the {} {value} lies {side} {end}, the end of the scale", part.words());
            found.push(Warning::new(Rule::V3, Severity::Error, path(part), message));
        }
    }
    let (mean_path, sd_path) = (path(OutcomePart::Mean), path(OutcomePart::Sd));
    let (Some(mean), Some(n)) = (study.typed(&mean_path), study.typed(&path(OutcomePart::N))) else { return };
    let Some(sd) = study.typed(&sd_path).filter(|&sd| sd > 0.0) else { return };
    if !(low..=high).contains(&mean) || n <= 1.0 {
        return;
    }
    // The largest variance of n values in [low, high] with this mean: Bhatia and Davis 2000, with n - 1 below. What was typed is
    // rounded, so the mean and the standard deviation may each be half a last digit off.
    let slack = study.answers.half_a_digit(&mean_path);
    let space = |mean: f64| ((mean - low) * (high - mean)).max(0.0);
    let middle = f64::midpoint(low, high);
    let best = if (mean - middle).abs() <= slack { space(middle) } else { space(mean - slack).max(space(mean + slack)) };
    let largest = (best * n / (n - 1.0)).sqrt();
    if sd - study.answers.half_a_digit(&sd_path) > largest {
        let message = format!(
            "the standard deviation {sd} is more than {n} values between {low} and {high} with mean {mean} can have ({largest:.2})"
        );
        found.push(Warning::new(Rule::V3, Severity::Error, sd_path, message));
    }
}

/// V7: a standard deviation that is a small share of the scale.
fn small_share(study: &Study<'_>, point: Point<'_>, found: &mut Vec<Warning>) {
    let Some([low, high]) = study.scale(point.outcome) else { return };
    for arm in study.arms() {
        let path = point.path(arm, OutcomePart::Sd);
        let (Some(sd), Some(n)) = (study.typed(&path), study.typed(&point.path(arm, OutcomePart::N))) else { continue };
        if sd > 0.0 && sd < SMALL_SHARE * (high - low) && n >= ENOUGH_PEOPLE {
            let message = format!("the standard deviation {sd} is small for a scale of {low} to {high}");
            found.push(standard_error(study.form, point, arm, sd, n, &message));
        }
    }
}

/// V7: arms more than three standard deviations apart, or a p value that only standard errors explain.
fn large_difference(study: &Study<'_>, point: Point<'_>, pair: (&str, &str), found: &mut Vec<Warning>) {
    let (Some(a), Some(b)) = (study.mean_arm(point, pair.0), study.mean_arm(point, pair.1)) else { return };
    if a.n < 2.0 || b.n < 2.0 || a.sd <= 0.0 || b.sd <= 0.0 {
        return;
    }
    let difference = (a.mean - b.mean) / pooled_sd(a, b);
    let is_typed = |arm: &str| study.typed(&point.path(arm, OutcomePart::Sd));
    let mut add = |message: String| {
        for (arm, n) in [(pair.0, a.n), (pair.1, b.n)] {
            if let Some(sd) = is_typed(arm) {
                found.push(standard_error(study.form, point, arm, sd, n, &message));
            }
        }
    };
    if difference.abs() > LARGE_DIFFERENCE {
        return add(format!("the arms lie {:.1} standard deviations apart", difference.abs()));
    }
    let p_path = point.contrast(pair, ContrastPart::P);
    let Some(printed) = study.answers.raw(&p_path).and_then(crate::domain::extraction::PrintedP::parse) else { return };
    let as_se = |arm: MeanArm| MeanArm { sd: arm.sd * arm.n.sqrt(), ..arm };
    let (as_typed, as_errors) = (p_of(a, b), p_of(as_se(a), as_se(b)));
    // One order of magnitude: rounding and the choice of test move p values by less.
    let is_near = |p: f64| (p.max(1e-300) / printed.value.max(1e-300)).ln().abs() < 10f64.ln() * 0.5;
    if !printed.is_bound && !is_near(as_typed) && is_near(as_errors) {
        add(format!("the arms give p {as_typed:.2e}, with standard errors {as_errors:.3}, and the report prints {}", printed.value));
    }
}

fn pooled_sd(a: MeanArm, b: MeanArm) -> f64 {
    (((a.n - 1.0) * a.sd * a.sd + (b.n - 1.0) * b.sd * b.sd) / (a.n + b.n - 2.0)).sqrt()
}

fn p_of(a: MeanArm, b: MeanArm) -> f64 {
    let se = pooled_sd(a, b) * (1.0 / a.n + 1.0 / b.n).sqrt();
    dist::t_two_sided((a.mean - b.mean) / se, a.n + b.n - 2.0)
}

/// V7 in words: what the number would be as a standard error, and the mend where the form has a cell for it.
pub(super) fn standard_error(form: &Form, point: Point<'_>, arm: &str, sd: f64, n: f64, why: &str) -> Warning {
    let (from, to) = (point.path(arm, OutcomePart::Sd), point.path(arm, OutcomePart::Se));
    let message = format!("{why}; if {sd} is a standard error, the standard deviation is {:.6}", sd * n.sqrt());
    let mend = form.cell(&to).is_some().then(|| Mend::Move { from: from.clone(), to });
    Warning { mend, ..Warning::new(Rule::V7, Severity::Warning, from, message) }
}
