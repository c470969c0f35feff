//! The list of the form's parts, and the drawing of the designer.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Designer, Row};
use crate::app::form_file::FormFileProblem;
use crate::domain::diagnostic::Severity;
use crate::domain::form::{Form, Scope};
use crate::tui::app_port::{AppPort, sentence};
use crate::tui::effect::Effect;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::overlay::{Overlay, Page};
use crate::tui::screen::Cx;
use crate::tui::screen::parts::{capital, draw_line};
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_box;
use crate::tui::widget::text::{Piece, StyledLine, counted, paint, wrap, wrap_text};

/// The rows of the box about the selected entry.
const ABOUT: u16 = 6;

/// Returns how many rows the list has.
pub(super) fn list_height(body: Rect) -> u16 {
    body.height.saturating_sub(1 + ABOUT)
}

/// Lists the parts: fields in the order of the file with a heading wherever the section changes, then outcomes.
pub(super) fn rows(form: &Form) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut heading = None;
    for (at, field) in form.fields.iter().enumerate() {
        let of_arm = if field.scope == Scope::Arm { ", of each arm" } else { "" };
        let words = format!("{}{of_arm}", capital(&field.section));
        if heading.as_ref() != Some(&words) {
            rows.push(Row::Heading(words.clone()));
            heading = Some(words);
        }
        rows.push(Row::Field(at));
    }
    if !form.outcomes.is_empty() {
        rows.push(Row::Heading("Outcomes".to_owned()));
        rows.extend((0..form.outcomes.len()).map(Row::Outcome));
    }
    rows
}

/// Returns the line of a part: whether it is needed, its label, type, and what answers it takes.
pub(super) fn line(form: &Form, row: &Row) -> Vec<Piece> {
    let empty = || (String::new(), Role::Text);
    match row {
        Row::Heading(words) => vec![empty(), (words.clone(), Role::Heading), empty(), empty()],
        Row::Field(at) => {
            let Some(field) = form.fields.get(*at) else { return Vec::new() };
            let answers = if field.options.is_empty() {
                field.base_unit().cloned().unwrap_or_default()
            } else {
                format!("{}: {}", field.options.len(), field.options.join("; "))
            };
            let needed = if field.required { ("*".to_owned(), Role::Accent) } else { empty() };
            vec![needed, (field.name().to_owned(), Role::Text), (field.kind.to_string(), Role::Muted), (answers, Role::Muted)]
        }
        Row::Outcome(at) => {
            let Some(outcome) = form.outcomes.get(*at) else { return Vec::new() };
            let points: Vec<&str> = outcome.timepoints.iter().map(|point| point.name()).collect();
            vec![empty(), (outcome.label.clone(), Role::Text), (outcome.kind.to_string(), Role::Muted), (points.join("; "), Role::Muted)]
        }
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
    /// Draws the list and what is to be known about the selected part.
    pub(in crate::tui::screen::extraction) fn draw(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let Some(draft) = &self.draft else { return };
        draw_line(frame, area, cx, &self.head());
        let rows = list_height(area);
        self.table.view(frame, Rect { y: area.y + 1, height: rows, ..area }, cx.theme, true);
        let place = Rect { y: area.y + 1 + rows, height: area.height.saturating_sub(1 + rows), ..area };
        let title = self.selected().and_then(|row| line(&draft.form, row).into_iter().nth(1)).map(|(text, _)| text).unwrap_or_default();
        let inner = draw_box(frame, place, cx.theme, &title, false);
        for (line, y) in self.about(usize::from(inner.width.saturating_sub(2))).iter().zip(inner.y..inner.bottom()) {
            frame.render_widget(paint(line, cx.theme), Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), y, height: 1 });
        }
    }

    fn head(&self) -> StyledLine {
        let (Some(draft), Some(used)) = (&self.draft, &self.used) else { return StyledLine::new() };
        let mut head = vec![(draft.form.title.clone(), Role::Heading), (format!(" · version {}", used.0.version), Role::Text)];
        head.push((format!(" · {} a study", counted(draft.form.cells().len(), "cell")), Role::Text));
        let errors = self.errors();
        if errors > 0 {
            head.push((format!(" · ! {errors} to mend"), Role::Error));
        }
        match self.before.len() {
            0 => head.push((" · as in use".to_owned(), Role::Muted)),
            number => head.push((format!(" · ~ {} not saved", counted(number, "change")), Role::Pending)),
        }
        head
    }

    fn about(&self, room: usize) -> Vec<StyledLine> {
        let (Some(draft), Some(row)) = (&self.draft, self.selected()) else { return Vec::new() };
        let pair = |name: &str, text: String| wrap(&[(format!("{name}: "), Role::Muted), (text, Role::Text)], room);
        let mut lines = Vec::new();
        match row {
            Row::Heading(_) => {}
            Row::Field(at) => {
                let Some(field) = draft.form.fields.get(*at) else { return lines };
                lines.extend(pair("Id", field.id.clone()));
                if !field.options.is_empty() {
                    lines.extend(pair("Options", field.options.join("; ")));
                }
                if let Some(when) = &field.show_if {
                    lines.extend(pair("Asked where", format!("{} is {}", when.field, when.is.join(" or "))));
                }
                lines.extend(pair("Advice", field.guidance.clone().unwrap_or_else(|| "none".to_owned())));
            }
            Row::Outcome(at) => {
                let Some(outcome) = draft.form.outcomes.get(*at) else { return lines };
                lines.extend(pair("Id", outcome.id.clone()));
                let formats: Vec<String> = outcome.formats().iter().map(ToString::to_string).collect();
                lines.extend(pair("Accepts", formats.join(", ")));
                if let Some([low, high]) = outcome.scale {
                    lines.extend(pair(
                        "Scale",
                        format!("{low} to {high}{}", if outcome.harmonise { ", each study's own is moved to it" } else { "" }),
                    ));
                }
                if let Some(event) = &outcome.event {
                    lines.extend(pair("Counts", event.clone()));
                }
            }
        }
        lines
    }
}
