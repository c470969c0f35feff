//! Operations: every change of a review is one, with its author, its time and the rows that it wrote.

use serde::{Deserialize, Serialize};

use super::analysis::AnalysisExclusion;
use super::appraisal::{AgreedJudgement, AppraisalAnswer, AppraisalSubmission};
use super::change::ChangeSet;
use super::cluster::DuplicateLink;
use super::cycle::{Cycle, ImportCycle};
use super::decision::{Resolution, Vote};
use super::extraction::Dismissal;
use super::ids::{LogId, OpId, ReviewerId, StudyId};
use super::mark::Mark;
use super::policy::Policy;
use super::report::{ConsensusValue, ExtractedValue, Removal, Retrieval, Study, StudyReport, Submission};
use super::review::{Criterion, ExclusionReason, HighlightWord, ReviewInfo, Reviewer};
use super::round::{Round, RoundVote};
use super::source::{ImportBatch, ImportRemark, ImportRemarkCounts, Source};
use super::time::Timestamp;

/// The kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OpKind {
    /// Title, question, people, criteria, reasons, policy, words, a calibration round, or the start of an update.
    Setup,
    /// A source was named.
    Source,
    /// A file was imported.
    Import,
    /// The program looked for duplicates.
    FindDuplicates,
    /// A person called records the same or different.
    Group,
    /// Records were taken out before screening, or put back.
    Remove,
    /// One vote or a file of votes.
    Vote,
    /// A note, a tag or a star was put on a record, or taken away.
    Mark,
    /// A conflict was settled, or one person's part in it.
    Resolve,
    /// The retrieval of a report.
    Retrieve,
    /// A study was named, or tied to a report.
    Study,
    /// A form was taken into use, or studies were moved to another version of it.
    Form,
    /// Values were typed or loaded.
    Extract,
    /// A draft was handed in or taken back.
    Submit,
    /// A cell was settled.
    Agree,
    /// A warning on extracted numbers was let stand, or no longer is.
    Dismiss,
    /// A study was left out of an analysis, or taken in again.
    Exclude,
    /// A question about risk of bias was answered, an appraisal handed in, or a judgement settled.
    Appraise,
    /// Another operation was undone.
    Undo,
    /// Another operation was put back.
    Redo,
}

impl OpKind {
    /// Returns what a change of this kind touches; undo and redo touch what their target touches.
    pub fn touches(self) -> ChangeSet {
        match self {
            Self::Setup => ChangeSet::ALL,
            Self::Source | Self::Import | Self::Remove => ChangeSet::RECORDS.with(ChangeSet::GROUPS),
            Self::FindDuplicates | Self::Group => ChangeSet::GROUPS,
            Self::Vote | Self::Resolve => ChangeSet::VOTES,
            Self::Mark => ChangeSet::MARKS,
            Self::Retrieve => ChangeSet::REPORTS,
            Self::Study => ChangeSet::STUDIES,
            Self::Form | Self::Extract | Self::Submit | Self::Agree | Self::Dismiss | Self::Exclude | Self::Appraise => {
                ChangeSet::EXTRACTION
            }
            Self::Undo | Self::Redo => ChangeSet::ALL,
        }
    }

    /// Tells whether the operation switches another one off or on.
    pub fn is_toggle(self) -> bool {
        matches!(self, Self::Undo | Self::Redo)
    }
}

/// The head of one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The identity.
    pub id: OpId,
    /// The log that it belongs to.
    pub log: LogId,
    /// Its place in the log, from 1.
    pub log_seq: u64,
    /// One more than the highest number its author had seen; orders operations of different logs.
    pub lamport: u64,
    /// When, by the author's clock. Shown, never decisive.
    pub at: Timestamp,
    /// The author.
    pub reviewer: ReviewerId,
    /// The kind.
    pub kind: OpKind,
    /// One line for people.
    pub summary: String,
    /// For undo and redo the operation that is switched; never itself an undo or redo.
    pub target: Option<OpId>,
}

/// A list that is replaced as a whole by every new version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormVersion {
    /// The form's name.
    pub form: String,
    /// The form's own version number.
    pub version: u32,
    /// The text of the TOML file.
    pub text: String,
}

/// The version of the form on which a study is extracted from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyForm {
    /// The study.
    pub study: StudyId,
    /// The form's name.
    pub form: String,
    /// The form's own version number.
    pub version: u32,
}

/// One row of history. All rows of one operation stand and fall together.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// A version of title and question.
    Review(ReviewInfo),
    /// A version of one person's entry.
    Reviewer(Reviewer),
    /// A version of the whole list of criteria.
    Criteria(Vec<Criterion>),
    /// A version of the whole ordered list of exclusion reasons.
    Reasons(Vec<ExclusionReason>),
    /// A version of the policy of one stage.
    Policy(Policy),
    /// A version of the whole list of words to highlight.
    Words(Vec<HighlightWord>),
    /// A source.
    Source(Source),
    /// An import.
    Batch(ImportBatch),
    /// The start of an update.
    Cycle(Cycle),
    /// The cycle of an import.
    ImportCycle(ImportCycle),
    /// How many remarks the reader of an import made.
    RemarkCounts(ImportRemarkCounts),
    /// A remark of the reader of an import.
    Remark(ImportRemark),
    /// A verdict on a pair.
    Link(DuplicateLink),
    /// A record taken out or put back.
    Removal(Removal),
    /// A vote.
    Vote(Vote),
    /// A mark set or taken away.
    Mark(Mark),
    /// A version of a calibration round.
    Round(Round),
    /// A vote's place in a round.
    RoundVote(RoundVote),
    /// A part in settling a conflict.
    Resolution(Resolution),
    /// An entry of the retrieval log.
    Retrieval(Retrieval),
    /// A version of a study's label.
    Study(Study),
    /// A tie between study and report.
    StudyReport(StudyReport),
    /// A version of the form.
    Form(FormVersion),
    /// A study's version of the form.
    StudyForm(StudyForm),
    /// A typed value.
    Value(ExtractedValue),
    /// A draft handed in or taken back.
    Submission(Submission),
    /// A settled cell.
    Consensus(ConsensusValue),
    /// A warning let stand.
    Dismissal(Dismissal),
    /// A study left out of an analysis.
    Exclusion(AnalysisExclusion),
    /// An answer about risk of bias.
    AppraisalAnswer(AppraisalAnswer),
    /// An appraisal handed in or taken back.
    AppraisalSubmission(AppraisalSubmission),
    /// A judgement agreed upon.
    AgreedJudgement(AgreedJudgement),
}
