//! Every history table described once: its columns, how a row is written and how it is read.
//!
//! Appending, loading, verifying and merging all use this description, so that they cannot differ.

use std::str::FromStr;

use rusqlite::Row as SqlRow;
use rusqlite::types::{Type, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::cluster::DuplicateLink;
use crate::domain::decision::{Resolution, Vote};
use crate::domain::ids::{ReviewerId, SourceId, StudyId};
use crate::domain::operation::{FormVersion, Row};
use crate::domain::report::{Removal, Retrieval, Study, StudyReport};
use crate::domain::review::{Reviewer, Role};
use crate::domain::source::{ImportBatch, Source};

use super::extraction::{
    read_consensus, read_study_form, read_submission, read_value, write_consensus, write_study_form, write_submission, write_value,
};
use super::mark::{read_mark, write_mark};
use super::remark::{read_remark, read_remark_counts, write_remark, write_remark_counts};
use super::round::{ROUND_COLUMNS, read_round, read_round_vote, write_round, write_round_vote};
use super::{appraisal, cycle, synthesis};

/// One history table. Its first two columns are `op` and `n`.
pub(super) struct Table {
    /// The name.
    pub name: &'static str,
    /// The columns after `op` and `n`.
    pub columns: &'static [&'static str],
    /// The first version of the file that has it.
    pub since: u32,
    /// Returns the values of the columns, or `None` where the row belongs to another table.
    pub write: fn(&Row) -> Option<Vec<Value>>,
    /// Reads a row whose columns begin at place 2.
    pub read: fn(&SqlRow<'_>) -> rusqlite::Result<Row>,
}

/// The history tables, in an order in which each row comes after what it speaks of (records are loaded after `import_batch`).
pub(super) const TABLES: &[Table] = &[
    Table { name: "setting", columns: &["name", "value"], since: 1, write: write_setting, read: read_setting },
    Table { name: "reviewer", columns: &["id", "name", "roles", "is_active"], since: 1, write: write_reviewer, read: read_reviewer },
    Table { name: "form_version", columns: &["form", "version", "text"], since: 1, write: write_form, read: read_form },
    Table { name: "source", columns: &["id", "name", "kind", "platform"], since: 1, write: write_source, read: read_source },
    Table {
        name: "import_batch",
        columns: &[
            "id",
            "source",
            "file_name",
            "sha256",
            "format",
            "encoding",
            "found",
            "kept",
            "not_understood",
            "run_date",
            "strategy",
            "hits_reported",
            "records_digest",
        ],
        since: 1,
        write: write_batch,
        read: read_batch,
    },
    Table {
        name: "duplicate_link",
        columns: &["record_a", "record_b", "verdict", "by_person", "rule", "score", "reason"],
        since: 1,
        write: write_link,
        read: read_link,
    },
    Table { name: "removal", columns: &["record", "kind", "reason"], since: 1, write: write_removal, read: read_removal },
    Table {
        name: "vote",
        columns: &["stage", "record", "reviewer", "verdict", "reason", "note", "milliseconds", "is_independent"],
        since: 1,
        write: write_vote,
        read: read_vote,
    },
    Table {
        name: "resolution",
        columns: &["stage", "record", "reviewer", "verdict", "reason", "rationale"],
        since: 1,
        write: write_resolution,
        read: read_resolution,
    },
    Table {
        name: "retrieval",
        columns: &["record", "state", "note", "file_sha256", "file_name"],
        since: 1,
        write: write_retrieval,
        read: read_retrieval,
    },
    Table { name: "study", columns: &["id", "label"], since: 1, write: write_study, read: read_study },
    Table {
        name: "study_report",
        columns: &["study", "record", "is_linked"],
        since: 1,
        write: write_study_report,
        read: read_study_report,
    },
    Table {
        name: "extracted_value",
        columns: &["study", "reviewer", "path", "raw", "report", "page", "quote"],
        since: 1,
        write: write_value,
        read: read_value,
    },
    Table { name: "submission", columns: &["study", "reviewer", "is_submitted"], since: 1, write: write_submission, read: read_submission },
    Table {
        name: "consensus_value",
        columns: &["study", "path", "choice", "raw", "reviewer", "rationale"],
        since: 1,
        write: write_consensus,
        read: read_consensus,
    },
    Table {
        name: "import_remark_count",
        columns: &["batch", "notes", "warnings", "errors"],
        since: 2,
        write: write_remark_counts,
        read: read_remark_counts,
    },
    Table {
        name: "cycle",
        columns: &["number", "label", "studies_before", "reports_before"],
        since: 5,
        write: cycle::write_cycle,
        read: cycle::read_cycle,
    },
    Table {
        name: "import_cycle",
        columns: &["batch", "cycle"],
        since: 5,
        write: cycle::write_import_cycle,
        read: cycle::read_import_cycle,
    },
    Table {
        name: REMARK_TABLE,
        columns: &["batch", "severity", "line", "field", "message"],
        since: 2,
        write: write_remark,
        read: read_remark,
    },
    Table {
        name: "mark",
        columns: &["stage", "record", "reviewer", "kind", "value", "is_set"],
        since: 3,
        write: write_mark,
        read: read_mark,
    },
    Table { name: "screening_round", columns: ROUND_COLUMNS, since: 4, write: write_round, read: read_round },
    Table { name: "round_vote", columns: &["round", "record"], since: 4, write: write_round_vote, read: read_round_vote },
    Table {
        name: "dismissal",
        columns: &["study", "reviewer", "rule", "path", "seen", "reason", "is_dismissed"],
        since: 6,
        write: synthesis::write_dismissal,
        read: synthesis::read_dismissal,
    },
    Table {
        name: "analysis_exclusion",
        columns: &["analysis", "study", "reviewer", "reason", "is_excluded"],
        since: 6,
        write: synthesis::write_exclusion,
        read: synthesis::read_exclusion,
    },
    Table {
        name: "appraisal_answer",
        columns: &["study", "result", "instrument", "reviewer", "item", "answer", "support", "page"],
        since: 7,
        write: appraisal::write_answer,
        read: appraisal::read_answer,
    },
    Table {
        name: "appraisal_submission",
        columns: &["study", "result", "instrument", "reviewer", "is_submitted"],
        since: 7,
        write: appraisal::write_submission,
        read: appraisal::read_submission,
    },
    Table {
        name: "agreed_judgement",
        columns: &["study", "result", "instrument", "item", "judgement", "reviewer", "rationale"],
        since: 7,
        write: appraisal::write_judgement,
        read: appraisal::read_judgement,
    },
    Table { name: "study_form", columns: &["study", "form", "version"], since: 8, write: write_study_form, read: read_study_form },
];

/// The table of remarks; the fold leaves its text in the file.
pub(super) const REMARK_TABLE: &str = "import_remark";

/// The number of tables whose rows must be loaded before the records.
pub(super) const TABLES_BEFORE_RECORDS: usize = 5;

impl Table {
    /// Returns the statement that adds a row.
    pub fn insert_sql(&self) -> String {
        let columns = self.columns.join(", ");
        let places: Vec<String> = (1..=self.columns.len() + 2).map(|at| format!("?{at}")).collect();
        format!("INSERT INTO {} (op, n, {columns}) VALUES ({})", self.name, places.join(", "))
    }

    /// Returns the statement that reads all rows, unordered.
    pub fn select_sql(&self) -> String {
        format!("SELECT op, n, {} FROM {}", self.columns.join(", "), self.name)
    }
}

pub(super) fn text(value: impl std::fmt::Display) -> Value {
    Value::Text(value.to_string())
}

pub(super) fn maybe(value: &Option<impl std::fmt::Display>) -> Value {
    value.as_ref().map_or(Value::Null, text)
}

pub(super) fn number(value: impl Into<i64>) -> Value {
    Value::Integer(value.into())
}

fn maybe_number(value: Option<u32>) -> Value {
    value.map_or(Value::Null, number)
}

/// Reads a column that holds one of the domain's words or identities.
pub(super) fn word<T: FromStr>(row: &SqlRow<'_>, at: usize) -> rusqlite::Result<T> {
    parse_word(row.get_ref(at)?.as_str()?, at)
}

pub(super) fn maybe_word<T: FromStr>(row: &SqlRow<'_>, at: usize) -> rusqlite::Result<Option<T>> {
    row.get_ref(at)?.as_str_or_null()?.map(|text| parse_word(text, at)).transpose()
}

pub(super) fn parse_word<T: FromStr>(text: &str, at: usize) -> rusqlite::Result<T> {
    text.parse().map_err(|_| {
        let shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
        rusqlite::Error::FromSqlConversionFailure(at, Type::Text, format!("\"{shown}\" is no word that tamis knows there").into())
    })
}

pub(super) fn count(row: &SqlRow<'_>, at: usize) -> rusqlite::Result<u32> {
    row.get(at)
}

pub(super) fn reviewer_id(row: &SqlRow<'_>, at: usize) -> rusqlite::Result<ReviewerId> {
    Ok(ReviewerId::from(row.get_ref(at)?.as_str()?))
}

pub(super) fn study_id(row: &SqlRow<'_>, at: usize) -> rusqlite::Result<StudyId> {
    Ok(StudyId::from(row.get_ref(at)?.as_str()?))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("settings are plain structures of text, numbers and lists")
}

fn from_json<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| rusqlite::Error::FromSqlConversionFailure(3, Type::Text, Box::new(error)))
}

