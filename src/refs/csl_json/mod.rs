//! CSL-JSON, the data format of the Citation Style Language (Zotero, pandoc, Crossref), and JSON of reference tools that is near to it.
//!
//! Names of fields are those of the "CSL 1.0.2" schema. Other names are common ones ("authors", "journal", "year"), so that plain JSON lists
//! of references are read too.

mod write;

#[cfg(test)]
mod tests;

pub use write::write_csl_json;
pub(super) use write::write_item;

use serde_json::{Map, Value};

use super::builder::{Builder, Kinds, Role};
use super::json::JsonReader;
use super::normalise::{parse_author, parse_authors};
use super::tagged::{Remarks, line_of};
use crate::domain::author::Author;
use crate::domain::record::{Citation, PublicationKind as Kind};

/// The kinds and the types that stand for them; the first of each is the one the writer uses.
const KINDS: Kinds = &[
    (Kind::JournalArticle, &["article-journal", "article-magazine", "article-newspaper", "journal-article", "journalArticle", "review"]),
    (Kind::Book, &["book", "monograph", "edited-book", "reference-book"]),
    (Kind::BookChapter, &["chapter", "entry-encyclopedia", "entry-dictionary", "book-chapter", "bookSection", "book-section"]),
    (Kind::ConferencePaper, &["paper-conference", "proceedings-article", "conferencePaper"]),
    (Kind::Report, &["report"]),
    (Kind::Thesis, &["thesis", "dissertation"]),
    (Kind::Preprint, &["article", "posted-content", "manuscript", "preprint"]),
    (Kind::WebPage, &["webpage", "post-weblog", "post", "website"]),
    (Kind::Other, &["document"]),
];

/// What the fields hold; any other is kept.
const ROLES: &[(&str, Role)] = &[
    ("type", Role::Kind),
    ("title", Role::Title),
    ("original-title", Role::OriginalTitle),
    ("container-title", Role::Journal),
    ("journal", Role::Journal),
    ("container-title-short", Role::JournalAbbreviation),
    ("journalAbbreviation", Role::JournalAbbreviation),
    ("short-container-title", Role::JournalAbbreviation),
    ("year", Role::Year),
    ("date", Role::Date),
    ("volume", Role::Volume),
    ("issue", Role::Issue),
    ("page", Role::Pages),
    ("pages", Role::Pages),
    ("DOI", Role::Doi),
    ("doi", Role::Doi),
    ("PMID", Role::Pmid),
    ("pmid", Role::Pmid),
    ("PMCID", Role::Pmcid),
    ("pmcid", Role::Pmcid),
    ("ISSN", Role::Issn),
    ("ISBN", Role::Issn),
    ("issn", Role::Issn),
    ("isbn", Role::Issn),
    ("URL", Role::Url),
    ("url", Role::Url),
    ("urls", Role::Url),
    ("abstract", Role::Abstract),
    ("keyword", Role::Keyword),
    ("keywords", Role::Keyword),
    ("language", Role::Language),
    ("publisher", Role::Publisher),
    ("note", Role::Note),
    ("notes", Role::Note),
    ("accession", Role::Accession),
    ("accessionNum", Role::Accession),
];

/// Returns the reader of the format.
pub(super) fn reader() -> JsonReader {
    JsonReader::new(interpret)
}

fn interpret(item: &Value, line: usize, remarks: &mut Remarks) -> Option<Citation> {
    let fields = item.as_object()?;
    let names_a_publication = ["title", "DOI", "doi", "author", "authors", "abstract", "container-title"];
    if !names_a_publication.iter().any(|name| fields.contains_key(*name)) {
        return None;
    }
    let mut builder = Builder::new(KINDS, line, remarks);
    for (name, value) in fields {
        match name.as_str() {
            "author" | "authors" => builder.citation.authors.extend(people(value)),
            "issued" => take_date(value, line, &mut builder),
            "custom" if value.is_object() => {}
            // The number of a record in a list says nothing.
            "id" if value.as_str().is_some_and(write::is_made_id) => {}
            name => {
                let role = ROLES.iter().find(|(known, _)| *known == name).map_or(Role::Extra, |(_, role)| *role);
                take(role, if role == Role::Pages { "page" } else { name }, value, line, &mut builder);
            }
        }
    }
    // What this program itself wrote outranks the schema's words.
    if let Some(custom) = fields.get("custom") {
        take_custom(custom, line, &mut builder);
    }
    Some(builder.finish())
}

