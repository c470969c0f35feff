//! Moving a half-done screening from another tool: each reviewer takes over their own decisions, and nothing is guessed.

use std::path::Path;

use serde_json::Value;

use super::{Scratch, has_keys};

fn own(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import").join(name).display().to_string()
}

/// A review of AE and BO with one file imported as the source Search.
fn review(file: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.ok_words(&["init", "baths.tamis", "--title", "Baths", "--reviewer", "AE=Anna E. Ek", "--reviewer", "BO=Bo"]);
    scratch.ok_words(&["import", &own(file), "--source", "Search"]);
    scratch
}

fn refused(scratch: &Scratch, words: &[&str], parts: &[&str]) {
    let run = scratch.run_words(words);
    assert_eq!(run.code, 1, "tamis {}: {}{}", words.join(" "), run.out, run.talk);
    for part in parts {
        assert!(run.talk.contains(part), "\"{part}\" is missing in: {}", run.talk);
    }
}

fn votes(scratch: &Scratch, person: &str) -> Vec<String> {
    let text = scratch.ok(&format!("--as {person} export votes --format csv"));
    text.lines().skip(1).map(|line| line.split(',').skip(1).take(2).collect::<Vec<_>>().join(" ").trim().to_owned()).collect()
}

fn numbers(reply: &Value, keys: &str) -> Vec<u64> {
    keys.split_whitespace().map(|key| reply[key].as_u64().unwrap_or_else(|| panic!("{key} in {reply}"))).collect()
}

#[test]
fn each_reviewer_takes_over_their_own_decisions_of_an_imported_file_as_one_operation() {
    let scratch = review("decisions-rayyan.ris");
    refused(&scratch, &["--as", "AE", "screen", "votes", "--from", "Search"], &["2 people: Anna Ek, Ben", "--person NAME"]);
    refused(&scratch, &["screen", "votes", "--from", "Search", "--person", "Carl"], &["no decisions of Carl", "Anna Ek, Ben"]);
    refused(&scratch, &["screen", "votes", "--from", "Elsewhere"], &["nothing was imported under the name \"Elsewhere\""]);
    let before = scratch.json("log")["total"].as_u64().expect("a number");
    let preview = scratch.run_words(&["screen", "votes", "--from", "Search", "--person", "Anna Ek", "--dry-run"]);
    assert!(preview.talk.contains("Ben (Rayyan): 1 included, 1 maybe, 1 excluded"), "{}", preview.talk);
    let text = scratch.ok_words(&["screen", "votes", "--from", "Search", "--person", "anna ek", "--json"]);
    let reply: Value = serde_json::from_str(&text).expect("JSON");
    has_keys(&reply, "message operation operations cast remaining rows changed unchanged voted past others undecided problems matched");
    assert_eq!(numbers(&reply, "cast voted past others undecided remaining"), [4, 0, 0, 3, 1, 2], "{reply}");
    assert_eq!(scratch.json("log")["total"].as_u64(), Some(before + 1));
    assert_eq!(votes(&scratch, "AE"), ["include", "exclude", "exclude", "maybe"]);
    let again = scratch.ok_words(&["screen", "votes", "--from", "decisions-rayyan.ris", "--person", "Anna Ek", "--json"]);
    let again: Value = serde_json::from_str(&again).expect("JSON");
    assert_eq!(numbers(&again, "cast voted"), [0, 4], "{again}");
    assert_eq!(again["operation"], Value::Null);
    scratch.ok("undo");
    assert!(votes(&scratch, "AE").is_empty());
}

