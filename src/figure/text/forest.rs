//! The forest plot in terminal cells.
//!
//! Labels, effects, weights and plot are always there; columns of totals and then of data appear as the width allows (all from 140 cells for
//! the usual tables). Below about 60 cells the plot gives way to the numbers.

use super::grid::Grid;
use super::{TextLine, TextRole, cells, cut, cut_name, wrap};
use crate::figure::forest::{ColumnRole, Effect, Model, Row, RowKind};

const GAP: usize = 2;
/// Cells of an arm's name that are shown at least, and as many as are shown where there is room.
const ARM_NAME: usize = 12;
const ARM_NAME_ROOMY: usize = 28;
const LABEL_MIN: usize = 16;
const LABEL_USUAL: usize = 24;
const LABEL_MAX: usize = 40;
const PLOT_MIN: usize = 15;
const PLOT_USUAL: usize = 23;
const PLOT_MAX: usize = 61;

/// Returns the plot as lines no wider than `width` cells.
pub fn forest_text(model: &Model, width: u16) -> Vec<TextLine> {
    let width = usize::from(width).max(1);
    let table = Table::fit(model, width);
    let mut grid = Grid::new(width);
    let mut y = 0;
    if !model.title.is_empty() {
        for line in wrap(&model.title, width) {
            grid.put(0, y, &line, TextRole::Bold);
            y += 1;
        }
        y += 1;
    }
    y = table.header(model, &mut grid, y);
    let last = model.rows.iter().rposition(|row| row.effect.is_some() || matches!(row.kind, RowKind::Study | RowKind::Total));
    let split = last.map_or(0, |last| last + 1);
    let largest = model.largest_weight().unwrap_or(100.0);
    for row in &model.rows[..split] {
        let lines = table.row(model, row, &mut grid, y);
        for line in y..y + lines {
            table.null_line(model, &mut grid, line);
        }
        if let Some(effect) = &row.effect {
            table.effect(model, row, effect, largest, &mut grid, y);
        }
        y += lines;
    }
    let notes: Vec<String> = model.rows[split..].iter().map(|row| table.note(model, row)).collect();
    let beside = table.plot.is_some_and(|plot| notes.iter().all(|note| cells(note) + GAP <= plot.left));
    let axis_bottom = table.axis(model, &mut grid, y);
    if !beside {
        y = axis_bottom;
    }
    for line in notes.iter().flat_map(|note| wrap(note, width)) {
        grid.put(0, y, &line, TextRole::Normal);
        y += 1;
    }
    y = y.max(axis_bottom);
    for line in model.footnotes.iter().flat_map(|note| wrap(note, width)) {
        grid.put(0, y, &line, TextRole::Muted);
        y += 1;
    }
    grid.into_lines()
}

/// The columns that found room.
struct Table {
    columns: Vec<Placed>,
    plot: Option<Plot>,
    width: usize,
}

/// A shown column: its index in the model, and its cells.
#[derive(Clone, Copy)]
struct Placed {
    index: usize,
    left: usize,
    right: usize,
    role: ColumnRole,
}

/// The cells of the plot.
#[derive(Clone, Copy)]
struct Plot {
    left: usize,
    width: usize,
}

