//! Remarks on a draft: answers that do not fit, numbers that cannot be, numbers that are unlikely.

use std::collections::BTreeSet;

use super::{Answers, DraftIndex, DraftValue};
use crate::domain::diagnostic::Severity;
use crate::domain::form::{CellPlace, CellSpec, FieldType, Form, OutcomePart};
use crate::domain::value::{ParsedValue, quoted};

/// Which check a remark comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Rule {
    /// The path is not one of the form's.
    UnknownCell,
    /// The answer does not fit the type of its cell.
    Type,
    /// A required cell has no answer.
    Required,
    /// The number lies outside the range that the form gives.
    Range,
    /// An answer to a cell that is not asked, given the other answers.
    NotAsked,
    /// A quotation without its page.
    Page,
    /// A date that is less exact than the form asks for.
    Precision,
    /// An answer that was given before the form changed.
    Stale,
}

/// One remark on one cell of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// The path of the cell.
    pub path: String,
    /// Errors want mending before the draft is handed in; warnings want a second look.
    pub severity: Severity,
    /// The check that found it.
    pub rule: Rule,
    /// What was found and what is expected; free of control characters.
    pub message: String,
}

/// Returns every remark on a draft, in form order; cells that the form does not have come last.
///
/// Errors: answers of the wrong type, required cells without an answer, numbers outside their range, answers that were given before the
/// form changed and that nobody has looked at since. Warnings: quotations without a
/// page, answers to cells that are not asked, dates less exact than asked for. What numbers say about each other is looked at by `guard`.
pub fn check_draft(form: &Form, draft: &[DraftValue]) -> Vec<CellProblem> {
    let cells = form.cells();
    let values = DraftIndex::new(draft);
    let answers = Answers::of_draft(draft);
    let mut check = Check { values: &values, problems: Vec::new() };
    let arms: BTreeSet<&str> = cells.iter().filter(|cell| values.get(&cell.path).is_some()).filter_map(|cell| cell.place.arm()).collect();
    for cell in &cells {
        let is_asked = cell.is_asked(|path| answers.text(path));
        if is_asked {
            check.cell(cell, &arms);
        } else if values.get(&cell.path).is_some() {
            check.add(&cell.path, Severity::Warning, Rule::NotAsked, "it is not asked, given the other answers, and does not count");
        }
    }
    let order = |path: &str| cells.iter().position(|cell| cell.path == path);
    let mut problems = check.problems;
    problems.sort_by_cached_key(|problem| (order(&problem.path), problem.severity != Severity::Error));
    for value in values.unknown(&cells) {
        let message = format!("the form has no cell {}", quoted(&value.path));
        problems.push(CellProblem { path: value.path.clone(), severity: Severity::Error, rule: Rule::UnknownCell, message });
    }
    problems
}

/// The draft under examination and what was found.
struct Check<'a> {
    values: &'a DraftIndex<'a>,
    problems: Vec<CellProblem>,
}

