//! `tamis update`: a review that is searched again months later.

use clap::Subcommand;
use serde_json::json;

use crate::app::query::UpdatePart;
use crate::app::{Request, Workspace};
use crate::cli::args::words;
use crate::cli::context::Context;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::domain::cycle::CycleNumber;
use crate::domain::text::clean_line;

/// The parts of an update that can be listed.
const PARTS: &[&str] = &["new", "known", "gone"];

/// Begin an update of the review, and see what its searches found
#[derive(Debug, clap::Args)]
pub struct UpdateArgs {
    /// What to do.
    #[command(subcommand)]
    verb: UpdateVerb,
}

#[derive(Debug, Subcommand)]
enum UpdateVerb {
    /// Begin an update: what is imported from now on belongs to it
    Start {
        /// What to call it, for example "Update 2027"
        #[arg(default_value = "")]
        label: String,
        /// Studies included in earlier versions that were made elsewhere
        #[arg(long, value_name = "N", default_value_t = 0, requires = "reports_before")]
        studies_before: u32,
        /// Reports of those studies
        #[arg(long, value_name = "N", default_value_t = 0, requires = "studies_before")]
        reports_before: u32,
    },
    /// Show the versions of the review and what each source gave: new, known, gone
    Show {
        /// The version: a label, the number of an update, or first
        version: Option<String>,
    },
    /// List the records that are new, were known, or were not found again
    List {
        /// Which ones
        #[arg(value_parser = words::<UpdatePart>(PARTS))]
        part: UpdatePart,
        /// Of one source only
        #[arg(long)]
        source: Option<String>,
        /// The version: a label, the number of an update, or first
        #[arg(long)]
        version: Option<String>,
    },
}

/// Runs the verb.
pub fn run(args: UpdateArgs, context: &mut Context) -> Done {
    let mut workspace = context.open()?;
    match args.verb {
        UpdateVerb::Start { label, studies_before, reports_before } => {
            context.change(&mut workspace, Request::StartUpdate { label, studies_before, reports_before })?;
            context.out.next("tamis import FILE --source NAME, then tamis dedup run, then tamis update show");
            Ok(())
        }
        UpdateVerb::Show { version } => {
            let cycle = cycle_of(&workspace, version.as_deref())?;
            show(&workspace, cycle, context)
        }
        UpdateVerb::List { part, source, version } => {
            let cycle = cycle_of(&workspace, version.as_deref())?;
            let records = workspace.update_records(cycle, part, source.as_deref())?;
            if context.out.is_json() {
                return context.out.json(&json!({ "part": part.to_string(), "total": records.len(), "records": records }));
            }
            let mut table = Table::new(&["record", ">year", "~title", "source"]);
            for line in &records {
                let year = line.year.map(|year| year.to_string()).unwrap_or_default();
                table.row([&line.record.to_string(), &year, &line.title, &line.source_id]);
            }
            if records.is_empty() {
                context.out.talk(&format!("no record is {part}"));
            }
            context.out.table(&table)
        }
    }
}

/// Returns the cycle that a version names, or the one that the review is in.
pub fn cycle_of(workspace: &Workspace, version: Option<&str>) -> Done<CycleNumber> {
    match version {
        Some(name) => Ok(workspace.find_version(name)?),
        None => Ok(workspace.versions().last().map_or(1, |version| version.cycle)),
    }
}

fn show(workspace: &Workspace, cycle: CycleNumber, context: &mut Context) -> Done {
    let update = workspace.update_found(Some(cycle));
    if context.out.is_json() {
        return context.out.json(&update);
    }
    let mut table = Table::new(&["", "version", ">records", ">studies before", ">reports before"]);
    for version in &update.versions {
        let before = |count: u32| if count == 0 { String::new() } else { count.to_string() };
        table.row([
            if version.cycle == cycle { ">".to_owned() } else { String::new() },
            clean_line(&version.label).into_owned(),
            version.records.to_string(),
            before(version.studies_before),
            before(version.reports_before),
        ]);
    }
    context.out.table(&table)?;
    if cycle == 1 {
        return Ok(());
    }
    context.out.line("")?;
    let mut table = Table::new(&["source", ">earlier", ">found now", ">new", ">known", ">not found again"]);
    for source in &update.sources {
        let gone = source.gone.map_or_else(|| "not searched".to_owned(), |gone| gone.to_string());
        let counts = [source.earlier, source.found, source.new, source.known].map(|count| count.to_string());
        table.row([&source.source, &counts[0], &counts[1], &counts[2], &counts[3], &gone]);
    }
    context.out.table(&table)?;
    context.out.talk("records not found again are expected where the search was limited to later dates");
    context.out.next("tamis update list new, or tamis update list gone");
    Ok(())
}
