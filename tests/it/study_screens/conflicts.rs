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

#[test]
fn a_conflict_put_off_goes_to_the_end_of_the_list_and_is_counted() {
    let mut review = screened();
    review.import_bundled(&bundled("more.ris", "Embase"), MORE).expect("imports");
    for (number, mine) in [(6, Verdict::Exclude), (7, Verdict::Include)] {
        vote(&mut review, "AR", Stage::TitleAbstract, number, mine, None, None);
        let other = if mine == Verdict::Include { Verdict::Exclude } else { Verdict::Include };
        vote(&mut review, "BK", Stage::TitleAbstract, number, other, None, None);
    }
    let mut harness = open(review, 80, 24);
    harness.press("g c");
    shows(&mut harness, "3 conflicts at title/abstract");
    harness.press("d");
    assert_eq!(notice(&harness), "Marked \"discuss later\": “Ketamine in rats with a nerve ligated”.");
    shows(&mut harness, "1 for later");
    let text = harness.text();
    let rows: Vec<&str> = text.lines().filter(|line| line.trim_start_matches(['▌', ' ', '>', '▸']).starts_with("C verdict")).collect();
    assert!(rows[2].contains("discuss later") && rows[2].contains("Ketamine in rats"), "{rows:#?}");
    harness.press("d");
    shows(&mut harness, "2 for later");
    harness.press("end");
    shows(&mut harness, "You want to discuss it later.");
    snapshot("conflicts_later_80x24", &mut harness);
    harness.press("d");
    shows(&mut harness, "1 for later");
    harness.press("u u");
    shows(&mut harness, "1 for later");
    harness.press("u");
    assert!(!harness.text().contains("for later"), "{}", harness.text());
}

#[test]
fn a_stand_in_settles_from_the_screen_for_somebody_who_left() {
    let mut review = screened();
    let person = |id: &str, name: &str, is_active| Request::SetReviewer {
        id: id.into(),
        name: name.to_owned(),
        roles: vec![Role::Reviewer],
        is_active,
    };
    run(&mut review, person("DE", "Dora Eck", true));
    let mut harness = open(review, 80, 24);
    act_as(harness.service().review(), "DE");
    harness.press("g c i");
    shows(&mut harness, "you may not resolve this conflict");
    run(harness.service().review(), person("BK", "Ben Kim", false));
    harness.press("ctrl+l");
    shows(&mut harness, "BK has left the review: you settle it instead.");
    act_as(harness.service().review(), "AR");
    harness.press("ctrl+l");
    shows(&mut harness, "BK has left the review: somebody of the team who did not vote on it");
    act_as(harness.service().review(), "DE");
    harness.press("ctrl+l i").type_text("people took part").press("enter");
    shows(&mut harness, "No conflict at title/abstract.");
}

#[test]
fn words_of_the_lists_are_highlighted_on_the_cards_of_conflicts_and_full_texts() {
    let mut review = assessed();
    let word = |list, text: &str| HighlightWord { list, text: text.to_owned() };
    let words = vec![word(WordList::Population, "nerve"), word(WordList::Include, "randomi*"), word(WordList::Outcome, "relief")];
    run(&mut review, Request::SetWords(words));
    let mut harness = open(review, 160, 50);
    harness.press("g c");
    shows(&mut harness, "Ketamine in rats with a nerveᴾ ligated");
    harness.press("g f");
    shows(&mut harness, "pain reliefᴼ");
    let style = harness.style_of("randomised").expect("the abstract is on the screen");
    assert_ne!(style, harness.style_of("to placebo").expect("as well"), "a word of the first list is told by its style");
}

#[test]
fn conflicts_at_160_by_50_in_text_and_style() {
    let mut review = assessed();
    let words = vec![HighlightWord { list: WordList::Population, text: "nerve".to_owned() }];
    run(&mut review, Request::SetWords(words));
    let mut harness = open(review, 160, 50);
    harness.press("g c");
    snapshot("conflicts_160x50", &mut harness);
    style_snapshot("conflicts_160x50_style", &mut harness);
}
