//! Prediction intervals for the effect in a new study, under the rules that programs use.

use crate::stats::dist;

use super::result::Interval;

/// Prediction intervals `mu -/+ q sqrt(se^2 + tau2)` under five rules.
///
/// Source: Higgins, Thompson and Spiegelhalter (2009); IntHout and others (2016) for the Hartung-Knapp forms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PredictionIntervals {
    /// Normal quantile, classic standard error (metafor with `test = "z"`).
    pub normal: Interval,
    /// t with k - 1 degrees of freedom, classic standard error (R package meta from 8.0).
    pub t_k1: Option<Interval>,
    /// t with k - 2 degrees of freedom, classic standard error (Cochrane Handbook, Stata, meta before 8.0).
    pub t_k2: Option<Interval>,
    /// t with k - 1 degrees of freedom, Hartung-Knapp standard error (metafor with `test = "knha"`).
    pub hk_k1: Option<Interval>,
    /// t with k - 2 degrees of freedom, Hartung-Knapp standard error.
    pub hk_k2: Option<Interval>,
}

impl PredictionIntervals {
    /// Makes the intervals from the estimate, both standard errors, tau2 and the number of studies.
    pub fn new(estimate: f64, se: f64, hk_se: f64, tau2: f64, k: usize, level: f64) -> Self {
        let p = 0.5 + 0.5 * level;
        let make = |quantile: f64, se: f64| Interval::around(estimate, (se * se + tau2).sqrt(), quantile);
        let one = (k > 1).then(|| dist::t_quantile(p, (k - 1) as f64));
        let two = (k > 2).then(|| dist::t_quantile(p, (k - 2) as f64));
        let hk = |q: Option<f64>| if hk_se.is_nan() { None } else { q.map(|q| make(q, hk_se)) };
        Self {
            normal: make(dist::normal_quantile(p), se),
            t_k1: one.map(|q| make(q, se)),
            t_k2: two.map(|q| make(q, se)),
            hk_k1: hk(one),
            hk_k2: hk(two),
        }
    }
}
