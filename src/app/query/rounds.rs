//! Calibration rounds as the acting reviewer may see them.

use serde::Serialize;

use crate::domain::decision::Stage;
use crate::domain::ids::ReviewerId;
use crate::domain::review::Criterion;
use crate::domain::round::RoundVotes;
use crate::domain::state::{NumberedRound, RecordIndex};

use super::super::error::Result;
use super::super::workspace::Workspace;
use super::agreement::{AgreementOrder, AgreementReport, AgreementVotes};
use super::records::ListedRecord;
use super::screening::VoteView;

/// How far one person has come in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoundProgress {
    /// Who.
    pub reviewer: String,
    /// Records voted on.
    pub done: usize,
    /// Whether the person takes part in the review at present.
    pub is_active: bool,
}

/// A calibration round.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoundView {
    /// Its identity.
    pub id: String,
    /// Its number within the stage, from 1.
    pub number: usize,
    /// The stage.
    pub stage: Stage,
    /// Whether votes on its records belong to it now.
    pub is_open: bool,
    /// What becomes of its votes.
    pub votes: RoundVotes,
    /// What the sample was drawn with.
    pub seed: u32,
    /// How many records were asked for.
    pub size: u32,
    /// How many records the sample holds.
    pub records: usize,
    /// On how many of them everybody has voted.
    pub complete: usize,
    /// On how many of those people differ in verdict.
    pub differing: usize,
    /// Who started it.
    pub started_by: String,
    /// When, "2026-01-31 09:30".
    pub started_at: String,
    /// Everybody's progress; which records they are is not told.
    pub progress: Vec<RoundProgress>,
    /// The version of the criteria that stood when it was started; 0 before any were written down.
    pub criteria_version: usize,
    /// The version that stands now.
    pub criteria_version_now: usize,
    /// The criteria that stood when it was started.
    pub criteria: Vec<Criterion>,
}

/// One record of a round's sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoundRecord {
    /// The record.
    #[serde(flatten)]
    pub line: ListedRecord,
    /// The votes: those of all once everybody has voted, before that one's own.
    pub votes: Vec<VoteView>,
    /// Whether everybody has voted.
    pub is_complete: bool,
    /// Whether people differ in verdict, as far as that may be known.
    pub differs: bool,
}

impl Workspace {
    /// Returns the calibration rounds in the order in which they were started.
    pub fn rounds(&self) -> Vec<RoundView> {
        self.state.rounds().into_iter().map(|found| self.round_view(found)).collect()
    }

    /// Returns one round by its number within the stage; without one the latest.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review has no such round.
    pub fn round(&self, stage: Stage, number: Option<usize>) -> Result<RoundView> {
        self.round_of(stage, number).map(|found| self.round_view(found))
    }

    fn round_view(&self, found: NumberedRound<'_>) -> RoundView {
        let NumberedRound { number, op, round } = found;
        let units = self.state.units_of_round(round);
        let voted = |id: &ReviewerId| {
            units.iter().filter(|unit| self.state.round_votes_on(round, **unit).iter().any(|vote| vote.vote.reviewer == *id)).count()
        };
        let complete: Vec<RecordIndex> = units.iter().copied().filter(|unit| self.is_complete_in(found, *unit)).collect();
        let start = self.state.op(op);
        let (criteria_version, criteria) = self.state.criteria_at(op);
        RoundView {
            id: round.id.to_string(),
            number,
            stage: round.stage,
            is_open: round.is_open,
            votes: round.votes,
            seed: round.seed,
            size: round.size,
            records: units.len(),
            complete: complete.len(),
            differing: complete.iter().filter(|unit| self.differs_in(found, **unit)).count(),
            started_by: start.reviewer.to_string(),
            started_at: start.at.to_minute(),
            progress: round
                .reviewers
                .iter()
                .map(|id| RoundProgress {
                    reviewer: id.to_string(),
                    done: voted(id),
                    is_active: self.state.reviewer(id).is_some_and(|person| person.votes()),
                })
                .collect(),
            criteria_version,
            criteria_version_now: self.state.criteria_at(self.state.ops().len() as u32).0,
            criteria: criteria.to_vec(),
        }
    }

    /// Returns the sample of a round in its order, with the votes that the acting reviewer may see.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review has no such round or the file cannot be read.
    pub fn round_records(&self, stage: Stage, number: Option<usize>) -> Result<Vec<RoundRecord>> {
        let found = self.round_of(stage, number)?;
        let units = self.state.units_of_round(found.round);
        let me = self.reviewer().map(|person| person.id.clone());
        let hides = |unit: RecordIndex| {
            let hidden = !self.state.policy(stage).shows_votes_in_conflict;
            hidden && found.round.votes == RoundVotes::Count && self.state.status(stage, unit).is_some_and(|status| status.is_conflict())
        };
        let records = self.list(&units)?.into_iter().zip(units).map(|(line, unit)| {
            let is_complete = self.is_complete_in(found, unit);
            let standing = self.state.round_votes_on(found.round, unit);
            let is_mine = |vote: &crate::domain::state::VoteRecord<'_>| me.as_ref() == Some(&vote.vote.reviewer);
            let votes = standing.iter().filter(|vote| is_complete || is_mine(vote)).map(|vote| {
                let view = self.view_vote(vote);
                if hides(unit) && !is_mine(vote) { VoteView { verdict: None, reason: None, note: None, ..view } } else { view }
            });
            RoundRecord { line, votes: votes.collect(), is_complete, differs: is_complete && self.differs_in(found, unit) }
        });
        Ok(records.collect())
    }

    /// Returns the agreement of each pair in a round.
    ///
    /// # Errors
    /// As [`Workspace::agreement`], and where the review has no such round.
    pub fn round_agreement(&self, stage: Stage, number: Option<usize>) -> Result<AgreementReport> {
        let number = self.round_of(stage, number)?.number;
        self.agreement(&AgreementOrder { votes: AgreementVotes::InRound(number), ..AgreementOrder::of(stage) })
    }

    /// Tells whether everybody in a round who takes part has voted on a unit there.
    pub(super) fn is_complete_in(&self, found: NumberedRound<'_>, unit: RecordIndex) -> bool {
        self.state.round_votes_on(found.round, unit).len() >= 2 && self.state.missing_in_round(found.round, unit).is_empty()
    }

    fn differs_in(&self, found: NumberedRound<'_>, unit: RecordIndex) -> bool {
        let votes = self.state.round_votes_on(found.round, unit);
        votes.iter().any(|vote| vote.vote.verdict != votes[0].vote.verdict)
    }
}
