//! Text made safe to show and fit to compare.
//!
//! Everything that comes out of a file may carry control characters, terminal escape sequences, bidirectional overrides or
//! invisible characters. [`clean_line`] and [`clean_paragraphs`] remove them before a text is shown or stored for display;
//! [`fold`] makes the form under which two texts are searched and compared.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Returns the text as one clean line.
///
/// Removes C0 and C1 control characters, whole ANSI escape sequences (CSI, OSC, DCS), bidirectional overrides, embeddings and
/// isolates (U+202A to U+202E, U+2066 to U+2069), byte order marks, soft hyphens and other invisible characters; folds runs of
/// white space, line breaks included, to one space; trims both ends; gives Unicode NFC. Text that is clean is not copied.
pub fn clean_line(text: &str) -> Cow<'_, str> {
    if is_clean_ascii(text) { Cow::Borrowed(text) } else { Cow::Owned(clean(text, false)) }
}

/// Returns the text cleaned as by [`clean_line`], with its paragraphs kept apart by single `\n`.
///
/// Any run of line breaks (LF, CR, CRLF, NEL, U+2028, U+2029) counts as one; there are no empty paragraphs.
pub fn clean_paragraphs(text: &str) -> Cow<'_, str> {
    if is_clean_ascii(text) { Cow::Borrowed(text) } else { Cow::Owned(clean(text, true)) }
}

/// Returns the form of a text for searching and comparing.
///
/// Lower case, compatibility forms resolved (superscripts, ligatures, full width), accents removed, Greek letters spelled
/// ("α" gives "alpha"), letters without a decomposition spelled ("ß" gives "ss", "ø" gives "o"), typographic hyphens and quotes
/// made plain, white space folded to one space and trimmed. Folding is idempotent.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        for c in text.chars() {
            push_folded(&mut folded, c.to_ascii_lowercase());
        }
    } else {
        // Lower case comes first, so that "Ά" and "ά" decompose to the same letters, and again on the compatibility form,
        // which may bring capitals back ("™" gives "TM").
        for lower in text.nfkd().flat_map(char::to_lowercase).nfkd() {
            if is_combining_mark(lower) || is_removed(lower) {
                continue;
            }
            match spelled(lower) {
                Some(letters) => folded.push_str(letters),
                None => push_folded(&mut folded, lower),
            }
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Returns a number with its noun, which is given for one: "1 record", "3 records", "0 studies".
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {}", noun_for(number, noun))
}

/// Returns a noun, given for one, as it stands after a number: "record", "records", "studies", "groups of duplicates".
pub fn noun_for(number: usize, noun: &str) -> String {
    if number == 1 {
        return noun.to_owned();
    }
    let end = [" of ", " not ", " or ", " in "].iter().filter_map(|word| noun.find(word)).min().unwrap_or(noun.len());
    let (head, rest) = noun.split_at(end);
    let plural = if let Some(stem) = head.strip_suffix("person") {
        format!("{stem}people")
    } else if let Some(stem) = head.strip_suffix("sis") {
        format!("{stem}ses")
    } else {
        match head.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
            Some(stem) => format!("{stem}ies"),
            None if head.ends_with('x') || head.ends_with("ch") => format!("{head}es"),
            None => format!("{head}s"),
        }
    };
    plural + rest
}

/// Returns "was" for one and "were" for any other number.
pub fn was(number: usize) -> &'static str {
    if number == 1 { "was" } else { "were" }
}

