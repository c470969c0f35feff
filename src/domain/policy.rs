//! How votes become decisions. A policy is a setting with a history, and a change of it never moves a record by itself:
//! every status is computed anew from the votes that stand.

use serde::{Deserialize, Serialize};

use super::decision::Stage;

/// What a "maybe" counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MaybeRule {
    /// As an include: the record goes on to full text.
    Include,
    /// As a conflict, always: somebody has to decide.
    Conflict,
}

/// What happens when all exclude at full text, for different reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReasonTie {
    /// A conflict on the reason.
    Conflict,
    /// The reason that stands first in the ordered list counts.
    Priority,
}

/// Who settles a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Resolver {
    /// All who voted confirm the same verdict.
    Consensus,
    /// A third person, who has not voted on the record.
    Third,
    /// Any member of the team.
    Any,
}

/// The rules of one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The stage that the rules are for.
    pub stage: Stage,
    /// How many votes a record needs before it has a status, at least one.
    pub required_votes: u8,
    /// What a maybe counts as.
    pub maybe: MaybeRule,
    /// What differing exclusion reasons give.
    pub reason_tie: ReasonTie,
    /// Who settles conflicts.
    pub resolver: Resolver,
    /// Whether the conflict view shows who voted how, or only that there is a conflict.
    pub shows_votes_in_conflict: bool,
}

impl Policy {
    /// Returns the usual rules: two votes, maybe counts as include, differing reasons are a conflict, settled by the two
    /// who voted or, where the team has one, by the adjudicator.
    pub fn usual(stage: Stage, has_adjudicator: bool) -> Self {
        Self {
            stage,
            required_votes: 2,
            maybe: MaybeRule::Include,
            reason_tie: ReasonTie::Conflict,
            resolver: if has_adjudicator { Resolver::Third } else { Resolver::Consensus },
            shows_votes_in_conflict: true,
        }
    }
}
