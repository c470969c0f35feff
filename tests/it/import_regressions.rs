//! What fuzzing found once, and inputs made of the words of each format.
//!
//! `tests/data/import/regressions` holds one small file for each finding. All of them keep the laws of `import_laws`; each has a
//! test named after what went wrong.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use strum::IntoEnumIterator;
use tamis::domain::record::Citation;
use tamis::refs::{Format, ParseOptions, Parsed, parse, write_records};

use crate::import_laws;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import/regressions")
}

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Reads a file of the folder, after checking that it keeps the laws.
fn read(name: &str, format: Format) -> Parsed {
    import_laws::hold_for(&bytes_of(name), Some(format));
    parse(&bytes_of(name), &ParseOptions { format: Some(format), ..ParseOptions::default() }).expect("a readable file")
}

fn first(parsed: &Parsed) -> &Citation {
    &parsed.drafts[0].citation
}

#[test]
fn every_file_found_by_fuzzing_keeps_the_laws_in_every_format() {
    let mut files = 0;
    for entry in std::fs::read_dir(folder()).expect("the folder belongs to the project") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        import_laws::hold_for(&bytes, None);
        for format in Format::iter().filter(|format| *format != Format::Xlsx) {
            import_laws::hold_for(&bytes, Some(format));
            import_laws::written_records_are_read_again(&bytes, format);
        }
        files += 1;
    }
    assert!(files >= 14, "{files} files");
}

#[test]
fn a_control_character_in_an_attribute_of_pubmed_xml_reaches_no_kept_value() {
    let parsed = read("control-character-in-an-attribute.xml", Format::PubmedXml);
    assert!(first(&parsed).extra.contains(&("AID".to_owned(), "S0304-3959 [pii]".to_owned())), "{:?}", first(&parsed).extra);
}

#[test]
fn a_key_of_bibtex_ends_at_a_carriage_return() {
    let parsed = read("carriage-return-behind-a-key.bib", Format::Bibtex);
    assert_eq!((first(&parsed).title.as_str(), first(&parsed).volume.as_deref()), ("One", Some("3")));
}

#[test]
fn an_nbib_record_with_neither_number_nor_title_is_read_again_when_written() {
    let parsed = read("no-pubmed-number-and-no-title.nbib", Format::Nbib);
    let records: Vec<Citation> = parsed.drafts.iter().map(|draft| draft.citation.clone()).collect();
    let mut written = Vec::new();
    write_records(&mut written, Format::Nbib, &records).expect("memory");
    let again = parse(&written, &ParseOptions { format: Some(Format::Nbib), ..ParseOptions::default() }).expect("nbib");
    assert_eq!(again.drafts.iter().map(|draft| draft.citation.clone()).collect::<Vec<_>>(), records);
}

#[test]
fn a_doi_given_as_the_number_of_a_ris_record_is_found() {
    let parsed = read("doi-as-record-number.ris", Format::Ris);
    assert_eq!(first(&parsed).doi.as_ref().map(|doi| doi.as_str()), Some("10.1080/08870446.2019.1662014"));
}

#[test]
fn a_last_page_of_only_a_comma_is_no_page() {
    let parsed = read("last-page-of-only-a-comma.ris", Format::Ris);
    for draft in &parsed.drafts {
        assert!(draft.citation.start_page.is_some() && draft.citation.end_page.as_deref() != Some(""), "{:?}", draft.citation);
    }
}

#[test]
fn a_carriage_return_in_a_quoted_cell_separates_like_a_line_feed() {
    let parsed = read("carriage-return-in-a-quoted-cell.csv", Format::Csv);
    assert_eq!(first(&parsed).keywords, ["pain", "ketamine"]);
    assert_eq!(first(&parsed).registry_ids, ["NCT00579085", "ISRCTN12345678"]);
}

#[test]
fn an_article_number_has_the_form_of_a_page_and_is_kept_as_printed() {
    let parsed = read("article-number-with-commas.ris", Format::Ris);
    assert_eq!(first(&parsed).start_page.as_deref(), Some("1722034"));
    assert!(first(&parsed).extra.iter().any(|(tag, value)| tag == "C7" && value == "Art. No. 1722034, supplement, and more"));
    assert_eq!(parsed.drafts[1].citation.start_page, None);
}

