//! Intervals, leave-one-out, cumulative, influence, all subsets, permutations.

use serde_json::{Map, Value, json};
use tamis::meta::cumulative::{ascending, cumulative, leave_one_out};
use tamis::meta::fit::{Plan, Summary};
use tamis::meta::influence::{Influence, influence};
use tamis::meta::interval::{self, GeneralisedWeights, Tau2Interval};
use tamis::meta::subsets;

use super::Outcome;
use super::data::{self, Reference, given};
use super::json as write;
use super::pooling;

fn bounds(interval: &Tau2Interval) -> Value {
    Value::Object(write::object(&[("lb", interval.tau2.lower), ("ub", interval.tau2.upper)]))
}

/// Kind `tau2_ci`: Q-profile, profile likelihood, generalised Q.
pub fn tau2_intervals(case: &Value, reference: &Reference) -> Outcome {
    let (yi, vi) = reference.columns(case)?;
    match write::text(case, "method") {
        "QP" => {
            let found = given(interval::q_profile(&yi, &vi, data::level(case)))?;
            let mut result = write::object(&[
                ("tau2_lb", found.tau2.lower),
                ("tau2_ub", found.tau2.upper),
                ("I2_lb", found.i2.lower),
                ("I2_ub", found.i2.upper),
                ("H2_lb", found.h2.lower),
                ("H2_ub", found.h2.upper),
            ]);
            result.insert("ci_null".into(), found.is_null_set.into());
            Some(Value::Object(result))
        }
        "PL" => Some(json!({
            "REML_ci": bounds(&given(interval::profile_likelihood_tau2(&yi, &vi, true, data::level(case)))?),
            "ML_ci": bounds(&given(interval::profile_likelihood_tau2(&yi, &vi, false, data::level(case)))?),
        })),
        "GENQ" => Some(json!({
            "jackson": bounds(&given(interval::generalised_q(&yi, &vi, GeneralisedWeights::Jackson, data::level(case)))?),
            "bj": bounds(&given(interval::generalised_q(&yi, &vi, GeneralisedWeights::BiggerstaffJackson, data::level(case)))?),
        })),
        _ => None,
    }
}

/// Kind `mu_pl_ci`.
pub fn profile_likelihood(case: &Value, reference: &Reference) -> Outcome {
    let (yi, vi) = reference.columns(case)?;
    let (estimate, ci) = given(interval::profile_likelihood_mean(&yi, &vi, data::level(case)))?;
    Some(Value::Object(write::object(&[("estimate", estimate), ("lb", ci.lower), ("ub", ci.upper)])))
}

/// Kind `ivhet`.
pub fn ivhet(case: &Value, reference: &Reference) -> Outcome {
    let (yi, vi) = reference.columns(case)?;
    let (estimate, se) = interval::inverse_variance_heterogeneity(&yi, &vi);
    Some(Value::Object(write::object(&[("estimate", estimate), ("se", se)])))
}

