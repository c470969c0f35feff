//! What is wrong with a form before anybody extracts with it.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{AppraisalPlan, Field, FieldType, Form, Outcome, OutcomeKind, Scope, ShowIf};
use crate::domain::analysis::{AnalysisSpec, Model, PoolingMethod};
use crate::domain::diagnostic::Severity;
use crate::domain::value::{Answer, fold_space, is_same_unit, quoted};

/// One remark about one place of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormProblem {
    /// The place in the file's own words, lists counted from 0: `outcome[0].timepoints[1].id`, `field[3].min`.
    pub place: String,
    /// An error must be mended before the form can be used; a warning is worth a look.
    pub severity: Severity,
    /// What was found and what is expected; free of control characters.
    pub message: String,
}

/// Words that are answers to every cell and therefore cannot be options.
const RESERVED_FIELD_IDS: [&str; 5] = ["arm", "outcome", "contrast", "measure", "unit"];

impl Form {
    /// Returns every problem of the form, in the order of the file; empty when nothing is to be said.
    ///
    /// Errors: ids outside `[a-z0-9_-]+` (analyses also `.`), ids used twice, references to what is not there, ranges upside
    /// down, choices without options, measures that do not fit their outcome, text with control characters.
    pub fn check(&self) -> Vec<FormProblem> {
        let mut notes = Notes::default();
        notes.id("form", &self.form);
        notes.text("title", &self.title);
        if self.version == 0 {
            notes.error("version", "versions are counted from 1");
        }
        if !(1..=2).contains(&self.extractors) {
            notes.error("extractors", format!("found {}; 1 or 2 people extract each study", self.extractors));
        }
        notes.unique("arm", "arm", self.arms.iter().map(|arm| arm.id.as_str()));
        for (i, arm) in self.arms.iter().enumerate() {
            notes.id(&format!("arm[{i}].id"), &arm.id);
            notes.text(&format!("arm[{i}].label"), &arm.label);
        }
        notes.unique("field", "field", self.fields.iter().map(|field| field.id.as_str()));
        for (i, field) in self.fields.iter().enumerate() {
            self.check_field(field, &format!("field[{i}]"), &mut notes);
        }
        notes.unique("outcome", "outcome", self.outcomes.iter().map(|outcome| outcome.id.as_str()));
        for (i, outcome) in self.outcomes.iter().enumerate() {
            self.check_outcome(outcome, &format!("outcome[{i}]"), &mut notes);
        }
        notes.unique("analysis", "analysis", self.analyses.iter().map(|analysis| analysis.id.as_str()));
        for (i, analysis) in self.analyses.iter().enumerate() {
            self.check_analysis(analysis, &format!("analysis[{i}]"), &mut notes);
        }
        for (i, validation) in self.validations.iter().enumerate() {
            if let Some(outcome) = validation.outcome.as_ref().filter(|outcome| self.outcome(outcome).is_none()) {
                notes.unknown(&format!("validate[{i}].outcome"), "outcome", outcome, self.outcomes.iter().map(|o| o.id.as_str()));
            }
            if let Some(why) = &validation.why {
                notes.text(&format!("validate[{i}].why"), why);
            }
        }
        for (i, plan) in self.appraisals.iter().enumerate() {
            self.check_appraisal(plan, &format!("appraisal[{i}]"), &mut notes);
        }
        notes.0
    }

    /// Returns whether the form can be used: [`Form::check`] finds no error.
    pub fn is_usable(&self) -> bool {
        !self.check().iter().any(|problem| problem.severity == Severity::Error)
    }

