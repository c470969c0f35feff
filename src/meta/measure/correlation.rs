//! Correlation coefficients: raw, corrected for bias, and Fisher's z.

use super::{Effect, EffectMeasure};

/// A correlation coefficient and the sample size behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CorrelationRow {
    /// Correlation, between -1 and 1.
    pub r: f64,
    /// Sample size.
    pub n: f64,
}

impl CorrelationRow {
    /// Returns the raw, unbiased or z-transformed correlation with its sampling variance; metafor `COR`, `UCOR`, `ZCOR`.
    ///
    /// The unbiased form is that of Olkin and Pratt (1958), equation 2.3. `None` for |r| > 1 and for samples too small for a variance.
    pub fn effect(&self, measure: EffectMeasure) -> Option<Effect> {
        let Self { r, n } = *self;
        if r.is_nan() || r.abs() > 1.0 || n.is_nan() || n < 2.0 {
            return None;
        }
        match measure {
            EffectMeasure::Correlation => Effect::new(r, (1.0 - r * r).powi(2) / (n - 1.0)),
            EffectMeasure::UnbiasedCorrelation if n > 4.0 => {
                let unbiased = r * hypergeometric_half(0.5 * (n - 2.0), 1.0 - r * r);
                Effect::new(unbiased, (1.0 - unbiased * unbiased).powi(2) / (n - 1.0))
            }
            EffectMeasure::FisherZ if n > 3.0 => Effect::new(r.atanh(), 1.0 / (n - 3.0)),
            _ => None,
        }
    }
}

/// Gauss's hypergeometric function F(1/2, 1/2; c; x) for 0 <= x <= 1 and c > 1, by its series.
fn hypergeometric_half(c: f64, x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for j in 0..1_000_000 {
        let j = f64::from(j);
        term *= (0.5 + j) * (0.5 + j) / ((c + j) * (1.0 + j)) * x;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}
