//! Generalised linear mixed models: pooling events by their exact binomial or Poisson likelihood, without continuity corrections.
//!
//! Each study has a likelihood in its own effect delta (and, in the unconditional model, its own baseline); effects are normal with mean
//! theta and variance tau2. Study integrals by adaptive Gauss-Hermite quadrature, (theta, baselines) by Newton's method for each tau,
//! tau by a profile search. Sources: Stijnen, Hamza and Ozdemir (2010); Jackson and others (2018); metafor `rma.glmm` (`UM.FS`, `CM.AL`,
//! `CM.EL`).

use std::f64::consts::PI;

mod hypergeometric;
mod quadrature;
mod study;

pub use study::StudyLikelihood;

use quadrature::gauss_hermite;
use study::Derivatives;

use super::fit::{Inference, infer};
use super::options::{Model, Test};
use super::result::MetaError;
use crate::stats::optimise;

/// Quadrature nodes per study; adaptive, so that these give ten digits.
const NODES: usize = 15;

/// A fitted generalised linear mixed model.
#[derive(Debug, Clone, PartialEq)]
pub struct Glmm {
    /// Number of studies with information.
    pub k: usize,
    /// Pooled effect (log odds ratio, log rate ratio or logit).
    pub estimate: f64,
    /// Standard error, test and interval (Wald).
    pub inference: Inference,
    /// Between-study variance.
    pub tau2: f64,
    /// Log-likelihood with all constants.
    pub log_likelihood: f64,
    /// Residual deviance at the conditional modes of the effects; metafor reports `ll_saturated - deviance / 2` for random effects.
    pub conditional_deviance: f64,
    /// Log-likelihood with one effect per study, with all constants.
    pub saturated_log_likelihood: f64,
    /// Wald-type Q over studies with a finite effect of their own.
    pub q_wald: f64,
    /// Likelihood-ratio Q against one effect per study.
    pub q_lrt: f64,
    /// Degrees of freedom of both, `k - 1`.
    pub q_df: f64,
}

/// Fits a common-effect or random-effects model by exact likelihood.
///
/// **Shape**: `None` entries are studies without information; they are left out.
/// **Errors**: [`MetaError::TooFew`] without any study; [`MetaError::NoConvergence`] when the estimate is infinite.
pub fn glmm(studies: &[Option<StudyLikelihood>], model: Model, level: f64) -> Result<Glmm, MetaError> {
    let studies: Vec<StudyLikelihood> = studies.iter().flatten().copied().collect();
    let k = studies.len();
    if k == 0 {
        return Err(MetaError::TooFew { what: "a mixed model", need: 1, got: 0 });
    }
    let failure = MetaError::NoConvergence { what: "the mixed model" };
    let nodes = gauss_hermite(NODES);
    let start = State { theta: 0.0, baselines: studies.iter().map(StudyLikelihood::start_baseline).collect() };
    let common = profile(&studies, 0.0, &start, &nodes).ok_or(failure.clone())?;
    let mut best = (0.0, common.clone());
    if model == Model::Random && k > 1 {
        let at = |sd: f64| profile(&studies, sd, &common.state, &nodes);
        let value = |sd: f64| at(sd).map_or(f64::NEG_INFINITY, |found| found.log_likelihood);
        // A coarse walk in the standard deviation, then a search between the neighbours of its best point.
        let grid: Vec<f64> = std::iter::once(0.0).chain((0..8).map(|i| 0.03 * 2.4f64.powi(i))).collect();
        let values: Vec<f64> = grid.iter().map(|sd| value(*sd)).collect();
        let top = (0..grid.len()).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap_or(0);
        let (low, high) = (grid[top.saturating_sub(1)], grid[(top + 1).min(grid.len() - 1)]);
        let sd = optimise::maximise(value, low, high, 1e-7);
        if let Some(found) = at(sd).filter(|found| found.log_likelihood > common.log_likelihood + 1e-9) {
            best = (sd, found);
        }
    }
    let (sd, found) = best;
    let mut variance = 1.0 / found.information;
    if sd > 0.0 {
        // Uncertainty of tau carried over: (d theta / d tau)^2 / profile information of tau.
        let h = 1e-3 * sd;
        let (above, below) = (profile(&studies, sd + h, &found.state, &nodes), profile(&studies, sd - h, &found.state, &nodes));
        if let (Some(above), Some(below)) = (above, below) {
            let slope = (above.state.theta - below.state.theta) / (2.0 * h);
            let curvature = -(above.log_likelihood - 2.0 * found.log_likelihood + below.log_likelihood) / (h * h);
            if curvature > 0.0 {
                variance += slope * slope / curvature;
            }
        }
    }
    if !(variance.is_finite() && variance > 0.0) || found.state.theta.abs() > 50.0 {
        return Err(failure);
    }
    let constant: f64 = studies.iter().map(StudyLikelihood::constant).sum();
    let (yi, vi): (Vec<f64>, Vec<f64>) = studies.iter().filter_map(StudyLikelihood::own_effect).unzip();
    let saturated: f64 = studies.iter().map(StudyLikelihood::saturated).sum();
    Ok(Glmm {
        k,
        estimate: found.state.theta,
        inference: infer(found.state.theta, variance.sqrt(), None, level, Test::Wald, None),
        tau2: sd * sd,
        log_likelihood: found.log_likelihood + constant,
        conditional_deviance: 2.0 * (saturated - conditional(&studies, sd, &found.state)),
        saturated_log_likelihood: saturated + constant,
        q_wald: if yi.is_empty() { f64::NAN } else { super::fit::fit(&yi, &vi, None).q },
        q_lrt: 2.0 * (saturated - common.log_likelihood),
        q_df: k as f64 - 1.0,
    })
}

