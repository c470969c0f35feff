//! Pooled estimates: inverse variance, Mantel-Haenszel, Peto, subgroups.

use serde_json::{Map, Value, json};
use tamis::meta::result::FitStatistics;
use tamis::meta::{
    Convention, EffectMeasure, Interval, Method, Model, Options, Pooled, StudyData, Tau2Method, Test, mantel_haenszel as mh, measure, pool,
    pool_subgroups, pool_subgroups_common_tau2,
};

use super::Outcome;
use super::data::{self, Reference, given};
use super::json as write;

/// Returns all options of a case; `None` when the engine lacks one of them.
pub fn full_options(case: &Value) -> Option<Options> {
    let mut options = data::options(case)?;
    let method = write::text(case, "method");
    let estimator = match method.split_once('-') {
        Some(("MH", estimator)) => {
            options.method = Method::MantelHaenszel;
            estimator
        }
        Some((_, estimator)) => estimator,
        None => method,
    };
    options.model = if matches!(write::text(case, "model"), "CE") || estimator == "EE" { Model::Common } else { Model::Random };
    match estimator {
        "MH" => options.method = Method::MantelHaenszel,
        "Peto" => options.method = Method::Peto,
        "EE" | "IV" => {}
        "fixed_tau2" => options.tau2 = Tau2Method::Fixed(write::option_number(case, "tau2")?),
        name => options.tau2 = name.parse().ok()?,
    }
    options.test = match write::text(case, "test") {
        "Wald" | "" => Test::Wald,
        name => name.parse().ok()?,
    };
    Some(options)
}

fn interval(interval: Interval) -> Value {
    Value::Object(write::object(&[("lb", interval.lower), ("ub", interval.upper)]))
}

pub fn fit(ml: &FitStatistics, reml: &FitStatistics) -> Value {
    Value::Object(write::object(&[
        ("ll_ML", ml.ll),
        ("dev_ML", ml.deviance),
        ("AIC_ML", ml.aic),
        ("BIC_ML", ml.bic),
        ("AICc_ML", ml.aicc),
        ("ll_REML", reml.ll),
        ("dev_REML", reml.deviance),
        ("AIC_REML", reml.aic),
        ("BIC_REML", reml.bic),
        ("AICc_REML", reml.aicc),
    ]))
}

/// Writes a pooled result with the field names of the reference.
pub fn fields(pooled: &Pooled) -> Map<String, Value> {
    let h = &pooled.heterogeneity;
    let revman = pooled.convention == Convention::RevMan;
    let mut result = write::object(&[
        ("estimate", pooled.estimate),
        ("se", pooled.se),
        ("stat", pooled.stat),
        ("df", pooled.df.unwrap_or(f64::NAN)),
        ("pval", pooled.pval),
        ("ci_lb", pooled.ci.lower),
        ("ci_ub", pooled.ci.upper),
        ("tau2", pooled.tau2),
        ("se_tau2", pooled.se_tau2),
        ("I2", if revman { h.i2_q } else { h.i2 }),
        ("I2_tau2", h.i2),
        ("H2", h.h2),
        ("Q", h.q),
        ("Q_df", h.df),
        ("Q_p", h.p),
        ("I2_Q", h.i2_q),
        ("I2_Q_lb", h.i2_q_ci.lower),
        ("I2_Q_ub", h.i2_q_ci.upper),
        ("hk_scale", pooled.hk_scale.unwrap_or(f64::NAN)),
    ]);
    result.insert("k".into(), pooled.k.into());
    // RevMan prints a weight of zero beside "not estimable".
    let weights = pooled.weights_pct.iter().map(|weight| if revman { Some(weight.unwrap_or(0.0)) } else { *weight });
    result.insert("weights_pct".into(), write::numbers(weights));
    if let Some(p) = &pooled.prediction {
        let mut intervals = Map::new();
        intervals.insert("normal".into(), interval(p.normal));
        for (name, value) in [("t_k1", p.t_k1), ("t_k2", p.t_k2), ("hk_k1", p.hk_k1), ("hk_k2", p.hk_k2)] {
            if let Some(value) = value {
                intervals.insert(name.into(), interval(value));
            }
        }
        result.insert("PI".into(), Value::Object(intervals));
    }
    if let (Some(ml), Some(reml)) = (&pooled.fit_ml, &pooled.fit_reml) {
        result.insert("fit".into(), fit(ml, reml));
    }
    result
}

