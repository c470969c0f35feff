//! What a reader of files has to say about one place in one file.

use serde::{Deserialize, Serialize};

/// How much a [`Diagnostic`] matters to the person who imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::Display, strum::EnumString)]
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
    /// The 1-based line in the file; 0 where the remark is about the whole file.
    pub line: usize,
    /// The tag or field concerned ("DO"), if one is.
    pub field: Option<String>,
    /// What was found and what was done, as one or two sentences.
    pub message: String,
}

/// How many remarks of each kind a file gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemarkCounts {
    /// Things mended in an obvious way.
    pub notes: u32,
    /// Things kept but not understood.
    pub warnings: u32,
    /// Records or fields that could not be kept.
    pub errors: u32,
}

impl RemarkCounts {
    /// Counts remarks by how much they matter.
    pub fn of<'a>(remarks: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut counts = Self::default();
        for remark in remarks {
            match remark.severity {
                Severity::Note => counts.notes += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Error => counts.errors += 1,
            }
        }
        counts
    }

    /// Returns the number of all remarks.
    pub fn total(self) -> u32 {
        self.notes + self.warnings + self.errors
    }
}

/// Returns at most `limit` remarks: those that matter most, of equals the first ones, in the order in which they were given.
pub fn weightiest(remarks: &[Diagnostic], limit: usize) -> Vec<&Diagnostic> {
    let mut places: Vec<usize> = (0..remarks.len()).collect();
    places.sort_by_key(|at| (std::cmp::Reverse(remarks[*at].severity), *at));
    places.truncate(limit);
    places.sort_unstable();
    places.into_iter().map(|at| &remarks[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(severity: Severity, line: usize) -> Diagnostic {
        Diagnostic { severity, line, field: None, message: String::new() }
    }

    #[test]
    fn a_list_that_is_cut_keeps_what_matters_most_in_its_order() {
        let all: Vec<Diagnostic> =
            (1..=6).map(|line| remark([Severity::Note, Severity::Warning, Severity::Error][line % 3], line)).collect();
        let lines = |limit| weightiest(&all, limit).into_iter().map(|kept| kept.line).collect::<Vec<_>>();
        assert_eq!(lines(6), [1, 2, 3, 4, 5, 6]);
        assert_eq!(lines(3), [1, 2, 5], "two errors and the first warning");
        assert_eq!(lines(0), [] as [usize; 0]);
        let counts = RemarkCounts::of(&all);
        assert_eq!(counts, RemarkCounts { notes: 2, warnings: 2, errors: 2 });
        assert_eq!(counts.total(), 6);
    }
}
