//! How long extraction and analysis take in a review of many included studies: `cargo bench --bench extraction -- 300`.
//!
//! Invented studies fill the form of the worked example, with the analyses of `tests/data/further-analyses.toml` beside its own. Two people
//! have extracted all of them; in every twentieth study one number differs. Every step is done on a real file in a fresh folder, and what
//! comes of it is checked before a time counts. Prints one line per step in milliseconds, medians where a step is repeated.

mod measure;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use measure::{median, report, timed};
use tamis::app::{CellEntry, Detail, Environment, ImportOrder, Names, NewReview, Request, VoteOrder, Workspace};
use tamis::domain::decision::Stage;
use tamis::domain::ids::{ReviewerId, StudyId};
use tamis::domain::review::ReviewInfo;
use tamis::domain::source::SourceKind;
use tamis::domain::time::{FixedClock, Timestamp};
use tamis::tui::app_port::AppService;
use tamis::tui::harness::Harness;
use tamis::tui::start::screens;

const PEOPLE: [&str; 2] = ["A", "B"];

fn main() {
    let count: usize = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(300);
    let folder = tempfile::tempdir().expect("a folder for the review");
    let path = folder.path().join("review.tamis");
    println!("studies\t{count}");
    let (mut review, ms) = timed(|| build(&path, folder.path(), count));
    report("building the review, ms", ms);

    let analyses: Vec<String> = review.analyses().expect("a form").into_iter().map(|spec| spec.id).collect();
    report("analyses", analyses.len() as f64);
    let pool = |review: &Workspace| {
        for id in &analyses {
            let result = review.analysis(id).expect("of the form");
            let pooled = result.pooled.as_ref().unwrap_or_else(|why| panic!("{id}: {why:?}"));
            assert!(pooled.k >= count / 2, "{id}: {} of {count}", pooled.k);
        }
    };
    report("every analysis once, ms", median((0..5).map(|_| timed(|| pool(&review)).1).collect()));
    report("one analysis, ms", median((0..5).map(|_| timed(|| review.analysis("1.1").expect("of the form")).1).collect()));
    report("the list of studies, ms", median((0..5).map(|_| timed(|| review.studies().expect("reads")).1).collect()));
    let (warnings, ms) = timed(|| review.warnings().expect("reads"));
    report("warnings", warnings.len() as f64);
    report("every warning, ms", ms);

    let open: Vec<StudyId> =
        review.studies().expect("reads").into_iter().filter(|line| line.open_cells > 0).map(|line| line.study).collect();
    assert_eq!(open.len(), count.div_ceil(20));
    let compare = |study: &StudyId| review.comparison(study).expect("both are in");
    report("two drafts of a study compared, ms", median(open.iter().map(|study| timed(|| compare(study)).1).collect()));
    let mut settled = Vec::new();
    let mut undone = Vec::new();
    for study in open.iter().take(10) {
        let agree = Request::Agree {
            study: study.clone(),
            path: "outcome.pain.immediate.ketamine.mean".to_owned(),
            choice: "a".to_owned(),
            rationale: "as printed".to_owned(),
        };
        let (reply, ms) = timed(|| review.run(agree).expect("settles"));
        assert!(matches!(reply.detail, Detail::Moved(_)), "{}", reply.message);
        settled.push(ms);
        undone.push(timed(|| review.run(Request::Undo(None)).expect("takes back")).1);
    }
    report("a number settled, with what moved, ms", median(settled));
    report("taken back, with what moved, ms", median(undone));
    drop(review);

    let (opened, ms) = timed(|| open_as(&path, folder.path(), "A"));
    report("opening, ms", ms);
    on_screen(opened);
}

/// Types numbers into a draft on the screen, each step from the key to the drawn picture.
fn on_screen(review: Workspace) {
    let make = Arc::new(Environment::of_process);
    let mut program = Harness::new(screens(), AppService::with_environment(review, make), 160, 50);
    report("screens: to the extraction, ms", timed(|| _ = program.press("g x")).1);
    report("screens: to the next study, ms", median((0..20).map(|_| timed(|| _ = program.press("j")).1).collect()));
    report("screens: to the warnings, ms", timed(|| _ = program.press("g w")).1);
    report("screens: to the analyses, ms", timed(|| _ = program.press("g m")).1);
    report("screens: to the next analysis, ms", median((0..5).map(|_| timed(|| _ = program.press("j")).1).collect()));
    report("screens: to the findings, ms", timed(|| _ = program.press("g i")).1);
}

