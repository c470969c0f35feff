//! The index of a part of the records: for each word of each field, in which records and at which places it stands.
//!
//! Records are numbered from 0 within their segment. A word's entries lie one after another as variable-length numbers: the
//! distance to the record before, then the distances between the word's places in the record, each with one bit that says whether
//! another place follows. Segments are never changed: later records make a segment of their own.

use super::query::{Pattern, TextField};

/// The index of a part of the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segment {
    pub(super) count: u32,
    /// One for each of [`TextField::INDEXED`], same order.
    pub(super) fields: Vec<FieldIndex>,
    /// The year of each record, 0 where it has none.
    pub(super) years: Vec<u16>,
    /// What each record has, see [`Segment::HAS_ABSTRACT`] and the others.
    pub(super) parts: Vec<u8>,
}

/// The words of one field in byte order, and where each of them stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FieldIndex {
    pub words: String,
    /// Where each word ends in `words`.
    pub word_ends: Vec<u32>,
    pub entries: Vec<u8>,
    /// Where the entries of each word end.
    pub entry_ends: Vec<u32>,
}

impl Segment {
    /// Set where a record has an abstract.
    pub const HAS_ABSTRACT: u8 = 1;
    /// Set where a record names authors.
    pub const HAS_AUTHOR: u8 = 2;
    /// Set where a record has a DOI.
    pub const HAS_DOI: u8 = 4;
    /// Set where a record has a PubMed identifier.
    pub const HAS_PMID: u8 = 8;

    /// Returns how many records it is about.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Tells whether it is about no record.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns about how many bytes it holds.
    pub fn size(&self) -> usize {
        let of = |field: &FieldIndex| field.words.len() + field.entries.len() + 4 * (field.word_ends.len() + field.entry_ends.len());
        self.fields.iter().map(of).sum::<usize>() + 3 * self.len()
    }

    /// Hands every record whose field holds the pattern to `found`; a record may come more than once.
    pub fn find(&self, field: TextField, pattern: &Pattern, found: &mut dyn FnMut(u32)) {
        for (indexed, index) in TextField::INDEXED.iter().zip(&self.fields) {
            if field == TextField::Any || field == *indexed {
                index.find(pattern, found);
            }
        }
    }

    /// Hands every record of these years to `found`; a record without a year fits no years.
    pub fn find_years(&self, from: Option<i32>, to: Option<i32>, found: &mut dyn FnMut(u32)) {
        for (record, year) in (0..).zip(&self.years) {
            let year = i32::from(*year);
            if year != 0 && from.is_none_or(|from| from <= year) && to.is_none_or(|to| year <= to) {
                found(record);
            }
        }
    }

    /// Hands every record that has all of these parts to `found`.
    pub fn find_parts(&self, parts: u8, found: &mut dyn FnMut(u32)) {
        for (record, has) in (0..).zip(&self.parts) {
            if has & parts == parts {
                found(record);
            }
        }
    }

    /// Returns the year of a record.
    pub fn year(&self, record: usize) -> Option<i32> {
        self.years.get(record).map(|year| i32::from(*year)).filter(|year| *year != 0)
    }
}

impl FieldIndex {
    fn word(&self, at: usize) -> &str {
        let begin = if at == 0 { 0 } else { self.word_ends[at - 1] as usize };
        &self.words[begin..self.word_ends[at] as usize]
    }

    fn entries_of(&self, at: usize) -> &[u8] {
        let begin = if at == 0 { 0 } else { self.entry_ends[at - 1] as usize };
        &self.entries[begin..self.entry_ends[at] as usize]
    }

    /// Returns the places of the words that are, or begin with, `wanted`.
    fn words_like(&self, wanted: &str, is_beginning: bool) -> std::ops::Range<usize> {
        let count = self.word_ends.len();
        let first = partition(count, |at| self.word(at) < wanted);
        let end = if is_beginning {
            first + partition(count - first, |at| self.word(first + at).starts_with(wanted))
        } else {
            first + usize::from(first < count && self.word(first) == wanted)
        };
        first..end
    }

    fn find(&self, pattern: &Pattern, found: &mut dyn FnMut(u32)) {
        match pattern.words.as_slice() {
            [] => {}
            [word] => {
                for at in self.words_like(word, pattern.is_beginning) {
                    let mut entries = Entries::new(self.entries_of(at));
                    while let Some(record) = entries.record() {
                        found(record);
                        while entries.place().is_some() {}
                    }
                }
            }
            words => self.find_phrase(words, pattern.is_beginning, found),
        }
    }

    /// Looks for words next to each other: the first word's places, thinned by each further word one place on.
    fn find_phrase(&self, words: &[String], is_beginning: bool, found: &mut dyn FnMut(u32)) {
        let last = words.len() - 1;
        let mut standing: Option<Vec<u64>> = None;
        for (offset, word) in words.iter().enumerate() {
            let places = self.places_of(word, is_beginning && offset == last);
            let offset = offset as u64;
            let next = match standing {
                None => places,
                Some(before) => thinned(&before, &places, offset),
            };
            if next.is_empty() {
                return;
            }
            standing = Some(next);
        }
        for place in standing.unwrap_or_default() {
            found((place >> 32) as u32);
        }
    }

    /// Returns record and place of each occurrence as one number, ascending.
    fn places_of(&self, word: &str, is_beginning: bool) -> Vec<u64> {
        let mut places = Vec::new();
        let range = self.words_like(word, is_beginning);
        let is_one = range.len() <= 1;
        for at in range {
            let mut entries = Entries::new(self.entries_of(at));
            while let Some(record) = entries.record() {
                while let Some(place) = entries.place() {
                    places.push(u64::from(record) << 32 | u64::from(place));
                }
            }
        }
        if !is_one {
            places.sort_unstable();
        }
        places
    }
}

/// Returns those of `before` for which `places` holds the place `offset` further on; both ascend.
fn thinned(before: &[u64], places: &[u64], offset: u64) -> Vec<u64> {
    let mut kept = Vec::new();
    let mut rest = places.iter().copied().peekable();
    for place in before {
        while rest.next_if(|next| *next < place + offset).is_some() {}
        if rest.peek() == Some(&(place + offset)) {
            kept.push(*place);
        }
    }
    kept
}

/// Returns the first of `count` places at which `is_before` no longer holds.
fn partition(count: usize, is_before: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = from + (to - from) / 2;
        if is_before(middle) { from = middle + 1 } else { to = middle }
    }
    from
}

/// Reads the entries of one word.
struct Entries<'b> {
    bytes: &'b [u8],
    record: u32,
    is_first: bool,
    place: u32,
    has_place: bool,
}

impl<'b> Entries<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, record: 0, is_first: true, place: 0, has_place: false }
    }

    fn number(&mut self) -> Option<u32> {
        let (mut value, mut shift) = (0u32, 0);
        loop {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            shift += 7;
        }
    }

    /// Goes on to the next record; the places of the one before must have been read.
    fn record(&mut self) -> Option<u32> {
        let distance = self.number()?;
        self.record = if std::mem::take(&mut self.is_first) { distance } else { self.record.wrapping_add(distance) };
        (self.place, self.has_place) = (0, true);
        Some(self.record)
    }

    /// Returns the word's next place in the record.
    fn place(&mut self) -> Option<u32> {
        if !self.has_place {
            return None;
        }
        let number = self.number()?;
        self.has_place = number & 1 == 1;
        self.place = self.place.wrapping_add(number >> 1);
        Some(self.place)
    }
}
