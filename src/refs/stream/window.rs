//! The part of a file that is held as text while it is read.

use std::io::{self, Read};

use crate::domain::diagnostic::Diagnostic;
use crate::refs::RefsError;
use crate::refs::encoding::{Decoder, Decoding};
use crate::refs::lines::count_line_ends;

use super::{Output, read_block};

/// A part of a text, as a [`Reader`] gets it.
#[derive(Debug, Clone, Copy)]
pub(in crate::refs) struct Piece<'t> {
    /// The text from the first character that is not done with.
    pub text: &'t str,
    /// The 1-based number of the line on which it begins.
    pub line: usize,
    /// Whether the file ends with this piece.
    pub is_last: bool,
}

impl Piece<'_> {
    /// Returns up to where the piece can be passed over although more follows: a line end at its end may go on.
    pub fn safe_end(&self) -> usize {
        let is_open = |at: usize| !self.is_last && self.text[..at].ends_with('\r');
        let end = self.text.len() - usize::from(is_open(self.text.len()));
        end - usize::from(end < self.text.len() && is_open(end))
    }
}

/// A reader of one format, which is given a file piece by piece.
///
/// What it finds must not depend on where the pieces end. It keeps whatever it must know of the text before a piece, and nothing of the
/// text itself.
pub(in crate::refs) trait Reader {
    /// Reads a piece and returns how many of its bytes are done with; the next piece begins with the rest, and more behind it.
    ///
    /// Zero asks for more text at once. A record that may go on behind the piece is left for the next one, and so are the remarks and
    /// counts that belong to it ([`Output::rewind`]). The number must lie between characters and not inside a line end. When
    /// [`Piece::is_last`] is set everything is done with whatever is returned.
    ///
    /// # Errors
    /// Why the file as a whole cannot be read.
    fn read(&mut self, piece: Piece<'_>, output: &mut Output<'_>) -> Result<usize, RefsError>;
}

/// The part of a file that is held as text, and where it stands in the file.
pub(super) struct Window<R> {
    input: R,
    decoder: Decoder,
    decoding: Decoding,
    block: Vec<u8>,
    text: String,
    line: usize,
    /// The bytes of the file read so far.
    pub bytes: u64,
    is_at_end: bool,
    unreadable: usize,
    first_unreadable: usize,
    /// The most text held so far, in bytes.
    pub held: usize,
}

impl<R: Read> Window<R> {
    /// Starts at the beginning of a file; `block` is the number of bytes read at a time.
    pub fn new(input: R, decoding: &Decoding, block: usize) -> Self {
        Self {
            input,
            decoder: Decoder::new(decoding),
            decoding: decoding.clone(),
            block: vec![0; block.max(1)],
            text: String::new(),
            line: 1,
            bytes: 0,
            is_at_end: false,
            unreadable: 0,
            first_unreadable: 0,
            held: 0,
        }
    }

    /// Appends text until a number of bytes were added or the file is at its end.
    pub fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let from = self.text.len();
        while !self.is_at_end && self.text.len() - from < wanted {
            let read = read_block(&mut self.input, &mut self.block)?;
            self.bytes += read as u64;
            self.is_at_end = read == 0;
            self.decoder.decode(&self.block[..read], self.is_at_end, &mut self.text);
        }
        self.held = self.held.max(self.text.len());
        let added = &self.text[from..];
        if let Some(at) = added.find('\u{fffd}') {
            if self.unreadable == 0 {
                self.first_unreadable = self.line + count_line_ends(&self.text.as_bytes()[..from + at]);
            }
            self.unreadable += added.matches('\u{fffd}').count();
        }
        Ok(())
    }

    /// Returns the text held.
    pub fn piece(&self) -> Piece<'_> {
        Piece { text: &self.text, line: self.line, is_last: self.is_at_end }
    }

    /// Drops text that is done with.
    pub fn cut(&mut self, length: usize) {
        self.line += count_line_ends(&self.text.as_bytes()[..length]);
        self.text.drain(..length);
        // A window that one long record made wide does not stay so.
        if self.text.capacity() > 4 * self.block.len().max(self.text.len()) {
            self.text.shrink_to(2 * self.block.len().max(self.text.len()));
        }
    }

    /// Returns how many bytes are read at a time.
    pub fn block(&self) -> usize {
        self.block.len()
    }

    /// Returns the length of the text held.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Makes the remark about characters that could not be read, if there were any.
    pub fn remark(&self) -> Option<Diagnostic> {
        (self.unreadable > 0).then(|| self.decoding.remark(self.unreadable, self.first_unreadable))
    }
}
