//! The extraction form: which facts a review collects from every study, and which analyses it plans with them.
//!
//! A form is plain data that a person writes as a TOML file (`app::form_file` reads it). It names the review's arms, the fields
//! that describe a study or an arm, the outcomes with their timepoints, and the analyses. From these follow the *cells*: the
//! single answers that an extractor gives, each with a stable dotted path.
//!
//! ```text
//! design                                 a field of the study
//! arm.ketamine.dose                      a field of one arm
//! outcome.pain.immediate.ketamine.mean   a number of one outcome, timepoint and arm
//! contrast.pain.immediate.ketamine.placebo.estimate   a number of two arms together
//! measure.pain.scale_max                 what the study's own instrument is like
//! unit.crossover                         how the numbers of a crossover or cluster trial are to be read
//! ```
//!
//! Forms are versioned: a study that was drafted on an older version keeps it until it is moved on purpose. Keys that this
//! version does not know are skipped, so that forms written for later versions still open.

mod blocks;
mod cells;
mod change;
mod characteristic;
mod check;
mod parts;

pub use blocks::{Block, BlockFormat, BlockRow, Shown, blocks};
pub use cells::{CellPlace, CellSpec, Condition, DESIGN, contrast_path, is_cluster, is_crossover, measure_path, outcome_path, unit_path};
pub use change::{FormCells, FormDifference, Stale, stale_words};
pub use characteristic::Characteristic;
pub use check::FormProblem;
pub use parts::{Accept, ContrastPart, MeasureItem, OutcomePart, UnitItem};

use serde::{Deserialize, Serialize};

use super::analysis::AnalysisSpec;

/// A version of a review's extraction form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "FormFile")]
pub struct Form {
    /// The form's id, `[a-z0-9_-]+`.
    pub form: String,
    /// The version, counted from 1 by the person who writes the form.
    pub version: u32,
    /// The title shown above the form.
    pub title: String,
    /// How many people extract each study without seeing each other's values: 1 or 2.
    pub extractors: u32,
    /// The review-level interventions, in the order of the file; a study fills those it has.
    pub arms: Vec<Arm>,
    /// The descriptive fields, in the order of the file.
    pub fields: Vec<Field>,
    /// The outcomes, in the order of the file.
    pub outcomes: Vec<Outcome>,
    /// The planned analyses, in the order of the file.
    pub analyses: Vec<AnalysisSpec>,
    /// The planned appraisals of risk of bias, in the order of the file.
    pub appraisals: Vec<AppraisalPlan>,
    /// How much the checks of numbers matter, where the review sees that otherwise than the program, in the order of the file.
    pub validations: Vec<Validation>,
}

/// How much one check of numbers matters in this review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// The check, as "V7" or by its name ("sd_se_confusion").
    pub rule: String,
    /// The outcome whose numbers it is about; all of them where none is named.
    #[serde(default)]
    pub outcome: Option<String>,
    /// How much it matters.
    pub severity: ValidationSeverity,
    /// Why, for those who read the form.
    #[serde(default)]
    pub why: Option<String>,
}

/// How much a check matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum ValidationSeverity {
    /// It says nothing.
    Off,
    /// It is for the curious.
    Note,
    /// It is worth a look.
    #[serde(alias = "warn")]
    Warning,
    /// It keeps a draft from being handed in.
    Error,
}

/// Which instrument appraises which results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppraisalPlan {
    /// The id of the instrument ("rob2").
    pub instrument: String,
    /// The results, as outcome and time point ("pain.short"); every one that an analysis pools where the list is empty.
    #[serde(default)]
    pub results: Vec<String>,
}

/// The form as the file spells it: lists are named in the singular (`[[arm]]`), fields also as one array (`fields = [..]`).
#[derive(Deserialize)]
struct FormFile {
    form: String,
    version: u32,
    title: String,
    #[serde(default = "two_extractors")]
    extractors: u32,
    #[serde(default, rename = "arm", alias = "arms")]
    arms: Vec<Arm>,
    #[serde(default)]
    fields: Vec<Field>,
    #[serde(default)]
    field: Vec<Field>,
    #[serde(default, rename = "outcome", alias = "outcomes")]
    outcomes: Vec<Outcome>,
    #[serde(default, rename = "analysis", alias = "analyses")]
    analyses: Vec<AnalysisSpec>,
    #[serde(default, rename = "appraisal", alias = "appraisals")]
    appraisals: Vec<AppraisalPlan>,
    #[serde(default, rename = "validate")]
    validations: Vec<Validation>,
}

