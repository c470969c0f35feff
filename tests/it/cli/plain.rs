//! Screening on plain lines, driven through standard input.

use std::io::Write;
use std::process::Stdio;

use super::Scratch;

/// Gives the answers, one a line, and returns what was printed.
fn sit(scratch: &Scratch, person: &str, answers: &str) -> String {
    let mut child = scratch
        .command()
        .args(["--as", person, "screen", "--plain"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(answers.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn answers_vote_go_back_and_undo_and_nothing_places_the_cursor() {
    let scratch = Scratch::with_records();
    let told = sit(&scratch, "AR", "i\ne\nm\nu\nnonsense\ns\nb\na\nq\n");
    assert!(told.starts_with("Screening of titles and abstracts as AR. 82 records wait for your vote.\n"), "{told}");
    assert!(told.contains("Title: Ketamine produces effective and long-term pain relief"), "{told}");
    assert!(told.contains("Voted include: Ketamine produces effective"), "{told}");
    assert!(told.contains("Undid: voted at title/abstract"), "{told}");
    assert!(told.contains("\"nonsense\" is no answer here; nothing was done."), "{told}");
    assert!(told.ends_with("2 votes in this sitting, all kept. 80 records wait for your vote.\n"), "{told}");
    assert!(!told.contains('\u{1b}') && !told.contains('\r'), "plain lines only");
    let stats = scratch.json("--as AR screen stats");
    assert_eq!(stats["progress"][0]["done"], 2);
    let mine = scratch.json("--as AR screen list --queue mine");
    let votes: Vec<_> = mine["records"].as_array().expect("a list").iter().map(|unit| unit["mine"]["verdict"].clone()).collect();
    assert_eq!(votes, ["include", "exclude"]);
}

#[test]
fn the_end_of_the_answers_keeps_everything() {
    let scratch = Scratch::with_records();
    let told = sit(&scratch, "BK", "n ask for week 12\nt dose\nk\nt dose\nh\nc\no\np\ne design\ne nosuchreason");
    for expected in [
        "Note kept (",
        "Tagged \"dose\" (",
        "Marked \"key paper\" (",
        "Tag \"dose\" taken away (",
        "i: include",
        "https://doi.org/",
        "BK: 0 of 82 voted",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    assert!(told.contains("Not done: "), "an unknown reason is refused and the sitting goes on: {told}");
    assert!(told.ends_with("1 vote in this sitting, all kept. 81 records wait for your vote.\n"), "{told}");
    let marks = scratch.json("--as BK show search-pubmed.nbib#1");
    assert_eq!((&marks["marks"][0]["note"], &marks["mine"]["reason"]), (&"ask for week 12".into(), &"design".into()));
}

#[test]
fn skipped_records_come_round_and_an_empty_queue_ends_the_sitting() {
    let scratch = Scratch::with_records();
    let all = format!("s\n{}", "i\n".repeat(81));
    let told = sit(&scratch, "AR", &format!("{all}i\n"));
    assert!(told.contains("Only records that you skipped are left: 1 record."), "{told}");
    assert!(told.ends_with("82 votes in this sitting, all kept. No record waits for your vote.\n"), "{told}");
    let told = sit(&scratch, "AR", "");
    assert!(told.contains("No record waits for your vote."), "{told}");
}
