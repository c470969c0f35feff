//! V6: the p value that the arms give, by the tests that papers use.

use super::{MeanArm, Point, Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::extraction::PrintedP;
use crate::domain::form::{ContrastPart, OutcomeKind};
use crate::stats::{dist, special::ln_gamma};

/// Two-sided p values of two arms, by test.
pub type ArmTests = Vec<(&'static str, f64)>;

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    for point in study.points() {
        for pair in study.pairs() {
            look(study, point, pair, found);
        }
    }
}

fn look(study: &Study<'_>, point: Point<'_>, pair: (&str, &str), found: &mut Vec<Warning>) {
    let path = point.contrast(pair, ContrastPart::P);
    let Some(printed) = study.answers.raw(&path).and_then(PrintedP::parse) else { return };
    // A standard deviation that was made from this very p value says nothing about it.
    let sd_path = point.path(pair.0, crate::domain::form::OutcomePart::Sd);
    let comes_from_p =
        study.derived.step_of(&sd_path).is_some_and(|step| step.inputs.iter().any(|(input, _)| input.starts_with("contrast.")));
    if comes_from_p {
        return;
    }
    let tests = match point.outcome.kind {
        OutcomeKind::Continuous => match (study.mean_arm(point, pair.0), study.mean_arm(point, pair.1)) {
            (Some(a), Some(b)) => mean_tests(a, b),
            _ => return,
        },
        OutcomeKind::Dichotomous => match (study.event_arm(point, pair.0), study.event_arm(point, pair.1)) {
            (Some((a, n1)), Some((c, n2))) => arm_tests(a, n1, c, n2),
            _ => return,
        },
    };
    let half = printed.half_a_digit();
    let fits = |p: f64| if printed.is_bound { p < printed.value + half } else { (p - printed.value).abs() <= half + 1e-9 };
    let matching: Vec<&str> = tests.iter().filter(|(_, p)| fits(*p)).map(|(name, _)| *name).collect();
    if tests.is_empty() || matching.len() == tests.len() {
        return;
    }
    let all: Vec<String> =
        tests.iter().map(|(name, p)| format!("{name} {}", if *p < 0.0001 { format!("{p:.1e}") } else { format!("{p:.4}") })).collect();
    let said = format!("{}{}", if printed.is_bound { "below " } else { "" }, printed.value);
    let (severity, message) = if matching.is_empty() {
        (Severity::Warning, format!("the report prints p {said}; the arms give {}: none fits", all.join(", ")))
    } else {
        (Severity::Note, format!("the report prints p {said}; the arms give {}: {} fits", all.join(", "), matching.join(" and ")))
    };
    found.push(Warning::new(Rule::V6, severity, path, message));
}

/// Pooled and Welch's t test.
fn mean_tests(a: MeanArm, b: MeanArm) -> ArmTests {
    if a.n < 2.0 || b.n < 2.0 || a.sd <= 0.0 || b.sd <= 0.0 {
        return Vec::new();
    }
    let difference = a.mean - b.mean;
    let df = a.n + b.n - 2.0;
    let pooled = ((a.n - 1.0) * a.sd * a.sd + (b.n - 1.0) * b.sd * b.sd) / df;
    let (u, v) = (a.sd * a.sd / a.n, b.sd * b.sd / b.n);
    let welch_df = (u + v) * (u + v) / (u * u / (a.n - 1.0) + v * v / (b.n - 1.0));
    vec![
        ("t test", dist::t_two_sided(difference / (pooled * (1.0 / a.n + 1.0 / b.n)).sqrt(), df)),
        ("Welch's t test", dist::t_two_sided(difference / (u + v).sqrt(), welch_df)),
    ]
}

/// Returns the p values of chi-squared, Yates' and Fisher's test for `events1` of `n1` against `events2` of `n2`; none where the table
/// has an empty margin.
pub fn arm_tests(events1: f64, n1: f64, events2: f64, n2: f64) -> ArmTests {
    let (b, d) = (n1 - events1, n2 - events2);
    let (with, without, n) = (events1 + events2, b + d, n1 + n2);
    if [n1, n2, with, without].iter().any(|margin| *margin <= 0.0) || [events1, events2, b, d].iter().any(|cell| *cell < 0.0) {
        return Vec::new();
    }
    let cross = (events1 * d - events2 * b).abs();
    let chi = |cross: f64| n * cross * cross / (n1 * n2 * with * without);
    let yates = (cross - 0.5 * n).max(0.0);
    vec![
        ("chi-squared", dist::chi_squared_sf(chi(cross), 1.0)),
        ("chi-squared with Yates' correction", dist::chi_squared_sf(chi(yates), 1.0)),
        ("Fisher's exact test", fisher(events1, n1, events2, n2)),
    ]
}

/// Two-sided Fisher's exact test: the sum of all tables that are no likelier than this one.
fn fisher(events1: f64, n1: f64, events2: f64, n2: f64) -> f64 {
    let with = events1 + events2;
    let ln_choose = |n: f64, k: f64| ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0);
    let ln_p = |x: f64| ln_choose(n1, x) + ln_choose(n2, with - x) - ln_choose(n1 + n2, with);
    let (low, high) = ((with - n2).max(0.0), with.min(n1));
    let own = ln_p(events1);
    let mut sum = 0.0;
    let mut x = low;
    while x <= high {
        let p = ln_p(x);
        // R's fisher.test: tables within one part in ten million count as equally likely.
        if p <= own + 1e-7 {
            sum += p.exp();
        }
        x += 1.0;
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_of_a_published_table() {
        // Noppers 2011 prints P < 0.05 for 8 of 12 against 3 of 12: chi-squared .041, Fisher .0995.
        let tests = arm_tests(8.0, 12.0, 3.0, 12.0);
        let p = |at: usize| tests[at].1;
        assert!((p(0) - 0.041).abs() < 5e-4, "{tests:?}");
        assert!((p(2) - 0.0995).abs() < 5e-5, "{tests:?}");
        assert!(p(1) > p(0));
        assert_eq!(arm_tests(0.0, 12.0, 0.0, 12.0), []);
    }

    #[test]
    fn the_two_t_tests_agree_where_arms_are_alike() {
        let arm = |mean| MeanArm { n: 20.0, mean, sd: 4.0 };
        let tests = mean_tests(arm(10.0), arm(13.0));
        assert!((tests[0].1 - tests[1].1).abs() < 1e-12, "{tests:?}");
        // t = -2.3717 with 38 degrees of freedom; R: 2 * pt(-2.371708, 38).
        assert!((tests[0].1 - 0.022_875_8).abs() < 1e-7, "{tests:?}");
    }
}
