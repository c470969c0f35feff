//! Tables: CSV, semicolon- and tab-separated text of databases, registries and screening tools.
//!
//! The separator and the row of the header are found by trying: the header is the row, within the first rows, whose cells are known
//! names of columns (`header`, `presets`), so that search queries, dashes and blank lines before it do no harm. Columns without a known
//! meaning are kept under their names. For tables whose names nobody knows a person says what the columns hold (`mapping`).
//!
//! A table is read as it comes in, piece by piece (`TableFeed`); sheets of workbooks hand their rows to the same reader.

mod cells;
mod header;
mod kinds;
mod mapping;
mod presets;
mod reader;
mod record;
mod split;
mod upright;
mod width;
mod write;

#[cfg(test)]
mod tests;

pub use mapping::FIELDS;
pub use write::{COLUMNS, row_of, write_csv};

pub(super) use mapping::{Mapping, field_names};
pub(super) use reader::{TableReader, TableRow, Totals, check_header};
pub(super) use write::{write_head, write_row};

use std::borrow::Cow;

use crate::domain::record::Draft;

use super::RefsError;
use super::stream::{Output, Piece, Reader};
use super::tagged::excerpt;

use header::Header;
use reader::ROWS_BEFORE_HEADER;
use split::{Place, Rows};
use upright::{UprightReader, is_upright};

/// The separators that are tried.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How much of a text is looked at for the header.
const BEGINNING: usize = 262_144;

/// Reports whether a text is a table with a known header.
pub(super) fn is_table(text: &str) -> bool {
    let start = &text[..floor(text, BEGINNING)];
    best_delimiter(start, &Mapping::default()).is_some() || is_upright(&text[..floor(text, 65_536)])
}

/// Returns the names of the columns of a text that is a table although its header is not known; `None` for any other text.
pub(super) fn unknown_columns(text: &str) -> Option<Vec<String>> {
    let start = &text[..floor(text, BEGINNING)];
    DELIMITERS.iter().find_map(|&delimiter| {
        let rows: Vec<_> = Rows::new(start, delimiter).take(ROWS_BEFORE_HEADER + 10).map(|row| row.cells).collect();
        let fewest = if delimiter == b',' { 3 } else { 2 };
        let is_name = |cell: &Cow<'_, str>| !cell.trim().is_empty() && cell.len() <= 80;
        let at = rows.iter().position(|row| row.len() >= fewest && row.iter().all(is_name))?;
        let names = &rows[at];
        let widths: Vec<usize> = rows[at + 1..].iter().take(10).map(Vec::len).collect();
        let is_table = widths.iter().all(|width| *width == names.len());
        (is_table && !widths.is_empty()).then(|| names_of(names))
    })
}

/// Finds the separator with which a header has the most known columns.
fn best_delimiter(start: &str, mapping: &Mapping) -> Option<(u8, Header)> {
    let candidates = DELIMITERS.iter().filter_map(|&delimiter| {
        let mut rows = Rows::new(start, delimiter).take(ROWS_BEFORE_HEADER);
        let header = rows.find_map(|row| reader::header_of(mapping, &row.cells))?;
        Some((delimiter, header))
    });
    candidates.max_by_key(|(_, header)| header.known())
}

/// Returns the cells of a row as names of columns, empty ones left out.
fn names_of<S: AsRef<str>>(row: &[S]) -> Vec<String> {
    row.iter().map(|cell| excerpt(cell.as_ref())).filter(|name| !name.is_empty()).collect()
}

