//! What the review is about and who does it: question, criteria, reasons, words, people.

use serde::{Deserialize, Serialize};

use super::ids::ReviewerId;

pub use super::highlight::{HighlightWord, WordList};

/// Title and question of the review (PICO with the study designs).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewInfo {
    /// The title.
    pub title: String,
    /// Population.
    pub population: String,
    /// Intervention.
    pub intervention: String,
    /// Comparator.
    pub comparator: String,
    /// Outcomes.
    pub outcomes: String,
    /// Eligible study designs.
    pub designs: String,
}

/// What a person may do in the review.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Sets policy and criteria, reopens, exports.
    Lead,
    /// Votes, extracts, appraises.
    Reviewer,
    /// Settles conflicts of others; does not vote.
    Adjudicator,
    /// Searches, imports, groups duplicates.
    InformationSpecialist,
    /// Runs the analyses.
    Statistician,
    /// Reads after unblinding.
    Observer,
}

/// A person of the review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewer {
    /// The short name that votes and commands use ("AR").
    pub id: ReviewerId,
    /// The full name.
    pub name: String,
    /// The roles, sorted.
    pub roles: Vec<Role>,
    /// Whether the person takes part at present; the votes of one who left stay.
    pub is_active: bool,
}

impl Reviewer {
    /// Tells whether the person casts votes and extracts.
    pub fn votes(&self) -> bool {
        self.is_active && self.roles.contains(&Role::Reviewer)
    }

    /// Tells whether the person settles the conflicts of others.
    pub fn adjudicates(&self) -> bool {
        self.is_active && self.roles.contains(&Role::Adjudicator)
    }
}

/// On which side of the decision a criterion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Side {
    /// Speaks for inclusion.
    Include,
    /// Speaks for exclusion.
    Exclude,
}

/// One eligibility criterion, in the order in which it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Inclusion or exclusion criterion.
    pub side: Side,
    /// The sentence.
    pub text: String,
}

/// One reason for exclusion at full text. The order in the list is the order of importance: the first that applies is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExclusionReason {
    /// The short code that commands use ("population").
    pub code: String,
    /// The label that the flow diagram prints; no comma, semicolon or quotation mark (the PRISMA2020 R package cuts there).
    pub label: String,
}

/// Checks an ordered list of exclusion reasons.
///
/// # Errors
/// A sentence that names the first code or label that cannot be used, and why.
pub fn check_reasons(reasons: &[ExclusionReason]) -> Result<(), String> {
    for (at, reason) in reasons.iter().enumerate() {
        let is_code = !reason.code.is_empty() && reason.code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !is_code {
            return Err(format!(
                "the code \"{}\" of exclusion reason {} may hold only letters, digits, hyphens and underscores",
                reason.code,
                at + 1
            ));
        }
        if reasons[..at].iter().any(|other| other.code == reason.code) {
            return Err(format!("the exclusion reason code \"{}\" is given twice", reason.code));
        }
        if reason.label.trim().is_empty() || reason.label.contains([',', ';', '\'', '"']) {
            return Err(format!(
                "the label of exclusion reason \"{}\" must not be empty or hold a comma, semicolon or quotation mark: the flow diagram would be cut there",
                reason.code
            ));
        }
    }
    Ok(())
}
