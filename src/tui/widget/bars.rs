//! The lines of the frame: title with tabs, hints of keys; and which cells of them each takes.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::text::{count, cut, width};
use crate::tui::keymap::Hint;
use crate::tui::theme::{Role, Theme};

/// A tab of the title bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// The name of the screen.
    pub title: String,
    /// How much work waits there; 0 shows nothing.
    pub waiting: usize,
}

/// Draws two lines: the review and the reviewer, then the tabs, moved sideways so that the shown one is visible.
pub fn draw_title(frame: &mut Frame, area: Rect, theme: &Theme, review: &str, reviewer: &str, tabs: &[Tab], active: usize) {
    let room = usize::from(area.width);
    let style = theme.style(Role::TitleBar);
    let top = Rect { height: 1, ..area };
    frame.buffer_mut().set_style(top, style);
    let who = cut(reviewer, room / 3);
    let title = cut(review, room.saturating_sub(width(&who) + 4));
    let gap = room.saturating_sub(width(&title) + width(&who) + 2);
    frame.render_widget(Line::styled(format!(" {title}{}{who} ", " ".repeat(gap)), style), top);

    let places = tab_places(area.width, tabs, active);
    let has_more_before = places.first().is_some_and(|(at, _)| *at > 0);
    let mut spans = vec![Span::styled(if has_more_before { "‹" } else { " " }, theme.style(Role::Muted))];
    for (at, _) in &places {
        let role = if *at == active { Role::TabActive } else { Role::Muted };
        spans.push(Span::styled(tab_label(&tabs[*at], *at == active), theme.style(role)));
    }
    if places.last().is_some_and(|(at, _)| at + 1 < tabs.len()) {
        spans.push(Span::styled("›", theme.style(Role::Muted)));
    }
    frame.render_widget(Line::from(spans), Rect { y: area.y + 1, height: 1, ..area });
}

fn tab_label(tab: &Tab, is_active: bool) -> String {
    let waiting = if tab.waiting > 0 { format!(" {}", count(tab.waiting)) } else { String::new() };
    if is_active { format!("[{}{waiting}]", tab.title) } else { format!(" {}{waiting} ", tab.title) }
}

/// Returns the tabs that a title of so many columns shows, by their places in `tabs`, each with the columns that it takes.
pub fn tab_places(columns: u16, tabs: &[Tab], active: usize) -> Vec<(usize, Range<u16>)> {
    let room = usize::from(columns);
    let widths: Vec<usize> = tabs.iter().enumerate().map(|(at, tab)| width(&tab_label(tab, at == active))).collect();
    let mut first = 0;
    while first < active && widths[first..=active].iter().sum::<usize>() + 2 > room {
        first += 1;
    }
    let mut from = 1;
    let mut places = Vec::new();
    for (at, cells) in widths.into_iter().enumerate().skip(first) {
        if from + cells + 1 > room {
            break;
        }
        places.push((at, cell(from)..cell(from + cells)));
        from += cells;
    }
    places
}

fn cell(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// Draws the hints that fit into one line; the last one (help) always stays.
pub fn draw_hints(frame: &mut Frame, area: Rect, theme: &Theme, hints: &[Hint], always: Option<&Hint>) {
    let mut spans = vec![Span::raw(" ")];
    for (hint, _) in hint_places(area.width, hints, always) {
        spans.push(Span::styled(hint.key, theme.style(Role::Key)));
        spans.push(Span::styled(format!(" {}  ", hint.label), theme.style(Role::Hint)));
    }
    frame.render_widget(Line::from(spans), area);
}

/// Returns the hints that a line of so many columns shows, each with the columns that it takes.
pub fn hint_places(columns: u16, hints: &[Hint], always: Option<&Hint>) -> Vec<(Hint, Range<u16>)> {
    let room = usize::from(columns).saturating_sub(1);
    let cells = |hint: &Hint| width(&hint.key) + width(&hint.label) + 3;
    let mut used = always.map_or(0, cells);
    let shown = hints.iter().filter(|hint| Some(*hint) != always).take_while(|hint| {
        used += cells(hint);
        used <= room
    });
    let mut from = 1;
    let mut places = Vec::new();
    for hint in shown.chain(always) {
        places.push((hint.clone(), cell(from)..cell(from + cells(hint) - 2)));
        from += cells(hint);
    }
    places
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    fn drawn(columns: u16, draw: impl FnOnce(&mut Frame)) -> String {
        let mut terminal = Terminal::new(TestBackend::new(columns, 2)).expect("terminal");
        terminal.draw(draw).expect("draw");
        terminal.backend().to_string()
    }

    #[test]
    fn the_shown_tab_is_visible_in_a_narrow_title() {
        let tabs: Vec<Tab> = ["Home", "Sources", "Duplicates", "Screening", "Full text"]
            .iter()
            .map(|title| Tab { title: (*title).to_owned(), waiting: 0 })
            .collect();
        let shown = drawn(30, |frame| draw_title(frame, frame.area(), &Theme::choose(None, true), "Ketamine for pain", "AB", &tabs, 4));
        assert!(shown.contains("[Full text]") && shown.contains('‹'), "{shown}");
    }

    #[test]
    fn hints_that_do_not_fit_are_left_out_but_help_stays() {
        let hint = Hint::named;
        let hints = [hint("i", "include"), hint("m", "maybe"), hint("e", "exclude"), hint("?", "help")];
        let shown = drawn(30, |frame| draw_hints(frame, frame.area(), &Theme::choose(None, true), &hints, hints.last()));
        assert!(shown.contains("i include") && shown.contains("? help") && !shown.contains("exclude"), "{shown}");
    }
}
