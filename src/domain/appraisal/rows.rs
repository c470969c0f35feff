//! What people lay down with an instrument: answers, the handing in of an appraisal, and what is agreed.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{ReviewerId, StudyId};

/// What is appraised with which instrument.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Appraised {
    /// The study.
    pub study: StudyId,
    /// The result, as outcome and time point ("pain.short"); empty for the study as a whole.
    pub result: String,
    /// The id of the instrument.
    pub instrument: String,
}

/// One answer of one person: to a question, or a judgement of a domain against what the table proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppraisalAnswer {
    /// What is appraised.
    pub of: Appraised,
    /// Who answers.
    pub reviewer: ReviewerId,
    /// The question ("1.2"), a domain ("d1"), or "overall".
    pub item: String,
    /// The answer, or the id of the judgement; `None` takes it away.
    pub answer: Option<String>,
    /// The words that support it.
    pub support: Option<String>,
    /// The page, as printed.
    pub page: Option<String>,
}

/// The handing in of one person's appraisal, or its taking back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppraisalSubmission {
    /// What is appraised.
    pub of: Appraised,
    /// Who appraised.
    pub reviewer: ReviewerId,
    /// Whether it is handed in from now on.
    pub is_submitted: bool,
}

/// The judgement of a domain on which two people agreed after they had differed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedJudgement {
    /// What is appraised.
    pub of: Appraised,
    /// The domain, or "overall".
    pub item: String,
    /// The id of the judgement.
    pub judgement: String,
    /// Who settled it.
    pub reviewer: ReviewerId,
    /// Why.
    pub rationale: String,
}
