//! Absolute effects for summary-of-findings tables: corresponding risks, differences per thousand, numbers needed to treat.
//!
//! Source: Cochrane Handbook 15.4.4; Altman (1998) for intervals of numbers needed to treat.

use super::finite;
use crate::meta::measure::EffectMeasure;
use crate::meta::result::Interval;

/// A relative effect turned into an absolute one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AbsoluteEffect {
    /// Risk with the intervention, a fraction; capped at 1.
    pub risk: f64,
    /// Difference to the assumed comparator risk, per 1000 people.
    pub difference_per_1000: f64,
    /// Number needed to treat for one more (or one fewer) event; infinite when there is no difference.
    pub number_needed: f64,
}

/// Returns the risk that follows from an assumed comparator risk and an effect on the natural scale (ratio or difference).
///
/// Risk ratios, odds ratios, hazard ratios (`1 - (1 - p)^HR`) and risk differences; `None` for other measures and for risks outside 0
/// to 1. The result is cut off at 0 and 1.
pub fn corresponding_risk(measure: EffectMeasure, assumed_risk: f64, effect: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&assumed_risk) || effect.is_nan() {
        return None;
    }
    let risk = match measure {
        EffectMeasure::RiskRatio => assumed_risk * effect,
        EffectMeasure::OddsRatio | EffectMeasure::PetoOddsRatio => assumed_risk * effect / (1.0 - assumed_risk + assumed_risk * effect),
        EffectMeasure::HazardRatio | EffectMeasure::ObservedMinusExpected => 1.0 - (1.0 - assumed_risk).powf(effect),
        EffectMeasure::RiskDifference => assumed_risk + effect,
        _ => return None,
    };
    finite(risk).map(|risk| risk.clamp(0.0, 1.0))
}

/// Returns risk, difference per 1000 and number needed to treat for an effect on the natural scale.
pub fn absolute_effect(measure: EffectMeasure, assumed_risk: f64, effect: f64) -> Option<AbsoluteEffect> {
    let risk = corresponding_risk(measure, assumed_risk, effect)?;
    let difference = risk - assumed_risk;
    Some(AbsoluteEffect { risk, difference_per_1000: 1000.0 * difference, number_needed: 1.0 / difference.abs() })
}

/// Risk ratio that corresponds to an odds ratio at an assumed comparator risk. Handbook 15.4.4.
pub fn risk_ratio_from_odds_ratio(odds_ratio: f64, assumed_risk: f64) -> Option<f64> {
    finite(odds_ratio / (1.0 - assumed_risk * (1.0 - odds_ratio)))
}

/// Odds ratio that corresponds to a risk ratio at an assumed comparator risk; `None` where the risk would exceed 1. Handbook 15.4.4.
pub fn odds_ratio_from_risk_ratio(risk_ratio: f64, assumed_risk: f64) -> Option<f64> {
    finite(risk_ratio * (1.0 - assumed_risk) / (1.0 - assumed_risk * risk_ratio)).filter(|or| *or >= 0.0)
}

/// A number needed to treat, with its direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumberNeeded {
    /// One fewer event for so many people.
    ForFewerEvents(f64),
    /// One more event for so many people.
    ForMoreEvents(f64),
    /// No difference: infinitely many people.
    Infinite,
}

/// The interval of a number needed to treat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumberNeededInterval {
    /// Both limits on the same side: a plain range, smaller number first.
    Range(NumberNeeded, NumberNeeded),
    /// The difference may be zero: from one limit through infinity to the other. Never to be printed as a plain range.
    ThroughInfinity(NumberNeeded, NumberNeeded),
}

/// Returns the number needed to treat of a risk difference and the interval that belongs to that of the difference.
pub fn number_needed_interval(difference: f64, ci: Interval) -> (NumberNeeded, NumberNeededInterval) {
    let needed = |difference: f64| {
        if difference == 0.0 {
            NumberNeeded::Infinite
        } else if difference < 0.0 {
            NumberNeeded::ForFewerEvents(-1.0 / difference)
        } else {
            NumberNeeded::ForMoreEvents(1.0 / difference)
        }
    };
    let interval = if ci.lower <= 0.0 && ci.upper >= 0.0 {
        NumberNeededInterval::ThroughInfinity(needed(ci.lower), needed(ci.upper))
    } else if ci.upper < 0.0 {
        NumberNeededInterval::Range(needed(ci.lower), needed(ci.upper))
    } else {
        NumberNeededInterval::Range(needed(ci.upper), needed(ci.lower))
    };
    (needed(difference), interval)
}

