//! A field of one line that a person types into.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use unicode_segmentation::UnicodeSegmentation;

use super::text::{clean, width};
use crate::tui::keymap::Key;
use crate::tui::theme::{Role, Theme};

/// The text of a field and the place of the cursor, always between two letters as a reader sees them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextField {
    text: String,
    cursor: usize,
}

impl TextField {
    /// Makes a field with a text and the cursor behind it. The text is cleaned.
    pub fn new(text: &str) -> Self {
        let text = clean(text).into_owned();
        Self { cursor: text.len(), text }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns how many letters stand before the cursor.
    pub fn column(&self) -> usize {
        self.text[..self.cursor].graphemes(true).count()
    }

    /// Puts the cursor behind the given number of letters, or at the end.
    pub fn set_column(&mut self, letters: usize) {
        self.cursor = self.text.grapheme_indices(true).nth(letters).map_or(self.text.len(), |(at, _)| at);
    }

    /// Inserts a pasted text before the cursor; line ends become spaces and control characters vanish.
    pub fn paste(&mut self, text: &str) {
        let text = clean(text);
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
        self.settle();
    }

    /// Cuts off and returns what follows the cursor.
    pub fn split_off(&mut self) -> Self {
        Self { text: self.text.split_off(self.cursor), cursor: 0 }
    }

    /// Carries out a key; returns whether it meant something to the field.
    pub fn key(&mut self, key: Key) -> bool {
        if let Some(letter) = key.typed() {
            self.paste(letter.encode_utf8(&mut [0; 4]));
            return true;
        }
        match (key.code, key.ctrl, key.alt) {
            (KeyCode::Left, false, false) => self.cursor = self.before(),
            (KeyCode::Right, false, false) => self.cursor = self.after(),
            (KeyCode::Left, true, _) => self.cursor = self.word_before(),
            (KeyCode::Right, true, _) => self.cursor = self.word_after(),
            (KeyCode::Home, ..) | (KeyCode::Char('a'), true, _) => self.cursor = 0,
            (KeyCode::End, ..) | (KeyCode::Char('e'), true, _) => self.cursor = self.text.len(),
            (KeyCode::Backspace, false, false) => self.erase(self.before(), self.cursor),
            (KeyCode::Backspace, ..) | (KeyCode::Char('w'), true, _) => self.erase(self.word_before(), self.cursor),
            (KeyCode::Delete, ..) => self.erase(self.cursor, self.after()),
            (KeyCode::Char('u'), true, _) => self.erase(0, self.cursor),
            (KeyCode::Char('k'), true, _) => self.erase(self.cursor, self.text.len()),
            _ => return false,
        }
        true
    }

    fn erase(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
        self.settle();
    }

    /// Moves the cursor to the nearest border between letters at or behind it.
    fn settle(&mut self) {
        let at = self.cursor;
        self.cursor = self.text.grapheme_indices(true).map(|(start, _)| start).find(|start| *start >= at).unwrap_or(self.text.len());
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.text[self.cursor..].graphemes(true).next().map_or(self.text.len(), |letter| self.cursor + letter.len())
    }

    fn word_before(&self) -> usize {
        self.text[..self.cursor].unicode_word_indices().next_back().map_or(0, |(at, _)| at)
    }

    fn word_after(&self) -> usize {
        let rest = &self.text[self.cursor..];
        rest.unicode_word_indices().next().map_or(self.text.len(), |(at, word)| self.cursor + at + word.len())
    }

    /// Draws the field in one line; the text moves sideways so that the cursor stays visible while the field is edited.
    pub fn view(&self, frame: &mut Frame, area: Rect, theme: &Theme, is_focused: bool) {
        if area.width == 0 || area.height == 0 {
            return;
        }
        let area = Rect { height: 1, ..area };
        let room = usize::from(area.width);
        let before = width(&self.text[..self.cursor]);
        let skipped = if is_focused { (before + 1).saturating_sub(room) } else { 0 };
        let (mut gone, mut shown) = (0, String::new());
        for letter in self.text.graphemes(true) {
            if gone < skipped {
                gone += width(letter);
            } else {
                shown.push_str(letter);
            }
        }
        let role = if is_focused { Role::FieldFocus } else { Role::Field };
        // What the field was drawn over is not a part of it.
        for x in area.intersection(frame.area()).columns() {
            frame.buffer_mut()[x.as_position()].set_symbol(" ");
        }
        frame.buffer_mut().set_style(area, theme.style(role));
        frame.render_widget(Line::styled(shown, theme.style(role)), area);
        if is_focused {
            let x = area.x + u16::try_from(before.saturating_sub(gone).min(room - 1)).unwrap_or(0);
            frame.set_cursor_position(Position { x, y: area.y });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(field: &mut TextField, keys: &str) {
        for key in keys.split_whitespace() {
            assert!(field.key(Key::parse(key).expect(key)), "{key}");
        }
    }

    #[test]
    fn letters_are_typed_and_erased_as_a_reader_sees_them() {
        let mut field = TextField::new("e\u{301}慢");
        press(&mut field, "x left left backspace");
        assert_eq!((field.text(), field.column()), ("慢x", 0));
        press(&mut field, "end ctrl+u");
        assert_eq!(field.text(), "");
    }

    #[test]
    fn a_paste_is_one_clean_line() {
        let mut field = TextField::new("ab");
        field.set_column(1);
        field.paste("1\r\n2\u{1b}[0m");
        assert_eq!(field.text(), "a1  2[0mb");
    }

    #[test]
    fn words_are_stepped_over_and_erased() {
        let mut field = TextField::new("two words here");
        press(&mut field, "ctrl+w");
        assert_eq!(field.text(), "two words ");
        press(&mut field, "home ctrl+right delete");
        assert_eq!(field.text(), "twowords ");
        press(&mut field, "ctrl+k");
        assert_eq!(field.text(), "two");
    }

    #[test]
    fn a_combining_mark_joins_the_letter_before_it() {
        let mut field = TextField::new("e");
        field.paste("\u{301}");
        assert_eq!((field.column(), field.text()), (1, "e\u{301}"));
    }

    #[test]
    fn keys_of_the_program_are_left_alone() {
        let mut field = TextField::new("x");
        for key in ["esc", "tab", "enter", "ctrl+p", "f1", "up"] {
            assert!(!field.key(Key::parse(key).expect(key)), "{key}");
        }
    }
}