    fn check_field(&self, field: &Field, place: &str, notes: &mut Notes) {
        notes.id(&format!("{place}.id"), &field.id);
        if RESERVED_FIELD_IDS.contains(&field.id.as_str()) {
            notes.error(format!("{place}.id"), format!("{} begins cell paths of its own; choose another id", quoted(&field.id)));
        }
        notes.text(&format!("{place}.section"), &field.section);
        for (key, text) in [("label", &field.label), ("unit", &field.unit), ("guidance", &field.guidance)] {
            if let Some(text) = text {
                notes.text(&format!("{place}.{key}"), text);
            }
        }
        let mut seen = HashSet::new();
        for (i, option) in field.options.iter().enumerate() {
            let at = format!("{place}.options[{i}]");
            notes.text(&at, option);
            if !seen.insert(fold_space(option).to_lowercase()) {
                notes.error(at, format!("the option {} stands here twice", quoted(option)));
            } else if option.contains(';') {
                notes.error(at, "an option has no semicolon: it separates answers");
            } else if !matches!(Answer::read(option), Some(Answer::Value(_)) | None) {
                notes.error(at, format!("{} is an answer to every field already; leave it out", quoted(option)));
            }
        }
        match (field.kind.has_options(), field.options.is_empty()) {
            (true, true) => notes.error(format!("{place}.options"), format!("type {} needs options", field.kind)),
            (false, false) => {
                notes.warning(format!("{place}.options"), format!("options are for choice and multi, not for {}", field.kind))
            }
            _ => {}
        }
        if !field.kind.is_number() && (field.min.is_some() || field.max.is_some() || field.unit.is_some()) {
            notes.warning(place, format!("min, max and unit are for integer and decimal, not for {}", field.kind));
        }
        if field.kind != FieldType::Decimal && !field.units.is_empty() {
            notes.warning(format!("{place}.units"), format!("several units are for decimal, not for {}", field.kind));
        }
        for (i, unit) in field.units.iter().enumerate() {
            let at = format!("{place}.units[{i}]");
            notes.text(&at, unit);
            if unit.starts_with(|c: char| c.is_ascii_digit()) {
                notes.error(at, format!("{} begins with a digit, which would be read as part of the number", quoted(unit)));
            } else if field.units[..i].iter().any(|known| is_same_unit(known, unit)) {
                notes.error(at, format!("the unit {} stands here twice", quoted(unit)));
            }
        }
        if let Some(unit) = field.unit.as_ref().filter(|unit| !field.units.is_empty() && !field.units.contains(unit)) {
            notes.error(format!("{place}.unit"), format!("{} is not among the units: {}", quoted(unit), field.units.join(", ")));
        }
        if field.precision.is_some() && field.kind != FieldType::Date {
            notes.warning(format!("{place}.precision"), format!("precision is for date, not for {}", field.kind));
        }
        notes.range(place, field.min, field.max);
        if let Some(when) = &field.show_if {
            self.check_condition(field, when, &format!("{place}.show_if"), notes);
        }
        if field.scope == Scope::Arm && self.arms.is_empty() {
            notes.error(format!("{place}.scope"), "the form has no arms; add [[arm]] or leave the scope out");
        }
    }

    /// A condition names another field that comes with the same or a wider scope, and answers that it can have.
    fn check_condition(&self, field: &Field, when: &ShowIf, place: &str, notes: &mut Notes) {
        let Some(other) = self.field(&when.field).filter(|other| other.id != field.id) else {
            let known = self.fields.iter().filter(|other| other.id != field.id).map(|other| other.id.as_str());
            return notes.unknown(&format!("{place}.field"), "field", &when.field, known);
        };
        if other.scope == Scope::Arm && field.scope == Scope::Study {
            notes.error(
                format!("{place}.field"),
                format!("{} belongs to arms; a field of the study cannot depend on it", quoted(&other.id)),
            );
        }
        if when.is.is_empty() {
            notes.error(format!("{place}.is"), "at least one answer is needed, as in is = [\"yes\"]");
        }
        let answers: Vec<&str> = match other.kind {
            FieldType::Choice => other.options.iter().map(String::as_str).collect(),
            FieldType::Bool => vec!["yes", "no"],
            _ => {
                return notes.error(
                    format!("{place}.field"),
                    format!("{} is of type {}; conditions look at choice or bool", quoted(&other.id), other.kind),
                );
            }
        };
        for (i, answer) in when.is.iter().enumerate() {
            if !answers.contains(&answer.as_str()) && !["not reported", "unclear"].contains(&answer.as_str()) {
                notes.unknown(&format!("{place}.is[{i}]"), "answer", answer, answers.iter().copied());
            }
        }
    }

