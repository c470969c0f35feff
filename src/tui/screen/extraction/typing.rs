//! Typing into a cell: what is wrong is said at once, and nothing wrong leaves the field.

use crossterm::event::KeyCode;

use super::Extraction;
use crate::app::{CellEntry, Request};
use crate::domain::value::{ValueError, parse_value};
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::keymap::Key;
use crate::tui::message::Call;
use crate::tui::overlay::{Choice, Overlay, Picker};
use crate::tui::screen::parts::tell;
use crate::tui::widget::form::Edited;

impl Extraction {
    /// Gives a key to the field that is being edited. Enter leaves it; Tab leaves it and edits the next one.
    pub(super) fn key(&mut self, key: Key, is_read_only: bool) -> Vec<Effect<AppPort>> {
        if self.shows_tables() {
            return self.key_in_tables(key, is_read_only);
        }
        let leaves = key.is(KeyCode::Enter) || key.is(KeyCode::Tab);
        if leaves
            && self.fields.is_editing()
            && let Some(wrong) = self.wrong()
        {
            return vec![tell(wrong)];
        }
        let old = self.cell().and_then(|cell| cell.raw.clone()).unwrap_or_default();
        let Edited::Entered(path, value) = self.fields.key(key) else { return Vec::new() };
        let mut effects = if value == old { Vec::new() } else { self.enter(&path, Some(value).filter(|value| !value.is_empty())) };
        if key.is(KeyCode::Tab) {
            effects.extend(self.edit(Call::new("extract.edit")));
        }
        effects
    }

    /// Returns what is wrong with the text being typed, as a sentence.
    pub(super) fn wrong(&self) -> Option<String> {
        let spec = &self.cell()?.spec;
        match parse_value(spec, self.typed()?) {
            Ok(_) | Err(ValueError::Empty) => None,
            Err(error) => Some(crate::tui::app_port::sentence(&error.to_string())),
        }
    }

    /// Begins to edit the selected cell: a list where there are options, else the field itself.
    pub(super) fn edit(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let Some(cell) = self.cell() else { return Vec::new() };
        let options: Vec<String> = match cell.kind.as_str() {
            "choice" => cell.options.clone(),
            "bool" => vec!["yes".to_owned(), "no".to_owned()],
            _ if self.shows_tables() => {
                let text = cell.raw.clone().unwrap_or_default();
                self.grid.edit(&text, false);
                return Vec::new();
            }
            _ => {
                self.fields.edit();
                return Vec::new();
            }
        };
        let answers = options.into_iter().chain(["not reported", "unclear"].map(str::to_owned));
        let choices = answers.map(|value| Choice { label: value.clone(), value, detail: String::new() }).collect();
        let picker = Picker::new(cell.label.clone(), choices, call).starting_at(cell.raw.as_deref().unwrap_or_default());
        vec![Effect::Open(Box::new(Overlay::Picker(picker)))]
    }

    /// Stores what was typed for a cell; where it was found stays as it was. No text empties the cell.
    pub(super) fn enter(&mut self, path: &str, raw: Option<String>) -> Vec<Effect<AppPort>> {
        let Some(draft) = self.shown_draft() else { return Vec::new() };
        let Some(cell) = draft.cells.iter().find(|cell| cell.path == path) else { return Vec::new() };
        let is_empty = raw.is_none();
        let keep = |text: &Option<String>| text.clone().filter(|_| !is_empty);
        // A value without a source gets the one that is kept.
        let has_none = cell.report.is_none() && cell.page.is_none() && !is_empty;
        let kept = self.last_source.as_ref().filter(|source| self.keeps_source && has_none && source.study == draft.study);
        let entry = CellEntry {
            study: draft.study.clone(),
            path: path.to_owned(),
            report: keep(&cell.report).or_else(|| kept.and_then(|source| source.report.clone())).and_then(|id| id.parse().ok()),
            page: keep(&cell.page).or_else(|| kept.and_then(|source| source.page.clone())),
            quote: keep(&cell.quote),
            raw,
        };
        let said = match &entry.raw {
            Some(raw) => format!("{}: {raw}", cell.label),
            None => format!("{} is empty now", cell.label),
        };
        self.said = Some(format!("{}.", said.trim_end_matches('.')));
        vec![Effect::Run(Request::SetCells(vec![entry]))]
    }
}
