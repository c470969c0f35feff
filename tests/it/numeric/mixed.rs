//! Generalised linear mixed models.

use serde_json::{Map, Value};
use tamis::meta::glmm::{StudyLikelihood, glmm};
use tamis::meta::{EffectMeasure, Model, Options, StudyData, fit, measure};

use super::Outcome;
use super::data::{self, Reference, given};
use super::json as write;

/// Where metafor's exact conditional model lost digits: it takes second derivatives numerically from a likelihood that is good to 1e-10.
///
/// The numbers here were summed up in R over all tables with the same margins (`lchoose`, no approximation); estimates and likelihoods
/// of both agree. Where a standard error is noisy, so are the interval and the p value that follow from it.
const SUMMED_DIRECTLY: [(&str, &str, f64); 6] = [
    ("bcg/glmm/OR/RE/CM.EL-ML/z/nAGQ7", "QE_Wld", 163.089478561),
    ("bcg/glmm/OR/CE/CM.EL-EE/z", "QE_Wld", 163.089478561),
    ("yusuf1985_t6/glmm/OR/CE/CM.EL-EE/z", "QE_Wld", 7.64751965595),
    ("yusuf1985_t6/glmm/OR/CE/CM.EL-EE/z", "se", 0.119333958796),
    ("yusuf1985_t9/glmm/OR/CE/CM.EL-EE/z", "QE_Wld", 10.0144880367),
    ("yusuf1985_t9/glmm/OR/CE/CM.EL-EE/z", "se", 0.10260787531),
];

/// Compares noisy fields with the direct sums and then takes them out of the comparison with metafor.
fn set_aside(result: &mut Map<String, Value>, case: &Value) {
    for (id, field, exact) in SUMMED_DIRECTLY {
        if write::text(case, "id") != id {
            continue;
        }
        let got = result[field].as_f64().unwrap_or(f64::NAN);
        assert!((got / exact - 1.0).abs() < 1e-9, "{id} {field}: {got} for {exact}");
        let follow: &[&str] = if field == "se" { &["se", "ci_lb", "ci_ub", "pval"] } else { &[field] };
        for field in follow {
            println!("set aside: {id} {field}, got {}, reference {}", result[*field], case["result"][field]);
            result.insert((*field).to_owned(), case["result"][field].clone());
        }
    }
}

/// Kind `glmm`: fixed study effects, approximate and exact conditional, one-group proportions. Random study effects are not there.
pub fn mixed_model(case: &Value, reference: &Reference) -> Outcome {
    let kind: EffectMeasure = write::text(case, "measure").parse().ok()?;
    let dataset = reference.dataset(case, kind)?;
    let method = write::text(case, "method");
    let conditional = method.starts_with("CM");
    let studies: Vec<Option<StudyLikelihood>> = match &dataset.data {
        StudyData::TwoByTwo(_) if method.starts_with("UM.RS") => return None,
        StudyData::TwoByTwo(rows) if method.starts_with("CM.EL") => {
            rows.iter().map(|row| StudyLikelihood::exact_conditional(*row)).collect()
        }
        StudyData::TwoByTwo(rows) if conditional => rows.iter().map(|row| StudyLikelihood::conditional(*row)).collect(),
        StudyData::TwoByTwo(rows) => rows.iter().map(|row| StudyLikelihood::two_groups(*row)).collect(),
        StudyData::TwoRates(rows) if conditional => rows.iter().map(|row| StudyLikelihood::conditional_rates(*row)).collect(),
        StudyData::TwoRates(rows) => rows.iter().map(|row| StudyLikelihood::two_rates(*row)).collect(),
        StudyData::OneProportion(rows) => rows.iter().map(|row| StudyLikelihood::proportion(*row)).collect(),
        _ => return None,
    };
    let model = if write::text(case, "model") == "CE" { Model::Common } else { Model::Random };
    let found = given(glmm(&studies, model, data::level(case)))?;
    // metafor takes the typical sampling variance of I2 from the usual study effects.
    let mut options = Options::new(kind);
    options.correction.drop_double_zero = Some(true);
    let (yi, vi): (Vec<f64>, Vec<f64>) =
        measure::effects(&dataset.data, &options).ok()?.into_iter().flatten().map(|effect| (effect.yi, effect.vi)).unzip();
    let typical = fit::fit(&yi, &vi, None).typical_variance;
    let i = &found.inference;
    // With quadrature by lme4, metafor sets `ll` from the saturated model and the conditional deviance, not from the marginal likelihood.
    let is_by_lme4 = model == Model::Random && !(method.starts_with("CM.EL") && matches!(dataset.data, StudyData::TwoByTwo(_)));
    let log_likelihood = if is_by_lme4 { found.saturated_log_likelihood - 0.5 * found.conditional_deviance } else { found.log_likelihood };
    let mut result = write::object(&[
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
    ]);
    set_aside(&mut result, case);
    Some(Value::Object(result))
}
