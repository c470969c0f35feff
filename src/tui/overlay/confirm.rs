//! A yes or no before something that cannot be taken back.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;

use super::Reaction;
use crate::tui::keymap::Key;
use crate::tui::message::Call;
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_popup;
use crate::tui::widget::text::{paint, wrap_text};

/// A question and the command that a yes gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    /// The title of the box.
    pub title: String,
    /// The question, saying what happens.
    pub question: String,
    /// The command that a yes gives.
    pub then: Call,
}

impl Confirm {
    /// Gives a key: `y` is a yes, `n` and Esc are a no, anything else does nothing.
    pub fn key(&mut self, key: Key) -> Reaction {
        match key.code {
            KeyCode::Char('y') if key.typed().is_some() => Reaction::Run(self.then.clone()),
            KeyCode::Char('n') if key.typed().is_some() => Reaction::Close,
            KeyCode::Esc => Reaction::Close,
            _ => Reaction::Stay,
        }
    }

    /// Draws the question.
    pub fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let lines = wrap_text(&self.question, Role::Text, 56);
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(4);
        let inner = draw_popup(frame, area, cx.theme, &self.title, 60, rows);
        let mut text: Vec<_> = lines.iter().map(|line| paint(line, cx.theme)).collect();
        text.push(paint(&Vec::new(), cx.theme));
        let answer = vec![
            ("y".to_owned(), Role::Key),
            (" yes    ".to_owned(), Role::Text),
            ("n".to_owned(), Role::Key),
            (" no".to_owned(), Role::Text),
        ];
        text.push(paint(&answer, cx.theme));
        frame.render_widget(Paragraph::new(text), inner);
    }
}
