//! The setup of the review: question, people, criteria, reasons, words and policies, each edited where it stands.

mod edit;
mod items;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};

use self::items::{Item, items, row};
use super::{Cx, Screen};
use crate::domain::change::ChangeSet;
use crate::tui::app_port::{AppPort, Data, Query, Setup as SetupData};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::mouse::Under;
use crate::tui::screen::home::draw_lines;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_box;
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::wrap;

/// The screen of the setup.
#[derive(Debug)]
pub struct Setup {
    setup: Option<Box<SetupData>>,
    items: Vec<Item>,
    table: Table,
}

impl Default for Setup {
    fn default() -> Self {
        let table = Table::new(vec![Column::fixed("Setup", 22), Column::rest("")]);
        Self { setup: None, items: Vec::new(), table }
    }
}

impl Setup {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self::default()
    }

    fn selected(&self) -> Option<Item> {
        self.table.selected().and_then(|at| self.items.get(at)).copied()
    }

    fn command(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        let (Some(setup), Some(item)) = (&self.setup, self.selected()) else { return Vec::new() };
        match call.id {
            "setup.edit" => edit::edit(setup, item, call),
            "setup.add" => edit::add(setup, item, call),
            "setup.remove" => edit::remove(setup, item).into_iter().collect(),
            "setup.up" | "setup.down" => {
                let is_up = call.id == "setup.up";
                let moved = edit::move_entry(setup, item, is_up);
                if moved.is_some() {
                    self.table.command(if is_up { "move.up" } else { "move.down" });
                }
                moved.into_iter().collect()
            }
            id => {
                self.table.command(id);
                self.step_over_headings(matches!(id, "move.up" | "move.page_up"));
                Vec::new()
            }
        }
    }

    /// Moves the selection off a heading: on in the direction of moving, else the other way.
    fn step_over_headings(&mut self, is_up: bool) {
        let Some(at) = self.table.selected() else { return };
        let is_entry = |at: &usize| self.items.get(*at).is_some_and(|item| !matches!(item, Item::Heading(_) | Item::Gap));
        let (above, below) = ((0..=at).rev().find(is_entry), (at..self.items.len()).find(is_entry));
        if let Some(at) = if is_up { above.or(below) } else { below.or(above) } {
            self.table.select(at);
        }
    }

    fn set(&mut self, setup: Box<SetupData>) {
        self.items = items(&setup);
        let rows = self.items.iter().map(|item| row(&setup, *item)).collect();
        self.table.set_rows(rows);
        self.setup = Some(setup);
        self.step_over_headings(false);
    }
}

impl Screen<AppPort> for Setup {
    fn name(&self) -> &'static str {
        "setup"
    }

    fn title(&self) -> &'static str {
        "Setup"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => return self.command(&call),
            ScreenMsg::Loaded(Data::Setup(setup)) => self.set(setup),
            ScreenMsg::Loaded(Data::PolicyEffect(policy, effects)) => return edit::with_effect(policy, &effects),
            ScreenMsg::Resized => self.table.set_height(places(cx.body)[0].height),
            _ => {}
        }
        Vec::new()
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        if change.touches(ChangeSet::SETTINGS) { vec![Effect::Load(Query::Setup)] } else { Vec::new() }
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let Some(setup) = &self.setup else { return };
        let [list, whole] = places(area);
        self.table.view(frame, list, cx.theme, true);
        if let Some(value) = self.selected().and_then(|item| row(setup, item).into_iter().nth(1)) {
            let inner = draw_box(frame, whole, cx.theme, "Whole text", false);
            let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
            draw_lines(frame, inner, cx.theme, &wrap(&[value], usize::from(inner.width)));
        }
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        let [list, _] = places(cx.body);
        self.table.under(at, list)
    }

    fn context(&self) -> KeyContext {
        let is_entry = matches!(self.selected(), Some(Item::Criterion(_) | Item::Reason(_) | Item::Word(_)));
        KeyContext::new().with("list").with_if(is_entry, "has:entry")
    }
}

/// Divides the screen: the list, and below it the selected line whole.
fn places(area: Rect) -> [Rect; 2] {
    Layout::vertical([Constraint::Fill(1), Constraint::Length(if area.height >= 30 { 6 } else { 4 })]).areas(area)
}

/// Says that something cannot be done here.
fn tell(text: &str) -> Vec<Effect<AppPort>> {
    vec![Effect::Notice(Notice::info(text))]
}

/// The role of a label beside its value.
const LABEL: Role = Role::Muted;
