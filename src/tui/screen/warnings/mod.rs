//! The warnings on extracted numbers: what was found, what to check, and the mend or the reason why it may stand.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Cx, Screen};
use crate::app::Request;
use crate::app::doubt::WarningView;
use crate::domain::change::ChangeSet;
use crate::domain::diagnostic::Severity;
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::Effect;
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::overlay::{Overlay, Page, Question};
use crate::tui::screen::parts::{ask, draw_line, tell};
use crate::tui::theme::Role;
use crate::tui::widget::panel::{draw_box, draw_empty};
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::{Piece, StyledLine, count, paint, wrap, wrap_text};

/// The rows of the box about the selected warning.
const ABOUT: u16 = 8;

/// The screen of the warnings.
#[derive(Debug)]
pub struct Warnings {
    table: Table,
    list: Vec<WarningView>,
    is_loaded: bool,
    has_form: bool,
}

impl Default for Warnings {
    fn default() -> Self {
        let columns = vec![
            Column::fixed("Rule", 4),
            Column::fixed("Study", 18),
            Column::fixed("State", 9),
            Column::fixed("Of", 10),
            Column::rest("What"),
        ];
        Self { table: Table::new(columns), list: Vec::new(), is_loaded: false, has_form: false }
    }
}

impl Warnings {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self::default()
    }

    fn selected(&self) -> Option<&WarningView> {
        self.table.selected().and_then(|at| self.list.get(at))
    }

    fn take(&mut self, list: Option<Vec<WarningView>>) {
        let wanted = self.selected().map(|known| (known.study.clone(), known.rule.clone(), known.path.clone()));
        let at = self.table.selected().unwrap_or(0);
        self.has_form = list.is_some();
        self.list = list.unwrap_or_default();
        self.is_loaded = true;
        self.table.set_rows(self.list.iter().map(row).collect());
        let same = |known: &WarningView| Some((known.study.clone(), known.rule.clone(), known.path.clone())) == wanted;
        // What was dismissed goes to the end; the selection stays where it was, on the next one.
        let open = |known: &WarningView| known.dismissed.is_none();
        let place = self.list.iter().position(|known| same(known) && open(known)).unwrap_or(at.min(self.list.len().saturating_sub(1)));
        self.table.select(place);
    }

    fn act(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        if self.table.command(call.id) {
            return Vec::new();
        }
        let Some(warning) = self.selected() else { return Vec::new() };
        let dismiss = |reason: &str| {
            vec![Effect::Run(Request::Dismiss {
                study: warning.study.clone(),
                rule: warning.rule.clone(),
                path: warning.path.clone(),
                reason: reason.to_owned(),
            })]
        };
        match (call.id, call.args.first()) {
            ("warning.show", _) => vec![details(warning)],
            ("warning.mend", _) if warning.mend.is_none() => {
                vec![tell("Nothing obvious to do: change the cell, or let the warning stand.")]
            }
            ("warning.mend", _) => {
                vec![Effect::Load(Query::Mend(warning.study.clone(), warning.rule.clone(), warning.path.clone()))]
            }
            ("warning.dismiss", _) if warning.severity == Severity::Error => vec![tell("This cannot be; mend the number.")],
            ("warning.dismiss", Some(reason)) => dismiss(reason),
            ("warning.dismiss", None) => {
                vec![ask("Let the warning stand", vec![Question::line("Why the number may stand", "").required()], call)]
            }
            ("warning.open", _) => dismiss(""),
            _ => Vec::new(),
        }
    }

    fn head(&self) -> StyledLine {
        let open = |severity| self.list.iter().filter(|known| known.dismissed.is_none() && known.severity == severity).count();
        let (errors, warnings, notes) = (open(Severity::Error), open(Severity::Warning), open(Severity::Note));
        let dismissed = self.list.iter().filter(|known| known.dismissed.is_some()).count();
        let mut head = vec![(format!("{} open", count(errors + warnings + notes)), Role::Heading)];
        if errors > 0 {
            head.push((format!(" · ! {} cannot be", count(errors)), Role::Error));
        }
        head.push((format!(" · {} to look at · {} notes · {} let stand", count(warnings), count(notes), count(dismissed)), Role::Text));
        head
    }
}