fn write_setting(row: &Row) -> Option<Vec<Value>> {
    let (name, value) = match row {
        Row::Review(value) => ("review", json(value)),
        Row::Criteria(value) => ("criteria", json(value)),
        Row::Reasons(value) => ("reasons", json(value)),
        Row::Words(value) => ("words", json(value)),
        Row::Policy(value) => ("policy", json(value)),
        _ => return None,
    };
    Some(vec![text(name), Value::Text(value)])
}

fn read_setting(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let value = row.get_ref(3)?.as_str()?;
    Ok(match row.get_ref(2)?.as_str()? {
        "review" => Row::Review(from_json(value)?),
        "criteria" => Row::Criteria(from_json(value)?),
        "reasons" => Row::Reasons(from_json(value)?),
        "words" => Row::Words(from_json(value)?),
        _ => Row::Policy(from_json(value)?),
    })
}

fn write_reviewer(row: &Row) -> Option<Vec<Value>> {
    let Row::Reviewer(person) = row else { return None };
    let roles = person.roles.iter().map(Role::to_string).collect::<Vec<_>>().join(" ");
    Some(vec![text(&person.id), text(&person.name), Value::Text(roles), number(person.is_active)])
}

fn read_reviewer(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let roles = row.get_ref(4)?.as_str()?.split_whitespace().map(|role| parse_word(role, 4)).collect::<rusqlite::Result<Vec<Role>>>()?;
    Ok(Row::Reviewer(Reviewer { id: reviewer_id(row, 2)?, name: row.get(3)?, roles, is_active: row.get(5)? }))
}

