//! Votes, conflicts and reports, with blinding applied.

use std::path::PathBuf;

use serde::Serialize;

use crate::domain::decision::{Stage, Verdict};
use crate::domain::ids::{RecordId, ReviewerId};
use crate::domain::mark::Star;
use crate::domain::policy::Resolver;
use crate::domain::round::RoundVotes;
use crate::domain::screening::Status;
use crate::domain::state::RecordIndex;

use super::super::error::Result;
use super::super::workspace::Workspace;
use super::marks::MarksView;
use super::records::{ListedRecord, RecordCard};

/// Which units a screening list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, strum::Display, strum::EnumString, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Queue {
    /// Those that wait for the acting reviewer's vote.
    Undecided,
    /// Those of the acting reviewer's batch that wait for a vote.
    Batch,
    /// Those on which the acting reviewer has voted.
    Mine,
    /// Those with the acting reviewer's "include".
    MyInclude,
    /// Those with the acting reviewer's "maybe".
    Maybe,
    /// Those in conflict.
    Conflict,
    /// Those decided as included.
    Included,
    /// Those decided as excluded.
    Excluded,
    /// All that reached the stage.
    All,
}

/// A vote as the acting reviewer may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VoteView {
    /// Who.
    pub reviewer: String,
    /// What; `None` while it may not be seen.
    pub verdict: Option<Verdict>,
    /// The code of the exclusion reason, where it may be seen.
    pub reason: Option<String>,
    /// The note, where it may be seen.
    pub note: Option<String>,
    /// When, "2026-01-31 09:30".
    pub at: String,
    /// Whether it was cast before others could be seen.
    pub is_independent: bool,
}

/// One person's part in settling a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResolutionView {
    /// Who.
    pub reviewer: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The code of the exclusion reason.
    pub reason: Option<String>,
    /// Why.
    pub rationale: String,
}

/// A unit in one stage as the acting reviewer may see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitView {
    /// The stage.
    pub stage: Stage,
    /// The card.
    pub card: RecordCard,
    /// A stable word for where it stands; while others' votes may not be seen only "open" or "voted" (by the acting reviewer).
    pub status: &'static str,
    /// The acting reviewer's own vote.
    pub mine: Option<VoteView>,
    /// All votes that may be seen; empty while they may not.
    pub votes: Vec<VoteView>,
    /// What people said in settling a conflict.
    pub resolutions: Vec<ResolutionView>,
    /// Notes, tags and stars that may be seen.
    pub marks: Vec<MarksView>,
}

/// A conflict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConflictView {
    /// The stage.
    pub stage: Stage,
    /// The unit.
    #[serde(flatten)]
    pub line: ListedRecord,
    /// Whether only the reasons differ.
    pub is_about_reason: bool,
    /// The votes; verdicts are left out where the policy hides them.
    pub votes: Vec<VoteView>,
    /// What people said so far.
    pub resolutions: Vec<ResolutionView>,
    /// Whose word it waits for; empty where an adjudicator or a stand-in settles it.
    pub waiting_for: Vec<String>,
    /// Those who voted on it and have left the review; where the voters settle together, somebody else stands in.
    pub left: Vec<String>,
    /// Whether the acting reviewer may settle it or say how.
    pub may_settle: bool,
    /// Whether the acting reviewer has put it off to discuss it later.
    pub is_later: bool,
    /// Others who want to discuss it, as far as that may be seen.
    pub later_for: Vec<String>,
}

/// A report: the document behind a unit that passed title and abstract.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportView {
    /// The unit.
    #[serde(flatten)]
    pub line: ListedRecord,
    /// The state of its retrieval ("pending", "requested", "retrieved", "not_retrieved").
    pub retrieval: String,
    /// The retrieval log, oldest first, as sentences.
    pub log: Vec<String>,
    /// The name of the attached file.
    pub file: Option<String>,
    /// Where it stands at full text, as in [`UnitView::status`].
    pub status: &'static str,
    /// The label of the exclusion reason, where it is excluded.
    pub reason: Option<String>,
    /// The acting reviewer's own vote.
    pub mine: Option<VoteView>,
    /// The labels of the studies that it belongs to.
    pub studies: Vec<String>,
}

impl Workspace {
    /// Returns the units of a stage in a queue of the acting reviewer: at title and abstract in the order that the reviewer has chosen,
    /// else in the order of import. A batch keeps the order in which it was taken.
    pub fn queue(&self, stage: Stage, queue: Queue) -> Vec<RecordId> {
        let me = self.reviewer().map(|person| person.id.clone());
        let units = match queue {
            Queue::Batch if stage == Stage::TitleAbstract => {
                return self.batch_records().into_iter().filter(|record| self.waits_for_me(*record)).collect();
            }
            Queue::Batch | Queue::Undecided => self.waiting_for_my_vote(stage).to_vec(),
            _ => self
                .state
                .units_in(stage)
                .filter(|(unit, status)| self.is_queued(stage, queue, *unit, status, me.as_ref()))
                .map(|(unit, _)| unit)
                .collect(),
        };
        let units = if stage == Stage::TitleAbstract { self.in_order(units) } else { units };
        units.into_iter().map(|unit| self.state.record_id(unit)).collect()
    }

