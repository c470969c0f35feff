//! Home, sources, flow and log.

use std::time::Duration;

use tamis::app::{ImportOrder, NewReview, Request, Workspace};
use tamis::domain::decision::Verdict;
use tamis::domain::review::ReviewInfo;

use super::{empty_review, environment, grouped_review, notice, open, small_review, snapshot, vote_as};

#[test]
fn a_new_review_says_where_to_begin() {
    let mut program = open(empty_review(), 80, 24);
    snapshot("home_new_80x24", &mut program);
    program.press("enter");
    assert_eq!(program.model().screen_name(), "sources");
    assert!(program.text().contains("Press i to import"), "{}", program.text());
}

#[test]
fn home_shows_the_flow_and_what_is_next() {
    let mut program = open(grouped_review(), 80, 24);
    snapshot("home_80x24", &mut program);
    program.resize(160, 50);
    snapshot("home_160x50", &mut program);
}

#[test]
fn a_box_opens_its_records_and_a_record_opens_for_reading() {
    let mut program = open(grouped_review(), 80, 24);
    program.press("tab enter");
    assert!(program.text().contains("Records identified: 7"), "{}", program.text());
    program.press("down enter");
    assert_eq!(program.model().screen_name(), "screening");
    assert!(program.text().contains("Outpatient intravenous ketamine"), "{}", program.text());
    program.press("backspace esc");
    assert!(program.text().contains("What is next"), "{}", program.text());
}

#[test]
fn home_follows_every_change_at_once() {
    let mut program = open(grouped_review(), 80, 24);
    assert!(program.text().contains("Vote on 6 records"), "{}", program.text());
    program.press("g s i g h");
    assert!(program.text().contains("Vote on 5 records"), "{}", program.text());
}

#[test]
fn the_flow_diagram_opens_boxes_and_checks_its_numbers() {
    let mut program = open(grouped_review(), 80, 24);
    snapshot("flow_80x24", program.press("g p"));
    program.press("enter").type_text("dup").press("enter");
    assert!(program.text().contains("Duplicate records removed: 1"), "{}", program.text());
    program.press("esc c");
    assert!(program.text().contains("Do the numbers add up?"), "{}", program.text());
    assert!(!program.text().contains("! "), "{}", program.text());
}

#[test]
fn sources_show_their_files_and_a_wrong_file_is_told() {
    let mut program = open(small_review(), 80, 24);
    snapshot("sources_80x24", program.press("g o"));
    program.press("i");
    snapshot("import_80x24", &mut program);
    program.type_text("/nowhere/at-all.ris").press("tab").type_text(" X").press("enter");
    assert!(notice(&program).contains("There is no file"), "{}", notice(&program));
}

#[test]
fn a_file_is_imported_with_its_remarks_and_the_import_can_be_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("register.ris");
    std::fs::write(&file, "TY  - JOUR\nTI  - A trial in a register\nPY  - 2020\nER  - \n").expect("a file");
    let mut program = open(small_review(), 80, 24);
    program.press("g o i").paste(&file.display().to_string()).press("tab ctrl+u").type_text("CENTRAL").press("tab right right tab");
    program.type_text("2026-02-03").press("tab").type_text("2").press("enter");
    let text = program.text();
    assert!(text.contains("Imported register.ris") && text.contains("1 record found, 1 kept"), "{text}");
    assert!(text.contains("the source reported 2 hits"), "{text}");
    program.press("esc");
    assert!(program.text().contains("CENTRAL              register"), "{}", program.text());
    program.press("u");
    assert_eq!(program.service().review().overview().records, 7);
}

#[test]
fn what_was_said_at_an_import_can_be_read_again_later() {
    let mut review = empty_review();
    let order = ImportOrder { hits: Some(3), ..ImportOrder::of("register.ris", "CENTRAL") };
    review.import_bundled(&order, "stray words\nTY  - JOUR\nTI  - A trial in a register\nDO  - none\nER  - \n").expect("imports");
    let mut program = open(review, 80, 24);
    let text = program.press("g o").text();
    assert!(text.contains("Remarks       2 warnings, 1 note"), "{text}");
    let text = program.press("enter").text();
    assert!(text.contains("What was said when register.ris was imported"), "{text}");
    assert!(text.contains("! line 4: ") && text.contains("the source reported 3 hits"), "{text}");
    assert!(text.contains("· line 1: "), "{text}");
}

