//! Screening titles and abstracts by keys.

use tamis::app::query::Queue;
use tamis::domain::decision::{Stage, Verdict};
use tamis::tui::harness::Harness;

use super::{Program, grouped_review, notice, open, snapshot, style_snapshot};

fn mine(program: &mut Program) -> Vec<Option<Verdict>> {
    let review = program.service().review();
    let records = review.queue(Stage::TitleAbstract, Queue::All);
    records
        .into_iter()
        .map(|record| review.unit_view(Stage::TitleAbstract, record).expect("a unit").mine.and_then(|vote| vote.verdict))
        .collect()
}

fn screening(columns: u16, rows: u16) -> Program {
    let mut program = open(grouped_review(), columns, rows);
    program.press("g s");
    program
}

#[test]
fn the_record_is_set_for_reading_at_80_by_24() {
    snapshot("screening_80x24", &mut screening(80, 24));
}

#[test]
fn a_wide_terminal_has_list_record_and_criteria_side_by_side() {
    snapshot("screening_160x50", &mut screening(160, 50));
}

#[test]
fn keys_and_arrows_vote_and_go_on_at_once() {
    let mut program = screening(80, 24);
    program.press("i");
    snapshot("screening_voted_80x24", &mut program);
    program.press("left m right");
    assert_eq!(mine(&mut program)[..4], [Some(Verdict::Include), Some(Verdict::Exclude), Some(Verdict::Maybe), Some(Verdict::Include)]);
    assert!(program.text().contains("4 of 6 voted"), "{}", program.text());
}

#[test]
fn undo_brings_the_record_back_to_the_desk() {
    let mut program = screening(80, 24);
    let first = program.text();
    program.press("e");
    assert!(notice(&program).starts_with("Exclude: Ketamine produces"), "{}", notice(&program));
    assert!(program.text().contains("u takes it back"), "{}", program.text());
    program.press("u");
    assert_eq!(mine(&mut program), vec![None; 6]);
    assert_eq!(program.text().lines().take(10).collect::<Vec<_>>(), first.lines().take(10).collect::<Vec<_>>());
    program.press("U");
    assert_eq!(mine(&mut program)[0], Some(Verdict::Exclude));
}

#[test]
fn back_shows_the_own_vote_and_a_new_one_takes_its_place() {
    let mut program = screening(80, 24);
    program.press("i e b");
    assert!(program.text().contains("You: E exclude"), "{}", program.text());
    program.press("m");
    assert_eq!(mine(&mut program)[..2], [Some(Verdict::Include), Some(Verdict::Maybe)]);
}

#[test]
fn an_exclusion_for_a_reason_takes_a_digit() {
    let mut program = screening(80, 24);
    program.press("E 2");
    assert_eq!(mine(&mut program)[0], Some(Verdict::Exclude));
    assert!(notice(&program).starts_with("Exclude (design): "), "{}", notice(&program));
}

#[test]
fn a_note_is_kept_at_once_and_typing_never_votes() {
    let mut program = screening(80, 24);
    program.press("n").type_text("ie m? undo").press("enter");
    assert_eq!(mine(&mut program), vec![None; 6]);
    assert!(notice(&program).contains("Note kept"), "{}", notice(&program));
    assert!(program.text().contains("Note: ie m? undo"), "{}", program.text());
    program.press("i b");
    assert!(program.text().contains("Note: ie m? undo"), "{}", program.text());
    program.press("u u");
    assert!(!program.text().contains("Note:"), "{}", program.text());
}

#[test]
fn tags_and_stars_take_one_or_two_keys_and_are_taken_back() {
    let mut program = screening(80, 24);
    program.press("t").type_text("dose").press("enter");
    assert!(program.text().contains("#dose"), "{}", program.text());
    program.press("K L s t");
    snapshot("screening_tags_80x24", &mut program);
    program.press("1");
    assert!(program.text().contains("#dose"), "{}", program.text());
    program.press("t 1");
    assert!(!program.text().contains("#dose"), "the same key takes it away: {}", program.text());
    program.press("b");
    assert!(program.text().contains("★ key  ★ refs"), "{}", program.text());
    program.press("K");
    assert!(!program.text().contains("★ key"), "{}", program.text());
    program.press("u");
    assert!(program.text().contains("★ key"), "{}", program.text());
    assert_eq!(mine(&mut program), vec![None; 6], "marks are no votes");
}

#[test]
fn the_queue_can_be_filtered_searched_and_jumped_in() {
    let mut program = screening(80, 24);
    program.press("i m f 4");
    assert!(program.text().contains("1 of 1 your maybes"), "{}", program.text());
    program.press("f 8 /").type_text("rats").press("enter");
    assert!(program.text().contains("found by “rats*”"), "{}", program.text());
    program.press("esc #").type_text("doi:10.1016/j.pain.2009.08.015").press("enter");
    assert!(program.text().contains("Outpatient intravenous ketamine"), "{}", program.text());
    program.press("#").type_text("nonsense").press("enter");
    assert!(notice(&program).contains("names no record") || notice(&program).contains("holds no record"), "{}", notice(&program));
}

#[test]
fn a_filter_counts_while_it_is_typed_and_esc_leaves_everything_as_it_was() {
    let mut program = screening(80, 24);
    program.press("i s");
    let before = program.text();
    program.press("/");
    snapshot("screening_filter_empty_80x24", &mut program);
    program.type_text("ketam");
    snapshot("screening_filter_typing_80x24", &mut program);
    program.type_text("ine zzz");
    assert!(program.text().contains("No record fits “ketamine zzz*”"), "{}", program.text());
    program.press("esc");
    assert_eq!(program.text(), before);
}

