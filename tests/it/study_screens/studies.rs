//! The studies screen.

use super::*;

#[test]
fn reports_without_a_study_have_a_proposed_label() {
    let mut harness = open(assessed(), 80, 24);
    harness.press("g t");
    snapshot("studies_unlinked_80x24", &mut harness);
    harness.press("n");
    snapshot("studies_new_80x24", &mut harness);
    harness.press("enter");
    assert_eq!(notice(&harness), "Linked to Sigtermans 2009: “Ketamine produces effective and long-te…”.");
    shows(&mut harness, "2 reports included without a study · 1 study");
}

#[test]
fn a_second_report_is_linked_by_the_list_and_unlinked_by_key() {
    let mut harness = open(assessed(), 80, 24);
    harness.press("g t n enter j");
    shows(&mut harness, "A study “Sigtermans 2009” exists");
    harness.press("l 1");
    shows(&mut harness, "1 report included without a study · 1 study");
    harness.press("v");
    snapshot("studies_80x24", &mut harness);
    harness.press("j x");
    assert!(notice(&harness).starts_with("No longer of Sigtermans 2009: "), "{}", notice(&harness));
    shows(&mut harness, "1 study · 2 reports without one");
    harness.press("u");
    shows(&mut harness, "1 study · 1 report without one");
}

#[test]
fn a_second_study_of_the_same_name_gets_a_letter() {
    let mut harness = open(assessed(), 80, 24);
    harness.press("g t n enter j n");
    shows(&mut harness, "Sigtermans 2009b");
}

#[test]
fn a_wide_terminal_shows_the_study_beside_the_list() {
    let mut harness = open(linked(), 160, 50);
    harness.press("g t");
    snapshot("studies_160x50", &mut harness);
}
