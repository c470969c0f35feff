//! Forms on the extraction screen: a template to begin with, and drafts on a new version.

use tamis::app::query::DraftView;

use super::*;

/// The second version: an option came, the setting went, the country is needed.
fn second() -> String {
    FORM.replace("version = 1", "version = 2")
        .replace("[\"parallel\", \"crossover\"]", "[\"parallel\", \"crossover\", \"cluster\"]")
        .replace(
            "id = \"setting\", label = \"Setting\", type = \"text\"",
            "id = \"country\", label = \"Country\", type = \"text\", required = true",
        )
}

/// AR's draft of Noppers 2011 on the first version, and the second version in use.
fn behind() -> Workspace {
    let mut review = linked();
    let entry = |path: &str, raw: &str| CellEntry {
        study: StudyId::from("noppers-2011"),
        path: path.to_owned(),
        raw: Some(raw.to_owned()),
        report: None,
        page: Some("p. 2".to_owned()),
        quote: None,
    };
    run(&mut review, Request::SetCells(vec![entry("design", "parallel"), entry("setting", "a clinic"), entry("blinded", "yes")]));
    run(&mut review, Request::UseForm { file_name: "form.toml".to_owned(), text: second() });
    review
}

fn draft_of(harness: &mut Screens) -> DraftView {
    harness.service().review().my_draft(&StudyId::from("noppers-2011")).expect("a draft")
}

#[test]
fn a_draft_is_moved_to_the_new_version_and_what_changed_is_confirmed_by_one_key() {
    let mut harness = open(behind(), 80, 24);
    harness.press("g x");
    shows(&mut harness, "Noppers 2011 (form 1)");
    harness.press("enter");
    shows(&mut harness, "form version 1, 2 is in use");
    harness.press("M");
    snapshot("extraction_move_80x24", &mut harness);
    harness.press("3");
    snapshot("extraction_move_details_80x24", &mut harness);
    harness.press("esc M 1");
    assert_eq!(notice(&harness), "1 study on version 2 of the form now.");
    assert_eq!(draft_of(&mut harness).version, 2);
    shows(&mut harness, "look again:");
    snapshot("extraction_stale_80x24", &mut harness);
    harness.press("S");
    shows(&mut harness, "What stands in the way");
    harness.press("esc y");
    assert_eq!(notice(&harness), "“Design” stands.");
    assert!(draft_of(&mut harness).cells.iter().all(|cell| !cell.is_stale));
    harness.press("F G");
    shows(&mut harness, "Kept from another version of the form");
    shows(&mut harness, "setting: a clinic");
    harness.press("esc");
    harness.press("u u");
    assert_eq!(draft_of(&mut harness).version, 1);
}

#[test]
fn the_move_and_the_stale_value_on_a_wide_terminal() {
    let mut harness = open(behind(), 160, 50);
    harness.press("g x enter M 2");
    assert_eq!(notice(&harness), "1 study on version 2 of the form now.");
    snapshot("extraction_stale_160x50", &mut harness);
}

#[test]
fn a_review_without_a_form_begins_with_a_template() {
    let mut harness = open(assessed(), 80, 24);
    harness.press("g x");
    shows(&mut harness, "Press N to begin with a template");
    harness.press("N");
    snapshot("extraction_templates_80x24", &mut harness);
    harness.press("1");
    assert!(
        notice(&harness).contains("took the form rct version 1 into use") || notice(&harness).contains("Took the form rct version 1"),
        "{}",
        notice(&harness)
    );
    assert_eq!(harness.service().review().form().expect("a form").appraisals[0].instrument, "rob2");
}
