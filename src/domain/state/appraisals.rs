//! Risk of bias as it stands: who answered what, which appraisals are handed in, what is agreed.

use std::collections::BTreeMap;

use super::super::appraisal::{AgreedJudgement, AppraisalAnswer, Appraised};
use super::super::ids::ReviewerId;
use super::{OpIndex, ReviewState};

impl ReviewState {
    /// Returns one person's answers with an instrument as they stand, by question or domain; those taken away are left out.
    pub fn appraisal_of(&self, of: &Appraised, reviewer: &ReviewerId) -> BTreeMap<&str, &AppraisalAnswer> {
        let mut answers = BTreeMap::new();
        let rows = self.appraisal_answers.iter().filter(|kept| self.is_live(kept.op)).map(|kept| &kept.value);
        for answer in rows.filter(|answer| answer.of == *of && answer.reviewer == *reviewer) {
            answers.insert(answer.item.as_str(), answer);
        }
        answers.retain(|_, answer| answer.answer.is_some());
        answers
    }

    /// Tells whether a person has handed in an appraisal.
    pub fn is_appraised(&self, of: &Appraised, reviewer: &ReviewerId) -> bool {
        let rows = self.appraisal_submissions.iter().rev().filter(|kept| self.is_live(kept.op)).map(|kept| &kept.value);
        let last = rows.into_iter().find(|row| row.of == *of && row.reviewer == *reviewer);
        last.is_some_and(|row| row.is_submitted)
    }

    /// Returns who has handed in an appraisal, in the order in which the reviewers joined.
    pub fn appraisers(&self, of: &Appraised) -> Vec<ReviewerId> {
        let people = self.reviewers();
        people.into_iter().map(|person| &person.id).filter(|id| self.is_appraised(of, id)).cloned().collect()
    }

    /// Returns the judgement that was settled for a domain, as it stands, with the operation that settled it.
    pub fn agreed_judgement(&self, of: &Appraised, item: &str) -> Option<(OpIndex, &AgreedJudgement)> {
        let rows = self.agreed_judgements.iter().rev().filter(|kept| self.is_live(kept.op));
        rows.map(|kept| (kept.op, &kept.value)).find(|(_, row)| row.of == *of && row.item == item)
    }
}
