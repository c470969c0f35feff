//! Several estimates per cluster: nested random effects, and cluster-robust variances.
//!
//! Sources: Konstantopoulos (2011); Jackson, White and Riley (2012) for I2; Hedges, Tipton and Johnson (2010) and Pustejovsky and Tipton
//! (2018) for robust variances; metafor `rma.mv`, `robust`; R package clubSandwich `CR2`.

use super::components::{ComponentFit, Components};
use super::options::Test;
use super::regression::Coefficient;
use super::result::{Interval, MetaError};
use crate::meta::fit::infer;
use crate::stats::linear::{Cholesky, Matrix, inverse_square_root};
use crate::stats::{dist, root};

/// A fitted multilevel model.
#[derive(Debug, Clone)]
pub struct Multilevel {
    /// Number of estimates.
    pub k: usize,
    /// Coefficients, the intercept first.
    pub coefficients: Vec<Coefficient>,
    /// Degrees of freedom of t tests, `k - p`; `None` for Wald tests.
    pub df: Option<f64>,
    /// Variance at each level, outermost first.
    pub variances: Vec<f64>,
    /// Log-likelihood (restricted if so fitted).
    pub log_likelihood: f64,
    /// Residual heterogeneity Q with its p value.
    pub qe: (f64, f64),
    /// Test of all moderators (of the intercept when alone): chi-squared or F, with its p value.
    pub qm: (f64, f64),
    /// I2 of all levels together and of each, percent.
    pub i2: (f64, Vec<f64>),
    /// Prediction interval of a new estimate in a new cluster, without moderators.
    pub prediction: Option<Interval>,
    /// Row-sum weights in percent, without moderators.
    pub weights_pct: Option<Vec<f64>>,
    fit: ComponentFit,
    design: Matrix,
    yi: Vec<f64>,
    restricted: bool,
    structures: Vec<Matrix>,
    known: Matrix,
}

/// Fits a model with a random effect for each level of clustering.
///
/// **Shape**: `levels[l][i]` is the cluster of estimate i at level l, outermost level first, numbered as one likes but nested by the
/// caller (inner clusters of different outer clusters have different numbers). `columns` are moderators beside the intercept.
/// **Errors**: [`MetaError::Length`], [`MetaError::TooFew`], [`MetaError::NoConvergence`].
pub fn multilevel(
    yi: &[f64],
    vi: &[f64],
    levels: &[Vec<usize>],
    columns: &[(String, Vec<f64>)],
    restricted: bool,
    test: Test,
    level: f64,
) -> Result<Multilevel, MetaError> {
    let k = yi.len();
    let p = columns.len() + 1;
    for clusters in levels {
        if clusters.len() != k {
            return Err(MetaError::Length { what: "clusters".into(), got: clusters.len(), want: k });
        }
    }
    if k <= p {
        return Err(MetaError::TooFew { what: "a multilevel model", need: p + 1, got: k });
    }
    let design = Matrix::from_rows(
        &(0..k).map(|i| std::iter::once(1.0).chain(columns.iter().map(|(_, x)| x[i])).collect::<Vec<f64>>()).collect::<Vec<_>>(),
    );
    let known = diagonal(vi);
    let structures: Vec<Matrix> = levels.iter().map(|clusters| same_cluster(clusters)).collect();
    let model = nested(yi, &design, &known, &structures);
    let start = super::nested::near_maximum(yi, vi, levels, &design, restricted, &start_values(yi, levels.len()));
    let fit = model.maximise(&start, &vec![false; levels.len()], restricted)?;
    let df = (test != Test::Wald).then_some((k - p) as f64);
    let coefficients: Vec<Coefficient> = (0..p)
        .map(|j| {
            let found = infer(fit.coefficients[j], fit.covariance.get(j, j).sqrt(), df, level, test, None);
            Coefficient {
                name: if j == 0 { "intercept".into() } else { columns[j - 1].0.clone() },
                estimate: fit.coefficients[j],
                se: found.se,
                stat: found.stat,
                pval: found.pval,
                ci: found.ci,
            }
        })
        .collect();
    let alone = model.at(&vec![0.0; levels.len()], restricted).ok_or(MetaError::NoConvergence { what: "a multilevel model" })?;
    let qe_df = (k - p) as f64;
    let typical = qe_df / alone.projection.trace();
    let total: f64 = fit.theta.iter().sum();
    let share = |variance: f64| 100.0 * variance / (total + typical);
    let se = fit.covariance.get(0, 0).sqrt();
    let quantile = df.map_or_else(|| dist::normal_quantile(0.5 + 0.5 * level), |df| dist::t_quantile(0.5 + 0.5 * level, df));
    let row_sums: Vec<f64> = (0..k).map(|i| fit.weights.row(i).iter().sum()).collect();
    let all: f64 = row_sums.iter().sum();
    let plain = columns.is_empty();
    Ok(Multilevel {
        k,
        qm: moderators_test(&fit, df),
        coefficients,
        df,
        variances: fit.theta.clone(),
        log_likelihood: fit.log_likelihood,
        qe: (alone.q, dist::chi_squared_sf(alone.q, qe_df)),
        i2: (share(total), fit.theta.iter().map(|v| share(*v)).collect()),
        prediction: plain.then(|| Interval::around(fit.coefficients[0], (se * se + total).sqrt(), quantile)),
        weights_pct: plain.then(|| row_sums.iter().map(|w| 100.0 * w / all).collect()),
        fit,
        design,
        yi: yi.to_vec(),
        restricted,
        structures,
        known,
    })
}

