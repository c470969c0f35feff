//! The funnel plot: effects against their standard errors, with the limits between which 95% would fall without bias and heterogeneity.
//!
//! Contours shade the regions of significance about the null value instead of the pooled effect (Peters JL et al., J Clin Epidemiol
//! 2008;61:991-6). With fewer than ten studies the picture says little about asymmetry; saying so is left to the caller.

use super::axis::{Axis, Scale, nice_end, nice_ticks};
use super::metrics::{CAP_HEIGHT, LINE_HEIGHT, text_width, widest, wrap};
use super::number;
use super::scene::{Anchor, Color, Scene, Shape, Stroke, Text, Weight};

/// Standard normal quantile of two-sided 95% limits.
const Z95: f64 = 1.959_963_984_540_054;
/// Quantiles of two-sided 0.10, 0.05 and 0.01, with the shade outside of each.
const CONTOURS: [(f64, Color, &str); 3] = [
    (2.575_829_303_548_901, Color(0xF3, 0xF3, 0xF3), "P < 0.01"),
    (Z95, Color(0xDA, 0xDA, 0xDA), "0.01 < P < 0.05"),
    (1.644_853_626_951_472, Color(0xBD, 0xBD, 0xBD), "0.05 < P < 0.10"),
];

/// A funnel plot, ready to be placed.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelModel {
    /// Title above the figure; may be empty.
    pub title: String,
    /// Name of the effect measure, under the axis ("Risk Ratio").
    pub measure: String,
    /// Name of the standard error, beside the upright axis (`SE(log[RR])`).
    pub standard_error: String,
    /// The axis of effects.
    pub axis: Axis,
    /// Standard error at the bottom.
    pub largest: f64,
    /// Pooled effect in the units of the axis labels, where the funnel stands; `None` draws no funnel.
    pub estimate: Option<f64>,
    /// The studies.
    pub points: Vec<FunnelPoint>,
    /// Whether regions of significance about the null value are shaded.
    pub contours: bool,
}

/// A study of the funnel plot.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelPoint {
    /// Name of the study.
    pub label: String,
    /// Its effect in the units of the axis labels: a ratio, not its logarithm.
    pub effect: f64,
    /// Standard error on the scale of pooling: of the logarithm for ratios.
    pub standard_error: f64,
}

impl FunnelModel {
    /// Creates a plot whose axes fit the points; studies without an effect or a positive standard error are left out.
    pub fn new(title: &str, measure: &str, scale: Scale, null: Option<f64>, estimate: Option<f64>, points: Vec<FunnelPoint>) -> Self {
        let known = |point: &FunnelPoint| {
            let has_effect = point.effect.is_finite() && (scale == Scale::Linear || point.effect > 0.0);
            has_effect && point.standard_error.is_finite() && point.standard_error > 0.0
        };
        let points: Vec<FunnelPoint> = points.into_iter().filter(known).collect();
        let estimate = estimate.filter(|value| !points.is_empty() && value.is_finite() && (scale == Scale::Linear || *value > 0.0));
        let largest = nice_end(points.iter().map(|point| point.standard_error).fold(0.0, f64::max));
        let mut values: Vec<f64> = points.iter().map(|point| point.effect).chain(estimate).collect();
        if let Some(estimate) = estimate {
            values.extend([shifted(scale, estimate, -Z95 * largest), shifted(scale, estimate, Z95 * largest)]);
        }
        values.extend(null);
        let mut axis = match scale {
            Scale::Log => Axis::automatic(scale, null, &values, &[]),
            Scale::Linear => Axis::automatic(scale, None, &values, &[]),
        };
        axis.null = null;
        let standard_error = match scale {
            Scale::Log => format!("SE(log[{measure}])"),
            Scale::Linear => format!("SE({measure})"),
        };
        let (title, measure) = (title.to_owned(), measure.to_owned());
        Self { title, measure, standard_error, axis, largest, estimate, points, contours: false }
    }

    /// Returns the same plot with regions of significance about the null value.
    pub fn with_contours(self) -> Self {
        Self { contours: true, ..self }
    }

    /// Returns the positions on the axis of both 95% limits at a standard error; `None` without a pooled effect.
    pub fn limits_at(&self, standard_error: f64) -> Option<(f64, f64)> {
        let estimate = self.estimate?;
        let limit = |sign: f64| self.axis.position(shifted(self.axis.scale, estimate, sign * Z95 * standard_error));
        Some((limit(-1.0), limit(1.0)))
    }

    /// Returns round standard errors for the labels of the upright axis, from 0 down to the largest.
    pub fn standard_error_ticks(&self) -> Vec<f64> {
        nice_ticks(0.0, self.largest)
    }
}

/// Moves a value by a distance on the scale of pooling.
fn shifted(scale: Scale, value: f64, by: f64) -> f64 {
    match scale {
        Scale::Linear => value + by,
        Scale::Log => value * by.exp(),
    }
}