#[test]
fn two_full_stops_behind_a_title_are_not_taken_off_one_by_one() {
    let parsed = read("two-full-stops-behind-a-title.ris", Format::Ris);
    assert_eq!(first(&parsed).title, "Ketamine in vitamin D. .");
}

#[test]
fn commas_before_an_author_belong_to_no_name() {
    let parsed = read("commas-before-an-author.ris", Format::Ris);
    let names: Vec<String> = first(&parsed).authors.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["Sigtermans, M.", "e"]);
}

#[test]
fn commas_and_line_ends_behind_a_value_of_bibtex_belong_to_no_title() {
    let parsed = read("value-ending-in-commas-and-lines.bib", Format::Bibtex);
    assert_eq!(first(&parsed).title, "Warm baths for sore feet and hands");
}

#[test]
fn a_registry_number_in_a_note_is_written_as_endnote_xml_and_read_again_once() {
    let parsed = read("registry-number-in-a-note.xml", Format::EndnoteXml);
    assert_eq!((first(&parsed).registry_ids.as_slice(), first(&parsed).extra.len()), (&["NCT01158170".to_owned()][..], 0));
}

#[test]
fn a_link_that_is_none_is_kept_under_its_tag() {
    let parsed = read("link-that-is-none.ris", Format::Ris);
    assert_eq!(first(&parsed).urls, ["https://example.org/a"]);
    assert_eq!(first(&parsed).extra, [("UR".to_owned(), "Location/URL".to_owned())]);
}

#[test]
fn a_remark_about_damaged_json_names_one_line_only() {
    let parsed = read("damaged-object-behind-a-carriage-return.json", Format::CslJson);
    assert_eq!(parsed.drafts.len(), 1);
    let messages: Vec<_> = parsed.diagnostics.iter().map(|remark| (remark.line, remark.message.as_str())).collect();
    assert!(messages.iter().any(|(line, _)| *line == 3), "{messages:?}");
    assert!(!messages.iter().any(|(_, message)| message.contains(" column ")), "{messages:?}");
}

#[test]
fn a_month_without_its_year_keeps_the_year_in_every_format() {
    let parsed = read("month-without-its-year.ris", Format::Ris);
    for format in Format::iter().filter(|format| format.is_writable()) {
        let mut written = Vec::new();
        write_records(&mut written, format, [first(&parsed)]).expect("memory");
        let again = parse(&written, &ParseOptions { format: Some(format), ..ParseOptions::default() }).expect("readable");
        assert_eq!(again.drafts[0].citation.year, Some(2007), "{format}");
    }
}

/// Reads the words of a format that the fuzz targets use too.
fn words(format: Format) -> Vec<Vec<u8>> {
    let name = format.to_string().replace('-', "_");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/dictionaries").join(format!("{name}.dict"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let words = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    words.map(unescaped).collect()
}

/// Returns the bytes of a word in a dictionary: `\x0a`, `\"` and `\\` are escapes.
fn unescaped(word: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = word.as_bytes();
    while let [byte, more @ ..] = rest {
        rest = more;
        match (byte, more) {
            (b'\\', [b'x', high, low, behind @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).expect("ASCII digits");
                bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
                rest = behind;
            }
            (b'\\', [escaped, behind @ ..]) => {
                bytes.push(*escaped);
                rest = behind;
            }
            _ => bytes.push(*byte),
        }
    }
    bytes
}

#[test]
fn the_words_of_every_format_are_readable() {
    for format in Format::iter() {
        assert!(words(format).len() > 5, "{format}");
    }
    assert_eq!(unescaped("\\x0aTI  - \\\"\\\\"), b"\nTI  - \"\\");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn soup_of_the_words_of_a_format_keeps_the_laws(choices in prop::collection::vec((any::<prop::sample::Index>(), "[ -~äé“0-9]{0,12}"), 0..40)) {
        for format in Format::iter().filter(|format| *format != Format::Xlsx) {
            let words = words(format);
            let mut soup = Vec::new();
            for (choice, text) in &choices {
                let word: &Vec<u8> = choice.get(&words);
                soup.extend_from_slice(word);
                soup.extend_from_slice(text.as_bytes());
            }
            import_laws::hold_for(&soup, Some(format));
        }
    }

    #[test]
    fn soup_of_bytes_keeps_the_laws(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        import_laws::hold_for(&bytes, None);
        for format in Format::iter() {
            import_laws::hold_for(&bytes, Some(format));
        }
    }
}
