//! What the readers of tagged formats share: fields of a record as slices of the text, and the list of remarks.

use crate::domain::diagnostic::{Diagnostic, Severity};
use crate::domain::text::{clean_line, clean_paragraphs};

use super::markup;

/// A tag with its value and the lines that continue it.
#[derive(Debug, Clone)]
pub(super) struct Field<'a> {
    /// The tag.
    pub tag: &'a str,
    /// The 1-based line of the tag.
    pub line: usize,
    /// What stands on the line of the tag.
    pub first: &'a str,
    /// The lines that follow without a tag, untrimmed.
    pub more: Vec<&'a str>,
}

impl<'a> Field<'a> {
    /// Creates a field of one line.
    pub fn new(tag: &'a str, line: usize, first: &'a str) -> Self {
        Self { tag, line, first, more: Vec::new() }
    }

    /// Returns the whole value as one clean line.
    pub fn text(&self) -> String {
        if self.more.is_empty() { line_of(self.first) } else { line_of(&self.joined(" ", |_| true)) }
    }

    /// Returns the value as clean paragraphs; `wraps` says whether a line continues the sentence of the line before it.
    pub fn paragraphs(&self, wraps: impl Fn(&str) -> bool) -> String {
        if self.more.is_empty() { paragraphs_of(self.first) } else { paragraphs_of(&self.joined("\n", wraps)) }
    }

    /// Returns the paragraphs one by one.
    pub fn entries(&self, wraps: impl Fn(&str) -> bool) -> Vec<String> {
        if self.more.is_empty() {
            let entry = line_of(self.first);
            return if entry.is_empty() { Vec::new() } else { vec![entry] };
        }
        self.joined("\n", wraps).split('\n').map(line_of).filter(|entry| !entry.is_empty()).collect()
    }

    /// Joins the lines, with a space where a line wraps and `between` elsewhere.
    fn joined(&self, between: &str, wraps: impl Fn(&str) -> bool) -> String {
        let mut joined = self.first.to_owned();
        for line in &self.more {
            if !joined.is_empty() {
                joined.push_str(if wraps(line) { " " } else { between });
            }
            joined.push_str(line);
        }
        joined
    }
}

/// Returns a value as one clean line, markup decoded.
pub(super) fn line_of(value: &str) -> String {
    clean_line(&markup::decode(value)).into_owned()
}

/// Returns a value as clean paragraphs, markup decoded.
pub(super) fn paragraphs_of(value: &str) -> String {
    clean_paragraphs(&markup::decode(value)).into_owned()
}

/// A list of remarks under construction.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    /// The remarks so far.
    pub list: Vec<Diagnostic>,
}

impl Remarks {
    /// Adds a remark about something that was mended in an obvious way.
    pub fn note(&mut self, line: usize, field: Option<&str>, message: impl Into<String>) {
        self.add(Severity::Note, line, field, message.into());
    }

    /// Adds a remark about something that a person may want to look at.
    pub fn warn(&mut self, line: usize, field: Option<&str>, message: impl Into<String>) {
        self.add(Severity::Warning, line, field, message.into());
    }

    /// Adds a remark about a record that could not be kept.
    pub fn fail(&mut self, line: usize, field: Option<&str>, message: impl Into<String>) {
        self.add(Severity::Error, line, field, message.into());
    }

    fn add(&mut self, severity: Severity, line: usize, field: Option<&str>, message: String) {
        self.list.push(Diagnostic { severity, line, field: field.map(|field| clean_line(field).into_owned()), message });
    }
}

/// Returns the beginning of a text for a message, clean and at most 60 characters long.
pub(super) fn excerpt(text: &str) -> String {
    let head: String = text.chars().take(400).collect();
    let clean = clean_line(&head);
    let mut characters = clean.chars();
    let mut excerpt: String = characters.by_ref().take(60).collect();
    if characters.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// Counts lines in words ("1 line", "3 lines").
pub(super) fn lines_in_words(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}
