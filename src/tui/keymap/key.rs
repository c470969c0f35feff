//! One press of a key, as keymaps write it: "i", "ctrl+p", "shift+tab", "f1".

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One press of a key, the same however the terminal reports it.
///
/// A letter carries its case ("I" is `I` without `shift`); `shift` is kept for keys without a letter only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key itself.
    pub code: KeyCode,
    /// Whether Control was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
    /// Whether Shift was held, for keys that print nothing.
    pub shift: bool,
}

/// The names of keys that print nothing, with the sign under which the screens show them.
const NAMES: &[(&str, KeyCode, &str)] = &[
    ("enter", KeyCode::Enter, "Enter"),
    ("esc", KeyCode::Esc, "Esc"),
    ("tab", KeyCode::Tab, "Tab"),
    ("space", KeyCode::Char(' '), "Space"),
    ("backspace", KeyCode::Backspace, "Backspace"),
    ("delete", KeyCode::Delete, "Del"),
    ("insert", KeyCode::Insert, "Ins"),
    ("up", KeyCode::Up, "↑"),
    ("down", KeyCode::Down, "↓"),
    ("left", KeyCode::Left, "←"),
    ("right", KeyCode::Right, "→"),
    ("home", KeyCode::Home, "Home"),
    ("end", KeyCode::End, "End"),
    ("pageup", KeyCode::PageUp, "PgUp"),
    ("pagedown", KeyCode::PageDown, "PgDn"),
];

impl Key {
    /// Makes a key without modifiers.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// Takes a key from the terminal's report.
    pub fn from_event(event: &KeyEvent) -> Self {
        let has = |modifier| event.modifiers.contains(modifier);
        let (ctrl, alt) = (has(KeyModifiers::CONTROL), has(KeyModifiers::ALT));
        match event.code {
            KeyCode::BackTab => Self { code: KeyCode::Tab, ctrl, alt, shift: true },
            KeyCode::Char(letter) if ctrl => Self { code: KeyCode::Char(letter.to_ascii_lowercase()), ctrl, alt, shift: false },
            KeyCode::Char(letter) if has(KeyModifiers::SHIFT) && letter.is_ascii_lowercase() => {
                Self { code: KeyCode::Char(letter.to_ascii_uppercase()), ctrl, alt, shift: false }
            }
            KeyCode::Char(_) => Self { code: event.code, ctrl, alt, shift: false },
            code => Self { code, ctrl, alt, shift: has(KeyModifiers::SHIFT) },
        }
    }

    /// Reads a key as keymaps write it; the error is a sentence without its full stop.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut key = Self::plain(KeyCode::Null);
        let mut rest = text;
        while let Some((modifier, tail)) = rest.split_once('+').filter(|(modifier, tail)| !modifier.is_empty() && !tail.is_empty()) {
            match modifier {
                "ctrl" => key.ctrl = true,
                "alt" => key.alt = true,
                "shift" => key.shift = true,
                other => return Err(format!("`{other}` is no modifier; use ctrl, alt or shift")),
            }
            rest = tail;
        }
        key.code = Self::parse_code(rest).ok_or_else(|| format!("`{rest}` is no key"))?;
        if let KeyCode::Char(letter) = key.code {
            if key.shift && letter != ' ' {
                return Err(format!("write the letter that shift gives instead of `{text}`"));
            }
            if key.ctrl && letter.is_ascii_uppercase() {
                return Err(format!("terminals cannot tell `{text}` from its small letter"));
            }
            if key.ctrl && matches!(letter, 'h' | 'i' | 'j' | 'm' | '[') {
                return Err(format!("terminals send `{text}` as another key"));
            }
        }
        Ok(key)
    }

    /// Reads the key behind the modifiers.
    fn parse_code(name: &str) -> Option<KeyCode> {
        if let Some((_, code, _)) = NAMES.iter().find(|(known, _, _)| *known == name) {
            return Some(*code);
        }
        let mut letters = name.chars();
        match (letters.next(), letters.as_str()) {
            (Some(letter), "") if !letter.is_control() && !letter.is_whitespace() => Some(KeyCode::Char(letter)),
            (Some('f'), number) => number.parse().ok().filter(|n| (1..=12).contains(n)).map(KeyCode::F),
            _ => None,
        }
    }

    /// Returns the character that the key types into a field, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(letter) if !self.ctrl && !self.alt => Some(letter),
            _ => None,
        }
    }

    /// Returns whether the key belongs to a field while one is edited: it types, erases, or moves the cursor.
    pub fn edits_text(self) -> bool {
        match self.code {
            KeyCode::Char('a' | 'e' | 'k' | 'u' | 'w') if self.ctrl => true,
            KeyCode::Char(_) => !self.ctrl && !self.alt,
            KeyCode::Backspace | KeyCode::Delete | KeyCode::Enter => true,
            KeyCode::Left | KeyCode::Right | KeyCode::Up | KeyCode::Down | KeyCode::Home | KeyCode::End => true,
            _ => false,
        }
    }

    /// Returns whether this is the plain key.
    pub fn is(self, code: KeyCode) -> bool {
        self == Self::plain(code)
    }
}

