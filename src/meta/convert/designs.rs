//! Numbers from other designs: several arms, clusters, crossover trials, other scales.

use super::{finite, spread_or_none};

/// Combines groups into one: sizes, means and standard deviations, any number of groups. Handbook 6.5.2.10.
///
/// Each entry is size, mean, SD. Returns the same of the whole; `None` for no groups or a negative size or SD.
pub fn combine_arms(arms: &[(f64, f64, f64)]) -> Option<(f64, f64, f64)> {
    let (first, rest) = arms.split_first()?;
    if arms.iter().any(|(n, mean, sd)| n.is_nan() || *n < 1.0 || sd.is_nan() || *sd < 0.0 || !mean.is_finite()) {
        return None;
    }
    let combined = rest.iter().fold(*first, |(n1, m1, s1), &(n2, m2, s2)| {
        let n = n1 + n2;
        let squares = (n1 - 1.0) * s1 * s1 + (n2 - 1.0) * s2 * s2 + n1 * n2 / n * (m1 - m2) * (m1 - m2);
        (n, (n1 * m1 + n2 * m2) / n, (squares / (n - 1.0)).sqrt())
    });
    spread_or_none(combined.2).map(|_| combined)
}

/// Splits a control group that several comparisons share: events and size divided evenly, means and SDs unchanged. Handbook 23.3.4.
pub fn split_shared_control(events: f64, n: f64, comparisons: usize) -> Option<(f64, f64)> {
    if comparisons == 0 {
        return None;
    }
    let parts = comparisons as f64;
    Some((finite(events / parts)?, finite(n / parts)?))
}

/// Design effect of a cluster trial: `1 + (mean cluster size - 1) ICC`. Handbook 23.1.4.
pub fn design_effect(mean_cluster_size: f64, icc: f64) -> Option<f64> {
    if mean_cluster_size < 1.0 || icc.is_nan() || icc.abs() > 1.0 {
        return None;
    }
    finite(1.0 + (mean_cluster_size - 1.0) * icc).filter(|effect| *effect > 0.0)
}

/// Effective number (of participants, or of events) of a cluster trial: the number over the design effect. Handbook 23.1.4.
pub fn cluster_effective_size(number: f64, mean_cluster_size: f64, icc: f64) -> Option<f64> {
    spread_or_none(number / design_effect(mean_cluster_size, icc)?)
}

/// Standard error inflated by the square root of the design effect. Handbook 23.1.5.
pub fn inflate_standard_error(se: f64, mean_cluster_size: f64, icc: f64) -> Option<f64> {
    spread_or_none(se * design_effect(mean_cluster_size, icc)?.sqrt())
}

/// Effect of a crossover trial, to be pooled as generic inverse variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrossoverEffect {
    /// Mean difference.
    pub difference: f64,
    /// Standard deviation of the within-person differences.
    pub sd_difference: f64,
    /// Standard error of the mean difference.
    pub se: f64,
    /// Difference standardised by the mean of both variances.
    pub smd: f64,
    /// Its standard error.
    pub smd_se: f64,
}

/// Effect of a crossover trial from both periods' means and SDs, the number of persons, and the within-person correlation. Handbook 23.2.7.
pub fn crossover_effect(mean1: f64, sd1: f64, mean2: f64, sd2: f64, n: f64, correlation: f64) -> Option<CrossoverEffect> {
    if n < 2.0 || correlation.is_nan() || correlation.abs() > 1.0 || sd1 < 0.0 || sd2 < 0.0 {
        return None;
    }
    let difference = finite(mean1 - mean2)?;
    let sd_difference = spread_or_none((sd1 * sd1 + sd2 * sd2 - 2.0 * correlation * sd1 * sd2).max(0.0).sqrt())?;
    let smd = difference / (0.5 * (sd1 * sd1 + sd2 * sd2)).sqrt();
    let smd_se = (1.0 / n + smd * smd / (2.0 * n)).sqrt() * (2.0 * (1.0 - correlation)).sqrt();
    Some(CrossoverEffect { difference, sd_difference, se: sd_difference / n.sqrt(), smd, smd_se })
}

/// Conditional log odds ratio of a crossover trial from its discordant pairs: `ln(b / c)`, SE `sqrt(1/b + 1/c)`. Handbook 23.2.
pub fn paired_odds_ratio(only_experimental: f64, only_control: f64) -> Option<(f64, f64)> {
    if !(only_experimental > 0.0 && only_control > 0.0) {
        return None;
    }
    Some((finite((only_experimental / only_control).ln())?, (1.0 / only_experimental + 1.0 / only_control).sqrt()))
}

/// A mean moved from one scale to another; `reverse` turns the direction as well. Handbook 10.5.
pub fn rescale_mean(mean: f64, from: (f64, f64), to: (f64, f64), reverse: bool) -> Option<f64> {
    let factor = finite((to.1 - to.0) / (from.1 - from.0))?;
    let moved = (mean - from.0) * factor;
    finite(if reverse { to.1 - moved } else { to.0 + moved })
}

/// A standard deviation (or standard error, or half-width) moved from one scale to another. Handbook 10.5.
pub fn rescale_sd(sd: f64, from: (f64, f64), to: (f64, f64)) -> Option<f64> {
    spread_or_none(sd * finite((to.1 - to.0) / (from.1 - from.0))?.abs())
}

/// Returns all counts out of `n` that print as this percentage with so many decimals; none or several mean that the count is unknown.
pub fn attainable_counts(percent: f64, n: u32, decimals: u32) -> Vec<u32> {
    let half = 0.5 * 10f64.powi(-(decimals.min(12) as i32));
    // Papers round halves either way, so both ends of the interval count.
    (0..=n).filter(|&count| (100.0 * f64::from(count) / f64::from(n.max(1)) - percent).abs() <= half + 1e-9).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combining_three_arms_does_not_depend_on_their_order() {
        let arms = [(40.0, 12.4, 4.1), (33.0, 14.4, 5.1), (21.0, 11.4, 3.6)];
        let (n, mean, sd) = combine_arms(&arms).unwrap();
        let (n2, mean2, sd2) = combine_arms(&[arms[2], arms[0], arms[1]]).unwrap();
        assert_eq!(n, n2);
        assert!((mean - mean2).abs() < 1e-12 && (sd - sd2).abs() < 1e-12);
        assert_eq!(combine_arms(&[]), None);
    }

    #[test]
    fn percentages_that_no_count_gives_are_found() {
        // Sigtermans 2009 prints 76 % and 18 % of 30; Pickering 2020 prints 10, 20 and 35 % of 20.
        assert!(attainable_counts(76.0, 30, 0).is_empty());
        assert!(attainable_counts(18.0, 30, 0).is_empty());
        assert_eq!(attainable_counts(10.0, 20, 0), vec![2]);
        assert_eq!(attainable_counts(35.0, 20, 0), vec![7]);
    }

    #[test]
    fn scales_move_and_turn() {
        assert_eq!(rescale_mean(3.0, (0.0, 10.0), (0.0, 100.0), false), Some(30.0));
        assert_eq!(rescale_mean(3.0, (0.0, 10.0), (0.0, 100.0), true), Some(70.0));
        assert_eq!(rescale_sd(2.0, (0.0, 10.0), (100.0, 0.0)), Some(20.0));
        assert_eq!(rescale_mean(3.0, (5.0, 5.0), (0.0, 100.0), false), None);
    }
}
