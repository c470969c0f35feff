//! Each derivation on published numbers, and what gives nothing.

use super::*;
use crate::domain::extraction::read_draft;
use crate::domain::form::{Accept, Direction, MeasureItem, UnitItem, measure_path, sample, unit_path};

fn form() -> Form {
    let mut form = sample::form();
    form.outcomes[0].accept =
        vec![Accept::MeanSd, Accept::MeanSe, Accept::MeanCi, Accept::MedianIqr, Accept::MedianRange, Accept::MdCi, Accept::MdP];
    form.outcomes[1].accept = vec![Accept::EventsTotal, Accept::PercentTotal, Accept::OrCi, Accept::RrCi, Accept::OeV];
    form
}

fn from(form: &Form, typed: &[(&str, &str)]) -> Derived {
    let (draft, unknown) = read_draft(form, typed.iter().copied());
    assert_eq!(unknown, [], "all cells are the form's");
    derive(form, &Answers::of_draft(&draft))
}

const DRUG: &str = "outcome.pain.immediate.drug.";
const PLACEBO: &str = "outcome.pain.immediate.placebo.";
const PAIN: &str = "contrast.pain.immediate.drug.placebo.";
const HARM: &str = "contrast.harm.any.drug.placebo.";

fn arm<'a>(prefix: &str, values: &[(&str, &'a str)]) -> Vec<(String, &'a str)> {
    values.iter().map(|(part, value)| (format!("{prefix}{part}"), *value)).collect()
}

fn given(form: &Form, parts: &[Vec<(String, &str)>]) -> Derived {
    let typed: Vec<(&str, &str)> = parts.iter().flatten().map(|(path, value)| (path.as_str(), *value)).collect();
    from(form, &typed)
}

fn close(got: Option<f64>, want: f64) {
    let got = got.expect("a number");
    assert!((got - want).abs() < 5e-7, "got {got}, want {want}");
}

#[test]
fn a_standard_error_becomes_the_standard_deviation_of_the_published_review() {
    // Sigtermans 2009 prints 2.68 (SE 0.51) and 5.45 (SE 0.48) of 30 each; Cochrane CD015373, analysis 1.1 has the SDs.
    let derived = given(&form(), &[arm(DRUG, &[("n", "30"), ("mean", "26.8"), ("se", "5.1")])]);
    close(derived.number(&format!("{DRUG}sd")), 27.933_850);
    let step = derived.step_of(&format!("{DRUG}sd")).expect("a step");
    assert_eq!(step.words(), "SD = SE × √n, from se 5.1, n 30 (Cochrane Handbook 6.5.2.2)");
}

#[test]
fn what_is_typed_is_never_replaced() {
    let derived = given(&form(), &[arm(DRUG, &[("n", "30"), ("mean", "26.8"), ("sd", "20"), ("se", "5.1")])]);
    assert_eq!(derived.number(&format!("{DRUG}sd")), Some(20.0));
    assert_eq!(derived.steps, []);
}

#[test]
fn quartiles_and_ranges_become_mean_and_standard_deviation() {
    let five = arm(DRUG, &[("n", "20"), ("min", "2"), ("q1", "4"), ("median", "6"), ("q3", "10"), ("max", "14")]);
    let quartiles = arm(PLACEBO, &[("n", "20"), ("q1", "4"), ("median", "6"), ("q3", "10")]);
    let derived = given(&form(), &[five, quartiles]);
    close(derived.number(&format!("{DRUG}mean")), 6.938_841);
    close(derived.number(&format!("{DRUG}sd")), 3.679_435);
    close(derived.number(&format!("{PLACEBO}mean")), 6.719_500);
    close(derived.number(&format!("{PLACEBO}sd")), 4.787_076);
    // A median at the lower quartile is too lopsided.
    let lopsided = given(&form(), &[arm(DRUG, &[("n", "60"), ("q1", "4"), ("median", "4.2"), ("q3", "20")])]);
    assert!(lopsided.steps[0].note.as_deref().is_some_and(|note| note.contains("skewed")), "{:?}", lopsided.steps);
    // Quartiles out of order give nothing and say so.
    let wrong = given(&form(), &[arm(DRUG, &[("n", "20"), ("q1", "9"), ("median", "6"), ("q3", "10")])]);
    assert_eq!((wrong.steps.len(), wrong.refused.len()), (0, 1));
}

#[test]
fn the_interval_of_a_mean_difference_gives_both_arms_their_standard_deviation() {
    let derived = given(
        &form(),
        &[
            arm(DRUG, &[("n", "25"), ("mean", "32.1")]),
            arm(PLACEBO, &[("n", "22"), ("mean", "28.3")]),
            arm(PAIN, &[("estimate", "3.8"), ("p", "0.008")]),
        ],
    );
    // Cochrane Handbook 6.5.2.3: t 2.78 with 45 degrees of freedom, SE 1.37, SD 4.69.
    let se = derived.number(&format!("{PAIN}se")).expect("a standard error");
    assert!((se - 1.37).abs() < 0.005, "{se}");
    for prefix in [DRUG, PLACEBO] {
        let sd = derived.number(&format!("{prefix}sd")).expect("a standard deviation");
        assert!((sd - 4.69).abs() < 0.01, "{sd}");
    }
}

