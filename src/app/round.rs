//! Calibration rounds: starting and closing them. Votes find their round by themselves.

use crate::domain::decision::Stage;
use crate::domain::ids::{OpId, RecordId, ReviewerId};
use crate::domain::operation::{OpKind, Row};
use crate::domain::round::{Round, RoundId, RoundVote, RoundVotes, draw};
use crate::domain::screening::Status;
use crate::domain::state::{NumberedRound, RecordIndex};
use crate::domain::text::counted;

use super::error::{Error, Result};
use super::request::Reply;
use super::workspace::{Change, Workspace};

impl Workspace {
    /// Draws a sample of records on which nobody has voted yet, for all who vote to screen.
    pub(super) fn start_round(&mut self, stage: Stage, size: u32, seed: Option<u32>, votes: RoundVotes) -> Result<Reply> {
        self.acting()?;
        if size == 0 {
            return Err(Error::user("a round needs at least one record"));
        }
        if let Some(open) = self.state.rounds().into_iter().find(|found| found.round.stage == stage && found.round.is_open) {
            return Err(Error::blocked(format!("round {} at {} is still open", open.number, stage.label()))
                .hint("close it first: tamis round close"));
        }
        let reviewers: Vec<ReviewerId> = self.state.voters().iter().map(|person| person.id.clone()).collect();
        if reviewers.len() < 2 {
            return Err(
                Error::user("a round compares people, and only one votes in this review").hint("add another: tamis setup reviewer ID")
            );
        }
        let pool = self.pool_of_round(stage);
        if pool.is_empty() {
            return Err(Error::blocked(format!("no record at {} is left on which nobody has voted", stage.label())));
        }
        let random = self.environment.names.next(&format!("round {}", self.state.ops().len()))?;
        let seed = seed.unwrap_or_else(|| u32::from_be_bytes([random[12], random[13], random[14], random[15]]));
        let id = RoundId(OpId::from_bytes(random).to_string()[..12].to_owned());
        let records = draw(pool, size as usize, seed);
        let number = 1 + self.state.rounds().iter().filter(|found| found.round.stage == stage).count();
        let what = format!(
            "started round {number} at {}: {} drawn with seed {seed}, {}",
            stage.label(),
            counted(records.len(), "record"),
            match votes {
                RoundVotes::Count => "votes count",
                RoundVotes::Practice => "votes are practice",
            }
        );
        let round = Round { id, stage, seed, size, votes, is_open: true, reviewers, records };
        self.transact(Change::new(OpKind::Setup, what, vec![Row::Round(round)]))
    }

    /// Returns the records from which a round is drawn: those that wait for screening, without any vote, and of no round before.
    fn pool_of_round(&self, stage: Stage) -> Vec<RecordId> {
        let earlier: Vec<RecordIndex> = self
            .state
            .rounds()
            .iter()
            .filter(|found| found.round.stage == stage)
            .flat_map(|found| self.state.units_of_round(found.round))
            .collect();
        let waiting = self.state.units_in(stage).filter(|(_, status)| **status == Status::Unscreened).map(|(unit, _)| unit);
        waiting.filter(|unit| !earlier.contains(unit)).map(|unit| self.state.record_id(unit)).collect()
    }

    /// Ends a round: from now on votes on its records are ordinary ones.
    pub(super) fn close_round(&mut self, stage: Stage, number: Option<usize>, is_early: bool) -> Result<Reply> {
        let found = self.round_of(stage, number)?;
        if !found.round.is_open {
            return Err(Error::blocked(format!("round {} at {} is closed already", found.number, stage.label())));
        }
        let (round, number) = (found.round.clone(), found.number);
        let mut left: Vec<String> = Vec::new();
        for person in &round.reviewers {
            let units = self.state.units_of_round(&round);
            let missing = units.iter().filter(|unit| self.state.missing_in_round(&round, **unit).contains(person)).count();
            if missing > 0 {
                left.push(format!("{person} has {} left", counted(missing, "record")));
            }
        }
        if !left.is_empty() && !is_early {
            return Err(Error::blocked(format!("round {number} is not finished: {}; nothing was closed", left.join(", ")))
                .hint("add --early to close it as it is"));
        }
        let what = format!("closed round {number} at {}", stage.label());
        self.transact(Change::new(OpKind::Setup, what, vec![Row::Round(Round { is_open: false, ..round })]))
    }

    /// Finds a round by its number within the stage; without one the latest.
    pub(super) fn round_of(&self, stage: Stage, number: Option<usize>) -> Result<NumberedRound<'_>> {
        let rounds = self.state.rounds().into_iter().filter(|found| found.round.stage == stage);
        let of_stage: Vec<NumberedRound<'_>> = rounds.collect();
        let found = match number {
            Some(number) => of_stage.iter().find(|found| found.number == number),
            None => of_stage.last(),
        };
        found.copied().ok_or_else(|| {
            let what = number.map_or_else(|| "no round".to_owned(), |number| format!("no round {number}"));
            Error::not_found(format!("the review has {what} at {}", stage.label())).hint("start one with tamis round start")
        })
    }

    /// Returns the rows of a vote: with its place in a round where the unit is in an open one.
    pub(super) fn rows_of_vote(&self, unit: RecordIndex, vote: crate::domain::decision::Vote) -> Vec<Row> {
        let round = self.state.open_round_of(vote.stage, unit).map(|found| found.round.id.clone());
        let of_round = round.map(|round| Row::RoundVote(RoundVote { round, record: vote.record }));
        [Row::Vote(vote)].into_iter().chain(of_round).collect()
    }

    /// Refuses a vote on a record of a round from somebody who is not in it.
    pub(super) fn check_round(&self, stage: Stage, unit: RecordIndex, reviewer: &ReviewerId) -> Result<()> {
        match self.state.open_round_of(stage, unit) {
            Some(found) if !found.round.reviewers.contains(reviewer) => {
                let people: Vec<&str> = found.round.reviewers.iter().map(ReviewerId::as_str).collect();
                Err(Error::blocked(format!("the record is in round {}, in which {} vote", found.number, people.join(" and ")))
                    .hint("it is everybody's again when the round is closed"))
            }
            _ => Ok(()),
        }
    }
}
