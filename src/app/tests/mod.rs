//! Tests of the use cases: laws of history, blinding, files that cannot be opened, merging of copies.

mod agreement;
mod arranging;
mod blinding;
mod conflicts;
mod duplicates;
mod extraction_agreement;
mod files;
mod forms;
mod history;
mod importing;
mod loading;
mod marks;
mod merging;
mod moderators;
mod rounds;
mod rules;
mod searching;
mod updates;

use std::path::{Path, PathBuf};

use crate::domain::decision::{Stage, Verdict};
use crate::domain::ids::{RecordId, ReviewerId, StudyId};
use crate::domain::mark::Star;
use crate::domain::report::RetrievalState;
use crate::domain::review::{ExclusionReason, ReviewInfo};
use crate::domain::source::SourceKind;
use crate::domain::time::{FixedClock, Timestamp};

use super::query::{AgreementOrder, Queue};
use super::{CellEntry, Environment, ImportOrder, MarkChange, Names, NewReview, Reply, Request, Result, VoteEntry, Workspace};

/// Six reports of which the second source repeats two.
const FIRST: &str = "TY  - JOUR\nTI  - Ketamine infusion for chronic neuropathic pain: a randomised trial\nAU  - Alpha, Anna\nPY  - 2001\nJO  - Pain Journal\nVL  - 11\nSP  - 100\nEP  - 109\nDO  - 10.1000/one\nER  - \n\nTY  - JOUR\nTI  - Lidocaine and magnesium in fibromyalgia outpatients\nAU  - Beta, Ben\nPY  - 2002\nJO  - Anaesthesia Reports\nVL  - 12\nSP  - 200\nEP  - 209\nDO  - 10.1000/two\nER  - \n\nTY  - JOUR\nTI  - Spinal cord stimulation after failed back surgery\nAU  - Gamma, Gil\nPY  - 2003\nJO  - Neuromodulation Letters\nVL  - 13\nSP  - 300\nEP  - 309\nDO  - 10.1000/three\nER  - \n\nTY  - JOUR\nTI  - Opioid rotation in cancer care: survey of hospices\nAU  - Delta, Dora\nPY  - 2004\nJO  - Palliative Notes\nVL  - 14\nSP  - 400\nEP  - 409\nDO  - 10.1000/four\nER  - \n";
const SECOND: &str = "TY  - JOUR\nTI  - Ketamine infusion for chronic neuropathic pain: a randomised trial\nAU  - Alpha, A.\nPY  - 2001\nJO  - Pain Journal\nVL  - 11\nSP  - 100\nEP  - 109\nDO  - 10.1000/one\nER  - \n\nTY  - JOUR\nTI  - Memantine for phantom limb sensations\nAU  - Epsilon, Eva\nPY  - 2005\nJO  - Limb Studies\nVL  - 15\nSP  - 500\nEP  - 509\nDO  - 10.1000/five\nER  - \n";
const FORM: &str = r#"
form = "test"
version = 1
title = "Test form"
extractors = 2

[[arm]]
id = "drug"
label = "Drug"
role = "experimental"

[[arm]]
id = "placebo"
label = "Placebo"
role = "control"

[[outcome]]
id = "pain"
label = "Pain"
kind = "continuous"
direction = "lower-better"
timepoints = [{ id = "end", label = "End" }]

[[analysis]]
id = "1"
title = "Pain"
outcome = "pain"
timepoint = "end"
experimental = "drug"
control = "placebo"
measure = "MD"
tau2 = "DL"
"#;

fn environment(seed: u64, home: Option<&Path>) -> Environment {
    let now = Timestamp::parse("2026-01-31T09:30:00Z").expect("a moment");
    Environment { clock: Box::new(FixedClock(now)), names: Names::Seeded(seed), home: home.map(Path::to_owned) }
}

fn new_review(adjudicator: bool) -> NewReview {
    NewReview {
        info: ReviewInfo { title: "Test review".to_owned(), ..ReviewInfo::default() },
        reviewers: vec![("A".to_owned(), "First".to_owned()), ("B".to_owned(), "Second".to_owned())],
        adjudicator: adjudicator.then(|| ("C".to_owned(), "Third".to_owned())),
        is_on_shared_host: false,
    }
}

/// A review in memory with two people, two exclusion reasons and both searches imported.
fn review(seed: u64) -> Workspace {
    let mut review = Workspace::found_in_memory(new_review(false), environment(seed, None)).expect("begins");
    fill(&mut review);
    review
}

fn fill(review: &mut Workspace) {
    let reason = |code: &str, label: &str| ExclusionReason { code: code.to_owned(), label: label.to_owned() };
    review.run(Request::SetReasons(vec![reason("population", "Wrong population"), reason("design", "Wrong design")])).expect("reasons");
    import(review, "first.ris", "Embase", FIRST);
    import(review, "second.ris", "CENTRAL", SECOND);
}

fn import(review: &mut Workspace, file: &str, source: &str, text: &str) -> Reply {
    let order = ImportOrder { path: PathBuf::from(file), ..order_of(source) };
    review.import_bundled(&order, text).expect("imports")
}

