//! The index of words behind every search, kept as long as the review is open.
//!
//! It is made when it is first asked for, from the file, a few records at a time so that nobody who votes meanwhile has to wait.
//! Records never change, so what was read once is right for ever; later imports add to it. The screens read it on a thread of its
//! own ([`TextOrder`]), everybody else when they search.

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

use crate::domain::ids::{BatchId, RecordId};
use crate::domain::search::{Pattern, Segment, SegmentBuilder, TextField, UnitSet};
use crate::domain::state::{RecordIndex, ReviewState};
use crate::store::{Store, parse_searched_fields};

use super::error::{Error, ErrorKind, Result};
use super::request::Progress;
use super::workspace::Workspace;

/// How many records are read at once: few, because the file is locked against writing meanwhile, and because what has been read is
/// worked off before the reading can make way for a person.
const CHUNK: usize = 32;
/// How many chunks may wait for a thread.
const WAITING: usize = 2;
/// How many patterns are remembered with what they found.
const LATEST: usize = 16;
/// How many records make a segment.
const SEGMENT: usize = 8192;

/// A segment of the index with the identities of its records.
#[derive(Debug)]
struct TextPart {
    ids: Vec<RecordId>,
    segment: Segment,
    /// Where each record stands in the review as it is loaded; made when it is first asked for.
    places: Vec<RecordIndex>,
}

/// The index of words.
#[derive(Debug, Default)]
pub(super) struct Texts {
    parts: Vec<TextPart>,
    batches: Vec<BatchId>,
    /// The records found by the latest patterns: a filter is asked again after every vote.
    latest: Vec<(TextField, Pattern, UnitSet)>,
}

/// The texts of some imports, read.
#[derive(Debug)]
pub struct ReadTexts {
    parts: Vec<TextPart>,
    batches: Vec<BatchId>,
}

/// What has to be read before the review can be searched, for a thread of its own.
#[derive(Debug, Clone)]
pub struct TextOrder {
    path: PathBuf,
    batches: Vec<BatchId>,
    /// How many records that are.
    pub records: usize,
}

impl Texts {
    /// Hands every segment to `each`, with the places of its records in the review.
    pub fn each_segment(&self, each: &mut dyn FnMut(&Segment, &[RecordIndex])) {
        self.parts.iter().for_each(|part| each(&part.segment, &part.places));
    }

    /// Returns the places of the records that hold a pattern, among `count` records.
    pub fn matching(&mut self, field: TextField, pattern: &Pattern, count: usize) -> &UnitSet {
        let is_it = |(of, known, places): &(TextField, Pattern, UnitSet)| (*of, known, places.places()) == (field, pattern, count);
        if let Some(at) = self.latest.iter().position(is_it) {
            let found = self.latest.remove(at);
            self.latest.push(found);
        } else {
            let mut found = UnitSet::new(count);
            self.each_segment(&mut |segment, places| {
                segment.find(field, pattern, &mut |record| {
                    if let Some(place) = places.get(record as usize) {
                        found.insert(*place);
                    }
                });
            });
            self.latest.push((field, pattern.clone(), found));
            self.latest.drain(..self.latest.len().saturating_sub(LATEST));
        }
        &self.latest[self.latest.len() - 1].2
    }

    /// Forgets where the records stand, after the review has been loaded anew.
    pub fn forget_places(&mut self) {
        self.latest.clear();
        self.parts.iter_mut().for_each(|part| part.places = Vec::new());
    }

    fn take(&mut self, read: ReadTexts) {
        if read.batches.iter().all(|batch| !self.batches.contains(batch)) {
            self.latest.clear();
            self.parts.extend(read.parts);
            self.batches.extend(read.batches);
        }
    }

    fn place(&mut self, state: &ReviewState) {
        for part in self.parts.iter_mut().filter(|part| part.places.len() != part.ids.len()) {
            part.places = part.ids.iter().map(|id| state.record_place(*id).unwrap_or(RecordIndex::MAX)).collect();
        }
    }
}

