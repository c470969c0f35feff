//! What the tags of one RIS record mean, in whichever dialect it is written.

use std::collections::HashSet;

use crate::domain::author::Author;
use crate::domain::identifier::{Doi, Pmid, find_registry_ids};
use crate::domain::record::{Citation, PublicationKind};

use crate::refs::normalise::{bare_pmid, find_pmcid, labelled_pmid, parse_authors, without_full_stop};
use crate::refs::tagged::{Field, Remarks, line_of};

use super::settle;

/// The kinds and the values of `TY` that stand for them; the first of each kind is the one a writer uses.
pub(super) const KINDS: &[(PublicationKind, &[&str])] = &[
    (PublicationKind::JournalArticle, &["JOUR", "EJOUR", "JFULL", "MGZN", "NEWS", "INPR", "ABST", "JOURNAL ARTICLE", "ARTICLE"]),
    (PublicationKind::Book, &["BOOK", "EBOOK", "EDBOOK", "WHOLE"]),
    (PublicationKind::BookChapter, &["CHAP", "ECHAP", "BOOK SECTION"]),
    (PublicationKind::ConferencePaper, &["CPAPER", "CONF", "CONFERENCE PAPER"]),
    (PublicationKind::Report, &["RPRT", "GOVDOC", "REPORT"]),
    (PublicationKind::Thesis, &["THES", "THESIS"]),
    (PublicationKind::Preprint, &["UNPB", "PREPRINT"]),
    (PublicationKind::WebPage, &["ELEC", "BLOG", "WEB"]),
    (PublicationKind::Other, &["GEN"]),
];

/// The value of `M3` that marks an entry of a trial registry in CENTRAL.
pub(super) const REGISTRY_MARK: &str = "Trial registry record";

/// A value with the tag and the line it stood at.
pub(super) struct Found {
    pub tag: String,
    pub text: String,
    pub line: usize,
}

/// Values that mean something only together with others.
#[derive(Default)]
pub(super) struct Gathered {
    pub titles: Vec<Found>,
    pub journals: Vec<Found>,
    pub abbreviations: Vec<Found>,
    pub dates: Vec<Found>,
    pub start_pages: Vec<Found>,
    pub end_pages: Vec<Found>,
    pub whole_pages: Vec<Found>,
    pub article_numbers: Vec<Found>,
    pub abstracts: Vec<Found>,
    pub second_abstracts: Vec<Found>,
    pub old_volumes: Vec<Found>,
    pub old_issues: Vec<Found>,
    pub publishers: Vec<Found>,
    pub accessions: Vec<Found>,
    pub record_numbers: Vec<Found>,
    pub databases: Vec<Found>,
    pub dois: Vec<Found>,
    pub links: HashSet<String>,
    pub loose_dois: Vec<String>,
    pub registry: Vec<String>,
    pub pmids: Vec<Pmid>,
    pub weak_pmids: Vec<Pmid>,
}

