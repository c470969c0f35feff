//! The screens from the full text to the analysis, driven by keys over a small review in memory.

mod analysis;
mod appraisal;
mod conflicts;
mod consensus;
mod designer;
mod extraction;
mod findings;
mod forms;
mod fulltext;
mod keystrokes;
mod pasting;
mod reading;
mod studies;
mod tables;
mod warnings;

use tamis::app::query::Queue;
use tamis::app::{CellEntry, Environment, ImportOrder, Names, NewReview, Request, VoteEntry, Workspace, demo};
use tamis::domain::decision::{Stage, Verdict};
use tamis::domain::ids::{RecordId, ReviewerId, StudyId};
use tamis::domain::report::RetrievalState;
use tamis::domain::review::{ExclusionReason, HighlightWord, ReviewInfo, Role, WordList};
use tamis::domain::source::SourceKind;
use tamis::domain::time::{FixedClock, Timestamp};
use tamis::tui::app_port::{AppPort, AppService};
use tamis::tui::harness::Harness;
use tamis::tui::start::screens;

const RECORDS: &str = "\
TY  - JOUR\nAU  - Sigtermans, Marnix J\nAU  - van Hilten, Jacobus J\nTI  - Ketamine produces effective and long-term pain relief\nPY  - 2009\nJO  - Pain\nAB  - METHODS: Sixty patients were randomised to placebo or ketamine.\nER  - \n
TY  - JOUR\nAU  - Noppers, Ingeborg\nTI  - Absence of long-term analgesic effect in fibromyalgia\nPY  - 2011\nJO  - European Journal of Pain\nER  - \n
TY  - JOUR\nAU  - Sigtermans, Marnix J\nTI  - S(+)-ketamine effect on experimental pain and cardiac output\nPY  - 2009\nJO  - Anesthesiology\nER  - \n
TY  - JOUR\nAU  - Pickering, Gisèle\nTI  - Ketamine and magnesium in refractory neuropathic pain\nPY  - 2020\nJO  - Anesthesiology\nER  - \n
TY  - JOUR\nAU  - Rattus, Norbert\nTI  - Ketamine in rats with a nerve ligated\nPY  - 2001\nJO  - Animal Pain\nER  - \n";

/// Two further records.
const MORE: &str = "\
TY  - JOUR\nAU  - Ulvik, Uma\nTI  - Lidocaine patches after shingles\nPY  - 2015\nER  - \n
TY  - JOUR\nAU  - Vos, Vera\nTI  - Acupuncture for low back pain\nPY  - 2017\nER  - \n";

const FORM: &str = r#"
form = "pain"
version = 1
title = "Ketamine for pain"
extractors = 2
arm = [
  { id = "ketamine", label = "Ketamine", role = "experimental" },
  { id = "placebo", label = "Placebo", role = "control" },
]
fields = [
  { section = "methods", id = "design", label = "Design", type = "choice", required = true, options = ["parallel", "crossover"] },
  { section = "methods", id = "blinded", label = "Blinded", type = "bool" },
  { section = "methods", id = "setting", label = "Setting", type = "text", guidance = "Where the trial was done." },
]
[[outcome]]
id = "pain"
label = "Pain"
kind = "continuous"
scale = [0, 100]
unit = "points"
timepoints = [ { id = "short", label = "3 months" } ]
[[analysis]]
id = "1.1"
title = "Pain at 3 months"
outcome = "pain"
timepoint = "short"
experimental = "ketamine"
control = "placebo"
measure = "MD"
"#;

type Screens = Harness<AppPort, AppService>;

fn environment() -> Environment {
    let now = Timestamp::parse("2026-11-22T09:00:00Z").expect("a moment");
    Environment { clock: Box::new(FixedClock(now)), names: Names::Seeded(7), home: None }
}

/// Founds a review of two reviewers with five records and two exclusion reasons.
fn founded(adjudicator: Option<(&str, &str)>) -> Workspace {
    let person = |(id, name): (&str, &str)| (id.to_owned(), name.to_owned());
    let new = NewReview {
        info: ReviewInfo { title: "Ketamine for chronic pain".to_owned(), ..ReviewInfo::default() },
        reviewers: vec![person(("AR", "Ada Rao")), person(("BK", "Ben Kim"))],
        adjudicator: adjudicator.map(person),
        ..NewReview::default()
    };
    filled(Workspace::found_in_memory(new, environment()).expect("founds"))
}

