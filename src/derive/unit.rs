//! Crossover and cluster trials: without a word about how their numbers are to be read, none of them is pooled.

use super::{Derived, Pair, Step};
use crate::domain::extraction::Answers;
use crate::domain::form::{ContrastPart, DESIGN, Form, OutcomeKind, OutcomePart, UnitItem, is_cluster, is_crossover, unit_path};
use crate::meta::convert::{cluster_effective_size, crossover_effect};

/// How the two arms of a study belong together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pairing {
    /// Different people in each arm.
    #[default]
    Independent,
    /// The same people in both: only a contrast with the standard error of the pairs may be pooled.
    Paired,
}

/// Turns the numbers of crossover and cluster trials into such as may be pooled, or blocks the study.
pub(super) fn apply(form: &Form, answers: &Answers, derived: &mut Derived) {
    let Some(design) = answers.text(DESIGN) else { return };
    if is_crossover(&design) {
        match answers.text(&unit_path(UnitItem::Crossover)).as_deref() {
            Some("paired") => pair_up(form, answers, derived),
            Some("first period only" | "as if parallel") => {}
            _ => derived.blocked = Some(format!("the design is {design}: say what its numbers are ({})", unit_path(UnitItem::Crossover))),
        }
    }
    if is_cluster(&design) {
        match answers.text(&unit_path(UnitItem::Cluster)).as_deref() {
            Some("to be adjusted") => adjust(form, answers, derived),
            Some("adjusted by the report") => {}
            _ => derived.blocked = Some(format!("the design is {design}: say what its numbers are ({})", unit_path(UnitItem::Cluster))),
        }
    }
}

/// A paired difference and its standard error from both arms and the correlation; a contrast that was typed stays.
fn pair_up(form: &Form, answers: &Answers, derived: &mut Derived) {
    derived.pairing = Pairing::Paired;
    let correlation_path = unit_path(UnitItem::Correlation);
    let correlation = answers.number(&correlation_path);
    for outcome in form.outcomes.iter().filter(|outcome| outcome.kind == OutcomeKind::Continuous) {
        for timepoint in &outcome.timepoints {
            for arms in form.pairs() {
                let pair = Pair::new(outcome, &timepoint.id, arms);
                let has_contrast =
                    [ContrastPart::Estimate, ContrastPart::Se].iter().all(|&part| derived.number(&pair.path(part)).is_some());
                let arms = pair.arms().map(|arm| {
                    let number = |part| arm.number(derived, part);
                    Some((number(OutcomePart::N)?, number(OutcomePart::Mean)?, number(OutcomePart::Sd)?))
                });
                let [Some((n1, mean1, sd1)), Some((n2, mean2, sd2))] = arms else { continue };
                if has_contrast {
                    continue;
                }
                let Some(correlation) = correlation else {
                    derived.refuse(correlation_path.clone(), "the correlation of a person's two values is needed for a paired difference");
                    return;
                };
                let n = n1.min(n2);
                let Some(effect) = crossover_effect(mean1, sd1, mean2, sd2, n, correlation) else { continue };
                let [first, second] = pair.arms();
                let inputs = vec![
                    (first.path(OutcomePart::Mean), mean1),
                    (first.path(OutcomePart::Sd), sd1),
                    (second.path(OutcomePart::Mean), mean2),
                    (second.path(OutcomePart::Sd), sd2),
                    (first.path(OutcomePart::N), n),
                    (correlation_path.clone(), correlation),
                ];
                let note = (n1 != n2).then(|| "the arms differ in size; the smaller one counts as the number of pairs".to_owned());
                let source = "Cochrane Handbook 23.2.7";
                let step = |part, value, formula| Step {
                    path: pair.path(part),
                    value,
                    formula,
                    source,
                    inputs: inputs.clone(),
                    note: note.clone(),
                };
                derived.take(step(ContrastPart::Estimate, effect.difference, "difference of the means"));
                derived.take(step(ContrastPart::Se, effect.se, "SE = √(SD₁² + SD₂² − 2 r SD₁ SD₂) / √n"));
            }
        }
    }
}

/// Sizes and events over the design effect.
fn adjust(form: &Form, answers: &Answers, derived: &mut Derived) {
    let [size_path, icc_path] = [UnitItem::ClusterSize, UnitItem::Icc].map(unit_path);
    let (Some(size), Some(icc)) = (answers.number(&size_path), answers.number(&icc_path)) else {
        derived.blocked =
            Some(format!("adjusting for clusters needs their mean size and the correlation within ({size_path}, {icc_path})"));
        return;
    };
    for outcome in &form.outcomes {
        for timepoint in &outcome.timepoints {
            for arm in &form.arms {
                for part in [OutcomePart::N, OutcomePart::Events] {
                    let path = crate::domain::form::outcome_path(&outcome.id, &timepoint.id, &arm.id, part);
                    let Some(before) = derived.number(&path) else { continue };
                    let Some(value) = cluster_effective_size(before, size, icc) else { continue };
                    derived.take(Step {
                        inputs: vec![(path.clone(), before), (size_path.clone(), size), (icc_path.clone(), icc)],
                        path,
                        value,
                        formula: "over the design effect 1 + (m − 1) ICC",
                        source: "Cochrane Handbook 23.1.4",
                        note: None,
                    });
                }
            }
        }
    }
}
