//! What the rules of the review allow, stage by stage.

use super::super::ErrorKind;
use super::*;
use crate::domain::policy::{MaybeRule, Policy, Resolver};
use crate::domain::review::Role;

#[test]
fn a_vote_is_locked_when_all_are_in_and_a_new_one_after_undo_is_not_independent() {
    let mut review = review(9);
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", Stage::TitleAbstract, "first.ris#1", Verdict::Exclude, None).expect("votes");
    let error = vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Exclude, None).expect_err("locked");
    assert_eq!(error.kind, ErrorKind::Blocked);
    review.run(Request::Undo(None)).expect("takes back");
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Exclude, None).expect("votes again");
    let agreement = &review.agreement(&AgreementOrder::of(Stage::TitleAbstract)).expect("told").pairs[0];
    assert_eq!((agreement.n, agreement.a_in_b_out), (1, 1), "the last vote before unblinding counts: {agreement:?}");
}

#[test]
fn ones_own_vote_can_be_changed_while_it_is_open_and_undo_gives_the_earlier_one_back() {
    let mut review = review(9);
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Maybe, None).expect("changes it");
    assert_eq!(review.queue(Stage::TitleAbstract, Queue::Maybe).len(), 1);
    review.run(Request::Undo(None)).expect("takes the change back");
    assert_eq!(review.queue(Stage::TitleAbstract, Queue::Maybe).len(), 0);
    assert_eq!(review.queue(Stage::TitleAbstract, Queue::Mine).len(), 1);
}

#[test]
fn a_conflict_of_two_needs_both_and_a_reason() {
    let mut review = review(9);
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", Stage::TitleAbstract, "first.ris#1", Verdict::Exclude, None).expect("votes");
    let record = record(&review, "first.ris#1");
    let settle = |rationale: &str| Request::Resolve {
        stage: Stage::TitleAbstract,
        record,
        verdict: Verdict::Include,
        reason: None,
        rationale: rationale.to_owned(),
    };
    assert!(review.run(settle(" ")).is_err(), "a reason is needed");
    let reply = review.run(settle("population fits")).expect("B's word");
    assert!(reply.message.ends_with("it waits for A"), "{}", reply.message);
    assert_eq!(review.overview().title_abstract.conflict, 1);
    act(&mut review, "A");
    let reply = review.run(settle("agreed")).expect("A's word");
    assert!(reply.message.contains("is settled"), "{}", reply.message);
    assert_eq!(review.overview().title_abstract.included, 1);
}

#[test]
fn an_adjudicator_settles_alone_and_does_not_vote() {
    let mut review = Workspace::found_in_memory(new_review(true), environment(9, None)).expect("begins");
    fill(&mut review);
    assert!(vote_as(&mut review, "C", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).is_err());
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", Stage::TitleAbstract, "first.ris#1", Verdict::Exclude, None).expect("votes");
    let record = record(&review, "first.ris#1");
    let settle =
        Request::Resolve { stage: Stage::TitleAbstract, record, verdict: Verdict::Exclude, reason: None, rationale: "rule 2".to_owned() };
    assert!(review.run(settle.clone()).is_err(), "one who voted cannot");
    act(&mut review, "C");
    review.run(settle).expect("settles");
    assert_eq!(review.overview().title_abstract.excluded, 1);
}

