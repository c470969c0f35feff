//! Lines of a text with their numbers, whatever ends them: LF, CRLF, CR, or all of them in one file.

use super::bytes;
use super::stream::Piece;

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The 1-based number.
    pub number: usize,
    /// The byte offset of the first character in the text.
    pub start: usize,
    /// The byte offset after the line end.
    pub end: usize,
    /// The content without the line end.
    pub text: &'a str,
}

impl Line<'_> {
    /// Reports whether the line holds nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim_ascii().is_empty() || self.text.trim().is_empty()
    }
}

/// An iterator over the lines of a text, or over those lines of a `Piece` whose ends are known.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    text: &'a str,
    at: usize,
    number: usize,
    is_last: bool,
}

/// What stands behind a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead<'a> {
    /// The next line that is not blank.
    Printed(Line<'a>),
    /// Nothing but blank lines, as far as is looked.
    Nothing,
    /// More of the text is needed to tell.
    Unknown,
}

impl<'a> Lines<'a> {
    /// Starts at the first line.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, number: 0, is_last: true }
    }

    /// Starts at the first line of a piece.
    pub(super) fn of(piece: &Piece<'a>) -> Self {
        Self { text: piece.text, at: 0, number: piece.line - 1, is_last: piece.is_last }
    }

    /// Returns the byte offset of the next line.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Looks for the next line that is not blank, without going forward.
    pub(super) fn ahead(&self) -> Ahead<'a> {
        let mut lines = self.clone();
        // A bound keeps files of a million blank lines linear.
        for _ in 0..64 {
            match lines.next() {
                Some(line) if line.is_blank() => {}
                Some(line) => return Ahead::Printed(line),
                None => return if self.is_last { Ahead::Nothing } else { Ahead::Unknown },
            }
        }
        Ahead::Nothing
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.is_empty() {
            return None;
        }
        let length = bytes::find_either(rest, b'\n', b'\r').unwrap_or(rest.len());
        let ending = match &rest[length..] {
            [b'\n', ..] => 1,
            // CR CR LF is one line end that was converted twice.
            [b'\r', b'\r', b'\n', ..] => 3,
            [b'\r', b'\n', ..] => 2,
            [b'\r', b'\r', _, ..] => 1,
            [b'\r', second, ..] if *second != b'\r' => 1,
            _ if !self.is_last => return None,
            [] => 0,
            _ => 1,
        };
        let start = self.at;
        self.at += length + ending;
        self.number += 1;
        Some(Line { number: self.number, start, end: self.at, text: &self.text[start..start + length] })
    }
}

/// Counts the line ends in a text by the rules of [`Lines`]; the text must not end inside one.
pub(super) fn count_line_ends(text: &[u8]) -> usize {
    let (feeds, returns) = (bytes::count(text, b'\n'), bytes::count(text, b'\r'));
    if returns == 0 || feeds == 0 {
        return feeds + returns;
    }
    let pairs = text.windows(2).filter(|pair| pair == b"\r\n").count();
    let triples = text.windows(3).filter(|triple| triple == b"\r\r\n").count();
    feeds + returns - pairs - triples
}

/// Tells the line numbers of rising offsets in a text.
#[derive(Debug, Clone)]
pub struct LineCounter<'a> {
    lines: Lines<'a>,
    current: usize,
    end: usize,
}

impl<'a> LineCounter<'a> {
    /// Starts at the first line.
    pub fn new(text: &'a str) -> Self {
        Self { lines: Lines::new(text), current: 0, end: 0 }
    }

    /// Starts at the first character of a piece.
    pub(super) fn of(piece: &Piece<'a>) -> Self {
        let lines = Lines { text: piece.text, at: 0, number: piece.line - 1, is_last: true };
        Self { current: 0, end: 0, lines }
    }

    /// Returns the 1-based number of the line that holds an offset; an offset before an earlier one gives the line of that one.
    pub fn line_at(&mut self, offset: usize) -> usize {
        while self.current == 0 || offset >= self.end {
            match self.lines.next() {
                Some(line) => (self.current, self.end) = (line.number, line.end),
                None => break,
            }
        }
        self.current.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_line_ends_count_as_one() {
        let lines: Vec<_> = Lines::new("a\nb\r\nc\rd\n\re").map(|line| (line.number, line.text)).collect();
        assert_eq!(lines, [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, ""), (6, "e")]);
        assert_eq!(Lines::new("").count(), 0);
        assert_eq!(Lines::new("a\r\r\nb\r\r\n").map(|line| line.text).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn offsets_cover_the_whole_text() {
        let text = "ä\r\n\rb";
        let ends: Vec<_> = Lines::new(text).map(|line| (line.start, line.end)).collect();
        assert_eq!(ends, [(0, 4), (4, 5), (5, 6)]);
    }

    #[test]
    fn offsets_have_line_numbers() {
        let mut counter = LineCounter::new("a\r\nbc\n\nd");
        assert_eq!([0, 2, 3, 4, 6, 7, 9].map(|offset| counter.line_at(offset)), [1, 1, 2, 2, 3, 4, 4]);
        assert_eq!(LineCounter::new("").line_at(5), 1);
    }

    #[test]
    fn looking_ahead_skips_blank_lines_and_stays() {
        let lines = Lines::new("\n \nx\n");
        assert!(matches!(lines.ahead(), Ahead::Printed(line) if line.number == 3));
        assert_eq!(lines.clone().count(), 3);
        assert_eq!(Lines::new("\n \n").ahead(), Ahead::Nothing);
        assert_eq!(Lines::new(&format!("{}x", "\n".repeat(64))).ahead(), Ahead::Nothing);
    }

    #[test]
    fn a_piece_gives_the_lines_whose_ends_are_known() {
        let lines = |text, is_last| Lines::of(&Piece { text, line: 5, is_last }).map(|line| (line.number, line.text)).collect::<Vec<_>>();
        assert_eq!(lines("a\nb", false), [(5, "a")]);
        assert_eq!(lines("a\nb", true), [(5, "a"), (6, "b")]);
        for open in ["a\r", "a\r\r"] {
            assert_eq!(lines(open, false), []);
        }
        assert_eq!(lines("a\r\rb\r\n", false), [(5, "a"), (6, ""), (7, "b")]);
        assert_eq!(Lines::of(&Piece { text: "\n\nx", line: 1, is_last: false }).ahead(), Ahead::Unknown);
    }

    #[test]
    fn line_ends_are_counted_as_lines_are_read() {
        for text in ["", "a", "a\nb\r\nc\rd\n\re\n", "\r\r\n\r\r\r\n\n\r\n", "\r\r\rx\n"] {
            assert_eq!(count_line_ends(text.as_bytes()), Lines::new(text).filter(|line| line.end > line.start + line.text.len()).count());
        }
    }
}
