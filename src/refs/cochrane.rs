//! The text export of the Cochrane Library: `Record #1 of 271`, then lines `TAG: value`.
//!
//! Files come with CR alone as line end and with a byte order mark before each page of records. The library's RIS export carries the
//! same first line and is read by [`ris`](super::ris).

use crate::domain::author::Author;
use crate::domain::record::{Citation, PublicationKind as Kind};

use super::builder::{Builder, Kinds, Role};
use super::lines::Line;
use super::normalise::parse_author;
use super::tagged::Remarks;
use super::tagged_reader::{Block, Class, Dialect};

/// The kinds and the publication types that stand for them.
const KINDS: Kinds = &[
    (Kind::JournalArticle, &["Journal Article", "Review"]),
    (Kind::ConferencePaper, &["Conference Proceeding", "Conference Paper", "Journal Article; Conference Proceeding"]),
    (Kind::RegistryEntry, &["Trial registry record"]),
];

/// What the tags hold; any other is kept.
const ROLES: &[(&str, Role)] = &[
    ("ID", Role::Accession),
    ("TI", Role::Title),
    ("SO", Role::Journal),
    ("YR", Role::Year),
    ("VL", Role::Volume),
    ("NO", Role::Issue),
    ("PG", Role::Pages),
    ("PM", Role::Pmid),
    ("PT", Role::Kind),
    ("PB", Role::Publisher),
    ("DOI", Role::Doi),
    ("AB", Role::Abstract),
    ("US", Role::Url),
    ("SN", Role::Issn),
    ("LA", Role::Language),
];

/// Reports whether a line counts a record: "Record #1 of 271".
pub(super) fn is_count(line: &str) -> bool {
    let mut words = line.trim().strip_prefix("Record #").unwrap_or("").split(' ');
    let is_number = |word: Option<&str>| word.is_some_and(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()));
    is_number(words.next()) && words.next() == Some("of") && is_number(words.next())
}

/// Splits a line into its tag and its value; `None` when the line has no tag.
pub(super) fn split_tag(line: &str) -> Option<(&str, &str)> {
    let (tag, value) = line.split_once(':')?;
    let is_tag = (2..=3).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_uppercase());
    (is_tag && (value.is_empty() || value.starts_with(' '))).then(|| (tag, value.trim()))
}

/// The format, for a [`TaggedReader`](super::tagged_reader::TaggedReader).
pub(super) struct Cochrane;

impl Dialect for Cochrane {
    fn class<'a>(&self, line: Line<'a>, block: &Block<'a>) -> Class<'a> {
        if is_count(line.text) {
            return Class::Begin(None);
        }
        match split_tag(line.text) {
            Some(("ID", value)) if block.has("ID") && block.has("TI") => Class::Begin(Some(("ID", value))),
            Some((tag, value)) => Class::Field(tag, value),
            None => Class::Continued,
        }
    }

    fn is_record(&self, block: &Block<'_>) -> bool {
        block.is_begun || (block.has("ID") && block.has("TI"))
    }

    fn interpret(&self, block: &Block<'_>, remarks: &mut Remarks) -> Citation {
        let mut builder = Builder::new(KINDS, block.line, remarks);
        for field in &block.fields {
            match field.tag {
                "AU" => builder.citation.authors.extend(parse_name(&field.text())),
                "KY" => builder.take_keywords(&field.text(), &[';']),
                tag => {
                    let role = ROLES.iter().find(|(known, _)| *known == tag).map_or(Role::Extra, |(_, role)| *role);
                    builder.take(role, tag, field.line, &field.paragraphs(|_| true));
                }
            }
        }
        builder.finish()
    }
}

/// Reads a name that has its family name first and no comma ("Han Shanshan", "Roqué i Figuls Marta", "Jackson Cerian F").
fn parse_name(text: &str) -> Option<Author> {
    let author = parse_author(text)?;
    if author.given.is_some() && !author.family.contains(' ') || text.contains([',', ';']) {
        return Some(author);
    }
    let words: Vec<&str> = text.split(' ').collect();
    let is_particle = |word: &str| {
        matches!(
            word.to_lowercase().as_str(),
            "van"
                | "von"
                | "de"
                | "der"
                | "den"
                | "del"
                | "della"
                | "di"
                | "da"
                | "dos"
                | "du"
                | "la"
                | "le"
                | "el"
                | "al"
                | "ten"
                | "ter"
                | "st"
                | "bin"
        )
    };
    let mut family = words.iter().take_while(|word| is_particle(word)).count() + 1;
    // "Roqué i Figuls" and "Ortega y Gasset" are one family name.
    if words.get(family).is_some_and(|word| matches!(*word, "i" | "y" | "e")) {
        family += 2;
    }
    let is_group = words.iter().any(|word| matches!(*word, "Group" | "Collaboration" | "Investigators" | "Network" | "Committee"));
    if family >= words.len() || is_group {
        return Some(author);
    }
    Some(Author::new(words[..family].join(" "), Some(&words[family..].join(" "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refs::{Format, ParseOptions, parse};

    #[test]
    fn records_with_old_line_ends_and_a_mark_in_the_middle_are_read() {
        let text = "\u{feff}Record #1 of 271\rID: CD009275\rAU: Han Shanshan\rAU: Van Ryswyk Emer\rTI: Dietary advice\rSO: Cochrane Database of Systematic Reviews\r\
                    YR: 2017\rNO: 2\rKY: Diet;Diet, Diabetic\rDOI: 10.1002/14651858.CD009275.pub3\rAB: Background: x\rCC: PREG\rUS: http://e.org/x\r\r\r\
                    \u{feff}Record #201 of 271\rID: CN-1\rTI: Two\rPM: PUBMED 21314913\rXR: EMBASE 63\r";
        for text in [text.to_owned(), text.replace('\r', "\r\n")] {
            let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("Cochrane");
            assert_eq!((parsed.format, parsed.drafts.len(), parsed.not_understood), (Format::Cochrane, 2, 0));
            let citation = &parsed.drafts[0].citation;
            let names: Vec<_> = citation.authors.iter().map(ToString::to_string).collect();
            assert_eq!(names, ["Han, Shanshan", "Van Ryswyk, Emer"]);
            assert_eq!((citation.year, citation.issue.as_deref(), citation.keywords.len()), (Some(2017), Some("2"), 2));
            assert_eq!(citation.doi.as_ref().expect("doi").as_str(), "10.1002/14651858.cd009275.pub3");
            assert_eq!(parsed.drafts[1].citation.pmid.as_ref().expect("pmid").as_str(), "21314913");
        }
    }

    #[test]
    fn names_without_a_comma_have_their_family_name_first() {
        for (text, name) in [
            ("Jackson Cerian F", "Jackson, Cerian F"),
            ("Roqué i Figuls Marta", "Roqué i Figuls, Marta"),
            ("Gimenez-Perez Gabriel", "Gimenez-Perez, Gabriel"),
            ("Bywater T", "Bywater, T"),
            ("Cochrane Pain Group", "Cochrane Pain Group"),
        ] {
            assert_eq!(parse_name(text).expect(text).to_string(), name);
        }
    }
}
