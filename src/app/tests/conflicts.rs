//! Conflicts: those put off, those of people who left; and what is no exclusion in the PRISMA flow.

use super::super::ErrorKind;
use super::*;
use crate::app::draw::flow_model;
use crate::domain::policy::Policy;
use crate::domain::review::Role;

const TA: Stage = Stage::TitleAbstract;

/// A review in which A and B differ on the first three records.
fn in_conflict() -> Workspace {
    let mut review = review(9);
    for name in ["first.ris#1", "first.ris#2", "first.ris#3"] {
        vote_as(&mut review, "A", TA, name, Verdict::Include, None).expect("votes");
        vote_as(&mut review, "B", TA, name, Verdict::Exclude, None).expect("votes");
    }
    review
}

fn later(is_set: bool) -> [MarkChange; 1] {
    [MarkChange::Star(Star::DiscussLater, is_set)]
}

/// Returns for each conflict the first word of its title, and a sign where the acting reviewer has put it off.
fn listed(review: &Workspace, stage: Stage) -> String {
    let conflicts = review.conflicts(stage).expect("reads");
    let word = |title: &str| title.split(' ').next().unwrap_or_default().to_owned();
    let signs = conflicts.iter().map(|found| format!("{}{}", word(&found.line.title), if found.is_later { " later" } else { "" }));
    signs.collect::<Vec<_>>().join(", ")
}

fn settle(review: &mut Workspace, person: &str, stage: Stage, name: &str, verdict: Verdict) -> Result<Reply> {
    act(review, person);
    let record = record(review, name);
    review.run(Request::Resolve { stage, record, verdict, reason: None, rationale: "read again".to_owned() })
}

#[test]
fn a_conflict_put_off_is_listed_last_for_its_person_until_it_is_settled_or_taken_back() {
    let mut review = in_conflict();
    let reply = mark_as(&mut review, "A", "first.ris#1", &later(true)).expect("put off");
    assert!(reply.message.starts_with("marked \"discuss later\""), "{}", reply.message);
    assert_eq!(listed(&review, TA), "Lidocaine, Spinal, Ketamine later");
    act(&mut review, "B");
    assert_eq!(listed(&review, TA), "Ketamine, Lidocaine, Spinal", "it is A's own mark");
    assert_eq!(review.conflicts(TA).expect("reads")[0].later_for, ["A"], "and B may know of it");
    act(&mut review, "A");
    review.run(Request::Undo(None)).expect("undone");
    assert_eq!(listed(&review, TA), "Ketamine, Lidocaine, Spinal");
    review.run(Request::Redo(None)).expect("redone");
    mark_as(&mut review, "A", "first.ris#1", &later(false)).expect("back in its place");
    assert_eq!(listed(&review, TA), "Ketamine, Lidocaine, Spinal");
    mark_as(&mut review, "A", "first.ris#2", &later(true)).expect("put off");
    for person in ["A", "B"] {
        settle(&mut review, person, TA, "first.ris#2", Verdict::Include).expect("settles");
    }
    act(&mut review, "A");
    assert_eq!(review.marks(record(&review, "first.ris#2")).expect("reads"), [], "nothing is left to discuss");
}

#[test]
fn only_a_conflict_can_be_put_off_and_each_stage_has_its_own() {
    let mut review = in_conflict();
    let error = mark_as(&mut review, "A", "first.ris#4", &later(true)).expect_err("no conflict");
    assert_eq!(error.kind, ErrorKind::Blocked);
    mark_as(&mut review, "A", "first.ris#1", &later(true)).expect("put off");
    for person in ["A", "B"] {
        settle(&mut review, person, TA, "first.ris#1", Verdict::Include).expect("settles");
    }
    for (person, verdict) in [("A", Verdict::Include), ("B", Verdict::Ongoing)] {
        vote_as(&mut review, person, Stage::FullText, "first.ris#1", verdict, None).expect("votes");
    }
    act(&mut review, "A");
    assert_eq!(listed(&review, Stage::FullText), "Ketamine", "the mark was about the title");
    mark_as(&mut review, "A", "first.ris#1", &later(true)).expect("put off again");
    assert_eq!(listed(&review, Stage::FullText), "Ketamine later");
}

#[test]
fn a_policy_that_hides_votes_in_conflict_hides_who_wants_to_talk() {
    let mut review = in_conflict();
    review.run(Request::SetPolicy(Policy { shows_votes_in_conflict: false, ..review.policy(TA) })).expect("set");
    mark_as(&mut review, "A", "first.ris#1", &later(true)).expect("put off");
    act(&mut review, "B");
    assert_eq!(review.conflicts(TA).expect("reads")[0].later_for, Vec::<String>::new());
}

#[test]
fn a_conflict_of_somebody_who_left_waits_for_a_stand_in_and_says_so() {
    let mut review = in_conflict();
    let joins = |id: &str, is_active| Request::SetReviewer { id: id.into(), name: String::new(), roles: vec![Role::Reviewer], is_active };
    review.run(joins("D", true)).expect("joins");
    let about = |review: &mut Workspace, person: &str| {
        act(review, person);
        let first = review.conflicts(TA).expect("reads").swap_remove(0);
        (first.may_settle, first.waiting_for, first.left)
    };
    assert_eq!(about(&mut review, "D"), (false, vec!["A".to_owned(), "B".to_owned()], Vec::new()));
    review.run(joins("A", false)).expect("leaves");
    assert_eq!(about(&mut review, "D"), (true, Vec::new(), vec!["A".to_owned()]));
    let reply = settle(&mut review, "B", TA, "first.ris#1", Verdict::Exclude).expect("says so");
    assert!(reply.message.ends_with("A left, so somebody who did not vote on it settles it"), "{}", reply.message);
    let reply = settle(&mut review, "D", TA, "first.ris#1", Verdict::Exclude).expect("stands in");
    assert!(reply.message.contains("is settled"), "{}", reply.message);
}

#[test]
fn ongoing_and_awaiting_reports_are_assessed_not_excluded_and_stand_in_the_footnotes_of_the_flow() {
    let mut review = review(9);
    let verdicts = [("first.ris#1", Verdict::Ongoing), ("first.ris#2", Verdict::Awaiting), ("first.ris#3", Verdict::Awaiting)];
    for (name, verdict) in verdicts {
        for (stage, verdict) in [(TA, Verdict::Include), (Stage::FullText, verdict)] {
            for person in ["A", "B"] {
                vote_as(&mut review, person, stage, name, verdict, None).expect("votes");
            }
        }
    }
    let view = review.flow();
    let reports = &view.flow.searched;
    assert_eq!((reports.sought, reports.assessed, reports.ongoing, reports.awaiting), (3, 3, 1, 2));
    assert_eq!((reports.excluded_total(), reports.included), (0, 0));
    assert!(view.identities.iter().all(|identity| identity.holds()), "{:?}", view.identities);
    let footnotes = flow_model("Test", &view).footnotes;
    for note in ["1 report is of an ongoing study.", "2 reports await classification."] {
        assert!(footnotes.iter().any(|known| known == note), "{footnotes:?}");
    }
}
