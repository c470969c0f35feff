//! Casting votes, settling conflicts, and the retrieval of reports.

use crate::domain::decision::{Resolution, Stage, Verdict, Vote};
use crate::domain::ids::{RecordId, ReviewerId};
use crate::domain::operation::{OpKind, Row};
use crate::domain::policy::Resolver;
use crate::domain::report::{Retrieval, RetrievalState};
use crate::domain::screening::Status;
use crate::domain::state::RecordIndex;
use crate::domain::text::{counted, was};

use super::error::{Error, Result};
use super::load::Planned;
use super::request::{Detail, Reply, VoteEntry};
use super::workspace::{Change, Workspace, nothing};

impl Workspace {
    pub(super) fn vote(&mut self, stage: Stage, entries: Vec<VoteEntry>) -> Result<Reply> {
        let reviewer = self.voter()?;
        if entries.is_empty() {
            return Err(Error::user("there is no vote to cast"));
        }
        let mut rows = Vec::with_capacity(entries.len());
        let mut units: Vec<RecordIndex> = Vec::with_capacity(entries.len());
        let is_one = entries.len() == 1;
        for (at, entry) in entries.into_iter().enumerate() {
            let (unit, vote) = self
                .checked_vote(stage, &reviewer, entry, true)
                .map_err(|(_, error)| if is_one { error } else { in_row(at + 1, error) })?;
            units.push(unit);
            rows.extend(self.rows_of_vote(unit, vote));
        }
        let cast = units.len();
        let what =
            if is_one { format!("voted at {}", stage.label()) } else { format!("cast {} at {}", counted(cast, "vote"), stage.label()) };
        let mut reply = self.transact(Change::new(OpKind::Vote, what, rows))?;
        if is_one {
            reply.message = format!("voted on {} at {}", self.state.record_id(units[0]), stage.label());
        }
        reply.detail = Detail::Votes { cast };
        Ok(reply)
    }

    /// Checks a vote; an error comes with the column of a table that it is about.
    fn checked_vote(
        &self,
        stage: Stage,
        reviewer: &ReviewerId,
        entry: VoteEntry,
        is_independent: bool,
    ) -> Result<(RecordIndex, Vote), (Option<&'static str>, Error)> {
        let unit = self.unit(entry.record).map_err(|error| (Some("record"), error))?;
        let id = self.state.record_id(unit);
        if !entry.verdict.fits(stage) {
            return Err((Some("vote"), Error::user(format!("\"{}\" is no verdict at {}", entry.verdict, stage.label()))));
        }
        let reason = self.checked_reason(stage, entry.verdict, entry.reason).map_err(|error| (Some("reason"), error))?;
        self.check_open(stage, unit, reviewer).map_err(|error| (None, error))?;
        let vote = Vote {
            stage,
            record: id,
            reviewer: reviewer.clone(),
            verdict: entry.verdict,
            reason,
            note: tidy(entry.note),
            milliseconds: entry.milliseconds,
            is_independent: is_independent && !self.state.has_been_open(stage, unit),
        };
        Ok((unit, vote))
    }

    /// Plans the vote of one row of a table; none where the same vote stands already.
    pub(super) fn plan_vote(&self, stage: Stage, entry: VoteEntry, is_independent: bool) -> Planned {
        let reviewer = self.voter().map_err(|error| (None, error))?;
        if let Ok(unit) = self.unit(entry.record)
            && let Some(found) = self.state.vote_now(stage, unit, &reviewer)
        {
            let (known, reason) = (found.vote, entry.reason.as_deref().and_then(|reason| self.known_reason(reason)));
            let note = tidy(entry.note.clone());
            if known.verdict == entry.verdict && known.reason == reason.or_else(|| entry.reason.clone()) && known.note == note {
                return Ok(Vec::new());
            }
        }
        let (unit, vote) = self.checked_vote(stage, &reviewer, entry, is_independent)?;
        Ok(self.rows_of_vote(unit, vote))
    }

