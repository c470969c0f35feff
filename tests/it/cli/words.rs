//! The lists of words on the command line.

use super::Scratch;

#[test]
fn words_are_added_moved_loaded_and_removed() {
    let scratch = Scratch::new();
    scratch.ok("init ket.tamis --title Ketamine --reviewer AR --reviewer BK");
    assert_eq!(scratch.json("words list")["words"], serde_json::json!([]));
    assert!(scratch.ok("words usual").contains("placebo"), "offered");
    assert_eq!(scratch.json("words list")["words"], serde_json::json!([]), "and not forced");
    scratch.ok_words(&["words", "add", "population", "adult", "chronic pain"]);
    scratch.ok("words add exclude Adult");
    let words = scratch.json("words list");
    assert_eq!(
        words["words"],
        serde_json::json!([{ "list": "exclude", "word": "adult" }, { "list": "population", "word": "chronic pain" }])
    );
    scratch.write("words.csv", "list,word\noutcome,VAS\nInclude,random*\n");
    scratch.ok("words load words.csv");
    assert_eq!(scratch.json("words list")["words"].as_array().map(Vec::len), Some(4));
    scratch.write("wrong.csv", "list,word\noutcome,VAS\nelsewhere,x\n");
    let run = scratch.run("words load wrong.csv");
    assert!(run.code == 1 && run.talk.contains("wrong.csv, line 3, column list"), "{}", run.talk);
    scratch.ok("words remove adult VAS");
    let run = scratch.run("words remove adult");
    assert!(run.code == 1 && run.talk.contains("no list holds \"adult\""), "{}", run.talk);
    scratch.ok("words load words.csv --replace");
    assert_eq!(scratch.json("words list")["words"].as_array().map(Vec::len), Some(2));
    scratch.ok("words usual --add");
    assert!(scratch.json("words list")["words"].as_array().is_some_and(|words| words.len() > 10));
    scratch.ok("undo");
    assert_eq!(scratch.json("words list")["words"].as_array().map(Vec::len), Some(2));
}
