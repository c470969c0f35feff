//! The words of the language, once: the reader of queries, its messages, the help of the screens and the book are made from here.

use strum::IntoEnumIterator;

use crate::domain::decision::Verdict;

use super::query::{Part, State, TextField};

/// A word of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchWord {
    /// How it is written, as an example that can be typed.
    pub example: &'static str,
    /// What it finds, as a phrase.
    pub doc: &'static str,
    /// What kind of word it is.
    pub kind: WordKind,
}

/// The kinds of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// How conditions are written and joined.
    Form,
    /// A field of the record, by its name before the colon.
    Field(&'static str),
    /// A state, by what stands after "is:", "my:" or "has:".
    State(&'static str, &'static str),
}

const fn form(example: &'static str, doc: &'static str) -> SearchWord {
    SearchWord { example, doc, kind: WordKind::Form }
}

const fn field(name: &'static str, example: &'static str, doc: &'static str) -> SearchWord {
    SearchWord { example, doc, kind: WordKind::Field(name) }
}

const fn state(field: &'static str, name: &'static str, example: &'static str, doc: &'static str) -> SearchWord {
    SearchWord { example, doc, kind: WordKind::State(field, name) }
}

/// Every word of the language, in the order of the help.
pub const SEARCH_WORDS: &[SearchWord] = &[
    form("ketamine pain", "both words, anywhere: title, abstract, authors, journal, keywords, year, source, notes, tags"),
    form("\"chronic pain\"", "the words next to each other"),
    form("random*", "every word that begins so"),
    form("-animal", "without this word; also with fields, states and brackets: -is:mine"),
    form("adult or child", "one of the two, or both; binds less than the words that stand together"),
    form("(adult or child) pain", "brackets first"),
    field("title", "title:ketamine", "words of the title"),
    field("abstract", "abstract:\"side effect\"", "words of the abstract"),
    field("author", "author:sigtermans", "names of authors"),
    field("journal", "journal:lancet", "words of the journal's name, in full or abbreviated"),
    field("keyword", "keyword:analgesics", "keywords and subject headings"),
    field("registry", "registry:nct00579085", "trial registry and accession numbers"),
    field("year", "year:2010..2015", "the year, or from one to another; 2010.. and ..2015 leave one end open"),
    field("source", "source:pubmed", "the source that the record came from"),
    field("note", "note:\"ask Ada\"", "words of notes that you may read"),
    field("tag", "tag:dose", "words of tags that you may read"),
    field("doi", "doi:10.1016/j.pain.2009.06.023", "the DOI; doi:10.1016* by its beginning"),
    field("pmid", "pmid:19604642", "the PubMed identifier"),
    field("id", "id:7f3a", "the record's name or its first four or more characters, or FILE#N"),
    state("is", "undecided", "is:undecided", "waits for your vote"),
    state("is", "mine", "is:mine", "you have voted"),
    state("is", "maybe", "is:maybe", "you voted maybe"),
    state("is", "conflict", "is:conflict", "in conflict, all votes being in"),
    state("is", "included", "is:included", "goes on to the full text"),
    state("is", "excluded", "is:excluded", "does not go on"),
    state("my", "include", "my:include", "you voted include"),
    state("my", "maybe", "my:maybe", "you voted maybe"),
    state("my", "exclude", "my:exclude", "you voted exclude"),
    state("has", "abstract", "has:abstract", "has an abstract; -has:abstract finds those without"),
    state("has", "author", "has:author", "names authors"),
    state("has", "year", "has:year", "has a year"),
    state("has", "doi", "has:doi", "has a DOI"),
    state("has", "pmid", "has:pmid", "has a PubMed identifier"),
    state("has", "note", "has:note", "has a note that you may read"),
    state("has", "tag", "has:tag", "has a tag that you may read"),
    state("has", "star", "has:star", "has a star that you may see"),
    state("has", "duplicate", "has:duplicate", "was found more than once"),
];

/// Returns the names that may stand before a colon, in the order of the help.
pub(super) fn field_names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for word in SEARCH_WORDS {
        match word.kind {
            WordKind::Field(name) | WordKind::State(name, _) if !names.contains(&name) => names.push(name),
            _ => {}
        }
    }
    names
}

/// Returns what may stand after one of "is", "my" and "has".
pub(super) fn values_of(field: &str) -> Vec<&'static str> {
    let value = |word: &SearchWord| match word.kind {
        WordKind::State(of, value) if of == field => Some(value),
        _ => None,
    };
    SEARCH_WORDS.iter().filter_map(value).collect()
}

/// Returns the text field of a name.
pub(super) fn text_field(name: &str) -> Option<TextField> {
    Some(match name {
        "title" => TextField::Title,
        "abstract" => TextField::Abstract,
        "author" => TextField::Author,
        "journal" => TextField::Journal,
        "keyword" => TextField::Keyword,
        "registry" => TextField::Registry,
        _ => return None,
    })
}

/// Returns the state of a word after "is:".
pub(super) fn state_of(word: &str) -> Option<State> {
    State::iter().find(|state| state.word() == word)
}

/// Returns the part of a word after "has:".
pub(super) fn part_of(word: &str) -> Option<Part> {
    Part::iter().find(|part| part.word() == word)
}

/// Returns the verdict of a word after "my:".
pub(super) fn verdict_of(word: &str) -> Option<Verdict> {
    match word {
        "include" => Some(Verdict::Include),
        "maybe" => Some(Verdict::Maybe),
        "exclude" => Some(Verdict::Exclude),
        _ => None,
    }
}

impl State {
    /// Returns the word after "is:".
    pub fn word(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Mine => "mine",
            Self::Maybe => "maybe",
            Self::Conflict => "conflict",
            Self::Included => "included",
            Self::Excluded => "excluded",
        }
    }
}

impl Part {
    /// Returns the word after "has:".
    pub fn word(self) -> &'static str {
        match self {
            Self::Abstract => "abstract",
            Self::Author => "author",
            Self::Year => "year",
            Self::Doi => "doi",
            Self::Pmid => "pmid",
            Self::Note => "note",
            Self::Tag => "tag",
            Self::Star => "star",
            Self::Duplicate => "duplicate",
        }
    }
}
