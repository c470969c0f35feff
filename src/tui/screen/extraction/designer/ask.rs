//! What is asked about a field or an outcome, in two steps that fit a small terminal, and the change that the answers make.

use strum::IntoEnumIterator;

use super::Row;
use crate::app::form_edit::{FieldEntry, FormEdit, OutcomeEntry};
use crate::domain::form::{FieldType, Form};
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::Question;
use crate::tui::screen::parts::ask;

/// The answer that names no direction; an answer of a choice is never empty.
const NOT_SAID: &str = "none";

/// What comes of a command.
pub(super) enum Answer {
    /// Something has to be asked first.
    Ask(Effect<AppPort>),
    /// The form is changed, and this row is selected afterwards.
    Change(FormEdit, Option<Row>),
    /// An answer does not do.
    Wrong(String),
}

fn choice(label: &str, options: &[(&str, &str)], now: &str) -> Question {
    let mut options: Vec<(String, String)> = options.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
    options.sort_by_key(|(value, _)| value != now);
    Question::choice(label, options)
}

fn listed(text: &str) -> Vec<String> {
    text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn types() -> Vec<(String, &'static str)> {
    let words = |kind: FieldType| match kind {
        FieldType::Text => "text",
        FieldType::Integer => "whole number",
        FieldType::Decimal => "number",
        FieldType::Choice => "one of several options",
        FieldType::Multi => "any of several options",
        FieldType::Bool => "yes or no",
        FieldType::Date => "date",
        FieldType::Quote => "words of the report, with page",
    };
    FieldType::iter().map(|kind| (kind.to_string(), words(kind))).collect()
}

/// Asks about a field that there is, or changes it.
pub(super) fn field(form: &Form, at: Option<usize>, call: &Call) -> Answer {
    let Some((at, field)) = at.and_then(|at| Some((at, form.fields.get(at)?))) else { return Answer::Wrong("It is gone.".to_owned()) };
    let now = FieldEntry::of(field);
    match &call.args[..] {
        [] => first_of_field(format!("Field {}", now.id), &now, call, false),
        [label, section, kind, scope, needed] => {
            let entry = with_first(now, label, section, kind, scope, needed);
            second_of_field(&entry, call)
        }
        [label, section, kind, scope, needed, rest @ ..] => {
            let entry = with_second(with_first(now, label, section, kind, scope, needed), rest);
            Answer::Change(FormEdit::SetField(at, entry), Some(Row::Field(at)))
        }
        _ => Answer::Wrong("An answer is missing.".to_owned()),
    }
}

/// Asks about a new field, or adds it after another one.
pub(super) fn new_field(form: &Form, after: Option<usize>, call: &Call) -> Answer {
    let neighbour = after.and_then(|at| form.fields.get(at)).map(FieldEntry::of).unwrap_or_default();
    let kind = FieldType::Text.to_string();
    let now = FieldEntry { section: neighbour.section, is_of_arm: neighbour.is_of_arm, kind, ..FieldEntry::default() };
    match &call.args[..] {
        [] => first_of_field("New field".to_owned(), &now, call, true),
        [id, label, section, kind, scope, needed] => {
            let entry = FieldEntry { id: id.clone(), ..with_first(now, label, section, kind, scope, needed) };
            second_of_field(&entry, call)
        }
        [id, label, section, kind, scope, needed, rest @ ..] => {
            let entry = with_second(FieldEntry { id: id.clone(), ..with_first(now, label, section, kind, scope, needed) }, rest);
            let at = after.map_or(form.fields.len(), |at| at + 1);
            Answer::Change(FormEdit::AddField(after, entry), Some(Row::Field(at)))
        }
        _ => Answer::Wrong("An answer is missing.".to_owned()),
    }
}

fn first_of_field(title: String, now: &FieldEntry, call: &Call, is_new: bool) -> Answer {
    let types = types();
    let types: Vec<(&str, &str)> = types.iter().map(|(value, words)| (value.as_str(), *words)).collect();
    let mut questions = Vec::new();
    if is_new {
        questions.push(Question::line("Id: a-z, 0-9, _ and -; stays for ever", &now.id).required());
    }
    questions.extend([
        Question::line("Label, as people read it", &now.label).required(),
        Question::line("Section", &now.section).required(),
        choice("Type", &types, &now.kind),
        choice("Answered by", &[("study", "the study, once"), ("arm", "each arm")], if now.is_of_arm { "arm" } else { "study" }),
        choice("Required", &[("no", "may stay empty"), ("yes", "an answer is needed")], if now.is_required { "yes" } else { "no" }),
    ]);
    Answer::Ask(ask(title, questions, call.clone()))
}

fn with_first(now: FieldEntry, label: &str, section: &str, kind: &str, scope: &str, needed: &str) -> FieldEntry {
    FieldEntry {
        label: label.to_owned(),
        section: section.to_owned(),
        kind: kind.to_owned(),
        is_of_arm: scope == "arm",
        is_required: needed == "yes",
        ..now
    }
}

fn second_of_field(entry: &FieldEntry, call: &Call) -> Answer {
    let answers = if matches!(entry.kind.as_str(), "choice" | "multi") {
        Question::area("Options, divided by semicolons or lines", &entry.options.join("; ")).required()
    } else {
        Question::line("Units of numbers, the usual one first, divided by semicolons", &entry.units.join("; "))
    };
    let questions = vec![answers, Question::area("Advice to the extractor", &entry.guidance)];
    Answer::Ask(ask(format!("{}: answers and advice", entry.label), questions, call.clone()))
}

fn with_second(entry: FieldEntry, answers: &[String]) -> FieldEntry {
    let (first, guidance) = (answers.first().map_or("", String::as_str), answers.get(1).cloned().unwrap_or_default());
    let has_options = matches!(entry.kind.as_str(), "choice" | "multi");
    let has_units = matches!(entry.kind.as_str(), "decimal" | "integer");
    FieldEntry {
        options: if has_options { listed(first) } else { Vec::new() },
        units: if has_units { listed(first) } else { Vec::new() },
        guidance: guidance.split_whitespace().collect::<Vec<_>>().join(" "),
        ..entry
    }
}

/// Asks about an outcome that there is, or changes it.
pub(super) fn outcome(form: &Form, at: Option<usize>, call: &Call) -> Answer {
    let Some((at, outcome)) = at.and_then(|at| Some((at, form.outcomes.get(at)?))) else { return Answer::Wrong("It is gone.".to_owned()) };
    let now = OutcomeEntry::of(outcome);
    match &call.args[..] {
        [] => first_of_outcome(format!("Outcome {}", now.id), &now, call, false),
        [label, kind, direction, timepoints] => second_of_outcome(&with_points(now, label, kind, direction, timepoints), call),
        [label, kind, direction, timepoints, rest @ ..] => match with_numbers(with_points(now, label, kind, direction, timepoints), rest) {
            Ok(entry) => Answer::Change(FormEdit::SetOutcome(at, entry), Some(Row::Outcome(at))),
            Err(why) => Answer::Wrong(why),
        },
        _ => Answer::Wrong("An answer is missing.".to_owned()),
    }
}

/// Asks about a new outcome, or adds it after another one.
pub(super) fn new_outcome(form: &Form, after: Option<usize>, call: &Call) -> Answer {
    let now = OutcomeEntry { kind: "dichotomous".to_owned(), ..OutcomeEntry::default() };
    match &call.args[..] {
        [] => first_of_outcome("New outcome".to_owned(), &now, call, true),
        [id, label, kind, direction, timepoints] => {
            second_of_outcome(&OutcomeEntry { id: id.clone(), ..with_points(now, label, kind, direction, timepoints) }, call)
        }
        [id, label, kind, direction, timepoints, rest @ ..] => {
            let entry = OutcomeEntry { id: id.clone(), ..with_points(now, label, kind, direction, timepoints) };
            match with_numbers(entry, rest) {
                Ok(entry) => {
                    let at = after.map_or(form.outcomes.len(), |at| at + 1);
                    Answer::Change(FormEdit::AddOutcome(after, entry), Some(Row::Outcome(at)))
                }
                Err(why) => Answer::Wrong(why),
            }
        }
        _ => Answer::Wrong("An answer is missing.".to_owned()),
    }
}

fn first_of_outcome(title: String, now: &OutcomeEntry, call: &Call, is_new: bool) -> Answer {
    let points: Vec<String> =
        now.timepoints.iter().map(|(id, label)| if label.is_empty() { id.clone() } else { format!("{id}: {label}") }).collect();
    let mut questions = Vec::new();
    if is_new {
        questions.push(Question::line("Id: a-z, 0-9, _ and -; stays for ever", &now.id).required());
    }
    questions.extend([
        Question::line("Label, as people read it", &now.label).required(),
        choice("Numbers", &[("dichotomous", "people with the event"), ("continuous", "means")], &now.kind),
        choice(
            "Helps the patient",
            &[("lower-better", "less"), ("higher-better", "more"), (NOT_SAID, "not said")],
            if now.direction.is_empty() { NOT_SAID } else { &now.direction },
        ),
        Question::line("Time points, as in end: End of treatment; late: 6 months", &points.join("; ")).required(),
    ]);
    Answer::Ask(ask(title, questions, call.clone()))
}

fn with_points(now: OutcomeEntry, label: &str, kind: &str, direction: &str, timepoints: &str) -> OutcomeEntry {
    let point = |text: String| match text.split_once(':') {
        Some((id, label)) => (id.trim().to_owned(), label.trim().to_owned()),
        None => (text, String::new()),
    };
    OutcomeEntry {
        label: label.to_owned(),
        kind: kind.to_owned(),
        direction: if direction == NOT_SAID { String::new() } else { direction.to_owned() },
        timepoints: listed(timepoints).into_iter().map(point).collect(),
        ..now
    }
}

fn second_of_outcome(entry: &OutcomeEntry, call: &Call) -> Answer {
    let accept = Question::line("Formats accepted, such as mean_sd; mean_se; nothing takes the usual one", &entry.accept.join("; "));
    let questions = if entry.kind == "continuous" {
        let scale = entry.scale.map(|[low, high]| format!("{low} {high}")).unwrap_or_default();
        vec![Question::line("Ends of the scale, as in 0 100", &scale), Question::line("Unit", &entry.unit), accept]
    } else {
        vec![Question::line("What is counted", &entry.event), accept]
    };
    Answer::Ask(ask(format!("{}: numbers", entry.label), questions, call.clone()))
}

fn with_numbers(entry: OutcomeEntry, answers: &[String]) -> Result<OutcomeEntry, String> {
    let answer = |at: usize| answers.get(at).map_or("", |text| text.trim());
    if entry.kind != "continuous" {
        let (event, accept) = (answer(0).to_owned(), listed(answer(1)));
        return Ok(OutcomeEntry { event, accept, scale: None, unit: String::new(), ..entry });
    }
    let ends: Vec<&str> = answer(0).split([' ', ',', ';']).filter(|part| !part.is_empty()).collect();
    let number = |text: &str| text.parse::<f64>().map_err(|_| format!("“{text}” is no number; the ends of a scale are written as 0 100."));
    let scale = match &ends[..] {
        [] => None,
        [low, high] => Some([number(low)?, number(high)?]),
        _ => return Err("A scale has two ends, as in 0 100.".to_owned()),
    };
    Ok(OutcomeEntry { scale, unit: answer(1).to_owned(), accept: listed(answer(2)), event: String::new(), ..entry })
}
