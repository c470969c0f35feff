//! Writing tables that spreadsheets open and this program reads back unchanged.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::domain::identifier::{Doi, Pmid};
use crate::domain::record::{Citation, PublicationKind};
use crate::domain::text::{clean_line, clean_paragraphs};
use crate::refs::normalise::parse_author;
use crate::refs::tagged::{Remarks, excerpt};

use super::header::{Column, folded};
use super::reader::TableRow;
use super::width::name_beyond;

/// The columns of [`write_csv`] in order.
pub const COLUMNS: [&str; 25] = [
    "kind",
    "title",
    "original_title",
    "authors",
    "journal",
    "journal_abbreviation",
    "year",
    "date",
    "volume",
    "issue",
    "start_page",
    "end_page",
    "doi",
    "pmid",
    "pmcid",
    "issn",
    "registry_ids",
    "accession",
    "abstract",
    "keywords",
    "language",
    "publisher",
    "urls",
    "notes",
    "extra",
];

/// Writes records as a comma-separated table, in UTF-8 with LF line ends.
///
/// One row per record below a row of names. Lists (authors, keywords) are separated by "; ", or by line breaks where an entry holds a
/// semicolon; `extra` has one line per kept tag, name and value separated by a tab. A cell that a spreadsheet would take for a formula
/// begins with an apostrophe. Reading the result gives the same citations.
///
/// # Errors
/// Those of `out`.
pub fn write_csv<'a>(out: &mut impl Write, records: impl IntoIterator<Item = &'a Citation>) -> io::Result<()> {
    crate::refs::writer::write_records(out, crate::refs::Format::Csv, records)
}

/// Writes the row of names.
pub(in crate::refs) fn write_head(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", COLUMNS.join(","))
}

/// Writes the row of a record.
pub(in crate::refs) fn write_row(out: &mut dyn Write, citation: &Citation) -> io::Result<()> {
    for (at, value) in row_of(citation).iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        write_cell(out, value)?;
    }
    out.write_all(b"\n")
}

/// Returns the values of [`COLUMNS`] of a record, not guarded against spreadsheets.
pub fn row_of(citation: &Citation) -> [Cow<'_, str>; 25] {
    COLUMNS.map(|column| cell(citation, column))
}

/// Returns the value of one column.
fn cell<'a>(citation: &'a Citation, column: &str) -> Cow<'a, str> {
    let optional = |value: &'a Option<String>| Cow::Borrowed(value.as_deref().unwrap_or_default());
    match column {
        "kind" => Cow::Owned(citation.kind.to_string()),
        "title" => Cow::Borrowed(citation.title.as_str()),
        "original_title" => optional(&citation.original_title),
        "authors" => list(citation.authors.iter().map(ToString::to_string)),
        "journal" => optional(&citation.journal),
        "journal_abbreviation" => optional(&citation.journal_abbreviation),
        "year" => Cow::Owned(citation.year.map(|year| year.to_string()).unwrap_or_default()),
        "date" => optional(&citation.date),
        "volume" => optional(&citation.volume),
        "issue" => optional(&citation.issue),
        "start_page" => optional(&citation.start_page),
        "end_page" => optional(&citation.end_page),
        "doi" => Cow::Borrowed(citation.doi.as_ref().map(Doi::as_str).unwrap_or_default()),
        "pmid" => Cow::Borrowed(citation.pmid.as_ref().map(Pmid::as_str).unwrap_or_default()),
        "pmcid" => optional(&citation.pmcid),
        "issn" => list(citation.issn.iter().cloned()),
        "registry_ids" => list(citation.registry_ids.iter().cloned()),
        "accession" => optional(&citation.accession),
        "abstract" => optional(&citation.abstract_text),
        "keywords" => list(citation.keywords.iter().cloned()),
        "language" => optional(&citation.language),
        "publisher" => optional(&citation.publisher),
        "urls" => list(citation.urls.iter().cloned()),
        "notes" => list(citation.notes.iter().cloned()),
        _ => Cow::Owned(citation.extra.iter().map(|(tag, value)| format!("{tag}\t{value}\n")).collect()),
    }
}

