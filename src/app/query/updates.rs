//! What an update found: per source what is new, what was known, and what was not found again.

use std::collections::HashSet;

use serde::Serialize;

use crate::domain::cycle::CycleNumber;
use crate::domain::ids::SourceId;
use crate::domain::state::RecordIndex;

use super::super::error::{Error, Result};
use super::super::workspace::Workspace;
use super::records::ListedRecord;

/// A version of the review: the first one or an update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionView {
    /// The number of the cycle, 1 for the first version.
    pub cycle: CycleNumber,
    /// What people call it.
    pub label: String,
    /// Records imported.
    pub records: usize,
    /// Studies of versions made elsewhere, as they were given when the update began.
    pub studies_before: u32,
    /// Reports of those studies.
    pub reports_before: u32,
}

/// What the searches of an update found in one source. Records; all counts are of records that stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpdatedSource {
    /// The source.
    pub source: String,
    /// Records of earlier cycles.
    pub earlier: usize,
    /// Records of this cycle.
    pub found: usize,
    /// Of these, records of reports that the review did not know.
    pub new: usize,
    /// Of these, records of reports that an earlier cycle holds.
    pub known: usize,
    /// Records of earlier cycles whose report this source did not give again; `None` where it was not searched in this cycle.
    pub gone: Option<usize>,
}

/// What an update found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpdateView {
    /// The versions of the review, the first one included.
    pub versions: Vec<VersionView>,
    /// The cycle that `sources` is about.
    pub cycle: CycleNumber,
    /// What each source gave in it, sources without a record left out.
    pub sources: Vec<UpdatedSource>,
}

/// Which records of an update to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum UpdatePart {
    /// Records of reports that the review did not know.
    New,
    /// Records of reports that an earlier cycle holds.
    Known,
    /// Records of earlier cycles that were not found again.
    Gone,
}

/// The records of one source, told apart by what the update means for them.
#[derive(Default)]
struct Parts {
    earlier: usize,
    new: Vec<RecordIndex>,
    known: Vec<RecordIndex>,
    gone: Vec<RecordIndex>,
}

impl Workspace {
    /// Returns the versions of the review, the first one included.
    pub fn versions(&self) -> Vec<VersionView> {
        let updates = self.state.updates();
        let mut versions = vec![VersionView { cycle: 1, label: self.cycle_label(1), records: 0, studies_before: 0, reports_before: 0 }];
        versions.extend(updates.into_iter().map(|update| VersionView {
            cycle: update.number,
            label: update.label.clone(),
            records: 0,
            studies_before: update.studies_before,
            reports_before: update.reports_before,
        }));
        for record in self.live_record_places() {
            let cycle = self.state.cycle_of(record);
            if let Some(version) = versions.iter_mut().find(|version| version.cycle == cycle) {
                version.records += 1;
            }
        }
        versions
    }

    /// Returns the cycle that a person names, by its number of update ("1", the first update) or its label; "first" is the first version.
    ///
    /// # Errors
    /// [`Error`] that lists the versions where none has the name.
    pub fn find_version(&self, name: &str) -> Result<CycleNumber> {
        let versions = self.versions();
        let name = name.trim();
        let by_label = versions.iter().find(|version| version.label.eq_ignore_ascii_case(name));
        let by_number = || name.parse::<u32>().ok().and_then(|number| versions.iter().find(|version| version.cycle == number + 1));
        let first = || versions.first().filter(|_| name.eq_ignore_ascii_case("first"));
        by_label.or_else(first).or_else(by_number).map(|version| version.cycle).ok_or_else(|| {
            let labels: Vec<String> = versions.iter().map(|version| format!("\"{}\"", version.label)).collect();
            Error::not_found(format!("the review has no version \"{name}\"")).hint(format!("the versions are {}", labels.join(", ")))
        })
    }

    /// Returns the versions, and for each source what the searches of a cycle found; of the latest one where none is named.
    pub fn update_found(&self, cycle: Option<CycleNumber>) -> UpdateView {
        let cycle = cycle.unwrap_or_else(|| self.state.cycle());
        let sources = self.state.sources().into_iter().filter_map(|source| {
            let parts = self.update_parts(&source.id, cycle);
            let found = parts.new.len() + parts.known.len();
            (found + parts.earlier > 0).then(|| UpdatedSource {
                source: source.name.clone(),
                earlier: parts.earlier,
                found,
                new: parts.new.len(),
                known: parts.known.len(),
                gone: (found > 0).then_some(parts.gone.len()),
            })
        });
        UpdateView { versions: self.versions(), cycle, sources: sources.collect() }
    }

    /// Returns the records of one part of an update, of one source or of all.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read or no source has the name.
    pub fn update_records(&self, cycle: CycleNumber, part: UpdatePart, source: Option<&str>) -> Result<Vec<ListedRecord>> {
        let only = source.map(|name| self.find_source(name)).transpose()?.map(|view| view.source.id);
        let mut records: Vec<RecordIndex> = Vec::new();
        for source in self.state.sources().into_iter().filter(|source| only.as_ref().is_none_or(|id| *id == source.id)) {
            let parts = self.update_parts(&source.id, cycle);
            records.extend(match part {
                UpdatePart::New => parts.new,
                UpdatePart::Known => parts.known,
                UpdatePart::Gone => parts.gone,
            });
        }
        records.sort_unstable();
        self.list(&records)
    }

    fn update_parts(&self, source: &SourceId, cycle: CycleNumber) -> Parts {
        let state = &self.state;
        let ours = || self.live_record_places().filter(|at| state.batch_of(*at).source == *source && state.cycle_of(*at) <= cycle);
        let mut parts = Parts::default();
        let mut again: HashSet<RecordIndex> = HashSet::new();
        for record in ours().filter(|at| state.cycle_of(*at) == cycle) {
            let unit = state.unit_of(record);
            again.insert(unit);
            let list = if state.cycle_of_unit(unit) < cycle { &mut parts.known } else { &mut parts.new };
            list.push(record);
        }
        for record in ours().filter(|at| state.cycle_of(*at) < cycle) {
            parts.earlier += 1;
            if !again.is_empty() && !again.contains(&state.unit_of(record)) {
                parts.gone.push(record);
            }
        }
        parts
    }

    fn live_record_places(&self) -> impl Iterator<Item = RecordIndex> + '_ {
        (0..self.state.records().len() as RecordIndex).filter(|at| self.state.is_record_live(*at))
    }
}
