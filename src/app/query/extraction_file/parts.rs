//! The parts of the document of everything extracted, as they are written.

use serde::Serialize;

use crate::domain::diagnostic::Severity;
use crate::domain::ids::StudyId;
use crate::domain::value::ParsedValue;

/// The version of the document's shape.
pub const VERSION: u32 = 1;

/// The whole document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExtractionDocument {
    /// "tamis-extraction".
    pub format: &'static str,
    /// [`VERSION`].
    pub version: u32,
    /// The title of the review.
    pub review: String,
    /// Who wrote the document: the identity of the acting reviewer.
    pub seen_by: Option<String>,
    /// The extraction form in use.
    pub form: FormPart,
    /// Its earlier versions, oldest first.
    pub earlier_forms: Vec<EarlierFormPart>,
    /// The studies by label.
    pub studies: Vec<StudyPart>,
    /// Studies left out of analyses.
    pub left_out: Vec<LeftOutPart>,
    /// Risk of bias of which all appraisals are in.
    pub appraisals: Vec<AppraisalPart>,
}

/// The form in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormPart {
    /// Its id.
    pub form: String,
    /// Its version.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// How many drafts a study needs.
    pub extractors: u32,
    /// The file as it was written, TOML.
    pub text: String,
    /// Its cells in order.
    pub cells: Vec<CellPart>,
}

/// An earlier version of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EarlierFormPart {
    /// Its id.
    pub form: String,
    /// Its version.
    pub version: u32,
    /// The file as it was written, TOML.
    pub text: String,
}

/// A cell of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellPart {
    /// The path.
    pub path: String,
    /// The heading that it stands under.
    pub group: String,
    /// The label.
    pub label: String,
    /// What an answer must be ("decimal").
    #[serde(rename = "type")]
    pub kind: String,
    /// The unit in which it is typed.
    pub unit: Option<String>,
}

/// A study.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudyPart {
    /// The identity.
    pub id: StudyId,
    /// The label.
    pub label: String,
    /// The version of the form that it is on.
    pub form_version: u32,
    /// "blocked", "drafting", "comparable" or "agreed".
    pub status: &'static str,
    /// The records of its reports.
    pub reports: Vec<ReportPart>,
    /// How many drafts are handed in; also those that are not shown.
    pub submitted: usize,
    /// How many are needed.
    pub required: usize,
    /// The drafts that may be seen.
    pub drafts: Vec<DraftPart>,
    /// What was decided where drafts differ.
    pub decisions: Vec<DecisionPart>,
    /// The values that count, once all drafts are in.
    pub agreed: Vec<AgreedPart>,
    /// What follows from them.
    pub derived: Option<DerivedPart>,
    /// What looks wrong.
    pub warnings: Vec<WarningPart>,
}

/// A report of a study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportPart {
    /// The record, by its name.
    pub record: String,
    /// Its title.
    pub title: String,
    /// Its year.
    pub year: Option<i32>,
}

/// A draft of one extractor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DraftPart {
    /// The extractor.
    pub reviewer: String,
    /// Whether it is handed in.
    pub is_submitted: bool,
    /// Its values by path.
    pub values: Vec<ValuePart>,
}

/// What an extractor typed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValuePart {
    /// The cell.
    pub path: String,
    /// What was typed, untouched.
    pub raw: String,
    /// What it means; nothing where it does not fit its cell.
    pub value: Option<Meaning>,
    /// Why it does not fit.
    pub problem: Option<String>,
    /// Why it must be looked at again: the form asks otherwise since it was typed.
    pub stale: Option<String>,
    /// The record of the report that it stands in.
    pub report: Option<String>,
    /// The page or table.
    pub page: Option<String>,
    /// The words of the report.
    pub quote: Option<String>,
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "value")]
pub enum Meaning {
    /// A whole number.
    Integer(i64),
    /// A number, in the unit of its cell.
    Decimal(f64),
    /// A number in another unit, which cannot be turned into that of its cell.
    Measured {
        /// The number.
        number: f64,
        /// Its unit.
        unit: String,
    },
    /// Text.
    Text(String),
    /// One option.
    Choice(String),
    /// Several options.
    Multi(Vec<String>),
    /// Yes or no.
    Bool(bool),
    /// A date as far as it is known, ISO 8601.
    Date(String),
    /// The report does not say it.
    NotReported,
    /// The report does not say it clearly.
    Unclear,
}

