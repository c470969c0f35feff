//! Tables of changes: one operation or none, every wrong row named, nothing of others' votes told.

use super::super::{Detail, ErrorKind, Load, LoadReport, VoteOrder};
use super::*;

fn report(reply: Reply) -> LoadReport {
    match reply.detail {
        Detail::Load(report) => report,
        other => panic!("{other:?}"),
    }
}

fn votes(review: &Workspace, text: &str) -> Load {
    review.votes_of_file(&VoteOrder::at(Stage::TitleAbstract), text.as_bytes(), "votes.csv").expect("a table of votes")
}

#[test]
fn reports_of_one_new_study_are_tied_in_one_operation_and_untied_at_once() {
    let mut review = review(9);
    for name in ["first.ris#1", "first.ris#2"] {
        for person in ["A", "B"] {
            vote_as(&mut review, person, Stage::TitleAbstract, name, Verdict::Include, None).expect("votes");
        }
    }
    let text = "record,study\nfirst.ris#1,Alpha 2001\nfirst.ris#2,Alpha 2001\nfirst.ris#2,Alpha 2001\n";
    let load = review.studies_from_csv(text, "studies.csv").expect("a table");
    let reply = review.run(Request::Load(load)).expect("tied");
    assert_eq!(reply.message, "tied 2 reports from studies.csv; 1 stood as the table says already");
    let studies = review.studies().expect("reads");
    assert_eq!((studies.len(), studies[0].reports.len()), (1, 2));
    review.run(Request::Undo(None)).expect("taken back");
    assert!(review.studies().expect("reads").is_empty());
    let again = review.studies_from_csv(text, "studies.csv").expect("a table");
    assert_eq!(report(review.run(Request::Load(again)).expect("tied again")).changed, 2);
}

#[test]
fn a_long_list_of_wrong_rows_is_cut_in_the_message_and_whole_in_the_error() {
    let mut review = review(9);
    act(&mut review, "A");
    let rows: String = (1..=30).map(|n| format!("first.ris#{n},perhaps\n")).collect();
    let load = votes(&review, &format!("record,vote\n{rows}"));
    let error = review.run(Request::Load(load)).expect_err("refused");
    assert_eq!((error.kind, error.problems.len()), (ErrorKind::User, 30));
    assert!(error.message.starts_with("votes.csv: 30 rows of 30 cannot be recorded"), "{}", error.message);
    assert!(error.message.contains("and 10 more") && error.message.contains("line 2, column vote"), "{}", error.message);
    assert!(!error.hint.is_some_and(|hint| hint.contains("--keep-going")), "there is no other row to record");
}

#[test]
fn keeping_going_with_no_good_row_is_an_error_and_a_preview_changes_nothing() {
    let mut review = review(9);
    act(&mut review, "A");
    let wrong = votes(&review, "record,vote\nfirst.ris#99,include\n").keep_going(true);
    assert!(review.run(Request::Load(wrong)).is_err());
    let before = review.log(0, 100).expect("reads").len();
    let good = votes(&review, "record,vote\nfirst.ris#1,include\nfirst.ris#2,exclude\n");
    let reply = review.preview(good).expect("checked");
    assert_eq!((reply.op, report(reply.clone()).changed), (None, 2));
    assert!(reply.message.starts_with("would be: cast 2 votes"), "{}", reply.message);
    assert_eq!(review.log(0, 100).expect("reads").len(), before);
}

#[test]
fn the_other_sees_the_same_after_any_votes_were_taken_over() {
    let seen = |decision: &str| {
        let mut review = review(7);
        let note = format!("TY  - JOUR\nTI  - Noted elsewhere\nPY  - 2001\nN1  - RAYYAN-INCLUSION: {{\"Ann\"=>\"{decision}\"}}\nER  - \n");
        import(&mut review, "noted.ris", "Rayyan", &note);
        act(&mut review, "A");
        let load = review.votes_of_source(&VoteOrder::at(Stage::TitleAbstract), "Rayyan").expect("decisions");
        assert_eq!(report(review.run(Request::Load(load)).expect("taken over")).changed, 1);
        act(&mut review, "B");
        // The note itself is part of the record, for all to read; what is compared is the standing of the record.
        let noted = record(&review, "noted.ris#1");
        let view = review.unit_view(Stage::TitleAbstract, noted).expect("reads");
        let log: Vec<String> = review.log(0, 3).expect("reads").into_iter().map(|entry| format!("{entry:?}")).collect();
        (
            view.status,
            view.votes,
            review.visible_stage_votes(Stage::TitleAbstract).len(),
            log.join("\n").replace(|c: char| c.is_ascii_hexdigit(), ""),
        )
    };
    assert_eq!(seen("Included"), seen("Excluded"));
}
