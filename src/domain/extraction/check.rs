//! Remarks on a draft: answers that do not fit, numbers that cannot be, numbers that are unlikely.

use std::collections::BTreeSet;

use super::{DraftIndex, DraftValue};
use crate::domain::diagnostic::Severity;
use crate::domain::form::{ArmRole, CellPlace, CellSpec, FieldType, Form, Outcome, OutcomeKind, OutcomePart, outcome_path};
use crate::domain::value::{ParsedValue, parse_number, quoted};

/// The arm field that holds the number of people randomised, which no number analysed may exceed.
const RANDOMISED: &str = "n_randomised";

/// The standardised difference beyond which a standard error is likelier than a standard deviation.
const LARGE_DIFFERENCE: f64 = 3.0;

/// The share of a scale's range below which a standard deviation of a group is unusually small.
const SMALL_SHARE: f64 = 0.05;

/// The size of a group from which a small standard deviation is remarked on.
const ENOUGH_PEOPLE: f64 = 10.0;

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
    /// Counts: events and people in all, analysed and randomised.
    Counts,
    /// A standard deviation is not positive.
    StandardDeviation,
    /// A mean outside its scale, or a standard deviation that the scale has no room for.
    Scale,
    /// A standard deviation that may be a standard error.
    StandardError,
    /// Some numbers of an arm are there and some are not.
    Incomplete,
    /// A quotation without its page.
    Page,
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
/// Errors: answers of the wrong type, required cells without an answer, events above the people in all, people analysed above
/// people randomised, standard deviations that are not positive, means outside their scale. Warnings: standard deviations that
/// look like standard errors, arms with some of their numbers only, quotations without a page.
pub fn check_draft(form: &Form, draft: &[DraftValue]) -> Vec<CellProblem> {
    let cells = form.cells();
    let values = DraftIndex::new(draft);
    let mut check = Check { values: &values, problems: Vec::new() };
    let arms: BTreeSet<&str> = cells.iter().filter(|cell| values.get(&cell.path).is_some()).filter_map(|cell| cell.place.arm()).collect();
    for cell in &cells {
        check.cell(cell, &arms);
    }
    for outcome in &form.outcomes {
        for timepoint in &outcome.timepoints {
            check.outcome(form, outcome, &timepoint.id);
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

    fn number(&self, path: &str) -> Option<f64> {
        self.values.get(path).and_then(DraftValue::number)
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
        match &value.parsed {
            Err(error) => self.add(&cell.path, Severity::Error, Rule::Type, error.to_string()),
            Ok(parsed) => {
                if let Some(number) = parsed.number() {
                    self.range(cell, number);
                }
                let has_page = value.page.as_deref().is_some_and(|page| !page.trim().is_empty());
                if cell.kind == FieldType::Quote && matches!(parsed, ParsedValue::Text(_)) && !has_page {
                    self.add(&cell.path, Severity::Warning, Rule::Page, "a quotation is kept with its page");
                }
            }
        }
    }

    /// V1 to V3 as far as one number tells: the range of the field, of the scale, of a count.
    fn range(&mut self, cell: &CellSpec, number: f64) {
        let below = cell.min.filter(|&min| number < min);
        let above = cell.max.filter(|&max| number > max);
        let Some(bound) = below.or(above) else { return };
        let side = if below.is_some() { "below" } else { "above" };
        let (rule, message) = match &cell.place {
            CellPlace::Outcome { part: OutcomePart::Mean, .. } => {
                (Rule::Scale, format!("the mean {number} lies {side} {bound}, the end of the scale"))
            }
            CellPlace::Outcome { part: OutcomePart::Sd, .. } => {
                (Rule::StandardDeviation, format!("a standard deviation is not negative, found {number}"))
            }
            CellPlace::Outcome { .. } => (Rule::Counts, format!("a count is not negative, found {number}")),
            _ => (Rule::Range, format!("{number} lies {side} {bound}, which the form gives as its limit")),
        };
        self.add(&cell.path, Severity::Error, rule, message);
    }

    fn outcome(&mut self, form: &Form, outcome: &Outcome, timepoint: &str) {
        for arm in &form.arms {
            let path = |part| outcome_path(&outcome.id, timepoint, &arm.id, part);
            let parts = OutcomePart::of(outcome.kind);
            let missing: Vec<OutcomePart> = parts.iter().copied().filter(|&part| self.values.get(&path(part)).is_none()).collect();
            if !missing.is_empty() && missing.len() < parts.len() {
                for part in missing {
                    self.add(
                        &path(part),
                        Severity::Warning,
                        Rule::Incomplete,
                        "the arm has other numbers of this outcome, but not this one",
                    );
                }
            }
            self.counts(&path(OutcomePart::N), &path(OutcomePart::Events), &format!("arm.{}.{RANDOMISED}", arm.id));
            if outcome.kind == OutcomeKind::Continuous {
                self.spread(outcome, &path(OutcomePart::N), &path(OutcomePart::Mean), &path(OutcomePart::Sd));
            }
        }
        if outcome.kind == OutcomeKind::Continuous {
            for experimental in form.arms.iter().filter(|arm| arm.role == ArmRole::Experimental) {
                for control in form.arms.iter().filter(|arm| arm.role == ArmRole::Control) {
                    self.difference(outcome, timepoint, &experimental.id, &control.id);
                }
            }
        }
    }

    /// V1: events among the people in all, people analysed among those randomised.
    fn counts(&mut self, n_path: &str, events_path: &str, randomised_path: &str) {
        let Some(n) = self.number(n_path) else { return };
        if n == 0.0 {
            self.add(n_path, Severity::Warning, Rule::Counts, "nobody was analysed; leave the outcome empty if the arm has no data");
        }
        if let Some(events) = self.number(events_path)
            && events > n
        {
            self.add(events_path, Severity::Error, Rule::Counts, format!("{events} people with the event among {n}"));
        }
        if let Some(randomised) = self.number(randomised_path)
            && n > randomised
        {
            self.add(n_path, Severity::Error, Rule::Counts, format!("{n} analysed, but {randomised} randomised"));
        }
    }

    /// V2, V3 and the small-share part of V7, for one arm.
    fn spread(&mut self, outcome: &Outcome, n_path: &str, mean_path: &str, sd_path: &str) {
        let Some(sd) = self.number(sd_path).filter(|&sd| sd >= 0.0) else { return };
        let (n, mean) = (self.number(n_path), self.number(mean_path));
        if sd == 0.0 {
            let at_an_end = outcome.scale.is_some_and(|scale| mean.is_some_and(|mean| scale.contains(&mean)));
            if n != Some(1.0) && !at_an_end {
                self.add(
                    sd_path,
                    Severity::Error,
                    Rule::StandardDeviation,
                    "a standard deviation of 0 would mean that everybody scored the same",
                );
            }
            return;
        }
        let (Some([low, high]), Some(n)) = (outcome.scale, n) else { return };
        if let Some(mean) = mean.filter(|mean| (low..=high).contains(mean) && n > 1.0) {
            // The largest variance of n values in [low, high] with this mean: Bhatia and Davis 2000, with n - 1 below. What was
            // typed is rounded, so the mean and the standard deviation may each be half a last digit off.
            let slack = self.half_a_digit(mean_path);
            let room = |mean: f64| ((mean - low) * (high - mean)).max(0.0);
            let best = if (mean - f64::midpoint(low, high)).abs() <= slack {
                room(f64::midpoint(low, high))
            } else {
                room(mean - slack).max(room(mean + slack))
            };
            let largest = (best * n / (n - 1.0)).sqrt();
            if sd - self.half_a_digit(sd_path) > largest {
                let message = format!(
                    "the standard deviation {sd} is more than {n} values between {low} and {high} with mean {mean} can have ({largest:.2})"
                );
                self.add(sd_path, Severity::Error, Rule::Scale, message);
            }
        }
        if sd < SMALL_SHARE * (high - low) && n >= ENOUGH_PEOPLE {
            let message = format!(
                "the standard deviation {sd} is small for a scale of {low} to {high}; if it is a standard error, the standard deviation is {:.6}",
                sd * n.sqrt()
            );
            self.add(sd_path, Severity::Warning, Rule::StandardError, message);
        }
    }

    /// V7: a difference of more than three standard deviations.
    fn difference(&mut self, outcome: &Outcome, timepoint: &str, experimental: &str, control: &str) {
        let path = |arm: &str, part| outcome_path(&outcome.id, timepoint, arm, part);
        let read = |arm: &str| {
            Some((
                self.number(&path(arm, OutcomePart::N))?,
                self.number(&path(arm, OutcomePart::Mean))?,
                self.number(&path(arm, OutcomePart::Sd))?,
            ))
        };
        let (Some((n1, mean1, sd1)), Some((n2, mean2, sd2))) = (read(experimental), read(control)) else { return };
        if n1 < 2.0 || n2 < 2.0 || sd1 <= 0.0 || sd2 <= 0.0 {
            return;
        }
        let pooled = (((n1 - 1.0) * sd1 * sd1 + (n2 - 1.0) * sd2 * sd2) / (n1 + n2 - 2.0)).sqrt();
        let difference = (mean1 - mean2) / pooled;
        if difference.abs() > LARGE_DIFFERENCE {
            for (arm, n, sd) in [(experimental, n1, sd1), (control, n2, sd2)] {
                let message = format!(
                    "the arms lie {:.1} standard deviations apart; if {sd} is a standard error, the standard deviation is {:.6}",
                    difference.abs(),
                    sd * n.sqrt()
                );
                self.add(&path(arm, OutcomePart::Sd), Severity::Warning, Rule::StandardError, message);
            }
        }
    }

    /// Half a unit in the last digit that was typed, 0 where that is not known.
    fn half_a_digit(&self, path: &str) -> f64 {
        let decimals = self.values.get(path).and_then(|value| parse_number(&value.raw, None).ok()).and_then(|number| number.decimals);
        decimals.and_then(|decimals| i32::try_from(decimals).ok()).map_or(0.0, |decimals| 0.5 * 10.0_f64.powi(-decimals))
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

    fn pain<'a>(drug: [&'a str; 3], placebo: [&'a str; 3]) -> Vec<(&'static str, &'a str)> {
        vec![
            ("outcome.pain.immediate.drug.n", drug[0]),
            ("outcome.pain.immediate.drug.mean", drug[1]),
            ("outcome.pain.immediate.drug.sd", drug[2]),
            ("outcome.pain.immediate.placebo.n", placebo[0]),
            ("outcome.pain.immediate.placebo.mean", placebo[1]),
            ("outcome.pain.immediate.placebo.sd", placebo[2]),
        ]
    }

    #[test]
    fn a_sound_draft_has_no_remarks() {
        assert_eq!(rules(&pain(["30", "26.8", "27.93385"], ["30", "54.5", "26.290683"])), []);
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
    fn events_never_exceed_people_and_people_analysed_never_those_randomised() {
        let found = rules(&[
            ("arm.drug.n_randomised", "10"),
            ("outcome.harm.any.drug.events", "13"),
            ("outcome.harm.any.drug.n", "12"),
            ("outcome.harm.any.placebo.events", "-1"),
            ("outcome.harm.any.placebo.n", "12"),
        ]);
        assert_eq!(
            found,
            [
                ("outcome.harm.any.drug.events".to_owned(), Rule::Counts),
                ("outcome.harm.any.drug.n".to_owned(), Rule::Counts),
                ("outcome.harm.any.placebo.events".to_owned(), Rule::Counts),
            ]
        );
    }

    #[test]
    fn a_standard_deviation_of_zero_is_an_error_unless_everybody_sits_at_the_end_of_the_scale() {
        assert_eq!(rules(&pain(["30", "26.8", "0"], ["30", "54.5", "26"]))[0].1, Rule::StandardDeviation);
        assert_eq!(rules(&pain(["30", "0", "0"], ["30", "54.5", "26"])), []);
        assert_eq!(rules(&pain(["30", "26.8", "-5"], ["30", "54.5", "26"]))[0].1, Rule::StandardDeviation);
    }

    #[test]
    fn a_mean_lies_within_its_scale_and_leaves_room_for_the_spread() {
        assert_eq!(
            rules(&pain(["30", "268", "27"], ["30", "54.5", "26"]))[0],
            ("outcome.pain.immediate.drug.mean".to_owned(), Rule::Scale)
        );
        // Specification example: mean 2.68 on 0 to 10 with 30 people has at most SD 4.50; tenfold here.
        assert_eq!(
            rules(&pain(["30", "26.8", "45.2"], ["30", "54.5", "26"])),
            [("outcome.pain.immediate.drug.sd".to_owned(), Rule::Scale)]
        );
        assert_eq!(rules(&pain(["30", "26.8", "45.0"], ["30", "54.5", "26"])), []);
    }

    #[test]
    fn standard_errors_typed_as_standard_deviations_are_noticed() {
        // Sigtermans 2009: 26.8 and 54.5 with 5.1 and 4.8, which are standard errors.
        let form = sample::form();
        let typed = pain(["30", "26.8", "5.1"], ["30", "54.5", "4.8"]);
        let found = problems(&[&[("design", "RCT parallel")], typed.as_slice()].concat());
        assert!(found.iter().all(|(_, severity, rule, _)| (*severity, *rule) == (Severity::Warning, Rule::StandardError)), "{found:?}");
        assert_eq!(found.len(), 3, "both arms for their distance, placebo also for its scale: {found:?}");
        assert!(found[0].3.contains("5.6 standard deviations apart") && found[0].3.contains("27.93385"), "{}", found[0].3);
        assert!(form.is_usable());
    }

    #[test]
    fn half_filled_arms_and_foreign_cells_are_named() {
        assert_eq!(rules(&[("outcome.harm.any.drug.events", "3")]), [("outcome.harm.any.drug.n".to_owned(), Rule::Incomplete)]);
        let form = sample::form();
        let mut value = DraftValue::new(&form.cell("design").expect("a cell"), "RCT parallel");
        value.path = "design\u{1b}".into();
        let found = check_draft(&form, &[value]);
        assert_eq!(found.last().map(|problem| problem.rule), Some(Rule::UnknownCell));
        assert!(found.iter().all(|problem| crate::domain::value::is_plain(&problem.message)));
    }

    #[test]
    fn an_answer_of_the_wrong_type_is_an_error() {
        assert_eq!(rules(&[("funding", "magic")]), [("funding".to_owned(), Rule::Type)]);
        assert_eq!(rules(&[("arm.drug.dose", "-1")]), [("arm.drug.dose".to_owned(), Rule::Range)]);
    }
}
