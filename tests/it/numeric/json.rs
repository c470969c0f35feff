//! Small readers and writers for JSON values: NaN is null, infinities are words, as in the reference tables.

use serde_json::{Map, Value};

/// Returns a text field, or the empty string.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// Returns an option of a case as text.
pub fn option_text<'a>(case: &'a Value, key: &str) -> Option<&'a str> {
    case.get("options")?.get(key)?.as_str()
}

/// Returns an option of a case as a number.
pub fn option_number(case: &Value, key: &str) -> Option<f64> {
    case.get("options")?.get(key)?.as_f64()
}

/// Returns an option of a case as a list of numbers; a single number is a list of one.
pub fn option_numbers(case: &Value, key: &str) -> Option<Vec<f64>> {
    let value = case.get("options")?.get(key)?;
    match value {
        Value::Array(items) => Some(items.iter().filter_map(Value::as_f64).collect()),
        _ => value.as_f64().map(|x| vec![x]),
    }
}

/// Returns an option of a case as a list of texts; a single text is a list of one, an absent option the empty list.
pub fn option_texts<'a>(case: &'a Value, key: &str) -> Vec<&'a str> {
    list_of(case, key).iter().filter_map(|item| item.as_str()).collect()
}

/// Returns an option of a case as a list of truth values.
pub fn option_truths(case: &Value, key: &str) -> Vec<bool> {
    list_of(case, key).iter().filter_map(|item| item.as_bool()).collect()
}

fn list_of<'a>(case: &'a Value, key: &str) -> Vec<&'a Value> {
    match case.get("options").and_then(|options| options.get(key)) {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    }
}

/// Writes a number.
pub fn number(x: f64) -> Value {
    if x.is_nan() {
        Value::Null
    } else if x.is_infinite() {
        Value::String(if x > 0.0 { "Inf" } else { "-Inf" }.into())
    } else {
        Value::from(x)
    }
}

/// Writes numbers, null for `None`.
pub fn numbers(values: impl IntoIterator<Item = Option<f64>>) -> Value {
    Value::Array(values.into_iter().map(|x| number(x.unwrap_or(f64::NAN))).collect())
}

/// Writes numbers.
pub fn list(values: impl IntoIterator<Item = f64>) -> Value {
    numbers(values.into_iter().map(Some))
}

/// Writes an object of numbers.
pub fn object(fields: &[(&str, f64)]) -> Map<String, Value> {
    fields.iter().map(|(key, x)| ((*key).to_owned(), number(*x))).collect()
}
