//! Errors as people and scripts see them, and the exit codes.

use std::ffi::OsString;
use std::io::Write;

use clap::error::ErrorKind as ParseErrorKind;
use serde_json::json;

use crate::app::{Error, ErrorKind};

use super::args::ColorWhen;
use super::output::{Output, wants_color};
use super::text::{clean_lines, emphasis, red};

/// Why a verb ended without doing what was asked.
#[derive(Debug)]
pub enum Failure {
    /// The use case refused or failed.
    App(Error),
    /// The arguments do not make sense together.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do instead.
        hint: Option<String>,
    },
    /// A verb that needs a screen or another word was given without; the text is its help.
    NeedsMore(String),
    /// A check found problems and has told them.
    Problems,
    /// Whoever read the output has gone.
    OutputClosed,
    /// The output cannot be written.
    Output(std::io::Error),
}

impl Failure {
    /// Creates a usage error with a hint.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: Some(hint.into()) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::App(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe { Self::OutputClosed } else { Self::Output(error) }
    }
}

/// The result of a verb.
pub type Done<T = ()> = Result<T, Failure>;

/// What the argument list asks of the output, found before it is parsed: an error in it must be told in the form asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Whether JSON is wanted.
    pub is_json: bool,
    color: ColorWhen,
}

impl Asked {
    /// Looks through an argument list.
    pub fn of(arguments: &[OsString]) -> Self {
        let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).take_while(|word| *word != "--").collect();
        let after = words.iter().position(|word| *word == "--color").and_then(|at| words.get(at + 1).copied());
        let color = words.iter().find_map(|word| word.strip_prefix("--color=")).or(after);
        let color = match color {
            Some("always") => ColorWhen::Always,
            Some("never") => ColorWhen::Never,
            _ => ColorWhen::Auto,
        };
        Self { is_json: words.contains(&"--json"), color }
    }
}

/// Prints what `clap` has to say: help and version as data, everything else as a usage error.
pub fn parse_error(error: &clap::Error, asked: &Asked) -> u8 {
    let is_answer = matches!(error.kind(), ParseErrorKind::DisplayHelp | ParseErrorKind::DisplayVersion);
    let rendered = error.render();
    if is_answer {
        let text = if wants_color(asked.color, &std::io::stdout()) { rendered.ansi().to_string() } else { rendered.to_string() };
        let _ = std::io::stdout().write_all(text.as_bytes());
        return 0;
    }
    if asked.is_json {
        let plain = rendered.to_string();
        let (message, hint) = split_parse_error(&plain);
        let _ = writeln!(std::io::stdout(), "{}", super::json::pretty(&error_object("usage", &message, hint.as_deref())));
    } else {
        let text = if wants_color(asked.color, &std::io::stderr()) { rendered.ansi().to_string() } else { rendered.to_string() };
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
    2
}

/// Takes the sentence and, where there is one, the tip out of the parser's page.
fn split_parse_error(page: &str) -> (String, Option<String>) {
    let paragraph = page.split("\n\n").next().unwrap_or_default();
    let sentence: Vec<&str> = paragraph.trim_start_matches("error: ").lines().map(str::trim).collect();
    let tip =
        page.lines().find_map(|line| line.trim().strip_prefix("tip: ")).or_else(|| page.lines().find(|line| line.starts_with("Usage:")));
    (sentence.join(" "), tip.map(str::to_owned))
}

/// Tells a failure and returns the exit code.
pub fn tell(failure: Failure, out: &mut Output) -> u8 {
    match failure {
        Failure::App(error) => {
            tell_app_error(&error, out);
            match error.kind {
                ErrorKind::File => 4,
                ErrorKind::Internal => 70,
                ErrorKind::User | ErrorKind::NotFound | ErrorKind::Blocked | ErrorKind::Cancelled => 1,
            }
        }
        Failure::Usage { message, hint } => {
            tell_error("usage", &message, hint.as_deref(), out);
            2
        }
        Failure::NeedsMore(help) => {
            if out.is_json() {
                tell_error(
                    "usage",
                    "this verb needs another word, or a terminal to open its screen",
                    Some("its help lists the words"),
                    out,
                );
            } else {
                let _ = std::io::stderr().write_all(help.as_bytes());
            }
            2
        }
        Failure::Problems => {
            let _ = out.finish();
            3
        }
        Failure::OutputClosed => 0,
        Failure::Output(error) => {
            let _ = writeln!(std::io::stderr(), "tamis: the output cannot be written: {error}");
            4
        }
    }
}

/// Tells an error of a use case; as JSON with the rows of a table that are wrong.
fn tell_app_error(error: &Error, out: &mut Output) {
    if error.problems.is_empty() || !out.is_json() {
        return tell_error(&error.kind.to_string(), &error.message, error.hint.as_deref(), out);
    }
    let mut object = error_object(&error.kind.to_string(), &clean_lines(&error.message), error.hint.as_deref());
    object["error"]["problems"] = super::json::of(&error.problems);
    let _ = out.json(&object);
    let _ = out.finish();
}

fn tell_error(kind: &str, message: &str, hint: Option<&str>, out: &mut Output) {
    let message = clean_lines(message);
    let hint = hint.map(clean_lines);
    if out.is_json() {
        let _ = out.json(&error_object(kind, &message, hint.as_deref()));
    }
    let _ = out.finish();
    if out.is_json() {
        return;
    }
    let is_colored = out.colors_errors();
    let mut lines = format!("{} {message}\n", emphasis("tamis:", is_colored, red()));
    if let Some(hint) = hint {
        lines.push_str(&format!("hint: {hint}\n"));
    }
    let _ = std::io::stderr().write_all(lines.as_bytes());
}

fn error_object(kind: &str, message: &str, hint: Option<&str>) -> serde_json::Value {
    json!({ "error": { "kind": kind, "message": message, "hint": hint } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(words: &[&str]) -> Asked {
        Asked::of(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_form_of_an_error_is_known_before_the_arguments_are() {
        assert!(asked(&["tamis", "status", "--json"]).is_json);
        assert!(!asked(&["tamis", "find", "--", "--json"]).is_json);
        assert_eq!(asked(&["tamis", "--color", "never"]).color, ColorWhen::Never);
        assert_eq!(asked(&["tamis", "--color=always"]).color, ColorWhen::Always);
    }

    #[test]
    fn a_parse_error_is_one_sentence_and_a_tip() {
        let page = "error: unrecognized subcommand 'scren'\n\n  tip: a similar subcommand exists: 'screen'\n\nUsage: tamis [OPTIONS]\n";
        let (message, hint) = split_parse_error(page);
        assert_eq!(message, "unrecognized subcommand 'scren'");
        assert_eq!(hint.as_deref(), Some("a similar subcommand exists: 'screen'"));
    }
}
