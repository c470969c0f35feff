//! A field of several lines that a person types into.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::text_field::TextField;
use crate::tui::keymap::Key;
use crate::tui::theme::{Role, Theme};

/// Lines of text and the place of the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextArea {
    lines: Vec<TextField>,
    row: usize,
}

impl TextArea {
    /// Makes a field with a text and the cursor behind it.
    pub fn new(text: &str) -> Self {
        let lines: Vec<_> = text.split('\n').map(TextField::new).collect();
        Self { row: lines.len() - 1, lines }
    }

    /// Returns the text, its lines divided by `\n`.
    pub fn text(&self) -> String {
        self.lines.iter().map(TextField::text).collect::<Vec<_>>().join("\n")
    }

    /// Inserts a pasted text before the cursor; its line ends are kept.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.split_line();
            }
            self.lines[self.row].paste(line);
        }
    }

    /// Carries out a key; returns whether it meant something to the field.
    pub fn key(&mut self, key: Key) -> bool {
        let column = self.lines[self.row].column();
        if key.code == KeyCode::Enter && !key.ctrl {
            self.split_line();
        } else if key.is(KeyCode::Up) && self.row > 0 {
            self.row -= 1;
            self.lines[self.row].set_column(column);
        } else if key.is(KeyCode::Down) && self.row + 1 < self.lines.len() {
            self.row += 1;
            self.lines[self.row].set_column(column);
        } else if key.is(KeyCode::Backspace) && column == 0 && self.row > 0 {
            let tail = self.lines.remove(self.row);
            self.row -= 1;
            self.join(&tail);
        } else if key.is(KeyCode::Delete) && self.is_at_line_end() && self.row + 1 < self.lines.len() {
            let tail = self.lines.remove(self.row + 1);
            self.join(&tail);
        } else {
            return self.lines[self.row].key(key);
        }
        true
    }

    fn is_at_line_end(&self) -> bool {
        let mut line = self.lines[self.row].clone();
        line.split_off().text().is_empty()
    }

    fn split_line(&mut self) {
        let tail = self.lines[self.row].split_off();
        self.row += 1;
        self.lines.insert(self.row, tail);
    }

    /// Appends a line to the one of the cursor, which stays where it is.
    fn join(&mut self, tail: &TextField) {
        let line = &mut self.lines[self.row];
        line.set_column(usize::MAX);
        let column = line.column();
        line.paste(tail.text());
        line.set_column(column);
    }

    /// Draws the field; lines move so that the cursor stays visible while the field is edited.
    pub fn view(&self, frame: &mut Frame, area: Rect, theme: &Theme, is_focused: bool) {
        let role = if is_focused { Role::FieldFocus } else { Role::Field };
        frame.buffer_mut().set_style(area, theme.style(role));
        let height = usize::from(area.height);
        let top = (self.row + 1).saturating_sub(height);
        for (line, y) in self.lines.iter().enumerate().skip(top).take(height).zip(area.y..) {
            line.1.view(frame, Rect { y, height: 1, ..area }, theme, is_focused && line.0 == self.row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(area: &mut TextArea, keys: &str) {
        for key in keys.split_whitespace() {
            area.key(Key::parse(key).expect(key));
        }
    }

    #[test]
    fn lines_are_split_and_joined() {
        let mut area = TextArea::new("one");
        press(&mut area, "enter t w o");
        assert_eq!(area.text(), "one\ntwo");
        press(&mut area, "home backspace");
        assert_eq!(area.text(), "onetwo");
        press(&mut area, "enter up end delete x");
        assert_eq!(area.text(), "onextwo");
    }

    #[test]
    fn a_paste_keeps_its_lines() {
        let mut area = TextArea::new("");
        area.paste("a\r\nb\u{1b}\nc");
        assert_eq!(area.text(), "a\nb\nc");
        press(&mut area, "up up x");
        assert_eq!(area.text(), "ax\nb\nc");
    }
}