#[test]
fn an_exclusion_at_full_text_needs_a_known_reason() {
    let mut review = review(9);
    for person in ["A", "B"] {
        vote_as(&mut review, person, Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    }
    let error = vote_as(&mut review, "A", Stage::FullText, "first.ris#1", Verdict::Exclude, None).expect_err("no reason");
    assert!(error.hint.is_some_and(|hint| hint.contains("population, design")));
    assert!(vote_as(&mut review, "A", Stage::FullText, "first.ris#1", Verdict::Exclude, Some("weather")).is_err());
    assert!(vote_as(&mut review, "A", Stage::FullText, "first.ris#1", Verdict::Maybe, None).is_err());
    vote_as(&mut review, "A", Stage::FullText, "first.ris#1", Verdict::Exclude, Some("population")).expect("votes");
    vote_as(&mut review, "B", Stage::FullText, "first.ris#1", Verdict::Exclude, Some("design")).expect("votes");
    let conflicts = review.conflicts(Stage::FullText).expect("reads");
    assert!(conflicts[0].is_about_reason);
}

#[test]
fn a_change_of_policy_says_beforehand_what_it_would_move() {
    let mut review = review(9);
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", Stage::TitleAbstract, "first.ris#1", Verdict::Maybe, None).expect("votes");
    let strict = Policy { maybe: MaybeRule::Conflict, ..review.policy(Stage::TitleAbstract) };
    assert_eq!(review.policy_effect(&strict), [("included".to_owned(), "conflict".to_owned(), 1)]);
    assert_eq!(review.overview().title_abstract.included, 1, "asking changes nothing");
    review.run(Request::SetPolicy(strict)).expect("set");
    assert_eq!(review.overview().title_abstract.conflict, 1);
}

#[test]
fn grouping_keeps_votes_and_splitting_gives_them_back() {
    let mut review = review(9);
    vote_as(&mut review, "A", Stage::TitleAbstract, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", Stage::TitleAbstract, "second.ris#1", Verdict::Exclude, None).expect("votes");
    let pair = [record(&review, "first.ris#1"), record(&review, "second.ris#1")];
    review.run(Request::Group(pair.to_vec())).expect("groups");
    assert_eq!(review.overview().title_abstract.conflict, 1, "each person's vote counts for the group");
    review.run(Request::Split(vec![pair[1]])).expect("splits");
    assert_eq!(review.overview().title_abstract.partial, 2);
    review.run(Request::FindDuplicates).expect("looks again");
    assert_eq!(review.overview().duplicates, 0, "what a person settled is not grouped again");
}

#[test]
fn the_same_file_for_the_same_source_is_noticed() {
    let mut review = review(9);
    let order = ImportOrder::of("renamed.ris", "Embase");
    let error = review.import_bundled(&order, FIRST).expect_err("the same bytes");
    assert!(error.message.contains("imported before, as first.ris"), "{}", error.message);
}

#[test]
fn an_agreed_cell_is_the_pooling_input_and_traces_back() {
    let mut review = review(9);
    include_first(&mut review);
    review.run(Request::UseForm { file_name: "form.toml".to_owned(), text: FORM.to_owned() }).expect("form");
    let study = StudyId::from("alpha-2001");
    for (person, mean) in [("A", "3.0"), ("B", "3.5")] {
        act(&mut review, person);
        let cells =
            [("drug.n", "30"), ("drug.mean", mean), ("drug.sd", "2"), ("placebo.n", "30"), ("placebo.mean", "5"), ("placebo.sd", "2")];
        review.run(Request::SetCells(cells.map(|(part, raw)| cell(part, raw)).to_vec())).expect("typed");
        assert!(review.comparison(&study).is_err(), "not before both are in");
        review.run(Request::SubmitDraft(study.clone())).expect("handed in");
    }
    let path = "outcome.pain.end.drug.mean";
    assert_eq!(review.analysis("1").expect("runs").left_out.len(), 1, "an open cell is no input");
    review
        .run(Request::Agree { study: study.clone(), path: path.to_owned(), choice: "b".to_owned(), rationale: "table 2".to_owned() })
        .expect("settled");
    let result = review.analysis("1").expect("runs");
    let pooled = result.pooled.expect("pools");
    assert!((pooled.estimate - (3.5 - 5.0)).abs() < 1e-12);
    let trace = review.trace(&study, path).expect("traces");
    assert_eq!(trace.cell.agreed.as_deref(), Some("3.5"));
    assert_eq!(trace.sources, ["A typed \"3.0\" (p. 3)", "B typed \"3.5\" (p. 3)"]);
    assert!(trace.cell.settled.is_some_and(|settled| settled.contains("table 2")));
}

#[test]
fn the_operation_that_began_the_review_cannot_be_taken_back() {
    let mut review = Workspace::found_in_memory(new_review(false), environment(9, None)).expect("begins");
    let error = review.run(Request::Undo(None)).expect_err("refused");
    assert_eq!(error.message, "the review begins with this operation");
    assert_eq!(review.people().len(), 2);
}

#[test]
fn looking_for_duplicates_is_next_after_every_import_and_done_when_done() {
    let mut review = review(9);
    let is_next = |review: &Workspace| review.overview().next.iter().any(|step| step.what == "look for duplicates");
    assert!(is_next(&review));
    review.run(Request::FindDuplicates).expect("looks");
    assert!(!is_next(&review));
    import(&mut review, "third.ris", "Other", &FIRST.replace("10.1000", "10.9999"));
    assert!(is_next(&review));
}

fn person(id: &str, role: Role, is_active: bool) -> Request {
    Request::SetReviewer { id: id.into(), name: String::new(), roles: vec![role], is_active }
}

const TA: Stage = Stage::TitleAbstract;

fn settle(review: &mut Workspace, person: &str, verdict: Verdict) -> Result<Reply> {
    act(review, person);
    let record = record(review, "first.ris#1");
    review.run(Request::Resolve { stage: TA, record, verdict, reason: None, rationale: "read again".to_owned() })
}

fn status(review: &Workspace) -> &'static str {
    review.unit_view(TA, record(review, "first.ris#1")).expect("reads").status
}

#[test]
fn who_leaves_leaves_the_votes_and_nothing_is_decided_by_that() {
    let mut review = review(9);
    vote_as(&mut review, "A", TA, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "A", TA, "first.ris#2", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", TA, "first.ris#2", Verdict::Include, None).expect("votes");
    act(&mut review, "B");
    let reply = review.run(person("A", Role::Reviewer, false)).expect("leaves");
    assert!(reply.message.contains("1 record with such a vote at title/abstract waits for another"), "{}", reply.message);
    assert!(reply.message.contains("one reviewer is left for 2 votes"), "{}", reply.message);
    let counts = review.overview().title_abstract;
    assert_eq!((counts.included, counts.partial), (1, 1));
    let error = vote_as(&mut review, "A", TA, "first.ris#3", Verdict::Include, None).expect_err("takes no part");
    assert!(error.message.contains("A does not vote in this review"), "{}", error.message);
    act(&mut review, "B");
    review.run(person("D", Role::Reviewer, true)).expect("joins");
    act(&mut review, "D");
    let waiting = review.queue(TA, Queue::Undecided);
    assert!(waiting.contains(&record(&review, "first.ris#1")) && !waiting.contains(&record(&review, "first.ris#2")));
    vote_as(&mut review, "D", TA, "first.ris#1", Verdict::Include, None).expect("the second vote");
    assert_eq!(review.overview().title_abstract.included, 2);
    act(&mut review, "B");
    review.run(person("A", Role::Reviewer, true)).expect("comes back");
    act(&mut review, "A");
    assert!(!review.queue(TA, Queue::Undecided).contains(&record(&review, "first.ris#1")), "not asked again");
}

#[test]
fn a_conflict_with_somebody_who_left_is_settled_by_another_and_not_by_one_side() {
    let mut review = review(9);
    vote_as(&mut review, "A", TA, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", TA, "first.ris#1", Verdict::Exclude, None).expect("votes");
    review.run(person("D", Role::Reviewer, true)).expect("joins");
    assert!(settle(&mut review, "D", Verdict::Include).expect_err("both are there").message.contains("by those who voted"));
    act(&mut review, "B");
    review.run(person("A", Role::Reviewer, false)).expect("leaves");
    settle(&mut review, "B", Verdict::Exclude).expect("says so");
    assert_eq!(status(&review), "conflict", "one side alone settles nothing");
    settle(&mut review, "D", Verdict::Include).expect("stands in");
    assert_eq!(status(&review), "resolved_in");
}

#[test]
fn an_adjudicator_who_comes_or_goes_moves_nothing_that_was_settled() {
    let mut review = review(9);
    vote_as(&mut review, "A", TA, "first.ris#1", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", TA, "first.ris#1", Verdict::Exclude, None).expect("votes");
    for person in ["A", "B"] {
        settle(&mut review, person, Verdict::Include).expect("settles");
    }
    review.run(person("C", Role::Adjudicator, true)).expect("joins");
    assert_eq!((review.policy(TA).resolver, status(&review)), (Resolver::Third, "resolved_in"));
    vote_as(&mut review, "A", TA, "first.ris#2", Verdict::Include, None).expect("votes");
    vote_as(&mut review, "B", TA, "first.ris#2", Verdict::Exclude, None).expect("votes");
    act(&mut review, "C");
    let second = record(&review, "first.ris#2");
    let says = Request::Resolve { stage: TA, record: second, verdict: Verdict::Exclude, reason: None, rationale: "animals".to_owned() };
    review.run(says).expect("settles");
    act(&mut review, "A");
    review.run(person("C", Role::Adjudicator, false)).expect("leaves");
    assert_eq!(review.policy(TA).resolver, Resolver::Consensus);
    assert_eq!((status(&review), review.unit_view(TA, second).expect("reads").status), ("resolved_in", "resolved_out"));
}

#[test]
fn votes_that_could_be_seen_under_an_earlier_policy_spoil_the_independence_of_later_ones() {
    let mut review = review(9);
    let policy = |votes| Policy { required_votes: votes, ..Policy::usual(TA, false) };
    review.run(Request::SetPolicy(policy(1))).expect("one vote");
    vote_as(&mut review, "A", TA, "first.ris#1", Verdict::Include, None).expect("votes");
    review.run(Request::SetPolicy(policy(2))).expect("two votes");
    vote_as(&mut review, "B", TA, "first.ris#1", Verdict::Include, None).expect("votes");
    let view = review.unit_view(TA, record(&review, "first.ris#1")).expect("reads");
    assert_eq!(view.mine.map(|vote| vote.is_independent), Some(false));
    assert_eq!(review.agreement(&AgreementOrder::of(TA)).expect("told").pairs, []);
}

#[test]
fn a_policy_of_one_vote_and_one_of_three_work_from_vote_to_full_text() {
    for votes in [1u8, 3] {
        let mut review = review(9);
        review.run(person("D", Role::Reviewer, true)).expect("joins");
        for stage in [TA, Stage::FullText] {
            review.run(Request::SetPolicy(Policy { required_votes: votes, ..Policy::usual(stage, false) })).expect("set");
        }
        let people = &["A", "B", "D"][..usize::from(votes)];
        for stage in [TA, Stage::FullText] {
            for (at, person) in people.iter().enumerate() {
                let before = review.overview();
                let counts = if stage == TA { before.title_abstract } else { before.full_text };
                assert_eq!(counts.included, 0, "{votes} votes, {at} cast");
                vote_as(&mut review, person, stage, "first.ris#1", Verdict::Include, None).expect("votes");
            }
        }
        assert_eq!(review.overview().full_text.included, 1, "{votes} votes");
        let error = vote_as(&mut review, "A", TA, "first.ris#1", Verdict::Exclude, None).expect_err("locked");
        assert!(error.message.contains("all votes on"), "{}", error.message);
        assert_eq!(review.check().expect("reads"), []);
    }
}
