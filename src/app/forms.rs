//! The versions of the form that stand, each read once, and which of them a study is on.

use std::sync::Arc;

use crate::domain::extraction::DraftValue;
use crate::domain::form::{Form, FormCells, stale_words};
use crate::domain::ids::{ReviewerId, StudyId};
use crate::domain::operation::{Row, StudyForm};
use crate::domain::report::ConsensusValue;
use crate::domain::state::{OpIndex, ReviewState, StudyView};

use super::error::Result;
use super::form_file;
use super::workspace::Workspace;

/// The versions of the form; the one in use is the last.
pub(super) struct Forms {
    versions: Vec<Version>,
}

struct Version {
    op: OpIndex,
    form: Form,
    cells: FormCells,
}

impl Forms {
    /// Returns the form in use.
    pub fn current(&self) -> &Form {
        &self.last().form
    }

    /// Returns the cells of the form in use.
    pub fn current_cells(&self) -> &FormCells {
        &self.last().cells
    }

    /// Returns the version that a study is on.
    pub fn of(&self, state: &ReviewState, study: &StudyId) -> &Form {
        &self.version_of(state, study, OpIndex::MAX).form
    }

    /// Returns the cells of the version that a study is on.
    pub fn cells_of(&self, state: &ReviewState, study: &StudyId) -> &FormCells {
        &self.version_of(state, study, OpIndex::MAX).cells
    }

    /// Returns the cells of the version that a study was on after an operation.
    pub fn cells_at(&self, state: &ReviewState, study: &StudyId, op: OpIndex) -> &FormCells {
        &self.version_of(state, study, op).cells
    }

    /// Tells whether a study is on another version than the one in use.
    pub fn is_behind(&self, state: &ReviewState, study: &StudyId) -> bool {
        self.version_of(state, study, OpIndex::MAX).op != self.last().op
    }

    /// Says why an answer to a cell that an operation wrote must be looked at again on the version that its study is on now.
    pub fn stale(&self, state: &ReviewState, study: &StudyId, path: &str, op: OpIndex) -> Option<String> {
        if self.versions.len() < 2 {
            return None;
        }
        let (then, now) = (self.version_of(state, study, op), self.version_of(state, study, OpIndex::MAX));
        if then.op == now.op { None } else { stale_words(&now.cells.stale_since(&then.cells, path)) }
    }

    fn version_of(&self, state: &ReviewState, study: &StudyId, op: OpIndex) -> &Version {
        if self.versions.len() < 2 {
            return self.last();
        }
        let brought = state.form_at(study, op).map(|(brought, _)| brought);
        self.versions.iter().find(|version| Some(version.op) == brought).unwrap_or_else(|| self.last())
    }

    fn last(&self) -> &Version {
        self.versions.last().expect("a list of versions is made with the one in use at its end")
    }
}

impl Workspace {
    /// Reads the versions of the form that stand. An older one that cannot be read any more is left out: its studies count as being on the
    /// one in use.
    ///
    /// # Errors
    /// [`Error`] where no form is in use.
    pub(super) fn forms(&self) -> Result<Arc<Forms>> {
        self.known_forms.try_after(self.state.ops().len(), || self.read_forms().map(Arc::new))
    }

    fn read_forms(&self) -> Result<Forms> {
        let current = self.read_form()?;
        let standing = self.state.forms();
        let mut versions = Vec::with_capacity(standing.len());
        for (at, (op, version)) in standing.iter().enumerate() {
            let form = if at + 1 == standing.len() {
                current.clone()
            } else {
                match form_file::parse_form(&version.text, &version.form) {
                    Ok(form) => form,
                    Err(_) => continue,
                }
            };
            versions.push(Version { op: *op, cells: FormCells::new(&form), form });
        }
        Ok(Forms { versions })
    }

    /// Returns the row that keeps a study on the form in use, for the operation that types its first value.
    pub(super) fn row_of_first_value(&self, study: &StudyId) -> Option<Row> {
        let (_, version) = self.state.form().filter(|_| !self.state.is_begun(study))?;
        Some(Row::StudyForm(StudyForm { study: study.clone(), form: version.form.clone(), version: version.version }))
    }

    /// Reads one extractor's draft with its provenance, on the version that the study is on; cells that this version does not have are
    /// left out.
    pub(super) fn read_draft(&self, forms: &Forms, study: &StudyId, reviewer: &ReviewerId) -> Vec<DraftValue> {
        let cells = forms.cells_of(&self.state, study);
        let read = self.state.draft_rows(study, reviewer).into_iter().filter_map(|(op, value)| {
            let draft = DraftValue::new(cells.get(&value.path)?, value.raw.as_deref()?);
            Some(DraftValue {
                report: value.report.map(|id| id.to_string()),
                page: value.page.clone(),
                quote: value.quote.clone(),
                stale: forms.stale(&self.state, study, &value.path, op),
                ..draft
            })
        });
        read.collect()
    }

    /// Reads one extractor's draft as it stood after an operation, on the version that the study was on then.
    pub(super) fn read_draft_at(&self, forms: &Forms, study: &StudyId, reviewer: &ReviewerId, op: OpIndex) -> Vec<DraftValue> {
        let cells = &forms.version_of(&self.state, study, op).cells;
        let rows = self.state.draft_rows_at(study, reviewer, op).into_iter();
        rows.filter_map(|(_, value)| Some(DraftValue::new(cells.get(&value.path)?, value.raw.as_deref()?))).collect()
    }

    /// Returns what one extractor typed into cells that the study's version of the form does not have, by path: path and text.
    pub(super) fn kept_values(&self, forms: &Forms, study: &StudyId, reviewer: &ReviewerId) -> Vec<(String, String)> {
        let cells = forms.cells_of(&self.state, study);
        let typed = self.state.draft(study, reviewer).into_iter().filter(|value| cells.get(&value.path).is_none());
        typed.filter_map(|value| Some((value.path.clone(), value.raw.clone()?))).collect()
    }

    /// Returns the settled cells of a study that still answer what the form asks; one that was settled on another version and must be
    /// looked at again is open.
    pub(super) fn standing_consensus(&self, forms: &Forms, study: &StudyId) -> Vec<(OpIndex, &ConsensusValue)> {
        let settled = self.state.consensus_of(study).into_iter();
        settled.filter(|(op, value)| forms.stale(&self.state, study, &value.path, *op).is_none()).collect()
    }

    /// Tells whether as many drafts of a study are in as its form asks for.
    pub(super) fn is_comparable(&self, forms: &Forms, study: &StudyView) -> bool {
        let required = forms.of(&self.state, &study.id).extractors.max(1) as usize;
        self.state.submitters(&study.id).len() >= required
    }
}
