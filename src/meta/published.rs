//! Published analyses, and the places where programs are known to differ.

use super::bias;
use super::fit::{self, Plan};
use super::mantel_haenszel::mantel_haenszel;
use super::measure::{TwoByTwo, TwoMeans, effects};
use super::*;

fn labels(n: usize) -> Vec<String> {
    (1..=n).map(|i| format!("study {i}")).collect()
}

/// Pain intensity, immediate term: Cochrane CD015373 (2025), analysis 1.1.
fn pain() -> Dataset {
    let row = |mean1, sd1, n1, mean2, sd2, n2| TwoMeans { mean1, sd1, n1, mean2, sd2, n2 };
    let rows = vec![
        row(60.033898, 38.030326, 59.0, 61.3, 32.7, 30.0),
        row(56.0, 31.176915, 12.0, 74.0, 10.392305, 12.0),
        row(26.8, 27.93385, 30.0, 54.5, 26.290683, 30.0),
    ];
    Dataset::new(labels(3), StudyData::TwoMeans(rows))
}

/// Adverse events: the same review, analysis 1.9.
fn adverse_events() -> Dataset {
    let rows = vec![
        TwoByTwo::new(29.0, 68.0, 1.0, 32.0),
        TwoByTwo::new(3.0, 3.0, 0.0, 4.0),
        TwoByTwo::new(3.0, 8.0, 2.0, 6.0),
        TwoByTwo::new(4.0, 9.0, 2.0, 10.0),
    ];
    Dataset::new(labels(4), StudyData::TwoByTwo(rows))
}

fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance, "got {got}, want {want}");
}

#[test]
fn published_mean_difference_of_ketamine_for_pain() {
    let options = Options::revman(EffectMeasure::MeanDifference);
    let pooled = pool(&pain(), &options).unwrap();
    close(pooled.estimate, -15.7911282, 5e-8);
    close(pooled.ci.lower, -32.087519, 5e-7);
    close(pooled.ci.upper, 0.5052625993, 5e-9);
    close(pooled.tau2, 142.3755291, 5e-8);
    close(pooled.heterogeneity.i2_q, 68.93816966, 5e-9);
}

#[test]
fn published_risk_ratio_of_adverse_events_with_a_zero_cell() {
    let options = Options::revman(EffectMeasure::RiskRatio).with_method(Method::InverseVariance);
    let pooled = pool(&adverse_events(), &options).unwrap();
    close(pooled.estimate_back(), 3.257521711, 5e-10);
    close(pooled.ci_back().lower, 1.051796519, 5e-10);
    close(pooled.ci_back().upper, 10.08887889, 5e-9);
    close(pooled.tau2, 0.5067113383, 5e-11);
    // The same by metafor's rules: a correction of 0.5 in the one study with a zero cell.
    let same = pool(&adverse_events(), &Options::new(EffectMeasure::RiskRatio).random(Tau2Method::DerSimonianLaird)).unwrap();
    close(same.estimate, pooled.estimate, 1e-14);
}

#[test]
fn hartung_knapp_interval_of_the_same_analysis() {
    let options = Options::new(EffectMeasure::MeanDifference).with_test(Test::HartungKnapp);
    let pooled = pool(&pain(), &options).unwrap();
    close(pooled.ci.lower, -49.80727455, 5e-6);
    close(pooled.ci.upper, 18.20767584, 5e-6);
    assert_eq!(pooled.df, Some(2.0));
}

#[test]
fn nothing_estimable_is_a_result_and_not_an_error() {
    let rows = vec![TwoByTwo::new(0.0, 30.0, 0.0, 28.0); 2];
    let pooled = pool(&Dataset::new(labels(2), StudyData::TwoByTwo(rows)), &Options::revman(EffectMeasure::RiskRatio)).unwrap();
    assert_eq!(pooled.k, 0);
    assert!(pooled.estimate.is_nan() && pooled.weights_pct == vec![None, None]);
    assert_eq!(pooled.warnings[0], "no study is estimable");
    assert_eq!(pool(&Dataset::generic(&[], &[]), &Options::new(EffectMeasure::Generic)).unwrap().k, 0);
}

