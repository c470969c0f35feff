//! Rows and cells of a delimited text, however carelessly it was quoted.

use std::borrow::Cow;

use crate::refs::lines::Lines;

/// The length in bytes beyond which a cell is no cell: its quotation mark was not closed.
const LONGEST_CELL: usize = 4 << 20;

/// One row.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// The 1-based line of its first character.
    pub line: usize,
    /// The byte offset of its first character.
    pub start: usize,
    /// The byte offset after its last character, the line end excluded.
    pub end: usize,
    /// The byte offset of the row behind it.
    pub next: usize,
    /// The cells, quotes taken off, otherwise as they stand.
    pub cells: Vec<Cow<'a, str>>,
    /// Whether a quotation mark was not closed and was read as a plain character.
    pub is_unclosed: bool,
}

/// An iterator over the rows of a text.
///
/// Cells follow RFC 4180, with the liberties of real files: any line ends, rows of any length, quotes that stand in unquoted cells
/// or are not doubled inside quoted ones, spreadsheets' `="1234"`. A quote that is never closed costs its own row at most: it is
/// read as a plain character when the text ends, or when a line begins with a quote of its own, before it is closed.
///
/// The text may be a piece of a longer one: a row that its end could be cutting is not given out.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    text: &'a str,
    is_last: bool,
    place: Place,
    delimiter: u8,
    /// Whether a cell could not be read for want of the text behind it.
    is_cut: bool,
}

/// How far a text was split into rows; offsets are those of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The offset of the next row.
    pub at: usize,
    /// The 1-based line of the next row.
    pub line: usize,
    /// Opening quotes before this offset are not closed in time; looked for once, so that reading stays linear.
    literal_until: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self { at: 0, line: 1, literal_until: 0 }
    }
}

impl Place {
    /// Returns the place in the text behind the next row, when what was read is taken away.
    pub fn taken_away(self) -> Self {
        Self { at: 0, line: self.line, literal_until: self.literal_until.saturating_sub(self.at) }
    }
}

/// How a cell ended.
struct Cell<'a> {
    text: Cow<'a, str>,
    end: usize,
    is_unclosed: bool,
}

impl<'a> Rows<'a> {
    /// Starts at the first row of a whole text.
    pub fn new(text: &'a str, delimiter: u8) -> Self {
        Self::piece(text, delimiter, Place::default(), true)
    }

    /// Starts at a place in a piece of text, which may be the last one.
    pub fn piece(text: &'a str, delimiter: u8, place: Place, is_last: bool) -> Self {
        Self { text, is_last, place, delimiter, is_cut: false }
    }

    /// Returns the place behind the last row that was given out.
    pub fn place(&self) -> Place {
        self.place
    }

    fn is_break(byte: u8) -> bool {
        byte == b'\n' || byte == b'\r'
    }

