//! The drawing of the studies and of a form.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::draft::counts;
use super::{Extraction, Mode};
use crate::tui::screen::Cx;
use crate::tui::screen::parts::draw_line;
use crate::tui::theme::Role;
use crate::tui::widget::panel::{draw_box, draw_empty};
use crate::tui::widget::text::{StyledLine, count, counted, paint};

/// The places of a form.
pub(super) struct Places {
    /// The studies beside the form, where there is room.
    pub(super) studies: Option<Rect>,
    /// The fields.
    pub(super) form: Rect,
    /// The box about the selected cell.
    pub(super) about: Rect,
}

impl Places {
    /// Divides the screen: below 100 columns one above the other, from 140 with the studies beside; with the text of a report, fields and
    /// box one above the other beside it.
    pub(super) fn of(area: Rect, has_text: bool) -> Self {
        let mut body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        if has_text {
            body.width = body.width.saturating_sub(Extraction::text_place(area).width);
        }
        if body.width < 100 {
            let rows = 7.min(body.height);
            let form = Rect { height: body.height - rows, ..body };
            return Self { studies: None, form, about: Rect { y: form.bottom(), height: rows, ..body } };
        }
        let side = 44;
        let studies = (body.width >= 140).then_some(Rect { width: 30, ..body });
        let left = studies.map_or(0, |studies| studies.width);
        let form = Rect { x: body.x + left, width: body.width - left - side, ..body };
        Self { studies, form, about: Rect { x: form.right(), width: side, ..body } }
    }
}

impl Extraction {
    /// Draws the list or the form, or says what to do where there is neither.
    pub(super) fn draw(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        if self.form.is_none() {
            let next = format!(
                "Press {} to begin with a template, or write one as a TOML file and take it into use: {}, then “use a form”.",
                key("form.template"),
                key("palette")
            );
            return draw_empty(frame, area, cx.theme, "The review has no extraction form yet.", &next);
        }
        if self.mode == Mode::Design {
            return self.designer.draw(frame, area, cx);
        }
        if self.studies.is_empty() {
            let what = if self.blocked > 0 {
                format!("{} without an included report.", counted(self.blocked, "study"))
            } else {
                "No study yet.".to_owned()
            };
            let next = format!("Included reports are tied to studies on the studies screen: press {}.", key("go.studies"));
            return draw_empty(frame, area, cx.theme, &what, &next);
        }
        match self.mode {
            Mode::List => {
                draw_line(frame, area, cx, &self.list_head());
                let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
                self.table.view(frame, body, cx.theme, true);
            }
            Mode::Form | Mode::Design => self.draw_form(frame, area, cx),
        }
    }

    fn list_head(&self) -> StyledLine {
        let submitted = self.studies.iter().filter(|study| study.is_mine_submitted).count();
        let blocked = if self.blocked > 0 { format!(" · {} without an included report", count(self.blocked)) } else { String::new() };
        let number = self.studies.len();
        let words = counted(number, "study");
        vec![
            (words, Role::Heading),
            (format!(" · your drafts: {} submitted, {} open", count(submitted), count(number - submitted)), Role::Text),
            (blocked, Role::Muted),
        ]
    }

    fn draw_form(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let text = self.shown_text(area);
        let places = Places::of(area, text.is_some());
        if let Some(reader) = text {
            let place = Self::text_place(area);
            reader.view(frame, place, cx, self.is_reading());
            if place == area {
                return;
            }
            draw_line(frame, Rect { width: area.width - place.width, ..area }, cx, &self.form_head());
        } else {
            draw_line(frame, area, cx, &self.form_head());
        }
        if let Some(place) = places.studies {
            let inner = draw_box(frame, place, cx.theme, "Studies", false);
            let top = self.table.selected().unwrap_or(0).saturating_sub(usize::from(inner.height).saturating_sub(1));
            for ((at, study), y) in self.studies.iter().enumerate().skip(top).zip(inner.y..inner.bottom()) {
                let sign = if study.is_mine_submitted {
                    "+"
                } else if study.my_cells > 0 {
                    "~"
                } else {
                    "-"
                };
                let arrow = if Some(at) == self.table.selected() { "▸" } else { " " };
                let line = vec![(format!("{arrow}{sign} "), Role::Muted), (study.label.clone(), Role::Text)];
                frame.render_widget(paint(&line, cx.theme), Rect { y, height: 1, ..inner });
            }
        }
        if self.shows_tables() {
            self.grid.view(frame, places.form, cx, !self.is_reading());
        } else {
            self.fields.view(frame, places.form, cx.theme, !self.is_reading());
        }
        let title = self.cell().map(|cell| cell.label.clone()).unwrap_or_default();
        let inner = draw_box(frame, places.about, cx.theme, &title, false);
        for (line, y) in self.about.iter().zip(inner.y..inner.bottom()) {
            frame.render_widget(paint(line, cx.theme), Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), y, height: 1 });
        }
    }

    fn form_head(&self) -> StyledLine {
        let Some(study) = self.study() else { return StyledLine::new() };
        let at = self.table.selected().unwrap_or(0) + 1;
        let mut head = vec![(study.label.clone(), Role::Heading), (format!(" · study {at} of {}", self.studies.len()), Role::Text)];
        let Some(draft) = self.shown_draft() else { return head };
        let (filled, cells, errors, warnings) = counts(draft);
        head.push((format!(" · {filled} of {cells} filled"), Role::Text));
        if draft.is_behind {
            head.push((format!(" · form version {}, {} is in use", draft.version, draft.in_use), Role::Warning));
        }
        if self.keeps_source {
            let page = self.last_source.as_ref().and_then(|source| source.page.clone()).unwrap_or_else(|| "report".to_owned());
            head.push((format!(" · source kept: {page}"), Role::Accent));
        }
        if errors > 0 {
            head.push((format!(" · ! {errors} to mend"), Role::Error));
        }
        if warnings > 0 {
            head.push((format!(" · ! {warnings} to look at"), Role::Warning));
        }
        let (state, role) = if draft.is_submitted { (" · + submitted, locked", Role::Success) } else { (" · ~ draft", Role::Pending) };
        head.push((state.to_owned(), role));
        head
    }
}
