//! Tables of changes: all rows of a file are one operation, or none of them is recorded and every wrong row is named.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::decision::{Stage, Verdict};
use crate::domain::ids::{RecordId, StudyId};
use crate::domain::operation::{OpKind, Row};
use crate::domain::report::RetrievalState;
use crate::domain::text::counted;

use super::error::{Error, ErrorKind, Result};
use super::request::{Detail, Reply, VoteEntry};
use super::workspace::{Change, Workspace, nothing};

/// What one row of a table asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum RowChange {
    /// A vote of the acting reviewer.
    Vote {
        /// The stage.
        stage: Stage,
        /// The vote.
        vote: VoteEntry,
        /// Whether the reviewer saw no other vote when judging, so that it may enter agreement statistics.
        is_independent: bool,
    },
    /// A part in settling a conflict.
    Resolve {
        /// The stage.
        stage: Stage,
        /// The unit.
        record: RecordId,
        /// The verdict.
        verdict: Verdict,
        /// The code of the exclusion reason.
        reason: Option<String>,
        /// Why.
        rationale: String,
    },
    /// Where the retrieval of a report stands.
    Retrieve {
        /// The unit.
        record: RecordId,
        /// The state.
        state: RetrievalState,
        /// Where it was sought.
        note: Option<String>,
    },
    /// A report tied to a study.
    LinkStudy {
        /// The unit.
        record: RecordId,
        /// The study's label or identity.
        study: String,
    },
    /// A cell on which the drafts differ, settled.
    Agree {
        /// The study.
        study: StudyId,
        /// The cell.
        path: String,
        /// "a", "b", or a third value.
        choice: String,
        /// Why.
        rationale: String,
    },
}

/// What is wrong with one row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowProblem {
    /// The file.
    pub file: String,
    /// The 1-based line of the file, or the row of a sheet; 0 for a record that was imported.
    pub line: u64,
    /// The record that was imported ("search.ris#12"), where it comes from no file.
    pub record: Option<String>,
    /// The column, where the problem lies in one.
    pub column: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl RowProblem {
    /// Makes the problem of one cell.
    pub(super) fn in_cell(file: &str, line: u64, column: &str, error: Error) -> Self {
        let Error { message, hint, .. } = error;
        Self { file: file.to_owned(), line, record: None, column: Some(column.to_owned()), message, hint }
    }

    /// Returns the place within the file in words ("line 3, column vote").
    pub fn place(&self) -> String {
        let column = self.column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default();
        let at = self.record.clone().unwrap_or_else(|| format!("line {}", self.line));
        format!("{at}{column}")
    }
}

/// One row of a table, read as far as it could be.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadRow {
    /// The 1-based line of the file; 0 for a record that was imported.
    pub line: u64,
    /// The record that was imported ("search.ris#12"), where the row comes from no file.
    pub record: Option<String>,
    /// What it asks for, or why that is not known.
    pub change: std::result::Result<RowChange, Box<RowProblem>>,
}

/// A table of changes of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// The file's name, for messages; for decisions of imported records the name of the source.
    pub file: String,
    /// The rows from top to bottom.
    pub rows: Vec<LoadRow>,
    /// Whether the good rows are recorded where others are wrong.
    pub keeps_going: bool,
    /// What was left aside when the rows were made.
    pub aside: Aside,
    /// For decisions that are taken over, what is said of where they come from; for tables of votes `None`.
    pub origin: Option<String>,
}

/// What a table holds that asks for no change and is no mistake.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Aside {
    /// Rows of other people or of the other stage.
    pub others: usize,
    /// Rows without a decision.
    pub undecided: usize,
    /// Decisions on units on which the reviewer has voted here already.
    pub voted: usize,
    /// Decisions on units past the stage, not at it yet, or taken out before it.
    pub past: usize,
    /// Decisions that repeat another one on the same group of duplicates.
    pub repeated: usize,
    /// How records were found: "record", "doi", "pmid" or "title", with how many.
    pub matched: BTreeMap<&'static str, usize>,
}

/// What came of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoadReport {
    /// The file.
    pub file: String,
    /// Rows that ask for a change.
    pub rows: usize,
    /// Rows that were recorded.
    pub changed: usize,
    /// Rows that stood as the table says already.
    pub unchanged: usize,
    /// What was left aside.
    #[serde(flatten)]
    pub aside: Aside,
    /// The rows that could not be recorded.
    pub problems: Vec<RowProblem>,
}

/// How many problems a message lists.
const LISTED: usize = 20;

impl Load {
    /// Creates a table of which all rows or none are recorded.
    pub fn new(file: &str, rows: Vec<LoadRow>) -> Self {
        Self { file: file.to_owned(), rows, keeps_going: false, aside: Aside::default(), origin: None }
    }

    /// Returns the table with the good rows recorded where others are wrong, if so wanted.
    #[must_use]
    pub fn keep_going(mut self, keeps_going: bool) -> Self {
        self.keeps_going = keeps_going;
        self
    }
}