/// Joins the entries of a list.
fn list(entries: impl Iterator<Item = String>) -> Cow<'static, str> {
    let entries: Vec<String> = entries.collect();
    Cow::Owned(if entries.iter().any(|entry| entry.contains(';')) { entries.join("\n") + "\n" } else { entries.join("; ") })
}

/// Takes apart what [`list`] joined.
fn entries(cell: &str) -> Vec<String> {
    let separator = if cell.contains(['\n', '\r']) { ['\n', '\r'] } else { [';', ';'] };
    cell.split(separator).map(|entry| clean_line(entry).into_owned()).filter(|entry| !entry.is_empty()).collect()
}

/// Reports whether a spreadsheet would take a cell for a formula, apostrophes at its start not counted; wide forms of the signs are
/// formulas to some.
fn is_formula(value: &str) -> bool {
    value.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

/// Writes one cell, quoted where it must be.
fn write_cell(out: &mut dyn Write, value: &str) -> io::Result<()> {
    let guard = if is_formula(value) { "'" } else { "" };
    let needs_quotes = value.contains(['"', ',', '\n', '\r', ';', '\t', '|']) || value.starts_with(' ') || value.ends_with(' ');
    if needs_quotes { write!(out, "\"{guard}{}\"", value.replace('"', "\"\"")) } else { write!(out, "{guard}{value}") }
}

/// Makes a citation of a row of this program's own tables: that of [`write_csv`], and that of a review, which names the record, its group
/// and its source before it and says behind it where the record stands.
pub(super) fn own_row(columns: &[Column], row: &TableRow<'_>, remarks: &mut Remarks) -> Citation {
    let mut citation = Citation::default();
    for (column, cell) in columns.iter().zip(&row.cells) {
        let cell = if row.may_be_guarded && is_formula(cell) { cell.strip_prefix('\'').unwrap_or(cell) } else { cell.as_ref() };
        if cell.trim().is_empty() {
            continue;
        }
        let text = clean_line(cell).into_owned();
        let some = || Some(text.clone());
        match folded(&column.name).as_str() {
            // The names that the review gave mean nothing in another one; the row keeps them.
            "record" | "group" | "source" | "sourceid" => {}
            "kind" | "type" => citation.kind = text.parse().unwrap_or(PublicationKind::Other),
            "title" => citation.title = text,
            "originaltitle" => citation.original_title = some(),
            "authors" => citation.authors = entries(cell).iter().filter_map(|name| parse_author(name)).collect(),
            "journal" => citation.journal = some(),
            "journalabbreviation" => citation.journal_abbreviation = some(),
            "year" => match text.parse() {
                Ok(year) => citation.year = Some(year),
                Err(_) => {
                    remarks.warn(row.line, Some("year"), format!("\"{}\" is no year; the value is kept.", excerpt(&text)));
                    citation.extra.push((column.name.clone(), text));
                }
            },
            "date" => citation.date = some(),
            "volume" => citation.volume = some(),
            "issue" => citation.issue = some(),
            "startpage" => citation.start_page = some(),
            "endpage" => citation.end_page = some(),
            "doi" => citation.doi = Doi::find(&text),
            "pmid" => citation.pmid = Pmid::find(&text),
            "pmcid" => citation.pmcid = some(),
            "issn" => citation.issn = entries(cell),
            "registryids" => citation.registry_ids = entries(cell),
            "accession" => citation.accession = some(),
            "abstract" => citation.abstract_text = Some(clean_paragraphs(cell).into_owned()),
            "keywords" => citation.keywords = entries(cell),
            "language" => citation.language = some(),
            "publisher" => citation.publisher = some(),
            "urls" => citation.urls = entries(cell),
            "notes" => citation.notes = entries(cell),
            "extra" => citation.extra.extend(cell.split('\n').filter_map(|line| {
                let (tag, value) = line.split_once('\t')?;
                Some((clean_line(tag).into_owned(), clean_line(value).into_owned()))
            })),
            _ => citation.extra.push((column.name.clone(), text)),
        }
    }
    for (at, cell) in row.cells.iter().enumerate().skip(columns.len()).filter(|(_, cell)| !cell.trim().is_empty()) {
        citation.extra.push((name_beyond(at), clean_line(cell).into_owned()));
    }
    citation
}
