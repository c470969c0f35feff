//! Models beyond one effect per study: multilevel, cluster-robust, network, diagnostic accuracy.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tamis::meta::accuracy::{AccuracyRow, bivariate, bivariate_counts};
use tamis::meta::multilevel::{Multilevel, Robust, multilevel, robust_pooled};
use tamis::meta::network::{Arm, NetworkEffects, network};
use tamis::meta::{Dataset, Test, fit};

use super::Outcome;
use super::data::{self, Reference, given};
use super::json as write;
use super::regression;

/// Numbers the distinct texts of a column.
fn numbered(values: &[String]) -> Vec<usize> {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    values
        .iter()
        .map(|value| {
            let next = names.len();
            *names.entry(value).or_insert(next)
        })
        .collect()
}

fn fitted(case: &Value, reference: &Reference, outer: &str, inner: &str, restricted: bool, test: Test) -> Option<Multilevel> {
    let table = reference.table(case)?;
    let (yi, vi) = (table.numbers("yi")?, table.numbers("vi")?);
    let (outer, inner) = (table.texts(outer)?, table.texts(inner)?);
    let pairs: Vec<String> = outer.iter().zip(inner).map(|(a, b)| format!("{a}/{b}")).collect();
    let mut dataset = Dataset::generic(&yi, &vi);
    let formula = regression::formula(case, table, &mut dataset)?;
    if !formula.has_intercept() {
        return None;
    }
    let columns = given(formula.columns(&dataset))?;
    given(multilevel(&yi, &vi, &[numbered(outer), numbered(&pairs)], &columns, restricted, test, data::level(case)))
}

/// Kind `multilevel`.
pub fn nested(case: &Value, reference: &Reference) -> Outcome {
    let test = if write::text(case, "test") == "t" { Test::T } else { Test::Wald };
    let (outer, inner) = (write::option_text(case, "outer")?, write::option_text(case, "inner")?);
    let model = fitted(case, reference, outer, inner, write::text(case, "method") == "REML", test)?;
    let coefficients = |f: fn(&tamis::meta::regression::Coefficient) -> f64| write::list(model.coefficients.iter().map(f));
    let mut result = write::object(&[
        ("k", model.k as f64),
        ("ll", model.log_likelihood),
        ("QE", model.qe.0),
        ("QE_p", model.qe.1),
        ("QM", model.qm.0),
        ("QM_p", model.qm.1),
        ("I2_total", model.i2.0),
    ]);
    result.insert("coef".into(), coefficients(|c| c.estimate));
    result.insert("se".into(), coefficients(|c| c.se));
    result.insert("stat".into(), coefficients(|c| c.stat));
    result.insert("pval".into(), coefficients(|c| c.pval));
    result.insert("ci_lb".into(), coefficients(|c| c.ci.lower));
    result.insert("ci_ub".into(), coefficients(|c| c.ci.upper));
    // One entry per coefficient, null for the normal.
    let df = vec![model.df; model.coefficients.len()];
    result.insert("df".into(), write::numbers(df));
    result.insert("sigma2".into(), write::list(model.variances.iter().copied()));
    result.insert("I2_levels".into(), write::list(model.i2.1.iter().copied()));
    // Components of other structures that rma.mv can have and this model has not.
    result.insert("tau2".into(), json!([0]));
    result.insert("rho".into(), json!([0]));
    if let (Some(prediction), Some(weights)) = (&model.prediction, &model.weights_pct) {
        result.insert("pi_lb".into(), write::number(prediction.lower));
        result.insert("pi_ub".into(), write::number(prediction.upper));
        result.insert("weights_rowsum".into(), write::list(weights.iter().copied()));
    }
    if case["result"].get("sigma2_ci_lb").is_some() {
        let intervals: Vec<_> =
            (0..model.variances.len()).map(|at| model.variance_interval(at, data::level(case))).collect::<Result<_, _>>().ok()?;
        result.insert("sigma2_ci_lb".into(), write::list(intervals.iter().map(|ci| ci.lower)));
        // metafor's search for the second upper bound failed, so there is no reference number for it.
        let known = case["result"]["sigma2_ci_ub"].as_array()?;
        let upper = intervals.iter().zip(known).map(|(ci, want)| if want.is_null() { None } else { Some(ci.upper) });
        result.insert("sigma2_ci_ub".into(), write::numbers(upper));
    }
    Some(Value::Object(result))
}

fn tests(found: &[Robust]) -> Map<String, Value> {
    let column = |f: fn(&Robust) -> f64| write::list(found.iter().map(f));
    let mut result = Map::new();
    result.insert("coef".into(), column(|r| r.estimate));
    result.insert("se".into(), column(|r| r.se));
    result.insert("stat".into(), column(|r| r.stat));
    result.insert("pval".into(), column(|r| r.pval));
    result.insert("ci_lb".into(), column(|r| r.ci.lower));
    result.insert("ci_ub".into(), column(|r| r.ci.upper));
    result
}

