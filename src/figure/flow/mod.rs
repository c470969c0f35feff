//! The PRISMA 2020 flow diagram: counts in, boxes with the words of the statement out.
//!
//! The four templates follow from the counts: the column of other methods is there when it has numbers, the previous studies and the total
//! when the review is an update. Source: Page MJ et al., The PRISMA 2020 statement, BMJ 2021;372:n71, figure 1. The box of the
//! meta-analysis is an addition of the PRISMA2020 R package. [`layout`] places the diagram; the terminal version is in `figure::text`.

mod content;
mod layout;

pub(super) use content::{BoxText, Content, Method, PHASES};
pub use layout::layout;

/// Counts of a flow diagram. A count of `None` leaves its line out; the others are printed even when they are 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlowModel {
    /// Title above the figure; may be empty.
    pub title: String,
    /// Studies and reports of the previous version, when the review is an update.
    pub previous: Option<Included>,
    /// Records from databases.
    pub databases: u64,
    /// Records from each database, in order; empty for none.
    pub database_sources: Vec<Count>,
    /// Records from registers.
    pub registers: Option<u64>,
    /// Records from each register, in order; empty for none.
    pub register_sources: Vec<Count>,
    /// Duplicate records removed.
    pub duplicates: u64,
    /// Records marked as ineligible by automation tools before screening.
    pub automation: Option<u64>,
    /// Records removed for other reasons before screening.
    pub other_reasons: Option<u64>,
    /// Records screened.
    pub screened: u64,
    /// Records excluded.
    pub excluded: u64,
    /// How many of the excluded records were excluded by a human and how many by automation tools.
    pub excluded_by: Option<ExcludedBy>,
    /// Reports of the records from databases and registers.
    pub reports: Reports,
    /// What other methods found.
    pub other: Option<OtherMethods>,
    /// Studies and reports included (new ones, when the review is an update).
    pub included: Included,
    /// Studies and reports of all versions, when the review is an update.
    pub total: Option<Included>,
    /// Studies and reports in the meta-analysis.
    pub meta_analysis: Option<Included>,
    /// Notes under the diagram: what is pending, what the boxes cannot say.
    pub footnotes: Vec<String>,
}

/// A number with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// What is counted: a source, a reason.
    pub label: String,
    /// How many.
    pub n: u64,
}

impl Count {
    /// Creates a named number.
    pub fn new(label: impl Into<String>, n: u64) -> Self {
        Self { label: label.into(), n }
    }
}

/// Who excluded records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExcludedBy {
    /// Excluded by a human.
    pub human: u64,
    /// Excluded by automation tools.
    pub automation: u64,
}

/// Reports from sought to assessed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reports {
    /// Reports sought for retrieval.
    pub sought: u64,
    /// Reports not retrieved.
    pub not_retrieved: u64,
    /// Reports assessed for eligibility.
    pub assessed: u64,
    /// Reports excluded for each reason, in the order of the reasons.
    pub excluded: Vec<Count>,
}

/// The column of other methods.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherMethods {
    /// Records from websites.
    pub websites: Option<u64>,
    /// Records from organisations.
    pub organisations: Option<u64>,
    /// Records from citation searching.
    pub citations: Option<u64>,
    /// Records from further methods, by name.
    pub further: Vec<Count>,
    /// Reports of these records.
    pub reports: Reports,
}

impl OtherMethods {
    /// Whether any method found a record or any report was sought; without, the column is left out.
    pub fn has_numbers(&self) -> bool {
        let found = [self.websites, self.organisations, self.citations].into_iter().flatten().sum::<u64>();
        found > 0 || self.further.iter().any(|method| method.n > 0) || self.reports.sought > 0 || self.reports.assessed > 0
    }
}

/// Studies and their reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Included {
    /// Studies.
    pub studies: u64,
    /// Reports of these studies; `None` leaves the line out.
    pub reports: Option<u64>,
}
