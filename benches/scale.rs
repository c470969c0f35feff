//! How long the everyday steps take on a large review: `cargo bench --bench scale -- 100000`.
//!
//! Every step is done on a real file in a fresh folder; answers are checked before a time counts. Prints one line per step with the
//! median over the repetitions, in milliseconds, and the memory of the process where the system tells it. What an opened review holds
//! is measured in a process of its own that does nothing else.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use tamis::app::query::Queue;
use tamis::app::{Detail, Environment, ImportOrder, Names, NewReview, Request, VoteEntry, Workspace};
use tamis::domain::decision::{Stage, Verdict};
use tamis::domain::ids::ReviewerId;
use tamis::domain::review::ReviewInfo;
use tamis::domain::time::{FixedClock, Timestamp};

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if let Some(review) = words.iter().position(|word| word == "--open").and_then(|at| words.get(at + 1)) {
        return open_only(Path::new(review));
    }
    let count: usize = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().expect("a folder for the review");
    let path = folder.path().join("review.tamis");
    println!("records\t{count}");

    let mut review = Workspace::found(&path, new_review(), environment(folder.path())).expect("a new review");
    let file = folder.path().join("search.ris");
    write_export(&file, 0, count);
    report("size of the export, MB", std::fs::metadata(&file).map_or(0.0, |meta| meta.len() as f64 / 1e6));

    forget_peak();
    report_memory("memory before the import, MB", "VmRSS:");
    let (reply, ms) = timed(|| review.run(Request::Import(order(&file))).expect("imports"));
    assert!(matches!(reply.detail, Detail::Import(report) if report.kept == count));
    report("import, ms", ms);
    report_memory("peak memory up to the end of the import, MB", "VmHWM:");
    report_memory("memory after the import, MB", "VmRSS:");

    let (reply, ms) = timed(|| review.run(Request::FindDuplicates).expect("compares"));
    let Detail::Duplicates(found) = reply.detail else { unreachable!("a search for duplicates reports them") };
    assert_eq!(found.duplicates, count / 10);
    report("dedup, ms", ms);

    let later = folder.path().join("update.ris");
    write_export(&later, count, 1000);
    let (reply, ms) = timed(|| review.run(Request::Import(order(&later))).expect("imports"));
    assert!(matches!(reply.detail, Detail::Import(report) if report.kept == 1000));
    report("import of 1000 more, ms", ms);
    let (reply, ms) = timed(|| review.run(Request::FindDuplicates).expect("compares"));
    assert!(matches!(reply.detail, Detail::Duplicates(found) if found.duplicates == count / 10 + 100));
    report("dedup with 1000 more, ms", ms);

    let queue = review.queue(Stage::TitleAbstract, Queue::Undecided);
    let mut times: Vec<f64> = Vec::new();
    for record in queue.iter().take(50) {
        let vote = VoteEntry { record: *record, verdict: Verdict::Exclude, reason: None, note: None, milliseconds: Some(900) };
        let (_, ms) = timed(|| {
            review.run(Request::Vote { stage: Stage::TitleAbstract, votes: vec![vote] }).expect("votes");
            review.unit_view(Stage::TitleAbstract, *record).expect("reads");
        });
        times.push(ms);
    }
    report("one vote on disk and the next record read, ms", median(times));

    for person in ["A", "B"] {
        review.act_as(&ReviewerId::from(person)).expect("a person of the review");
        let open = review.queue(Stage::TitleAbstract, Queue::Undecided);
        let votes = open.iter().enumerate().map(|(at, record)| VoteEntry {
            record: *record,
            verdict: if at % 20 == 0 { Verdict::Include } else { Verdict::Exclude },
            reason: None,
            note: None,
            milliseconds: None,
        });
        let votes: Vec<VoteEntry> = votes.collect();
        let cast = votes.len();
        let (_, ms) = timed(|| review.run(Request::Vote { stage: Stage::TitleAbstract, votes }).expect("votes"));
        report(&format!("{cast} votes in one operation, ms"), ms);
    }
    drop(review);

    let times = (0..5).map(|_| timed(|| Workspace::open(&path, environment(folder.path())).expect("opens")).1).collect();
    report("open the review, ms", median(times));
    let review = Workspace::open(&path, environment(folder.path())).expect("opens");
    report("overview, ms", median((0..5).map(|_| timed(|| review.overview()).1).collect()));
    report("flow, ms", median((0..5).map(|_| timed(|| review.flow()).1).collect()));
    report(
        "queue of undecided records, ms",
        median((0..5).map(|_| timed(|| review.queue(Stage::TitleAbstract, Queue::Undecided)).1).collect()),
    );
    let (problems, ms) = timed(|| review.check().expect("reads"));
    assert_eq!(problems, []);
    report("check of the whole file, ms", ms);
    report("size of the review, MB", std::fs::metadata(&path).map_or(0.0, |meta| meta.len() as f64 / 1e6));
    report_memory("peak memory of this process since the import began, MB", "VmHWM:");
    drop(review);
    let itself = std::env::current_exe().expect("the program knows itself");
    let status = Command::new(itself).arg("--open").arg(&path).status().expect("runs");
    assert!(status.success());
}

