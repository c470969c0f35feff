//! Laws of counts: Mantel-Haenszel and Peto by sums over the tables one by one, copies of a dataset, exchange of the arms.

use proptest::prelude::*;

use super::{close, dataset, method, near, tables};
use crate::meta::mantel_haenszel::mantel_haenszel;
use crate::meta::measure::{ObservedExpected, TwoByTwo, TwoMeans, TwoRates};
use crate::meta::*;

fn rates() -> impl Strategy<Value = Vec<TwoRates>> {
    prop::collection::vec((0..40_u32, 1.0..500.0_f64, 0..40_u32, 1.0..500.0_f64), 1..10).prop_map(|rows| {
        let row = |(x1, time1, x2, time2)| TwoRates { events1: f64::from(x1), time1, events2: f64::from(x2), time2 };
        rows.into_iter().map(row).collect()
    })
}

fn means() -> impl Strategy<Value = Vec<TwoMeans>> {
    let row = (0.5..20.0_f64, 0.2..5.0_f64, 2..80_u32, 0.5..20.0_f64, 0.2..5.0_f64, 2..80_u32);
    prop::collection::vec(row, 2..9).prop_map(|rows| {
        let row = |(mean1, sd1, n1, mean2, sd2, n2)| TwoMeans { mean1, sd1, n1: f64::from(n1), mean2, sd2, n2: f64::from(n2) };
        rows.into_iter().map(row).collect()
    })
}

fn labelled(data: StudyData) -> Dataset {
    Dataset::new((0..data.len()).map(|i| i.to_string()).collect(), data)
}

fn mantel_haenszel_of(measure: EffectMeasure, convention: Convention) -> Options {
    Options { convention, ..Options::new(measure).common().with_method(Method::MantelHaenszel) }
}

