//! Adding, taking out and moving entries.

use super::*;

fn ids(text: &str, part: Part) -> Vec<String> {
    let form = form(text);
    match part {
        Part::Field => form.fields.iter().map(|field| field.id.clone()).collect(),
        Part::Arm => form.arms.iter().map(|arm| arm.id.clone()).collect(),
        Part::Analysis => form.analyses.iter().map(|analysis| analysis.id.clone()).collect(),
        Part::Timepoint => form.outcomes.iter().flat_map(|outcome| &outcome.timepoints).map(|point| point.id.clone()).collect(),
        _ => form.outcomes.iter().map(|outcome| outcome.id.clone()).collect(),
    }
}

fn typed(keys: &[(&str, &str)]) -> Typed {
    keys.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn field() -> Typed {
    typed(&[("id", "blinded"), ("label", "Blind"), ("section", "methods"), ("type", "bool"), ("options", "")])
}

#[test]
fn a_field_is_added_after_another_in_the_same_kind_of_list() {
    let text = kept(&FormEdit::Add(List::Entries(Part::Field), Some(0), field()));
    let new = "  { id = \"blinded\", label = \"Blind\", section = \"methods\", type = \"bool\" },";
    assert_eq!(text, replaced(" # as randomised\n", &format!("\n{new} # as randomised\n")));
    assert_eq!(ids(&text, Part::Field), ["design", "blinded", "setting", "dose", "washout"]);
    let text = kept(&FormEdit::Add(List::Entries(Part::Field), Some(2), field()));
    let new = "\n[[field]]\nid = \"blinded\"\nlabel = \"Blind\"\nsection = \"methods\"\ntype = \"bool\"\n";
    assert_eq!(text, replaced("# not as taken\n", &format!("# not as taken\n{new}")));
    let text = kept(&FormEdit::Add(List::Entries(Part::Field), None, field()));
    assert_eq!(text, replaced("characteristic = \"methods\"\n", &format!("characteristic = \"methods\"\n{new}")));
}

#[test]
fn every_part_is_added_to_a_form_that_has_none() {
    let mut text = "# ours\nform = \"x\"\nversion = 1\ntitle = \"X\"\n".to_owned();
    let mut add = |list: List, keys: &[(&str, &str)]| {
        text = try_edit(&text, &FormEdit::Add(list, None, typed(keys))).unwrap_or_else(|error| panic!("{}\n{text}", error.message)).text;
    };
    add(List::Entries(Part::Arm), &[("id", "drug"), ("label", "Drug"), ("role", "experimental")]);
    add(List::Entries(Part::Arm), &[("id", "placebo"), ("label", "Placebo"), ("role", "control")]);
    add(List::Entries(Part::Field), &field().iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>());
    add(List::Entries(Part::Outcome), &[("id", "pain"), ("label", "Pain"), ("kind", "continuous"), ("timepoints", "end: End")]);
    add(List::Timepoints(0), &[("id", "late"), ("label", "6 months")]);
    let keys = [("id", "1.1"), ("title", "Pain"), ("outcome", "pain"), ("timepoint", "late"), ("measure", "MD")];
    add(List::Entries(Part::Analysis), &[&keys[..], &[("experimental", "drug"), ("control", "placebo"), ("subgroup", "blinded")]].concat());
    add(List::Entries(Part::Appraisal), &[("instrument", "rob2")]);
    add(List::Entries(Part::Validation), &[("rule", "V7"), ("outcome", "pain"), ("severity", "note")]);
    let end = r#"
[[outcome]]
id = "pain"
label = "Pain"
kind = "continuous"
timepoints = [{ id = "end", label = "End" }, { id = "late", label = "6 months" }]

[[analysis]]
id = "1.1"
title = "Pain"
outcome = "pain"
timepoint = "late"
measure = "MD"
experimental = "drug"
control = "placebo"
subgroup = "blinded"

[[appraisal]]
instrument = "rob2"

[[validate]]
rule = "V7"
outcome = "pain"
severity = "note"
"#;
    assert!(
        text.starts_with("# ours\nform = \"x\"\nversion = 1\ntitle = \"X\"\n\n[[arm]]\nid = \"drug\"") && text.ends_with(end),
        "{text}"
    );
    assert_eq!(form(&text).analyses[0].timepoint, "late");
}

#[test]
fn time_points_are_added_where_they_have_tables_of_their_own() {
    let text = kept(&FormEdit::Add(List::Timepoints(1), Some(0), typed(&[("id", "week"), ("label", "1 week")])));
    assert_eq!(
        text,
        replaced(
            "label = \"End\"\n[[outcome.timepoints]]",
            "label = \"End\"\n\n[[outcome.timepoints]]\nid = \"week\"\nlabel = \"1 week\"\n[[outcome.timepoints]]"
        )
    );
    let text = kept(&FormEdit::Move(Place::Timepoint(1, 0), false));
    assert_eq!(ids(&text, Part::Timepoint), ["end", "late", "end"]);
    assert!(text.contains("[[outcome.timepoints]]\nid = \"late\"\n[[outcome.timepoints]]\nid = \"end\" # of treatment\n"), "{text}");
    let text = kept(&FormEdit::Remove(Place::Timepoint(1, 1)));
    assert_eq!(text, replaced("[[outcome.timepoints]]\nid = \"late\"\n", ""));
    assert!(refused(&FormEdit::Remove(Place::Timepoint(0, 0))).contains("at least one timepoint"));
    let text = kept(&set(entry(Part::Outcome, 1), "timepoints", "late: Later; end: End; year"));
    assert_eq!(ids(&text, Part::Timepoint), ["end", "late", "end", "year"]);
    assert!(
        text.contains("id = \"late\"\nlabel = \"Later\"\n[[outcome.timepoints]]\nid = \"end\" # of treatment\nlabel = \"End\"\n"),
        "{text}"
    );
}

#[test]
fn entries_change_places_and_comments_stay() {
    let text = kept(&FormEdit::Move(entry(Part::Field, 1), true));
    assert_eq!(ids(&text, Part::Field), ["setting", "design", "dose", "washout"]);
    let text = kept(&FormEdit::Move(entry(Part::Field, 2), false));
    assert_eq!(ids(&text, Part::Field), ["design", "setting", "washout", "dose"]);
    assert!(text.find("# ---- what each arm got") < text.find("id = \"washout\"") && text.contains("# per day"), "{text}");
    let text = kept(&FormEdit::Move(entry(Part::Arm, 2), true));
    assert_eq!(ids(&text, Part::Arm), ["drug", "placebo", "high"]);
    for (at, is_up, why) in [(0, true, "edge"), (3, false, "edge"), (1, false, "different kinds")] {
        let message = refused(&FormEdit::Move(entry(Part::Field, at), is_up));
        assert!(message.contains(why), "{message}");
    }
    assert!(refused(&FormEdit::Move(Place::Timepoint(0, 0), false)).contains("edge"));
}

#[test]
fn entries_are_taken_out_and_comments_before_them_stay() {
    let text = kept(&FormEdit::Remove(entry(Part::Field, 1)));
    assert_eq!(
        text,
        replaced(", # as randomised\n  { section = \"methods\", id = \"setting\", type = \"text\" },\n", ", # as randomised\n")
    );
    let text = kept(&FormEdit::Remove(entry(Part::Analysis, 0)));
    assert!(text.contains("# ---- analyses\n") && ids(&text, Part::Analysis).is_empty(), "{text}");
    let text = kept(&FormEdit::Remove(entry(Part::Validation, 0)));
    assert!(form(&text).validations.is_empty());
    assert!(edit_form(FILE, &FormEdit::Remove(entry(Part::Outcome, 2))).is_err());
    assert!(edit_form(FILE, &FormEdit::Remove(Place::Form)).is_err());
    assert!(edit_form("form = ", &FormEdit::Version(2)).is_err());
}

#[test]
fn line_ends_a_mark_at_the_beginning_and_a_missing_last_line_end_stay() {
    let windows = format!("\u{feff}{}", FILE.trim_end().replace('\n', "\r\n"));
    let text = try_edit(&windows, &set(entry(Part::Field, 2), "min", "5")).expect("fits").text;
    assert_eq!(text, windows.replacen("min = 0", "min = 5", 1));
    let text = edit_form(&windows, &FormEdit::Version(4)).expect("an edit");
    assert_eq!(text, windows.replacen("version = 3   #", "version = 4   #", 1));
    assert_eq!(keys_of(&windows, Place::Form).expect("keys")[0].typed.as_deref(), Some("pain"));
}

#[test]
fn a_file_that_somebody_else_changed_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("form.toml");
    write_form(&path, FILE, &[]).expect("a new file");
    let next = kept(&FormEdit::Version(4));
    write_form(&path, &next, &[FILE.to_owned()]).expect("the version before");
    std::fs::write(&path, "form = \"other\"").expect("writes");
    let error = write_form(&path, FILE, &[next]).expect_err("somebody else's");
    assert!(error.message.contains("holds something else"), "{}", error.message);
    assert_eq!(std::fs::read_to_string(&path).expect("reads"), "form = \"other\"");
}