fn row(warning: &WarningView) -> Vec<Piece> {
    let (state, role) = match (&warning.dismissed, warning.severity) {
        (Some(_), _) => ("let stand", Role::Muted),
        (None, Severity::Error) => ("! error", Role::Error),
        (None, Severity::Warning) => ("! look", Role::Warning),
        (None, Severity::Note) => ("· note", Role::Muted),
    };
    vec![
        (warning.rule.clone(), Role::Muted),
        (warning.label.clone(), Role::Text),
        (state.to_owned(), role),
        (warning.of.to_owned(), Role::Muted),
        (format!("{}: {}", warning.title, warning.message), Role::Text),
    ]
}

fn about(warning: &WarningView, room: usize) -> Vec<StyledLine> {
    let mut lines = wrap(&[(format!("{}: ", warning.path), Role::Muted), (warning.message.clone(), Role::Text)], room);
    if let Some(mend) = &warning.mend {
        lines.extend(wrap(&[("Mend: ".to_owned(), Role::Muted), (mend.clone(), Role::Accent)], room));
    }
    if let Some(dismissed) = &warning.dismissed {
        lines.extend(wrap(&[("Let stand by ".to_owned(), Role::Muted), (dismissed.clone(), Role::Text)], room));
    }
    lines
}

fn details(warning: &WarningView) -> Effect<AppPort> {
    let mut lines = wrap_text(&format!("{}, {} ({})", warning.label, warning.title, warning.of), Role::Heading, PAGE_ROOM);
    lines.push(StyledLine::new());
    lines.extend(about(warning, PAGE_ROOM));
    Effect::Open(Box::new(Overlay::Page(Page::new(format!("Warning {}", warning.rule), lines))))
}

impl Screen<AppPort> for Warnings {
    fn name(&self) -> &'static str {
        "warnings"
    }

    fn title(&self) -> &'static str {
        "Warnings"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => self.act(call),
            ScreenMsg::Loaded(Data::Warnings(list)) => {
                self.take(list);
                Vec::new()
            }
            ScreenMsg::Loaded(Data::Mend(request)) => vec![Effect::Run(*request)],
            ScreenMsg::Resized => {
                self.table.set_height(cx.body.height.saturating_sub(1 + ABOUT));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let concerned = [ChangeSet::RECORDS, ChangeSet::GROUPS, ChangeSet::VOTES, ChangeSet::STUDIES, ChangeSet::EXTRACTION];
        let is_concerned = concerned.into_iter().any(|part| change.touches(part));
        if is_concerned { vec![Effect::Load(Query::Warnings)] } else { Vec::new() }
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if !self.is_loaded {
            return;
        }
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        if !self.has_form {
            let next = format!("Press {} to go to the extraction.", key("go.extraction"));
            return draw_empty(frame, area, cx.theme, "The review has no extraction form yet.", &next);
        }
        if self.list.is_empty() {
            let next = "Your drafts, and the agreed values of studies whose drafts are all in, are looked at here.";
            return draw_empty(frame, area, cx.theme, "No warnings.", next);
        }
        draw_line(frame, area, cx, &self.head());
        let rows = area.height.saturating_sub(1 + ABOUT);
        self.table.view(frame, Rect { y: area.y + 1, height: rows, ..area }, cx.theme, true);
        let place = Rect { y: area.y + 1 + rows, height: area.height.saturating_sub(1 + rows), ..area };
        let title = self.selected().map(|warning| format!("{} {}", warning.label, warning.rule)).unwrap_or_default();
        let inner = draw_box(frame, place, cx.theme, &title, false);
        let Some(warning) = self.selected() else { return };
        for (line, y) in about(warning, usize::from(inner.width.saturating_sub(2))).iter().zip(inner.y..inner.bottom()) {
            frame.render_widget(paint(line, cx.theme), Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), y, height: 1 });
        }
    }

    fn context(&self) -> KeyContext {
        let selected = self.selected();
        KeyContext::new()
            .with_if(!self.list.is_empty(), "list")
            .with_if(selected.is_some_and(|warning| warning.mend.is_some()), "has:mend")
            .with_if(selected.is_some_and(|warning| warning.dismissed.is_some()), "has:dismissed")
    }
}
