//! Records as lists and cards, and the ways to name one.

use serde::Serialize;

use crate::domain::identifier::{Doi, Pmid};
use crate::domain::ids::RecordId;
use crate::domain::record::Citation;
use crate::domain::state::RecordIndex;
use crate::domain::text::counted;

use super::super::error::{Error, Result};
use super::super::workspace::Workspace;

/// A record in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedRecord {
    /// The record.
    pub record: RecordId,
    /// The primary of its group; itself where it stands alone.
    pub group: RecordId,
    /// The source's name.
    pub source: String,
    /// The record's own number in the source, or its place in the file ("search.ris#12").
    pub source_id: String,
    /// The title.
    pub title: String,
    /// The year.
    pub year: Option<i32>,
}

/// One record of a group on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberView {
    /// The record.
    pub record: RecordId,
    /// The source's name.
    pub source: String,
    /// The file and the place in it ("search.ris#12").
    pub place: String,
}

/// Everything that a card shows of a unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordCard {
    /// The unit: the primary record.
    pub record: RecordId,
    /// Its fields, completed from the other records of the group where the primary has none.
    pub citation: Citation,
    /// The fields that came from another record of the group, as (field, record).
    pub completed: Vec<(&'static str, RecordId)>,
    /// All records of the group.
    pub members: Vec<MemberView>,
}

/// Returns the number that a record has in its source: the column `id` of a table, else the accession number.
fn own_number(citation: &Citation) -> Option<String> {
    let of_table = citation.extra.iter().find(|(tag, value)| tag.eq_ignore_ascii_case("id") && !value.is_empty());
    of_table.map(|(_, value)| value.clone()).or_else(|| citation.accession.clone())
}

