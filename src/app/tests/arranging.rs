//! Order, batches and pace of screening.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::app::query::BatchView;
use crate::domain::order::ScreeningOrder;
use crate::domain::time::Clock;

/// Returns the titles' first words of the records that wait for the acting reviewer, in order.
fn waiting(review: &Workspace, queue: Queue) -> String {
    let first = |record: &RecordId| {
        let title = review.card(*record).expect("a card").citation.title;
        title.split(' ').next().unwrap_or_default().to_owned()
    };
    review.queue(Stage::TitleAbstract, queue).iter().map(first).collect::<Vec<_>>().join(" ")
}

fn order(review: &mut Workspace, order: &str, seed: Option<u32>) -> Result<Reply> {
    review.run(Request::SetOrder { order: order.to_owned(), seed })
}

#[test]
fn records_come_in_the_chosen_order_and_each_reviewer_has_their_own() {
    let mut review = review(7);
    act(&mut review, "A");
    review.run(Request::FindDuplicates).expect("groups");
    assert_eq!(waiting(&review, Queue::Undecided), "Ketamine Lidocaine Spinal Opioid Memantine");
    let reply = order(&mut review, "newest", None).expect("chosen");
    assert_eq!((reply.op, reply.message.as_str()), (None, "A screens newest first"));
    assert_eq!(waiting(&review, Queue::Undecided), "Memantine Opioid Spinal Lidocaine Ketamine");
    order(&mut review, "title", None).expect("chosen");
    assert_eq!(waiting(&review, Queue::All), "Ketamine Lidocaine Memantine Opioid Spinal");
    act(&mut review, "B");
    assert_eq!(review.screening_order(), ScreeningOrder::Import);
    order(&mut review, "oldest", None).expect("chosen");
    assert_eq!(waiting(&review, Queue::Undecided), "Ketamine Lidocaine Spinal Opioid Memantine");
    act(&mut review, "A");
    assert_eq!(review.screening_order(), ScreeningOrder::Title);
    order(&mut review, "author", None).expect("chosen");
    assert_eq!(waiting(&review, Queue::All), "Ketamine Lidocaine Opioid Memantine Spinal", "Alpha to Gamma");
    assert!(order(&mut review, "by luck", None).expect_err("no order").hint.is_some_and(|hint| hint.contains("newest")));
    assert!(order(&mut review, "title", Some(3)).is_err());
}

#[test]
fn by_author_the_oldest_of_each_comes_first_and_those_without_one_last() {
    let mut review = review(7);
    act(&mut review, "A");
    let record = |title: &str, author: &str, year: u32| format!("TY  - JOUR\nTI  - {title}\n{author}PY  - {year}\nER  - \n\n");
    let text = [
        record("Nobody", "", 1990),
        record("Late", "AU  - Étoile, B.\n", 2020),
        record("Early", "AU  - Etoile, B.\n", 2010),
        record("Aaron", "AU  - Aaron, C.\n", 2024),
    ];
    import(&mut review, "third.ris", "Extra", &text.concat());
    order(&mut review, "author", None).expect("chosen");
    let expected = "Aaron Ketamine Ketamine Lidocaine Opioid Memantine Early Late Spinal Nobody";
    assert_eq!(waiting(&review, Queue::Undecided), expected);
}

#[test]
fn a_random_order_comes_back_with_its_seed_after_closing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("review.tamis");
    let mut review = Workspace::found(&path, new_review(false), environment(7, None)).expect("begins");
    fill(&mut review);
    act(&mut review, "A");
    order(&mut review, "random", Some(12)).expect("chosen");
    let before = waiting(&review, Queue::Undecided);
    assert_ne!(before, "Ketamine Lidocaine Spinal Opioid Ketamine Memantine");
    drop(review);
    let mut review = Workspace::open(&path, environment(8, None)).expect("opens");
    act(&mut review, "A");
    assert_eq!((review.screening_order(), waiting(&review, Queue::Undecided)), (ScreeningOrder::Random(12), before));
    import(&mut review, "third.ris", "Extra", "TY  - JOUR\nTI  - Zolmitriptan\nAU  - Zeta, Z.\nPY  - 2006\nER  - \n");
    assert!(waiting(&review, Queue::Undecided).contains("Zolmitriptan"), "later records are in the order, too");
    order(&mut review, "random", None).expect("chosen");
    assert!(review.screening_order().seed().is_some_and(|seed| seed < 1_000_000 && seed != 12));
}

