//! The extraction screen.

use super::*;

#[test]
fn the_studies_and_an_empty_form() {
    let mut harness = open(linked(), 80, 24);
    harness.press("g x");
    snapshot("extraction_list_80x24", &mut harness);
    harness.press("enter");
    snapshot("extraction_form_80x24", &mut harness);
}

#[test]
fn a_wide_terminal_shows_studies_form_and_cell_side_by_side() {
    let mut harness = open(linked(), 160, 50);
    harness.press("g x enter j j");
    snapshot("extraction_form_160x50", &mut harness);
}

#[test]
fn a_choice_is_picked_and_a_number_is_checked_while_it_is_typed() {
    let mut harness = open(linked(), 80, 24);
    harness.press("g x enter enter 1");
    assert_eq!(notice(&harness), "Design: parallel.");
    harness.press("j j j j enter").type_text("44,o");
    shows(&mut harness, "! \"44,o\"");
    snapshot("extraction_typing_80x24", &mut harness);
    harness.press("enter");
    assert!(notice(&harness).contains("44,o"), "{}", notice(&harness));
    harness.press("backspace backspace");
    harness.type_text("·5");
    shows(&mut harness, "= 44.5 points");
    harness.press("enter");
    assert_eq!(notice(&harness), "Ketamine: mean: 44·5.");
    shows(&mut harness, "44·5");
    harness.press("u");
    assert!(!harness.text().contains("44·5"));
}

#[test]
fn escape_leaves_a_field_as_it_was_and_letters_give_no_commands() {
    let mut harness = open(linked(), 80, 24);
    harness.press("g x enter j j enter").type_text("quit n c x").press("esc");
    assert!(!harness.has_ended() && !harness.text().contains("quit n c x"));
    harness.press("enter").type_text("hospital").press("tab");
    shows(&mut harness, "hospital");
    assert!(harness.model().context().has("typing"));
    harness.press("esc j");
    assert!(!harness.model().context().has("typing"));
}

#[test]
fn a_source_is_noted_once_and_repeated_by_one_key() {
    let mut harness = open(linked(), 80, 24);
    harness.press("g x enter p");
    assert_eq!(notice(&harness), "Enter the value first; report, page and quote go with it.");
    harness.press("enter 1 p");
    snapshot("extraction_source_80x24", &mut harness);
    harness.press("tab").type_text("p. 2").press("tab").type_text("a parallel trial").press("enter");
    shows(&mut harness, "Source: Absence of long-term analgesic effect in fi… (2011)");
    shows(&mut harness, "p. 2, “a");
    harness.press("j n r");
    assert_eq!(notice(&harness), "Source of “Blinded” noted.");
    shows(&mut harness, "not reported");
    shows(&mut harness, "(2011), p. 2");
}

#[test]
fn what_stands_in_the_way_of_a_submission_is_listed() {
    let mut harness = open(linked(), 80, 24);
    harness.press("g x enter j n S");
    snapshot("extraction_errors_80x24", &mut harness);
    harness.press("esc k enter 2 S");
    assert_eq!(notice(&harness), "Your draft of Noppers 2011 is submitted and locked.");
    shows(&mut harness, "+ submitted, locked");
    harness.press("enter");
    assert_eq!(notice(&harness), "Your draft is submitted and locked; withdraw it to change it.");
    harness.press("W");
    assert_eq!(notice(&harness), "Your draft of Noppers 2011 is yours again.");
    shows(&mut harness, "~ draft");
}

#[test]
fn a_number_that_may_be_a_standard_error_is_remarked_on_beside_it() {
    let mut harness = open(linked(), 80, 24);
    harness.press("g x enter j j j enter").type_text("30").press("tab").type_text("27.9").press("tab").type_text("0.51").press("enter k");
    shows(&mut harness, "to look at");
    snapshot("extraction_warning_80x24", &mut harness);
}

#[test]
fn a_draft_of_somebody_else_is_never_on_this_screen() {
    let mut review = linked();
    draft(&mut review, "BK", "Noppers 2011", 2, &[("design", "crossover"), ("setting", "the clinic of Ben")]);
    for (columns, rows) in [(80, 24), (160, 50)] {
        let mut harness = open(linked_with(&review), columns, rows);
        harness.press("g x");
        shows(&mut harness, "1 of 2");
        let text = harness.press("enter j j j").text();
        assert!(!text.contains("the clinic of Ben") && !text.contains("BK"), "{text}");
        let text = harness.press("g a").text();
        assert!(
            !text.contains("the clinic of Ben") && text.contains("No study has all its drafts submitted; 2 wait for drafts."),
            "{text}"
        );
    }
}

/// Builds the same review again: a review in memory cannot be copied.
fn linked_with(_like: &Workspace) -> Workspace {
    let mut review = linked();
    draft(&mut review, "BK", "Noppers 2011", 2, &[("design", "crossover"), ("setting", "the clinic of Ben")]);
    review
}

#[test]
fn the_form_is_shown_with_its_guidance() {
    let mut harness = open(linked(), 80, 24);
    harness.press("g x F");
    snapshot("extraction_guide_80x24", &mut harness);
}

#[test]
fn a_form_is_taken_into_use_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pain.toml");
    std::fs::write(&file, FORM).expect("writes");
    let mut harness = open(assessed(), 80, 24);
    harness.press("g x").give(tamis::tui::message::Call::new("form.use").arg(file.display().to_string()));
    assert!(notice(&harness).contains("form pain version 1"), "{}", notice(&harness));
    harness.give(tamis::tui::message::Call::new("form.use").arg("/no/such/form.toml"));
    assert!(notice(&harness).contains("cannot be read"), "{}", notice(&harness));
}
