//! What the keymap says about itself: the bottom line, the list of what may follow a key, the help.

use super::condition::KeyContext;
use super::key::{Key, show_sequence};
use super::resolve::Keymap;
use crate::app::command::{COMMANDS, Command, find};

/// A key with what it does, in a word or two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The key as the screens show it.
    pub key: String,
    /// What it does.
    pub label: String,
    /// The keys themselves, in order; empty where the hint names none alone.
    pub keys: Vec<Key>,
}

impl Hint {
    /// Makes a hint of keys that are pressed one after another.
    pub fn new(keys: &[Key], label: impl Into<String>) -> Self {
        Self { key: show_sequence(keys), label: label.into(), keys: keys.to_vec() }
    }

    /// Makes a hint of a key by the name on the keyboard ("Esc"); signs that stand for several keys ("↑↓") are shown as they are.
    pub fn named(name: &str, label: &str) -> Self {
        let keys = Key::parse(&name.to_lowercase()).into_iter().collect();
        Self { key: name.to_owned(), label: label.to_owned(), keys }
    }
}

/// A command as help and palette list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpEntry {
    /// The command.
    pub command: &'static Command,
    /// Its keys, joined by a comma; empty if it has none.
    pub keys: String,
    /// Why it is unavailable now; empty while it can be given.
    pub missing: Vec<&'static str>,
}

impl Keymap {
    /// Returns the hints of the bottom line for the moment: what can be done now, in the order of the keymap.
    ///
    /// Each command appears once. While a field is edited, keys that type are left out.
    pub fn hints(&self, context: &KeyContext) -> Vec<Hint> {
        let mut shown: Vec<&str> = Vec::new();
        let mut hints = Vec::new();
        for binding in self.live() {
            let (Some(call), Some(label)) = (&binding.call, &binding.hint) else { continue };
            let is_typed = context.has("typing") && binding.keys[0].edits_text();
            if is_typed || shown.contains(&call.id) || !binding.when.holds(context) {
                continue;
            }
            shown.push(call.id);
            hints.push(Hint::new(&binding.keys, label.clone()));
        }
        hints
    }

    /// Returns what may follow the pressed keys: the next key and the title of the command, or "…" before longer sequences.
    pub fn continuations(&self, pressed: &[Key], context: &KeyContext) -> Vec<Hint> {
        let mut next: Vec<(Key, Hint)> = Vec::new();
        for binding in self.live().filter(|binding| binding.keys.len() > pressed.len() && binding.keys.starts_with(pressed)) {
            let Some((call, command)) = binding.call.as_ref().and_then(|call| Some((call, find(call.id)?))) else { continue };
            let key = binding.keys[pressed.len()];
            if !binding.when.holds(context) || next.iter().any(|(known, _)| *known == key) {
                continue;
            }
            let is_last = binding.keys.len() == pressed.len() + 1;
            // a command with an argument is told apart from the same with another: "Copy doi"
            let label = std::iter::once(command.title).chain(call.args.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
            next.push((key, Hint::new(&[key], if is_last { label } else { "…".to_owned() })));
        }
        next.into_iter().map(|(_, hint)| hint).collect()
    }

    /// Returns every command of the screens with its keys and, where it is unavailable, the reason.
    ///
    /// Order: as in the registry.
    pub fn entries(&self, context: &KeyContext) -> Vec<HelpEntry> {
        COMMANDS
            .iter()
            .filter(|command| command.is_on_screens())
            .map(|command| {
                let when = super::condition::Condition::parse(command.when).expect("a test reads every condition of the registry");
                HelpEntry { command, keys: self.keys_of(command.id).join(", "), missing: when.missing(context) }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::parse_sequence;
    use super::*;

    #[test]
    fn the_bottom_line_shows_what_can_be_done_now() {
        let keymap = Keymap::built_in();
        let context = KeyContext::new().with("screen:screening").with("has:record");
        let labels: Vec<String> = keymap.hints(&context).into_iter().map(|hint| format!("{} {}", hint.key, hint.label)).collect();
        assert_eq!(labels[..3], ["i include", "m maybe", "e exclude"]);
        assert!(!labels.iter().any(|label| label.ends_with("undo")));
        assert!(labels.contains(&"? help".to_owned()));
    }

    #[test]
    fn after_g_come_the_screens() {
        let keymap = Keymap::built_in();
        let context = KeyContext::new().with("screen:home");
        let next = keymap.continuations(&parse_sequence("g").expect("key"), &context);
        assert!(next.iter().any(|hint| hint.key == "s" && hint.label == "Screening"));
        assert!(next.len() >= 13);
    }

    #[test]
    fn entries_name_the_reason_of_what_is_unavailable() {
        let keymap = Keymap::built_in();
        let entries = keymap.entries(&KeyContext::new().with("screen:home"));
        let undo = entries.iter().find(|entry| entry.command.id == "undo").expect("undo");
        assert_eq!((undo.keys.as_str(), undo.missing.as_slice()), ("u", ["nothing of yours to take back"].as_slice()));
    }
}
