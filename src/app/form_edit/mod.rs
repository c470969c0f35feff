//! Changing a form file: one entry or key at a time, with comments, order and spelling of all the rest as they were.
//!
//! The file is the form: the designer on the screen does what a person would do in an editor. [`edit_form`] changes the text alone;
//! [`try_edit`] also has the result looked at as a file is, and keeps no change that brings a mistake.

mod keys;
mod lists;

use std::path::Path;

use toml_edit::{DocumentMut, Item};

use crate::domain::diagnostic::Severity;
use crate::domain::form::Form;

use super::error::{Error, ErrorKind, Result};
use super::form_file::{FormFileProblem, examine};
use super::form_keys::{self, FormKey, KeyKind, Part};

/// Where a table of a form file stands. Entries are counted in the order of the file, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The form itself.
    Form,
    /// An entry of one of its lists.
    Entry(Part, usize),
    /// A time point, by the place of its outcome and its own.
    Timepoint(usize, usize),
}

/// A list that entries are added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// A list of the form.
    Entries(Part),
    /// The time points of the outcome at this place.
    Timepoints(usize),
}

impl Place {
    /// Returns what kind of part stands there.
    pub fn part(self) -> Part {
        match self {
            Self::Form => Part::Form,
            Self::Entry(part, _) => part,
            Self::Timepoint(..) => Part::Timepoint,
        }
    }
}

impl List {
    /// Returns what kind of part it lists.
    pub fn part(self) -> Part {
        match self {
            Self::Entries(part) => part,
            Self::Timepoints(_) => Part::Timepoint,
        }
    }
}

/// Keys with what a person typed for each; an empty text leaves the key out.
pub type Typed = Vec<(String, String)>;

/// One change of a form file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormEdit {
    /// Sets keys of a table, or takes them out.
    Set(Place, Typed),
    /// Adds an entry after the one at this place of its list, or at the end.
    Add(List, Option<usize>, Typed),
    /// Takes an entry out.
    Remove(Place),
    /// Exchanges an entry with the one before it (`true`) or after it.
    Move(Place, bool),
    /// Sets the version.
    Version(u32),
}

/// A key of a table of a form file, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// Its name.
    pub name: String,
    /// What is known of it; `None` where this version does not act on it.
    pub known: Option<&'static FormKey>,
    /// What stands there, as a person types it; `None` where it is left out.
    pub typed: Option<String>,
}

/// A form file after a change.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The text.
    pub text: String,
    /// What it says.
    pub form: Form,
    /// What is to be said about it, in the order of the file.
    pub problems: Vec<FormFileProblem>,
}

fn read(text: &str) -> Result<DocumentMut> {
    text.parse().map_err(|error: toml_edit::TomlError| Error::user(format!("the form cannot be read: {error}")))
}

/// Returns the keys of a table: every one that it may have, then those that this version does not know, in the order of the file.
///
/// # Errors
/// [`Error`] where the text is not TOML or has no such table.
pub fn keys_of(text: &str, place: Place) -> Result<Vec<KeyLine>> {
    let mut file = read(text.strip_prefix(BOM).unwrap_or(text))?;
    let mut table = lists::table(&mut file, place)?;
    let table = table.keys();
    let known = form_keys::keys(place.part());
    let line = |key: &'static FormKey| KeyLine {
        name: key.name.to_owned(),
        known: Some(key),
        typed: table.get(key.name).map(|item| keys::typed(item, Some(key.kind))),
    };
    let is_other = |name: &str| !known.iter().any(|key| key.name == name) && (place != Place::Form || Part::listed_as(name).is_none());
    let other = |(name, item): (&str, &Item)| KeyLine { name: name.to_owned(), known: None, typed: Some(keys::typed(item, None)) };
    Ok(known.iter().map(line).chain(table.iter().filter(|(name, _)| is_other(name)).map(other)).collect())
}

const BOM: char = '\u{feff}';

/// Returns the text of a form file after a change.
///
/// # Errors
/// [`Error`] where the text is not TOML or has no such entry.
pub fn edit_form(text: &str, edit: &FormEdit) -> Result<String> {
    let plain = text.strip_prefix(BOM).unwrap_or(text);
    // Lines that end as on Windows are written so again.
    let is_crlf = plain.contains("\r\n") && !plain.replace("\r\n", "").contains('\n');
    let mut file = read(&if is_crlf { plain.replace("\r\n", "\n") } else { plain.to_owned() })?;
    match edit {
        FormEdit::Set(place, typed) => set(&mut file, *place, typed)?,
        FormEdit::Add(list, after, typed) => {
            let place = lists::add(&mut file, *list, *after)?;
            set(&mut file, place, typed)?;
        }
        FormEdit::Remove(place) => lists::remove(&mut file, *place)?,
        FormEdit::Move(place, is_up) => lists::swap(&mut file, *place, *is_up)?,
        FormEdit::Version(version) => {
            keys::set(lists::table(&mut file, Place::Form)?, "version", Some(KeyKind::Whole), &version.to_string());
        }
    }
    let mut new = file.to_string();
    if !plain.ends_with('\n') && !plain.is_empty() {
        new.truncate(new.trim_end_matches('\n').len());
    }
    if is_crlf {
        new = new.replace('\n', "\r\n");
    }
    Ok(if plain.len() == text.len() { new } else { format!("{BOM}{new}") })
}

fn set(file: &mut DocumentMut, place: Place, typed: &[(String, String)]) -> Result<()> {
    for (name, text) in typed {
        keys::set(lists::table(file, place)?, name, place.part().key(name).map(|key| key.kind), text);
    }
    Ok(())
}

/// Makes a change and has the result looked at as a file is.
///
/// # Errors
/// [`Error`] where the change cannot be made, or brings a mistake that was not there before; it says what the checker of files says.
pub fn try_edit(text: &str, edit: &FormEdit) -> Result<Edited> {
    let new = edit_form(text, edit)?;
    let (form, problems) = examine(&new, "form");
    let errors = |problems: &[FormFileProblem]| {
        let wrong = problems.iter().filter(|problem| problem.severity == Severity::Error);
        wrong.map(|problem| (problem.field.clone(), problem.message.clone())).collect::<Vec<_>>()
    };
    let (now, mut before) = (errors(&problems), errors(&examine(text, "form").1));
    for (field, message) in now {
        // Entries may have moved, so that a mistake is known by its words.
        match before.iter().position(|(_, known)| *known == message) {
            Some(known) => drop(before.remove(known)),
            None => return Err(Error::user(field.map_or_else(|| message.clone(), |field| format!("{field}: {message}")))),
        }
    }
    match form {
        Some(form) => Ok(Edited { text: new, form, problems }),
        None => Err(Error::user("the form cannot be read; mend it in an editor first")),
    }
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

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
