//! The lists of a form file and their entries: finding, adding, taking out and exchanging them, with comments where they were.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, RawString, Table, TableLike, Value};

use super::{List, Place};
use crate::app::error::{Error, Result};
use crate::app::form_keys::Part;

/// A table as the file writes it.
pub(super) enum AnyTable<'a> {
    /// A table of lines.
    Lines(&'a mut Table),
    /// A table in braces.
    Braces(&'a mut InlineTable),
}

impl<'a> AnyTable<'a> {
    /// Returns the table that an item is, if it is one.
    pub(super) fn of(item: &'a mut Item) -> Option<Self> {
        match item {
            Item::Table(table) => Some(Self::Lines(table)),
            Item::Value(Value::InlineTable(table)) => Some(Self::Braces(table)),
            _ => None,
        }
    }

    /// Returns what both kinds can do.
    pub(super) fn keys(&mut self) -> &mut dyn TableLike {
        match self {
            Self::Lines(table) => *table,
            Self::Braces(table) => *table,
        }
    }

    pub(super) fn is_in_braces(&self) -> bool {
        matches!(self, Self::Braces(_))
    }
}

/// A list as the file writes it.
pub(super) enum Entries<'a> {
    /// Tables of their own: `[[field]]`.
    Tables(&'a mut ArrayOfTables),
    /// Values in brackets: `fields = [{ .. }]`, `options = ["a", "b"]`.
    Values(&'a mut Array),
}

impl<'a> Entries<'a> {
    /// Returns the list that an item is, if it is one.
    pub(super) fn of(item: &'a mut Item) -> Option<Self> {
        match item {
            Item::ArrayOfTables(tables) => Some(Self::Tables(tables)),
            Item::Value(Value::Array(values)) => Some(Self::Values(values)),
            _ => None,
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Tables(tables) => tables.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// Returns an entry that is a table.
    pub(super) fn table(self, at: usize) -> Option<AnyTable<'a>> {
        match self {
            Self::Tables(tables) => tables.get_mut(at).map(AnyTable::Lines),
            Self::Values(values) => values.get_mut(at).and_then(Value::as_inline_table_mut).map(AnyTable::Braces),
        }
    }

    /// As [`Entries::table`], to be looked at in passing.
    pub(super) fn table_at(&mut self, at: usize) -> Option<AnyTable<'_>> {
        match self {
            Self::Tables(tables) => tables.get_mut(at).map(AnyTable::Lines),
            Self::Values(values) => values.get_mut(at).and_then(Value::as_inline_table_mut).map(AnyTable::Braces),
        }
    }

    /// Returns an entry that is a value.
    pub(super) fn value_at(&self, at: usize) -> Option<&Value> {
        match self {
            Self::Tables(_) => None,
            Self::Values(values) => values.get(at),
        }
    }

    /// Puts an entry at a place, laid out as the one before it.
    pub(super) fn insert(&mut self, at: usize, value: Value) {
        match self {
            Self::Tables(tables) => {
                let mut table = match value {
                    Value::InlineTable(table) => table.into_table(),
                    _ => Table::new(),
                };
                table.decor_mut().set_prefix("\n");
                tables.insert(at, table);
            }
            Self::Values(values) => insert_value(values, at, value),
        }
    }

    /// Takes an entry out; the comments before it, which may be about more than it, go to the entry that follows.
    pub(super) fn remove(&mut self, at: usize) {
        match self {
            Self::Tables(tables) => {
                if let (Some(kept), Some(next)) = (comments(tables.remove(at).decor().prefix()), tables.get_mut(at)) {
                    let own = next.decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_owned();
                    next.decor_mut().set_prefix(format!("{kept}{}", own.trim_start_matches('\n')));
                }
            }
            Self::Values(values) => remove_value(values, at),
        }
    }

    /// Exchanges two entries; the comments above them stay where they are.
    pub(super) fn swap(&mut self, first: usize, second: usize) {
        match self {
            Self::Tables(tables) => {
                let (Some(mut a), Some(mut b)) = (tables.get(first).cloned(), tables.get(second).cloned()) else { return };
                let (decor_a, decor_b, place_a, place_b) = (a.decor().clone(), b.decor().clone(), a.position(), b.position());
                (*a.decor_mut(), *b.decor_mut()) = (decor_b, decor_a);
                a.set_position(place_b);
                b.set_position(place_a);
                tables.replace(first, b);
                tables.replace(second, a);
            }
            Self::Values(values) => {
                let (Some(mut a), Some(mut b)) = (values.get(first).cloned(), values.get(second).cloned()) else { return };
                let (decor_a, decor_b) = (a.decor().clone(), b.decor().clone());
                (*a.decor_mut(), *b.decor_mut()) = (decor_b, decor_a);
                values.replace_formatted(first, b);
                values.replace_formatted(second, a);
            }
        }
    }
}

/// Returns the white space before an entry where comments are in it.
fn comments(prefix: Option<&RawString>) -> Option<String> {
    prefix.and_then(RawString::as_str).filter(|text| text.contains('#')).map(str::to_owned)
}

fn insert_value(values: &mut Array, at: usize, mut value: Value) {
    let prefix = |at: usize| values.get(at).and_then(|value| value.decor().prefix()).and_then(RawString::as_str).map(str::to_owned);
    let before = at.checked_sub(1).and_then(prefix).or_else(|| prefix(at)).unwrap_or_default();
    let is_of_lines = before.contains('\n');
    let line = before.rsplit('\n').next().unwrap_or_default().to_owned();
    if is_of_lines {
        value.decor_mut().set_prefix(format!("\n{line}"));
    } else if at > 0 {
        value.decor_mut().set_prefix(" ");
    }
    // What the last value has behind it belongs to the bracket, unless values stand on lines of their own.
    if at == values.len()
        && !is_of_lines
        && let Some(last) = at.checked_sub(1).and_then(|last| values.get_mut(last))
    {
        let behind = last.decor().suffix().cloned();
        if let Some(behind) = behind.filter(|behind| behind.as_str().is_some_and(|text| text.trim().is_empty())) {
            last.decor_mut().set_suffix("");
            value.decor_mut().set_suffix(behind);
        }
    }
    values.insert_formatted(at, value);
    if at == 0
        && !is_of_lines
        && let Some(next) = values.get_mut(1)
    {
        next.decor_mut().set_prefix(" ");
    }
}

fn remove_value(values: &mut Array, at: usize) {
    let was_last = at + 1 == values.len();
    let gone = values.remove(at);
    let prefix = gone.decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_owned();
    let Some(kept) = comments(gone.decor().prefix()) else {
        if at == 0
            && let Some(first) = values.get_mut(0)
            && !first.decor().prefix().and_then(RawString::as_str).unwrap_or_default().contains('\n')
        {
            first.decor_mut().set_prefix(prefix);
        } else if was_last && let (Some(last), Some(behind)) = (values.iter_mut().last(), gone.decor().suffix().cloned()) {
            last.decor_mut().set_suffix(behind);
        }
        return;
    };
    let line = kept.trim_end_matches(|c: char| c != '\n').to_owned();
    if let Some(next) = values.get_mut(at) {
        let own = next.decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_owned();
        next.decor_mut().set_prefix(format!("{line}{}", own.trim_start_matches('\n')));
    } else {
        let trailing = values.trailing().as_str().unwrap_or_default().to_owned();
        values.set_trailing(format!("{line}{}", trailing.trim_start_matches('\n')));
    }
}

fn no_entry(part: Part, at: usize) -> Error {
    Error::not_found(format!("the form has no {} number {}", part.noun(), at + 1))
}

fn count(file: &DocumentMut, name: &str) -> usize {
    match file.get(name) {
        Some(Item::ArrayOfTables(tables)) => tables.len(),
        Some(Item::Value(Value::Array(values))) => values.len(),
        _ => 0,
    }
}

/// Finds the name of the list and the place in it of an entry.
fn find(file: &DocumentMut, part: Part, at: usize) -> Result<(&'static str, usize)> {
    let mut rest = at;
    for name in part.lists() {
        let count = count(file, name);
        if rest < count {
            return Ok((name, rest));
        }
        rest -= count;
    }
    Err(no_entry(part, at))
}

fn list<'a>(file: &'a mut DocumentMut, name: &str) -> Result<Entries<'a>> {
    file.get_mut(name).and_then(Entries::of).ok_or_else(|| Error::user(format!("\"{name}\" of the form is no list")))
}

