//! `tamis plot`: figures of the review, in the terminal or as files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use crate::app::draw::{flow_model, forest_model, funnel_model};
use crate::app::draw_bias::bias_model;
use crate::app::{AnalysisResult, Error, Workspace};
use crate::cli::args::words;
use crate::cli::context::Context;
use crate::cli::files::{ending, write_whole};
use crate::cli::report::{Done, Failure};
use crate::domain::text::clean_line;
use crate::export::raster;
use crate::figure::bias::{self, Palette};
use crate::figure::scene::Scene;
use crate::figure::text::{self, TextLine};
use crate::figure::{flow, forest, funnel, svg};

/// Draw a forest plot, a funnel plot, risk of bias or the flow diagram
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
        /// Risk of bias of the studies beside the plot
        #[arg(long)]
        bias: bool,
        /// The instrument, where the form plans several
        #[arg(long, value_name = "ID", requires = "bias")]
        tool: Option<String>,
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
    /// Risk of bias: a light for each study and domain, or bars over all studies
    Bias {
        /// Bars over all studies instead of lights
        #[arg(long)]
        summary: bool,
        /// The instrument, where the form plans several
        #[arg(long, value_name = "ID")]
        tool: Option<String>,
        /// The result, where the form plans several
        #[arg(long, value_name = "OUTCOME.TIMEPOINT")]
        result: Option<String>,
        /// Summary: let each study count as it weighs in this analysis
        #[arg(long, value_name = "ANALYSIS", requires = "summary")]
        weights: Option<String>,
        /// The colours of judgements; their signs stay
        #[arg(long, value_parser = words::<Colours>(COLOURS), default_value = "cochrane")]
        colours: Colours,
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

/// The colours of judgements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::Display)]
#[strum(serialize_all = "kebab-case")]
enum Colours {
    /// Green, yellow, red.
    Cochrane,
    /// From light to dark.
    ColourBlind,
}

const COLOURS: &[&str] = &["cochrane", "colour-blind"];

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
        PlotVerb::Forest { id, bias, tool, drawing } => {
            let result = analysis(&workspace, id.as_deref())?;
            let model = forest_model(&result).ok_or_else(|| nothing(&result))?;
            if *bias {
                // The appraisal of the pooled result where there is one, else that of the studies as a whole.
                let of = format!("{}.{}", result.spec.outcome, result.spec.timepoint);
                let found = workspace
                    .find_agreed_bias(tool.as_deref(), Some(&of))
                    .or_else(|_| workspace.find_agreed_bias(tool.as_deref(), None))?;
                let lights = bias_model(&found, &BTreeMap::new())?;
                let in_cells = |width| {
                    let mut lines = text::forest_text(&model, width);
                    lines.push(TextLine::default());
                    lines.extend(text::lights_text(&lights, width));
                    lines
                };
                return draw(drawing, &in_cells, &|| forest::layout_with_bias(&model, &lights, Palette::Cochrane), context);
            }
            draw(drawing, &|width| text::forest_text(&model, width), &|| forest::layout(&model), context)
        }
        PlotVerb::Funnel { id, contours, drawing } => {
            let result = analysis(&workspace, id.as_deref())?;
            let pooled = result.pooled.as_ref().map_err(|_| nothing(&result))?;
            let model = funnel_model(&format!("{} {}", result.spec.id, result.spec.title), pooled);
            let model = if *contours { model.with_contours() } else { model };
            draw(drawing, &|width| text::funnel_text(&model, width), &|| funnel::layout(&model), context)
        }
        PlotVerb::Bias { summary, tool, result, weights, colours, drawing } => {
            let bias = workspace.find_agreed_bias(tool.as_deref(), result.as_deref())?;
            let weighing = weights.as_deref().map(|id| workspace.analysis(id)).transpose()?;
            let mut model = bias_model(&bias, &weighing.as_ref().map(weights_of).unwrap_or_default())?;
            if let Some(result) = &weighing {
                model.footnotes.push(format!("Weights of analysis {} {}.", result.spec.id, result.spec.title));
            }
            let palette = if *colours == Colours::Cochrane { Palette::Cochrane } else { Palette::ColourBlind };
            let is_weighted = weighing.is_some();
            if *summary {
                draw(
                    drawing,
                    &|width| text::bias_summary_text(&model, width, is_weighted),
                    &|| bias::layout_summary(&model, palette, is_weighted),
                    context,
                )
            } else {
                draw(drawing, &|width| text::lights_text(&model, width), &|| bias::layout_lights(&model, palette), context)
            }
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

/// The weights of the studies of an analysis in percent, by label.
fn weights_of(result: &AnalysisResult) -> BTreeMap<String, f64> {
    let weights = result.pooled.as_ref().map(|pooled| pooled.weights_pct.as_slice()).unwrap_or_default();
    result.rows.iter().zip(weights).filter_map(|(row, weight)| Some((row.study.clone(), (*weight)?))).collect()
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
