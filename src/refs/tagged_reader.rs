//! One reader for the formats of tags and lines: each format says what a line is, this puts records together from the lines.

use crate::domain::record::{Citation, Draft};

use super::RefsError;
use super::lines::{Line, Lines};
use super::stream::{Mark, Output, Piece, Reader};
use super::tagged::{Field, MAX_PROSE, Remarks, excerpt, lines_in_words};

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
    fn class<'a>(&self, line: Line<'a>, block: &Block<'a>) -> Class<'a>;

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
    /// The counts and remarks before the first line.
    mark: Mark,
}

impl Block<'_> {
    /// Reports whether a tag is there.
    pub fn has(&self, tag: &str) -> bool {
        self.fields.iter().any(|field| field.tag == tag)
    }
}

/// The reader of a dialect.
pub(super) struct TaggedReader<D> {
    dialect: D,
    /// Whether the record at the start of the next piece was begun by a line that says so.
    is_begun: bool,
}

impl<D: Dialect> TaggedReader<D> {
    /// Starts at the beginning of a file.
    pub fn new(dialect: D) -> Self {
        Self { dialect, is_begun: false }
    }
}

impl<D: Dialect> Reader for TaggedReader<D> {
    fn read(&mut self, piece: Piece<'_>, output: &mut Output<'_>) -> Result<usize, RefsError> {
        let is_begun = std::mem::take(&mut self.is_begun);
        let mut pass = Pass { text: piece.text, dialect: &self.dialect, output, block: Block::default(), is_begun };
        let mut lines = Lines::of(&piece);
        for line in lines.by_ref() {
            if line.is_blank() {
                pass.block.has_blank_behind = true;
                continue;
            }
            pass.take(line);
        }
        if piece.is_last {
            pass.close();
            return Ok(piece.text.len());
        }
        if pass.block.line == 0 {
            self.is_begun = pass.is_begun;
            return Ok(lines.offset());
        }
        pass.output.rewind(pass.block.mark);
        let Block { span: (start, _), is_begun, .. } = pass.block;
        self.is_begun = is_begun;
        Ok(start)
    }
}

/// The reading of one piece.
struct Pass<'a, 'o, 's, D> {
    text: &'a str,
    dialect: &'a D,
    output: &'o mut Output<'s>,
    block: Block<'a>,
    /// Whether the first line begins a record although it does not look so without what stood before it.
    is_begun: bool,
}

impl<'a, D: Dialect> Pass<'a, '_, '_, D> {
    /// Takes a line with something printed on it.
    fn take(&mut self, line: Line<'a>) {
        let mut class = self.dialect.class(line, &self.block);
        if std::mem::take(&mut self.is_begun)
            && let Class::Field(tag, value) = class
        {
            class = Class::Begin(Some((tag, value)));
        }
        match class {
            Class::Begin(field) => {
                self.close();
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
                self.close();
            }
            Class::Frame => {}
            Class::Continued => {
                self.extend(line);
                match self.block.fields.last_mut() {
                    Some(field) => field.more.push(line.text),
                    None => self.block.prose += 1,
                }
                if self.block.prose >= MAX_PROSE && !self.block.is_begun {
                    self.close();
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
            self.block.mark = self.output.mark();
        }
        self.block.span.1 = line.end;
    }

    /// Ends the block: makes a record of it, or says that it was left out.
    fn close(&mut self) {
        let block = std::mem::take(&mut self.block);
        if block.line == 0 {
            return;
        }
        let is_empty = block.fields.iter().all(|field| field.first.trim().is_empty() && field.more.is_empty());
        let is_record = self.dialect.is_record(&block);
        if is_record && !is_empty {
            self.output.found += 1;
            let raw = self.text[block.span.0..block.span.1].trim_end_matches(['\n', '\r']);
            let citation = self.dialect.interpret(&block, &mut self.output.remarks);
            self.output.keep(Draft { citation, raw: raw.to_owned(), line: block.line });
        } else if is_record || block.is_begun {
            self.output.found += 1;
            self.output.remarks.warn(block.line, None, "The record is empty and was left out.");
        }
        let is_left_out = !is_record && !block.is_begun;
        let fields: usize = if is_left_out { block.fields.iter().map(|field| 1 + field.more.len()).sum() } else { 0 };
        let count = block.prose + fields;
        if count > 0 {
            self.output.not_understood += count;
            let message = format!("{} outside a record left out, beginning \"{}\".", lines_in_words(count), excerpt(block.first));
            self.output.remarks.note(block.line, block.fields.first().map(|field| field.tag), message);
        }
    }
}
