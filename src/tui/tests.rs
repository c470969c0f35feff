//! The framework end to end: two small screens over made-up records, driven by keys.

use std::time::Duration;

use ratatui::style::Modifier;

use super::harness::Harness;
use super::keymap::{KeyContext, Keymap};
use super::message::{Call, Msg};
use super::overlay::Overlay;
use super::port::{Finished, Progress};
use super::screen::Screen;
use super::screen::example::{Example, Home, Memory, Query, Screening};
use super::theme::Mark;
use crate::app::command::COMMANDS;

fn program(records: usize, columns: u16, rows: u16) -> Harness<Example, Memory> {
    let screens: Vec<Box<dyn Screen<Example>>> = vec![Box::new(Home), Box::new(Screening::new())];
    Harness::new(screens, Memory::of(records), columns, rows)
}

fn snapshot(name: &str, harness: &mut Harness<Example, Memory>) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/tui"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, harness.text()));
}

#[test]
fn an_empty_screen_says_what_to_do_next() {
    snapshot("empty_80x24", &mut program(0, 80, 24));
}

#[test]
fn a_screen_is_complete_at_80_by_24() {
    let mut harness = program(50_000, 80, 24);
    harness.press("g s i m");
    snapshot("list_80x24", &mut harness);
    assert_eq!(harness.service().votes.get(&0).map(|vote| vote.0), Some(Mark::Include));
}

#[test]
fn a_wide_terminal_has_panes_side_by_side() {
    let mut harness = program(12, 120, 30);
    harness.press("g s");
    snapshot("list_120x30", &mut harness);
}

#[test]
fn help_lists_the_screen_first() {
    snapshot("help_80x24", program(3, 80, 24).press("g s ?"));
}

#[test]
fn the_palette_finds_commands_and_says_why_some_are_unavailable() {
    let mut harness = program(3, 80, 24);
    harness.press("g s :").type_text("undo");
    snapshot("palette_80x24", &mut harness);
    harness.press("enter");
    assert_eq!(
        harness.model().notice().map(|notice| notice.text.as_str()),
        Some("“Undo” is not available: nothing of yours to take back.")
    );
    assert_eq!(harness.model().overlays().len(), 1);
}

#[test]
fn after_g_the_possible_keys_are_shown() {
    snapshot("which_key_80x24", program(3, 80, 24).press("g"));
}

#[test]
fn a_list_of_reasons_takes_a_digit_and_gives_the_command() {
    let mut harness = program(3, 80, 24);
    harness.press("g s E");
    snapshot("picker_80x24", &mut harness);
    harness.press("2");
    assert_eq!(harness.service().cast, [(0, Mark::Exclude, Some("design".to_owned()))]);
    assert!(harness.model().overlays().is_empty());
}

#[test]
fn typing_never_gives_commands() {
    let mut harness = program(3, 80, 24);
    harness.press("g s n").type_text("quit me: i e u").paste("q\nq");
    assert!(!harness.has_ended());
    snapshot("ask_80x24", &mut harness);
    harness.press("enter");
    assert_eq!(harness.model().notice().map(|notice| notice.text.as_str()), Some("Noted: quit me: i e uq\nq."));
    assert!(harness.service().cast.is_empty());
}

#[test]
fn what_was_done_is_shown_with_the_key_that_takes_it_back() {
    let mut harness = program(3, 80, 24);
    harness.press("g s i");
    assert!(harness.text().contains("Vote include on record 1.   u takes it back"), "{}", harness.text());
    harness.press("u");
    assert!(harness.service().votes.is_empty());
    harness.press("ctrl+r");
    assert_eq!(harness.service().votes.len(), 1);
}

#[test]
fn a_command_without_its_condition_says_what_is_missing() {
    let mut harness = program(0, 80, 24);
    harness.press("g s i");
    assert!(harness.text().contains("“Include” is not available: no record is shown."), "{}", harness.text());
}

#[test]
fn a_notice_goes_after_a_while() {
    let mut harness = program(3, 80, 24);
    harness.press("g s i");
    for _ in 0..80 {
        assert!(harness.model().is_moving());
        harness.happen(Msg::Tick);
    }
    assert!(!harness.model().is_moving());
}

#[test]
fn only_one_page_of_a_long_list_is_loaded() {
    let mut harness = program(50_000, 80, 24);
    harness.press("g s end");
    assert!(harness.text().contains("50000"), "{}", harness.text());
    let longest =
        harness.service().loaded.iter().filter_map(|query| if let Query::Rows(rows) = query { Some(rows.len()) } else { None }).max();
    assert!(longest.is_some_and(|rows| rows <= 60), "{longest:?}");
}

