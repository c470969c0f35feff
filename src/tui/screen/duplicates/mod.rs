//! Duplicates: the pairs that wait for a person, side by side, and the groups that stand.

mod groups;
mod pair;
mod record;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use self::groups::Groups;
use self::pair::Pairs;
use super::{Cx, Screen};
use crate::app::{Detail, Reply, Request};
use crate::domain::change::ChangeSet;
use crate::domain::decision::Stage;
use crate::tui::app_port::{AppPort, Data, Explained, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::mouse::Under;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::overlay::{Overlay, Page};
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_empty;
use crate::tui::widget::text::{StyledLine, counted, wrap_text};

/// The screen of the duplicates.
#[derive(Debug, Default)]
pub struct Duplicates {
    pairs: Pairs,
    groups: Groups,
    shows_groups: bool,
    is_asked_why: bool,
    is_asked_record: bool,
    was_searched: bool,
}

impl Duplicates {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self::default()
    }

    fn command(&mut self, call: &Call, cx: &Cx) -> Vec<Effect<AppPort>> {
        match call.id {
            "dedup.run" => vec![Effect::Spawn("Finding duplicates".to_owned(), Request::FindDuplicates)],
            "dedup.view" => {
                self.shows_groups = !self.shows_groups;
                Vec::new()
            }
            "dedup.same" => self.pairs.selected().map(|(a, b)| Effect::Run(Request::Group(vec![a, b]))).into_iter().collect(),
            "dedup.different" => self.pairs.selected().map(|(a, b)| Effect::Run(Request::KeepApart(a, b))).into_iter().collect(),
            "dedup.skip" => self.pairs.step(true),
            "dedup.back" => self.pairs.step(false),
            "dedup.split" => self.groups.selected_member().map(|record| Effect::Run(Request::Split(vec![record]))).into_iter().collect(),
            "dedup.explain" => {
                self.is_asked_why = true;
                let pair = if self.shows_groups { self.groups.pair() } else { self.pairs.selected() };
                pair.map(|(a, b)| Effect::Load(Query::ExplainPair(a, b))).into_iter().collect()
            }
            "dedup.rule" if self.shows_groups => {
                self.groups.next_rule(cx.body);
                Vec::new()
            }
            "dedup.rule" => self.pairs.next_rule(),
            "dedup.record" => {
                self.is_asked_record = true;
                self.groups.primary().map(|record| Effect::Load(Query::Unit(Stage::TitleAbstract, record))).into_iter().collect()
            }
            "pane.next" => {
                self.groups.change_pane();
                Vec::new()
            }
            id => {
                if self.shows_groups {
                    self.groups.command(id);
                } else {
                    self.pairs.command(id);
                }
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, data: Data, cx: &Cx) -> Vec<Effect<AppPort>> {
        match data {
            Data::PossiblePairs(pairs) => return self.pairs.set(pairs),
            Data::Groups(groups) => self.groups.set(groups, cx.body),
            Data::Explained(explained) if self.is_asked_why => {
                self.is_asked_why = false;
                return vec![why_page(&explained)];
            }
            Data::Unit(unit) if self.is_asked_record => {
                self.is_asked_record = false;
                return vec![Effect::Open(Box::new(Overlay::Page(Page::new("The record of the group", record::lines(&unit.card)))))];
            }
            Data::Explained(explained) => self.pairs.explained(explained, cx.body),
            _ => {}
        }
        Vec::new()
    }

    fn done(&mut self, reply: &Reply) -> Vec<Effect<AppPort>> {
        let Detail::Duplicates(report) = reply.detail else { return Vec::new() };
        self.was_searched = true;
        self.shows_groups = report.possible == 0;
        let said = format!(
            "{} in {}; {} {} a person.",
            counted(report.duplicates, "duplicate"),
            counted(report.groups, "group"),
            counted(report.possible, "pair"),
            if report.possible == 1 { "needs" } else { "need" }
        );
        vec![Effect::Notice(if reply.op.is_some() { Notice::done(said) } else { Notice::info(said) })]
    }
}

/// Shows what speaks for and against a pair, field by field, in words.
fn why_page(explained: &Explained) -> Effect<AppPort> {
    let mut lines = wrap_text(&crate::tui::app_port::sentence(&explained.reason), Role::Text, PAGE_ROOM);
    lines.push(vec![(
        format!("Rule {}, score {:.2} (0.90 and more: duplicates, 0.50 to 0.90: a person decides)", explained.rule, explained.score),
        Role::Muted,
    )]);
    lines.push(StyledLine::new());
    for field in &explained.fields {
        let (sign, word, role) = pair::sign(field.agrees);
        let note = field.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        lines.push(vec![(format!("{sign} {} {word}{note}", field.field), role)]);
        for text in [&field.left, &field.right] {
            let text = if text.is_empty() { "missing" } else { text.as_str() };
            lines.extend(wrap_text(&format!("    {text}"), Role::Muted, PAGE_ROOM));
        }
    }
    Effect::Open(Box::new(Overlay::Page(Page::new("Why?", lines))))
}

impl Screen<AppPort> for Duplicates {
    fn name(&self) -> &'static str {
        "duplicates"
    }

    fn title(&self) -> &'static str {
        "Duplicates"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => self.command(&call, cx),
            ScreenMsg::Loaded(data) => self.loaded(data, cx),
            ScreenMsg::Done(reply) => self.done(&reply),
            ScreenMsg::Resized => {
                self.pairs.set_size(cx.body);
                self.groups.set_size(cx.body);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        if change.touches(ChangeSet::GROUPS.with(ChangeSet::RECORDS)) {
            vec![Effect::Load(Query::PossiblePairs), Effect::Load(Query::Groups)]
        } else {
            Vec::new()
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        match (self.shows_groups, self.pairs.is_empty(), self.groups.is_empty()) {
            (true, _, false) => self.groups.view(frame, area, cx.theme),
            (false, false, _) => self.pairs.view(frame, area, cx.theme),
            (_, true, true) if self.was_searched => {
                draw_empty(
                    frame,
                    area,
                    cx.theme,
                    "The search found no duplicates.",
                    "g s goes to screening. After another import, r looks again.",
                );
            }
            (_, true, true) => {
                draw_empty(frame, area, cx.theme, "No duplicates are known.", "Press r to look for duplicates among all records.");
            }
            (false, true, false) => {
                let what = format!("No pair waits for a person. {} found.", counted(self.groups.len(), "group of duplicates"));
                draw_empty(frame, area, cx.theme, &what, "v shows the groups, g s goes to screening.");
            }
            (true, false, true) => {
                draw_empty(frame, area, cx.theme, "There are no groups yet.", "v shows the pairs that wait for a person.")
            }
        }
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        if self.shows_groups && !self.groups.is_empty() { self.groups.under(at, cx.body) } else { Under::Nothing }
    }

    fn context(&self) -> KeyContext {
        let has_group = self.shows_groups && !self.groups.is_empty();
        KeyContext::new()
            .with("list")
            .with_if(!self.shows_groups && self.pairs.selected().is_some(), "has:pair")
            .with_if(has_group, "has:group")
            .with_if(has_group, "panes")
    }
}
