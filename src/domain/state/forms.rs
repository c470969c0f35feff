//! The versions of the form that stand, and which of them a study is on.

use super::super::ids::StudyId;
use super::super::operation::FormVersion;
use super::{Kept, OpIndex, ReviewState};

impl ReviewState {
    /// Returns the form in use with the operation that brought it.
    pub fn form(&self) -> Option<(OpIndex, &FormVersion)> {
        self.last_live(&self.forms).map(|kept| (kept.op, &kept.value))
    }

    /// Returns every version of the form that stands, the one in use last.
    pub fn forms(&self) -> Vec<(OpIndex, &FormVersion)> {
        self.forms.iter().filter(|kept| self.is_live(kept.op)).map(|kept| (kept.op, &kept.value)).collect()
    }

    /// Returns the version of the form that a study is on: the one to which it was moved last, else the one in use when its first value
    /// was typed, else the one in use.
    pub fn form_of(&self, study: &StudyId) -> Option<(OpIndex, &FormVersion)> {
        self.form_at(study, OpIndex::MAX)
    }

    /// Returns the version of the form that a study was on just after an operation.
    pub fn form_at(&self, study: &StudyId, op: OpIndex) -> Option<(OpIndex, &FormVersion)> {
        let forms = self.forms();
        if forms.len() < 2 {
            return forms.last().copied();
        }
        let moved = self.study_forms.iter().rev().find(|kept| kept.op <= op && kept.value.study == *study && self.is_live(kept.op));
        let named = moved.and_then(|moved| {
            let is_named = |form: &FormVersion| form.form == moved.value.form && form.version == moved.value.version;
            forms.iter().rev().find(|(_, form)| is_named(form)).copied()
        });
        named.or_else(|| self.form_of_first_value(study, &forms)).or_else(|| forms.last().copied())
    }

    /// Tells whether a study has a row of its own that says which version it is on, or any value.
    pub fn is_begun(&self, study: &StudyId) -> bool {
        self.study_forms.iter().any(|kept| kept.value.study == *study && self.is_live(kept.op)) || self.first_value_of(study).is_some()
    }

    fn form_of_first_value<'a>(&self, study: &StudyId, forms: &[(OpIndex, &'a FormVersion)]) -> Option<(OpIndex, &'a FormVersion)> {
        let first = self.first_value_of(study)?;
        forms.iter().rev().find(|(op, _)| *op < first).copied()
    }

    fn first_value_of(&self, study: &StudyId) -> Option<OpIndex> {
        let of_study = self.values.iter().filter(|((known, _), _)| known == study);
        of_study.flat_map(|(_, cells)| cells.values().flatten()).map(|kept| kept.op).filter(|op| self.is_live(*op)).min()
    }

    /// Returns the studies that an operation put on a version of the form: by bringing the version, or by moving them to it.
    pub(super) fn studies_on_form_of(&self, op: OpIndex) -> Vec<StudyId> {
        let mut studies: Vec<StudyId> =
            self.study_forms.iter().filter(|kept| kept.op == op).map(|kept: &Kept<_>| kept.value.study.clone()).collect();
        let begun = self.values.keys().map(|(study, _)| study);
        studies.extend(begun.filter(|study| self.form_of(study).is_some_and(|(brought, _)| brought == op)).cloned());
        studies.dedup();
        studies
    }
}
