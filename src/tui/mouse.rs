//! What a mouse does, and what lies under its pointer. A mouse says nothing that a key could not: clicks and the wheel become commands.

use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::keymap::Key;
use super::message::Call;
use super::model::Model;
use super::overlay::Overlay;
use super::port::Port;
use super::update::Wishes;
use super::widget::bars::{hint_places, tab_places};
use super::widget::panel::SMALLEST;

/// How many lines of a text one step of the wheel reads on.
const LINES: usize = 3;

/// What was done with a mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gesture {
    /// The first button was pressed.
    Click,
    /// The wheel was turned away from the person.
    WheelUp,
    /// The wheel was turned towards the person.
    WheelDown,
}

/// Something done with a mouse at a place of the terminal, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What.
    pub gesture: Gesture,
    /// Where.
    pub at: Position,
}

impl Mouse {
    /// Takes what the terminal reports; `None` for what the program does not listen to, such as movements.
    pub fn from_event(event: &MouseEvent) -> Option<Self> {
        let gesture = match event.kind {
            MouseEventKind::Down(MouseButton::Left) => Gesture::Click,
            MouseEventKind::ScrollUp => Gesture::WheelUp,
            MouseEventKind::ScrollDown => Gesture::WheelDown,
            _ => return None,
        };
        Some(Self { gesture, at: Position::new(event.column, event.row) })
    }
}

/// What lies under a place of a screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Under {
    /// Nothing that a click means; the wheel moves whatever has the keys.
    #[default]
    Nothing,
    /// A text that the wheel reads, with the command that gives it the keys where it has not got them.
    Text(Option<&'static str>),
    /// A row that lies so many rows below the selected one, with the command that gives its list the keys.
    Row(Option<&'static str>, isize),
}

impl Under {
    /// Returns the same of a pane that has not got the keys: `focus` gives them to it.
    #[must_use]
    pub fn behind(self, focus: &'static str) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Text(_) => Self::Text(Some(focus)),
            Self::Row(_, steps) => Self::Row(Some(focus), steps),
        }
    }
}

impl<P: Port> Model<P> {
    /// Takes in what was done with the mouse.
    pub(super) fn mouse(&mut self, mouse: Mouse, wishes: &mut Wishes<P>) {
        self.pressed.clear();
        if self.size.width < SMALLEST.0 || self.size.height < SMALLEST.1 {
            return;
        }
        if !self.overlays.is_empty() {
            return self.mouse_over_box(mouse, wishes);
        }
        let is_typing = self.context().has("typing");
        let (is_click, row) = (mouse.gesture == Gesture::Click, mouse.at.y);
        if is_click && row + 1 == self.size.height {
            return self.click_hint(mouse.at.x, wishes);
        }
        // A field that is being edited keeps the keys until it is left.
        if is_typing {
            return;
        }
        if is_click && row == 1 {
            let (shown, tabs, active) = self.tabs();
            let found = tab_places(self.size.width, &tabs, active).into_iter().find(|(_, cells)| cells.contains(&mouse.at.x));
            if let Some(at) = found.and_then(|(tab, _)| shown.get(tab).copied()) {
                self.go(at, wishes);
            }
        } else if self.body().contains(mouse.at) {
            self.mouse_over_screen(mouse, wishes);
        }
    }

    fn mouse_over_screen(&mut self, mouse: Mouse, wishes: &mut Wishes<P>) {
        let under = self.screens[self.active].screen.under(mouse.at, &self.cx());
        let way = if mouse.gesture == Gesture::WheelUp { "move.up" } else { "move.down" };
        match (mouse.gesture, under) {
            (Gesture::Click, Under::Nothing) => {}
            (Gesture::Click, Under::Text(focus)) => self.give_all(&[focus], wishes),
            (Gesture::Click, Under::Row(None, 0)) => self.key(Key::plain(KeyCode::Enter), wishes),
            (Gesture::Click, Under::Row(focus, steps)) => {
                self.give_all(&[focus], wishes);
                let way = if steps < 0 { "move.up" } else { "move.down" };
                self.give_all(&vec![Some(way); steps.unsigned_abs()], wishes);
            }
            // The keys come back to the pane that had them.
            (_, Under::Text(focus)) => {
                self.give_all(&[focus], wishes);
                self.give_all(&[Some(way); LINES], wishes);
                self.give_all(&[focus], wishes);
            }
            (_, Under::Row(focus, _)) => self.give_all(&[focus, Some(way), focus], wishes),
            (_, Under::Nothing) if self.context().has("list") => self.give_all(&[Some(way); LINES], wishes),
            (_, Under::Nothing) => {}
        }
    }

    fn give_all(&mut self, ids: &[Option<&'static str>], wishes: &mut Wishes<P>) {
        for id in ids.iter().flatten() {
            self.give(&Call::new(id), wishes);
        }
    }

    /// A click on a hint of the bottom line does what its keys do.
    fn click_hint(&mut self, column: u16, wishes: &mut Wishes<P>) {
        let (hints, always) = self.hint_line();
        let places = hint_places(self.size.width, &hints, always.as_ref());
        let Some((hint, _)) = places.into_iter().find(|(_, cells)| cells.contains(&column)) else { return };
        for key in hint.keys {
            self.key(key, wishes);
        }
    }

    /// The wheel chooses and reads as the arrows do; a click takes a row, and one beside a box closes it, unless something is typed there.
    fn mouse_over_box(&mut self, mouse: Mouse, wishes: &mut Wishes<P>) {
        let body = self.body();
        let Some((overlay, _)) = self.overlay_mut() else { return };
        let code = match mouse.gesture {
            Gesture::WheelUp => KeyCode::Up,
            Gesture::WheelDown => KeyCode::Down,
            Gesture::Click => match overlay.click(mouse.at, body) {
                Some(code) => code,
                None => return,
            },
        };
        let is_read = matches!(overlay, Overlay::Page(_)) && mouse.gesture != Gesture::Click;
        for _ in 0..if is_read { LINES } else { 1 } {
            self.key(Key::plain(code), wishes);
        }
    }
}

/// Returns how many rows below the selected row a place is, for rows of one line each from `area`'s first line on.
pub fn steps_in(area: Rect, at: Position, top: usize, selected: usize, total: usize) -> Option<isize> {
    if !area.contains(at) {
        return None;
    }
    let row = top + usize::from(at.y - area.y);
    (row < total).then(|| row as isize - selected as isize)
}