/// Reports whether a character is a hyphen, dash or minus sign of any kind.
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// Appends a character to a folded text: plain punctuation, single spaces, no controls.
fn push_folded(folded: &mut String, c: char) {
    match c {
        c if c.is_whitespace() => {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        c if c.is_control() => {}
        c if is_dash(c) => folded.push('-'),
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2035}' | '\u{00b4}' | '`' | '\u{02b9}' | '\u{02bb}' | '\u{02bc}' | '\u{02bd}' => {
            folded.push('\'');
        }
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{00ab}' | '\u{00bb}' => folded.push('"'),
        c => folded.push(c),
    }
}

/// Returns the plain letters for a lower-case letter that Unicode does not decompose to ASCII.
fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ŋ' => "ng",
        'α' => "alpha",
        'β' | 'ϐ' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ε' | 'ϵ' => "epsilon",
        'ζ' => "zeta",
        'η' => "eta",
        'θ' | 'ϑ' => "theta",
        'ι' => "iota",
        'κ' | 'ϰ' => "kappa",
        'λ' => "lambda",
        'μ' => "mu",
        'ν' => "nu",
        'ξ' => "xi",
        'ο' => "omicron",
        'π' | 'ϖ' => "pi",
        'ρ' | 'ϱ' => "rho",
        'σ' | 'ς' => "sigma",
        'τ' => "tau",
        'υ' => "upsilon",
        'φ' | 'ϕ' => "phi",
        'χ' => "chi",
        'ψ' => "psi",
        'ω' => "omega",
        _ => return None,
    })
}

/// Reports whether a text is printable ASCII with single spaces inside and none at its ends.
fn is_clean_ascii(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut after_space = true;
    for &byte in bytes {
        match byte {
            b' ' if after_space => return false,
            b' ' => after_space = true,
            0x21..=0x7e => after_space = false,
            _ => return false,
        }
    }
    !after_space || bytes.is_empty()
}

/// Cleans a text; line breaks are kept as `\n` when `keeps_paragraphs` is set, and folded to a space otherwise.
fn clean(text: &str, keeps_paragraphs: bool) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut gap = Gap::None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = words_of_ascii(rest.as_bytes());
        if run > 0 {
            push_gap(&mut cleaned, &mut gap);
            cleaned.push_str(&rest[..run]);
            rest = &rest[run..];
            continue;
        }
        let after = &rest[c.len_utf8()..];
        match c {
            '\u{1b}' | '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => {
                rest = after_escape(c, after);
                continue;
            }
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' if keeps_paragraphs => gap = Gap::Break,
            c if c.is_whitespace() => gap = gap.max(Gap::Space),
            c if c.is_control() || is_removed(c) => {}
            c => {
                push_gap(&mut cleaned, &mut gap);
                cleaned.push(c);
            }
        }
        rest = after;
    }
    if cleaned.is_ascii() || is_nfc_quick(cleaned.chars()) == IsNormalized::Yes { cleaned } else { cleaned.nfc().collect() }
}

/// Returns the length of the words of printable ASCII, single spaces between them, with which a text begins.
fn words_of_ascii(text: &[u8]) -> usize {
    let is_printed = |at: usize| text.get(at).is_some_and(|byte| matches!(byte, 0x21..=0x7e));
    let mut at = 0;
    while is_printed(at) || (at > 0 && text.get(at) == Some(&b' ') && is_printed(at + 1)) {
        at += 1;
    }
    at
}

/// Appends what stands before the next printed character.
fn push_gap(cleaned: &mut String, gap: &mut Gap) {
    if !cleaned.is_empty() {
        match gap {
            Gap::None => {}
            Gap::Space => cleaned.push(' '),
            Gap::Break => cleaned.push('\n'),
        }
    }
    *gap = Gap::None;
}

/// What stands between two printed characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Break,
}

/// Reports whether a printable but invisible or direction-changing character is removed from text.
fn is_removed(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns what follows an escape sequence, given its introducer (ESC or a C1 control) and the text after it.
///
/// A sequence that is not finished loses its introducer only, so that no readable text goes with it.
fn after_escape(introducer: char, after: &str) -> &str {
    let (kind, body) = match introducer {
        '\u{1b}' => match after.chars().next() {
            Some(kind @ ('[' | ']' | 'P' | 'X' | '^' | '_')) => (kind, &after[1..]),
            // Two- and three-character sequences such as ESC c (reset) and ESC ( B (character set).
            Some(' '..='/') => {
                let end = after.find(|c| !(' '..='/').contains(&c)).unwrap_or(after.len());
                let is_final = after[end..].starts_with(|c: char| ('0'..='~').contains(&c));
                return if is_final { &after[end + 1..] } else { after };
            }
            Some('0'..='~') => return &after[1..],
            _ => return after,
        },
        '\u{9b}' => ('[', after),
        _ => (']', after),
    };
    if kind == '[' {
        let end = body.find(|c| !('0'..='?').contains(&c)).unwrap_or(body.len());
        let end = end + body[end..].find(|c| !(' '..='/').contains(&c)).unwrap_or(body.len() - end);
        return if body[end..].starts_with(|c: char| ('@'..='~').contains(&c)) { &body[end + 1..] } else { body };
    }
    // OSC, DCS and their like run to BEL or to ST (ESC \ or U+009C), within one line and a sane length.
    for (at, c) in body.char_indices().take(4096) {
        match c {
            '\u{7}' | '\u{9c}' => return &body[at + c.len_utf8()..],
            '\u{1b}' if body[at + 1..].starts_with('\\') => return &body[at + 2..],
            c if c.is_control() => break,
            _ => {}
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn clean_text_is_returned_as_it_is() {
        for text in ["", "Ketamine for pain", "a b"] {
            assert!(matches!(clean_line(text), Cow::Borrowed(t) if t == text));
            assert!(matches!(clean_paragraphs(text), Cow::Borrowed(t) if t == text));
        }
    }

    #[test]
    fn escape_sequences_go_as_a_whole() {
        assert_eq!(clean_line("a\u{1b}[31;1mred\u{1b}[0m b"), "ared b");
        assert_eq!(clean_line("\u{1b}]0;owned\u{7}Title"), "Title");
        assert_eq!(clean_line("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\"), "link");
        assert_eq!(clean_line("\u{9b}2Jtext"), "text");
        assert_eq!(clean_line("\u{1b}Pq payload\u{9c}text"), "text");
        assert_eq!(clean_line("\u{1b}cx\u{1b}(By"), "xy");
    }

    #[test]
    fn an_unfinished_escape_sequence_takes_no_text_with_it() {
        assert_eq!(clean_line("\u{1b}]a long title without an end"), "a long title without an end");
        assert_eq!(clean_line("\u{1b}["), "");
        assert_eq!(clean_line("\u{1b}"), "");
        assert_eq!(clean_line("x\u{1b}é"), "xé");
    }

    #[test]
    fn direction_overrides_and_invisible_characters_are_removed() {
        assert_eq!(clean_line("\u{feff}a\u{202e}b\u{2066}c\u{ad}d\u{200b}e\u{e0041}"), "abcde");
        assert_eq!(clean_line("کتاب\u{200c}ها"), "کتاب\u{200c}ها", "joiners of Persian stay");
    }

    #[test]
    fn white_space_is_folded_and_text_composed() {
        assert_eq!(clean_line("  a \t\r\n\u{a0} b\u{2029}c "), "a b c");
        assert_eq!(clean_line("Ko\u{308}ln"), "Köln");
        assert_eq!(clean_paragraphs(" a \r\n\r\n b\u{2028}c\n"), "a\nb\nc");
        assert_eq!(clean_line("a\u{0}\u{7}\u{85}b"), "a b");
    }

    #[test]
    fn folding_spells_greek_and_drops_accents() {
        assert_eq!(fold("TNF-α Über ŁÓDŹ  Straße"), "tnf-alpha uber lodz strasse");
        assert_eq!(fold("long‐term “S‑ketamine” patients’"), "long-term \"s-ketamine\" patients'");
        assert_eq!(fold("IL‑1β, Ά, μg, ﬁt, ²"), "il-1beta, alpha, mug, fit, 2");
        assert_eq!(fold("İstanbul ISIK ışık"), "istanbul isik isik");
    }

    proptest! {
        #[test]
        fn cleaning_leaves_no_control_and_is_idempotent(text in "(\\PC|[\\x00-\\x1f\\x7f-\\u{9f}]|\\x1b\\[|\\x1b\\]|[\\u{2028}-\\u{202e}]|\\u{feff}|[ A-Za-z;]){0,60}") {
            let line = clean_line(&text).into_owned();
            prop_assert!(!line.chars().any(|c| c.is_control() || is_removed(c)), "{line:?}");
            prop_assert_eq!(line.trim(), &line);
            prop_assert_eq!(clean_line(&line).into_owned(), line.clone());
            let paragraphs = clean_paragraphs(&text).into_owned();
            prop_assert!(!paragraphs.chars().any(|c| c != '\n' && (c.is_control() || is_removed(c))), "{paragraphs:?}");
            prop_assert!(paragraphs.split('\n').all(|p| p.trim() == p && (!p.is_empty() || paragraphs.is_empty())));
            prop_assert_eq!(clean_paragraphs(&paragraphs).into_owned(), paragraphs.clone());
        }

        #[test]
        fn folding_is_idempotent_and_plain(text in "\\PC{0,40}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert!(!folded.chars().any(|c| c.is_control() || is_combining_mark(c)));
        }
    }

    #[test]
    fn numbers_come_with_their_noun() {
        let said = [
            (1, "record"),
            (0, "record"),
            (2, "study"),
            (2, "key"),
            (5, "search"),
            (1, "study"),
            (3, "group of duplicates"),
            (2, "analysis"),
        ];
        assert_eq!(
            said.map(|(number, noun)| counted(number, noun)),
            ["1 record", "0 records", "2 studies", "2 keys", "5 searches", "1 study", "3 groups of duplicates", "2 analyses"]
        );
        assert_eq!([was(1), was(0), was(2)], ["was", "were", "were"]);
    }
}
