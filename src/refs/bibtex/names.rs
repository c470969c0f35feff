//! Names as BibTeX and biblatex write them: "von Last, First", "First von Last", "{Group}", "family=Ackooij, given=W., prefix=van".

use crate::domain::author::Author;
use crate::domain::text::clean_line;
use crate::refs::normalise::{parse_author, parse_given_first};

use super::latex;

/// Reads the names of an `author` field.
pub(super) fn parse_names(value: &str) -> Vec<Author> {
    split_names(value).into_iter().filter_map(parse_name).collect()
}

/// Splits at the word "and" outside braces.
fn split_names(value: &str) -> Vec<&str> {
    let bytes = value.as_bytes();
    let (mut names, mut depth, mut from, mut at) = (Vec::new(), 0_usize, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            byte if depth == 0 && byte.is_ascii_whitespace() => {
                let word = bytes.get(at + 1..at + 4).is_some_and(|word| word.eq_ignore_ascii_case(b"and"));
                let is_word = word && bytes.get(at + 4).is_none_or(u8::is_ascii_whitespace);
                if is_word {
                    names.push(&value[from..at]);
                    at += 4;
                    from = at;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    names.push(&value[from.min(value.len())..]);
    names
}

/// Splits at commas outside braces.
pub(super) fn split_outside_braces<'a>(value: &'a str, separators: &[u8]) -> Vec<&'a str> {
    let bytes = value.as_bytes();
    let (mut parts, mut depth, mut from, mut at) = (Vec::new(), 0_usize, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            byte if depth == 0 && separators.contains(&byte) => {
                parts.push(&value[from..at]);
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&value[from.min(value.len())..]);
    parts
}

fn plain(latex: &str) -> String {
    clean_line(&latex::decode(latex)).into_owned()
}

fn parse_name(name: &str) -> Option<Author> {
    let name = name.trim();
    if name.is_empty() || name.eq_ignore_ascii_case("others") {
        return None;
    }
    let parts: Vec<&str> = split_outside_braces(name, b",").into_iter().map(str::trim).collect();
    if parts.iter().any(|part| part.starts_with("family")) && name.contains('=') {
        return Some(parse_parts(&parts));
    }
    let is_one_group = name.starts_with('{') && name.ends_with('}') && split_outside_braces(name, b" ,").len() == 1;
    if is_one_group {
        let group = plain(name);
        return (!group.is_empty()).then(|| Author::new(group, None));
    }
    match parts.as_slice() {
        [whole] => parse_without_comma(whole),
        [family, given] => person(family, given),
        [family, suffix, given, ..] => person(family, &format!("{given} {suffix}")),
        [] => None,
    }
}

/// Makes a person of a family name and given names in LaTeX.
fn person(family: &str, given: &str) -> Option<Author> {
    let (family, given) = (plain(family), plain(given));
    if family.is_empty() { parse_author(&given) } else { Some(Author::new(family, Some(&given))) }
}

/// Reads a name without a comma; words in braces belong together.
fn parse_without_comma(name: &str) -> Option<Author> {
    let words: Vec<&str> = split_outside_braces(name, b" \n\t\r").into_iter().filter(|word| !word.is_empty()).collect();
    match words.last() {
        Some(last) if words.len() > 1 && last.starts_with('{') && last.ends_with('}') && plain(last).contains(' ') => {
            let is_particle = |word: &&&str| word.starts_with(|c: char| c.is_lowercase());
            let particles = words[..words.len() - 1].iter().rev().take_while(is_particle).count();
            let start = words.len() - 1 - particles;
            person(&words[start..].join(" "), &words[..start].join(" "))
        }
        Some(_) => parse_given_first(&plain(name)),
        None => None,
    }
}

/// Reads biblatex's extended form.
fn parse_parts(parts: &[&str]) -> Author {
    let value = |wanted: &str| {
        parts.iter().find_map(|part| {
            let (key, value) = part.split_once('=')?;
            (key.trim() == wanted).then(|| plain(value.trim().trim_matches('"')))
        })
    };
    let family = value("family").unwrap_or_default();
    let family = match value("prefix") {
        Some(prefix) if !prefix.is_empty() => format!("{prefix} {family}"),
        _ => family,
    };
    let given = [value("given"), value("suffix")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Author::new(family, Some(&given))
}

/// Writes a name so that [`parse_names`] reads it back.
pub(super) fn encode_name(author: &Author) -> String {
    let protected = |text: &str| {
        let latex = latex::encode(text);
        let needs_braces = text.contains(',') || text.split_whitespace().any(|word| word.eq_ignore_ascii_case("and"));
        if needs_braces || latex.starts_with("family") { format!("{{{latex}}}") } else { latex }
    };
    match &author.given {
        Some(given) => format!("{}, {}", protected(&author.family), protected(given)),
        None => format!("{{{}}}", latex::encode(&author.family)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(value: &str) -> Vec<String> {
        parse_names(value).iter().map(|author| format!("{}|{}", author.family, author.given.as_deref().unwrap_or(""))).collect()
    }

    #[test]
    fn names_are_read_in_all_forms() {
        assert_eq!(
            names("Aks{\\i}n, {\\\"O}zge and T{\\\"u}rkmen, Hayati\n AND {\\c{C}}etinkaya, Bekir"),
            ["Aksın|Özge", "Türkmen|Hayati", "Çetinkaya|Bekir"]
        );
        assert_eq!(names("Elias Naumann and Moritz He{\\ss} and J. van der Hilten"), ["Naumann|Elias", "Heß|Moritz", "van der Hilten|J."]);
        assert_eq!(names("{R Core Team} and {{Health and Care}} and others"), ["R Core Team|", "Health and Care|"]);
        assert_eq!(names("King, Jr., Martin Luther and {Rahimi-Iman}, Arash"), ["King|Martin Luther Jr.", "Rahimi-Iman|Arash"]);
        assert_eq!(names("Ludwig van {Beethoven the Elder}"), ["van Beethoven the Elder|Ludwig"]);
        assert_eq!(names("family=Ackooij, given=W., prefix=van, useprefix=true and Danti Lopez, I."), ["van Ackooij|W.", "Danti Lopez|I."]);
        assert_eq!(names("Larsen LJ and "), ["Larsen|LJ"]);
    }

    #[test]
    fn names_that_were_written_are_read_again() {
        let authors = [
            Author::new("van Hilten", Some("Jacobus J, Jr")),
            Author::new("Health and Care, Group", None),
            Author::new("Smith & Sons", Some("A_B")),
            Author::new("And", Some("X")),
        ];
        let written = authors.iter().map(encode_name).collect::<Vec<_>>().join(" and ");
        assert_eq!(parse_names(&written), authors, "{written}");
    }
}
