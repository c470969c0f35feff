//! Ovid's own text exports: tagged (`<1. >`, then `TI  - value`) and citation text (`<1>`, then names of fields on lines of their own
//! with indented values).
//!
//! Ovid RIS is read by [`ris`](super::ris). Both forms here keep journal, volume, pages and date together in one source line.

use crate::domain::identifier::Doi;
use crate::domain::record::{Citation, PublicationKind as Kind};

use super::builder::{Builder, Kinds, Role};
use super::lines::Line;
use super::source_line::parse_source_line;
use super::tagged::{Field, Remarks};
use super::tagged_reader::{Block, Class, Dialect};

/// The kinds and the publication and document types that stand for them.
const KINDS: Kinds = &[
    (Kind::JournalArticle, &["Journal Article", "Journal", "Article", "Peer Reviewed Journal", "Review", "Editorial", "Letter"]),
    (Kind::Book, &["Book", "Authored Book", "Edited Book"]),
    (Kind::BookChapter, &["Chapter", "Book Chapter"]),
    (Kind::ConferencePaper, &["Conference Paper", "Conference Abstract", "Meeting Abstract", "Conference Proceedings"]),
    (Kind::Thesis, &["Dissertation", "Dissertation Abstract"]),
    (Kind::Report, &["Report"]),
    (Kind::Preprint, &["Preprint"]),
    (Kind::Other, &["Patent"]),
];

/// What tags and names hold.
const ROLES: &[(Role, &[&str])] = &[
    (Role::Title, &["TI", "Title"]),
    (Role::OriginalTitle, &["TT", "Vernacular Title", "Original Title", "Title Foreign"]),
    (Role::Authors, &["AU", "Author", "Authors", "Authors Full Name"]),
    (Role::Journal, &["JN", "Journal", "Journal Name"]),
    (Role::JournalAbbreviation, &["JA", "AS", "Abbreviated Source", "Journal Abbreviation"]),
    (Role::Year, &["YR", "Year", "Year of Publication", "Publication Year"]),
    (Role::Date, &["DP", "Date of Publication", "Publication Date"]),
    (Role::Volume, &["VO", "VI", "Volume"]),
    (Role::Issue, &["IP", "Issue", "Issue/Part"]),
    (Role::Pages, &["PG", "Page", "Pages", "Pagination"]),
    (Role::Abstract, &["AB", "Abstract"]),
    (Role::Doi, &["DO", "DOI", "DOI Number", "Digital Object Identifier"]),
    (Role::Pmid, &["PM", "PMID", "PubMed ID"]),
    (Role::Accession, &["UI", "AN", "Unique Identifier", "Accession Number"]),
    (Role::Issn, &["IS", "IT", "IB", "ISSN", "ISSN Print", "ISSN Electronic", "ISBN"]),
    (Role::Language, &["LG", "LA", "Language"]),
    (Role::Publisher, &["PU", "Publisher"]),
    (Role::Kind, &["PT", "DT", "Publication Type", "Document Type"]),
    (
        Role::Keyword,
        &[
            "MH",
            "SH",
            "DE",
            "KW",
            "KF",
            "ID",
            "HW",
            "Keyword Heading",
            "Keywords",
            "Author Keywords",
            "Key Concepts",
            "MeSH Subject Headings",
            "Subject Headings",
            "Index Terms",
        ],
    ),
    (
        Role::Url,
        &["XL", "UR", "URL", "Link to the Ovid Full Text or citation", "Link to the External Link Resolver", "Link to the Ovid Full Text"],
    ),
    (Role::Registry, &["CN", "Clinical Trial Number"]),
];

/// Reports whether a line is the number that begins a record: "<1. >" or "<1>".
pub(super) fn is_number(line: &str) -> bool {
    let number = line.trim().strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or("").trim().trim_end_matches('.');
    !number.is_empty() && number.len() <= 6 && number.bytes().all(|b| b.is_ascii_digit())
}

/// Splits a line of the tagged form into its tag and its value.
fn split_tag(line: &str) -> Option<(&str, &str)> {
    let body = line.strip_prefix(' ').unwrap_or(line);
    let bytes = body.as_bytes();
    let is_tag = bytes.len() >= 5 && bytes[0].is_ascii_uppercase() && (bytes[1].is_ascii_uppercase() || bytes[1].is_ascii_digit());
    (is_tag && &bytes[2..5] == b"  -").then(|| (&body[..2], body[5..].trim()))
}

