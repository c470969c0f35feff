//! The command line: arguments in, one request or one question to `app`, text or JSON out.
//!
//! Map: `args` is the root of the argument list and each verb has its file under `verbs`; `context` finds and opens the review;
//! `output` prints tables and JSON, `report` prints errors and chooses exit codes, `progress` shows long work and lets it be
//! stopped, `input` reads tables that people write. Data goes to standard output, talk to standard error.

mod args;
mod comparison;
mod context;
mod files;
mod input;
mod json;
mod output;
mod pooled;
mod progress;
mod report;
mod screens;
mod text;
mod verbs;

use std::ffi::OsString;

use clap::FromArgMatches;

use args::Cli;
use context::Context;
use output::Output;

pub use args::command;

/// Runs the program on an argument list (the first is the program's name) and returns its exit code.
///
/// 0 done, 1 an error of the user, 2 usage, 3 a check found problems, 4 a file is locked, too new or damaged, 70 internal.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let asked = report::Asked::of(&arguments);
    let mut cli = match parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => return report::parse_error(&error, &asked),
    };
    cli.global.json |= asked.is_json;
    let output = Output::new(cli.global.json, cli.global.color);
    let mut context = Context::new(cli.global, output);
    let result = verbs::run(cli.verb, &mut context).and_then(|()| context.out.finish());
    match result {
        Ok(()) => 0,
        Err(failure) => report::tell(failure, &mut context.out),
    }
}

/// Reads an argument list. `tamis FILE` is short for `tamis --review FILE`.
fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let read = |arguments: &[OsString]| args::command().try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = read(arguments)?;
    match &cli.verb {
        Some(args::Verb::Other(words)) => args::with_file_as_option(arguments, words).map_or(Ok(cli), |rewritten| read(&rewritten)),
        _ => Ok(cli),
    }
}
