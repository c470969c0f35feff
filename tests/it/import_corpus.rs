//! Real exports of databases, registries and reference managers, read as expected.
//!
//! The corpus is other people's data and is read from the reference folder (`TAMIS_REFERENCE`, else `../shared/reference`);
//! without it the tests say so and pass. `tests/data/import-passing.txt` lists the files that must be read as expected: all of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tamis::domain::author::Author;
use tamis::domain::identifier::Doi;
use tamis::domain::record::Citation;
use tamis::refs::{ParseOptions, Parsed, parse, write_records};

/// The number of files in the corpus; the list of passing files may grow beyond it and never shrinks.
const FILES: usize = 135;

/// Returns the folder of the corpus.
pub fn reference() -> PathBuf {
    std::env::var_os("TAMIS_REFERENCE").map_or_else(|| PathBuf::from("../shared/reference"), PathBuf::from).join("import")
}

/// Returns what is expected of each file; `None`, said on one line, when the corpus is not there.
pub fn expected() -> Option<serde_json::Map<String, Value>> {
    let root = reference();
    let Ok(text) = std::fs::read_to_string(root.join("expected.json")) else {
        eprintln!("skipped: no corpus of exports in the reference folder {}", root.display());
        return None;
    };
    match serde_json::from_str(&text).expect("expected.json is JSON") {
        Value::Object(files) => Some(files),
        _ => panic!("expected.json is an object of files"),
    }
}

/// Reads a file of a known format.
pub fn read(bytes: &[u8]) -> Parsed {
    parse(bytes, &ParseOptions::default()).expect("a known format")
}

/// Returns the citations of a file in order.
pub fn citations(parsed: &Parsed) -> Vec<&Citation> {
    parsed.drafts.iter().map(|draft| &draft.citation).collect()
}

/// Returns a text for comparing: markup, dashes, stops and spaces do not count.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for tag in ["<i>", "</i>", "<b>", "</b>", "<sup>", "</sup>", "<sub>", "</sub>", "&lt;", "&gt;", "&amp;"] {
        text = text.replace(tag, "");
    }
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Compares one record with a sample; returns what differs.
fn differences(citation: &Citation, sample: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |field: &str, expected: &str, found: &str| {
        if expected != found {
            differences.push(format!("{field}: expected {expected:?}, found {found:?}"));
        }
    };
    let expected = |field: &str| sample.get(field).and_then(Value::as_str);
    if let Some(title) = expected("title") {
        compare("title", &plain(title), &plain(&citation.title));
    }
    if let Some(year) = expected("year") {
        compare("year", year, &citation.year.map(|year| year.to_string()).unwrap_or_default());
    }
    if let Some(count) = sample.get("n_authors").and_then(Value::as_u64) {
        compare("authors", &count.to_string(), &citation.authors.len().to_string());
    }
    if let Some(author) = expected("first_author") {
        compare("first author", &plain(author), &plain(&citation.authors.first().map(ToString::to_string).unwrap_or_default()));
    }
    if let Some(doi) = expected("doi") {
        let doi = Doi::find(doi);
        compare("doi", doi.as_ref().map_or("", |doi| doi.as_str()), citation.doi.as_ref().map_or("", |doi| doi.as_str()));
    }
    if let Some(pmid) = expected("pmid") {
        compare("pmid", pmid, citation.pmid.as_ref().map_or("", |pmid| pmid.as_str()));
    }
    if let Some(volume) = expected("volume") {
        compare("volume", volume, citation.volume.as_deref().unwrap_or_default());
    }
    if let Some(pages) = expected("start_page").or(expected("pages")) {
        let first = pages.split(['-', '\u{2010}', '\u{2013}']).next().unwrap_or_default();
        // Where the value as printed ("UNSP 1722034") is not the one shown ("1722034"), it is kept under its tag.
        let is_kept = citation.extra.iter().any(|(_, value)| value == pages);
        if !is_kept {
            compare("first page", first.trim(), citation.start_page.as_deref().unwrap_or_default());
        }
    }
    differences
}

/// Samples of the corpus that are wrong, looked at by eye: file, place in the sample, what stands in the file, and why.
const MENDED: &[(&str, &str, &str, &str)] = &[
    ("nbib/jabref_nbib.nbib", "/sample/0/n_authors", "4", "the group in CN is an author beside the three persons"),
    ("pubmed-xml/jabref_book.xml", "/sample/0/n_authors", "2", "authors of books stand beside the book; a group and a person"),
    ("pubmed-xml/jabref_bookset.xml", "/sample/0/n_authors", "1", "as above, a group"),
    ("pubmed-xml/jabref_nbib.xml", "/sample/1/n_authors", "1", "as above, a group"),
    ("refer/colrev_data.enl", "/records", "3", "the third record has no %0, by which records were counted"),
    ("wos/jabref_medline.isi", "/sample/1/n_authors", "7", "one AU line holds seven names, separated by semicolons"),
    ("wos/jabref_medline.isi", "/sample/1/first_author", "\"Joffe, Hadine\"", "as above"),
];

