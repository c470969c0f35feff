//! RIS: lines of the form `TI  - value`, a record from `TY  - ` to `ER  - `.
//!
//! The format has no authority, so this reader takes what databases and reference managers write: running numbers and prose
//! between records (Ovid, Cochrane), tags after the end of a record (Ovid), one or three spaces where two belong (Cochrane,
//! hand-made files), two tags on one line (Rayyan), values continued without a tag (EndNote, Web of Science), a record without its
//! first or last line. What a tag means differs by dialect too and is settled for each record.

mod meaning;
mod settle;
mod write;

#[cfg(test)]
mod tests;

pub(super) use write::write_record;
pub use write::write_ris;

use crate::domain::record::Draft;

use super::lines::{Ahead, Line, Lines};
use super::stream::{Mark, Output, Piece};
use super::tagged::{Field, MAX_PROSE, excerpt, lines_in_words};
use super::{RefsError, bytes};

/// Splits a line into its tag and its trimmed value; `None` when the line has no tag.
///
/// The regular form is two characters, two spaces, a hyphen; anything may follow. Other spacing (`TY - JOUR`, `TY-JOUR`, up to two
/// spaces of indentation) is accepted for tags that are in use, when a space or nothing follows the hyphen.
pub(super) fn split_tag(line: &str) -> Option<(&str, &str)> {
    let bytes = line.as_bytes();
    let indent = bytes.iter().take(3).take_while(|&&b| b == b' ').count();
    let body = &bytes[indent..];
    if indent > 2 || body.len() < 3 || !body[0].is_ascii_uppercase() || !(body[1].is_ascii_uppercase() || body[1].is_ascii_digit()) {
        return None;
    }
    let spaces = body[2..].iter().take(6).take_while(|&&b| b == b' ' || b == b'\t').count();
    let tag = &line[indent..indent + 2];
    let after = &line[indent + 2 + spaces..];
    // Word processors turn the hyphen into a dash.
    let (value, is_hyphen) = match after.strip_prefix('-') {
        Some(value) => (value, true),
        None => (after.strip_prefix(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}'])?, false),
    };
    let is_regular = indent == 0 && spaces == 2 && is_hyphen;
    let is_separate = value.is_empty() || value.starts_with([' ', '\t', '\u{a0}']);
    (is_regular || (spaces <= 4 && is_separate && is_in_use(tag))).then(|| (tag, value.trim()))
}

/// Reports whether a tag is in use in any dialect.
fn is_in_use(tag: &str) -> bool {
    const TAGS: &[&str] = &[
        "A1", "A2", "A3", "A4", "A5", "AB", "AD", "AI", "AN", "AU", "AV", "BT", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "CA", "CC",
        "CN", "CP", "CT", "CY", "DA", "DB", "DI", "DO", "DP", "ED", "EP", "ER", "ET", "FD", "FU", "FX", "H1", "H2", "ID", "IS", "J1", "J2",
        "J9", "JA", "JF", "JI", "JO", "KW", "L1", "L2", "L3", "L4", "LA", "LB", "LK", "M1", "M2", "M3", "N1", "N2", "NL", "NS", "NV", "OP",
        "PA", "PB", "PD", "PG", "PI", "PT", "PU", "PY", "RI", "RN", "RP", "SE", "SN", "SO", "SP", "ST", "T1", "T2", "T3", "TA", "TI", "TT",
        "TY", "U1", "U2", "U3", "U4", "U5", "UR", "VL", "VO", "WE", "WP", "Y1", "Y2",
    ];
    TAGS.binary_search(&tag).is_ok()
}

/// The reader of RIS.
#[derive(Default)]
pub(super) struct Reader {
    decorations: Option<Decorations>,
}

impl super::stream::Reader for Reader {
    fn read(&mut self, piece: Piece<'_>, output: &mut Output<'_>) -> Result<usize, RefsError> {
        let mut pass = Pass { text: piece.text, decorations: &mut self.decorations, output, block: Block::default() };
        let mut lines = Lines::of(&piece);
        let mut done = 0;
        while let Some(line) = lines.next() {
            // What the line is depends on one that the piece does not hold.
            if pass.take(line, &lines).is_none() {
                break;
            }
            done = line.end;
        }
        if piece.is_last {
            pass.finish();
            return Ok(piece.text.len());
        }
        if pass.block.line == 0 {
            return Ok(done);
        }
        pass.output.rewind(pass.block.mark);
        Ok(pass.block.span.0)
    }
}

/// The fields between two ends of records: a record, or stray tags.
#[derive(Default)]
struct Block<'a> {
    /// The fields; a record's `TY` is not among them.
    fields: Vec<Field<'a>>,
    /// The value of `TY`; `None` outside a record.
    kind: Option<&'a str>,
    /// The 1-based first line.
    line: usize,
    /// The offsets of the text covered.
    span: (usize, usize),
    /// Lines of prose outside a record.
    prose: usize,
    /// The first stray line, for the remark.
    first: &'a str,
    /// The counts and remarks before the first line.
    mark: Mark,
}

