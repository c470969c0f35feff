//! Every closed form by a second route: matrices of one row per study written out in full, sums over the tables one by one, intervals by
//! plain bisection. Slow and simple on purpose.

use proptest::prelude::*;

use super::{close, method, options_of, studies};
use crate::meta::bias;
use crate::meta::cumulative::{cumulative, leave_one_out};
use crate::meta::fit::Plan;
use crate::meta::influence::influence;
use crate::meta::interval;
use crate::meta::regression::{Regression, regress_columns};
use crate::meta::*;
use crate::stats::dist;
use crate::stats::linear::{Cholesky, Matrix};

/// A linear model with its matrices: `X`, and `P = A - A X (X' A X)^-1 X' A`.
struct Dense {
    y: Vec<f64>,
    v: Vec<f64>,
    x: Matrix,
}

impl Dense {
    /// The model with an intercept and these columns.
    fn new(yi: &[f64], vi: &[f64], columns: &[(String, Vec<f64>)]) -> Self {
        let row = |i: usize| std::iter::once(1.0).chain(columns.iter().map(|(_, values)| values[i])).collect();
        Self { y: yi.to_vec(), v: vi.to_vec(), x: Matrix::from_rows(&(0..yi.len()).map(row).collect::<Vec<_>>()) }
    }

    fn diagonal(&self, f: impl Fn(f64) -> f64) -> Matrix {
        let mut matrix = Matrix::zeros(self.v.len(), self.v.len());
        self.v.iter().enumerate().for_each(|(i, v)| matrix.put(i, i, f(*v)));
        matrix
    }

    /// `(X' A X)^-1`.
    fn inverse(&self, a: &Matrix) -> Matrix {
        Cholesky::new(&self.x.transposed().times(a).times(&self.x)).expect("columns of full rank").inverse()
    }

    fn p(&self, weight: impl Fn(f64) -> f64) -> Matrix {
        let a = self.diagonal(weight);
        let ax = a.times(&self.x);
        let mut p = a.clone();
        p.add_scaled(-1.0, &ax.times(&self.inverse(&a)).times(&ax.transposed()));
        p
    }

    fn q(&self, tau2: f64) -> f64 {
        self.p(|v| 1.0 / (v + tau2)).form(&self.y, &self.y)
    }

    fn df(&self) -> f64 {
        (self.x.rows() - self.x.columns()) as f64
    }

    /// Coefficients and their covariance at a value of tau2, by generalised least squares.
    fn solve(&self, tau2: f64) -> (Vec<f64>, Matrix) {
        let w = self.diagonal(|v| 1.0 / (v + tau2));
        let covariance = self.inverse(&w);
        let right = self.x.transposed().times(&w).times_vector(&self.y);
        (covariance.times_vector(&right), covariance)
    }

    /// Method of moments with weights A: tau2 and its standard error from the variance of the quadratic form.
    fn moments(&self, weight: impl Fn(f64) -> f64) -> (f64, f64) {
        let p = self.p(weight);
        let tau2 = ((p.form(&self.y, &self.y) - p.times(&self.diagonal(|v| v)).trace()) / p.trace()).max(0.0);
        let spread = p.times(&self.diagonal(|v| v + tau2));
        (tau2, (2.0 * spread.times(&spread).trace()).sqrt() / p.trace())
    }

    /// tau2 of an estimator with a closed form.
    fn closed_form(&self, method: Tau2Method) -> Option<(f64, f64)> {
        let (k, inverse) = (self.y.len() as f64, |tau2: f64| move |v: f64| 1.0 / (v + tau2));
        Some(match method {
            Tau2Method::DerSimonianLaird => self.moments(inverse(0.0)),
            Tau2Method::Hedges => self.moments(|_| 1.0),
            Tau2Method::DerSimonianLairdTwoStep => self.moments(inverse(self.moments(inverse(0.0)).0)),
            Tau2Method::HedgesTwoStep => self.moments(inverse(self.moments(|_| 1.0).0)),
            Tau2Method::HunterSchmidt | Tau2Method::HunterSchmidtCorrected => {
                let factor = if method == Tau2Method::HunterSchmidt { 1.0 } else { k / self.df() };
                let (p, sum) = (self.p(inverse(0.0)), self.diagonal(inverse(0.0)).trace());
                let tau2 = ((factor * p.form(&self.y, &self.y) - k) / sum).max(0.0);
                let spread = p.times(&self.diagonal(|v| v + tau2));
                (tau2, factor * (2.0 * spread.times(&spread).trace()).sqrt() / sum)
            }
            Tau2Method::SidikJonkman => {
                let mean = self.y.iter().sum::<f64>() / k;
                let start = self.y.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / k;
                let p = self.p(inverse(start));
                let tau2 = start * p.form(&self.y, &self.y) / self.df();
                let spread = p.times(&self.diagonal(|v| v + tau2));
                (tau2, start * (2.0 * spread.times(&spread).trace()).sqrt() / self.df())
            }
            _ => return None,
        })
    }