/// Returns the expected values of the corpus with the wrong ones mended.
fn mended(mut expected: serde_json::Map<String, Value>) -> serde_json::Map<String, Value> {
    for (file, place, value, _) in MENDED {
        let place = expected.get_mut(*file).and_then(|file| file.pointer_mut(place)).expect("a place in the samples");
        *place = serde_json::from_str(value).expect("a value");
    }
    expected
}

/// Reads one file of the corpus; returns what is not as expected.
fn problems(bytes: &[u8], expected: &Value) -> Vec<String> {
    let parsed = match parse(bytes, &ParseOptions::default()) {
        Ok(parsed) => parsed,
        Err(error) => return vec![error.to_string()],
    };
    let mut problems = Vec::new();
    let count = expected["records"].as_u64().expect("a count for each file");
    if parsed.drafts.len() as u64 != count {
        problems.push(format!("{} records, expected {count}", parsed.drafts.len()));
    }
    for sample in expected["sample"].as_array().into_iter().flatten() {
        let index = usize::try_from(sample["index"].as_u64().expect("an index")).expect("a small index");
        let Some(draft) = parsed.drafts.get(index) else { continue };
        problems.extend(differences(&draft.citation, sample).into_iter().map(|difference| format!("record {index}, {difference}")));
    }
    for draft in &parsed.drafts {
        if has_control_characters(&serde_json::to_value(&draft.citation).expect("plain values")) {
            problems.push(format!("line {}: a control character was left", draft.line));
        }
    }
    problems.extend(what_writing_changes(&parsed));
    problems
}

/// Reports whether any text of a citation holds a character that must not reach a terminal.
fn has_control_characters(value: &Value) -> bool {
    let is_bad = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{feff}');
    match value {
        Value::String(text) => text.chars().any(is_bad),
        Value::Array(values) => values.iter().any(has_control_characters),
        Value::Object(fields) => fields.values().any(has_control_characters),
        _ => false,
    }
}

/// Writes the records in their format and reads them again; returns what differs but for the order of kept tags.
fn what_writing_changes(parsed: &Parsed) -> Option<String> {
    if !parsed.format.is_writable() {
        return None;
    }
    let before: Vec<Citation> = parsed.drafts.iter().map(|draft| sorted(&draft.citation)).collect();
    let mut written = Vec::new();
    write_records(&mut written, parsed.format, &before).expect("memory");
    let again = match parse(&written, &ParseOptions { format: Some(parsed.format), encoding: None, ..ParseOptions::default() }) {
        Ok(again) => again,
        Err(error) => return Some(format!("written and read again: {error}")),
    };
    let after: Vec<Citation> = again.drafts.iter().map(|draft| sorted(&draft.citation)).collect();
    if before.len() != after.len() {
        return Some(format!("written and read again: {} records of {}", after.len(), before.len()));
    }
    let differing = before.iter().zip(&after).position(|(before, after)| before != after)?;
    let (before, after) = (format!("{:#?}", before[differing]), format!("{:#?}", after[differing]));
    let (old, new) = before.lines().zip(after.lines()).find(|(before, after)| before != after).unwrap_or_default();
    Some(format!("written and read again, record {differing}: {} became {}", old.trim(), new.trim()))
}

/// Where the RIS of the library really says something else than its nbib, as "title: RIS | nbib". Seen in the files: EndNote left
/// out an article number and a group of authors, wrote "Cd", and dropped the last initial of five names.
const LIBRARY_DIFFERS: [&str; 8] = [
    "Characterization of blue light: pages - | e00466",
    "Light therapies for acne: pages Cd007917 | CD007917",
    "[A prospective, randomized, op: author de Arruda LH | de Arruda LHF",
    "Standard guidelines of care fo: authors 1 | 2",
    "Current and future treatment o: author van de Kerkhof PC | van de Kerkhof PCM",
    "Current and future treatment o: author de Jong EM | de Jong EMGJ",
    "Current and future treatment o: author Gerritsen MJ | Gerritsen MJP",
    "Current and future treatment o: author Alkemade HA | Alkemade HAC",
];

