//! The full text screen.

use super::*;

#[test]
fn the_list_and_the_card_fit_at_80_by_24() {
    let mut harness = open(screened(), 80, 24);
    harness.press("g f");
    snapshot("fulltext_80x24", &mut harness);
}

#[test]
fn a_wide_terminal_shows_the_card_beside_the_list() {
    let mut harness = open(screened(), 160, 50);
    harness.press("g f");
    snapshot("fulltext_160x50", &mut harness);
}

#[test]
fn an_exclusion_takes_its_reason_by_digit_says_so_and_goes_on() {
    let mut harness = open(screened(), 80, 24);
    harness.press("g f r e");
    snapshot("fulltext_reasons_80x24", &mut harness);
    harness.press("2");
    assert_eq!(notice(&harness), "You said exclude, Not randomised: “Ketamine produces effective and long-te…”.");
    shows(&mut harness, "u takes it back");
    shows(&mut harness, "▸ ·   - to retrieve    to be sought  2011");
    shows(&mut harness, "E   ~ you voted      at hand       2009");
    harness.press("u");
    shows(&mut harness, "▸ ·   - to assess      at hand       2009");
}

#[test]
fn a_vote_of_somebody_else_is_hidden_until_all_votes_are_in() {
    let mut review = screened();
    let first = record(&review, 1);
    run(&mut review, Request::Retrieve { record: first, state: RetrievalState::Retrieved, note: None });
    vote(&mut review, "BK", Stage::FullText, 1, Verdict::Exclude, Some("design"), Some("a note of Ben"));
    let mut harness = open(review, 160, 50);
    let text = harness.press("g f").text();
    assert!(!text.contains("a note of Ben") && !text.contains("Not randomised") && !text.contains("BK"), "{text}");
    shows(&mut harness, "- to assess");
    harness.press("i k");
    shows(&mut harness, "C conflict");
    shows(&mut harness, "BK: E exclude, Not randomised");
    shows(&mut harness, "“a note of Ben”");
}

#[test]
fn retrieval_is_noted_with_where_it_was_sought() {
    let mut harness = open(screened(), 160, 50);
    harness.press("g f x").type_text("library of the university").press("enter");
    assert_eq!(notice(&harness), "“Ketamine produces effective and long-te…” was not retrieved.");
    shows(&mut harness, "x not retrieved");
    shows(&mut harness, "AR not retrieved: library of the university");
    harness.press("R enter");
    shows(&mut harness, "requested");
    harness.press("u u");
    shows(&mut harness, "Nothing is noted yet.");
}

#[test]
fn lists_are_chosen_by_state() {
    let mut harness = open(screened(), 80, 24);
    harness.press("g f r f");
    snapshot("fulltext_lists_80x24", &mut harness);
    harness.press("3");
    shows(&mut harness, "1 of 4 reports · list: to assess");
    harness.press("i");
    shows(&mut harness, "Of 4 reports, none is in the list “to assess”.");
    harness.press("f 1");
    shows(&mut harness, "4 of 4 reports");
}

#[test]
fn a_note_goes_with_the_vote() {
    let mut harness = open(screened(), 80, 24);
    harness.press("g f n").type_text("see table 2").press("enter");
    shows(&mut harness, "Note for your vote: see table 2");
    harness.press("r O k");
    shows(&mut harness, "You: O ongoing study");
    shows(&mut harness, "“see table 2”");
}

#[test]
fn a_file_that_is_no_pdf_is_refused_in_words() {
    let mut harness = open(screened(), 80, 24);
    harness.press("g f a").type_text("/no/such/file.pdf").press("enter");
    shows(&mut harness, "/no/such/file.pdf cannot be read");
}

#[test]
fn a_decided_report_is_locked_and_says_so_before_a_reason_is_picked() {
    let mut harness = open(assessed(), 80, 24);
    harness.press("g f e");
    assert!(notice(&harness).starts_with("All votes on this report are in"), "{}", notice(&harness));
    assert!(harness.model().overlays().is_empty());
}