#[test]
fn wrong_measures_levels_and_lengths_are_refused() {
    let measure = |m| pool(&pain(), &Options::new(m)).unwrap_err();
    assert!(matches!(measure(EffectMeasure::RiskRatio), MetaError::Shape { .. }));
    let level = Options { level: 95.0, ..Options::new(EffectMeasure::MeanDifference) };
    assert!(matches!(pool(&pain(), &level), Err(MetaError::Level { .. })));
    let mut dataset = pain();
    dataset.labels.pop();
    assert!(matches!(pool(&dataset, &Options::new(EffectMeasure::MeanDifference)), Err(MetaError::Length { .. })));
    let mh = Options::new(EffectMeasure::MeanDifference).with_method(Method::MantelHaenszel);
    assert!(matches!(pool(&pain(), &mh), Err(MetaError::Method { .. })));
}

#[test]
fn a_hartung_knapp_interval_narrower_than_the_classic_one_is_pointed_out() {
    let dataset = Dataset::generic(&[0.10, 0.11, 0.09], &[0.04, 0.05, 0.03]);
    let pooled = pool(&dataset, &Options::new(EffectMeasure::Generic).with_test(Test::HartungKnapp)).unwrap();
    assert!(pooled.warnings.iter().any(|warning| warning.contains("below 1")), "{:?}", pooled.warnings);
}

/// BCG vaccine against tuberculosis, 13 trials: Colditz and others (1994), as in metafor's `dat.bcg`.
fn bcg() -> Dataset {
    const ROWS: [[f64; 4]; 13] = [
        [4.0, 123.0, 11.0, 139.0],
        [6.0, 306.0, 29.0, 303.0],
        [3.0, 231.0, 11.0, 220.0],
        [62.0, 13598.0, 248.0, 12867.0],
        [33.0, 5069.0, 47.0, 5808.0],
        [180.0, 1541.0, 372.0, 1451.0],
        [8.0, 2545.0, 10.0, 629.0],
        [505.0, 88391.0, 499.0, 88391.0],
        [29.0, 7499.0, 45.0, 7277.0],
        [17.0, 1716.0, 65.0, 1665.0],
        [186.0, 50634.0, 141.0, 27338.0],
        [5.0, 2498.0, 3.0, 2341.0],
        [27.0, 16913.0, 29.0, 17854.0],
    ];
    Dataset::new(labels(13), StudyData::TwoByTwo(ROWS.iter().map(|[a, n1, c, n2]| TwoByTwo::new(*a, *n1, *c, *n2)).collect()))
}

#[test]
fn random_effects_of_the_bcg_trials_as_in_the_metafor_paper() {
    // Viechtbauer (2010), section 3.2: REML, tau2 0.3132 (SE 0.1664), estimate -0.7145 [-1.0669, -0.3622], I2 92.22 %, H2 12.86.
    let pooled = pool(&bcg(), &Options::new(EffectMeasure::RiskRatio)).unwrap();
    close(pooled.tau2, 0.3132, 5e-5);
    close(pooled.se_tau2, 0.1664, 5e-5);
    close(pooled.estimate, -0.7145, 5e-5);
    close(pooled.ci.lower, -1.0669, 5e-5);
    close(pooled.ci.upper, -0.3622, 5e-5);
    close(pooled.heterogeneity.i2, 92.22, 5e-3);
    close(pooled.heterogeneity.q, 152.233, 5e-4);
}

#[test]
fn prediction_intervals_differ_by_their_quantile() {
    let pooled = pool(&bcg(), &Options::new(EffectMeasure::RiskRatio)).unwrap();
    let intervals = pooled.prediction.unwrap();
    close(intervals.normal.lower, -1.867, 5e-4);
    close(intervals.normal.upper, 0.438, 5e-4);
    close(intervals.t_k2.unwrap().upper, 0.579, 5e-4);
    close(intervals.hk_k1.unwrap().upper, 0.567, 5e-4);
    assert_eq!(pooled.prediction_interval(), Some(intervals.normal));
    assert_eq!(pool(&bcg(), &Options::new(EffectMeasure::RiskRatio).common()).unwrap().prediction, None);
}

