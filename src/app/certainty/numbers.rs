//! The numbers of a row of a summary of findings: relative effect, comparator risk, absolute effect, number needed.
//!
//! Source: Cochrane Handbook 14.1.5 and 15.4.4 (corresponding risks with the comparator risk held fixed), 15.4.2 (numbers needed,
//! rounded up).

use serde::Serialize;

use crate::domain::analysis::{ArmPair, EffectMeasure};
use crate::domain::form::Direction;
use crate::figure::number::{count, estimate, fixed};
use crate::meta;
use crate::meta::convert::{NumberNeeded, NumberNeededInterval, corresponding_risk, number_needed_interval, odds_ratio_from_smd};
use crate::meta::result::Interval;

use super::super::analyse::AnalysisResult;

/// The pooled effect on the scale that people read: ratios are ratios, not logarithms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EffectView {
    /// The measure ("RR").
    pub measure: &'static str,
    /// The estimate.
    pub estimate: f64,
    /// The lower end of its interval.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
    /// All of it in words ("RR 3.26 (1.05 to 10.09)").
    pub text: String,
}

/// The risk with the comparator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BaselineView {
    /// People with the event, of 1000.
    pub per_1000: f64,
    /// Where the number comes from.
    pub source: String,
}

/// An absolute effect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AbsoluteView {
    /// With the comparator, in words ("100 per 1000").
    pub without: String,
    /// With the intervention, in words ("326 per 1000 (105 to 1000)").
    pub with: String,
    /// The difference, in words ("226 more per 1000 (5 more to 900 more)").
    pub difference: String,
    /// People with the event of 1000 with the intervention: estimate, lower and upper end; `None` for means.
    pub per_1000: Option<[f64; 3]>,
    /// Whether an end was cut off at nobody or everybody.
    pub is_capped: bool,
    /// The number needed to treat, in words; empty for means.
    pub number_needed: String,
}

/// Returns the pooled effect on the scale that people read.
pub(in crate::app) fn effect(result: &AnalysisResult) -> Option<EffectView> {
    let pooled = result.pooled.as_ref().ok()?;
    let read = |value: f64| if result.spec.measure.is_ratio() { value.exp() } else { value };
    let (estimate_read, lower, upper) = (read(pooled.estimate), read(pooled.ci.lower), read(pooled.ci.upper));
    if ![estimate_read, lower, upper].iter().all(|value| value.is_finite()) {
        return None;
    }
    let measure = result.spec.measure.short();
    let text = format!("{measure} {} ({} to {})", estimate(estimate_read), estimate(lower), estimate(upper));
    Some(EffectView { measure, estimate: estimate_read, lower, upper, text })
}

/// Returns the people analysed in the arms of an analysis, and those with the event where they are counted.
pub(super) fn people(result: &AnalysisResult) -> (u64, Option<u64>) {
    let mut total = (0.0, None);
    for pair in result.rows.iter().filter_map(|row| row.arms.as_ref().ok()) {
        match pair {
            ArmPair::Continuous { experimental, control } => total.0 += experimental.n + control.n,
            ArmPair::Dichotomous { experimental, control } => {
                total.0 += experimental.n + control.n;
                *total.1.get_or_insert(0.0) += experimental.events + control.events;
            }
            ArmPair::Contrast { .. } => {}
        }
    }
    (total.0.round() as u64, total.1.map(|events: f64| events.round() as u64))
}

/// Returns the median risk of the control arms (Handbook 14.1.5.2's usual choice); `None` where none is counted.
pub(super) fn median_control_risk(result: &AnalysisResult) -> Option<f64> {
    let risks = result.rows.iter().filter_map(|row| match row.arms.as_ref().ok()? {
        ArmPair::Dichotomous { control, .. } => Some(control.events / control.n),
        _ => None,
    });
    let mut risks: Vec<f64> = risks.filter(|risk| risk.is_finite()).collect();
    risks.sort_by(f64::total_cmp);
    let middle = risks.len() / 2;
    match risks.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(risks[middle]),
        _ => Some(f64::midpoint(risks[middle - 1], risks[middle])),
    }
}

