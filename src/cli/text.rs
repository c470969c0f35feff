//! Text for a terminal: cleaned, measured in cells, cut and wrapped.

use std::borrow::Cow;

use clap::builder::styling::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::domain::search::SEARCH_WORDS;
use crate::domain::text::clean_line;

/// Returns a text of several lines without anything that could steer a terminal; each line is cleaned, white space at its start stays.
pub fn clean_lines(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text
        .split('\n')
        .map(|line| {
            let indent = line.len() - line.trim_start_matches(' ').len();
            if indent == 0 { clean_line(line) } else { Cow::Owned(format!("{}{}", &line[..indent], clean_line(&line[indent..]))) }
        })
        .collect();
    lines.join("\n")
}

/// Returns the words of the search language with what each finds, for the help of verbs that take a query.
pub fn search_help() -> String {
    let cells = SEARCH_WORDS.iter().map(|word| word.example.chars().count()).max().unwrap_or(0);
    let lines = SEARCH_WORDS.iter().map(|word| format!("  {:cells$}  {}", word.example, word.doc));
    let lines: Vec<String> = lines.collect();
    format!("What to look for (case, accents and kinds of hyphens do not count):\n{}", lines.join("\n"))
}

/// Returns the width of a text in terminal cells.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts a text to so many cells; a cut text ends in "…".
pub fn cut(text: &str, cells: usize) -> Cow<'_, str> {
    if text.width() <= cells {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > cells {
            break;
        }
        used += wide;
        kept.push(c);
    }
    let trimmed = kept.trim_end().len();
    kept.truncate(trimmed);
    kept.push('…');
    Cow::Owned(kept)
}

/// Breaks a text at spaces into lines of at most so many cells; a longer word stands alone and is broken where it must be.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(8);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            for piece in pieces(word, cells) {
                if !line.is_empty() && line.width() + 1 + piece.width() > cells {
                    lines.push(std::mem::take(&mut line));
                }
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(&piece);
            }
        }
        lines.push(line);
    }
    lines
}

fn pieces(word: &str, cells: usize) -> Vec<Cow<'_, str>> {
    if word.width() <= cells {
        return vec![Cow::Borrowed(word)];
    }
    let mut pieces = vec![String::new()];
    for c in word.chars() {
        let last = pieces.last_mut().expect("the list begins with one piece");
        if last.width() + c.width().unwrap_or(0) > cells {
            pieces.push(c.to_string());
        } else {
            last.push(c);
        }
    }
    pieces.into_iter().map(Cow::Owned).collect()
}

/// Returns the text in a style, or as it is where colours are off.
pub fn emphasis(text: &str, is_colored: bool, style: Style) -> String {
    if is_colored && !text.is_empty() { format!("{}{text}{}", style.render(), style.render_reset()) } else { text.to_owned() }
}

/// The style of headings.
pub fn bold() -> Style {
    Style::new().bold()
}

/// The style of what matters less.
pub fn dim() -> Style {
    Style::new().dimmed()
}

/// The style of errors, and of words that speak against a record.
pub fn red() -> Style {
    AnsiColor::Red.on_default().bold()
}

/// The style of words that name a part of the question.
pub fn cyan() -> Style {
    AnsiColor::Cyan.on_default().underline()
}

/// The style of words that speak for a record.
pub fn green() -> Style {
    AnsiColor::Green.on_default().bold()
}

/// Returns "1 record" or "3 records".
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_counts_cells_and_never_splits_a_wide_character() {
        assert_eq!(cut("ketamine", 8), "ketamine");
        assert_eq!(cut("ketamine", 5), "keta…");
        assert_eq!(cut("疼痛研究", 5), "疼痛…");
        assert_eq!(cut("疼痛研究", 4), "疼…");
        assert_eq!(cut("abc", 1), "…");
    }

    #[test]
    fn wrapping_keeps_words_and_breaks_only_what_cannot_fit() {
        assert_eq!(wrap("one two three four", 9), ["one two", "three", "four"]);
        assert_eq!(wrap("a\nb", 10), ["a", "b"]);
        assert_eq!(wrap("abcdefghijklmnop", 8), ["abcdefgh", "ijklmnop"]);
    }

    #[test]
    fn escapes_do_not_survive_cleaning_and_indents_do() {
        assert_eq!(clean_lines("a\u{1b}[2Jb\n  c\u{9b}31m"), "ab\n  c");
    }
}
