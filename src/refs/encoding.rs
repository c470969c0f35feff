//! From bytes to text: which character encoding a file is in, and what stood in it.
//!
//! Exports carry no reliable mark of their encoding, get re-saved by spreadsheets and joined from several files. The order of
//! trust: what the user says, a byte order mark, valid UTF-8, the pattern of zero bytes of UTF-16, and last a guess from the
//! frequency of bytes. Byte order marks are dropped wherever they stand, because joined files have them in the middle.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, UTF_16BE, UTF_16LE};

use super::RefsError;
use crate::domain::diagnostic::{Diagnostic, Severity};

/// A file's content as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without byte order marks; line ends are as in the file.
    pub text: Cow<'a, str>,
    /// The name of the encoding in the WHATWG list, in lower case ("utf-8", "windows-1252", "macintosh").
    pub encoding: String,
    /// What a person should know: a guess was made, or characters could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Decodes a file.
///
/// `forced` is an encoding label from the WHATWG Encoding Standard ("utf-8", "latin1", "macintosh", "shift_jis"), or "macroman";
/// `None` finds out from the bytes. Bytes that have no meaning in the encoding become U+FFFD and are counted in a diagnostic.
///
/// # Errors
/// [`RefsError::UnknownEncoding`] when the label is not known.
pub fn decode<'a>(bytes: &'a [u8], forced: Option<&str>) -> Result<Decoded<'a>, RefsError> {
    let mut diagnostics = Vec::new();
    let (text, name) = match forced {
        Some(label) => {
            let encoding = find_encoding(label)?;
            (decode_whole(bytes, encoding), encoding.name().to_lowercase())
        }
        None => decode_detected(bytes, &mut diagnostics),
    };
    let replaced = text.matches('\u{fffd}').count();
    if replaced > 0 {
        let line = 1 + super::lines::Lines::new(&text).position(|line| line.text.contains('\u{fffd}')).unwrap_or(0);
        // In valid UTF-8 the damage is older than the file: whoever wrote it had lost the letters already.
        let is_older = name == "utf-8" && std::str::from_utf8(bytes).is_ok();
        let (severity, message) = if is_older {
            (
                Severity::Note,
                format!("Unreadable characters (\u{fffd}) stand in the file itself, {replaced} in all, the first on this line."),
            )
        } else {
            let advice = "the first on this line. If the file is in another encoding, name it at import.";
            (Severity::Warning, format!("Characters that could not be read as {name} are shown as \u{fffd}, {replaced} in all, {advice}"))
        };
        diagnostics.push(Diagnostic { severity, line, field: None, message });
    }
    Ok(Decoded { text, encoding: name, diagnostics })
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

/// Decodes all bytes in one encoding and drops byte order marks.
fn decode_whole<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Cow<'a, str> {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        // A byte order mark outranks the label's byte order: "utf-16" is used for both.
        let encoding = match bytes {
            [0xff, 0xfe, ..] => UTF_16LE,
            [0xfe, 0xff, ..] => UTF_16BE,
            _ => encoding,
        };
        return without_marks(encoding.decode_without_bom_handling(bytes).0);
    }
    match without_utf8_marks(bytes) {
        Cow::Borrowed(bytes) => without_marks(encoding.decode_without_bom_handling(bytes).0),
        Cow::Owned(bytes) => Cow::Owned(without_marks(encoding.decode_without_bom_handling(&bytes).0).into_owned()),
    }
}

/// Finds the encoding from the bytes and decodes them.
fn decode_detected<'a>(bytes: &'a [u8], diagnostics: &mut Vec<Diagnostic>) -> (Cow<'a, str>, String) {
    if let Some(encoding) = utf_16(bytes) {
        return (decode_whole(bytes, encoding), encoding.name().to_lowercase());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (without_marks(Cow::Borrowed(text)), "utf-8".to_owned());
    }
    let split = |byte: &u8| *byte == b'\n' || *byte == b'\r';
    let (mut in_utf8, mut in_other) = (0_usize, 0_usize);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for line in bytes.split(split).filter(|line| !line.is_ascii()) {
        if std::str::from_utf8(line).is_ok() {
            in_utf8 += 1;
        } else {
            in_other += 1;
            detector.feed(line, false);
        }
    }
    detector.feed(b"", true);
    let is_old_macintosh = !bytes.contains(&b'\n') && bytes.contains(&b'\r');
    let guessed = if is_old_macintosh { MACINTOSH } else { detector.guess(None, Utf8Detection::Deny) };
    let name = guessed.name().to_lowercase();
    let first = bytes.split(split).position(|line| std::str::from_utf8(line).is_err());
    let line = first.map_or(1, |at| at + 1 - crlf_pairs(bytes, at));
    let is_joined = in_utf8 > 0 && in_utf8 * 4 >= in_other;
    let choice = "If accented letters look wrong, import again and name the encoding (for example macintosh or windows-1250).";
    if is_joined {
        diagnostics.push(Diagnostic {
            severity: Severity::Warning,
            line,
            field: None,
            message: format!(
                "The file mixes UTF-8 with another encoding; {in_other} lines were read as {name}, which is a guess. {choice}"
            ),
        });
        let mut text = String::with_capacity(bytes.len());
        for line in bytes.split_inclusive(split) {
            match std::str::from_utf8(line) {
                Ok(line) => text.push_str(line),
                Err(_) => text.push_str(&decode_whole(line, guessed)),
            }
        }
        return (without_marks(Cow::Owned(text)), format!("utf-8 + {name}"));
    }
    diagnostics.push(Diagnostic {
        severity: Severity::Note,
        line,
        field: None,
        message: format!("The file is not UTF-8; it was read as {name}, which is a guess. {choice}"),
    });
    (decode_whole(bytes, guessed), name)
}

