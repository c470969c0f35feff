//! The pooled estimate of a dataset: the one entry point for common-effect and random-effects analyses.

use super::dataset::{Dataset, StudyData};
use super::fit::{self, Fit, Inference};
use super::heterogeneity::Heterogeneity;
use super::mantel_haenszel::{MantelHaenszel, effects_for_q, mantel_haenszel};
use super::measure::{self, Effect, EffectMeasure};
use super::options::{Convention, Correction, Method, Model, Options, Test};
use super::predict::PredictionIntervals;
use super::result::{FitStatistics, Interval, MetaError, Pooled, StudyEffect};
use super::tau2::{InterceptOnly, ResidualSpace, Tau2Estimate, Tau2Method};
use crate::stats::dist;

/// Pools the studies of a dataset.
///
/// **Shape**: every per-study vector of the result has one entry per study of the dataset, in its order.
/// **Errors**: a measure that the data cannot give, a weighting method that the measure does not have, a level outside 0 to 1, labels
/// of another length than the data. That no study is estimable is not an error: the result then has `k == 0`.
/// **Source**: Borenstein and others (2009), chapters 11 and 12; Deeks and Higgins (2010); metafor `rma`, `rma.mh`, `rma.peto`.
pub fn pool(dataset: &Dataset, options: &Options) -> Result<Pooled, MetaError> {
    check(dataset, options)?;
    let effects = measure::effects(&dataset.data, options)?;
    let mut warnings = Vec::new();
    let usable = leave_out_zero_variances(dataset, &effects, &mut warnings);
    let mut pooled = match options.method {
        Method::MantelHaenszel => pool_mantel_haenszel(dataset, options, &effects, &usable, warnings)?,
        Method::Peto => pool_peto(dataset, options, &effects, &usable, warnings)?,
        Method::InverseVariance => {
            let (yi, vi) = columns(&usable);
            let fit = fit::fit(&yi, &vi, between_studies(options));
            from_fit(dataset, options, &effects, &usable, fit, fit.q, warnings)
        }
    };
    super::remarks::add_remarks(&mut pooled, dataset, options);
    Ok(pooled)
}

fn check(dataset: &Dataset, options: &Options) -> Result<(), MetaError> {
    if !(options.level > 0.0 && options.level < 1.0) {
        return Err(MetaError::Level { level: options.level });
    }
    let length = |what: &str, got: usize| {
        if got == dataset.len() { Ok(()) } else { Err(MetaError::Length { what: what.into(), got, want: dataset.len() }) }
    };
    length("labels", dataset.labels.len())?;
    if let Some(subgroups) = &dataset.subgroups {
        length("subgroups", subgroups.len())?;
    }
    Ok(())
}

fn between_studies(options: &Options) -> Option<Tau2Method> {
    (options.model == Model::Random).then_some(options.tau2)
}

/// Returns the effects with positive variance; others cannot be weighted and are named in a warning.
fn leave_out_zero_variances(dataset: &Dataset, effects: &[Option<Effect>], warnings: &mut Vec<String>) -> Vec<Option<Effect>> {
    effects
        .iter()
        .enumerate()
        .map(|(i, effect)| {
            let effect = (*effect)?;
            if effect.vi > 0.0 {
                return Some(effect);
            }
            warnings.push(format!("{} has a sampling variance of zero and was left out", dataset.label(i)));
            None
        })
        .collect()
}

pub(super) fn columns(effects: &[Option<Effect>]) -> (Vec<f64>, Vec<f64>) {
    effects.iter().flatten().map(|effect| (effect.yi, effect.vi)).unzip()
}

/// Builds the result of an inverse-variance fit. `q` is the heterogeneity statistic to report (it may be centred elsewhere).
fn from_fit(
    dataset: &Dataset,
    options: &Options,
    effects: &[Option<Effect>],
    usable: &[Option<Effect>],
    fit: Fit,
    q: f64,
    warnings: Vec<String>,
) -> Pooled {
    // RevMan and R's meta have no other test under a common effect, nor do Mantel-Haenszel and Peto.
    let is_only_wald =
        options.model == Model::Common && (options.convention != Convention::Metafor || options.method != Method::InverseVariance);
    let inference = fit.inference(if is_only_wald { Test::Wald } else { options.test }, options.level);
    let mut pooled = skeleton(dataset, options, effects, usable, warnings);
    if fit.k == 0 {
        return pooled;
    }
    place(&mut pooled, fit.estimate, inference);
    pooled.heterogeneity = Heterogeneity::from_q(q, fit.k as f64 - 1.0, options.level);
    let weights: Vec<Option<f64>> = usable.iter().map(|effect| effect.map(|effect| 1.0 / (effect.vi + fit.tau2))).collect();
    pooled.weights_pct = percentages(&weights);
    if options.model == Model::Random {
        pooled.tau2 = fit.tau2;
        pooled.se_tau2 = fit.se_tau2;
        pooled.heterogeneity = pooled.heterogeneity.with_tau2(fit.tau2, fit.typical_variance);
        pooled.prediction = Some(PredictionIntervals::new(fit.estimate, fit.se, fit.hk_se(), fit.tau2, fit.k, options.level));
        pooled.is_multimodal = fit.is_multimodal;
    }
    if options.convention.is_revman() {
        without_one_study_heterogeneity(&mut pooled);
    }
    let (yi, vi) = columns(usable);
    let parameters = 1 + usize::from(options.model == Model::Random && !matches!(options.tau2, Tau2Method::Fixed(_)));
    pooled.fit_ml = Some(fit_statistics(&yi, &vi, fit.tau2, parameters, false));
    pooled.fit_reml = Some(fit_statistics(&yi, &vi, fit.tau2, parameters, true));
    pooled
}