/// Log-likelihood (without constants) given the effects at their conditional modes.
fn conditional(studies: &[StudyLikelihood], sd: f64, state: &State) -> f64 {
    studies
        .iter()
        .zip(&state.baselines)
        .map(|(study, &baseline)| study.at(state.theta + sd * mode(study, state.theta, sd, baseline).0, baseline).value)
        .sum()
}

/// Mode and curvature of the integrand in z, where the effect is `theta + sd z`.
fn mode(study: &StudyLikelihood, theta: f64, sd: f64, baseline: f64) -> (f64, f64) {
    let (mut z, mut curvature) = (0.0, 1.0);
    for _ in 0..100 {
        let d = study.at(theta + sd * z, baseline);
        curvature = 1.0 - sd * sd * d.effect2;
        let step = ((sd * d.effect - z) / curvature).clamp(-3.0, 3.0);
        z += step;
        if step.abs() < 1e-7 {
            break;
        }
    }
    (z, curvature)
}

#[derive(Debug, Clone)]
struct State {
    theta: f64,
    baselines: Vec<f64>,
}

#[derive(Debug, Clone)]
struct Profile {
    state: State,
    log_likelihood: f64,
    /// Information about theta with the baselines profiled out.
    information: f64,
}

/// Maximises over theta and the baselines at a standard deviation of the effects; Newton with step halving.
fn profile(studies: &[StudyLikelihood], sd: f64, start: &State, nodes: &[(f64, f64)]) -> Option<Profile> {
    let mut state = start.clone();
    let mut sums = totals(studies, sd, &state, nodes);
    for _ in 0..200 {
        if !sums.value.is_finite() || sums.information.is_nan() || sums.information <= 0.0 {
            return None;
        }
        let step = sums.gradient / sums.information;
        let moves: Vec<f64> = sums
            .baselines
            .iter()
            .map(|(gradient, curvature, mixed)| if *curvature > 0.0 { (gradient + mixed * step) / curvature } else { 0.0 })
            .collect();
        let size = moves.iter().fold(step.abs(), |a, m| a.max(m.abs()));
        let mut length = (2.0 / size).min(1.0);
        let next = loop {
            let trial = State {
                theta: state.theta + length * step,
                baselines: state.baselines.iter().zip(&moves).map(|(b, m)| b + length * m).collect(),
            };
            let found = totals(studies, sd, &trial, nodes);
            if found.value >= sums.value - 1e-12 * sums.value.abs() {
                break Some((trial, found));
            }
            length *= 0.5;
            if length < 1e-8 {
                break None;
            }
        };
        // No step leads higher: this is the top, as far as the nodes of the quadrature can tell.
        let Some(better) = next else { break };
        (state, sums) = better;
        if size < 1e-8 {
            break;
        }
    }
    Some(Profile { log_likelihood: sums.value, information: sums.information, state })
}

struct Totals {
    value: f64,
    /// Gradient of theta with the baselines swept out.
    gradient: f64,
    information: f64,
    /// Gradient, curvature and mixed derivative (as it enters the step) per baseline.
    baselines: Vec<(f64, f64, f64)>,
}

