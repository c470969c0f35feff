//! Help of every verb, and verbs that need a screen or another word.

use super::Scratch;

/// Returns every path of verbs.
fn paths(command: &clap::Command, before: &[String], found: &mut Vec<Vec<String>>) {
    for verb in command.get_subcommands() {
        let mut path = before.to_vec();
        path.push(verb.get_name().to_owned());
        paths(verb, &path, found);
        found.push(path);
    }
}

#[test]
fn every_verb_explains_itself() {
    let scratch = Scratch::new();
    let mut found = Vec::new();
    paths(&tamis::cli::command(), &[], &mut found);
    assert!(found.len() > 60, "{}", found.len());
    for path in found {
        let words: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
        let help = scratch.ok_words(&words);
        assert!(help.contains("Usage: tamis"), "{words:?}\n{help}");
        let first = help.lines().next().unwrap_or_default();
        assert!(!first.is_empty() && !first.ends_with('.'), "{words:?}: {first}");
    }
}

#[test]
fn the_first_page_lists_the_verbs_by_stage() {
    let page = Scratch::new().ok("--help");
    insta::assert_snapshot!("first_page", page);
    assert!(page.lines().all(|line| line.chars().count() <= 110), "lines fit a terminal");
}

#[test]
fn the_version_is_one_line() {
    let version = Scratch::new().ok("--version");
    assert_eq!(version, format!("tamis {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_stage_alone_without_a_terminal_prints_its_help_on_standard_error() {
    let scratch = Scratch::with_review();
    for verb in ["source", "dedup", "screen", "fulltext", "conflict", "study", "extract", "analyse"] {
        let run = scratch.run(verb);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{verb}");
        assert!(run.talk.contains(&format!("Usage: tamis {verb}")), "{}", run.talk);
        let json = scratch.run(&format!("{verb} --json"));
        assert_eq!((json.code, json.out.contains("\"usage\"")), (2, true), "{}", json.out);
    }
    let alone = scratch.run("");
    assert_eq!((alone.code, alone.out.as_str()), (2, ""));
    assert!(alone.talk.contains("Search and screen:"), "{}", alone.talk);
}

#[test]
fn reference_pages_are_printed_without_a_review() {
    let scratch = Scratch::new();
    assert!(scratch.ok("keys").contains("tamis screen vote"));
    assert!(scratch.ok("schema").contains("CREATE TABLE"));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(scratch.ok(&format!("completions {shell}")).contains("fulltext"), "{shell}");
    }
    assert!(scratch.ok("man").contains(".TH tamis"));
    std::fs::create_dir(scratch.path("man")).expect("a folder");
    scratch.ok("man --dir man");
    assert!(scratch.path("man/tamis-screen-vote.1").is_file());
}

#[test]
fn colours_are_used_when_asked_for_and_never_in_json() {
    let scratch = Scratch::with_records();
    assert!(scratch.ok("status --color always").contains("\u{1b}["));
    for words in ["status", "status --color never", "status --color always --json", "screen next"] {
        assert!(!scratch.ok(words).contains('\u{1b}'), "{words}");
    }
}
