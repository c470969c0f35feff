//! What in the numbers speaks for rating a domain down or up. Sentences for people; nothing here rates.
//!
//! Sources: GRADE guidelines 6 (Guyatt 2011, imprecision and the optimal information size), 7 (inconsistency), 5 (publication bias) and
//! 9 (large effects); Cochrane Handbook 10.10.2 (I2), 13.3.5.2 (ten studies for tests of asymmetry) and 14.2.

use crate::domain::analysis::ArmPair;
use crate::domain::certainty::{CertaintyItem, Rating};
use crate::domain::form::{Outcome, OutcomeKind};
use crate::figure::number::{count, estimate, fixed, p_value};
use crate::meta::bias::egger;
use crate::meta::convert::{information_size_of_means, information_size_of_risks};
use crate::meta::result::Pooled;

use super::super::analyse::AnalysisResult;
use super::findings::SuggestionView;
use super::numbers::{self, EffectView};

/// The relative change of risk that the optimal information size is made for (GRADE guidelines 6).
const RELATIVE_CHANGE: f64 = 0.25;
/// From how many studies on asymmetry of the funnel can be tested.
const ENOUGH_FOR_FUNNEL: usize = 10;
/// The share of weight, in percent, that is said to be much.
const MUCH_WEIGHT: f64 = 20.0;

/// Returns what speaks for a rating, domain by domain. `bias` has the share of the weight by overall judgement on risk of bias, in
/// percent; an empty judgement stands for studies without one.
pub(super) fn suggestions(
    result: &AnalysisResult,
    outcome: Option<&Outcome>,
    effect: Option<&EffectView>,
    bias: &[(String, f64)],
) -> Vec<SuggestionView> {
    let (Ok(pooled), Some(effect)) = (&result.pooled, effect) else { return Vec::new() };
    let mut list = List::default();
    risk_of_bias(bias, &mut list);
    inconsistency(result, pooled, outcome, effect, &mut list);
    let about = "Whether people, interventions, comparators and outcomes are those of the question is not in the numbers.";
    list.add(CertaintyItem::Indirectness, false, about.to_owned());
    imprecision(result, outcome, effect, &mut list);
    publication_bias(pooled, &mut list);
    large_effect(result, effect, &mut list);
    list.0
}

/// Returns what speaks against a domain that was rated up: such domains are for evidence that starts low and has no serious limitation
/// (Cochrane Handbook, chapter 14).
pub(super) fn rated_up(rating: impl Fn(CertaintyItem) -> Option<&'static Rating>) -> Option<SuggestionView> {
    let levels = |item: CertaintyItem| rating(item).map_or(0, |rating| rating.levels);
    let item = CertaintyItem::UP.into_iter().find(|item| levels(*item) > 0)?;
    let starts_high = rating(CertaintyItem::Start).is_some_and(|start| start.id == "high");
    let lowered = CertaintyItem::DOWN.into_iter().find(|item| levels(*item) < 0);
    let why = match (starts_high, lowered) {
        (true, _) => "and this evidence starts high".to_owned(),
        (false, Some(lowered)) => format!("and this one was rated down for {}", lowered.label()),
        (false, None) => return None,
    };
    Some(SuggestionView {
        item,
        text: format!("Rating up is meant for evidence that starts low and has no serious limitation, {why}."),
        is_concern: true,
    })
}

#[derive(Default)]
struct List(Vec<SuggestionView>);

impl List {
    fn add(&mut self, item: CertaintyItem, is_concern: bool, text: String) {
        self.0.push(SuggestionView { item, text, is_concern });
    }
}

