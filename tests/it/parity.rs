//! The screens and the command line can do the same: requests, commands and verbs are compared with each other.

use std::collections::BTreeSet;

use strum::IntoEnumIterator;
use tamis::app::RequestKind;
use tamis::app::command::requests::ways;
use tamis::app::command::{COMMANDS, Surface};
use tamis::tui::keymap::Keymap;
use tamis::tui::start::screens;

/// Returns every path of words that the command line knows, branches and leaves.
fn paths() -> (BTreeSet<String>, BTreeSet<String>) {
    fn walk(command: &clap::Command, before: &str, all: &mut BTreeSet<String>, leaves: &mut BTreeSet<String>) {
        for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
            let path = if before.is_empty() { verb.get_name().to_owned() } else { format!("{before} {}", verb.get_name()) };
            all.insert(path.clone());
            if verb.get_subcommands().next().is_none() {
                leaves.insert(path.clone());
            }
            walk(verb, &path, all, leaves);
        }
    }
    let (mut all, mut leaves) = (BTreeSet::new(), BTreeSet::new());
    walk(&tamis::cli::command(), "", &mut all, &mut leaves);
    (all, leaves)
}

#[test]
fn every_request_has_words_of_the_command_line() {
    let (all, _) = paths();
    let absent: Vec<String> =
        RequestKind::iter().filter(|kind| !all.contains(ways(*kind).cli)).map(|kind| format!("{kind}: {}", ways(kind).cli)).collect();
    assert!(absent.is_empty(), "{absent:#?}");
}

#[test]
fn every_command_names_words_that_the_command_line_knows() {
    let (all, _) = paths();
    let absent: Vec<String> = COMMANDS
        .iter()
        .filter_map(|command| Some((command.id, command.cli?)))
        .filter(|(_, cli)| !all.contains(*cli))
        .map(|(id, cli)| format!("{id}: tamis {cli}"))
        .collect();
    assert!(absent.is_empty(), "{absent:#?}");
}

#[test]
fn every_verb_of_the_command_line_has_a_command() {
    let (_, leaves) = paths();
    let named: BTreeSet<&str> =
        COMMANDS.iter().filter_map(|command| command.cli).chain(RequestKind::iter().map(|kind| ways(kind).cli)).collect();
    // A command that names a branch ("plot") stands for everything below it.
    let is_named =
        |leaf: &String| named.iter().any(|path| leaf == path || leaf.strip_prefix(path).is_some_and(|rest| rest.starts_with(' ')));
    let absent: Vec<&String> = leaves.iter().filter(|leaf| !is_named(leaf)).collect();
    assert!(absent.is_empty(), "{absent:#?}");
}

#[test]
fn every_screen_is_reached_by_a_command_with_a_key() {
    let keymap = Keymap::built_in();
    let names: BTreeSet<String> = screens().iter().map(|screen| format!("go.{}", screen.name())).collect();
    for name in &names {
        assert!(!keymap.keys_of(name).is_empty(), "{name} has no key");
    }
    let relative = ["go.next", "go.previous", "go.back"];
    let commands: BTreeSet<String> = COMMANDS
        .iter()
        .filter(|command| command.id.starts_with("go.") && !relative.contains(&command.id))
        .map(|command| command.id.to_owned())
        .collect();
    assert_eq!(names, commands);
}

#[test]
fn what_is_only_on_the_command_line_says_why() {
    for command in COMMANDS {
        if let Surface::CommandLine(reason) = command.surface {
            assert!(reason.ends_with('.') && command.cli.is_some(), "{}", command.id);
        }
    }
}
