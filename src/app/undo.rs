//! Taking back, putting back, and merging copies.

use std::path::Path;

use crate::domain::change::ChangeSet;
use crate::domain::ids::OpId;
use crate::domain::operation::OpKind;
use crate::domain::state::{CannotUndo, OpIndex, Toggle};
use crate::domain::text::counted;
use crate::store::Store;

use super::error::{Error, Result};
use super::request::{Detail, Reply};
use super::workspace::{Change, Workspace};

impl Workspace {
    pub(super) fn undo(&mut self, op: Option<OpId>) -> Result<Reply> {
        self.toggle(Toggle::Undo, op)
    }

    pub(super) fn redo(&mut self, op: Option<OpId>) -> Result<Reply> {
        self.toggle(Toggle::Redo, op)
    }

    fn toggle(&mut self, toggle: Toggle, op: Option<OpId>) -> Result<Reply> {
        let reviewer = self.acting()?;
        let place: OpIndex = match op {
            Some(id) => self.state.op_place(id).ok_or(CannotUndo::Unknown(id))?,
            None => self.state.toggle_candidate(toggle, &reviewer)?,
        };
        self.state.check_toggle(toggle, place, &reviewer)?;
        let target = self.state.op(place).id;
        let summary = self.store.operation(target)?.operation.summary;
        let (kind, word) = match toggle {
            Toggle::Undo => (OpKind::Undo, "undid"),
            Toggle::Redo => (OpKind::Redo, "redid"),
        };
        let about = self.record_voted_on(place);
        let mut reply = self.transact(Change { kind, summary: format!("{word}: {summary}"), rows: Vec::new(), target: Some(target) })?;
        reply.message.push_str(&about);
        Ok(reply)
    }

    pub(super) fn merge(&mut self, path: &Path) -> Result<Reply> {
        let same = self.path().and_then(|ours| Some(ours.canonicalize().ok()? == path.canonicalize().ok()?));
        if same == Some(true) {
            return Err(Error::user("a review cannot be merged with itself"));
        }
        let other = Store::open_to_read(path)?;
        if self.path().is_some() && self.environment.home.is_some() {
            self.back_up()?;
        }
        let counts = self.store.merge_from(&other)?;
        self.reload()?;
        let message = if counts.operations == 0 {
            "the other copy holds nothing new".to_owned()
        } else {
            format!("merged {} and {} of the other copy", counted(counts.operations, "operation"), counted(counts.records, "record"))
        };
        let detail = Detail::Merge { operations: counts.operations, records: counts.records };
        let changes = if counts.operations == 0 { ChangeSet::NONE } else { ChangeSet::ALL };
        Ok(Reply { message, op: None, changes, detail })
    }
}
