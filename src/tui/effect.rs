//! What screens want to happen, as values; the runtime carries it out.

use std::path::PathBuf;

use super::message::Call;
use super::overlay::Overlay;
use super::port::{JobId, Port, Problem};

/// A wish of a screen or of the frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect<P: Port> {
    /// Carry out a small request now.
    Run(P::Request),
    /// Carry out a long request in the background; the text says what it does ("Finding duplicates").
    Spawn(String, P::Request),
    /// Ask a job to stop.
    Cancel(JobId),
    /// Answer a query.
    Load(P::Query),
    /// Give a command as if a key had given it.
    Call(Call),
    /// Lay something over the screen.
    Open(Box<Overlay>),
    /// Tell the person something in the line above the hints.
    Notice(Notice),
    /// Tell the person about something that went wrong.
    Problem(Problem),
    /// Put a text into the clipboard of the terminal.
    Copy(String),
    /// Open a file in the program that the system has for it.
    OpenFile(PathBuf),
    /// Open an address in the browser; only one that [`crate::domain::link::is_safe_url`] lets through is handed over.
    OpenLink(String),
    /// Go into the background of the shell.
    Suspend,
    /// End the program.
    Quit,
}

/// A wish that only the runtime can carry out: what is left of an [`Effect`] after the frame has seen to its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish<P: Port> {
    /// Carry out a small request now.
    Run(P::Request),
    /// Carry out a long request in the background.
    Spawn(String, P::Request),
    /// Ask a job to stop.
    Cancel(JobId),
    /// Answer a query.
    Load(P::Query),
    /// Put a text into the clipboard of the terminal.
    Copy(String),
    /// Open a file in the program that the system has for it.
    OpenFile(PathBuf),
    /// Open an address in the browser; only one that [`crate::domain::link::is_safe_url`] lets through is handed over.
    OpenLink(String),
    /// Go into the background of the shell.
    Suspend,
    /// End the program.
    Quit,
}

/// A short message in the line above the hints, gone after a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What kind of message it is.
    pub kind: NoticeKind,
    /// The message, as a sentence.
    pub text: String,
    /// Whether the key that takes the change back is shown after it.
    pub can_undo: bool,
}

/// The kind of a [`Notice`]; each has its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was done.
    Done,
    /// Something to know.
    Info,
    /// Something is in the way.
    Warning,
}

impl Notice {
    /// Makes a message about something that was done and can be taken back.
    pub fn done(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Done, text: text.into(), can_undo: true }
    }

    /// Makes a message about something to know.
    pub fn info(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Info, text: text.into(), can_undo: false }
    }

    /// Makes a message about something that is in the way.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Warning, text: text.into(), can_undo: false }
    }
}
