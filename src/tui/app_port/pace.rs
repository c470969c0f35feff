//! How long a record is read and how fast votes follow each other, measured where time may be looked at.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::app::VoteEntry;
use crate::domain::ids::RecordId;

/// A longer gap between two votes is a break and does not count.
const LONGEST_GAP: Duration = Duration::from_secs(180);
/// Over how many of the latest gaps the pace is taken.
const GAPS: usize = 20;
/// From how many gaps on there is a pace.
const ENOUGH: usize = 3;

/// Tells the time since some moment.
pub type Watch = Box<dyn Fn() -> Duration>;

/// What is shown since when, and the gaps between the latest votes.
pub struct Pace {
    watch: Watch,
    shown: Option<(RecordId, Duration)>,
    last_vote: Option<Duration>,
    gaps: VecDeque<Duration>,
}

impl Pace {
    /// Measures by the machine's watch.
    pub fn new() -> Self {
        let begin = Instant::now();
        Self::with_watch(Box::new(move || begin.elapsed()))
    }

    /// Measures by another watch.
    pub fn with_watch(watch: Watch) -> Self {
        Self { watch, shown: None, last_vote: None, gaps: VecDeque::new() }
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
        if let Some(gap) = self.last_vote.map(|last| now.saturating_sub(last)).filter(|gap| *gap <= LONGEST_GAP) {
            self.gaps.push_back(gap);
            if self.gaps.len() > GAPS {
                self.gaps.pop_front();
            }
        }
        self.last_vote = Some(now);
    }

    /// Returns the pace over the latest votes, breaks left out; `None` before there are a few.
    pub fn votes_a_minute(&self) -> Option<f64> {
        let seconds = self.gaps.iter().sum::<Duration>().as_secs_f64();
        (self.gaps.len() >= ENOUGH && seconds > 0.0).then(|| self.gaps.len() as f64 * 60.0 / seconds)
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
    fn reading_time_and_pace_leave_breaks_out() {
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
        assert_eq!(pace.votes_a_minute(), Some(6.0));
    }

    #[test]
    fn two_votes_are_no_pace() {
        let mut pace = Pace::with_watch(Box::new(|| Duration::ZERO));
        let record = RecordId::from_hash(&[7; 32]);
        pace.votes_on(&mut vote(record));
        pace.votes_on(&mut vote(record));
        assert_eq!(pace.votes_a_minute(), None);
    }
}
