//! Whether a five-number summary looks skewed: the check before a mean is made from a median.

use super::FiveNumbers;

/// A test of symmetry on what is known of a sample's quantiles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkewnessTest {
    /// How far the numbers lie from symmetry, 0 or more.
    pub statistic: f64,
    /// The value from which a normal sample would be this far off in 5 of 100 samples or fewer.
    pub critical: f64,
}

impl SkewnessTest {
    /// Tells whether the numbers are too far from symmetry for a mean to be made from them.
    pub fn is_skewed(&self) -> bool {
        self.statistic >= self.critical
    }
}

fn asymmetry(low: f64, median: f64, high: f64) -> f64 {
    ((low + high - 2.0 * median) / (high - low)).abs()
}

/// Tests minimum, median and maximum of `n` values. Shi and others (2023), scenario 1; metafor `conv.fivenum`. `None` where the ends meet.
pub fn skewness_of_range(min: f64, median: f64, max: f64, n: f64) -> Option<SkewnessTest> {
    let test = SkewnessTest { statistic: asymmetry(min, median, max), critical: 1.0 / (n + 9.0).ln() + 2.5 / (n + 1.0) };
    (n >= 2.0 && test.statistic.is_finite()).then_some(test)
}

/// Tests the quartiles of `n` values. Shi and others (2023), scenario 2; metafor `conv.fivenum`. `None` where the quartiles meet.
pub fn skewness_of_quartiles(q1: f64, median: f64, q3: f64, n: f64) -> Option<SkewnessTest> {
    let test = SkewnessTest { statistic: asymmetry(q1, median, q3), critical: 2.65 / n.sqrt() - 6.0 / (n * n) };
    (n >= 2.0 && test.statistic.is_finite()).then_some(test)
}

/// Tests all five numbers of `n` values. Shi and others (2023), scenario 3; metafor `conv.fivenum`. `None` where ends or quartiles meet.
pub fn skewness_of_five_numbers(numbers: FiveNumbers, n: f64) -> Option<SkewnessTest> {
    let FiveNumbers { min, q1, median, q3, max } = numbers;
    let outer = 2.65 * (0.6 * n).ln() / n.sqrt() * asymmetry(min, median, max);
    let inner = asymmetry(q1, median, q3);
    let is_known = n >= 2.0 && outer.is_finite() && inner.is_finite();
    is_known.then(|| SkewnessTest { statistic: outer.max(inner), critical: 3.0 / n.sqrt() - 40.0 / n.powi(3) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symmetric_summaries_pass_and_lopsided_ones_do_not() {
        let numbers = |max| FiveNumbers { min: 0.0, q1: 2.0, median: 4.0, q3: 6.0, max };
        assert!(!skewness_of_five_numbers(numbers(8.0), 50.0).unwrap().is_skewed());
        assert!(skewness_of_five_numbers(numbers(60.0), 50.0).unwrap().is_skewed());
        assert!(!skewness_of_quartiles(2.0, 4.2, 6.0, 50.0).unwrap().is_skewed());
        assert!(skewness_of_quartiles(2.0, 2.5, 6.0, 50.0).unwrap().is_skewed());
        assert!(skewness_of_range(0.0, 1.0, 20.0, 50.0).unwrap().is_skewed());
    }

    #[test]
    fn the_critical_values_are_those_of_the_paper() {
        let close = |got: f64, want: f64| assert!((got - want).abs() < 1e-12, "{got} {want}");
        close(skewness_of_range(0.0, 1.0, 2.0, 40.0).unwrap().critical, 1.0 / 49f64.ln() + 2.5 / 41.0);
        close(skewness_of_quartiles(0.0, 1.0, 2.0, 40.0).unwrap().critical, 2.65 / 40f64.sqrt() - 6.0 / 1600.0);
        let five = FiveNumbers { min: 0.0, q1: 1.0, median: 2.0, q3: 3.0, max: 4.0 };
        close(skewness_of_five_numbers(five, 40.0).unwrap().critical, 3.0 / 40f64.sqrt() - 40.0 / 64_000.0);
    }

    #[test]
    fn a_summary_without_width_is_not_tested() {
        assert_eq!(skewness_of_range(1.0, 1.0, 1.0, 20.0), None);
        assert_eq!(skewness_of_quartiles(1.0, 1.0, 1.0, 20.0), None);
    }
}
