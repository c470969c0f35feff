//! V9, V10, V11: percentages, means and standard deviations that whole answers of so many people can give.

use super::{Point, Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::form::OutcomePart;

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    for point in study.dichotomous() {
        for arm in study.arms() {
            let path = point.path(arm, OutcomePart::Percent);
            let events = point.path(arm, OutcomePart::Events);
            let refused = study.derived.refused.iter().find(|(refused, _)| *refused == events);
            if let Some((_, why)) = refused.filter(|_| study.typed(&path).is_some()) {
                let message = format!("{why}; check the percentage and the number analysed, or type the count");
                found.push(Warning::new(Rule::V9, Severity::Warning, path, message));
            }
        }
    }
    for point in study.continuous() {
        if let Some(step) = point.outcome.granularity {
            for arm in study.arms() {
                whole_answers(study, point, arm, step, found);
            }
        }
        if study.scale(point.outcome) == Some([0.0, 1.0]) {
            for arm in study.arms() {
                proportion(study, point, arm, found);
            }
        }
    }
}

/// What is typed of one arm, in steps of a single answer.
pub(super) struct Steps {
    /// People.
    pub(super) n: f64,
    /// Mean and half its last digit.
    pub(super) mean: (f64, f64),
    /// Standard deviation and half its last digit.
    pub(super) sd: Option<(f64, f64)>,
}

impl Steps {
    pub(super) fn read(study: &Study<'_>, point: Point<'_>, arm: &str, step: f64) -> Option<Self> {
        let path = |part| point.path(arm, part);
        let number = |part| {
            let path = path(part);
            Some((study.typed(&path)? / step, study.answers.half_a_digit(&path) / step))
        };
        let n = study.typed(&path(OutcomePart::N)).filter(|n| *n >= 1.0 && n.fract() == 0.0)?;
        Some(Self { n, mean: number(OutcomePart::Mean)?, sd: number(OutcomePart::Sd) })
    }

    /// The whole sums of n answers whose mean prints as the one typed.
    pub(super) fn sums(&self) -> Vec<f64> {
        let (mean, half) = self.mean;
        let (low, high) = ((mean - half) * self.n, (mean + half) * self.n);
        // Papers round halves either way, so both ends count; so many sums that any mean fits are not looked at.
        let (first, last) = ((low - 1e-7).ceil(), (high + 1e-7).floor());
        if last - first > 10_000.0 {
            return Vec::new();
        }
        std::iter::successors(Some(first), |sum| Some(sum + 1.0)).take_while(|sum| *sum <= last).collect()
    }

    /// Whether the digits of the mean are fine enough for the question: fewer people than steps in the last digit.
    pub(super) fn can_be_judged(&self) -> bool {
        self.mean.1 > 0.0 && self.n * 2.0 * self.mean.1 < 1.0
    }
}

/// V10 and V11 for means of whole answers.
fn whole_answers(study: &Study<'_>, point: Point<'_>, arm: &str, step: f64, found: &mut Vec<Warning>) {
    let Some(typed) = Steps::read(study, point, arm, step) else { return };
    let (mean_path, sd_path) = (point.path(arm, OutcomePart::Mean), point.path(arm, OutcomePart::Sd));
    let sums = typed.sums();
    if sums.is_empty() {
        if typed.can_be_judged() {
            let message = format!(
                "no {} answers in steps of {step} have the mean {} (GRIM); check the mean and the number analysed",
                typed.n,
                typed.mean.0 * step
            );
            found.push(Warning::new(Rule::V10, Severity::Warning, mean_path, message));
        }
        return;
    }
    let Some((sd, half)) = typed.sd.filter(|_| typed.n >= 2.0) else { return };
    if !sums.iter().any(|&sum| squares(typed.n, sum, sd, half).is_some()) {
        let message = format!(
            "no {} answers in steps of {step} with the mean {} have the standard deviation {} (GRIMMER); check all three",
            typed.n,
            typed.mean.0 * step,
            sd * step
        );
        found.push(Warning::new(Rule::V11, Severity::Warning, sd_path, message));
    }
}

/// GRIMMER: a whole sum of squares of `n` whole answers with this sum whose standard deviation prints as `sd`. Allard (2018): the sum of
/// squares is whole, lies within rounding, and is odd where the sum is odd.
pub(super) fn squares(n: f64, sum: f64, sd: f64, half: f64) -> Option<f64> {
    let of = |sd: f64| (n - 1.0) * sd * sd + sum * sum / n;
    let (low, high) = (of((sd - half).max(0.0)), of(sd + half));
    let mut square = (low - 1e-7).ceil();
    while square <= high + 1e-7 {
        if (square - sum).rem_euclid(2.0) == 0.0 {
            return Some(square);
        }
        square += 1.0;
    }
    None
}

/// V11 for shares: the standard deviation of answers of 0 and 1 follows from their mean (DEBIT, Heathers and Brown 2019).
fn proportion(study: &Study<'_>, point: Point<'_>, arm: &str, found: &mut Vec<Warning>) {
    let path = |part| point.path(arm, part);
    let Some(typed) = Steps::read(study, point, arm, 1.0) else { return };
    let (Some((sd, sd_half)), (mean, half)) = (typed.sd, typed.mean) else { return };
    if typed.n < 2.0 || !(0.0..=1.0).contains(&mean) {
        return;
    }
    let of = |mean: f64| (mean * (1.0 - mean) * typed.n / (typed.n - 1.0)).max(0.0).sqrt();
    let ends = [of((mean - half).max(0.0)), of((mean + half).min(1.0)), of(mean)];
    let low = ends.iter().copied().fold(f64::INFINITY, f64::min) - sd_half;
    let high = (if (mean - 0.5).abs() <= half { of(0.5) } else { ends.iter().copied().fold(0.0, f64::max) }) + sd_half;
    if sd < low - 1e-9 || sd > high + 1e-9 {
        let message =
            format!("{} answers of 0 and 1 with the mean {mean} have the standard deviation {:.4} (DEBIT), not {sd}", typed.n, of(mean));
        found.push(Warning::new(Rule::V11, Severity::Warning, path(OutcomePart::Sd), message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grim_and_grimmer_of_the_scrutiny_documentation() {
        // Mean 7.3, SD 2.51, n 12: the mean is possible (87 or 88 in all), the standard deviation is not.
        let typed = Steps { n: 12.0, mean: (7.3, 0.05), sd: Some((2.51, 0.005)) };
        assert_eq!(typed.sums(), [87.0, 88.0]);
        assert!(typed.sums().iter().all(|&sum| squares(12.0, sum, 2.51, 0.005).is_none()));
        // A real sample passes: 1, 2, 2, 5 has mean 2.5 and standard deviation 1.7321.
        assert!(squares(4.0, 10.0, 1.73, 0.005).is_some());
        // Mean 2.68 of 30 whole answers: none.
        let grim = Steps { n: 30.0, mean: (2.68, 0.005), sd: None };
        assert!(grim.sums().is_empty() && grim.can_be_judged());
        // With 200 people any second decimal is possible.
        assert!(!Steps { n: 200.0, mean: (2.68, 0.005), sd: None }.can_be_judged());
    }
}