/// Makes a citation of a record's fields; `kind` is the value of `TY`, `line` the record's first line.
pub(super) fn interpret(kind: &str, fields: &[Field<'_>], line: usize, remarks: &mut Remarks) -> Citation {
    let mut citation = Citation::default();
    let mut gathered = Gathered::default();
    take_kind(kind, &mut citation);
    let mut other_authors = Vec::new();
    for field in fields {
        match field.tag {
            "AU" => citation.authors.extend(field.entries(wraps).iter().flat_map(|name| parse_authors(name))),
            "A1" => other_authors.extend(field.entries(wraps).iter().flat_map(|name| parse_authors(name))),
            _ => take(field, &mut citation, &mut gathered),
        }
    }
    let known: HashSet<Author> = citation.authors.iter().cloned().collect();
    citation.authors.extend(other_authors.into_iter().filter(|author| !known.contains(author)));
    settle::settle_titles(&mut citation, &mut gathered);
    settle::settle_date(&mut citation, &mut gathered, remarks);
    settle::settle_pages(&mut citation, &mut gathered);
    settle::settle_rest(&mut citation, &mut gathered);
    settle::settle_identifiers(&mut citation, &mut gathered, remarks);
    if citation.title.is_empty() {
        remarks.warn(line, Some("TI"), "The record has no title.");
    }
    citation
}

/// Reads the value of `TY`; one that is not the writer's own is kept beside the kind.
fn take_kind(kind: &str, citation: &mut Citation) {
    let code = line_of(kind);
    let shouted = code.to_uppercase();
    let known = KINDS.iter().find(|(_, codes)| codes.contains(&shouted.as_str()));
    citation.kind = known.map_or(PublicationKind::Other, |(kind, _)| *kind);
    if !code.is_empty() && known.is_none_or(|(_, codes)| codes[0] != code) {
        citation.extra.push(("TY".to_owned(), code));
    }
}

/// Reports whether a line without a tag goes on with the sentence before it: it begins with a small letter, and is not indented
/// by three to five spaces, as Web of Science begins paragraphs.
fn wraps(line: &str) -> bool {
    let indent = line.len() - line.trim_start_matches(' ').len();
    !(3..=5).contains(&indent) && line.trim_start().starts_with(char::is_lowercase)
}

/// Reports whether a line without a tag goes on with the entry before it in a list: keywords begin with small letters too.
fn wraps_in_list(line: &str) -> bool {
    line.starts_with("      ")
}

/// Puts one field where it belongs.
fn take(field: &Field<'_>, citation: &mut Citation, gathered: &mut Gathered) {
    let extra = &mut citation.extra;
    match field.tag {
        "TI" | "T1" | "CT" | "BT" => gather(&mut gathered.titles, field),
        "OP" | "TT" => take_first(&mut citation.original_title, without_full_stop(&field.text()), field.tag, extra),
        "JF" | "T2" | "JO" | "JA" | "SO" => gather(&mut gathered.journals, field),
        "J2" | "JI" | "J1" | "J9" => gather(&mut gathered.abbreviations, field),
        "PY" | "Y1" | "DA" | "PD" => gather(&mut gathered.dates, field),
        "VL" => take_first(&mut citation.volume, &field.text(), field.tag, extra),
        "VO" => gather(&mut gathered.old_volumes, field),
        "IS" => take_first(&mut citation.issue, &field.text(), field.tag, extra),
        "CP" => gather(&mut gathered.old_issues, field),
        "SP" => gather(&mut gathered.start_pages, field),
        "EP" => gather(&mut gathered.end_pages, field),
        "PG" => gather(&mut gathered.whole_pages, field),
        "C7" => gather(&mut gathered.article_numbers, field),
        "LA" if citation.language.is_none() => {
            citation.language = Some(field.entries(wraps_in_list).join("; ")).filter(|text| !text.is_empty())
        }
        "PB" | "PU" => gather(&mut gathered.publishers, field),
        "AB" => gather_paragraphs(&mut gathered.abstracts, field),
        "N2" => gather_paragraphs(&mut gathered.second_abstracts, field),
        "KW" => citation.keywords.extend(field.entries(wraps_in_list)),
        "SN" => {
            for entry in field.entries(wraps_in_list) {
                citation.issn.extend(entry.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
            }
        }
        "N1" => {
            for note in field.entries(wraps) {
                take_note(&note, gathered);
                citation.notes.push(note);
            }
        }
        "UR" | "L1" | "L2" | "LK" => {
            for entry in field.entries(wraps_in_list) {
                take_link(field.tag, entry, citation, gathered);
            }
        }
        "DO" => gather(&mut gathered.dois, field),
        "DB" | "DP" => {
            gather(&mut gathered.databases, field);
            keep(field, extra);
        }
        "AN" => gather(&mut gathered.accessions, field),
        "ID" | "U2" => gather(&mut gathered.record_numbers, field),
        "L3" | "L4" | "M3" | "M1" | "C1" | "C2" | "C3" | "C4" | "C5" | "C6" | "C8" | "U1" | "U3" | "U4" | "U5" => {
            for entry in field.entries(wraps) {
                take_custom(field.tag, entry, citation, gathered);
            }
        }
        _ => keep(field, extra),
    }
}

/// Adds a field's text to a list, if it has any.
fn gather(list: &mut Vec<Found>, field: &Field<'_>) {
    let text = field.text();
    if !text.is_empty() {
        list.push(Found { tag: field.tag.to_owned(), text, line: field.line });
    }
}

/// Adds a field's paragraphs to a list, if it has any.
fn gather_paragraphs(list: &mut Vec<Found>, field: &Field<'_>) {
    let text = field.paragraphs(wraps);
    if !text.is_empty() {
        list.push(Found { tag: field.tag.to_owned(), text, line: field.line });
    }
}

/// Fills a slot with the first value of a tag; later values are kept aside.
fn take_first(slot: &mut Option<String>, text: &str, tag: &str, extra: &mut Vec<(String, String)>) {
    match slot {
        _ if text.is_empty() => {}
        None => *slot = Some(text.to_owned()),
        Some(taken) if taken == text => {}
        Some(_) => extra.push((tag.to_owned(), text.to_owned())),
    }
}

/// Keeps a field that is not interpreted, line by line.
fn keep(field: &Field<'_>, extra: &mut Vec<(String, String)>) {
    extra.extend(field.entries(wraps).into_iter().map(|entry| (field.tag.to_owned(), entry)));
}

/// Reads identifiers that tools put into notes: "doi: 10.1063/1.1954747", "PMID: 19604642", EBSCO's "Accession Number: 176404503; ...".
fn take_note(note: &str, gathered: &mut Gathered) {
    let begins = |label: &str| note.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label));
    if begins("doi") {
        gathered.loose_dois.push(note.to_owned());
    }
    if begins("PMID") || begins("PubMed") {
        gathered.weak_pmids.extend(labelled_pmid(note));
    }
    if begins("Accession Number:") {
        let number = note["Accession Number:".len()..].split(';').next().unwrap_or("").trim();
        if !number.is_empty() && number.len() <= 40 {
            gathered.record_numbers.push(Found { tag: String::new(), text: number.to_owned(), line: 0 });
        }
    }
    gathered.registry.push(note.to_owned());
}

