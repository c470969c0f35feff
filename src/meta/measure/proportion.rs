//! Proportions of single groups, raw and transformed.

use super::{Effect, EffectMeasure};
use crate::meta::options::{Options, VarianceType};

/// Events and size of one group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneProportion {
    /// Events.
    pub events: f64,
    /// Size.
    pub n: f64,
}

pub(super) fn effects(rows: &[OneProportion], options: &Options) -> Vec<Option<Effect>> {
    let valid = |row: &OneProportion| row.events >= 0.0 && row.n > 0.0 && row.events <= row.n && row.n.is_finite();
    let zero = |row: &OneProportion| row.events == 0.0 || row.events == row.n;
    let any_zero = rows.iter().any(|row| valid(row) && zero(row));
    let is_angular = matches!(options.measure, EffectMeasure::ArcsineProportion | EffectMeasure::FreemanTukeyProportion);
    let corrected = |row: &OneProportion| {
        let (add, _) = options.correction.added(zero(row), any_zero, 0.5, is_angular);
        (row.events + add, row.n - row.events + add)
    };
    // Proportion over all studies, for the variance at the mean.
    let (events, others) = rows.iter().filter(|row| valid(row)).map(corrected).fold((0.0, 0.0), |sum, (x, m)| (sum.0 + x, sum.1 + m));
    let mean = events / (events + others);
    let kind = options.variance;
    rows.iter()
        .map(|row| {
            if !valid(row) {
                return None;
            }
            let (x, m) = corrected(row);
            let n = x + m;
            // Expected counts where the variance is taken at the mean proportion.
            let (ex, em) = if kind == VarianceType::Average { (mean * n, (1.0 - mean) * n) } else { (x, m) };
            match options.measure {
                EffectMeasure::Proportion if kind == VarianceType::Unbiased => Effect::new(x / n, x * m / (n * n * (n - 1.0))),
                EffectMeasure::Proportion => Effect::new(x / n, ex * em / n.powi(3)),
                EffectMeasure::LogProportion => Effect::new((x / n).ln(), 1.0 / ex - 1.0 / n),
                EffectMeasure::LogitProportion => Effect::new((x / m).ln(), 1.0 / ex + 1.0 / em),
                EffectMeasure::ArcsineProportion => Effect::new((x / n).sqrt().asin(), 0.25 / n),
                EffectMeasure::FreemanTukeyProportion => {
                    let angle = |x: f64| (x / (n + 1.0)).sqrt().asin();
                    Effect::new(0.5 * (angle(x) + angle(x + 1.0)), 1.0 / (4.0 * n + 2.0))
                }
                _ => None,
            }
        })
        .collect()
}

/// Returns the proportion that belongs to a Freeman-Tukey double arcsine value (halved angle, as metafor defines it) and a sample size.
///
/// For a pooled value the harmonic mean of the sample sizes is customary. Values beyond the range of the transformation give 0 or 1.
/// Source: Miller (1978).
pub fn freeman_tukey_back(value: f64, n: f64) -> f64 {
    let angle = |x: f64| (x / (n + 1.0)).sqrt().asin();
    if value.is_nan() || n.is_nan() {
        return f64::NAN;
    }
    if value <= 0.5 * (angle(0.0) + angle(1.0)) {
        return 0.0;
    }
    if value >= 0.5 * (angle(n) + angle(n + 1.0)) {
        return 1.0;
    }
    let x = 2.0 * value;
    let inner = x.sin() + (x.sin() - 1.0 / x.sin()) / n;
    0.5 * (1.0 - x.cos().signum() * (1.0 - inner * inner).max(0.0).sqrt())
}
