//! Influence of single studies: deletion diagnostics, residuals, Baujat and radial coordinates, shrunken study effects.
//!
//! Sources: Viechtbauer and Cheung (2010); Baujat and others (2002); Galbraith (1988); Raudenbush and Bryk (1985); metafor `influence`,
//! `rstandard`, `baujat`, `radial`, `blup`.

use super::deletion::Deletion;
use super::fit::{self, Plan};
use crate::stats::dist;

/// Diagnostics of one study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Influence {
    /// Residual from the fit without the study.
    pub deleted_residual: f64,
    /// Its standard error.
    pub deleted_residual_se: f64,
    /// Externally standardised residual.
    pub rstudent: f64,
    /// Residual from the full fit over its standard error (internally standardised).
    pub rstandard: f64,
    /// Standard error of that residual.
    pub rstandard_se: f64,
    /// Change of the fitted value in standard errors.
    pub dffits: f64,
    /// Cook's distance.
    pub cook_distance: f64,
    /// Ratio of the variance of the estimate without and with the study.
    pub covariance_ratio: f64,
    /// Between-study variance without the study.
    pub tau2_deleted: f64,
    /// Q without the study.
    pub q_deleted: f64,
    /// Leverage.
    pub hat: f64,
    /// Weight in percent.
    pub weight_pct: f64,
    /// Change of the estimate in standard errors.
    pub dfbetas: f64,
    /// True when a diagnostic passes its customary cut-off (metafor's rules).
    pub is_influential: bool,
    /// Baujat plot: contribution to heterogeneity.
    pub baujat_x: f64,
    /// Baujat plot: influence on the pooled estimate.
    pub baujat_y: f64,
    /// Radial plot: inverse standard error.
    pub radial_x: f64,
    /// Radial plot: standardised effect.
    pub radial_y: f64,
    /// Best linear unbiased prediction of the study's true effect; NaN under a common effect.
    pub blup: f64,
    /// Its standard error.
    pub blup_se: f64,
}

/// Computes all diagnostics.
///
/// **Shape**: one entry per study, in order, all studies with an estimate and positive variance. Empty for fewer than two studies.
/// The test of the plan plays no part: diagnostics use the classic standard error.
pub fn influence(yi: &[f64], vi: &[f64], plan: &Plan) -> Vec<Influence> {
    let k = yi.len();
    if k < 2 {
        return Vec::new();
    }
    let full = fit::fit(yi, vi, plan.tau2);
    let variance = full.se * full.se;
    let mut deletion = Deletion::new(yi, vi, plan.tau2, &full);
    // Cook's distance is influential beyond the median of chi-squared with one degree of freedom.
    let median = dist::chi_squared_quantile(0.5, 1.0);
    (0..k)
        .map(|i| {
            let without = deletion.without(i);
            let shift = full.estimate - without.estimate;
            let without_variance = without.se * without.se;
            let total = vi[i] + full.tau2;
            let hat = variance / total;
            let deleted_residual = yi[i] - without.estimate;
            let deleted_residual_se = (vi[i] + without.tau2 + without_variance).sqrt();
            let residual = yi[i] - full.estimate;
            let rstandard_se = (total * (1.0 - hat)).sqrt();
            let dffits = shift / (hat * (without.tau2 + vi[i])).sqrt();
            let cook_distance = shift * shift / variance;
            // Sum of the weights of all studies at the tau2 of the others.
            let at_deleted = 1.0 / without_variance + 1.0 / (vi[i] + without.tau2);
            let dfbetas = shift * at_deleted.sqrt();
            let size = k as f64;
            let shrink = full.tau2 / total;
            Influence {
                deleted_residual,
                deleted_residual_se,
                rstudent: deleted_residual / deleted_residual_se,
                rstandard: residual / rstandard_se,
                rstandard_se,
                dffits,
                cook_distance,
                covariance_ratio: without_variance / variance,
                tau2_deleted: without.tau2,
                q_deleted: without.q,
                hat,
                weight_pct: 100.0 * hat,
                dfbetas,
                is_influential: dffits.abs() > 3.0 * (1.0 / (size - 1.0)).sqrt()
                    || cook_distance > median
                    || hat > 3.0 / size
                    || dfbetas.abs() > 1.0,
                baujat_x: residual * residual / total,
                baujat_y: shift * shift / without_variance,
                radial_x: 1.0 / total.sqrt(),
                radial_y: yi[i] / total.sqrt(),
                blup: if plan.tau2.is_some() { shrink * yi[i] + (1.0 - shrink) * full.estimate } else { f64::NAN },
                blup_se: if plan.tau2.is_some() { (shrink * vi[i] + (1.0 - shrink).powi(2) * variance).sqrt() } else { f64::NAN },
            }
        })
        .collect()
}
