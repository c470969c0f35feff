//! Risk of bias on the screens, driven by keys.

use tamis::app::Request;
use tamis::domain::appraisal::Appraised;

use super::*;

/// As [`linked`], with a form that plans RoB 2 for its one result.
fn planned() -> Workspace {
    let mut review = linked();
    let text = format!("{}\n[[appraisal]]\ninstrument = \"rob2\"\n", FORM.replace("version = 1", "version = 2"));
    run(&mut review, Request::UseForm { file_name: "form.toml".to_owned(), text });
    review
}

const LOW: [(&str, &str); 13] = [
    ("1.1", "Y"),
    ("1.2", "Y"),
    ("1.3", "N"),
    ("2.1", "N"),
    ("2.2", "N"),
    ("2.6", "Y"),
    ("3.1", "Y"),
    ("4.1", "N"),
    ("4.2", "N"),
    ("4.3", "N"),
    ("5.1", "Y"),
    ("5.2", "N"),
    ("5.3", "N"),
];

/// One person's appraisal of Noppers 2011, handed in; afterwards AR is acting.
fn appraised(review: &mut Workspace, who: &str, concealed: &str) {
    act_as(review, who);
    let of = Appraised { study: StudyId::from("noppers-2011"), result: "pain.short".to_owned(), instrument: "rob2".to_owned() };
    for (item, answer) in LOW {
        let answer = if item == "1.2" { concealed } else { answer };
        let request = Request::AnswerAppraisal {
            of: of.clone(),
            item: item.to_owned(),
            answer: Some(answer.to_owned()),
            support: (item == "1.2").then(|| format!("envelopes, says {who}")),
            page: None,
        };
        run(review, request);
    }
    run(review, Request::SubmitAppraisal(of));
    act_as(review, "AR");
}

fn shows(harness: &mut Screens, part: &str) {
    let text = harness.text();
    assert!(text.contains(part), "“{part}” is not on the screen:\n{text}");
}

#[test]
fn questions_are_answered_by_digits_and_the_table_proposes() {
    let mut harness = open(planned(), 80, 24);
    harness.press("g b");
    snapshot("appraisal_list_80x24", &mut harness);
    harness.press("enter 1 1 4 home");
    shows(&mut harness, "+ Low risk");
    snapshot("appraisal_own_80x24", &mut harness);
    // What was said is taken back by key, and the proposal goes with it.
    harness.press("u home");
    shows(&mut harness, "What is proposed waits for 1.3");
}

#[test]
fn an_own_judgement_is_marked_and_wants_its_reason() {
    let mut harness = open(planned(), 160, 50);
    harness.press("g b enter 1 1 4 home 2");
    shows(&mut harness, "Enter judges the domain");
    harness.press("enter down enter");
    shows(&mut harness, "- Some concerns *");
    shows(&mut harness, "you judge Some concerns (a reason is needed)");
    harness.press("p").type_text("baseline pain differs").press("tab").type_text("p. 306").press("enter");
    shows(&mut harness, "Support: baseline pain differs");
    snapshot("appraisal_own_160x50", &mut harness);
    harness.press("S");
    shows(&mut harness, "is not complete");
}

#[test]
fn two_appraisals_are_compared_once_both_are_in_and_settled_with_a_reason() {
    let mut review = planned();
    appraised(&mut review, "BK", "NI");
    let mut harness = open(review, 80, 24);
    let text = harness.press("g b c").text();
    assert!(text.contains("1 of 2 appraisals are handed in") && !text.contains("envelopes"), "{text}");
    let mut review = planned();
    appraised(&mut review, "BK", "NI");
    appraised(&mut review, "AR", "Y");
    let mut harness = open(review, 80, 24);
    harness.press("g b c");
    snapshot("appraisal_compared_80x24", &mut harness);
    harness.press("enter");
    snapshot("appraisal_agree_80x24", &mut harness);
}
