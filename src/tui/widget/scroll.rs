//! A long text that is read line by line: prepared in `update`, drawn by `view`.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;

use super::text::{StyledLine, paint};
use crate::tui::theme::{Role, Theme};

/// Prepared lines with the place of reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scroll {
    lines: Vec<StyledLine>,
    top: usize,
    left: u16,
    height: usize,
}

impl Scroll {
    /// Makes a text from prepared lines, read from its beginning.
    pub fn new(lines: Vec<StyledLine>) -> Self {
        Self { lines, ..Self::default() }
    }

    /// Makes a text from lines whose pieces carry another layer's roles, such as a figure drawn as text.
    pub fn from_spans<R>(lines: &[Vec<(String, R)>], role: impl Fn(&R) -> Role) -> Self {
        Self::new(lines.iter().map(|line| line.iter().map(|(text, kind)| (text.clone(), role(kind))).collect()).collect())
    }

    /// Puts other lines in place, read from their beginning.
    pub fn set(&mut self, lines: Vec<StyledLine>) {
        self.lines = lines;
        self.top = 0;
        self.left = 0;
    }

    /// Puts the same text in place, wrapped anew, and keeps the place of reading: the first visible letter stays on the first line.
    pub fn rewrap(&mut self, lines: Vec<StyledLine>) {
        if lines.len() != self.lines.len() && self.top > 0 {
            let letters = |line: &StyledLine| line.iter().flat_map(|(text, _)| text.chars()).filter(|c| !c.is_whitespace()).count();
            let before: usize = self.lines.iter().take(self.top).map(letters).sum();
            let mut passed = 0;
            let reached = lines.iter().position(|line| {
                passed += letters(line);
                passed > before
            });
            self.top = reached.unwrap_or(self.top);
        }
        self.lines = lines;
        self.top = self.top.min(self.last_top());
    }

    /// Tells how many lines are visible.
    pub fn set_height(&mut self, height: u16) {
        self.height = usize::from(height);
        self.top = self.top.min(self.last_top());
    }

    /// Returns the lines.
    pub fn lines(&self) -> &[StyledLine] {
        &self.lines
    }

    /// Moves the reading as far as needed for a line to be visible.
    pub fn show(&mut self, line: usize) {
        self.top = self.top.min(line).max((line + 1).saturating_sub(self.height.max(1))).min(self.last_top());
    }

    /// Returns whether there are lines below the visible ones.
    pub fn has_more(&self) -> bool {
        self.top < self.last_top()
    }

    /// Carries out a command of moving (`move.down`, ...); returns whether it was one.
    pub fn command(&mut self, id: &str) -> bool {
        let page = self.height.saturating_sub(1).max(1);
        self.top = match id {
            "move.up" => self.top.saturating_sub(1),
            "move.down" => self.top + 1,
            "move.page_up" => self.top.saturating_sub(page),
            "move.page_down" => self.top + page,
            "move.first" => 0,
            "move.last" => usize::MAX,
            _ => return false,
        }
        .min(self.last_top());
        true
    }

    /// Moves the view sideways by some cells, for figures wider than the screen.
    pub fn move_sideways(&mut self, cells: i32) {
        self.left = u16::try_from((i32::from(self.left) + cells).clamp(0, 500)).unwrap_or(0);
    }

    fn last_top(&self) -> usize {
        self.lines.len().saturating_sub(self.height.max(1))
    }

    /// Draws the visible lines, and in the last column how far the reading is where not all lines fit.
    pub fn view(&self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let height = usize::from(area.height);
        let top = self.top.min(self.lines.len().saturating_sub(height));
        let visible: Vec<_> = self.lines.iter().skip(top).take(height).map(|line| paint(line, theme)).collect();
        frame.render_widget(Paragraph::new(visible).style(theme.style(Role::Text)).scroll((0, self.left)), area);
        draw_thumb(frame, area, theme, top, self.lines.len());
    }
}

/// Draws in the last column which part of `total` lines is visible, if not all are.
pub fn draw_thumb(frame: &mut Frame, area: Rect, theme: &Theme, top: usize, total: usize) {
    let height = usize::from(area.height);
    if total <= height || area.width < 2 || height == 0 {
        return;
    }
    let length = (height * height / total).max(1);
    let start = (top * (height - length)).checked_div(total - height).unwrap_or(0).min(height - length);
    for row in 0..height {
        let (sign, role) = if (start..start + length).contains(&row) { ("┃", Role::BorderFocus) } else { ("│", Role::Border) };
        let y = area.y + u16::try_from(row).unwrap_or(0);
        if let Some(cell) = frame.buffer_mut().cell_mut((area.right() - 1, y)) {
            cell.set_symbol(sign).set_style(theme.style(role));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_width_keeps_the_first_visible_letter_in_sight() {
        let set = |room| crate::tui::widget::text::wrap_text(&"one two three four five six seven ".repeat(20), Role::Text, room);
        let mut text = Scroll::new(set(40));
        text.set_height(4);
        text.command("move.page_down");
        text.command("move.page_down");
        let first = text.lines[text.top][0].0.split(' ').next().unwrap_or_default().to_owned();
        let before: usize = text.lines[..text.top].iter().map(|line| line[0].0.split(' ').count()).sum();
        text.rewrap(set(23));
        let words: usize = text.lines[..text.top].iter().map(|line| line[0].0.split(' ').count()).sum();
        assert!(
            words <= before && text.lines[text.top][0].0.split(' ').nth(before - words) == Some(first.as_str()),
            "{:?}",
            text.lines[text.top]
        );
    }

    #[test]
    fn reading_stops_at_both_ends() {
        let mut text = Scroll::new((0..10).map(|n| vec![(n.to_string(), Role::Text)]).collect());
        text.set_height(4);
        assert!(text.command("move.page_down") && text.top == 3);
        assert!(text.command("move.last") && text.top == 6 && !text.has_more());
        assert!(text.command("move.down") && text.top == 6);
        assert!(text.command("move.first") && text.command("move.up") && text.top == 0);
        assert!(!text.command("screen.include"));
    }
}
