//! Groups with means and standard deviations: mean difference, standardised mean differences, ratio of means, variability.

use super::{Effect, EffectMeasure};
use crate::meta::options::{Convention, Options, VarianceType};
use crate::stats::special::{ln_gamma, stirling_error};

/// Means, standard deviations and sizes of the experimental (1) and control (2) group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoMeans {
    /// Mean of the experimental group.
    pub mean1: f64,
    /// Standard deviation of the experimental group.
    pub sd1: f64,
    /// Size of the experimental group.
    pub n1: f64,
    /// Mean of the control group.
    pub mean2: f64,
    /// Standard deviation of the control group.
    pub sd2: f64,
    /// Size of the control group.
    pub n2: f64,
}

/// Mean, standard deviation and size of one group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneMean {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Size.
    pub n: f64,
}

impl OneMean {
    /// Returns the mean or its logarithm with the sampling variance; metafor `MN`, `MNLN`.
    pub fn effect(&self, measure: EffectMeasure) -> Option<Effect> {
        let variance = self.sd * self.sd / self.n;
        match measure {
            EffectMeasure::LogMean => Effect::new(self.mean.ln(), variance / (self.mean * self.mean)),
            _ => Effect::new(self.mean, variance),
        }
    }
}

/// Returns Hedges' exact small-sample correction `Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2))` for m degrees of freedom.
///
/// NaN for one degree of freedom and below. Source: Hedges (1981), equation 6e.
pub fn hedges_correction(m: f64) -> f64 {
    if m.is_nan() || m <= 1.0 {
        return f64::NAN;
    }
    if m > 30.0 {
        // The difference of log gammas loses digits; Stirling's formula with its error terms does not.
        let a = 0.5 * m;
        return (-(a - 1.0) * (-0.5 / a).ln_1p() - 0.5 + stirling_error(a) - stirling_error(a - 0.5)).exp();
    }
    (ln_gamma(0.5 * m) - 0.5 * (0.5 * m).ln() - ln_gamma(0.5 * (m - 1.0))).exp()
}

/// Returns the approximate correction `1 - 3 / (4m - 1)`, as used by RevMan.
pub fn hedges_correction_approximate(m: f64) -> f64 {
    1.0 - 3.0 / (4.0 * m - 1.0)
}

impl TwoMeans {
    fn is_valid(&self) -> bool {
        [self.mean1, self.sd1, self.mean2, self.sd2].iter().all(|x| x.is_finite())
            && self.n1 >= 1.0
            && self.n2 >= 1.0
            && self.sd1 >= 0.0
            && self.sd2 >= 0.0
    }

    /// Returns the pooled variance of both groups; NaN with fewer than three participants.
    pub fn pooled_variance(&self) -> f64 {
        let m = self.n1 + self.n2 - 2.0;
        if m <= 0.0 {
            return f64::NAN;
        }
        ((self.n1 - 1.0) * self.sd1 * self.sd1 + (self.n2 - 1.0) * self.sd2 * self.sd2) / m
    }

    fn hedges_g(&self) -> f64 {
        hedges_correction(self.n1 + self.n2 - 2.0) * (self.mean1 - self.mean2) / self.pooled_variance().sqrt()
    }

    fn glass_delta(&self) -> f64 {
        hedges_correction(self.n2 - 1.0) * (self.mean1 - self.mean2) / self.sd2
    }
}

pub(super) fn effects(rows: &[TwoMeans], options: &Options) -> Vec<Option<Effect>> {
    let mean = Means::of(rows, options);
    rows.iter()
        .map(|row| {
            if !row.is_valid() || (options.convention.is_revman() && (row.sd1 == 0.0 || row.sd2 == 0.0)) {
                return None;
            }
            effect(row, options, &mean)
        })
        .collect()
}

/// Means over all studies, weighted by size, at which the averaged variance formulas are taken.
struct Means {
    /// Standardised mean difference.
    smd: f64,
    /// Coefficient of variation of the first group, of the second, and of both.
    variation: [f64; 3],
}

impl Means {
    fn of(rows: &[TwoMeans], options: &Options) -> Self {
        if !matches!(options.variance, VarianceType::Average | VarianceType::AverageHomoscedastic) {
            return Self { smd: f64::NAN, variation: [f64::NAN; 3] };
        }
        let weighted = |values: &mut dyn Iterator<Item = (f64, f64)>| {
            let usable = values.filter(|(value, _)| value.is_finite());
            let (sum, total) = usable.fold((0.0, 0.0), |(sum, total), (value, n)| (sum + value * n, total + n));
            sum / total
        };
        let valid = || rows.iter().filter(|row| row.is_valid());
        let smd = |row: &TwoMeans| if options.measure == EffectMeasure::GlassDelta { row.glass_delta() } else { row.hedges_g() };
        let (first, second) = (|row: &TwoMeans| (row.sd1 / row.mean1, row.n1), |row: &TwoMeans| (row.sd2 / row.mean2, row.n2));
        Self {
            smd: weighted(&mut valid().map(|row| (smd(row), row.n1 + row.n2))),
            variation: [
                weighted(&mut valid().map(first)),
                weighted(&mut valid().map(second)),
                weighted(&mut valid().map(first).chain(valid().map(second))),
            ],
        }
    }
}

