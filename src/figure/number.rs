//! Numbers as text, in one place, so that screens, tables and figures agree to the digit.
//!
//! The style is that of Cochrane's RevMan: estimates with two decimals, limits in square brackets, weights with one decimal, I² without.
//! Minus signs are plain hyphens, so that a copied number can be read back; `-0.00` is never printed.

/// What stands in place of a number that does not exist.
pub const NOT_AVAILABLE: &str = "NA";

/// What stands in place of an effect that a study cannot give (no events in either arm, for example).
pub const NOT_ESTIMABLE: &str = "Not estimable";

/// Decimals of estimates and their limits.
pub const ESTIMATE_DECIMALS: usize = 2;

/// Magnitude from which numbers are written with an exponent, so that a runaway estimate cannot tear a table apart.
const EXPONENT_FROM: f64 = 1e9;

/// Returns `value` with a fixed number of decimals.
///
/// A result that rounds to zero has no sign. From one thousand million upward the number has an exponent (`1.23e9`).
/// NaN gives [`NOT_AVAILABLE`]; infinities give `Inf` and `-Inf`. Exact ties are rounded to the even digit, as C and R do.
///
/// ```
/// use tamis::figure::number::fixed;
/// assert_eq!(fixed(-15.7911, 2), "-15.79");
/// assert_eq!(fixed(-0.001, 2), "0.00");
/// ```
pub fn fixed(value: f64, decimals: usize) -> String {
    if value.is_nan() {
        return NOT_AVAILABLE.to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Inf" } else { "-Inf" }.to_owned();
    }
    if value.abs() >= EXPONENT_FROM {
        return format!("{value:.decimals$e}");
    }
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|b| b == b'0' || b == b'.') => digits.to_owned(),
        _ => text,
    }
}

/// Returns an estimate or a limit with two decimals; the scale is the one on which it is reported (ratios, not their logarithms).
pub fn estimate(value: f64) -> String {
    fixed(value, ESTIMATE_DECIMALS)
}

/// Returns the limits of an interval as `[L, U]`.
pub fn interval(low: f64, high: f64) -> String {
    format!("[{}, {}]", estimate(low), estimate(high))
}

/// Returns an estimate followed by its interval.
///
/// ```
/// use tamis::figure::number::estimate_with_interval;
/// assert_eq!(estimate_with_interval(-15.7911, -32.0875, 0.5053), "-15.79 [-32.09, 0.51]");
/// ```
pub fn estimate_with_interval(point: f64, low: f64, high: f64) -> String {
    if point.is_nan() {
        return NOT_ESTIMABLE.to_owned();
    }
    format!("{} {}", estimate(point), interval(low, high))
}

/// Returns a weight with one decimal and a percent sign; `percent` runs from 0 to 100.
pub fn weight(percent: f64) -> String {
    percent_with(percent, 1)
}

/// Returns I² without decimals; `percent` runs from 0 to 100.
pub fn i_squared(percent: f64) -> String {
    percent_with(percent, 0)
}

/// Returns a percentage with a given number of decimals; `percent` runs from 0 to 100.
pub fn percent_with(percent: f64, decimals: usize) -> String {
    if percent.is_nan() { NOT_AVAILABLE.to_owned() } else { format!("{}%", fixed(percent, decimals)) }
}

/// Returns tau² with two decimals, on the scale of the pooled effects (log for ratios).
pub fn tau_squared(value: f64) -> String {
    fixed(value, 2)
}

/// Returns a probability with its sign of comparison: `P = 0.04`, `P = 0.003`, `P < 0.0001`, `P < 0.00001`.
///
/// Two decimals from 0.01 upward; below, one significant digit down to 0.0001, so that a small probability is never shown as zero.
pub fn p_value(p: f64) -> String {
    if p.is_nan() {
        return format!("P = {NOT_AVAILABLE}");
    }
    let text = p_value_bare(p);
    if text.starts_with('<') { format!("P {text}") } else { format!("P = {text}") }
}

