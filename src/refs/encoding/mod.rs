//! From bytes to text: which character encoding a file is in, and what stood in it.
//!
//! Exports carry no reliable mark of their encoding, get re-saved by spreadsheets and joined from several files. The order of
//! trust: what the user says, a byte order mark, valid UTF-8, the pattern of zero bytes of UTF-16, and last a guess from the
//! frequency of bytes. Byte order marks are dropped wherever they stand, because joined files have them in the middle.

mod decoder;
mod scan;

pub(super) use decoder::Decoder;
pub(super) use scan::Scan;

use encoding_rs::Encoding;

use super::RefsError;
use crate::domain::diagnostic::{Diagnostic, Severity};

/// How the bytes of a file become text.
#[derive(Debug, Clone)]
pub(super) struct Decoding {
    /// The name of the encoding in the WHATWG list, in lower case ("utf-8", "windows-1252", "macintosh").
    pub name: String,
    /// What a person should know: that a guess was made.
    pub diagnostics: Vec<Diagnostic>,
    how: How,
    /// Whether all bytes are valid UTF-8.
    is_utf8: bool,
}

#[derive(Debug, Clone, Copy)]
enum How {
    /// All bytes in one encoding.
    Whole(&'static Encoding),
    /// Lines of UTF-8 and, where they are none, of another encoding.
    Mixed(&'static Encoding),
}

impl Decoding {
    /// Makes the remark about characters that could not be read, of which there are `count`, the first on a line.
    pub fn remark(&self, count: usize, line: usize) -> Diagnostic {
        let name = &self.name;
        // In valid UTF-8 the damage is older than the file: whoever wrote it had lost the letters already.
        let (severity, message) = if name == "utf-8" && self.is_utf8 {
            (Severity::Note, format!("Unreadable characters (\u{fffd}) stand in the file itself, {count} in all, the first on this line."))
        } else {
            let advice = "the first on this line. If the file is in another encoding, name it at import.";
            (Severity::Warning, format!("Characters that could not be read as {name} are shown as \u{fffd}, {count} in all, {advice}"))
        };
        Diagnostic { severity, line, field: None, message }
    }
}

/// Returns the encoding that a label names.
fn find_encoding(label: &str) -> Result<&'static Encoding, RefsError> {
    let plain = label.trim().to_ascii_lowercase();
    let synonym = match plain.as_str() {
        "macroman" | "mac-roman" | "mac_roman" | "apple" => "macintosh",
        "utf8" => "utf-8",
        "utf16" | "utf-16" => "utf-16le",
        "ansi" => "windows-1252",
        other => other,
    };
    Encoding::for_label_no_replacement(synonym.as_bytes()).ok_or_else(|| RefsError::UnknownEncoding { label: label.to_owned() })
}

/// Reports whether a label names an encoding that is known.
pub fn is_known(label: &str) -> bool {
    find_encoding(label).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "AU  - Müller, Zoë\r\nTI  - Ménière’s disease\r\n";

    /// Decodes bytes that come in blocks of a size; gives the text, the name and the remarks.
    fn decode_in(size: usize, bytes: &[u8], forced: Option<&str>) -> Result<(String, String, Vec<Diagnostic>), RefsError> {
        let mut scan = Scan::new();
        bytes.chunks(size).for_each(|block| scan.feed(block));
        let decoding = scan.finish(forced)?;
        let mut text = String::new();
        let mut decoder = Decoder::new(&decoding);
        bytes.chunks(size).for_each(|block| decoder.decode(block, false, &mut text));
        decoder.decode(b"", true, &mut text);
        Ok((text, decoding.name, decoding.diagnostics))
    }

    fn decode(bytes: &[u8], forced: Option<&str>) -> (String, String, Vec<Diagnostic>) {
        let whole = decode_in(bytes.len(), bytes, forced).expect("a known encoding");
        for size in 1..8 {
            assert_eq!(decode_in(size, bytes, forced).expect("a known encoding"), whole);
        }
        whole
    }

    fn text_of(bytes: &[u8], forced: Option<&str>) -> (String, String) {
        let (text, name, _) = decode(bytes, forced);
        (text, name)
    }

    #[test]
    fn utf_8_is_taken_as_it_is_with_and_without_a_mark() {
        assert_eq!(text_of(TEXT.as_bytes(), None), (TEXT.to_owned(), "utf-8".to_owned()));
        let marked = format!("\u{feff}{TEXT}\u{feff}{TEXT}");
        assert_eq!(text_of(marked.as_bytes(), None).0, format!("{TEXT}{TEXT}"), "marks in joined files go too");
    }

    #[test]
    fn utf_16_is_found_with_and_without_a_mark() {
        for big in [false, true] {
            let bytes = |text: &str| -> Vec<u8> {
                text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
            };
            let name = if big { "utf-16be" } else { "utf-16le" };
            for text in [format!("\u{feff}{TEXT}\u{feff}"), TEXT.to_owned()] {
                assert_eq!(text_of(&bytes(&text), None), (TEXT.to_owned(), name.to_owned()));
            }
            assert_eq!(text_of(&bytes(&format!("\u{feff}{TEXT}")), Some("utf-16")).0, TEXT);
        }
    }

    #[test]
    fn windows_1252_is_guessed_and_said() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(TEXT);
        let (text, name, diagnostics) = decode(&bytes, None);
        assert_eq!((text.as_str(), name.as_str()), (TEXT, "windows-1252"));
        assert_eq!((diagnostics.len(), diagnostics[0].line), (1, 1));
    }

    #[test]
    fn mac_roman_is_read_when_named_or_when_lines_end_in_cr_alone() {
        let text = TEXT.replace("\r\n", "\r");
        let bytes: Vec<u8> = encoding_rs::MACINTOSH.encode(&text).0.into_owned();
        assert_eq!(text_of(&bytes, Some("macroman")), (text.clone(), "macintosh".to_owned()));
        assert_eq!(text_of(&bytes, None), (text, "macintosh".to_owned()));
    }

    #[test]
    fn files_of_two_encodings_that_were_joined_are_read_line_by_line() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.extend_from_slice(b"\xef\xbb\xbf");
        bytes.extend_from_slice(&encoding_rs::WINDOWS_1252.encode(TEXT).0);
        let (text, _, diagnostics) = decode(&bytes, None);
        assert_eq!(text, format!("{TEXT}{TEXT}"));
        assert_eq!(diagnostics[0].line, 3);
    }

    #[test]
    fn lines_longer_than_any_are_looked_at_in_parts() {
        let mut bytes = "é".repeat(700_000).into_bytes();
        bytes.extend_from_slice(b"\n\xe9 caf\xe9\n");
        let (text, name, _) = decode_in(bytes.len(), &bytes, None).expect("a guess");
        assert!(text.starts_with('é') && text.ends_with("é café\n") && name.starts_with("utf-8 + "), "{name}");
        assert_eq!(decode_in(65_536, &bytes, None).expect("a guess").0, text);
    }

    #[test]
    fn an_unknown_label_is_refused_with_a_way_on() {
        let error = decode_in(1, b"x", Some("cp850")).expect_err("not in the list");
        assert!(error.to_string().contains("cp850"));
        assert!(!is_known("cp850") && is_known("latin1") && is_known("macroman"));
    }
}
