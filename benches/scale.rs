//! How long the everyday steps take on a large review: `cargo bench --bench scale -- 100000`.
//!
//! Every step is done on a real file in a fresh folder; answers are checked before a time counts. Prints one line per step with the
//! median over the repetitions, in milliseconds, and the memory of the process where the system tells it. What an opened review holds,
//! and what the screens over it take from key to picture, is measured in a process of its own that does nothing else.
//! `scale -- --open FILE` does that part alone on a review that is there; it votes in it.

mod measure;

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use measure::{median, report, timed};
use tamis::app::query::Queue;
use tamis::app::{Detail, Environment, ImportOrder, Names, NewReview, Request, VoteEntry, Workspace};
use tamis::domain::decision::{Stage, Verdict};
use tamis::domain::ids::ReviewerId;
use tamis::domain::review::ReviewInfo;
use tamis::domain::time::{FixedClock, Timestamp};
use tamis::tui::app_port::{AppPort, AppService, Query};
use tamis::tui::harness::Harness;
use tamis::tui::message::Msg;
use tamis::tui::port::Service;
use tamis::tui::start::screens;

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

    for (person, percent) in [("A", 90), ("B", 80)] {
        review.act_as(&ReviewerId::from(person)).expect("a person of the review");
        let open = review.queue(Stage::TitleAbstract, Queue::Undecided);
        let votes = open[..open.len() * percent / 100].iter().enumerate().map(|(at, record)| VoteEntry {
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
    on_screen(path, home);
    forget_peak();
    from_command_line(path, home);
}

/// Takes a sitting at the screens: open, vote, undo, filter; each step from the key to the drawn picture.
fn on_screen(path: &Path, home: &Path) {
    let (mut program, ms) = timed(|| {
        let mut review = Workspace::open(path, environment(home)).expect("opens");
        review.act_as(&ReviewerId::from("B")).expect("a person of the review");
        let make = Arc::new(Environment::of_process);
        Harness::new(screens(), AppService::with_environment(review, make), 160, 50)
    });
    report("screens: from the file to the first picture, ms", ms);
    let ((), ms) = timed(|| _ = program.press("g s"));
    report("screens: to the screening, ms", ms);
    votes_on_screen(&mut program, "while the records are read in the background");
    let since = Instant::now();
    while program.service().poll().is_none() && since.elapsed().as_secs() < 120 {
        if program.service().review().texts_to_read().is_none() {
            break;
        }
        if since.elapsed().as_millis() < 50 {
            program.press("/").type_text("x").press("esc");
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    report("screens: until the records are read, ms", since.elapsed().as_secs_f64() * 1e3);
    report("size of the index of words, MB", program.service().review().size_of_texts() as f64 / 1e6);
    votes_on_screen(&mut program, "with the records read");
    let ((), ms) = timed(|| _ = program.press("O 5"));
    report("screens: to the order by author, ms", ms);
    votes_on_screen(&mut program, "in the order by author");
    program.press("O 6");
    votes_on_screen(&mut program, "in random order");
    let times = (0..5).map(|_| timed(|| _ = program.happen(Msg::Redraw)).1).collect();
    report("screens: of a vote, drawing, ms", median(times));
    questions(program.service());
    program.press("O 1 /");
    let mut times = Vec::new();
    for letter in "ketamine or \"chronic pain\" -title:ca".chars() {
        times.push(timed(|| _ = program.type_text(&letter.to_string())).1);
    }
    report("screens: worst letter of a filter being typed, ms", times.iter().copied().fold(0.0, f64::max));
    report("screens: a letter of a filter being typed, ms", median(times));
    let ((), ms) = timed(|| _ = program.press("enter"));
    assert!(program.text().contains("found by"), "{}", program.text());
    report("screens: the filter kept, ms", ms);
    votes_on_screen(&mut program, "in a filter");
    report_memory("memory at the screens, MB", "VmRSS:");
    report_memory("peak memory at the screens, MB", "VmHWM:");
}

fn votes_on_screen(program: &mut Harness<AppPort, AppService>, when: &str) {
    let times: Vec<f64> = (0..30).map(|_| timed(|| _ = program.press("e")).1).collect();
    report(&format!("screens: worst vote {when}, ms"), times.iter().copied().fold(0.0, f64::max));
    report(&format!("screens: a vote {when}, ms"), median(times));
    let ((), ms) = timed(|| _ = program.press("u"));
    report(&format!("screens: undo {when}, ms"), ms);
}

/// What each question takes that the screens ask after a vote.
fn questions(service: &mut AppService) {
    let stage = Stage::TitleAbstract;
    let record = *service.review().queue(stage, Queue::Undecided).first().expect("a record waits");
    let mut ask = |what: &str, query: &dyn Fn() -> Query| {
        let times = (0..5).map(|_| timed(|| service.load(query()).expect("answers")).1).collect();
        report(&format!("screens: of a vote, {what}, ms"), median(times));
    };
    ask("the queue", &|| Query::Queue(stage, Queue::Undecided));
    ask("the record", &|| Query::Unit(stage, record));
    ask("the progress of all", &|| Query::Progress);
    ask("pace and batch", &|| Query::Desk);
    report("screens: of a vote, the frame, ms", median((0..5).map(|_| timed(|| service.header()).1).collect()));
    let waiting = service.review().queue(stage, Queue::Undecided);
    let times = waiting.iter().take(30).map(|record| {
        let vote = VoteEntry { record: *record, verdict: Verdict::Exclude, reason: None, note: None, milliseconds: Some(900) };
        timed(|| service.run(Request::Vote { stage, votes: vec![vote] }).expect("votes")).1
    });
    report("screens: of a vote, keeping it on disk, ms", median(times.collect()));
}

/// Asks queries of the search language.
fn from_command_line(path: &Path, home: &Path) {
    let mut review = Workspace::open(path, environment(home)).expect("opens");
    review.act_as(&ReviewerId::from("B")).expect("a person of the review");
    let (_, ms) = timed(|| review.search("ketamine").expect("reads"));
    report("first search in a process, ms", ms);
    let queries = [
        "ketamine",
        "ke*",
        "a*",
        "\"chronic pain\"",
        "\"chronic pai*\"",
        "title:ketamine -placebo",
        "year:1990..2010 journal:7",
        "is:undecided has:abstract",
        "is:conflict or my:include",
        "(ketamine or lidocaine) -(cancer children) author:author12",
        "-zzz",
    ];
    for query in queries {
        let mut found = 0;
        let times = (0..5).map(|_| {
            let (result, ms) = timed(|| review.filter(Stage::TitleAbstract, Queue::All, query, false).expect("reads"));
            found = result.records.len();
            ms
        });
        report(&format!("filter {query}, ms"), median(times.collect()));
        report(&format!("filter {query}, records"), found as f64);
    }
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
    ImportOrder { ..ImportOrder::of(path, "Bench") }
}

/// Returns 40,000 different words of two or three syllables.
fn vocabulary() -> Vec<String> {
    let syllables: Vec<String> = "bcdfghklmnprstv".chars().flat_map(|c| "aeiou".chars().map(move |v| format!("{c}{v}"))).collect();
    (0..40_000)
        .map(|n: usize| {
            let count = syllables.len();
            let last = if n < count * count { String::new() } else { format!("{}n", syllables[n / (count * count) % count]) };
            format!("{}{}{last}", syllables[n % count], syllables[n / count % count])
        })
        .collect()
}

/// Returns a place below `count` of which the first is drawn most, the n-th one n-th as often (Zipf's law).
fn zipf(random: usize, count: usize) -> usize {
    let uniform = (random % 1_000_000) as f64 / 1e6;
    ((count as f64).powf(uniform) as usize - 1).min(count - 1)
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
    let vocabulary = vocabulary();
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
            let word = if next() % 3 == 0 { WORDS[next() % WORDS.len()] } else { &vocabulary[zipf(next(), vocabulary.len())] };
            record.extend_from_slice(word.as_bytes());
            record.push(b' ');
        }
        record.extend_from_slice(b"\nER  - \n\n");
        file.write_all(&record).expect("the search export is written");
    }
    file.flush().expect("the search export is written");
}
