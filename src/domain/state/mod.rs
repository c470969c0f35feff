//! The review as it stands: a fold over the rows of all live operations, kept in memory and updated by each new one.
//!
//! Map: this file holds the rows and decides which operations are live; `settings` reads the versions of set-up; `cycles` tells updates
//! apart; `units` turns records and links into units with a status in each stage; `vote_rows` holds the votes and `voted` who has voted;
//! `marks` reads notes, tags and stars; `rounds` tells which votes belong to calibration rounds; `studies` follows reports into studies
//! and extraction; `forms` tells which version of the form a study is on; `undo`
//! says what can be taken back and what stands in the way. Everything here is a function of the operations: loading a file afresh gives
//! the same
//! state as having lived through its changes (a property test holds this).
//!
//! A *unit* is what is screened: a group of duplicate records, or a record that stands alone. It is named by its primary record.

mod appraisals;
mod cycles;
mod forms;
mod marks;
mod rounds;
mod settings;
mod studies;
mod undo;
mod units;
mod vote_rows;
mod voted;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::analysis::AnalysisExclusion;
use super::appraisal::{AgreedJudgement, AppraisalAnswer, AppraisalSubmission};
use super::cluster::{DuplicateLink, Groups};
use super::cycle::{Cycle, CycleNumber, ImportCycle};
use super::decision::{Resolution, Stage};
use super::extraction::Dismissal;
use super::ids::{BatchId, OpId, RecordId, ReviewerId, SourceId, StudyId};
use super::mark::Mark;
use super::operation::{FormVersion, OpKind, Operation, Row, StudyForm};
use super::policy::Policy;
use super::report::{ConsensusValue, ExtractedValue, Removal, Retrieval, Study, StudyReport, Submission};
use super::review::{Criterion, ExclusionReason, HighlightWord, ReviewInfo, Reviewer};
use super::round::{Round, RoundId};
use super::screening::Status;
use super::source::{ImportBatch, ImportRemarkCounts, Source, SourceKind};
use super::time::Timestamp;

use vote_rows::VoteRows;

pub use rounds::NumberedRound;
pub use studies::{CellHistory, DraftStatus, StudyView};
pub use undo::{CannotUndo, Toggle};
pub use units::{StageCounts, VoteRecord};

/// The part of an operation that the fold needs; its text stays in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpHead {
    /// The identity.
    pub id: OpId,
    /// The order among operations of all logs (with the identity).
    pub lamport: u64,
    /// When.
    pub at: Timestamp,
    /// The author.
    pub reviewer: ReviewerId,
    /// The kind.
    pub kind: OpKind,
    /// For undo and redo the operation that is switched.
    pub target: Option<OpId>,
}

impl From<&Operation> for OpHead {
    fn from(op: &Operation) -> Self {
        Self { id: op.id, lamport: op.lamport, at: op.at, reviewer: op.reviewer.clone(), kind: op.kind, target: op.target }
    }
}

/// The place of an operation in the order of folding.
pub type OpIndex = u32;
/// The place of a record in the order of import.
pub type RecordIndex = u32;

/// A row with the operation that wrote it.
#[derive(Debug, Clone, PartialEq)]
struct Kept<T> {
    op: OpIndex,
    value: T,
}

/// The rows of each cell of a form, by path.
type Cells<T> = BTreeMap<String, Vec<Kept<T>>>;

/// What the fold needs of a record; its text stays in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordHead {
    /// The identity.
    pub id: RecordId,
    /// The place of its import among the imports.
    batch: u32,
    /// Its 1-based place in the file.
    pub ordinal: u32,
}

/// The import that a record came with, and the operations that wrote it (the same file may be imported in two copies).
#[derive(Debug, Clone, PartialEq)]
struct BatchHead {
    batch: ImportBatch,
    kind: SourceKind,
    ops: Vec<OpIndex>,
    is_live: bool,
    cycle: CycleNumber,
    first: Option<RecordIndex>,
}

