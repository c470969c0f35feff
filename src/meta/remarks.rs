//! What a reader should know before using a pooled result, in words, with what to look at. Nothing is switched because of a remark:
//! the numbers are those of the rules that were asked for.

use super::dataset::{Dataset, StudyData};
use super::interval;
use super::measure::EffectMeasure;
use super::options::{Convention, Method, Model, Options, Test};
use super::result::Pooled;
use super::tau2::Tau2Method;

/// Median number of events in a group below which inverse variance is questioned.
const FEW_EVENTS: f64 = 5.0;
/// Share of studies with a zero cell from which on inverse variance is questioned.
const MANY_ZEROS: f64 = 0.25;
/// Ratio of group sizes beyond which Peto's method is questioned.
const UNEQUAL_GROUPS: f64 = 3.0;
/// Odds ratio (or its inverse) beyond which Peto's method is questioned.
const LARGE_EFFECT: f64 = 3.0;

/// Adds the remarks on a result.
pub(super) fn add_remarks(pooled: &mut Pooled, dataset: &Dataset, options: &Options) {
    let mut found = Vec::new();
    about_data(dataset, options, pooled, &mut found);
    if pooled.k > 0 {
        about_model(pooled, options, &mut found);
    }
    pooled.warnings.extend(found);
}

fn studies(count: usize) -> String {
    if count == 1 { "1 study".to_owned() } else { format!("{count} studies") }
}

fn about_data(dataset: &Dataset, options: &Options, pooled: &Pooled, found: &mut Vec<String>) {
    match &dataset.data {
        StudyData::TwoByTwo(rows) => {
            let valid: Vec<_> = rows.iter().filter(|row| row.is_valid()).collect();
            if !valid.is_empty() && valid.iter().all(|row| row.events1 == 0.0 && row.events2 == 0.0) {
                found.push("no study has an event: there is nothing to learn about a ratio; report the counts".to_owned());
            } else {
                double_zeros(dataset, options, pooled, found);
            }
            sparse(valid.iter().map(|row| (row.has_zero(), [row.events1, row.events2])).collect(), options, found);
            if options.method == Method::Peto && pooled.k > 0 {
                peto(valid.iter().map(|row| (row.n1, row.n2)).collect(), pooled, found);
            }
        }
        StudyData::TwoRates(rows) => {
            let valid = rows.iter().filter(|row| row.time1 > 0.0 && row.time2 > 0.0);
            sparse(valid.map(|row| (row.events1 == 0.0 || row.events2 == 0.0, [row.events1, row.events2])).collect(), options, found);
        }
        StudyData::TwoMeans(rows) => {
            let named = |fits: &dyn Fn(usize) -> bool| {
                let names: Vec<String> = (0..rows.len()).filter(|&i| fits(i)).map(|i| dataset.label(i)).collect();
                (!names.is_empty()).then(|| names.join(", "))
            };
            let is_smd = matches!(options.measure, EffectMeasure::StandardizedMeanDifference | EffectMeasure::HeteroscedasticSmd);
            if is_smd && let Some(names) = named(&|i| rows[i].n1 + rows[i].n2 <= 4.0) {
                found.push(format!(
                    "{names}: four participants or fewer; a standardised mean difference of so few rests on its correction factor \
                     (RevMan's is 0 at three), check the sizes"
                ));
            }
            if let Some(names) = named(&|i| rows[i].n1 == 1.0 || rows[i].n2 == 1.0) {
                found.push(format!("{names}: a group of one participant has no standard deviation; check where the number is from"));
            }
            if options.convention.is_revman()
                && let Some(names) = named(&|i| rows[i].sd1 == 0.0 || rows[i].sd2 == 0.0)
            {
                found.push(format!("{names}: a standard deviation of zero; RevMan does not estimate such a study, check the report"));
            }
        }
        _ => {}
    }
    if options.measure == EffectMeasure::FreemanTukeyProportion {
        found.push("double-arcsine estimates depend on a sample size when transformed back; compare the logit (PLO)".to_owned());
    }
}

