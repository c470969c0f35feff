//! Meta-regression: a linear model of the study effects with known sampling variances and a residual between-study variance.
//!
//! The design matrix is first made orthonormal (P, and with it every estimator of tau2, does not change), so that a year of 1948 beside
//! an intercept costs no digits. Sources: Raudenbush (2009); Knapp and Hartung (2003); Riley, Higgins and Deeks (2011) for prediction;
//! metafor `rma(mods = )`.

mod formula;
mod permuted;
mod small;
mod space;
mod workspace;

pub use formula::Formula;
pub(super) use permuted::visit_orders;
pub use workspace::Workspace;

use super::dataset::Dataset;
use super::measure;
use super::options::{Options, Test};
use super::result::{FitStatistics, Interval, MetaError};
use crate::stats::dist;

/// A term of the linear model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// One moderator.
    Main(String),
    /// The product of two moderators.
    Interaction(String, String),
}

impl Term {
    /// Reads terms separated by `+` or `,`: `year`, `year:dose` for a product, `year*dose` for both and their product.
    ///
    /// A leading `~` and blank terms are passed over, repeated terms count once.
    pub fn parse_list(text: &str) -> Vec<Self> {
        let mut terms = Vec::new();
        let mut add = |term: Self| {
            if !terms.contains(&term) {
                terms.push(term);
            }
        };
        for part in text.trim().trim_start_matches('~').split(['+', ',']).map(str::trim).filter(|part| !part.is_empty()) {
            if let Some((a, b)) = part.split_once('*') {
                add(Self::Main(a.trim().into()));
                add(Self::Main(b.trim().into()));
                add(Self::Interaction(a.trim().into(), b.trim().into()));
            } else if let Some((a, b)) = part.split_once(':') {
                add(Self::Interaction(a.trim().into(), b.trim().into()));
            } else {
                add(Self::Main(part.into()));
            }
        }
        terms
    }
}

/// A coefficient of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// Name: `intercept`, the moderator, `factor: level`, or `a x b`.
    pub name: String,
    /// Estimate on the scale of analysis.
    pub estimate: f64,
    /// Standard error.
    pub se: f64,
    /// z or t.
    pub stat: f64,
    /// Two-sided p value.
    pub pval: f64,
    /// Confidence interval.
    pub ci: Interval,
}

/// A fitted meta-regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// Number of studies.
    pub k: usize,
    /// Number of coefficients, the intercept among them.
    pub p: usize,
    /// Coefficients, the intercept first.
    pub coefficients: Vec<Coefficient>,
    /// Their variances and covariances, rows in the order of the coefficients.
    pub covariance: Vec<Vec<f64>>,
    /// Degrees of freedom of the t tests; `None` for Wald tests.
    pub df: Option<f64>,
    /// Residual between-study variance.
    pub tau2: f64,
    /// Its standard error.
    pub se_tau2: f64,
    /// Residual I2, percent.
    pub i2: f64,
    /// Residual H2.
    pub h2: f64,
    /// Share of the between-study variance that the moderators explain, percent; 0 when there was none to explain, NaN without an
    /// intercept.
    pub r2: f64,
    /// Residual heterogeneity.
    pub qe: f64,
    /// Its degrees of freedom.
    pub qe_df: f64,
    /// Its p value.
    pub qe_p: f64,
    /// Test of all moderators: chi-squared, or F when `qm_df2` is there.
    pub qm: f64,
    /// Its (numerator) degrees of freedom.
    pub qm_df1: f64,
    /// Denominator degrees of freedom of F.
    pub qm_df2: Option<f64>,
    /// Its p value.
    pub qm_p: f64,
    /// Fit under maximum likelihood.
    pub fit_ml: FitStatistics,
    /// Fit under restricted maximum likelihood.
    pub fit_reml: FitStatistics,
    /// Places in the dataset of the studies that were used.
    pub places: Vec<usize>,
    /// Names of columns that were dropped because others determine them.
    pub aliased: Vec<String>,
    /// True when the likelihood had more than one maximum.
    pub is_multimodal: bool,
    /// Level of the intervals.
    pub level: f64,
}

