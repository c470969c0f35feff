//! Room for fitting meta-regressions one after another: what one fit leaves, the next one uses.

use super::scale_of;
use super::small::{SmallSpace, wald};
use super::space::{Orthonormal, RegressionSpace, likelihood};
use super::{Coefficient, Regression};
use crate::meta::options::{Model, Options, Test};
use crate::meta::pool::information_criteria;
use crate::meta::result::{FitStatistics, Interval, MetaError};
use crate::meta::tau2::{self, InterceptOnly, Moments, ResidualSpace, Tau2Estimate, Tau2Method};
use crate::stats::dist;
use crate::stats::linear::{Cholesky, Matrix};

/// The buffers and the result of meta-regressions that are fitted one after another.
///
/// With up to four coefficients and an estimator of tau2 by likelihood, DerSimonian-Laird or Paule-Mandel, a fit allocates nothing once
/// the workspace has seen a model of its size. What a fit gives does not depend on those before.
///
/// ```
/// use tamis::meta::regression::Workspace;
/// use tamis::meta::{EffectMeasure, Options};
///
/// let (yi, vi) = ([0.1, 0.4, 0.2, 0.9], [0.04, 0.02, 0.09, 0.05]);
/// let dose = [("dose".to_owned(), vec![1.0, 2.0, 3.0, 5.0])];
/// let mut workspace = Workspace::new();
/// let slope = workspace.fit(&yi, &vi, &dose, &Options::new(EffectMeasure::Generic))?.coefficients[1].estimate;
/// assert!(slope > 0.0);
/// # Ok::<(), tamis::meta::MetaError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Workspace {
    design: Orthonormal,
    /// Products of the columns of the basis and the residual, for models with few coefficients.
    products: Vec<f64>,
    /// Coefficients on the orthonormal basis, then those of the design.
    estimates: Vec<f64>,
    /// Their inverse information by rows, then their covariance.
    square: Vec<f64>,
    quantile: KnownQuantile,
    fitted: Regression,
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new()
    }
}

impl Workspace {
    /// Makes an empty workspace.
    pub fn new() -> Self {
        let quantile = KnownQuantile { of: (f64::NAN, None), value: f64::NAN };
        Self {
            design: Orthonormal::default(),
            products: Vec::new(),
            estimates: Vec::new(),
            square: Vec::new(),
            quantile,
            fitted: nothing(),
        }
    }

    /// Fits a meta-regression to columns; an intercept comes first. As [`regress_columns`](super::regress_columns). metafor `rma(mods = )`.
    ///
    /// **Shape**: `yi`, `vi` and each column have one entry per study, all finite, `vi` positive.
    /// **Errors**: [`MetaError::TooFew`] without residual degrees of freedom; the workspace can be used further.
    pub fn fit(&mut self, yi: &[f64], vi: &[f64], columns: &[(String, Vec<f64>)], options: &Options) -> Result<&Regression, MetaError> {
        self.fit_design(yi, vi, columns, true, options)
    }

    /// Gives the last fit away.
    pub fn into_regression(self) -> Regression {
        self.fitted
    }

    pub(super) fn fit_design(
        &mut self,
        yi: &[f64],
        vi: &[f64],
        columns: &[(String, Vec<f64>)],
        has_intercept: bool,
        options: &Options,
    ) -> Result<&Regression, MetaError> {
        let k = yi.len();
        self.design.fill(k, columns, has_intercept);
        let p = self.design.p();
        if k <= p {
            return Err(MetaError::TooFew { what: "meta-regression", need: p + 1, got: k });
        }
        let from = usize::from(has_intercept && p > 1);
        let Solution { between, common, q, wald, log_likelihoods } =
            self.solve(yi, vi, from, options).ok_or(MetaError::NoConvergence { what: "meta-regression" })?;
        let df = (k - p) as f64;
        let scale = scale_of(options, q, df);
        let t_df = (options.test != Test::Wald).then_some(df);
        self.design.back(&mut self.estimates);
        self.design.back_covariance(&mut self.square);
        self.square.iter_mut().for_each(|x| *x *= scale);
        self.describe(t_df, options.level);

        let fitted = &mut self.fitted;
        let qm_df1 = (p - from) as f64;
        (fitted.qm, fitted.qm_p) = match (t_df, &fitted.coefficients[from..]) {
            // The square of one t or z: its p value is there already.
            (_, [only]) => (only.stat * only.stat, only.pval),
            (Some(df), _) => (wald / scale / qm_df1, dist::f_sf(wald / scale / qm_df1, qm_df1, df)),
            (None, _) => (wald / scale, dist::chi_squared_sf(wald / scale, qm_df1)),
        };
        let typical = df / common.trace1;
        (fitted.i2, fitted.h2) = match options.model {
            Model::Common => ((100.0 * (common.q1 - df) / common.q1).max(0.0), common.q1 / df),
            Model::Random => (100.0 * between.tau2 / (between.tau2 + typical), between.tau2 / typical + 1.0),
        };
        let saturated = likelihood(vi, 0.0, None, 0.0);
        let estimated = options.model == Model::Random && !matches!(options.tau2, Tau2Method::Fixed(_));
        let criteria = |restricted: bool| {
            let ll = log_likelihoods[usize::from(restricted)];
            information_criteria(ll, saturated, k, p, p + usize::from(estimated), restricted)
        };
        (fitted.fit_ml, fitted.fit_reml) = (criteria(false), criteria(true));
        (fitted.k, fitted.p, fitted.df, fitted.level) = (k, p, t_df, options.level);
        (fitted.tau2, fitted.se_tau2, fitted.is_multimodal) = (between.tau2, between.se, between.is_multimodal);
        fitted.r2 = if has_intercept && p > 1 { explained(yi, vi, options, between.tau2, common.q1 / df) } else { f64::NAN };
        (fitted.qe, fitted.qe_df, fitted.qe_p) = (common.q1, df, dist::chi_squared_sf(common.q1, df));
        (fitted.qm_df1, fitted.qm_df2) = (qm_df1, t_df);
        fitted.places.clear();
        fitted.places.extend(0..k);
        fitted.aliased.clone_from(&self.design.aliased);
        Ok(fitted)
    }

