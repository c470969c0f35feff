//! Tables as workbooks (.xlsx): numbers are numbers, text is text.
//!
//! No cell is a formula, whatever its text begins with: text is stored as text, so nothing needs to be guarded by an apostrophe as in
//! [`csv_safe`](super::csv_safe). A cell holds [`LONGEST_TEXT`] characters at most, which is the limit of Excel; longer text is cut, and a
//! remark says where. Characters that no XML can hold (control characters) are left out. The same table gives the same bytes.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::table::{Cell, Table};

/// The most characters (UTF-16 units) that a cell of a workbook holds.
pub const LONGEST_TEXT: usize = 32_767;

/// The most rows that a sheet holds, the names of the columns included.
pub const MOST_ROWS: u32 = 1_048_576;

/// The most remarks about single cells; behind them one counts the others.
const MOST_REMARKS: usize = 20;

/// Why a workbook could not be made.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// The table has more rows than a sheet.
    #[error("a sheet of a workbook holds {} rows, and the table has more; export it as csv", MOST_ROWS - 1)]
    TooLong,
    /// The writer failed.
    #[error("the workbook could not be made: {0}")]
    Writer(#[from] XlsxError),
}

/// A workbook and what could not be carried into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkbookFile {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// What was cut, one sentence each.
    pub remarks: Vec<String>,
}

/// A workbook that is being written, sheet by sheet and row by row.
pub struct WorkbookWriter {
    workbook: Workbook,
    /// The place of the sheet that is being written, and its name.
    sheet: (usize, String),
    headers: Vec<String>,
    /// The number of the next row.
    row: u32,
    /// The greatest length of a cell of each column, in characters, within the first rows.
    widths: Vec<usize>,
    remarks: Vec<String>,
    cut: usize,
}

impl WorkbookWriter {
    /// Begins a workbook with a sheet of this name (at most 31 characters) and a row of names.
    ///
    /// # Errors
    /// [`WorkbookError::Writer`] for a name that no sheet can have.
    pub fn new(sheet: &str, headers: &[String]) -> Result<Self, WorkbookError> {
        let mut workbook = Workbook::new();
        // A fixed moment: the same table gives the same bytes.
        let moment = ExcelDateTime::from_ymd(1980, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_author("tamis").set_creation_datetime(&moment));
        let (headers, widths) = begin(&mut workbook, sheet, headers)?;
        Ok(Self { workbook, sheet: (0, sheet.to_owned()), headers, row: 1, widths, remarks: Vec::new(), cut: 0 })
    }

    /// Ends the sheet and begins another one with this name (at most 31 characters, none twice) and a row of names.
    ///
    /// # Errors
    /// [`WorkbookError::Writer`] for a name that no sheet can have, or that another sheet has.
    pub fn sheet(&mut self, name: &str, headers: &[String]) -> Result<(), WorkbookError> {
        self.end_sheet()?;
        (self.headers, self.widths) = begin(&mut self.workbook, name, headers)?;
        self.sheet = (self.sheet.0 + 1, name.to_owned());
        self.row = 1;
        Ok(())
    }

