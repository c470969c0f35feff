//! Everything that was extracted, as one document: drafts with their places in the reports, decisions, agreed values, derivations.
//!
//! The document holds what the acting reviewer may see: the own drafts, and those of others once all drafts that a study needs are in.
//! Its shape is published as a JSON Schema (`docs/src/reference/extraction.schema.json`); a change of it is a new [`VERSION`].

mod parts;

pub use parts::{
    AgreedPart, AppraisalPart, CellPart, DecisionPart, DerivedPart, DraftPart, EarlierFormPart, ExtractionDocument, FormPart,
    JudgementPart, LeftOutPart, Meaning, NumberPart, RefusedPart, ReportPart, StepPart, StudyPart, VERSION, ValuePart, WarningPart,
};

use super::super::doubt::WarningView;
use super::super::error::Result;
use super::super::forms::Forms;
use super::super::workspace::Workspace;
use crate::derive::{Pairing, Step};
use crate::domain::analysis::AnalysisExclusion;
use crate::domain::form::Form;
use crate::domain::ids::ReviewerId;
use crate::domain::state::StudyView;
use crate::domain::value::parse_value;

impl Workspace {
    /// Returns everything that was extracted and that the acting reviewer may see.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review has no form or the file cannot be read.
    pub fn extraction_document(&self) -> Result<ExtractionDocument> {
        let forms = self.forms()?;
        let form = forms.current();
        let warnings = self.warnings()?;
        let views = self.state.studies();
        let mut studies = Vec::new();
        for line in self.studies()? {
            let Some(view) = views.iter().find(|view| view.id == line.study) else { continue };
            let reports = line.reports.into_iter();
            let mut of_study = StudyPart {
                id: line.study,
                label: line.label,
                form_version: forms.of(&self.state, &view.id).version,
                status: line.status,
                reports: reports
                    .map(|report| ReportPart { record: report.record.to_string(), title: report.title, year: report.year })
                    .collect(),
                submitted: line.submitted,
                required: line.required,
                drafts: self.visible_drafts(&forms, view),
                decisions: Vec::new(),
                agreed: Vec::new(),
                derived: None,
                warnings: warnings.iter().filter(|warning| warning.study == view.id).map(warning_part).collect(),
            };
            if self.is_comparable(&forms, view) {
                self.add_agreed(&forms, view, &mut of_study);
            }
            studies.push(of_study);
        }
        let left_out = form.analyses.iter().flat_map(|spec| self.state.excluded_from(&spec.id)).map(left_out_part).collect();
        Ok(ExtractionDocument {
            format: "tamis-extraction",
            version: VERSION,
            review: self.review_info().title,
            seen_by: self.reviewer().map(|person| person.id.to_string()),
            earlier_forms: self.earlier_forms(),
            form: form_part(form, self.form_text().unwrap_or_default()),
            studies,
            left_out,
            appraisals: self.comparable_appraisals()?,
        })
    }

    /// The versions of the form before the one in use, oldest first.
    fn earlier_forms(&self) -> Vec<EarlierFormPart> {
        let mut versions = self.state.forms();
        versions.pop();
        let earlier = versions.into_iter().map(|(_, known)| EarlierFormPart {
            form: known.form.clone(),
            version: known.version,
            text: known.text.clone(),
        });
        earlier.collect()
    }

    /// The own draft, and those handed in by others once all that are needed are in.
    fn visible_drafts(&self, forms: &Forms, study: &StudyView) -> Vec<DraftPart> {
        let me = self.reviewer().map(|person| person.id.clone());
        let mut people: Vec<ReviewerId> = if self.is_comparable(forms, study) { self.state.submitters(&study.id) } else { Vec::new() };
        if let Some(me) = me.filter(|me| !people.contains(me)) {
            people.push(me);
        }
        let cells = forms.cells_of(&self.state, &study.id);
        let drafts = people.into_iter().map(|person| {
            let mut values: Vec<ValuePart> = Vec::new();
            for (op, typed) in self.state.draft_rows(&study.id, &person) {
                let Some(raw) = typed.raw.clone() else { continue };
                let read = cells.get(&typed.path).map(|spec| parse_value(spec, &raw));
                let problem = match &read {
                    None => Some("the study's version of the form has no such cell".to_owned()),
                    Some(read) => read.as_ref().err().map(ToString::to_string),
                };
                values.push(ValuePart {
                    path: typed.path.clone(),
                    value: read.and_then(Result::ok).as_ref().map(Meaning::from),
                    problem,
                    stale: forms.stale(&self.state, &study.id, &typed.path, op),
                    raw,
                    report: typed.report.map(|record| record.to_string()),
                    page: typed.page.clone(),
                    quote: typed.quote.clone(),
                });
            }
            values.sort_by(|a, b| a.path.cmp(&b.path));
            DraftPart { is_submitted: self.state.is_submitted(&study.id, &person), reviewer: person.to_string(), values }
        });
        drafts.filter(|draft| draft.is_submitted || !draft.values.is_empty()).collect()
    }

