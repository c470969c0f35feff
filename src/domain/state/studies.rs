//! From reports to studies, and from studies to extracted values.

use super::super::analysis::AnalysisExclusion;
use super::super::decision::Stage;
use super::super::extraction::Dismissal;
use super::super::ids::{ReviewerId, StudyId};
use super::super::report::{ConsensusValue, ExtractedValue};
use super::super::screening::Status;
use super::{OpIndex, RecordIndex, ReviewState};

/// A study with its reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyView {
    /// The identity.
    pub id: StudyId,
    /// The label.
    pub label: String,
    /// The units of its reports, ascending.
    pub reports: Vec<RecordIndex>,
    /// Whether at least one report was included at full text.
    pub is_included: bool,
}

/// Where the two drafts of a study stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftStatus {
    /// No report of the study has been included.
    Blocked,
    /// So many of the drafts needed are handed in.
    Drafting {
        /// Drafts handed in.
        submitted: usize,
        /// Drafts needed.
        required: usize,
    },
    /// All drafts are in; the comparison may be opened.
    Comparable,
}

/// All that was ever typed for one cell by one extractor, oldest first, with the operation and whether it stands.
pub type CellHistory<'a> = Vec<(OpIndex, bool, &'a ExtractedValue)>;

impl ReviewState {
    /// Returns the studies that stand, by label, each with its reports.
    pub fn studies(&self) -> Vec<StudyView> {
        let mut studies: Vec<StudyView> = Vec::new();
        for kept in self.studies.iter().filter(|kept| self.is_live(kept.op)) {
            match studies.iter_mut().find(|known| known.id == kept.value.id) {
                Some(known) => known.label.clone_from(&kept.value.label),
                None => studies.push(StudyView {
                    id: kept.value.id.clone(),
                    label: kept.value.label.clone(),
                    reports: Vec::new(),
                    is_included: false,
                }),
            }
        }
        for kept in self.study_reports.iter().filter(|kept| self.is_live(kept.op)) {
            let Some(study) = studies.iter_mut().find(|known| known.id == kept.value.study) else { continue };
            let Some(record) = self.record_place(kept.value.record) else { continue };
            let unit = self.unit_of(record);
            study.reports.retain(|known| *known != unit);
            if kept.value.is_linked && self.is_record_live(record) {
                study.reports.push(unit);
            }
        }
        for study in &mut studies {
            study.reports.sort_unstable();
            study.is_included = study.reports.iter().any(|unit| self.status(Stage::FullText, *unit).is_some_and(Status::is_in));
        }
        studies.sort_by(|a, b| a.label.cmp(&b.label).then_with(|| a.id.cmp(&b.id)));
        studies
    }

    /// Returns the study with this identity.
    pub fn study(&self, id: &StudyId) -> Option<StudyView> {
        self.studies().into_iter().find(|study| study.id == *id)
    }

    /// Returns the units included at full text that belong to no study yet.
    pub fn reports_without_study(&self) -> Vec<RecordIndex> {
        let studies = self.studies();
        let is_linked = |unit: RecordIndex| studies.iter().any(|study| study.reports.contains(&unit));
        self.units_in(Stage::FullText).filter(|(_, status)| status.is_in()).map(|(unit, _)| unit).filter(|unit| !is_linked(*unit)).collect()
    }

    /// Returns one extractor's draft of one study as it stands, by cell; cleared cells are left out.
    pub fn draft(&self, study: &StudyId, reviewer: &ReviewerId) -> Vec<&ExtractedValue> {
        self.draft_rows(study, reviewer).into_iter().map(|(_, value)| value).collect()
    }

    /// Returns one extractor's draft of one study as it stands, each value with the operation that wrote it.
    pub fn draft_rows(&self, study: &StudyId, reviewer: &ReviewerId) -> Vec<(OpIndex, &ExtractedValue)> {
        self.draft_rows_at(study, reviewer, OpIndex::MAX)
    }

    /// Returns one extractor's draft of one study as it stood after an operation, by the operations that count now.
    pub fn draft_rows_at(&self, study: &StudyId, reviewer: &ReviewerId, op: OpIndex) -> Vec<(OpIndex, &ExtractedValue)> {
        let Some(cells) = self.values.get(&(study.clone(), reviewer.clone())) else { return Vec::new() };
        let last = |rows: &'_ [super::Kept<ExtractedValue>]| rows.iter().rposition(|kept| kept.op <= op && self.is_live(kept.op));
        let standing = cells.values().filter_map(|rows| last(rows).map(|at| &rows[at])).filter(|kept| kept.value.raw.is_some());
        standing.map(|kept| (kept.op, &kept.value)).collect()
    }

