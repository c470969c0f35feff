//! Effect measures: from the numbers of one study to an estimate and its sampling variance.

mod binary;
mod continuous;
mod correlation;
mod generic;
mod proportion;
mod rate;

use strum::{EnumString, IntoStaticStr, VariantArray};

pub(super) use binary::effects as effects_of_tables;
pub use binary::{TwoByTwo, corrected_counts};
pub use continuous::{OneMean, TwoMeans, hedges_correction, hedges_correction_approximate};
pub use correlation::CorrelationRow;
pub use generic::{GenericRow, ObservedExpected};
pub use proportion::{OneProportion, freeman_tukey_back};
pub(super) use rate::corrected_rates;
pub use rate::{OneRate, TwoRates};

use super::dataset::StudyData;
use super::options::{Convention, Options, VarianceType};
use super::result::MetaError;

/// What is estimated in each study. Short names are those of metafor's `escalc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(ascii_case_insensitive)]
pub enum EffectMeasure {
    /// Log risk ratio.
    #[strum(serialize = "RR")]
    RiskRatio,
    /// Log odds ratio.
    #[strum(serialize = "OR")]
    OddsRatio,
    /// Risk difference.
    #[strum(serialize = "RD")]
    RiskDifference,
    /// Log odds ratio by Peto's one-step method.
    #[strum(serialize = "PETO")]
    PetoOddsRatio,
    /// Difference of arcsine-transformed risks.
    #[strum(serialize = "AS")]
    ArcsineDifference,
    /// Phi coefficient.
    #[strum(serialize = "PHI")]
    Phi,
    /// Yule's Q.
    #[strum(serialize = "YUQ")]
    YuleQ,
    /// Yule's Y.
    #[strum(serialize = "YUY")]
    YuleY,
    /// Standardised mean difference from the odds ratio, normal distributions (Cox and Snell).
    #[strum(serialize = "OR2DN")]
    OddsRatioToSmdNormal,
    /// Standardised mean difference from the odds ratio, logistic distributions (Hasselblad and Hedges).
    #[strum(serialize = "OR2DL")]
    OddsRatioToSmdLogistic,
    /// Mean difference.
    #[strum(serialize = "MD")]
    MeanDifference,
    /// Standardised mean difference (Hedges' g).
    #[strum(serialize = "SMD")]
    StandardizedMeanDifference,
    /// Standardised by the second group's SD (Glass's delta).
    #[strum(serialize = "SMD1")]
    GlassDelta,
    /// Standardised by the average of both variances (heteroscedastic; Bonett 2009).
    #[strum(serialize = "SMDH")]
    HeteroscedasticSmd,
    /// Log ratio of means.
    #[strum(serialize = "ROM")]
    RatioOfMeans,
    /// Log ratio of standard deviations.
    #[strum(serialize = "VR")]
    VariabilityRatio,
    /// Log ratio of coefficients of variation.
    #[strum(serialize = "CVR")]
    CoefficientOfVariationRatio,
    /// Log incidence rate ratio.
    #[strum(serialize = "IRR")]
    RateRatio,
    /// Incidence rate difference.
    #[strum(serialize = "IRD")]
    RateDifference,
    /// Difference of square-root-transformed rates.
    #[strum(serialize = "IRSD")]
    RootRateDifference,
    /// Raw proportion.
    #[strum(serialize = "PR")]
    Proportion,
    /// Log proportion.
    #[strum(serialize = "PLN")]
    LogProportion,
    /// Logit-transformed proportion.
    #[strum(serialize = "PLO")]
    LogitProportion,
    /// Arcsine-transformed proportion.
    #[strum(serialize = "PAS")]
    ArcsineProportion,
    /// Freeman-Tukey double-arcsine proportion.
    #[strum(serialize = "PFT")]
    FreemanTukeyProportion,
    /// Single mean.
    #[strum(serialize = "MN")]
    Mean,
    /// Log of a single mean.
    #[strum(serialize = "MNLN")]
    LogMean,
    /// Incidence rate of one group.
    #[strum(serialize = "IR")]
    Rate,
    /// Log incidence rate of one group.
    #[strum(serialize = "IRLN")]
    LogRate,
    /// Square-root-transformed incidence rate of one group.
    #[strum(serialize = "IRS")]
    RootRate,
    /// Freeman-Tukey transformed incidence rate of one group.
    #[strum(serialize = "IRFT")]
    FreemanTukeyRate,
    /// Raw correlation.
    #[strum(serialize = "COR")]
    Correlation,
    /// Correlation corrected for its negative bias.
    #[strum(serialize = "UCOR")]
    UnbiasedCorrelation,
    /// Fisher's z of a correlation.
    #[strum(serialize = "ZCOR")]
    FisherZ,
    /// Log hazard ratio from observed minus expected events and their variance.
    #[strum(serialize = "OEV")]
    ObservedMinusExpected,
    /// Log hazard ratio (or another log ratio) with its sampling variance.
    #[strum(serialize = "HR")]
    HazardRatio,
    /// Any estimate with its sampling variance.
    #[strum(serialize = "GEN")]
    Generic,
}

