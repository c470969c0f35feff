//! Appending an operation: its records as they come, its rows and its head, in one transaction; all or nothing.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};

use crate::domain::ids::RecordId;
use crate::domain::operation::{Operation, Row};

use super::connection::translate;
use super::operation::{NewOperation, StoredOperation, digest_head, digest_rows, digest_values, hex, insert_operation, insert_row};
use super::record::{Insertion, NewRecord, RecordsDigest};
use super::table::TABLES;
use super::{Store, StoreError};

/// Takes the records of an import, one by one, in the order of the file. Nothing of them stays in memory but their names.
pub struct RecordWriter<'t> {
    insertion: Insertion<'t>,
    digest: RecordsDigest,
    ids: Vec<RecordId>,
    path: &'t Path,
}

impl RecordWriter<'_> {
    /// Stores the next record; one of the same name that the file holds already stays as it is.
    ///
    /// # Errors
    /// [`StoreError`], after which nothing of the operation can be kept.
    pub fn add(&mut self, record: &NewRecord) -> Result<(), StoreError> {
        let citation = record.citation_json();
        self.digest.add(record, &citation);
        self.ids.push(record.id);
        self.insertion.run(record, &citation).map_err(|error| translate(error, self.path))
    }

    /// Returns how many records have been taken.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Tells whether no record has been taken.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns the digest of the records taken so far, as the import keeps it.
    pub fn digest(&self) -> String {
        self.digest.clone().finish()
    }
}

/// What an operation that brought records wrote.
#[derive(Debug)]
pub struct Appended {
    /// The operation.
    pub stored: StoredOperation,
    /// Its rows.
    pub rows: Vec<Row>,
    /// The names of its records, in the order of the file.
    pub records: Vec<RecordId>,
}

impl Store {
    /// Appends an operation with its rows.
    ///
    /// # Errors
    /// [`StoreError`]; the file is then unchanged.
    pub fn append(&mut self, new: NewOperation, rows: &[Row]) -> Result<StoredOperation, StoreError> {
        self.transact(|transaction, path| write_operation(transaction, path, new, rows))
    }

    /// Appends an operation that brings records: `write` hands them to the writer as it reads them and returns the operation's
    /// sentence and rows, which may speak of all of them.
    ///
    /// The file is locked for other writers until this returns.
    ///
    /// # Errors
    /// [`StoreError`], or what `write` returned; the file is then unchanged.
    pub fn append_records<E: From<StoreError>>(
        &mut self,
        new: NewOperation,
        write: impl FnOnce(&mut RecordWriter<'_>) -> Result<(String, Vec<Row>), E>,
    ) -> Result<Appended, E> {
        self.transact(|transaction, path| {
            let insertion = Insertion::prepare(transaction).map_err(|error| translate(error, path))?;
            let mut writer = RecordWriter { insertion, digest: RecordsDigest::default(), ids: Vec::new(), path };
            let (summary, rows) = write(&mut writer)?;
            let records = std::mem::take(&mut writer.ids);
            drop(writer);
            let stored = write_operation(transaction, path, NewOperation { summary, ..new }, &rows)?;
            Ok(Appended { stored, rows, records })
        })
    }

    fn transact<T, E: From<StoreError>>(&mut self, work: impl FnOnce(&Transaction<'_>, &Path) -> Result<T, E>) -> Result<T, E> {
        let _guard = self.write_guard()?;
        let path = self.path.clone().unwrap_or_default();
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|error| translate(error, &path))?;
        // An error below, or a panic, drops the transaction, which rolls everything back.
        let done = work(&transaction, &path)?;
        transaction.commit().map_err(|error| translate(error, &path))?;
        Ok(done)
    }
}

/// Finds the operation's place in its log, chains it there, and writes it with its rows.
fn write_operation(transaction: &Transaction<'_>, path: &Path, new: NewOperation, rows: &[Row]) -> Result<StoredOperation, StoreError> {
    let written: Vec<(usize, Vec<Value>)> = rows.iter().map(place_row).collect();
    let work = || -> rusqlite::Result<StoredOperation> {
        let sql = "SELECT log_seq, hash FROM operation WHERE log = :log ORDER BY log_seq DESC LIMIT 1";
        let head = transaction.query_row(sql, [new.log.to_string()], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, String>(1)?)));
        let (last_seq, prev_hash) = head.optional()?.unwrap_or_default();
        let lamport: u64 = transaction.query_row("SELECT coalesce(max(lamport), 0) + 1 FROM operation", [], |row| row.get(0))?;
        let rows_digest =
            hex(&digest_rows(written.iter().enumerate().map(|(n, (table, values))| digest_values(&TABLES[*table], n as i64, values))));
        let operation = Operation {
            id: new.id,
            log: new.log,
            log_seq: last_seq + 1,
            lamport,
            at: new.at,
            reviewer: new.reviewer,
            kind: new.kind,
            summary: new.summary,
            target: new.target,
        };
        let hash = hex(&digest_head(&operation, &rows_digest, &prev_hash));
        let stored = StoredOperation { operation, rows_digest, prev_hash, hash };
        insert_operation(transaction, &stored)?;
        let id = stored.operation.id.to_string();
        for (n, (table, values)) in written.into_iter().enumerate() {
            insert_row(transaction, &TABLES[table], &id, n as i64, &values)?;
        }
        Ok(stored)
    };
    work().map_err(|error| translate(error, path))
}

/// Returns the place of the row's table and its values.
fn place_row(row: &Row) -> (usize, Vec<Value>) {
    let placed = TABLES.iter().enumerate().find_map(|(at, table)| (table.write)(row).map(|values| (at, values)));
    placed.expect("every kind of row has a table")
}
