//! What comes out of a meta-analysis.

use thiserror::Error;

use super::heterogeneity::Heterogeneity;
use super::measure::EffectMeasure;
use super::options::{Convention, Method, Model, Test};
use super::predict::PredictionIntervals;

/// Why an analysis could not be done.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum MetaError {
    /// The measure cannot be computed from rows of this shape.
    #[error("{measure} cannot be computed from {shape}")]
    Shape {
        /// Short name of the measure.
        measure: &'static str,
        /// Shape of the data.
        shape: &'static str,
    },
    /// The weighting method does not exist for the measure.
    #[error("{method} pooling does not exist for {measure}")]
    Method {
        /// Short name of the method.
        method: &'static str,
        /// Short name of the measure.
        measure: &'static str,
    },
    /// The measure has no such formula for its sampling variance.
    #[error("{measure} has no sampling variance of type {vtype}; it has {known}")]
    Variance {
        /// Short name of the formula.
        vtype: &'static str,
        /// Short name of the measure.
        measure: &'static str,
        /// Short names of those that it has.
        known: String,
    },
    /// A confidence level outside 0 to 1.
    #[error("the level must lie between 0 and 1 (0.95 for 95 %), not {level}")]
    Level {
        /// The level given.
        level: f64,
    },
    /// Vectors of different lengths.
    #[error("{what} has {got} entries for {want} studies")]
    Length {
        /// Which vector.
        what: String,
        /// Its length.
        got: usize,
        /// The number of studies.
        want: usize,
    },
    /// Too few studies with an estimate.
    #[error("{what} needs at least {need} studies with an estimate, and there are {got}")]
    TooFew {
        /// The procedure.
        what: &'static str,
        /// Studies needed.
        need: usize,
        /// Studies there are.
        got: usize,
    },
    /// A moderator or subgroup variable that does not exist, or cannot be used.
    #[error("{name}: {why}")]
    Variable {
        /// Name of the variable.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// A numerical search did not come to an end.
    #[error("{what} did not converge")]
    NoConvergence {
        /// The procedure.
        what: &'static str,
    },
}

/// A closed interval; both ends are NaN where it does not exist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Interval {
    /// The interval that does not exist.
    pub const NONE: Self = Self { lower: f64::NAN, upper: f64::NAN };

    /// Makes the interval of half-width `quantile * standard_error` around an estimate.
    pub fn around(estimate: f64, standard_error: f64, quantile: f64) -> Self {
        // An infinite quantile times a standard error of zero would be NaN; the interval is the point then.
        let half = if standard_error == 0.0 { 0.0 } else { quantile * standard_error };
        Self { lower: estimate - half, upper: estimate + half }
    }

    /// Returns the interval with both ends transformed by a monotone function.
    #[must_use]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        let (a, b) = (f(self.lower), f(self.upper));
        if a <= b || a.is_nan() { Self { lower: a, upper: b } } else { Self { lower: b, upper: a } }
    }
}

/// The effect of one study on the scale of analysis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudyEffect {
    /// Estimate (natural log for ratios).
    pub yi: f64,
    /// Sampling variance.
    pub vi: f64,
    /// Wald confidence interval at the level of the analysis.
    pub ci: Interval,
}

/// Fit of the model: log-likelihoods and information criteria as metafor counts them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitStatistics {
    /// Log-likelihood.
    pub ll: f64,
    /// Deviance: against the saturated model under maximum likelihood, `-2 ll` under restricted likelihood.
    pub deviance: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// Bayesian criterion.
    pub bic: f64,
    /// Akaike's criterion corrected for small samples.
    pub aicc: f64,
}

