//! Carries out what the screens wish for.

use std::io;
use std::path::Path;

use crossbeam_channel::Sender;

use super::effect::Wish;
use super::message::{Address, Msg};
use super::port::{JobId, Port, Problem, Reporter, Service};
use crate::domain::link::is_safe_url;

/// The world outside the review: clipboard, other programs, the shell.
pub trait Outside {
    /// Puts a text into the clipboard.
    fn copy(&mut self, text: &str) -> io::Result<()>;
    /// Opens a file in the program that the system has for it.
    fn open_file(&mut self, path: &Path) -> io::Result<()>;
    /// Opens an address in the browser; it has been checked before.
    fn open_link(&mut self, url: &str) -> io::Result<()>;
    /// Goes into the background of the shell and returns when the program is called back.
    fn suspend(&mut self) -> io::Result<()>;
    /// Takes the terminal again after somebody else had it.
    fn retake(&mut self) -> io::Result<()>;
}

/// The service, the world outside, and the queue into which jobs report.
pub struct Runtime<P: Port, S, O> {
    service: S,
    outside: O,
    queue: Sender<Msg<P>>,
    last_job: u64,
}

/// What came of a wish.
#[derive(Debug)]
pub enum Outcome<P: Port> {
    /// These messages, to be handled next.
    Messages(Vec<Msg<P>>),
    /// The end of the program.
    Quit,
}

impl<P: Port, S: Service<P>, O: Outside> Runtime<P, S, O> {
    /// Joins a service with the world outside; jobs report into the queue.
    pub fn new(service: S, outside: O, queue: Sender<Msg<P>>) -> Self {
        Self { service, outside, queue, last_job: 0 }
    }

    /// Returns the service.
    pub fn service(&mut self) -> &mut S {
        &mut self.service
    }

    /// Returns the world outside.
    pub fn outside(&mut self) -> &mut O {
        &mut self.outside
    }

    /// Carries out one wish; `from` gets the answer.
    pub fn carry_out(&mut self, from: Address, wish: Wish<P>) -> Outcome<P> {
        let messages = match wish {
            Wish::Run(request) => vec![Msg::Done(from, self.service.run(request))],
            Wish::Load(query) => vec![Msg::Loaded(from, self.service.load(query))],
            Wish::Spawn(title, request) => {
                self.last_job += 1;
                let id = JobId(self.last_job);
                self.service.spawn(request, Reporter::new(id, self.queue.clone()));
                vec![Msg::JobStarted(id, from, title)]
            }
            Wish::Cancel(id) => {
                self.service.cancel(id);
                Vec::new()
            }
            Wish::Copy(text) => self.report("The clipboard", |outside| outside.copy(&text)),
            Wish::OpenLink(url) if is_safe_url(&url) => self.report("The browser", |outside| outside.open_link(&url)),
            Wish::OpenLink(_) => {
                vec![Msg::Done(Address::Frame, Err(Problem::notice("The address is no plain web address; it was not opened.")))]
            }
            Wish::OpenFile(path) => self.report(&path.display().to_string(), |outside| outside.open_file(&path)),
            Wish::Suspend => {
                let mut messages = self.report("Suspending", Outside::suspend);
                messages.push(Msg::Redraw);
                messages
            }
            Wish::Quit => return Outcome::Quit,
        };
        Outcome::Messages(messages)
    }

    /// Does something outside and tells the person where it fails.
    fn report(&mut self, what: &str, action: impl FnOnce(&mut O) -> io::Result<()>) -> Vec<Msg<P>> {
        match action(&mut self.outside) {
            Ok(()) => Vec::new(),
            Err(error) => vec![Msg::Done(Address::Frame, Err(Problem::notice(format!("{what}: {error}."))))],
        }
    }
}
