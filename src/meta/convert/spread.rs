//! Standard deviations and standard errors from what papers print: SE, interval, t, p, quartiles, ranges, change scores.

use super::{finite, quantile, spread_or_none};
use crate::stats::dist::{normal_quantile, t_quantile};

/// Mean and standard deviation that were derived from other numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanSd {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// Minimum, quartiles and maximum of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FiveNumbers {
    /// Minimum.
    pub min: f64,
    /// First quartile.
    pub q1: f64,
    /// Median.
    pub median: f64,
    /// Third quartile.
    pub q3: f64,
    /// Maximum.
    pub max: f64,
}

/// Standard deviation from the standard error of one group's mean: `SE sqrt(n)`. Handbook 6.5.2.2.
pub fn sd_from_se(se: f64, n: f64) -> Option<f64> {
    if n < 1.0 { None } else { spread_or_none(se * n.sqrt()) }
}

/// Standard deviation from the confidence interval of one group's mean. Handbook 6.5.2.2.
///
/// `by_t` uses the t quantile with n - 1 degrees of freedom (small groups), otherwise the normal one.
pub fn sd_from_interval(lower: f64, upper: f64, n: f64, level: f64, by_t: bool) -> Option<f64> {
    if n < 2.0 {
        return None;
    }
    let q = quantile(level, by_t.then_some(n - 1.0))?;
    spread_or_none(n.sqrt() * (upper - lower) / (2.0 * q))
}

/// Standard error of a difference from its confidence interval. Handbook 6.5.2.3.
///
/// `df` selects the t quantile (usually n1 + n2 - 2), `None` the normal one.
pub fn se_from_difference_interval(lower: f64, upper: f64, level: f64, df: Option<f64>) -> Option<f64> {
    spread_or_none((upper - lower) / (2.0 * quantile(level, df)?))
}

/// Standard error of a difference of means from its t statistic. Handbook 6.5.2.3. `None` for t = 0.
pub fn se_from_difference_t(difference: f64, t: f64) -> Option<f64> {
    if t == 0.0 { None } else { spread_or_none((difference / t).abs()) }
}

/// Standard error of a difference of means from a two-sided p value of a t test, with the t statistic. Handbook 6.5.2.3.
///
/// `None` unless 0 < p < 1 and there are at least three participants.
pub fn se_from_difference_p(difference: f64, p: f64, n1: f64, n2: f64) -> Option<(f64, f64)> {
    if !(p > 0.0 && p < 1.0) || n1 + n2 < 3.0 {
        return None;
    }
    let t = -t_quantile(0.5 * p, n1 + n2 - 2.0);
    Some((se_from_difference_t(difference, t)?, t))
}

/// Common standard deviation of both groups from the standard error of their difference: `SE / sqrt(1/n1 + 1/n2)`. Handbook 6.5.2.3.
pub fn sd_from_difference_se(se: f64, n1: f64, n2: f64) -> Option<f64> {
    if n1 < 1.0 || n2 < 1.0 { None } else { spread_or_none(se / (1.0 / n1 + 1.0 / n2).sqrt()) }
}

/// Standard deviation from an interquartile range of a roughly normal outcome: `(q3 - q1) / 1.35`. Handbook 6.5.2.5.
pub fn sd_from_iqr(q1: f64, q3: f64) -> Option<f64> {
    spread_or_none((q3 - q1) / 1.35)
}

fn range_sd(min: f64, max: f64, n: f64) -> f64 {
    (max - min) / (2.0 * normal_quantile((n - 0.375) / (n + 0.25)))
}

fn quartile_sd(q1: f64, q3: f64, n: f64) -> f64 {
    (q3 - q1) / (2.0 * normal_quantile((0.75 * n - 0.125) / (n + 0.25)))
}

fn both(mean: f64, sd: f64) -> Option<MeanSd> {
    Some(MeanSd { mean: finite(mean)?, sd: spread_or_none(sd)? })
}

/// Mean and SD from minimum, median and maximum: Luo and others (2018), equation 7; Wan and others (2014), equation 9.
pub fn mean_sd_from_range(min: f64, median: f64, max: f64, n: f64) -> Option<MeanSd> {
    if n < 2.0 || !(min <= median && median <= max) {
        return None;
    }
    let w = 4.0 / (4.0 + n.powf(0.75));
    both(w * (min + max) / 2.0 + (1.0 - w) * median, range_sd(min, max, n))
}

