//! From bytes to text, block by block.

use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::scan::LineParts;
use super::{Decoding, How};

/// The byte order mark as UTF-8 writes it.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A decoder that is fed the bytes of a file and appends their text.
pub(in crate::refs) struct Decoder {
    kind: Kind,
    marks: MarkFilter,
}

enum Kind {
    Whole(encoding_rs::Decoder),
    Mixed { other: &'static Encoding, lines: LineParts },
}

impl Decoder {
    /// Starts at the beginning of a file.
    pub fn new(decoding: &Decoding) -> Self {
        match decoding.how {
            How::Whole(encoding) => {
                // In UTF-8 and UTF-16 a mark is a character of the text.
                let has_marks = encoding != UTF_8 && encoding != UTF_16LE && encoding != UTF_16BE;
                Self { kind: Kind::Whole(encoding.new_decoder_without_bom_handling()), marks: MarkFilter::new(has_marks) }
            }
            How::Mixed(other) => Self { kind: Kind::Mixed { other, lines: LineParts::default() }, marks: MarkFilter::new(false) },
        }
    }

    /// Appends the text of the next bytes, without byte order marks; `is_last` says that none follow.
    pub fn decode(&mut self, block: &[u8], is_last: bool, text: &mut String) {
        let from = text.len();
        let mut filtered = Vec::new();
        let block = self.marks.filter(block, is_last, &mut filtered);
        match &mut self.kind {
            Kind::Whole(decoder) => append(decoder, block, is_last, text),
            Kind::Mixed { other, lines } => {
                let mut each = |line: &[u8]| match std::str::from_utf8(line) {
                    Ok(line) => text.push_str(line),
                    Err(_) => {
                        let mut plain = Vec::new();
                        let line = MarkFilter::new(true).filter(line, true, &mut plain);
                        text.push_str(&other.decode_without_bom_handling(line).0);
                    }
                };
                lines.feed(block, &mut each);
                if is_last {
                    lines.finish(&mut each);
                }
            }
        }
        if text[from..].contains('\u{feff}') {
            let plain = text[from..].replace('\u{feff}', "");
            text.truncate(from);
            text.push_str(&plain);
        }
    }
}

/// Appends the text of bytes in one encoding.
fn append(decoder: &mut encoding_rs::Decoder, mut bytes: &[u8], is_last: bool, text: &mut String) {
    text.reserve(bytes.len() + 16);
    loop {
        let (result, read, _) = decoder.decode_to_string(bytes, text, is_last);
        bytes = &bytes[read..];
        match result {
            CoderResult::InputEmpty => return,
            CoderResult::OutputFull => text.reserve(bytes.len() + bytes.len() / 2 + 16),
        }
    }
}

/// Drops the bytes of UTF-8 byte order marks, which joined files have in the middle.
struct MarkFilter {
    is_on: bool,
    /// The beginning of a mark at the end of the bytes so far.
    open: Vec<u8>,
}

impl MarkFilter {
    fn new(is_on: bool) -> Self {
        Self { is_on, open: Vec::new() }
    }

    fn filter<'b>(&mut self, block: &'b [u8], is_last: bool, filtered: &'b mut Vec<u8>) -> &'b [u8] {
        if !self.is_on || (self.open.is_empty() && !block.contains(&MARK[0])) {
            return block;
        }
        filtered.append(&mut self.open);
        filtered.extend_from_slice(block);
        let mut kept = 0;
        let mut at = 0;
        while at < filtered.len() {
            let rest = &filtered[at..];
            if rest.starts_with(MARK) {
                at += MARK.len();
            } else if !is_last && MARK.starts_with(rest) {
                self.open.extend_from_slice(rest);
                break;
            } else {
                filtered[kept] = filtered[at];
                kept += 1;
                at += 1;
            }
        }
        filtered.truncate(kept);
        filtered
    }
}
