//! The look through a file's bytes that finds its encoding, block by block.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, UTF_16BE, UTF_16LE};

use super::{Decoding, How, find_encoding};
use crate::domain::diagnostic::{Diagnostic, Severity};
use crate::refs::{RefsError, bytes};

/// The longest run of bytes that is looked at as one line: longer lines are looked at in parts of this length.
const LONGEST_LINE: usize = 1 << 20;

/// How many bytes tell whether a file is in UTF-16.
const SAMPLE: usize = 4096;

/// What the bytes of a file say about its encoding.
pub(in crate::refs) struct Scan {
    sample: Vec<u8>,
    lines: LineParts,
    line_ends: LineEnds,
    detector: EncodingDetector,
    in_utf8: usize,
    in_other: usize,
    first_other: Option<usize>,
    has_line_feed: bool,
    has_return: bool,
    is_blank: bool,
}

impl Scan {
    /// Starts before the first byte.
    pub fn new() -> Self {
        Self {
            sample: Vec::new(),
            lines: LineParts::default(),
            line_ends: LineEnds::default(),
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            in_utf8: 0,
            in_other: 0,
            first_other: None,
            has_line_feed: false,
            has_return: false,
            is_blank: true,
        }
    }

    /// Looks at the next bytes of the file.
    pub fn feed(&mut self, block: &[u8]) {
        let missing = SAMPLE.saturating_sub(self.sample.len()).min(block.len());
        self.sample.extend_from_slice(&block[..missing]);
        self.is_blank = self.is_blank && block.trim_ascii().is_empty();
        self.has_line_feed = self.has_line_feed || block.contains(&b'\n');
        self.has_return = self.has_return || block.contains(&b'\r');
        let mut lines = std::mem::take(&mut self.lines);
        // Most files are UTF-8: whole lines of it need not be taken one by one.
        let first = bytes::find_either(block, b'\n', b'\r').map_or(block.len(), |at| at + 1);
        let last = block.iter().rposition(|&byte| byte == b'\n' || byte == b'\r').map_or(first, |at| at + 1);
        lines.feed(&block[..first], &mut |part| self.take(part));
        let middle = &block[first..last];
        if middle.len() <= LONGEST_LINE && std::str::from_utf8(middle).is_ok() {
            self.take_utf8(middle);
        } else {
            lines.feed(middle, &mut |part| self.take(part));
        }
        lines.feed(&block[last..], &mut |part| self.take(part));
        self.lines = lines;
    }

    /// Looks at whole lines of UTF-8.
    fn take_utf8(&mut self, lines: &[u8]) {
        let mut rest = lines;
        while let Some(at) = bytes::find_beyond_ascii(rest) {
            self.in_utf8 += 1;
            rest = &rest[at..];
            rest = &rest[bytes::find_either(rest, b'\n', b'\r').unwrap_or(rest.len())..];
        }
        if self.first_other.is_none() {
            self.line_ends.feed(lines);
        }
    }

    /// Looks at one line, its end included.
    fn take(&mut self, part: &[u8]) {
        if !part.is_ascii() {
            if std::str::from_utf8(part).is_ok() {
                self.in_utf8 += 1;
            } else {
                self.in_other += 1;
                self.first_other.get_or_insert(1 + self.line_ends.count);
                let end = part.len() - usize::from(part.ends_with(b"\n") || part.ends_with(b"\r"));
                self.detector.feed(&part[..end], false);
            }
        }
        if self.first_other.is_none() {
            self.line_ends.feed(part);
        }
    }

    /// Says how the file is to be decoded; `forced` is the label of an encoding.
    ///
    /// # Errors
    /// [`RefsError::Empty`] when there was nothing but white space, [`RefsError::UnknownEncoding`] when the label is not known.
    pub fn finish(mut self, forced: Option<&str>) -> Result<Decoding, RefsError> {
        let mut lines = std::mem::take(&mut self.lines);
        lines.finish(&mut |part| self.take(part));
        if self.is_blank {
            return Err(RefsError::Empty);
        }
        let is_utf8 = self.in_other == 0;
        let whole = |encoding: &'static Encoding, diagnostics| Decoding {
            name: encoding.name().to_lowercase(),
            how: How::Whole(encoding),
            is_utf8,
            diagnostics,
        };
        if let Some(label) = forced {
            let encoding = find_encoding(label)?;
            // A byte order mark outranks the label's byte order: "utf-16" is used for both.
            let is_utf_16 = encoding == UTF_16LE || encoding == UTF_16BE;
            let marked = marked_utf_16(&self.sample).filter(|_| is_utf_16);
            return Ok(Decoding { name: encoding.name().to_lowercase(), ..whole(marked.unwrap_or(encoding), Vec::new()) });
        }
        if let Some(encoding) = utf_16(&self.sample) {
            return Ok(whole(encoding, Vec::new()));
        }
        if is_utf8 {
            return Ok(whole(encoding_rs::UTF_8, Vec::new()));
        }
        self.detector.feed(b"", true);
        let is_old_macintosh = !self.has_line_feed && self.has_return;
        let guessed = if is_old_macintosh { MACINTOSH } else { self.detector.guess(None, Utf8Detection::Deny) };
        let name = guessed.name().to_lowercase();
        let line = self.first_other.unwrap_or(1);
        let choice = "If accented letters look wrong, import again and name the encoding (for example macintosh or windows-1250).";
        if self.in_utf8 > 0 && self.in_utf8 * 4 >= self.in_other {
            let message = format!(
                "The file mixes UTF-8 with another encoding; {} lines were read as {name}, which is a guess. {choice}",
                self.in_other
            );
            let diagnostics = vec![Diagnostic { severity: Severity::Warning, line, field: None, message }];
            return Ok(Decoding { name: format!("utf-8 + {name}"), how: How::Mixed(guessed), is_utf8, diagnostics });
        }
        let message = format!("The file is not UTF-8; it was read as {name}, which is a guess. {choice}");
        Ok(whole(guessed, vec![Diagnostic { severity: Severity::Note, line, field: None, message }]))
    }
}

