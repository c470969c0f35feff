//! The PRISMA 2020 flow: every number of the diagram derived from the state, and the identities that must hold between them.
//!
//! Each number has the units or records behind it ([`FlowBox::members`]), so that a box of the diagram can be opened.
//!
//! The numbers are of one cycle: of the first version, or of one update, which counts what is new and shows beside it what earlier
//! versions included (PRISMA 2020, the templates for updated reviews).

use serde::Serialize;

use super::cycle::CycleNumber;
use super::decision::Stage;
use super::report::RemovalKind;
use super::screening::Status;
use super::source::SourceKind;
use super::state::{RecordIndex, ReviewState};

/// One count with its label, as the diagram lists them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelledCount {
    /// The label: a source's name, or an exclusion reason's label.
    pub label: String,
    /// The count.
    pub count: usize,
}

/// The numbers of one column from sought to excluded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReportCounts {
    /// Reports sought for retrieval.
    pub sought: usize,
    /// Reports not retrieved.
    pub not_retrieved: usize,
    /// Reports assessed for eligibility.
    pub assessed: usize,
    /// Reports excluded, by reason in the order of the reasons; reasons without a report are left out.
    pub excluded: Vec<LabelledCount>,
    /// Reports included.
    pub included: usize,
    /// Reports of ongoing studies (a footnote: PRISMA has no box).
    pub ongoing: usize,
    /// Reports awaiting classification (a footnote).
    pub awaiting: usize,
    /// Reports not at hand yet.
    pub pending_retrieval: usize,
    /// Reports at hand without a decision.
    pub pending_decision: usize,
}

impl ReportCounts {
    /// Returns how many reports were excluded for any reason.
    pub fn excluded_total(&self) -> usize {
        self.excluded.iter().map(|reason| reason.count).sum()
    }
}

/// Studies and their reports, as a box of included ones counts them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct IncludedCounts {
    /// Studies.
    pub studies: usize,
    /// Reports of those studies.
    pub reports: usize,
}

/// The numbers of the PRISMA 2020 diagram for one cycle of a review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// The cycle: 1 is the first version.
    pub cycle: CycleNumber,
    /// What earlier versions included; `None` where nothing came before.
    pub previous: Option<IncludedCounts>,
    /// Reports of this cycle that belong to studies included before (a footnote: PRISMA has no box).
    pub added_reports: usize,
    /// What all versions up to this one include.
    pub total: IncludedCounts,
    /// Records identified from each database.
    pub databases: Vec<LabelledCount>,
    /// Records identified from each register.
    pub registers: Vec<LabelledCount>,
    /// Records identified from websites.
    pub websites: usize,
    /// Records identified from organisations.
    pub organisations: usize,
    /// Records identified by citation searching.
    pub citations: usize,
    /// Duplicate records removed before screening (databases and registers).
    pub duplicates: usize,
    /// Records marked as ineligible by automation tools.
    pub automation: usize,
    /// Records removed for other reasons.
    pub removed_other: usize,
    /// Records screened: decided at title and abstract.
    pub screened: usize,
    /// Records excluded at title and abstract.
    pub excluded: usize,
    /// Records that wait for a decision at title and abstract.
    pub pending_screening: usize,
    /// Reports of databases and registers.
    pub searched: ReportCounts,
    /// Reports of other methods.
    pub other: ReportCounts,
    /// Records of other methods that are duplicates of each other or of the left column, or dropped on the title, or pending
    /// (a footnote: PRISMA has no box).
    pub other_not_sought: usize,
    /// Studies included; in an update those that no earlier version included.
    pub studies: usize,
    /// Reports of those studies.
    pub reports: usize,
    /// Included reports that belong to no study yet.
    pub reports_without_study: usize,
}

/// One equation that must hold between the boxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The equation in words.
    pub name: &'static str,
    /// The left side.
    pub left: usize,
    /// The right side.
    pub right: usize,
}

impl Identity {
    /// Tells whether both sides are equal.
    pub fn holds(&self) -> bool {
        self.left == self.right
    }
}

