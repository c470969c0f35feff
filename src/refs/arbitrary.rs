//! Random citations for the laws of readers and writers.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::domain::author::Author;
use crate::domain::identifier::{Doi, Pmid};
use crate::domain::record::{Citation, PublicationKind};
use crate::domain::text::clean_line;

use super::normalise::without_full_stop;

/// Clean text of any script.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z0-9 ,.;:()<>&-]{1,120}", "\\PC{1,30}", "(&lt;|&amp;|<i>|<p>|p<0.05| - |TI  - |word ){1,6}"]
        .prop_map(|text| clean_line(&text.replace('\u{fffd}', "")).into_owned())
        .prop_filter("some text", |text| !text.is_empty())
}

/// Clean text without the full stop that readers take off titles.
fn title() -> impl Strategy<Value = String> {
    text()
        .prop_map(|text| text.trim_end_matches(['.', ' ']).to_owned())
        .prop_filter("some text", |text| !text.is_empty() && without_full_stop(text) == text)
}

fn author() -> impl Strategy<Value = Author> {
    prop_oneof![
        ("(van |de la )?[A-ZÄÖÜ][a-zéü]{2,9}(-[A-Z][a-z]{2,5})?", "[A-Z][a-zé]{1,8}( [A-Z])?|[A-Z]{1,3}|([A-Z]\\.){1,3}")
            .prop_map(|(family, given)| Author::new(family, Some(&given))),
        "[A-Z][a-z]{2,9} (Study|Pain) (Group|Network)".prop_map(|name| Author::new(name, None)),
    ]
}

fn pages() -> impl Strategy<Value = (Option<String>, Option<String>)> {
    prop_oneof![
        Just((None, None)),
        (1_u32..2000, 0_u32..40).prop_map(|(start, length)| (Some(start.to_string()), Some((start + length).to_string()))),
        (1_u32..200, 0_u32..40).prop_map(|(start, length)| (Some(format!("S{start}")), Some(format!("S{}", start + length)))),
        "e[1-9][0-9]{3,6}".prop_map(|number| (Some(number), None)),
    ]
}

fn dated() -> impl Strategy<Value = (Option<i32>, Option<String>)> {
    prop_oneof![
        Just((None, None)),
        (1900_i32..2030).prop_map(|year| (Some(year), None)),
        (1900_i32..2030, "Jan|Feb 12|Spring").prop_map(|(year, rest)| (Some(year), Some(format!("{year} {rest}")))),
    ]
}

fn kind() -> impl Strategy<Value = PublicationKind> {
    use PublicationKind as Kind;
    prop::sample::select(vec![
        Kind::JournalArticle,
        Kind::Book,
        Kind::BookChapter,
        Kind::ConferencePaper,
        Kind::Report,
        Kind::Thesis,
        Kind::Preprint,
        Kind::RegistryEntry,
        Kind::WebPage,
        Kind::Other,
    ])
}

/// Citations as a reader gives them; `tags` are those that may stand in `extra`.
pub(crate) fn citation(tags: &'static [&'static str]) -> impl Strategy<Value = Citation> {
    let names = (title(), option::of(title()), option::of(title()), option::of(text()), vec(author(), 0..5));
    let place = (dated(), option::of(text()), option::of(text()), pages());
    let doi = "10\\.[1-9][0-9]{3}/[a-z0-9().-]{1,12}".prop_map(|text| Doi::find(&text));
    let identifiers = (
        doi,
        option::of("[1-9][0-9]{3,7}"),
        option::of("PMC[1-9][0-9]{5}"),
        vec("[0-9]{4}-[0-9]{3}[0-9X]", 0..3),
        prop::sample::subsequence(vec!["NCT00579085", "ISRCTN12345678", "ACTRN12605000280695"], 0..=3),
        option::of("(CN|EJ)-[0-9]{8}"),
    );
    let content = (
        option::of(vec(text(), 1..4)),
        vec(text(), 0..4),
        option::of("eng|ger|English"),
        option::of(text()),
        prop::sample::subsequence(vec!["https://example.org/a", "http://example.org/b?c=1&d=2"], 0..=2),
        vec("Note: [a-z]{1,60} \\PC{0,20}", 0..3),
        vec((prop::sample::select(tags), text()), 0..3),
    );
    (kind(), names, place, identifiers, content).prop_map(|(kind, names, place, identifiers, content)| Citation {
        kind,
        title: names.0,
        original_title: names.1,
        journal: names.2,
        journal_abbreviation: names.3,
        authors: names.4,
        year: place.0.0,
        date: place.0.1,
        volume: place.1,
        issue: place.2,
        start_page: place.3.0,
        end_page: place.3.1,
        doi: identifiers.0,
        pmid: identifiers.1.and_then(|digits| Pmid::find(&digits)),
        pmcid: identifiers.2,
        issn: identifiers.3,
        registry_ids: identifiers.4.into_iter().map(str::to_owned).collect(),
        accession: identifiers.5,
        abstract_text: content.0.map(|paragraphs| paragraphs.join("\n")),
        keywords: content.1,
        language: content.2,
        publisher: content.3,
        urls: content.4.into_iter().map(str::to_owned).collect(),
        notes: content.5.into_iter().map(|note| clean_line(&note.replace('\u{fffd}', "")).into_owned()).collect(),
        extra: content.6.into_iter().map(|(tag, value)| (tag.to_owned(), value)).collect(),
    })
}
