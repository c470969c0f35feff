//! The draft as tables of arms and numbers.

use super::*;

/// Three arms with a field each, one continuous outcome at two time points in two formats with contrasts, one dichotomous outcome.
const THREE_ARMS: &str = r#"
form = "pain"
version = 2
title = "Ketamine for pain"
extractors = 2
arm = [
  { id = "low", label = "Ketamine low", role = "experimental" },
  { id = "high", label = "Ketamine high", role = "experimental" },
  { id = "placebo", label = "Placebo", role = "control" },
]
fields = [
  { section = "methods", id = "design", label = "Design", type = "choice", required = true, options = ["parallel", "crossover"] },
  { section = "methods", id = "setting", label = "Setting", type = "text" },
  { section = "arms", id = "randomised", label = "Randomised", type = "integer", scope = "arm", required = true },
  { section = "arms", id = "dose", label = "Dose", type = "decimal", units = ["mg/kg", "mg"], scope = "arm" },
  { section = "arms", id = "isomer", label = "Isomer", type = "choice", options = ["racemic", "S(+)"], scope = "arm" },
]
[[outcome]]
id = "pain"
label = "Pain"
kind = "continuous"
scale = [0, 100]
unit = "points"
accept = ["mean_sd", "median_iqr", "md_ci"]
timepoints = [ { id = "short", label = "3 months" }, { id = "long", label = "1 year" } ]
[[outcome]]
id = "nausea"
label = "Nausea"
kind = "dichotomous"
timepoints = [ { id = "any", label = "Any time" } ]
"#;

fn three_arms() -> Workspace {
    let mut review = linked();
    run(&mut review, Request::UseForm { file_name: "form.toml".to_owned(), text: THREE_ARMS.to_owned() });
    run(&mut review, Request::MigrateStudies(vec![StudyId::from("noppers-2011"), StudyId::from("sigtermans-2009")]));
    review
}

/// Opens the form of Noppers 2011 as tables.
fn tables(columns: u16, rows: u16) -> Screens {
    let mut harness = open(three_arms(), columns, rows);
    harness.press("g x enter w");
    harness
}

fn cell(harness: &mut Screens, path: &str) -> Option<tamis::app::query::CellView> {
    let draft = harness.service().review().my_draft(&StudyId::from("noppers-2011")).expect("a draft");
    draft.cells.into_iter().find(|cell| cell.path == path && cell.raw.is_some())
}

fn raw(harness: &mut Screens, path: &str) -> Option<String> {
    cell(harness, path).and_then(|cell| cell.raw)
}

#[test]
fn an_outcome_is_typed_across_and_down_and_stands_in_the_list_as_well() {
    let mut harness = tables(80, 24);
    harness.press("J J");
    for text in ["30", "27,9", "18.2", "31", "33.5", "19", "29", "54.5", "20.1"] {
        harness.type_text(text).press("enter");
    }
    let numbers = |arm: &str| ["n", "mean", "sd"].map(|part| format!("outcome.pain.short.{arm}.{part}"));
    let typed = [("low", ["30", "27,9", "18.2"]), ("high", ["31", "33.5", "19"]), ("placebo", ["29", "54.5", "20.1"])];
    for (arm, values) in typed {
        for (path, value) in numbers(arm).iter().zip(values) {
            assert_eq!(raw(&mut harness, path).as_deref(), Some(value), "{path}");
        }
    }
    // The last Enter went on to the contrasts of the same outcome.
    harness.press("k");
    snapshot("extraction_tables_80x24", &mut harness);
    let answers = harness.service().review().my_draft(&StudyId::from("noppers-2011")).expect("a draft");
    assert_eq!(answers.cells.iter().filter(|cell| cell.raw.is_some()).count(), 9);
    // The list has the same numbers, and the same cell is selected.
    harness.press("w");
    shows(&mut harness, "▸+ Placebo: number analysed");
    harness.press("pageup");
    shows(&mut harness, "27,9");
    // The tables are kept for the other study, and come back with this one.
    harness.press("w L");
    shows(&mut harness, "Sigtermans 2009 · study 2 of 2");
    harness.press("J J");
    shows(&mut harness, "Pain, 3 months · points");
    harness.press("H J J");
    shows(&mut harness, "27,9");
}

