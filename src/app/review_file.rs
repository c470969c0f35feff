//! The set-up of a review as one TOML file: question, people, criteria, words, exclusion reasons, policy, sources.
//!
//! `tamis setup load` reads it, and the worked example is made from one. Every part may be left out.

use serde::Deserialize;

use crate::domain::decision::Stage;
use crate::domain::ids::ReviewerId;
use crate::domain::policy::{MaybeRule, Policy, ReasonTie, Resolver};
use crate::domain::review::{Criterion, ExclusionReason, HighlightWord, ReviewInfo, Role, Side, WordList};
use crate::domain::source::SourceKind;

use super::error::{Error, Result};
use super::request::Request;
use super::workspace::Workspace;

/// The content of a set-up file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewFile {
    /// The title.
    pub title: Option<String>,
    /// The question.
    pub question: Option<Question>,
    /// People who vote and extract; the first leads.
    pub reviewer: Vec<Person>,
    /// People who settle conflicts.
    pub adjudicator: Vec<Person>,
    /// Eligibility criteria.
    pub criteria: Option<Sides>,
    /// Words to highlight.
    pub highlight: Option<Words>,
    /// Exclusion reasons in order.
    pub exclusion_reason: Vec<ExclusionReason>,
    /// Policies of stages.
    pub policy: Vec<PolicyFile>,
    /// Sources with the searches run there.
    pub source: Vec<SourceFile>,
}

/// The question (PICO with designs).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Population.
    pub population: String,
    /// Intervention.
    pub intervention: String,
    /// Comparator.
    pub comparator: String,
    /// Outcomes.
    pub outcomes: Lines,
    /// Eligible study designs.
    pub designs: Lines,
}

/// A text, or a list of texts that are joined by semicolons.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Lines {
    /// One text.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Default for Lines {
    fn default() -> Self {
        Self::One(String::new())
    }
}

impl Lines {
    fn joined(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Many(texts) => texts.join("; "),
        }
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The short name.
    pub id: String,
    /// The full name.
    #[serde(default)]
    pub name: String,
}

/// Texts for and against inclusion.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sides {
    /// For.
    pub include: Vec<String>,
    /// Against.
    pub exclude: Vec<String>,
}

/// The words to highlight, list by list.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Words {
    /// Those that speak for a record.
    pub include: Vec<String>,
    /// Those that speak against it.
    pub exclude: Vec<String>,
    /// Those of the population.
    pub population: Vec<String>,
    /// Those of the intervention.
    pub intervention: Vec<String>,
    /// Those of the comparison.
    pub comparison: Vec<String>,
    /// Those of the outcomes.
    pub outcome: Vec<String>,
}

impl Words {
    fn entries(&self) -> Vec<HighlightWord> {
        let lists = [
            (WordList::Include, &self.include),
            (WordList::Exclude, &self.exclude),
            (WordList::Population, &self.population),
            (WordList::Intervention, &self.intervention),
            (WordList::Comparison, &self.comparison),
            (WordList::Outcome, &self.outcome),
        ];
        lists.into_iter().flat_map(|(list, texts)| texts.iter().map(move |text| HighlightWord { list, text: text.clone() })).collect()
    }
}

/// The policy of a stage; what is left out stays as usual.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyFile {
    /// The stage, "ta" or "ft".
    pub stage: Stage,
    /// Votes needed.
    pub votes: Option<u8>,
    /// What a maybe counts as.
    pub maybe: Option<MaybeRule>,
    /// What differing reasons give.
    pub tie: Option<ReasonTie>,
    /// Who settles conflicts.
    pub resolver: Option<Resolver>,
    /// Whether votes are shown in a conflict.
    pub shows_votes: Option<bool>,
}

/// A source with the search run there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// The name.
    pub name: String,
    /// The kind.
    pub kind: SourceKind,
    /// The platform.
    pub platform: Option<String>,
    /// The export that belongs to it.
    pub file: Option<String>,
    /// The date of the search.
    pub date: Option<String>,
    /// The strategy.
    pub strategy: Option<String>,
    /// The hits that the source reported.
    pub hits: Option<u32>,
}