#[test]
fn an_import_tells_whose_decisions_a_file_holds_and_takes_none_over() {
    let scratch = review("baths.ris");
    let run = scratch.run_words(&["import", &own("decisions-rayyan.ris"), "--source", "Rayyan"]);
    assert_eq!(run.code, 0, "{}", run.talk);
    for part in [
        "decisions-rayyan.ris holds decisions by Anna Ek (Rayyan): 1 included, 1 maybe, 2 excluded",
        "decisions by Ben (Rayyan): 1 included, 1 maybe, 1 excluded",
        "tamis screen votes --from decisions-rayyan.ris --person NAME",
    ] {
        assert!(run.talk.contains(part), "\"{part}\" is missing in: {}", run.talk);
    }
    assert!(votes(&scratch, "AE").is_empty() && votes(&scratch, "BO").is_empty());
    let text = scratch.ok_words(&["import", &own("decisions-rayyan-damaged.ris"), "--dry-run", "--json"]);
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let file = &report["files"][0];
    assert_eq!((&file["decisions"]["people"][0]["person"], &file["decisions"]["unreadable"]), (&"Anna Ek".into(), &1.into()), "{file}");
    let remarks = file["diagnostics"].as_array().expect("a list").clone();
    let remark = remarks.iter().find(|remark| remark["field"] == "notes").expect("a remark");
    assert_eq!(remark["line"], 19, "{remark}");
    assert!(remark["message"].as_str().is_some_and(|message| message.contains("Theta 2018")), "{remark}");
}

#[test]
fn the_other_learns_nothing_and_taken_over_votes_enter_agreement_only_if_they_were_blind() {
    for (blinded, n) in [(None, 0), (Some("--blinded"), 2)] {
        let scratch = review("decisions-rayyan.ris");
        let mut words = vec!["--as", "AE", "screen", "votes", "--from", "Search", "--person", "Anna Ek"];
        words.extend(blinded);
        scratch.ok_words(&words);
        assert!(votes(&scratch, "BO").is_empty());
        let log = scratch.ok("--as BO log");
        assert!(log.contains("took over 4 votes at title/abstract from Search (Rayyan)"), "{log}");
        assert!(!log.contains("include") && !log.contains("exclude"), "{log}");
        words[1] = "BO";
        words[7] = "Ben";
        scratch.ok_words(&words);
        let pairs = scratch.json("agreement")["pairs"].clone();
        assert_eq!(pairs.get(0).map_or(0, |pair| pair["n"].as_u64().unwrap_or(0)), n, "{pairs}");
    }
}

#[test]
fn a_file_from_another_tool_is_matched_by_doi_pmid_or_title_and_year() {
    for (file, person, verdicts, matched) in [
        ("decisions-rayyan.csv", Some("Anna Ek"), &["include", "exclude", "exclude", "maybe"][..], (2, 2)),
        ("decisions-rayyan.csv", Some("Ben"), &["include", "maybe", "exclude"], (3, 0)),
        ("decisions-rayyan.ris", Some("Ben"), &["include", "maybe", "exclude"], (3, 0)),
        ("decisions-asreview.csv", None, &["include", "exclude", "exclude", "include"], (3, 1)),
        ("decisions-asreview.ris", None, &["include", "exclude", "exclude", "include"], (3, 1)),
        ("decisions-abstrackr.csv", Some("Ben"), &["include", "maybe", "exclude"], (0, 3)),
    ] {
        let scratch = review("baths.ris");
        let path = own(file);
        let mut words = vec!["--as", "BO", "--json", "screen", "votes", &path];
        words.extend(person.iter().flat_map(|person| ["--person", person]));
        let reply: Value = serde_json::from_str(&scratch.ok_words(&words)).expect("JSON");
        assert_eq!(votes(&scratch, "BO"), verdicts, "{file}: {reply}");
        let of = |key: &str| reply["matched"][key].as_u64().unwrap_or(0);
        assert_eq!((of("doi"), of("title")), matched, "{file}: {reply}");
    }
}

