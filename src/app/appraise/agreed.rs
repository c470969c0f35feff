//! The judgements agreed upon, study by study: what tables and figures of risk of bias are made from.

use super::super::error::{Error, Result};
use super::super::workspace::Workspace;
use super::reading::is_checklist;
use super::{OVERALL, instrument};
use crate::domain::appraisal::{Instrument, Overall};

/// The judgements of one instrument on one result, or on studies as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreedBias {
    /// The instrument.
    pub tool: &'static Instrument,
    /// The result, outcome and time point; empty for studies as a whole.
    pub result: String,
    /// The result in words.
    pub result_label: String,
    /// What is judged, in order, the whole last.
    pub items: Vec<BiasItem>,
    /// The studies of which all appraisals are in, by label.
    pub studies: Vec<AgreedBiasStudy>,
    /// The labels of included studies of which they are not.
    pub waiting: Vec<String>,
}

/// What is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BiasItem {
    /// The domain ("d1"), a question of a checklist ("3"), or "overall".
    pub id: String,
    /// What it is about.
    pub title: String,
}

/// A study with its judgements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedBiasStudy {
    /// The label.
    pub label: String,
    /// One entry for each item: id and words of the judgement; `None` where the two people differ and nobody has settled it.
    pub judgements: Vec<Option<(String, String)>>,
}

impl Workspace {
    /// Returns the judgements agreed upon, for each instrument and result that the form plans, in the order of the form.
    ///
    /// # Errors
    /// [`Error`] where the review has no form.
    pub fn agreed_bias(&self) -> Result<Vec<AgreedBias>> {
        let mut found: Vec<AgreedBias> = Vec::new();
        for line in self.appraisals()? {
            let of = &line.of;
            let at = match found.iter().position(|known| known.tool.id == of.instrument && known.result == of.result) {
                Some(at) => at,
                None => {
                    let tool = instrument(&of.instrument)?;
                    found.push(AgreedBias {
                        tool,
                        result: of.result.clone(),
                        result_label: line.result_label.clone(),
                        items: items(tool),
                        studies: Vec::new(),
                        waiting: Vec::new(),
                    });
                    found.len() - 1
                }
            };
            let Ok(compared) = self.compare_appraisals(of) else {
                found[at].waiting.push(line.label);
                continue;
            };
            let judgement = |item: &BiasItem| {
                let known = compared.items.iter().find(|known| known.item == item.id)?;
                Some((known.agreed_id.clone()?, known.agreed.clone()?))
            };
            let judgements = found[at].items.iter().map(judgement).collect();
            found[at].studies.push(AgreedBiasStudy { label: line.label, judgements });
        }
        // By instrument and result in the order of the form; the studies come by label as they are listed.
        Ok(found)
    }

    /// Returns the judgements of the instrument and result that are meant; both may be left out where the form plans one only.
    ///
    /// # Errors
    /// [`Error`] where the form plans no such appraisal, or several fit.
    pub fn find_agreed_bias(&self, tool: Option<&str>, result: Option<&str>) -> Result<AgreedBias> {
        let fits = |bias: &AgreedBias| tool.is_none_or(|tool| bias.tool.id == tool) && result.is_none_or(|result| bias.result == result);
        let mut found: Vec<AgreedBias> = self.agreed_bias()?.into_iter().filter(fits).collect();
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Error::not_found("the form plans no such appraisal").hint("tamis rob list")),
            _ => {
                let names: Vec<String> = found.iter().map(|bias| format!("{} {}", bias.tool.id, bias.result).trim().to_owned()).collect();
                Err(Error::user(format!("the form plans several appraisals: {}", names.join(", ")))
                    .hint("say which with --tool and --result"))
            }
        }
    }
}

/// What an instrument judges: its domains that count, the questions of a checklist, and the whole.
fn items(tool: &Instrument) -> Vec<BiasItem> {
    let mut items = Vec::new();
    for domain in tool.domains.iter().filter(|domain| domain.counts) {
        if is_checklist(tool, &domain.id) {
            items.extend(domain.questions.iter().map(|question| BiasItem { id: question.id.clone(), title: question.text.clone() }));
        } else {
            items.push(BiasItem { id: domain.id.clone(), title: domain.title.clone() });
        }
    }
    if tool.overall == Overall::Worst {
        items.push(BiasItem { id: OVERALL.to_owned(), title: "Overall risk of bias".to_owned() });
    }
    items
}
