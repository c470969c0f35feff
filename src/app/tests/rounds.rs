//! Calibration rounds: the sample, who sees what when, practice and counting votes, undo, and merging.

use super::super::ErrorKind;
use super::super::query::{AgreementOrder, AgreementVotes};
use super::*;
use crate::domain::review::{Criterion, Role, Side};
use crate::domain::round::RoundVotes;
use crate::domain::screening::Status;

const TA: Stage = Stage::TitleAbstract;

fn start(review: &mut Workspace, size: u32, votes: RoundVotes) -> Result<Reply> {
    review.run(Request::StartRound { stage: TA, size, seed: Some(11), votes })
}

fn close(review: &mut Workspace, is_early: bool) -> Result<Reply> {
    review.run(Request::CloseRound { stage: TA, number: None, is_early })
}

/// The records that wait for a person, by name.
fn waiting(review: &mut Workspace, person: &str) -> Vec<RecordId> {
    act(review, person);
    review.queue(TA, Queue::Undecided)
}

fn vote_on(review: &mut Workspace, person: &str, record: RecordId, verdict: Verdict) -> Result<Reply> {
    act(review, person);
    let entry = VoteEntry { record, verdict, reason: None, note: None, milliseconds: None };
    review.run(Request::Vote { stage: TA, votes: vec![entry] })
}

/// A review of five units with a round of three, in which A includes everything and B excludes the last.
fn practised(votes: RoundVotes) -> (Workspace, Vec<RecordId>) {
    let mut review = review(5);
    review.run(Request::FindDuplicates).expect("groups");
    start(&mut review, 3, votes).expect("starts");
    let sample = waiting(&mut review, "A");
    for record in &sample {
        vote_on(&mut review, "A", *record, Verdict::Include).expect("votes");
    }
    for (at, record) in sample.iter().enumerate() {
        vote_on(&mut review, "B", *record, if at == 2 { Verdict::Exclude } else { Verdict::Include }).expect("votes");
    }
    (review, sample)
}

#[test]
fn a_round_gives_everybody_the_same_sample_in_the_same_order_and_nothing_else() {
    let mut review = review(5);
    review.run(Request::FindDuplicates).expect("groups");
    assert_eq!(waiting(&mut review, "A").len(), 5);
    start(&mut review, 3, RoundVotes::Practice).expect("starts");
    let sample = waiting(&mut review, "A");
    assert_eq!((sample.len(), &sample), (3, &waiting(&mut review, "B")));
    let again = {
        let mut other = super::review(5);
        other.run(Request::FindDuplicates).expect("groups");
        start(&mut other, 3, RoundVotes::Count).expect("starts");
        waiting(&mut other, "B")
    };
    assert_eq!(sample, again, "seed and records alone decide");
    let error = start(&mut review, 1, RoundVotes::Practice).expect_err("one at a time");
    assert!(error.message.contains("round 1 at title/abstract is still open"), "{}", error.message);
}

#[test]
fn practice_votes_are_compared_and_then_leave_no_trace_in_the_counts() {
    let (mut review, sample) = practised(RoundVotes::Practice);
    let round = review.round(TA, None).expect("is there");
    assert_eq!((round.records, round.complete, round.differing, round.number), (3, 3, 1, 1));
    let pair = &review.round_agreement(TA, Some(1)).expect("told").pairs[0];
    assert_eq!((pair.n, pair.both_in, pair.a_in_b_out), (3, 2, 1));
    assert_eq!((pair.kappa, pair.kappa_interval), (Some(0.0), None), "A included all three: no interval can be told");
    let records = review.round_records(TA, None).expect("listed");
    assert_eq!(records.iter().map(|record| record.votes.len()).collect::<Vec<_>>(), [2, 2, 2]);
    assert!(records[2].differs && records[2].line.record == sample[2]);
    assert_eq!(review.overview().title_abstract.unscreened, 5, "nothing is decided");
    assert!(review.conflicts(TA).expect("reads").is_empty() && review.visible_stage_votes(TA).is_empty());
    close(&mut review, false).expect("closes");
    assert_eq!(waiting(&mut review, "A").len(), 5, "everything is screened for the review");
    vote_on(&mut review, "A", sample[0], Verdict::Exclude).expect("votes anew");
    vote_on(&mut review, "B", sample[0], Verdict::Exclude).expect("votes anew");
    assert_eq!(review.overview().title_abstract.excluded, 1);
    let outside = review.agreement(&AgreementOrder::of(TA)).expect("told");
    assert_eq!(outside.pairs, [], "they had seen each other's votes on it");
    assert_eq!(review.round_agreement(TA, None).expect("told").pairs[0].n, 3, "the round keeps its numbers");
    assert_eq!(review.check().expect("reads"), []);
}

