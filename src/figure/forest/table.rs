//! The table left of the plot: columns measured, headings, and the text of rows.

use super::layout::{LINE, MARGIN, PLOT, ROW, RULE, SIZE, THIN, baseline};
use super::{ColumnRole, Model, Row, RowKind};
use crate::figure::metrics::{text_width, widest, wrap};
use crate::figure::scene::{Anchor, Shape, Stroke, Text, Weight};

const COLUMN_GAP: f64 = 9.0;
const GROUP_GAP: f64 = 15.0;
const LABEL_MAX: f64 = 190.0;
const HEADING_MAX: f64 = 120.0;

/// Columns of the table with their places.
pub(super) struct Table {
    /// Left and right edge of each column.
    columns: Vec<(f64, f64)>,
    /// Alignment of each column.
    anchors: Vec<Anchor>,
    /// Width of all columns.
    pub width: f64,
    groups: Vec<Group>,
}

/// Neighbouring columns under one heading.
struct Group {
    lines: Vec<String>,
    left: f64,
    right: f64,
    spans: bool,
}

impl Table {
    /// Finds the places of all columns.
    pub fn measure(model: &Model) -> Self {
        let anchors: Vec<Anchor> = model
            .columns
            .iter()
            .map(|column| match column.role {
                ColumnRole::Label => Anchor::Start,
                _ => Anchor::End,
            })
            .collect();
        let mut widths: Vec<f64> = model.columns.iter().map(|column| text_width(&column.heading, SIZE, Weight::Bold)).collect();
        for row in &model.rows {
            let spanning = is_spanning(row);
            let weight = weight_of(row.kind);
            for (index, width) in widths.iter_mut().enumerate() {
                if !spanning || index > 0 {
                    *width = width.max(text_width(row.cell(index), SIZE, weight));
                }
            }
        }
        if let Some(label) = widths.first_mut() {
            *label = label.clamp(90.0, LABEL_MAX);
        }
        let spans = group_spans(model);
        let mut headings = Vec::new();
        for &(first, last) in &spans {
            let inner = widths[first..=last].iter().sum::<f64>() + COLUMN_GAP * (last - first) as f64;
            let heading = model.columns[first].group.as_deref().unwrap_or_default();
            let lines = wrap(heading, inner.max(HEADING_MAX), SIZE, Weight::Bold);
            let missing = widest(lines.iter().map(String::as_str), SIZE, Weight::Bold) - inner;
            if missing > 0.0 {
                let share = missing / (last - first + 1) as f64;
                widths[first..=last].iter_mut().for_each(|width| *width += share);
            }
            headings.push(lines);
        }
        let starts_group = |index: usize| spans.iter().any(|&(first, last)| first == index || last + 1 == index);
        let mut columns = Vec::new();
        let mut x = MARGIN;
        for (index, width) in widths.iter().enumerate() {
            if index > 0 {
                x += if starts_group(index) { GROUP_GAP } else { COLUMN_GAP };
            }
            columns.push((x, x + width));
            x += width;
        }
        let groups = spans
            .iter()
            .zip(headings)
            .map(|(&(first, last), lines)| Group { lines, left: columns[first].0, right: columns[last].1, spans: last > first })
            .collect();
        Self { columns, anchors, width: x - MARGIN, groups }
    }

