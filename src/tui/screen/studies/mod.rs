//! Studies and their reports: included reports that belong to no study yet, and the studies with what belongs to them.

mod act;
mod card;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::parts::{ListAndCard, Moved};
use super::{Cx, Screen};
use crate::app::query::{ListedRecord, StudyHint, StudyLine, StudyReportLine, UnitView};
use crate::domain::change::ChangeSet;
use crate::domain::decision::Stage;
use crate::domain::ids::RecordId;
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::ScreenMsg;
use crate::tui::mouse::Under;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_empty;
use crate::tui::widget::table::Column;
use crate::tui::widget::text::{Piece, count, counted};

/// The screen.
#[derive(Debug)]
pub struct Studies {
    mode: Mode,
    studies: Vec<StudyLine>,
    unlinked: Vec<ListedRecord>,
    /// The cards of the reports without a study, for the labels that are proposed.
    cards: Vec<UnitView>,
    /// Which of them may belong to which study.
    hints: Vec<StudyHint>,
    is_loaded: bool,
    view: ListAndCard,
    unit: Option<Box<UnitView>>,
    said: Option<String>,
}

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Included reports without a study.
    Unlinked,
    /// All studies, each with its reports below it.
    Studies,
}

/// The selected row.
#[derive(Debug, Clone, Copy)]
enum Row<'a> {
    /// A report without a study.
    Unlinked(&'a ListedRecord),
    /// A study.
    Study(&'a StudyLine),
    /// A report of a study.
    Report(&'a StudyLine, &'a StudyReportLine),
}

impl Row<'_> {
    fn record(&self) -> Option<RecordId> {
        match self {
            Self::Unlinked(line) => Some(line.record),
            Self::Report(_, line) => Some(line.record),
            Self::Study(_) => None,
        }
    }

    fn title(&self) -> &str {
        match self {
            Self::Unlinked(line) => &line.title,
            Self::Report(_, line) => &line.title,
            Self::Study(study) => &study.label,
        }
    }
}

impl Default for Studies {
    fn default() -> Self {
        Self::new()
    }
}

impl Studies {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        let columns = vec![Column::fixed("Study", 24), Column::number("Year", 4), Column::rest("Title")];
        Self {
            mode: Mode::Unlinked,
            studies: Vec::new(),
            unlinked: Vec::new(),
            cards: Vec::new(),
            hints: Vec::new(),
            is_loaded: false,
            view: ListAndCard::new(columns),
            unit: None,
            said: None,
        }
    }

    /// Returns every row of the list in order.
    fn rows(&self) -> Vec<Row<'_>> {
        match self.mode {
            Mode::Unlinked => self.unlinked.iter().map(Row::Unlinked).collect(),
            Mode::Studies => {
                let with_reports =
                    |study| std::iter::once(Row::Study(study)).chain(study.reports.iter().map(move |line| Row::Report(study, line)));
                self.studies.iter().flat_map(with_reports).collect()
            }
        }
    }

    fn selected(&self) -> Option<Row<'_>> {
        self.rows().get(self.view.table.selected()?).copied()
    }

    /// Returns the hints for a report, the strongest first.
    fn hints_for(&self, record: RecordId) -> impl Iterator<Item = &StudyHint> {
        self.hints.iter().filter(move |hint| hint.report == record)
    }

    fn card_of(&self, record: RecordId) -> Option<&UnitView> {
        let shown = self.unit.as_deref().into_iter();
        shown.chain(&self.cards).find(|unit| unit.card.record == record)
    }

    /// Lists the rows anew; the selection stays in its place.
    fn list(&mut self) -> Vec<Effect<AppPort>> {
        let rows = self.rows().iter().map(|row| self.cells(row)).collect();
        self.view.table.set_rows(rows);
        self.write_card(false);
        self.load_card()
    }

    fn load_card(&self) -> Vec<Effect<AppPort>> {
        let record = self.selected().and_then(|row| row.record()).filter(|record| self.card_of(*record).is_none());
        record.map(|record| Effect::Load(Query::Unit(Stage::FullText, record))).into_iter().collect()
    }

    fn cells(&self, row: &Row<'_>) -> Vec<Piece> {
        let year = |year: Option<i32>| (year.map(|year| year.to_string()).unwrap_or_default(), Role::Muted);
        match row {
            Row::Unlinked(line) => {
                let proposed = self.proposed(line.record).map_or_else(|| "…".to_owned(), |label| format!("- {label}?"));
                vec![(proposed, Role::Pending), year(line.year), (line.title.clone(), Role::Text)]
            }
            Row::Study(study) => {
                let (words, role) = card::study_words(study);
                vec![(study.label.clone(), Role::Heading), (String::new(), Role::Text), (words, role)]
            }
            Row::Report(_, line) => {
                let standing = if line.is_included { "  + report" } else { "  x not included" };
                vec![(standing.to_owned(), Role::Muted), year(line.year), (line.title.clone(), Role::Text)]
            }
        }
    }

    fn write_card(&mut self, is_new: bool) {
        let room = self.view.room();
        let lines = self.selected().map(|row| card::card_lines(self, &row, room)).unwrap_or_default();
        if is_new { self.view.set_card(lines) } else { self.view.rewrite_card(lines) }
    }

    fn arrive(&mut self) -> Vec<Effect<AppPort>> {
        self.write_card(true);
        self.load_card()
    }
}

