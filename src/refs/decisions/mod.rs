//! Decisions of screening that other tools leave inside their exports: in notes, in columns, in tags.
//!
//! What is found here is a reading of one record, not a vote: nothing is taken over before a person asks for it. Each decision
//! keeps the text that it was read from. A text that is plainly meant as a decision but cannot be read is returned as
//! [`Unreadable`]; it is never guessed at. `rayyan` reads Rayyan's notes; `columns` the notes of ASReview and Covidence and the
//! columns of tables (ASReview, Covidence, Abstrackr and tables that people make). EPPI-Reviewer's RIS holds no codes.

mod columns;
mod rayyan;

#[cfg(test)]
mod tests;

use crate::domain::decision::{Stage, Verdict};
use crate::domain::record::Citation;

use super::tagged::excerpt;

/// The tool that wrote a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Tool {
    /// Rayyan: `RAYYAN-INCLUSION: {"Anna"=>"Included"}` in a note.
    Rayyan,
    /// ASReview: `ASReview_relevant` in a note, or the column `asreview_label`.
    #[strum(serialize = "asreview")]
    AsReview,
    /// Covidence: `Exclusion reason: ...` in a note, or a column of the status.
    Covidence,
    /// Abstrackr: a column for each person, 1, 0 or -1.
    Abstrackr,
    /// A table of nobody known, with a column such as `decision` or `included`.
    Table,
}

impl Tool {
    /// Returns the name that people know the tool by.
    pub fn title(self) -> &'static str {
        match self {
            Self::Rayyan => "Rayyan",
            Self::AsReview => "ASReview",
            Self::Covidence => "Covidence",
            Self::Abstrackr => "Abstrackr",
            Self::Table => "table",
        }
    }
}

/// One decision of one person on one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDecision {
    /// The tool.
    pub tool: Tool,
    /// Who decided, as the tool names people; `None` where it names nobody.
    pub person: Option<String>,
    /// The stage, where the tool says which.
    pub stage: Option<Stage>,
    /// The decision: include, maybe or exclude.
    pub verdict: Verdict,
    /// The reasons for an exclusion, as the tool writes them. Rayyan does not say whose they are.
    pub reasons: Vec<String>,
    /// The labels or tags of the record. They belong to the record, not to the person.
    pub labels: Vec<String>,
    /// What the person noted.
    pub note: Option<String>,
    /// The text that the decision was read from.
    pub source_text: String,
}

impl FoundDecision {
    fn new(tool: Tool, person: Option<String>, verdict: Verdict, source_text: &str) -> Self {
        Self {
            tool,
            person,
            stage: None,
            verdict,
            reasons: Vec::new(),
            labels: Vec::new(),
            note: None,
            source_text: source_text.to_owned(),
        }
    }
}

/// A text that is meant as a decision and could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The tool whose mark the text bears.
    pub tool: Tool,
    /// The tag or column.
    pub field: String,
    /// What is wrong with it, as a sentence with the beginning of the text.
    pub message: String,
}

/// What one record says about decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// The decisions, in the order of the record. Two that contradict each other are both here.
    pub found: Vec<FoundDecision>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

impl Decisions {
    fn unreadable(&mut self, tool: Tool, field: &str, text: &str, what: &str) {
        let message = format!("\"{}\" {what}; no decision was read from it.", excerpt(text));
        self.unreadable.push(Unreadable { tool, field: field.to_owned(), message });
    }

    /// Reports whether the record says nothing about decisions.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty() && self.unreadable.is_empty()
    }
}

/// Reads the decisions that a record holds in its notes and in the tags that no reader interprets.
///
/// Several people of one Rayyan note give one decision each; a record without any gives an empty answer. "Not seen" and
/// "undecided" are no decisions.
///
/// ```
/// use tamis::domain::{decision::Verdict, record::Citation};
///
/// let note = "RAYYAN-INCLUSION: {\"Anna\"=>\"Included\", \"Ben\"=>\"Maybe\"} | RAYYAN-LABELS: RCT".to_owned();
/// let record = Citation { notes: vec![note], ..Citation::default() };
/// let found = tamis::refs::decisions::decisions(&record).found;
/// assert_eq!(found[1].person.as_deref(), Some("Ben"));
/// assert_eq!((found[0].verdict, found[1].verdict), (Verdict::Include, Verdict::Maybe));
/// ```
pub fn decisions(citation: &Citation) -> Decisions {
    let mut read = Decisions::default();
    for note in &citation.notes {
        rayyan::read_note("notes", note, &mut read);
        columns::read_note(note, &mut read);
    }
    columns::read_columns(&citation.extra, &mut read);
    read
}

/// Reads a word for a decision, in any case; `Some(None)` for a word that says that there is none yet.
fn verdict_of(word: &str) -> Option<Option<Verdict>> {
    let folded: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    Some(match folded.as_str() {
        "included" | "include" | "relevant" | "yes" | "in" | "accepted" | "accept" | "true" => Some(Verdict::Include),
        "maybe" | "unsure" | "uncertain" | "unclear" | "borderline" => Some(Verdict::Maybe),
        "excluded" | "exclude" | "irrelevant" | "notrelevant" | "no" | "out" | "rejected" | "reject" | "false" => Some(Verdict::Exclude),
        "undecided" | "notseen" | "unseen" | "unlabeled" | "unlabelled" | "unscreened" | "notscreened" | "pending" | "none" | "nil"
        | "null" | "na" | "nan" | "conflict" | "unclassified" => None,
        _ => return None,
    })
}
