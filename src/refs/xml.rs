//! XML of exports, read tag by tag: nothing is loaded from outside, no file is too damaged, and one record at a time is held.
//!
//! Entities that a document declares itself are not expanded. A tag that does not end is text; an end tag that fits nothing is passed
//! over; a record that is not closed ends where the next begins.

use std::borrow::Cow;

use super::Read;
use super::lines::LineCounter;
use super::tagged::Remarks;
use crate::domain::record::{Citation, Draft};

/// The greatest depth that is told apart; what lies deeper counts as text of the element there.
const MAX_DEPTH: usize = 64;

/// An element with everything in it.
#[derive(Debug)]
pub(super) struct Element<'a> {
    /// The name as written.
    pub name: &'a str,
    /// The offset at which it begins.
    pub start: usize,
    attributes: &'a str,
    nodes: Vec<Node<'a>>,
}

#[derive(Debug)]
enum Node<'a> {
    Element(Element<'a>),
    Text(Cow<'a, str>),
}

impl<'a> Element<'a> {
    fn new(name: &'a str, attributes: &'a str, start: usize) -> Self {
        Self { name, start, attributes, nodes: Vec::new() }
    }

    /// Returns the elements directly inside.
    pub fn children(&self) -> impl Iterator<Item = &Element<'a>> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Returns the elements of one name directly inside.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Element<'a>> {
        self.children().filter(move |child| child.name == name)
    }

    /// Returns the first element on a path of names, one level each.
    pub fn at(&self, path: &[&str]) -> Option<&Element<'a>> {
        let mut element = self;
        for name in path {
            element = element.children().find(|child| child.name == *name)?;
        }
        Some(element)
    }

    /// Returns the text on a path of names, empty when there is none.
    pub fn text_at(&self, path: &[&str]) -> String {
        self.at(path).map(Element::text).unwrap_or_default()
    }

    /// Returns the text of the element and of everything in it, with `<sup>` and `<sub>` left as markup and breaks as line breaks.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        text
    }

    fn push_text(&self, text: &mut String) {
        for node in &self.nodes {
            match node {
                Node::Text(part) => text.push_str(part),
                Node::Element(child) => {
                    let local = child.name.rsplit(':').next().unwrap_or("");
                    let face = child.attribute("face").unwrap_or_default();
                    let tag = match (local, face.as_ref()) {
                        ("sup", _) | (_, "superscript") => "sup",
                        ("sub", _) | (_, "subscript") => "sub",
                        _ => "",
                    };
                    if tag.is_empty() {
                        child.push_text(text);
                    } else {
                        text.push_str(&format!("<{tag}>"));
                        child.push_text(text);
                        text.push_str(&format!("</{tag}>"));
                    }
                    if matches!(local, "p" | "br" | "sec" | "title" | "li") {
                        text.push('\n');
                    }
                }
            }
        }
    }

    /// Returns the value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.attributes;
        while let Some((key, after)) = rest.split_once('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, behind) = after[1..].split_once(quote)?;
            if key.trim() == name {
                return Some(decoded(value));
            }
            rest = behind;
        }
        None
    }
}

/// A tag or a text.
enum Token<'a> {
    Start { name: &'a str, attributes: &'a str, is_empty: bool },
    End(&'a str),
    Text(Cow<'a, str>),
}

/// The tags and texts of a document.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// The marks ("-->", "]]>") that do not come again, so that they are not looked for again.
    missing: Vec<&'static str>,
}

impl<'a> Tokens<'a> {
    /// Finds the end of a construct from an offset; `None` when it does not come.
    fn find(&mut self, mark: &'static str, from: usize) -> Option<usize> {
        if self.missing.contains(&mark) {
            return None;
        }
        let found = self.text[from..].find(mark).map(|at| from + at);
        if found.is_none() {
            self.missing.push(mark);
        }
        found
    }

