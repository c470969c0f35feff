//! Changing a form file: one entry of a list at a time, with comments, order and spelling of all the rest as they were.
//!
//! The file is the form: the designer on the screen does what a person would do in an editor. Whether the result is a sound form is
//! looked at afterwards, by [`super::form_file::check_text`].

use std::path::Path;

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, RawString, Table, TableLike, Value};

use crate::domain::form::{Field, Outcome, OutcomeKind, Scope};

use super::error::{Error, ErrorKind, Result};

/// What a person says about a field; empty texts and lists leave the key out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldEntry {
    /// The heading under which it is shown.
    pub section: String,
    /// The id.
    pub id: String,
    /// The label.
    pub label: String,
    /// The type, as the file spells it ("choice").
    pub kind: String,
    /// Whether each arm answers.
    pub is_of_arm: bool,
    /// Whether an answer is needed.
    pub is_required: bool,
    /// The units, the usual one first.
    pub units: Vec<String>,
    /// The options.
    pub options: Vec<String>,
    /// The advice.
    pub guidance: String,
}

/// What a person says about an outcome; empty texts and lists leave the key out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OutcomeEntry {
    /// The id.
    pub id: String,
    /// The label.
    pub label: String,
    /// "continuous" or "dichotomous".
    pub kind: String,
    /// "lower-better", "higher-better" or nothing.
    pub direction: String,
    /// The ends of the scale.
    pub scale: Option<[f64; 2]>,
    /// What is counted.
    pub event: String,
    /// The unit of the scale.
    pub unit: String,
    /// The formats accepted.
    pub accept: Vec<String>,
    /// The time points as (id, label).
    pub timepoints: Vec<(String, String)>,
}

/// The lists of a form whose entries can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormList {
    /// The fields.
    Fields,
    /// The outcomes.
    Outcomes,
}

/// One change of a form file. Places count the entries of a list in the order of the file, from 0.
#[derive(Debug, Clone, PartialEq)]
pub enum FormEdit {
    /// Adds a field after the one at this place, or at the end.
    AddField(Option<usize>, FieldEntry),
    /// Changes the field at this place.
    SetField(usize, FieldEntry),
    /// Adds an outcome after the one at this place, or at the end.
    AddOutcome(Option<usize>, OutcomeEntry),
    /// Changes the outcome at this place.
    SetOutcome(usize, OutcomeEntry),
    /// Takes an entry out.
    Remove(FormList, usize),
    /// Exchanges an entry with the one before it (`true`) or after it.
    Move(FormList, usize, bool),
    /// Sets the version.
    Version(u32),
}

impl FieldEntry {
    /// Says what a form says about a field.
    pub fn of(field: &Field) -> Self {
        let mut units = field.units.clone();
        if let Some(unit) = field.unit.clone().filter(|unit| !units.contains(unit)) {
            units.insert(0, unit);
        } else if let Some(unit) = &field.unit {
            units.sort_by_key(|known| known != unit);
        }
        Self {
            section: field.section.clone(),
            id: field.id.clone(),
            label: field.label.clone().unwrap_or_default(),
            kind: field.kind.to_string(),
            is_of_arm: field.scope == Scope::Arm,
            is_required: field.required,
            units,
            options: field.options.clone(),
            guidance: field.guidance.clone().unwrap_or_default(),
        }
    }
}

impl OutcomeEntry {
    /// Says what a form says about an outcome.
    pub fn of(outcome: &Outcome) -> Self {
        use crate::domain::form::Direction;
        let direction = match outcome.direction {
            None => "",
            Some(Direction::LowerBetter) => "lower-better",
            Some(Direction::HigherBetter) => "higher-better",
        };
        Self {
            id: outcome.id.clone(),
            label: outcome.label.clone(),
            kind: outcome.kind.to_string(),
            direction: direction.to_owned(),
            scale: outcome.scale.filter(|_| outcome.kind == OutcomeKind::Continuous),
            event: outcome.event.clone().unwrap_or_default(),
            unit: outcome.unit.clone().unwrap_or_default(),
            accept: outcome.accept.iter().map(ToString::to_string).collect(),
            timepoints: outcome.timepoints.iter().map(|point| (point.id.clone(), point.label.clone().unwrap_or_default())).collect(),
        }
    }
}