#[test]
fn counting_votes_decide_once_everybody_in_the_round_has_voted() {
    let (mut review, sample) = practised(RoundVotes::Count);
    let counts = review.overview().title_abstract;
    assert_eq!((counts.included, counts.conflict, counts.unscreened), (2, 1, 2));
    let outside = review.agreement(&AgreementOrder::of(TA)).expect("told");
    assert_eq!(outside.pairs, [], "rounds are told apart from the rest");
    let in_round = AgreementOrder { votes: AgreementVotes::InRound(1), ..AgreementOrder::of(TA) };
    assert_eq!(review.agreement(&in_round).expect("told").pairs[0].n, 3);
    close(&mut review, false).expect("closes");
    assert_eq!(waiting(&mut review, "A").len(), 2, "the sample is done");
    let unit = review.unit(sample[0]).expect("a record");
    assert_eq!(review.state.status(TA, unit), Some(&Status::In { is_resolved: false }));
    assert_eq!(review.check().expect("reads"), []);
}

#[test]
fn in_a_round_of_three_nobody_sees_anything_before_the_third_has_voted() {
    let seen = |verdict: Verdict, votes: RoundVotes| {
        let mut review = review(5);
        let third = Request::SetReviewer { id: "D".into(), name: String::new(), roles: vec![Role::Reviewer], is_active: true };
        review.run(third).expect("joins");
        start(&mut review, 2, votes).expect("starts");
        let record = waiting(&mut review, "A")[0];
        vote_on(&mut review, "A", record, verdict).expect("votes");
        vote_on(&mut review, "B", record, verdict).expect("votes");
        act(&mut review, "D");
        everything_visible(&review)
    };
    for votes in [RoundVotes::Count, RoundVotes::Practice] {
        assert_eq!(seen(Verdict::Include, votes), seen(Verdict::Exclude, votes), "{votes}");
    }
}

#[test]
fn a_round_is_closed_early_only_on_demand_and_undo_opens_it_again() {
    let mut review = review(5);
    start(&mut review, 3, RoundVotes::Practice).expect("starts");
    let sample = waiting(&mut review, "A");
    vote_on(&mut review, "A", sample[0], Verdict::Include).expect("votes");
    let error = close(&mut review, false).expect_err("not finished");
    assert!(error.message.contains("A has 2 records left, B has 3 records left"), "{}", error.message);
    close(&mut review, true).expect("closes");
    act(&mut review, "B");
    let hidden = review.round_records(TA, None).expect("listed");
    assert!(hidden.iter().all(|record| record.votes.is_empty()), "an unfinished record keeps A's vote to itself");
    vote_on(&mut review, "B", sample[0], Verdict::Include).expect("an ordinary vote");
    act(&mut review, "A");
    let error = review.run(Request::Undo(None)).expect_err("blocked");
    assert_eq!(
        (error.kind, error.message.contains("1 vote was cast on its records since")),
        (ErrorKind::Blocked, true),
        "{}",
        error.message
    );
    act(&mut review, "B");
    review.run(Request::Undo(None)).expect("takes the vote back");
    act(&mut review, "A");
    review.run(Request::Undo(None)).expect("opens the round again");
    assert!(review.round(TA, None).expect("is there").is_open);
    review.run(Request::Undo(None)).expect("takes the practice vote back");
    review.run(Request::Undo(None)).expect("and the start");
    assert!(review.rounds().is_empty());
    review.run(Request::Redo(None)).expect("puts it back");
    assert_eq!(waiting(&mut review, "B"), sample);
}

