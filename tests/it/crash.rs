//! A program that is killed or runs out of room in the middle of an import leaves a review that opens, verifies, and holds all of the
//! file or nothing: then it is the file that it was, byte for byte. A vote that was shown as done is there after any kill.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tamis::app::{Environment, ImportOrder, Names, NewReview, Request, Workspace};
use tamis::domain::decision::Stage;
use tamis::domain::review::ReviewInfo;
use tamis::domain::source::SourceKind;
use tamis::domain::time::{FixedClock, Timestamp};

/// So much text that SQLite writes pages into the file long before the import is complete.
const RECORDS: usize = 1500;
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
        ("when most lies in the file", &|copy| written(copy, 10)),
        ("when it has committed", &|copy| written(copy, 15) && !journal(copy).exists()),
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
    for blocks in [1_000, 10_000] {
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

/// A small generator of numbers (splitmix64), so that each run kills at the same kinds of moments.
#[cfg(unix)]
struct Dice(u64);

#[cfg(unix)]
impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below
    }
}

#[cfg(unix)]
fn bundled(file: &str) -> ImportOrder {
    ImportOrder { kind: Some(SourceKind::Database), ..ImportOrder::of(file, "Embase") }
}

/// Returns A's standing vote on each record by its place in the file; place 0 is empty.
#[cfg(unix)]
fn held_votes(mut review: Workspace, records: u64) -> Vec<Option<String>> {
    review.act_as(&"A".into()).expect("is of the review");
    let vote = |n| {
        let record = review.find_record(&format!("few.ris#{n}")).expect("is there");
        let unit = review.unit_view(Stage::TitleAbstract, record).expect("reads");
        unit.mine.and_then(|vote| vote.verdict).map(|verdict| verdict.to_string())
    };
    std::iter::once(None).chain((1..=records).map(vote)).collect()
}

/// What came of killing the program while it voted.
#[cfg(unix)]
#[derive(Debug, Default)]
struct Kills {
    /// Votes that were acknowledged.
    acknowledged: usize,
    /// Votes that were killed before they were acknowledged and are there nevertheless, whole.
    kept: usize,
    /// Votes that were killed before they were written.
    lost: usize,
}

/// Kills the program 200 times while it votes; what it had acknowledged, and nothing but whole votes, is there afterwards.
///
/// A shell casts one vote after the other with the real program and notes each one that was acknowledged (exit code 0). At a moment
/// of the dice, up to about the time of two votes after the start, the whole group of processes is killed. Two reviews at a time.
#[cfg(unix)]
#[test]
fn no_vote_that_was_shown_as_done_is_lost_in_two_hundred_kills() {
    const KILLS: usize = 200;
    let halves = std::thread::scope(|scope| {
        let half = |seed| scope.spawn(move || kill_while_voting(KILLS / 2, seed));
        [half(20_260_131), half(20_260_201)].map(|half| half.join().expect("every kill left what it should"))
    });
    let sum = |part: fn(&Kills) -> usize| halves.iter().map(part).sum::<usize>();
    let (acknowledged, lost) = (sum(|kills| kills.acknowledged), sum(|kills| kills.lost));
    // The dice must have found moments of each kind, or the test shows nothing.
    assert!(acknowledged >= KILLS / 5 && lost >= KILLS / 5, "{halves:?}");
}