/// Returns the text of a form file after a change.
///
/// # Errors
/// [`Error`] where the text is not TOML or has no such entry.
pub fn edit_form(text: &str, edit: &FormEdit) -> Result<String> {
    let mut file: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| Error::user(format!("the form cannot be read: {error}")))?;
    match edit {
        FormEdit::AddField(after, field) => add(&mut file, FormList::Fields, *after, |table| write_field(table, field))?,
        FormEdit::SetField(at, field) => change(&mut file, FormList::Fields, *at, |table| write_field(table, field))?,
        FormEdit::AddOutcome(after, outcome) => add(&mut file, FormList::Outcomes, *after, |table| write_outcome(table, outcome))?,
        FormEdit::SetOutcome(at, outcome) => change(&mut file, FormList::Outcomes, *at, |table| write_outcome(table, outcome))?,
        FormEdit::Remove(list, at) => remove(&mut file, *list, *at)?,
        FormEdit::Move(list, at, is_up) => swap(&mut file, *list, *at, *is_up)?,
        FormEdit::Version(version) => put(file.as_table_mut(), "version", i64::from(*version).into()),
    }
    Ok(file.to_string())
}

/// Writes the text of a form into its file. A file that holds something else than the form in use or an older version of it is left alone.
///
/// # Errors
/// [`Error`] where the file holds something else, or cannot be written.
pub fn write_form(path: &Path, text: &str, known: &[String]) -> Result<()> {
    let wrong = |error: std::io::Error| Error::new(ErrorKind::File, format!("{} cannot be written: {error}", path.display()));
    match std::fs::read_to_string(path) {
        Ok(there) if there != text && !known.contains(&there) => {
            return Err(Error::blocked(format!("{} holds something else than the form of this review", path.display()))
                .hint("name another file, or take the changed file into use first"));
        }
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(wrong(error)),
    }
    super::environment::write_whole(path, text).map_err(wrong)
}

impl super::workspace::Workspace {
    /// As [`write_form`], with the versions of this review.
    ///
    /// # Errors
    /// [`Error`] as there.
    pub fn write_form(&self, path: &Path, text: &str) -> Result<()> {
        let known: Vec<String> = self.state.forms().into_iter().map(|(_, version)| version.text.clone()).collect();
        write_form(path, text, &known)
    }
}

impl FormList {
    /// The names of the list in a file; entries are counted through in this order.
    fn keys(self) -> [&'static str; 2] {
        match self {
            Self::Fields => ["fields", "field"],
            Self::Outcomes => ["outcome", "outcomes"],
        }
    }

    fn noun(self) -> &'static str {
        if self == Self::Fields { "field" } else { "outcome" }
    }
}

/// Counts the entries under a key, and tells whether they are tables of their own (`[[field]]`) or stand in one list.
fn entries(file: &DocumentMut, key: &str) -> (usize, bool) {
    match file.get(key) {
        Some(Item::ArrayOfTables(tables)) => (tables.len(), true),
        Some(Item::Value(Value::Array(list))) => (list.len(), false),
        _ => (0, true),
    }
}

/// Finds the key and the place under it of an entry.
fn place(file: &DocumentMut, list: FormList, at: usize) -> Result<(&'static str, usize, bool)> {
    let mut rest = at;
    for key in list.keys() {
        let (count, is_tables) = entries(file, key);
        if rest < count {
            return Ok((key, rest, is_tables));
        }
        rest -= count;
    }
    Err(Error::not_found(format!("the form has no {} number {}", list.noun(), at + 1)))
}

fn tables<'a>(file: &'a mut DocumentMut, key: &str) -> Result<&'a mut ArrayOfTables> {
    file.get_mut(key)
        .and_then(Item::as_array_of_tables_mut)
        .ok_or_else(|| Error::user(format!("\"{key}\" of the form is no list of tables")))
}

fn array<'a>(file: &'a mut DocumentMut, key: &str) -> Result<&'a mut Array> {
    file.get_mut(key).and_then(Item::as_array_mut).ok_or_else(|| Error::user(format!("\"{key}\" of the form is no list")))
}

fn change(file: &mut DocumentMut, list: FormList, at: usize, write: impl Fn(&mut dyn TableLike)) -> Result<()> {
    let gone = || Error::not_found(format!("the form has no {} number {}", list.noun(), at + 1));
    match place(file, list, at)? {
        (key, at, true) => write(tables(file, key)?.get_mut(at).ok_or_else(gone)?),
        (key, at, false) => write(array(file, key)?.get_mut(at).and_then(Value::as_inline_table_mut).ok_or_else(gone)?),
    }
    Ok(())
}

