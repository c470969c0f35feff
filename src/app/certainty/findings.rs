//! The rows of a summary of findings: one pooled result each, with its certainty and why.

use serde::Serialize;

use crate::domain::certainty::{Certainty, CertaintyItem};
use crate::domain::form::Form;

use super::super::analyse::AnalysisResult;
use super::super::error::Result;
use super::super::workspace::Workspace;
use super::numbers::{self, AbsoluteView, BaselineView, EffectView};
use super::{NO_REASON, suggest};

/// The most outcomes that a summary of findings should have (Cochrane Handbook 14.1.2).
pub const MOST_FINDINGS: usize = 7;

/// Something in the numbers that speaks for a rating; it never rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SuggestionView {
    /// The domain.
    pub item: CertaintyItem,
    /// What was seen, as a sentence.
    pub text: String,
    /// Whether it speaks for moving the level, or only informs.
    pub is_concern: bool,
}

/// A domain with its rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RatedView {
    /// The domain.
    pub item: CertaintyItem,
    /// Its name.
    pub label: &'static str,
    /// The stored word of the rating; `None` where nobody rated.
    pub rating: Option<String>,
    /// The rating in words.
    pub rating_label: String,
    /// The levels that it adds.
    pub levels: i8,
    /// Why.
    pub explanation: String,
    /// Who rated.
    pub by: Option<String>,
}

/// A row of a summary of findings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingView {
    /// The analysis.
    pub analysis: String,
    /// Its title.
    pub title: String,
    /// The outcome.
    pub outcome: String,
    /// The timepoint.
    pub timepoint: String,
    /// The intervention.
    pub experimental: String,
    /// The comparator.
    pub control: String,
    /// The level of the intervals, in percent.
    pub level: f64,
    /// Studies pooled.
    pub studies: usize,
    /// People analysed in them, as far as arms are given.
    pub participants: u64,
    /// Of them with the event; `None` for means.
    pub events: Option<u64>,
    /// The pooled effect; `None` where nothing could be pooled.
    pub effect: Option<EffectView>,
    /// Why there is no effect.
    pub problem: Option<String>,
    /// The risk with the comparator; `None` for means.
    pub baseline: Option<BaselineView>,
    /// The absolute effect.
    pub absolute: Option<AbsoluteView>,
    /// The domains in GRADE's order, the starting level first.
    pub ratings: Vec<RatedView>,
    /// The level that follows; `None` while something is not rated.
    pub certainty: Option<Certainty>,
    /// What is not rated yet.
    pub missing: Vec<&'static str>,
    /// What in the numbers speaks for a rating.
    pub suggestions: Vec<SuggestionView>,
    /// What the table says beside the numbers.
    pub comment: String,
}

/// A summary of findings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Findings {
    /// The title of the review.
    pub review: String,
    /// The rows.
    pub rows: Vec<FindingView>,
}

impl FindingView {
    /// Returns outcome and timepoint in words.
    pub fn what(&self) -> String {
        format!("{} ({})", self.outcome, self.timepoint)
    }

    /// Returns the certainty as printed, with its signs; what is missing where it is open.
    pub fn certainty_text(&self) -> String {
        match self.certainty {
            Some(level) => format!("{} {}", level.signs(), level.label()),
            None if self.missing.len() == CertaintyItem::DOWN.len() + 1 => "not rated".to_owned(),
            None => format!("open: {}", self.missing.join(", ")),
        }
    }

    /// Returns the explanations of ratings that move the level, each with its domain: the footnotes of the table.
    pub fn footnotes(&self) -> Vec<String> {
        let moving = self.ratings.iter().filter(|rated| rated.levels != 0);
        moving.map(|rated| format!("{}: {}. {}", rated.label, rated.rating_label, rated.explanation)).collect()
    }
}

impl Workspace {
    /// Returns the summary of findings of the analyses named, of all of the form where none is.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review has no form or an analysis is not known.
    pub fn findings(&self, analyses: &[String]) -> Result<Findings> {
        let form = self.form()?;
        let ids: Vec<String> =
            if analyses.is_empty() { form.analyses.iter().map(|spec| spec.id.clone()).collect() } else { analyses.to_vec() };
        let rows = ids.iter().map(|id| Ok(self.finding(&form, &self.analysis(id)?))).collect::<Result<_>>()?;
        Ok(Findings { review: self.review_info().title, rows })
    }

