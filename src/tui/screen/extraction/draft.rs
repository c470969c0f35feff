//! A draft as rows of a form, and what is to be known about one of its cells.

use crate::app::query::{CellView, DraftView, StudyLine};
use crate::domain::diagnostic::Severity;
use crate::domain::form::CellSpec;
use crate::domain::value::{ParsedValue, ValueError, parse_value, typed_unit};
use crate::tui::screen::parts::capital;
use crate::tui::theme::{Mark, Role};
use crate::tui::widget::form::{FormField, FormRow};
use crate::tui::widget::text::{Piece, StyledLine, counted, cut, wrap};

/// Returns the row of a study: how far the own draft is, and how many drafts are in (never what is in them).
pub(super) fn study_row(study: &StudyLine) -> Vec<Piece> {
    let mine = match (study.is_mine_submitted, study.my_cells) {
        (true, cells) => (format!("+ submitted, {}", counted(cells, "value")), Role::Success),
        (false, 0) => ("- not begun".to_owned(), Role::Pending),
        (false, cells) => (format!("~ {}", counted(cells, "value")), Role::Pending),
    };
    let behind = study.version.filter(|_| study.is_behind).map(|version| format!(" (form {version})")).unwrap_or_default();
    vec![
        (format!("{}{behind}", study.label), Role::Text),
        mine,
        (format!("{} of {}", study.submitted, study.required), Role::Muted),
        (study.reports.len().to_string(), Role::Muted),
    ]
}

/// Tells whether the only thing to be said about a cell is that it is still empty.
fn is_open(cell: &CellView) -> bool {
    cell.raw.is_none() && cell.is_required
}

/// Returns the rows of the form: every cell under the heading of its group.
pub(super) fn form_rows(draft: &DraftView) -> Vec<FormRow> {
    let mut rows = Vec::new();
    let mut group = None;
    for cell in &draft.cells {
        if group != Some(&cell.group) {
            rows.push(FormRow::Heading(capital(&cell.group)));
            group = Some(&cell.group);
        }
        let worst = cell.remarks.iter().find(|(severity, _)| *severity == Severity::Error).or_else(|| cell.remarks.first());
        let (mark, remark) = match worst {
            _ if is_open(cell) => (Some(Mark::Pending), "needed".to_owned()),
            Some((_, text)) if cell.is_stale => (Some(Mark::Problem), format!("look again: {text}")),
            Some((Severity::Error, text)) => (Some(Mark::Problem), format!("error: {text}")),
            Some((_, text)) => (Some(Mark::Problem), format!("look: {text}")),
            None => (cell.raw.as_ref().or(cell.derived.as_ref().map(|(_, how)| how)).map(|_| Mark::Done), place(cell)),
        };
        rows.push(FormRow::Field(FormField {
            path: cell.path.clone(),
            label: cell.label.clone(),
            value: cell.raw.clone().unwrap_or_default(),
            unit: cell.unit.clone().filter(|_| !has_own_unit(cell)).unwrap_or_default(),
            is_required: cell.is_required,
            mark,
            remark,
        }));
    }
    rows
}

/// Tells whether the number was typed with its unit.
fn has_own_unit(cell: &CellView) -> bool {
    cell.raw.as_ref().is_some_and(|raw| typed_unit(&cell.spec, raw).is_some())
}

/// Says in short where a value was found.
fn place(cell: &CellView) -> String {
    match (&cell.raw, &cell.page, &cell.report) {
        // What follows from other cells is not typed; it stands beside the empty field.
        (None, ..) => cell.derived.as_ref().map(|(value, how)| format!("= {}: {how}", (value * 1e4).round() / 1e4)).unwrap_or_default(),
        (Some(_), Some(page), _) => page.clone(),
        (Some(_), None, Some(_)) => "report noted".to_owned(),
        (Some(_), None, None) => "no source noted".to_owned(),
    }
}

/// Counts a draft: cells filled, cells in all, errors and warnings; a required cell that is still empty is an error.
pub(super) fn counts(draft: &DraftView) -> (usize, usize, usize, usize) {
    let remarks = |wanted: bool| {
        draft.cells.iter().flat_map(|cell| &cell.remarks).filter(|(severity, _)| (*severity == Severity::Error) == wanted).count()
    };
    let filled = draft.cells.iter().filter(|cell| cell.raw.is_some()).count();
    (filled, draft.cells.len(), remarks(true), remarks(false))
}

