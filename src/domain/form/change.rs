//! Two versions of a form: which answers are carried over, which must be looked at again, and what is newly asked.

use std::collections::BTreeMap;

use super::{CellPlace, CellSpec, FieldType, Form};

/// Why an answer that was given on another version of the form must be looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stale {
    /// Answers are of another type now.
    Type {
        /// The type before.
        from: FieldType,
        /// The type now.
        to: FieldType,
    },
    /// Numbers are in another unit now.
    Unit {
        /// The unit before.
        from: Option<String>,
        /// The unit now.
        to: Option<String>,
    },
    /// The options differ; another order is no difference.
    Options {
        /// Options that there were not before.
        added: Vec<String>,
        /// Options that there are no longer.
        gone: Vec<String>,
    },
    /// The advice differs: the question may mean something else.
    Guidance,
    /// The outcome's scale or direction differs, and numbers are not moved to it by themselves.
    Scale,
}

impl std::fmt::Display for Stale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = |unit: &Option<String>| unit.clone().unwrap_or_else(|| "no unit".to_owned());
        match self {
            Self::Type { from, to } => write!(f, "the type was {from} and is {to}"),
            Self::Unit { from, to } => write!(f, "the unit was {} and is {}", unit(from), unit(to)),
            Self::Options { added, gone } => {
                let mut parts = Vec::new();
                if !added.is_empty() {
                    parts.push(format!("options came: {}", added.join("; ")));
                }
                if !gone.is_empty() {
                    parts.push(format!("options went: {}", gone.join("; ")));
                }
                f.write_str(&parts.join(", "))
            }
            Self::Guidance => f.write_str("the guidance was changed"),
            Self::Scale => f.write_str("the outcome's scale or direction was changed"),
        }
    }
}

