//! The flow diagram in terminal cells.
//!
//! Up to 119 cells the flow runs down in two columns, other methods and previous studies in sections of their own; from 120 cells other methods
//! stand beside databases and registers, as in the printed figure.

use super::grid::Grid;
use super::{TextLine, TextRole, cells, wrap};
use crate::figure::flow::{BoxText, Content, FlowModel, Method, PHASES};

/// Cells from which other methods have columns of their own.
const FOUR_COLUMNS: usize = 120;
/// Widest box.
const BOX_MAX: usize = 46;
/// Narrowest page on which boxes stand side by side.
const TWO_COLUMNS: usize = 48;
const ARROW: usize = 5;
const COLUMN_GAP: usize = 4;

/// Returns the diagram as lines no wider than `width` cells.
pub fn flow_text(model: &FlowModel, width: u16) -> Vec<TextLine> {
    let width = usize::from(width).max(8);
    let content = Content::new(model);
    let mut sheet = Sheet { grid: Grid::new(width), width };
    let mut y = 0;
    for line in wrap(&model.title, width).iter().filter(|line| !line.is_empty()) {
        sheet.grid.put(0, y, line, TextRole::Bold);
        y += 1;
    }
    y += usize::from(y > 0);
    y = match &content.other {
        Some(_) if width >= FOUR_COLUMNS => sheet.wide(&content, y),
        _ => sheet.narrow(&content, y),
    };
    if !model.footnotes.is_empty() {
        y += 1;
    }
    for line in model.footnotes.iter().flat_map(|note| wrap(note, width)) {
        sheet.grid.put(0, y, &line, TextRole::Muted);
        y += 1;
    }
    sheet.grid.into_lines()
}

/// A column pair: what stays on the left, what leaves the flow on the right.
#[derive(Clone, Copy)]
struct Pair {
    left: usize,
    box_width: usize,
    side: usize,
    side_width: usize,
}

impl Pair {
    fn new(left: usize, width: usize) -> Self {
        if width < TWO_COLUMNS {
            return Self { left, box_width: width, side: left + 2, side_width: width.saturating_sub(2) };
        }
        let box_width = ((width - ARROW) / 2).min(BOX_MAX);
        let side_width = (width - ARROW - box_width).min(BOX_MAX);
        Self { left, box_width, side: left + box_width + ARROW, side_width }
    }

    /// Whether side boxes stand beside; on very narrow pages they follow below.
    const fn is_beside(self) -> bool {
        self.side > self.left + self.box_width
    }

    const fn middle(self) -> usize {
        self.left + self.box_width / 2
    }

    const fn right(self) -> usize {
        self.side + self.side_width
    }
}

struct Sheet {
    grid: Grid,
    width: usize,
}

impl Sheet {
    fn narrow(&mut self, content: &Content, y: usize) -> usize {
        let pair = Pair::new(0, self.width);
        let mut y = y;
        if let Some((heading, text)) = &content.previous {
            y = self.heading(heading, 0, pair.box_width, y);
            y = self.text_box(text, pair.left, pair.box_width, y) + 1;
        }
        y = self.heading(&content.heading, 0, pair.right(), y);
        y = self.rule(PHASES[0], pair, y);
        y = self.step(&content.identified, Some(&content.removed), pair, y);
        y = self.rule_below(PHASES[1], pair, y);
        y = self.step(&content.screened, Some(&content.excluded), pair, y);
        y = self.reports(&content.reports, pair, y);
        if let Some((heading, identified, method)) = &content.other {
            self.grid.put(pair.middle(), y, "│", TextRole::Muted);
            self.grid.put(pair.middle(), y + 1, "└→ ", TextRole::Muted);
            self.grid.put(pair.middle() + 3, y + 1, PHASES[2], TextRole::Accent);
            y = self.heading(heading, 0, pair.right(), y + 3);
            y = self.rule(PHASES[0], pair, y);
            y = self.step(identified, None, pair, y);
            y = self.rule_below(PHASES[1], pair, y);
            y = self.step(&method.sought, Some(&method.not_retrieved), pair, y);
            y = self.arrow_down(pair.middle(), y, y + 2);
            y = self.step(&method.assessed, Some(&method.excluded), pair, y);
        }
        y = self.rule_below(PHASES[2], pair, y);
        self.included(content, pair, y)
    }

