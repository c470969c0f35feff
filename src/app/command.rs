//! The one registry of commands: what can be done, in one sentence each.
//!
//! Keys, the palette, the help page, the bottom line of the screens, `tamis keys` and the reference book are all made from
//! [`COMMANDS`]. The registry is data: it names no key (the keymap does) and runs nothing (screens and verbs do).

mod list;
pub mod requests;
mod words;

pub use list::COMMANDS;
pub use words::{CONDITION_WORDS, ConditionWord, condition_word};

/// The part of a review that a command belongs to; the heading under which help lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumIter)]
pub enum Group {
    /// Things that work on every screen.
    Everywhere,
    /// Going to another screen.
    Go,
    /// Moving in lists and texts.
    Move,
    /// The review as a whole.
    Review,
    /// Sources, searches and imports.
    Sources,
    /// Duplicate records.
    Duplicates,
    /// Screening of titles and abstracts.
    Screening,
    /// Retrieval and assessment of full texts.
    FullText,
    /// Conflicts between reviewers.
    Conflicts,
    /// Studies and the reports that belong to them.
    Studies,
    /// Data extraction.
    Extraction,
    /// Agreeing on extracted data.
    Consensus,
    /// Risk of bias.
    Appraisal,
    /// Meta-analysis and its figures.
    Analysis,
    /// Certainty of the evidence and the summary of findings.
    Findings,
    /// The PRISMA flow diagram.
    Flow,
    /// History, merging and safety.
    History,
    /// Help for scripts and shells.
    Reference,
}

impl Group {
    /// Returns the heading, as help prints it ("Full text").
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Go => "Go to",
            Self::Move => "Move",
            Self::Review => "Review",
            Self::Sources => "Sources",
            Self::Duplicates => "Duplicates",
            Self::Screening => "Screening",
            Self::FullText => "Full text",
            Self::Conflicts => "Conflicts",
            Self::Studies => "Studies",
            Self::Extraction => "Extraction",
            Self::Consensus => "Consensus",
            Self::Appraisal => "Risk of bias",
            Self::Analysis => "Analysis",
            Self::Findings => "Findings",
            Self::Flow => "Flow",
            Self::History => "History",
            Self::Reference => "Reference",
        }
    }
}

/// Something that a command needs to be told; a screen asks for it where the command line takes an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    /// The name as the command line prints it ("REASON").
    pub name: &'static str,
    /// What to give, as a phrase ("the code of an exclusion reason").
    pub doc: &'static str,
}

/// Where a command can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// On the screens, and on the command line where the command names a verb.
    Screens,
    /// Only on the command line, for the reason given as a sentence.
    CommandLine(&'static str),
}

/// One thing that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// The name in keymaps and scripts of keys ("screen.include"); unique.
    pub id: &'static str,
    /// The name that people read ("Include").
    pub title: &'static str,
    /// What it does, as one sentence.
    pub doc: &'static str,
    /// The heading under which it is listed.
    pub group: Group,
    /// The words of the command line that do the same ("screen vote"), if any.
    pub cli: Option<&'static str>,
    /// What it needs to be told, in order.
    pub args: &'static [Argument],
    /// When it can be given: words of [`CONDITION_WORDS`] joined by `!`, `&&`, `||` and brackets; empty for always.
    pub when: &'static str,
    /// Where it can be given.
    pub surface: Surface,
}

impl Command {
    /// Describes a command of the screens.
    const fn new(id: &'static str, group: Group, title: &'static str, doc: &'static str) -> Self {
        Self { id, title, doc, group, cli: None, args: &[], when: "", surface: Surface::Screens }
    }

    /// Names the verb of the command line that does the same.
    const fn cli(mut self, path: &'static str) -> Self {
        self.cli = Some(path);
        self
    }

    /// Names what the command needs to be told.
    const fn args(mut self, args: &'static [Argument]) -> Self {
        self.args = args;
        self
    }

    /// States when the command can be given.
    const fn when(mut self, when: &'static str) -> Self {
        self.when = when;
        self
    }

    /// Marks the command as one of the command line alone, with the reason as a sentence.
    const fn only_on_command_line(mut self, reason: &'static str) -> Self {
        self.surface = Surface::CommandLine(reason);
        self
    }

    /// Returns whether the screens offer the command.
    pub fn is_on_screens(&self) -> bool {
        self.surface == Surface::Screens
    }
}

/// Finds a command by its id.
pub fn find(id: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.id == id)
}

/// Returns the id that is nearest to a mistyped one, if one is near enough to be meant.
///
/// Near means that at most a third of the letters have to be changed, added or dropped.
pub fn nearest(id: &str) -> Option<&'static str> {
    let (distance, nearest) = COMMANDS.iter().map(|command| (edit_distance(id, command.id), command.id)).min()?;
    (distance * 3 <= id.chars().count().max(3)).then_some(nearest)
}

/// Counts the letters to change, add or drop to turn one text into another (Levenshtein 1966).
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_made_of_small_words() {
        let mut seen = HashSet::new();
        for command in COMMANDS {
            assert!(seen.insert(command.id), "{} is listed twice", command.id);
            assert!(command.id.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '_'), "{}", command.id);
        }
    }

    #[test]
    fn every_doc_is_a_sentence() {
        for command in COMMANDS {
            for sentence in [command.doc].into_iter().chain(match command.surface {
                Surface::CommandLine(reason) => Some(reason),
                Surface::Screens => None,
            }) {
                assert!(sentence.ends_with('.'), "{}: {sentence}", command.id);
                assert!(sentence.chars().next().is_some_and(char::is_uppercase), "{}: {sentence}", command.id);
                assert!(sentence.split_whitespace().count() >= 3, "{}: {sentence}", command.id);
                assert!(sentence.chars().count() <= 120, "{}: {sentence}", command.id);
            }
            assert!(!command.title.is_empty() && command.title.chars().count() <= 32, "{}", command.id);
        }
    }

    #[test]
    fn every_condition_word_is_known() {
        for command in COMMANDS {
            for word in command.when.split(['!', '&', '|', '(', ')', ' ']).filter(|word| !word.is_empty()) {
                assert!(condition_word(word).is_some(), "{}: unknown word {word}", command.id);
            }
        }
    }

    #[test]
    fn every_condition_word_is_listed_once_and_used() {
        let mut seen = HashSet::new();
        for entry in CONDITION_WORDS {
            assert!(seen.insert(entry.word), "{} is listed twice", entry.word);
            assert!(!entry.needs.is_empty() && !entry.without.is_empty(), "{}", entry.word);
            let is_used = COMMANDS.iter().any(|command| command.when.contains(entry.word));
            assert!(is_used || entry.word == "typing" || entry.word.starts_with("screen:"), "{} is never used", entry.word);
        }
    }

    #[test]
    fn commands_of_the_command_line_alone_name_their_verb() {
        for command in COMMANDS.iter().filter(|command| !command.is_on_screens()) {
            assert!(command.cli.is_some(), "{}", command.id);
        }
    }

    #[test]
    fn a_mistyped_id_is_met_with_the_one_that_was_meant() {
        assert_eq!(nearest("screen.inclide"), Some("screen.include"));
        assert_eq!(nearest("undp"), Some("undo"));
        assert_eq!(nearest("make.coffee"), None);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }

    #[test]
    fn commands_are_found_by_id() {
        assert_eq!(find("screen.include").map(|command| command.title), Some("Include"));
        assert_eq!(find("no.such"), None);
    }
}
