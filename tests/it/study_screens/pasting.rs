//! A whole table pasted into a draft.

use super::*;

const TABLE: &str = "\tKetamine\t\t\tPlacebo\t\t\n\tn\tMean\tSD\tn\tMean\tSD\nPain, 3 months\t30\t27,9\t18.2\t29\t54.5\tx";

fn value(harness: &mut Screens, path: &str) -> Option<(String, Option<String>)> {
    let draft = harness.service().review().my_draft(&StudyId::from("noppers-2011")).expect("a draft");
    let cell = draft.cells.into_iter().find(|cell| cell.path == path)?;
    Some((cell.raw?, cell.page))
}

#[test]
fn a_pasted_table_is_shown_first_and_fills_its_cells_as_one_change() {
    let mut harness = open(linked(), 80, 24);
    harness.press("g x").paste(TABLE);
    assert_eq!(notice(&harness), "Open a study first; a table is pasted into its form.");
    harness.press("enter").paste(TABLE);
    snapshot("extraction_paste_80x24", &mut harness);
    assert_eq!(value(&mut harness, "outcome.pain.short.ketamine.mean"), None, "nothing is filled yet");
    harness.press("1");
    shows(&mut harness, "Where the whole table was found");
    harness.press("tab").type_text("p. 4, table 2").press("enter");
    assert_eq!(notice(&harness), "5 cells filled from the table.");
    let page = Some("p. 4, table 2".to_owned());
    assert_eq!(value(&mut harness, "outcome.pain.short.ketamine.mean"), Some(("27,9".to_owned(), page.clone())));
    assert_eq!(value(&mut harness, "outcome.pain.short.placebo.n"), Some(("29".to_owned(), page)));
    harness.press("u");
    assert_eq!(value(&mut harness, "outcome.pain.short.ketamine.mean"), None);
}

#[test]
fn a_table_without_headings_begins_at_the_selected_field_and_can_be_turned() {
    let mut harness = open(linked(), 160, 50);
    harness.press("g x enter j j j").paste("30\t29\n27.9\t54.5");
    snapshot("extraction_paste_160x50", &mut harness);
    harness.press("2");
    shows(&mut harness, "Ketamine: number analysed = 30");
    shows(&mut harness, "Placebo: number analysed = 29");
    harness.press("esc").give(tamis::tui::message::Call::new("extract.paste"));
    shows(&mut harness, "Where the table goes in Noppers 2011");
}

#[test]
fn a_text_pasted_while_typing_goes_into_the_field() {
    let mut harness = open(linked(), 80, 24);
    harness.press("g x enter j j enter").paste("a clinic").press("enter");
    assert_eq!(value(&mut harness, "setting").map(|(raw, _)| raw).as_deref(), Some("a clinic"));
}