    /// Lays estimates and covariance out as coefficients with their tests and intervals.
    fn describe(&mut self, t_df: Option<f64>, level: f64) {
        let p = self.design.p();
        let quantile = self.quantile.at(level, t_df);
        let Regression { coefficients, covariance, .. } = &mut self.fitted;
        coefficients.resize_with(p, || Coefficient { name: String::new(), ..UNKNOWN });
        covariance.resize_with(p, Vec::new);
        for (i, (coefficient, row)) in coefficients.iter_mut().zip(covariance).enumerate() {
            row.clear();
            row.extend_from_slice(&self.square[i * p..(i + 1) * p]);
            coefficient.name.clone_from(&self.design.names[i]);
            let (estimate, se) = (self.estimates[i], row[i].sqrt());
            let stat = estimate / se;
            (coefficient.estimate, coefficient.se, coefficient.stat) = (estimate, se, stat);
            coefficient.pval = t_df.map_or_else(|| dist::normal_two_sided(stat), |df| dist::t_two_sided(stat, df));
            coefficient.ci = Interval::around(estimate, se, quantile);
        }
    }

    /// Solves the model on the orthonormal basis; `None` where the basis has lost its rank under the weights.
    fn solve(&mut self, yi: &[f64], vi: &[f64], from: usize, options: &Options) -> Option<Solution> {
        match self.design.p() {
            1 => Some(self.solve_small::<1, 4>(yi, vi, from, options)),
            2 => Some(self.solve_small::<2, 6>(yi, vi, from, options)),
            3 => Some(self.solve_small::<3, 10>(yi, vi, from, options)),
            4 => Some(self.solve_small::<4, 16>(yi, vi, from, options)),
            p => {
                let space = RegressionSpace { yi, vi, basis: &self.design.basis() };
                let common = space.moments(0.0);
                let between = between_studies(&space, options, &common);
                let (coefficients, inverse, q) = space.solve(between.tau2)?;
                let log_likelihoods = [false, true].map(|restricted| space.log_likelihood(between.tau2, restricted));
                let places: Vec<usize> = (from..p).collect();
                let moderators = &coefficients[from..];
                let wald = Matrix::form(&Cholesky::new(&inverse.block(&places, &places))?.inverse(), moderators, moderators);
                self.estimates.clone_from(&coefficients);
                self.square.clear();
                (0..p).for_each(|i| self.square.extend_from_slice(inverse.row(i)));
                Some(Solution { between, common, q, wald, log_likelihoods })
            }
        }
    }

    fn solve_small<const P: usize, const M: usize>(&mut self, yi: &[f64], vi: &[f64], from: usize, options: &Options) -> Solution {
        let space = SmallSpace::<P, M>::new(yi, vi, std::array::from_fn(|j| self.design.unit(j)), &mut self.products);
        let common = space.moments(0.0);
        let between = between_studies(&space, options, &common);
        let solved = space.solve(between.tau2);
        let log_likelihoods = space.log_likelihoods(between.tau2, &solved);
        self.estimates.clear();
        self.estimates.extend_from_slice(&solved.coefficients);
        self.square.clear();
        self.square.extend(solved.inverse.as_flattened());
        // One moderator alone is tested by its own statistic.
        let wald = if P - from > 1 { wald(&solved.coefficients, &solved.inverse, from) } else { f64::NAN };
        Solution { between, common, q: solved.q, wald, log_likelihoods }
    }
}