/// Opens a review and reports what that takes.
fn open_only(path: &Path) {
    let home = path.parent().expect("the review lies in a folder");
    let (review, ms) = timed(|| Workspace::open(path, environment(home)).expect("opens"));
    report("first opening in a process, ms", ms);
    report_memory("memory of an opened review, MB", "VmRSS:");
    report_memory("peak memory of opening it, MB", "VmHWM:");
    drop(review);
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let since = Instant::now();
    let value = work();
    (value, since.elapsed().as_secs_f64() * 1e3)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

fn report(what: &str, value: f64) {
    println!("{what}\t{value:.1}");
}

/// Reports a line of the process's memory where the system has it.
fn report_memory(what: &str, line: &str) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find(|text| text.starts_with(line)).and_then(|text| text.split_whitespace().nth(1)?.parse::<f64>().ok());
    if let Some(kilobytes) = kilobytes {
        report(what, kilobytes / 1024.0);
    }
}

/// Lets the peak of memory begin anew, where the system can do that.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn environment(folder: &Path) -> Environment {
    let now = Timestamp::parse("2026-01-31T09:30:00Z").expect("a moment");
    Environment { clock: Box::new(FixedClock(now)), names: Names::Random, home: Some(folder.join("home")) }
}

fn new_review() -> NewReview {
    NewReview {
        info: ReviewInfo { title: "A large review".to_owned(), ..ReviewInfo::default() },
        reviewers: vec![("A".to_owned(), String::new()), ("B".to_owned(), String::new())],
        ..NewReview::default()
    }
}

fn order(path: &Path) -> ImportOrder {
    ImportOrder {
        path: PathBuf::from(path),
        source: "Bench".to_owned(),
        kind: None,
        platform: None,
        date: None,
        strategy: None,
        hits: None,
        format: None,
        encoding: None,
        columns: Vec::new(),
        sheet: None,
    }
}

/// Writes an export of so many records with abstracts of 2 kB, numbered from `first`; every tenth repeats the one before it.
fn write_export(path: &Path, first: usize, count: usize) {
    const WORDS: [&str; 24] = [
        "ketamine",
        "infusion",
        "chronic",
        "pain",
        "trial",
        "randomised",
        "placebo",
        "neuropathic",
        "lidocaine",
        "magnesium",
        "opioid",
        "cancer",
        "outcome",
        "sleep",
        "quality",
        "adults",
        "children",
        "surgery",
        "nerve",
        "block",
        "therapy",
        "registry",
        "cohort",
        "dose",
    ];
    let mut file = BufWriter::new(std::fs::File::create(path).expect("the search export is made"));
    let mut seed = 42 + first as u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    let mut record = Vec::new();
    for n in first..first + count {
        if n % 10 == 9 {
            file.write_all(&record).expect("the search export is written");
            continue;
        }
        let title: Vec<&str> = (0..9).map(|_| WORDS[next() % WORDS.len()]).collect();
        record.clear();
        let (page, year) = (next() % 900 + 1, 1980 + next() % 45);
        let _ = write!(
            record,
            "TY  - JOUR\nTI  - {} number {n}\nAU  - Author{}, A. B.\nAU  - Second{}, C.\nPY  - {year}\nJO  - Journal {}\nVL  - {}\nIS  - {}\nSP  - {page}\nEP  - {}\nDO  - 10.1000/bench.{n}\nAB  - ",
            title.join(" "),
            next() % 5000,
            next() % 5000,
            next() % 300,
            next() % 80,
            next() % 12,
            page + 8,
        );
        for _ in 0..250 {
            record.extend_from_slice(WORDS[next() % WORDS.len()].as_bytes());
            record.push(b' ');
        }
        record.extend_from_slice(b"\nER  - \n\n");
        file.write_all(&record).expect("the search export is written");
    }
    file.flush().expect("the search export is written");
}