fn diagonal(values: &[f64]) -> Matrix {
    let mut matrix = Matrix::zeros(values.len(), values.len());
    for (i, value) in values.iter().enumerate() {
        matrix.put(i, i, *value);
    }
    matrix
}

fn same_cluster(clusters: &[usize]) -> Matrix {
    let k = clusters.len();
    let mut matrix = Matrix::zeros(k, k);
    for i in 0..k {
        for j in 0..k {
            if clusters[i] == clusters[j] {
                matrix.put(i, j, 1.0);
            }
        }
    }
    matrix
}

fn nested<'a>(yi: &'a [f64], design: &'a Matrix, known: &'a Matrix, structures: &'a [Matrix]) -> Components<'a> {
    const STOPS: [bool; 8] = [true; 8];
    let n = structures.len().min(STOPS.len());
    Components {
        yi,
        design,
        known,
        structures: &structures[..n],
        allows: &|theta| theta.iter().all(|t| *t >= 0.0),
        stops_at_zero: &STOPS[..n],
    }
}

fn start_values(yi: &[f64], levels: usize) -> Vec<f64> {
    let mean = yi.iter().sum::<f64>() / yi.len() as f64;
    let variance = yi.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / (yi.len() as f64 - 1.0);
    vec![variance / (levels as f64 + 1.0); levels]
}

/// Wald test of all coefficients but the intercept, or of the intercept alone.
fn moderators_test(fit: &ComponentFit, df: Option<f64>) -> (f64, f64) {
    let p = fit.coefficients.len();
    let places: Vec<usize> = (usize::from(p > 1)..p).collect();
    let b: Vec<f64> = places.iter().map(|&j| fit.coefficients[j]).collect();
    let m = b.len() as f64;
    let q = Cholesky::new(&fit.covariance.block(&places, &places))
        .map_or(f64::NAN, |factor| factor.solve(&b).iter().zip(&b).map(|(x, y)| x * y).sum::<f64>());
    match df {
        Some(df) => (q / m, dist::f_sf(q / m, m, df)),
        None => (q, dist::chi_squared_sf(q, m)),
    }
}

/// A cluster-robust test of one coefficient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Robust {
    /// Estimate.
    pub estimate: f64,
    /// Cluster-robust standard error.
    pub se: f64,
    /// t.
    pub stat: f64,
    /// Degrees of freedom: clusters minus coefficients, or Satterthwaite's.
    pub df: f64,
    /// Two-sided p value.
    pub pval: f64,
    /// Confidence interval.
    pub ci: Interval,
}

fn robust(estimate: f64, se: f64, df: f64, level: f64) -> Robust {
    let found = infer(estimate, se, Some(df), level, Test::T, None);
    Robust { estimate, se, stat: found.stat, df, pval: found.pval, ci: found.ci }
}

