//! The forest plot as a model: columns and rows of formatted text, effects in the units of the axis.
//!
//! The layout is RevMan's: every column stands left of the plot, squares are sized by weight, a black diamond shows what was pooled, rows
//! that cannot give an effect stay and say so. [`Builder`] makes a model from plain numbers; [`layout`] places it on a page; the terminal
//! version is in `figure::text`.

mod build;
mod data;
mod layout;
mod lights;
mod lines;
mod plot;
mod table;

pub use build::{Builder, Favours, Head, Pooled};
pub use data::{DataColumns, EventArm, MeanArm, Study, StudyData};
pub use layout::{layout, layout_with_bias};
pub use lines::{Heterogeneity, OverallTest, heterogeneity_line, overall_effect_line, subgroup_difference_line};

use super::axis::Axis;
use super::number;
use super::scene::Color;

/// A forest plot, ready to be placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Title above the figure; may be empty.
    pub title: String,
    /// What the figure shows, for people who listen to it; may be empty.
    pub description: String,
    /// Columns left of the plot, in order.
    pub columns: Vec<Column>,
    /// Rows from top to bottom.
    pub rows: Vec<Row>,
    /// The axis under the plot.
    pub axis: Axis,
    /// Words under the axis: which side favours what.
    pub favours: Option<Favours>,
    /// Name of the effect measure, above the plot ("Mean Difference").
    pub measure: String,
    /// Method, model and level, above the plot ("IV, Random, 95% CI").
    pub method: String,
    /// Lines under the whole figure.
    pub footnotes: Vec<String>,
    /// Colour of the squares.
    pub square: Color,
}

/// A column left of the plot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading of the column.
    pub heading: String,
    /// Heading above this and neighbouring columns of the same group (the arm); `None` for none.
    pub group: Option<String>,
    /// What the column holds; narrow renderers drop columns by it.
    pub role: ColumnRole,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnRole {
    /// Names of studies and subgroups; aligned left, always shown.
    Label,
    /// Data of an arm: events, mean, standard deviation, estimate.
    Data,
    /// Number of participants of an arm.
    Total,
    /// Share in the pooled effect.
    Weight,
    /// The effect and its interval as text; always shown.
    Effect,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// One study.
    Study,
    /// Title of a subgroup.
    SubgroupTitle,
    /// Pooled effect of a subgroup.
    Subtotal,
    /// Pooled effect of all studies.
    Total,
    /// Interval in which the effect of a new study is expected.
    Prediction,
    /// Text only: heterogeneity, tests, total events.
    Note,
    /// An empty line.
    Blank,
}

impl RowKind {
    /// Whether the row shows a pooled effect, as a diamond.
    pub const fn is_pooled(self) -> bool {
        matches!(self, Self::Subtotal | Self::Total)
    }

    /// Whether the text of the row is bold.
    pub const fn is_bold(self) -> bool {
        matches!(self, Self::SubgroupTitle | Self::Subtotal | Self::Total)
    }
}

/// A row of the table and what the plot shows beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What the row is.
    pub kind: RowKind,
    /// Formatted text, one cell per column; missing cells are empty. Titles and notes may fill the room of empty cells on their right.
    pub cells: Vec<String>,
    /// Effect to draw; `None` draws nothing.
    pub effect: Option<Effect>,
    /// Weight in percent; sizes the square.
    pub weight: Option<f64>,
}

impl Row {
    /// Creates a row that is text across all columns.
    pub fn text(kind: RowKind, text: impl Into<String>) -> Self {
        Self { kind, cells: vec![text.into()], effect: None, weight: None }
    }

    /// Returns the text of a column; empty when the row has none there.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// An effect and its interval in the units of the axis labels: ratios, not their logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The estimate.
    pub point: f64,
    /// Lower limit of the interval.
    pub low: f64,
    /// Upper limit of the interval.
    pub high: f64,
}

impl Effect {
    /// Creates an effect; the limits are put in order. `None` when one of the numbers is NaN: such an effect is not estimable.
    pub fn new(point: f64, low: f64, high: f64) -> Option<Self> {
        let known = !(point.is_nan() || low.is_nan() || high.is_nan());
        known.then(|| Self { point, low: low.min(high), high: low.max(high) })
    }

    /// Creates the effect of a ratio from its logarithm.
    pub fn from_log(point: f64, low: f64, high: f64) -> Option<Self> {
        Self::new(point.exp(), low.exp(), high.exp())
    }

    /// Returns the effect as text: `-1.27 [-16.47, 13.94]`.
    pub fn text(&self) -> String {
        number::estimate_with_interval(self.point, self.low, self.high)
    }
}

impl Model {
    /// Returns the index of the column with a role; the first if there are several.
    pub fn column(&self, role: ColumnRole) -> Option<usize> {
        self.columns.iter().position(|column| column.role == role)
    }

    /// Returns the largest weight of a study, in percent; `None` when no study has one.
    pub fn largest_weight(&self) -> Option<f64> {
        let weights = self.rows.iter().filter(|row| row.kind == RowKind::Study).filter_map(|row| row.weight);
        weights.filter(|weight| weight.is_finite() && *weight > 0.0).reduce(f64::max)
    }
}
