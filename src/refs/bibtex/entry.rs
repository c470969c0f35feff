//! Entries of a BibTeX file: where they begin and end, their fields, and the strings that stand for values.

use std::collections::HashMap;

use crate::refs::lines::LineCounter;
use crate::refs::stream::Piece;
use crate::refs::tagged::{Remarks, excerpt};

/// One entry.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The type in lower case ("article").
    pub kind: String,
    /// The citation key, possibly empty.
    pub key: String,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// The 1-based line of the `@`.
    pub line: usize,
    /// The offsets of the text.
    pub span: (usize, usize),
}

/// One field.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The name in lower case; spaces are underscores.
    pub name: String,
    /// The value with strings put in, its LaTeX as it stands.
    pub value: String,
    /// The 1-based line.
    pub line: usize,
}

/// The longest comment in braces: one that does not close by then ends at its line.
const LONGEST_COMMENT: usize = 4 << 20;

/// Returns the type of an entry that begins at an offset, and the offset behind its brace.
///
/// An entry begins with `@`, letters and a brace, at the start of a line or behind another entry: an address in prose does not.
/// `is_free` says whether one may begin where the text does.
pub(super) fn entry_start(text: &str, at: usize, is_free: bool) -> Option<(&str, usize)> {
    let rest = text[at..].strip_prefix('@')?;
    if !may_begin(&text[..at], is_free) {
        return None;
    }
    let letters = rest.bytes().take(40).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let after = rest[letters..].trim_start_matches([' ', '\t', '\n', '\r']);
    let is_entry = letters > 0 && after.starts_with(['{', '(']);
    is_entry.then(|| (&rest[..letters], text.len() - after.len() + 1))
}

/// Reports whether an entry may begin behind a text.
pub(super) fn may_begin(before: &str, is_free: bool) -> bool {
    let before = before.trim_end_matches([' ', '\t']);
    if before.is_empty() { is_free } else { before.ends_with(['\n', '\r', '}', ')']) }
}

/// What must be known of the text before a piece.
#[derive(Debug)]
pub(super) struct Known {
    strings: HashMap<String, String>,
    /// Whether a comment was found whose braces do not close; such comments end at their line.
    has_open_comment: bool,
    /// Whether an entry may begin where the piece does.
    is_free: bool,
}

impl Default for Known {
    fn default() -> Self {
        Self { strings: HashMap::new(), has_open_comment: false, is_free: true }
    }
}

/// Reads the entries of a piece of a file one by one.
pub(super) struct Entries<'a, 'k> {
    text: &'a str,
    at: usize,
    is_last: bool,
    counter: LineCounter<'a>,
    known: &'k mut Known,
}

/// Where the value of a field ended, and whether it was closed.
struct Value {
    text: String,
    end: usize,
    is_closed: bool,
}

impl<'a, 'k> Entries<'a, 'k> {
    /// Starts at the beginning of a piece.
    pub fn of(piece: &Piece<'a>, known: &'k mut Known) -> Self {
        Self { text: piece.text, at: 0, is_last: piece.is_last, counter: LineCounter::of(piece), known }
    }

    /// Ends the piece; returns up to where it is done with.
    pub fn finish(self, piece: &Piece<'_>) -> usize {
        let done = if self.at < self.text.len() { self.at } else { piece.safe_end() };
        self.known.is_free = may_begin(&self.text[..done], self.known.is_free);
        done
    }

