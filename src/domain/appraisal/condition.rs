//! Conditions of decision tables: which answers to which questions.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The answer that a question counts as which is not asked.
pub(super) const NOT_APPLICABLE: &str = "NA";

/// Answers wanted of questions, all of them: `{ "1.1" = "n ni", "1.2" = "y" }`.
///
/// `y` stands for yes and probably yes, `n` for no and probably no, in their strong and weak forms too; `ni` for no information, `na` for
/// not applicable (or not asked). Any other word is an answer spelled out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Condition(BTreeMap<String, String>);

impl Condition {
    /// Makes a condition from (question, answers wanted).
    pub fn new<'a>(parts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(parts.into_iter().map(|(question, wanted)| (question.to_owned(), wanted.to_owned())).collect())
    }

    /// Returns the questions with the answers wanted, by question.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(question, wanted)| (question.as_str(), wanted.as_str()))
    }
}

/// Tells whether an answer is among those wanted, which are divided by spaces.
pub(super) fn accepts(wanted: &str, given: &str) -> bool {
    wanted.split_whitespace().any(|word| match word {
        "y" => matches!(given, "Y" | "PY" | "SY" | "WY"),
        "n" => matches!(given, "N" | "PN" | "SN" | "WN"),
        "ni" => given == "NI",
        "na" => given == NOT_APPLICABLE,
        other => other == given,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_stand_for_several_answers() {
        assert!(accepts("y", "PY") && accepts("n ni", "NI") && accepts("na n", "NA") && accepts("SN", "SN"));
        assert!(!accepts("y", "NI") && !accepts("n", "Y") && !accepts("", "Y"));
    }
}
