//! The inner fit on plain slices: pooled estimate, tau2 and Q of studies that all have an estimate. Used by everything that fits often.

use super::heterogeneity::Heterogeneity;
use super::options::{Model, Options, Test};
use super::result::Interval;
use super::tau2::{self, InterceptOnly, Moments, ResidualSpace, Tau2Estimate, Tau2Method};
use crate::stats::dist;

/// An inverse-variance fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Number of studies.
    pub k: usize,
    /// Pooled estimate.
    pub estimate: f64,
    /// Classic standard error, `1 / sqrt(sum of weights)`.
    pub se: f64,
    /// Between-study variance.
    pub tau2: f64,
    /// Its standard error.
    pub se_tau2: f64,
    /// Cochran's Q (weights `1 / v`).
    pub q: f64,
    /// Typical sampling variance `(k - 1) / tr P` (Higgins and Thompson 2002, equation 9).
    pub typical_variance: f64,
    /// Scale factor of Hartung and Knapp, `sum W (y - mu)^2 / (k - 1)`; NaN for one study.
    pub hk_scale: f64,
    /// True when the likelihood had more than one maximum.
    pub is_multimodal: bool,
}

/// Fits a common-effect (`tau2` is `None`) or random-effects model by inverse variance. Allocates nothing.
///
/// **Shape**: `yi` and `vi` have one entry per study, same order, all finite and `vi` positive. No study gives NaN.
pub fn fit(yi: &[f64], vi: &[f64], tau2: Option<Tau2Method>) -> Fit {
    fit_near(yi, vi, tau2, None)
}

/// Fits as [`fit`] does, beginning the search for a likelihood estimate of tau2 at a value that is thought to be near.
///
/// The start saves time and decides nothing: the maximum found is proved to be the highest whatever the start.
/// **Shape**: as for [`fit`].
pub fn fit_near(yi: &[f64], vi: &[f64], tau2: Option<Tau2Method>, start: Option<f64>) -> Fit {
    fit_from(yi, vi, tau2, &InterceptOnly { yi, vi }.moments(0.0), start)
}

/// The same, with the moments at `tau2 = 0`.
pub(super) fn fit_from(yi: &[f64], vi: &[f64], tau2: Option<Tau2Method>, common: &Moments, start: Option<f64>) -> Fit {
    let space = InterceptOnly { yi, vi };
    match tau2 {
        None => finish(yi, Tau2Estimate { tau2: 0.0, se: f64::NAN, is_multimodal: false }, common, common),
        Some(method) => {
            let (between, moments) = tau2::estimate_from(&space, method, common, start.filter(|tau2| *tau2 > 0.0));
            match moments {
                Some(moments) => finish(yi, between, common, &moments),
                None if between.tau2 == 0.0 => finish(yi, between, common, common),
                None => finish(yi, between, common, &space.moments_near(between.tau2, common.mean)),
            }
        }
    }
}

/// Fits the model at a value of tau2 that is already known. metafor `rma(tau2 = )`.
///
/// **Shape**: as for [`fit`].
pub fn fit_at(yi: &[f64], vi: &[f64], between: Tau2Estimate) -> Fit {
    let space = InterceptOnly { yi, vi };
    finish(yi, between, &space.moments(0.0), &space.moments(between.tau2))
}

fn finish(yi: &[f64], between: Tau2Estimate, common: &Moments, at: &Moments) -> Fit {
    let k = yi.len();
    let df = k as f64 - 1.0;
    let is_flat = is_flat(yi, at);
    Fit {
        k,
        estimate: at.mean,
        se: 1.0 / at.sum1.sqrt(),
        tau2: between.tau2,
        se_tau2: between.se,
        // Effects that are equal but for rounding have no heterogeneity, not 1e-32 of it.
        q: if is_flat { 0.0 } else { common.q1 },
        typical_variance: if k > 1 { df / common.trace1 } else { f64::NAN },
        hk_scale: if k < 2 {
            f64::NAN
        } else if is_flat {
            0.0
        } else {
            at.q1 / df
        },
        is_multimodal: between.is_multimodal,
    }
}

/// Returns true when all effects are equal but for rounding.
fn is_flat(yi: &[f64], at: &Moments) -> bool {
    let rounding = 8.0 * f64::EPSILON;
    // Flat effects have residuals below the rounding of the mean; most others are told apart by this alone.
    if at.q1 > 2.0 * at.sum1 * (rounding * at.mean) * (rounding * at.mean) {
        return false;
    }
    let largest = yi.iter().fold(0.0_f64, |largest, y| largest.max(y.abs()));
    yi.iter().all(|y| (y - at.mean).abs() <= rounding * largest)
}