    fn finding(&self, form: &Form, result: &AnalysisResult) -> FindingView {
        let spec = &result.spec;
        let outcome = form.outcome(&spec.outcome);
        let timepoint = outcome.and_then(|outcome| outcome.timepoints.iter().find(|timepoint| timepoint.id == spec.timepoint));
        let effect = numbers::effect(result);
        let baseline = self.baseline(result);
        let direction = outcome.and_then(|outcome| outcome.direction);
        let absolute = effect.as_ref().and_then(|effect| numbers::absolute(spec.measure, effect, baseline.as_ref(), direction));
        let (participants, events) = numbers::people(result);
        let rating = |item: CertaintyItem| self.rating_of(&spec.id, item).and_then(|row| item.rating(&row.judgement));
        let level = Certainty::of(rating);
        let items = std::iter::once(CertaintyItem::Start).chain(CertaintyItem::DOWN).chain(CertaintyItem::UP);
        let comment = self.rating_of(&spec.id, CertaintyItem::Comment).map(|row| row.judgement.clone()).unwrap_or_default();
        let mut suggestions = suggest::suggestions(result, outcome, effect.as_ref(), &self.bias_of_weights(form, result));
        suggestions.extend(suggest::rated_up(rating));
        FindingView {
            analysis: spec.id.clone(),
            title: spec.title.clone(),
            outcome: outcome.map_or_else(|| spec.outcome.clone(), |outcome| outcome.label.clone()),
            timepoint: timepoint.map_or_else(|| spec.timepoint.clone(), |timepoint| timepoint.name().to_owned()),
            experimental: result.experimental.clone(),
            control: result.control.clone(),
            level: if spec.level > 1.0 { spec.level } else { 100.0 * spec.level },
            studies: result.pooled.as_ref().map_or(0, |pooled| pooled.k),
            participants,
            events,
            problem: result.pooled.as_ref().err().cloned(),
            suggestions,
            effect,
            baseline,
            absolute,
            ratings: items.map(|item| self.rated_view(&spec.id, item)).collect(),
            certainty: level.as_ref().ok().copied(),
            missing: level.err().unwrap_or_default().into_iter().map(CertaintyItem::label).collect(),
            comment,
        }
    }

    fn rated_view(&self, analysis: &str, item: CertaintyItem) -> RatedView {
        let row = self.rating_of(analysis, item);
        let rating = row.and_then(|row| item.rating(&row.judgement));
        RatedView {
            item,
            label: item.label(),
            rating: rating.map(|rating| rating.id.to_owned()),
            rating_label: rating.map_or_else(|| "not rated".to_owned(), |rating| rating.label.to_owned()),
            levels: rating.map_or(0, |rating| rating.levels),
            explanation: row.map(|row| row.rationale.clone()).filter(|why| why != NO_REASON).unwrap_or_default(),
            by: row.map(|row| row.reviewer.to_string()),
        }
    }

    /// Returns the comparator risk that a person laid down, or else the median of the control arms.
    fn baseline(&self, result: &AnalysisResult) -> Option<BaselineView> {
        if !matches!(result.spec.measure.outcome_kind(), crate::domain::form::OutcomeKind::Dichotomous) {
            return None;
        }
        let laid_down = self.rating_of(&result.spec.id, CertaintyItem::BaselineRisk);
        if let Some((row, risk)) = laid_down.and_then(|row| Some((row, row.judgement.parse().ok()?))) {
            return Some(BaselineView { per_1000: risk, source: format!("{}, by {}", row.rationale, row.reviewer) });
        }
        let risk = numbers::median_control_risk(result)?;
        Some(BaselineView { per_1000: 1000.0 * risk, source: "median of the control groups".to_owned() })
    }

    /// Returns the share of the weight by the overall judgement on risk of bias agreed upon, in percent, the worst last; studies without
    /// one under an empty name. Empty where the form plans no appraisals.
    fn bias_of_weights(&self, form: &Form, result: &AnalysisResult) -> Vec<(String, f64)> {
        let Ok(pooled) = &result.pooled else { return Vec::new() };
        let Ok(lines) = self.appraisals() else { return Vec::new() };
        if form.appraisals.is_empty() {
            return Vec::new();
        }
        let wanted = format!("{}.{}", result.spec.outcome, result.spec.timepoint);
        let mut shares: Vec<(String, f64)> = Vec::new();
        for (label, weight) in pooled.labels.iter().zip(&pooled.weights_pct) {
            let of_study = lines.iter().filter(|line| line.label == *label);
            let line =
                of_study.clone().find(|line| line.of.result == wanted).or_else(|| of_study.clone().find(|line| line.of.result.is_empty()));
            let judged = line.and_then(|line| line.overall.clone()).unwrap_or_default();
            match shares.iter_mut().find(|(known, _)| *known == judged) {
                Some((_, share)) => *share += weight.unwrap_or(0.0),
                None => shares.push((judged, weight.unwrap_or(0.0))),
            }
        }
        shares
    }
}
