//! The area right of the table: squares, lines, diamonds, and the axis below them.

use super::layout::{PLOT, SMALL, THIN};
use super::{Effect, Model, Row, RowKind};
use crate::figure::metrics::{LINE_HEIGHT, wrap};
use crate::figure::scene::{Anchor, Color, Shape, Stroke, Text, Weight};

const SQUARE_MAX: f64 = 10.0;
const SQUARE_MIN: f64 = 2.4;
const DIAMOND: f64 = 9.5;
const ARROW: f64 = 4.5;
const TICK: f64 = 3.5;
const INTERVAL: f64 = 0.9;
const PREDICTION: Color = Color(0xB0, 0x3A, 0x2E);

/// The area right of the table.
pub(super) struct Plot<'a> {
    pub model: &'a Model,
    /// Left edge in points.
    pub left: f64,
}

impl Plot<'_> {
    /// Returns where a value falls, in points; values beyond the axis give its ends.
    fn x(&self, value: f64) -> f64 {
        self.left + PLOT * self.model.axis.position(value).clamp(0.0, 1.0)
    }

    fn is_beyond(&self, value: f64) -> bool {
        let position = self.model.axis.position(value);
        !(-1e-9..=1.0 + 1e-9).contains(&position)
    }

    /// Draws the line of no effect.
    pub fn null_line(&self, top: f64, bottom: f64) -> Shape {
        let line = self.model.axis.null.map(|null| Shape::line((self.x(null), top), (self.x(null), bottom), Stroke::black(THIN)));
        Shape::group("null", None, line.into_iter().collect())
    }

    /// Draws the effect of a row about the height `y`.
    pub fn effect(&self, row: &Row, y: f64, largest_weight: f64) -> Vec<Shape> {
        let Some(effect) = &row.effect else { return Vec::new() };
        match row.kind {
            RowKind::Subtotal | RowKind::Total => self.diamond(effect, y),
            RowKind::Prediction => self.interval(effect, y, Stroke::black(1.8).colored(PREDICTION)),
            _ => {
                let mut shapes = self.square(effect, row.weight, y, largest_weight);
                shapes.extend(self.interval(effect, y, Stroke::black(INTERVAL)));
                shapes
            }
        }
    }

    /// Draws a square whose area is proportional to the weight; hollow when the study has none.
    fn square(&self, effect: &Effect, weight: Option<f64>, y: f64, largest: f64) -> Vec<Shape> {
        if self.is_beyond(effect.point) {
            return Vec::new();
        }
        let share = weight.map_or(0.0, |weight| (weight / largest).clamp(0.0, 1.0));
        let side = (SQUARE_MAX * share.sqrt()).max(SQUARE_MIN);
        let color = self.model.square;
        let (fill, stroke, side) = match weight {
            Some(_) => (Some(color), None, side),
            None => (Some(Color::WHITE), Some(Stroke::black(INTERVAL).colored(color)), 5.0),
        };
        let (x, y) = (self.x(effect.point) - side / 2.0, y - side / 2.0);
        vec![Shape::Rect { x, y, width: side, height: side, radius: 0.0, fill, stroke }]
    }

    /// Draws a line from limit to limit, with an arrow head at each end that leaves the axis.
    fn interval(&self, effect: &Effect, y: f64, stroke: Stroke) -> Vec<Shape> {
        let (mut left, mut right) = (self.x(effect.low), self.x(effect.high));
        let mut heads = Vec::new();
        let half = ARROW * 0.55;
        let axis = &self.model.axis;
        if axis.position(effect.low) < -1e-9 {
            left = self.left;
            heads.push(Shape::filled(vec![(left, y), (left + ARROW, y - half), (left + ARROW, y + half)], stroke.color));
        }
        if axis.position(effect.high) > 1.0 + 1e-9 {
            right = self.left + PLOT;
            heads.push(Shape::filled(vec![(right, y), (right - ARROW, y - half), (right - ARROW, y + half)], stroke.color));
        }
        // An interval that lies wholly beyond one end is an arrow there with a short shaft, so that its direction can be seen.
        if axis.position(effect.high) < 0.0 {
            heads.truncate(1);
            right = left + 3.0 * ARROW;
        } else if axis.position(effect.low) > 1.0 {
            heads = heads.split_off(heads.len().saturating_sub(1));
            left = right - 3.0 * ARROW;
        }
        let mut shapes = vec![Shape::line((left, y), (right, y), stroke)];
        shapes.append(&mut heads);
        shapes
    }

    /// Draws a diamond from limit to limit, cut off where it leaves the axis.
    fn diamond(&self, effect: &Effect, y: f64) -> Vec<Shape> {
        let (low, point, high) = (self.spread(effect.low), self.spread(effect.point), self.spread(effect.high));
        let half = DIAMOND / 2.0;
        let (left, right) = (self.left, self.left + PLOT);
        if high <= left || low >= right {
            return self.interval(effect, y, Stroke::black(INTERVAL));
        }
        let edge = |x: f64| {
            let share = if x < point { (x - low) / (point - low) } else { (high - x) / (high - point) };
            half * if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 }
        };
        let mut xs = vec![low.max(left)];
        if point > left && point < right {
            xs.push(point);
        }
        xs.push(high.min(right));
        let upper: Vec<(f64, f64)> = xs.iter().map(|x| (*x, y - edge(*x))).collect();
        let mut points = upper.clone();
        points.extend(upper.iter().rev().filter(|(_, top)| *top < y).map(|(x, top)| (*x, 2.0 * y - top)));
        if high - low < 1.0 {
            points = vec![(point - 1.5, y), (point, y - half), (point + 1.5, y), (point, y + half)];
        }
        vec![Shape::filled(points, Color::BLACK)]
    }

    /// Returns where a value falls, in points, also beyond the axis but at a finite place.
    fn spread(&self, value: f64) -> f64 {
        self.left + PLOT * self.model.axis.position(value).clamp(-100.0, 100.0)
    }

    /// Draws axis, ticks and the words below, and returns them with the bottom edge.
    pub fn axis(&self, y: f64) -> (Vec<Shape>, f64) {
        let right = self.left + PLOT;
        let mut shapes = vec![Shape::line((self.left, y), (right, y), Stroke::black(THIN))];
        for (position, label) in self.model.axis.labels() {
            let x = self.left + PLOT * position;
            shapes.push(Shape::line((x, y), (x, y + TICK), Stroke::black(THIN)));
            shapes.push(Text::new(x, y + TICK + 2.0 + SMALL, label, SMALL).anchor(Anchor::Middle).into());
        }
        let mut bottom = y + TICK + 2.0 + SMALL + 3.0;
        if let Some(favours) = &self.model.favours {
            let centre = self.model.axis.null.map_or(self.left + PLOT / 2.0, |null| self.x(null));
            let top = bottom;
            for (from, to, words) in [(self.left, centre, &favours.left), (centre, right, &favours.right)] {
                let room = (to - from - 3.0).max(40.0);
                for (index, line) in wrap(words, room, SMALL, Weight::Regular).into_iter().enumerate() {
                    let y = top + (index as f64 + 1.0) * SMALL * LINE_HEIGHT;
                    shapes.push(Text::new(f64::midpoint(from, to), y, line, SMALL).anchor(Anchor::Middle).into());
                    bottom = bottom.max(y + 3.0);
                }
            }
        }
        (shapes, bottom)
    }
}
