//! What the tags of one PubMed record mean.

use std::collections::HashSet;

use crate::domain::author::Author;
use crate::domain::identifier::{Doi, Pmid, find_registry_ids};
use crate::domain::record::{Citation, PublicationKind};

use crate::refs::normalise::{find_pmcid, parse_author, parse_date, parse_pages, parse_year, without_full_stop};
use crate::refs::tagged::{Field, Remarks, excerpt, line_of};

/// The kinds and the publication types (`PT`) that stand for them; the first of each kind is the one a writer uses.
pub(in crate::refs) const KINDS: &[(PublicationKind, &[&str])] = &[
    (PublicationKind::Preprint, &["Preprint"]),
    (PublicationKind::BookChapter, &["Book Chapter"]),
    (PublicationKind::Book, &["Book"]),
    (PublicationKind::Thesis, &["Academic Dissertation"]),
    (PublicationKind::ConferencePaper, &["Meeting Abstract", "Congress", "Congresses"]),
    (PublicationKind::Report, &["Technical Report"]),
    (PublicationKind::RegistryEntry, &["Trial Registry Record"]),
    (PublicationKind::WebPage, &["Web Page"]),
    (PublicationKind::Other, &["Other"]),
    (PublicationKind::JournalArticle, &["Journal Article"]),
];

