//! Agreement: the numbers of the specification from real votes, and the records behind each of them.

use super::super::ErrorKind;
use super::super::query::{AgreementCell, AgreementReport};
use super::*;
use crate::domain::policy::{MaybeRule, Policy};
use crate::domain::review::Role;
use crate::domain::time::Clock;

/// A review with so many records, and A's and B's votes as letters (i, m, e; a blank for none), record by record.
fn judged(a: &str, b: &str) -> Workspace {
    let mut review = Workspace::found_in_memory(new_review(false), environment(3, None)).expect("begins");
    let titles: String = (1..=a.len()).map(|n| format!("TY  - JOUR\nTI  - Title number {n}\nPY  - 2001\nER  - \n\n")).collect();
    import(&mut review, "many.ris", "Embase", &titles);
    vote_letters(&mut review, "A", a);
    vote_letters(&mut review, "B", b);
    review
}

fn vote_letters(review: &mut Workspace, person: &str, letters: &str) {
    act(review, person);
    let votes = letters.chars().zip(1..).filter(|(letter, _)| *letter != ' ').map(|(letter, n)| VoteEntry {
        record: record(review, &format!("many.ris#{n}")),
        verdict: match letter {
            'i' => Verdict::Include,
            'm' => Verdict::Maybe,
            _ => Verdict::Exclude,
        },
        reason: None,
        note: None,
        milliseconds: None,
    });
    let votes: Vec<VoteEntry> = votes.collect();
    if votes.is_empty() {
        return;
    }
    review.run(Request::Vote { stage: Stage::TitleAbstract, votes }).expect("votes");
}

fn told(review: &Workspace) -> AgreementReport {
    review.agreement(&AgreementOrder::of(Stage::TitleAbstract)).expect("told")
}

fn cell(a_said: &str, b_said: &str) -> AgreementCell {
    AgreementCell { a: "A".to_owned(), a_said: a_said.to_owned(), b: "B".to_owned(), b_said: b_said.to_owned() }
}

#[test]
fn the_golden_table_comes_out_of_fifty_pairs_of_votes() {
    let letters = |parts: [(char, usize); 4]| parts.iter().flat_map(|(letter, n)| std::iter::repeat_n(*letter, *n)).collect::<String>();
    let review = judged(&letters([('i', 20), ('i', 5), ('e', 10), ('e', 15)]), &letters([('i', 20), ('e', 5), ('m', 10), ('e', 15)]));
    let report = told(&review);
    let pair = &report.pairs[0];
    assert_eq!((pair.n, pair.both_in, pair.a_in_b_out, pair.a_out_b_in, pair.both_out), (50, 20, 5, 10, 15));
    assert_eq!(pair.table, [[20, 5], [10, 15]]);
    let close = |got: Option<f64>, want: f64| assert!((got.expect("defined") - want).abs() < 5.1e-6, "{got:?} {want}");
    close(pair.po, 0.70000);
    close(pair.kappa, 0.40000);
    close(pair.kappa_se, 0.12700);
    close(pair.pabak, 0.40000);
    close(pair.ac1, 0.40594);
    close(pair.ac1_se, 0.13015);
    close(pair.kappa_interval.map(|(low, _)| low), 0.151_09);
    close(pair.kappa_interval.map(|(_, high)| high), 0.648_91);
    close(pair.positive, 40.0 / 55.0);
    close(pair.negative, 30.0 / 45.0);
    for (row, a_said) in report.categories.iter().enumerate() {
        for (column, b_said) in report.categories.iter().enumerate() {
            let records = review.agreement_records(&AgreementOrder::of(Stage::TitleAbstract), &cell(a_said, b_said)).expect("listed");
            assert_eq!(records.len(), pair.table[row][column], "{a_said} {b_said}");
        }
    }
}

#[test]
fn maybe_is_a_category_where_it_means_a_conflict_or_is_asked_for() {
    let mut review = judged("imime", "iimme");
    assert_eq!(told(&review).categories, ["include", "exclude"]);
    assert_eq!(told(&review).pairs[0].table, [[4, 0], [0, 1]]);
    let detailed = AgreementOrder { is_detailed: true, ..AgreementOrder::of(Stage::TitleAbstract) };
    let three = [[1, 1, 0], [1, 1, 0], [0, 0, 1]];
    assert_eq!(review.agreement(&detailed).expect("told").pairs[0].table, three);
    let policy = Policy { maybe: MaybeRule::Conflict, ..review.policy(Stage::TitleAbstract) };
    review.run(Request::SetPolicy(policy)).expect("set");
    assert_eq!(told(&review).pairs[0].table, three);
    assert_eq!(review.agreement_records(&detailed, &cell("maybe", "include")).expect("listed").len(), 1);
}

