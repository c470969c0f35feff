//! Writing BibTeX that LaTeX and reference managers read and this program reads back unchanged.

use std::collections::HashSet;
use std::io::{self, Write};

use crate::domain::record::{Citation, PublicationKind as Kind};
use crate::domain::text::fold;
use crate::refs::markup;
use crate::refs::normalise::parse_pages;

use super::{KINDS, REGISTRY_MARK, ROLES, VERBATIM, latex, month_of, names};

/// Writes records as BibTeX with some fields of biblatex, in UTF-8 with LF line ends.
///
/// Keys are those of the file that a record came from, else made of the first author, the year and the record's number. Reading the result
/// gives the same citations. Tags in [`Citation::extra`] are put back if they have the form of BibTeX's, in small letters; others are left out.
///
/// # Errors
/// Those of `out`.
pub fn write_bibtex<'a>(out: &mut impl Write, records: impl IntoIterator<Item = &'a Citation>) -> io::Result<()> {
    crate::refs::writer::write_records(out, crate::refs::Format::Bibtex, records)
}

/// Writes one entry under a key of its own; `ordinal` is its 1-based place in the file, `keys` the keys so far in lower case.
pub(in crate::refs) fn write_entry(out: &mut dyn Write, citation: &Citation, ordinal: usize, keys: &mut HashSet<String>) -> io::Result<()> {
    let own = citation.extra.iter().find(|(tag, _)| tag == "citekey").map(|(_, key)| key.clone());
    let own = own.filter(|key| is_key(key) && keys.insert(key.to_lowercase()));
    write_record(out, citation, &own.unwrap_or_else(|| made_key(citation, ordinal)))
}

/// Makes a key: "sigtermans2009-12".
fn made_key(citation: &Citation, ordinal: usize) -> String {
    let name: String = fold(&citation.label()).chars().filter(char::is_ascii_alphanumeric).take(30).collect();
    format!("{}-{ordinal}", if name.is_empty() { "record" } else { &name })
}

/// Reports whether a key can stand in an entry.
fn is_key(key: &str) -> bool {
    !key.is_empty() && !key.contains(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | '=' | '"' | '(' | ')' | '%' | '#' | '\\'))
}

/// Keeps the key of an entry, unless it is one that the writer makes.
pub(super) fn with_key(mut citation: Citation, key: &str, ordinal: usize) -> Citation {
    let key = crate::domain::text::clean_line(key).into_owned();
    if !key.is_empty() && key != made_key(&citation, ordinal) {
        citation.extra.push(("citekey".to_owned(), key));
    }
    citation
}

fn write_record(out: &mut dyn Write, citation: &Citation, key: &str) -> io::Result<()> {
    let extra = |wanted: &str| citation.extra.iter().find(|(tag, _)| tag == wanted).map(|(_, value)| value.as_str());
    let own_kind = KINDS.iter().find(|(kind, _)| *kind == citation.kind).map_or("misc", |(_, names)| names[0]);
    let kind = extra("entrytype").filter(|kind| kind.bytes().all(|b| b.is_ascii_lowercase())).unwrap_or(own_kind);
    write!(out, "@{kind}{{{key}")?;
    if citation.kind == Kind::RegistryEntry {
        field(out, "entrysubtype", REGISTRY_MARK)?;
    }
    field(out, "title", &text(&citation.title))?;
    optional(out, "origtitle", &citation.original_title)?;
    field(out, "author", &citation.authors.iter().map(names::encode_name).collect::<Vec<_>>().join(" and "))?;
    let holder = if matches!(citation.kind, Kind::BookChapter | Kind::ConferencePaper) { "booktitle" } else { "journal" };
    optional(out, holder, &citation.journal)?;
    optional(out, "shortjournal", &citation.journal_abbreviation)?;
    field(out, "year", &citation.year.map(|year| year.to_string()).unwrap_or_default())?;
    let mut has_month = false;
    if let Some(date) = &citation.date {
        let month = citation.year.and_then(|year| date.strip_prefix(&format!("{year} ")));
        let is_iso = date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        match month {
            Some(month) if month.bytes().all(|b| b.is_ascii_alphabetic()) && month_of(month) == month => {
                has_month = true;
                field(out, "month", month)?;
            }
            _ => field(out, if is_iso { "date" } else { "pubdate" }, &text(date))?,
        }
    }
    optional(out, "volume", &citation.volume)?;
    optional(out, "number", &citation.issue)?;
    match (&citation.start_page, &citation.end_page) {
        (Some(start), Some(end)) => {
            let rest = extra("pages").map(|rest| format!("; {}", text(rest))).unwrap_or_default();
            field(out, "pages", &format!("{}--{}{rest}", text(start), text(end)))?;
        }
        (Some(start), None) => {
            let again = parse_pages(start);
            let is_page = again.start.as_ref() == Some(start) && again.end.is_none();
            let rest = extra("pages").map(|rest| format!("; {}", text(rest))).unwrap_or_default();
            field(out, if is_page { "pages" } else { "eid" }, &format!("{}{rest}", text(start)))?;
        }
        (None, _) => {}
    }
    field(out, "doi", citation.doi.as_ref().map_or("", |doi| doi.as_str()))?;
    field(out, "pmid", citation.pmid.as_ref().map_or("", |pmid| pmid.as_str()))?;
    optional(out, "pmcid", &citation.pmcid)?;
    field(out, "issn", &text(&citation.issn.join(", ")))?;
    field(out, "registry", &text(&citation.registry_ids.join(", ")))?;
    optional(out, "accession", &citation.accession)?;
    optional(out, "publisher", &citation.publisher)?;
    optional(out, "language", &citation.language)?;
    let keyword = |keyword: &String| {
        let latex = text(keyword);
        if latex.contains([',', ';']) { format!("{{{latex}}}") } else { latex }
    };
    field(out, "keywords", &citation.keywords.iter().map(keyword).collect::<Vec<_>>().join(", "))?;
    optional(out, "abstract", &citation.abstract_text)?;
    field(out, "url", &citation.urls.iter().map(|url| url.replace('{', "\\{").replace('}', "\\}")).collect::<Vec<_>>().join(" "))?;
    field(out, "note", &text(&citation.notes.join("\n")))?;
    for (tag, value) in &citation.extra {
        let is_name = tag.starts_with(|c: char| c.is_ascii_lowercase())
            && tag.len() <= 30
            && tag.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
        let is_own = matches!(tag.as_str(), "citekey" | "entrytype" | "entrysubtype" | "pages");
        let is_repeated = ROLES.iter().any(|(known, _)| known == tag)
            || matches!(tag.as_str(), "subtitle" | "maintitle")
            || (tag == "month" && has_month);
        if is_name && !is_own && !is_repeated {
            let is_verbatim = VERBATIM.contains(&tag.as_str());
            field(out, tag, &if is_verbatim { value.clone() } else { text(value) })?;
        }
    }
    out.write_all(b"\n}\n\n")
}

/// Returns a text as LaTeX, protected against this program's own reading of markup.
fn text(value: &str) -> String {
    latex::encode(&markup::encode(value))
}

/// Writes a field if it has a value.
fn optional(out: &mut dyn Write, name: &str, value: &Option<String>) -> io::Result<()> {
    value.as_deref().map_or(Ok(()), |value| field(out, name, &text(value)))
}

/// Writes a field; an empty one is left out.
fn field(out: &mut dyn Write, name: &str, latex: &str) -> io::Result<()> {
    if latex.is_empty() { Ok(()) } else { write!(out, ",\n  {name} = {{{latex}}}") }
}