fn timepoints(file: &mut DocumentMut, outcome: usize) -> Result<Entries<'_>> {
    let points = match table(file, Place::Entry(Part::Outcome, outcome))? {
        AnyTable::Lines(table) => table.get_mut("timepoints").and_then(Entries::of),
        AnyTable::Braces(table) => match table.get_mut("timepoints") {
            Some(Value::Array(points)) => Some(Entries::Values(points)),
            _ => None,
        },
    };
    points.ok_or_else(|| no_entry(Part::Timepoint, 0))
}

/// Finds the table of an entry.
pub(super) fn table(file: &mut DocumentMut, place: Place) -> Result<AnyTable<'_>> {
    match place {
        Place::Form => Ok(AnyTable::Lines(file.as_table_mut())),
        Place::Entry(part, at) => {
            let (name, inner) = find(file, part, at)?;
            list(file, name)?.table(inner).ok_or_else(|| no_entry(part, at))
        }
        Place::Timepoint(outcome, at) => timepoints(file, outcome)?.table(at).ok_or_else(|| no_entry(Part::Timepoint, at)),
    }
}

/// Adds an empty entry behind the one at a place, or at the end, and returns its place.
pub(super) fn add(file: &mut DocumentMut, into: List, after: Option<usize>) -> Result<Place> {
    let empty = || Value::from(InlineTable::new());
    match into {
        List::Entries(part) => {
            let total: usize = part.lists().iter().map(|name| count(file, name)).sum();
            let (name, at) = match after.or_else(|| total.checked_sub(1)) {
                Some(before) => {
                    let (name, inner) = find(file, part, before)?;
                    (name, inner + 1)
                }
                None => {
                    // An empty list in brackets takes no tables; it makes room for them.
                    part.lists().iter().for_each(|name| drop(file.remove(name)));
                    file.insert(part.heading(), Item::ArrayOfTables(ArrayOfTables::new()));
                    (part.heading(), 0)
                }
            };
            list(file, name)?.insert(at, empty());
            Ok(Place::Entry(part, after.map_or(total, |after| after + 1)))
        }
        List::Timepoints(outcome) => {
            let mut owner = table(file, Place::Entry(Part::Outcome, outcome))?;
            let owner = owner.keys();
            if !owner.contains_key("timepoints") {
                owner.insert("timepoints", Item::Value(Array::new().into()));
            }
            let mut entries = timepoints(file, outcome)?;
            let at = after.map_or(entries.len(), |after| (after + 1).min(entries.len()));
            entries.insert(at, empty());
            Ok(Place::Timepoint(outcome, at))
        }
    }
}

