//! V13: how alike the arms are at the start. A distribution of p values, never a verdict.

use super::{MeanArm, Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::form::OutcomePart;
use crate::stats::dist;

/// The timepoint whose numbers were measured before the treatment began.
const BASELINE: &str = "baseline";

/// The share of trials whose baseline would be this alike or unlike by chance.
const UNUSUAL: f64 = 0.001;

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    for pair in study.pairs() {
        let mut ranges: Vec<(f64, f64)> = Vec::new();
        let mut first = None;
        for point in study.continuous().filter(|point| point.timepoint.id == BASELINE) {
            let (Some(a), Some(b)) = (study.mean_arm(point, pair.0), study.mean_arm(point, pair.1)) else { continue };
            let slack: f64 = [pair.0, pair.1].iter().map(|arm| study.answers.half_a_digit(&point.path(arm, OutcomePart::Mean))).sum();
            if let Some(range) = p_range(a, b, slack) {
                ranges.push(range);
                first.get_or_insert_with(|| point.path(pair.0, OutcomePart::Mean));
            }
        }
        let Some(path) = first.filter(|_| ranges.len() >= 2) else { continue };
        // The end of each range nearest to the middle: what rounding allows is not held against a report.
        let kind: Vec<f64> = ranges
            .iter()
            .map(|&(low, high)| {
                if low <= 0.5 && high >= 0.5 {
                    0.5
                } else if high < 0.5 {
                    high
                } else {
                    low
                }
            })
            .collect();
        let combined = stouffer(&kind);
        let unusual = combined.min(1.0 - combined) < 0.5 * UNUSUAL;
        let list: Vec<String> = ranges.iter().map(|(low, high)| format!("{low:.2} to {high:.2}")).collect();
        let said = if !unusual {
            "as chance would have it"
        } else if combined > 0.5 {
            "the arms are more alike than chance would have them"
        } else {
            "the arms are less alike than chance would have them"
        };
        let message = format!("p values at the start, as far as rounding allows: {}; together {combined:.4}: {said}", list.join(", "));
        let severity = if unusual { Severity::Warning } else { Severity::Note };
        found.push(Warning::new(Rule::V13, severity, path, message));
    }
}

/// The p values that rounding of the means allows, by Welch's test; `slack` is how far their difference may be off.
fn p_range(a: MeanArm, b: MeanArm, slack: f64) -> Option<(f64, f64)> {
    if a.n < 2.0 || b.n < 2.0 || a.sd <= 0.0 || b.sd <= 0.0 {
        return None;
    }
    let (u, v) = (a.sd * a.sd / a.n, b.sd * b.sd / b.n);
    let df = (u + v) * (u + v) / (u * u / (a.n - 1.0) + v * v / (b.n - 1.0));
    let p = |difference: f64| dist::t_two_sided(difference / (u + v).sqrt(), df);
    let difference = (a.mean - b.mean).abs();
    Some((p(difference + slack), p((difference - slack).max(0.0))))
}

/// Combines p values that are even between 0 and 1: near 1 where all are large. Stouffer's method.
fn stouffer(p: &[f64]) -> f64 {
    let sum: f64 = p.iter().map(|&p| dist::normal_quantile(p.clamp(1e-15, 1.0 - 1e-15))).sum();
    dist::normal_cdf(sum / (p.len() as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_in_the_middle_say_nothing() {
        assert!((stouffer(&[0.5, 0.5, 0.5]) - 0.5).abs() < 1e-12);
        assert!(stouffer(&[0.99; 6]) > 0.9999);
        assert!(stouffer(&[0.01; 6]) < 0.0001);
    }

    #[test]
    fn rounding_widens_the_range() {
        let arm = |mean| MeanArm { n: 30.0, mean, sd: 4.0 };
        let exact = p_range(arm(10.0), arm(11.0), 0.0).unwrap();
        let rounded = p_range(arm(10.0), arm(11.0), 1.0).unwrap();
        assert!((exact.0 - exact.1).abs() < 1e-12);
        assert!(rounded.0 < exact.0 && (rounded.1 - 1.0).abs() < 1e-12);
    }
}