impl Screen<AppPort> for Studies {
    fn name(&self) -> &'static str {
        "studies"
    }

    fn title(&self) -> &'static str {
        "Studies"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => match self.view.command(call.id) {
                Moved::Row => self.arrive(),
                Moved::Card => Vec::new(),
                Moved::No => self.act(call),
            },
            ScreenMsg::Loaded(Data::Studies(studies, unlinked)) => {
                let is_first = !std::mem::replace(&mut self.is_loaded, true);
                (self.studies, self.unlinked, self.unit) = (studies, unlinked, None);
                if is_first && self.unlinked.is_empty() {
                    self.mode = Mode::Studies;
                }
                let records = self.unlinked.iter().map(|line| line.record).collect();
                let mut effects = vec![Effect::Load(Query::Units(Stage::FullText, records)), Effect::Load(Query::StudyHints)];
                effects.extend(self.list());
                effects
            }
            ScreenMsg::Loaded(Data::Units(Stage::FullText, cards)) => {
                self.cards = cards;
                self.list()
            }
            ScreenMsg::Loaded(Data::StudyHints(hints)) => {
                self.hints = hints;
                self.list()
            }
            ScreenMsg::Loaded(Data::Unit(unit)) => {
                self.unit = Some(unit);
                self.write_card(false);
                Vec::new()
            }
            ScreenMsg::Done(_) => self.said.take().map(|text| Effect::Notice(Notice::done(text))).into_iter().collect(),
            ScreenMsg::Failed(_) => {
                self.said = None;
                Vec::new()
            }
            ScreenMsg::Resized => {
                self.view.resize(cx.body);
                self.write_card(false);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let concerned = [ChangeSet::RECORDS, ChangeSet::GROUPS, ChangeSet::VOTES, ChangeSet::STUDIES, ChangeSet::EXTRACTION];
        if concerned.into_iter().any(|part| change.touches(part)) { vec![Effect::Load(Query::Studies)] } else { Vec::new() }
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if !self.is_loaded {
            return;
        }
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        if self.view.table.total() == 0 {
            let (what, next) = match (self.mode, self.studies.len(), self.unlinked.len()) {
                (Mode::Unlinked, 0, _) => (
                    "No report is included yet.".to_owned(),
                    format!("Reports are tied to studies once they are included at full text: press {}.", key("go.fulltext")),
                ),
                (Mode::Unlinked, studies, _) => (
                    format!("Every included report belongs to a study; {} in all.", counted(studies, "study")),
                    format!("Press {} to see the studies, {} to extract them.", key("study.list"), key("go.extraction")),
                ),
                (Mode::Studies, _, 0) => (
                    "No study yet, and no included report to make one from.".to_owned(),
                    format!("Press {} to assess full texts.", key("go.fulltext")),
                ),
                (Mode::Studies, _, unlinked) => (
                    "No study yet.".to_owned(),
                    format!("Press {} to see the {} included reports without one.", key("study.list"), count(unlinked)),
                ),
            };
            return draw_empty(frame, area, cx.theme, &what, &next);
        }
        let (here, there) = match self.mode {
            Mode::Unlinked => {
                (format!("{} included without a study", counted(self.unlinked.len(), "report")), counted(self.studies.len(), "study"))
            }
            Mode::Studies => (counted(self.studies.len(), "study"), format!("{} without one", counted(self.unlinked.len(), "report"))),
        };
        let head =
            vec![(here, Role::Heading), (format!(" · {there} "), Role::Text), (format!("({} changes)", key("study.list")), Role::Hint)];
        let title = if self.selected().is_some_and(|row| row.record().is_none()) { "Study" } else { "Report" };
        self.view.view(frame, area, cx, &head, title);
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        self.view.under(at, cx.body)
    }

    fn context(&self) -> KeyContext {
        let selected = self.selected();
        KeyContext::new()
            .with_if(selected.is_some(), "list")
            .with_if(selected.is_some(), "panes")
            .with_if(selected.is_some_and(|row| row.record().is_some()), "has:report")
            .with_if(selected.and_then(|row| row.record()).is_some_and(|record| self.hints_for(record).next().is_some()), "has:hint")
            .with_if(matches!(selected, Some(Row::Study(_) | Row::Report(..))), "has:study")
    }
}
