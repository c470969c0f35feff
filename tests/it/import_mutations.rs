//! Real exports as they reach people: with other line ends and encodings, joined, cut off, damaged.
//!
//! Every file of the corpus is used. Of large ones the first records are changed, so that the tests stay quick in a debug build.

use encoding_rs::{Encoding, MACINTOSH, UTF_8, WINDOWS_1252};
use tamis::domain::record::{Citation, Draft};
use tamis::refs::{Format, ParseOptions, Parsed, parse};

use crate::import_corpus::{citations, expected, read, reference};

/// How much of a file is changed, in bytes.
const ENOUGH: usize = 12_000;

/// One file of the corpus.
struct Sample {
    name: String,
    /// The text with LF line ends and without byte order marks.
    text: String,
    /// What the text gives.
    parsed: Parsed,
    /// The offset of each record in the text.
    starts: Vec<usize>,
}

impl Sample {
    /// Reads another form of the text as the same format.
    fn read_as(&self, bytes: &[u8], encoding: Option<&str>) -> Result<Parsed, String> {
        let options = ParseOptions { format: Some(self.parsed.format), encoding: encoding.map(str::to_owned), ..ParseOptions::default() };
        parse(bytes, &options).map_err(|error| error.to_string())
    }

    /// Returns the offset behind a record.
    fn end_of(&self, record: usize) -> usize {
        self.starts[record] + self.parsed.drafts[record].raw.len()
    }
}

/// Reads the beginnings of all files of the corpus.
fn samples() -> Vec<Sample> {
    samples_up_to(ENOUGH)
}