/// The quantiles of a two-sided test at 5 % and of a power of 80 %.
const ALPHA_AND_POWER: (f64, f64) = (1.959_963_984_540_054, 0.841_621_233_572_914_3);

/// Returns how many people both arms of one large trial need together to show that a risk falls by a relative amount, two-sided 5 %,
/// power 80 %: GRADE's optimal information size. `None` for risks outside 0 to 1 and amounts outside 0 to 1.
///
/// Source: Guyatt (2011, GRADE guidelines 6); Fleiss, Statistical Methods for Rates and Proportions, equation 4.14 without continuity
/// correction; R `power.prop.test`.
pub fn information_size_of_risks(control_risk: f64, relative_reduction: f64) -> Option<f64> {
    let inside = |value: f64| value > 0.0 && value < 1.0;
    if !inside(control_risk) || !inside(relative_reduction) {
        return None;
    }
    let (p0, p1) = (control_risk, control_risk * (1.0 - relative_reduction));
    let mean = f64::midpoint(p0, p1);
    let (alpha, power) = ALPHA_AND_POWER;
    let root = alpha * (2.0 * mean * (1.0 - mean)).sqrt() + power * (p0 * (1.0 - p0) + p1 * (1.0 - p1)).sqrt();
    finite(2.0 * (root / (p0 - p1)).powi(2)).map(f64::ceil)
}

/// Returns how many people both arms need together to show a difference of means, two-sided 5 %, power 80 %; `None` unless standard
/// deviation and difference are positive.
///
/// Source: Guyatt (2011, GRADE guidelines 6); the normal approximation `4 (z + z)^2 SD^2 / difference^2`.
pub fn information_size_of_means(sd: f64, difference: f64) -> Option<f64> {
    if !(sd > 0.0 && difference > 0.0) {
        return None;
    }
    let (alpha, power) = ALPHA_AND_POWER;
    finite(4.0 * ((alpha + power) * sd / difference).powi(2)).map(f64::ceil)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn information_sizes_agree_with_r() {
        // power.prop.test(p1 = .2, p2 = .15, power = .8)$n = 905.3658; p1 = .1, p2 = .075: 2004.4 (twice that, rounded up)
        let twice = |n: f64| (2.0 * n).ceil();
        assert_eq!(information_size_of_risks(0.2, 0.25), Some(twice(905.3658)));
        // 4 (1.96 + 0.8416)^2 25^2 / 10^2
        assert_eq!(information_size_of_means(25.0, 10.0), Some(197.0));
        assert_eq!(information_size_of_risks(0.0, 0.25), None);
        assert_eq!(information_size_of_means(25.0, 0.0), None);
    }

    #[test]
    fn a_risk_never_passes_one() {
        // Adverse events with ketamine at 100 per 1000: 326 (105 to 1009, that is 1000).
        let at = |rr: f64| absolute_effect(EffectMeasure::RiskRatio, 0.1, rr).unwrap().risk;
        assert!((at(3.257521711) - 0.3257521711).abs() < 1e-12);
        assert_eq!(at(10.08887889), 1.0);
    }

    #[test]
    fn an_interval_through_zero_is_two_intervals() {
        // Hardy 2012: 29 of 93 against 25 of 92.
        let (number, interval) = number_needed_interval(0.0400888, Interval { lower: -0.0908, upper: 0.1710 });
        assert!(matches!(number, NumberNeeded::ForMoreEvents(n) if (n - 24.9446).abs() < 1e-3));
        assert!(matches!(
            interval,
            NumberNeededInterval::ThroughInfinity(NumberNeeded::ForFewerEvents(_), NumberNeeded::ForMoreEvents(n)) if (n - 5.848).abs() < 1e-3
        ));
    }
}
