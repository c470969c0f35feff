//! BibTeX and biblatex: `@article{key, title = {..}, ..}` with LaTeX in the values.
//!
//! Own reader, because exports break every rule of the format: Scopus writes prose before the first entry, spaces in field names and
//! the same key twice; others leave out commas, keys or braces. Nothing of that costs more than the entry that it stands in.
//! Entries take missing fields from those that they name in `crossref` and `xdata`.

mod entry;
mod latex;
mod names;
mod parents;
mod write;

#[cfg(test)]
mod tests;

pub use write::write_bibtex;
pub(super) use write::write_entry;

pub(super) use parents::{ParentCollector, Parents};

use crate::domain::record::{Citation, Draft, PublicationKind as Kind};

use super::RefsError;
use super::builder::{Builder, Kinds, Role};
use super::stream::{Output, Piece};
use super::tagged::{Remarks, excerpt};

use entry::{Entries, Entry, Field, Known, entry_start};

/// The kinds and the types of entries that stand for them; the first of each is the one the writer uses.
const KINDS: Kinds = &[
    (Kind::JournalArticle, &["article", "suppperiodical", "review"]),
    (
        Kind::Book,
        &["book", "mvbook", "collection", "mvcollection", "proceedings", "mvproceedings", "booklet", "manual", "periodical", "reference"],
    ),
    (Kind::BookChapter, &["incollection", "inbook", "bookinbook", "suppbook", "inreference", "suppcollection"]),
    (Kind::ConferencePaper, &["inproceedings", "conference"]),
    (Kind::Report, &["techreport", "report"]),
    (Kind::Thesis, &["phdthesis", "mastersthesis", "thesis"]),
    (Kind::Preprint, &["unpublished"]),
    (Kind::WebPage, &["online", "www", "electronic", "webpage"]),
    (Kind::Other, &["misc"]),
];

/// The value of `entrysubtype` that marks an entry of a trial registry.
const REGISTRY_MARK: &str = "trial registry entry";

/// What the fields hold; any other is kept.
const ROLES: &[(&str, Role)] = &[
    ("title", Role::Title),
    ("origtitle", Role::OriginalTitle),
    ("author", Role::Authors),
    ("journal", Role::Journal),
    ("journaltitle", Role::Journal),
    ("booktitle", Role::Journal),
    ("shortjournal", Role::JournalAbbreviation),
    ("abbrev_source_title", Role::JournalAbbreviation),
    ("journal-iso", Role::JournalAbbreviation),
    ("year", Role::Year),
    ("date", Role::Date),
    ("pubdate", Role::Date),
    ("volume", Role::Volume),
    ("number", Role::Issue),
    ("issue", Role::Issue),
    ("pages", Role::Pages),
    ("eid", Role::ArticleNumber),
    ("art_number", Role::ArticleNumber),
    ("article-number", Role::ArticleNumber),
    ("doi", Role::Doi),
    ("pmid", Role::Pmid),
    ("pmcid", Role::Pmcid),
    ("issn", Role::Issn),
    ("isbn", Role::Issn),
    ("eissn", Role::Issn),
    ("registry", Role::Registry),
    ("accession", Role::Accession),
    ("unique-id", Role::Accession),
    ("abstract", Role::Abstract),
    ("keywords", Role::Keyword),
    ("keyword", Role::Keyword),
    ("author_keywords", Role::Keyword),
    ("keywords-plus", Role::Keyword),
    ("language", Role::Language),
    ("langid", Role::Language),
    ("publisher", Role::Publisher),
    ("institution", Role::Publisher),
    ("school", Role::Publisher),
    ("organization", Role::Publisher),
    ("url", Role::Url),
    ("note", Role::Note),
    ("annote", Role::Note),
    ("annotation", Role::Note),
];

/// Fields whose values are not LaTeX but addresses.
const VERBATIM: &[&str] = &["url", "doi", "file", "urlraw", "eprint"];

/// Reports whether a text holds an entry.
pub(super) fn is_bibtex(text: &str) -> bool {
    let mut starts = text.match_indices('@').take(10_000);
    starts.any(|(at, _)| {
        entry_start(text, at, true).is_some_and(|(kind, inside)| {
            let kind = kind.to_ascii_lowercase();
            let is_known = KINDS.iter().any(|(_, names)| names.contains(&kind.as_str()));
            // An entry of an unknown type has a key and a field.
            let head: String = text[inside..].chars().take(300).collect();
            is_known || head.contains(',') && head.contains('=')
        })
    })
}

/// The reader of BibTeX.
pub(super) struct Reader<'p> {
    known: Known,
    parents: &'p Parents,
}

impl<'p> Reader<'p> {
    /// Starts at the beginning of a file; `parents` are the entries that others take fields from.
    pub fn new(parents: &'p Parents) -> Self {
        Self { known: Known::default(), parents }
    }
}

