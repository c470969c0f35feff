//! Tables that people write: CSV with a header whose names may stand in any order.

use std::path::Path;

use crate::app::{Error, ErrorKind};
use crate::domain::text::clean_line;

use super::report::Done;

/// A table as read.
#[derive(Debug, Clone)]
pub struct InputTable {
    /// The file's name, for messages.
    pub file: String,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl InputTable {
    /// Reads a file. The separator is found in the header: comma, semicolon or tab.
    pub fn read(path: &Path) -> Done<Self> {
        let file = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        let bytes = std::fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::not_found(format!("there is no file {}", path.display())),
            _ => Error::new(ErrorKind::File, format!("{} cannot be read: {error}", path.display())),
        })?;
        Self::parse(clean_line(&file).into_owned(), &bytes)
    }

    fn parse(file: String, bytes: &[u8]) -> Done<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|mark| (header.iter().filter(|byte| *byte == mark).count(), *mark == b','))
            .unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(bytes);
        let bad = |place: String| Error::user(format!("{file}: {place} is not text in UTF-8")).hint("save the table as CSV (UTF-8)");
        let heads = reader.headers().map_err(|_| bad("the header".to_owned()))?.iter().map(|head| head.trim().to_lowercase()).collect();
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|_| bad(format!("row {}", rows.len() + 1)))?;
            rows.push(row.iter().map(|cell| cell.trim().to_owned()).collect());
        }
        Ok(Self { file, heads, rows })
    }

    /// Returns the place of a column that has one of these names.
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.heads.iter().position(|head| head == name))
    }

    /// Returns the place of a column that the table must have.
    pub fn need(&self, names: &[&str]) -> Done<usize> {
        let found = self.find(names).ok_or_else(|| {
            Error::user(format!("{} has no column \"{}\"", self.file, names.first().copied().unwrap_or_default()))
                .hint(format!("its columns are {}", self.heads.join(", ")))
        });
        Ok(found?)
    }

    /// Returns the names of the columns, in lower case.
    pub fn heads(&self) -> &[String] {
        &self.heads
    }

    /// Returns the number of rows below the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns a cell; `None` where it is empty or the row is too short.
    pub fn cell(&self, row: usize, column: Option<usize>) -> Option<&str> {
        self.rows.get(row)?.get(column?).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    /// Creates an error about one row; rows are counted from 1 below the header.
    pub fn error(&self, row: usize, message: impl std::fmt::Display) -> Error {
        Error::user(format!("{} row {}: {message}", self.file, row + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> InputTable {
        InputTable::parse("t.csv".to_owned(), text.as_bytes()).unwrap_or_else(|_| panic!("a readable table"))
    }

    #[test]
    fn columns_are_found_by_name_in_any_order_and_any_case() {
        let table = table("\u{feff}Vote, RECORD\ninclude,a#1\n\nexclude\n");
        let (record, vote) = (table.find(&["record"]), table.find(&["vote"]));
        assert_eq!((table.cell(0, record), table.cell(0, vote)), (Some("a#1"), Some("include")));
        assert_eq!((table.cell(1, record), table.cell(1, vote)), (None, Some("exclude")));
        assert_eq!(table.len(), 2);
        assert!(table.need(&["study"]).is_err());
    }

    #[test]
    fn semicolons_and_tabs_divide_cells_too() {
        assert_eq!(table("record;vote\nx#1;include\n").cell(0, Some(1)), Some("include"));
        assert_eq!(table("record\tvote\nx#1\tmaybe\n").cell(0, Some(1)), Some("maybe"));
    }

    #[test]
    fn a_row_that_is_no_text_is_named() {
        let table = InputTable::parse("t.csv".to_owned(), b"record,vote\na#1,include\nb#1,\xff\xfe\n");
        let Err(super::super::report::Failure::App(error)) = table else { panic!("an error was expected") };
        assert!(error.message.contains("row 2"), "{}", error.message);
    }
}
