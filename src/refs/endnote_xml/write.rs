//! Writing EndNote XML that reference managers read and this program reads back unchanged.
//!
//! Elements and their order, the `<style>` run around each text and `&#xD;` for a line break are those of EndNote's own exports.

use std::io::{self, Write};

use crate::domain::record::Citation;
use crate::refs::markup;
use crate::refs::writer::write_records;
use crate::refs::xml::escaped;

use super::{KEPT, KINDS, NUMBERS};

/// The people of a record beside its authors: the element of the group and the tag of each kept name.
const GROUPS: [(&str, &str); 3] =
    [("secondary-authors", "secondary-author"), ("tertiary-authors", "tertiary-author"), ("subsidiary-authors", "subsidiary-author")];

/// Writes records as EndNote XML, in UTF-8, one record per line.
///
/// Reading the result gives the same citations. Tags in [`Citation::extra`] are put back if they are names of EndNote's fields; others are
/// left out. PubMed, PubMed Central and registry numbers stand in custom fields.
///
/// # Errors
/// Those of `out`.
pub fn write_endnote_xml<'a>(out: &mut impl Write, records: impl IntoIterator<Item = &'a Citation>) -> io::Result<()> {
    write_records(out, crate::refs::Format::EndnoteXml, records)
}

/// Writes what stands before the first record.
pub(in crate::refs) fn write_head(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<xml><records>\n")
}

/// Writes what stands behind the last record.
pub(in crate::refs) fn write_foot(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"</records></xml>\n")
}

/// Writes one record; `ordinal` is its 1-based place in the file.
pub(in crate::refs) fn write_record(out: &mut dyn Write, citation: &Citation, ordinal: usize) -> io::Result<()> {
    let extra = |wanted: &str| citation.extra.iter().find(|(tag, _)| tag == wanted).map(|(_, value)| value.as_str());
    let own_name = KINDS.iter().find(|(kind, _)| *kind == citation.kind).map_or("Generic", |(_, names)| names[0]);
    let name = extra("ref-type").unwrap_or(own_name);
    let number = NUMBERS.iter().find(|(_, known)| *known == own_name).map_or("13", |(number, _)| *number);
    write!(out, "<record><database name=\"tamis\">tamis</database><source-app name=\"tamis\">tamis</source-app>")?;
    write!(out, "<rec-number>{ordinal}</rec-number><ref-type name=\"{}\">{number}</ref-type>", text(name))?;
    let mut record = Record { out, citation };
    record.people()?;
    record.kept(&["auth-address", "auth-affiliaton"])?;
    record.titles()?;
    record.place()?;
    record.kept(&["num-vols", "edition", "section", "reprint-edition", "reprint-status"])?;
    record.group("keywords", "keyword", &citation.keywords)?;
    record.dates()?;
    record.kept(&["pub-location"])?;
    record.optional("publisher", &citation.publisher)?;
    record.kept(&["orig-pub"])?;
    record.element("isbn", &citation.issn.join("\n"))?;
    record.optional("accession-num", &citation.accession)?;
    record.kept(&["call-num", "label", "caption"])?;
    record.optional("abstract", &citation.abstract_text)?;
    record.element("notes", &citation.notes.join("\n"))?;
    record.kept(&["research-notes", "work-type", "reviewed-item", "size"])?;
    record.urls()?;
    record.kept(&["custom1"])?;
    record.optional("custom2", &citation.pmcid)?;
    record.kept(&["custom2", "custom3", "custom4", "custom5"])?;
    record.element("custom6", &citation.registry_ids.join("\n"))?;
    record.kept(&["custom6"])?;
    record.element("custom7", &citation.pmid.as_ref().map(|pmid| format!("PMID: {pmid}")).unwrap_or_default())?;
    record.kept(&["custom7", "custom8"])?;
    record.element("electronic-resource-num", citation.doi.as_ref().map_or("", |doi| doi.as_str()))?;
    record.kept(&["access-date", "remote-database-name", "remote-database-provider"])?;
    record.optional("language", &citation.language)?;
    record.kept(&["modified-date"])?;
    out.write_all(b"</record>\n")
}

/// A record that is being written.
struct Record<'a> {
    out: &'a mut dyn Write,
    citation: &'a Citation,
}