#[test]
fn a_list_of_one_kind_is_told_its_vote_and_reasons_become_those_of_the_review() {
    let scratch = review("baths.ris");
    refused(&scratch, &["--as", "AE", "screen", "votes", &own("decisions-covidence-irrelevant.csv")], &["holds no decisions"]);
    let reply = scratch.ok_words(&["screen", "votes", &own("decisions-covidence-irrelevant.csv"), "--every", "exclude"]);
    assert!(reply.contains("took over 2 votes"), "{reply}");
    scratch.ok_words(&["setup", "reasons", "population=Wrong population"]);
    for person in ["AE", "BO"] {
        for n in [1, 2, 3] {
            scratch.ok(&format!("--as {person} screen vote baths.ris#{n} include"));
        }
    }
    for n in [1, 2, 3] {
        scratch.ok(&format!("fulltext retrieval baths.ris#{n} retrieved"));
    }
    let covidence = own("decisions-covidence.csv");
    refused(&scratch, &["fulltext", "votes", &covidence], &["line 4", "no exclusion reason \"Wrong design\"", "--keep-going"]);
    let reply = scratch.ok_words(&["--as", "BO", "fulltext", "votes", &covidence, "--keep-going"]);
    assert!(reply.contains("took over 1 vote at full text"), "{reply}");
    let exported = scratch.ok("export votes --stage ft --format csv");
    assert!(exported.contains("exclude,population"), "{exported}");
}

#[test]
fn what_contradicts_itself_cannot_be_read_or_fits_no_record_is_named_and_not_guessed() {
    let scratch = review("decisions-rayyan-damaged.ris");
    let words = ["--as", "AE", "screen", "votes", "--from", "Search", "--person", "Anna Ek"];
    refused(
        &scratch,
        &words,
        &["2 rows of 3", "decisions-rayyan-damaged.ris#2: the record contradicts itself: include and exclude", "damaged.ris#3", "Inclu"],
    );
    assert!(votes(&scratch, "AE").is_empty());
    let run = scratch.run_words(&[&words[..], &["--keep-going"]].concat());
    assert_eq!(run.code, 0, "{}", run.talk);
    assert!(run.talk.contains("not recorded: Search, decisions-rayyan-damaged.ris#2"), "{}", run.talk);
    assert_eq!(votes(&scratch, "AE"), ["include"]);

    let scratch = review("decisions-rayyan-damaged.ris");
    let file = own("decisions-rayyan.csv");
    refused(
        &scratch,
        &["--as", "BO", "screen", "votes", &file, "--person", "Ben"],
        &["line 3", "line 6", "no record of the review is this one"],
    );
    let text = scratch.run_words(&["--json", "--as", "BO", "screen", "votes", &file, "--person", "Ben"]);
    let error: Value = serde_json::from_str(&text.out).expect("JSON");
    let problems = error["error"]["problems"].as_array().expect("a list").clone();
    assert_eq!(problems.iter().map(|problem| problem["line"].as_u64()).collect::<Vec<_>>(), [Some(3), Some(6)], "{error}");
}

#[test]
fn decisions_go_to_the_group_of_duplicates_and_different_ones_are_named() {
    let scratch = review("decisions-rayyan.ris");
    scratch.ok_words(&["import", &own("decisions-asreview.csv"), "--source", "Machine"]);
    scratch.ok("dedup run");
    let groups = scratch.json("dedup list")["groups"].as_array().map_or(0, Vec::len);
    assert_eq!(groups, 3, "the records with a DOI are in both files");
    scratch.ok_words(&["--as", "AE", "screen", "votes", "--from", "Search", "--person", "Anna Ek"]);
    let machine = scratch.json("--as BO screen votes --from Machine");
    assert_eq!(numbers(&machine, "cast"), [4]);
    let total = |queue: &str| scratch.json(&format!("screen list --queue {queue}"))["total"].as_u64();
    assert_eq!((total("included"), total("excluded")), (Some(1), Some(1)), "both decisions stand on one unit");
    // Both files say something for one person: the same is one vote, different is named.
    let scratch = review("decisions-rayyan.ris");
    let twice = format!("{}\n{}", std::fs::read_to_string(own("decisions-rayyan.ris")).expect("reads"), "");
    scratch.write("other.ris", &twice.replacen("{\"Anna Ek\"=>\"Included\"", "{\"Anna Ek\"=>\"Excluded\"", 1));
    scratch.ok("import other.ris --source Search");
    scratch.ok("dedup run");
    refused(
        &scratch,
        &["--as", "AE", "screen", "votes", "--from", "Search", "--person", "Anna Ek"],
        &["decided on differently", "decisions-rayyan.ris#1", "other.ris#1"],
    );
    let kept = scratch.ok_words(&["--json", "screen", "votes", "--from", "Search", "--person", "Anna Ek", "--keep-going"]);
    assert_eq!(numbers(&serde_json::from_str(&kept).expect("JSON"), "cast repeated"), [5, 1], "{kept}");
}

