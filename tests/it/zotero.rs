//! What Zotero makes of a file is a second opinion: the files of its own import tests, read here and compared field by field.
//!
//! The files are other people's data and are read from the reference folder (`TAMIS_REFERENCE`, else `../shared/reference`); without it
//! the test says so and passes. Every difference is named below with its reason; one that is not named fails the test, and so does one
//! that is named and gone.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use tamis::domain::record::Citation;
use tamis::refs::{ParseOptions, parse};

/// The differences that are meant: file, 1-based item, field, and why.
const MEANT: &[(&str, usize, &str, &str)] = &[
    ("MEDLINEnbib_4", 2, "DOI", "the link in AID is a DOI, though no [doi] stands behind it"),
    ("MEDLINEnbib_8", 1, "pages", "the publisher's number (PII) is no page; it is kept under its tag"),
    ("OVID_Tagged_0", 1, "volume", PATENT),
    ("OVID_Tagged_0", 1, "issue", PATENT),
    ("RIS_4", 1, "volume", NO_FIELD),
    ("RIS_4", 1, "pages", NO_FIELD),
    ("RIS_4", 2, "volume", NO_FIELD),
    ("RIS_4", 3, "volume", NO_FIELD),
    ("RIS_4", 3, "issue", NO_FIELD),
    ("RIS_4", 4, "volume", VOLUME),
    ("RIS_4", 5, "volume", VOLUME),
    ("RIS_4", 8, "volume", VOLUME),
    ("RIS_4", 8, "issue", VOLUME),
    ("RIS_4", 9, "pages", NO_FIELD),
    ("RIS_4", 10, "issue", NO_FIELD),
    ("RIS_4", 12, "issue", NO_FIELD),
    ("RIS_4", 12, "pages", NO_FIELD),
    ("RIS_4", 13, "creators", "Zotero counts the supervisor of a thesis as a contributor; here he is kept under A3 and is no author"),
    ("RIS_4", 13, "pages", NO_FIELD),
    ("RIS_4", 14, "issue", NO_FIELD),
    ("RIS_4", 14, "pages", NO_FIELD),
    ("RIS_4", 17, "volume", NO_FIELD),
    ("RIS_4", 25, "pages", NO_FIELD),
    ("RIS_4", 26, "volume", NO_FIELD),
    ("RIS_4", 28, "first creator", MUSIC),
    ("RIS_4", 28, "issue", NO_FIELD),
    ("RIS_4", 31, "volume", NO_FIELD),
    ("RIS_4", 31, "issue", NO_FIELD),
    ("RIS_4", 32, "volume", NO_FIELD),
    ("RIS_4", 33, "first creator", MUSIC),
    ("RIS_4", 34, "volume", NO_FIELD),
    ("RIS_4", 36, "volume", NO_FIELD),
    ("RefWorks_Tagged_0", 1, "issue", NO_FIELD),
];

const NO_FIELD: &str =
    "items of this kind have no such field in Zotero, which moves the value to another one; here a tag means the same in every kind";
const VOLUME: &str = "Zotero takes VL of a chapter for its edition and IS for its volume; databases write the volume into VL";
const MUSIC: &str = "the composer is in A1, the performer in A2: first authors are those of A1";
const PATENT: &str = "patents have no volume in Zotero; here they keep that of the gazette";

/// Roles of people who made a work, as Zotero names them; editors, translators and others are not authors of it.
const MAKERS: [&str; 12] = [
    "author",
    "inventor",
    "artist",
    "director",
    "podcaster",
    "presenter",
    "programmer",
    "sponsor",
    "cartographer",
    "performer",
    "interviewee",
    "contributor",
];

fn folder() -> PathBuf {
    let root = std::env::var_os("TAMIS_REFERENCE").map_or_else(|| PathBuf::from("../shared/reference"), PathBuf::from);
    root.join("import/zotero-tests")
}

fn text(item: &Value, keys: &[&str]) -> Option<String> {
    let found = keys.iter().find_map(|key| item[key].as_str())?.trim();
    (!found.is_empty()).then(|| found.to_owned())
}

/// Returns a text as it is compared: without markup, in small letters, the kinds of hyphen and white space alike, without a full stop.
fn folded(text: &str) -> String {
    let mut plain = String::new();
    let mut in_tag = false;
    for c in text.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if in_tag => {}
            '\u{2010}'..='\u{2014}' => plain.push('-'),
            c => plain.extend(c.to_lowercase()),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
}

/// Returns the first year in a date.
fn year(date: &str) -> Option<String> {
    let is_year = |part: &&str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit()) && *part != "0000";
    date.split(|c: char| !c.is_ascii_digit()).find(is_year).map(str::to_owned)
}

