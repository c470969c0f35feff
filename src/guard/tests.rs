//! Each rule on the case that it was made for, and on sound numbers.

use super::*;
use crate::domain::extraction::read_draft;
use crate::domain::form::{Accept, sample};

fn form() -> Form {
    let mut form = sample::form();
    form.outcomes[0].accept = vec![Accept::MeanSd, Accept::MeanSe, Accept::MeanCi, Accept::MdCi, Accept::MdP, Accept::ArmP, Accept::Claim];
    form.outcomes[1].accept = vec![Accept::EventsTotal, Accept::PercentTotal, Accept::RrCi, Accept::ArmP];
    form
}

fn answers(form: &Form, typed: &[(&str, &str)]) -> Answers {
    let (draft, unknown) = read_draft(form, typed.iter().copied());
    assert_eq!(unknown, [], "all cells are the form's");
    Answers::of_draft(&draft)
}

fn found(form: &Form, typed: &[(&str, &str)]) -> Vec<(Rule, Severity, String)> {
    check_study(form, &answers(form, typed)).into_iter().map(|warning| (warning.rule, warning.severity, warning.path)).collect()
}

fn pain<'a>(drug: [&'a str; 3], placebo: [&'a str; 3]) -> Vec<(&'static str, &'a str)> {
    vec![
        ("outcome.pain.immediate.drug.n", drug[0]),
        ("outcome.pain.immediate.drug.mean", drug[1]),
        ("outcome.pain.immediate.drug.sd", drug[2]),
        ("outcome.pain.immediate.placebo.n", placebo[0]),
        ("outcome.pain.immediate.placebo.mean", placebo[1]),
        ("outcome.pain.immediate.placebo.sd", placebo[2]),
    ]
}

fn rules(form: &Form, typed: &[(&str, &str)]) -> Vec<Rule> {
    found(form, typed).into_iter().map(|(rule, ..)| rule).collect()
}

#[test]
fn sound_numbers_raise_no_warning() {
    assert_eq!(found(&form(), &pain(["30", "26.8", "27.93385"], ["30", "54.5", "26.290683"])), []);
}

#[test]
fn v0_an_arm_with_too_little_to_pool() {
    assert_eq!(found(&form(), &[("outcome.harm.any.drug.events", "3")]), [(Rule::V0, Severity::Warning, "outcome.harm.any.drug.n".into())]);
    // A standard error does where a standard deviation is missing, and "not reported" is an answer.
    let typed = [("outcome.pain.short.drug.n", "30"), ("outcome.pain.short.drug.mean", "40"), ("outcome.pain.short.drug.se", "4")];
    assert_eq!(found(&form(), &typed), []);
    let typed = [("outcome.pain.short.drug.n", "30"), ("outcome.pain.short.drug.mean", "40"), ("outcome.pain.short.drug.sd", "NR")];
    assert_eq!(found(&form(), &typed), []);
}

#[test]
fn v1_counts_that_contradict_each_other() {
    let typed = [("arm.drug.n_randomised", "10"), ("outcome.harm.any.drug.events", "13"), ("outcome.harm.any.drug.n", "12")];
    let expected =
        [(Rule::V1, Severity::Error, "outcome.harm.any.drug.events".into()), (Rule::V1, Severity::Error, "outcome.harm.any.drug.n".into())];
    assert_eq!(found(&form(), &typed), expected);
    // Lumanauw 2019: 106 recruited and 3 excluded, but the arms add up to 106.
    let mut form = form();
    for id in ["n_recruited", "n_excluded"] {
        form.fields.push(sample::field(id, crate::domain::form::FieldType::Integer));
    }
    let arms = [("arm.drug.n_randomised", "74"), ("arm.placebo.n_randomised", "32"), ("n_recruited", "106"), ("n_excluded", "3")];
    assert_eq!(found(&form, &arms), [(Rule::V1, Severity::Error, "n_recruited".into())]);
}

