//! Files read piece by piece: nothing that is read depends on where the pieces end, and what is held does not grow with the file.

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tamis::domain::record::Draft;
use tamis::refs::{Format, ParseOptions, ReadSummary, RefsError, parse, read_records, survey};

/// One record of every format, and what stands before, between and behind the records of a file.
const RECORDS: [(Format, &str, &str, &str, &str); 15] = [
    (Format::Ris, "", "1.\nTY  - JOUR\nTI  - Ketamine # for pain\nAU  - Smith, J\nAB  - One\n   two\nER  - \n", "\nprose\n", ""),
    (Format::Nbib, "", "PMID- 19604642\nTI  - Ketamine # for\n      pain\nFAU - Smith, J\nDP  - 2009\n", "\n", ""),
    (Format::Wos, "FN ISI\nVR 1.0\n", "PT J\nAU Smith, J\n   Jones, K\nTI Ketamine # for pain\nPY 2009\nER\n", "\n", "EF\n"),
    (Format::Ovid, "", "<1. >\nUI  - 1\nTI  - Ketamine # for pain\nAU  - Smith, J\nSO  - Pain. 1(2):3-4, 2009.\n", "\n", ""),
    (Format::Cochrane, "", "Record #1 of 9\rID: CN-1\rAU: Smith J\rTI: Ketamine # for pain\rAB: One\r", "\r\r\u{feff}", ""),
    (Format::Refer, "", "%0 Journal Article\n%T Ketamine # for pain\n%A Smith, J\n%X One\n\ntwo\n", "\n", ""),
    (Format::RefWorks, "", "RT Journal Article\nT1 Ketamine # for pain\nA1 Smith,J\nYR 2009\n", "\n", ""),
    (
        Format::Bibtex,
        "Scopus\n",
        "@article{a#, title = {Ketamine # for {pain}}, author = {Smith, J}, crossref = {p}}",
        "\n",
        "\n@book{p, publisher = {X}}",
    ),
    (
        Format::CslJson,
        "[",
        "{\"type\":\"article-journal\",\"title\":\"Ketamine # for {pain\",\"author\":[{\"family\":\"Smith\"}]}",
        ",",
        "]",
    ),
    (
        Format::CslJson,
        "{\"a\":[1,{}],\n\"items\": [\n",
        "  {\n    \"title\": \"Ketamine # for pain\",\n    \"author\": []\n  }",
        ",\n",
        "\n]}",
    ),
    (
        Format::CtgovJson,
        "",
        "{\"protocolSection\":{\"identificationModule\":{\"nctId\":\"NCT00579085\",\"briefTitle\":\"Ketamine #\"}}}",
        "\n",
        "",
    ),
    (
        Format::PubmedXml,
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]><PubmedArticleSet>",
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>Ketamine # <i>for</i> pain</ArticleTitle></Article></MedlineCitation></PubmedArticle>",
        "<!-- a > b -->\r\n",
        "</PubmedArticleSet>",
    ),
    (
        Format::EndnoteXml,
        "<xml><records>",
        "<record><titles><title><style face='normal'>Ketamine # for &amp; <![CDATA[<pain>]]></style></title></titles><isbn>1&#xD;2</isbn></record>",
        "",
        "</records></xml>",
    ),
    (
        Format::Ictrp,
        "<Trials_downloaded_from_ICTRP>",
        "<Trial><TrialID>NCT1</TrialID><Public_title>Ketamine # for\n pain</Public_title></Trial>\n",
        "",
        "</Trials_downloaded_from_ICTRP>",
    ),
    (Format::Csv, "Title,Authors,Year,DOI\n", "\"Ketamine #, \"\"for\"\"\npain\",\"Smith, J\",2009,\"10.1000/x\"\n", "", ""),
];

/// Makes a file of so many records.
fn file_of(at: usize, count: usize) -> (Format, String) {
    let (format, before, record, between, after) = RECORDS[at];
    let records: Vec<String> = (0..count).map(|number| record.replace('#', &number.to_string())).collect();
    (format, format!("{before}{}{after}", records.join(between)))
}

fn forced(format: Format) -> ParseOptions {
    ParseOptions { format: Some(format), ..ParseOptions::default() }
}

/// Reads a file in blocks of a size.
fn read_in(bytes: &[u8], options: &ParseOptions, block: usize) -> Result<(String, ReadSummary, Vec<Draft>), RefsError> {
    let mut input = Cursor::new(bytes);
    let survey = survey(&mut input, options, &mut |_, _| true)?.in_blocks_of(block);
    let mut drafts = Vec::new();
    let mut keep = |draft| {
        drafts.push(draft);
        true
    };
    let summary = read_records(&mut input, &survey, &mut |_, _| true, &mut keep)?;
    assert_eq!((summary.kept, survey.bytes), (drafts.len(), bytes.len() as u64));
    Ok((format!("{} {}", survey.format, survey.encoding), summary, drafts))
}

