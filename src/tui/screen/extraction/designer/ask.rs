//! What is asked about keys, and what the answers say.

use crate::app::form_edit::{KeyLine, Place};
use crate::app::form_keys::{self, FormKey, KeyKind, Part, Source};
use crate::domain::form::{ArmRole, Form, OutcomeKind};
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::{Ask, Choice, Overlay, Picker, Question};
use crate::tui::theme::Role;

/// What a person reads for a choice that leaves a key out.
fn left_out(key: &FormKey) -> String {
    format!("left out: {}", key.without)
}

/// Returns what a key chooses from, as value and label; `None` where it is typed.
fn choices(form: &Form, key: &FormKey) -> Option<Vec<(String, String)>> {
    let mut choices: Vec<(String, String)> = match key.kind {
        KeyKind::Choice(options) => {
            let words = |(value, label): &(&str, &str)| if value == label { (*label).to_owned() } else { format!("{value}: {label}") };
            options.iter().map(|option| (option.0.to_owned(), words(option))).collect()
        }
        KeyKind::One(source) => source.choices(form).into_iter().map(|choice| labelled(choice.value, &choice.label)).collect(),
        KeyKind::Flag => vec![("yes".to_owned(), "yes".to_owned()), ("no".to_owned(), "no".to_owned())],
        _ => return None,
    };
    if !key.is_needed {
        choices.insert(0, (String::new(), left_out(key)));
    }
    Some(choices)
}

fn labelled(value: String, label: &str) -> (String, String) {
    let words = if value == label { value.clone() } else { format!("{value}: {label}") };
    (value, words)
}

/// Asks about one key. A condition takes two questions, everything else one.
fn questions_of(form: &Form, key: &FormKey, now: &str) -> Vec<Question> {
    let label = match key.kind.words() {
        "" => format!("{}: {}", key.name, key.about.trim_end_matches('.')),
        words => format!("{}: {words}", key.name),
    };
    let question = match (choices(form, key), key.kind) {
        (_, KeyKind::Condition) => {
            let (field, answers) = now.split_once(':').unwrap_or((now, ""));
            let mut fields: Vec<(String, String)> = vec![(String::new(), left_out(key))];
            fields.extend(Source::Conditions.choices(form).into_iter().map(|choice| labelled(choice.value, &choice.label)));
            return vec![
                Question::choice("The other field, of type choice or bool", fields).starting_at(field.trim()).optional(),
                Question::line("Its answers that make this one be asked, divided by semicolons", answers.trim()),
            ];
        }
        (Some(options), _) => Question::choice(&label, options).starting_at(now),
        (None, KeyKind::Prose) => Question::area(&label, now),
        (None, _) => Question::line(&label, now),
    };
    vec![if key.is_needed { question.required() } else { question.optional() }]
}

/// Reads the answers to the questions about keys: what a person typed for each.
pub(super) fn answers(keys: &[&FormKey], args: &[String]) -> Vec<String> {
    let mut args = args.iter().cloned();
    let mut next = || args.next().unwrap_or_default();
    let mut answer = |key: &&FormKey| match key.kind {
        KeyKind::Condition => match (next(), next()) {
            (field, _) if field.is_empty() => String::new(),
            (field, answers) => format!("{field}: {answers}"),
        },
        _ => next(),
    };
    keys.iter().map(&mut answer).collect()
}

/// Opens a box with questions about keys; what was typed stands in it, and why it does not do.
pub(super) fn ask(title: String, form: &Form, keys: &[&FormKey], now: &[String], wrong: Option<String>, then: Call) -> Effect<AppPort> {
    let questions = keys.iter().zip(now).flat_map(|(key, now)| questions_of(form, key, now)).collect();
    let ask = Ask::new(title, questions, then);
    Effect::Open(Box::new(Overlay::Ask(match wrong {
        Some(wrong) => ask.with_remark(wrong, Role::Error),
        None => ask,
    })))
}

/// Opens the list that a key chooses from; `None` where it is typed or others are asked for together with it.
pub(super) fn pick(title: &str, form: &Form, key: &FormKey, now: &str, then: Call) -> Option<Effect<AppPort>> {
    let options = choices(form, key).filter(|_| key.with.is_empty())?;
    let choices = options.into_iter().map(|(value, label)| Choice { value, label, detail: String::new() }).collect();
    Some(Effect::Open(Box::new(Overlay::Picker(Picker::new(title, choices, then).starting_at(now)))))
}

/// Returns a key with those that have to fit it.
pub(super) fn together(part: Part, key: &'static FormKey) -> Vec<&'static FormKey> {
    let with = key.with.iter().filter_map(|name| part.key(name));
    std::iter::once(key).chain(with).collect()
}

/// Returns what stands under keys now, as a person types it.
pub(super) fn standing(keys: &[&FormKey], lines: &[KeyLine]) -> Vec<String> {
    let typed = |key: &&FormKey| lines.iter().find(|line| line.name == key.name).and_then(|line| line.typed.clone()).unwrap_or_default();
    keys.iter().map(typed).collect()
}

/// Returns the keys that a new entry is asked for.
pub(super) fn first_keys(part: Part) -> Vec<&'static FormKey> {
    form_keys::keys(part).iter().filter(|key| key.is_first).collect()
}

/// Returns what is proposed for a new entry beside the selected part, one text for each of its first keys.
pub(super) fn proposed(form: &Form, part: Part, beside: Option<Place>) -> Vec<String> {
    let propose = |key: &&FormKey| match (part, key.name) {
        (Part::Field, name) => {
            let Some(Place::Entry(Part::Field, at)) = beside else { return String::new() };
            let Some(field) = form.fields.get(at) else { return String::new() };
            match name {
                "section" => field.section.clone(),
                "scope" if field.scope == crate::domain::form::Scope::Arm => "arm".to_owned(),
                _ => String::new(),
            }
        }
        (Part::Analysis, "id") => next_number(form.analyses.last().map(|analysis| analysis.id.as_str())),
        (Part::Analysis, "experimental" | "control") => {
            let role = if key.name == "control" { ArmRole::Control } else { ArmRole::Experimental };
            form.arms.iter().find(|arm| arm.role == role).map(|arm| arm.id.clone()).unwrap_or_default()
        }
        (Part::Analysis, "measure") => match form.outcomes.first().map(|outcome| outcome.kind) {
            Some(OutcomeKind::Dichotomous) => "RR".to_owned(),
            _ => "MD".to_owned(),
        },
        _ => String::new(),
    };
    first_keys(part).iter().map(propose).collect()
}

/// Proposes the number of the next analysis: "1.2" after "1.1".
fn next_number(last: Option<&str>) -> String {
    let Some(last) = last else { return "1.1".to_owned() };
    let (before, number) = last.rsplit_once('.').map_or((String::new(), last), |(before, number)| (format!("{before}."), number));
    number.parse::<u32>().ok().and_then(|number| number.checked_add(1)).map(|next| format!("{before}{next}")).unwrap_or_default()
}
