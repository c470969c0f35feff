//! What the heading of a column, or the label of a row, says about its numbers.

use super::super::super::form::{ArmRole, Form, OutcomePart};

/// What a heading says; nothing where it names none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heading {
    /// The id of the outcome.
    pub outcome: Option<String>,
    /// The id of the time point.
    pub timepoint: Option<String>,
    /// The id of the arm.
    pub arm: Option<String>,
    /// The id of a field.
    pub field: Option<String>,
    /// The numbers that stand in each text, in their order.
    pub parts: Vec<OutcomePart>,
    /// The words of a heading that names nothing of the form.
    pub unknown: Option<String>,
}

impl Heading {
    /// Tells whether it says anything.
    pub fn says_nothing(&self) -> bool {
        *self == Self { unknown: self.unknown.clone(), ..Self::default() }
    }

    /// Returns this heading, with what it does not say from another one.
    pub fn with(&self, other: &Self) -> Self {
        let either = |one: &Option<String>, two: &Option<String>| one.clone().or_else(|| two.clone());
        Self {
            outcome: either(&self.outcome, &other.outcome),
            timepoint: either(&self.timepoint, &other.timepoint),
            arm: either(&self.arm, &other.arm),
            field: either(&self.field, &other.field),
            parts: if self.parts.is_empty() { other.parts.clone() } else { self.parts.clone() },
            unknown: either(&self.unknown, &other.unknown),
        }
    }
}

/// Reads headings in the words of a form.
pub struct Reader<'a> {
    form: &'a Form,
}

/// Words that stand for a number, the longer ones first; each is looked for as whole words.
const PARTS: &[(&str, &[OutcomePart])] = &[
    ("events total", &[OutcomePart::Events, OutcomePart::N]),
    ("standard deviation", &[OutcomePart::Sd]),
    ("standard error", &[OutcomePart::Se]),
    ("lower quartile", &[OutcomePart::Q1]),
    ("upper quartile", &[OutcomePart::Q3]),
    ("sample size", &[OutcomePart::N]),
    ("ci low", &[OutcomePart::CiLow]),
    ("ci high", &[OutcomePart::CiHigh]),
    ("lower limit", &[OutcomePart::CiLow]),
    ("upper limit", &[OutcomePart::CiHigh]),
    ("interquartile range", &[OutcomePart::Q1, OutcomePart::Q3]),
    ("percentage", &[OutcomePart::Percent]),
    ("percent", &[OutcomePart::Percent]),
    ("maximum", &[OutcomePart::Max]),
    ("minimum", &[OutcomePart::Min]),
    ("analysed", &[OutcomePart::N]),
    ("analyzed", &[OutcomePart::N]),
    ("events", &[OutcomePart::Events]),
    ("event", &[OutcomePart::Events]),
    ("cases", &[OutcomePart::Events]),
    ("median", &[OutcomePart::Median]),
    ("number", &[OutcomePart::N]),
    ("total", &[OutcomePart::N]),
    ("range", &[OutcomePart::Min, OutcomePart::Max]),
    ("mean", &[OutcomePart::Mean]),
    ("iqr", &[OutcomePart::Q1, OutcomePart::Q3]),
    ("sem", &[OutcomePart::Se]),
    ("min", &[OutcomePart::Min]),
    ("max", &[OutcomePart::Max]),
    ("sd", &[OutcomePart::Sd]),
    ("se", &[OutcomePart::Se]),
    ("ci", &[OutcomePart::CiLow, OutcomePart::CiHigh]),
    ("q1", &[OutcomePart::Q1]),
    ("q3", &[OutcomePart::Q3]),
    ("n", &[OutcomePart::N]),
];

impl<'a> Reader<'a> {
    /// Reads headings in the words of this form.
    pub fn new(form: &'a Form) -> Self {
        Self { form }
    }

