//! PubMed and MEDLINE tagged text: four-wide tags (`TI  - value`, `PMID- 19604642`), values continued with six spaces.
//!
//! A record begins with `PMID` (in ERIC's and other users' exports with `OWN`); a blank line between records is usual and not
//! needed. The format is the one described in "MEDLINE/PubMed Data Element (Field) Descriptions" of the National Library of
//! Medicine.

mod meaning;
mod write;

#[cfg(test)]
mod tests;

pub(super) use meaning::{KINDS, settle_kind};
pub use write::write_nbib;
pub(super) use write::write_record;

use crate::domain::record::Draft;

use super::RefsError;
use super::lines::{Line, Lines};
use super::stream::{Mark, Output, Piece};
use super::tagged::{Field, MAX_PROSE, excerpt, lines_in_words};

/// Splits a line into its tag and its trimmed value; `None` when the line has no tag.
///
/// A tag is two to four capitals or digits at the start of the line, padded with spaces to four, and a hyphen; a space too many
/// before the hyphen (`ISSN - `, ERIC) is accepted.
pub(super) fn split_tag(line: &str) -> Option<(&str, &str)> {
    let bytes = line.as_bytes();
    if bytes.len() < 5 || !bytes[0].is_ascii_uppercase() {
        return None;
    }
    let hyphen = if bytes[4] == b'-' { 4 } else { 5 };
    let length = bytes[..4].iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    let is_padded = bytes.get(hyphen) == Some(&b'-') && bytes[length..hyphen].iter().all(|&b| b == b' ');
    let is_separate = bytes.get(hyphen + 1).is_none_or(|&b| b == b' ' || b == b'\t');
    (length >= 2 && is_padded && is_separate).then(|| (&line[..length], line[hyphen + 1..].trim()))
}

/// The reader of PubMed's text form.
#[derive(Default)]
pub(super) struct Reader;

impl super::stream::Reader for Reader {
    fn read(&mut self, piece: Piece<'_>, output: &mut Output<'_>) -> Result<usize, RefsError> {
        let mut pass = Pass { text: piece.text, output, block: Block::default() };
        let mut lines = Lines::of(&piece);
        for line in lines.by_ref() {
            pass.take(line);
        }
        if piece.is_last {
            pass.close();
            return Ok(piece.text.len());
        }
        if pass.block.line == 0 {
            return Ok(lines.offset());
        }
        pass.output.rewind(pass.block.mark);
        Ok(pass.block.span.0)
    }
}

/// The fields of one record under construction, or lines before the first.
#[derive(Default)]
struct Block<'a> {
    fields: Vec<Field<'a>>,
    line: usize,
    span: (usize, usize),
    prose: usize,
    first: &'a str,
    has_blank_behind: bool,
    /// The counts and remarks before the first line.
    mark: Mark,
}

impl Block<'_> {
    fn has(&self, tag: &str) -> bool {
        self.fields.iter().any(|field| field.tag == tag)
    }
}

/// The reading of one piece.
struct Pass<'a, 'o, 's> {
    text: &'a str,
    output: &'o mut Output<'s>,
    block: Block<'a>,
}

impl<'a> Pass<'a, '_, '_> {
    fn take(&mut self, line: Line<'a>) {
        if line.is_blank() {
            self.block.has_blank_behind = true;
            return;
        }
        let tagged = split_tag(line.text);
        if let Some((tag, _)) = tagged
            && self.begins_record(tag)
        {
            self.close();
        }
        if self.block.line == 0 {
            self.block.line = line.number;
            self.block.span.0 = line.start;
            self.block.first = line.text;
            self.block.mark = self.output.mark();
        }
        match tagged {
            Some((tag, value)) => self.block.fields.push(Field::new(tag, line.number, value)),
            None => {
                let is_indented = line.text.starts_with([' ', '\t']);
                match self.block.fields.last_mut() {
                    Some(field) if is_indented || !self.block.has_blank_behind => {
                        if !is_indented {
                            let message = format!("A line without a tag was added to {}: \"{}\".", field.tag, excerpt(line.text));
                            self.output.remarks.warn(line.number, Some(field.tag), message);
                        }
                        field.more.push(line.text);
                    }
                    Some(_) => {
                        // Prose behind a record, such as the line that a browser adds to a saved page.
                        self.output.not_understood += 1;
                        self.output.remarks.note(
                            line.number,
                            None,
                            format!("A line outside a record was left out: \"{}\".", excerpt(line.text)),
                        );
                        return;
                    }
                    None => {
                        self.block.prose += 1;
                        if self.block.prose >= MAX_PROSE {
                            self.close();
                            return;
                        }
                    }
                }
            }
        }
        self.block.has_blank_behind = false;
        self.block.span.1 = line.end;
    }

    /// Reports whether a tag is the first of another record.
    fn begins_record(&self, tag: &str) -> bool {
        let block = &self.block;
        match tag {
            "PMID" => !block.fields.is_empty() || block.prose > 0,
            "OWN" => block.has("OWN") || (block.has_blank_behind && !block.fields.is_empty()),
            // A record that lost its first lines: the title would come twice.
            "TI" | "BTI" | "DP" | "STAT" => block.has_blank_behind && block.has(tag),
            _ => false,
        }
    }

    fn close(&mut self) {
        let block = std::mem::take(&mut self.block);
        if block.line == 0 {
            return;
        }
        let is_record = ["PMID", "TI", "BTI", "OWN"].iter().any(|tag| block.has(tag));
        if !is_record {
            let count = block.prose + block.fields.iter().map(|field| 1 + field.more.len()).sum::<usize>();
            self.output.not_understood += count;
            let message = format!("{} outside a record left out, beginning \"{}\".", lines_in_words(count), excerpt(block.first));
            self.output.remarks.note(block.line, None, message);
            return;
        }
        if block.prose > 0 {
            self.output.not_understood += block.prose;
            let message = format!("{} before the record left out, beginning \"{}\".", lines_in_words(block.prose), excerpt(block.first));
            self.output.remarks.note(block.line, None, message);
        }
        self.output.found += 1;
        let raw = self.text[block.span.0..block.span.1].trim_end_matches(['\n', '\r']);
        let citation = meaning::interpret(&block.fields, block.line, &mut self.output.remarks);
        self.output.keep(Draft { citation, raw: raw.to_owned(), line: block.line });
    }
}
