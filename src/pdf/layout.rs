//! From placed letters to lines: where a line ends, where a space stands, which letters belong together.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Vec2};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};

use crate::domain::text::clean_line;

/// Letters are designed in a square of this many units (PDF 32000-1, 9.2.4).
const UNITS_PER_EM: f64 = 1000.0;
/// From this gap on, in sizes of the letters, a space stands between two letters; spaces of text fonts are 0.25 wide, kerning below 0.1.
const SPACE: f64 = 0.15;
/// From this distance across the line on, in sizes of the letters, another line begins; superscripts stand up to 0.45 higher.
const NEXT_LINE: f64 = 0.6;
/// From this distance across the line on another block begins.
const NEXT_BLOCK: f64 = 1.8;
/// The most characters that are kept of one page.
const MAX_CHARACTERS: usize = 400_000;

/// A device that draws nothing and collects the letters, in the order in which the page draws them.
#[derive(Debug, Default)]
pub(super) struct Listener {
    lines: Vec<String>,
    line: String,
    /// Where the last letter ended, and its size.
    last: Option<(Point, f64)>,
    kept: usize,
}

impl Listener {
    /// Returns the text of the page.
    pub(super) fn into_text(mut self) -> String {
        self.end_line();
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        self.lines.join("\n")
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = clean_line(&line);
        if !line.is_empty() {
            self.lines.push(line.into_owned());
        }
    }

    /// Adds a letter: its text, the transform from its own units to the page, and its width in its own units.
    fn letter(&mut self, text: &str, transform: Affine, width: f64) {
        self.kept += text.len();
        if self.kept > MAX_CHARACTERS {
            return;
        }
        let origin = transform * Point::ZERO;
        let along = transform * Point::new(UNITS_PER_EM, 0.0) - origin;
        let size = (transform * Point::new(0.0, UNITS_PER_EM) - origin).hypot();
        if !size.is_finite() || size <= 0.0 || !along.hypot().is_finite() || along.hypot() == 0.0 {
            self.line.push_str(text);
            return;
        }
        if let Some((end, last_size)) = self.last {
            let direction = along / along.hypot();
            let step: Vec2 = origin - end;
            let (ahead, across) = (step.dot(direction), step.cross(direction).abs());
            let size = size.max(last_size);
            if across > NEXT_LINE * size || ahead < -size {
                self.end_line();
                if across > NEXT_BLOCK * size && self.lines.last().is_some_and(|line| !line.is_empty()) {
                    self.lines.push(String::new());
                }
            } else if ahead > SPACE * size && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
        self.line.push_str(text);
        self.last = Some((origin + along * (width / UNITS_PER_EM), size));
    }
}

impl Device<'_> for Listener {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let text = match glyph.as_unicode() {
                Some(BfString::Char(letter)) => plain(letter).map_or_else(|| letter.to_string(), str::to_owned),
                Some(BfString::String(letters)) => letters,
                None => "\u{fffd}".to_owned(),
            };
            let letter: &Glyph<'_> = glyph;
            let width = match letter {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(drawn) => drawn.advance_width(),
            };
            self.letter(&text, props.transform * glyph.transform(), f64::from(width.unwrap_or(500.0)));
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// Returns the letters of a ligature, so that words with one are found.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        '\u{a0}' => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places letters of 10 points, each 500 units wide.
    fn at(x: f64, y: f64) -> Affine {
        Affine::translate((x, y)) * Affine::scale(10.0 / UNITS_PER_EM)
    }

    fn set(letters: &[(&str, f64, f64)]) -> String {
        let mut listener = Listener::default();
        for (text, x, y) in letters {
            listener.letter(text, at(*x, *y), 500.0);
        }
        listener.into_text()
    }

    #[test]
    fn a_gap_between_letters_is_a_space_and_kerning_is_none() {
        assert_eq!(set(&[("a", 0.0, 0.0), ("b", 5.0, 0.0), ("c", 10.5, 0.0), ("d", 18.0, 0.0)]), "abc d");
    }

    #[test]
    fn a_superscript_stays_in_its_line_and_the_next_line_does_not() {
        assert_eq!(set(&[("m", 0.0, 0.0), ("2", 5.0, 3.5), ("x", 0.0, -12.0)]), "m2\nx");
    }

    #[test]
    fn a_wide_gap_between_lines_begins_a_block() {
        assert_eq!(set(&[("a", 0.0, 0.0), ("b", 0.0, -12.0), ("c", 0.0, -40.0)]), "a\nb\n\nc");
    }

    #[test]
    fn another_column_begins_a_line() {
        assert_eq!(set(&[("a", 0.0, 0.0), ("b", 0.0, -12.0), ("c", 300.0, 0.0)]), "a\nb\nc");
        assert_eq!(set(&[("a", 300.0, 0.0), ("b", 0.0, 0.0)]), "a\nb");
    }

    #[test]
    fn letters_of_no_size_do_no_harm() {
        let mut listener = Listener::default();
        listener.letter("a", Affine::scale(0.0), 500.0);
        listener.letter("b", Affine::scale(f64::NAN), 500.0);
        assert_eq!(listener.into_text(), "ab");
    }
}
