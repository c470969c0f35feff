//! Reading a record: parts of abstracts, words, links, copies, and scripts of any kind, by keys.

use ratatui::style::Modifier;
use tamis::app::{ImportOrder, Request};
use tamis::domain::review::{HighlightWord, WordList};
use tamis::domain::source::SourceKind;
use tamis::tui::widget::text::width;

use super::{Program, empty_review, grouped_review, notice, open, snapshot};

const SCRIPTS: &str = include_str!("scripts.ris");

fn screening(columns: u16, rows: u16) -> Program {
    let mut program = open(grouped_review(), columns, rows);
    program.press("g s");
    program
}

/// Records in Chinese, Hebrew with Arabic, French with combining accents, and one with a title of 4,000 letters.
fn scripts(columns: u16, rows: u16) -> Program {
    let mut review = empty_review();
    let order = ImportOrder { kind: Some(SourceKind::Database), ..ImportOrder::of("scripts.ris", "Everywhere") };
    review.import_bundled(&order, SCRIPTS).expect("the records can be read");
    let word = |list, text: &str| HighlightWord { list, text: text.to_owned() };
    let words = vec![
        word(WordList::Include, "randomi*"),
        word(WordList::Exclude, "rats"),
        word(WordList::Population, "adult"),
        word(WordList::Intervention, "ketamine"),
        word(WordList::Comparison, "placebo"),
        word(WordList::Outcome, "pain"),
        word(WordList::Outcome, "慢性疼痛"),
    ];
    review.run(Request::SetWords(words)).expect("words");
    let mut program = open(review, columns, rows);
    program.press("g s");
    program
}

/// Tells whether the right border of the record stands in one column on every line of the card.
fn has_straight_border(program: &mut Program) -> bool {
    let text = program.text();
    let card: Vec<&str> = text.lines().skip_while(|line| !line.contains('┌')).take_while(|line| !line.contains('└')).collect();
    !card.is_empty() && card.iter().all(|line| width(line) == width(card[0]))
}

#[test]
fn every_script_is_set_in_straight_columns_at_80_by_24() {
    let mut program = scripts(80, 24);
    snapshot("reading_chinese_80x24", &mut program);
    assert!(has_straight_border(&mut program), "{}", program.text());
    program.press("s");
    snapshot("reading_hebrew_80x24", &mut program);
    assert!(has_straight_border(&mut program), "{}", program.text());
    program.press("s");
    snapshot("reading_french_80x24", &mut program);
    assert!(has_straight_border(&mut program), "{}", program.text());
    program.press("s");
    assert!(has_straight_border(&mut program), "{}", program.text());
    program.press("end");
    assert!(program.text().contains("Short."), "a title of 4,000 letters is read to its end: {}", program.text());
}

#[test]
fn a_wide_terminal_keeps_the_lines_short_enough_to_read() {
    let mut program = scripts(160, 50);
    program.press("s s");
    snapshot("reading_french_160x50", &mut program);
}

#[test]
fn words_carry_a_style_or_a_sign_without_any_colour_and_go_by_a_key() {
    let mut program = scripts(80, 24);
    program.press("s s");
    let modifier = |program: &mut Program, text: &str| program.style_of(text).map(|style| style.add_modifier).unwrap_or_default();
    assert!(modifier(&mut program, "randomized").contains(Modifier::UNDERLINED | Modifier::BOLD), "{}", program.text());
    assert!(modifier(&mut program, "rats").contains(Modifier::REVERSED));
    for text in ["Adultsᴾ", "ketamineᴵ", "Painᴼ"] {
        assert!(modifier(&mut program, text).contains(Modifier::UNDERLINED), "{text}: {}", program.text());
    }
    assert!(modifier(&mut program, "METHODS").contains(Modifier::BOLD), "a heading without a colon");
    assert!(!modifier(&mut program, "randomised").contains(Modifier::UNDERLINED), "what is denied: {}", program.text());
    program.press("h");
    assert!(!program.text().contains('ᴾ'), "{}", program.text());
    assert_eq!(modifier(&mut program, "randomized"), Modifier::empty());
}

#[test]
fn words_are_added_moved_and_removed_from_the_record() {
    let mut program = screening(80, 24);
    program.press("w").type_text("titrated").press("enter");
    snapshot("reading_word_list_80x24", &mut program);
    program.press("4");
    assert!(program.text().contains("titratedᴵ"), "{}", program.text());
    program.press("w").type_text("titrated").press("enter 6");
    assert!(program.text().contains("titratedᴼ"), "{}", program.text());
    program.press("w").type_text("titrated").press("enter 7");
    assert!(!program.text().contains("titratedᴼ"), "{}", program.text());
    program.press("u");
    assert!(program.text().contains("titratedᴼ"), "{}", program.text());
    let before = program.service().review().words().len();
    program.press("w").type_text("usual").press("enter");
    assert!(program.service().review().words().len() > before + 10, "{}", notice(&program));
}

#[test]
fn links_open_in_the_browser_and_parts_are_copied() {
    let mut program = screening(80, 24);
    program.press("o");
    assert_eq!(program.outside().links, ["https://doi.org/10.1016/j.pain.2009.06.023"]);
    program.press("y d y r y t y p");
    let copied = program.outside().copied.clone();
    assert_eq!(copied[0], "10.1016/j.pain.2009.06.023");
    assert!(copied[1].starts_with("Sigtermans MJ, van Hilten JJ. Ketamine produces"), "{copied:?}");
    assert_eq!(copied.len(), 3, "there is no PMID: {}", notice(&program));
    assert!(notice(&program).contains("no PMID"), "{}", notice(&program));
    let mut program = scripts(80, 24);
    program.press("o");
    assert!(program.outside().links.is_empty() && notice(&program).contains("no DOI"), "{}", notice(&program));
    program.press("s o");
    assert_eq!(program.outside().links, ["http://example.org/harefuah/1"]);
}

#[test]
fn the_place_of_reading_stays_when_the_terminal_or_the_marks_change() {
    let mut program = scripts(80, 24);
    program.press("s s s pagedown pagedown");
    let line = |program: &mut Program| program.text().lines().nth(5).map(str::to_owned).unwrap_or_default();
    let before = line(&mut program);
    program.press("K");
    assert_eq!(line(&mut program), before, "a star does not scroll");
    program.press("h h");
    assert_eq!(line(&mut program), before, "neither do the words");
}
