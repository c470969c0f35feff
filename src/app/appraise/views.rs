//! What of risk of bias is shown: the list, one's own appraisal, two side by side.

use serde::Serialize;

use crate::domain::appraisal::Appraised;

/// One appraisal that the form plans: a study, perhaps a result of it, and an instrument.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AppraisalLine {
    /// What is appraised.
    #[serde(flatten)]
    pub of: Appraised,
    /// The label of the study.
    pub label: String,
    /// The result in words; empty for the study as a whole.
    pub result_label: String,
    /// The name of the instrument.
    pub title: String,
    /// How many people have handed in theirs.
    pub submitted: usize,
    /// How many must.
    pub required: usize,
    /// Whether the acting reviewer has handed in.
    pub is_mine_submitted: bool,
    /// How many answers the acting reviewer has given.
    pub my_answers: usize,
    /// Judgements on which people differ and which nobody has settled; 0 before all are in.
    pub open: usize,
    /// The overall judgement agreed upon, in words; stars where the instrument counts stars.
    pub overall: Option<String>,
}

/// A question with the acting reviewer's answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionView {
    /// The number.
    pub id: String,
    /// What it asks.
    pub text: String,
    /// The answers to choose from.
    pub answers: Vec<String>,
    /// Whether it is asked; `None` where that hangs on an answer not given yet.
    pub is_asked: Option<bool>,
    /// The answer.
    pub answer: Option<String>,
    /// The words that support it.
    pub support: Option<String>,
    /// The page.
    pub page: Option<String>,
}

/// A judgement as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JudgementView {
    /// The id ("high").
    pub id: String,
    /// The words ("High risk").
    pub label: String,
    /// The sign in figures and terminals.
    pub sign: char,
}

/// A domain, or the whole, with what is proposed and what the acting reviewer judges.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DomainView {
    /// The id ("d1"), or "overall".
    pub id: String,
    /// What it is about.
    pub title: String,
    /// The questions.
    pub questions: Vec<QuestionView>,
    /// What the instrument's table proposes.
    pub proposed: Option<JudgementView>,
    /// The question that the proposal waits for.
    pub waits_for: Option<String>,
    /// What counts: the own judgement, or else what is proposed.
    pub judged: Option<JudgementView>,
    /// Whether the own judgement is another than the proposed one.
    pub is_overridden: bool,
    /// The words that support an own judgement.
    pub support: Option<String>,
}

/// The acting reviewer's appraisal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AppraisalView {
    /// Where it stands.
    #[serde(flatten)]
    pub line: AppraisalLine,
    /// The reviewer.
    pub reviewer: String,
    /// The judgements of the instrument, least biased first.
    pub judgements: Vec<JudgementView>,
    /// The domains, and the whole behind them where the instrument has an overall judgement.
    pub domains: Vec<DomainView>,
    /// Stars given and stars to give.
    pub stars: Option<(u32, u32)>,
}

/// One judgement of two people side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedJudgement {
    /// The domain, "overall", or a question of a checklist.
    pub item: String,
    /// What it is about.
    pub title: String,
    /// The first person's, in words.
    pub a: Option<String>,
    /// The words that support it.
    pub a_support: Option<String>,
    /// The second person's, in words.
    pub b: Option<String>,
    /// The words that support it.
    pub b_support: Option<String>,
    /// What is agreed, in words.
    pub agreed: Option<String>,
    /// The id of what is agreed.
    pub agreed_id: Option<String>,
    /// Who settled it and why, where a person did.
    pub settled: Option<String>,
}

/// Two appraisals side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AppraisalComparison {
    /// Where it stands.
    #[serde(flatten)]
    pub line: AppraisalLine,
    /// The first person.
    pub a: String,
    /// The second person.
    pub b: String,
    /// The judgements.
    pub items: Vec<ComparedJudgement>,
}