fn risk_of_bias(bias: &[(String, f64)], list: &mut List) {
    if bias.is_empty() {
        return list.add(CertaintyItem::RiskOfBias, false, "The form plans no appraisal of risk of bias.".to_owned());
    }
    let named = |judged: &str| if judged.is_empty() { "no agreed judgement".to_owned() } else { format!("“{judged}”") };
    let said: Vec<String> = bias.iter().map(|(judged, share)| format!("{} {} %", named(judged), fixed(*share, 0))).collect();
    let is_bad = |judged: &str| ["high", "serious", "critical"].iter().any(|word| judged.to_lowercase().starts_with(word));
    let bad: f64 = bias.iter().filter(|(judged, _)| is_bad(judged)).map(|(_, share)| share).sum();
    list.add(
        CertaintyItem::RiskOfBias,
        bad >= MUCH_WEIGHT,
        format!("Weight by the overall judgement of the studies: {}.", said.join(", ")),
    );
}

fn inconsistency(result: &AnalysisResult, pooled: &Pooled, outcome: Option<&Outcome>, effect: &EffectView, list: &mut List) {
    let item = CertaintyItem::Inconsistency;
    if pooled.k < 2 {
        return list.add(item, false, "One study cannot be inconsistent with others.".to_owned());
    }
    // Handbook 10.10.2: 50 to 90 % may be substantial, 75 to 100 % considerable.
    let i2 = pooled.heterogeneity.i2_q;
    let (word, is_concern) = match i2 {
        high if high >= 75.0 => ("may be considerable", true),
        high if high >= 50.0 => ("may be substantial", true),
        some if some >= 30.0 => ("may be moderate", false),
        _ => ("might not be important", false),
    };
    let p = p_value(pooled.heterogeneity.p);
    list.add(item, is_concern, format!("I² is {} % ({p}): heterogeneity {word}.", fixed(i2, 0)));
    if let Some((low, high)) = apart(pooled) {
        list.add(item, true, format!("The intervals of {low} and {high} do not overlap."));
    }
    if let Some(prediction) = pooled.prediction_interval().filter(|interval| interval.lower.is_finite() && interval.upper.is_finite()) {
        let read = |value: f64| if result.spec.measure.is_ratio() { value.exp() } else { value };
        let ends = (read(prediction.lower), read(prediction.upper));
        let differing = thresholds(result, outcome).into_iter().find(|(at, _)| {
            let crosses = |lower: f64, upper: f64| lower < *at && *at < upper;
            crosses(ends.0, ends.1) && !crosses(effect.lower, effect.upper)
        });
        if let Some((_, name)) = differing {
            let text = format!(
                "The prediction interval ({} to {}) includes {name}, the confidence interval does not.",
                estimate(ends.0),
                estimate(ends.1)
            );
            list.add(item, true, text);
        }
    }
}

/// Returns two studies whose intervals do not overlap, the one with the lower results first.
fn apart(pooled: &Pooled) -> Option<(&str, &str)> {
    let studies = || pooled.studies.iter().zip(&pooled.labels).filter_map(|(study, label)| Some((study.as_ref()?, label.as_str())));
    let low = studies().min_by(|a, b| a.0.ci.upper.total_cmp(&b.0.ci.upper))?;
    let high = studies().max_by(|a, b| a.0.ci.lower.total_cmp(&b.0.ci.lower))?;
    (low.0.ci.upper < high.0.ci.lower).then_some((low.1, high.1))
}

/// Returns the values that separate conclusions, each with its name: no difference, and the smallest difference that matters.
fn thresholds(result: &AnalysisResult, outcome: Option<&Outcome>) -> Vec<(f64, String)> {
    let none = if result.spec.measure.is_ratio() { 1.0 } else { 0.0 };
    let mut found = vec![(none, "no difference".to_owned())];
    let is_mean = result.spec.measure == crate::domain::analysis::EffectMeasure::MeanDifference;
    if let Some(mid) = outcome.and_then(|outcome| outcome.mid).filter(|_| is_mean) {
        let name = format!("the smallest difference that matters ({})", estimate(mid));
        found.extend([(-mid, name.clone()), (mid, name)]);
    }
    found
}