/// Says in words why an answer must be looked at again; `None` where it need not be.
pub fn stale_words(reasons: &[Stale]) -> Option<String> {
    (!reasons.is_empty()).then(|| reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

/// What a new version of a form means for answers that were given on an older one; every list is in the order of its form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormDifference {
    /// The paths of cells whose answers stand as they are.
    pub carried: Vec<String>,
    /// The paths of cells whose answers must be looked at again, each with the reasons, at least one.
    pub stale: Vec<(String, Vec<Stale>)>,
    /// The paths of cells whose answers stand under another title, with what it was and what it is; they are among those carried over.
    pub retitled: Vec<(String, String, String)>,
    /// The paths of cells that the new version does not have.
    pub dropped: Vec<String>,
    /// The paths of cells that only the new version has, or that it needs and the old one did not.
    pub asked: Vec<String>,
}

/// The cells of a form by path, with what a cell does not say about its outcome.
#[derive(Debug, Clone)]
pub struct FormCells {
    order: Vec<String>,
    cells: BTreeMap<String, (CellSpec, Option<String>)>,
}

impl FormCells {
    /// Lists the cells of a form.
    pub fn new(form: &Form) -> Self {
        let cells = form.cells();
        let order = cells.iter().map(|cell| cell.path.clone()).collect();
        let with_scale = cells.into_iter().map(|cell| {
            let scale = scale_of(form, &cell);
            (cell.path.clone(), (cell, scale))
        });
        Self { order, cells: with_scale.collect() }
    }

    /// Returns the cell with this path.
    pub fn get(&self, path: &str) -> Option<&CellSpec> {
        self.cells.get(path).map(|(cell, _)| cell)
    }

    /// Returns the cells, in form order.
    pub fn iter(&self) -> impl Iterator<Item = &CellSpec> {
        self.order.iter().filter_map(|path| self.get(path))
    }

    /// Returns the paths, in form order.
    pub fn paths(&self) -> impl Iterator<Item = &String> {
        self.order.iter()
    }

    /// Returns why an answer to the cell that was given on the version `before` must be looked at again on this one; empty where it
    /// stands, or where one of the versions has no such cell.
    pub fn stale_since(&self, before: &Self, path: &str) -> Vec<Stale> {
        let (Some((old, old_scale)), Some((new, new_scale))) = (before.cells.get(path), self.cells.get(path)) else { return Vec::new() };
        let mut reasons = Vec::new();
        if old.kind != new.kind {
            reasons.push(Stale::Type { from: old.kind, to: new.kind });
        }
        // A unit that a number may be typed with besides changes nothing that was typed.
        if old.unit != new.unit {
            reasons.push(Stale::Unit { from: old.unit.clone(), to: new.unit.clone() });
        }
        let only_in = |here: &[String], there: &[String]| here.iter().filter(|option| !there.contains(option)).cloned().collect::<Vec<_>>();
        let (added, gone) = (only_in(&new.options, &old.options), only_in(&old.options, &new.options));
        if !(added.is_empty() && gone.is_empty()) {
            reasons.push(Stale::Options { added, gone });
        }
        if old.guidance != new.guidance {
            reasons.push(Stale::Guidance);
        }
        if old_scale != new_scale {
            reasons.push(Stale::Scale);
        }
        reasons
    }

    /// Compares this version with the one before.
    pub fn difference_since(&self, before: &Self) -> FormDifference {
        let mut found = FormDifference::default();
        for path in &self.order {
            let Some(old) = before.get(path) else {
                found.asked.push(path.clone());
                continue;
            };
            let reasons = self.stale_since(before, path);
            if self.get(path).is_some_and(|new| new.required && !old.required) {
                found.asked.push(path.clone());
            }
            let now = self.get(path).map(|new| &new.label).filter(|label| reasons.is_empty() && **label != old.label);
            found.retitled.extend(now.map(|label| (path.clone(), old.label.clone(), label.clone())));
            if reasons.is_empty() { found.carried.push(path.clone()) } else { found.stale.push((path.clone(), reasons)) }
        }
        found.dropped = before.order.iter().filter(|path| self.get(path).is_none()).cloned().collect();
        found
    }
}

/// Writes down the scale on which a number of an outcome stands; `None` where the number is not on the outcome's own scale.
fn scale_of(form: &Form, cell: &CellSpec) -> Option<String> {
    let CellPlace::Outcome { outcome, part, .. } = &cell.place else { return None };
    let outcome = form.outcome(outcome).filter(|outcome| !outcome.harmonise)?;
    (part.is_on_the_scale() || part.is_a_spread()).then(|| format!("{:?} {:?}", outcome.scale, outcome.direction))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn difference(change: impl Fn(&mut Form)) -> FormDifference {
        let old = sample::form();
        let mut new = old.clone();
        change(&mut new);
        FormCells::new(&new).difference_since(&FormCells::new(&old))
    }

    #[test]
    fn the_same_form_carries_everything_over() {
        let found = difference(|form| form.version = 2);
        assert_eq!(found.carried.len(), sample::form().cells().len());
        assert_eq!((found.stale, found.dropped, found.asked), (Vec::new(), Vec::new(), Vec::new()));
    }

    #[test]
    fn a_label_or_an_order_of_options_makes_nothing_stale() {
        let found = difference(|form| {
            form.fields[0].label = Some("Study design".into());
            form.fields[1].options.reverse();
        });
        assert_eq!(found.stale, []);
        assert_eq!(found.retitled, [("design".to_owned(), "design".to_owned(), "Study design".to_owned())], "but it is named");
        assert!(found.carried.contains(&"design".to_owned()));
    }

    #[test]
    fn type_unit_options_and_guidance_make_answers_stale() {
        let found = difference(|form| {
            form.fields[0].options.push("cluster".into());
            form.fields[1].kind = FieldType::Text;
            form.fields[1].options.clear();
            form.fields[3].unit = Some("mg".into());
            form.fields[2].guidance = Some("All who were randomised.".into());
        });
        let words: Vec<(String, String)> =
            found.stale.iter().map(|(path, reasons)| (path.clone(), stale_words(reasons).unwrap_or_default())).collect();
        let of = |path: &str| words.iter().find(|(known, _)| known == path).map(|(_, words)| words.as_str());
        assert_eq!(of("design"), Some("options came: cluster"));
        assert_eq!(of("funding"), Some("the type was multi and is text; options went: public; industry; none"));
        assert_eq!(of("arm.drug.dose"), Some("the unit was mg/kg and is mg"));
        assert_eq!(of("arm.placebo.n_randomised"), Some("the guidance was changed"));
        assert_eq!(words.len(), 6, "{words:?}");
    }

    #[test]
    fn what_went_is_dropped_and_what_came_or_is_needed_now_is_asked() {
        let found = difference(|form| {
            form.fields.remove(1);
            form.fields.push(sample::field("setting", FieldType::Text));
            form.fields[2].required = true;
        });
        assert_eq!(found.dropped, ["funding"]);
        assert_eq!(found.asked, ["setting", "arm.drug.dose", "arm.placebo.dose"]);
        assert!(found.carried.contains(&"arm.drug.dose".to_owned()), "an answer that there is stays one");
    }

    #[test]
    fn another_scale_makes_means_stale_but_not_counts_and_not_where_each_study_brings_its_own() {
        let scaled = |harmonise: bool| {
            let old = Form {
                outcomes: sample::form().outcomes.into_iter().map(|o| super::super::Outcome { harmonise, ..o }).collect(),
                ..sample::form()
            };
            let mut new = old.clone();
            new.outcomes[0].scale = Some([0.0, 10.0]);
            FormCells::new(&new).difference_since(&FormCells::new(&old)).stale
        };
        let stale: Vec<String> = scaled(false).into_iter().map(|(path, _)| path).collect();
        assert!(
            stale.contains(&"outcome.pain.short.drug.sd".to_owned()) && !stale.contains(&"outcome.pain.short.drug.n".to_owned()),
            "{stale:?}"
        );
        assert_eq!(scaled(true), []);
    }
}
