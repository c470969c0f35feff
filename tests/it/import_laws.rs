//! What holds for every input of every reader, whatever stands in the file.
//!
//! The fuzz targets (`fuzz/`) include this file: what they found once is a fixture in `tests/data/import/regressions` and is
//! checked by the same laws in the test suite.

use std::io::Cursor;

use strum::IntoEnumIterator;
use tamis::domain::record::Citation;
use tamis::domain::text::{clean_line, clean_paragraphs};
use tamis::refs::{Format, ParseOptions, Parsed, parse, read_records, survey, write_records};

/// Reads a file as one format, or as what it is found to be, and checks all laws.
pub fn hold_for(bytes: &[u8], format: Option<Format>) {
    let Some(parsed) = is_read(bytes, format) else { return };
    if parsed.format.is_writable() {
        is_read_again(&parsed.drafts.iter().map(|draft| draft.citation.clone()).collect::<Vec<_>>(), parsed.format);
    }
    blocks_do_not_matter(bytes, &parsed);
    line_ends_do_not_matter(bytes, parsed.format);
}

/// Reads a file and checks what a single reading can show; `None` when the file as a whole is refused.
pub fn is_read(bytes: &[u8], format: Option<Format>) -> Option<Parsed> {
    let parsed = match parse(bytes, &ParseOptions { format, encoding: None, ..ParseOptions::default() }) {
        Ok(parsed) => parsed,
        Err(error) => {
            is_clean_line(&error.to_string(), "a refusal");
            return None;
        }
    };
    assert!(parsed.drafts.len() <= parsed.found, "{} records kept of {} found", parsed.drafts.len(), parsed.found);
    // In a workbook, rows have the numbers that it gives them.
    let is_workbook = parsed.format == Format::Xlsx;
    let lines = if is_workbook { usize::MAX } else { 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() };
    let mut before = 1;
    for draft in &parsed.drafts {
        assert!((before..=lines).contains(&draft.line), "record at line {} after line {before} of {lines}", draft.line);
        before = if is_workbook { 1 } else { draft.line };
        is_clean(&draft.citation);
    }
    let mut before = 1;
    for diagnostic in &parsed.diagnostics {
        let line = diagnostic.line;
        assert!((before..=lines).contains(&line), "remark at line {line} after line {before} of {lines}: {diagnostic:?}");
        before = line;
        is_clean_line(&diagnostic.message, "a remark");
        is_clean_line(diagnostic.field.as_deref().unwrap_or_default(), "the field of a remark");
    }
    Some(parsed)
}

/// Checks that no text of a citation holds what must not reach a terminal, and that each is in its one clean form.
pub fn is_clean(citation: &Citation) {
    let Citation {
        kind: _,
        title,
        original_title,
        authors,
        journal,
        journal_abbreviation,
        year: _,
        date,
        volume,
        issue,
        start_page,
        end_page,
        doi,
        pmid,
        pmcid,
        issn,
        registry_ids,
        accession,
        abstract_text,
        keywords,
        language,
        publisher,
        urls,
        notes,
        extra,
    } = citation;
    is_clean_line(title, "title");
    let optional = [
        (original_title, "original title"),
        (journal, "journal"),
        (journal_abbreviation, "journal abbreviation"),
        (date, "date"),
        (volume, "volume"),
        (issue, "issue"),
        (start_page, "start page"),
        (end_page, "end page"),
        (pmcid, "PMCID"),
        (accession, "accession"),
        (language, "language"),
        (publisher, "publisher"),
    ];
    for (value, field) in optional {
        if let Some(text) = value {
            assert!(!text.is_empty(), "{field} is present and empty");
            is_clean_line(text, field);
        }
    }
    for (list, field) in [(issn, "ISSN"), (registry_ids, "registry number"), (keywords, "keyword"), (urls, "link"), (notes, "note")] {
        for text in list {
            assert!(!text.is_empty(), "an empty {field}");
            is_clean_line(text, field);
        }
    }
    for author in authors {
        is_clean_line(&author.to_string(), "author");
        assert!(!author.family.is_empty(), "an author without a name: {author:?}");
    }
    for (tag, value) in extra {
        is_clean_line(tag, "the name of a kept value");
        is_clean_text(value, "a kept value");
    }
    is_clean_line(doi.as_ref().map_or("", |doi| doi.as_str()), "DOI");
    is_clean_line(pmid.as_ref().map_or("", |pmid| pmid.as_str()), "PMID");
    is_clean_text(abstract_text.as_deref().unwrap_or_default(), "abstract");
}

