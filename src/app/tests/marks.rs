//! Notes, tags and stars: kept per person, taken back like votes, carried by merging, and hidden as votes are.

use super::*;
use crate::domain::mark::Marks;

fn tag(text: &str) -> MarkChange {
    MarkChange::Tag(text.to_owned(), true)
}

fn note(text: &str) -> MarkChange {
    MarkChange::Note(text.to_owned())
}

/// The marks on a record that the acting reviewer sees, by person.
fn seen_marks(review: &Workspace, name: &str) -> Vec<(String, Marks)> {
    let marks = review.marks(record(review, name)).expect("reads");
    marks.into_iter().map(|view| (view.reviewer, view.marks)).collect()
}

#[test]
fn marks_are_kept_and_taken_back_one_operation_at_a_time() {
    let mut review = review(7);
    let all = [note("  dose?\nask  "), tag("ask author"), MarkChange::Star(Star::KeyPaper, true)];
    mark_as(&mut review, "A", "first.ris#2", &all).expect("marks");
    let marks = Marks { note: Some("dose?\nask".into()), tags: vec!["ask author".into()], stars: vec![Star::KeyPaper] };
    assert_eq!(seen_marks(&review, "first.ris#2"), [("A".to_owned(), marks.clone())]);
    let reply = mark_as(&mut review, "A", "first.ris#2", &[tag("Ask Author")]).expect("nothing to do");
    assert_eq!(reply.op, None);
    mark_as(&mut review, "A", "first.ris#2", &[note("")]).expect("taken away");
    assert_eq!(seen_marks(&review, "first.ris#2")[0].1.note, None);
    review.run(Request::Undo(None)).expect("taken back");
    assert_eq!(seen_marks(&review, "first.ris#2"), [("A".to_owned(), marks)]);
    review.run(Request::Undo(None)).expect("taken back");
    assert_eq!(seen_marks(&review, "first.ris#2"), []);
    review.run(Request::Redo(None)).expect("put back");
    assert_eq!(seen_marks(&review, "first.ris#2").len(), 1);
    assert_eq!(review.check().expect("reads"), []);
}

#[test]
fn marks_change_no_status_and_stay_with_the_group() {
    let mut review = review(7);
    mark_as(&mut review, "A", "second.ris#1", &[tag("dose")]).expect("marks");
    let before = review.queue(Stage::TitleAbstract, Queue::Undecided);
    assert_eq!(before.len(), 6);
    review.run(Request::FindDuplicates).expect("groups");
    assert_eq!(seen_marks(&review, "first.ris#1").len(), 1, "the duplicate's tag is the unit's");
    assert_eq!(review.tags(), [crate::app::query::TagUse { tag: "dose".to_owned(), units: 1 }]);
    assert!(mark_as(&mut review, "A", "first.ris#1", &[tag("a, b")]).is_err());
}

#[test]
fn what_somebody_else_marked_shows_nowhere_before_both_have_voted() {
    let seen = |name: &str, changes: &[MarkChange]| {
        let mut review = review(7);
        review.run(Request::FindDuplicates).expect("groups");
        mark_as(&mut review, "A", name, changes).expect("marks");
        act(&mut review, "B");
        everything_visible(&review)
    };
    let one = seen("first.ris#1", &[note("clear case")]);
    assert!(!one.contains("clear case"));
    for other in [
        seen("first.ris#1", &[tag("animals"), tag("rats")]),
        seen("first.ris#3", &[MarkChange::Star(Star::ReferenceList, true)]),
        seen("first.ris#2", &[note("something else"), MarkChange::Star(Star::KeyPaper, true)]),
    ] {
        let difference = one.lines().zip(other.lines()).find(|(a, b)| a != b);
        assert!(one == other, "the hidden mark shows: {difference:?}");
    }
}

