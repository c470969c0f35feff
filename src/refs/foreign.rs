//! Files that hold no records although people offer them: known by their first bytes, and what to do instead.

use super::RefsError;

/// What to do with a library of a reference manager.
const LIBRARY: &str = "Open it in its own program and export the references: in EndNote File > Export as RefMan (RIS) or XML, in Zotero File > Export Library as RIS";

/// The first bytes, what the file is, and what to do instead.
const KNOWN: [(&[u8], &str, &str); 7] = [
    (
        b"%PDF",
        "a PDF document",
        "Import the reference as the database exports it (RIS, nbib); the document is attached to its report later",
    ),
    (b"\x1f\x8b", "compressed (gzip)", "Unpack it first (gunzip) and import what is in it"),
    (b"BZh", "compressed (bzip2)", "Unpack it first and import what is in it"),
    (b"\xfd7zXZ\0", "compressed (xz)", "Unpack it first and import what is in it"),
    (b"SQLite format 3\0", "a database, as EndNote (.enl), Zotero and tamis keep their own files", LIBRARY),
    (b"\x89PNG", "a picture", "Export the search as RIS, CSV or PubMed (nbib)"),
    (b"\xff\xd8\xff", "a picture", "Export the search as RIS, CSV or PubMed (nbib)"),
];

/// Refuses a file that its first bytes show to hold no records.
///
/// # Errors
/// [`RefsError::Foreign`].
pub(super) fn check(start: &[u8]) -> Result<(), RefsError> {
    // "BZh" is followed by a digit; a text that begins so is none of these.
    let is_known = |bytes: &[u8]| start.starts_with(bytes) && (bytes != b"BZh" || start.get(3).is_some_and(u8::is_ascii_digit));
    match KNOWN.into_iter().find(|(bytes, _, _)| is_known(bytes)) {
        Some((_, what, advice)) => Err(RefsError::Foreign { what, advice }),
        None => Ok(()),
    }
}

/// Returns the refusal of a text in which no format was recognised; `guess` is what it resembles.
pub(super) fn refusal(text: &str, guess: Option<&'static str>) -> RefsError {
    if guess == Some("a web page") {
        let advice = "Do not save the page itself: in PubMed choose Save, Format: PubMed; in other databases Export, RIS";
        return RefsError::Foreign { what: "a web page", advice };
    }
    if text.contains('\0') {
        return RefsError::Foreign { what: "no text but a program's own file, such as a library of a reference manager", advice: LIBRARY };
    }
    RefsError::UnknownFormat { guess }
}

#[cfg(test)]
mod tests {
    use crate::refs::{ParseOptions, parse};

    #[test]
    fn files_that_hold_no_records_are_refused_with_what_to_do_instead() {
        let cases: [(&[u8], &str, &str); 6] = [
            (b"%PDF-1.7\n1 0 obj\n", "PDF", "RIS"),
            (b"\x1f\x8b\x08\0\0\0\0\0", "gzip", "gunzip"),
            (b"SQLite format 3\0\x10\0\x01\x01", "database", "File > Export"),
            (b"\0\0\x01\x2cLibrary\0\x05\0\x01, \x02\n\0", "library", "File > Export"),
            (b"<!DOCTYPE html>\n<html><head><title>ketamine - PubMed</title></head></html>", "web page", "Format: PubMed"),
            (b"\x89PNG\r\n\x1a\n\0\0", "picture", "RIS"),
        ];
        for (bytes, what, advice) in cases {
            let error = parse(bytes, &ParseOptions::default()).expect_err(what).to_string();
            assert!(error.contains(what) && error.contains(advice), "{error}");
        }
    }

    #[test]
    fn a_saved_page_with_records_in_it_is_read() {
        let page = b"<html><body><pre>\nPMID- 19604642\nOWN - NLM\nTI  - Ketamine\n</pre></body></html>";
        assert_eq!(parse(page, &ParseOptions::default()).expect("nbib").drafts.len(), 1);
    }
}
