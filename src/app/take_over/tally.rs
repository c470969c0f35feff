//! How many decisions an export holds, by person.

use serde::Serialize;

use crate::domain::decision::Verdict;
use crate::domain::diagnostic::{Diagnostic, Severity};
use crate::domain::record::Citation;
use crate::refs::decisions::decisions;

/// How many remarks on texts that cannot be read are kept; their number is counted in full.
const REMARKS_KEPT: usize = 1_000;

/// The decisions of one person, or of nobody named, that one tool wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionCount {
    /// The tool ("rayyan").
    pub tool: String,
    /// The person, as the tool names people.
    pub person: Option<String>,
    /// Records included.
    pub include: usize,
    /// Records on which the person was unsure.
    pub maybe: usize,
    /// Records excluded.
    pub exclude: usize,
    #[serde(skip)]
    title: &'static str,
}

/// The decisions of a file, counted as its records are read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DecisionTally {
    /// The counts, in the order in which people first appear. A record that contradicts itself counts on both sides.
    pub people: Vec<DecisionCount>,
    /// Records with a text that is meant as a decision and cannot be read.
    pub unreadable: usize,
    #[serde(skip)]
    remarks: Vec<Diagnostic>,
}

impl DecisionTally {
    /// Counts the decisions of one record, which begins at a line of its file (0 where that is not known).
    pub fn add(&mut self, citation: &Citation, line: usize) {
        if citation.notes.is_empty() && citation.extra.is_empty() {
            return;
        }
        let read = decisions(citation);
        self.unreadable += usize::from(!read.unreadable.is_empty());
        for unreadable in read.unreadable {
            if self.remarks.len() < REMARKS_KEPT {
                let message = format!("{} (record \"{}\")", unreadable.message, citation.label());
                let field = Some(unreadable.field);
                self.remarks.push(Diagnostic { severity: Severity::Warning, line, field, message });
            }
        }
        for found in read.found {
            let tool = found.tool.to_string();
            let at = self.people.iter().position(|known| known.person == found.person && known.tool == tool).unwrap_or_else(|| {
                let title = found.tool.title();
                self.people.push(DecisionCount { tool, person: found.person.clone(), include: 0, maybe: 0, exclude: 0, title });
                self.people.len() - 1
            });
            let count = &mut self.people[at];
            *match found.verdict {
                Verdict::Include => &mut count.include,
                Verdict::Exclude => &mut count.exclude,
                _ => &mut count.maybe,
            } += 1;
        }
    }

    /// Returns the remarks on texts that cannot be read, and forgets them.
    pub fn take_remarks(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.remarks)
    }

    /// Reports whether the file holds no decisions, readable or not.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.unreadable == 0
    }

    /// Returns what the file holds as sentences, one a person.
    pub fn told(&self) -> Vec<String> {
        let mut told: Vec<String> = self
            .people
            .iter()
            .map(|count| {
                let who = count.person.as_ref().map_or_else(|| "somebody not named".to_owned(), Clone::clone);
                format!(
                    "decisions by {who} ({}): {} included, {} maybe, {} excluded",
                    count.title, count.include, count.maybe, count.exclude
                )
            })
            .collect();
        if self.unreadable > 0 {
            told.push(format!("decisions that cannot be read: {}", self.unreadable));
        }
        told
    }
}
