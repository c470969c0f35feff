//! The seam between the screens and the review behind them.
//!
//! Screens speak in the types of a [`Port`]; a [`Service`] carries out what they ask. The framework knows neither the
//! store nor the use cases, so the same loop runs on a review, on a file that can only be read, and on made-up data in tests.

use std::fmt::Debug;

use crossbeam_channel::Sender;

use super::effect::Notice;
use super::keymap::KeyContext;
use super::message::{Call, Msg};

/// The types in which the screens and the review talk.
pub trait Port: Copy + Debug + PartialEq + Send + 'static {
    /// A change that a screen asks for.
    type Request: Clone + Debug + PartialEq + Send;
    /// What a finished request gives back.
    type Reply: Debug + Send;
    /// A question about the review that changes nothing.
    type Query: Clone + Debug + PartialEq + Send;
    /// The answer to a query.
    type Data: Debug + Send;
    /// Which parts of the review changed.
    type Change: Copy + Debug + PartialEq + Send;

    /// Every part of the review.
    const EVERYTHING: Self::Change;

    /// Returns both changes as one.
    fn join(one: Self::Change, other: Self::Change) -> Self::Change;

    /// Returns the request of a command that is the same on every screen (undo, redo), if the command is one.
    fn request_of(call: &Call) -> Option<Self::Request>;

    /// Returns what a person is told after a request, if anything.
    fn notice_of(reply: &Self::Reply) -> Option<Notice>;
}

/// What carries out the wishes of the screens.
pub trait Service<P: Port> {
    /// Returns what the frame shows about the review; called after every change.
    fn header(&mut self) -> Header;

    /// Answers a query; expected to take less than a few milliseconds.
    fn load(&mut self, query: P::Query) -> Result<P::Data, Problem>;

    /// Carries out a small change, such as one vote, and returns when it is safely stored.
    fn run(&mut self, request: P::Request) -> Result<Finished<P>, Problem>;

    /// Begins a long change in the background; every report goes through the reporter, the last one being
    /// [`Reporter::finished`].
    fn spawn(&mut self, request: P::Request, reporter: Reporter<P>);

    /// Asks a job to stop; it still reports its end.
    fn cancel(&mut self, job: JobId);

    /// Returns what somebody else changed in the file since the last call, if anything.
    fn poll(&mut self) -> Option<P::Change>;
}

/// A request carried out: its reply and what changed.
#[derive(Debug)]
pub struct Finished<P: Port> {
    /// The reply.
    pub reply: P::Reply,
    /// What changed.
    pub change: P::Change,
}

/// What the frame around every screen shows, and the condition words that hold for the review as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The title of the review.
    pub review: String,
    /// The name of the acting reviewer.
    pub reviewer: String,
    /// Words such as `has:undo` and `read_only`.
    pub words: KeyContext,
    /// What waits for the reviewer, as (name of the screen, number).
    pub waiting: Vec<(&'static str, usize)>,
}

/// Something that a person has to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How it is shown.
    pub weight: Weight,
    /// What happened, as a sentence.
    pub message: String,
    /// What to do next, if something is known.
    pub hint: Option<String>,
    /// What led to it, outermost first.
    pub causes: Vec<String>,
}

/// How a [`Problem`] is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// In the line above the hints: the person's own mistake, or something in the way.
    Notice,
    /// In a dialog with a report that can be copied: files, damage, faults of the program.
    Dialog,
}

/// The number of a job within one run of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub u64);

/// How far a job has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, as a phrase ("comparing records").
    pub phase: String,
    /// How many steps are done.
    pub done: u64,
    /// How many steps there are; 0 where that is not known.
    pub total: u64,
}

/// The way for a job to report.
#[derive(Debug, Clone)]
pub struct Reporter<P: Port> {
    job: JobId,
    queue: Sender<Msg<P>>,
}

impl<P: Port> Reporter<P> {
    /// Makes a reporter for a job that writes into the queue of the loop.
    pub fn new(job: JobId, queue: Sender<Msg<P>>) -> Self {
        Self { job, queue }
    }

    /// Returns the job.
    pub fn job(&self) -> JobId {
        self.job
    }

    /// Reports how far the job has come. Nothing happens when the program is ending.
    pub fn progress(&self, progress: Progress) {
        let _gone = self.queue.send(Msg::Progress(self.job, progress));
    }

    /// Reports the end of the job. Nothing happens when the program is ending.
    pub fn finished(&self, result: Result<Finished<P>, Problem>) {
        let _gone = self.queue.send(Msg::JobFinished(self.job, result));
    }
}

impl Problem {
    /// Makes a problem that is told in the line above the hints.
    pub fn notice(message: impl Into<String>) -> Self {
        Self { weight: Weight::Notice, message: message.into(), hint: None, causes: Vec::new() }
    }

    /// Makes a problem that is told in a dialog.
    pub fn dialog(message: impl Into<String>) -> Self {
        Self { weight: Weight::Dialog, message: message.into(), hint: None, causes: Vec::new() }
    }
}
