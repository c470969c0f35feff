//! Network meta-analysis of arm-level means: contrasts against each study's first arm, one between-study variance for all comparisons.
//!
//! Multi-arm studies keep the correlation of contrasts that share an arm. Sources: Senn and others (2013); Higgins and Whitehead (1996)
//! for the within-study correlation of one half; Rucker and Schwarzer (2015) for P-scores.

use super::components::{ComponentFit, Components};
use super::result::MetaError;
use crate::stats::dist;
use crate::stats::linear::Matrix;

/// One arm of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Study.
    pub study: String,
    /// Treatment.
    pub treatment: String,
    /// Mean (or another estimate that is independent between arms).
    pub estimate: f64,
    /// Its sampling variance.
    pub variance: f64,
}

/// Effects against the reference under one model.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkEffects {
    /// Between-study variance.
    pub tau2: f64,
    /// Effect of each treatment against the reference.
    pub estimates: Vec<f64>,
    /// Standard errors.
    pub se: Vec<f64>,
    /// P-scores, the reference first: mean certainty of a lower value than the others.
    pub p_scores: Vec<f64>,
}

/// A network meta-analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Treatments but the reference, sorted: the order of all effects.
    pub treatments: Vec<String>,
    /// Reference treatment.
    pub reference: String,
    /// Number of contrasts.
    pub contrasts: usize,
    /// Heterogeneity and inconsistency together: Q, degrees of freedom, p value.
    pub q: (f64, f64, f64),
    /// Common effects.
    pub common: NetworkEffects,
    /// Random effects, DerSimonian-Laird.
    pub dersimonian_laird: NetworkEffects,
    /// Random effects, restricted maximum likelihood.
    pub restricted_maximum_likelihood: NetworkEffects,
}

/// Fits the network.
///
/// **Errors**: [`MetaError::Variable`] when the reference is missing or the network falls apart; [`MetaError::TooFew`] without residual
/// degrees of freedom; [`MetaError::NoConvergence`].
pub fn network(arms: &[Arm], reference: &str) -> Result<Network, MetaError> {
    let mut treatments: Vec<String> = arms.iter().map(|arm| arm.treatment.clone()).filter(|t| t != reference).collect();
    treatments.sort();
    treatments.dedup();
    let problem = |why: &str| MetaError::Variable { name: reference.into(), why: why.into() };
    if arms.iter().all(|arm| arm.treatment != reference) {
        return Err(problem("no study has this treatment"));
    }
    let mut studies: Vec<&str> = arms.iter().map(|arm| arm.study.as_str()).collect();
    studies.sort_unstable();
    studies.dedup();
    let place = |treatment: &str| treatments.iter().position(|t| t == treatment);
    let (mut yi, mut rows) = (Vec::new(), Vec::new());
    // First contrast, variance of the shared arm, variances of the others, per study.
    let mut blocks: Vec<(usize, f64, Vec<f64>)> = Vec::new();
    for study in studies {
        let mut of_study: Vec<&Arm> = arms.iter().filter(|arm| arm.study == study).collect();
        of_study.sort_by_key(|arm| (arm.treatment != reference, arm.treatment.clone()));
        let Some((base, others)) = of_study.split_first() else { continue };
        if others.is_empty() {
            continue;
        }
        blocks.push((yi.len(), base.variance, others.iter().map(|arm| arm.variance).collect()));
        for arm in others {
            let mut row = vec![0.0; treatments.len()];
            if let Some(j) = place(&arm.treatment) {
                row[j] += 1.0;
            }
            if let Some(j) = place(&base.treatment) {
                row[j] -= 1.0;
            }
            yi.push(arm.estimate - base.estimate);
            rows.push(row);
        }
    }
    let n = yi.len();
    if n <= treatments.len() {
        return Err(MetaError::TooFew { what: "a network meta-analysis", need: treatments.len() + 1, got: n });
    }
    let (mut known, mut structure) = (Matrix::zeros(n, n), Matrix::zeros(n, n));
    for (start, shared, own) in &blocks {
        for (i, variance) in own.iter().enumerate() {
            for j in 0..own.len() {
                known.put(start + i, start + j, shared + if i == j { *variance } else { 0.0 });
                structure.put(start + i, start + j, if i == j { 1.0 } else { 0.5 });
            }
        }
    }
    let design = Matrix::from_rows(&rows);
    let structures = [structure];
    let model = Components {
        yi: &yi,
        design: &design,
        known: &known,
        structures: &structures,
        allows: &|theta| theta[0] >= 0.0,
        stops_at_zero: &[true],
    };
    let common = model.at(&[0.0], true).ok_or(problem("the network is not connected"))?;
    let df = (n - treatments.len()) as f64;
    let moments = ((common.q - df) / common.projection.times(&structures[0]).trace()).max(0.0);
    let dersimonian_laird = model.at(&[moments], true).ok_or(problem("the network is not connected"))?;
    let likelihood = model.maximise(&[moments.max(1e-3 * known.trace() / n as f64)], &[false], true)?;
    Ok(Network {
        contrasts: n,
        q: (common.q, df, dist::chi_squared_sf(common.q, df)),
        common: effects(&common),
        dersimonian_laird: effects(&dersimonian_laird),
        restricted_maximum_likelihood: effects(&likelihood),
        treatments,
        reference: reference.into(),
    })
}

fn effects(fit: &ComponentFit) -> NetworkEffects {
    let p = fit.coefficients.len();
    // The reference has effect and variance zero.
    let value = |i: usize| if i == 0 { 0.0 } else { fit.coefficients[i - 1] };
    let covariance = |i: usize, j: usize| if i == 0 || j == 0 { 0.0 } else { fit.covariance.get(i - 1, j - 1) };
    let p_scores = (0..=p)
        .map(|i| {
            let better = |j: usize| {
                let se = (covariance(i, i) + covariance(j, j) - 2.0 * covariance(i, j)).max(0.0).sqrt();
                dist::normal_cdf(-(value(i) - value(j)) / se)
            };
            (0..=p).filter(|&j| j != i).map(better).sum::<f64>() / p as f64
        })
        .collect();
    NetworkEffects {
        tau2: fit.theta[0],
        estimates: fit.coefficients.clone(),
        se: (0..p).map(|j| fit.covariance.get(j, j).sqrt()).collect(),
        p_scores,
    }
}
