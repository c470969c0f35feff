//! `tamis form`: the extraction form.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use crate::app::form_file::check_text;
use crate::app::templates::{TEMPLATES, new_form, template};
use crate::app::{Error, ErrorKind, Request, Workspace};
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
    /// List the forms to begin with
    Templates,
    /// Write a new form file from a template
    New {
        /// The file to write (TOML); it must not exist
        file: PathBuf,
        /// The template; tamis form templates lists them
        #[arg(long, value_name = "ID")]
        template: String,
        /// The form's id: a-z, 0-9, _ and -
        #[arg(long, value_name = "ID")]
        id: Option<String>,
        /// The form's title
        #[arg(long, value_name = "T")]
        title: Option<String>,
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
            for said in workspace.form_changes(&text).unwrap_or_default() {
                context.out.talk(&clean_line(&format!("note: {said}")));
            }
            context.change(&mut workspace, Request::UseForm { file_name: name, text })?;
            context.tell_next(&workspace);
            Ok(())
        }
        FormVerb::Templates => list_templates(context),
        FormVerb::New { file, template, id, title } => write_new(&file, &template, id.as_deref(), title.as_deref(), context),
        FormVerb::Show { text } => {
            let workspace = context.open()?;
            show(&workspace, text, context)
        }
    }
}

fn list_templates(context: &mut Context) -> Done {
    if context.out.is_json() {
        let listed: Vec<_> = TEMPLATES.iter().map(|known| json!({ "id": known.id, "about": known.about })).collect();
        return context.out.json(&json!({ "templates": listed }));
    }
    let mut table = Table::new(&["template", "~for"]);
    for known in TEMPLATES {
        table.row([known.id, known.about]);
    }
    context.out.table(&table)?;
    context.out.next("tamis form new FILE.toml --template ID");
    Ok(())
}

fn write_new(file: &Path, id: &str, form: Option<&str>, title: Option<&str>, context: &mut Context) -> Done {
    let text = new_form(template(id)?, form, title)?;
    let problem = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Error::user(format!("{} exists already", file.display())).hint("name another file; nothing is overwritten")
        }
        _ => Error::new(ErrorKind::File, format!("{} cannot be written: {error}", file.display())),
    };
    let mut new = std::fs::File::create_new(file).map_err(problem)?;
    new.write_all(text.as_bytes()).map_err(problem)?;
    if context.out.is_json() {
        return context.out.json(&json!({ "file": file.display().to_string(), "template": id }));
    }
    context.out.line(clean_line(&format!("wrote {} from the template {id}", file.display())))?;
    context.out.next("change it in an editor, tamis form check FILE, tamis form use FILE");
    Ok(())
}

fn check(file: &Path, context: &mut Context) -> Done {
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
                    "path": cell.path, "group": cell.group, "label": cell.label, "kind": cell.kind.to_string(), "unit": cell.unit, "units": cell.units, "precision": cell.precision,
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
        let unit = match (&cell.unit, cell.units.len()) {
            (_, 2..) => format!(", {}", cell.units.join(" or ")),
            (Some(unit), _) => format!(", {unit}"),
            (None, _) => String::new(),
        };
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