fn effect(row: &TwoMeans, options: &Options, mean: &Means) -> Option<Effect> {
    let TwoMeans { mean1, sd1, n1, mean2, sd2, n2 } = *row;
    let n = n1 + n2;
    let m = n - 2.0;
    let sizes = 1.0 / n1 + 1.0 / n2;
    let (relative1, relative2) = (sd1 * sd1 / (n1 * mean1 * mean1), sd2 * sd2 / (n2 * mean2 * mean2));
    match options.measure {
        EffectMeasure::MeanDifference => {
            let variance = if options.variance == VarianceType::Homoscedastic {
                row.pooled_variance() * sizes
            } else {
                sd1 * sd1 / n1 + sd2 * sd2 / n2
            };
            Effect::new(mean1 - mean2, variance)
        }
        EffectMeasure::StandardizedMeanDifference => {
            let d = (mean1 - mean2) / row.pooled_variance().sqrt();
            if options.convention.is_revman() {
                let g = hedges_correction_approximate(m) * d;
                return Effect::new(g, sizes + g * g / (2.0 * (n - 3.94)));
            }
            let j = hedges_correction(m);
            let g = j * d;
            let kind = if options.convention == Convention::RMeta { VarianceType::Unbiased } else { options.variance };
            Effect::new(g, standardised_variance(kind, sizes, [j, d], m, n, mean.smd))
        }
        EffectMeasure::GlassDelta => {
            let (j, d) = (hedges_correction(n2 - 1.0), (mean1 - mean2) / sd2);
            Effect::new(j * d, standardised_variance(options.variance, sizes, [j, d], n2 - 1.0, n2, mean.smd))
        }
        EffectMeasure::HeteroscedasticSmd => {
            // Bonett (2009), standardised by the root of the mean of both variances; with the corrected estimate and the squared
            // correction factor in the variance, as in metafor 3.8.
            let mean_variance = 0.5 * (sd1 * sd1 + sd2 * sd2);
            let j = hedges_correction(m);
            let g = j * (mean1 - mean2) / mean_variance.sqrt();
            if options.variance == VarianceType::LargeSampleUncorrected {
                let both = sd1 * sd1 + sd2 * sd2;
                let share = sd1 * sd1 / n1 + sd2 * sd2 / n2;
                return Effect::new(g, g * g * share / (2.0 * both * both) + 2.0 * share / both);
            }
            let fourth = (sd1.powi(4) / (n1 - 1.0) + sd2.powi(4) / (n2 - 1.0)) / (8.0 * mean_variance * mean_variance);
            let rest = (sd1 * sd1 / (n1 - 1.0) + sd2 * sd2 / (n2 - 1.0)) / mean_variance;
            Effect::new(g, j * j * (g * g * fourth + rest))
        }
        EffectMeasure::RatioOfMeans => {
            // Hedges, Gurevitch and Curtis (1999); the bias term of Lajeunesse (2015).
            let bias = if options.correct_ratio_of_means { 0.5 * (relative1 - relative2) } else { 0.0 };
            let [first, second, both] = mean.variation.map(|variation| variation * variation);
            let variance = match options.variance {
                VarianceType::Homoscedastic => row.pooled_variance() * (1.0 / (n1 * mean1 * mean1) + 1.0 / (n2 * mean2 * mean2)),
                VarianceType::Average => first / n1 + second / n2,
                VarianceType::AverageHomoscedastic => both * sizes,
                _ => relative1 + relative2,
            };
            Effect::new((mean1 / mean2).ln() + bias, variance)
        }
        EffectMeasure::VariabilityRatio => {
            // Nakagawa and others (2015), equations 5 and 6.
            let (half1, half2) = (0.5 / (n1 - 1.0), 0.5 / (n2 - 1.0));
            Effect::new((sd1 / sd2).ln() + half1 - half2, half1 + half2)
        }
        EffectMeasure::CoefficientOfVariationRatio => {
            let (half1, half2) = (0.5 / (n1 - 1.0), 0.5 / (n2 - 1.0));
            Effect::new(((sd1 / mean1) / (sd2 / mean2)).ln() + half1 - half2, half1 + half2 + relative1 + relative2)
        }
        _ => None,
    }
}

/// Variance of a standardised mean difference `g = j d` with m degrees of freedom; `n` is the size behind the standardiser.
fn standardised_variance(kind: VarianceType, sizes: f64, [j, d]: [f64; 2], m: f64, n: f64, mean: f64) -> f64 {
    let g = j * d;
    match kind {
        VarianceType::LargeSampleUncorrected => j * j * (sizes + d * d / (2.0 * n)),
        VarianceType::Unbiased => sizes + (1.0 - (m - 2.0) / (m * j * j)) * g * g,
        VarianceType::Average => sizes + mean * mean / (2.0 * n),
        _ => sizes + g * g / (2.0 * n),
    }
}
