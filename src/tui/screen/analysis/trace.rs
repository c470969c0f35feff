//! From the row of a study back to its reports: every number with page, quote and both extractors.

use crate::app::AnalysisResult;
use crate::app::query::{ComparisonView, StudyLine};
use crate::tui::overlay::Page;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::screen::parts::{capital, places_named};
use crate::tui::theme::Role;
use crate::tui::widget::text::{Piece, StyledLine, wrap};

/// Sets the way of each number of a study; `None` where the analysis does not have the study.
pub(super) fn page(result: &AnalysisResult, comparison: &ComparisonView, study: Option<&StudyLine>) -> Option<Page> {
    let row = result.rows.iter().find(|row| row.study == comparison.label)?;
    let mut lines = Vec::new();
    for path in &row.paths {
        let steps = result.steps.iter().filter(|(study, step)| *study == row.study && step.path == *path).map(|(_, step)| step);
        for step in steps {
            if !lines.is_empty() {
                lines.push(StyledLine::new());
            }
            let value = (step.value * 1e6).round() / 1e6;
            lines.extend(wrap(&[(format!("{path}: "), Role::Text), (value.to_string(), Role::Accent)], PAGE_ROOM));
            lines.extend(indented(&[(format!("Derived: {}", step.words()), Role::Text)]));
        }
        let Some(cell) = comparison.cells.iter().find(|cell| cell.path == *path) else { continue };
        if !lines.is_empty() {
            lines.push(StyledLine::new());
        }
        let agreed = cell.agreed.clone().unwrap_or_else(|| "open".to_owned());
        lines.extend(wrap(&[(format!("{}, {}: ", capital(&cell.group), cell.label), Role::Text), (agreed, Role::Accent)], PAGE_ROOM));
        for (who, value, place) in [(&comparison.a, &cell.a, &cell.a_place), (&comparison.b, &cell.b, &cell.b_place)] {
            let value = value.clone().unwrap_or_else(|| "no value".to_owned());
            let place = place.as_ref().map_or_else(|| "no source noted".to_owned(), |place| places_named(place, study));
            let line = vec![(format!("{who} typed "), Role::Muted), (value, Role::Text), (format!(": {place}"), Role::Text)];
            lines.extend(indented(&line));
        }
        let how = match (cell.how.as_deref(), &cell.settled) {
            (_, Some(settled)) => format!("Settled by {settled}"),
            (Some("auto"), None) => "Both mean the same: agreed without a person.".to_owned(),
            _ => "Not agreed yet.".to_owned(),
        };
        lines.extend(indented(&[(how, Role::Muted)]));
    }
    Some(Page::new(format!("Where the numbers of {} come from", comparison.label), lines))
}

/// Wraps pieces into lines that are all set in by two cells.
fn indented(pieces: &[Piece]) -> Vec<StyledLine> {
    let lines = wrap(pieces, PAGE_ROOM - 2).into_iter().map(|line| std::iter::once(("  ".to_owned(), Role::Text)).chain(line).collect());
    lines.collect()
}