/// Checks that a file gives the same in blocks of every one of these sizes.
fn assert_same(name: &str, bytes: &[u8], options: &ParseOptions, sizes: &[usize]) {
    let whole = read_in(bytes, options, bytes.len().max(1));
    for &size in sizes {
        let pieces = read_in(bytes, options, size);
        match (&whole, &pieces) {
            (Ok((kind, summary, drafts)), Ok((other_kind, other, other_drafts))) => {
                assert_eq!(
                    (other_kind, other.found, other.not_understood),
                    (kind, summary.found, summary.not_understood),
                    "{name}: {size}"
                );
                assert_eq!(other.diagnostics, summary.diagnostics, "{name} in blocks of {size}");
                assert_eq!(other.remarks, summary.remarks, "{name} in blocks of {size}");
                assert!(other_drafts == drafts, "{name} in blocks of {size}");
            }
            _ => assert_eq!(pieces.as_ref().err(), whole.as_ref().err(), "{name} in blocks of {size}"),
        }
    }
}

/// Returns the files of a folder and of those in it.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("the folder is read").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

#[test]
fn every_format_is_read_alike_wherever_the_pieces_end() {
    for at in 0..RECORDS.len() {
        let (format, text) = file_of(at, 3);
        let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("a known format");
        let count = 3 + usize::from(format == Format::Bibtex);
        assert_eq!((parsed.format, parsed.drafts.len()), (format, count), "{text}");
        assert!(parsed.drafts[1].citation.title.starts_with("Ketamine 1"), "{:?}", parsed.drafts[1].citation);
        let sizes: Vec<usize> = (1..text.len()).collect();
        assert_same(&format.to_string(), text.as_bytes(), &ParseOptions::default(), &sizes);
        // Cut off, with other line ends, and read as something that it is not.
        assert_same("cut", &text.as_bytes()[..text.len() * 2 / 3], &forced(format), &sizes);
        let returned = text.replace('\n', "\r\r\n");
        assert_same("other line ends", returned.as_bytes(), &forced(format), &[1, 2, 3, 5, 7, 11, 64]);
        let other = RECORDS[(at + 1) % RECORDS.len()].0;
        assert_same("another format", text.as_bytes(), &forced(other), &[1, 2, 3, 5, 7, 11, 64]);
    }
}

#[test]
fn real_exports_are_read_alike_wherever_the_pieces_end() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let reference = std::env::var_os("TAMIS_REFERENCE").map_or_else(|| PathBuf::from("../shared/reference"), PathBuf::from).join("import");
    let mut files = [files_in(&data.join("ketamine")), files_in(&data.join("import"))].concat();
    let corpus = files_in(&reference);
    if corpus.is_empty() {
        eprintln!("the corpus of real exports is not at {}; only the project's own files were read", reference.display());
    }
    files.extend(corpus);
    for path in files {
        let bytes = std::fs::read(&path).expect("the file is read");
        let sizes: &[usize] = match bytes.len() {
            ..3_000 => &[1, 2, 7, 61, 500],
            3_000..40_000 => &[61, 1_021],
            40_000..2_000_000 => &[1_021, 16_381],
            _ => continue,
        };
        assert_same(&path.display().to_string(), &bytes, &ParseOptions::default(), sizes);
    }
}

#[test]
fn what_is_held_does_not_grow_with_the_file() {
    for at in 0..RECORDS.len() {
        let (format, text) = file_of(at, 5_000);
        let (_, summary, _) = read_in(text.as_bytes(), &ParseOptions::default(), 4_096).expect("a known format");
        // The parent of the entries is a record too.
        let count = 5_000 + usize::from(format == Format::Bibtex);
        assert_eq!((summary.found, summary.kept), (count, count), "{format}");
        assert!(summary.held < 20_000, "{format}: {} bytes of {} were held", summary.held, text.len());
    }
}

#[test]
fn a_record_longer_than_a_block_is_held_and_let_go() {
    let long = "word ".repeat(100_000);
    let record = "TY  - JOUR\nTI  - A\nER  - \n";
    let text = format!("{}TY  - JOUR\nTI  - Long\nAB  - {long}\nER  - \n{}", record.repeat(500), record.repeat(500));
    let (_, summary, drafts) = read_in(text.as_bytes(), &ParseOptions::default(), 1_000).expect("RIS");
    assert_eq!(drafts.len(), 1_001);
    assert_eq!(drafts[500].citation.abstract_text.as_deref(), Some(long.trim()));
    assert!(summary.held < 3 * long.len(), "{} bytes were held", summary.held);
    // What is no record at all is not held either, whatever its length.
    let prose = format!("{record}{}{record}", "prose outside\n".repeat(50_000));
    let (_, summary, _) = read_in(prose.as_bytes(), &ParseOptions::default(), 1_000).expect("RIS");
    assert_eq!((summary.kept, summary.not_understood), (2, 50_000));
    assert!(summary.held < 64_000, "{} bytes were held", summary.held);
}