/// The review as it stands. See the module documentation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReviewState {
    ops: Vec<OpHead>,
    op_places: HashMap<OpId, OpIndex>,
    live: Vec<bool>,

    reviews: Vec<Kept<ReviewInfo>>,
    reviewers: Vec<Kept<Reviewer>>,
    criteria: Vec<Kept<Vec<Criterion>>>,
    reasons: Vec<Kept<Vec<ExclusionReason>>>,
    policies: Vec<Kept<Policy>>,
    words: Vec<Kept<Vec<HighlightWord>>>,
    forms: Vec<Kept<FormVersion>>,
    study_forms: Vec<Kept<StudyForm>>,

    sources: Vec<Kept<Source>>,
    batches: Vec<BatchHead>,
    batch_places: HashMap<BatchId, u32>,
    remark_counts: Vec<Kept<ImportRemarkCounts>>,
    cycles: Vec<Kept<Cycle>>,
    import_cycles: Vec<Kept<ImportCycle>>,
    records: Vec<RecordHead>,
    record_places: HashMap<RecordId, RecordIndex>,
    links: Vec<Kept<DuplicateLink>>,
    removals: HashMap<RecordIndex, Vec<Kept<Removal>>>,

    votes: VoteRows,
    resolutions: HashMap<(Stage, RecordIndex), Vec<Kept<Resolution>>>,
    retrievals: HashMap<RecordIndex, Vec<Kept<Retrieval>>>,
    marks: HashMap<RecordIndex, Vec<Kept<Mark>>>,
    rounds: Vec<Kept<Round>>,
    /// The round in which a vote was cast, by operation and record.
    round_votes: BTreeMap<(OpIndex, RecordIndex), RoundId>,
    /// The records that each operation judged (votes, resolutions, retrievals) or marked.
    judged: BTreeSet<(OpIndex, RecordIndex)>,

    studies: Vec<Kept<Study>>,
    study_reports: Vec<Kept<StudyReport>>,
    values: BTreeMap<(StudyId, ReviewerId), Cells<ExtractedValue>>,
    submissions: BTreeMap<StudyId, Vec<Kept<Submission>>>,
    consensus: BTreeMap<StudyId, Cells<ConsensusValue>>,
    dismissals: Vec<Kept<Dismissal>>,
    exclusions: Vec<Kept<AnalysisExclusion>>,
    appraisal_answers: Vec<Kept<AppraisalAnswer>>,
    appraisal_submissions: Vec<Kept<AppraisalSubmission>>,
    agreed_judgements: Vec<Kept<AgreedJudgement>>,

    groups: Groups,
    title_abstract: Vec<Status>,
    full_text: Vec<Status>,
    /// Who has voted on each unit at title and abstract, and at full text.
    voted: (voted::Bits, voted::Bits),
}

/// What a fold could not place. Such a row means a damaged file; `check` reports it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// A row names a record that the file does not hold.
    #[error("operation {op} speaks of record {record}, which the file does not hold")]
    UnknownRecord {
        /// The operation.
        op: OpId,
        /// The record.
        record: RecordId,
    },
    /// An import names a source that the file does not hold.
    #[error("operation {op} imports from source {source_id}, which the file does not hold")]
    UnknownSource {
        /// The operation.
        op: OpId,
        /// The source.
        source_id: SourceId,
    },
    /// A record names an import that the file does not hold.
    #[error("record {record} belongs to import {batch}, which the file does not hold")]
    UnknownBatch {
        /// The record.
        record: RecordId,
        /// The import.
        batch: BatchId,
    },
    /// An undo or redo names an operation that the file does not hold, or another undo or redo.
    #[error("operation {op} switches operation {target}, which is none that can be switched")]
    BadTarget {
        /// The operation.
        op: OpId,
        /// Its target.
        target: OpId,
    },
}

