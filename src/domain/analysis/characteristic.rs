//! What of a study explains its result: the field behind a subgroup or a moderator, and the group that a number falls into.

use super::super::form::{Form, Scope};
use super::super::value::ParsedValue;
use super::AnalysisSpec;

/// What a field says of a study in a meta-regression.
#[derive(Debug, Clone, PartialEq)]
pub enum Characteristic {
    /// A number, in the unit of the field.
    Number(f64),
    /// A word: an option, yes or no, a date.
    Word(String),
    /// Nothing, "not reported", or "unclear": the study is left out of the regression.
    Missing,
}

impl Characteristic {
    /// Reads an agreed value.
    pub(super) fn of(value: Option<&ParsedValue>) -> Self {
        match value {
            None | Some(ParsedValue::NotReported | ParsedValue::Unclear) => Self::Missing,
            Some(value) => value.number().map_or_else(|| Self::Word(value.to_string()), Self::Number),
        }
    }
}

/// Returns the path of the cell of a field: of the study, or of the experimental arm where the field belongs to arms; of several arms
/// that are combined it is the first that has an answer.
pub(super) fn cell_of(form: &Form, spec: &AnalysisSpec, field: &str, has_answer: impl Fn(&str) -> bool) -> String {
    match form.field(field) {
        Some(known) if known.scope == Scope::Arm => {
            let path = |arm: &String| format!("arm.{arm}.{field}");
            let answered = spec.experimental.arms().iter().map(path).find(|path| has_answer(path));
            answered.unwrap_or_else(|| format!("arm.{}.{field}", spec.experimental.first()))
        }
        _ => field.to_owned(),
    }
}

/// Returns the name of the subgroup of a value: the group between cuts that a number falls into, else the answer itself.
pub(super) fn group_of(form: &Form, spec: &AnalysisSpec, field: &str, value: &ParsedValue) -> String {
    match value.number() {
        Some(number) if !spec.cuts.is_empty() => {
            let unit = form.field(field).and_then(|field| field.unit.as_deref()).map(|unit| format!(" {unit}")).unwrap_or_default();
            format!("{}{unit}", names(&spec.cuts)[spec.cuts.iter().filter(|cut| number >= **cut).count()])
        }
        _ => value.to_string(),
    }
}

/// Returns the place of a subgroup made by cuts, ascending; groups that are none come last.
pub fn group_rank(cuts: &[f64], group: Option<&str>) -> usize {
    let names = names(cuts);
    let is_it = |name: &String| {
        group.is_some_and(|group| group == name || group.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(' ')))
    };
    // "0.5 to < 1" begins like no other group: the longest name that fits counts
    let fits = names.iter().enumerate().filter(|(_, name)| is_it(name));
    fits.max_by_key(|(_, name)| name.len()).map_or(names.len(), |(at, _)| at)
}

/// Returns the names of the groups that cuts make.
fn names(cuts: &[f64]) -> Vec<String> {
    let mut names = Vec::with_capacity(cuts.len() + 1);
    names.extend(cuts.first().map(|first| format!("< {}", first)));
    names.extend(cuts.windows(2).map(|pair| format!("{} to < {}", pair[0], pair[1])));
    names.extend(cuts.last().map(|last| format!("≥ {}", last)));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_make_groups_from_below_to_above() {
        assert_eq!(names(&[0.5, 1.0]), ["< 0.5", "0.5 to < 1", "≥ 1"]);
        assert_eq!(names(&[2.0]), ["< 2", "≥ 2"]);
        let ranks: Vec<usize> =
            ["≥ 1 mg/kg", "< 0.5 mg/kg", "0.5 to < 1", "not reported"].map(|name| group_rank(&[0.5, 1.0], Some(name))).to_vec();
        assert_eq!(ranks, [2, 0, 1, 3]);
        assert_eq!(group_rank(&[0.5], None), 2);
    }
}
