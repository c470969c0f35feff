//! Reading operations, loading the state, and the hash chain that makes tampering and bit rot visible.
//!
//! Each row has a digest over its table, its place and its values; an operation's `rows_digest` covers those of its rows in order; its
//! `hash` covers its head, that digest and the hash of the operation before it in the same log.

use std::collections::HashMap;
use std::fmt::Write as _;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{OptionalExtension, named_params, params_from_iter};
use sha2::{Digest, Sha256};

use crate::domain::ids::{LogId, OpId, ReviewerId};
use crate::domain::operation::{OpKind, Operation, Row};
use crate::domain::state::{FoldError, OpHead, OpIndex, ReviewState};
use crate::domain::time::Timestamp;

use super::table::{REMARK_TABLE, TABLES_BEFORE_RECORDS, Table, word};
use super::{Store, StoreError};

/// An operation about to be appended; the store finds its place in the log.
#[derive(Debug, Clone)]
pub struct NewOperation {
    /// The identity.
    pub id: OpId,
    /// The log to append to; a log unknown to the file begins with this operation.
    pub log: LogId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub reviewer: ReviewerId,
    /// What kind.
    pub kind: OpKind,
    /// One line for people.
    pub summary: String,
    /// For undo and redo the operation that is switched.
    pub target: Option<OpId>,
}

/// An operation as it lies in the file, with its text and the hashes of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOperation {
    /// The operation.
    pub operation: Operation,
    /// Digest of the rows that it wrote, in hexadecimal.
    pub rows_digest: String,
    /// Hash of the operation before it in its log; empty for the first.
    pub prev_hash: String,
    /// Hash over all of it.
    pub hash: String,
}

