//! The bootstrap: how an analysis would have come out had the studies been drawn anew from those that there are.

use super::fit::{self, Fit, Plan};
use crate::stats::random::Random;

/// Fits the model to samples of the studies, drawn with replacement, and shows each fit; allocates nothing inside.
///
/// **Shape**: `samples` fits in the order of drawing; the same seed draws the same samples. No study gives no fit.
/// **Source**: Efron and Tibshirani (1993), chapter 6: cases are drawn, each with its sampling variance.
pub fn visit_bootstrap(yi: &[f64], vi: &[f64], plan: &Plan, samples: usize, seed: u64, mut visit: impl FnMut(&Fit)) {
    let k = yi.len();
    if k == 0 {
        return;
    }
    let mut random = Random::new(seed);
    let (mut y, mut v) = (vec![0.0; k], vec![0.0; k]);
    for _ in 0..samples {
        for (y, v) in y.iter_mut().zip(&mut v) {
            let i = random.below(k);
            (*y, *v) = (yi[i], vi[i]);
        }
        visit(&fit::fit(&y, &v, plan.tau2));
    }
}

/// Bootstrap results of a pooled estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// Pooled estimates, ascending.
    pub estimates: Vec<f64>,
    /// Between-study variances, ascending.
    pub tau2: Vec<f64>,
}

impl Bootstrap {
    /// Draws samples and fits the model to each.
    ///
    /// **Shape**: both vectors have `samples` entries; empty without studies.
    pub fn new(yi: &[f64], vi: &[f64], plan: &Plan, samples: usize, seed: u64) -> Self {
        let (mut estimates, mut tau2) = (Vec::with_capacity(samples), Vec::with_capacity(samples));
        visit_bootstrap(yi, vi, plan, samples, seed, |fit| {
            estimates.push(fit.estimate);
            tau2.push(fit.tau2);
        });
        estimates.sort_unstable_by(f64::total_cmp);
        tau2.sort_unstable_by(f64::total_cmp);
        Self { estimates, tau2 }
    }

    /// Returns the percentile interval of the pooled estimate at a level such as 0.95; `None` without samples.
    ///
    /// **Source**: Efron and Tibshirani (1993), chapter 13.
    pub fn interval(&self, level: f64) -> Option<super::Interval> {
        let at =
            |p: f64| self.estimates.get(((p * self.estimates.len() as f64) as usize).min(self.estimates.len().checked_sub(1)?)).copied();
        Some(super::Interval { lower: at(0.5 - 0.5 * level)?, upper: at(0.5 + 0.5 * level)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::{Tau2Method, Test};

    #[test]
    fn the_spread_of_bootstrap_estimates_is_about_the_standard_error() {
        let yi: Vec<f64> = (0..40).map(|i| f64::from((i * 17) % 40) / 40.0).collect();
        let vi = vec![0.01; 40];
        let plan = Plan { tau2: Some(Tau2Method::RestrictedMaximumLikelihood), test: Test::Wald, level: 0.95 };
        let whole = fit::fit(&yi, &vi, plan.tau2);
        let bootstrap = Bootstrap::new(&yi, &vi, &plan, 2000, 3);
        assert_eq!(bootstrap, Bootstrap::new(&yi, &vi, &plan, 2000, 3));
        let interval = bootstrap.interval(0.95).unwrap();
        assert!((interval.lower - (whole.estimate - 1.96 * whole.se)).abs() < 0.2 * whole.se, "{interval:?}");
        assert!((interval.upper - (whole.estimate + 1.96 * whole.se)).abs() < 0.2 * whole.se, "{interval:?}");
        assert_eq!(Bootstrap::new(&[], &[], &plan, 10, 1).interval(0.95), None);
    }
}
