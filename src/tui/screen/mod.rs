//! What every screen has: messages in, wishes out, a drawing, and the words that conditions ask for.

pub mod analysis;
pub mod appraisal;
pub mod boxes;
pub mod conflicts;
pub mod consensus;
pub mod duplicates;
pub mod extraction;
pub mod findings;
pub mod flow;
pub mod fulltext;
pub mod home;
pub mod log;
mod parts;
pub mod record_list;
mod report_reader;
pub mod rounds;
pub mod screening;
pub mod setup;
pub mod sources;
pub mod studies;
pub mod warnings;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::effect::Effect;
use super::keymap::{KeyContext, Keymap};
use super::message::{Address, ScreenMsg};
use super::mouse::Under;
use super::port::{Header, JobId, Port, Progress};
use super::theme::Theme;

/// What a screen may read while it updates or draws itself.
#[derive(Debug, Clone, Copy)]
pub struct Cx<'a> {
    /// The colours.
    pub theme: &'a Theme,
    /// The keys, for hints within texts.
    pub keymap: &'a Keymap,
    /// The place of the screen within the terminal.
    pub body: Rect,
    /// How often time has passed, for things that move.
    pub tick: u64,
    /// What the frame shows about the review.
    pub header: &'a Header,
    /// What is being worked on.
    pub jobs: &'a [JobView],
}

/// A job as the screens show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobView {
    /// Its number.
    pub id: JobId,
    /// What it does ("Finding duplicates").
    pub title: String,
    /// Who began it.
    pub from: Address,
    /// How far it has come, once it has said so.
    pub progress: Option<Progress>,
    /// Whether it was asked to stop.
    pub is_stopping: bool,
}

/// A screen of the program.
///
/// `update` does no input or output and `view` only reads; slow text is prepared in `update`.
pub trait Screen<P: Port> {
    /// Returns the name in conditions and commands: `screen:NAME`, `go.NAME`.
    fn name(&self) -> &'static str;

    /// Returns the title of the tab.
    fn title(&self) -> &'static str;

    /// Tells whether the screen always has a tab. One that is needed now and then has it only while it is shown, so that the tabs of
    /// everyday work keep their room.
    fn has_tab(&self) -> bool {
        true
    }

    /// Takes in what happened and returns what should happen.
    fn update(&mut self, msg: ScreenMsg<P>, cx: &Cx) -> Vec<Effect<P>>;

    /// Asks for the data of the screen anew, as far as the change touches it; called when the screen is opened, too.
    fn reload(&mut self, change: P::Change, cx: &Cx) -> Vec<Effect<P>>;

    /// Draws the screen.
    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx);

    /// Tells what lies under a place of the terminal, for the mouse. Where nothing is told, the wheel still moves what has the keys.
    fn under(&self, _at: Position, _cx: &Cx) -> Under {
        Under::Nothing
    }

    /// Returns the condition words that hold now, without `screen:NAME` and those of the review.
    fn context(&self) -> KeyContext;
}

#[cfg(test)]
pub(crate) mod example;