/// Kind `pool`.
pub fn pooled(case: &Value, reference: &Reference) -> Outcome {
    let options = full_options(case)?;
    let dataset = reference.dataset(case, options.measure)?;
    let mut pooled = given(pool(&dataset, &options))?;
    if write::text(case, "convention") == "global" {
        // The reference withholds the standard error here; it was refitted at a given tau2.
        pooled.se_tau2 = f64::NAN;
    }
    Some(Value::Object(fields(&pooled)))
}

/// Kind `mh`: metafor's `rma.mh` with the tests on tables.
pub fn mantel_haenszel(case: &Value, reference: &Reference) -> Outcome {
    let options = full_options(case)?;
    let dataset = reference.dataset(case, options.measure)?;
    let pooled = given(pool(&dataset, &options))?;
    let mut result = fields(&pooled);
    result.insert("k_yi".into(), pooled.studies.iter().flatten().count().into());
    let continuity = case.get("options").and_then(|o| o.get("correct")).and_then(Value::as_bool).unwrap_or(true);
    if let (StudyData::TwoRates(rows), EffectMeasure::RateRatio) = (&dataset.data, options.measure) {
        let (statistic, p) = mh::rate_test(rows, &options.pooled_correction, continuity);
        result.insert("MH".into(), write::number(statistic));
        result.insert("MHp".into(), write::number(p));
    }
    if let Ok(tests) = mh::table_tests(&dataset, &options, continuity) {
        for (name, (statistic, p)) in
            [("CO", tests.cochran), ("MH", tests.mantel_haenszel), ("BD", tests.breslow_day), ("TA", tests.tarone)]
        {
            result.insert(name.into(), write::number(statistic));
            result.insert(format!("{name}p"), write::number(p));
        }
    }
    Some(Value::Object(result))
}

/// Kind `peto`: metafor's `rma.peto`.
pub fn peto(case: &Value, reference: &Reference) -> Outcome {
    let options = full_options(case)?;
    let dataset = reference.dataset(case, options.measure)?;
    let pooled = given(pool(&dataset, &options))?;
    let mut result = fields(&pooled);
    // metafor counts the studies with an effect after their correction; here the effects are those of the raw tables.
    let mut counted = options.clone();
    counted.correction.drop_double_zero = Some(options.correction.drop_double_zero.unwrap_or(true));
    let effects = given(measure::effects(&dataset.data, &counted))?;
    result.insert("k_yi".into(), effects.iter().flatten().count().into());
    Some(Value::Object(result))
}

/// Kind `subgroup`.
pub fn subgroups(case: &Value, reference: &Reference) -> Outcome {
    let options = full_options(case)?;
    let dataset = reference.dataset(case, options.measure)?;
    let analysis = given(pool_subgroups(&dataset, &options))?;
    let groups: Map<String, Value> =
        analysis.groups.iter().map(|group| (group.name.clone(), Value::Object(fields(&group.pooled)))).collect();
    let mut common = Map::new();
    if let Ok(shared) = pool_subgroups_common_tau2(&dataset, &options) {
        let regression = &shared.regression;
        common = write::object(&[
            ("tau2", regression.tau2),
            ("QM", regression.qm),
            ("QM_df1", regression.qm_df1),
            ("QM_df2", regression.qm_df2.unwrap_or(f64::NAN)),
            ("QM_p", regression.qm_p),
            ("QE", regression.qe),
            ("QE_df", regression.qe_df),
            ("QE_p", regression.qe_p),
            ("I2", regression.i2),
            ("R2", regression.r2),
        ]);
        common.insert("estimates".into(), write::list(shared.means.iter().map(|mean| mean.estimate)));
        common.insert("se".into(), write::list(shared.means.iter().map(|mean| mean.se)));
        common.insert("ci_lb".into(), write::list(shared.means.iter().map(|mean| mean.ci.lower)));
        common.insert("ci_ub".into(), write::list(shared.means.iter().map(|mean| mean.ci.upper)));
    }
    Some(json!({
        "common_tau2": common,
        "groups": groups,
        "Q_between": write::number(analysis.q_between),
        "df": write::number(analysis.df),
        "p": write::number(analysis.p),
        "I2_between": write::number(analysis.i2_between),
    }))
}
