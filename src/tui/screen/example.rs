//! Two small screens over made-up records, to try the framework end to end.

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Cx, Screen};
use crate::domain::author::Author;
use crate::domain::record::Citation;
use crate::domain::review::{HighlightWord, WordList};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::overlay::{Ask, Choice, Overlay, Picker, Question};
use crate::tui::port::{Finished, Header, JobId, Port, Problem, Progress, Reporter, Service};
use crate::tui::theme::{Mark, Role};
use crate::tui::widget::panel::{draw_box, draw_empty, panes};
use crate::tui::widget::record_card::{Highlights, record_lines};
use crate::tui::widget::scroll::Scroll;
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::{Piece, paint};
use crate::tui::widget::vote_bar::{Shown, Voter, vote_line};

/// The words that the example highlights.
fn example_words() -> [HighlightWord; 2] {
    let word = |list, text: &str| HighlightWord { list, text: text.to_owned() };
    [word(WordList::Include, "random*"), word(WordList::Exclude, "rats")]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Example;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Request {
    Vote(usize, Mark, Option<String>),
    Undo,
    Redo,
    Find,
    Break,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change(u8);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Query {
    Rows(Range<usize>),
    Record(usize),
}

#[derive(Debug)]
pub(crate) enum Data {
    Rows { first: usize, total: usize, rows: Vec<Vec<Piece>> },
    Record(Box<Citation>, Option<Mark>, Option<String>),
}

impl Port for Example {
    type Request = Request;
    type Reply = String;
    type Query = Query;
    type Data = Data;
    type Change = Change;

    const EVERYTHING: Change = Change(u8::MAX);

    fn join(one: Change, other: Change) -> Change {
        Change(one.0 | other.0)
    }

    fn request_of(call: &Call) -> Option<Request> {
        match call.id {
            "undo" => Some(Request::Undo),
            "redo" => Some(Request::Redo),
            "review.check" => Some(Request::Break),
            _ => None,
        }
    }

    fn notice_of(reply: &String) -> Option<Notice> {
        Some(Notice::done(reply.clone()))
    }
}

/// A review of made-up records in memory.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) total: usize,
    pub(crate) votes: BTreeMap<usize, (Mark, Option<String>)>,
    pub(crate) cast: Vec<(usize, Mark, Option<String>)>,
    pub(crate) taken_back: Vec<(usize, Mark, Option<String>)>,
    pub(crate) loaded: Vec<Query>,
    pub(crate) cancelled: Vec<JobId>,
    pub(crate) held: Option<Reporter<Example>>,
}

impl Memory {
    pub(crate) fn of(total: usize) -> Self {
        Self { total, ..Self::default() }
    }

    fn fold(&mut self) {
        self.votes = self.cast.iter().map(|(record, mark, reason)| (*record, (*mark, reason.clone()))).collect();
    }
}

pub(crate) fn citation(number: usize) -> Citation {
    Citation {
        title: format!("Ketamine for chronic pain: a randomised trial, report {number}"),
        authors: vec![Author::new("Sigtermans", Some("Marnix J")), Author::new("van Hilten", Some("Jacobus J"))],
        journal: Some("Pain".to_owned()),
        year: Some(1990 + i32::try_from(number % 30).unwrap_or(0)),
        abstract_text: Some(
            "BACKGROUND: Complex regional pain syndrome is hard to treat.\n\
             METHODS: Sixty patients were randomised to placebo or S(+)-ketamine, titrated over four days. Rats were not used. \
             慢性疼痛患者的随机对照试验。 כאב כרוני \u{1b}[31mnot red\u{202e} at all."
                .to_owned(),
        ),
        ..Citation::default()
    }
}

impl Service<Example> for Memory {
    fn header(&mut self) -> Header {
        Header {
            review: "Ketamine for chronic pain".to_owned(),
            reviewer: "Ada Bell".to_owned(),
            words: KeyContext::new().with_if(!self.cast.is_empty(), "has:undo").with_if(!self.taken_back.is_empty(), "has:redo"),
            waiting: vec![("screening", self.total - self.votes.len())],
        }
    }

    fn load(&mut self, query: Query) -> Result<Data, Problem> {
        self.loaded.push(query.clone());
        match query {
            Query::Rows(range) => {
                let row = |at: usize| {
                    let mark = self.votes.get(&at).map_or(Mark::Pending, |(mark, _)| *mark);
                    vec![((at + 1).to_string(), Role::Muted), (mark.sign().to_owned(), mark.role()), (citation(at).title, Role::Text)]
                };
                let range = range.start..range.end.min(self.total);
                Ok(Data::Rows { first: range.start, total: self.total, rows: range.map(row).collect() })
            }
            Query::Record(at) => {
                let (mark, reason) = self.votes.get(&at).cloned().map_or((None, None), |(mark, reason)| (Some(mark), reason));
                Ok(Data::Record(Box::new(citation(at)), mark, reason))
            }
        }
    }

    fn run(&mut self, request: Request) -> Result<Finished<Example>, Problem> {
        let reply = match request {
            Request::Vote(record, mark, reason) => {
                self.cast.push((record, mark, reason));
                self.taken_back.clear();
                format!("Vote {} on record {}.", mark.word(), record + 1)
            }
            Request::Undo => {
                let vote = self.cast.pop().ok_or_else(|| Problem::notice("Nothing to take back."))?;
                self.taken_back.push(vote);
                "Vote taken back.".to_owned()
            }
            Request::Redo => {
                let vote = self.taken_back.pop().ok_or_else(|| Problem::notice("Nothing to put back."))?;
                self.cast.push(vote);
                "Vote put back.".to_owned()
            }
            Request::Find | Request::Break => {
                return Err(Problem {
                    hint: Some("Restore the file from a backup.".to_owned()),
                    causes: vec!["the file was replaced".to_owned()],
                    ..Problem::dialog("The review could not be written.")
                });
            }
        };
        self.fold();
        Ok(Finished { reply, change: Change(1) })
    }

    fn spawn(&mut self, _request: Request, reporter: Reporter<Example>) {
        reporter.progress(Progress { phase: "comparing records".to_owned(), done: 5_000, total: 10_000 });
        self.held = Some(reporter);
    }

    fn cancel(&mut self, job: JobId) {
        self.cancelled.push(job);
    }

    fn poll(&mut self) -> Option<Change> {
        None
    }
}

/// A screen with next to nothing on it.
pub(crate) struct Home;

impl Screen<Example> for Home {
    fn name(&self) -> &'static str {
        "home"
    }

    fn title(&self) -> &'static str {
        "Home"
    }

    fn update(&mut self, msg: ScreenMsg<Example>, _cx: &Cx) -> Vec<Effect<Example>> {
        match msg {
            ScreenMsg::Command(call) if call.id == "home.next" => vec![Effect::Call(Call::new("go.screening"))],
            ScreenMsg::Key(key) if key.typed() == Some('X') => vec![Effect::Spawn("Finding duplicates".to_owned(), Request::Find)],
            ScreenMsg::Key(key) if key.typed() == Some('P') => panic!("a panic that the test asked for"),
            _ => Vec::new(),
        }
    }

    fn reload(&mut self, _change: Change, _cx: &Cx) -> Vec<Effect<Example>> {
        Vec::new()
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        draw_empty(frame, area, cx.theme, "Nothing is imported yet.", "Press g o to go to the sources and import a search.");
    }

    fn context(&self) -> KeyContext {
        KeyContext::new()
    }
}