/// The decorated lines between records seen so far.
struct Decorations {
    first_line: usize,
    first: String,
    count: usize,
}

/// The reading of one piece.
struct Pass<'a, 'o, 's> {
    text: &'a str,
    decorations: &'o mut Option<Decorations>,
    output: &'o mut Output<'s>,
    block: Block<'a>,
}

/// How a record came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// By `ER`.
    Regular,
    /// By the beginning of the next one.
    NextRecord,
    /// By the end of the file.
    File,
}

impl<'a> Pass<'a, '_, '_> {
    /// Takes one line; `following` stands behind it. `None` when it cannot be told yet what the line is.
    fn take(&mut self, line: Line<'a>, following: &Lines<'a>) -> Option<()> {
        if line.is_blank() {
            return Some(());
        }
        match split_tag(line.text) {
            Some(("TY", value)) => {
                self.close(End::NextRecord);
                let mark = self.output.mark();
                self.block = Block { kind: Some(value), line: line.number, span: (line.start, line.end), mark, ..Block::default() };
            }
            Some(("ER", _)) => {
                self.block.span.1 = line.end;
                self.close(End::Regular);
            }
            Some((tag, value)) => self.push(line, tag, value),
            None if is_bare_end(line, following)? => {
                self.block.span.1 = line.end;
                self.close(End::Regular);
            }
            None if is_decoration(line, following)? => {
                self.close(End::NextRecord);
                match &mut *self.decorations {
                    Some(decorations) => decorations.count += 1,
                    none => *none = Some(Decorations { first_line: line.number, first: excerpt(line.text), count: 1 }),
                }
            }
            None => self.continue_field(line),
        }
        Some(())
    }

    /// Adds a field, or several when one line holds them.
    fn push(&mut self, line: Line<'a>, tag: &'a str, value: &'a str) {
        self.extend(line);
        let mut tag = tag;
        let mut value = value;
        while let Some((before, next_tag, next_value)) = split_glued(value) {
            self.output.remarks.note(line.number, Some(next_tag), format!("{tag} and {next_tag} stood on one line and were taken apart."));
            self.block.fields.push(Field::new(tag, line.number, before));
            (tag, value) = (next_tag, next_value);
        }
        self.block.fields.push(Field::new(tag, line.number, value));
    }

    /// Adds a line without a tag to the field before it.
    fn continue_field(&mut self, line: Line<'a>) {
        let is_record = self.block.kind.is_some();
        self.extend(line);
        match self.block.fields.last_mut() {
            Some(field) => {
                let is_single_line = matches!(field.tag, "PY" | "Y1" | "VL" | "IS" | "SP" | "EP" | "DO");
                if is_record && is_single_line && field.more.is_empty() {
                    let tag = field.tag;
                    let message = format!("A line without a tag was added to {tag}: \"{}\".", excerpt(line.text));
                    self.output.remarks.warn(line.number, Some(tag), message);
                }
                field.more.push(line.text);
            }
            None if is_record => {
                self.output.not_understood += 1;
                let message = format!("A line without a tag was left out: \"{}\".", excerpt(line.text));
                self.output.remarks.warn(line.number, None, message);
            }
            None => {
                self.block.prose += 1;
                if self.block.prose >= MAX_PROSE {
                    self.close(End::NextRecord);
                }
            }
        }
    }

    /// Lets the block cover a line.
    fn extend(&mut self, line: Line<'a>) {
        if self.block.line == 0 {
            self.block.line = line.number;
            self.block.span.0 = line.start;
            self.block.first = line.text;
            self.block.mark = self.output.mark();
        }
        self.block.span.1 = line.end;
    }

