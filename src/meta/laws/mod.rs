//! Laws that every analysis keeps, whatever the data: tested on random studies.

mod edges;
mod second_route;
mod tables;

use proptest::prelude::*;

use super::measure::{TwoByTwo, TwoMeans};
use super::tau2::{self, InterceptOnly, ResidualSpace};
use super::*;

/// Effects and variances of two to twelve studies, variances over five decades.
fn studies() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    prop::collection::vec((-3.0..3.0_f64, -4.0..1.0_f64), 2..12).prop_map(|rows| rows.into_iter().map(|(y, v)| (y, 10f64.powf(v))).unzip())
}

fn tables() -> impl Strategy<Value = Vec<TwoByTwo>> {
    let table = (1..60_u32, 1..60_u32).prop_flat_map(|(n1, n2)| (0..=n1, Just(n1), 0..=n2, Just(n2)));
    prop::collection::vec(table, 1..10).prop_map(|rows| {
        rows.into_iter().map(|(a, n1, c, n2)| TwoByTwo::new(f64::from(a), f64::from(n1), f64::from(c), f64::from(n2))).collect()
    })
}

fn method() -> impl Strategy<Value = Tau2Method> {
    prop::sample::select(&Tau2Method::ALL[..])
}

fn options_of(tau2: Tau2Method) -> Options {
    Options::new(EffectMeasure::Generic).random(tau2)
}

fn close(got: f64, want: f64, relative: f64) -> bool {
    (got - want).abs() <= relative * want.abs() || got.is_nan() && want.is_nan()
}

fn run(yi: &[f64], vi: &[f64], tau2: Tau2Method) -> Pooled {
    let options = options_of(tau2).with_test(Test::HartungKnapp);
    pool(&Dataset::generic(yi, vi), &options).unwrap()
}

fn near(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-7 * (scale + a.abs().max(b.abs())) || a.is_nan() && b.is_nan()
}

