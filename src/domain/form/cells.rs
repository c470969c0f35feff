//! The cells of a form: every single answer that an extractor may give, with its stable path.

use strum::IntoEnumIterator;

use super::{ContrastPart, Field, FieldType, Form, MeasureItem, Outcome, OutcomeKind, OutcomePart, Precision, Scope, UnitItem};

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
    /// The units that a number may be typed with.
    pub units: Vec<String>,
    /// How exact a date is wanted.
    pub precision: Option<Precision>,
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
    /// When the cell is asked at all; always where there is no condition.
    pub show_if: Option<Condition>,
    /// What the path stands for.
    pub place: CellPlace,
}

/// The answers of another cell that make a cell be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The path of the other cell.
    pub path: String,
    /// The answers, each spelled as in the form; one of them is enough.
    pub is: Vec<String>,
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
    /// A number of a contrast of two arms.
    Contrast {
        /// The outcome's id.
        outcome: String,
        /// The timepoint's id.
        timepoint: String,
        /// The id of the experimental arm.
        experimental: String,
        /// The id of the control arm.
        control: String,
        /// Which number.
        part: ContrastPart,
    },
    /// What the study's instrument for an outcome is like.
    Measure {
        /// The outcome's id.
        outcome: String,
        /// What is asked.
        item: MeasureItem,
    },
    /// How the numbers of a crossover or cluster trial are to be read.
    Unit {
        /// What is asked.
        item: UnitItem,
    },
}

impl CellPlace {
    /// Returns the id of the arm that the cell belongs to, if it belongs to one.
    pub fn arm(&self) -> Option<&str> {
        match self {
            Self::Study { .. } | Self::Contrast { .. } | Self::Measure { .. } | Self::Unit { .. } => None,
            Self::Arm { arm, .. } | Self::Outcome { arm, .. } => Some(arm),
        }
    }
}

/// Returns the path of one number: "outcome.pain.immediate.ketamine.mean".
pub fn outcome_path(outcome: &str, timepoint: &str, arm: &str, part: OutcomePart) -> String {
    format!("outcome.{outcome}.{timepoint}.{arm}.{part}")
}

/// Returns the path of one number of a contrast: "contrast.pain.immediate.ketamine.placebo.estimate".
pub fn contrast_path(outcome: &str, timepoint: &str, experimental: &str, control: &str, part: ContrastPart) -> String {
    format!("contrast.{outcome}.{timepoint}.{experimental}.{control}.{part}")
}

/// Returns the path of what is asked about a study's instrument: "measure.pain.scale_max".
pub fn measure_path(outcome: &str, item: MeasureItem) -> String {
    format!("measure.{outcome}.{item}")
}

/// Returns the path of what is asked about the unit of analysis: "unit.crossover".
pub fn unit_path(item: UnitItem) -> String {
    format!("unit.{item}")
}

/// The id of the field that tells crossover and cluster trials from others.
pub const DESIGN: &str = "design";

/// Tells whether an answer to the design field names a crossover trial whose numbers need a word about the pairing.
pub fn is_crossover(design: &str) -> bool {
    let design = design.to_lowercase();
    (design.contains("crossover") || design.contains("cross-over")) && !design.contains("first period")
}

/// Tells whether an answer to the design field names a cluster trial.
pub fn is_cluster(design: &str) -> bool {
    design.to_lowercase().contains("cluster")
}

