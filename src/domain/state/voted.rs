//! Who has voted on which unit, one bit for each person: the question that lists and counts ask of every unit after every vote.

use super::super::decision::Stage;
use super::super::ids::ReviewerId;
use super::{RecordIndex, ReviewState, VoteRecord};

/// The bits of one stage, by the place of the unit's primary record.
pub(super) type Bits = Vec<u32>;

impl ReviewState {
    /// Returns the people who have a bit, in the order in which they were first named.
    pub(super) fn people_with_bits(&self) -> Vec<&ReviewerId> {
        let mut people: Vec<&ReviewerId> = Vec::new();
        for kept in &self.reviewers {
            if people.len() < u32::BITS as usize && !people.contains(&&kept.value.id) {
                people.push(&kept.value.id);
            }
        }
        people
    }

    /// Returns the bits of those who cast these votes.
    pub(super) fn bits_of(people: &[&ReviewerId], votes: &[VoteRecord<'_>]) -> u32 {
        let bit = |vote: &VoteRecord<'_>| people.iter().position(|id| **id == vote.vote.reviewer).map_or(0, |at| 1 << at);
        votes.iter().fold(0, |bits, vote| bits | bit(vote))
    }

    /// Returns what tells whether a vote of one reviewer stands on a unit, by the rule of [`ReviewState::votes_on`].
    pub fn voted_by<'a>(&'a self, stage: Stage, reviewer: &'a ReviewerId) -> impl Fn(RecordIndex) -> bool + 'a {
        let bit = self.people_with_bits().iter().position(|id| *id == reviewer).map(|at| 1 << at);
        let bits = match stage {
            Stage::TitleAbstract => &self.voted.0,
            Stage::FullText => &self.voted.1,
        };
        move |unit| match bit {
            Some(bit) => bits.get(unit as usize).is_some_and(|bits: &u32| bits & bit != 0),
            None => self.vote_by(stage, unit, reviewer).is_some(),
        }
    }
}
