//! Files that verbs write: whole or not at all.

use std::path::Path;

use crate::app::{Error, ErrorKind};

use super::report::Done;

/// Writes a file so that a reader sees either the old or the new content.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Done {
    let cannot = |error: std::io::Error| Error::new(ErrorKind::File, format!("{} cannot be written: {error}", path.display()));
    if path.is_dir() {
        return Err(Error::user(format!("{} is a folder", path.display())).hint("name a file in it").into());
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    Ok(written.map_err(cannot)?)
}

/// Returns the ending of a file in lower case.
pub fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}
