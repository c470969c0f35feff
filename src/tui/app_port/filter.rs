//! Queries of the search language: asked while they are typed, answered once the records have been read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::app::query::{Found, Queue};
use crate::app::{self, ErrorKind, ReadTexts, Workspace};
use crate::domain::decision::Stage;

use super::sentence;

/// From how many records on they are read on a thread of its own; fewer take no longer than a frame or two.
const MANY: usize = 2000;

/// How long the reading rests after something was done for the person, in milliseconds: the answer to a key is several questions.
const REST: u64 = 10;

/// A query of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The stage.
    pub stage: Stage,
    /// The list that it narrows.
    pub queue: Queue,
    /// The query.
    pub text: String,
    /// Whether it is still being typed.
    pub is_typing: bool,
}

/// What came of a [`Filter`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filtered {
    /// These records fit.
    Found(Found),
    /// The query cannot be read.
    Unreadable {
        /// Why, as a sentence.
        message: String,
        /// What to write, as a sentence; empty where nothing is known.
        hint: String,
    },
    /// The records are still being read; the screens are told to ask again.
    Reading {
        /// How many have been read.
        done: usize,
        /// Of how many.
        total: usize,
    },
}

/// Reads the records of a large review in the background.
#[derive(Debug, Default)]
pub(super) struct TextReader {
    running: Option<Running>,
    is_waited_for: bool,
    right_of_way: RightOfWay,
}

/// Who goes first: while something is done for the person, and shortly after, the reading waits.
#[derive(Debug, Clone)]
struct RightOfWay {
    since: Instant,
    /// Until when the reading waits, in milliseconds since `since`.
    until: Arc<AtomicU64>,
}

impl Default for RightOfWay {
    fn default() -> Self {
        Self { since: Instant::now(), until: Arc::default() }
    }
}

impl RightOfWay {
    fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Returns once nothing is done for the person.
    fn wait(&self) {
        while self.now() < self.until.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// As long as this lives, the reading in the background waits.
#[derive(Debug)]
pub(super) struct Priority(RightOfWay);

impl Drop for Priority {
    fn drop(&mut self) {
        self.0.until.store(self.0.now() + REST, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct Running {
    result: Receiver<app::Result<ReadTexts>>,
    done: Arc<AtomicUsize>,
    total: usize,
}

impl TextReader {
    /// Lets what is done for the person go before the reading.
    pub fn make_way(&self) -> Priority {
        self.right_of_way.until.store(u64::MAX, Ordering::Relaxed);
        Priority(self.right_of_way.clone())
    }

    /// Begins to read where there is much to read and nobody reads yet.
    pub fn begin(&mut self, review: &Workspace) {
        if self.running.is_some() {
            return;
        }
        let Some(order) = review.texts_to_read().filter(|order| order.records >= MANY) else { return };
        let (sender, result) = channel();
        let (done, total) = (Arc::new(AtomicUsize::new(0)), order.records);
        let (told, right_of_way) = (Arc::clone(&done), self.right_of_way.clone());
        thread::spawn(move || {
            let read = order.read(&mut |read, _, _| {
                told.store(read, Ordering::Relaxed);
                right_of_way.wait();
                true
            });
            let _nobody_waits = sender.send(read);
        });
        self.running = Some(Running { result, done, total });
    }

    /// Takes in what has been read; tells whether somebody waited for it.
    pub fn take_finished(&mut self, review: &Workspace) -> bool {
        let Some(running) = &self.running else { return false };
        match running.result.try_recv() {
            Ok(Ok(read)) => review.take_texts(read),
            Err(TryRecvError::Empty) => return false,
            // the next query reads what is missing itself, and says what is wrong
            Ok(Err(_)) | Err(TryRecvError::Disconnected) => {}
        }
        self.running = None;
        std::mem::take(&mut self.is_waited_for)
    }

    /// Answers a query, or tells how far the reading is.
    pub fn answer(&mut self, review: &Workspace, filter: &Filter) -> app::Result<Filtered> {
        self.take_finished(review);
        self.begin(review);
        if let Some(running) = &self.running {
            self.is_waited_for = true;
            return Ok(Filtered::Reading { done: running.done.load(Ordering::Relaxed).min(running.total), total: running.total });
        }
        match review.filter(filter.stage, filter.queue, &filter.text, filter.is_typing) {
            Ok(found) => Ok(Filtered::Found(found)),
            Err(error) if error.kind == ErrorKind::User => Ok(Filtered::Unreadable {
                message: sentence(&error.message),
                hint: error.hint.map(|hint| sentence(&hint)).unwrap_or_default(),
            }),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Environment, ImportOrder, Names, NewReview, Request};
    use crate::domain::review::ReviewInfo;
    use crate::domain::time::SystemClock;

    /// A review in a file with so many records.
    fn review(folder: &std::path::Path, count: usize) -> Workspace {
        let environment = Environment { clock: Box::new(SystemClock), names: Names::Seeded(1), home: None };
        let reviewers = vec![("A".to_owned(), String::new())];
        let info = ReviewInfo { title: "Many records".to_owned(), ..ReviewInfo::default() };
        let new = NewReview { info, reviewers, ..NewReview::default() };
        let mut review = Workspace::found(&folder.join("review.tamis"), new, environment).expect("begins");
        let file = folder.join("search.ris");
        let records: String = (0..count).map(|n| format!("TY  - JOUR\nTI  - Title of number{n}\nPY  - 2001\nER  - \n\n")).collect();
        std::fs::write(&file, records).expect("written");
        let order = ImportOrder::of(file, "Test");
        review.run(Request::Import(order)).expect("imports");
        review
    }

    fn filter(text: &str) -> Filter {
        Filter { stage: Stage::TitleAbstract, queue: Queue::All, text: text.to_owned(), is_typing: false }
    }

    #[test]
    fn many_records_are_read_in_the_background_and_then_answered() {
        let folder = tempfile::tempdir().expect("a folder");
        let review = review(folder.path(), MANY);
        let mut reader = TextReader::default();
        let first = reader.answer(&review, &filter("number7")).expect("reads");
        assert!(matches!(first, Filtered::Reading { total: MANY, .. }), "{first:?}");
        let since = std::time::Instant::now();
        while !reader.take_finished(&review) {
            assert!(since.elapsed().as_secs() < 60, "the records are read within a minute");
            thread::yield_now();
        }
        let Filtered::Found(found) = reader.answer(&review, &filter("number7")).expect("reads") else { panic!("found") };
        assert_eq!((found.records.len(), found.everywhere), (1, 1));
    }

    #[test]
    fn few_records_are_read_at_once_and_mistakes_are_told_as_sentences() {
        let folder = tempfile::tempdir().expect("a folder");
        let review = review(folder.path(), 3);
        let mut reader = TextReader::default();
        assert!(matches!(reader.answer(&review, &filter("title")).expect("reads"), Filtered::Found(found) if found.records.len() == 3));
        let Filtered::Unreadable { message, hint } = reader.answer(&review, &filter("(title")).expect("reads") else { panic!("a mistake") };
        assert_eq!(
            (message.as_str(), hint.as_str()),
            ("Letter 1: this bracket is never closed.", "Write a ) after the words that belong together.")
        );
    }
}
