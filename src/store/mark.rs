//! Rows of marks: notes, tags and stars.

use rusqlite::Row as SqlRow;
use rusqlite::types::Value;

use crate::domain::mark::{Mark, MarkValue};
use crate::domain::operation::Row;

use super::table::{number, reviewer_id, text, word};

pub(super) fn write_mark(row: &Row) -> Option<Vec<Value>> {
    let Row::Mark(mark) = row else { return None };
    let (kind, value) = match &mark.value {
        MarkValue::Note(note) => ("note", text(note)),
        MarkValue::Tag(tag) => ("tag", text(tag)),
        MarkValue::Star(star) => ("star", text(star)),
    };
    Some(vec![text(mark.stage), text(mark.record), text(&mark.reviewer), text(kind), value, number(mark.is_set)])
}

pub(super) fn read_mark(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let value = match row.get_ref(5)?.as_str()? {
        "note" => MarkValue::Note(row.get(6)?),
        "tag" => MarkValue::Tag(row.get(6)?),
        _ => MarkValue::Star(word(row, 6)?),
    };
    Ok(Row::Mark(Mark { stage: word(row, 2)?, record: word(row, 3)?, reviewer: reviewer_id(row, 4)?, value, is_set: row.get(7)? }))
}