/// Takes a link, or several that stand on one line; what is no link is kept under its tag.
fn take_link(tag: &str, entry: String, citation: &mut Citation, gathered: &mut Gathered) {
    let is_link = |part: &str| part.contains("://") || part.starts_with("www.");
    let parts: Vec<&str> = if entry.split(' ').all(is_link) { entry.split(' ').collect() } else { vec![entry.as_str()] };
    for part in parts {
        gathered.weak_pmids.extend(if is_link(part) && part.contains("pubmed") { labelled_pmid(part) } else { None });
        gathered.loose_dois.push(part.to_owned());
        if is_link(part) {
            if gathered.links.insert(part.to_owned()) {
                citation.urls.push(part.to_owned());
            }
        } else {
            citation.extra.push((tag.to_owned(), part.to_owned()));
        }
    }
}

/// Takes a value of a tag whose meaning is up to each tool: identifiers are found in it, anything else is kept.
fn take_custom(tag: &str, entry: String, citation: &mut Citation, gathered: &mut Gathered) {
    let pmid = labelled_pmid(&entry).or_else(|| if matches!(tag, "C2" | "C5") { bare_pmid(&entry) } else { None });
    let pmcid = if tag.starts_with('C') { find_pmcid(&entry) } else { None };
    let registry = if tag == "C8" { find_registry_ids(&entry) } else { Vec::new() };
    let is_short = |length: usize| entry.len() <= length + 8;
    let mut is_understood = false;
    if tag == "M3" && entry.eq_ignore_ascii_case(REGISTRY_MARK) {
        citation.kind = PublicationKind::RegistryEntry;
        citation.extra.retain(|(tag, _)| tag != "TY");
        is_understood = true;
    }
    if matches!(tag, "L3" | "M3")
        && let Some(doi) = Doi::find(&entry)
    {
        is_understood = is_short(doi.as_str().len()) || entry.contains("doi.org/");
        gathered.loose_dois.push(entry.clone());
    }
    if let Some(pmid) = pmid {
        is_understood |= is_short(pmid.as_str().len());
        gathered.pmids.push(pmid);
    }
    if let Some(pmcid) = pmcid {
        is_understood |= entry == pmcid;
        citation.pmcid.get_or_insert(pmcid);
    }
    is_understood |= registry.len() == 1 && registry[0] == entry;
    if tag == "M1"
        && entry.len() <= 12
        && entry.starts_with(['e', 'E'])
        && entry[1..].bytes().all(|b| b.is_ascii_digit())
        && entry.len() > 2
    {
        gathered.article_numbers.push(Found { tag: tag.to_owned(), text: entry, line: 0 });
        return;
    }
    if tag == "L3" && !is_understood && entry.contains("://") {
        take_link(tag, entry, citation, gathered);
        return;
    }
    gathered.registry.push(entry.clone());
    if !is_understood {
        citation.extra.push((tag.to_owned(), entry));
    }
}
