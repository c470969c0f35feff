//! A p value as a report prints it: a number, or a bound that it lies below.

use crate::domain::value::parse_number;

/// A p value as printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrintedP {
    /// Whether the value is a bound ("p < 0.05").
    pub is_bound: bool,
    /// The value, above 0 and at most 1; or the bound.
    pub value: f64,
    /// How many decimals it is printed with.
    pub decimals: u32,
}

impl PrintedP {
    /// Reads "0.03", "p = .03", "P<0.001" or "p ≤ 0.05"; `None` for "NS" and everything else that is no number.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['p', 'P']).unwrap_or(text).trim_start();
        let (is_bound, rest) = match text.strip_prefix(['<', '≤']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('=').unwrap_or(text)),
        };
        let number = parse_number(rest.trim().trim_start_matches('='), None).ok()?;
        let decimals = number.decimals.and_then(|decimals| u32::try_from(decimals).ok()).unwrap_or(0);
        (number.value > 0.0 && number.value <= 1.0).then_some(Self { is_bound, value: number.value, decimals })
    }

    /// Returns half a unit in the last digit; 0 for a bound.
    pub fn half_a_digit(&self) -> f64 {
        if self.is_bound { 0.0 } else { 0.5 * 10f64.powi(-i32::try_from(self.decimals).unwrap_or(0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_are_read_as_papers_print_them() {
        let read = |text: &str| PrintedP::parse(text).map(|p| (p.is_bound, p.value, p.decimals));
        assert_eq!(read("0.03"), Some((false, 0.03, 2)));
        assert_eq!(read("p = .030"), Some((false, 0.03, 3)));
        assert_eq!(read("P<0.001"), Some((true, 0.001, 3)));
        assert_eq!(read("≤ 0,05"), Some((true, 0.05, 2)));
        assert_eq!(read("1"), Some((false, 1.0, 0)));
        for text in ["NS", "", "0", "1.2", "-0.1", "<"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