fn build(path: &Path, home: &Path, count: usize) -> Workspace {
    let new = NewReview {
        info: ReviewInfo { title: "Many studies".to_owned(), ..ReviewInfo::default() },
        reviewers: PEOPLE.iter().map(|person| ((*person).to_owned(), String::new())).collect(),
        ..NewReview::default()
    };
    let mut review = Workspace::found(path, new, environment(home)).expect("a new review");
    let mut export = String::new();
    for n in 0..count {
        let _ = write!(export, "TY  - JOUR\nTI  - Trial number {n} of ketamine\nAU  - Author{n}, A.\nPY  - {}\nER  - \n\n", 1980 + n % 45);
    }
    review.import_bundled(&order("all.ris"), &export).expect("imports");
    let table = |head: &str, row: &dyn Fn(usize) -> String| -> String {
        std::iter::once(head.to_owned()).chain((0..count).map(row)).map(|line| line + "\n").collect()
    };
    let votes = |review: &mut Workspace, stage| {
        for person in PEOPLE {
            review.act_as(&ReviewerId::from(person)).expect("is of the review");
            let text = table("record,vote,reason,note", &|n| format!("all.ris#{},include,,", n + 1));
            let load = review.votes_of_file(&VoteOrder::at(stage), text.as_bytes(), "votes.csv").expect("reads");
            review.run(Request::Load(load)).expect("votes");
        }
    };
    votes(&mut review, Stage::TitleAbstract);
    let retrieved = table("record,state,note", &|n| format!("all.ris#{},retrieved,", n + 1));
    let load = review.retrievals_from_csv(&retrieved, "retrieval.csv").expect("reads");
    review.run(Request::Load(load)).expect("retrieves");
    votes(&mut review, Stage::FullText);
    let studies = table("record,study", &|n| format!("all.ris#{},Trial {n}", n + 1));
    let load = review.studies_from_csv(&studies, "studies.csv").expect("reads");
    review.run(Request::Load(load)).expect("names studies");

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("a file of the project");
    let form = read("examples/ketamine/form.toml") + &read("tests/data/further-analyses.toml");
    review.run(Request::UseForm { file_name: "form.toml".to_owned(), text: form }).expect("is a form");
    for (at, person) in PEOPLE.iter().enumerate() {
        review.act_as(&ReviewerId::from(*person)).expect("is of the review");
        let mut text = "study,path,value,record,page,quote\n".to_owned();
        for n in 0..count {
            write_study(&mut text, n, at == 1 && n % 20 == 0);
        }
        let cells: Vec<CellEntry> = review.cells_from_csv(&text, "extraction.csv").expect("reads");
        review.run(Request::SetCells(cells)).expect("types");
        for study in review.studies().expect("reads") {
            review.run(Request::SubmitDraft(study.study)).expect("hands in");
        }
    }
    review
}

/// Writes the cells of an invented trial of two arms; the second extractor misread a mean where `is_misread`.
fn write_study(text: &mut String, n: usize, is_misread: bool) {
    let (mean, patients) = (30 + n % 40, 20 + n % 60);
    let mut cell = |path: &str, value: &str| _ = writeln!(text, "Trial {n},{path},{value},all.ris#{},p. 3,", n + 1);
    cell("design", "RCT parallel");
    cell("condition", "fibromyalgia");
    cell("condition_group", "fibromyalgia");
    cell("duration", ["≤1 day", ">1 day to ≤7 days", ">1 week to ≤1 month"][n % 3]);
    for (arm, lower, events) in [("ketamine", 5, 6 + n % 9), ("placebo", 0, 2 + n % 5)] {
        cell(&format!("arm.{arm}.drug"), arm);
        for timepoint in ["immediate", "short"] {
            let at = format!("outcome.pain.{timepoint}.{arm}");
            let shown = mean - lower + usize::from(is_misread && arm == "ketamine" && timepoint == "immediate");
            cell(&format!("{at}.mean"), &format!("{shown}.{}", n % 10));
            cell(&format!("{at}.sd"), &format!("{}.5", 12 + n % 11));
            cell(&format!("{at}.n"), &patients.to_string());
        }
        cell(&format!("outcome.adverse_events.any.{arm}.events"), &events.to_string());
        cell(&format!("outcome.adverse_events.any.{arm}.n"), &patients.to_string());
    }
}

fn open_as(path: &Path, home: &Path, person: &str) -> Workspace {
    let mut review = Workspace::open(path, environment(home)).expect("opens");
    review.act_as(&ReviewerId::from(person)).expect("is of the review");
    review
}

fn order(file: &str) -> ImportOrder {
    ImportOrder { kind: Some(SourceKind::Database), ..ImportOrder::of(file, "Bench") }
}

fn environment(folder: &Path) -> Environment {
    let now = Timestamp::parse("2026-01-31T09:30:00Z").expect("a moment");
    Environment { clock: Box::new(FixedClock(now)), names: Names::Random, home: Some(folder.join("home")) }
}
