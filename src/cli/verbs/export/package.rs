//! The Cochrane data package, as an archive or as a folder.

use std::path::Path;

use crate::app::{Error, ErrorKind, Workspace};
use crate::cli::files::{ending, write_whole};
use crate::cli::report::{Done, Failure};
use crate::export::archive::zip;
use crate::export::revman::{PackageFile, data_package};

/// Returns whether a package goes into a folder of this name rather than into an archive.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir() || ending(path).is_empty() || path.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

/// Returns the files of the package, and what has to be said about them.
pub fn files(workspace: &Workspace, id: &str) -> Done<(Vec<PackageFile>, Vec<String>)> {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.is_empty() || id.starts_with('.') || !id.chars().all(is_safe) {
        return Err(Failure::usage("the id of a package is made of letters, digits, - and _", "as in --id CD015373"));
    }
    let analyses = workspace.revman_analyses()?;
    Ok((data_package(id, &analyses.comparisons, &workspace.package_studies()?), analyses.remarks))
}

/// Returns the files as one archive.
pub fn archive(files: &[PackageFile]) -> Done<Vec<u8>> {
    let pairs = files.iter().map(|file| (file.path.as_str(), file.bytes.as_slice()));
    Ok(zip(pairs).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?)
}

/// Writes the files into a folder, which is made where it does not exist.
pub fn write_folder(files: &[PackageFile], folder: &Path) -> Done {
    for file in files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            let cannot = |error| Error::new(ErrorKind::File, format!("{} cannot be made: {error}", parent.display()));
            std::fs::create_dir_all(parent).map_err(cannot)?;
        }
        write_whole(&path, &file.bytes)?;
    }
    Ok(())
}
