//! A table of any length: it knows how many rows there are and holds one page of them.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::scroll::draw_thumb;
use super::text::{Piece, fit};
use crate::tui::mouse::{Under, steps_in};
use crate::tui::theme::{Role, Theme};

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The heading.
    pub title: String,
    /// The width in cells; 0 shares the rest of the room with the other columns of width 0.
    pub width: u16,
    /// Whether its cells end at the right, as numbers do.
    pub is_right: bool,
}

impl Column {
    /// Makes a column of a fixed width.
    pub fn fixed(title: &str, width: u16) -> Self {
        Self { title: title.to_owned(), width, is_right: false }
    }

    /// Makes a column that takes the rest of the room.
    pub fn rest(title: &str) -> Self {
        Self::fixed(title, 0)
    }

    /// Makes a column of numbers.
    pub fn number(title: &str, width: u16) -> Self {
        Self { is_right: true, ..Self::fixed(title, width) }
    }
}

/// A table with its selected row and the page of rows that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Column>,
    total: usize,
    selected: usize,
    top: usize,
    height: usize,
    first: usize,
    rows: Vec<Vec<Piece>>,
}

impl Table {
    /// Makes an empty table.
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, total: 0, selected: 0, top: 0, height: 0, first: 0, rows: Vec::new() }
    }

    /// Tells how many rows there are; rows held so far are forgotten, the selection stays where it can.
    pub fn set_total(&mut self, total: usize) {
        self.total = total;
        self.rows.clear();
        self.select(self.selected);
    }

    /// Gives the rows from the given one on; each has one cell per column.
    pub fn set_page(&mut self, first: usize, rows: Vec<Vec<Piece>>) {
        self.first = first;
        self.rows = rows;
    }

    /// Gives all rows at once, for short tables.
    pub fn set_rows(&mut self, rows: Vec<Vec<Piece>>) {
        self.set_total(rows.len());
        self.set_page(0, rows);
    }

    /// Tells how many rows are visible below the heading.
    pub fn set_height(&mut self, height: u16) {
        self.height = usize::from(height).saturating_sub(1);
        self.select(self.selected);
    }

    /// Returns how many rows there are.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Returns the selected row, or `None` if there are no rows.
    pub fn selected(&self) -> Option<usize> {
        (self.total > 0).then_some(self.selected)
    }

    /// Selects a row, or the last one if there are fewer.
    pub fn select(&mut self, row: usize) {
        self.selected = row.min(self.total.saturating_sub(1));
        self.top = Self::top_for(self.selected, self.top, self.height, self.total);
    }

    /// Returns the rows that should be loaded now: `None` while every visible row is held, else the visible rows with one
    /// page before and behind them.
    pub fn missing(&self) -> Option<Range<usize>> {
        let height = self.height.max(1);
        let end = (self.top + height).min(self.total);
        let is_held = self.first <= self.top && end <= self.first + self.rows.len();
        (!is_held).then(|| self.top.saturating_sub(height)..(self.top + 2 * height).min(self.total))
    }

    /// Carries out a command of moving (`move.down`, ...); returns whether it was one.
    pub fn command(&mut self, id: &str) -> bool {
        let page = self.height.saturating_sub(1).max(1);
        let row = match id {
            "move.up" => self.selected.saturating_sub(1),
            "move.down" => self.selected + 1,
            "move.page_up" => self.selected.saturating_sub(page),
            "move.page_down" => self.selected + page,
            "move.first" => 0,
            "move.last" => usize::MAX,
            _ => return false,
        };
        self.select(row);
        true
    }

    /// Returns the first visible row so that the selected one is visible.
    fn top_for(selected: usize, top: usize, height: usize, total: usize) -> usize {
        let height = height.max(1);
        let top = top.min(selected).max((selected + 1).saturating_sub(height));
        top.min(total.saturating_sub(height))
    }

    /// Tells what lies under a place where the table is drawn in `area`.
    pub fn under(&self, at: Position, area: Rect) -> Under {
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let top = Self::top_for(self.selected, self.top, usize::from(body.height), self.total);
        steps_in(body, at, top, self.selected, self.total).map_or(Under::Nothing, |steps| Under::Row(None, steps))
    }

    /// Returns the width of each column in the given room.
    fn widths(&self, room: u16) -> Vec<usize> {
        let gaps = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(0);
        let fixed: u16 = self.columns.iter().map(|column| column.width).sum();
        let sharing = u16::try_from(self.columns.iter().filter(|column| column.width == 0).count()).unwrap_or(1).max(1);
        let share = room.saturating_sub(fixed + gaps) / sharing;
        self.columns.iter().map(|column| usize::from(if column.width == 0 { share } else { column.width })).collect()
    }

    /// Draws heading and rows; a row that is not held yet shows "…". The selected row carries a sign as well as a colour.
    pub fn view(&self, frame: &mut Frame, area: Rect, theme: &Theme, is_focused: bool) {
        if area.height == 0 || area.width < 4 {
            return;
        }
        let room = area.width - 2;
        let widths = self.widths(room.saturating_sub(1));
        let heading: Vec<String> =
            self.columns.iter().zip(&widths).map(|(column, width)| fit(&column.title, *width, column.is_right)).collect();
        frame.render_widget(Line::styled(format!("  {}", heading.join(" ")), theme.style(Role::Heading)), Rect { height: 1, ..area });
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let height = usize::from(body.height);
        let top = Self::top_for(self.selected, self.top, height, self.total);
        for (row, y) in (top..self.total.min(top + height)).zip(body.y..) {
            let is_selected = row == self.selected;
            let mut spans = vec![Span::raw(if is_selected { "▸ " } else { "  " })];
            match row.checked_sub(self.first).and_then(|at| self.rows.get(at)) {
                None => spans.push(Span::styled("…", theme.style(Role::Muted))),
                Some(cells) => {
                    for ((text, role), (column, width)) in cells.iter().zip(self.columns.iter().zip(&widths)) {
                        spans.push(Span::styled(fit(text, *width, column.is_right), theme.style(*role)));
                        spans.push(Span::raw(" "));
                    }
                }
            }
            let line = Rect { y, height: 1, ..body };
            frame.render_widget(Line::from(spans), line);
            if is_selected {
                let role = if is_focused { Role::Selection } else { Role::Muted };
                frame.buffer_mut().set_style(line, theme.style(role));
            }
        }
        draw_thumb(frame, body, theme, top, self.total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(total: usize) -> Table {
        let mut table = Table::new(vec![Column::number("No.", 6), Column::rest("Title")]);
        table.set_height(11);
        table.set_total(total);
        table
    }

    #[test]
    fn only_the_page_around_the_visible_rows_is_asked_for() {
        let mut table = table(50_000);
        assert_eq!(table.missing(), Some(0..20));
        table.set_page(0, vec![Vec::new(); 20]);
        assert_eq!(table.missing(), None);
        table.command("move.last");
        assert_eq!((table.selected(), table.missing()), (Some(49_999), Some(49_980..50_000)));
    }

    #[test]
    fn the_selection_stays_inside_and_visible() {
        let mut table = table(15);
        for _ in 0..30 {
            table.command("move.down");
        }
        assert_eq!((table.selected(), table.top), (Some(14), 5));
        table.set_total(3);
        assert_eq!((table.selected(), table.top), (Some(2), 0));
        table.set_total(0);
        assert_eq!((table.selected(), table.missing()), (None, None));
        assert!(table.command("move.up"));
    }
}
