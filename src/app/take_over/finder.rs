//! The record of the review that a record of another file is: by its name here, its DOI, its PMID, or title and year.

use std::collections::HashMap;

use crate::domain::record::Citation;
use crate::domain::state::RecordIndex;
use crate::domain::text::fold;

use super::super::error::{Error, Result};
use super::super::workspace::Workspace;
use crate::domain::ids::RecordId;

/// The records of a review by what names them elsewhere.
pub(super) struct Finder {
    by_doi: HashMap<String, Vec<RecordIndex>>,
    by_pmid: HashMap<String, Vec<RecordIndex>>,
    by_title: HashMap<String, Vec<(Option<i32>, RecordIndex)>>,
}

impl Finder {
    /// Reads all records that stand.
    pub fn new(workspace: &Workspace) -> Result<Self> {
        let mut finder = Self { by_doi: HashMap::new(), by_pmid: HashMap::new(), by_title: HashMap::new() };
        let state = &workspace.state;
        for batch in state.batches().map(|batch| batch.id).collect::<Vec<_>>() {
            workspace.store.each_record(batch, &mut |record| {
                let Some(at) = state.record_place(record.id).filter(|at| state.is_record_live(*at)) else { return true };
                let (unit, citation) = (state.unit_of(at), &record.citation);
                if let Some(doi) = &citation.doi {
                    finder.by_doi.entry(doi.as_str().to_owned()).or_default().push(unit);
                }
                if let Some(pmid) = &citation.pmid {
                    finder.by_pmid.entry(pmid.as_str().to_owned()).or_default().push(unit);
                }
                let title = title_key(&citation.title);
                if !title.is_empty() {
                    finder.by_title.entry(title).or_default().push((citation.year, unit));
                }
                true
            })?;
        }
        Ok(finder)
    }

    /// Returns the unit and what it was found by; `raw` is the record as it stands in the file. A table of records that was exported
    /// here begins each row with the record's name, which is no part of a citation.
    ///
    /// # Errors
    /// [`Error`] where no unit fits, where several do, or where DOI and PMID name different ones.
    pub fn find(&self, workspace: &Workspace, citation: &Citation, raw: &str) -> Result<(RecordId, &'static str)> {
        let named = citation.extra.iter().filter(|(name, _)| name.eq_ignore_ascii_case("record")).map(|(_, value)| value.as_str());
        let first = raw.split([',', ';', '\t', '\n']).next().map(|cell| cell.trim().trim_matches('"'));
        let own =
            first.into_iter().chain(named).filter_map(|name| name.trim().parse::<RecordId>().ok()).find(|id| workspace.unit(*id).is_ok());
        if let Some(id) = own {
            return Ok((id, "record"));
        }
        let with_doi = citation.doi.as_ref().map(|doi| self.units(&self.by_doi, doi.as_str())).unwrap_or_default();
        let with_pmid = citation.pmid.as_ref().map(|pmid| self.units(&self.by_pmid, pmid.as_str())).unwrap_or_default();
        let with_title = self.titled(&citation.title, citation.year);
        let id = |unit: RecordIndex| workspace.state.record_id(unit);
        match (&with_doi[..], &with_pmid[..]) {
            ([doi], [pmid]) if doi != pmid => {
                Err(Error::user(format!("its DOI is that of {} and its PMID that of {}", id(*doi), id(*pmid))))
            }
            ([one], _) => Ok((id(*one), "doi")),
            ([], [one]) => Ok((id(*one), "pmid")),
            ([], []) => match with_title[..] {
                [one] => Ok((id(one), "title")),
                [] => Err(Error::not_found(format!("no record of the review is this one: \"{}\"", shown(citation)))),
                _ => Err(Error::user(format!("{} records of the review have this title and year", with_title.len()))),
            },
            // Several units share the identifier, as abstracts of one supplement do: title and year may tell them apart.
            (shared, _) => {
                let shared = if shared.is_empty() { &with_pmid[..] } else { shared };
                match with_title.iter().filter(|unit| shared.contains(unit)).collect::<Vec<_>>()[..] {
                    [one] => Ok((id(*one), if with_doi.is_empty() { "pmid" } else { "doi" })),
                    _ => Err(Error::user(format!("{} records of the review have this DOI or PMID and are not one group", shared.len()))),
                }
            }
        }
    }

    fn units(&self, of: &HashMap<String, Vec<RecordIndex>>, key: &str) -> Vec<RecordIndex> {
        distinct(of.get(key).into_iter().flatten().copied().collect())
    }

    /// Returns the units of a title, of the same year where both sides have one.
    fn titled(&self, title: &str, year: Option<i32>) -> Vec<RecordIndex> {
        let found = self.by_title.get(&title_key(title)).into_iter().flatten();
        distinct(found.filter(|(known, _)| year.is_none() || known.is_none() || *known == year).map(|(_, unit)| *unit).collect())
    }
}

fn distinct(mut units: Vec<RecordIndex>) -> Vec<RecordIndex> {
    units.sort_unstable();
    units.dedup();
    units
}

fn title_key(title: &str) -> String {
    fold(title).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn shown(citation: &Citation) -> String {
    let title: String = citation.title.chars().take(80).collect();
    if title.is_empty() { citation.label() } else { title }
}