/// Returns the absolute effect: per 1000 people for events, in units of the outcome for means.
pub(super) fn absolute(
    measure: EffectMeasure,
    effect: &EffectView,
    baseline: Option<&BaselineView>,
    direction: Option<Direction>,
) -> Option<AbsoluteView> {
    match measure {
        EffectMeasure::MeanDifference => Some(means(effect, "")),
        EffectMeasure::StandardisedMeanDifference => Some(AbsoluteView {
            difference: format!("{}; {}", means(effect, " SD").difference, as_odds_ratio(effect)),
            ..means(effect, " SD")
        }),
        EffectMeasure::RiskRatio | EffectMeasure::OddsRatio | EffectMeasure::RiskDifference => {
            risks(measure, effect, baseline?.per_1000 / 1000.0, direction)
        }
    }
}

/// Says a standardised difference as an odds ratio (Handbook 10.6: ln OR = pi / sqrt(3) SMD), which readers can place.
fn as_odds_ratio(effect: &EffectView) -> String {
    let [point, lower, upper] = [effect.estimate, effect.lower, effect.upper].map(|value| estimate(odds_ratio_from_smd(value).exp()));
    format!("as an odds ratio {point} ({lower} to {upper})")
}

/// Says a difference of means with its direction.
fn means(effect: &EffectView, unit: &str) -> AbsoluteView {
    let said = |value: f64| {
        let side = if value < 0.0 { "lower" } else { "higher" };
        if value == 0.0 { format!("0{unit} different") } else { format!("{}{unit} {side}", estimate(value.abs())) }
    };
    AbsoluteView {
        without: String::new(),
        with: String::new(),
        difference: format!("{} ({} to {})", said(effect.estimate), said(effect.lower), said(effect.upper)),
        per_1000: None,
        is_capped: false,
        number_needed: String::new(),
    }
}

fn risks(measure: EffectMeasure, effect: &EffectView, assumed: f64, direction: Option<Direction>) -> Option<AbsoluteView> {
    let engine = measure.short().parse::<meta::measure::EffectMeasure>().ok()?;
    let at = |value: f64| corresponding_risk(engine, assumed, value);
    let (risk, lower, upper) = (at(effect.estimate)?, at(effect.lower)?, at(effect.upper)?);
    let is_capped = [risk, lower, upper].iter().any(|risk| *risk <= 0.0 || *risk >= 1.0) && assumed > 0.0 && assumed < 1.0;
    let whole = |risk: f64| count((1000.0 * risk).round() as u64);
    let more = |risk: f64| {
        let difference = (1000.0 * (risk - assumed)).round();
        match difference {
            0.0 => "0 fewer".to_owned(),
            below if below < 0.0 => format!("{} fewer", count(-below as u64)),
            above => format!("{} more", count(above as u64)),
        }
    };
    let (needed, interval) = number_needed_interval(risk - assumed, Interval { lower: lower - assumed, upper: upper - assumed });
    Some(AbsoluteView {
        without: format!("{} per 1000", whole(assumed)),
        with: format!("{} per 1000 ({} to {})", whole(risk), whole(lower), whole(upper)),
        difference: format!("{} per 1000 ({} to {})", more(risk), more(lower), more(upper)),
        per_1000: Some([1000.0 * risk, 1000.0 * lower, 1000.0 * upper]),
        is_capped,
        number_needed: said_needed(needed, interval, direction),
    })
}

/// Says a number needed, with benefit and harm where the form says which direction helps.
fn said_needed(needed: NumberNeeded, interval: NumberNeededInterval, direction: Option<Direction>) -> String {
    let name = |is_more: bool| match (direction, is_more) {
        (Some(Direction::LowerBetter), false) | (Some(Direction::HigherBetter), true) => "NNTB",
        (Some(_), _) => "NNTH",
        (None, false) => "one fewer of",
        (None, true) => "one more of",
    };
    let said = |needed: NumberNeeded| match needed {
        NumberNeeded::ForFewerEvents(number) => format!("{} {}", name(false), fixed(number.ceil(), 0)),
        NumberNeeded::ForMoreEvents(number) => format!("{} {}", name(true), fixed(number.ceil(), 0)),
        NumberNeeded::Infinite => "∞".to_owned(),
    };
    let range = match interval {
        NumberNeededInterval::Range(from, to) => format!("{} to {}", said(from), said(to)),
        NumberNeededInterval::ThroughInfinity(from, to) => format!("{} to ∞ to {}", said(from), said(to)),
    };
    format!("{} ({range})", said(needed))
}
