//! Tables of judgements and values as CSV: votes, settlements, retrieval, studies, extracted values, consensus.
//!
//! The columns are found by name, in any order; comma, semicolon and tab are told apart by the header; errors name file, line and
//! column.

use crate::domain::decision::Verdict;
use crate::domain::ids::{RecordId, StudyId, slug};
use crate::domain::report::RetrievalState;

use super::error::{Error, Result};
use super::request::{CellEntry, Request, VoteEntry};
use super::workspace::Workspace;

/// A table with named columns.
#[derive(Debug, Clone)]
pub struct NamedTable {
    file: String,
    columns: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

/// One row of a [`NamedTable`].
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    table: &'a NamedTable,
    line: u64,
    cells: &'a [String],
}

impl NamedTable {
    /// Reads a CSV text.
    ///
    /// # Errors
    /// [`Error`] where the text is no table or a required column is missing.
    pub fn parse(text: &str, file: &str, required: &[&str]) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let header = text.lines().next().unwrap_or_default();
        let delimiter =
            [b',', b';', b'\t'].into_iter().max_by_key(|mark| header.bytes().filter(|byte| byte == mark).count()).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let no_table = |error: csv::Error| Error::user(format!("{file}: {error}"));
        let columns: Vec<String> = reader.headers().map_err(no_table)?.iter().map(|name| name.trim().to_lowercase()).collect();
        if let Some(missing) = required.iter().find(|name| !columns.iter().any(|column| column == *name)) {
            return Err(Error::user(format!("{file}, line 1: there is no column \"{missing}\""))
                .hint(format!("the columns are found by name: {}", required.join(", "))));
        }
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(no_table)?;
            let line = row.position().map_or(0, csv::Position::line);
            if row.iter().any(|cell| !cell.is_empty()) {
                rows.push((line, row.iter().map(str::to_owned).collect()));
            }
        }
        Ok(Self { file: file.to_owned(), columns, rows })
    }

    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|(line, cells)| Line { table: self, line: *line, cells })
    }
}

impl<'a> Line<'a> {
    fn get(&self, column: &str) -> Option<&'a str> {
        let at = self.table.columns.iter().position(|name| name == column)?;
        self.cells.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    fn owned(&self, column: &str) -> Option<String> {
        self.get(column).map(str::to_owned)
    }

    fn need(&self, column: &str) -> Result<&'a str> {
        self.get(column).ok_or_else(|| self.wrong(column, "is empty"))
    }

    fn wrong(&self, column: &str, what: impl std::fmt::Display) -> Error {
        Error::user(format!("{}, line {}, column {column}: {what}", self.table.file, self.line))
            .hint("nothing was recorded; mend the file and load it again")
    }

    fn place(&self, column: &str, error: &Error) -> Error {
        self.wrong(column, &error.message)
    }

    fn record(&self, workspace: &Workspace) -> Result<RecordId> {
        workspace.find_record(self.need("record")?).map_err(|error| self.place("record", &error))
    }

    fn verdict(&self) -> Result<Verdict> {
        let word = self.need("vote")?.to_lowercase();
        let verdict = match word.as_str() {
            "i" | "in" | "yes" | "y" | "1" | "included" => Some(Verdict::Include),
            "e" | "out" | "no" | "n" | "0" | "excluded" => Some(Verdict::Exclude),
            "m" | "?" => Some(Verdict::Maybe),
            other => other.parse().ok(),
        };
        verdict.ok_or_else(|| self.wrong("vote", format!("\"{word}\" is not include, maybe or exclude")))
    }
}

impl Workspace {
    /// Reads votes: columns `record`, `vote`, and perhaps `reason` and `note`.
    ///
    /// # Errors
    /// [`Error`] that names file, line and column.
    pub fn votes_from_csv(&self, text: &str, file: &str) -> Result<Vec<VoteEntry>> {
        let table = NamedTable::parse(text, file, &["record", "vote"])?;
        let votes = table.lines().map(|line| {
            Ok(VoteEntry {
                record: line.record(self)?,
                verdict: line.verdict()?,
                reason: line.owned("reason"),
                note: line.owned("note"),
                milliseconds: None,
            })
        });
        votes.collect()
    }

    /// Reads settlements of conflicts: columns `record`, `vote`, `why`, and perhaps `reason`; one request each.
    ///
    /// # Errors
    /// [`Error`] that names file, line and column.
    pub fn resolutions_from_csv(&self, stage: crate::domain::decision::Stage, text: &str, file: &str) -> Result<Vec<Request>> {
        let table = NamedTable::parse(text, file, &["record", "vote", "why"])?;
        let requests = table.lines().map(|line| {
            Ok(Request::Resolve {
                stage,
                record: line.record(self)?,
                verdict: line.verdict()?,
                reason: line.owned("reason"),
                rationale: line.need("why")?.to_owned(),
            })
        });
        requests.collect()
    }

    /// Reads the retrieval of reports: columns `record` (or `report`), `state`, and perhaps `note`; one request each.
    ///
    /// # Errors
    /// [`Error`] that names file, line and column.
    pub fn retrievals_from_csv(&self, text: &str, file: &str) -> Result<Vec<Request>> {
        let table = NamedTable::parse(text, file, &["record", "state"])?;
        let requests = table.lines().map(|line| {
            let word = line.need("state")?.to_lowercase().replace('-', "_");
            let state: RetrievalState = word
                .parse()
                .map_err(|_| line.wrong("state", format!("\"{word}\" is not pending, requested, retrieved or not-retrieved")))?;
            Ok(Request::Retrieve { record: line.record(self)?, state, note: line.owned("note") })
        });
        requests.collect()
    }

    /// Reads the studies of reports: columns `record` and `study`; one request each.
    ///
    /// # Errors
    /// [`Error`] that names file, line and column.
    pub fn studies_from_csv(&self, text: &str, file: &str) -> Result<Vec<Request>> {
        let table = NamedTable::parse(text, file, &["record", "study"])?;
        let requests =
            table.lines().map(|line| Ok(Request::LinkStudy { record: line.record(self)?, study: line.need("study")?.to_owned() }));
        requests.collect()
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
                report: line.get("record").map(|_| line.record(self)).transpose()?,
                page: line.owned("page"),
                quote: line.owned("quote"),
            })
        });
        cells.collect()
    }

    /// Reads settled cells: columns `study`, `path`, `choice` and `why`; one request each.
    ///
    /// # Errors
    /// [`Error`] that names file, line and column.
    pub fn agreements_from_csv(&self, text: &str, file: &str) -> Result<Vec<Request>> {
        let table = NamedTable::parse(text, file, &["study", "path", "choice", "why"])?;
        let requests = table.lines().map(|line| {
            Ok(Request::Agree {
                study: self.study_named(line.need("study")?),
                path: line.need("path")?.to_owned(),
                choice: line.need("choice")?.to_owned(),
                rationale: line.need("why")?.to_owned(),
            })
        });
        requests.collect()
    }

    fn study_named(&self, name: &str) -> StudyId {
        self.known_study(name).map_or_else(|_| StudyId::from(slug(name).as_str()), |study| study.id)
    }
}
