//! Warnings that somebody looked at and let stand.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{ReviewerId, StudyId};

/// A warning on a study's numbers that a person lets stand, or no longer does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dismissal {
    /// The study.
    pub study: StudyId,
    /// Who looked at it.
    pub reviewer: ReviewerId,
    /// The rule that warned ("V7").
    pub rule: String,
    /// The cell that it warned about.
    pub path: String,
    /// What it said: other numbers give another warning, which is open again.
    pub seen: String,
    /// Why it may stand; empty where the dismissal is taken back.
    pub reason: String,
    /// Whether it is dismissed from now on.
    pub is_dismissed: bool,
}
