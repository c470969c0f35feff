//! The drawing of the home screen: the flow at the left, what is next and who has come how far at the right.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Position, Rect};

use super::{Home, Pane};
use crate::app::query::{Overview, PersonProgress};
use crate::tui::mouse::Under;
use crate::tui::screen::Cx;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::panel::{draw_box, draw_empty};
use crate::tui::widget::text::{StyledLine, count, cut, fit, paint, width, wrap_text};

impl Home {
    /// Draws both halves.
    pub(super) fn draw(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let Some(overview) = &self.overview else { return };
        let [left, next, progress, about] = places(area, overview);
        self.draw_flow(frame, left, cx.theme);
        self.draw_next(frame, next, cx, overview);
        if progress.height == 0 {
            return;
        }
        let inner = draw_box(frame, progress, cx.theme, "Votes so far", false);
        draw_lines(frame, inner, cx.theme, &people_lines(overview, usize::from(inner.width)));
        if about.height > 0 {
            let inner = draw_box(frame, about, cx.theme, "Question", false);
            draw_lines(frame, inner, cx.theme, &question_lines(overview, usize::from(inner.width)));
        }
    }

    /// Tells what lies under a place of the screen.
    pub(super) fn under_place(&self, at: Position, area: Rect) -> Under {
        let Some(overview) = &self.overview else { return Under::Nothing };
        let [flow, next, ..] = places(area, overview);
        let steps = |from: usize, to: usize| to as isize - from as isize;
        let (found, has_keys) = if flow.contains(at) {
            let inner = flow.inner(Margin::new(1, 1));
            let clicked = self.flow_rows(inner).get(usize::from(at.y.saturating_sub(inner.y))).copied().filter(|_| inner.contains(at));
            let is_box = |place: &usize| self.boxes[*place].flow_box.is_some();
            let before = |place: usize| (0..place).filter(is_box).count();
            let found = clicked.filter(is_box).map_or(Under::Text(None), |to| Under::Row(None, steps(before(self.box_at), before(to))));
            (found, self.pane == Pane::Flow)
        } else if next.contains(at) {
            let inner = next.inner(Margin::new(1, 1));
            let clicked =
                self.next_rows(inner, overview).get(usize::from(at.y.saturating_sub(inner.y))).copied().filter(|_| inner.contains(at));
            (clicked.map_or(Under::Nothing, |to| Under::Row(None, steps(self.next_at, to))), self.pane == Pane::Next)
        } else {
            return Under::Nothing;
        };
        if has_keys { found } else { found.behind("pane.next") }
    }

    /// Returns the boxes whose lines are visible, from the first line of the pane on.
    fn flow_rows(&self, inner: Rect) -> Vec<usize> {
        let height = usize::from(inner.height);
        let is_tight = self.boxes.len() > height;
        let shown: Vec<usize> = (0..self.boxes.len()).filter(|at| !is_tight || self.boxes[*at].count.is_some()).collect();
        let place = shown.iter().position(|at| *at == self.box_at).unwrap_or(0);
        let top = (place + 1).saturating_sub(height);
        shown.into_iter().skip(top).take(height).collect()
    }

    /// Returns for each visible line which step it belongs to.
    fn next_rows(&self, inner: Rect, overview: &Overview) -> Vec<usize> {
        let room = usize::from(inner.width).saturating_sub(8);
        let first = self.next_at.saturating_sub(usize::from(inner.height / 2));
        let steps = overview.next.iter().enumerate().skip(first);
        let lines = steps.flat_map(|(at, step)| {
            let lines = wrap_text(&crate::tui::app_port::sentence(&step.what), Role::Text, room).len();
            std::iter::repeat_n(at, lines)
        });
        lines.take(usize::from(inner.height)).collect()
    }

    fn draw_flow(&self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let is_focused = self.pane == Pane::Flow;
        let title = if self.has_checks_failed { "Flow  ! the numbers do not add up (g p, then c)" } else { "Flow" };
        let inner = draw_box(frame, area, theme, title, is_focused);
        let room = usize::from(inner.width).saturating_sub(2);
        for (at, y) in self.flow_rows(inner).iter().zip(inner.y..) {
            let is_selected = is_focused && *at == self.box_at;
            let mut line = vec![(if is_selected { "▸" } else { " " }.to_owned(), Role::Text)];
            line.extend(self.boxes[*at].line(room, self.identified));
            let place = Rect { y, height: 1, ..inner };
            frame.render_widget(paint(&line, theme), place);
            if is_selected {
                frame.buffer_mut().set_style(place, theme.style(Role::Selection));
            }
        }
    }

