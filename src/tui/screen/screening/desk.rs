//! Which record lies on the desk: the queue, the place in it, the way back, and the votes of this sitting.

use crate::app::query::Queue;
use crate::domain::ids::RecordId;
use crate::tui::effect::Notice;

/// The queue of records and what lies open.
#[derive(Debug, Clone)]
pub struct Desk {
    queue: Queue,
    words: Option<String>,
    records: Vec<RecordId>,
    at: usize,
    current: Option<RecordId>,
    trail: Vec<RecordId>,
    cast: Vec<RecordId>,
    is_casting: bool,
    notice: Option<Notice>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            queue: Queue::Undecided,
            words: None,
            records: Vec::new(),
            at: 0,
            current: None,
            trail: Vec::new(),
            cast: Vec::new(),
            is_casting: false,
            notice: None,
        }
    }
}

impl Desk {
    /// Returns which queue is worked through.
    pub fn queue(&self) -> Queue {
        self.queue
    }

    /// Returns the words that were searched for, where a search made the queue.
    pub fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }

    /// Returns the records of the queue.
    pub fn records(&self) -> &[RecordId] {
        &self.records
    }

    /// Returns the place in the queue.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Returns the record that lies open.
    pub fn current(&self) -> Option<RecordId> {
        self.current
    }

    /// Tells whether the open record is one of the queue; one that was gone back to may not be.
    pub fn is_in_queue(&self) -> bool {
        self.current.is_some() && self.records.get(self.at).copied() == self.current
    }

    /// Tells whether a record leaves the queue when it is voted on.
    fn is_of_waiting(&self) -> bool {
        matches!(self.queue, Queue::Undecided | Queue::Batch)
    }

    /// Chooses another queue; its records come later.
    pub fn choose(&mut self, queue: Queue, words: Option<String>) {
        (self.queue, self.words) = (queue, words);
        (self.at, self.current) = (0, None);
        self.trail.clear();
    }

    /// Sets the words of a filter, or takes it off; the open record stays open.
    pub fn set_words(&mut self, words: Option<String>) {
        self.words = words;
    }

    /// Lets the next records that come begin with their first.
    pub fn start_over(&mut self) {
        (self.at, self.current) = (0, None);
    }

    /// Takes the records of the queue as they stand now, and keeps the open record where that makes sense.
    ///
    /// A record whose vote was taken back comes back to the desk.
    pub fn set_records(&mut self, records: Vec<RecordId>) {
        self.records = records;
        if self.is_of_waiting() && !self.is_casting {
            let undone = self.cast.last().copied().filter(|last| self.records.contains(last));
            if let Some(record) = undone {
                self.cast.pop();
                self.trail.retain(|passed| *passed != record);
                self.current = Some(record);
            }
        }
        match self.current.and_then(|current| self.records.iter().position(|record| *record == current)) {
            Some(at) => self.at = at,
            None => {
                self.at = self.at.min(self.records.len().saturating_sub(1));
                let is_looked_back_at = self.current.is_some_and(|current| !self.trail.contains(&current));
                if self.current.is_none() || !is_looked_back_at {
                    self.current = self.records.get(self.at).copied();
                }
            }
        }
    }

    /// Opens a record of the queue by its place.
    pub fn open(&mut self, at: usize) {
        self.leave();
        self.at = at.min(self.records.len().saturating_sub(1));
        self.current = self.records.get(self.at).copied();
    }

    /// Opens any record, in the queue or not.
    pub fn show(&mut self, record: RecordId) {
        self.leave();
        if let Some(at) = self.records.iter().position(|known| *known == record) {
            self.at = at;
        }
        self.current = Some(record);
    }

    /// Goes on to the next record; after the last one to the first again.
    pub fn next(&mut self) {
        let at = if self.is_in_queue() { self.at + 1 } else { self.at };
        self.leave();
        self.at = if at < self.records.len() { at } else { 0 };
        self.current = self.records.get(self.at).copied();
    }

    /// Goes back to the record that lay open before.
    pub fn back(&mut self) -> bool {
        let before = self.trail.pop().or_else(|| self.at.checked_sub(1).and_then(|at| self.records.get(at).copied()));
        let Some(record) = before else { return false };
        if let Some(at) = self.records.iter().position(|known| *known == record) {
            self.at = at;
        }
        self.current = Some(record);
        true
    }

    fn leave(&mut self) {
        if let Some(record) = self.current.take() {
            self.trail.retain(|passed| *passed != record);
            self.trail.push(record);
        }
    }

    /// Notes a vote on the open record, with the words that tell of it, and goes on.
    pub fn vote(&mut self, notice: Notice) {
        let Some(record) = self.current else { return };
        self.cast.retain(|known| *known != record);
        self.cast.push(record);
        self.notice = Some(notice);
        self.is_casting = true;
        let was_only = self.records.len() == 1 && self.is_in_queue();
        self.next();
        if was_only && self.is_of_waiting() {
            self.current = None;
        }
    }

    /// Takes the words about a vote that has now been stored.
    pub fn told(&mut self) -> Option<Notice> {
        self.is_casting = false;
        self.notice.take()
    }

    /// Goes back to the record of a vote that was refused; tells whether there was one.
    pub fn vote_failed(&mut self) -> bool {
        self.notice = None;
        if !std::mem::take(&mut self.is_casting) {
            // What lies open may be gone since: an import was taken back.
            let is_gone = !self.is_in_queue();
            self.current = if is_gone { self.records.get(self.at).copied() } else { self.current };
            return false;
        }
        self.cast.pop();
        self.back()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(number: u8) -> RecordId {
        RecordId::from_hash(&[number.wrapping_mul(37); 32])
    }

    fn desk(records: &[u8]) -> Desk {
        let mut desk = Desk::default();
        desk.set_records(records.iter().map(|number| record(*number)).collect());
        desk
    }

    #[test]
    fn a_vote_goes_on_to_the_next_record() {
        let mut desk = desk(&[1, 2, 3]);
        desk.vote(Notice::done("1"));
        assert_eq!(desk.current(), Some(record(2)));
        desk.told();
        desk.set_records(vec![record(2), record(3)]);
        assert_eq!((desk.current(), desk.at()), (Some(record(2)), 0));
    }

    #[test]
    fn a_vote_that_was_taken_back_brings_its_record_back() {
        let mut desk = desk(&[1, 2, 3]);
        desk.vote(Notice::done("1"));
        desk.told();
        desk.set_records(vec![record(2), record(3)]);
        desk.set_records(vec![record(1), record(2), record(3)]);
        assert_eq!((desk.current(), desk.at()), (Some(record(1)), 0));
    }

    #[test]
    fn a_refused_vote_stays_with_its_record() {
        let mut desk = desk(&[1, 2, 3]);
        desk.vote(Notice::done("1"));
        assert!(desk.vote_failed());
        assert_eq!(desk.current(), Some(record(1)));
        assert!(!desk.vote_failed());
    }

    #[test]
    fn back_leads_to_the_record_before_and_on_from_there() {
        let mut desk = desk(&[1, 2, 3]);
        desk.vote(Notice::done("1"));
        desk.told();
        desk.set_records(vec![record(2), record(3)]);
        assert!(desk.back());
        assert_eq!((desk.current(), desk.is_in_queue()), (Some(record(1)), false));
        desk.set_records(vec![record(2), record(3)]);
        assert_eq!(desk.current(), Some(record(1)));
        desk.next();
        assert_eq!(desk.current(), Some(record(2)));
    }

    #[test]
    fn skipped_records_come_round_again_and_the_last_vote_empties_the_desk() {
        let mut desk = desk(&[1, 2]);
        desk.next();
        desk.vote(Notice::done("2"));
        desk.told();
        desk.set_records(vec![record(1)]);
        assert_eq!(desk.current(), Some(record(1)));
        desk.vote(Notice::done("1"));
        desk.told();
        desk.set_records(Vec::new());
        assert_eq!(desk.current(), None);
    }
}
