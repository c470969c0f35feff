//! The edges: one study, two studies, copies, equal effects, nothing but zeros, hugely unequal variances, missing rows; for every estimator
//! of tau2 and every model.

use proptest::prelude::*;
use strum::VariantArray;

use super::{close, method, near, options_of, studies};
use crate::meta::fit::{Plan, fit};
use crate::meta::measure::{GenericRow, OneProportion, TwoByTwo, TwoMeans, TwoRates};
use crate::meta::regression::regress_columns;
use crate::meta::*;
use crate::stats::dist;

/// Every model: the common effect, and random effects with each estimator.
fn plans() -> impl Iterator<Item = Option<Tau2Method>> {
    std::iter::once(None).chain(Tau2Method::ALL.into_iter().map(Some))
}

fn options_with(tau2: Option<Tau2Method>, test: Test) -> Options {
    tau2.map_or_else(|| Options::new(EffectMeasure::Generic).common(), options_of).with_test(test)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn one_study_is_its_own_pooled_estimate(y in -5.0..5.0_f64, v in 1e-6..1e3_f64) {
        for (plan, test) in plans().flat_map(|plan| Test::VARIANTS.iter().map(move |test| (plan, *test))) {
            let pooled = pool(&Dataset::generic(&[y], &[v]), &options_with(plan, test)).unwrap();
            let half = dist::normal_quantile(0.975) * v.sqrt();
            prop_assert_eq!((pooled.k, pooled.tau2, pooled.heterogeneity.q), (1, 0.0, 0.0));
            prop_assert!(close(pooled.estimate, y, 1e-15) && close(pooled.se, v.sqrt(), 1e-14) && near(pooled.ci.upper, y + half, 1.0) && pooled.df.is_none());
            prop_assert!(close(pooled.weights_pct[0].unwrap(), 100.0, 1e-15));
        }
    }

    #[test]
    fn two_studies_have_closed_forms(y1 in -3.0..3.0_f64, y2 in -3.0..3.0_f64, v1 in 1e-4..2.0_f64, v2 in 1e-4..2.0_f64) {
        let (square, sum) = ((y1 - y2).powi(2), v1 + v2);
        let q = square / sum;
        let start = square / 4.0;
        for method in Tau2Method::ALL {
            let want = match method {
                Tau2Method::HunterSchmidt => (q - 2.0) / (1.0 / v1 + 1.0 / v2),
                Tau2Method::HunterSchmidtCorrected => (2.0 * q - 2.0) / (1.0 / v1 + 1.0 / v2),
                Tau2Method::SidikJonkman => start * square / (sum + 2.0 * start),
                Tau2Method::PauleMandelMedian => 0.5 * (square / dist::chi_squared_quantile(0.5, 1.0) - sum),
                // The mean takes part in full likelihood: the score equation.
                Tau2Method::MaximumLikelihood => continue,
                _ => 0.5 * (square - sum),
            };
            let want = want.max(0.0);
            let fitted = fit(&[y1, y2], &[v1, v2], Some(method));
            prop_assert!((fitted.tau2 - want).abs() <= 1e-9 * (want + sum), "{:?}: {} {}", method, fitted.tau2, want);
            let [w1, w2] = [1.0 / (v1 + fitted.tau2), 1.0 / (v2 + fitted.tau2)];
            prop_assert!((fitted.estimate - (w1 * y1 + w2 * y2) / (w1 + w2)).abs() < 1e-12 && close(fitted.se, (w1 + w2).powf(-0.5), 1e-12));
            prop_assert!((fitted.q - q).abs() <= 1e-10 * (1.0 + q));
            // One degree of freedom: the factor of Hartung and Knapp is Q at this tau2.
            let scale = square / (sum + 2.0 * fitted.tau2);
            prop_assert!((fitted.hk_scale - scale).abs() <= 1e-9 * (1.0 + scale));
            let plan = Plan { tau2: Some(method), test: Test::HartungKnapp, level: 0.95 };
            let summary = plan.summary(&[y1, y2], &[v1, v2]);
            // The quantile of t with one degree of freedom is a tangent.
            let half = (0.475 * std::f64::consts::PI).tan() * fitted.se * scale.sqrt();
            prop_assert!((summary.ci.upper - summary.estimate - half).abs() <= 1e-8 * (1.0 + half));
        }
    }

    #[test]
    fn two_studies_of_equal_variance_under_full_likelihood(y1 in -3.0..3.0_f64, y2 in -3.0..3.0_f64, v in 1e-4..2.0_f64) {
        let want = ((y1 - y2).powi(2) / 4.0 - v).max(0.0);
        let got = fit(&[y1, y2], &[v, v], Some(Tau2Method::MaximumLikelihood)).tau2;
        prop_assert!((got - want).abs() <= 1e-9 * (want + v), "{} {}", got, want);
    }

    #[test]
    fn equal_variances_leave_the_mean_and_the_spread((yi, _) in studies(), v in 1e-3..10.0_f64) {
        let vi = vec![v; yi.len()];
        let k = yi.len() as f64;
        let mean = yi.iter().sum::<f64>() / k;
        let squares: f64 = yi.iter().map(|y| (y - mean).powi(2)).sum();
        for method in Tau2Method::ALL {
            let fitted = fit(&yi, &vi, Some(method));
            let want = match method {
                Tau2Method::MaximumLikelihood | Tau2Method::HunterSchmidt => squares / k - v,
                Tau2Method::HunterSchmidtCorrected => squares / (k - 1.0) - v,
                Tau2Method::SidikJonkman => squares / k / (v + squares / k) * squares / (k - 1.0),
                Tau2Method::PauleMandelMedian => squares / dist::chi_squared_quantile(0.5, k - 1.0) - v,
                _ => squares / (k - 1.0) - v,
            };
            prop_assert!((fitted.tau2 - want.max(0.0)).abs() <= 1e-8 * (want.abs() + v), "{:?}: {} {}", method, fitted.tau2, want);
            prop_assert!((fitted.estimate - mean).abs() < 1e-12 && close(fitted.se, ((v + fitted.tau2) / k).sqrt(), 1e-12));
        }
    }

    #[test]
    fn a_dataset_copied_doubles_q_and_the_weight((yi, vi) in studies(), copies in 2..4_usize) {
        let (y, v) = (yi.repeat(copies), vi.repeat(copies));
        let m = copies as f64;
        for plan in [None, Some(Tau2Method::Fixed(0.3)), Some(Tau2Method::MaximumLikelihood)] {
            // Full likelihood is multiplied as well, and has its maximum in the same place.
            let (one, all) = (fit(&yi, &vi, plan), fit(&y, &v, plan));
            prop_assert!((one.tau2 - all.tau2).abs() <= 1e-6 * (1e-6 + one.tau2), "{:?}: {} {}", plan, one.tau2, all.tau2);
            prop_assert!(near(one.estimate, all.estimate, 1.0) && near(one.se, all.se * m.sqrt(), 1e-3) && near(m * one.q, all.q, 1.0));
        }
        // Copies are not new evidence of heterogeneity: what differs within a set of copies is nothing.
        let groups: Vec<String> = (0..y.len()).map(|i| (i % yi.len()).to_string()).collect();
        let analysis = pool_subgroups(&Dataset::generic(&y, &v).with_subgroups(groups), &Options::new(EffectMeasure::Generic)).unwrap();
        for group in analysis.groups {
            prop_assert!(group.pooled.tau2 == 0.0 && group.pooled.heterogeneity.q == 0.0, "{:?}", group.pooled);
        }
    }

    #[test]
    fn equal_effects_have_no_heterogeneity(y in -5.0..5.0_f64, vi in prop::collection::vec(1e-4..10.0_f64, 2..12)) {
        let yi = vec![y; vi.len()];
        for (plan, test) in plans().flat_map(|plan| Test::VARIANTS.iter().map(move |test| (plan, *test))) {
            let pooled = pool(&Dataset::generic(&yi, &vi), &options_with(plan, test)).unwrap();
            // Sidik and Jonkman's start is the spread of the effects about a mean that is rounded.
            prop_assert!((pooled.estimate - y).abs() <= 1e-14 * y.abs() && pooled.tau2 < 1e-28, "{:?}: {}", plan, pooled.tau2);
            prop_assert_eq!((pooled.heterogeneity.q, pooled.heterogeneity.p), (0.0, 1.0));
            prop_assert!(pooled.heterogeneity.i2 < 1e-20);
            let classic = vi.iter().map(|v| 1.0 / v).sum::<f64>().powf(-0.5);
            let want = if test == Test::HartungKnapp { 0.0 } else { classic };
            prop_assert!((pooled.se - want).abs() <= 1e-12 * classic, "{:?} {:?}: {}", plan, test, pooled.se);
        }
    }

    #[test]
    fn rows_that_are_missing_change_nothing_but_places((yi, vi) in studies(), at in 0..12_usize, kind in 0..3_usize, test in prop::sample::select(Test::VARIANTS)) {
        let at = at.min(yi.len());
        let (mut y, mut v) = (yi.clone(), vi.clone());
        y.insert(at, [f64::NAN, 0.4, f64::NAN][kind]);
        v.insert(at, [0.2, f64::NAN, f64::NAN][kind]);
        for plan in plans() {
            let options = options_with(plan, test);
            let (a, b) = (pool(&Dataset::generic(&yi, &vi), &options).unwrap(), pool(&Dataset::generic(&y, &v), &options).unwrap());
            prop_assert_eq!((a.k, a.estimate, a.se, a.pval, a.tau2), (b.k, b.estimate, b.se, b.pval, b.tau2));
            prop_assert_eq!(a.heterogeneity.q, b.heterogeneity.q);
            let mut weights = b.weights_pct;
            prop_assert_eq!(weights.remove(at), None);
            prop_assert_eq!(weights, a.weights_pct);
            prop_assert!(b.warnings.iter().any(|warning| warning.contains("not estimable")), "{:?}", b.warnings);
        }
    }

    #[test]
    fn hugely_unequal_variances_keep_estimate_and_order(
        rows in prop::collection::vec((-3.0..3.0_f64, -14.0..14.0_f64), 3..10), method in method()
    ) {
        let (yi, vi): (Vec<f64>, Vec<f64>) = rows.into_iter().map(|(y, v)| (y, 10f64.powf(v))).unzip();
        let fitted = fit(&yi, &vi, Some(method));
        prop_assert!(fitted.tau2.is_finite() && fitted.tau2 >= 0.0 && fitted.se > 0.0, "{:?}", fitted);
        let w: Vec<f64> = vi.iter().map(|v| 1.0 / (v + fitted.tau2)).collect();
        let total: f64 = w.iter().sum();
        let mean = yi.iter().zip(&w).map(|(y, w)| w * y).sum::<f64>() / total;
        prop_assert!((fitted.estimate - mean).abs() <= 1e-9 && close(fitted.se, total.powf(-0.5), 1e-9), "{} {}", fitted.estimate, mean);
        // A study that is a trillion times as precise as the others decides under a common effect.
        let (place, smallest) = vi.iter().copied().enumerate().reduce(|a, b| if b.1 < a.1 { b } else { a }).unwrap();
        let others: f64 = vi.iter().map(|v| smallest / v).sum::<f64>() - 1.0;
        prop_assert!((fit(&yi, &vi, None).estimate - yi[place]).abs() <= 6.0 * others + 1e-12);
    }

    #[test]
    fn adding_a_line_in_the_moderator_moves_its_coefficients_alone(
        (yi, vi) in studies(), line in (-3.0..3.0_f64, -3.0..3.0_f64), factor in 0.01..100.0_f64, method in method(), hartung in any::<bool>()
    ) {
        prop_assume!(yi.len() > 2);
        let x: Vec<f64> = (0..yi.len()).map(|i| ((i * i) as f64).sin() + i as f64).collect();
        let moved: Vec<f64> = yi.iter().zip(&x).map(|(y, x)| factor * (y + line.0 + line.1 * x)).collect();
        let scaled: Vec<f64> = vi.iter().map(|v| factor * factor * v).collect();
        let options = options_of(method).with_test(if hartung { Test::HartungKnapp } else { Test::Wald });
        let run = |y: &[f64], v: &[f64], x: &[f64]| regress_columns(y, v, &[("x".into(), x.to_vec())], &options).unwrap();
        // Sidik and Jonkman start from the spread of the effects, the line among them.
        if method == Tau2Method::SidikJonkman {
            return Ok(());
        }
        let (a, b) = (run(&yi, &vi, &x), run(&moved, &scaled, &x));
        prop_assert!(near(a.tau2, b.tau2 / factor / factor, 1.0) && near(a.qe, b.qe, 1.0), "{:?}: {} {}", method, a.tau2, b.tau2);
        for (i, shift) in [line.0, line.1].into_iter().enumerate() {
            prop_assert!(near(a.coefficients[i].estimate + shift, b.coefficients[i].estimate / factor, 1.0));
            prop_assert!(near(a.coefficients[i].se, b.coefficients[i].se / factor, 1.0));
        }
        // Another unit and origin of the moderator, and another order of the studies.
        let other: Vec<f64> = x.iter().map(|x| 1000.0 + factor * x).collect();
        let c = run(&yi, &vi, &other);
        prop_assert!(near(a.coefficients[1].estimate, c.coefficients[1].estimate * factor, 1.0) && near(a.qm, c.qm, 1.0) && near(a.tau2, c.tau2, 1.0));
        let turn = |list: &[f64]| list.iter().rev().copied().collect::<Vec<f64>>();
        let d = run(&turn(&yi), &turn(&vi), &turn(&x));
        prop_assert!(near(a.coefficients[1].estimate, d.coefficients[1].estimate, 1.0) && near(a.tau2, d.tau2, 1.0) && near(a.r2, d.r2, 1.0));
    }
}

