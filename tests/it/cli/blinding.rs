//! What one reviewer sees of another before both have voted: nothing, by any verb that reads.

use super::{Scratch, example};

/// A word that stands only in AR's vote.
const NOTE: &str = "onlyARwrotethis";

/// Every verb that reads, with what it needs.
const READS: &[&str] = &[
    "status",
    "setup",
    "source list",
    "source show PubMed",
    "screen next",
    "screen list --queue all",
    "screen list --queue mine",
    "screen list --queue maybe",
    "screen list --queue conflict",
    "screen list --queue included",
    "screen list --queue excluded",
    "screen stats",
    "show search-pubmed.nbib#1",
    "show search-pubmed.nbib#1 --stage ft",
    "find complex regional",
    "fulltext list",
    "fulltext next",
    "conflict list",
    "agreement",
    "agreement --stage ft",
    "agreement --by-month --detail",
    "round list",
    "study list",
    "flow",
    "flow --check",
    "flow --open excluded",
    "flow --open pending_screening",
    "export records",
    "export votes",
    "export duplicates",
    "export marks",
    "screen tags",
    "log",
    "dedup list",
    "words list",
    "words usual",
    "study hints",
];

/// Returns the verbs that the tests of this file try.
pub fn tried() -> Vec<&'static str> {
    let drafts = [
        "extract show",
        "extract warnings",
        "extract migrate",
        "rob list",
        "rob show",
        "export extraction",
        "export analysis",
        "export results",
        "export pairs",
        "export revman",
        "export package",
        "export rm5",
        "export characteristics",
        "export excluded",
        "export workbook",
        "export duplicates",
        "export prisma",
        "export rob",
        "analyse list",
        "analyse run",
        "analyse show",
        "export results",
        "export pairs",
        "grade list",
        "grade show",
        "grade table",
    ];
    let rounds = ["round show"];
    READS.iter().copied().chain(drafts).chain(rounds).collect()
}

#[test]
fn nothing_of_a_vote_is_seen_before_both_have_voted() {
    let scratch = Scratch::with_records();
    let before: Vec<[String; 2]> =
        READS.iter().map(|read| [scratch.ok(&format!("--as BK {read}")), scratch.ok(&format!("--as BK {read} --json"))]).collect();
    scratch.ok(&format!("--as AR screen vote search-pubmed.nbib#1 exclude --reason design --note {NOTE}"));
    scratch.ok("--as AR screen vote search-pubmed.nbib#2 include");
    scratch.ok(&format!("--as AR screen note search-pubmed.nbib#1 {NOTE}"));
    scratch.ok(&format!("--as AR screen tag search-pubmed.nbib#3 {NOTE} animals"));
    scratch.ok("--as AR screen star search-pubmed.nbib#4 key_paper");
    for (read, [text_before, json_before]) in READS.iter().zip(before) {
        for (words, old) in [(format!("--as BK {read}"), text_before), (format!("--as BK {read} --json"), json_before)] {
            let seen = scratch.ok(&words);
            assert!(!seen.contains(NOTE), "tamis {words} shows the note");
            // Progress is counted for all to see, and the log says that somebody voted; nothing else may change.
            if !read.starts_with("status") && !read.starts_with("screen stats") && !read.starts_with("log") {
                assert_eq!(seen, old, "tamis {words} changed when AR voted");
            }
            if read.starts_with("log") {
                assert!(!seen.contains("exclude") && !seen.contains("include"), "the log tells how AR voted:\n{seen}");
                assert!(!seen.contains("animals") && !seen.contains("key"), "the log tells what AR marked:\n{seen}");
            }
        }
    }
    let view = scratch.json("--as BK show search-pubmed.nbib#1");
    assert_eq!((&view["status"], &view["votes"]), (&"open".into(), &serde_json::json!([])));
}

#[test]
fn nothing_of_a_vote_in_a_round_is_seen_before_all_in_it_have_voted() {
    let seen = |vote: &str| {
        let scratch = Scratch::with_records();
        scratch.ok("--as AR round start --size 2 --votes practice --seed 3");
        let record = scratch.json("--as AR screen next")["record"]["card"]["record"].as_str().expect("a record").to_owned();
        scratch.ok(&format!("--as AR screen vote {record} {vote} --note {NOTE}{vote}"));
        let reads = ["round show", "round list", "agreement --round 1", "screen next", "screen list --queue all", "status", "export votes"];
        let both = reads.map(|read| scratch.ok(&format!("--as BK {read}")) + &scratch.ok(&format!("--as BK {read} --json")));
        both.join("\n")
    };
    let included = seen("include");
    assert_eq!(included, seen("exclude"));
    assert!(!included.contains(NOTE), "{included}");
}