#[test]
fn v2_a_spread_of_nothing_unless_everybody_sits_at_the_end_of_the_scale() {
    assert_eq!(rules(&form(), &pain(["30", "26.8", "0"], ["30", "54.5", "26"])), [Rule::V2]);
    assert_eq!(rules(&form(), &pain(["30", "0", "0"], ["30", "54.5", "26"])), []);
    assert_eq!(rules(&form(), &pain(["30", "26.8", "-5"], ["30", "54.5", "26"])), [Rule::V2]);
}

#[test]
fn v3_a_mean_lies_within_its_scale_and_leaves_room_for_the_spread() {
    let drug = |mean: &'static str, sd: &'static str| found(&form(), &pain(["30", mean, sd], ["30", "54.5", "26"]));
    assert_eq!(drug("268", "27")[0], (Rule::V3, Severity::Error, "outcome.pain.immediate.drug.mean".into()));
    // Specification: mean 2.68 on 0 to 10 with 30 people has at most SD 4.50; tenfold here.
    assert_eq!(drug("26.8", "45.2"), [(Rule::V3, Severity::Error, "outcome.pain.immediate.drug.sd".into())]);
    assert_eq!(drug("26.8", "45.0"), []);
}

#[test]
fn v4_and_v5_an_estimate_its_interval_and_its_p_value() {
    let contrast = |estimate, low, high, p| {
        let prefix = "contrast.pain.immediate.drug.placebo.";
        let parts = [("measure", "MD"), ("estimate", estimate), ("ci_low", low), ("ci_high", high), ("p", p)];
        let paths: Vec<(String, &str)> = parts.iter().map(|(part, value)| (format!("{prefix}{part}"), *value)).collect();
        let typed: Vec<(&str, &str)> = paths.iter().map(|(path, value)| (path.as_str(), *value)).collect();
        rules(&form(), &typed)
    };
    assert_eq!(contrast("-1.05", "-1.72", "-0.39", "0.002"), []);
    assert_eq!(contrast("-1.05", "-1.72", "-0.39", "0.02"), [Rule::V5]);
    assert_eq!(contrast("-1.05", "-1.72", "-0.39", "<0.001"), [Rule::V5]);
    assert_eq!(contrast("-1.05", "-1.72", "-0.93", "0.002"), [Rule::V4, Rule::V5]);
    assert_eq!(contrast("-1.05", "-0.72", "-0.39", "0.002"), [Rule::V4]);
}

#[test]
fn v6_a_p_value_that_the_arms_do_not_give() {
    let harm = |p| {
        let typed = [
            ("outcome.harm.any.drug.events", "8"),
            ("outcome.harm.any.drug.n", "12"),
            ("outcome.harm.any.placebo.events", "3"),
            ("outcome.harm.any.placebo.n", "12"),
            ("contrast.harm.any.drug.placebo.p", p),
        ];
        found(&form(), &typed).into_iter().map(|(rule, severity, _)| (rule, severity)).collect::<Vec<_>>()
    };
    // Noppers 2011: P < 0.05 is true of chi-squared only.
    assert_eq!(harm("<0.05"), [(Rule::V6, Severity::Note)]);
    assert_eq!(harm("0.3"), [(Rule::V6, Severity::Warning)]);
    assert_eq!(harm("<0.2"), []);
}