/// A list of records and the card of the selected one.
pub(crate) struct Screening {
    table: Table,
    card: Scroll,
    record: Option<(Box<Citation>, Option<Mark>, Option<String>)>,
}

impl Screening {
    pub(crate) fn new() -> Self {
        let columns = vec![Column::number("No.", 6), Column::fixed("V", 1), Column::rest("Title")];
        Self { table: Table::new(columns), card: Scroll::default(), record: None }
    }

    fn places(area: Rect) -> (Rect, Rect) {
        match panes(area).as_slice() {
            [list, .., card] => (*list, *card),
            _ => {
                let half = area.height / 2;
                (Rect { height: half, ..area }, Rect { y: area.y + half, height: area.height - half, ..area })
            }
        }
    }

    fn load(&self) -> Vec<Effect<Example>> {
        let rows = self.table.missing().map(|rows| Effect::Load(Query::Rows(rows)));
        rows.into_iter().chain(self.table.selected().map(|at| Effect::Load(Query::Record(at)))).collect()
    }

    fn set_card(&mut self, area: Rect) {
        let (_, card) = Self::places(area);
        if let Some((citation, ..)) = &self.record {
            let highlights = Highlights::new(&example_words());
            self.card.rewrap(record_lines(citation, &highlights, usize::from(card.width.saturating_sub(3))));
        }
        self.card.set_height(card.height.saturating_sub(3));
    }