#[test]
fn marks_show_with_their_author_once_both_have_voted_and_those_of_full_text_later() {
    let mut review = review(7);
    mark_as(&mut review, "A", "first.ris#1", &[tag("dose"), note("check")]).expect("marks");
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    act(&mut review, "B");
    assert_eq!(seen_marks(&review, "first.ris#1"), []);
    assert_eq!(review.search("note:check").expect("a query"), []);
    vote_as(&mut review, "B", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    assert_eq!(seen_marks(&review, "first.ris#1")[0].0, "A");
    assert_eq!(review.search("note:check").expect("a query"), [record(&review, "first.ris#1")]);
    // From here on the unit is at full text: what is set now waits for the votes there.
    mark_as(&mut review, "A", "first.ris#1", &[tag("subgroup"), note("table 2")]).expect("marks");
    assert_eq!(seen_marks(&review, "first.ris#1")[0].1.tags, ["dose", "subgroup"]);
    act(&mut review, "B");
    let shown = seen_marks(&review, "first.ris#1");
    assert_eq!((shown[0].1.tags.as_slice(), shown[0].1.note.as_deref()), (&["dose".to_owned()][..], Some("check")));
    vote_as(&mut review, "A", Stage::FullText, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", Stage::FullText, "first.ris#1", Verdict::Include, None).expect("votes");
    assert_eq!(seen_marks(&review, "first.ris#1")[0].1.note.as_deref(), Some("table 2"));
}

#[test]
fn a_policy_that_hides_votes_in_a_conflict_hides_marks_with_them() {
    let mut review = review(7);
    let policy = crate::domain::policy::Policy { shows_votes_in_conflict: false, ..review.policy(Stage::TitleAbstract) };
    review.run(Request::SetPolicy(policy)).expect("set");
    mark_as(&mut review, "A", "first.ris#1", &[note("I am sure")]).expect("marks");
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", Stage::TitleAbstract, "first.ris#1", Verdict::Exclude, None).expect("votes");
    assert_eq!(seen_marks(&review, "first.ris#1"), []);
}

#[test]
fn merging_brings_the_marks_of_both_sides() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let home = path("home");
    let mut one = Workspace::found(&path("one"), new_review(false), environment(1, Some(&home))).expect("begins");
    fill(&mut one);
    one.back_up_to(&path("two")).expect("copied");
    let mut two = Workspace::open(&path("two"), environment(2, Some(&path("home-two")))).expect("opens");
    mark_as(&mut one, "A", "first.ris#1", &[tag("dose")]).expect("marks");
    mark_as(&mut two, "B", "first.ris#1", &[note("mine"), MarkChange::Star(Star::KeyPaper, true)]).expect("marks");
    vote_as(&mut two, "B", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut one, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    drop(two);
    one.run(Request::Merge(path("two"))).expect("merges");
    let shown = seen_marks(&one, "first.ris#1");
    assert_eq!(shown.iter().map(|(person, _)| person.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!((shown[1].1.note.as_deref(), shown[1].1.stars.as_slice()), (Some("mine"), &[Star::KeyPaper][..]));
    assert_eq!(one.check().expect("reads"), []);
}

#[test]
fn a_change_of_one_highlighted_word_says_which() {
    use crate::domain::review::{HighlightWord, WordList};
    let mut review = review(9);
    let mut said = |words: &[(WordList, &str)]| {
        let words = words.iter().map(|(list, text)| HighlightWord { list: *list, text: (*text).to_owned() }).collect();
        review.run(Request::SetWords(words)).expect("set").message
    };
    use WordList::{Exclude, Include, Outcome};
    assert_eq!(said(&[(Include, "random*"), (Exclude, "rats")]), "set 2 words to highlight");
    assert_eq!(said(&[(Include, "random*"), (Exclude, "rats"), (Outcome, "pain")]), "highlighted \"pain\" (outcome)");
    assert_eq!(said(&[(Include, "random*"), (Exclude, "rats"), (Include, "pain")]), "moved \"pain\" to the list speaks for");
    assert_eq!(said(&[(Include, "random*"), (Include, "pain")]), "took \"rats\" off the highlighted words");
}
