//! Search import: a file becomes records of a source.
//!
//! A file is read twice: once to learn what it is, and once for its records, which go into the review as they are read. So the
//! memory that an import needs does not depend on the file, and until the last record has been written nothing of it counts.

mod export_file;

use std::collections::HashMap;
use std::io::{Cursor, Read, Seek};

use sha2::{Digest, Sha256};

use crate::domain::cycle::ImportCycle;
use crate::domain::diagnostic::{Diagnostic, RemarkCounts, Severity, weightiest};
use crate::domain::ids::{BatchId, RecordId, SourceId, slug};
use crate::domain::operation::{OpKind, Row};
use crate::domain::record::Draft;
use crate::domain::report::{Removal, RemovalKind};
use crate::domain::source::{ImportBatch, ImportRemark, ImportRemarkCounts, REMARKS_KEPT, Source, SourceKind};
use crate::domain::text::{clean_line, counted};
use crate::domain::time::check_date;
use crate::refs::{self, ReadSummary, RefsError, Survey};
use crate::store::{NewRecord, RecordWriter, RecordsDigest, StoreError, record_id};

use super::error::{Error, ErrorKind, Result};
use super::request::{Detail, ImportOrder, ImportReport, Progress, Reply};
use super::take_over::DecisionTally;
use super::workspace::{Change, Workspace};
use export_file::Export;

/// The phase in which a file is looked through, as progress is told; bytes of bytes.
pub(super) const READING: &str = "reading";
/// The phase in which a file that was imported and undone before is compared with what the review holds; bytes of bytes.
const COMPARING: &str = "comparing";
/// The phase in which records are read and stored; bytes of bytes.
pub(super) const STORING: &str = "storing";

/// A file that was read and parsed but not stored.
#[derive(Debug, Clone)]
pub struct ReadFile {
    /// What the import would report.
    pub report: ImportReport,
    /// The records.
    pub drafts: Vec<Draft>,
}

/// Reads a file without a review, as `import --dry-run` does, and keeps its records.
///
/// # Errors
/// [`Error`] where the file cannot be read or is of no known format.
pub fn read_file(order: &ImportOrder, progress: &mut Progress<'_>) -> Result<ReadFile> {
    let mut drafts = Vec::new();
    let report = look_through(order, progress, &mut |draft| drafts.push(draft))?;
    Ok(ReadFile { report, drafts })
}

/// Reads a file without a review and keeps nothing but what the import would report.
///
/// # Errors
/// As [`read_file`].
pub fn examine_file(order: &ImportOrder, progress: &mut Progress<'_>) -> Result<ImportReport> {
    look_through(order, progress, &mut |_| {})
}

fn look_through(order: &ImportOrder, progress: &mut Progress<'_>, take: &mut dyn FnMut(Draft)) -> Result<ImportReport> {
    let mut export = Export::open(&order.path)?;
    let survey = export.survey(order, progress)?;
    let mut decisions = DecisionTally::default();
    let summary = read(&mut export, &survey, "reading records", progress, &mut |draft| {
        decisions.add(&draft.citation, draft.line);
        take(draft);
        Ok(())
    })?;
    Ok(report(&export.name, &survey, summary, None).with_decisions(decisions))
}

/// Reads the records of an export in their order and hands each to `take`; what `take` refuses ends the reading.
fn read<R: Read + Seek>(
    export: &mut Export<R>,
    survey: &Survey,
    phase: &'static str,
    progress: &mut Progress<'_>,
    take: &mut dyn FnMut(Draft) -> Result<(), StoreError>,
) -> Result<ReadSummary> {
    let mut refused = None;
    let summary =
        refs::read_records(&mut export.input, survey, &mut |done, total| progress(done as usize, total as usize, phase), &mut |draft| {
            refused = take(draft).err();
            refused.is_none()
        });
    if let Some(error) = refused {
        return Err(error.into());
    }
    if !matches!(summary, Err(RefsError::Cancelled)) {
        export.check_unchanged(survey)?;
    }
    summary.map_err(|error| export.wrap(error))
}

/// Says in the log how a table was read where a person said so, so that the import can be repeated.
fn reading(order: &ImportOrder) -> String {
    let mut said = String::new();
    if let Some(sheet) = &order.sheet {
        said.push_str(&format!("; sheet {}", clean_line(sheet)));
    }
    if !order.columns.is_empty() {
        let pairs: Vec<String> = order.columns.iter().map(|(field, column)| format!("{field}={column}")).collect();
        said.push_str(&format!("; columns {}", clean_line(&pairs.join(", "))));
    }
    said
}