    /// What an estimator that is a root sets to zero, relative to its size; it falls in tau2 near the root.
    fn equation(&self, method: Tau2Method, tau2: f64) -> Option<f64> {
        let p = self.p(|v| 1.0 / (v + tau2));
        let py = p.times_vector(&self.y);
        let squares: f64 = py.iter().map(|u| u * u).sum();
        let target = match method {
            Tau2Method::PauleMandel | Tau2Method::EmpiricalBayes | Tau2Method::SidikJonkmanIterated => self.df(),
            Tau2Method::PauleMandelMedian => dist::chi_squared_quantile(0.5, self.df()),
            Tau2Method::RestrictedMaximumLikelihood => return Some(squares / p.trace() - 1.0),
            Tau2Method::MaximumLikelihood => return Some(squares / self.diagonal(|v| 1.0 / (v + tau2)).trace() - 1.0),
            _ => return None,
        };
        Some(p.form(&self.y, &self.y) / target - 1.0)
    }

    /// Complains where tau2 or its standard error is not what the estimator's definition says.
    fn check_tau2(&self, method: Tau2Method, tau2: f64, se: f64) -> Result<(), TestCaseError> {
        let scale = self.v.iter().sum::<f64>() / self.v.len() as f64;
        if let Some((want, want_se)) = self.closed_form(method) {
            prop_assert!((tau2 - want).abs() <= 1e-8 * (want + scale), "{:?}: {} {}", method, tau2, want);
            prop_assert!(close(se, want_se, 1e-6), "{:?}: se {} {}", method, se, want_se);
            return Ok(());
        }
        let rest = self.equation(method, tau2).expect("every estimator has a definition");
        // Where tau2 is zero the equation has no positive root, or a lower maximum there.
        prop_assert!(if tau2 > 0.0 { rest.abs() < 1e-6 } else { rest < 1e-9 }, "{:?} at {}: {}", method, tau2, rest);
        let p = self.p(|v| 1.0 / (v + tau2));
        let want = match method {
            Tau2Method::RestrictedMaximumLikelihood => (2.0 / p.times(&p).trace()).sqrt(),
            Tau2Method::MaximumLikelihood => (2.0 / self.diagonal(|v| (v + tau2).powi(-2)).trace()).sqrt(),
            _ => (2.0 / self.df()).sqrt() * self.y.len() as f64 / self.diagonal(|v| 1.0 / (v + tau2)).trace(),
        };
        prop_assert!(close(se, want, 1e-6), "{:?}: se {} {}", method, se, want);
        Ok(())
    }
}

/// Effects, variances and named columns of moderators.
type Studies = (Vec<f64>, Vec<f64>, Vec<(String, Vec<f64>)>);

