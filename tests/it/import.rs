//! Importing bibliographic files: the worked example, encodings and line ends, and files made to be slow to read.

use std::path::{Path, PathBuf};

use tamis::domain::record::Citation;
use tamis::refs::{Format, ParseOptions, Parsed, RefsError, parse};

const KETAMINE: [(&str, Format, usize); 4] = [
    ("search-pubmed.nbib", Format::Nbib, 26),
    ("search-embase.ris", Format::Ris, 79),
    ("search-central.ris", Format::Ris, 34),
    ("search-other.ris", Format::Ris, 6),
];

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path)
}

fn ketamine(name: &str) -> Vec<u8> {
    std::fs::read(data("ketamine").join(name)).expect("the worked example belongs to the project")
}

fn read(bytes: &[u8]) -> Parsed {
    parse(bytes, &ParseOptions::default()).expect("a known format")
}

fn citations(parsed: &Parsed) -> Vec<&Citation> {
    parsed.drafts.iter().map(|draft| &draft.citation).collect()
}

#[test]
fn the_four_searches_of_the_worked_example_give_145_records() {
    let mut total = 0;
    for (name, format, count) in KETAMINE {
        let parsed = read(&ketamine(name));
        assert_eq!((parsed.format, parsed.found, parsed.drafts.len(), parsed.not_understood), (format, count, count, 0), "{name}");
        assert!(parsed.diagnostics.is_empty(), "{name}: {:?}", parsed.diagnostics);
        for citation in citations(&parsed) {
            assert!(!citation.title.is_empty() && !citation.authors.is_empty() && citation.year.is_some(), "{name}: {citation:?}");
        }
        total += parsed.drafts.len();
    }
    assert_eq!(total, 145);
}

#[test]
fn one_trial_reads_the_same_from_three_databases() {
    let [pubmed, embase, central] = ["search-pubmed.nbib", "search-embase.ris", "search-central.ris"].map(|name| read(&ketamine(name)));
    let [pubmed, embase, central] = [&pubmed, &embase, &central].map(|parsed| parsed.drafts[0].citation.clone());
    for citation in [&pubmed, &embase, &central] {
        assert_eq!(citation.label(), "Sigtermans 2009");
        assert_eq!(citation.doi.as_ref().map(|doi| doi.as_str()), Some("10.1016/j.pain.2009.06.023"));
        assert_eq!((citation.start_page.as_deref(), citation.end_page.as_deref()), (Some("304"), Some("311")));
        assert_eq!((citation.volume.as_deref(), citation.issue.as_deref()), (Some("145"), Some("3")));
        assert_eq!(citation.journal.as_deref(), Some("Pain"));
        assert_eq!(citation.authors[1].family, "van Hilten");
        assert_eq!(citation.authors[1].initials(), "JJ");
    }
    assert_eq!(pubmed.pmid, central.pmid);
    assert_eq!(pubmed.pmid.as_ref().map(|pmid| pmid.as_str()), Some("19604642"));
}

#[test]
fn line_ends_and_encodings_do_not_change_what_is_read() {
    for (name, _, _) in KETAMINE {
        let text = String::from_utf8(ketamine(name)).expect("UTF-8").replace("\r\n", "\n");
        let expected = read(text.as_bytes());
        let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let variants = [
            ("CRLF", text.replace('\n', "\r\n").into_bytes()),
            ("CRLF converted twice", text.replace('\n', "\r\r\n").into_bytes()),
            ("CR", text.replace('\n', "\r").into_bytes()),
            ("BOM", format!("\u{feff}{text}").into_bytes()),
            ("UTF-16", utf_16(&text)),
            ("UTF-16 with BOM and CRLF", utf_16(&format!("\u{feff}{}", text.replace('\n', "\r\n")))),
        ];
        for (variant, bytes) in variants {
            let parsed = read(&bytes);
            assert_eq!(citations(&parsed), citations(&expected), "{name} as {variant}");
            assert_eq!(parsed.diagnostics, expected.diagnostics, "{name} as {variant}");
            let lines = |parsed: &Parsed| parsed.drafts.iter().map(|draft| draft.line).collect::<Vec<_>>();
            assert_eq!(lines(&parsed), lines(&expected), "{name} as {variant}");
        }
    }
}

