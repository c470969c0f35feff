//! The mouse where people expect it, and a terminal that changes its size at any moment.

use tamis::tui::mouse::Gesture;

use super::{Program, grouped_review, notice, open, snapshot};

fn screening(columns: u16, rows: u16) -> Program {
    let mut program = open(grouped_review(), columns, rows);
    program.press("g s");
    program
}

#[test]
fn a_click_on_a_tab_opens_its_screen_and_one_on_a_hint_does_what_it_says() {
    let mut program = screening(160, 50);
    program.click("Sources");
    assert_eq!(program.model().screen_name(), "sources");
    program.click("Screening");
    assert_eq!(program.model().screen_name(), "screening");
    program.click("m maybe");
    assert!(notice(&program).starts_with("Maybe: "), "{}", notice(&program));
    program.click("? help");
    assert!(program.text().contains("On this screen: Screening"), "{}", program.text());
    program.click("Sources");
    assert!(!program.text().contains("On this screen"), "a click beside the page closes it:\n{}", program.text());
    assert_eq!(program.model().screen_name(), "screening", "and does nothing else");
}

#[test]
fn a_click_selects_a_row_and_another_one_opens_it() {
    let mut program = screening(80, 24);
    program.press("v");
    program.click("4 -   2001");
    let text = program.text();
    assert!(text.lines().any(|line| line.contains("▸") && line.contains("4 -   2001")), "{text}");
    program.click("4 -   2001");
    assert!(program.text().contains("Record "), "{}", program.text());
}

#[test]
fn the_wheel_reads_the_text_and_moves_in_lists_without_taking_the_keys_away() {
    let mut program = screening(160, 50);
    let at = |program: &Program| program.model().screen_name();
    program.wheel(Gesture::WheelDown, "Records");
    assert!(program.text().contains(" 1 of "), "the border is no row:\n{}", program.text());
    program.wheel(Gesture::WheelDown, "     2 ");
    assert!(program.text().contains(" 2 of "), "{}", program.text());
    program.wheel(Gesture::WheelUp, "     2 ");
    assert!(program.text().contains(" 1 of "), "{}", program.text());
    // The keys are where they were: space reads, i votes.
    program.press("i");
    assert!(notice(&program).starts_with("Include: "), "{}", notice(&program));
    assert_eq!(at(&program), "screening");
}

#[test]
fn a_choice_of_a_list_is_taken_by_a_click_and_the_wheel_chooses() {
    let mut program = screening(80, 24);
    program.press("O").click("Newest first");
    assert_eq!(program.service().review().screening_order().word(), "newest");
    program.press("O").wheel(Gesture::WheelDown, "Which order?").press("enter");
    assert_eq!(program.service().review().screening_order().word(), "oldest");
    program.press("f").click("Screening");
    assert!(!program.text().contains("Which records?"), "{}", program.text());
    assert!(notice(&program).is_empty() || !notice(&program).contains("not available"));
}

#[test]
fn what_is_next_on_the_home_screen_is_opened_by_clicks() {
    let mut program = open(grouped_review(), 80, 24);
    program.click("g s");
    if program.model().screen_name() == "home" {
        program.click("g s");
    }
    assert_eq!(program.model().screen_name(), "screening");
    program.press("g h").click("Records excluded");
    program.click("Records excluded");
    assert!(program.text().contains("Records excluded: 0") || program.text().contains("No record is in this box"), "{}", program.text());
}

#[test]
fn a_field_that_is_edited_is_not_left_by_a_stray_click() {
    let mut program = screening(80, 24);
    program.press("/").type_text("ket").click("Sources");
    assert_eq!(program.model().screen_name(), "screening");
    assert!(program.text().contains("ket"), "{}", program.text());
    program.press("esc n").type_text("a note").click("Home");
    assert!(program.text().contains("a note"), "the box with what was typed stays:\n{}", program.text());
}

/// The keys that go to each screen.
const SCREENS: [&str; 17] =
    ["g h", "g o", "g d", "g s", "g r", "g f", "g c", "g t", "g x", "g b", "g a", "g m", "g i", "g w", "g p", "g l", "g e"];

#[test]
fn the_size_may_change_under_any_screen_box_and_half_pressed_key() {
    const SIZES: [(u16, u16); 8] = [(80, 24), (1, 1), (59, 15), (60, 16), (100, 30), (160, 50), (300, 90), (80, 24)];
    const FEWER: [(u16, u16); 4] = [(1, 1), (59, 15), (100, 30), (80, 24)];
    let mut program = screening(80, 24);
    for screen in SCREENS {
        for over in ["", "g", "y", ":", "?", "f", "n", "/ x", "O", "v", "ctrl+t"] {
            program.press(screen);
            if !over.is_empty() {
                program.press(over);
            }
            for (columns, rows) in if over.is_empty() { &SIZES[..] } else { &FEWER } {
                program.resize(*columns, *rows);
            }
            program.press("esc esc esc");
        }
    }
    assert!(!program.has_ended());
}

#[test]
fn every_screen_has_its_own_help_and_every_beginning_of_keys_its_list() {
    let mut program = screening(80, 24);
    for screen in SCREENS {
        program.press(screen).press("?");
        let text = program.text();
        let heading =
            text.lines().find(|line| line.contains("On this screen: ")).unwrap_or_else(|| panic!("{screen} has no help:\n{text}"));
        assert!(text.lines().filter(|line| !line.trim().is_empty()).count() > 8, "{heading}:\n{text}");
        program.press("esc");
    }
    program.press("g s g");
    snapshot("which_key_go_80x24", &mut program);
    program.press("esc y");
    snapshot("which_key_copy_80x24", &mut program);
}
