//! Entries that other entries take fields from, by `crossref` and `xdata`; they may stand before or behind them.

use std::collections::{HashMap, HashSet};

use crate::refs::RefsError;
use crate::refs::stream::{Output, Piece, Reader};

use super::entry::{Entries, Entry, Field, Known};

/// How far entries may borrow from entries that borrow themselves.
const MAX_CHAIN: usize = 8;

/// How many entries one field may name.
const MAX_NAMED: usize = 20;

/// The entries of a file that other entries name, by their keys in lower case; the first of each key.
#[derive(Debug, Clone, Default)]
pub(in crate::refs) struct Parents {
    entries: HashMap<String, Entry>,
}

impl Parents {
    /// Collects the fields that an entry takes from others.
    pub(super) fn inherited(&self, entry: &Entry) -> Vec<Field> {
        let mut taken: Vec<Field> = Vec::new();
        if self.entries.is_empty() {
            return taken;
        }
        let mut waiting: Vec<(&Entry, bool)> = Vec::new();
        let refer = |entry: &Entry, waiting: &mut Vec<_>| {
            waiting.extend(named(entry).filter_map(|(key, is_container)| self.entries.get(&key).map(|parent| (parent, is_container))));
        };
        refer(entry, &mut waiting);
        let mut seen = 0;
        while let Some((parent, is_container)) = waiting.pop() {
            seen += 1;
            if seen > MAX_CHAIN {
                break;
            }
            for field in &parent.fields {
                let name = match field.name.as_str() {
                    "title" if is_container => "booktitle",
                    "crossref" | "xdata" | "ids" | "key" => continue,
                    // People, contents and identifiers of a whole are not those of its part.
                    "author" | "abstract" | "doi" | "url" | "keywords" | "pages" | "note" | "subtitle" if is_container => continue,
                    name => name,
                };
                if !taken.iter().any(|other| other.name == name) {
                    taken.push(Field { name: name.to_owned(), ..field.clone() });
                }
            }
            refer(parent, &mut waiting);
        }
        taken
    }
}

/// Returns the keys that an entry names, in lower case, and whether each is the whole that the entry is a part of.
fn named(entry: &Entry) -> impl Iterator<Item = (String, bool)> {
    let fields = entry.fields.iter().filter(|field| matches!(field.name.as_str(), "crossref" | "xdata"));
    fields.flat_map(|field| field.value.split(',').take(MAX_NAMED).map(|key| (key.trim().to_lowercase(), field.name == "crossref")))
}

/// Looks for the parents in three runs over the file, of which the first is enough for most files.
#[derive(Debug, Default)]
pub(in crate::refs) struct ParentCollector {
    run: Run,
    known: Known,
    names: HashSet<String>,
    parents: Parents,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Run {
    /// Whether anything looks like a name.
    #[default]
    Mentions,
    /// A mention was found.
    Mentioned,
    /// Which keys are named.
    Names,
    /// Which entries have these keys.
    Entries,
}

impl ParentCollector {
    /// Prepares the next run; `false` when there is nothing more to look for.
    pub fn next_run(&mut self) -> bool {
        self.known = Known::default();
        let (next, is_needed) = match self.run {
            Run::Mentions => (Run::Mentions, false),
            Run::Mentioned => (Run::Names, true),
            Run::Names => (Run::Entries, !self.names.is_empty()),
            Run::Entries => (Run::Entries, false),
        };
        self.run = next;
        is_needed
    }

    /// Returns the parents found.
    pub fn into_parents(self) -> Parents {
        self.parents
    }
}

impl Reader for ParentCollector {
    fn read(&mut self, piece: Piece<'_>, output: &mut Output<'_>) -> Result<usize, RefsError> {
        match self.run {
            Run::Mentioned => return Ok(piece.safe_end()),
            Run::Mentions => {
                if mentions_parent(piece.text.as_bytes()) {
                    self.run = Run::Mentioned;
                }
                let overlap = "crossref".len();
                let start = piece.text.len().saturating_sub(overlap);
                let is_cut = |at: &usize| piece.text.is_char_boundary(*at) && !piece.text[..*at].ends_with('\r');
                return Ok((0..=start).rev().find(is_cut).unwrap_or(0));
            }
            Run::Names | Run::Entries => {}
        }
        let mut entries = Entries::of(&piece, &mut self.known);
        while let Some(entry) = entries.next(&mut output.remarks) {
            if self.run == Run::Names {
                self.names.extend(named(&entry).map(|(key, _)| key));
                continue;
            }
            let key = entry.key.to_lowercase();
            if self.names.contains(&key) {
                self.parents.entries.entry(key).or_insert(entry);
            }
        }
        Ok(entries.finish(&piece))
    }
}

/// Reports whether a text has the name of one of the two fields in it.
fn mentions_parent(text: &[u8]) -> bool {
    let is_at = |from: usize, name: &[u8]| text.get(from..from + name.len()).is_some_and(|part| part.eq_ignore_ascii_case(name));
    text.iter().enumerate().any(|(at, byte)| match byte | 0x20 {
        b'x' => is_at(at, b"xdata"),
        b'f' if at >= 7 => is_at(at - 7, b"crossref"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_are_found_in_any_letters() {
        for text in ["crossref", " XDATA ", "a CrossRef = {b}", "\n  xdata={x}"] {
            assert!(mentions_parent(text.as_bytes()), "{text}");
        }
        for text in ["", "cross ref", "of x data", "ssref", "xdat"] {
            assert!(!mentions_parent(text.as_bytes()), "{text}");
        }
    }
}
