//! Risk of bias: two people appraise without seeing each other, then agree.

mod agreed;
mod reading;
mod views;

pub use agreed::{AgreedBias, AgreedBiasStudy, BiasItem};
pub use views::{AppraisalComparison, AppraisalLine, AppraisalView, ComparedJudgement, DomainView, JudgementView, QuestionView};

use std::sync::OnceLock;

use crate::domain::appraisal::{AgreedJudgement, AppraisalAnswer, AppraisalSubmission, Appraised, Instrument, Proposal};
use crate::domain::form::Form;
use crate::domain::ids::ReviewerId;
use crate::domain::operation::{OpKind, Row};
use crate::domain::state::StudyView;

use super::error::{Error, Result};
use super::request::Reply;
use super::workspace::{Change, Workspace, nothing};
use reading::{domain_views, is_checklist, is_item, judgement_view, missing, no_item, responses, result_label, results_of, spelled};

/// The item that stands for the whole of an appraisal.
pub const OVERALL: &str = "overall";

/// The files of the instruments that come with the program.
const FILES: &[(&str, &str)] = &[
    ("rob2.toml", include_str!("../../../assets/instruments/rob2.toml")),
    ("rob2-adherence.toml", include_str!("../../../assets/instruments/rob2-adherence.toml")),
    ("robins-i-2016.toml", include_str!("../../../assets/instruments/robins-i-2016.toml")),
    ("robins-i-v2.toml", include_str!("../../../assets/instruments/robins-i-v2.toml")),
    ("quadas-2.toml", include_str!("../../../assets/instruments/quadas-2.toml")),
    ("nos-cohort.toml", include_str!("../../../assets/instruments/nos-cohort.toml")),
    ("nos-case-control.toml", include_str!("../../../assets/instruments/nos-case-control.toml")),
    ("jbi-rct.toml", include_str!("../../../assets/instruments/jbi-rct.toml")),
    ("jbi-quasi-experimental.toml", include_str!("../../../assets/instruments/jbi-quasi-experimental.toml")),
    ("jbi-cohort.toml", include_str!("../../../assets/instruments/jbi-cohort.toml")),
    ("jbi-case-control.toml", include_str!("../../../assets/instruments/jbi-case-control.toml")),
    ("jbi-cross-sectional.toml", include_str!("../../../assets/instruments/jbi-cross-sectional.toml")),
    ("jbi-case-series.toml", include_str!("../../../assets/instruments/jbi-case-series.toml")),
    ("jbi-case-report.toml", include_str!("../../../assets/instruments/jbi-case-report.toml")),
    ("jbi-prevalence.toml", include_str!("../../../assets/instruments/jbi-prevalence.toml")),
    ("jbi-qualitative.toml", include_str!("../../../assets/instruments/jbi-qualitative.toml")),
];

/// Returns the instruments that come with the program, in the order in which they are offered.
pub fn instruments() -> &'static [Instrument] {
    static READ: OnceLock<Vec<Instrument>> = OnceLock::new();
    READ.get_or_init(|| {
        let read =
            |(name, text): &(&str, &str)| toml::from_str(text).unwrap_or_else(|error| panic!("{name} is bundled and tested: {error}"));
        FILES.iter().map(read).collect()
    })
}

/// Returns the instrument with this id.
///
/// # Errors
/// [`Error`] with the known ids.
pub fn instrument(id: &str) -> Result<&'static Instrument> {
    instruments().iter().find(|known| known.id == id).ok_or_else(|| {
        let known: Vec<&str> = instruments().iter().map(|known| known.id.as_str()).collect();
        Error::not_found(format!("there is no instrument \"{id}\"")).hint(format!("the instruments are {}", known.join(", ")))
    })
}