    /// Reads the cell at an offset.
    fn cell(&mut self, start: usize) -> Cell<'a> {
        let bytes = self.text.as_bytes();
        let spaces = bytes[start..].iter().take(8).take_while(|&&b| b == b' ').count();
        let quote = match &bytes[start + spaces..] {
            [b'=', b'"', ..] => Some(start + spaces + 1),
            [b'"', ..] => Some(start + spaces),
            _ => None,
        };
        let mut is_unclosed = false;
        if let Some(quote) = quote {
            if quote >= self.place.literal_until {
                match self.quoted(quote + 1) {
                    Ok(cell) => return cell,
                    Err(None) => self.is_cut = true,
                    Err(Some(until)) => self.place.literal_until = until,
                }
            }
            is_unclosed = true;
        }
        let length = bytes[start..].iter().position(|&b| b == self.delimiter || Self::is_break(b)).unwrap_or(bytes.len() - start);
        Cell { text: Cow::Borrowed(&self.text[start..start + length]), end: start + length, is_unclosed }
    }

    /// Reads a quoted cell whose first character stands at `start`; the error is the offset up to which no quote closes it, or nothing
    /// where the text behind the piece may hold it.
    fn quoted(&self, start: usize) -> Result<Cell<'a>, Option<usize>> {
        let bytes = self.text.as_bytes();
        let mut text: Cow<'a, str> = Cow::Borrowed("");
        let mut from = start;
        let mut at = start;
        let limit = bytes.len().min(start + LONGEST_CELL);
        loop {
            let Some(step) = bytes.get(at..limit).and_then(|rest| rest.iter().position(|&b| b == b'"')) else {
                return Err(if limit == bytes.len() && !self.is_last { None } else { Some(limit) });
            };
            at += step;
            if bytes.get(at + 1) == Some(&b'"') {
                text.to_mut().push_str(&self.text[from..=at]);
                at += 2;
                from = at;
                continue;
            }
            let spaces = bytes[at + 1..].iter().take(8).take_while(|&&b| b == b' ').count();
            let next = bytes.get(at + 1 + spaces).copied();
            if next.is_none_or(|b| b == self.delimiter || Self::is_break(b)) {
                let tail = &self.text[from..at];
                if text.is_empty() {
                    text = Cow::Borrowed(tail);
                } else {
                    text.to_mut().push_str(tail);
                }
                if text.contains('\r') {
                    text = Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
                }
                return Ok(Cell { text, end: at + 1 + spaces, is_unclosed: false });
            }
            if at > start && Self::is_break(bytes[at - 1]) {
                return Err(Some(at));
            }
            at += 1;
        }
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        let bytes = self.text.as_bytes();
        if self.place.at >= bytes.len() {
            return None;
        }
        let Place { at: start, line, .. } = self.place;
        let before = self.place;
        let mut row = Row { line, start, end: start, next: start, cells: Vec::new(), is_unclosed: false };
        let mut at = start;
        loop {
            let cell = self.cell(at);
            if self.is_cut {
                (self.place, self.is_cut) = (before, false);
                return None;
            }
            row.is_unclosed |= cell.is_unclosed;
            row.cells.push(cell.text);
            row.end = cell.end;
            if bytes.get(cell.end) == Some(&self.delimiter) {
                at = cell.end + 1;
                continue;
            }
            let ending = match &bytes[cell.end..] {
                [b'\r', b'\r', b'\n', ..] => 3,
                [b'\r', b'\n', ..] => 2,
                [] => 0,
                _ => 1,
            };
            // A line end of three characters may be cut, and so may a cell that reaches the end of the piece.
            if !self.is_last && cell.end + 3 > bytes.len() {
                self.place = before;
                return None;
            }
            row.next = cell.end + ending;
            self.place.at = row.next;
            self.place.line += Lines::new(&self.text[start..row.next]).count();
            return Some(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        Rows::new(text, delimiter).map(|row| row.cells.iter().map(|cell| cell.to_string()).collect()).collect()
    }

    #[test]
    fn cells_are_split_as_the_standard_says() {
        assert_eq!(cells("a,\"b, \"\"c\"\"\r\nd\",e\r\nf\n", b','), [vec!["a", "b, \"c\"\nd", "e"], vec!["f"]]);
        assert_eq!(cells("a;;\"\"\r;\r", b';'), [vec!["a", "", ""], vec!["", ""]]);
        assert_eq!(cells("=\"0123\",=\"4/3/2024\", \"x\" ,y", b','), [["0123", "4/3/2024", "x", "y"]]);
    }

    #[test]
    fn quotes_that_are_not_doubled_are_text() {
        assert_eq!(cells("\"a \"b\" c\",5\" x,\"d\"", b','), [["a \"b\" c", "5\" x", "d"]]);
    }

    #[test]
    fn a_quote_that_is_not_closed_costs_its_row_at_most() {
        let rows = cells("\"a\",\"b\"\n\"c,\"d\"\n\"e\",\"f\"\n", b',');
        assert_eq!(rows, [vec!["a", "b"], vec!["c,\"d"], vec!["e", "f"]]);
        let rows = cells("\"a\",\"b\"\n\"c\",\"d\n\"e\",\"f\"\n", b',');
        assert_eq!(rows, [["a", "b"], ["c", "\"d"], ["e", "f"]]);
        let rows = cells("a,\"b\nc,d\n", b',');
        assert_eq!(rows, [["a", "\"b"], ["c", "d"]]);
    }

    #[test]
    fn rows_know_their_lines_and_offsets() {
        let rows: Vec<_> = Rows::new("a,\"b\nc\"\r\nd\n", b',').map(|row| (row.line, row.start, row.end)).collect();
        assert_eq!(rows, [(1, 0, 7), (3, 9, 10)]);
    }

    #[test]
    fn pieces_give_the_rows_of_the_whole() {
        let text = "a,\"b\r\nc\"\r\nd,\" e \"\" f\" ,g\r\r\n\"h,\"i\"\n\n\"j\",\"k\nl,m\r\"n\"  ;";
        let owned = |row: Row<'_>, from: usize| {
            (row.line, from + row.start, from + row.end, row.is_unclosed, row.cells.iter().map(|cell| cell.to_string()).collect::<Vec<_>>())
        };
        let whole: Vec<_> = Rows::new(text, b',').map(|row| owned(row, 0)).collect();
        for length in 1..=text.len() {
            let (mut rows, mut place, mut from, mut end) = (Vec::new(), Place::default(), 0, 0);
            while end < text.len() {
                end = (end + length).min(text.len());
                let mut piece = Rows::piece(&text[from..end], b',', place, end == text.len());
                rows.extend(piece.by_ref().map(|row| owned(row, from)));
                let reached = piece.place();
                (from, place) = (from + reached.at, reached.taken_away());
            }
            assert_eq!(rows, whole, "pieces of {length}");
        }
    }

    #[test]
    fn a_million_open_quotes_are_read_in_linear_time() {
        let text = "a,\"b\n".repeat(200_000);
        assert_eq!(Rows::new(&text, b',').count(), 200_000);
        let text = "\"".repeat(1_000_001);
        assert!(Rows::new(&text, b',').count() >= 1);
    }
}
