//! `tamis find` and `tamis show`: records by their words, and one record whole.

use serde_json::json;

use crate::cli::args::{STAGES, words};
use crate::cli::context::Context;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::cli::text::clean_lines;
use crate::domain::decision::Stage;

use super::card;

/// Find records by words, fields and states
#[derive(Debug, clap::Args)]
#[command(after_long_help = crate::cli::text::search_help())]
pub struct FindArgs {
    /// What to look for, such as: ketamine -animal year:2010..2015
    #[arg(required = true)]
    words: Vec<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

/// Show one record whole, with what you may see of the votes on it
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The record: its name or the beginning of it, FILE#N, doi:... or pmid:...
    record: String,
    /// The stage whose votes are shown
    #[arg(long, default_value = "ta", value_parser = words::<Stage>(STAGES))]
    stage: Stage,
    /// Show the text as it stood in the file
    #[arg(long)]
    raw: bool,
}

/// Runs `find`.
pub fn find(args: &FindArgs, context: &mut Context) -> Done {
    let workspace = context.open()?;
    let found = workspace.search(&args.words.join(" "))?;
    let cards = found.iter().take(args.limit).map(|unit| workspace.card(*unit)).collect::<Result<Vec<_>, _>>()?;
    if context.out.is_json() {
        return context.out.json(&json!({ "total": found.len(), "records": cards }));
    }
    let mut table = Table::new(&["record", ">year", "~title", "first in"]);
    for card in &cards {
        let place = card.members.first().map_or("", |member| member.place.as_str());
        table.row([
            &card.record.to_string(),
            &card.citation.year.map(|year| year.to_string()).unwrap_or_default(),
            &card.citation.title,
            place,
        ]);
    }
    context.out.table(&table)?;
    if found.is_empty() {
        context.out.talk("no record fits");
    } else if found.len() > cards.len() {
        context.out.talk(&format!("and {} more; --limit N shows them", found.len() - cards.len()));
    }
    Ok(())
}

/// Runs `show`.
pub fn show(args: &ShowArgs, context: &mut Context) -> Done {
    let workspace = context.open()?;
    let record = workspace.find_record(&args.record)?;
    if args.raw {
        let raw = workspace.raw_record(record)?;
        return if context.out.is_json() {
            context.out.json(&json!({ "record": record, "raw": raw }))
        } else {
            context.out.line(clean_lines(&raw))
        };
    }
    let view = workspace.unit_view(args.stage, record)?;
    if context.out.is_json() { context.out.json(&view) } else { card::print(&view, &workspace.words(), &mut context.out) }
}
