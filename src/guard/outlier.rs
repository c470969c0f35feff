//! V16, and V7 across studies: one study far from the others, one standard deviation far from its neighbours.

use super::spread::standard_error;
use super::{MeanArm, Point, Rule, Study, Warning, sort, validation};
use crate::derive::{Derived, derive};
use crate::domain::diagnostic::Severity;
use crate::domain::extraction::Answers;
use crate::domain::form::{Form, OutcomeKind, OutcomePart};
use crate::meta::measure::{EffectMeasure, TwoByTwo, TwoMeans, effects};
use crate::meta::{Options, StudyData};

/// How many standard errors a study may lie from the pooled result of the others.
const FAR: f64 = 3.0;
/// How many times a standard deviation may be its neighbours'.
const TIMES: f64 = 10.0;
/// The fewest studies with which the others say something about one.
const FEWEST: usize = 4;

/// Returns what is unlikely about studies beside the others: the place of the study in `studies` and the warning.
///
/// `studies` are the answers of all studies of a review that may be seen side by side. Fewer than four say nothing.
pub fn check_review(form: &Form, studies: &[Answers]) -> Vec<(usize, Warning)> {
    let answers: Vec<Answers> = studies.iter().map(|answers| answers.clone().asked(form)).collect();
    let derived: Vec<Derived> = answers.iter().map(|answers| derive(form, answers)).collect();
    let known: Vec<Study<'_>> = answers.iter().zip(&derived).map(|(answers, derived)| Study { form, answers, derived }).collect();
    let mut found: Vec<(usize, Warning)> = Vec::new();
    for outcome in &form.outcomes {
        for timepoint in &outcome.timepoints {
            let point = Point { outcome, timepoint };
            if outcome.kind == OutcomeKind::Continuous {
                spreads(&known, point, &mut found);
            }
            if let Some(first) = known.first() {
                for pair in first.pairs() {
                    far_off(&known, point, pair, &mut found);
                }
            }
        }
    }
    let mut sorted = Vec::new();
    for at in 0..studies.len() {
        let mut own: Vec<Warning> = found.iter().filter(|(place, _)| *place == at).map(|(_, warning)| warning.clone()).collect();
        validation::apply(form, &mut own);
        sort(form, &mut own);
        sorted.extend(own.into_iter().map(|warning| (at, warning)));
    }
    sorted
}

/// Standard deviations beside those of the other arms of the review, on the scale of the outcome.
fn spreads(studies: &[Study<'_>], point: Point<'_>, found: &mut Vec<(usize, Warning)>) {
    let arms: Vec<(usize, &str, MeanArm)> = studies
        .iter()
        .enumerate()
        .flat_map(|(at, study)| study.arms().filter_map(move |arm| Some((at, arm, study.mean_arm(point, arm)?))))
        .filter(|(.., arm)| arm.sd > 0.0)
        .collect();
    if arms.len() < FEWEST {
        return;
    }
    for (at, arm, own) in &arms {
        let path = point.path(arm, OutcomePart::Sd);
        let Some(typed) = studies[*at].typed(&path) else { continue };
        let mut others: Vec<f64> = arms.iter().filter(|(other, name, _)| (other, name) != (at, arm)).map(|(.., arm)| arm.sd).collect();
        others.sort_by(f64::total_cmp);
        let median = others[others.len() / 2];
        let ratio = own.sd / median;
        // A standard error is smaller by the root of n: twice that is more than studies of one instrument differ.
        if ratio < 2.0 / own.n.sqrt() && own.n >= 10.0 {
            let why = format!("the standard deviation {typed} is {ratio:.2} times the median of the review's other arms");
            found.push((*at, standard_error(studies[*at].form, point, arm, typed, own.n, &why)));
        } else if !(1.0 / TIMES..=TIMES).contains(&ratio) {
            let message =
                format!("the standard deviation {typed} is {ratio:.2} times the median of the review's other arms: is the unit right?");
            found.push((*at, Warning::new(Rule::V16, Severity::Warning, path, message)));
        }
    }
}

/// Effects beside the pooled result of the other studies.
fn far_off(studies: &[Study<'_>], point: Point<'_>, pair: (&str, &str), found: &mut Vec<(usize, Warning)>) {
    let mut rows: Vec<(usize, f64, f64)> = Vec::new();
    for (at, study) in studies.iter().enumerate() {
        if let Some((yi, vi)) = effect(study, point, pair) {
            rows.push((at, yi, vi));
        }
    }
    if rows.len() < FEWEST {
        return;
    }
    for skip in 0..rows.len() {
        let others: Vec<(f64, f64)> = rows.iter().enumerate().filter(|(at, _)| *at != skip).map(|(_, (_, yi, vi))| (*yi, *vi)).collect();
        let Some((mean, variance, tau2)) = random_effects(&others) else { continue };
        let (at, yi, vi) = rows[skip];
        let far = (yi - mean) / (vi + tau2 + variance).sqrt();
        if far.abs() > FAR {
            let part = if point.outcome.kind == OutcomeKind::Continuous { OutcomePart::Mean } else { OutcomePart::Events };
            let message =
                format!("the effect lies {:.1} standard errors from the pooled result of the other {} studies", far.abs(), others.len());
            found.push((at, Warning::new(Rule::V16, Severity::Warning, point.path(pair.0, part), message)));
        }
    }
}

fn effect(study: &Study<'_>, point: Point<'_>, pair: (&str, &str)) -> Option<(f64, f64)> {
    let (data, measure) = match point.outcome.kind {
        OutcomeKind::Continuous => {
            let (a, b) = (study.mean_arm(point, pair.0)?, study.mean_arm(point, pair.1)?);
            let row = TwoMeans { mean1: a.mean, sd1: a.sd, n1: a.n, mean2: b.mean, sd2: b.sd, n2: b.n };
            (StudyData::TwoMeans(vec![row]), EffectMeasure::MeanDifference)
        }
        OutcomeKind::Dichotomous => {
            let ((a, n1), (c, n2)) = (study.event_arm(point, pair.0)?, study.event_arm(point, pair.1)?);
            (StudyData::TwoByTwo(vec![TwoByTwo::new(a, n1, c, n2)]), EffectMeasure::RiskRatio)
        }
    };
    let effect = effects(&data, &Options::revman(measure)).ok()?.first().copied().flatten()?;
    (effect.vi > 0.0).then_some((effect.yi, effect.vi))
}

/// Mean, its variance, and the variance between studies by DerSimonian and Laird; enough for a warning.
fn random_effects(rows: &[(f64, f64)]) -> Option<(f64, f64, f64)> {
    let sums = |tau2: f64| {
        rows.iter().fold((0.0, 0.0, 0.0), |(w, wy, w2), (yi, vi)| {
            let weight = 1.0 / (vi + tau2);
            (w + weight, wy + weight * yi, w2 + weight * weight)
        })
    };
    let (w, wy, w2) = sums(0.0);
    let mean = wy / w;
    let q: f64 = rows.iter().map(|(yi, vi)| (yi - mean).powi(2) / vi).sum();
    let tau2 = ((q - (rows.len() as f64 - 1.0)) / (w - w2 / w)).max(0.0);
    let (w, wy, _) = sums(tau2);
    (w.is_finite() && w > 0.0 && tau2.is_finite()).then_some((wy / w, 1.0 / w, tau2))
}