/// A box of the diagram that can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FlowBox {
    /// Records identified from databases and registers.
    Identified,
    /// Duplicate records removed.
    Duplicates,
    /// Records removed before screening by automation tools.
    Automation,
    /// Records removed before screening for other reasons.
    RemovedOther,
    /// Records screened.
    Screened,
    /// Records excluded.
    Excluded,
    /// Records that wait for a decision.
    PendingScreening,
    /// Reports sought.
    Sought,
    /// Reports not retrieved.
    NotRetrieved,
    /// Reports assessed.
    Assessed,
    /// Reports excluded.
    ReportsExcluded,
    /// Reports included.
    Included,
    /// Records identified by other methods.
    OtherIdentified,
    /// Reports sought by other methods.
    OtherSought,
    /// Reports of other methods not retrieved.
    OtherNotRetrieved,
    /// Reports of other methods assessed.
    OtherAssessed,
    /// Reports of other methods excluded.
    OtherExcluded,
}

impl Flow {
    /// Counts every box of the diagram for the cycle that the review is in.
    pub fn count(state: &ReviewState) -> Self {
        Self::count_cycle(state, state.cycle())
    }

    /// Counts every box of the diagram for one cycle; later cycles are left aside.
    pub fn count_cycle(state: &ReviewState, cycle: CycleNumber) -> Self {
        let mut flow = Self { cycle, ..Self::default() };
        let mut identified = 0;
        for source in state.sources() {
            let records = records_of(state, cycle).filter(|at| state.batch_of(*at).source == source.id).count();
            if records == 0 && state.batches().any(|batch| batch.source == source.id) {
                // Searched for another version only.
                continue;
            }
            let entry = LabelledCount { label: source.name.clone(), count: records };
            match source.kind {
                SourceKind::Database => flow.databases.push(entry),
                SourceKind::Register => flow.registers.push(entry),
                SourceKind::Website => flow.websites += records,
                SourceKind::Organisation => flow.organisations += records,
                SourceKind::Citation => flow.citations += records,
            }
            identified += if source.kind.is_searched() { records } else { 0 };
        }
        let (mut units, mut other_units_sought) = (0, 0);
        for unit in state.units().filter(|unit| state.cycle_of_unit(*unit) == cycle) {
            let Some(status) = state.status(Stage::TitleAbstract, unit) else { continue };
            if !state.is_searched(unit) {
                other_units_sought += usize::from(status.is_in());
                continue;
            }
            units += 1;
            match status {
                Status::Removed => match state.removal_of(unit).map(|removal| removal.kind) {
                    Some(RemovalKind::Automation) => flow.automation += 1,
                    _ => flow.removed_other += 1,
                },
                Status::In { .. } => flow.screened += 1,
                Status::Out { .. } => {
                    flow.screened += 1;
                    flow.excluded += 1;
                }
                _ => flow.pending_screening += 1,
            }
        }
        flow.duplicates = identified - units;
        flow.searched = count_reports(state, cycle, true);
        flow.other = count_reports(state, cycle, false);
        flow.other_not_sought = (flow.other_identified()).saturating_sub(other_units_sought);
        flow.count_included(state);
        flow
    }

    /// Counts studies and reports included now, before, and in all.
    fn count_included(&mut self, state: &ReviewState) {
        let (outside_studies, outside_reports) = state.included_before(self.cycle);
        let mut previous = IncludedCounts { studies: outside_studies, reports: outside_reports };
        let mut total = previous;
        let mut known: Vec<RecordIndex> = Vec::new();
        for study in state.studies() {
            match state.first_cycle_of(&study) {
                Some(first) if first < self.cycle => {
                    previous.studies += 1;
                    total.studies += 1;
                    known.extend(&study.reports);
                }
                Some(first) if first == self.cycle => {
                    self.studies += 1;
                    total.studies += 1;
                }
                _ => {}
            }
        }
        known.sort_unstable();
        for (unit, _) in state.units_in(Stage::FullText).filter(|(_, status)| status.is_in()) {
            let cycle = state.cycle_of_unit(unit);
            if cycle > self.cycle {
                continue;
            }
            total.reports += 1;
            let count = match (cycle < self.cycle, known.binary_search(&unit).is_ok()) {
                (true, _) => &mut previous.reports,
                (false, true) => &mut self.added_reports,
                (false, false) => &mut self.reports,
            };
            *count += 1;
        }
        self.previous = (self.cycle > 1).then_some(previous);
        self.total = total;
        self.reports_without_study =
            state.reports_without_study().into_iter().filter(|unit| state.cycle_of_unit(*unit) <= self.cycle).count();
    }

