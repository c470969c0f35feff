//! The way from the command line to the screens.

use std::path::Path;

use crate::app::{Environment, Workspace};
use crate::tui::{Options, run_screens};

use super::args::ColorWhen;
use super::context::Context;
use super::report::Done;

/// Opens the screens at one of them: "home", "sources", "duplicates", "screening", "fulltext", "conflicts", "studies", "extraction",
/// "consensus", "analysis", "flow" or "log". `review` is the file where one was named.
pub fn open_screen(screen: &str, review: Option<&Path>, context: &Context) -> Done {
    let file = match review {
        Some(file) => file.to_owned(),
        None => context.review_file()?,
    };
    let mut workspace = Workspace::open(&file, Environment::of_process()?)?;
    context.act(&mut workspace)?;
    let mut options = Options::of_process();
    match context.global.color {
        ColorWhen::Auto => {}
        ColorWhen::Always => options.is_colour_unwanted = false,
        ColorWhen::Never => options.is_colour_unwanted = true,
    }
    Ok(run_screens(workspace, screen, &options)?)
}
