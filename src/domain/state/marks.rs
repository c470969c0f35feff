//! Notes, tags and stars as they stand.

use super::super::decision::Stage;
use super::super::ids::ReviewerId;
use super::super::mark::{Mark, Marks};
use super::{Kept, RecordIndex, ReviewState};

impl ReviewState {
    /// Returns the marks of each person on a unit, of the stages for which `shows` is true, in the order in which the people joined.
    ///
    /// Marks on all records of the group count, whichever was shown then; people without any are left out. It knows no blinding:
    /// the caller says for each person and stage what may be seen.
    pub fn marks_on(&self, unit: RecordIndex, shows: impl Fn(&ReviewerId, Stage) -> bool) -> Vec<(ReviewerId, Marks)> {
        let mut rows: Vec<&Kept<Mark>> = Vec::new();
        for member in self.groups.members_of(&unit) {
            rows.extend(self.marks.get(member).into_iter().flatten().filter(|kept| self.is_live(kept.op)));
        }
        // Rows of one operation keep their order: the sort is stable.
        rows.sort_by_key(|kept| kept.op);
        let mut people: Vec<(ReviewerId, Marks)> = Vec::new();
        for kept in rows.into_iter().filter(|kept| shows(&kept.value.reviewer, kept.value.stage)) {
            let at = people.iter().position(|(known, _)| *known == kept.value.reviewer).unwrap_or_else(|| {
                people.push((kept.value.reviewer.clone(), Marks::default()));
                people.len() - 1
            });
            people[at].1.apply(&kept.value);
        }
        people.retain(|(_, marks)| !marks.is_empty());
        if people.len() > 1 {
            let joined = self.reviewers();
            people.sort_by_key(|(id, _)| joined.iter().position(|person| person.id == *id).unwrap_or(usize::MAX));
        }
        people
    }

    /// Returns the units on which anybody ever set a mark, ascending.
    pub fn marked_units(&self) -> Vec<RecordIndex> {
        let records = self.marks.keys().copied().filter(|record| self.is_record_live(*record));
        let mut units: Vec<RecordIndex> = records.map(|record| self.unit_of(record)).collect();
        units.sort_unstable();
        units.dedup();
        units
    }
}
