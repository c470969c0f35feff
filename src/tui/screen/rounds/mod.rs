//! Calibration rounds and agreement: who has come how far, how far people agree, and each record with all votes side by side.

mod card;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::parts::{ListAndCard, Moved, ask, tell};
use super::record_list::{RecordList, open_record};
use super::{Cx, Screen};
use crate::app::Request;
use crate::app::query::{AgreementCell, AgreementOrder, AgreementVotes, RoundRecord};
use crate::domain::change::ChangeSet;
use crate::domain::decision::Stage;
use crate::domain::review::ExclusionReason;
use crate::domain::round::RoundVotes;
use crate::domain::text::counted;
use crate::tui::app_port::{AppPort, Data, Query, RoundLine};
use crate::tui::effect::Effect;
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::mouse::Under;
use crate::tui::overlay::{Choice, Confirm, Overlay, Picker, Question};
use crate::tui::theme::Role;
use crate::tui::widget::table::Column;
use crate::tui::widget::text::{Piece, count};

/// The records of one round.
#[derive(Debug)]
struct Sample {
    stage: Stage,
    number: usize,
    all: Vec<RoundRecord>,
    only_differing: bool,
    view: ListAndCard,
}

/// The screen.
#[derive(Debug)]
pub struct Rounds {
    lines: Vec<RoundLine>,
    reasons: Vec<ExclusionReason>,
    me: Option<String>,
    view: ListAndCard,
    sample: Option<Sample>,
    list: Option<RecordList>,
}

impl Default for Rounds {
    fn default() -> Self {
        Self::new()
    }
}