    /// Returns everything that an extractor ever typed for a cell.
    pub fn cell_history(&self, study: &StudyId, reviewer: &ReviewerId, path: &str) -> CellHistory<'_> {
        let rows = self.values.get(&(study.clone(), reviewer.clone())).and_then(|cells| cells.get(path));
        rows.into_iter().flatten().map(|kept| (kept.op, self.is_live(kept.op), &kept.value)).collect()
    }

    /// Tells whether an extractor has handed in the draft of a study.
    pub fn is_submitted(&self, study: &StudyId, reviewer: &ReviewerId) -> bool {
        let rows = self.submissions.get(study).into_iter().flatten();
        let last = rows.rev().find(|kept| self.is_live(kept.op) && kept.value.reviewer == *reviewer);
        last.is_some_and(|kept| kept.value.is_submitted)
    }

    /// Returns the operation after which both drafts of a study were in for the first time.
    pub fn first_both_submitted(&self, study: &StudyId, people: [&ReviewerId; 2]) -> Option<OpIndex> {
        let mut are_in = [false; 2];
        let rows = self.submissions.get(study).into_iter().flatten();
        for kept in rows.filter(|kept| self.is_live(kept.op)) {
            for (is_in, person) in are_in.iter_mut().zip(people) {
                if kept.value.reviewer == *person {
                    *is_in = kept.value.is_submitted;
                }
            }
            if are_in == [true; 2] {
                return Some(kept.op);
            }
        }
        None
    }

    /// Returns who has handed in a draft of a study, in the order in which the reviewers joined.
    pub fn submitters(&self, study: &StudyId) -> Vec<ReviewerId> {
        let people = self.reviewers();
        people.into_iter().map(|person| &person.id).filter(|id| self.is_submitted(study, id)).cloned().collect()
    }

    /// Returns where the drafts of a study stand when so many are required.
    pub fn draft_status(&self, study: &StudyView, required: usize) -> DraftStatus {
        let submitted = self.submitters(&study.id).len();
        match (study.is_included, submitted >= required.max(1)) {
            (false, _) => DraftStatus::Blocked,
            (true, true) => DraftStatus::Comparable,
            (true, false) => DraftStatus::Drafting { submitted, required },
        }
    }

    /// Returns the settled cells of a study as they stand, by cell.
    pub fn consensus_of(&self, study: &StudyId) -> Vec<(OpIndex, &ConsensusValue)> {
        let Some(cells) = self.consensus.get(study) else { return Vec::new() };
        cells.values().filter_map(|rows| self.last_live(rows)).map(|kept| (kept.op, &kept.value)).collect()
    }

    /// Returns the dismissal of a warning as it stands, by the people for whom `counts` is true: the one given last for what it says.
    pub fn dismissal_of(
        &self,
        study: &StudyId,
        rule: &str,
        path: &str,
        seen: &str,
        counts: impl Fn(&ReviewerId) -> bool,
    ) -> Option<&Dismissal> {
        let mut people: Vec<&ReviewerId> = Vec::new();
        let rows = self.dismissals.iter().rev().filter(|kept| self.is_live(kept.op)).map(|kept| &kept.value);
        let about = rows.filter(|value| value.study == *study && value.rule == rule && value.path == path && value.seen == seen);
        // Of each person the last word counts.
        let mut last = about.filter(|value| {
            let is_first = counts(&value.reviewer) && !people.contains(&&value.reviewer);
            people.push(&value.reviewer);
            is_first
        });
        last.find(|value| value.is_dismissed)
    }

    /// Returns the studies left out of an analysis, each with the row that stands, in the order in which they were decided on.
    pub fn excluded_from(&self, analysis: &str) -> Vec<&AnalysisExclusion> {
        let mut stands: Vec<&AnalysisExclusion> = Vec::new();
        for kept in self.exclusions.iter().filter(|kept| self.is_live(kept.op) && kept.value.analysis == analysis) {
            stands.retain(|known| known.study != kept.value.study);
            stands.push(&kept.value);
        }
        stands.retain(|known| known.is_excluded);
        stands
    }

    /// Returns the settlement of one cell as it stands.
    pub fn consensus_on(&self, study: &StudyId, path: &str) -> Option<(OpIndex, &ConsensusValue)> {
        let rows = self.consensus.get(study)?.get(path)?;
        self.last_live(rows).map(|kept| (kept.op, &kept.value))
    }
}