#[test]
fn q_about_the_mantel_haenszel_estimate_gives_another_tau2() {
    let options = Options::revman(EffectMeasure::RiskRatio);
    close(pool(&bcg(), &options).unwrap().tau2, 0.30950, 5e-6);
    close(pool(&bcg(), &options.with_method(Method::InverseVariance)).unwrap().tau2, 0.30876, 5e-6);
}

#[test]
fn the_variance_of_the_mantel_haenszel_risk_difference_has_two_forms() {
    let revman = Options::revman(EffectMeasure::RiskDifference).common();
    let metafor = Options { convention: Convention::Metafor, ..revman.clone() };
    // Greenland and Robins against Sato.
    close(mantel_haenszel(&bcg(), &revman).unwrap().se, 2.845e-4, 5e-8);
    close(mantel_haenszel(&bcg(), &metafor).unwrap().se, 2.867e-4, 5e-8);
}

fn effect_of(row: TwoByTwo, options: &Options) -> Option<Effect> {
    effects(&StudyData::TwoByTwo(vec![row]), options).unwrap()[0]
}

#[test]
fn zero_cells_by_revman_and_by_metafor() {
    let double_zero = TwoByTwo::new(0.0, 30.0, 0.0, 28.0);
    let everyone = TwoByTwo::new(15.0, 15.0, 16.0, 16.0);
    for measure in [EffectMeasure::OddsRatio, EffectMeasure::RiskRatio, EffectMeasure::PetoOddsRatio] {
        assert_eq!(effect_of(double_zero, &Options::revman(measure)), None, "{measure:?}");
    }
    assert_eq!(effect_of(everyone, &Options::revman(EffectMeasure::OddsRatio)), None);
    // Events in everyone: a risk ratio of exactly 1, with the standard error of the corrected counts.
    let all = effect_of(everyone, &Options::revman(EffectMeasure::RiskRatio)).unwrap();
    assert_eq!(all.yi, 0.0);
    close(all.vi, 1.0 / 15.5 + 1.0 / 16.5 - 1.0 / 16.0 - 1.0 / 17.0, 1e-15);
    // Risk differences keep the raw estimate and are always estimable.
    let difference = effect_of(TwoByTwo::new(0.0, 50.0, 5.0, 50.0), &Options::revman(EffectMeasure::RiskDifference)).unwrap();
    assert_eq!(difference.yi, -0.1);
    let kept = effect_of(double_zero, &Options::new(EffectMeasure::OddsRatio)).unwrap();
    close(kept.yi, -0.068, 5e-4);
    let mut dropping = Options::new(EffectMeasure::OddsRatio);
    dropping.correction.drop_double_zero = Some(true);
    assert_eq!(effect_of(double_zero, &dropping), None);
    dropping.correction = Correction::NONE;
    assert_eq!(effect_of(TwoByTwo::new(0.0, 50.0, 5.0, 50.0), &dropping), None);
}

#[test]
fn a_standard_deviation_of_zero_is_not_estimable_by_revman() {
    let row = TwoMeans { mean1: 5.0, sd1: 0.0, n1: 10.0, mean2: 4.0, sd2: 1.0, n2: 10.0 };
    let data = StudyData::TwoMeans(vec![row]);
    assert_eq!(effects(&data, &Options::revman(EffectMeasure::MeanDifference)).unwrap(), vec![None]);
    assert!(effects(&data, &Options::new(EffectMeasure::MeanDifference)).unwrap()[0].is_some());
}

#[test]
fn three_participants_give_revman_a_standardised_difference_of_exactly_zero() {
    // Its approximate correction factor is 0 there; seen in a published review as 0.00 [-2.40, 2.40].
    let row = TwoMeans { mean1: 5.0, sd1: 1.0, n1: 2.0, mean2: 4.0, sd2: 1.0, n2: 1.0 };
    let pooled =
        pool(&Dataset::new(labels(1), StudyData::TwoMeans(vec![row])), &Options::revman(EffectMeasure::StandardizedMeanDifference))
            .unwrap();
    assert_eq!(pooled.estimate, 0.0);
    close(pooled.ci.upper, 2.40, 5e-3);
}

