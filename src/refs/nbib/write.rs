//! Writing PubMed tagged text that reference managers read and this program reads back unchanged.

use std::io::{self, Write};

use crate::domain::record::{Citation, PublicationKind};
use crate::refs::markup;
use crate::refs::normalise::parse_year;

use super::meaning::KINDS;

/// The greatest length of a line, as PubMed wraps them.
const WIDTH: usize = 88;

/// The two-letter tags of PubMed that the reader keeps without interpreting them.
const SHORT_TAGS: &[&str] = &[
    "AD", "CI", "CP", "DA", "DP", "ED", "EN", "GR", "GS", "IR", "IP", "LA", "LR", "NM", "NR", "PB", "PG", "PL", "PS", "PT", "RF", "RN",
    "SB", "SI", "SO", "TA", "TI", "TT", "VI", "JT",
];

/// Writes records as PubMed tagged text, in UTF-8 with LF line ends, wrapped as PubMed wraps.
///
/// Reading the result gives the same citations. Tags in [`Citation::extra`] are put back if they are PubMed's; others are left out,
/// because the same letters mean something else here. A record without a PubMed identifier begins with `OWN`.
///
/// # Errors
/// Those of `out`.
pub fn write_nbib<'a>(out: &mut (impl Write + ?Sized), records: impl IntoIterator<Item = &'a Citation>) -> io::Result<()> {
    for citation in records {
        write_record(out, citation)?;
    }
    Ok(())
}

/// Writes one record.
pub(in crate::refs) fn write_record(out: &mut (impl Write + ?Sized), citation: &Citation) -> io::Result<()> {
    let owner = citation.extra.iter().find(|(tag, _)| tag == "OWN").map(|(_, value)| value.as_str());
    if let Some(pmid) = &citation.pmid {
        line(out, "PMID", pmid.as_str())?;
    }
    // A reader needs a first line to begin the record with.
    match (owner, &citation.pmid) {
        (Some(owner), _) => line(out, "OWN", owner)?,
        (None, None) => out.write_all(b"OWN - \n")?,
        (None, Some(_)) => {}
    }
    for number in &citation.issn {
        line(out, "IS", number)?;
    }
    optional(out, "VI", citation.volume.as_deref())?;
    optional(out, "IP", citation.issue.as_deref())?;
    match (&citation.date, citation.year) {
        // A date without its year ("SEP 22", Web of Science) gets it, because PubMed has one field for both.
        (Some(date), Some(year)) if parse_year(date) != Some(year) => line(out, "DP", &format!("{year} {date}"))?,
        (Some(date), _) => line(out, "DP", date)?,
        (None, Some(year)) => line(out, "DP", &year.to_string())?,
        (None, None) => {}
    }
    if citation.kind == PublicationKind::BookChapter {
        line(out, "TI", &citation.title)?;
        optional(out, "BTI", citation.journal.as_deref())?;
    } else {
        line(out, "TI", &citation.title)?;
        optional(out, "JT", citation.journal.as_deref())?;
    }
    match (&citation.start_page, &citation.end_page) {
        (Some(start), Some(end)) => line(out, "PG", &format!("{start}-{end}"))?,
        (Some(start), None) => line(out, "PG", start)?,
        (None, _) => {}
    }
    if let Some(doi) = &citation.doi {
        // PubMed prints it twice, and each of the two tags has its readers.
        line(out, "LID", &format!("{doi} [doi]"))?;
        line(out, "AID", &format!("{doi} [doi]"))?;
    }
    for paragraph in citation.abstract_text.iter().flat_map(|text| text.split('\n')) {
        line(out, "AB", paragraph)?;
    }
    for author in &citation.authors {
        match &author.given {
            Some(_) => {
                line(out, "FAU", &author.to_string())?;
                line(out, "AU", &format!("{} {}", author.family, author.initials()))?;
            }
            None => line(out, "CN", &author.family)?,
        }
    }
    optional(out, "LA", citation.language.as_deref())?;
    let own_type = KINDS.iter().find(|(kind, _)| *kind == citation.kind).map_or("Journal Article", |(_, names)| names[0]);
    line(out, "PT", own_type)?;
    optional(out, "TT", citation.original_title.as_deref())?;
    optional(out, "PB", citation.publisher.as_deref())?;
    optional(out, "TA", citation.journal_abbreviation.as_deref())?;
    optional(out, "PMC", citation.pmcid.as_deref())?;
    let secondary = |id: &str| citation.extra.iter().any(|(tag, value)| tag == "SI" && value.contains(id));
    for id in citation.registry_ids.iter().filter(|id| !secondary(id)) {
        line(out, "SI", id)?;
    }
    for keyword in &citation.keywords {
        line(out, "OT", keyword)?;
    }
    optional(out, "OID", citation.accession.as_deref())?;
    for url in &citation.urls {
        line(out, "URL", url)?;
    }
    for note in &citation.notes {
        line(out, "GN", note)?;
    }
    for (tag, value) in &citation.extra {
        let is_long = (3..=4).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_uppercase());
        if SHORT_TAGS.contains(&tag.as_str()) || (is_long && !matches!(tag.as_str(), "OWN" | "PMID")) {
            line(out, tag, value)?;
        }
    }
    out.write_all(b"\n")
}

/// Writes a field if it has a value.
fn optional(out: &mut (impl Write + ?Sized), tag: &str, value: Option<&str>) -> io::Result<()> {
    value.map_or(Ok(()), |value| line(out, tag, value))
}

/// Writes a field, wrapped between words and continued with six spaces; an empty value is left out.
fn line(out: &mut (impl Write + ?Sized), tag: &str, value: &str) -> io::Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    write!(out, "{tag:<4}- ")?;
    let mut width = 6;
    for (place, word) in markup::encode(value).split(' ').enumerate() {
        let length = word.chars().count();
        if place > 0 {
            if width + 1 + length > WIDTH {
                out.write_all(b"\n      ")?;
                width = 6;
            } else {
                out.write_all(b" ")?;
                width += 1;
            }
        }
        out.write_all(word.as_bytes())?;
        width += length;
    }
    out.write_all(b"\n")
}