impl Form {
    /// Returns all cells in form order: fields of the study, the unit of analysis, fields arm by arm, then each outcome: its
    /// instrument, its numbers by timepoint and arm, its contrasts.
    ///
    /// The paths are distinct when [`Form::check`] finds no error.
    pub fn cells(&self) -> Vec<CellSpec> {
        let mut cells: Vec<CellSpec> = self.field_cells(Scope::Study, None).collect();
        cells.extend(self.unit_cells());
        for arm in &self.arms {
            cells.extend(self.field_cells(Scope::Arm, Some((&arm.id, &arm.label))));
        }
        for outcome in &self.outcomes {
            if outcome.harmonise {
                cells.extend(MeasureItem::iter().map(|item| outcome.measure_cell(item)));
            }
            let parts = outcome.parts();
            for timepoint in &outcome.timepoints {
                let group = format!("{}, {}", outcome.label, timepoint.name());
                for arm in &self.arms {
                    for &part in &parts {
                        let place =
                            CellPlace::Outcome { outcome: outcome.id.clone(), timepoint: timepoint.id.clone(), arm: arm.id.clone(), part };
                        let path = outcome_path(&outcome.id, &timepoint.id, &arm.id, part);
                        cells.push(outcome.arm_cell(path, format!("{}: {}", arm.label, part.words()), group.clone(), part, place));
                    }
                }
                cells.extend(self.contrast_cells(outcome, &timepoint.id, &group));
            }
        }
        cells
    }

    /// The cells of every pair of an experimental and a control arm.
    fn contrast_cells(&self, outcome: &Outcome, timepoint: &str, group: &str) -> Vec<CellSpec> {
        let parts = outcome.contrast_parts();
        let mut cells = Vec::new();
        for (experimental, control) in self.pairs() {
            for &part in &parts {
                let (kind, options) = match part {
                    ContrastPart::Measure => (FieldType::Choice, outcome.contrast_measures().into_iter().map(str::to_owned).collect()),
                    ContrastPart::Claim => (FieldType::Choice, ContrastPart::CLAIMS.map(str::to_owned).to_vec()),
                    // As printed: a number, or a bound ("<0.001").
                    ContrastPart::P => (FieldType::Text, Vec::new()),
                    _ => (FieldType::Decimal, Vec::new()),
                };
                let (min, max) = match part {
                    ContrastPart::Se | ContrastPart::Variance => (Some(0.0), None),
                    _ => (None, None),
                };
                cells.push(CellSpec {
                    label: format!("{} against {}: {}", experimental.label, control.label, part.words()),
                    options,
                    min,
                    max,
                    guidance: match part {
                        ContrastPart::Estimate => {
                            Some(format!("{} minus (or over) {}; a ratio as printed.", experimental.label, control.label))
                        }
                        ContrastPart::P => Some("As printed, two-sided: 0.03 or <0.001.".to_owned()),
                        ContrastPart::Se => Some("Of a ratio: the standard error of its natural logarithm.".to_owned()),
                        _ => None,
                    },
                    ..CellSpec::new(
                        contrast_path(&outcome.id, timepoint, &experimental.id, &control.id, part),
                        group.to_owned(),
                        kind,
                        CellPlace::Contrast {
                            outcome: outcome.id.clone(),
                            timepoint: timepoint.to_owned(),
                            experimental: experimental.id.clone(),
                            control: control.id.clone(),
                            part,
                        },
                    )
                });
            }
        }
        cells
    }

