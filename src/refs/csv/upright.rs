//! Embase.com's older form: one field per line, its name first, a record from `TITLE` to `TITLE`.

use crate::domain::record::Draft;
use crate::refs::builder::{Builder, Role};
use crate::refs::source_line::parse_source_line;
use crate::refs::tagged::excerpt;

use super::header::{Column, Exporter, Header};
use super::kinds;
use super::reader::{TableRow, Totals};
use super::record::take_cell;
use super::split::Rows;

/// Reports whether a text is of this form, by its beginning.
pub(super) fn is_upright(start: &str) -> bool {
    let names = Rows::new(start, b',').take(60).filter(|row| row.cells.len() >= 2);
    names.filter(|row| role_of(&row.cells[0]).is_some_and(|role| role != Role::Extra)).count() >= 3
}

/// Returns what a field holds; `None` when the name is none of the form.
fn role_of(name: &str) -> Option<Role> {
    let is_name = name == name.to_uppercase() && name.len() > 2 && name.bytes().any(|b| b.is_ascii_alphabetic());
    if !is_name {
        return None;
    }
    let header = Header::of(&["TITLE", "AUTHOR NAMES", "SOURCE", "EMTREE MEDICAL INDEX TERMS", name])?;
    header.columns.last().map(|column| column.role)
}

/// A line of a record: its number, the name and the values.
#[derive(Debug)]
struct Field {
    line: usize,
    name: String,
    values: Vec<String>,
}

/// A reader of lines.
#[derive(Debug, Default)]
pub(super) struct UprightReader {
    totals: Totals,
    fields: Vec<Field>,
    raw: String,
    /// The length of `raw` up to the last line that is not blank.
    printed: usize,
}

impl UprightReader {
    /// Takes the next line with the line end behind it; returns the record that ends before it.
    pub fn take(&mut self, row: &TableRow<'_>, ending: &str) -> Option<Draft> {
        let name = row.cells.first().map_or("", AsRef::as_ref);
        let begins = role_of(name) == Some(Role::Title);
        if self.fields.is_empty() && !begins {
            if !row.is_blank() {
                self.totals.not_understood += 1;
                let message = format!("A line outside a record was left out: \"{}\".", excerpt(&row.cells.join(" ")));
                self.totals.remarks.note(row.line, None, message);
            }
            return None;
        }
        let ended = if begins { self.end() } else { None };
        self.raw.push_str(&row.raw);
        if !row.is_blank() {
            self.printed = self.raw.len();
        }
        self.raw.push_str(ending);
        let values = row.cells[1..].iter().map(|cell| cell.to_string()).collect();
        self.fields.push(Field { line: row.line, name: name.trim().to_owned(), values });
        ended
    }

    /// Ends the record that was begun.
    fn end(&mut self) -> Option<Draft> {
        let fields = std::mem::take(&mut self.fields);
        let line = fields.first()?.line;
        let mut builder = Builder::new(kinds::KINDS, line, &mut self.totals.remarks);
        for field in fields {
            let role = role_of(&field.name).unwrap_or(Role::Extra);
            let column = Column { name: field.name, role };
            for value in &field.values {
                take_cell(&column, value, Exporter::Embase, field.line, &mut builder);
            }
        }
        let source = builder.citation.extra.iter().find(|(tag, _)| tag == "SOURCE").cloned();
        if let Some((tag, value)) = source {
            builder.fill_from(&tag, parse_source_line(&value));
        }
        let citation = builder.finish();
        self.totals.found += 1;
        let mut raw = std::mem::take(&mut self.raw);
        raw.truncate(self.printed);
        Some(Draft { citation, raw, line })
    }

    /// Ends the file.
    pub fn finish(mut self) -> (Option<Draft>, Totals) {
        (self.end(), self.totals)
    }
}