fn imprecision(result: &AnalysisResult, outcome: Option<&Outcome>, effect: &EffectView, list: &mut List) {
    let item = CertaintyItem::Imprecision;
    let crossed: Vec<String> =
        thresholds(result, outcome).into_iter().filter(|(at, _)| effect.lower < *at && *at < effect.upper).map(|(_, name)| name).collect();
    match crossed.as_slice() {
        [] => {
            list.add(item, false, format!("The interval ({} to {}) includes no threshold.", estimate(effect.lower), estimate(effect.upper)))
        }
        _ => {
            let mut names = crossed;
            names.dedup();
            list.add(
                item,
                true,
                format!("The interval ({} to {}) includes {}.", estimate(effect.lower), estimate(effect.upper), names.join(" and ")),
            );
        }
    }
    let (people, events) = numbers::people(result);
    match result.spec.measure.outcome_kind() {
        OutcomeKind::Dichotomous => {
            let needed = numbers::median_control_risk(result).and_then(|risk| information_size_of_risks(risk, RELATIVE_CHANGE));
            if let Some(needed) = needed {
                let is_short = (people as f64) < needed;
                let verb = if is_short { "fewer than" } else { "at least" };
                list.add(
                    item,
                    is_short,
                    format!(
                        "{} people, {verb} the optimal information size of {} (25 % fewer events, power 80 %).",
                        count(people),
                        count(needed as u64)
                    ),
                );
            }
            if let Some(events) = events.filter(|events| *events < 300) {
                list.add(item, true, format!("{} events, fewer than 300.", count(events)));
            }
        }
        OutcomeKind::Continuous => {
            let sd = median_control_sd(result);
            let needed = sd.zip(outcome.and_then(|outcome| outcome.mid)).and_then(|(sd, mid)| information_size_of_means(sd, mid));
            match needed {
                Some(needed) => {
                    let is_short = (people as f64) < needed;
                    let verb = if is_short { "fewer than" } else { "at least" };
                    list.add(
                        item,
                        is_short,
                        format!(
                            "{} people, {verb} the optimal information size of {} (a difference of {}, power 80 %).",
                            count(people),
                            count(needed as u64),
                            outcome.and_then(|outcome| outcome.mid).map(estimate).unwrap_or_default()
                        ),
                    );
                }
                None => list.add(item, people < 400, format!("{} people; GRADE's rule of thumb is 400.", count(people))),
            }
        }
    }
}

/// Returns the median standard deviation of the control arms.
fn median_control_sd(result: &AnalysisResult) -> Option<f64> {
    let mut sds: Vec<f64> = result
        .rows
        .iter()
        .filter_map(|row| match row.arms.as_ref().ok()? {
            ArmPair::Continuous { control, .. } => Some(control.sd),
            _ => None,
        })
        .collect();
    sds.sort_by(f64::total_cmp);
    sds.get(sds.len() / 2).copied()
}

fn publication_bias(pooled: &Pooled, list: &mut List) {
    let item = CertaintyItem::PublicationBias;
    if pooled.k < ENOUGH_FOR_FUNNEL {
        let text = format!("{} studies are too few to judge a funnel plot (ten at least).", pooled.k);
        return list.add(item, false, text);
    }
    let usable = pooled.usable();
    if let Ok(line) = egger(&usable.yi, &usable.vi) {
        let (_, p) = line.intercept_test();
        list.add(item, p < 0.1, format!("Egger's test of the funnel plot: {}.", p_value(p)));
    }
}

fn large_effect(result: &AnalysisResult, effect: &EffectView, list: &mut List) {
    if result.spec.measure != crate::domain::analysis::EffectMeasure::RiskRatio {
        return;
    }
    let size = if effect.estimate < 1.0 { 1.0 / effect.estimate } else { effect.estimate };
    let word = match size {
        huge if huge > 5.0 => "very large",
        large if large > 2.0 => "large",
        _ => return,
    };
    let text = format!(
        "The risk ratio is {word} (more than {} or its inverse); of weight only where the evidence starts low.",
        if size > 5.0 { 5 } else { 2 }
    );
    list.add(CertaintyItem::LargeEffect, false, text);
}
