//! Meta-regression.

use serde_json::{Map, Value};
use tamis::meta::{Model, Moderator, Term, regress};

use super::Outcome;
use super::data::Reference;
use super::json as write;
use super::pooling;

/// Kind `mods`.
pub fn moderators(case: &Value, reference: &Reference) -> Outcome {
    let options = pooling::full_options(case)?;
    let table = reference.table(case)?;
    let mut dataset = reference.dataset(case, options.measure)?;
    let mut formula = write::option_text(case, "formula")?.to_owned();
    // R marks factors in the formula; here the column itself is one.
    while let Some(start) = formula.find("factor(") {
        let end = start + formula[start..].find(')')?;
        let name = formula[start + 7..end].to_owned();
        let values = table.texts(&name)?.iter().map(|cell| (!cell.is_empty()).then(|| cell.clone())).collect();
        dataset.moderators.push(Moderator::Factor { name: name.clone(), values });
        formula.replace_range(start..=end, &name);
    }
    let terms = Term::parse_list(&formula);
    for term in &terms {
        let names = match term {
            Term::Main(name) => vec![name],
            Term::Interaction(a, b) => vec![a, b],
        };
        for name in names {
            if dataset.moderators.iter().all(|moderator| moderator.name() != name) {
                dataset.moderators.push(Moderator::Number { name: name.clone(), values: table.numbers(name)? });
            }
        }
    }
    let fitted = regress(&dataset, &options, &terms).ok()?;
    let mut result = write::object(&[
        ("k", fitted.k as f64),
        ("p", fitted.p as f64),
        ("tau2", fitted.tau2),
        ("se_tau2", fitted.se_tau2),
        ("I2", fitted.i2),
        ("H2", fitted.h2),
        ("R2", fitted.r2),
        ("QE", fitted.qe),
        ("QE_df", fitted.qe_df),
        ("QE_p", fitted.qe_p),
        ("QM", fitted.qm),
        ("QM_df1", fitted.qm_df1),
        ("QM_df2", fitted.qm_df2.unwrap_or(f64::NAN)),
        ("QM_p", fitted.qm_p),
    ]);
    let names: Vec<Value> = fitted.coefficients.iter().map(|c| Value::String(name_in_r(&c.name))).collect();
    result.insert("names".into(), Value::Array(names));
    result.insert("coef".into(), write::list(fitted.coefficients.iter().map(|c| c.estimate)));
    result.insert("se".into(), write::list(fitted.coefficients.iter().map(|c| c.se)));
    result.insert("stat".into(), write::list(fitted.coefficients.iter().map(|c| c.stat)));
    result.insert("pval".into(), write::list(fitted.coefficients.iter().map(|c| c.pval)));
    result.insert("ci_lb".into(), write::list(fitted.coefficients.iter().map(|c| c.ci.lower)));
    result.insert("ci_ub".into(), write::list(fitted.coefficients.iter().map(|c| c.ci.upper)));
    result.insert("vcov".into(), Value::Array(fitted.covariance.iter().map(|row| write::list(row.iter().copied())).collect()));
    result.insert("fit".into(), pooling::fit(&fitted.fit_ml, &fitted.fit_reml));
    if let Some(rows) = new_rows(case) {
        let predictions: Vec<_> = rows.iter().map(|row| fitted.predict(row)).collect();
        let mut predict = Map::new();
        predict.insert("pred".into(), write::list(predictions.iter().map(|p| p.estimate)));
        predict.insert("se".into(), write::list(predictions.iter().map(|p| p.se)));
        predict.insert("ci_lb".into(), write::list(predictions.iter().map(|p| p.ci.lower)));
        predict.insert("ci_ub".into(), write::list(predictions.iter().map(|p| p.ci.upper)));
        if options.model == Model::Random {
            predict.insert("pi_lb".into(), write::list(predictions.iter().map(|p| p.pi.lower)));
            predict.insert("pi_ub".into(), write::list(predictions.iter().map(|p| p.pi.upper)));
            predict.insert("pi_riley_lb".into(), write::list(predictions.iter().map(|p| p.pi_riley.lower)));
            predict.insert("pi_riley_ub".into(), write::list(predictions.iter().map(|p| p.pi_riley.upper)));
        }
        result.insert("predict".into(), Value::Object(predict));
    }
    Some(Value::Object(result))
}

/// Rows to predict at, with a 1 for the intercept.
fn new_rows(case: &Value) -> Option<Vec<Vec<f64>>> {
    let rows = case.get("options")?.get("newmods")?.as_array()?;
    Some(
        rows.iter()
            .map(|row| {
                let values = row.as_array().map_or_else(|| vec![row.as_f64()], |items| items.iter().map(Value::as_f64).collect());
                std::iter::once(1.0).chain(values.into_iter().flatten()).collect()
            })
            .collect(),
    )
}

fn name_in_r(name: &str) -> String {
    if name == "intercept" {
        return "intrcpt".into();
    }
    match name.split_once(": ") {
        Some((factor, level)) => format!("factor({factor}){level}"),
        None => name.replace(" x ", ":"),
    }
}
