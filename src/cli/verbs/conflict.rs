//! `tamis conflict`: records on which votes differ.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::app::query::ConflictView;
use crate::app::{MarkChange, Request, Workspace};
use crate::cli::args::{STAGES, words};
use crate::cli::context::{Context, read_text};
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::domain::decision::{Stage, Verdict};
use crate::domain::mark::Star;
use crate::domain::policy::Resolver;
use crate::domain::text::counted;

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
        /// Only conflicts on inclusion, or only those on the reason of an exclusion at full text
        #[arg(long, value_parser = ["inclusion", "reason"])]
        about: Option<String>,
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
    /// Put a conflict off to discuss it later: it is listed last until it is settled
    Later {
        /// The record or report
        unit: String,
        /// Put it back into its place
        #[arg(long)]
        remove: bool,
    },
    /// Settle many conflicts from a table: columns record, vote, why, and perhaps reason
    Load {
        /// The table (CSV)
        file: PathBuf,
        /// The stage; without it for each row the one in which its record is in conflict
        #[arg(long, value_parser = words::<Stage>(STAGES))]
        stage: Option<Stage>,
        #[command(flatten)]
        load: load::LoadArgs,
    },
}

/// Runs the verb.
pub fn run(args: ConflictArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("conflict", "conflicts", context) };
    let mut workspace = context.open()?;
    match verb {
        ConflictVerb::List { stage, about } => list(&workspace, stage, about.as_deref(), context),
        ConflictVerb::Resolve { unit, verdict, reason, why, stage } => {
            let record = workspace.find_record(&unit)?;
            let stage = stage.unwrap_or_else(|| workspace.stage_of_conflict(record));
            context.change(&mut workspace, Request::Resolve { stage, record, verdict, reason, rationale: why })?;
            context.tell_next(&workspace);
            Ok(())
        }
        ConflictVerb::Later { unit, remove } => {
            let record = workspace.find_record(&unit)?;
            let changes = vec![MarkChange::Star(Star::DiscussLater, !remove)];
            context.change(&mut workspace, Request::Mark { record, changes })
        }
        ConflictVerb::Load { file, stage, load } => {
            let (name, text) = read_text(&file)?;
            let table = workspace.resolutions_from_csv(stage, &text, &name)?;
            load::table(table, load, &mut workspace, context)
        }
    }
}

fn list(workspace: &Workspace, stage: Option<Stage>, about: Option<&str>, context: &mut Context) -> Done {
    let stages = stage.map_or_else(|| vec![Stage::TitleAbstract, Stage::FullText], |stage| vec![stage]);
    let mut conflicts: Vec<ConflictView> = stages.iter().map(|stage| workspace.conflicts(*stage)).collect::<Result<Vec<_>, _>>()?.concat();
    conflicts.retain(|conflict| about.is_none_or(|about| conflict.is_about_reason == (about == "reason")));
    if context.out.is_json() {
        return context.out.json(&json!({ "conflicts": conflicts }));
    }
    let mut table = Table::new(&["record", "stage", "~title", "votes", "waits for"]);
    for conflict in &conflicts {
        let votes: Vec<String> = conflict.votes.iter().map(|vote| format!("{} {}", vote.reviewer, vote_words(Some(vote)))).collect();
        let waits = waits_for(conflict, workspace.policy(conflict.stage).resolver);
        table.row([&conflict.line.record.to_string(), conflict.stage.label(), &conflict.line.title, &votes.join("; "), &waits]);
    }
    context.out.table(&table)?;
    if conflicts.is_empty() {
        context.out.talk("there are no conflicts");
    } else {
        let later = conflicts.iter().filter(|conflict| conflict.is_later).count();
        if later > 0 {
            context.out.talk(&format!("{} to discuss later", counted(later, "conflict")));
        }
        context.out.next("tamis conflict resolve RECORD include|exclude --why \"...\"");
    }
    Ok(())
}

/// Says whose word a conflict waits for.
fn waits_for(conflict: &ConflictView, resolver: Resolver) -> String {
    let waits = match resolver {
        Resolver::Third => "the adjudicator".to_owned(),
        Resolver::Any => "anybody".to_owned(),
        Resolver::Consensus if conflict.left.is_empty() => conflict.waiting_for.join(", "),
        Resolver::Consensus => format!("somebody in place of {}", conflict.left.join(", ")),
    };
    if conflict.is_later { format!("{waits} (discuss later)") } else { waits }
}
