//! What the readers give: records, counts and remarks.

use crate::domain::record::Draft;
use crate::refs::tagged::{Remarks, RemarksMark};

/// Takes what a reader finds.
pub(in crate::refs) struct Output<'s> {
    /// The number of records that the file begins.
    pub found: usize,
    /// The number of lines that belong to no record and are no known decoration of an export.
    pub not_understood: usize,
    /// The remarks.
    pub remarks: Remarks,
    kept: usize,
    sink: &'s mut dyn FnMut(Draft) -> bool,
    is_stopped: bool,
}

/// A state of the counts and remarks of an [`Output`].
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::refs) struct Mark {
    found: usize,
    not_understood: usize,
    remarks: RemarksMark,
}

impl<'s> Output<'s> {
    /// Starts with nothing; records go to `sink`, which returns `false` when it wants no more.
    pub fn new(sink: &'s mut dyn FnMut(Draft) -> bool) -> Self {
        Self { found: 0, not_understood: 0, remarks: Remarks::default(), kept: 0, sink, is_stopped: false }
    }

    /// Hands a record on.
    pub fn keep(&mut self, draft: Draft) {
        if !self.is_stopped {
            self.kept += 1;
            self.is_stopped = !(self.sink)(draft);
        }
    }

    /// Returns the number of records handed on.
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// Reports whether no more records are wanted.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// Notes the counts and remarks, so that [`Output::rewind`] can go back to them.
    pub fn mark(&self) -> Mark {
        Mark { found: self.found, not_understood: self.not_understood, remarks: self.remarks.mark() }
    }

    /// Goes back to a state in which as many records were handed on as now.
    pub fn rewind(&mut self, mark: Mark) {
        self.found = mark.found;
        self.not_understood = mark.not_understood;
        self.remarks.rewind(mark.remarks);
    }
}
