//! Estimates that come with their variance, and log-rank observed minus expected events.

use super::Effect;

/// An estimate and its sampling variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GenericRow {
    /// Estimate (natural log for ratios).
    pub yi: f64,
    /// Sampling variance, not the standard error.
    pub vi: f64,
}

impl GenericRow {
    /// Makes a row from an estimate and its standard error.
    pub fn from_standard_error(yi: f64, se: f64) -> Self {
        Self { yi, vi: se * se }
    }
}

/// Observed minus expected events of the experimental group and the variance of the difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObservedExpected {
    /// Observed minus expected events.
    pub o_minus_e: f64,
    /// Variance (log-rank or hypergeometric).
    pub variance: f64,
}

impl ObservedExpected {
    /// Returns the one-step log ratio `(O - E) / V` with variance `1 / V`; `None` when V is not positive (Yusuf and others 1985).
    pub fn effect(&self) -> Option<Effect> {
        if self.variance.is_nan() || self.variance <= 0.0 {
            return None;
        }
        Effect::new(self.o_minus_e / self.variance, 1.0 / self.variance)
    }
}
