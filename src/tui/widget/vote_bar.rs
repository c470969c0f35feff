//! One line about the judgements on a unit: yours, the others' as far as you may see them, and the state.

use super::text::StyledLine;
use crate::tui::theme::{Mark, Role};

/// What one reviewer has said about a unit, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voter {
    /// The name as shown ("You", "AB").
    pub name: String,
    /// What is shown of the vote.
    pub vote: Shown,
}

/// What is shown of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The vote itself.
    Vote(Mark),
    /// No vote has been cast.
    None,
    /// It is hidden until every vote is in; not even whether it exists is told.
    Hidden,
}

/// Sets the line: "You: I include   AB: hidden   State: ~ votes missing".
pub fn vote_line(voters: &[Voter], state: Mark, note: Option<&str>) -> StyledLine {
    let mut line = StyledLine::new();
    for voter in voters {
        line.push((format!("{}: ", voter.name), Role::Muted));
        line.push(match voter.vote {
            Shown::Vote(mark) => (format!("{} {}", mark.sign(), mark.word()), mark.role()),
            Shown::None => ("no vote yet".to_owned(), Role::Pending),
            Shown::Hidden => ("hidden".to_owned(), Role::Muted),
        });
        line.push(("   ".to_owned(), Role::Text));
    }
    line.push(("State: ".to_owned(), Role::Muted));
    line.push((format!("{} {}", state.sign(), state.word()), state.role()));
    if let Some(note) = note.filter(|note| !note.is_empty()) {
        line.push((format!("   Note: {note}"), Role::Muted));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vote_has_its_letter_and_a_hidden_one_tells_nothing() {
        let voters =
            [Voter { name: "You".to_owned(), vote: Shown::Vote(Mark::Include) }, Voter { name: "AB".to_owned(), vote: Shown::Hidden }];
        let text: String = vote_line(&voters, Mark::Partial, Some("pilot")).iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(text, "You: I include   AB: hidden   State: ~ votes missing   Note: pilot");
    }
}