impl Multilevel {
    /// Returns the profile-likelihood interval of the variance at one level.
    ///
    /// **Errors**: [`MetaError::NoConvergence`].
    pub fn variance_interval(&self, at: usize, level: f64) -> Result<Interval, MetaError> {
        let failure = MetaError::NoConvergence { what: "the profile likelihood of a variance" };
        let model = nested(&self.yi, &self.design, &self.known, &self.structures);
        let mut fixed = vec![false; self.variances.len()];
        *fixed.get_mut(at).ok_or(failure.clone())? = true;
        let cut = dist::chi_squared_quantile(level, 1.0);
        let drop = |value: f64| {
            let mut start = self.variances.clone();
            start[at] = value;
            model.maximise(&start, &fixed, self.restricted).map_or(f64::NAN, |fit| 2.0 * (self.log_likelihood - fit.log_likelihood) - cut)
        };
        let estimate = self.variances[at];
        let lower = if estimate <= 0.0 || drop(0.0) < 0.0 {
            0.0
        } else {
            root::brent(drop, 0.0, estimate, 1e-7 * estimate).ok_or(failure.clone())?
        };
        let scale = estimate.max(1e-3 * self.variances.iter().sum::<f64>()).max(1e-12);
        let beyond = root::grow_until(|value| drop(value) > 0.0, 2.0 * scale, 2.0).ok_or(failure.clone())?;
        let upper = root::brent(drop, estimate, beyond, 1e-7 * beyond).ok_or(failure)?;
        Ok(Interval { lower, upper })
    }

    /// Returns cluster-robust tests with the small-sample factor `n / (n - p)` and `n - p` degrees of freedom for n clusters. metafor `robust`.
    ///
    /// **Shape**: `clusters` has one number per estimate; one test per coefficient comes back. **Errors**: [`MetaError::TooFew`] when there
    /// are no more clusters than coefficients. **Source**: Hedges, Tipton and Johnson (2010).
    pub fn robust_cr1(&self, clusters: &[usize], level: f64) -> Result<Vec<Robust>, MetaError> {
        sandwich_cr1(&self.fit, &self.design, &self.yi, clusters, level)
    }

    /// Returns cluster-robust tests with the bias-reduced linearisation CR2 and Satterthwaite's degrees of freedom.
    ///
    /// **Shape**: as for [`Self::robust_cr1`]. **Errors**: those of it, and [`MetaError::NoConvergence`] where an adjustment does not exist.
    /// **Source**: Tipton (2015); metafor `robust(clubSandwich = TRUE)`.
    pub fn robust_cr2(&self, clusters: &[usize], level: f64) -> Result<Vec<Robust>, MetaError> {
        let mut marginal = self.known.clone();
        for (variance, structure) in self.variances.iter().zip(&self.structures) {
            marginal.add_scaled(*variance, structure);
        }
        sandwich_cr2(&self.fit, &self.design, &self.yi, &marginal, clusters, level)
    }
}

/// Cluster-robust tests of an intercept-only model with independent estimates and a given tau2: CR1 and CR2.
///
/// **Shape**: `yi`, `vi` and `clusters` have one entry per estimate.
/// **Errors**: [`MetaError::TooFew`] for fewer than two clusters; [`MetaError::NoConvergence`].
/// **Source**: Hedges, Tipton and Johnson (2010); Tipton (2015); metafor `robust`.
pub fn robust_pooled(yi: &[f64], vi: &[f64], tau2: f64, clusters: &[usize], level: f64) -> Result<(Robust, Robust), MetaError> {
    let design = Matrix::from_rows(&vec![vec![1.0]; yi.len()]);
    let marginal = diagonal(&vi.iter().map(|v| v + tau2).collect::<Vec<f64>>());
    let model = nested(yi, &design, &marginal, &[]);
    let fit = model.at(&[], true).ok_or(MetaError::NoConvergence { what: "the pooled estimate" })?;
    let one = sandwich_cr1(&fit, &design, yi, clusters, level)?;
    let two = sandwich_cr2(&fit, &design, yi, &marginal, clusters, level)?;
    Ok((one[0], two[0]))
}

/// Places of the estimates of each cluster.
fn members(clusters: &[usize], k: usize) -> Result<Vec<Vec<usize>>, MetaError> {
    if clusters.len() != k {
        return Err(MetaError::Length { what: "clusters".into(), got: clusters.len(), want: k });
    }
    let mut names = clusters.to_vec();
    names.sort_unstable();
    names.dedup();
    Ok(names.iter().map(|name| (0..k).filter(|&i| clusters[i] == *name).collect()).collect())
}

fn residuals(fit: &ComponentFit, design: &Matrix, yi: &[f64]) -> Vec<f64> {
    yi.iter().zip(design.times_vector(&fit.coefficients)).map(|(y, f)| y - f).collect()
}

