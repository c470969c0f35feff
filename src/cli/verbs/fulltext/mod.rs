//! `tamis fulltext`: reports sought, retrieved, assessed.

mod attach_folder;
mod text;

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::app::query::{Queue, ReportView};
use crate::app::{Request, VoteEntry, Workspace};
use crate::cli::args::{FULL_TEXT_QUEUES, words};
use crate::cli::context::{Context, read_text};
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::domain::decision::{Stage, Verdict};
use crate::domain::report::RetrievalState;

use super::screen::{VotesArgs, cast, votes};
use super::{card, load, screen_or_help};

/// Retrieve full texts and assess them
#[derive(Debug, clap::Args)]
pub struct FulltextArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<FulltextVerb>,
}

#[derive(Debug, Subcommand)]
enum FulltextVerb {
    /// List the reports that are sought, with retrieval and state
    List {
        /// Which reports
        #[arg(long, default_value = "all", value_parser = words::<Queue>(FULL_TEXT_QUEUES))]
        queue: Queue,
    },
    /// Show the next report that waits for your vote
    Next,
    /// Note where the retrieval of a report stands
    Retrieval {
        /// The report
        report: String,
        /// The state
        #[arg(value_parser = words::<StateWord>(STATES))]
        state: StateWord,
        /// Where it was sought, or from whom
        #[arg(long, value_name = "T")]
        note: Option<String>,
    },
    /// Note the retrieval of many reports from a table: columns record, state, and perhaps note
    Load {
        /// The table (CSV)
        file: PathBuf,
        #[command(flatten)]
        load: load::LoadArgs,
    },
    /// Attach a PDF to a report; a copy is kept beside the review
    Attach {
        /// The report
        report: String,
        /// The PDF
        file: PathBuf,
    },
    /// Attach the PDFs of a folder to the reports that they fit, by DOI, PMID or title; shows what fits and why, and asks
    AttachFolder(attach_folder::AttachFolderArgs),
    /// Show the text of the PDF that is attached to a report
    Text(text::TextArgs),
    /// Vote on a report; an exclusion needs a reason
    Vote {
        /// The report
        report: String,
        /// The vote
        #[arg(value_parser = words::<Verdict>(&["include", "exclude", "ongoing", "awaiting"]))]
        vote: Verdict,
        /// The code of the exclusion reason
        #[arg(long, value_name = "CODE")]
        reason: Option<String>,
        /// A note
        #[arg(long, value_name = "T")]
        note: Option<String>,
    },
    /// Cast your votes from a table (columns record, vote, reason, and perhaps note), or take over your decisions from another tool
    Votes(VotesArgs),
}

/// The states of retrieval as the command line writes them.
const STATES: &[&str] = &["pending", "requested", "retrieved", "not-retrieved"];

/// A state of retrieval read from a word with hyphens.
#[derive(Debug, Clone, Copy)]
struct StateWord(RetrievalState);

impl std::str::FromStr for StateWord {
    type Err = strum::ParseError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        word.replace('-', "_").parse().map(Self)
    }
}

/// Runs the verb.
pub fn run(args: FulltextArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("fulltext", "fulltext", context) };
    let mut workspace = context.open()?;
    match verb {
        FulltextVerb::List { queue } => list(&workspace, queue, context),
        FulltextVerb::Next => {
            workspace.acting()?;
            let queue = workspace.queue(Stage::FullText, Queue::Undecided);
            card::next(&workspace, Stage::FullText, &queue, context)
        }
        FulltextVerb::Retrieval { report, state, note } => {
            let record = workspace.find_record(&report)?;
            context.change(&mut workspace, Request::Retrieve { record, state: state.0, note })
        }
        FulltextVerb::Load { file, load } => {
            let (name, text) = read_text(&file)?;
            let table = workspace.retrievals_from_csv(&text, &name)?;
            load::table(table, load, &mut workspace, context)
        }
        FulltextVerb::Attach { report, file } => {
            let record = workspace.find_record(&report)?;
            context.change(&mut workspace, Request::Attach { record, path: file })
        }
        FulltextVerb::AttachFolder(args) => attach_folder::run(&args, &mut workspace, context),
        FulltextVerb::Text(args) => text::run(&args, &workspace, context),
        FulltextVerb::Vote { report, vote, reason, note } => {
            let entry = VoteEntry { record: workspace.find_record(&report)?, verdict: vote, reason, note, milliseconds: None };
            cast(Stage::FullText, vec![entry], &mut workspace, context)
        }
        FulltextVerb::Votes(args) => votes(Stage::FullText, &args, &mut workspace, context),
    }
}

fn list(workspace: &Workspace, queue: Queue, context: &mut Context) -> Done {
    let wanted = workspace.queue(Stage::FullText, queue);
    let reports: Vec<ReportView> = workspace.reports()?.into_iter().filter(|report| wanted.contains(&report.line.record)).collect();
    if context.out.is_json() {
        return context.out.json(&json!({ "queue": queue, "total": reports.len(), "reports": reports }));
    }
    let mut table = Table::new(&["report", ">year", "~title", "retrieval", "status", "reason", "your vote", "study"]);
    for report in &reports {
        table.row([
            report.line.record.to_string(),
            report.line.year.map(|year| year.to_string()).unwrap_or_default(),
            report.line.title.clone(),
            report.retrieval.replace('_', " "),
            report.status.replace('_', " "),
            report.reason.clone().unwrap_or_default(),
            card::vote_words(report.mine.as_ref()),
            report.studies.join(", "),
        ]);
    }
    context.out.table(&table)?;
    if reports.is_empty() {
        context.out.talk(if queue == Queue::All { "no report is sought yet" } else { "no report is in this queue" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_retrieval_is_understood() {
        assert!(STATES.iter().all(|word| word.parse::<StateWord>().is_ok()));
    }
}