fn add(file: &mut DocumentMut, list: FormList, after: Option<usize>, write: impl Fn(&mut dyn TableLike)) -> Result<()> {
    let total: usize = list.keys().iter().map(|key| entries(file, key).0).sum();
    let before = after.or_else(|| total.checked_sub(1));
    let (key, at, is_tables) = match before {
        Some(before) => {
            let (key, at, is_tables) = place(file, list, before)?;
            (key, at + 1, is_tables)
        }
        None => {
            let key = if list == FormList::Fields { "field" } else { "outcome" };
            // An empty list in brackets takes no tables; it makes room for them.
            if entries(file, key).0 == 0 {
                file.insert(key, Item::ArrayOfTables(ArrayOfTables::new()));
            }
            (key, 0, true)
        }
    };
    if is_tables {
        let mut table = Table::new();
        table.decor_mut().set_prefix("\n");
        write(&mut table);
        tables(file, key)?.insert(at, table);
    } else {
        let list = array(file, key)?;
        let mut table = InlineTable::new();
        write(&mut table);
        let mut value = Value::from(table);
        let prefix = list.get(at - 1).and_then(|value| value.decor().prefix()).and_then(|prefix| prefix.as_str()).unwrap_or("\n  ");
        let line = prefix.rsplit('\n').next().unwrap_or_default().to_owned();
        value.decor_mut().set_prefix(if prefix.contains('\n') { format!("\n{line}") } else { " ".to_owned() });
        list.insert_formatted(at, value);
    }
    Ok(())
}

/// Takes an entry out; the comments before it, which may be about more than it, go to the entry that follows.
fn remove(file: &mut DocumentMut, list: FormList, at: usize) -> Result<()> {
    let comments = |prefix: Option<&RawString>| prefix.and_then(RawString::as_str).filter(|text| text.contains('#')).map(str::to_owned);
    match place(file, list, at)? {
        (key, at, true) => {
            let list = tables(file, key)?;
            let kept = comments(list.remove(at).decor().prefix());
            if let (Some(kept), Some(next)) = (kept, list.get_mut(at)) {
                let own = next.decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_owned();
                next.decor_mut().set_prefix(format!("{kept}{}", own.trim_start_matches('\n')));
            }
        }
        (key, at, false) => {
            let list = array(file, key)?;
            let Some(kept) = comments(list.remove(at).decor().prefix()) else { return Ok(()) };
            let line = kept.trim_end_matches(|c: char| c != '\n').to_owned();
            if let Some(next) = list.get_mut(at) {
                let own = next.decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_owned();
                next.decor_mut().set_prefix(format!("{line}{}", own.trim_start_matches('\n')));
            } else {
                let trailing = list.trailing().as_str().unwrap_or_default().to_owned();
                list.set_trailing(format!("{line}{}", trailing.trim_start_matches('\n')));
            }
        }
    }
    Ok(())
}

/// Exchanges two neighbours of one list; the comments above them stay where they are.
fn swap(file: &mut DocumentMut, list: FormList, at: usize, is_up: bool) -> Result<()> {
    let edge = || Error::user("it stands at the edge of its list already");
    let other = if is_up { at.checked_sub(1).ok_or_else(edge)? } else { at + 1 };
    let (one, two) = (place(file, list, at.min(other))?, place(file, list, at.max(other)).map_err(|_| edge())?);
    if one.0 != two.0 {
        return Err(Error::user("the form keeps these two in lists of different kinds; move it in an editor"));
    }
    let (key, first, second) = (one.0, one.1, two.1);
    if one.2 {
        let list = tables(file, key)?;
        let (Some(mut a), Some(mut b)) = (list.get(first).cloned(), list.get(second).cloned()) else { return Err(edge()) };
        let (decor_a, decor_b, place_a, place_b) = (a.decor().clone(), b.decor().clone(), a.position(), b.position());
        (*a.decor_mut(), *b.decor_mut()) = (decor_b, decor_a);
        a.set_position(place_b);
        b.set_position(place_a);
        list.replace(first, b);
        list.replace(second, a);
    } else {
        let list = array(file, key)?;
        let (Some(mut a), Some(mut b)) = (list.get(first).cloned(), list.get(second).cloned()) else { return Err(edge()) };
        let (decor_a, decor_b) = (a.decor().clone(), b.decor().clone());
        (*a.decor_mut(), *b.decor_mut()) = (decor_b, decor_a);
        list.replace_formatted(first, b);
        list.replace_formatted(second, a);
    }
    Ok(())
}

