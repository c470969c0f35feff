//! The texts of PDFs for the screens: read on a thread, so that a large file never stops the keys.

use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use crate::app::{self, Error, ErrorKind, ReportText, Workspace};
use crate::domain::ids::RecordId;

/// How long a question waits for a text before it is answered "still reading": most are there within this time.
const PATIENCE: Duration = Duration::from_millis(30);

/// What came of reading a file.
type Read = app::Result<ReportText>;

/// The text that was read last, and the one that is being read.
#[derive(Debug)]
pub struct Texts {
    patience: Duration,
    last: Option<(String, Read)>,
    running: Option<(String, Receiver<Read>)>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { patience: PATIENCE, last: None, running: None }
    }
}

impl Texts {
    /// Waits longer for a text, for tests.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Returns the text of the file of a report; `None` while it is being read. [`Texts::has_news`] tells when to ask again.
    ///
    /// # Errors
    /// Those of reading it.
    pub fn text(&mut self, review: &Workspace, record: RecordId) -> app::Result<Option<ReportText>> {
        let file = review.report_file(record)?;
        let name = format!("{} {}", file.report, file.sha256);
        if let Some((_, read)) = self.last.take_if(|(known, read)| *known == name && read.is_err()) {
            return read.map(Some);
        }
        if let Some((_, Ok(text))) = self.last.as_ref().filter(|(known, _)| *known == name) {
            return Ok(Some(text.clone()));
        }
        if self.running.as_ref().is_none_or(|(running, _)| *running != name) {
            let (sender, receiver) = channel();
            thread::spawn(move || {
                // A person who has gone on to another report does not wait for this one.
                let _unheard = sender.send(file.text());
            });
            self.running = Some((name.clone(), receiver));
        }
        let Some((_, receiver)) = &self.running else { return Ok(None) };
        match receiver.recv_timeout(self.patience) {
            Ok(Ok(text)) => {
                self.running = None;
                self.last = Some((name, Ok(text.clone())));
                Ok(Some(text))
            }
            Ok(Err(error)) => {
                self.running = None;
                Err(error)
            }
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => {
                self.running = None;
                Err(unread())
            }
        }
    }

    /// Tells whether a text that was asked for is there now.
    pub fn has_news(&mut self) -> bool {
        let Some((name, receiver)) = &self.running else { return false };
        let read = match receiver.try_recv() {
            Ok(read) => read,
            Err(TryRecvError::Empty) => return false,
            Err(TryRecvError::Disconnected) => Err(unread()),
        };
        self.last = Some((name.clone(), read));
        self.running = None;
        true
    }
}

fn unread() -> Error {
    Error::new(ErrorKind::User, "the PDF cannot be shown as text").hint("open it in your PDF viewer instead")
}
