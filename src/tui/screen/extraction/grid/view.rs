//! The drawing of the tables: the label of a row stays, wide tables move sideways below it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line as Words, Span};

use super::table::{Line, Row, SIGNS, Table};
use super::{Grid, Spot};
use crate::tui::screen::Cx;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::scroll::draw_thumb;
use crate::tui::widget::text::{StyledLine, cut, fit, paint, width};

/// What stands before the text of a cell: the mark of the selected one, the sign, a space.
const BEFORE: usize = 3;
/// The columns on the right that the thumb and the sign of hidden columns take.
pub(super) const MARGIN: usize = 2;
/// From how many rows on the signs are explained below the tables.
const ROOM_FOR_SIGNS: usize = 8;

/// Where the columns of a table stand.
pub(super) struct Columns {
    label: usize,
    room: usize,
}

impl Columns {
    /// Divides the room of a table; all lists of fields leave their labels the same room.
    pub(super) fn new(tables: &[Table], at: usize, room: usize) -> Self {
        let is_list = tables.get(at).is_some_and(|table| table.is_list);
        let alike = tables.iter().enumerate().filter(|(other, table)| *other == at || (is_list && table.is_list));
        let labels = alike.flat_map(|(_, table)| &table.rows).map(|row| width(&row.label));
        let label = labels.max().unwrap_or(0).clamp(6, 36).min(room * 2 / 5);
        Self { label, room: room.saturating_sub(label + 2) }
    }

    /// Returns the columns of a table from `left` on that are in sight, each with its distance from the labels and the width of its texts.
    fn seen<'a>(&'a self, table: &'a Table, left: usize) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        let mut x = 0;
        table.columns.iter().enumerate().skip(left).map_while(move |(at, column)| {
            let is_first = at == left;
            let width = if is_first { column.width.min(self.room.saturating_sub(BEFORE)) } else { column.width };
            let found = (at, x, width);
            x += BEFORE + width + 1;
            (is_first || x <= self.room + 1).then_some(found)
        })
    }

    /// Returns how many columns are to be out of sight on the left so that this one is seen; as near to what they were as can be.
    pub(super) fn left_for(&self, table: &Table, column: usize, left: usize) -> usize {
        let is_seen = |left: usize| self.seen(table, left).any(|(at, ..)| at == column);
        let mut left = left.min(column);
        while left < column && !is_seen(left) {
            left += 1;
        }
        // Nothing stays out of sight on the left where there is room on the right.
        let last = table.columns.len().saturating_sub(1);
        while left > 0 && self.seen(table, left - 1).any(|(at, ..)| at == last) {
            left -= 1;
        }
        left
    }
}

impl Grid {
    /// Returns how many lines of tables are seen at once.
    pub(super) fn rows_of_lines(&self) -> usize {
        if self.size.1 >= ROOM_FOR_SIGNS { self.size.1 - 1 } else { self.size.1 }
    }

