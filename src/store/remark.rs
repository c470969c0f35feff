//! What was said when a file was imported.

use rusqlite::Row as SqlRow;
use rusqlite::types::Value;

use crate::domain::diagnostic::{Diagnostic, RemarkCounts};
use crate::domain::ids::OpId;
use crate::domain::operation::Row;
use crate::domain::source::{ImportRemark, ImportRemarkCounts};

use super::table::{REMARK_TABLE, Table, count, maybe, number, text, word};
use super::{Store, StoreError};

impl Store {
    /// Returns the remarks that an operation kept, in the order of the file; none for a file of a version that kept none.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn remarks_of(&self, op: OpId) -> Result<Vec<Diagnostic>, StoreError> {
        let table = self.tables().find(|table| table.name == REMARK_TABLE);
        table.map_or_else(|| Ok(Vec::new()), |table| self.read_remarks(table, op).map_err(|error| self.error(error)))
    }

    fn read_remarks(&self, table: &Table, op: OpId) -> rusqlite::Result<Vec<Diagnostic>> {
        let mut statement = self.conn.prepare_cached(&format!("{} WHERE op = ?1 ORDER BY n", table.select_sql()))?;
        let rows = statement.query_map([op.to_string()], table.read)?;
        let remarks = rows.filter_map(|row| match row {
            Ok(Row::Remark(kept)) => Some(Ok(kept.remark)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        });
        remarks.collect()
    }
}

/// Returns the values of a row of `import_remark_count`.
pub(super) fn write_remark_counts(row: &Row) -> Option<Vec<Value>> {
    let Row::RemarkCounts(ImportRemarkCounts { batch, counts }) = row else { return None };
    Some(vec![text(batch), number(counts.notes), number(counts.warnings), number(counts.errors)])
}

/// Reads a row of `import_remark_count`.
pub(super) fn read_remark_counts(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let counts = RemarkCounts { notes: count(row, 3)?, warnings: count(row, 4)?, errors: count(row, 5)? };
    Ok(Row::RemarkCounts(ImportRemarkCounts { batch: word(row, 2)?, counts }))
}

/// Returns the values of a row of `import_remark`.
pub(super) fn write_remark(row: &Row) -> Option<Vec<Value>> {
    let Row::Remark(ImportRemark { batch, remark }) = row else { return None };
    let line = Value::Integer(i64::try_from(remark.line).unwrap_or(i64::MAX));
    Some(vec![text(batch), text(remark.severity), line, maybe(&remark.field), text(&remark.message)])
}

/// Reads a row of `import_remark`.
pub(super) fn read_remark(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let remark = Diagnostic { severity: word(row, 3)?, line: row.get(4)?, field: row.get(5)?, message: row.get(6)? };
    Ok(Row::Remark(ImportRemark { batch: word(row, 2)?, remark }))
}
