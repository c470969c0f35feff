//! Setting up the review: title and question, people, criteria, reasons, words, policy.

use std::path::Path;

use crate::domain::decision::Stage;
use crate::domain::highlight::{is_same_word, tidy_words};
use crate::domain::ids::ReviewerId;
use crate::domain::operation::{OpKind, Row};
use crate::domain::policy::{Policy, Resolver};
use crate::domain::review::{self, Criterion, ExclusionReason, HighlightWord, ReviewInfo, Reviewer, Role};
use crate::domain::screening::Status;
use crate::domain::text::counted;
use crate::store::Place;

use super::environment::Environment;
use super::error::{Error, Result};
use super::request::Reply;
use super::workspace::{Change, Workspace};

/// What a new review begins with.
#[derive(Debug, Clone, Default)]
pub struct NewReview {
    /// Title and question.
    pub info: ReviewInfo,
    /// People who vote and extract, as (short name, full name); the first also leads.
    pub reviewers: Vec<(String, String)>,
    /// A person who settles conflicts, as (short name, full name).
    pub adjudicator: Option<(String, String)>,
    /// Whether the file will live on a host on which several people work at the same time.
    pub is_on_shared_host: bool,
}

impl Workspace {
    /// Creates a review file with its people and opens it; the first reviewer is acting.
    ///
    /// # Errors
    /// [`Error`] where nobody is named, a short name cannot be used or is given twice, or the file cannot be made.
    pub fn found(path: &Path, new: NewReview, environment: Environment) -> Result<Self> {
        let people = people_of(&new)?;
        if new.info.title.trim().is_empty() {
            return Err(Error::user("the review needs a title").hint("add --title \"...\""));
        }
        let place = if new.is_on_shared_host { Place::SharedHost } else { Place::Personal };
        let mut workspace = Self::create(path, place, environment)?;
        workspace.write_founding(new.info, people)?;
        Ok(workspace)
    }

    /// As [`Workspace::found`], in memory.
    ///
    /// # Errors
    /// As there.
    pub fn found_in_memory(new: NewReview, environment: Environment) -> Result<Self> {
        let people = people_of(&new)?;
        let mut workspace = Self::in_memory(environment)?;
        workspace.write_founding(new.info, people)?;
        Ok(workspace)
    }

    fn write_founding(&mut self, info: ReviewInfo, people: Vec<Reviewer>) -> Result<()> {
        let first = people[0].id.clone();
        let mut rows = vec![Row::Review(info.clone())];
        rows.extend(people.into_iter().map(Row::Reviewer));
        self.transact(Change::new(OpKind::Setup, format!("began the review \"{}\"", info.title), rows))?;
        self.act_as(&first)?;
        self.remember_reviewer();
        Ok(())
    }

    pub(super) fn set_review(&mut self, info: ReviewInfo) -> Result<Reply> {
        if info.title.trim().is_empty() {
            return Err(Error::user("the review needs a title"));
        }
        self.transact(Change::new(OpKind::Setup, "set title and question", vec![Row::Review(info)]))
    }

    pub(super) fn set_reviewer(&mut self, id: &ReviewerId, name: &str, mut roles: Vec<Role>, is_active: bool) -> Result<Reply> {
        let id = checked_id(id.as_str())?;
        let known = self.state.reviewer(&id).map(|person| person.id.clone());
        if known.as_ref().is_some_and(|known| *known != id) {
            return Err(Error::user(format!("\"{id}\" differs from an existing reviewer only in capitals")));
        }
        roles.sort_unstable();
        roles.dedup();
        let what = match (&known, is_active) {
            (None, _) => format!("{id} joined the review"),
            (Some(_), true) => format!("changed the entry of {id}"),
            (Some(_), false) => format!("{id} takes no further part; votes cast so far stay{}", self.left_waiting(&id)),
        };
        let person = Reviewer { name: if name.trim().is_empty() { id.to_string() } else { name.trim().to_owned() }, id, roles, is_active };
        self.transact(Change::new(OpKind::Setup, what, vec![Row::Reviewer(person)]))
    }

    /// Says for how many records the votes of one who leaves wait for somebody else, and whether enough people are left.
    fn left_waiting(&self, id: &ReviewerId) -> String {
        let others = self.state.voters().into_iter().filter(|person| person.id != *id).count();
        let mut said = String::new();
        for stage in [Stage::TitleAbstract, Stage::FullText] {
            let open = self.state.units_in(stage).filter(|(_, status)| **status == Status::Partial);
            let waiting = open.filter(|(unit, _)| self.state.vote_by(stage, *unit, id).is_some()).count();
            if waiting > 0 {
                let wait = if waiting == 1 { "waits" } else { "wait" };
                said.push_str(&format!("; {} with such a vote at {} {wait} for another", counted(waiting, "record"), stage.label()));
            }
        }
        let wanted = usize::from(self.state.policy(Stage::TitleAbstract).required_votes);
        if others < wanted {
            said.push_str(&format!(
                "; {} left for {wanted} votes on a new record",
                if others == 1 { "one reviewer is" } else { "too few are" }
            ));
        }
        said
    }

