//! Figures of a review as plain models, laid out once and drawn twice: as text for a terminal and as a scene for SVG and pixels.
//!
//! Nothing here computes a result: the caller brings numbers and labels, `number` turns them into text, a model holds rows, boxes and points
//! in data units, `layout` places them in points, `text` places them in cells. No file, font or screen is touched.

pub mod axis;
pub mod bias;
pub mod clean;
pub mod flow;
pub mod forest;
pub mod funnel;
pub mod metrics;
mod metrics_table;
pub mod number;
pub mod scene;
pub mod svg;
pub mod text;
