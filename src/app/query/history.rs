//! The history as a list. Summaries never tell how somebody voted.

use serde::Serialize;

use crate::domain::operation::OpKind;
use crate::domain::state::{OpIndex, Toggle};

use super::super::error::Result;
use super::super::workspace::Workspace;

/// One operation in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// Its place in the order of folding, from 1.
    pub seq: usize,
    /// Its identity.
    pub id: String,
    /// When, in RFC 3339.
    pub at: String,
    /// Who.
    pub reviewer: String,
    /// The kind.
    pub kind: String,
    /// One line for people.
    pub summary: String,
    /// Whether it counts: it was not undone, or was put back.
    pub is_live: bool,
    /// For undo and redo the place of the operation that is switched.
    pub target: Option<usize>,
    /// Whether the acting reviewer can take it back now.
    pub can_undo: bool,
}

impl Workspace {
    /// Returns how many operations the log holds.
    pub fn log_length(&self) -> usize {
        self.state.ops().len()
    }

    /// Returns a page of the log, newest first.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the file cannot be read.
    pub fn log(&self, offset: usize, limit: usize) -> Result<Vec<LogEntry>> {
        let me = self.reviewer().map(|person| person.id.clone());
        let entries = self.store.operations(offset, limit)?.into_iter().filter_map(|stored| {
            let place = self.state.op_place(stored.operation.id)?;
            let target = stored.operation.target.and_then(|target| self.state.op_place(target));
            let is_mine = me.as_ref() == Some(&stored.operation.reviewer);
            let about = if is_mine { self.record_voted_on(target.unwrap_or(place)) } else { String::new() };
            Some(LogEntry {
                seq: place as usize + 1,
                id: stored.operation.id.to_string(),
                at: stored.operation.at.to_string(),
                reviewer: stored.operation.reviewer.to_string(),
                kind: stored.operation.kind.to_string(),
                summary: stored.operation.summary + &about,
                is_live: self.state.is_live(place),
                target: target.map(|target| target as usize + 1),
                can_undo: me.as_ref().is_some_and(|me| self.state.check_toggle(Toggle::Undo, place, me).is_ok()),
            })
        });
        Ok(entries.collect())
    }

    /// Returns ": RECORD" for an operation that is one vote or marks one record, else nothing. For the eyes of its author only: which
    /// records somebody else has voted on is nobody's business before all votes are in.
    pub(in crate::app) fn record_voted_on(&self, place: OpIndex) -> String {
        match self.state.records_touched_by(place)[..] {
            [record] if matches!(self.state.op(place).kind, OpKind::Vote | OpKind::Mark) => format!(": {}", self.state.record_id(record)),
            _ => String::new(),
        }
    }

    /// Finds an operation by its place in the log (from 1) or by its identity.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the log holds no such operation.
    pub fn find_operation(&self, name: &str) -> Result<crate::domain::ids::OpId> {
        let missing = || {
            super::super::error::Error::not_found(format!("the log holds no operation \"{name}\"")).hint("tamis log shows all operations")
        };
        if let Ok(seq) = name.parse::<usize>() {
            return seq.checked_sub(1).and_then(|at| self.state.ops().get(at)).map(|op| op.id).ok_or_else(missing);
        }
        let found: Vec<_> = self.state.ops().iter().filter(|op| op.id.to_string().starts_with(name)).collect();
        match found[..] {
            [op] if name.len() >= 4 => Ok(op.id),
            _ => Err(missing()),
        }
    }

    /// Verifies the whole file and compares the file's own view of the votes with the program's.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the file cannot be read through.
    pub fn check(&self) -> Result<Vec<crate::store::Problem>> {
        let mut problems = self.store.check()?;
        problems.extend(self.fold_problems.iter().map(|problem| crate::store::Problem {
            part: "state",
            name: String::new(),
            message: problem.to_string(),
        }));
        problems.extend(self.store.check_votes(&self.state)?);
        problems.extend(self.check_files());
        for identity in self.flow().identities.into_iter().filter(|identity| !identity.holds()) {
            let message = format!("{}: {} is not {}", identity.name, identity.left, identity.right);
            problems.push(crate::store::Problem { part: "flow", name: String::new(), message });
        }
        Ok(problems)
    }
}