#[test]
fn no_events_anywhere_are_a_result_without_a_number() {
    let tables = StudyData::TwoByTwo([20.0, 45.0, 7.0].map(|n| TwoByTwo::new(0.0, n, 0.0, n + 3.0)).to_vec());
    let everyone = StudyData::TwoByTwo([20.0, 45.0, 7.0].map(|n| TwoByTwo::new(n, n, n + 3.0, n + 3.0)).to_vec());
    let rates = StudyData::TwoRates([20.0, 45.0].map(|time| TwoRates { events1: 0.0, time1: time, events2: 0.0, time2: time }).to_vec());
    for data in [&tables, &everyone, &rates] {
        let labels = vec![String::new(); data.len()];
        let dataset = Dataset::new(labels, data.clone());
        let measures: &[EffectMeasure] = match data {
            StudyData::TwoRates(_) => &[EffectMeasure::RateRatio],
            _ => &[EffectMeasure::OddsRatio, EffectMeasure::RiskRatio, EffectMeasure::PetoOddsRatio],
        };
        for &measure in measures {
            for &weighting in Method::VARIANTS {
                for &convention in Convention::VARIANTS {
                    for plan in plans() {
                        let mut options = Options::new(measure).with_method(weighting);
                        options.convention = convention;
                        options.correction.drop_double_zero = Some(true);
                        options.pooled_correction.drop_double_zero = Some(true);
                        let options = plan.map_or_else(|| options.clone().common(), |method| options.clone().random(method));
                        // Without events both groups have the same risk of none; with events only, RevMan takes the risk ratio as 1.
                        let Ok(pooled) = pool(&dataset, &options) else { continue };
                        let is_one = pooled.estimate == 0.0 && measure == EffectMeasure::RiskRatio && data == &everyone;
                        assert!(is_one || pooled.estimate.is_nan() && pooled.pval.is_nan(), "{options:?}: {pooled:?}");
                        assert!(is_one || !pooled.warnings.is_empty());
                    }
                }
            }
        }
    }
    // The risk difference of nothing is nothing, with the standard error of the corrected counts.
    let difference = pool(&Dataset::new(vec![String::new(); 3], tables), &Options::revman(EffectMeasure::RiskDifference)).unwrap();
    assert_eq!((difference.k, difference.estimate, difference.tau2), (3, 0.0, 0.0));
    assert!(difference.se > 0.0);
}

