//! The text of a PDF on the full text screen, over a review in a file.

use std::time::Duration;

use super::*;
use crate::pdf_file::pdf_of;

/// A review in a folder whose first report has a PDF of three pages; the folder lives as long as the first value.
fn with_pdf(pages: &[&[&str]], columns: u16, rows: u16) -> (tempfile::TempDir, Screens) {
    let folder = tempfile::tempdir().expect("a folder");
    let new = NewReview {
        info: ReviewInfo { title: "Ketamine for chronic pain".to_owned(), ..ReviewInfo::default() },
        reviewers: vec![("AR".to_owned(), "Ada Rao".to_owned()), ("BK".to_owned(), "Ben Kim".to_owned())],
        ..NewReview::default()
    };
    let review = voted(filled(Workspace::found(&folder.path().join("ket.tamis"), new, environment()).expect("founds")));
    std::fs::write(folder.path().join("trial.pdf"), pdf_of(pages)).expect("writes");
    let service = AppService::new(review).with_patience(Duration::from_secs(60));
    let mut harness = Harness::new(screens(), service, columns, rows);
    harness.press("g f");
    let path = folder.path().join("trial.pdf").display().to_string();
    harness.paste(&format!("'{path}'\n"));
    assert!(notice(&harness).starts_with("Attached a file to “Ketamine produces"), "{}", notice(&harness));
    (folder, harness)
}

const PAGES: &[&[&str]] = &[
    &["Ketamine produces effective and long-term pain relief", "Sixty patients were randomised to placebo or ketamine."],
    &["Results", "Pain was lower with ketamine \\(p < 0.001\\) than with placebo."],
    &[],
];

#[test]
fn the_text_is_read_and_searched() {
    let (_folder, mut harness) = with_pdf(PAGES, 80, 24);
    harness.press("t");
    shows(&mut harness, "trial.pdf · 3 pages · / searches, Esc closes");
    shows(&mut harness, "── page 1 of 3");
    shows(&mut harness, "Sixty patients were randomised to placebo or ketamine.");
    shows(&mut harness, "(no text on this page)");
    harness.press("/").type_text("placebo").press("enter");
    shows(&mut harness, "“placebo”: 1 of 2 places");
    harness.press("n");
    shows(&mut harness, "“placebo”: 2 of 2 places");
    harness.press("N");
    shows(&mut harness, "“placebo”: 1 of 2 places");
    harness.resize(160, 50);
    shows(&mut harness, "“placebo”: 1 of 2 places · n next, N previous");
    harness.press("/").type_text("zzz").press("enter");
    shows(&mut harness, "is not in the text.");
    harness.press("esc");
    shows(&mut harness, "trial.pdf · 3 pages");
    harness.press("esc");
    shows(&mut harness, "How it was sought");
}

#[test]
fn a_vote_is_cast_while_reading_and_the_text_closes_with_the_report() {
    let (_folder, mut harness) = with_pdf(PAGES, 80, 24);
    harness.press("t 2");
    assert_eq!(notice(&harness), "You said exclude, Not randomised: “Ketamine produces effective and long-te…”.");
    shows(&mut harness, "How it was sought");
    harness.press("9");
    assert_eq!(notice(&harness), "The list of reasons has no 9.");
}

#[test]
fn a_scan_is_said_to_be_one() {
    let (_folder, mut harness) = with_pdf(&[&[], &[]], 80, 24);
    harness.press("t");
    shows(&mut harness, "! no text in this PDF: a scan; open it in your viewer");
    harness.press("t o");
    assert_eq!(harness.outside().opened.len(), 1);
}

#[test]
fn a_report_without_a_pdf_says_so() {
    let mut harness = open(screened(), 80, 24);
    harness.press("g f t");
    shows(&mut harness, "the report has no PDF attached");
    harness.paste("two words");
    assert!(notice(&harness).starts_with("What was pasted is not the path of one PDF"), "{}", notice(&harness));
}

#[test]
fn the_text_of_a_pdf_at_160_by_50_in_text_and_style() {
    let (_folder, mut harness) = with_pdf(PAGES, 160, 50);
    harness.press("t /").type_text("placebo").press("enter");
    snapshot("reader_160x50", &mut harness);
    style_snapshot("reader_160x50_style", &mut harness);
    harness.wheel(tamis::tui::mouse::Gesture::WheelDown, "page 1 of 3");
    shows(&mut harness, "“placebo”: 1 of 2 places");
}

/// A review in a folder with one study, whose report has a PDF of three pages, and a form.
fn extracting(columns: u16, rows: u16) -> (tempfile::TempDir, Screens) {
    let folder = tempfile::tempdir().expect("a folder");
    let new = NewReview {
        info: ReviewInfo { title: "Ketamine for chronic pain".to_owned(), ..ReviewInfo::default() },
        reviewers: vec![("AR".to_owned(), "Ada Rao".to_owned()), ("BK".to_owned(), "Ben Kim".to_owned())],
        ..NewReview::default()
    };
    let mut review = voted(filled(Workspace::found(&folder.path().join("ket.tamis"), new, environment()).expect("founds")));
    let path = folder.path().join("trial.pdf");
    std::fs::write(&path, pdf_of(PAGES)).expect("writes");
    let report = record(&review, 1);
    run(&mut review, Request::Attach { record: report, path });
    for who in ["AR", "BK"] {
        vote(&mut review, who, Stage::FullText, 1, Verdict::Include, None, None);
    }
    run(&mut review, Request::LinkStudy { record: report, study: "Sigtermans 2009".to_owned() });
    run(&mut review, Request::UseForm { file_name: "form.toml".to_owned(), text: FORM.to_owned() });
    let service = AppService::new(review).with_patience(Duration::from_secs(60));
    let mut harness = Harness::new(screens(), service, columns, rows);
    harness.press("g x enter");
    (folder, harness)
}

#[test]
fn the_text_stands_beside_the_form_and_the_keys_go_to_one_of_them() {
    let (_folder, mut harness) = extracting(160, 50);
    harness.press("t");
    shows(&mut harness, "Sixty patients were randomised to placebo or ketamine.");
    shows(&mut harness, "Sigtermans 2009 · study 1 of 1");
    harness.press("/").type_text("placebo").press("enter n");
    shows(&mut harness, "“placebo”: 2 of 2 places");
    snapshot("extraction_text_160x50", &mut harness);
    // back to the form: n is "not reported" again, and the text stays where it was
    harness.press("t n");
    shows(&mut harness, "not reported");
    shows(&mut harness, "“placebo”: 2 of 2 places");
    harness.press("t esc esc");
    let text = harness.text();
    assert!(!text.contains("Sixty patients"), "{text}");
}

#[test]
fn on_a_small_screen_the_text_takes_the_place_of_the_form_and_keeps_its_own() {
    let (_folder, mut harness) = extracting(80, 24);
    harness.press("t /").type_text("Results").press("enter");
    shows(&mut harness, "“Results”: 1 of 1 place");
    harness.press("t");
    shows(&mut harness, "study 1 of 1");
    harness.press("t");
    shows(&mut harness, "“Results”: 1 of 1 place");
    harness.resize(160, 50);
    shows(&mut harness, "study 1 of 1");
}

#[test]
fn a_report_without_a_pdf_leaves_the_form_as_it_is() {
    let mut harness = open(linked(), 80, 24);
    // Noppers has one report, Sigtermans two
    harness.press("g x enter t");
    shows(&mut harness, "No file is attached");
    shows(&mut harness, "study 1 of 2");
    harness.press("right t");
    shows(&mut harness, "Text of which report?");
    harness.press("enter");
    shows(&mut harness, "No file is attached");
}