/// Returns first and last page of a range, the last one in full ("221-8" is 221 to 228).
fn pages(text: &str) -> (String, String) {
    let plain = folded(text).replace("--", "-");
    let (start, end) = plain.split_once('-').map_or((plain.as_str(), ""), |(start, end)| (start.trim(), end.trim()));
    let is_short = end.len() < start.len() && !end.is_empty() && [start, end].iter().all(|page| page.bytes().all(|b| b.is_ascii_digit()));
    let end = if is_short { format!("{}{end}", &start[..start.len() - end.len()]) } else { end.to_owned() };
    (start.to_owned(), end)
}

/// Returns the fields that both sides have an opinion on: name, Zotero's value, ours.
fn fields(item: &Value, ours: &Citation) -> Vec<(&'static str, String, String)> {
    let own = |value: &Option<String>| folded(value.as_deref().unwrap_or_default());
    let theirs = |keys: &[&str]| folded(&text(item, keys).unwrap_or_default());
    let creators: Vec<&Value> = item["creators"]
        .as_array()
        .map(|all| all.iter().filter(|one| one["creatorType"].as_str().is_some_and(|kind| MAKERS.contains(&kind))).collect())
        .unwrap_or_default();
    let first = creators.first().map(|one| folded(one["lastName"].as_str().or(one["name"].as_str()).unwrap_or_default()));
    let (start, end) = text(item, &["pages"]).map(|range| pages(&range)).unwrap_or_default();
    let own_range = (own(&ours.start_page), own(&ours.end_page));
    let own_range = if own_range.1 == own_range.0 { (own_range.0, String::new()) } else { own_range };
    vec![
        ("title", theirs(&["title", "nameOfAct", "caseName", "subject"]), folded(&ours.title)),
        ("creators", creators.len().to_string(), ours.authors.len().to_string()),
        ("first creator", first.unwrap_or_default(), ours.authors.first().map(|author| folded(&author.family)).unwrap_or_default()),
        (
            "year",
            text(item, &["date", "issueDate", "dateEnacted", "dateDecided"]).and_then(|date| year(&date)).unwrap_or_default(),
            ours.year.map(|year| year.to_string()).unwrap_or_default(),
        ),
        ("DOI", theirs(&["DOI"]), ours.doi.as_ref().map(|doi| folded(doi.as_str())).unwrap_or_default()),
        ("volume", theirs(&["volume", "codeVolume", "reporterVolume"]), own(&ours.volume)),
        ("issue", theirs(&["issue"]), own(&ours.issue)),
        ("pages", format!("{start}-{end}"), format!("{}-{}", own_range.0, own_range.1)),
    ]
}

#[test]
fn files_of_zoteros_import_tests_read_as_zotero_reads_them() {
    let Ok(entries) = std::fs::read_dir(folder()) else {
        println!("skipped: no import tests of Zotero in the reference folder {}", folder().display());
        return;
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str().and_then(|name| name.strip_suffix(".items.json").map(str::to_owned)))
        .collect();
    names.sort();
    let (mut compared, mut seen, mut unnamed) = (0, BTreeSet::new(), Vec::new());
    for name in &names {
        let bytes = std::fs::read(folder().join(format!("{name}.txt"))).expect("each list of items has its file");
        let items = std::fs::read_to_string(folder().join(format!("{name}.items.json"))).expect("a list of items");
        let items: Vec<Value> = serde_json::from_str(&items).expect("JSON");
        let ours = parse(&bytes, &ParseOptions::default()).expect("a known format").drafts;
        // Zotero makes notes of some records an item of its own.
        let items: Vec<&Value> = items.iter().filter(|item| item["itemType"] != "note" && item["itemType"] != "attachment").collect();
        if items.len() != ours.len() {
            unnamed.push(format!("{name}: Zotero has {} items, this program {} records", items.len(), ours.len()));
        }
        for (at, (item, draft)) in items.iter().zip(&ours).enumerate() {
            for (field, theirs, own) in fields(item, &draft.citation) {
                compared += 1;
                if theirs == own {
                    continue;
                }
                let meant = MEANT.iter().position(|(file, number, known, _)| (file, *number, *known) == (&name.as_str(), at + 1, field));
                match meant {
                    Some(place) => {
                        seen.insert(place);
                    }
                    None => unnamed.push(format!("{name} {} {field}: Zotero \"{theirs}\", this program \"{own}\"", at + 1)),
                }
            }
        }
    }
    assert!(compared > 500, "only {compared} values were compared");
    assert!(unnamed.is_empty(), "{} differences without a reason:\n{}", unnamed.len(), unnamed.join("\n"));
    let gone: Vec<_> = MEANT.iter().enumerate().filter(|(place, _)| !seen.contains(place)).map(|(_, difference)| difference).collect();
    assert!(gone.is_empty(), "these differences are gone: {gone:?}");
    println!("{compared} values of {} files compared, {} differ as meant", names.len(), MEANT.len());
}