/// Returns the name of a field, when a line of citation text is one: it is short, not indented, and of words.
fn label(line: &str) -> Option<&str> {
    let name = line.trim_end();
    let is_words = name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/' | '(' | ')' | '&' | '\''));
    (name.len() <= 60 && is_words && name.starts_with(|c: char| c.is_ascii_uppercase())).then_some(name)
}

/// The format, for a [`TaggedReader`](super::tagged_reader::TaggedReader).
pub(super) struct Ovid;

impl Dialect for Ovid {
    fn class<'a>(&self, line: Line<'a>, block: &Block<'a>) -> Class<'a> {
        if is_number(line.text) {
            return Class::Begin(None);
        }
        if !block.is_begun {
            return Class::Continued;
        }
        let is_text = block.fields.first().is_some_and(|field| field.tag.len() > 2);
        match split_tag(line.text) {
            Some((tag, value)) if !is_text => Class::Field(tag, value),
            _ => match label(line.text) {
                Some(name) if is_text || block.fields.is_empty() => Class::Field(name, ""),
                _ => Class::Continued,
            },
        }
    }

    fn is_record(&self, block: &Block<'_>) -> bool {
        block.is_begun
    }

    fn interpret(&self, block: &Block<'_>, remarks: &mut Remarks) -> Citation {
        let mut builder = Builder::new(KINDS, block.line, remarks);
        let chapter = block.fields.iter().any(|field| field.tag == "Chapter Title");
        for field in &block.fields {
            match field.tag {
                "Chapter Title" => builder.take(Role::Title, field.tag, field.line, &field.text()),
                "Title" if chapter => builder.take(Role::Journal, field.tag, field.line, &field.text()),
                "SO" | "Source" => {
                    let line = field.text();
                    builder.keep(field.tag, line);
                }
                tag => take(tag, field, &mut builder),
            }
        }
        if chapter {
            builder.citation.kind = Kind::BookChapter;
        }
        let source = builder.citation.extra.iter().find(|(tag, _)| tag == "SO" || tag == "Source").cloned();
        if let Some((tag, line)) = source {
            builder.fill_from(&tag, parse_source_line(&line));
        }
        let is_medline = block.fields.iter().any(|field| matches!(field.tag, "DB" | "Database") && field.text().contains("MEDLINE"));
        if is_medline {
            builder.accession_is_pubmed();
        }
        builder.finish()
    }
}

/// Takes one field.
fn take(tag: &str, field: &Field<'_>, builder: &mut Builder<'_>) {
    let role = ROLES.iter().find(|(_, names)| names.contains(&tag)).map_or(Role::Extra, |(role, _)| *role);
    let text = field.text();
    if text == "-" {
        return;
    }
    match role {
        Role::Title => {
            let text = text.trim_end_matches('.');
            let text = text.strip_suffix("[References]").unwrap_or(text);
            builder.take(role, tag, field.line, text);
        }
        Role::Authors => {
            for name in names(&text) {
                builder.take(role, tag, field.line, without_notes(name));
            }
        }
        Role::Keyword => {
            let separators: &[char] = if text.contains(';') { &[';'] } else { &[','] };
            let is_one = matches!(tag, "MH" | "SH" | "DE");
            builder.take_keywords(&text, if is_one { &[] } else { separators });
        }
        Role::Accession => builder.take(role, tag, field.line, text.trim_end_matches('.')),
        Role::Language => builder.take(role, tag, field.line, text.trim_end_matches('.')),
        // The link line of a resolver holds empty parameters named doi.
        Role::Doi if Doi::find(&text).is_none() => builder.take(Role::Extra, tag, field.line, &text),
        Role::Kind => {
            for kind in text.split(';') {
                builder.take(role, tag, field.line, kind.trim_end_matches('.'));
            }
        }
        Role::Abstract => builder.take(role, tag, field.line, &field.paragraphs(|line| line.starts_with("  "))),
        Role::Extra => {
            for entry in field.entries(|_| false) {
                builder.keep(tag, entry);
            }
        }
        role => builder.take(role, tag, field.line, &text),
    }
}

