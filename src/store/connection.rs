//! Opening and creating review files, and saying in words why one cannot be opened.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema::{self, MIGRATIONS, Migration};
use super::{Store, StoreError};

/// Marks a SQLite file as a review: "TAMS" in ASCII.
pub const APPLICATION_ID: u32 = 0x5441_4d53;

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a new review will live; decides how SQLite keeps its journal. See the decision record on journal modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// A person's own machine, perhaps in a folder that a sync client watches: one file at rest.
    #[default]
    Personal,
    /// A host on which several people work at the same time: readers do not wait for writers.
    SharedHost,
}

/// What tells one file from another that took its name.
pub(super) type FileIdentity = (u64, u64);

impl Store {
    /// Creates a review file.
    ///
    /// `file_id` is 32 hexadecimal digits; `created_at` is RFC 3339; `lock_dir` is a folder outside the review's for lock files.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where a file of this name exists, [`StoreError::Io`] where the folder is missing or cannot be written.
    pub fn create(path: &Path, place: Place, file_id: &str, created_at: &str, lock_dir: Option<&Path>) -> Result<Self, StoreError> {
        OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => StoreError::Exists(path.to_owned()),
            _ => io_error(path, &error),
        })?;
        let made = Self::fill_new(path, place, file_id, created_at);
        let conn = made.map_err(|error| {
            let _ = std::fs::remove_file(path);
            translate(error, path)
        })?;
        let identity = file_identity(path);
        let version = MIGRATIONS.len() as u32;
        Ok(Self { conn, path: Some(path.to_owned()), lock_dir: lock_dir.map(Path::to_owned), identity, is_read_only: false, version })
    }

    fn fill_new(path: &Path, place: Place, file_id: &str, created_at: &str) -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        let mode = if place == Place::SharedHost { "WAL" } else { "DELETE" };
        conn.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |_| Ok(()))?;
        prepare_connection(&conn)?;
        Self::write_identity(&conn, file_id, created_at)?;
        Ok(conn)
    }

    /// Creates a review that lives in memory, for tests and for trying things.
    ///
    /// # Errors
    /// [`StoreError::Sql`] where SQLite refuses, which the tests show it does not.
    pub fn in_memory(file_id: &str, created_at: &str) -> Result<Self, StoreError> {
        let made = Connection::open_in_memory().and_then(|conn| {
            prepare_connection(&conn)?;
            Self::write_identity(&conn, file_id, created_at)?;
            Ok(conn)
        });
        let conn = made.map_err(|error| translate(error, Path::new("the review in memory")))?;
        Ok(Self { conn, path: None, lock_dir: None, identity: None, is_read_only: false, version: MIGRATIONS.len() as u32 })
    }

    fn write_identity(conn: &Connection, file_id: &str, created_at: &str) -> rusqlite::Result<()> {
        conn.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}"))?;
        schema::migrate(conn, MIGRATIONS)?;
        let version = concat!("tamis ", env!("CARGO_PKG_VERSION"));
        conn.execute("INSERT INTO review_file (id, created_at, created_by) VALUES (:id, :at, :by)", [file_id, created_at, version])?;
        Ok(())
    }

    /// Opens a review file, after a look at its first bytes and at its schema.
    ///
    /// A file of an older version is first copied with `backup_before_migration` and then brought up to date; one that can only be
    /// read is read as it is.
    ///
    /// # Errors
    /// Every variant of [`StoreError`] but `Exists`; the file is then unchanged.
    pub fn open(
        path: &Path,
        lock_dir: Option<&Path>,
        backup_before_migration: impl FnOnce(&Path) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        Self::open_with(path, lock_dir, Some(backup_before_migration), MIGRATIONS)
    }

    /// Opens a review file only to read it: somebody else's copy keeps its version.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        let mut store = Self::open_with(path, None, None::<fn(&Path) -> Result<(), StoreError>>, MIGRATIONS)?;
        store.is_read_only = true;
        Ok(store)
    }

    /// As [`Store::open`], for a program that knows these steps; without a backup the file is not brought up to date.
    pub(super) fn open_with(
        path: &Path,
        lock_dir: Option<&Path>,
        backup_before_migration: Option<impl FnOnce(&Path) -> Result<(), StoreError>>,
        migrations: &[Migration],
    ) -> Result<Self, StoreError> {
        let mut version = check_header(path)?;
        let ours = migrations.len() as u32;
        if version > ours {
            return Err(StoreError::Newer { path: path.to_owned(), file_version: version, ours });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags).map_err(|error| translate(error, path))?;
        let is_read_only =
            conn.is_readonly("main").unwrap_or(true) || std::fs::metadata(path).is_ok_and(|meta| meta.permissions().readonly());
        prepare_connection(&conn).map_err(|error| translate(error, path))?;
        let found = schema::schema_text(&conn).map_err(|error| translate(error, path))?;
        let expected = schema::expected_schema(&migrations[..version as usize]).map_err(|error| translate(error, path))?;
        if found != expected {
            return Err(StoreError::Damaged { path: path.to_owned(), detail: describe_schema_difference(&found, &expected) });
        }
        if let Some(back_up) = backup_before_migration.filter(|_| version < ours && !is_read_only) {
            back_up(path)?;
            schema::migrate(&conn, migrations).map_err(|error| translate(error, path))?;
            version = ours;
        }
        let identity = file_identity(path);
        Ok(Self { conn, path: Some(path.to_owned()), lock_dir: lock_dir.map(Path::to_owned), identity, is_read_only, version })
    }

    /// Takes the right to write: checks that the file is still the one that was opened and waits for other writers on this machine.
    pub(super) fn write_guard(&self) -> Result<Option<File>, StoreError> {
        let Some(path) = &self.path else { return Ok(None) };
        if self.is_read_only {
            return Err(StoreError::ReadOnly(path.clone()));
        }
        if self.identity.is_some() && file_identity(path) != self.identity {
            return Err(if path.exists() { StoreError::Replaced(path.clone()) } else { StoreError::NotFound(path.clone()) });
        }
        let Some(dir) = &self.lock_dir else { return Ok(None) };
        let lock = dir
            .join(format!("{}.lock", self.identity.map_or_else(|| "review".to_owned(), |(device, inode)| format!("{device:x}-{inode:x}"))));
        std::fs::create_dir_all(dir).map_err(|error| io_error(dir, &error))?;
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&lock).map_err(|error| io_error(&lock, &error))?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(file)),
                Err(std::fs::TryLockError::WouldBlock) if since.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(5)),
                Err(std::fs::TryLockError::WouldBlock) => return Err(StoreError::Locked(path.clone())),
                // A file system without locks: SQLite's own lock still keeps writers apart.
                Err(std::fs::TryLockError::Error(_)) => return Ok(None),
            }
        }
    }
}