impl Workspace {
    /// Finds the record that a person names: by its identity or the first characters of it, by `FILE#N` (the N-th record of an
    /// imported file), by `doi:...` or by `pmid:...`.
    ///
    /// # Errors
    /// [`Error`] where nothing or more than one unit fits.
    pub fn find_record(&self, name: &str) -> Result<RecordId> {
        let name = name.trim();
        if let Some((file, ordinal)) = name.rsplit_once('#') {
            return self.record_of_file(file, ordinal);
        }
        if let Some(doi) = name.strip_prefix("doi:").or_else(|| name.starts_with("10.").then_some(name)) {
            let doi = Doi::find(doi).ok_or_else(|| Error::user(format!("\"{doi}\" is no DOI")))?;
            return self.only_unit(name, &self.store.records_with_identifier(Some(doi.as_str()), None)?);
        }
        if let Some(pmid) = name.strip_prefix("pmid:") {
            let pmid = Pmid::find(pmid).ok_or_else(|| Error::user(format!("\"{pmid}\" is no PMID")))?;
            return self.only_unit(name, &self.store.records_with_identifier(None, Some(pmid.as_str()))?);
        }
        let beginning = name.to_lowercase();
        if beginning.len() < 4 || !beginning.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Error::user(format!("\"{name}\" names no record"))
                .hint("use the record's name or its first four or more characters, FILE#N, doi:... or pmid:..."));
        }
        match self.store.records_named(&beginning, 2)?[..] {
            [one] => Ok(one),
            [] => Err(Error::not_found(format!("the review holds no record \"{name}\""))),
            _ => Err(Error::user(format!("more than one record begins with \"{name}\"")).hint("give more characters")),
        }
    }

    pub(super) fn record_of_file(&self, file: &str, ordinal: &str) -> Result<RecordId> {
        let ordinal: u32 = ordinal.parse().map_err(|_| Error::user(format!("\"{ordinal}\" is no place in a file")))?;
        let batch = self
            .state
            .batches()
            .find(|batch| batch.file_name == file)
            .ok_or_else(|| Error::not_found(format!("no file {file} was imported")))?;
        let place = self.state.record_in_batch(batch.id, ordinal);
        place
            .map(|place| self.state.record_id(place))
            .ok_or_else(|| Error::not_found(format!("{file} has {}, not {ordinal}", counted(batch.kept as usize, "record"))))
    }

    fn only_unit(&self, name: &str, records: &[RecordId]) -> Result<RecordId> {
        let mut units: Vec<RecordIndex> = records
            .iter()
            .filter_map(|id| self.state.record_place(*id))
            .filter(|at| self.state.is_record_live(*at))
            .map(|at| self.state.unit_of(at))
            .collect();
        units.sort_unstable();
        units.dedup();
        match units[..] {
            [one] => Ok(self.state.record_id(one)),
            [] => Err(Error::not_found(format!("the review holds no record with {name}"))),
            _ => Err(Error::user(format!("{} records have {name} and are not one group", units.len()))),
        }
    }

    /// Returns records as lines of a list, in the order given.
    pub(in crate::app) fn list(&self, records: &[RecordIndex]) -> Result<Vec<ListedRecord>> {
        let ids: Vec<RecordId> = records.iter().map(|at| self.state.record_id(*at)).collect();
        let lines = self.store.record_lines(&ids)?;
        let listed = lines.into_iter().filter_map(|line| {
            let place = self.state.record_place(line.id)?;
            Some(ListedRecord {
                record: line.id,
                group: self.state.record_id(self.state.unit_of(place)),
                source: self.source_name(place),
                source_id: self.file_place(place),
                title: line.title,
                year: line.year,
            })
        });
        Ok(listed.collect())
    }

    /// Returns a page of all records that stand, in the order of import.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read.
    pub fn records(&self, offset: usize, limit: usize) -> Result<Vec<ListedRecord>> {
        let places: Vec<RecordIndex> =
            (0..self.state.records().len() as RecordIndex).filter(|at| self.state.is_record_live(*at)).skip(offset).take(limit).collect();
        self.list(&places)
    }

    /// Hands every record that stands to `each` with its line of the list, in the order of import, for exports.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read.
    pub fn each_record(&self, each: &mut dyn FnMut(&ListedRecord, &Citation, &str) -> bool) -> Result<()> {
        for batch in self.state.batches().map(|batch| batch.id).collect::<Vec<_>>() {
            self.store.each_record(batch, &mut |record| {
                let Some(place) = self.state.record_place(record.id) else { return true };
                let line = ListedRecord {
                    record: record.id,
                    group: self.state.record_id(self.state.unit_of(place)),
                    source: self.source_name(place),
                    source_id: own_number(&record.citation).unwrap_or_else(|| self.file_place(place)),
                    title: record.citation.title.clone(),
                    year: record.citation.year,
                };
                each(&line, &record.citation, &record.raw)
            })?;
        }
        Ok(())
    }

    /// Returns the card of a record's unit.
    ///
    /// # Errors
    /// [`Error`] where the review does not hold the record or the file cannot be read.
    pub fn card(&self, record: RecordId) -> Result<RecordCard> {
        let unit = self.unit(record)?;
        let members = self.state.members_of(unit);
        let mut citation = self.citation(unit)?;
        let mut completed = Vec::new();
        for member in members.iter().filter(|member| **member != unit) {
            let other = self.citation(*member)?;
            completed.extend(complete(&mut citation, &other).into_iter().map(|field| (field, self.state.record_id(*member))));
        }
        let members = members
            .into_iter()
            .map(|member| MemberView {
                record: self.state.record_id(member),
                source: self.source_name(member),
                place: self.file_place(member),
            })
            .collect();
        Ok(RecordCard { record: self.state.record_id(unit), citation, completed, members })
    }

    /// Returns a record's text as it stood in its file.
    ///
    /// # Errors
    /// [`Error`] where the review does not hold the record or the file cannot be read.
    pub fn raw_record(&self, record: RecordId) -> Result<String> {
        let stored = self.store.record(record)?;
        stored.map(|stored| stored.raw).ok_or_else(|| Error::not_found(format!("the review holds no record {record}")))
    }

    pub(super) fn citation(&self, place: RecordIndex) -> Result<Citation> {
        let id = self.state.record_id(place);
        let stored = self.store.record(id)?;
        stored.map(|stored| stored.citation).ok_or_else(|| Error::not_found(format!("the review holds no record {id}")))
    }

    pub(super) fn source_name(&self, place: RecordIndex) -> String {
        let source = &self.state.batch_of(place).source;
        self.state.source(source).map_or_else(|| source.to_string(), |source| source.name.clone())
    }

    pub(in crate::app) fn file_place(&self, place: RecordIndex) -> String {
        format!("{}#{}", self.state.batch_of(place).file_name, self.state.records()[place as usize].ordinal)
    }
}

/// Fills the empty fields of a citation from another record of the same report; returns the names of the fields filled.
fn complete(citation: &mut Citation, other: &Citation) -> Vec<&'static str> {
    let mut filled = Vec::new();
    macro_rules! fill {
        ($($field:ident),*) => {
            $(if citation.$field.is_none() && other.$field.is_some() {
                citation.$field.clone_from(&other.$field);
                filled.push(stringify!($field));
            })*
        };
    }
    fill!(abstract_text, journal, year, date, volume, issue, start_page, end_page, doi, pmid, pmcid, language, publisher);
    macro_rules! fill_list {
        ($($field:ident),*) => {
            $(if citation.$field.is_empty() && !other.$field.is_empty() {
                citation.$field.clone_from(&other.$field);
                filled.push(stringify!($field));
            })*
        };
    }
    fill_list!(authors, keywords, registry_ids, issn, urls);
    filled
}
