//! Tables with named columns, as people write them for the review.
//!
//! The columns are found by name, in any order; comma, semicolon and tab are told apart by the header; errors name file, line and
//! column.

use super::error::{Error, Result};
use crate::refs::xlsx;

/// A table with named columns.
#[derive(Debug, Clone)]
pub struct NamedTable {
    file: String,
    columns: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

/// One row of a [`NamedTable`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    table: &'a NamedTable,
    line: u64,
    cells: &'a [String],
}

impl NamedTable {
    /// Reads a CSV text.
    ///
    /// # Errors
    /// [`Error`] where the text is no table or a required column is missing.
    pub fn parse(text: &str, file: &str, required: &[&str]) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let header = text.lines().next().unwrap_or_default();
        let delimiter =
            [b',', b';', b'\t'].into_iter().max_by_key(|mark| header.bytes().filter(|byte| byte == mark).count()).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let no_table = |error: csv::Error| Error::user(format!("{file}: {error}"));
        let columns: Vec<String> = reader.headers().map_err(no_table)?.iter().map(|name| name.trim().to_lowercase()).collect();
        if let Some(missing) = required.iter().find(|name| !columns.iter().any(|column| column == *name)) {
            return Err(Error::user(format!("{file}, line 1: there is no column \"{missing}\""))
                .hint(format!("the columns are found by name: {}", required.join(", "))));
        }
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(no_table)?;
            let line = row.position().map_or(0, csv::Position::line);
            if row.iter().any(|cell| !cell.is_empty()) {
                rows.push((line, row.iter().map(str::to_owned).collect()));
            }
        }
        Ok(Self { file: file.to_owned(), columns, rows })
    }

    /// Reports whether there is a column of this name.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known == column)
    }

    /// Returns the rows that hold anything, from top to bottom.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|(line, cells)| Line { table: self, line: *line, cells })
    }
}

impl<'a> Line<'a> {
    /// Returns the 1-based line of the file at which the row begins.
    pub(super) fn number(&self) -> u64 {
        self.line
    }

    /// Returns a cell that holds anything.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        let at = self.table.columns.iter().position(|name| name == column)?;
        self.cells.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    /// Returns a cell that holds anything, as text of its own.
    pub(super) fn owned(&self, column: &str) -> Option<String> {
        self.get(column).map(str::to_owned)
    }

    /// Returns a cell that must hold something.
    pub(super) fn need(&self, column: &str) -> Result<&'a str> {
        self.get(column).ok_or_else(|| self.wrong(column, "is empty"))
    }

    /// Makes an error about a cell.
    pub(super) fn wrong(&self, column: &str, what: impl std::fmt::Display) -> Error {
        Error::user(format!("{}, line {}, column {column}: {what}", self.table.file, self.line))
            .hint("nothing was recorded; mend the file and load it again")
    }

    /// Puts the place of a cell before an error.
    pub(super) fn place(&self, column: &str, error: &Error) -> Error {
        self.wrong(column, &error.message)
    }
}

/// Returns the first sheet of a workbook as the text of a table whose line numbers are those of the sheet's rows; `None` where the bytes
/// are no workbook.
///
/// # Errors
/// [`Error`] where the workbook is damaged, protected, or of the old kind.
pub fn text_of_workbook(bytes: &[u8], file: &str) -> Result<Option<String>> {
    xlsx::csv_text(bytes).map_err(|error| Error::user(format!("{file}: {error}")))
}
