//! Cycles of a review: the first version and each update, so that an update counts only what is new (PRISMA 2020, updated reviews).
//!
//! A record belongs to the cycle in which its file was imported; a group of duplicates to the earliest cycle of its records. A
//! report found again by an update therefore stays where it was counted first.

use serde::{Deserialize, Serialize};

use super::ids::BatchId;

/// The number of a cycle: 1 is the first version of the review.
pub type CycleNumber = u32;

/// The start of an update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycle {
    /// The number, 2 or more.
    pub number: CycleNumber,
    /// What people call it ("Update 2027").
    pub label: String,
    /// Studies included in versions of the review that were made elsewhere, and that this file does not hold.
    pub studies_before: u32,
    /// Reports of those studies.
    pub reports_before: u32,
}

/// The cycle that an import belongs to; an import without one belongs to the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportCycle {
    /// The import.
    pub batch: BatchId,
    /// The cycle.
    pub cycle: CycleNumber,
}
