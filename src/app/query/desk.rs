//! How far the acting reviewer is: the order, the batch, the pace, and how long the rest may take.

use serde::Serialize;

use crate::domain::decision::Stage;
use crate::domain::operation::OpKind;
use crate::domain::order::ScreeningOrder;
use crate::domain::time::Timestamp;
use crate::stats::pace::pace;

use super::super::workspace::Workspace;

/// A longer gap between two votes is a pause and does not count, in seconds.
const LONGEST_GAP: i64 = 180;
/// Over how many of the latest gaps the pace is taken.
const GAPS: usize = 200;

/// How far the acting reviewer is in screening titles and abstracts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeskView {
    /// The order of the records ("import", "newest", "oldest", "title", "author", "random").
    pub order: &'static str,
    /// The seed of a random order.
    pub seed: Option<u32>,
    /// Records that wait for the acting reviewer's vote.
    pub remaining: usize,
    /// The batch that is worked on, where there is one.
    pub batch: Option<BatchView>,
    /// How many of the latest votes, cast one by one, the pace is taken from; pauses of more than three minutes are cut out.
    pub votes_timed: usize,
    /// Votes an hour; `None` before there are a few.
    pub votes_per_hour: Option<f64>,
    /// From how many to how many hours of screening, without pauses, the remaining records will take (80 % range); `None` before there
    /// are enough votes.
    pub hours_left: Option<(f64, f64)>,
}

/// A batch of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BatchView {
    /// How many records it has.
    pub size: usize,
    /// How many of them no longer wait for the acting reviewer's vote.
    pub done: usize,
}

impl DeskView {
    /// Returns the order as it is said to people.
    pub fn order_label(&self) -> String {
        let seed = self.seed.map(|seed| format!(" {seed}")).unwrap_or_default();
        format!("{}{seed}", self.order).parse::<ScreeningOrder>().unwrap_or_default().label()
    }

    /// Returns the time left as it is said to people ("3 to 5 hours", "40 to 50 minutes"), rounded outwards; `None` before there are
    /// enough votes.
    pub fn time_left(&self) -> Option<String> {
        let (from, to) = self.hours_left?;
        // minutes in steps of five: a finer range would say more than is known
        let (step, unit) = if to < 2.0 { (5.0, "minutes") } else { (60.0, "hours") };
        let (from, to) = ((from * 60.0 / step).floor(), (to * 60.0 / step).ceil().max(1.0));
        let scale = if unit == "minutes" { step } else { 1.0 };
        Some(if from >= to {
            format!("about {:.0} {unit}", to * scale)
        } else {
            format!("{:.0} to {:.0} {unit}", from * scale, to * scale)
        })
    }
}

impl Workspace {
    /// Returns how many records wait for the acting reviewer's vote at a stage.
    pub fn remaining(&self, stage: Stage) -> usize {
        self.waiting_for_my_vote(stage).len()
    }

    /// Returns how far the acting reviewer is at title and abstract.
    pub fn desk(&self) -> DeskView {
        let order = self.screening_order();
        let remaining = self.waiting_for_my_vote(Stage::TitleAbstract).len();
        let seconds = self.gaps_between_my_votes(Stage::TitleAbstract);
        let found = pace(&seconds, remaining);
        DeskView {
            order: order.word(),
            seed: order.seed(),
            remaining,
            batch: self.batch(),
            votes_timed: seconds.len(),
            votes_per_hour: found.map(|found| found.per_hour),
            hours_left: found.and_then(|found| found.hours_left),
        }
    }

    /// Returns the batch that the acting reviewer works on; `None` where there is none.
    pub fn batch(&self) -> Option<BatchView> {
        let records = self.batch_records();
        let waiting = records.iter().filter(|record| self.waits_for_me(**record)).count();
        (!records.is_empty()).then_some(BatchView { size: records.len(), done: records.len() - waiting })
    }

    /// Returns the seconds between the acting reviewer's latest votes at a stage, oldest first: votes that were cast one by one and
    /// stand, pauses left out.
    fn gaps_between_my_votes(&self, stage: Stage) -> Vec<f64> {
        let Some(me) = self.reviewer().map(|person| person.id.clone()) else { return Vec::new() };
        let has_voted = self.state.voted_by(stage, &me);
        let (mut gaps, mut later): (Vec<f64>, Option<Timestamp>) = (Vec::new(), None);
        for at in (0..self.state.ops().len() as u32).rev() {
            let head = self.state.op(at);
            if head.kind != OpKind::Vote || head.reviewer != me || !self.state.is_live(at) {
                continue;
            }
            let Some(record) = self.state.only_record_touched_by(at) else { continue };
            if !has_voted(self.state.unit_of(record)) {
                continue;
            }
            if let Some(later) = later.replace(head.at) {
                let gap = later.seconds_since(head.at);
                if (0..=LONGEST_GAP).contains(&gap) {
                    gaps.push(gap as f64);
                }
            }
            if gaps.len() == GAPS {
                break;
            }
        }
        gaps.reverse();
        gaps
    }
}
