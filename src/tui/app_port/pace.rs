//! How long a record is read, measured where time may be looked at.

use std::time::{Duration, Instant};

use crate::app::VoteEntry;
use crate::domain::ids::RecordId;

/// Tells the time since some moment.
pub type Watch = Box<dyn Fn() -> Duration>;

/// What is shown since when.
pub struct Pace {
    watch: Watch,
    shown: Option<(RecordId, Duration)>,
}

impl Pace {
    /// Measures by the machine's watch.
    pub fn new() -> Self {
        let begin = Instant::now();
        Self::with_watch(Box::new(move || begin.elapsed()))
    }

    /// Measures by another watch.
    pub fn with_watch(watch: Watch) -> Self {
        Self { watch, shown: None }
    }

    /// Notes that a record is shown; showing the same one again changes nothing.
    pub fn shows(&mut self, record: RecordId) {
        if self.shown.is_none_or(|(shown, _)| shown != record) {
            self.shown = Some((record, (self.watch)()));
        }
    }

    /// Notes a vote and writes into it how long the record was on screen, where that is known.
    pub fn votes_on(&mut self, vote: &mut VoteEntry) {
        let now = (self.watch)();
        if let Some((_, since)) = self.shown.filter(|(shown, _)| *shown == vote.record && vote.milliseconds.is_none()) {
            vote.milliseconds = u32::try_from(now.saturating_sub(since).as_millis()).ok();
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::domain::decision::Verdict;

    fn vote(record: RecordId) -> VoteEntry {
        VoteEntry { record, verdict: Verdict::Include, reason: None, note: None, milliseconds: None }
    }

    #[test]
    fn the_reading_time_goes_into_the_vote() {
        let seconds = Rc::new(Cell::new(0));
        let watch = Rc::clone(&seconds);
        let mut pace = Pace::with_watch(Box::new(move || Duration::from_secs(watch.get())));
        let record = RecordId::from_hash(&[7; 32]);
        for at in [10, 20, 30, 1000, 1010] {
            pace.shows(record);
            seconds.set(at);
            let mut cast = vote(record);
            pace.votes_on(&mut cast);
            assert_eq!(cast.milliseconds, Some(u32::try_from(at).expect("small") * 1000));
        }
    }
}