impl super::stream::Reader for Reader<'_> {
    fn read(&mut self, piece: Piece<'_>, output: &mut Output<'_>) -> Result<usize, RefsError> {
        let mut entries = Entries::of(&piece, &mut self.known);
        while let Some(entry) = entries.next(&mut output.remarks) {
            if entry.kind == "xdata" {
                continue;
            }
            output.found += 1;
            if entry.fields.is_empty() {
                let message = format!("The entry \"{}\" has no fields and was left out.", excerpt(&entry.key));
                output.remarks.warn(entry.line, None, message);
                continue;
            }
            let inherited = self.parents.inherited(&entry);
            let citation = interpret(&entry, &inherited, output.kept() + 1, &mut output.remarks);
            let raw = piece.text[entry.span.0..entry.span.1].trim_end().to_owned();
            output.keep(Draft { citation, raw, line: entry.line });
        }
        Ok(entries.finish(&piece))
    }
}

/// Makes a citation of an entry.
fn interpret(entry: &Entry, inherited: &[Field], ordinal: usize, remarks: &mut Remarks) -> Citation {
    let mut builder = Builder::new(KINDS, entry.line, remarks);
    builder.take(Role::Kind, "entrytype", entry.line, &entry.kind);
    let of = |name: &str| entry.fields.iter().chain(inherited).find(|field| field.name == name);
    let has = |name: &str| of(name).is_some();
    let is_own = |name: &str| entry.fields.iter().any(|own| own.name == name);
    for field in entry.fields.iter().chain(inherited.iter().filter(|field| !is_own(&field.name))) {
        let (name, line) = (field.name.as_str(), field.line);
        match name {
            "title" => {
                let subtitle = of("subtitle").map(|subtitle| format!(": {}", text_of(subtitle))).unwrap_or_default();
                builder.take(Role::Title, name, line, &format!("{}{subtitle}", text_of(field)));
            }
            "subtitle" if has("title") => {}
            "maintitle" if !has("title") => builder.take(Role::Title, name, line, &text_of(field)),
            // The title of a book that stands in the wrong field.
            "booktitle" if !has("title") => builder.take(Role::Title, name, line, &text_of(field)),
            "booktitle" if !is_own(name) && (has("journal") || has("journaltitle")) => {}
            "booktitle" if has("journal") || has("journaltitle") => builder.take(Role::Extra, name, line, &text_of(field)),
            "author" => {
                let authors = names::parse_names(&field.value);
                builder.citation.authors.extend(authors);
            }
            "month" => {
                let (month, year) = (month_of(&text_of(field)), of("year").map(text_of));
                match year {
                    Some(year) if !has("date") && !has("pubdate") => builder.take(Role::Date, name, line, &format!("{year} {month}")),
                    _ => builder.take(Role::Extra, name, line, &text_of(field)),
                }
            }
            "keywords" | "keyword" | "author_keywords" | "keywords-plus" => {
                let separators: &[u8] = if names::split_outside_braces(&field.value, b";").len() > 1 { b";" } else { b"," };
                for keyword in names::split_outside_braces(&field.value, separators) {
                    builder.take(Role::Keyword, name, line, &latex::decode(&unified(keyword)));
                }
            }
            "registry" => {
                for id in field.value.split(',') {
                    builder.take(Role::Registry, name, line, &latex::decode(id));
                }
            }
            "eprint" if of("eprinttype").is_some_and(|kind| kind.value.eq_ignore_ascii_case("pubmed")) => {
                builder.take(Role::Pmid, name, line, &field.value);
            }
            "entrysubtype" if field.value == REGISTRY_MARK => builder.citation.kind = Kind::RegistryEntry,
            "crossref" | "xdata" => builder.take(Role::Extra, name, line, &field.value),
            _ => {
                let role = ROLES.iter().find(|(known, _)| *known == name).map_or(Role::Extra, |(_, role)| *role);
                builder.take(role, name, line, &text_of(field));
            }
        }
    }
    let citation = builder.finish();
    write::with_key(citation, &entry.key, ordinal)
}

/// Returns a value with line ends as LF.
fn unified(value: &str) -> String {
    if value.contains('\r') { value.replace("\r\n", "\n").replace('\r', "\n") } else { value.to_owned() }
}

/// Returns the text of a field.
fn text_of(field: &Field) -> String {
    if VERBATIM.contains(&field.name.as_str()) { verbatim(&field.value) } else { latex::decode(&unified(&field.value)) }
}

/// Returns an address without the escapes that some programs put into it.
fn verbatim(value: &str) -> String {
    if !value.contains(['\\', '{', '}']) || value.contains("$\\backslash$") {
        return value.to_owned();
    }
    let value = value.replace("\\textasciitilde{}", "~").replace("\\~{}", "~").replace("{\\_}", "_").replace("{\\%}", "%");
    let mut plain = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, characters.peek()) {
            ('\\', Some('_' | '&' | '%' | '#' | '{' | '}' | '~' | '$')) => plain.extend(characters.next()),
            ('{' | '}', _) => {}
            (c, _) => plain.push(c),
        }
    }
    plain
}

/// Returns a month as databases print it ("Feb"), whatever the field says.
fn month_of(text: &str) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = text.trim();
    let by_number = text.parse::<usize>().ok().and_then(|number| MONTHS.get(number.wrapping_sub(1)));
    let by_macro = MONTHS.iter().find(|month| month.eq_ignore_ascii_case(text));
    by_number.or(by_macro).map_or_else(|| text.to_owned(), |month| (*month).to_owned())
}