fn write_field(table: &mut dyn TableLike, field: &FieldEntry) {
    put_text(table, "section", &field.section);
    put_text(table, "id", &field.id);
    put_text(table, "label", &field.label);
    put_text(table, "type", &field.kind);
    let is_of_arm = table.get("scope").and_then(Item::as_str) == Some("arm");
    if field.is_of_arm != is_of_arm {
        put_text(table, "scope", if field.is_of_arm { "arm" } else { "" });
    }
    let is_required = table.get("required").and_then(Item::as_bool) == Some(true);
    match (field.is_required, is_required) {
        (true, false) => put(table, "required", true.into()),
        (false, true) => {
            table.remove("required");
        }
        _ => {}
    }
    put_list(table, "options", &field.options);
    put_text(table, "unit", field.units.first().map(String::as_str).unwrap_or_default());
    let stands = table.get("units").and_then(Item::as_array).map(|list| list.iter().filter_map(Value::as_str).collect::<Vec<_>>());
    // In which order the others stand makes no difference.
    let is_same =
        stands.is_some_and(|stands| stands.len() == field.units.len() && field.units.iter().all(|unit| stands.contains(&unit.as_str())));
    if !is_same {
        put_list(table, "units", if field.units.len() > 1 { &field.units } else { &[] });
    }
    put_text(table, "guidance", &field.guidance);
}

fn write_outcome(table: &mut dyn TableLike, outcome: &OutcomeEntry) {
    put_text(table, "id", &outcome.id);
    put_text(table, "label", &outcome.label);
    put_text(table, "kind", &outcome.kind);
    put_text(table, "direction", &outcome.direction);
    let scale = table.get("scale").and_then(Item::as_array).map(|list| list.iter().filter_map(number).collect::<Vec<f64>>());
    match outcome.scale {
        None => {
            table.remove("scale");
        }
        Some(ends) if scale.as_deref() != Some(&ends[..]) => {
            put(table, "scale", ends.into_iter().map(plain_number).collect::<Array>().into())
        }
        Some(_) => {}
    }
    put_text(table, "event", &outcome.event);
    put_text(table, "unit", &outcome.unit);
    put_list(table, "accept", &outcome.accept);
    put_timepoints(table, &outcome.timepoints);
}

/// Writes the time points where they differ; one that stays keeps whatever else the file says about it.
fn put_timepoints(table: &mut dyn TableLike, timepoints: &[(String, String)]) {
    let known: Vec<InlineTable> = match table.get("timepoints") {
        Some(Item::Value(Value::Array(list))) => list.iter().filter_map(|value| value.as_inline_table().cloned()).collect(),
        Some(Item::ArrayOfTables(list)) => list.iter().map(|table| table.clone().into_inline_table()).collect(),
        _ => Vec::new(),
    };
    let text = |point: &InlineTable, key: &str| point.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let stands: Vec<(String, String)> = known.iter().map(|point| (text(point, "id"), text(point, "label"))).collect();
    if stands == timepoints {
        return;
    }
    let list = timepoints.iter().map(|(id, label)| {
        let mut point = known.iter().find(|point| text(point, "id") == *id).cloned().unwrap_or_default();
        put_text(&mut point, "id", id);
        put_text(&mut point, "label", label);
        point.fmt();
        Value::from(point)
    });
    put(table, "timepoints", list.collect::<Array>().into());
}

#[expect(clippy::cast_precision_loss, reason = "ends of scales are small")]
fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

/// Writes a whole number without a point, as people do.
#[expect(clippy::cast_possible_truncation, reason = "whole and small")]
fn plain_number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 { Value::from(number as i64) } else { Value::from(number) }
}

/// Sets a key and keeps the comment behind it.
fn put(table: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    table.insert(key, Item::Value(value));
}

/// Sets a text where it differs, and takes the key out where there is none.
fn put_text(table: &mut dyn TableLike, key: &str, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        table.remove(key);
    } else if table.get(key).and_then(Item::as_str) != Some(text) {
        put(table, key, text.into());
    }
}

/// Sets a list of texts where it differs, and takes the key out where it is empty.
fn put_list(table: &mut dyn TableLike, key: &str, list: &[String]) {
    if list.is_empty() {
        table.remove(key);
        return;
    }
    let known = table.get(key).and_then(Item::as_array).map(|list| list.iter().filter_map(Value::as_str).collect::<Vec<_>>());
    if known.is_none_or(|known| known != list.iter().map(String::as_str).collect::<Vec<_>>()) {
        put(table, key, list.iter().map(String::as_str).collect::<Array>().into());
    }
}

#[cfg(test)]
mod tests;