#[test]
fn a_wide_terminal_shows_several_tables_at_once() {
    let mut harness = tables(160, 50);
    harness.press("enter 1 J").type_text("30").press("enter").type_text("0.5 mg").press("enter enter 2 k l");
    harness.press("p tab").type_text("p. 3").press("enter");
    harness.press("J l").type_text("7").press("esc").type_text("270").press("enter");
    snapshot("extraction_tables_160x50", &mut harness);
    style_snapshot("extraction_tables_style_160x50", &mut harness);
}

#[test]
fn what_is_wrong_stays_in_the_cell_and_escape_restores() {
    let mut harness = tables(80, 24);
    harness.press("J J").type_text("30").press("right").type_text("27,o").press("tab");
    assert!(notice(&harness).contains("27,o"), "{}", notice(&harness));
    assert!(harness.model().context().has("typing"));
    harness.press("backspace").type_text("9");
    shows(&mut harness, "= 27.9 points");
    harness.press("tab left");
    shows(&mut harness, "= 27.9 points");
    harness.type_text("1").press("esc");
    assert_eq!(raw(&mut harness, "outcome.pain.short.low.mean").as_deref(), Some("27,9"));
    harness.type_text("5");
    assert!(!harness.text().contains("57,9") && harness.text().contains("▸~ 5 "), "{}", harness.text());
    harness.press("esc");
    // Enter edits what is there; the arrows then move within the text.
    harness.press("enter left backspace enter");
    assert_eq!(raw(&mut harness, "outcome.pain.short.low.mean").as_deref(), Some("279"));
    assert!(!harness.text().contains("! \"27,o\""));
}

#[test]
fn answers_sources_and_clearing_work_as_in_the_list() {
    let mut harness = tables(80, 24);
    harness.press("J J R tab").type_text("t2").press("enter");
    harness.type_text("30").press("tab n l c x");
    assert_eq!(cell(&mut harness, "outcome.pain.short.low.n").and_then(|cell| cell.page).as_deref(), Some("t2"));
    assert_eq!(raw(&mut harness, "outcome.pain.short.low.mean").as_deref(), Some("not reported"));
    assert_eq!(raw(&mut harness, "outcome.pain.short.low.sd"), None);
    harness.press("R j shift+tab").type_text("33.5").press("up r");
    assert_eq!(cell(&mut harness, "outcome.pain.short.high.mean").map(|cell| cell.page), Some(None));
    harness.press("j r");
    assert_eq!(cell(&mut harness, "outcome.pain.short.high.mean").and_then(|cell| cell.page).as_deref(), Some("t2"));
    harness.press("u");
    assert_eq!(cell(&mut harness, "outcome.pain.short.high.mean").map(|cell| cell.page), Some(None));
}

#[test]
fn the_format_is_chosen_by_a_key_and_what_is_filled_stays() {
    let mut harness = tables(80, 24);
    harness.press("J J");
    assert!(!harness.text().contains("median"));
    harness.press("f");
    assert_eq!(notice(&harness), "Shown: n, median, Q1, Q3.");
    harness.press("l").type_text("40").press("enter f");
    assert_eq!(notice(&harness), "Shown: everything that the form accepts.");
    harness.press("f");
    shows(&mut harness, "SD");
    shows(&mut harness, "median");
    assert!(!harness.text().contains("Q1"), "{}", harness.text());
    // A cell that is selected in the list is shown in the tables.
    harness.press("w j j j j w");
    shows(&mut harness, "Q1");
    harness.press("K f");
    assert_eq!(notice(&harness), "The form asks for no other numbers here.");
}

#[test]
fn wide_tables_move_sideways_and_the_labels_stay() {
    let mut harness = tables(60, 16);
    harness.press("J J f f l l l l l");
    snapshot("extraction_tables_sideways_60x16", &mut harness);
    harness.press("h h h h h");
    shows(&mut harness, "n          mean       SD      ");
    shows(&mut harness, "median ›│");
}

#[test]
fn a_choice_is_picked_and_a_locked_draft_takes_no_number() {
    let mut harness = tables(80, 24);
    harness.type_text("1").press("1");
    assert_eq!(raw(&mut harness, "design").as_deref(), Some("parallel"));
    harness.press("J").type_text("30").press("down").type_text("30").press("down").type_text("29").press("enter S");
    shows(&mut harness, "+ submitted, locked");
    harness.type_text("3");
    assert_eq!(notice(&harness), "Your draft is submitted and locked; withdraw it to change it.");
    assert!(!harness.model().context().has("typing"));
}

