//! Pooled results as `pool` and `analyse` print them. The JSON keys are stable and have the names and scales of metafor.

use serde_json::{Map, Value, json};

use crate::app::draw::method_line;
use crate::domain::text::clean_line;
use crate::figure::number::{estimate, estimate_with_interval, fixed, i_squared, p_value, percent_with};
use crate::meta::fit::Summary;
use crate::meta::interval::q_profile;
use crate::meta::{Interval, Method, Model, Pooled, SubgroupAnalysis, Test};

use super::json::number;
use super::output::{Output, Table};
use super::report::Done;

/// Returns a result as JSON. Estimates are on the scale of analysis (logarithms for ratios), `exp` and `back` on that of reading.
pub fn object(pooled: &Pooled, subgroups: Option<&SubgroupAnalysis>) -> Map<String, Value> {
    let h = &pooled.heterogeneity;
    let prediction = pooled.prediction_interval().unwrap_or(Interval::NONE);
    let level = pooled.level * 100.0;
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("measure", pooled.measure.short().into());
    let [model, method, test, convention] = option_words(pooled);
    put("model", model.into());
    put("method", method.into());
    put("tau2_method", pooled.tau2_method.clone().into());
    put("test", test.into());
    put("convention", convention.into());
    put("level", number((level * 1e9).round() / 1e9));
    put("k", pooled.k.into());
    for (key, value) in [
        ("estimate", pooled.estimate),
        ("se", pooled.se),
        ("stat", pooled.stat),
        ("df", pooled.df.unwrap_or(f64::NAN)),
        ("pval", pooled.pval),
        ("ci_lb", pooled.ci.lower),
        ("ci_ub", pooled.ci.upper),
        ("tau2", pooled.tau2),
        ("se_tau2", pooled.se_tau2),
        ("I2", reported_i2(pooled)),
        ("I2_Q", h.i2_q),
        ("I2_Q_lb", h.i2_q_ci.lower),
        ("I2_Q_ub", h.i2_q_ci.upper),
        ("H2", h.h2),
        ("Q", h.q),
        ("Q_df", h.df),
        ("Q_p", h.p),
        ("pi_lb", prediction.lower),
        ("pi_ub", prediction.upper),
        ("hk_scale", pooled.hk_scale.unwrap_or(f64::NAN)),
    ] {
        put(key, number(value));
    }
    if let Some(interval) = tau2_interval(pooled) {
        put("tau2_lb", number(interval.lower));
        put("tau2_ub", number(interval.upper));
    }
    put("weights_pct", pooled.weights_pct.iter().map(|weight| weight.map_or(Value::Null, number)).collect::<Vec<_>>().into());
    put("studies", studies(pooled).into());
    let back = |value: f64| number(pooled.measure.back_transform(value));
    let ends = |interval: Interval| {
        let read = interval.map(|value| pooled.measure.back_transform(value));
        [number(read.lower), number(read.upper)]
    };
    let ([ci_lb, ci_ub], [pi_lb, pi_ub]) = (ends(pooled.ci), ends(prediction));
    let on_reading_scale = json!({ "estimate": back(pooled.estimate), "ci_lb": ci_lb, "ci_ub": ci_ub, "pi_lb": pi_lb, "pi_ub": pi_ub });
    if pooled.measure.is_log_scale() {
        put("exp", on_reading_scale.clone());
    }
    put("back", on_reading_scale);
    if let Some(analysis) = subgroups {
        let groups: Vec<Value> = analysis
            .groups
            .iter()
            .map(|group| {
                let mut one = self::object(&group.pooled, None);
                one.insert("group".to_owned(), group.name.clone().into());
                one.into()
            })
            .collect();
        put(
            "subgroups",
            json!({
                "groups": groups,
                "Q_between": number(analysis.q_between),
                "df": number(analysis.df),
                "p": number(analysis.p),
                "I2_between": number(analysis.i2_between),
            }),
        );
    }
    put("trail", pooled.trail.clone().into());
    put("warnings", pooled.warnings.clone().into());
    object
}

/// Returns model, method, test and convention in the words of the command line's options.
fn option_words(pooled: &Pooled) -> [&'static str; 4] {
    let model = match pooled.model {
        Model::Common => "common",
        Model::Random => "random",
    };
    let method = match pooled.method {
        Method::InverseVariance => "iv",
        Method::MantelHaenszel => "mh",
        Method::Peto => "peto",
    };
    let test = match pooled.test {
        Test::Wald => "z",
        Test::HartungKnapp => "knha",
        Test::HartungKnappAdHoc => "adhoc",
        Test::T => "t",
    };
    [model, method, test, pooled.convention.short()]
}

fn studies(pooled: &Pooled) -> Vec<Value> {
    let rows = pooled.studies.iter().enumerate().map(|(at, study)| {
        let (yi, vi, ci) = study.map_or((f64::NAN, f64::NAN, Interval::NONE), |study| (study.yi, study.vi, study.ci));
        json!({
            "label": pooled.labels.get(at),
            "yi": number(yi),
            "vi": number(vi),
            "ci_lb": number(ci.lower),
            "ci_ub": number(ci.upper),
            "weight_pct": pooled.weights_pct.get(at).copied().flatten().map_or(Value::Null, number),
        })
    });
    rows.collect()
}

