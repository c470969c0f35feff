//! Writing CSL-JSON that citation processors read and this program reads back unchanged.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::domain::record::{Citation, PublicationKind as Kind};
use crate::refs::markup;
use crate::refs::normalise::parse_pages;

use super::{KINDS, ROLES};

/// Writes records as CSL-JSON, one object per line.
///
/// What the schema has no place for (registry numbers, the date as printed, further links) stands in `custom`. Reading the result gives the
/// same citations. Tags in [`Citation::extra`] are put back if they have the form of the schema's; others are left out.
///
/// # Errors
/// Those of `out`.
pub fn write_csl_json<'a>(out: &mut impl Write, records: impl IntoIterator<Item = &'a Citation>) -> io::Result<()> {
    crate::refs::writer::write_records(out, crate::refs::Format::CslJson, records)
}

/// Writes one object; `ordinal` is its 1-based place in the file.
pub(in crate::refs) fn write_item(out: &mut dyn Write, citation: &Citation, ordinal: usize) -> io::Result<()> {
    out.write_all(if ordinal == 1 { b"\n" } else { b",\n" })?;
    serde_json::to_writer(&mut *out, &item(citation, ordinal))?;
    Ok(())
}

/// Reports whether an id is one that the writer makes.
pub(super) fn is_made_id(id: &str) -> bool {
    id.strip_prefix("record-").is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Returns a text protected against this program's own reading of markup.
fn text(value: &str) -> Value {
    Value::String(markup::encode(value).into_owned())
}

/// Returns texts as a list.
fn list(values: &[String]) -> Value {
    Value::Array(values.iter().map(|value| text(value)).collect())
}

/// Makes the object of one record.
fn item(citation: &Citation, ordinal: usize) -> Value {
    let mut item = Map::new();
    let mut custom = Map::new();
    let extra = |wanted: &str| citation.extra.iter().find(|(tag, _)| tag == wanted).map(|(_, value)| value.as_str());
    let own_type = KINDS.iter().find(|(kind, _)| *kind == citation.kind).map_or("document", |(_, names)| names[0]);
    item.insert("id".to_owned(), extra("id").map_or_else(|| json!(format!("record-{ordinal}")), text));
    item.insert("type".to_owned(), json!(extra("type").unwrap_or(own_type)));
    if citation.kind == Kind::RegistryEntry {
        custom.insert("kind".to_owned(), json!(citation.kind.to_string()));
    }
    let mut put = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            item.insert(name.to_owned(), text(value));
        }
    };
    put("title", Some(&citation.title));
    put("original-title", citation.original_title.as_deref());
    put("container-title", citation.journal.as_deref());
    put("container-title-short", citation.journal_abbreviation.as_deref());
    put("volume", citation.volume.as_deref());
    put("issue", citation.issue.as_deref());
    put("DOI", citation.doi.as_ref().map(|doi| doi.as_str()));
    put("PMID", citation.pmid.as_ref().map(|pmid| pmid.as_str()));
    put("PMCID", citation.pmcid.as_deref());
    put("ISSN", Some(&citation.issn.join(", ")));
    put("abstract", citation.abstract_text.as_deref());
    put("language", citation.language.as_deref());
    put("publisher", citation.publisher.as_deref());
    put("URL", citation.urls.first().map(String::as_str));
    put("note", Some(&citation.notes.join("\n")));
    put("page", pages(citation).as_deref());
    if citation.keywords.iter().any(|keyword| markup::encode(keyword).contains(';')) {
        custom.insert("keywords".to_owned(), list(&citation.keywords));
    } else {
        let mut keywords = citation.keywords.join("; ");
        keywords.push_str(if citation.keywords.len() == 1 && keywords.contains(',') { ";" } else { "" });
        put("keyword", Some(&keywords));
    }
    if !citation.authors.is_empty() {
        let authors = citation.authors.iter().map(|author| match &author.given {
            Some(given) => json!({ "family": text(&author.family), "given": text(given) }),
            None => json!({ "literal": text(&author.family) }),
        });
        item.insert("author".to_owned(), authors.collect());
    }
    if let Some(year) = citation.year {
        item.insert("issued".to_owned(), json!({ "date-parts": [[year]] }));
    }
    if let Some(date) = &citation.date {
        custom.insert("date".to_owned(), text(date));
    }
    if let Some(accession) = &citation.accession {
        custom.insert("accession".to_owned(), text(accession));
    }
    if !citation.registry_ids.is_empty() {
        custom.insert("registry_ids".to_owned(), list(&citation.registry_ids));
    }
    if citation.urls.len() > 1 {
        custom.insert("urls".to_owned(), list(&citation.urls[1..]));
    }
    put_back(citation, &mut item);
    if !custom.is_empty() {
        item.insert("custom".to_owned(), Value::Object(custom));
    }
    Value::Object(item)
}

/// Returns the pages as one value, with what the field held beside them.
fn pages(citation: &Citation) -> Option<String> {
    let start = citation.start_page.as_deref()?;
    let range = match &citation.end_page {
        Some(end) => format!("{start}-{end}"),
        None => start.to_owned(),
    };
    let rest = citation.extra.iter().find(|(tag, _)| tag == "page" || tag == "pages").map(|(_, rest)| rest);
    let whole = rest.map_or(range.clone(), |rest| format!("{range}; {rest}"));
    Some(if parse_pages(&whole).start.as_deref() == Some(start) { whole } else { range })
}

/// Puts kept tags back that have the form of the schema's: a small letter first, letters, digits and hyphens.
fn put_back(citation: &Citation, item: &mut Map<String, Value>) {
    for (tag, value) in &citation.extra {
        let is_name = tag.starts_with(|c: char| c.is_ascii_lowercase()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let is_own = ROLES.iter().any(|(known, _)| known == tag)
            || matches!(tag.as_str(), "id" | "author" | "authors" | "issued" | "custom" | "kind");
        if !is_name || is_own {
            continue;
        }
        match item.get_mut(tag) {
            None => {
                item.insert(tag.clone(), text(value));
            }
            Some(Value::Array(values)) => values.push(text(value)),
            Some(other) => *other = Value::Array(vec![other.take(), text(value)]),
        }
    }
}
