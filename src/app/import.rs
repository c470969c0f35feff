//! Search import: a file becomes records of a source.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::domain::diagnostic::{Diagnostic, Severity};
use crate::domain::ids::{BatchId, SourceId, slug};
use crate::domain::operation::{OpKind, Row};
use crate::domain::record::Draft;
use crate::domain::report::{Removal, RemovalKind};
use crate::domain::source::{ImportBatch, Source, SourceKind};
use crate::domain::text::clean_line;
use crate::domain::time::check_date;
use crate::refs::{self, ParseOptions, Parsed};
use crate::store::{NewRecord, record_id, records_digest};

use super::error::{Error, ErrorKind, Result};
use super::request::{Detail, ImportOrder, ImportReport, Progress, Reply};
use super::workspace::{Change, Workspace};

/// A file that was read and parsed but not stored.
#[derive(Debug, Clone)]
pub struct ReadFile {
    /// What the import would report.
    pub report: ImportReport,
    /// The records.
    pub drafts: Vec<Draft>,
    sha256: [u8; 32],
}

/// Reads and parses a file without a review, as `import --dry-run` does.
///
/// # Errors
/// [`Error`] where the file cannot be read or is of no known format.
pub fn read_file(path: &Path, format: Option<&str>, encoding: Option<&str>, progress: &mut Progress<'_>) -> Result<ReadFile> {
    let file = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let file = clean_line(&file).to_string();
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::not_found(format!("there is no file {}", path.display())),
        _ => Error::new(ErrorKind::File, format!("{} cannot be read: {error}", path.display())),
    })?;
    parse_bytes(&bytes, file, format, encoding, progress)
}

fn parse_bytes(bytes: &[u8], file: String, format: Option<&str>, encoding: Option<&str>, progress: &mut Progress<'_>) -> Result<ReadFile> {
    let format = format
        .map(|name| {
            name.parse().map_err(|_| {
                Error::user(format!("\"{name}\" is no format that tamis reads")).hint("leave --format out: tamis looks at the content")
            })
        })
        .transpose()?;
    let options = ParseOptions { format, encoding: encoding.map(str::to_owned) };
    let parsed: Parsed =
        refs::parse_with_progress(bytes, &options, &mut |done, total| progress(done, total, "reading")).map_err(|error| {
            let mut error = Error::from(error);
            error.message = format!("{file}: {}", error.message);
            error
        })?;
    let report = ImportReport {
        file,
        format: parsed.format.to_string(),
        encoding: parsed.encoding,
        found: parsed.found,
        kept: parsed.drafts.len(),
        not_understood: parsed.not_understood,
        diagnostics: parsed.diagnostics,
    };
    Ok(ReadFile { report, drafts: parsed.drafts, sha256: Sha256::digest(bytes).into() })
}

impl Workspace {
    pub(super) fn import(&mut self, order: &ImportOrder, progress: &mut Progress<'_>) -> Result<Reply> {
        let read = read_file(&order.path, order.format.as_deref(), order.encoding.as_deref(), progress)?;
        self.import_read(order, read, progress)
    }

    /// Imports text that is part of the program, under a file name, as [`Workspace::run`] imports a file.
    ///
    /// # Errors
    /// As there.
    pub fn import_bundled(&mut self, order: &ImportOrder, text: &str) -> Result<Reply> {
        let name = order.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let read = parse_bytes(text.as_bytes(), name, None, None, &mut |_, _, _| true)?;
        self.import_read(order, read, &mut |_, _, _| true)
    }

