//! V4 and V5: an estimate in the middle of its interval, and the p value that goes with it.

use super::{Point, Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::extraction::PrintedP;
use crate::domain::form::{ContrastPart, OutcomePart};
use crate::stats::dist;

/// Half the width of a 95 % interval in standard errors.
const Z: f64 = 1.959_963_984_540_054;

/// An estimate with its interval as printed, each with half a unit in its last digit.
struct Printed {
    estimate: (f64, f64),
    low: (f64, f64),
    high: (f64, f64),
    /// Whether it is a ratio, whose interval is even on the scale of the logarithm.
    is_ratio: bool,
}

/// The p values that rounding allows, smallest and largest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
}

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    for point in study.points() {
        for arm in study.arms() {
            let path = |part| point.path(arm, part);
            let parts = [OutcomePart::Mean, OutcomePart::CiLow, OutcomePart::CiHigh].map(path);
            if let Some(printed) = read(study, &parts, false) {
                middle(&printed, &parts[0], found);
            }
        }
        for pair in study.pairs() {
            contrast(study, point, pair, found);
        }
    }
}

fn contrast(study: &Study<'_>, point: Point<'_>, pair: (&str, &str), found: &mut Vec<Warning>) {
    let path = |part| point.contrast(pair, part);
    let parts = [ContrastPart::Estimate, ContrastPart::CiLow, ContrastPart::CiHigh].map(path);
    let measure = study.answers.text(&path(ContrastPart::Measure)).or_else(|| match point.outcome.contrast_measures()[..] {
        [only] => Some(only.to_owned()),
        _ => None,
    });
    let is_ratio = matches!(measure.as_deref(), Some("RR" | "OR" | "HR"));
    let Some(printed) = read(study, &parts, is_ratio) else { return };
    if !middle(&printed, &parts[0], found) {
        return;
    }
    let p_path = path(ContrastPart::P);
    let Some(p) = study.answers.raw(&p_path).and_then(PrintedP::parse) else { return };
    let Some(range) = p_range(&printed) else { return };
    let half = p.half_a_digit();
    let fits = if p.is_bound { range.low < p.value + half } else { p.value + half >= range.low && p.value - half <= range.high };
    if !fits {
        let message = format!(
            "the interval goes with p {} to {}, the report prints {}{}",
            short(range.low),
            short(range.high),
            if p.is_bound { "below " } else { "" },
            p.value
        );
        found.push(Warning::new(Rule::V5, Severity::Warning, p_path, message));
    }
}

fn short(p: f64) -> String {
    if p < 0.001 { format!("{p:.1e}") } else { format!("{p:.4}") }
}

fn read(study: &Study<'_>, parts: &[String; 3], is_ratio: bool) -> Option<Printed> {
    let number = |path: &String| Some((study.typed(path)?, study.answers.half_a_digit(path)));
    Some(Printed { estimate: number(&parts[0])?, low: number(&parts[1])?, high: number(&parts[2])?, is_ratio })
}

/// V4. Returns whether the estimate lies within its interval at all.
fn middle(printed: &Printed, path: &str, found: &mut Vec<Warning>) -> bool {
    let Printed { estimate: (estimate, half), low: (low, low_half), high: (high, high_half), is_ratio } = *printed;
    if !(low - low_half <= estimate + half && estimate - half <= high + high_half && low < high) {
        let message = format!("the estimate {estimate} lies outside its interval, {low} to {high}");
        found.push(Warning::new(Rule::V4, Severity::Error, path, message));
        return false;
    }
    let scale = |value: f64| if is_ratio { value.max(f64::MIN_POSITIVE).ln() } else { value };
    if is_ratio && low <= 0.0 {
        found.push(Warning::new(Rule::V4, Severity::Error, path, format!("a ratio is above 0, the lower limit is {low}")));
        return false;
    }
    let middle = |low: f64, high: f64| f64::midpoint(scale(low), scale(high));
    let (least, most) = (middle(low - low_half, high - high_half), middle(low + low_half, high + high_half));
    if scale(estimate + half) < least || scale(estimate - half) > most {
        let shown = middle(low, high);
        let shown = if is_ratio { shown.exp() } else { shown };
        let message = format!(
            "the estimate {estimate} is not in the middle of its interval, {low} to {high} (the middle is {shown:.4}); is the scale right, or a digit wrong?"
        );
        found.push(Warning::new(Rule::V4, Severity::Warning, path, message));
    }
    true
}

/// The p values that an estimate and its 95 % interval allow, given how they are rounded; both ends are swept.
fn p_range(printed: &Printed) -> Option<Range> {
    let Printed { estimate: (estimate, half), low: (low, low_half), high: (high, high_half), is_ratio } = *printed;
    let scale = |value: f64| if is_ratio { value.max(f64::MIN_POSITIVE).ln() } else { value };
    let se = |low: f64, high: f64| (scale(high) - scale(low)) / (2.0 * Z);
    let (narrow, wide) = (se(low + low_half, high - high_half), se(low - low_half, high + high_half));
    if !(narrow > 0.0 && wide.is_finite()) {
        return None;
    }
    let ends = [scale(estimate - half), scale(estimate + half)];
    let furthest = ends[0].abs().max(ends[1].abs());
    let nearest = if ends[0] <= 0.0 && ends[1] >= 0.0 { 0.0 } else { ends[0].abs().min(ends[1].abs()) };
    Some(Range { low: dist::normal_two_sided(furthest / narrow), high: dist::normal_two_sided(nearest / wide) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(estimate: f64, low: f64, high: f64, is_ratio: bool) -> Printed {
        Printed { estimate: (estimate, 0.005), low: (low, 0.005), high: (high, 0.005), is_ratio }
    }

    #[test]
    fn published_results_go_with_their_p_values() {
        // Specification 7.1: the five results of Olujimi Odutola and Gupta 2023, with the range that rounding allows.
        for (printed, low, high, p) in [
            (printed(-1.05, -1.72, -0.39, false), 0.00173, 0.00224, 0.002),
            (printed(0.0, -0.12, 0.12, false), 0.932, 1.0, 1.0),
            (printed(1.42, 0.84, 2.39, true), 0.181, 0.197, 0.19),
            (printed(1.08, 0.67, 1.76, true), 0.738, 0.771, 0.75),
            (printed(1.05, 0.24, 4.54, true), 0.942, 0.954, 0.95),
        ] {
            let range = p_range(&printed).expect("a range");
            // The range of the specification sweeps the ends of the interval; ours sweeps the estimate as well and is wider.
            assert!(range.low <= low * 1.01 && range.high >= high * 0.99, "{range:?} {low} {high}");
            assert!(range.low <= p + 0.005 && p - 0.005 <= range.high);
            let mut found = Vec::new();
            assert!(middle(&printed, "x", &mut found));
            assert_eq!(found, []);
        }
    }

    #[test]
    fn an_estimate_off_the_middle_is_noticed() {
        let look = |printed: &Printed| {
            let mut found = Vec::new();
            middle(printed, "x", &mut found);
            found.into_iter().map(|warning| warning.severity).collect::<Vec<_>>()
        };
        assert_eq!(look(&printed(-1.05, -1.72, -0.93, false)), [Severity::Warning]);
        assert_eq!(look(&printed(-1.05, -0.72, -0.39, false)), [Severity::Error]);
        assert_eq!(look(&printed(2.0, -0.5, 4.0, true)), [Severity::Error]);
        // Even on the natural scale is uneven for a ratio.
        assert_eq!(look(&printed(2.5, 1.0, 4.0, true)), [Severity::Warning]);
    }
}