/// Mean and variance of the events in the first group, its margins given, from the probabilities of all tables.
fn hypergeometric(row: &TwoByTwo) -> (f64, f64) {
    let (events, total) = (row.events1 + row.events2, row.n1 + row.n2);
    let ln_choose = |n: f64, k: f64| (1..=k as u32).map(|i| ((n - k + f64::from(i)) / f64::from(i)).ln()).sum::<f64>();
    let (mut mean, mut square) = (0.0, 0.0);
    for x in 0..=(events as u32) {
        let x = f64::from(x);
        if x > row.n1 || events - x > row.n2 {
            continue;
        }
        let p = (ln_choose(row.n1, x) + ln_choose(row.n2, events - x) - ln_choose(total, events)).exp();
        mean += p * x;
        square += p * x * x;
    }
    (mean, square - mean * mean)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_mantel_haenszel_odds_ratio_solves_its_equation(rows in tables()) {
        let options = mantel_haenszel_of(EffectMeasure::OddsRatio, Convention::Metafor);
        let pooled = mantel_haenszel(&dataset(rows.clone()), &options).unwrap();
        // Sums over the tables of (a d - odds b c) / N.
        let sums = |odds: f64| rows.iter().map(|r| {
            let [a, b, c, d] = r.cells();
            (a * d - odds * b * c) / (r.n1 + r.n2)
        }).sum::<f64>();
        let (right, wrong) = (sums(0.0), sums(0.0) - sums(1.0));
        if right == 0.0 || wrong == 0.0 {
            prop_assert!(pooled.estimate.is_nan() && pooled.se.is_nan());
            return Ok(());
        }
        let odds = pooled.estimate.exp();
        prop_assert!(sums(odds).abs() <= 1e-10 * right);
        // Robins, Breslow and Greenland's variance in one sum.
        let variance: f64 = rows.iter().map(|r| {
            let ([a, b, c, d], n) = (r.cells(), r.n1 + r.n2);
            (a * d + odds * b * c) * (a + d + odds * (b + c)) / (n * n)
        }).sum::<f64>() / (2.0 * right * right);
        prop_assert!(close(pooled.se, variance.sqrt(), 1e-9), "{} {}", pooled.se, variance.sqrt());
    }

    #[test]
    fn mantel_haenszel_ratios_and_differences_of_risks_are_weighted_means(rows in tables(), revman in any::<bool>()) {
        let convention = if revman { Convention::RevMan } else { Convention::Metafor };
        let rows: Vec<TwoByTwo> = rows.into_iter().filter(|r| !r.has_zero()).collect();
        prop_assume!(!rows.is_empty());
        let data = dataset(rows.clone());
        let ratio = mantel_haenszel(&data, &mantel_haenszel_of(EffectMeasure::RiskRatio, convention)).unwrap();
        let weight = |r: &TwoByTwo| r.events2 * r.n1 / (r.n1 + r.n2);
        let total: f64 = rows.iter().map(weight).sum();
        let mean: f64 = rows.iter().map(|r| weight(r) * (r.events1 / r.n1) / (r.events2 / r.n2)).sum::<f64>() / total;
        prop_assert!((ratio.estimate - mean.ln()).abs() < 1e-10);
        // Greenland and Robins: the difference between observed and expected events under the pooled ratio, summed up.
        let spread: f64 = rows.iter().map(|r| {
            let n = r.n1 + r.n2;
            ((r.events1 + r.events2) * r.n1 * r.n2 / n - r.events1 * r.events2) / n
        }).sum();
        prop_assert!(close(ratio.se * ratio.se, spread / (mean * total * total), 1e-8));

        let difference = mantel_haenszel(&data, &mantel_haenszel_of(EffectMeasure::RiskDifference, convention)).unwrap();
        let size = |r: &TwoByTwo| 1.0 / (1.0 / r.n1 + 1.0 / r.n2);
        let total: f64 = rows.iter().map(size).sum();
        let mean: f64 = rows.iter().map(|r| size(r) * (r.events1 / r.n1 - r.events2 / r.n2)).sum::<f64>() / total;
        prop_assert!((difference.estimate - mean).abs() < 1e-12);
        if revman {
            // The variance of a weighted mean of risk differences whose weights are fixed.
            let own = |r: &TwoByTwo| {
                let (p, q) = (r.events1 / r.n1, r.events2 / r.n2);
                p * (1.0 - p) / r.n1 + q * (1.0 - q) / r.n2
            };
            let variance: f64 = rows.iter().map(|r| size(r).powi(2) * own(r)).sum::<f64>() / (total * total);
            prop_assert!(close(difference.se * difference.se, variance, 1e-8));
        }
    }

    #[test]
    fn mantel_haenszel_rates_are_weighted_means(rows in rates()) {
        let rows: Vec<TwoRates> = rows.into_iter().filter(|r| r.events1 > 0.0 && r.events2 > 0.0).collect();
        prop_assume!(!rows.is_empty());
        let data = labelled(StudyData::TwoRates(rows.clone()));
        let [ratio, difference] = [EffectMeasure::RateRatio, EffectMeasure::RateDifference]
            .map(|measure| mantel_haenszel(&data, &mantel_haenszel_of(measure, Convention::Metafor)).unwrap());
        let weight = |r: &TwoRates| r.events2 * r.time1 / (r.time1 + r.time2);
        let total: f64 = rows.iter().map(weight).sum();
        let mean = rows.iter().map(|r| weight(r) * (r.events1 / r.time1) / (r.events2 / r.time2)).sum::<f64>() / total;
        prop_assert!((ratio.estimate - mean.ln()).abs() < 1e-10);
        let spread: f64 = rows.iter().map(|r| {
            let share = r.time1 / (r.time1 + r.time2);
            share * (1.0 - share) * (r.events1 + r.events2)
        }).sum();
        prop_assert!(close(ratio.se * ratio.se, spread / (mean * total * total), 1e-8));
        let size = |r: &TwoRates| 1.0 / (1.0 / r.time1 + 1.0 / r.time2);
        let total: f64 = rows.iter().map(size).sum();
        let mean = rows.iter().map(|r| size(r) * (r.events1 / r.time1 - r.events2 / r.time2)).sum::<f64>() / total;
        let variance = rows.iter().map(|r| size(r).powi(2) * (r.events1 / r.time1.powi(2) + r.events2 / r.time2.powi(2))).sum::<f64>();
        prop_assert!((difference.estimate - mean).abs() < 1e-10 && close(difference.se, variance.sqrt() / total, 1e-8));
    }

    #[test]
    fn petos_odds_ratio_is_the_surplus_of_events_over_its_hypergeometric_variance(rows in tables(), revman in any::<bool>()) {
        let mut options = Options::new(EffectMeasure::PetoOddsRatio).common().with_method(Method::Peto);
        if revman {
            options = Options::revman(EffectMeasure::PetoOddsRatio).common();
        }
        let pooled = pool(&dataset(rows.clone()), &options).unwrap();
        let (mut surplus, mut variance, mut squares, mut k) = (0.0, 0.0, 0.0, 0);
        for row in &rows {
            let (mean, spread) = hypergeometric(row);
            if spread > 1e-9 {
                surplus += row.events1 - mean;
                variance += spread;
                squares += (row.events1 - mean).powi(2) / spread;
                k += 1;
            }
        }
        if k == 0 {
            prop_assert!(pooled.estimate.is_nan());
            return Ok(());
        }
        let want = surplus / variance;
        prop_assert!((pooled.estimate - want).abs() <= 1e-8 * (1.0 + want.abs()) && close(pooled.se, 1.0 / variance.sqrt(), 1e-8));
        let q = squares - surplus * surplus / variance;
        prop_assert!((pooled.heterogeneity.q - q).abs() <= 1e-6 * (1.0 + squares));
        // The same numbers, given as observed minus expected events.
        let data = rows.iter().map(hypergeometric).zip(&rows).filter(|((_, v), _)| *v > 1e-9);
        let data = data.map(|((mean, v), row)| ObservedExpected { o_minus_e: row.events1 - mean, variance: v }).collect();
        let given = pool(&labelled(StudyData::ObservedExpected(data)), &Options::new(EffectMeasure::ObservedMinusExpected).common()).unwrap();
        prop_assert!((given.estimate - want).abs() <= 1e-8 * (1.0 + want.abs()) && close(given.se, pooled.se, 1e-8));
    }

    #[test]
    fn a_dataset_copied_gives_the_same_estimate_and_half_the_variance(rows in tables(), revman in any::<bool>()) {
        let twice: Vec<TwoByTwo> = rows.iter().chain(&rows).copied().collect();
        for (measure, weighting) in [
            (EffectMeasure::OddsRatio, Method::MantelHaenszel),
            (EffectMeasure::RiskRatio, Method::MantelHaenszel),
            (EffectMeasure::RiskDifference, Method::MantelHaenszel),
            (EffectMeasure::PetoOddsRatio, Method::Peto),
            (EffectMeasure::OddsRatio, Method::InverseVariance),
            (EffectMeasure::RiskDifference, Method::InverseVariance),
        ] {
            let mut options = Options::new(measure).common().with_method(weighting);
            options.convention = if revman { Convention::RevMan } else { Convention::Metafor };
            let (a, b) = (pool(&dataset(rows.clone()), &options).unwrap(), pool(&dataset(twice.clone()), &options).unwrap());
            prop_assert_eq!(2 * a.k, b.k);
            prop_assert!(near(a.estimate, b.estimate, 1.0) && near(a.se, b.se * 2f64.sqrt(), 1.0), "{:?} {:?}", measure, weighting);
        }
    }

    #[test]
    fn exchanging_the_arms_turns_every_difference_and_every_log_ratio(
        counts in tables(), times in rates(), groups in means(), method in method(), random in any::<bool>()
    ) {
        let turned = [
            (
                StudyData::TwoByTwo(counts.clone()),
                StudyData::TwoByTwo(counts.iter().map(|r| TwoByTwo::new(r.events2, r.n2, r.events1, r.n1)).collect()),
                vec![EffectMeasure::OddsRatio, EffectMeasure::RiskRatio, EffectMeasure::RiskDifference, EffectMeasure::PetoOddsRatio,
                    EffectMeasure::ArcsineDifference, EffectMeasure::Phi, EffectMeasure::YuleQ, EffectMeasure::YuleY],
            ),
            (
                StudyData::TwoRates(times.clone()),
                StudyData::TwoRates(times.iter().map(|r| TwoRates { events1: r.events2, time1: r.time2, events2: r.events1, time2: r.time1 }).collect()),
                vec![EffectMeasure::RateRatio, EffectMeasure::RateDifference, EffectMeasure::RootRateDifference],
            ),
            (
                StudyData::TwoMeans(groups.clone()),
                StudyData::TwoMeans(groups.iter().map(|r| TwoMeans { mean1: r.mean2, sd1: r.sd2, n1: r.n2, mean2: r.mean1, sd2: r.sd1, n2: r.n1 }).collect()),
                vec![EffectMeasure::MeanDifference, EffectMeasure::StandardizedMeanDifference, EffectMeasure::RatioOfMeans,
                    EffectMeasure::VariabilityRatio, EffectMeasure::CoefficientOfVariationRatio],
            ),
        ];
        for (data, swapped, measures) in turned {
            for measure in measures {
                let mut options = Options::new(measure).random(method);
                if !random {
                    options = options.common();
                }
                let (a, b) = (pool(&labelled(data.clone()), &options).unwrap(), pool(&labelled(swapped.clone()), &options).unwrap());
                prop_assert_eq!(a.k, b.k);
                prop_assert!(near(a.estimate, -b.estimate, 1.0), "{:?}: {} {}", measure, a.estimate, b.estimate);
                prop_assert!(near(a.se, b.se, 1.0) && near(a.tau2, b.tau2, 1.0), "{:?}: {} {}", measure, a.tau2, b.tau2);
                prop_assert!(near(a.ci.upper, -b.ci.lower, 1.0) && near(a.heterogeneity.q, b.heterogeneity.q, 1.0), "{:?}", measure);
            }
        }
    }

    #[test]
    fn a_mean_difference_moves_with_its_unit_and_a_standardised_one_stays(
        groups in means(), factor in 0.01..100.0_f64, shift in -50.0..50.0_f64, method in method()
    ) {
        let moved: Vec<TwoMeans> = groups.iter().map(|r| TwoMeans {
            mean1: factor * r.mean1 + shift, sd1: factor * r.sd1, mean2: factor * r.mean2 + shift, sd2: factor * r.sd2, ..*r
        }).collect();
        let run = |rows: &[TwoMeans], measure| pool(&labelled(StudyData::TwoMeans(rows.to_vec())), &Options::new(measure).random(method)).unwrap();
        let [a, b] = [&groups, &moved].map(|rows| run(rows, EffectMeasure::MeanDifference));
        prop_assert!(near(a.estimate, b.estimate / factor, 1.0) && near(a.tau2, b.tau2 / factor / factor, 1.0) && near(a.pval, b.pval, 1.0));
        let [a, b] = [&groups, &moved].map(|rows| run(rows, EffectMeasure::StandardizedMeanDifference));
        prop_assert!(near(a.estimate, b.estimate, 1.0) && near(a.tau2, b.tau2, 1.0) && near(a.se, b.se, 1.0));
    }
}
