//! Workbooks (.xlsx): the rows of a sheet, handed to the reader of tables.
//!
//! The sheet is the first that has a header, or the one that is named. Cells are read as they are shown where that matters for a
//! record: whole numbers without decimals, dates as ISO dates, formulas by the value that was stored with them, runs of rich text
//! joined. The numbers of lines in remarks are those of the sheet's rows.
//!
//! One sheet and the texts that its cells share are held in memory. A workbook is a compressed archive from a stranger: what is
//! inflated is bounded (`package`), nothing outside the archive is read, and nothing in it is run.

mod cell;
mod package;
mod sheet;
mod tokens;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::csv::{Mapping, TableReader, TableRow, Totals, check_header};
use super::{ParseOptions, RefsError};
use crate::domain::record::Draft;

pub(super) use package::old_format;

use package::Package;
use sheet::{Rows, SheetRow, Workbook};

/// Tells by the first bytes whether a file may be a workbook: a ZIP archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Names the container of other office files by the first bytes, for a message.
pub(super) fn is_compound_file(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

/// Reads the records of a workbook and hands them on; `None` when `step`, which is given how far it got, or `sink` returned `false`.
///
/// # Errors
/// [`RefsError::Workbook`] for a damaged, protected or oversized file or one of another kind, [`RefsError::UnknownSheet`], and those of
/// [`check_header`].
pub(super) fn read_records(
    bytes: &[u8],
    options: &ParseOptions,
    step: &mut dyn FnMut(usize) -> bool,
    sink: &mut dyn FnMut(Draft) -> bool,
) -> Result<Option<Totals>, RefsError> {
    let mapping = Mapping::of(&options.columns)?;
    let mut package = Package::open(bytes)?;
    let workbook = Workbook::read(&mut package)?;
    let xml = chosen(&workbook, &mut package, &mapping, options.sheet.as_deref())?;
    let mut rows = Rows::new(&workbook, &xml);
    let mut reader = TableReader::new(mapping);
    while let Some(row) = rows.next()? {
        if !step(usize::try_from(rows.offset() as u128 * bytes.len() as u128 / xml.len().max(1) as u128).unwrap_or(bytes.len())) {
            return Ok(None);
        }
        let raw = csv_line(&row.cells);
        let row = TableRow {
            line: row.number,
            cells: row.cells,
            raw: Cow::Owned(raw),
            is_unclosed: false,
            may_be_guarded: false,
            is_delimited: false,
        };
        if !reader.take(&row, sink) {
            return Ok(None);
        }
    }
    Ok(reader.finish(sink))
}

/// Returns the first sheet that holds anything as comma-separated text, one line for each row of the sheet, so that line numbers stay
/// row numbers; line breaks inside cells become spaces. `None` when the bytes are no workbook.
///
/// # Errors
/// [`RefsError::Workbook`].
pub fn csv_text(bytes: &[u8]) -> Result<Option<String>, RefsError> {
    if is_compound_file(bytes) {
        return Err(old_format());
    }
    if !is_archive(bytes) {
        return Ok(None);
    }
    let mut package = Package::open(bytes)?;
    let workbook = Workbook::read(&mut package)?;
    for at in 0..workbook.sheets.len() {
        let xml = workbook.xml(at, &mut package)?;
        let mut rows = Rows::new(&workbook, &xml);
        let (mut text, mut lines) = (String::new(), 0);
        while let Some(row) = rows.next()? {
            let blank = row.number.saturating_sub(lines + 1);
            // Empty rows far apart are not worth a line each.
            text.extend(std::iter::repeat_n('\n', blank.min(100_000)));
            let cells: Vec<Cow<'_, str>> = row.cells.iter().map(|cell| Cow::Owned(cell.replace(['\n', '\r'], " "))).collect();
            text.push_str(&csv_line(&cells));
            text.push('\n');
            lines = row.number;
        }
        if !text.trim().is_empty() {
            return Ok(Some(text));
        }
    }
    Ok(Some(String::new()))
}

/// Returns the text of the sheet to be read.
fn chosen(workbook: &Workbook, package: &mut Package<'_>, mapping: &Mapping, wanted: Option<&str>) -> Result<String, RefsError> {
    if let Some(wanted) = wanted {
        let is_it = |name: &String| name.trim() == wanted.trim();
        let names = || workbook.sheets.iter().map(|sheet| &sheet.name);
        let at = names().position(is_it).or_else(|| names().position(|name| name.to_lowercase() == wanted.trim().to_lowercase()));
        let Some(at) = at else {
            return Err(RefsError::UnknownSheet { sheet: wanted.to_owned(), sheets: names().cloned().collect() });
        };
        let xml = workbook.xml(at, package)?;
        check_header(mapping, &beginning(workbook, &xml)?)?;
        return Ok(xml);
    }
    let mut failure = None;
    for at in 0..workbook.sheets.len() {
        let xml = workbook.xml(at, package)?;
        let rows = beginning(workbook, &xml)?;
        if rows.is_empty() {
            continue;
        }
        match check_header(mapping, &rows) {
            Ok(()) => return Ok(xml),
            Err(error) => {
                // The sheet that looks most like a table says what is missing.
                let width = rows.iter().map(Vec::len).max().unwrap_or(0);
                if failure.as_ref().is_none_or(|(widest, _)| width > *widest) {
                    failure = Some((width, error));
                }
            }
        }
    }
    Err(failure.map_or(RefsError::Empty, |(_, error)| error))
}

/// Returns the first rows of a sheet.
fn beginning<'a>(workbook: &'a Workbook, xml: &'a str) -> Result<Vec<Vec<Cow<'a, str>>>, RefsError> {
    let mut rows = Rows::new(workbook, xml);
    let mut first = Vec::new();
    while let Some(SheetRow { cells, .. }) = rows.next()? {
        first.push(cells);
        if first.len() == 30 {
            break;
        }
    }
    Ok(first)
}

/// Writes cells as one line of comma-separated text.
fn csv_line(cells: &[Cow<'_, str>]) -> String {
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r', ';', '\t']) || cell.starts_with(' ') || cell.ends_with(' ') {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(cell);
        }
    }
    line
}
