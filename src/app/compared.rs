//! Records prepared for the search for duplicates, kept as long as the review is open.
//!
//! Reading and preparing is most of the work of a search. Records never change, so what was prepared once is right for ever; and as
//! long as no verdict was added or taken back since the last search, only records that came later need to be compared.

use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

use crate::dedup::{Prepared, Settled};
use crate::domain::ids::{BatchId, RecordId};
use crate::domain::state::RecordIndex;
use crate::store::parse_compared_fields;

use super::error::{Error, ErrorKind, Result};
use super::request::Progress;
use super::workspace::Workspace;

/// How many records are handed to a thread at once.
const CHUNK: usize = 256;

/// How many chunks may wait to be prepared: reading is faster, and what waits costs memory.
const WAITING: usize = 4;

/// What the last search for duplicates prepared and found.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// The records in the order of their places.
    ids: Vec<RecordId>,
    /// One entry for each of `ids`, same order.
    pub prepared: Vec<Prepared>,
    /// The imports that `ids` come from.
    batches: Vec<BatchId>,
    /// How many of the records were compared, and the verdicts that stood then.
    done: Option<(usize, Settled)>,
}

impl Compared {
    /// Remembers that all records have been compared, and the verdicts that stand after it.
    pub fn finish(&mut self, settled: Settled) {
        self.done = Some((self.ids.len(), sorted(settled)));
    }

    /// Returns how many records at the beginning need not be compared with each other again: none where a verdict was added or
    /// taken back since.
    pub fn done_before(&self, settled: &Settled) -> usize {
        let Some((count, before)) = &self.done else { return 0 };
        let is_old = |pair: &&(usize, usize)| pair.0 < *count && pair.1 < *count;
        let old = |pairs: &[(usize, usize)]| pairs.iter().filter(is_old).copied().collect();
        let now = sorted(Settled { same: old(&settled.same), different: old(&settled.different), grouped: old(&settled.grouped) });
        if now == *before { *count } else { 0 }
    }
}

fn sorted(mut settled: Settled) -> Settled {
    for pairs in [&mut settled.same, &mut settled.different, &mut settled.grouped] {
        pairs.sort_unstable();
        pairs.dedup();
    }
    settled
}

impl Workspace {
    /// Prepares every record that stands and was not prepared before; returns their places, in the order of `self.compared`.
    ///
    /// The file is read on this thread, the texts are parsed and prepared on the others as they come.
    pub(super) fn prepare_records(&mut self, progress: &mut Progress<'_>) -> Result<Vec<RecordIndex>> {
        let mut live: Vec<(RecordIndex, BatchId)> = Vec::new();
        for place in (0..).take(self.state.records().len()) {
            if self.state.is_record_live(place) {
                live.push((place, self.state.batch_of(place).id));
            }
        }
        let known = self.compared.ids.len();
        let is_longer =
            known <= live.len() && live.iter().zip(&self.compared.ids).all(|((place, _), id)| self.state.record_id(*place) == *id);
        let is_whole_import = live.get(known).is_none_or(|(_, batch)| !self.compared.batches.contains(batch));
        if !is_longer || !is_whole_import {
            self.compared = Compared::default();
        }
        let mut compared = std::mem::take(&mut self.compared);
        let new = &live[compared.ids.len()..];
        let mut batches: Vec<BatchId> = new.iter().map(|(_, batch)| *batch).collect();
        batches.dedup();
        let mut found = self.read_and_prepare(&batches, new.len(), progress)?;
        found.sort_unstable_by_key(|(place, _)| *place);
        found.dedup_by_key(|(place, _)| *place);
        if found.len() != new.len() || found.iter().zip(new).any(|((place, _), (wanted, _))| place != wanted) {
            return Err(
                Error::new(ErrorKind::Internal, "the records of the file are not those of its history").hint("tamis check tells more")
            );
        }
        compared.ids.extend(found.iter().map(|(place, _)| self.state.record_id(*place)));
        compared.prepared.extend(found.into_iter().map(|(_, prepared)| prepared));
        compared.batches.extend(batches);
        self.compared = compared;
        Ok(live.into_iter().map(|(place, _)| place).collect())
    }

    fn read_and_prepare(&self, batches: &[BatchId], total: usize, progress: &mut Progress<'_>) -> Result<Vec<(RecordIndex, Prepared)>> {
        if total == 0 {
            return Ok(Vec::new());
        }
        let found = Mutex::new(Vec::with_capacity(total));
        let problem = Mutex::new(None);
        let (sender, receiver) = sync_channel::<Vec<(RecordIndex, RecordId, String)>>(WAITING);
        // owned by the threads alone, so that sending fails where none of them is left
        let receiver = Arc::new(Mutex::new(receiver));
        let prepare = |chunk: Vec<(RecordIndex, RecordId, String)>| {
            let mut prepared = Vec::with_capacity(chunk.len());
            for (place, id, text) in chunk {
                match parse_compared_fields(id, &text) {
                    Ok(citation) => prepared.push((place, Prepared::new(&citation))),
                    Err(message) => {
                        if let Ok(mut problem) = problem.lock() {
                            problem.get_or_insert(message);
                        }
                    }
                }
            }
            if let Ok(mut found) = found.lock() {
                found.extend(prepared);
            }
        };
        std::thread::scope(|scope| -> Result<()> {
            for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
                let receiver = Arc::clone(&receiver);
                let next = move || receiver.lock().ok().and_then(|waiting| waiting.recv().ok());
                scope.spawn(move || std::iter::from_fn(next).for_each(prepare));
            }
            drop(receiver);
            // the threads end when the sender goes
            let sender = sender;
            let (mut chunk, mut read, mut is_cancelled) = (Vec::with_capacity(CHUNK), 0, false);
            for batch in batches {
                self.store.each_citation_text(*batch, &mut |id, text| {
                    if let Some(place) = self.state.record_place(id) {
                        chunk.push((place, id, text));
                        read += 1;
                    }
                    if chunk.len() == CHUNK {
                        let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
                        is_cancelled = sender.send(full).is_err() || !progress(read, total, "reading records");
                    }
                    !is_cancelled
                })?;
                if is_cancelled {
                    return Err(Error::new(ErrorKind::Cancelled, "cancelled; nothing was changed"));
                }
            }
            // a failed send means that no thread is left, and then that a record could not be prepared: told below
            let _ = sender.send(chunk);
            Ok(())
        })?;
        match problem.into_inner() {
            Ok(Some(message)) => Err(Error::new(ErrorKind::File, message).hint("tamis check tells what is damaged")),
            _ => Ok(found.into_inner().unwrap_or_default()),
        }
    }
}
