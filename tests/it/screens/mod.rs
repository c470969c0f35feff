//! The screens over a small review, driven by keys: what they show, what they write, and what they keep to themselves.

mod blinding;
mod duplicates;
mod independence;
mod overview;
mod pointing;
mod reading;
mod rounds;
mod screening;
mod setup;
mod welcome;

use std::sync::Arc;
use std::time::Duration;

use tamis::app::{self, Environment, ImportOrder, Names, NewReview, Request, Workspace};
use tamis::domain::decision::{Stage, Verdict};
use tamis::domain::ids::ReviewerId;
use tamis::domain::review::{Criterion, ExclusionReason, HighlightWord, ReviewInfo, Side, WordList};
use tamis::domain::source::SourceKind;
use tamis::domain::time::{FixedClock, Timestamp};
use tamis::tui::app_port::{AppPort, AppService};
use tamis::tui::harness::Harness;
use tamis::tui::start::screens;

/// The program over a review in memory.
pub type Program = Harness<AppPort, AppService>;

const PUBMED: &str = include_str!("pubmed.ris");
const EMBASE: &str = include_str!("embase.ris");

/// A fixed clock and fixed names, so that transcripts never change.
pub fn environment() -> Environment {
    let now = Timestamp::parse("2026-03-01T09:00:00Z").expect("a moment");
    Environment { clock: Box::new(FixedClock(now)), names: Names::Seeded(7), home: None }
}

/// A review with two people and nothing in it.
pub fn empty_review() -> Workspace {
    let info = ReviewInfo {
        title: "Ketamine for chronic pain".to_owned(),
        population: "Adults with chronic pain".to_owned(),
        ..ReviewInfo::default()
    };
    let reviewers = vec![("AB".to_owned(), "Ada Bell".to_owned()), ("CD".to_owned(), "Carl Dorn".to_owned())];
    Workspace::found_in_memory(NewReview { info, reviewers, ..NewReview::default() }, environment()).expect("a review can be founded")
}

/// A review with two sources, criteria, words and reasons, before the search for duplicates.
pub fn small_review() -> Workspace {
    let mut review = empty_review();
    for (file, source, text) in [("pubmed.ris", "PubMed", PUBMED), ("embase.ris", "Embase", EMBASE)] {
        let order = ImportOrder { kind: Some(SourceKind::Database), date: Some("2026-02-01".to_owned()), ..ImportOrder::of(file, source) };
        review.import_bundled(&order, text).expect("the bundled records can be read");
    }
    let criterion = |side, text: &str| Criterion { side, text: text.to_owned() };
    let word = |list, text: &str| HighlightWord { list, text: text.to_owned() };
    let reason = |code: &str, label: &str| ExclusionReason { code: code.to_owned(), label: label.to_owned() };
    for request in [
        Request::SetCriteria(vec![criterion(Side::Include, "Adults with chronic pain"), criterion(Side::Exclude, "Animals")]),
        Request::SetWords(vec![word(WordList::Include, "random*"), word(WordList::Exclude, "rats")]),
        Request::SetReasons(vec![reason("population", "Wrong population"), reason("design", "Not randomised")]),
    ] {
        review.run(request).expect("the setup is valid");
    }
    review
}

/// The small review after the search for duplicates.
pub fn grouped_review() -> Workspace {
    let mut review = small_review();
    review.run(Request::FindDuplicates).expect("duplicates can be looked for");
    review
}

/// Opens the screens over a review; the watch stands still.
pub fn open(review: Workspace, columns: u16, rows: u16) -> Program {
    let service = AppService::with_environment(review, Arc::new(|| Ok(environment()))).with_watch(Box::new(|| Duration::ZERO));
    Harness::new(screens(), service, columns, rows)
}

/// Casts a vote of somebody on the record of that place in the queue of everything.
pub fn vote_as(review: &mut Workspace, who: &str, at: usize, verdict: Verdict) -> app::Result<()> {
    let before = review.acting()?;
    review.act_as(&ReviewerId::from(who))?;
    let record = review.queue(Stage::TitleAbstract, app::query::Queue::All)[at];
    let vote = app::VoteEntry { record, verdict, reason: None, note: Some(format!("note of {who}")), milliseconds: None };
    review.run(Request::Vote { stage: Stage::TitleAbstract, votes: vec![vote] })?;
    review.act_as(&before)
}

/// Compares the screen with its snapshot.
pub fn snapshot(name: &str, program: &mut Program) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/screens"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, program.text()));
}

/// Compares the colours of the screen with their snapshot: those of the dark theme, after which the theme without colours is back.
pub fn style_snapshot(name: &str, program: &mut Program) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/screens"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    while program.model().theme().name() != "dark" {
        program.press("ctrl+t");
    }
    settings.bind(|| insta::assert_snapshot!(name, program.styles()));
    while program.model().theme().name() != "mono" {
        program.press("ctrl+t");
    }
}

/// Returns the notice above the hints.
pub fn notice(program: &Program) -> String {
    program.model().notice().map(|notice| notice.text.clone()).unwrap_or_default()
}
