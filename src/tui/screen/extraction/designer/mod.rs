//! The form designer: the extraction form as a list of its parts, each with all its keys, changed here and saved as its next version.
//!
//! What is changed is the text of the form's file, so that comments and everything else stay. Each change is looked at as the file would
//! be, and one that brings a mistake is not kept. Nothing is in use before it is saved.

mod ask;
mod edit;
mod key_list;
mod parts;
mod view;

use std::path::Path;

use ratatui::layout::Rect;

use crate::app::form_edit::{Edited, KeyLine, Place, keys_of};
use crate::domain::form::Form;
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::keymap::KeyContext;
use crate::tui::message::Call;
use crate::tui::widget::table::{Column, Table};

/// The form that is being changed, with its parts and the keys of the selected one.
#[derive(Debug)]
pub(super) struct Designer {
    /// The form in use, with its text.
    used: Option<Box<(Form, String)>>,
    /// The form as it is changed here.
    draft: Option<Edited>,
    /// The texts before each change that is not saved, the newest last.
    before: Vec<String>,
    rows: Vec<Row>,
    table: Table,
    /// The keys of the selected part.
    keys: Vec<KeyLine>,
    key_table: Table,
    /// Whether the keys of the part are gone through, and not the parts.
    is_open: bool,
    said: Option<String>,
    /// What is asked before saving, while what the version changes is looked up.
    saving: Option<edit::Saving>,
    /// The part that is selected once the list is made anew.
    wanted: Option<Place>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    /// A heading over what follows.
    Heading(String),
    /// A part of the form.
    Part(Place),
}

impl Designer {
    /// Makes the designer, before anything is loaded.
    pub(super) fn new() -> Self {
        let columns = vec![Column::fixed("", 1), Column::rest("Part of the form"), Column::fixed("Type", 12), Column::rest("Says")];
        let key_columns = vec![Column::fixed("", 1), Column::fixed("Key", 14), Column::rest("Says")];
        Self {
            used: None,
            draft: None,
            before: Vec::new(),
            rows: Vec::new(),
            table: Table::new(columns),
            keys: Vec::new(),
            key_table: Table::new(key_columns),
            is_open: false,
            said: None,
            saving: None,
            wanted: None,
        }
    }

    /// Returns the place of the selected part.
    fn selected(&self) -> Option<Place> {
        match self.rows.get(self.table.selected()?)? {
            Row::Part(place) => Some(*place),
            Row::Heading(_) => None,
        }
    }

    /// Returns the selected key of the selected part.
    fn key(&self) -> Option<&KeyLine> {
        self.keys.get(self.key_table.selected()?)
    }

    /// Takes the form in use; what is being changed stays, as long as it was made from that form.
    pub(super) fn take_form(&mut self, form: Option<&(Form, String)>) {
        let is_same = self.used.as_ref().map(|used| &used.1) == form.map(|form| &form.1);
        self.used = form.map(|form| Box::new(form.clone()));
        if !is_same || self.draft.is_none() {
            self.discard();
        }
    }

    /// Goes back to the form in use.
    fn discard(&mut self) {
        self.before.clear();
        self.draft = self.used.as_ref().map(|used| Edited { text: used.1.clone(), form: used.0.clone(), problems: Vec::new() });
        self.list();
    }

    /// Makes the list anew; the selection stays on its line, or goes to the part that is wanted.
    fn list(&mut self) {
        let at = self.table.selected().unwrap_or(0);
        self.rows = self.draft.as_ref().map(|draft| parts::rows(&draft.form)).unwrap_or_default();
        let lines = match &self.draft {
            Some(draft) => self.rows.iter().map(|row| parts::line(&draft.form, row)).collect(),
            None => Vec::new(),
        };
        self.table.set_rows(lines);
        let wanted = self.wanted.take().and_then(|place| self.rows.iter().position(|row| *row == Row::Part(place)));
        self.table.select(wanted.unwrap_or(at.min(self.rows.len().saturating_sub(1))));
        self.leave_heading(true);
        self.list_keys();
    }

    /// Reads the keys of the selected part.
    fn list_keys(&mut self) {
        let keys = match (&self.draft, self.selected()) {
            (Some(draft), Some(place)) => keys_of(&draft.text, place).unwrap_or_default(),
            _ => Vec::new(),
        };
        self.key_table.set_rows(keys.iter().map(key_list::line).collect());
        self.is_open &= !keys.is_empty();
        self.keys = keys;
    }

    /// Moves the selection off a heading, on in the direction of moving or else the other way.
    fn leave_heading(&mut self, is_down: bool) {
        let Some(at) = self.table.selected() else { return };
        let is_part = |at: &usize| !matches!(self.rows.get(*at), Some(Row::Heading(_)) | None);
        let below = (at..self.rows.len()).find(is_part);
        let above = (0..=at).rev().find(is_part);
        if let Some(at) = if is_down { below.or(above) } else { above.or(below) } {
            self.table.select(at);
        }
    }
}

impl Designer {
    /// Carries out a command of the designer, or of moving in its lists.
    pub(super) fn command(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        if self.is_open && self.key_table.command(call.id) {
            return Vec::new();
        }
        if !self.is_open && self.table.command(call.id) {
            self.leave_heading(!matches!(call.id, "move.up" | "move.page_up" | "move.last"));
            self.key_table.select(0);
            self.list_keys();
            return Vec::new();
        }
        self.act(call)
    }

    /// Takes a form that was written into its file into use.
    pub(super) fn take_saved(&mut self, path: &Path, text: String) -> Vec<Effect<AppPort>> {
        self.said = Some(format!("Saved as {} and taken into use.", path.display()));
        vec![edit::take_into_use(text)]
    }

    /// Returns what is to be said about a change that was made here, once.
    pub(super) fn take_said(&mut self) -> Option<String> {
        self.said.take()
    }

    /// Takes the place of the screen.
    pub(super) fn resize(&mut self, body: Rect) {
        let places = view::Places::of(body, self.is_open);
        self.table.set_height(places.parts.map_or(body.height, |place| place.height));
        self.key_table.set_height(places.keys.map_or(body.height, |place| place.height));
    }

    /// Adds what can be done now to the words of conditions.
    pub(super) fn context(&self, context: KeyContext) -> KeyContext {
        context
            .with("designing")
            .with_if(!self.rows.is_empty(), "list")
            .with_if(self.selected().is_some(), "has:entry")
            .with_if(self.is_open, "has:keys")
            .with_if(!self.before.is_empty(), "has:edits")
    }
}
