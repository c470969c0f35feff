//! Further intervals: for the between-study variance (Q-profile, profile likelihood, generalised Q), for the pooled estimate by profile
//! likelihood, and Doi's IVhet estimate.

use super::result::{Interval, MetaError};
use super::tau2::{self, InterceptOnly, KnownMean, ResidualSpace};
use crate::stats::{dist, root};

/// An interval for tau2, with I2 and H2 that follow from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tau2Interval {
    /// Between-study variance.
    pub tau2: Interval,
    /// I2 in percent.
    pub i2: Interval,
    /// H2.
    pub h2: Interval,
    /// True when no value of tau2 fits the data at this level (the effects are more alike than chance allows); the bounds are 0 then.
    pub is_null_set: bool,
}

fn with_typical(tau2: Interval, space: &impl ResidualSpace, is_null_set: bool) -> Tau2Interval {
    let df = (space.yi().len() - space.p()) as f64;
    let typical = df / space.moments(0.0).trace1;
    Tau2Interval { tau2, i2: tau2.map(|t| 100.0 * t / (t + typical)), h2: tau2.map(|t| t / typical + 1.0), is_null_set }
}

/// Returns the Q-profile interval of tau2, without an upper cap.
///
/// **Shape**: one effect and one positive sampling variance per study.
/// **Errors**: [`MetaError::TooFew`] for fewer than two studies. **Source**: Viechtbauer (2007); metafor `confint(type = "QP")`.
pub fn q_profile(yi: &[f64], vi: &[f64], level: f64) -> Result<Tau2Interval, MetaError> {
    let space = InterceptOnly { yi, vi };
    if yi.len() < 2 {
        return Err(MetaError::TooFew { what: "the Q-profile interval", need: 2, got: yi.len() });
    }
    let df = yi.len() as f64 - 1.0;
    let (upper, lower) = (dist::chi_squared_quantile(0.5 + 0.5 * level, df), dist::chi_squared_quantile(0.5 - 0.5 * level, df));
    let is_null_set = space.q_at(0.0).0 < lower;
    let tau2 = Interval { lower: tau2::solve_q(&space, upper), upper: tau2::solve_q(&space, lower) };
    Ok(with_typical(tau2, &space, is_null_set))
}

/// Returns the profile-likelihood interval of tau2 under maximum or restricted maximum likelihood.
///
/// **Shape**: one effect and one positive sampling variance per study.
/// **Errors**: [`MetaError::TooFew`] for fewer than two studies, [`MetaError::NoConvergence`] when no upper bound exists.
/// **Source**: Hardy and Thompson (1996); metafor `confint(type = "PL")`.
pub fn profile_likelihood_tau2(yi: &[f64], vi: &[f64], restricted: bool, level: f64) -> Result<Tau2Interval, MetaError> {
    let space = InterceptOnly { yi, vi };
    if yi.len() < 2 {
        return Err(MetaError::TooFew { what: "the profile-likelihood interval", need: 2, got: yi.len() });
    }
    let (estimate, _) = tau2::maximise_likelihood(&space, restricted);
    let top = space.log_likelihood(estimate, restricted);
    let cut = dist::chi_squared_quantile(level, 1.0);
    let drop = |t: f64| 2.0 * (top - space.log_likelihood(t, restricted)) - cut;
    let failure = MetaError::NoConvergence { what: "the profile-likelihood interval" };
    let lower = if estimate <= 0.0 || drop(0.0) < 0.0 { 0.0 } else { root::brent(drop, 0.0, estimate, 0.0).ok_or(failure.clone())? };
    let start = estimate.max(vi.iter().sum::<f64>() / vi.len() as f64);
    let beyond = root::grow_until(|t| drop(t) > 0.0, start, 2.0).ok_or(failure.clone())?;
    let upper = root::brent(drop, estimate, beyond, 0.0).ok_or(failure)?;
    Ok(with_typical(Interval { lower, upper }, &space, false))
}

/// Weights of the generalised Q statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeneralisedWeights {
    /// `1 / se` (Jackson 2013).
    Jackson,
    /// `1 / v` (Biggerstaff and Jackson 2008).
    BiggerstaffJackson,
}

/// Returns the interval of tau2 that inverts the exact distribution of a generalised Q statistic.
///
/// **Shape**: one effect and one positive sampling variance per study.
/// **Errors**: [`MetaError::TooFew`] for fewer than two studies, [`MetaError::NoConvergence`] when no bound is found.
/// **Source**: Jackson (2013); Biggerstaff and Jackson (2008); metafor `method = "GENQ"`.
pub fn generalised_q(yi: &[f64], vi: &[f64], weights: GeneralisedWeights, level: f64) -> Result<Tau2Interval, MetaError> {
    let space = InterceptOnly { yi, vi };
    if yi.len() < 2 {
        return Err(MetaError::TooFew { what: "the generalised-Q interval", need: 2, got: yi.len() });
    }
    let weight = |v: f64| if weights == GeneralisedWeights::Jackson { 1.0 / v.sqrt() } else { 1.0 / v };
    let a: Vec<f64> = vi.iter().map(|v| weight(*v)).collect();
    let observed = space.weighted_moments(weight).q;
    let tail = |tau2: f64| dist::chi_squared_mixture_sf(observed, &generalised_eigenvalues(&a, vi, tau2));
    let at_zero = tail(0.0);
    let start = vi.iter().sum::<f64>() / vi.len() as f64;
    let solve = |target: f64| {
        if at_zero > target {
            return Some(0.0);
        }
        let end = root::grow_until(|t| tail(t) > target, start, 4.0)?;
        root::brent(|t| tail(t) - target, 0.0, end, 1e-13 * end)
    };
    let failure = MetaError::NoConvergence { what: "the generalised-Q interval" };
    let lower = solve(0.5 - 0.5 * level).ok_or(failure.clone())?;
    let upper = solve(0.5 + 0.5 * level).ok_or(failure)?;
    Ok(with_typical(Interval { lower, upper }, &space, upper == 0.0))
}

