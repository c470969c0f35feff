//! The keymap: from pressed keys to a command, under the conditions of the moment.

use super::binding::{Binding, KeymapProblem, parse_bindings};
use super::condition::{Condition, KeyContext};
use super::key::{Key, show_sequence};
use crate::app::command::Command;
use crate::tui::message::Call;

/// Every binding in the order of looking: those of the person before those of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// What a sequence of keys means at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// It gives this command.
    Command(Call),
    /// It begins longer sequences.
    Pending,
    /// It would give this command, but something is missing, said in plain words.
    Unavailable(Call, Vec<&'static str>),
    /// It means nothing here.
    Nothing,
}

impl Keymap {
    /// Makes the keymap that the program comes with.
    pub fn built_in() -> Self {
        let (bindings, problems) = parse_bindings("default.toml", include_str!("default.toml"));
        debug_assert!(problems.is_empty(), "{problems:?}");
        Self { bindings }
    }

    /// Puts the bindings of a person's own file before those that are there, and returns what is wrong with the file.
    ///
    /// Lines with a problem are left out and everything else is used. A key that begins longer sequences is refused.
    pub fn patch(&mut self, file: &str, text: &str) -> Vec<KeymapProblem> {
        let (own, mut problems) = parse_bindings(file, text);
        let mut kept: Vec<Binding> = Vec::new();
        for binding in own {
            let hidden = self.bindings.iter().chain(&kept).find(|other| {
                let shorter = binding.keys.len().min(other.keys.len());
                binding.keys.len() != other.keys.len()
                    && binding.keys[..shorter] == other.keys[..shorter]
                    && binding.when.overlaps(&other.when)
            });
            match hidden {
                Some(other) => problems.push(KeymapProblem {
                    file: file.to_owned(),
                    line: binding.line,
                    message: format!("`{}` collides with `{}`", show_sequence(&binding.keys), show_sequence(&other.keys)),
                }),
                None => kept.push(binding),
            }
        }
        problems.sort_by_key(|problem| problem.line);
        self.bindings.splice(0..0, kept);
        problems
    }

    /// Returns the bindings in the order of looking.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// Finds what the pressed keys mean; the first binding that fits wins.
    ///
    /// While a field is being edited, keys that edit text are never looked up, and keys whose command is unavailable go to the
    /// field (Esc leaves it, Tab goes on).
    pub fn resolve(&self, pressed: &[Key], context: &KeyContext) -> Resolved {
        if context.has("typing") && pressed.first().is_some_and(|key| key.edits_text()) {
            return Resolved::Nothing;
        }
        let mut unavailable = None;
        let mut is_pending = false;
        for binding in self.bindings.iter().filter(|binding| binding.keys.starts_with(pressed)) {
            if binding.keys.len() > pressed.len() {
                is_pending |= binding.when.holds(context) && binding.call.is_some();
            } else if binding.when.holds(context) {
                return binding.call.clone().map_or(Resolved::Nothing, Resolved::Command);
            } else if let Some(call) = binding.call.clone().filter(|_| unavailable.is_none() && binding.when.could_hold_here(context)) {
                unavailable = Some(Resolved::Unavailable(call, binding.when.missing(context)));
            }
        }
        let unavailable = unavailable.filter(|_| !context.has("typing"));
        if is_pending { Resolved::Pending } else { unavailable.unwrap_or(Resolved::Nothing) }
    }

    /// Returns the keys of a command as the screens show them, those of the person first; empty if it has none.
    ///
    /// A binding that an earlier one takes away is left out.
    pub fn keys_of(&self, id: &str) -> Vec<String> {
        self.live()
            .filter(|binding| binding.call.as_ref().is_some_and(|call| call.id == id && call.args.is_empty()))
            .map(|binding| show_sequence(&binding.keys))
            .collect()
    }

    /// Returns the first key of a command, or its name for the palette where it has none.
    pub fn key_of(&self, command: &Command) -> String {
        self.keys_of(command.id).into_iter().next().unwrap_or_else(|| format!(":{}", command.id))
    }

