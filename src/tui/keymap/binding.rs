//! Bindings of keys to commands, as keymap files list them, and what is wrong with such a file.

use std::fmt;

use serde::Deserialize;
use toml::Spanned;

use super::condition::Condition;
use super::key::{Key, parse_sequence};
use crate::app::command;
use crate::tui::message::Call;

/// One sequence of keys that gives one command under one condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The keys, pressed one after the other.
    pub keys: Vec<Key>,
    /// What the keys do; `None` takes them away from bindings below.
    pub call: Option<Call>,
    /// The condition of the binding and of its command together.
    pub when: Condition,
    /// A word or two for the bottom line, if the binding belongs there.
    pub hint: Option<String>,
    /// The 1-based line of the file that lists it.
    pub line: usize,
}

/// Something wrong with a keymap file, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeymapProblem {
    /// The file as it was named.
    pub file: String,
    /// The 1-based line.
    pub line: usize,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
}

impl fmt::Display for KeymapProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    bindings: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    keys: Vec<Spanned<String>>,
    command: Spanned<String>,
    when: Option<Spanned<String>>,
    hint: Option<String>,
}

/// Reads a keymap file: the bindings that can be used, in order, and every problem with the others.
pub fn parse_bindings(file: &str, text: &str) -> (Vec<Binding>, Vec<KeymapProblem>) {
    let problem = |at: usize, message: String| KeymapProblem { file: file.to_owned(), line: line_of(text, at), message };
    let listed: File = match toml::from_str(text) {
        Ok(listed) => listed,
        Err(error) => return (Vec::new(), vec![problem(error.span().map_or(0, |span| span.start), error.message().to_owned())]),
    };
    let mut bindings = Vec::new();
    let mut problems = Vec::new();
    for entry in listed.bindings {
        let line = line_of(text, entry.span().start);
        let entry = entry.into_inner();
        let call = parse_call(entry.command.get_ref());
        let when = entry.when.as_ref().map_or(Ok(Condition::Always), |when| Condition::parse(when.get_ref()));
        let mut good_keys = Vec::new();
        for keys in &entry.keys {
            match parse_sequence(keys.get_ref()) {
                Ok(keys) => good_keys.push(keys),
                Err(message) => problems.push(problem(keys.span().start, message)),
            }
        }
        if entry.keys.is_empty() {
            problems.push(KeymapProblem { file: file.to_owned(), line, message: "no key is given".to_owned() });
        }
        if let (Err(error), Some(when)) = (&when, &entry.when) {
            problems.push(problem(when.span().start, error.to_string()));
        }
        if let Err(message) = &call {
            problems.push(problem(entry.command.span().start, message.clone()));
        }
        let (Ok(call), Ok(when)) = (call, when) else { continue };
        let of_command = call.as_ref().map_or(Condition::Always, condition_of);
        for keys in good_keys {
            let when = when.clone().and(of_command.clone());
            bindings.push(Binding { keys, call: call.clone(), when, hint: entry.hint.clone(), line });
        }
    }
    (bindings, problems)
}

/// Returns the condition that the registry gives to the command of a call.
fn condition_of(call: &Call) -> Condition {
    command::find(call.id)
        .map_or(Condition::Always, |command| Condition::parse(command.when).expect("a test reads every condition of the registry"))
}

/// Reads a command with its arguments; "none" gives `None`.
fn parse_call(text: &str) -> Result<Option<Call>, String> {
    let mut words = text.split_whitespace();
    let id = words.next().unwrap_or_default();
    if id == "none" {
        return Ok(None);
    }
    let Some(command) = command::find(id) else {
        let meant = command::nearest(id).map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default();
        return Err(format!("`{id}` is no command{meant}"));
    };
    if !command.is_on_screens() {
        return Err(format!("`{id}` can only be given on the command line"));
    }
    Ok(Some(Call { id: command.id, args: words.map(str::to_owned).collect() }))
}

/// Returns the 1-based line that holds the byte.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_name_file_and_line_and_the_rest_is_kept() {
        let text = r#"bindings = [
  { keys = ["I"], command = "screen.include" },
  { keys = ["Q"], command = "screen.inclide" },
  { keys = ["ctrl+i", "Z"], command = "screen.maybe" },
  { keys = ["w"], command = "screen.skip", when = "has:recrod" },
  { keys = ["q"], command = "none" },
  { keys = ["y"], command = "reference.man" },
]"#;
        let (bindings, problems) = parse_bindings("keys.toml", text);
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "keys.toml:3: `screen.inclide` is no command; did you mean `screen.include`?",
                "keys.toml:4: terminals send `ctrl+i` as another key",
                "keys.toml:5: `has:recrod` is no condition word",
                "keys.toml:7: `reference.man` can only be given on the command line",
            ]
        );
        assert_eq!(bindings.len(), 3);
        assert_eq!(bindings[2].call, None);
    }

    #[test]
    fn a_file_that_is_no_toml_is_refused_with_the_line() {
        for (text, line) in [("bindings = [\n  { keys = [\"i\" },\n]", 2), ("bindings = []\nbindngs = 1", 2)] {
            let (bindings, problems) = parse_bindings("keys.toml", text);
            assert!(bindings.is_empty());
            assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [line], "{problems:?}");
        }
    }

    #[test]
    fn arguments_follow_the_command() {
        let (bindings, problems) =
            parse_bindings("keys.toml", r#"bindings = [{ keys = ["1"], command = "fulltext.exclude wrong-design" }]"#);
        assert!(problems.is_empty());
        assert_eq!(bindings[0].call, Some(Call { id: "fulltext.exclude", args: vec!["wrong-design".to_owned()] }));
    }
}