/// RevMan prints neither tau2 nor I2 nor a p value of heterogeneity for a single study.
fn without_one_study_heterogeneity(pooled: &mut Pooled) {
    if pooled.k < 2 {
        pooled.tau2 = f64::NAN;
        pooled.se_tau2 = f64::NAN;
        pooled.heterogeneity.p = f64::NAN;
        pooled.heterogeneity.i2_q = f64::NAN;
        pooled.heterogeneity.i2 = f64::NAN;
        pooled.heterogeneity.h2 = f64::NAN;
    }
}

fn place(pooled: &mut Pooled, estimate: f64, inference: Inference) {
    pooled.estimate = estimate;
    pooled.test = inference.test;
    pooled.se = inference.se;
    pooled.ci = inference.ci;
    pooled.stat = inference.stat;
    pooled.df = inference.df;
    pooled.pval = inference.pval;
    pooled.hk_scale = inference.hk_scale;
}

/// A result with study effects and trail, and NaN for all that is not known yet.
fn skeleton(
    dataset: &Dataset,
    options: &Options,
    effects: &[Option<Effect>],
    usable: &[Option<Effect>],
    mut warnings: Vec<String>,
) -> Pooled {
    let k = usable.iter().flatten().count();
    let z = dist::normal_quantile(0.5 + 0.5 * options.level);
    let studies = effects
        .iter()
        .map(|effect| effect.map(|Effect { yi, vi }| StudyEffect { yi, vi, ci: Interval::around(yi, vi.sqrt(), z) }))
        .collect();
    let missing = effects.iter().filter(|effect| effect.is_none()).count();
    if k == 0 {
        warnings.push("no study is estimable".into());
    } else if missing > 0 {
        warnings.push(format!("{missing} of {} studies not estimable", effects.len()));
    }
    Pooled {
        measure: options.measure,
        model: options.model,
        method: options.method,
        tau2_method: (options.model == Model::Random).then(|| options.tau2.short().to_owned()),
        test: options.test,
        level: options.level,
        convention: options.convention,
        k,
        estimate: f64::NAN,
        se: f64::NAN,
        ci: Interval::NONE,
        stat: f64::NAN,
        df: None,
        pval: f64::NAN,
        tau2: if options.model == Model::Common { 0.0 } else { f64::NAN },
        se_tau2: f64::NAN,
        hk_scale: None,
        heterogeneity: Heterogeneity::NONE,
        prediction: None,
        weights_pct: vec![None; effects.len()],
        studies,
        labels: (0..effects.len()).map(|i| dataset.label(i)).collect(),
        fit_ml: None,
        fit_reml: None,
        is_multimodal: false,
        trail: super::rules::trail(dataset, options),
        warnings,
    }
}

/// Returns weights as percentages of their sum.
pub(super) fn percentages(weights: &[Option<f64>]) -> Vec<Option<f64>> {
    let total: f64 = weights.iter().flatten().sum();
    weights.iter().map(|weight| weight.map(|weight| 100.0 * weight / total)).collect()
}

/// Log-likelihood and information criteria at a value of tau2, counted as metafor counts them (`fitstats`).
fn fit_statistics(yi: &[f64], vi: &[f64], tau2: f64, parameters: usize, restricted: bool) -> FitStatistics {
    let space = InterceptOnly { yi, vi };
    let saturated: f64 = vi.iter().map(|v| -0.5 * (2.0 * std::f64::consts::PI * v).ln()).sum();
    information_criteria(space.log_likelihood(tau2, restricted), saturated, yi.len(), 1, parameters, restricted)
}

/// Makes deviance and information criteria from a log-likelihood.
///
/// `saturated` is the log-likelihood of a model with one mean per study; `coefficients` are taken from the number of observations under
/// restricted likelihood.
pub(super) fn information_criteria(
    ll: f64,
    saturated: f64,
    k: usize,
    coefficients: usize,
    parameters: usize,
    restricted: bool,
) -> FitStatistics {
    let n = if restricted { k as f64 - coefficients as f64 } else { k as f64 };
    let m = parameters as f64;
    let effective = n.max(m + 2.0);
    FitStatistics {
        ll,
        deviance: -2.0 * if restricted { ll } else { ll - saturated },
        aic: -2.0 * ll + 2.0 * m,
        bic: -2.0 * ll + m * n.ln(),
        aicc: -2.0 * ll + 2.0 * m * effective / (effective - m - 1.0),
    }
}

