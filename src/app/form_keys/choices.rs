//! What a key may name, from the form itself or from the program.

use strum::IntoEnumIterator;

use crate::domain::form::{Accept, Form, OutcomeKind};
use crate::guard::Rule;

use super::super::appraise::instruments;

/// Where the names come from that a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Fields whose answers can be looked at: of type choice or bool.
    Conditions,
    /// Fields that divide or explain: numbers, choices, yes or no.
    Characteristics,
    /// The outcomes.
    Outcomes,
    /// The time points of all outcomes.
    Timepoints,
    /// The arms.
    Arms,
    /// Outcomes at their time points, as `pain.short`.
    Results,
    /// The instruments for risk of bias that the program has.
    Instruments,
    /// The checks of numbers that the program has.
    Rules,
    /// The formats that reports print numbers in.
    Formats,
}

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the file says.
    pub value: String,
    /// What it means.
    pub label: String,
}

impl Source {
    /// Returns what there is to choose from, in the order of the form or of the program; each value once.
    pub fn choices(self, form: &Form) -> Vec<Choice> {
        let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
        let mut choices: Vec<Choice> = match self {
            Self::Conditions => {
                let looked_at = form.fields.iter().filter(|field| field.kind.has_answers_to_look_at());
                looked_at.map(|field| choice(&field.id, field.name())).collect()
            }
            Self::Characteristics => {
                let dividing = form.fields.iter().filter(|field| field.kind.is_number() || field.kind.has_answers_to_look_at());
                dividing.map(|field| choice(&field.id, field.name())).collect()
            }
            Self::Outcomes => form.outcomes.iter().map(|outcome| choice(&outcome.id, &outcome.label)).collect(),
            Self::Timepoints => form.points().map(|(_, point)| choice(&point.id, point.name())).collect(),
            Self::Arms => form.arms.iter().map(|arm| choice(&arm.id, &arm.label)).collect(),
            Self::Results => {
                let result = |(outcome, point): (&crate::domain::form::Outcome, &crate::domain::form::Timepoint)| {
                    choice(&format!("{}.{}", outcome.id, point.id), &format!("{}, {}", outcome.label, point.name()))
                };
                form.points().map(result).collect()
            }
            Self::Instruments => instruments().iter().map(|tool| choice(&tool.id, &tool.title)).collect(),
            Self::Rules => Rule::iter().map(|rule| choice(rule.name(), &format!("{rule} {}", rule.title()))).collect(),
            Self::Formats => {
                let kind = |format: Accept| match format.kind() {
                    Some(OutcomeKind::Continuous) => "continuous",
                    Some(OutcomeKind::Dichotomous) => "dichotomous",
                    None => "any outcome",
                };
                Accept::iter().map(|format| choice(&format.to_string(), kind(format))).collect()
            }
        };
        let mut seen = std::collections::HashSet::new();
        choices.retain(|choice| seen.insert(choice.value.clone()));
        choices
    }
}
