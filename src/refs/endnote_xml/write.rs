//! Writing EndNote XML that reference managers read and this program reads back unchanged.

use std::io::{self, Write};

use crate::domain::record::Citation;
use crate::refs::markup;
use crate::refs::xml::escaped;

use super::{KEPT, KINDS, NUMBERS};

/// Writes records as EndNote XML, in UTF-8, one record per line.
///
/// Reading the result gives the same citations. Tags in [`Citation::extra`] are put back if they are names of EndNote's fields; others are
/// left out. PubMed, PubMed Central and registry numbers stand in custom fields.
///
/// # Errors
/// Those of `out`.
pub fn write_endnote_xml<'a>(out: &mut impl Write, records: impl IntoIterator<Item = &'a Citation>) -> io::Result<()> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml><records>\n")?;
    for citation in records {
        write_record(out, citation)?;
    }
    out.write_all(b"</records></xml>\n")
}

fn write_record(out: &mut impl Write, citation: &Citation) -> io::Result<()> {
    let extra = |wanted: &str| citation.extra.iter().find(|(tag, _)| tag == wanted).map(|(_, value)| value.as_str());
    let own_name = KINDS.iter().find(|(kind, _)| *kind == citation.kind).map_or("Generic", |(_, names)| names[0]);
    let name = extra("ref-type").unwrap_or(own_name);
    let number = NUMBERS.iter().find(|(_, known)| *known == own_name).map_or("13", |(number, _)| *number);
    write!(out, "<record><ref-type name=\"{}\">{number}</ref-type>", text(name))?;
    out.write_all(b"<contributors><authors>")?;
    for author in &citation.authors {
        // A comma at the end tells EndNote that the name is that of a group.
        let name = if author.given.is_some() { author.to_string() } else { format!("{},", author.family) };
        element(out, "author", &name)?;
    }
    out.write_all(b"</authors></contributors><titles>")?;
    element(out, "title", &citation.title)?;
    optional(out, "secondary-title", &citation.journal)?;
    optional(out, "translated-title", &citation.original_title)?;
    out.write_all(b"</titles><periodical>")?;
    optional(out, "full-title", &citation.journal)?;
    optional(out, "abbr-1", &citation.journal_abbreviation)?;
    out.write_all(b"</periodical>")?;
    let pages = match (&citation.start_page, &citation.end_page) {
        (Some(start), Some(end)) => Some(format!("{start}-{end}")),
        (Some(start), None) => Some(start.clone()),
        (None, _) => None,
    };
    // What a field of pages held beyond one range.
    let pages = pages.map(|pages| extra("pages").map_or(pages.clone(), |rest| format!("{pages}; {rest}")));
    optional(out, "pages", &pages)?;
    optional(out, "volume", &citation.volume)?;
    optional(out, "number", &citation.issue)?;
    if !citation.keywords.is_empty() {
        out.write_all(b"<keywords>")?;
        for keyword in &citation.keywords {
            element(out, "keyword", keyword)?;
        }
        out.write_all(b"</keywords>")?;
    }
    out.write_all(b"<dates>")?;
    optional(out, "year", &citation.year.map(|year| year.to_string()))?;
    if let Some(date) = &citation.date {
        write!(out, "<pub-dates><date>{}</date></pub-dates>", text(date))?;
    }
    out.write_all(b"</dates>")?;
    optional(out, "publisher", &citation.publisher)?;
    element(out, "isbn", &citation.issn.join("\n"))?;
    optional(out, "accession-num", &citation.accession)?;
    element(out, "electronic-resource-num", citation.doi.as_ref().map_or("", |doi| doi.as_str()))?;
    optional(out, "custom2", &citation.pmcid)?;
    element(out, "custom6", &citation.registry_ids.join("\n"))?;
    element(out, "custom7", &citation.pmid.as_ref().map(|pmid| format!("PMID: {pmid}")).unwrap_or_default())?;
    optional(out, "abstract", &citation.abstract_text)?;
    element(out, "notes", &citation.notes.join("\n"))?;
    optional(out, "language", &citation.language)?;
    if !citation.urls.is_empty() {
        out.write_all(b"<urls><related-urls>")?;
        for url in &citation.urls {
            element(out, "url", url)?;
        }
        out.write_all(b"</related-urls></urls>")?;
    }
    for (tag, value) in citation.extra.iter().filter(|(tag, _)| KEPT.contains(&tag.as_str())) {
        match tag.as_str() {
            "secondary-author" | "tertiary-author" | "subsidiary-author" => {
                write!(out, "<contributors><{tag}s><author>{}</author></{tag}s></contributors>", text(value))?;
            }
            "alt-title" | "short-title" | "tertiary-title" => write!(out, "<titles><{tag}>{}</{tag}></titles>", text(value))?,
            "pdf-urls" | "text-urls" | "image-urls" => write!(out, "<urls><{tag}><url>{}</url></{tag}></urls>", text(value))?,
            tag => element(out, tag, value)?,
        }
    }
    out.write_all(b"</record>\n")
}

/// Escapes a text twice: for this program's own reading of markup, and for XML.
fn text(value: &str) -> String {
    escaped(&markup::encode(value))
}

/// Writes an element if it has a value.
fn optional(out: &mut impl Write, name: &str, value: &Option<String>) -> io::Result<()> {
    value.as_deref().map_or(Ok(()), |value| element(out, name, value))
}

/// Writes an element; an empty one is left out.
fn element(out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
    if value.is_empty() { Ok(()) } else { write!(out, "<{name}>{}</{name}>", text(value)) }
}
