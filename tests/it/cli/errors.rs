//! Every class of error has its exit code, its sentence and its hint, as text and as JSON.

use serde_json::Value;

use super::{Scratch, example};

/// Runs the same words twice, as text and as JSON, and compares the two.
fn refused(scratch: &Scratch, words: &str, code: i32, kind: &str) -> (String, String) {
    let text = scratch.run(words);
    assert_eq!(text.code, code, "tamis {words}\n{}{}", text.out, text.talk);
    assert_eq!(text.out, "", "an error is no data: tamis {words}");
    let json = scratch.run(&format!("{words} --json"));
    assert_eq!(json.code, code, "tamis {words} --json\n{}", json.out);
    let object: Value = serde_json::from_str(&json.out).unwrap_or_else(|error| panic!("tamis {words} --json: {error}\n{}", json.out));
    assert_eq!(object["error"]["kind"], kind, "{object}");
    let message = object["error"]["message"].as_str().expect("a message").to_owned();
    let hint = object["error"]["hint"].as_str().unwrap_or_default().to_owned();
    if kind != "usage" {
        assert!(text.talk.contains(&message), "{} says other than {message}", text.talk);
    }
    (message, hint)
}

#[test]
fn a_missing_review_says_how_to_make_one() {
    let (message, hint) = refused(&Scratch::new(), "status", 1, "not_found");
    assert_eq!(message, "there is no review in this folder");
    assert!(hint.contains("tamis init"), "{hint}");
}

#[test]
fn several_reviews_are_listed() {
    let scratch = Scratch::with_review();
    scratch.ok("init other.tamis --title Other --reviewer AR");
    let (message, hint) = refused(&scratch, "status", 1, "user");
    assert!(message.contains("ket.tamis, other.tamis"), "{message}");
    assert!(hint.contains("--review"), "{hint}");
    scratch.ok("status --review ket.tamis");
    scratch.ok("other.tamis status");
}

#[test]
fn a_reviewer_who_does_not_exist_is_met_with_those_who_do() {
    let (message, hint) = refused(&Scratch::with_review(), "--as XY status", 1, "not_found");
    assert!(message.contains("\"XY\"") && hint.contains("AR, BK"), "{message} {hint}");
}

#[test]
fn what_the_rules_forbid_is_blocked() {
    let scratch = Scratch::with_records();
    let (message, _) = refused(&scratch, "fulltext vote search-pubmed.nbib#1 include", 1, "blocked");
    assert!(message.contains("has not reached full text"), "{message}");
    let (message, hint) = refused(&scratch, &format!("import {} --source Embase", example("search-embase.ris")), 1, "blocked");
    assert!(message.contains("was imported before") && hint.contains("nothing was changed"), "{message} {hint}");
}

#[test]
fn usage_errors_exit_with_2() {
    let scratch = Scratch::with_review();
    refused(&scratch, "screen vote", 2, "usage");
    refused(&scratch, "screen vote abcd perhaps", 2, "usage");
    refused(&scratch, "import x.ris", 2, "usage");
    let (message, hint) = refused(&scratch, "scren", 2, "usage");
    assert_eq!(message, "there is no verb and no file \"scren\"");
    assert!(hint.contains("screen"), "{hint}");
    refused(&scratch, "status --colour always", 2, "usage");
}

#[test]
fn a_check_that_finds_problems_exits_with_3() {
    let scratch = Scratch::new();
    scratch.write("form.toml", "form = \"f\"\nversion = 1\ntitle = \"T\"\n[[field]]\nsection = \"s\"\nid = \"a\"\ntype = \"colour\"\n");
    let run = scratch.run("form check form.toml");
    assert_eq!(run.code, 3, "{}{}", run.out, run.talk);
    assert!(run.out.contains("form.toml:7:"), "{}", run.out);
    let json = scratch.run("form check form.toml --json");
    let object: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!((json.code, &object["problems"][0]["line"]), (3, &Value::from(7)), "{object}");
}

