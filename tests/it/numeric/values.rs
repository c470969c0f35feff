//! Special functions and closed forms.
//!
//! Distribution functions have a bar of their own, tighter than that of their case: 1e-12 relative, no absolute part. The reference (R's
//! nmath, and a series for sums of chi-squared) holds it but for two functions, whose values are taken from `tests/data/distributions.txt`,
//! computed with 50 digits by numerical integration and by inversion of the Laplace transform:
//!
//! - the noncentral t: R adds up a series with an absolute error of 1e-12, so that 1.004e-11 comes out as 1.007e-11;
//! - the weighted sum of chi-squared variables: the reference stops its series at an absolute 1e-14, which shows where the tail is small.

use serde_json::{Value, json};
use tamis::meta::measure::{hedges_correction, hedges_correction_approximate};
use tamis::stats::{dist, special};

use super::Outcome;
use super::json as write;
use super::tolerance::{self, Complaint};

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

/// The bar for distribution functions.
const RELATIVE: f64 = 1e-12;
/// What the two functions that the reference has less well differ by from the values with 50 digits, at most.
const REFERENCE: f64 = 2e-12;

/// Value of a function in the table that was computed with 50 digits, where it has those arguments.
fn with_fifty_digits(name: &str, args: &[f64]) -> Option<f64> {
    let name = match name {
        "nct_cdf" => "noncentral_t_cdf",
        "mixchisq_sf" => "chi_squared_mixture_sf",
        _ => return None,
    };
    include_str!("../../data/distributions.txt").lines().find_map(|line| {
        let numbers = line.strip_prefix(name)?.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>().ok()?;
        numbers.split_last().filter(|(_, known)| *known == args).map(|(value, _)| *value)
    })
}

/// Returns one complaint per value of a `dist` case that misses the bar.
pub fn compare_distributions(got: &Value, case: &Value) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let list = |value: &Value| value["values"].as_array().cloned().unwrap_or_default();
    for (got, want) in list(got).iter().zip(list(&case["result"])) {
        let args: Vec<f64> = want["args"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let (name, reference) = (write::text(&want, "fn"), want["value"].as_f64().unwrap_or(f64::NAN));
        let got = got["value"].as_f64().unwrap_or(f64::NAN);
        let exact = with_fifty_digits(name, &args);
        if exact.is_some_and(|exact| (reference - exact).abs() > REFERENCE) {
            tolerance::wrong(format!("{name} {args:?}: the reference {reference:e} is not the value {exact:?}"), &mut complaints);
        }
        // A sum or a noncentrality that the table does not have can only be held against what the reference can.
        let is_weak = matches!(name, "nct_cdf" | "mixchisq_sf") && exact.is_none();
        let (want, absolute) = (exact.unwrap_or(reference), if is_weak { REFERENCE } else { 0.0 });
        let passes = (got - want).abs() <= absolute + RELATIVE * want.abs();
        if !passes {
            tolerance::wrong(
                format!("{name} {args:?}: got {got:e}, want {want:e}, off by {:.1e}", (got / want - 1.0).abs()),
                &mut complaints,
            );
        }
    }
    complaints
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
