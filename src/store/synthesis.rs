//! The rows of dismissed warnings and of studies left out of an analysis.

use rusqlite::Row as SqlRow;
use rusqlite::types::Value;

use crate::domain::analysis::AnalysisExclusion;
use crate::domain::extraction::Dismissal;
use crate::domain::ids::StudyId;
use crate::domain::operation::Row;

use super::table::{number, reviewer_id, text};

/// Returns the values of a row of `dismissal`.
pub(super) fn write_dismissal(row: &Row) -> Option<Vec<Value>> {
    let Row::Dismissal(value) = row else { return None };
    Some(vec![
        text(&value.study),
        text(&value.reviewer),
        text(&value.rule),
        text(&value.path),
        text(&value.seen),
        text(&value.reason),
        number(value.is_dismissed),
    ])
}

/// Reads a row of `dismissal`.
pub(super) fn read_dismissal(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Dismissal(Dismissal {
        study: StudyId::from(row.get_ref(2)?.as_str()?),
        reviewer: reviewer_id(row, 3)?,
        rule: row.get(4)?,
        path: row.get(5)?,
        seen: row.get(6)?,
        reason: row.get(7)?,
        is_dismissed: row.get(8)?,
    }))
}

/// Returns the values of a row of `analysis_exclusion`.
pub(super) fn write_exclusion(row: &Row) -> Option<Vec<Value>> {
    let Row::Exclusion(value) = row else { return None };
    Some(vec![text(&value.analysis), text(&value.study), text(&value.reviewer), text(&value.reason), number(value.is_excluded)])
}

/// Reads a row of `analysis_exclusion`.
pub(super) fn read_exclusion(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Exclusion(AnalysisExclusion {
        analysis: row.get(2)?,
        study: StudyId::from(row.get_ref(3)?.as_str()?),
        reviewer: reviewer_id(row, 4)?,
        reason: row.get(5)?,
        is_excluded: row.get(6)?,
    }))
}
