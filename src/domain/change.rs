//! What a change touched, so that screens reload that and nothing else.

/// A set of parts of the review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChangeSet(u16);

impl ChangeSet {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Set-up: question, people, criteria, reasons, policy, words.
    pub const SETTINGS: Self = Self(1);
    /// Sources, imports and records.
    pub const RECORDS: Self = Self(1 << 1);
    /// Groups of duplicates.
    pub const GROUPS: Self = Self(1 << 2);
    /// Votes and resolutions.
    pub const VOTES: Self = Self(1 << 3);
    /// Retrieval of reports.
    pub const REPORTS: Self = Self(1 << 4);
    /// Studies and their reports.
    pub const STUDIES: Self = Self(1 << 5);
    /// Forms, extracted values, consensus.
    pub const EXTRACTION: Self = Self(1 << 6);
    /// Notes, tags and stars.
    pub const MARKS: Self = Self(1 << 7);
    /// Everything.
    pub const ALL: Self = Self(u16::MAX);

    /// Returns both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Tells whether any part of `other` is in this set.
    pub fn touches(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}
