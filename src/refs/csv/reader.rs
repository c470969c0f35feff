//! The rows of a table one by one: which is the header, which hold records, which stand before or between.

use std::borrow::Cow;

use crate::domain::record::Draft;
use crate::refs::RefsError;
use crate::refs::builder::Role;
use crate::refs::tagged::{Remarks, excerpt, lines_in_words};

use super::header::{Exporter, Header};
use super::mapping::Mapping;
use super::record::{interpret, is_empty};
use super::width::{self, ShortRow};
use super::{names_of, write};

/// How many rows may stand before the header.
pub(super) const ROWS_BEFORE_HEADER: usize = 30;

/// One row of a table, of a text or of a sheet.
#[derive(Debug)]
pub(in crate::refs) struct TableRow<'a> {
    /// The 1-based line of the file, or row of the sheet.
    pub line: usize,
    /// The cells.
    pub cells: Vec<Cow<'a, str>>,
    /// The row as it stood in the file.
    pub raw: Cow<'a, str>,
    /// Whether a quotation mark was not closed and was read as a plain character.
    pub is_unclosed: bool,
    /// Whether an apostrophe may guard a cell against being taken for a formula.
    pub may_be_guarded: bool,
    /// Whether separators tell how many cells the row has; in sheets empty cells at the end are left out.
    pub is_delimited: bool,
}

impl TableRow<'_> {
    /// Reports whether no cell holds anything printed.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// What a table gave besides its records.
#[derive(Debug, Default)]
pub(in crate::refs) struct Totals {
    /// The number of rows that are records.
    pub found: usize,
    /// The number of rows that belong to no record.
    pub not_understood: usize,
    /// The remarks.
    pub remarks: Remarks,
}

/// Reads a row as a header; empty cells behind the last name do not count.
pub(super) fn header_of(mapping: &Mapping, cells: &[Cow<'_, str>]) -> Option<Header> {
    let length = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |at| at + 1);
    if mapping.is_empty() { Header::of(&cells[..length]) } else { mapping.header(&cells[..length]) }
}