#[test]
fn v7_a_standard_error_typed_as_standard_deviation_and_its_mend() {
    // Sigtermans 2009: 26.8 and 54.5 with 5.1 and 4.8, which are standard errors.
    let form = form();
    let warnings = check_study(&form, &answers(&form, &pain(["30", "26.8", "5.1"], ["30", "54.5", "4.8"])));
    assert!(warnings.iter().all(|warning| (warning.severity, warning.rule) == (Severity::Warning, Rule::V7)), "{warnings:?}");
    assert_eq!(warnings.len(), 2, "one for each arm: {warnings:?}");
    assert!(warnings[0].message.contains("5.6 standard deviations apart") && warnings[0].message.contains("27.933"), "{warnings:?}");
    let se = "outcome.pain.immediate.drug.se".to_owned();
    assert_eq!(warnings[0].mend, Some(Mend::Move { from: "outcome.pain.immediate.drug.sd".into(), to: se.clone() }));
    assert_eq!(warnings[0].mend.as_ref().map(Mend::words).as_deref(), Some("treat the SD as SE"));
    // A form without a cell for it has no such mend.
    let plain = check_study(&sample::form(), &answers(&sample::form(), &pain(["30", "26.8", "5.1"], ["30", "54.5", "4.8"])));
    assert!(plain.iter().all(|warning| warning.mend.is_none()));
    // As standard errors they raise nothing.
    let mended: Vec<(&str, &str)> = pain(["30", "26.8", "5.1"], ["30", "54.5", "4.8"])
        .into_iter()
        .map(|(path, value)| match path {
            "outcome.pain.immediate.drug.sd" => (se.as_str(), value),
            "outcome.pain.immediate.placebo.sd" => ("outcome.pain.immediate.placebo.se", value),
            _ => (path, value),
        })
        .collect();
    assert_eq!(found(&form, &mended), []);
}

#[test]
fn v8_an_effect_against_the_claim() {
    let claim = |claim| {
        let mut typed = pain(["30", "60", "25"], ["30", "50", "25"]);
        typed.push(("contrast.pain.immediate.drug.placebo.claim", claim));
        rules(&form(), &typed)
    };
    assert_eq!(claim("favours the experimental arm"), [Rule::V8]);
    assert_eq!(claim("favours the control arm"), []);
    assert_eq!(claim("no difference"), []);
}

#[test]
fn v9_percentages_that_no_count_gives() {
    // Sigtermans 2009 prints 76 % and 18 % of 30.
    for percent in ["76", "18"] {
        let typed = [("outcome.harm.any.drug.percent", percent), ("outcome.harm.any.drug.n", "30")];
        let rules = rules(&form(), &typed);
        assert!(rules.contains(&Rule::V9), "{percent}: {rules:?}");
    }
    assert!(!rules(&form(), &[("outcome.harm.any.drug.percent", "35"), ("outcome.harm.any.drug.n", "20")]).contains(&Rule::V9));
}

#[test]
fn v10_and_v11_only_where_whole_answers_are_declared() {
    let mut form = form();
    form.outcomes[0].scale = Some([0.0, 10.0]);
    let drug = |form: &Form, n: &'static str, mean: &'static str, sd: &'static str| {
        rules(form, &[("outcome.pain.short.drug.n", n), ("outcome.pain.short.drug.mean", mean), ("outcome.pain.short.drug.sd", sd)])
    };
    // 2.68 of 30 is impossible for whole ratings, but the trial averages ratings: undeclared, it must not fire.
    assert_eq!(drug(&form, "30", "2.68", "2.79"), []);
    form.outcomes[0].granularity = Some(1.0);
    assert_eq!(drug(&form, "30", "2.68", "2.79"), [Rule::V10]);
    assert_eq!(drug(&form, "12", "7.3", "2.51"), [Rule::V11]);
    assert_eq!(drug(&form, "12", "7.3", "2.53"), []);
}

#[test]
fn v12_a_sample_that_the_scale_does_not_have() {
    let mut form = form();
    form.outcomes[0].scale = Some([0.0, 10.0]);
    form.outcomes[0].granularity = Some(1.0);
    // Ten answers with the sum 10 and a standard deviation of 3.16: one of ten is 10 and the others are 0. 3.0 is possible too.
    let drug = |sd| {
        rules(&form, &[("outcome.pain.short.drug.n", "10"), ("outcome.pain.short.drug.mean", "1.0"), ("outcome.pain.short.drug.sd", sd)])
    };
    assert_eq!(drug("3.16"), []);
    assert_eq!(drug("2.49"), []);
}

