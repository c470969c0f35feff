//! `tamis plot`: figures of the review, in the terminal or as files.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use crate::app::draw::{flow_model, forest_model, funnel_model};
use crate::app::{AnalysisResult, Error, Workspace};
use crate::cli::context::Context;
use crate::cli::files::{ending, write_whole};
use crate::cli::report::{Done, Failure};
use crate::domain::text::clean_line;
use crate::export::raster;
use crate::figure::scene::Scene;
use crate::figure::text::{self, TextLine};
use crate::figure::{flow, forest, funnel, svg};

/// Draw a forest plot, a funnel plot or the flow diagram
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct PlotArgs {
    /// What to draw.
    #[command(subcommand)]
    verb: PlotVerb,
}

#[derive(Debug, Subcommand)]
enum PlotVerb {
    /// The forest plot of an analysis
    Forest {
        /// The analysis; may be left out where there is only one
        id: Option<String>,
        /// How and where.
        #[command(flatten)]
        drawing: DrawingArgs,
    },
    /// The funnel plot of an analysis
    Funnel {
        /// The analysis; may be left out where there is only one
        id: Option<String>,
        /// Shade the regions of significance
        #[arg(long)]
        contours: bool,
        /// How and where.
        #[command(flatten)]
        drawing: DrawingArgs,
    },
    /// The PRISMA 2020 flow diagram
    Flow {
        /// As it was after so many operations of the log
        #[arg(long, value_name = "SEQ")]
        at: Option<usize>,
        /// How and where.
        #[command(flatten)]
        drawing: DrawingArgs,
    },
}

/// How a figure is drawn and where it goes.
#[derive(Debug, clap::Args)]
pub struct DrawingArgs {
    /// The file, ending in svg, png or txt; without it the figure is drawn in the terminal
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The width of a figure made of text, in columns
    #[arg(long, value_name = "COLUMNS")]
    width: Option<u16>,
    /// The resolution of a PNG in dots per inch
    #[arg(long, value_name = "DPI", default_value_t = 300.0)]
    dpi: f32,
    /// Use ASCII characters alone in a figure made of text
    #[arg(long)]
    ascii: bool,
}

/// Runs the verb.
pub fn run(args: &PlotArgs, context: &mut Context) -> Done {
    let workspace = context.open()?;
    match &args.verb {
        PlotVerb::Forest { id, drawing } => {
            let result = analysis(&workspace, id.as_deref())?;
            let model = forest_model(&result).ok_or_else(|| nothing(&result))?;
            draw(drawing, &|width| text::forest_text(&model, width), &|| forest::layout(&model), context)
        }
        PlotVerb::Funnel { id, contours, drawing } => {
            let result = analysis(&workspace, id.as_deref())?;
            let pooled = result.pooled.as_ref().map_err(|_| nothing(&result))?;
            let model = funnel_model(&format!("{} {}", result.spec.id, result.spec.title), pooled);
            let model = if *contours { model.with_contours() } else { model };
            draw(drawing, &|width| text::funnel_text(&model, width), &|| funnel::layout(&model), context)
        }
        PlotVerb::Flow { at, drawing } => {
            let view = super::flow::view(&workspace, *at)?;
            let model = flow_model(&workspace.review_info().title, &view);
            draw(drawing, &|width| text::flow_text(&model, width), &|| flow::layout(&model), context)
        }
    }
}

fn analysis(workspace: &Workspace, id: Option<&str>) -> Done<AnalysisResult> {
    if let Some(id) = id {
        return Ok(workspace.analysis(id)?);
    }
    let known: Vec<String> = workspace.analyses()?.into_iter().map(|spec| spec.id).collect();
    match &known[..] {
        [only] => Ok(workspace.analysis(only)?),
        [] => Err(Error::not_found("the extraction form plans no analysis").into()),
        _ => Err(Failure::usage("name the analysis", format!("the analyses are {}", known.join(", ")))),
    }
}

fn nothing(result: &AnalysisResult) -> Error {
    let why = result.pooled.as_ref().err().cloned().unwrap_or_else(|| "no study can be estimated".to_owned());
    Error::user(format!("analysis {} cannot be drawn: {why}", result.spec.id))
}

/// Draws in the terminal or into a file, by its ending.
fn draw(drawing: &DrawingArgs, in_cells: &dyn Fn(u16) -> Vec<TextLine>, in_points: &dyn Fn() -> Scene, context: &mut Context) -> Done {
    let out = &mut context.out;
    let usual = u16::try_from(out.drawing_width()).unwrap_or(u16::MAX);
    let lines = || {
        let lines = in_cells(drawing.width.unwrap_or(usual));
        if drawing.ascii { text::ascii(&lines) } else { lines }
    };
    let Some(path) = &drawing.output else {
        if out.is_json() {
            let lines: Vec<String> = lines().iter().map(TextLine::plain).collect();
            return out.json(&json!({ "lines": lines }));
        }
        return out.figure(&lines());
    };
    let bytes = match ending(path).as_str() {
        "svg" => svg::write(&in_points()).into_bytes(),
        "png" => {
            raster::png(&in_points(), drawing.dpi).map_err(|error| Error::user(error.to_string()).hint("--dpi 300 fits most journals"))?
        }
        "txt" => text::plain(&lines()).into_bytes(),
        other => return Err(unknown_ending(path, other)),
    };
    write_whole(path, &bytes)?;
    let message = format!("wrote {}", path.display());
    if out.is_json() { out.json(&json!({ "message": message, "operation": null, "file": path })) } else { out.line(clean_line(&message)) }
}

fn unknown_ending(path: &Path, ending: &str) -> Failure {
    let message = if ending.is_empty() { format!("{} has no ending", path.display()) } else { format!("tamis draws no .{ending} files") };
    Failure::usage(message, "use an ending of svg, png or txt; an SVG becomes a PDF in a browser or in Inkscape")
}
