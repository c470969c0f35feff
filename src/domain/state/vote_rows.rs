//! The votes of both stages, by record: looked up for every unit whenever the review is opened.

use super::super::decision::{Stage, Vote};
use super::{Kept, RecordIndex};

/// The rows of votes, by stage and place of the record, in the order of the operations.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct VoteRows {
    title_abstract: Vec<Vec<Kept<Vote>>>,
    full_text: Vec<Vec<Kept<Vote>>>,
}

impl VoteRows {
    /// Returns the votes ever cast on a record at a stage.
    pub(super) fn of(&self, stage: Stage, record: RecordIndex) -> &[Kept<Vote>] {
        let rows = match stage {
            Stage::TitleAbstract => &self.title_abstract,
            Stage::FullText => &self.full_text,
        };
        rows.get(record as usize).map_or(&[], Vec::as_slice)
    }

    /// Adds a vote on a record.
    pub(super) fn add(&mut self, record: RecordIndex, vote: Kept<Vote>) {
        let rows = match vote.value.stage {
            Stage::TitleAbstract => &mut self.title_abstract,
            Stage::FullText => &mut self.full_text,
        };
        let place = record as usize;
        if rows.len() <= place {
            rows.resize_with(place + 1, Vec::new);
        }
        let rows = &mut rows[place];
        // Most records have two votes in a stage; room for four would double the memory of a large review.
        if rows.capacity() == 0 {
            rows.reserve_exact(2);
        }
        rows.push(vote);
    }

    /// Returns every record that was voted on, with its votes: those at title and abstract first, in the order of import.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Stage, RecordIndex, &[Kept<Vote>])> {
        let stages = [(Stage::TitleAbstract, &self.title_abstract), (Stage::FullText, &self.full_text)];
        let all =
            stages.into_iter().flat_map(|(stage, records)| records.iter().zip(0..).map(move |(rows, at)| (stage, at, rows.as_slice())));
        all.filter(|(_, _, rows)| !rows.is_empty())
    }
}