impl ReviewState {
    /// Adds an operation at the end of the order and switches its target where it is an undo or redo.
    ///
    /// Operations must come in the order of (lamport, id); rows follow by [`ReviewState::add_row`], records by
    /// [`ReviewState::add_record`], and [`ReviewState::settle`] brings statuses up to date.
    ///
    /// # Errors
    /// [`FoldError::BadTarget`]; the operation is then kept but switches nothing.
    pub fn add_operation(&mut self, head: OpHead) -> Result<OpIndex, FoldError> {
        let place = self.ops.len() as OpIndex;
        let (id, kind, target) = (head.id, head.kind, head.target);
        self.op_places.insert(id, place);
        self.ops.push(head);
        self.live.push(true);
        if kind.is_toggle() {
            let target = target.ok_or(FoldError::BadTarget { op: id, target: id })?;
            let found = self.op_places.get(&target).copied().filter(|at| *at < place && !self.ops[*at as usize].kind.is_toggle());
            let at = found.ok_or(FoldError::BadTarget { op: id, target })?;
            self.live[at as usize] = kind == OpKind::Redo;
        }
        Ok(place)
    }

    /// Adds a row of an operation that was added before.
    ///
    /// # Errors
    /// [`FoldError`] where the row names something that the review does not hold; the row is then left out.
    pub fn add_row(&mut self, op: OpIndex, row: Row) -> Result<(), FoldError> {
        let id = self.ops[op as usize].id;
        match row {
            Row::Review(value) => self.reviews.push(Kept { op, value }),
            Row::Reviewer(value) => self.reviewers.push(Kept { op, value }),
            Row::Criteria(value) => self.criteria.push(Kept { op, value }),
            Row::Reasons(value) => self.reasons.push(Kept { op, value }),
            Row::Policy(value) => self.policies.push(Kept { op, value }),
            Row::Words(value) => self.words.push(Kept { op, value }),
            Row::Form(value) => self.forms.push(Kept { op, value }),
            Row::StudyForm(value) => self.study_forms.push(Kept { op, value }),
            Row::Source(value) => self.sources.push(Kept { op, value }),
            Row::Batch(value) => self.add_batch(op, id, value)?,
            Row::RemarkCounts(value) => self.remark_counts.push(Kept { op, value }),
            Row::Cycle(value) => self.cycles.push(Kept { op, value }),
            Row::ImportCycle(value) => self.import_cycles.push(Kept { op, value }),
            // The text of remarks stays in the file.
            Row::Remark(_) => {}
            Row::Link(value) => {
                self.place(id, value.a)?;
                self.place(id, value.b)?;
                self.links.push(Kept { op, value });
            }
            Row::Removal(value) => {
                let place = self.place(id, value.record)?;
                self.removals.entry(place).or_default().push(Kept { op, value });
            }
            Row::Vote(mut value) => {
                let place = self.place(id, value.record)?;
                value.reviewer = self.shared(&value.reviewer);
                self.judged.insert((op, place));
                self.votes.add(place, Kept { op, value });
            }
            Row::Mark(mut value) => {
                let place = self.place(id, value.record)?;
                value.reviewer = self.shared(&value.reviewer);
                self.judged.insert((op, place));
                self.marks.entry(place).or_default().push(Kept { op, value });
            }
            Row::Round(value) => self.rounds.push(Kept { op, value }),
            Row::RoundVote(value) => {
                let place = self.place(id, value.record)?;
                self.round_votes.insert((op, place), value.round);
            }
            Row::Resolution(value) => {
                let place = self.place(id, value.record)?;
                self.judged.insert((op, place));
                self.resolutions.entry((value.stage, place)).or_default().push(Kept { op, value });
            }
            Row::Retrieval(value) => {
                let place = self.place(id, value.record)?;
                self.judged.insert((op, place));
                self.retrievals.entry(place).or_default().push(Kept { op, value });
            }
            Row::Study(value) => self.studies.push(Kept { op, value }),
            Row::StudyReport(value) => {
                self.place(id, value.record)?;
                self.study_reports.push(Kept { op, value });
            }
            Row::Value(value) => {
                let cells = self.values.entry((value.study.clone(), value.reviewer.clone())).or_default();
                cells.entry(value.path.clone()).or_default().push(Kept { op, value });
            }
            Row::Submission(value) => self.submissions.entry(value.study.clone()).or_default().push(Kept { op, value }),
            Row::Consensus(value) => {
                let cells = self.consensus.entry(value.study.clone()).or_default();
                cells.entry(value.path.clone()).or_default().push(Kept { op, value });
            }
            Row::Dismissal(value) => self.dismissals.push(Kept { op, value }),
            Row::Exclusion(value) => self.exclusions.push(Kept { op, value }),
            Row::AppraisalAnswer(value) => self.appraisal_answers.push(Kept { op, value }),
            Row::AppraisalSubmission(value) => self.appraisal_submissions.push(Kept { op, value }),
            Row::AgreedJudgement(value) => self.agreed_judgements.push(Kept { op, value }),
        }
        Ok(())
    }

