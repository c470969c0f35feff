//! Effects and intervals from other effects: ratios, standardised differences, correlations, proportions.

use std::f64::consts::PI;

use super::{finite, quantile};
use crate::meta::measure::hedges_correction;
use crate::meta::result::Interval;
use crate::stats::dist;

/// A ratio on the natural-log scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioEstimate {
    /// Natural logarithm of the ratio.
    pub ln_ratio: f64,
    /// Its standard error.
    pub se: f64,
}

/// Log ratio and standard error from a ratio and its confidence interval. Handbook 6.3.2.
pub fn log_ratio_from_interval(ratio: f64, lower: f64, upper: f64, level: f64) -> Option<RatioEstimate> {
    if !(ratio > 0.0 && lower > 0.0 && upper > lower) {
        return None;
    }
    let se = (upper.ln() - lower.ln()) / (2.0 * quantile(level, None)?);
    Some(RatioEstimate { ln_ratio: finite(ratio.ln())?, se: finite(se)? })
}

/// Log ratio and standard error from a ratio and its two-sided p value (normal). Parmar, Torri and Stewart (1998). `None` for a ratio of 1.
pub fn log_ratio_from_p(ratio: f64, p: f64) -> Option<RatioEstimate> {
    if !(ratio > 0.0 && p > 0.0 && p < 1.0) || ratio == 1.0 {
        return None;
    }
    let z = -dist::normal_quantile(0.5 * p);
    Some(RatioEstimate { ln_ratio: finite(ratio.ln())?, se: finite(ratio.ln().abs() / z)? })
}

/// Standard error, z and two-sided p from an estimate and its interval on an additive scale (log a ratio first). Altman and Bland (2011).
pub fn p_from_interval(estimate: f64, lower: f64, upper: f64, level: f64) -> Option<(f64, f64, f64)> {
    let se = super::se_from_difference_interval(lower, upper, level, None).filter(|se| *se > 0.0)?;
    let z = finite(estimate / se)?;
    Some((se, z, dist::normal_two_sided(z)))
}

/// Observed minus expected events and variance of a log-rank test from the events per group and the chi-squared statistic.
///
/// `V = d1 d2 / (d1 + d2)`; negative (favouring the experimental group) when `favours_experimental`. Tierney and others (2007).
/// Returns O - E, V and the log hazard ratio.
pub fn log_rank_from_events(events1: f64, events2: f64, chi_squared: f64, favours_experimental: bool) -> Option<(f64, f64, f64)> {
    let variance = events1 * events2 / (events1 + events2);
    if !(variance > 0.0 && chi_squared >= 0.0) {
        return None;
    }
    let sign = if favours_experimental { -1.0 } else { 1.0 };
    let gap = sign * (chi_squared * variance).sqrt();
    Some((gap, variance, gap / variance))
}

/// Log odds ratio from a standardised mean difference, or its standard error from that of the difference: times `pi / sqrt(3)`. Chinn (2000).
pub fn odds_ratio_from_smd(smd: f64) -> f64 {
    smd * PI / 3f64.sqrt()
}

/// Standardised mean difference from a log odds ratio, or its standard error: times `sqrt(3) / pi`. Chinn (2000).
pub fn smd_from_odds_ratio(ln_odds_ratio: f64) -> f64 {
    ln_odds_ratio * 3f64.sqrt() / PI
}

/// Correlation from a standardised mean difference. Borenstein and others (2009), equation 7.5.
pub fn correlation_from_smd(smd: f64, n1: f64, n2: f64) -> Option<f64> {
    let n = n1 + n2;
    if n1 > 0.0 && n2 > 0.0 { finite(smd / (smd * smd + n * n / (n1 * n2)).sqrt()) } else { None }
}

/// Cohen's d and Hedges' g (exact correction) from the t statistic of two groups.
pub fn cohen_d_from_t(t: f64, n1: f64, n2: f64) -> Option<(f64, f64)> {
    if n1 < 1.0 || n2 < 1.0 || n1 + n2 < 4.0 {
        return None;
    }
    let d = finite(t * (1.0 / n1 + 1.0 / n2).sqrt())?;
    Some((d, d * hedges_correction(n1 + n2 - 2.0)))
}

