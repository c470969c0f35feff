//! Typing into a cell: a number begins it, Enter and Tab go on, the arrows leave it, Esc gives up.

use crossterm::event::KeyCode;

use super::{Editing, Grid, Way};
use crate::tui::keymap::Key;
use crate::tui::widget::text_field::TextField;

/// What a key means to the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Typed {
    /// It leaves the cell and goes this way.
    Leave(Way),
    /// It belongs to the text of the cell, or gave it up.
    Taken,
    /// It begins to type into the selected cell.
    Begin(char),
    /// It means nothing here.
    Ignored,
}

impl Grid {
    /// Tells whether a cell is being edited.
    pub(in super::super) fn is_editing(&self) -> bool {
        self.editing.is_some()
    }

    /// Returns what is typed so far into the cell that is being edited.
    pub(in super::super) fn typed(&self) -> Option<&str> {
        self.editing.as_ref().map(|editing| editing.field.text())
    }

    /// Begins to edit the selected cell: with its text, or in place of it where typing begins it.
    pub(in super::super) fn edit(&mut self, text: &str, is_fresh: bool) {
        self.editing = self.path().is_some().then(|| Editing { field: TextField::new(text), is_fresh });
    }

    /// Leaves the cell, which keeps what it had, and returns the text without the spaces around it.
    pub(in super::super) fn leave(&mut self) -> Option<String> {
        self.editing.take().map(|editing| editing.field.text().trim().to_owned())
    }

    /// Gives a pasted text to the cell that is being edited.
    pub(in super::super) fn paste(&mut self, text: &str) {
        if let Some(editing) = &mut self.editing {
            editing.field.paste(text);
        }
    }

    /// Takes a key.
    pub(in super::super) fn key(&mut self, key: Key) -> Typed {
        let Some(editing) = &mut self.editing else {
            // Letters are commands; what begins a number or a bound is typed at once.
            let typed = key.typed().filter(|letter| !letter.is_alphabetic() && !letter.is_whitespace());
            return typed.map_or(Typed::Ignored, Typed::Begin);
        };
        let way = match key.code {
            KeyCode::Enter if key.is(KeyCode::Enter) => Some(Way::Next),
            KeyCode::Tab if key.shift => Some(Way::Back),
            KeyCode::Tab => Some(Way::Next),
            KeyCode::Up if key.is(KeyCode::Up) => Some(Way::Up),
            KeyCode::Down if key.is(KeyCode::Down) => Some(Way::Down),
            KeyCode::Left if editing.is_fresh && key.is(KeyCode::Left) => Some(Way::Left),
            KeyCode::Right if editing.is_fresh && key.is(KeyCode::Right) => Some(Way::Right),
            _ => None,
        };
        if let Some(way) = way {
            return Typed::Leave(way);
        }
        if key.is(KeyCode::Esc) {
            self.editing = None;
            return Typed::Taken;
        }
        if editing.field.key(key) { Typed::Taken } else { Typed::Ignored }
    }
}