    fn add_agreed(&self, forms: &Forms, study: &StudyView, part: &mut StudyPart) {
        let decisions = self.state.consensus_of(&study.id).into_iter().map(|(op, value)| DecisionPart {
            path: value.path.clone(),
            choice: value.choice.to_string(),
            raw: value.raw.clone(),
            reviewer: value.reviewer.to_string(),
            at: self.state.op(op).at.to_string(),
            why: value.rationale.clone(),
        });
        part.decisions = decisions.collect();
        part.decisions.sort_by(|a, b| a.path.cmp(&b.path));
        let agreed = self.agreed_cells(forms, study).into_values().map(|cell| AgreedPart {
            path: cell.agreed.path,
            value: cell.agreed.value.as_ref().map(Meaning::from),
            how: cell.agreed.how.to_string(),
            raw: cell.agreed.raw,
        });
        part.agreed = agreed.collect();
        let derived = crate::derive::derive(forms.of(&self.state, &study.id), &self.agreed_answers(forms, study));
        part.derived = Some(DerivedPart {
            numbers: derived.numbers.iter().map(|(path, value)| NumberPart { path: path.clone(), value: *value }).collect(),
            steps: derived.steps.iter().map(step_part).collect(),
            refused: derived.refused.iter().map(|(path, why)| RefusedPart { path: path.clone(), why: why.clone() }).collect(),
            blocked: derived.blocked.clone(),
            is_paired: derived.pairing == Pairing::Paired,
        });
    }

    fn comparable_appraisals(&self) -> Result<Vec<AppraisalPart>> {
        let mut parts = Vec::new();
        for line in self.appraisals()? {
            let Ok(compared) = self.compare_appraisals(&line.of) else { continue };
            let items = compared.items.into_iter().map(|item| JudgementPart {
                item: item.item,
                a: item.a,
                a_support: item.a_support,
                b: item.b,
                b_support: item.b_support,
                agreed: item.agreed,
                settled: item.settled,
            });
            parts.push(AppraisalPart {
                study: line.of.study,
                instrument: line.of.instrument,
                result: line.of.result,
                people: [compared.a, compared.b],
                items: items.collect(),
            });
        }
        Ok(parts)
    }
}

fn form_part(form: &Form, text: String) -> FormPart {
    let cells = form.cells().into_iter().map(|cell| CellPart {
        path: cell.path,
        group: cell.group,
        label: cell.label,
        kind: cell.kind.to_string(),
        unit: cell.unit,
    });
    FormPart {
        form: form.form.clone(),
        version: form.version,
        title: form.title.clone(),
        extractors: form.extractors,
        text,
        cells: cells.collect(),
    }
}

fn step_part(step: &Step) -> StepPart {
    StepPart {
        path: step.path.clone(),
        value: step.value,
        formula: step.formula,
        source: step.source,
        inputs: step.inputs.iter().map(|(path, value)| NumberPart { path: path.clone(), value: *value }).collect(),
        note: step.note.clone(),
    }
}

fn warning_part(warning: &WarningView) -> WarningPart {
    WarningPart {
        of: warning.of,
        rule: warning.rule.clone(),
        severity: warning.severity,
        path: warning.path.clone(),
        message: warning.message.clone(),
        dismissed: warning.dismissed.clone(),
    }
}

fn left_out_part(exclusion: &AnalysisExclusion) -> LeftOutPart {
    LeftOutPart {
        analysis: exclusion.analysis.clone(),
        study: exclusion.study.clone(),
        reviewer: exclusion.reviewer.to_string(),
        reason: exclusion.reason.clone(),
    }
}
