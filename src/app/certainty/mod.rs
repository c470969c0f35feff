//! Certainty of the evidence: people rate pooled results by GRADE, the program computes what follows and says what speaks for a rating.
//!
//! Map: this file takes the ratings; `findings` makes the rows of the summary of findings, `numbers` their absolute effects, and
//! `suggest` says what in the numbers speaks for rating down or up, `table` writes the table. A suggestion never rates.

mod findings;
mod numbers;
mod suggest;
mod table;
#[cfg(test)]
mod tests;

pub use findings::{FindingView, Findings, MOST_FINDINGS, RatedView, SuggestionView};
pub(in crate::app) use numbers::effect;
pub use numbers::{AbsoluteView, BaselineView, EffectView};

use crate::domain::appraisal::{AgreedJudgement, Appraised};
use crate::domain::certainty::{CertaintyItem, GRADE, Rating};
use crate::domain::ids::StudyId;
use crate::domain::operation::{OpKind, Row};

use super::error::{Error, Result};
use super::request::Reply;
use super::workspace::{Change, Workspace, nothing};

/// What stands for an explanation where a rating needs none.
const NO_REASON: &str = "-";

/// Returns what ratings of an analysis are kept under: no study, the analysis, and the name of the scheme.
fn rated(analysis: &str) -> Appraised {
    Appraised { study: StudyId::from(""), result: analysis.to_owned(), instrument: GRADE.to_owned() }
}

impl Workspace {
    /// Returns the rating of an item as it stands, with who gave it and why.
    pub(super) fn rating_of(&self, analysis: &str, item: CertaintyItem) -> Option<&AgreedJudgement> {
        self.state.agreed_judgement(&rated(analysis), &item.to_string()).map(|(_, row)| row).filter(|row| !row.judgement.is_empty())
    }

    /// Rates an item of an analysis; an empty rating takes it away. What moves the certainty needs an explanation.
    pub(super) fn rate(&mut self, analysis: &str, item: CertaintyItem, rating: &str, explanation: &str) -> Result<Reply> {
        let me = self.acting()?;
        let form = self.form()?;
        if !form.analyses.iter().any(|spec| spec.id == analysis) {
            self.analysis(analysis)?;
        }
        let (judgement, moves) = read_rating(item, rating)?;
        let explanation = explanation.trim();
        if moves && explanation.is_empty() {
            return Err(Error::user(format!("rating {} as {rating} needs an explanation", item.label()))
                .hint("readers of the table see it as a footnote: add --why \"...\""));
        }
        let rationale = if explanation.is_empty() { NO_REASON.to_owned() } else { explanation.to_owned() };
        let row = AgreedJudgement { of: rated(analysis), item: item.to_string(), judgement, reviewer: me, rationale };
        let known = self.state.agreed_judgement(&row.of, &row.item).map(|(_, known)| known);
        let is_same = known.map_or(row.judgement.is_empty(), |known| {
            (&known.judgement, &known.rationale) == (&row.judgement, &row.rationale)
                || (known.judgement.is_empty() && row.judgement.is_empty())
        });
        if is_same {
            return Ok(nothing("it is rated that way already"));
        }
        let what = if row.judgement.is_empty() { "took back" } else { "rated" };
        let what = format!("{what} {} of analysis {analysis}", item.label());
        self.transact(Change::new(OpKind::Appraise, what, vec![Row::AgreedJudgement(row)]))
    }
}

/// Returns what is stored for a rating, and whether it moves the certainty or the numbers, which needs an explanation.
fn read_rating(item: CertaintyItem, rating: &str) -> Result<(String, bool)> {
    let rating = rating.trim();
    if rating.is_empty() {
        return Ok((String::new(), false));
    }
    match item {
        CertaintyItem::Comment => Ok((rating.to_owned(), false)),
        CertaintyItem::BaselineRisk => match rating.parse::<f64>() {
            Ok(risk) if (0.0..=1000.0).contains(&risk) => Ok((risk.to_string(), true)),
            _ => Err(Error::user(format!("\"{rating}\" is no comparator risk")).hint("give a number of people of 1000, 0 to 1000")),
        },
        _ => item.rating(rating).map(|known| (known.id.to_owned(), known.levels != 0)).ok_or_else(|| {
            let known: Vec<&str> = item.ratings().iter().map(|known: &Rating| known.id).collect();
            Error::user(format!("\"{rating}\" is no rating of {}", item.label())).hint(format!("the ratings are {}", known.join(", ")))
        }),
    }
}
