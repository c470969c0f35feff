//! Tables of judgements and values: votes, settlements, retrieval, studies, extracted values, consensus.
//!
//! How a table is read is the business of [`NamedTable`]. A row that cannot be read is kept with what is wrong with it, so that all
//! wrong rows are named at once ([`Load`]).

use crate::domain::decision::{Stage, Verdict};
use crate::domain::ids::{RecordId, StudyId, slug};
use crate::domain::report::RetrievalState;

use super::error::{Error, Result};
use super::load::{Load, LoadRow, RowChange, RowProblem};
use super::named_table::{Line, NamedTable};
use super::request::CellEntry;
use super::workspace::Workspace;

/// The rows of a table under construction.
struct Rows<'a> {
    file: &'a str,
    rows: Vec<LoadRow>,
}

/// What is wrong with a cell.
type Wrong = (&'static str, Error);

impl Rows<'_> {
    fn add(&mut self, line: u64, change: Result<RowChange, Wrong>) {
        let change = change.map_err(|(column, error)| Box::new(RowProblem::in_cell(self.file, line, column, error)));
        self.rows.push(LoadRow { line, record: None, change });
    }
}

fn rows(table: &NamedTable, file: &str, read: impl Fn(&Line<'_>) -> Result<RowChange, Wrong>) -> Load {
    let mut rows = Rows { file, rows: Vec::new() };
    for line in table.lines() {
        rows.add(line.number(), read(&line));
    }
    Load::new(file, rows.rows)
}

/// Returns a cell that must hold something.
fn need<'a>(line: &Line<'a>, column: &'static str) -> Result<&'a str, Wrong> {
    line.get(column).ok_or_else(|| (column, Error::user("is empty")))
}

fn record(line: &Line<'_>, workspace: &Workspace) -> Result<RecordId, Wrong> {
    workspace.find_record(need(line, "record")?).map_err(|error| ("record", error))
}

/// Reads a verdict as people write it; `None` for a word that is none.
pub(super) fn verdict_in(word: &str) -> Option<Verdict> {
    let word = word.trim().to_lowercase();
    match word.as_str() {
        "i" | "in" | "yes" | "y" | "1" | "included" | "relevant" => Some(Verdict::Include),
        "e" | "out" | "no" | "n" | "0" | "excluded" | "irrelevant" => Some(Verdict::Exclude),
        "m" | "?" | "unsure" => Some(Verdict::Maybe),
        other => other.parse().ok(),
    }
}

/// Reads the column `vote`.
pub(super) fn verdict(line: &Line<'_>) -> Result<Verdict, (&'static str, Error)> {
    let word = need(line, "vote")?;
    verdict_in(word).ok_or_else(|| ("vote", Error::user(format!("\"{}\" is not include, maybe or exclude", word.to_lowercase()))))
}

impl Workspace {
    /// Reads settlements of conflicts: columns `record`, `vote`, `why`, and perhaps `reason`. Where no stage is named, each row goes
    /// to the stage in which its record is in conflict.
    ///
    /// # Errors
    /// [`Error`] where the file is no such table.
    pub fn resolutions_from_csv(&self, stage: Option<Stage>, text: &str, file: &str) -> Result<Load> {
        let table = NamedTable::parse(text, file, &["record", "vote", "why"])?;
        Ok(rows(&table, file, |line| {
            let record = record(line, self)?;
            Ok(RowChange::Resolve {
                stage: stage.unwrap_or_else(|| self.stage_of_conflict(record)),
                record,
                verdict: verdict(line)?,
                reason: line.owned("reason"),
                rationale: need(line, "why")?.to_owned(),
            })
        }))
    }

    /// Reads the retrieval of reports: columns `record`, `state`, and perhaps `note`.
    ///
    /// # Errors
    /// [`Error`] where the file is no such table.
    pub fn retrievals_from_csv(&self, text: &str, file: &str) -> Result<Load> {
        let table = NamedTable::parse(text, file, &["record", "state"])?;
        Ok(rows(&table, file, |line| {
            let word = need(line, "state")?.to_lowercase().replace(['-', ' '], "_");
            let state: RetrievalState = word
                .parse()
                .map_err(|_| ("state", Error::user(format!("\"{word}\" is not pending, requested, retrieved or not-retrieved"))))?;
            Ok(RowChange::Retrieve { record: record(line, self)?, state, note: line.owned("note") })
        }))
    }

    /// Reads the studies of reports: columns `record` and `study`.
    ///
    /// # Errors
    /// [`Error`] where the file is no such table.
    pub fn studies_from_csv(&self, text: &str, file: &str) -> Result<Load> {
        let table = NamedTable::parse(text, file, &["record", "study"])?;
        Ok(rows(&table, file, |line| Ok(RowChange::LinkStudy { record: record(line, self)?, study: need(line, "study")?.to_owned() })))
    }

    /// Reads extracted values: columns `study`, `path`, `value`, and perhaps `record` (the report), `page` and `quote`.
    ///
    /// # Errors
    /// [`Error`] that names file, line and column.
    pub fn cells_from_csv(&self, text: &str, file: &str) -> Result<Vec<CellEntry>> {
        let table = NamedTable::parse(text, file, &["study", "path", "value"])?;
        let cells = table.lines().map(|line| {
            Ok(CellEntry {
                study: self.study_named(line.need("study")?),
                path: line.need("path")?.to_owned(),
                raw: line.owned("value"),
                report: line.get("record").map(|name| self.find_record(name).map_err(|error| line.place("record", &error))).transpose()?,
                page: line.owned("page"),
                quote: line.owned("quote"),
            })
        });
        cells.collect()
    }

    /// Reads settled cells: columns `study`, `path`, `choice` and `why`.
    ///
    /// # Errors
    /// [`Error`] where the file is no such table.
    pub fn agreements_from_csv(&self, text: &str, file: &str) -> Result<Load> {
        let table = NamedTable::parse(text, file, &["study", "path", "choice", "why"])?;
        Ok(rows(&table, file, |line| {
            Ok(RowChange::Agree {
                study: self.study_named(need(line, "study")?),
                path: need(line, "path")?.to_owned(),
                choice: need(line, "choice")?.to_owned(),
                rationale: need(line, "why")?.to_owned(),
            })
        }))
    }

    fn study_named(&self, name: &str) -> StudyId {
        self.known_study(name).map_or_else(|_| StudyId::from(slug(name).as_str()), |study| study.id)
    }

    /// Returns full text where the record's unit is in conflict there, else title and abstract.
    pub fn stage_of_conflict(&self, record: RecordId) -> Stage {
        let status = self.unit(record).ok().and_then(|unit| self.state.status(Stage::FullText, unit));
        if status.is_some_and(crate::domain::screening::Status::is_conflict) { Stage::FullText } else { Stage::TitleAbstract }
    }
}