    /// Returns the next entry that the piece holds whole.
    pub fn next(&mut self, remarks: &mut Remarks) -> Option<Entry> {
        while let Some(found) = self.text[self.at..].find('@') {
            let at = self.at + found;
            self.at = at;
            let Some((kind, inside)) = entry_start(self.text, at, self.known.is_free) else {
                if self.is_cut(at) {
                    return None;
                }
                self.at = at + 1;
                continue;
            };
            let line = self.counter.line_at(at);
            match kind.to_ascii_lowercase().as_str() {
                "comment" => self.at = self.comment_end(inside)?,
                "preamble" => {
                    let (group, end) = self.group(inside - 1, false);
                    self.at = self.ended(end, group.is_some())?.max(inside);
                }
                "string" => {
                    let (entry, is_closed) = self.entry(String::new(), line, (at, inside), false);
                    self.at = self.ended(entry.span.1, is_closed)?.max(inside);
                    self.known.strings.extend(entry.fields.into_iter().map(|field| (field.name, field.value)));
                }
                kind => {
                    let (mut entry, is_closed) = self.entry(kind.to_owned(), line, (at, inside), false);
                    self.ended(entry.span.1, is_closed)?;
                    if !is_closed {
                        // A brace is missing or too many: fields end where the next one begins.
                        let (again, is_closed) = self.entry(kind.to_owned(), line, (at, inside), true);
                        self.ended(again.span.1, is_closed)?;
                        let what = if is_closed { "A brace is missing or written too often" } else { "The entry is not closed" };
                        remarks.warn(
                            line,
                            None,
                            format!("{what}; the entry \"{}\" was read field by field. Check this record.", excerpt(&again.key)),
                        );
                        entry = again;
                    }
                    self.at = entry.span.1.max(inside);
                    return Some(entry);
                }
            }
        }
        self.at = self.text.len();
        None
    }

    /// Returns the offset at which something ended, or `None` when it may go on behind the piece.
    fn ended(&self, end: usize, is_closed: bool) -> Option<usize> {
        (is_closed || self.is_last || end < self.text.len()).then_some(end)
    }

    /// Reports whether the piece ends where an entry seems to begin.
    fn is_cut(&self, at: usize) -> bool {
        let rest = self.text[at + 1..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        !self.is_last && rest.trim_start_matches([' ', '\t', '\n', '\r']).is_empty() && may_begin(&self.text[..at], self.known.is_free)
    }

    /// Returns the offset behind a comment in braces, or of its content when the braces do not close; `None` when more of the text must
    /// tell.
    fn comment_end(&mut self, inside: usize) -> Option<usize> {
        if self.known.has_open_comment {
            return Some(inside);
        }
        let mut depth = 1_usize;
        for (at, byte) in self.text.bytes().enumerate().skip(inside).take(LONGEST_COMMENT) {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(at + 1);
            }
        }
        if !self.is_last && self.text.len() - inside < LONGEST_COMMENT {
            return None;
        }
        self.known.has_open_comment = true;
        Some(inside)
    }

    /// Reads an entry; the flag tells whether it was closed. `is_broken` makes fields end where the next one seems to begin.
    fn entry(&mut self, kind: String, line: usize, (start, inside): (usize, usize), is_broken: bool) -> (Entry, bool) {
        let bytes = self.text.as_bytes();
        let has_key = !kind.is_empty();
        let mut entry = Entry { kind, key: String::new(), fields: Vec::new(), line, span: (start, inside) };
        let mut at = inside;
        if has_key {
            let head = &self.text[at..];
            let end = head.find([',', '}', '=', '\n', '\r', '{', '"']).unwrap_or(head.len());
            if !head[end..].starts_with('=') {
                entry.key = head[..end].trim().to_owned();
                at += end;
            }
        }
        let mut counter = self.counter.clone();
        loop {
            at = self.skip_space(at);
            let Some(&byte) = bytes.get(at) else {
                entry.span.1 = at;
                return (entry, false);
            };
            if byte == b'}' || byte == b')' {
                entry.span.1 = at + 1;
                return (entry, true);
            }
            if byte == b'@' && entry_start(self.text, at, self.known.is_free).is_some() {
                entry.span.1 = at;
                return (entry, false);
            }
            let Some((name, value_start)) = self.field_name(at) else {
                // Something that is no field: on to the next comma or line.
                let rest = &self.text[at..];
                let step = rest.find([',', '\n', '\r', '}']).unwrap_or(rest.len());
                at += step.max(usize::from(step == 0) * rest.chars().next().map_or(0, char::len_utf8));
                continue;
            };
            let value = self.value(value_start, is_broken);
            entry.fields.push(Field { name, value: value.text, line: counter.line_at(at) });
            at = value.end;
            if !value.is_closed {
                entry.span.1 = at;
                return (entry, false);
            }
        }
    }

