//! What waits for the acting reviewer's vote: asked several times after every vote, found once.

use std::sync::Arc;

use crate::domain::decision::Stage;
use crate::domain::ids::{RecordId, ReviewerId};
use crate::domain::screening::Status;
use crate::domain::state::RecordIndex;

use super::super::workspace::Workspace;

/// The units that waited for a person at a stage after so many operations.
#[derive(Debug)]
pub(in crate::app) struct Waiting {
    stage: Stage,
    reviewer: ReviewerId,
    operations: usize,
    units: Arc<[RecordIndex]>,
}

impl Workspace {
    /// Tells whether a record is a unit that waits for the acting reviewer's vote at title and abstract.
    pub(super) fn waits_for_me(&self, record: RecordId) -> bool {
        let Some(me) = self.reviewer().filter(|person| person.votes()).map(|person| person.id.clone()) else { return false };
        let stage = Stage::TitleAbstract;
        let place = self.state.record_place(record).filter(|at| self.state.is_record_live(*at) && self.state.unit_of(*at) == *at);
        place.is_some_and(|unit| {
            matches!(self.state.status(stage, unit), Some(Status::Unscreened | Status::Partial))
                && self.state.vote_by(stage, unit, &me).is_none()
        })
    }

    /// Returns the units of a stage that wait for the acting reviewer's vote, in the order of import. While a calibration round is open,
    /// those who are in it have only its sample, in the order of the sample.
    pub(in crate::app) fn waiting_for_my_vote(&self, stage: Stage) -> Arc<[RecordIndex]> {
        let Some(me) = self.reviewer().filter(|person| person.votes()).map(|person| person.id.clone()) else { return Arc::default() };
        let mut kept = self.waiting.borrow_mut();
        let operations = self.state.ops().len();
        match kept.iter().find(|known| known.stage == stage && known.reviewer == me && known.operations == operations) {
            Some(known) => Arc::clone(&known.units),
            None => {
                let units = self.find_waiting(stage, &me);
                kept.retain(|known| known.stage != stage);
                kept.push(Waiting { stage, reviewer: me, operations, units: Arc::clone(&units) });
                units
            }
        }
    }

    fn find_waiting(&self, stage: Stage, me: &ReviewerId) -> Arc<[RecordIndex]> {
        let rounds = self.state.rounds();
        let mine = rounds.iter().filter(|found| found.round.stage == stage && found.round.is_open && found.round.reviewers.contains(me));
        let samples: Vec<RecordIndex> = mine.flat_map(|found| self.state.units_of_round(found.round)).collect();
        if !samples.is_empty() {
            return samples.into_iter().filter(|unit| self.state.vote_now(stage, *unit, me).is_none()).collect();
        }
        let has_voted = self.state.voted_by(stage, me);
        let open = self.state.units_in(stage).filter(|(_, status)| matches!(status, Status::Unscreened | Status::Partial));
        let open = open.map(|(unit, _)| unit).filter(|unit| !has_voted(*unit));
        open.filter(|unit| self.state.open_round_of(stage, *unit).is_none()).collect()
    }
}