#[test]
fn proportions_of_zero_are_pooled_after_their_correction() {
    let rows = [15.0, 40.0, 9.0].map(|n| OneProportion { events: 0.0, n }).to_vec();
    for measure in [EffectMeasure::LogitProportion, EffectMeasure::FreemanTukeyProportion, EffectMeasure::ArcsineProportion] {
        for plan in plans() {
            let options = plan.map_or_else(|| Options::new(measure).common(), |method| Options::new(measure).random(method));
            let pooled = pool(&Dataset::new(vec![String::new(); 3], StudyData::OneProportion(rows.clone())), &options).unwrap();
            assert!(pooled.k == 3 && pooled.estimate.is_finite() && pooled.se > 0.0, "{measure:?} {plan:?}");
        }
    }
}

#[test]
fn rows_of_nothing_but_missing_numbers_are_no_studies() {
    let nothing = f64::NAN;
    let means = TwoMeans { mean1: nothing, sd1: nothing, n1: nothing, mean2: nothing, sd2: nothing, n2: nothing };
    for (data, measure) in [
        (StudyData::TwoByTwo(vec![TwoByTwo::new(nothing, 10.0, 1.0, 10.0); 4]), EffectMeasure::RiskRatio),
        (StudyData::TwoMeans(vec![means; 4]), EffectMeasure::StandardizedMeanDifference),
        (StudyData::Generic(vec![GenericRow { yi: nothing, vi: 0.1 }; 4]), EffectMeasure::Generic),
    ] {
        for plan in plans() {
            let options = plan.map_or_else(|| Options::new(measure).common(), |method| Options::new(measure).random(method));
            let pooled = pool(&Dataset::new(vec![String::new(); 4], data.clone()), &options).unwrap();
            assert!(pooled.k == 0 && pooled.estimate.is_nan() && pooled.studies.iter().all(Option::is_none));
            assert_eq!(pooled.warnings[0], "no study is estimable");
        }
    }
}
