//! Subgroups and moderators of an analysis come from extracted characteristics; the regression is metafor's.

use crate::app::{Environment, Names, Request, Workspace, demo};
use crate::domain::time::{FixedClock, Timestamp};

/// The worked example with analysis 1.2 changed: `with` takes the place of its subgroup.
fn example(with: &str) -> Workspace {
    let clock = FixedClock(Timestamp::parse("2026-01-31T09:30:00Z").expect("a moment"));
    let environment = Environment { clock: Box::new(clock), names: Names::Seeded(7), home: None };
    let mut review = demo::build_in_memory(environment, &mut |_| {}).expect("builds");
    let text = review.form_text().expect("has a form").replace("version = 1", "version = 2");
    assert!(text.contains("subgroup = \"duration\""), "{text}");
    let text = text.replace("subgroup = \"duration\"", with);
    review.run(Request::UseForm { file_name: "form.toml".to_owned(), text }).expect("is a form");
    review
}

#[test]
fn a_moderator_is_an_agreed_answer_and_its_coefficient_is_that_of_metafor() {
    let result = example("moderators = [\"duration\"]").analysis("1.2").expect("an analysis");
    let fitted = result.regression.as_ref().expect("has moderators").as_ref().expect("fits");
    // metafor 3.8-1: rma(yi, vi, mods = ~ duration, method = "DL") on Lumanauw, Noppers and Sigtermans
    let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-9 * wanted.abs(), "{found} is not {wanted}");
    assert_eq!(fitted.coefficients[1].name, "duration: ≤1 day");
    near(fitted.coefficients[0].estimate, -27.7);
    near(fitted.coefficients[1].estimate, 18.958_652_380_132);
    near(fitted.coefficients[1].se, 13.534_919_361_926);
    near(fitted.qm, 1.962_020_685_193);
    near(fitted.tau2, 64.933_341_869_066);
    assert!(result.rows.iter().all(|row| row.paths.contains(&"duration".to_owned())), "every number leads back to its cell");
    assert!(result.subgroups.is_none());
}

#[test]
fn a_study_without_the_answer_is_left_out_of_the_regression_and_not_of_the_pool() {
    let result = example("moderators = [\"dose_group\"]").analysis("1.4").expect("an analysis");
    assert!(result.regression.is_none(), "another analysis has no moderators");
    let result = example("subgroup = \"dose\"\ncuts = [0.4, 1]\nmoderators = [\"dose\"]").analysis("1.2").expect("an analysis");
    let groups: Vec<&str> = result.rows.iter().map(|row| row.subgroup.as_deref().unwrap_or("none")).collect();
    assert_eq!(groups, ["0.4 to < 1 mg/kg", "none", "none"], "the group made by cuts comes first");
    assert_eq!(result.pooled.expect("pools").k, 3);
    let why = result.regression.expect("has moderators").expect_err("one study has a dose");
    assert!(why.contains("few") || why.contains("need"), "{why}");
}