impl TextOrder {
    /// Reads the texts from the file, over a connection of its own. `progress` returns false to stop.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read or the reading was stopped.
    pub fn read(self, progress: &mut Progress<'_>) -> Result<ReadTexts> {
        let store = Store::open_to_read(&self.path)?;
        // one processor stays with the screens
        read_texts(&store, self.batches, self.records, processors().saturating_sub(1), progress)
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl Workspace {
    /// Returns what has to be read before the review can be searched; `None` where nothing has to be, or the review is in memory.
    pub fn texts_to_read(&self) -> Option<TextOrder> {
        let (batches, records) = self.missing_texts();
        let path = self.path()?.to_owned();
        (!batches.is_empty()).then_some(TextOrder { path, batches, records })
    }

    /// Takes in texts that a thread has read.
    pub fn take_texts(&self, read: ReadTexts) {
        self.texts.borrow_mut().take(read);
    }

    /// Returns about how many bytes of memory the index of words takes.
    pub fn size_of_texts(&self) -> usize {
        self.texts.borrow().parts.iter().map(|part| part.segment.size() + 16 * part.ids.len()).sum()
    }

    fn missing_texts(&self) -> (Vec<BatchId>, usize) {
        let texts = self.texts.borrow();
        let missing: Vec<_> = self.state.all_batches().filter(|batch| !texts.batches.contains(&batch.id)).collect();
        (missing.iter().map(|batch| batch.id).collect(), missing.iter().map(|batch| batch.kept as usize).sum())
    }

    /// Reads the texts that are missing, and finds the place of every record.
    pub(super) fn read_missing_texts(&self) -> Result<()> {
        let (batches, records) = self.missing_texts();
        if !batches.is_empty() {
            let read = read_texts(&self.store, batches, records, processors(), &mut |_, _, _| true)?;
            self.take_texts(read);
        }
        self.texts.borrow_mut().place(&self.state);
        Ok(())
    }
}

/// Reads the texts of imports: the file on this thread, the words on so many others as the texts come.
fn read_texts(store: &Store, batches: Vec<BatchId>, total: usize, threads: usize, progress: &mut Progress<'_>) -> Result<ReadTexts> {
    let parts = Mutex::new(Vec::new());
    let problem = Mutex::new(None);
    let (sender, receiver) = sync_channel::<Vec<(u32, RecordId, String)>>(WAITING);
    // owned by the threads alone, so that sending fails where none of them is left
    let receiver = Arc::new(Mutex::new(receiver));
    let index = |chunks: &mut dyn Iterator<Item = Vec<(u32, RecordId, String)>>| {
        let (mut builder, mut ids) = (SegmentBuilder::default(), Vec::new());
        let keep = |builder: &mut SegmentBuilder, ids: &mut Vec<RecordId>| {
            let part = TextPart { ids: std::mem::take(ids), segment: std::mem::take(builder).finish(), places: Vec::new() };
            if let Ok(mut parts) = parts.lock() {
                parts.push(part);
            }
        };
        for (_, id, text) in chunks.flatten() {
            match parse_searched_fields(id, &text) {
                Ok(fields) => {
                    builder.add(&fields);
                    ids.push(id);
                }
                Err(message) => {
                    if let Ok(mut problem) = problem.lock() {
                        problem.get_or_insert(message);
                    }
                }
            }
            if builder.len() == SEGMENT {
                keep(&mut builder, &mut ids);
            }
        }
        if !builder.is_empty() {
            keep(&mut builder, &mut ids);
        }
    };
    std::thread::scope(|scope| -> Result<()> {
        for _ in 0..threads.clamp(1, 4) {
            let receiver = Arc::clone(&receiver);
            let next = move || receiver.lock().ok().and_then(|waiting| waiting.recv().ok());
            scope.spawn(move || index(&mut std::iter::from_fn(next)));
        }
        drop(receiver);
        // the threads end when the sender goes
        let sender = sender;
        let mut read = 0;
        for batch in &batches {
            let mut after = None;
            loop {
                let chunk = store.citation_texts_after(*batch, after, CHUNK)?;
                let Some((ordinal, id, _)) = chunk.last() else { break };
                after = Some((*ordinal, *id));
                read += chunk.len();
                if sender.send(chunk).is_err() || !progress(read, total.max(read), "reading the records") {
                    return Err(Error::new(ErrorKind::Cancelled, "cancelled; nothing was changed"));
                }
            }
        }
        Ok(())
    })?;
    match problem.into_inner() {
        Ok(Some(message)) => Err(Error::new(ErrorKind::File, message).hint("tamis check tells what is damaged")),
        _ => Ok(ReadTexts { parts: parts.into_inner().unwrap_or_default(), batches }),
    }
}
