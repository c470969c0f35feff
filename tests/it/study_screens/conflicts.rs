//! The conflicts screen.

use super::*;

#[test]
fn both_votes_stand_side_by_side() {
    let mut harness = open(assessed(), 80, 24);
    harness.press("g c");
    snapshot("conflicts_80x24", &mut harness);
    harness.press("v");
    snapshot("conflicts_reason_80x24", &mut harness);
}

#[test]
fn a_wide_terminal_shows_the_votes_beside_the_list() {
    let mut harness = open(assessed(), 160, 50);
    harness.press("g c v");
    snapshot("conflicts_reason_160x50", &mut harness);
}

#[test]
fn consensus_needs_the_word_of_both() {
    let mut harness = open(assessed(), 80, 24);
    harness.press("g c e").type_text("animals only").press("enter");
    assert_eq!(notice(&harness), "Your word is recorded; it waits for BK: “Ketamine in rats with a nerve ligated”.");
    shows(&mut harness, "It waits for the word of BK.");
    shows(&mut harness, "“animals only”");
    act_as(harness.service().review(), "BK");
    harness.press("ctrl+l");
    shows(&mut harness, "AR would settle it: E exclude");
    shows(&mut harness, "1 for your word");
    harness.press("c");
    snapshot("conflicts_confirm_80x24", &mut harness);
    harness.press("enter");
    assert_eq!(notice(&harness), "Settled as excluded: “Ketamine in rats with a nerve ligated”.");
    shows(&mut harness, "No conflict at title/abstract.");
    harness.press("u");
    shows(&mut harness, "1 conflict at title/abstract");
}

#[test]
fn at_full_text_a_reason_is_picked_before_the_why() {
    let mut harness = open(assessed(), 80, 24);
    harness.press("g c v e 2").type_text("no control group").press("enter");
    shows(&mut harness, "You (AR) would settle it: E exclude, Not randomised");
    harness.press("e 2 enter");
    shows(&mut harness, "“Why is it decided so?” is needed.");
}

#[test]
fn an_adjudicator_settles_alone_and_voters_cannot() {
    let mut review = founded(Some(("CD", "Cy Dunn")));
    vote(&mut review, "AR", Stage::TitleAbstract, 5, Verdict::Include, None, None);
    vote(&mut review, "BK", Stage::TitleAbstract, 5, Verdict::Exclude, None, None);
    let mut harness = open(review, 80, 24);
    harness.press("g c i");
    shows(&mut harness, "you may not resolve this conflict");
    shows(&mut harness, "The adjudicator settles it.");
    act_as(harness.service().review(), "CD");
    harness.press("ctrl+l");
    shows(&mut harness, "You settle it as adjudicator.");
    harness.press("i").type_text("people took part").press("enter");
    shows(&mut harness, "No conflict at title/abstract.");
}

#[test]
fn one_vote_is_no_conflict_and_is_not_shown() {
    let mut review = founded(None);
    vote(&mut review, "BK", Stage::TitleAbstract, 5, Verdict::Exclude, None, Some("a note of Ben"));
    let mut harness = open(review, 160, 50);
    harness.press("g c");
    shows(&mut harness, "No conflict at title/abstract.");
    assert!(!harness.text().contains("a note of Ben"));
}
