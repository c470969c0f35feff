//! A table of a report becomes the cells of a draft.

use std::io::Write;
use std::process::Stdio;

use super::Scratch;

const STUDY: &str = "Sigtermans 2009";
const TABLE: &str = "Group,n,Mean (SD)\nKetamine,30,\"26,8 (27.9)\"\nPlacebo,30,54.5 (26.3)\nSham,1,2 (3)\n";

#[test]
fn a_table_is_looked_at_first_and_fills_the_draft_as_one_change() {
    let scratch = Scratch::with_studies();
    scratch.write("table.csv", TABLE);
    let words = ["--as", "AR", "extract", "paste", STUDY, "table.csv", "--at", "outcome.pain.immediate.ketamine.n"];
    let shown = scratch.ok_words(&[&words[..], &["--dry-run"]].concat());
    assert!(shown.starts_with("Sigtermans 2009: 6 cells would be filled, 2 left out"), "{shown}");
    assert!(shown.contains("outcome.pain.immediate.ketamine.mean") && shown.contains("26,8"), "{shown}");
    assert!(shown.contains("left out: row 4, column 2, \"1\": \"Sham\" names nothing of the form"), "{shown}");
    assert!(!scratch.ok_words(&["--as", "AR", "extract", "show", STUDY]).contains("26,8"));
    let filled = scratch.run_words(&[&words[..], &["--page", "p. 307, table 2"]].concat());
    assert_eq!((filled.code, filled.out.as_str()), (0, "filled 6 cells\n"), "{}", filled.talk);
    let draft = scratch.ok_words(&["--as", "AR", "extract", "show", STUDY]);
    assert!(draft.contains("26,8") && draft.contains("p. 307, table 2"), "{draft}");
    scratch.ok("--as AR undo");
    assert!(!scratch.ok_words(&["--as", "AR", "extract", "show", STUDY]).contains("26,8"));
}

#[test]
fn a_table_can_be_piped_in_and_nothing_that_fits_is_an_error() {
    let scratch = Scratch::with_studies();
    let run = |text: &str| {
        let words = ["--as", "AR", "extract", "paste", STUDY, "-"];
        let mut child =
            scratch.command().args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
        child.stdin.take().expect("an input").write_all(text.as_bytes()).expect("writes");
        let done = child.wait_with_output().expect("ends");
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr))
    };
    let (code, said) = run("\tKetamine\tPlacebo\nPain intensity immediate mean\t26.8\t54.5\n");
    assert!(code == Some(0) && said.contains("filled 2 cells"), "{said}");
    let (code, said) = run("1\t2\n3\t4\n");
    assert!(code == Some(1) && said.contains("select the cell into which its first number goes"), "{said}");
}
