//! `tamis conflict`: records on which votes differ.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::app::query::{ConflictView, Queue};
use crate::app::{Error, Request, Workspace};
use crate::cli::args::{STAGES, words};
use crate::cli::context::{Context, read_text};
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::domain::decision::{Stage, Verdict};
use crate::domain::ids::RecordId;

use super::card::vote_words;
use super::{load, screen_or_help};

/// List conflicts between votes and settle them
#[derive(Debug, clap::Args)]
pub struct ConflictArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<ConflictVerb>,
}

#[derive(Debug, Subcommand)]
enum ConflictVerb {
    /// List the conflicts
    List {
        /// Only of this stage
        #[arg(long, value_parser = words::<Stage>(STAGES))]
        stage: Option<Stage>,
    },
    /// Settle a conflict, or confirm how it should be settled
    Resolve {
        /// The record or report
        unit: String,
        /// The verdict
        #[arg(value_parser = words::<Verdict>(&["include", "exclude", "ongoing", "awaiting"]))]
        verdict: Verdict,
        /// The code of the exclusion reason; needed for an exclusion at full text
        #[arg(long, value_name = "CODE")]
        reason: Option<String>,
        /// Why
        #[arg(long, value_name = "T")]
        why: String,
        /// The stage; without it the one in which the record is in conflict
        #[arg(long, value_parser = words::<Stage>(STAGES))]
        stage: Option<Stage>,
    },
    /// Settle many conflicts from a table: columns record, vote, why, and perhaps reason
    Load {
        /// The table (CSV)
        file: PathBuf,
        /// The stage; without it the one in which the first record is in conflict
        #[arg(long, value_parser = words::<Stage>(STAGES))]
        stage: Option<Stage>,
    },
}

/// Runs the verb.
pub fn run(args: ConflictArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("conflict", "conflicts", context) };
    let mut workspace = context.open()?;
    match verb {
        ConflictVerb::List { stage } => list(&workspace, stage, context),
        ConflictVerb::Resolve { unit, verdict, reason, why, stage } => {
            let record = workspace.find_record(&unit)?;
            let stage = stage.unwrap_or_else(|| stage_of_conflict(&workspace, record));
            context.change(&mut workspace, Request::Resolve { stage, record, verdict, reason, rationale: why })?;
            context.tell_next(&workspace);
            Ok(())
        }
        ConflictVerb::Load { file, stage } => {
            let (name, text) = read_text(&file)?;
            let requests = settlements(&workspace, stage, &text, &name)?;
            load::run_all(&name, requests, ("took part in settling", "conflict", "conflicts"), &mut workspace, context)
        }
    }
}

/// Reads the settlements of a table; each row goes to the stage in which its record is in conflict, unless one was named.
fn settlements(workspace: &Workspace, stage: Option<Stage>, text: &str, name: &str) -> Result<Vec<Request>, Error> {
    let requests = workspace.resolutions_from_csv(stage.unwrap_or(Stage::TitleAbstract), text, name)?;
    if stage.is_some() {
        return Ok(requests);
    }
    let staged = requests.into_iter().map(|request| match request {
        Request::Resolve { record, verdict, reason, rationale, .. } => {
            Request::Resolve { stage: stage_of_conflict(workspace, record), record, verdict, reason, rationale }
        }
        other => other,
    });
    Ok(staged.collect())
}

/// Returns full text where the record's unit is in conflict there, else title and abstract.
fn stage_of_conflict(workspace: &Workspace, record: RecordId) -> Stage {
    let unit = workspace.card(record).map_or(record, |card| card.record);
    let is_at_full_text = workspace.queue(Stage::FullText, Queue::Conflict).contains(&unit);
    if is_at_full_text { Stage::FullText } else { Stage::TitleAbstract }
}

fn list(workspace: &Workspace, stage: Option<Stage>, context: &mut Context) -> Done {
    let stages = stage.map_or_else(|| vec![Stage::TitleAbstract, Stage::FullText], |stage| vec![stage]);
    let conflicts: Vec<ConflictView> = stages.iter().map(|stage| workspace.conflicts(*stage)).collect::<Result<Vec<_>, _>>()?.concat();
    if context.out.is_json() {
        return context.out.json(&json!({ "conflicts": conflicts }));
    }
    let mut table = Table::new(&["record", "stage", "~title", "votes", "waits for"]);
    for conflict in &conflicts {
        let votes: Vec<String> = conflict.votes.iter().map(|vote| format!("{} {}", vote.reviewer, vote_words(Some(vote)))).collect();
        let waits = if conflict.waiting_for.is_empty() { "the adjudicator".to_owned() } else { conflict.waiting_for.join(", ") };
        table.row([&conflict.line.record.to_string(), conflict.stage.label(), &conflict.line.title, &votes.join("; "), &waits]);
    }
    context.out.table(&table)?;
    if conflicts.is_empty() {
        context.out.talk("there are no conflicts");
    } else {
        context.out.next("tamis conflict resolve RECORD include|exclude --why \"...\"");
    }
    Ok(())
}
