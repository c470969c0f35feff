//! Meta-regression.

use serde_json::{Map, Value};
use tamis::meta::{Dataset, Formula, Model, Moderator, regress_formula};

use super::Outcome;
use super::data::{Reference, Table, given};
use super::json as write;
use super::pooling;

/// Reads the formula of a case and adds the moderators that it names to the dataset; `None` when it needs what the engine lacks.
pub fn formula(case: &Value, table: &Table, dataset: &mut Dataset) -> Option<Formula> {
    let text = write::option_text(case, "formula")?;
    let formula = match Formula::parse(text) {
        Ok(formula) => formula,
        Err(error) => {
            println!("unsupported formula: {error}");
            return None;
        }
    };
    for name in formula.variables() {
        let texts = table.texts(&name)?;
        let are_numbers = texts.iter().filter(|cell| !cell.is_empty()).all(|cell| cell.parse::<f64>().is_ok());
        dataset.moderators.push(if are_numbers {
            Moderator::Number { values: table.numbers(&name)?, name }
        } else {
            Moderator::Factor { values: texts.iter().map(|cell| (!cell.is_empty()).then(|| cell.clone())).collect(), name }
        });
    }
    Some(formula)
}

/// Kind `mods`.
pub fn moderators(case: &Value, reference: &Reference) -> Outcome {
    let options = pooling::full_options(case)?;
    let mut dataset = reference.dataset(case, options.measure)?;
    let formula = formula(case, reference.table(case)?, &mut dataset)?;
    let fitted = given(regress_formula(&dataset, &options, &formula))?;
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
    let text = write::option_text(case, "formula")?;
    let names: Vec<Value> = fitted.coefficients.iter().map(|c| Value::String(name_in_r(&c.name, text))).collect();
    result.insert("names".into(), Value::Array(names));
    result.insert("coef".into(), write::list(fitted.coefficients.iter().map(|c| c.estimate)));
    result.insert("se".into(), write::list(fitted.coefficients.iter().map(|c| c.se)));
    result.insert("stat".into(), write::list(fitted.coefficients.iter().map(|c| c.stat)));
    result.insert("pval".into(), write::list(fitted.coefficients.iter().map(|c| c.pval)));
    result.insert("ci_lb".into(), write::list(fitted.coefficients.iter().map(|c| c.ci.lower)));
    result.insert("ci_ub".into(), write::list(fitted.coefficients.iter().map(|c| c.ci.upper)));
    result.insert("vcov".into(), Value::Array(fitted.covariance.iter().map(|row| write::list(row.iter().copied())).collect()));
    result.insert("fit".into(), pooling::fit(&fitted.fit_ml, &fitted.fit_reml));
    if let Some(rows) = new_rows(case, formula.has_intercept()) {
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

/// Rows to predict at, with a 1 for the intercept where there is one.
fn new_rows(case: &Value, has_intercept: bool) -> Option<Vec<Vec<f64>>> {
    let rows = case.get("options")?.get("newmods")?.as_array()?;
    Some(
        rows.iter()
            .map(|row| {
                let values = row.as_array().map_or_else(|| vec![row.as_f64()], |items| items.iter().map(Value::as_f64).collect());
                has_intercept.then_some(1.0).into_iter().chain(values.into_iter().flatten()).collect()
            })
            .collect(),
    )
}

/// R writes `factor(alloc)random:year` for `alloc: random x year`.
fn name_in_r(name: &str, formula: &str) -> String {
    if name == "intercept" {
        return "intrcpt".into();
    }
    let part = |part: &str| match part.split_once(": ") {
        Some((factor, level)) if formula.contains(&format!("factor({factor})")) => format!("factor({factor}){level}"),
        Some((factor, level)) => format!("{factor}{level}"),
        None => part.to_owned(),
    };
    name.split(" x ").map(part).collect::<Vec<_>>().join(":")
}
