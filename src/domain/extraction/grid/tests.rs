//! Tables as people paste them.

use super::super::super::form::{Accept, sample};
use super::*;

/// Splits a table written with bars into rows.
fn rows(text: &str) -> Vec<Vec<String>> {
    text.trim().lines().map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn placed(text: &str, at: Option<&str>) -> Vec<(String, String)> {
    place_grid(&sample::form(), &rows(text), at).placed.into_iter().map(|cell| (cell.path, cell.raw)).collect()
}

fn expected(cells: &[(&str, &str)]) -> Vec<(String, String)> {
    cells.iter().map(|(path, raw)| ((*path).to_owned(), (*raw).to_owned())).collect()
}

const MEAN: &str = "outcome.pain.short.drug.mean";

#[test]
fn outcomes_in_rows_and_arms_over_columns() {
    let table = "
        Outcome        | Drug |      |      | Placebo |      |
                       | n    | Mean | SD   | n       | Mean | SD
        Pain, immediate| 30   | 26.8 | 27,9 | 29      | 54.5 | 26.3
        Pain short term| 28   | 40.1 | 20   | 27      | -    | 21";
    let paths = |point: &str, arm: &str| ["n", "mean", "sd"].map(|part| format!("outcome.pain.{point}.{arm}.{part}"));
    let found = placed(table, None);
    let mut cells = Vec::new();
    for (point, arm, numbers) in [
        ("immediate", "drug", ["30", "26.8", "27,9"]),
        ("immediate", "placebo", ["29", "54.5", "26.3"]),
        ("short", "drug", ["28", "40.1", "20"]),
        ("short", "placebo", ["27", "-", "21"]),
    ] {
        cells.extend(paths(point, arm).into_iter().zip(numbers).filter(|(_, raw)| *raw != "-").map(|(path, raw)| (path, raw.to_owned())));
    }
    assert_eq!(found, cells, "what was typed is kept, and a dash is nothing");
}

#[test]
fn arms_in_rows_take_the_outcome_of_the_selected_cell() {
    let table = "
        Group   | Mean (SD)         | N
        Placebo | 54.5 (26.3)       | 29
        Drug    | 26.8 \u{b1} 27.9  | 30";
    let of = |arm: &str, part: &str| format!("outcome.pain.short.{arm}.{part}");
    let wanted = vec![
        (of("placebo", "mean"), "54.5".to_owned()),
        (of("placebo", "sd"), "26.3".to_owned()),
        (of("placebo", "n"), "29".to_owned()),
        (of("drug", "mean"), "26.8".to_owned()),
        (of("drug", "sd"), "27.9".to_owned()),
        (of("drug", "n"), "30".to_owned()),
    ];
    assert_eq!(placed(table, Some(MEAN)), wanted);
    let plan = place_grid(&sample::form(), &rows(table), None);
    assert!(plan.placed.is_empty() && plan.left[0].why.contains("which outcome"), "{:?}", plan.left);
}

#[test]
fn events_over_totals_are_taken_apart() {
    let table = "
                       | Drug n/N | Placebo n/N
        Adverse events | 12/30    | 5/29";
    let harm = |arm: &str, part: &str| format!("outcome.harm.any.{arm}.{part}");
    let wanted = vec![
        (harm("drug", "events"), "12".to_owned()),
        (harm("drug", "n"), "30".to_owned()),
        (harm("placebo", "events"), "5".to_owned()),
        (harm("placebo", "n"), "29".to_owned()),
    ];
    assert_eq!(placed(table, None), wanted);
    let bare = "
                       | Drug  | Control
        Adverse events | 12/30 | 5 of 29";
    assert_eq!(placed(bare, None), wanted, "the shape of the text tells, and control is the only such arm");
}

#[test]
fn fields_of_arms_are_found_by_their_names() {
    let table = "
                     | Drug | Placebo
        Dose         | 0.5  | 0
        n randomised | 31   | 30";
    let wanted = expected(&[
        ("arm.drug.dose", "0.5"),
        ("arm.placebo.dose", "0"),
        ("arm.drug.n_randomised", "31"),
        ("arm.placebo.n_randomised", "30"),
    ]);
    assert_eq!(placed(table, None), wanted);
}

#[test]
fn medians_come_with_their_quartiles() {
    let mut form = sample::form();
    form.outcomes[0].accept = vec![Accept::MeanSd, Accept::MedianIqr];
    let table = rows("Arm | n | Median (IQR)\nDrug | 30 | 27 (20\u{2013}35)");
    let plan = place_grid(&form, &table, Some("outcome.pain.immediate.drug.n"));
    let found: Vec<(&str, &str)> = plan.placed.iter().map(|cell| (cell.path.as_str(), cell.raw.as_str())).collect();
    let path = "outcome.pain.immediate.drug";
    assert_eq!(found.len(), 4, "{:?}", plan.left);
    for (part, raw) in [("n", "30"), ("median", "27"), ("q1", "20"), ("q3", "35")] {
        assert!(found.contains(&(format!("{path}.{part}").as_str(), raw)), "{found:?}");
    }
}

#[test]
fn a_table_without_headings_goes_by_position() {
    let n = "outcome.pain.short.drug.n";
    let by_arm = placed("30 | 26.8 | 27.9\n29 | 54.5 | 26.3", Some(n));
    let by_number = placed("30 | 29\n26.8 | 54.5\n27.9 | 26.3", Some(n));
    let sorted = |mut cells: Vec<(String, String)>| {
        cells.sort();
        cells
    };
    assert_eq!(sorted(by_arm.clone()), sorted(by_number));
    assert_eq!(by_arm[4], ("outcome.pain.short.placebo.mean".to_owned(), "54.5".to_owned()));
    let from_mean = placed("26.8 | 27.9\n54.5 | 26.3", Some(MEAN));
    assert_eq!(from_mean[3].0, "outcome.pain.short.placebo.sd");
    let column = placed("RCT parallel\npublic", Some("design"));
    assert_eq!(column, expected(&[("design", "RCT parallel"), ("funding", "public")]));
}

#[test]
fn what_goes_nowhere_says_why() {
    let why = |text: &str, at: Option<&str>| {
        place_grid(&sample::form(), &rows(text), at).left.into_iter().map(|cell| cell.why).collect::<Vec<_>>()
    };
    assert_eq!(why("30 | 29", None), ["the table has no headings; select the cell into which its first number goes"; 2]);
    let table = "\n | Drug n | Drug n\nPain short term | 30 | 31";
    assert_eq!(why(table, None), ["another text of the table goes into the same cell"]);
    assert!(why(" | Drug | Placebo\nSleep mean | 3 | 4", None)[0].contains("which outcome"));
    assert_eq!(why(" | Drug n | Placebo n | P\nPain short term | 30 | 31 | 0.04", None), ["\"P\" names nothing of the form"]);
    assert!(why(" | Drug Mean (SD)\nPain short term | 3", None)[0].contains("2 numbers are expected, found 1"));
}

#[test]
fn turning_a_table_twice_gives_it_back() {
    let table = rows("a | b | c\nd | e | f");
    assert_eq!(turned(&turned(&table)), table);
    assert_eq!(turned(&table)[2], ["c", "f"]);
}

proptest::proptest! {
    #[test]
    fn no_table_panics(cells in proptest::collection::vec(proptest::collection::vec("[a-zA-Z0-9 .,%()/\u{b1}-]{0,12}", 0..6), 0..6)) {
        let form = sample::form();
        for at in [None, Some(MEAN), Some("design")] {
            let plan = place_grid(&form, &cells, at);
            let mut paths: Vec<&String> = plan.placed.iter().map(|cell| &cell.path).collect();
            paths.sort();
            paths.dedup();
            proptest::prop_assert_eq!(paths.len(), plan.placed.len());
        }
    }
}

#[test]
fn an_arm_or_an_outcome_that_the_form_does_not_have_goes_nowhere() {
    let table = rows("Group | n | Mean\nSham | 9 | 9\nDrug | 30 | 26.8");
    let plan = place_grid(&sample::form(), &table, Some("outcome.pain.short.drug.n"));
    let found: Vec<&str> = plan.placed.iter().map(|cell| cell.raw.as_str()).collect();
    assert_eq!(found, ["30", "26.8"]);
    assert!(plan.left.iter().all(|cell| cell.why == "\"Sham\" names nothing of the form"), "{:?}", plan.left);
    let table = rows(" | Drug mean | Placebo mean\nPain short term | 1 | 2\nSleep mean | 3 | 4");
    let plan = place_grid(&sample::form(), &table, Some("outcome.pain.immediate.drug.n"));
    assert_eq!(plan.placed.len(), 2);
    assert!(plan.left.iter().all(|cell| cell.why.contains("which outcome")), "{:?}", plan.left);
}

/// The places of the second outcome's table from its second number on.
fn places(first: usize) -> Vec<Vec<Option<String>>> {
    let of = |arm: &str| ["n", "mean", "sd"][first..].iter().map(|part| Some(format!("outcome.pain.short.{arm}.{part}"))).collect();
    vec![of("drug"), of("placebo")]
}

fn placed_in(text: &str, places: &[Vec<Option<String>>]) -> (Vec<(String, String)>, Vec<String>) {
    let plan = place_in(&sample::form(), &rows(text), places);
    (plan.placed.into_iter().map(|cell| (cell.path, cell.raw)).collect(), plan.left.into_iter().map(|text| text.why).collect())
}

#[test]
fn a_table_takes_the_places_of_the_one_on_the_screen() {
    let of = |arm: &str, part: &str, raw: &str| (format!("outcome.pain.short.{arm}.{part}"), raw.to_owned());
    let wanted = vec![of("drug", "mean", "27,9"), of("drug", "sd", "18.2"), of("placebo", "mean", "54.5"), of("placebo", "sd", "20.1")];
    assert_eq!(placed_in("27,9 | 18.2\n54.5 | 20.1", &places(1)), (wanted.clone(), Vec::new()));
    assert_eq!(placed_in("27,9 | 54.5\n18.2 | 20.1\n", &places(1)).0[1].0, "outcome.pain.short.drug.sd", "as it stands where it fits");
    let (found, left) = placed_in("27,9 | 18.2 | 3\n54.5 | 20.1 | 4", &places(1));
    assert_eq!((found, left.len()), (wanted, 2));
    assert!(left[0].contains("outside"), "{left:?}");
}

#[test]
fn two_numbers_in_one_text_take_two_places() {
    let of = |arm: &str, part: &str, raw: &str| (format!("outcome.pain.short.{arm}.{part}"), raw.to_owned());
    let (found, left) = placed_in("30 | 27.9 (18.2)\n29 | -", &places(0));
    assert_eq!(found, [of("drug", "n", "30"), of("drug", "mean", "27.9"), of("drug", "sd", "18.2"), of("placebo", "n", "29")]);
    assert!(left.is_empty());
}

#[test]
fn a_table_that_fits_only_the_other_way_round_is_turned() {
    let plan = place_in(&sample::form(), &rows("30 | 29\n27.9 | 54.5\n18.2 | 20.1"), &places(0));
    let at = |text: &Placed| (text.path.clone(), text.row, text.column);
    assert_eq!(at(&plan.placed[1]), ("outcome.pain.short.drug.mean".to_owned(), 2, 1));
    assert_eq!((plan.placed.len(), plan.left.len()), (6, 0));
}

#[test]
fn headings_and_holes_are_heeded() {
    let (found, _) = placed_in("Group | n\nPlacebo | 29", &places(1));
    assert_eq!(found, expected(&[("outcome.pain.short.placebo.n", "29")]));
    let hole = vec![vec![Some("arm.drug.n_randomised".to_owned()), None]];
    let (found, left) = placed_in("30 | 0.5", &hole);
    assert_eq!(found, expected(&[("arm.drug.n_randomised", "30")]));
    assert_eq!(left, ["the form does not ask for it"]);
}