fn write_form(row: &Row) -> Option<Vec<Value>> {
    let Row::Form(form) = row else { return None };
    Some(vec![text(&form.form), number(form.version), text(&form.text)])
}

fn read_form(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Form(FormVersion { form: row.get(2)?, version: count(row, 3)?, text: row.get(4)? }))
}

fn write_source(row: &Row) -> Option<Vec<Value>> {
    let Row::Source(source) = row else { return None };
    Some(vec![text(&source.id), text(&source.name), text(source.kind), maybe(&source.platform)])
}

fn read_source(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Source(Source { id: SourceId::from(row.get_ref(2)?.as_str()?), name: row.get(3)?, kind: word(row, 4)?, platform: row.get(5)? }))
}

fn write_batch(row: &Row) -> Option<Vec<Value>> {
    let Row::Batch(batch) = row else { return None };
    Some(vec![
        text(batch.id),
        text(&batch.source),
        text(&batch.file_name),
        text(&batch.sha256),
        text(&batch.format),
        text(&batch.encoding),
        number(batch.found),
        number(batch.kept),
        number(batch.not_understood),
        maybe(&batch.run_date),
        maybe(&batch.strategy),
        maybe_number(batch.hits_reported),
        text(&batch.records_digest),
    ])
}

fn read_batch(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Batch(ImportBatch {
        id: word(row, 2)?,
        source: SourceId::from(row.get_ref(3)?.as_str()?),
        file_name: row.get(4)?,
        sha256: row.get(5)?,
        format: row.get(6)?,
        encoding: row.get(7)?,
        found: count(row, 8)?,
        kept: count(row, 9)?,
        not_understood: count(row, 10)?,
        run_date: row.get(11)?,
        strategy: row.get(12)?,
        hits_reported: row.get(13)?,
        records_digest: row.get(14)?,
    }))
}

