//! `tamis merge`, `check`, `backup`: copies of the review and its safety.

use std::path::PathBuf;

use serde_json::json;

use crate::app::Request;
use crate::cli::context::Context;
use crate::cli::output::Table;
use crate::cli::report::{Done, Failure};
use crate::cli::text::count;
use crate::domain::text::{clean_line, counted};

/// Add what another copy of the review holds; nothing is lost on either side
#[derive(Debug, clap::Args)]
pub struct MergeArgs {
    /// The other copy
    #[arg(value_name = "OTHER")]
    other: PathBuf,
}

/// Verify the whole file; exit code 3 where something is wrong
#[derive(Debug, clap::Args)]
pub struct CheckArgs {}

/// Write a verified copy of the review
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// Write it to this file instead of the folder for backups
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// List this device's backups of the review
    #[arg(long, conflicts_with = "to")]
    list: bool,
}

/// Runs `merge`.
pub fn merge(args: MergeArgs, context: &mut Context) -> Done {
    let mut workspace = context.open()?;
    context.change(&mut workspace, Request::Merge(args.other))?;
    context.tell_next(&workspace);
    Ok(())
}

/// Runs `check`.
pub fn check(context: &mut Context) -> Done {
    let workspace = context.open()?;
    let problems = workspace.check()?;
    let remarks: Vec<String> = workspace.absent_files().map(|(number, folder)| absent_files(number, &folder)).into_iter().collect();
    let out = &mut context.out;
    if out.is_json() {
        out.json(&json!({ "problems": problems, "remarks": remarks }))?;
    } else if problems.is_empty() {
        out.line(format!("The file is whole: {} in the log, nothing wrong.", count(workspace.log_length(), "operation", "operations")))?;
    } else {
        let mut table = Table::new(&["part", "name", "~problem"]);
        for problem in &problems {
            table.row([problem.part, &problem.name, &problem.message]);
        }
        out.table(&table)?;
        out.next("tamis backup --list; a colleague's copy can be merged into a backup");
    }
    if !out.is_json() {
        remarks.iter().for_each(|remark| out.talk(remark));
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::Problems) }
}

/// Says that attached files are not at hand, and where they belong.
fn absent_files(number: usize, folder: &str) -> String {
    let (files, verb, them) =
        (counted(number, "attached PDF"), if number == 1 { "is" } else { "are" }, if number == 1 { "it" } else { "them" });
    format!("{files} {verb} not at hand: copy {them} from a colleague into {folder} beside the review, or attach {them} again")
}

/// Runs `backup`.
pub fn backup(args: &BackupArgs, context: &mut Context) -> Done {
    let workspace = context.open()?;
    let out = &mut context.out;
    if args.list {
        let backups = workspace.backups();
        if out.is_json() {
            return out.json(&json!({ "backups": backups }));
        }
        for file in &backups {
            out.line(clean_line(&file.display().to_string()))?;
        }
        if backups.is_empty() {
            out.talk("this device has no backup of the review yet");
        }
        return Ok(());
    }
    let file = match &args.to {
        Some(file) => {
            workspace.back_up_to(file)?;
            file.clone()
        }
        None => workspace.back_up()?,
    };
    let message = format!("wrote a verified copy to {}", file.display());
    if out.is_json() { out.json(&json!({ "message": message, "operation": null, "file": file })) } else { out.line(clean_line(&message)) }
}
