//! EndNote XML: `<record>` elements with styled text, often a whole library on one line.
//!
//! Each field may be cut into several `<style>` runs. The database's path, which names the user's folders, is not kept as a value.

mod write;

#[cfg(test)]
mod tests;

pub use write::write_endnote_xml;
pub(super) use write::{write_foot, write_head, write_record};

use crate::domain::identifier::find_registry_ids;
use crate::domain::record::{Citation, PublicationKind as Kind};

use super::builder::{Builder, Kinds, Role};
use super::lines::LineCounter;
use super::normalise::{find_pmcid, labelled_pmid};
use super::tagged::{Remarks, line_of, paragraphs_of};
use super::xml::{Element, XmlReader};

/// The kinds and the names of `ref-type` that stand for them; the first of each is the one the writer uses.
const KINDS: Kinds = &[
    (Kind::JournalArticle, &["Journal Article", "Electronic Article", "Magazine Article", "Newspaper Article"]),
    (Kind::Book, &["Book", "Edited Book", "Electronic Book", "Encyclopedia"]),
    (Kind::BookChapter, &["Book Section", "Electronic Book Section"]),
    (Kind::ConferencePaper, &["Conference Paper", "Conference Proceedings"]),
    (Kind::Report, &["Report", "Government Document"]),
    (Kind::Thesis, &["Thesis"]),
    (Kind::Preprint, &["Unpublished Work", "Preprint"]),
    (Kind::RegistryEntry, &["Dataset"]),
    (Kind::WebPage, &["Web Page", "Blog"]),
    (Kind::Other, &["Generic"]),
];

/// The numbers of types, for files that do not name them, and the numbers that the writer uses.
const NUMBERS: [(&str, &str); 10] = [
    ("17", "Journal Article"),
    ("6", "Book"),
    ("5", "Book Section"),
    ("47", "Conference Paper"),
    ("27", "Report"),
    ("32", "Thesis"),
    ("34", "Unpublished Work"),
    ("59", "Dataset"),
    ("12", "Web Page"),
    ("13", "Generic"),
];

/// Elements that hold text and are kept as they are; the writer puts these back.
const KEPT: &[&str] = &[
    "access-date",
    "alt-title",
    "auth-address",
    "auth-affiliaton",
    "call-num",
    "caption",
    "custom1",
    "custom2",
    "custom3",
    "custom4",
    "custom5",
    "custom6",
    "custom7",
    "custom8",
    "edition",
    "image-urls",
    "label",
    "modified-date",
    "num-vols",
    "orig-pub",
    "pdf-urls",
    "pub-location",
    "remote-database-name",
    "remote-database-provider",
    "reprint-edition",
    "reprint-status",
    "research-notes",
    "reviewed-item",
    "secondary-author",
    "section",
    "short-title",
    "size",
    "subsidiary-author",
    "tertiary-author",
    "tertiary-title",
    "text-urls",
    "work-type",
];

/// Returns the reader of the format.
pub(super) fn reader() -> XmlReader {
    XmlReader::new(&["record"], interpret)
}

fn interpret(record: &Element<'_>, counter: &mut LineCounter<'_>, remarks: &mut Remarks) -> Citation {
    let line = counter.line_at(record.start);
    let mut builder = Builder::new(KINDS, line, remarks);
    // The full title of the periodical outranks the secondary title, which repeats or abbreviates it.
    for (element, role) in [("full-title", Role::Journal), ("abbr-1", Role::JournalAbbreviation)] {
        builder.take(role, element, line, &record.text_at(&["periodical", element]));
    }
    let mut provider = String::new();
    for field in record.children() {
        let line = counter.line_at(field.start);
        match field.name {
            "database" | "source-app" | "rec-number" | "foreign-keys" | "periodical" => {}
            "ref-type" => {
                let number = line_of(&field.text());
                let name = field.attribute("name").filter(|name| !name.trim().is_empty());
                let by_number = NUMBERS.iter().find(|(known, _)| *known == number).map(|(_, name)| *name);
                builder.take(Role::Kind, "ref-type", line, name.as_deref().or(by_number).unwrap_or("Generic"));
            }
            "contributors" => take_people(field, line, &mut builder),
            "titles" => take_titles(field, line, &mut builder),
            "alt-periodical" => {
                let name = line_of(&field.text_at(&["full-title"]));
                if !name.is_empty() && builder.citation.journal.as_deref() != Some(&name) {
                    builder.citation.journal_abbreviation.get_or_insert(name);
                }
            }
            "keywords" => {
                for keyword in field.all("keyword") {
                    builder.take_keywords(&keyword.text(), &[]);
                }
            }
            "dates" => {
                builder.take(Role::Year, "year", line, &field.text_at(&["year"]));
                for date in field.all("pub-dates").flat_map(|dates| dates.all("date")) {
                    builder.take(Role::Date, "date", line, &date.text());
                }
            }
            "urls" => take_urls(field, line, &mut builder),
            "isbn" => {
                for number in field.text().split('\n') {
                    builder.take(Role::Issn, "isbn", line, number);
                }
            }
            name if name.starts_with("custom") => take_custom(name, &field.text(), &mut builder),
            name => {
                let role = match name {
                    "pages" => Role::Pages,
                    "volume" => Role::Volume,
                    "number" => Role::Issue,
                    "publisher" => Role::Publisher,
                    "accession-num" => Role::Accession,
                    "electronic-resource-num" => Role::Doi,
                    "abstract" => Role::Abstract,
                    "notes" => Role::Note,
                    "language" => Role::Language,
                    _ => Role::Extra,
                };
                let text = field.text();
                if name.starts_with("remote-database") {
                    provider.push_str(&text.to_lowercase());
                }
                builder.take(role, name, line, &text);
            }
        }
    }
    if provider.contains("nlm") || provider.contains("medline") || provider.contains("pubmed") {
        builder.accession_is_pubmed();
    }
    builder.finish()
}