/// Eigenvalues but the zero one of `S^1/2 P S^1/2` with `P = diag(a) - a a' / sum a` and `S = diag(v + tau2)`.
///
/// The matrix is a diagonal minus one outer product, so its eigenvalues lie between neighbours on the diagonal, where the secular
/// equation has one root each.
fn generalised_eigenvalues(a: &[f64], vi: &[f64], tau2: f64) -> Vec<f64> {
    let total: f64 = a.iter().sum();
    let mut entries: Vec<(f64, f64)> = a.iter().zip(vi).map(|(a, v)| (a * (v + tau2), a * a * (v + tau2) / total)).collect();
    entries.sort_by(|x, y| x.0.total_cmp(&y.0));
    entries
        .windows(2)
        .map(|pair| {
            let (mut low, mut high) = (pair[0].0, pair[1].0);
            for _ in 0..100 {
                let middle = 0.5 * (low + high);
                if middle <= low || middle >= high {
                    break;
                }
                let secular = 1.0 - entries.iter().map(|(d, b)| b / (d - middle)).sum::<f64>();
                if secular > 0.0 {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            0.5 * (low + high)
        })
        .collect()
}

/// Returns the maximum likelihood estimate of the mean effect and its profile-likelihood interval.
///
/// **Shape**: one effect and one positive sampling variance per study; the interval is on the scale of the effects.
/// **Errors**: [`MetaError::TooFew`] for fewer than two studies, [`MetaError::NoConvergence`] when a bound is not found.
/// **Source**: Hardy and Thompson (1996).
pub fn profile_likelihood_mean(yi: &[f64], vi: &[f64], level: f64) -> Result<(f64, Interval), MetaError> {
    if yi.len() < 2 {
        return Err(MetaError::TooFew { what: "the profile-likelihood interval", need: 2, got: yi.len() });
    }
    let fit = super::fit::fit(yi, vi, Some(tau2::Tau2Method::MaximumLikelihood));
    // Log-likelihood at the best tau2 for a mean.
    let best = |mean: f64| {
        let space = KnownMean { yi, vi, mean };
        let (tau2, _) = tau2::maximise_likelihood(&space, false);
        space.log_likelihood(tau2, false)
    };
    let (top, cut) = (best(fit.estimate), dist::chi_squared_quantile(level, 1.0));
    let drop = |mean: f64| 2.0 * (top - best(mean)) - cut;
    let bound = |side: f64| {
        let reach = root::grow_until(|width| drop(fit.estimate + side * width) > 0.0, fit.se, 1.5)?;
        root::brent(drop, fit.estimate, fit.estimate + side * reach, 0.0)
    };
    let failure = MetaError::NoConvergence { what: "the profile-likelihood interval" };
    let lower = bound(-1.0).ok_or(failure.clone())?;
    let upper = bound(1.0).ok_or(failure)?;
    Ok((fit.estimate, Interval { lower, upper }))
}

/// Returns the IVhet estimate and its standard error: common-effect weights with a variance that allows for heterogeneity.
///
/// **Shape**: one effect and one positive sampling variance per study; estimate first, on the scale of the effects.
/// **Source**: Doi and others (2015), with the DerSimonian-Laird tau2; R package meta, "IVhet".
pub fn inverse_variance_heterogeneity(yi: &[f64], vi: &[f64]) -> (f64, f64) {
    let common = super::fit::fit(yi, vi, None);
    let tau2 = tau2::estimate(&InterceptOnly { yi, vi }, tau2::Tau2Method::DerSimonianLaird).tau2;
    let total: f64 = vi.iter().map(|v| 1.0 / v).sum();
    let variance: f64 = vi.iter().map(|v| (v + tau2) / (v * total).powi(2)).sum();
    (common.estimate, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::linear::{Matrix, symmetric_eigenvalues};

    #[test]
    fn secular_eigenvalues_agree_with_jacobi() {
        let vi = [0.3, 0.01, 0.5, 0.05, 0.05];
        let a: Vec<f64> = vi.iter().map(|v: &f64| 1.0 / v.sqrt()).collect();
        let (total, tau2) = (a.iter().sum::<f64>(), 0.2);
        let mut matrix = Matrix::zeros(5, 5);
        for i in 0..5 {
            for j in 0..5 {
                let p = f64::from(u8::from(i == j)) * a[i] - a[i] * a[j] / total;
                matrix.put(i, j, p * ((vi[i] + tau2) * (vi[j] + tau2)).sqrt());
            }
        }
        let want = symmetric_eigenvalues(&matrix);
        for (got, want) in generalised_eigenvalues(&a, &vi, tau2).iter().zip(&want[1..]) {
            assert!((got - want).abs() < 1e-12, "{got} {want}");
        }
    }

    #[test]
    fn effects_more_alike_than_chance_allows_give_the_null_set() {
        let interval = q_profile(&[0.1; 12], &[0.5; 12], 0.95).unwrap();
        assert!(interval.is_null_set);
        assert_eq!(interval.tau2, Interval { lower: 0.0, upper: 0.0 });
    }
}