impl Workspace {
    /// Returns the appraisals that the form plans for the studies included.
    ///
    /// # Errors
    /// [`Error`] where the review has no form.
    pub fn appraisals(&self) -> Result<Vec<AppraisalLine>> {
        let form = self.form()?;
        let mut lines = Vec::new();
        for study in self.state.studies().into_iter().filter(|study| study.is_included) {
            for plan in &form.appraisals {
                let tool = instrument(&plan.instrument)?;
                for result in results_of(&form, &plan.results, tool) {
                    let of = Appraised { study: study.id.clone(), result, instrument: tool.id.clone() };
                    lines.push(self.appraisal_line(&form, &study, of, tool));
                }
            }
        }
        Ok(lines)
    }

    /// Finds the appraisal that is meant: the instrument and the result may be left out where the form plans one only.
    ///
    /// # Errors
    /// [`Error`] where there is no such study or plan, or several fit.
    pub fn find_appraisal(&self, study: &str, result: Option<&str>, tool: Option<&str>) -> Result<Appraised> {
        let study = self.known_study(study)?;
        let planned = self.appraisals()?.into_iter().map(|line| line.of);
        let mut fits: Vec<Appraised> = planned
            .filter(|of| of.study == study.id)
            .filter(|of| result.is_none_or(|result| of.result == result) && tool.is_none_or(|tool| of.instrument == tool))
            .collect();
        match fits.len() {
            1 => Ok(fits.remove(0)),
            0 => Err(Error::not_found(format!("the form plans no such appraisal of {}", study.label))
                .hint("[[appraisal]] in the form names instrument and results; the study must be included")),
            _ => {
                let names: Vec<String> = fits.iter().map(|of| format!("{} {}", of.instrument, of.result).trim().to_owned()).collect();
                Err(Error::user(format!("{} has several appraisals: {}", study.label, names.join(", ")))
                    .hint("say which with --result OUTCOME.TIMEPOINT or --tool ID"))
            }
        }
    }

    /// Returns the acting reviewer's own appraisal.
    ///
    /// # Errors
    /// [`Error`] where there is no such plan, or nobody acts.
    pub fn my_appraisal(&self, of: &Appraised) -> Result<AppraisalView> {
        let me = self.acting()?;
        let (form, study, tool) = self.planned(of)?;
        let answers = self.state.appraisal_of(of, &me);
        let responses = responses(tool, &answers);
        let domains = domain_views(tool, &answers, &responses);
        Ok(AppraisalView {
            line: self.appraisal_line(&form, &study, of.clone(), tool),
            reviewer: me.to_string(),
            judgements: tool.judgements.iter().map(judgement_view).collect(),
            stars: tool.stars(&responses),
            domains,
        })
    }

    /// Compares two appraisals.
    ///
    /// # Errors
    /// [`Error`] before all that are needed are in.
    pub fn compare_appraisals(&self, of: &Appraised) -> Result<AppraisalComparison> {
        let (form, study, tool) = self.planned(of)?;
        let people = self.state.appraisers(of);
        let line = self.appraisal_line(&form, &study, of.clone(), tool);
        if line.submitted < line.required {
            return Err(Error::blocked(format!(
                "the appraisals of {} cannot be compared yet: {} of {} handed in",
                study.label, line.submitted, line.required
            )));
        }
        let name = |at: usize| people.get(at).map(ToString::to_string).unwrap_or_default();
        Ok(AppraisalComparison { line, a: name(0), b: name(1), items: self.judged_by_both(of, tool, &people) })
    }

    pub(super) fn answer_appraisal(
        &mut self,
        of: &Appraised,
        item: &str,
        answer: Option<&str>,
        support: Option<String>,
        page: Option<String>,
    ) -> Result<Reply> {
        let me = self.appraiser()?;
        let (_, study, tool) = self.planned(of)?;
        if self.state.is_appraised(of, &me) {
            return Err(Error::blocked(format!("your appraisal of {} is handed in and locked", study.label))
                .hint("take it back with tamis rob withdraw"));
        }
        let answer = answer.map(|answer| spelled(tool, item, answer)).transpose()?;
        if answer.is_none() && !is_item(tool, item) {
            return Err(no_item(tool, item));
        }
        let tidy = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let row = AppraisalAnswer {
            of: of.clone(),
            reviewer: me.clone(),
            item: item.to_owned(),
            support: tidy(support).filter(|_| answer.is_some()),
            page: tidy(page).filter(|_| answer.is_some()),
            answer,
        };
        let standing = self.state.appraisal_of(of, &me);
        if standing.get(item).map_or(row.answer.is_none(), |known| **known == row) {
            return Ok(nothing("it is answered that way already"));
        }
        let what = format!("answered {item} of {} for {}", tool.title, study.label);
        self.transact(Change::new(OpKind::Appraise, what, vec![Row::AppraisalAnswer(row)]))
    }