    /// Reads the construct at a `<`; the second value is the offset behind it. `None` when it is text after all.
    fn construct(&mut self) -> Option<(Option<Token<'a>>, usize)> {
        let (text, at) = (self.text, self.at);
        let rest = &text[at..];
        if rest.starts_with("<!--") {
            return self.find("-->", at + 4).map(|end| (None, end + 3));
        }
        if rest.starts_with("<![CDATA[") {
            return self.find("]]>", at + 9).map(|end| (Some(Token::Text(Cow::Borrowed(&text[at + 9..end]))), end + 3));
        }
        if rest.starts_with("<?") {
            return self.find("?>", at + 2).map(|end| (None, end + 2));
        }
        if rest.starts_with("<!") {
            if self.missing.contains(&"!") {
                return None;
            }
            let Some(end) = declaration_end(rest) else {
                self.missing.push("!");
                return None;
            };
            return Some((None, at + end));
        }
        let is_end = rest.starts_with("</");
        let name_start = if is_end { 2 } else { 1 };
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        let name_length = rest[name_start..].find(|c| !is_name(c)).unwrap_or(rest.len() - name_start);
        let name = &rest[name_start..name_start + name_length];
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return None;
        }
        let end = tag_end(rest, name_start + name_length)?;
        if is_end {
            return Some((Some(Token::End(name)), at + end + 1));
        }
        let inside = &rest[name_start + name_length..end];
        // "p<alpha and b>c" is no tag.
        if !inside.is_empty() && !inside.trim().is_empty() && inside.trim() != "/" && !inside.contains('=') {
            return None;
        }
        let is_empty = inside.ends_with('/');
        Some((Some(Token::Start { name, attributes: inside.trim_end_matches('/'), is_empty }), at + end + 1))
    }
}

/// Returns the offset of the `>` that ends a tag, quoted values skipped; `None` when another tag begins first.
fn tag_end(rest: &str, from: usize) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate().skip(from) {
        match (byte, quote) {
            (b'<', _) => return None,
            (b'>', None) => return Some(at),
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    None
}

/// Returns the offset behind a declaration, which may hold others in brackets.
fn declaration_end(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in rest.bytes().enumerate().take(65_536) {
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
                    Some((token, end)) => {
                        self.at = end;
                        match token {
                            Some(token) => return Some((token, start)),
                            None => continue,
                        }
                    }
                    None => from = start + 1,
                }
            }
            let end = self.text[from..].find('<').map_or(self.text.len(), |at| from + at);
            self.at = end;
            return Some((Token::Text(decoded(&self.text[start..end])), start));
        }
        None
    }
}

/// Decodes the entities of XML; line breaks as such become spaces, because they only wrap the file, and breaks as entities stay.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '\n', '\r', '\t']) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '\n', '\r', '\t']) {
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

/// Escapes a text for an element or an attribute; line breaks become entities, so that they are kept.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#xD;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// What a format makes of one of its records: the element, its line, and the remarks of the file.
pub(super) type Interpret<'f> = &'f dyn Fn(&Element<'_>, &mut LineCounter<'_>, &mut Remarks) -> Citation;