fn totals(studies: &[StudyLikelihood], sd: f64, state: &State, nodes: &[(f64, f64)]) -> Totals {
    let mut totals = Totals { value: 0.0, gradient: 0.0, information: 0.0, baselines: Vec::with_capacity(studies.len()) };
    for (study, &baseline) in studies.iter().zip(&state.baselines) {
        let d = integrate(study, state.theta, sd, baseline, nodes);
        totals.value += d.value;
        totals.gradient += d.effect;
        totals.information -= d.effect2;
        if study.has_baseline() {
            // Newton on the pair (theta, baseline), the baseline eliminated.
            let ratio = d.mixed / d.baseline2;
            totals.gradient -= ratio * d.baseline;
            totals.information += ratio * d.mixed;
            totals.baselines.push((d.baseline, -d.baseline2, d.mixed));
        } else {
            totals.baselines.push((0.0, 0.0, 0.0));
        }
    }
    totals
}

/// Log of the study's marginal likelihood with its derivatives in theta and the baseline.
fn integrate(study: &StudyLikelihood, theta: f64, sd: f64, baseline: f64, nodes: &[(f64, f64)]) -> Derivatives {
    if sd == 0.0 {
        return study.at(theta, baseline);
    }
    let (z, curvature) = mode(study, theta, sd, baseline);
    let scale = (2.0 / curvature).sqrt();
    let at_mode = study.at(theta + sd * z, baseline).value - 0.5 * z * z;
    let mut mass = 0.0;
    let mut mean = Derivatives::default();
    let (mut effect_square, mut baseline_square, mut product) = (0.0, 0.0, 0.0);
    for (x, weight) in nodes {
        let here = z + scale * x;
        let d = study.at(theta + sd * here, baseline);
        let w = weight * (x * x + d.value - 0.5 * here * here - at_mode).exp();
        mass += w;
        mean.effect += w * d.effect;
        mean.baseline += w * d.baseline;
        mean.effect2 += w * d.effect2;
        mean.baseline2 += w * d.baseline2;
        mean.mixed += w * d.mixed;
        effect_square += w * d.effect * d.effect;
        baseline_square += w * d.baseline * d.baseline;
        product += w * d.effect * d.baseline;
    }
    let (effect, base) = (mean.effect / mass, mean.baseline / mass);
    Derivatives {
        value: at_mode + (mass * scale / (2.0 * PI).sqrt()).ln(),
        effect,
        baseline: base,
        // Louis (1982): expected curvature plus the variance of the score.
        effect2: (mean.effect2 + effect_square) / mass - effect * effect,
        baseline2: (mean.baseline2 + baseline_square) / mass - base * base,
        mixed: (mean.mixed + product) / mass - effect * base,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::measure::TwoByTwo;

    #[test]
    fn derivatives_of_the_marginal_likelihood_agree_with_differences() {
        let nodes = gauss_hermite(NODES);
        let study = StudyLikelihood::TwoBinomials(TwoByTwo::new(4.0, 20.0, 9.0, 25.0));
        let value = |theta: f64, baseline: f64| integrate(&study, theta, 0.7, baseline, &nodes).value;
        let d = integrate(&study, -0.4, 0.7, -0.6, &nodes);
        let h = 1e-4;
        assert!((d.effect - (value(-0.4 + h, -0.6) - value(-0.4 - h, -0.6)) / (2.0 * h)).abs() < 1e-6);
        assert!((d.baseline - (value(-0.4, -0.6 + h) - value(-0.4, -0.6 - h)) / (2.0 * h)).abs() < 1e-6);
        let second = (value(-0.4 + h, -0.6) - 2.0 * value(-0.4, -0.6) + value(-0.4 - h, -0.6)) / (h * h);
        assert!((d.effect2 - second).abs() < 1e-5);
    }

    #[test]
    fn no_information_is_refused_and_one_sided_data_do_not_panic() {
        assert!(glmm(&[None], Model::Random, 0.95).is_err());
        let rows = [TwoByTwo::new(0.0, 10.0, 3.0, 10.0), TwoByTwo::new(0.0, 12.0, 2.0, 12.0)];
        let studies: Vec<_> = rows.into_iter().map(StudyLikelihood::two_groups).collect();
        let _ = glmm(&studies, Model::Random, 0.95);
    }
}