/// Mean and SD from the quartiles: Luo and others (2018), equation 11; Wan and others (2014), equation 16.
pub fn mean_sd_from_quartiles(q1: f64, median: f64, q3: f64, n: f64) -> Option<MeanSd> {
    if n < 2.0 || !(q1 <= median && median <= q3) {
        return None;
    }
    let w = 0.7 + 0.39 / n;
    both(w * (q1 + q3) / 2.0 + (1.0 - w) * median, quartile_sd(q1, q3, n))
}

/// Mean and SD from all five numbers: Luo and others (2018), equation 15; Shi and others (2020), equation 10.
pub fn mean_sd_from_five_numbers(numbers: FiveNumbers, n: f64) -> Option<MeanSd> {
    let FiveNumbers { min, q1, median, q3, max } = numbers;
    if n < 2.0 || !(min <= q1 && q1 <= median && median <= q3 && q3 <= max) {
        return None;
    }
    let (w1, w2) = (2.2 / (2.2 + n.powf(0.75)), 0.7 - 0.72 / n.powf(0.55));
    let mean = w1 * (min + max) / 2.0 + w2 * (q1 + q3) / 2.0 + (1.0 - w1 - w2) * median;
    let share = 1.0 / (1.0 + 0.07 * n.powf(0.6));
    both(mean, share * range_sd(min, max, n) + (1.0 - share) * quartile_sd(q1, q3, n))
}

/// Mean and SD by Wan and others (2014) for three settings: from range, from quartiles, from all five numbers, in this order.
pub fn wan_mean_sd(numbers: FiveNumbers, n: f64) -> Option<[MeanSd; 3]> {
    let FiveNumbers { min, q1, median, q3, max } = numbers;
    if n < 2.0 || !(min <= q1 && q1 <= median && median <= q3 && q3 <= max) {
        return None;
    }
    let (range, quartile) = (range_sd(min, max, n), quartile_sd(q1, q3, n));
    Some([
        both((min + 2.0 * median + max) / 4.0, range)?,
        both((q1 + median + q3) / 3.0, quartile)?,
        both((min + 2.0 * q1 + 2.0 * median + 2.0 * q3 + max) / 8.0, 0.5 * (range + quartile))?,
    ])
}

/// Standard deviation of a change from those of baseline and follow-up and their correlation. Handbook 6.5.2.8.
pub fn change_sd(sd_baseline: f64, sd_follow_up: f64, correlation: f64) -> Option<f64> {
    if correlation.is_nan() || correlation.abs() > 1.0 {
        return None;
    }
    spread_or_none((sd_baseline.powi(2) + sd_follow_up.powi(2) - 2.0 * correlation * sd_baseline * sd_follow_up).max(0.0).sqrt())
}

/// Correlation of baseline and follow-up from the three standard deviations; `None` when they contradict each other. Handbook 6.5.2.8.
pub fn change_correlation(sd_baseline: f64, sd_follow_up: f64, sd_change: f64) -> Option<f64> {
    let r = (sd_baseline.powi(2) + sd_follow_up.powi(2) - sd_change.powi(2)) / (2.0 * sd_baseline * sd_follow_up);
    finite(r).filter(|r| r.abs() <= 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() < 5e-7, "got {got}, want {want}");
    }

    #[test]
    fn standard_errors_of_a_published_review_become_its_standard_deviations() {
        // Cochrane CD015373, analysis 1.1: Sigtermans 2009 (0-10 scale times ten), Noppers 2011.
        close(10.0 * sd_from_se(0.51, 30.0).unwrap(), 27.933850);
        close(sd_from_se(9.0, 12.0).unwrap(), 31.176915);
    }

    #[test]
    fn the_examples_of_five_number_summaries() {
        let m = mean_sd_from_range(2.0, 6.0, 14.0, 20.0).unwrap();
        close(m.mean, 6.594468);
        close(m.sd, 3.211576);
        let m = mean_sd_from_quartiles(4.0, 6.0, 10.0, 20.0).unwrap();
        close(m.mean, 6.719500);
        close(m.sd, 4.787076);
        let m = mean_sd_from_five_numbers(FiveNumbers { min: 2.0, q1: 4.0, median: 6.0, q3: 10.0, max: 14.0 }, 20.0).unwrap();
        close(m.mean, 6.938841);
        close(m.sd, 3.679435);
    }

    #[test]
    fn impossible_inputs_give_nothing() {
        assert_eq!(sd_from_se(-1.0, 20.0), None);
        assert_eq!(sd_from_interval(3.0, 1.0, 20.0, 0.95, true), None);
        assert_eq!(se_from_difference_p(2.0, 0.0, 10.0, 10.0), None);
        assert_eq!(mean_sd_from_quartiles(5.0, 4.0, 6.0, 20.0), None);
        assert_eq!(change_correlation(1.0, 1.0, 5.0), None);
    }
}