    /// Draws the tables, and below them what their signs mean.
    pub(in super::super) fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx, is_focused: bool) {
        let rows = u16::try_from(self.rows_of_lines()).unwrap_or(u16::MAX).min(area.height);
        let body = Rect { height: rows, ..area };
        for (line, y) in self.lines.iter().skip(self.top).zip(body.y..body.bottom()) {
            let place = Rect { y, height: 1, ..body };
            match *line {
                Line::Gap => {}
                Line::Title(at) => self.draw_title(frame, place, cx, &self.tables[at]),
                Line::Headings(at) => self.draw_headings(frame, place, cx.theme, at),
                Line::Row(at, row) => self.draw_row(frame, place, cx.theme, (at, row), is_focused),
            }
        }
        draw_thumb(frame, body, cx.theme, self.top, self.lines.len());
        if rows < area.height {
            let words = signs(usize::from(area.width).saturating_sub(1));
            frame.render_widget(paint(&words, cx.theme), Rect { y: body.bottom(), height: 1, ..area });
        }
    }

    fn draw_title(&self, frame: &mut Frame, place: Rect, cx: &Cx, table: &Table) {
        let mut words = vec![(table.title.clone(), Role::Heading)];
        words.extend(table.unit.as_ref().map(|unit| (format!(" · {unit}"), Role::Muted)));
        if let Some(format) = &table.format {
            let key = cx.keymap.keys_of("grid.format").into_iter().next().unwrap_or_default();
            words.push((format!(" · {format}; "), Role::Muted));
            words.push((key, Role::Key));
            words.push((" for others".to_owned(), Role::Muted));
        }
        let room = usize::from(place.width).saturating_sub(MARGIN);
        frame.render_widget(paint(&shortened(words, room), cx.theme), place);
    }

    fn columns(&self, table: usize) -> Columns {
        Columns::new(&self.tables, table, self.size.0.saturating_sub(MARGIN))
    }

    fn left_of(&self, table: usize) -> usize {
        if table == self.at.table { self.left } else { 0 }
    }

    fn draw_headings(&self, frame: &mut Frame, place: Rect, theme: &Theme, at: usize) {
        let (columns, table, left) = (self.columns(at), &self.tables[at], self.left_of(at));
        let muted = |text: String| Span::styled(text, theme.style(Role::Muted));
        let mut spans = vec![muted(" ".repeat(columns.label + 1)), muted(if left > 0 { "‹" } else { " " }.to_owned())];
        let mut last = left;
        for (column, _, width) in columns.seen(table, left) {
            let text = format!("{}{} ", " ".repeat(BEFORE), fit(&table.columns[column].heading, width, false));
            spans.push(muted(text));
            last = column;
        }
        frame.render_widget(Words::from(spans), place);
        if last + 1 < table.columns.len() && place.width >= 2 {
            frame.render_widget(Words::from(muted("›".to_owned())), Rect { x: place.right() - 2, width: 1, ..place });
        }
    }

    fn draw_row(&self, frame: &mut Frame, place: Rect, theme: &Theme, (at, row): (usize, usize), is_focused: bool) {
        let (columns, table, left) = (self.columns(at), &self.tables[at], self.left_of(at));
        let Row { label, cells } = &table.rows[row];
        let is_row = (self.at.table, self.at.row) == (at, row);
        let role = if is_row { Role::Accent } else { Role::Text };
        let mut spans = vec![Span::raw(" "), Span::styled(fit(label, columns.label, false), theme.style(role)), Span::raw(" ")];
        let mut selected = None;
        for (column, x, width) in columns.seen(table, left) {
            let is_here = self.at == Spot { table: at, row, column };
            if is_here {
                selected = Some((x, width));
            }
            let Some(cell) = &cells[column] else {
                spans.push(Span::raw(" ".repeat(BEFORE + width + 1)));
                continue;
            };
            spans.push(Span::styled(if is_here { "▸" } else { " " }, theme.style(Role::Accent)));
            spans.push(Span::styled(cell.sign, theme.style(cell.role)));
            spans.push(Span::raw(" "));
            let role = if cell.is_typed { Role::Field } else { Role::Muted };
            spans.push(Span::styled(fit(&cell.text, width, false), theme.style(role)));
            spans.push(Span::raw(" "));
        }
        frame.render_widget(Words::from(spans), place);
        let Some((x, width)) = selected else { return };
        let column = |cells: usize| place.x + u16::try_from(columns.label + 2 + x + cells).unwrap_or(0);
        let field = Rect { x: column(BEFORE), width: u16::try_from(width).unwrap_or(0), ..place };
        match &self.editing {
            Some(editing) => editing.field.view(frame, field.intersection(place), theme, true),
            None if is_focused => {
                let whole = Rect { x: column(1), width: field.width + 2, ..place };
                frame.buffer_mut().set_style(whole.intersection(place), theme.style(Role::Selection));
            }
            None => {}
        }
    }
}

/// Says what the signs mean, as many of them as there is room for.
fn signs(room: usize) -> StyledLine {
    let mut words = StyledLine::new();
    let mut used = 0;
    for (sign, meaning, role) in SIGNS {
        let more = 4 + width(meaning);
        if used + more > room {
            break;
        }
        used += more;
        words.push((format!(" {sign}"), role));
        words.push((format!(" {meaning} "), Role::Muted));
    }
    words
}

/// Cuts a line of pieces to the room; the last piece that fits in part is cut.
fn shortened(words: StyledLine, room: usize) -> StyledLine {
    let mut left = room;
    let mut kept = StyledLine::new();
    for (text, role) in words {
        if left == 0 {
            break;
        }
        let text = cut(&text, left);
        left -= width(&text).min(left);
        kept.push((text, role));
    }
    kept
}