    fn import_read(&mut self, order: &ImportOrder, read: ReadFile, progress: &mut Progress<'_>) -> Result<Reply> {
        if let Some(date) = &order.date {
            check_date(date).map_err(|error| Error::user(error.to_string()))?;
        }
        if read.report.kept == 0 {
            return Err(Error::user(format!("{}: no record could be kept", read.report.file))
                .hint("look at the remarks with tamis import --dry-run FILE"));
        }
        let sha256 = read.sha256.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        if let Some((known, _)) = self.state.batch_of_file(&sha256).into_iter().find(|(_, is_live)| *is_live) {
            return Err(Error::blocked(format!(
                "{} was imported before, as {} for the source {}",
                read.report.file, known.file_name, known.source
            ))
            .hint("nothing was changed; tamis source list shows all imports"));
        }
        let (source, is_new) = self.source_for(&order.source, order.kind, order.platform.clone())?;
        let batch = batch_id(&source.id, &read.sha256);
        let records: Vec<NewRecord> = read
            .drafts
            .into_iter()
            .enumerate()
            .map(|(at, draft)| {
                let ordinal = at as u32 + 1;
                NewRecord { id: record_id(batch, ordinal, &draft.raw), batch, ordinal, citation: draft.citation, raw: draft.raw }
            })
            .collect();
        let row = ImportBatch {
            id: batch,
            source: source.id.clone(),
            file_name: read.report.file.clone(),
            sha256,
            format: read.report.format.clone(),
            encoding: read.report.encoding.clone(),
            found: read.report.found as u32,
            kept: records.len() as u32,
            not_understood: read.report.not_understood as u32,
            run_date: order.date.clone(),
            strategy: order.strategy.clone(),
            hits_reported: order.hits,
            records_digest: records_digest(records.iter()),
        };
        let mut report = read.report;
        report.diagnostics.extend(hits_remark(order.hits, report.found));
        let mut rows = Vec::new();
        if is_new {
            rows.push(Row::Source(source.clone()));
        }
        rows.push(Row::Batch(row));
        let what = format!("imported {} records from {} for {}", records.len(), report.file, source.name);
        let mut reply = self.transact_with(Change::new(OpKind::Import, what, rows), records, progress)?;
        reply.detail = Detail::Import(report);
        Ok(reply)
    }

    fn source_for(&self, name: &str, kind: Option<SourceKind>, platform: Option<String>) -> Result<(Source, bool)> {
        let name = clean_line(name).to_string();
        if name.is_empty() {
            return Err(Error::user("the source needs a name").hint("add --source NAME, for example --source Embase"));
        }
        let id = SourceId::from(slug(&name).as_str());
        let known = self.state.sources().into_iter().find(|source| source.id == id).cloned();
        match (known, kind) {
            (Some(known), Some(kind)) if known.kind != kind => {
                Err(Error::user(format!("the source {} is a {}, not a {kind}", known.name, known.kind))
                    .hint("leave --kind out, or name another source"))
            }
            (Some(known), _) => Ok((known, false)),
            (None, kind) => Ok((Source { id, name, kind: kind.unwrap_or(SourceKind::Database), platform }, true)),
        }
    }

    pub(super) fn add_source(&mut self, name: &str, kind: SourceKind, platform: Option<String>) -> Result<Reply> {
        let (source, is_new) = self.source_for(name, Some(kind), platform.clone())?;
        if !is_new && source.platform == platform {
            return Ok(super::workspace::nothing(format!("the source {} is known already", source.name)));
        }
        let source = Source { platform, ..source };
        let what = format!("named the {} {}", source.kind, source.name);
        self.transact(Change::new(OpKind::Source, what, vec![Row::Source(source)]))
    }

    pub(super) fn remove(&mut self, record: crate::domain::ids::RecordId, kind: RemovalKind, reason: &str) -> Result<Reply> {
        let unit = self.unit(record)?;
        if kind != RemovalKind::Restored && reason.trim().is_empty() {
            return Err(Error::user("taking a record out before screening needs a reason"));
        }
        let record = self.state.record_id(unit);
        let what = match kind {
            RemovalKind::Automation => format!("{record} marked as ineligible by an automation tool"),
            RemovalKind::Other => format!("{record} removed before screening"),
            RemovalKind::Restored => format!("{record} put back into screening"),
        };
        let row = Row::Removal(Removal { record, kind, reason: reason.trim().to_owned() });
        self.transact(Change::new(OpKind::Remove, what, vec![row]))
    }
}

fn hits_remark(hits: Option<u32>, found: usize) -> Option<Diagnostic> {
    let hits = hits? as usize;
    (hits != found).then(|| Diagnostic {
        severity: Severity::Warning,
        line: 0,
        field: None,
        message: format!("the source reported {hits} hits, but the file holds {found} records; both numbers are kept"),
    })
}

fn batch_id(source: &SourceId, sha256: &[u8; 32]) -> BatchId {
    BatchId::from_hash(&Sha256::new().chain_update(source.as_str()).chain_update([0]).chain_update(sha256).finalize().into())
}