/// Returns every error of a draft as (label with its group, sentence).
pub(super) fn errors(draft: &DraftView) -> Vec<(String, String)> {
    let of_cell = |cell: &CellView| {
        let name = format!("{}: {}", capital(&cell.group), cell.label);
        let errors = cell.remarks.iter().filter(|(severity, _)| *severity == Severity::Error);
        errors.map(|(_, text)| (name.clone(), text.clone())).collect::<Vec<_>>()
    };
    draft.cells.iter().flat_map(of_cell).collect()
}

/// Sets what is to be known about a cell: what the typed text means, remarks, its source, what is expected.
pub(super) fn about_lines(cell: &CellView, study: &StudyLine, typed: Option<(&str, &CellSpec)>, room: usize) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    if let Some((text, spec)) = typed {
        lines.extend(wrap(&[meaning(spec, text)], room));
    }
    if is_open(cell) {
        lines.extend(wrap(&[("- An answer is needed; “not reported” and “unclear” are answers.".to_owned(), Role::Pending)], room));
    } else {
        for (severity, text) in &cell.remarks {
            let (word, role) = if *severity == Severity::Error { ("! error: ", Role::Error) } else { ("! look again: ", Role::Warning) };
            lines.extend(wrap(&[(format!("{word}{text}"), role)], room));
        }
    }
    if let Some((value, how)) = &cell.derived {
        let value = (value * 1e6).round() / 1e6;
        lines.extend(wrap(&[("= ".to_owned(), Role::Muted), (value.to_string(), Role::Success), (format!(": {how}"), Role::Text)], room));
    }
    let mut expected = vec![("Expects ".to_owned(), Role::Muted), (kind_words(&cell.kind).to_owned(), Role::Text)];
    if let Some(unit) = &cell.unit {
        expected.push((format!(" in {unit}"), Role::Text));
        let others: Vec<&str> = cell.units.iter().filter(|other| *other != unit).map(String::as_str).collect();
        if !others.is_empty() {
            expected.push((format!(", or with its unit: {}", others.join(", ")), Role::Text));
        }
    }
    if let Some(precision) = cell.spec.precision {
        expected.push((format!(", to the {precision}"), Role::Text));
    }
    if !cell.options.is_empty() {
        expected.push((format!(": {}", cell.options.join("; ")), Role::Text));
    }
    lines.extend(wrap(&expected, room));
    if cell.raw.is_some() {
        lines.extend(wrap(&source(cell, study), room));
    }
    if let Some(guidance) = &cell.guidance {
        lines.extend(wrap(&[(guidance.clone(), Role::Muted)], room));
    }
    lines
}

/// Says what a typed text means for the cell, or what is wrong with it.
fn meaning(spec: &CellSpec, text: &str) -> Piece {
    match parse_value(spec, text) {
        Ok(value) if matches!(value, ParsedValue::NotReported | ParsedValue::Unclear | ParsedValue::Measured { .. }) => {
            (format!("= {value}"), Role::Success)
        }
        Ok(value) => (format!("= {value}{}", spec.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default()), Role::Success),
        Err(ValueError::Empty) => ("= the cell stays empty".to_owned(), Role::Muted),
        Err(error) => (format!("! {error}"), Role::Error),
    }
}

/// Says where the value was found.
fn source(cell: &CellView, study: &StudyLine) -> StyledLine {
    let report = cell.report.as_ref().map(|id| report_name(study, id));
    let quote = cell.quote.as_ref().map(|quote| format!("“{quote}”"));
    let parts: Vec<String> = [report, cell.page.clone(), quote].into_iter().flatten().collect();
    if parts.is_empty() {
        return vec![("Source: ".to_owned(), Role::Muted), ("none noted yet".to_owned(), Role::Pending)];
    }
    vec![("Source: ".to_owned(), Role::Muted), (parts.join(", "), Role::Text)]
}

/// Names a report of a study by its title and year.
pub(super) fn report_name(study: &StudyLine, id: &str) -> String {
    let found = study.reports.iter().find(|report| report.record.as_str() == id);
    found.map_or_else(
        || format!("report {id}"),
        |report| {
            let year = report.year.map(|year| format!(" ({year})")).unwrap_or_default();
            format!("{}{year}", cut(&report.title, 44))
        },
    )
}

/// Returns the kind of a cell in words.
pub(super) fn kind_words(kind: &str) -> &str {
    match kind {
        "text" => "text",
        "integer" => "a whole number",
        "decimal" => "a number",
        "choice" => "one of",
        "multi" => "any of, divided by semicolons",
        "bool" => "yes or no",
        "date" => "a year, month or day",
        "quote" => "words of the report, with their page",
        other => other,
    }
}
