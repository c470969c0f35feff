//! What can be done with the form: each change gives a new text, which is looked at before it is kept.

use std::path::PathBuf;
use std::str::FromStr;

use super::{Designer, ask, parts, view};
use crate::app::Request;
use crate::app::form_edit::{Edited, FormEdit, List, Place, edit_form, try_edit};
use crate::app::form_file::examine;
use crate::app::form_keys::{FormKey, Part};
use crate::domain::diagnostic::Severity;
use crate::tui::app_port::{AppPort, Query, sentence};
use crate::tui::effect::{Effect, Notice};
use crate::tui::message::Call;
use crate::tui::overlay::{Ask, Choice, Overlay, Picker, Question};
use crate::tui::screen::parts::tell;
use crate::tui::theme::Role;

/// The name under which the form is checked.
const NAME: &str = "form";

impl Designer {
    /// Carries out a command; what a command needs to be told is asked for first.
    pub(super) fn act(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let Some(draft) = &self.draft else { return vec![tell("The review has no extraction form yet.")] };
        match call.id {
            "designer.edit" if !self.is_open => {
                self.is_open = !self.keys.is_empty();
                Vec::new()
            }
            "designer.edit" => self.edit_key(&call),
            "designer.back" => {
                self.is_open = false;
                Vec::new()
            }
            "designer.add" => self.add(call),
            "designer.remove" if self.is_open => self.remove_key(),
            "designer.remove" => self.remove_part(),
            "designer.up" | "designer.down" => self.move_part(call.id == "designer.up"),
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

    /// Asks about the selected key, or sets it. What does not do is asked for again, with what was typed.
    fn edit_key(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        let (Some(draft), Some(place), Some(line)) = (&self.draft, self.selected(), self.key()) else { return Vec::new() };
        let Some(key) = line.known else {
            return vec![tell("This version does not act on the key; it can be taken out.")];
        };
        let keys = ask::together(place.part(), key);
        let title = format!("{}: {}", parts::name(&draft.form, place), key.name);
        if call.args.is_empty() {
            let now = ask::standing(&keys, &self.keys);
            let picked = ask::pick(&title, &draft.form, key, now.first().map_or("", String::as_str), call.clone());
            return vec![picked.unwrap_or_else(|| ask::ask(title, &draft.form, &keys, &now, None, call.clone()))];
        }
        let answers = ask::answers(&keys, &call.args);
        let edit = FormEdit::Set(place, named(&keys, &answers));
        match try_edit(&draft.text, &edit) {
            Ok(edited) => self.keep(edited, Some(place)),
            Err(error) => {
                let (wrong, again) = (sentence(&error.message), Call::new(call.id));
                vec![ask::ask(title, &draft.form, &keys, &answers, Some(wrong), again)]
            }
        }
    }

    /// Asks what is to be added and what it says, and adds it after the selected part of its kind.
    fn add(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let (Some(draft), selected) = (&self.draft, self.selected()) else { return Vec::new() };
        let Some((word, args)) = call.args.split_first() else { return vec![self.pick_part(call)] };
        let Ok(part) = Part::from_str(word) else { return Vec::new() };
        let (list, after) = match (part, selected) {
            (Part::Timepoint, Some(Place::Timepoint(outcome, at))) => (List::Timepoints(outcome), Some(at)),
            (Part::Timepoint, Some(Place::Entry(Part::Outcome, outcome))) => (List::Timepoints(outcome), None),
            (Part::Timepoint, _) => return vec![tell("A time point belongs to an outcome; select that first.")],
            (part, Some(Place::Entry(known, at))) if known == part => (List::Entries(part), Some(at)),
            (part, _) => (List::Entries(part), None),
        };
        let (keys, title) = (ask::first_keys(part), format!("New {}", part.noun()));
        if args.is_empty() {
            let now = ask::proposed(&draft.form, part, selected);
            return vec![ask::ask(title, &draft.form, &keys, &now, None, call)];
        }
        let answers = ask::answers(&keys, args);
        match try_edit(&draft.text, &FormEdit::Add(list, after, named(&keys, &answers))) {
            Ok(edited) => {
                let last = |number: usize| after.map_or(number.saturating_sub(1), |after| after + 1);
                let place = match list {
                    List::Entries(part) => Place::Entry(part, last(number_of(&edited, part))),
                    List::Timepoints(outcome) => {
                        let points = edited.form.outcomes.get(outcome).map_or(0, |outcome| outcome.timepoints.len());
                        Place::Timepoint(outcome, last(points))
                    }
                };
                self.keep(edited, Some(place))
            }
            Err(error) => {
                let again = Call::new(call.id).arg(word.clone());
                vec![ask::ask(title, &draft.form, &keys, &answers, Some(sentence(&error.message)), again)]
            }
        }
    }

    /// Opens the list of what can be added; what is selected comes first.
    fn pick_part(&self, call: Call) -> Effect<AppPort> {
        let here = self.selected().map(Place::part);
        let choice = |part: Part| Choice { value: <&str>::from(part).to_owned(), label: part.noun().to_owned(), detail: String::new() };
        let choices = Part::ADDED.into_iter().map(choice).collect();
        let start = here.filter(|part| Part::ADDED.contains(part)).map_or("", <&str>::from);
        Effect::Open(Box::new(Overlay::Picker(Picker::new("Add to the form", choices, call).starting_at(start))))
    }

    fn remove_key(&mut self) -> Vec<Effect<AppPort>> {
        let (Some(draft), Some(place), Some(line)) = (&self.draft, self.selected(), self.key()) else { return Vec::new() };
        if line.typed.is_none() {
            return vec![tell("The key is left out already.")];
        }
        let name = line.name.clone();
        match try_edit(&draft.text, &FormEdit::Set(place, vec![(name.clone(), String::new())])) {
            Ok(edited) => self.keep(edited, Some(place)),
            Err(error) => vec![tell(format!("“{name}” stays: {}", sentence(&error.message)))],
        }
    }

    fn remove_part(&mut self) -> Vec<Effect<AppPort>> {
        let (Some(draft), Some(place)) = (&self.draft, self.selected()) else { return Vec::new() };
        let name = parts::name(&draft.form, place);
        match try_edit(&draft.text, &FormEdit::Remove(place)) {
            Ok(edited) => {
                let mut effects = self.keep(edited, None);
                effects.push(Effect::Notice(Notice::info(format!("“{name}” is taken out; z brings it back."))));
                effects
            }
            Err(error) => vec![tell(format!("“{name}” stays: {}", sentence(&error.message)))],
        }
    }

    /// Moves the selected part past its neighbour in the list as it is shown.
    fn move_part(&mut self, is_up: bool) -> Vec<Effect<AppPort>> {
        let (Some(draft), Some(place)) = (&self.draft, self.selected()) else { return Vec::new() };
        let other = |at: usize| if is_up { at.saturating_sub(1) } else { at + 1 };
        let wanted = match place {
            Place::Form => return vec![tell("The form itself stays at its place.")],
            Place::Entry(part, at) => Place::Entry(part, other(at)),
            Place::Timepoint(outcome, at) => Place::Timepoint(outcome, other(at)),
        };
        match try_edit(&draft.text, &FormEdit::Move(place, is_up)) {
            Ok(edited) => self.keep(edited, Some(wanted)),
            Err(error) => vec![tell(sentence(&error.message))],
        }
    }

    /// Keeps a change.
    fn keep(&mut self, edited: Edited, wanted: Option<Place>) -> Vec<Effect<AppPort>> {
        if let Some(draft) = self.draft.as_mut().filter(|draft| draft.text != edited.text) {
            self.before.push(std::mem::replace(draft, edited).text);
            self.wanted = wanted;
            self.list();
        }
        Vec::new()
    }

    fn undo(&mut self) -> Vec<Effect<AppPort>> {
        let Some(text) = self.before.pop() else { return vec![tell("Nothing here that is not saved.")] };
        if let (Some(form), problems) = examine(&text, NAME) {
            self.draft = Some(Edited { text, form, problems });
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
        let version = draft.form.version.max(used.0.version + 1);
        let text = match edit_form(&draft.text, &FormEdit::Version(version)) {
            Ok(text) => text,
            Err(error) => return vec![tell(sentence(&error.message))],
        };
        match call.args.first().map(|path| path.trim()) {
            None => {
                self.saving = Some(Saving { title: format!("Save as version {version}"), file: format!("{}.toml", used.0.form) });
                vec![Effect::Load(Query::FormChanges(text))]
            }
            Some("") => {
                self.said = Some(format!("Version {version} is in use."));
                vec![take_into_use(text)]
            }
            Some(path) => vec![Effect::Load(Query::SaveForm(PathBuf::from(path), text))],
        }
    }
}

impl Designer {
    /// Asks for the file of the next version, with what that version changes.
    pub(in crate::tui::screen::extraction) fn take_changes(&mut self, said: &[String]) -> Vec<Effect<AppPort>> {
        let Some(Saving { title, file }) = self.saving.take() else { return Vec::new() };
        let question = Question::line("File to write; nothing keeps it in the review alone", &file);
        let ask = Ask::new(title, vec![question], Call::new("designer.save"));
        let lines: Vec<String> = said.iter().map(|line| format!("· {}", sentence(line))).collect();
        vec![Effect::Open(Box::new(Overlay::Ask(if lines.is_empty() { ask } else { ask.with_remark(lines.join("\n"), Role::Text) })))]
    }
}

/// What is asked before saving.
#[derive(Debug)]
pub(super) struct Saving {
    title: String,
    file: String,
}

fn named(keys: &[&FormKey], answers: &[String]) -> Vec<(String, String)> {
    keys.iter().map(|key| key.name.to_owned()).zip(answers.iter().cloned()).collect()
}

fn number_of(edited: &Edited, part: Part) -> usize {
    let form = &edited.form;
    match part {
        Part::Arm => form.arms.len(),
        Part::Field => form.fields.len(),
        Part::Outcome => form.outcomes.len(),
        Part::Analysis => form.analyses.len(),
        Part::Appraisal => form.appraisals.len(),
        Part::Validation => form.validations.len(),
        Part::Form | Part::Condition | Part::Timepoint => 0,
    }
}

/// Takes the text of a form into use.
pub(super) fn take_into_use(text: String) -> Effect<AppPort> {
    Effect::Run(Request::UseForm { file_name: NAME.to_owned(), text })
}