/// Studies with up to four moderators.
fn models() -> impl Strategy<Value = Studies> {
    (0..5_usize).prop_flat_map(|count| {
        let row = (-3.0..3.0_f64, -3.0..1.0_f64, prop::collection::vec(-2.0..2.0_f64, count));
        prop::collection::vec(row, count + 2..count + 10).prop_map(move |rows| {
            let columns = (0..count).map(|j| (format!("x{j}"), rows.iter().map(|row| row.2[j]).collect())).collect();
            (rows.iter().map(|row| row.0).collect(), rows.iter().map(|row| 10f64.powf(row.1)).collect(), columns)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_pooled_estimate_is_that_of_generalised_least_squares((yi, vi) in studies(), method in method(), random in any::<bool>()) {
        let dense = Dense::new(&yi, &vi, &[]);
        let options = if random { options_of(method) } else { options_of(method).common() };
        let pooled = pool(&Dataset::generic(&yi, &vi), &options.clone().with_test(Test::Wald)).unwrap();
        if random {
            dense.check_tau2(method, pooled.tau2, pooled.se_tau2)?;
        }
        let (b, covariance) = dense.solve(pooled.tau2);
        let se = covariance.get(0, 0).sqrt();
        prop_assert!((pooled.estimate - b[0]).abs() <= 1e-9 * (1.0 + b[0].abs()) && close(pooled.se, se, 1e-9));
        prop_assert!((pooled.heterogeneity.q - dense.q(0.0)).abs() <= 1e-7 * (1.0 + dense.q(0.0)));
        let typical = dense.df() / dense.p(|v| 1.0 / v).trace();
        let i2 = if random { 100.0 * pooled.tau2 / (pooled.tau2 + typical) } else { (100.0 * (1.0 - dense.df() / dense.q(0.0))).max(0.0) };
        prop_assert!((pooled.heterogeneity.i2 - i2).abs() < 1e-6, "{} {}", pooled.heterogeneity.i2, i2);
        for (weight, v) in pooled.weights_pct.iter().zip(&vi) {
            prop_assert!(close(weight.unwrap(), 100.0 * se * se / (v + pooled.tau2), 1e-9));
        }
        let scale = dense.q(pooled.tau2) / dense.df();
        let hartung = pool(&Dataset::generic(&yi, &vi), &options.with_test(Test::HartungKnapp)).unwrap();
        prop_assert!(((hartung.se / se).powi(2) - scale).abs() <= 1e-7 * (1.0 + scale), "{} {}", hartung.se, scale);
        let half = dist::t_quantile(0.975, dense.df()) * hartung.se;
        prop_assert!(close(hartung.ci.upper - hartung.estimate, half, 1e-7) && close(hartung.estimate - hartung.ci.lower, half, 1e-7));
    }

    #[test]
    fn a_meta_regression_is_that_of_generalised_least_squares((yi, vi, columns) in models(), method in method(), hartung in any::<bool>()) {
        let dense = Dense::new(&yi, &vi, &columns);
        let gram = dense.inverse(&dense.diagonal(|_| 1.0));
        // Columns that hardly differ from one another are a matter of rounding, not of formulas.
        prop_assume!((0..gram.rows()).all(|i| gram.get(i, i) < 1e4));
        let options = options_of(method).with_test(if hartung { Test::HartungKnapp } else { Test::Wald });
        let fitted = regress_columns(&yi, &vi, &columns, &options).unwrap();
        dense.check_tau2(method, fitted.tau2, fitted.se_tau2)?;
        let (b, covariance) = dense.solve(fitted.tau2);
        let scale = if hartung { dense.q(fitted.tau2) / dense.df() } else { 1.0 };
        for (i, coefficient) in fitted.coefficients.iter().enumerate() {
            let se = (scale * covariance.get(i, i)).sqrt();
            prop_assert!((coefficient.estimate - b[i]).abs() <= 1e-7 * (1.0 + b[i].abs()), "{} {}", coefficient.estimate, b[i]);
            prop_assert!((coefficient.se - se).abs() <= 1e-6 * se, "{} {}", coefficient.se, se);
        }
        prop_assert!((fitted.qe - dense.q(0.0)).abs() <= 1e-7 * (1.0 + dense.q(0.0)));
        if b.len() > 1 {
            check_moderators(&fitted, &b, &covariance, scale)?;
        }
    }

    #[test]
    fn the_q_profile_interval_is_where_q_meets_its_quantiles((yi, vi) in studies()) {
        let dense = Dense::new(&yi, &vi, &[]);
        let profile = interval::q_profile(&yi, &vi, 0.95).unwrap();
        for (p, bound) in [(0.975, profile.tau2.lower), (0.025, profile.tau2.upper)] {
            let target = dist::chi_squared_quantile(p, dense.df());
            let (mut low, mut high) = (0.0, 1e9);
            for _ in 0..90 {
                let middle: f64 = 0.5 * (low + high);
                if dense.q(middle) > target {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            let is_zero = bound == 0.0 && dense.q(0.0) <= target;
            prop_assert!(is_zero || (bound - high).abs() <= 1e-7 * bound + 1e-12, "{} {}", bound, high);
        }
        prop_assert_eq!(profile.is_null_set, dense.q(0.0) < dist::chi_squared_quantile(0.025, dense.df()));
    }

    #[test]
    fn diagnostics_are_fits_without_each_study((yi, vi) in studies(), method in method(), random in any::<bool>()) {
        prop_assume!(yi.len() > 2);
        let plan = Plan { tau2: random.then_some(method), test: Test::Wald, level: 0.95 };
        let whole = Dense::new(&yi, &vi, &[]);
        let full = plan.summary(&yi, &vi);
        let left = leave_one_out(&yi, &vi, &plan);
        let step_by_step = cumulative(&yi, &vi, &(0..yi.len()).collect::<Vec<usize>>(), &plan);
        let w = |tau2: f64, i: usize| 1.0 / (vi[i] + tau2);
        for (i, of_study) in influence(&yi, &vi, &plan).iter().enumerate() {
            let others = |list: &[f64]| list.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, x)| *x).collect::<Vec<f64>>();
            let (y, v) = (others(&yi), others(&vi));
            let rest = Dense::new(&y, &v, &[]);
            let tau2 = left[i].tau2;
            if random {
                let se = fit::fit(&y, &v, Some(method)).se_tau2;
                rest.check_tau2(method, tau2, se)?;
            }
            let (b, covariance) = rest.solve(tau2);
            prop_assert!((left[i].estimate - b[0]).abs() <= 1e-7 * (1.0 + b[0].abs()) && close(left[i].se, covariance.get(0, 0).sqrt(), 1e-7));
            prop_assert!((left[i].heterogeneity.q - rest.q(0.0)).abs() <= 1e-6 * (1.0 + rest.q(0.0)));
            let (all, whole_covariance) = whole.solve(full.tau2);
            let variance = whole_covariance.get(0, 0);
            let shift = all[0] - b[0];
            let spread = (vi[i] + tau2 + covariance.get(0, 0)).sqrt();
            for (what, got, want) in [
                ("hat", of_study.hat, w(full.tau2, i) * variance),
                ("cook", of_study.cook_distance, shift * shift / variance),
                ("cov.r", of_study.covariance_ratio, covariance.get(0, 0) / variance),
                ("rstudent", of_study.rstudent, (yi[i] - b[0]) / spread),
                ("tau2.del", of_study.tau2_deleted, tau2),
            ] {
                prop_assert!((got - want).abs() <= 1e-5 * (1.0 + want.abs()), "{} of study {}: {} {}", what, i, got, want);
            }
            let so_far = plan.summary(&yi[..=i], &vi[..=i]);
            prop_assert!((step_by_step[i].estimate - so_far.estimate).abs() <= 1e-7 * (1.0 + so_far.estimate.abs()));
            prop_assert!(close(step_by_step[i].se, so_far.se, 1e-7));
        }
    }

    #[test]
    fn the_heterogeneity_between_subgroups_is_what_those_within_leave((yi, vi) in studies(), groups in prop::collection::vec(0..3_usize, 12)) {
        let names: Vec<String> = groups[..yi.len()].iter().map(|g| format!("g{g}")).collect();
        prop_assume!(names.iter().any(|name| *name != names[0]));
        let dataset = Dataset::generic(&yi, &vi).with_subgroups(names.clone());
        let options = Options::new(EffectMeasure::Generic).common();
        let analysis = pool_subgroups(&dataset, &options).unwrap();
        let within: f64 = analysis.groups.iter().map(|group| group.pooled.heterogeneity.q).sum();
        let total = pool(&dataset, &options).unwrap().heterogeneity.q;
        prop_assert!((analysis.q_between + within - total).abs() <= 1e-7 * (1.0 + total));
        // The same test as a meta-regression on the group.
        if analysis.groups.len() < yi.len() {
            let together = pool_subgroups_common_tau2(&dataset, &options).unwrap();
            prop_assert!((together.regression.qm - analysis.q_between).abs() <= 1e-7 * (1.0 + total));
            prop_assert!((together.regression.qe - within).abs() <= 1e-7 * (1.0 + total));
        }
    }

    #[test]
    fn eggers_line_is_weighted_least_squares((yi, vi) in studies()) {
        prop_assume!(yi.len() > 2);
        let se: Vec<f64> = vi.iter().map(|v| v.sqrt()).collect();
        let dense = Dense::new(&yi, &vi, &[("se".into(), se)]);
        let Ok(line) = bias::egger(&yi, &vi) else { return Ok(()) };
        let (b, covariance) = dense.solve(0.0);
        let dispersion = (dense.q(0.0) / dense.df()).sqrt();
        prop_assert!((line.slope - b[1]).abs() <= 1e-5 * (1.0 + b[1].abs()) && (line.intercept - b[0]).abs() <= 1e-5 * (1.0 + b[0].abs()));
        prop_assert!(close(line.slope_se, dispersion * covariance.get(1, 1).sqrt(), 1e-5));
    }
}

/// The test of all moderators, by the inverse of their covariance.
fn check_moderators(fitted: &Regression, b: &[f64], covariance: &Matrix, scale: f64) -> Result<(), TestCaseError> {
    let places: Vec<usize> = (1..b.len()).collect();
    let block = Cholesky::new(&covariance.block(&places, &places)).expect("a covariance").inverse();
    let wald = block.form(&b[1..], &b[1..]) / scale;
    let divisor = if fitted.qm_df2.is_some() { places.len() as f64 } else { 1.0 };
    prop_assert!((fitted.qm - wald / divisor).abs() <= 1e-6 * (1.0 + fitted.qm), "{} {}", fitted.qm, wald / divisor);
    Ok(())
}