impl EffectMeasure {
    /// Returns the short name, as in metafor: "RR", "MD", ...
    pub fn short(self) -> &'static str {
        self.into()
    }

    /// Returns the name for headings: "Risk ratio", "Mean difference", ...
    pub fn label(self) -> &'static str {
        match self {
            Self::RiskRatio => "Risk ratio",
            Self::OddsRatio => "Odds ratio",
            Self::RiskDifference => "Risk difference",
            Self::PetoOddsRatio => "Peto odds ratio",
            Self::ArcsineDifference => "Arcsine risk difference",
            Self::Phi => "Phi coefficient",
            Self::YuleQ => "Yule's Q",
            Self::YuleY => "Yule's Y",
            Self::OddsRatioToSmdNormal => "SMD from odds ratio (normal)",
            Self::OddsRatioToSmdLogistic => "SMD from odds ratio (logistic)",
            Self::MeanDifference => "Mean difference",
            Self::StandardizedMeanDifference => "Std. mean difference",
            Self::GlassDelta => "Glass's delta",
            Self::HeteroscedasticSmd => "Std. mean difference (unequal variances)",
            Self::RatioOfMeans => "Ratio of means",
            Self::VariabilityRatio => "Variability ratio",
            Self::CoefficientOfVariationRatio => "Coefficient of variation ratio",
            Self::RateRatio => "Rate ratio",
            Self::RateDifference => "Rate difference",
            Self::RootRateDifference => "Difference of root rates",
            Self::Proportion => "Proportion",
            Self::LogProportion => "Proportion (log)",
            Self::LogitProportion => "Proportion (logit)",
            Self::ArcsineProportion => "Proportion (arcsine)",
            Self::FreemanTukeyProportion => "Proportion (double arcsine)",
            Self::Mean => "Mean",
            Self::LogMean => "Mean (log)",
            Self::Rate => "Rate",
            Self::LogRate => "Rate (log)",
            Self::RootRate => "Rate (square root)",
            Self::FreemanTukeyRate => "Rate (Freeman-Tukey)",
            Self::Correlation => "Correlation",
            Self::UnbiasedCorrelation => "Correlation (unbiased)",
            Self::FisherZ => "Correlation (Fisher's z)",
            Self::ObservedMinusExpected | Self::HazardRatio => "Hazard ratio",
            Self::Generic => "Effect",
        }
    }

    /// Returns true for measures that are analysed as natural logarithms and read exponentiated.
    pub fn is_log_scale(self) -> bool {
        matches!(
            self,
            Self::RiskRatio
                | Self::OddsRatio
                | Self::PetoOddsRatio
                | Self::RatioOfMeans
                | Self::VariabilityRatio
                | Self::CoefficientOfVariationRatio
                | Self::RateRatio
                | Self::LogProportion
                | Self::LogMean
                | Self::LogRate
                | Self::ObservedMinusExpected
                | Self::HazardRatio
        )
    }

    /// Returns the value on the scale that people read: exponentiated for ratios, back to a proportion or correlation where the
    /// transformation has an inverse without further numbers, unchanged otherwise.
    ///
    /// Freeman-Tukey values need a sample size: see [`freeman_tukey_back`].
    pub fn back_transform(self, value: f64) -> f64 {
        match self {
            Self::LogitProportion => 1.0 / (1.0 + (-value).exp()),
            Self::ArcsineProportion => value.clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2),
            Self::FisherZ => value.tanh(),
            Self::RootRate => value.max(0.0).powi(2),
            _ if self.is_log_scale() => value.exp(),
            _ => value,
        }
    }

    /// Returns the value of no effect on the scale that people read: 1 for ratios of two groups, 0 for differences, `None` where the
    /// measure describes one group.
    pub fn no_effect(self) -> Option<f64> {
        match self {
            Self::Proportion
            | Self::LogProportion
            | Self::LogitProportion
            | Self::ArcsineProportion
            | Self::FreemanTukeyProportion
            | Self::Mean
            | Self::LogMean
            | Self::Rate
            | Self::LogRate
            | Self::RootRate
            | Self::FreemanTukeyRate => None,
            _ => Some(if self.is_log_scale() { 1.0 } else { 0.0 }),
        }
    }

    /// Returns the formulas of the sampling variance that the measure has, the customary one first.
    pub fn variance_types(self) -> &'static [VarianceType] {
        use VarianceType as V;
        match self {
            Self::RiskDifference | Self::Proportion | Self::UnbiasedCorrelation => &[V::LargeSample, V::Unbiased, V::Average],
            Self::Phi => &[V::LargeSample, V::CrossSectional, V::Stratified],
            // The large-sample form of a mean difference is unbiased.
            Self::MeanDifference => &[V::LargeSample, V::Unbiased, V::Homoscedastic],
            Self::StandardizedMeanDifference | Self::GlassDelta => &[V::LargeSample, V::LargeSampleUncorrected, V::Unbiased, V::Average],
            Self::HeteroscedasticSmd => &[V::LargeSample, V::LargeSampleUncorrected],
            Self::RatioOfMeans => &[V::LargeSample, V::Homoscedastic, V::Average, V::AverageHomoscedastic],
            Self::LogProportion | Self::LogitProportion | Self::Correlation => &[V::LargeSample, V::Average],
            _ => &[V::LargeSample],
        }
    }
}