const MARGIN: f64 = 14.0;
const WIDTH: f64 = 350.0;
const HEIGHT: f64 = 260.0;
const SIZE: f64 = 9.0;
const TITLE_SIZE: f64 = 11.0;
const TICK: f64 = 3.5;
const RADIUS: f64 = 2.8;
const FRAME: Stroke = Stroke::black(0.7);
const DOT: Color = Color(0x2F, 0x5F, 0xB3);
const GUIDE: Stroke = Stroke::black(0.7).colored(Color(0x55, 0x55, 0x55)).dashed(4.0, 3.0);

/// Returns the plot as a scene. Without points it has axes and says so.
pub fn layout(model: &FunnelModel) -> Scene {
    let ticks: Vec<(f64, String)> = model.standard_error_ticks().into_iter().map(|tick| (tick, number::tick(tick))).collect();
    let labels = widest(ticks.iter().map(|(_, label)| label.as_str()), SIZE, Weight::Regular);
    let left = MARGIN + SIZE * LINE_HEIGHT + 6.0 + labels + 5.0 + TICK;
    let width = left + WIDTH + MARGIN + 10.0;
    let mut shapes: Vec<Shape> = Vec::new();
    let mut top = MARGIN;
    if !model.title.is_empty() {
        for line in wrap(&model.title, width - 2.0 * MARGIN, TITLE_SIZE, Weight::Bold) {
            top += TITLE_SIZE * LINE_HEIGHT;
            shapes.push(Text::new(MARGIN, top - 3.0, line, TITLE_SIZE).bold().into());
        }
        top += 8.0;
    }
    let area = Area { model, left, top };
    shapes.push(Shape::group("contours", None, area.contours()));
    shapes.push(Shape::group("funnel", None, area.funnel()));
    shapes.extend(model.points.iter().map(|point| area.point(point)));
    shapes.push(Shape::Rect { x: left, y: top, width: WIDTH, height: HEIGHT, radius: 0.0, fill: None, stroke: Some(FRAME) });
    let mut axes = Vec::new();
    for (value, label) in ticks {
        let y = area.y(value);
        axes.push(Shape::line((left - TICK, y), (left, y), FRAME));
        axes.push(Text::new(left - TICK - 3.0, y + CAP_HEIGHT * SIZE / 2.0, label, SIZE).anchor(Anchor::End).into());
    }
    let bottom = top + HEIGHT;
    for (position, label) in model.axis.labels() {
        let x = left + WIDTH * position;
        axes.push(Shape::line((x, bottom), (x, bottom + TICK), FRAME));
        axes.push(Text::new(x, bottom + TICK + 2.0 + SIZE, label, SIZE).anchor(Anchor::Middle).into());
    }
    let mut y = bottom + TICK + SIZE + 6.0;
    for line in wrap(&model.measure, WIDTH, SIZE, Weight::Bold) {
        y += SIZE * LINE_HEIGHT;
        axes.push(Text::new(left + WIDTH / 2.0, y, line, SIZE).bold().anchor(Anchor::Middle).into());
    }
    let upright = Text::new(MARGIN + SIZE, top + HEIGHT / 2.0, model.standard_error.as_str(), SIZE);
    axes.push(upright.bold().anchor(Anchor::Middle).rotated(-90.0).into());
    shapes.push(Shape::group("axis", None, axes));
    if model.contours {
        y += 8.0;
        shapes.push(area.key(&mut y));
    }
    if model.points.is_empty() {
        let (x, middle) = (left + WIDTH / 2.0, top + HEIGHT / 2.0);
        shapes.push(
            Text::new(x, middle, "No study gives an effect and a standard error", SIZE).anchor(Anchor::Middle).color(Color::GREY).into(),
        );
    }
    let title = if model.title.is_empty() { "Funnel plot".to_owned() } else { format!("Funnel plot: {}", model.title) };
    let description = format!("{} studies: {} against standard error.", model.points.len(), model.measure);
    let mut scene = Scene::new(width, y + MARGIN, title, description);
    scene.shapes = shapes;
    scene
}

/// The framed area.
struct Area<'a> {
    model: &'a FunnelModel,
    left: f64,
    top: f64,
}

