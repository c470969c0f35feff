//! Finding records: a small language of words, fields and states, and the index of words that answers it.
//!
//! Map: `query` is what a query means, `parse` reads it and says in words where it cannot be read, `words` lists every field and
//! state once, for the reader and for help; `tokens` cuts text into words, `build` makes the index of a part of the records,
//! `segment` looks words up in it, `set` holds what was found. Everything compares folded text: case, accents and kinds of hyphens
//! do not count.
//!
//! A *unit* (a group of duplicates) is found by a word where any record of the group holds it. What a state means and whose notes
//! may be looked into is not decided here: whoever asks hands in the answer to each [`Leaf`], and that is where blinding is applied.

mod build;
mod parse;
mod query;
mod segment;
mod set;
mod tokens;
mod words;

pub use build::{AuthorText, RecordText, SegmentBuilder};
pub use parse::{QueryError, parse, parse_unfinished};
pub use query::{Leaf, Part, Pattern, Query, State, TextField};
pub use segment::Segment;
pub use set::UnitSet;
pub use tokens::is_in;
pub use words::{SEARCH_WORDS, SearchWord, WordKind};
