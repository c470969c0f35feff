//! The card of a report: where it stands, the votes that may be seen, the record, and how it was sought.

use crate::app::query::{ReportView, UnitView};
use crate::domain::review::ExclusionReason;
use crate::tui::screen::parts::{state_words, verdict_words, vote_lines};
use crate::tui::theme::Role;
use crate::tui::widget::record_card::{Highlights, record_lines};
use crate::tui::widget::text::{StyledLine, wrap, wrap_text};

/// Returns the state of retrieval in words.
pub(super) fn retrieval_words(state: &str) -> &'static str {
    match state {
        "requested" => "requested",
        "retrieved" => "at hand",
        "not_retrieved" => "not retrieved",
        _ => "to be sought",
    }
}

/// Sets the card of a report; `unit` is its record and its votes once they are loaded.
pub(super) fn card_lines(
    report: &ReportView,
    unit: Option<&UnitView>,
    note: Option<&str>,
    reasons: &[ExclusionReason],
    highlights: &Highlights,
    room: usize,
) -> Vec<StyledLine> {
    let mut lines = standing(report, unit, note, reasons, room);
    lines.push(StyledLine::new());
    match unit {
        Some(unit) => lines.extend(record_lines(&unit.card.citation, highlights, room)),
        None => lines.extend(wrap_text(&report.line.title, Role::Heading, room)),
    }
    lines.push(StyledLine::new());
    lines.push(vec![("How it was sought".to_owned(), Role::Heading)]);
    if report.log.is_empty() {
        lines.push(vec![("Nothing is noted yet.".to_owned(), Role::Muted)]);
    }
    for entry in &report.log {
        lines.extend(wrap_text(&entry.replace("not_retrieved", "not retrieved"), Role::Text, room));
    }
    lines
}

/// Sets what is known about the judgements and the document.
fn standing(report: &ReportView, unit: Option<&UnitView>, note: Option<&str>, reasons: &[ExclusionReason], room: usize) -> Vec<StyledLine> {
    let (sign, words, role) = state_words(report.status);
    let mut line = vec![("State: ".to_owned(), Role::Muted), (format!("{sign} {words}"), role)];
    if let Some(reason) = &report.reason {
        line.push((format!(", {reason}"), Role::Text));
    }
    line.push(("   Report: ".to_owned(), Role::Muted));
    line.push((retrieval_words(&report.retrieval).to_owned(), Role::Text));
    if let Some(file) = &report.file {
        line.push((format!(", {file}"), Role::Text));
    }
    if !report.studies.is_empty() {
        line.push(("   Study: ".to_owned(), Role::Muted));
        line.push((report.studies.join(", "), Role::Text));
    }
    let mut lines = wrap(&line, room);
    let votes = unit.map_or(&[][..], |unit| &unit.votes[..]);
    match (&report.mine, votes) {
        (None, []) => lines.push(vec![("You: ".to_owned(), Role::Muted), ("no vote yet".to_owned(), Role::Pending)]),
        (Some(mine), []) => {
            lines.extend(vote_lines("You", mine, reasons, room));
            if report.status == "voted" {
                lines.extend(wrap_text("The votes of others stay hidden until all are in.", Role::Muted, room));
            }
        }
        (_, votes) => {
            for vote in votes {
                let is_mine = report.mine.as_ref().is_some_and(|mine| mine.reviewer == vote.reviewer);
                let name = if is_mine { "You" } else { vote.reviewer.as_str() };
                lines.extend(vote_lines(name, vote, reasons, room));
            }
        }
    }
    for said in unit.map_or(&[][..], |unit| &unit.resolutions[..]) {
        let (sign, word, role) = verdict_words(said.verdict);
        let mut line = vec![(format!("{} settles: ", said.reviewer), Role::Muted), (format!("{sign} {word}"), role)];
        line.push((format!("  “{}”", said.rationale), Role::Text));
        lines.extend(wrap(&line, room));
    }
    if let Some(note) = note {
        lines.extend(wrap(&[("Note for your vote: ".to_owned(), Role::Muted), (note.to_owned(), Role::Text)], room));
    }
    lines
}