    /// Returns the records identified from databases and registers.
    pub fn identified(&self) -> usize {
        self.databases.iter().chain(&self.registers).map(|source| source.count).sum()
    }

    /// Returns the records identified by other methods.
    pub fn other_identified(&self) -> usize {
        self.websites + self.organisations + self.citations
    }

    /// Returns how many records or reports still wait for something: a vote, a settlement, a document.
    pub fn pending(&self) -> usize {
        self.pending_screening
            + [&self.searched, &self.other].map(|column| column.pending_retrieval + column.pending_decision).iter().sum::<usize>()
    }

    /// Returns the equations between the boxes, each with both sides.
    pub fn identities(&self) -> Vec<Identity> {
        let reports = |column: &ReportCounts| {
            (column.sought - column.not_retrieved.min(column.sought), column.assessed + column.pending_retrieval + column.pending_decision)
        };
        let ends = |column: &ReportCounts| (column.assessed, column.included + column.excluded_total() + column.ongoing + column.awaiting);
        let (searched, searched_ends) = (reports(&self.searched), ends(&self.searched));
        let (other, other_ends) = (reports(&self.other), ends(&self.other));
        vec![
            Identity {
                name: "records identified = duplicates + removed before screening + screened + waiting for screening",
                left: self.identified(),
                right: self.duplicates + self.automation + self.removed_other + self.screened + self.pending_screening,
            },
            Identity {
                name: "records screened = records excluded + reports sought",
                left: self.screened,
                right: self.excluded + self.searched.sought,
            },
            Identity { name: "reports sought - not retrieved = assessed + waiting", left: searched.0, right: searched.1 },
            Identity {
                name: "reports assessed = included + excluded by reason + ongoing + awaiting classification",
                left: searched_ends.0,
                right: searched_ends.1,
            },
            Identity {
                name: "other methods: records identified = reports sought + not sought",
                left: self.other_identified(),
                right: self.other.sought + self.other_not_sought,
            },
            Identity { name: "other methods: reports sought - not retrieved = assessed + waiting", left: other.0, right: other.1 },
            Identity {
                name: "other methods: reports assessed = included + excluded by reason + ongoing + awaiting classification",
                left: other_ends.0,
                right: other_ends.1,
            },
            Identity {
                name: "reports included in both columns = reports of new studies + new reports of earlier studies",
                left: self.searched.included + self.other.included,
                right: self.reports + self.added_reports,
            },
            Identity {
                name: "studies in all = studies of earlier versions + new studies",
                left: self.total.studies,
                right: self.previous.unwrap_or_default().studies + self.studies,
            },
            Identity {
                name: "reports in all = reports of earlier versions + reports of new studies + new reports of earlier studies",
                left: self.total.reports,
                right: self.previous.unwrap_or_default().reports + self.reports + self.added_reports,
            },
        ]
    }
}