impl ReviewFile {
    /// Reads a set-up file.
    ///
    /// # Errors
    /// [`Error`] that names file, line and key.
    pub fn parse(text: &str, file_name: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            Error::user(format!("{file_name}, line {line}: {}", error.message())).hint("nothing was changed")
        })
    }

    /// Returns title and question, over those that stand.
    pub fn info(&self, standing: ReviewInfo) -> ReviewInfo {
        let question = self.question.clone().map(|question| ReviewInfo {
            title: standing.title.clone(),
            population: question.population,
            intervention: question.intervention,
            comparator: question.comparator,
            outcomes: question.outcomes.joined(),
            designs: question.designs.joined(),
        });
        let mut info = question.unwrap_or(standing);
        if let Some(title) = &self.title {
            info.title.clone_from(title);
        }
        info
    }

    /// Returns the requests that bring a review to what the file says, in order. People who are in the review already are left as they
    /// are.
    pub fn requests(&self, workspace: &Workspace) -> Vec<Request> {
        let mut requests = Vec::new();
        let info = self.info(workspace.review_info());
        if info != workspace.review_info() {
            requests.push(Request::SetReview(info));
        }
        let known: Vec<String> = workspace.people().into_iter().map(|person| person.id).collect();
        let people = self
            .reviewer
            .iter()
            .map(|person| (person, Role::Reviewer))
            .chain(self.adjudicator.iter().map(|person| (person, Role::Adjudicator)));
        for (person, role) in people.filter(|(person, _)| !known.contains(&person.id)) {
            requests.push(Request::SetReviewer {
                id: ReviewerId::from(person.id.as_str()),
                name: person.name.clone(),
                roles: vec![role],
                is_active: true,
            });
        }
        if let Some(criteria) = &self.criteria {
            let both = sides(criteria, |side, text| Criterion { side, text });
            if both != workspace.criteria() {
                requests.push(Request::SetCriteria(both));
            }
        }
        if !self.exclusion_reason.is_empty() && self.exclusion_reason != workspace.reasons() {
            requests.push(Request::SetReasons(self.exclusion_reason.clone()));
        }
        if let Some(words) = &self.highlight {
            let lists = words.entries();
            if lists != workspace.words() {
                requests.push(Request::SetWords(lists));
            }
        }
        for policy in &self.policy {
            let wanted = policy.over(workspace.policy(policy.stage));
            if wanted != workspace.policy(policy.stage) {
                requests.push(Request::SetPolicy(wanted));
            }
        }
        let sources: Vec<String> = workspace.sources().into_iter().map(|view| view.source.name).collect();
        for source in self.source.iter().filter(|source| !sources.contains(&source.name)) {
            requests.push(Request::AddSource { name: source.name.clone(), kind: source.kind, platform: source.platform.clone() });
        }
        requests
    }
}

impl PolicyFile {
    fn over(&self, standing: Policy) -> Policy {
        Policy {
            stage: self.stage,
            required_votes: self.votes.unwrap_or(standing.required_votes),
            maybe: self.maybe.unwrap_or(standing.maybe),
            reason_tie: self.tie.unwrap_or(standing.reason_tie),
            resolver: self.resolver.unwrap_or(standing.resolver),
            shows_votes_in_conflict: self.shows_votes.unwrap_or(standing.shows_votes_in_conflict),
        }
    }
}

fn sides<T>(both: &Sides, make: impl Fn(Side, String) -> T) -> Vec<T> {
    let of = |side: Side, texts: &[String]| texts.iter().map(|text| make(side, text.clone())).collect::<Vec<T>>();
    let mut all = of(Side::Include, &both.include);
    all.extend(of(Side::Exclude, &both.exclude));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_examples_file_is_read_whole() {
        let file = ReviewFile::parse(include_str!("../../examples/ketamine/review.toml"), "review.toml").expect("reads");
        assert_eq!(file.reviewer.len(), 2);
        assert!(file.exclusion_reason.len() >= 5);
        assert!(file.source.iter().all(|source| source.file.is_some()));
        assert!(file.info(ReviewInfo::default()).outcomes.contains("; "));
    }

    #[test]
    fn a_mistake_names_file_and_line() {
        let error = ReviewFile::parse("title = \"x\"\n\n[[reviewer]]\nid = 3\n", "setup.toml").expect_err("a number is no id");
        assert!(error.message.starts_with("setup.toml, line 4:"), "{}", error.message);
        let error = ReviewFile::parse("titel = \"x\"", "setup.toml").expect_err("a misspelt key");
        assert!(error.message.contains("titel"), "{}", error.message);
    }
}
