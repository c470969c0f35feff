//! `tamis screen note|tag|star|tags`: what a person puts on a record while reading.

use serde_json::json;

use crate::app::query::MarksView;
use crate::app::{MarkChange, Request, Workspace};
use crate::cli::args::words;
use crate::cli::context::Context;
use crate::cli::output::{Output, Table};
use crate::cli::report::{Done, Failure};
use crate::domain::mark::Star;
use crate::domain::text::clean_line;

/// Write your note on a record
#[derive(Debug, clap::Args)]
pub struct NoteArgs {
    /// The record: its name, FILE#N, doi:... or pmid:...
    record: String,
    /// The note; it takes the place of your note before
    #[arg(value_name = "T", required_unless_present = "clear")]
    text: Option<String>,
    /// Take your note away
    #[arg(long, conflicts_with = "text")]
    clear: bool,
}

/// Put tags on a record, or take them away
#[derive(Debug, clap::Args)]
pub struct TagArgs {
    /// The record: its name, FILE#N, doi:... or pmid:...
    record: String,
    /// The tags
    #[arg(value_name = "TAG", required = true)]
    tags: Vec<String>,
    /// Take them away
    #[arg(long)]
    remove: bool,
}

/// Mark a record as a key paper, or its reference list as worth checking
#[derive(Debug, clap::Args)]
pub struct StarArgs {
    /// The record: its name, FILE#N, doi:... or pmid:...
    record: String,
    /// A key paper, or one whose reference list is worth checking
    #[arg(value_parser = words::<Star>(&["key_paper", "reference_list"]))]
    star: Star,
    /// Take it away
    #[arg(long)]
    remove: bool,
}

/// Writes or clears the note.
pub fn note(args: NoteArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    let text = args.text.filter(|_| !args.clear).unwrap_or_default();
    if text.trim().is_empty() && !args.clear {
        return Err(Failure::usage("the note is empty", "tamis screen note RECORD --clear takes your note away"));
    }
    change(&args.record, vec![MarkChange::Note(text)], workspace, context)
}

/// Sets or takes away tags.
pub fn tag(args: TagArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    let changes = args.tags.into_iter().map(|tag| MarkChange::Tag(tag, !args.remove)).collect();
    change(&args.record, changes, workspace, context)
}

/// Sets or takes away a star.
pub fn star(args: &StarArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    change(&args.record, vec![MarkChange::Star(args.star, !args.remove)], workspace, context)
}

fn change(record: &str, changes: Vec<MarkChange>, workspace: &mut Workspace, context: &mut Context) -> Done {
    let record = workspace.find_record(record)?;
    let reply = workspace.run(Request::Mark { record, changes })?;
    let marks = workspace.marks(record)?;
    context.out.reply_with(&reply, &[("record", record.as_str().into()), ("marks", crate::cli::json::of(&marks))])
}

/// Lists the tags in use.
pub fn tags(workspace: &Workspace, context: &mut Context) -> Done {
    let tags = workspace.tags();
    if context.out.is_json() {
        return context.out.json(&json!({ "tags": tags }));
    }
    let mut table = Table::new(&["~tag", ">records"]);
    for used in &tags {
        table.row([&used.tag, &used.units.to_string()]);
    }
    context.out.table(&table)?;
    if tags.is_empty() {
        context.out.talk("no record has a tag yet: tamis screen tag RECORD TAG");
    }
    Ok(())
}

/// Prints the marks on a record under its card, each person's on lines of their own.
pub fn print(marks: &[MarksView], out: &mut Output) -> Done {
    for person in marks {
        for line in lines(person) {
            out.line(clean_line(&line))?;
        }
    }
    Ok(())
}

/// Returns the marks of one person as lines: stars and tags, then the note.
fn lines(person: &MarksView) -> Vec<String> {
    let marks = &person.marks;
    let mut signs: Vec<String> = marks.stars.iter().map(|star| format!("* {}", star.label())).collect();
    signs.extend(marks.tags.iter().map(|tag| format!("#{tag}")));
    let mut lines = Vec::new();
    if !signs.is_empty() {
        lines.push(format!("{}: {}", person.reviewer, signs.join("  ")));
    }
    if let Some(note) = &marks.note {
        lines.push(format!("{} notes: {}", person.reviewer, note.replace('\n', " / ")));
    }
    lines
}
