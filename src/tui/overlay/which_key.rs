//! What may follow the keys pressed so far.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::keymap::key::show_sequence;
use crate::tui::keymap::{Hint, Key};
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_popup;
use crate::tui::widget::text::fit;

/// Draws the possible next keys in columns at the foot of the body.
pub fn draw_which_key(frame: &mut Frame, area: Rect, cx: &Cx, pressed: &[Key], next: &[Hint]) {
    const CELL: usize = 22;
    let columns = (usize::from(area.width).saturating_sub(4) / CELL).max(1);
    let rows = next.len().div_ceil(columns);
    let height = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(2).min(area.height);
    let foot = Rect { y: area.bottom() - height, height, ..area };
    let inner = draw_popup(frame, foot, cx.theme, &format!("{} …", show_sequence(pressed)), area.width, height);
    for (row, y) in (0..rows).zip(inner.y..inner.bottom()) {
        let spans: Vec<Span> = (0..columns)
            .filter_map(|column| next.get(column * rows + row))
            .flat_map(|hint| {
                [
                    Span::styled(fit(&hint.key, 4, true), cx.theme.style(Role::Key)),
                    Span::styled(format!(" {}", fit(&hint.label, CELL - 5, false)), cx.theme.style(Role::Hint)),
                ]
            })
            .collect();
        frame.render_widget(Line::from(spans), Rect { y, height: 1, ..inner });
    }
}
