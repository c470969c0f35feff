//! `tamis form`: the extraction form.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::app::form_file::check_text;
use crate::app::{Request, Workspace};
use crate::cli::context::{Context, read_text};
use crate::cli::output::Table;
use crate::cli::report::{Done, Failure};
use crate::cli::text::{clean_lines, count};
use crate::domain::diagnostic::Severity;
use crate::domain::text::clean_line;

/// Check an extraction form, take it into use, or show it
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct FormArgs {
    /// What to do.
    #[command(subcommand)]
    verb: FormVerb,
}

#[derive(Debug, Subcommand)]
enum FormVerb {
    /// Check a form file and list what is wrong with it; no review is needed
    Check {
        /// The form (TOML)
        file: PathBuf,
    },
    /// Take a form file into use
    Use {
        /// The form (TOML)
        file: PathBuf,
    },
    /// Show the form in use with its cells and analyses
    Show {
        /// Print the file as it was taken into use
        #[arg(long)]
        text: bool,
    },
}

/// Runs the verb.
pub fn run(args: FormArgs, context: &mut Context) -> Done {
    match args.verb {
        FormVerb::Check { file } => check(&file, context),
        FormVerb::Use { file } => {
            let (name, text) = read_text(&file)?;
            let mut workspace = context.open()?;
            context.change(&mut workspace, Request::UseForm { file_name: name, text })?;
            context.tell_next(&workspace);
            Ok(())
        }
        FormVerb::Show { text } => {
            let workspace = context.open()?;
            show(&workspace, text, context)
        }
    }
}

fn check(file: &std::path::Path, context: &mut Context) -> Done {
    let (name, text) = read_text(file)?;
    let problems = check_text(&text, &name);
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    if context.out.is_json() {
        let listed: Vec<_> = problems
            .iter()
            .map(|problem| {
                json!({ "severity": problem.severity, "line": problem.line, "column": problem.column, "field": problem.field, "message": problem.message })
            })
            .collect();
        context.out.json(&json!({ "file": name, "errors": errors, "problems": listed }))?;
    } else {
        for problem in &problems {
            context.out.line(clean_line(&format!("{}: {problem}", problem.severity)))?;
        }
        if errors == 0 {
            let remarks = if problems.is_empty() { String::new() } else { format!(" ({})", count(problems.len(), "remark", "remarks")) };
            context.out.line(format!("{name} can be used{remarks}"))?;
        }
    }
    if errors > 0 { Err(Failure::Problems) } else { Ok(()) }
}

fn show(workspace: &Workspace, as_text: bool, context: &mut Context) -> Done {
    let form = workspace.form()?;
    if as_text {
        return context.out.raw(&format!("{}\n", clean_lines(workspace.form_text().unwrap_or_default().trim_end())));
    }
    if context.out.is_json() {
        let cells: Vec<_> = form
            .cells()
            .into_iter()
            .map(|cell| {
                json!({
                    "path": cell.path, "group": cell.group, "label": cell.label, "kind": cell.kind.to_string(), "unit": cell.unit,
                    "required": cell.required, "options": cell.options, "min": cell.min, "max": cell.max, "guidance": cell.guidance,
                })
            })
            .collect();
        return context.out.json(&json!({
            "form": form.form, "version": form.version, "title": form.title, "extractors": form.extractors, "cells": cells, "analyses": form.analyses,
        }));
    }
    context.out.line(clean_line(&format!(
        "{} ({} version {}, {})",
        form.title,
        form.form,
        form.version,
        count(form.extractors as usize, "extractor", "extractors")
    )))?;
    let mut group = String::new();
    let mut table = Table::new(&["", "", "", "~"]);
    for cell in form.cells() {
        if cell.group != group {
            context.out.table(&table)?;
            context.out.heading(&cell.group)?;
            table = Table::new(&["", "", "", "~"]);
            group.clone_from(&cell.group);
        }
        let needed = if cell.required { " (needed)" } else { "" };
        let unit = cell.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
        let kind = if cell.options.is_empty() { cell.kind.to_string() } else { format!("{}: {}", cell.kind, cell.options.join(" | ")) };
        table.row([cell.path.as_str(), &cell.label, &format!("{kind}{unit}{needed}"), cell.guidance.as_deref().unwrap_or_default()]);
    }
    context.out.table(&table)?;
    if !form.analyses.is_empty() {
        context.out.heading("Analyses")?;
        let mut table = Table::new(&["", "~"]);
        for analysis in &form.analyses {
            table.row([&analysis.id, &analysis.title]);
        }
        context.out.table(&table)?;
    }
    Ok(())
}
