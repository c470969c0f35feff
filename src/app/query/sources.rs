//! The sources with their imports, and what was said when a file was imported.

use serde::Serialize;

use crate::domain::diagnostic::{Diagnostic, RemarkCounts};
use crate::domain::ids::{SourceId, slug};
use crate::domain::source::{ImportBatch, Source};

use super::super::error::{Error, Result};
use super::super::workspace::Workspace;

/// A source with its imports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceView {
    /// The source.
    #[serde(flatten)]
    pub source: Source,
    /// Records that stand.
    pub records: usize,
    /// The imports, in order.
    pub imports: Vec<ImportView>,
}

/// An import with the number of remarks that its reader made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportView {
    /// The import.
    #[serde(flatten)]
    pub batch: ImportBatch,
    /// How many remarks of each kind; none also where the review did not keep them at that time.
    pub remarks: RemarkCounts,
}

/// What was said when a file was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportRemarks {
    /// The import, with the number of all remarks.
    #[serde(flatten)]
    pub import: ImportView,
    /// The remarks that the review keeps: of long lists the weightiest, in the order of the file.
    pub listed: Vec<Diagnostic>,
}

impl Workspace {
    /// Returns the sources with their imports.
    pub fn sources(&self) -> Vec<SourceView> {
        let sources = self.state.sources().into_iter().map(|source| {
            let records = (0..self.state.records().len() as u32)
                .filter(|at| self.state.is_record_live(*at) && self.state.batch_of(*at).source == source.id)
                .count();
            SourceView { source: source.clone(), records, imports: self.imports_from(&source.id) }
        });
        sources.collect()
    }

    /// Returns the source that a person names, by its name or identity.
    ///
    /// # Errors
    /// [`Error`] that lists the sources where none has the name.
    pub fn find_source(&self, name: &str) -> Result<SourceView> {
        let mut sources = self.sources();
        let id = slug(name);
        if let Some(at) = sources.iter().position(|view| view.source.id.as_str() == id) {
            return Ok(sources.swap_remove(at));
        }
        let names: Vec<&str> = sources.iter().map(|view| view.source.name.as_str()).collect();
        let hint = if names.is_empty() {
            "tamis import FILE --source NAME brings the first".to_owned()
        } else {
            format!("the sources are {}", names.join(", "))
        };
        Err(Error::not_found(format!("the review has no source \"{name}\"")).hint(hint))
    }

    /// Returns what was said when the files of a source were imported, in the order of import.
    ///
    /// # Errors
    /// [`Error`] where the review cannot be read.
    pub fn remarks_of_source(&self, source: &SourceId) -> Result<Vec<ImportRemarks>> {
        let imports = self.imports_from(source).into_iter().map(|import| {
            let op = self.state.op_of_batch(import.batch.id).filter(|_| import.remarks.total() > 0);
            let listed = op.map_or_else(|| Ok(Vec::new()), |op| self.store.remarks_of(op))?;
            Ok(ImportRemarks { import, listed })
        });
        imports.collect()
    }

    fn imports_from(&self, source: &SourceId) -> Vec<ImportView> {
        let batches = self.state.batches().filter(|batch| batch.source == *source);
        batches.map(|batch| ImportView { batch: batch.clone(), remarks: self.state.remark_counts(batch.id) }).collect()
    }
}
