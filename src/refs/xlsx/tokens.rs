//! Tags and texts of the parts of a workbook, one after the other. Prefixes of names are left out, entities decoded; nothing is ever
//! looked up outside the text.

use std::borrow::Cow;

/// A tag or a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A start tag: name and attributes as written.
    Start(&'a str, &'a str),
    /// An end tag, or the end of an empty element.
    End(&'a str),
    /// A text, entities decoded.
    Text(Cow<'a, str>),
}

/// The tokens of a text.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    pending_end: Option<&'a str>,
}

impl<'a> Tokens<'a> {
    /// Starts at the beginning.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, pending_end: None }
    }

    /// Returns the offset reached.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Passes over what `<!` or `<?` begins.
    fn skip_declaration(&mut self) -> Option<Token<'a>> {
        let rest = &self.text[self.at..];
        for (begins, ends) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")] {
            if let Some(inside) = rest.strip_prefix(begins) {
                let length = inside.find(ends);
                self.at = length.map_or(self.text.len(), |length| self.at + begins.len() + length + ends.len());
                if begins == "<![CDATA[" {
                    return Some(Token::Text(Cow::Borrowed(&inside[..length.unwrap_or(inside.len())])));
                }
                break;
            }
        }
        None
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.pending_end.take() {
            return Some(Token::End(name));
        }
        loop {
            let rest = &self.text[self.at..];
            if rest.is_empty() {
                return None;
            }
            let Some(tag) = rest.strip_prefix('<') else {
                let length = rest.find('<').unwrap_or(rest.len());
                self.at += length;
                return Some(Token::Text(decoded(&rest[..length])));
            };
            if tag.starts_with(['!', '?']) {
                match self.skip_declaration() {
                    Some(token) => return Some(token),
                    None => continue,
                }
            }
            let length = tag_length(tag);
            self.at += (length + 2).min(rest.len());
            let inside = &tag[..length];
            if let Some(name) = inside.strip_prefix('/') {
                return Some(Token::End(local(name.trim())));
            }
            let (inside, is_empty) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
            let (name, attributes) = inside.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((inside, ""));
            let name = local(name);
            self.pending_end = is_empty.then_some(name);
            return Some(Token::Start(name, attributes));
        }
    }
}

/// Returns the length of a tag up to its `>`, which may stand in an attribute.
fn tag_length(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quote that is not closed: the tag ends at the first mark.
    tag.find('>').unwrap_or(tag.len())
}

/// Returns a name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Returns the value of an attribute, its prefix not counted.
pub(super) fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<Cow<'a, str>> {
    let mut rest = attributes;
    while let Some((key, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, behind) = after[1..].split_once(quote)?;
        if local(key.trim()) == wanted {
            return Some(decoded(value));
        }
        rest = behind;
    }
    None
}

/// Decodes the entities of XML; any other `&` stays.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.bytes().take(12).position(|b| b == b';');
        let decoded = end.and_then(|end| {
            let name = &after[..end];
            let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => digits.parse().ok(),
            });
            let c = match name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                _ => number.and_then(char::from_u32),
            };
            c.map(|c| (c, end + 1))
        });
        match decoded {
            Some((c, length)) => {
                out.push(c);
                rest = &after[length..];
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_comments_and_empty_elements_are_seen_through() {
        let tokens: Vec<_> = Tokens::new("<?xml?><x:row r=\"1\" a='>'><!-- <c> --><c/>a&amp;b &#x3b1; &c<![CDATA[<d>]]></x:row>").collect();
        let expected = [
            Token::Start("row", "r=\"1\" a='>'"),
            Token::Start("c", ""),
            Token::End("c"),
            Token::Text(Cow::Borrowed("a&b α &c")),
            Token::Text(Cow::Borrowed("<d>")),
            Token::End("row"),
        ];
        assert_eq!(tokens, expected);
        assert_eq!(attribute("x:r=\"1\" a = '&gt;'", "a").as_deref(), Some(">"));
        assert_eq!(attribute("x:r=\"1\" a", "r").as_deref(), Some("1"));
    }

    #[test]
    fn torn_texts_end() {
        for text in ["<", "<a", "<a b=\"", "</", "<!--", "<![CDATA[x", "<?", "&", "&#xffffffff;", "<é"] {
            assert!(Tokens::new(text).count() <= 2, "{text}");
        }
    }
}
