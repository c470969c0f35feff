//! Tables: CSV, semicolon- and tab-separated text of databases, registries and screening tools.
//!
//! The separator and the row of the header are found by trying: the header is the row, within the first rows, whose cells are known
//! names of columns (`header`), so that search queries, dashes and blank lines before it do no harm. Columns without a known
//! meaning are kept under their names.

mod cells;
mod header;
mod kinds;
mod split;
mod write;

#[cfg(test)]
mod tests;

pub use write::write_csv;

use std::borrow::Cow;

use crate::domain::record::{Citation, Draft, PublicationKind};

use super::Read;
use super::builder::{Builder, Role};
use super::source_line::parse_source_line;
use super::tagged::{Remarks, excerpt, lines_in_words};

use header::{Column, Exporter, Header};
use split::{Row, Rows};

/// The separators that are tried.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many rows may stand before the header.
const ROWS_BEFORE_HEADER: usize = 30;

/// Reports whether a text is a table with a known header.
pub(super) fn is_table(text: &str) -> bool {
    find_header(text).is_some() || is_upright(text)
}

/// Finds the separator and the header; the separator with the most known columns wins.
fn find_header(text: &str) -> Option<(u8, Header)> {
    let start = &text[..floor(text, 262_144)];
    let candidates = DELIMITERS.iter().filter_map(|&delimiter| {
        let header = Rows::new(start, delimiter).take(ROWS_BEFORE_HEADER).find_map(|row| header_of(&row.cells))?;
        Some((delimiter, header))
    });
    candidates.max_by_key(|(_, header)| header.known())
}

/// Reads a row as a header; empty cells behind the last name do not count.
fn header_of(cells: &[Cow<'_, str>]) -> Option<Header> {
    let length = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |at| at + 1);
    Header::of(&cells[..length])
}

/// Returns the greatest offset up to a limit at which a character begins.
fn floor(text: &str, limit: usize) -> usize {
    (0..=limit.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Reads all records of a text; `None` when `step`, which is given the offset reached, returned `false`.
pub(super) fn read(text: &str, step: &mut dyn FnMut(usize) -> bool) -> Option<Read> {
    let Some((delimiter, header)) = find_header(text) else { return read_upright(text, step) };
    let mut reader = Reader { text, read: Read::default(), remarks: Remarks::default(), header, preamble: 0 };
    let mut rows = Rows::new(text, delimiter);
    let mut has_header = false;
    while let Some(row) = rows.next() {
        if !step(rows.offset()) {
            return None;
        }
        if row.is_blank() {
            continue;
        }
        if let Some(header) = reader.begins_table(&row, has_header) {
            reader.header = header;
            has_header = true;
        } else if has_header {
            reader.take(&row);
        } else {
            reader.preamble += 1;
        }
    }
    if reader.preamble > 0 {
        let message = format!("{} before the names of the columns left out.", lines_in_words(reader.preamble));
        reader.remarks.note(1, None, message);
    }
    reader.read.diagnostics = reader.remarks.list;
    Some(reader.read)
}

struct Reader<'a> {
    text: &'a str,
    read: Read,
    remarks: Remarks,
    header: Header,
    preamble: usize,
}

impl Reader<'_> {
    /// Returns the header that a row is, if it is one: the first of the file, or that of a table joined to it.
    fn begins_table(&self, row: &Row<'_>, has_header: bool) -> Option<Header> {
        let may_be_header = !has_header || row.cells.first().is_some_and(|cell| cell.len() <= 40);
        let header = if may_be_header { header_of(&row.cells)? } else { return None };
        // Inside a table a row of names is known by nothing else being in it.
        (!has_header || header == self.header || (header.known() >= 4 && header.known() * 4 >= header.columns.len() * 3)).then_some(header)
    }

    /// Takes one row below the header.
    fn take(&mut self, row: &Row<'_>) {
        // What stands before a header stands in the middle when files were joined.
        let first = row.cells.first().map_or("", |cell| cell.trim());
        if first.eq_ignore_ascii_case("search query") || (first.len() > 5 && first.bytes().all(|b| b == b'-')) {
            self.preamble += 1;
            return;
        }
        let columns = &self.header.columns;
        let is_lone = row.cells.len() == 1 && columns.len() > 1 && columns[0].role != Role::Title;
        if is_lone {
            self.read.not_understood += 1;
            self.remarks.note(row.line, None, format!("A line outside the table was left out: \"{}\".", excerpt(&row.cells[0])));
            return;
        }
        self.read.found += 1;
        if row.is_unclosed {
            let message = "A quotation mark is not closed; the row was read up to the end of its line. Check this record.";
            self.remarks.warn(row.line, None, message);
        }
        let citation = if self.header.exporter == Exporter::Tamis {
            write::own_row(columns, row, &mut self.remarks)
        } else {
            interpret(&self.header, row, &mut self.remarks)
        };
        if is_empty(&citation) {
            self.read.not_understood += 1;
            let message =
                format!("The row holds nothing that names a publication and was left out: \"{}\".", excerpt(&row.cells.join(" ")));
            self.remarks.warn(row.line, None, message);
            return;
        }
        let raw = self.text[row.start..row.end].to_owned();
        self.read.drafts.push(Draft { citation, raw, line: row.line });
    }
}

