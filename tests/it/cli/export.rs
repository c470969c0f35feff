//! What leaves the review comes back the same, and harms nobody on its way.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::Scratch;

/// Reads CSV into rows, the header first.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("rows of equal length").iter().map(str::to_owned).collect()).collect()
}

#[test]
fn records_and_duplicates_have_their_stable_columns() {
    let scratch = Scratch::with_records();
    let records = rows(&scratch.ok("export records --format csv"));
    assert_eq!(records[0][..5], ["record", "group", "source", "source_id", "title"]);
    assert_eq!(records.len(), 139);
    let duplicates = rows(&scratch.ok("export duplicates"));
    assert_eq!(duplicates[0], ["id", "cluster"]);
    assert_eq!(duplicates[1][0], "search-pubmed.nbib#1");
    let clusters: std::collections::BTreeSet<&String> = duplicates[1..].iter().map(|row| &row[1]).collect();
    assert_eq!((duplicates.len(), clusters.len()), (139, 82));
    let one_a_group = rows(&scratch.ok("export records --queue all --stage ta"));
    assert_eq!(one_a_group.len(), 83);
}

#[test]
fn marks_leave_with_records_and_as_a_table_with_names() {
    let scratch = Scratch::with_records();
    scratch.ok("--as AR screen tag search-pubmed.nbib#1 dose =children");
    scratch.ok("--as AR screen star search-pubmed.nbib#1 reference_list");
    let said = scratch.json("--as AR screen note search-pubmed.nbib#1 check");
    assert_eq!(said["marks"][0]["tags"], serde_json::json!(["dose", "=children"]));
    assert_eq!(scratch.json("--as AR screen tags")["tags"][0]["units"], 1);
    let records = rows(&scratch.ok("--as AR export records --format csv"));
    let cell = |row: &Vec<String>, name: &str| row[records[0].iter().position(|column| column == name).expect("a column")].clone();
    assert_eq!(cell(&records[1], "tags"), "dose; =children");
    assert_eq!((cell(&records[1], "stars"), cell(&records[1], "review_notes")), ("reference_list".to_owned(), "AR: check".to_owned()));
    let marks = rows(&scratch.ok("--as AR export marks"));
    assert_eq!(marks[0], ["record", "reviewer", "stars", "tags", "note"]);
    assert_eq!(marks[1][1..], ["AR", "reference_list", "dose; =children", "check"]);
    assert_eq!(rows(&scratch.ok("--as BK export marks")).len(), 1, "not before both have voted");
    scratch.ok("--as AR screen note search-pubmed.nbib#1 --clear");
    scratch.ok("--as AR screen tag search-pubmed.nbib#1 DOSE --remove");
    scratch.ok("--as AR screen star search-pubmed.nbib#1 reference_list --remove");
    assert_eq!(rows(&scratch.ok("--as AR export marks"))[1][1..], ["AR", "", "'=children", ""]);
}

#[test]
fn reference_files_come_back_as_the_same_records() {
    let scratch = Scratch::with_records();
    for (format, file) in [("ris", "all.ris"), ("nbib", "all.nbib")] {
        scratch.ok(&format!("export records --format {format} -o {file}"));
        let read = scratch.json(&format!("import {file} --dry-run"));
        let file = &read["files"][0];
        assert_eq!((&file["format"], &file["kept"], &file["diagnostics"]), (&format.into(), &138.into(), &serde_json::json!([])));
    }
    let titles = |value: &serde_json::Value, key: &str| -> Vec<String> {
        value
            .as_array()
            .map(|list| list.iter().map(|record| record[key].as_str().unwrap_or_default().to_owned()).collect())
            .unwrap_or_default()
    };
    let exported: serde_json::Value = serde_json::from_str(&scratch.ok("export records --format json")).expect("JSON");
    let read = scratch.json("import all.ris --dry-run");
    assert_eq!(titles(&exported, "title"), titles(&read["files"][0]["records"], "title"));
}

#[test]
fn votes_come_back_as_the_same_votes() {
    let scratch = Scratch::with_records();
    scratch.ok("--as AR screen vote search-pubmed.nbib#1 exclude --reason design --note because");
    scratch.ok("--as AR screen vote search-pubmed.nbib#2 maybe");
    scratch.ok("--as AR export votes -o mine.csv");
    scratch.ok("--as BK screen votes mine.csv");
    let pair = scratch.json("agreement")["pairs"][0].clone();
    assert_eq!((&pair["n"], &pair["both_in"], &pair["both_out"]), (&2.into(), &1.into(), &1.into()), "{pair}");
}

#[test]
fn no_cell_of_an_export_is_a_formula() {
    let scratch = Scratch::with_review();
    scratch.write("evil.ris", "TY  - JOUR\nTI  - =HYPERLINK(\"http://x.example\",\"click\")\nAU  - +Plus, A\nPY  - 2001\nER  - \n");
    scratch.ok("import evil.ris --source Evil");
    for row in rows(&scratch.ok("export records")).iter().skip(1) {
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_early_is_no_error() {
    let scratch = Scratch::with_records();
    for words in [&["export", "records"][..], &["dedup", "list", "--json"], &["keys"]] {
        let mut child = scratch.command().args(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut line = String::new();
        // The pipe is closed after the first line.
        BufReader::with_capacity(16, child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a first line");
        let output = child.wait_with_output().expect("it ends");
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!talk.contains("panic") && !talk.contains("internal error"), "{words:?}: {talk}");
        assert_eq!(output.status.code(), Some(0), "{words:?}: {talk}");
    }
}

#[test]
fn what_a_format_cannot_hold_is_a_usage_error() {
    let scratch = Scratch::with_review();
    for words in ["export votes --format ris", "export prisma --format json", "export records -o x.docx", "export votes -o x.bib"] {
        let run = scratch.run(words);
        assert_eq!(run.code, 2, "{words}: {}", run.talk);
        assert!(run.talk.contains("hint:"), "{}", run.talk);
    }
}
