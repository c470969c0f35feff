//! A program that is killed or runs out of room in the middle of an import leaves a review that opens, verifies, and holds all of the
//! file or nothing: then it is the file that it was, byte for byte.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tamis::app::{Environment, Names, NewReview, Request, Workspace};
use tamis::domain::review::ReviewInfo;
use tamis::domain::time::{FixedClock, Timestamp};

/// So much text that SQLite writes pages into the file long before the import is complete.
const RECORDS: usize = 3000;
const WORDS: usize = 1300;

struct Crash {
    folder: tempfile::TempDir,
    review: Vec<u8>,
}

impl Crash {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("empty.tamis");
        let new = NewReview {
            info: ReviewInfo { title: "Crash".to_owned(), ..ReviewInfo::default() },
            reviewers: vec![("A".to_owned(), String::new())],
            ..NewReview::default()
        };
        drop(Workspace::found(&path, new, environment(folder.path())).expect("begins"));
        let entry = |n| format!("TY  - JOUR\nTI  - Title number {n} of a large export\nAU  - Author{n}, A.\nPY  - 2001\nAB  - ");
        let text: String = (0..RECORDS).map(|n| format!("{}{}\nER  - \n\n", entry(n), "words ".repeat(WORDS))).collect();
        std::fs::write(folder.path().join("big.ris"), text).expect("writes");
        let review = std::fs::read(&path).expect("reads");
        Self { folder, review }
    }

    /// Makes a copy of the empty review, and the command that imports the export into it.
    fn copy(&self, name: &str) -> (PathBuf, Vec<String>) {
        let copy = self.folder.path().join(format!("{name}.tamis"));
        std::fs::write(&copy, &self.review).expect("copies");
        let words = ["--review", &copy.display().to_string(), "import", &self.folder.path().join("big.ris").display().to_string()];
        let words = words.into_iter().chain(["--source", "Big"]).map(str::to_owned).collect();
        (copy, words)
    }

    fn start(&self, mut command: Command) -> Child {
        command.env("TAMIS_HOME", self.folder.path().join("home")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn().expect("starts")
    }

    /// Opens what was left, and returns the number of records in it.
    fn left(&self, copy: &Path, what: &str) -> usize {
        let opened = Workspace::open(copy, environment(self.folder.path())).expect("opens afterwards");
        assert_eq!(opened.check().expect("reads"), [], "{what}");
        let records = opened.overview().records;
        drop(opened);
        if records == 0 {
            assert!(std::fs::read(copy).expect("reads") == self.review, "{what}: the file is what it was");
        }
        let mut opened = Workspace::open(copy, environment(self.folder.path())).expect("opens again");
        opened.run(Request::SetReview(ReviewInfo { title: what.to_owned(), ..ReviewInfo::default() })).expect("work goes on");
        drop(opened);
        assert!(!journal(copy).exists(), "{what}: nothing is left beside the file");
        records
    }
}

fn environment(folder: &Path) -> Environment {
    let now = Timestamp::parse("2026-01-31T09:30:00Z").expect("a moment");
    Environment { clock: Box::new(FixedClock(now)), names: Names::Random, home: Some(folder.join("home")) }
}

fn journal(review: &Path) -> PathBuf {
    review.with_extension("tamis-journal")
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |meta| meta.len())
}

/// A moment at which the program is killed: what it is called, and how to see that it has come.
type Moment<'a> = (&'a str, &'a dyn Fn(&Path) -> bool);

#[test]
fn an_import_that_is_killed_is_there_whole_or_not_at_all() {
    let crash = Crash::new();
    let empty = crash.review.len() as u64;
    let written = |copy: &Path, megabytes: u64| length(copy) > empty + megabytes * 1_000_000;
    let moments: [Moment<'_>; 5] = [
        ("at once", &|_| true),
        ("when it begins to write", &|copy| journal(copy).exists()),
        ("when a part lies in the file", &|copy| written(copy, 1)),
        ("when most lies in the file", &|copy| written(copy, 20)),
        ("when it has committed", &|copy| written(copy, 30) && !journal(copy).exists()),
    ];
    let mut outcomes = Vec::new();
    for (at, (what, is_reached)) in moments.into_iter().enumerate() {
        let (copy, words) = crash.copy(&format!("killed-{at}"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_tamis"));
        command.args(words);
        let mut child = crash.start(command);
        let since = Instant::now();
        while !is_reached(&copy) && child.try_wait().expect("can be watched").is_none() {
            assert!(since.elapsed() < Duration::from_secs(120), "the moment did not come: {what}");
            std::thread::yield_now();
        }
        let _ = child.kill();
        let _ = child.wait();
        match crash.left(&copy, what) {
            records @ (0 | RECORDS) => outcomes.push((what, records)),
            part => panic!("killed {what}: {part} of {RECORDS} records are there"),
        }
    }
    assert_eq!(outcomes[0].1, 0, "{outcomes:?}");
    assert_eq!(outcomes[2].1, 0, "{outcomes:?}");
    assert_eq!(outcomes[4].1, RECORDS, "{outcomes:?}");
}

#[cfg(unix)]
#[test]
fn an_import_that_finds_no_room_leaves_the_review_as_it_was() {
    let crash = Crash::new();
    for blocks in [1_000, 20_000] {
        let (copy, words) = crash.copy(&format!("full-{blocks}"));
        // The shell lets files grow to so many blocks; a write beyond that fails, as on a full disk.
        let mut command = Command::new("sh");
        command.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""), "sh", env!("CARGO_BIN_EXE_tamis")]).args(words);
        let done = crash.start(command).wait_with_output().expect("ends");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(4), "{said}");
        assert!(said.contains(&format!("full-{blocks}.tamis")) && said.contains("nothing was changed"), "{said}");
        assert_eq!(crash.left(&copy, "no room"), 0);
    }
}

#[cfg(unix)]
#[test]
fn an_import_that_is_interrupted_from_the_keyboard_says_so_and_leaves_nothing() {
    let crash = Crash::new();
    let (copy, words) = crash.copy("interrupted");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tamis"));
    command.args(words);
    let mut child = crash.start(command);
    let since = Instant::now();
    while !journal(&copy).exists() && child.try_wait().expect("can be watched").is_none() {
        assert!(since.elapsed() < Duration::from_secs(120), "the import did not begin to write");
        std::thread::yield_now();
    }
    // What a terminal sends for Ctrl-C.
    let sent = Command::new("sh").args(["-c", "kill -INT \"$1\"", "sh", &child.id().to_string()]).status().expect("a shell");
    assert!(sent.success(), "the import was still running");
    let done = child.wait_with_output().expect("ends");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("cancelled; nothing was changed"), "{said}");
    assert_eq!(crash.left(&copy, "interrupted"), 0);
}
