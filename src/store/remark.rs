//! What was said when a file was imported.

use crate::domain::diagnostic::Diagnostic;
use crate::domain::ids::OpId;
use crate::domain::operation::Row;

use super::table::{REMARK_TABLE, Table};
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