#[test]
fn nearly_equal_effects_make_the_hartung_knapp_interval_narrow() {
    let (yi, vi) = ([0.10, 0.11, 0.09], [0.04, 0.05, 0.03]);
    let fitted = fit::fit(&yi, &vi, Some(Tau2Method::RestrictedMaximumLikelihood));
    let ci = |test| fitted.inference(test, 0.95).ci;
    close(ci(Test::HartungKnapp).lower, 0.074, 5e-4);
    close(ci(Test::HartungKnapp).upper, 0.123, 5e-4);
    close(ci(Test::Wald).lower, -0.123, 5e-4);
    close(ci(Test::Wald).upper, 0.320, 5e-4);
}

#[test]
fn the_higher_of_two_likelihood_maxima_is_taken_and_flagged() {
    let dataset =
        Dataset::generic(&[0.62, 0.27, 0.32, 0.96, -1.05, -0.53, -0.81], &[0.0214, 0.0034, 0.0015, 0.1084, 1.1567, 1.5026, 1.5086]);
    let pooled = pool(&dataset, &Options::new(EffectMeasure::Generic)).unwrap();
    assert!(pooled.is_multimodal);
    close(pooled.tau2, 0.0209575, 5e-8);
    assert!(pooled.warnings.iter().any(|warning| warning.contains("several maxima")));
}

#[test]
fn one_study_has_a_wald_interval_whatever_was_chosen() {
    let pooled = pool(&Dataset::generic(&[0.3], &[0.04]), &Options::new(EffectMeasure::Generic).with_test(Test::HartungKnapp)).unwrap();
    assert_eq!((pooled.test, pooled.df, pooled.tau2), (Test::Wald, None, 0.0));
    close(pooled.ci.upper, 0.692, 5e-4);
    assert!(pooled.warnings.iter().any(|warning| warning.contains("Wald")));
}

#[test]
fn subgroups_without_an_estimate_stay_in_the_list_and_leave_the_test() {
    let rows = vec![TwoByTwo::new(12.0, 60.0, 18.0, 58.0), TwoByTwo::new(0.0, 30.0, 0.0, 28.0), TwoByTwo::new(40.0, 200.0, 30.0, 190.0)];
    let groups = ["a", "b", "c"].map(str::to_owned).to_vec();
    let dataset = Dataset::new(labels(3), StudyData::TwoByTwo(rows)).with_subgroups(groups);
    let analysis = pool_subgroups(&dataset, &Options::revman(EffectMeasure::OddsRatio)).unwrap();
    assert_eq!(analysis.groups.len(), 3);
    assert_eq!((analysis.groups[1].pooled.k, analysis.df), (0, 1.0));
    assert!(analysis.q_between > 0.0);
}

#[test]
fn the_slope_of_egger_is_the_intercept_of_its_classical_form() {
    let (yi, vi): (Vec<f64>, Vec<f64>) =
        effects(&bcg().data, &Options::new(EffectMeasure::RiskRatio)).unwrap().into_iter().flatten().map(|e| (e.yi, e.vi)).unzip();
    let precision: Vec<f64> = vi.iter().map(|v| 1.0 / v.sqrt()).collect();
    let standardised: Vec<f64> = yi.iter().zip(&precision).map(|(y, p)| y * p).collect();
    let classical = bias::Line::fit(&precision, &standardised, &[1.0; 13]).unwrap();
    let egger = bias::egger(&yi, &vi).unwrap();
    close(egger.slope, classical.intercept, 1e-12);
    close(egger.slope_test().1, classical.intercept_test().1, 1e-12);
}

#[test]
fn leaving_out_one_of_two_studies_leaves_the_other() {
    let plan = Plan::of(&Options::new(EffectMeasure::Generic));
    let left = cumulative::leave_one_out(&[0.1, 0.7], &[0.02, 0.05], &plan);
    assert_eq!((left[0].estimate, left[1].estimate), (0.7, 0.1));
    assert_eq!(left[0].tau2, 0.0);
}
