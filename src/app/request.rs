//! Every change that a user can ask for, and what comes back. The command line and the screens build the same requests.

use std::path::PathBuf;

use serde::Serialize;

use crate::domain::appraisal::Appraised;
use crate::domain::certainty::CertaintyItem;
use crate::domain::change::ChangeSet;
use crate::domain::decision::{Stage, Verdict};
use crate::domain::diagnostic::Diagnostic;
use crate::domain::ids::{BatchId, OpId, RecordId, ReviewerId, StudyId};
use crate::domain::mark::Star;
use crate::domain::policy::Policy;
use crate::domain::report::{RemovalKind, RetrievalState};
use crate::domain::review::{Criterion, ExclusionReason, HighlightWord, ReviewInfo, Role};
use crate::domain::round::RoundVotes;
use crate::domain::source::SourceKind;

use super::load::{Load, LoadReport};
use super::moved::MovedAnalysis;
use super::take_over::DecisionTally;

/// A vote of a file of votes or of a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteEntry {
    /// The record or any other member of its group.
    pub record: RecordId,
    /// The judgement.
    pub verdict: Verdict,
    /// The code of the exclusion reason.
    pub reason: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// How long the record was on screen, in milliseconds.
    pub milliseconds: Option<u32>,
}

/// A mark of the acting reviewer to set or to take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkChange {
    /// Writes the note; an empty text takes it away.
    Note(String),
    /// Sets a tag (`true`) or takes it away.
    Tag(String, bool),
    /// Sets a star (`true`) or takes it away.
    Star(Star, bool),
}

/// One cell as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellEntry {
    /// The study.
    pub study: StudyId,
    /// The cell of the form.
    pub path: String,
    /// What was typed; `None` clears the cell.
    pub raw: Option<String>,
    /// The report that it stands in.
    pub report: Option<RecordId>,
    /// The page or table.
    pub page: Option<String>,
    /// The words of the report.
    pub quote: Option<String>,
}

/// What an import needs to know beside the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOrder {
    /// The file.
    pub path: PathBuf,
    /// The source's name ("Embase").
    pub source: String,
    /// The kind of a source that is new; an existing one keeps its kind.
    pub kind: Option<SourceKind>,
    /// The platform.
    pub platform: Option<String>,
    /// The date of the search, "2026-01-31".
    pub date: Option<String>,
    /// The search strategy.
    pub strategy: Option<String>,
    /// The number of hits that the source reported.
    pub hits: Option<u32>,
    /// The format, where it should not be found by content.
    pub format: Option<String>,
    /// The encoding, where it should not be found by content.
    pub encoding: Option<String>,
    /// What columns of a table hold, as (field, name of the column), where their names are not known.
    pub columns: Vec<(String, String)>,
    /// The sheet of a workbook, where it should not be the first one with a header.
    pub sheet: Option<String>,
}

impl ImportOrder {
    /// Creates an order in which nothing is said but the file and its source.
    pub fn of(path: impl Into<PathBuf>, source: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            source: source.into(),
            kind: None,
            platform: None,
            date: None,
            strategy: None,
            hits: None,
            format: None,
            encoding: None,
            columns: Vec::new(),
            sheet: None,
        }
    }
}