fn dataset(rows: Vec<TwoByTwo>) -> Dataset {
    Dataset::new((0..rows.len()).map(|i| i.to_string()).collect(), StudyData::TwoByTwo(rows))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn shifting_all_effects_shifts_the_estimate_and_nothing_else((yi, vi) in studies(), shift in -9.0..9.0_f64, method in method()) {
        let moved: Vec<f64> = yi.iter().map(|y| y + shift).collect();
        let (a, b) = (run(&yi, &vi, method), run(&moved, &vi, method));
        prop_assert!(near(a.estimate + shift, b.estimate, 1.0));
        prop_assert!(near(a.tau2, b.tau2, 1.0), "{} {}", a.tau2, b.tau2);
        prop_assert!(near(a.heterogeneity.q, b.heterogeneity.q, 1.0));
        prop_assert!(near(a.ci.upper - a.estimate, b.ci.upper - b.estimate, 1.0));
    }

    #[test]
    fn a_change_of_units_changes_units_only((yi, vi) in studies(), factor in 0.001..1000.0_f64, method in method()) {
        let y: Vec<f64> = yi.iter().map(|y| y * factor).collect();
        let v: Vec<f64> = vi.iter().map(|v| v * factor * factor).collect();
        let (a, b) = (run(&yi, &vi, method), run(&y, &v, method));
        prop_assert!(near(a.estimate, b.estimate / factor, 1.0));
        prop_assert!(near(a.tau2, b.tau2 / factor / factor, 1.0));
        prop_assert!(near(a.heterogeneity.i2, b.heterogeneity.i2, 1.0));
        prop_assert!(near(a.pval, b.pval, 1.0));
    }

    #[test]
    fn the_order_of_studies_does_not_matter((yi, vi) in studies(), method in method()) {
        let y: Vec<f64> = yi.iter().rev().copied().collect();
        let v: Vec<f64> = vi.iter().rev().copied().collect();
        let (a, b) = (run(&yi, &vi, method), run(&y, &v, method));
        prop_assert!(near(a.estimate, b.estimate, 1.0) && near(a.se, b.se, 1.0) && near(a.tau2, b.tau2, 1.0));
        for (x, y) in a.weights_pct.iter().zip(b.weights_pct.iter().rev()) {
            prop_assert!(near(x.unwrap(), y.unwrap(), 1.0));
        }
    }

    #[test]
    fn the_estimate_lies_among_the_effects((yi, vi) in studies(), method in method()) {
        let pooled = run(&yi, &vi, method);
        let low = yi.iter().copied().fold(f64::INFINITY, f64::min);
        let high = yi.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        prop_assert!(pooled.estimate >= low - 1e-9 && pooled.estimate <= high + 1e-9);
        prop_assert!((pooled.weights_pct.iter().flatten().sum::<f64>() - 100.0).abs() < 1e-9);
        prop_assert!(pooled.tau2 >= 0.0);
    }

    #[test]
    fn no_value_of_tau2_is_likelier_than_the_estimate((yi, vi) in studies()) {
        let space = InterceptOnly { yi: &yi, vi: &vi };
        for restricted in [false, true] {
            let (best, _) = tau2::maximise_likelihood(&space, restricted);
            let top = space.log_likelihood(best, restricted);
            for step in -400..200 {
                let tau2 = 10f64.powf(f64::from(step) / 50.0);
                prop_assert!(space.log_likelihood(tau2, restricted) <= top + 1e-6 * (1.0 + top.abs()), "{tau2} is likelier than {best}");
            }
            prop_assert!(space.log_likelihood(0.0, restricted) <= top + 1e-9 * (1.0 + top.abs()));
        }
    }

    #[test]
    fn a_workspace_of_tables_gives_what_pooling_gives(sets in prop::collection::vec(tables(), 1..4), revman in any::<bool>()) {
        let mut workspace = mantel_haenszel::Workspace::default();
        for rows in sets {
            for measure in [EffectMeasure::OddsRatio, EffectMeasure::RiskRatio, EffectMeasure::RiskDifference] {
                let mut options = Options::new(measure).common().with_method(Method::MantelHaenszel);
                options.convention = if revman { Convention::RevMan } else { Convention::Metafor };
                let (a, b) = (workspace.fit(&rows, &options).unwrap(), pool(&dataset(rows.clone()), &options).unwrap());
                let entered = workspace.weights().iter().flatten().count();
                prop_assert_eq!((a.k, entered), (b.k, b.k));
                if b.k > 0 {
                    prop_assert!(near(a.estimate, b.estimate, 0.0) && near(a.se, b.se, 0.0) && near(a.pval, b.pval, 0.0));
                    prop_assert!(b.k < 2 || near(a.heterogeneity.q, b.heterogeneity.q, 1e-9), "{:?} {:?}", a, b.heterogeneity);
                }
            }
        }
    }

    #[test]
    fn swapping_the_arms_turns_the_sign(rows in tables(), revman in any::<bool>(), mh in any::<bool>()) {
        let swapped: Vec<TwoByTwo> = rows.iter().map(|r| TwoByTwo::new(r.events2, r.n2, r.events1, r.n1)).collect();
        let all_events = rows.iter().any(|r| r.events1 == r.n1 && r.events2 == r.n2);
        for measure in [EffectMeasure::OddsRatio, EffectMeasure::RiskRatio, EffectMeasure::RiskDifference] {
            // RevMan takes an all-event study at a ratio of 1 with the weight of one side: not quite symmetric, and so published.
            if measure == EffectMeasure::RiskRatio && revman && mh && all_events {
                continue;
            }
            let mut options = Options::new(measure).common();
            options.convention = if revman { Convention::RevMan } else { Convention::Metafor };
            options.method = if mh { Method::MantelHaenszel } else { Method::InverseVariance };
            let (a, b) = (pool(&dataset(rows.clone()), &options).unwrap(), pool(&dataset(swapped.clone()), &options).unwrap());
            prop_assert_eq!(a.k, b.k);
            prop_assert!(near(a.estimate, -b.estimate, 1.0), "{:?}: {} {}", measure, a.estimate, b.estimate);
            prop_assert!(near(a.se, b.se, 1.0), "{:?}: {} {}", measure, a.se, b.se);
        }
    }

    #[test]
    fn swapping_events_and_non_events_turns_the_odds_ratio_and_the_risk_difference(rows in tables()) {
        let others: Vec<TwoByTwo> = rows.iter().map(|r| TwoByTwo::new(r.n1 - r.events1, r.n1, r.n2 - r.events2, r.n2)).collect();
        for measure in [EffectMeasure::OddsRatio, EffectMeasure::RiskDifference, EffectMeasure::PetoOddsRatio] {
            let options = Options::revman(measure).common();
            let (a, b) = (pool(&dataset(rows.clone()), &options).unwrap(), pool(&dataset(others.clone()), &options).unwrap());
            prop_assert!(near(a.estimate, -b.estimate, 1.0), "{:?}: {} {}", measure, a.estimate, b.estimate);
        }
    }

    #[test]
    fn studies_that_cannot_be_estimated_keep_their_place(rows in tables(), at in 0..10_usize) {
        let mut with = rows.clone();
        let at = at.min(rows.len());
        with.insert(at, TwoByTwo::new(0.0, 12.0, 0.0, 15.0));
        let options = Options::revman(EffectMeasure::RiskRatio);
        let (a, b) = (pool(&dataset(rows), &options).unwrap(), pool(&dataset(with), &options).unwrap());
        prop_assert_eq!(a.k, b.k);
        prop_assert!(b.studies[at].is_none() && b.weights_pct[at].is_none());
        prop_assert!(near(a.estimate, b.estimate, 1.0));
    }

    #[test]
    fn the_ad_hoc_interval_is_never_narrower_than_either((yi, vi) in studies()) {
        let fitted = fit::fit(&yi, &vi, Some(Tau2Method::PauleMandel));
        let se = |test| fitted.inference(test, 0.95).se;
        prop_assert!(se(Test::HartungKnappAdHoc) >= se(Test::HartungKnapp));
        prop_assert!(se(Test::HartungKnappAdHoc) >= se(Test::Wald));
    }

    #[test]
    fn the_q_profile_interval_holds_the_paule_mandel_estimate((yi, vi) in studies()) {
        let interval = interval::q_profile(&yi, &vi, 0.95).unwrap();
        let tau2 = fit::fit(&yi, &vi, Some(Tau2Method::PauleMandel)).tau2;
        prop_assert!(interval.tau2.lower <= tau2 * (1.0 + 1e-9) && tau2 <= interval.tau2.upper * (1.0 + 1e-9) + 1e-12);
    }

    #[test]
    fn no_numbers_make_it_panic(
        rows in prop::collection::vec(prop::array::uniform6(prop::sample::select(vec![
            f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e-300, 0.5, 1.0, 2.0, 10.0, 1e9, 1e300,
        ])), 0..6),
        measure in prop::sample::select(<EffectMeasure as strum::VariantArray>::VARIANTS),
        method in method(),
        convention in prop::sample::select(<Convention as strum::VariantArray>::VARIANTS),
        weighting in prop::sample::select(<Method as strum::VariantArray>::VARIANTS),
        test in prop::sample::select(<Test as strum::VariantArray>::VARIANTS),
    ) {
        let labels: Vec<String> = rows.iter().map(|_| "study".into()).collect();
        let shapes = [
            StudyData::TwoByTwo(rows.iter().map(|r| TwoByTwo::new(r[0], r[1], r[2], r[3])).collect()),
            StudyData::TwoMeans(
                rows.iter().map(|r| TwoMeans { mean1: r[0], sd1: r[1], n1: r[2], mean2: r[3], sd2: r[4], n2: r[5] }).collect(),
            ),
            StudyData::TwoRates(
                rows.iter().map(|r| measure::TwoRates { events1: r[0], time1: r[1], events2: r[2], time2: r[3] }).collect(),
            ),
            StudyData::OneProportion(rows.iter().map(|r| measure::OneProportion { events: r[0], n: r[1] }).collect()),
            StudyData::Correlation(rows.iter().map(|r| measure::CorrelationRow { r: r[0], n: r[1] }).collect()),
            StudyData::Generic(rows.iter().map(|r| measure::GenericRow { yi: r[0], vi: r[1] }).collect()),
        ];
        for data in shapes {
            let mut options = Options::new(measure).random(method).with_test(test).with_method(weighting);
            options.convention = convention;
            let dataset = Dataset::new(labels.clone(), data);
            let random = pool(&dataset, &options);
            let common = pool(&dataset, &options.common());
            if let (Ok(random), Ok(common)) = (random, common) {
                prop_assert_eq!(random.studies.len(), rows.len());
                prop_assert_eq!(common.weights_pct.len(), rows.len());
            }
        }
    }
}
