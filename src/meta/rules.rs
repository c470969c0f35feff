//! The rules that an analysis follows, one by one and in words: the trail that every result carries, and what a comparison of
//! conventions sets side by side. Each choice that changes a number has its line here.

use super::dataset::{Dataset, StudyData};
use super::measure::EffectMeasure;
use super::options::{Convention, Correction, CorrectionAmount, CorrectionRule, Method, Model, Options, Test, VarianceType};
use super::tau2::Tau2Method;

/// One rule: what it is about, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it is about: "Zero cells", "Interval".
    pub about: &'static str,
    /// The rule in words.
    pub says: String,
}

/// Returns the rules of an analysis in the order in which they are applied.
pub fn rules(dataset: &Dataset, options: &Options) -> Vec<Rule> {
    let mut found = Vec::new();
    let mut add = |about: &'static str, says: Option<String>| found.extend(says.map(|says| Rule { about, says }));
    add("Effect measure", Some(effect_measure(options)));
    let is_given = matches!(dataset.data, StudyData::Generic(_));
    if is_given {
        add("Study effects", Some("as given, with their sampling variances".to_owned()));
    } else {
        add("Zero cells", zero_cells(&dataset.data, options));
        add("Studies without information", without_information(&dataset.data, options));
        add("Small-sample correction", small_sample(options));
        add("Sampling variance", Some(sampling_variance(options)));
    }
    add("Model and weights", Some(model(options)));
    add("Pooled counts", pooled_counts(options));
    if options.model == Model::Random {
        add("Between-study variance", Some(between_studies(options)));
    }
    add("Interval and test", Some(interval(options)));
    add("Heterogeneity", Some(heterogeneity(options)));
    add("I²", Some(i_squared(options)));
    if options.model == Model::Random {
        add("Interval of tau²", Some("Q-profile, without an upper limit to the search".to_owned()));
        add("Prediction interval", Some(prediction(options)));
    }
    if dataset.subgroups.is_some() {
        add("Subgroups", Some(subgroups(options)));
    }
    add("Conventions", Some(options.convention.label().to_owned()));
    found
}

/// Returns the rules as lines: "Zero cells: 0.5 is added ...".
pub(super) fn trail(dataset: &Dataset, options: &Options) -> Vec<String> {
    rules(dataset, options).into_iter().map(|rule| format!("{}: {}", rule.about, rule.says)).collect()
}

fn effect_measure(options: &Options) -> String {
    let scale = if options.measure.is_log_scale() { ", analysed as its natural logarithm" } else { "" };
    format!("{} ({}){scale}", options.measure.label(), options.measure.short())
}

fn amount(correction: &Correction) -> String {
    match correction.amount {
        CorrectionAmount::Customary => "0.5".to_owned(),
        CorrectionAmount::Constant(amount) => amount.to_string(),
        CorrectionAmount::TreatmentArm => "the group's share of the participants".to_owned(),
    }
}

fn is_defined_at_zero(measure: EffectMeasure) -> bool {
    use EffectMeasure as M;
    matches!(
        measure,
        M::ArcsineDifference
            | M::Phi
            | M::RootRateDifference
            | M::ArcsineProportion
            | M::FreemanTukeyProportion
            | M::RootRate
            | M::FreemanTukeyRate
    )
}

fn zero_cells(data: &StudyData, options: &Options) -> Option<String> {
    let correction = &options.correction;
    match data {
        StudyData::TwoByTwo(_) if options.measure == EffectMeasure::PetoOddsRatio && correction.amount == CorrectionAmount::Customary => {
            Some("nothing is added: Peto's odds ratio needs no correction".to_owned())
        }
        StudyData::TwoByTwo(_) if options.convention.is_revman() => Some(match options.measure {
            EffectMeasure::RiskDifference => {
                "the difference is that of the raw counts; its standard error has 0.5 in all four cells of studies with a zero".to_owned()
            }
            EffectMeasure::RiskRatio => {
                "0.5 is added to all four cells of studies with a zero; a study with events in everyone has a risk ratio of exactly 1"
                    .to_owned()
            }
            _ => "0.5 is added to all four cells of studies with a zero".to_owned(),
        }),
        StudyData::TwoByTwo(_) if options.convention == Convention::RMeta && options.measure == EffectMeasure::RiskRatio => {
            Some(format!("{} is added to the events and once to the sizes of studies with a zero cell", amount(correction)))
        }
        StudyData::TwoByTwo(_) | StudyData::TwoRates(_) | StudyData::OneProportion(_) | StudyData::OneRate(_) => {
            if correction.amount == CorrectionAmount::Customary && is_defined_at_zero(options.measure) {
                return Some("nothing is added: the measure is defined with zero cells".to_owned());
            }
            let cells = match data {
                StudyData::TwoByTwo(_) => "all four cells",
                StudyData::TwoRates(_) => "both counts",
                StudyData::OneProportion(_) => "both cells",
                _ => "the count",
            };
            Some(match correction.rule {
                CorrectionRule::Nobody => "nothing is added".to_owned(),
                CorrectionRule::StudiesWithZero => format!("{} is added to {cells} of studies with a zero", amount(correction)),
                CorrectionRule::All => format!("{} is added to {cells} of every study", amount(correction)),
                CorrectionRule::AllIfAnyZero => {
                    format!("{} is added to {cells} of every study, as soon as one has a zero", amount(correction))
                }
            })
        }
        _ => None,
    }
}