fn double_zeros(dataset: &Dataset, options: &Options, pooled: &Pooled, found: &mut Vec<String>) {
    let StudyData::TwoByTwo(rows) = &dataset.data else { return };
    let is_relative = matches!(options.measure, EffectMeasure::OddsRatio | EffectMeasure::RiskRatio | EffectMeasure::PetoOddsRatio);
    let silent: Vec<usize> = (0..rows.len()).filter(|&i| rows[i].is_valid() && rows[i].is_double_zero()).collect();
    if !is_relative || silent.is_empty() {
        return;
    }
    let kept = silent.iter().filter(|&&i| pooled.studies.get(i).copied().flatten().is_some()).count();
    if kept > 0 && options.convention == Convention::Metafor {
        found.push(format!(
            "{} with no event, or events only, in both groups kept: the effect there is made by the correction alone; \
             compare without (--drop00)",
            studies(kept)
        ));
    }
    if silent.len() > kept {
        found.push(format!(
            "{} with no event, or events only, in both groups without weight: nothing about a ratio can be learnt there; \
             the risk difference would use {}",
            studies(silent.len() - kept),
            if silent.len() - kept == 1 { "it" } else { "them" }
        ));
    }
}

/// Sparse events under inverse variance.
fn sparse(groups: Vec<(bool, [f64; 2])>, options: &Options, found: &mut Vec<String>) {
    let is_relative = matches!(options.measure, EffectMeasure::OddsRatio | EffectMeasure::RiskRatio | EffectMeasure::RateRatio);
    if !is_relative || options.method != Method::InverseVariance || groups.len() < 2 {
        return;
    }
    let zeros = groups.iter().filter(|(has_zero, _)| *has_zero).count();
    let mut events: Vec<f64> = groups.iter().flat_map(|(_, events)| *events).collect();
    events.sort_by(f64::total_cmp);
    let median = 0.5 * (events[(events.len() - 1) / 2] + events[events.len() / 2]);
    let is_sparse = zeros as f64 >= MANY_ZEROS * groups.len() as f64 && zeros > 1 || median < FEW_EVENTS;
    if is_sparse {
        found.push(format!(
            "events are few (a median of {median} in a group, {} with a zero cell): inverse variance is biased then; compare \
             Mantel-Haenszel (--method mh), Peto, or a model of the counts (--glmm)",
            studies(zeros)
        ));
    }
}

fn peto(sizes: Vec<(f64, f64)>, pooled: &Pooled, found: &mut Vec<String>) {
    let unequal = sizes.iter().filter(|(n1, n2)| n1 / n2 > UNEQUAL_GROUPS || n2 / n1 > UNEQUAL_GROUPS).count();
    if unequal > 0 {
        found.push(format!(
            "{} with groups of very unequal size (more than 3 to 1): Peto's odds ratio is biased then; compare Mantel-Haenszel",
            studies(unequal)
        ));
    }
    if pooled.estimate.abs() > LARGE_EFFECT.ln() {
        found.push(format!(
            "the odds ratio is {:.2}: Peto's method is biased for large effects; compare Mantel-Haenszel",
            pooled.estimate.exp()
        ));
    }
}

fn about_model(pooled: &Pooled, options: &Options, found: &mut Vec<String>) {
    if options.model == Model::Common {
        return;
    }
    let is_hk = matches!(options.test, Test::HartungKnapp | Test::HartungKnappAdHoc);
    if pooled.k == 1 {
        if options.test != Test::Wald {
            found.push("one study only: Wald interval instead of the chosen one, which has no degrees of freedom".to_owned());
        }
        return;
    }
    if pooled.k == 2 {
        let t = if options.test == Test::Wald {
            ""
        } else {
            "; t has one degree of freedom, and the interval can be several times the Wald one"
        };
        found.push(format!(
            "two studies: neither tau² nor a prediction interval can be learnt from them{t}; show the studies, compare the common effect"
        ));
    }
    if let Some(scale) = pooled.hk_scale.filter(|_| is_hk) {
        if scale == 0.0 {
            found.push(
                "all effects are equal: the Hartung-Knapp standard error is zero and the interval is a point; compare --test adhoc"
                    .to_owned(),
            );
        } else if scale < 1.0 {
            found.push(format!(
                "Hartung-Knapp scale factor is {scale:.3}, below 1: the standard error is smaller than the classic one, as can happen \
                 where tau² is 0; compare --test z and --test adhoc"
            ));
        }
    }
    if pooled.tau2 == 0.0 {
        found.push(
            "tau² is estimated as 0, the edge of its range: this does not show that the effects are equal; look at the interval of tau²"
                .to_owned(),
        );
    }
    outside_its_interval(pooled, options, found);
    if pooled.is_multimodal {
        found.push("the likelihood of tau² has several maxima; the highest was taken; compare another estimator (--tau2 PM)".to_owned());
    }
}

