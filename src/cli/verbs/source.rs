//! `tamis source`: where records come from.

use clap::Subcommand;
use serde_json::json;

use crate::app::{Request, Workspace};
use crate::cli::args::{SOURCE_KINDS, words};
use crate::cli::context::Context;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::domain::source::SourceKind;

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
        SourceVerb::Add { name, kind, platform } => context.change(&mut workspace, Request::AddSource { name, kind, platform }),
    }
}

fn list(workspace: &Workspace, context: &mut Context) -> Done {
    let sources = workspace.sources();
    if context.out.is_json() {
        return context.out.json(&json!({ "sources": sources }));
    }
    let mut table = Table::new(&["source", "kind", "platform", ">records", "file", "searched", ">hits"]);
    for view in &sources {
        let source = [view.source.name.clone(), view.source.kind.to_string(), view.source.platform.clone().unwrap_or_default()];
        if view.imports.is_empty() {
            table.row([&source[0], &source[1], &source[2], "0", "", "", ""]);
        }
        for (at, import) in view.imports.iter().enumerate() {
            let shown = |text: &str| if at == 0 { text.to_owned() } else { String::new() };
            table.row([
                shown(&source[0]),
                shown(&source[1]),
                shown(&source[2]),
                import.kept.to_string(),
                import.file_name.clone(),
                import.run_date.clone().unwrap_or_default(),
                import.hits_reported.map(|hits| hits.to_string()).unwrap_or_default(),
            ]);
        }
    }
    if table.is_empty() {
        context.out.talk("no source has been named and nothing imported yet");
        context.out.next("tamis import FILE --source NAME");
    }
    context.out.table(&table)
}
