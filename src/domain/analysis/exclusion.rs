//! Studies that people leave out of an analysis, which stays a decision about the analysis and none about the study.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{ReviewerId, StudyId};

/// A study left out of one analysis, or taken in again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnalysisExclusion {
    /// The id of the analysis ("1.1").
    pub analysis: String,
    /// The study.
    pub study: StudyId,
    /// Who decided.
    pub reviewer: ReviewerId,
    /// Why; empty where the study is taken in again.
    pub reason: String,
    /// Whether it is left out from now on.
    pub is_excluded: bool,
}
