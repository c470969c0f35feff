//! Records: the bibliographic entries of the imports, named by their content.

use rusqlite::{CachedStatement, Connection, OptionalExtension, named_params};
use sha2::{Digest, Sha256};

use crate::domain::ids::{BatchId, RecordId};
use crate::domain::record::Citation;

use super::operation::hex;
use super::table::word;
use super::{Store, StoreError};

/// A record about to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// The identity, from [`record_id`].
    pub id: RecordId,
    /// The import.
    pub batch: BatchId,
    /// The 1-based place in the file.
    pub ordinal: u32,
    /// The parsed fields.
    pub citation: Citation,
    /// The text as it stood in the file.
    pub raw: String,
}

/// A record as it lies in the file.
pub type StoredRecord = NewRecord;

/// What a list shows of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLine {
    /// The identity.
    pub id: RecordId,
    /// The title.
    pub title: String,
    /// The year.
    pub year: Option<i32>,
}

/// Names a record by its import (source and file), its place in the file and its raw text.
pub fn record_id(batch: BatchId, ordinal: u32, raw: &str) -> RecordId {
    let mut hasher = Sha256::new();
    hasher.update(batch.as_str());
    hasher.update(ordinal.to_be_bytes());
    hasher.update(raw);
    RecordId::from_hash(&hasher.finalize().into())
}

/// The digest over the records of an import in order, as the import keeps it: identities, parsed fields and raw texts.
#[derive(Debug, Clone, Default)]
pub struct RecordsDigest {
    hasher: Sha256,
}

impl RecordsDigest {
    /// Feeds the next record.
    pub fn feed(&mut self, record: &NewRecord) {
        self.add(record, &record.citation_json());
    }

    /// As [`RecordsDigest::feed`], with the parsed fields as they are stored.
    pub(super) fn add(&mut self, record: &NewRecord, citation_json: &str) {
        let citation = &record.citation;
        let year = citation.year.map(|year| year.to_string()).unwrap_or_default();
        let doi = citation.doi.as_ref().map_or("", |doi| doi.as_str());
        let pmid = citation.pmid.as_ref().map_or("", |pmid| pmid.as_str());
        feed_record(&mut self.hasher, record.id, &[&citation.title, &year, doi, pmid, citation_json, &record.raw]);
    }

    /// Returns the digest in hexadecimal.
    pub fn finish(self) -> String {
        hex(&self.hasher.finalize())
    }
}

/// Feeds identity, title, year, DOI, PMID, parsed fields and raw text of a record.
fn feed_record(hasher: &mut Sha256, id: RecordId, texts: &[&str; 6]) {
    hasher.update(id.as_str());
    for text in texts {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text);
    }
}

impl NewRecord {
    /// Returns the parsed fields as they are stored.
    pub(super) fn citation_json(&self) -> String {
        serde_json::to_string(&self.citation).expect("a citation is a plain structure of text, numbers and lists")
    }
}

/// The statement that stores records, prepared once.
pub(super) struct Insertion<'c> {
    statement: CachedStatement<'c>,
}

impl<'c> Insertion<'c> {
    /// Prepares the statement.
    pub fn prepare(conn: &'c Connection) -> rusqlite::Result<Self> {
        let sql = "INSERT INTO record (id, batch, ordinal, title, year, doi, pmid, citation, raw)
                   VALUES (:id, :batch, :ordinal, :title, :year, :doi, :pmid, :citation, :raw) ON CONFLICT (id) DO NOTHING";
        Ok(Self { statement: conn.prepare_cached(sql)? })
    }

    /// Stores a record; one of the same name stays as it is.
    pub fn run(&mut self, record: &NewRecord, citation_json: &str) -> rusqlite::Result<()> {
        let citation = &record.citation;
        self.statement.execute(named_params! {
            ":id": record.id.as_str(), ":batch": record.batch.as_str(), ":ordinal": record.ordinal, ":title": citation.title,
            ":year": citation.year, ":doi": citation.doi.as_ref().map(|doi| doi.as_str()),
            ":pmid": citation.pmid.as_ref().map(|pmid| pmid.as_str()), ":citation": citation_json, ":raw": record.raw,
        })?;
        Ok(())
    }
}

pub(super) fn read_record(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredRecord> {
    let citation = serde_json::from_str(row.get_ref(3)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, Box::new(error)))?;
    Ok(NewRecord { id: word(row, 0)?, batch: word(row, 1)?, ordinal: row.get(2)?, citation, raw: row.get(4)? })
}

