//! Something that went wrong and is more than the person's own mistake.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;

use super::Reaction;
use crate::tui::keymap::Key;
use crate::tui::port::Problem;
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_popup;
use crate::tui::widget::text::{StyledLine, paint, wrap_text};

/// A problem with its causes, its hint and a report that can be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemBox {
    problem: Problem,
}

impl ProblemBox {
    /// Shows a problem.
    pub fn new(problem: Problem) -> Self {
        Self { problem }
    }

    /// Returns the whole report as text, to be copied into a message.
    pub fn report(&self) -> String {
        let mut report = format!("tamis {}\n{}\n", env!("CARGO_PKG_VERSION"), self.problem.message);
        for cause in &self.problem.causes {
            report.push_str(&format!("because: {cause}\n"));
        }
        if let Some(hint) = &self.problem.hint {
            report.push_str(&format!("hint: {hint}\n"));
        }
        report
    }

    /// Gives a key: `c` copies the report.
    pub fn key(&mut self, key: Key) -> Reaction {
        match key.code {
            KeyCode::Esc | KeyCode::Enter => Reaction::Close,
            KeyCode::Char('c') if key.typed().is_some() => Reaction::Copy(self.report()),
            _ => Reaction::Stay,
        }
    }

    /// Draws the problem.
    pub fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let mut lines = wrap_text(&self.problem.message, Role::Text, 66);
        for cause in &self.problem.causes {
            lines.extend(wrap_text(&format!("Because: {cause}"), Role::Muted, 66));
        }
        if let Some(hint) = &self.problem.hint {
            lines.push(StyledLine::new());
            lines.extend(wrap_text(hint, Role::Accent, 66));
        }
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inner = draw_popup(frame, area, cx.theme, "! Something went wrong", 70, rows);
        frame.render_widget(Paragraph::new(lines.iter().map(|line| paint(line, cx.theme)).collect::<Vec<_>>()), inner);
    }
}
