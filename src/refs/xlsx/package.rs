//! The archive that a workbook is: its parts by name, inflated within bounds.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::refs::RefsError;

/// The most files that an archive may hold.
const MOST_PARTS: usize = 10_000;

/// The most bytes that one part may inflate to.
const LARGEST_PART: u64 = 512 << 20;

/// The most bytes that all parts that are read may inflate to; far more than a sheet of a million rows.
const LARGEST_TOTAL: u64 = 1 << 30;

/// An archive with the names of its parts.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    inflated: u64,
}

/// Makes an error about the workbook.
pub(super) fn damaged(message: impl Into<String>) -> RefsError {
    RefsError::Workbook { message: message.into() }
}

/// Makes the error for files of the time before .xlsx and for protected ones, which come in the same container.
pub(in crate::refs) fn old_format() -> RefsError {
    damaged("it is in the old Excel format (.xls) or protected by a password; save it as .xlsx without a password, or as CSV")
}

impl<'a> Package<'a> {
    /// Opens an archive.
    ///
    /// # Errors
    /// [`RefsError::Workbook`] where the archive is damaged, holds too much or holds no workbook that can be read.
    pub fn open(bytes: &'a [u8]) -> Result<Self, RefsError> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| damaged(format!("the archive is damaged or was not downloaded to its end ({error})")))?;
        if archive.len() > MOST_PARTS {
            return Err(damaged(format!("the archive holds {} files, more than any workbook", archive.len())));
        }
        let names: Vec<String> = archive.file_names().map(|name| name.map(|name| plain(&name)).unwrap_or_default()).collect();
        let has = |end: &str| names.iter().any(|name| name.ends_with(end));
        if !has("workbook.xml") {
            let kind = if has("workbook.bin") {
                "a binary workbook (.xlsb)"
            } else if has("word/document.xml") {
                "a text document (.docx)"
            } else if has("content.xml") && has("mimetype") {
                "an OpenDocument file"
            } else {
                "an archive without a workbook in it"
            };
            return Err(damaged(format!("it is {kind}; save the table as .xlsx or as CSV")));
        }
        Ok(Self { archive, names, inflated: 0 })
    }

    /// Returns the text of a part; `None` when there is no such part.
    ///
    /// # Errors
    /// [`RefsError::Workbook`] where the part is damaged or inflates to too much.
    pub fn part(&mut self, name: &str) -> Result<Option<String>, RefsError> {
        let wanted = plain(name);
        let Some(at) = self.names.iter().position(|name| *name == wanted) else { return Ok(None) };
        let file = self.archive.by_index(at).map_err(|error| match error {
            ZipError::UnsupportedArchive(_) => damaged(format!("{wanted} is compressed or protected in a way that is not known")),
            error => damaged(format!("{wanted} is damaged ({error})")),
        })?;
        let limit = LARGEST_PART.min(LARGEST_TOTAL - self.inflated);
        let mut bytes = Vec::new();
        let read = file.take(limit + 1).read_to_end(&mut bytes);
        read.map_err(|error| damaged(format!("{wanted} is damaged ({error})")))?;
        self.inflated += bytes.len() as u64;
        if bytes.len() as u64 > limit {
            return Err(damaged(format!("{wanted} inflates to more than {} MB", limit >> 20)));
        }
        let (text, _, _) = encoding_rs::UTF_8.decode(&bytes);
        Ok(Some(match text {
            std::borrow::Cow::Owned(text) => text,
            std::borrow::Cow::Borrowed(text) if text.len() < bytes.len() => text.to_owned(),
            // Valid UTF-8 without a mark at its start: the bytes are the text.
            std::borrow::Cow::Borrowed(_) => String::from_utf8(bytes).map_err(|_| damaged(format!("{wanted} is no text")))?,
        }))
    }
}

/// Returns a name as names are compared: some programs write capitals, backslashes or a slash at the start.
fn plain(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}