#[test]
fn both_votes_are_seen_when_both_are_in() {
    let scratch = Scratch::with_records();
    scratch.ok(&format!("--as AR screen vote search-pubmed.nbib#1 exclude --reason design --note {NOTE}"));
    scratch.ok("--as BK screen vote search-pubmed.nbib#1 include");
    let view = scratch.json("--as BK show search-pubmed.nbib#1");
    assert_eq!(view["status"], "conflict");
    assert_eq!(view["votes"].as_array().map(Vec::len), Some(2));
    assert!(scratch.ok("--as BK export votes").contains(NOTE));
    assert!(scratch.ok("--as BK conflict list").contains("AR exclude (design); BK include"));
}

#[test]
fn a_policy_can_hide_votes_in_conflicts() {
    let scratch = Scratch::with_records();
    scratch.ok("setup policy ta --hide-votes");
    scratch.ok(&format!("--as AR screen vote search-pubmed.nbib#1 exclude --note {NOTE}"));
    scratch.ok("--as BK screen vote search-pubmed.nbib#1 include");
    let listed = scratch.ok("--as BK conflict list");
    assert!(listed.contains("AR hidden; BK include"), "{listed}");
    for read in ["show search-pubmed.nbib#1", "export votes", "conflict list --json"] {
        assert!(!scratch.ok(&format!("--as BK {read}")).contains(NOTE), "{read}");
    }
}

#[test]
fn a_draft_is_seen_by_its_extractor_alone_until_both_are_handed_in() {
    let scratch = Scratch::with_studies();
    let study = "Lumanauw_2019";
    scratch.ok(&format!("--as AR extract set {study} condition {NOTE} --page 3 --quote {NOTE}"));
    scratch.ok(&format!("--as AR extract load {}", example("extraction-AR.csv")));
    scratch.ok(&format!("--as AR extract set {study} condition {NOTE}"));
    scratch.ok("--as AR extract submit --all");
    let reads = [
        "extract show".to_owned(),
        format!("extract show {study}"),
        "study list".to_owned(),
        "export extraction".to_owned(),
        "export extraction --mine".to_owned(),
        "export analysis".to_owned(),
        "export results".to_owned(),
        "export pairs".to_owned(),
        "export revman".to_owned(),
        "export characteristics".to_owned(),
        "export characteristics --format md".to_owned(),
        "export excluded".to_owned(),
        "extract warnings --all".to_owned(),
        "analyse list".to_owned(),
        "analyse run".to_owned(),
        "analyse show 1.1".to_owned(),
        "grade list".to_owned(),
        "grade show 1.1".to_owned(),
        "grade table".to_owned(),
        "status".to_owned(),
        "flow".to_owned(),
        "log".to_owned(),
    ];
    for read in &reads {
        for words in [format!("--as BK {read}"), format!("--as BK {read} --json")] {
            let seen = scratch.ok(&words);
            assert!(!seen.contains(NOTE) && !seen.contains("60.033898"), "tamis {words} shows AR's draft:\n{seen}");
        }
    }
    scratch.ok("--as BK export package -o package");
    scratch.ok("--as BK export rm5 -o package/review.rm5");
    for (path, text) in texts(&scratch.path("package")) {
        assert!(!text.contains(NOTE) && !text.contains("60.033898"), "{path} of the package shows AR's draft:\n{text}");
    }
    scratch.ok("--as BK export characteristics -o all.docx");
    scratch.ok("--as BK export workbook -o all.xlsx");
    for (file, parts) in [("all.docx", 2), ("all.xlsx", 12)] {
        let inside = inside(&scratch.path(file));
        assert!(inside.len() >= parts, "{file}");
        assert!(inside.iter().all(|text| !text.contains(NOTE) && !text.contains("60.033898")), "{file} shows AR's draft");
    }
    for read in [format!("extract compare {study}"), format!("extract trace {study} condition"), format!("extract agree {study}")] {
        let run = scratch.run(&format!("--as BK {read}"));
        assert_eq!(run.code, 1, "tamis {read}: {}{}", run.out, run.talk);
        assert!(run.talk.contains("cannot be compared yet: 1 of 2 handed in"), "{}", run.talk);
    }
    scratch.ok(&format!("--as BK extract load {}", example("extraction-BK.csv")));
    scratch.ok("--as BK extract submit --all");
    assert!(scratch.ok(&format!("--as BK extract compare {study}")).contains(NOTE));
}

/// Returns the text of every file of an archive.
fn inside(path: &std::path::Path) -> Vec<String> {
    let bytes = std::fs::File::open(path).expect("the file");
    let mut archive = zip::ZipArchive::new(bytes).expect("an archive");
    let count = archive.len();
    let text = |at| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_index(at).expect("a file of the archive"), &mut text).expect("UTF-8");
        text
    };
    (0..count).map(text).collect()
}

/// Returns the files of a folder and its folders with their text.
fn texts(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            found.extend(texts(&entry.path()));
        } else {
            found.push((entry.path().display().to_string(), std::fs::read_to_string(entry.path()).expect("UTF-8")));
        }
    }
    found
}
