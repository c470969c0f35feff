//! The keys of one table of a form file: how a person types them, and setting and removing them without touching anything else.

use toml_edit::{Array, InlineTable, Item, RawString, TableLike, Value};

use super::lists::{AnyTable, Entries};
use crate::app::form_keys::KeyKind;

/// Writes what stands under a key as a person types it.
pub(super) fn typed(item: &Item, kind: Option<KeyKind>) -> String {
    let joint = match kind {
        Some(KeyKind::Texts | KeyKind::Points) | None => "; ",
        Some(_) => ", ",
    };
    match item {
        Item::ArrayOfTables(tables) => tables.iter().map(|table| pair(table, joint)).collect::<Vec<_>>().join(joint),
        Item::Table(table) => pair(table, "; "),
        Item::Value(value) => typed_value(value, joint),
        Item::None => String::new(),
    }
}

fn typed_value(value: &Value, joint: &str) -> String {
    match value {
        Value::String(text) => text.value().split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Boolean(flag) => if *flag.value() { "yes" } else { "no" }.to_owned(),
        Value::Array(list) => list.iter().map(|value| typed_value(value, joint)).collect::<Vec<_>>().join(joint),
        Value::InlineTable(table) => pair(table, "; "),
        Value::Integer(_) | Value::Float(_) | Value::Datetime(_) => {
            let mut plain = value.clone();
            plain.decor_mut().clear();
            plain.to_string().trim().to_owned()
        }
    }
}

/// Writes a small table: a condition as `field: answer; answer`, a time point as `id: label`, another one as its values.
fn pair(table: &dyn TableLike, joint: &str) -> String {
    let text = |key: &str| table.get(key).map(|item| typed(item, Some(KeyKind::Texts)));
    let (first, second) = if table.contains_key("field") { (text("field"), text("is")) } else { (text("id"), text("label")) };
    match (first, second) {
        (Some(first), Some(second)) => format!("{first}: {second}"),
        (Some(first), None) => first,
        _ => table.iter().map(|(_, item)| typed(item, None)).collect::<Vec<_>>().join(joint),
    }
}

/// Sets a key to what was typed, and takes it out where nothing was; a key that says so already stays letter by letter.
///
/// What cannot be what the key takes is written as a text: what the file should hold instead is said by whoever reads it.
pub(super) fn set(mut table: AnyTable<'_>, name: &str, kind: Option<KeyKind>, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return remove(table, name);
    }
    if table.keys().get(name).is_some_and(|item| typed(item, kind) == text) {
        return;
    }
    match (kind, table.keys().get_mut(name)) {
        (Some(KeyKind::Condition), Some(item)) if item.is_table_like() => {
            let (field, answers) = halves(text);
            if let Some(condition) = AnyTable::of(item) {
                set(condition, "field", Some(KeyKind::Id), field);
            }
            match AnyTable::of(item) {
                // No answer at all is said to be too few.
                Some(condition) if answers.is_empty() => put(condition, "is", Array::new().into()),
                Some(condition) => set(condition, "is", Some(KeyKind::Texts), answers),
                None => {}
            }
        }
        (Some(KeyKind::Points), Some(item @ (Item::ArrayOfTables(_) | Item::Value(Value::Array(_))))) => {
            if let Some(entries) = Entries::of(item) {
                set_points(entries, text);
            }
        }
        (_, Some(Item::Value(Value::Array(list)))) => match value(kind, text) {
            Value::Array(new) => set_list(list, &new),
            new => put(table, name, new),
        },
        _ => put(table, name, value(kind, text)),
    }
}