    /// Returns the bindings that no earlier one hides whole.
    pub fn live(&self) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().enumerate().filter_map(|(at, binding)| {
            let is_hidden = self.bindings[..at]
                .iter()
                .any(|earlier| earlier.keys == binding.keys && (earlier.when == Condition::Always || earlier.when == binding.when));
            (!is_hidden).then_some(binding)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::parse_sequence;
    use super::*;
    use crate::app::command::COMMANDS;

    /// Commands that are given so seldom, or from a list, that the palette is enough.
    const PALETTE_ONLY: &[&str] = &["form.use"];

    fn pressed(text: &str) -> Vec<Key> {
        parse_sequence(text).expect(text)
    }

    fn screening() -> KeyContext {
        KeyContext::new().with("screen:screening").with("has:record").with("list")
    }

    fn call(id: &'static str) -> Call {
        Call { id, args: Vec::new() }
    }

    #[test]
    fn the_built_in_keymap_has_no_problems() {
        let (bindings, problems) = parse_bindings("default.toml", include_str!("default.toml"));
        assert_eq!(problems, []);
        assert!(bindings.len() > 100);
    }

    #[test]
    fn every_command_of_the_screens_has_a_key_or_is_named_as_one_of_the_palette() {
        let keymap = Keymap::built_in();
        for command in COMMANDS.iter().filter(|command| command.is_on_screens()) {
            // A command that is told something by its key, such as the place of a reason, counts too.
            let has_key = keymap.live().any(|binding| binding.call.as_ref().is_some_and(|call| call.id == command.id));
            assert_eq!(has_key, !PALETTE_ONLY.contains(&command.id), "{}", command.id);
        }
    }

    #[test]
    fn no_binding_hides_another() {
        let keymap = Keymap::built_in();
        for (at, later) in keymap.bindings().iter().enumerate() {
            for earlier in &keymap.bindings()[..at] {
                let shorter = earlier.keys.len().min(later.keys.len());
                let collide = earlier.keys[..shorter] == later.keys[..shorter] && earlier.when.overlaps(&later.when);
                assert!(!collide, "{} of {:?} hides that of {:?}", show_sequence(&earlier.keys), earlier.call, later.call);
            }
        }
    }

    #[test]
    fn every_condition_can_hold() {
        for binding in Keymap::built_in().bindings() {
            assert!(binding.when.overlaps(&Condition::Always), "{:?}", binding.call);
        }
    }

    #[test]
    fn one_letter_means_the_same_kind_of_thing_on_different_screens() {
        let keymap = Keymap::built_in();
        let full_text = KeyContext::new().with("screen:fulltext").with("has:report");
        assert_eq!(keymap.resolve(&pressed("i"), &screening()), Resolved::Command(call("screen.include")));
        assert_eq!(keymap.resolve(&pressed("i"), &full_text), Resolved::Command(call("fulltext.include")));
    }

    #[test]
    fn a_sequence_is_pending_until_it_is_whole() {
        let keymap = Keymap::built_in();
        assert_eq!(keymap.resolve(&pressed("g"), &screening()), Resolved::Pending);
        assert_eq!(keymap.resolve(&pressed("g s"), &screening()), Resolved::Command(call("go.screening")));
        assert_eq!(keymap.resolve(&pressed("g q"), &screening()), Resolved::Nothing);
    }

    #[test]
    fn an_unavailable_command_says_what_is_missing() {
        let keymap = Keymap::built_in();
        let empty = KeyContext::new().with("screen:screening");
        assert_eq!(keymap.resolve(&pressed("i"), &empty), Resolved::Unavailable(call("screen.include"), vec!["no record is shown"]));
        assert_eq!(keymap.resolve(&pressed("u"), &empty), Resolved::Unavailable(call("undo"), vec!["nothing of yours to take back"]));
    }

    #[test]
    fn typing_never_gives_a_command() {
        let keymap = Keymap::built_in();
        let typing = screening().with("typing").with("has:undo").with("has:job").with("panes");
        for binding in keymap.bindings().iter().filter(|binding| binding.keys[0].typed().is_some()) {
            assert_eq!(keymap.resolve(&binding.keys[..1], &typing), Resolved::Nothing, "{:?}", binding.keys);
        }
        assert_eq!(keymap.resolve(&pressed("ctrl+p"), &typing), Resolved::Command(call("palette")));
    }

    #[test]
    fn a_persons_own_file_comes_first_and_can_take_keys_away() {
        let mut keymap = Keymap::built_in();
        let problems = keymap.patch("keys.toml", "bindings = [\n{ keys = [\"i\"], command = \"screen.exclude\" },\n{ keys = [\"q\"], command = \"none\" },\n{ keys = [\"g\"], command = \"undo\" }]");
        assert_eq!(keymap.resolve(&pressed("i"), &screening()), Resolved::Command(call("screen.exclude")));
        assert_eq!(keymap.resolve(&pressed("q"), &screening()), Resolved::Nothing);
        assert_eq!(keymap.keys_of("quit"), ["Ctrl+C", "Ctrl+Q"]);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].to_string().starts_with("keys.toml:4: `g` collides with `g "), "{}", problems[0]);
    }
}