#[test]
fn a_batch_is_worked_off_and_keeps_its_records_when_the_order_changes() {
    let mut review = review(7);
    act(&mut review, "A");
    assert_eq!(review.batch(), None);
    review.run(Request::TakeBatch(2)).expect("taken");
    assert_eq!(waiting(&review, Queue::Batch), "Ketamine Lidocaine");
    order(&mut review, "newest", None).expect("chosen");
    assert_eq!(waiting(&review, Queue::Batch), "Ketamine Lidocaine");
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    assert_eq!((waiting(&review, Queue::Batch).as_str(), review.batch()), ("Lidocaine", Some(BatchView { size: 2, done: 1 })));
    act(&mut review, "B");
    assert_eq!((review.batch(), waiting(&review, Queue::Batch).as_str()), (None, ""));
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#2", Verdict::Exclude, None).expect("votes");
    assert_eq!(review.batch(), Some(BatchView { size: 2, done: 2 }));
    review.run(Request::Undo(None)).expect("taken back");
    assert_eq!(review.batch(), Some(BatchView { size: 2, done: 1 }));
    review.run(Request::TakeBatch(0)).expect("ended");
    assert_eq!((review.batch(), review.remaining(Stage::TitleAbstract)), (None, 5));
    assert!(review.run(Request::TakeBatch(100_000)).is_err());
}

#[derive(Debug)]
struct Watch(Arc<AtomicI64>);

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        Timestamp::parse("2026-01-31T09:30:00Z").expect("a moment").plus_seconds(self.0.load(Ordering::Relaxed))
    }
}

#[test]
fn the_pace_counts_single_votes_without_pauses_and_the_estimate_waits_for_enough() {
    let seconds = Arc::new(AtomicI64::new(0));
    let environment = Environment { clock: Box::new(Watch(Arc::clone(&seconds))), names: Names::Seeded(7), home: None };
    let mut review = Workspace::found_in_memory(new_review(false), environment).expect("begins");
    let text: String = (0..100).map(|n| format!("TY  - JOUR\nTI  - Title {n}\nPY  - 2001\nER  - \n\n")).collect();
    import(&mut review, "many.ris", "Embase", &text);
    act(&mut review, "A");
    let vote = |review: &mut Workspace, places: std::ops::Range<usize>| {
        let entry = |at: usize| VoteEntry {
            record: record(review, &format!("many.ris#{at}")),
            verdict: Verdict::Exclude,
            reason: None,
            note: None,
            milliseconds: None,
        };
        let votes = places.map(entry).collect();
        review.run(Request::Vote { stage: Stage::TitleAbstract, votes }).expect("votes");
    };
    vote(&mut review, 1..11);
    assert_eq!(review.desk().votes_timed, 0, "votes of a table are no pace");
    for at in 11..=30 {
        // twenty seconds each; after the tenth a coffee
        seconds.fetch_add(if at == 20 { 1000 } else { 20 }, Ordering::Relaxed);
        vote(&mut review, at..at + 1);
    }
    let desk = review.desk();
    assert_eq!((desk.votes_timed, desk.votes_per_hour, desk.hours_left, desk.remaining), (18, Some(180.0), None, 70));
    for at in 31..=64 {
        seconds.fetch_add(if at % 20 < 10 { 20 } else { 30 }, Ordering::Relaxed);
        vote(&mut review, at..at + 1);
    }
    let desk = review.desk();
    let (from, to) = desk.hours_left.expect("enough votes");
    assert!(from < to && 0.0 < from && to < 1.0, "{from} {to}");
    assert!(desk.time_left().is_some_and(|left| left.ends_with(" minutes")), "{:?}", desk.time_left());
    act(&mut review, "B");
    assert_eq!(review.desk().votes_per_hour, None, "the pace is that of the acting reviewer");
}