impl Check<'_> {
    fn add(&mut self, path: &str, severity: Severity, rule: Rule, message: impl Into<String>) {
        self.problems.push(CellProblem { path: path.to_owned(), severity, rule, message: message.into() });
    }

    fn cell(&mut self, cell: &CellSpec, arms: &BTreeSet<&str>) {
        let Some(value) = self.values.get(&cell.path) else {
            let is_due = cell.required && cell.place.arm().is_none_or(|arm| arms.contains(arm));
            if is_due {
                self.add(
                    &cell.path,
                    Severity::Error,
                    Rule::Required,
                    "an answer is required; \"not reported\" and \"unclear\" are answers",
                );
            }
            return;
        };
        if let Some(why) = &value.stale {
            self.add(&cell.path, Severity::Error, Rule::Stale, format!("the form changed since: {why}; confirm the answer or change it"));
        }
        match &value.parsed {
            Err(error) => self.add(&cell.path, Severity::Error, Rule::Type, error.to_string()),
            Ok(parsed) => {
                if let Some(number) = parsed.number() {
                    self.range(cell, number);
                }
                if let (ParsedValue::Date(date), Some(wanted)) = (parsed, cell.precision)
                    && date.precision() < wanted
                {
                    let message = format!("the form asks for the {wanted}; leave it so where the reports say no more");
                    self.add(&cell.path, Severity::Warning, Rule::Precision, message);
                }
                let has_page = value.page.as_deref().is_some_and(|page| !page.trim().is_empty());
                if cell.kind == FieldType::Quote && matches!(parsed, ParsedValue::Text(_)) && !has_page {
                    self.add(&cell.path, Severity::Warning, Rule::Page, "a quotation is kept with its page");
                }
            }
        }
    }

    /// The range of a field, and that of a count.
    fn range(&mut self, cell: &CellSpec, number: f64) {
        let below = cell.min.filter(|&min| number < min);
        let above = cell.max.filter(|&max| number > max);
        let Some(bound) = below.or(above) else { return };
        let side = if below.is_some() { "below" } else { "above" };
        // The ends of a scale are looked at together with the scale's own rules, in `guard`.
        if matches!(cell.place, CellPlace::Outcome { part, .. } if part.is_on_the_scale() || part.is_a_spread()) {
            return;
        }
        let message = match &cell.place {
            CellPlace::Outcome { part: OutcomePart::N | OutcomePart::Events, .. } => format!("a count is not negative, found {number}"),
            _ => format!("{number} lies {side} {bound}, which the form gives as its limit"),
        };
        self.add(&cell.path, Severity::Error, Rule::Range, message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_draft;
    use super::*;
    use crate::domain::form::sample;

    fn problems(typed: &[(&str, &str)]) -> Vec<(String, Severity, Rule, String)> {
        let form = sample::form();
        let (draft, _) = read_draft(&form, typed.iter().copied());
        check_draft(&form, &draft).into_iter().map(|p| (p.path, p.severity, p.rule, p.message)).collect()
    }

    fn rules(typed: &[(&str, &str)]) -> Vec<(String, Rule)> {
        let design = [("design", "RCT parallel")];
        problems(&[&design, typed].concat()).into_iter().map(|(path, _, rule, _)| (path, rule)).collect()
    }

    #[test]
    fn a_sound_draft_has_no_remarks() {
        let typed = [("outcome.pain.immediate.drug.n", "30"), ("outcome.pain.immediate.drug.mean", "26.8")];
        assert_eq!(rules(&typed), []);
    }

    #[test]
    fn required_cells_want_an_answer_and_not_reported_is_one() {
        let found = problems(&[]);
        assert_eq!((found[0].0.as_str(), found[0].1, found[0].2), ("design", Severity::Error, Rule::Required));
        assert_eq!(problems(&[("design", "not reported")]), []);
    }

    #[test]
    fn a_required_field_of_an_arm_is_due_only_where_the_study_has_the_arm() {
        let mut form = sample::form();
        form.fields[3].required = true;
        let (draft, _) =
            read_draft(&form, [("design", "RCT parallel"), ("outcome.harm.any.drug.n", "3"), ("outcome.harm.any.drug.events", "1")]);
        let paths: Vec<String> = check_draft(&form, &draft).into_iter().map(|problem| problem.path).collect();
        assert_eq!(paths, ["arm.drug.dose"]);
    }

    #[test]
    fn what_is_not_asked_is_neither_due_nor_counted() {
        // The correlation is asked for crossover trials only.
        assert_eq!(rules(&[("unit.correlation", "0.5")]), [("unit.correlation".to_owned(), Rule::NotAsked)]);
        assert_eq!(problems(&[("design", "RCT crossover"), ("unit.correlation", "0.5")]), []);
    }

    #[test]
    fn counts_are_not_negative_and_foreign_cells_are_named() {
        assert_eq!(rules(&[("outcome.harm.any.drug.events", "-1")]), [("outcome.harm.any.drug.events".to_owned(), Rule::Range)]);
        let form = sample::form();
        let mut value = DraftValue::new(&form.cell("design").expect("a cell"), "RCT parallel");
        value.path = "design\u{1b}".into();
        let found = check_draft(&form, &[value]);
        assert_eq!(found.last().map(|problem| problem.rule), Some(Rule::UnknownCell));
        assert!(found.iter().all(|problem| crate::domain::value::is_plain(&problem.message)));
    }

    #[test]
    fn a_date_less_exact_than_asked_for_wants_a_second_look() {
        let mut form = sample::form();
        let precision = Some(crate::domain::form::Precision::Month);
        form.fields.push(crate::domain::form::Field { precision, ..sample::field("start", FieldType::Date) });
        let rules = |raw: &str| {
            let (draft, _) = read_draft(&form, [("design", "RCT parallel"), ("start", raw)]);
            check_draft(&form, &draft).into_iter().map(|problem| (problem.severity, problem.rule)).collect::<Vec<_>>()
        };
        assert_eq!(rules("2009"), [(Severity::Warning, Rule::Precision)]);
        assert!(rules("2009-10").is_empty() && rules("2009-10-02").is_empty() && rules("not reported").is_empty());
    }

    #[test]
    fn an_answer_from_before_the_form_changed_is_an_error_until_somebody_looked() {
        let form = sample::form();
        let (mut draft, _) = read_draft(&form, [("design", "RCT parallel")]);
        draft[0].stale = Some("the guidance was changed".to_owned());
        let found = check_draft(&form, &draft);
        assert_eq!((found.len(), found[0].severity, found[0].rule), (1, Severity::Error, Rule::Stale));
        assert!(found[0].message.contains("the guidance was changed"), "{}", found[0].message);
    }

    #[test]
    fn an_answer_of_the_wrong_type_is_an_error() {
        assert_eq!(rules(&[("funding", "magic")]), [("funding".to_owned(), Rule::Type)]);
        assert_eq!(rules(&[("arm.drug.dose", "-1")]), [("arm.drug.dose".to_owned(), Rule::Range)]);
    }
}
