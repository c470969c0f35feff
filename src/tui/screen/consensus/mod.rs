//! Two drafts of a study cell by cell: where they agree by themselves, where they differ, and the settling of a difference.

mod act;
mod agreement;
mod cells;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::parts::{ListAndCard, Moved};
use super::{Cx, Screen};
use crate::app::query::{ComparedCell, ComparisonView, StudyLine};
use crate::domain::change::ChangeSet;
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::ScreenMsg;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_empty;
use crate::tui::widget::table::Column;
use crate::tui::widget::text::count;

/// The screen.
#[derive(Debug)]
pub struct Consensus {
    /// The studies whose drafts are all in.
    studies: Vec<StudyLine>,
    /// How many included studies wait for drafts.
    drafting: usize,
    has_form: bool,
    is_loaded: bool,
    /// The place of the shown study.
    at: usize,
    comparison: Option<Box<ComparisonView>>,
    is_open_only: bool,
    /// The listed rows: headings, and cells by their place in the comparison.
    rows: Vec<Row>,
    view: ListAndCard,
    said: Option<String>,
    /// The cell that is selected once the comparison is loaded again.
    wanted: Option<String>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    Heading(String),
    Cell(usize),
}

impl Default for Consensus {
    fn default() -> Self {
        Self::new()
    }
}

impl Consensus {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self {
            studies: Vec::new(),
            drafting: 0,
            has_form: false,
            is_loaded: false,
            at: 0,
            comparison: None,
            is_open_only: true,
            rows: Vec::new(),
            view: ListAndCard::new(columns("A", "B")).with_wide_list(),
            said: None,
            wanted: None,
        }
    }

    fn study(&self) -> Option<&StudyLine> {
        self.studies.get(self.at)
    }

    fn shown(&self) -> Option<&ComparisonView> {
        let study = self.study()?;
        self.comparison.as_deref().filter(|comparison| comparison.study == study.study)
    }

    fn cell(&self) -> Option<&ComparedCell> {
        match self.rows.get(self.view.table.selected()?)? {
            Row::Cell(at) => self.shown()?.cells.get(*at),
            Row::Heading(_) => None,
        }
    }

    fn load(&self) -> Vec<Effect<AppPort>> {
        self.study().map(|study| Effect::Load(Query::Comparison(study.study.clone()))).into_iter().collect()
    }

    fn take_studies(&mut self, studies: Vec<StudyLine>) -> Vec<Effect<AppPort>> {
        let wanted = self.study().map(|study| study.study.clone());
        self.drafting = studies.iter().filter(|study| study.status == "drafting").count();
        self.studies = studies.into_iter().filter(|study| matches!(study.status, "comparable" | "agreed")).collect();
        let first_open = || self.studies.iter().position(|study| study.open_cells > 0);
        let kept = self.studies.iter().position(|study| Some(&study.study) == wanted.as_ref());
        self.at = kept.or_else(first_open).unwrap_or(0);
        self.is_loaded = true;
        if self.studies.is_empty() {
            self.comparison = None;
            self.list(None);
        }
        self.load()
    }

    fn take_comparison(&mut self, comparison: Box<ComparisonView>) {
        let is_other = self.comparison.as_ref().is_none_or(|old| old.study != comparison.study);
        let wanted = self.wanted.take().or_else(|| self.cell().map(|cell| cell.path.clone()));
        if is_other {
            self.view.table = crate::tui::widget::table::Table::new(columns(&comparison.a, &comparison.b));
        }
        self.comparison = Some(comparison);
        self.list(wanted.filter(|_| !is_other));
    }

    /// Lists the cells under their headings; the selection stays on the wanted cell, or goes to the one in its place.
    fn list(&mut self, wanted: Option<String>) {
        let cells = self.shown().map_or(&[][..], |comparison| &comparison.cells[..]);
        let mut rows = Vec::new();
        let mut group = None;
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !self.is_open_only || cell.how.is_none()) {
            if group != Some(&cell.group) {
                rows.push(Row::Heading(cell.group.clone()));
                group = Some(&cell.group);
            }
            rows.push(Row::Cell(at));
        }
        let lines = rows.iter().map(|row| match row {
            Row::Heading(group) => cells::heading_row(group),
            Row::Cell(at) => cells::cell_row(&cells[*at]),
        });
        let lines = lines.collect();
        let at = rows.iter().position(|row| matches!(row, Row::Cell(at) if Some(&cells[*at].path) == wanted.as_ref()));
        self.view.table.set_rows(lines);
        self.rows = rows;
        if let Some(at) = at {
            self.view.table.select(at);
        }
        self.leave_heading(true);
        self.write_card(true);
    }

    /// Moves the selection off a heading, on in the direction of moving or else the other way.
    fn leave_heading(&mut self, is_down: bool) {
        let Some(at) = self.view.table.selected() else { return };
        let is_cell = |at: &usize| matches!(self.rows.get(*at), Some(Row::Cell(_)));
        let below = (at..self.rows.len()).find(is_cell);
        let above = (0..=at).rev().find(is_cell);
        if let Some(at) = if is_down { below.or(above) } else { above.or(below) } {
            self.view.table.select(at);
        }
    }

    fn write_card(&mut self, is_new: bool) {
        let room = self.view.room();
        let lines = match (self.shown(), self.cell()) {
            (Some(comparison), Some(cell)) => cells::card_lines(comparison, cell, self.study(), room),
            _ => Vec::new(),
        };
        if is_new { self.view.set_card(lines) } else { self.view.rewrite_card(lines) }
    }

    fn resize(&mut self, area: Rect) {
        self.view.resize(area);
        self.write_card(false);
    }
}