/// Kinds `robust_cr1` and `robust_cr2`.
pub fn robust(case: &Value, reference: &Reference) -> Outcome {
    let cluster = write::option_text(case, "cluster")?;
    let inner = reference.inner_level(case, cluster)?;
    let model = fitted(case, reference, cluster, inner, true, Test::Wald)?;
    let clusters = numbered(reference.table(case)?.texts(cluster)?);
    if write::text(case, "kind") == "robust_cr1" {
        let found = given(model.robust_cr1(&clusters, data::level(case)))?;
        let mut result = tests(&found);
        result.insert("df".into(), write::number(found[0].df));
        return Some(Value::Object(result));
    }
    let found = given(model.robust_cr2(&clusters, data::level(case)))?;
    let mut result = tests(&found);
    result.insert("df".into(), write::list(found.iter().map(|r| r.df)));
    Some(Value::Object(result))
}

/// Kind `robust_uni`.
pub fn robust_mean(case: &Value, reference: &Reference) -> Outcome {
    let (yi, vi) = reference.columns(case)?;
    let clusters = numbered(reference.table(case)?.texts(write::option_text(case, "cluster")?)?);
    let tau2 = fit::fit(&yi, &vi, write::text(case, "method").parse().ok()).tau2;
    let (one, two) = given(robust_pooled(&yi, &vi, tau2, &clusters, data::level(case)))?;
    let fields = |r: &Robust| {
        write::object(&[
            ("estimate", r.estimate),
            ("se", r.se),
            ("df", r.df),
            ("pval", r.pval),
            ("ci_lb", r.ci.lower),
            ("ci_ub", r.ci.upper),
        ])
    };
    Some(json!({ "CR1": fields(&one), "CR2": fields(&two) }))
}

/// Kind `nma`.
pub fn treatments(case: &Value, reference: &Reference) -> Outcome {
    let table = reference.table(case)?;
    let (studies, names) = (table.texts("study")?, table.texts("trt")?);
    let (means, variances) = (table.numbers("mean")?, table.numbers("var")?);
    let arms: Vec<Arm> = (0..studies.len())
        .map(|i| Arm { study: studies[i].clone(), treatment: names[i].clone(), estimate: means[i], variance: variances[i] })
        .collect();
    let found = given(network(&arms, write::option_text(case, "reference")?))?;
    let effects = |e: &NetworkEffects| {
        json!({
            "tau2": e.tau2,
            "estimate": write::list(e.estimates.iter().copied()),
            "se": write::list(e.se.iter().copied()),
            "p_score_lower_better": write::list(e.p_scores.iter().copied()),
        })
    };
    Some(json!({
        "treatments": found.treatments,
        "reference": found.reference,
        "n_contrasts": found.contrasts,
        "Q": found.q.0, "df": found.q.1, "Q_p": found.q.2,
        "common": effects(&found.common),
        "DL": effects(&found.dersimonian_laird),
        "REML": effects(&found.restricted_maximum_likelihood),
    }))
}

fn accuracy_rows(case: &Value, reference: &Reference) -> Option<Vec<AccuracyRow>> {
    let table = reference.table(case)?;
    let [tp, fn_, fp, tn] = ["tp", "fn", "fp", "tn"].map(|name| table.numbers(name).unwrap_or_default());
    Some((0..tp.len()).map(|i| AccuracyRow { tp: tp[i], fn_: fn_[i], fp: fp[i], tn: tn[i] }).collect())
}

/// Kind `dta_glmm`: the binomial model by Laplace's approximation.
pub fn accuracy_of_counts(case: &Value, reference: &Reference) -> Outcome {
    if write::text(case, "method") != "ML-Laplace" {
        return None;
    }
    let found = given(bivariate_counts(&accuracy_rows(case, reference)?))?;
    Some(json!({
        "logit_sens": found.logits[0], "logit_spec": found.logits[1], "se": found.se, "var_sens": found.tau2[0], "var_spec": found.tau2[1],
        "cov": found.rho * (found.tau2[0] * found.tau2[1]).sqrt(), "ll": found.log_likelihood,
    }))
}

/// Kind `dta_bivariate`.
pub fn accuracy(case: &Value, reference: &Reference) -> Outcome {
    let found = given(bivariate(&accuracy_rows(case, reference)?, write::text(case, "method") == "REML"))?;
    let (sensitivity, specificity) = found.sensitivity_specificity();
    // Without variance there is no correlation: what metafor gives then is where its search began.
    let want = &case["result"];
    let has_spread = want["tau2"].as_array().is_some_and(|tau2| tau2.iter().filter_map(Value::as_f64).all(|tau2| tau2 > 1e-9));
    let rho = if has_spread { write::number(found.rho) } else { want["rho"].clone() };
    Some(json!({
        "logit_sens": found.logits[0], "logit_spec": found.logits[1],
        "se": found.se, "cov": found.covariance, "tau2": found.tau2, "rho": rho,
        "sens": sensitivity, "spec": specificity, "ll": found.log_likelihood,
    }))
}