impl Table {
    /// Chooses columns for a width: label and effect first, then plot, weight, totals, data.
    fn fit(model: &Model, width: usize) -> Self {
        let natural: Vec<usize> = (0..model.columns.len()).map(|index| natural_width(model, index)).collect();
        let of_role = |role: ColumnRole| model.columns.iter().enumerate().filter(move |(_, column)| column.role == role).map(|(i, _)| i);
        let label = natural.first().copied().unwrap_or(0).clamp(LABEL_MIN, LABEL_MAX);
        let mut shown: Vec<usize> = of_role(ColumnRole::Effect).collect();
        let widths = |shown: &[usize], arm_name: usize| -> Vec<usize> {
            shown.iter().map(|index| width_among(model, &natural, shown, *index, arm_name)).collect()
        };
        let needed = |shown: &[usize]| widths(shown, ARM_NAME).iter().map(|cells| cells + GAP).sum::<usize>();
        let has_plot = label.min(LABEL_USUAL) + needed(&shown) + GAP + PLOT_MIN <= width;
        for role in [ColumnRole::Weight, ColumnRole::Total, ColumnRole::Data] {
            let mut wider = shown.clone();
            wider.extend(of_role(role));
            let plot = if role == ColumnRole::Weight { PLOT_MIN } else { PLOT_USUAL };
            if !has_plot || label.min(LABEL_USUAL) + needed(&wider) + GAP + plot > width {
                break;
            }
            shown = wider;
        }
        shown.sort_unstable();
        let roomy = widths(&shown, ARM_NAME_ROOMY);
        let roomy_needed = roomy.iter().map(|cells| cells + GAP).sum::<usize>();
        let is_roomy = label + roomy_needed + GAP + PLOT_USUAL <= width;
        let (widths, needed) = if is_roomy { (roomy, roomy_needed) } else { (widths(&shown, ARM_NAME), needed(&shown)) };
        let rest = width.saturating_sub(needed);
        let label = if has_plot {
            let roomy = rest.saturating_sub(GAP + PLOT_USUAL);
            label.min(roomy.max(label.min(LABEL_USUAL)))
        } else {
            label.min(rest.max(1))
        };
        let mut columns = vec![Placed { index: 0, left: 0, right: label, role: ColumnRole::Label }];
        let mut x = label;
        for (index, cells) in shown.into_iter().zip(widths) {
            let left = x + GAP;
            x = left + cells;
            columns.push(Placed { index, left, right: x, role: model.columns[index].role });
        }
        let plot = has_plot.then(|| {
            let room = width.saturating_sub(x + GAP).min(PLOT_MAX);
            Plot { left: x + GAP, width: room - usize::from(room.is_multiple_of(2)) }
        });
        Self { columns, plot, width: plot.map_or(x, |plot| plot.left + plot.width).min(width) }
    }

    fn header(&self, model: &Model, grid: &mut Grid, y: usize) -> usize {
        let mut groups: Vec<(usize, usize, usize, &str)> = Vec::new();
        for placed in self.columns.iter().filter(|placed| placed.role != ColumnRole::Effect) {
            let Some(group) = model.columns[placed.index].group.as_deref() else { continue };
            let arm = arm_of(model, placed.index);
            match groups.last_mut() {
                Some((last, _, right, _)) if *last == arm => *right = placed.right,
                _ => groups.push((arm, placed.left, placed.right, group)),
            }
        }
        for (_, left, right, group) in groups {
            grid.put_middle(left, right, y, &cut(group, right - left), TextRole::Bold);
        }
        let effect = self.columns.iter().find(|placed| placed.role == ColumnRole::Effect);
        let spans: Vec<(usize, usize)> = match (effect, self.plot) {
            (Some(effect), Some(plot)) => {
                let longest = cells(&model.measure).max(cells(&model.method));
                if longest <= (effect.right - effect.left).min(plot.width) {
                    vec![(effect.left, effect.right), (plot.left, plot.left + plot.width)]
                } else {
                    vec![(effect.left, plot.left + plot.width)]
                }
            }
            (Some(effect), None) => vec![(effect.left, effect.right)],
            _ => Vec::new(),
        };
        for (left, right) in spans {
            grid.put_middle(left, right, y, &cut(&model.measure, right - left), TextRole::Bold);
            grid.put_middle(left, right, y + 1, &cut(&model.method, right - left), TextRole::Bold);
        }
        for placed in self.columns.iter().filter(|placed| placed.role != ColumnRole::Effect) {
            let heading = cut(&model.columns[placed.index].heading, placed.right - placed.left);
            match placed.role {
                ColumnRole::Label => grid.put(placed.left, y + 1, &heading, TextRole::Bold),
                _ => grid.put_end(placed.right, y + 1, &heading, TextRole::Bold),
            }
        }
        grid.put(0, y + 2, &"─".repeat(self.width), TextRole::Muted);
        y + 3
    }

