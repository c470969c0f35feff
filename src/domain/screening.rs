//! From votes to status: the fold that every count, list and screen rests on.
//!
//! A status is computed from the votes and resolutions that stand and from the policy; it is never stored. The order of votes does
//! not matter (tested as a property).

use super::decision::{Stage, Verdict};
use super::ids::ReviewerId;
use super::policy::{MaybeRule, Policy, ReasonTie, Resolver};
use super::report::RetrievalState;

/// One standing judgement as the fold takes it: at most one per reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Who.
    pub reviewer: ReviewerId,
    /// What.
    pub verdict: Verdict,
    /// The code of the exclusion reason, where one was given.
    pub reason: Option<String>,
}

/// Where a unit stands in one stage.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Taken out before screening.
    Removed,
    /// Full text only: the report is not at hand yet.
    AwaitingReport,
    /// Full text only: sought and not found.
    NotRetrieved,
    /// No vote.
    Unscreened,
    /// Fewer votes than required.
    Partial,
    /// The votes differ in verdict.
    Conflict,
    /// Full text only: all exclude, for different reasons.
    ReasonConflict,
    /// Goes on.
    In {
        /// Whether a conflict had to be settled.
        is_resolved: bool,
    },
    /// Does not go on.
    Out {
        /// The code of the exclusion reason, where there is one.
        reason: Option<String>,
        /// Whether a conflict had to be settled.
        is_resolved: bool,
    },
    /// Full text only: an ongoing study.
    Ongoing,
    /// Full text only: awaiting classification.
    Awaiting,
}

impl Status {
    /// Tells whether the unit goes on to the next stage.
    pub fn is_in(&self) -> bool {
        matches!(self, Self::In { .. })
    }

    /// Tells whether the stage has ended with an exclusion.
    pub fn is_out(&self) -> bool {
        matches!(self, Self::Out { .. })
    }

    /// Tells whether somebody has to settle it.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict | Self::ReasonConflict)
    }

    /// Tells whether the unit has been decided in this stage, with whatever result.
    pub fn is_decided(&self) -> bool {
        matches!(self, Self::In { .. } | Self::Out { .. } | Self::Ongoing | Self::Awaiting)
    }

    /// Returns a stable word for scripts ("agreed_in").
    pub fn key(&self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::AwaitingReport => "awaiting_report",
            Self::NotRetrieved => "not_retrieved",
            Self::Unscreened => "unscreened",
            Self::Partial => "partial",
            Self::Conflict => "conflict",
            Self::ReasonConflict => "reason_conflict",
            Self::In { is_resolved: false } => "agreed_in",
            Self::In { is_resolved: true } => "resolved_in",
            Self::Out { is_resolved: false, .. } => "agreed_out",
            Self::Out { is_resolved: true, .. } => "resolved_out",
            Self::Ongoing => "ongoing",
            Self::Awaiting => "awaiting_classification",
        }
    }

    /// Returns the status in words for people.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Removed => "removed before screening",
            Self::AwaitingReport => "report not at hand",
            Self::NotRetrieved => "not retrieved",
            Self::Unscreened => "no vote yet",
            Self::Partial => "waits for another vote",
            Self::Conflict => "conflict",
            Self::ReasonConflict => "conflict on the reason",
            Self::In { is_resolved: false } => "included",
            Self::In { is_resolved: true } => "included, settled",
            Self::Out { is_resolved: false, .. } => "excluded",
            Self::Out { is_resolved: true, .. } => "excluded, settled",
            Self::Ongoing => "ongoing study",
            Self::Awaiting => "awaiting classification",
        }
    }
}

/// Folds the standing votes and resolutions of one unit into its status under a policy.
///
/// **Shape**: `votes` and `resolutions` hold at most one judgement per reviewer, in any order. `reason_rank` gives the place of an
/// exclusion reason in the ordered list (unknown codes last).
/// Votes beyond the required number count like the others: all have to agree.
pub fn fold(votes: &[Judgement], resolutions: &[Judgement], policy: &Policy, reason_rank: impl Fn(&str) -> usize) -> Status {
    if votes.is_empty() {
        return Status::Unscreened;
    }
    if votes.len() < usize::from(policy.required_votes.max(1)) {
        return Status::Partial;
    }
    let found = agreement(votes, policy, &reason_rank);
    if !found.is_conflict() {
        return found;
    }
    settled(votes, resolutions, policy).unwrap_or(found)
}

