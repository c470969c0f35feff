//! `tamis demo`: the worked example, built by the same requests that a user would make.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::app::draw::{flow_model, forest_model, funnel_model};
use crate::app::{Environment, Error, ErrorKind, Workspace, demo};
use crate::cli::context::Context;
use crate::cli::files::write_whole;
use crate::cli::output::Output;
use crate::cli::report::Done;
use crate::cli::screens::open_screen;
use crate::cli::text::clean_lines;
use crate::domain::text::clean_line;
use crate::export::prisma::prisma_csv;
use crate::export::raster;
use crate::figure::scene::Scene;
use crate::figure::text::{TextLine, flow_text, forest_text, funnel_text, plain};
use crate::figure::{flow, forest, funnel, svg};

/// The columns of figures made of text.
const COLUMNS: u16 = 100;
/// The resolution of the pictures: sharp on a screen, quick to make.
const DOTS_PER_INCH: f32 = 150.0;

/// Build the worked example: a whole review of ketamine for chronic pain, with its figures
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// The folder to write into; it is made
    #[arg(default_value = "ketamine-demo")]
    dir: PathBuf,
    /// Go on into the screens
    #[arg(long)]
    open: bool,
}

/// Runs the verb.
pub fn run(args: &DemoArgs, context: &mut Context) -> Done {
    let folder = &args.dir;
    let mut told = Vec::new();
    let (review, workspace) = build(folder, &mut |stage| told.push(stage.clone()))?;
    let is_json = context.out.is_json();
    if !is_json {
        for stage in &told {
            context.out.heading(stage.stage)?;
            for line in &stage.lines {
                context.out.line(format!("  {}", clean_line(line)))?;
            }
        }
    }
    let files = write_files(&workspace, folder)?;
    if is_json {
        let stages: Vec<Value> = told.iter().map(|stage| json!({ "stage": stage.stage, "lines": stage.lines })).collect();
        context.out.json(&json!({ "review": review, "files": files, "stages": stages }))?;
    } else {
        tell_files(&review, &files, &mut context.out)?;
    }
    drop(workspace);
    if args.open {
        context.out.finish()?;
        return open_screen("home", Some(&review), context);
    }
    let name = review.display();
    context.out.next(&format!("tamis {name} opens the screens; tamis status -r {name} works without them"));
    Ok(())
}

/// Builds the review of the example in a folder, which is made.
fn build(folder: &Path, told: &mut dyn FnMut(&demo::Told)) -> Result<(PathBuf, Workspace), Error> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Error::new(ErrorKind::File, format!("{} cannot be made: {error}", folder.display())))?;
    let review = file_in(folder)?;
    let workspace = demo::build(&review, Environment::of_process()?, told)?;
    Ok((review, workspace))
}

/// Returns the file of the example's review in a folder.
///
/// # Errors
/// [`Error`] where it is there already.
pub fn file_in(folder: &Path) -> Result<PathBuf, Error> {
    let review = folder.join("ketamine.tamis");
    if review.exists() {
        return Err(Error::user(format!("{} exists already", review.display())).hint("name another folder, or remove this one"));
    }
    Ok(review)
}

/// Builds the whole example without a word, and returns the file of its review.
///
/// # Errors
/// [`Error`] where the folder holds it already or cannot be written.
pub fn build_whole(folder: &Path) -> Done<PathBuf> {
    let (review, workspace) = build(folder, &mut |_| {})?;
    write_files(&workspace, folder)?;
    Ok(review)
}

fn tell_files(review: &Path, files: &[String], out: &mut Output) -> Done {
    out.heading("Files")?;
    out.line(format!("  {}", clean_lines(&review.display().to_string())))?;
    for file in files {
        out.line(format!("  {}", clean_lines(file)))?;
    }
    Ok(())
}

/// Writes figures, tables and the files that the example is made of; returns their names.
fn write_files(workspace: &Workspace, folder: &Path) -> Done<Vec<String>> {
    let mut files = Vec::new();
    let mut put = |name: String, bytes: &[u8]| -> Done {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .map_err(|error| Error::new(ErrorKind::File, format!("{} cannot be made: {error}", parent.display())))?;
        }
        write_whole(&path, bytes)?;
        files.push(path.display().to_string());
        Ok(())
    };
    let mut figure = |name: &str, scene: &Scene, lines: &[TextLine]| -> Done {
        put(format!("figures/{name}.svg"), svg::write(scene).as_bytes())?;
        let picture = raster::png(scene, DOTS_PER_INCH).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
        put(format!("figures/{name}.png"), &picture)?;
        put(format!("figures/{name}.txt"), plain(lines).as_bytes())
    };
    for spec in workspace.analyses()? {
        let result = workspace.analysis(&spec.id)?;
        if let Some(model) = forest_model(&result) {
            figure(&format!("forest-{}", spec.id), &forest::layout(&model), &forest_text(&model, COLUMNS))?;
        }
        if let Ok(pooled) = &result.pooled {
            let model = funnel_model(&format!("{} {}", spec.id, spec.title), pooled);
            figure(&format!("funnel-{}", spec.id), &funnel::layout(&model), &funnel_text(&model, COLUMNS))?;
        }
    }
    let model = flow_model(&workspace.review_info().title, &workspace.flow());
    figure("flow", &flow::layout(&model), &flow_text(&model, COLUMNS))?;
    put("prisma.csv".to_owned(), prisma_csv(&model).csv.as_bytes())?;
    for (name, text) in demo::EXPORTS.iter().chain(&demo::TABLES) {
        put(format!("input/{name}"), text.as_bytes())?;
    }
    Ok(files)
}