    fn check_outcome(&self, outcome: &Outcome, place: &str, notes: &mut Notes) {
        notes.id(&format!("{place}.id"), &outcome.id);
        notes.text(&format!("{place}.label"), &outcome.label);
        for (key, text) in [("event", &outcome.event), ("unit", &outcome.unit)] {
            if let Some(text) = text {
                notes.text(&format!("{place}.{key}"), text);
            }
        }
        if self.arms.is_empty() {
            notes.error(place, "the form has no arms; an outcome needs at least one [[arm]]");
        }
        if let Some([low, high]) = outcome.scale {
            if !low.is_finite() || !high.is_finite() || low >= high {
                notes.error(format!("{place}.scale"), format!("found [{low}, {high}]; the lowest value comes first, as in [0, 100]"));
            }
            if outcome.kind == OutcomeKind::Dichotomous {
                notes.warning(format!("{place}.scale"), "a dichotomous outcome has no scale");
            }
        }
        for (i, format) in outcome.accept.iter().enumerate() {
            if format.kind().is_some_and(|kind| kind != outcome.kind) {
                notes.error(format!("{place}.accept[{i}]"), format!("{format} is not for a {} outcome", outcome.kind));
            }
        }
        if outcome.harmonise && (outcome.scale.is_none() || outcome.direction.is_none()) {
            notes.error(format!("{place}.harmonise"), "the outcome needs a scale and a direction to move each study's numbers to");
        }
        if outcome.harmonise && outcome.kind == OutcomeKind::Dichotomous {
            notes.error(format!("{place}.harmonise"), "a dichotomous outcome has no scale to move to");
        }
        for (key, number) in [("mid", outcome.mid), ("granularity", outcome.granularity)] {
            if number.is_some_and(|number| !(number.is_finite() && number > 0.0)) {
                notes.error(format!("{place}.{key}"), "a number above 0 is expected");
            }
        }
        if outcome.kind == OutcomeKind::Continuous && outcome.event.is_some() {
            notes.warning(format!("{place}.event"), "a continuous outcome counts no events");
        }
        if outcome.timepoints.is_empty() {
            notes.error(
                format!("{place}.timepoints"),
                "at least one timepoint is needed, as in [{ id = \"short\", label = \"Short term\" }]",
            );
        }
        notes.unique(&format!("{place}.timepoints"), "timepoint", outcome.timepoints.iter().map(|timepoint| timepoint.id.as_str()));
        for (i, timepoint) in outcome.timepoints.iter().enumerate() {
            notes.id(&format!("{place}.timepoints[{i}].id"), &timepoint.id);
            if let Some(label) = &timepoint.label {
                notes.text(&format!("{place}.timepoints[{i}].label"), label);
            }
        }
    }

    /// The instrument itself is looked up by whoever knows the instruments.
    fn check_appraisal(&self, plan: &AppraisalPlan, place: &str, notes: &mut Notes) {
        notes.id(&format!("{place}.instrument"), &plan.instrument);
        for (i, result) in plan.results.iter().enumerate() {
            let known = |result: &str| {
                let (outcome, timepoint) = result.split_once('.')?;
                self.outcome(outcome)?.timepoint(timepoint).map(|_| ())
            };
            if known(result).is_none() {
                let all: Vec<String> = self
                    .outcomes
                    .iter()
                    .flat_map(|outcome| outcome.timepoints.iter().map(move |timepoint| format!("{}.{}", outcome.id, timepoint.id)))
                    .collect();
                notes.unknown(&format!("{place}.results[{i}]"), "result", result, all.iter().map(String::as_str));
            }
        }
    }

