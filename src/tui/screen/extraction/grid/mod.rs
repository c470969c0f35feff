//! The draft as tables: rows are arms, columns are the numbers asked for, one table for each outcome and time point.
//!
//! A table holds the cells of the list in another arrangement ([`crate::domain::form::blocks()`]). Which cell is selected is known to the
//! list as well, so that everything that acts on a cell acts here too.

mod moving;
mod table;
mod typing;
mod view;

use std::collections::BTreeMap;

use crate::app::query::DraftView;
use crate::domain::form::{Block, Shown};
use crate::tui::widget::text_field::TextField;

use table::{Line, Table};

pub(super) use moving::Way;
pub(super) use typing::Typed;

/// The tables of a draft with the selected cell, which may be being edited.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// Whether the draft is shown as tables.
    pub(super) is_on: bool,
    blocks: Vec<Block>,
    tables: Vec<Table>,
    lines: Vec<Line>,
    /// Which columns were chosen, by the id of the outcome.
    chosen: BTreeMap<String, Shown>,
    at: Spot,
    /// The column that moving up and down keeps to.
    wish: usize,
    /// How many columns of the selected table are out of sight on the left.
    left: usize,
    /// How many lines are out of sight above.
    top: usize,
    /// Columns and rows of the terminal that the tables may take.
    size: (usize, usize),
    editing: Option<Editing>,
}

/// A place in the tables; the column counts those that are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Spot {
    table: usize,
    row: usize,
    column: usize,
}

/// A cell that is being edited.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Editing {
    field: TextField,
    /// Whether typing began it, so that the arrows leave the cell instead of moving within its text.
    is_fresh: bool,
}

impl Grid {
    /// Takes a draft in; the selected cell is the one with this path, and editing goes on where that is still the same one.
    pub(super) fn set(&mut self, draft: &DraftView, selected: Option<&str>) {
        let edited = self.editing.take().zip(self.path().map(str::to_owned));
        self.blocks.clone_from(&draft.blocks);
        self.rebuild(draft);
        if let Some(path) = selected {
            self.follow(path, draft);
        }
        self.editing = edited.filter(|(_, path)| Some(path.as_str()) == self.path()).map(|(editing, _)| editing);
    }

    /// Prepares the tables with the columns that are to be shown.
    fn rebuild(&mut self, draft: &DraftView) {
        let cells: BTreeMap<&str, _> = draft.cells.iter().map(|cell| (cell.path.as_str(), cell)).collect();
        let shown = |block: &Block| block.outcome.as_ref().and_then(|id| self.chosen.get(id)).copied().unwrap_or_default();
        self.tables = self.blocks.iter().map(|block| Table::of(block, shown(block), &cells)).collect();
        self.lines = table::lines(&self.tables);
        self.settle();
    }

    /// Returns the path of the selected cell.
    pub(super) fn path(&self) -> Option<&str> {
        self.path_at(self.at)
    }

    fn path_at(&self, spot: Spot) -> Option<&str> {
        self.tables.get(spot.table)?.path(spot.row, spot.column)
    }

    /// Selects the cell with this path; where its column is not shown, the format that has it is chosen.
    pub(super) fn follow(&mut self, path: &str, draft: &DraftView) {
        if self.path() == Some(path) {
            return;
        }
        let Some((at, block)) = self.blocks.iter().enumerate().find(|(_, block)| block.place_of(path).is_some()) else { return };
        if self.tables.get(at).is_none_or(|table| table.place_of(path).is_none()) {
            let column = block.place_of(path).map_or(0, |(_, column)| column);
            let format = block.formats.iter().position(|format| format.columns.contains(&column));
            if let Some(outcome) = block.outcome.clone() {
                self.chosen.insert(outcome, format.map_or(Shown::All, Shown::Format));
                self.rebuild(draft);
            }
        }
        if let Some((row, column)) = self.tables.get(at).and_then(|table| table.place_of(path)) {
            self.editing = None;
            self.at = Spot { table: at, row, column };
            self.wish = column;
            self.settle();
        }
    }

    /// Shows the next format of the selected outcome, after the last one all numbers; returns what is shown now, `None` where there is
    /// nothing to choose.
    pub(super) fn change_format(&mut self, draft: &DraftView) -> Option<String> {
        let block = self.blocks.get(self.at.table).filter(|block| block.formats.len() > 1)?;
        let outcome = block.outcome.clone()?;
        let path = self.path().map(str::to_owned);
        let next = block.after(self.chosen.get(&outcome).copied().unwrap_or_default());
        let name = match next {
            Shown::Format(at) => block.formats.get(at).map(|format| format.name.clone()).unwrap_or_default(),
            Shown::All => "everything that the form accepts".to_owned(),
        };
        self.chosen.insert(outcome, next);
        self.rebuild(draft);
        let found = path.and_then(|path| self.tables.get(self.at.table)?.place_of(&path));
        let (row, column) = found.unwrap_or((self.at.row, 0));
        (self.at.row, self.at.column, self.wish) = (row, column, column);
        self.settle();
        Some(name)
    }

    /// Returns the paths from the selected cell on, row by row, as far as its table goes.
    pub(super) fn places(&self) -> Vec<Vec<Option<String>>> {
        let Some(table) = self.tables.get(self.at.table) else { return Vec::new() };
        let of_row = |row: usize| (self.at.column..table.columns.len()).map(|at| table.path(row, at).map(str::to_owned)).collect();
        (self.at.row..table.rows.len()).map(of_row).collect()
    }

    /// Takes the room that the tables have.
    pub(super) fn resize(&mut self, width: u16, height: u16) {
        self.size = (usize::from(width), usize::from(height));
        self.settle();
    }

    /// Sees to it that the selection is on a cell and in sight.
    fn settle(&mut self) {
        if self.path().is_none() {
            let beside = self.spots().find(|spot| (spot.table, spot.row) >= (self.at.table, self.at.row));
            self.at = beside.or_else(|| self.spots().next()).unwrap_or_default();
            self.wish = self.at.column;
        }
        self.scroll();
    }
}
