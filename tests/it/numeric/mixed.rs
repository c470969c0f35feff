//! Generalised linear mixed models.

use serde_json::Value;
use tamis::meta::glmm::{StudyLikelihood, glmm};
use tamis::meta::{EffectMeasure, Model, Options, StudyData, fit, measure};

use super::Outcome;
use super::data::Reference;
use super::json as write;

/// Kind `glmm`: fixed study effects, approximate conditional, exact conditional for rates, one-group proportions.
///
/// The exact conditional model of events (noncentral hypergeometric) and random study effects are not there.
pub fn mixed_model(case: &Value, reference: &Reference) -> Outcome {
    let kind: EffectMeasure = write::text(case, "measure").parse().ok()?;
    let dataset = reference.dataset(case, kind)?;
    let method = write::text(case, "method");
    let conditional = method.starts_with("CM");
    let studies: Vec<Option<StudyLikelihood>> = match &dataset.data {
        StudyData::TwoByTwo(_) if method.starts_with("CM.EL") || method.starts_with("UM.RS") => return None,
        StudyData::TwoByTwo(rows) if conditional => rows.iter().map(|row| StudyLikelihood::conditional(*row)).collect(),
        StudyData::TwoByTwo(rows) => rows.iter().map(|row| StudyLikelihood::two_groups(*row)).collect(),
        StudyData::TwoRates(rows) if conditional => rows.iter().map(|row| StudyLikelihood::conditional_rates(*row)).collect(),
        StudyData::TwoRates(rows) => rows.iter().map(|row| StudyLikelihood::two_rates(*row)).collect(),
        StudyData::OneProportion(rows) => rows.iter().map(|row| StudyLikelihood::proportion(*row)).collect(),
        _ => return None,
    };
    let model = if write::text(case, "model") == "CE" { Model::Common } else { Model::Random };
    let found = glmm(&studies, model, 0.95).ok()?;
    // metafor takes the typical sampling variance of I2 from the usual study effects.
    let mut options = Options::new(kind);
    options.correction.drop_double_zero = Some(true);
    let (yi, vi): (Vec<f64>, Vec<f64>) =
        measure::effects(&dataset.data, &options).ok()?.into_iter().flatten().map(|effect| (effect.yi, effect.vi)).unzip();
    let typical = fit::fit(&yi, &vi, None).typical_variance;
    let i = &found.inference;
    // With quadrature, metafor sets `ll` from the saturated model and lme4's conditional deviance, not from the marginal likelihood.
    let log_likelihood =
        if model == Model::Common { found.log_likelihood } else { found.saturated_log_likelihood - 0.5 * found.conditional_deviance };
    Some(Value::Object(write::object(&[
        ("k", found.k as f64),
        ("estimate", found.estimate),
        ("se", i.se),
        ("ci_lb", i.ci.lower),
        ("ci_ub", i.ci.upper),
        ("pval", i.pval),
        ("tau2", found.tau2),
        ("sigma2", f64::NAN),
        ("I2", 100.0 * found.tau2 / (found.tau2 + typical)),
        ("QE_Wld", found.q_wald),
        ("QE_LRT", found.q_lrt),
        ("QE_df", found.q_df),
        ("ll", log_likelihood),
    ])))
}
