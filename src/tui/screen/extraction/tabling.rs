//! The draft as tables: changing to them and back, moving in them, and the keys that type there.

use super::grid::{Typed, Way};
use super::{Extraction, Mode};
use crate::tui::app_port::AppPort;
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::Key;
use crate::tui::message::Call;
use crate::tui::screen::parts::tell;

impl Extraction {
    /// Tells whether the draft is shown as tables.
    pub(super) fn shows_tables(&self) -> bool {
        self.mode == Mode::Form && self.grid.is_on
    }

    /// Returns what is typed so far into the cell that is being edited.
    pub(super) fn typed(&self) -> Option<&str> {
        if self.shows_tables() { self.grid.typed() } else { self.fields.typed() }
    }

    /// Changes between tables and list; the screen keeps to it for every study.
    pub(super) fn change_arrangement(&mut self) -> Vec<Effect<AppPort>> {
        if self.typed().is_none() {
            self.grid.is_on = !self.grid.is_on;
        }
        Vec::new()
    }

    /// Shows other numbers of the selected outcome.
    pub(super) fn change_format(&mut self) -> Vec<Effect<AppPort>> {
        let study = self.study().map(|study| &study.study);
        let Some(draft) = self.draft.as_deref().filter(|draft| Some(&draft.study) == study) else { return Vec::new() };
        let Some(name) = self.grid.change_format(draft) else {
            return vec![tell("The form asks for no other numbers here.")];
        };
        self.select_as_in_tables();
        vec![Effect::Notice(Notice::info(format!("Shown: {name}.")))]
    }

    /// Carries out a command of moving in the tables; returns whether it was one.
    pub(super) fn step_in_tables(&mut self, command: &str) -> bool {
        let Some(way) = Way::of(command).filter(|_| self.shows_tables()) else { return false };
        self.grid.step(way);
        self.select_as_in_tables();
        true
    }

    /// Tells the list which cell is selected in the tables.
    fn select_as_in_tables(&mut self) {
        if let Some(path) = self.grid.path().map(str::to_owned) {
            self.fields.select_path(&path);
        }
    }

    /// Tells the tables which cell is selected in the list.
    pub(super) fn follow_selection(&mut self) {
        let study = self.study().map(|study| &study.study);
        let Some(draft) = self.draft.as_deref().filter(|draft| Some(&draft.study) == study) else { return };
        if let Some(field) = self.fields.selected_field() {
            self.grid.follow(&field.path, draft);
        }
    }

    /// Gives a key to the tables: it types, leaves the cell with what was typed, or means nothing.
    pub(super) fn key_in_tables(&mut self, key: Key, is_read_only: bool) -> Vec<Effect<AppPort>> {
        let way = match self.grid.key(key) {
            Typed::Leave(way) => way,
            Typed::Begin(letter) => return self.begin(letter, is_read_only),
            Typed::Taken | Typed::Ignored => return Vec::new(),
        };
        if let Some(wrong) = self.wrong() {
            return vec![tell(wrong)];
        }
        let Some((path, old)) = self.cell().map(|cell| (cell.path.clone(), cell.raw.clone().unwrap_or_default())) else {
            return Vec::new();
        };
        let Some(value) = self.grid.leave() else { return Vec::new() };
        let is_same = old == value;
        let effects = if is_same { Vec::new() } else { self.enter(&path, Some(value).filter(|value| !value.is_empty())) };
        self.grid.step(way);
        self.select_as_in_tables();
        effects
    }

    /// Begins to type in place of what the selected cell holds; where there are options, shows them.
    fn begin(&mut self, letter: char, is_read_only: bool) -> Vec<Effect<AppPort>> {
        let Some(cell) = self.cell().filter(|_| !is_read_only) else { return Vec::new() };
        if self.shown_draft().is_some_and(|draft| draft.is_submitted) {
            return vec![tell("Your draft is submitted and locked; withdraw it to change it.")];
        }
        if matches!(cell.kind.as_str(), "choice" | "bool") {
            return self.edit(Call::new("extract.edit"));
        }
        self.grid.edit(letter.encode_utf8(&mut [0; 4]), true);
        Vec::new()
    }
}
