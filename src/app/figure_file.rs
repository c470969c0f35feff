//! Figures as files: SVG, PNG or text, by the ending of the file's name.

use std::path::{Path, PathBuf};

use crate::export::raster;
use crate::figure::{flow, forest, funnel, scene::Scene, svg, text};

use super::draw::{flow_model, forest_model, funnel_model};
use super::error::{Error, ErrorKind, Result};
use super::workspace::Workspace;

/// The dots per inch of a PNG file: what journals ask for.
const DOTS_PER_INCH: f32 = 300.0;

/// The width of a figure drawn as text, in characters.
const TEXT_WIDTH: u16 = 140;

/// A figure of the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FigureKind {
    /// The forest plot of the analysis with this identity.
    Forest(String),
    /// The funnel plot of the analysis with this identity.
    Funnel(String),
    /// The PRISMA flow diagram.
    Flow,
}

impl Workspace {
    /// Draws a figure and writes it as SVG, PNG (300 dots per inch) or text, as the file's name ends.
    ///
    /// **Errors**: an ending that is none of `.svg`, `.png` and `.txt`; a file that is there already, which is never written over; an
    /// analysis without a pooled result; a file that cannot be written. Returns the whole path of the file.
    pub fn save_figure(&self, figure: &FigureKind, path: &Path) -> Result<PathBuf> {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).unwrap_or_default();
        if !matches!(ending.as_str(), "svg" | "png" | "txt") {
            return Err(Error::user(format!("{} ends in none of .svg, .png and .txt", path.display()))
                .hint("the ending says how the figure is written"));
        }
        if path.exists() {
            return Err(Error::user(format!("{} exists already", path.display())).hint("choose another name; nothing is written over"));
        }
        let (scene, lines) = self.draw(figure)?;
        let bytes = match ending.as_str() {
            "svg" => svg::write(&scene).into_bytes(),
            "png" => raster::png(&scene, DOTS_PER_INCH).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?,
            _ => text::plain(&lines).into_bytes(),
        };
        std::fs::write(path, bytes).map_err(|error| Error::user(format!("{} cannot be written: {error}", path.display())))?;
        Ok(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
    }

    /// Draws a figure for paper and for plain text.
    fn draw(&self, figure: &FigureKind) -> Result<(Scene, Vec<text::TextLine>)> {
        let nothing = |error: &str| Error::blocked(format!("there is nothing to draw: {error}"));
        match figure {
            FigureKind::Forest(id) => {
                let result = self.analysis(id)?;
                let error = result.pooled.as_ref().err().cloned().unwrap_or_default();
                let model = forest_model(&result).ok_or_else(|| nothing(&error))?;
                Ok((forest::layout(&model), text::forest_text(&model, TEXT_WIDTH)))
            }
            FigureKind::Funnel(id) => {
                let result = self.analysis(id)?;
                let pooled = result.pooled.as_ref().map_err(|error| nothing(error))?;
                let model = funnel_model(&format!("{} {}", result.spec.id, result.spec.title), pooled);
                Ok((funnel::layout(&model), text::funnel_text(&model, TEXT_WIDTH)))
            }
            FigureKind::Flow => {
                let model = flow_model(&self.review_info().title, &self.flow());
                Ok((flow::layout(&model), text::flow_text(&model, TEXT_WIDTH)))
            }
        }
    }
}