#[test]
fn hidden_votes_in_conflicts_are_not_told_by_numbers_or_lists() {
    let mut review = judged("ie", "ii");
    let policy = Policy { shows_votes_in_conflict: false, ..review.policy(Stage::TitleAbstract) };
    review.run(Request::SetPolicy(policy)).expect("set");
    let order = AgreementOrder::of(Stage::TitleAbstract);
    for error in [
        review.agreement(&order).expect_err("refused"),
        review.agreement_records(&order, &cell("exclude", "include")).expect_err("refused"),
    ] {
        assert_eq!(error.kind, ErrorKind::Blocked);
        assert!(error.message.contains("would tell votes that the policy hides in 1 conflict"), "{}", error.message);
    }
}

#[test]
fn units_without_all_votes_and_two_records_found_to_be_one_stay_out() {
    let review = judged("iie", "i  ");
    assert_eq!(told(&review).pairs[0].n, 1);
    // A judged one record, B the other; then a person calls them the same.
    let mut review = judged("ii ", "i i");
    let pair = [record(&review, "many.ris#2"), record(&review, "many.ris#3")];
    review.run(Request::Group(pair.to_vec())).expect("grouped");
    assert_eq!(told(&review).pairs[0].n, 1);
}

#[test]
fn three_people_have_three_pairs_and_one_kappa_of_fleiss() {
    let mut review = judged("iiee", "    ");
    let third = Request::SetReviewer { id: "D".into(), name: String::new(), roles: vec![Role::Reviewer], is_active: true };
    review.run(third).expect("joins");
    let policy = Policy { required_votes: 3, ..review.policy(Stage::TitleAbstract) };
    review.run(Request::SetPolicy(policy)).expect("set");
    vote_letters(&mut review, "B", "iiei");
    assert_eq!(told(&review).pairs, [], "two of three have voted");
    vote_letters(&mut review, "D", "ieee");
    let report = told(&review);
    let people: Vec<(&str, &str, usize)> = report.pairs.iter().map(|pair| (&*pair.a, &*pair.b, pair.n)).collect();
    assert_eq!(people, [("A", "B", 4), ("A", "D", 4), ("B", "D", 4)]);
    let several = report.several.expect("all judged all");
    assert_eq!((several.n, several.raters), (4, 3));
    // P of the four records: 1, 1/3, 1, 1/3; shares 6/12 and 6/12.
    let by_hand = (8.0 / 12.0 - 0.5) / 0.5;
    assert!((several.fleiss_kappa.expect("defined") - by_hand).abs() < 1e-12);
}

#[test]
fn months_are_those_of_the_second_vote() {
    struct Moving(std::sync::Arc<std::sync::atomic::AtomicI64>);
    impl Clock for Moving {
        fn now(&self) -> Timestamp {
            let month = self.0.load(std::sync::atomic::Ordering::Relaxed);
            Timestamp::parse(&format!("2026-{month:02}-10T09:30:00Z")).expect("a moment")
        }
    }
    let month = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(1));
    let environment = Environment { clock: Box::new(Moving(month.clone())), names: Names::Seeded(3), home: None };
    let mut review = Workspace::found_in_memory(new_review(false), environment).expect("begins");
    let titles: String = (1..=3).map(|n| format!("TY  - JOUR\nTI  - Title number {n}\nPY  - 2001\nER  - \n\n")).collect();
    import(&mut review, "many.ris", "Embase", &titles);
    for (at, person, letters) in [(1, "A", "ie"), (2, "B", "i"), (3, "B", " i")] {
        month.store(at, std::sync::atomic::Ordering::Relaxed);
        vote_letters(&mut review, person, letters);
    }
    let by_month = AgreementOrder { is_by_month: true, ..AgreementOrder::of(Stage::TitleAbstract) };
    let pairs = review.agreement(&by_month).expect("told").pairs;
    let seen: Vec<(Option<&str>, usize, usize)> = pairs.iter().map(|pair| (pair.month.as_deref(), pair.n, pair.both_in)).collect();
    assert_eq!(seen, [(None, 2, 1), (Some("2026-02"), 1, 1), (Some("2026-03"), 1, 0)]);
    let only = AgreementOrder { month: Some("2026-03".to_owned()), ..AgreementOrder::of(Stage::TitleAbstract) };
    assert_eq!(review.agreement(&only).expect("told").pairs[0].n, 1);
}