    fn check_analysis(&self, analysis: &AnalysisSpec, place: &str, notes: &mut Notes) {
        notes.dotted_id(&format!("{place}.id"), &analysis.id);
        notes.text(&format!("{place}.title"), &analysis.title);
        for (key, text) in [("favours_left", &analysis.favours_left), ("favours_right", &analysis.favours_right)] {
            if let Some(text) = text {
                notes.text(&format!("{place}.{key}"), text);
            }
        }
        let outcome = self.outcome(&analysis.outcome);
        if outcome.is_none() {
            notes.unknown(&format!("{place}.outcome"), "outcome", &analysis.outcome, self.outcomes.iter().map(|o| o.id.as_str()));
        }
        if let Some(outcome) = outcome {
            if outcome.timepoint(&analysis.timepoint).is_none() {
                let known = outcome.timepoints.iter().map(|timepoint| timepoint.id.as_str());
                notes.unknown(&format!("{place}.timepoint"), "timepoint", &analysis.timepoint, known);
            }
            if analysis.measure.outcome_kind() != outcome.kind {
                let message = format!(
                    "{} needs a {} outcome; {} is {}",
                    analysis.measure,
                    analysis.measure.outcome_kind(),
                    quoted(&outcome.id),
                    outcome.kind
                );
                notes.error(format!("{place}.measure"), message);
            }
        }
        for (key, side) in [("experimental", &analysis.experimental), ("control", &analysis.control)] {
            let arms = side.arms();
            for arm in arms.iter().filter(|arm| self.arm(arm).is_none()) {
                notes.unknown(&format!("{place}.{key}"), "arm", arm, self.arms.iter().map(|arm| arm.id.as_str()));
            }
            if arms.iter().enumerate().any(|(at, arm)| arms[..at].contains(arm)) {
                notes.error(format!("{place}.{key}"), "an arm is named twice");
            }
        }
        if analysis.experimental.arms().iter().any(|arm| analysis.control.arms().contains(arm)) {
            notes.error(format!("{place}.control"), "an arm cannot be compared with itself");
        }
        match analysis.method {
            PoolingMethod::InverseVariance => {}
            PoolingMethod::MantelHaenszel if analysis.measure.outcome_kind() == OutcomeKind::Dichotomous => {}
            PoolingMethod::Peto if analysis.measure.short() == "OR" && analysis.model == Model::Common => {}
            PoolingMethod::MantelHaenszel => notes.error(format!("{place}.method"), "mh pools dichotomous outcomes: RR, OR or RD"),
            PoolingMethod::Peto => notes.error(format!("{place}.method"), "peto pools odds ratios (OR) with model \"common\""),
        }
        if !(analysis.level > 0.0 && analysis.level < 100.0) {
            notes.error(
                format!("{place}.level"),
                format!("found {}; a confidence level in percent lies between 0 and 100, as in 95", analysis.level),
            );
        }
        self.check_characteristics(place, analysis, notes);
    }
}