    /// Draws both methods side by side.
    fn wide(&mut self, content: &Content, y: usize) -> usize {
        let half = (self.width - COLUMN_GAP) / 2;
        let main = Pair::new(0, half);
        let elsewhere = Pair::new(main.right() + COLUMN_GAP, half);
        let mut y = y;
        if let Some((heading, text)) = &content.previous {
            y = self.heading(heading, 0, main.box_width, y);
            y = self.text_box(text, main.left, main.box_width, y) + 1;
        }
        let Some((heading, identified, method)) = &content.other else { return y };
        let bottom = self.heading(&content.heading, 0, main.right(), y);
        y = bottom.max(self.heading(heading, elsewhere.left, elsewhere.right(), y));
        let across = Pair { side_width: elsewhere.right() - main.side, ..main };
        y = self.rule(PHASES[0], across, y);
        let other_end = self.step(identified, None, elsewhere, y);
        let main_end = self.step(&content.identified, Some(&content.removed), main, y);
        y = self.rule_below(PHASES[1], across, main_end.max(other_end));
        self.fill_down(main.middle(), main_end, y);
        let screened_end = self.step(&content.screened, Some(&content.excluded), main, y);
        y = screened_end + 2;
        self.arrow_down(main.middle(), screened_end, y);
        self.arrow_down(elsewhere.middle(), other_end, y);
        let ends = (
            self.step(&content.reports.sought, Some(&content.reports.not_retrieved), main, y),
            self.step(&method.sought, Some(&method.not_retrieved), elsewhere, y),
        );
        y = ends.0.max(ends.1) + 2;
        self.arrow_down(main.middle(), ends.0, y);
        self.arrow_down(elsewhere.middle(), ends.1, y);
        let ends = (
            self.step(&content.reports.assessed, Some(&content.reports.excluded), main, y),
            self.step(&method.assessed, Some(&method.excluded), elsewhere, y),
        );
        let rule = ends.0.max(ends.1);
        y = self.rule_below(PHASES[2], across, rule);
        let joint = y + box_height(&content.included[0], main.box_width) / 2;
        for line in ends.1..joint {
            let character = if self.grid.at(elsewhere.middle(), line) == "─" { "┼" } else { "│" };
            self.grid.put(elsewhere.middle(), line, character, TextRole::Muted);
        }
        self.grid.put(main.left + main.box_width, joint, "←", TextRole::Muted);
        let shaft = elsewhere.middle() - main.left - main.box_width - 1;
        self.grid.put(main.left + main.box_width + 1, joint, &"─".repeat(shaft), TextRole::Muted);
        self.grid.put(elsewhere.middle(), joint, "┘", TextRole::Muted);
        self.included(content, main, y)
    }

    fn reports(&mut self, method: &Method, pair: Pair, y: usize) -> usize {
        let y = self.arrow_down(pair.middle(), y, y + 2);
        let y = self.step(&method.sought, Some(&method.not_retrieved), pair, y);
        let y = self.arrow_down(pair.middle(), y, y + 2);
        self.step(&method.assessed, Some(&method.excluded), pair, y)
    }

    fn included(&mut self, content: &Content, pair: Pair, y: usize) -> usize {
        let mut y = y;
        for (index, text) in content.included.iter().enumerate() {
            if index > 0 {
                y = self.arrow_down(pair.middle(), y, y + 2);
            }
            if content.total == Some(index) && content.previous.is_some() {
                self.grid.put(pair.left + pair.box_width + 1, y + 1, "← with previous studies", TextRole::Muted);
            }
            y = self.text_box(text, pair.left, pair.box_width, y);
        }
        y
    }

    fn heading(&mut self, text: &str, left: usize, right: usize, y: usize) -> usize {
        let lines = wrap(text, right - left);
        for (index, line) in lines.iter().enumerate() {
            self.grid.put_middle(left, right, y + index, line, TextRole::Accent);
        }
        y + lines.len()
    }

    /// Draws the name of a phase in a rule across the columns.
    fn rule(&mut self, phase: &str, pair: Pair, y: usize) -> usize {
        let width = pair.right().min(self.width) - pair.left;
        let name = format!("── {phase} ");
        let rest = width.saturating_sub(cells(&name));
        self.grid.put(pair.left, y, &format!("{name}{}", "─".repeat(rest)), TextRole::Muted);
        self.grid.put(pair.left + 3, y, phase, TextRole::Accent);
        y + 1
    }

