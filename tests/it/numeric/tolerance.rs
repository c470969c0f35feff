//! Comparison of results field by field. A pass needs `|got - want| <= absolute + relative |want|`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::data::Reference;
use super::{json, values};

struct Tolerance {
    relative: f64,
    absolute: f64,
}

fn tolerance(name: &str) -> Tolerance {
    match name {
        "iter" => Tolerance { relative: 1e-6, absolute: 1e-8 },
        "loose" => Tolerance { relative: 2e-5, absolute: 1e-6 },
        "opt" => Tolerance { relative: 1e-3, absolute: 1e-4 },
        _ => Tolerance { relative: 1e-9, absolute: 1e-11 },
    }
}

/// One difference from the reference.
#[derive(Debug, Clone)]
pub struct Complaint {
    /// Where, what was got and what was wanted.
    pub text: String,
    /// The name of the field, where the result has no such field.
    pub missing: Option<String>,
}

/// Returns the names of all fields of a result, at any depth.
pub fn names(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(fields) => fields.iter().flat_map(|(key, value)| std::iter::once(key.clone()).chain(names(value))).collect(),
        Value::Array(items) => items.iter().flat_map(names).collect(),
        _ => BTreeSet::new(),
    }
}

/// Returns one complaint per field that is missing or outside the tolerance of its case.
pub fn compare(got: &Value, case: &Value, reference: &Reference) -> Vec<Complaint> {
    if json::text(case, "kind") == "dist" {
        return values::compare_distributions(got, case);
    }
    let name = json::text(case, "tol");
    let mut complaints = Vec::new();
    // The absolute part for tau2 goes with the scale of the sampling variances.
    let scale = reference.variance_scale(case);
    walk(got, &case["result"], &tolerance(name), scale, "", &mut complaints);
    if name == "opt" && !complaints.is_empty() {
        // Several parameters at once: an optimum with a higher likelihood than the reference passes too.
        let likelihood = |value: &Value| value.get("ll").and_then(Value::as_f64);
        if let (Some(got), Some(want)) = (likelihood(got), likelihood(&case["result"]))
            && got > want + 1e-6
        {
            return Vec::new();
        }
    }
    complaints
}

fn walk(got: &Value, want: &Value, tolerance: &Tolerance, scale: f64, path: &str, complaints: &mut Vec<Complaint>) {
    match want {
        Value::Object(fields) => {
            for (key, want) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match got.get(key) {
                    None if want.is_null() => {}
                    None => {
                        complaints.push(Complaint { text: format!("{path}: missing, want {}", short(want)), missing: Some(key.clone()) });
                    }
                    Some(got) => walk(got, want, tolerance, scale, &path, complaints),
                }
            }
        }
        Value::Array(items) => {
            let got_items = got.as_array().map_or(&[][..], Vec::as_slice);
            if got_items.len() != items.len() {
                wrong(format!("{path}: {} entries, want {}", got_items.len(), items.len()), complaints);
                return;
            }
            for (i, (got, want)) in got_items.iter().zip(items).enumerate() {
                walk(got, want, tolerance, scale, &format!("{path}[{i}]"), complaints);
            }
        }
        Value::Number(_) => {
            let want_number = want.as_f64().unwrap_or(f64::NAN);
            let is_tau2 = path.rsplit('.').next().is_some_and(|field| field.starts_with("tau2"));
            let absolute = if is_tau2 { tolerance.absolute * scale } else { tolerance.absolute };
            let passes = got.as_f64().is_some_and(|got| (got - want_number).abs() <= absolute + tolerance.relative * want_number.abs());
            if !passes {
                wrong(format!("{path}: got {}, want {want_number:?}", short(got)), complaints);
            }
        }
        _ if got == want => {}
        _ => wrong(format!("{path}: got {}, want {}", short(got), short(want)), complaints),
    }
}

pub(super) fn wrong(text: String, complaints: &mut Vec<Complaint>) {
    complaints.push(Complaint { text, missing: None });
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.len() > 60 { format!("{}...", text.chars().take(57).collect::<String>()) } else { text }
}