impl Form {
    /// Looks at subgroups and moderators.
    fn check_characteristics(&self, place: &str, analysis: &AnalysisSpec, notes: &mut Notes) {
        let known = || self.fields.iter().map(|field| field.id.as_str());
        let is_number = |field: &Field| matches!(field.kind, FieldType::Integer | FieldType::Decimal);
        if let Some(subgroup) = &analysis.subgroup {
            let at = format!("{place}.subgroup");
            match self.field(subgroup) {
                None => notes.unknown(&at, "field", subgroup, known()),
                Some(field) if is_number(field) && analysis.cuts.is_empty() => {
                    notes.warning(
                        at,
                        format!("{} is a number: without cuts every number is a subgroup, as in cuts = [1]", quoted(subgroup)),
                    );
                }
                Some(field) if !is_number(field) && !matches!(field.kind, FieldType::Choice | FieldType::Bool) => {
                    notes.warning(at, format!("{} is of type {}; subgroups are clearer with type choice", quoted(subgroup), field.kind));
                }
                Some(_) => {}
            }
        }
        let is_cut = |field: &String| self.field(field).is_none_or(is_number);
        if !analysis.cuts.is_empty() {
            let at = format!("{place}.cuts");
            if !analysis.subgroup.as_ref().is_some_and(is_cut) {
                notes.error(&at, "cuts divide numbers: the subgroup has to be a field of type integer or decimal");
            }
            if analysis.cuts.windows(2).any(|pair| pair[0] >= pair[1]) || analysis.cuts.iter().any(|cut| !cut.is_finite()) {
                notes.error(at, "cuts ascend, as in [0.5, 1]");
            }
        }
        for (at, moderator) in analysis.moderators.iter().enumerate() {
            let place = format!("{place}.moderators[{at}]");
            match self.field(moderator) {
                None => notes.unknown(&place, "field", moderator, known()),
                Some(field) if !is_number(field) && !matches!(field.kind, FieldType::Choice | FieldType::Bool) => {
                    notes.error(
                        place,
                        format!("{} is of type {}; a moderator is a number, a choice or yes/no", quoted(moderator), field.kind),
                    );
                }
                Some(_) if analysis.moderators[..at].contains(moderator) => notes.error(place, "this moderator is named twice"),
                Some(_) => {}
            }
        }
    }
}

/// The problems found so far.
#[derive(Default)]
struct Notes(Vec<FormProblem>);

impl Notes {
    fn add(&mut self, place: impl Into<String>, severity: Severity, message: impl Into<String>) {
        self.0.push(FormProblem { place: place.into(), severity, message: message.into() });
    }

    fn error(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.add(place, Severity::Error, message);
    }

    fn warning(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.add(place, Severity::Warning, message);
    }

    fn id(&mut self, place: &str, id: &str) {
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-') {
            self.error(place, format!("found {}; ids are made of a-z, 0-9, _ and -", quoted(id)));
        }
    }

    fn dotted_id(&mut self, place: &str, id: &str) {
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'.')) {
            self.error(place, format!("found {}; ids of analyses are made of a-z, 0-9, _, - and ., as in \"1.1\"", quoted(id)));
        }
    }

    /// Text that people will see: not empty, without control characters or overrides of writing direction.
    fn text(&mut self, place: &str, text: &str) {
        if text.trim().is_empty() {
            self.error(place, "some text is expected");
        } else if !crate::domain::value::is_plain(text) {
            self.error(place, format!("{} holds control characters; plain text is expected", quoted(text)));
        }
    }

    fn unique<'a>(&mut self, list: &str, noun: &str, ids: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for (i, id) in ids.enumerate() {
            if !seen.insert(id) {
                self.error(format!("{list}[{i}].id"), format!("the {noun} {} stands here twice; ids are used once", quoted(id)));
            }
        }
    }

    fn unknown<'a>(&mut self, place: &str, noun: &str, id: &str, known: impl Iterator<Item = &'a str>) {
        let known: Vec<String> = known.map(quoted).collect();
        let expected = if known.is_empty() { format!("the form has no {noun} yet") } else { format!("expected {}", known.join(" or ")) };
        self.error(place, format!("there is no {noun} {}; {expected}", quoted(id)));
    }

    fn range(&mut self, place: &str, min: Option<f64>, max: Option<f64>) {
        for (key, bound) in [("min", min), ("max", max)] {
            if bound.is_some_and(|bound| !bound.is_finite()) {
                self.error(format!("{place}.{key}"), "a finite number is expected");
            }
        }
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            self.error(format!("{place}.min"), format!("min {min} is above max {max}"));
        }
    }
}

#[cfg(test)]
mod tests;
