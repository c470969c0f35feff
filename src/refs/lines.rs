//! Lines of a text with their numbers, whatever ends them: LF, CRLF, CR, or all of them in one file.

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

/// An iterator over the lines of a text.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    text: &'a str,
    at: usize,
    number: usize,
}

impl<'a> Lines<'a> {
    /// Starts at the first line.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, number: 0 }
    }

    /// Returns the next line that is not blank, without going forward.
    pub fn peek_printed(&self) -> Option<Line<'a>> {
        // A bound keeps files of a million blank lines linear.
        self.clone().take(64).find(|line| !line.is_blank())
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.is_empty() {
            return None;
        }
        let length = rest.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(rest.len());
        let ending = match &rest[length..] {
            // CR CR LF is one line end that was converted twice.
            [b'\r', b'\r', b'\n', ..] => 3,
            [b'\r', b'\n', ..] => 2,
            [] => 0,
            _ => 1,
        };
        let start = self.at;
        self.at += length + ending;
        self.number += 1;
        Some(Line { number: self.number, start, end: self.at, text: &self.text[start..start + length] })
    }
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
        assert_eq!(lines.peek_printed().map(|line| line.number), Some(3));
        assert_eq!(lines.clone().count(), 3);
    }
}
