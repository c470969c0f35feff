//! The analysis screen, over the worked example.

use super::*;

#[test]
fn a_forest_plot_fits_at_80_by_24_and_the_selected_study_is_marked() {
    let mut harness = open(worked_example(), 80, 24);
    harness.press("g m j");
    snapshot("analysis_forest_80x24", &mut harness);
    shows(&mut harness, "-15.79 [-32.09, 0.51]");
}

#[test]
fn a_wide_terminal_shows_plot_and_numbers() {
    let mut harness = open(worked_example(), 160, 50);
    harness.press("g m");
    snapshot("analysis_forest_160x50", &mut harness);
}

#[test]
fn subgroups_have_their_lines_and_their_test() {
    let mut harness = open(worked_example(), 160, 50);
    harness.press("g m right");
    snapshot("analysis_subgroups_160x50", &mut harness);
    shows(&mut harness, "Test for subgroup differences: Chi² = 3.04, df = 1 (P = 0.08)");
}

#[test]
fn every_number_and_the_method_are_one_key_away() {
    let mut harness = open(worked_example(), 80, 24);
    harness.press("g m d");
    snapshot("analysis_numbers_80x24", &mut harness);
    harness.press("end");
    snapshot("analysis_method_80x24", &mut harness);
}

#[test]
fn an_analysis_is_compared_under_three_conventions_by_one_key() {
    let mut harness = open(worked_example(), 120, 40);
    harness.press("g m c");
    for text in ["revman54", "revman_web", "metafor", "none in RevMan 5.4", "-15.79 [-32.09, 0.51]", "From RevMan 5.4 to RevMan Web"] {
        shows(&mut harness, text);
    }
    harness.press("c");
    shows(&mut harness, "forest plot");
}

#[test]
fn the_funnel_says_when_it_shows_too_little() {
    let mut harness = open(worked_example(), 80, 24);
    harness.press("g m v");
    snapshot("analysis_funnel_80x24", &mut harness);
}

#[test]
fn a_study_is_traced_to_report_page_and_both_extractors() {
    let mut harness = open(worked_example(), 80, 24);
    harness.press("g m enter");
    snapshot("analysis_trace_80x24", &mut harness);
    shows(&mut harness, "AR typed");
    shows(&mut harness, "BK typed");
}

#[test]
fn a_figure_is_saved_as_its_ending_says_and_never_over_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = open(worked_example(), 80, 24);
    harness.press("g m w");
    shows(&mut harness, "forest-1.1.svg");
    for (name, begin) in [("a.svg", &b"<"[..]), ("a.png", &b"\x89PNG"[..]), ("a.txt", &b"1.1"[..])] {
        let file = folder.path().join(name);
        harness.press("esc w ctrl+u").type_text(&file.display().to_string()).press("enter");
        assert!(notice(&harness).starts_with("Saved as "), "{}", notice(&harness));
        assert!(std::fs::read(&file).expect("the figure").starts_with(begin), "{name}");
    }
    harness.press("w ctrl+u").type_text(&folder.path().join("a.svg").display().to_string()).press("enter");
    assert!(notice(&harness).contains("exists already"), "{}", notice(&harness));
    harness.press("w ctrl+u").type_text("plot.pdf").press("enter");
    assert!(notice(&harness).contains("ends in none of"), "{}", notice(&harness));
}

#[test]
fn an_analysis_is_chosen_from_the_list() {
    let mut harness = open(worked_example(), 80, 24);
    harness.press("g m a");
    snapshot("analysis_list_80x24", &mut harness);
    harness.press("4");
    shows(&mut harness, "Analysis 4 of 4");
}

#[test]
fn without_agreed_values_the_next_step_is_said() {
    let mut harness = open(linked(), 80, 24);
    harness.press("g m");
    shows(&mut harness, "No study has agreed numbers for this analysis yet.");
    shows(&mut harness, "press g a");
}

#[test]
fn agreeing_on_a_value_reaches_the_plot() {
    let mut harness = open(extracted(), 160, 50);
    harness.press("g m");
    shows(&mut harness, "no value for outcome.pain.short.placebo.n");
    harness.press("g a right a").type_text("page 305").press("enter g m");
    shows(&mut harness, "Sigtermans 2009");
    shows(&mut harness, "-26.60");
}

#[test]
fn a_plot_higher_than_the_screen_follows_the_selected_study() {
    let mut harness = open(worked_example(), 80, 24);
    harness.press("g m right");
    assert!(!harness.text().contains("subgroup differences: Chi²"));
    harness.press("j j");
    shows(&mut harness, "▸ Sigtermans 2009     36.1%");
    harness.press("end");
    shows(&mut harness, "Test for subgroup differences: Chi² = 3.04");
}
