//! Conversions of reported numbers into those that can be pooled. Each is one named formula; none imputes silently.
//!
//! Functions return `None` where the inputs cannot belong together (a negative standard error, an interval upside down, a correlation
//! beyond one). Handbook numbers are those of the Cochrane Handbook, version 6.

mod absolute;
mod designs;
mod effects;
mod skew;
mod spread;

pub use absolute::{
    AbsoluteEffect, NumberNeeded, NumberNeededInterval, absolute_effect, corresponding_risk, information_size_of_means,
    information_size_of_risks, number_needed_interval, odds_ratio_from_risk_ratio, risk_ratio_from_odds_ratio,
};
pub use designs::{
    CrossoverEffect, attainable_counts, cluster_effective_size, combine_arms, crossover_effect, design_effect, inflate_standard_error,
    paired_odds_ratio, rescale_mean, rescale_sd, split_shared_control,
};
pub use effects::{
    RatioEstimate, cohen_d_from_t, correlation_from_smd, exact_poisson_interval, exact_proportion_interval, fisher_z_interval,
    log_rank_from_events, log_ratio_from_interval, log_ratio_from_p, number_needed_from_smd, odds_ratio_from_smd, p_from_interval,
    smd_from_odds_ratio, wilson_interval,
};
pub use skew::{SkewnessTest, skewness_of_five_numbers, skewness_of_quartiles, skewness_of_range};
pub use spread::{
    FiveNumbers, MeanSd, change_correlation, change_sd, mean_sd_from_five_numbers, mean_sd_from_quartiles, mean_sd_from_range,
    sd_from_difference_se, sd_from_interval, sd_from_iqr, sd_from_se, se_from_difference_interval, se_from_difference_p,
    se_from_difference_t, wan_mean_sd,
};

/// Quantile that an interval of this level was built with: t with `df` degrees of freedom, normal where `df` is `None`.
pub(crate) fn quantile(level: f64, df: Option<f64>) -> Option<f64> {
    use crate::stats::dist;
    if !(level > 0.0 && level < 1.0) {
        return None;
    }
    let q = df.map_or_else(|| dist::normal_quantile(0.5 + 0.5 * level), |df| dist::t_quantile(0.5 + 0.5 * level, df));
    (q.is_finite() && q > 0.0).then_some(q)
}

/// Returns the value when it is finite.
pub(crate) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// Returns the value when it is finite and not negative.
pub(crate) fn spread_or_none(value: f64) -> Option<f64> {
    (value.is_finite() && value >= 0.0).then_some(value)
}
