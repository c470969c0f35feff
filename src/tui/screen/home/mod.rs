//! The home screen: the flow of the review as it stands, and what is next for the acting reviewer.

mod view;

pub(super) use view::draw_lines;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::boxes::{BoxLine, box_lines, label};
use super::record_list::RecordList;
use super::{Cx, Screen};
use crate::app::query::Overview;
use crate::domain::change::ChangeSet;
use crate::domain::flow::FlowBox;
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::mouse::Under;

/// Which half of the screen has the keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Pane {
    /// What is next.
    #[default]
    Next,
    /// The boxes of the flow.
    Flow,
}

/// The home screen.
#[derive(Debug, Default)]
pub struct Home {
    overview: Option<Box<Overview>>,
    boxes: Vec<BoxLine>,
    identified: usize,
    has_checks_failed: bool,
    pane: Pane,
    next_at: usize,
    box_at: usize,
    list: Option<RecordList>,
}

impl Home {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self::default()
    }

    fn selected_box(&self) -> Option<FlowBox> {
        self.boxes.get(self.box_at).and_then(|line| line.flow_box)
    }

    /// Opens what is selected: the screen of the next step, or the records of a box.
    fn open(&self) -> Vec<Effect<AppPort>> {
        if let Some(list) = &self.list {
            return list.open();
        }
        match self.pane {
            Pane::Flow => self.selected_box().map(|flow_box| Effect::Load(Query::BoxRecords(flow_box))).into_iter().collect(),
            Pane::Next => {
                let step = self.overview.as_ref().and_then(|overview| overview.next.get(self.next_at));
                match step.and_then(|step| crate::app::command::find(&format!("go.{}", step.screen))) {
                    Some(command) => vec![Effect::Call(Call::new(command.id))],
                    None => vec![Effect::Notice(Notice::info("Nothing waits for you. Tab goes to the flow."))],
                }
            }
        }
    }

    fn move_by(&mut self, id: &str) {
        if let Some(list) = &mut self.list {
            list.command(id);
            return;
        }
        let (at, last) = match self.pane {
            Pane::Next => (&mut self.next_at, self.overview.as_ref().map_or(0, |overview| overview.next.len()).saturating_sub(1)),
            Pane::Flow => (&mut self.box_at, self.boxes.len().saturating_sub(1)),
        };
        let is_up = matches!(id, "move.up" | "move.page_up" | "move.first");
        *at = match id {
            "move.up" => at.saturating_sub(1),
            "move.down" => (*at + 1).min(last),
            "move.page_up" => at.saturating_sub(8),
            "move.page_down" => (*at + 8).min(last),
            "move.first" => 0,
            "move.last" => last,
            _ => *at,
        };
        if self.pane == Pane::Flow {
            self.box_at = self.nearest_box(self.box_at, is_up);
        }
    }

    /// Returns the nearest line with a box, in the direction of moving where there is one.
    fn nearest_box(&self, at: usize, is_up: bool) -> usize {
        let is_box = |at: &usize| self.boxes.get(*at).is_some_and(|line| line.flow_box.is_some());
        let above = (0..=at).rev().find(is_box);
        let below = (at..self.boxes.len()).find(is_box);
        (if is_up { above.or(below) } else { below.or(above) }).unwrap_or(0)
    }

    fn command(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        match call.id {
            "home.next" => return self.open(),
            "list.close" => self.list = None,
            "pane.next" => self.pane = if self.pane == Pane::Next { Pane::Flow } else { Pane::Next },
            id => self.move_by(id),
        }
        Vec::new()
    }

    fn loaded(&mut self, data: Data, cx: &Cx) {
        match data {
            Data::Overview(overview) => {
                self.next_at = self.next_at.min(overview.next.len().saturating_sub(1));
                self.overview = Some(overview);
            }
            Data::Flow(view, _) => {
                self.boxes = box_lines(&view.flow);
                self.identified = view.flow.identified() + view.flow.other_identified();
                self.has_checks_failed = view.identities.iter().any(|identity| !identity.holds());
                self.box_at = self.nearest_box(self.box_at, false);
            }
            Data::BoxRecords(flow_box, records) => {
                let mut list = RecordList::new(label(flow_box), records);
                list.set_height(cx.body.height);
                if let Some(record) = self.list.as_ref().and_then(RecordList::selected) {
                    list.select(record);
                }
                self.list = Some(list);
            }
            _ => {}
        }
    }
}

impl Screen<AppPort> for Home {
    fn name(&self) -> &'static str {
        "home"
    }

    fn title(&self) -> &'static str {
        "Home"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => return self.command(&call),
            ScreenMsg::Loaded(data) => self.loaded(data, cx),
            ScreenMsg::Resized => {
                if let Some(list) = &mut self.list {
                    list.set_height(cx.body.height);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn reload(&mut self, _change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let list = self.list.as_ref().and_then(|_| self.selected_box()).map(|flow_box| Effect::Load(Query::BoxRecords(flow_box)));
        [Effect::Load(Query::Overview), Effect::Load(Query::Flow)].into_iter().chain(list).collect()
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        match &self.list {
            Some(list) => list.view(frame, area, cx.theme),
            None => self.draw(frame, area, cx),
        }
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        match &self.list {
            Some(list) => list.under(at, cx.body),
            None => self.under_place(at, cx.body),
        }
    }

    fn context(&self) -> KeyContext {
        KeyContext::new().with("list").with_if(self.list.is_some(), "has:records").with_if(self.list.is_none(), "panes")
    }
}