/// A predicted mean effect and the effects to be expected around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// Predicted mean effect.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// Its confidence interval.
    pub ci: Interval,
    /// Prediction interval with the quantile of the tests: normal, or t with k - p degrees of freedom.
    pub pi: Interval,
    /// Prediction interval with t on k - p - 1 degrees of freedom (Riley and others 2011); NaN when there are none.
    pub pi_riley: Interval,
}

impl Regression {
    /// Predicts at a row of the design: 1 for the intercept, then one value per further coefficient.
    ///
    /// **Shape**: missing values count as zero, superfluous ones are passed over.
    pub fn predict(&self, row: &[f64]) -> Prediction {
        let x = |i: usize| row.get(i).copied().unwrap_or(0.0);
        let estimate = self.coefficients.iter().enumerate().map(|(i, c)| c.estimate * x(i)).sum();
        let mut variance = 0.0;
        for i in 0..self.p {
            for j in 0..self.p {
                variance += x(i) * self.covariance[i][j] * x(j);
            }
        }
        let p = 0.5 + 0.5 * self.level;
        let quantile = self.df.map_or_else(|| dist::normal_quantile(p), |df| dist::t_quantile(p, df));
        let spread = (variance + self.tau2).sqrt();
        let riley_df = self.k as f64 - self.p as f64 - 1.0;
        Prediction {
            estimate,
            se: variance.sqrt(),
            ci: Interval::around(estimate, variance.sqrt(), quantile),
            pi: Interval::around(estimate, spread, quantile),
            pi_riley: if riley_df >= 1.0 { Interval::around(estimate, spread, dist::t_quantile(p, riley_df)) } else { Interval::NONE },
        }
    }
}

/// Fits a meta-regression to the studies of a dataset.
///
/// Studies without an estimate or with a missing moderator are left out. The model is random-effects with `options.tau2`, or common
/// effect; the test is Wald, or Knapp and Hartung's with its F test; `options.method` plays no part.
/// **Errors**: [`MetaError::Variable`] for a moderator that the dataset lacks; [`MetaError::TooFew`] without residual degrees of freedom.
pub fn regress(dataset: &Dataset, options: &Options, terms: &[Term]) -> Result<Regression, MetaError> {
    regress_formula(dataset, options, &Formula::of(terms))
}

/// Fits a meta-regression given by a formula.
///
/// As [`regress`], with all that a [`Formula`] can say; without an intercept there is no R2, and the test of moderators is one of all
/// coefficients. **Errors**: those of [`regress`] and of [`Formula::columns`].
pub fn regress_formula(dataset: &Dataset, options: &Options, formula: &Formula) -> Result<Regression, MetaError> {
    let effects = measure::effects(&dataset.data, options)?;
    let columns = formula.columns(dataset)?;
    let usable = |i: usize| effects[i].is_some_and(|effect| effect.vi > 0.0) && columns.iter().all(|(_, values)| values[i].is_finite());
    let places: Vec<usize> = (0..effects.len()).filter(|&i| usable(i)).collect();
    let (yi, vi): (Vec<f64>, Vec<f64>) = places.iter().filter_map(|&i| effects[i].map(|effect| (effect.yi, effect.vi))).unzip();
    let columns: Vec<(String, Vec<f64>)> =
        columns.into_iter().map(|(name, values)| (name, places.iter().map(|&i| values[i]).collect())).collect();
    let mut workspace = Workspace::new();
    workspace.fit_design(&yi, &vi, &columns, formula.has_intercept(), options)?;
    Ok(Regression { places, ..workspace.into_regression() })
}

/// Fits a meta-regression to columns; an intercept comes first.
///
/// **Shape**: `yi`, `vi` and each column have one entry per study, all finite, `vi` positive. To fit many, keep a [`Workspace`].
/// **Errors**: [`MetaError::TooFew`] without residual degrees of freedom.
pub fn regress_columns(yi: &[f64], vi: &[f64], columns: &[(String, Vec<f64>)], options: &Options) -> Result<Regression, MetaError> {
    let mut workspace = Workspace::new();
    workspace.fit(yi, vi, columns, options)?;
    Ok(workspace.into_regression())
}

