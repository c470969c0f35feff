//! Verifies a whole review file: SQLite's own structures, every row against the digest of its operation, every log against its chain,
//! every import against the digest of its records, and the votes as SQL sees them against those of the fold.

use std::collections::HashMap;

use serde::Serialize;

use crate::domain::decision::{Stage, Verdict};
use crate::domain::ids::{RecordId, ReviewerId};
use crate::domain::state::ReviewState;

use super::operation::{StoredOperation, digest_head, digest_rows, hex, read_operation};
use super::table::word;
use super::{Store, StoreError};

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which part of the file ("operation", "log", "import", "file", "votes").
    pub part: &'static str,
    /// Which one, where there are several.
    pub name: String,
    /// What is wrong, in a sentence.
    pub message: String,
}

impl Store {
    /// Verifies the file; an empty list means that nothing is wrong.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot even be read through.
    pub fn check(&self) -> Result<Vec<Problem>, StoreError> {
        self.collect_problems().map_err(|e| self.error(e))
    }

    fn collect_problems(&self) -> rusqlite::Result<Vec<Problem>> {
        let mut problems = self.check_sqlite()?;
        let operations = self.all_operations()?;
        let mut digests = self.row_digests()?;
        let mut last: HashMap<String, (u64, String)> = HashMap::new();
        for stored in &operations {
            let (op, name) = (&stored.operation, stored.operation.id.to_string());
            let rows = digests.remove(&name).unwrap_or_default();
            if hex(&digest_rows(rows.into_iter().map(|(_, digest)| digest))) != stored.rows_digest {
                problems.push(Problem {
                    part: "operation",
                    name: name.clone(),
                    message: format!("its rows are not those that {} wrote ({})", op.reviewer, op.summary),
                });
            }
            if hex(&digest_head(op, &stored.rows_digest, &stored.prev_hash)) != stored.hash {
                problems.push(Problem {
                    part: "operation",
                    name: name.clone(),
                    message: format!("its head was changed after {} wrote it ({})", op.reviewer, op.summary),
                });
            }
            let (seq, hash) = last.remove(&op.log.to_string()).unwrap_or_default();
            if op.log_seq != seq + 1 || stored.prev_hash != hash {
                problems.push(Problem {
                    part: "log",
                    name: op.log.to_string(),
                    message: format!("operation {} does not follow the one before it", op.log_seq),
                });
            }
            last.insert(op.log.to_string(), (op.log_seq, stored.hash.clone()));
        }
        for orphan in digests.keys() {
            problems.push(Problem {
                part: "operation",
                name: orphan.clone(),
                message: "rows name it, but the file does not hold it".to_owned(),
            });
        }
        problems.extend(self.check_imports()?);
        Ok(problems)
    }

    fn check_sqlite(&self) -> rusqlite::Result<Vec<Problem>> {
        let mut problems = Vec::new();
        let mut statement = self.conn.prepare("PRAGMA integrity_check(20)")?;
        for verdict in statement.query_map([], |row| row.get::<_, String>(0))? {
            let verdict = verdict?;
            if verdict != "ok" {
                problems.push(Problem { part: "file", name: String::new(), message: verdict });
            }
        }
        let mut statement = self.conn.prepare("PRAGMA foreign_key_check")?;
        for table in statement.query_map([], |row| row.get::<_, String>(0))? {
            problems.push(Problem { part: "file", name: table?, message: "a row speaks of another one that is missing".to_owned() });
        }
        Ok(problems)
    }

    /// Returns all operations by log and place.
    pub(super) fn all_operations(&self) -> rusqlite::Result<Vec<StoredOperation>> {
        let mut statement = self.conn.prepare("SELECT * FROM operation ORDER BY log, log_seq, id")?;
        let rows = statement.query_map([], read_operation)?;
        rows.collect()
    }

    fn check_imports(&self) -> rusqlite::Result<Vec<Problem>> {
        let mut problems = Vec::new();
        let mut statement = self.conn.prepare("SELECT DISTINCT id, records_digest, file_name FROM import_batch")?;
        let batches = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)))?;
        for batch in batches {
            let (id, digest, file_name) = batch?;
            if self.digest_of_batch(&id)? != digest {
                problems.push(Problem {
                    part: "import",
                    name: file_name,
                    message: "its records are not those that were imported".to_owned(),
                });
            }
        }
        let sql = "SELECT DISTINCT i.batch FROM import_cycle i WHERE NOT EXISTS (SELECT 1 FROM cycle c WHERE c.number = i.cycle)";
        if self.tables().any(|table| table.name == "import_cycle") {
            let mut statement = self.conn.prepare(sql)?;
            for batch in statement.query_map([], |row| row.get::<_, String>(0))? {
                problems.push(Problem { part: "import", name: batch?, message: "it belongs to an update that nobody began".to_owned() });
            }
        }
        Ok(problems)
    }

    /// Compares the standing votes as the view computes them with those of the fold.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn check_votes(&self, state: &ReviewState) -> Result<Vec<Problem>, StoreError> {
        let read = || {
            let mut statement = self.conn.prepare("SELECT stage, record, reviewer, verdict FROM v_current_vote")?;
            let rows = statement.query_map([], |row| {
                Ok((
                    word::<Stage>(row, 0)?,
                    word::<RecordId>(row, 1)?,
                    ReviewerId::from(row.get_ref(2)?.as_str()?),
                    word::<Verdict>(row, 3)?,
                ))
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let mut in_file = read().map_err(|e| self.error(e))?;
        let mut in_fold = state.standing_votes();
        in_file.sort();
        in_fold.sort();
        if in_file == in_fold {
            return Ok(Vec::new());
        }
        let first = in_file.iter().find(|vote| !in_fold.contains(vote)).or_else(|| in_fold.iter().find(|vote| !in_file.contains(vote)));
        let name = first.map(|(stage, record, reviewer, _)| format!("{stage} {record} {reviewer}")).unwrap_or_default();
        Ok(vec![Problem {
            part: "votes",
            name,
            message: "the standing vote differs between the file's view and the program's count".to_owned(),
        }])
    }
}
