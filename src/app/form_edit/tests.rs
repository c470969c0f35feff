//! Tests of changes of form files.

use super::*;
use crate::app::form_file::{check_text, parse_form};
use crate::domain::form::Form;

const FILE: &str = r#"# The form of our review.
form = "pain"
version = 3   # raised after piloting
title = "Pain"
fields = [
  { section = "methods", id = "design", type = "choice", options = ["parallel", "crossover"] }, # as randomised
  { section = "methods", id = "setting", type = "text" },
]
# ---- arms
[[arm]]
id = "drug"
label = "Drug"
role = "experimental"
# ---- what each arm got
[[field]]
section = "arms"
scope = "arm"
id = "dose"
type = "decimal"
unit = "mg"      # per day
min = 0
[[field]]
section = "arms"
scope = "arm"
id = "weeks"
type = "integer"
# ---- outcomes
[[outcome]]
id = "pain"
label = "Pain"
kind = "continuous"
scale = [0, 100]
mid = 10   # points
timepoints = [{ id = "end", label = "End", upto = "8 w" }]
"#;

fn form(text: &str) -> Form {
    parse_form(text, "form.toml").unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn edited(edit: FormEdit) -> String {
    edit_form(FILE, &edit).expect("an edit")
}

/// The lines that only one of two texts has.
fn changed(text: &str) -> (Vec<String>, Vec<String>) {
    let only =
        |here: &str, there: &str| here.lines().filter(|line| !there.lines().any(|other| other == *line)).map(str::to_owned).collect();
    (only(FILE, text), only(text, FILE))
}

#[test]
fn what_is_not_changed_stays_letter_by_letter() {
    let whole = form(FILE);
    for (at, field) in whole.fields.iter().enumerate() {
        assert_eq!(edited(FormEdit::SetField(at, FieldEntry::of(field))), FILE);
    }
    assert_eq!(edited(FormEdit::SetOutcome(0, OutcomeEntry::of(&whole.outcomes[0]))), FILE);
    let (gone, new) = changed(&edited(FormEdit::Version(4)));
    assert_eq!(
        (gone, new),
        (vec!["version = 3   # raised after piloting".to_owned()], vec!["version = 4   # raised after piloting".to_owned()])
    );
}

#[test]
fn one_field_is_changed_in_its_place_with_its_comments() {
    let dose = FieldEntry {
        label: "Dose".into(),
        units: vec!["g".into(), "mg".into()],
        guidance: "As planned.".into(),
        ..FieldEntry::of(&form(FILE).fields[2])
    };
    let text = edited(FormEdit::SetField(2, dose));
    assert!(text.contains("unit = \"g\"      # per day") && text.contains("# ---- what each arm got\n[[field]]"), "{text}");
    let field = form(&text).fields[2].clone();
    assert_eq!((field.label.as_deref(), field.units, field.min), (Some("Dose"), vec!["g".to_owned(), "mg".to_owned()], Some(0.0)));
    let design =
        FieldEntry { options: vec!["parallel".into(), "cluster".into()], is_required: true, ..FieldEntry::of(&form(FILE).fields[0]) };
    let text = edited(FormEdit::SetField(0, design));
    assert!(text.contains("# as randomised") && form(&text).fields[0].required, "{text}");
}

#[test]
fn a_field_is_added_after_another_in_the_same_kind_of_list() {
    let new =
        FieldEntry { section: "methods".into(), id: "blinded".into(), label: "Blind".into(), kind: "bool".into(), ..FieldEntry::default() };
    let text = edited(FormEdit::AddField(Some(0), new.clone()));
    let ids = |text: &str| form(text).fields.iter().map(|field| field.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&text), ["design", "blinded", "setting", "dose", "weeks"]);
    let text = edited(FormEdit::AddField(Some(2), new.clone()));
    assert_eq!(ids(&text), ["design", "setting", "dose", "blinded", "weeks"]);
    assert!(
        text.find("id = \"blinded\"") < text.find("id = \"weeks\"") && text.find("[[outcome]]") > text.find("id = \"weeks\""),
        "{text}"
    );
    assert_eq!(ids(&edited(FormEdit::AddField(None, new.clone()))).last().map(String::as_str), Some("blinded"));
    let empty = edit_form("form = \"x\"\nversion = 1\ntitle = \"X\"\n", &FormEdit::AddField(None, new)).expect("adds");
    assert_eq!(ids(&empty), ["blinded"]);
    assert_eq!(check_text(&text, "form.toml").len(), 1, "the note about upto: {text}");
}

#[test]
fn entries_change_places_and_comments_stay() {
    let ids = |text: &str| form(text).fields.iter().map(|field| field.id.clone()).collect::<Vec<_>>();
    let text = edited(FormEdit::Move(FormList::Fields, 1, true));
    assert_eq!(ids(&text), ["setting", "design", "dose", "weeks"]);
    let text = edited(FormEdit::Move(FormList::Fields, 2, false));
    assert_eq!(ids(&text), ["design", "setting", "weeks", "dose"]);
    assert!(text.find("# ---- what each arm got") < text.find("id = \"weeks\"") && text.contains("# per day"), "{text}");
    for (at, is_up, why) in [(0, true, "edge"), (3, false, "edge"), (1, false, "different kinds")] {
        let error = edit_form(FILE, &FormEdit::Move(FormList::Fields, at, is_up)).expect_err("refused");
        assert!(error.message.contains(why), "{}", error.message);
    }
}

#[test]
fn a_file_that_somebody_else_changed_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("form.toml");
    write_form(&path, FILE, &[]).expect("a new file");
    let next = edited(FormEdit::Version(4));
    write_form(&path, &next, &[FILE.to_owned()]).expect("the version before");
    std::fs::write(&path, "form = \"other\"").expect("writes");
    let error = write_form(&path, FILE, &[next]).expect_err("somebody else's");
    assert!(error.message.contains("holds something else"), "{}", error.message);
    assert_eq!(std::fs::read_to_string(&path).expect("reads"), "form = \"other\"");
}

#[test]
fn entries_are_taken_out_and_outcomes_changed() {
    let text = edited(FormEdit::Remove(FormList::Fields, 1));
    assert!(!text.contains("setting") && text.contains("# as randomised"), "{text}");
    let outcome = OutcomeEntry {
        label: "Pain intensity".into(),
        scale: Some([0.0, 10.0]),
        timepoints: vec![("end".into(), "End of treatment".into()), ("late".into(), String::new())],
        ..OutcomeEntry::of(&form(FILE).outcomes[0])
    };
    let text = edited(FormEdit::SetOutcome(0, outcome.clone()));
    assert!(text.contains("upto = \"8 w\"") && text.contains("mid = 10   # points") && text.contains("scale = [0, 10]"), "{text}");
    assert_eq!(form(&text).outcomes[0].timepoints.len(), 2);
    let text = edited(FormEdit::AddOutcome(None, OutcomeEntry { id: "sleep".into(), ..outcome }));
    assert_eq!(form(&text).outcomes[1].id, "sleep");
    assert!(edit_form(FILE, &FormEdit::Remove(FormList::Outcomes, 1)).is_err());
    assert!(edit_form("form = ", &FormEdit::Version(2)).is_err());
}
