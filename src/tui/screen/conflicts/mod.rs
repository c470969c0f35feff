//! Conflicts of both stages: the votes side by side, whose word is waited for, and the settling.

mod act;
pub(super) mod card;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::parts::{ListAndCard, Moved};
use super::{Cx, Screen};
use crate::app::query::{ConflictView, Overview, UnitView};
use crate::domain::change::ChangeSet;
use crate::domain::decision::Stage;
use crate::domain::ids::RecordId;
use crate::domain::policy::Resolver;
use crate::tui::app_port::{AppPort, Data, Query, Setup};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::ScreenMsg;
use crate::tui::mouse::Under;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_empty;
use crate::tui::widget::record_card::Highlights;
use crate::tui::widget::table::Column;
use crate::tui::widget::text::{Piece, count, counted};

/// The screen.
#[derive(Debug)]
pub struct Conflicts {
    shown: List,
    titles: Vec<ConflictView>,
    /// Full texts on whose inclusion the votes differ.
    verdicts: Vec<ConflictView>,
    /// Full texts that all exclude, for different reasons.
    reasons: Vec<ConflictView>,
    is_loaded: bool,
    view: ListAndCard,
    unit: Option<Box<UnitView>>,
    setup: Option<Box<Setup>>,
    /// The acting reviewer.
    me: Option<String>,
    /// Which conflict is selected once the list is loaded again.
    wanted: Option<RecordId>,
    /// The reasons given in this sitting, the latest first.
    said: Vec<String>,
    highlights: Highlights,
    /// The record of the request under way, as the reply names it, and as the screen calls it.
    under_way: Option<(String, String)>,
}

/// The lists of conflicts, in the order in which the key goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Titles,
    Verdicts,
    Reasons,
}

impl List {
    const ALL: [Self; 3] = [Self::Titles, Self::Verdicts, Self::Reasons];

    fn stage(self) -> Stage {
        if self == Self::Titles { Stage::TitleAbstract } else { Stage::FullText }
    }

    /// Names the list behind a number ("2 conflicts ...").
    fn label(self) -> &'static str {
        match self {
            Self::Titles => "at title/abstract",
            Self::Verdicts => "at full text",
            Self::Reasons => "on reasons",
        }
    }
}

impl Default for Conflicts {
    fn default() -> Self {
        Self::new()
    }
}

