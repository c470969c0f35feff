//! The rows of extraction: the version of the form that a study is on, typed values, drafts handed in, settled cells.

use rusqlite::Row as SqlRow;
use rusqlite::types::Value;

use crate::domain::ids::RecordId;
use crate::domain::operation::{Row, StudyForm};
use crate::domain::report::{ConsensusValue, ExtractedValue, Submission};

use super::table::{count, maybe, maybe_word, number, reviewer_id, study_id, text, word};

pub(super) fn write_value(row: &Row) -> Option<Vec<Value>> {
    let Row::Value(value) = row else { return None };
    Some(vec![
        text(&value.study),
        text(&value.reviewer),
        text(&value.path),
        maybe(&value.raw),
        maybe(&value.report),
        maybe(&value.page),
        maybe(&value.quote),
    ])
}

pub(super) fn read_value(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Value(ExtractedValue {
        study: study_id(row, 2)?,
        reviewer: reviewer_id(row, 3)?,
        path: row.get(4)?,
        raw: row.get(5)?,
        report: maybe_word::<RecordId>(row, 6)?,
        page: row.get(7)?,
        quote: row.get(8)?,
    }))
}

pub(super) fn write_submission(row: &Row) -> Option<Vec<Value>> {
    let Row::Submission(submission) = row else { return None };
    Some(vec![text(&submission.study), text(&submission.reviewer), number(submission.is_submitted)])
}

pub(super) fn read_submission(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Submission(Submission { study: study_id(row, 2)?, reviewer: reviewer_id(row, 3)?, is_submitted: row.get(4)? }))
}

pub(super) fn write_consensus(row: &Row) -> Option<Vec<Value>> {
    let Row::Consensus(value) = row else { return None };
    Some(vec![text(&value.study), text(&value.path), text(value.choice), maybe(&value.raw), text(&value.reviewer), text(&value.rationale)])
}

pub(super) fn read_consensus(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Consensus(ConsensusValue {
        study: study_id(row, 2)?,
        path: row.get(3)?,
        choice: word(row, 4)?,
        raw: row.get(5)?,
        reviewer: reviewer_id(row, 6)?,
        rationale: row.get(7)?,
    }))
}

pub(super) fn write_study_form(row: &Row) -> Option<Vec<Value>> {
    let Row::StudyForm(value) = row else { return None };
    Some(vec![text(&value.study), text(&value.form), number(value.version)])
}

pub(super) fn read_study_form(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::StudyForm(StudyForm { study: study_id(row, 2)?, form: row.get(3)?, version: count(row, 4)? }))
}
