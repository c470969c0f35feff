//! The screening of titles and abstracts: one record at a time, a key for each verdict, and on to the next.
//!
//! `desk` knows which record comes next and which came before, `act` turns commands into requests, `marks` those about notes, tags
//! and stars, `words` those about highlighted words, `reading` opens links and copies; `view` draws.

mod act;
mod desk;
mod filter;
pub(super) mod marks;
mod pages;
mod reading;
mod view;
mod words;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use self::desk::Desk;
use self::filter::Typing;
use super::{Cx, Screen};
use crate::app::query::{DeskView, PersonProgress, Queue, UnitView};
use crate::domain::change::ChangeSet;
use crate::domain::decision::Stage;
use crate::tui::app_port::{AppPort, Data, Filter, Query, Setup};
use crate::tui::effect::Effect;
use crate::tui::keymap::KeyContext;
use crate::tui::message::ScreenMsg;
use crate::tui::mouse::Under;
use crate::tui::widget::record_card::Highlights;
use crate::tui::widget::scroll::Scroll;
use crate::tui::widget::table::{Column, Table};

/// The stage of this screen.
const STAGE: Stage = Stage::TitleAbstract;

/// The screening screen.
#[derive(Debug)]
pub struct Screening {
    desk: Desk,
    unit: Option<Box<UnitView>>,
    card: Scroll,
    setup: Option<Box<Setup>>,
    highlights: Highlights,
    is_highlighted: bool,
    progress: Vec<PersonProgress>,
    desk_view: Option<DeskView>,
    typing: Option<Box<Typing>>,
    is_list: bool,
    table: Table,
    page: Vec<UnitView>,
    page_first: usize,
}

impl Default for Screening {
    fn default() -> Self {
        let columns = vec![Column::number("No.", 6), Column::fixed("You", 3), Column::number("Year", 4), Column::rest("Title")];
        Self {
            desk: Desk::default(),
            unit: None,
            card: Scroll::default(),
            setup: None,
            highlights: Highlights::default(),
            is_highlighted: true,
            progress: Vec::new(),
            desk_view: None,
            typing: None,
            is_list: false,
            table: Table::new(columns),
            page: Vec::new(),
            page_first: 0,
        }
    }
}

impl Screening {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for the shown record, and in the list for the rows that are not there yet.
    fn load_shown(&mut self) -> Vec<Effect<AppPort>> {
        let mut effects = Vec::new();
        match self.desk.current() {
            Some(record) => effects.push(Effect::Load(Query::Unit(STAGE, record))),
            None => self.unit = None,
        }
        self.table.select(self.desk.at());
        effects.extend(self.load_page());
        effects
    }

    fn load_page(&self) -> Option<Effect<AppPort>> {
        let rows = self.table.missing().filter(|rows| !rows.is_empty())?;
        let records = self.desk.records().get(rows)?.to_vec();
        Some(Effect::Load(Query::Units(STAGE, records)))
    }

    fn load_queue(&self) -> Effect<AppPort> {
        match self.desk.words() {
            Some(words) => {
                let filter = Filter { stage: STAGE, queue: self.desk.queue(), text: words.to_owned(), is_typing: false };
                Effect::Load(Query::Filter(filter))
            }
            None => Effect::Load(Query::Queue(STAGE, self.desk.queue())),
        }
    }

    fn set_queue(&mut self, records: Vec<crate::domain::ids::RecordId>) -> Vec<Effect<AppPort>> {
        self.table.set_total(records.len());
        self.page.clear();
        self.desk.set_records(records);
        self.load_shown()
    }

    /// Takes in order, batch and pace; a batch that is begun or still open is what lies on the desk.
    fn take_desk(&mut self, view: DeskView) -> Vec<Effect<AppPort>> {
        let size = |view: &Option<DeskView>| {
            view.as_ref().and_then(|view| view.batch).filter(|batch| batch.done < batch.size).map(|batch| batch.size)
        };
        let before = self.desk_view.replace(view);
        let (is_open, was_open) = (size(&self.desk_view).is_some(), size(&before).is_some());
        let has_batch = self.desk_view.as_ref().is_some_and(|view| view.batch.is_some());
        match self.desk.queue() {
            Queue::Undecided if is_open && !was_open && self.desk.words().is_none() => self.choose(Queue::Batch, None),
            Queue::Batch if !has_batch => self.choose(Queue::Undecided, None),
            _ => Vec::new(),
        }
    }

