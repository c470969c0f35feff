//! Several files in one archive (.zip): the same files give the same bytes.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Why an archive could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The writer of archives failed.
    #[error("the archive could not be made: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// A file could not be written into it.
    #[error("the archive could not be made: {0}")]
    Write(#[from] std::io::Error),
}

/// Returns an archive of files, each with its path (`/` between folders) and its content, in the order given.
///
/// # Errors
/// [`ArchiveError`], for a path that stands there twice or that no archive can hold.
pub fn zip<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Vec<u8>, ArchiveError> {
    // Without a clock of its own the writer dates every file 1980-01-01.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        writer.start_file(path, options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_goes_in_comes_out_and_the_bytes_are_the_same_each_time() {
        let files: [(&str, &[u8]); 2] = [("a/one.csv", b"x,y\n"), ("b/two.txt", b"")];
        let made = zip(files).expect("an archive");
        assert_eq!(made, zip(files).expect("an archive"));
        let mut archive = zip::ZipArchive::new(Cursor::new(made)).expect("readable");
        assert_eq!(archive.len(), 2);
        let mut text = String::new();
        archive.by_name("a/one.csv").expect("is there").read_to_string(&mut text).expect("text");
        assert_eq!(text, "x,y\n");
        let path = archive.by_index(1).expect("is there").name().expect("a name").into_owned();
        assert_eq!(path, "b/two.txt");
    }

    #[test]
    fn a_path_that_stands_twice_is_refused() {
        let files: [(&str, &[u8]); 2] = [("a", b"1"), ("a", b"2")];
        assert!(zip(files).is_err());
    }
}
