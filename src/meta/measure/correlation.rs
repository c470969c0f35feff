//! Correlation coefficients: raw, corrected for bias, and Fisher's z.

use super::{Effect, EffectMeasure};
use crate::meta::options::{Options, VarianceType};

/// A correlation coefficient and the sample size behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CorrelationRow {
    /// Correlation, between -1 and 1.
    pub r: f64,
    /// Sample size.
    pub n: f64,
}

/// Returns the raw, unbiased or z-transformed correlations with their sampling variances; metafor `COR`, `UCOR`, `ZCOR`.
///
/// The unbiased form is that of Olkin and Pratt (1958), equation 2.3; its unbiased variance that of Hedges (1989). `None` for |r| > 1
/// and for samples too small for a variance.
pub(super) fn effects(rows: &[CorrelationRow], options: &Options) -> Vec<Option<Effect>> {
    let estimates: Vec<Option<f64>> = rows.iter().map(|row| row.estimate(options.measure)).collect();
    let (weighted, total) = rows
        .iter()
        .zip(&estimates)
        .filter_map(|(row, y)| y.map(|y| (y * row.n, row.n)))
        .fold((0.0, 0.0), |sum, (y, n)| (sum.0 + y, sum.1 + n));
    let mean = weighted / total;
    let variance = |row: &CorrelationRow, y: f64| match options.variance {
        _ if options.measure == EffectMeasure::FisherZ => 1.0 / (row.n - 3.0),
        VarianceType::Average => (1.0 - mean * mean).powi(2) / (row.n - 1.0),
        VarianceType::Unbiased => {
            let rest = 1.0 - row.r * row.r;
            y * y - 1.0 + (row.n - 3.0) / (row.n - 2.0) * rest * hypergeometric(1.0, 0.5 * row.n, rest)
        }
        _ => (1.0 - y * y).powi(2) / (row.n - 1.0),
    };
    rows.iter().zip(estimates).map(|(row, y)| y.and_then(|y| Effect::new(y, variance(row, y)))).collect()
}

impl CorrelationRow {
    fn estimate(&self, measure: EffectMeasure) -> Option<f64> {
        let Self { r, n } = *self;
        if r.is_nan() || r.abs() > 1.0 || n.is_nan() || n < 2.0 {
            return None;
        }
        match measure {
            EffectMeasure::Correlation => Some(r),
            EffectMeasure::UnbiasedCorrelation if n > 4.0 => Some(r * hypergeometric(0.5, 0.5 * (n - 2.0), 1.0 - r * r)),
            EffectMeasure::FisherZ if n > 3.0 => Some(r.atanh()),
            _ => None,
        }
    }
}

/// Gauss's hypergeometric function F(a, a; c; x) for 0 <= x <= 1 and c > 2a, with a of 1/2 or 1.
fn hypergeometric(a: f64, c: f64, x: f64) -> f64 {
    // The terms of the series fall as a power of their number where x is near 1: slowly for small c.
    if x > 0.7 && c < 20.0 { hypergeometric_integral(a, c, x) } else { hypergeometric_series(a, c, x) }
}

fn hypergeometric_series(a: f64, c: f64, x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for j in 0..100_000 {
        let j = f64::from(j);
        term *= (a + j) * (a + j) / ((c + j) * (1.0 + j)) * x;
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    sum
}

/// Euler's integral, the mean of `(1 - t x)^-a` under a beta distribution, by the double-exponential rule on both ends.
fn hypergeometric_integral(a: f64, c: f64, x: f64) -> f64 {
    const STEP: f64 = 1.0 / 32.0;
    let (mut value, mut total) = (0.0, 0.0);
    for i in -192..=192 {
        let u = f64::from(i) * STEP;
        let angle = 0.5 * std::f64::consts::PI * u.sinh();
        // t and 1 - t, both to full precision, and the weight of the node but for constants.
        let (t, rest) = (1.0 / (1.0 + (-2.0 * angle).exp()), 1.0 / (1.0 + (2.0 * angle).exp()));
        let node = u.cosh() * t * rest * t.powf(a - 1.0) * rest.powf(c - a - 1.0);
        if node > 0.0 {
            total += node;
            value += node * (rest + t * (1.0 - x)).powf(-a);
        }
    }
    value / total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_the_hypergeometric_function_agree() {
        for (a, c, x) in [(0.5, 8.0, 0.75), (0.5, 12.5, 0.99), (1.0, 15.0, 0.9), (0.5, 19.0, 1.0), (1.0, 10.0, 0.72)] {
            let (series, integral) = (hypergeometric_series(a, c, x), hypergeometric_integral(a, c, x));
            assert!((series - integral).abs() < 1e-13 * series, "{a} {c} {x}: {series} {integral}");
        }
        // F(1/2, 1/2; 3/2; x^2) = asin(x) / x, near the end of its range.
        let near = 0.999_999_f64;
        let want = near.asin() / near;
        assert!((hypergeometric(0.5, 1.5, near * near) - want).abs() < 1e-12 * want);
    }
}