/// Returns the status on which the votes agree, or the conflict between them.
fn agreement(votes: &[Judgement], policy: &Policy, reason_rank: &impl Fn(&str) -> usize) -> Status {
    let folded = |verdict: Verdict| match (verdict, policy.maybe) {
        (Verdict::Maybe, MaybeRule::Include) => Verdict::Include,
        (verdict, _) => verdict,
    };
    let first = folded(votes[0].verdict);
    if first == Verdict::Maybe || votes.iter().any(|vote| folded(vote.verdict) != first) {
        return Status::Conflict;
    }
    match first {
        Verdict::Include | Verdict::Maybe => Status::In { is_resolved: false },
        Verdict::Ongoing => Status::Ongoing,
        Verdict::Awaiting => Status::Awaiting,
        Verdict::Exclude if policy.stage == Stage::TitleAbstract => Status::Out { reason: None, is_resolved: false },
        Verdict::Exclude => {
            let same = votes.iter().all(|vote| vote.reason == votes[0].reason);
            if same {
                return Status::Out { reason: votes[0].reason.clone(), is_resolved: false };
            }
            match policy.reason_tie {
                ReasonTie::Conflict => Status::ReasonConflict,
                ReasonTie::Priority => {
                    let reason = votes.iter().filter_map(|vote| vote.reason.clone()).min_by_key(|code| (reason_rank(code), code.clone()));
                    Status::Out { reason, is_resolved: false }
                }
            }
        }
    }
}

/// Returns the status that the resolutions give, or `None` while the conflict stands.
///
/// The rule of who settles says who may act from now on (the use case asks it before a resolution is written). What was settled under
/// an earlier rule stays settled: by all who voted saying the same, or by somebody who had not voted.
fn settled(votes: &[Judgement], resolutions: &[Judgement], policy: &Policy) -> Option<Status> {
    let has_voted = |reviewer: &ReviewerId| votes.iter().any(|vote| vote.reviewer == *reviewer);
    let by_a_third = || resolutions.iter().find(|resolution| !has_voted(&resolution.reviewer));
    let by_all_who_voted = || {
        let first = resolutions.iter().find(|resolution| has_voted(&resolution.reviewer))?;
        let confirms = |r: &Judgement| r.verdict == first.verdict && r.reason == first.reason;
        let all = votes.iter().all(|vote| resolutions.iter().any(|r| r.reviewer == vote.reviewer && confirms(r)));
        all.then_some(first)
    };
    let deciding = match policy.resolver {
        Resolver::Any => resolutions.first()?,
        Resolver::Third => by_a_third().or_else(by_all_who_voted)?,
        Resolver::Consensus => by_all_who_voted().or_else(by_a_third)?,
    };
    Some(match deciding.verdict {
        Verdict::Include | Verdict::Maybe => Status::In { is_resolved: true },
        Verdict::Exclude => Status::Out { reason: deciding.reason.clone(), is_resolved: true },
        Verdict::Ongoing => Status::Ongoing,
        Verdict::Awaiting => Status::Awaiting,
    })
}

