//! The loop: handle every waiting message, then draw once.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::{Position, Rect};

use super::message::Msg;
use super::model::Model;
use super::port::{Port, Service};
use super::runtime::{Outcome, Outside, Runtime};
use super::update::Wishes;

/// How long one tick is.
const TICK: Duration = Duration::from_millis(100);
/// How often the file is looked at for changes by others.
const POLL: Duration = Duration::from_secs(1);

/// Whether the program goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It goes on.
    Going,
    /// It ends.
    Ended,
}

/// The program: state, service, world outside, terminal and queue.
pub struct Program<P: Port, S, O, B: Backend> {
    model: Model<P>,
    runtime: Runtime<P, S, O>,
    terminal: Terminal<B>,
    queue: Receiver<Msg<P>>,
    sender: Sender<Msg<P>>,
}

impl<P, S, O, B> Program<P, S, O, B>
where
    P: Port,
    S: Service<P>,
    O: Outside,
    B: Backend,
    B::Error: Send + Sync + 'static,
{
    /// Joins the parts and opens the first screen.
    pub fn new(model: Model<P>, service: S, outside: O, terminal: Terminal<B>) -> Self {
        let (sender, queue) = unbounded();
        let runtime = Runtime::new(service, outside, sender.clone());
        let mut program = Self { model, runtime, terminal, queue, sender };
        program.refresh_header();
        let wishes = program.model.open();
        let mut messages = VecDeque::new();
        program.carry_out(wishes, &mut messages);
        while let Some(msg) = messages.pop_front() {
            program.handle(msg);
        }
        program
    }

    /// Returns the way into the queue, for threads that read keys or signals.
    pub fn sender(&self) -> Sender<Msg<P>> {
        self.sender.clone()
    }

    /// Returns the state.
    pub fn model(&self) -> &Model<P> {
        &self.model
    }

    /// Returns the terminal.
    pub fn terminal(&mut self) -> &mut Terminal<B> {
        &mut self.terminal
    }

    /// Returns the service.
    pub fn service(&mut self) -> &mut S {
        self.runtime.service()
    }

    /// Returns the world outside.
    pub fn outside(&mut self) -> &mut O {
        self.runtime.outside()
    }

    /// Runs until the person quits or the system asks for it.
    ///
    /// Errors: those of the terminal.
    pub fn run(&mut self) -> io::Result<()> {
        let (mut ticked, mut polled) = (Instant::now(), Instant::now());
        loop {
            self.draw()?;
            let wait = if self.model.is_moving() { TICK.saturating_sub(ticked.elapsed()) } else { POLL };
            let mut flow = match self.queue.recv_timeout(wait) {
                Ok(msg) => self.handle(msg),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Flow::Going,
            };
            if flow == Flow::Going {
                flow = self.handle_waiting();
            }
            if ticked.elapsed() >= TICK {
                ticked = Instant::now();
                if self.model.is_moving() {
                    self.handle(Msg::Tick);
                }
            }
            if polled.elapsed() >= POLL {
                polled = Instant::now();
                if let Some(change) = self.runtime.service().poll() {
                    self.handle(Msg::Changed(change));
                }
            }
            if flow == Flow::Ended {
                return Ok(());
            }
        }
    }

    /// Handles every message that waits in the queue.
    pub fn handle_waiting(&mut self) -> Flow {
        while let Ok(msg) = self.queue.try_recv() {
            if self.handle(msg) == Flow::Ended {
                return Flow::Ended;
            }
        }
        Flow::Going
    }

    /// Waits for the next message from outside and handles it; returns whether one came in time.
    pub fn handle_next(&mut self, within: Duration) -> bool {
        self.queue.recv_timeout(within).map(|msg| self.handle(msg)).is_ok()
    }

    /// Handles one message and everything that follows from it.
    pub fn handle(&mut self, msg: Msg<P>) -> Flow {
        let mut messages = VecDeque::from([msg]);
        while let Some(msg) = messages.pop_front() {
            if matches!(msg, Msg::Redraw) {
                self.redraw_whole();
            }
            let wishes = self.model.update(msg);
            if self.carry_out(wishes, &mut messages) == Flow::Ended {
                return Flow::Ended;
            }
            if self.model.take_header_old() {
                self.refresh_header();
            }
        }
        Flow::Going
    }

    /// Draws the state once.
    ///
    /// Errors: those of the terminal.
    pub fn draw(&mut self) -> io::Result<()> {
        self.terminal.draw(|frame| self.model.view(frame)).map(|_| ()).map_err(io::Error::other)
    }

    /// Takes the terminal again and forgets what it showed; what fails here fails at the next drawing, too.
    ///
    /// Resizing to the same size clears without asking the terminal for its cursor (`Terminal::clear` does), an answer that
    /// the thread reading keys would wait for as well.
    fn redraw_whole(&mut self) {
        let _told_later = self.runtime.outside().retake();
        if let Ok(size) = self.terminal.size() {
            let _told_later = self.terminal.resize(Rect::from((Position::ORIGIN, size)));
        }
    }

    fn refresh_header(&mut self) {
        let header = self.runtime.service().header();
        self.model.update(Msg::Header(header));
    }

    fn carry_out(&mut self, wishes: Wishes<P>, messages: &mut VecDeque<Msg<P>>) -> Flow {
        for (from, wish) in wishes {
            match self.runtime.carry_out(from, wish) {
                Outcome::Messages(more) => messages.extend(more),
                Outcome::Quit => return Flow::Ended,
            }
        }
        Flow::Going
    }
}