#[test]
fn v13_arms_that_are_too_alike_at_the_start() {
    let mut form = form();
    for outcome in ["a", "b", "c", "d", "e", "f"] {
        let mut copy = form.outcomes[0].clone();
        copy.id = outcome.to_owned();
        copy.scale = None;
        copy.timepoints[0].id = "baseline".to_owned();
        form.outcomes.push(copy);
    }
    let typed = |mean: &'static str| {
        let mut typed: Vec<(String, &str)> = Vec::new();
        for outcome in ["a", "b", "c", "d", "e", "f"] {
            for (arm, mean) in [("drug", "50.000"), ("placebo", mean)] {
                let path = |part: &str| format!("outcome.{outcome}.baseline.{arm}.{part}");
                typed.extend([(path("n"), "200"), (path("mean"), mean), (path("sd"), "20.0")]);
            }
        }
        let typed: Vec<(&str, &str)> = typed.iter().map(|(path, value)| (path.as_str(), *value)).collect();
        found(&form, &typed).into_iter().map(|(rule, severity, _)| (rule, severity)).collect::<Vec<_>>()
    };
    assert_eq!(typed("50.003"), [(Rule::V13, Severity::Warning)]);
    assert_eq!(typed("51.350"), [(Rule::V13, Severity::Note)]);
}

#[test]
fn v14_a_crossover_trial_waits_for_a_word() {
    let mut typed = pain(["30", "50", "25"], ["30", "55", "25"]);
    typed.push(("design", "RCT crossover"));
    assert_eq!(found(&form(), &typed), [(Rule::V14, Severity::Warning, "unit.crossover".into())]);
    typed.push(("unit.crossover", "first period only"));
    assert_eq!(found(&form(), &typed), []);
}

#[test]
fn v16_one_study_far_from_the_others_and_one_unit_slip() {
    let form = form();
    let usual = |mean: &'static str| answers(&form, &pain(["40", mean, "20"], ["40", "50", "21"]));
    let far = answers(&form, &pain(["40", "5", "20"], ["40", "95", "21"]));
    let studies = [usual("44"), usual("46"), usual("43"), usual("45"), far];
    let warned: Vec<(usize, Rule)> = check_review(&form, &studies).into_iter().map(|(at, warning)| (at, warning.rule)).collect();
    assert_eq!(warned, [(4, Rule::V16)]);
    // Graven-Nielsen prints -18.4 +/- 0.3 beside 29.9 +/- 18.8: a standard deviation of 0.3 among such of 20.
    let slip = answers(&form, &pain(["40", "44", "0.3"], ["40", "50", "21"]));
    let warned: Vec<Rule> = check_review(&form, &[usual("44"), usual("46"), slip])
        .into_iter()
        .filter(|(at, _)| *at == 2)
        .map(|(_, warning)| warning.rule)
        .collect();
    assert!(warned.contains(&Rule::V7), "{warned:?}");
    let wide = answers(&form, &pain(["40", "44", "20"], ["40", "50", "219"]));
    let warned: Vec<Rule> = check_review(&form, &[usual("44"), usual("46"), wide])
        .into_iter()
        .filter(|(at, _)| *at == 2)
        .map(|(_, warning)| warning.rule)
        .collect();
    assert_eq!(warned, [Rule::V16]);
}

#[test]
fn v17_two_sources_that_disagree() {
    // Sigtermans 2009: 76 % in the text, 28 of 30 in the registry.
    let typed = [("outcome.harm.any.drug.events", "28"), ("outcome.harm.any.drug.n", "30"), ("outcome.harm.any.drug.percent", "76")];
    assert!(rules(&form(), &typed).contains(&Rule::V17));
    let mut typed = pain(["30", "50", "25"], ["30", "55", "25"]);
    typed.push(("outcome.pain.immediate.drug.se", "5.1"));
    assert_eq!(rules(&form(), &typed), [Rule::V17]);
}

#[test]
fn messages_hold_no_control_characters_and_few_studies_say_nothing_of_one_another() {
    let form = form();
    let warnings = check_study(&form, &answers(&form, &pain(["30", "268", "-1"], ["0", "54.5", "0"])));
    assert!(!warnings.is_empty() && warnings.iter().all(|warning| crate::domain::value::is_plain(&warning.message)));
    assert_eq!(check_review(&form, &[]), []);
    assert_eq!(check_study(&form, &Answers::default()), []);
}
