//! Tests of what is wrong with a form.

use super::super::sample;
use super::*;
use crate::domain::analysis::EffectMeasure;

fn errors(form: &Form) -> Vec<(String, String)> {
    form.check().into_iter().filter(|p| p.severity == Severity::Error).map(|p| (p.place, p.message)).collect()
}

fn places(form: &Form) -> Vec<String> {
    errors(form).into_iter().map(|(place, _)| place).collect()
}

#[test]
fn a_sound_form_has_no_problems() {
    assert_eq!(sample::form().check(), []);
    assert!(sample::form().is_usable());
}

#[test]
fn ids_are_checked_for_letters_and_repeats() {
    let mut form = sample::form();
    form.arms[1].id = "drug".into();
    form.fields[0].id = "Study Design".into();
    form.fields[1].id = "outcome".into();
    form.outcomes[0].timepoints[1].id = "immediate".into();
    form.analyses[1].id = "1.1".into();
    let found = places(&form);
    for place in ["arm[1].id", "field[0].id", "field[1].id", "outcome[0].timepoints[1].id", "analysis[1].id"] {
        assert!(found.contains(&place.to_owned()), "{place} in {found:?}");
    }
    assert!(!form.is_usable());
}

#[test]
fn subgroups_of_numbers_need_cuts_and_moderators_are_fields() {
    let mut form = sample::form();
    form.analyses[0].subgroup = Some("dose".into());
    assert!(form.check().iter().any(|note| note.place == "analysis[0].subgroup" && note.severity == Severity::Warning));
    form.analyses[0].cuts = vec![0.5, 1.0];
    form.analyses[0].moderators = vec!["dose".into(), "design".into()];
    assert_eq!(form.check(), []);
    form.analyses[0].cuts = vec![1.0, 0.5];
    form.analyses[0].moderators = vec!["dose".into(), "dose".into(), "dosage".into()];
    assert_eq!(places(&form), ["analysis[0].cuts", "analysis[0].moderators[1]", "analysis[0].moderators[2]"]);
    form.analyses[0] =
        AnalysisSpec { cuts: vec![1.0], subgroup: Some("design".into()), moderators: Vec::new(), ..form.analyses[0].clone() };
    assert_eq!(places(&form), ["analysis[0].cuts"]);
}

#[test]
fn references_name_what_would_be_right() {
    let mut form = sample::form();
    form.analyses[0].timepoint = "later".into();
    form.analyses[0].subgroup = Some("dosage".into());
    form.analyses[1].outcome = "sleep".into();
    form.analyses[1].control = "drug".into();
    let found = errors(&form);
    assert!(found[0].1.contains("\"immediate\" or \"short\""), "{found:?}");
    assert_eq!(places(&form), ["analysis[0].timepoint", "analysis[0].subgroup", "analysis[1].outcome", "analysis[1].control"]);
}

#[test]
fn ranges_and_scales_upside_down_are_errors() {
    let mut form = sample::form();
    form.fields[2].max = Some(0.0);
    form.outcomes[0].scale = Some([100.0, 0.0]);
    form.analyses[0].level = 195.0;
    assert_eq!(places(&form), ["field[2].min", "outcome[0].scale", "analysis[0].level"]);
}

#[test]
fn choices_need_options_that_are_not_answers_to_everything() {
    let mut form = sample::form();
    form.fields[0].options.clear();
    form.fields[1].options = vec!["public".into(), "Public ".into(), "Not reported".into(), "a; b".into()];
    assert_eq!(places(&form), ["field[0].options", "field[1].options[1]", "field[1].options[2]", "field[1].options[3]"]);
}

#[test]
fn a_measure_must_fit_its_outcome() {
    let mut form = sample::form();
    form.analyses[0].measure = EffectMeasure::OddsRatio;
    form.analyses[1].method = PoolingMethod::Peto;
    assert_eq!(places(&form), ["analysis[0].measure", "analysis[1].method"]);
}

#[test]
fn a_form_without_arms_or_timepoints_cannot_hold_outcomes() {
    let mut form = sample::form();
    form.arms.clear();
    form.outcomes[0].timepoints.clear();
    assert!(places(&form).contains(&"outcome[0].timepoints".to_owned()));
    assert!(places(&form).contains(&"field[2].scope".to_owned()));
}

#[test]
fn hostile_text_is_an_error_and_is_shown_escaped() {
    let mut form = sample::form();
    form.title = "Pain\u{1b}[2J".into();
    form.arms[0].label = "\u{202e}gurD".into();
    form.fields.push(sample::field("x\u{7}", FieldType::Text));
    let found = errors(&form);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|(_, message)| crate::domain::value::is_plain(message)), "{found:?}");
}