/// Looks for the header among the first rows of a table.
///
/// # Errors
/// [`RefsError::UnknownColumn`] where a mapped column is in no row, and [`RefsError::UnknownTable`] where no column of titles is known.
pub(in crate::refs) fn check_header(mapping: &Mapping, rows: &[Vec<Cow<'_, str>>]) -> Result<(), RefsError> {
    let rows = &rows[..rows.len().min(ROWS_BEFORE_HEADER)];
    match rows.iter().find_map(|row| header_of(mapping, row)) {
        Some(header) if header.has_title() || header.exporter != Exporter::Other => Ok(()),
        Some(header) => Err(RefsError::UnknownTable { columns: header.columns.into_iter().map(|column| column.name).collect() }),
        None if mapping.is_empty() => {
            let is_name = |cell: &&Cow<'_, str>| cell.len() <= 60 && cell.trim_start().starts_with(char::is_alphabetic);
            let widest = rows.iter().rev().max_by_key(|row| row.iter().filter(is_name).count());
            Err(RefsError::UnknownTable { columns: widest.map(|row| names_of(row)).unwrap_or_default() })
        }
        None => Err(mapping.failure(rows)),
    }
}

/// A reader of rows.
#[derive(Debug)]
pub(in crate::refs) struct TableReader {
    mapping: Mapping,
    header: Option<Header>,
    preamble: usize,
    totals: Totals,
    /// A short row that the next one may complete.
    short: Option<ShortRow>,
}

impl TableReader {
    /// Starts before the first row.
    pub fn new(mapping: Mapping) -> Self {
        Self { mapping, header: None, preamble: 0, totals: Totals::default(), short: None }
    }

    /// Takes the next row and hands on the records that are complete; `false` when `sink` returned `false`.
    pub fn take(&mut self, row: &TableRow<'_>, sink: &mut dyn FnMut(Draft) -> bool) -> bool {
        let mut completes = None;
        if let Some(short) = self.short.take() {
            if let Some(header) = &self.header
                && let Some(joined) = short.joined(header, row)
            {
                width::remark_joined(header, &short, row.line, &mut self.totals.remarks);
                return self.record(&joined, None).is_none_or(sink);
            }
            let adds_up = self.header.as_ref().is_some_and(|header| short.adds_up_with(header, row));
            completes = adds_up.then_some(short.line);
            if !self.record(&short.row(), None).is_none_or(&mut *sink) {
                return false;
            }
        }
        if !self.is_record(row) {
            return true;
        }
        if completes.is_none() && self.header.as_ref().is_some_and(|header| width::is_short(header, row)) {
            self.short = Some(ShortRow::of(row));
            return true;
        }
        self.record(row, completes).is_none_or(sink)
    }

    /// Reports whether a row is to be a record; notes what it is otherwise.
    fn is_record(&mut self, row: &TableRow<'_>) -> bool {
        if row.is_blank() {
            return false;
        }
        if let Some(header) = self.begins_table(row) {
            self.header = Some(header);
            return false;
        }
        let Some(header) = &self.header else {
            self.preamble += 1;
            return false;
        };
        // What stands before a header stands in the middle when files were joined.
        let first = row.cells.first().map_or("", |cell| cell.trim());
        if first.eq_ignore_ascii_case("search query") || (first.len() > 5 && first.bytes().all(|b| b == b'-')) {
            self.preamble += 1;
            return false;
        }
        let columns = &header.columns;
        let is_lone = row.cells.len() == 1 && columns.len() > 1 && columns[0].role != Role::Title;
        if is_lone {
            self.totals.not_understood += 1;
            let message = format!("A line outside the table was left out: \"{}\".", excerpt(&row.cells[0]));
            self.totals.remarks.note(row.line, None, message);
        }
        !is_lone
    }

    /// Makes a record of a row; `completes` is the line of the row before, if both have together the cells of one.
    fn record(&mut self, row: &TableRow<'_>, completes: Option<usize>) -> Option<Draft> {
        let header = self.header.as_ref()?;
        let remarks = &mut self.totals.remarks;
        self.totals.found += 1;
        width::remark(header, row, completes, remarks);
        if row.is_unclosed {
            let message = "A quotation mark is not closed; the row was read up to the end of its line. Check this record.";
            remarks.warn(row.line, None, message);
        }
        let citation = if header.exporter == Exporter::Tamis {
            write::own_row(&header.columns, row, remarks)
        } else {
            interpret(header, &row.cells, row.line, remarks)
        };
        if is_empty(&citation) {
            self.totals.not_understood += 1;
            let message =
                format!("The row holds nothing that names a publication and was left out: \"{}\".", excerpt(&row.cells.join(" ")));
            remarks.warn(row.line, None, message);
            return None;
        }
        Some(Draft { citation, raw: row.raw.clone().into_owned(), line: row.line })
    }

    /// Returns the header that a row is, if it is one: the first of the file, or that of a table joined to it.
    fn begins_table(&self, row: &TableRow<'_>) -> Option<Header> {
        let Some(known) = &self.header else { return header_of(&self.mapping, &row.cells) };
        if row.cells.first().is_none_or(|cell| cell.len() > 40) {
            return None;
        }
        let header = header_of(&self.mapping, &row.cells)?;
        // Inside a table a row of names is known by nothing else being in it.
        (header == *known || (header.known() >= 4 && header.known() * 4 >= header.columns.len() * 3)).then_some(header)
    }

    /// Ends the table: hands on the record that it may still hold and says what there was besides; `None` when `sink` returned `false`.
    pub fn finish(mut self, sink: &mut dyn FnMut(Draft) -> bool) -> Option<Totals> {
        if let Some(short) = self.short.take()
            && !self.record(&short.row(), None).is_none_or(sink)
        {
            return None;
        }
        if self.preamble > 0 {
            let message = format!("{} before the names of the columns left out.", lines_in_words(self.preamble));
            self.totals.remarks.note(1, None, message);
        }
        Some(self.totals)
    }
}