/// Reports whether a citation holds nothing that names a publication.
fn is_empty(citation: &Citation) -> bool {
    citation.title.is_empty()
        && citation.abstract_text.is_none()
        && citation.authors.is_empty()
        && citation.doi.is_none()
        && citation.pmid.is_none()
        && citation.accession.is_none()
        && citation.journal.is_none()
}

/// Makes a citation of a row.
fn interpret(header: &Header, row: &Row<'_>, remarks: &mut Remarks) -> Citation {
    let exporter = header.exporter;
    let mut builder = Builder::new(kinds::KINDS, row.line, remarks);
    for (at, cell) in row.cells.iter().enumerate() {
        let beyond;
        let column = match header.columns.get(at) {
            Some(column) => column,
            None => {
                beyond = Column { name: format!("column {}", at + 1), role: Role::Extra };
                &beyond
            }
        };
        take_cell(column, cell, exporter, row.line, &mut builder);
    }
    settle(exporter, &mut builder);
    let mut citation = builder.finish();
    if matches!(exporter, Exporter::ClinicalTrials | Exporter::Ictrp) {
        citation.kind = PublicationKind::RegistryEntry;
    }
    citation
}

/// Takes one cell.
fn take_cell(column: &Column, cell: &str, exporter: Exporter, line: usize, builder: &mut Builder<'_>) {
    // Statistics programs write these for an empty cell.
    let is_missing = matches!(cell.trim(), "NA" | "N/A" | "nan" | "NaN" | "None" | "null" | "NULL");
    if cell.trim().is_empty() || (is_missing && !matches!(column.role, Role::Title | Role::Extra)) {
        return;
    }
    let name = column.name.as_str();
    match column.role {
        Role::Keyword => {
            for keyword in cells::keywords(cell, exporter) {
                builder.take(Role::Keyword, name, line, &keyword);
            }
        }
        Role::Authors => {
            for author in cells::authors(cell, exporter) {
                builder.take(Role::Authors, name, line, &author);
            }
        }
        Role::GivenFirst => {
            for author in cells::authors(cell, exporter) {
                builder.take(Role::GivenFirst, name, line, &author);
            }
        }
        // Rayyan glues the next tag of the file that it read behind the value.
        Role::Doi | Role::Url if exporter == Exporter::Rayyan => {
            let (value, rest) = cell.split_once("     ").unwrap_or((cell, ""));
            builder.take(column.role, name, line, value);
            builder.take(Role::Extra, name, line, rest);
        }
        Role::Url | Role::Registry if cell.contains([';', '|', '\n']) => {
            for part in cell.split([';', '|', '\n']) {
                builder.take(column.role, name, line, part);
            }
        }
        role => builder.take(role, name, line, cell),
    }
}