/// Sets what holds for every connection: full durability, foreign keys, no surprises from a file made by somebody else.
fn prepare_connection(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(PATIENCE)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    let mode: String = conn.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    let synchronous = if mode.eq_ignore_ascii_case("wal") { "FULL" } else { "EXTRA" };
    conn.execute_batch(&format!(
        "PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;"
    ))?;
    Ok(())
}

/// Reads the first hundred bytes: is it SQLite, is it a review, and of which version?
fn check_header(path: &Path) -> Result<u32, StoreError> {
    let mut file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => StoreError::NotFound(path.to_owned()),
        _ => io_error(path, &error),
    })?;
    let mut header = Vec::with_capacity(100);
    file.by_ref().take(100).read_to_end(&mut header).map_err(|error| match error.kind() {
        std::io::ErrorKind::IsADirectory => StoreError::NotAReview { path: path.to_owned(), looks_like: "a folder" },
        _ => io_error(path, &error),
    })?;
    let not_a_review = |looks_like| StoreError::NotAReview { path: path.to_owned(), looks_like };
    if header.is_empty() {
        return Err(not_a_review("an empty file"));
    }
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(not_a_review("another kind of file"));
    }
    if header.len() < 100 {
        return Err(StoreError::Damaged { path: path.to_owned(), detail: "the file ends within its first hundred bytes".to_owned() });
    }
    let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    if number(68) != APPLICATION_ID {
        return Err(not_a_review("a database of another program"));
    }
    Ok(number(60))
}

fn describe_schema_difference(found: &[String], expected: &[String]) -> String {
    let first_line = |sql: &String| sql.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(80).collect::<String>();
    if let Some(foreign) = found.iter().find(|sql| !expected.contains(sql)) {
        return format!("it holds a table, view or trigger that no version of tamis makes ({})", first_line(foreign));
    }
    match expected.iter().find(|sql| !found.contains(sql)) {
        Some(missing) => format!("a part of it is missing ({})", first_line(missing)),
        None => "its parts are in another order than tamis makes them".to_owned(),
    }
}

#[cfg(unix)]
fn file_identity(path: &Path) -> Option<FileIdentity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn file_identity(path: &Path) -> Option<FileIdentity> {
    let created = std::fs::metadata(path).ok()?.created().ok()?;
    created.duration_since(std::time::UNIX_EPOCH).ok().map(|since| (since.as_secs(), u64::from(since.subsec_nanos())))
}

pub(super) fn io_error(path: &Path, error: &std::io::Error) -> StoreError {
    let path = path.to_owned();
    match error.kind() {
        std::io::ErrorKind::StorageFull => StoreError::DiskFull(path),
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(path),
        std::io::ErrorKind::NotFound => StoreError::NotFound(path),
        _ => StoreError::Io { path, message: error.to_string() },
    }
}

/// Says in our words what SQLite said in its own.
pub(super) fn translate(error: rusqlite::Error, path: &Path) -> StoreError {
    let path: PathBuf = path.to_owned();
    let (code, message) = match &error {
        rusqlite::Error::SqliteFailure(failure, message) => (failure.code, message.clone().unwrap_or_default()),
        rusqlite::Error::FromSqlConversionFailure(_, _, cause) => return StoreError::Damaged { path, detail: cause.to_string() },
        _ => return StoreError::Sql(Arc::new(error)),
    };
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked(path),
        ErrorCode::DiskFull => StoreError::DiskFull(path),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly(path),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Damaged { path, detail: if message.is_empty() { "SQLite cannot read it".to_owned() } else { message } }
        }
        ErrorCode::CannotOpen => StoreError::Io { path, message: "the file cannot be opened".to_owned() },
        ErrorCode::SystemIoFailure => {
            StoreError::Io { path, message: "the system could not read or write the file; nothing was changed".to_owned() }
        }
        _ => StoreError::Sql(Arc::new(error)),
    }
}