/// A change that a user asks for.
#[derive(Debug, Clone, PartialEq, strum::EnumDiscriminants)]
#[strum_discriminants(
    name(RequestKind),
    derive(strum::EnumIter, Hash, strum::Display),
    strum(serialize_all = "kebab-case"),
    doc = "The kinds of request.",
    allow(missing_docs)
)]
pub enum Request {
    /// Sets title and question.
    SetReview(ReviewInfo),
    /// Adds a person or changes the entry of one.
    SetReviewer {
        /// The short name.
        id: ReviewerId,
        /// The full name.
        name: String,
        /// The roles.
        roles: Vec<Role>,
        /// Whether the person takes part.
        is_active: bool,
    },
    /// Replaces the eligibility criteria.
    SetCriteria(Vec<Criterion>),
    /// Replaces the ordered list of exclusion reasons.
    SetReasons(Vec<ExclusionReason>),
    /// Replaces the words to highlight.
    SetWords(Vec<HighlightWord>),
    /// Sets the policy of a stage.
    SetPolicy(Policy),
    /// Begins an update of the review: what is imported from then on belongs to it.
    StartUpdate {
        /// What people call it; a name is made where it is empty.
        label: String,
        /// Studies included in earlier versions that were made elsewhere.
        studies_before: u32,
        /// Reports of those studies.
        reports_before: u32,
    },
    /// Names a source before its first import.
    AddSource {
        /// The name.
        name: String,
        /// The kind.
        kind: SourceKind,
        /// The platform.
        platform: Option<String>,
    },
    /// Imports a file.
    Import(ImportOrder),
    /// Looks for duplicates among all records.
    FindDuplicates,
    /// Calls records the same report.
    Group(Vec<RecordId>),
    /// Takes records out of their groups.
    Split(Vec<RecordId>),
    /// Calls two records different reports.
    KeepApart(RecordId, RecordId),
    /// Takes a record out before screening, or puts it back.
    Remove {
        /// The record.
        record: RecordId,
        /// How.
        kind: RemovalKind,
        /// Why.
        reason: String,
    },
    /// Casts one or more votes of the acting reviewer.
    Vote {
        /// The stage.
        stage: Stage,
        /// The votes.
        votes: Vec<VoteEntry>,
    },
    /// Sets or takes away notes, tags and stars of the acting reviewer on a record.
    Mark {
        /// The record or any other member of its group.
        record: RecordId,
        /// What to set or to take away, in order.
        changes: Vec<MarkChange>,
    },
    /// Draws a sample of records for all to screen.
    StartRound {
        /// The stage.
        stage: Stage,
        /// How many records.
        size: u32,
        /// What the sample is drawn with; by chance where none is given.
        seed: Option<u32>,
        /// What becomes of the votes.
        votes: RoundVotes,
    },
    /// Ends a calibration round.
    CloseRound {
        /// The stage.
        stage: Stage,
        /// Its number within the stage; the latest where none is given.
        number: Option<usize>,
        /// Whether to close it although not everybody has finished.
        is_early: bool,
    },
    /// Sets the order in which the acting reviewer screens; this is remembered, not kept as history.
    SetOrder {
        /// The order, one of [`crate::domain::order::ScreeningOrder::WORDS`].
        order: String,
        /// The seed of a random order; a new one where none is given.
        seed: Option<u32>,
    },
    /// Takes the next records as the acting reviewer's batch, so many; 0 ends the batch. This is remembered, not kept as history.
    TakeBatch(usize),
    /// Records the rows of a table as one operation.
    Load(Load),
    /// Settles a conflict, or confirms how it should be settled.
    Resolve {
        /// The stage.
        stage: Stage,
        /// The unit.
        record: RecordId,
        /// The verdict.
        verdict: Verdict,
        /// The code of the exclusion reason.
        reason: Option<String>,
        /// Why.
        rationale: String,
    },
    /// Notes where the retrieval of a report stands.
    Retrieve {
        /// The unit.
        record: RecordId,
        /// The state.
        state: RetrievalState,
        /// Where it was sought.
        note: Option<String>,
    },
    /// Attaches a file to a report.
    Attach {
        /// The unit.
        record: RecordId,
        /// The file.
        path: PathBuf,
    },
    /// Attaches files to reports, all or none.
    AttachMany(Vec<(RecordId, PathBuf)>),
    /// Ties a report to a study, which is made where it does not exist.
    LinkStudy {
        /// The unit.
        record: RecordId,
        /// The study's label or identity.
        study: String,
    },
    /// Unties a report from a study.
    UnlinkStudy {
        /// The unit.
        record: RecordId,
        /// The study's label or identity.
        study: String,
    },
    /// Takes a form into use.
    UseForm {
        /// The file's name, for messages.
        file_name: String,
        /// The text.
        text: String,
    },
    /// Moves studies to the version of the form in use.
    MigrateStudies(Vec<StudyId>),
    /// Types one or more cells of the acting reviewer's drafts.
    SetCells(Vec<CellEntry>),
    /// Hands in the acting reviewer's draft of a study.
    SubmitDraft(StudyId),
    /// Takes a handed-in draft back.
    WithdrawDraft(StudyId),
    /// Settles one cell on which the drafts differ.
    Agree {
        /// The study.
        study: StudyId,
        /// The cell.
        path: String,
        /// "a", "b", or a third value.
        choice: String,
        /// Why.
        rationale: String,
    },
    /// Lets a warning on extracted numbers stand; an empty reason opens it again.
    Dismiss {
        /// The study.
        study: StudyId,
        /// The rule that warned ("V7").
        rule: String,
        /// The cell that it warned about.
        path: String,
        /// Why it may stand.
        reason: String,
    },
    /// Leaves a study out of an analysis; an empty reason takes it in again.
    ExcludeStudy {
        /// The id of the analysis.
        analysis: String,
        /// The study.
        study: StudyId,
        /// Why it is left out.
        reason: String,
    },
    /// Answers a question about risk of bias, or judges a domain.
    AnswerAppraisal {
        /// What is appraised.
        of: Appraised,
        /// The question, the domain, or "overall".
        item: String,
        /// The answer or judgement; `None` takes it away.
        answer: Option<String>,
        /// The words that support it.
        support: Option<String>,
        /// The page.
        page: Option<String>,
    },
    /// Hands in the acting reviewer's appraisal.
    SubmitAppraisal(Appraised),
    /// Takes a handed-in appraisal back.
    WithdrawAppraisal(Appraised),
    /// Settles a judgement on which two people differ.
    AgreeJudgement {
        /// What is appraised.
        of: Appraised,
        /// The domain, or "overall".
        item: String,
        /// The judgement.
        judgement: String,
        /// Why.
        rationale: String,
    },
    /// Rates an item of a pooled result by GRADE, or lays down its comparator risk or comment.
    Rate {
        /// The id of the analysis.
        analysis: String,
        /// What is rated.
        item: CertaintyItem,
        /// The rating; empty takes it away.
        rating: String,
        /// Why; needed where the rating moves the certainty.
        explanation: String,
    },
    /// Takes an operation back; the newest of one's own where none is named.
    Undo(Option<OpId>),
    /// Puts an operation back; the one taken back last where none is named.
    Redo(Option<OpId>),
    /// Adds what another copy of the review holds.
    Merge(PathBuf),
}