fn without_information(data: &StudyData, options: &Options) -> Option<String> {
    let is_ratio = matches!(options.measure, EffectMeasure::OddsRatio | EffectMeasure::RiskRatio);
    let left_out = |what: &str| Some(format!("studies {what} are listed without a weight"));
    match data {
        StudyData::TwoByTwo(_) if options.measure == EffectMeasure::PetoOddsRatio => {
            left_out("with no event, or events only, in both groups")
        }
        StudyData::TwoByTwo(_) if options.convention != Convention::Metafor => match options.measure {
            EffectMeasure::RiskRatio if options.convention.is_revman() => left_out("with no event in both groups"),
            _ if is_ratio => left_out("with no event, or events only, in both groups"),
            _ => Some("studies with no event in both groups are kept".to_owned()),
        },
        StudyData::TwoByTwo(_) | StudyData::TwoRates(_) => {
            let what = if matches!(data, StudyData::TwoRates(_)) { "no event" } else { "no event, or events only," };
            let is_mh = options.method == Method::MantelHaenszel && options.model == Model::Common;
            Some(match options.correction.drop_double_zero {
                Some(true) => format!("studies with {what} in both groups are left out"),
                None if is_mh => {
                    format!("studies with {what} in both groups have no effect of their own and count in the pooled estimate with weight 0")
                }
                _ => format!("studies with {what} in both groups are kept"),
            })
        }
        StudyData::TwoMeans(_) if options.convention.is_revman() => left_out("with a standard deviation of zero"),
        _ => None,
    }
}

fn small_sample(options: &Options) -> Option<String> {
    match options.measure {
        EffectMeasure::StandardizedMeanDifference if options.convention.is_revman() => {
            Some("Hedges' g with the approximate factor J = 1 - 3 / (4m - 1), m = N - 2".to_owned())
        }
        EffectMeasure::StandardizedMeanDifference | EffectMeasure::HeteroscedasticSmd => {
            Some("Hedges' g with the exact factor J (gamma functions), m = N - 2".to_owned())
        }
        EffectMeasure::GlassDelta => Some("the exact factor J (gamma functions), m = n₂ - 1".to_owned()),
        EffectMeasure::RatioOfMeans if options.correct_ratio_of_means => {
            Some("half the difference of the squared relative standard errors is added".to_owned())
        }
        EffectMeasure::RatioOfMeans => Some("none".to_owned()),
        _ => None,
    }
}

