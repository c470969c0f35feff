//! The list of the form's parts.

use super::Row;
use crate::app::form_edit::Place;
use crate::app::form_keys::Part;
use crate::domain::form::{ArmRole, Form, Scope};
use crate::tui::screen::parts::capital;
use crate::tui::theme::Role;
use crate::tui::widget::text::Piece;

/// Lists the parts: the form, its arms, fields in the order of the file with a heading wherever the section changes, outcomes with their
/// time points, analyses, appraisals, and checks of numbers.
pub(super) fn rows(form: &Form) -> Vec<Row> {
    let mut rows = vec![Row::Part(Place::Form)];
    let mut list = |heading: &str, part: Part, number: usize| {
        if number > 0 {
            rows.push(Row::Heading(heading.to_owned()));
            rows.extend((0..number).map(|at| Row::Part(Place::Entry(part, at))));
        }
    };
    list("Arms", Part::Arm, form.arms.len());
    let mut heading = None;
    for (at, field) in form.fields.iter().enumerate() {
        let of_arm = if field.scope == Scope::Arm { ", of each arm" } else { "" };
        let words = format!("{}{of_arm}", capital(&field.section));
        if heading.as_ref() != Some(&words) {
            rows.push(Row::Heading(words.clone()));
            heading = Some(words);
        }
        rows.push(Row::Part(Place::Entry(Part::Field, at)));
    }
    if !form.outcomes.is_empty() {
        rows.push(Row::Heading("Outcomes".to_owned()));
    }
    for (at, outcome) in form.outcomes.iter().enumerate() {
        rows.push(Row::Part(Place::Entry(Part::Outcome, at)));
        rows.extend((0..outcome.timepoints.len()).map(|point| Row::Part(Place::Timepoint(at, point))));
    }
    let mut list = |heading: &str, part: Part, number: usize| {
        if number > 0 {
            rows.push(Row::Heading(heading.to_owned()));
            rows.extend((0..number).map(|at| Row::Part(Place::Entry(part, at))));
        }
    };
    list("Analyses", Part::Analysis, form.analyses.len());
    list("Risk of bias", Part::Appraisal, form.appraisals.len());
    list("Checks of numbers", Part::Validation, form.validations.len());
    rows
}

/// Returns the line of a part: whether it is needed, its name, type, and what it says.
pub(super) fn line(form: &Form, row: &Row) -> Vec<Piece> {
    let empty = || (String::new(), Role::Text);
    match row {
        Row::Heading(words) => vec![empty(), (words.clone(), Role::Heading), empty(), empty()],
        Row::Part(place) => {
            let Some((name, kind, says)) = words(form, *place) else { return Vec::new() };
            let is_needed = matches!(place, Place::Entry(Part::Field, at) if form.fields.get(*at).is_some_and(|field| field.required));
            let needed = if is_needed { ("*".to_owned(), Role::Accent) } else { empty() };
            let name = if matches!(place, Place::Timepoint(..)) { format!("  {name}") } else { name };
            vec![needed, (name, Role::Text), (kind, Role::Muted), (says, Role::Muted)]
        }
    }
}

/// Returns the name of a part.
pub(super) fn name(form: &Form, place: Place) -> String {
    words(form, place).map(|(name, ..)| name).unwrap_or_default()
}

/// Returns name, type and what it says.
fn words(form: &Form, place: Place) -> Option<(String, String, String)> {
    Some(match place {
        Place::Form => {
            let people = if form.extractors == 1 { "1 extractor" } else { "2 extractors" };
            (form.title.clone(), "form".to_owned(), format!("{}, {people}", form.form))
        }
        Place::Timepoint(outcome, at) => {
            let point = form.outcomes.get(outcome)?.timepoints.get(at)?;
            (point.name().to_owned(), "time point".to_owned(), String::new())
        }
        Place::Entry(Part::Arm, at) => {
            let arm = form.arms.get(at)?;
            let role = if arm.role == ArmRole::Control { "control" } else { "experimental" };
            (arm.label.clone(), "arm".to_owned(), role.to_owned())
        }
        Place::Entry(Part::Field, at) => {
            let field = form.fields.get(at)?;
            let answers = if field.options.is_empty() {
                field.base_unit().cloned().unwrap_or_default()
            } else {
                format!("{}: {}", field.options.len(), field.options.join("; "))
            };
            (field.name().to_owned(), field.kind.to_string(), answers)
        }
        Place::Entry(Part::Outcome, at) => {
            let outcome = form.outcomes.get(at)?;
            let formats: Vec<String> = outcome.formats().iter().map(ToString::to_string).collect();
            (outcome.label.clone(), outcome.kind.to_string(), formats.join(", "))
        }
        Place::Entry(Part::Analysis, at) => {
            let analysis = form.analyses.get(at)?;
            let subgroup = analysis.subgroup.as_ref().map(|field| format!(", by {field}")).unwrap_or_default();
            let sides = format!("{} vs {}{subgroup}", analysis.experimental, analysis.control);
            (format!("{} {}", analysis.id, analysis.title), analysis.measure.to_string(), sides)
        }
        Place::Entry(Part::Appraisal, at) => {
            let plan = form.appraisals.get(at)?;
            let results = if plan.results.is_empty() { "all that is pooled".to_owned() } else { plan.results.join(", ") };
            (plan.instrument.clone(), "appraisal".to_owned(), results)
        }
        Place::Entry(Part::Validation, at) => {
            let check = form.validations.get(at)?;
            let of = check.outcome.clone().unwrap_or_else(|| "all outcomes".to_owned());
            (check.rule.clone(), check.severity.to_string(), of)
        }
        Place::Entry(Part::Form | Part::Condition | Part::Timepoint, _) => return None,
    })
}
