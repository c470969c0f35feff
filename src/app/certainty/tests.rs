//! The worked example rated by GRADE: what is pooled there is known to the last digit, so every cell of the table can be checked.

use super::*;
use crate::app::{Environment, Names, Request, demo};
use crate::domain::certainty::Certainty;
use crate::domain::time::{FixedClock, Timestamp};

fn example() -> Workspace {
    let clock = FixedClock(Timestamp::parse("2026-01-31T09:30:00Z").expect("a moment"));
    let environment = Environment { clock: Box::new(clock), names: Names::Seeded(7), home: None };
    demo::build_in_memory(environment, &mut |_| {}).expect("builds")
}

fn rate(review: &mut Workspace, analysis: &str, item: &str, rating: &str, why: &str) -> Result<Reply> {
    let item = item.parse().expect("an item");
    review.run(Request::Rate { analysis: analysis.to_owned(), item, rating: rating.to_owned(), explanation: why.to_owned() })
}

fn finding(review: &Workspace, analysis: &str) -> FindingView {
    review.findings(&[analysis.to_owned()]).expect("has a form").rows.remove(0)
}

#[test]
fn an_assumed_risk_gives_the_published_absolute_effect_cut_off_at_everybody() {
    let mut review = example();
    rate(&mut review, "1.9", "baseline_risk", "100", "a registry of the clinic").expect("laid down");
    let found = finding(&review, "1.9");
    // RR 3.26 (1.05 to 10.09) at 100 of 1000: 326 (105 to 1009, that is 1000).
    assert_eq!(found.effect.as_ref().expect("pooled").text, "RR 3.26 (1.05 to 10.09)");
    let absolute = found.absolute.expect("of risks");
    assert_eq!(absolute.without, "100 per 1000");
    assert_eq!(absolute.with, "326 per 1000 (105 to 1,000)");
    assert_eq!(absolute.difference, "226 more per 1000 (5 more to 900 more)");
    assert!(absolute.is_capped);
    assert_eq!((found.studies, found.participants, found.events), (4, 140, Some(44)));
    assert_eq!(found.baseline.expect("laid down").source.split(", by").next(), Some("a registry of the clinic"));
}

#[test]
fn without_an_assumed_risk_it_is_the_median_of_the_control_groups() {
    let review = example();
    let found = finding(&review, "1.9");
    let baseline = found.baseline.expect("of the studies");
    assert_eq!(baseline.source, "median of the control groups");
    let result = review.analysis("1.9").expect("an analysis");
    assert_eq!(numbers::median_control_risk(&result).map(|risk| 1000.0 * risk), Some(baseline.per_1000));
}

#[test]
fn a_difference_of_means_is_said_with_its_direction() {
    let found = finding(&example(), "1.1");
    assert_eq!(found.absolute.expect("of means").difference, "15.79 lower (32.09 lower to 0.51 higher)");
    assert_eq!((found.baseline, found.events), (None, None));
}

#[test]
fn a_standardised_difference_is_said_as_an_odds_ratio_too() {
    let [estimate, lower, upper] = [-0.5, -0.9, -0.1];
    let effect = EffectView { measure: "SMD", estimate, lower, upper, text: String::new() };
    let measure = crate::domain::analysis::EffectMeasure::StandardisedMeanDifference;
    let said = numbers::absolute(measure, &effect, None, None).expect("of means").difference;
    // exp(-0.5 pi / sqrt(3)) = 0.4038, exp(-0.9 ...) = 0.1955, exp(-0.1 ...) = 0.8341
    assert_eq!(said, "0.50 SD lower (0.90 SD lower to 0.10 SD lower); as an odds ratio 0.40 (0.20 to 0.83)");
}

#[test]
fn suggestions_speak_from_the_numbers_and_never_rate() {
    let found = finding(&example(), "1.1");
    let said = |item: CertaintyItem| -> Vec<(bool, &str)> {
        found.suggestions.iter().filter(|seen| seen.item == item).map(|seen| (seen.is_concern, seen.text.as_str())).collect()
    };
    assert!(said(CertaintyItem::Inconsistency)[0].1.starts_with("I² is 69 %"), "{:?}", said(CertaintyItem::Inconsistency));
    assert!(said(CertaintyItem::Inconsistency)[0].0);
    assert!(said(CertaintyItem::Imprecision)[0].1.contains("includes no difference"), "{:?}", said(CertaintyItem::Imprecision));
    assert_eq!(said(CertaintyItem::PublicationBias), [(false, "3 studies are too few to judge a funnel plot (ten at least).")]);
    assert_eq!(said(CertaintyItem::RiskOfBias), [(false, "The form plans no appraisal of risk of bias.")]);
    assert!(found.certainty.is_none() && found.ratings.iter().all(|rated| rated.rating.is_none()));
}

#[test]
fn rating_up_what_starts_high_or_was_rated_down_is_remarked_on() {
    let mut review = example();
    let remarks = |review: &Workspace| {
        let found = finding(review, "1.9");
        found.suggestions.into_iter().filter(|seen| seen.text.starts_with("Rating up")).map(|seen| seen.text).collect::<Vec<_>>()
    };
    rate(&mut review, "1.9", "start", "high", "").expect("rates");
    rate(&mut review, "1.9", "large_effect", "large", "RR above 2").expect("rates");
    assert!(remarks(&review)[0].ends_with("and this evidence starts high."), "{:?}", remarks(&review));
    rate(&mut review, "1.9", "start", "low", "cohorts").expect("rates");
    assert_eq!(remarks(&review), [""; 0]);
    rate(&mut review, "1.9", "imprecision", "serious", "few events").expect("rates");
    assert!(remarks(&review)[0].ends_with("and this one was rated down for imprecision."), "{:?}", remarks(&review));
}