    /// Reads one heading.
    pub fn read(&self, text: &str) -> Heading {
        let words = words_of(text);
        if words.trim().is_empty() {
            return Heading::default();
        }
        let field = best(&words, self.form.fields.iter().map(|field| (field.id.as_str(), field.name())));
        let outcome = best(&words, self.form.outcomes.iter().map(|outcome| (outcome.id.as_str(), outcome.label.as_str())));
        let timepoint = best(&words, self.form.points().map(|(_, timepoint)| (timepoint.id.as_str(), timepoint.name())));
        let arm = best(&words, self.form.arms.iter().map(|arm| (arm.id.as_str(), arm.label.as_str())));
        // What names an outcome ("adverse events") names no number beside it.
        let mut rest = words.clone();
        for (name, _) in [&outcome, &timepoint, &arm].into_iter().flatten() {
            rest = rest.replacen(name.as_str(), " ", 1);
        }
        let parts = parts_of(text, &rest);
        // A word may be a field and an outcome; the longer name is meant.
        let field = field.filter(|(name, _)| outcome.as_ref().is_none_or(|(known, _)| name.len() > known.len()));
        let id = |found: Option<(String, String)>| found.map(|(_, id)| id);
        Heading {
            timepoint: id(timepoint),
            arm: id(arm).or_else(|| self.side(&words)),
            outcome: id(outcome).filter(|_| field.is_none()),
            parts: if field.is_some() { Vec::new() } else { parts },
            field: id(field),
            unknown: None,
        }
    }

    /// "Intervention" and "control" are understood where the form has one arm on that side.
    fn side(&self, words: &str) -> Option<String> {
        let only = |role: ArmRole| {
            let mut arms = self.form.arms.iter().filter(|arm| arm.role == role);
            arms.next().filter(|_| arms.next().is_none()).map(|arm| arm.id.clone())
        };
        let says = |names: &[&str]| names.iter().any(|name| words.contains(&format!(" {name} ")));
        if says(&["intervention", "experimental", "treatment", "active"]) {
            only(ArmRole::Experimental)
        } else if says(&["control", "controls", "comparator", "comparison", "placebo"]) {
            only(ArmRole::Control)
        } else {
            None
        }
    }
}

/// Writes a text as small words with a space before, between and after them.
fn words_of(text: &str) -> String {
    let plain: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Returns the longest of the names that stands in the words as a whole, as words, with the id that it belongs to.
fn best<'b>(words: &str, names: impl Iterator<Item = (&'b str, &'b str)>) -> Option<(String, String)> {
    let found = names.flat_map(|(id, label)| [id, label].map(|name| (words_of(name), id.to_owned())));
    found.filter(|(name, _)| !name.trim().is_empty() && words.contains(name.as_str())).max_by_key(|(name, _)| name.len())
}

/// Returns the numbers that a heading names, in the order in which it names them.
fn parts_of(text: &str, words: &str) -> Vec<OutcomePart> {
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if tight.ends_with("n/N") || words.ends_with(" events total ") {
        return vec![OutcomePart::Events, OutcomePart::N];
    }
    if tight.to_lowercase().ends_with("n(%)") {
        return vec![OutcomePart::Events, OutcomePart::Percent];
    }
    let mut rest = words.to_owned();
    let mut found: Vec<(usize, &[OutcomePart])> = Vec::new();
    for (name, parts) in PARTS {
        let padded = format!(" {name} ");
        if let Some(at) = rest.find(&padded) {
            found.push((at, parts));
            // The place is kept, so that what follows is still found in its order.
            rest.replace_range(at + 1..at + 1 + name.len(), &"_".repeat(name.len()));
        }
    }
    if found.is_empty() && text.contains('%') {
        return vec![OutcomePart::Percent];
    }
    found.sort_by_key(|(at, _)| *at);
    let mut parts: Vec<OutcomePart> = found.into_iter().flat_map(|(_, parts)| parts.iter().copied()).collect();
    // "Ketamine (n = 30): mean (SD)" names its n in the heading, not in the texts.
    if parts.len() > 1 && text.contains('=') {
        parts.retain(|part| *part != OutcomePart::N);
    }
    parts
}
