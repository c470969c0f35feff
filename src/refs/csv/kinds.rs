//! What tables call the kinds of publication.

use crate::domain::record::PublicationKind as Kind;
use crate::refs::builder::Kinds;

/// The kinds and their names in any exporter's words; the first of each is this program's own.
pub(super) const KINDS: Kinds = &[
    (
        Kind::JournalArticle,
        &[
            "journal_article",
            "journal article",
            "journalArticle",
            "article",
            "article in press",
            "review",
            "letter",
            "editorial",
            "note",
            "short survey",
            "JOUR",
            "J",
            "ieee journals",
            "ieee magazines",
            "periodical",
            "academic journal",
            "case report",
            "clinical trial",
        ],
    ),
    (Kind::Book, &["book", "B", "encyclopedia", "monograph"]),
    (Kind::BookChapter, &["book_chapter", "book chapter", "bookSection", "chapter", "chapter referencework", "CHAP"]),
    (
        Kind::ConferencePaper,
        &[
            "conference_paper",
            "conference paper",
            "conferencePaper",
            "conference abstract",
            "conference review",
            "conference proceeding",
            "conference proceedings",
            "conference proceedings article",
            "proceedings paper",
            "ieee conferences",
            "meeting abstract",
            "CONF",
            "CPAPER",
            "C",
        ],
    ),
    (Kind::Report, &["report", "working paper", "RPRT"]),
    (Kind::Thesis, &["thesis", "dissertation", "dissertation/thesis", "THES"]),
    (Kind::Preprint, &["preprint"]),
    (Kind::RegistryEntry, &["registry_entry", "trial registry record", "clinical trial registry"]),
    (Kind::WebPage, &["web_page", "webpage", "website", "web page", "ELEC"]),
    (Kind::Other, &["other", "GEN", "unknown"]),
];
