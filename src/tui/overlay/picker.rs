//! One of a list, found by a few letters or by its number: exclusion reasons, studies, filters.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Reaction;
use super::filter::best_matches;
use crate::tui::keymap::Key;
use crate::tui::message::Call;
use crate::tui::mouse::steps_in;
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widget::panel::{draw_popup, popup_place};
use crate::tui::widget::text::{cut, fit};
use crate::tui::widget::text_field::TextField;

/// How wide the box is.
const COLUMNS: u16 = 70;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the command is told.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// A remark beside it, or empty.
    pub detail: String,
}

/// A list to choose from; the choice becomes the last argument of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    title: String,
    choices: Vec<Choice>,
    field: TextField,
    found: Vec<usize>,
    chosen: usize,
    takes_new: bool,
    then: Call,
}

impl Picker {
    /// Makes a list to choose from.
    pub fn new(title: impl Into<String>, choices: Vec<Choice>, then: Call) -> Self {
        let found = (0..choices.len()).collect();
        Self { title: title.into(), choices, field: TextField::default(), found, chosen: 0, takes_new: false, then }
    }

    /// Lets the person give a value that is not in the list: what was typed, where nothing matches it.
    pub fn taking_new(mut self) -> Self {
        self.takes_new = true;
        self
    }

    /// Chooses the value at the beginning, if it is in the list.
    pub fn starting_at(mut self, value: &str) -> Self {
        self.chosen = self.choices.iter().position(|choice| choice.value == value).unwrap_or(0);
        self
    }

