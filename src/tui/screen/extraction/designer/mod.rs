//! The form designer: the extraction form as a list of sections, fields and outcomes, changed here and saved as its next version.
//!
//! What is changed is the text of the form's file, so that comments and everything that has no line here stay. Nothing is in use before
//! it is saved, and a form with an error is not saved.

mod ask;
mod edit;
mod view;

use std::path::Path;

use ratatui::layout::Rect;

use crate::app::form_file::FormFileProblem;
use crate::domain::diagnostic::Severity;
use crate::domain::form::Form;
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::keymap::KeyContext;
use crate::tui::message::Call;
use crate::tui::widget::table::{Column, Table};

/// The form that is being changed, with its list.
#[derive(Debug)]
pub(super) struct Designer {
    /// The form in use, with its text.
    used: Option<Box<(Form, String)>>,
    /// The form as it is changed here.
    draft: Option<Draft>,
    /// The texts before each change that is not saved, the newest last.
    before: Vec<String>,
    rows: Vec<Row>,
    table: Table,
    said: Option<String>,
    /// The entry that is selected once the list is made anew.
    wanted: Option<Row>,
}

/// A form that is being changed.
#[derive(Debug, Clone)]
struct Draft {
    text: String,
    form: Form,
    problems: Vec<FormFileProblem>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    /// A heading over what follows.
    Heading(String),
    /// A field, by its place in the form.
    Field(usize),
    /// An outcome, by its place in the form.
    Outcome(usize),
}

impl Designer {
    /// Makes the designer, before anything is loaded.
    pub(super) fn new() -> Self {
        let columns = vec![Column::fixed("", 1), Column::rest("Field or outcome"), Column::fixed("Type", 12), Column::fixed("Answers", 26)];
        Self { used: None, draft: None, before: Vec::new(), rows: Vec::new(), table: Table::new(columns), said: None, wanted: None }
    }

    fn selected(&self) -> Option<&Row> {
        self.rows.get(self.table.selected()?)
    }

    fn is_entry(&self) -> bool {
        matches!(self.selected(), Some(Row::Field(_) | Row::Outcome(_)))
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
        self.draft = self.used.as_ref().map(|used| Draft { text: used.1.clone(), form: used.0.clone(), problems: Vec::new() });
        self.list();
    }

    /// Makes the list anew; the selection stays on its entry, or goes to the one that is wanted.
    fn list(&mut self) {
        let at = self.table.selected().unwrap_or(0);
        self.rows = self.draft.as_ref().map(|draft| view::rows(&draft.form)).unwrap_or_default();
        let lines = match &self.draft {
            Some(draft) => self.rows.iter().map(|row| view::line(&draft.form, row)).collect(),
            None => Vec::new(),
        };
        self.table.set_rows(lines);
        let wanted = self.wanted.take().and_then(|row| self.rows.iter().position(|known| *known == row));
        self.table.select(wanted.unwrap_or(at.min(self.rows.len().saturating_sub(1))));
        self.leave_heading(true);
    }

    /// Moves the selection off a heading, on in the direction of moving or else the other way.
    fn leave_heading(&mut self, is_down: bool) {
        let Some(at) = self.table.selected() else { return };
        let is_entry = |at: &usize| !matches!(self.rows.get(*at), Some(Row::Heading(_)) | None);
        let below = (at..self.rows.len()).find(is_entry);
        let above = (0..=at).rev().find(is_entry);
        if let Some(at) = if is_down { below.or(above) } else { above.or(below) } {
            self.table.select(at);
        }
    }

    fn errors(&self) -> usize {
        let problems = self.draft.as_ref().map_or(&[][..], |draft| &draft.problems);
        problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }
}

impl Designer {
    /// Carries out a command of the designer, or of moving in its list.
    pub(super) fn command(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        if self.table.command(call.id) {
            self.leave_heading(!matches!(call.id, "move.up" | "move.page_up" | "move.last"));
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
        self.table.set_height(view::list_height(body));
    }

    /// Adds what can be done now to the words of conditions.
    pub(super) fn context(&self, context: KeyContext) -> KeyContext {
        context
            .with("designing")
            .with_if(!self.rows.is_empty(), "list")
            .with_if(self.is_entry(), "has:entry")
            .with_if(!self.before.is_empty(), "has:edits")
    }
}