    /// Returns the acting reviewer, who must be one who votes.
    pub(super) fn voter(&self) -> Result<ReviewerId> {
        let reviewer = self.acting()?;
        if !self.reviewer().is_some_and(|person| person.votes()) {
            return Err(Error::blocked(format!("{reviewer} does not vote in this review"))
                .hint("votes are cast by active people with the role reviewer"));
        }
        Ok(reviewer)
    }

    /// Checks that a unit is at a stage and takes a vote of this reviewer.
    pub(super) fn check_open(&self, stage: Stage, unit: RecordIndex, reviewer: &ReviewerId) -> Result<()> {
        let id = self.state.record_id(unit);
        match self.state.status(stage, unit) {
            None => return Err(Error::blocked(format!("{id} has not reached {}: it was not included at title/abstract", stage.label()))),
            Some(Status::Removed) => return Err(Error::blocked(format!("{id} was removed before screening"))),
            Some(Status::NotRetrieved) => {
                return Err(Error::blocked(format!("the report {id} was not retrieved"))
                    .hint("mark it as retrieved first: tamis fulltext retrieval"));
            }
            Some(_) => {}
        }
        self.check_round(stage, unit, reviewer)?;
        let votes = self.state.votes_now(stage, unit);
        let is_complete = self.state.has_all_votes(stage, unit);
        let has_voted = votes.iter().any(|found| found.vote.reviewer == *reviewer);
        if is_complete {
            let hint = if has_voted {
                "take your vote back with undo; a new one is then marked as not independent"
            } else {
                "a conflict is settled with tamis conflict resolve"
            };
            return Err(Error::blocked(format!("all votes on {id} are in, so it is locked")).hint(hint));
        }
        Ok(())
    }

    /// Returns the code of an exclusion reason that is named by its code or its label.
    pub(super) fn known_reason(&self, name: &str) -> Option<String> {
        let name = name.trim();
        self.state.reasons().iter().find(|known| known.code == name || known.label == name).map(|known| known.code.clone())
    }

    /// Checks an exclusion reason: needed and known at full text, optional before, refused where nothing is excluded.
    fn checked_reason(&self, stage: Stage, verdict: Verdict, reason: Option<String>) -> Result<Option<String>> {
        let reason = reason.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
        let codes = || self.state.reasons().iter().map(|reason| reason.code.as_str()).collect::<Vec<_>>().join(", ");
        match reason {
            Some(_) if verdict != Verdict::Exclude => Err(Error::user(format!("a reason belongs to an exclusion, not to \"{verdict}\""))),
            Some(code) => match self.known_reason(&code) {
                Some(known) => Ok(Some(known)),
                None => {
                    Err(Error::user(format!("the review has no exclusion reason \"{code}\"")).hint(format!("the codes are {}", codes())))
                }
            },
            None if verdict == Verdict::Exclude && stage == Stage::FullText => {
                Err(Error::user("an exclusion at full text needs a reason").hint(format!("add --reason CODE; the codes are {}", codes())))
            }
            None => Ok(None),
        }
    }

    pub(super) fn resolve(
        &mut self,
        stage: Stage,
        record: RecordId,
        verdict: Verdict,
        reason: Option<String>,
        rationale: &str,
    ) -> Result<Reply> {
        let rows = self.plan_resolution(stage, record, verdict, reason, rationale, &[]).map_err(|(_, error)| error)?;
        let unit = self.unit(record)?;
        let id = self.state.record_id(unit);
        if rows.is_empty() {
            return Ok(nothing(format!("{id}: your word is recorded already")));
        }
        let mut reply = self.transact(Change::new(OpKind::Resolve, format!("took part in settling {id} at {}", stage.label()), rows))?;
        let is_settled = !self.state.status(stage, unit).is_some_and(Status::is_conflict);
        reply.message = if is_settled {
            format!("{id} is settled: {}", self.state.status(stage, unit).map_or("", Status::label))
        } else {
            let names = |ids: Vec<ReviewerId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let left = self.who_left(stage, unit);
            if left.is_empty() {
                format!("{id}: your word is recorded; it waits for {}", names(self.waiting_for(stage, unit)))
            } else {
                format!("{id}: your word is recorded; {} left, so somebody who did not vote on it settles it", names(left))
            }
        };
        Ok(reply)
    }

