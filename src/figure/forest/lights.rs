//! Risk of bias beside a forest plot: a light for each domain right of the plot, letters over them, and what the letters mean below.

use super::layout::{MARGIN, SIZE, SMALL};
use super::{Row, RowKind};
use crate::figure::bias::{BiasModel, Palette, legend, light};
use crate::figure::metrics::{LINE_HEIGHT, wrap};
use crate::figure::scene::{Anchor, Shape, Text, Weight};

const GAP: f64 = 16.0;
const COLUMN: f64 = 15.0;
const RADIUS: f64 = 5.5;

/// The lights right of a plot.
pub(super) struct Lights<'a> {
    pub bias: &'a BiasModel,
    pub palette: Palette,
}

impl Lights<'_> {
    /// Returns the room that they take right of the plot.
    pub fn width(&self) -> f64 {
        GAP + COLUMN * self.bias.domains.len() as f64
    }

    fn x(&self, right_of_plot: f64, domain: usize) -> f64 {
        right_of_plot + GAP + COLUMN * (domain as f64 + 0.5)
    }

    /// Draws the letters over the lights, the heading above them.
    pub fn header(&self, right_of_plot: f64, bottom: f64) -> Shape {
        let middle = right_of_plot + GAP + COLUMN * self.bias.domains.len() as f64 / 2.0;
        let heading = Text::new(middle, bottom - 4.0 - SIZE * LINE_HEIGHT, "Risk of bias", SIZE).bold().anchor(Anchor::Middle);
        let mut shapes: Vec<Shape> = vec![heading.into()];
        for at in 0..self.bias.domains.len() {
            shapes.push(Text::new(self.x(right_of_plot, at), bottom - 4.0, letter(at), SIZE).bold().anchor(Anchor::Middle).into());
        }
        Shape::group("bias", None, shapes)
    }

    /// Draws the lights of a study about the height `y`; nothing for other rows and for studies without judgements.
    pub fn row(&self, row: &Row, right_of_plot: f64, y: f64) -> Vec<Shape> {
        if row.kind != RowKind::Study {
            return Vec::new();
        }
        let Some(known) = self.bias.rows.iter().find(|known| known.label == row.cell(0)) else { return Vec::new() };
        let each = (0..self.bias.domains.len())
            .flat_map(|at| light(self.bias.level(known, at), self.palette, (self.x(right_of_plot, at), y), RADIUS));
        each.collect()
    }

    /// Says what letters, signs and colours mean; returns the shapes and where they end.
    pub fn key(&self, width: f64, top: f64) -> (Shape, f64) {
        let mut y = top + SMALL * LINE_HEIGHT;
        let mut shapes: Vec<Shape> = vec![Text::new(MARGIN, y, "Risk of bias", SMALL).bold().into()];
        for (at, domain) in self.bias.domains.iter().enumerate() {
            for (place, line) in wrap(&domain.title, width - 2.0 * MARGIN - 16.0, SMALL, Weight::Regular).into_iter().enumerate() {
                y += SMALL * LINE_HEIGHT;
                if place == 0 {
                    shapes.push(Text::new(MARGIN, y, letter(at), SMALL).bold().into());
                }
                shapes.push(Text::new(MARGIN + 16.0, y, line, SMALL).into());
            }
        }
        let (key, bottom) = legend(self.bias, self.palette, MARGIN, width - 2.0 * MARGIN, y + 8.0);
        shapes.push(key);
        (Shape::group("bias-key", None, shapes), bottom)
    }
}

/// The letter of a domain: A to Z, then numbers.
fn letter(at: usize) -> String {
    u8::try_from(at).ok().filter(|at| *at < 26).map_or_else(|| (at + 1).to_string(), |at| char::from(b'A' + at).to_string())
}