impl Conflicts {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        let columns = vec![Column::fixed("About", 9), Column::fixed("Waits for", 14), Column::number("Year", 4), Column::rest("Title")];
        Self {
            shown: List::Titles,
            titles: Vec::new(),
            verdicts: Vec::new(),
            reasons: Vec::new(),
            is_loaded: false,
            view: ListAndCard::new(columns),
            unit: None,
            setup: None,
            me: None,
            wanted: None,
            said: Vec::new(),
            highlights: Highlights::default(),
            under_way: None,
        }
    }

    fn list(&self, list: List) -> &[ConflictView] {
        match list {
            List::Titles => &self.titles,
            List::Verdicts => &self.verdicts,
            List::Reasons => &self.reasons,
        }
    }

    /// Returns the stage of the shown list.
    fn stage(&self) -> Stage {
        self.shown.stage()
    }

    /// Returns the lists after the shown one, round the end.
    fn others(&self) -> [List; 2] {
        let at = List::ALL.iter().position(|list| *list == self.shown).unwrap_or(0);
        [1, 2].map(|step| List::ALL[(at + step) % 3])
    }

    /// Goes to the next list that holds a conflict; to the next one where none does.
    fn next_list(&mut self) {
        let [next, last] = self.others();
        self.shown = if self.list(next).is_empty() && !self.list(last).is_empty() { last } else { next };
    }

    fn selected(&self) -> Option<&ConflictView> {
        self.list(self.shown).get(self.view.table.selected()?)
    }

    fn record(&self) -> Option<RecordId> {
        self.selected().map(|conflict| conflict.line.record)
    }

    /// Returns who settles conflicts of the shown stage.
    fn resolver(&self) -> Option<Resolver> {
        let [titles, full_texts] = &self.setup.as_ref()?.policies;
        Some(if self.stage() == Stage::TitleAbstract { titles.resolver } else { full_texts.resolver })
    }

    /// Says in a word or two whose word the conflict waits for.
    fn waits_for(&self, conflict: &ConflictView) -> String {
        match self.resolver() {
            Some(Resolver::Third) => "adjudicator".to_owned(),
            Some(Resolver::Any) => "anybody".to_owned(),
            _ if !conflict.left.is_empty() => if self.stands_in(conflict) { "you" } else { "a stand-in" }.to_owned(),
            _ => {
                let me = self.me.as_deref();
                let name = |id: &String| if Some(id.as_str()) == me { "you".to_owned() } else { id.clone() };
                conflict.waiting_for.iter().map(name).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Tells whether the acting reviewer may settle the conflict in place of somebody who has left.
    fn stands_in(&self, conflict: &ConflictView) -> bool {
        let has_voted = conflict.votes.iter().any(|vote| Some(&vote.reviewer) == self.me.as_ref());
        conflict.may_settle && !conflict.left.is_empty() && !has_voted
    }

    fn row(&self, conflict: &ConflictView) -> Vec<Piece> {
        let about = if conflict.is_about_reason { "reason" } else { "verdict" };
        let (waits, role) = match self.waits_for(conflict) {
            _ if conflict.is_later => ("discuss later".to_owned(), Role::Muted),
            waits if waits.contains("you") => (waits, Role::Accent),
            waits => (waits, Role::Text),
        };
        vec![
            (format!("C {about}"), Role::Conflict),
            (waits, role),
            (conflict.line.year.map(|year| year.to_string()).unwrap_or_default(), Role::Muted),
            (conflict.line.title.clone(), Role::Text),
        ]
    }

    /// Lists the conflicts of the shown stage; the selection stays on its record where that is still listed.
    fn show(&mut self, wanted: Option<RecordId>) -> Vec<Effect<AppPort>> {
        let rows = self.list(self.shown).iter().map(|conflict| self.row(conflict)).collect();
        self.view.table.set_rows(rows);
        if let Some(at) = self.list(self.shown).iter().position(|conflict| Some(conflict.line.record) == wanted) {
            self.view.table.select(at);
        }
        self.write_card(self.record() != wanted);
        self.load_card()
    }

    fn load_card(&self) -> Vec<Effect<AppPort>> {
        self.record().map(|record| Effect::Load(Query::Unit(self.stage(), record))).into_iter().collect()
    }

    fn write_card(&mut self, is_new: bool) {
        let lines = self.selected().map(|conflict| {
            let unit = self.unit.as_deref().filter(|unit| unit.card.record == conflict.line.record && unit.stage == self.stage());
            let reasons = self.setup.as_ref().map_or(&[][..], |setup| &setup.reasons[..]);
            let about = card::About {
                resolver: self.resolver(),
                stands_in: self.stands_in(conflict),
                me: self.me.as_deref(),
                reasons,
                highlights: &self.highlights,
            };
            card::card_lines(conflict, unit, &about, self.view.room())
        });
        let lines = lines.unwrap_or_default();
        if is_new { self.view.set_card(lines) } else { self.view.rewrite_card(lines) }
    }

    fn arrive(&mut self) -> Vec<Effect<AppPort>> {
        self.write_card(true);
        self.load_card()
    }

    fn take_overview(&mut self, overview: &Overview) {
        self.me.clone_from(&overview.reviewer);
    }
}

impl Screen<AppPort> for Conflicts {
    fn name(&self) -> &'static str {
        "conflicts"
    }

    fn title(&self) -> &'static str {
        "Conflicts"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => match self.view.command(call.id) {
                Moved::Row => self.arrive(),
                Moved::Card => Vec::new(),
                Moved::No => self.act(call),
            },
            ScreenMsg::Loaded(data) => {
                let record = match &data {
                    Data::Conflicts(stage, _) if *stage == self.stage() => self.wanted.take().or_else(|| self.record()),
                    _ => self.record(),
                };
                match data {
                    Data::Conflicts(Stage::TitleAbstract, conflicts) => {
                        (self.titles, self.is_loaded) = (conflicts, true);
                        self.show(record)
                    }
                    Data::Conflicts(Stage::FullText, conflicts) => {
                        (self.reasons, self.verdicts) = conflicts.into_iter().partition(|conflict| conflict.is_about_reason);
                        self.show(record)
                    }
                    Data::Setup(setup) => {
                        self.highlights = Highlights::new(&setup.words);
                        self.setup = Some(setup);
                        self.show(record)
                    }
                    Data::Overview(overview) => {
                        self.take_overview(&overview);
                        self.show(record)
                    }
                    Data::Unit(unit) => {
                        self.unit = Some(unit);
                        self.write_card(false);
                        Vec::new()
                    }
                    _ => Vec::new(),
                }
            }
            ScreenMsg::Done(reply) => {
                let told = self.under_way.take().map(|(id, title)| told(&reply.message, &id, &title));
                told.map(|text| Effect::Notice(Notice::done(text))).into_iter().collect()
            }
            ScreenMsg::Failed(_) => {
                (self.under_way, self.wanted) = (None, None);
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
        let mut effects = Vec::new();
        if change.touches(ChangeSet::SETTINGS) {
            effects.extend([Effect::Load(Query::Setup), Effect::Load(Query::Overview)]);
        }
        let concerned = [ChangeSet::RECORDS, ChangeSet::GROUPS, ChangeSet::VOTES, ChangeSet::REPORTS, ChangeSet::MARKS];
        if concerned.into_iter().any(|part| change.touches(part)) {
            effects.extend([Stage::TitleAbstract, Stage::FullText].map(|stage| Effect::Load(Query::Conflicts(stage))));
        }
        effects
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if !self.is_loaded {
            return;
        }
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        let here = self.list(self.shown).len();
        let elsewhere: Vec<(List, usize)> =
            self.others().into_iter().map(|list| (list, self.list(list).len())).filter(|(_, number)| *number > 0).collect();
        if here == 0 {
            let what = format!("No conflict {}.", self.shown.label());
            let next = if elsewhere.is_empty() {
                let (screen, full) = (key("go.screening"), key("go.fulltext"));
                format!("A conflict shows up here once all votes on a record are in and differ. Press {screen} or {full} to go on voting.")
            } else {
                let there: Vec<String> =
                    elsewhere.iter().map(|(list, number)| format!("{} {}", counted(*number, "conflict"), list.label())).collect();
                format!("{}: press {} to see them.", there.join(", "), key("conflict.stage"))
            };
            return draw_empty(frame, area, cx.theme, &what, &next);
        }
        let later = self.list(self.shown).iter().filter(|conflict| conflict.is_later).count();
        let mine = self.list(self.shown).iter().filter(|conflict| !conflict.is_later && self.waits_for(conflict).contains("you")).count();
        let waiting = if mine > 0 { format!(" · {} for your word", count(mine)) } else { String::new() };
        let head = vec![
            (format!("{} {}", counted(here, "conflict"), self.shown.label()), Role::Heading),
            (waiting, Role::Accent),
            (if later > 0 { format!(" · {} for later", count(later)) } else { String::new() }, Role::Text),
            (elsewhere.iter().map(|(list, number)| format!(" · {} {}", count(*number), list.label())).collect(), Role::Text),
            (" ".to_owned(), Role::Text),
            (format!("({} changes)", key("conflict.stage")), Role::Hint),
        ];
        self.view.view(frame, area, cx, &head, "Votes");
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        self.view.under(at, cx.body)
    }

    fn context(&self) -> KeyContext {
        let selected = self.selected();
        KeyContext::new()
            .with_if(selected.is_some(), "list")
            .with_if(selected.is_some(), "panes")
            .with_if(selected.is_some(), "has:conflict")
            .with_if(selected.is_some_and(|conflict| conflict.may_settle), "may:resolve")
    }
}

/// Says what a reply says, with what was done before the title of the record; `id` is the record's name in the reply.
fn told(reply: &str, id: &str, title: &str) -> String {
    let said = reply.strip_prefix(id).unwrap_or(reply);
    let said = match said.strip_prefix(" is settled: ") {
        Some(status) => format!("settled as {}", status.split(',').next().unwrap_or(status)),
        None => said.trim_start_matches([':', ' ']).replace(&format!(" ({id})"), ""),
    };
    format!("{}: {title}.", crate::tui::app_port::sentence(&said).trim_end_matches('.'))
}
