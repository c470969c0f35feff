//! `tamis init`: makes the file of a new review.

use std::path::PathBuf;

use serde_json::json;

use crate::app::{Environment, NewReview, Workspace};
use crate::cli::context::Context;
use crate::cli::report::Done;
use crate::domain::review::ReviewInfo;
use crate::domain::text::clean_line;

/// Make the file of a new review with its reviewers
#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// The file to make; without an ending it gets .tamis
    file: PathBuf,
    /// The title of the review
    #[arg(long, value_name = "T")]
    title: String,
    /// A reviewer, who votes and extracts; give it once for each, the first also leads
    #[arg(long = "reviewer", value_name = "ID[=NAME]", required = true)]
    reviewers: Vec<String>,
    /// A third person, who settles conflicts and does not vote
    #[arg(long, value_name = "ID[=NAME]")]
    adjudicator: Option<String>,
    /// The file will live on a host on which several people work at the same time
    #[arg(long)]
    shared_host: bool,
}

/// Runs the verb.
pub fn run(args: InitArgs, context: &mut Context) -> Done {
    let file = if args.file.extension().is_none() { args.file.with_extension("tamis") } else { args.file };
    let new = NewReview {
        info: ReviewInfo { title: clean_line(&args.title).into_owned(), ..ReviewInfo::default() },
        reviewers: args.reviewers.iter().map(|person| person_of(person)).collect(),
        adjudicator: args.adjudicator.as_deref().map(person_of),
        is_on_shared_host: args.shared_host,
    };
    let mut workspace = Workspace::found(&file, new, Environment::of_process()?)?;
    context.act(&mut workspace)?;
    let people = workspace.people();
    let names: Vec<String> = people.iter().map(|person| person.id.clone()).collect();
    let message = format!("began the review \"{}\" in {} with {}", workspace.review_info().title, file.display(), names.join(", "));
    if context.out.is_json() {
        let operation = workspace.log(0, 1)?.first().map(|entry| entry.id.clone());
        return context.out.json(&json!({ "message": message, "operation": operation, "review": file, "reviewers": people }));
    }
    context.out.line(clean_line(&message))?;
    if let Some(acting) = workspace.reviewer() {
        let acting = acting.id.to_string();
        context.out.talk(&format!("you act as {acting} here; --as ID changes that"));
    }
    context.out.next("tamis setup load FILE.toml, or tamis import FILE --source NAME");
    Ok(())
}

/// Splits "AR=Ada Reviewer" into the short and the full name.
fn person_of(text: &str) -> (String, String) {
    let (id, name) = text.split_once('=').unwrap_or((text, ""));
    (id.trim().to_owned(), clean_line(name).trim().to_owned())
}