fn sampling_variance(options: &Options) -> String {
    use EffectMeasure as M;
    let kind = options.variance;
    let formula = match options.measure {
        M::StandardizedMeanDifference if options.convention.is_revman() => "N / (n₁n₂) + g² / (2 (N - 3.94))",
        M::StandardizedMeanDifference if options.convention == Convention::RMeta || kind == VarianceType::Unbiased => {
            "1/n₁ + 1/n₂ + g² (1 - (m - 2) / (m J²)), unbiased"
        }
        M::StandardizedMeanDifference | M::GlassDelta => match kind {
            VarianceType::LargeSampleUncorrected => "J² (1/n₁ + 1/n₂ + d² / (2n))",
            VarianceType::Unbiased => "1/n₁ + 1/n₂ + g² (1 - (m - 2) / (m J²)), unbiased",
            VarianceType::Average => "1/n₁ + 1/n₂ + ḡ² / (2n) at the size-weighted mean of all studies",
            _ if options.measure == M::GlassDelta => "1/n₁ + 1/n₂ + g² / (2n₂)",
            _ => "1/n₁ + 1/n₂ + g² / (2N)",
        },
        M::RiskRatio if options.convention == Convention::RMeta => "1/a - 1/n₁ + 1/c - 1/n₂, uncorrected for events in everyone",
        M::RiskRatio => "1/a - 1/n₁ + 1/c - 1/n₂",
        M::OddsRatio => "1/a + 1/b + 1/c + 1/d",
        M::RiskDifference => match kind {
            VarianceType::Unbiased => "p₁(1 - p₁)/(n₁ - 1) + p₂(1 - p₂)/(n₂ - 1)",
            VarianceType::Average => "p(1 - p)/n in both groups, at the risks over all studies",
            _ => "p₁(1 - p₁)/n₁ + p₂(1 - p₂)/n₂",
        },
        M::PetoOddsRatio => "1/V, V the hypergeometric variance",
        M::MeanDifference if kind == VarianceType::Homoscedastic => "pooled variance times (1/n₁ + 1/n₂)",
        M::MeanDifference => "s₁²/n₁ + s₂²/n₂",
        M::RateRatio => "1/x₁ + 1/x₂",
        M::RateDifference => "x₁/t₁² + x₂/t₂²",
        M::FisherZ => "1/(n - 3)",
        M::ObservedMinusExpected => "1/V",
        _ => return format!("metafor's, of type {}", kind.short()),
    };
    formula.to_owned()
}

fn model(options: &Options) -> String {
    let weighting = match options.method {
        Method::InverseVariance => "inverse variance",
        Method::MantelHaenszel => "Mantel-Haenszel",
        Method::Peto => "Peto",
    };
    match options.model {
        Model::Common => format!("common effect, {weighting}"),
        Model::Random => "random effects, inverse variance with tau²".to_owned(),
    }
}

fn pooled_counts(options: &Options) -> Option<String> {
    if options.method != Method::MantelHaenszel {
        return None;
    }
    let counts = if options.convention != Convention::Metafor {
        "counts are corrected study by study".to_owned()
    } else if options.pooled_correction == Correction::NONE {
        "counts enter as they are".to_owned()
    } else {
        format!("counts enter with {} added ({})", amount(&options.pooled_correction), options.pooled_correction.rule.short())
    };
    let variance = match options.measure {
        EffectMeasure::OddsRatio => "variance by Robins, Breslow and Greenland",
        EffectMeasure::RiskDifference if options.convention == Convention::Metafor => "variance by Sato",
        _ => "variance by Greenland and Robins",
    };
    Some(format!("{counts}; {variance}"))
}

fn between_studies(options: &Options) -> String {
    let label = options.tau2.label();
    let how = match options.tau2 {
        Tau2Method::DerSimonianLaird if options.method == Method::MantelHaenszel => {
            return format!("{label}, with Q about the Mantel-Haenszel estimate");
        }
        Tau2Method::Fixed(value) => return format!("tau² is taken as {value}, not estimated"),
        Tau2Method::MaximumLikelihood | Tau2Method::RestrictedMaximumLikelihood => {
            "the highest maximum over tau² ≥ 0, searched as a whole and to full precision, however many steps it takes"
        }
        Tau2Method::PauleMandel | Tau2Method::PauleMandelMedian | Tau2Method::EmpiricalBayes => {
            "the root of its equation, to full precision"
        }
        _ => return label.to_owned(),
    };
    format!("{label}: {how}")
}

fn interval(options: &Options) -> String {
    let level = percent(options.level);
    let is_only_wald = options.convention != Convention::Metafor || options.method != Method::InverseVariance;
    if options.model == Model::Common && is_only_wald {
        return format!("{level} Wald, normal quantile");
    }
    match options.test {
        Test::Wald => format!("{level} Wald, normal quantile"),
        Test::HartungKnapp => {
            format!("{level} Hartung-Knapp-Sidik-Jonkman, t with k - 1 degrees of freedom; Wald for a single study")
        }
        Test::HartungKnappAdHoc => {
            format!(
                "{level} Hartung-Knapp-Sidik-Jonkman with a scale factor of at least 1, t with k - 1 degrees of freedom; Wald for a single study"
            )
        }
        Test::T => format!("{level} classic standard error, t with k - 1 degrees of freedom; Wald for a single study"),
    }
}

fn percent(level: f64) -> String {
    let text = format!("{:.4}", 100.0 * level);
    format!("{} %,", text.trim_end_matches('0').trim_end_matches('.'))
}

