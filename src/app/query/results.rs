//! The results of all studies as they are pooled: arm by arm, and pair by pair, with how each number came about.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::agreed::AgreedNumbers;
use super::super::error::Result;
use super::super::forms::Forms;
use super::super::workspace::Workspace;
use crate::domain::extraction::DraftValue;
use crate::domain::form::{ArmRole, ContrastPart, Form, Outcome, OutcomeKind, OutcomePart, Scope, Timepoint, contrast_path, outcome_path};

/// The numbers of one arm, or of one contrast of two arms, of one outcome at one time point.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ResultLine {
    /// The identity of the study.
    pub study_id: String,
    /// Its label.
    pub study: String,
    /// The year in its label where a report is of that year, else that of its earliest report.
    pub year: Option<i32>,
    /// The outcome's id.
    pub outcome: String,
    /// The time point's id.
    pub timepoint: String,
    /// The arm's id; both ids of a contrast, joined by " v ".
    pub arm: String,
    /// "experimental", "control", or "contrast".
    pub role: &'static str,
    /// "arm" or "contrast".
    pub level: &'static str,
    /// People analysed.
    pub n: Option<f64>,
    /// The mean, on the scale of the outcome.
    pub mean: Option<f64>,
    /// The standard deviation, on the scale of the outcome.
    pub sd: Option<f64>,
    /// People with the event.
    pub events: Option<f64>,
    /// The effect measure of a contrast, where one was chosen.
    pub measure: Option<String>,
    /// The estimate of a contrast; ratios on the natural scale.
    pub estimate: Option<f64>,
    /// Its standard error; of a ratio that of the natural logarithm.
    pub se: Option<f64>,
    /// The lower limit of its 95 % interval, as typed.
    pub ci_low: Option<f64>,
    /// The upper limit of its 95 % interval, as typed.
    pub ci_high: Option<f64>,
    /// The ends of the outcome's scale.
    pub scale: Option<[f64; 2]>,
    /// "reported", or "converted" where a number was derived.
    pub status: &'static str,
    /// The steps by which numbers were derived.
    pub conversion: String,
    /// What was typed.
    pub raw: String,
    /// The pages noted by either extractor.
    pub page: String,
    /// The words quoted by either extractor.
    pub quote: String,
}

impl ResultLine {
    /// Returns whether the contrast is a ratio.
    pub fn is_ratio(&self) -> bool {
        is_ratio(self.measure.as_deref())
    }
}

/// The numbers of two arms side by side, as programs for meta-analysis read them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairLine {
    /// The label of the study.
    pub study: String,
    /// The year in its label where a report is of that year, else that of its earliest report.
    pub year: Option<i32>,
    /// The outcome's id.
    pub outcome: String,
    /// The time point's id.
    pub timepoint: String,
    /// The id of the experimental arm.
    pub experimental: String,
    /// The id of the control arm.
    pub control: String,
    /// Size, mean, standard deviation of both arms.
    pub means: [Option<f64>; 6],
    /// Events and size of both arms.
    pub events: [Option<f64>; 4],
    /// The effect measure of the contrast.
    pub measure: Option<String>,
    /// The contrast on the scale of analysis (ratios as natural logarithm).
    pub yi: Option<f64>,
    /// Its standard error.
    pub sei: Option<f64>,
    /// What describes the study: the answers to fields of the study, in form order; no answer gives nothing.
    pub moderators: Vec<Option<String>>,
}

impl Workspace {
    /// Returns the results of all studies on which the extractors agree: first the arms, then the contrasts of each outcome.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review has no form.
    pub fn results(&self) -> Result<Vec<ResultLine>> {
        let forms = self.forms()?;
        let form = forms.current();
        let years = self.years()?;
        let mut lines = Vec::new();
        for known in self.agreed_studies(&forms).iter() {
            let places = self.places_of(&forms, known);
            for (outcome, timepoint) in form.points() {
                let reader = Reader { known, places: &places, outcome, timepoint, year: years.get(&known.agreed.label).copied().flatten() };
                lines.extend(form.arms.iter().filter_map(|arm| reader.arm(&arm.id, arm.role)));
                lines.extend(form.pairs().filter_map(|(experimental, control)| reader.contrast(&experimental.id, &control.id)));
            }
        }
        Ok(lines)
    }

