//! Every command of the screens, found by a few letters, with its keys and why it is unavailable.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Reaction;
use super::filter::best_matches;
use crate::tui::keymap::{HelpEntry, Key, KeyContext, Keymap};
use crate::tui::message::Call;
use crate::tui::mouse::steps_in;
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widget::panel::{draw_popup, popup_place};
use crate::tui::widget::text::{cut, fit, paint, wrap_text};
use crate::tui::widget::text_field::TextField;

/// How wide the box is.
const COLUMNS: u16 = 76;

/// The palette: what is typed, and which of the found commands is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    entries: Vec<HelpEntry>,
    field: TextField,
    found: Vec<usize>,
    chosen: usize,
}

impl Palette {
    /// Opens the palette over a screen: what can be done now comes first.
    pub fn new(keymap: &Keymap, context: &KeyContext) -> Self {
        let mut entries = keymap.entries(context);
        entries.retain(|entry| entry.command.id != "palette");
        entries.sort_by_key(|entry| (!entry.missing.is_empty(), !entry.command.when.contains("screen:")));
        let found = (0..entries.len()).collect();
        Self { entries, field: TextField::default(), found, chosen: 0 }
    }

    /// Gives a key to the palette.
    pub fn key(&mut self, key: Key) -> Reaction {
        let last = self.found.len().saturating_sub(1);
        match key.code {
            KeyCode::Esc => return Reaction::Close,
            KeyCode::Up => self.chosen = self.chosen.checked_sub(1).unwrap_or(last),
            KeyCode::Down => self.chosen = if self.chosen < last { self.chosen + 1 } else { 0 },
            KeyCode::PageUp => self.chosen = self.chosen.saturating_sub(10),
            KeyCode::PageDown => self.chosen = (self.chosen + 10).min(last),
            KeyCode::Enter => {
                return match self.chosen_entry() {
                    None => Reaction::Tell("No command matches.".to_owned()),
                    Some(entry) if entry.missing.is_empty() => Reaction::Run(Call::new(entry.command.id)),
                    Some(entry) => Reaction::Tell(format!("“{}” is not available: {}.", entry.command.title, entry.missing.join(", "))),
                };
            }
            _ => {
                if self.field.key(key) {
                    self.search();
                }
            }
        }
        Reaction::Stay
    }

    /// Types a pasted text.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.search();
    }

    fn search(&mut self) {
        let texts: Vec<String> = self
            .entries
            .iter()
            .map(|entry| format!("{} {} {}", entry.command.title, entry.command.group.title(), entry.command.id))
            .collect();
        self.found = best_matches(self.field.text(), texts.iter().map(String::as_str));
        // What is called as typed comes first, even where it is not available: then it says why.
        let wanted = self.field.text().trim().to_lowercase();
        let is_called_so = |at: usize| !wanted.is_empty() && self.entries[at].command.title.to_lowercase().starts_with(&wanted);
        self.found.sort_by_key(|at| (!is_called_so(*at), !self.entries[*at].missing.is_empty()));
        self.chosen = 0;
    }

    fn chosen_entry(&self) -> Option<&HelpEntry> {
        self.found.get(self.chosen).and_then(|at| self.entries.get(*at))
    }

    fn height(area: Rect) -> u16 {
        area.height.saturating_sub(2).min(22)
    }

    /// Takes a click: a command is given, one beside the box closes it.
    pub fn click(&mut self, at: Position, area: Rect) -> Option<KeyCode> {
        let place = popup_place(area, COLUMNS, Self::height(area));
        if !place.contains(at) {
            return Some(KeyCode::Esc);
        }
        let rows = place.height.saturating_sub(6);
        let list = Rect { y: place.y + 2, height: rows, ..place };
        let top = (self.chosen + 1).saturating_sub(usize::from(rows));
        let steps = steps_in(list, at, top, 0, self.found.len())?;
        self.chosen = steps.unsigned_abs();
        Some(KeyCode::Enter)
    }

    /// Draws the palette: field, list, and the sentence about the chosen command.
    pub fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let theme = cx.theme;
        let inner = draw_popup(frame, area, theme, "Commands", COLUMNS, Self::height(area));
        let room = usize::from(inner.width);
        self.field.view(frame, inner, theme, true);
        let rows = usize::from(inner.height).saturating_sub(4);
        let top = (self.chosen + 1).saturating_sub(rows);
        for (at, y) in (top..self.found.len().min(top + rows)).zip(inner.y + 1..) {
            let entry = &self.entries[self.found[at]];
            let is_available = entry.missing.is_empty();
            let keys = cut(&entry.keys, 16);
            let title_room = room.saturating_sub(2 + 14 + 17);
            let title = if is_available {
                entry.command.title.to_owned()
            } else {
                format!("{} ({})", entry.command.title, entry.missing.first().copied().unwrap_or_default())
            };
            let line = Rect { y, height: 1, ..inner };
            let spans = vec![
                Span::raw(if at == self.chosen { "▸ " } else { "  " }),
                Span::styled(fit(entry.command.group.title(), 14, false), theme.style(Role::Muted)),
                Span::styled(fit(&title, title_room, false), theme.style(if is_available { Role::Text } else { Role::Muted })),
                Span::styled(fit(&keys, 17, true), theme.style(Role::Key)),
            ];
            frame.render_widget(Line::from(spans), line);
            if at == self.chosen {
                frame.buffer_mut().set_style(line, theme.style(Role::Selection));
            }
        }
        if let Some(entry) = self.chosen_entry() {
            let mut lines = wrap_text(entry.command.doc, Role::Text, room);
            if let Some(cli) = entry.command.cli {
                lines.push(vec![(format!("On the command line: tamis {cli}"), Role::Muted)]);
            }
            for (line, y) in lines.iter().take(3).zip(inner.bottom().saturating_sub(3)..) {
                frame.render_widget(paint(line, theme), Rect { y, height: 1, ..inner });
            }
        }
    }
}
