//! Tables that people write: found by column, all or nothing, and every mistake at its place.

use super::{Scratch, example};

fn refused(scratch: &Scratch, words: &str, parts: &[&str]) {
    let run = scratch.run(words);
    assert_eq!(run.code, 1, "tamis {words}: {}{}", run.out, run.talk);
    for part in parts {
        assert!(run.talk.contains(part), "\"{part}\" is missing in: {}", run.talk);
    }
}

#[test]
fn a_wrong_row_of_a_file_of_votes_is_named_and_no_vote_is_cast() {
    let scratch = Scratch::with_records();
    let good = "record,vote,reason,note\nsearch-pubmed.nbib#1,include,,\n";
    for (row, parts) in [
        ("search-pubmed.nbib#2,perhaps,,\n", ["votes.csv", "line 3", "perhaps"]),
        ("search-pubmed.nbib#999,include,,\n", ["votes.csv", "line 3", "26 records, not 999"]),
        ("nowhere.ris#1,include,,\n", ["votes.csv", "line 3", "no file nowhere.ris"]),
        (",include,,\n", ["votes.csv", "line 3", "empty"]),
        ("search-pubmed.nbib#2,exclude,colour,\n", ["votes.csv", "line 3, column reason", "no exclusion reason \"colour\""]),
        ("search-pubmed.nbib#2,include,design,\n", ["votes.csv", "line 3, column reason", "a reason belongs to an exclusion"]),
    ] {
        scratch.write("votes.csv", &format!("{good}{row}"));
        refused(&scratch, "screen votes votes.csv", &parts);
        assert_eq!(scratch.json("screen list --queue mine")["total"], 0, "{row}");
    }
    scratch.write("votes.csv", "record,verdict\nsearch-pubmed.nbib#1,include\n");
    refused(&scratch, "screen votes votes.csv", &["votes.csv", "no column \"vote\""]);
    std::fs::write(scratch.path("votes.csv"), b"record,vote\nsearch-pubmed.nbib#1,\xff\xfe\n").expect("writes");
    refused(&scratch, "screen votes votes.csv", &["votes.csv, line 2", "UTF-8"]);
    refused(&scratch, "screen votes missing.csv", &["there is no file missing.csv"]);
}

#[test]
fn columns_are_found_by_name_and_records_by_any_of_their_names() {
    let scratch = Scratch::with_records();
    let card = scratch.json("show search-pubmed.nbib#3");
    let name = card["card"]["record"].as_str().expect("a record has a name").to_owned();
    let doi = scratch.json("show search-pubmed.nbib#1")["card"]["citation"]["doi"].as_str().expect("the record has a DOI").to_owned();
    scratch.write("votes.csv", &format!("\u{feff}Note;VOTE;record\nfirst;yes;doi:{doi}\n;N;pmid:19783371\n;maybe;{}\n", &name[..6]));
    let cast = scratch.json("screen votes votes.csv");
    assert_eq!(cast["cast"], 3, "{cast}");
    assert_eq!(scratch.json("screen list --queue maybe")["records"][0]["card"]["record"], name.as_str());
}

#[test]
fn all_votes_of_a_file_are_one_operation_and_can_be_taken_back_at_once() {
    let scratch = Scratch::with_records();
    let before = scratch.json("log")["total"].clone();
    let cast = scratch.json(&format!("screen votes {}", example("votes-ta-AR.csv")));
    assert_eq!((&cast["cast"], &cast["remaining"]), (&82.into(), &0.into()));
    assert_eq!(scratch.json("log")["total"].as_u64(), before.as_u64().map(|total| total + 1));
    scratch.ok("undo");
    assert_eq!(scratch.json("screen list")["total"], 82);
}

#[test]
fn all_wrong_rows_of_a_table_are_named_and_the_good_ones_are_recorded_only_if_asked_to() {
    let scratch = Scratch::with_votes();
    scratch.write(
        "wrong.csv",
        "record,vote,why\nsearch-embase.ris#68,include,a protocol of an included trial\nsearch-pubmed.nbib#1,include,nothing to settle\nsearch-embase.ris#69,perhaps,a word\nsearch-embase.ris#68,include,\n",
    );
    let before = scratch.json("log")["total"].as_u64();
    let parts = [
        "3 rows of 4",
        "line 3, column record",
        "in no conflict",
        "line 4, column vote",
        "perhaps",
        "line 5, column why: is empty",
        "--keep-going",
    ];
    refused(&scratch, "--as AR conflict load wrong.csv", &parts);
    assert_eq!(scratch.json("log")["total"].as_u64(), before, "nothing was recorded");
    let run = scratch.run("--as AR conflict load wrong.csv --keep-going");
    assert_eq!(run.code, 0, "{}", run.talk);
    assert!(run.out.contains("took part in settling 1 conflict from wrong.csv"), "{}", run.out);
    assert!(run.talk.contains("not recorded: wrong.csv, line 4, column vote"), "{}", run.talk);
    let error: serde_json::Value = serde_json::from_str(&scratch.run("--as BK conflict load wrong.csv --json").out).expect("JSON");
    assert_eq!(error["error"]["problems"][2]["column"], "why", "{error}");
    scratch.write("wrong.csv", "record,vote,why\nsearch-embase.ris#68,include,\n");
    refused(&scratch, "--as AR conflict load wrong.csv", &["line 2", "why"]);
}