impl From<FormFile> for Form {
    fn from(file: FormFile) -> Self {
        let FormFile { form, version, title, extractors, arms, mut fields, field, outcomes, analyses, appraisals, validations } = file;
        fields.extend(field);
        Self { form, version, title, extractors, arms, fields, outcomes, analyses, appraisals, validations }
    }
}

fn two_extractors() -> u32 {
    2
}

/// An intervention of the review that arms of studies are matched to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arm {
    /// The id, `[a-z0-9_-]+`, part of cell paths.
    pub id: String,
    /// The name shown to people and printed over forest plots.
    pub label: String,
    /// On which side of a comparison it stands.
    pub role: ArmRole,
}

/// The side of a comparison on which an arm stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArmRole {
    /// The intervention under study.
    Experimental,
    /// What it is compared with.
    Control,
}

/// A descriptive field of a study or of each of its arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The heading under which the field is shown ("methods").
    pub section: String,
    /// The id, `[a-z0-9_-]+`, unique in the form; the cell path, or its last part.
    pub id: String,
    /// The name shown to people; the id where the file gives none.
    #[serde(default)]
    pub label: Option<String>,
    /// What an answer must be.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether a draft without an answer is incomplete. "Not reported" and "unclear" are answers.
    #[serde(default)]
    pub required: bool,
    /// The answers to choose from, for `choice` and `multi`.
    #[serde(default)]
    pub options: Vec<String>,
    /// The unit in which numbers are typed ("mg/kg"); the first of `units` where the file names those alone.
    #[serde(default)]
    pub unit: Option<String>,
    /// The units that a number may be typed with; one without is in `unit`.
    #[serde(default)]
    pub units: Vec<String>,
    /// How exact a date is wanted.
    #[serde(default)]
    pub precision: Option<Precision>,
    /// The smallest number that makes sense.
    #[serde(default)]
    pub min: Option<f64>,
    /// The largest number that makes sense.
    #[serde(default)]
    pub max: Option<f64>,
    /// Advice to the extractor, shown beside the field.
    #[serde(default)]
    pub guidance: Option<String>,
    /// Whether the study or each arm answers.
    #[serde(default)]
    pub scope: Scope,
    /// When the field is asked at all; always where there is no condition.
    #[serde(default)]
    pub show_if: Option<ShowIf>,
    /// Its column of the table of characteristics; [`Field::characteristic`] chooses one where the file names none.
    #[serde(default)]
    pub characteristic: Option<Characteristic>,
}

/// How exact a date is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Precision {
    /// To the year.
    Year,
    /// To the month.
    Month,
    /// To the day.
    Day,
}

/// The answers to another field that make a field be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowIf {
    /// The id of the other field.
    pub field: String,
    /// The answers, each spelled as in the form; one of them is enough.
    pub is: Vec<String>,
}

impl Field {
    /// Returns the name shown to people: the label, or the id where there is none.
    pub fn name(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.id)
    }

    /// Returns the unit of a number that is typed without one.
    pub fn base_unit(&self) -> Option<&String> {
        self.unit.as_ref().or_else(|| self.units.first())
    }
}

/// What an answer to a cell must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum FieldType {
    /// Free text.
    Text,
    /// A whole number.
    Integer,
    /// A number, with decimal point or comma.
    Decimal,
    /// One of the options.
    Choice,
    /// Any of the options, separated by semicolons.
    Multi,
    /// Yes or no.
    Bool,
    /// A year, month or day: `2009`, `2009-10`, `2009-10-02`.
    Date,
    /// Words copied from a report, to be kept with their page.
    Quote,
}