/// Recognises UTF-16 by its byte order mark.
fn marked_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// Recognises UTF-16 by its byte order mark or by zero bytes at every other place.
fn utf_16(sample: &[u8]) -> Option<&'static Encoding> {
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = sample.len() / 2;
    marked_utf_16(sample).or(match half {
        0..4 => None,
        _ if odd * 10 > half * 7 && even * 10 < half => Some(UTF_16LE),
        _ if even * 10 > half * 7 && odd * 10 < half => Some(UTF_16BE),
        _ => None,
    })
}

/// Takes bytes apart into lines, their ends included, wherever the blocks they come in are cut.
///
/// A line end is one byte here: what stands between CR and LF is an empty line. Lines of XML come in parts, and so do lines longer
/// than a limit; no part cuts a character of UTF-8.
#[derive(Debug, Default)]
pub(super) struct LineParts {
    open: Vec<u8>,
}

impl LineParts {
    /// Takes the next bytes and hands on the lines that end in them.
    pub fn feed(&mut self, block: &[u8], each: &mut impl FnMut(&[u8])) {
        let mut rest = block;
        while let Some(end) = bytes::find_either(rest, b'\n', b'\r') {
            let (line, behind) = rest.split_at(end + 1);
            if self.open.is_empty() {
                in_parts(line, each);
            } else {
                self.open.extend_from_slice(line);
                in_parts(&self.open, each);
                self.open.clear();
            }
            rest = behind;
        }
        self.open.extend_from_slice(rest);
        let mut done = 0;
        while self.open.len() - done > LONGEST_LINE {
            let end = done + cut(&self.open[done..]);
            in_parts(&self.open[done..end], each);
            done = end;
        }
        self.open.drain(..done);
    }

    /// Hands on the line that has no end.
    pub fn finish(&mut self, each: &mut impl FnMut(&[u8])) {
        if !self.open.is_empty() {
            in_parts(&self.open, each);
            self.open.clear();
        }
    }
}

/// Hands on a line in parts of bounded length, which also end at each `<`: EndNote writes a whole library of XML on one line, and a
/// damaged byte is to cost the letters of one element. In no encoding is that byte a part of another character.
fn in_parts(line: &[u8], each: &mut impl FnMut(&[u8])) {
    for mut part in line.split_inclusive(|&byte| byte == b'<') {
        while part.len() > LONGEST_LINE {
            let (head, rest) = part.split_at(cut(part));
            each(head);
            part = rest;
        }
        each(part);
    }
}

/// Returns where a line that is too long is cut: before the byte that begins a character.
fn cut(line: &[u8]) -> usize {
    (LONGEST_LINE - 3..=LONGEST_LINE).rev().find(|&at| line[at] & 0xc0 != 0x80).unwrap_or(LONGEST_LINE)
}

/// Counts line ends in bytes that come in parts.
#[derive(Debug, Default)]
struct LineEnds {
    count: usize,
    /// The last two bytes.
    before: [u8; 2],
}

impl LineEnds {
    fn feed(&mut self, part: &[u8]) {
        let (feeds, returns) = (bytes::count(part, b'\n'), bytes::count(part, b'\r'));
        let mut double = 0;
        if feeds > 0 && (returns > 0 || self.before.contains(&b'\r')) {
            let [mut first, mut second] = self.before;
            for &byte in part {
                if byte == b'\n' && second == b'\r' {
                    // CR CR LF is one line end that was converted twice.
                    double += 1 + usize::from(first == b'\r');
                }
                (first, second) = (second, byte);
            }
        }
        // The line feed of a pair may come in a later part than its return.
        self.count = (self.count + feeds + returns) - double;
        match part {
            [.., first, second] => self.before = [*first, *second],
            [only] => self.before = [self.before[1], *only],
            [] => {}
        }
    }
}