fn report(name: &str, survey: &Survey, summary: ReadSummary, batch: Option<BatchId>) -> ImportReport {
    ImportReport {
        file: name.to_owned(),
        batch,
        format: survey.format.to_string(),
        encoding: survey.encoding.clone(),
        found: summary.found,
        kept: summary.kept,
        not_understood: summary.not_understood,
        diagnostics: summary.diagnostics,
        decisions: DecisionTally::default(),
    }
}

impl Workspace {
    /// Makes sure that files can be imported, before the first of them is: that each can be read, is of a known format, differs from
    /// the others, and was not imported before.
    ///
    /// # Errors
    /// [`Error`] about the first file of which one of these is not true.
    pub fn check_imports(&self, orders: &[ImportOrder], progress: &mut Progress<'_>) -> Result<()> {
        let mut seen: HashMap<[u8; 32], String> = HashMap::new();
        for order in orders {
            let mut export = Export::open(&order.path)?;
            let survey = export.survey(order, progress)?;
            self.refuse_known(&export.name, &survey)?;
            if let Some(twin) = seen.insert(survey.sha256, export.name.clone()) {
                return Err(
                    Error::blocked(format!("{} holds the same as {twin}", export.name)).hint("nothing was changed; import each file once")
                );
            }
        }
        Ok(())
    }

    pub(super) fn import(&mut self, order: &ImportOrder, progress: &mut Progress<'_>) -> Result<Reply> {
        self.import_export(order, Export::open(&order.path)?, progress)
    }

    /// Imports text that is part of the program, under a file name, as [`Workspace::run`] imports a file.
    ///
    /// # Errors
    /// As there.
    pub fn import_bundled(&mut self, order: &ImportOrder, text: &str) -> Result<Reply> {
        let name = order.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let export = Export { name, input: export_file::Watched::new(Cursor::new(text.as_bytes())) };
        self.import_export(order, export, &mut |_, _, _| true)
    }

    fn import_export<R: Read + Seek>(&mut self, order: &ImportOrder, mut export: Export<R>, progress: &mut Progress<'_>) -> Result<Reply> {
        if let Some(date) = &order.date {
            check_date(date).map_err(|error| Error::user(error.to_string()))?;
        }
        let survey = export.survey(order, progress)?;
        self.refuse_known(&export.name, &survey)?;
        let (source, is_new) = self.source_for(&order.source, order.kind, order.platform.clone())?;
        let batch = self.name_batch(&source.id, &mut export, &survey, progress)?;
        let cycle = self.state.cycle();
        let mut told = None;
        let mut reply = self.transact_records(OpKind::Import, batch, |writer| {
            let told = told.insert(store(order, &mut export, &survey, batch, writer, progress)?);
            let what = format!("imported {} from {} for {}{}", counted(told.kept, "record"), told.file, source.name, reading(order));
            let mut rows: Vec<Row> = is_new.then(|| Row::Source(source.clone())).into_iter().collect();
            rows.push(Row::Batch(batch_row(order, &source.id, batch, &survey, told, writer.digest())));
            rows.extend((cycle > 1).then_some(Row::ImportCycle(ImportCycle { batch, cycle })));
            rows.extend(remark_rows(batch, &told.diagnostics));
            Ok((what, rows))
        })?;
        reply.detail = told.map_or(Detail::None, Detail::Import);
        Ok(reply)
    }

    /// Refuses a file that was imported already. In an update the same file is a search of its own that found nothing new.
    fn refuse_known(&self, name: &str, survey: &Survey) -> Result<()> {
        let mut known = self.state.batch_of_file(&hexadecimal(&survey.sha256)).into_iter().filter(|(_, is_live)| *is_live);
        let known = known.find(|(batch, _)| self.state.cycle_of_batch(batch.id) == self.state.cycle());
        known.map_or(Ok(()), |(known, _)| {
            Err(Error::blocked(format!("{name} was imported before, as {} for the source {}", known.file_name, known.source))
                .hint("nothing was changed; tamis source list shows all imports"))
        })
    }