fn pool_mantel_haenszel(
    dataset: &Dataset,
    options: &Options,
    effects: &[Option<Effect>],
    usable: &[Option<Effect>],
    warnings: Vec<String>,
) -> Result<Pooled, MetaError> {
    let (effects, usable) = if options.model == Model::Common {
        let effects = measure::effects(&dataset.data, &effects_for_q(options))?;
        let usable: Vec<Option<Effect>> = effects.iter().map(|effect| effect.filter(|effect| effect.vi > 0.0)).collect();
        (effects, usable)
    } else {
        (effects.to_vec(), usable.to_vec())
    };
    let centre = mantel_haenszel(dataset, options)?;
    let (yi, vi) = columns(&usable);
    let q: f64 = yi.iter().zip(&vi).map(|(y, v)| (y - centre.estimate).powi(2) / v).sum();
    if options.model == Model::Random {
        return Ok(random_about(dataset, options, &effects, &usable, &centre, q, warnings));
    }
    let mut pooled = skeleton(dataset, options, &effects, &usable, warnings);
    let entered = centre.weights.iter().flatten().count();
    if entered == 0 {
        return Ok(pooled);
    }
    place(&mut pooled, centre.estimate, fit::infer(centre.estimate, centre.se, None, options.level, Test::Wald, None));
    pooled.k = entered;
    pooled.weights_pct = percentages(&centre.weights);
    let df = yi.len() as f64 - 1.0;
    // A single study is its own centre, also where the pooled estimate does not exist.
    let q = if df < 1.0 { 0.0 } else { q };
    pooled.heterogeneity = Heterogeneity::from_q(q, df.max(0.0), options.level);
    if options.convention.is_revman() {
        without_one_study_heterogeneity(&mut pooled);
        pooled.tau2 = 0.0;
    }
    if pooled.estimate.is_nan() {
        pooled.warnings.push("the Mantel-Haenszel estimate does not exist without a continuity correction".into());
    }
    Ok(pooled)
}

/// Random effects with the heterogeneity statistic centred on the Mantel-Haenszel estimate, as in RevMan 5.
fn random_about(
    dataset: &Dataset,
    options: &Options,
    effects: &[Option<Effect>],
    usable: &[Option<Effect>],
    centre: &MantelHaenszel,
    q: f64,
    warnings: Vec<String>,
) -> Pooled {
    let (yi, vi) = columns(usable);
    let between = if options.tau2 == Tau2Method::DerSimonianLaird && centre.estimate.is_finite() && yi.len() > 1 {
        let moments = InterceptOnly { yi: &yi, vi: &vi }.moments(0.0);
        let df = yi.len() as f64 - 1.0;
        Tau2Estimate { tau2: ((q - df) / moments.trace1).max(0.0), se: f64::NAN, is_multimodal: false }
    } else {
        super::tau2::estimate(&InterceptOnly { yi: &yi, vi: &vi }, options.tau2)
    };
    let fit = fit::fit_at(&yi, &vi, between);
    let q = if centre.estimate.is_finite() && yi.len() > 1 { q } else { fit.q };
    from_fit(dataset, options, effects, usable, fit, q, warnings)
}

fn pool_peto(
    dataset: &Dataset,
    options: &Options,
    effects: &[Option<Effect>],
    usable: &[Option<Effect>],
    warnings: Vec<String>,
) -> Result<Pooled, MetaError> {
    if !matches!(options.measure, EffectMeasure::PetoOddsRatio | EffectMeasure::ObservedMinusExpected) {
        return Err(MetaError::Method { method: "Peto", measure: options.measure.short() });
    }
    if options.model == Model::Random || options.convention != Convention::Metafor {
        let (yi, vi) = columns(usable);
        let fit = fit::fit(&yi, &vi, between_studies(options));
        return Ok(from_fit(dataset, options, effects, usable, fit, fit.q, warnings));
    }
    // rma.peto pools the tables as they are; studies without information count, with a weight of zero.
    let raw = measure::effects(&dataset.data, &Options { correction: options.pooled_correction, ..options.clone() })?;
    let (yi, vi) = columns(&raw);
    let fit = fit::fit(&yi, &vi, None);
    let mut pooled = from_fit(dataset, options, &raw, &raw, fit, fit.q, warnings);
    if fit.k > 1 {
        // Degrees of freedom count the studies with an effect after their correction.
        let drop_double_zero = Some(options.correction.drops(true));
        let counted = Options { correction: Correction { drop_double_zero, ..options.correction }, ..options.clone() };
        let counted = measure::effects(&dataset.data, &counted)?.into_iter().flatten().count();
        pooled.heterogeneity = Heterogeneity::from_q(fit.q, (counted as f64 - 1.0).max(0.0), options.level);
    }
    if let (StudyData::TwoByTwo(rows), true) = (&dataset.data, fit.k > 0) {
        for (weight, row) in pooled.weights_pct.iter_mut().zip(rows) {
            if weight.is_none() && row.is_valid() && !(options.pooled_correction.drops(false) && row.is_double_zero()) {
                *weight = Some(0.0);
                pooled.k += 1;
            }
        }
    }
    Ok(pooled)
}