    /// The cells about crossover and cluster trials, where the form's design field has an option for such.
    fn unit_cells(&self) -> Vec<CellSpec> {
        let Some(design) = self.field(DESIGN).filter(|field| field.scope == Scope::Study && field.kind == FieldType::Choice) else {
            return Vec::new();
        };
        let options = |tells: fn(&str) -> bool| design.options.iter().filter(|option| tells(option)).cloned().collect::<Vec<_>>();
        let (crossover, cluster) = (options(is_crossover), options(is_cluster));
        let cells = UnitItem::iter().filter_map(|item| {
            let designs = if matches!(item, UnitItem::Crossover | UnitItem::Correlation) { &crossover } else { &cluster };
            if designs.is_empty() {
                return None;
            }
            let (kind, min, max) = match item {
                UnitItem::Crossover | UnitItem::Cluster => (FieldType::Choice, None, None),
                UnitItem::Correlation => (FieldType::Decimal, Some(-1.0), Some(1.0)),
                UnitItem::Icc => (FieldType::Decimal, Some(0.0), Some(1.0)),
                UnitItem::ClusterSize => (FieldType::Decimal, Some(1.0), None),
            };
            let path = unit_path(item);
            Some(CellSpec {
                label: item.words().to_owned(),
                options: item.options().iter().map(|&option| option.to_owned()).collect(),
                min,
                max,
                show_if: Some(Condition { path: DESIGN.to_owned(), is: designs.clone() }),
                ..CellSpec::new(path, "unit of analysis".to_owned(), kind, CellPlace::Unit { item })
            })
        });
        cells.collect()
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
                label: field.name().to_owned(),
                unit: field.base_unit().cloned(),
                units: field.units.clone(),
                precision: field.precision,
                required: field.required,
                options: field.options.clone(),
                min: field.min,
                max: field.max,
                guidance: field.guidance.clone(),
                show_if: field.show_if.as_ref().map(|when| Condition { path: self.path_of(&when.field, arm), is: when.is.clone() }),
                ..CellSpec::new(path, group, field.kind, place)
            }
        })
    }

    /// Returns the path of a field as seen from an arm: fields of arms are those of the same arm.
    fn path_of(&self, id: &str, arm: Option<(&str, &str)>) -> String {
        match (self.field(id).map(|field: &Field| field.scope), arm) {
            (Some(Scope::Arm), Some((arm, _))) => format!("arm.{arm}.{id}"),
            _ => id.to_owned(),
        }
    }
}

impl CellSpec {
    /// Creates a cell that may stay empty, named by its path.
    pub(crate) fn new(path: String, group: String, kind: FieldType, place: CellPlace) -> Self {
        Self {
            label: path.clone(),
            path,
            group,
            kind,
            unit: None,
            units: Vec::new(),
            precision: None,
            required: false,
            options: Vec::new(),
            min: None,
            max: None,
            guidance: None,
            show_if: None,
            place,
        }
    }

    /// Tells whether the cell is asked, given the other answers of the study: `answer` returns what a path's value means, spelled
    /// as in the form.
    pub fn is_asked(&self, answer: impl Fn(&str) -> Option<String>) -> bool {
        self.show_if.as_ref().is_none_or(|when| answer(&when.path).is_some_and(|answer| when.is.contains(&answer)))
    }
}

impl Outcome {
    fn arm_cell(&self, path: String, label: String, group: String, part: OutcomePart, place: CellPlace) -> CellSpec {
        // A study that brings its own scale is judged by that one, in `extraction::check_draft`.
        let [low, high] = self.scale.filter(|_| !self.harmonise).map_or([None, None], |scale| scale.map(Some));
        let unit = || self.unit.clone().filter(|_| !self.harmonise);
        let (kind, unit, min, max) = match part {
            OutcomePart::N | OutcomePart::Events => (FieldType::Integer, None, Some(0.0), None),
            OutcomePart::Percent => (FieldType::Decimal, Some("%".to_owned()), Some(0.0), Some(100.0)),
            part if part.is_on_the_scale() => (FieldType::Decimal, unit(), low, high),
            _ => (FieldType::Decimal, unit(), Some(0.0), None),
        };
        let guidance = (self.kind == OutcomeKind::Dichotomous && part == OutcomePart::Events).then(|| self.event.clone()).flatten();
        CellSpec { label, unit, min, max, guidance, ..CellSpec::new(path, group, kind, place) }
    }

    fn measure_cell(&self, item: MeasureItem) -> CellSpec {
        let kind = match item {
            MeasureItem::Instrument => FieldType::Text,
            MeasureItem::ScaleMin | MeasureItem::ScaleMax => FieldType::Decimal,
            MeasureItem::Direction | MeasureItem::Change => FieldType::Choice,
        };
        let place = CellPlace::Measure { outcome: self.id.clone(), item };
        CellSpec {
            label: item.words().to_owned(),
            options: item.options().iter().map(|&option| option.to_owned()).collect(),
            ..CellSpec::new(measure_path(&self.id, item), self.label.clone(), kind, place)
        }
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
                "unit.crossover",
                "unit.correlation",
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
