//! The funnel plot in terminal cells.

use super::grid::Grid;
use super::{TextLine, TextRole, cells, cut, wrap};
use crate::figure::funnel::FunnelModel;
use crate::figure::number;

const PLOT_MAX: usize = 81;
/// Cells are about twice as high as wide; the plot is about four to three.
const HEIGHT_MIN: usize = 11;
const HEIGHT_MAX: usize = 25;

/// Returns the plot as lines no wider than `width` cells; studies in one cell are counted.
pub fn funnel_text(model: &FunnelModel, width: u16) -> Vec<TextLine> {
    let width = usize::from(width).max(1);
    let mut grid = Grid::new(width);
    let mut y = 0;
    for line in wrap(&model.title, width).iter().filter(|line| !line.is_empty()) {
        grid.put(0, y, line, TextRole::Bold);
        y += 1;
    }
    y += usize::from(y > 0);
    grid.put(0, y, &cut(&model.standard_error, width), TextRole::Bold);
    y += 1;
    let ticks: Vec<(f64, String)> = model.standard_error_ticks().into_iter().map(|tick| (tick, number::tick(tick))).collect();
    let labels = ticks.iter().map(|(_, label)| cells(label)).max().unwrap_or(0);
    let left = labels + 2;
    let columns = width.saturating_sub(left).clamp(1, PLOT_MAX);
    let rows = (columns * 3 / 8).clamp(HEIGHT_MIN, HEIGHT_MAX);
    let column = |position: f64| (position * (columns - 1) as f64).round() as usize;
    let row = |standard_error: f64| ((standard_error / model.largest).clamp(0.0, 1.0) * (rows - 1) as f64).round() as usize;
    let is_inside = |position: f64| (0.0..=1.0).contains(&position);

    for line in 0..rows {
        grid.put(left - 1, y + line, "│", TextRole::Axis);
        let standard_error = model.largest * line as f64 / (rows - 1) as f64;
        if let Some(limits) = model.limits_at(standard_error) {
            let estimate = model.limits_at(0.0).map_or(f64::NAN, |(position, _)| position);
            for (position, character) in [(limits.0, "·"), (limits.1, "·"), (estimate, "│")] {
                if is_inside(position) {
                    grid.put(left + column(position), y + line, character, TextRole::Muted);
                }
            }
        }
    }
    let mut counts = std::collections::BTreeMap::new();
    for point in &model.points {
        let position = model.axis.position(point.effect).clamp(0.0, 1.0);
        *counts.entry((row(point.standard_error), column(position))).or_insert(0usize) += 1;
    }
    for ((row, column), count) in counts {
        let text = match count {
            1 => "●".to_owned(),
            2..=9 => count.to_string(),
            _ => "+".to_owned(),
        };
        grid.put(left + column, y + row, &text, TextRole::Estimate);
    }
    for (tick, label) in ticks {
        let line = y + row(tick);
        grid.put_end(left - 1, line, &label, TextRole::Axis);
        grid.put(left - 1, line, "┤", TextRole::Axis);
    }
    y += rows;
    grid.put(left - 1, y, &format!("└{}", "─".repeat(columns)), TextRole::Axis);
    let mut free = 0;
    for (position, label) in model.axis.labels() {
        let x = left + column(position);
        grid.put(x, y, "┴", TextRole::Axis);
        let wide = cells(&label);
        let start = (x + 1).saturating_sub(wide.div_ceil(2)).min((left + columns).saturating_sub(wide));
        if start >= free {
            grid.put(start, y + 1, &label, TextRole::Axis);
            free = start + wide + 1;
        }
    }
    grid.put_middle(left, left + columns, y + 2, &cut(&model.measure, width), TextRole::Bold);
    if model.points.is_empty() {
        grid.put(0, y + 3, &cut("No study gives an effect and a standard error", width), TextRole::Muted);
    }
    grid.into_lines()
}