/// A pooled estimate and everything that is reported beside it.
///
/// **Shape**: `studies` and `weights_pct` have one entry per study of the dataset, in its order, `None` where a study is not estimable.
/// **Scale**: estimate, standard error, intervals and tau2 are on the scale of analysis (natural log for ratios); weights and I2 are
/// percentages. With `k == 0` every number is NaN: nothing could be estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    /// Effect measure.
    pub measure: EffectMeasure,
    /// Model.
    pub model: Model,
    /// Weighting.
    pub method: Method,
    /// Short name of the between-study variance estimator; `None` under a common effect.
    pub tau2_method: Option<String>,
    /// Test that was used (Wald where the chosen one does not exist for one study).
    pub test: Test,
    /// Level of the intervals, a fraction.
    pub level: f64,
    /// Whose rules were followed.
    pub convention: Convention,
    /// Number of studies that entered the pooled estimate.
    pub k: usize,
    /// Pooled estimate.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// Its confidence interval.
    pub ci: Interval,
    /// Test statistic, z or t.
    pub stat: f64,
    /// Degrees of freedom of t; `None` for the normal.
    pub df: Option<f64>,
    /// Two-sided p value.
    pub pval: f64,
    /// Between-study variance; 0 under a common effect; NaN for one study under RevMan's rules.
    pub tau2: f64,
    /// Standard error of tau2; NaN where the estimator has none.
    pub se_tau2: f64,
    /// Scale factor q of Hartung and Knapp; `None` for other tests.
    pub hk_scale: Option<f64>,
    /// Q, I2, H2 and their intervals.
    pub heterogeneity: Heterogeneity,
    /// Prediction intervals under the five common rules; `None` under a common effect.
    pub prediction: Option<PredictionIntervals>,
    /// Weights in percent.
    pub weights_pct: Vec<Option<f64>>,
    /// Study effects.
    pub studies: Vec<Option<StudyEffect>>,
    /// Study labels.
    pub labels: Vec<String>,
    /// Fit under maximum likelihood; `None` for Mantel-Haenszel and Peto.
    pub fit_ml: Option<FitStatistics>,
    /// Fit under restricted maximum likelihood.
    pub fit_reml: Option<FitStatistics>,
    /// True when the likelihood had more than one maximum and the higher one was taken.
    pub is_multimodal: bool,
    /// What was done, step by step, for the method section.
    pub trail: Vec<String>,
    /// What a reader should know before using the number.
    pub warnings: Vec<String>,
}

/// The studies that can be weighted: what diagnostics and small-study tests are computed from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Usable {
    /// Places of the studies in the dataset.
    pub places: Vec<usize>,
    /// Their estimates.
    pub yi: Vec<f64>,
    /// Their sampling variances, all positive.
    pub vi: Vec<f64>,
}

impl Pooled {
    /// Returns the studies with an estimate and a positive variance, for leave-one-out, influence, funnel plots and their kin.
    pub fn usable(&self) -> Usable {
        let mut usable = Usable::default();
        for (place, study) in self.studies.iter().enumerate() {
            if let Some(study) = study.filter(|study| study.vi > 0.0) {
                usable.places.push(place);
                usable.yi.push(study.yi);
                usable.vi.push(study.vi);
            }
        }
        usable
    }

    /// Returns the pooled estimate on the scale that people read (exponentiated for ratios).
    pub fn estimate_back(&self) -> f64 {
        self.measure.back_transform(self.estimate)
    }

    /// Returns the confidence interval on the scale that people read.
    pub fn ci_back(&self) -> Interval {
        self.ci.map(|x| self.measure.back_transform(x))
    }

    /// Returns I2 in percent as the convention defines it: from tau2 in metafor and RevMan Web, from Q in RevMan 5.4 and R's meta.
    pub fn reported_i2(&self) -> f64 {
        if self.convention.takes_i2_from_tau2() { self.heterogeneity.i2 } else { self.heterogeneity.i2_q }
    }

    /// Returns the prediction interval that the convention of the analysis reports first, on the scale of analysis.
    ///
    /// metafor: normal quantile for a Wald test, t with k - 1 degrees of freedom and the standard error of the test otherwise.
    /// RevMan and meta: t with k - 1 degrees of freedom. RevMan 5.4 itself prints none.
    pub fn prediction_interval(&self) -> Option<Interval> {
        let intervals = self.prediction.as_ref()?;
        match (self.convention, self.test) {
            (_, Test::HartungKnapp | Test::HartungKnappAdHoc) => intervals.hk_k1,
            (Convention::Metafor, Test::Wald) => Some(intervals.normal),
            _ => intervals.t_k1,
        }
    }
}
