//! One arm: a standard deviation from whatever spread the report prints, a mean from a median, a count from a percentage.

use super::{Cells, Derived, Step};
use crate::domain::extraction::Answers;
use crate::domain::form::OutcomePart as Part;
use crate::meta::convert::{
    self, FiveNumbers, attainable_counts, mean_sd_from_five_numbers, mean_sd_from_quartiles, mean_sd_from_range, sd_from_interval,
    sd_from_se,
};

/// Group sizes from which an interval is read as one from the normal distribution. Cochrane Handbook 6.5.2.2: 100.
pub(super) const LARGE_GROUP: f64 = 100.0;

const SPREAD: &str = "Cochrane Handbook 6.5.2.2";

/// Completes mean and standard deviation of an arm; what was typed stays.
pub(super) fn continuous(cells: &Cells<'_>, derived: &mut Derived) {
    let get = |derived: &Derived, part| cells.number(derived, part);
    let Some(n) = get(derived, Part::N) else { return };
    if get(derived, Part::Sd).is_none()
        && let Some(se) = get(derived, Part::Se)
    {
        match sd_from_se(se, n) {
            Some(sd) => {
                let inputs = cells.inputs(&[(Part::Se, se), (Part::N, n)]);
                derived.take(step(cells, Part::Sd, sd, "SD = SE × √n", SPREAD, inputs, None));
            }
            None => derived.refuse(cells.path(Part::Sd), "a standard error and a number analysed above 0 are needed"),
        }
    }
    if get(derived, Part::Sd).is_none()
        && let (Some(low), Some(high)) = (get(derived, Part::CiLow), get(derived, Part::CiHigh))
    {
        let by_t = n < LARGE_GROUP;
        match sd_from_interval(low, high, n, 0.95, by_t) {
            Some(sd) => {
                let formula = if by_t { "SD = √n × (upper − lower) / (2 t)" } else { "SD = √n × (upper − lower) / 3.92" };
                let inputs = cells.inputs(&[(Part::CiLow, low), (Part::CiHigh, high), (Part::N, n)]);
                derived.take(step(cells, Part::Sd, sd, formula, SPREAD, inputs, None));
            }
            None => derived.refuse(cells.path(Part::Sd), "the interval is upside down, or nobody was analysed"),
        }
    }
    if get(derived, Part::Sd).is_none() || get(derived, Part::Mean).is_none() {
        from_quantiles(cells, n, derived);
    }
}

/// Mean and standard deviation from median, quartiles and range.
fn from_quantiles(cells: &Cells<'_>, n: f64, derived: &mut Derived) {
    let [median, q1, q3, min, max] = [Part::Median, Part::Q1, Part::Q3, Part::Min, Part::Max].map(|part| cells.number(derived, part));
    let Some(median) = median else { return };
    let (found, skewness, formulas, inputs) = match (q1, q3, min, max) {
        (Some(q1), Some(q3), Some(min), Some(max)) => {
            let numbers = FiveNumbers { min, q1, median, q3, max };
            let inputs = [(Part::Min, min), (Part::Q1, q1), (Part::Median, median), (Part::Q3, q3), (Part::Max, max), (Part::N, n)];
            (
                mean_sd_from_five_numbers(numbers, n),
                convert::skewness_of_five_numbers(numbers, n),
                [
                    ("mean from minimum, quartiles and maximum", "Luo 2018, equation 15"),
                    ("SD from quartiles and range", "Shi 2020, equation 10"),
                ],
                cells.inputs(&inputs),
            )
        }
        (Some(q1), Some(q3), ..) => (
            mean_sd_from_quartiles(q1, median, q3, n),
            convert::skewness_of_quartiles(q1, median, q3, n),
            [("mean from median and quartiles", "Luo 2018, equation 11"), ("SD from quartiles", "Wan 2014, equation 16")],
            cells.inputs(&[(Part::Q1, q1), (Part::Median, median), (Part::Q3, q3), (Part::N, n)]),
        ),
        (.., Some(min), Some(max)) => (
            mean_sd_from_range(min, median, max, n),
            convert::skewness_of_range(min, median, max, n),
            [("mean from median and range", "Luo 2018, equation 7"), ("SD from the range", "Wan 2014, equation 9")],
            cells.inputs(&[(Part::Min, min), (Part::Median, median), (Part::Max, max), (Part::N, n)]),
        ),
        _ => return,
    };
    let Some(found) = found else {
        return derived
            .refuse(cells.path(Part::Mean), "median, quartiles and range are not in order, or fewer than 2 people were analysed");
    };
    let is_skewed = skewness.is_some_and(|test| test.is_skewed());
    let note = match (is_skewed, n < 5.0) {
        (true, _) => {
            Some("the numbers look skewed (Shi 2023), so a mean says little: consider leaving the study out of the pooling".to_owned())
        }
        (false, true) => Some("the formulas were made for 5 people or more".to_owned()),
        (false, false) => None,
    };
    for (part, value, (formula, source)) in [(Part::Mean, found.mean, formulas[0]), (Part::Sd, found.sd, formulas[1])] {
        if cells.number(derived, part).is_none() {
            derived.take(step(cells, part, value, formula, source, inputs.clone(), note.clone()));
        }
    }
}

/// A count from a percentage, where exactly one count prints as that percentage.
pub(super) fn dichotomous(cells: &Cells<'_>, answers: &Answers, derived: &mut Derived) {
    if cells.number(derived, Part::Events).is_some() {
        return;
    }
    let (Some(percent), Some(n)) = (cells.number(derived, Part::Percent), cells.number(derived, Part::N)) else { return };
    let decimals = answers.decimals(&cells.path(Part::Percent)).unwrap_or(0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within u32 by the condition")]
    let counts = if (1.0..=1e6).contains(&n) && n.fract() == 0.0 { attainable_counts(percent, n as u32, decimals) } else { Vec::new() };
    match counts[..] {
        [count] => {
            let inputs = cells.inputs(&[(Part::Percent, percent), (Part::N, n)]);
            let value = f64::from(count);
            derived.take(step(cells, Part::Events, value, "the only count that prints as this percentage", "arithmetic", inputs, None));
        }
        [] => derived.refuse(cells.path(Part::Events), format!("no count of {n} people is {percent} %")),
        [first, .., last] => {
            derived.refuse(cells.path(Part::Events), format!("every count from {first} to {last} of {n} people prints as {percent} %"));
        }
    }
}

fn step(
    cells: &Cells<'_>,
    part: Part,
    value: f64,
    formula: &'static str,
    source: &'static str,
    inputs: Vec<(String, f64)>,
    note: Option<String>,
) -> Step {
    Step { path: cells.path(part), value, formula, source, inputs, note }
}
