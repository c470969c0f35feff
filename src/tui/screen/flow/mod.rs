//! The PRISMA 2020 flow diagram, drawn as in the statement; every box opens its records.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::boxes::{box_lines, label};
use super::parts::save_figure;
use super::record_list::RecordList;
use super::{Cx, Screen};
use crate::app::FigureKind;
use crate::app::draw::flow_model;
use crate::app::query::FlowView;
use crate::domain::change::ChangeSet;
use crate::domain::flow::FlowBox;
use crate::figure::text::{TextLine, TextRole, flow_text};
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::mouse::Under;
use crate::tui::overlay::{Choice, Overlay, Page, Picker};
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_empty;
use crate::tui::widget::scroll::Scroll;
use crate::tui::widget::text::{StyledLine, count, counted, wrap_text};

/// The widest that the diagram is drawn.
const WIDEST: u16 = 160;

/// The screen of the flow diagram.
#[derive(Debug, Default)]
pub struct Flow {
    view: Option<(Box<FlowView>, String)>,
    drawing: Scroll,
    list: Option<(FlowBox, RecordList)>,
    last_box: Option<FlowBox>,
}

impl Flow {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self::default()
    }

    fn redraw(&mut self, body: Rect) {
        if let Some((view, title)) = &self.view {
            self.drawing.rewrap(diagram_lines(view, title, body.width.saturating_sub(2)));
        }
        self.drawing.set_height(body.height);
        if let Some((_, list)) = &mut self.list {
            list.set_height(body.height);
        }
    }

    fn command(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        match call.id {
            "flow.open" => match (&self.list, call.args.first().and_then(|name| name.parse::<FlowBox>().ok())) {
                (_, Some(flow_box)) => return vec![Effect::Load(Query::BoxRecords(flow_box))],
                (Some((_, list)), None) => return list.open(),
                (None, None) => return self.pick_box(call),
            },
            "list.close" => self.list = None,
            "plot.save" => return save_figure(call, "flow.svg", FigureKind::Flow),
            "flow.check" => return self.view.iter().map(|(view, _)| check_page(view)).collect(),
            id => {
                match &mut self.list {
                    Some((_, list)) => list.command(id),
                    None => self.drawing.command(id),
                };
            }
        }
        Vec::new()
    }

    fn pick_box(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let Some((view, _)) = &self.view else { return Vec::new() };
        let mut choices: Vec<Choice> = Vec::new();
        for line in box_lines(&view.flow) {
            let (Some(flow_box), Some(number)) = (line.flow_box, line.count) else { continue };
            if choices.iter().all(|choice| choice.value != flow_box.to_string()) && line.label == label(flow_box) {
                choices.push(Choice { value: flow_box.to_string(), label: line.label, detail: count(number) });
            }
        }
        let mut picker = Picker::new("Open which box?", choices, call.clone());
        if let Some(flow_box) = self.last_box {
            picker = picker.starting_at(&flow_box.to_string());
        }
        vec![Effect::Open(Box::new(Overlay::Picker(picker)))]
    }
}

/// Sets the diagram in a room of so many columns.
pub fn diagram_lines(view: &FlowView, title: &str, room: u16) -> Vec<StyledLine> {
    styled(&flow_text(&flow_model(title, view), room.min(WIDEST)))
}

/// Gives the pieces of a drawn figure the roles of the screens.
pub fn styled(lines: &[TextLine]) -> Vec<StyledLine> {
    let role = |role: TextRole| match role {
        TextRole::Normal => Role::Text,
        TextRole::Bold | TextRole::Accent => Role::Heading,
        TextRole::Muted => Role::Muted,
        TextRole::Estimate | TextRole::Interval => Role::FigureStudy,
        TextRole::Diamond => Role::FigurePooled,
        TextRole::Axis => Role::FigureAxis,
        TextRole::Low => Role::Include,
        TextRole::Some => Role::Maybe,
        TextRole::High => Role::Exclude,
    };
    lines.iter().map(|line| line.spans.iter().map(|(text, kind)| (text.clone(), role(*kind))).collect()).collect()
}

fn check_page(view: &FlowView) -> Effect<AppPort> {
    let mut lines = Vec::new();
    for identity in &view.identities {
        let (sign, role) = if identity.holds() { ("+ ", Role::Success) } else { ("! ", Role::Error) };
        let numbers = format!("{}: {} and {}", identity.name, count(identity.left), count(identity.right));
        for (at, line) in wrap_text(&numbers, Role::Text, 68).into_iter().enumerate() {
            let mut whole = vec![(if at == 0 { sign } else { "  " }.to_owned(), role)];
            whole.extend(line);
            lines.push(whole);
        }
    }
    lines.push(StyledLine::new());
    let waiting = format!(
        "{} still {} for a vote, a decision or a document.",
        counted(view.pending, "record or report"),
        if view.pending == 1 { "waits" } else { "wait" }
    );
    lines.extend(wrap_text(&waiting, Role::Muted, 70));
    Effect::Open(Box::new(Overlay::Page(Page::new("Do the numbers add up?", lines))))
}

impl Screen<AppPort> for Flow {
    fn name(&self) -> &'static str {
        "flow"
    }

    fn title(&self) -> &'static str {
        "Flow"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => return self.command(&call),
            ScreenMsg::Loaded(Data::Flow(view, title)) => {
                self.view = Some((view, title));
                self.redraw(cx.body);
            }
            ScreenMsg::Loaded(Data::BoxRecords(flow_box, records)) => {
                let mut list = RecordList::new(label(flow_box), records);
                list.set_height(cx.body.height);
                if let Some(record) = self.list.as_ref().filter(|(shown, _)| *shown == flow_box).and_then(|(_, list)| list.selected()) {
                    list.select(record);
                }
                self.list = Some((flow_box, list));
                self.last_box = Some(flow_box);
            }
            ScreenMsg::Loaded(Data::SavedFigure(file)) => return vec![Effect::Notice(Notice::info(format!("Saved {}.", file.display())))],
            ScreenMsg::Resized => self.redraw(cx.body),
            _ => {}
        }
        Vec::new()
    }

    fn reload(&mut self, _change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let list = self.list.as_ref().map(|(flow_box, _)| Effect::Load(Query::BoxRecords(*flow_box)));
        [Effect::Load(Query::Flow)].into_iter().chain(list).collect()
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        match (&self.list, &self.view) {
            (Some((_, list)), _) => list.view(frame, area, cx.theme),
            (None, Some((view, _))) if view.flow.identified() + view.flow.other_identified() == 0 => {
                draw_empty(
                    frame,
                    area,
                    cx.theme,
                    "The diagram is empty: nothing is imported yet.",
                    "g o goes to the sources, where searches are imported.",
                );
            }
            (None, _) => self.drawing.view(frame, Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area }, cx.theme),
        }
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        self.list.as_ref().map_or(Under::Text(None), |(_, list)| list.under(at, cx.body))
    }

    fn context(&self) -> KeyContext {
        KeyContext::new().with("list").with_if(self.list.is_some(), "has:records").with_if(self.view.is_some(), "has:figure")
    }
}
