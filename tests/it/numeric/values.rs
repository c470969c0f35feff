//! Special functions and closed forms.

use serde_json::{Value, json};
use tamis::meta::measure::{hedges_correction, hedges_correction_approximate};
use tamis::stats::{dist, special};

use super::Outcome;
use super::json as write;

fn value(name: &str, args: &[f64]) -> Option<f64> {
    Some(match (name, args) {
        ("norm_sf", [z]) => dist::normal_sf(*z),
        ("norm_quantile", [p]) => dist::normal_quantile(*p),
        ("t_sf", [t, df]) => dist::t_sf(*t, *df),
        ("t_quantile", [p, df]) => dist::t_quantile(*p, *df),
        ("chisq_sf", [x, df]) => dist::chi_squared_sf(*x, *df),
        ("chisq_quantile", [p, df]) => dist::chi_squared_quantile(*p, *df),
        ("f_sf", [x, df1, df2]) => dist::f_sf(*x, *df1, *df2),
        ("nct_cdf", [t, df, delta]) => dist::noncentral_t_cdf(*t, *df, *delta),
        ("binom_cdf", [x, n, p]) => dist::binomial_cdf(*x, *n, *p),
        ("beta_quantile", [p, a, b]) => dist::beta_quantile(*p, *a, *b),
        ("lgamma", [x]) => special::ln_gamma(*x),
        ("mixchisq_sf", [q, weights @ ..]) => dist::chi_squared_mixture_sf(*q, weights),
        _ => return None,
    })
}

/// Kind `dist`: each value of each function.
pub fn distributions(case: &Value) -> Outcome {
    let mut values = Vec::new();
    for entry in case["result"]["values"].as_array()? {
        let args: Vec<f64> = entry["args"].as_array()?.iter().filter_map(Value::as_f64).collect();
        let mut entry = entry.clone();
        entry["value"] = write::number(value(write::text(&entry, "fn"), &args)?);
        values.push(entry);
    }
    Some(json!({ "values": values }))
}

/// Kind `hedges_j`.
pub fn hedges(case: &Value) -> Outcome {
    let df: Vec<f64> = case["result"]["df"].as_array()?.iter().filter_map(Value::as_f64).collect();
    Some(json!({
        "df": case["result"]["df"],
        "exact": write::list(df.iter().map(|&m| hedges_correction(m))),
        "approx": write::list(df.iter().map(|&m| hedges_correction_approximate(m))),
    }))
}
