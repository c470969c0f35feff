//! Text for cells: cleaning, measuring, cutting and wrapping, by what a reader sees as one letter.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::text::noun_for;
use crate::tui::theme::{Role, Theme};

/// A stretch of text with its meaning.
pub type Piece = (String, Role);

/// One line of pieces.
pub type StyledLine = Vec<Piece>;

/// Returns whether the character may never reach a terminal: controls, overrides of writing direction, invisible tags.
pub fn is_hostile(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns the text without hostile characters; line ends and tabs become spaces.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let cleaned = text.chars().filter_map(|letter| match letter {
        '\n' | '\r' | '\t' => Some(' '),
        hostile if is_hostile(hostile) => None,
        letter => Some(letter),
    });
    Cow::Owned(cleaned.collect())
}

/// Replaces what is hostile in a drawn screen, whoever drew it; the last defence before the terminal.
pub fn sweep(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().contains(is_hostile) {
            cell.set_symbol(" ");
        }
    }
}

/// Returns how many cells the text takes.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// Cuts the text to a width in cells; "…" stands for what was cut. The result is clean.
pub fn cut(text: &str, room: usize) -> String {
    let text = clean(text);
    if width(&text) <= room {
        return text.into_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let cells = grapheme.width();
        if used + cells + 1 > room {
            break;
        }
        kept.push_str(grapheme);
        used += cells;
    }
    if room > 0 {
        kept.push('…');
    }
    kept
}

/// Cuts or fills the text with spaces to exactly the width.
pub fn fit(text: &str, room: usize, is_right: bool) -> String {
    let text = cut(text, room);
    let space = " ".repeat(room.saturating_sub(width(&text)));
    if is_right { space + &text } else { text + &space }
}

/// Wraps pieces into lines of at most `room` cells, between words where possible, else between letters.
///
/// Line ends within the pieces are kept. An empty input gives one empty line.
pub fn wrap(pieces: &[Piece], room: usize) -> Vec<StyledLine> {
    let room = room.max(1);
    let mut lines = vec![StyledLine::new()];
    let mut used = 0;
    let words = join_words(pieces);
    for word in &words {
        let text: String = word.iter().map(|(text, _)| text.as_str()).collect();
        if text == "\n" {
            lines.push(StyledLine::new());
            used = 0;
            continue;
        }
        let cells = width(&text);
        let is_space = text.chars().all(char::is_whitespace);
        if used + cells > room && used > 0 {
            if is_space {
                used = room;
                continue;
            }
            trim_end(lines.last_mut());
            lines.push(StyledLine::new());
            used = 0;
        }
        if is_space && used == 0 && lines.len() > 1 {
            continue;
        }
        for (part, role) in word {
            for grapheme in part.graphemes(true) {
                let cells = grapheme.width();
                if used + cells > room && used > 0 {
                    lines.push(StyledLine::new());
                    used = 0;
                }
                push(lines.last_mut(), grapheme, *role);
                used += cells;
            }
        }
    }
    lines.iter_mut().for_each(|line| trim_end(Some(line)));
    lines
}

/// Wraps a text of one role.
pub fn wrap_text(text: &str, role: Role, room: usize) -> Vec<StyledLine> {
    wrap(&[(text.to_owned(), role)], room)
}

/// Cuts pieces into words, spaces and line ends; a word may run over several pieces. Hostile characters are left out.
fn join_words(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut words: Vec<Vec<Piece>> = Vec::new();
    let mut is_open = false;
    for (text, role) in pieces {
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                words.push(vec![("\n".to_owned(), *role)]);
                is_open = false;
            }
            let part = clean(part);
            for token in part.split_inclusive(' ').flat_map(|token| match token.strip_suffix(' ') {
                Some(word) => [word, " "],
                None => [token, ""],
            }) {
                for token in breakable(token).into_iter().filter(|token| !token.is_empty()) {
                    let is_wide = token.graphemes(true).next().is_some_and(|first| first.width() > 1);
                    match words.last_mut().filter(|_| is_open && token != " " && !is_wide) {
                        Some(word) => word.push((token.to_owned(), *role)),
                        None => words.push(vec![(token.to_owned(), *role)]),
                    }
                    is_open = token != " " && !is_wide;
                }
            }
        }
    }
    words
}

