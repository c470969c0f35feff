//! The card of a study or a report.

use super::{Row, Studies};
use crate::app::query::StudyLine;
use crate::tui::screen::parts::short;
use crate::tui::theme::Role;
use crate::tui::widget::record_card::{Highlights, record_lines};
use crate::tui::widget::text::{StyledLine, counted, wrap, wrap_text};

/// Says how far the extraction of a study is.
pub(super) fn study_words(study: &StudyLine) -> (String, Role) {
    match study.status {
        "blocked" => ("x no included report".to_owned(), Role::Muted),
        "drafting" => (format!("~ drafts: {} of {} submitted", study.submitted, study.required), Role::Pending),
        "comparable" => (format!("C {} to agree on", counted(study.open_cells, "value")), Role::Conflict),
        "agreed" => ("+ data agreed".to_owned(), Role::Success),
        other => (other.to_owned(), Role::Muted),
    }
}

/// Sets the card of the selected row.
pub(super) fn card_lines(screen: &Studies, row: &Row<'_>, room: usize) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    match row {
        Row::Study(study) => {
            lines.push(vec![(study.label.clone(), Role::Heading)]);
            lines.push(vec![study_words(study)]);
            lines.push(StyledLine::new());
            for report in &study.reports {
                let sign = if report.is_included { "+" } else { "x" };
                let year = report.year.map(|year| format!(" ({year})")).unwrap_or_default();
                lines.extend(wrap(&[(format!("{sign} "), Role::Muted), (format!("{}{year}", report.title), Role::Text)], room));
            }
            return lines;
        }
        Row::Report(study, report) => {
            let standing = if report.is_included { "included" } else { "not included at full text" };
            lines.extend(wrap(
                &[("Report of ".to_owned(), Role::Muted), (study.label.clone(), Role::Heading), (format!(", {standing}"), Role::Text)],
                room,
            ));
        }
        Row::Unlinked(report) => {
            if let Some(label) = screen.proposed(report.record) {
                let known = screen.studies.iter().any(|study| study.label == label);
                let line = if known {
                    format!("A study “{label}” exists: link the report to it if it is about the same people, else make a new study.")
                } else {
                    format!("Proposed study: {label}")
                };
                lines.extend(wrap_text(&line, Role::Accent, room));
            }
            for (at, hint) in screen.hints_for(report.record).take(3).enumerate() {
                let of = match &hint.study {
                    Some(study) => study.clone(),
                    None => format!("the same study as “{}”", short(&hint.other_title)),
                };
                let lead = if at == 0 { "May belong to " } else { "Or to " };
                let pieces = [(format!("{lead}{of}: "), Role::Accent), (hint.why.join("; "), Role::Text)];
                lines.extend(wrap(&pieces, room));
            }
        }
    }
    lines.push(StyledLine::new());
    match row.record().and_then(|record| screen.card_of(record)) {
        Some(unit) => lines.extend(record_lines(&unit.card.citation, &Highlights::default(), room)),
        None => lines.extend(wrap_text(row.title(), Role::Heading, room)),
    }
    lines
}