#[test]
fn one_library_reads_the_same_as_ris_and_as_nbib() {
    let root = reference();
    let (Ok(ris), Ok(nbib)) = (std::fs::read(root.join("endnote-xml/bluelight.ris")), std::fs::read(root.join("nbib/bluelight.nbib")))
    else {
        eprintln!("skipped: no corpus of exports in the reference folder {}", root.display());
        return;
    };
    let (ris, nbib) = (read(&ris), read(&nbib));
    let pages = |citation: &Citation| {
        let both = [&citation.start_page, &citation.end_page].into_iter().flatten().cloned().collect::<Vec<_>>();
        if both.is_empty() { "-".to_owned() } else { both.join("-") }
    };
    let (mut compared, mut differences) = (0, Vec::new());
    for expected in citations(&nbib) {
        let Some(found) = citations(&ris).into_iter().find(|citation| citation.pmid == expected.pmid) else { continue };
        assert_eq!(plain(&found.title), plain(&expected.title));
        let what = &expected.title;
        assert_eq!((found.year, found.doi.is_some()), (expected.year, expected.doi.is_some()), "{what}");
        assert_eq!(found.volume, expected.volume, "{what}");
        let title: String = what.chars().take(30).collect();
        let mut compare = |field: &str, ris: String, nbib: String| {
            if ris != nbib {
                differences.push(format!("{}: {field} {ris} | {nbib}", title.trim()));
            }
        };
        compare("pages", pages(found), pages(expected));
        compare("authors", found.authors.len().to_string(), expected.authors.len().to_string());
        for (found, expected) in found.authors.iter().zip(&expected.authors) {
            assert_eq!(plain(&found.family), plain(&expected.family), "{what}");
            let name = |author: &Author| format!("{} {}", expected.family, author.initials());
            compare("author", name(found), name(expected));
        }
        compared += 1;
    }
    assert_eq!(compared, 80);
    differences.sort();
    let mut known = LIBRARY_DIFFERS.map(str::to_owned).to_vec();
    known.sort();
    assert_eq!(differences, known);
}

fn sorted(citation: &Citation) -> Citation {
    let mut citation = citation.clone();
    citation.extra.sort();
    citation
}

/// Reads the list of files that must be read as expected.
fn listed() -> BTreeSet<String> {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import-passing.txt");
    let list = std::fs::read_to_string(list).expect("the list belongs to the project");
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn the_list_of_exports_read_as_expected_never_shrinks() {
    assert!(listed().len() >= FILES, "{} files are listed; a file that was read as expected must be again", listed().len());
}

#[test]
fn real_exports_are_read_as_expected() {
    let Some(expected) = expected() else { return };
    let expected = mended(expected);
    let root = reference();
    let listed = listed();
    let (mut passing, mut failing) = (BTreeSet::new(), Vec::new());
    for (name, expected) in &expected {
        let bytes = std::fs::read(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let problems = problems(&bytes, expected);
        if problems.is_empty() {
            passing.insert(name.clone());
        } else {
            failing.push(format!("{name}\n    {}", problems.join("\n    ")));
        }
    }
    assert!(failing.is_empty(), "files that are not read as expected:\n{}", failing.join("\n"));
    let new: Vec<_> = passing.difference(&listed).collect();
    assert!(new.is_empty(), "add these files to tests/data/import-passing.txt, they are read as expected now:\n{new:#?}");
    let gone: Vec<_> = listed.difference(&passing).collect();
    assert!(gone.is_empty(), "these files are on the list and not in the corpus:\n{gone:#?}");
}

#[test]
fn one_library_reads_the_same_as_ris_and_as_endnote_xml() {
    let root = reference();
    let (Ok(ris), Ok(xml)) = (std::fs::read(root.join("endnote-xml/bluelight.ris")), std::fs::read(root.join("endnote-xml/bluelight.xml")))
    else {
        eprintln!("skipped: no corpus of exports in the reference folder {}", root.display());
        return;
    };
    let (ris, xml) = (read(&ris), read(&xml));
    assert_eq!(ris.drafts.len(), xml.drafts.len());
    for (expected, found) in citations(&ris).into_iter().zip(citations(&xml)) {
        let what = &expected.title;
        assert_eq!(
            (&found.title, found.year, &found.doi, &found.pmid),
            (&expected.title, expected.year, &expected.doi, &expected.pmid),
            "{what}"
        );
        assert_eq!((&found.authors, &found.volume, &found.issue), (&expected.authors, &expected.volume, &expected.issue), "{what}");
        assert_eq!((&found.start_page, &found.end_page), (&expected.start_page, &expected.end_page), "{what}");
        assert_eq!(found.abstract_text.is_some(), expected.abstract_text.is_some(), "{what}");
    }
}