    /// Returns the pairs of arms with numbers, one row a study, outcome, time point and pair.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review has no form.
    pub fn result_pairs(&self) -> Result<Vec<PairLine>> {
        let forms = self.forms()?;
        let form = forms.current();
        let years = self.years()?;
        let mut lines = Vec::new();
        for known in self.agreed_studies(&forms).iter() {
            let moderators = moderator_fields(form).map(|field| known.agreed.cells.get(field).map(ToString::to_string)).collect::<Vec<_>>();
            for (outcome, timepoint) in form.points() {
                for (experimental, control) in form.pairs().map(|(experimental, control)| (&experimental.id, &control.id)) {
                    let number = |path: String| known.derived.numbers.get(&path).copied();
                    let arm = |arm: &str, part| number(outcome_path(&outcome.id, &timepoint.id, arm, part));
                    let contrast = |part| contrast_path(&outcome.id, &timepoint.id, experimental, control, part);
                    let (mut means, mut events) = ([None; 6], [None; 4]);
                    for (at, side) in [experimental, control].into_iter().enumerate() {
                        match outcome.kind {
                            OutcomeKind::Continuous => {
                                let parts = [OutcomePart::N, OutcomePart::Mean, OutcomePart::Sd];
                                means[3 * at..3 * at + 3].copy_from_slice(&parts.map(|part| arm(side, part)));
                            }
                            OutcomeKind::Dichotomous => {
                                events[2 * at..2 * at + 2]
                                    .copy_from_slice(&[OutcomePart::Events, OutcomePart::N].map(|part| arm(side, part)));
                            }
                        }
                    }
                    let sei = number(contrast(ContrastPart::Se));
                    let measure = known.agreed.cells.get(&contrast(ContrastPart::Measure)).map(ToString::to_string);
                    let is_ratio = is_ratio(measure.as_deref());
                    let yi = number(contrast(ContrastPart::Estimate)).map(|estimate| if is_ratio { estimate.ln() } else { estimate });
                    if means.iter().chain(&events).chain([&yi]).all(Option::is_none) {
                        continue;
                    }
                    lines.push(PairLine {
                        study: known.agreed.label.clone(),
                        year: years.get(&known.agreed.label).copied().flatten(),
                        outcome: outcome.id.clone(),
                        timepoint: timepoint.id.clone(),
                        experimental: experimental.clone(),
                        control: control.clone(),
                        means,
                        events,
                        measure: measure.filter(|_| yi.is_some()),
                        yi,
                        sei,
                        moderators: moderators.clone(),
                    });
                }
            }
        }
        Ok(lines)
    }

    /// Returns the ids of the fields whose answers describe studies in [`Workspace::result_pairs`].
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review has no form.
    pub fn moderator_names(&self) -> Result<Vec<String>> {
        Ok(moderator_fields(&self.form()?).map(str::to_owned).collect())
    }

    /// The year of each study, by label.
    pub(in crate::app) fn years(&self) -> Result<BTreeMap<String, Option<i32>>> {
        let lines = self.studies()?.into_iter();
        Ok(lines.map(|line| (line.label.clone(), line.year())).collect())
    }

    /// The values of both drafts by cell: what was typed, with pages and quotations.
    fn places_of(&self, forms: &Forms, known: &AgreedNumbers) -> BTreeMap<String, Vec<DraftValue>> {
        let mut places: BTreeMap<String, Vec<DraftValue>> = BTreeMap::new();
        let drafts = self.state.study(&known.id).and_then(|study| self.both_drafts(forms, &study).ok());
        for value in drafts.into_iter().flat_map(|(a, b)| a.into_iter().chain(b)) {
            places.entry(value.path.clone()).or_default().push(value);
        }
        places
    }
}

fn is_ratio(measure: Option<&str>) -> bool {
    matches!(measure, Some("RR" | "OR" | "HR"))
}

