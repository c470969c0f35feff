//! The rows of updates: their starts, and the imports that belong to them.

use rusqlite::Row as SqlRow;
use rusqlite::types::Value;

use crate::domain::cycle::{Cycle, ImportCycle};
use crate::domain::operation::Row;

use super::table::{number, text, word};

/// Returns the values of a row of `cycle`.
pub(super) fn write_cycle(row: &Row) -> Option<Vec<Value>> {
    let Row::Cycle(cycle) = row else { return None };
    Some(vec![number(cycle.number), text(&cycle.label), number(cycle.studies_before), number(cycle.reports_before)])
}

/// Reads a row of `cycle`.
pub(super) fn read_cycle(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Cycle(Cycle { number: row.get(2)?, label: row.get(3)?, studies_before: row.get(4)?, reports_before: row.get(5)? }))
}

/// Returns the values of a row of `import_cycle`.
pub(super) fn write_import_cycle(row: &Row) -> Option<Vec<Value>> {
    let Row::ImportCycle(place) = row else { return None };
    Some(vec![text(place.batch), number(place.cycle)])
}

/// Reads a row of `import_cycle`.
pub(super) fn read_import_cycle(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::ImportCycle(ImportCycle { batch: word(row, 2)?, cycle: row.get(3)? }))
}
