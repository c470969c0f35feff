//! The lines under a pooled effect, letter by letter as RevMan prints them.

use crate::figure::number;

/// Heterogeneity of pooled studies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// Variance between studies, on the scale of pooling; `None` in a common-effect model.
    pub tau_squared: Option<f64>,
    /// Cochran's Q.
    pub chi_squared: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// Its probability.
    pub p: f64,
    /// I² in percent.
    pub i_squared: f64,
}

/// Test for overall effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OverallTest {
    /// Value of Z, or of t when there are degrees of freedom.
    pub statistic: f64,
    /// Degrees of freedom of a t test (Hartung-Knapp); `None` for Z.
    pub df: Option<f64>,
    /// Its probability, two-sided.
    pub p: f64,
}

/// Returns the line on heterogeneity: `Heterogeneity: Tau² = 142.38; Chi² = 6.44, df = 2 (P = 0.04); I² = 69%`.
pub fn heterogeneity_line(heterogeneity: Option<&Heterogeneity>) -> String {
    let Some(h) = heterogeneity.filter(|h| h.df > 0.0) else {
        return "Heterogeneity: Not applicable".to_owned();
    };
    let tau = h.tau_squared.map_or_else(String::new, |tau| format!("Tau² = {}; ", number::tau_squared(tau)));
    let chi = format!("Chi² = {}, df = {} ({})", number::fixed(h.chi_squared, 2), number::degrees_of_freedom(h.df), number::p_value(h.p));
    format!("Heterogeneity: {tau}{chi}; I² = {}", number::i_squared(h.i_squared))
}

/// Returns the line on the pooled effect: `Test for overall effect: Z = 1.90 (P = 0.06)`, or with `t` and `df`.
///
/// The sign of the statistic is dropped, as RevMan does: the diamond shows the direction.
pub fn overall_effect_line(test: Option<&OverallTest>) -> String {
    let Some(test) = test.filter(|test| !test.statistic.is_nan()) else {
        return "Test for overall effect: Not applicable".to_owned();
    };
    let statistic = number::fixed(test.statistic.abs(), 2);
    match test.df {
        None => format!("Test for overall effect: Z = {statistic} ({})", number::p_value(test.p)),
        Some(df) => {
            format!("Test for overall effect: t = {statistic}, df = {} ({})", number::degrees_of_freedom(df), number::p_value(test.p))
        }
    }
}

/// Returns the line on subgroups: `Test for subgroup differences: Chi² = 3.04, df = 1 (P = 0.08), I² = 67.1%`.
pub fn subgroup_difference_line(difference: Option<&Heterogeneity>) -> String {
    let Some(h) = difference.filter(|h| h.df > 0.0) else {
        return "Test for subgroup differences: Not applicable".to_owned();
    };
    let chi = format!("Chi² = {}, df = {} ({})", number::fixed(h.chi_squared, 2), number::degrees_of_freedom(h.df), number::p_value(h.p));
    format!("Test for subgroup differences: {chi}, I² = {}", number::percent_with(h.i_squared, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_printed_by_revman() {
        let adverse = Heterogeneity { tau_squared: Some(0.50671), chi_squared: 4.87688, df: 3.0, p: 0.18104, i_squared: 38.48529 };
        assert_eq!(heterogeneity_line(Some(&adverse)), "Heterogeneity: Tau² = 0.51; Chi² = 4.88, df = 3 (P = 0.18); I² = 38%");
        let common = Heterogeneity { tau_squared: None, ..adverse };
        assert_eq!(heterogeneity_line(Some(&common)), "Heterogeneity: Chi² = 4.88, df = 3 (P = 0.18); I² = 38%");
        assert_eq!(heterogeneity_line(None), "Heterogeneity: Not applicable");
        let single = Heterogeneity { df: 0.0, ..adverse };
        assert_eq!(heterogeneity_line(Some(&single)), "Heterogeneity: Not applicable");
        let z = OverallTest { statistic: -1.8990, df: None, p: 0.0576 };
        assert_eq!(overall_effect_line(Some(&z)), "Test for overall effect: Z = 1.90 (P = 0.06)");
        let t = OverallTest { statistic: 2.0, df: Some(2.0), p: 0.18 };
        assert_eq!(overall_effect_line(Some(&t)), "Test for overall effect: t = 2.00, df = 2 (P = 0.18)");
        let difference = Heterogeneity { tau_squared: None, chi_squared: 3.04, df: 1.0, p: 0.0813, i_squared: 67.1 };
        let line = "Test for subgroup differences: Chi² = 3.04, df = 1 (P = 0.08), I² = 67.1%";
        assert_eq!(subgroup_difference_line(Some(&difference)), line);
    }
}