#[test]
fn a_job_shows_how_far_it_is_and_can_be_stopped() {
    let mut harness = program(3, 80, 24);
    harness.press("X");
    snapshot("job_80x24", &mut harness);
    harness.press("T");
    snapshot("jobs_80x24", &mut harness);
    harness.press("x esc");
    assert_eq!(harness.service().cancelled.len(), 1);
    let reporter = harness.service().held.take().expect("a job was begun");
    let reports = std::thread::spawn(move || {
        reporter.progress(Progress { phase: "writing".to_owned(), done: 1, total: 1 });
        reporter.finished(Ok(Finished { reply: "Found 12 duplicates.".to_owned(), change: <Example as super::port::Port>::EVERYTHING }));
    });
    assert_eq!(harness.wait_for(Duration::from_secs(5), |text| text.contains("Found 12 duplicates.")), Ok(()));
    assert!(reports.join().is_ok());
}

#[test]
fn quitting_while_a_job_runs_asks_first() {
    let mut harness = program(3, 80, 24);
    harness.press("X q");
    snapshot("confirm_80x24", &mut harness);
    harness.press("n");
    assert!(!harness.has_ended());
    assert!(harness.press("q y").has_ended());
}

#[test]
fn a_problem_of_the_file_is_a_dialog_with_a_report() {
    let mut harness = program(3, 80, 24);
    harness.press("g s");
    harness.happen(Msg::Done(
        super::message::Address::Frame,
        Err(super::port::Problem {
            hint: Some("Restore it from a backup.".to_owned()),
            causes: vec!["the file was replaced".to_owned()],
            ..super::port::Problem::dialog("The review could not be written.")
        }),
    ));
    snapshot("problem_80x24", &mut harness);
    harness.press("c esc");
    assert_eq!(harness.outside().copied.len(), 1);
    assert!(harness.model().overlays().is_empty());
}

#[test]
fn esc_takes_boxes_away_one_by_one() {
    let mut harness = program(3, 80, 24);
    harness.press("g s ?").give(Call::new("palette"));
    assert_eq!(harness.model().overlays().len(), 2);
    harness.press("esc");
    assert!(matches!(harness.model().overlays(), [Overlay::Page(_)]));
    harness.press("esc");
    assert!(harness.model().overlays().is_empty());
}

#[test]
fn a_terminal_too_small_says_so_and_comes_back() {
    let mut harness = program(3, 80, 24);
    harness.press("g s").resize(50, 10);
    assert!(harness.text().contains("needs 60 and 16"), "{}", harness.text());
    harness.resize(60, 16);
    assert!(harness.text().contains("[Screening 3]"), "{}", harness.text());
}

#[test]
fn every_size_is_drawn_without_a_panic() {
    let mut harness = program(3, 80, 24);
    for keys in ["g s", "?", "esc", ":", "esc", "E", "esc", "n", "esc", "g"] {
        harness.press(keys);
        for (columns, rows) in [(1, 1), (20, 5), (60, 16), (61, 17), (100, 24), (140, 40), (300, 100), (80, 24)] {
            harness.resize(columns, rows);
        }
    }
}

#[test]
fn no_escape_sequence_of_a_record_reaches_the_terminal() {
    let mut harness = program(3, 140, 40);
    let text = harness.press("g s").text();
    assert!(text.contains("not red"), "{text}");
    assert!(!text.chars().any(|letter| letter != '\n' && super::widget::text::is_hostile(letter)));
}

#[test]
fn screens_are_left_and_come_back_to() {
    let mut harness = program(3, 80, 24);
    assert_eq!(harness.press("enter").model().screen_name(), "screening");
    assert_eq!(harness.press("backspace").model().screen_name(), "home");
    assert_eq!(harness.press("]").model().screen_name(), "screening");
    assert_eq!(harness.press("]").model().screen_name(), "home");
}

#[test]
fn without_colour_weight_and_reversal_carry_the_meaning() {
    let mut harness = program(3, 120, 30);
    harness.press("g s");
    let modifier = |style: Option<ratatui::style::Style>| style.map(|style| style.add_modifier);
    assert_eq!(modifier(harness.style_of("report 0   ")), Some(Modifier::REVERSED));
    assert_eq!(modifier(harness.style_of("randomised to placebo")), Some(Modifier::BOLD | Modifier::UNDERLINED));
    assert_eq!(modifier(harness.style_of("Rats were")), Some(Modifier::REVERSED));
    assert_eq!(harness.style_of("nowhere"), None);
}

#[test]
fn the_themes_change_by_a_key() {
    let mut harness = program(3, 80, 24);
    assert_eq!(harness.model().theme().name(), "mono");
    assert_eq!(harness.press("ctrl+t").model().theme().name(), "dark");
}

#[test]
fn every_command_of_the_screens_is_in_the_palette() {
    let listed = Keymap::built_in().entries(&KeyContext::new()).len();
    assert_eq!(listed, COMMANDS.iter().filter(|command| command.is_on_screens()).count());
}

#[test]
fn suspending_goes_out_and_comes_back() {
    let mut harness = program(3, 80, 24);
    harness.press("ctrl+z : ctrl+z");
    assert_eq!(harness.outside().suspended, 2);
    assert_eq!(harness.press("ctrl+c").model().overlays().len(), 0);
    assert!(harness.press("ctrl+c").has_ended());
}
