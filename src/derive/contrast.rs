//! Two arms together: the standard error of an estimate from its interval or p value, and standard deviations from that.

use super::arm::LARGE_GROUP;
use super::{Derived, Pair, Step};
use crate::domain::extraction::{Answers, PrintedP};
use crate::domain::form::{ContrastPart as Part, OutcomePart};
use crate::meta::convert::{
    log_ratio_from_interval, log_ratio_from_p, sd_from_difference_se, se_from_difference_interval, se_from_difference_p,
};
use crate::stats::dist;

const DIFFERENCE: &str = "Cochrane Handbook 6.5.2.3";
const RATIO: &str = "Cochrane Handbook 6.3.2";

/// Tells whether an effect measure is a ratio, whose standard error is that of its logarithm.
pub(super) fn is_ratio(measure: &str) -> bool {
    matches!(measure, "RR" | "OR" | "HR")
}

/// The measure of a contrast: the answer, or the only one that the form accepts.
pub(super) fn measure_of(pair: &Pair<'_>, answers: &Answers) -> Option<String> {
    let typed = answers.text(&pair.path(Part::Measure));
    typed.or_else(|| match pair.outcome.contrast_measures()[..] {
        [only] => Some(only.to_owned()),
        _ => None,
    })
}

/// Completes the standard error of a contrast's estimate.
pub(super) fn standard_error(pair: &Pair<'_>, answers: &Answers, derived: &mut Derived) {
    observed_minus_expected(pair, derived);
    let get = |derived: &Derived, part| derived.number(&pair.path(part));
    let Some(estimate) = get(derived, Part::Estimate) else { return };
    if get(derived, Part::Se).is_some() {
        return;
    }
    let Some(measure) = measure_of(pair, answers) else {
        return derived.refuse(pair.path(Part::Se), "the effect measure of the estimate is missing");
    };
    let sizes = pair.arms().map(|arm| arm.number(derived, OutcomePart::N));
    if let (Some(low), Some(high)) = (get(derived, Part::CiLow), get(derived, Part::CiHigh)) {
        let inputs = [(Part::CiLow, low), (Part::CiHigh, high)].map(|(part, value)| (pair.path(part), value)).to_vec();
        let df = match (measure.as_str(), sizes) {
            ("MD", [Some(n1), Some(n2)]) if n1 < LARGE_GROUP || n2 < LARGE_GROUP => Some(n1 + n2 - 2.0).filter(|df| *df > 0.0),
            _ => None,
        };
        let (found, formula, source) = if is_ratio(&measure) {
            let found = log_ratio_from_interval(estimate, low, high, 0.95).map(|ratio| ratio.se);
            (found, "SE of the logarithm = (ln upper − ln lower) / 3.92", RATIO)
        } else {
            let formula = if df.is_some() { "SE = (upper − lower) / (2 t)" } else { "SE = (upper − lower) / 3.92" };
            (se_from_difference_interval(low, high, 0.95, df), formula, DIFFERENCE)
        };
        return match found.filter(|se| *se > 0.0) {
            Some(value) => derived.take(Step { path: pair.path(Part::Se), value, formula, source, inputs, note: None }),
            None => derived.refuse(pair.path(Part::Se), "the interval is upside down or empty"),
        };
    }
    let Some(raw) = answers.raw(&pair.path(Part::P)) else { return };
    let Some(printed) = PrintedP::parse(raw) else {
        return derived.refuse(pair.path(Part::Se), "no standard error follows from a p value without a number");
    };
    let p = printed.value;
    let inputs = [(Part::Estimate, estimate), (Part::P, p)].map(|(part, value)| (pair.path(part), value)).to_vec();
    let (found, formula, source) = match (measure.as_str(), sizes) {
        (ratio, _) if is_ratio(ratio) => {
            (log_ratio_from_p(estimate, p).map(|ratio| ratio.se), "SE of the logarithm = |ln estimate| / z", RATIO)
        }
        ("MD", [Some(n1), Some(n2)]) => (se_from_difference_p(estimate, p, n1, n2).map(|(se, _)| se), "SE = |difference| / t", DIFFERENCE),
        ("MD", _) => return derived.refuse(pair.path(Part::Se), "the p value of a difference of means needs the numbers analysed"),
        _ => {
            let z = -dist::normal_quantile(0.5 * p);
            ((p < 1.0).then(|| (estimate / z).abs()), "SE = |estimate| / z", DIFFERENCE)
        }
    };
    let note = printed.is_bound.then(|| "imputed from a bound on p, so the standard error is at most this: conservative".to_owned());
    match found.filter(|se| se.is_finite() && *se > 0.0) {
        Some(value) => derived.take(Step { path: pair.path(Part::Se), value, formula, source, inputs, note }),
        None => derived.refuse(pair.path(Part::Se), "no standard error follows from this estimate and p value"),
    }
}

/// Peto's odds ratio from observed minus expected events, where no estimate is typed. Cochrane Handbook 10.4.2.
fn observed_minus_expected(pair: &Pair<'_>, derived: &mut Derived) {
    let get = |derived: &Derived, part| derived.number(&pair.path(part));
    let (Some(gap), Some(variance)) = (get(derived, Part::OMinusE), get(derived, Part::Variance)) else { return };
    if get(derived, Part::Estimate).is_some() {
        return;
    }
    if variance <= 0.0 {
        return derived.refuse(pair.path(Part::Estimate), "the variance of observed minus expected is not above 0");
    }
    let inputs = vec![(pair.path(Part::OMinusE), gap), (pair.path(Part::Variance), variance)];
    let source = "Cochrane Handbook 10.4.2";
    let step = |part, value, formula| Step { path: pair.path(part), value, formula, source, inputs: inputs.clone(), note: None };
    derived.take(step(Part::Estimate, (gap / variance).exp(), "ln OR = (O − E) / V"));
    derived.take(step(Part::Se, 1.0 / variance.sqrt(), "SE of the logarithm = 1 / √V"));
}

/// Standard deviations of both arms from the standard error of their mean difference, where neither arm has one.
pub(super) fn standard_deviations(pair: &Pair<'_>, answers: &Answers, derived: &mut Derived) {
    if measure_of(pair, answers).as_deref() != Some("MD") {
        return;
    }
    let arms = pair.arms();
    let [n1, n2] = arms.each_ref().map(|arm| arm.number(derived, OutcomePart::N));
    let has_spread = arms.iter().any(|arm| arm.number(derived, OutcomePart::Sd).is_some());
    let has_means = arms.iter().all(|arm| arm.number(derived, OutcomePart::Mean).is_some());
    let (Some(se), Some(n1), Some(n2)) = (derived.number(&pair.path(Part::Se)), n1, n2) else { return };
    if has_spread || !has_means {
        return;
    }
    let Some(value) = sd_from_difference_se(se, n1, n2) else { return };
    for arm in &arms {
        let mut inputs = vec![(pair.path(Part::Se), se)];
        inputs.extend(arms.iter().zip([n1, n2]).map(|(arm, n)| (arm.path(OutcomePart::N), n)));
        derived.take(Step {
            path: arm.path(OutcomePart::Sd),
            value,
            formula: "SD of both arms = SE / √(1/n₁ + 1/n₂)",
            source: DIFFERENCE,
            inputs,
            note: None,
        });
    }
}
