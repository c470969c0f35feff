//! The cells of a form: every single answer that an extractor may give, with its stable path.

use super::{FieldType, Form, OutcomeKind, Scope};

/// One cell of a form: where an answer goes and what it must be.
#[derive(Debug, Clone, PartialEq)]
pub struct CellSpec {
    /// The stable dotted path ("outcome.pain.immediate.ketamine.mean").
    pub path: String,
    /// The name of the cell within its group ("Ketamine: mean").
    pub label: String,
    /// The heading that it shares with its neighbours: a section, an arm, or an outcome at a timepoint.
    pub group: String,
    /// What an answer must be.
    pub kind: FieldType,
    /// The unit in which numbers are typed.
    pub unit: Option<String>,
    /// Whether a draft without an answer is incomplete (for cells of an arm: where the study has that arm).
    pub required: bool,
    /// The answers to choose from, for `choice` and `multi`.
    pub options: Vec<String>,
    /// The smallest number that makes sense.
    pub min: Option<f64>,
    /// The largest number that makes sense.
    pub max: Option<f64>,
    /// Advice to the extractor.
    pub guidance: Option<String>,
    /// What the path stands for.
    pub place: CellPlace,
}

/// What the path of a cell stands for; every id is one of the form's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellPlace {
    /// A field of the study.
    Study {
        /// The field's id.
        field: String,
    },
    /// A field of one arm.
    Arm {
        /// The arm's id.
        arm: String,
        /// The field's id.
        field: String,
    },
    /// A number of one outcome, timepoint and arm.
    Outcome {
        /// The outcome's id.
        outcome: String,
        /// The timepoint's id.
        timepoint: String,
        /// The arm's id.
        arm: String,
        /// Which number.
        part: OutcomePart,
    },
}

impl CellPlace {
    /// Returns the id of the arm that the cell belongs to, if it belongs to one.
    pub fn arm(&self) -> Option<&str> {
        match self {
            Self::Study { .. } => None,
            Self::Arm { arm, .. } | Self::Outcome { arm, .. } => Some(arm),
        }
    }
}

/// Which number of an arm a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum OutcomePart {
    /// The number of people analysed.
    N,
    /// The mean.
    Mean,
    /// The standard deviation, not the standard error.
    Sd,
    /// The number of people with the event.
    Events,
}

impl OutcomePart {
    /// Returns the parts that an arm gives for this kind of outcome, in the order in which they are typed.
    pub fn of(kind: OutcomeKind) -> &'static [Self] {
        match kind {
            OutcomeKind::Continuous => &[Self::N, Self::Mean, Self::Sd],
            OutcomeKind::Dichotomous => &[Self::Events, Self::N],
        }
    }
}

/// Returns the path of one number: "outcome.pain.immediate.ketamine.mean".
pub fn outcome_path(outcome: &str, timepoint: &str, arm: &str, part: OutcomePart) -> String {
    format!("outcome.{outcome}.{timepoint}.{arm}.{part}")
}