    fn vote(&mut self, mark: Mark, reason: Option<String>) -> Vec<Effect<Example>> {
        let Some(at) = self.table.selected() else { return Vec::new() };
        self.table.command("move.down");
        vec![Effect::Run(Request::Vote(at, mark, reason))]
    }
}

impl Screen<Example> for Screening {
    fn name(&self) -> &'static str {
        "screening"
    }

    fn title(&self) -> &'static str {
        "Screening"
    }

    fn update(&mut self, msg: ScreenMsg<Example>, cx: &Cx) -> Vec<Effect<Example>> {
        match msg {
            ScreenMsg::Command(call) => match call.id {
                "screen.include" => self.vote(Mark::Include, None),
                "screen.maybe" => self.vote(Mark::Maybe, None),
                "screen.exclude" => self.vote(Mark::Exclude, None),
                "screen.exclude_because" => match call.args.first() {
                    Some(reason) => self.vote(Mark::Exclude, Some(reason.clone())),
                    None => {
                        let choice =
                            |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned(), detail: String::new() };
                        let choices = vec![choice("population", "Wrong population"), choice("design", "Not randomised")];
                        vec![Effect::Open(Box::new(Overlay::Picker(Picker::new("Why exclude?", choices, call))))]
                    }
                },
                "screen.note" if call.args.is_empty() => {
                    vec![Effect::Open(Box::new(Overlay::Ask(Ask::new("Note", vec![Question::area("Note", "").required()], call))))]
                }
                "screen.note" => vec![Effect::Notice(Notice::info(format!("Noted: {}.", call.args.join(" "))))],
                id if self.table.command(id) => self.load(),
                _ => Vec::new(),
            },
            ScreenMsg::Loaded(Data::Rows { first, total, rows }) => {
                let was_empty = self.table.total() == 0;
                if total != self.table.total() {
                    self.table.set_total(total);
                }
                self.table.set_page(first, rows);
                if was_empty { self.load() } else { Vec::new() }
            }
            ScreenMsg::Loaded(Data::Record(citation, mark, reason)) => {
                self.record = Some((citation, mark, reason));
                self.set_card(cx.body);
                Vec::new()
            }
            ScreenMsg::Resized => {
                let (list, _) = Self::places(cx.body);
                self.table.set_height(list.height);
                self.set_card(cx.body);
                self.load()
            }
            _ => Vec::new(),
        }
    }

    fn reload(&mut self, _change: Change, _cx: &Cx) -> Vec<Effect<Example>> {
        self.table.set_page(0, Vec::new());
        vec![Effect::Load(Query::Rows(self.table.missing().unwrap_or(0..20)))].into_iter().chain(self.load().into_iter().skip(1)).collect()
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let (list, card) = Self::places(area);
        self.table.view(frame, list, cx.theme, true);
        let inner = draw_box(frame, card, cx.theme, "Record", false);
        let Some((_, mark, reason)) = &self.record else { return };
        let voters = [
            Voter { name: "You".to_owned(), vote: mark.map_or(Shown::None, Shown::Vote) },
            Voter { name: "CD".to_owned(), vote: Shown::Hidden },
        ];
        let line = vote_line(&voters, mark.map_or(Mark::Pending, |_| Mark::Partial), reason.as_deref());
        frame.render_widget(paint(&line, cx.theme), Rect { height: 1, ..inner });
        self.card.view(frame, Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner }, cx.theme);
    }

    fn context(&self) -> KeyContext {
        KeyContext::new().with("list").with_if(self.table.selected().is_some(), "has:record")
    }
}
