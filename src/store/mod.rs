//! The review file: the only place that knows SQL.
//!
//! Map: `connection` opens and creates files and says in words why one cannot be opened; `schema` brings a file to the present version;
//! `table` describes every history table once, `append` writes with that description, `operation` loads and verifies with it;
//! `record` holds the bibliographic records, `citation` hands many of them out for comparison, `remark` what was said when they were imported; `backup`, `check` and `merge` work on whole files. The store decides nothing: it keeps rows.

mod append;
mod appraisal;
mod backup;
mod check;
mod citation;
mod connection;
mod cycle;
mod extraction;
mod mark;
mod merge;
mod operation;
mod record;
mod remark;
mod round;
mod schema;
mod synthesis;
mod table;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

pub use append::{Appended, RecordWriter};
pub use backup::{BackupEntry, list_backups, thin_backups};
pub use check::Problem;
pub use citation::{parse_compared_fields, parse_searched_fields};
pub use connection::{APPLICATION_ID, Place};
pub use merge::MergeCounts;
pub use operation::{NewOperation, StoredOperation};
pub use record::{NewRecord, RecordLine, RecordsDigest, StoredRecord, record_id};
pub use schema::{MIGRATIONS, Migration, current_schema};

/// An open review file.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: Option<PathBuf>,
    lock_dir: Option<PathBuf>,
    identity: Option<connection::FileIdentity>,
    is_read_only: bool,
    /// The version of the file's schema: the newest, but for a file that could not or should not be brought up to date.
    version: u32,
}

/// Why a review file cannot be opened, read or written. Nothing has been changed where one of these is returned.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// There is no file of this name.
    #[error("there is no file {}", .0.display())]
    NotFound(PathBuf),
    /// A file of this name exists and must not be overwritten.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// The file is no review.
    #[error("{} is not a tamis review", .path.display())]
    NotAReview {
        /// The file.
        path: PathBuf,
        /// What it looks like instead.
        looks_like: &'static str,
    },
    /// The file was written by a newer version of the program.
    #[error("{} was written by a newer tamis (file version {file_version}; this program knows versions up to {ours})", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        file_version: u32,
        /// The newest version known here.
        ours: u32,
    },
    /// The file's content contradicts itself.
    #[error("{} is damaged: {detail}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// The file or its folder cannot be written.
    #[error("{} can only be read", .0.display())]
    ReadOnly(PathBuf),
    /// The disk is full.
    #[error("the disk that holds {} is full; nothing was changed", .0.display())]
    DiskFull(PathBuf),
    /// Another program holds the file.
    #[error("{} is in use by another program", .0.display())]
    Locked(PathBuf),
    /// The file was replaced by another one while it was open.
    #[error("{} was replaced by another file while it was open", .0.display())]
    Replaced(PathBuf),
    /// The work was cancelled by the user.
    #[error("cancelled; nothing was changed")]
    Cancelled,
    /// The operating system refused something.
    #[error("{}: {message}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        message: String,
    },
    /// The database refused something that should not happen.
    #[error("the review file refused a statement: {0}")]
    Sql(Arc<rusqlite::Error>),
}

impl Store {
    /// Returns the file's path; `None` for a review in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Tells whether the file can only be read.
    pub fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Returns a number that changes when another connection has changed the file.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.conn.query_row("PRAGMA data_version", [], |row| row.get(0)).map_err(|e| self.error(e))
    }

    /// Returns the identity that the file was given when it was created; copies share it.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn file_id(&self) -> Result<String, StoreError> {
        self.conn.query_row("SELECT id FROM review_file", [], |row| row.get(0)).map_err(|e| self.error(e))
    }

    /// Returns what was remembered under a name.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn remembered(&self, name: &str) -> Result<Option<String>, StoreError> {
        use rusqlite::OptionalExtension;
        self.conn.query_row("SELECT value FROM ui_state WHERE name = :name", [name], |row| row.get(0)).optional().map_err(|e| self.error(e))
    }

    /// Remembers something for a screen or a device. This is no history and may be forgotten.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be written.
    pub fn remember(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        let _guard = self.write_guard()?;
        self.conn
            .execute("INSERT OR REPLACE INTO ui_state (name, value) VALUES (:name, :value)", [name, value])
            .map(|_| ())
            .map_err(|e| self.error(e))
    }

    /// Returns the history tables that the file's version has, in the order of [`table::TABLES`].
    fn tables(&self) -> impl Iterator<Item = &'static table::Table> + use<> {
        let version = self.version;
        table::TABLES.iter().filter(move |table| table.since <= version)
    }

    fn error(&self, error: rusqlite::Error) -> StoreError {
        connection::translate(error, self.path.as_deref().unwrap_or_else(|| Path::new("the review in memory")))
    }
}