/// Fills what stands in a source line only, and what an exporter means by a column that may be empty.
fn settle(exporter: Exporter, builder: &mut Builder<'_>) {
    let source_column = match exporter {
        Exporter::Embase => "Source",
        Exporter::PubMed => "Citation",
        // Without the date of registration the beginning of the trial dates the entry.
        Exporter::ClinicalTrials => {
            if let Some(at) = builder.citation.extra.iter().position(|(tag, _)| tag == "Start Date").filter(|_| !builder.has_date()) {
                let (tag, date) = builder.citation.extra.remove(at);
                builder.take(Role::Date, &tag, 0, &date);
            }
            return;
        }
        Exporter::WebOfScience => {
            if builder.citation.authors.is_empty()
                && let Some(at) = builder.citation.extra.iter().position(|(tag, _)| tag == "AU")
            {
                let (tag, names) = builder.citation.extra.remove(at);
                builder.take(Role::Authors, &tag, 0, &names);
            }
            return;
        }
        _ => return,
    };
    let Some((tag, line)) = builder.citation.extra.iter().find(|(tag, _)| tag == source_column).cloned() else { return };
    builder.fill_from(&tag, parse_source_line(&line));
}

/// Reports whether a text is Embase.com's older form: one field per line, its name first, a record from `TITLE` to `TITLE`.
fn is_upright(text: &str) -> bool {
    let names = Rows::new(&text[..floor(text, 65_536)], b',').take(60).filter(|row| row.cells.len() >= 2);
    names.filter(|row| upright_role(&row.cells[0]).is_some_and(|role| role != Role::Extra)).count() >= 3
}

/// Returns what a field of Embase.com's older form holds; `None` when the name is none of it.
fn upright_role(name: &str) -> Option<Role> {
    let is_name = name == name.to_uppercase() && name.len() > 2 && name.bytes().any(|b| b.is_ascii_alphabetic());
    if !is_name {
        return None;
    }
    let header = Header::of(&["TITLE", "AUTHOR NAMES", "SOURCE", "EMTREE MEDICAL INDEX TERMS", name])?;
    header.columns.last().map(|column| column.role)
}

/// Reads Embase.com's older form.
fn read_upright(text: &str, step: &mut dyn FnMut(usize) -> bool) -> Option<Read> {
    let mut read = Read::default();
    let mut remarks = Remarks::default();
    let mut rows = Rows::new(text, b',').peekable();
    while let Some(first) = rows.next() {
        if !step(first.end) {
            return None;
        }
        if first.is_blank() {
            continue;
        }
        if upright_role(&first.cells[0]) != Some(Role::Title) {
            read.not_understood += 1;
            remarks.note(first.line, None, format!("A line outside a record was left out: \"{}\".", excerpt(&first.cells.join(" "))));
            continue;
        }
        let (line, start) = (first.line, first.start);
        let mut end = first.end;
        let mut builder = Builder::new(kinds::KINDS, line, &mut remarks);
        let mut next = Some(first);
        while let Some(row) = next {
            end = if row.is_blank() { end } else { row.end };
            let column = Column { name: row.cells[0].trim().to_owned(), role: upright_role(&row.cells[0]).unwrap_or(Role::Extra) };
            for cell in &row.cells[1..] {
                take_cell(&column, cell, Exporter::Embase, row.line, &mut builder);
            }
            next = rows.next_if(|row| upright_role(&row.cells[0]) != Some(Role::Title));
        }
        let source = builder.citation.extra.iter().find(|(tag, _)| tag == "SOURCE").cloned();
        if let Some((tag, value)) = source {
            builder.fill_from(&tag, parse_source_line(&value));
        }
        let citation = builder.finish();
        read.found += 1;
        read.drafts.push(Draft { citation, raw: text[start..end].to_owned(), line });
    }
    read.diagnostics = remarks.list;
    Some(read)
}
