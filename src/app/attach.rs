//! Files of reports: kept beside the review under their content, attached by a row, and checked.

use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::domain::decision::Stage;
use crate::domain::ids::RecordId;
use crate::domain::operation::{OpKind, Row};
use crate::domain::report::{Retrieval, RetrievalState};
use crate::domain::state::RecordIndex;
use crate::domain::text::{clean_line, counted};
use crate::pdf::is_pdf;
use crate::store::Problem;

use super::error::{Error, ErrorKind, Result};
use super::request::{Progress, Reply};
use super::workspace::{Change, Workspace, nothing};

/// The largest file that is attached, in bytes: larger ones are no reports.
pub(super) const MAX_BYTES: u64 = 500 * 1024 * 1024;

/// A PDF file as read.
pub(super) struct PdfFile {
    /// The name, clean.
    pub(super) name: String,
    /// The SHA-256 of its content in hexadecimal.
    pub(super) sha256: String,
    /// The content.
    pub(super) bytes: Vec<u8>,
}

impl PdfFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Error`] where it cannot be read, is no PDF or too large.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let shown = clean_line(&path.display().to_string()).into_owned();
        let cannot = |error: std::io::Error| Error::new(ErrorKind::File, format!("{shown} cannot be read: {error}"));
        let head = std::fs::metadata(path).map_err(cannot)?;
        if !head.is_file() {
            return Err(Error::user(format!("{shown} is no file")).hint("for a folder of PDFs: tamis fulltext attach-folder DIR"));
        }
        if head.len() > MAX_BYTES {
            return Err(Error::user(format!("{shown} has more than {} MB; that is no report", MAX_BYTES / (1024 * 1024))));
        }
        let bytes = std::fs::read(path).map_err(cannot)?;
        if !is_pdf(&bytes) {
            return Err(Error::user(format!("{shown} is no PDF file")));
        }
        let name = path.file_name().map(|name| clean_line(&name.to_string_lossy()).into_owned()).unwrap_or_default();
        Ok(Self { name, sha256: sha256_of(&bytes), bytes })
    }
}

fn sha256_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Workspace {
    pub(super) fn attach(&mut self, record: RecordId, path: &Path) -> Result<Reply> {
        let unit = self.sought(record)?;
        let id = self.state.record_id(unit);
        let file = PdfFile::read(path)?;
        self.keep(&file)?;
        if self.attached(unit).is_some_and(|(sha256, _)| sha256 == file.sha256) {
            return Ok(nothing(format!("{} is attached to report {id} already", file.name)));
        }
        let also = self.report_with(&file.sha256).map(|other| format!("; report {other} has the same file")).unwrap_or_default();
        let mut reply = self.transact(Change::new(OpKind::Retrieve, format!("attached a file to report {id}"), vec![row_of(id, file)]))?;
        reply.message.push_str(&also);
        Ok(reply)
    }

    /// Attaches all files as one operation; nothing is recorded where one cannot be read.
    pub(super) fn attach_many(&mut self, files: &[(RecordId, PathBuf)], progress: &mut Progress<'_>) -> Result<Reply> {
        let mut rows = Vec::new();
        for (at, (record, path)) in files.iter().enumerate() {
            if !progress(at, files.len(), "attaching files") {
                return Err(Error::new(ErrorKind::Cancelled, "cancelled; nothing was changed"));
            }
            let unit = self.sought(*record)?;
            let file = PdfFile::read(path)?;
            self.keep(&file)?;
            if self.attached(unit).is_none_or(|(sha256, _)| sha256 != file.sha256) {
                rows.push(row_of(self.state.record_id(unit), file));
            }
        }
        if rows.is_empty() {
            return Ok(nothing("there was no file to attach"));
        }
        let what = format!("attached {}", counted(rows.len(), "file"));
        self.transact(Change::new(OpKind::Retrieve, what, rows))
    }

    /// Keeps a copy of a file beside the review; the same content is kept once, and a damaged copy is replaced.
    fn keep(&self, file: &PdfFile) -> Result<()> {
        let Some(folder) = self.files_folder() else { return Err(Error::user("a review in memory cannot keep files")) };
        let target = folder.join(format!("{}.pdf", file.sha256));
        if std::fs::read(&target).is_ok_and(|kept| kept == file.bytes) {
            return Ok(());
        }
        let beside = folder.join(format!("{}.new-{}", file.sha256, std::process::id()));
        let write = || {
            std::fs::create_dir_all(&folder)?;
            let mut copy = std::fs::File::create(&beside)?;
            copy.write_all(&file.bytes)?;
            copy.sync_all()?;
            std::fs::rename(&beside, &target)
        };
        write().map_err(|error| {
            let _ = std::fs::remove_file(&beside);
            Error::new(ErrorKind::File, format!("{} cannot be written: {error}", target.display()))
        })
    }

    /// Returns the folder for the files of reports, beside the review; `None` for a review in memory.
    pub(super) fn files_folder(&self) -> Option<PathBuf> {
        self.path().map(|review| review.with_extension("files"))
    }

    /// Returns the file attached last to a report: the SHA-256 of its content, and its name.
    pub(super) fn attached(&self, unit: RecordIndex) -> Option<(String, Option<String>)> {
        let log = self.state.retrieval_log(unit);
        log.iter().rev().find_map(|(_, entry)| entry.file_sha256.clone().map(|sha256| (sha256, entry.file_name.clone())))
    }

    /// Returns a report to which a file of this content is attached.
    pub(super) fn report_with(&self, sha256: &str) -> Option<RecordId> {
        let mut units = self.state.units_in(Stage::FullText).map(|(unit, _)| unit);
        units.find(|unit| self.attached(*unit).is_some_and(|(known, _)| known == sha256)).map(|unit| self.state.record_id(unit))
    }

    /// Returns how many attached files do not lie beside the review, and the name of the folder where they are looked for; `None` where all
    /// are there. Nothing of the review is lost by that: a colleague's folder, or attaching them again, brings them back.
    pub fn absent_files(&self) -> Option<(usize, String)> {
        let folder = self.files_folder()?;
        let reports = self.state.units_in(Stage::FullText).filter_map(|(unit, _)| self.attached(unit));
        let absent = reports.filter(|(sha256, _)| !folder.join(format!("{sha256}.pdf")).exists()).count();
        (absent > 0).then(|| (absent, shown(&folder)))
    }

    /// Returns what is wrong with the files of reports that are there: those whose content is no longer what was attached.
    pub(super) fn check_files(&self) -> Vec<Problem> {
        let Some(folder) = self.files_folder() else { return Vec::new() };
        let mut problems = Vec::new();
        for unit in self.state.units_in(Stage::FullText).map(|(unit, _)| unit) {
            let Some((sha256, name)) = self.attached(unit) else { continue };
            let called = name.unwrap_or_else(|| "its file".to_owned());
            let message = match std::fs::read(folder.join(format!("{sha256}.pdf"))) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => format!("the kept copy of {called} cannot be read: {error}"),
                Ok(bytes) if sha256_of(&bytes) != sha256 => {
                    format!("the kept copy of {called} was changed after it was attached; attach the original again")
                }
                Ok(_) => continue,
            };
            problems.push(Problem { part: "attached file", name: self.state.record_id(unit).to_string(), message });
        }
        problems
    }
}

fn shown(folder: &Path) -> String {
    clean_line(&folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())).into_owned()
}

fn row_of(record: RecordId, file: PdfFile) -> Row {
    Row::Retrieval(Retrieval {
        record,
        state: RetrievalState::Retrieved,
        note: None,
        file_sha256: Some(file.sha256),
        file_name: Some(file.name).filter(|name| !name.is_empty()),
    })
}
