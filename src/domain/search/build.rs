//! Making the index of a part of the records.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use serde::Deserialize;

use super::query::TextField;
use super::segment::{FieldIndex, Segment};
use super::tokens::each_word;

/// The fields of a record that are looked into, as they are stored.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RecordText<'a> {
    /// The title.
    #[serde(borrow)]
    pub title: Cow<'a, str>,
    /// The title in the language of the publication.
    #[serde(borrow)]
    pub original_title: Option<Cow<'a, str>>,
    /// The abstract.
    #[serde(borrow)]
    pub abstract_text: Option<Cow<'a, str>>,
    /// The authors.
    #[serde(borrow)]
    pub authors: Vec<AuthorText<'a>>,
    /// The journal.
    #[serde(borrow)]
    pub journal: Option<Cow<'a, str>>,
    /// The journal's abbreviated title.
    #[serde(borrow)]
    pub journal_abbreviation: Option<Cow<'a, str>>,
    /// Keywords and subject headings.
    #[serde(borrow)]
    pub keywords: Vec<Cow<'a, str>>,
    /// Trial registry numbers.
    #[serde(borrow)]
    pub registry_ids: Vec<Cow<'a, str>>,
    /// The database's own accession number.
    #[serde(borrow)]
    pub accession: Option<Cow<'a, str>>,
    /// The year.
    pub year: Option<i32>,
    /// The DOI.
    #[serde(borrow)]
    pub doi: Option<Cow<'a, str>>,
    /// The PubMed identifier.
    #[serde(borrow)]
    pub pmid: Option<Cow<'a, str>>,
}

/// The name of an author.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AuthorText<'a> {
    /// The family name.
    #[serde(borrow)]
    pub family: Cow<'a, str>,
    /// The given names or initials.
    #[serde(borrow)]
    pub given: Option<Cow<'a, str>>,
}

/// Makes a [`Segment`], record by record.
#[derive(Debug, Default)]
pub struct SegmentBuilder {
    count: u32,
    fields: [FieldBuilder; TextField::INDEXED.len()],
    years: Vec<u16>,
    parts: Vec<u8>,
}

impl SegmentBuilder {
    /// Returns how many records were added.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Tells whether no record was added.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds the next record.
    pub fn add(&mut self, text: &RecordText<'_>) {
        let record = self.count;
        self.count += 1;
        let [title, abstract_text, author, journal, keyword, registry] = &mut self.fields;
        // a gap after each text, so that no phrase reaches from one into the next
        let part = |field: &mut FieldBuilder, texts: &mut dyn Iterator<Item = &str>| {
            texts.fold(0, |place, text| field.add_words(text, record, place) + 1);
        };
        part(title, &mut [Some(&text.title), text.original_title.as_ref()].into_iter().flatten().map(AsRef::as_ref));
        part(abstract_text, &mut text.abstract_text.iter().map(AsRef::as_ref));
        part(journal, &mut [text.journal.as_ref(), text.journal_abbreviation.as_ref()].into_iter().flatten().map(AsRef::as_ref));
        part(keyword, &mut text.keywords.iter().map(AsRef::as_ref));
        part(registry, &mut text.registry_ids.iter().chain(&text.accession).map(AsRef::as_ref));
        text.authors.iter().fold(0, |place, name| {
            let place = author.add_words(&name.family, record, place);
            name.given.iter().fold(place, |place, given| author.add_words(given, record, place)) + 1
        });
        self.years.push(text.year.and_then(|year| u16::try_from(year).ok()).unwrap_or(0));
        let has = |is_there: bool, flag: u8| if is_there { flag } else { 0 };
        self.parts.push(
            has(text.abstract_text.as_ref().is_some_and(|text| !text.trim().is_empty()), Segment::HAS_ABSTRACT)
                | has(!text.authors.is_empty(), Segment::HAS_AUTHOR)
                | has(text.doi.is_some(), Segment::HAS_DOI)
                | has(text.pmid.is_some(), Segment::HAS_PMID),
        );
    }

    /// Returns the finished segment.
    pub fn finish(self) -> Segment {
        let fields = self.fields.into_iter().map(FieldBuilder::finish).collect();
        Segment { count: self.count, fields, years: self.years, parts: self.parts }
    }
}

/// The words of one field so far.
#[derive(Debug, Default)]
struct FieldBuilder {
    words: HashMap<Box<str>, WordBuilder, BuildHasherDefault<WordHasher>>,
}

/// The entries of one word so far.
#[derive(Debug, Default)]
struct WordBuilder {
    entries: Vec<u8>,
    record: u32,
    place: u32,
    /// Where the last place was written: its lowest bit says whether another follows.
    last_at: usize,
}

impl FieldBuilder {
    /// Adds the words of a text from a place on; returns the place after the last one.
    fn add_words(&mut self, text: &str, record: u32, mut place: u32) -> u32 {
        each_word(text, &mut |word| {
            self.add(word, record, place);
            place += 1;
        });
        place
    }

    fn add(&mut self, word: &str, record: u32, place: u32) {
        match self.words.get_mut(word) {
            Some(known) => known.add(record, place),
            None => {
                let mut new = WordBuilder::default();
                new.add(record, place);
                self.words.insert(word.into(), new);
            }
        }
    }