    fn draw_next(&self, frame: &mut Frame, area: Rect, cx: &Cx, overview: &Overview) {
        let theme = cx.theme;
        let is_focused = self.pane == Pane::Next;
        let inner = draw_box(frame, area, theme, "What is next", is_focused);
        if overview.next.is_empty() {
            return draw_empty(frame, inner, theme, "Nothing waits for you.", "Tab goes to the flow, g m to the analyses, g l to the log.");
        }
        let room = usize::from(inner.width).saturating_sub(8);
        let mut y = inner.y;
        let first = self.next_at.saturating_sub(usize::from(inner.height / 2));
        for (at, step) in overview.next.iter().enumerate().skip(first) {
            let is_selected = at == self.next_at && is_focused;
            let role = if at == 0 { Role::Accent } else { Role::Text };
            let key = cx.keymap.keys_of(&format!("go.{}", step.screen)).into_iter().next().unwrap_or_default();
            for (row, text) in wrap_text(&crate::tui::app_port::sentence(&step.what), role, room).into_iter().enumerate() {
                if y >= inner.bottom() {
                    return;
                }
                let used: usize = text.iter().map(|(part, _)| width(part)).sum();
                let mut line = vec![(if is_selected && row == 0 { "▸ " } else { "  " }.to_owned(), Role::Text)];
                line.extend(text);
                line.push((" ".repeat(room.saturating_sub(used) + 1), Role::Text));
                line.push((if row == 0 { key.clone() } else { String::new() }, Role::Key));
                let place = Rect { y, height: 1, ..inner };
                frame.render_widget(paint(&line, theme), place);
                if is_selected {
                    frame.buffer_mut().set_style(place, theme.style(Role::Selection));
                }
                y += 1;
            }
        }
    }
}

/// Divides the screen: the flow at the left; at the right what is next, and where there is room the people and the question.
fn places(area: Rect, overview: &Overview) -> [Rect; 4] {
    let left_share = if area.width >= 140 { 45 } else { 52 };
    let [left, right] = Layout::horizontal([Constraint::Percentage(left_share), Constraint::Fill(1)]).areas(area);
    let (people, question) = if right.height < 14 {
        (0, 0)
    } else {
        let people = u16::try_from(people_lines(overview, 10).len()).unwrap_or(u16::MAX).saturating_add(2).min(right.height / 2);
        (people, if right.height >= 30 { 9 } else { 0 })
    };
    let [next, progress, about] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(people), Constraint::Length(question)]).areas(right);
    [left, next, progress, about]
}

/// Sets one line per person and stage that has anything to vote on.
fn people_lines(overview: &Overview, room: usize) -> Vec<StyledLine> {
    let with_work: Vec<&PersonProgress> = overview.progress.iter().filter(|progress| progress.total > 0).collect();
    if with_work.is_empty() {
        return vec![vec![("No record can be voted on yet.".to_owned(), Role::Muted)]];
    }
    let line = |progress: &&PersonProgress| {
        let is_me = overview.reviewer.as_ref() == Some(&progress.reviewer);
        let stage = if progress.stage == crate::domain::decision::Stage::TitleAbstract { "titles" } else { "full text" };
        let name = if is_me { "You".to_owned() } else { progress.reviewer.clone() };
        let numbers = format!(" {} of {}", count(progress.done), count(progress.total));
        let cells = room.saturating_sub(18 + numbers.chars().count() + 1).min(24);
        let full = (progress.done * cells).checked_div(progress.total).unwrap_or(0);
        vec![
            (fit(&name, 7, false), if is_me { Role::Accent } else { Role::Text }),
            (fit(stage, 11, false), Role::Muted),
            ("█".repeat(full), Role::Progress),
            ("░".repeat(cells - full), Role::Muted),
            (numbers, Role::Text),
        ]
    };
    with_work.iter().map(line).collect()
}

fn question_lines(overview: &Overview, room: usize) -> Vec<StyledLine> {
    let info = &overview.review;
    let parts = [
        ("Population", &info.population),
        ("Intervention", &info.intervention),
        ("Comparator", &info.comparator),
        ("Outcomes", &info.outcomes),
        ("Designs", &info.designs),
    ];
    let given = parts.into_iter().filter(|(_, text)| !text.trim().is_empty());
    let lines: Vec<StyledLine> =
        given.map(|(name, text)| vec![(fit(name, 14, false), Role::Muted), (cut(text, room.saturating_sub(14)), Role::Text)]).collect();
    if lines.is_empty() { wrap_text("The question is not written down yet; g e opens the setup.", Role::Muted, room) } else { lines }
}

/// Draws lines from the top of an area, as far as they fit.
pub(in crate::tui::screen) fn draw_lines(frame: &mut Frame, area: Rect, theme: &Theme, lines: &[StyledLine]) {
    for (line, y) in lines.iter().zip(area.y..area.bottom()) {
        frame.render_widget(paint(line, theme), Rect { y, height: 1, ..area });
    }
}
