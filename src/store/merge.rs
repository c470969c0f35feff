//! Merging two copies of a review: the union of their operations, with the rows and records that belong to them.
//!
//! Nothing is taken on trust: the other copy is verified whole before the first row is copied, and only operations, their rows and
//! records are read from it. The union does not depend on the order of merging; who wins where two copies disagree is decided
//! afterwards by the fold, as within one copy.

use std::collections::HashSet;

use rusqlite::TransactionBehavior;
use rusqlite::types::{ToSqlOutput, Value};

use super::operation::{insert_operation, insert_row};
use super::{Store, StoreError};

/// What a merge brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MergeCounts {
    /// Operations that were new.
    pub operations: usize,
    /// Records that were new.
    pub records: usize,
}

impl Store {
    /// Adds everything that another copy of the same review holds and this one does not, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where the other file does not verify or is another review; nothing is changed then.
    pub fn merge_from(&mut self, other: &Self) -> Result<MergeCounts, StoreError> {
        let theirs = other.path.clone().unwrap_or_default();
        let refuse = |detail: String| StoreError::Damaged { path: theirs.clone(), detail };
        if other.file_id()? != self.file_id()? {
            return Err(refuse("it is a copy of another review".to_owned()));
        }
        if let Some(problem) = other.check()?.first() {
            return Err(refuse(format!("{} {}: {}", problem.part, problem.name, problem.message)));
        }
        let ours: HashSet<_> = self.all_operations().map_err(|e| self.error(e))?.into_iter().map(|stored| stored.operation.id).collect();
        let new: Vec<_> =
            other.all_operations().map_err(|e| other.error(e))?.into_iter().filter(|stored| !ours.contains(&stored.operation.id)).collect();
        if new.is_empty() {
            return Ok(MergeCounts::default());
        }
        let _guard = self.write_guard()?;
        let path = self.path.clone().unwrap_or_default();
        let wrap = |error| super::connection::translate(error, &path);
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrap)?;
        transaction.execute_batch("PRAGMA defer_foreign_keys = ON").map_err(wrap)?;
        for stored in &new {
            insert_operation(&transaction, stored).map_err(wrap)?;
        }
        let new_ids: HashSet<String> = new.iter().map(|stored| stored.operation.id.to_string()).collect();
        let before: u64 = transaction.query_row("SELECT count(*) FROM record", [], |row| row.get(0)).map_err(wrap)?;
        copy_records(other, &transaction).map_err(wrap)?;
        copy_rows(other, &transaction, &new_ids).map_err(wrap)?;
        let after: u64 = transaction.query_row("SELECT count(*) FROM record", [], |row| row.get(0)).map_err(wrap)?;
        transaction.commit().map_err(wrap)?;
        Ok(MergeCounts { operations: new.len(), records: (after - before) as usize })
    }
}

/// Copies the records with their text as it lies in the other file: an import's digest is over that.
fn copy_records(other: &Store, target: &rusqlite::Connection) -> rusqlite::Result<()> {
    const COLUMNS: &str = "id, batch, ordinal, title, year, doi, pmid, citation, raw";
    let mut statement = other.conn.prepare(&format!("SELECT {COLUMNS} FROM record"))?;
    let sql = format!("INSERT INTO record ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO NOTHING");
    let mut insertion = target.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..9).map(|at| row.get_ref(at).map(ToSqlOutput::Borrowed)).collect::<rusqlite::Result<Vec<_>>>()?;
        insertion.execute(rusqlite::params_from_iter(values))?;
    }
    Ok(())
}

fn copy_rows(other: &Store, target: &rusqlite::Connection, operations: &HashSet<String>) -> rusqlite::Result<()> {
    for table in other.tables() {
        let mut statement = other.conn.prepare(&table.select_sql())?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let op: String = row.get(0)?;
            if operations.contains(&op) {
                let values: Vec<Value> = (2..table.columns.len() + 2).map(|at| row.get(at)).collect::<rusqlite::Result<_>>()?;
                insert_row(target, table, &op, row.get(1)?, &values)?;
            }
        }
    }
    Ok(())
}