/// Combines the retrieval of a report with the fold of its votes.
///
/// A report on which somebody has voted counts as retrieved unless it is marked otherwise.
pub fn full_text_status(retrieval: RetrievalState, votes_status: Status) -> Status {
    match (retrieval, votes_status) {
        (RetrievalState::NotRetrieved, _) => Status::NotRetrieved,
        (RetrievalState::Pending | RetrievalState::Requested, Status::Unscreened) => Status::AwaitingReport,
        (_, status) => status,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vote(reviewer: &str, verdict: Verdict, reason: Option<&str>) -> Judgement {
        Judgement { reviewer: reviewer.into(), verdict, reason: reason.map(str::to_owned) }
    }

    fn rank(code: &str) -> usize {
        ["population", "design"].iter().position(|known| *known == code).unwrap_or(usize::MAX)
    }

    fn ta() -> Policy {
        Policy::usual(Stage::TitleAbstract, false)
    }

    fn ft() -> Policy {
        Policy::usual(Stage::FullText, false)
    }

    #[test]
    fn one_vote_of_two_is_partial_whatever_it_says() {
        for verdict in [Verdict::Include, Verdict::Maybe, Verdict::Exclude] {
            assert_eq!(fold(&[vote("A", verdict, None)], &[], &ta(), rank), Status::Partial);
        }
        assert_eq!(fold(&[], &[], &ta(), rank), Status::Unscreened);
    }

    #[test]
    fn maybe_counts_as_include_when_policy_says_so() {
        let votes = [vote("A", Verdict::Include, None), vote("B", Verdict::Maybe, None)];
        assert_eq!(fold(&votes, &[], &ta(), rank), Status::In { is_resolved: false });
        let strict = Policy { maybe: MaybeRule::Conflict, ..ta() };
        assert_eq!(fold(&votes, &[], &strict, rank), Status::Conflict);
        let both = [vote("A", Verdict::Maybe, None), vote("B", Verdict::Maybe, None)];
        assert_eq!(fold(&both, &[], &strict, rank), Status::Conflict, "always a conflict");
    }

    #[test]
    fn reasons_matter_at_full_text_only() {
        let votes = [vote("A", Verdict::Exclude, Some("design")), vote("B", Verdict::Exclude, Some("population"))];
        assert_eq!(fold(&votes, &[], &ta(), rank), Status::Out { reason: None, is_resolved: false });
        assert_eq!(fold(&votes, &[], &ft(), rank), Status::ReasonConflict);
        let priority = Policy { reason_tie: ReasonTie::Priority, ..ft() };
        assert_eq!(fold(&votes, &[], &priority, rank), Status::Out { reason: Some("population".into()), is_resolved: false });
    }

    #[test]
    fn consensus_needs_the_same_word_of_all_who_voted() {
        let votes = [vote("A", Verdict::Include, None), vote("B", Verdict::Exclude, None)];
        let one = [vote("A", Verdict::Include, None)];
        assert_eq!(fold(&votes, &one, &ta(), rank), Status::Conflict);
        let differing = [vote("A", Verdict::Include, None), vote("B", Verdict::Exclude, None)];
        assert_eq!(fold(&votes, &differing, &ta(), rank), Status::Conflict);
        let both = [vote("A", Verdict::Include, None), vote("B", Verdict::Include, None)];
        assert_eq!(fold(&votes, &both, &ta(), rank), Status::In { is_resolved: true });
    }

    #[test]
    fn a_third_settles_alone_and_a_voter_cannot() {
        let policy = Policy { resolver: Resolver::Third, ..ta() };
        let votes = [vote("A", Verdict::Include, None), vote("B", Verdict::Exclude, None)];
        assert_eq!(fold(&votes, &[vote("A", Verdict::Include, None)], &policy, rank), Status::Conflict);
        assert_eq!(fold(&votes, &[vote("C", Verdict::Exclude, None)], &policy, rank), Status::Out { reason: None, is_resolved: true });
    }

    #[test]
    fn what_was_settled_stays_settled_under_another_rule_of_who_settles() {
        let votes = [vote("A", Verdict::Include, None), vote("B", Verdict::Exclude, None)];
        let by_both = [vote("A", Verdict::Include, None), vote("B", Verdict::Include, None)];
        let by_a_third = [vote("C", Verdict::Include, None)];
        for resolver in [Resolver::Consensus, Resolver::Third, Resolver::Any] {
            let policy = Policy { resolver, ..ta() };
            for resolutions in [&by_both[..], &by_a_third[..]] {
                assert_eq!(fold(&votes, resolutions, &policy, rank), Status::In { is_resolved: true }, "{resolver} {resolutions:?}");
            }
        }
    }

    #[test]
    fn a_single_reviewer_policy_decides_with_one_vote() {
        let policy = Policy { required_votes: 1, ..ta() };
        assert_eq!(fold(&[vote("A", Verdict::Exclude, None)], &[], &policy, rank), Status::Out { reason: None, is_resolved: false });
    }

    #[test]
    fn a_report_not_at_hand_waits_and_one_not_found_is_not_assessed() {
        use RetrievalState::{NotRetrieved, Pending, Retrieved};
        assert_eq!(full_text_status(Pending, Status::Unscreened), Status::AwaitingReport);
        assert_eq!(full_text_status(Retrieved, Status::Unscreened), Status::Unscreened);
        assert_eq!(full_text_status(NotRetrieved, Status::Partial), Status::NotRetrieved);
        assert_eq!(full_text_status(Pending, Status::Partial), Status::Partial);
    }

    fn any_verdict() -> impl Strategy<Value = Verdict> {
        prop_oneof![Just(Verdict::Include), Just(Verdict::Maybe), Just(Verdict::Exclude), Just(Verdict::Ongoing)]
    }

    proptest! {
        #[test]
        fn the_order_of_votes_does_not_matter(verdicts in prop::collection::vec((any_verdict(), prop::option::of("[ab]")), 0..5), turn in 0usize..5, maybe in any::<bool>(), tie in any::<bool>()) {
            let policy = Policy {
                maybe: if maybe { MaybeRule::Include } else { MaybeRule::Conflict },
                reason_tie: if tie { ReasonTie::Conflict } else { ReasonTie::Priority },
                ..ft()
            };
            let votes: Vec<Judgement> = verdicts.iter().enumerate().map(|(at, (v, r))| vote(&at.to_string(), *v, r.as_deref())).collect();
            let mut turned = votes.clone();
            if !turned.is_empty() {
                let by = turn % turned.len();
                turned.rotate_left(by);
            }
            prop_assert_eq!(fold(&votes, &[], &policy, rank), fold(&turned, &[], &policy, rank));
        }
    }
}