/// Counts the CRLF pairs among the first `splits` line-end bytes, which end one line with two bytes.
fn crlf_pairs(bytes: &[u8], splits: usize) -> usize {
    let end = bytes.iter().enumerate().filter(|(_, b)| matches!(b, b'\n' | b'\r')).nth(splits).map_or(bytes.len(), |(at, _)| at);
    bytes[..end].windows(2).filter(|pair| pair == b"\r\n").count()
}

/// Recognises UTF-16 by its byte order mark or by zero bytes at every other place.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = sample.len() / 2;
    match half {
        0..4 => None,
        _ if odd * 10 > half * 7 && even * 10 < half => Some(UTF_16LE),
        _ if even * 10 > half * 7 && odd * 10 < half => Some(UTF_16BE),
        _ => None,
    }
}

/// Drops the bytes of UTF-8 byte order marks.
fn without_utf8_marks(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.windows(UTF_8_MARK.len()).any(|window| window == UTF_8_MARK) {
        return Cow::Borrowed(bytes);
    }
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(UTF_8_MARK) {
            at += UTF_8_MARK.len();
        } else {
            kept.push(bytes[at]);
            at += 1;
        }
    }
    Cow::Owned(kept)
}

/// The byte order mark as UTF-8 writes it.
const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Drops U+FEFF from a text.
fn without_marks(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        owned => owned,
    };
    if text.contains('\u{feff}') { Cow::Owned(text.replace('\u{feff}', "")) } else { text }
}

/// Reports whether a label names an encoding that [`decode`] knows.
pub fn is_known(label: &str) -> bool {
    find_encoding(label).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "AU  - Müller, Zoë\r\nTI  - Ménière’s disease\r\n";

    fn text_of(bytes: &[u8], forced: Option<&str>) -> (String, String) {
        let decoded = decode(bytes, forced).expect("known encoding");
        (decoded.text.into_owned(), decoded.encoding)
    }

    #[test]
    fn utf_8_is_taken_as_it_is_with_and_without_a_mark() {
        assert_eq!(text_of(TEXT.as_bytes(), None), (TEXT.to_owned(), "utf-8".to_owned()));
        let marked = format!("\u{feff}{TEXT}\u{feff}{TEXT}");
        assert_eq!(text_of(marked.as_bytes(), None).0, format!("{TEXT}{TEXT}"), "marks in joined files go too");
        assert!(matches!(decode(TEXT.as_bytes(), None).expect("utf-8").text, Cow::Borrowed(_)));
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
        let decoded = decode(&bytes, None).expect("guess");
        assert_eq!((decoded.text.as_ref(), decoded.encoding.as_str()), (TEXT, "windows-1252"));
        assert_eq!((decoded.diagnostics.len(), decoded.diagnostics[0].line), (1, 1));
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
        let decoded = decode(&bytes, None).expect("guess");
        assert_eq!(decoded.text, format!("{TEXT}{TEXT}"));
        assert_eq!(decoded.diagnostics[0].line, 3);
    }

    #[test]
    fn unreadable_bytes_are_counted_with_their_line() {
        let decoded = decode(b"TI  - a\nTI  - \xff\xfe\n", Some("utf-8")).expect("known");
        assert_eq!(decoded.diagnostics[0].line, 2);
        assert!(decoded.diagnostics[0].message.contains("2 in all"));
        assert_eq!(decode("\u{fffd}".as_bytes(), None).expect("utf-8").diagnostics[0].severity, Severity::Note);
    }

    #[test]
    fn an_unknown_label_is_refused_with_a_way_on() {
        let error = decode(b"x", Some("cp850")).expect_err("not in the list");
        assert!(error.to_string().contains("cp850"));
        assert!(!is_known("cp850") && is_known("latin1") && is_known("macroman"));
    }
}
