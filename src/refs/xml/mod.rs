//! XML of exports, read tag by tag: nothing is loaded from outside, no file is too damaged, and one record at a time is held.
//!
//! Entities that a document declares itself are not expanded. A tag that does not end is text; an end tag that fits nothing is passed
//! over; a record that is not closed ends where the next begins.

mod tokens;

use std::borrow::Cow;

use super::RefsError;
use super::lines::LineCounter;
use super::stream::{Mark, Output, Piece, Reader};
use super::tagged::Remarks;
use crate::domain::record::{Citation, Draft};
use tokens::{Cut, Token, Tokens, decoded};

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
pub(super) type Interpret = fn(&Element<'_>, &mut LineCounter<'_>, &mut Remarks) -> Citation;

/// The reader of documents whose records are the elements of some names.
pub(super) struct XmlReader {
    names: &'static [&'static str],
    interpret: Interpret,
    has_open_declaration: bool,
}

impl XmlReader {
    /// Starts at the beginning of a file.
    pub fn new(names: &'static [&'static str], interpret: Interpret) -> Self {
        Self { names, interpret, has_open_declaration: false }
    }
}

/// The reading of one piece.
struct Pass<'a, 'o, 's> {
    text: &'a str,
    interpret: Interpret,
    counter: LineCounter<'a>,
    output: &'o mut Output<'s>,
    stack: Vec<Element<'a>>,
    /// How many elements are open below the greatest depth.
    too_deep: usize,
    /// The counts and remarks before the open record, and whether a declaration was open then.
    before: (Mark, bool),
}

impl<'a> Pass<'a, '_, '_> {
    /// Takes a text.
    fn take_text(&mut self, part: Cow<'a, str>) {
        if let Some(top) = self.stack.last_mut() {
            // White space between elements says nothing.
            let is_layout = part.trim_matches(' ').is_empty() && part.len() > 1;
            top.nodes.push(Node::Text(if is_layout { Cow::Borrowed(" ") } else { part }));
        }
    }

    /// Takes the start of an element inside a record.
    fn take_start(&mut self, element: Element<'a>, is_empty: bool) {
        if self.stack.len() >= MAX_DEPTH {
            self.too_deep += usize::from(!is_empty);
        } else if let Some(top) = self.stack.last_mut() {
            if is_empty {
                top.nodes.push(Node::Element(element));
            } else {
                self.stack.push(element);
            }
        }
    }

    /// Takes the end of an element; `behind` is the offset behind it.
    fn take_end(&mut self, name: &str, behind: usize) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        // An end tag that fits nothing is passed over; one that fits an outer element closes what is inside too.
        if let Some(depth) = self.stack.iter().rposition(|element| element.name == name)
            && let Some(record) = close_all(&mut self.stack, depth)
        {
            self.finish(&record, behind, None);
        }
    }

    /// Makes a record of an element that ends at an offset.
    fn finish(&mut self, record: &Element<'_>, end: usize, problem: Option<&str>) {
        let line = self.counter.line_at(record.start);
        if let Some(problem) = problem {
            self.output.remarks.warn(line, None, problem);
        }
        self.output.found += 1;
        let citation = (self.interpret)(record, &mut self.counter, &mut self.output.remarks);
        self.output.keep(Draft { citation, raw: self.text[record.start..end].trim_end().to_owned(), line });
    }
}

impl Reader for XmlReader {
    fn read(&mut self, piece: Piece<'_>, output: &mut Output<'_>) -> Result<usize, RefsError> {
        let text = piece.text;
        let mut tokens = Tokens::of(&piece, self.has_open_declaration);
        let before = (output.mark(), self.has_open_declaration);
        let counter = LineCounter::of(&piece);
        let mut pass = Pass { text, interpret: self.interpret, counter, output, stack: Vec::new(), too_deep: 0, before };
        while let Some((token, start)) = tokens.next() {
            match token {
                Token::Text(part) => pass.take_text(part),
                Token::Start { name, attributes, is_empty } if self.names.contains(&name) => {
                    pass.too_deep = 0;
                    if let Some(record) = close_all(&mut pass.stack, 0) {
                        pass.finish(&record, start, Some("The record is not closed; it was ended where the next begins."));
                    }
                    pass.before = (pass.output.mark(), tokens.has_open_declaration);
                    if !is_empty {
                        pass.stack.push(Element::new(name, attributes, start));
                    }
                }
                Token::Start { name, attributes, is_empty } => pass.take_start(Element::new(name, attributes, start), is_empty),
                Token::End(name) => pass.take_end(name, tokens.at),
            }
        }
        self.has_open_declaration = tokens.has_open_declaration;
        if piece.is_last {
            if let Some(record) = close_all(&mut pass.stack, 0) {
                pass.finish(&record, text.len(), Some("The last record is not closed; the file may have been cut off."));
            }
            return Ok(text.len());
        }
        Ok(match pass.stack.first() {
            Some(record) => {
                pass.output.rewind(pass.before.0);
                self.has_open_declaration = pass.before.1;
                record.start
            }
            None if tokens.cut == Some(Cut::Construct) => tokens.at,
            None => piece.safe_end(),
        })
    }
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
    use crate::refs::stream::read_text;

    fn titles(text: &str) -> (Vec<String>, usize) {
        let interpret: Interpret =
            |element, _, _| Citation { title: element.at(&["t"]).map_or_else(|| element.text(), Element::text), ..Citation::default() };
        read_text(&mut || XmlReader::new(&["r"], interpret), text)
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
        let interpret: Interpret =
            |element, _, _| Citation { title: element.attribute("b").unwrap_or_default().into_owned(), ..Citation::default() };
        let read = read_text(&mut || XmlReader::new(&["r"], interpret), "<r a=\"x\" b = 'y &lt; z'/><r a=\"x\" b = 'y &lt; z'></r>");
        assert_eq!(read.0, ["y < z"]);
    }

    #[test]
    fn hostile_documents_are_read_in_linear_time() {
        for part in ["<a>", "<!--", "<![CDATA[", "<a b='", "</r>", "<r>", "<", "<?", "<!", "&", "<a b=\"<"] {
            titles(&format!("<r>{}", part.repeat(300_000 / part.len())));
        }
    }
}