impl Request {
    /// Returns the kind.
    pub fn kind(&self) -> RequestKind {
        RequestKind::from(self)
    }
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// One sentence for people.
    pub message: String,
    /// The operation that was added; `None` where there was nothing to do.
    pub op: Option<OpId>,
    /// What a screen must reload.
    pub changes: ChangeSet,
    /// What scripts want to know.
    pub detail: Detail,
}

/// The particulars of a reply.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Detail {
    /// None.
    #[default]
    None,
    /// Of an import.
    Import(ImportReport),
    /// Of a search for duplicates.
    Duplicates(DuplicateReport),
    /// Of votes.
    Votes {
        /// Votes cast.
        cast: usize,
    },
    /// Of a table.
    Load(LoadReport),
    /// Of a change of agreed numbers: the analyses whose results are others now.
    Moved(Vec<MovedAnalysis>),
    /// Of a merge.
    Merge {
        /// Operations that were new.
        operations: usize,
        /// Records that were new.
        records: usize,
    },
}

/// What an import found and did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportReport {
    /// The file's name.
    pub file: String,
    /// The import; `None` where nothing was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<BatchId>,
    /// The format.
    pub format: String,
    /// The encoding.
    pub encoding: String,
    /// Records found.
    pub found: usize,
    /// Records kept.
    pub kept: usize,
    /// Lines not understood.
    pub not_understood: usize,
    /// Remarks on places in the file.
    pub diagnostics: Vec<Diagnostic>,
    /// The decisions of screening that the file holds, by person; nobody's are taken over by the import.
    #[serde(skip_serializing_if = "DecisionTally::is_empty")]
    pub decisions: DecisionTally,
}

impl ImportReport {
    /// Returns the report with the decisions that the file holds, and the remarks on those that cannot be read.
    #[must_use]
    pub(super) fn with_decisions(mut self, mut decisions: DecisionTally) -> Self {
        self.diagnostics.extend(decisions.take_remarks());
        self.decisions = decisions;
        self
    }
}

/// What a search for duplicates found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DuplicateReport {
    /// Records compared.
    pub records: usize,
    /// Groups of two or more.
    pub groups: usize,
    /// Records beyond the first of each group.
    pub duplicates: usize,
    /// Pairs for a person to decide.
    pub possible: usize,
    /// Pairs that this search added.
    pub new_links: usize,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// Progress of long work: how far, of how much, and in which phase. Returns false to cancel.
pub type Progress<'a> = dyn FnMut(usize, usize, &'static str) -> bool + 'a;
