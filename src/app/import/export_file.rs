//! The file of a search export: opened with a reason where it cannot be, and watched while it is read.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::app::error::{Error, ErrorKind, Result};
use crate::app::request::{ImportOrder, Progress};
use crate::domain::text::clean_line;
use crate::refs::{self, ParseOptions, RefsError, Survey};

/// An export with its name: read twice, once to learn what it is and once for its records.
pub(super) struct Export<R> {
    /// The name without its folder, for messages and for the review.
    pub name: String,
    /// The content.
    pub input: Watched<R>,
}

impl Export<File> {
    /// Opens a file.
    ///
    /// # Errors
    /// [`Error`] that says what is in the way, with what to do.
    pub fn open(path: &Path) -> Result<Self> {
        let shown = clean_line(&path.display().to_string()).into_owned();
        let refused = |error: &io::Error| match error.kind() {
            io::ErrorKind::NotFound => Error::not_found(format!("there is no file {shown}")).hint("check the name and the folder"),
            io::ErrorKind::PermissionDenied => Error::new(ErrorKind::File, format!("you may not read {shown}"))
                .hint("change its permissions, or copy it to a folder of your own"),
            _ => unreadable(&shown, error),
        };
        let kind = std::fs::metadata(path).map_err(|error| refused(&error))?.file_type();
        if kind.is_dir() {
            return Err(Error::user(format!("{shown} is a folder")).hint("name the files in it, for example with FOLDER/*.ris"));
        }
        if !kind.is_file() {
            return Err(Error::user(format!("{shown} is a pipe or a device, and an export is read twice"))
                .hint("save it to a file first and import that file"));
        }
        let input = File::open(path).map_err(|error| refused(&error))?;
        let name = path.file_name().map_or(shown.clone(), |name| clean_line(&name.to_string_lossy()).into_owned());
        Ok(Self { name, input: Watched::new(input) })
    }
}

impl<R: Read + Seek> Export<R> {
    /// Looks through the export: what it is and how long it is. `progress` is told the phase.
    ///
    /// # Errors
    /// [`Error`] where it cannot be read or is of no known format.
    pub fn survey(&mut self, order: &ImportOrder, progress: &mut Progress<'_>) -> Result<Survey> {
        let options = options(order)?;
        let surveyed = refs::survey(&mut self.input, &options, &mut |done, total| progress(done as usize, total as usize, super::READING));
        surveyed.map_err(|error| self.wrap(error))
    }

    /// Makes sure that the content read last is the content surveyed.
    ///
    /// # Errors
    /// [`Error`] where the file was changed in between.
    pub fn check_unchanged(&mut self, survey: &Survey) -> Result<()> {
        let digest = self.input.digest_to_end().map_err(|error| unreadable(&self.name, &error))?;
        if digest == survey.sha256 {
            return Ok(());
        }
        Err(Error::new(ErrorKind::File, format!("{} was changed while it was read; nothing was imported", self.name))
            .hint("wait until it is written completely, for example until the download has finished, and import it again"))
    }

    /// Puts the file's name before what its reader says.
    pub fn wrap(&self, error: RefsError) -> Error {
        let kind = match error {
            RefsError::Cancelled => return Error::from(error),
            RefsError::Unreadable { .. } => ErrorKind::File,
            _ => ErrorKind::User,
        };
        Error::new(kind, format!("{}: {error}", self.name))
    }
}

/// What the order says about how the file is to be read.
fn options(order: &ImportOrder) -> Result<ParseOptions> {
    let format = order.format.as_deref().map(|name| {
        name.parse().map_err(|_| {
            Error::user(format!("\"{name}\" is no format that tamis reads")).hint("leave --format out: tamis looks at the content")
        })
    });
    Ok(ParseOptions {
        format: format.transpose()?,
        encoding: order.encoding.clone(),
        columns: order.columns.clone(),
        sheet: order.sheet.clone(),
    })
}

fn unreadable(name: &str, error: &io::Error) -> Error {
    Error::new(ErrorKind::File, format!("{name} cannot be read: {error}")).hint("check that the disk or the share that holds it is there")
}

/// An input whose content is digested as it is read from its beginning.
pub(super) struct Watched<R> {
    inner: R,
    hasher: Sha256,
    digested: u64,
    position: u64,
}

impl<R: Read + Seek> Watched<R> {
    /// Begins to watch.
    pub fn new(inner: R) -> Self {
        Self { inner, hasher: Sha256::new(), digested: 0, position: 0 }
    }

    /// Reads what is left of the input, and returns the digest of all of it since it was last read from the beginning.
    fn digest_to_end(&mut self) -> io::Result<[u8; 32]> {
        self.seek(SeekFrom::Start(self.digested))?;
        io::copy(self, &mut io::sink())?;
        Ok(self.hasher.clone().finalize().into())
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let end = self.position + count as u64;
        if self.position <= self.digested && end > self.digested {
            self.hasher.update(&buffer[(self.digested - self.position) as usize..count]);
            self.digested = end;
        }
        self.position = end;
        Ok(count)
    }
}

impl<R: Seek> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = self.inner.seek(to)?;
        // A new reading from the beginning is a new content, for all that is known.
        if self.position == 0 && self.digested > 0 {
            self.hasher = Sha256::new();
            self.digested = 0;
        }
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn the_digest_is_of_the_whole_content_however_it_was_read() {
        let content: Vec<u8> = (0..10_000u32).flat_map(u32::to_le_bytes).collect();
        let whole: [u8; 32] = Sha256::digest(&content).into();
        let mut watched = Watched::new(Cursor::new(content.clone()));
        assert_eq!(watched.digest_to_end().expect("memory"), whole, "nothing read before");
        let mut block = [0; 777];
        watched.seek(SeekFrom::Start(0)).expect("memory");
        watched.read_exact(&mut block).expect("memory");
        watched.seek(SeekFrom::Start(100)).expect("memory");
        watched.read_exact(&mut block).expect("memory");
        watched.seek(SeekFrom::Start(30_000)).expect("memory");
        watched.read_exact(&mut block).expect("memory");
        assert_eq!(watched.digest_to_end().expect("memory"), whole, "read in pieces");
        watched.inner.get_mut()[5] ^= 1;
        watched.seek(SeekFrom::Start(0)).expect("memory");
        assert_ne!(watched.digest_to_end().expect("memory"), whole, "changed between two readings");
    }
}