    pub(super) fn submit_appraisal(&mut self, of: &Appraised, is_submitted: bool) -> Result<Reply> {
        let me = self.appraiser()?;
        let view = self.my_appraisal(of)?;
        let (_, study, tool) = self.planned(of)?;
        if self.state.is_appraised(of, &me) == is_submitted {
            let state = if is_submitted { "handed in already" } else { "not handed in" };
            return Err(Error::blocked(format!("your appraisal of {} is {state}", study.label)));
        }
        if is_submitted {
            let missing = missing(tool, &view);
            if !missing.is_empty() {
                return Err(Error::blocked(format!("the appraisal of {} is not complete: {}", study.label, missing.join("; "))));
            }
        } else if view.line.submitted >= view.line.required {
            return Err(Error::blocked(format!("both appraisals of {} are in and can be compared", study.label))
                .hint("settle the domain with tamis rob agree"));
        }
        let what = format!("{} an appraisal of {}", if is_submitted { "handed in" } else { "took back" }, study.label);
        let row = AppraisalSubmission { of: of.clone(), reviewer: me, is_submitted };
        self.transact(Change::new(OpKind::Appraise, what, vec![Row::AppraisalSubmission(row)]))
    }

    pub(super) fn agree_judgement(&mut self, of: &Appraised, item: &str, judgement: &str, rationale: &str) -> Result<Reply> {
        let me = self.acting()?;
        let (_, study, tool) = self.planned(of)?;
        let compared = self.compare_appraisals(of)?;
        if !compared.items.iter().any(|known| known.item == item) {
            return Err(no_item(tool, item));
        }
        if rationale.trim().is_empty() {
            return Err(Error::user("settling a judgement needs a reason in words").hint("add --why \"...\""));
        }
        let row = AgreedJudgement {
            of: of.clone(),
            item: item.to_owned(),
            judgement: spelled(tool, item, judgement)?,
            reviewer: me,
            rationale: rationale.trim().to_owned(),
        };
        if self.state.agreed_judgement(of, item).is_some_and(|(_, known)| *known == row) {
            return Ok(nothing("it is settled that way already"));
        }
        let what = format!("settled {item} of {} for {}", tool.title, study.label);
        self.transact(Change::new(OpKind::Appraise, what, vec![Row::AgreedJudgement(row)]))
    }

    fn appraiser(&self) -> Result<ReviewerId> {
        let person = self.acting()?;
        if self.reviewer().is_some_and(|reviewer| reviewer.votes()) {
            Ok(person)
        } else {
            Err(Error::blocked(format!("{person} does not appraise in this review")))
        }
    }

    fn planned(&self, of: &Appraised) -> Result<(Form, StudyView, &'static Instrument)> {
        let form = self.form()?;
        let study = self.known_study(of.study.as_str())?;
        let tool = instrument(&of.instrument)?;
        let plan = form.appraisals.iter().filter(|plan| plan.instrument == of.instrument);
        let is_planned = plan.into_iter().any(|plan| results_of(&form, &plan.results, tool).contains(&of.result));
        if !is_planned || !study.is_included {
            return Err(Error::not_found(format!("the form plans no appraisal of {} with {} {}", study.label, tool.title, of.result)));
        }
        Ok((form, study, tool))
    }

