//! The warnings on extracted numbers, driven by keys.

use tamis::app::Request;

use super::*;

/// As [`linked`], with a form that takes standard errors as well.
fn accepting() -> Workspace {
    let mut review = linked();
    let text =
        FORM.replace("version = 1", "version = 2").replace("unit = \"points\"", "unit = \"points\"\naccept = [\"mean_sd\", \"mean_se\"]");
    run(&mut review, Request::UseForm { file_name: "form.toml".to_owned(), text });
    review
}

/// AR's draft of Sigtermans 2009 with standard errors in the place of standard deviations, not handed in.
fn trapped() -> Workspace {
    let mut review = accepting();
    let cells = [
        ("design".to_owned(), "parallel"),
        (format!("{KETAMINE}.n"), "30"),
        (format!("{KETAMINE}.mean"), "26.8"),
        (format!("{KETAMINE}.sd"), "5.1"),
        (format!("{PLACEBO}.n"), "30"),
        (format!("{PLACEBO}.mean"), "54.5"),
        (format!("{PLACEBO}.sd"), "4.8"),
    ];
    let report = Some(record(&review, 1));
    let cells = cells.into_iter().map(|(path, raw)| CellEntry {
        study: StudyId::from("Sigtermans 2009"),
        path,
        raw: Some(raw.to_owned()),
        report,
        page: Some("p. 307".to_owned()),
        quote: None,
    });
    let cells = cells.collect();
    run(&mut review, Request::SetCells(cells));
    review
}

#[test]
fn the_warnings_of_one_s_own_draft_are_listed_with_what_to_check() {
    let mut harness = open(trapped(), 80, 24);
    harness.press("g w");
    snapshot("warnings_80x24", &mut harness);
    let mut harness = open(trapped(), 160, 50);
    harness.press("g w");
    snapshot("warnings_160x50", &mut harness);
}

#[test]
fn one_key_treats_a_deviation_as_an_error_and_one_takes_it_back() {
    let mut harness = open(trapped(), 80, 24);
    harness.press("g w m");
    shows(&mut harness, "Filled 2 cells");
    let text = harness.press("g x j enter").text();
    assert!(text.contains("5.1"), "{text}");
    harness.press("g w u");
    shows(&mut harness, "SD as SE");
}

#[test]
fn a_warning_stands_with_a_reason_and_is_opened_again() {
    let mut harness = open(trapped(), 80, 24);
    harness.press("g w d").type_text("Table 2 says SD").press("enter");
    shows(&mut harness, "1 let stand");
    harness.press("end o");
    shows(&mut harness, "0 let stand");
}

#[test]
fn what_follows_from_a_standard_error_stands_beside_the_empty_field() {
    let mut harness = open(trapped(), 160, 50);
    // The mend is one key on the form as well.
    harness.press("g x j enter j j j j j m");
    shows(&mut harness, "Filled 2 cells");
    let text = harness.text();
    assert!(text.contains("= 27.93385: SD = SE × √n"), "{text}");
}

#[test]
fn a_study_is_left_out_of_the_analysis_by_one_key_and_a_reason() {
    let mut harness = open(worked_example(), 80, 24);
    harness.press("g m x").type_text("active placebo").press("enter");
    shows(&mut harness, "1 left out");
}

fn shows(harness: &mut Screens, part: &str) {
    let text = harness.text();
    assert!(text.contains(part), "“{part}” is not on the screen:\n{text}");
}