/// The quantile of the intervals, kept while level and degrees of freedom stay the same.
#[derive(Debug, Clone, Copy)]
struct KnownQuantile {
    of: (f64, Option<f64>),
    value: f64,
}

impl KnownQuantile {
    fn at(&mut self, level: f64, df: Option<f64>) -> f64 {
        if self.of != (level, df) {
            let p = 0.5 + 0.5 * level;
            let value = df.map_or_else(|| dist::normal_quantile(p), |df| dist::t_quantile(p, df));
            *self = Self { of: (level, df), value };
        }
        self.value
    }
}

/// A model that has been solved on the orthonormal basis; its coefficients are in the workspace.
struct Solution {
    between: Tau2Estimate,
    /// Moments at `tau2 = 0`.
    common: Moments,
    /// Weighted sum of squared residuals.
    q: f64,
    /// Wald statistic of the moderators before the variances are scaled; the same on the basis as on the design, of which the moderators
    /// are a linear map.
    wald: f64,
    /// Full and restricted log-likelihood.
    log_likelihoods: [f64; 2],
}

fn between_studies(space: &impl ResidualSpace, options: &Options, common: &Moments) -> Tau2Estimate {
    match options.model {
        Model::Common => Tau2Estimate { tau2: 0.0, se: f64::NAN, is_multimodal: false },
        Model::Random => tau2::estimate_from(space, options.tau2, common, None).0,
    }
}

/// Share of heterogeneity that the moderators take away, percent: of tau2, or of `Q / df` under a common effect.
fn explained(yi: &[f64], vi: &[f64], options: &Options, tau2: f64, residual_h2: f64) -> f64 {
    let alone = InterceptOnly { yi, vi };
    let (without, with) = match options.model {
        Model::Random => (tau2::estimate(&alone, options.tau2).tau2, tau2),
        Model::Common => (alone.moments(0.0).q1 / (yi.len() as f64 - 1.0), residual_h2),
    };
    if without > 0.0 { (100.0 * (without - with) / without).max(0.0) } else { 0.0 }
}

const UNKNOWN: Coefficient =
    Coefficient { name: String::new(), estimate: f64::NAN, se: f64::NAN, stat: f64::NAN, pval: f64::NAN, ci: Interval::NONE };

/// The regression of nothing, before the first fit.
fn nothing() -> Regression {
    let unknown = f64::NAN;
    let statistics = FitStatistics { ll: unknown, deviance: unknown, aic: unknown, bic: unknown, aicc: unknown };
    Regression {
        k: 0,
        p: 0,
        coefficients: Vec::new(),
        covariance: Vec::new(),
        df: None,
        tau2: unknown,
        se_tau2: unknown,
        i2: unknown,
        h2: unknown,
        r2: unknown,
        qe: unknown,
        qe_df: unknown,
        qe_p: unknown,
        qm: unknown,
        qm_df1: unknown,
        qm_df2: None,
        qm_p: unknown,
        fit_ml: statistics,
        fit_reml: statistics,
        places: Vec::new(),
        aliased: Vec::new(),
        is_multimodal: false,
        level: unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::EffectMeasure;
    use crate::meta::regression::regress_columns;

    #[test]
    fn what_a_fit_gives_does_not_depend_on_the_fits_before() {
        let yi = [0.1, 0.5, -0.2, 0.9, 1.4, 0.3, 0.8, -0.4];
        let vi = [0.04, 0.02, 0.09, 0.05, 0.2, 0.01, 0.3, 0.06];
        let column = |name: &str, power: i32| (name.to_owned(), (1..=8).map(|i| f64::from(i).powi(power)).collect::<Vec<f64>>());
        let columns = [column("a", 1), column("b", 2), column("twice a", 1), column("c", -1), column("d", 3), column("e", -2)];
        let mut options = Options::new(EffectMeasure::Generic);
        let mut workspace = Workspace::new();
        for (k, count, test) in [
            (8, 6, Test::Wald),
            (8, 1, Test::HartungKnapp),
            (4, 2, Test::Wald),
            (8, 4, Test::HartungKnapp),
            (3, 2, Test::T),
            (8, 0, Test::T),
        ] {
            options.test = test;
            let columns: Vec<(String, Vec<f64>)> =
                columns[..count].iter().map(|(name, values)| (name.clone(), values[..k].to_vec())).collect();
            let fresh = regress_columns(&yi[..k], &vi[..k], &columns, &options);
            let again = workspace.fit(&yi[..k], &vi[..k], &columns, &options).cloned();
            assert_eq!(format!("{again:?}"), format!("{fresh:?}"), "{k} {count}");
        }
    }
}
