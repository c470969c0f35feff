//! Tags and texts of a document that may be damaged and may come in pieces.

use std::borrow::Cow;

use crate::refs::bytes;
use crate::refs::stream::Piece;

/// A tag or a text.
pub(super) enum Token<'a> {
    Start { name: &'a str, attributes: &'a str, is_empty: bool },
    End(&'a str),
    Text(Cow<'a, str>),
}

/// The longest tag, comment or section: what does not end by then is text.
const LONGEST: usize = 1 << 20;

/// The longest declaration.
const LONGEST_DECLARATION: usize = 65_536;

/// The tags and texts of a piece of a document.
pub(super) struct Tokens<'a> {
    text: &'a str,
    /// The offset reached.
    pub at: usize,
    is_last: bool,
    /// The marks ("-->", "]]>") and the offset before which each was not found, so that nothing is searched twice.
    absent: Vec<(&'static str, usize)>,
    /// Whether a declaration was found that does not end; such are text from there on.
    pub has_open_declaration: bool,
    /// What the piece ends in the middle of.
    pub cut: Option<Cut>,
}

/// What a piece ends in the middle of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// A text.
    Text,
    /// A tag, a comment or the like.
    Construct,
}

/// What stands at a `<`.
enum Construct<'a> {
    /// A tag or a section, and the offset behind it.
    Token(Token<'a>, usize),
    /// Something that says nothing, up to an offset.
    Nothing(usize),
    /// A text that looks like a tag.
    Text,
    /// More of the document must tell.
    Unknown,
}

impl<'a> Tokens<'a> {
    /// Starts at the beginning of a piece.
    pub fn of(piece: &Piece<'a>, has_open_declaration: bool) -> Self {
        Self { text: piece.text, at: 0, is_last: piece.is_last, absent: Vec::new(), has_open_declaration, cut: None }
    }

    /// Finds a mark from an offset on, and makes a construct of what stands before it.
    fn until(&mut self, mark: &'static str, from: usize, make: impl FnOnce(usize) -> Construct<'a>) -> Construct<'a> {
        let known = self.absent.iter().position(|(known, _)| *known == mark);
        let start = known.map_or(from, |at| from.max(self.absent[at].1));
        let limit = self.text.len().min(from + LONGEST);
        // Marks are ASCII, so that bytes can be searched.
        let bytes = &self.text.as_bytes()[..limit];
        let found = bytes.get(start..).and_then(|rest| find_bytes(rest, mark.as_bytes())).map(|at| start + at);
        if let Some(end) = found {
            return make(end);
        }
        let absent = limit.saturating_sub(mark.len() - 1).max(start);
        match known {
            Some(at) => self.absent[at].1 = absent,
            None => self.absent.push((mark, absent)),
        }
        if limit < from + LONGEST && !self.is_last { Construct::Unknown } else { Construct::Text }
    }

    /// Reads what stands at a `<`.
    fn construct(&mut self) -> Construct<'a> {
        let (text, at) = (self.text, self.at);
        let rest = &text[at..];
        if !self.is_last && rest.len() < "<![CDATA[".len() {
            return Construct::Unknown;
        }
        if rest.starts_with("<!--") {
            return self.until("-->", at + 4, |end| Construct::Nothing(end + 3));
        }
        if rest.starts_with("<![CDATA[") {
            return self.until("]]>", at + 9, |end| Construct::Token(Token::Text(Cow::Borrowed(&text[at + 9..end])), end + 3));
        }
        if rest.starts_with("<?") {
            return self.until("?>", at + 2, |end| Construct::Nothing(end + 2));
        }
        if rest.starts_with("<!") {
            if self.has_open_declaration {
                return Construct::Text;
            }
            return match declaration_end(rest) {
                Some(end) => Construct::Nothing(at + end),
                None if rest.len() < LONGEST_DECLARATION && !self.is_last => Construct::Unknown,
                None => {
                    self.has_open_declaration = true;
                    Construct::Text
                }
            };
        }
        let is_end = rest.starts_with("</");
        let name_start = if is_end { 2 } else { 1 };
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        let name_length = rest[name_start..].find(|c| !is_name(c)).unwrap_or(rest.len() - name_start);
        let name = &rest[name_start..name_start + name_length];
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return Construct::Text;
        }
        let end = match tag_end(rest, name_start + name_length) {
            TagEnd::At(end) => end,
            TagEnd::Beyond if rest.len() < LONGEST && !self.is_last => return Construct::Unknown,
            TagEnd::Beyond | TagEnd::None => return Construct::Text,
        };
        if is_end {
            return Construct::Token(Token::End(name), at + end + 1);
        }
        let inside = &rest[name_start + name_length..end];
        // "p<alpha and b>c" is no tag.
        if !inside.is_empty() && !inside.trim().is_empty() && inside.trim() != "/" && !inside.contains('=') {
            return Construct::Text;
        }
        let is_empty = inside.ends_with('/');
        Construct::Token(Token::Start { name, attributes: inside.trim_end_matches('/'), is_empty }, at + end + 1)
    }
}

/// Finds bytes in bytes.
fn find_bytes(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Where a tag ends.
enum TagEnd {
    /// At the `>` at this offset.
    At(usize),
    /// Nowhere: another tag begins first.
    None,
    /// Not within what is looked at.
    Beyond,
}

/// Finds the `>` that ends a tag, quoted values skipped.
fn tag_end(rest: &str, from: usize) -> TagEnd {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate().take(LONGEST).skip(from) {
        match (byte, quote) {
            (b'<', _) => return TagEnd::None,
            (b'>', None) => return TagEnd::At(at),
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    TagEnd::Beyond
}

/// Returns the offset behind a declaration, which may hold others in brackets.
fn declaration_end(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in rest.bytes().enumerate().take(LONGEST_DECLARATION) {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (Token<'a>, usize);

    fn next(&mut self) -> Option<(Token<'a>, usize)> {
        while self.at < self.text.len() {
            let start = self.at;
            let mut from = start;
            if self.text.as_bytes()[start] == b'<' {
                match self.construct() {
                    Construct::Token(token, end) => {
                        self.at = end;
                        return Some((token, start));
                    }
                    Construct::Nothing(end) => {
                        self.at = end;
                        continue;
                    }
                    Construct::Text => from = start + 1,
                    Construct::Unknown => {
                        self.cut = Some(Cut::Construct);
                        return None;
                    }
                }
            }
            let end = match self.text[from..].find('<') {
                Some(at) => from + at,
                None if self.is_last => self.text.len(),
                None => {
                    self.cut = Some(Cut::Text);
                    return None;
                }
            };
            self.at = end;
            return Some((Token::Text(decoded(&self.text[start..end])), start));
        }
        None
    }
}

/// The bytes that do not stand for themselves in a text.
const DECODED: [u8; 4] = [b'&', b'\n', b'\r', b'\t'];

/// Decodes the entities of XML; line breaks as such become spaces, because they only wrap the file, and breaks as entities stay.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if bytes::find_any(text.as_bytes(), DECODED).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = bytes::find_any(rest.as_bytes(), DECODED) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if !rest.starts_with('&') {
            plain.push(' ');
            rest = &rest[1..];
            continue;
        }
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let name = end.map_or("", |end| &rest[1..end]);
        let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
            None => number.parse().ok(),
        });
        let character = number.and_then(char::from_u32).or(match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        });
        match (character, end) {
            (Some(character), Some(end)) => {
                plain.push(if character == '\r' { '\n' } else { character });
                rest = &rest[end + 1..];
            }
            _ => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}
