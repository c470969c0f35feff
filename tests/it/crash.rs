//! A program that is killed in the middle of an import leaves a review that opens, verifies, and holds all of the file or nothing.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tamis::app::{Environment, Names, NewReview, Workspace};
use tamis::domain::review::ReviewInfo;
use tamis::domain::time::{FixedClock, Timestamp};

const RECORDS: usize = 4000;

fn environment(home: &Path) -> Environment {
    let now = Timestamp::parse("2026-01-31T09:30:00Z").expect("a moment");
    Environment { clock: Box::new(FixedClock(now)), names: Names::Random, home: Some(home.to_owned()) }
}

#[test]
fn an_import_that_is_killed_is_there_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let (review, home, export) = (folder.path().join("review.tamis"), folder.path().join("home"), folder.path().join("big.ris"));
    let new = NewReview {
        info: ReviewInfo { title: "Crash".to_owned(), ..ReviewInfo::default() },
        reviewers: vec![("A".to_owned(), String::new())],
        ..NewReview::default()
    };
    drop(Workspace::found(&review, new, environment(&home)).expect("begins"));
    let text: String = (0..RECORDS)
        .map(|n| {
            format!(
                "TY  - JOUR\nTI  - Title number {n} of a large export\nAU  - Author{n}, A.\nPY  - 2001\nAB  - {}\nER  - \n\n",
                "words ".repeat(60)
            )
        })
        .collect();
    std::fs::write(&export, text).expect("writes");

    let (mut nothing, mut all) = (0, 0);
    for delay in [5, 30, 60, 100, 150, 220, 300, 400, 600, 900] {
        let copy = folder.path().join(format!("after-{delay}.tamis"));
        std::fs::copy(&review, &copy).expect("copies");
        let mut child = Command::new(env!("CARGO_BIN_EXE_tamis"))
            .arg("--review")
            .arg(&copy)
            .arg("import")
            .arg(&export)
            .args(["--source", "Big"])
            .env("TAMIS_HOME", &home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_millis(delay));
        let _ = child.kill();
        let _ = child.wait();
        let opened = Workspace::open(&copy, environment(&home)).expect("opens after the kill");
        assert_eq!(opened.check().expect("reads"), [], "killed after {delay} ms");
        match opened.overview().records {
            0 => nothing += 1,
            RECORDS => all += 1,
            part => panic!("killed after {delay} ms: {part} of {RECORDS} records are there"),
        }
    }
    println!("killed imports: {nothing} left nothing, {all} were complete");
}
