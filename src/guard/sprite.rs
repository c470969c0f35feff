//! V12: whether a sample of whole answers on the scale has this mean and this standard deviation at all (SPRITE).

use super::grain::{Steps, squares};
use super::{Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::form::OutcomePart;

/// The largest group for which a sample is built.
const LARGEST: f64 = 500.0;

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    for point in study.continuous() {
        let (Some(step), Some([low, high])) = (point.outcome.granularity, study.scale(point.outcome)) else { continue };
        for arm in study.arms() {
            let Some(typed) = Steps::read(study, point, arm, step).filter(|typed| typed.n >= 2.0 && typed.n <= LARGEST) else { continue };
            let Some((sd, half)) = typed.sd else { continue };
            let (low, high) = ((low / step).round(), (high / step).round());
            let sums = typed.sums();
            // Rules V10 and V11 have spoken where no sum or no sum of squares fits.
            let possible: Vec<f64> = sums.into_iter().filter(|&sum| squares(typed.n, sum, sd, half).is_some()).collect();
            if possible.is_empty() || possible.iter().any(|&sum| sample_with(typed.n, sum, [low, high], sd, half).is_some()) {
                continue;
            }
            let message = format!(
                "no sample of {} answers from {} to {} with the mean {} and the standard deviation {} was found (SPRITE)",
                typed.n,
                low * step,
                high * step,
                typed.mean.0 * step,
                sd * step
            );
            found.push(Warning::new(Rule::V12, Severity::Note, point.path(arm, OutcomePart::Sd), message));
        }
    }
}

/// Returns `n` whole answers on a scale with this sum whose standard deviation lies within `half` of `sd`, ascending; `None` where none was
/// found.
///
/// From the most even answers, two are moved apart by one step each as long as the spread is too small, the pair that changes it least
/// first (Heathers and others 2018, without chance). Sum and scale are kept at every step.
pub fn sample_with(n: f64, sum: f64, scale: [f64; 2], sd: f64, half: f64) -> Option<Vec<f64>> {
    let [low, high] = scale;
    if !((2.0..=LARGEST).contains(&n) && low * n <= sum && sum <= high * n && low.fract() == 0.0 && high.fract() == 0.0) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 2 and LARGEST")]
    let people = n as usize;
    let base = (sum / n).floor();
    let mut values = vec![base; people];
    let mut rest = sum - base * n;
    for value in values.iter_mut().rev() {
        if rest >= 1.0 {
            *value += 1.0;
            rest -= 1.0;
        }
    }
    let spread = |values: &[f64]| {
        let mean = sum / n;
        (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
    };
    // Each move adds at least two to the sum of squares, which is at most n (high - low)^2 / 4.
    let most = (n * (high - low).powi(2)) as usize + 1;
    for _ in 0..most {
        let now = spread(&values);
        if (now - sd).abs() <= half + 1e-9 {
            return Some(values);
        }
        if now > sd {
            return None;
        }
        let most_allowed = ((sd + half).powi(2) - now * now) * (n - 1.0) + 1e-6;
        // Moving two answers that are d apart by one step each adds 2 d + 2; take the largest such that is not too much.
        let mut best: Option<(usize, usize, f64)> = None;
        for i in 0..people {
            if values[i] <= low || (i > 0 && values[i - 1] == values[i]) {
                continue;
            }
            for j in (i + 1)..people {
                if values[j] >= high || (j + 1 < people && values[j + 1] == values[j]) {
                    continue;
                }
                let change = 2.0 * (values[j] - values[i]) + 2.0;
                let is_better = best
                    .is_none_or(|(.., known)| if known > most_allowed { change < known } else { change <= most_allowed && change > known });
                if is_better {
                    best = Some((i, j, change));
                }
            }
        }
        let (i, j, _) = best?;
        values[i] -= 1.0;
        values[j] += 1.0;
        values.sort_by(f64::total_cmp);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_found_and_has_what_was_asked_for() {
        for (n, sum, sd) in [(20.0, 100.0, 2.5), (12.0, 88.0, 2.0), (45.0, 90.0, 2.2), (10.0, 50.0, 5.27)] {
            let values = sample_with(n, sum, [0.0, 10.0], sd, 0.05).unwrap_or_else(|| panic!("{n} {sum} {sd}"));
            let mean = values.iter().sum::<f64>() / n;
            let got = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
            assert!((mean * n - sum).abs() < 1e-9 && (got - sd).abs() <= 0.05, "{values:?}");
            assert!(values.iter().all(|v| (0.0..=10.0).contains(v) && v.fract() == 0.0));
        }
    }

    #[test]
    fn what_the_scale_has_no_room_for_is_not_found() {
        assert_eq!(sample_with(10.0, 10.0, [0.0, 10.0], 5.0, 0.05), None);
        assert_eq!(sample_with(10.0, 200.0, [0.0, 10.0], 1.0, 0.05), None);
        assert_eq!(sample_with(10.0, 53.0, [0.0, 10.0], 0.1, 0.05), None);
    }
}
