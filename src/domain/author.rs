//! Authors of a publication.

use serde::{Deserialize, Serialize};

/// A person or a group who wrote a publication.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Author {
    /// Family name with its particle ("van Hilten"), or the name of a group.
    pub family: String,
    /// Given names or initials as printed ("Jacobus J", "JJ", "J.J."); `None` for a group.
    pub given: Option<String>,
}

impl Author {
    /// Creates an author from parts that are already clean; an empty given name counts as none.
    pub fn new(family: impl Into<String>, given: Option<&str>) -> Self {
        Self { family: family.into(), given: given.map(str::trim).filter(|g| !g.is_empty()).map(str::to_owned) }
    }

    /// Returns the initials of the given names in capitals without stops ("Jacobus J" and "J.J." give "JJ").
    pub fn initials(&self) -> String {
        let Some(given) = &self.given else { return String::new() };
        let is_block = given.len() <= 4 && given.chars().all(|c| c.is_uppercase() || c == '-');
        if is_block {
            return given.chars().filter(|c| c.is_alphabetic()).collect();
        }
        given
            .split(|c: char| c.is_whitespace() || matches!(c, '.' | '-' | ',' | '\u{2010}'))
            .filter(|part| !matches!(*part, "Jr" | "Sr" | "2nd" | "3rd" | "4th" | "II" | "III" | "IV"))
            .flat_map(|part| {
                let is_block = part.chars().count() <= 4 && part.chars().all(char::is_uppercase);
                part.chars().take(if is_block { 4 } else { 1 })
            })
            .filter(|c| c.is_alphabetic())
            .flat_map(char::to_uppercase)
            .collect()
    }
}

impl std::fmt::Display for Author {
    /// Writes the name as databases list it: "van Hilten, Jacobus J".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.given {
            Some(given) => write!(f, "{}, {given}", self.family),
            None => f.write_str(&self.family),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_same_however_the_given_names_are_printed() {
        for given in ["Jacobus J", "JJ", "J.J.", "J. J.", "J-J", "JJ Jr", "Jacobus J, Jr", "JJ III"] {
            assert_eq!(Author::new("van Hilten", Some(given)).initials(), "JJ", "{given}");
        }
        assert_eq!(Author::new("Cochrane Pain Group", None).initials(), "");
    }
}