    /// Names the import by source and content. Where the same content was imported and undone before, and is now read differently (as
    /// another encoding, by a newer version), the import needs a name of its own: records of the old reading must not come back with it.
    fn name_batch<R: Read + Seek>(
        &self,
        source: &SourceId,
        export: &mut Export<R>,
        survey: &Survey,
        progress: &mut Progress<'_>,
    ) -> Result<BatchId> {
        let mut hash = Sha256::new().chain_update(source.as_str()).chain_update([0]).chain_update(survey.sha256);
        let cycle = self.state.cycle();
        let is_earlier = |known: &ImportBatch| self.state.cycle_of_batch(known.id) < cycle;
        if self.state.batch_of_file(&hexadecimal(&survey.sha256)).into_iter().any(|(known, is_live)| is_live && is_earlier(known)) {
            hash = hash.chain_update([1]).chain_update(cycle.to_be_bytes());
        }
        let batch = BatchId::from_hash(&hash.clone().finalize().into());
        let Some(known) = self.state.all_batches().find(|known| known.id == batch).map(|known| known.records_digest.clone()) else {
            return Ok(batch);
        };
        let (mut digest, mut ordinal) = (RecordsDigest::default(), 0);
        read(export, survey, COMPARING, progress, &mut |draft| {
            ordinal += 1;
            digest.feed(&new_record(batch, ordinal, draft));
            Ok(())
        })?;
        let digest = digest.finish();
        if digest == known {
            return Ok(batch);
        }
        Ok(BatchId::from_hash(&hash.chain_update([0]).chain_update(digest).finalize().into()))
    }

    /// Returns the records of an import in the order of its file, one for each record kept.
    pub fn records_of_import(&self, batch: BatchId) -> Vec<RecordId> {
        let records = self.state.records().iter().enumerate();
        let mut found: Vec<(u32, RecordId)> =
            records.filter(|(at, _)| self.state.batch_of(*at as u32).id == batch).map(|(_, record)| (record.ordinal, record.id)).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
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

fn new_record(batch: BatchId, ordinal: u32, draft: Draft) -> NewRecord {
    NewRecord { id: record_id(batch, ordinal, &draft.raw), batch, ordinal, citation: draft.citation, raw: draft.raw }
}

/// Reads the records into the review and returns what there is to say.
fn store<R: Read + Seek>(
    order: &ImportOrder,
    export: &mut Export<R>,
    survey: &Survey,
    batch: BatchId,
    writer: &mut RecordWriter<'_>,
    progress: &mut Progress<'_>,
) -> Result<ImportReport> {
    let (mut ordinal, mut decisions) = (0, DecisionTally::default());
    let summary = read(export, survey, STORING, progress, &mut |draft| {
        ordinal += 1;
        decisions.add(&draft.citation, draft.line);
        writer.add(&new_record(batch, ordinal, draft))
    })?;
    if writer.is_empty() {
        return Err(
            Error::user(format!("{}: no record could be kept", export.name)).hint("look at the remarks with tamis import --dry-run FILE")
        );
    }
    let mut report = report(&export.name, survey, summary, Some(batch)).with_decisions(decisions);
    report.diagnostics.extend(hits_remark(order.hits, report.found));
    let bytes = survey.bytes as usize;
    if !progress(bytes, bytes, STORING) {
        return Err(Error::new(ErrorKind::Cancelled, "cancelled; nothing was changed"));
    }
    Ok(report)
}

fn batch_row(
    order: &ImportOrder,
    source: &SourceId,
    batch: BatchId,
    survey: &Survey,
    report: &ImportReport,
    records_digest: String,
) -> ImportBatch {
    ImportBatch {
        id: batch,
        source: source.clone(),
        file_name: report.file.clone(),
        sha256: hexadecimal(&survey.sha256),
        format: report.format.clone(),
        encoding: report.encoding.clone(),
        found: report.found as u32,
        kept: report.kept as u32,
        not_understood: report.not_understood as u32,
        run_date: order.date.clone(),
        strategy: order.strategy.clone(),
        hits_reported: order.hits,
        records_digest,
    }
}

/// Returns the rows that keep what the reader said: how many remarks, and the weightiest of them.
fn remark_rows(batch: BatchId, remarks: &[Diagnostic]) -> Vec<Row> {
    if remarks.is_empty() {
        return Vec::new();
    }
    let counts = Row::RemarkCounts(ImportRemarkCounts { batch, counts: RemarkCounts::of(remarks) });
    let kept = weightiest(remarks, REMARKS_KEPT).into_iter().map(|remark| Row::Remark(ImportRemark { batch, remark: remark.clone() }));
    std::iter::once(counts).chain(kept).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