#[test]
fn a_changed_vote_is_found_by_check() {
    let scratch = Scratch::with_votes();
    scratch.ok("check");
    let file = rusqlite::Connection::open(scratch.path("ket.tamis")).expect("the file opens");
    let find = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'vote'";
    let triggers: Vec<(String, String)> = {
        let mut statement = file.prepare(find).expect("the schema can be read");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        rows.map(|row| row.expect("a trigger")).collect()
    };
    assert!(!triggers.is_empty(), "votes are guarded by triggers");
    for (name, _) in &triggers {
        file.execute_batch(&format!("DROP TRIGGER {name}")).expect("a trigger can be dropped");
    }
    let change = "UPDATE vote SET verdict = 'include' WHERE verdict = 'exclude' AND record = (SELECT min(record) FROM vote WHERE verdict = 'exclude')";
    assert!(file.execute(change, []).expect("a vote can be changed") > 0);
    for (_, sql) in &triggers {
        file.execute_batch(sql).expect("a trigger can be put back");
    }
    drop(file);
    let run = scratch.run("check --json");
    assert_eq!(run.code, 3, "{}{}", run.out, run.talk);
    let object: Value = serde_json::from_str(&run.out).expect("JSON");
    assert!(object["problems"].as_array().is_some_and(|problems| !problems.is_empty()), "{object}");
    assert_eq!(scratch.run("check").code, 3);
}

#[test]
fn files_that_are_no_review_or_newer_or_in_use_exit_with_4() {
    let scratch = Scratch::with_review();
    scratch.write("text.tamis", "this is no review, it is a text that somebody renamed");
    let (message, _) = refused(&scratch, "status -r text.tamis", 4, "file");
    assert!(message.contains("is not a tamis review"), "{message}");

    std::fs::copy(scratch.path("ket.tamis"), scratch.path("newer.tamis")).expect("a copy");
    let file = rusqlite::Connection::open(scratch.path("newer.tamis")).expect("the file opens");
    file.pragma_update(None, "user_version", 999).expect("the version can be set");
    drop(file);
    let (message, hint) = refused(&scratch, "status -r newer.tamis", 4, "file");
    assert!(message.contains("newer tamis") && hint.contains("was not touched"), "{message} {hint}");

    let (_, hint) = refused(&scratch, "import /no/such/folder/x.ris --source A -r ket.tamis", 1, "not_found");
    assert_eq!(hint, "check the name and the folder");
}

#[test]
fn a_file_in_use_by_another_program_exits_with_4_and_nothing_changes() {
    let scratch = Scratch::with_review();
    let file = rusqlite::Connection::open(scratch.path("ket.tamis")).expect("the file opens");
    file.execute_batch("BEGIN EXCLUSIVE").expect("nobody else holds it");
    let run = scratch.run("setup title Changed");
    assert_eq!(run.code, 4, "{}{}", run.out, run.talk);
    assert!(run.talk.contains("in use by another program"), "{}", run.talk);
    file.execute_batch("ROLLBACK").expect("the lock is given back");
    assert!(!scratch.ok("status").contains("Changed"));
}

#[test]
fn an_init_over_an_existing_file_never_overwrites() {
    let scratch = Scratch::with_records();
    let (message, _) = refused(&scratch, "init ket.tamis --title T --reviewer AR", 1, "user");
    assert!(message.contains("exists already"), "{message}");
    assert_eq!(scratch.json("status")["records"], 138);
}

#[test]
fn nobody_acts_until_it_is_known_who_does() {
    let scratch = Scratch::with_records();
    let mut command = scratch.command();
    // Another device: it remembers nobody.
    let output = command
        .env("TAMIS_HOME", scratch.path("elsewhere"))
        .env("TAMIS_SEED", "8")
        .args(["screen", "next"])
        .output()
        .expect("the program runs");
    let talk = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{talk}");
    assert!(talk.contains("add --as ID; the reviewers are AR, BK"), "{talk}");
}
