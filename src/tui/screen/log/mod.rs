//! The log: every change with its author and its time; what was undone stays and says so.

use std::path::PathBuf;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::{Cx, Screen};
use crate::app::Request;
use crate::app::query::LogEntry;
use crate::domain::change::ChangeSet;
use crate::domain::ids::OpId;
use crate::tui::app_port::{AppPort, Data, FileProblem, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::mouse::Under;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::overlay::{Ask, Overlay, Page, Question};
use crate::tui::screen::flow::diagram_lines;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_empty;
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::{Piece, StyledLine, count, counted, fit, wrap_text};

/// The screen of the log.
#[derive(Debug)]
pub struct Log {
    table: Table,
    first: usize,
    entries: Vec<LogEntry>,
    is_loaded: bool,
}

impl Default for Log {
    fn default() -> Self {
        let columns = vec![
            Column::number("No.", 6),
            Column::fixed("When (UTC)", 16),
            Column::fixed("Who", 8),
            Column::fixed("State", 6),
            Column::rest("What"),
        ];
        Self { table: Table::new(columns), first: 0, entries: Vec::new(), is_loaded: false }
    }
}

impl Log {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self::default()
    }

    fn selected(&self) -> Option<&LogEntry> {
        self.table.selected().and_then(|at| at.checked_sub(self.first)).and_then(|at| self.entries.get(at))
    }

    fn load(&self) -> Option<Effect<AppPort>> {
        let rows = self.table.missing().filter(|rows| !rows.is_empty())?;
        Some(Effect::Load(Query::Log { first: rows.start, limit: rows.len() }))
    }

    fn command(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        let op = || self.selected().and_then(|entry| entry.id.parse::<OpId>().ok());
        let effect = match call.id {
            "log.show" => self.selected().map(details),
            "log.undo" => op().map(|op| Effect::Run(Request::Undo(Some(op)))),
            "log.redo" => op().map(|op| Effect::Run(Request::Redo(Some(op)))),
            "log.at" => self.selected().map(|entry| Effect::Load(Query::FlowAt(entry.seq))),
            "review.check" => Some(Effect::Load(Query::Check)),
            "review.backup" => Some(Effect::Load(Query::BackUp)),
            "review.merge" => Some(match call.args.first() {
                Some(path) => Effect::Spawn("Merging a copy".to_owned(), Request::Merge(PathBuf::from(path))),
                None => {
                    let question = Question::line("File of the other copy", "").required();
                    Effect::Open(Box::new(Overlay::Ask(Ask::new("Merge a copy into this review", vec![question], call.clone()))))
                }
            }),
            id => {
                self.table.command(id);
                self.load()
            }
        };
        effect.into_iter().collect()
    }
}

/// Shows an operation whole.
fn details(entry: &LogEntry) -> Effect<AppPort> {
    let state = match (entry.is_live, entry.target) {
        (_, Some(target)) => format!("It switches operation {target}."),
        (true, None) if entry.can_undo => "It counts, and you can take it back (t).".to_owned(),
        (true, None) => "It counts.".to_owned(),
        (false, None) => "It was undone and does not count; its author can put it back (p).".to_owned(),
    };
    let rows = [
        ("Number", entry.seq.to_string()),
        ("Identity", entry.id.clone()),
        ("When", entry.at.clone()),
        ("Who", entry.reviewer.clone()),
        ("Kind", entry.kind.clone()),
        ("What", entry.summary.clone()),
        ("State", state),
    ];
    let mut lines = Vec::new();
    for (name, text) in rows {
        for (at, line) in wrap_text(&text, Role::Text, PAGE_ROOM - 10).into_iter().enumerate() {
            let mut whole: StyledLine = vec![(fit(if at == 0 { name } else { "" }, 10, false), Role::Muted)];
            whole.extend(line);
            lines.push(whole);
        }
    }
    page("Operation", lines)
}

fn page(title: &str, lines: Vec<StyledLine>) -> Effect<AppPort> {
    Effect::Open(Box::new(Overlay::Page(Page::new(title, lines))))
}

fn checked(problems: &[FileProblem]) -> Effect<AppPort> {
    if problems.is_empty() {
        return Effect::Notice(Notice::info("The file is whole: every hash, every vote and every number of the flow agrees."));
    }
    let mut lines = Vec::new();
    for problem in problems {
        lines.extend(wrap_text(&format!("! {}: {}", problem.part, problem.message), Role::Warning, PAGE_ROOM));
    }
    page(&counted(problems.len(), "problem"), lines)
}

fn row(entry: &LogEntry) -> Vec<Piece> {
    let (state, role) = match (entry.is_live, entry.target) {
        (_, Some(_)) => ("", Role::Muted),
        (true, None) => ("", Role::Text),
        (false, None) => ("undone", Role::Warning),
    };
    let text_role = if entry.is_live && entry.target.is_none() { Role::Text } else { Role::Muted };
    let at = entry.at.get(..16).unwrap_or(&entry.at).replace('T', " ");
    let what = entry.target.map_or_else(|| entry.summary.clone(), |target| format!("{} (no. {target})", entry.summary));
    vec![
        (count(entry.seq), Role::Muted),
        (at, Role::Muted),
        (entry.reviewer.clone(), text_role),
        (state.to_owned(), role),
        (what, text_role),
    ]
}

impl Screen<AppPort> for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    fn title(&self) -> &'static str {
        "Log"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => return self.command(&call),
            ScreenMsg::Loaded(Data::Log { first, total, entries }) => {
                let newer = total.saturating_sub(self.table.total());
                if total != self.table.total() {
                    self.table.set_total(total);
                }
                if self.is_loaded && newer > 0 {
                    // New operations come in at the top; the selection stays with its operation.
                    self.table.select(self.table.selected().unwrap_or(0) + newer);
                }
                self.is_loaded = true;
                self.table.set_page(first, entries.iter().map(row).collect());
                (self.first, self.entries) = (first, entries);
            }
            ScreenMsg::Loaded(Data::FlowAt(operations, view)) => {
                let lines = diagram_lines(&view, "", u16::try_from(PAGE_ROOM).unwrap_or(72));
                return vec![page(&format!("Flow after operation {operations}"), lines)];
            }
            ScreenMsg::Loaded(Data::Checked(problems)) => return vec![checked(&problems)],
            ScreenMsg::Loaded(Data::BackedUp(file)) => return vec![backed_up(file)],
            ScreenMsg::Resized => {
                self.table.set_height(cx.body.height);
                return self.load().into_iter().collect();
            }
            _ => {}
        }
        Vec::new()
    }

    fn reload(&mut self, _change: ChangeSet, cx: &Cx) -> Vec<Effect<AppPort>> {
        let height = usize::from(cx.body.height).max(1);
        let first = self.first.min(self.table.selected().unwrap_or(0));
        vec![Effect::Load(Query::Log { first, limit: 3 * height })]
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if self.is_loaded && self.table.total() == 0 {
            return draw_empty(frame, area, cx.theme, "The log is empty.", "Every change is listed here as it is made.");
        }
        self.table.view(frame, area, cx.theme, true);
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        self.table.under(at, cx.body)
    }

    fn context(&self) -> KeyContext {
        KeyContext::new().with("list").with_if(self.selected().is_some(), "has:operation")
    }
}

fn backed_up(file: PathBuf) -> Effect<AppPort> {
    Effect::Notice(Notice::info(format!("A verified copy is in {}.", file.display())))
}
