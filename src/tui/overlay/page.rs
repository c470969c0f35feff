//! A text to read over the screen: help, explanations, details.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::Reaction;
use crate::tui::keymap::{HelpEntry, Key, KeyContext, Keymap, Resolved};
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widget::panel::{draw_popup, popup_place};
use crate::tui::widget::scroll::Scroll;
use crate::tui::widget::text::{StyledLine, fit, wrap_text};

/// How wide a page is, in cells of text.
pub const PAGE_ROOM: usize = 72;
/// How wide the box is.
const COLUMNS: u16 = 78;

/// A titled text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    title: String,
    text: Scroll,
}

impl Page {
    /// Makes a page from prepared lines, at most [`PAGE_ROOM`] cells wide.
    pub fn new(title: impl Into<String>, lines: Vec<StyledLine>) -> Self {
        Self { title: title.into(), text: Scroll::new(lines) }
    }

    /// Makes the help of a screen: first what this screen has, then what every screen has, from registry and keymap.
    pub fn help(screen: &str, keymap: &Keymap, context: &KeyContext) -> Self {
        let entries = keymap.entries(context);
        let is_here = |entry: &&HelpEntry| {
            entry.command.when.contains("screen:")
                && context.words().any(|word| word.starts_with("screen:") && entry.command.when.contains(word))
        };
        let (mut here, everywhere): (Vec<_>, Vec<_>) =
            entries.iter().filter(|entry| is_here(entry) || !entry.command.when.contains("screen:")).partition(is_here);
        here.sort_by_key(|entry| entry.command.when.matches("screen:").count() > 1);
        let mut lines = Vec::new();
        for (heading, entries) in [(format!("On this screen: {screen}"), here), ("On every screen".to_owned(), everywhere)] {
            if entries.is_empty() {
                continue;
            }
            lines.push(vec![(heading, Role::Heading)]);
            for entry in entries {
                lines.extend(help_lines(entry));
            }
            lines.push(StyledLine::new());
        }
        lines.extend(wrap_text(
            "Colours are never the only sign: I include, M maybe, E exclude, C conflict, ~ votes missing, - open, + done, ! problem.",
            Role::Muted,
            PAGE_ROOM,
        ));
        Self::new("Help", lines)
    }

    /// Gives a key to the page.
    pub fn key(&mut self, key: Key, cx: &Cx) -> Reaction {
        if key.is(KeyCode::Esc) || key.is(KeyCode::Enter) || key.is(KeyCode::Char('q')) || key.is(KeyCode::Char('?')) {
            return Reaction::Close;
        }
        self.text.set_height(Self::rows(cx.body));
        if let Resolved::Command(call) = cx.keymap.resolve(&[key], &KeyContext::new().with("list")) {
            self.text.command(call.id);
        }
        Reaction::Stay
    }

    fn rows(area: Rect) -> u16 {
        area.height.saturating_sub(4)
    }

    fn height(&self, area: Rect) -> u16 {
        let lines = u16::try_from(self.text.lines().len()).unwrap_or(u16::MAX);
        Self::rows(area).min(lines).saturating_add(2)
    }

    /// Returns where the page lies.
    pub fn place(&self, area: Rect) -> Rect {
        popup_place(area, COLUMNS, self.height(area))
    }

    /// Draws the page.
    pub fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let inner = draw_popup(frame, area, cx.theme, &self.title, COLUMNS, self.height(area));
        self.text.view(frame, inner, cx.theme);
    }
}

/// Sets one command: keys, title, sentence, and why it is unavailable.
fn help_lines(entry: &HelpEntry) -> Vec<StyledLine> {
    const KEYS: usize = 20;
    let is_available = entry.missing.is_empty();
    let role = if is_available { Role::Text } else { Role::Muted };
    let mut said = entry.command.doc.to_owned();
    if !is_available {
        said.push_str(&format!(" Not now: {}.", entry.missing.join(", ")));
    }
    let keys = if entry.keys.is_empty() { format!(":{}", entry.command.id) } else { entry.keys.clone() };
    wrap_text(&said, role, PAGE_ROOM - KEYS - 1)
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            let keys = if at == 0 { fit(&keys, KEYS, false) } else { " ".repeat(KEYS) };
            let mut whole = vec![(format!("{keys} "), Role::Key)];
            whole.extend(line);
            whole
        })
        .collect()
}
