//! `tamis round`: calibration rounds, a random sample that all screen before the rest.

use clap::Subcommand;
use serde_json::json;

use crate::app::query::{RoundRecord, RoundView};
use crate::app::{Request, Workspace};
use crate::cli::args::{STAGES, words};
use crate::cli::context::Context;
use crate::cli::json;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::cli::text::count;
use crate::domain::decision::Stage;
use crate::domain::round::RoundVotes;
use crate::domain::text::clean_line;

use super::{agreement, card, screen_or_help};

/// Calibrate: all screen one random sample, compare, and revise the criteria
#[derive(Debug, clap::Args)]
pub struct RoundArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<RoundVerb>,
}

/// Which round.
#[derive(Debug, clap::Args)]
struct Which {
    /// Its number; the latest where none is given
    number: Option<usize>,
    /// The stage
    #[arg(long, default_value = "ta", value_parser = words::<Stage>(STAGES))]
    stage: Stage,
}

#[derive(Debug, Subcommand)]
enum RoundVerb {
    /// Draw a sample for all who vote; until it is closed they screen nothing else
    Start {
        /// How many records
        #[arg(long, value_name = "N")]
        size: u32,
        /// Whether the votes count for the review or are practice, after which the records are screened again
        #[arg(long, value_parser = words::<RoundVotes>(&["count", "practice"]))]
        votes: RoundVotes,
        /// Draw with this number, to get the same sample again; by chance without it
        #[arg(long, value_name = "N")]
        seed: Option<u32>,
        /// The stage
        #[arg(long, default_value = "ta", value_parser = words::<Stage>(STAGES))]
        stage: Stage,
    },
    /// List the rounds
    List,
    /// Show one round: progress, agreement, and the votes side by side where all have voted
    Show {
        #[command(flatten)]
        which: Which,
        /// Only records on which people differ
        #[arg(long)]
        differ: bool,
    },
    /// End a round; from then on its records are screened like any others
    Close {
        #[command(flatten)]
        which: Which,
        /// Although not everybody has finished
        #[arg(long)]
        early: bool,
    },
}

/// Runs the verb.
pub fn run(args: RoundArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("round", "rounds", context) };
    let mut workspace = context.open()?;
    match verb {
        RoundVerb::Start { size, votes, seed, stage } => {
            context.change(&mut workspace, Request::StartRound { stage, size, seed, votes })?;
            context.out.next(if stage == Stage::TitleAbstract { "tamis screen next" } else { "tamis fulltext next" });
            Ok(())
        }
        RoundVerb::List => list(&workspace, context),
        RoundVerb::Show { which, differ } => show(&workspace, &which, differ, context),
        RoundVerb::Close { which, early } => {
            let Which { number, stage } = which;
            context.change(&mut workspace, Request::CloseRound { stage, number, is_early: early })
        }
    }
}

fn list(workspace: &Workspace, context: &mut Context) -> Done {
    let rounds = workspace.rounds();
    if context.out.is_json() {
        return context.out.json(&json!({ "rounds": rounds }));
    }
    if rounds.is_empty() {
        context.out.talk("no round was started yet");
        context.out.next("tamis round start --size 50 --votes practice");
        return Ok(());
    }
    let mut table = Table::new(&["round", "stage", "state", "votes", ">records", ">all voted", ">differ", ">seed", "started"]);
    for round in &rounds {
        table.row([
            round.number.to_string(),
            round.stage.label().to_owned(),
            state(round).to_owned(),
            round.votes.to_string(),
            round.records.to_string(),
            round.complete.to_string(),
            round.differing.to_string(),
            round.seed.to_string(),
            format!("{} {}", round.started_at, round.started_by),
        ]);
    }
    context.out.table(&table)
}

fn state(round: &RoundView) -> &'static str {
    if round.is_open { "open" } else { "closed" }
}

fn show(workspace: &Workspace, which: &Which, only_differing: bool, context: &mut Context) -> Done {
    let round = workspace.round(which.stage, which.number)?;
    let mut records = workspace.round_records(which.stage, which.number)?;
    let report = workspace.round_agreement(which.stage, which.number);
    records.retain(|record| record.differs || !only_differing);
    if context.out.is_json() {
        // Where the numbers would tell hidden votes, they are absent and the refusal stands in their place.
        let (report, refused) = match report {
            Ok(report) => (Some(json::of(&report)), None),
            Err(error) => (None, Some(error.message)),
        };
        return context.out.json(&json!({ "round": round, "agreement": report, "refused": refused, "records": records }));
    }
    let what = format!(
        "Round {} at {}: {}, seed {}, {}, votes {}",
        round.number,
        round.stage.label(),
        count(round.records, "record", "records"),
        round.seed,
        state(&round),
        if round.votes == RoundVotes::Count { "count" } else { "are practice" }
    );
    context.out.heading(&what)?;
    for person in &round.progress {
        let left = if person.is_active { "" } else { ", takes no further part" };
        context.out.line(format!("{} voted on {} of {}{left}", person.reviewer, person.done, round.records))?;
    }
    let now = if round.criteria_version_now > round.criteria_version {
        format!("; version {} stands now", round.criteria_version_now)
    } else {
        String::new()
    };
    context.out.line(format!("criteria: version {}{now}", round.criteria_version))?;
    for criterion in &round.criteria {
        context.out.line(format!("  {}: {}", criterion.side, clean_line(&criterion.text)))?;
    }
    match report {
        Ok(report) if round.complete > 0 => agreement::tell(&report, true, context)?,
        Ok(_) => context.out.talk("agreement and votes are told for records on which all have voted; none yet"),
        Err(error) => context.out.talk(&error.message),
    }
    context.out.line(String::new())?;
    let mut table = Table::new(&["record", ">year", "~title", "votes"]);
    for record in &records {
        let year = record.line.year.map(|year| year.to_string()).unwrap_or_default();
        table.row([record.line.record.to_string(), year, record.line.title.clone(), votes(record)]);
    }
    context.out.table(&table)?;
    if round.is_open && round.complete == round.records {
        let stage = if round.stage == Stage::FullText { " --stage ft" } else { "" };
        context.out.next(&format!("revise the criteria (tamis setup criteria), then tamis round close{stage}"));
    }
    Ok(())
}

fn votes(record: &RoundRecord) -> String {
    let each = record.votes.iter().map(|vote| format!("{} {}", vote.reviewer, card::vote_words(Some(vote))));
    let said = each.collect::<Vec<_>>().join("; ");
    if record.differs { format!("{said}  (differ)") } else { said }
}
