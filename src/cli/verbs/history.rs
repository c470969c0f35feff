//! `tamis log`, `undo`, `redo`: what was done, by whom, and taking it back.

use serde_json::json;

use crate::app::Request;
use crate::app::query::LogEntry;
use crate::cli::context::Context;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::cli::text::count;

use super::flow;

/// Show every change, newest first
#[derive(Debug, clap::Args)]
pub struct LogArgs {
    /// Only up to this operation, with the numbers of the flow diagram at that moment
    #[arg(long, value_name = "SEQ")]
    at: Option<usize>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

/// Take back a change; the change stays in the log
#[derive(Debug, clap::Args)]
pub struct UndoArgs {
    /// The place in the log or the beginning of the operation's name; without it your newest change
    #[arg(value_name = "SEQ|ID")]
    operation: Option<String>,
}

/// Put back a change that was taken back
#[derive(Debug, clap::Args)]
pub struct RedoArgs {
    /// The place in the log or the beginning of the operation's name; without it the one you took back last
    #[arg(value_name = "SEQ|ID")]
    operation: Option<String>,
}

/// Runs `log`.
pub fn log(args: &LogArgs, context: &mut Context) -> Done {
    let workspace = context.open()?;
    let length = workspace.log_length();
    let upto = args.at.map(|at| flow::checked_place(&workspace, at)).transpose()?.unwrap_or(length);
    let entries = workspace.log(length - upto, args.limit)?;
    let past = args.at.map(|at| flow::view(&workspace, Some(at))).transpose()?;
    let out = &mut context.out;
    if out.is_json() {
        let mut object = json!({ "total": length, "operations": entries });
        if let (Some(view), Some(keys)) = (&past, object.as_object_mut()) {
            keys.insert("flow".to_owned(), flow::object(view).into());
        }
        return out.json(&object);
    }
    let mut table = Table::new(&[">#", "when", "who", "~what", "", "id"]);
    for entry in &entries {
        table.row([
            &entry.seq.to_string(),
            &minute(entry),
            &entry.reviewer,
            &entry.summary,
            state(entry),
            &entry.id[..entry.id.len().min(8)],
        ]);
    }
    out.table(&table)?;
    let older = upto.saturating_sub(entries.len());
    if older > 0 {
        out.talk(&format!("and {} older; --limit N shows them", count(older, "operation", "operations")));
    }
    if let Some(view) = past {
        let flow = &view.flow;
        out.line(format!(
            "\nThen: {} records identified, {} duplicates, {} screened, {} reports sought, {} assessed, {} studies in {} reports included",
            flow.identified() + flow.other_identified(),
            flow.duplicates,
            flow.screened,
            flow.searched.sought + flow.other.sought,
            flow.searched.assessed + flow.other.assessed,
            flow.studies,
            flow.reports
        ))?;
        out.next(&format!("tamis flow --at {upto}"));
    }
    Ok(())
}

/// Returns date and time to the minute.
fn minute(entry: &LogEntry) -> String {
    entry.at.get(..16).unwrap_or(&entry.at).replace('T', " ")
}

fn state(entry: &LogEntry) -> &'static str {
    if entry.is_live { "" } else { "undone" }
}

/// Runs `undo`.
pub fn undo(args: &UndoArgs, context: &mut Context) -> Done {
    let mut workspace = context.open()?;
    let operation = args.operation.as_deref().map(|name| workspace.find_operation(name)).transpose()?;
    context.change(&mut workspace, Request::Undo(operation))?;
    context.out.next("tamis redo puts it back");
    Ok(())
}

/// Runs `redo`.
pub fn redo(args: &RedoArgs, context: &mut Context) -> Done {
    let mut workspace = context.open()?;
    let operation = args.operation.as_deref().map(|name| workspace.find_operation(name)).transpose()?;
    context.change(&mut workspace, Request::Redo(operation))
}
