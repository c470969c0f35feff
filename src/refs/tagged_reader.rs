//! One reader for the formats of tags and lines: each format says what a line is, this puts records together from the lines.

use crate::domain::record::{Citation, Draft};

use super::Read;
use super::lines::{Line, Lines};
use super::tagged::{Field, Remarks, excerpt, lines_in_words};

/// What a line is.
pub(super) enum Class<'a> {
    /// The first line of a record, with the tag and value that it carries, if any.
    Begin(Option<(&'a str, &'a str)>),
    /// A tag and its value.
    Field(&'a str, &'a str),
    /// The last line of a record.
    End,
    /// A line that frames the file and says nothing.
    Frame,
    /// A line without a tag.
    Continued,
}

/// A format of tags and lines.
pub(super) trait Dialect {
    /// Says what a line with something printed on it is.
    fn class<'a>(&self, line: Line<'a>, block: &Block<'a>, following: &Lines<'a>) -> Class<'a>;

    /// Reports whether the lines so far are a record.
    fn is_record(&self, block: &Block<'_>) -> bool;

    /// Makes a citation of a record.
    fn interpret(&self, block: &Block<'_>, remarks: &mut Remarks) -> Citation;
}

/// The lines of one record under construction, or lines outside any.
#[derive(Debug, Default)]
pub(super) struct Block<'a> {
    /// The fields in order.
    pub fields: Vec<Field<'a>>,
    /// The 1-based first line; zero when there is none yet.
    pub line: usize,
    /// Whether the line that begins a record was seen.
    pub is_begun: bool,
    /// Whether a blank line stands behind the last line.
    pub has_blank_behind: bool,
    span: (usize, usize),
    prose: usize,
    first: &'a str,
}

impl Block<'_> {
    /// Reports whether a tag is there.
    pub fn has(&self, tag: &str) -> bool {
        self.fields.iter().any(|field| field.tag == tag)
    }
}

/// Reads all records of a text; `None` when `step`, which is given the offset reached, returned `false`.
pub(super) fn read_tagged(text: &str, dialect: &impl Dialect, step: &mut dyn FnMut(usize) -> bool) -> Option<Read> {
    let mut reader = Reader { text, read: Read::default(), remarks: Remarks::default(), block: Block::default() };
    let mut lines = Lines::new(text);
    while let Some(line) = lines.next() {
        if line.number % 64 == 0 && !step(line.start) {
            return None;
        }
        if line.is_blank() {
            reader.block.has_blank_behind = true;
            continue;
        }
        let class = dialect.class(line, &reader.block, &lines);
        reader.take(line, class, dialect);
    }
    reader.close(dialect);
    reader.read.diagnostics = reader.remarks.list;
    Some(reader.read)
}

struct Reader<'a> {
    text: &'a str,
    read: Read,
    remarks: Remarks,
    block: Block<'a>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, line: Line<'a>, class: Class<'a>, dialect: &impl Dialect) {
        match class {
            Class::Begin(field) => {
                self.close(dialect);
                self.extend(line);
                self.block.is_begun = true;
                self.block.fields.extend(field.map(|(tag, value)| Field::new(tag, line.number, value)));
            }
            Class::Field(tag, value) => {
                self.extend(line);
                self.block.fields.push(Field::new(tag, line.number, value));
            }
            Class::End => {
                self.extend(line);
                self.close(dialect);
            }
            Class::Frame => {}
            Class::Continued => {
                self.extend(line);
                match self.block.fields.last_mut() {
                    Some(field) => field.more.push(line.text),
                    None => self.block.prose += 1,
                }
            }
        }
        self.block.has_blank_behind = false;
    }

    /// Lets the block cover a line.
    fn extend(&mut self, line: Line<'a>) {
        if self.block.line == 0 {
            self.block.line = line.number;
            self.block.span.0 = line.start;
            self.block.first = line.text;
        }
        self.block.span.1 = line.end;
    }

    /// Ends the block: makes a record of it, or says that it was left out.
    fn close(&mut self, dialect: &impl Dialect) {
        let block = std::mem::take(&mut self.block);
        if block.line == 0 {
            return;
        }
        let is_empty = block.fields.iter().all(|field| field.first.trim().is_empty() && field.more.is_empty());
        let is_record = dialect.is_record(&block);
        if is_record && !is_empty {
            self.read.found += 1;
            let raw = self.text[block.span.0..block.span.1].trim_end_matches(['\n', '\r']);
            let citation = dialect.interpret(&block, &mut self.remarks);
            self.read.drafts.push(Draft { citation, raw: raw.to_owned(), line: block.line });
        } else if is_record || block.is_begun {
            self.read.found += 1;
            self.remarks.warn(block.line, None, "The record is empty and was left out.");
        }
        let is_left_out = !is_record && !block.is_begun;
        let fields: usize = if is_left_out { block.fields.iter().map(|field| 1 + field.more.len()).sum() } else { 0 };
        let count = block.prose + fields;
        if count > 0 {
            self.read.not_understood += count;
            let message = format!("{} outside a record left out, beginning \"{}\".", lines_in_words(count), excerpt(block.first));
            self.remarks.note(block.line, block.fields.first().map(|field| field.tag), message);
        }
    }
}
