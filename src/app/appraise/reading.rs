//! Reading an appraisal: what is an item of an instrument, how answers are spelled, what is proposed, what is missing.

use std::collections::BTreeMap;

use super::super::error::{Error, Result};
use super::OVERALL;
use super::views::{AppraisalView, DomainView, JudgementView, QuestionView};
use crate::domain::appraisal::{AppraisalAnswer, AppraisalUnit, BiasDomain, Instrument, Judgement, Overall, Proposal, Responses};
use crate::domain::form::Form;

/// Tells whether a domain is a list of questions whose answers are shown as they are.
pub(super) fn is_checklist(tool: &Instrument, domain: &str) -> bool {
    tool.domain(domain).is_some_and(|domain| !domain.questions.is_empty() && domain.parts.is_empty())
}

pub(super) fn is_item(tool: &Instrument, item: &str) -> bool {
    tool.question(item).is_some() || tool.domain(item).is_some() || (item == OVERALL && tool.overall == Overall::Worst)
}

pub(super) fn no_item(tool: &Instrument, item: &str) -> Error {
    Error::not_found(format!("{} has no question or domain \"{item}\"", tool.title)).hint("tamis rob show STUDY lists them")
}

/// Spells an answer as the instrument does.
pub(super) fn spelled(tool: &Instrument, item: &str, answer: &str) -> Result<String> {
    let answer = answer.trim();
    let options: Vec<(&str, &str)> = match tool.question(item) {
        Some(question) => question.answers.iter().map(|answer| (answer.as_str(), answer.as_str())).collect(),
        None if is_item(tool, item) && !is_checklist(tool, item) => {
            tool.judgements.iter().map(|judgement| (judgement.id.as_str(), judgement.label.as_str())).collect()
        }
        None => return Err(no_item(tool, item)),
    };
    let found = options.iter().find(|(id, label)| id.eq_ignore_ascii_case(answer) || label.eq_ignore_ascii_case(answer));
    found.map(|(id, _)| (*id).to_owned()).ok_or_else(|| {
        let known: Vec<&str> = options.iter().map(|(id, _)| *id).collect();
        Error::user(format!("\"{}\" is no answer to {item}", crate::domain::text::clean_line(answer)))
            .hint(format!("the answers are {}", known.join(", ")))
    })
}

/// The results that a plan appraises: those named, or every one that an analysis pools; the study as a whole where the instrument does so.
pub(super) fn results_of(form: &Form, named: &[String], tool: &Instrument) -> Vec<String> {
    if tool.unit == AppraisalUnit::Study {
        return vec![String::new()];
    }
    if !named.is_empty() {
        return named.to_vec();
    }
    let mut results: Vec<String> = Vec::new();
    for analysis in &form.analyses {
        let result = format!("{}.{}", analysis.outcome, analysis.timepoint);
        if !results.contains(&result) {
            results.push(result);
        }
    }
    results
}

pub(super) fn result_label(form: &Form, result: &str) -> String {
    let Some((outcome, timepoint)) = result.split_once('.') else { return String::new() };
    let outcome_form = form.outcome(outcome);
    let timepoint_name = outcome_form.and_then(|known| known.timepoint(timepoint)).map_or(timepoint, |known| known.name());
    format!("{}, {timepoint_name}", outcome_form.map_or(outcome, |known| known.label.as_str()))
}

/// The answers to questions, without judgements of domains.
pub(super) fn responses(tool: &Instrument, answers: &BTreeMap<&str, &AppraisalAnswer>) -> Responses {
    let given = answers.iter().filter(|(item, _)| tool.question(item).is_some());
    given.filter_map(|(item, answer)| Some(((*item).to_owned(), answer.answer.clone()?))).collect()
}

pub(super) fn judgement_view(judgement: &Judgement) -> JudgementView {
    JudgementView { id: judgement.id.clone(), label: judgement.label.clone(), sign: judgement.sign }
}

pub(super) fn domain_views(tool: &Instrument, answers: &BTreeMap<&str, &AppraisalAnswer>, responses: &Responses) -> Vec<DomainView> {
    let view = |id: &str, title: &str, domain: Option<&BiasDomain>, proposal: Proposal<'_>| {
        let own = answers.get(id);
        let proposed = match proposal {
            Proposal::Judged(judgement) => Some(judgement_view(judgement)),
            _ => None,
        };
        let judged = own.and_then(|own| tool.judgement(own.answer.as_deref()?)).map(judgement_view).or_else(|| proposed.clone());
        let questions = domain.map(|domain| {
            domain.questions.iter().map(|question| {
                let given = answers.get(question.id.as_str());
                QuestionView {
                    id: question.id.clone(),
                    text: question.text.clone(),
                    answers: question.answers.clone(),
                    is_asked: tool.is_asked(question, responses),
                    answer: given.and_then(|given| given.answer.clone()),
                    support: given.and_then(|given| given.support.clone()),
                    page: given.and_then(|given| given.page.clone()),
                }
            })
        });
        DomainView {
            id: id.to_owned(),
            title: title.to_owned(),
            questions: questions.map(Iterator::collect).unwrap_or_default(),
            waits_for: match proposal {
                Proposal::Incomplete(question) => Some(question.to_owned()),
                _ => None,
            },
            is_overridden: proposed.is_some() && own.is_some() && judged != proposed,
            proposed,
            judged,
            support: own.and_then(|own| own.support.clone()),
        }
    };
    let mut views: Vec<DomainView> =
        tool.domains.iter().map(|domain| view(&domain.id, &domain.title, Some(domain), tool.propose(domain, responses))).collect();
    if tool.overall == Overall::Worst {
        let judged = views.iter().filter_map(|view| Some((view.id.clone(), view.judged.as_ref()?.id.clone()))).collect();
        views.push(view(OVERALL, "Overall", None, tool.overall(&judged)));
    }
    views
}

/// What keeps an appraisal from being handed in, in words.
pub(super) fn missing(tool: &Instrument, view: &AppraisalView) -> Vec<String> {
    let mut missing = Vec::new();
    for domain in &view.domains {
        if is_checklist(tool, &domain.id) {
            let open: Vec<&str> =
                domain.questions.iter().filter(|question| question.answer.is_none()).map(|question| question.id.as_str()).collect();
            if !open.is_empty() {
                missing.push(format!("{} without an answer", open.join(", ")));
            }
        } else if domain.judged.is_none() {
            let waits = domain.waits_for.as_ref().map(|id| format!(" (question {id} is open)")).unwrap_or_default();
            missing.push(format!("no judgement of {}{waits}", domain.id));
        } else if domain.is_overridden && domain.support.is_none() {
            missing.push(format!("{} is judged against the proposal without a reason (--why)", domain.id));
        }
    }
    missing
}
