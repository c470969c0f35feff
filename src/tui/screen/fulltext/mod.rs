//! Full texts: which reports are at hand, and the acting reviewer's judgement on each.

mod act;
mod card;
mod dropped;
mod filter;
mod read;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::parts::{ListAndCard, Moved, state_words, verdict_words};
use super::report_reader::Reader;
use super::{Cx, Screen};
use crate::app::query::{ReportView, UnitView};
use crate::domain::change::ChangeSet;
use crate::domain::decision::Stage;
use crate::domain::ids::RecordId;
use crate::domain::review::ExclusionReason;
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::mouse::Under;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_empty;
use crate::tui::widget::record_card::Highlights;
use crate::tui::widget::table::Column;
use crate::tui::widget::text::{Piece, count, counted};
use filter::Filter;

/// The screen.
#[derive(Debug)]
pub struct FullText {
    reports: Vec<ReportView>,
    is_loaded: bool,
    filter: Filter,
    /// The places in `reports` of those that are listed.
    shown: Vec<usize>,
    view: ListAndCard,
    unit: Option<Box<UnitView>>,
    reasons: Vec<ExclusionReason>,
    highlights: Highlights,
    /// A note for the next vote on this report.
    note: Option<(RecordId, String)>,
    /// What is told once the request under way is done.
    said: Option<String>,
    /// Which report is selected once the list is loaded again.
    wanted: Option<RecordId>,
    /// The text of a PDF that is open over list and card.
    reader: Option<Reader>,
}

impl Default for FullText {
    fn default() -> Self {
        Self::new()
    }
}

impl FullText {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        let columns = vec![
            Column::fixed("You", 3),
            Column::fixed("State", 16),
            Column::fixed("Report", 13),
            Column::number("Year", 4),
            Column::rest("Title"),
        ];
        Self {
            reports: Vec::new(),
            is_loaded: false,
            filter: Filter::default(),
            shown: Vec::new(),
            view: ListAndCard::new(columns),
            unit: None,
            reasons: Vec::new(),
            highlights: Highlights::default(),
            note: None,
            said: None,
            wanted: None,
            reader: None,
        }
    }

    fn selected(&self) -> Option<&ReportView> {
        self.reports.get(*self.shown.get(self.view.table.selected()?)?)
    }

    fn record(&self) -> Option<RecordId> {
        self.selected().map(|report| report.line.record)
    }

    /// Asks for the card of the selected report.
    fn load_card(&self) -> Vec<Effect<AppPort>> {
        self.record().map(|record| Effect::Load(Query::Unit(Stage::FullText, record))).into_iter().collect()
    }

    /// Takes the reports anew. The selection stays on its report, unless a vote or an undo moved it.
    fn take(&mut self, reports: Vec<ReportView>) -> Vec<Effect<AppPort>> {
        let had_voted = |record: RecordId| self.reports.iter().any(|old| old.line.record == record && old.mine.is_some());
        let returned =
            reports.iter().find(|report| report.mine.is_none() && had_voted(report.line.record)).map(|report| report.line.record);
        let wanted = self.wanted.take().or(returned).or_else(|| self.record());
        self.reports = reports;
        self.is_loaded = true;
        self.list(wanted)
    }

    /// Lists what the filter takes and selects the wanted report where it is listed.
    fn list(&mut self, wanted: Option<RecordId>) -> Vec<Effect<AppPort>> {
        self.shown = (0..self.reports.len()).filter(|at| self.filter.takes(&self.reports[*at])).collect();
        self.view.table.set_rows(self.shown.iter().map(|at| row(&self.reports[*at])).collect());
        if let Some(at) = self.shown.iter().position(|at| Some(self.reports[*at].line.record) == wanted) {
            self.view.table.select(at);
        }
        self.close_other_text();
        self.write_card(false);
        self.load_card()
    }

    /// Writes the card; `is_new` begins to read it at its first line.
    fn write_card(&mut self, is_new: bool) {
        let lines = match self.selected() {
            Some(report) => {
                let unit = self.unit.as_deref().filter(|unit| unit.card.record == report.line.record);
                let note = self.note.as_ref().filter(|(of, _)| *of == report.line.record).map(|(_, note)| note.as_str());
                card::card_lines(report, unit, note, &self.reasons, &self.highlights, self.view.room())
            }
            None => Vec::new(),
        };
        if is_new { self.view.set_card(lines) } else { self.view.rewrite_card(lines) }
    }

    /// Shows the report that is selected now.
    fn arrive(&mut self) -> Vec<Effect<AppPort>> {
        self.unit = None;
        self.close_other_text();
        self.write_card(true);
        self.load_card()
    }
}

