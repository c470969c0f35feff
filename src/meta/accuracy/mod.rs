//! Diagnostic accuracy: sensitivity and specificity pooled together on the logit scale.
//!
//! The bivariate normal model of Reitsma and others (2005), with approximate within-study normality, metafor `rma.mv(struct = "UN")`; and
//! the same model of the counts themselves.

mod counts;

pub use counts::bivariate_counts;

use super::components::Components;
use super::result::MetaError;
use crate::stats::linear::Matrix;
use crate::stats::optimise;

/// Counts of one accuracy study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AccuracyRow {
    /// True positives.
    pub tp: f64,
    /// False negatives.
    pub fn_: f64,
    /// False positives.
    pub fp: f64,
    /// True negatives.
    pub tn: f64,
}

/// A fitted bivariate model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// Logit of sensitivity and of specificity.
    pub logits: [f64; 2],
    /// Their standard errors.
    pub se: [f64; 2],
    /// Their covariance.
    pub covariance: f64,
    /// Between-study variances of both logits.
    pub tau2: [f64; 2],
    /// Between-study correlation.
    pub rho: f64,
    /// Log-likelihood.
    pub log_likelihood: f64,
}

impl Accuracy {
    /// Returns pooled sensitivity and specificity.
    pub fn sensitivity_specificity(&self) -> (f64, f64) {
        let expit = |x: f64| 1.0 / (1.0 + (-x).exp());
        (expit(self.logits[0]), expit(self.logits[1]))
    }
}

/// Variances and covariance from the lower triangular root of the covariance matrix.
fn covariance_of(root: &[f64]) -> [f64; 3] {
    [root[0] * root[0], root[1] * root[1] + root[2] * root[2], root[0] * root[1]]
}

fn root_of(theta: &[f64]) -> [f64; 3] {
    let first = theta[0].max(0.0).sqrt();
    let along = if first > 0.0 { theta[2] / first } else { 0.0 };
    [first, along, (theta[1] - along * along).max(0.0).sqrt()]
}

/// (Restricted) log-likelihood at between-study variances and covariance, best means, without its constant. Studies are blocks of two.
fn profile_likelihood(yi: &[f64], known: &Matrix, [tau2_1, tau2_2, covariance]: [f64; 3], restricted: bool) -> f64 {
    let blocks = || {
        yi.chunks_exact(2).enumerate().map(|(i, y)| {
            let (a, b) = (known.get(2 * i, 2 * i) + tau2_1, known.get(2 * i + 1, 2 * i + 1) + tau2_2);
            let determinant = a * b - covariance * covariance;
            ([b / determinant, -covariance / determinant, a / determinant], determinant, [y[0], y[1]])
        })
    };
    let (mut w, mut wy, mut sum) = ([0.0; 3], [0.0; 2], 0.0);
    for ([w11, w12, w22], determinant, [y1, y2]) in blocks() {
        w = [w[0] + w11, w[1] + w12, w[2] + w22];
        wy = [wy[0] + w11 * y1 + w12 * y2, wy[1] + w12 * y1 + w22 * y2];
        sum += determinant.ln();
    }
    let information = w[0] * w[2] - w[1] * w[1];
    let means = [(w[2] * wy[0] - w[1] * wy[1]) / information, (w[0] * wy[1] - w[1] * wy[0]) / information];
    for ([w11, w12, w22], _, [y1, y2]) in blocks() {
        let (r1, r2) = (y1 - means[0], y2 - means[1]);
        sum += w11 * r1 * r1 + 2.0 * w12 * r1 * r2 + w22 * r2 * r2;
    }
    -0.5 * (sum + if restricted { information.ln() } else { 0.0 })
}

/// Fits the bivariate model; 0.5 is added to all cells of studies with a zero.
///
/// **Errors**: [`MetaError::TooFew`] for fewer than three studies, [`MetaError::NoConvergence`].
pub fn bivariate(rows: &[AccuracyRow], restricted: bool) -> Result<Accuracy, MetaError> {
    let n = rows.len();
    if n < 3 {
        return Err(MetaError::TooFew { what: "the bivariate model", need: 3, got: n });
    }
    let (mut yi, mut known) = (Vec::with_capacity(2 * n), Matrix::zeros(2 * n, 2 * n));
    for (i, row) in rows.iter().enumerate() {
        let cells = [row.tp, row.fn_, row.fp, row.tn];
        let half = if cells.contains(&0.0) { 0.5 } else { 0.0 };
        let [tp, fn_, fp, tn] = cells.map(|cell| cell + half);
        yi.extend([(tp / fn_).ln(), (tn / fp).ln()]);
        known.put(2 * i, 2 * i, 1.0 / tp + 1.0 / fn_);
        known.put(2 * i + 1, 2 * i + 1, 1.0 / tn + 1.0 / fp);
    }
    let design = Matrix::from_rows(&(0..2 * n).map(|i| if i % 2 == 0 { vec![1.0, 0.0] } else { vec![0.0, 1.0] }).collect::<Vec<_>>());
    let structure = |pick: &dyn Fn(usize, usize) -> bool| {
        let mut matrix = Matrix::zeros(2 * n, 2 * n);
        for i in 0..n {
            for a in 0..2 {
                for b in 0..2 {
                    if pick(a, b) {
                        matrix.put(2 * i + a, 2 * i + b, 1.0);
                    }
                }
            }
        }
        matrix
    };
    let structures = [structure(&|a, b| a == 0 && b == 0), structure(&|a, b| a == 1 && b == 1), structure(&|a, b| a != b)];
    let model = Components {
        yi: &yi,
        design: &design,
        known: &known,
        structures: &structures,
        allows: &|theta| theta[0] >= 0.0 && theta[1] >= 0.0 && theta[2] * theta[2] <= theta[0] * theta[1],
        stops_at_zero: &[true, true, false],
    };
    let spread = |side: usize| {
        let values: Vec<f64> = yi.iter().skip(side).step_by(2).copied().collect();
        let mean = values.iter().sum::<f64>() / n as f64;
        values.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / (n as f64 - 1.0)
    };
    let start = [0.5 * spread(0), 0.5 * spread(1), 0.0];
    let scored = model.maximise(&start, &[false; 3], restricted)?;
    // Scoring stops early where the correlation reaches its limit. A search over the root of the covariance matrix does not know the limit.
    let likelihood = |root: &[f64]| profile_likelihood(&yi, &known, covariance_of(root), restricted);
    let small = 0.1 * start[0].min(start[1]).sqrt();
    let mut fit = scored;
    for from in [root_of(&fit.theta), root_of(&start), [small, 0.0, small]] {
        let step = 0.25 * (from[0].abs() + from[2].abs()).max(small);
        let found = optimise::maximise_many(likelihood, &from, &[step; 3]);
        let polished = model.at(&covariance_of(&found), restricted);
        fit = polished.filter(|next| next.log_likelihood > fit.log_likelihood + 1e-9).unwrap_or(fit);
    }
    Ok(Accuracy {
        logits: [fit.coefficients[0], fit.coefficients[1]],
        se: [fit.covariance.get(0, 0).sqrt(), fit.covariance.get(1, 1).sqrt()],
        covariance: fit.covariance.get(0, 1),
        tau2: [fit.theta[0], fit.theta[1]],
        rho: fit.theta[2] / (fit.theta[0] * fit.theta[1]).sqrt(),
        log_likelihood: fit.log_likelihood,
    })
}