fn moderator_fields(form: &Form) -> impl Iterator<Item = &str> {
    form.fields.iter().filter(|field| field.scope == Scope::Study).map(|field| field.id.as_str())
}

/// Reads the results of one study, outcome and time point.
struct Reader<'a> {
    known: &'a AgreedNumbers,
    places: &'a BTreeMap<String, Vec<DraftValue>>,
    outcome: &'a Outcome,
    timepoint: &'a Timepoint,
    year: Option<i32>,
}

impl Reader<'_> {
    fn arm(&self, arm: &str, role: ArmRole) -> Option<ResultLine> {
        let path = |part| outcome_path(&self.outcome.id, &self.timepoint.id, arm, part);
        let number = |part| self.known.derived.numbers.get(&path(part)).copied();
        let paths: Vec<String> = self.outcome.parts().into_iter().map(path).collect();
        if !paths.iter().any(|path| self.places.contains_key(path)) {
            return None;
        }
        let pooled: Vec<String> = OutcomePart::of(self.outcome.kind).iter().map(|&part| path(part)).collect();
        Some(ResultLine {
            arm: arm.to_owned(),
            role: if role == ArmRole::Experimental { "experimental" } else { "control" },
            level: "arm",
            n: number(OutcomePart::N),
            mean: number(OutcomePart::Mean),
            sd: number(OutcomePart::Sd),
            events: number(OutcomePart::Events),
            ..self.line(&paths, &pooled)
        })
    }

    fn contrast(&self, experimental: &str, control: &str) -> Option<ResultLine> {
        let path = |part| contrast_path(&self.outcome.id, &self.timepoint.id, experimental, control, part);
        let number = |part| self.known.derived.numbers.get(&path(part)).copied();
        let paths: Vec<String> = self.outcome.contrast_parts().into_iter().map(path).collect();
        let estimate = number(ContrastPart::Estimate)?;
        let pooled = [ContrastPart::Estimate, ContrastPart::Se].map(path);
        Some(ResultLine {
            arm: format!("{experimental} v {control}"),
            role: "contrast",
            level: "contrast",
            measure: self.known.agreed.cells.get(&path(ContrastPart::Measure)).map(ToString::to_string),
            estimate: Some(estimate),
            se: number(ContrastPart::Se),
            ci_low: number(ContrastPart::CiLow),
            ci_high: number(ContrastPart::CiHigh),
            ..self.line(&paths, &pooled)
        })
    }

    /// What arms and contrasts share: study, steps, what was typed and where.
    fn line(&self, paths: &[String], pooled: &[String]) -> ResultLine {
        let steps: Vec<String> = self
            .known
            .derived
            .steps
            .iter()
            .filter(|step| pooled.contains(&step.path))
            .map(|step| format!("{}: {}", last(&step.path), step.words()))
            .collect();
        let mut raw = Vec::new();
        let (mut pages, mut quotes): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for path in paths {
            if let Some(value) = self.known.agreed.cells.get(path).filter(|_| self.places.contains_key(path)) {
                let typed =
                    self.places.get(path).and_then(|values| values.first()).map_or_else(|| value.to_string(), |value| value.raw.clone());
                raw.push(format!("{} {typed}", last(path)));
            }
            for value in self.places.get(path).into_iter().flatten() {
                let add = |list: &mut Vec<String>, text: &Option<String>| {
                    if let Some(text) = text.as_ref().filter(|text| !list.contains(text)) {
                        list.push(text.clone());
                    }
                };
                add(&mut pages, &value.page);
                add(&mut quotes, &value.quote);
            }
        }
        ResultLine {
            study_id: self.known.id.to_string(),
            study: self.known.agreed.label.clone(),
            year: self.year,
            outcome: self.outcome.id.clone(),
            timepoint: self.timepoint.id.clone(),
            scale: self.outcome.scale,
            status: if steps.is_empty() { "reported" } else { "converted" },
            conversion: steps.join("; "),
            raw: raw.join("; "),
            page: pages.join("; "),
            quote: quotes.join("; "),
            ..ResultLine::default()
        }
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}
