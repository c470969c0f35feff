//! One table, prepared for drawing: headings, texts, and the sign of every cell.

use std::collections::BTreeMap;

use crate::app::query::CellView;
use crate::domain::diagnostic::Severity;
use crate::domain::form::{Block, Shown};
use crate::tui::screen::parts::capital;
use crate::tui::theme::Role;
use crate::tui::widget::text::width;

/// The signs of cells with what each means, in the words of the line below the tables.
pub(super) const SIGNS: [(&str, &str, Role); 7] = [
    (FOUND, "with source", Role::Success),
    (PLACELESS, "without", Role::Pending),
    (REMARK, "look", Role::Warning),
    (NEEDED, "needed", Role::Pending),
    (STALE, "look again", Role::Warning),
    (FOLLOWS, "follows", Role::Muted),
    (EMPTY, "empty", Role::Muted),
];
const FOUND: &str = "+";
const PLACELESS: &str = "~";
const REMARK: &str = "!";
const STALE: &str = "?";
const NEEDED: &str = "-";
const FOLLOWS: &str = "=";
const EMPTY: &str = "·";

/// A table with the columns that are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) title: String,
    /// The unit.
    pub(super) unit: Option<String>,
    /// The numbers that are shown, where there are others to choose.
    pub(super) format: Option<String>,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
    /// Whether it has one column of answers, which needs no heading.
    pub(super) is_list: bool,
}

/// A column: what stands over it, and how wide its texts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) heading: String,
    pub(super) width: usize,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) label: String,
    /// One for each column; `None` where the form does not ask.
    pub(super) cells: Vec<Option<Cell>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) sign: &'static str,
    pub(super) role: Role,
    /// Whether the text was typed, not derived from other cells.
    pub(super) is_typed: bool,
}

/// A line of all tables, one below the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing, between two tables.
    Gap,
    /// The title of the table with this place.
    Title(usize),
    /// Its headings.
    Headings(usize),
    /// One of its rows.
    Row(usize, usize),
}

/// Returns the lines of all tables.
pub(super) fn lines(tables: &[Table]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        if at > 0 {
            lines.push(Line::Gap);
        }
        lines.push(Line::Title(at));
        if !table.is_list {
            lines.push(Line::Headings(at));
        }
        lines.extend((0..table.rows.len()).map(|row| Line::Row(at, row)));
    }
    lines
}

/// The narrowest and the widest column of numbers.
const NUMBERS: (usize, usize) = (7, 12);
/// The narrowest and the widest column of words.
const WORDS: (usize, usize) = (10, 24);
/// The widest column of a table with one.
const ANSWERS: usize = 44;

impl Table {
    /// Prepares a table.
    pub(super) fn of(block: &Block, shown: Shown, cells: &BTreeMap<&str, &CellView>) -> Self {
        let view = |path: &str| cells.get(path).copied();
        let is_filled = |path: &str| view(path).is_some_and(|cell| cell.raw.is_some());
        let columns = block.shown(shown, is_filled);
        let cell = |path: &Option<String>| path.as_deref().and_then(view).map(Cell::of);
        let rows: Vec<Row> = block
            .rows
            .iter()
            .map(|row| Row { label: row.label.clone(), cells: columns.iter().map(|column| cell(&row.cells[*column])).collect() })
            .collect();
        let is_list = block.columns.len() == 1 && block.outcome.is_none();
        let is_number = |column: usize| {
            let mut kinds = block.rows.iter().filter_map(|row| view(row.cells[column].as_deref()?)).map(|cell| cell.kind.as_str());
            kinds.all(|kind| matches!(kind, "integer" | "decimal"))
        };
        let prepared = columns.iter().enumerate().map(|(at, column)| {
            let heading = &block.columns[*column];
            let widest = rows.iter().filter_map(|row| row.cells[at].as_ref()).map(|cell| width(&cell.text)).max().unwrap_or(0);
            let (least, most) = if is_list {
                (NUMBERS.0, ANSWERS)
            } else if is_number(*column) {
                NUMBERS
            } else {
                WORDS
            };
            // A heading may be as wide as words are.
            Column { heading: heading.clone(), width: widest.clamp(least, most).max(width(heading).min(WORDS.1)) }
        });
        let columns = prepared.collect();
        let format = match shown {
            Shown::Format(at) => block.formats.get(at).map(|format| format.name.clone()),
            Shown::All => Some("all numbers".to_owned()),
        };
        Self {
            title: capital(&block.title),
            unit: block.unit.clone(),
            format: format.filter(|_| block.formats.len() > 1),
            columns,
            rows,
            is_list,
        }
    }

    /// Returns the path of a cell.
    pub(super) fn path(&self, row: usize, column: usize) -> Option<&str> {
        self.rows.get(row)?.cells.get(column)?.as_ref().map(|cell| cell.path.as_str())
    }

    /// Returns row and column of a path among those that are shown.
    pub(super) fn place_of(&self, path: &str) -> Option<(usize, usize)> {
        self.rows.iter().enumerate().find_map(|(at, row)| {
            let column = row.cells.iter().position(|cell| cell.as_ref().is_some_and(|cell| cell.path == path))?;
            Some((at, column))
        })
    }
}

impl Cell {
    fn of(cell: &CellView) -> Self {
        let (sign, role) = sign_of(cell);
        let derived = cell.derived.as_ref().map(|(value, _)| ((value * 1e4).round() / 1e4).to_string());
        Self { path: cell.path.clone(), is_typed: cell.raw.is_some(), text: cell.raw.clone().or(derived).unwrap_or_default(), sign, role }
    }
}

/// Returns the sign of a cell: what is to be done about it comes before where it is from.
fn sign_of(cell: &CellView) -> (&'static str, Role) {
    let has_source = cell.report.is_some() || cell.page.is_some();
    let is_error = cell.remarks.iter().any(|(severity, _)| *severity == Severity::Error);
    match &cell.raw {
        Some(_) if cell.is_stale => (STALE, Role::Warning),
        Some(_) if is_error => (REMARK, Role::Error),
        Some(_) if !cell.remarks.is_empty() => (REMARK, Role::Warning),
        Some(_) if has_source => (FOUND, Role::Success),
        Some(_) => (PLACELESS, Role::Pending),
        None if cell.is_required => (NEEDED, Role::Pending),
        None if is_error => (REMARK, Role::Error),
        None if !cell.remarks.is_empty() => (REMARK, Role::Warning),
        None if cell.derived.is_some() => (FOLLOWS, Role::Muted),
        None => (EMPTY, Role::Muted),
    }
}