    /// Writes a row; cells beyond the last column are left out.
    ///
    /// # Errors
    /// [`WorkbookError::TooLong`] where the sheet is full.
    pub fn push(&mut self, cells: &[Cell]) -> Result<(), WorkbookError> {
        if self.row >= MOST_ROWS {
            return Err(WorkbookError::TooLong);
        }
        let row = self.row;
        let page = self.workbook.worksheet_from_index(self.sheet.0)?;
        for (column, cell) in (0..).zip(cells.iter().take(self.headers.len())) {
            let at = usize::from(column);
            if row <= 200 {
                self.widths[at] = self.widths[at].max(cell.plain().lines().map(|line| line.chars().count()).max().unwrap_or(0));
            }
            if let Some(length) = put(page, row, column, cell)? {
                self.cut += 1;
                if self.cut <= MOST_REMARKS {
                    let name = self.headers[at].as_str();
                    let sheet = if self.sheet.0 > 0 { format!("Sheet {}: ", self.sheet.1) } else { String::new() };
                    self.remarks.push(format!(
                        "{sheet}Row {}, column {name}: the text has {length} characters, and a cell of a workbook holds {LONGEST_TEXT}. \
                         It was cut; csv and json have it whole.",
                        row + 1
                    ));
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Ends the workbook.
    ///
    /// # Errors
    /// [`WorkbookError::Writer`].
    pub fn finish(mut self) -> Result<WorkbookFile, WorkbookError> {
        self.end_sheet()?;
        let bytes = self.workbook.save_to_buffer()?;
        if self.cut > MOST_REMARKS {
            self.remarks.push(format!("{} more cells were cut.", self.cut - MOST_REMARKS));
        }
        Ok(WorkbookFile { bytes, remarks: self.remarks })
    }

    /// Sets the widths and the filter of the sheet.
    fn end_sheet(&mut self) -> Result<(), WorkbookError> {
        let page = self.workbook.worksheet_from_index(self.sheet.0)?;
        for (column, width) in (0..).zip(&self.widths) {
            page.set_column_width(column, width.clamp(&8, &60).to_owned() as f64)?;
        }
        if let Some(last) = u16::try_from(self.headers.len()).ok().and_then(|columns| columns.checked_sub(1)) {
            page.autofilter(0, 0, self.row - 1, last)?;
        }
        Ok(())
    }
}

/// Begins a sheet: its name and the names of its columns, which stay in sight; returns those and their widths.
fn begin(workbook: &mut Workbook, name: &str, headers: &[String]) -> Result<(Vec<String>, Vec<usize>), WorkbookError> {
    let bold = Format::new().set_bold();
    let page = workbook.add_worksheet();
    page.set_name(name)?;
    page.set_freeze_panes(1, 0)?;
    for (column, header) in (0..).zip(headers) {
        page.write_string_with_format(0, column, plain(header, LONGEST_TEXT).0, &bold)?;
    }
    Ok((headers.to_vec(), headers.iter().map(|header| header.chars().count() + 3).collect()))
}

/// Returns a table as a workbook with one sheet.
///
/// # Errors
/// [`WorkbookError`].
pub fn workbook(sheet: &str, table: &Table) -> Result<WorkbookFile, WorkbookError> {
    let mut writer = WorkbookWriter::new(sheet, &table.headers)?;
    for row in &table.rows {
        writer.push(row)?;
    }
    writer.finish()
}

/// Writes a cell; returns the length of its text where it was cut.
fn put(page: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<Option<usize>, XlsxError> {
    /// The greatest whole number that a cell, which holds a double, keeps exactly.
    const EXACT: u64 = 1 << 53;
    match cell {
        Cell::Empty => {}
        Cell::Integer(value) if value.unsigned_abs() <= EXACT => {
            page.write_number(row, column, *value as f64)?;
        }
        Cell::Integer(value) => {
            page.write_string(row, column, value.to_string())?;
        }
        Cell::Number(value) if value.is_finite() => {
            page.write_number(row, column, *value)?;
        }
        Cell::Rounded(value, decimals) if value.is_finite() => {
            let shown = if *decimals == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat((*decimals).min(30))) };
            page.write_number_with_format(row, column, *value, &Format::new().set_num_format(shown))?;
        }
        Cell::Number(_) | Cell::Rounded(..) => {}
        Cell::Flag(value) => {
            page.write_boolean(row, column, *value)?;
        }
        Cell::Text(text) => {
            let (text, length) = plain(text, LONGEST_TEXT);
            if !text.is_empty() {
                page.write_string(row, column, text)?;
            }
            return Ok(length);
        }
    }
    Ok(None)
}

/// Returns a text without the characters that no XML can hold, cut to a number of UTF-16 units; with the length before where it was cut.
fn plain(text: &str, limit: usize) -> (String, Option<usize>) {
    let mut kept = String::with_capacity(text.len().min(limit * 3));
    let (mut units, mut length) = (0, 0);
    for c in text.chars().filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}') && (!c.is_control() || matches!(c, '\t' | '\n'))) {
        length += c.len_utf16();
        if length <= limit {
            units = length;
            kept.push(c);
        }
    }
    (kept, (length > units).then_some(length))
}

#[cfg(test)]
mod tests;
