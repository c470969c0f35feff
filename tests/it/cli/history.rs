//! Importing twice, undo and redo, the log, backups, and copies that are merged.

use super::{Scratch, example};

#[test]
fn the_same_file_is_imported_once() {
    let scratch = Scratch::with_review();
    let import = format!("import {} --source Embase", example("search-embase.ris"));
    scratch.ok(&import);
    let again = scratch.run(&import);
    assert_eq!(again.code, 1);
    assert!(again.talk.contains("search-embase.ris was imported before"), "{}", again.talk);
    assert_eq!(scratch.json("status")["records"], 74);
    scratch.ok("undo");
    assert_eq!(scratch.json("status")["records"], 0);
    scratch.ok("redo");
    assert_eq!(scratch.json("status")["records"], 74);
}

#[test]
fn of_several_files_none_is_imported_when_one_cannot_be_read() {
    let scratch = Scratch::with_review();
    scratch.write("broken.ris", "no reference at all\n");
    let run = scratch.run(&format!("import {} broken.ris --source Embase", example("search-embase.ris")));
    assert_eq!(run.code, 1, "{}{}", run.out, run.talk);
    assert!(run.talk.contains("broken.ris"), "{}", run.talk);
    assert_eq!(scratch.json("status")["records"], 0);
}

#[test]
fn of_several_files_none_is_imported_when_two_are_the_same() {
    let scratch = Scratch::with_review();
    scratch.write("one.ris", "TY  - JOUR\nTI  - The same\nER  - \n");
    scratch.write("two.ris", "TY  - JOUR\nTI  - The same\nER  - \n");
    let run = scratch.run("import one.ris two.ris --source Embase");
    assert_eq!(run.code, 1, "{}{}", run.out, run.talk);
    assert!(run.talk.contains("two.ris holds the same as one.ris"), "{}", run.talk);
    assert_eq!(scratch.json("status")["records"], 0);
    scratch.ok("import one.ris --source Embase");
    let shown = scratch.ok("source show embase");
    assert!(shown.contains("one.ris: 1 record found, 1 kept; ris in utf-8"), "{shown}");
    let run = scratch.run("source show nowhere");
    assert!(run.code == 1 && run.talk.contains("the sources are "), "{}", run.talk);
}

#[test]
fn a_change_is_taken_back_and_put_back_by_its_place_or_its_name() {
    let scratch = Scratch::with_records();
    let voted = scratch.json("screen vote search-pubmed.nbib#1 include");
    let name = voted["operation"].as_str().expect("an operation").to_owned();
    let undone = scratch.json(&format!("undo {}", &name[..8]));
    assert!(undone["message"].as_str().is_some_and(|message| message.starts_with("undid: voted at title/abstract: ")), "{undone}");
    assert_eq!(scratch.json("screen list --queue mine")["total"], 0);
    let entry = scratch.json("log")["operations"].as_array().and_then(|log| log.iter().find(|entry| entry["id"] == name.as_str()).cloned());
    let entry = entry.expect("the vote stays in the log");
    assert_eq!(entry["is_live"], false);
    scratch.ok(&format!("redo {}", entry["seq"]));
    assert_eq!(scratch.json("screen list --queue mine")["total"], 1);
    let missing = scratch.run("undo 9999");
    assert_eq!((missing.code, missing.talk.contains("tamis log")), (1, true), "{}", missing.talk);
}

#[test]
fn nobody_takes_back_what_another_did() {
    let scratch = Scratch::with_records();
    scratch.ok("--as AR screen vote search-pubmed.nbib#1 include");
    let log = scratch.json("--as BK log --limit 1");
    assert_eq!(log["operations"][0]["can_undo"], false);
    let run = scratch.run(&format!("--as BK undo {}", log["operations"][0]["seq"]));
    assert_eq!(run.code, 1, "{}", run.out);
}

#[test]
fn two_copies_grow_apart_and_are_merged() {
    let scratch = Scratch::with_records();
    std::fs::copy(scratch.path("ket.tamis"), scratch.path("copy.tamis")).expect("a copy");
    scratch.ok("--as AR screen vote search-pubmed.nbib#1 include -r ket.tamis");
    let mut other = scratch.command();
    let there = ["--as", "BK", "screen", "vote", "search-pubmed.nbib#1", "exclude", "-r", "copy.tamis"];
    let output =
        other.env("TAMIS_HOME", scratch.path("other-device")).env("TAMIS_SEED", "8").args(there).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let merged = scratch.json("merge copy.tamis -r ket.tamis");
    assert_eq!(merged["operations"], 1, "{merged}");
    assert_eq!(scratch.json("conflict list -r ket.tamis")["conflicts"].as_array().map(Vec::len), Some(1));
    assert_eq!(scratch.json("merge copy.tamis -r ket.tamis")["operations"], 0);
    assert_eq!(scratch.json("check -r ket.tamis")["problems"], serde_json::json!([]));
}

#[test]
fn a_backup_opens_and_is_listed() {
    let scratch = Scratch::with_records();
    let file = scratch.json("backup")["file"].as_str().expect("a file").to_owned();
    assert_eq!(scratch.json(&format!("status --review {file}"))["records"], 138);
    assert!(
        scratch.json("backup --list")["backups"].as_array().is_some_and(|backups| backups.iter().any(|backup| *backup == file.as_str()))
    );
    scratch.ok("backup --to elsewhere.tamis");
    let again = scratch.run("backup --to elsewhere.tamis");
    assert_ne!(again.code, 0, "a backup never overwrites a file");
}

#[test]
fn the_past_has_its_own_numbers() {
    let scratch = Scratch::with_votes();
    let length = scratch.json("log")["total"].as_u64().expect("a number");
    let then = scratch.json(&format!("flow --at {}", length - 2));
    assert_eq!((&then["records_screened"], &then["pending"]), (&0.into(), &77.into()), "before both voted");
    assert_eq!(scratch.run("flow --at 0").code, 1);
    assert_eq!(scratch.run(&format!("log --at {}", length + 1)).code, 1);
}
