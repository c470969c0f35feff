//! Everything that can happen to the screens, as values.

use super::keymap::Key;
use super::mouse::Mouse;
use super::port::{Finished, Header, JobId, Port, Problem, Progress};

/// A command given, with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The id in the registry.
    pub id: &'static str,
    /// What the command was told, in order; a screen asks for what is missing.
    pub args: Vec<String>,
}

impl Call {
    /// Makes a call without arguments.
    pub fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new() }
    }

    /// Adds an argument.
    pub fn arg(mut self, value: impl Into<String>) -> Self {
        self.args.push(value.into());
        self
    }
}

/// Who asked for something, and so gets the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// The screen of that name.
    Screen(&'static str),
    /// The frame around the screens.
    Frame,
}

/// Something that happened to the program.
#[derive(Debug)]
pub enum Msg<P: Port> {
    /// A key was pressed.
    Key(Key),
    /// Something was done with the mouse.
    Mouse(Mouse),
    /// A text was pasted.
    Paste(String),
    /// The terminal has a new size, as columns and rows.
    Resize(u16, u16),
    /// A command was given by other means than a key.
    Command(Call),
    /// A query was answered.
    Loaded(Address, Result<P::Data, Problem>),
    /// A request was carried out.
    Done(Address, Result<Finished<P>, Problem>),
    /// A job began for the one who asked for it; the text says what it does.
    JobStarted(JobId, Address, String),
    /// A job has come further.
    Progress(JobId, Progress),
    /// A job has ended.
    JobFinished(JobId, Result<Finished<P>, Problem>),
    /// Somebody else changed the review.
    Changed(P::Change),
    /// The frame has something new to show.
    Header(Header),
    /// Time passed; sent only while something moves.
    Tick,
    /// The terminal was left and taken back, and must be drawn whole.
    Redraw,
    /// The system asks the program to end.
    Terminate,
}

/// Something that happened to one screen.
#[derive(Debug)]
pub enum ScreenMsg<P: Port> {
    /// A key that is no command: typing, or moving in a field.
    Key(Key),
    /// A text was pasted.
    Paste(String),
    /// A command was given whose condition holds.
    Command(Call),
    /// A query of this screen was answered.
    Loaded(P::Data),
    /// A request of this screen was carried out; reloading is seen to.
    Done(P::Reply),
    /// A query or request of this screen failed; the person has been told.
    Failed(Problem),
    /// The screen has a new size, or was opened.
    Resized,
}
