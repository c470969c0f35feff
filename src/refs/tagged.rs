//! What the readers of tagged formats share: fields of a record as slices of the text, and the list of remarks.

use crate::domain::diagnostic::{Diagnostic, RemarkCounts, Severity};
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

/// How many lines of prose outside a record are taken together.
pub(super) const MAX_PROSE: usize = 1_000;

/// How many remarks are listed; further ones are counted.
const MAX_REMARKS: usize = 10_000;

/// A list of remarks under construction, which does not grow without end.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    /// The remarks so far, as many as are listed.
    pub list: Vec<Diagnostic>,
    /// How many remarks there were, those included that are not listed.
    counts: RemarkCounts,
    /// The line of the first remark that is not listed.
    first_omitted: usize,
}

/// A state of [`Remarks`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RemarksMark {
    length: usize,
    counts: RemarkCounts,
    first_omitted: usize,
}

impl Remarks {
    /// Adds a remark.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        let RemarkCounts { notes, warnings, errors } = &mut self.counts;
        let count = match diagnostic.severity {
            Severity::Note => notes,
            Severity::Warning => warnings,
            Severity::Error => errors,
        };
        *count = count.saturating_add(1);
        if self.list.len() < MAX_REMARKS {
            self.list.push(diagnostic);
        } else if self.first_omitted == 0 {
            self.first_omitted = diagnostic.line;
        }
    }

    /// Adds a remark about something that was mended in an obvious way.
    pub fn note(&mut self, line: usize, field: Option<&str>, message: impl Into<String>) {
        self.make(Severity::Note, line, field, message.into());
    }

    /// Adds a remark about something that a person may want to look at.
    pub fn warn(&mut self, line: usize, field: Option<&str>, message: impl Into<String>) {
        self.make(Severity::Warning, line, field, message.into());
    }

    /// Adds a remark about a record that could not be kept.
    pub fn fail(&mut self, line: usize, field: Option<&str>, message: impl Into<String>) {
        self.make(Severity::Error, line, field, message.into());
    }

    fn make(&mut self, severity: Severity, line: usize, field: Option<&str>, message: String) {
        self.add(Diagnostic { severity, line, field: field.map(|field| clean_line(field).into_owned()), message });
    }

    /// Notes the state, so that [`Remarks::rewind`] can go back to it.
    pub fn mark(&self) -> RemarksMark {
        RemarksMark { length: self.list.len(), counts: self.counts, first_omitted: self.first_omitted }
    }

    /// Goes back to an earlier state.
    pub fn rewind(&mut self, mark: RemarksMark) {
        self.list.truncate(mark.length);
        self.counts = mark.counts;
        self.first_omitted = mark.first_omitted;
    }

    /// Adds remarks about the file as a whole, which come before others of their line and are always listed; returns all in the order of
    /// their lines, and how many there were. Where not all are listed the last one says how many are not.
    pub fn finish(self, mut first: Vec<Diagnostic>) -> (Vec<Diagnostic>, RemarkCounts) {
        let listed = RemarkCounts::of(&self.list);
        let whole = RemarkCounts::of(&first);
        first.extend(self.list);
        first.sort_by_key(|diagnostic| diagnostic.line);
        let RemarkCounts { notes, warnings, errors } = self.counts;
        let omitted = self.counts.total() - listed.total();
        if omitted > 0 {
            let (errors, warnings, notes) = (errors - listed.errors, warnings - listed.warnings, notes - listed.notes);
            let severity = match (errors, warnings) {
                (0, 0) => Severity::Note,
                (0, _) => Severity::Warning,
                _ => Severity::Error,
            };
            let message = format!(
                "{omitted} further remarks from this line on are counted and not listed: {errors} about records that could not be kept, \
                 {warnings} worth a look, {notes} about things that were mended."
            );
            first.push(Diagnostic { severity, line: self.first_omitted, field: None, message });
        }
        (first, RemarkCounts { notes: notes + whole.notes, warnings: warnings + whole.warnings, errors: errors + whole.errors })
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
