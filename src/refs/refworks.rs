//! RefWorks tagged text: two-letter tags and a space, a record from one `RT` to the next.

use crate::domain::record::{Citation, PublicationKind as Kind};

use super::builder::{Builder, Kinds, Role};
use super::lines::Line;
use super::tagged::Remarks;
use super::tagged_reader::{Block, Class, Dialect};

/// The kinds and the values of `RT` that stand for them.
const KINDS: Kinds = &[
    (
        Kind::JournalArticle,
        &["Journal Article", "Journal", "Journal, Electronic", "Abstract", "Magazine Article", "Newspaper Article", "Article"],
    ),
    (Kind::Book, &["Book, Whole", "Book, Edited", "Monograph"]),
    (Kind::BookChapter, &["Book, Section"]),
    (Kind::ConferencePaper, &["Conference Proceedings", "Conference Paper"]),
    (Kind::Report, &["Report"]),
    (Kind::Thesis, &["Dissertation/Thesis", "Dissertation/Thesis, Unpublished", "Dissertation"]),
    (Kind::Preprint, &["Unpublished Material"]),
    (Kind::WebPage, &["Web Page", "Online Discussion Forum"]),
    (Kind::Other, &["Generic"]),
];

/// The tags in use and what they hold.
const ROLES: &[(&str, Role)] = &[
    ("RT", Role::Kind),
    ("SR", Role::Extra),
    ("ID", Role::Extra),
    ("A1", Role::Authors),
    ("T1", Role::Title),
    ("JF", Role::Journal),
    ("JO", Role::JournalAbbreviation),
    ("YR", Role::Year),
    ("FD", Role::Date),
    ("VO", Role::Volume),
    ("IS", Role::Issue),
    ("SP", Role::StartPage),
    ("OP", Role::EndPage),
    ("K1", Role::Keyword),
    ("AB", Role::Abstract),
    ("NO", Role::Note),
    ("A2", Role::Extra),
    ("A3", Role::Extra),
    ("A4", Role::Extra),
    ("A5", Role::Extra),
    ("A6", Role::Extra),
    ("T2", Role::Journal),
    ("T3", Role::Extra),
    ("ED", Role::Extra),
    ("PB", Role::Publisher),
    ("PP", Role::Extra),
    ("SN", Role::Issn),
    ("AV", Role::Extra),
    ("AD", Role::Extra),
    ("AN", Role::Accession),
    ("LA", Role::Language),
    ("CL", Role::Extra),
    ("SF", Role::Extra),
    ("OT", Role::OriginalTitle),
    ("LK", Role::Url),
    ("UL", Role::Url),
    ("DO", Role::Doi),
    ("CN", Role::Extra),
    ("DB", Role::Extra),
    ("DS", Role::Extra),
    ("IP", Role::Extra),
    ("RD", Role::Extra),
    ("ST", Role::Extra),
    ("OL", Role::Extra),
    ("PM", Role::Pmid),
    ("WT", Role::Extra),
    ("WV", Role::Extra),
    ("FL", Role::Extra),
    ("CR", Role::Extra),
    ("GR", Role::Extra),
    ("CA", Role::Extra),
    ("RP", Role::Extra),
    ("JC", Role::Extra),
];

/// Splits a line into its tag, its role and its value; `None` when the line has no tag.
fn split_tag(line: &str) -> Option<(&str, Role, &str)> {
    let (tag, rest) = (line.get(..2)?, line.get(2..)?);
    let role = match ROLES.iter().find(|(known, _)| *known == tag) {
        Some((_, role)) => *role,
        // User fields U1 to U15.
        None if tag.starts_with('U') && tag.as_bytes()[1].is_ascii_digit() => Role::Extra,
        None => return None,
    };
    (rest.is_empty() || rest.starts_with(' ')).then(|| (tag, role, rest.trim()))
}

/// Reports whether a line begins a record.
pub(super) fn begins_record(line: &str) -> bool {
    let known = |value: &str| KINDS.iter().any(|(_, names)| names.contains(&value.trim()));
    line.strip_prefix("RT ").is_some_and(known)
}

/// The format, for a [`TaggedReader`](super::tagged_reader::TaggedReader).
pub(super) struct RefWorks;

impl Dialect for RefWorks {
    fn class<'a>(&self, line: Line<'a>, block: &Block<'a>) -> Class<'a> {
        match split_tag(line.text) {
            Some(("RT", _, value)) => Class::Begin(Some(("RT", value))),
            Some((tag, _, value)) => Class::Field(tag, value),
            None if line.text.trim() == "ER" && block.is_begun => Class::End,
            None => Class::Continued,
        }
    }

    fn is_record(&self, block: &Block<'_>) -> bool {
        block.is_begun || (block.has("T1") && (block.has("A1") || block.has("YR")))
    }

    fn interpret(&self, block: &Block<'_>, remarks: &mut Remarks) -> Citation {
        let mut builder = Builder::new(KINDS, block.line, remarks);
        for field in &block.fields {
            let role = ROLES.iter().find(|(known, _)| *known == field.tag).map_or(Role::Extra, |(_, role)| *role);
            match role {
                Role::Keyword => builder.take_keywords(&field.text(), &[';']),
                Role::Abstract | Role::Note | Role::Extra => {
                    builder.take(role, field.tag, field.line, &field.paragraphs(|line| line.starts_with(char::is_lowercase)));
                }
                role => builder.take(role, field.tag, field.line, &field.text()),
            }
        }
        builder.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refs::{Format, ParseOptions, parse};

    #[test]
    fn records_run_from_one_type_to_the_next() {
        let text = "RT Book, Section\nSR Electronic(1)\nID 206\nA1 Stansfeld,Stephen\nA1 Fuhrer,Rebecca\nT1 Depression\nYR 2002\nVO 1\nSP 101\nOP 23\nK1 Risk\n\
                    K1 Anxiety\nAB One.\ntwo\nA2 Gulford, C.T.\nT2 Stress and the heart\nSN 0727912771 (paperback)\nAN 2002-00714-006\n\nRT Journal Article\nT1 Two\n";
        let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("RefWorks");
        assert_eq!((parsed.format, parsed.drafts.len(), parsed.diagnostics.len()), (Format::RefWorks, 2, 0));
        let citation = &parsed.drafts[0].citation;
        assert_eq!((citation.kind, citation.authors.len(), citation.end_page.as_deref()), (Kind::BookChapter, 2, Some("123")));
        assert_eq!((citation.abstract_text.as_deref(), citation.journal.as_deref()), (Some("One. two"), Some("Stress and the heart")));
        assert_eq!(citation.keywords.len(), 2);
    }
}
