//! An instrument for risk of bias, as a file describes it.

use std::collections::HashSet;

use serde::Deserialize;

use super::condition::Condition;

/// An instrument: RoB 2, ROBINS-I, QUADAS-2, and such.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Instrument {
    /// The id, `[a-z0-9_-]+`.
    pub id: String,
    /// The name that readers know.
    pub title: String,
    /// Which edition the file follows.
    pub edition: String,
    /// Where the instrument is published.
    pub source: String,
    /// What is appraised.
    pub unit: AppraisalUnit,
    /// The judgements, least biased first.
    #[serde(rename = "judgement")]
    pub judgements: Vec<Judgement>,
    /// The domains, in order.
    #[serde(rename = "domain")]
    pub domains: Vec<BiasDomain>,
    /// How an overall judgement follows.
    #[serde(default)]
    pub overall: Overall,
}

/// What an instrument appraises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, strum::Display)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum AppraisalUnit {
    /// A study as a whole.
    Study,
    /// One result of a study: an outcome at a time point.
    Result,
}

/// One judgement that a domain can get.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Judgement {
    /// The id ("high").
    pub id: String,
    /// The words ("High risk").
    pub label: String,
    /// The sign in figures and terminals: + low, - some, x high, ! critical, ? no information.
    pub sign: char,
    /// How bad it is; of two, the higher one counts.
    pub rank: u8,
}

/// One domain of bias.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct BiasDomain {
    /// The id ("d1").
    pub id: String,
    /// What it is about, in our words.
    pub title: String,
    /// Whether it counts towards the overall judgement (concerns about applicability do not).
    #[serde(default = "yes")]
    pub counts: bool,
    /// The questions, in order; none where people judge at once.
    #[serde(default, rename = "question")]
    pub questions: Vec<Question>,
    /// The tables of decisions, each read from the top; none where the instrument proposes nothing.
    #[serde(default)]
    pub parts: Vec<Vec<Decision>>,
}

fn yes() -> bool {
    true
}

/// A question of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Question {
    /// The number ("1.2").
    pub id: String,
    /// What it asks, in our words; the wording of the instrument itself is its authors'.
    pub text: String,
    /// The answers to choose from.
    pub answers: Vec<String>,
    /// When it is asked: one of these conditions is enough; always where there is none.
    #[serde(default)]
    pub asked_if: Vec<Condition>,
}

/// A row of a table of decisions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Decision {
    /// When it holds; a row without conditions always does.
    #[serde(default)]
    pub when: Condition,
    /// The id of the judgement.
    pub judgement: String,
}

/// How an overall judgement follows from those of the domains.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Overall {
    /// It is that of the worst domain.
    Worst,
    /// Stars are counted; there is no judgement in words.
    Stars,
    /// There is none.
    #[default]
    None,
}

/// What is wrong with a file of an instrument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct InstrumentProblem {
    /// The domain, question or judgement.
    pub place: String,
    /// What was found and what is expected.
    pub message: String,
}

impl Instrument {
    /// Returns the question with this number.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.domains.iter().flat_map(|domain| &domain.questions).find(|question| question.id == id)
    }

    /// Returns the judgement with this id.
    pub fn judgement(&self, id: &str) -> Option<&Judgement> {
        self.judgements.iter().find(|judgement| judgement.id == id)
    }

    /// Returns the domain with this id.
    pub fn domain(&self, id: &str) -> Option<&BiasDomain> {
        self.domains.iter().find(|domain| domain.id == id)
    }

    /// Returns everything that is wrong with the instrument: ids used twice, references to nothing, questions that wait for later ones.
    pub fn check(&self) -> Vec<InstrumentProblem> {
        let mut problems = Vec::new();
        let mut add = |place: &str, message: String| problems.push(InstrumentProblem { place: place.to_owned(), message });
        let mut ids = HashSet::new();
        for id in self.judgements.iter().map(|j| &j.id).chain(self.domains.iter().map(|d| &d.id)) {
            if !ids.insert(id.clone()) {
                add(id, "the id stands here twice".to_owned());
            }
        }
        if self.judgements.is_empty() && self.overall != Overall::Stars {
            add(&self.id, "there is no judgement to give".to_owned());
        }
        let mut before: HashSet<&str> = HashSet::new();
        for question in self.domains.iter().flat_map(|domain| &domain.questions) {
            if question.answers.is_empty() {
                add(&question.id, "there is no answer to choose".to_owned());
            }
            for (other, _) in question.asked_if.iter().flat_map(Condition::parts) {
                if !before.contains(other) {
                    add(&question.id, format!("it waits for question {other}, which does not come before it"));
                }
            }
            if !before.insert(&question.id) {
                add(&question.id, "the question stands here twice".to_owned());
            }
        }
        for domain in &self.domains {
            for row in domain.parts.iter().flatten() {
                if self.judgement(&row.judgement).is_none() {
                    add(&domain.id, format!("there is no judgement {}", row.judgement));
                }
                for (id, _) in row.when.parts() {
                    if !domain.questions.iter().any(|question| question.id == id) {
                        add(&domain.id, format!("the domain has no question {id}"));
                    }
                }
            }
        }
        problems
    }
}
