//! Events over person-time: rate ratio, rate difference, single rates.

use super::{Effect, EffectMeasure};
use crate::meta::options::{Correction, Options};

/// Events and person-time of the experimental (1) and control (2) group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoRates {
    /// Events in the experimental group.
    pub events1: f64,
    /// Person-time of the experimental group.
    pub time1: f64,
    /// Events in the control group.
    pub events2: f64,
    /// Person-time of the control group.
    pub time2: f64,
}

/// Events and person-time of one group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneRate {
    /// Events.
    pub events: f64,
    /// Person-time.
    pub time: f64,
}

impl TwoRates {
    fn is_valid(&self) -> bool {
        let TwoRates { events1, time1, events2, time2 } = *self;
        events1 >= 0.0 && events2 >= 0.0 && time1 > 0.0 && time2 > 0.0 && (events1 + time1 + events2 + time2).is_finite()
    }
}

/// Returns event counts after a continuity correction; `None` for invalid rows and dropped studies without events.
pub(crate) fn corrected_rates(rows: &[TwoRates], correction: &Correction, is_defined_at_zero: bool) -> Vec<Option<TwoRates>> {
    let zero = |row: &TwoRates| row.events1 == 0.0 || row.events2 == 0.0;
    let both = |row: &TwoRates| row.events1 == 0.0 && row.events2 == 0.0;
    let any_zero = rows.iter().any(|row| row.is_valid() && zero(row));
    rows.iter()
        .map(|row| {
            if !row.is_valid() || (correction.drops(false) && both(row)) {
                return None;
            }
            let share = row.time1 / (row.time1 + row.time2);
            let (first, second) = correction.added(zero(row), any_zero, share, is_defined_at_zero);
            Some(TwoRates { events1: row.events1 + first, events2: row.events2 + second, ..*row })
        })
        .collect()
}

pub(super) fn effects(rows: &[TwoRates], options: &Options) -> Vec<Option<Effect>> {
    corrected_rates(rows, &options.correction, options.measure == EffectMeasure::RootRateDifference)
        .into_iter()
        .map(|row| {
            let TwoRates { events1: x1, time1: t1, events2: x2, time2: t2 } = row?;
            match options.measure {
                EffectMeasure::RateRatio => Effect::new((x1 / t1).ln() - (x2 / t2).ln(), 1.0 / x1 + 1.0 / x2),
                EffectMeasure::RateDifference => Effect::new(x1 / t1 - x2 / t2, x1 / (t1 * t1) + x2 / (t2 * t2)),
                EffectMeasure::RootRateDifference => Effect::new((x1 / t1).sqrt() - (x2 / t2).sqrt(), 0.25 / t1 + 0.25 / t2),
                _ => None,
            }
        })
        .collect()
}

pub(super) fn single_effects(rows: &[OneRate], options: &Options) -> Vec<Option<Effect>> {
    let valid = |row: &OneRate| row.events >= 0.0 && row.time > 0.0 && (row.events + row.time).is_finite();
    let any_zero = rows.iter().any(|row| valid(row) && row.events == 0.0);
    rows.iter()
        .map(|row| {
            if !valid(row) {
                return None;
            }
            let is_root = matches!(options.measure, EffectMeasure::RootRate | EffectMeasure::FreemanTukeyRate);
            let events = row.events + options.correction.added(row.events == 0.0, any_zero, 0.5, is_root).0;
            match options.measure {
                EffectMeasure::Rate => Effect::new(events / row.time, events / (row.time * row.time)),
                EffectMeasure::LogRate => Effect::new((events / row.time).ln(), 1.0 / events),
                EffectMeasure::RootRate => Effect::new((events / row.time).sqrt(), 0.25 / row.time),
                // Freeman and Tukey (1950).
                EffectMeasure::FreemanTukeyRate => {
                    Effect::new(0.5 * ((events / row.time).sqrt() + ((events + 1.0) / row.time).sqrt()), 0.25 / row.time)
                }
                _ => None,
            }
        })
        .collect()
}