impl Rounds {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        let columns = vec![
            Column::rest("Round"),
            Column::fixed("State", 6),
            Column::fixed("Votes", 8),
            Column::number("All voted", 9),
            Column::number("Differ", 6),
        ];
        Self { lines: Vec::new(), reasons: Vec::new(), me: None, view: ListAndCard::new(columns), sample: None, list: None }
    }

    fn selected(&self) -> Option<&RoundLine> {
        self.lines.get(self.view.table.selected()?)
    }

    /// Returns what agreement of the selected line is asked about.
    fn order(&self) -> Option<AgreementOrder> {
        let line = self.selected()?;
        let votes = line.round.as_ref().map_or(AgreementVotes::Outside, |round| AgreementVotes::InRound(round.number));
        Some(AgreementOrder { votes, ..AgreementOrder::of(line.stage) })
    }

    fn write_card(&mut self, is_new: bool) {
        let room = self.view.room();
        let lines = self.selected().map(|line| card::round_lines(line, self.me.as_deref(), room)).unwrap_or_default();
        if is_new {
            self.view.set_card(lines);
        } else {
            self.view.rewrite_card(lines);
        }
    }

    fn show(&mut self, lines: Vec<RoundLine>) {
        let at = self.view.table.selected();
        self.lines = lines;
        self.view.table.set_rows(self.lines.iter().map(row).collect());
        if let Some(at) = at.filter(|at| *at < self.lines.len()) {
            self.view.table.select(at);
        }
        self.write_card(false);
    }

    fn command(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        match call.id {
            "round.start" => return self.start(call),
            "round.close" => return self.close(call),
            "round.cell" => return self.pick_cell(call),
            "round.back" => {
                if self.list.take().is_none() {
                    self.sample = None;
                }
                return Vec::new();
            }
            _ => {}
        }
        if let Some(list) = &mut self.list {
            if call.id == "round.open" {
                return list.open();
            }
            list.command(call.id);
            return Vec::new();
        }
        if let Some(sample) = &mut self.sample {
            match call.id {
                "round.open" => return sample.selected().map(|record| open_record(record.line.record)).unwrap_or_default(),
                "round.differ" => sample.turn(),
                id if sample.view.command(id) == Moved::Row => {}
                _ => return Vec::new(),
            }
            sample.write_card(&self.reasons, self.me.as_deref());
            return Vec::new();
        }
        match call.id {
            "round.open" => {
                let round = self.selected().and_then(|line| line.round.as_ref());
                return round.map(|round| Effect::Load(Query::RoundRecords(round.stage, round.number))).into_iter().collect();
            }
            id => {
                if self.view.command(id) == Moved::Row {
                    self.write_card(true);
                }
            }
        }
        Vec::new()
    }

    fn start(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let [size, votes, stage, seed, ..] = &call.args[..] else {
            let choice =
                |options: &[(&str, &str)]| options.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
            let questions = vec![
                Question::line("How many records", "50").required(),
                Question::choice("Its votes", choice(&[("practice", "are practice: screened again"), ("count", "count for the review")])),
                Question::choice("Stage", choice(&[("ta", "title/abstract"), ("ft", "full text")])),
                Question::line("Seed; empty for chance", ""),
            ];
            return vec![ask("Start a calibration round", questions, call.clone())];
        };
        let seed = match seed.trim() {
            "" => None,
            text => match text.parse() {
                Ok(seed) => Some(seed),
                Err(_) => return vec![tell("A seed is a whole number from 0 to 4294967295.")],
            },
        };
        let Ok(size) = size.trim().parse() else { return vec![tell("The number of records is a whole number, such as 50.")] };
        let votes = votes.parse().unwrap_or(RoundVotes::Practice);
        let stage = stage.parse().unwrap_or(Stage::TitleAbstract);
        vec![Effect::Run(Request::StartRound { stage, size, seed, votes })]
    }

    fn close(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let Some(round) = self.selected().and_then(|line| line.round.as_ref()) else { return Vec::new() };
        let is_early = call.args.first().is_some_and(|word| word == "early");
        if !is_early && round.is_open && round.complete < round.records {
            let question = format!(
                "On {} of {} not everybody has voted. What is there stays in the round. Close it as it is?",
                round.records - round.complete,
                counted(round.records, "record")
            );
            let title = format!("Close round {} early", round.number);
            return vec![Effect::Open(Box::new(Overlay::Confirm(Confirm { title, question, then: call.clone().arg("early") })))];
        }
        vec![Effect::Run(Request::CloseRound { stage: round.stage, number: Some(round.number), is_early })]
    }

    /// Lets a cell of a table be chosen, and opens its records.
    fn pick_cell(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let (Some(line), Some(order)) = (self.selected(), self.order()) else { return Vec::new() };
        let report = match &line.report {
            Ok(report) if !report.pairs.is_empty() => report,
            Ok(_) => return vec![tell("No record has independent votes of two reviewers here yet.")],
            Err(why) => return vec![tell(why.clone())],
        };
        if let Some(text) = call.args.first() {
            let parts: Vec<&str> = text.split(' ').collect();
            let [a, a_said, b, b_said] = parts[..] else { return Vec::new() };
            let cell = AgreementCell { a: a.to_owned(), a_said: a_said.to_owned(), b: b.to_owned(), b_said: b_said.to_owned() };
            return vec![Effect::Load(Query::AgreementRecords(order, cell))];
        }
        let mut choices = Vec::new();
        for pair in &report.pairs {
            for (a_said, row) in report.categories.iter().zip(&pair.table) {
                for (b_said, number) in report.categories.iter().zip(row) {
                    choices.push(Choice {
                        value: format!("{} {a_said} {} {b_said}", pair.a, pair.b),
                        label: format!("{}: {a_said}, {}: {b_said}", pair.a, pair.b),
                        detail: count(*number),
                    });
                }
            }
        }
        vec![Effect::Open(Box::new(Overlay::Picker(Picker::new("Open which cell of the table?", choices, call.clone()))))]
    }

    fn resize(&mut self, body: Rect) {
        self.view.resize(body);
        self.write_card(false);
        if let Some(sample) = &mut self.sample {
            sample.view.resize(body);
            sample.write_card(&self.reasons, self.me.as_deref());
        }
        if let Some(list) = &mut self.list {
            list.set_height(body.height);
        }
    }
}

impl Sample {
    fn new(stage: Stage, number: usize, all: Vec<RoundRecord>, body: Rect) -> Self {
        let columns = vec![Column::fixed("", 9), Column::number("Year", 4), Column::rest("Title")];
        let mut sample = Self { stage, number, all, only_differing: false, view: ListAndCard::new(columns) };
        sample.view.resize(body);
        sample.fill();
        sample
    }

    fn shown(&self) -> Vec<&RoundRecord> {
        self.all.iter().filter(|record| record.differs || !self.only_differing).collect()
    }

    fn selected(&self) -> Option<&RoundRecord> {
        self.shown().get(self.view.table.selected()?).copied()
    }

    fn turn(&mut self) {
        self.only_differing = !self.only_differing;
        self.fill();
    }

    fn fill(&mut self) {
        let rows = self.shown().into_iter().map(|record| {
            let (word, role) = match (record.differs, record.is_complete, record.votes.is_empty()) {
                (true, ..) => ("C differ", Role::Conflict),
                (false, true, _) => ("= agree", Role::Success),
                (false, false, false) => ("~ you", Role::Pending),
                _ => ("- open", Role::Pending),
            };
            let year = record.line.year.map(|year| year.to_string()).unwrap_or_default();
            vec![(word.to_owned(), role), (year, Role::Muted), (record.line.title.clone(), Role::Text)]
        });
        let rows = rows.collect();
        self.view.table.set_rows(rows);
    }