/// Gives a new review its reasons and records.
fn filled(mut review: Workspace) -> Workspace {
    let reason = |code: &str, label: &str| ExclusionReason { code: code.to_owned(), label: label.to_owned() };
    run(&mut review, Request::SetReasons(vec![reason("population", "Wrong population"), reason("design", "Not randomised")]));
    review.import_bundled(&bundled("search.ris", "PubMed"), RECORDS).expect("imports");
    review
}

/// Returns the order to import a file whose text is at hand.
fn bundled(file: &str, source: &str) -> ImportOrder {
    ImportOrder { kind: Some(SourceKind::Database), ..ImportOrder::of(file, source) }
}

fn run(review: &mut Workspace, request: Request) {
    if let Err(error) = review.run(request.clone()) {
        panic!("{error} ({:?}): {request:?}", error.hint);
    }
}

fn act_as(review: &mut Workspace, who: &str) {
    review.act_as(&ReviewerId::from(who)).expect("a reviewer");
}

/// Returns a record by its number in the file, from 1.
fn record(review: &Workspace, number: usize) -> RecordId {
    review.queue(Stage::TitleAbstract, Queue::All)[number - 1]
}

/// Casts a vote; afterwards AR is acting.
fn vote(review: &mut Workspace, who: &str, stage: Stage, number: usize, verdict: Verdict, reason: Option<&str>, note: Option<&str>) {
    act_as(review, who);
    let entry = VoteEntry {
        record: record(review, number),
        verdict,
        reason: reason.map(str::to_owned),
        note: note.map(str::to_owned),
        milliseconds: None,
    };
    run(review, Request::Vote { stage, votes: vec![entry] });
    act_as(review, "AR");
}

/// A review whose titles are screened: four reports are sought, and the rats are in conflict.
fn screened() -> Workspace {
    voted(founded(None))
}

fn voted(mut review: Workspace) -> Workspace {
    for number in 1..=4 {
        for who in ["AR", "BK"] {
            vote(&mut review, who, Stage::TitleAbstract, number, Verdict::Include, None, None);
        }
    }
    vote(&mut review, "AR", Stage::TitleAbstract, 5, Verdict::Include, None, Some("unclear whether people took part"));
    vote(&mut review, "BK", Stage::TitleAbstract, 5, Verdict::Exclude, None, Some("animals"));
    review
}

/// As [`screened`], with all reports at hand, three of them included and the fourth in conflict about the reason.
fn assessed() -> Workspace {
    let mut review = screened();
    for number in 1..=4 {
        let record = record(&review, number);
        run(&mut review, Request::Retrieve { record, state: RetrievalState::Retrieved, note: None });
    }
    for number in 1..=3 {
        for who in ["AR", "BK"] {
            vote(&mut review, who, Stage::FullText, number, Verdict::Include, None, None);
        }
    }
    vote(&mut review, "AR", Stage::FullText, 4, Verdict::Exclude, Some("population"), None);
    vote(&mut review, "BK", Stage::FullText, 4, Verdict::Exclude, Some("design"), Some("no control group"));
    review
}

/// As [`assessed`], with two studies of three reports and a form in use.
fn linked() -> Workspace {
    let mut review = assessed();
    for (number, study) in [(1, "Sigtermans 2009"), (3, "Sigtermans 2009"), (2, "Noppers 2011")] {
        let record = record(&review, number);
        run(&mut review, Request::LinkStudy { record, study: study.to_owned() });
    }
    run(&mut review, Request::UseForm { file_name: "form.toml".to_owned(), text: FORM.to_owned() });
    review
}

/// Fills cells of a draft, each with a page, and submits it; afterwards AR is acting.
fn draft(review: &mut Workspace, who: &str, study: &str, number: usize, cells: &[(&str, &str)]) {
    act_as(review, who);
    let entry = |(path, raw): &(&str, &str)| CellEntry {
        study: StudyId::from(study),
        path: (*path).to_owned(),
        raw: Some((*raw).to_owned()),
        report: Some(record(review, number)),
        page: Some(format!("p. 30{number}")),
        quote: Some(format!("{raw} as {who} read it")),
    };
    let cells = cells.iter().map(entry).collect();
    run(review, Request::SetCells(cells));
    run(review, Request::SubmitDraft(StudyId::from(study)));
    act_as(review, "AR");
}