/// Takes a value, or each entry of a list.
fn take(role: Role, name: &str, value: &Value, line: usize, builder: &mut Builder<'_>) {
    match value {
        Value::Null => {}
        Value::String(text) if role == Role::Keyword => {
            builder.take_keywords(text, if text.contains(';') { &[';'] } else { &[','] });
        }
        Value::String(text) => {
            let lines = if role == Role::Issn || role == Role::Url { text.split(['\r', '\n']).collect() } else { vec![text.as_str()] };
            for text in lines {
                builder.take(role, name, line, text);
            }
        }
        Value::Number(number) => builder.take(role, name, line, &number.to_string()),
        Value::Array(values) if values.iter().all(|value| value.is_string() || value.is_number()) => {
            for value in values {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                builder.take(role, name, line, &text);
            }
        }
        other => builder.take(Role::Extra, name, line, &other.to_string()),
    }
}

/// Reads the people of a field: objects with parts of names, or texts.
fn people(value: &Value) -> Vec<Author> {
    match value {
        Value::Array(values) => values.iter().flat_map(people).collect(),
        Value::String(text) => parse_authors(&line_of(text)),
        Value::Object(parts) => person(parts).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Reads one person or group.
fn person(parts: &Map<String, Value>) -> Option<Author> {
    let part = |name: &str| line_of(parts.get(name).and_then(Value::as_str).unwrap_or_default());
    let (family, given) = (part("family"), part("given"));
    let group = [part("literal"), part("name")].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    if family.is_empty() {
        return if group.is_empty() { parse_author(&given) } else { Some(Author::new(group, None)) };
    }
    let particle = [part("dropping-particle"), part("non-dropping-particle")].join(" ");
    let family = format!("{} {family}", particle.trim());
    let given = format!("{given} {}", part("suffix"));
    Some(Author::new(family.trim(), Some(given.trim())))
}

/// Takes a date: parts, or a text.
fn take_date(value: &Value, line: usize, builder: &mut Builder<'_>) {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    if let Some(date) = value.as_str().or(text("raw")).or(text("literal")) {
        builder.take(Role::Date, "issued", line, date);
    }
    let parts = value.get("date-parts").and_then(|parts| parts.get(0)).and_then(Value::as_array);
    let parts: Vec<String> =
        parts.into_iter().flatten().map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned)).collect();
    if let Some(year) = parts.first() {
        builder.take(Role::Year, "issued", line, year);
    }
    if parts.len() > 1 {
        let padded = parts.iter().map(|part| format!("{part:0>2}")).collect::<Vec<_>>();
        builder.take(Role::Date, "issued", line, &padded.join("-"));
    }
    let season = text("season").unwrap_or_default();
    if !season.is_empty() {
        builder.take(Role::Extra, "season", line, season);
    }
}

/// Takes what this program writes beyond the schema; fields of others are kept.
fn take_custom(custom: &Value, line: usize, builder: &mut Builder<'_>) {
    for (name, value) in custom.as_object().into_iter().flatten() {
        let role = match name.as_str() {
            "kind" => {
                match value.as_str().and_then(|kind| kind.parse().ok()) {
                    Some(kind) => builder.citation.kind = kind,
                    None => take(Role::Extra, name, value, line, builder),
                }
                continue;
            }
            "keywords" => {
                for keyword in value.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    builder.take(Role::Keyword, name, line, keyword);
                }
                continue;
            }
            "date" => Role::Date,
            "accession" => Role::Accession,
            "registry_ids" => Role::Registry,
            "urls" => Role::Url,
            _ => Role::Extra,
        };
        take(role, name, value, line, builder);
    }
}
