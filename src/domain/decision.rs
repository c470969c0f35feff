//! Judgements of people: votes, their retraction, and the settling of conflicts.

use serde::{Deserialize, Serialize};

use super::ids::{RecordId, ReviewerId};

/// The two stages of screening.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter,
)]
pub enum Stage {
    /// Title and abstract.
    #[serde(rename = "ta")]
    #[strum(serialize = "ta")]
    TitleAbstract,
    /// Full text.
    #[serde(rename = "ft")]
    #[strum(serialize = "ft")]
    FullText,
}

impl Stage {
    /// Returns the stage in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::TitleAbstract => "title/abstract",
            Self::FullText => "full text",
        }
    }
}

/// What a vote or a resolution says.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// Goes on.
    Include,
    /// Cannot tell from title and abstract; title/abstract only.
    Maybe,
    /// Does not go on.
    Exclude,
    /// An ongoing study; full text only; no exclusion.
    Ongoing,
    /// Awaiting classification; full text only; no exclusion.
    Awaiting,
}

impl Verdict {
    /// Tells whether the verdict can be given at a stage.
    pub fn fits(self, stage: Stage) -> bool {
        match self {
            Self::Include | Self::Exclude => true,
            Self::Maybe => stage == Stage::TitleAbstract,
            Self::Ongoing | Self::Awaiting => stage == Stage::FullText,
        }
    }
}

/// One judgement of one reviewer on one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The stage.
    pub stage: Stage,
    /// The record that was shown (the primary of its group at the time).
    pub record: RecordId,
    /// Who judged.
    pub reviewer: ReviewerId,
    /// The judgement.
    pub verdict: Verdict,
    /// The code of the exclusion reason; always given for an exclusion at full text.
    pub reason: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// How long the record was on screen, in milliseconds, where that is known.
    pub milliseconds: Option<u32>,
    /// Whether the vote was cast before any other vote on the unit could be seen. Only such votes enter agreement statistics.
    pub is_independent: bool,
}

/// One person's part in the settling of a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The stage.
    pub stage: Stage,
    /// The unit.
    pub record: RecordId,
    /// Who confirms.
    pub reviewer: ReviewerId,
    /// The verdict.
    pub verdict: Verdict,
    /// The code of the exclusion reason; always given for an exclusion at full text.
    pub reason: Option<String>,
    /// Why.
    pub rationale: String,
}