impl FlowBox {
    /// Returns the records (for `Identified`, `Duplicates`, `OtherIdentified`) or units (all others) that the box counts in a cycle, in
    /// the order of import.
    pub fn members(self, state: &ReviewState, cycle: CycleNumber) -> Vec<RecordIndex> {
        let records =
            |is_ours: &dyn Fn(RecordIndex) -> bool| -> Vec<RecordIndex> { records_of(state, cycle).filter(|at| is_ours(*at)).collect() };
        let units = |searched: bool, stage: Stage, wanted: &dyn Fn(RecordIndex, &Status) -> bool| -> Vec<RecordIndex> {
            state
                .units()
                .filter(|unit| {
                    state.cycle_of_unit(*unit) == cycle
                        && state.is_searched(*unit) == searched
                        && state.status(stage, *unit).is_some_and(|status| wanted(*unit, status))
                })
                .collect()
        };
        let removed = |kind: RemovalKind| {
            units(true, Stage::TitleAbstract, &|unit, status| {
                *status == Status::Removed && state.removal_of(unit).is_some_and(|r| r.kind == kind)
            })
        };
        match self {
            Self::Identified => records(&|at| state.source_kind_of(at).is_searched()),
            Self::OtherIdentified => records(&|at| !state.source_kind_of(at).is_searched()),
            Self::Duplicates => duplicates(state, cycle),
            Self::Automation => removed(RemovalKind::Automation),
            Self::RemovedOther => removed(RemovalKind::Other),
            Self::Screened => units(true, Stage::TitleAbstract, &|_, status| status.is_in() || status.is_out()),
            Self::Excluded => units(true, Stage::TitleAbstract, &|_, status| status.is_out()),
            Self::PendingScreening => units(true, Stage::TitleAbstract, &|_, status| !status.is_decided() && *status != Status::Removed),
            Self::Sought => units(true, Stage::FullText, &|_, _| true),
            Self::NotRetrieved => units(true, Stage::FullText, &|_, status| *status == Status::NotRetrieved),
            Self::Assessed => units(true, Stage::FullText, &|_, status| status.is_decided()),
            Self::ReportsExcluded => units(true, Stage::FullText, &|_, status| status.is_out()),
            Self::Included => {
                let mut both = units(true, Stage::FullText, &|_, status| status.is_in());
                both.extend(units(false, Stage::FullText, &|_, status| status.is_in()));
                both.sort_unstable();
                both
            }
            Self::OtherSought => units(false, Stage::FullText, &|_, _| true),
            Self::OtherNotRetrieved => units(false, Stage::FullText, &|_, status| *status == Status::NotRetrieved),
            Self::OtherAssessed => units(false, Stage::FullText, &|_, status| status.is_decided()),
            Self::OtherExcluded => units(false, Stage::FullText, &|_, status| status.is_out()),
        }
    }
}

/// Returns the records of a cycle that stand, in the order of import.
fn records_of(state: &ReviewState, cycle: CycleNumber) -> impl Iterator<Item = RecordIndex> + '_ {
    (0..state.records().len() as RecordIndex).filter(move |at| state.is_record_live(*at) && state.cycle_of(*at) == cycle)
}

/// Returns the records of databases and registers beyond the first of each group, and those of groups that an earlier cycle holds.
fn duplicates(state: &ReviewState, cycle: CycleNumber) -> Vec<RecordIndex> {
    let mut found: Vec<RecordIndex> = Vec::new();
    for primary in state.groups().primaries() {
        let searched = state
            .members_of(primary)
            .into_iter()
            .filter(|at| state.is_record_live(*at) && state.cycle_of(*at) == cycle && state.source_kind_of(*at).is_searched());
        let is_new = state.cycle_of_unit(primary) == cycle;
        found.extend(searched.skip(usize::from(is_new)));
    }
    found.sort_unstable();
    found
}

fn count_reports(state: &ReviewState, cycle: CycleNumber, searched: bool) -> ReportCounts {
    let mut counts = ReportCounts::default();
    let mut by_reason: Vec<(usize, String, usize)> = Vec::new();
    for (unit, status) in state.units_in(Stage::FullText) {
        if state.cycle_of_unit(unit) != cycle || state.is_searched(unit) != searched {
            continue;
        }
        counts.sought += 1;
        match status {
            Status::NotRetrieved => counts.not_retrieved += 1,
            Status::AwaitingReport | Status::Removed => counts.pending_retrieval += 1,
            Status::Unscreened | Status::Partial | Status::Conflict | Status::ReasonConflict => counts.pending_decision += 1,
            Status::In { .. } => counts.included += 1,
            Status::Ongoing => counts.ongoing += 1,
            Status::Awaiting => counts.awaiting += 1,
            Status::Out { reason, .. } => {
                let code = reason.as_deref().unwrap_or("no-reason");
                let label = if reason.is_some() { state.reason_label(code).to_owned() } else { "No reason given".to_owned() };
                match by_reason.iter_mut().find(|known| known.1 == label) {
                    Some(known) => known.2 += 1,
                    None => by_reason.push((state.reason_rank(code), label, 1)),
                }
            }
        }
    }
    counts.assessed = counts.included + counts.ongoing + counts.awaiting + by_reason.iter().map(|reason| reason.2).sum::<usize>();
    by_reason.sort();
    counts.excluded = by_reason.into_iter().map(|(_, label, count)| LabelledCount { label, count }).collect();
    counts
}
