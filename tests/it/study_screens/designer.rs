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

/// Saves what was changed in the review alone, and returns the form.
fn saved(harness: &mut Screens) -> tamis::domain::form::Form {
    harness.press("S").press("ctrl+u enter");
    assert_eq!(notice(harness), "Version 3 is in use.");
    harness.service().review().form().expect("a form")
}

#[test]
fn a_field_is_added_changed_moved_and_saved_as_the_next_version_with_comments() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pain.toml");
    let mut harness = open(commented(), 80, 24);
    harness.press("g x E");
    snapshot("designer_80x24", &mut harness);
    harness.press("j j j j a");
    snapshot("designer_add_80x24", &mut harness);
    harness.press("enter");
    snapshot("designer_new_field_80x24", &mut harness);
    harness.type_text("country").press("tab").type_text("Country").press("enter");
    shows(&mut harness, "~ 1 change not saved");
    harness.press("K enter");
    snapshot("designer_keys_80x24", &mut harness);
    harness.press("j j j j j j j enter").type_text("Where people were recruited.").press("enter");
    shows(&mut harness, "~ 3 changes not saved");
    shows(&mut harness, "Where people were recruited.");
    harness.press("esc");
    shows(&mut harness, "▸   Country");
    harness.press("S");
    shows(&mut harness, "Save as version 3");
    snapshot("designer_save_80x24", &mut harness);
    harness.press("ctrl+u");
    harness.type_text(&file.display().to_string()).press("enter");
    assert!(notice(&harness).contains("and taken into use"), "{}", notice(&harness));
    let text = used(&mut harness);
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), text);
    assert!(text.contains("version = 3 # after piloting") && text.contains("# what we measure\n[[outcome]]"), "{text}");
    let form = parse_form(&text, "pain.toml").expect("a sound form");
    let ids: Vec<&str> = form.fields.iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids, ["design", "country", "blinded", "setting"]);
    assert_eq!(form.fields[1].guidance.as_deref(), Some("Where people were recruited."));
    harness.press("u");
    assert!(used(&mut harness).contains("version = 2"), "saving is undone like any change");
}

#[test]
fn a_mistake_is_not_kept_and_changes_are_taken_back_one_by_one() {
    let mut harness = open(commented(), 80, 24);
    harness.press("g x E j j j x");
    assert_eq!(notice(&harness), "“Design” is taken out; z brings it back.");
    harness.press("a enter").type_text("setting").press("tab").type_text("Twice").press("enter");
    shows(&mut harness, "stands here twice");
    snapshot("designer_mistake_80x24", &mut harness);
    harness.type_text("2").press("enter");
    shows(&mut harness, "~ 2 changes not saved");
    shows(&mut harness, "Twice");
    harness.press("z");
    shows(&mut harness, "~ 1 change not saved");
    harness.press("z");
    shows(&mut harness, "as in use");
    harness.press("S");
    assert_eq!(notice(&harness), "Nothing was changed.");
    harness.press("x D");
    shows(&mut harness, "as in use");
    harness.press("k k x");
    assert_eq!(notice(&harness), "“Placebo” stays: Analysis 1, control: there is no arm \"placebo\"; expected \"ketamine\".");
    harness.press("v");
    shows(&mut harness, "your drafts");
}

#[test]
fn an_arm_an_outcome_and_an_analysis_with_subgroups_are_added() {
    let mut harness = open(commented(), 160, 50);
    harness.press("g x E j a enter").type_text("lidocaine").press("tab").type_text("Lidocaine").press("enter");
    shows(&mut harness, "▸   Lidocaine");
    harness.press("a 3").type_text("nausea").press("tab").type_text("Nausea").press("tab tab tab").type_text("end: End; late: 6 months");
    harness.press("enter");
    shows(&mut harness, "      6 months");
    snapshot("designer_outcome_160x50", &mut harness);
    harness.press("j a enter").type_text("year").press("tab").type_text("1 year").press("enter");
    harness.press("G a enter").press("tab").type_text("Nausea at 6 months").press("tab right tab right tab");
    harness.type_text(", lidocaine").press("tab tab right right enter");
    shows(&mut harness, "▸   1.2 Nausea at 6 months");
    harness.press("enter");
    harness.press("j j j j j j j j j j j j enter");
    snapshot("designer_subgroup_160x50", &mut harness);
    harness.press("2");
    let form = saved(&mut harness);
    let analysis = form.analysis("1.2").expect("an analysis");
    assert_eq!((analysis.outcome.as_str(), analysis.timepoint.as_str()), ("nausea", "end"));
    assert_eq!((analysis.experimental.to_string().as_str(), analysis.subgroup.as_deref()), ("ketamine + lidocaine", Some("design")));
    assert_eq!(form.outcome("nausea").expect("an outcome").timepoints.len(), 3);
    assert!(form.cell("outcome.nausea.late.placebo.events").is_some());
    let text = used(&mut harness);
    assert!(text.contains("[[analysis]]\nid = \"1.2\"\ntitle = \"Nausea at 6 months\"\n"), "{text}");
}

#[test]
fn a_condition_and_a_check_of_numbers_are_set_in_a_small_terminal() {
    let mut harness = open(commented(), 80, 24);
    harness.press("g x E j j j j j enter G k enter");
    snapshot("designer_condition_80x24", &mut harness);
    harness.press("right tab").type_text("crossing").press("enter");
    shows(&mut harness, "there is no answer");
    harness.press("tab ctrl+u").type_text("crossover").press("enter");
    shows(&mut harness, "design: crossover");
    harness.press("esc G a 7 right right right right right right right tab right tab right enter");
    snapshot("designer_check_80x24", &mut harness);
    harness.press("enter G enter").type_text("Means of ratings.").press("enter");
    let form = saved(&mut harness);
    let setting = form.field("setting").expect("a field");
    assert_eq!(setting.show_if.as_ref().map(|when| (when.field.as_str(), when.is.join("; "))), Some(("design", "crossover".to_owned())));
    let check = &form.validations[0];
    assert_eq!(
        (check.rule.as_str(), check.outcome.as_deref(), check.why.as_deref()),
        ("sd_se_confusion", Some("pain"), Some("Means of ratings."))
    );
    harness.press("esc v enter");
    shows(&mut harness, "Design");
    assert!(!harness.text().contains("Setting"), "asked of crossover trials only");
}

#[test]
fn renaming_a_rated_analysis_is_warned_about_before_the_form_is_in_use() {
    let mut review = worked_example();
    let item = "baseline_risk".parse().expect("an item");
    let rating = Request::Rate { analysis: "1.9".to_owned(), item, rating: "100".to_owned(), explanation: "a registry".to_owned() };
    run(&mut review, rating);
    let mut harness = open(review, 80, 24);
    harness.press("g x E G enter enter ctrl+u").type_text("2.1").press("enter");
    harness.press("j enter ctrl+u").type_text("Harms").press("enter esc");
    harness.press("g g j j j enter j enter ctrl+u").type_text("Kind of trial").press("enter S");
    shows(&mut harness, "Analysis 1.9 is called 2.1 now, which begins without the 1");
    shows(&mut harness, "The title of field design was “Design” and is “Kind of trial”;");
    snapshot("designer_save_renamed_80x24", &mut harness);
    harness.press("esc");
    assert!(used(&mut harness).contains("id = \"1.9\""), "nothing is in use before it is saved");
}
