//! What can be done with the form: each change gives a new text, which is read and checked at once.

use std::path::PathBuf;

use super::{Designer, Draft, Row, ask, view};
use crate::app::Request;
use crate::app::form_edit::{FormEdit, FormList, edit_form};
use crate::app::form_file::examine;
use crate::domain::diagnostic::Severity;
use crate::tui::app_port::{AppPort, Query, sentence};
use crate::tui::effect::{Effect, Notice};
use crate::tui::message::Call;
use crate::tui::overlay::Question;
use crate::tui::screen::parts::{ask as ask_for, tell};

/// The name under which the form is checked.
const NAME: &str = "form";

impl Designer {
    /// Carries out a command; what a command needs to be told is asked for first.
    pub(super) fn act(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let Some(draft) = &self.draft else { return vec![tell("The review has no extraction form yet.")] };
        let row = self.selected().cloned();
        match call.id {
            "designer.edit" => match row {
                Some(Row::Field(at)) => self.ask_or_change(ask::field(&draft.form, Some(at), &call)),
                Some(Row::Outcome(at)) => self.ask_or_change(ask::outcome(&draft.form, Some(at), &call)),
                _ => Vec::new(),
            },
            "designer.add" => {
                let after = if let Some(Row::Field(at)) = row { Some(at) } else { None };
                let answer = ask::new_field(&draft.form, after, &call);
                self.ask_or_change(answer)
            }
            "designer.add_outcome" => {
                let after = if let Some(Row::Outcome(at)) = row { Some(at) } else { None };
                let answer = ask::new_outcome(&draft.form, after, &call);
                self.ask_or_change(answer)
            }
            "designer.remove" => match row {
                Some(Row::Field(at)) => self.change(&FormEdit::Remove(FormList::Fields, at), None),
                Some(Row::Outcome(at)) => self.change(&FormEdit::Remove(FormList::Outcomes, at), None),
                _ => Vec::new(),
            },
            "designer.up" | "designer.down" => self.move_entry(call.id == "designer.up"),
            "designer.check" => vec![view::problems(&draft.problems)],
            "designer.undo" => self.undo(),
            "designer.discard" => {
                self.discard();
                vec![Effect::Notice(Notice::info("Back to the form in use."))]
            }
            "designer.save" => self.save(&call),
            _ => Vec::new(),
        }
    }

    fn ask_or_change(&mut self, answer: ask::Answer) -> Vec<Effect<AppPort>> {
        match answer {
            ask::Answer::Ask(effect) => vec![effect],
            ask::Answer::Change(edit, row) => self.change(&edit, row),
            ask::Answer::Wrong(why) => vec![tell(why)],
        }
    }

    /// Moves the selected entry past its neighbour in the list as it is shown.
    fn move_entry(&mut self, is_up: bool) -> Vec<Effect<AppPort>> {
        let other = |at: usize| if is_up { at.checked_sub(1) } else { Some(at + 1) };
        match self.selected().cloned() {
            Some(Row::Field(at)) => self.change(&FormEdit::Move(FormList::Fields, at, is_up), other(at).map(Row::Field)),
            Some(Row::Outcome(at)) => self.change(&FormEdit::Move(FormList::Outcomes, at, is_up), other(at).map(Row::Outcome)),
            _ => Vec::new(),
        }
    }

    /// Changes the text; one that is no form any more is refused.
    fn change(&mut self, edit: &FormEdit, wanted: Option<Row>) -> Vec<Effect<AppPort>> {
        let Some(draft) = &mut self.draft else { return Vec::new() };
        let text = match edit_form(&draft.text, edit) {
            Ok(text) => text,
            Err(error) => return vec![tell(sentence(&error.message))],
        };
        let (form, problems) = examine(&text, NAME);
        let Some(form) = form else {
            let why = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
            return vec![tell(sentence(&why))];
        };
        self.before.push(std::mem::replace(draft, Draft { text: text.clone(), form, problems }).text);
        self.wanted = wanted;
        self.list();
        let errors = self.errors();
        if errors > 0 {
            return vec![tell(format!("{errors} to mend before it can be saved; c lists what."))];
        }
        Vec::new()
    }

    fn undo(&mut self) -> Vec<Effect<AppPort>> {
        let Some(text) = self.before.pop() else { return vec![tell("Nothing here that is not saved.")] };
        if let (Some(form), problems) = examine(&text, NAME) {
            self.draft = Some(Draft { text, form, problems });
        }
        self.list();
        Vec::new()
    }

    /// Saves the form as its next version: asks for the file, writes it, and takes it into use.
    fn save(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        let (Some(draft), Some(used)) = (&self.draft, &self.used) else { return Vec::new() };
        if draft.text == used.1 {
            return vec![tell("Nothing was changed.")];
        }
        if draft.problems.iter().any(|problem| problem.severity == Severity::Error) {
            return vec![view::problems(&draft.problems)];
        }
        let version = used.0.version + 1;
        let text = match edit_form(&draft.text, &FormEdit::Version(version)) {
            Ok(text) => text,
            Err(error) => return vec![tell(sentence(&error.message))],
        };
        match call.args.first().map(|path| path.trim()) {
            None => {
                let question = Question::line("File to write; nothing keeps it in the review alone", &format!("{}.toml", used.0.form));
                vec![ask_for(format!("Save as version {version}"), vec![question], call.clone())]
            }
            Some("") => {
                self.said = Some(format!("Version {version} is in use."));
                vec![take_into_use(text)]
            }
            Some(path) => vec![Effect::Load(Query::SaveForm(PathBuf::from(path), text))],
        }
    }
}

/// Takes the text of a form into use.
pub(super) fn take_into_use(text: String) -> Effect<AppPort> {
    Effect::Run(Request::UseForm { file_name: NAME.to_owned(), text })
}