/// Returns the greatest offset up to a limit at which a character begins.
fn floor(text: &str, limit: usize) -> usize {
    (0..=limit.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// A table that comes in piece by piece; of the text no more is held than one row and one piece.
#[derive(Debug)]
pub(super) struct TableFeed {
    mapping: Mapping,
    text: String,
    place: Place,
    /// The length that the text must reach before a row that was cut is tried again, so that long rows stay linear.
    patience: usize,
    state: State,
}

/// What is known of the table so far.
#[derive(Debug)]
enum State {
    /// Not enough to find the header.
    Beginning,
    /// Its rows are records.
    Table(u8, Box<TableReader>),
    /// Its lines are fields.
    Upright(UprightReader),
}

impl TableFeed {
    /// Starts before the first piece.
    pub fn new(mapping: Mapping) -> Self {
        Self { mapping, text: String::new(), place: Place::default(), patience: BEGINNING, state: State::Beginning }
    }

    /// Takes the next piece of the text and hands on the records that it completes; `false` when `sink` returned `false`.
    ///
    /// # Errors
    /// Those of [`check_header`].
    pub fn feed(&mut self, piece: &str, sink: &mut dyn FnMut(Draft) -> bool) -> Result<bool, RefsError> {
        self.text.push_str(piece);
        if self.text.len() < self.patience {
            return Ok(true);
        }
        self.rows(false, sink)
    }

    /// Ends the text; `None` when `sink` returned `false`.
    ///
    /// # Errors
    /// Those of [`check_header`].
    pub fn finish(mut self, sink: &mut dyn FnMut(Draft) -> bool) -> Result<Option<Totals>, RefsError> {
        if !self.rows(true, sink)? {
            return Ok(None);
        }
        Ok(match self.state {
            State::Beginning => Some(Totals::default()),
            State::Table(_, reader) => reader.finish(sink),
            State::Upright(reader) => {
                let (last, totals) = reader.finish();
                last.is_none_or(sink).then_some(totals)
            }
        })
    }

    /// Finds out what kind of table it is.
    fn begin(&mut self) -> Result<(), RefsError> {
        let start = &self.text[..floor(&self.text, BEGINNING)];
        let found = best_delimiter(start, &self.mapping);
        if found.is_none() && self.mapping.is_empty() && is_upright(&start[..floor(start, 65_536)]) {
            self.state = State::Upright(UprightReader::default());
            return Ok(());
        }
        let delimiter = found.map_or_else(|| likeliest_delimiter(start, &self.mapping), |(delimiter, _)| delimiter);
        let rows: Vec<_> = Rows::new(start, delimiter).take(ROWS_BEFORE_HEADER).map(|row| row.cells).collect();
        check_header(&self.mapping, &rows)?;
        self.state = State::Table(delimiter, Box::new(TableReader::new(self.mapping.clone())));
        Ok(())
    }

    /// Reads the rows that are complete.
    fn rows(&mut self, is_last: bool, sink: &mut dyn FnMut(Draft) -> bool) -> Result<bool, RefsError> {
        if matches!(self.state, State::Beginning) {
            self.begin()?;
        }
        let delimiter = if let State::Table(delimiter, _) = self.state { delimiter } else { b',' };
        let mut rows = Rows::piece(&self.text, delimiter, self.place, is_last);
        for row in rows.by_ref() {
            let (end, next) = (row.end, row.next);
            let row = TableRow {
                line: row.line,
                raw: Cow::Borrowed(&self.text[row.start..row.end]),
                cells: row.cells,
                is_unclosed: row.is_unclosed,
                may_be_guarded: true,
                is_delimited: true,
            };
            let goes_on = match &mut self.state {
                State::Beginning => true,
                State::Table(_, reader) => reader.take(&row, sink),
                State::Upright(reader) => reader.take(&row, &self.text[end..next]).is_none_or(&mut *sink),
            };
            if !goes_on {
                return Ok(false);
            }
        }
        let place = rows.place();
        self.text.drain(..place.at);
        self.place = place.taken_away();
        self.patience = if place.at == 0 { self.text.len() * 2 } else { 0 };
        Ok(true)
    }
}

/// Returns the separator that fits a table best whose header was not found: with most of the mapped columns, then with most cells in
/// most rows.
fn likeliest_delimiter(start: &str, mapping: &Mapping) -> u8 {
    let fit = |delimiter| {
        let rows: Vec<_> = Rows::new(start, delimiter).take(ROWS_BEFORE_HEADER).map(|row| row.cells).collect();
        let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
        widths.sort_unstable();
        (rows.iter().map(|row| mapping.hits(row)).max(), widths.get(widths.len().saturating_sub(1) / 2).copied(), widths.last().copied())
    };
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| fit(delimiter)).unwrap_or(b',')
}

/// Returns the reader of tables; `columns` says what columns with unknown names hold.
///
/// # Errors
/// [`RefsError::UnknownField`].
pub(super) fn reader(columns: &[(String, String)]) -> Result<CsvReader, RefsError> {
    Ok(CsvReader { feed: Some(TableFeed::new(Mapping::of(columns)?)) })
}

/// The reader of tables.
pub(super) struct CsvReader {
    /// The table; `None` behind its end.
    feed: Option<TableFeed>,
}

impl Reader for CsvReader {
    fn read(&mut self, piece: Piece<'_>, output: &mut Output<'_>) -> Result<usize, RefsError> {
        let done = piece.safe_end();
        let mut keep = |draft| {
            output.keep(draft);
            !output.is_stopped()
        };
        let Some(feed) = &mut self.feed else { return Ok(done) };
        if feed.feed(&piece.text[..done], &mut keep)?
            && piece.is_last
            && let Some(feed) = self.feed.take()
            && let Some(totals) = feed.finish(&mut keep)?
        {
            output.found += totals.found;
            output.not_understood += totals.not_understood;
            output.remarks = totals.remarks;
        }
        Ok(done)
    }
}