    fn finish(self) -> FieldIndex {
        let mut words: Vec<(Box<str>, WordBuilder)> = self.words.into_iter().collect();
        words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut index = FieldIndex {
            words: String::with_capacity(words.iter().map(|(word, _)| word.len()).sum()),
            entries: Vec::with_capacity(words.iter().map(|(_, known)| known.entries.len()).sum()),
            word_ends: Vec::with_capacity(words.len()),
            entry_ends: Vec::with_capacity(words.len()),
        };
        for (word, known) in words {
            index.words.push_str(&word);
            index.word_ends.push(index.words.len() as u32);
            index.entries.extend_from_slice(&known.entries);
            index.entry_ends.push(index.entries.len() as u32);
        }
        index
    }
}

impl WordBuilder {
    fn add(&mut self, record: u32, place: u32) {
        if self.entries.is_empty() || self.record != record {
            let distance = if self.entries.is_empty() { record } else { record - self.record };
            push_number(&mut self.entries, distance);
            (self.record, self.place) = (record, 0);
        } else {
            self.entries[self.last_at] |= 1;
        }
        self.last_at = self.entries.len();
        push_number(&mut self.entries, (place - self.place) << 1);
        self.place = place;
    }
}

fn push_number(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// A quick hash for short words, after Fowler, Noll and Vo (FNV-1a), eight bytes at a time. Nothing about it has to be secret.
#[derive(Debug)]
struct WordHasher(u64);

impl Default for WordHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0 ^ u64::from_le_bytes(eight)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::query::Pattern;
    use super::super::tokens::is_in;
    use super::*;

    fn segment(abstracts: &[&str]) -> Segment {
        let mut builder = SegmentBuilder::default();
        for text in abstracts {
            builder.add(&RecordText { title: "A title".into(), abstract_text: Some((*text).into()), ..RecordText::default() });
        }
        builder.finish()
    }

    fn found(segment: &Segment, field: TextField, words: &[&str], is_beginning: bool) -> Vec<u32> {
        let pattern = Pattern { words: words.iter().map(|word| (*word).to_owned()).collect(), is_beginning };
        let mut found = Vec::new();
        segment.find(field, &pattern, &mut |record| found.push(record));
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn words_beginnings_and_phrases_are_found_in_their_field() {
        let segment = segment(&["Chronic pain, treated. Pain again", "", "chronic treatment of pain", "Painful"]);
        assert_eq!(found(&segment, TextField::Abstract, &["pain"], false), [0, 2]);
        assert_eq!(found(&segment, TextField::Any, &["pain"], true), [0, 2, 3]);
        assert_eq!(found(&segment, TextField::Title, &["pain"], true), [] as [u32; 0]);
        assert_eq!(found(&segment, TextField::Abstract, &["chronic", "pain"], false), [0]);
        assert_eq!(found(&segment, TextField::Abstract, &["chronic", "treat"], true), [2]);
        assert_eq!(found(&segment, TextField::Title, &["a", "title"], false), [0, 1, 2, 3]);
    }

    #[test]
    fn a_phrase_ends_with_its_text() {
        let mut builder = SegmentBuilder::default();
        let names = [("Bell", Some("Ada")), ("Cole", None)]
            .map(|(family, given)| AuthorText { family: family.into(), given: given.map(Into::into) });
        let keywords = vec!["chronic".into(), "pain".into()];
        builder.add(&RecordText {
            authors: names.to_vec(),
            keywords,
            year: Some(2009),
            doi: Some("10.1/x".into()),
            ..RecordText::default()
        });
        let segment = builder.finish();
        assert_eq!(found(&segment, TextField::Author, &["bell", "ada"], false), [0]);
        assert_eq!(found(&segment, TextField::Author, &["ada", "cole"], false), [] as [u32; 0]);
        assert_eq!(found(&segment, TextField::Keyword, &["chronic", "pain"], false), [] as [u32; 0]);
        let of = |parts| {
            let mut found = 0;
            segment.find_parts(parts, &mut |_| found += 1);
            found
        };
        assert_eq!((of(Segment::HAS_AUTHOR | Segment::HAS_DOI), of(Segment::HAS_ABSTRACT), segment.year(0)), (1, 0, Some(2009)));
        let mut years = Vec::new();
        segment.find_years(None, Some(2009), &mut |record| years.push(record));
        segment.find_years(Some(2010), None, &mut |record| years.push(record));
        assert_eq!(years, [0]);
    }

    proptest! {
        #[test]
        fn the_index_finds_what_reading_every_text_finds(
            texts in prop::collection::vec("([ab]{1,3}[ -]){0,12}", 1..200),
            words in prop::collection::vec("[ab]{1,3}", 1..4),
            is_beginning: bool,
        ) {
            let all: Vec<&str> = texts.iter().map(String::as_str).collect();
            let segment = segment(&all);
            let pattern = Pattern { words: words.clone(), is_beginning };
            let read: Vec<u32> = (0..).zip(&texts).filter(|(_, text)| is_in(&pattern, text)).map(|(at, _)| at).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            prop_assert_eq!(found(&segment, TextField::Abstract, &words, is_beginning), read);
        }
    }
}