impl FieldType {
    /// Returns whether answers are numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal)
    }

    /// Returns whether answers are chosen from a list of options.
    pub fn has_options(self) -> bool {
        matches!(self, Self::Choice | Self::Multi)
    }

    /// Returns whether a condition can look at the answer: it is one of a few known ones.
    pub fn has_answers_to_look_at(self) -> bool {
        matches!(self, Self::Choice | Self::Bool)
    }
}

/// Who answers a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The study, once.
    #[default]
    Study,
    /// Each arm that the study has.
    Arm,
}

/// A clinical outcome with the timepoints at which the review wants it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The id, `[a-z0-9_-]+`, part of cell paths.
    pub id: String,
    /// The name shown to people.
    pub label: String,
    /// Which numbers an arm gives.
    pub kind: OutcomeKind,
    /// Which direction helps the patient.
    #[serde(default)]
    pub direction: Option<Direction>,
    /// What is counted, for dichotomous outcomes ("any adverse event").
    #[serde(default)]
    pub event: Option<String>,
    /// The lowest and highest possible value of the scale, for continuous outcomes.
    #[serde(default)]
    pub scale: Option<[f64; 2]>,
    /// The unit of the scale ("points of 0 to 100").
    #[serde(default)]
    pub unit: Option<String>,
    /// The formats in which numbers are accepted; the usual one of the kind where the list is empty.
    #[serde(default)]
    pub accept: Vec<Accept>,
    /// Whether each study's own scale is asked for and its numbers are moved to `scale` and `direction`.
    #[serde(default)]
    pub harmonise: bool,
    /// The smallest difference that matters to patients, in units of the scale.
    #[serde(default)]
    pub mid: Option<f64>,
    /// The step of a single rating (1 for whole numbers), where every value is one; checks of means against it run only then.
    #[serde(default)]
    pub granularity: Option<f64>,
    /// The timepoints, at least one.
    #[serde(default)]
    pub timepoints: Vec<Timepoint>,
}

/// The kind of numbers that an arm gives for an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum OutcomeKind {
    /// Number analysed, mean, standard deviation.
    Continuous,
    /// People with the event, people in all.
    Dichotomous,
}

/// The direction of an outcome that helps the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Less is better (pain, deaths).
    LowerBetter,
    /// More is better (function, responders).
    HigherBetter,
}

/// A time after the intervention at which an outcome is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timepoint {
    /// The id, `[a-z0-9_-]+`, part of cell paths.
    pub id: String,
    /// The name shown to people; the id where the file gives none.
    #[serde(default)]
    pub label: Option<String>,
}

impl Timepoint {
    /// Returns the name shown to people: the label, or the id where there is none.
    pub fn name(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.id)
    }
}

impl Form {
    /// Returns the arm with this id.
    pub fn arm(&self, id: &str) -> Option<&Arm> {
        self.arms.iter().find(|arm| arm.id == id)
    }

    /// Returns every pair of an experimental and a control arm, in this order, as the form lists them: all controls of the first
    /// experimental arm, then those of the second.
    pub fn pairs(&self) -> impl Iterator<Item = (&Arm, &Arm)> {
        let side = |role| self.arms.iter().filter(move |arm| arm.role == role);
        side(ArmRole::Experimental).flat_map(move |experimental| side(ArmRole::Control).map(move |control| (experimental, control)))
    }

    /// Returns every outcome at every time point, in the order of the file.
    pub fn points(&self) -> impl Iterator<Item = (&Outcome, &Timepoint)> {
        self.outcomes.iter().flat_map(|outcome| outcome.timepoints.iter().map(move |timepoint| (outcome, timepoint)))
    }

    /// Returns the field with this id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// Returns the outcome with this id.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.id == id)
    }

    /// Returns the analysis with this id.
    pub fn analysis(&self, id: &str) -> Option<&AnalysisSpec> {
        self.analyses.iter().find(|analysis| analysis.id == id)
    }
}

impl Outcome {
    /// Returns the timepoint with this id.
    pub fn timepoint(&self, id: &str) -> Option<&Timepoint> {
        self.timepoints.iter().find(|timepoint| timepoint.id == id)
    }
}

#[cfg(test)]
pub(crate) mod sample;
