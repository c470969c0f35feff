//! A theme: a style for each role, read from a file that may lean on another theme.

use std::collections::HashMap;
use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use strum::IntoEnumIterator;
use toml::Spanned;

use super::role::Role;

/// The themes that the program comes with, in the order in which the screens change through them.
const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("dark.toml")),
    ("light", include_str!("light.toml")),
    ("high-contrast", include_str!("high-contrast.toml")),
    ("mono", include_str!("mono.toml")),
];

/// A style for each role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    styles: HashMap<Role, Style>,
}

/// What is wrong with a theme file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct ThemeError {
    /// The file as it was named.
    pub file: String,
    /// The 1-based line.
    pub line: usize,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    parent: Option<Spanned<String>>,
    #[serde(default)]
    roles: HashMap<Spanned<String>, Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    dim: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    underline: bool,
    #[serde(default)]
    reverse: bool,
}

impl Entry {
    /// Turns the entry into a style; the error names the colour that is not understood.
    fn style(&self) -> Result<Style, String> {
        let colour = |text: &Option<String>| {
            text.as_deref().map(|text| Color::from_str(text).map_err(|_| format!("`{text}` is no colour"))).transpose()
        };
        let modifiers = [
            (self.bold, Modifier::BOLD),
            (self.dim, Modifier::DIM),
            (self.italic, Modifier::ITALIC),
            (self.underline, Modifier::UNDERLINED),
            (self.reverse, Modifier::REVERSED),
        ];
        let mut style = Style { fg: colour(&self.fg)?, bg: colour(&self.bg)?, ..Style::default() };
        for (_, modifier) in modifiers.into_iter().filter(|(is_set, _)| *is_set) {
            style = style.add_modifier(modifier);
        }
        Ok(style)
    }
}

impl Theme {
    /// Returns the names of the themes that the program comes with.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Returns a theme that the program comes with.
    pub fn built_in(name: &str) -> Option<Self> {
        let (name, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Some(Self::parse(name, text).expect("a test reads every theme that the program comes with"))
    }

    /// Chooses a theme: `mono` where colour is not wanted, else the named one, else `dark`.
    pub fn choose(name: Option<&str>, is_colour_unwanted: bool) -> Self {
        let name = if is_colour_unwanted { "mono" } else { name.unwrap_or("dark") };
        Self::built_in(name).or_else(|| Self::built_in("dark")).expect("the dark theme is built in")
    }

    /// Reads a theme file; `parent` names a theme that the program comes with, whose roles stand in for absent ones.
    ///
    /// Errors: the first mistake, with its line.
    pub fn parse(file: &str, text: &str) -> Result<Self, ThemeError> {
        let error = |at: usize, message: String| ThemeError {
            file: file.to_owned(),
            line: text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1,
            message,
        };
        let listed: File = toml::from_str(text).map_err(|e| error(e.span().map_or(0, |span| span.start), e.message().to_owned()))?;
        let mut given: HashMap<Role, Style> = match &listed.parent {
            None => HashMap::new(),
            Some(parent) => {
                Self::built_in(parent.get_ref())
                    .ok_or_else(|| error(parent.span().start, format!("there is no theme `{}`", parent.get_ref())))?
                    .styles
            }
        };
        for (name, entry) in &listed.roles {
            let role = Role::from_str(name.get_ref()).map_err(|_| error(name.span().start, format!("`{}` is no role", name.get_ref())))?;
            given.insert(role, entry.get_ref().style().map_err(|message| error(entry.span().start, message))?);
        }
        let styles = Role::iter().map(|role| (role, Self::first_given(role, &given))).collect();
        Ok(Self { name: listed.name, styles })
    }

    /// Follows the fallback chain to the first role that has a style.
    fn first_given(role: Role, given: &HashMap<Role, Style>) -> Style {
        let mut at = Some(role);
        while let Some(role) = at {
            if let Some(style) = given.get(&role) {
                return *style;
            }
            at = role.fallback();
        }
        Style::default()
    }

    /// Returns the theme's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the theme after this one among those that the program comes with.
    pub fn next(&self) -> Self {
        let at = BUILT_IN.iter().position(|(name, _)| *name == self.name).map_or(0, |at| (at + 1) % BUILT_IN.len());
        Self::built_in(BUILT_IN[at].0).expect("the name is that of a theme that is built in")
    }

    /// Returns the style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_can_be_read_and_has_its_own_name() {
        for name in Theme::names() {
            assert_eq!(Theme::built_in(name).map(|theme| theme.name), Some(name.to_owned()));
        }
    }

    #[test]
    fn mono_has_no_colour_and_is_chosen_when_colour_is_unwanted() {
        let theme = Theme::choose(Some("light"), true);
        assert_eq!(theme.name(), "mono");
        for role in Role::iter() {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn a_role_that_is_not_named_takes_the_style_of_its_fallback() {
        let theme = Theme::parse("own.toml", "name = \"own\"\n[roles]\nsuccess = { fg = \"blue\" }").expect("theme");
        assert_eq!(theme.style(Role::Include).fg, Some(Color::Blue));
        assert_eq!(theme.style(Role::HighlightInclude).fg, Some(Color::Blue));
        assert_eq!(theme.style(Role::Error), Style::default());
    }

    #[test]
    fn a_parent_gives_what_the_file_leaves_out() {
        let theme = Theme::parse("own.toml", "name = \"own\"\nparent = \"dark\"\n[roles]\nkey = { fg = \"#ff8800\" }").expect("theme");
        assert_eq!(theme.style(Role::Key).fg, Some(Color::Rgb(255, 136, 0)));
        assert_eq!(theme.style(Role::Error), Theme::choose(None, false).style(Role::Error));
    }

    #[test]
    fn mistakes_name_file_and_line() {
        for (text, said) in [
            ("name = \"own\"\n[roles]\nincldue = {}", "own.toml:3: `incldue` is no role"),
            ("name = \"own\"\n[roles]\ninclude = { fg = \"greenish\" }", "own.toml:3: `greenish` is no colour"),
            ("name = \"own\"\nparent = \"drak\"", "own.toml:2: there is no theme `drak`"),
        ] {
            assert_eq!(Theme::parse("own.toml", text).expect_err(text).to_string(), said);
        }
    }

    #[test]
    fn the_themes_are_changed_in_a_circle() {
        let mut theme = Theme::choose(None, false);
        for _ in Theme::names() {
            theme = theme.next();
        }
        assert_eq!(theme.name(), "dark");
    }
}
