//! The way from the command line to the screens.

use std::path::{Path, PathBuf};

use crate::app::{Environment, Error, NewReview, Workspace};
use crate::domain::review::ReviewInfo;
use crate::domain::text::clean_line;
use crate::tui::welcome::Begin;
use crate::tui::{Options, run_screens, run_welcome};

use super::args::ColorWhen;
use super::context::Context;
use super::report::Done;
use super::verbs::demo;

/// Opens the screens at one of them: "home", "sources", "duplicates", "screening", "fulltext", "conflicts", "studies", "extraction",
/// "consensus", "analysis", "flow" or "log". `review` is the file where one was named; where none is named and the folder does not
/// hold exactly one, a screen offers to make or open one.
pub fn open_screen(screen: &str, review: Option<&Path>, context: &mut Context) -> Done {
    let options = options(context);
    let file = match (review, context.global.review.is_some()) {
        (Some(file), _) => file.to_owned(),
        (None, true) => context.review_file()?,
        (None, false) => match <[PathBuf; 1]>::try_from(context.reviews_here()) {
            Ok([only]) => only,
            Err(reviews) => match welcome(reviews, &options, context)? {
                Some(file) => file,
                None => return Ok(()),
            },
        },
    };
    let mut workspace = Workspace::open(&file, Environment::of_process()?)?;
    context.act(&mut workspace)?;
    Ok(run_screens(workspace, screen, &options)?)
}

fn options(context: &Context) -> Options {
    let mut options = Options::of_process();
    match context.global.color {
        ColorWhen::Auto => {}
        ColorWhen::Always => options.is_colour_unwanted = false,
        ColorWhen::Never => options.is_colour_unwanted = true,
    }
    options
}

/// Asks how to begin; returns the review's file, or none where the person leaves.
fn welcome(reviews: Vec<PathBuf>, options: &Options, context: &mut Context) -> Done<Option<PathBuf>> {
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let mut begun = None;
    run_welcome(&folder, reviews, options, |way| {
        begun = Some(begin(way)?);
        Ok(())
    })?;
    Ok(match begun {
        Some(Begun::Review(file)) => Some(file),
        Some(Begun::Example(folder)) => {
            context.out.talk(&format!("building the worked example in {}", folder.display()));
            Some(demo::build_whole(&folder)?)
        }
        None => None,
    })
}

/// What the person chose, as far as it is done.
enum Begun {
    /// A review that is there.
    Review(PathBuf),
    /// The example, which takes a moment to build in this folder.
    Example(PathBuf),
}

/// Makes or opens a review, or makes sure that the example can be built.
fn begin(way: &Begin) -> Result<Begun, Error> {
    match way {
        Begin::New { file, title, people } => {
            let file = at_home(file);
            let info = ReviewInfo { title: clean_line(title).trim().to_owned(), ..ReviewInfo::default() };
            let new = NewReview { info, reviewers: people.clone(), ..NewReview::default() };
            Workspace::found(&file, new, Environment::of_process()?)?;
            Ok(Begun::Review(file))
        }
        Begin::Open(file) => {
            let file = at_home(file);
            Workspace::open(&file, Environment::of_process()?)?;
            Ok(Begun::Review(file))
        }
        Begin::Example(folder) => {
            let folder = at_home(folder);
            demo::file_in(&folder)?;
            Ok(Begun::Example(folder))
        }
    }
}

/// Returns a path with the person's home folder in place of `~`, as shells write it.
fn at_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::var_os("HOME")) {
        (Ok(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => path.to_owned(),
    }
}
