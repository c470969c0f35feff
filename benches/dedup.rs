//! How long the search for duplicates takes: `cargo bench --bench dedup -- [FILE.csv] [--records N] [--million]`.
//!
//! FILE is a table made by `synth.py` of the labelled sets (its truth is scored where it is there). Without one, records of the same
//! make are invented here: three reports in four, and one duplicate in four in another database's spelling. Every step is repeated
//! and the median printed, with the time of the processors beside that of the clock, and the greatest memory of the process.

#[allow(dead_code)]
#[path = "dedup_robustness/labelled.rs"]
mod labelled;
#[path = "dedup_robustness/random.rs"]
mod random;

use std::path::PathBuf;
use std::time::Instant;

use tamis::dedup::{Outcome, Prepared, Settled, find_duplicates, find_duplicates_from};

use self::labelled::{Figures, Row};
use self::random::Random;

/// How often each step is measured.
const TIMES: usize = 3;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = words.iter().position(|word| word == "--records").and_then(|at| words.get(at + 1)?.parse().ok());
    let file = words.iter().find(|word| word.ends_with(".csv")).map(PathBuf::from);
    let rows = match &file {
        Some(path) => labelled::read_path(path),
        None => invented(number.unwrap_or(100_000)),
    };
    println!("records\t{}", rows.len());
    measure(&rows);
    drop(rows);
    editorials();
    if words.iter().any(|word| word == "--million") {
        let rows = invented(1_000_000);
        println!("records\t{}", rows.len());
        let citations: Vec<_> = rows.iter().map(Row::citation).collect();
        drop(rows);
        let (records, seconds, busy) = timed(|| prepare_in_parallel(&citations));
        drop(citations);
        report("prepare 1,000,000", seconds, busy);
        let (outcome, seconds, busy) = timed(|| find(&records));
        report("find 1,000,000", seconds, busy);
        println!("groups\t{}", outcome.groups.len());
    }
    if let Some(kilobytes) = status("VmHWM:") {
        println!("greatest memory of the process, MB\t{:.0}", kilobytes / 1024.0);
    }
}

fn measure(rows: &[Row]) {
    let citations: Vec<_> = rows.iter().map(Row::citation).collect();
    let before = status("VmRSS:").unwrap_or(0.0);
    let records = median("prepare, all threads", || prepare_in_parallel(&citations));
    println!("memory of the prepared records, MB\t{:.0}", (status("VmRSS:").unwrap_or(0.0) - before) / 1024.0);
    let outcome = median("find", || find(&records));
    let duplicates: usize = outcome.groups.iter().map(|group| group.len() - 1).sum();
    println!("groups\t{}\nduplicates\t{duplicates}\npossible\t{}", outcome.groups.len(), outcome.possible);
    if rows.iter().all(|row| !row.truth.is_empty()) {
        let mut group_of: Vec<usize> = (0..rows.len()).collect();
        outcome.groups.iter().for_each(|members| members.iter().for_each(|m| group_of[*m] = members[0]));
        let truth: Vec<&str> = rows.iter().map(|row| row.truth.as_str()).collect();
        let figures = Figures::new(&truth, &group_of);
        println!("right, wrong, left over\t{}, {}, {}", figures.right, figures.wrong, figures.left_over);
    }
    let first_new = records.len() - records.len().min(1_000);
    let earlier = find(&records[..first_new]);
    let grouped = earlier.links.iter().filter(|link| link.score >= 0.9).map(|link| (link.a, link.b)).collect();
    let settled = Settled { grouped, ..Settled::default() };
    median("add the last 1,000 to the others", || {
        find_duplicates_from(&records, first_new, &settled, &mut |_, _| true).expect("not cancelled")
    });
}

/// Texts of one title in different places, in two numbers: the time for each text should stay the same.
fn editorials() {
    for count in [10_000, 20_000] {
        let rows: Vec<Row> = (0..count)
            .map(|n: usize| Row {
                title: "Editorial".into(),
                year: (1950 + n % 70).to_string(),
                journal: format!("Journal of Things {}", n % 400),
                volume: (n % 70).to_string(),
                pages: (1 + n / 70).to_string(),
                ..Row::default()
            })
            .collect();
        let records = prepare_in_parallel(&rows.iter().map(Row::citation).collect::<Vec<_>>());
        median(&format!("find among {count} titled \"Editorial\""), || find(&records));
    }
}

fn find(records: &[Prepared]) -> Outcome {
    find_duplicates(records, &Settled::default(), &mut |_, _| true).expect("not cancelled")
}