/// Makes the value of a key.
fn value(kind: Option<KeyKind>, text: &str) -> Value {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match kind {
        Some(KeyKind::Whole | KeyKind::Number) => number(&with_point(&plain)),
        Some(KeyKind::Flag) => match plain.as_str() {
            "yes" | "true" => true.into(),
            "no" | "false" => false.into(),
            _ => plain.into(),
        },
        Some(KeyKind::Texts) => parts(text, &[';', '\n']).into_iter().collect::<Array>().into(),
        Some(KeyKind::Many(_)) => parts(text, &[';', ',', '\n']).into_iter().collect::<Array>().into(),
        Some(KeyKind::Side) => match &parts(text, &[';', ',', '\n'])[..] {
            [only] => (*only).into(),
            several => several.iter().copied().collect::<Array>().into(),
        },
        Some(KeyKind::Numbers) => {
            // A comma is one of a decimal where semicolons divide.
            let numbers: Vec<Value> = if text.contains(';') {
                parts(text, &[';', '\n']).into_iter().map(|part| number(&with_point(part))).collect()
            } else {
                parts(text, &[',', ' ', '\n']).into_iter().map(number).collect()
            };
            numbers.into_iter().collect::<Array>().into()
        }
        Some(KeyKind::Points) => parts(text, &[';', '\n']).into_iter().map(point).collect::<Array>().into(),
        Some(KeyKind::Condition) => {
            let (field, answers) = halves(text);
            let mut condition = InlineTable::new();
            condition.insert("field", field.into());
            condition.insert("is", parts(answers, &[';', '\n']).into_iter().collect::<Array>().into());
            condition.into()
        }
        Some(KeyKind::Id | KeyKind::Text | KeyKind::Prose | KeyKind::Choice(_) | KeyKind::One(_)) | None => plain.into(),
    }
}

fn parts<'a>(text: &'a str, dividers: &[char]) -> Vec<&'a str> {
    text.split(dividers).map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn halves(text: &str) -> (&str, &str) {
    let (first, second) = text.split_once(':').unwrap_or((text, ""));
    (first.trim(), second.trim())
}

fn point(text: &str) -> Value {
    let (id, label) = halves(text);
    let mut point = InlineTable::new();
    point.insert("id", id.into());
    if !label.is_empty() {
        point.insert("label", label.into());
    }
    point.into()
}

/// Writes a decimal comma as a point; one before three digits may divide thousands and stays.
fn with_point(text: &str) -> String {
    match text.split_once(',') {
        Some((_, decimals)) if decimals.len() == 3 || decimals.contains(',') => text.to_owned(),
        _ => text.replace(',', "."),
    }
}

/// Writes a whole number without a point, as people do; what is no number stays a text.
#[expect(clippy::cast_possible_truncation, reason = "whole and small")]
fn number(text: &str) -> Value {
    match text.parse::<f64>() {
        Ok(number) if number.fract() == 0.0 && number.abs() < 1e15 => (number as i64).into(),
        Ok(number) => number.into(),
        Err(_) => text.into(),
    }
}

/// Puts a value under a key; comments above and behind stay where they are.
pub(super) fn put(mut any: AnyTable<'_>, name: &str, mut new: Value) {
    let is_in_braces = any.is_in_braces();
    let table = any.keys();
    if let Some(item) = table.get_mut(name) {
        if let Some(old) = item.as_value() {
            *new.decor_mut() = old.decor().clone();
        }
        *item = Item::Value(new);
        return;
    }
    let last = last_value(table, None);
    table.insert(name, Item::Value(new));
    let Some(last) = last.filter(|_| is_in_braces) else { return };
    // In braces the new last value takes over what stands before the closing one, and where lines are.
    let line = table.key(&last).and_then(|key| key.leaf_decor().prefix()).and_then(RawString::as_str).map(str::to_owned);
    let old = table.get_mut(&last).and_then(Item::as_value_mut).map(Value::decor_mut);
    let behind = old.and_then(|decor| {
        let behind = decor.suffix().and_then(RawString::as_str).unwrap_or(" ").to_owned();
        behind.trim().is_empty().then(|| {
            decor.set_suffix("");
            behind
        })
    });
    if let Some(decor) = table.get_mut(name).and_then(Item::as_value_mut).map(Value::decor_mut) {
        decor.set_prefix(" ");
        decor.set_suffix(behind.unwrap_or_default());
    }
    if let Some(mut key) = table.key_mut(name) {
        let line = line.filter(|line| line.contains('\n')).map(|line| format!("\n{}", line.rsplit('\n').next().unwrap_or_default()));
        key.leaf_decor_mut().set_prefix(line.unwrap_or_else(|| " ".to_owned()));
        key.leaf_decor_mut().set_suffix(" ");
    }
}

