//! Nobody sees how somebody else voted before all votes needed are in, on any screen.

use tamis::domain::decision::Verdict;
use tamis::domain::ids::ReviewerId;

use super::{Program, grouped_review, open, vote_as};

/// Every screen and every page that tells anything about votes.
const PLACES: [&str; 13] = ["g h", "g o", "g d", "g s", "g s v", "g s p", "g s A", "g r", "g f", "g c", "g p", "g l", "g l enter"];

fn everything(program: &mut Program) -> String {
    let mut seen = String::new();
    for keys in PLACES {
        program.press(keys);
        seen.push_str(&program.text());
        program.press("esc");
    }
    seen
}

#[test]
fn a_vote_of_somebody_else_is_seen_nowhere_before_both_voted() {
    let as_carl = |verdict: Option<Verdict>| {
        let mut review = grouped_review();
        if let Some(verdict) = verdict {
            vote_as(&mut review, "AB", 0, verdict).expect("Ada can vote");
        }
        review.act_as(&ReviewerId::from("CD")).expect("Carl is of the review");
        everything(&mut open(review, 120, 40))
    };
    let (included, excluded) = (as_carl(Some(Verdict::Include)), as_carl(Some(Verdict::Exclude)));
    assert_eq!(included, excluded, "the screens of Carl tell how Ada voted");
    assert!(!included.contains("note of AB"), "{included}");
}

#[test]
fn once_both_voted_each_sees_the_other() {
    let mut review = grouped_review();
    vote_as(&mut review, "AB", 0, Verdict::Exclude).expect("Ada can vote");
    review.act_as(&ReviewerId::from("CD")).expect("Carl is of the review");
    let mut program = open(review, 80, 24);
    let text = program.press("g s").text();
    assert!(text.contains("You: no vote yet   Others: hidden   State: - open"), "{text}");
    program.press("i b");
    let text = program.text();
    assert!(text.contains("You: I include   AB: E exclude   State: C conflict"), "{text}");
}