#[test]
fn what_rests_on_a_round_is_said_where_it_stands_in_the_way() {
    let (mut review, _) = practised(RoundVotes::Practice);
    act(&mut review, "A");
    let begun = review.log(0, 100).expect("reads").into_iter().find(|entry| entry.summary.starts_with("started round")).expect("is there");
    let error = review.run(Request::Undo(Some(begun.id.parse().expect("an id")))).expect_err("blocked");
    assert!(error.message.contains("6 votes were cast in this round; close it instead"), "{}", error.message);
    act(&mut review, "B");
    close(&mut review, false).expect("closes");
    act(&mut review, "A");
    let error = review.run(Request::Undo(None)).expect_err("blocked");
    assert!(error.message.contains("round 1 has been closed since"), "{}", error.message);
}

#[test]
fn a_vote_taken_back_after_all_were_seen_is_not_independent_in_the_round_either() {
    let (mut review, sample) = practised(RoundVotes::Practice);
    act(&mut review, "B");
    review.run(Request::Undo(None)).expect("takes back the last vote");
    vote_on(&mut review, "B", sample[2], Verdict::Include).expect("votes anew");
    let pair = review.round_agreement(TA, None).expect("told").pairs.remove(0);
    assert_eq!((pair.n, pair.a_in_b_out), (3, 1), "the vote before unblinding counts");
}

#[test]
fn a_round_goes_on_without_somebody_who_leaves_and_strangers_stay_out_of_it() {
    let mut review = review(5);
    let person = |id: &str, is_active| Request::SetReviewer { id: id.into(), name: String::new(), roles: vec![Role::Reviewer], is_active };
    review.run(person("D", true)).expect("joins");
    start(&mut review, 2, RoundVotes::Count).expect("starts");
    review.run(person("E", true)).expect("joins later");
    let sample = waiting(&mut review, "A");
    let error = vote_on(&mut review, "E", sample[0], Verdict::Include).expect_err("not in the round");
    assert!(error.message.contains("in round 1, in which A and B and D vote"), "{}", error.message);
    assert_eq!(waiting(&mut review, "E").len(), 4, "the rest is E's");
    for person in ["A", "B"] {
        vote_on(&mut review, person, sample[0], Verdict::Include).expect("votes");
    }
    assert_eq!(review.round(TA, None).expect("is there").complete, 0);
    act(&mut review, "A");
    review.run(person("D", false)).expect("leaves");
    assert_eq!(review.round(TA, None).expect("is there").complete, 1);
    assert_eq!(review.overview().title_abstract.included, 1);
}

#[test]
fn the_next_round_takes_other_records_and_knows_the_criteria_of_its_time() {
    let (mut review, sample) = practised(RoundVotes::Practice);
    close(&mut review, false).expect("closes");
    let criterion = |text: &str| Criterion { side: Side::Include, text: text.to_owned() };
    review.run(Request::SetCriteria(vec![criterion("Adults in pain")])).expect("revised");
    start(&mut review, 10, RoundVotes::Count).expect("starts");
    let second = waiting(&mut review, "A");
    assert!(second.len() == 2 && second.iter().all(|record| !sample.contains(record)));
    let rounds = review.rounds();
    let versions: Vec<(usize, usize, usize)> =
        rounds.iter().map(|round| (round.number, round.criteria_version, round.criteria_version_now)).collect();
    assert_eq!(versions, [(1, 0, 1), (2, 1, 1)]);
}

#[test]
fn two_copies_of_a_review_carry_a_round_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let mut one = Workspace::found(&path("a.tamis"), new_review(false), environment(3, Some(&path("home-a")))).expect("begins");
    fill(&mut one);
    start(&mut one, 3, RoundVotes::Practice).expect("starts");
    one.back_up_to(&path("b.tamis")).expect("copies");
    let mut two = Workspace::open(&path("b.tamis"), environment(4, Some(&path("home-b")))).expect("opens");
    for record in waiting(&mut one, "A") {
        vote_on(&mut one, "A", record, Verdict::Include).expect("votes");
    }
    for record in waiting(&mut two, "B") {
        vote_on(&mut two, "B", record, Verdict::Include).expect("votes");
    }
    one.run(Request::Merge(path("b.tamis"))).expect("merges");
    two.run(Request::Merge(path("a.tamis"))).expect("merges");
    for review in [&one, &two] {
        assert_eq!(review.round(TA, None).expect("is there").complete, 3);
        assert_eq!(review.round_agreement(TA, None).expect("told").pairs[0].both_in, 3);
        assert_eq!(review.check().expect("reads"), []);
    }
}
