//! Reading many records for comparison: their text goes out unparsed, so that it can be parsed elsewhere in parallel.

use rusqlite::named_params;
use serde::Deserialize;

use crate::domain::author::Author;
use crate::domain::identifier::{Doi, Pmid};
use crate::domain::ids::{BatchId, RecordId};
use crate::domain::record::{Citation, PublicationKind};
use crate::domain::search::RecordText;

use super::table::word;
use super::{Store, StoreError};

/// The fields by which records are compared; the others of the text are passed over.
#[derive(Deserialize)]
struct Compared {
    kind: PublicationKind,
    title: String,
    original_title: Option<String>,
    authors: Vec<Author>,
    journal: Option<String>,
    journal_abbreviation: Option<String>,
    year: Option<i32>,
    volume: Option<String>,
    issue: Option<String>,
    start_page: Option<String>,
    end_page: Option<String>,
    doi: Option<Doi>,
    pmid: Option<Pmid>,
    issn: Vec<String>,
    registry_ids: Vec<String>,
    accession: Option<String>,
    abstract_text: Option<String>,
    urls: Vec<String>,
}

/// Parses the fields of a record's text by which duplicates are found; keywords, notes, dates and unknown tags stay empty.
///
/// # Errors
/// A sentence that names the record where the text is damaged.
pub fn parse_compared_fields(id: RecordId, text: &str) -> Result<Citation, String> {
    let fields: Compared = serde_json::from_str(text).map_err(|error| format!("the fields of record {id} cannot be read: {error}"))?;
    Ok(Citation {
        kind: fields.kind,
        title: fields.title,
        original_title: fields.original_title,
        authors: fields.authors,
        journal: fields.journal,
        journal_abbreviation: fields.journal_abbreviation,
        year: fields.year,
        volume: fields.volume,
        issue: fields.issue,
        start_page: fields.start_page,
        end_page: fields.end_page,
        doi: fields.doi,
        pmid: fields.pmid,
        issn: fields.issn,
        registry_ids: fields.registry_ids,
        accession: fields.accession,
        abstract_text: fields.abstract_text,
        urls: fields.urls,
        ..Citation::default()
    })
}

/// Parses the fields of a record's text that searches look into.
///
/// # Errors
/// A sentence that names the record where the text is damaged.
pub fn parse_searched_fields(id: RecordId, text: &str) -> Result<RecordText<'_>, String> {
    serde_json::from_str(text).map_err(|error| format!("the fields of record {id} cannot be read: {error}"))
}

impl Store {
    /// Returns the identity and the unparsed fields of the next records of an import, at most `limit`, in the order of the file: those
    /// after the record with this place and identity. Nothing is held between two calls, so that a writer never waits for a reader.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn citation_texts_after(
        &self,
        batch: BatchId,
        after: Option<(u32, RecordId)>,
        limit: usize,
    ) -> Result<Vec<(u32, RecordId, String)>, StoreError> {
        let (ordinal, id) = after.map_or((0, String::new()), |(ordinal, id)| (ordinal, id.as_str().to_owned()));
        let read = || {
            let sql = "SELECT ordinal, id, citation FROM record
                        WHERE batch = :batch AND (ordinal, id) > (:ordinal, :id) ORDER BY ordinal, id LIMIT :limit";
            let mut statement = self.conn.prepare_cached(sql)?;
            let named = named_params! {":batch": batch.as_str(), ":ordinal": ordinal, ":id": id, ":limit": limit as i64};
            let rows = statement.query_map(named, |row| Ok((row.get(0)?, word(row, 1)?, row.get(2)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e| self.error(e))
    }

    /// Hands out the identity and the unparsed fields of every record of an import, in the order of the file, until `each` returns
    /// `false`. The raw text is not read.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn each_citation_text(&self, batch: BatchId, each: &mut dyn FnMut(RecordId, String) -> bool) -> Result<(), StoreError> {
        let mut read = || {
            let mut statement = self.conn.prepare_cached("SELECT id, citation FROM record WHERE batch = :batch ORDER BY ordinal")?;
            let mut rows = statement.query([batch.as_str()])?;
            while let Some(row) = rows.next()? {
                if !each(word(row, 0)?, row.get(1)?) {
                    break;
                }
            }
            Ok(())
        };
        read().map_err(|e| self.error(e))
    }
}
