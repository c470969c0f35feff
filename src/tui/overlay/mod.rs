//! What lies over a screen: a stack of boxes; the top one gets the keys first, and Esc takes it away.

pub mod ask;
pub mod confirm;
pub mod filter;
pub mod jobs;
pub mod page;
pub mod palette;
pub mod picker;
pub mod problem;
pub mod which_key;

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

pub use ask::{Ask, Question};
pub use confirm::Confirm;
pub use jobs::Jobs;
pub use page::Page;
pub use palette::Palette;
pub use picker::{Choice, Picker};
pub use problem::ProblemBox;

use super::keymap::Key;
use super::message::Call;
use super::port::JobId;
use super::screen::Cx;

/// A box over the screen.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// Every command, found by a few letters.
    Palette(Palette),
    /// A text to read, such as help.
    Page(Page),
    /// A yes or no.
    Confirm(Confirm),
    /// Fields to fill in.
    Ask(Ask),
    /// One of a list.
    Picker(Picker),
    /// What is being worked on.
    Jobs(Jobs),
    /// Something that went wrong.
    Problem(ProblemBox),
}

/// What an overlay wants after a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// To stay.
    Stay,
    /// To go.
    Close,
    /// To go, and this command to be given.
    Run(Call),
    /// To stay, and this text to be put into the clipboard.
    Copy(String),
    /// To stay, and this job to be stopped.
    Cancel(JobId),
    /// To stay, and the person to be told why nothing happened.
    Tell(String),
}

impl Overlay {
    /// Gives a key to the overlay.
    pub fn key(&mut self, key: Key, cx: &Cx) -> Reaction {
        match self {
            Self::Palette(palette) => palette.key(key),
            Self::Page(page) => page.key(key, cx),
            Self::Confirm(confirm) => confirm.key(key),
            Self::Ask(ask) => ask.key(key),
            Self::Picker(picker) => picker.key(key),
            Self::Jobs(jobs) => jobs.key(key, cx),
            Self::Problem(problem) => problem.key(key),
        }
    }

    /// Gives a pasted text to the overlay; it never gives a command.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Palette(palette) => palette.paste(text),
            Self::Ask(ask) => ask.paste(text),
            Self::Picker(picker) => picker.paste(text),
            Self::Page(_) | Self::Confirm(_) | Self::Jobs(_) | Self::Problem(_) => {}
        }
    }

    /// Takes a click and returns the key that says the same, if one does: Enter on a row, Esc beside the box. A box with fields stays.
    pub fn click(&mut self, at: Position, area: Rect) -> Option<KeyCode> {
        match self {
            Self::Palette(palette) => palette.click(at, area),
            Self::Picker(picker) => picker.click(at, area),
            Self::Page(page) => (!page.place(area).contains(at)).then_some(KeyCode::Esc),
            Self::Confirm(_) | Self::Ask(_) | Self::Jobs(_) | Self::Problem(_) => None,
        }
    }

    /// Returns what the keys do here, for the bottom line.
    pub fn hints(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Palette(_) => &[("↑↓", "choose"), ("Enter", "do it"), ("Esc", "close")],
            Self::Page(_) => &[("↑↓", "read"), ("Esc", "close")],
            Self::Confirm(_) => &[("y", "yes"), ("n", "no")],
            Self::Ask(_) => &[("Tab", "next field"), ("Enter", "done"), ("Esc", "cancel")],
            Self::Picker(_) => &[("↑↓", "choose"), ("Enter", "take"), ("Esc", "cancel")],
            Self::Jobs(_) => &[("↑↓", "choose"), ("x", "stop"), ("Esc", "close")],
            Self::Problem(_) => &[("c", "copy report"), ("Esc", "close")],
        }
    }

    /// Draws the overlay over the screen.
    pub fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        match self {
            Self::Palette(palette) => palette.view(frame, area, cx),
            Self::Page(page) => page.view(frame, area, cx),
            Self::Confirm(confirm) => confirm.view(frame, area, cx),
            Self::Ask(ask) => ask.view(frame, area, cx),
            Self::Picker(picker) => picker.view(frame, area, cx),
            Self::Jobs(jobs) => jobs.view(frame, area, cx),
            Self::Problem(problem) => problem.view(frame, area, cx),
        }
    }
}
