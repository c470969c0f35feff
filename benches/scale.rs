//! How long the everyday steps take on a large review: `cargo bench --bench scale -- 100000`.
//!
//! Every step is done on a real file in a fresh folder; answers are checked before a time counts. Prints one line per step with the
//! median over the repetitions, in milliseconds, and the peak memory of the process where the system tells it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tamis::app::query::Queue;
use tamis::app::{Detail, Environment, ImportOrder, Names, NewReview, Request, VoteEntry, Workspace};
use tamis::domain::decision::{Stage, Verdict};
use tamis::domain::ids::ReviewerId;
use tamis::domain::review::ReviewInfo;
use tamis::domain::time::{FixedClock, Timestamp};

fn main() {
    let count: usize = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().expect("a folder for the review");
    let path = folder.path().join("review.tamis");
    println!("records\t{count}");

    let mut review = Workspace::found(&path, new_review(), environment(folder.path())).expect("a new review");
    let file = folder.path().join("search.ris");
    std::fs::write(&file, records(count)).expect("the search export is written");
    report("size of the export, MB", std::fs::metadata(&file).map_or(0.0, |meta| meta.len() as f64 / 1e6));

    let (reply, ms) = timed(|| review.run(Request::Import(order(&file))).expect("imports"));
    assert!(matches!(reply.detail, Detail::Import(report) if report.kept == count));
    report("import, ms", ms);

    let (reply, ms) = timed(|| review.run(Request::FindDuplicates).expect("compares"));
    let Detail::Duplicates(found) = reply.detail else { unreachable!("a search for duplicates reports them") };
    assert_eq!(found.duplicates, count / 10);
    report("dedup, ms", ms);

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
    if let Some(kilobytes) = peak_memory() {
        report("peak memory of this process, MB", kilobytes / 1024.0);
    }
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

fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
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
    }
}

/// Writes so many records of which every tenth repeats the one before it.
fn records(count: usize) -> String {
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
    let mut text = String::with_capacity(count * 1500);
    let mut seed = 42u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    let mut last = String::new();
    for n in 0..count {
        if n % 10 == 9 {
            text.push_str(&last);
            continue;
        }
        let title: Vec<&str> = (0..9).map(|_| WORDS[next() % WORDS.len()]).collect();
        let mut record = String::new();
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
        for _ in 0..110 {
            record.push_str(WORDS[next() % WORDS.len()]);
            record.push(' ');
        }
        record.push_str("\nER  - \n\n");
        text.push_str(&record);
        last = record;
    }
    text
}
