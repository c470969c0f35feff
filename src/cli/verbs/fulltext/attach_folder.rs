//! `tamis fulltext attach-folder`: the PDFs of a folder and the reports that they fit.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::app::{FolderPlan, Request, Workspace};
use crate::cli::context::{Context, is_interactive};
use crate::cli::output::Table;
use crate::cli::progress::Watched;
use crate::cli::report::Done;
use crate::cli::text::count;
use crate::domain::text::clean_line;

/// What `attach-folder` takes.
#[derive(Debug, clap::Args)]
pub struct AttachFolderArgs {
    /// The folder; folders in it are looked into
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Attach what fits without asking
    #[arg(long)]
    yes: bool,
    /// Only show what fits
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

/// Runs the verb.
pub fn run(args: &AttachFolderArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    let mut watched = Watched::begin();
    let plan = workspace.plan_folder(&args.folder, &mut |done, total, phase| watched.step(done, total, phase));
    watched.end();
    let plan = plan?;
    if !context.out.is_json() {
        show(&plan, &args.folder, context)?;
    }
    let attaches = !plan.matches.is_empty() && !args.dry_run && (args.yes || (!context.out.is_json() && is_interactive() && agrees(&plan)));
    let reply = if attaches { Some(context.long_change(workspace, Request::AttachMany(plan.files()))?) } else { None };
    if context.out.is_json() {
        let attached = reply.as_ref().filter(|reply| reply.op.is_some()).map_or(0, |_| plan.matches.len());
        let operation = reply.as_ref().and_then(|reply| reply.op).map(|op| op.to_string());
        return context.out.json(&json!({
            "matches": plan.matches, "ambiguous": plan.ambiguous, "left": plan.left, "without": plan.without,
            "attached": attached, "operation": operation,
        }));
    }
    match reply {
        Some(reply) => {
            context.out.reply(&reply)?;
            context.tell_next(workspace);
        }
        None if !plan.matches.is_empty() => context.out.talk("nothing was attached; add --yes to attach what fits"),
        None => {}
    }
    Ok(())
}

fn show(plan: &FolderPlan, folder: &Path, context: &mut Context) -> Done {
    let name = |file: &Path| clean_line(&file.strip_prefix(folder).unwrap_or(file).display().to_string()).into_owned();
    let mut table = Table::new(&["report", "file", "~title", "why"]);
    for found in &plan.matches {
        table.row([found.report.report.to_string(), name(&found.file), found.report.title.clone(), found.report.why.join("; ")]);
    }
    if !table.is_empty() {
        context.out.table(&table)?;
    }
    if !plan.ambiguous.is_empty() {
        context.out.heading("Left to you: attach them one by one")?;
        let mut table = Table::new(&["file", "problem", "report", "why"]);
        for found in &plan.ambiguous {
            for (at, candidate) in found.candidates.iter().enumerate() {
                let (file, problem) = if at == 0 { (name(&found.file), found.problem.clone()) } else { (String::new(), String::new()) };
                table.row([file, problem, candidate.report.to_string(), candidate.why.join("; ")]);
            }
        }
        context.out.table(&table)?;
    }
    if !plan.left.is_empty() {
        context.out.heading("Left alone")?;
        let mut table = Table::new(&["file", "~why"]);
        for left in &plan.left {
            table.row([name(&left.file), left.why.clone()]);
        }
        context.out.table(&table)?;
    }
    let mut summary = format!("{} fit one report each", count(plan.matches.len(), "file", "files"));
    summary.push_str(&format!("; {} left to you, {} left alone", plan.ambiguous.len(), plan.left.len()));
    summary.push_str(&format!("; {} without a file", count(plan.without, "report", "reports")));
    context.out.talk(&summary);
    Ok(())
}

/// Asks on the terminal; anything but a yes is a no.
fn agrees(plan: &FolderPlan) -> bool {
    eprint!("Attach {}? [y/N] ", count(plan.matches.len(), "file", "files"));
    let _shown = std::io::stderr().flush();
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}