/// Takes an entry out.
pub(super) fn remove(file: &mut DocumentMut, place: Place) -> Result<()> {
    table(file, place)?;
    match place {
        Place::Form => return Err(Error::user("the form itself cannot be taken out")),
        Place::Entry(part, at) => {
            let (name, inner) = find(file, part, at)?;
            let mut entries = list(file, name)?;
            let last = match &entries {
                Entries::Tables(tables) if inner + 1 == tables.len() => tables.get(inner),
                _ => None,
            };
            let left = last.and_then(|table| Some((table.position()?, comments(table.decor().prefix())?)));
            entries.remove(inner);
            if let Some((position, kept)) = left {
                hand_on(file, position, &kept);
            }
        }
        Place::Timepoint(outcome, at) => timepoints(file, outcome)?.remove(at),
    }
    Ok(())
}

/// Gives the comments before a table that is gone, and had no other one of its list behind it, to the table that follows in the file.
fn hand_on(file: &mut DocumentMut, position: isize, kept: &str) {
    fn tables<'a>(table: &'a mut Table, found: &mut Vec<&'a mut Table>) {
        for (_, item) in table.iter_mut() {
            match item {
                // What is in a table comes behind it.
                Item::Table(table) => found.push(table),
                Item::ArrayOfTables(list) => found.extend(list.iter_mut()),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    tables(file.as_table_mut(), &mut found);
    let behind = found.into_iter().filter(|table| table.position().is_some_and(|at| at > position));
    if let Some(next) = behind.min_by_key(|table| table.position()) {
        let own = next.decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_owned();
        next.decor_mut().set_prefix(format!("{kept}{}", own.trim_start_matches('\n')));
    } else {
        let trailing = file.trailing().as_str().unwrap_or_default().to_owned();
        file.set_trailing(format!("{kept}{trailing}"));
    }
}

/// Exchanges an entry with the one before or after it.
pub(super) fn swap(file: &mut DocumentMut, place: Place, is_up: bool) -> Result<()> {
    let edge = || Error::user("it stands at the edge of its list already");
    let other = |at: usize| if is_up { at.checked_sub(1).ok_or_else(edge) } else { Ok(at + 1) };
    match place {
        Place::Form => Err(edge()),
        Place::Entry(part, at) => {
            let ((name, one), (second, two)) = (find(file, part, at)?, find(file, part, other(at)?).map_err(|_| edge())?);
            if name != second {
                return Err(Error::user("the form keeps these two in lists of different kinds; move it in an editor"));
            }
            list(file, name)?.swap(one.min(two), one.max(two));
            Ok(())
        }
        Place::Timepoint(outcome, at) => {
            let (mut entries, other) = (timepoints(file, outcome)?, other(at)?);
            if at.max(other) >= entries.len() {
                return Err(edge());
            }
            entries.swap(at.min(other), at.max(other));
            Ok(())
        }
    }
}
