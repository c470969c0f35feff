//! `tamis source`: where records come from.

use clap::Subcommand;
use serde_json::json;

use crate::app::{Request, Workspace};
use crate::cli::args::{SOURCE_KINDS, words};
use crate::cli::context::Context;
use crate::cli::json;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::cli::text::count;
use crate::domain::source::{ImportBatch, SourceKind};
use crate::domain::text::clean_line;

use super::import::place;
use super::screen_or_help;

/// List sources with their imports, or name a source before its first import
#[derive(Debug, clap::Args)]
pub struct SourceArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<SourceVerb>,
}

#[derive(Debug, Subcommand)]
enum SourceVerb {
    /// List all sources with their imports
    List,
    /// Show a source with its files, the searches, and what was said when the files were imported
    Show {
        /// The name of the source
        name: String,
    },
    /// Name a source
    Add {
        /// The name, for example Embase
        name: String,
        /// The kind, which decides the box of the flow diagram
        #[arg(long, default_value = "database", value_parser = words::<SourceKind>(SOURCE_KINDS))]
        kind: SourceKind,
        /// The platform, for example Ovid
        #[arg(long)]
        platform: Option<String>,
    },
}

/// Runs the verb.
pub fn run(args: SourceArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("source", "sources", context) };
    let mut workspace = context.open()?;
    match verb {
        SourceVerb::List => list(&workspace, context),
        SourceVerb::Show { name } => show(&workspace, &name, context),
        SourceVerb::Add { name, kind, platform } => context.change(&mut workspace, Request::AddSource { name, kind, platform }),
    }
}

fn list(workspace: &Workspace, context: &mut Context) -> Done {
    let sources = workspace.sources();
    if context.out.is_json() {
        return context.out.json(&json!({ "sources": sources }));
    }
    let mut table = Table::new(&["source", "kind", "platform", ">records", "file", "searched", ">hits", ">remarks"]);
    for view in &sources {
        let source = [view.source.name.clone(), view.source.kind.to_string(), view.source.platform.clone().unwrap_or_default()];
        if view.imports.is_empty() {
            table.row([&source[0], &source[1], &source[2], "0", "", "", "", ""]);
        }
        for (at, import) in view.imports.iter().enumerate() {
            let shown = |text: &str| if at == 0 { text.to_owned() } else { String::new() };
            table.row([
                shown(&source[0]),
                shown(&source[1]),
                shown(&source[2]),
                import.batch.kept.to_string(),
                import.batch.file_name.clone(),
                import.batch.run_date.clone().unwrap_or_default(),
                import.batch.hits_reported.map(|hits| hits.to_string()).unwrap_or_default(),
                import.remarks.total().to_string(),
            ]);
        }
    }
    if table.is_empty() {
        context.out.talk("no source has been named and nothing imported yet");
        context.out.next("tamis import FILE --source NAME");
    }
    context.out.table(&table)
}

fn show(workspace: &Workspace, name: &str, context: &mut Context) -> Done {
    let view = workspace.find_source(name)?;
    let imports = workspace.remarks_of_source(&view.source.id)?;
    if context.out.is_json() {
        let mut object = json::of(&view);
        if let Some(keys) = object.as_object_mut() {
            keys.insert("imports".to_owned(), json::of(&imports));
        }
        return context.out.json(&object);
    }
    let platform = view.source.platform.as_ref().map(|platform| format!(", {platform}")).unwrap_or_default();
    let records = count(view.records, "record", "records");
    context.out.line(clean_line(&format!("{} ({}{platform}): {records}", view.source.name, view.source.kind)))?;
    for import in &imports {
        let batch = &import.import.batch;
        context.out.line("")?;
        context.out.line(clean_line(&file_line(batch)))?;
        for (name, text) in [("searched on", &batch.run_date), ("strategy", &batch.strategy)] {
            if let Some(text) = text {
                context.out.line(format!("  {name} {}", clean_line(text)))?;
            }
        }
        for remark in &import.listed {
            let said = format!("{}{}: {}", remark.severity, place(remark), remark.message);
            context.out.line(format!("  {}", clean_line(&said)))?;
        }
        let hidden = (import.import.remarks.total() as usize).saturating_sub(import.listed.len());
        if hidden > 0 {
            context.out.line(format!("  {} not kept", count(hidden, "more remark was", "more remarks were")))?;
        }
    }
    Ok(())
}

/// Says in one line what an import found.
fn file_line(batch: &ImportBatch) -> String {
    let hits = batch.hits_reported.map(|hits| format!(", {} reported", count(hits as usize, "hit", "hits"))).unwrap_or_default();
    let found = count(batch.found as usize, "record", "records");
    let lines = match batch.not_understood {
        0 => String::new(),
        lines => format!(", {} not understood", count(lines as usize, "line", "lines")),
    };
    format!("{}: {found} found, {} kept{lines}{hits}; {} in {}", batch.file_name, batch.kept, batch.format, batch.encoding)
}
