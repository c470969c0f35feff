//! `tamis keys`, `schema`, `completions`, `man`: pages made from the program itself.

use std::path::{Path, PathBuf};

use clap_complete::Shell;
use serde_json::{Value, json};

use crate::app::command::{COMMANDS, Group};
use crate::app::{Error, ErrorKind};
use crate::cli::args::{command, words};
use crate::cli::context::Context;
use crate::cli::files::write_whole;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::cli::text::count;
use crate::store::current_schema;
use crate::tui::keymap::Keymap;

/// The shells that have completions.
pub const SHELLS: &[&str] = &["bash", "elvish", "fish", "powershell", "zsh"];

/// List every command with its keys on the screens and its verb on the command line
#[derive(Debug, clap::Args)]
pub struct KeysArgs {}

/// Print the tables of the review file
#[derive(Debug, clap::Args)]
pub struct SchemaArgs {}

/// Print the completions for a shell
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_parser = words::<Shell>(SHELLS))]
    shell: Shell,
}

/// Print the manual page, or write one page for every verb
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// Write tamis.1 and a page for every verb into this folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Runs `keys`.
pub fn keys(context: &mut Context) -> Done {
    let keymap = Keymap::built_in();
    let out = &mut context.out;
    if out.is_json() {
        let commands: Vec<Value> = COMMANDS
            .iter()
            .map(|command| {
                json!({
                    "id": command.id,
                    "title": command.title,
                    "doc": command.doc,
                    "group": command.group.title(),
                    "keys": keymap.keys_of(command.id),
                    "cli": command.cli.map(|path| format!("tamis {path}")),
                    "is_on_screens": command.is_on_screens(),
                })
            })
            .collect();
        return out.json(&json!({ "commands": commands }));
    }
    let mut group: Option<Group> = None;
    let mut table = Table::new(&[]);
    for command in COMMANDS {
        if group != Some(command.group) {
            out.table(&table)?;
            out.heading(command.group.title())?;
            table = Table::new(&["", "", "", "~"]);
            group = Some(command.group);
        }
        let verb = command.cli.map(|path| format!("tamis {path}")).unwrap_or_default();
        table.row([keymap.keys_of(command.id).join(", ").as_str(), command.title, &verb, command.doc]);
    }
    out.table(&table)
}

/// Runs `schema`.
pub fn schema(context: &mut Context) -> Done {
    let text = current_schema().map_err(|error| Error::new(ErrorKind::Internal, format!("the schema cannot be printed: {error}")))?;
    if context.out.is_json() { context.out.json(&json!({ "schema": text })) } else { context.out.raw(&text) }
}

/// Runs `completions`.
pub fn completions(args: &CompletionsArgs, context: &mut Context) -> Done {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "tamis", &mut text);
    context.out.raw(&String::from_utf8_lossy(&text))
}

/// Runs `man`.
pub fn man(args: &ManArgs, context: &mut Context) -> Done {
    let mut whole = command();
    whole.build();
    let Some(folder) = &args.dir else {
        return context.out.raw(&String::from_utf8_lossy(&page(&whole)?));
    };
    let written = pages(&whole, "", folder)?;
    context.out.line(format!("wrote {} into {}", count(written, "page", "pages"), folder.display()))
}

fn page(command: &clap::Command) -> Done<Vec<u8>> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    Ok(text)
}

/// Writes the page of a command and those of its verbs; returns how many.
fn pages(command: &clap::Command, before: &str, folder: &Path) -> Done<usize> {
    let name = if before.is_empty() { command.get_name().to_owned() } else { format!("{before}-{}", command.get_name()) };
    write_whole(&folder.join(format!("{name}.1")), &page(command)?)?;
    let mut written = 1;
    for verb in command.get_subcommands() {
        written += pages(verb, &name, folder)?;
    }
    Ok(written)
}