    fn set_setup(&mut self, setup: Box<Setup>) {
        self.highlights = Highlights::new(&setup.words);
        self.setup = Some(setup);
    }

    fn loaded(&mut self, data: Data, cx: &Cx) -> Vec<Effect<AppPort>> {
        match data {
            Data::Queue(STAGE, queue, records) if queue == self.desk.queue() && self.desk.words().is_none() => {
                return self.set_queue(records);
            }
            Data::Filtered(filter, found) if filter.stage == STAGE => return self.filtered(&filter, found, cx),
            Data::Unit(unit) if unit.stage == STAGE => {
                let is_same = self.unit.as_ref().is_some_and(|shown| shown.card.record == unit.card.record);
                self.unit = Some(unit);
                self.set_card(cx.body, is_same);
            }
            Data::Units(STAGE, units) => {
                let first = units.first().and_then(|unit| self.desk.records().iter().position(|record| *record == unit.card.record));
                self.page_first = first.unwrap_or(0);
                self.page = units;
                self.set_rows();
            }
            Data::Setup(setup) => {
                self.set_setup(setup);
                self.set_card(cx.body, true);
            }
            Data::Progress(progress) => self.progress = progress,
            Data::Desk(view) => return self.take_desk(view),
            Data::Record(_, record) => {
                self.is_list = false;
                self.desk.show(record);
                return self.load_shown();
            }
            Data::Tags(tags) => return self.pick_tag(&tags),
            Data::Raw(_, text) => return vec![pages::raw(&text)],
            Data::Agreement(report) if report.stage == STAGE => return vec![pages::agreement(&report.pairs)],
            _ => {}
        }
        Vec::new()
    }
}

impl Screen<AppPort> for Screening {
    fn name(&self) -> &'static str {
        "screening"
    }

    fn title(&self) -> &'static str {
        "Screening"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => self.command(&call, cx),
            ScreenMsg::Loaded(data) => self.loaded(data, cx),
            ScreenMsg::Done(_) => self.desk.told().into_iter().map(Effect::Notice).collect(),
            ScreenMsg::Failed(_) => {
                if self.desk.vote_failed() {
                    return self.load_shown();
                }
                Vec::new()
            }
            ScreenMsg::Resized => {
                self.set_sizes(cx.body);
                self.load_page().into_iter().collect()
            }
            ScreenMsg::Key(key) => self.filter_key(key, cx),
            ScreenMsg::Paste(text) => self.filter_paste(&text),
        }
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let mut effects = Vec::new();
        if self.setup.is_none() || change.touches(ChangeSet::SETTINGS) {
            effects.push(Effect::Load(Query::Setup));
        }
        if change.touches(ChangeSet::MARKS) {
            effects.extend(self.load_shown());
            // a filter may ask for tags or notes
            if self.desk.words().is_some() && self.typing.is_none() {
                effects.push(self.load_queue());
            }
        }
        if change.touches(ChangeSet::VOTES.with(ChangeSet::GROUPS).with(ChangeSet::RECORDS).with(ChangeSet::SETTINGS)) {
            match self.ask_again() {
                Some(again) => effects.extend(again),
                None => effects.push(self.load_queue()),
            }
            effects.extend([Effect::Load(Query::Progress), Effect::Load(Query::Desk)]);
        }
        effects
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        self.draw(frame, area, cx);
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        self.under_place(at, cx.body)
    }

    fn context(&self) -> KeyContext {
        KeyContext::new()
            .with("list")
            .with("searchable")
            .with_if(self.typing.is_some(), "typing")
            .with_if(self.unit.is_some() && self.desk.current().is_some(), "has:record")
    }
}

/// Returns the words for a queue.
fn queue_label(queue: Queue) -> &'static str {
    match queue {
        Queue::Undecided => "waiting for your vote",
        Queue::Batch => "in this batch",
        Queue::Mine => "you voted",
        Queue::MyInclude => "your includes",
        Queue::Maybe => "your maybes",
        Queue::Conflict => "in conflict",
        Queue::Included => "included",
        Queue::Excluded => "excluded",
        Queue::All => "all records",
    }
}