fn prepare_in_parallel(citations: &[tamis::domain::record::Citation]) -> Vec<Prepared> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let parts: Vec<_> = citations
            .chunks(citations.len().div_ceil(threads).max(1))
            .map(|part| scope.spawn(move || part.iter().map(Prepared::new).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("a thread that prepares does not panic")).collect()
    })
}

/// Invents reports and, for one record in four, another database's spelling of an earlier one.
fn invented(count: usize) -> Vec<Row> {
    const WORDS: [&str; 48] = [
        "insulin",
        "stroke",
        "children",
        "survival",
        "exercise",
        "cognitive",
        "therapy",
        "randomised",
        "trial",
        "cohort",
        "mortality",
        "renal",
        "cardiac",
        "anxiety",
        "depression",
        "imaging",
        "school",
        "forest",
        "species",
        "climate",
        "vaccine",
        "infection",
        "surgery",
        "pain",
        "outcome",
        "quality",
        "life",
        "risk",
        "factor",
        "chronic",
        "acute",
        "disease",
        "treatment",
        "effects",
        "association",
        "between",
        "pregnancy",
        "sleep",
        "obesity",
        "cancer",
        "screening",
        "diabetes",
        "asthma",
        "hospital",
        "nurses",
        "elderly",
        "protein",
        "gene",
    ];
    const NAMES: [&str; 24] = [
        "Okafor",
        "Lindqvist",
        "van Rijn",
        "Silva",
        "Haugen",
        "Kim",
        "Wang",
        "Müller",
        "Rossi",
        "Garcia",
        "Novak",
        "Sato",
        "Dubois",
        "Ivanov",
        "Cohen",
        "Patel",
        "Nguyen",
        "Smith",
        "Jones",
        "Brown",
        "Yilmaz",
        "Kowalski",
        "Andersen",
        "Papadopoulos",
    ];
    let mut random = Random::new(1, "invented");
    let mut rows: Vec<Row> = Vec::with_capacity(count);
    for n in 0..count {
        if n > 4 && random.chance(0.25) {
            let mut row = rows[random.below(n)].clone();
            if random.chance(0.5) {
                row.title = row.title.to_uppercase();
            }
            if random.chance(0.4) {
                row.doi.clear();
            }
            if random.chance(0.3) {
                row.issue.clear();
            }
            if random.chance(0.5) {
                row.pages = row.pages.split('-').next().unwrap_or("").to_owned();
            }
            row.journal = row.journal.replace("Journal of", "J");
            rows.push(row);
            continue;
        }
        let title: Vec<&str> = (0..6 + random.below(9)).map(|_| *random.of(&WORDS)).collect();
        let text: Vec<&str> = (0..150).map(|_| *random.of(&WORDS)).collect();
        let page = 1 + random.below(3_000);
        rows.push(Row {
            title: format!("{} {n}", title.join(" ")),
            authors: (0..1 + random.below(7))
                .map(|_| format!("{}, {}", random.of(&NAMES), (b'A' + random.below(26) as u8) as char))
                .collect(),
            year: (1975 + random.below(50)).to_string(),
            journal: format!("Journal of {} {}", random.of(&WORDS), random.of(&WORDS)),
            volume: (1 + random.below(400)).to_string(),
            issue: (1 + random.below(24)).to_string(),
            pages: format!("{page}-{}", page + 2 + random.below(18)),
            doi: format!("10.{}/x.{n}", 1_000 + random.below(8_999)),
            abstract_text: text.join(" "),
            ..Row::default()
        });
    }
    rows
}

/// Runs a step some times and prints the medians; returns the last result.
fn median<T>(label: &str, step: impl Fn() -> T) -> T {
    let mut times: Vec<(f64, f64)> = Vec::new();
    let mut last = None;
    for _ in 0..TIMES {
        drop(last.take());
        let (value, seconds, busy) = timed(&step);
        times.push((seconds, busy));
        last = Some(value);
    }
    times.sort_by(|x, y| x.0.total_cmp(&y.0));
    report(label, times[TIMES / 2].0, times[TIMES / 2].1);
    last.expect("at least one repetition")
}

fn timed<T>(step: impl FnOnce() -> T) -> (T, f64, f64) {
    let (since, busy) = (Instant::now(), processor_seconds());
    let value = step();
    (value, since.elapsed().as_secs_f64(), processor_seconds() - busy)
}

fn report(label: &str, seconds: f64, busy: f64) {
    println!("{label}, s\t{seconds:.3}\t(processors {busy:.2})");
}

/// Returns the time that the processors gave to this process, in seconds; 0 where the system does not tell.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks: f64 = after_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// Reads a figure in kilobytes from the status of the process.
fn status(name: &str) -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
