//! Web of Science tagged text (`.ciw`, "plain text", ISI): two-letter tags, values continued with three spaces, a record from `PT`
//! to `ER`.
//!
//! Tags are those of "Web of Science Core Collection Field Tags" (Clarivate); MEDLINE, INSPEC, CABI and other databases on the platform
//! use the same with small differences.

use crate::domain::author::Author;
use crate::domain::record::{Citation, PublicationKind as Kind};

use super::builder::{Builder, Kinds, Role};
use super::lines::Line;
use super::tagged::{Field, Remarks, line_of};
use super::tagged_reader::{Block, Class, Dialect};

/// The kinds and the values of `PT` and `DT` that stand for them.
const KINDS: Kinds = &[
    (Kind::JournalArticle, &["J", "Journal"]),
    (Kind::Book, &["B", "Book"]),
    (Kind::BookChapter, &["S", "Book Chapter"]),
    (Kind::ConferencePaper, &["C", "Proceedings Paper", "Meeting Abstract"]),
    (Kind::Thesis, &["Dissertation/Thesis", "Thesis"]),
    (Kind::Other, &["P", "Patent"]),
];

/// What the tags hold; any other is kept.
const ROLES: &[(&str, Role)] = &[
    ("PT", Role::Kind),
    ("TI", Role::Title),
    ("FT", Role::OriginalTitle),
    ("SO", Role::Journal),
    ("JI", Role::JournalAbbreviation),
    ("LA", Role::Language),
    ("AB", Role::Abstract),
    ("PU", Role::Publisher),
    ("SN", Role::Issn),
    ("EI", Role::Issn),
    ("BN", Role::Issn),
    ("PD", Role::Date),
    ("PY", Role::Year),
    ("VL", Role::Volume),
    ("IS", Role::Issue),
    ("BP", Role::StartPage),
    ("EP", Role::EndPage),
    ("PS", Role::Pages),
    ("AR", Role::ArticleNumber),
    ("DI", Role::Doi),
    ("PM", Role::Pmid),
    ("UT", Role::Accession),
];

/// Splits a line into its tag and its value; `None` when the line has no tag.
pub(super) fn split_tag(line: &str) -> Option<(&str, &str)> {
    let bytes = line.as_bytes();
    let is_tag = bytes.len() >= 2 && bytes[0].is_ascii_uppercase() && (bytes[1].is_ascii_uppercase() || bytes[1].is_ascii_digit());
    let is_separate = bytes.get(2).is_none_or(|&b| b == b' ' || b == b'\t');
    // A hyphen behind the tag is RIS.
    let is_other = line.get(2..).is_some_and(|rest| rest.trim_start().starts_with("- ") || rest.trim_start() == "-");
    (is_tag && is_separate && !is_other).then(|| (&line[..2], line[2..].trim()))
}

/// The format, for a [`TaggedReader`](super::tagged_reader::TaggedReader).
pub(super) struct WebOfScience;

impl Dialect for WebOfScience {
    fn class<'a>(&self, line: Line<'a>, block: &Block<'a>) -> Class<'a> {
        match split_tag(line.text) {
            Some(("FN" | "VR", _)) if !block.is_begun || block.fields.is_empty() => Class::Frame,
            Some(("EF", "")) => Class::Frame,
            // A wrapped text never begins a line, so that a word "PT" or "ER" there is a tag.
            Some(("PT", value)) => Class::Begin(Some(("PT", value))),
            Some(("ER", "")) => Class::End,
            Some((tag, value)) => Class::Field(tag, value),
            None => Class::Continued,
        }
    }

    fn is_record(&self, block: &Block<'_>) -> bool {
        block.is_begun || (block.has("TI") && (block.has("AU") || block.has("SO") || block.has("PY")))
    }

    fn interpret(&self, block: &Block<'_>, remarks: &mut Remarks) -> Citation {
        if !block.is_begun {
            remarks.warn(block.line, Some("PT"), "The record has no PT; it was read as a journal article.");
        }
        let mut builder = Builder::new(KINDS, block.line, remarks);
        take_authors(&block.fields, &mut builder);
        let has_abbreviation = block.has("JI");
        for field in &block.fields {
            match field.tag {
                "AU" | "AF" | "BA" | "BF" | "CA" | "GP" => {}
                "DE" | "ID" => builder.take_keywords(&field.text(), &[';']),
                "J9" if !has_abbreviation => builder.take(Role::JournalAbbreviation, "J9", field.line, &field.text()),
                "AN" => builder.take(Role::Accession, "AN", field.line, &field.text()),
                tag => match ROLES.iter().find(|(known, _)| *known == tag) {
                    Some((_, role)) => builder.take(*role, tag, field.line, &field.text()),
                    None => {
                        for entry in field.entries(|_| is_sentence(tag)) {
                            builder.keep(tag, entry);
                        }
                    }
                },
            }
        }
        settle_kind(block, &mut builder);
        builder.finish()
    }
}

/// Reports whether the lines of a tag are one text rather than a list.
fn is_sentence(tag: &str) -> bool {
    !matches!(tag, "CR" | "C1" | "C3" | "EM" | "BE" | "AU" | "CT")
}