    fn is_queued(&self, stage: Stage, queue: Queue, unit: RecordIndex, status: &Status, me: Option<&ReviewerId>) -> bool {
        let my_verdict = || self.state.vote_now(stage, unit, me?).map(|found| found.vote.verdict);
        match queue {
            Queue::Undecided | Queue::Batch => false,
            Queue::All => true,
            Queue::Mine => my_verdict().is_some(),
            Queue::MyInclude => my_verdict() == Some(Verdict::Include),
            Queue::Maybe => my_verdict() == Some(Verdict::Maybe),
            Queue::Conflict => status.is_conflict(),
            Queue::Included => status.is_in(),
            Queue::Excluded => status.is_out(),
        }
    }

    /// Returns a unit in a stage as the acting reviewer may see it.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review does not hold the record or the file cannot be read.
    pub fn unit_view(&self, stage: Stage, record: RecordId) -> Result<UnitView> {
        let unit = self.unit(record)?;
        Ok(UnitView {
            stage,
            card: self.card(record)?,
            status: self.visible_status(stage, unit),
            mine: self.my_vote(stage, unit),
            votes: self.visible_votes(stage, unit),
            resolutions: self.visible_resolutions(stage, unit),
            marks: self.visible_marks(unit),
        })
    }

    /// Returns the status as the acting reviewer may know it: before enough votes are in, only whether the own vote is.
    fn visible_status(&self, stage: Stage, unit: RecordIndex) -> &'static str {
        match self.state.status(stage, unit) {
            None => "not_reached",
            Some(Status::Unscreened | Status::Partial) if self.my_vote(stage, unit).is_some() => "voted",
            Some(Status::Unscreened | Status::Partial) => "open",
            Some(status) => status.key(),
        }
    }

    /// Tells whether the votes on a unit may be seen: as many as the policy asks for are in, or in an open round those of everybody.
    pub(super) fn is_open(&self, stage: Stage, unit: RecordIndex) -> bool {
        self.state.has_all_votes(stage, unit)
    }

    fn my_vote(&self, stage: Stage, unit: RecordIndex) -> Option<VoteView> {
        let me = self.reviewer()?.id.clone();
        self.state.vote_now(stage, unit, &me).map(|found| self.view_vote(&found))
    }

    pub(super) fn view_vote(&self, found: &crate::domain::state::VoteRecord<'_>) -> VoteView {
        VoteView {
            reviewer: found.vote.reviewer.to_string(),
            verdict: Some(found.vote.verdict),
            reason: found.vote.reason.clone(),
            note: found.vote.note.clone(),
            at: self.state.op(found.op).at.to_minute(),
            is_independent: found.vote.is_independent,
        }
    }

    /// Returns the votes on a unit that the acting reviewer may see. In a conflict whose votes the policy hides, names stay and
    /// verdicts go, but for one's own.
    fn visible_votes(&self, stage: Stage, unit: RecordIndex) -> Vec<VoteView> {
        if !self.is_open(stage, unit) {
            return Vec::new();
        }
        let hides = self.state.status(stage, unit).is_some_and(Status::is_conflict) && !self.state.policy(stage).shows_votes_in_conflict;
        let me: Option<ReviewerId> = self.reviewer().map(|person| person.id.clone());
        let votes = self.state.votes_now(stage, unit).into_iter().map(|found| {
            let view = self.view_vote(&found);
            if hides && me.as_ref() != Some(&found.vote.reviewer) {
                VoteView { verdict: None, reason: None, note: None, ..view }
            } else {
                view
            }
        });
        votes.collect()
    }

    /// Returns the notes on a unit that the acting reviewer may read: those of the votes that may be seen, and of the own one.
    pub(super) fn readable_notes(&self, stage: Stage, unit: RecordIndex) -> Vec<String> {
        let visible = self.visible_votes(stage, unit);
        let votes = if visible.is_empty() { self.my_vote(stage, unit).into_iter().collect() } else { visible };
        votes.into_iter().filter_map(|vote| vote.note).collect()
    }

    fn visible_resolutions(&self, stage: Stage, unit: RecordIndex) -> Vec<ResolutionView> {
        let said = self.state.resolutions_of(stage, unit).into_iter().map(|said| ResolutionView {
            reviewer: said.reviewer.to_string(),
            verdict: said.verdict,
            reason: said.reason.clone(),
            rationale: said.rationale.clone(),
        });
        said.collect()
    }

    /// Returns the conflicts of a stage: in the order of import, and after them those that the acting reviewer has put off to discuss
    /// them later. A unit is in conflict only when all votes needed are in.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the file cannot be read.
    pub fn conflicts(&self, stage: Stage) -> Result<Vec<ConflictView>> {
        let units: Vec<(RecordIndex, bool)> = self
            .state
            .units_in(stage)
            .filter(|(_, status)| status.is_conflict())
            .map(|(unit, status)| (unit, *status == Status::ReasonConflict))
            .collect();
        let places: Vec<RecordIndex> = units.iter().map(|(unit, _)| *unit).collect();
        let consensus = self.state.policy(stage).resolver == Resolver::Consensus;
        let me = self.reviewer().map(|person| person.id.clone());
        let names = |ids: Vec<ReviewerId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        let conflicts = self.list(&places)?.into_iter().zip(units).map(|(line, (unit, is_about_reason))| {
            let left = self.who_left(stage, unit);
            let wants = self.visible_marks(unit).into_iter().filter(|person| person.marks.stars.contains(&Star::DiscussLater));
            let (mine, others): (Vec<_>, Vec<_>) = wants.partition(|person| person.is_mine);
            ConflictView {
                stage,
                line,
                is_about_reason,
                votes: self.visible_votes(stage, unit),
                resolutions: self.visible_resolutions(stage, unit),
                waiting_for: if consensus && left.is_empty() { names(self.waiting_for(stage, unit)) } else { Vec::new() },
                left: names(left),
                may_settle: me.as_ref().is_some_and(|me| self.check_resolver(stage, unit, me).is_ok()),
                is_later: !mine.is_empty(),
                later_for: others.into_iter().map(|person| person.reviewer).collect(),
            }
        });
        let mut conflicts: Vec<ConflictView> = conflicts.collect();
        conflicts.sort_by_key(|conflict| conflict.is_later);
        Ok(conflicts)
    }

    /// Returns the reports that are sought, in the order of import.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the file cannot be read.
    pub fn reports(&self) -> Result<Vec<ReportView>> {
        let units: Vec<RecordIndex> = self.state.units_in(Stage::FullText).map(|(unit, _)| unit).collect();
        let studies = self.state.studies();
        let reports = self.list(&units)?.into_iter().zip(units).map(|(line, unit)| {
            let log = self.state.retrieval_log(unit);
            let reason = match self.state.status(Stage::FullText, unit) {
                Some(Status::Out { reason: Some(code), .. }) => Some(self.state.reason_label(code).to_owned()),
                _ => None,
            };
            ReportView {
                line,
                retrieval: self.state.retrieval_of(unit).to_string(),
                file: log.iter().rev().find_map(|(_, entry)| entry.file_name.clone()),
                log: log
                    .iter()
                    .map(|(op, entry)| {
                        let head = self.state.op(*op);
                        let note = entry.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
                        format!("{} {} {}{note}", head.at.to_minute(), head.reviewer, entry.state)
                    })
                    .collect(),
                status: self.visible_status(Stage::FullText, unit),
                reason,
                mine: self.my_vote(Stage::FullText, unit),
                studies: studies.iter().filter(|study| study.reports.contains(&unit)).map(|study| study.label.clone()).collect(),
            }
        });
        Ok(reports.collect())
    }

    /// Returns where the file attached to a report is kept; `None` where nothing is attached or the review is in memory.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review does not hold the record.
    pub fn attached_file(&self, record: RecordId) -> Result<Option<PathBuf>> {
        let unit = self.unit(record)?;
        let kept = self.files_folder().zip(self.attached(unit)).map(|(folder, (sha256, _))| folder.join(format!("{sha256}.pdf")));
        Ok(kept.filter(|file| file.is_file()))
    }

    /// Returns the votes that the acting reviewer may see in a stage, for exports: own votes always, others' on open units only.
    /// Votes cast for practice in a round are none of the review's.
    pub fn visible_stage_votes(&self, stage: Stage) -> Vec<(RecordId, VoteView)> {
        let mut votes = Vec::new();
        let practised =
            |unit: RecordIndex| self.state.open_round_of(stage, unit).is_some_and(|found| found.round.votes == RoundVotes::Practice);
        let units: Vec<RecordIndex> = self.state.units_in(stage).map(|(unit, _)| unit).filter(|unit| !practised(*unit)).collect();
        for unit in units {
            let id = self.state.record_id(unit);
            let visible = self.visible_votes(stage, unit);
            if visible.is_empty() {
                votes.extend(self.my_vote(stage, unit).map(|vote| (id, vote)));
            } else {
                votes.extend(visible.into_iter().map(|vote| (id, vote)));
            }
        }
        votes
    }
}