impl Store {
    /// Folds the whole file into the state of the review.
    ///
    /// Rows that cannot be placed are left out and returned as problems.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn load_state(&self) -> Result<(ReviewState, Vec<FoldError>), StoreError> {
        self.load_state_until(usize::MAX)
    }

    /// Folds the first so many operations: the review as it stood then.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn load_state_until(&self, operations: usize) -> Result<(ReviewState, Vec<FoldError>), StoreError> {
        let mut state = ReviewState::default();
        let mut problems = Vec::new();
        let mut kinds = Vec::new();
        self.each_operation_head(operations, &mut |head| {
            if !kinds.contains(&head.kind) {
                kinds.push(head.kind);
            }
            problems.extend(state.add_operation(head).err());
        })?;
        for (at, table) in self.tables().enumerate() {
            if at == TABLES_BEFORE_RECORDS {
                self.load_records(&mut state, &mut problems)?;
            }
            if table.name == REMARK_TABLE {
                continue;
            }
            for (op, _, row) in self.rows_in_order(table, &state)? {
                problems.extend(state.add_row(op, row).err());
            }
        }
        state.settle(kinds.into_iter().chain([OpKind::Setup]));
        Ok((state, problems))
    }

    /// Returns the last place and hash of a log, or `None` where the file does not hold it.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn log_head(&self, log: LogId) -> Result<Option<(u64, String)>, StoreError> {
        let sql = "SELECT log_seq, hash FROM operation WHERE log = :log ORDER BY log_seq DESC LIMIT 1";
        self.conn.query_row(sql, [log.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(|e| self.error(e))
    }

    /// Returns operations with their text, newest first: `limit` of them after skipping `offset`.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn operations(&self, offset: usize, limit: usize) -> Result<Vec<StoredOperation>, StoreError> {
        let sql = "SELECT * FROM operation ORDER BY lamport DESC, id DESC LIMIT :limit OFFSET :offset";
        let read = || {
            let mut statement = self.conn.prepare_cached(sql)?;
            let rows = statement.query_map(named_params! {":limit": limit as i64, ":offset": offset as i64}, read_operation)?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e| self.error(e))
    }

    /// Returns one operation with its text.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read or does not hold it.
    pub fn operation(&self, id: OpId) -> Result<StoredOperation, StoreError> {
        self.conn.query_row("SELECT * FROM operation WHERE id = :id", [id.to_string()], read_operation).map_err(|e| self.error(e))
    }

    /// Hands the heads of the first so many operations to `each`, in the order of folding. Operations of one person share the name.
    fn each_operation_head(&self, limit: usize, each: &mut dyn FnMut(OpHead)) -> Result<(), StoreError> {
        let mut people: Vec<ReviewerId> = Vec::new();
        let mut read = || {
            let sql = "SELECT id, lamport, at, reviewer, kind, target FROM operation ORDER BY lamport, id LIMIT :limit";
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
            while let Some(row) = rows.next()? {
                let name = row.get_ref(3)?.as_str()?;
                let known = people.iter().find(|known| known.as_str() == name).cloned();
                let reviewer = known.unwrap_or_else(|| {
                    let new = ReviewerId::from(name);
                    people.push(new.clone());
                    new
                });
                each(OpHead {
                    id: word(row, 0)?,
                    lamport: row.get(1)?,
                    at: read_time(row, 2)?,
                    reviewer,
                    kind: word(row, 4)?,
                    target: row.get::<_, Option<String>>(5)?.and_then(|text| text.parse().ok()),
                });
            }
            Ok(())
        };
        read().map_err(|e| self.error(e))
    }

    fn rows_in_order(&self, table: &Table, state: &ReviewState) -> Result<Vec<(OpIndex, i64, Row)>, StoreError> {
        let read = || {
            let mut found = Vec::new();
            let mut statement = self.conn.prepare(&table.select_sql())?;
            let mut rows = statement.query([])?;
            // rows of one operation lie together
            let (mut known, mut place) = (String::new(), None);
            while let Some(row) = rows.next()? {
                if row.get_ref(0)?.as_str()? != known {
                    row.get_ref(0)?.as_str()?.clone_into(&mut known);
                    place = state.op_place(word(row, 0)?);
                }
                // An operation that the file does not hold cannot occur: foreign keys; `check` verifies them.
                if let Some(place) = place {
                    found.push((place, row.get::<_, i64>(1)?, (table.read)(row)?));
                }
            }
            Ok(found)
        };
        let mut found = read().map_err(|e| self.error(e))?;
        found.sort_unstable_by_key(|(op, n, _)| (*op, *n));
        Ok(found)
    }

    fn load_records(&self, state: &mut ReviewState, problems: &mut Vec<FoldError>) -> Result<(), StoreError> {
        let mut batches: Vec<_> = state.all_batches().map(|batch| batch.id).collect();
        batches.dedup();
        for batch in batches {
            self.each_record_name(batch, &mut |id, ordinal| problems.extend(state.add_record(id, batch, ordinal).err()))?;
        }
        Ok(())
    }
}

pub(super) fn insert_operation(conn: &rusqlite::Connection, stored: &StoredOperation) -> rusqlite::Result<()> {
    let sql = "INSERT INTO operation (id, log, log_seq, lamport, at, reviewer, kind, summary, target, rows_digest, prev_hash, hash)
               VALUES (:id, :log, :log_seq, :lamport, :at, :reviewer, :kind, :summary, :target, :rows_digest, :prev_hash, :hash)";
    let op = &stored.operation;
    conn.prepare_cached(sql)?.execute(named_params! {
        ":id": op.id.to_string(), ":log": op.log.to_string(), ":log_seq": op.log_seq, ":lamport": op.lamport, ":at": op.at.to_string(),
        ":reviewer": op.reviewer.as_str(), ":kind": op.kind.to_string(), ":summary": op.summary, ":target": op.target.map(|t| t.to_string()),
        ":rows_digest": stored.rows_digest, ":prev_hash": stored.prev_hash, ":hash": stored.hash,
    })?;
    Ok(())
}

pub(super) fn insert_row(conn: &rusqlite::Connection, table: &Table, op: &str, n: i64, values: &[Value]) -> rusqlite::Result<()> {
    let head = [Value::Text(op.to_owned()), Value::Integer(n)];
    conn.prepare_cached(&table.insert_sql())?.execute(params_from_iter(head.iter().chain(values)))?;
    Ok(())
}