#[test]
fn the_log_marks_what_was_undone_and_takes_back_what_is_selected() {
    let mut review = grouped_review();
    vote_as(&mut review, "AB", 0, Verdict::Include).expect("a vote");
    vote_as(&mut review, "AB", 1, Verdict::Include).expect("a vote");
    let mut program = open(review, 80, 24);
    program.press("g l down t");
    snapshot("log_80x24", &mut program);
    assert!(program.text().contains("undone voted at"), "{}", program.text());
    program.press("p");
    assert!(!program.text().contains("undone voted at"), "{}", program.text());
    program.press("@");
    assert!(program.text().contains("Flow after operation"), "{}", program.text());
    program.press("esc c");
    assert!(notice(&program).contains("The file is whole"), "{}", notice(&program));
}

#[test]
fn an_operation_that_others_rest_on_is_not_taken_back_and_the_reason_is_told() {
    let mut review = grouped_review();
    vote_as(&mut review, "AB", 0, Verdict::Include).expect("a vote");
    let mut program = open(review, 80, 24);
    program.press("g l");
    let import = program.text().lines().position(|line| line.contains("imported 4 records")).expect("the import is listed");
    for _ in 3..import {
        program.press("down");
    }
    program.press("t");
    assert!(program.text().contains(" ! "), "{}", program.text());
}

#[test]
fn a_request_that_fails_leaves_everything_as_it_was() {
    let mut review = small_review();
    let before = review.log_length();
    assert!(review.run(Request::Group(Vec::new())).is_err());
    assert_eq!(review.log_length(), before);
}

#[test]
fn long_work_runs_beside_the_screens_and_its_end_is_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let export = folder.path().join("register.ris");
    std::fs::write(&export, "TY  - JOUR\nTI  - A trial in a register\nPY  - 2020\nER  - \n").expect("a file");
    let new = NewReview {
        info: ReviewInfo { title: "On a disk".to_owned(), ..ReviewInfo::default() },
        reviewers: vec![("AB".to_owned(), "Ada Bell".to_owned())],
        ..NewReview::default()
    };
    let review = Workspace::found(&folder.path().join("review.tamis"), new, environment()).expect("a review can be founded");
    let mut program = open(review, 80, 24);
    program.press("g o i").paste(&export.display().to_string()).press("tab").type_text("CENTRAL").press("enter");
    assert_eq!(program.wait_for(Duration::from_secs(30), |text| text.contains("Imported register.ris")), Ok(()));
    program.press("esc i").paste("/nowhere/at-all.ris").press("tab ctrl+u").type_text("CENTRAL").press("enter");
    assert_eq!(program.wait_for(Duration::from_secs(30), |text| text.contains("There is no file")), Ok(()));
    assert!(program.press("g s").text().contains("A trial in a register"), "{}", program.text());
}

#[test]
fn an_update_is_begun_on_the_sources_and_shows_what_it_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("again.ris");
    std::fs::write(&file, "TY  - JOUR\nTI  - Esketamine nasal spray in complex regional pain\nPY  - 2026\nER  - \n").expect("a file");
    let mut program = open(small_review(), 80, 24);
    let page = program.press("g o V").text();
    assert!(page.contains("The review has not been updated"), "{page}");
    program.press("esc N").type_text("Update 2026").press("enter");
    assert!(notice(&program).contains("Began Update 2026"), "{}", notice(&program));
    program.press("i").paste(&file.display().to_string()).press("tab ctrl+u").type_text("PubMed").press("enter");
    program.press("esc V");
    snapshot("update_80x24", &mut program);
    let page = program.press("esc L enter").text();
    assert!(page.contains("New in the update: 1") && page.contains("2026  Esketamine nasal spray"), "{page}");
    let flow = program.press("esc g p").text();
    assert!(flow.contains("Previous studies"), "{flow}");
}
