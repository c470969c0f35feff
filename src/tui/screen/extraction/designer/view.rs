//! The drawing of the designer.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Designer, key_list, parts};
use crate::app::form_edit::Place;
use crate::app::form_file::FormFileProblem;
use crate::app::form_keys::Part;
use crate::domain::diagnostic::Severity;
use crate::tui::app_port::{AppPort, sentence};
use crate::tui::effect::Effect;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::overlay::{Overlay, Page};
use crate::tui::screen::Cx;
use crate::tui::screen::parts::draw_line;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_box;
use crate::tui::widget::text::{StyledLine, counted, paint, wrap, wrap_text};

/// The rows of the box about what is selected.
const ABOUT: u16 = 7;

/// From how many columns on the keys stand beside the parts.
const SIDE_BY_SIDE: u16 = 120;

/// The places of the designer.
pub(super) struct Places {
    /// The parts.
    pub(super) parts: Option<Rect>,
    /// The keys of the selected part.
    pub(super) keys: Option<Rect>,
    /// The box about what is selected.
    about: Rect,
}

impl Places {
    /// Divides the screen below its first line: one list above the box, or both side by side where there is room.
    pub(super) fn of(area: Rect, is_open: bool) -> Self {
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let rows = ABOUT.min(body.height);
        let list = Rect { height: body.height - rows, ..body };
        let about = Rect { y: list.bottom(), height: rows, ..body };
        if body.width < SIDE_BY_SIDE {
            let (parts, keys) = if is_open { (None, Some(list)) } else { (Some(list), None) };
            return Self { parts, keys, about };
        }
        let parts = Rect { width: list.width / 2, ..list };
        let keys = Rect { x: list.x + parts.width, width: list.width - parts.width, ..list };
        Self { parts: Some(parts), keys: Some(keys), about }
    }
}

/// Shows what is wrong with the form.
pub(super) fn problems(problems: &[FormFileProblem]) -> Effect<AppPort> {
    let mut lines = Vec::new();
    if problems.is_empty() {
        lines.extend(wrap_text("The form can be saved.", Role::Success, PAGE_ROOM));
    }
    for problem in problems {
        let (word, role) = match problem.severity {
            Severity::Error => ("! error, ", Role::Error),
            Severity::Warning => ("! look, ", Role::Warning),
            Severity::Note => ("· note, ", Role::Muted),
        };
        let place =
            problem.field.as_ref().map_or_else(|| format!("line {}", problem.line), |field| format!("line {}, {field}", problem.line));
        lines.extend(wrap(&[(format!("{word}{place}: "), role), (sentence(&problem.message), Role::Text)], PAGE_ROOM));
    }
    Effect::Open(Box::new(Overlay::Page(Page::new("What is to be said about the form", lines))))
}

impl Designer {
    /// Draws the lists and what is to be known about what is selected.
    pub(in crate::tui::screen::extraction) fn draw(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let Some(draft) = &self.draft else { return };
        draw_line(frame, area, cx, &self.head());
        let places = Places::of(area, self.is_open);
        if let Some(place) = places.parts {
            self.table.view(frame, place, cx.theme, !self.is_open);
        }
        if let Some(place) = places.keys {
            self.key_table.view(frame, place, cx.theme, self.is_open);
        }
        let name = self.selected().map(|place| parts::name(&draft.form, place)).unwrap_or_default();
        let title = match self.key().filter(|_| self.is_open) {
            Some(key) => format!("{name}: {}", key.name),
            None => name,
        };
        let inner = draw_box(frame, places.about, cx.theme, &title, false);
        for (line, y) in self.about(usize::from(inner.width.saturating_sub(2))).iter().zip(inner.y..inner.bottom()) {
            frame.render_widget(paint(line, cx.theme), Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), y, height: 1 });
        }
    }

    fn head(&self) -> StyledLine {
        let (Some(draft), Some(used)) = (&self.draft, &self.used) else { return StyledLine::new() };
        let mut head = vec![(draft.form.title.clone(), Role::Heading), (format!(" · version {}", used.0.version), Role::Text)];
        if let Some(place) = self.selected().filter(|_| self.is_open) {
            head.push((format!(" · {} {}", place.part().noun(), parts::name(&draft.form, place)), Role::Accent));
        } else {
            head.push((format!(" · {} a study", counted(draft.form.cells().len(), "cell")), Role::Text));
        }
        match self.before.len() {
            0 => head.push((" · as in use".to_owned(), Role::Muted)),
            number => head.push((format!(" · ~ {} not saved", counted(number, "change")), Role::Pending)),
        }
        head
    }

    fn about(&self, room: usize) -> Vec<StyledLine> {
        let (Some(draft), Some(place)) = (&self.draft, self.selected()) else { return Vec::new() };
        if let Some(key) = self.key().filter(|_| self.is_open) {
            return key_list::about(key, &draft.form, room);
        }
        let pair = |name: &str, text: String| wrap(&[(format!("{name}: "), Role::Muted), (text, Role::Text)], room);
        let mut lines = Vec::new();
        let says = |name: &str| self.keys.iter().find(|key| key.name == name).and_then(|key| key.typed.clone());
        let shown: &[(&str, &str)] = match place.part() {
            Part::Field => &[("id", "Id"), ("options", "Options"), ("show_if", "Asked where"), ("guidance", "Advice")],
            Part::Outcome => &[("id", "Id"), ("accept", "Accepts"), ("scale", "Scale"), ("event", "Counts")],
            Part::Analysis => {
                &[("outcome", "Outcome"), ("timepoint", "Time point"), ("subgroup", "Subgroups"), ("moderators", "Moderators")]
            }
            Part::Validation => &[("rule", "Check"), ("why", "Why")],
            Part::Appraisal => &[("instrument", "Instrument"), ("results", "Results")],
            Part::Form | Part::Arm | Part::Condition | Part::Timepoint => &[("form", "Id"), ("id", "Id")],
        };
        for (name, words) in shown {
            if let Some(text) = says(name) {
                lines.extend(pair(words, text));
            }
        }
        if place == Place::Form {
            lines.extend(wrap_text("a adds a field, an arm, an outcome, a time point, an analysis or a check.", Role::Muted, room));
        }
        lines
    }
}
