//! What is being worked on in the background.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Reaction;
use crate::tui::keymap::Key;
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_popup;
use crate::tui::widget::progress::progress_line;
use crate::tui::widget::text::paint;

/// The list of running jobs with the chosen one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jobs {
    chosen: usize,
}

impl Jobs {
    /// Gives a key: `x` stops the chosen job.
    pub fn key(&mut self, key: Key, cx: &Cx) -> Reaction {
        let last = cx.jobs.len().saturating_sub(1);
        match key.code {
            KeyCode::Esc | KeyCode::Enter => return Reaction::Close,
            KeyCode::Up => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Down => self.chosen = (self.chosen + 1).min(last),
            KeyCode::Char('x') if key.typed().is_some() => {
                if let Some(job) = cx.jobs.get(self.chosen.min(last)) {
                    return Reaction::Cancel(job.id);
                }
            }
            _ => {}
        }
        Reaction::Stay
    }

    /// Draws one line per job.
    pub fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let rows = u16::try_from(cx.jobs.len().max(1)).unwrap_or(u16::MAX).saturating_add(2);
        let inner = draw_popup(frame, area, cx.theme, "Running work", 76, rows);
        if cx.jobs.is_empty() {
            frame.render_widget(Line::styled("Nothing is running.", cx.theme.style(Role::Muted)), inner);
        }
        for ((at, job), y) in cx.jobs.iter().enumerate().zip(inner.y..inner.bottom()) {
            let line = Rect { y, height: 1, ..inner };
            let mut pieces = vec![(if at == self.chosen { "▸ " } else { "  " }.to_owned(), Role::Text)];
            pieces.extend(progress_line(&job.title, job.progress.as_ref(), cx.tick, usize::from(inner.width).saturating_sub(12)));
            if job.is_stopping {
                pieces.push(("  stopping".to_owned(), Role::Warning));
            }
            frame.render_widget(paint(&pieces, cx.theme), line);
        }
    }
}
