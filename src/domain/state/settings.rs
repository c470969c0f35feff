//! The versions of set-up that stand: question, people, criteria, reasons, policy, words.

use super::super::decision::Stage;
use super::super::diagnostic::RemarkCounts;
use super::super::ids::{BatchId, OpId, ReviewerId, SourceId};
use super::super::policy::Policy;
use super::super::review::{Criterion, ExclusionReason, HighlightWord, ReviewInfo, Reviewer};
use super::super::source::{ImportBatch, Source};
use super::{OpIndex, ReviewState};

impl ReviewState {
    /// Returns title and question; empty texts before set-up.
    pub fn review(&self) -> ReviewInfo {
        self.last_live(&self.reviews).map(|kept| kept.value.clone()).unwrap_or_default()
    }

    /// Returns the people of the review in the order in which they joined, each with the latest entry.
    pub fn reviewers(&self) -> Vec<&Reviewer> {
        let mut people: Vec<&Reviewer> = Vec::new();
        for kept in self.reviewers.iter().filter(|kept| self.is_live(kept.op)) {
            match people.iter_mut().find(|known| known.id == kept.value.id) {
                Some(known) => *known = &kept.value,
                None => people.push(&kept.value),
            }
        }
        people
    }

    /// Returns the person with this short name; capitals do not matter where no other name differs only in them.
    pub fn reviewer(&self, id: &ReviewerId) -> Option<&Reviewer> {
        let people = self.reviewers();
        people.iter().find(|person| person.id == *id).copied().or_else(|| {
            let mut alike = people.iter().filter(|person| person.id.as_str().eq_ignore_ascii_case(id.as_str()));
            let found = alike.next().copied();
            if alike.next().is_some() { None } else { found }
        })
    }

    /// Returns the people who vote and extract, in the order in which they joined.
    pub fn voters(&self) -> Vec<&Reviewer> {
        self.reviewers().into_iter().filter(|person| person.votes()).collect()
    }

    /// Returns the eligibility criteria.
    pub fn criteria(&self) -> &[Criterion] {
        self.last_live(&self.criteria).map_or(&[], |kept| &kept.value)
    }

    /// Returns the eligibility criteria as they stood before an operation, with the number of their version, 0 where there were none.
    pub fn criteria_at(&self, op: OpIndex) -> (usize, &[Criterion]) {
        let versions = self.criteria.iter().filter(|kept| kept.op < op && self.is_live(kept.op));
        versions.zip(1..).last().map_or((0, &[]), |(kept, number)| (number, &kept.value))
    }

    /// Returns the exclusion reasons in their order.
    pub fn reasons(&self) -> &[ExclusionReason] {
        self.last_live(&self.reasons).map_or(&[], |kept| &kept.value)
    }

    /// Returns the label of an exclusion reason, or the code itself where no reason has it (any more).
    pub fn reason_label<'a>(&'a self, code: &'a str) -> &'a str {
        self.reasons().iter().find(|reason| reason.code == code).map_or(code, |reason| &reason.label)
    }

    /// Returns the place of a reason in the ordered list, the last for an unknown code.
    pub fn reason_rank(&self, code: &str) -> usize {
        self.reasons().iter().position(|reason| reason.code == code).unwrap_or(usize::MAX)
    }

    /// Returns the words to highlight.
    pub fn words(&self) -> &[HighlightWord] {
        self.last_live(&self.words).map_or(&[], |kept| &kept.value)
    }

    /// Returns the policy of a stage: the latest version, or the usual one.
    pub fn policy(&self, stage: Stage) -> Policy {
        let set = self.policies.iter().rev().find(|kept| kept.value.stage == stage && self.is_live(kept.op));
        set.map_or_else(|| Policy::usual(stage, self.reviewers().iter().any(|person| person.adjudicates())), |kept| kept.value.clone())
    }

    /// Counts everything as it would stand under another policy. For asking "what would change" on a copy of the state, never for the
    /// state itself: no operation is added.
    pub fn try_policy(&mut self, policy: Policy) {
        let last = self.ops.len().saturating_sub(1) as OpIndex;
        let live = (0..=last).rev().find(|op| self.is_live(*op)).unwrap_or(last);
        self.policies.push(super::Kept { op: live, value: policy });
        self.regroup();
    }

    /// Returns the sources in the order in which they were named, each with the latest entry.
    pub fn sources(&self) -> Vec<&Source> {
        let mut sources: Vec<&Source> = Vec::new();
        for kept in self.sources.iter().filter(|kept| self.is_live(kept.op)) {
            match sources.iter_mut().find(|known| known.id == kept.value.id) {
                Some(known) => *known = &kept.value,
                None => sources.push(&kept.value),
            }
        }
        sources
    }

    /// Returns the source with this identity.
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.iter().rev().find(|kept| kept.value.id == *id).map(|kept| &kept.value)
    }

    /// Returns the imports that stand, in order.
    pub fn batches(&self) -> impl Iterator<Item = &ImportBatch> {
        self.batches.iter().filter(|head| head.is_live).map(|head| &head.batch)
    }

    /// Returns all imports ever made, in order, whether they stand or not.
    pub fn all_batches(&self) -> impl Iterator<Item = &ImportBatch> {
        self.batches.iter().map(|head| &head.batch)
    }

    /// Returns how many remarks the reader of an import made; none where it made none or the file did not keep them then.
    pub fn remark_counts(&self, batch: BatchId) -> RemarkCounts {
        let kept = self.remark_counts.iter().find(|kept| kept.value.batch == batch && self.is_live(kept.op));
        kept.map(|kept| kept.value.counts).unwrap_or_default()
    }

    /// Returns the first operation that made an import and stands.
    pub fn op_of_batch(&self, batch: BatchId) -> Option<OpId> {
        let head = &self.batches[*self.batch_places.get(&batch)? as usize];
        head.ops.iter().find(|op| self.is_live(**op)).map(|op| self.op(*op).id)
    }

    /// Returns the import with this digest of its file for this source, whether it stands or was undone, with that fact.
    pub fn batch_of_file(&self, sha256: &str) -> Vec<(&ImportBatch, bool)> {
        self.batches.iter().filter(|head| head.batch.sha256 == sha256).map(|head| (&head.batch, head.is_live)).collect()
    }
}
