//! The card of a conflict: the votes side by side, what was said so far, and the record.

use crate::app::query::{ConflictView, UnitView};
use crate::domain::policy::Resolver;
use crate::domain::review::ExclusionReason;
use crate::tui::screen::parts::{reason_label, verdict_words, vote_lines};
use crate::tui::screen::screening::marks::others_lines;
use crate::tui::theme::Role;
use crate::tui::widget::record_card::{Highlights, record_lines};
use crate::tui::widget::text::{StyledLine, width, wrap, wrap_text};

/// The least columns that a vote needs to stand beside another.
const LEAST_COLUMN: usize = 28;

/// What the card needs to know beside the conflict.
pub(super) struct About<'a> {
    /// The rule of the stage.
    pub(super) resolver: Option<Resolver>,
    /// Whether the acting reviewer may settle it in place of somebody who has left.
    pub(super) stands_in: bool,
    /// The short name of the acting reviewer.
    pub(super) me: Option<&'a str>,
    /// The exclusion reasons.
    pub(super) reasons: &'a [ExclusionReason],
    /// The words to highlight.
    pub(super) highlights: &'a Highlights,
}

/// Sets the card of a conflict; `unit` is its record once it is loaded.
pub(super) fn card_lines(conflict: &ConflictView, unit: Option<&UnitView>, about: &About<'_>, room: usize) -> Vec<StyledLine> {
    let (me, reasons) = (about.me, about.reasons);
    let name = |id: &str| if Some(id) == me { format!("You ({id})") } else { id.to_owned() };
    let columns = conflict.votes.len().max(1);
    let column = (room.saturating_sub(3 * (columns - 1))) / columns;
    let mut lines = if column < LEAST_COLUMN {
        conflict.votes.iter().flat_map(|vote| vote_lines(&name(&vote.reviewer), vote, reasons, room)).collect()
    } else {
        let votes = conflict.votes.iter().map(|vote| vote_lines(&name(&vote.reviewer), vote, reasons, column));
        side_by_side(&votes.collect::<Vec<_>>(), column)
    };
    lines.push(StyledLine::new());
    for said in &conflict.resolutions {
        let (sign, word, role) = verdict_words(said.verdict);
        let because = said.reason.as_deref().map(|code| format!(", {}", reason_label(reasons, code))).unwrap_or_default();
        let line = vec![
            (format!("{} would settle it: ", name(&said.reviewer)), Role::Muted),
            (format!("{sign} {word}"), role),
            (format!("{because}  “{}”", said.rationale), Role::Text),
        ];
        lines.extend(wrap(&line, room));
    }
    lines.extend(wrap_text(&waiting_words(conflict, about), Role::Accent, room));
    let later = later_words(conflict);
    if !later.is_empty() {
        lines.extend(wrap_text(&later, Role::Muted, room));
    }
    lines.push(StyledLine::new());
    match unit {
        Some(unit) => {
            let marks = others_lines(&unit.marks, room);
            if !marks.is_empty() {
                lines.extend(marks);
                lines.push(StyledLine::new());
            }
            lines.extend(record_lines(&unit.card.citation, about.highlights, room));
        }
        None => lines.extend(wrap_text(&conflict.line.title, Role::Heading, room)),
    }
    lines
}

/// Says whose word the conflict waits for, and what the acting reviewer can do.
fn waiting_words(conflict: &ConflictView, about: &About<'_>) -> String {
    let is_me = |id: &String| Some(id.as_str()) == about.me;
    match about.resolver {
        Some(Resolver::Third) if conflict.may_settle => "You settle it as adjudicator.".to_owned(),
        Some(Resolver::Third) => "The adjudicator settles it.".to_owned(),
        Some(Resolver::Any) => "Anybody in the team may settle it.".to_owned(),
        Some(Resolver::Consensus) if about.stands_in => {
            let verb = if conflict.left.len() == 1 { "has" } else { "have" };
            format!("{} {verb} left the review: you settle it instead.", conflict.left.join(" and "))
        }
        Some(Resolver::Consensus) if !conflict.left.is_empty() => {
            let verb = if conflict.left.len() == 1 { "has" } else { "have" };
            format!(
                "{} {verb} left the review: somebody of the team who did not vote on it settles it instead.",
                conflict.left.join(" and ")
            )
        }
        Some(Resolver::Consensus) => {
            let others: Vec<&str> = conflict.waiting_for.iter().filter(|id| !is_me(id)).map(String::as_str).collect();
            let waits_for_me = conflict.waiting_for.iter().any(is_me);
            match (waits_for_me, &others[..]) {
                (true, []) => "It waits for your word: confirm what was said, or say otherwise.".to_owned(),
                (true, others) => format!("It waits for your word and that of {}; both have to say the same.", others.join(", ")),
                (false, []) => "Everybody has spoken.".to_owned(),
                (false, others) => format!("It waits for the word of {}.", others.join(", ")),
            }
        }
        None => String::new(),
    }
}

/// Says who wants to discuss it later; empty where nobody does.
fn later_words(conflict: &ConflictView) -> String {
    let mut people: Vec<&str> = conflict.later_for.iter().map(String::as_str).collect();
    if conflict.is_later {
        people.insert(0, "You");
    }
    match people[..] {
        [] => String::new(),
        ["You"] => "You want to discuss it later.".to_owned(),
        [one] => format!("{one} wants to discuss it later."),
        _ => format!("{} want to discuss it later.", people.join(" and ")),
    }
}

/// Sets blocks of lines side by side, each filled to the width of its column.
pub(in crate::tui::screen) fn side_by_side(blocks: &[Vec<StyledLine>], column: usize) -> Vec<StyledLine> {
    let rows = blocks.iter().map(Vec::len).max().unwrap_or(0);
    let row = |at: usize| {
        let mut whole = StyledLine::new();
        for (place, block) in blocks.iter().enumerate() {
            if place > 0 {
                whole.push((" │ ".to_owned(), Role::Border));
            }
            let line = block.get(at).cloned().unwrap_or_default();
            let used: usize = line.iter().map(|(text, _)| width(text)).sum();
            whole.extend(line);
            whole.push((" ".repeat(column.saturating_sub(used)), Role::Text));
        }
        whole
    };
    (0..rows).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_of_different_length_stand_side_by_side() {
        let line = |text: &str| vec![(text.to_owned(), Role::Text)];
        let set = side_by_side(&[vec![line("AR: I include")], vec![line("BK: E exclude"), line("  “animals”")]], 14);
        let text: Vec<String> = set.iter().map(|line| line.iter().map(|(text, _)| text.as_str()).collect()).collect();
        assert_eq!(text, ["AR: I include  │ BK: E exclude ", "               │   “animals”   "]);
        assert!(side_by_side(&[], 10).is_empty());
    }
}
