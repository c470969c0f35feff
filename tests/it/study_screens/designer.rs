//! The form designer, driven by keys.

use tamis::app::form_file::parse_form;

use super::*;

/// [`FORM`] with comments, as people write them.
fn commented() -> Workspace {
    let mut review = linked();
    let text = FORM.replace("version = 1", "version = 2 # after piloting").replace("[[outcome]]", "# what we measure\n[[outcome]]");
    run(&mut review, Request::UseForm { file_name: "form.toml".to_owned(), text });
    review
}

fn used(harness: &mut Screens) -> String {
    harness.service().review().form_text().expect("a form")
}

#[test]
fn a_field_is_added_changed_moved_and_saved_as_the_next_version_with_comments() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pain.toml");
    let mut harness = open(commented(), 80, 24);
    harness.press("g x E");
    snapshot("designer_80x24", &mut harness);
    harness.press("j j a");
    snapshot("designer_new_field_80x24", &mut harness);
    harness.type_text("country").press("tab").type_text("Country").press("enter");
    shows(&mut harness, "Country: answers and advice");
    harness.press("tab").type_text("Where people were recruited.").press("enter");
    shows(&mut harness, "~ 1 change not saved");
    harness.press("K enter tab tab right right enter");
    shows(&mut harness, "Country: answers and advice");
    harness.press("enter");
    shows(&mut harness, "~ 3 changes not saved");
    snapshot("designer_changed_80x24", &mut harness);
    harness.press("S");
    shows(&mut harness, "Save as version 3");
    harness.press("ctrl+u");
    harness.type_text(&file.display().to_string()).press("enter");
    assert!(notice(&harness).contains("and taken into use"), "{}", notice(&harness));
    let text = used(&mut harness);
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), text);
    assert!(text.contains("version = 3 # after piloting") && text.contains("# what we measure\n[[outcome]]"), "{text}");
    let form = parse_form(&text, "pain.toml").expect("a sound form");
    let ids: Vec<&str> = form.fields.iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids, ["design", "blinded", "country", "setting"]);
    assert_eq!(form.fields[2].guidance.as_deref(), Some("Where people were recruited."));
    harness.press("u");
    assert!(used(&mut harness).contains("version = 2"), "saving is undone like any change");
}

#[test]
fn a_form_with_an_error_is_not_saved_and_changes_are_taken_back_one_by_one() {
    let mut harness = open(commented(), 80, 24);
    harness.press("g x E x");
    shows(&mut harness, "~ 1 change not saved");
    harness.press("a").type_text("setting").press("tab").type_text("Twice").press("enter enter");
    assert_eq!(notice(&harness), "1 to mend before it can be saved; c lists what.");
    harness.press("S");
    shows(&mut harness, "stands here twice");
    harness.press("esc z z");
    shows(&mut harness, "as in use");
    harness.press("S");
    assert_eq!(notice(&harness), "Nothing was changed.");
    harness.press("x D");
    shows(&mut harness, "as in use");
    harness.press("v");
    shows(&mut harness, "your drafts");
}

#[test]
fn an_outcome_is_added_and_changed_on_a_wide_terminal() {
    let mut harness = open(commented(), 160, 50);
    harness
        .press("g x E G o")
        .type_text("nausea")
        .press("tab")
        .type_text("Nausea")
        .press("tab tab tab")
        .type_text("end: End; late: 6 months");
    harness.press("enter").type_text("people who vomited").press("enter");
    shows(&mut harness, "people who vomited");
    snapshot("designer_outcome_160x50", &mut harness);
    harness.press("S").press("ctrl+u enter");
    assert_eq!(notice(&harness), "Version 3 is in use.");
    let form = harness.service().review().form().expect("a form");
    assert_eq!(form.outcomes[1].timepoints.len(), 2);
    assert!(form.cell("outcome.nausea.late.placebo.events").is_some());
}
