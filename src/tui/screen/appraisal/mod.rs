//! Risk of bias: the appraisals that the form plans, one's own answers, and two appraisals side by side.

mod act;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Cx, Screen};
use crate::app::appraise::{AppraisalComparison, AppraisalLine, AppraisalView, ComparedJudgement};
use crate::domain::appraisal::Appraised;
use crate::domain::change::ChangeSet;
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::ScreenMsg;
use crate::tui::widget::table::{Column, Table};

/// The screen.
#[derive(Debug)]
pub struct Appraisal {
    lines: Vec<AppraisalLine>,
    is_loaded: bool,
    /// Why there is no list, in words.
    nothing: Option<String>,
    mode: Mode,
    list: Table,
    /// The rows of one's own appraisal: domains and questions by their places.
    rows: Vec<Row>,
    own: Option<Box<AppraisalView>>,
    own_table: Table,
    compared: Option<Box<AppraisalComparison>>,
    compared_table: Table,
    said: Option<String>,
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    List,
    Own,
    Compared,
}

/// A row of one's own appraisal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Domain(usize),
    Question(usize, usize),
}

impl Default for Appraisal {
    fn default() -> Self {
        Self::new()
    }
}

impl Appraisal {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        let list = vec![
            Column::fixed("Study", 16),
            Column::fixed("Instrument", 10),
            Column::fixed("In", 3),
            Column::fixed("Yours", 9),
            Column::number("Open", 4),
            Column::fixed("Overall", 14),
            Column::rest("Result"),
        ];
        let own = vec![Column::fixed("", 8), Column::fixed("Answer", 19), Column::rest("What")];
        let compared =
            vec![Column::fixed("", 8), Column::fixed("A", 14), Column::fixed("B", 14), Column::fixed("Agreed", 14), Column::rest("What")];
        Self {
            lines: Vec::new(),
            is_loaded: false,
            nothing: None,
            mode: Mode::List,
            list: Table::new(list),
            rows: Vec::new(),
            own: None,
            own_table: Table::new(own),
            compared: None,
            compared_table: Table::new(compared),
            said: None,
        }
    }

    fn line(&self) -> Option<&AppraisalLine> {
        self.list.selected().and_then(|at| self.lines.get(at))
    }

    fn of(&self) -> Option<&Appraised> {
        self.line().map(|line| &line.of)
    }

    fn shown(&self) -> Option<&AppraisalView> {
        self.own.as_deref().filter(|own| Some(&own.line.of) == self.of())
    }

    fn row(&self) -> Option<Row> {
        self.own_table.selected().and_then(|at| self.rows.get(at)).copied()
    }

    fn shown_comparison(&self) -> Option<&AppraisalComparison> {
        self.compared.as_deref().filter(|compared| Some(&compared.line.of) == self.of())
    }

    fn judgement(&self) -> Option<&ComparedJudgement> {
        self.shown_comparison()?.items.get(self.compared_table.selected()?)
    }

    /// Loads what the mode shows of the selected appraisal.
    fn load(&self) -> Vec<Effect<AppPort>> {
        let Some(of) = self.of().cloned() else { return Vec::new() };
        match self.mode {
            Mode::List => Vec::new(),
            Mode::Own => vec![Effect::Load(Query::Appraisal(of))],
            Mode::Compared => vec![Effect::Load(Query::AppraisalComparison(of))],
        }
    }

    fn take_lines(&mut self, lines: Result<Vec<AppraisalLine>, String>) -> Vec<Effect<AppPort>> {
        let wanted = self.of().cloned();
        self.is_loaded = true;
        (self.lines, self.nothing) = match lines {
            Ok(lines) => (lines, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        self.list.set_rows(self.lines.iter().map(view::line_row).collect());
        if let Some(at) = self.lines.iter().position(|line| Some(&line.of) == wanted.as_ref()) {
            self.list.select(at);
        }
        if self.lines.is_empty() {
            self.mode = Mode::List;
        }
        self.load()
    }

    fn take_own(&mut self, own: Box<AppraisalView>) {
        let is_other = self.own.as_ref().is_none_or(|old| old.line.of != own.line.of);
        self.rows = view::rows_of(&own);
        self.own_table.set_rows(self.rows.iter().map(|row| view::own_row(&own, *row)).collect());
        self.own = Some(own);
        if is_other {
            let first = self.rows.iter().position(|row| matches!(row, Row::Question(..)));
            self.own_table.select(first.unwrap_or(0));
        }
    }

    fn take_comparison(&mut self, compared: Box<AppraisalComparison>) {
        let is_other = self.compared.as_ref().is_none_or(|old| old.line.of != compared.line.of);
        self.compared_table.set_rows(compared.items.iter().map(view::compared_row).collect());
        self.compared = Some(compared);
        if is_other {
            self.compared_table.select(0);
        }
    }

    fn resize(&mut self, area: Rect) {
        self.list.set_height(area.height.saturating_sub(1));
        let height = area.height.saturating_sub(1 + view::ABOUT);
        self.own_table.set_height(height);
        self.compared_table.set_height(height);
    }
}

impl Screen<AppPort> for Appraisal {
    fn name(&self) -> &'static str {
        "appraisal"
    }

    fn title(&self) -> &'static str {
        "Bias"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => return self.act(call),
            ScreenMsg::Loaded(Data::Appraisals(lines)) => return self.take_lines(lines),
            ScreenMsg::Loaded(Data::Appraisal(own)) => self.take_own(own),
            ScreenMsg::Loaded(Data::AppraisalComparison(compared)) => self.take_comparison(compared),
            ScreenMsg::Done(_) => return self.said.take().map(|text| Effect::Notice(Notice::done(text))).into_iter().collect(),
            ScreenMsg::Failed(_) => self.said = None,
            ScreenMsg::Resized => self.resize(cx.body),
            _ => {}
        }
        Vec::new()
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let concerned = [ChangeSet::RECORDS, ChangeSet::GROUPS, ChangeSet::VOTES, ChangeSet::STUDIES, ChangeSet::EXTRACTION];
        let is_concerned = concerned.into_iter().any(|part| change.touches(part));
        if is_concerned { vec![Effect::Load(Query::Appraisals)] } else { Vec::new() }
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if self.is_loaded {
            self.draw(frame, area, cx);
        }
    }

    fn context(&self) -> KeyContext {
        let is_own = self.mode == Mode::Own && self.shown().is_some();
        KeyContext::new()
            .with_if(!self.lines.is_empty(), "list")
            .with_if(self.line().is_some(), "has:study")
            .with_if(self.mode == Mode::List && self.line().is_some(), "has:entry")
            .with_if(is_own, "has:field")
            .with_if(self.mode == Mode::Compared && self.judgement().is_some(), "has:difference")
    }
}
