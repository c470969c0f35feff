//! refer tags (`%T Title`), which EndNote exports as `.enw`.
//!
//! Records are separated by blank lines and usually begin with `%0`, but not always: bepress writes `%T` first. Tags are those of
//! EndNote's "EndNote Export" style; `%A` to `%Z` go back to the Unix program refer.

use crate::domain::record::{Citation, PublicationKind as Kind};

use super::builder::{Builder, Kinds, Role};
use super::lines::Line;
use super::tagged::Remarks;
use super::tagged_reader::{Block, Class, Dialect};

/// The kinds and the values of `%0` that stand for them.
const KINDS: Kinds = &[
    (Kind::JournalArticle, &["Journal Article", "Electronic Article", "Magazine Article", "Newspaper Article"]),
    (Kind::Book, &["Book", "Edited Book", "Electronic Book", "Encyclopedia"]),
    (Kind::BookChapter, &["Book Section", "Electronic Book Section"]),
    (Kind::ConferencePaper, &["Conference Paper", "Conference Proceedings"]),
    (Kind::Report, &["Report", "Government Document"]),
    (Kind::Thesis, &["Thesis"]),
    (Kind::Preprint, &["Preprint", "Unpublished Work"]),
    (Kind::WebPage, &["Web Page", "Blog"]),
    (Kind::Other, &["Generic"]),
];

/// Splits a line into its tag and its value; `None` when the line has no tag.
pub(super) fn split_tag(line: &str) -> Option<(&str, &str)> {
    let bytes = line.as_bytes();
    let is_tag = bytes.len() >= 2 && bytes[0] == b'%' && bytes[1].is_ascii_graphic() && bytes[1] != b'%';
    (is_tag && bytes.get(2).is_none_or(|&b| b == b' ' || b == b'\t')).then(|| (&line[..2], line[2..].trim()))
}

/// The format, for a [`TaggedReader`](super::tagged_reader::TaggedReader).
pub(super) struct Refer;

impl Dialect for Refer {
    fn class<'a>(&self, line: Line<'a>, block: &Block<'a>) -> Class<'a> {
        let Some((tag, value)) = split_tag(line.text) else { return Class::Continued };
        let begins_by_itself = tag == "%0" && block.has("%0");
        // A blank line inside an abstract is followed by more of it or by a tag that the record does not have yet.
        let begins_after_blank = block.has_blank_behind && (matches!(tag, "%0" | "%T" | "%A" | "%F") || (tag != "%K" && block.has(tag)));
        if block.fields.is_empty() || begins_by_itself || begins_after_blank {
            Class::Begin(Some((tag, value)))
        } else {
            Class::Field(tag, value)
        }
    }

    fn is_record(&self, block: &Block<'_>) -> bool {
        block.has("%T") || block.has("%0") || (block.has("%A") && block.has("%D"))
    }

    fn interpret(&self, block: &Block<'_>, remarks: &mut Remarks) -> Citation {
        let mut builder = Builder::new(KINDS, block.line, remarks);
        let has_journal = block.has("%J");
        for field in &block.fields {
            let tag = field.tag;
            let role = match tag {
                "%0" => Role::Kind,
                "%T" => Role::Title,
                "%Q" => Role::OriginalTitle,
                "%A" => Role::Authors,
                "%J" => Role::Journal,
                "%B" if !has_journal => Role::Journal,
                "%D" => Role::Year,
                "%8" => Role::Date,
                "%V" => Role::Volume,
                "%N" => Role::Issue,
                "%P" => Role::Pages,
                "%R" => Role::Doi,
                "%@" => Role::Issn,
                "%M" => Role::Accession,
                "%G" => Role::Language,
                "%I" => Role::Publisher,
                "%U" => Role::Url,
                "%X" => Role::Abstract,
                "%Z" | "%O" => Role::Note,
                "%K" => {
                    for entry in field.entries(|_| false) {
                        builder.take_keywords(&entry, &[';']);
                    }
                    continue;
                }
                _ => Role::Extra,
            };
            let is_list = matches!(tag, "%A" | "%@" | "%U");
            if matches!(role, Role::Abstract | Role::Note | Role::Extra) {
                builder.take(role, tag, field.line, &field.paragraphs(|line| line.starts_with(char::is_lowercase)));
            } else if tag == "%R" && crate::domain::identifier::Doi::find(&field.text()).is_none() {
                // In the original refer, %R is the number of a report.
                builder.take(Role::Extra, tag, field.line, &field.text());
            } else if is_list {
                for entry in field.entries(|_| false) {
                    builder.take(role, tag, field.line, &entry);
                }
            } else {
                builder.take(role, tag, field.line, &field.text());
            }
        }
        builder.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refs::{Format, ParseOptions, Parsed, parse};

    fn read_text(text: &str) -> Parsed {
        let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("refer is recognised");
        assert_eq!(parsed.format, Format::Refer);
        parsed
    }

    #[test]
    fn endnote_writes_one_tag_per_line_and_keywords_on_lines_of_their_own() {
        let parsed = read_text(
            "%0 Journal Article\n%A Smith, J.\n%A Jones, K.\n%D 2009\n%T A title.\n%J Pain\n%V 145\n%N 3\n%P 304-11\n%@ 0304-3959\n%K pain\nketamine\n\
             %X One.\n\nTwo.\n%R 10.1016/j.pain.2009.06.023\n%U https://e.org/x\n%+ Leiden\n\n%0 Book\n%A Plato\n%T Two\n%I dpunkt\n",
        );
        assert_eq!(parsed.drafts.len(), 2);
        let citation = &parsed.drafts[0].citation;
        assert_eq!((citation.authors.len(), citation.end_page.as_deref(), citation.year), (2, Some("311"), Some(2009)));
        assert_eq!(
            (citation.keywords.as_slice(), citation.abstract_text.as_deref()),
            (&["pain".to_owned(), "ketamine".to_owned()][..], Some("One.\nTwo."))
        );
        assert_eq!(citation.doi.as_ref().expect("doi").as_str(), "10.1016/j.pain.2009.06.023");
        assert_eq!(citation.extra, [("%+".to_owned(), "Leiden".to_owned())]);
        assert_eq!((parsed.drafts[1].citation.kind, parsed.drafts[1].line), (Kind::Book, 20));
    }

    #[test]
    fn records_need_not_begin_with_their_type() {
        let parsed =
            read_text("%T One\n%0 Journal Article\n%A A, B\n%B Journal\n%D 2021\n%8 September  1, 2021\n\n\n%T Two\n%B Journal\n%P i-ii\n");
        assert_eq!(parsed.drafts.len(), 2);
        assert_eq!(
            (parsed.drafts[0].citation.journal.as_deref(), parsed.drafts[0].citation.date.as_deref()),
            (Some("Journal"), Some("September 1, 2021"))
        );
        assert_eq!(parsed.drafts[1].citation.end_page.as_deref(), Some("ii"));
    }
}
