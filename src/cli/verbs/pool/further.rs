//! What can be asked beside the pooled estimate: regression, sensitivity, influence.

use serde_json::{Value, json};

use super::section::{Effects, Section};
use crate::cli::json::number;
use crate::cli::output::Table;
use crate::figure::number::{estimate, fixed, i_squared, p_value, p_value_bare};
use crate::meta::{
    Dataset, Formula, MetaError, Options, cumulative as orders, influence as diagnostics, pool_subgroups_common_tau2, regress_formula,
};

/// Pools again without each study in turn.
///
/// # Errors
/// None at present.
pub fn leave_one_out(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let summaries = orders::leave_one_out(&effects.yi, &effects.vi, &effects.plan);
    let rows = summaries.into_iter().enumerate().map(|(at, summary)| (effects.label(at), summary)).collect();
    Ok(effects.series("leave_one_out", "Leave one out", "without", rows))
}

/// Pools the first study, the first two, and so on, in ascending order of a number of each study of the dataset.
///
/// # Errors
/// None at present.
pub fn cumulative(effects: &Effects<'_>, order: &[f64]) -> Result<Section, MetaError> {
    let values: Vec<f64> = effects.places.iter().map(|place| order.get(*place).copied().unwrap_or(f64::NAN)).collect();
    let order = orders::ascending(&values);
    let summaries = orders::cumulative(&effects.yi, &effects.vi, &order, &effects.plan);
    let rows = order.iter().zip(summaries).map(|(at, summary)| (format!("+ {}", effects.label(*at)), summary)).collect();
    Ok(effects.series("cumulative", "Cumulative", "up to", rows))
}

/// Fits a meta-regression.
///
/// # Errors
/// Those of [`regress_formula`].
pub fn regression(dataset: &Dataset, options: &Options, formula: &Formula) -> Result<Section, MetaError> {
    let fitted = regress_formula(dataset, options, formula)?;
    let mut table = Table::new(&["~", ">estimate", ">SE", if fitted.df.is_some() { ">t" } else { ">Z" }, ">P", ">interval"]);
    let mut coefficients: Vec<Value> = Vec::new();
    for coefficient in &fitted.coefficients {
        let ci = format!("[{}, {}]", fixed(coefficient.ci.lower, 4), fixed(coefficient.ci.upper, 4));
        let (point, se) = (fixed(coefficient.estimate, 4), fixed(coefficient.se, 4));
        table.row([&coefficient.name, &point, &se, &estimate(coefficient.stat), &p_value_bare(coefficient.pval), &ci]);
        coefficients.push(json!({
            "name": coefficient.name,
            "estimate": number(coefficient.estimate),
            "se": number(coefficient.se),
            "stat": number(coefficient.stat),
            "pval": number(coefficient.pval),
            "ci_lb": number(coefficient.ci.lower),
            "ci_ub": number(coefficient.ci.upper),
        }));
    }
    let scale =
        if options.measure.is_log_scale() { "Coefficients are on the log scale." } else { "Coefficients are on the scale of the effects." };
    let moderators = match fitted.qm_df2 {
        Some(df2) => format!("F({}, {}) = {}", fixed(fitted.qm_df1, 0), fixed(df2, 0), estimate(fitted.qm)),
        None => format!("QM({}) = {}", fixed(fitted.qm_df1, 0), estimate(fitted.qm)),
    };
    let mut lines = vec![
        scale.to_owned(),
        format!("Test of moderators: {moderators}, {}; R² = {}", p_value(fitted.qm_p), i_squared(fitted.r2)),
        format!(
            "Residual heterogeneity: tau² = {}, I² = {}, QE({}) = {}, {}; {} studies",
            fixed(fitted.tau2, 4),
            i_squared(fitted.i2),
            fixed(fitted.qe_df, 0),
            estimate(fitted.qe),
            p_value(fitted.qe_p),
            fitted.k
        ),
    ];
    if !fitted.aliased.is_empty() {
        lines.push(format!("Left out, as the other columns determine them: {}", fitted.aliased.join(", ")));
    }
    let residual = fitted.qe_df;
    if residual < 10.0 * (fitted.p as f64 - 1.0) {
        lines.push(format!(
            "warning: {} studies for {} coefficients; ten studies for each moderator are the customary least, read it as a hint only",
            fitted.k, fitted.p
        ));
    }
    let object = json!({
        "k": fitted.k,
        "p": fitted.p,
        "coefficients": coefficients,
        "df": number(fitted.df.unwrap_or(f64::NAN)),
        "tau2": number(fitted.tau2),
        "se_tau2": number(fitted.se_tau2),
        "I2": number(fitted.i2),
        "H2": number(fitted.h2),
        "R2": number(fitted.r2),
        "QE": number(fitted.qe),
        "QE_df": number(fitted.qe_df),
        "QE_p": number(fitted.qe_p),
        "QM": number(fitted.qm),
        "QM_df1": number(fitted.qm_df1),
        "QM_df2": number(fitted.qm_df2.unwrap_or(f64::NAN)),
        "QM_p": number(fitted.qm_p),
        "dropped": fitted.aliased,
    });
    Ok(Section { key: "regression", title: "Meta-regression", object, table, lines })
}

