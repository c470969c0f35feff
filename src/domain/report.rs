//! The report: the document behind a record that passed title and abstract. One report per group of records.

use serde::{Deserialize, Serialize};

use super::ids::{RecordId, ReviewerId, StudyId};

/// Whether the document is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RetrievalState {
    /// Nothing has been done yet.
    Pending,
    /// Ordered or asked for.
    Requested,
    /// At hand.
    Retrieved,
    /// Sought and not found.
    NotRetrieved,
}

/// One entry of the retrieval log of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retrieval {
    /// The unit.
    pub record: RecordId,
    /// The state from now on.
    pub state: RetrievalState,
    /// Where it was sought, or from whom.
    pub note: Option<String>,
    /// The SHA-256 of the attached file in hexadecimal, where one is attached.
    pub file_sha256: Option<String>,
    /// The name under which the file was attached.
    pub file_name: Option<String>,
}

/// A record taken out before screening by an automation tool or for another reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// The unit.
    pub record: RecordId,
    /// How it was taken out, or that it is back.
    pub kind: RemovalKind,
    /// Why.
    pub reason: String,
}

/// How a record was taken out before screening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RemovalKind {
    /// Marked as ineligible by an automation tool.
    Automation,
    /// Removed for other reasons.
    Other,
    /// Not removed (any more).
    Restored,
}

/// A study: the investigation that one or more reports are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Study {
    /// The identity, made from the first label.
    pub id: StudyId,
    /// The label ("Sigtermans 2009").
    pub label: String,
}

/// The tie between a study and one of its reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudyReport {
    /// The study.
    pub study: StudyId,
    /// The report's unit.
    pub record: RecordId,
    /// Whether the two belong together from now on.
    pub is_linked: bool,
}

/// One value that one extractor typed for one cell of one study; no text clears the cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtractedValue {
    /// The study.
    pub study: StudyId,
    /// The extractor.
    pub reviewer: ReviewerId,
    /// The cell of the form ("outcome.pain.immediate.ketamine.mean").
    pub path: String,
    /// What was typed; `None` clears the cell.
    pub raw: Option<String>,
    /// The report that it stands in.
    pub report: Option<RecordId>,
    /// The page or table, as printed.
    pub page: Option<String>,
    /// The words of the report.
    pub quote: Option<String>,
}

/// The handing in of one extractor's draft of one study, or its taking back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The study.
    pub study: StudyId,
    /// The extractor.
    pub reviewer: ReviewerId,
    /// Whether the draft is handed in from now on.
    pub is_submitted: bool,
}

/// Which of two drafts a settled cell takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ConsensusChoice {
    /// The value of the first extractor.
    A,
    /// The value of the second extractor.
    B,
    /// A third value.
    Other,
}

/// The settling of one cell on which two drafts differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsensusValue {
    /// The study.
    pub study: StudyId,
    /// The cell of the form.
    pub path: String,
    /// Which draft it takes.
    pub choice: ConsensusChoice,
    /// The value as typed; `None` leaves the cell empty.
    pub raw: Option<String>,
    /// Who settled it.
    pub reviewer: ReviewerId,
    /// Why.
    pub rationale: String,
}