/// Number needed to treat from a standardised mean difference and the control event rate. Furukawa and Leucht (2011).
///
/// `smd` is positive when the experimental group does better in the sense of the event.
pub fn number_needed_from_smd(smd: f64, control_event_rate: f64) -> Option<f64> {
    if !(control_event_rate > 0.0 && control_event_rate < 1.0) {
        return None;
    }
    finite(1.0 / (dist::normal_cdf(smd + dist::normal_quantile(control_event_rate)) - control_event_rate).abs())
}

/// Fisher's z of a correlation, its standard error, and the interval of the correlation.
pub fn fisher_z_interval(r: f64, n: f64, level: f64) -> Option<(f64, f64, Interval)> {
    if r.is_nan() || r.abs() >= 1.0 || n.is_nan() || n <= 3.0 {
        return None;
    }
    let (z, se) = (r.atanh(), 1.0 / (n - 3.0).sqrt());
    Some((z, se, Interval::around(z, se, quantile(level, None)?).map(f64::tanh)))
}

/// Exact (Clopper-Pearson) interval of a proportion.
pub fn exact_proportion_interval(events: f64, n: f64, level: f64) -> Option<Interval> {
    if !(n > 0.0 && (0.0..=n).contains(&events) && level > 0.0 && level < 1.0) {
        return None;
    }
    let tail = 0.5 - 0.5 * level;
    let lower = if events == 0.0 { 0.0 } else { dist::beta_quantile(tail, events, n - events + 1.0) };
    let upper = if events == n { 1.0 } else { dist::beta_quantile(1.0 - tail, events + 1.0, n - events) };
    Some(Interval { lower, upper })
}

/// Wilson's score interval of a proportion.
pub fn wilson_interval(events: f64, n: f64, level: f64) -> Option<Interval> {
    if !(n > 0.0 && (0.0..=n).contains(&events)) {
        return None;
    }
    let (p, z) = (events / n, quantile(level, None)?);
    let square = z * z;
    let centre = (p + square / (2.0 * n)) / (1.0 + square / n);
    let half = z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt() / (1.0 + square / n);
    Some(Interval { lower: (centre - half).max(0.0), upper: (centre + half).min(1.0) })
}

/// Exact interval of a rate from a Poisson count.
pub fn exact_poisson_interval(events: f64, time: f64, level: f64) -> Option<Interval> {
    if !(events >= 0.0 && time > 0.0 && level > 0.0 && level < 1.0) {
        return None;
    }
    let tail = 0.5 - 0.5 * level;
    let lower = if events == 0.0 { 0.0 } else { dist::gamma_quantile(tail, events) / time };
    Some(Interval { lower, upper: dist::gamma_quantile(1.0 - tail, events + 1.0) / time })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_intervals_give_their_p_values_back() {
        // Five pooled results of Olujimi Odutola and Gupta (2023).
        let (_, z, p) = p_from_interval(-1.05, -1.72, -0.39, 0.95).unwrap();
        assert!((z + 3.09468).abs() < 5e-6 && (p - 0.00197025).abs() < 5e-9);
        let ratio = log_ratio_from_interval(1.42, 0.84, 2.39, 0.95).unwrap();
        assert!((ratio.se - 0.266752).abs() < 5e-7);
        assert!((dist::normal_two_sided(ratio.ln_ratio / ratio.se) - 0.188663).abs() < 5e-7);
    }

    #[test]
    fn intervals_of_nothing_and_everything_stay_in_range() {
        assert_eq!(exact_proportion_interval(0.0, 10.0, 0.95).unwrap().lower, 0.0);
        assert_eq!(exact_proportion_interval(10.0, 10.0, 0.95).unwrap().upper, 1.0);
        assert_eq!(exact_proportion_interval(11.0, 10.0, 0.95), None);
        assert_eq!(log_ratio_from_p(1.0, 0.5), None);
    }
}