/// Returns a probability for a table cell: `0.04`, `0.003`, `< 0.0001`, `< 0.00001`.
pub fn p_value_bare(p: f64) -> String {
    if p.is_nan() {
        return NOT_AVAILABLE.to_owned();
    }
    if p < 0.000_01 {
        return "< 0.00001".to_owned();
    }
    if p < 0.000_1 {
        return "< 0.0001".to_owned();
    }
    let decimals = if p < 0.000_95 {
        4
    } else if p < 0.009_5 {
        3
    } else {
        2
    };
    fixed(p, decimals)
}

/// Returns degrees of freedom: whole numbers without decimals, others (Satterthwaite) with two.
pub fn degrees_of_freedom(df: f64) -> String {
    if df.fract() == 0.0 { fixed(df, 0) } else { fixed(df, 2) }
}

/// Returns a count with commas between thousands: `12,345`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a number for the label of an axis: as few decimals as tell it apart (`0.5`, `1`, `-20`, `0.005`).
pub fn tick(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() || value.abs() >= 1e7 || value.abs() < 1e-6 {
        return fixed_exponent(value);
    }
    let text = fixed(value, 6);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn fixed_exponent(value: f64) -> String {
    if value.is_finite() { format!("{value:e}") } else { fixed(value, 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ketamine_pain_prints_as_published() {
        assert_eq!(estimate_with_interval(-15.7911, -32.0875, 0.5053), "-15.79 [-32.09, 0.51]");
        assert_eq!(estimate_with_interval(3.2575, 1.0518, 10.0889), "3.26 [1.05, 10.09]");
        assert_eq!(tau_squared(142.376), "142.38");
        assert_eq!(i_squared(68.9), "69%");
        assert_eq!(weight(34.118), "34.1%");
    }

    #[test]
    fn zero_never_has_a_sign() {
        for value in [-0.0, -0.001, -0.004_999, 0.004] {
            assert_eq!(estimate(value), "0.00");
        }
        assert_eq!(fixed(-0.4, 0), "0");
        assert_eq!(estimate(-0.006), "-0.01");
        assert_eq!(tick(-0.0), "0");
    }

    #[test]
    fn probabilities_are_never_shown_as_zero() {
        for (p, expected) in [
            (1.0, "P = 1.00"),
            (0.18, "P = 0.18"),
            (0.0399, "P = 0.04"),
            (0.0100, "P = 0.01"),
            (0.009_6, "P = 0.01"),
            (0.001_97, "P = 0.002"),
            (0.000_97, "P = 0.001"),
            (0.000_3, "P = 0.0003"),
            (0.000_05, "P < 0.0001"),
            (0.000_009, "P < 0.00001"),
            (0.0, "P < 0.00001"),
        ] {
            assert_eq!(p_value(p), expected, "{p}");
        }
        assert_eq!(p_value(f64::NAN), "P = NA");
    }

    #[test]
    fn what_is_not_a_number_is_said_in_words() {
        assert_eq!(estimate(f64::NAN), "NA");
        assert_eq!(estimate_with_interval(f64::NAN, f64::NAN, f64::NAN), "Not estimable");
        assert_eq!(estimate(f64::INFINITY), "Inf");
        assert_eq!(weight(f64::NAN), "NA");
        assert_eq!(estimate(1.0e300), "1.00e300");
    }

    #[test]
    fn counts_have_commas_between_thousands() {
        let shown: Vec<String> = [0, 7, 999, 1_000, 12_345, 1_234_567].into_iter().map(count).collect();
        assert_eq!(shown, ["0", "7", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn tick_labels_are_short() {
        let shown: Vec<String> = [0.005, 0.1, 0.5, 1.0, 10.0, -20.0, 2.5, 1e8].into_iter().map(tick).collect();
        assert_eq!(shown, ["0.005", "0.1", "0.5", "1", "10", "-20", "2.5", "1e8"]);
        assert_eq!(degrees_of_freedom(2.0), "2");
        assert_eq!(degrees_of_freedom(6.414), "6.41");
    }
}