    /// Ends the block: makes a record of it, or says that it was left out.
    fn close(&mut self, end: End) {
        let block = std::mem::take(&mut self.block);
        let (start, stop) = block.span;
        let raw = self.text[start.min(stop)..stop].trim_end_matches(['\n', '\r']);
        match block.kind {
            Some(kind) => {
                self.output.found += 1;
                if block.fields.iter().all(|field| field.first.is_empty() && field.more.is_empty()) {
                    self.output.remarks.warn(block.line, None, "The record is empty and was left out.");
                    return;
                }
                match end {
                    End::Regular => {}
                    End::NextRecord => {
                        self.output.remarks.note(block.line, Some("ER"), "The record has no ER; it was ended where the next begins.")
                    }
                    End::File => {
                        self.output.remarks.warn(block.line, Some("ER"), "The last record has no ER; the file may have been cut off.")
                    }
                }
                self.keep(kind, &block, raw);
            }
            None if block.line == 0 => {}
            None if looks_like_record(&block.fields) => {
                self.output.found += 1;
                self.output.remarks.warn(block.line, Some("TY"), "The record has no TY; it was read as a record of unknown kind.");
                self.keep("", &block, raw);
            }
            None => {
                let count = block.prose + block.fields.iter().map(|field| 1 + field.more.len()).sum::<usize>();
                self.output.not_understood += count;
                let message = format!("{} outside a record left out, beginning \"{}\".", lines_in_words(count), excerpt(block.first));
                self.output.remarks.note(block.line, block.fields.first().map(|field| field.tag), message);
            }
        }
    }

    /// Adds a record to the result.
    fn keep(&mut self, kind: &str, block: &Block<'_>, raw: &str) {
        let citation = meaning::interpret(kind, &block.fields, block.line, &mut self.output.remarks);
        self.output.keep(Draft { citation, raw: raw.to_owned(), line: block.line });
    }

    /// Ends the last record.
    fn finish(&mut self) {
        self.close(End::File);
        if let Some(decorations) = &*self.decorations {
            let message = format!(
                "{} that the database puts between records left out, beginning \"{}\".",
                lines_in_words(decorations.count),
                decorations.first
            );
            self.output.remarks.note(decorations.first_line, None, message);
        }
    }
}

/// Splits a value in which another tag stands behind at least four spaces; returns the value before it, the tag and its value.
fn split_glued(value: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = bytes::find_spaces(&value.as_bytes()[from..]) {
        let (before, gap) = value.split_at(from + at);
        let after = gap.trim_start_matches(' ');
        if let (Some(tag), Some(rest)) = (after.get(..2), after.get(2..))
            && is_in_use(tag)
            && rest.starts_with("  - ")
        {
            return Some((before.trim(), tag, rest[4..].trim()));
        }
        from = value.len() - after.len();
    }
    None
}

/// Reports whether a line is an `ER` without its hyphen, rather than a word of a wrapped text; `None` when more of the text must tell.
fn is_bare_end(line: Line<'_>, following: &Lines<'_>) -> Option<bool> {
    if line.text.trim_end() != "ER" {
        return Some(false);
    }
    match following.ahead() {
        Ahead::Printed(next) => Some(is_type(next.text) || is_header(next.text)),
        Ahead::Nothing => Some(true),
        Ahead::Unknown => None,
    }
}

/// Reports whether a line belongs to those that databases put between records; `None` when more of the text must tell.
fn is_decoration(line: Line<'_>, following: &Lines<'_>) -> Option<bool> {
    let text = line.text.trim_end();
    if is_header(text) {
        return Some(true);
    }
    // A running number ("12.", Ovid) counts only before a record: elsewhere it may be the end of a sentence.
    let number = text.trim_end_matches('.').trim_matches(['<', '>', '.']);
    if !(1..=7).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Some(false);
    }
    match following.ahead() {
        Ahead::Printed(next) => Some(is_type(next.text)),
        Ahead::Nothing => Some(false),
        Ahead::Unknown => None,
    }
}

/// Reports whether a line begins a record.
fn is_type(line: &str) -> bool {
    split_tag(line).is_some_and(|(tag, _)| tag == "TY")
}

/// Reports whether a line is one of the header lines of Cochrane or the link line of Ovid.
fn is_header(text: &str) -> bool {
    let is_count = text.strip_prefix("Record #").is_some_and(|rest| {
        let mut words = rest.split(' ');
        let is_number = |word: Option<&str>| word.is_some_and(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()));
        is_number(words.next()) && words.next() == Some("of") && is_number(words.next())
    });
    is_count
        || text.starts_with("Provider: ")
        || text.starts_with("Content: text/plain")
        || text.starts_with("Link to the Ovid Full Text")
        || text.starts_with("Database: ") && text.contains("Search Strategy")
}

/// Reports whether stray fields are a record that lost its `TY`: a title and something else that identifies it.
fn looks_like_record(fields: &[Field<'_>]) -> bool {
    let has_any = |tags: &[&str]| fields.iter().any(|field| tags.contains(&field.tag) && !field.first.is_empty());
    has_any(&["TI", "T1", "CT", "BT"]) && has_any(&["AU", "A1", "PY", "Y1", "DA", "JF", "JO", "JA", "T2", "DO", "AB", "N2"])
}