/// Returns the columns; each extractor's has the short name over it.
fn columns(a: &str, b: &str) -> Vec<Column> {
    vec![
        Column::fixed("", 2),
        Column::rest("Value"),
        Column::fixed(&format!("A: {a}"), 14),
        Column::fixed(&format!("B: {b}"), 14),
        Column::fixed("Agreed", 14),
    ]
}

impl Screen<AppPort> for Consensus {
    fn name(&self) -> &'static str {
        "consensus"
    }

    fn title(&self) -> &'static str {
        "Consensus"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => match self.view.command(call.id) {
                Moved::Row => {
                    self.leave_heading(!matches!(call.id, "move.up" | "move.page_up" | "move.last"));
                    self.write_card(true);
                    Vec::new()
                }
                Moved::Card => Vec::new(),
                Moved::No => self.act(call),
            },
            ScreenMsg::Loaded(Data::Studies(studies, _)) => self.take_studies(studies),
            ScreenMsg::Loaded(Data::Form(form)) => {
                self.has_form = form.is_some();
                Vec::new()
            }
            ScreenMsg::Loaded(Data::Comparison(comparison)) => {
                self.take_comparison(comparison);
                self.resize(cx.body);
                Vec::new()
            }
            ScreenMsg::Loaded(Data::ExtractionAgreement(report)) => vec![agreement::page(&report)],
            ScreenMsg::Done(_) => self.said.take().map(|text| Effect::Notice(Notice::done(text))).into_iter().collect(),
            ScreenMsg::Failed(_) => {
                (self.said, self.wanted) = (None, None);
                Vec::new()
            }
            ScreenMsg::Resized => {
                self.resize(cx.body);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let concerned = [ChangeSet::RECORDS, ChangeSet::GROUPS, ChangeSet::VOTES, ChangeSet::STUDIES, ChangeSet::EXTRACTION];
        if concerned.into_iter().any(|part| change.touches(part)) {
            vec![Effect::Load(Query::Form), Effect::Load(Query::Studies)]
        } else {
            Vec::new()
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if !self.is_loaded {
            return;
        }
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        let Some(study) = self.study() else {
            let (what, next) = match (self.has_form, self.drafting) {
                (false, _) => (
                    "The review has no extraction form yet.".to_owned(),
                    format!("Press {} to go to the extraction.", key("go.extraction")),
                ),
                (true, 0) => ("No included study yet.".to_owned(), format!("Press {} to tie reports to studies.", key("go.studies"))),
                (true, number) => (
                    format!("No study has all its drafts submitted; {} wait for drafts.", count(number)),
                    format!("The drafts can be compared once both are submitted. Press {} to go on with yours.", key("go.extraction")),
                ),
            };
            return draw_empty(frame, area, cx.theme, &what, &next);
        };
        let cells = self.shown().map_or(0, |comparison| comparison.cells.len());
        let of = format!(" · study {} of {}", self.at + 1, self.studies.len());
        if self.rows.is_empty() {
            let what = format!("{}{of}: the drafts agree, or were agreed on, in all {cells} values.", study.label);
            let next = format!("Press {} to see them all, {} for the next study.", key("consensus.filter"), key("consensus.next"));
            return draw_empty(frame, area, cx.theme, &what, &next);
        }
        let list = if self.is_open_only { "open only " } else { "all values " };
        let (open, role) = if study.open_cells > 0 { ("C", Role::Conflict) } else { ("+", Role::Success) };
        let head = vec![
            (study.label.clone(), Role::Heading),
            (of, Role::Text),
            (format!(" · {open} {} of {cells} open", study.open_cells), role),
            (format!(" · {list}"), Role::Text),
            (format!("({} changes)", key("consensus.filter")), Role::Hint),
        ];
        let title = self.cell().map(cells::full_name).unwrap_or_default();
        self.view.view(frame, area, cx, &head, &title);
    }

    fn context(&self) -> KeyContext {
        KeyContext::new()
            .with_if(!self.rows.is_empty(), "list")
            .with_if(!self.rows.is_empty(), "panes")
            .with_if(self.study().is_some(), "has:study")
            .with_if(self.cell().is_some(), "has:difference")
    }
}