    fn appraisal_line(&self, form: &Form, study: &StudyView, of: Appraised, tool: &Instrument) -> AppraisalLine {
        let people = self.state.appraisers(&of);
        let required = form.extractors.max(1) as usize;
        let me = self.acting().ok();
        let items = if people.len() >= required { self.judged_by_both(&of, tool, &people) } else { Vec::new() };
        let overall = items.iter().find(|item| item.item == OVERALL).and_then(|item| item.agreed.clone());
        AppraisalLine {
            label: study.label.clone(),
            result_label: result_label(form, &of.result),
            title: tool.title.clone(),
            submitted: people.len(),
            required,
            is_mine_submitted: me.as_ref().is_some_and(|me| people.contains(me)),
            my_answers: me.map_or(0, |me| self.state.appraisal_of(&of, &me).len()),
            open: items.iter().filter(|item| item.agreed.is_none()).count(),
            overall,
            of,
        }
    }

    /// Sets the judgements of the first two people side by side.
    fn judged_by_both(&self, of: &Appraised, tool: &Instrument, people: &[ReviewerId]) -> Vec<ComparedJudgement> {
        let judged = |at: usize| {
            let person = people.get(at).or_else(|| people.first());
            person.map(|person| {
                let answers = self.state.appraisal_of(of, person);
                let responses = responses(tool, &answers);
                (domain_views(tool, &answers, &responses), responses)
            })
        };
        let (Some(a), Some(b)) = (judged(0), judged(1)) else { return Vec::new() };
        let mut items = Vec::new();
        for (first, second) in a.0.iter().zip(&b.0) {
            if is_checklist(tool, &first.id) {
                for (one, other) in first.questions.iter().zip(&second.questions) {
                    items.push(self.compare(
                        of,
                        &one.id,
                        &one.text,
                        [one.answer.clone(), other.answer.clone()],
                        [&one.support, &other.support],
                        &|id| id.to_owned(),
                    ));
                }
            } else {
                let id = |view: &DomainView| view.judged.as_ref().map(|judgement| judgement.id.clone());
                let label = |id: &str| tool.judgement(id).map_or_else(|| id.to_owned(), |judgement| judgement.label.clone());
                items.push(self.compare(of, &first.id, &first.title, [id(first), id(second)], [&first.support, &second.support], &label));
            }
        }
        self.follow_overall(of, tool, &mut items);
        items
    }

    fn compare(
        &self,
        of: &Appraised,
        item: &str,
        title: &str,
        [a, b]: [Option<String>; 2],
        [a_support, b_support]: [&Option<String>; 2],
        label: &dyn Fn(&str) -> String,
    ) -> ComparedJudgement {
        let settled = self.state.agreed_judgement(of, item);
        let agreed_id = settled.map(|(_, row)| row.judgement.clone()).or_else(|| a.clone().filter(|_| a == b));
        ComparedJudgement {
            item: item.to_owned(),
            title: title.to_owned(),
            a: a.as_deref().map(label),
            a_support: a_support.clone(),
            b: b.as_deref().map(label),
            b_support: b_support.clone(),
            agreed: agreed_id.as_deref().map(label),
            agreed_id,
            settled: settled.map(|(op, row)| format!("{} on {}: {}", row.reviewer, self.state.op(op).at.to_minute(), row.rationale)),
        }
    }

    /// The whole follows from the domains agreed upon, unless somebody settled it otherwise.
    fn follow_overall(&self, of: &Appraised, tool: &Instrument, items: &mut [ComparedJudgement]) {
        if self.state.agreed_judgement(of, OVERALL).is_some() {
            return;
        }
        let agreed = items.iter().filter_map(|item| Some((item.item.clone(), item.agreed_id.clone()?))).collect();
        let Proposal::Judged(judgement) = tool.overall(&agreed) else { return };
        let (id, label) = (judgement.id.clone(), judgement.label.clone());
        let raised = |item: &ComparedJudgement| item.a.is_some() && item.a == item.b && item.a.as_ref() != Some(&label);
        if let Some(whole) = items.iter_mut().find(|item| item.item == OVERALL && !raised(item)) {
            (whole.agreed_id, whole.agreed) = (Some(id), Some(label));
        }
    }
}

#[cfg(test)]
mod tests;
