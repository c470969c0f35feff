//! A form: one field per line under headings, with its value, unit and what is wrong with it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::scroll::draw_thumb;
use super::text::{cut, fit};
use super::text_field::TextField;
use crate::tui::keymap::Key;
use crate::tui::theme::{Mark, Role, Theme};

/// A line of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormRow {
    /// A heading over the fields that follow.
    Heading(String),
    /// A field.
    Field(FormField),
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// The path under which the value is stored.
    pub path: String,
    /// The label.
    pub label: String,
    /// The value as entered; empty for none.
    pub value: String,
    /// The unit, or empty.
    pub unit: String,
    /// Whether the form needs a value.
    pub is_required: bool,
    /// The state, if it is worth a sign.
    pub mark: Option<Mark>,
    /// A remark about the value: what is wrong with it, or where it comes from.
    pub remark: String,
}

/// A form with its selected field, which may be being edited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    rows: Vec<FormRow>,
    selected: usize,
    top: usize,
    height: usize,
    editing: Option<TextField>,
}

/// What became of a key while a field was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// Editing goes on.
    Going,
    /// The person left the field with this value for this path.
    Entered(String, String),
    /// The person gave up; the value is as before.
    Cancelled,
    /// The key means nothing here.
    Ignored,
}

impl Form {
    /// Gives the rows; the selection stays on the same path where it still exists, and editing goes on there.
    pub fn set_rows(&mut self, rows: Vec<FormRow>) {
        let path = self.selected_field().map(|field| field.path.clone());
        self.rows = rows;
        let kept = path.and_then(|path| self.rows.iter().position(|row| matches!(row, FormRow::Field(field) if field.path == path)));
        if kept.is_none() {
            self.editing = None;
        }
        self.select(kept.unwrap_or(0), true);
    }

    /// Tells how many rows are visible.
    pub fn set_height(&mut self, height: u16) {
        self.height = usize::from(height);
        self.scroll();
    }

    /// Returns the selected field.
    pub fn selected_field(&self) -> Option<&FormField> {
        match self.rows.get(self.selected) {
            Some(FormRow::Field(field)) => Some(field),
            _ => None,
        }
    }

    /// Selects the field with this path, if there is one.
    pub fn select_path(&mut self, path: &str) {
        if let Some(at) = self.rows.iter().position(|row| matches!(row, FormRow::Field(field) if field.path == path)) {
            self.select(at, true);
        }
    }

    /// Returns whether a field is being edited.
    pub fn is_editing(&self) -> bool {
        self.editing.is_some()
    }

    /// Returns what is typed so far into the field that is being edited.
    pub fn typed(&self) -> Option<&str> {
        self.editing.as_ref().map(TextField::text)
    }

    /// Begins to edit the selected field.
    pub fn edit(&mut self) {
        self.editing = self.selected_field().map(|field| TextField::new(&field.value));
    }

    /// Gives a key to the field that is being edited: Enter and Tab leave it, Esc gives up.
    pub fn key(&mut self, key: Key) -> Edited {
        use crossterm::event::KeyCode;
        let Some(field) = &mut self.editing else { return Edited::Ignored };
        if key.is(KeyCode::Esc) {
            self.editing = None;
            return Edited::Cancelled;
        }
        if key.is(KeyCode::Enter) || key.is(KeyCode::Tab) {
            let value = field.text().trim().to_owned();
            self.editing = None;
            let path = self.selected_field().map(|field| field.path.clone()).unwrap_or_default();
            self.command("move.down");
            return Edited::Entered(path, value);
        }
        if field.key(key) { Edited::Going } else { Edited::Ignored }
    }

    /// Gives a pasted text to the field that is being edited.
    pub fn paste(&mut self, text: &str) {
        if let Some(field) = &mut self.editing {
            field.paste(text);
        }
    }

    /// Carries out a command of moving (`move.down`, ...); returns whether it was one.
    pub fn command(&mut self, id: &str) -> bool {
        let page = self.height.saturating_sub(1).max(1);
        let (to, is_down) = match id {
            "move.up" => (self.selected.saturating_sub(1), false),
            "move.down" => (self.selected + 1, true),
            "move.page_up" => (self.selected.saturating_sub(page), false),
            "move.page_down" => (self.selected + page, true),
            "move.first" => (0, true),
            "move.last" => (usize::MAX, false),
            _ => return false,
        };
        self.select(to, is_down);
        true
    }

    /// Selects the field at the row or the nearest one in the direction of moving, else the nearest one the other way.
    fn select(&mut self, row: usize, is_down: bool) {
        let row = row.min(self.rows.len().saturating_sub(1));
        let is_field = |at: &usize| matches!(self.rows.get(*at), Some(FormRow::Field(_)));
        let below = (row..self.rows.len()).find(is_field);
        let above = (0..=row).rev().find(is_field);
        let found = if is_down { below.or(above) } else { above.or(below) };
        self.selected = found.unwrap_or(0);
        self.scroll();
    }

