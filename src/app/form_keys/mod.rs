//! Every key that a form file may have: what it is, what it takes, and what counts where it is left out.
//!
//! One table for the reader of files, which warns about other keys, and for the designer on the screen, which sets these. A test
//! compares it with the structures that are read, so that neither can have a key that the other does not know.

mod choices;
mod table;

pub use choices::{Choice, Source};
pub use table::keys;

/// A kind of table of a form file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Part {
    /// The form itself.
    Form,
    /// An arm of the review.
    Arm,
    /// A field of the study or of each arm.
    Field,
    /// The condition under which a field is asked, the value of its `show_if`.
    Condition,
    /// An outcome.
    Outcome,
    /// A time point of an outcome.
    Timepoint,
    /// An analysis.
    Analysis,
    /// A planned appraisal of risk of bias.
    Appraisal,
    /// How much a check of numbers matters.
    Validation,
}

impl Part {
    /// The parts that a person adds, in the order in which they are offered.
    pub const ADDED: [Self; 7] =
        [Self::Field, Self::Arm, Self::Outcome, Self::Timepoint, Self::Analysis, Self::Appraisal, Self::Validation];

    /// Returns what the part is called.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Arm => "arm",
            Self::Field => "field",
            Self::Condition => "condition",
            Self::Outcome => "outcome",
            Self::Timepoint => "time point",
            Self::Analysis => "analysis",
            Self::Appraisal => "appraisal",
            Self::Validation => "check of numbers",
        }
    }

    /// Returns the names under which a form lists these parts; entries are counted through in this order, and the first is written
    /// where there is none yet. Empty for what is no list of the form.
    pub fn lists(self) -> &'static [&'static str] {
        match self {
            Self::Form | Self::Condition | Self::Timepoint => &[],
            Self::Arm => &["arm", "arms"],
            Self::Field => &["fields", "field"],
            Self::Outcome => &["outcome", "outcomes"],
            Self::Analysis => &["analysis", "analyses"],
            Self::Appraisal => &["appraisal", "appraisals"],
            Self::Validation => &["validate"],
        }
    }

    /// Returns the name of the table of a new entry where the form has no list yet (`[[field]]`).
    pub fn heading(self) -> &'static str {
        if self == Self::Field { "field" } else { self.lists().first().copied().unwrap_or_default() }
    }

    /// Returns the part that a form lists under this name.
    pub fn listed_as(name: &str) -> Option<Self> {
        use strum::IntoEnumIterator;
        Self::iter().find(|part| part.lists().contains(&name))
    }

    /// Returns the key with this name.
    pub fn key(self, name: &str) -> Option<&'static FormKey> {
        keys(self).iter().find(|key| key.name == name)
    }
}

/// A key of a form file.
#[derive(Debug, PartialEq, Eq)]
pub struct FormKey {
    /// Its name in the file.
    pub name: &'static str,
    /// What it takes.
    pub kind: KeyKind,
    /// Whether the file has to have it.
    pub is_needed: bool,
    /// What it says, in a sentence.
    pub about: &'static str,
    /// What counts where it is left out, as a phrase; empty where it has to be there.
    pub without: &'static str,
    /// Keys that have to fit it, so that they are asked for together with it.
    pub with: &'static [&'static str],
    /// Whether a new entry is asked for it.
    pub is_first: bool,
}

/// What a key takes, and how a person types it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// An id, which stays for ever once values were typed.
    Id,
    /// A line of text.
    Text,
    /// A longer text.
    Prose,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// One of a few words, each with what it means.
    Choice(&'static [(&'static str, &'static str)]),
    /// One of what the form or the program has.
    One(Source),
    /// Several of them, divided by semicolons or commas.
    Many(Source),
    /// One arm or several, divided by semicolons or commas.
    Side,
    /// Several texts, divided by semicolons.
    Texts,
    /// Several numbers, divided by semicolons, commas or spaces.
    Numbers,
    /// Time points as `id: label`, divided by semicolons.
    Points,
    /// A field and its answers, as in `design: crossover; cluster`.
    Condition,
}

impl KeyKind {
    /// Says how it is typed; empty where that goes without saying.
    pub fn words(self) -> &'static str {
        match self {
            Self::Id => "a-z, 0-9, _ and -",
            Self::Text | Self::Prose | Self::Choice(_) | Self::One(_) => "",
            Self::Whole => "a whole number",
            Self::Number => "a number",
            Self::Flag => "yes or no",
            Self::Many(_) => "divided by commas",
            Self::Side => "an arm, or several divided by commas",
            Self::Texts => "divided by semicolons",
            Self::Numbers => "numbers divided by commas",
            Self::Points => "as in end: End of treatment; late: 6 months",
            Self::Condition => "as in design: crossover; cluster",
        }
    }
}

#[cfg(test)]
mod tests;