/// Factor of the variances: 1, or that of Knapp and Hartung from the weighted sum of squared residuals.
fn scale_of(options: &Options, q: f64, df: f64) -> f64 {
    match options.test {
        Test::Wald | Test::T => 1.0,
        Test::HartungKnapp => q / df,
        Test::HartungKnappAdHoc => (q / df).max(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::small::SmallSpace;
    use super::space::{Orthonormal, RegressionSpace};
    use super::*;
    use crate::meta::EffectMeasure;
    use crate::meta::tau2::{self, InterceptOnly, Tau2Method};

    #[test]
    fn terms_are_read_from_text() {
        let main = |name: &str| Term::Main(name.into());
        assert_eq!(Term::parse_list("~ a + b"), vec![main("a"), main("b")]);
        assert_eq!(Term::parse_list("a*b,a"), vec![main("a"), main("b"), Term::Interaction("a".into(), "b".into())]);
        assert!(Term::parse_list(" ~ ").is_empty());
    }

    #[test]
    fn without_moderators_it_is_the_pooled_estimate() {
        let (yi, vi) = ([0.1, 0.5, -0.2, 0.9], [0.04, 0.02, 0.09, 0.05]);
        let options = Options::new(EffectMeasure::Generic);
        let regression = regress_columns(&yi, &vi, &[], &options).unwrap();
        let fit = crate::meta::fit::fit(&yi, &vi, Some(options.tau2));
        assert!((regression.coefficients[0].estimate - fit.estimate).abs() < 1e-12);
        assert!((regression.tau2 - fit.tau2).abs() < 1e-12);
        assert!((regression.se_tau2 - fit.se_tau2).abs() < 1e-10);
    }

    #[test]
    fn every_estimator_agrees_with_the_direct_formulas_for_an_intercept() {
        let (yi, vi) = ([0.1, 0.5, -0.2, 0.9, 1.4], [0.04, 0.02, 0.09, 0.05, 0.2]);
        let design = Orthonormal::new(5, &[], true);
        let matrix = RegressionSpace { yi: &yi, vi: &vi, basis: &design.basis() };
        let mut room = Vec::new();
        let small = SmallSpace::<1, 4>::new(&yi, &vi, [design.unit(0)], &mut room);
        for method in Tau2Method::ALL {
            let want = tau2::estimate(&InterceptOnly { yi: &yi, vi: &vi }, method);
            for got in [tau2::estimate(&matrix, method), tau2::estimate(&small, method)] {
                assert!((got.tau2 - want.tau2).abs() < 1e-12, "{method:?}");
                assert!((got.se - want.se).abs() < 1e-9 * want.se, "{method:?}: {} {}", got.se, want.se);
            }
        }
    }

    #[test]
    fn an_aliased_column_is_dropped_and_named() {
        let (yi, vi) = ([0.1, 0.5, -0.2, 0.9, 1.0], [0.04, 0.02, 0.09, 0.05, 0.1]);
        let x: Vec<f64> = vec![1.0, 2.0, 3.0, 5.0, 8.0];
        let columns = vec![("x".to_owned(), x.clone()), ("twice x".to_owned(), x.iter().map(|x| 2.0 * x + 7.0).collect())];
        let regression = regress_columns(&yi, &vi, &columns, &Options::new(EffectMeasure::Generic)).unwrap();
        assert_eq!((regression.p, regression.aliased), (2, vec!["twice x".to_owned()]));
    }

    #[test]
    fn the_standard_error_of_tau2_keeps_its_digits_where_one_study_outweighs_the_others() {
        // Found by the law of the second route: all but 8e-8 of the squared weights goes into the coefficients. With 60 digits.
        let vi = [0.001_259_739_791_106_627_4, 9.915_421_080_864_041, 3.112_280_235_392_766_8, 0.066_163_023_169_396_46];
        let columns = [
            ("x0".to_owned(), vec![-1.727_538_600_050_301_5, 0.0, 0.105_802_531_631_529_36, -0.851_411_360_970_767_3]),
            ("x1".to_owned(), vec![1.368_446_222_726_371, -1.922_239_616_562_15, 0.0, -1.349_019_549_957_829_5]),
        ];
        let mut options = Options::revman(EffectMeasure::MeanDifference);
        options.tau2 = Tau2Method::RestrictedMaximumLikelihood;
        let fitted = regress_columns(&[0.0; 4], &vi, &columns, &options).unwrap();
        assert_eq!(fitted.tau2, 0.0);
        assert!((fitted.se_tau2 / 6.376_816_728_729_948 - 1.0).abs() < 1e-9, "{}", fitted.se_tau2);
    }
}