pub(super) fn read_operation(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredOperation> {
    Ok(StoredOperation {
        operation: Operation {
            id: word(row, 0)?,
            log: word(row, 1)?,
            log_seq: row.get(2)?,
            lamport: row.get(3)?,
            at: read_time(row, 4)?,
            reviewer: ReviewerId::from(row.get_ref(5)?.as_str()?),
            kind: word(row, 6)?,
            summary: row.get(7)?,
            target: row.get::<_, Option<String>>(8)?.and_then(|text| text.parse().ok()),
        },
        rows_digest: row.get(9)?,
        prev_hash: row.get(10)?,
        hash: row.get(11)?,
    })
}

fn read_time(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::parse(row.get_ref(at)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, Box::new(error)))
}

/// Returns the digest of one row: its table, its place in the operation and its values, each with its type and length.
pub(super) fn digest_values<'a, V>(table: &Table, n: i64, values: impl IntoIterator<Item = &'a V>) -> [u8; 32]
where
    V: 'a,
    ValueRef<'a>: From<&'a V>,
{
    digest_refs(table, n, values.into_iter().map(ValueRef::from))
}

pub(super) fn digest_refs<'a>(table: &Table, n: i64, values: impl Iterator<Item = ValueRef<'a>>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    feed(&mut hasher, table.name.as_bytes());
    hasher.update(n.to_be_bytes());
    for value in values {
        match value {
            ValueRef::Null => hasher.update([0]),
            ValueRef::Integer(number) => {
                hasher.update([1]);
                hasher.update(number.to_be_bytes());
            }
            ValueRef::Real(number) => {
                hasher.update([2]);
                hasher.update(number.to_bits().to_be_bytes());
            }
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                hasher.update([3]);
                feed(&mut hasher, bytes);
            }
        }
    }
    hasher.finalize().into()
}

/// Returns the digest over the digests of an operation's rows, in order.
pub(super) fn digest_rows(rows: impl Iterator<Item = [u8; 32]>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    rows.for_each(|row| hasher.update(row));
    hasher.finalize().into()
}

/// Returns the hash of an operation over its head, its rows and the operation before it in its log.
pub(super) fn digest_head(op: &Operation, rows_digest: &str, prev_hash: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let target = op.target.map(|target| target.to_string()).unwrap_or_default();
    let texts = [op.id.to_string(), op.log.to_string(), op.at.to_string(), op.kind.to_string(), target];
    feed(&mut hasher, prev_hash.as_bytes());
    texts.iter().for_each(|text| feed(&mut hasher, text.as_bytes()));
    feed(&mut hasher, op.reviewer.as_str().as_bytes());
    feed(&mut hasher, op.summary.as_bytes());
    hasher.update(op.log_seq.to_be_bytes());
    hasher.update(op.lamport.to_be_bytes());
    feed(&mut hasher, rows_digest.as_bytes());
    hasher.finalize().into()
}

fn feed(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

/// Writes bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The digests of all rows of the file by operation, each with its place.
pub(super) type RowDigests = HashMap<String, Vec<(i64, [u8; 32])>>;

impl Store {
    /// Reads every row of every history table and returns its digest.
    pub(super) fn row_digests(&self) -> rusqlite::Result<RowDigests> {
        let mut digests: RowDigests = HashMap::new();
        for table in self.tables() {
            let mut statement = self.conn.prepare(&table.select_sql())?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let n: i64 = row.get(1)?;
                let values: Vec<ValueRef<'_>> = (2..table.columns.len() + 2).map(|at| row.get_ref(at)).collect::<rusqlite::Result<_>>()?;
                digests.entry(row.get(0)?).or_default().push((n, digest_refs(table, n, values.into_iter())));
            }
        }
        digests.values_mut().for_each(|rows| rows.sort_unstable());
        Ok(digests)
    }
}