impl From<&ParsedValue> for Meaning {
    fn from(value: &ParsedValue) -> Self {
        match value {
            ParsedValue::Integer(value) => Self::Integer(*value),
            ParsedValue::Decimal(value) => Self::Decimal(*value),
            ParsedValue::Measured { number, unit } => Self::Measured { number: *number, unit: unit.clone() },
            ParsedValue::Text(text) => Self::Text(text.clone()),
            ParsedValue::Choice(option) => Self::Choice(option.clone()),
            ParsedValue::Multi(options) => Self::Multi(options.clone()),
            ParsedValue::Bool(value) => Self::Bool(*value),
            ParsedValue::Date(date) => Self::Date(date.to_string()),
            ParsedValue::NotReported => Self::NotReported,
            ParsedValue::Unclear => Self::Unclear,
        }
    }
}

/// What was decided on a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionPart {
    /// The cell.
    pub path: String,
    /// "a", "b" or "other".
    pub choice: String,
    /// The value; nothing where the cell was left empty.
    pub raw: Option<String>,
    /// Who decided.
    pub reviewer: String,
    /// When, UTC.
    pub at: String,
    /// Why.
    pub why: String,
}

/// A value that counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgreedPart {
    /// The cell.
    pub path: String,
    /// The value as typed; nothing where the cell was left empty.
    pub raw: Option<String>,
    /// What it means.
    pub value: Option<Meaning>,
    /// "auto", "chosen_a", "chosen_b" or "other".
    pub how: String,
}

/// What follows from the agreed values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DerivedPart {
    /// The numbers that are pooled.
    pub numbers: Vec<NumberPart>,
    /// The steps in the order in which they were made.
    pub steps: Vec<StepPart>,
    /// Numbers that could not be derived, with the reason.
    pub refused: Vec<RefusedPart>,
    /// Why nothing of the study may be pooled.
    pub blocked: Option<String>,
    /// Whether both arms are the same people.
    pub is_paired: bool,
}

/// A number that is pooled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumberPart {
    /// The cell.
    pub path: String,
    /// The number, on the scale of the outcome.
    pub value: f64,
}

/// A step of a derivation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepPart {
    /// The cell whose number it gives.
    pub path: String,
    /// The number.
    pub value: f64,
    /// The formula in words.
    pub formula: &'static str,
    /// Where the formula is from.
    pub source: &'static str,
    /// What it was made from.
    pub inputs: Vec<NumberPart>,
    /// What is to be known about it.
    pub note: Option<String>,
}

/// A number that could not be derived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedPart {
    /// The cell.
    pub path: String,
    /// Why.
    pub why: String,
}

/// A warning on the numbers of a study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WarningPart {
    /// Whose numbers: "agreed", or the draft of the acting reviewer.
    pub of: &'static str,
    /// The rule ("V7").
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// The cell.
    pub path: String,
    /// What was found.
    pub message: String,
    /// Why it may stand, where somebody said so.
    pub dismissed: Option<String>,
}

/// A study left out of an analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOutPart {
    /// The analysis.
    pub analysis: String,
    /// The study.
    pub study: StudyId,
    /// Who decided.
    pub reviewer: String,
    /// Why.
    pub reason: String,
}

/// Two appraisals of risk of bias side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppraisalPart {
    /// The study.
    pub study: StudyId,
    /// The instrument.
    pub instrument: String,
    /// The result, outcome and time point; empty for the study as a whole.
    pub result: String,
    /// The people, first and second.
    pub people: [String; 2],
    /// The judgements.
    pub items: Vec<JudgementPart>,
}

/// One judgement of both people, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JudgementPart {
    /// The domain, "overall", or a question of a checklist.
    pub item: String,
    /// The first person's.
    pub a: Option<String>,
    /// What supports it.
    pub a_support: Option<String>,
    /// The second person's.
    pub b: Option<String>,
    /// What supports it.
    pub b_support: Option<String>,
    /// What is agreed.
    pub agreed: Option<String>,
    /// Who settled it and why.
    pub settled: Option<String>,
}