    /// Plans a part in settling a conflict; none where a row before says the same.
    pub(super) fn plan_resolution(
        &self,
        stage: Stage,
        record: RecordId,
        verdict: Verdict,
        reason: Option<String>,
        rationale: &str,
        before: &[Row],
    ) -> Planned {
        let reviewer = self.acting().map_err(|error| (None, error))?;
        let unit = self.unit(record).map_err(|error| (Some("record"), error))?;
        let id = self.state.record_id(unit);
        if verdict == Verdict::Maybe || !verdict.fits(stage) {
            return Err((Some("vote"), Error::user(format!("a conflict at {} cannot be settled as \"{verdict}\"", stage.label()))));
        }
        if rationale.trim().is_empty() {
            return Err((Some("why"), Error::user("settling a conflict needs a reason in words").hint("add --why \"...\"")));
        }
        let reason = self.checked_reason(stage, verdict, reason).map_err(|error| (Some("reason"), error))?;
        if !self.state.status(stage, unit).is_some_and(Status::is_conflict) {
            let now = self.state.status(stage, unit).map_or("not at this stage", Status::label);
            return Err((Some("record"), Error::blocked(format!("{id} is in no conflict at {}: {now}", stage.label()))));
        }
        self.check_resolver(stage, unit, &reviewer).map_err(|error| (Some("record"), error))?;
        let said = before.iter().find_map(|row| match row {
            Row::Resolution(said) if said.stage == stage && said.record == id => Some(said),
            _ => None,
        });
        match said {
            Some(said) if said.verdict == verdict && said.reason == reason => return Ok(Vec::new()),
            Some(_) => return Err((Some("vote"), Error::user(format!("a row before settles {id} otherwise")))),
            None => {}
        }
        let rationale = rationale.trim().to_owned();
        let own = self.state.resolutions_of(stage, unit).into_iter().find(|known| known.reviewer == reviewer);
        if own.is_some_and(|own| own.verdict == verdict && own.reason == reason && own.rationale == rationale) {
            return Ok(Vec::new());
        }
        Ok(vec![Row::Resolution(Resolution { stage, record: id, reviewer, verdict, reason, rationale })])
    }

    pub(super) fn check_resolver(&self, stage: Stage, unit: RecordIndex, reviewer: &ReviewerId) -> Result<()> {
        let has_voted = self.state.vote_by(stage, unit, reviewer).is_some();
        let adjudicates = self.state.reviewer(reviewer).is_some_and(|person| person.adjudicates());
        let takes_part = self.state.reviewer(reviewer).is_some_and(|person| person.votes() || person.adjudicates());
        match self.state.policy(stage).resolver {
            Resolver::Any => Ok(()),
            Resolver::Consensus if has_voted => Ok(()),
            Resolver::Consensus if takes_part && !self.who_left(stage, unit).is_empty() => Ok(()),
            Resolver::Consensus => Err(Error::blocked("this conflict is settled by those who voted, together")),
            Resolver::Third if has_voted => Err(Error::blocked("this conflict is settled by a third person, not by one who voted")),
            Resolver::Third if adjudicates => Ok(()),
            Resolver::Third => {
                let error = Error::blocked(format!("{reviewer} is no adjudicator of this review"));
                let has_one = self.state.reviewers().iter().any(|person| person.adjudicates());
                Err(if has_one { error } else { error.hint("nobody is: add one with tamis setup reviewer ID --role adjudicator") })
            }
        }
    }

