//! Writing RIS that reference managers read and this program reads back unchanged.

use std::io::{self, Write};

use crate::domain::record::{Citation, PublicationKind};
use crate::refs::markup;

use super::meaning::{KINDS, REGISTRY_MARK};

/// Writes records as RIS, in UTF-8 with LF line ends.
///
/// Reading the result gives the same citations. Tags in [`Citation::extra`] are put back, unless they come from another format,
/// where the same letters mean something else. Paragraphs of an abstract stand on lines of their own, indented by three spaces as in Web of Science.
///
/// # Errors
/// Those of `out`.
pub fn write_ris<'a>(out: &mut (impl Write + ?Sized), records: impl IntoIterator<Item = &'a Citation>) -> io::Result<()> {
    for citation in records {
        write_record(out, citation)?;
    }
    Ok(())
}

/// Writes one record.
pub(in crate::refs) fn write_record(out: &mut (impl Write + ?Sized), citation: &Citation) -> io::Result<()> {
    let extra = |wanted: &str| citation.extra.iter().find(|(tag, _)| tag == wanted).map(|(_, value)| value.as_str());
    let is_registry_entry = citation.kind == PublicationKind::RegistryEntry;
    let code = KINDS.iter().find(|(kind, _)| *kind == citation.kind).map_or("GEN", |(_, codes)| codes[0]);
    line(out, "TY", extra("TY").unwrap_or(code))?;
    if is_registry_entry {
        line(out, "M3", REGISTRY_MARK)?;
    }
    for author in &citation.authors {
        line(out, "AU", &author.to_string())?;
    }
    line(out, "TI", &citation.title)?;
    optional(out, "OP", citation.original_title.as_deref())?;
    // A translated journal title may stand in T2 already; then the journal needs the stronger tag.
    optional(out, if extra("T2").is_some() { "JF" } else { "T2" }, citation.journal.as_deref())?;
    optional(out, "J2", citation.journal_abbreviation.as_deref())?;
    if let Some(year) = citation.year {
        line(out, "PY", &year.to_string())?;
    }
    optional(out, "DA", citation.date.as_deref())?;
    optional(out, "VL", citation.volume.as_deref())?;
    optional(out, "IS", citation.issue.as_deref())?;
    optional(out, "SP", citation.start_page.as_deref())?;
    optional(out, "EP", citation.end_page.as_deref())?;
    optional(out, "DO", citation.doi.as_ref().map(|doi| doi.as_str()))?;
    optional(out, "AN", citation.accession.as_deref())?;
    if let Some(pmid) = &citation.pmid {
        line(out, "C2", &format!("PMID: {pmid}"))?;
    }
    optional(out, "C2", citation.pmcid.as_deref())?;
    for id in &citation.registry_ids {
        line(out, "C8", id)?;
    }
    for number in &citation.issn {
        line(out, "SN", number)?;
    }
    optional(out, "PB", citation.publisher.as_deref())?;
    optional(out, "LA", citation.language.as_deref())?;
    for keyword in &citation.keywords {
        line(out, "KW", keyword)?;
    }
    optional(out, "AB", citation.abstract_text.as_deref())?;
    for url in &citation.urls {
        line(out, "UR", url)?;
    }
    for note in &citation.notes {
        line(out, "N1", note)?;
    }
    let is_ris_tag = |tag: &str| {
        let is_first = tag.starts_with(|c: char| c.is_ascii_uppercase());
        is_first && tag.len() == 2 && tag[1..].bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    let is_foreign = citation.extra.iter().any(|(tag, _)| !is_ris_tag(tag));
    for (tag, value) in &citation.extra {
        let is_shared = matches!(tag.as_str(), "AD" | "ED");
        if is_shared || (!is_foreign && is_ris_tag(tag) && !matches!(tag.as_str(), "TY" | "ER")) {
            line(out, tag, value)?;
        }
    }
    out.write_all(b"ER  - \n\n")
}

/// Writes a field if it has a value.
fn optional(out: &mut (impl Write + ?Sized), tag: &str, value: Option<&str>) -> io::Result<()> {
    value.map_or(Ok(()), |value| line(out, tag, value))
}

/// Writes a field; an empty value is left out.
fn line(out: &mut (impl Write + ?Sized), tag: &str, value: &str) -> io::Result<()> {
    for (place, paragraph) in value.split('\n').filter(|paragraph| !paragraph.is_empty()).enumerate() {
        match place {
            0 => write!(out, "{tag}  - ")?,
            _ => out.write_all(b"   ")?,
        }
        writeln!(out, "{}", markup::encode(paragraph))?;
    }
    Ok(())
}
