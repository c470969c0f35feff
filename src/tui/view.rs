//! The drawing of the frame: title, tabs, screen, notice, hints, and what lies over the screen.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::effect::NoticeKind;
use super::keymap::Hint;
use super::model::Model;
use super::overlay::which_key::draw_which_key;
use super::port::Port;
use super::theme::Role;
use super::widget::bars::{Tab, draw_hints, draw_title};
use super::widget::panel::{SMALLEST, draw_too_small};
use super::widget::progress::progress_line;
use super::widget::text::{StyledLine, cut, paint, sweep};

impl<P: Port> Model<P> {
    /// Draws everything.
    pub fn view(&self, frame: &mut Frame) {
        let area = frame.area();
        frame.buffer_mut().set_style(area, self.theme.style(Role::Text));
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            draw_too_small(frame, area, &self.theme);
        } else {
            self.view_frame(frame, area);
        }
        sweep(frame.buffer_mut());
    }

    fn view_frame(&self, frame: &mut Frame, area: Rect) {
        let cx = self.cx();
        let (_, tabs, active) = self.tabs();
        draw_title(frame, Rect { height: 2, ..area }, &self.theme, &self.header.review, &self.header.reviewer, &tabs, active);
        let body = self.body().intersection(area);
        self.screens[self.active].screen.view(frame, body, &cx);
        for overlay in &self.overlays {
            overlay.view(frame, body, &cx);
        }
        if !self.pressed.is_empty() {
            let next = self.keymap.continuations(&self.pressed, &self.context());
            draw_which_key(frame, body, &cx, &self.pressed, &next);
        }
        let foot = Rect { y: area.bottom() - 2, height: 1, ..area };
        frame.render_widget(paint(&self.notice_line(usize::from(area.width)), &self.theme), foot);
        self.view_hints(frame, Rect { y: area.bottom() - 1, ..foot });
    }

    fn view_hints(&self, frame: &mut Frame, area: Rect) {
        let (hints, always) = self.hint_line();
        draw_hints(frame, area, &self.theme, &hints, always.as_ref());
    }

    /// Returns the screens that have a tab, their tabs, and which of these is the shown one.
    pub(super) fn tabs(&self) -> (Vec<usize>, Vec<Tab>, usize) {
        let waiting = |name: &str| self.header.waiting.iter().find(|(screen, _)| *screen == name).map_or(0, |(_, number)| *number);
        let shown: Vec<usize> = (0..self.screens.len()).filter(|at| self.has_tab(*at)).collect();
        let tab = |at: &usize| {
            let screen = &self.screens[*at].screen;
            Tab { title: screen.title().to_owned(), waiting: waiting(screen.name()) }
        };
        let tabs = shown.iter().map(tab).collect();
        let active = shown.iter().position(|at| *at == self.active).unwrap_or(0);
        (shown, tabs, active)
    }

    /// Returns the hints of the bottom line, and the one that always stays.
    pub(super) fn hint_line(&self) -> (Vec<Hint>, Option<Hint>) {
        if let Some(overlay) = self.overlays.last() {
            let hints: Vec<Hint> = overlay.hints().iter().map(|(key, label)| Hint::named(key, label)).collect();
            let last = hints.last().cloned();
            return (hints, last);
        }
        let mut hints = self.keymap.hints(&self.context());
        if self.context().has("typing") {
            hints.insert(0, Hint::named("Esc", "leave field"));
            hints.insert(0, Hint::named("Enter", "done"));
        }
        let help = self.keymap.keys_of("help").into_iter().next();
        let help = help.and_then(|key| hints.iter().find(|hint| hint.key == key).cloned());
        (hints, help)
    }

    /// Sets the line above the hints: the notice, else the running work, else that the file can only be read.
    fn notice_line(&self, room: usize) -> StyledLine {
        if let Some((notice, _)) = &self.notice {
            let (sign, role) = match notice.kind {
                NoticeKind::Done => ("+", Role::Success),
                NoticeKind::Info => ("·", Role::Accent),
                NoticeKind::Warning => ("!", Role::Warning),
            };
            let undo = self.keymap.keys_of("undo").into_iter().next().filter(|_| notice.can_undo && self.header.words.has("has:undo"));
            let tail = undo.as_ref().map_or(0, |key| key.chars().count() + 16);
            let mut line = vec![(format!(" {sign} {}", cut(&notice.text, room.saturating_sub(tail + 4))), role)];
            if let Some(key) = undo {
                line.push(("   ".to_owned(), Role::Text));
                line.push((key, Role::Key));
                line.push((" takes it back".to_owned(), Role::Hint));
            }
            return line;
        }
        if let Some(job) = self.jobs.first() {
            let mut line = vec![(" ".to_owned(), Role::Text)];
            line.extend(progress_line(&job.title, job.progress.as_ref(), self.tick, room));
            if self.jobs.len() > 1 {
                line.push((format!("   and {} more", self.jobs.len() - 1), Role::Muted));
            }
            return line;
        }
        if self.header.words.has("read_only") {
            return vec![(" ! This file can only be read; nothing can be changed.".to_owned(), Role::Warning)];
        }
        StyledLine::new()
    }
}