const KETAMINE: &str = "outcome.pain.short.ketamine";
const PLACEBO: &str = "outcome.pain.short.placebo";

/// As [`linked`], with both drafts of both studies submitted: one number differs, one is missing.
fn extracted() -> Workspace {
    let mut review = linked();
    let cells = |mean: &'static str, sd: &'static str| {
        vec![
            ("design".to_owned(), "parallel"),
            (format!("{KETAMINE}.n"), "30"),
            (format!("{KETAMINE}.mean"), mean),
            (format!("{KETAMINE}.sd"), sd),
            (format!("{PLACEBO}.n"), "30"),
            (format!("{PLACEBO}.mean"), "54.5"),
            (format!("{PLACEBO}.sd"), "20.1"),
        ]
    };
    fn given<'a>(cells: &'a [(String, &'a str)]) -> Vec<(&'a str, &'a str)> {
        cells.iter().map(|(path, raw)| (path.as_str(), *raw)).collect()
    }
    draft(&mut review, "AR", "Sigtermans 2009", 1, &given(&cells("27.9", "18.2")));
    draft(&mut review, "BK", "Sigtermans 2009", 1, &given(&cells("29.7", "18.2")));
    draft(&mut review, "AR", "Noppers 2011", 2, &given(&cells("44.0", "22.5")));
    draft(&mut review, "BK", "Noppers 2011", 2, &given(&cells("44", "22.5")[..4]));
    review
}

fn worked_example() -> Workspace {
    demo::build_in_memory(environment(), &mut |_| {}).expect("builds")
}

fn open(review: Workspace, columns: u16, rows: u16) -> Screens {
    Harness::new(screens(), AppService::new(review), columns, rows)
}

fn snapshot(name: &str, harness: &mut Screens) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/study_screens"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, harness.text()));
}

/// Compares the colours of the screen, in the dark theme, with their snapshot.
fn style_snapshot(name: &str, harness: &mut Screens) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/study_screens"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    while harness.model().theme().name() != "dark" {
        harness.press("ctrl+t");
    }
    settings.bind(|| insta::assert_snapshot!(name, harness.styles()));
}

fn notice(harness: &Screens) -> String {
    harness.model().notice().map(|notice| notice.text.clone()).unwrap_or_default()
}

#[track_caller]
fn shows(harness: &mut Screens, words: &str) {
    let text = harness.text();
    assert!(text.contains(words), "“{words}” is not on the screen:\n{text}\n{}", notice(harness));
}

#[test]
fn every_screen_is_drawn_at_every_size_without_a_panic() {
    let mut harness = open(extracted(), 80, 24);
    for keys in ["g f", "g c", "v", "g t", "v", "g x", "enter", "enter", "esc", "g a", "f", "g m", "v", "d"] {
        harness.press(keys);
        for (columns, rows) in [(1, 1), (60, 16), (61, 17), (99, 20), (100, 24), (140, 40), (160, 50), (300, 100), (80, 24)] {
            harness.resize(columns, rows);
        }
    }
}

#[test]
fn an_empty_review_says_on_every_screen_what_is_next() {
    let new = NewReview {
        info: ReviewInfo { title: "New".to_owned(), ..ReviewInfo::default() },
        reviewers: vec![("AR".to_owned(), "Ada Rao".to_owned())],
        ..NewReview::default()
    };
    let mut harness = open(Workspace::found_in_memory(new, environment()).expect("founds"), 80, 24);
    for (keys, words) in [
        ("g f", "No report is sought yet."),
        ("g c", "No conflict at title/abstract."),
        ("g t", "No study yet, and no included report to make one from."),
        ("g x", "The review has no extraction form yet."),
        ("g a", "The review has no extraction form yet."),
        ("g m", "The review has no analysis yet."),
        ("g i", "review has no extraction form"),
    ] {
        harness.press(keys);
        shows(&mut harness, words);
        shows(&mut harness, "ress ");
        harness.press("j k enter tab");
    }
}