impl Store {
    /// Returns a record with all its text, or `None` where the file does not hold it.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn record(&self, id: RecordId) -> Result<Option<StoredRecord>, StoreError> {
        let read = || {
            let mut statement = self.conn.prepare_cached("SELECT id, batch, ordinal, citation, raw FROM record WHERE id = :id")?;
            statement.query_row([id.as_str()], read_record).optional()
        };
        read().map_err(|e| self.error(e))
    }

    /// Returns what lists show of some records, in the order asked for; unknown records are left out.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn record_lines(&self, ids: &[RecordId]) -> Result<Vec<RecordLine>, StoreError> {
        let read = || {
            let mut statement = self.conn.prepare_cached("SELECT title, year FROM record WHERE id = :id")?;
            let mut lines = Vec::with_capacity(ids.len());
            for id in ids {
                let line = statement.query_row([id.as_str()], |row| Ok(RecordLine { id: *id, title: row.get(0)?, year: row.get(1)? }));
                lines.extend(line.optional()?);
            }
            Ok(lines)
        };
        read().map_err(|e| self.error(e))
    }

    /// Hands every record of an import to `each`, in the order of the file; `each` returns false to stop.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn each_record(&self, batch: BatchId, each: &mut dyn FnMut(StoredRecord) -> bool) -> Result<(), StoreError> {
        let mut read = || {
            let sql = "SELECT id, batch, ordinal, citation, raw FROM record WHERE batch = :batch ORDER BY ordinal";
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut rows = statement.query([batch.as_str()])?;
            while let Some(row) = rows.next()? {
                if !each(read_record(row)?) {
                    break;
                }
            }
            Ok(())
        };
        read().map_err(|e| self.error(e))
    }

    /// Returns the records whose name begins with a text, at most `limit`: two are enough to see whether it is the only one.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn records_named(&self, beginning: &str, limit: u32) -> Result<Vec<RecordId>, StoreError> {
        let read = || {
            let sql = "SELECT id FROM record WHERE id >= :from AND id < :to ORDER BY id LIMIT :limit";
            let mut statement = self.conn.prepare_cached(sql)?;
            let after = format!("{beginning}{{");
            let rows = statement.query_map(named_params! {":from": beginning, ":to": after, ":limit": limit}, |row| word(row, 0))?;
            rows.collect::<rusqlite::Result<Vec<RecordId>>>()
        };
        read().map_err(|e| self.error(e))
    }

    /// Hands out identity, year and title of every record, in no order.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn each_year_and_title(&self, each: &mut dyn FnMut(RecordId, Option<i32>, &str)) -> Result<(), StoreError> {
        let mut read = || {
            let mut statement = self.conn.prepare_cached("SELECT id, year, title FROM record")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                each(word(row, 0)?, row.get(1)?, row.get_ref(2)?.as_str()?);
            }
            Ok(())
        };
        read().map_err(|e| self.error(e))
    }

    /// Hands out identity, year and family name of the first author of every record, in no order; the name is empty where none is given.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn each_year_and_first_author(&self, each: &mut dyn FnMut(RecordId, Option<i32>, &str)) -> Result<(), StoreError> {
        let mut read = || {
            let sql = "SELECT id, year, coalesce(citation ->> '$.authors[0].family', '') FROM record";
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                each(word(row, 0)?, row.get(1)?, row.get_ref(2)?.as_str()?);
            }
            Ok(())
        };
        read().map_err(|e| self.error(e))
    }

    /// Returns the records with this DOI or PMID.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn records_with_identifier(&self, doi: Option<&str>, pmid: Option<&str>) -> Result<Vec<RecordId>, StoreError> {
        let read = || {
            let mut statement = self.conn.prepare_cached("SELECT id FROM record WHERE doi = :doi OR pmid = :pmid ORDER BY id")?;
            let rows = statement.query_map(named_params! {":doi": doi, ":pmid": pmid}, |row| word(row, 0))?;
            rows.collect::<rusqlite::Result<Vec<RecordId>>>()
        };
        read().map_err(|e| self.error(e))
    }

    /// Returns the records whose DOI begins with a text in lower case.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn records_with_doi_beginning(&self, beginning: &str) -> Result<Vec<RecordId>, StoreError> {
        let after = format!("{beginning}\u{10ffff}");
        let read = || {
            let mut statement = self.conn.prepare_cached("SELECT id FROM record WHERE doi >= :from AND doi < :to ORDER BY id")?;
            let rows = statement.query_map([beginning, &after], |row| word(row, 0))?;
            rows.collect::<rusqlite::Result<Vec<RecordId>>>()
        };
        read().map_err(|e| self.error(e))
    }

    pub(super) fn each_record_name(&self, batch: BatchId, each: &mut dyn FnMut(RecordId, u32)) -> Result<(), StoreError> {
        let mut read = || {
            let mut statement = self.conn.prepare_cached("SELECT id, ordinal FROM record WHERE batch = :batch ORDER BY ordinal, id")?;
            let mut rows = statement.query([batch.as_str()])?;
            while let Some(row) = rows.next()? {
                each(word(row, 0)?, row.get(1)?);
            }
            Ok(())
        };
        read().map_err(|e| self.error(e))
    }

    /// Computes the digest of an import's records anew.
    pub(super) fn digest_of_batch(&self, batch: &str) -> rusqlite::Result<String> {
        let mut hasher = Sha256::new();
        let mut statement = self.conn.prepare_cached(
            "SELECT id, title, coalesce(cast(year AS TEXT), ''), coalesce(doi, ''), coalesce(pmid, ''), citation, raw
               FROM record WHERE batch = :batch ORDER BY ordinal, id",
        )?;
        let mut rows = statement.query([batch])?;
        while let Some(row) = rows.next()? {
            let mut texts = [""; 6];
            for (at, text) in texts.iter_mut().enumerate() {
                *text = row.get_ref(at + 1)?.as_str()?;
            }
            feed_record(&mut hasher, word(row, 0)?, &texts);
        }
        Ok(hex(&hasher.finalize()))
    }
}