#[test]
fn every_table_is_one_operation_and_is_taken_back_at_once() {
    let scratch = Scratch::with_votes();
    let total = |scratch: &Scratch| scratch.json("log")["total"].as_u64().expect("a number");
    let load = |words: &str| {
        let before = total(&scratch);
        let reply = scratch.json(words);
        assert_eq!(total(&scratch), before + 1, "{words}: {reply}");
        assert_eq!(reply["rows"], reply["changed"], "{words}: {reply}");
        let again = scratch.json(words);
        assert_eq!((&again["operation"], &again["changed"]), (&serde_json::Value::Null, &0.into()), "{words} once more: {again}");
    };
    load(&format!("--as AR conflict load {} --stage ta", example("conflicts-ta.csv")));
    scratch.ok("undo");
    assert_eq!(scratch.json("conflict list")["conflicts"][0]["resolutions"].as_array().map(Vec::len), Some(0));
    scratch.ok("redo");
    let settled = scratch.json(&format!("--as BK conflict load {}", example("conflicts-ta.csv")));
    assert_eq!(settled["changed"], 6);
    load(&format!("fulltext load {}", example("retrieval.csv")));
    for person in ["AR", "BK"] {
        scratch.ok(&format!("--as {person} fulltext votes {}", example(&format!("votes-ft-{person}.csv"))));
    }
    for person in ["AR", "BK"] {
        scratch.ok(&format!("--as {person} conflict load {}", example("conflicts-ft.csv")));
    }
    load(&format!("study load {}", example("studies.csv")));
    assert_eq!(scratch.json("study list")["studies"].as_array().map(Vec::len), Some(6));
    scratch.ok("undo");
    assert_eq!(scratch.json("study list")["studies"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_cell_that_does_not_fit_is_refused_with_its_row() {
    let scratch = Scratch::with_studies();
    let head = "study,path,value,record,page,quote\nLumanauw 2019,design,RCT parallel,search-pubmed.nbib#3,,\n";
    for (row, part) in [
        ("Lumanauw 2019,outcome.pain.immediate.ketamine.mean,many,,,\n", "outcome.pain.immediate.ketamine.mean"),
        ("Lumanauw 2019,outcome.pain.immediate.ketamine.median,3,,,\n", "no cell"),
        ("Nobody 1999,design,RCT parallel,,,\n", "no study"),
        ("Lumanauw 2019,design,RCT parallel,nowhere.ris#1,,\n", "nowhere.ris"),
    ] {
        scratch.write("cells.csv", &format!("{head}{row}"));
        refused(&scratch, "--as AR extract load cells.csv", &["cells.csv", part]);
        assert_eq!(scratch.json("--as AR extract show Lumanauw_2019")["cells"][0]["raw"], serde_json::Value::Null, "{row}");
    }
}

#[test]
fn a_set_up_file_is_taken_once_and_names_its_mistakes() {
    let scratch = Scratch::with_review();
    let again = scratch.json(&format!("setup load {}", example("review.toml")));
    assert_eq!(again["operation"], serde_json::Value::Null, "{again}");
    scratch.write("wrong.toml", "title = \"x\"\n\n[[exclusion_reason]]\ncode = \"a\"\n");
    refused(&scratch, "setup load wrong.toml", &["wrong.toml, line 3", "label"]);
}

#[test]
fn a_policy_that_moves_records_is_shown_first_and_needs_a_yes() {
    let scratch = Scratch::with_votes();
    let run = scratch.run("setup policy ta --maybe conflict");
    assert_eq!(run.code, 1);
    assert!(
        run.out.contains("conflict") && run.talk.contains("nothing was changed") && run.talk.contains("--yes"),
        "{}{}",
        run.out,
        run.talk
    );
    scratch.write("policy.toml", "[[policy]]\nstage = \"ta\"\nmaybe = \"conflict\"\n");
    refused(&scratch, "setup load policy.toml", &["nothing was changed", "--yes"]);
    let changed = scratch.json("setup policy ta --maybe conflict --yes");
    assert_eq!(changed["effects"][0]["to"], "conflict", "{changed}");
    assert_eq!(scratch.json("setup policy ta")["policy"]["maybe"], "conflict");
}