#[test]
fn a_table_is_pasted_from_the_selected_cell_on() {
    let mut harness = tables(80, 24);
    harness.press("J J l").paste("27.9\t18.2\n33.5\t19\n54.5\t20.1\n1\t2");
    snapshot("extraction_tables_paste_80x24", &mut harness);
    harness.press("1 tab").type_text("t2").press("enter");
    assert_eq!(notice(&harness), "6 cells filled from the table.");
    assert_eq!(raw(&mut harness, "outcome.pain.short.placebo.sd").as_deref(), Some("20.1"));
    harness.press("u J J").type_text("1").paste("2").press("enter");
    assert_eq!(raw(&mut harness, "outcome.pain.long.low.n").as_deref(), Some("12"));
}

#[test]
fn what_the_checks_say_and_what_follows_has_a_sign() {
    let mut harness = tables(80, 24);
    harness.press("J J");
    for text in ["30", "27.9", "0.51"] {
        harness.type_text(text).press("enter");
    }
    harness.press("k");
    shows(&mut harness, "! 0.51");
    shows(&mut harness, "to look at");
    harness.press("n f").press("l").type_text("40").press("tab").type_text("30").press("tab").type_text("52").press("enter k f f");
    shows(&mut harness, "~ without");
}

#[test]
fn tables_are_drawn_at_every_size() {
    let mut harness = tables(80, 24);
    for keys in ["J J f f", "l l l l", "space", "G", "home"] {
        harness.press(keys);
        for (columns, rows) in [(1, 1), (60, 16), (61, 17), (99, 20), (100, 24), (140, 40), (160, 50), (300, 100), (80, 24)] {
            harness.resize(columns, rows);
        }
    }
}

#[test]
fn where_the_form_asks_nothing_the_selection_goes_past() {
    let mut review = three_arms();
    let route = r#"  { section = "arms", id = "route", label = "Route", type = "choice", options = ["vein", "mouth"], scope = "arm" },
  { section = "arms", id = "rate", label = "Rate", type = "decimal", scope = "arm", show_if = { field = "route", is = ["vein"] } },
]
[[outcome]]
id = "pain""#;
    let text = THREE_ARMS.replace("]\n[[outcome]]\nid = \"pain\"", route).replace("version = 2", "version = 3");
    run(&mut review, Request::UseForm { file_name: "form.toml".to_owned(), text });
    run(&mut review, Request::MigrateStudies(vec![StudyId::from("noppers-2011")]));
    let mut harness = open(review, 80, 24);
    harness.press("g x enter w J");
    assert!(!harness.text().contains("Rate"), "{}", harness.text());
    harness.press("l l l enter 2 l l l enter 1 k right right right right");
    shows(&mut harness, "┌ Rate ─");
    harness.type_text("40").press("enter");
    assert_eq!(raw(&mut harness, "arm.high.rate").as_deref(), Some("40"));
    // The first arm has no place for the rate: its row ends with the route, which is also the nearest from below.
    harness.press("k k right right right right right");
    shows(&mut harness, "┌ Route ─");
    harness.press("tab");
    shows(&mut harness, "┌ Randomised ─");
    harness.press("right right right right k");
    shows(&mut harness, "┌ Route ─");
}

#[test]
fn old_answers_have_their_sign_and_are_confirmed_by_their_key() {
    let mut review = three_arms();
    let study = StudyId::from("noppers-2011");
    let entry = |part: &str, raw: &str| CellEntry {
        study: study.clone(),
        path: format!("outcome.pain.short.low.{part}"),
        raw: Some(raw.to_owned()),
        report: None,
        page: Some("t2".to_owned()),
        quote: None,
    };
    run(&mut review, Request::SetCells(vec![entry("n", "30"), entry("mean", "27.9"), entry("median", "25")]));
    let text = THREE_ARMS.replace("version = 2", "version = 3").replace("scale = [0, 100]", "scale = [0, 50]");
    run(&mut review, Request::UseForm { file_name: "form.toml".to_owned(), text });
    run(&mut review, Request::MigrateStudies(vec![study]));
    let mut harness = open(review, 80, 24);
    harness.press("g x enter w J J l");
    shows(&mut harness, "+ 30      ▸? 27.9     !          ? 25");
    harness.press("y");
    assert_eq!(notice(&harness), "“Ketamine low: mean” stands.");
    shows(&mut harness, "+ 30       + 27.9     !         ▸? 25");
    harness.press("y");
    shows(&mut harness, "▸+ 25");
}
