//! The text of attached PDFs, read on a thread of its own: a file that makes the reader panic or run on is a file that cannot be read.

use std::path::PathBuf;
use std::sync::Once;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::domain::ids::RecordId;
use crate::pdf::{PdfError, read_pages};

use super::error::{Error, ErrorKind, Result};
use super::workspace::Workspace;

/// How long a file is read at most.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(20);
/// The stack of the thread that reads: nested structures of damaged files need more than usual before the reader gives up.
const STACK: usize = 64 * 1024 * 1024;
/// The name of that thread; its panics are not printed.
const THREAD: &str = "text of a PDF";

/// The text of the file of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportText {
    /// The report.
    pub report: RecordId,
    /// The name under which the file was attached.
    pub file: Option<String>,
    /// How many pages the file has.
    pub total: usize,
    /// The text of each page that was read, in order; clean, lines divided by `\n`; empty for a page without text.
    pub pages: Vec<String>,
    /// What is to be said about the text as a whole ("no text in this PDF: a scan").
    pub remark: Option<String>,
}

/// The pages of a file as far as they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pages {
    pub(super) total: usize,
    pub(super) pages: Vec<String>,
    /// Why reading ended before the last page.
    pub(super) cut: Option<&'static str>,
}

/// Reads at most so many pages of a file within a limit of time.
///
/// # Errors
/// [`PdfError`] where nothing can be read.
pub(super) fn pages_of(bytes: Vec<u8>, most: usize, limit: Duration) -> std::result::Result<Pages, PdfError> {
    keep_panics_quiet();
    let (sender, receiver) = channel();
    let work = move || {
        read_pages(bytes, &mut |at, total, text| {
            // Nobody listens any more once the limit of time has passed.
            sender.send((total, text)).is_ok() && at + 1 < most
        })
    };
    let Ok(reader) = thread::Builder::new().name(THREAD.to_owned()).stack_size(STACK).spawn(work) else {
        return Err(PdfError::Damaged);
    };
    let deadline = Instant::now() + limit;
    let mut found = Pages::default();
    loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok((total, text)) => {
                found.total = total;
                found.pages.push(text);
            }
            Err(RecvTimeoutError::Timeout) => {
                found.cut = Some("reading took too long");
                return Ok(found);
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    match reader.join() {
        Ok(Ok(())) => Ok(found),
        Ok(Err(error)) => Err(error),
        Err(_) if found.pages.is_empty() => Err(PdfError::Damaged),
        Err(_) => {
            found.cut = Some("the file is damaged from here on");
            Ok(found)
        }
    }
}

/// Keeps panics of the reading thread from being printed; those of other threads are printed as before.
fn keep_panics_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if thread::current().name() != Some(THREAD) {
                print(panic);
            }
        }));
    });
}

/// The file that is attached to a report, ready to be read on any thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// The report.
    pub report: RecordId,
    /// The SHA-256 of the content in hexadecimal.
    pub sha256: String,
    /// The name under which it was attached.
    pub name: Option<String>,
    path: PathBuf,
}

impl ReportFile {
    /// Reads the text. This takes from milliseconds to seconds, at most 20.
    ///
    /// # Errors
    /// [`Error`] where the file is not kept here, or nothing of it can be read.
    pub fn text(self) -> Result<ReportText> {
        let Ok(bytes) = std::fs::read(&self.path) else {
            return Err(Error::not_found(format!("the file of report {} is not beside the review", self.report))
                .hint("attach it again, or copy it from the folder of a colleague"));
        };
        text_of(self.report, self.name, bytes)
    }
}

impl Workspace {
    /// Returns the file that is attached to a report.
    ///
    /// # Errors
    /// [`Error`] where the review does not hold the record, or no file is attached.
    pub fn report_file(&self, record: RecordId) -> Result<ReportFile> {
        let unit = self.unit(record)?;
        let report = self.state.record_id(unit);
        let Some(((sha256, name), folder)) = self.attached(unit).zip(self.files_folder()) else {
            return Err(Error::not_found(format!("no file is attached to report {report}")).hint("tamis fulltext attach REPORT FILE"));
        };
        let path = folder.join(format!("{sha256}.pdf"));
        Ok(ReportFile { report, sha256, name, path })
    }

    /// Reads the text of the PDF that is attached to a report, as [`ReportFile::text`] does.
    ///
    /// # Errors
    /// Those of [`Workspace::report_file`] and [`ReportFile::text`].
    pub fn report_text(&self, record: RecordId) -> Result<ReportText> {
        self.report_file(record)?.text()
    }
}

/// Reads the text of a file that is attached to a report.
fn text_of(report: RecordId, file: Option<String>, bytes: Vec<u8>) -> Result<ReportText> {
    let called = file.clone().unwrap_or_else(|| "the PDF".to_owned());
    let Pages { total, pages, cut } = pages_of(bytes, usize::MAX, TIME_LIMIT).map_err(|error| {
        Error::new(ErrorKind::User, format!("{called} cannot be shown as text: {error}")).hint("open it in your PDF viewer instead")
    })?;
    let letters: usize = pages.iter().map(|page| page.chars().filter(|c| c.is_alphanumeric()).count()).sum();
    let unknown: usize = pages.iter().map(|page| page.chars().filter(|c| *c == '\u{fffd}').count()).sum();
    let remark = match cut {
        Some(why) => Some(format!("{} of {total} pages: {why}", pages.len())),
        None if letters == 0 && unknown == 0 => Some("no text in this PDF: a scan; open it in your viewer".to_owned()),
        None if unknown > letters => Some("the fonts of this PDF do not say which letters they show; open it in your viewer".to_owned()),
        None if pages.len() < total => Some(format!("the first {} of {total} pages", pages.len())),
        None => None,
    };
    Ok(ReportText { report, file, total, pages, remark })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::sample::pdf_of;

    fn text(bytes: Vec<u8>) -> Result<ReportText> {
        text_of("6nabkwt35cv5".parse().expect("a record"), Some("trial.pdf".to_owned()), bytes)
    }

    #[test]
    fn a_scan_is_called_a_scan() {
        let found = text(pdf_of(&[&[], &[]])).expect("reads");
        assert_eq!((found.total, found.pages.len()), (2, 2));
        assert!(found.remark.expect("a remark").starts_with("no text in this PDF: a scan"));
    }

    #[test]
    fn a_text_needs_no_remark() {
        let found = text(pdf_of(&[&["Ketamine"]])).expect("reads");
        assert_eq!((found.remark, found.pages), (None, vec!["Ketamine".to_owned()]));
    }

    #[test]
    fn what_cannot_be_read_is_said_in_words() {
        let error = text(b"%PDF-1.7 and nothing more".to_vec()).expect_err("is damaged");
        assert!(error.message.starts_with("trial.pdf cannot be shown as text: it is"), "{}", error.message);
    }

    #[test]
    fn a_limit_of_time_gives_what_was_read_so_far() {
        let found = pages_of(pdf_of(&[&["Ketamine"]]), usize::MAX, Duration::ZERO).expect("gives something");
        assert!(found.cut.is_some() || found.pages.len() == 1, "{found:?}");
    }

    #[test]
    fn as_many_pages_as_wanted_are_read() {
        let found = pages_of(pdf_of(&[&["one"], &["two"], &["three"]]), 2, TIME_LIMIT).expect("reads");
        assert_eq!((found.total, found.pages), (3, vec!["one".to_owned(), "two".to_owned()]));
    }
}