    /// Writes the text of a row and returns how many lines it took.
    fn row(&self, model: &Model, row: &Row, grid: &mut Grid, y: usize) -> usize {
        grid.grow(y + 1);
        let role = if row.kind.is_bold() { TextRole::Bold } else { TextRole::Normal };
        if matches!(row.kind, RowKind::Note | RowKind::SubgroupTitle) {
            let room = self.plot.map_or(self.width, |plot| plot.left.saturating_sub(GAP));
            let lines = wrap(&self.note(model, row), room);
            for (index, line) in lines.iter().enumerate() {
                grid.put(0, y + index, line, role);
            }
            return lines.len();
        }
        for placed in &self.columns {
            let (cell, room) = (row.cell(placed.index), placed.right - placed.left);
            match placed.role {
                ColumnRole::Label => grid.put(placed.left, y, &cut_name(cell, room), role),
                _ => grid.put_end(placed.right, y, &cut(cell, room), role),
            }
        }
        1
    }

    /// Returns a row of text alone; numbers whose columns found no room follow the label, with the name of their arm.
    fn note(&self, model: &Model, row: &Row) -> String {
        let mut text = row.cell(0).to_owned();
        let mut numbers = Vec::new();
        for (index, cell) in row.cells.iter().enumerate().skip(1).filter(|(_, cell)| !cell.is_empty()) {
            let arm = model.columns.get(index).and_then(|column| column.group.as_deref());
            numbers.push(arm.map_or_else(|| cell.clone(), |arm| format!("{cell} ({arm})")));
        }
        if !numbers.is_empty() {
            text = format!("{text} {}", numbers.join(", "));
        }
        text
    }

    fn null_line(&self, model: &Model, grid: &mut Grid, y: usize) {
        if let (Some(plot), Some(null)) = (self.plot, model.axis.null) {
            let x = plot.left + plot.cell(model.axis.position(null));
            if grid.at(x, y) == " " {
                grid.put(x, y, "│", TextRole::Axis);
            }
        }
    }

    fn effect(&self, model: &Model, row: &Row, effect: &Effect, largest: f64, grid: &mut Grid, y: usize) {
        let Some(plot) = self.plot else { return };
        let axis = &model.axis;
        let (low, high) = (axis.position(effect.low), axis.position(effect.high));
        let (line, crossing, role) = match row.kind {
            RowKind::Subtotal | RowKind::Total => ("━", "┿", TextRole::Diamond),
            RowKind::Prediction => ("╌", "┼", TextRole::Interval),
            _ => ("─", "┼", TextRole::Interval),
        };
        let null = axis.null.map(|null| plot.cell(axis.position(null)));
        let (first, last) = (plot.cell(low), plot.cell(high));
        for cell in first..=last {
            let character = if Some(cell) == null { crossing } else { line };
            grid.put(plot.left + cell, y, character, role);
        }
        if low < -1e-9 {
            grid.put(plot.left + first, y, "←", role);
        }
        if high > 1.0 + 1e-9 {
            grid.put(plot.left + last, y, "→", role);
        }
        let point = axis.position(effect.point);
        if row.kind == RowKind::Prediction || !(-1e-9..=1.0 + 1e-9).contains(&point) {
            return;
        }
        let x = plot.left + plot.cell(point);
        match row.kind {
            RowKind::Subtotal | RowKind::Total => grid.put(x, y, "◆", TextRole::Diamond),
            _ if row.weight.is_some_and(|weight| weight >= largest / 3.0) => grid.put(x, y, "■", TextRole::Estimate),
            _ => grid.put(x, y, "▪", TextRole::Estimate),
        }
    }

