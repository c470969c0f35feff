//! Which update a record, a unit and a study belong to.

use super::super::cycle::{Cycle, CycleNumber};
use super::super::decision::Stage;
use super::super::ids::BatchId;
use super::super::screening::Status;
use super::{OpIndex, RecordIndex, ReviewState, StudyView};

impl ReviewState {
    /// Returns the updates that stand, by number; empty for a review that has not been updated.
    pub fn updates(&self) -> Vec<&Cycle> {
        let mut updates: Vec<&Cycle> = Vec::new();
        for kept in self.cycles.iter().filter(|kept| self.is_live(kept.op)) {
            match updates.iter_mut().find(|known| known.number == kept.value.number) {
                Some(known) => *known = &kept.value,
                None => updates.push(&kept.value),
            }
        }
        updates.sort_by_key(|update| update.number);
        updates
    }

    /// Returns the number of the cycle that imports belong to now: 1 before any update.
    pub fn cycle(&self) -> CycleNumber {
        self.updates().last().map_or(1, |update| update.number)
    }

    /// Returns the cycle in which the record's file was imported.
    pub fn cycle_of(&self, record: RecordIndex) -> CycleNumber {
        self.batches[self.records[record as usize].batch as usize].cycle
    }

    /// Returns the cycle of an import; 1 where the review does not hold it.
    pub fn cycle_of_batch(&self, batch: BatchId) -> CycleNumber {
        self.batch_places.get(&batch).map_or(1, |at| self.batches[*at as usize].cycle)
    }

    /// Returns the cycle in which a unit came in: the earliest of its records that stand.
    pub fn cycle_of_unit(&self, unit: RecordIndex) -> CycleNumber {
        let members = self.groups.members_of(&unit).iter().filter(|record| self.is_record_live(**record));
        members.map(|record| self.cycle_of(*record)).min().unwrap_or_else(|| self.cycle_of(unit))
    }

    /// Returns the cycle in which a study was included first, or `None` where none of its reports is included.
    pub fn first_cycle_of(&self, study: &StudyView) -> Option<CycleNumber> {
        let included = study.reports.iter().filter(|unit| self.status(Stage::FullText, **unit).is_some_and(Status::is_in));
        included.map(|unit| self.cycle_of_unit(*unit)).min()
    }

    /// Returns the studies and reports of versions made elsewhere, as they were given when updates began.
    pub fn included_before(&self, cycle: CycleNumber) -> (usize, usize) {
        let updates = self.updates().into_iter().filter(|update| update.number <= cycle);
        updates
            .fold((0, 0), |(studies, reports), update| (studies + update.studies_before as usize, reports + update.reports_before as usize))
    }

    /// Says which imports stand in the way of taking back the start of an update.
    pub(super) fn imports_of_update(&self, op: OpIndex) -> usize {
        let begun: Vec<CycleNumber> = self.cycles.iter().filter(|kept| kept.op == op).map(|kept| kept.value.number).collect();
        let is_begun_again =
            |number: CycleNumber| self.cycles.iter().any(|kept| kept.op != op && kept.value.number == number && self.is_live(kept.op));
        let lost: Vec<CycleNumber> = begun.into_iter().filter(|number| !is_begun_again(*number)).collect();
        self.batches.iter().filter(|head| head.is_live && lost.contains(&head.cycle)).count()
    }

    /// Computes the cycle of each import from the rows that stand.
    pub(super) fn place_in_cycles(&mut self) {
        for at in 0..self.batches.len() {
            let head = &self.batches[at];
            let cycle_in = |op: OpIndex| {
                let row = self.import_cycles.iter().find(|kept| kept.op == op && kept.value.batch == head.batch.id);
                row.map_or(1, |kept| kept.value.cycle)
            };
            let cycle = head.ops.iter().filter(|op| self.is_live(**op)).map(|op| cycle_in(*op)).min();
            self.batches[at].cycle = cycle.unwrap_or(1);
        }
    }
}