    /// Draws the rule of the next phase with the arrow passing through.
    fn rule_below(&mut self, phase: &str, pair: Pair, y: usize) -> usize {
        self.fill_down(pair.middle(), y, y + 1);
        self.rule(phase, pair, y + 1);
        let crossing = if self.grid.at(pair.middle(), y + 1) == "─" { "┼" } else { "│" };
        self.grid.put(pair.middle(), y + 1, crossing, TextRole::Muted);
        self.grid.put(pair.middle(), y + 2, "▼", TextRole::Muted);
        y + 3
    }

    fn fill_down(&mut self, x: usize, from: usize, to: usize) {
        for y in from..to {
            if self.grid.at(x, y) == " " {
                self.grid.put(x, y, "│", TextRole::Muted);
            }
        }
    }

    /// Draws an arrow from one row to the row before `to`, and returns `to`.
    fn arrow_down(&mut self, x: usize, from: usize, to: usize) -> usize {
        for y in from..to.saturating_sub(1) {
            let character = if self.grid.at(x, y) == "─" { "┼" } else { "│" };
            self.grid.put(x, y, character, TextRole::Muted);
        }
        self.grid.put(x, to.saturating_sub(1), "▼", TextRole::Muted);
        to
    }

    /// Draws a box, the box that leaves the flow beside it, and the arrow between; returns the first row that is free on the left.
    fn step(&mut self, stays: &BoxText, leaves: Option<&BoxText>, pair: Pair, y: usize) -> usize {
        let left_end = self.text_box(stays, pair.left, pair.box_width, y);
        let Some(leaves) = leaves else { return left_end };
        if !pair.is_beside() {
            let y = self.text_box(leaves, pair.side, pair.side_width, left_end + 1);
            self.grid.put(pair.left, left_end, "│", TextRole::Muted);
            self.grid.put(pair.left, left_end + 1, "└", TextRole::Muted);
            self.grid.put(pair.left + 1, left_end + 1, "→", TextRole::Muted);
            return y;
        }
        let right_end = self.text_box(leaves, pair.side, pair.side_width, y);
        let middle = y + (left_end.min(right_end) - y) / 2;
        self.grid.put(pair.left + pair.box_width, middle, &format!("{}→", "─".repeat(ARROW - 1)), TextRole::Muted);
        self.fill_down(pair.middle(), left_end, right_end);
        left_end.max(right_end)
    }

    /// Draws a box and returns the first row below it.
    fn text_box(&mut self, text: &BoxText, x: usize, width: usize, y: usize) -> usize {
        let lines = box_lines(text, width);
        let inner = width.saturating_sub(2);
        self.grid.put(x, y, &format!("┌{}┐", "─".repeat(inner)), TextRole::Muted);
        for (index, line) in lines.iter().enumerate() {
            let y = y + 1 + index;
            self.grid.put(x, y, "│", TextRole::Muted);
            self.grid.put(x + 2, y, line, TextRole::Normal);
            self.grid.put(x + width - 1, y, "│", TextRole::Muted);
        }
        let bottom = y + 1 + lines.len();
        self.grid.put(x, bottom, &format!("└{}┘", "─".repeat(inner)), TextRole::Muted);
        bottom + 1
    }
}

fn box_height(text: &BoxText, width: usize) -> usize {
    box_lines(text, width).len() + 2
}

/// Returns the lines of a box; a number follows its words on the same line where there is room.
fn box_lines(text: &BoxText, width: usize) -> Vec<String> {
    let room = width.saturating_sub(4).max(1);
    let mut lines: Vec<String> = Vec::new();
    for line in text {
        let indent = 2 * line.indent;
        let is_number = line.text.starts_with("(n\u{a0}");
        if let Some(last) = lines.last_mut().filter(|last| is_number && cells(last) + 1 + cells(&line.text) <= room) {
            last.push(' ');
            last.push_str(&line.text.replace('\u{a0}', " "));
            continue;
        }
        let parts = wrap(&line.text, room.saturating_sub(indent));
        let parts = if parts.len() > 1 && indent > 0 { wrap(&line.text, room.saturating_sub(indent + 2)) } else { parts };
        for (index, part) in parts.iter().enumerate() {
            let hang = if index > 0 && indent > 0 { 2 } else { 0 };
            lines.push(format!("{}{part}", " ".repeat(indent + hang)));
        }
    }
    lines
}