#[test]
fn people_rate_the_level_follows_and_undo_opens_it_again() {
    let mut review = example();
    for (item, rating) in
        [("start", "high"), ("risk_of_bias", "not serious"), ("indirectness", "Not-Serious"), ("publication_bias", "undetected")]
    {
        rate(&mut review, "1.1", item, rating, "").expect(item);
    }
    assert_eq!(finding(&review, "1.1").certainty_text(), "open: inconsistency, imprecision");
    rate(&mut review, "1.1", "inconsistency", "serious", "I² 69 %, unexplained").expect("rates");
    rate(&mut review, "1.1", "imprecision", "very serious", "few people").expect("rates");
    let found = finding(&review, "1.1");
    assert_eq!(found.certainty, Some(Certainty::VeryLow));
    assert_eq!(found.footnotes(), ["inconsistency: serious. I² 69 %, unexplained", "imprecision: very serious. few people"]);
    assert_eq!(finding(&review, "1.9").certainty, None, "each analysis is rated by itself");
    review.run(Request::Undo(None)).expect("takes it back");
    assert_eq!(finding(&review, "1.1").certainty_text(), "open: imprecision");
    rate(&mut review, "1.1", "inconsistency", "", "").expect("takes it away");
    assert_eq!(finding(&review, "1.1").certainty_text(), "open: inconsistency, imprecision");
}

#[test]
fn a_rating_that_moves_the_level_needs_a_reason_and_words_have_to_fit() {
    let mut review = example();
    let refused = |review: &mut Workspace, item: &str, rating: &str| rate(review, "1.1", item, rating, "").expect_err("refused").message;
    assert_eq!(refused(&mut review, "imprecision", "serious"), "rating imprecision as serious needs an explanation");
    assert_eq!(refused(&mut review, "imprecision", "dreadful"), "\"dreadful\" is no rating of imprecision");
    assert_eq!(refused(&mut review, "baseline_risk", "1001"), "\"1001\" is no comparator risk");
    assert_eq!(refused(&mut review, "baseline_risk", "NaN"), "\"NaN\" is no comparator risk");
    assert!(rate(&mut review, "9.9", "start", "high", "").expect_err("refused").message.contains("no analysis \"9.9\""));
    let before = review.log_length();
    rate(&mut review, "1.1", "start", "high", "").expect("rates");
    rate(&mut review, "1.1", "start", "high", "").expect("does nothing");
    rate(&mut review, "1.1", "comment", "", "").expect("does nothing");
    assert_eq!(review.log_length(), before + 1);
}

#[test]
fn the_table_names_reasons_as_footnotes_and_never_begins_a_formula() {
    let mut review = example();
    for (item, rating, why) in [
        ("start", "high", ""),
        ("risk_of_bias", "serious", "=1+1 open label"),
        ("inconsistency", "not_serious", ""),
        ("indirectness", "not_serious", ""),
        ("imprecision", "serious", "few events"),
        ("publication_bias", "undetected", ""),
        ("comment", "+probably more events", ""),
    ] {
        rate(&mut review, "1.9", item, rating, why).expect(item);
    }
    let found = review.findings(&[]).expect("has a form");
    let text = found.markdown();
    assert!(text.contains("⊕⊕◯◯ low (1, 2)"), "{text}");
    assert!(text.contains("\n1. risk of bias: serious. =1+1 open label\n2. imprecision: serious. few events\n"), "{text}");
    assert!(text.contains("\nCI: confidence interval (95 %). Risk with the comparator: Adverse events (Any time): median of"), "{text}");
    let document = found.document();
    let Some(crate::export::docx::Block::Table(table)) = document.get(1) else { panic!("{document:?}") };
    assert_eq!((table.rows.len(), table.rows[3][5].as_str()), (4, "⊕⊕◯◯ low (1, 2)"));
    assert_eq!(document.len(), 5, "a title, the table, two footnotes, and what the numbers rest on");
    let csv = found.table().csv();
    assert!(csv.lines().next().is_some_and(|head| head.ends_with(",opposing_confounding,opposing_confounding_why,comment")), "{csv}");
    assert!(!csv.contains(",=1+1") && !csv.contains(",+probably"), "{csv}");
    assert_eq!(csv.lines().count(), 1 + found.rows.len());
}

#[test]
fn a_form_that_renames_a_rated_analysis_says_what_becomes_of_the_ratings() {
    let mut review = example();
    rate(&mut review, "1.9", "baseline_risk", "100", "a registry of the clinic").expect("laid down");
    let text = review.form_text().expect("a form").replace("version = 1", "version = 2");
    let said = |text: &str| review.form_changes(text).expect("a sound form");
    assert_eq!(said(&text), Vec::<String>::new());
    let renamed = text.replace("id = \"1.9\"", "id = \"2.1\"");
    assert_eq!(
        said(&renamed),
        ["analysis 1.9 is called 2.1 now, which begins without the 1 rating of certainty of 1.9: keep the id, or do them again"]
    );
    let at = text.find("[[analysis]]\nid = \"1.9\"").expect("the last analysis");
    let without = format!("{}{}", &text[..at], text[at..].split_once("\n\n").map_or("", |(_, rest)| rest));
    assert_eq!(
        said(&without),
        ["analysis 1.9 is gone: what hangs on it (1 rating of certainty) stays in the history and counts no longer"]
    );
    let other = format!("{}{}", &text[..at], text[at..].replacen("measure = \"RR\"", "measure = \"OR\"", 1));
    let of = "adverse_events.any, ketamine vs placebo";
    assert_eq!(
        said(&other),
        [format!("analysis 1.9 was RR of {of} and is OR of {of}, and keeps 1 rating of certainty: look at them again")]
    );
}