/// Makes a citation of a record's fields; `line` is the record's first line.
pub(super) fn interpret(fields: &[Field<'_>], line: usize, remarks: &mut Remarks) -> Citation {
    let mut citation = Citation::default();
    let mut types: Vec<String> = Vec::new();
    let mut full_name: Option<Author> = None;
    let mut book_title: Option<String> = None;
    let mut doi_fallback: Option<Doi> = None;
    let mut article_number: Option<String> = None;
    let mut paragraphs: Vec<String> = Vec::new();
    let mut known_issn: HashSet<String> = HashSet::new();
    for field in fields {
        let text = if field.tag == "AB" { field.paragraphs(|_| true) } else { field.text() };
        if text.is_empty() {
            continue;
        }
        if !matches!(field.tag, "AU" | "AUID" | "AD")
            && let Some(author) = full_name.take()
        {
            citation.authors.push(author);
        }
        match field.tag {
            "PMID" if citation.pmid.is_none() => match Pmid::find(&text) {
                Some(pmid) => citation.pmid = Some(pmid),
                None => {
                    remarks.warn(field.line, Some("PMID"), format!("\"{}\" is no PubMed identifier; the value is kept.", excerpt(&text)));
                    keep(&mut citation, field.tag, text);
                }
            },
            "TI" if citation.title.is_empty() => citation.title = without_full_stop(&text).to_owned(),
            "BTI" if book_title.is_none() => book_title = Some(without_full_stop(&text).to_owned()),
            "TT" if citation.original_title.is_none() => citation.original_title = Some(without_full_stop(&text).to_owned()),
            "FAU" => {
                full_name = parse_author(&text);
                if full_name.is_none() {
                    remarks.note(field.line, Some("FAU"), format!("\"{}\" names nobody and was left out of the authors.", excerpt(&text)));
                }
            }
            // The short form repeats the full name before it; alone, it is the author.
            "AU" => match full_name.take() {
                Some(author) => citation.authors.push(author),
                None => citation.authors.extend(parse_author(&text)),
            },
            "CN" => citation.authors.push(Author::new(text, None)),
            "JT" if citation.journal.is_none() => citation.journal = Some(text),
            "TA" if citation.journal_abbreviation.is_none() => citation.journal_abbreviation = Some(text),
            "DP" if citation.date.is_none() && citation.year.is_none() => {
                citation.year = parse_year(&text);
                citation.date = parse_date(&text, citation.year);
                if citation.year.is_none() {
                    remarks.warn(
                        field.line,
                        Some("DP"),
                        format!("No year was found in \"{}\"; the value is kept as the date.", excerpt(&text)),
                    );
                }
            }
            "VI" if citation.volume.is_none() => citation.volume = Some(text),
            "IP" if citation.issue.is_none() => citation.issue = Some(text),
            "PG" if citation.start_page.is_none() => {
                let pages = parse_pages(&text);
                citation.start_page = pages.start;
                citation.end_page = pages.end;
                if let Some(rest) = pages.rest {
                    keep(&mut citation, field.tag, rest);
                }
            }
            "LID" | "AID" => take_location(field.tag, text, &mut citation, &mut doi_fallback, &mut article_number),
            "PMC" if citation.pmcid.is_none() => match find_pmcid(&text) {
                Some(pmcid) => citation.pmcid = Some(pmcid),
                None => keep(&mut citation, field.tag, text),
            },
            "IS" | "ISBN" | "ISSN" if known_issn.contains(&text) => {}
            "IS" | "ISBN" | "ISSN" => {
                known_issn.insert(text.clone());
                citation.issn.push(text);
            }
            "OID" if citation.accession.is_none() => citation.accession = Some(text),
            "AB" => paragraphs.push(text),
            "MH" | "OT" => citation.keywords.push(text),
            "LA" if citation.language.is_none() => citation.language = Some(text),
            "PB" if citation.publisher.is_none() => citation.publisher = Some(text),
            "PT" => types.push(text),
            "SI" => {
                let found = find_registry_ids(&text);
                let is_understood = found.len() == 1 && found[0] == text;
                for id in found {
                    if !citation.registry_ids.contains(&id) {
                        citation.registry_ids.push(id);
                    }
                }
                if !is_understood {
                    keep(&mut citation, field.tag, text);
                }
            }
            "URL" => citation.urls.push(text),
            "GN" => citation.notes.push(text),
            _ => citation.extra.extend(field.entries(|_| true).into_iter().map(|entry| (field.tag.to_owned(), entry))),
        }
    }
    citation.authors.extend(full_name);
    citation.abstract_text = (!paragraphs.is_empty()).then(|| paragraphs.join("\n"));
    citation.doi = citation.doi.or(doi_fallback);
    citation.start_page = citation.start_page.or(article_number);
    settle_kind(&mut citation, types, book_title.is_some());
    settle_book(&mut citation, book_title);
    if citation.title.is_empty() {
        remarks.warn(line, Some("TI"), "The record has no title.");
    }
    citation
}

/// Keeps a value that is not interpreted.
fn keep(citation: &mut Citation, tag: &str, value: String) {
    citation.extra.push((tag.to_owned(), value));
}

/// Takes `LID` and `AID`: "10.1016/j.pain.2009.06.023 [doi]", "S0304-3959(09)00361-X [pii]", a bare article number, or ERIC's link.
fn take_location(tag: &str, text: String, citation: &mut Citation, doi_fallback: &mut Option<Doi>, article_number: &mut Option<String>) {
    let (value, kind) = match text.rsplit_once(" [") {
        Some((value, kind)) => (value.trim(), kind.trim_end_matches(']')),
        None => (text.as_str(), ""),
    };
    let is_number = |value: &str| {
        let letters = value.bytes().take_while(u8::is_ascii_alphabetic).count();
        letters <= 4 && (1..=8).contains(&(value.len() - letters)) && value[letters..].bytes().all(|b| b.is_ascii_digit())
    };
    match (kind, Doi::find(value)) {
        ("doi", Some(doi)) if citation.doi.is_none() => citation.doi = Some(doi),
        ("doi", Some(doi)) if citation.doi.as_ref() == Some(&doi) => {}
        ("", Some(doi)) if value.contains("://") => {
            doi_fallback.get_or_insert(doi);
            citation.urls.push(value.to_owned());
        }
        ("", None) if value.contains("://") => citation.urls.push(value.to_owned()),
        ("pii" | "", None) if is_number(value) => {
            article_number.get_or_insert(value.to_owned());
            keep(citation, tag, text);
        }
        _ => keep(citation, tag, text),
    }
}

/// Settles the kind of publication; types that say more than the kind are kept.
pub(in crate::refs) fn settle_kind(citation: &mut Citation, types: Vec<String>, has_book_title: bool) {
    let known = KINDS.iter().find(|(_, names)| types.iter().any(|name| names.contains(&name.as_str())));
    citation.kind = match known {
        Some((PublicationKind::JournalArticle, _)) | None if has_book_title => {
            if citation.title.is_empty() {
                PublicationKind::Book
            } else {
                PublicationKind::BookChapter
            }
        }
        Some((kind, _)) => *kind,
        None => PublicationKind::JournalArticle,
    };
    let own = KINDS.iter().find(|(kind, _)| *kind == citation.kind).map_or("", |(_, names)| names[0]);
    citation.extra.extend(types.into_iter().filter(|name| name != own).map(|name| ("PT".to_owned(), name)));
}

/// Puts the title of a book where it belongs: it is the title of a book and the container of a chapter.
fn settle_book(citation: &mut Citation, book_title: Option<String>) {
    let Some(book_title) = book_title else { return };
    if citation.title.is_empty() {
        citation.title = book_title;
    } else if citation.journal.is_none() {
        citation.journal = Some(book_title);
    } else {
        citation.extra.push(("BTI".to_owned(), line_of(&book_title)));
    }
}