    /// Returns those who voted on a unit and take no further part. Another person of the team settles such a conflict in their place.
    pub(super) fn who_left(&self, stage: Stage, unit: RecordIndex) -> Vec<ReviewerId> {
        let votes = self.state.votes_on(stage, unit).into_iter().map(|found| found.vote.reviewer.clone());
        votes.filter(|id| !self.state.reviewer(id).is_some_and(|person| person.is_active)).collect()
    }

    /// Returns those whose word a conflict still waits for under the rule of consensus.
    pub(super) fn waiting_for(&self, stage: Stage, unit: RecordIndex) -> Vec<ReviewerId> {
        let said = self.state.resolutions_of(stage, unit);
        let Some(latest) = said.last() else {
            return self.state.votes_on(stage, unit).iter().map(|found| found.vote.reviewer.clone()).collect();
        };
        let agrees = |id: &ReviewerId| said.iter().any(|r| r.reviewer == *id && r.verdict == latest.verdict && r.reason == latest.reason);
        self.state.votes_on(stage, unit).iter().map(|found| found.vote.reviewer.clone()).filter(|id| !agrees(id)).collect()
    }

    pub(super) fn retrieve(&mut self, record: RecordId, state: RetrievalState, note: Option<String>) -> Result<Reply> {
        let rows = self.plan_retrieval(record, state, note, &[]).map_err(|(_, error)| error)?;
        let id = self.state.record_id(self.unit(record)?);
        let what = match state {
            RetrievalState::Pending => format!("report {id} is to be sought again"),
            RetrievalState::Requested => format!("report {id} was requested"),
            RetrievalState::Retrieved => format!("report {id} is at hand"),
            RetrievalState::NotRetrieved => format!("report {id} was not retrieved"),
        };
        if rows.is_empty() {
            return Ok(nothing(format!("{what} already")));
        }
        self.transact(Change::new(OpKind::Retrieve, what, rows))
    }

    /// Plans an entry of the retrieval log; none where the last entry says the same.
    pub(super) fn plan_retrieval(&self, record: RecordId, state: RetrievalState, note: Option<String>, before: &[Row]) -> Planned {
        let unit = self.sought(record).map_err(|error| (Some("record"), error))?;
        let id = self.state.record_id(unit);
        let votes = self.state.votes_on(Stage::FullText, unit).len();
        if votes > 0 && state != RetrievalState::Retrieved {
            let error = Error::blocked(format!("{} cast on {id}, so its report is at hand", full_text_votes(votes)));
            return Err((Some("state"), error.hint("take those votes back first")));
        }
        let row = Retrieval { record: id, state, note: tidy(note), file_sha256: None, file_name: None };
        let earlier = before.iter().rev().find_map(|row| match row {
            Row::Retrieval(earlier) if earlier.record == id => Some(earlier),
            _ => None,
        });
        let log = self.state.retrieval_log(unit);
        let last = earlier.or_else(|| log.last().map(|(_, last)| *last));
        let is_known = last.is_some_and(|last| last.state == row.state && (row.note.is_none() || last.note == row.note));
        Ok(if is_known { Vec::new() } else { vec![Row::Retrieval(row)] })
    }

    /// Returns the unit of a report that is sought: included at title and abstract.
    pub(super) fn sought(&self, record: RecordId) -> Result<RecordIndex> {
        let unit = self.unit(record)?;
        if self.state.status(Stage::FullText, unit).is_none() {
            return Err(Error::blocked(format!("{} is not sought: it was not included at title/abstract", self.state.record_id(unit))));
        }
        Ok(unit)
    }
}

fn full_text_votes(votes: usize) -> String {
    format!("{} {}", counted(votes, "full-text vote"), was(votes))
}

fn tidy(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn in_row(row: usize, mut error: Error) -> Error {
    error.message = format!("row {row}: {}; no vote was cast", error.message);
    error
}
