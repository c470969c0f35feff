//! Calibration rounds by keys: starting, voting, comparing, closing, and taking back.

use tamis::app::Request;
use tamis::app::query::Queue;
use tamis::domain::decision::{Stage, Verdict};
use tamis::domain::ids::ReviewerId;
use tamis::domain::round::RoundVotes;

use super::{Program, grouped_review, notice, open, snapshot, style_snapshot};

/// A review with a round of three, in which both have voted: they differ on the last record.
fn compared() -> tamis::app::Workspace {
    let mut review = grouped_review();
    review.run(Request::StartRound { stage: Stage::TitleAbstract, size: 3, seed: Some(3), votes: RoundVotes::Practice }).expect("starts");
    for who in ["AB", "CD"] {
        review.act_as(&ReviewerId::from(who)).expect("is of the review");
        for (at, record) in review.queue(Stage::TitleAbstract, Queue::Undecided).into_iter().enumerate() {
            let verdict = if who == "CD" && at == 2 { Verdict::Exclude } else { Verdict::Include };
            let note = Some(format!("note of {who}"));
            let vote = tamis::app::VoteEntry { record, verdict, reason: None, note, milliseconds: None };
            review.run(Request::Vote { stage: Stage::TitleAbstract, votes: vec![vote] }).expect("votes");
        }
    }
    review
}

#[test]
fn a_round_is_started_voted_in_and_closed_by_keys() {
    let mut program = open(grouped_review(), 80, 24);
    program.press("g r n ctrl+u").type_text("2").press("tab tab tab").type_text("5").press("enter");
    assert!(
        notice(&program).contains("Started round 1 at title/abstract: 2 records drawn with seed 5, votes are practice"),
        "{}",
        notice(&program)
    );
    snapshot("rounds_begun_80x24", &mut program);
    // Ada finds the sample and nothing else on the screening screen.
    program.press("g s i i");
    assert_eq!(program.service().review().queue(Stage::TitleAbstract, Queue::Undecided).len(), 0);
    assert_eq!(program.service().review().round(Stage::TitleAbstract, None).expect("is there").progress[0].done, 2);
    program.press("u");
    assert_eq!(program.service().review().queue(Stage::TitleAbstract, Queue::Undecided).len(), 1);
    program.press("g r x");
    assert!(program.text().contains("On 2 of 2 records not everybody has voted"), "{}", program.text());
    program.press("n");
    assert!(program.service().review().round(Stage::TitleAbstract, None).expect("is there").is_open);
    program.press("x y");
    assert!(!program.service().review().round(Stage::TitleAbstract, None).expect("is there").is_open);
    program.press("u");
    assert!(program.service().review().round(Stage::TitleAbstract, None).expect("is there").is_open, "{}", notice(&program));
}

#[test]
fn agreement_and_the_records_in_dispute_are_shown_side_by_side() {
    let mut program = open(compared(), 80, 24);
    program.press("g r");
    snapshot("rounds_80x24", &mut program);
    program.press("enter v");
    assert!(program.text().contains("Round 1: 1 record on which people differ"), "{}", program.text());
    snapshot("rounds_differ_80x24", &mut program);
    program.press("esc");
    program.resize(160, 50);
    snapshot("rounds_160x50", &mut program);
    program.press("enter end");
    snapshot("rounds_records_160x50", &mut program);
    style_snapshot("rounds_records_160x50_style", &mut program);
}

#[test]
fn a_number_of_the_table_opens_its_records() {
    let mut program: Program = open(compared(), 80, 24);
    program.press("g r t down enter");
    let text = program.text();
    assert!(text.contains("AB: include, CD: exclude: 1"), "{text}");
    program.press("enter");
    assert!(program.text().contains("[Screening]"), "{}", program.text());
}

#[test]
fn the_table_of_agreement_is_whole_in_a_terminal_of_100_columns() {
    let mut program = open(compared(), 100, 30);
    program.press("g r");
    let text = program.text();
    let head = text.lines().find(|line| line.contains("AB include") && !line.contains("CD include")).unwrap_or_default().to_owned();
    assert!(text.contains("CD include") && text.contains("CD exclude"), "both columns are there:\n{text}");
    assert!(head.contains('2') && head.contains('1'), "{head}\n{text}");
    assert!(text.contains(" to "), "{text}");
}