    /// Returns the offset of the next character that is no space, comma or comment.
    fn skip_space(&self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => at += 1,
                b'%' => at += self.text[at..].find(['\n', '\r']).unwrap_or(self.text.len() - at),
                _ => break,
            }
        }
        at
    }

    /// Returns the name of the field at an offset and where its value begins.
    fn field_name(&self, at: usize) -> Option<(String, usize)> {
        let rest = &self.text[at..];
        let end = rest.bytes().take(80).position(|b| matches!(b, b'=' | b'{' | b'}' | b'"' | b',' | b'\n' | b'\r' | b'#'))?;
        if rest.as_bytes()[end] != b'=' {
            return None;
        }
        let name: Vec<String> = rest[..end].split_whitespace().map(str::to_lowercase).collect();
        (!name.is_empty()).then(|| (name.join("_"), at + end + 1))
    }

    /// Reads a value: groups, quoted texts, numbers and names of strings, joined by `#`.
    fn value(&self, start: usize, is_broken: bool) -> Value {
        let bytes = self.text.as_bytes();
        let mut value = Value { text: String::new(), end: start, is_closed: true };
        loop {
            let at = value.end + self.text[value.end..].len() - self.text[value.end..].trim_start().len();
            match bytes.get(at) {
                Some(b'{' | b'"') => {
                    let (inside, end) = self.group(at, is_broken);
                    let closing = if bytes[at] == b'{' { b'}' } else { b'"' };
                    value.is_closed = inside.is_some() && bytes.get(end - 1) == Some(&closing) || is_broken;
                    value.text.push_str(inside.unwrap_or(&self.text[at + 1..end]));
                    value.end = end;
                }
                _ => {
                    let rest = &self.text[at..];
                    let length = rest.find([',', '}', '#', '%', '\n', '\r', ')']).unwrap_or(rest.len());
                    let name = rest[..length].trim();
                    match self.known.strings.get(&name.to_lowercase()) {
                        Some(known) => value.text.push_str(known),
                        None => value.text.push_str(name),
                    }
                    value.end = at + length;
                }
            }
            let after = self.text[value.end..].trim_start();
            if !value.is_closed || !after.starts_with('#') {
                return value;
            }
            value.end = self.text.len() - after.len() + 1;
        }
    }

    /// Returns the inside of the braces or quotes that open at an offset, and the offset behind them; no inside when they do not close
    /// before the next entry begins.
    fn group(&self, open: usize, is_broken: bool) -> (Option<&'a str>, usize) {
        let bytes = self.text.as_bytes();
        let is_quoted = bytes[open] == b'"';
        let close = if bytes[open] == b'(' { b')' } else { b'}' };
        let mut depth = usize::from(!is_quoted);
        let mut at = open + 1;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                // An escaped brace does not count, as long as the braces close that way.
                b'\\' if !is_broken && matches!(bytes.get(at + 1), Some(b'{' | b'}' | b'"' | b'\\')) => at += 1,
                b'{' => depth += 1,
                b'"' if is_quoted && depth == 0 => return (Some(&self.text[open + 1..at]), at + 1),
                b'\n' | b'\r' => {
                    let next = at + 1 + bytes[at + 1..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                    let ends_entry = bytes.get(next) == Some(&b'@') && entry_start(self.text, next, self.known.is_free).is_some();
                    let ends_field = is_broken && (self.begins_field(next) || bytes.get(next) == Some(&b'}'));
                    if ends_entry || ends_field {
                        let inside = self.text[open + 1..at].trim_end_matches([' ', ',', '\t', '\n', '\r']);
                        let inside = inside.strip_suffix(['}', '"']).unwrap_or(inside);
                        return if ends_field { (Some(inside), at) } else { (None, at) };
                    }
                }
                byte if byte == close => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && !is_quoted {
                        return (Some(&self.text[open + 1..at]), at + 1);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        (None, bytes.len())
    }

    /// Reports whether a line begins a field: "  year = {".
    fn begins_field(&self, at: usize) -> bool {
        let Some((name, value)) = self.field_name(at) else { return false };
        let is_name = name.len() <= 30 && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        is_name
            && self.text[value..].trim_start_matches([' ', '\t']).starts_with(|c: char| matches!(c, '{' | '"') || c.is_ascii_alphanumeric())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> (Vec<Entry>, usize) {
        let (mut remarks, mut known) = (Remarks::default(), Known::default());
        let mut reader = Entries::of(&Piece { text, line: 1, is_last: true }, &mut known);
        let entries = std::iter::from_fn(|| reader.next(&mut remarks)).collect();
        (entries, remarks.list.len())
    }

    fn fields(entry: &Entry) -> Vec<(&str, &str)> {
        entry.fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect()
    }

    #[test]
    fn values_are_groups_quotes_numbers_and_strings() {
        let (found, remarks) = entries(
            "Search of a@b.org\n@string{ACM = {New York} # \", NY\"}\n@Article (key 1, Title = {A {B} c}, funding_text 1={x}\nyear = 2006 % note, x={y}\n, journal = acm # \" {\"} end\",)\n",
        );
        assert_eq!((found.len(), remarks), (1, 0));
        assert_eq!((found[0].kind.as_str(), found[0].key.as_str(), found[0].line), ("article", "key 1", 3));
        assert_eq!(
            fields(&found[0]),
            [("title", "A {B} c"), ("funding_text_1", "x"), ("year", "2006"), ("journal", "New York, NY {\"} end")]
        );
    }

    #[test]
    fn comments_are_passed_over_even_when_they_do_not_close() {
        let (found, _) = entries(
            "@comment{a, @article{x}}\n@Comment{b,\n does={\n}\n% @book{no,}\n@book{yes, % why\n title={T}\n}\n@article{, abstract={A}}\n",
        );
        assert_eq!(found.iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), ["yes", ""]);
        assert_eq!(fields(&found[0]), [("title", "T")]);
    }

    #[test]
    fn a_damaged_entry_costs_itself_at_most() {
        let (found, remarks) = entries(
            "@article{a,\n title = {One {x},\n year = {2001},\n}\n@article{b,\n title = {Two}\n year = {2002}\n}\n@article{c,\n title = {Three}}, year = 2003\n\n@article{d, title={Four",
        );
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(fields(&found[0]), [("title", "One {x"), ("year", "2001")]);
        assert_eq!(fields(&found[1]), [("title", "Two"), ("year", "2002")]);
        assert_eq!((fields(&found[3]), remarks), (vec![("title", "Four")], 2));
    }

    #[test]
    fn paths_with_a_backslash_at_their_end_do_not_swallow_the_entry() {
        let (found, _) = entries("@article{a,\n file = {E:\\some\\},\n title = {T}\n}\n@article{b,title={U}}\n");
        assert_eq!(found.len(), 2);
        assert_eq!(fields(&found[0]), [("file", "E:\\some\\"), ("title", "T")]);
    }

    #[test]
    fn hostile_files_are_read_in_linear_time() {
        for part in
            ["@article{a,\n", "@", "@comment{", "@a{b,c={\n", "@string{a=", "{", "@a{\"", "#", "@a{b,c=\"", "x=", "@a{b,\nc={\nd={\n"]
        {
            entries(&part.repeat(200_000 / part.len()));
        }
    }
}
