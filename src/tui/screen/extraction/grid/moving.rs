//! Moving from cell to cell, and keeping the selected one in sight.

use super::table::Line;
use super::view::{Columns, MARGIN};
use super::{Grid, Spot};

/// A way to go from the selected cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Way {
    /// To the row above, in the table above where this was the first one.
    Up,
    /// To the row below, in the table below where this was the last one.
    Down,
    /// To the column before.
    Left,
    /// To the column behind.
    Right,
    /// To the next cell of the row, else to the first one of the next row.
    Next,
    /// To the cell before, else to the last one of the row above.
    Back,
    /// To the first cell of the next table.
    NextTable,
    /// To the first cell of the table before.
    PreviousTable,
    /// As far down as is seen at once.
    PageDown,
    /// As far up as is seen at once.
    PageUp,
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl Way {
    /// Returns the way of a command.
    pub(in super::super) fn of(command: &str) -> Option<Self> {
        Some(match command {
            "move.up" => Self::Up,
            "move.down" => Self::Down,
            "move.page_up" => Self::PageUp,
            "move.page_down" => Self::PageDown,
            "move.first" => Self::First,
            "move.last" => Self::Last,
            "grid.left" => Self::Left,
            "grid.right" => Self::Right,
            "grid.next" => Self::Next,
            "grid.back" => Self::Back,
            "grid.next_table" => Self::NextTable,
            "grid.previous_table" => Self::PreviousTable,
            _ => return None,
        })
    }
}

impl Grid {
    /// Goes one way; where there is no cell, the selection stays.
    pub(in super::super) fn step(&mut self, way: Way) {
        let found = match way {
            Way::Up => self.rows_from(self.at).0.into_iter().next_back(),
            Way::Down => self.rows_from(self.at).1.into_iter().next(),
            Way::PageUp => self.page(self.rows_from(self.at).0.into_iter().rev()),
            Way::PageDown => self.page(self.rows_from(self.at).1.into_iter()),
            Way::First => self.rows_from(self.at).0.into_iter().next(),
            Way::Last => self.rows_from(self.at).1.into_iter().next_back(),
            Way::Left => self.spots().filter(|spot| self.is_beside(*spot) && spot.column < self.at.column).last(),
            Way::Right => self.spots().find(|spot| self.is_beside(*spot) && spot.column > self.at.column),
            Way::Next => self.spots().find(|spot| self.order(*spot) > self.order(self.at)),
            Way::Back => self.spots().filter(|spot| self.order(*spot) < self.order(self.at)).last(),
            Way::NextTable => self.spots().find(|spot| spot.table > self.at.table),
            Way::PreviousTable => {
                let before = self.spots().filter(|spot| spot.table < self.at.table).last().map(|spot| spot.table);
                self.spots().find(|spot| Some(spot.table) == before)
            }
        };
        if let Some(spot) = found {
            self.at = spot;
            if !matches!(way, Way::Up | Way::Down | Way::PageUp | Way::PageDown | Way::First | Way::Last) {
                self.wish = spot.column;
            }
            self.scroll();
        }
    }

    fn order(&self, spot: Spot) -> (usize, usize, usize) {
        (spot.table, spot.row, spot.column)
    }

    fn is_beside(&self, spot: Spot) -> bool {
        (spot.table, spot.row) == (self.at.table, self.at.row)
    }

    /// Every cell, row by row.
    pub(super) fn spots(&self) -> impl Iterator<Item = Spot> + '_ {
        self.tables.iter().enumerate().flat_map(|(table, of)| {
            of.rows.iter().enumerate().flat_map(move |(row, cells)| {
                let filled = cells.cells.iter().enumerate().filter(|(_, cell)| cell.is_some());
                filled.map(move |(column, _)| Spot { table, row, column })
            })
        })
    }

    /// In each row above and below the one of `at`, the cell that is nearest to the wished column.
    fn rows_from(&self, at: Spot) -> (Vec<Spot>, Vec<Spot>) {
        let mut nearest: Vec<Spot> = Vec::new();
        for spot in self.spots() {
            match nearest.last_mut() {
                Some(last) if (last.table, last.row) == (spot.table, spot.row) => {
                    if spot.column.abs_diff(self.wish) < last.column.abs_diff(self.wish) {
                        *last = spot;
                    }
                }
                _ => nearest.push(spot),
            }
        }
        let (above, below): (Vec<Spot>, Vec<Spot>) = nearest
            .into_iter()
            .filter(|spot| (spot.table, spot.row) != (at.table, at.row))
            .partition(|spot| (spot.table, spot.row) < (at.table, at.row));
        (above, below)
    }

    /// The last of these cells that is within a page of the selected one, at least the first.
    fn page(&self, spots: impl Iterator<Item = Spot>) -> Option<Spot> {
        let here = self.line_of(self.at);
        let room = self.size.1.saturating_sub(2).max(1);
        let mut spots = spots.peekable();
        let first = spots.peek().copied();
        spots.take_while(|spot| self.line_of(*spot).abs_diff(here) <= room).last().or(first)
    }

    fn line_of(&self, spot: Spot) -> usize {
        self.lines.iter().position(|line| *line == Line::Row(spot.table, spot.row)).unwrap_or(0)
    }

    /// Brings the selected cell into sight: its whole table where there is room, else its row; and its column.
    pub(super) fn scroll(&mut self) {
        let height = self.rows_of_lines().max(1);
        let row = self.line_of(self.at);
        let title = self.lines.iter().position(|line| *line == Line::Title(self.at.table)).unwrap_or(row);
        let of_table = |line: &Line| matches!(line, Line::Row(table, _) if *table == self.at.table);
        let last = self.lines.iter().rposition(of_table).unwrap_or(row);
        let (from, to) = if last - title < height { (title, last) } else { (row.min(title.max((row + 1).saturating_sub(height))), row) };
        self.top = self.top.max((to + 1).saturating_sub(height)).min(from).min(self.lines.len().saturating_sub(height));
        self.left = match self.tables.get(self.at.table) {
            Some(table) => {
                let columns = Columns::new(&self.tables, self.at.table, self.size.0.saturating_sub(MARGIN));
                columns.left_for(table, self.at.column, self.left)
            }
            None => 0,
        };
    }
}