    fn scroll(&mut self) {
        let height = self.height.max(1);
        let first = if matches!(self.selected.checked_sub(1).and_then(|at| self.rows.get(at)), Some(FormRow::Heading(_))) {
            self.selected - 1
        } else {
            self.selected
        };
        self.top = self.top.min(first).max((self.selected + 1).saturating_sub(height)).min(self.rows.len().saturating_sub(height));
    }

    /// Draws the form: label, value, unit and remark in columns.
    pub fn view(&self, frame: &mut Frame, area: Rect, theme: &Theme, is_focused: bool) {
        let room = usize::from(area.width.saturating_sub(3));
        let label_room = (room * 2 / 5).min(36);
        let value_room = ((room - label_room) / 2).clamp(8, 40).min(room.saturating_sub(label_room));
        let height = usize::from(area.height);
        for (at, y) in (self.top..self.rows.len().min(self.top + height)).zip(area.y..) {
            let line = Rect { y, height: 1, ..area };
            match &self.rows[at] {
                FormRow::Heading(title) => frame.render_widget(Line::styled(cut(title, room), theme.style(Role::Heading)), line),
                FormRow::Field(field) => {
                    let is_selected = at == self.selected;
                    let mark = field.mark.or((field.is_required && field.value.is_empty()).then_some(Mark::Pending));
                    let sign = mark.map_or((" ", Role::Text), |mark| (mark.sign(), mark.role()));
                    let unit = if field.unit.is_empty() { String::new() } else { format!("{} ", field.unit) };
                    let rest = room.saturating_sub(label_room + value_room + 2);
                    let spans = vec![
                        Span::raw(if is_selected { "▸" } else { " " }),
                        Span::styled(sign.0, theme.style(sign.1)),
                        Span::raw(" "),
                        Span::styled(
                            fit(&field.label, label_room, false),
                            theme.style(if is_selected { Role::Accent } else { Role::Text }),
                        ),
                        Span::raw(" "),
                        Span::styled(fit(&field.value, value_room, false), theme.style(Role::Field)),
                        Span::raw(" "),
                        Span::styled(cut(&format!("{unit}{}", field.remark), rest), theme.style(Role::Muted)),
                    ];
                    frame.render_widget(Line::from(spans), line);
                    if is_selected {
                        let x = area.x + 4 + u16::try_from(label_room).unwrap_or(0);
                        let field_area = Rect { x, width: u16::try_from(value_room).unwrap_or(0), ..line };
                        match &self.editing {
                            Some(editing) => editing.view(frame, field_area.intersection(area), theme, true),
                            None if is_focused => frame.buffer_mut().set_style(line, theme.style(Role::Selection)),
                            None => {}
                        }
                    }
                }
            }
        }
        draw_thumb(frame, area, theme, self.top, self.rows.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(path: &str, value: &str) -> FormRow {
        FormRow::Field(FormField {
            path: path.to_owned(),
            label: path.to_owned(),
            value: value.to_owned(),
            unit: String::new(),
            is_required: true,
            mark: None,
            remark: String::new(),
        })
    }

    fn form() -> Form {
        let mut form = Form::default();
        form.set_height(4);
        form.set_rows(vec![
            FormRow::Heading("Arms".to_owned()),
            field("a", "1"),
            FormRow::Heading("Pain".to_owned()),
            field("b", ""),
            field("c", ""),
        ]);
        form
    }

    #[test]
    fn headings_are_stepped_over() {
        let mut form = form();
        assert_eq!(form.selected_field().map(|field| field.path.as_str()), Some("a"));
        form.command("move.down");
        assert_eq!(form.selected_field().map(|field| field.path.as_str()), Some("b"));
        form.command("move.up");
        form.command("move.up");
        assert_eq!(form.selected_field().map(|field| field.path.as_str()), Some("a"));
    }

    #[test]
    fn a_value_is_entered_and_the_next_field_follows() {
        let mut form = form();
        form.edit();
        for key in ["2", "."] {
            assert_eq!(form.key(Key::parse(key).expect(key)), Edited::Going);
        }
        assert_eq!(form.key(Key::parse("enter").expect("key")), Edited::Entered("a".to_owned(), "12.".to_owned()));
        assert_eq!(form.selected_field().map(|field| field.path.as_str()), Some("b"));
        form.edit();
        assert_eq!(form.key(Key::parse("esc").expect("key")), Edited::Cancelled);
        assert!(!form.is_editing());
    }

    #[test]
    fn an_empty_form_takes_every_key_calmly() {
        let mut form = Form::default();
        form.edit();
        assert!(form.command("move.down") && !form.is_editing());
        assert_eq!(form.key(Key::parse("x").expect("key")), Edited::Ignored);
    }
}
