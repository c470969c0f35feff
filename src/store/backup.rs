//! Backups: whole copies made by SQLite itself, read again before they count, thinned by age.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::connection::{io_error, translate};
use super::{Store, StoreError};

/// A backup in the backup folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BackupEntry {
    /// Its time as it stands in the file's name, "20260131-093000".
    pub stamp: String,
    /// The file.
    pub path: PathBuf,
}

impl Store {
    /// Writes a complete copy of the review to a new file and reads it again; returns the number of operations in it.
    ///
    /// # Errors
    /// [`StoreError`]; a copy that cannot be read again is removed.
    pub fn copy_to(&self, target: &Path) -> Result<u64, StoreError> {
        if target.exists() {
            return Err(StoreError::Exists(target.to_owned()));
        }
        if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| io_error(folder, &error))?;
        }
        let name = target
            .to_str()
            .ok_or_else(|| StoreError::Io { path: target.to_owned(), message: "the file name is not Unicode".to_owned() })?;
        let ours = self.count_operations(&self.conn).map_err(|e| self.error(e))?;
        let copied = self.conn.execute("VACUUM INTO ?1", [name]).and_then(|_| {
            let copy = Connection::open_with_flags(target, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            let verdict: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
            Ok((verdict, self.count_operations(&copy)?))
        });
        match copied {
            Ok((verdict, theirs)) if verdict == "ok" && theirs == ours => Ok(theirs),
            other => {
                let _ = std::fs::remove_file(target);
                Err(other.map_or_else(
                    |error| translate(error, target),
                    |(verdict, _)| StoreError::Damaged {
                        path: target.to_owned(),
                        detail: format!("the copy does not read back: {verdict}"),
                    },
                ))
            }
        }
    }

    #[allow(clippy::unused_self)]
    fn count_operations(&self, conn: &Connection) -> rusqlite::Result<u64> {
        conn.query_row("SELECT count(*) FROM operation", [], |row| row.get(0))
    }
}

/// Lists the backups of a folder, oldest first; files of other names are left aside.
pub fn list_backups(folder: &Path) -> Vec<BackupEntry> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut backups: Vec<BackupEntry> = entries
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let stamp = path.file_name()?.to_str()?.strip_suffix(".tamis")?.get(..15)?.to_owned();
            let is_stamp = stamp.bytes().enumerate().all(|(at, byte)| if at == 8 { byte == b'-' } else { byte.is_ascii_digit() });
            is_stamp.then_some(BackupEntry { stamp, path })
        })
        .collect();
    backups.sort();
    backups
}

/// Chooses the backups that may go: the ten newest stay, then the last of each of seven days, of eight weeks (by day of the year in
/// sevens), and of every month. The input is ordered oldest first, as [`list_backups`] gives it.
pub fn thin_backups(backups: &[BackupEntry]) -> Vec<&BackupEntry> {
    let newest_first: Vec<&BackupEntry> = backups.iter().rev().collect();
    let mut kept = vec![false; newest_first.len()];
    let keep_last_of = |period: &dyn Fn(&str) -> String, limit: usize, kept: &mut Vec<bool>| {
        let mut seen: Vec<String> = Vec::new();
        for (at, backup) in newest_first.iter().enumerate() {
            let name = period(&backup.stamp);
            if !seen.contains(&name) && seen.len() < limit {
                seen.push(name);
                kept[at] = true;
            }
        }
    };
    kept.iter_mut().take(10).for_each(|keep| *keep = true);
    keep_last_of(&|stamp| stamp[..8].to_owned(), 7, &mut kept);
    keep_last_of(&|stamp| format!("{}{}", &stamp[..6], stamp[6..8].parse::<u32>().unwrap_or(0) / 7), 8, &mut kept);
    keep_last_of(&|stamp| stamp[..6].to_owned(), usize::MAX, &mut kept);
    newest_first.into_iter().zip(kept).filter(|(_, keep)| !keep).map(|(backup, _)| backup).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backups(stamps: &[&str]) -> Vec<BackupEntry> {
        stamps.iter().map(|stamp| BackupEntry { stamp: (*stamp).to_owned(), path: PathBuf::from(format!("{stamp}.tamis")) }).collect()
    }

    #[test]
    fn the_ten_newest_and_the_last_of_every_month_stay() {
        let mut stamps: Vec<String> = (1..=12).map(|month| format!("2025{month:02}05-090000")).collect();
        stamps.extend((1..=20).map(|minute| format!("20260105-09{minute:02}00")));
        let all = backups(&stamps.iter().map(String::as_str).collect::<Vec<_>>());
        let gone: Vec<&str> = thin_backups(&all).into_iter().map(|backup| backup.stamp.as_str()).collect();
        assert_eq!(gone.len(), 10, "ten of the twenty of one day: {gone:?}");
        assert!(gone.iter().all(|stamp| stamp.starts_with("20260105")));
    }

    #[test]
    fn few_backups_all_stay() {
        assert!(thin_backups(&backups(&["20260101-000000", "20260102-000000"])).is_empty());
    }
}
