//! A sheet of terminal cells on which figures are drawn.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{TextLine, TextRole};
use crate::figure::clean::one_line;

/// Cells in rows; the sheet grows downward, its width is fixed and what does not fit is not drawn.
pub struct Grid {
    width: usize,
    rows: Vec<Vec<Cell>>,
}

/// What a cell shows: one visible character, or nothing when the left neighbour is two cells wide.
#[derive(Clone)]
struct Cell {
    text: String,
    role: TextRole,
}

impl Grid {
    /// Creates an empty sheet of the given width.
    pub fn new(width: usize) -> Self {
        Self { width, rows: Vec::new() }
    }

    /// Makes the sheet at least `height` rows high.
    pub fn grow(&mut self, height: usize) {
        let blank = Cell { text: " ".to_owned(), role: TextRole::Normal };
        while self.rows.len() < height {
            self.rows.push(vec![blank.clone(); self.width]);
        }
    }

    /// Writes text from a cell to the right; parts beyond the right edge are lost.
    pub fn put(&mut self, x: usize, y: usize, text: &str, role: TextRole) {
        self.grow(y + 1);
        let mut at = x;
        for letter in one_line(text).graphemes(true) {
            let wide = letter.width();
            if wide == 0 {
                continue;
            }
            if at + wide > self.width {
                break;
            }
            self.clear_half(at, y);
            self.clear_half(at + wide, y);
            self.rows[y][at] = Cell { text: letter.to_owned(), role };
            for covered in 1..wide {
                self.rows[y][at + covered] = Cell { text: String::new(), role };
            }
            at += wide;
        }
    }

    /// Writes text that ends before cell `right`.
    pub fn put_end(&mut self, right: usize, y: usize, text: &str, role: TextRole) {
        self.put(right.saturating_sub(super::cells(text)), y, text, role);
    }

    /// Writes text in the middle of the cells from `left` to before `right`, not leaving the sheet on the left.
    pub fn put_middle(&mut self, left: usize, right: usize, y: usize, text: &str, role: TextRole) {
        let room = right.saturating_sub(left);
        let wide = super::cells(text);
        let x = if wide <= room { left + (room - wide) / 2 } else { left.saturating_sub((wide - room) / 2) };
        self.put(x, y, text, role);
    }

    /// Returns the character in a cell; a space outside the sheet.
    pub fn at(&self, x: usize, y: usize) -> &str {
        self.rows.get(y).and_then(|row| row.get(x)).map_or(" ", |cell| cell.text.as_str())
    }

    /// Takes away the left half of a wide character whose right half is about to be covered.
    fn clear_half(&mut self, x: usize, y: usize) {
        if x > 0 && x < self.width && self.rows[y][x].text.is_empty() {
            self.rows[y][x].text = " ".to_owned();
            self.rows[y][x - 1].text = " ".to_owned();
        }
    }

    /// Returns the rows as lines; neighbours of the same role are joined and plain spaces at the end dropped.
    pub fn into_lines(self) -> Vec<TextLine> {
        self.rows.into_iter().map(line_of).collect()
    }
}

fn line_of(cells: Vec<Cell>) -> TextLine {
    let used = cells.iter().rposition(|cell| cell.text != " ").map_or(0, |last| last + 1);
    let mut spans: Vec<(String, TextRole)> = Vec::new();
    for cell in cells.into_iter().take(used) {
        match spans.last_mut() {
            Some((text, role)) if *role == cell.role || cell.text == " " => text.push_str(&cell.text),
            _ => spans.push((cell.text, cell.role)),
        }
    }
    TextLine { spans }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(grid: Grid) -> Vec<String> {
        grid.into_lines().iter().map(TextLine::plain).collect()
    }

    #[test]
    fn wide_characters_keep_the_columns_straight() {
        let mut grid = Grid::new(8);
        grid.put(0, 0, "研究", TextRole::Normal);
        grid.put(5, 0, "|", TextRole::Axis);
        grid.put(0, 1, "ab", TextRole::Normal);
        grid.put(5, 1, "|", TextRole::Axis);
        grid.put(0, 2, "研究", TextRole::Normal);
        grid.put(1, 2, "x", TextRole::Normal);
        assert_eq!(plain(grid), ["研究 |", "ab   |", " x究"]);
    }

    #[test]
    fn nothing_is_drawn_outside_the_sheet() {
        let mut grid = Grid::new(4);
        grid.put(2, 0, "abcdef", TextRole::Normal);
        grid.put_end(2, 1, "abcdef", TextRole::Normal);
        grid.put_middle(0, 4, 2, "ab", TextRole::Bold);
        grid.put(9, 3, "x", TextRole::Normal);
        assert_eq!(plain(grid), ["  ab", "abcd", " ab", ""]);
    }
}
