//! Trim and fill: the number of studies that seem to be missing from one side of the funnel, and the estimate with them filled in.
//!
//! Source: Duval and Tweedie (2000a, 2000b); metafor `trimfill`.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::fit::{Plan, Summary};
use super::options::{Model, Options};
use super::regression::regress_columns;
use super::result::MetaError;

/// Estimator of the number of missing studies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
pub enum MissingEstimator {
    /// From the sum of the positive ranks, linear.
    #[strum(serialize = "L0")]
    L0,
    /// From the length of the rightmost run.
    #[strum(serialize = "R0")]
    R0,
    /// From the sum of the positive ranks, quadratic.
    #[strum(serialize = "Q0")]
    Q0,
}

/// Side of the funnel from which studies are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
pub enum Side {
    /// Small effects are missing.
    #[strum(serialize = "left")]
    Left,
    /// Large effects are missing.
    #[strum(serialize = "right")]
    Right,
}

/// Result of trim and fill.
#[derive(Debug, Clone, PartialEq)]
pub struct TrimAndFill {
    /// Side from which studies are missing.
    pub side: Side,
    /// Estimated number of missing studies.
    pub missing: usize,
    /// Its standard error.
    pub missing_se: f64,
    /// Effects that were filled in, with the sampling variances of their mirror images.
    pub filled: Vec<(f64, f64)>,
    /// Fit to all studies, the filled ones included.
    pub summary: Summary,
}

/// Estimates the number of missing studies and pools with them filled in.
///
/// `side` unset is decided by the sign of the regression of effects on standard errors, which is noise when the funnel is symmetric:
/// better set it. The centre is pooled by the model of the options at each step.
/// **Shape**: one effect and one positive sampling variance per study.
/// **Errors**: [`MetaError::TooFew`] for fewer than three studies; [`MetaError::NoConvergence`] after 100 steps.
/// **Source**: Duval and Tweedie (2000); metafor `trimfill`.
pub fn trim_and_fill(
    yi: &[f64],
    vi: &[f64],
    estimator: MissingEstimator,
    side: Option<Side>,
    options: &Options,
) -> Result<TrimAndFill, MetaError> {
    let k = yi.len();
    if k < 3 {
        return Err(MetaError::TooFew { what: "trim and fill", need: 3, got: k });
    }
    let side = match side {
        Some(side) => side,
        None => {
            let se = vi.iter().map(|v| v.sqrt()).collect();
            let line = regress_columns(yi, vi, &[("sei".into(), se)], options)?;
            if line.coefficients.get(1).is_some_and(|slope| slope.estimate < 0.0) { Side::Right } else { Side::Left }
        }
    };
    let sign = if side == Side::Right { -1.0 } else { 1.0 };
    let mut sorted: Vec<(f64, f64)> = yi.iter().zip(vi).map(|(&y, &v)| (sign * y, v)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (y, v): (Vec<f64>, Vec<f64>) = sorted.iter().copied().unzip();
    let between = (options.model == Model::Random).then_some(options.tau2);
    let mut missing = 0_usize;
    let (mut centre, mut missing_se) = (f64::NAN, f64::NAN);
    let mut settled = false;
    for _ in 0..100 {
        let kept = k - missing.min(k - 1);
        centre = super::fit::fit(&y[..kept], &v[..kept], between).estimate;
        let (estimate, se) = missing_studies(&y, centre, estimator);
        missing_se = se;
        // Halves go to the even number, as in R.
        let next = estimate.round_ties_even().max(0.0) as usize;
        if next == missing {
            settled = true;
            break;
        }
        missing = next;
    }
    if !settled {
        return Err(MetaError::NoConvergence { what: "trim and fill" });
    }
    let missing = missing.min(k - 1);
    let filled: Vec<(f64, f64)> = sorted[k - missing..].iter().map(|&(y, v)| (sign * (2.0 * centre - y), v)).collect();
    let all_y: Vec<f64> = yi.iter().copied().chain(filled.iter().map(|f| f.0)).collect();
    let all_v: Vec<f64> = vi.iter().copied().chain(filled.iter().map(|f| f.1)).collect();
    Ok(TrimAndFill { side, missing, missing_se, filled, summary: Plan::of(options).summary(&all_y, &all_v) })
}

/// Estimated number of missing studies, not yet rounded, and its standard error.
fn missing_studies(y: &[f64], centre: f64, estimator: MissingEstimator) -> (f64, f64) {
    let k = y.len() as f64;
    let mut order: Vec<usize> = (0..y.len()).collect();
    order.sort_by(|&a, &b| (y[a] - centre).abs().total_cmp(&(y[b] - centre).abs()));
    let (mut positive, mut largest_negative) = (0.0, 0.0);
    for (rank, &i) in order.iter().enumerate() {
        let rank = rank as f64 + 1.0;
        if y[i] > centre {
            positive += rank;
        } else if y[i] < centre {
            largest_negative = rank;
        }
    }
    let rank_variance = |k0: f64| {
        (k * (k + 1.0) * (2.0 * k + 1.0) + 10.0 * k0.powi(3) + 27.0 * k0 * k0 + 17.0 * k0 - 18.0 * k * k0 * k0 - 18.0 * k * k0
            + 6.0 * k * k * k0)
            / 24.0
    };
    match estimator {
        MissingEstimator::R0 => {
            let k0 = k - largest_negative - 1.0;
            (k0, (2.0 * k0.max(0.0) + 2.0).sqrt())
        }
        MissingEstimator::L0 => {
            let k0 = (4.0 * positive - k * (k + 1.0)) / (2.0 * k - 1.0);
            (k0, 4.0 * rank_variance(k0).sqrt() / (2.0 * k - 1.0))
        }
        MissingEstimator::Q0 => {
            let k0 = k - 0.5 - (2.0 * k * k - 4.0 * positive + 0.25).sqrt();
            (k0, 2.0 * rank_variance(k0).sqrt() / ((k - 0.5).powi(2) - k0 * (2.0 * k - k0 - 1.0)).sqrt())
        }
    }
}

/// Fail-safe numbers: studies of no effect that would undo a result. Historical; shown because readers ask for them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FailSafe {
    /// Rosenthal (1979): until the combined one-sided p value reaches 0.05.
    pub rosenthal: f64,
    /// Orwin (1983): until the unweighted mean effect is halved.
    pub orwin: f64,
    /// Rosenberg (2005): until the common-effect two-sided p value reaches 0.05.
    pub rosenberg: f64,
}

/// Computes the fail-safe numbers, rounded up.
///
/// **Shape**: one effect and one positive sampling variance per study.
/// **Source**: Rosenthal (1979), Orwin (1983) and Rosenberg (2005), as metafor 3.8 `fsn` with its defaults.
pub fn fail_safe(yi: &[f64], vi: &[f64]) -> FailSafe {
    use crate::stats::dist::normal_quantile;
    let k = yi.len() as f64;
    let z: f64 = yi.iter().zip(vi).map(|(y, v)| y / v.sqrt()).sum::<f64>() / k.sqrt();
    let (weights, weighted) = yi.iter().zip(vi).fold((0.0, 0.0), |(w, s), (y, v)| (w + 1.0 / v, s + y / v));
    let rosenthal = k * (z / normal_quantile(0.95)).powi(2) - k;
    let rosenberg = k * ((weighted / normal_quantile(0.975)).powi(2) - weights) / weights;
    let mean = yi.iter().sum::<f64>() / k;
    let orwin = if mean == 0.0 { 0.0 } else { k };
    FailSafe { rosenthal: rosenthal.ceil().max(0.0), orwin, rosenberg: rosenberg.ceil().max(0.0) }
}