    /// Adds a record of an import that was added before; a record known already is left as it is.
    ///
    /// # Errors
    /// [`FoldError::UnknownBatch`]; the record is then left out.
    pub fn add_record(&mut self, id: RecordId, batch: BatchId, ordinal: u32) -> Result<(), FoldError> {
        let batch = *self.batch_places.get(&batch).ok_or(FoldError::UnknownBatch { record: id, batch })?;
        if !self.record_places.contains_key(&id) {
            let place = self.records.len() as RecordIndex;
            self.record_places.insert(id, place);
            self.batches[batch as usize].first.get_or_insert(place);
            self.records.push(RecordHead { id, batch, ordinal });
        }
        Ok(())
    }

    /// Brings groups and statuses up to date after operations of these kinds were added or switched.
    pub fn settle(&mut self, kinds: impl IntoIterator<Item = OpKind>) {
        let mut regroup = false;
        for kind in kinds {
            regroup |= !matches!(
                kind,
                OpKind::Vote
                    | OpKind::Mark
                    | OpKind::Resolve
                    | OpKind::Retrieve
                    | OpKind::Study
                    | OpKind::Form
                    | OpKind::Extract
                    | OpKind::Submit
                    | OpKind::Agree
                    | OpKind::Dismiss
                    | OpKind::Exclude
                    | OpKind::Appraise
            );
        }
        if regroup {
            self.regroup();
        }
    }

    /// Returns the head of an operation by its place.
    pub fn op(&self, place: OpIndex) -> &OpHead {
        &self.ops[place as usize]
    }

    /// Returns all operations in the order of folding.
    pub fn ops(&self) -> &[OpHead] {
        &self.ops
    }

    /// Returns the place of an operation, or `None` where it is unknown.
    pub fn op_place(&self, id: OpId) -> Option<OpIndex> {
        self.op_places.get(&id).copied()
    }

    /// Tells whether an operation counts: it has not been undone, or was put back.
    pub fn is_live(&self, place: OpIndex) -> bool {
        self.live.get(place as usize).copied().unwrap_or(false)
    }

    /// Returns the highest order number of any operation, 0 where there is none.
    pub fn lamport(&self) -> u64 {
        self.ops.last().map_or(0, |op| op.lamport)
    }

    fn add_batch(&mut self, op: OpIndex, id: OpId, batch: ImportBatch) -> Result<(), FoldError> {
        let kind = self.sources.iter().rev().find(|kept| kept.value.id == batch.source).map(|kept| kept.value.kind);
        let kind = kind.ok_or_else(|| FoldError::UnknownSource { op: id, source_id: batch.source.clone() })?;
        match self.batch_places.get(&batch.id) {
            Some(at) => self.batches[*at as usize].ops.push(op),
            None => {
                self.batch_places.insert(batch.id, self.batches.len() as u32);
                self.batches.push(BatchHead { batch, kind, ops: vec![op], is_live: true, cycle: 1, first: None });
            }
        }
        Ok(())
    }

    fn place(&self, op: OpId, record: RecordId) -> Result<RecordIndex, FoldError> {
        self.record_places.get(&record).copied().ok_or(FoldError::UnknownRecord { op, record })
    }

    /// Returns the name as the list of people has it, so that a hundred thousand votes share one text.
    fn shared(&self, reviewer: &ReviewerId) -> ReviewerId {
        self.reviewers.iter().map(|kept| &kept.value.id).find(|known| *known == reviewer).unwrap_or(reviewer).clone()
    }

    /// Returns the last live row of a history.
    fn last_live<'a, T>(&self, rows: &'a [Kept<T>]) -> Option<&'a Kept<T>> {
        rows.iter().rev().find(|kept| self.is_live(kept.op))
    }
}