fn write_link(row: &Row) -> Option<Vec<Value>> {
    let Row::Link(link) = row else { return None };
    Some(vec![
        text(link.a),
        text(link.b),
        text(link.verdict),
        number(link.by_person),
        text(&link.rule),
        Value::Real(link.score),
        text(&link.reason),
    ])
}

fn read_link(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Link(DuplicateLink {
        a: word(row, 2)?,
        b: word(row, 3)?,
        verdict: word(row, 4)?,
        by_person: row.get(5)?,
        rule: row.get(6)?,
        score: row.get(7)?,
        reason: row.get(8)?,
    }))
}

fn write_removal(row: &Row) -> Option<Vec<Value>> {
    let Row::Removal(removal) = row else { return None };
    Some(vec![text(removal.record), text(removal.kind), text(&removal.reason)])
}

fn read_removal(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Removal(Removal { record: word(row, 2)?, kind: word(row, 3)?, reason: row.get(4)? }))
}

fn write_vote(row: &Row) -> Option<Vec<Value>> {
    let Row::Vote(vote) = row else { return None };
    Some(vec![
        text(vote.stage),
        text(vote.record),
        text(&vote.reviewer),
        text(vote.verdict),
        maybe(&vote.reason),
        maybe(&vote.note),
        maybe_number(vote.milliseconds),
        number(vote.is_independent),
    ])
}

fn read_vote(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Vote(Vote {
        stage: word(row, 2)?,
        record: word(row, 3)?,
        reviewer: reviewer_id(row, 4)?,
        verdict: word(row, 5)?,
        reason: row.get(6)?,
        note: row.get(7)?,
        milliseconds: row.get(8)?,
        is_independent: row.get(9)?,
    }))
}

fn write_resolution(row: &Row) -> Option<Vec<Value>> {
    let Row::Resolution(resolution) = row else { return None };
    Some(vec![
        text(resolution.stage),
        text(resolution.record),
        text(&resolution.reviewer),
        text(resolution.verdict),
        maybe(&resolution.reason),
        text(&resolution.rationale),
    ])
}

fn read_resolution(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Resolution(Resolution {
        stage: word(row, 2)?,
        record: word(row, 3)?,
        reviewer: reviewer_id(row, 4)?,
        verdict: word(row, 5)?,
        reason: row.get(6)?,
        rationale: row.get(7)?,
    }))
}

fn write_retrieval(row: &Row) -> Option<Vec<Value>> {
    let Row::Retrieval(entry) = row else { return None };
    Some(vec![text(entry.record), text(entry.state), maybe(&entry.note), maybe(&entry.file_sha256), maybe(&entry.file_name)])
}

fn read_retrieval(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Retrieval(Retrieval {
        record: word(row, 2)?,
        state: word(row, 3)?,
        note: row.get(4)?,
        file_sha256: row.get(5)?,
        file_name: row.get(6)?,
    }))
}

fn write_study(row: &Row) -> Option<Vec<Value>> {
    let Row::Study(study) = row else { return None };
    Some(vec![text(&study.id), text(&study.label)])
}

fn read_study(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::Study(Study { id: study_id(row, 2)?, label: row.get(3)? }))
}

fn write_study_report(row: &Row) -> Option<Vec<Value>> {
    let Row::StudyReport(link) = row else { return None };
    Some(vec![text(&link.study), text(link.record), number(link.is_linked)])
}

fn read_study_report(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row::StudyReport(StudyReport { study: study_id(row, 2)?, record: word(row, 3)?, is_linked: row.get(4)? }))
}
