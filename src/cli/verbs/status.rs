//! `tamis status`: where the review stands, and what is next for the acting reviewer.

use crate::app::query::Overview;
use crate::cli::context::Context;
use crate::cli::json;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::cli::text::{count, wrap};
use crate::domain::decision::Stage;
use crate::domain::state::StageCounts;
use crate::domain::text::clean_line;

/// Show where the review stands and what is next for you
#[derive(Debug, clap::Args)]
pub struct StatusArgs {}

/// Runs the verb.
pub fn run(_args: &StatusArgs, context: &mut Context) -> Done {
    let workspace = context.open()?;
    let overview = workspace.overview();
    if context.out.is_json() {
        return context.out.json(&object(&overview));
    }
    let out = &mut context.out;
    for line in wrap(&clean_line(&overview.review.title), out.drawing_width()) {
        out.line(line)?;
    }
    out.line(people(&overview))?;
    out.line(String::new())?;
    out.line(records(&overview))?;
    let mut table = Table::new(&["", ">all", ">open", ">one vote", ">conflict", ">included", ">excluded", ">other"]);
    for (stage, counts) in [(Stage::TitleAbstract, &overview.title_abstract), (Stage::FullText, &overview.full_text)] {
        if counts.total() > 0 {
            table.row(cells(stage, counts));
        }
    }
    if !table.is_empty() {
        out.line(String::new())?;
        out.table(&table)?;
    }
    let mut table = Table::new(&["votes of", "stage", ">done", ">of"]);
    for person in overview.progress.iter().filter(|person| person.total > 0) {
        table.row([person.reviewer.clone(), person.stage.label().to_owned(), person.done.to_string(), person.total.to_string()]);
    }
    if !table.is_empty() {
        out.line(String::new())?;
        out.table(&table)?;
    }
    if overview.next.is_empty() {
        let acting = overview.reviewer.as_deref().unwrap_or("anybody");
        out.line(format!("\nNothing waits for {acting}."))?;
    } else {
        out.heading("Next")?;
        let mut table = Table::new(&["", ""]);
        for step in &overview.next {
            table.row([step.what.as_str(), step.command]);
        }
        out.table(&table)?;
    }
    if overview.is_read_only {
        out.talk("the file can only be read");
    }
    Ok(())
}

fn object(overview: &Overview) -> serde_json::Value {
    let mut object = json::of(overview);
    if let Some(keys) = object.as_object_mut() {
        let stages =
            [("ta", "title_abstract"), ("ft", "full_text")].map(|(stage, key)| (stage.to_owned(), keys.remove(key).unwrap_or_default()));
        keys.insert("stages".to_owned(), stages.into_iter().collect::<serde_json::Map<_, _>>().into());
        keys.insert("reports".to_owned(), overview.full_text.total().into());
    }
    object
}

fn people(overview: &Overview) -> String {
    let people = overview.reviewers.iter().map(|person| {
        let you = if overview.reviewer.as_deref() == Some(person.id.as_str()) { ", you" } else { "" };
        let left = if person.is_active { "" } else { ", left" };
        format!("{} ({}{you}{left})", person.id, person.roles.join(", ").replace('_', " "))
    });
    clean_line(&people.collect::<Vec<_>>().join("  ")).into_owned()
}

fn records(overview: &Overview) -> String {
    let mut parts = vec![
        count(overview.records, "record", "records"),
        count(overview.duplicates, "duplicate", "duplicates"),
        format!("{} after grouping", overview.units),
    ];
    if overview.possible_duplicates > 0 {
        parts.push(count(overview.possible_duplicates, "possible duplicate", "possible duplicates"));
    }
    parts.push(count(overview.studies, "study", "studies"));
    parts.join(", ")
}

fn cells(stage: Stage, counts: &StageCounts) -> [String; 8] {
    let waiting = counts.unscreened + counts.awaiting_report;
    let other = counts.other + counts.removed + counts.not_retrieved;
    [
        stage.label().to_owned(),
        counts.total().to_string(),
        waiting.to_string(),
        counts.partial.to_string(),
        counts.conflict.to_string(),
        counts.included.to_string(),
        counts.excluded.to_string(),
        other.to_string(),
    ]
}
