//! `tamis extract paste`: a whole table of a report into one draft.

use std::io::Read;
use std::path::PathBuf;

use serde_json::json;

use crate::app::paste::{PasteAt, PastePlan, PasteSource};
use crate::app::{Error, ErrorKind, Workspace};
use crate::cli::context::{Context, read_text, study};
use crate::cli::output::{Output, Table};
use crate::cli::report::Done;
use crate::cli::text::count;
use crate::domain::text::clean_line;

/// What the verb takes.
#[derive(Debug, clap::Args)]
pub struct PasteArgs {
    /// The study
    study: String,
    /// The table (CSV, or divided by tabs or spaces); - reads what is piped in
    file: PathBuf,
    /// The cell that a table without headings begins at; with headings it names outcome and time point
    #[arg(long, value_name = "PATH")]
    at: Option<String>,
    /// Exchange rows and columns first
    #[arg(long)]
    turned: bool,
    /// The report that the table stands in
    #[arg(long, value_name = "REPORT")]
    record: Option<String>,
    /// The page and table
    #[arg(long, value_name = "P")]
    page: Option<String>,
    /// The words of the report
    #[arg(long, value_name = "Q")]
    quote: Option<String>,
    /// Only say what would go where
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub fn run(args: PasteArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    let text = if args.file.as_os_str() == "-" { piped()? } else { read_text(&args.file)?.1 };
    let at = args.at.map_or(PasteAt::Anywhere, PasteAt::Cell);
    let plan = workspace.paste_plan(&study(&args.study), &text, &at, args.turned)?;
    if args.dry_run {
        return if context.out.is_json() { context.out.json(&plan) } else { print(&plan, &mut context.out) };
    }
    if plan.cells.is_empty() {
        let first = plan.left.first().cloned().unwrap_or_else(|| "the table holds nothing".to_owned());
        return Err(Error::user(format!("no cell was filled: {first}")).hint("add --dry-run to see what goes where, or --at PATH").into());
    }
    let report = args.record.as_deref().map(|name| workspace.find_record(name)).transpose()?;
    let source = PasteSource { report, page: args.page, quote: args.quote };
    let reply = workspace.run(plan.request(&source))?;
    context.out.reply_with(&reply, &[("cells", json!(plan.cells)), ("left", json!(plan.left))])?;
    for text in &plan.left {
        context.out.talk(&clean_line(&format!("left out: {text}")));
    }
    Ok(())
}

fn piped() -> Done<String> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Error::new(ErrorKind::File, format!("what is piped in cannot be read as text: {error}")))?;
    Ok(text)
}

fn print(plan: &PastePlan, out: &mut Output) -> Done {
    let left = if plan.left.is_empty() { String::new() } else { format!(", {} left out", plan.left.len()) };
    out.line(clean_line(&format!("{}: {} would be filled{left}", plan.label, count(plan.cells.len(), "cell", "cells"))))?;
    let mut table = Table::new(&["cell", "value", "was", "~from"]);
    for cell in &plan.cells {
        let from = format!("row {}, column {}", cell.row, cell.column);
        table.row([cell.path.as_str(), &cell.raw, cell.replaces.as_deref().unwrap_or_default(), &from]);
    }
    out.table(&table)?;
    for text in &plan.left {
        out.line(clean_line(&format!("left out: {text}")))?;
    }
    Ok(())
}