    /// Gives a key: letters search, digits 1 to 9 take at once while nothing is typed, Enter takes the chosen one.
    pub fn key(&mut self, key: Key) -> Reaction {
        let last = (self.found.len() + usize::from(self.offers_new())).saturating_sub(1);
        match key.code {
            KeyCode::Esc => return Reaction::Close,
            KeyCode::Up => self.chosen = self.chosen.checked_sub(1).unwrap_or(last),
            KeyCode::Down => self.chosen = if self.chosen < last { self.chosen + 1 } else { 0 },
            KeyCode::PageUp => self.chosen = self.chosen.saturating_sub(10),
            KeyCode::PageDown => self.chosen = (self.chosen + 10).min(last),
            KeyCode::Enter => return self.take(),
            _ => {
                let digit = key.typed().and_then(|letter| letter.to_digit(10)).filter(|_| self.field.text().is_empty());
                if let Some(at) = digit.and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1)).filter(|at| *at < self.found.len()) {
                    self.chosen = at;
                    return self.take();
                }
                if self.field.key(key) {
                    self.search();
                }
            }
        }
        Reaction::Stay
    }

    /// Tells whether what was typed can be taken as a new value: it is none of the list yet.
    fn offers_new(&self) -> bool {
        let typed = self.field.text().trim();
        self.takes_new && !typed.is_empty() && !self.choices.iter().any(|choice| choice.label.eq_ignore_ascii_case(typed))
    }

    /// Types a pasted text.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text.trim_end_matches(['\r', '\n']));
        self.search();
    }

    fn search(&mut self) {
        let texts: Vec<String> = self.choices.iter().map(|choice| format!("{} {}", choice.label, choice.detail)).collect();
        self.found = best_matches(self.field.text(), texts.iter().map(String::as_str));
        self.chosen = 0;
        if self.offers_new() {
            // Letters in any place match; what was typed as a whole is meant where it stands nowhere in the list.
            let typed = self.field.text().trim().to_lowercase();
            let holds = |at: &usize| self.choices[*at].label.to_lowercase().contains(&typed);
            self.chosen = self.found.iter().position(holds).unwrap_or(self.found.len());
        }
    }

    fn take(&self) -> Reaction {
        let typed = self.field.text().trim();
        match self.found.get(self.chosen).and_then(|at| self.choices.get(*at)) {
            Some(choice) => Reaction::Run(self.then.clone().arg(choice.value.clone())),
            None if self.offers_new() => Reaction::Run(self.then.clone().arg(typed)),
            None => Reaction::Tell("Nothing in the list matches.".to_owned()),
        }
    }

    fn height(&self) -> u16 {
        u16::try_from(self.choices.len()).unwrap_or(u16::MAX).saturating_add(4).clamp(6, 20)
    }

    /// Takes a click: a row is taken, one beside the box closes it.
    pub fn click(&mut self, at: Position, area: Rect) -> Option<KeyCode> {
        let place = popup_place(area, COLUMNS, self.height());
        if !place.contains(at) {
            return Some(KeyCode::Esc);
        }
        let rows = place.height.saturating_sub(4);
        let list = Rect { y: place.y + 3, height: rows, ..place };
        let top = (self.chosen + 1).saturating_sub(usize::from(rows));
        let steps = steps_in(list, at, top, 0, self.found.len() + usize::from(self.offers_new()))?;
        self.chosen = steps.unsigned_abs();
        Some(KeyCode::Enter)
    }

    /// Draws the field and the list.
    pub fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let theme = cx.theme;
        let inner = draw_popup(frame, area, theme, &self.title, COLUMNS, self.height());
        let room = usize::from(inner.width);
        self.field.view(frame, inner, theme, true);
        let rows = usize::from(inner.height).saturating_sub(2);
        let top = (self.chosen + 1).saturating_sub(rows);
        if self.found.is_empty() && !self.offers_new() {
            frame.render_widget(Line::styled("Nothing matches.", theme.style(Role::Muted)), Rect { y: inner.y + 2, height: 1, ..inner });
        }
        let y = inner.y + 2 + u16::try_from(self.found.len() - top.min(self.found.len())).unwrap_or(u16::MAX - 2 - inner.y);
        if self.offers_new() && y < inner.bottom() {
            let sign = if self.chosen >= self.found.len() { "▸ " } else { "  " };
            let line = Rect { y, height: 1, ..inner };
            frame.render_widget(Line::raw(cut(&format!("{sign}+ “{}” as a new one", self.field.text().trim()), room)), line);
            if self.chosen >= self.found.len() {
                frame.buffer_mut().set_style(line, theme.style(Role::Selection));
            }
        }
        // Where nothing has a remark, the labels have the whole width.
        let side = if self.choices.iter().all(|choice| choice.detail.is_empty()) { 0 } else { room / 3 };
        for (at, y) in (top..self.found.len().min(top + rows)).zip(inner.y + 2..) {
            let choice = &self.choices[self.found[at]];
            let number = if self.field.text().is_empty() && at < 9 { format!("{} ", at + 1) } else { "  ".to_owned() };
            let line = Rect { y, height: 1, ..inner };
            let detail = cut(&choice.detail, side);
            let spans = vec![
                Span::raw(if at == self.chosen { "▸ " } else { "  " }),
                Span::styled(number, theme.style(Role::Key)),
                Span::raw(fit(&choice.label, room.saturating_sub(5 + side), false)),
                Span::raw(" "),
                Span::styled(detail, theme.style(Role::Muted)),
            ];
            frame.render_widget(Line::from(spans), line);
            if at == self.chosen {
                frame.buffer_mut().set_style(line, theme.style(Role::Selection));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons() -> Picker {
        let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned(), detail: String::new() };
        let choices = vec![choice("population", "Wrong population"), choice("design", "Not randomised"), choice("dose", "Dose of 5 mg")];
        Picker::new("Why exclude?", choices, Call::new("fulltext.exclude"))
    }

    fn press(picker: &mut Picker, keys: &str) -> Reaction {
        keys.split_whitespace().map(|key| picker.key(Key::parse(key).expect(key))).last().expect("a key")
    }

    #[test]
    fn a_digit_takes_at_once() {
        assert_eq!(press(&mut reasons(), "2"), Reaction::Run(Call::new("fulltext.exclude").arg("design")));
        assert_eq!(press(&mut reasons(), "9"), Reaction::Stay);
    }

    #[test]
    fn letters_search_and_digits_after_them_too() {
        assert_eq!(press(&mut reasons(), "r a n d enter"), Reaction::Run(Call::new("fulltext.exclude").arg("design")));
        assert_eq!(press(&mut reasons(), "d 5 enter"), Reaction::Run(Call::new("fulltext.exclude").arg("dose")));
        assert!(matches!(press(&mut reasons(), "z z enter"), Reaction::Tell(_)));
    }

    #[test]
    fn a_new_value_is_taken_only_where_that_is_meant() {
        let mut picker = reasons().taking_new();
        assert_eq!(press(&mut picker, "z z enter"), Reaction::Run(Call::new("fulltext.exclude").arg("zz")));
        let mut picker = reasons().taking_new();
        assert_eq!(
            press(&mut picker, "d o s e up enter"),
            Reaction::Run(Call::new("fulltext.exclude").arg("dose")),
            "although one matches"
        );
    }
}
