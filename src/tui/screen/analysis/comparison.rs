//! One analysis under several conventions: the numbers side by side, then what moved and why.

use crate::app::AnalysisResult;
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, fit, wrap, wrap_text};

/// The width of the column of labels.
const LABEL: usize = 22;
/// The least width of a convention's column; narrower screens set the conventions below each other.
const LEAST: usize = 26;

/// Sets the comparison for a width.
pub(super) fn lines(result: &AnalysisResult, room: usize) -> Vec<StyledLine> {
    let Some(text) = result.compared() else {
        return wrap_text("No study has agreed numbers for this analysis yet.", Role::Warning, room);
    };
    let heading = |text: &str| vec![(text.to_owned(), Role::Heading)];
    let mut lines = Vec::new();
    let column = room.saturating_sub(LABEL) / text.heads.len().max(1);
    if column >= LEAST {
        let mut head = vec![(fit("", LABEL, false), Role::Muted)];
        head.extend(text.heads.iter().map(|name| (fit(name, column, false), Role::Heading)));
        lines.push(head);
        for (about, cells) in &text.rows {
            let mut line = vec![(fit(about, LABEL - 1, false), Role::Muted), (" ".to_owned(), Role::Muted)];
            line.extend(cells.iter().map(|cell| (fit(cell, column, false), Role::Text)));
            lines.push(line);
        }
    } else {
        for (about, cells) in &text.rows {
            lines.push(vec![(about.clone(), Role::Muted)]);
            for (name, cell) in text.heads.iter().zip(cells) {
                lines.push(vec![(format!("  {}", fit(name, 12, false)), Role::Hint), (cell.clone(), Role::Text)]);
            }
        }
    }
    for (convention, why) in &text.refused {
        lines.extend(wrap_text(&format!("{convention}: {why}"), Role::Warning, room));
    }
    for (title, reasons) in &text.reasons {
        lines.push(heading(title));
        for reason in reasons {
            let role = if reason.starts_with("- ") { Role::Muted } else { Role::Text };
            lines.extend(wrap_text(reason, role, room));
        }
    }
    if !text.warnings.is_empty() {
        lines.push(heading("Warnings"));
        for (convention, warning) in &text.warnings {
            lines.extend(wrap(&[("! ".to_owned(), Role::Warning), (format!("{convention}: {warning}"), Role::Text)], room));
        }
    }
    lines
}