/// Returns an order of import without a file's name.
fn order_of(source: &str) -> ImportOrder {
    ImportOrder { kind: Some(SourceKind::Database), ..ImportOrder::of(PathBuf::new(), source) }
}

fn act(review: &mut Workspace, person: &str) {
    review.act_as(&ReviewerId::from(person)).expect("a person of the review");
}

fn record(review: &Workspace, name: &str) -> RecordId {
    review.find_record(name).expect("a record of the review")
}

fn vote_as(review: &mut Workspace, person: &str, stage: Stage, name: &str, verdict: Verdict, reason: Option<&str>) -> Result<Reply> {
    act(review, person);
    let record = record(review, name);
    let entry = VoteEntry { record, verdict, reason: reason.map(str::to_owned), note: None, milliseconds: None };
    review.run(Request::Vote { stage, votes: vec![entry] })
}

fn mark_as(review: &mut Workspace, person: &str, name: &str, changes: &[MarkChange]) -> Result<Reply> {
    act(review, person);
    let record = record(review, name);
    review.run(Request::Mark { record, changes: changes.to_vec() })
}

/// Brings `first.ris#1` through title/abstract and full text into the study "Alpha 2001".
fn include_first(review: &mut Workspace) {
    for person in ["A", "B"] {
        vote_as(review, person, Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    }
    let record = record(review, "first.ris#1");
    review.run(Request::Retrieve { record, state: RetrievalState::Retrieved, note: None }).expect("at hand");
    for person in ["A", "B"] {
        vote_as(review, person, Stage::FullText, "first.ris#1", Verdict::Include, None).expect("votes");
    }
    review.run(Request::LinkStudy { record, study: "Alpha 2001".to_owned() }).expect("tied");
}

fn cell(part: &str, raw: &str) -> CellEntry {
    CellEntry {
        study: StudyId::from("alpha-2001"),
        path: format!("outcome.pain.end.{part}"),
        raw: Some(raw.to_owned()),
        report: None,
        page: Some("p. 3".to_owned()),
        quote: None,
    }
}

/// Everything that the read side gives to the acting reviewer, as one text.
fn everything_visible(review: &Workspace) -> String {
    let json = |value: serde_json::Value| format!("{value:#}\n");
    let mut text = String::new();
    text += &json(serde_json::to_value(review.overview()).expect("json"));
    text += &json(serde_json::to_value(review.flow()).expect("json"));
    text += &json(serde_json::to_value(review.sources()).expect("json"));
    text += &json(serde_json::to_value(review.records(0, 100).expect("reads")).expect("json"));
    text += &json(serde_json::to_value(review.groups().expect("reads")).expect("json"));
    text += &json(serde_json::to_value(review.possible_duplicates().expect("reads")).expect("json"));
    text += &json(serde_json::to_value(review.reports().expect("reads")).expect("json"));
    text += &json(serde_json::to_value(review.studies().expect("reads")).expect("json"));
    text += &json(serde_json::to_value(review.reports_without_study().expect("reads")).expect("json"));
    text += &json(serde_json::to_value(review.log(0, 1000).expect("reads")).expect("json"));
    for stage in [Stage::TitleAbstract, Stage::FullText] {
        text += &json(serde_json::to_value(review.conflicts(stage).expect("reads")).expect("json"));
        text += &format!("{:?}\n", review.agreement(&AgreementOrder { is_by_month: true, is_detailed: true, ..AgreementOrder::of(stage) }));
        text += &json(serde_json::to_value(review.visible_stage_votes(stage)).expect("json"));
        text += &json(serde_json::to_value(review.policy(stage)).expect("json"));
        for queue in <Queue as strum::IntoEnumIterator>::iter() {
            text += &format!("{queue} {:?}\n", review.queue(stage, queue));
        }
        for listed in review.records(0, 100).expect("reads") {
            text += &json(serde_json::to_value(review.unit_view(stage, listed.record).expect("reads")).expect("json"));
        }
    }
    text += &json(serde_json::to_value(review.marked()).expect("json"));
    text += &json(serde_json::to_value(review.tags()).expect("json"));
    for flow_box in <crate::domain::flow::FlowBox as strum::IntoEnumIterator>::iter() {
        text += &json(serde_json::to_value(review.box_records(flow_box).expect("reads")).expect("json"));
    }
    text += &format!("{:?}\n", review.rounds());
    for round in review.rounds() {
        text += &format!("{:?}\n", review.round_records(round.stage, Some(round.number)));
        text += &format!("{:?}\n", review.round_agreement(round.stage, Some(round.number)));
    }
    for study in review.studies().expect("reads") {
        text += &format!("{:?}\n", review.my_draft(&study.study));
        text += &format!("{:?}\n", review.comparison(&study.study));
        text += &format!("{:?}\n", review.trace(&study.study, "outcome.pain.end.drug.mean"));
    }
    text += &format!("{:?}\n", review.agreed_values());
    text += &format!("{:?}\n", review.analysis("1"));
    for query in ["ketamine", "has:note", "note:case", "is:conflict", "is:included", "-is:undecided", "my:include"] {
        text += &format!("{query} {:?}\n", review.search(query));
    }
    text
}