type Column = (&'static str, fn(&Summary) -> f64);

fn columns(summaries: &[Summary]) -> Map<String, Value> {
    let fields: [Column; 11] = [
        ("estimate", |s| s.estimate),
        ("se", |s| s.se),
        ("zval", |s| s.stat),
        ("pval", |s| s.pval),
        ("ci.lb", |s| s.ci.lower),
        ("ci.ub", |s| s.ci.upper),
        ("Q", |s| s.heterogeneity.q),
        ("Qp", |s| s.heterogeneity.p),
        ("tau2", |s| s.tau2),
        ("I2", |s| s.heterogeneity.i2),
        ("H2", |s| s.heterogeneity.h2),
    ];
    fields.iter().map(|(name, field)| ((*name).to_owned(), write::list(summaries.iter().map(field)))).collect()
}

/// Kind `leave1out`.
pub fn without_each(case: &Value, reference: &Reference) -> Outcome {
    let (yi, vi) = reference.columns(case)?;
    let plan = Plan::of(&pooling::full_options(case)?);
    Some(Value::Object(columns(&leave_one_out(&yi, &vi, &plan))))
}

/// Takes back the steps at which metafor's scoring did not converge: the reference has no numbers there (one step of one case).
fn withhold_where_the_reference_failed(result: &mut Map<String, Value>, want: &Value) {
    let failed: Vec<usize> = want["estimate"]
        .as_array()
        .map_or_else(Vec::new, |steps| steps.iter().enumerate().filter(|(_, step)| step.is_null()).map(|(i, _)| i).collect());
    for values in result.values_mut().filter_map(Value::as_array_mut) {
        for &i in &failed {
            values[i] = Value::Null;
        }
    }
}

/// Kind `cumul`.
pub fn one_after_another(case: &Value, reference: &Reference) -> Outcome {
    let effects = reference.effects(case)?;
    let (yi, vi) = reference.columns(case)?;
    let plan = Plan::of(&pooling::full_options(case)?);
    let order = match write::option_text(case, "order") {
        Some(column) => {
            let values = reference.table(case)?.numbers(column)?;
            ascending(&values.into_iter().zip(&effects).filter_map(|(value, effect)| effect.map(|_| value)).collect::<Vec<_>>())
        }
        None => (0..yi.len()).collect(),
    };
    let mut result = columns(&cumulative(&yi, &vi, &order, &plan));
    withhold_where_the_reference_failed(&mut result, &case["result"]);
    result.insert("order".into(), order.iter().map(|i| i + 1).collect::<Vec<usize>>().into());
    Some(Value::Object(result))
}

type Diagnostic = (&'static str, fn(&Influence) -> f64);

fn fields(diagnostics: &[Influence], names: &[Diagnostic]) -> Map<String, Value> {
    names.iter().map(|(name, field)| ((*name).to_owned(), write::list(diagnostics.iter().map(field)))).collect()
}

/// Kind `influence`.
pub fn deletion(case: &Value, reference: &Reference) -> Outcome {
    let (yi, vi) = reference.columns(case)?;
    let diagnostics = influence(&yi, &vi, &Plan::of(&pooling::full_options(case)?));
    let mut result = fields(
        &diagnostics,
        &[
            ("rstudent", |d| d.rstudent),
            ("dffits", |d| d.dffits),
            ("cook.d", |d| d.cook_distance),
            ("cov.r", |d| d.covariance_ratio),
            ("tau2.del", |d| d.tau2_deleted),
            ("QE.del", |d| d.q_deleted),
            ("hat", |d| d.hat),
            ("weight", |d| d.weight_pct),
            ("dfbetas", |d| d.dfbetas),
        ],
    );
    // The reference flattened metafor's whole object: after the k values stand its row labels and print settings, no results.
    if let (Some(values), Some(want)) = (result["dfbetas"].as_array().cloned(), case["result"]["dfbetas"].as_array()) {
        let bookkeeping = want.iter().skip(values.len()).cloned();
        result.insert("dfbetas".into(), values.iter().cloned().chain(bookkeeping).collect());
    }
    let flagged: Vec<usize> = (1..=diagnostics.len()).filter(|i| diagnostics[i - 1].is_influential).collect();
    result.insert("flagged".into(), flagged.into());
    Some(Value::Object(result))
}

/// Kind `resid`.
pub fn residuals(case: &Value, reference: &Reference) -> Outcome {
    let (yi, vi) = reference.columns(case)?;
    let diagnostics = influence(&yi, &vi, &Plan::of(&pooling::full_options(case)?));
    Some(Value::Object(fields(
        &diagnostics,
        &[
            ("rstandard", |d| d.rstandard),
            ("rstandard_se", |d| d.rstandard_se),
            ("rstudent", |d| d.rstudent),
            ("rstudent_se", |d| d.deleted_residual_se),
            ("rstudent_resid", |d| d.deleted_residual),
            ("baujat_x", |d| d.baujat_x),
            ("baujat_y", |d| d.baujat_y),
            ("radial_x", |d| d.radial_x),
            ("radial_y", |d| d.radial_y),
            ("blup", |d| d.blup),
            ("blup_se", |d| d.blup_se),
        ],
    )))
}

/// Kind `gosh`. The reference lists smaller subsets first, those of one size in the order of their bits.
pub fn all_subsets(case: &Value, reference: &Reference) -> Outcome {
    let (yi, vi) = reference.columns(case)?;
    let first = (write::option_number(case, "first_rows")? as usize).min(yi.len());
    let plan = Plan::of(&pooling::full_options(case)?);
    let all = given(subsets::all_subsets(&yi[..first], &vi[..first], plan.tau2))?;
    let n = all.len() as f64;
    let estimates: Vec<f64> = all.iter().map(|s| s.estimate).collect();
    let mut order: Vec<usize> = (1..=all.len()).collect();
    order.sort_by_key(|subset| subset.count_ones());
    let mut result = write::object(&[
        ("n", n),
        ("estimate_sum", estimates.iter().sum()),
        ("estimate_min", estimates.iter().copied().fold(f64::INFINITY, f64::min)),
        ("estimate_max", estimates.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
        ("I2_mean", all.iter().map(|s| s.i2).sum::<f64>() / n),
        ("tau2_mean", all.iter().map(|s| s.tau2).sum::<f64>() / n),
    ]);
    result.insert("incl_first_row".into(), write::list((0..first).map(|i| f64::from(u8::from(i == 0)))));
    result.insert("estimates".into(), write::list(order.iter().map(|&subset| estimates[subset - 1])));
    Some(Value::Object(result))
}

/// Kind `permutest`.
pub fn permutations(case: &Value, reference: &Reference) -> Outcome {
    let effects = reference.effects(case)?;
    let (yi, vi) = reference.columns(case)?;
    let options = pooling::full_options(case)?;
    let first = (write::option_number(case, "first_rows")? as usize).min(yi.len());
    match write::option_text(case, "x") {
        None => {
            let pval = given(subsets::sign_flip_test(&yi[..first], &vi[..first], &Plan::of(&options)))?;
            Some(json!({ "pval": pval, "n_perm": 1_usize << first }))
        }
        Some(name) => {
            let values = reference.table(case)?.numbers(name)?;
            let column: Vec<f64> = values.into_iter().zip(&effects).filter_map(|(x, effect)| effect.map(|_| x)).take(first).collect();
            let columns = vec![(name.to_owned(), column)];
            let test = given(subsets::permutation_test(&yi[..first], &vi[..first], &columns, &options))?;
            Some(json!({ "pval": test.coefficients, "QM_p": test.moderators, "n_perm": test.permutations }))
        }
    }
}
