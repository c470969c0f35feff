//! The bibliographic record: a title and abstract as a database indexed it.
//!
//! A [`Citation`] holds what was parsed and cleaned for display; the text it came from is kept beside it, untouched, in
//! [`Draft::raw`]. PRISMA 2020 calls this a *record*; the document behind it is a *report*.

use serde::{Deserialize, Serialize};

use super::author::Author;
use super::identifier::{Doi, Pmid};

/// The kind of publication, as far as the export says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PublicationKind {
    /// An article in a journal.
    #[default]
    JournalArticle,
    /// A whole book.
    Book,
    /// A chapter or section of a book.
    BookChapter,
    /// A paper or abstract of a meeting.
    ConferencePaper,
    /// A report by an institution.
    Report,
    /// A thesis or dissertation.
    Thesis,
    /// A preprint.
    Preprint,
    /// An entry of a trial registry.
    RegistryEntry,
    /// A page on the web.
    WebPage,
    /// Anything else.
    Other,
}

/// What a record says about its publication, cleaned for display.
///
/// Every text field is free of control characters, escape sequences and bidirectional overrides, in Unicode NFC, with runs of
/// white space folded to one space (paragraph breaks of the abstract are kept as `\n`). An absent field is `None` or empty,
/// never a placeholder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The kind of publication.
    pub kind: PublicationKind,
    /// The title, without the full stop that some databases add.
    pub title: String,
    /// The title in the language of the publication, where the export has it beside a translation.
    pub original_title: Option<String>,
    /// The authors in printed order; editors are not mixed in.
    pub authors: Vec<Author>,
    /// The journal, book or proceedings that holds it, in full.
    pub journal: Option<String>,
    /// The journal's abbreviated title.
    pub journal_abbreviation: Option<String>,
    /// The year of publication.
    pub year: Option<i32>,
    /// The date of publication as printed ("2009 Oct").
    pub date: Option<String>,
    /// The volume as printed.
    pub volume: Option<String>,
    /// The issue as printed.
    pub issue: Option<String>,
    /// The first page, in full, or the article number where there are no pages.
    pub start_page: Option<String>,
    /// The last page, in full ("311" also where the export prints "304-11").
    pub end_page: Option<String>,
    /// The digital object identifier.
    pub doi: Option<Doi>,
    /// The PubMed identifier.
    pub pmid: Option<Pmid>,
    /// The PubMed Central identifier ("PMC7758557").
    pub pmcid: Option<String>,
    /// ISSNs and ISBNs as printed, in order.
    pub issn: Vec<String>,
    /// Trial registry numbers ("NCT00579085").
    pub registry_ids: Vec<String>,
    /// The database's own accession number.
    pub accession: Option<String>,
    /// The abstract; paragraphs are separated by `\n`.
    pub abstract_text: Option<String>,
    /// Keywords and subject headings in order.
    pub keywords: Vec<String>,
    /// The language as printed.
    pub language: Option<String>,
    /// The publisher.
    pub publisher: Option<String>,
    /// Links as printed.
    pub urls: Vec<String>,
    /// Notes of the database or of an earlier tool.
    pub notes: Vec<String>,
    /// Tags that the reader does not interpret, as (tag, value), in order, so that a writer can put them back.
    pub extra: Vec<(String, String)>,
}

/// One record as a reader found it, before it belongs to a review.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The parsed and cleaned fields.
    pub citation: Citation,
    /// The record's text as it stood in the file, decoded to Unicode, otherwise untouched.
    pub raw: String,
    /// The 1-based line of the file at which the record begins.
    pub line: usize,
}

impl Citation {
    /// Returns a short label in the manner of study labels: first author's family name and year ("Sigtermans 2009").
    pub fn label(&self) -> String {
        let who =
            self.authors.first().map_or_else(|| self.title.split_whitespace().take(3).collect::<Vec<_>>().join(" "), |a| a.family.clone());
        match self.year {
            Some(year) => format!("{who} {year}"),
            None => who,
        }
    }
}
