//! Numbers as papers print them.

/// A number with the precision at which it was typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// The value, finite.
    pub value: f64,
    /// How many digits stood after the decimal separator; `None` for numbers with an exponent.
    pub decimals: Option<usize>,
}

/// Why a text is not a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// It has something in it that no number has.
    #[error("a number is expected, as in 12.5")]
    NotANumber,
    /// It is a bound, not a value.
    #[error("a bound is not a value; type what the report gives as the number itself, or \"unclear\"")]
    Bound,
    /// The comma may separate decimals or thousands.
    #[error("this may be {decimal} or {thousands}; type one of them")]
    Ambiguous {
        /// The number if the comma separates decimals.
        decimal: String,
        /// The number if the comma separates thousands.
        thousands: String,
    },
    /// Thousands are separated, but not in groups of three digits.
    #[error("thousands are separated in groups of three digits, as in 12 345")]
    Grouping,
    /// It is too large to be kept exactly.
    #[error("the number is too large")]
    TooLarge,
}

/// Reads a number; the unit, if one is given, may stand behind it.
///
/// A single comma before exactly three digits ("1,234") is [`NumberError::Ambiguous`], unless a zero or more than three digits
/// stand before it. A single point always separates decimals.
///
/// # Errors
/// One of [`NumberError`].
pub fn parse_number(text: &str, unit: Option<&str>) -> Result<Number, NumberError> {
    let text = text.trim();
    let text = match unit {
        Some(unit) if !unit.is_empty() => text.strip_suffix(unit).map_or(text, str::trim_end),
        _ => text,
    };
    if text.starts_with(['<', '>', '\u{2264}', '\u{2265}', '~', '\u{2248}']) {
        return Err(NumberError::Bound);
    }
    let (sign, body) = match text.strip_prefix(['-', '\u{2212}', '\u{2013}', '\u{2010}', '\u{2011}', '\u{fe63}', '\u{ff0d}']) {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (body, exponent) = match body.split_once(['e', 'E']) {
        Some((body, exponent)) => (body, Some(exponent.replace('\u{2212}', "-"))),
        None => (body, None),
    };
    let body: String = body.chars().map(simplify).collect();
    if !body.bytes().any(|b| b.is_ascii_digit()) || !body.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b' ')) {
        return Err(NumberError::NotANumber);
    }
    let (whole, decimals) = split_decimals(&body)?;
    let whole = ungroup(whole)?;
    if !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberError::NotANumber);
    }
    let mut plain = format!("{sign}{whole}.{decimals}0");
    if let Some(exponent) = &exponent {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumberError::NotANumber);
        }
        plain = format!("{plain}e{exponent}");
    }
    let value: f64 = plain.parse().map_err(|_| NumberError::NotANumber)?;
    if !value.is_finite() {
        return Err(NumberError::TooLarge);
    }
    Ok(Number { value, decimals: exponent.is_none().then_some(decimals.len()) })
}

/// Folds the signs that stand for a point and for the space between thousands.
fn simplify(c: char) -> char {
    match c {
        '\u{b7}' | '\u{2219}' | '\u{22c5}' => '.',
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' | '\u{2008}' | '\'' | '\u{2019}' => ' ',
        other => other,
    }
}

/// Splits digits with separators into the part before the decimal separator, groups and all, and the part after it.
fn split_decimals(body: &str) -> Result<(&str, &str), NumberError> {
    let points = body.matches('.').count();
    let commas = body.matches(',').count();
    let last = body.rfind(['.', ',']);
    match (points, commas) {
        (0, 0) => Ok((body, "")),
        (0, 1) => {
            let (whole, decimals) = body.split_once(',').unwrap_or((body, ""));
            let is_group = decimals.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0') && !whole.contains(' ');
            if is_group {
                return Err(NumberError::Ambiguous { decimal: format!("{whole}.{decimals}"), thousands: format!("{whole}{decimals}") });
            }
            Ok((whole, decimals))
        }
        (1, _) if last.is_some_and(|at| body[at..].starts_with('.')) => Ok(body.split_once('.').unwrap_or((body, ""))),
        (_, 1) if last.is_some_and(|at| body[at..].starts_with(',')) => Ok(body.split_once(',').unwrap_or((body, ""))),
        (0, _) | (_, 0) => Ok((body, "")),
        _ => Err(NumberError::Grouping),
    }
}

/// Takes the separators between thousands out; they must be of one kind and leave groups of three digits.
fn ungroup(whole: &str) -> Result<String, NumberError> {
    let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return Ok(if whole.is_empty() { "0".to_owned() } else { whole.to_owned() });
    };
    let mut groups = whole.split(separator);
    let first = groups.next().unwrap_or_default();
    let is_digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    if !(1..=3).contains(&first.len()) || !is_digits(first) || !groups.all(|group| group.len() == 3 && is_digits(group)) {
        return Err(NumberError::Grouping);
    }
    Ok(whole.replace(separator, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<f64, NumberError> {
        parse_number(text, None).map(|number| number.value)
    }

    #[test]
    fn separators_of_many_countries_are_understood() {
        for (text, value) in [
            ("1234", 1234.0),
            ("1 234", 1234.0),
            ("1 234,5", 1234.5),
            ("1'234.5", 1234.5),
            ("1,234.5", 1234.5),
            ("1.234,5", 1234.5),
            ("1,234,567", 1_234_567.0),
            ("1.234.567", 1_234_567.0),
            ("1.234", 1.234),
            ("0,123", 0.123),
            ("1234,567", 1234.567),
            ("12,34", 12.34),
            ("5.", 5.0),
            (",5", 0.5),
            ("+3", 3.0),
            ("\u{2212} 3", -3.0),
            ("1.5e-3", 0.0015),
            ("2E\u{2212}2", 0.02),
        ] {
            assert_eq!(read(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_says_why() {
        for text in ["", "-", ".", "abc", "1.2.3,4,5", "nan", "inf", "1e", "1e99999", "0x10", "12 mg", "3/12", "1e5e5", "--3"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(read("<0.05"), Err(NumberError::Bound));
        assert_eq!(read("1 2"), Err(NumberError::Grouping));
        assert_eq!(read("12,34,567"), Err(NumberError::Grouping));
        assert_eq!(read("1e999"), Err(NumberError::TooLarge));
        assert!(matches!(read("1,234"), Err(NumberError::Ambiguous { .. })));
    }

    #[test]
    fn precision_is_counted_as_typed() {
        for (text, decimals) in [("12", Some(0)), ("12.50", Some(2)), ("12,5", Some(1)), ("1e-3", None)] {
            assert_eq!(parse_number(text, None).map(|number| number.decimals), Ok(decimals), "{text}");
        }
    }
}
