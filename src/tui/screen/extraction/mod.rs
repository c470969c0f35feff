//! The acting reviewer's extraction: the studies with the state of each draft, and the form of one study.
//!
//! Nothing of another extractor's draft is ever loaded here; the comparison of two drafts has a screen of its own.

mod act;
mod designer;
mod draft;
mod grid;
mod moving;
mod pasting;
mod reading;
mod tabling;
mod typing;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

use designer::Designer;
use grid::Grid;
use pasting::Pasting;
use reading::Reading;

use super::{Cx, Screen};
use crate::app::migrate::FormMove;
use crate::app::query::{CellView, DraftView, StudyLine};
use crate::domain::change::ChangeSet;
use crate::domain::form::Form;
use crate::domain::ids::StudyId;
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::ScreenMsg;
use crate::tui::widget::form;
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::StyledLine;

/// The screen.
#[derive(Debug)]
pub struct Extraction {
    mode: Mode,
    studies: Vec<StudyLine>,
    /// How many studies have no included report and so cannot be extracted.
    blocked: usize,
    is_loaded: bool,
    form: Option<Box<Form>>,
    draft: Option<Box<DraftView>>,
    table: Table,
    fields: form::Form,
    /// The draft as tables; the list knows which cell is selected there.
    grid: Grid,
    /// What is to be known about the selected cell, prepared for the width of its box.
    about: Vec<StyledLine>,
    room: usize,
    last_source: Option<Source>,
    /// Whether values that are typed get the source noted last.
    keeps_source: bool,
    /// What moving to the version of the form in use means, once it was asked for.
    moving: Option<Box<FormMove>>,
    /// A table that was pasted and has not been taken yet.
    pasting: Option<Pasting>,
    /// The text of a report, where one is open.
    reading: Option<Reading>,
    /// The place of the screen.
    area: Rect,
    designer: Designer,
    said: Option<String>,
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The studies.
    List,
    /// The form of the selected study.
    Form,
    /// The form itself, to be changed.
    Design,
}

/// Where a value was found last, for the next one from the same place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    study: StudyId,
    report: Option<String>,
    page: Option<String>,
}

impl Default for Extraction {
    fn default() -> Self {
        Self::new()
    }
}

impl Extraction {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        let columns =
            vec![Column::rest("Study"), Column::fixed("Your draft", 24), Column::fixed("Drafts in", 10), Column::number("Reports", 7)];
        Self {
            mode: Mode::List,
            studies: Vec::new(),
            blocked: 0,
            is_loaded: false,
            form: None,
            draft: None,
            table: Table::new(columns),
            fields: form::Form::default(),
            grid: Grid::default(),
            about: Vec::new(),
            room: 76,
            last_source: None,
            keeps_source: false,
            moving: None,
            pasting: None,
            reading: None,
            area: Rect::default(),
            designer: Designer::new(),
            said: None,
        }
    }

    fn study(&self) -> Option<&StudyLine> {
        self.studies.get(self.table.selected()?)
    }

    /// Returns the draft of the selected study, once it is loaded.
    fn shown_draft(&self) -> Option<&DraftView> {
        let study = self.study()?;
        self.draft.as_deref().filter(|draft| draft.study == study.study)
    }

    fn cell(&self) -> Option<&CellView> {
        let path = &self.fields.selected_field()?.path;
        self.shown_draft()?.cells.iter().find(|cell| cell.path == *path)
    }

    fn load_draft(&self) -> Vec<Effect<AppPort>> {
        let study = self.study().filter(|_| self.form.is_some());
        study.map(|study| Effect::Load(Query::Draft(study.study.clone()))).into_iter().collect()
    }

    fn take_studies(&mut self, studies: Vec<StudyLine>) -> Vec<Effect<AppPort>> {
        let wanted = self.study().map(|study| study.study.clone());
        let all = studies.len();
        self.studies = studies.into_iter().filter(|study| study.status != "blocked").collect();
        self.blocked = all - self.studies.len();
        self.is_loaded = true;
        self.table.set_rows(self.studies.iter().map(draft::study_row).collect());
        if let Some(at) = self.studies.iter().position(|study| Some(&study.study) == wanted.as_ref()) {
            self.table.select(at);
        }
        if self.studies.is_empty() && self.mode == Mode::Form {
            self.mode = Mode::List;
        }
        self.load_draft()
    }

    fn take_form(&mut self, form: Option<Box<(Form, String)>>) -> Vec<Effect<AppPort>> {
        self.designer.take_form(form.as_deref());
        self.form = form.map(|form| Box::new(form.0));
        if self.form.is_none() {
            (self.draft, self.mode) = (None, Mode::List);
        }
        self.load_draft()
    }

    fn take_draft(&mut self, draft: Box<DraftView>) {
        let is_other = self.draft.as_ref().is_none_or(|old| old.study != draft.study);
        if is_other {
            self.fields = form::Form::default();
            self.close_text(false);
            self.last_source = self.last_source.take().filter(|source| source.study == draft.study);
            self.keeps_source = false;
        }
        self.fields.set_rows(draft::form_rows(&draft));
        self.grid.set(&draft, self.fields.selected_field().map(|field| field.path.as_str()));
        self.draft = Some(draft);
        self.write_about();
    }

    /// Writes anew what is to be known about the selected cell, and what the text being typed would mean.
    fn write_about(&mut self) {
        let about = match (self.cell(), self.study()) {
            (Some(cell), Some(study)) => {
                // A table has no room beside the cell for what a typed text means.
                let stands = cell.raw.as_deref().filter(|_| self.shows_tables());
                let typed = self.typed().or(stands).map(|text| (text, &cell.spec));
                draft::about_lines(cell, study, typed, self.room)
            }
            _ => Vec::new(),
        };
        self.about = about;
    }

    fn resize(&mut self, area: Rect) {
        self.resize_text(area);
        let places = view::Places::of(area, self.shown_text(area).is_some());
        self.table.set_height(area.height.saturating_sub(1));
        self.fields.set_height(places.form.height);
        self.grid.resize(places.form.width, places.form.height);
        self.designer.resize(area);
        self.room = usize::from(places.about.width.saturating_sub(4));
        self.write_about();
    }
}

