//! Decisions inside exports of other tools: every form in files of our own, and the counts in real exports.
//!
//! The real exports are other people's data and are read from the reference folder (`TAMIS_REFERENCE`, else
//! `../shared/reference`); without it the test says so and passes.

use std::path::{Path, PathBuf};

use tamis::app::DecisionTally;
use tamis::refs::{ParseOptions, parse};

fn own(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import").join(name)
}

fn tally(path: &Path) -> DecisionTally {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let parsed = parse(&bytes, &ParseOptions::default()).expect("a known format");
    let mut tally = DecisionTally::default();
    parsed.drafts.iter().for_each(|draft| tally.add(&draft.citation, draft.line));
    tally
}

/// Returns person, tool, included, maybe, excluded; "-" for nobody named.
fn counts(tally: &DecisionTally) -> Vec<String> {
    let line = |count: &tamis::app::DecisionCount| {
        let person = count.person.as_deref().unwrap_or("-");
        format!("{person} {} {} {} {}", count.tool, count.include, count.maybe, count.exclude)
    };
    tally.people.iter().map(line).collect()
}

#[test]
fn every_form_of_decisions_is_counted_by_person() {
    for (name, expected, unreadable) in [
        ("decisions-rayyan.ris", &["Anna Ek rayyan 1 1 2", "Ben rayyan 1 1 1"][..], 0),
        ("decisions-rayyan.csv", &["Anna Ek rayyan 1 1 2", "Ben rayyan 1 1 1"], 0),
        ("decisions-rayyan-damaged.ris", &["Anna Ek rayyan 2 0 1", "Ben rayyan 1 0 0"], 1),
        ("decisions-asreview.csv", &["- asreview 2 0 2"], 0),
        ("decisions-asreview.ris", &["- asreview 2 0 2"], 0),
        ("decisions-covidence.csv", &["- covidence 0 0 2"], 0),
        ("decisions-covidence-irrelevant.csv", &[], 0),
        ("decisions-abstrackr.csv", &["Anna Ek abstrackr 1 1 2", "Ben abstrackr 1 1 1"], 0),
        ("baths.ris", &[], 0),
    ] {
        let tally = tally(&own(name));
        assert_eq!((counts(&tally), tally.unreadable), (expected.iter().map(|line| (*line).to_owned()).collect(), unreadable), "{name}");
    }
}

#[test]
fn real_exports_hold_the_decisions_that_their_tools_show() {
    let folder = std::env::var_os("TAMIS_REFERENCE").map_or_else(|| PathBuf::from("../shared/reference"), PathBuf::from).join("import");
    if !folder.is_dir() {
        println!("no reference folder {}: decisions in real exports were not counted", folder.display());
        return;
    }
    let with = [
        ("ris/rayyan.ris", "Emily rayyan 2 2 2"),
        ("csv/rayyan.csv", "Emily rayyan 2 2 2"),
        ("ris/asreview_labels_notes.ris", "- asreview 10 0 10"),
        ("csv/asreview_labels.csv", "- asreview 3 0 3"),
        ("csv/abstrackr.csv", "Anonymous abstrackr 2 2 2"),
    ];
    for (name, expected) in with {
        let tally = tally(&folder.join(name));
        assert_eq!((counts(&tally), tally.unreadable), (vec![expected.to_owned()], 0), "{name}");
    }
    // No other real export holds any: nothing that is no decision is taken for one.
    for kind in ["ris", "csv", "nbib", "wos", "bibtex", "endnote-xml", "pubmed-xml", "registry", "refer", "ovid-cochrane-text"] {
        for entry in std::fs::read_dir(folder.join(kind)).expect("a folder of the corpus").flatten() {
            let name = format!("{kind}/{}", entry.file_name().to_string_lossy());
            let bytes = std::fs::read(entry.path()).expect("readable");
            let Ok(parsed) = parse(&bytes, &ParseOptions::default()) else { continue };
            let mut tally = DecisionTally::default();
            parsed.drafts.iter().for_each(|draft| tally.add(&draft.citation, draft.line));
            assert!(tally.is_empty() || with.iter().any(|(known, _)| *known == name), "{name}: {:?}", counts(&tally));
        }
    }
}