fn sandwich_cr1(fit: &ComponentFit, design: &Matrix, yi: &[f64], clusters: &[usize], level: f64) -> Result<Vec<Robust>, MetaError> {
    let groups = members(clusters, yi.len())?;
    let (n, p) = (groups.len() as f64, design.columns());
    if n <= p as f64 {
        return Err(MetaError::TooFew { what: "a cluster-robust variance", need: p + 1, got: groups.len() });
    }
    // W X: with clusters that hold whole blocks of W, its rows belong to their cluster.
    let weighted = fit.weights.times(design);
    let e = residuals(fit, design, yi);
    let mut meat = Matrix::zeros(p, p);
    for group in &groups {
        let u: Vec<f64> = (0..p).map(|j| group.iter().map(|&i| weighted.get(i, j) * e[i]).sum()).collect();
        for i in 0..p {
            for j in 0..p {
                meat.put(i, j, meat.get(i, j) + u[i] * u[j]);
            }
        }
    }
    let covariance = fit.covariance.times(&meat).times(&fit.covariance);
    let factor = n / (n - p as f64);
    Ok((0..p).map(|j| robust(fit.coefficients[j], (factor * covariance.get(j, j)).sqrt(), n - p as f64, level)).collect())
}

fn sandwich_cr2(
    fit: &ComponentFit,
    design: &Matrix,
    yi: &[f64],
    marginal: &Matrix,
    clusters: &[usize],
    level: f64,
) -> Result<Vec<Robust>, MetaError> {
    let groups = members(clusters, yi.len())?;
    let (k, p) = (yi.len(), design.columns());
    if groups.len() < 2 {
        return Err(MetaError::TooFew { what: "a cluster-robust variance", need: 2, got: groups.len() });
    }
    let failure = MetaError::NoConvergence { what: "the CR2 adjustment" };
    let columns: Vec<usize> = (0..p).collect();
    let e = residuals(fit, design, yi);
    // Variance of the residuals under the working model, Phi - X M X'.
    let mut leftover = marginal.clone();
    leftover.add_scaled(-1.0, &design.times(&fit.covariance).times(&design.transposed()));
    // I - H, to carry each cluster's linear form back to all estimates.
    let hat = design.times(&fit.covariance).times(&fit.weights.times(design).transposed());
    let mut scores = Vec::with_capacity(groups.len());
    let mut forms: Vec<Vec<Vec<f64>>> = Vec::with_capacity(groups.len());
    for group in &groups {
        let factor = Cholesky::new(&marginal.block(group, group)).ok_or(failure.clone())?;
        let upper = factor.lower().transposed();
        let middle = inverse_square_root(&upper.times(&leftover.block(group, group)).times(factor.lower()));
        let adjustment = factor.lower().times(&middle).times(&upper);
        // Rows of M X_i' W_i A_i.
        let rows =
            fit.covariance.times(&design.block(group, &columns).transposed()).times(&fit.weights.block(group, group)).times(&adjustment);
        scores.push((0..p).map(|c| group.iter().enumerate().map(|(a, &i)| rows.get(c, a) * e[i]).sum::<f64>()).collect::<Vec<f64>>());
        forms.push(
            (0..p)
                .map(|c| {
                    (0..k)
                        .map(|j| {
                            group
                                .iter()
                                .enumerate()
                                .map(|(a, &i)| rows.get(c, a) * (f64::from(u8::from(i == j)) - hat.get(i, j)))
                                .sum::<f64>()
                        })
                        .collect()
                })
                .collect(),
        );
    }
    Ok((0..p)
        .map(|c| {
            let variance: f64 = scores.iter().map(|score| score[c] * score[c]).sum();
            let turned: Vec<Vec<f64>> = forms.iter().map(|form| marginal.times_vector(&form[c])).collect();
            let (mut trace, mut squares) = (0.0, 0.0);
            for (a, form) in forms.iter().enumerate() {
                for (b, image) in turned.iter().enumerate() {
                    let g: f64 = form[c].iter().zip(image).map(|(x, y)| x * y).sum();
                    squares += g * g;
                    if a == b {
                        trace += g;
                    }
                }
            }
            robust(fit.coefficients[c], variance.sqrt(), trace * trace / squares, level)
        })
        .collect())
}