/// Cuts a word between wide letters (Chinese, Japanese, Korean), where lines may break without a space.
fn breakable(token: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, grapheme) in token.grapheme_indices(true) {
        if grapheme.width() > 1 {
            parts.push(&token[start..at]);
            parts.push(&token[at..at + grapheme.len()]);
            start = at + grapheme.len();
        }
    }
    parts.push(&token[start..]);
    parts
}

fn push(line: Option<&mut StyledLine>, text: &str, role: Role) {
    let Some(line) = line else { return };
    match line.last_mut().filter(|(_, last)| *last == role) {
        Some((piece, _)) => piece.push_str(text),
        None => line.push((text.to_owned(), role)),
    }
}

fn trim_end(line: Option<&mut StyledLine>) {
    let Some(line) = line else { return };
    while let Some((text, _)) = line.last_mut() {
        text.truncate(text.trim_end().len());
        if !text.is_empty() {
            break;
        }
        line.pop();
    }
}

/// Gives a line its styles; the text is cleaned.
pub fn paint(line: &StyledLine, theme: &Theme) -> Line<'static> {
    Line::from(line.iter().map(|(text, role)| Span::styled(clean(text).into_owned(), theme.style(*role))).collect::<Vec<_>>())
}

/// Prints a count with commas between thousands ("50,000").
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut printed = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            printed.push(',');
        }
        printed.push(digit);
    }
    printed
}

/// Prints a count with its noun, which is given for one ("50,000 records", "1 record").
pub fn counted(number: usize, noun: &str) -> String {
    format!("{} {}", count(number), noun_for(number, noun))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(lines: &[StyledLine]) -> Vec<String> {
        lines.iter().map(|line| line.iter().map(|(text, _)| text.as_str()).collect()).collect()
    }

    #[test]
    fn escapes_and_overrides_never_get_through() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\td\u{9b}e\u{7}"), "a[31mbc de");
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 2, 1));
        buffer.content[0].set_symbol("\u{1b}]0;x");
        sweep(&mut buffer);
        assert_eq!(buffer.content[0].symbol(), " ");
    }

    #[test]
    fn wide_and_combining_letters_are_measured_as_seen() {
        assert_eq!(width("慢性疼痛"), 8);
        assert_eq!(width("e\u{301}a"), 2);
        assert_eq!(cut("慢性疼痛", 5), "慢性…");
        assert_eq!(cut("naïve", 10), "naïve");
        assert_eq!(fit("慢", 4, false), "慢  ");
        assert_eq!(fit("12", 4, true), "  12");
    }

    #[test]
    fn lines_break_between_words_and_long_words_between_letters() {
        assert_eq!(plain(&wrap_text("one two three", Role::Text, 8)), ["one two", "three"]);
        assert_eq!(plain(&wrap_text("abcdefghij", Role::Text, 4)), ["abcd", "efgh", "ij"]);
        assert_eq!(plain(&wrap_text("first\nsecond", Role::Text, 20)), ["first", "second"]);
        assert_eq!(plain(&wrap_text("慢性疼痛患者", Role::Text, 5)), ["慢性", "疼痛", "患者"]);
        assert_eq!(plain(&wrap_text("", Role::Text, 5)), [""]);
        assert_eq!(plain(&wrap_text("exactly ten chars", Role::Text, 7)), ["exactly", "ten", "chars"]);
    }

    #[test]
    fn a_word_over_two_roles_is_not_torn() {
        let pieces = [("a pla".to_owned(), Role::Text), ("cebo".to_owned(), Role::Match)];
        assert_eq!(plain(&wrap(&pieces, 8)), ["a", "placebo"]);
    }

    #[test]
    fn no_line_is_wider_than_the_room() {
        let text = "Ketamine 慢性疼痛 מבוגרים عربي and e\u{301}te\u{301} of a\u{200d}b 👩‍⚕️ trials ".repeat(20);
        for room in [1, 2, 7, 40] {
            for line in plain(&wrap_text(&text, Role::Text, room)) {
                assert!(width(&line) <= room.max(2), "{line:?}");
            }
        }
    }

    #[test]
    fn thousands_have_commas() {
        assert_eq!([count(0), count(999), count(50_000), count(1_234_567)], ["0", "999", "50,000", "1,234,567"]);
    }
}
