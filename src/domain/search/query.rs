//! What a query means.

use crate::domain::decision::Verdict;

use super::set::UnitSet;

/// A query, as a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Everything.
    All,
    /// What fits all of these.
    And(Vec<Self>),
    /// What fits any of these.
    Or(Vec<Self>),
    /// What does not fit this.
    Not(Box<Self>),
    /// One condition.
    Leaf(Leaf),
}

/// One condition of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaf {
    /// Words next to each other in a field.
    Text(TextField, Pattern),
    /// A year of publication from one to another, both included.
    Year(Option<i32>, Option<i32>),
    /// Words in the name of a source that the record came from.
    Source(Pattern),
    /// Words in a note that the person asking may read.
    Note(Pattern),
    /// Words in a tag that the person asking may read.
    Tag(Pattern),
    /// A DOI, or the beginning of one.
    Doi {
        /// The DOI in lower case.
        text: String,
        /// Whether it is only the beginning.
        is_beginning: bool,
    },
    /// A PubMed identifier.
    Pmid(String),
    /// The name of a record or the beginning of it, or FILE#N.
    Record(String),
    /// Where the record stands.
    Is(State),
    /// How the person asking voted.
    My(Verdict),
    /// What the record has.
    Has(Part),
}

/// The text that a word is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextField {
    /// All of them, and year, source, notes and tags.
    Any,
    /// The title, also in the language of the publication.
    Title,
    /// The abstract.
    Abstract,
    /// The authors.
    Author,
    /// The journal, in full and abbreviated.
    Journal,
    /// Keywords and subject headings.
    Keyword,
    /// Trial registry numbers and the database's accession number.
    Registry,
}

impl TextField {
    /// The fields of which each has its own part of the index.
    pub(super) const INDEXED: [Self; 6] = [Self::Title, Self::Abstract, Self::Author, Self::Journal, Self::Keyword, Self::Registry];
}

/// Words next to each other, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The words in order; never empty.
    pub words: Vec<String>,
    /// Whether the last one is only the beginning of a word.
    pub is_beginning: bool,
}

/// Where a record stands, as far as the person asking may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
pub enum State {
    /// It waits for the vote of the person asking.
    Undecided,
    /// The person asking has voted.
    Mine,
    /// The person asking voted maybe.
    Maybe,
    /// The votes differ, and nobody has settled it.
    Conflict,
    /// It goes on to the full text.
    Included,
    /// It does not go on.
    Excluded,
}

/// Something that a record can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
pub enum Part {
    /// An abstract.
    Abstract,
    /// Authors.
    Author,
    /// A year of publication.
    Year,
    /// A DOI.
    Doi,
    /// A PubMed identifier.
    Pmid,
    /// A note that the person asking may read.
    Note,
    /// A tag that the person asking may read.
    Tag,
    /// A star that the person asking may see.
    Star,
    /// Other records in its group of duplicates.
    Duplicate,
}

impl Query {
    /// Returns the units of `all` that fit; `answer` says for one condition which units fit it.
    ///
    /// # Errors
    /// Those of `answer`.
    pub fn evaluate<E>(&self, all: &UnitSet, answer: &mut dyn FnMut(&Leaf) -> Result<UnitSet, E>) -> Result<UnitSet, E> {
        let mut found = match self {
            Self::All => all.clone(),
            Self::Leaf(leaf) => answer(leaf)?,
            Self::Not(query) => {
                let mut rest = all.clone();
                rest.subtract(&query.evaluate(all, answer)?);
                rest
            }
            Self::And(queries) => {
                let mut found = all.clone();
                for query in queries {
                    found.intersect(&query.evaluate(all, answer)?);
                }
                found
            }
            Self::Or(queries) => {
                let mut found = UnitSet::new(all.places());
                for query in queries {
                    found.unite(&query.evaluate(all, answer)?);
                }
                found
            }
        };
        found.intersect(all);
        Ok(found)
    }

    /// Hands every condition of the query to `each`.
    pub fn each_leaf(&self, each: &mut dyn FnMut(&Leaf)) {
        match self {
            Self::All => {}
            Self::Leaf(leaf) => each(leaf),
            Self::Not(query) => query.each_leaf(each),
            Self::And(queries) | Self::Or(queries) => queries.iter().for_each(|query| query.each_leaf(each)),
        }
    }

    /// Tells whether the texts of the records have to be known to answer the query.
    pub fn needs_texts(&self) -> bool {
        let mut needs = false;
        self.each_leaf(&mut |leaf| {
            needs |= match leaf {
                Leaf::Text(..) | Leaf::Year(..) => true,
                Leaf::Has(part) => matches!(part, Part::Abstract | Part::Author | Part::Year | Part::Doi | Part::Pmid),
                _ => false,
            }
        });
        needs
    }
}
