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

#[cfg(test)]
mod tests {
    use super::*;

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