/// Reads the records of all files of the corpus that begin before an offset.
fn samples_up_to(enough: usize) -> Vec<Sample> {
    let root = reference();
    let Some(expected) = expected() else { return Vec::new() };
    let mut samples = Vec::new();
    for name in expected.keys() {
        let bytes = std::fs::read(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let whole = read(&bytes);
        let encoding = Encoding::for_label(whole.encoding.as_bytes()).unwrap_or(UTF_8);
        let text = encoding.decode(&bytes).0.replace('\u{feff}', "").replace("\r\r\n", "\n").replace("\r\n", "\n").replace('\r', "\n");
        let parsed = read(text.as_bytes());
        let starts = starts_of(&text, &parsed.drafts);
        let end = starts.iter().copied().find(|&start| start > enough).unwrap_or(text.len());
        let (text, parsed) = if end < text.len() { (text[..end].to_owned(), read(&text.as_bytes()[..end])) } else { (text, parsed) };
        let starts = starts_of(&text, &parsed.drafts);
        samples.push(Sample { name: name.clone(), text, parsed, starts });
    }
    assert_eq!(samples.len(), 135);
    samples
}

/// Finds the records in a text.
fn starts_of(text: &str, drafts: &[Draft]) -> Vec<usize> {
    let mut from = 0;
    let place = |draft: &Draft| {
        let start = from + text[from..].find(&draft.raw).expect("the text of a record stands in the file");
        from = start + draft.raw.len();
        start
    };
    drafts.iter().map(place).collect()
}

/// Returns places in a text that look random and are the same at each run.
fn places(name: &str, length: usize, count: usize) -> Vec<usize> {
    let mut state = name.bytes().fold(0x9e37_79b9_u64, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % length.max(1)
    };
    (0..count).map(|_| next()).collect()
}

/// Returns the nearest place before an offset at which a text can be cut.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Says where two lists of citations first differ.
fn difference(found: &[&Citation], expected: &[&Citation]) -> Option<String> {
    if found.len() != expected.len() {
        return Some(format!("{} records, expected {}", found.len(), expected.len()));
    }
    let at = found.iter().zip(expected).position(|(found, expected)| found != expected)?;
    let (found, expected) = (format!("{:#?}", found[at]), format!("{:#?}", expected[at]));
    let (old, new) = expected.lines().zip(found.lines()).find(|(old, new)| old != new).unwrap_or_default();
    Some(format!("record {at}: {} became {}", old.trim(), new.trim()))
}

fn assert_none(problems: Vec<String>) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn line_ends_marks_and_encodings_of_real_exports_do_not_change_their_records() {
    let mut problems = Vec::new();
    for sample in samples() {
        let text = &sample.text;
        let utf_16 = |text: &str, is_big: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let marked = format!("\u{feff}{text}");
        let mut variants = vec![
            ("CRLF", text.replace('\n', "\r\n").into_bytes(), None),
            ("CR", text.replace('\n', "\r").into_bytes(), None),
            ("CRLF and LF mixed", text.replacen('\n', "\r\n", text.matches('\n').count() / 2).into_bytes(), None),
            ("a mark", marked.clone().into_bytes(), None),
            ("UTF-16 LE with mark", utf_16(&marked, false), None),
            ("UTF-16 BE with mark and CRLF", utf_16(&marked.replace('\n', "\r\n"), true), None),
            ("UTF-16 LE, named", utf_16(text, false), Some("utf-16le")),
        ];
        for (encoding, is_guessed) in [(WINDOWS_1252, true), (MACINTOSH, false)] {
            let (bytes, _, is_lossy) = encoding.encode(text);
            if !is_lossy {
                variants.push((encoding.name(), bytes.to_vec(), Some(if is_guessed { "windows-1252" } else { "macintosh" })));
                if is_guessed {
                    variants.push(("windows-1252, not named", bytes.to_vec(), None));
                }
            }
        }
        for (variant, bytes, encoding) in variants {
            let name = &sample.name;
            let options = ParseOptions { encoding: encoding.map(str::to_owned), ..ParseOptions::default() };
            let parsed = match parse(&bytes, &options) {
                Ok(parsed) => parsed,
                Err(error) => {
                    problems.push(format!("{name} with {variant}: {error}"));
                    continue;
                }
            };
            if parsed.format != sample.parsed.format {
                problems.push(format!("{name} with {variant}: read as {}", parsed.format));
            }
            problems
                .extend(difference(&citations(&parsed), &citations(&sample.parsed)).map(|what| format!("{name} with {variant}: {what}")));
            let lines = |parsed: &Parsed| parsed.drafts.iter().map(|draft| draft.line).collect::<Vec<_>>();
            if lines(&parsed) != lines(&sample.parsed) {
                problems.push(format!("{name} with {variant}: other lines"));
            }
        }
    }
    assert_none(problems);
}

#[test]
fn real_exports_that_were_joined_give_the_sum_of_their_records() {
    let mut problems = Vec::new();
    for sample in samples() {
        let (name, text) = (&sample.name, &sample.text);
        for (variant, joined) in [
            ("a mark in the middle", format!("\u{feff}{text}\n\u{feff}{text}")),
            ("nothing in the middle", format!("{text}\n{text}")),
            ("other line ends in the second", format!("{text}\r\n\u{feff}{}", text.replace('\n', "\r\n"))),
        ] {
            let parsed = read(joined.as_bytes());
            let alone = citations(&sample.parsed);
            let twice: Vec<&Citation> = alone.iter().chain(&alone).copied().collect();
            problems.extend(difference(&citations(&parsed), &twice).map(|what| format!("{name}, {variant}: {what}")));
        }
    }
    assert_none(problems);
}

#[test]
fn real_exports_that_were_cut_anywhere_keep_the_records_before_the_cut() {
    let mut problems = Vec::new();
    for sample in samples() {
        let (name, text) = (&sample.name, &sample.text);
        for place in places(name, text.len(), 8) {
            let cut = boundary(text, place);
            let whole = (0..sample.starts.len()).take_while(|&record| sample.end_of(record) < cut).count();
            let parsed = match sample.read_as(&text.as_bytes()[..cut], None) {
                Ok(parsed) => parsed,
                Err(error) if whole > 0 => {
                    problems.push(format!("{name} cut at {cut}: {error}"));
                    continue;
                }
                Err(_) => continue,
            };
            let (found, expected) = (citations(&parsed), citations(&sample.parsed));
            let what = difference(&found[..whole.min(found.len())], &expected[..whole]);
            problems.extend(what.map(|what| format!("{name} cut at {cut}: {what}")));
            // The lines of a quoted cell that was cut are read as rows, and that is said.
            let is_open = parsed.diagnostics.iter().any(|remark| remark.message.contains("quotation mark is not closed"));
            if parsed.drafts.len() > whole + 1 && !is_open {
                problems.push(format!("{name} cut at {cut}: {} records of {whole} and a part", parsed.drafts.len()));
            }
        }
    }
    assert_none(problems);
}

#[test]
fn a_damaged_record_in_the_middle_of_a_real_export_costs_no_other() {
    let mut problems = Vec::new();
    for sample in samples().iter().filter(|sample| sample.starts.len() >= 3) {
        let (name, text) = (&sample.name, &sample.text);
        let middle = sample.starts.len() / 2;
        let (start, end) = (sample.starts[middle], sample.end_of(middle));
        let (first, second) = (boundary(text, start + (end - start) / 3), boundary(text, start + (end - start) / 3 * 2));
        let joined = |parts: &[&[u8]]| parts.concat();
        let bytes = text.as_bytes();
        let damages = [
            ("a part lost", joined(&[&bytes[..first], b"\n", &bytes[second..]])),
            ("bytes of no encoding", joined(&[&bytes[..first], b"\xff\x81\xfe", &bytes[first..]])),
            ("an escape sequence", joined(&[&bytes[..first], b"\x1b[2J\x1b]0;x\x07", &bytes[first..]])),
            ("zero bytes", joined(&[&bytes[..first], b"\0\0\0", &bytes[first..]])),
            ("a quotation mark and brackets", joined(&[&bytes[..first], b"\"{[<(", &bytes[first..]])),
        ];
        for (damage, bytes) in damages {
            let parsed = match sample.read_as(&bytes, None) {
                Ok(parsed) => parsed,
                Err(error) => {
                    problems.push(format!("{name}, {damage}: {error}"));
                    continue;
                }
            };
            let (found, expected) = (citations(&parsed), citations(&sample.parsed));
            let (before, behind) = (middle, expected.len() - middle - 1);
            if found.len() + 1 < expected.len() {
                problems.push(format!("{name}, {damage}: {} records of {}", found.len(), expected.len()));
                continue;
            }
            let what = difference(&found[..before], &expected[..before]);
            problems.extend(what.map(|what| format!("{name}, {damage}, before: {what}")));
            let what = difference(&found[found.len() - behind..], &expected[expected.len() - behind..]);
            problems.extend(what.map(|what| format!("{name}, {damage}, behind: {what}")));
            // A record that is no longer there, or not as one, is spoken of with its line.
            let line = sample.parsed.drafts[middle].line;
            let lines = line.saturating_sub(1)..=line + sample.parsed.drafts[middle].raw.lines().count();
            let is_said = parsed.diagnostics.iter().any(|remark| lines.contains(&remark.line));
            // A row of a table that was broken in two is two short rows, which some programs write on purpose.
            let is_table = sample.parsed.format == Format::Csv;
            if found.len() != expected.len() && !is_said && !is_table {
                problems.push(format!("{name}, {damage}: {} records of {}, and no remark", found.len(), expected.len()));
            }
            if damage == "bytes of no encoding" && !parsed.diagnostics.iter().any(|remark| lines.contains(&remark.line)) {
                problems.push(format!("{name}, {damage}: no remark at line {line}: {:?}", parsed.diagnostics));
            }
        }
    }
    assert_none(problems);
}

#[test]
fn no_line_of_a_real_export_is_lost_without_a_word() {
    let mut problems = Vec::new();
    for sample in samples_up_to(usize::MAX) {
        if sample.parsed.format == Format::Csv {
            // The header and what stands before it are no lines of records.
            continue;
        }
        let is_layout = |line: &str| {
            let line = line.trim();
            // What frames a file or a record and says nothing: ends, running numbers, brackets, the elements around records.
            line.is_empty()
                || matches!(line, "ER  -" | "ER" | "EF" | "[" | "]" | "," | "{" | "}")
                || line.starts_with("FN ")
                || line.starts_with("VR ")
        };
        let (mut at, mut outside) = (0, 0);
        let mut first = None;
        let ends = sample.starts.iter().enumerate().map(|(record, &start)| (start, sample.end_of(record)));
        for (start, end) in ends.chain([(sample.text.len(), sample.text.len())]) {
            let between = &sample.text[at.min(start)..start];
            for line in between.lines().filter(|line| !is_layout(line)) {
                outside += 1;
                first.get_or_insert_with(|| line.chars().take(60).collect::<String>());
            }
            at = end;
        }
        let said = sample.parsed.not_understood + sample.parsed.diagnostics.len();
        // In these, what stands between records is brackets, comments and strings for use in records.
        let is_framed = [Format::PubmedXml, Format::EndnoteXml, Format::Ictrp, Format::CslJson, Format::CtgovJson, Format::Bibtex];
        if outside > 0 && said == 0 && !is_framed.contains(&sample.parsed.format) {
            problems.push(format!("{}: {outside} lines outside records and no remark, the first {first:?}", sample.name));
        }
    }
    assert_none(problems);
}

/// Records of the corpus that have no title in the file either, as (file, line).
const WITHOUT_TITLE: &[(&str, usize)] = &[
    ("bibtex/jabref_examples.bib", 14),
    ("bibtex/jabref_examples.bib", 22),
    ("csv/asreview_missing.csv", 3),
    ("csv/asreview_missing.csv", 5),
    ("encodings/windows1252.bib", 3),
    ("ovid-cochrane-text/jabref_ovid_1.txt", 49),
    ("ovid-cochrane-text/jabref_ovid_1.txt", 59),
    ("pubmed-xml/jabref_bookset.xml", 67),
    ("ris/asreview_lists.ris", 1),
    ("ris/rispy_bom.ris", 1),
    ("ris/rispy_multiline.ris", 1),
    ("ris/rispy_multiline.ris", 8),
    ("ris/rispy_multiline.ris", 17),
    ("ris/rispy_utf_chars.ris", 1),
    ("zotero-tests/RIS_4.txt", 565),
    ("zotero-tests/RIS_4.txt", 592),
];

#[test]
fn no_record_of_a_real_export_is_without_a_title_that_the_file_has() {
    let mut found = Vec::new();
    for sample in samples_up_to(usize::MAX) {
        for draft in sample.parsed.drafts.iter().filter(|draft| draft.citation.title.is_empty()) {
            found.push((sample.name.clone(), draft.line));
        }
    }
    if reference().join("expected.json").exists() {
        let known: Vec<(String, usize)> = WITHOUT_TITLE.iter().map(|(name, line)| ((*name).to_owned(), *line)).collect();
        assert_eq!(found, known);
    }
}

#[test]
fn the_name_of_a_file_says_nothing_about_its_format() {
    let formats = [
        ("nbib/", Format::Nbib),
        ("wos/", Format::Wos),
        ("pubmed-xml/", Format::PubmedXml),
        ("bibtex/", Format::Bibtex),
        ("encodings/", Format::Bibtex),
        ("csv/", Format::Csv),
        ("refer/", Format::Refer),
    ];
    for sample in samples() {
        let known = formats.iter().find(|(folder, _)| sample.name.starts_with(folder));
        if let Some((_, format)) = known {
            assert_eq!(sample.parsed.format, *format, "{}", sample.name);
        }
    }
}