fn is_clean_line(text: &str, field: &str) {
    assert!(!text.chars().any(char::is_control), "a control character in {field}: {text:?}");
    assert_eq!(clean_line(text), text, "{field} is not clean");
}

fn is_clean_text(text: &str, field: &str) {
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "a control character in {field}: {text:?}");
    assert_eq!(clean_paragraphs(text), text, "{field} is not clean");
}

/// Checks that a file read in small blocks gives the same as one read at once.
fn blocks_do_not_matter(bytes: &[u8], expected: &Parsed) {
    let options = ParseOptions { format: Some(expected.format), ..ParseOptions::default() };
    let mut input = Cursor::new(bytes);
    let survey = survey(&mut input, &options, &mut |_, _| true).expect("as at once");
    // Two to eight blocks, cut at places that differ from input to input.
    let pieces = 2 + bytes.iter().fold(0_usize, |sum, byte| sum + usize::from(*byte)) % 7;
    let block = 1 + bytes.len() / pieces;
    let mut drafts = Vec::new();
    let mut sink = |draft| {
        drafts.push(draft);
        true
    };
    let summary = read_records(&mut input, &survey.in_blocks_of(block), &mut |_, _| true, &mut sink).expect("as at once");
    assert_eq!(
        (summary.found, summary.kept, summary.not_understood),
        (expected.found, expected.drafts.len(), expected.not_understood),
        "counts in blocks of {block}"
    );
    for (read, expected) in drafts.iter().zip(&expected.drafts) {
        are_equal(&read.citation, &expected.citation, &format!("in blocks of {block}"));
        assert_eq!((read.line, &read.raw), (expected.line, &expected.raw), "in blocks of {block}");
    }
    assert_eq!(summary.diagnostics, expected.diagnostics, "remarks in blocks of {block}");
}

/// Checks that LF, CRLF and CR give the same records, at the same lines.
fn line_ends_do_not_matter(bytes: &[u8], format: Format) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // UTF-16 is recognised by its zero bytes, to which other line ends add.
    if text.contains('\0') {
        return;
    }
    let text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace('\r', "\n");
    let options = ParseOptions { format: Some(format), encoding: None, ..ParseOptions::default() };
    let Ok(expected) = parse(text.as_bytes(), &options) else { return };
    for (name, ending) in [("CRLF", "\r\n"), ("CR", "\r")] {
        let read = parse(text.replace('\n', ending).as_bytes(), &options).expect("as with LF");
        assert_eq!(read.drafts.len(), expected.drafts.len(), "records with {name}");
        for (read, expected) in read.drafts.iter().zip(&expected.drafts) {
            are_equal(&read.citation, &expected.citation, &format!("with {name}"));
            assert_eq!(read.line, expected.line, "with {name}");
        }
        // Messages may quote a value with its line ends.
        let remarks = |parsed: &Parsed| parsed.diagnostics.iter().map(|remark| (remark.line, remark.severity)).collect::<Vec<_>>();
        assert_eq!(remarks(&read), remarks(&expected), "remarks with {name}");
    }
}

/// Checks that records written in the format they came from are read again as they were.
///
/// A damaged record may hold several values for one field; all but one are kept under the tags of the file, and which of them
/// fills the field when the file is written and read again is not promised. What a record is known by stays in any case. A record
/// without a title may get one from another field.
fn is_read_again(records: &[Citation], format: Format) {
    let records: Vec<Citation> = records.iter().filter(|citation| !citation.title.is_empty()).cloned().collect();
    let again = rewritten(&records, format);
    assert_eq!(again.len(), records.len(), "records written as {format}");
    for (read, expected) in again.iter().zip(&records) {
        let what = format!("written as {format}");
        if expected.extra.is_empty() {
            are_equal(read, expected, &what);
        } else {
            are_equal(&identity(read, expected), &identity(expected, expected), &what);
        }
    }
}

/// Reads a file as one format and checks that its records survive being written in every format.
pub fn written_records_are_read_again(bytes: &[u8], format: Format) {
    let Ok(parsed) = parse(bytes, &ParseOptions { format: Some(format), encoding: None, ..ParseOptions::default() }) else { return };
    // Kept values belong to one format; in another they mean something else.
    let bare =
        parsed.drafts.into_iter().map(|draft| Citation { extra: Vec::new(), accession: own_accession(&draft.citation), ..draft.citation });
    let records: Vec<Citation> = bare.filter(|citation| !citation.title.is_empty()).collect();
    for target in Format::iter().filter(|target| target.is_writable()) {
        let again = rewritten(&records, target);
        assert_eq!(again.len(), records.len(), "records of {format} written as {target}");
        for (read, expected) in again.iter().zip(&records) {
            let (read, expected) = (comparable(read, expected), comparable(expected, expected));
            are_equal(&read, &expected, &format!("a record of {format} written as {target}"));
        }
    }
}