    /// Draws axis, tick labels and the words below, and returns the first free row.
    fn axis(&self, model: &Model, grid: &mut Grid, y: usize) -> usize {
        let Some(plot) = self.plot else { return y };
        grid.put(plot.left, y, &"─".repeat(plot.width), TextRole::Axis);
        let mut free = plot.left.saturating_sub(GAP);
        let labels = model.axis.labels();
        let count = labels.len();
        for (index, (position, label)) in labels.into_iter().enumerate() {
            let x = plot.left + plot.cell(position);
            grid.put(x, y, "┴", TextRole::Axis);
            let wide = cells(&label);
            let start = (x + 1).saturating_sub(wide.div_ceil(2)).min((plot.left + plot.width).saturating_sub(wide));
            let is_end = index == 0 || index + 1 == count;
            if start >= free || (is_end && free <= plot.left) {
                grid.put(start, y + 1, &label, TextRole::Axis);
                free = start + wide + 1;
            }
        }
        let Some(favours) = &model.favours else { return y + 2 };
        let centre = plot.left + model.axis.null.map_or(plot.width / 2, |null| plot.cell(model.axis.position(null)));
        let right = plot.left + plot.width;
        let halves = [
            (plot.left, centre, wrap(&favours.left, centre.saturating_sub(plot.left + 1))),
            (centre + 1, right, wrap(&favours.right, right.saturating_sub(centre + 2))),
        ];
        if halves.iter().any(|(_, _, lines)| lines.len() > 2) {
            let (toward_left, toward_right) = (format!("← {}", favours.left), format!("{} →", favours.right));
            let longest = cells(&toward_left).max(cells(&toward_right));
            grid.put(plot.left.min(right.saturating_sub(longest)), y + 2, &toward_left, TextRole::Axis);
            grid.put_end(right, y + 3, &toward_right, TextRole::Axis);
            return y + 4;
        }
        let mut bottom = y + 2;
        for (from, to, lines) in halves {
            for (index, line) in lines.iter().enumerate() {
                grid.put_middle(from, to, y + 2 + index, line, TextRole::Axis);
            }
            bottom = bottom.max(y + 2 + lines.len());
        }
        bottom
    }
}

impl Plot {
    /// Returns the cell of a position on the axis; what lies beyond gets the first or the last.
    fn cell(self, position: f64) -> usize {
        (position.clamp(0.0, 1.0) * (self.width - 1) as f64).round() as usize
    }
}

/// Returns the cells that a column needs; text of notes and titles does not count.
fn natural_width(model: &Model, index: usize) -> usize {
    let rows = model.rows.iter().filter(|row| !matches!(row.kind, RowKind::Note | RowKind::SubgroupTitle));
    let widest = rows.map(|row| cells(row.cell(index))).max().unwrap_or(0);
    let column = &model.columns[index];
    if column.role == ColumnRole::Effect { widest.max(16) } else { widest.max(cells(&column.heading)) }
}

/// Returns the cells of a column among those that are shown: the first of an arm is wide enough for the arm's name to be read.
fn width_among(model: &Model, natural: &[usize], shown: &[usize], index: usize, arm_name: usize) -> usize {
    let column = &model.columns[index];
    let Some(group) = column.group.as_deref() else { return natural[index] };
    if column.role == ColumnRole::Effect {
        return natural[index].max(cells(group).max(cells(&column.heading)).min(arm_name));
    }
    let arm = arm_of(model, index);
    let of_arm = || shown.iter().copied().filter(|other| model.columns[*other].group.is_some() && arm_of(model, *other) == arm);
    let of_arm = || of_arm().filter(|other| model.columns[*other].role != ColumnRole::Effect);
    if of_arm().min() != Some(index) {
        return natural[index];
    }
    let inner = of_arm().map(|other| natural[other] + GAP).sum::<usize>() - GAP;
    natural[index] + cells(group).min(arm_name).saturating_sub(inner)
}

/// Returns the ordinal of the arm to which a column belongs: arms may have the same name, so totals end one.
fn arm_of(model: &Model, index: usize) -> usize {
    model.columns[..index].iter().filter(|column| column.role == ColumnRole::Total).count()
}
