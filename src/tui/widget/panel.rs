//! Boxes: panes side by side, boxes over the screen, and the words shown where there is nothing to show.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::{Block, Borders, Clear, Paragraph};

use super::text::{cut, paint, width, wrap_text};
use crate::tui::theme::{Role, Theme};

/// The least columns and rows in which a screen is drawn.
pub const SMALLEST: (u16, u16) = (60, 16);

/// Divides the body: one pane below 100 columns, two from 100, three from 140.
pub fn panes(area: Rect) -> Vec<Rect> {
    let shares: &[u16] = match area.width {
        0..100 => &[1],
        100..140 => &[2, 1],
        _ => &[1, 2, 1],
    };
    Layout::horizontal(shares.iter().map(|share| Constraint::Fill(*share))).split(area).to_vec()
}

/// Draws a box with a title and returns the room inside.
pub fn draw_box(frame: &mut Frame, area: Rect, theme: &Theme, title: &str, is_focused: bool) -> Rect {
    let role = if is_focused { Role::BorderFocus } else { Role::Border };
    let title = if title.is_empty() { String::new() } else { format!(" {} ", cut(title, usize::from(area.width.saturating_sub(4)))) };
    let block = Block::new().borders(Borders::ALL).border_style(theme.style(role)).title(title).title_style(theme.style(Role::Heading));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}

/// Clears room for a box over the screen, draws its border and returns the room inside.
///
/// The box has the wanted size as far as the area allows, in the middle of it.
pub fn draw_popup(frame: &mut Frame, area: Rect, theme: &Theme, title: &str, columns: u16, rows: u16) -> Rect {
    let place = popup_place(area, columns, rows);
    frame.render_widget(Clear, place);
    frame.buffer_mut().set_style(place, theme.style(Role::Text));
    let inner = draw_box(frame, place, theme, title, true);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}

/// Returns where a box of the wanted size lies over an area.
pub fn popup_place(area: Rect, columns: u16, rows: u16) -> Rect {
    let (columns, rows) = (columns.min(area.width), rows.min(area.height));
    Rect { x: area.x + (area.width - columns) / 2, y: area.y + (area.height - rows) / 2, width: columns, height: rows }
}

/// Draws words in the middle of an area where there is nothing to show: what it is, and what to do next.
pub fn draw_empty(frame: &mut Frame, area: Rect, theme: &Theme, what: &str, next: &str) {
    let room = usize::from(area.width).saturating_sub(4).min(60);
    let mut lines = wrap_text(what, Role::Text, room);
    lines.extend(wrap_text(next, Role::Muted, room));
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    let place = Rect { y: area.y + (area.height - rows) / 3, height: rows, ..area };
    let text: Vec<_> = lines.iter().map(|line| paint(line, theme)).collect();
    frame.render_widget(Paragraph::new(text).centered(), place);
}

/// Draws the words for a terminal that is too small.
pub fn draw_too_small(frame: &mut Frame, area: Rect, theme: &Theme) {
    let (columns, rows) = SMALLEST;
    let text = format!("This terminal has {} columns and {} rows; tamis needs {columns} and {rows}.", area.width, area.height);
    let lines = wrap_text(&text, Role::Text, usize::from(area.width).max(1));
    debug_assert!(lines.iter().all(|line| line.iter().map(|(text, _)| width(text)).sum::<usize>() <= usize::from(area.width).max(2)));
    frame.render_widget(Paragraph::new(lines.iter().map(|line| paint(line, theme)).collect::<Vec<_>>()), area);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_come_with_the_width() {
        let at = |columns| panes(Rect::new(0, 0, columns, 20)).len();
        assert_eq!([at(80), at(99), at(100), at(139), at(140), at(300)], [1, 1, 2, 2, 3, 3]);
        assert_eq!(panes(Rect::new(0, 0, 140, 20)).iter().map(|pane| pane.width).sum::<u16>(), 140);
    }
}