/// Returns a citation without the year in its date and with its pages as one range, because some formats have one field for both.
/// Names and pages with punctuation that none have are left out, because other formats separate their lists by it, and so is what a
/// reader keeps beside the fields.
fn comparable(citation: &Citation, expected: &Citation) -> Citation {
    let year = citation.year.map(|year| format!("{year} "));
    let date = citation.date.as_deref().zip(year.as_deref()).and_then(|(date, year)| date.strip_prefix(year)).map(str::to_owned);
    fn pages(citation: &Citation) -> Vec<&str> {
        [&citation.start_page, &citation.end_page].into_iter().flatten().map(String::as_str).collect()
    }
    let are_pages = pages(expected).iter().all(|page| page.chars().all(char::is_alphanumeric));
    let pages = Some(pages(citation).join("-")).filter(|pages| !pages.is_empty() && are_pages);
    let is_name = |name: &str| name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '\''));
    let are_names = expected.authors.iter().all(|author| is_name(&author.family) && author.given.as_deref().is_none_or(is_name));
    let authors = if are_names { citation.authors.clone() } else { Vec::new() };
    // Several links on one line are separated by spaces.
    let are_links = expected.urls.iter().all(|url| !url.contains(char::is_whitespace));
    let urls = if are_links { citation.urls.clone() } else { Vec::new() };
    let date = date.or(citation.date.clone());
    let issn = citation.issn.iter().flat_map(|number| number.split([';', ','])).map(|part| part.trim().to_owned()).collect();
    // Braces mean something else in BibTeX, and no DOI in use has any.
    let doi = citation.doi.clone().filter(|_| expected.doi.as_ref().is_none_or(|doi| !doi.as_str().contains(['{', '}', '\\'])));
    Citation { date, start_page: pages, end_page: None, authors, urls, issn, doi, extra: Vec::new(), ..citation.clone() }
}

/// Returns the accession number, unless it says the PubMed identifier once more, as readers do not keep it twice.
fn own_accession(citation: &Citation) -> Option<String> {
    let pmid = citation.pmid.as_ref().map(|pmid| pmid.as_str());
    citation.accession.clone().filter(|accession| pmid.is_none_or(|pmid| !accession.contains(pmid)))
}

/// Writes records and reads them again.
fn rewritten(records: &[Citation], format: Format) -> Vec<Citation> {
    let mut written = Vec::new();
    write_records(&mut written, format, records).expect("a writable format and memory");
    match parse(&written, &ParseOptions { format: Some(format), encoding: Some("utf-8".to_owned()), ..ParseOptions::default() }) {
        Ok(parsed) => parsed.drafts.into_iter().map(|draft| draft.citation).collect(),
        Err(error) => {
            assert!(records.is_empty(), "written as {format}: {error}");
            Vec::new()
        }
    }
}

/// Checks that two citations are equal; otherwise shows the first line that differs.
fn are_equal(read: &Citation, expected: &Citation, what: &str) {
    if read != expected {
        let (read, expected) = (format!("{read:#?}"), format!("{expected:#?}"));
        let at = read.lines().zip(expected.lines()).position(|(read, expected)| read != expected).unwrap_or_default();
        let from = at.saturating_sub(2);
        let show = |text: &str| text.lines().skip(from).take(5).map(str::trim).collect::<Vec<_>>().join(" ");
        panic!("{what}: {} became {}", show(&expected), show(&read));
    }
}

/// Returns what a record is known by. A year or an identifier may come out of a kept value when there was none, and may not change.
fn identity(citation: &Citation, expected: &Citation) -> Citation {
    Citation {
        title: citation.title.clone(),
        authors: citation.authors.clone(),
        year: citation.year.filter(|_| expected.year.is_some()),
        doi: citation.doi.clone().filter(|_| expected.doi.is_some()),
        pmid: citation.pmid.clone().filter(|_| expected.pmid.is_some()),
        abstract_text: citation.abstract_text.clone(),
        ..Citation::default()
    }
}