/// Test and interval of an estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inference {
    /// Test used: Wald where the chosen test has no degrees of freedom.
    pub test: Test,
    /// Standard error after rescaling.
    pub se: f64,
    /// Statistic.
    pub stat: f64,
    /// Degrees of freedom of t.
    pub df: Option<f64>,
    /// Two-sided p value.
    pub pval: f64,
    /// Confidence interval.
    pub ci: Interval,
    /// Scale factor of Hartung and Knapp that was used.
    pub hk_scale: Option<f64>,
}

impl Fit {
    /// Returns test and interval of the pooled estimate; a single study has the Wald test.
    pub fn inference(&self, test: Test, level: f64) -> Inference {
        self.inference_at(test, level, dist::normal_quantile(0.5 + 0.5 * level))
    }

    /// The same, with the normal quantile of the level.
    fn inference_at(&self, test: Test, level: f64, z: f64) -> Inference {
        let test = if self.k < 2 { Test::Wald } else { test };
        let scale = match test {
            Test::HartungKnapp => Some(self.hk_scale),
            Test::HartungKnappAdHoc => Some(self.hk_scale.max(1.0)),
            Test::Wald | Test::T => None,
        };
        let df = (test != Test::Wald).then_some(self.k as f64 - 1.0);
        infer_at(self.estimate, self.se * scale.map_or(1.0, f64::sqrt), df, level, z, test, scale)
    }

    /// Returns the Hartung-Knapp standard error; NaN for one study.
    pub fn hk_se(&self) -> f64 {
        self.se * self.hk_scale.sqrt()
    }
}

/// Makes statistic, p value and interval from an estimate and its standard error.
pub fn infer(estimate: f64, se: f64, df: Option<f64>, level: f64, test: Test, hk_scale: Option<f64>) -> Inference {
    infer_at(estimate, se, df, level, dist::normal_quantile(0.5 + 0.5 * level), test, hk_scale)
}

/// The same, with the normal quantile of the level.
pub(super) fn infer_at(estimate: f64, se: f64, df: Option<f64>, level: f64, z: f64, test: Test, hk_scale: Option<f64>) -> Inference {
    let stat = estimate / se;
    let (pval, quantile) = match df {
        Some(df) => (dist::t_two_sided(stat, df), dist::t_quantile(0.5 + 0.5 * level, df)),
        None => (dist::normal_two_sided(stat), z),
    };
    Inference { test, se, stat, df, pval, ci: Interval::around(estimate, se, quantile), hk_scale }
}

/// The numbers that leave-one-out and cumulative analyses report for each fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Number of studies.
    pub k: usize,
    /// Pooled estimate.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// Test statistic.
    pub stat: f64,
    /// Degrees of freedom of t; `None` for the normal.
    pub df: Option<f64>,
    /// Two-sided p value.
    pub pval: f64,
    /// Confidence interval.
    pub ci: Interval,
    /// Between-study variance.
    pub tau2: f64,
    /// Heterogeneity.
    pub heterogeneity: Heterogeneity,
}

/// How to fit and test on plain slices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Estimator of tau2; `None` is the common-effect model.
    pub tau2: Option<Tau2Method>,
    /// Test.
    pub test: Test,
    /// Level of intervals.
    pub level: f64,
}

impl Plan {
    /// Makes the plan that belongs to the options of an analysis.
    pub fn of(options: &Options) -> Self {
        Self { tau2: (options.model == Model::Random).then_some(options.tau2), test: options.test, level: options.level }
    }

    /// Fits and summarises. metafor `rma`.
    ///
    /// **Shape**: as for [`fit`].
    pub fn summary(&self, yi: &[f64], vi: &[f64]) -> Summary {
        self.summarise(&fit(yi, vi, self.tau2))
    }

    /// Summarises a fit.
    pub fn summarise(&self, fit: &Fit) -> Summary {
        let z = dist::normal_quantile(0.5 + 0.5 * self.level);
        let inference = fit.inference_at(self.test, self.level, z);
        let heterogeneity = Heterogeneity::from_q_at(fit.q, fit.k as f64 - 1.0, z);
        Summary {
            k: fit.k,
            estimate: fit.estimate,
            se: inference.se,
            stat: inference.stat,
            df: inference.df,
            pval: inference.pval,
            ci: inference.ci,
            tau2: fit.tau2,
            heterogeneity: if self.tau2.is_some() { heterogeneity.with_tau2(fit.tau2, fit.typical_variance) } else { heterogeneity },
        }
    }
}
