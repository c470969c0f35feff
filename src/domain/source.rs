//! Where records come from: sources, the searches run there, and the files imported (PRISMA-S).

use serde::{Deserialize, Serialize};

use super::diagnostic::{Diagnostic, RemarkCounts};
use super::ids::{BatchId, SourceId};

/// The kind of a source; decides which PRISMA box its records are counted in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SourceKind {
    /// A bibliographic database.
    Database,
    /// A trial register.
    Register,
    /// A website.
    Website,
    /// An organisation.
    Organisation,
    /// Citation searching.
    Citation,
}

impl SourceKind {
    /// Tells whether the records belong to PRISMA's column "databases and registers".
    pub fn is_searched(self) -> bool {
        matches!(self, Self::Database | Self::Register)
    }
}

/// A place that was searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The identity, made from the name.
    pub id: SourceId,
    /// The name ("Embase").
    pub name: String,
    /// The kind.
    pub kind: SourceKind,
    /// The platform or interface ("Ovid"), where it was given.
    pub platform: Option<String>,
}

/// One file imported for one search of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportBatch {
    /// The identity, made from source and file.
    pub id: BatchId,
    /// The source.
    pub source: SourceId,
    /// The file's name without its folder.
    pub file_name: String,
    /// The SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// The format found or given ("ris").
    pub format: String,
    /// The text encoding found or given ("UTF-8").
    pub encoding: String,
    /// Records found in the file.
    pub found: u32,
    /// Records kept.
    pub kept: u32,
    /// Lines not understood.
    pub not_understood: u32,
    /// The date of the search, as "2026-01-31".
    pub run_date: Option<String>,
    /// The search strategy.
    pub strategy: Option<String>,
    /// The number of hits that the source reported.
    pub hits_reported: Option<u32>,
    /// A digest over the records of the file in order; `check` computes it anew.
    pub records_digest: String,
}

/// The most remarks that are kept with an import; their counts are of all.
pub const REMARKS_KEPT: usize = 1_000;

/// A remark of an import's reader, kept with the import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRemark {
    /// The import.
    pub batch: BatchId,
    /// The remark.
    pub remark: Diagnostic,
}

/// How many remarks an import's reader made, those that were not kept included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRemarkCounts {
    /// The import.
    pub batch: BatchId,
    /// The numbers.
    pub counts: RemarkCounts,
}