#[cfg(unix)]
fn kill_while_voting(kills: usize, seed: u64) -> Kills {
    use std::os::unix::process::CommandExt;

    const RECORDS: u64 = 40;
    let folder = tempfile::tempdir().expect("a folder");
    let review = folder.path().join("votes.tamis");
    let new = NewReview {
        info: ReviewInfo { title: "Votes".to_owned(), ..ReviewInfo::default() },
        reviewers: vec![("A".to_owned(), String::new()), ("B".to_owned(), String::new())],
        ..NewReview::default()
    };
    let mut founded = Workspace::found(&review, new, environment(folder.path())).expect("begins");
    let entry = |n| format!("TY  - JOUR\nTI  - Title number {n}\nPY  - 2001\nER  - \n\n");
    founded.import_bundled(&bundled("few.ris"), &(1..=RECORDS).map(entry).collect::<String>()).expect("imports");
    drop(founded);

    let (noted, trying) = (folder.path().join("noted"), folder.path().join("trying"));
    let start = |script: &str| {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", script, "sh", env!("CARGO_BIN_EXE_tamis")])
            .args([&noted, &trying])
            .env("TAMIS_HOME", folder.path().join("home"))
            .env("TAMIS_REVIEW", &review)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        shell.spawn().expect("starts")
    };
    let line = |at: usize, record: u64, vote: &str| {
        format!("echo {at} >\"$3\"; \"$1\" --as A screen vote few.ris#{record} {vote} && echo {at} >>\"$2\"\n")
    };
    let lines = |file: &Path| -> Vec<usize> {
        std::fs::read_to_string(file).expect("reads").lines().filter_map(|line| line.parse().ok()).collect()
    };
    // How long a vote takes on this machine, now; the votes are undisturbed and stand.
    let since = Instant::now();
    let _ = start(&(0..3).map(|at| line(at, 1, "maybe")).collect::<String>()).wait_with_output();
    let mut one_vote = since.elapsed() / 3;
    assert_eq!(lines(&noted), [0, 1, 2]);

    // The vote that the review must hold for each record: the last one that was acknowledged, or the one under way when killed.
    let mut standing: Vec<Option<&str>> = vec![None; RECORDS as usize + 1];
    standing[1] = Some("maybe");
    let (mut dice, mut seen) = (Dice(seed), Kills::default());
    for kill in 0..kills {
        let votes: Vec<(u64, &str)> =
            (0..4).map(|_| (1 + dice.roll(RECORDS), ["include", "maybe", "exclude"][dice.roll(3) as usize])).collect();
        std::fs::write(&noted, "").expect("writes");
        std::fs::write(&trying, "").expect("writes");
        let script: String = votes.iter().enumerate().map(|(at, (record, vote))| line(at, *record, vote)).collect();
        let mut shell = start(&script);
        let moment = Instant::now() + one_vote * u32::try_from(dice.roll(2_000)).expect("small") / 1_000;
        while Instant::now() < moment && shell.try_wait().expect("can be watched").is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        let group = format!("-{}", shell.id());
        let _all_of_it = Command::new("kill").args(["-9", "--", &group]).stderr(Stdio::null()).status().expect("kills");
        // The end of the output means that every process of the group is gone, whatever it was waiting for.
        let _ = shell.wait_with_output();

        let done = lines(&noted);
        // Other programs come and go: the moments of the dice follow the pace of now, so that both kinds go on being found.
        one_vote = if done.is_empty() { one_vote * 11 / 10 } else { one_vote * 19 / 20 }.max(Duration::from_millis(1));
        for at in &done {
            let (record, vote) = votes[*at];
            standing[record as usize] = Some(vote);
            seen.acknowledged += 1;
        }
        let opened = Workspace::open(&review, environment(folder.path())).expect("opens after each kill");
        let held = held_votes(opened, RECORDS);
        // The vote under way was killed before its acknowledgement: it may be there, whole, or not.
        if let Some(at) = lines(&trying).last().copied().filter(|at| !done.contains(at)) {
            let (record, vote) = votes[at];
            if held[record as usize].as_deref() == Some(vote) && standing[record as usize] != Some(vote) {
                standing[record as usize] = Some(vote);
                seen.kept += 1;
            } else {
                seen.lost += 1;
            }
        }
        for (record, wanted) in standing.iter().enumerate().skip(1) {
            assert_eq!(held[record].as_deref(), *wanted, "kill {kill}: record {record} of {votes:?}, {done:?} acknowledged");
        }
    }
    let opened = Workspace::open(&review, environment(folder.path())).expect("opens in the end");
    assert_eq!(opened.check().expect("reads"), [], "after {kills} kills");
    assert!(opened.log_length() > seen.acknowledged, "every vote is an operation");
    seen
}