/// Takes authors; editors and others are kept.
fn take_people(contributors: &Element<'_>, line: usize, builder: &mut Builder<'_>) {
    for group in contributors.children() {
        for person in group.all("author") {
            if group.name == "authors" {
                builder.take(Role::Authors, "author", line, &person.text());
            } else {
                builder.take(Role::Extra, group.name.trim_end_matches('s'), line, &person.text());
            }
        }
    }
}

/// Takes titles.
fn take_titles(titles: &Element<'_>, line: usize, builder: &mut Builder<'_>) {
    for title in titles.children() {
        let raw = title.text();
        let text = line_of(&raw);
        match title.name {
            "title" => builder.take(Role::Title, "title", line, &raw),
            "secondary-title" => {
                // An abbreviation beside the full name of the periodical.
                let differs = builder.citation.journal.as_deref().is_some_and(|journal| !journal.eq_ignore_ascii_case(&text));
                let role =
                    if differs && builder.citation.journal_abbreviation.is_none() { Role::JournalAbbreviation } else { Role::Journal };
                if !builder.citation.journal.as_deref().is_some_and(|journal| journal.eq_ignore_ascii_case(&text)) {
                    builder.take(role, "secondary-title", line, &raw);
                }
            }
            "translated-title" => builder.take(Role::OriginalTitle, "translated-title", line, &raw),
            "alt-title" if builder.citation.journal.as_deref() == Some(&text) => {}
            name => builder.take(Role::Extra, name, line, &raw),
        }
    }
}

/// Takes links; those to files in somebody's library are kept aside.
fn take_urls(urls: &Element<'_>, line: usize, builder: &mut Builder<'_>) {
    for group in urls.children() {
        let is_web = group.name == "related-urls" || group.name == "web-urls" || group.name == "url";
        let links: Vec<String> = if group.name == "url" { vec![group.text()] } else { group.all("url").map(Element::text).collect() };
        for link in links {
            let role = if is_web { Role::Url } else { Role::Extra };
            for part in link.split('\n') {
                builder.take(role, group.name, line, part);
            }
        }
    }
}

/// Takes a custom field: identifiers are found in it, anything else is kept.
fn take_custom(name: &str, text: &str, builder: &mut Builder<'_>) {
    for entry in paragraphs_of(text).split('\n').filter(|entry| !entry.is_empty()) {
        let citation = &mut builder.citation;
        let pmid = labelled_pmid(entry).filter(|pmid| entry.len() <= pmid.as_str().len() + 8);
        let pmcid = find_pmcid(entry).filter(|pmcid| pmcid == entry);
        let registry = find_registry_ids(entry);
        // A value that says once more what another field said is nothing new; one that says something else is kept.
        let is_understood = if let Some(pmid) = pmid {
            citation.pmid.get_or_insert_with(|| pmid.clone()) == &pmid
        } else if let Some(pmcid) = pmcid {
            citation.pmcid.get_or_insert_with(|| pmcid.clone()) == &pmcid
        } else if registry.len() == 1 && registry[0] == entry {
            if !citation.registry_ids.contains(&registry[0]) {
                citation.registry_ids.push(entry.to_owned());
            }
            true
        } else {
            false
        };
        if !is_understood {
            builder.keep(name, entry.to_owned());
        }
    }
}