impl Screen<AppPort> for Extraction {
    fn name(&self) -> &'static str {
        "extraction"
    }

    fn title(&self) -> &'static str {
        "Extraction"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        let effects = match msg {
            ScreenMsg::Command(call) if self.reads(&call) => {
                let effects = self.read(call);
                self.resize(cx.body);
                effects
            }
            ScreenMsg::Command(call) => self.act(call),
            ScreenMsg::Key(key) => self.key(key, cx.header.words.has("read_only")),
            ScreenMsg::Paste(text) => self.paste(&text),
            ScreenMsg::Loaded(Data::Form(form)) => self.take_form(form),
            ScreenMsg::Loaded(Data::Studies(studies, _)) => self.take_studies(studies),
            ScreenMsg::Loaded(Data::Draft(draft)) => {
                self.take_draft(draft);
                self.resize(cx.body);
                Vec::new()
            }
            ScreenMsg::Loaded(Data::ReportText(record, text)) => self.take_text(record, text),
            ScreenMsg::Loaded(Data::Paste(plan)) => self.offer_paste(plan),
            ScreenMsg::Loaded(Data::FormMove(found)) => self.offer_move(found),
            ScreenMsg::Loaded(Data::Mend(request)) => vec![Effect::Run(*request)],
            ScreenMsg::Loaded(Data::FormFile(file_name, text)) => {
                vec![Effect::Run(crate::app::Request::UseForm { file_name, text })]
            }
            ScreenMsg::Loaded(Data::FormChanges(said)) => self.designer.take_changes(&said),
            ScreenMsg::Loaded(Data::SavedForm(path, text)) => self.designer.take_saved(&path, text),
            ScreenMsg::Done(_) => {
                self.designer.take_said().or(self.said.take()).map(|text| Effect::Notice(Notice::done(text))).into_iter().collect()
            }
            ScreenMsg::Failed(_) => {
                (self.said, _) = (None, self.designer.take_said());
                self.close_text(true);
                self.resize(cx.body);
                Vec::new()
            }
            ScreenMsg::Resized => {
                self.resize(cx.body);
                Vec::new()
            }
            ScreenMsg::Loaded(_) => Vec::new(),
        };
        self.follow_selection();
        self.write_about();
        effects
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let concerned = [ChangeSet::RECORDS, ChangeSet::GROUPS, ChangeSet::VOTES, ChangeSet::STUDIES, ChangeSet::EXTRACTION];
        let mut effects = if change.touches(ChangeSet::REPORTS) { self.ask_text() } else { Vec::new() };
        if concerned.into_iter().any(|part| change.touches(part)) {
            effects.extend([Effect::Load(Query::Form), Effect::Load(Query::Studies)]);
        }
        effects
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if self.is_loaded {
            self.draw(frame, area, cx);
        }
    }

    fn context(&self) -> KeyContext {
        if self.mode == Mode::Design {
            return self.designer.context(KeyContext::new());
        }
        let is_reading = self.is_reading();
        let is_form = self.mode == Mode::Form && !is_reading;
        KeyContext::new()
            .with_if(!self.studies.is_empty(), "list")
            .with_if(self.study().is_some(), "has:study")
            .with_if(is_form && self.cell().is_some(), "has:field")
            .with_if(is_form && self.cell().is_some_and(|cell| !cell.mends.is_empty()), "has:mend")
            .with_if(is_form && self.cell().is_some_and(|cell| cell.is_stale), "has:stale")
            .with_if(self.studies.iter().any(|study| study.is_behind), "has:behind")
            .with_if(is_form && self.typed().is_some(), "typing")
            .with_if(is_form && self.cell().is_some() && self.shows_tables(), "grid")
            .with_if(is_reading, "searchable")
            .with_if(is_reading, "reading")
    }
}