impl Form {
    /// Returns all cells in form order: fields of the study, fields arm by arm, then outcomes by timepoint, arm and part.
    ///
    /// The paths are distinct when [`Form::check`] finds no error.
    pub fn cells(&self) -> Vec<CellSpec> {
        let mut cells: Vec<CellSpec> = self.field_cells(Scope::Study, None).collect();
        for arm in &self.arms {
            cells.extend(self.field_cells(Scope::Arm, Some((&arm.id, &arm.label))));
        }
        for outcome in &self.outcomes {
            for timepoint in &outcome.timepoints {
                for arm in &self.arms {
                    for &part in OutcomePart::of(outcome.kind) {
                        let [low, high] = outcome.scale.map_or([None, None], |scale| scale.map(Some));
                        let (kind, unit, min, max, what) = match part {
                            OutcomePart::N => (FieldType::Integer, None, Some(0.0), None, "number analysed"),
                            OutcomePart::Events => (FieldType::Integer, None, Some(0.0), None, "people with the event"),
                            OutcomePart::Mean => (FieldType::Decimal, outcome.unit.clone(), low, high, "mean"),
                            OutcomePart::Sd => (FieldType::Decimal, outcome.unit.clone(), Some(0.0), None, "standard deviation"),
                        };
                        cells.push(CellSpec {
                            path: outcome_path(&outcome.id, &timepoint.id, &arm.id, part),
                            label: format!("{}: {what}", arm.label),
                            group: format!("{}, {}", outcome.label, timepoint.name()),
                            kind,
                            unit,
                            required: false,
                            options: Vec::new(),
                            min,
                            max,
                            guidance: (part == OutcomePart::Events).then(|| outcome.event.clone()).flatten(),
                            place: CellPlace::Outcome {
                                outcome: outcome.id.clone(),
                                timepoint: timepoint.id.clone(),
                                arm: arm.id.clone(),
                                part,
                            },
                        });
                    }
                }
            }
        }
        cells
    }

    /// Returns the cell with this path, or `None` where the form has no such cell.
    pub fn cell(&self, path: &str) -> Option<CellSpec> {
        self.cells().into_iter().find(|cell| cell.path == path)
    }

    fn field_cells<'a>(&'a self, scope: Scope, arm: Option<(&'a str, &'a str)>) -> impl Iterator<Item = CellSpec> + 'a {
        self.fields.iter().filter(move |field| field.scope == scope).map(move |field| {
            let (path, group, place) = match arm {
                None => (field.id.clone(), field.section.clone(), CellPlace::Study { field: field.id.clone() }),
                Some((id, label)) => {
                    (format!("arm.{id}.{}", field.id), label.to_owned(), CellPlace::Arm { arm: id.to_owned(), field: field.id.clone() })
                }
            };
            CellSpec {
                path,
                label: field.name().to_owned(),
                group,
                kind: field.kind,
                unit: field.unit.clone(),
                required: field.required,
                options: field.options.clone(),
                min: field.min,
                max: field.max,
                guidance: field.guidance.clone(),
                place,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn paths_are_stable_and_in_form_order() {
        let paths: Vec<String> = sample::form().cells().into_iter().map(|cell| cell.path).collect();
        assert_eq!(
            paths,
            [
                "design",
                "funding",
                "arm.drug.n_randomised",
                "arm.drug.dose",
                "arm.placebo.n_randomised",
                "arm.placebo.dose",
                "outcome.pain.immediate.drug.n",
                "outcome.pain.immediate.drug.mean",
                "outcome.pain.immediate.drug.sd",
                "outcome.pain.immediate.placebo.n",
                "outcome.pain.immediate.placebo.mean",
                "outcome.pain.immediate.placebo.sd",
                "outcome.pain.short.drug.n",
                "outcome.pain.short.drug.mean",
                "outcome.pain.short.drug.sd",
                "outcome.pain.short.placebo.n",
                "outcome.pain.short.placebo.mean",
                "outcome.pain.short.placebo.sd",
                "outcome.harm.any.drug.events",
                "outcome.harm.any.drug.n",
                "outcome.harm.any.placebo.events",
                "outcome.harm.any.placebo.n",
            ]
        );
    }

    #[test]
    fn a_cell_carries_what_the_form_says_about_it() {
        let form = sample::form();
        let mean = form.cell("outcome.pain.short.placebo.mean").expect("a cell of the form");
        assert_eq!((mean.label.as_str(), mean.group.as_str()), ("Placebo: mean", "Pain, Short term"));
        assert_eq!((mean.min, mean.max, mean.unit.as_deref()), (Some(0.0), Some(100.0), Some("points")));
        let dose = form.cell("arm.drug.dose").expect("a cell of the form");
        assert_eq!((dose.kind, dose.group.as_str(), dose.place.arm()), (FieldType::Decimal, "Drug", Some("drug")));
        assert!(form.cell("arm.other.dose").is_none());
    }
}