impl Area<'_> {
    fn y(&self, standard_error: f64) -> f64 {
        self.top + HEIGHT * (standard_error / self.model.largest).clamp(0.0, 1.0)
    }

    /// Returns the two lower corners of a triangle with its tip at `center`, and where its sides leave the frame.
    fn sides(&self, center: f64, quantile: f64) -> [Vec<(f64, f64)>; 2] {
        let axis = &self.model.axis;
        let tip = axis.position(center);
        [-1.0, 1.0].map(|sign| {
            let end = axis.position(shifted(axis.scale, center, sign * quantile * self.model.largest));
            let edge = end.clamp(0.0, 1.0);
            let share = if end == tip { 1.0 } else { ((edge - tip) / (end - tip)).clamp(0.0, 1.0) };
            let mut points = vec![(self.left + WIDTH * tip.clamp(0.0, 1.0), self.top)];
            points.push((self.left + WIDTH * edge, self.top + HEIGHT * share));
            if share < 1.0 {
                points.push((self.left + WIDTH * edge, self.top + HEIGHT));
            }
            points
        })
    }

    fn contours(&self) -> Vec<Shape> {
        let Some(null) = self.model.axis.null.filter(|_| self.model.contours) else { return Vec::new() };
        if !(0.0..=1.0).contains(&self.model.axis.position(null)) {
            return Vec::new();
        }
        let (right, bottom) = (self.left + WIDTH, self.top + HEIGHT);
        let frame = vec![(self.left, self.top), (right, self.top), (right, bottom), (self.left, bottom)];
        let mut shapes = vec![Shape::filled(frame, CONTOURS[0].1)];
        let inside = [CONTOURS[1].1, CONTOURS[2].1, Color::WHITE];
        for ((quantile, _, _), fill) in CONTOURS.into_iter().zip(inside) {
            let [left, right] = self.sides(null, quantile);
            shapes.push(Shape::filled(left.into_iter().rev().chain(right.into_iter().skip(1)).collect(), fill));
        }
        let x = self.left + WIDTH * self.model.axis.position(null);
        shapes.push(Shape::line((x, self.top), (x, bottom), FRAME));
        shapes
    }

    fn funnel(&self) -> Vec<Shape> {
        let Some(estimate) = self.model.estimate else { return Vec::new() };
        let position = self.model.axis.position(estimate);
        if !(0.0..=1.0).contains(&position) {
            return Vec::new();
        }
        let x = self.left + WIDTH * position;
        let mut shapes = vec![Shape::line((x, self.top), (x, self.top + HEIGHT), GUIDE)];
        for side in self.sides(estimate, Z95) {
            shapes.push(Shape::line(side[0], side[1], GUIDE));
        }
        shapes
    }

    fn point(&self, point: &FunnelPoint) -> Shape {
        let position = self.model.axis.position(point.effect).clamp(0.0, 1.0);
        let center = (self.left + WIDTH * position, self.y(point.standard_error));
        let outline = Some(Stroke::black(0.7).colored(Color::WHITE));
        let dot = Shape::Circle { center, radius: RADIUS, fill: Some(DOT), stroke: outline };
        let effect = number::estimate(point.effect);
        let title = format!("{}: {} {effect}, standard error {}", point.label, self.model.measure, number::fixed(point.standard_error, 4));
        Shape::group("study", Some(title), vec![dot])
    }

    /// Draws what the shades mean, below the axis.
    fn key(&self, y: &mut f64) -> Shape {
        let mut shapes = Vec::new();
        let mut x = self.left;
        *y += SIZE;
        for (fill, words) in
            [(Color::WHITE, "P > 0.10")].into_iter().chain(CONTOURS.into_iter().rev().map(|(_, fill, words)| (fill, words)))
        {
            shapes.push(Shape::Rect { x, y: *y - SIZE + 1.5, width: 9.0, height: 9.0, radius: 0.0, fill: Some(fill), stroke: Some(FRAME) });
            shapes.push(Text::new(x + 13.0, *y, words, SIZE).into());
            x += 13.0 + text_width(words, SIZE, Weight::Regular) + 14.0;
        }
        Shape::group("key", None, shapes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(effect: f64, standard_error: f64) -> FunnelPoint {
        FunnelPoint { label: "Study".to_owned(), effect, standard_error }
    }

    #[test]
    fn limits_of_ratios_are_symmetric_on_the_log_scale() {
        let model = FunnelModel::new("", "Risk Ratio", Scale::Log, Some(1.0), Some(1.0), vec![point(2.0, 0.4)]);
        let (low, high) = model.limits_at(0.4).unwrap();
        assert!((low + high - 1.0).abs() < 1e-12);
        let upper = (Z95 * 0.4f64).exp();
        assert!((model.axis.value_at(high) - upper).abs() < 1e-9, "1.959964 standard errors");
        assert_eq!(model.largest, 0.4);
    }

    #[test]
    fn studies_without_a_standard_error_are_left_out() {
        let points = vec![point(1.0, 0.0), point(f64::NAN, 0.3), point(0.0, 0.3), point(1.5, f64::INFINITY), point(1.5, 0.3)];
        assert_eq!(FunnelModel::new("", "RR", Scale::Log, Some(1.0), None, points).points.len(), 1);
    }

    #[test]
    fn an_empty_funnel_still_has_axes() {
        let scene = layout(&FunnelModel::new("", "MD", Scale::Linear, Some(0.0), None, Vec::new()));
        assert!(scene.shapes.len() > 3 && scene.width.is_finite() && scene.height.is_finite());
    }
}
