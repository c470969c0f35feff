//! Turns figures into PNG pictures, with the bundled typeface only, so that every machine gives the same pixels.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FontResolver, ImageHrefResolver, Options, Tree, fontdb};
use thiserror::Error;

use crate::figure::scene::Scene;
use crate::figure::svg;

const REGULAR: &[u8] = include_bytes!("../../assets/LiberationSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/LiberationSans-Bold.ttf");

/// Points per inch: the unit of a [`Scene`] is one of these.
const POINTS_PER_INCH: f32 = 72.0;

/// Longest side of a picture in pixels; a larger one would take gigabytes.
pub const LONGEST_SIDE: u32 = 30_000;

/// Why a picture could not be made.
#[derive(Debug, Error)]
pub enum RasterError {
    /// The drawing is not valid SVG.
    #[error("the drawing cannot be read: {0}")]
    Drawing(String),
    /// The picture would be empty or larger than [`LONGEST_SIDE`]; fewer dots per inch may help.
    #[error("a picture of {width} x {height} pixels cannot be made; ask for fewer dots per inch")]
    Size {
        /// Width in pixels.
        width: u64,
        /// Height in pixels.
        height: u64,
    },
    /// The pixels could not be packed.
    #[error("the picture cannot be written as PNG: {0}")]
    Png(String),
}

/// Returns the scene as a PNG file with the given dots per inch (72 gives one pixel per point; journals ask for 300 or 600).
///
/// # Errors
/// [`RasterError::Size`] when the picture would be too large; the other kinds cannot be caused by a label or a number.
pub fn png(scene: &Scene, dots_per_inch: f32) -> Result<Vec<u8>, RasterError> {
    png_of_svg(&svg::write(scene), dots_per_inch)
}

/// Returns an SVG document as a PNG file; links to images and files in it are not followed.
///
/// # Errors
/// As [`png`], and [`RasterError::Drawing`] when the text is not SVG.
pub fn png_of_svg(drawing: &str, dots_per_inch: f32) -> Result<Vec<u8>, RasterError> {
    let options = Options {
        dpi: POINTS_PER_INCH,
        font_family: "Liberation Sans".to_owned(),
        fontdb: fonts(),
        font_resolver: FontResolver::default(),
        image_href_resolver: ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) },
        ..Options::default()
    };
    let tree = Tree::from_str(drawing, &options).map_err(|error| RasterError::Drawing(error.to_string()))?;
    let scale = dots_per_inch / POINTS_PER_INCH;
    let (width, height) = ((tree.size().width() * scale).ceil(), (tree.size().height() * scale).ceil());
    let fits = |side: f32| side >= 1.0 && side <= LONGEST_SIDE as f32;
    let pixmap = if fits(width) && fits(height) { Pixmap::new(width as u32, height as u32) } else { None };
    let mut pixmap = pixmap.ok_or(RasterError::Size { width: width as u64, height: height as u64 })?;
    pixmap.fill(resvg::tiny_skia::Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| RasterError::Png(error.to_string()))
}

/// Returns the bundled typeface, read once.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(BOLD.to_vec());
        fonts.set_sans_serif_family("Liberation Sans");
        Arc::new(fonts)
    };
    Arc::clone(FONTS.get_or_init(load))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::scene::Text;

    /// Width and height from the header of a PNG file.
    fn size(png: &[u8]) -> (u32, u32) {
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        (side(16), side(20))
    }

    fn page(text: &str) -> Scene {
        let mut scene = Scene::new(100.0, 50.0, "page", "");
        scene.push(Text::new(10.0, 20.0, text, 9.0));
        scene
    }

    #[test]
    fn pictures_have_the_size_of_the_page_times_the_density() {
        assert_eq!(size(&png(&page("x"), 72.0).unwrap()), (100, 50));
        assert_eq!(size(&png(&page("x"), 300.0).unwrap()), (417, 209));
    }

    #[test]
    fn letters_are_drawn_with_the_bundled_typeface() {
        assert_ne!(png(&page("Tau²"), 72.0).unwrap(), png(&page(""), 72.0).unwrap());
        assert_eq!(fonts().len(), 2);
        assert_eq!(png(&page("Tau²"), 72.0).unwrap(), png(&page("Tau²"), 72.0).unwrap());
    }

    #[test]
    fn impossible_sizes_are_refused_without_taking_memory() {
        for density in [0.0, -72.0, 1e9, f32::NAN] {
            assert!(matches!(png(&page("x"), density), Err(RasterError::Size { .. })), "{density}");
        }
        assert!(matches!(png_of_svg("<p>", 72.0), Err(RasterError::Drawing(_))));
    }
}
