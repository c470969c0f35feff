//! The keys of a part, each with what the file says.

use crate::app::form_edit::KeyLine;
use crate::app::form_keys::{FormKey, KeyKind};
use crate::domain::form::Form;
use crate::tui::theme::Role;
use crate::tui::widget::text::{Piece, StyledLine, wrap};

/// Returns the line of a key: whether it has to be there, its name, and what stands there or what counts without it.
pub(super) fn line(key: &KeyLine) -> Vec<Piece> {
    let is_needed = key.known.is_some_and(|known| known.is_needed);
    let needed = (if is_needed { "*" } else { "" }.to_owned(), Role::Accent);
    let says = match (&key.typed, key.known) {
        (Some(typed), Some(known)) => (meant(known, typed), Role::Text),
        (Some(typed), None) => (format!("{typed} (not acted on)"), Role::Muted),
        (None, known) => (format!("- {}", known.map_or("", |known| known.without)), Role::Muted),
    };
    vec![needed, (key.name.clone(), Role::Text), says]
}

/// Says what a choice means beside its word in the file.
fn meant(key: &FormKey, typed: &str) -> String {
    let KeyKind::Choice(options) = key.kind else { return typed.to_owned() };
    let known = options.iter().find(|(value, label)| *value == typed && value != label);
    known.map_or_else(|| typed.to_owned(), |(value, label)| format!("{value} ({label})"))
}

/// Explains a key in a line or two, with what it takes.
pub(super) fn about(key: &KeyLine, form: &Form, room: usize) -> Vec<StyledLine> {
    let pair = |name: &str, text: String| wrap(&[(format!("{name}: "), Role::Muted), (text, Role::Text)], room);
    let Some(known) = key.known else {
        return wrap(&[("This version keeps it in the file and does not act on it.".to_owned(), Role::Text)], room);
    };
    let mut lines = wrap(&[(known.about.to_owned(), Role::Text)], room);
    let names = |choices: Vec<crate::app::form_keys::Choice>| {
        let names: Vec<String> = choices.into_iter().map(|choice| choice.value).collect();
        if names.is_empty() { "the form has none yet".to_owned() } else { names.join(", ") }
    };
    let takes = match known.kind {
        KeyKind::Choice(options) => options.iter().map(|(value, _)| *value).collect::<Vec<_>>().join(", "),
        KeyKind::One(source) => names(source.choices(form)),
        KeyKind::Many(source) => format!("{} ({})", names(source.choices(form)), known.kind.words()),
        KeyKind::Side => format!("{} ({})", names(crate::app::form_keys::Source::Arms.choices(form)), known.kind.words()),
        kind => kind.words().to_owned(),
    };
    if !takes.is_empty() {
        lines.extend(pair("Takes", takes));
    }
    if let Some(typed) = key.typed.as_ref().filter(|typed| typed.chars().count() + 20 > room) {
        lines.extend(pair("Says", typed.clone()));
    }
    if !known.is_needed {
        lines.extend(pair("Left out", known.without.to_owned()));
    }
    lines
}