/// Returns I² as the convention reports it.
pub fn reported_i2(pooled: &Pooled) -> f64 {
    pooled.reported_i2()
}

/// Returns the Q-profile interval of the variance between studies, for random effects of two studies or more.
fn tau2_interval(pooled: &Pooled) -> Option<Interval> {
    let (yi, vi): (Vec<f64>, Vec<f64>) =
        pooled.studies.iter().flatten().filter(|study| study.vi > 0.0).map(|study| (study.yi, study.vi)).unzip();
    let wanted = pooled.model == Model::Random && yi.len() > 1;
    wanted.then(|| q_profile(&yi, &vi, pooled.level).ok()).flatten().map(|found| found.tau2)
}

/// Returns a summary as JSON, with the names of [`object`].
pub fn summary_object(summary: &Summary) -> Map<String, Value> {
    let h = &summary.heterogeneity;
    let mut object = Map::new();
    object.insert("k".to_owned(), summary.k.into());
    for (key, value) in [
        ("estimate", summary.estimate),
        ("se", summary.se),
        ("stat", summary.stat),
        ("df", summary.df.unwrap_or(f64::NAN)),
        ("pval", summary.pval),
        ("ci_lb", summary.ci.lower),
        ("ci_ub", summary.ci.upper),
        ("tau2", summary.tau2),
        ("I2", h.i2),
        ("Q", h.q),
        ("Q_df", h.df),
        ("Q_p", h.p),
    ] {
        object.insert(key.to_owned(), number(value));
    }
    object
}

/// Prints the numbers of a result as a statistician expects them.
pub fn print(pooled: &Pooled, out: &mut Output) -> Done {
    if pooled.k == 0 {
        return out.line("No study can be estimated, so there is nothing to pool.");
    }
    let back = |interval: Interval| interval.map(|value| pooled.measure.back_transform(value));
    let ci = back(pooled.ci);
    let mut table = Table::new(&["", "~"]);
    let name = format!("{} ({})", pooled.measure.label(), method_line(pooled));
    table.row([name, estimate_with_interval(pooled.estimate_back(), ci.lower, ci.upper)]);
    let statistic = match pooled.df {
        Some(df) => format!("t({}) = {}", fixed(df, 0), estimate(pooled.stat)),
        None => format!("Z = {}", estimate(pooled.stat)),
    };
    table.row(["Test for overall effect", &format!("{statistic}, {}", p_value(pooled.pval))]);
    if pooled.measure.is_log_scale() {
        table.row(["On the log scale", &format!("{} (SE {})", fixed(pooled.estimate, 4), fixed(pooled.se, 4))]);
    } else {
        table.row(["Standard error", &fixed(pooled.se, 4)]);
    }
    if let Some(interval) = pooled.prediction_interval().filter(|interval| interval.lower.is_finite()) {
        let interval = back(interval);
        table.row([
            format!("{} prediction interval", percent_with(pooled.level * 100.0, 0)),
            crate::figure::number::interval(interval.lower, interval.upper),
        ]);
    }
    if pooled.k > 1 {
        let h = &pooled.heterogeneity;
        table.row(["Heterogeneity".to_owned(), format!("Q = {}, df = {}, {}", estimate(h.q), fixed(h.df, 0), p_value(h.p))]);
        table.row(["I²".to_owned(), i_squared(reported_i2(pooled))]);
        if pooled.model == Model::Random {
            let method = pooled.tau2_method.as_deref().map(|method| format!(", {method}")).unwrap_or_default();
            let se = if pooled.se_tau2.is_nan() { String::new() } else { format!(" (SE {}{method})", fixed(pooled.se_tau2, 4)) };
            let interval =
                tau2_interval(pooled).map(|ci| format!(", Q-profile [{}, {}]", fixed(ci.lower, 4), fixed(ci.upper, 4))).unwrap_or_default();
            table.row(["Tau²".to_owned(), format!("{}{se}{interval}", fixed(pooled.tau2, 4))]);
        }
    }
    out.table(&table)?;
    for line in &pooled.trail {
        out.line(clean_line(line))?;
    }
    Ok(())
}

/// Prints subgroups and the test between them.
pub fn print_subgroups(pooled: &Pooled, analysis: &SubgroupAnalysis, out: &mut Output) -> Done {
    out.heading("Subgroups")?;
    let mut table = Table::new(&["~subgroup", ">studies", ">estimate", ">tau²", ">I²"]);
    for group in &analysis.groups {
        let ci = group.pooled.ci_back();
        let effect = estimate_with_interval(group.pooled.estimate_back(), ci.lower, ci.upper);
        table.row([
            &group.name,
            &group.pooled.k.to_string(),
            &effect,
            &fixed(group.pooled.tau2, 4),
            &i_squared(reported_i2(&group.pooled)),
        ]);
    }
    out.table(&table)?;
    let test = format!(
        "Test for subgroup differences ({}): Q = {}, df = {}, {}, I² = {}",
        pooled.measure.short(),
        estimate(analysis.q_between),
        fixed(analysis.df, 0),
        p_value(analysis.p),
        i_squared(analysis.i2_between)
    );
    out.line(test)?;
    for group in &analysis.groups {
        for warning in &group.pooled.warnings {
            out.talk(&clean_line(&format!("warning: {}: {warning}", group.name)));
        }
    }
    Ok(())
}
