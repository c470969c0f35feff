//! Places a forest plot on a page: the table is measured first, the plot stands to its right, the axis below the last effect.

use super::lights::Lights;
use super::plot::Plot;
use super::table::Table;
use super::{ColumnRole, Model, Row, RowKind};
use crate::figure::bias::{BiasModel, Palette};
use crate::figure::metrics::{CAP_HEIGHT, LINE_HEIGHT, wrap};
use crate::figure::scene::{Color, Scene, Shape, Stroke, Text, Weight};

pub(super) const MARGIN: f64 = 14.0;
pub(super) const SIZE: f64 = 9.0;
const TITLE_SIZE: f64 = 11.0;
pub(super) const SMALL: f64 = 8.0;
pub(super) const ROW: f64 = 14.5;
pub(super) const LINE: f64 = SIZE * LINE_HEIGHT;
pub(super) const PLOT: f64 = 210.0;
const PLOT_GAP: f64 = 18.0;
pub(super) const THIN: f64 = 0.6;
pub(super) const RULE: Color = Color(0x8A, 0x8A, 0x8A);

/// Returns the figure as a scene; its size follows from the text. A model without rows gives headings and an axis.
pub fn layout(model: &Model) -> Scene {
    place(model, None)
}

/// Returns the figure with the risk of bias of its studies right of the plot; studies are found by their labels.
pub fn layout_with_bias(model: &Model, bias: &BiasModel, palette: Palette) -> Scene {
    place(model, Some(&Lights { bias, palette }))
}

fn place(model: &Model, lights: Option<&Lights<'_>>) -> Scene {
    let table = Table::measure(model);
    let plot = Plot { model, left: MARGIN + table.width + PLOT_GAP };
    let right_of_plot = plot.left + PLOT;
    let width = right_of_plot + lights.map_or(0.0, Lights::width) + MARGIN;
    let mut shapes = Vec::new();

    let mut y = MARGIN;
    if !model.title.is_empty() {
        for line in wrap(&model.title, width - 2.0 * MARGIN, TITLE_SIZE, Weight::Bold) {
            y += TITLE_SIZE * LINE_HEIGHT;
            shapes.push(Text::new(MARGIN, y - 3.0, line, TITLE_SIZE).bold().into());
        }
        y += 6.0;
    }
    let (header, header_bottom) = table.header(model, plot.left, y);
    shapes.push(Shape::group("header", None, header));
    if let Some(lights) = lights {
        shapes.push(lights.header(right_of_plot, header_bottom));
    }
    shapes.push(Shape::line((MARGIN, header_bottom), (width - MARGIN, header_bottom), Stroke::black(THIN).colored(RULE)));

    let heights: Vec<f64> = model.rows.iter().map(|row| table.height(row)).collect();
    let last_effect = model.rows.iter().rposition(|row| row.effect.is_some() || matches!(row.kind, RowKind::Study | RowKind::Total));
    let top = header_bottom + 3.0;
    let plot_rows = last_effect.map_or(ROW, |last| heights[..=last].iter().sum());
    let axis_y = top + plot_rows + 4.0;
    shapes.push(plot.null_line(header_bottom, axis_y));

    let largest = model.largest_weight().unwrap_or(100.0);
    y = top;
    for (row, height) in model.rows.iter().zip(&heights) {
        let mut drawn = table.row(row, y);
        drawn.extend(plot.effect(row, y + height / 2.0, largest));
        drawn.extend(lights.map(|lights| lights.row(row, right_of_plot, y + height / 2.0)).unwrap_or_default());
        if !drawn.is_empty() {
            shapes.push(Shape::group(class(row.kind), title(model, row), drawn));
        }
        y += height;
    }
    let (axis, axis_bottom) = plot.axis(axis_y);
    shapes.push(Shape::group("axis", None, axis));
    let mut bottom = y.max(axis_bottom);
    for footnote in &model.footnotes {
        bottom += 4.0;
        for line in wrap(footnote, width - 2.0 * MARGIN, SMALL, Weight::Regular) {
            bottom += SMALL * LINE_HEIGHT;
            shapes.push(Text::new(MARGIN, bottom, line, SMALL).into());
        }
    }
    if let Some(lights) = lights {
        let (key, end) = lights.key(width, bottom + 4.0);
        shapes.push(key);
        bottom = end;
    }
    let mut scene = Scene::new(width, bottom + MARGIN, page_title(model), model.description.clone());
    scene.shapes = shapes;
    scene
}

fn page_title(model: &Model) -> String {
    if model.title.is_empty() { "Forest plot".to_owned() } else { format!("Forest plot: {}", model.title) }
}

const fn class(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Study => "study",
        RowKind::SubgroupTitle => "subgroup",
        RowKind::Subtotal => "subtotal",
        RowKind::Total => "total",
        RowKind::Prediction => "prediction",
        RowKind::Note => "note",
        RowKind::Blank => "blank",
    }
}

/// Returns what a row says in one sentence, for people who point at it or listen.
fn title(model: &Model, row: &Row) -> Option<String> {
    if matches!(row.kind, RowKind::Note | RowKind::Blank | RowKind::SubgroupTitle) {
        return None;
    }
    let effect = model.column(ColumnRole::Effect).map_or("", |column| row.cell(column));
    let weight = model.column(ColumnRole::Weight).map_or("", |column| row.cell(column));
    let weight = if weight.is_empty() { String::new() } else { format!(", weight {weight}") };
    Some(format!("{}: {} {effect}{weight}", row.cell(0), model.measure))
}

/// Returns the baseline that centres one line of text on `y`.
pub(super) fn baseline(y: f64, size: f64) -> f64 {
    y + CAP_HEIGHT * size / 2.0
}
