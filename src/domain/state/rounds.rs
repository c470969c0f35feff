//! Calibration rounds as they stand, and which votes belong to them.

use super::super::decision::Stage;
use super::super::ids::ReviewerId;
use super::super::round::{Round, RoundId, RoundVotes};
use super::{OpIndex, RecordIndex, ReviewState, VoteRecord};

/// A round with its place among those of its stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberedRound<'a> {
    /// Its number within the stage, from 1, in the order of starting.
    pub number: usize,
    /// The operation that started it.
    pub op: OpIndex,
    /// The latest version that stands.
    pub round: &'a Round,
}

impl ReviewState {
    /// Returns the rounds that stand, in the order in which they were started.
    pub fn rounds(&self) -> Vec<NumberedRound<'_>> {
        let mut rounds: Vec<NumberedRound<'_>> = Vec::new();
        for kept in self.rounds.iter().filter(|kept| self.is_live(kept.op)) {
            match rounds.iter_mut().find(|known| known.round.id == kept.value.id) {
                Some(known) => known.round = &kept.value,
                None => {
                    let number = 1 + rounds.iter().filter(|known| known.round.stage == kept.value.stage).count();
                    rounds.push(NumberedRound { number, op: kept.op, round: &kept.value });
                }
            }
        }
        rounds
    }

    /// Returns the open round of a stage in whose sample the unit is.
    pub fn open_round_of(&self, stage: Stage, unit: RecordIndex) -> Option<NumberedRound<'_>> {
        if self.rounds.is_empty() {
            return None;
        }
        let mut open = self.rounds().into_iter().filter(|found| found.round.is_open && found.round.stage == stage);
        open.find(|found| self.is_in_sample(found.round, unit))
    }

    /// Returns the units of a round's sample that stand, in the order of the sample.
    pub fn units_of_round(&self, round: &Round) -> Vec<RecordIndex> {
        let mut units: Vec<RecordIndex> = Vec::new();
        for record in round.records.iter().filter_map(|id| self.record_place(*id)).filter(|at| self.is_record_live(*at)) {
            let unit = self.unit_of(record);
            if !units.contains(&unit) && self.removal_of(unit).is_none() {
                units.push(unit);
            }
        }
        units
    }

    /// Returns the round in which a vote was cast.
    pub fn round_of_vote(&self, op: OpIndex, record: RecordIndex) -> Option<&RoundId> {
        if self.round_votes.is_empty() { None } else { self.round_votes.get(&(op, record)) }
    }

    /// Tells whether a vote is left aside by every count: it was cast for practice.
    pub(super) fn is_practice(&self, op: OpIndex, record: RecordIndex) -> bool {
        let Some(id) = self.round_of_vote(op, record) else { return false };
        self.rounds.iter().any(|kept| kept.value.id == *id && kept.value.votes == RoundVotes::Practice)
    }

    /// Returns the standing votes of a round on a unit, one per reviewer, in the order in which the reviewers joined.
    pub fn round_votes_on(&self, round: &Round, unit: RecordIndex) -> Vec<VoteRecord<'_>> {
        let mut standing: Vec<VoteRecord<'_>> = Vec::new();
        for found in self.votes_of_round(round, unit).into_iter().filter(|found| self.is_live(found.op)) {
            match standing.iter_mut().find(|known| known.vote.reviewer == found.vote.reviewer) {
                Some(known) => *known = if found.op >= known.op { found } else { *known },
                None => standing.push(found),
            }
        }
        let people = self.reviewers();
        standing.sort_by_key(|found| people.iter().position(|person| person.id == found.vote.reviewer));
        standing
    }

    /// Returns all votes of a round on a unit, those taken back included.
    pub(super) fn votes_of_round(&self, round: &Round, unit: RecordIndex) -> Vec<VoteRecord<'_>> {
        let members = self.groups.members_of(&unit).iter();
        let rows = members.flat_map(|member| {
            let kept = self.votes.of(round.stage, *member);
            kept.iter().filter(|kept| self.round_of_vote(kept.op, *member) == Some(&round.id))
        });
        rows.map(|kept| VoteRecord { op: kept.op, vote: &kept.value }).collect()
    }

    /// Returns those of a round who still have to vote on a unit: people who take part in the review and have not voted on it there.
    pub fn missing_in_round(&self, round: &Round, unit: RecordIndex) -> Vec<ReviewerId> {
        let voted = self.round_votes_on(round, unit);
        let takes_part = |id: &ReviewerId| self.reviewer(id).is_some_and(|person| person.votes());
        let missing = round.reviewers.iter().filter(|id| voted.iter().all(|found| found.vote.reviewer != **id));
        missing.filter(|id| takes_part(id)).cloned().collect()
    }

    /// Returns the standing vote of one reviewer on a unit as the unit is screened now: in the open round where it is in one.
    pub fn vote_now(&self, stage: Stage, unit: RecordIndex, reviewer: &ReviewerId) -> Option<VoteRecord<'_>> {
        match self.open_round_of(stage, unit) {
            Some(found) => self.round_votes_on(found.round, unit).into_iter().find(|vote| vote.vote.reviewer == *reviewer),
            None => self.vote_by(stage, unit, reviewer),
        }
    }

    /// Returns the standing votes on a unit as it is screened now: those of the open round where it is in one.
    pub fn votes_now(&self, stage: Stage, unit: RecordIndex) -> Vec<VoteRecord<'_>> {
        match self.open_round_of(stage, unit) {
            Some(found) => self.round_votes_on(found.round, unit),
            None => self.votes_on(stage, unit),
        }
    }

    /// Tells whether all votes are in that the unit needs now: those of everybody in the open round where it is in one, else as many as
    /// the policy asks for. Until then nobody sees what others voted.
    pub fn has_all_votes(&self, stage: Stage, unit: RecordIndex) -> bool {
        match self.open_round_of(stage, unit) {
            Some(found) => !self.round_votes_on(found.round, unit).is_empty() && self.missing_in_round(found.round, unit).is_empty(),
            None => self.votes_on(stage, unit).len() >= usize::from(self.policy(stage).required_votes),
        }
    }

    /// Tells whether the votes of a round on a unit could be seen at some time: everybody in it who takes part has voted, if only once.
    pub(super) fn has_round_been_open(&self, round: &Round, unit: RecordIndex) -> bool {
        let voted = self.votes_of_round(round, unit);
        let takes_part = |id: &&ReviewerId| self.reviewer(id).is_some_and(|person| person.votes());
        let mut people = round.reviewers.iter().filter(takes_part);
        !voted.is_empty() && people.all(|id| voted.iter().any(|found| found.vote.reviewer == *id))
    }

    /// Returns the last vote that each reviewer cast in a round before votes on the unit could be seen.
    pub fn independent_round_votes(&self, round: &Round, unit: RecordIndex) -> Vec<VoteRecord<'_>> {
        let all = self.votes_of_round(round, unit);
        let last_of = |standing: VoteRecord<'_>| {
            let own = all.iter().filter(|found| found.vote.is_independent && found.vote.reviewer == standing.vote.reviewer);
            own.max_by_key(|found| found.op).copied()
        };
        let standing = self.round_votes_on(round, unit).into_iter();
        standing.filter_map(|found| if found.vote.is_independent { Some(found) } else { last_of(found) }).collect()
    }

    fn is_in_sample(&self, round: &Round, unit: RecordIndex) -> bool {
        let members = self.groups.members_of(&unit);
        members.iter().any(|member| round.records.contains(&self.record_id(*member)))
    }

    /// Returns in words what rests on the start or the end of a round; `None` where it can be taken back.
    pub(super) fn what_rests_on_round(&self, op: OpIndex) -> Option<String> {
        use crate::domain::text::{counted, was};
        let row = self.rounds.iter().find(|kept| kept.op == op)?;
        let id = &row.value.id;
        if row.value.is_open {
            let cast = self.round_votes.iter().filter(|((at, _), round)| *round == id && self.is_live(*at)).count();
            return (cast > 0).then(|| format!("{} {} cast in this round; close it instead", counted(cast, "vote"), was(cast)));
        }
        if row.value.votes == RoundVotes::Count {
            return None;
        }
        let units = self.units_of_round(&row.value);
        let members = units.iter().flat_map(|unit| self.members_of(*unit));
        let rows = members.flat_map(|member| {
            let rows = self.votes.of(row.value.stage, member).iter();
            rows.filter(move |kept| kept.op > op && self.is_live(kept.op) && !self.is_practice(kept.op, member))
        });
        let cast = rows.count();
        (cast > 0).then(|| format!("{} {} cast on its records since, for the review", counted(cast, "vote"), was(cast)))
    }

    /// Returns in words why a practice vote cannot be taken back any more: its round was closed.
    pub(super) fn closed_round_of(&self, op: OpIndex) -> Option<String> {
        let mut practised = self.round_votes.range((op, 0)..=(op, RecordIndex::MAX)).map(|(_, id)| id);
        let closed = practised.find_map(|id| {
            self.rounds()
                .into_iter()
                .find(|found| found.round.id == *id && !found.round.is_open && found.round.votes == RoundVotes::Practice)
        });
        closed.map(|found| format!("round {} has been closed since; open it again by taking that back", found.number))
    }
}
