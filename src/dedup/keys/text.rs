//! Text folded to the letters and digits that two databases print alike.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a text to lower-case words of letters and digits, one space between them.
///
/// Unlike `domain::text::fold`, by which people search, it keeps no sign at all, reads markup, and sets Greek letters apart as words:
/// databases agree on letters and digits only.
///
/// Markup and character entities are decoded, accents removed, Greek letters spelled out ("TNF-&alpha;" gives "tnf alpha"),
/// super- and subscript digits made plain. Apostrophes join ("Crohn's" gives "crohns"), any other sign separates. Letters of
/// scripts without case are kept as they are; text without letters or digits gives an empty string.
pub(crate) fn fold_words(text: &str) -> String {
    let plain;
    let text = if text.contains(['&', '<']) {
        plain = without_markup(text);
        plain.as_str()
    } else {
        text
    };
    let whole;
    let text = if text.contains(['?', '\u{fffd}']) {
        whole = without_lost_letters(text);
        whole.as_str()
    } else {
        text
    };
    if text.is_ascii() { fold_characters(text.chars(), text.len()) } else { fold_characters(text.nfkd(), text.len()) }
}

/// Closes the gap of a letter that an encoding lost ("for?ation"): a question mark between two letters ends no sentence.
fn without_lost_letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut previous = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_inside = previous.is_alphabetic() && rest.peek().is_some_and(|next| next.is_alphabetic());
        if !(matches!(c, '?' | '\u{fffd}') && is_inside) {
            out.push(c);
        }
        previous = c;
    }
    out
}

fn fold_characters(characters: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut out = String::with_capacity(capacity);
    let mut is_apart = false;
    for c in characters {
        if c.is_ascii_alphanumeric() {
            if is_apart && !out.is_empty() {
                out.push(' ');
            }
            is_apart = false;
            out.push(c.to_ascii_lowercase());
            continue;
        }
        let joins = matches!(c, '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{ad}' | '\u{200b}' | '\u{b4}');
        if joins || is_combining_mark(c) {
            continue;
        }
        let letters = special(c);
        let greek = greek(c);
        if letters.is_none() && greek.is_none() && !c.is_alphanumeric() {
            is_apart = true;
            continue;
        }
        if (is_apart || greek.is_some()) && !out.is_empty() {
            out.push(' ');
        }
        is_apart = greek.is_some();
        match greek.or(letters) {
            Some(letters) => out.push_str(letters),
            None => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Returns the folded text without its spaces.
pub(crate) fn compact(folded: &str) -> String {
    folded.chars().filter(|c| *c != ' ').collect()
}

/// Decodes character entities (also those escaped twice) and removes tags.
pub(crate) fn without_markup(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..2 {
        if !text.contains('&') {
            break;
        }
        text = decode_entities(&text);
    }
    if !text.contains('<') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let is_tag = tail.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match tail.find('>') {
            Some(end) if is_tag && end <= 120 => rest = &tail[end + 1..],
            _ => {
                out.push(' ');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let end = tail.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| entity(&tail[..end]).map(|piece| (end, piece))) {
            Some((end, piece)) => {
                out.push_str(&piece);
                rest = &tail[end + 1..];
            }
            None => {
                out.push('&');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(String::from);
    }
    let plain = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" | "apos" | "nbsp" | "ndash" | "mdash" | "hellip" | "middot" | "times" | "deg" | "reg" | "trade" | "thinsp" => " ",
        "rsquo" | "lsquo" => "'",
        "szlig" => "ss",
        _ => {
            if !name.is_ascii() || name.len() < 2 {
                return None;
            }
            let lower = name.to_ascii_lowercase();
            if GREEK.iter().any(|(_, greek)| *greek == lower) {
                return Some(format!(" {lower} "));
            }
            let accents = ["acute", "grave", "uml", "circ", "tilde", "cedil", "ring", "slash", "caron"];
            return accents.iter().find_map(|accent| name.strip_suffix(accent)).filter(|letter| letter.len() == 1).map(str::to_owned);
        }
    };
    Some(plain.to_owned())
}

pub(crate) const GREEK: [(char, &str); 24] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('ο', "omicron"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
];

fn greek(c: char) -> Option<&'static str> {
    if !('\u{370}'..='\u{3ff}').contains(&c) {
        return None;
    }
    let lower = if c == 'ς' { 'σ' } else { c.to_lowercase().next().unwrap_or(c) };
    GREEK.iter().find(|(letter, _)| *letter == lower).map(|(_, name)| *name)
}

fn special(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ø' | 'Ø' => "o",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ł' | 'Ł' => "l",
        'ı' => "i",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_entities_accents_and_greek_letters_fold_to_plain_words() {
        for (raw, folded) in [
            ("CD4<sup>+</sup> T-Cells", "cd4 t cells"),
            ("TNF-&alpha; and TNF-α", "tnf alpha and tnf alpha"),
            ("Th&eacute;r&#232;se Müller &amp; Søn", "therese muller son"),
            ("H₂O at p &lt; 0.05", "h2o at p 0 05"),
            ("&amp;lt;i&amp;gt;E. coli&amp;lt;/i&amp;gt;", "e coli"),
            ("Crohn's – ulcerative", "crohns ulcerative"),
            ("疼痛 研究", "疼痛 研究"),
            ("Formation for?ation? Yes", "formation foration yes"),
            ("  ... ", ""),
        ] {
            assert_eq!(fold_words(raw), folded, "{raw}");
        }
    }

    #[test]
    fn broken_markup_is_kept_as_text() {
        assert_eq!(fold_words("a < b & c; &#xZZ; <unclosed"), "a b c xzz unclosed");
    }
}
