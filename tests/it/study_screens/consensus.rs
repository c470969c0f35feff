//! The consensus screen.

use super::*;

#[test]
fn only_what_is_open_is_listed_at_first() {
    let mut harness = open(extracted(), 80, 24);
    harness.press("g a");
    snapshot("consensus_80x24", &mut harness);
    harness.press("f");
    snapshot("consensus_all_80x24", &mut harness);
}

#[test]
fn a_wide_terminal_shows_the_provenance_beside_the_list() {
    let mut harness = open(extracted(), 160, 50);
    harness.press("g a right f");
    snapshot("consensus_all_160x50", &mut harness);
}

#[test]
fn a_value_is_taken_with_a_reason_and_taken_back_by_key() {
    let mut harness = open(extracted(), 80, 24);
    harness.press("g a right");
    shows(&mut harness, "Sigtermans 2009 · study 2 of 2 · C 1 of 7 open");
    harness.press("a");
    snapshot("consensus_why_80x24", &mut harness);
    harness.press("enter");
    shows(&mut harness, "is needed");
    harness.type_text("digits swapped by B").press("enter");
    assert_eq!(notice(&harness), "Agreed: Ketamine: mean is 27.9.");
    shows(&mut harness, "agreed on, in all 7 values.");
    harness.press("f j j");
    shows(&mut harness, "digits swapped by B");
    harness.press("u f");
    shows(&mut harness, "C 1 of 7 open");
}

#[test]
fn a_third_value_has_to_fit_its_cell() {
    let mut harness = open(extracted(), 80, 24);
    harness.press("g a o").type_text("forty").press("tab").type_text("table 2").press("enter");
    assert!(notice(&harness).contains("\"forty\""), "{}", notice(&harness));
    shows(&mut harness, "table 2");
    harness.press("ctrl+u").type_text("29").press("enter");
    assert!(notice(&harness).starts_with("Agreed: "), "{}", notice(&harness));
}

#[test]
fn the_next_open_value_may_be_of_another_study() {
    let mut harness = open(extracted(), 80, 24);
    harness.press("g a right");
    shows(&mut harness, "Sigtermans 2009 · study 2");
    harness.press("n");
    shows(&mut harness, "Noppers 2011 · study 1");
}

#[test]
fn agreement_is_shown_field_by_field() {
    let mut harness = open(extracted(), 80, 24);
    harness.press("g a A");
    snapshot("consensus_agreement_80x24", &mut harness);
    let mut harness = open(extracted(), 160, 50);
    harness.press("g a A");
    shows(&mut harness, "AR and BK: 2 studies");
}