#[test]
fn joined_files_give_the_sum_of_their_records() {
    let mark = "\u{feff}".as_bytes();
    let joined =
        [mark, &ketamine("search-embase.ris"), mark, &ketamine("search-central.ris"), mark, &ketamine("search-other.ris")].concat();
    assert_eq!(read(&joined).drafts.len(), 79 + 34 + 6);
}

#[test]
fn a_file_cut_anywhere_keeps_every_record_before_the_cut() {
    let bytes = ketamine("search-central.ris");
    let text = std::str::from_utf8(&bytes).expect("UTF-8").replace("\r\n", "\n");
    let bytes = text.as_bytes();
    for cut in (0..bytes.len()).step_by(97) {
        let whole = text.get(..cut).map_or(0, |text| text.matches("\nER  - \n").count());
        match parse(&bytes[..cut], &ParseOptions::default()) {
            Ok(parsed) => assert!(parsed.drafts.len() >= whole, "cut at {cut}"),
            Err(error) => assert!(cut < 16, "cut at {cut}: {error}"),
        }
    }
}

#[test]
fn the_format_and_the_encoding_can_be_said() {
    let options =
        |format, encoding: Option<&str>| ParseOptions { format, encoding: encoding.map(str::to_owned), ..ParseOptions::default() };
    let macintosh = b"TY  - JOUR\nAU  - M\x9fller, Zo\x91\nTI  - A\nER  - \n";
    let parsed = parse(macintosh, &options(None, Some("macintosh"))).expect("known");
    assert_eq!(parsed.drafts[0].citation.authors[0].to_string(), "Müller, Zoë");
    assert_eq!(parsed.encoding, "macintosh");
    assert_eq!("RIS".parse(), Ok(Format::Ris));
    assert_eq!(Format::Nbib.to_string(), "nbib");
    assert_eq!(parse(b" \r\n", &options(None, None)), Err(RefsError::Empty));
    let damaged = parse(b"PK\x03\x04 spreadsheet", &options(None, None)).expect_err("no archive");
    assert!(damaged.to_string().contains("workbook"), "{damaged}");
    let unknown = parse(b"%PDF-1.7 an article", &options(None, None)).expect_err("no reader");
    assert!(unknown.to_string().contains("PDF"), "{unknown}");
    assert!(parse(b"x", &options(None, Some("cp850"))).expect_err("no encoding").to_string().contains("cp850"));
}

#[test]
fn hostile_files_are_read_in_linear_time() {
    let record = |value: &str| format!("TY  - JOUR\nTI  - A\n{value}\nER  - \n");
    let repeated = |part: &str| part.repeat(1_000_000 / part.len());
    for value in [
        format!("UR  - x{}y", repeated(" ")),
        format!("DO  - {}", repeated("10.")),
        format!("DO  - 10.1000/{}", repeated(")")),
        format!("N1  - {}", repeated("NTR-")),
        format!("N1  - pmid{}", repeated(":")),
        format!("AB  - {}", repeated("\u{1b}]")),
        format!("AB  - {}", repeated("\u{9d}")),
        format!("AB  - {}", repeated("<")),
        format!("AB  - {}", repeated("&#")),
        repeated("UR  - http://x\n"),
        repeated("A1  - B, C\nAU  - C, D\n"),
        repeated("AB  - B\n"),
        repeated("N2  - B\n\nER\n"),
        repeated("12.\n\n\n"),
        repeated("TY  - \n"),
        repeated("\r"),
    ] {
        let started = std::time::Instant::now();
        let parsed = read(record(&value).as_bytes());
        assert!(parsed.drafts.iter().any(|draft| draft.citation.title.starts_with('A')));
        // A quadratic step over a megabyte takes minutes, whatever the machine.
        assert!(started.elapsed().as_secs() < 20, "{:?}", &value[..30.min(value.len())]);
    }
}