/// Takes a key out with the comment behind it; comments above it, which may be about more than it, stay.
fn remove(mut any: AnyTable<'_>, name: &str) {
    let is_inline = any.is_in_braces();
    let table = any.keys();
    let above = table.key(name).and_then(|key| key.leaf_decor().prefix()).and_then(RawString::as_str).map(str::to_owned);
    let names: Vec<String> = table.iter().filter(|(_, item)| item.is_value()).map(|(name, _)| name.to_owned()).collect();
    let at = names.iter().position(|known| known == name);
    let next = at.and_then(|at| names.get(at + 1));
    let gone = table.remove(name);
    let before = last_value(table, at);
    if is_inline && next.is_none() {
        let behind = gone.as_ref().and_then(Item::as_value).and_then(|value| value.decor().suffix().cloned());
        if let (Some(last), Some(behind)) = (before.and_then(|last| table.get_mut(&last)).and_then(Item::as_value_mut), behind) {
            last.decor_mut().set_suffix(behind);
        }
    } else if is_inline && at == Some(0) {
        if let (Some(mut key), Some(above)) = (next.and_then(|next| table.key_mut(next)), above) {
            key.leaf_decor_mut().set_prefix(above);
        }
    } else if let Some(above) = above.filter(|above| above.contains('#')) {
        let next = next.and_then(|next| table.key_mut(next));
        if let Some(mut key) = next {
            let own = key.leaf_decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_owned();
            key.leaf_decor_mut().set_prefix(format!("{above}{own}"));
        } else if let Some(last) = before.and_then(|last| table.get_mut(&last)).and_then(Item::as_value_mut) {
            let own = last.decor().suffix().and_then(RawString::as_str).unwrap_or_default().to_owned();
            last.decor_mut().set_suffix(format!("{own}\n{}", above.trim_end_matches('\n')));
        }
    }
}

/// Returns the name of the value before a place among the values of a table, or of the last one.
fn last_value(table: &dyn TableLike, before: Option<usize>) -> Option<String> {
    let mut names = table.iter().filter(|(_, item)| item.is_value()).map(|(name, _)| name.to_owned());
    match before {
        Some(0) => None,
        Some(at) => names.nth(at - 1),
        None => names.last(),
    }
}

/// Changes a list of values into another one: what stays keeps its place in the file and its comments.
fn set_list(list: &mut Array, new: &Array) {
    let text = |value: &Value| typed_value(value, "; ");
    let wanted: Vec<String> = new.iter().map(text).collect();
    let stays = |at: usize, list: &Array| list.get(at).is_some_and(|value| wanted.contains(&text(value)));
    for at in (0..list.len()).rev() {
        if !stays(at, list) {
            Entries::Values(list).remove(at);
        }
    }
    arrange(&mut Entries::Values(list), &wanted, |entries, at| entries.value_at(at).map(text), |at| new.get(at).cloned().map(undecorated));
}

/// Changes the time points of an outcome: one that stays keeps whatever else the file says about it.
fn set_points(mut entries: Entries<'_>, text: &str) {
    let points = parts(text, &[';', '\n']);
    let wanted: Vec<String> = points.iter().map(|text| halves(text).0.to_owned()).collect();
    let id = |entries: &mut Entries<'_>, at: usize| {
        entries.table_at(at).and_then(|mut table| table.keys().get("id").map(|id| typed(id, Some(KeyKind::Id))))
    };
    for at in (0..entries.len()).rev() {
        if id(&mut entries, at).is_none_or(|id| !wanted.contains(&id)) {
            entries.remove(at);
        }
    }
    arrange(&mut entries, &wanted, id, |at| points.get(at).map(|text| point(text)));
    for (at, text) in points.iter().enumerate() {
        if let Some(table) = entries.table_at(at) {
            set(table, "label", Some(KeyKind::Text), halves(text).1);
        }
    }
}

/// Brings entries into an order, and makes those that there are not yet.
fn arrange(
    entries: &mut Entries<'_>,
    wanted: &[String],
    name: impl Fn(&mut Entries<'_>, usize) -> Option<String>,
    make: impl Fn(usize) -> Option<Value>,
) {
    for (at, text) in wanted.iter().enumerate() {
        if name(entries, at).as_ref() == Some(text) {
            continue;
        }
        match (at + 1..entries.len()).find(|later| name(entries, *later).as_ref() == Some(text)) {
            Some(later) => entries.swap(at, later),
            None => {
                if let Some(value) = make(at) {
                    entries.insert(at, value);
                }
            }
        }
    }
    // What stood there twice stands there once too often.
    (wanted.len()..entries.len()).rev().for_each(|at| entries.remove(at));
}

fn undecorated(mut value: Value) -> Value {
    value.decor_mut().clear();
    value
}