/// Returns the row of a report.
fn row(report: &ReportView) -> Vec<Piece> {
    let (sign, words, role) = state_words(report.status);
    let mine = report.mine.as_ref().and_then(|vote| vote.verdict).map_or(("·", Role::Muted), |verdict| {
        let (sign, _, role) = verdict_words(verdict);
        (sign, role)
    });
    let year = report.line.year.map(|year| year.to_string()).unwrap_or_default();
    vec![
        (mine.0.to_owned(), mine.1),
        (format!("{sign} {words}"), role),
        (card::retrieval_words(&report.retrieval).to_owned(), Role::Muted),
        (year, Role::Muted),
        (report.line.title.clone(), Role::Text),
    ]
}

impl Screen<AppPort> for FullText {
    fn name(&self) -> &'static str {
        "fulltext"
    }

    fn title(&self) -> &'static str {
        "Full text"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) if self.reads(&call) => self.read(call, cx),
            ScreenMsg::Command(call) => match self.view.command(call.id) {
                Moved::Row => self.arrive(),
                Moved::Card => Vec::new(),
                Moved::No => self.act(call),
            },
            ScreenMsg::Paste(text) => vec![match dropped::dropped_pdf(&text) {
                Some(path) => Effect::Call(Call::new("fulltext.attach").arg(path)),
                None => super::parts::tell("What was pasted is not the path of one PDF; drop one file at a time."),
            }],
            ScreenMsg::Loaded(Data::Reports(reports)) => self.take(reports),
            ScreenMsg::Loaded(Data::Unit(unit)) => {
                let is_new = self.unit.as_ref().is_none_or(|old| old.card.record != unit.card.record);
                if unit.stage == Stage::FullText && Some(unit.card.record) == self.record() {
                    self.unit = Some(unit);
                    self.write_card(is_new);
                }
                Vec::new()
            }
            ScreenMsg::Loaded(Data::Setup(setup)) => {
                self.highlights = Highlights::new(&setup.words);
                self.reasons = setup.reasons;
                self.write_card(false);
                Vec::new()
            }
            ScreenMsg::Loaded(Data::AttachedFile(Some(path))) => vec![Effect::OpenFile(path)],
            ScreenMsg::Loaded(Data::AttachedFile(None)) => vec![super::parts::tell("The attached file is not beside the review.")],
            ScreenMsg::Loaded(Data::ReportText(record, text)) => self.take_text(record, text),
            ScreenMsg::Done(_) => self.said.take().map(|text| Effect::Notice(Notice::done(text))).into_iter().collect(),
            ScreenMsg::Failed(_) => {
                (self.said, self.wanted) = (None, None);
                self.reader = self.reader.take().filter(|reader| !reader.is_waiting());
                Vec::new()
            }
            ScreenMsg::Resized => {
                self.view.resize(cx.body);
                if let Some(reader) = &mut self.reader {
                    reader.resize(cx.body);
                }
                self.write_card(false);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let mut effects = Vec::new();
        if change.touches(ChangeSet::SETTINGS) {
            effects.push(Effect::Load(Query::Setup));
        }
        let concerned = [ChangeSet::RECORDS, ChangeSet::GROUPS, ChangeSet::VOTES, ChangeSet::REPORTS, ChangeSet::STUDIES];
        if concerned.into_iter().any(|part| change.touches(part)) {
            effects.push(Effect::Load(Query::Reports));
            effects.extend(self.ask_text());
        }
        effects
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if !self.is_loaded {
            return;
        }
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        if self.reports.is_empty() {
            let next =
                format!("A report is sought once its record is included at title and abstract. Press {} to screen.", key("go.screening"));
            return draw_empty(frame, area, cx.theme, "No report is sought yet.", &next);
        }
        if self.shown.is_empty() {
            let what = format!("Of {}, none is in the list “{}”.", counted(self.reports.len(), "report"), self.filter.label());
            return draw_empty(frame, area, cx.theme, &what, &format!("Press {} to choose another list.", key("fulltext.filter")));
        }
        if let Some(reader) = &self.reader {
            return reader.view(frame, area, cx, true);
        }
        let open = self.reports.iter().filter(|report| Filter::ToAssess.takes(report)).count();
        let sought = self.reports.iter().filter(|report| Filter::ToRetrieve.takes(report)).count();
        let head = vec![
            (format!("{} of {}", count(self.shown.len()), counted(self.reports.len(), "report")), Role::Heading),
            (format!(" · list: {} ", self.filter.label()), Role::Text),
            (format!("({} changes)", key("fulltext.filter")), Role::Hint),
            (format!(" · {} to retrieve, {} to assess by you", count(sought), count(open)), Role::Muted),
        ];
        self.view.view(frame, area, cx, &head, "Report");
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        if self.reader.is_some() { Under::Text(None) } else { self.view.under(at, cx.body) }
    }

    fn context(&self) -> KeyContext {
        let selected = self.selected();
        let is_reading = self.reader.is_some();
        KeyContext::new()
            .with_if(!self.shown.is_empty(), "list")
            .with_if(!self.shown.is_empty() && !is_reading, "panes")
            .with_if(is_reading, "searchable")
            .with_if(is_reading, "reading")
            .with_if(selected.is_some(), "has:report")
            .with_if(selected.is_some_and(|report| report.file.is_some()), "has:pdf")
    }
}
