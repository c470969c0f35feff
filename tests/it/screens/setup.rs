//! The setup of the review by keys.

use super::{open, small_review, snapshot};

#[test]
fn every_part_of_the_setup_is_listed() {
    let mut program = open(small_review(), 80, 24);
    snapshot("setup_80x24", program.press("g e"));
    program.resize(160, 50);
    snapshot("setup_160x50", &mut program);
}

#[test]
fn the_question_is_edited_where_it_stands() {
    let mut program = open(small_review(), 80, 24);
    program.press("g e down down enter").type_text("Ketamine into a vein").press("enter");
    assert_eq!(program.service().review().review_info().intervention, "Ketamine into a vein");
    program.press("u");
    assert_eq!(program.service().review().review_info().intervention, "");
}

#[test]
fn criteria_reasons_and_words_are_added_moved_and_removed() {
    let mut program = open(small_review(), 80, 50);
    program.press("g e");
    let go_to = |program: &mut super::Program, text: &str| {
        program.press("home");
        for _ in 0..60 {
            if program.text().lines().any(|line| line.starts_with('▸') && line.contains(text)) {
                return;
            }
            program.press("down");
        }
        panic!("no line with {text}:\n{}", program.text());
    };
    go_to(&mut program, "Wrong population");
    program.press("a").type_text("dose").press("tab").type_text("Wrong dose").press("enter");
    go_to(&mut program, "Wrong dose");
    program.press("K");
    let codes: Vec<String> = program.service().review().reasons().into_iter().map(|reason| reason.code).collect();
    assert_eq!(codes, ["population", "dose", "design"]);
    program.press("x");
    assert_eq!(program.service().review().reasons().len(), 2);
    go_to(&mut program, "rats");
    program.press("a right tab").type_text("mice").press("enter");
    assert_eq!(program.service().review().words().last().map(|word| word.text.clone()), Some("mice".to_owned()));
    go_to(&mut program, "CD");
    program.press("a").type_text("EF").press("tab").type_text("Eva Fels").press("tab right right enter");
    assert!(
        program.service().review().people().iter().any(|person| person.id == "EF" && person.roles == ["adjudicator"]),
        "{}",
        program.text()
    );
    go_to(&mut program, "title/abstract");
    program.press("enter ctrl+u 1 enter");
    assert_eq!(program.service().review().policy(tamis::domain::decision::Stage::TitleAbstract).required_votes, 1);
}

#[test]
fn a_label_that_would_break_the_diagram_is_refused_with_the_reason() {
    let mut program = open(small_review(), 80, 50);
    program.press("g e");
    for _ in 0..40 {
        if program.text().lines().any(|line| line.starts_with('▸') && line.contains("Wrong population")) {
            break;
        }
        program.press("down");
    }
    program.press("a").type_text("x").press("tab").type_text("dose, or drug").press("enter");
    assert!(super::notice(&program).contains("comma"), "{}", super::notice(&program));
    assert_eq!(program.service().review().reasons().len(), 2);
}

#[test]
fn a_policy_that_would_move_records_shows_which_and_asks_first() {
    let mut review = small_review();
    super::vote_as(&mut review, "AB", 0, tamis::domain::decision::Verdict::Include).expect("Ada can vote");
    let mut program = open(review, 80, 24);
    program.press("g e");
    for _ in 0..60 {
        if program.text().lines().any(|line| line.starts_with('▸') && line.contains("title/abstract")) {
            break;
        }
        program.press("down");
    }
    let votes =
        |program: &mut super::Program| program.service().review().policy(tamis::domain::decision::Stage::TitleAbstract).required_votes;
    program.press("enter ctrl+u 1 enter");
    assert!(program.text().contains("1 record from “waits for another vote” to “included”"), "{}", program.text());
    snapshot("setup_policy_effect_80x24", &mut program);
    program.press("n");
    assert_eq!(votes(&mut program), 2, "a no changes nothing");
    program.press("enter ctrl+u 1 enter y");
    assert_eq!(votes(&mut program), 1);
    program.press("u");
    assert_eq!(votes(&mut program), 2);
}