/// Splits names at semicolons that stand in no brackets ("Werner, S. M. [Author; E-mail: x@e.org]; Raffa, K. F.").
fn names(text: &str) -> Vec<&str> {
    let (mut names, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b';' if depth == 0 => {
                names.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    names.push(&text[from..]);
    names
}

/// Takes the role in brackets and the number of the address off a name: "Walsdorf, Neill B. [Inventor]", "Mathes, Tim 2".
fn without_notes(name: &str) -> &str {
    let name = name.split(" [").next().unwrap_or(name).trim();
    match name.rsplit_once(' ') {
        Some((before, number)) if number.bytes().all(|b| b.is_ascii_digit() || b == b',') => before.trim(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refs::{Format, ParseOptions, Parsed, parse};

    fn read_text(text: &str) -> Parsed {
        let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("Ovid is recognised");
        assert_eq!(parsed.format, Format::Ovid);
        parsed
    }

    #[test]
    fn tagged_records_are_read_with_or_without_a_space_before_each_line() {
        let text = "<1. >\nVN  - Ovid Technologies\nDB  - Ovid MEDLINE(R)\nUI  - 12345678\nAU  - Walsdorf, Neill B. [Inventor, Reprint Author; E-mail: w@e.org]\nAU  - Wabner, C. L.\n\
                    TI  - Dietary supplements. [References].\nSO  - Forest Ecology & Management. 201(2-3):327-334, November 15, 2004.\nIS  - 0378-1127 (ISSN print)\n\
                    DO  - http://dx.doi.org/10.1017/S1352465814000277\nIN  - One\n\n      Two\nMH  - *Depression, adult\nYR  - 2004\n\n<241. >\nTI  - Two\nAU  - A, B\n";
        for text in [text.to_owned(), text.lines().map(|line| format!(" {line}\r\n")).collect()] {
            let parsed = read_text(&text);
            assert_eq!((parsed.found, parsed.drafts.len(), parsed.not_understood), (2, 2, 0));
            let citation = &parsed.drafts[0].citation;
            assert_eq!((citation.title.as_str(), citation.authors[0].to_string().as_str()), ("Dietary supplements", "Walsdorf, Neill B."));
            assert_eq!(citation.journal.as_deref(), Some("Forest Ecology & Management"));
            assert_eq!(
                (citation.volume.as_deref(), citation.issue.as_deref(), citation.end_page.as_deref()),
                (Some("201"), Some("2-3"), Some("334"))
            );
            assert_eq!(citation.pmid.as_ref().expect("pmid").as_str(), "12345678");
            assert_eq!(citation.extra.iter().filter(|(tag, _)| tag == "IN").count(), 2);
            assert_eq!(citation.keywords, ["*Depression, adult"]);
        }
    }

    #[test]
    fn citation_text_has_names_of_fields_on_their_own_lines() {
        let parsed = read_text(
            "Database: Ovid\nSearch Strategy:\n<8>\nAccession Number\n  00042637-99667.\nAuthor\n  Holstiege, Jakob 1;  Mathes, Tim 2;\nTitle\n  Effects of x.[Review]\n\
             Source\n  Ecohydrology.   8(6):1048-1064, September 2015.\nDOI Number\n  10.1136/amiajnl-2014\nReferences\n  Aber JD. 1989.\n\n  Acker K. 1998.\n\
             <9>\nTitle\n  Book\nChapter Title\n  Chapter\nPublication Type\n  -\n",
        );
        assert_eq!((parsed.drafts.len(), parsed.not_understood), (2, 2));
        let citation = &parsed.drafts[0].citation;
        assert_eq!((citation.authors.len(), citation.authors[1].to_string().as_str()), (2, "Mathes, Tim"));
        assert_eq!((citation.volume.as_deref(), citation.start_page.as_deref(), citation.year), (Some("8"), Some("1048"), Some(2015)));
        assert_eq!(citation.extra.iter().filter(|(tag, _)| tag == "References").count(), 2);
        let chapter = &parsed.drafts[1].citation;
        assert_eq!((chapter.kind, chapter.title.as_str(), chapter.journal.as_deref()), (Kind::BookChapter, "Chapter", Some("Book")));
    }
}