#[test]
fn a_filter_is_kept_with_enter_votes_go_on_in_it_and_esc_takes_it_off() {
    let mut program = screening(80, 24);
    program.press("/").type_text("pain").press("enter");
    let text = program.text();
    assert!(text.contains("found by “pain*”"), "{text}");
    let total = |text: &str| text.lines().find_map(|line| line.split_once(" of ")?.1.split(' ').next()?.parse::<usize>().ok());
    let found = total(&text).expect("a count");
    program.press("e");
    assert_eq!(total(&program.text()), Some(found - 1), "{}", program.text());
    program.press("u");
    assert_eq!(total(&program.text()), Some(found), "{}", program.text());
    program.press("/").press("ctrl+u").type_text("is:mine").press("enter");
    assert!(program.text().contains("No record fits “is:mine”"), "{}", program.text());
    program.press("esc");
    assert!(program.text().contains("1 of 6 waiting for your vote"), "{}", program.text());
}

#[test]
fn a_filter_that_cannot_be_read_is_told_in_words_at_its_place() {
    let mut program = screening(80, 24);
    program.press("/").type_text("pain yeer:2010 ");
    snapshot("screening_filter_problem_80x24", &mut program);
    program.press("enter");
    assert!(program.text().contains("there is no field"), "the line stays open: {}", program.text());
    program.press("f2");
    assert!(program.text().contains("the words next to each other"), "{}", program.text());
}

#[test]
fn a_number_goes_to_that_place_of_the_list() {
    let mut program = screening(80, 24);
    program.press("#").type_text("4").press("enter");
    assert!(program.text().contains(" 4 of 6"), "{}", program.text());
    program.press("#").type_text("99").press("enter");
    assert_eq!(notice(&program), "This list has 6 records; there is no number 99.");
}

#[test]
fn an_order_is_chosen_and_remembered() {
    let mut program = screening(80, 24);
    program.press("O 2 v");
    snapshot("screening_newest_80x24", &mut program);
    program.press("v g h g s");
    let text = program.text();
    assert!(text.contains(" 1 of 6 waiting") && text.contains("慢性疼痛"), "{text}");
}

#[test]
fn a_batch_is_taken_counted_and_done() {
    let mut program = screening(80, 24);
    program.press("B").press("ctrl+u").type_text("2").press("enter");
    assert!(program.text().contains("1 of 2 in this batch"), "{}", program.text());
    program.press("e");
    snapshot("screening_batch_80x24", &mut program);
    program.press("i");
    assert!(program.text().contains("The batch is done."), "{}", program.text());
    program.press("u");
    assert!(program.text().contains("1 of 1 in this batch"), "{}", program.text());
    program.press("i B").press("ctrl+u").type_text("0").press("enter");
    assert!(program.text().contains("1 of 4 waiting for your vote"), "{}", program.text());
}

#[test]
fn the_list_shows_votes_and_opens_records() {
    let mut program = screening(80, 24);
    program.press("i e f 8 v");
    snapshot("screening_list_80x24", &mut program);
    program.press("down down enter");
    assert!(program.text().contains("3 of 6 all records"), "{}", program.text());
}

#[test]
fn pages_over_the_record_open_and_close() {
    let mut program = screening(80, 24);
    for (keys, expected) in [("c", "Wrong population"), ("R", "TY  - JOUR"), ("p", "AB (you)"), ("A", "No two reviewers")] {
        program.press(keys);
        assert!(program.text().contains(expected), "{keys}: {}", program.text());
        program.press("esc");
        assert!(program.model().overlays().is_empty());
    }
}

#[test]
fn when_everything_is_voted_on_the_next_step_is_named() {
    let mut program = screening(80, 24);
    program.press("i i i i i i");
    let text = program.text();
    assert!(text.contains("You have voted on every record"), "{text}");
    assert!(text.contains("g c goes to the conflicts"), "{text}");
}

#[test]
fn no_escape_sequence_of_a_record_reaches_the_terminal() {
    let mut program = screening(80, 24);
    program.press("s s");
    let text = program.text();
    assert!(text.contains("慢性疼痛"), "{text}");
    program.press("R");
    assert!(!(text + &program.text()).contains('\u{1b}'));
}

#[test]
fn every_size_is_drawn_without_a_panic() {
    let mut program: Program = Harness::new(tamis::tui::start::screens(), tamis::tui::app_port::AppService::new(grouped_review()), 80, 24);
    for keys in ["g h", "tab", "g o", "g d", "v", "g s", "v", "v", "g p", "g l", "g e"] {
        program.press(keys);
        for (columns, rows) in [(1, 1), (20, 5), (60, 16), (61, 17), (99, 24), (100, 24), (140, 40), (300, 100), (80, 24)] {
            program.resize(columns, rows);
        }
    }
}

#[test]
fn filter_and_order_at_160_by_50_in_text_and_style() {
    let mut program = open(grouped_review(), 160, 50);
    program.press("g s /").type_text("ketamine -rat");
    snapshot("screening_filter_typing_160x50", &mut program);
    style_snapshot("screening_filter_typing_160x50_style", &mut program);
    program.press("esc O");
    snapshot("screening_order_160x50", &mut program);
    program.press("5");
    snapshot("screening_author_160x50", &mut program);
    style_snapshot("screening_author_160x50_style", &mut program);
}