/// Computes the diagnostics of every study.
///
/// # Errors
/// None at present.
pub fn influence(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let mut table =
        Table::new(&["~study", ">rstudent", ">dffits", ">Cook's d", ">cov. ratio", ">tau² without", ">hat", ">weight", "influential"]);
    let mut objects: Vec<Value> = Vec::new();
    for (at, found) in diagnostics::influence(&effects.yi, &effects.vi, &effects.plan).iter().enumerate() {
        let two = |value: f64| fixed(value, 2);
        let mark = if found.is_influential { "yes" } else { "" };
        table.row([
            effects.label(at),
            two(found.rstudent),
            two(found.dffits),
            two(found.cook_distance),
            two(found.covariance_ratio),
            fixed(found.tau2_deleted, 4),
            two(found.hat),
            crate::figure::number::weight(found.weight_pct),
            mark.to_owned(),
        ]);
        objects.push(json!({
            "label": effects.label(at),
            "rstudent": number(found.rstudent),
            "rstandard": number(found.rstandard),
            "dffits": number(found.dffits),
            "cook_d": number(found.cook_distance),
            "cov_r": number(found.covariance_ratio),
            "tau2_del": number(found.tau2_deleted),
            "QE_del": number(found.q_deleted),
            "hat": number(found.hat),
            "weight": number(found.weight_pct),
            "dfbetas": number(found.dfbetas),
            "influential": found.is_influential,
        }));
    }
    Ok(Section { key: "influence", title: "Influence", object: objects.into(), table, lines: Vec::new() })
}

/// Pools the subgroups under one variance between studies, and tests between them.
///
/// # Errors
/// Those of [`pool_subgroups_common_tau2`].
pub fn common_tau2(effects: &Effects<'_>) -> Result<Section, MetaError> {
    let shared = pool_subgroups_common_tau2(effects.dataset, effects.options)?;
    let fitted = &shared.regression;
    let mut table = Table::new(&["~subgroup", ">estimate", ">SE"]);
    let mut groups: Vec<Value> = Vec::new();
    for (name, mean) in shared.names.iter().zip(&shared.means) {
        table.row([name, &effects.read(mean.estimate, mean.ci), &fixed(mean.se, 4)]);
        groups.push(json!({
            "group": name, "estimate": number(mean.estimate), "se": number(mean.se),
            "ci_lb": number(mean.ci.lower), "ci_ub": number(mean.ci.upper),
        }));
    }
    let test = match fitted.qm_df2 {
        Some(df2) => format!("F({}, {}) = {}", fixed(fitted.qm_df1, 0), fixed(df2, 0), estimate(fitted.qm)),
        None => format!("QM({}) = {}", fixed(fitted.qm_df1, 0), estimate(fitted.qm)),
    };
    let lines = vec![
        format!("Test for subgroup differences: {test}, {}", p_value(fitted.qm_p)),
        format!("tau² = {}, the same in all subgroups; residual I² = {}", fixed(fitted.tau2, 4), i_squared(fitted.i2)),
    ];
    let object = json!({
        "groups": groups, "tau2": number(fitted.tau2), "I2": number(fitted.i2), "R2": number(fitted.r2),
        "QM": number(fitted.qm), "QM_df1": number(fitted.qm_df1), "QM_df2": number(fitted.qm_df2.unwrap_or(f64::NAN)),
        "QM_p": number(fitted.qm_p), "QE": number(fitted.qe), "QE_df": number(fitted.qe_df), "QE_p": number(fitted.qe_p),
    });
    Ok(Section { key: "common_tau2", title: "Subgroups with a common tau²", object, table, lines })
}
