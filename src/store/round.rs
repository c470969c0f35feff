//! Rows of calibration rounds and of the votes cast in them.

use rusqlite::Row as SqlRow;
use rusqlite::types::Value;

use crate::domain::ids::{RecordId, ReviewerId};
use crate::domain::operation::Row;
use crate::domain::round::{Round, RoundId, RoundVote};

use super::table::{number, parse_word, text, word};

/// The columns of a round.
pub(super) const ROUND_COLUMNS: &[&str] = &["id", "stage", "seed", "size", "votes", "is_open", "reviewers", "records"];

pub(super) fn write_round(row: &Row) -> Option<Vec<Value>> {
    let Row::Round(round) = row else { return None };
    let joined = |names: Vec<String>| Value::Text(names.join(" "));
    Some(vec![
        text(&round.id),
        text(round.stage),
        number(round.seed),
        number(round.size),
        text(round.votes),
        number(round.is_open),
        joined(round.reviewers.iter().map(ToString::to_string).collect()),
        joined(round.records.iter().map(ToString::to_string).collect()),
    ])
}

pub(super) fn read_round(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let names =
        |at: usize| -> rusqlite::Result<Vec<String>> { Ok(row.get_ref(at)?.as_str()?.split_whitespace().map(str::to_owned).collect()) };
    let records = names(9)?.iter().map(|name| parse_word::<RecordId>(name, 9)).collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Row::Round(Round {
        id: RoundId(row.get(2)?),
        stage: word(row, 3)?,
        seed: row.get(4)?,
        size: row.get(5)?,
        votes: word(row, 6)?,
        is_open: row.get(7)?,
        reviewers: names(8)?.iter().map(|name| ReviewerId::from(name.as_str())).collect(),
        records,
    }))
}

pub(super) fn write_round_vote(row: &Row) -> Option<Vec<Value>> {
    let Row::RoundVote(vote) = row else { return None };
    Some(vec![text(&vote.round), text(vote.record)])
}

pub(super) fn read_round_vote(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::RoundVote(RoundVote { round: RoundId(row.get(2)?), record: word(row, 3)? }))
}