/// The estimate of one study and its sampling variance, on the scale of analysis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Estimate.
    pub yi: f64,
    /// Sampling variance.
    pub vi: f64,
}

impl Effect {
    /// Makes an effect, or `None` when either number is not finite.
    pub fn new(yi: f64, vi: f64) -> Option<Self> {
        (yi.is_finite() && vi.is_finite()).then_some(Self { yi, vi })
    }
}

/// Computes the effect of each study.
///
/// **Shape**: one entry per study in their order, `None` where a study is not estimable. A variance of zero is given back as it is;
/// pooling leaves such a study out with a warning.
/// **Errors**: [`MetaError::Shape`] when the measure cannot be computed from such rows; [`MetaError::Variance`] when it has no variance
/// formula of that type (the RevMan and R meta conventions have formulas of their own and pass the option over).
pub fn effects(data: &StudyData, options: &Options) -> Result<Vec<Option<Effect>>, MetaError> {
    use EffectMeasure as M;
    let measure = options.measure;
    let known = measure.variance_types();
    if options.convention == Convention::Metafor && !matches!(data, StudyData::Generic(_)) && !known.contains(&options.variance) {
        let known: Vec<&str> = known.iter().map(|kind| kind.short()).collect();
        return Err(MetaError::Variance { vtype: options.variance.short(), measure: measure.short(), known: known.join(", ") });
    }
    match (data, measure) {
        (
            StudyData::TwoByTwo(rows),
            M::RiskRatio
            | M::OddsRatio
            | M::RiskDifference
            | M::PetoOddsRatio
            | M::ArcsineDifference
            | M::Phi
            | M::YuleQ
            | M::YuleY
            | M::OddsRatioToSmdNormal
            | M::OddsRatioToSmdLogistic,
        ) => {
            let mut found = Vec::new();
            binary::effects(rows, options, &mut found);
            Ok(found)
        }
        (
            StudyData::TwoMeans(rows),
            M::MeanDifference
            | M::StandardizedMeanDifference
            | M::GlassDelta
            | M::HeteroscedasticSmd
            | M::RatioOfMeans
            | M::VariabilityRatio
            | M::CoefficientOfVariationRatio,
        ) => Ok(continuous::effects(rows, options)),
        (StudyData::TwoRates(rows), M::RateRatio | M::RateDifference | M::RootRateDifference) => Ok(rate::effects(rows, options)),
        (
            StudyData::OneProportion(rows),
            M::Proportion | M::LogProportion | M::LogitProportion | M::ArcsineProportion | M::FreemanTukeyProportion,
        ) => Ok(proportion::effects(rows, options)),
        (StudyData::OneMean(rows), M::Mean | M::LogMean) => Ok(rows.iter().map(|row| row.effect(measure)).collect()),
        (StudyData::OneRate(rows), M::Rate | M::LogRate | M::RootRate | M::FreemanTukeyRate) => Ok(rate::single_effects(rows, options)),
        (StudyData::Correlation(rows), M::Correlation | M::UnbiasedCorrelation | M::FisherZ) => Ok(correlation::effects(rows, options)),
        (StudyData::ObservedExpected(rows), M::ObservedMinusExpected | M::PetoOddsRatio | M::HazardRatio) => {
            Ok(rows.iter().map(|row| row.effect()).collect())
        }
        (StudyData::Generic(rows), _) => Ok(rows.iter().map(|row| Effect::new(row.yi, row.vi)).collect()),
        _ => Err(MetaError::Shape { measure: measure.short(), shape: data.shape() }),
    }
}
