//! One compared cell: as a row of the list, and in full with the provenance of both values.

use crate::app::query::{ComparedCell, ComparisonView, StudyLine};
use crate::tui::screen::parts::{capital, places_named};
use crate::tui::theme::Role;
use crate::tui::widget::text::{Piece, StyledLine, wrap};

/// Returns the row of a heading.
pub(super) fn heading_row(group: &str) -> Vec<Piece> {
    let empty = || (String::new(), Role::Text);
    vec![empty(), (capital(group), Role::Heading), empty(), empty(), empty()]
}

/// Returns the row of a cell: a sign, both values and the agreed one.
pub(super) fn cell_row(cell: &ComparedCell) -> Vec<Piece> {
    let (sign, role) = match (cell.how.as_deref(), cell.verdict.as_str()) {
        (Some("auto"), _) => ("=", Role::Muted),
        (Some(_), _) => ("+", Role::Success),
        (None, "equal-after-rounding" | "equal-after-unit") => ("≈", Role::Conflict),
        (None, _) => ("C", Role::Conflict),
    };
    let value = |value: &Option<String>| value.clone().map_or_else(|| ("(none)".to_owned(), Role::Muted), |value| (value, Role::Text));
    let agreed = match &cell.agreed {
        None => ("open".to_owned(), Role::Pending),
        Some(raw) if raw.is_empty() => ("(left empty)".to_owned(), Role::Muted),
        Some(raw) => (raw.clone(), Role::Text),
    };
    vec![(sign.to_owned(), role), (cell.label.clone(), Role::Text), value(&cell.a), value(&cell.b), agreed]
}

/// Returns the cell's name with its heading.
pub(super) fn full_name(cell: &ComparedCell) -> String {
    if cell.group.is_empty() { cell.label.clone() } else { format!("{}: {}", capital(&cell.group), cell.label) }
}

/// Sets a cell in full: both values with their places, how they compare, and how it was agreed.
pub(super) fn card_lines(comparison: &ComparisonView, cell: &ComparedCell, study: Option<&StudyLine>, room: usize) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    for (side, who, value, place) in [("A", &comparison.a, &cell.a, &cell.a_place), ("B", &comparison.b, &cell.b, &cell.b_place)] {
        let mut line = vec![(format!("{side} ({who}): "), Role::Muted)];
        line.push(value.clone().map_or_else(|| ("no value".to_owned(), Role::Muted), |value| (value, Role::Accent)));
        lines.extend(wrap(&line, room));
        if value.is_some() {
            let place = place.as_ref().map_or_else(|| "no source noted".to_owned(), |place| places_named(place, study));
            lines.extend(wrap(&[(format!("  {place}"), Role::Text)], room));
        }
    }
    let verdict = match cell.verdict.as_str() {
        "equal" => "Both mean the same.".to_owned(),
        "equal-after-unit" => "Both mean the same, in two units.".to_owned(),
        "equal-after-rounding" => "The two agree once the more precise one is rounded.".to_owned(),
        "missing-in-one" => {
            let who = if cell.a.is_some() { &comparison.a } else { &comparison.b };
            format!("Only {who} has a value.")
        }
        _ => "The two differ.".to_owned(),
    };
    let agreed = match (&cell.agreed, cell.how.as_deref()) {
        (None, _) => ("Open: nobody has agreed on it.".to_owned(), Role::Pending),
        (Some(_), Some("auto")) => ("Agreed without a person.".to_owned(), Role::Success),
        (Some(raw), how) => {
            let from = match how {
                Some("chosen_a") => format!(", from {}", comparison.a),
                Some("chosen_b") => format!(", from {}", comparison.b),
                _ => ", another value".to_owned(),
            };
            (format!("Agreed: {}{from}.", if raw.is_empty() { "left empty" } else { raw.as_str() }), Role::Success)
        }
    };
    lines.extend(wrap(&[(format!("{verdict} "), Role::Text), agreed], room));
    if let Some(settled) = &cell.settled {
        lines.extend(wrap(&[(settled.clone(), Role::Muted)], room));
    }
    lines
}
