//! HTML that databases leave in titles and abstracts: entities and inline tags, turned into plain text and back.

use std::borrow::Cow;

use super::bytes;

/// Returns the text with entities decoded and the known inline tags taken out.
///
/// Digits and signs in `<sup>` and `<sub>` become superscript and subscript characters, so that "10<sup>5</sup>" does not turn
/// into "105". Tags of blocks (`<p>`, `<br>`) become line breaks. Anything that is no known tag stays ("p<0.05").
/// Decoding happens once; the result may hold control characters and must be cleaned.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if bytes::find_either(text.as_bytes(), b'&', b'<').is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = bytes::find_either(rest.as_bytes(), b'&', b'<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = if rest.starts_with('&') { decode_entity(rest, &mut plain) } else { decode_tag(rest, &mut plain) };
        if taken == 0 {
            plain.push_str(&rest[..1]);
            rest = &rest[1..];
        } else {
            rest = &rest[taken..];
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Returns a text that [`decode`] turns back into the one given.
pub(super) fn encode(text: &str) -> Cow<'_, str> {
    if decode(text) == text { Cow::Borrowed(text) } else { Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;")) }
}

/// Decodes the entity at the start of a text; returns the bytes taken, zero if there is none.
fn decode_entity(text: &str, plain: &mut String) -> usize {
    let Some(end) = text.bytes().take(12).position(|byte| byte == b';') else { return 0 };
    let name = &text[1..end];
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => number.parse().ok(),
    });
    if let Some(c) = number.and_then(char::from_u32) {
        plain.push(c);
        return end + 1;
    }
    match ENTITIES.iter().find(|(known, _)| *known == name) {
        Some((_, character)) => {
            plain.push_str(character);
            end + 1
        }
        None => 0,
    }
}

/// Takes out the tag at the start of a text; returns the bytes taken, zero if it is no known tag.
fn decode_tag(text: &str, plain: &mut String) -> usize {
    // "p < 0.05" is by far the most frequent of what is no tag.
    let first = text.bytes().skip(1).find(|byte| *byte != b' ');
    if first.is_none_or(|byte| byte == b'<' || byte.is_ascii_digit()) {
        return 0;
    }
    let Some(end) = text.bytes().take(120).position(|byte| byte == b'>') else { return 0 };
    let inside = text[1..end].trim_start_matches('/').trim_end_matches('/').trim_end();
    let name = inside.split_ascii_whitespace().next().unwrap_or("");
    let has_only_a_name = name.len() == inside.len() || inside.contains('=');
    let local = name.rsplit(':').next().unwrap_or("");
    if !has_only_a_name || local.is_empty() {
        return 0;
    }
    let is_any = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(local));
    if is_any(&["sup", "sub"]) && !text.starts_with("</") {
        let raised = local.eq_ignore_ascii_case("sup");
        let after = &text[end + 1..];
        let length = after.find(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | '-'))).unwrap_or(after.len());
        plain.extend(after[..length].chars().map(|c| shifted(c, raised)));
        return end + 1 + length;
    }
    if is_any(&["i", "b", "u", "em", "strong", "sup", "sub", "span", "inf", "sc", "scp", "italic", "bold", "small", "font"]) {
        return end + 1;
    }
    if is_any(&["p", "br", "div", "sec", "title", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li"]) {
        plain.push('\n');
        return end + 1;
    }
    0
}

/// Returns the superscript or subscript form of a digit or sign.
fn shifted(c: char, raised: bool) -> char {
    let forms = if raised { "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻" } else { "₀₁₂₃₄₅₆₇₈₉₊₋" };
    let place = match c {
        '+' => 10,
        '-' => 11,
        digit => digit.to_digit(10).unwrap_or(0) as usize,
    };
    forms.chars().nth(place).unwrap_or(c)
}

/// The entities that occur in exports.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("hellip", "…"),
    ("bull", "•"),
    ("middot", "·"),
    ("deg", "°"),
    ("plusmn", "±"),
    ("times", "×"),
    ("le", "≤"),
    ("ge", "≥"),
    ("ne", "≠"),
    ("micro", "µ"),
    ("reg", "®"),
    ("copy", "©"),
    ("trade", "™"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("chi", "χ"),
    ("omega", "ω"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("agrave", "à"),
    ("aacute", "á"),
    ("iacute", "í"),
    ("oacute", "ó"),
    ("uacute", "ú"),
    ("ntilde", "ñ"),
    ("ccedil", "ç"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("Auml", "Ä"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
    ("szlig", "ß"),
    ("oslash", "ø"),
    ("aring", "å"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_and_inline_tags_become_text() {
        assert_eq!(decode("A &amp; B &#945; &#x3b2; &eacute;"), "A & B α β é");
        assert_eq!(decode("<i>Rattus</i> <b class=\"x\">10<sup>-5</sup></b> CO<sub>2</sub>"), "Rattus 10⁻⁵ CO₂");
        assert_eq!(decode("<p>One</p><p>Two</p>").split_whitespace().collect::<Vec<_>>(), ["One", "Two"]);
        assert_eq!(decode("<jats:italic>x</jats:italic>"), "x");
    }

    #[test]
    fn what_is_no_markup_stays() {
        for text in ["p<0.05 and n>3", "AT&T", "a < b & c;", "<b and c>", "&unknown;", "&", "<", "<é>", "&é;", "<>", "&#xffffffff;"] {
            assert_eq!(decode(text), text);
        }
    }

    #[test]
    fn encoding_is_undone_by_decoding() {
        for text in ["plain", "A & B", "&amp;", "x <i> y", "&lt;i>", "p<0.05"] {
            assert_eq!(decode(&encode(text)), text);
        }
        assert_eq!(encode("A & B, p<0.05"), "A & B, p<0.05");
    }
}