/// Reads all records of a document, which are the elements of these names; `None` when `step`, which is given the offset reached,
/// returned `false`.
pub(super) fn read_elements(text: &str, names: &[&str], interpret: Interpret<'_>, step: &mut dyn FnMut(usize) -> bool) -> Option<Read> {
    let mut read = Read::default();
    let mut remarks = Remarks::default();
    let mut counter = LineCounter::new(text);
    let mut stack: Vec<Element<'_>> = Vec::new();
    let mut too_deep = 0_usize;
    let mut finish = |record: Element<'_>, end: usize, problem: Option<&str>| {
        let line = counter.line_at(record.start);
        if let Some(problem) = problem {
            remarks.warn(line, None, problem);
        }
        read.found += 1;
        let citation = interpret(&record, &mut counter, &mut remarks);
        read.drafts.push(Draft { citation, raw: text[record.start..end].trim_end().to_owned(), line });
    };
    for (token, start) in (Tokens { text, at: 0, missing: Vec::new() }) {
        if !step(start) {
            return None;
        }
        match token {
            Token::Text(part) => {
                if let Some(top) = stack.last_mut() {
                    // White space between elements says nothing.
                    let is_layout = part.trim_matches(' ').is_empty() && part.len() > 1;
                    top.nodes.push(Node::Text(if is_layout { Cow::Borrowed(" ") } else { part }));
                }
            }
            Token::Start { name, attributes, is_empty } => {
                if names.contains(&name) {
                    too_deep = 0;
                    if let Some(record) = close_all(&mut stack, 0) {
                        finish(record, start, Some("The record is not closed; it was ended where the next begins."));
                    }
                    if !is_empty {
                        stack.push(Element::new(name, attributes, start));
                    }
                } else if stack.len() >= MAX_DEPTH {
                    too_deep += usize::from(!is_empty);
                } else if let Some(top) = stack.last_mut() {
                    let element = Element::new(name, attributes, start);
                    if is_empty {
                        top.nodes.push(Node::Element(element));
                    } else {
                        stack.push(element);
                    }
                }
            }
            Token::End(_) if too_deep > 0 => too_deep -= 1,
            Token::End(name) => {
                // An end tag that fits nothing is passed over; one that fits an outer element closes what is inside too.
                if let Some(depth) = stack.iter().rposition(|element| element.name == name) {
                    let record = close_all(&mut stack, depth);
                    if let Some(record) = record {
                        let end = start + text[start..].find('>').map_or(0, |at| at + 1);
                        finish(record, end, None);
                    }
                }
            }
        }
    }
    if let Some(record) = close_all(&mut stack, 0) {
        finish(record, text.len(), Some("The last record is not closed; the file may have been cut off."));
    }
    read.diagnostics = remarks.list;
    Some(read)
}

/// Closes all elements from a depth on; returns the outermost when it is a record.
fn close_all<'a>(stack: &mut Vec<Element<'a>>, depth: usize) -> Option<Element<'a>> {
    while stack.len() > depth + 1 {
        let inner = stack.pop()?;
        stack.last_mut()?.nodes.push(Node::Element(inner));
    }
    let element = stack.pop()?;
    match stack.last_mut() {
        Some(outer) => {
            outer.nodes.push(Node::Element(element));
            None
        }
        None => Some(element),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> (Vec<String>, usize) {
        let interpret = |element: &Element<'_>, _: &mut LineCounter<'_>, _: &mut Remarks| Citation {
            title: element.at(&["t"]).map_or_else(|| element.text(), Element::text),
            ..Citation::default()
        };
        let read = read_elements(text, &["r"], &interpret, &mut |_| true).expect("not stopped");
        (read.drafts.into_iter().map(|draft| draft.citation.title).collect(), read.diagnostics.len())
    }

    #[test]
    fn records_are_read_with_entities_comments_and_character_data() {
        let text = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a \"b\">]><x><r a='>'><t>A &amp; B&#13;&a;<!-- no --><![CDATA[<c>]]></t></r><r><t/></r></x>";
        assert_eq!(titles(text), (vec!["A & B\n&a;<c>".to_owned(), String::new()], 0));
    }

    #[test]
    fn damage_costs_no_other_record() {
        let (found, remarks) = titles("<x><r><t>One</r><r><t>Two<r><t>Three</t></u></r><r><t>p<0.05 a<b and c>d</t></r><r><t>Five");
        assert_eq!((found, remarks), (vec!["One".into(), "Two".into(), "Three".into(), "p<0.05 a<b and c>d".into(), "Five".into()], 2));
    }

    #[test]
    fn attributes_are_decoded() {
        let interpret = |element: &Element<'_>, _: &mut LineCounter<'_>, _: &mut Remarks| Citation {
            title: element.attribute("b").unwrap_or_default().into_owned(),
            ..Citation::default()
        };
        let read =
            read_elements("<r a=\"x\" b = 'y &lt; z'/><r a=\"x\" b = 'y &lt; z'></r>", &["r"], &interpret, &mut |_| true).expect("read");
        assert_eq!(read.drafts[0].citation.title, "y < z");
    }

    #[test]
    fn hostile_documents_are_read_in_linear_time() {
        for part in ["<a>", "<!--", "<![CDATA[", "<a b='", "</r>", "<r>", "<", "<?", "<!", "&", "<a b=\"<"] {
            titles(&format!("<r>{}", part.repeat(300_000 / part.len())));
        }
    }
}
