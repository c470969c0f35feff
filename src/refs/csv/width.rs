//! Rows that have fewer or more cells than the table has columns: a line break or a separator stood in a cell without quotes.

use std::borrow::Cow;

use crate::domain::identifier::Doi;
use crate::domain::text::clean_line;
use crate::refs::builder::Role;
use crate::refs::tagged::Remarks;

use super::header::{Column, Exporter, Header};
use super::reader::TableRow;

/// Returns the name that a cell behind the last column is kept under; `at` counts from zero.
pub(super) fn name_beyond(at: usize) -> String {
    format!("column {}", at + 1)
}

/// Reports whether a row ends before the last column. In sheets, and in Abstrackr's tables, empty cells at the end are left out.
pub(super) fn is_short(header: &Header, row: &TableRow<'_>) -> bool {
    row.is_delimited && !row.is_unclosed && header.exporter != Exporter::Abstrackr && row.cells.len() < header.columns.len()
}

/// A short row that the next one may complete.
#[derive(Debug)]
pub(super) struct ShortRow {
    /// The 1-based line.
    pub line: usize,
    cells: Vec<String>,
    raw: String,
    may_be_guarded: bool,
}

impl ShortRow {
    /// Keeps a row until the next one is known.
    pub fn of(row: &TableRow<'_>) -> Self {
        let cells = row.cells.iter().map(|cell| cell.clone().into_owned()).collect();
        Self { line: row.line, cells, raw: row.raw.clone().into_owned(), may_be_guarded: row.may_be_guarded }
    }

    /// Returns the row as it was.
    pub fn row(&self) -> TableRow<'_> {
        TableRow {
            line: self.line,
            cells: self.cells.iter().map(|cell| Cow::Borrowed(cell.as_str())).collect(),
            raw: Cow::Borrowed(&self.raw),
            is_unclosed: false,
            may_be_guarded: self.may_be_guarded,
            is_delimited: true,
        }
    }

    /// Reports whether this row and the next have together exactly the cells of one row that a line break divides.
    pub fn adds_up_with(&self, header: &Header, next: &TableRow<'_>) -> bool {
        self.cells.len() + next.cells.len() == header.columns.len() + 1
    }

    /// Returns both rows as the one that they were, where that is certain: they add up, every year, identifier and link of the whole row
    /// is one, at least one of them comes from the second part, and the second part alone is no row of this table.
    pub fn joined(&self, header: &Header, next: &TableRow<'_>) -> Option<TableRow<'static>> {
        if !self.adds_up_with(header, next) {
            return None;
        }
        let mut cells = self.cells.clone();
        let (last, rest) = next.cells.split_first()?;
        let broken = cells.last_mut()?;
        *broken = format!("{broken}\n{last}");
        cells.extend(rest.iter().map(|cell| cell.clone().into_owned()));
        let columns = &header.columns;
        let whole = Fit::of(columns, &cells);
        let behind = Fit::of(&columns[self.cells.len()..], &cells[self.cells.len()..]);
        let alone = Fit::of(columns, &next.cells);
        let has_title = columns.iter().zip(&next.cells).any(|(column, cell)| column.role == Role::Title && !cell.trim().is_empty());
        let is_row_alone = has_title && alone.misfits == 0 && alone.hits > 0;
        (whole.misfits == 0 && behind.hits > 0 && !is_row_alone).then(|| TableRow {
            line: self.line,
            cells: cells.into_iter().map(Cow::Owned).collect(),
            raw: Cow::Owned(format!("{}\n{}", self.raw, next.raw)),
            is_unclosed: false,
            may_be_guarded: self.may_be_guarded,
            is_delimited: true,
        })
    }
}

/// How well cells fit columns whose values have a form.
#[derive(Debug, Default)]
struct Fit {
    hits: usize,
    misfits: usize,
}

impl Fit {
    fn of<S: AsRef<str>>(columns: &[Column], cells: &[S]) -> Self {
        let mut fit = Self::default();
        for (column, cell) in columns.iter().zip(cells) {
            match has_form(column.role, cell.as_ref().trim()) {
                Some(true) => fit.hits += 1,
                Some(false) => fit.misfits += 1,
                None => {}
            }
        }
        fit
    }
}

/// Says whether a cell has the form of its column; `None` for columns of free text and for empty cells.
fn has_form(role: Role, cell: &str) -> Option<bool> {
    if cell.is_empty() {
        return None;
    }
    let is_number = |longest: usize| cell.len() <= longest && cell.bytes().all(|byte| byte.is_ascii_digit());
    match role {
        Role::Year => Some(cell.len() == 4 && is_number(4)),
        Role::Doi => Some(!cell.contains(char::is_whitespace) && Doi::find(cell).is_some()),
        Role::Pmid => Some(is_number(9)),
        Role::Url => Some(cell.contains("://")),
        _ => None,
    }
}

/// Says of a row that it has too few or too many cells, and what was done; `completes` is the line of the row before, when both have
/// together the cells of one row.
pub(super) fn remark(header: &Header, row: &TableRow<'_>, completes: Option<usize>, remarks: &mut Remarks) {
    let columns = header.columns.len();
    let cells = row.cells.len();
    if is_short(header, row) {
        let mut message = format!("The row has {} for {columns} columns; the missing ones were read as empty.", in_words(cells));
        message.push_str(&completes.map_or_else(
            || " A line break without quotes may have divided it: check this record.".to_owned(),
            |line| format!(" It may go on the row of line {line}, but that is not certain: both were kept, check them."),
        ));
        remarks.warn(row.line, header.columns.get(cells).map(|column| column.name.as_str()), message);
    }
    // In a sheet no separator can have shifted anything.
    let beyond = row.cells.iter().skip(columns).position(|cell| !cell.trim().is_empty()).map(|at| columns + at);
    if let Some(at) = beyond.filter(|_| row.is_delimited) {
        let message = format!(
            "The row has {} for {columns} columns; what stands behind the last one was kept as \"{}\" and on. A separator without quotes may have \
             shifted the cells: check this record.",
            in_words(cells),
            name_beyond(at)
        );
        remarks.warn(row.line, Some(&name_beyond(at)), message);
    }
}

/// Says that two rows were put together.
pub(super) fn remark_joined(header: &Header, first: &ShortRow, next: usize, remarks: &mut Remarks) {
    let name = header.columns.get(first.cells.len().saturating_sub(1)).map(|column| clean_line(&column.name).into_owned());
    let message = format!("A line break without quotes divided this row; it was put together with line {next}.");
    remarks.warn(first.line, name.as_deref(), message);
}

fn in_words(cells: usize) -> String {
    if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") }
}