impl Record<'_> {
    /// Returns the kept values of a tag.
    fn values(&self, tag: &str) -> Vec<String> {
        debug_assert!(KEPT.contains(&tag), "{tag} is read as something else");
        self.citation.extra.iter().filter(|(known, _)| known == tag).map(|(_, value)| value.clone()).collect()
    }

    /// Writes the elements that were kept under their names.
    fn kept(&mut self, tags: &[&str]) -> io::Result<()> {
        for tag in tags {
            for value in self.values(tag) {
                self.element(tag, &value)?;
            }
        }
        Ok(())
    }

    fn people(&mut self) -> io::Result<()> {
        // A comma at the end tells EndNote that the name is that of a group.
        let name = |author: &crate::domain::author::Author| {
            if author.given.is_some() { author.to_string() } else { format!("{},", author.family) }
        };
        let authors: Vec<String> = self.citation.authors.iter().map(name).collect();
        self.out.write_all(b"<contributors>")?;
        self.group("authors", "author", &authors)?;
        for (group, tag) in GROUPS {
            let names = self.values(tag);
            self.group(group, "author", &names)?;
        }
        self.out.write_all(b"</contributors>")
    }

    fn titles(&mut self) -> io::Result<()> {
        let citation = self.citation;
        self.out.write_all(b"<titles>")?;
        self.element("title", &citation.title)?;
        self.optional("secondary-title", &citation.journal)?;
        self.kept(&["tertiary-title", "alt-title", "short-title"])?;
        self.optional("translated-title", &citation.original_title)?;
        self.out.write_all(b"</titles>")?;
        if citation.journal.is_none() && citation.journal_abbreviation.is_none() {
            return Ok(());
        }
        self.out.write_all(b"<periodical>")?;
        self.optional("full-title", &citation.journal)?;
        self.optional("abbr-1", &citation.journal_abbreviation)?;
        self.out.write_all(b"</periodical>")
    }

    /// Writes pages, volume and issue.
    fn place(&mut self) -> io::Result<()> {
        let citation = self.citation;
        let pages = match (&citation.start_page, &citation.end_page) {
            (Some(start), Some(end)) => Some(format!("{start}-{end}")),
            (Some(start), None) => Some(start.clone()),
            (None, _) => None,
        };
        // What a field of pages held beyond one range.
        let rest = citation.extra.iter().find(|(tag, _)| tag == "pages").map(|(_, rest)| rest);
        let pages = pages.map(|pages| rest.map_or(pages.clone(), |rest| format!("{pages}; {rest}")));
        self.optional("pages", &pages)?;
        self.optional("volume", &citation.volume)?;
        self.optional("number", &citation.issue)
    }

    fn dates(&mut self) -> io::Result<()> {
        if self.citation.year.is_none() && self.citation.date.is_none() {
            return Ok(());
        }
        self.out.write_all(b"<dates>")?;
        self.optional("year", &self.citation.year.map(|year| year.to_string()))?;
        if let Some(date) = &self.citation.date {
            self.out.write_all(b"<pub-dates>")?;
            self.element("date", date)?;
            self.out.write_all(b"</pub-dates>")?;
        }
        self.out.write_all(b"</dates>")
    }

    fn urls(&mut self) -> io::Result<()> {
        let lists: Vec<(&str, Vec<String>)> = ["text-urls", "pdf-urls", "image-urls"]
            .into_iter()
            .map(|tag| (tag, self.values(tag)))
            .filter(|(_, urls)| !urls.is_empty())
            .collect();
        if self.citation.urls.is_empty() && lists.is_empty() {
            return Ok(());
        }
        self.out.write_all(b"<urls>")?;
        self.group("related-urls", "url", &self.citation.urls)?;
        for (tag, urls) in lists {
            self.group(tag, "url", &urls)?;
        }
        self.out.write_all(b"</urls>")
    }

    /// Writes an element with one element for each value; without values nothing.
    fn group(&mut self, name: &str, inside: &str, values: &[String]) -> io::Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        write!(self.out, "<{name}>")?;
        for value in values {
            self.element(inside, value)?;
        }
        write!(self.out, "</{name}>")
    }

    /// Writes an element if it has a value.
    fn optional(&mut self, name: &str, value: &Option<String>) -> io::Result<()> {
        value.as_deref().map_or(Ok(()), |value| self.element(name, value))
    }

    /// Writes an element; an empty one is left out.
    fn element(&mut self, name: &str, value: &str) -> io::Result<()> {
        if value.is_empty() {
            return Ok(());
        }
        write!(
            self.out,
            "<{name}><style face=\"normal\" font=\"default\" size=\"100%\">{}</style></{name}>",
            text(value).replace('\n', "&#xD;")
        )
    }
}

/// Escapes a text twice: for this program's own reading of markup, and for XML.
fn text(value: &str) -> String {
    escaped(&markup::encode(value))
}
