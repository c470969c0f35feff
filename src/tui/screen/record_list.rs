//! A list of records, such as those behind a box of the flow diagram.

use ratatui::Frame;
use ratatui::layout::{Margin, Position, Rect};

use crate::app::query::ListedRecord;
use crate::domain::ids::RecordId;
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::mouse::Under;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::panel::{draw_box, draw_empty};
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::{Piece, count};

/// Records with a heading; one is selected.
#[derive(Debug)]
pub struct RecordList {
    title: String,
    records: Vec<ListedRecord>,
    table: Table,
}

impl RecordList {
    /// Lists records under a heading.
    pub fn new(title: &str, records: Vec<ListedRecord>) -> Self {
        let columns = vec![Column::number("No.", 6), Column::fixed("Source", 14), Column::number("Year", 4), Column::rest("Title")];
        let mut table = Table::new(columns);
        table.set_total(records.len());
        Self { title: format!("{title}: {}", count(records.len())), records, table }
    }

    /// Tells how many rows the list has for itself, its border and heading included.
    pub fn set_height(&mut self, height: u16) {
        self.table.set_height(height.saturating_sub(2));
        self.fill();
    }

    /// Carries out a command of moving; returns whether it was one.
    pub fn command(&mut self, id: &str) -> bool {
        let is_moved = self.table.command(id);
        self.fill();
        is_moved
    }

    /// Returns the selected record.
    pub fn selected(&self) -> Option<RecordId> {
        self.table.selected().and_then(|at| self.records.get(at)).map(|line| line.record)
    }

    /// Selects a record where it is in the list.
    pub fn select(&mut self, record: RecordId) {
        if let Some(at) = self.records.iter().position(|line| line.record == record) {
            self.table.select(at);
            self.fill();
        }
    }

    /// Returns the wishes that open the selected record on the screening screen.
    pub fn open(&self) -> Vec<Effect<AppPort>> {
        self.selected().map(open_record).unwrap_or_default()
    }

    fn fill(&mut self) {
        let Some(range) = self.table.missing() else { return };
        let first = range.start;
        let rows = self.records[range].iter().enumerate().map(|(at, line)| row(first + at, line)).collect();
        self.table.set_page(first, rows);
    }

    /// Tells what lies under a place where the list is drawn in `area`.
    pub fn under(&self, at: Position, area: Rect) -> Under {
        self.table.under(at, area.inner(Margin::new(1, 1)))
    }

    /// Draws the list in a box.
    pub fn view(&self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let inner = draw_box(frame, area, theme, &self.title, true);
        if self.records.is_empty() {
            draw_empty(frame, inner, theme, "No record is in this box.", "Esc goes back.");
        } else {
            self.table.view(frame, inner, theme, true);
        }
    }
}

/// Returns the wishes that open a record on the screening screen.
pub fn open_record(record: RecordId) -> Vec<Effect<AppPort>> {
    vec![Effect::Call(Call::new("go.screening")), Effect::Call(Call::new("screen.jump").arg(record.to_string()))]
}

fn row(at: usize, line: &ListedRecord) -> Vec<Piece> {
    vec![
        (count(at + 1), Role::Muted),
        (line.source.clone(), Role::Muted),
        (line.year.map(|year| year.to_string()).unwrap_or_default(), Role::Muted),
        (line.title.clone(), Role::Text),
    ]
}
