//! What values are, whatever their format calls them.

use crate::domain::record::PublicationKind;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The kind of publication, in the format's own words.
    Kind,
    /// The title.
    Title,
    /// The title in the language of the publication.
    OriginalTitle,
    /// One author or several, family names first.
    Authors,
    /// One author or several separated by semicolons, given names first ("Petar Radanliev").
    GivenFirst,
    /// The journal or whatever holds the record.
    Journal,
    /// The journal's abbreviated title.
    JournalAbbreviation,
    /// The year.
    Year,
    /// The date.
    Date,
    /// The volume.
    Volume,
    /// The issue.
    Issue,
    /// The first page.
    StartPage,
    /// The last page.
    EndPage,
    /// The pages as a range.
    Pages,
    /// The article number, which stands for the first page.
    ArticleNumber,
    /// The DOI.
    Doi,
    /// The PubMed identifier.
    Pmid,
    /// The PubMed Central identifier.
    Pmcid,
    /// ISSNs or ISBNs.
    Issn,
    /// Numbers of trial registries.
    Registry,
    /// The database's own number.
    Accession,
    /// The abstract or a part of it.
    Abstract,
    /// One keyword.
    Keyword,
    /// The language.
    Language,
    /// The publisher.
    Publisher,
    /// Links.
    Url,
    /// A note.
    Note,
    /// Anything else: kept under its name.
    Extra,
    /// Of no use to anybody: empty columns' names, running numbers.
    Nothing,
}

/// The kinds of publication and the format's words for them; the first word of each kind is the one its writer uses.
pub(super) type Kinds = &'static [(PublicationKind, &'static [&'static str])];
