//! One analysis under several conventions, set out in words: the table side by side, and what moved and why.

use crate::figure::number::{estimate, estimate_with_interval, fixed, i_squared, p_value, weight};
use crate::meta::compare::{Change, Comparison, Step};
use crate::meta::{Convention, Pooled};

/// A comparison of conventions as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparisonText {
    /// The short names of the conventions.
    pub heads: Vec<String>,
    /// What a row is about, with one cell per convention.
    pub rows: Vec<(String, Vec<String>)>,
    /// Conventions that cannot pool the data, with the reason.
    pub refused: Vec<(String, String)>,
    /// For each convention but the first: a title, and what moved on the way from the first, with the rules that did it.
    pub reasons: Vec<(String, Vec<String>)>,
    /// Warnings, each with the name of its convention.
    pub warnings: Vec<(String, String)>,
}

/// Sets a comparison out in words.
pub fn set_out(comparison: &Comparison) -> ComparisonText {
    let name = |convention: Convention| convention.short().to_owned();
    let refused =
        |column: &crate::meta::compare::Column| column.result.as_ref().err().map(|error| (name(column.convention), error.to_string()));
    let warnings = comparison.columns.iter().flat_map(|column| {
        let found = column.result.iter().flat_map(|pooled| &pooled.warnings);
        found.map(|warning| (name(column.convention), warning.clone())).collect::<Vec<_>>()
    });
    ComparisonText {
        heads: comparison.columns.iter().map(|column| name(column.convention)).collect(),
        rows: rows(comparison),
        refused: comparison.columns.iter().filter_map(refused).collect(),
        reasons: reasons(comparison),
        warnings: warnings.collect(),
    }
}

/// Returns the rows of the table: what they are about, and one cell per convention.
fn rows(comparison: &Comparison) -> Vec<(String, Vec<String>)> {
    let results: Vec<Option<&Pooled>> =
        comparison.columns.iter().map(|column| column.result.as_ref().ok().filter(|pooled| pooled.k > 0)).collect();
    let Some(first) = results.iter().flatten().next() else { return Vec::new() };
    let measure = first.measure;
    let each = |cell: &dyn Fn(&Pooled) -> String| -> Vec<String> {
        results.iter().map(|pooled| pooled.map_or_else(|| "-".to_owned(), cell)).collect()
    };
    let mut found = vec![
        (
            format!("{} [{}% CI]", measure.label(), fixed(first.level * 100.0, 0)),
            each(&|pooled| {
                let ci = pooled.ci_back();
                estimate_with_interval(pooled.estimate_back(), ci.lower, ci.upper)
            }),
        ),
        (
            "Test".to_owned(),
            each(&|pooled| {
                let statistic = match pooled.df {
                    Some(df) => format!("t({}) = {}", fixed(df, 0), estimate(pooled.stat)),
                    None => format!("Z = {}", estimate(pooled.stat)),
                };
                format!("{statistic}, {}", p_value(pooled.pval))
            }),
        ),
        ("Studies used".to_owned(), each(&|pooled| pooled.k.to_string())),
        (
            "Tau²".to_owned(),
            each(&|pooled| match &pooled.tau2_method {
                Some(method) if !pooled.tau2.is_nan() => format!("{} ({method})", fixed(pooled.tau2, 4)),
                _ => "-".to_owned(),
            }),
        ),
        (
            "Q".to_owned(),
            each(&|pooled| {
                let h = &pooled.heterogeneity;
                format!("{} (df {}), {}", estimate(h.q), fixed(h.df, 0), p_value(h.p))
            }),
        ),
        ("I²".to_owned(), each(&|pooled| i_squared(pooled.reported_i2()))),
        (
            "Prediction interval".to_owned(),
            each(&|pooled| match pooled.prediction_interval() {
                Some(_) if pooled.convention == Convention::RevMan => "none in RevMan 5.4".to_owned(),
                Some(interval) if interval.lower.is_finite() => {
                    let back = interval.map(|value| measure.back_transform(value));
                    crate::figure::number::interval(back.lower, back.upper)
                }
                _ => "-".to_owned(),
            }),
        ),
    ];
    for (at, label) in first.labels.iter().enumerate() {
        let share = |pooled: &Pooled| pooled.weights_pct.get(at).copied().flatten().map_or_else(|| "-".to_owned(), weight);
        found.push((format!("Weight of {label}"), each(&share)));
    }
    found
}

/// Returns what moved on the way from the first convention to each other one, and why, as lines.
fn reasons(comparison: &Comparison) -> Vec<(String, Vec<String>)> {
    let Some(first) = comparison.columns.first() else { return Vec::new() };
    comparison.columns[1..]
        .iter()
        .map(|column| {
            let title = format!("From {} to {}", first.convention.label(), column.convention.label());
            let lines = match &column.result {
                Err(error) => vec![error.to_string()],
                Ok(_) if column.steps.is_empty() => vec!["No rule differs for these data.".to_owned()],
                Ok(_) => column.steps.iter().flat_map(step_lines).collect(),
            };
            (title, lines)
        })
        .collect()
}

fn step_lines(step: &Step) -> Vec<String> {
    let moved = step.moved();
    let back = |value: f64| step.after.measure.back_transform(value);
    let (before, after) = (&step.before, &step.after);
    let has = |names: &[&str]| moved.iter().any(|(name, _, _)| names.contains(name));
    let mut told = Vec::new();
    if has(&["k"]) {
        told.push(format!("studies used {} -> {}", before.k, after.k));
    }
    if has(&["tau2"]) {
        told.push(format!("tau² {} -> {}", fixed(before.tau2, 4), fixed(after.tau2, 4)));
    }
    if has(&["estimate"]) {
        told.push(format!("estimate {} -> {}", fixed(back(before.estimate), 4), fixed(back(after.estimate), 4)));
    }
    if has(&["ci_lb", "ci_ub"]) {
        let read = |pooled: &Pooled| {
            let ci = pooled.ci_back();
            format!("[{}, {}]", fixed(ci.lower, 4), fixed(ci.upper, 4))
        };
        told.push(format!("interval {} -> {}", read(before), read(after)));
    }
    if has(&["I2"]) {
        told.push(format!("I² {} -> {}", i_squared(before.reported_i2()), i_squared(after.reported_i2())));
    }
    if has(&["Q"]) {
        told.push(format!("Q {} -> {}", estimate(before.heterogeneity.q), estimate(after.heterogeneity.q)));
    }
    if has(&["pi_lb", "pi_ub"]) {
        let read = |pooled: &Pooled| match pooled.prediction_interval() {
            Some(interval) => format!("[{}, {}]", fixed(back(interval.lower), 4), fixed(back(interval.upper), 4)),
            None => "none".to_owned(),
        };
        told.push(format!("prediction interval {} -> {}", read(before), read(after)));
    }
    let moved = if told.is_empty() { "nothing moved".to_owned() } else { told.join("; ") };
    let mut lines = vec![format!("{}: {moved}", step.about)];
    lines.extend(step.changes.iter().map(|Change { about, from, to }| {
        let words = |rule: &Option<String>| rule.clone().unwrap_or_else(|| "no rule".to_owned());
        format!("- {about}: {} -> {}", words(from), words(to))
    }));
    lines
}