#[test]
fn a_percentage_becomes_a_count_only_where_one_count_prints_so() {
    let events = "outcome.harm.any.drug.events";
    let percent = |percent: &str, n: &str| from(&form(), &[("outcome.harm.any.drug.percent", percent), ("outcome.harm.any.drug.n", n)]);
    assert_eq!(percent("35", "20").number(events), Some(7.0));
    // Sigtermans 2009 prints 76 % of 30: no count does.
    let none = percent("76", "30");
    assert_eq!((none.number(events), none.refused[0].1.as_str()), (None, "no count of 30 people is 76 %"));
    let several = percent("10", "400");
    assert!(several.number(events).is_none() && several.refused[0].1.starts_with("every count from"), "{:?}", several.refused);
    assert_eq!(percent("10.0", "400").number(events), Some(40.0));
}

#[test]
fn ratios_keep_their_standard_error_on_the_scale_of_the_logarithm() {
    let derived = given(&form(), &[arm(HARM, &[("measure", "RR"), ("estimate", "1.42"), ("ci_low", "0.84"), ("ci_high", "2.39")])]);
    let se = derived.number(&format!("{HARM}se")).expect("a standard error");
    assert!((se - 0.26675).abs() < 1e-5, "{se}");
    let peto = given(&form(), &[arm(HARM, &[("o_minus_e", "-4"), ("variance", "10")])]);
    close(peto.number(&format!("{HARM}estimate")), (-0.4f64).exp());
    close(peto.number(&format!("{HARM}se")), 0.1f64.sqrt());
    // Two measures are accepted, so which one it is must be said.
    let unsaid = given(&form(), &[arm(HARM, &[("estimate", "1.42"), ("ci_low", "0.84"), ("ci_high", "2.39")])]);
    assert_eq!(unsaid.refused[0].1, "the effect measure of the estimate is missing");
}

#[test]
fn a_study_s_own_scale_is_moved_to_that_of_the_outcome() {
    let mut form = form();
    form.outcomes[0].harmonise = true;
    let measure = |item, value| (measure_path("pain", item), value);
    let scale = |direction| {
        vec![measure(MeasureItem::ScaleMin, "0"), measure(MeasureItem::ScaleMax, "10"), measure(MeasureItem::Direction, direction)]
    };
    let numbers = arm(DRUG, &[("n", "30"), ("mean", "2.68"), ("se", "0.51")]);
    let derived = given(&form, &[scale("lower-better"), numbers.clone()]);
    close(derived.number(&format!("{DRUG}mean")), 26.8);
    close(derived.number(&format!("{DRUG}sd")), 27.933_850);
    assert_eq!(form.outcomes[0].direction, Some(Direction::LowerBetter));
    close(given(&form, &[scale("higher-better"), numbers.clone()]).number(&format!("{DRUG}mean")), 73.2);
    let changes = [scale("higher-better"), vec![measure(MeasureItem::Change, "change")], numbers.clone()];
    close(given(&form, &changes).number(&format!("{DRUG}mean")), -26.8);
    // On an unknown scale nothing is pooled.
    let unknown = given(&form, &[numbers]);
    assert_eq!((unknown.number(&format!("{DRUG}mean")), unknown.refused.len()), (None, 1));
}

#[test]
fn crossover_and_cluster_trials_wait_for_a_word() {
    let mut form = form();
    form.fields[0].options.push("cluster RCT".into());
    let both = [arm(DRUG, &[("n", "20"), ("mean", "40"), ("sd", "20")]), arm(PLACEBO, &[("n", "20"), ("mean", "50"), ("sd", "22")])];
    let with = |answers: &[(String, &'static str)]| given(&form, &[answers.to_vec(), both[0].clone(), both[1].clone()]);
    let design = |value| ("design".to_owned(), value);
    assert!(with(&[design("RCT crossover")]).blocked.is_some_and(|why| why.contains("unit.crossover")));
    assert_eq!(with(&[design("RCT parallel")]).blocked, None);
    let paired = with(&[design("RCT crossover"), (unit_path(UnitItem::Crossover), "paired"), (unit_path(UnitItem::Correlation), "0.5")]);
    assert_eq!(paired.pairing, Pairing::Paired);
    close(paired.number(&format!("{PAIN}estimate")), -10.0);
    close(paired.number(&format!("{PAIN}se")), (400.0f64 + 484.0 - 440.0).sqrt() / 20f64.sqrt());
    assert!(with(&[design("cluster RCT")]).blocked.is_some());
    let cluster = with(&[
        design("cluster RCT"),
        (unit_path(UnitItem::Cluster), "to be adjusted"),
        (unit_path(UnitItem::ClusterSize), "11"),
        (unit_path(UnitItem::Icc), "0.1"),
    ]);
    close(cluster.number(&format!("{DRUG}n")), 10.0);
    close(cluster.number(&format!("{DRUG}mean")), 40.0);
}

#[test]
fn a_changed_input_changes_what_follows() {
    let sd = |se: &'static str| {
        given(&form(), &[arm(DRUG, &[("n", "30"), ("mean", "26.8"), ("se", se)])]).number(&format!("{DRUG}sd")).expect("a number")
    };
    assert!((sd("10.2") / sd("5.1") - 2.0).abs() < 1e-12);
}
