//! Runs the `console` blocks of the guide, page after page in the order of the table of contents, in one folder that holds the files
//! of the worked example. A line `$ ...` is given to a shell; what follows is what it must print, where `...` alone on a line stands
//! for any lines and `[..]` for any text within one. A command without shown output must only succeed.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{is_blessed, links, read, root};

/// One command with the output that the page shows.
struct Step {
    /// The 1-based line of the command.
    line: usize,
    command: String,
    shown: Vec<String>,
}

fn steps(page: &str) -> Vec<Step> {
    let mut found: Vec<Step> = Vec::new();
    let mut is_inside = false;
    for (at, line) in page.lines().enumerate() {
        if line.starts_with("```") {
            is_inside = line == "```console";
        } else if is_inside && let Some(command) = line.strip_prefix("$ ") {
            found.push(Step { line: at + 1, command: command.to_owned(), shown: Vec::new() });
        } else if is_inside && let Some(step) = found.last_mut() {
            match line.strip_prefix("> ").filter(|_| step.shown.is_empty() && step.command.ends_with('\\')) {
                Some(more) => step.command.extend(["\n", more]),
                None => step.shown.push(line.to_owned()),
            }
        }
    }
    found
}

/// Tells whether the lines are those that the page shows.
fn fits(shown: &[String], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((first, rest)) if first == "..." => (0..=printed.len()).any(|skipped| fits(rest, &printed[skipped..])),
        Some((first, rest)) => printed.split_first().is_some_and(|(line, others)| line_fits(first, line) && fits(rest, others)),
    }
}

fn line_fits(shown: &str, line: &str) -> bool {
    let mut parts = shown.split("[..]");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn run(command: &str, folder: &Path, home: &Path) -> (bool, String) {
    let binary = Path::new(env!("CARGO_BIN_EXE_tamis"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(binary.parent().expect("a program lies in a folder").to_owned()).chain(std::env::split_paths(&path));
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(folder)
        .env("PATH", std::env::join_paths(folders).expect("the path can be joined"))
        .env("TAMIS_HOME", home)
        .env("TAMIS_CLOCK", "2026-11-22T09:00:00Z")
        .env("TAMIS_SEED", "1")
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env_remove("TAMIS_REVIEW")
        .env_remove("TAMIS_REVIEWER")
        .output()
        .expect("there is a shell");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn copy_example(folder: &Path) {
    for example in ["examples/ketamine", "examples/pooling"] {
        for entry in std::fs::read_dir(root().join(example)).expect("the worked examples").flatten() {
            std::fs::copy(entry.path(), folder.join(entry.file_name())).expect("a file of the example is copied");
        }
    }
}

/// Puts what was printed in the place of what the page shows after one of its lines.
fn bless(page: &Path, corrections: &[(usize, usize, Vec<String>)]) {
    let mut lines: Vec<String> = read(page).lines().map(str::to_owned).collect();
    for (begin, count, printed) in corrections.iter().rev() {
        lines.splice(begin..&(begin + count), printed.iter().cloned());
    }
    std::fs::write(page, lines.join("\n") + "\n").expect("a page can be written");
}

#[test]
fn the_guide_does_what_it_says() {
    let (folder, home) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    copy_example(folder.path());
    let book = root().join("docs/src");
    let summary = read(&book.join("SUMMARY.md"));
    let guide: Vec<PathBuf> =
        links(&summary).into_iter().filter(|target| target.starts_with("guide/")).map(|target| book.join(target)).collect();
    assert!(guide.len() > 5, "the guide has its chapters");
    let mut problems = Vec::new();
    let mut count = 0;
    for page in &guide {
        let mut corrections = Vec::new();
        for step in steps(&read(page)) {
            count += 1;
            let place = format!("{}:{}: $ {}", page.file_name().unwrap_or_default().to_string_lossy(), step.line, step.command);
            let (is_success, printed) = run(&step.command, folder.path(), home.path());
            let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
            if !is_success {
                problems.push(format!("{place}\nfailed:\n{printed}"));
            } else if !step.shown.is_empty() && !fits(&step.shown, &lines) {
                problems.push(format!("{place}\nshown:\n{}\nprinted:\n{printed}", step.shown.join("\n")));
                let begin = step.line + step.command.matches('\n').count();
                corrections.push((begin, step.shown.len(), lines.into_iter().map(str::to_owned).collect()));
            }
        }
        if is_blessed() {
            bless(page, &corrections);
        }
    }
    assert!(count > 40, "the guide shows a whole review");
    let is_settled = is_blessed() && problems.iter().all(|problem| !problem.contains("\nfailed:\n"));
    assert!(problems.is_empty() || is_settled, "{}", problems.join("\n\n"));
}

#[test]
fn shown_lines_may_leave_things_out() {
    let shown = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    assert!(fits(&shown(&["a", "...", "d"]), &["a", "b", "c", "d"]));
    assert!(fits(&shown(&["saved as [..].tamis"]), &["saved as 20261122.tamis"]));
    assert!(fits(&shown(&["..."]), &[]));
    assert!(!fits(&shown(&["a"]), &["a", "b"]));
    assert!(!fits(&shown(&["[..] of 30 left"]), &["77 of 31 left"]));
}