    /// Draws the headings from `y` downward and returns them with the bottom edge.
    pub fn header(&self, model: &Model, plot_left: f64, y: f64) -> (Vec<Shape>, f64) {
        let measure = wrap(&model.measure, PLOT, SIZE, Weight::Bold);
        let group_lines = self.groups.iter().map(|group| group.lines.len()).chain([measure.len()]).max().unwrap_or(0);
        let group_bottom = y + group_lines as f64 * LINE;
        let mut shapes = Vec::new();
        let stack = |lines: &[String], x: f64, shapes: &mut Vec<Shape>| {
            let first = group_bottom - lines.len() as f64 * LINE;
            for (index, line) in lines.iter().enumerate() {
                let y = first + (index as f64 + 0.8) * LINE;
                shapes.push(Text::new(x, y, line.as_str(), SIZE).bold().anchor(Anchor::Middle).into());
            }
        };
        for group in &self.groups {
            stack(&group.lines, f64::midpoint(group.left, group.right), &mut shapes);
            if group.spans && group.lines.iter().any(|line| !line.is_empty()) {
                let rule = group_bottom + 0.5;
                shapes.push(Shape::line((group.left, rule), (group.right, rule), Stroke::black(THIN).colored(RULE)));
            }
        }
        let middle = plot_left + PLOT / 2.0;
        stack(&measure, middle, &mut shapes);
        let y = group_bottom + 0.95 * LINE;
        for (index, column) in model.columns.iter().enumerate() {
            let (left, right) = self.columns[index];
            shapes.push(match column.role {
                ColumnRole::Effect => {
                    Text::new(f64::midpoint(left, right), y, column.heading.as_str(), SIZE).bold().anchor(Anchor::Middle).into()
                }
                _ => self.text(index, y, &column.heading, Weight::Bold),
            });
        }
        shapes.push(Text::new(middle, y, model.method.as_str(), SIZE).bold().anchor(Anchor::Middle).into());
        (shapes, group_bottom + 1.4 * LINE)
    }

    fn text(&self, index: usize, y: f64, content: &str, weight: Weight) -> Shape {
        let (left, right) = self.columns[index];
        let anchor = self.anchors[index];
        let x = match anchor {
            Anchor::Start => left,
            Anchor::Middle => f64::midpoint(left, right),
            Anchor::End => right,
        };
        Text::new(x, y, content, SIZE).weight(weight).anchor(anchor).into()
    }

    fn label_lines(&self, row: &Row) -> Vec<String> {
        let (left, right) = self.columns.first().copied().unwrap_or((MARGIN, MARGIN + self.width));
        let room = if is_spanning(row) { self.width } else { right - left };
        wrap(row.cell(0), room, SIZE, weight_of(row.kind))
    }

    /// Returns the height of a row in points.
    pub fn height(&self, row: &Row) -> f64 {
        match row.kind {
            RowKind::Blank => ROW / 2.0,
            _ => ROW + (self.label_lines(row).len() - 1) as f64 * LINE,
        }
    }

    /// Draws the text of a row whose top edge is at `y`.
    pub fn row(&self, row: &Row, y: f64) -> Vec<Shape> {
        let weight = weight_of(row.kind);
        let middle = y + self.height(row) / 2.0;
        let mut shapes = Vec::new();
        for (index, line) in self.label_lines(row).into_iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            let y = baseline(y + ROW / 2.0 + index as f64 * LINE, SIZE);
            shapes.push(Text::new(MARGIN, y, line, SIZE).weight(weight).into());
        }
        for index in 1..self.columns.len() {
            let content = row.cell(index);
            if !content.is_empty() {
                shapes.push(self.text(index, baseline(middle, SIZE), content, weight));
            }
        }
        shapes
    }
}

/// Whether the first cell may fill the room of the columns on its right.
fn is_spanning(row: &Row) -> bool {
    matches!(row.kind, RowKind::Note | RowKind::SubgroupTitle) && row.cells.iter().skip(1).all(String::is_empty)
}

const fn weight_of(kind: RowKind) -> Weight {
    if kind.is_bold() { Weight::Bold } else { Weight::Regular }
}

/// Returns first and last index of neighbouring columns with the same group heading; the effect's heading is a group of one.
fn group_spans(model: &Model) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (index, column) in model.columns.iter().enumerate() {
        if column.group.is_none() {
            continue;
        }
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == index && same_group(model, *last, index) => *last = index,
            _ => spans.push((index, index)),
        }
    }
    spans
}

/// Whether two neighbours share a heading: two arms of the same name are told apart by the column that begins again.
fn same_group(model: &Model, left: usize, right: usize) -> bool {
    let (left, right) = (&model.columns[left], &model.columns[right]);
    left.group == right.group && left.role != ColumnRole::Total && right.role != ColumnRole::Effect
}