/// Reads a sequence of keys divided by spaces ("g s").
pub fn parse_sequence(text: &str) -> Result<Vec<Key>, String> {
    let keys = text.split_whitespace().map(Key::parse).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() { Err("no key is given".to_owned()) } else { Ok(keys) }
}

/// Prints a sequence as the screens show it ("g s").
pub fn show_sequence(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Key {
    /// Writes the key as the screens show it ("Ctrl+P", "i", "Shift+Tab").
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if held {
                f.write_str(name)?;
            }
        }
        if let Some((_, _, sign)) = NAMES.iter().find(|(_, code, _)| *code == self.code) {
            return f.write_str(sign);
        }
        match self.code {
            KeyCode::Char(letter) if self.ctrl => write!(f, "{}", letter.to_ascii_uppercase()),
            KeyCode::Char(letter) => write!(f, "{letter}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            _ => f.write_str("?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_the_same_from_the_keymap_and_from_the_terminal() {
        for (text, event) in [
            ("i", KeyEvent::new(KeyCode::Char('i'), KeyModifiers::NONE)),
            ("I", KeyEvent::new(KeyCode::Char('I'), KeyModifiers::SHIFT)),
            ("I", KeyEvent::new(KeyCode::Char('i'), KeyModifiers::SHIFT)),
            ("?", KeyEvent::new(KeyCode::Char('?'), KeyModifiers::SHIFT)),
            ("ctrl+p", KeyEvent::new(KeyCode::Char('p'), KeyModifiers::CONTROL)),
            ("ctrl+p", KeyEvent::new(KeyCode::Char('P'), KeyModifiers::CONTROL | KeyModifiers::SHIFT)),
            ("shift+tab", KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT)),
            ("space", KeyEvent::new(KeyCode::Char(' '), KeyModifiers::NONE)),
            ("f10", KeyEvent::new(KeyCode::F(10), KeyModifiers::NONE)),
            ("alt+left", KeyEvent::new(KeyCode::Left, KeyModifiers::ALT)),
            ("+", KeyEvent::new(KeyCode::Char('+'), KeyModifiers::NONE)),
        ] {
            assert_eq!(Key::parse(text), Ok(Key::from_event(&event)), "{text}");
        }
    }

    #[test]
    fn keys_that_terminals_cannot_send_are_refused_with_the_reason() {
        for (text, words) in [
            ("ctrl+i", "another key"),
            ("ctrl+P", "small letter"),
            ("shift+a", "letter that shift gives"),
            ("hyper+x", "no modifier"),
            ("entr", "no key"),
            ("f13", "no key"),
        ] {
            assert!(Key::parse(text).expect_err(text).contains(words), "{text}");
        }
        assert!(parse_sequence("  ").is_err());
    }

    #[test]
    fn keys_are_shown_as_keyboards_print_them() {
        for (text, shown) in
            [("g s", "g s"), ("ctrl+p", "Ctrl+P"), ("enter", "Enter"), ("shift+tab", "Shift+Tab"), ("down", "↓"), ("f1", "F1")]
        {
            assert_eq!(show_sequence(&parse_sequence(text).expect(text)), shown);
        }
    }

    #[test]
    fn only_plain_characters_are_typed() {
        assert_eq!(Key::parse("x").map(Key::typed), Ok(Some('x')));
        assert_eq!(Key::parse("ctrl+x").map(Key::typed), Ok(None));
        assert_eq!(Key::parse("enter").map(Key::typed), Ok(None));
    }
}