    pub(super) fn set_criteria(&mut self, criteria: Vec<Criterion>) -> Result<Reply> {
        let what = format!("set {} eligibility criteria", criteria.len());
        self.transact(Change::new(OpKind::Setup, what, vec![Row::Criteria(criteria)]))
    }

    pub(super) fn set_reasons(&mut self, reasons: Vec<ExclusionReason>) -> Result<Reply> {
        review::check_reasons(&reasons).map_err(Error::user)?;
        let what = format!("set {} exclusion reasons in order", reasons.len());
        self.transact(Change::new(OpKind::Setup, what, vec![Row::Reasons(reasons)]))
    }

    pub(super) fn set_words(&mut self, words: Vec<HighlightWord>) -> Result<Reply> {
        let words = tidy_words(words).map_err(Error::user)?;
        let what = words_told(self.state.words(), &words);
        self.transact(Change::new(OpKind::Setup, what, vec![Row::Words(words)]))
    }

    pub(super) fn set_policy(&mut self, policy: Policy) -> Result<Reply> {
        if policy.required_votes == 0 {
            return Err(Error::user("a record needs at least one vote"));
        }
        if policy.resolver == Resolver::Third && !self.state.reviewers().iter().any(|person| person.adjudicates()) {
            return Err(Error::user("conflicts cannot go to a third person: the review has no adjudicator")
                .hint("add one with tamis setup reviewer ID --role adjudicator"));
        }
        let what = format!(
            "set the policy of {}: {}, maybe counts as {}, differing reasons: {}, settled by {}",
            policy.stage.label(),
            counted(policy.required_votes.into(), "vote"),
            policy.maybe,
            policy.reason_tie,
            policy.resolver
        );
        self.transact(Change::new(OpKind::Setup, what, vec![Row::Policy(policy)]))
    }

    /// Returns how many units of a stage would change their status under another policy, as (from, to, units).
    pub fn policy_effect(&self, policy: &Policy) -> Vec<(String, String, usize)> {
        let mut changed = self.state.clone();
        changed.try_policy(policy.clone());
        let mut effects: Vec<(String, String, usize)> = Vec::new();
        let mut add = |from: String, to: String| match effects.iter_mut().find(|known| known.0 == from && known.1 == to) {
            Some(known) => known.2 += 1,
            None => effects.push((from, to, 1)),
        };
        for (unit, before) in self.state.units_in(policy.stage) {
            let after = changed.status(policy.stage, unit).map_or("not reached", |status| status.label());
            if after != before.label() {
                add(before.label().to_owned(), after.to_owned());
            }
        }
        if policy.stage == Stage::TitleAbstract {
            // Full-text work on a record that is no longer included waits out of sight.
            for (unit, _) in self.state.units_in(Stage::FullText) {
                if changed.status(Stage::FullText, unit).is_none() && !self.state.votes_on(Stage::FullText, unit).is_empty() {
                    add("voted on at full text".to_owned(), "not sought any more".to_owned());
                }
            }
        }
        effects.sort();
        effects
    }
}

fn checked_id(text: &str) -> Result<ReviewerId> {
    ReviewerId::checked(text).map_err(|_| {
        Error::user(format!("\"{text}\" cannot be the short name of a reviewer"))
            .hint("use one to sixteen letters, digits, hyphens or underscores, such as initials")
    })
}

fn people_of(new: &NewReview) -> Result<Vec<Reviewer>> {
    let mut people: Vec<Reviewer> = Vec::new();
    let named = new.reviewers.iter().map(|person| (person, Role::Reviewer));
    for ((id, name), role) in named.chain(new.adjudicator.iter().map(|person| (person, Role::Adjudicator))) {
        let id = checked_id(id)?;
        if people.iter().any(|known| known.id.as_str().eq_ignore_ascii_case(id.as_str())) {
            return Err(Error::user(format!("the reviewer \"{id}\" is named twice")));
        }
        let roles = if people.is_empty() { vec![Role::Lead, role] } else { vec![role] };
        people.push(Reviewer { name: if name.is_empty() { id.to_string() } else { name.clone() }, id, roles, is_active: true });
    }
    if people.iter().all(|person| !person.votes()) {
        return Err(Error::user("the review needs at least one reviewer").hint("add --reviewer ID=NAME for each"));
    }
    Ok(people)
}

/// Says how lists of words change: which word where it is one, else how many stand on them.
fn words_told(before: &[HighlightWord], after: &[HighlightWord]) -> String {
    let only = |these: &[HighlightWord], those: &[HighlightWord]| -> Vec<HighlightWord> {
        these.iter().filter(|word| !those.contains(word)).cloned().collect()
    };
    match (&only(after, before)[..], &only(before, after)[..]) {
        ([new], []) => format!("highlighted \"{}\" ({})", new.text, new.list.label()),
        ([new], [old]) if is_same_word(&new.text, &old.text) => format!("moved \"{}\" to the list {}", new.text, new.list.label()),
        ([], [old]) => format!("took \"{}\" off the highlighted words", old.text),
        _ => format!("set {} to highlight", counted(after.len(), "word")),
    }
}