#[test]
fn a_file_of_bad_lines_gives_ten_thousand_remarks_and_their_count() {
    let text = format!("TY  - JOUR\nPY  - 2009\n{}TI  - A\nER  - \n", "PY  - 2009\n?\n".repeat(30_000));
    let (_, summary, _) = read_in(text.as_bytes(), &ParseOptions::default(), 65_536).expect("RIS");
    assert_eq!(summary.diagnostics.len(), 10_001);
    assert_eq!(summary.remarks.total(), 30_000);
    let last = summary.diagnostics.last().expect("remarks");
    assert!(last.message.starts_with("20000 further remarks"), "{last:?}");
    assert_eq!(last.line, 20_004);
    let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("RIS");
    assert_eq!(parsed.diagnostics, summary.diagnostics);
}

#[test]
fn parents_of_entries_may_stand_anywhere_in_a_long_file() {
    let filler: String = (0..20_000).map(|at| format!("@article{{k{at}, title = {{Filler {at}}}}}\n")).collect();
    let child = "@inbook{c, title = {Part}, crossref = {Whole}}\n";
    let parent = "@string{us = {Springer}}\n@book{whole, title = {The whole}, publisher = us, year = 2009}\n";
    for text in [format!("{child}{filler}{parent}"), format!("{parent}{filler}{child}")] {
        let (_, summary, drafts) = read_in(text.as_bytes(), &ParseOptions::default(), 4_096).expect("BibTeX");
        let part = drafts.iter().find(|draft| draft.citation.title == "Part").expect("the part").citation.clone();
        assert_eq!((part.journal.as_deref(), part.publisher.as_deref(), part.year), (Some("The whole"), Some("Springer"), Some(2009)));
        assert!(summary.held < 20_000 && drafts.len() == 20_002);
    }
}

#[test]
fn a_survey_says_what_a_file_is_without_reading_its_records() {
    let text = format!("{}TY  - JOUR\nTI  - Ménière\nER  - \n", "A line of a long search strategy\n".repeat(18_000));
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let found = survey(&mut Cursor::new(&bytes), &ParseOptions::default(), &mut |_, _| true).expect("RIS");
    assert_eq!((found.bytes, found.format, found.encoding.as_str()), (bytes.len() as u64, Format::Ris, "windows-1252"));
    assert_eq!(found.sha256, <[u8; 32]>::from(Sha256::digest(&bytes)));
    let refused = |bytes: &[u8]| survey(&mut Cursor::new(bytes), &ParseOptions::default(), &mut |_, _| true).map(|found| found.format);
    assert_eq!(refused(b""), Err(RefsError::Empty));
    assert_eq!(refused("\u{feff} \r\n\u{a0}".as_bytes()), Err(RefsError::Empty));
    assert_eq!(refused(&b" ".repeat(200_000)), Err(RefsError::Empty));
    assert_eq!(refused(b"hello"), Err(RefsError::UnknownFormat { guess: None }));
}

/// A file that cannot be read beyond a place.
struct Torn {
    inside: Cursor<Vec<u8>>,
    at: u64,
}

impl Read for Torn {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.inside.position() >= self.at { Err(std::io::Error::other("the disk was taken away")) } else { self.inside.read(buffer) }
    }
}

impl Seek for Torn {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inside.seek(to)
    }
}

#[test]
fn reading_stops_when_asked_to_and_when_the_file_fails() {
    let text = "TY  - JOUR\nTI  - A\nER  - \n".repeat(20_000).into_bytes();
    let mut input = Cursor::new(text.clone());
    let mut calls = 0;
    let mut twice = |_: u64, _: u64| {
        calls += 1;
        calls < 3
    };
    assert_eq!(survey(&mut input, &ParseOptions::default(), &mut twice).map(|found| found.format), Err(RefsError::Cancelled));
    let found = survey(&mut input, &ParseOptions::default(), &mut |_, _| true).expect("RIS");
    let mut kept = 0;
    let stopped = read_records(&mut input, &found, &mut |done, total| done * 2 < total, &mut |_| {
        kept += 1;
        true
    });
    assert_eq!((stopped, (9_000..15_000).contains(&kept)), (Err(RefsError::Cancelled), true), "{kept}");
    let mut kept = 0;
    let stopped = read_records(&mut input, &found, &mut |_, _| true, &mut |_| {
        kept += 1;
        kept < 7
    });
    assert_eq!((stopped, kept), (Err(RefsError::Cancelled), 7), "nothing is handed on after that");
    let mut torn = Torn { inside: Cursor::new(text), at: 300_000 };
    let unreadable = Err(RefsError::Unreadable { message: "the disk was taken away".to_owned() });
    assert_eq!(read_records(&mut torn, &found, &mut |_, _| true, &mut |_| true), unreadable);
    assert_eq!(survey(&mut torn, &ParseOptions::default(), &mut |_, _| true).map(|found| found.bytes), unreadable.map(|_| 0));
}
