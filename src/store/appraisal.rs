//! The rows of risk of bias: answers, appraisals handed in, judgements agreed upon.

use rusqlite::Row as SqlRow;
use rusqlite::types::Value;

use crate::domain::appraisal::{AgreedJudgement, AppraisalAnswer, AppraisalSubmission, Appraised};
use crate::domain::ids::StudyId;
use crate::domain::operation::Row;

use super::table::{maybe, number, reviewer_id, text};

fn appraised(of: &Appraised) -> [Value; 3] {
    [text(&of.study), text(&of.result), text(&of.instrument)]
}

fn read_appraised(row: &SqlRow<'_>) -> rusqlite::Result<Appraised> {
    Ok(Appraised { study: StudyId::from(row.get_ref(2)?.as_str()?), result: row.get(3)?, instrument: row.get(4)? })
}

/// Returns the values of a row of `appraisal_answer`.
pub(super) fn write_answer(row: &Row) -> Option<Vec<Value>> {
    let Row::AppraisalAnswer(value) = row else { return None };
    let mut values = appraised(&value.of).to_vec();
    values.extend([text(&value.reviewer), text(&value.item), maybe(&value.answer), maybe(&value.support), maybe(&value.page)]);
    Some(values)
}

/// Reads a row of `appraisal_answer`.
pub(super) fn read_answer(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::AppraisalAnswer(AppraisalAnswer {
        of: read_appraised(row)?,
        reviewer: reviewer_id(row, 5)?,
        item: row.get(6)?,
        answer: row.get(7)?,
        support: row.get(8)?,
        page: row.get(9)?,
    }))
}

/// Returns the values of a row of `appraisal_submission`.
pub(super) fn write_submission(row: &Row) -> Option<Vec<Value>> {
    let Row::AppraisalSubmission(value) = row else { return None };
    let mut values = appraised(&value.of).to_vec();
    values.extend([text(&value.reviewer), number(value.is_submitted)]);
    Some(values)
}

/// Reads a row of `appraisal_submission`.
pub(super) fn read_submission(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::AppraisalSubmission(AppraisalSubmission {
        of: read_appraised(row)?,
        reviewer: reviewer_id(row, 5)?,
        is_submitted: row.get(6)?,
    }))
}

/// Returns the values of a row of `agreed_judgement`.
pub(super) fn write_judgement(row: &Row) -> Option<Vec<Value>> {
    let Row::AgreedJudgement(value) = row else { return None };
    let mut values = appraised(&value.of).to_vec();
    values.extend([text(&value.item), text(&value.judgement), text(&value.reviewer), text(&value.rationale)]);
    Some(values)
}

/// Reads a row of `agreed_judgement`.
pub(super) fn read_judgement(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::AgreedJudgement(AgreedJudgement {
        of: read_appraised(row)?,
        item: row.get(5)?,
        judgement: row.get(6)?,
        reviewer: reviewer_id(row, 7)?,
        rationale: row.get(8)?,
    }))
}