/// Takes the authors: full names where there are as many as short ones, then groups.
fn take_authors(fields: &[Field<'_>], builder: &mut Builder<'_>) {
    let entries = |tags: [&str; 2]| -> Vec<(usize, String)> {
        let chosen = fields.iter().filter(|field| tags.contains(&field.tag));
        chosen.flat_map(|field| field.entries(|_| false).into_iter().map(|entry| (field.line, entry))).collect()
    };
    let (short, full) = (entries(["AU", "BA"]), entries(["AF", "BF"]));
    let (chosen, tag) = if full.len() >= short.len() { (&full, "AF") } else { (&short, "AU") };
    for (line, name) in chosen {
        builder.take(Role::Authors, tag, *line, name);
    }
    if !full.is_empty() && full.len() < short.len() {
        for (_, name) in &full {
            builder.keep("AF", name.clone());
        }
    }
    for field in fields.iter().filter(|field| matches!(field.tag, "CA" | "GP")) {
        for group in field.entries(|_| true).iter().flat_map(|text| text.split(';')) {
            let group = line_of(group);
            if !group.is_empty() {
                builder.citation.authors.push(Author::new(group, None));
            }
        }
    }
}

/// Lets the document type say what the publication type leaves open.
fn settle_kind(block: &Block<'_>, builder: &mut Builder<'_>) {
    let types: Vec<String> = block.fields.iter().filter(|field| field.tag == "DT").map(Field::text).collect();
    let named = |name: &str| types.iter().any(|text| text.split(';').any(|part| part.trim().eq_ignore_ascii_case(name)));
    let kind = [
        ("Proceedings Paper", Kind::ConferencePaper),
        ("Meeting Abstract", Kind::ConferencePaper),
        ("Book Chapter", Kind::BookChapter),
        ("Dissertation/Thesis", Kind::Thesis),
    ];
    if let Some((_, kind)) = kind.iter().find(|(name, _)| named(name)) {
        builder.citation.kind = *kind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refs::{Format, ParseOptions, Parsed, parse};

    fn read_text(text: &str) -> Parsed {
        let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("Web of Science is recognised");
        assert_eq!(parsed.format, Format::Wos);
        parsed
    }

    #[test]
    fn a_record_with_full_names_article_number_and_wrapped_lines() {
        let parsed = read_text(
            "\u{feff}FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Li, W\n   Dou, ZG\nAF Li, Wei\n   Dou, Zhiguo\nCA Soil Study Group\n\
             TI Soil fauna diversity in a\n   lakeshore wetland\nSO ECOSYSTEM HEALTH\nLA English\nDT Article; Proceedings Paper\nDE soil; lake\nID WATER\n\
             AB One.\n   Two.\nC1 [Li, Wei] A.\n   [Dou] B.\nSN 2096-4129\nEI 2332-8878\nPD DEC 16\nPY 2020\nVL 6\nIS 1\nAR UNSP 1722034\n\
             DI 10.1080/20964129.2020.1722034\nPM 12345678\nUT WOS:000514379300001\nER\n\nPT J\nTI Two\nER\n\nEF\n",
        );
        assert_eq!((parsed.found, parsed.drafts.len(), parsed.not_understood), (2, 2, 0));
        let citation = &parsed.drafts[0].citation;
        let names: Vec<_> = citation.authors.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["Li, Wei", "Dou, Zhiguo", "Soil Study Group"]);
        assert_eq!(citation.title, "Soil fauna diversity in a lakeshore wetland");
        assert_eq!(
            (citation.year, citation.date.as_deref(), citation.start_page.as_deref()),
            (Some(2020), Some("DEC 16"), Some("1722034"))
        );
        assert_eq!((citation.keywords.len(), citation.issn.len(), citation.kind), (3, 2, Kind::ConferencePaper));
        assert_eq!(citation.abstract_text.as_deref(), Some("One. Two."));
        assert_eq!(citation.extra.iter().filter(|(tag, _)| tag == "C1").count(), 2);
        assert_eq!((parsed.drafts[0].line, parsed.drafts[1].line), (3, 32));
    }

    #[test]
    fn medline_on_the_platform_has_the_pubmed_number_in_ut() {
        let citation =
            read_text("FN ISI\nVR 1.0\nPT J\nTI A\nAU Joffe, Hadine; Hall, Janet E\nPS 411-22\nPY 2006\nUT MEDLINE:16735938\nER\n").drafts
                [0]
            .citation
            .clone();
        assert_eq!((citation.authors.len(), citation.end_page.as_deref()), (2, Some("422")));
        assert_eq!(citation.pmid.expect("pmid").as_str(), "16735938");
    }

    #[test]
    fn a_missing_end_or_beginning_costs_no_record() {
        let parsed = read_text("FN ISI\nVR 1.0\nPT J\nTI One\nPT J\nTI Two\nER\n\nTI Three\nAU A, B\nER\nEF\n");
        let titles: Vec<_> = parsed.drafts.iter().map(|draft| draft.citation.title.as_str()).collect();
        assert_eq!(titles, ["One", "Two", "Three"]);
        assert_eq!(parsed.diagnostics.iter().filter(|d| d.field.as_deref() == Some("PT")).count(), 1);
    }
}