/// An estimate of tau2 that the Q-profile interval printed beside it leaves out.
fn outside_its_interval(pooled: &Pooled, options: &Options, found: &mut Vec<String>) {
    let usable = pooled.usable();
    let Ok(profile) = interval::q_profile(&usable.yi, &usable.vi, pooled.level) else { return };
    let is_inside = pooled.tau2 >= profile.tau2.lower * (1.0 - 1e-9) && pooled.tau2 <= profile.tau2.upper * (1.0 + 1e-9);
    if pooled.k > 2 && !is_inside && !profile.is_null_set && !matches!(options.tau2, Tau2Method::Fixed(_)) {
        found.push(format!(
            "tau² ({}) lies outside its Q-profile interval: the estimator and the interval weigh the studies differently, and here they \
             disagree; compare --tau2 PM, which always lies inside",
            options.tau2.short()
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::measure::{TwoByTwo, TwoMeans};
    use crate::meta::pool;

    fn tables(rows: &[[f64; 4]]) -> Dataset {
        let rows: Vec<TwoByTwo> = rows.iter().map(|&[a, n1, c, n2]| TwoByTwo::new(a, n1, c, n2)).collect();
        Dataset::new((1..=rows.len()).map(|i| format!("Study {i}")).collect(), StudyData::TwoByTwo(rows))
    }

    fn warnings(dataset: &Dataset, options: &Options) -> String {
        pool(dataset, options).expect("the analysis runs").warnings.join("\n")
    }

    fn generic(yi: &[f64], vi: &[f64], test: Test) -> String {
        warnings(&Dataset::generic(yi, vi), &Options::new(EffectMeasure::Generic).with_test(test))
    }

    #[test]
    fn the_hartung_knapp_interval_says_when_it_is_narrow_or_a_point() {
        let narrow = generic(&[0.10, 0.11, 0.09], &[0.04, 0.05, 0.03], Test::HartungKnapp);
        assert!(narrow.contains("scale factor is 0.003, below 1") && narrow.contains("compare --test z"), "{narrow}");
        assert!(narrow.contains("tau² is estimated as 0"), "{narrow}");
        let point = generic(&[0.25; 3], &[0.01, 0.02, 0.04], Test::HartungKnapp);
        assert!(point.contains("all effects are equal") && point.contains("--test adhoc"), "{point}");
        assert!(!generic(&[0.1, 0.9, 0.5], &[0.01, 0.02, 0.01], Test::HartungKnapp).contains("scale factor"));
    }

    #[test]
    fn one_and_two_studies_are_remarked_on() {
        let two = generic(&[-0.2, 0.6], &[0.05, 0.02], Test::HartungKnapp);
        assert!(two.contains("two studies") && two.contains("prediction interval") && two.contains("one degree of freedom"), "{two}");
        assert!(!generic(&[-0.2, 0.6], &[0.05, 0.02], Test::Wald).contains("degree of freedom"));
        assert!(generic(&[0.3], &[0.04], Test::HartungKnapp).contains("one study only: Wald interval"));
        assert_eq!(generic(&[0.3], &[0.04], Test::Wald), "");
    }

    #[test]
    fn several_maxima_of_the_likelihood_are_told() {
        let text =
            generic(&[0.62, 0.27, 0.32, 0.96, -1.05, -0.53, -0.81], &[0.0214, 0.0034, 0.0015, 0.1084, 1.1567, 1.5026, 1.5086], Test::Wald);
        assert!(text.contains("several maxima") && text.contains("--tau2 PM"), "{text}");
    }

    #[test]
    fn an_estimate_outside_its_interval_is_pointed_out() {
        // Length of stay after specialist stroke care: Normand (1999), as metafor's dat.normand1999.
        let rows = [
            [55.0, 47.0, 155.0, 75.0, 64.0, 156.0],
            [27.0, 7.0, 31.0, 29.0, 4.0, 32.0],
            [64.0, 17.0, 75.0, 119.0, 29.0, 71.0],
            [66.0, 20.0, 18.0, 137.0, 48.0, 18.0],
            [14.0, 8.0, 8.0, 18.0, 11.0, 13.0],
            [19.0, 7.0, 57.0, 18.0, 4.0, 52.0],
            [52.0, 45.0, 34.0, 41.0, 34.0, 33.0],
            [21.0, 16.0, 110.0, 31.0, 27.0, 183.0],
            [30.0, 27.0, 60.0, 23.0, 20.0, 52.0],
        ];
        let rows = rows.map(|[mean1, sd1, n1, mean2, sd2, n2]| TwoMeans { mean1, sd1, n1, mean2, sd2, n2 }).to_vec();
        let dataset = Dataset::new(vec![String::new(); 9], StudyData::TwoMeans(rows));
        let of = |tau2| warnings(&dataset, &Options::new(EffectMeasure::MeanDifference).random(tau2));
        assert!(of(Tau2Method::DerSimonianLaird).contains("tau² (DL) lies outside its Q-profile interval"));
        for inside in [Tau2Method::PauleMandel, Tau2Method::RestrictedMaximumLikelihood, Tau2Method::Fixed(1.0)] {
            assert!(!of(inside).contains("Q-profile"), "{inside:?}");
        }
    }

    #[test]
    fn studies_without_events_are_kept_or_left_out_aloud() {
        let dataset = tables(&[[0.0, 30.0, 0.0, 28.0], [12.0, 60.0, 18.0, 58.0], [9.0, 40.0, 14.0, 41.0]]);
        let metafor = warnings(&dataset, &Options::new(EffectMeasure::OddsRatio));
        assert!(
            metafor.contains("1 study with no event, or events only, in both groups kept") && metafor.contains("--drop00"),
            "{metafor}"
        );
        let revman = warnings(&dataset, &Options::revman(EffectMeasure::OddsRatio));
        assert!(revman.contains("without weight") && revman.contains("the risk difference would use it"), "{revman}");
        assert!(!warnings(&dataset, &Options::new(EffectMeasure::RiskDifference)).contains("no event"));
        let none = warnings(&tables(&[[0.0, 30.0, 0.0, 28.0], [0.0, 25.0, 0.0, 31.0]]), &Options::revman(EffectMeasure::RiskRatio));
        assert!(none.contains("no study has an event"), "{none}");
    }

    #[test]
    fn sparse_events_under_inverse_variance_lead_to_other_methods() {
        let sparse = tables(&[[0.0, 50.0, 3.0, 50.0], [1.0, 60.0, 0.0, 58.0], [2.0, 70.0, 4.0, 72.0]]);
        let text = warnings(&sparse, &Options::new(EffectMeasure::OddsRatio));
        assert!(text.contains("a median of 1.5 in a group, 2 studies with a zero cell") && text.contains("--method mh"), "{text}");
        let options = Options::new(EffectMeasure::OddsRatio).common().with_method(Method::MantelHaenszel);
        assert!(!warnings(&sparse, &options).contains("events are few"));
        let full = tables(&[[12.0, 60.0, 18.0, 58.0], [9.0, 40.0, 14.0, 41.0]]);
        assert!(!warnings(&full, &Options::new(EffectMeasure::OddsRatio)).contains("events are few"));
    }

    #[test]
    fn petos_method_warns_of_unequal_groups_and_large_effects() {
        let peto = Options::new(EffectMeasure::PetoOddsRatio).common().with_method(Method::Peto);
        let unequal = warnings(&tables(&[[10.0, 400.0, 4.0, 100.0], [8.0, 100.0, 9.0, 100.0]]), &peto);
        assert!(unequal.contains("1 study with groups of very unequal size"), "{unequal}");
        let large = warnings(&tables(&[[30.0, 60.0, 5.0, 60.0], [28.0, 55.0, 4.0, 50.0]]), &peto);
        assert!(large.contains("biased for large effects"), "{large}");
        assert!(!warnings(&tables(&[[10.0, 100.0, 12.0, 100.0], [8.0, 100.0, 9.0, 100.0]]), &peto).contains("Peto"));
    }

    #[test]
    fn means_of_tiny_groups_are_named() {
        let row = |sd1: f64, n1: f64, n2: f64| TwoMeans { mean1: 5.0, sd1, n1, mean2: 4.0, sd2: 1.2, n2 };
        let dataset = Dataset::new(
            vec!["A".into(), "B".into(), "C".into()],
            StudyData::TwoMeans(vec![row(1.0, 2.0, 2.0), row(1.5, 20.0, 1.0), row(0.0, 20.0, 21.0)]),
        );
        let text = warnings(&dataset, &Options::revman(EffectMeasure::StandardizedMeanDifference));
        assert!(text.contains("A: four participants or fewer"), "{text}");
        assert!(text.contains("B: a group of one participant"), "{text}");
        assert!(text.contains("C: a standard deviation of zero"), "{text}");
    }
}