/// What a row comes to: rows of history, or nothing where it stands already; or the column and what is wrong with it.
pub(super) type Planned = std::result::Result<Vec<Row>, (Option<&'static str>, Error)>;

impl Workspace {
    /// Tells what a table would come to, and records nothing.
    ///
    /// # Errors
    /// [`Error`] where [`Request::Load`](super::Request::Load) would give one.
    pub fn preview(&self, load: Load) -> Result<Reply> {
        let (change, report) = self.checked(load)?;
        let message =
            change.map_or_else(|| "there would be nothing to record".to_owned(), |change| format!("would be: {}", change.summary));
        Ok(Reply { detail: Detail::Load(report), ..nothing(message) })
    }

    pub(super) fn load(&mut self, load: Load) -> Result<Reply> {
        let (change, report) = self.checked(load)?;
        let known = if report.unchanged > 0 { format!("; {} stood as the table says already", report.unchanged) } else { String::new() };
        let reply = match change {
            Some(change) => {
                let reply = self.transact(change)?;
                Reply { message: format!("{}{known}", reply.message), ..reply }
            }
            None if report.rows == 0 => nothing(format!("{} asks for no change", report.file)),
            None => nothing(format!("nothing to record{known}")),
        };
        Ok(Reply { detail: Detail::Load(report), ..reply })
    }

    /// Checks all rows; there is no change where everything stands already.
    fn checked(&self, load: Load) -> Result<(Option<Change>, LoadReport)> {
        self.acting()?;
        let total = load.rows.len();
        let (mut rows, mut problems): (Vec<Row>, Vec<RowProblem>) = (Vec::new(), Vec::new());
        let (mut changed, mut unchanged, mut kind, mut stage) = (0, 0, None, None);
        for LoadRow { line, record, change } in load.rows {
            let planned = change.and_then(|change| {
                kind = Some(kind_of(&change));
                if let RowChange::Vote { stage: at, .. } = &change {
                    stage = Some(*at);
                }
                self.plan(change, &rows).map_err(|(column, error)| Box::new(problem(&load.file, line, record, column, error)))
            });
            match planned {
                Ok(planned) if planned.is_empty() => unchanged += 1,
                Ok(planned) => {
                    changed += 1;
                    rows.extend(planned);
                }
                Err(found) => problems.push(*found),
            }
        }
        if !problems.is_empty() && (!load.keeps_going || changed == 0) {
            return Err(refused(&load.file, total, problems));
        }
        let change = kind
            .filter(|_| changed > 0)
            .map(|kind| Change::new(kind, summary(kind, stage, changed, &load.file, load.origin.as_deref()), rows));
        Ok((change, LoadReport { file: load.file, rows: total, changed, unchanged, aside: load.aside, problems }))
    }

    /// Checks one row against the review and the rows before it.
    fn plan(&self, change: RowChange, before: &[Row]) -> Planned {
        match change {
            RowChange::Vote { stage, vote, is_independent } => self.plan_vote(stage, vote, is_independent),
            RowChange::Resolve { stage, record, verdict, reason, rationale } => {
                self.plan_resolution(stage, record, verdict, reason, &rationale, before)
            }
            RowChange::Retrieve { record, state, note } => self.plan_retrieval(record, state, note, before),
            RowChange::LinkStudy { record, study } => self.plan_link(record, &study, before),
            RowChange::Agree { study, path, choice, rationale } => self.plan_agreement(&study, &path, &choice, &rationale),
        }
    }
}

fn kind_of(change: &RowChange) -> OpKind {
    match change {
        RowChange::Vote { .. } => OpKind::Vote,
        RowChange::Resolve { .. } => OpKind::Resolve,
        RowChange::Retrieve { .. } => OpKind::Retrieve,
        RowChange::LinkStudy { .. } => OpKind::Study,
        RowChange::Agree { .. } => OpKind::Agree,
    }
}

/// Returns the sentence of the log. It must not tell how somebody voted.
fn summary(kind: OpKind, stage: Option<Stage>, changed: usize, file: &str, origin: Option<&str>) -> String {
    let stage = stage.map_or("", Stage::label);
    match kind {
        OpKind::Vote => match origin {
            Some(origin) => format!("took over {} at {stage} from {file}{origin}", counted(changed, "vote")),
            None => format!("cast {} at {stage}", counted(changed, "vote")),
        },
        OpKind::Resolve => format!("took part in settling {} from {file}", counted(changed, "conflict")),
        OpKind::Retrieve => format!("noted the retrieval of {} from {file}", counted(changed, "report")),
        OpKind::Study => format!("tied {} from {file}", counted(changed, "report")),
        _ => format!("settled {} from {file}", counted(changed, "cell")),
    }
}

fn problem(file: &str, line: u64, record: Option<String>, column: Option<&'static str>, error: Error) -> RowProblem {
    RowProblem { file: file.to_owned(), line, record, column: column.map(str::to_owned), message: error.message, hint: error.hint }
}

/// Makes the error that names all wrong rows.
pub(super) fn refused(file: &str, total: usize, problems: Vec<RowProblem>) -> Error {
    let same_hint = |hint: &String| problems.iter().all(|problem| problem.hint.as_ref() == Some(hint));
    let hint = problems.first().and_then(|problem| problem.hint.clone()).filter(same_hint);
    let message = match &problems[..] {
        [only] => format!("{file}, {}: {}; nothing was recorded", only.place(), only.message),
        _ => {
            let mut lines = vec![format!("{file}: {} of {total} cannot be recorded, so nothing was", counted(problems.len(), "row"))];
            lines.extend(problems.iter().take(LISTED).map(|problem| format!("  {}: {}", problem.place(), problem.message)));
            if problems.len() > LISTED {
                lines.push(format!("  and {} more", problems.len() - LISTED));
            }
            lines.join("\n")
        }
    };
    let next = if total > problems.len() {
        "mend the file and load it again, or add --keep-going to record the other rows"
    } else {
        "mend the file and load it again"
    };
    let hint = hint.map_or_else(|| next.to_owned(), |hint| format!("{hint}; {next}"));
    let mut error = Error::new(ErrorKind::User, message).hint(hint);
    error.problems = problems;
    error
}