fn heterogeneity(options: &Options) -> String {
    let about = if options.method == Method::MantelHaenszel { "Mantel-Haenszel" } else { "common-effect" };
    format!("Cochran's Q with weights 1/v about the {about} estimate, chi-squared with k - 1 degrees of freedom")
}

fn i_squared(options: &Options) -> String {
    if options.convention.takes_i2_from_tau2() && options.model == Model::Random {
        "tau² / (tau² + typical sampling variance)".to_owned()
    } else {
        "(Q - df) / Q".to_owned()
    }
}

fn prediction(options: &Options) -> String {
    match (options.convention, options.test) {
        (_, Test::HartungKnapp | Test::HartungKnappAdHoc) => {
            "t with k - 1 degrees of freedom, Hartung-Knapp standard error and tau²".to_owned()
        }
        (Convention::Metafor, Test::Wald) => "normal quantile, classic standard error and tau²".to_owned(),
        (Convention::RevMan, _) => {
            "t with k - 1 degrees of freedom, classic standard error and tau² (RevMan 5.4 itself prints none)".to_owned()
        }
        _ => "t with k - 1 degrees of freedom, classic standard error and tau²".to_owned(),
    }
}

fn subgroups(options: &Options) -> String {
    let own = if options.model == Model::Random { ", each with a tau² of its own" } else { "" };
    format!("pooled one by one{own}; tested by Q between their estimates with weights 1/SE², chi-squared")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::measure::{TwoByTwo, TwoMeans};

    const CONVENTIONS: [Convention; 4] = [Convention::Metafor, Convention::RevMan, Convention::RevManWeb, Convention::RMeta];

    fn says<'a>(rules: &'a [Rule], about: &str) -> &'a str {
        rules.iter().find(|rule| rule.about == about).map_or("", |rule| &rule.says)
    }

    #[test]
    fn every_choice_that_changes_a_number_has_its_line() {
        let rows = vec![TwoByTwo::new(1.0, 10.0, 2.0, 10.0); 3];
        let dataset = Dataset::new(vec!["A".into(), "B".into(), "C".into()], StudyData::TwoByTwo(rows)).with_subgroups(vec![
            "x".into(),
            "y".into(),
            "x".into(),
        ]);
        for convention in CONVENTIONS {
            for measure in [EffectMeasure::RiskRatio, EffectMeasure::OddsRatio, EffectMeasure::RiskDifference] {
                let found = rules(&dataset, &Options::under(convention, measure, Some(Model::Random)));
                let abouts: Vec<&str> = found.iter().map(|rule| rule.about).collect();
                for about in [
                    "Effect measure",
                    "Zero cells",
                    "Studies without information",
                    "Sampling variance",
                    "Model and weights",
                    "Between-study variance",
                    "Interval and test",
                    "Heterogeneity",
                    "I²",
                    "Interval of tau²",
                    "Prediction interval",
                    "Subgroups",
                    "Conventions",
                ] {
                    assert!(abouts.contains(&about), "{convention:?} {measure:?}: {about}");
                }
                assert!(found.iter().all(|rule| !rule.says.is_empty()));
            }
        }
    }

    #[test]
    fn the_small_sample_correction_and_its_variance_are_those_of_the_convention() {
        let row = TwoMeans { mean1: 1.0, sd1: 1.0, n1: 9.0, mean2: 0.0, sd2: 1.0, n2: 8.0 };
        let dataset = Dataset::new(vec!["A".into()], StudyData::TwoMeans(vec![row]));
        let of = |convention| rules(&dataset, &Options::under(convention, EffectMeasure::StandardizedMeanDifference, None));
        assert!(says(&of(Convention::RevMan), "Small-sample correction").contains("approximate"));
        assert!(says(&of(Convention::RevManWeb), "Sampling variance").contains("3.94"));
        assert!(says(&of(Convention::Metafor), "Small-sample correction").contains("exact"));
        assert!(says(&of(Convention::RMeta), "Sampling variance").contains("unbiased"));
    }

    #[test]
    fn a_given_tau2_and_a_given_level_are_told() {
        let dataset = Dataset::generic(&[0.1, 0.2], &[0.1, 0.1]);
        let options = Options { level: 0.9, ..Options::new(EffectMeasure::Generic).random(Tau2Method::Fixed(0.2)) };
        let found = rules(&dataset, &options);
        assert!(says(&found, "Between-study variance").contains("taken as 0.2"));
        assert!(says(&found, "Interval and test").starts_with("90 %"));
        assert_eq!(says(&found, "Zero cells"), "");
    }
}