#[test]
fn votes_that_were_cast_here_are_left_and_units_past_the_stage_are_counted() {
    let scratch = review("decisions-rayyan.ris");
    scratch.ok("--as AE screen vote decisions-rayyan.ris#4 include");
    scratch.ok("screen remove decisions-rayyan.ris#3 --reason broken");
    let text = scratch.ok_words(&["--json", "screen", "votes", "--from", "Search", "--person", "Anna Ek"]);
    assert_eq!(numbers(&serde_json::from_str(&text).expect("JSON"), "cast voted past"), [2, 1, 1], "{text}");
    assert_eq!(votes(&scratch, "AE"), ["include", "exclude", "include"]);
}

#[test]
fn exported_votes_are_loaded_again_by_their_own_reviewer_only() {
    let scratch = review("decisions-rayyan.ris");
    for (person, name) in [("AE", "Anna Ek"), ("BO", "Ben")] {
        scratch.ok_words(&["--as", person, "screen", "votes", "--from", "Search", "--person", name]);
    }
    let exported = scratch.ok("--as AE export votes --format csv");
    scratch.write("votes.csv", &exported);
    let known = scratch.json("--as AE screen votes votes.csv");
    assert_eq!(numbers(&known, "cast unchanged"), [0, 4], "{known}");
    let other = Scratch::new();
    other.ok_words(&["init", "baths.tamis", "--title", "Baths", "--reviewer", "AE=Anna E. Ek", "--reviewer", "BO=Bo"]);
    other.ok_words(&["import", &own("decisions-rayyan.ris"), "--source", "Search"]);
    other.write("votes.csv", &exported);
    let cast = other.json("--as AE screen votes votes.csv");
    assert_eq!(numbers(&cast, "cast"), [4], "{cast}");
    assert_eq!(votes(&other, "AE"), ["include", "exclude", "exclude", "maybe"]);
    assert_eq!(
        other.ok("export votes --format csv"),
        exported.lines().filter(|line| !line.contains(",BO,")).fold(String::new(), |text, line| text + line + "\n")
    );
    let nobody = other.json("--as BO screen votes votes.csv");
    assert_eq!(numbers(&nobody, "cast others"), [2, 4], "{nobody}");
}

#[test]
fn a_table_names_records_by_doi_or_title_too() {
    let scratch = review("baths.ris");
    scratch.write(
        "votes.csv",
        "doi,title,year,vote\n10.5555/BATH.1,,,include\n,\"Mud packs, and backs: A survey\",2013,exclude\n,Walking in water,1999,include\n",
    );
    refused(&scratch, &["--as", "AE", "screen", "votes", "votes.csv"], &["votes.csv, line 4, column title", "no record of the review"]);
    let cast: Value = serde_json::from_str(&scratch.ok("screen votes votes.csv --keep-going --json")).expect("JSON");
    assert_eq!((numbers(&cast, "cast"), &cast["matched"]["title"]), (vec![2], &Value::from(1)), "{cast}");
}

#[test]
fn records_that_went_through_another_tool_are_known_by_their_names_here() {
    let scratch = review("baths.ris");
    let exported = scratch.ok("export records --format csv");
    let labels = ["asreview_label", "1", "0", "", "0", "1", ""];
    assert_eq!(exported.lines().count(), labels.len(), "{exported}");
    let labelled: String = exported.lines().zip(labels).map(|(line, label)| format!("{line},{label}\n")).collect();
    scratch.write("labelled.csv", &labelled);
    let cast = scratch.json("--as AE screen votes labelled.csv");
    assert_eq!((numbers(&cast, "cast undecided"), &cast["matched"]["record"]), (vec![4, 2], &Value::from(4)), "{cast}");
    assert_eq!(votes(&scratch, "AE"), ["include", "exclude", "exclude", "include"]);
}
