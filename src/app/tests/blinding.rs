//! Nobody learns how somebody else judged before the rule allows: two reviews that differ only in the hidden judgement look the same.

use super::*;

/// Builds a review, lets A judge in one of two ways, and returns everything that B can then see.
fn seen_by_b(judge: impl Fn(&mut Workspace)) -> String {
    let mut review = review(7);
    review.run(Request::FindDuplicates).expect("groups");
    judge(&mut review);
    act(&mut review, "B");
    everything_visible(&review)
}

fn assert_same(one: &str, other: &str) {
    let difference = one.lines().zip(other.lines()).find(|(a, b)| a != b);
    assert!(difference.is_none() && one.len() == other.len(), "the hidden judgement shows: {difference:?}");
}

#[test]
fn a_vote_at_title_and_abstract_shows_nowhere_before_both_have_voted() {
    let with = |verdict, note: &'static str| {
        move |review: &mut Workspace| {
            act(review, "A");
            let record = record(review, "first.ris#1");
            let entry = VoteEntry { record, verdict, reason: None, note: Some(note.to_owned()), milliseconds: Some(1) };
            review.run(Request::Vote { stage: Stage::TitleAbstract, votes: vec![entry] }).expect("votes");
        }
    };
    let included = seen_by_b(with(Verdict::Include, "clear case"));
    assert_same(&included, &seen_by_b(with(Verdict::Exclude, "animals")));
    assert_same(&included, &seen_by_b(with(Verdict::Maybe, "no abstract")));
    assert!(!included.contains("clear case"));
}

#[test]
fn which_record_somebody_else_has_voted_on_shows_nowhere() {
    let on = |name: &'static str| {
        move |review: &mut Workspace| {
            vote_as(review, "A", Stage::TitleAbstract, name, Verdict::Include, None).expect("votes");
        }
    };
    assert_same(&seen_by_b(on("first.ris#1")), &seen_by_b(on("first.ris#3")));
}

#[test]
fn a_vote_that_was_taken_back_shows_nowhere_either() {
    let with = |verdict| {
        move |review: &mut Workspace| {
            vote_as(review, "A", Stage::TitleAbstract, "first.ris#2", verdict, None).expect("votes");
            review.run(Request::Undo(None)).expect("taken back");
            review.run(Request::Redo(None)).expect("put back");
        }
    };
    assert_same(&seen_by_b(with(Verdict::Include)), &seen_by_b(with(Verdict::Exclude)));
}

#[test]
fn a_vote_and_its_reason_at_full_text_show_nowhere_before_both_have_voted() {
    let with = |verdict, reason: Option<&'static str>| {
        move |review: &mut Workspace| {
            for person in ["A", "B"] {
                vote_as(review, person, Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
            }
            vote_as(review, "A", Stage::FullText, "first.ris#1", verdict, reason).expect("votes");
        }
    };
    let included = seen_by_b(with(Verdict::Include, None));
    assert_same(&included, &seen_by_b(with(Verdict::Exclude, Some("population"))));
    assert_same(&included, &seen_by_b(with(Verdict::Exclude, Some("design"))));
}

#[test]
fn errors_tell_nothing_about_a_hidden_vote() {
    let message = |verdict| {
        let mut review = review(7);
        vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", verdict, None).expect("votes");
        act(&mut review, "B");
        let record = record(&review, "first.ris#1");
        let resolve =
            Request::Resolve { stage: Stage::TitleAbstract, record, verdict: Verdict::Include, reason: None, rationale: "x".to_owned() };
        let requests = [resolve, Request::Undo(None), Request::LinkStudy { record, study: "S".to_owned() }];
        requests.map(|request| review.run(request).expect_err("refused").message).join("\n")
    };
    assert_eq!(message(Verdict::Include), message(Verdict::Exclude));
}

#[test]
fn a_draft_shows_nowhere_before_both_are_handed_in() {
    let with = |mean: &'static str| {
        move |review: &mut Workspace| {
            include_first(review);
            review.run(Request::UseForm { file_name: "form.toml".to_owned(), text: FORM.to_owned() }).expect("form");
            act(review, "A");
            let cells =
                [("drug.n", "30"), ("drug.mean", mean), ("drug.sd", "2"), ("placebo.n", "30"), ("placebo.mean", "5"), ("placebo.sd", "2")];
            review.run(Request::SetCells(cells.map(|(part, raw)| cell(part, raw)).to_vec())).expect("typed");
            review.run(Request::SubmitDraft(StudyId::from("alpha-2001"))).expect("handed in");
        }
    };
    let one = seen_by_b(with("3.25"));
    assert_same(&one, &seen_by_b(with("4.75")));
    assert!(!one.contains("3.25"));
}

#[test]
fn votes_show_when_both_have_voted_and_a_conflict_only_then() {
    let mut review = review(7);
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    act(&mut review, "B");
    assert!(review.conflicts(Stage::TitleAbstract).expect("reads").is_empty());
    vote_as(&mut review, "B", Stage::TitleAbstract, "first.ris#1", Verdict::Exclude, None).expect("votes");
    let conflicts = review.conflicts(Stage::TitleAbstract).expect("reads");
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].votes.iter().map(|vote| vote.verdict).collect::<Vec<_>>(), [Some(Verdict::Include), Some(Verdict::Exclude)]);
    assert_eq!(conflicts[0].waiting_for, ["A", "B"]);
}

#[test]
fn a_policy_can_hide_verdicts_in_a_conflict_from_all_but_their_author() {
    let mut review = review(7);
    let policy = crate::domain::policy::Policy { shows_votes_in_conflict: false, ..review.policy(Stage::TitleAbstract) };
    review.run(Request::SetPolicy(policy)).expect("set");
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", Stage::TitleAbstract, "first.ris#1", Verdict::Exclude, None).expect("votes");
    let conflicts = review.conflicts(Stage::TitleAbstract).expect("reads");
    assert_eq!(conflicts[0].votes.iter().map(|vote| vote.verdict).collect::<Vec<_>>(), [None, Some(Verdict::Exclude)]);
}
