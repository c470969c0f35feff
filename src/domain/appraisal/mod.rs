//! Risk of bias: instruments as data, one interpreter, and what people lay down with them.
//!
//! An instrument is a file: domains, questions with the answers that they take, when a question is asked, and a table of decisions in
//! which the first row that holds wins. [`Instrument::propose`] reads the table with what is answered so far; where a row hangs on a
//! question that is asked and not answered, the proposal is [`Proposal::Incomplete`], never a judgement. People may judge otherwise than
//! the table proposes: both are kept.

mod condition;
mod instrument;
mod rows;

pub use condition::Condition;
pub use instrument::{AppraisalUnit, BiasDomain, Decision, Instrument, InstrumentProblem, Judgement, Overall, Question};
pub use rows::{AgreedJudgement, AppraisalAnswer, AppraisalSubmission, Appraised};

use std::collections::BTreeMap;

/// What a table of decisions says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposal<'a> {
    /// This judgement.
    Judged(&'a Judgement),
    /// A question that decides is not answered yet: its id.
    Incomplete(&'a str),
    /// The instrument proposes nothing here: people judge by themselves.
    None,
}

/// The answers of one appraisal, by question; as the instrument spells them.
pub type Responses = BTreeMap<String, String>;

impl Instrument {
    /// Returns whether a question is asked, given the answers so far; `None` where that hangs on one not given yet.
    pub fn is_asked(&self, question: &Question, responses: &Responses) -> Option<bool> {
        if question.asked_if.is_empty() {
            return Some(true);
        }
        let mut is_open = false;
        for condition in &question.asked_if {
            match self.judge(condition, responses) {
                Ok(true) => return Some(true),
                Ok(false) => {}
                Err(_) => is_open = true,
            }
        }
        if is_open { None } else { Some(false) }
    }

    /// Returns what the table proposes for a domain.
    ///
    /// Each part of a domain is a table of its own; the worst of them counts.
    pub fn propose<'a>(&'a self, domain: &'a BiasDomain, responses: &Responses) -> Proposal<'a> {
        let mut worst: Option<&Judgement> = None;
        for part in &domain.parts {
            match self.read(part, responses) {
                Proposal::Judged(judgement) => worst = Some(worst.map_or(judgement, |known| self.worse(known, judgement))),
                other => return other,
            }
        }
        worst.map_or(Proposal::None, Proposal::Judged)
    }

    fn read<'a>(&'a self, table: &'a [Decision], responses: &Responses) -> Proposal<'a> {
        for row in table {
            match self.judge(&row.when, responses) {
                Ok(true) => return self.judgement(&row.judgement).map_or(Proposal::None, Proposal::Judged),
                Ok(false) => {}
                Err(question) => return Proposal::Incomplete(question),
            }
        }
        Proposal::None
    }

    /// Tells whether all parts of a condition hold; the error names a question that is asked and not answered.
    fn judge<'a>(&'a self, condition: &'a Condition, responses: &Responses) -> Result<bool, &'a str> {
        let mut open = None;
        for (id, wanted) in condition.parts() {
            let given = match (responses.get(id), self.question(id)) {
                (Some(answer), Some(question)) if self.is_asked(question, responses) == Some(true) => answer.as_str(),
                (_, Some(question)) => match self.is_asked(question, responses) {
                    // A question that is not asked counts as not applicable.
                    Some(false) => condition::NOT_APPLICABLE,
                    _ => {
                        open.get_or_insert(id);
                        continue;
                    }
                },
                (_, None) => return Ok(false),
            };
            if !condition::accepts(wanted, given) {
                return Ok(false);
            }
        }
        open.map_or(Ok(true), Err)
    }

    /// Returns the overall judgement that follows from those of all domains that count; incomplete where one is missing.
    pub fn overall<'a>(&'a self, judged: &BTreeMap<String, String>) -> Proposal<'a> {
        match self.overall {
            Overall::None | Overall::Stars => Proposal::None,
            Overall::Worst => {
                let mut worst: Option<&Judgement> = None;
                for domain in self.domains.iter().filter(|domain| domain.counts) {
                    let Some(judgement) = judged.get(&domain.id).and_then(|id| self.judgement(id)) else {
                        return Proposal::Incomplete(&domain.id);
                    };
                    worst = Some(worst.map_or(judgement, |known| self.worse(known, judgement)));
                }
                worst.map_or(Proposal::None, Proposal::Judged)
            }
        }
    }

    /// Returns how many stars the answers give, and how many there are to give; `None` where the instrument has no stars.
    pub fn stars(&self, responses: &Responses) -> Option<(u32, u32)> {
        if self.overall != Overall::Stars {
            return None;
        }
        let questions = self.domains.iter().flat_map(|domain| &domain.questions);
        let mut sum = (0, 0);
        for question in questions {
            let of = |answer: &str| answer.matches('*').count() as u32;
            sum.0 += responses.get(&question.id).map_or(0, |answer| of(answer));
            sum.1 += question.answers.iter().map(|answer| of(answer)).max().unwrap_or(0);
        }
        Some(sum)
    }

    fn worse<'a>(&self, a: &'a Judgement, b: &'a Judgement) -> &'a Judgement {
        if b.rank > a.rank { b } else { a }
    }
}
