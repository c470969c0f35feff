//! Linear models with a known covariance and further variance components: the engine behind multilevel, network and bivariate models.
//!
//! `M(theta) = V + sum theta_j Z_j`, maximised over theta by Fisher scoring with step halving; dense matrices, meant for up to a few
//! hundred estimates. Source: Harville (1977); Viechtbauer (2010) for the conventions of metafor `rma.mv`.

use super::result::MetaError;
use crate::stats::linear::{Cholesky, Matrix};

/// A model to be fitted.
pub struct Components<'a> {
    /// Estimates.
    pub yi: &'a [f64],
    /// Design with one row per estimate.
    pub design: &'a Matrix,
    /// Known covariance.
    pub known: &'a Matrix,
    /// Structure matrices of the components.
    pub structures: &'a [Matrix],
    /// Which values of the components are allowed (variances not negative, covariance matrices positive semidefinite).
    pub allows: &'a dyn Fn(&[f64]) -> bool,
    /// Components that stop at zero.
    pub stops_at_zero: &'a [bool],
}

/// A fitted model.
#[derive(Debug, Clone)]
pub struct ComponentFit {
    /// Components.
    pub theta: Vec<f64>,
    /// Coefficients.
    pub coefficients: Vec<f64>,
    /// Their covariance.
    pub covariance: Matrix,
    /// Inverse of the marginal covariance.
    pub weights: Matrix,
    /// Residual projection P.
    pub projection: Matrix,
    /// `y' P y`.
    pub q: f64,
    /// Log-likelihood, restricted or not, with all constants.
    pub log_likelihood: f64,
}

impl Components<'_> {
    /// Solves the model at given components; `None` when the marginal covariance is not positive definite.
    ///
    /// **Shape**: `theta` has one variance per structure, in their order.
    pub fn at(&self, theta: &[f64], restricted: bool) -> Option<ComponentFit> {
        let mut marginal = self.known.clone();
        for (value, structure) in theta.iter().zip(self.structures) {
            marginal.add_scaled(*value, structure);
        }
        let factor = Cholesky::new(&marginal)?;
        let weights = factor.inverse();
        let weighted = weights.times(self.design);
        let turned = self.design.transposed();
        let cross = Cholesky::new(&turned.times(&weighted))?;
        let covariance = cross.inverse();
        let coefficients = covariance.times_vector(&weighted.transposed().times_vector(self.yi));
        let mut projection = weights.clone();
        projection.add_scaled(-1.0, &weighted.times(&covariance).times(&weighted.transposed()));
        let q = projection.form(self.yi, self.yi);
        let (k, p) = (self.yi.len() as f64, self.design.columns() as f64);
        let ln_2_pi = (2.0 * std::f64::consts::PI).ln();
        let log_likelihood = if restricted {
            let free = Cholesky::new(&turned.times(self.design))?.ln_determinant();
            -0.5 * ((k - p) * ln_2_pi - free + factor.ln_determinant() + cross.ln_determinant() + q)
        } else {
            -0.5 * (k * ln_2_pi + factor.ln_determinant() + q)
        };
        log_likelihood.is_finite().then(|| ComponentFit {
            theta: theta.to_vec(),
            coefficients,
            covariance,
            weights,
            projection,
            q,
            log_likelihood,
        })
    }

    /// Finds the components of highest (restricted) likelihood from a start, holding those fixed that `fixed` marks.
    ///
    /// **Shape**: `start` and `fixed` have one entry per structure, in their order.
    /// **Errors**: [`MetaError::NoConvergence`] when the start is not allowed or 500 steps do not suffice.
    pub fn maximise(&self, start: &[f64], fixed: &[bool], restricted: bool) -> Result<ComponentFit, MetaError> {
        let failure = MetaError::NoConvergence { what: "the likelihood of the variance components" };
        let mut fit = self.at(start, restricted).ok_or(failure.clone())?;
        for _ in 0..500 {
            let py = fit.projection.times_vector(self.yi);
            // Score uses P under restricted and W under full likelihood; the information follows suit.
            let base = if restricted { &fit.projection } else { &fit.weights };
            let products: Vec<Matrix> = self.structures.iter().map(|z| z.times(base)).collect();
            let score: Vec<f64> = self.structures.iter().zip(&products).map(|(z, bz)| 0.5 * (z.form(&py, &py) - bz.trace())).collect();
            let free: Vec<usize> =
                (0..score.len()).filter(|&j| !(fixed[j] || self.stops_at_zero[j] && fit.theta[j] <= 0.0 && score[j] <= 0.0)).collect();
            if free.is_empty() {
                return Ok(fit);
            }
            let mut information = Matrix::zeros(free.len(), free.len());
            for (a, &i) in free.iter().enumerate() {
                for (b, &j) in free.iter().enumerate() {
                    information.put(a, b, 0.5 * products[i].inner(&products[j].transposed()));
                }
            }
            let gradient: Vec<f64> = free.iter().map(|&j| score[j]).collect();
            let step = Cholesky::new(&information).ok_or(failure.clone())?.solve(&gradient);
            let expected: f64 = step.iter().zip(&gradient).map(|(a, b)| a * b).sum();
            if expected < 1e-13 {
                return Ok(fit);
            }
            let mut length = 1.0;
            let better = loop {
                let mut theta = fit.theta.clone();
                for (&j, step) in free.iter().zip(&step) {
                    theta[j] += length * step;
                    if self.stops_at_zero[j] {
                        theta[j] = theta[j].max(0.0);
                    }
                }
                if (self.allows)(&theta)
                    && let Some(next) = self.at(&theta, restricted)
                    && next.log_likelihood >= fit.log_likelihood
                {
                    break Some(next);
                }
                length *= 0.5;
                if length < 1e-10 {
                    break None;
                }
            };
            match better {
                Some(next) => fit = next,
                None => return Ok(fit),
            }
        }
        Err(failure)
    }
}