    fn write_card(&mut self, reasons: &[ExclusionReason], me: Option<&str>) {
        let room = self.view.room();
        let lines = self.selected().map(|record| card::record_lines(record, reasons, me, room)).unwrap_or_default();
        self.view.set_card(lines);
    }
}

/// Sets one line of the list.
fn row(line: &RoundLine) -> Vec<Piece> {
    let plain = |text: String| (text, Role::Text);
    match &line.round {
        Some(round) => vec![
            plain(format!("Round {}, {}", round.number, line.stage.label())),
            if round.is_open { ("open".to_owned(), Role::Accent) } else { ("closed".to_owned(), Role::Muted) },
            (if round.votes == RoundVotes::Count { "count" } else { "practice" }.to_owned(), Role::Muted),
            plain(format!("{}/{}", round.complete, round.records)),
            if round.differing > 0 { (count(round.differing), Role::Conflict) } else { ("0".to_owned(), Role::Muted) },
        ],
        None => {
            let number: usize = line.report.iter().flat_map(|report| &report.pairs).map(|pair| pair.n).max().unwrap_or(0);
            let empty = || (String::new(), Role::Muted);
            vec![plain(format!("Outside rounds, {}", line.stage.label())), empty(), empty(), (count(number), Role::Muted), empty()]
        }
    }
}

impl Screen<AppPort> for Rounds {
    fn name(&self) -> &'static str {
        "rounds"
    }

    fn title(&self) -> &'static str {
        "Rounds"
    }

    fn has_tab(&self) -> bool {
        false
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => return self.command(&call),
            ScreenMsg::Loaded(Data::Rounds(lines, reasons, me)) => {
                self.reasons = reasons;
                self.me = me;
                self.show(lines);
            }
            ScreenMsg::Loaded(Data::RoundRecords(stage, number, records)) => {
                let earlier = self.sample.take().filter(|sample| (sample.stage, sample.number) == (stage, number));
                let mut sample = Sample::new(stage, number, records, cx.body);
                if let Some(earlier) = earlier {
                    sample.only_differing = earlier.only_differing;
                    sample.fill();
                    if let Some(at) = earlier.view.table.selected().filter(|at| *at < sample.shown().len()) {
                        sample.view.table.select(at);
                    }
                }
                sample.write_card(&self.reasons, self.me.as_deref());
                self.sample = Some(sample);
            }
            ScreenMsg::Loaded(Data::AgreementRecords(cell, records)) => {
                let title = format!("{}: {}, {}: {}", cell.a, cell.a_said, cell.b, cell.b_said);
                let mut list = RecordList::new(&title, records);
                list.set_height(cx.body.height);
                self.list = Some(list);
            }
            ScreenMsg::Resized => self.resize(cx.body),
            _ => {}
        }
        Vec::new()
    }

    fn reload(&mut self, _change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let sample = self.sample.as_ref().map(|sample| Effect::Load(Query::RoundRecords(sample.stage, sample.number)));
        [Effect::Load(Query::Rounds)].into_iter().chain(sample).collect()
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if let Some(list) = &self.list {
            return list.view(frame, area, cx.theme);
        }
        if let Some(sample) = &self.sample {
            let what = if sample.only_differing { " on which people differ" } else { "" };
            let head = vec![(format!("Round {}: {}{what}", sample.number, counted(sample.shown().len(), "record")), Role::Heading)];
            return sample.view.view(frame, area, cx, &head, "Votes");
        }
        let head = vec![("Calibration rounds and agreement".to_owned(), Role::Heading)];
        self.view.view(frame, area, cx, &head, "Agreement");
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        match (&self.list, &self.sample) {
            (Some(list), _) => list.under(at, cx.body),
            (None, Some(sample)) => sample.view.under(at, cx.body),
            (None, None) => self.view.under(at, cx.body),
        }
    }

    fn context(&self) -> KeyContext {
        let is_open = self.sample.is_some() || self.list.is_some();
        let is_round = self.selected().is_some_and(|line| line.round.is_some());
        KeyContext::new()
            .with("list")
            .with_if(self.list.is_none(), "panes")
            .with_if(is_open, "has:records")
            .with_if(self.sample.is_some() && self.list.is_none(), "has:sample")
            .with_if(is_round || is_open, "has:round")
    }
}
