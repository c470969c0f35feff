//! What a reader of files has to say about one place in one file.

use serde::{Deserialize, Serialize};

/// How much a [`Diagnostic`] matters to the person who imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Severity {
    /// Something was mended in an obvious way.
    Note,
    /// Something was kept but not understood; a person may want to look.
    Warning,
    /// A record or a field could not be kept.
    Error,
}

/// One remark about one place: what was found, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// The 1-based line in the file.
    pub line: usize,
    /// The tag or field concerned ("DO"), if one is.
    pub field: Option<String>,
    /// What was found and what was done, as one or two sentences.
    pub message: String,
}
