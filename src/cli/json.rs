//! JSON that is safe in a terminal: control characters and characters that turn the reading direction stand escaped.

use serde::Serialize;
use serde_json::Value;

/// Returns a value as indented JSON without a line break at its end.
pub fn pretty<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string_pretty(value).expect("views have text keys and serialise into memory");
    if text.is_ascii() && !text.contains('\u{7f}') { text } else { escaped(&text) }
}

/// Escapes what could steer a terminal. Such characters stand only inside strings, so the text stays the same JSON value.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        let steers = (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if steers {
            safe.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Returns a number; one that does not exist is null, and infinities are the texts "Inf" and "-Inf".
pub fn number(value: f64) -> Value {
    if value.is_nan() {
        Value::Null
    } else if value.is_infinite() {
        Value::from(if value > 0.0 { "Inf" } else { "-Inf" })
    } else {
        Value::from(value)
    }
}

/// Serialises a view.
pub fn of<T: Serialize>(view: &T) -> Value {
    serde_json::to_value(view).expect("views have text keys and serialise into memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_json_steers_a_terminal_and_the_value_stays() {
        let value = Value::from("a\u{1b}[2J\u{9b}b\u{202e}c\u{7f} é \"q\"");
        let text = pretty(&value);
        assert!(!text.chars().any(char::is_control), "{text}");
        assert!(!text.contains('\u{202e}'));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn numbers_that_do_not_exist_are_null() {
        assert_eq!(number(f64::NAN), Value::Null);
        assert_eq!(number(f64::NEG_INFINITY), Value::from("-Inf"));
        assert_eq!(number(0.5), Value::from(0.5));
    }
}
