//! The characteristics of included and excluded studies, as tables of a review print them: from the values agreed upon and the decisions
//! at full text.

use std::collections::BTreeMap;

use serde::Serialize;
use strum::IntoEnumIterator;

use super::super::error::Result;
use super::super::workspace::Workspace;
use super::StudyLine;
use crate::domain::decision::Stage;
use crate::domain::extraction::Answers;
use crate::domain::form::{Characteristic, Field, Form, Outcome, Scope};
use crate::domain::record::Citation;
use crate::domain::screening::Status;
use crate::domain::state::StudyView;
use crate::domain::value::ParsedValue;

/// An included study with what describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IncludedStudyView {
    /// The label.
    pub study: String,
    /// Its year: that of its label where a report is of that year, else that of its earliest report.
    pub year: Option<i32>,
    /// Its reports, each as a short reference.
    pub reports: Vec<String>,
    /// Whether its extractors agree on every cell.
    pub is_agreed: bool,
    /// One entry for each of [`CharacteristicsView::columns`]: what is known, one line a field.
    pub cells: Vec<Vec<String>>,
}

/// A report excluded at full text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExcludedReportView {
    /// First author and year, or the label of its study.
    pub study: String,
    /// The report as a short reference.
    pub report: String,
    /// The reason, as the review words it.
    pub reason: String,
}

/// Both tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CharacteristicsView {
    /// The columns that the form has fields for, in the order in which they are printed.
    pub columns: Vec<Characteristic>,
    /// The included studies by label.
    pub included: Vec<IncludedStudyView>,
    /// The reports excluded at full text, by author and year.
    pub excluded: Vec<ExcludedReportView>,
}

impl Workspace {
    /// Returns the characteristics of included studies from the values agreed upon, and the reports excluded with their reasons.
    ///
    /// Nothing of a study is told before all its drafts are in; a cell on which the drafts differ stays empty until it is settled.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review has no form or the file cannot be read.
    pub fn characteristics(&self) -> Result<CharacteristicsView> {
        let forms = self.forms()?;
        // Columns and names are those of the form in use, also for studies that are on an older version.
        let form = forms.current();
        let columns = columns(form);
        let lines = self.studies()?;
        let mut included = Vec::new();
        for study in self.state.studies().into_iter().filter(|study| study.is_included) {
            let answers = self.agreed_answers(&forms, &study);
            let line = lines.iter().find(|line| line.study == study.id);
            included.push(IncludedStudyView {
                study: study.label.clone(),
                year: line.and_then(StudyLine::year),
                reports: self.references(&study)?,
                is_agreed: line.is_some_and(|line| line.status == "agreed"),
                cells: columns.iter().map(|column| cell_lines(form, *column, &answers)).collect(),
            });
        }
        included.sort_by(|a, b| a.study.to_lowercase().cmp(&b.study.to_lowercase()).then_with(|| a.study.cmp(&b.study)));
        Ok(CharacteristicsView { columns, included, excluded: self.excluded_reports()? })
    }

    fn references(&self, study: &StudyView) -> Result<Vec<String>> {
        study.reports.iter().map(|unit| Ok(reference(&self.citation(*unit)?))).collect()
    }

    /// The reports excluded at full text, by author, year and title.
    fn excluded_reports(&self) -> Result<Vec<ExcludedReportView>> {
        let studies = self.state.studies();
        let mut excluded = Vec::new();
        for (unit, status) in self.state.units_in(Stage::FullText) {
            let Status::Out { reason, .. } = status else { continue };
            let citation = self.citation(unit)?;
            let study = studies.iter().find(|study| study.reports.contains(&unit));
            excluded.push(ExcludedReportView {
                study: study.map_or_else(|| author_and_year(&citation), |study| study.label.clone()),
                report: reference(&citation),
                reason: reason.as_ref().map(|code| self.state.reason_label(code).to_owned()).unwrap_or_default(),
            });
        }
        excluded.sort_by_key(|report| (report.study.to_lowercase(), report.report.clone()));
        Ok(excluded)
    }

    /// Returns the citations of the reports that are included at full text, or of those excluded, by author, year and title.
    pub(in crate::app) fn citations_of_reports(&self, is_included: bool) -> Result<Vec<Citation>> {
        let decided = self.state.units_in(Stage::FullText);
        let fits = decided.filter(|(_, status)| if is_included { status.is_in() } else { matches!(status, Status::Out { .. }) });
        let mut citations = fits.map(|(unit, _)| self.citation(unit)).collect::<Result<Vec<_>>>()?;
        citations.sort_by_key(|citation| (author_and_year(citation).to_lowercase(), citation.title.clone()));
        Ok(citations)
    }
}

/// Returns the columns that the form has fields or outcomes for.
fn columns(form: &Form) -> Vec<Characteristic> {
    let used: Vec<Characteristic> = form.fields.iter().map(Field::characteristic).collect();
    Characteristic::iter()
        .filter(|column| *column != Characteristic::None)
        .filter(|column| used.contains(column) || (*column == Characteristic::Outcomes && !form.outcomes.is_empty()))
        .collect()
}

/// Returns what is known of a study for one column, one line a field, arm or outcome.
fn cell_lines(form: &Form, column: Characteristic, answers: &Answers) -> Vec<String> {
    let fields: Vec<&Field> = form.fields.iter().filter(|field| field.characteristic() == column).collect();
    let of_study = fields.iter().filter(|field| field.scope == Scope::Study);
    let mut lines: Vec<String> = of_study.filter_map(|field| named(field, answers.value(&field.id)?)).collect();
    for arm in &form.arms {
        let of_arm = fields.iter().filter(|field| field.scope == Scope::Arm);
        let told: Vec<String> = of_arm.filter_map(|field| named(field, answers.value(&format!("arm.{}.{}", arm.id, field.id))?)).collect();
        if !told.is_empty() {
            lines.push(format!("{}: {}", arm.label, told.join("; ")));
        }
    }
    if column == Characteristic::Outcomes {
        lines.extend(form.outcomes.iter().filter_map(|outcome| measured(outcome, answers)));
    }
    lines
}

/// Returns a field with its answer ("Dose: 0.5 mg/kg").
fn named(field: &Field, answer: &ParsedValue) -> Option<String> {
    let text = answer.to_string();
    if text.is_empty() {
        return None;
    }
    let unit = field.unit.as_deref().filter(|_| answer.number().is_some()).map(|unit| format!(" {unit}")).unwrap_or_default();
    Some(format!("{}: {text}{unit}", field.name()))
}

/// Returns an outcome with the time points at which the study has a value for it.
fn measured(outcome: &Outcome, answers: &Answers) -> Option<String> {
    let has = |timepoint: &str| {
        let beginnings = ["outcome", "contrast"].map(|kind| format!("{kind}.{}.{timepoint}.", outcome.id));
        answers.iter().any(|(path, _, value)| {
            beginnings.iter().any(|beginning| path.starts_with(beginning))
                && !matches!(value, ParsedValue::NotReported | ParsedValue::Unclear)
        })
    };
    let timepoints: Vec<&str> =
        outcome.timepoints.iter().filter(|timepoint| has(&timepoint.id)).map(|timepoint| timepoint.name()).collect();
    (!timepoints.is_empty()).then(|| format!("{} ({})", outcome.label, timepoints.join(", ")))
}

/// Returns first author and year ("Noppers 2011"); the title where there is no author.
fn author_and_year(citation: &Citation) -> String {
    let first = citation.authors.first().map_or_else(|| citation.title.clone(), |author| author.family.clone());
    citation.year.map_or_else(|| first.clone(), |year| format!("{first} {year}"))
}

/// Returns a report as one line: authors, title, journal, year, volume, pages, DOI.
fn reference(citation: &Citation) -> String {
    let authors: Vec<String> =
        citation.authors.iter().take(3).map(|author| format!("{} {}", author.family, author.initials()).trim().to_owned()).collect();
    let more = if citation.authors.len() > 3 { ", et al" } else { "" };
    let journal = citation.journal.as_ref().or(citation.journal_abbreviation.as_ref()).cloned().unwrap_or_default();
    let issue = citation.issue.as_ref().map(|issue| format!("({issue})")).unwrap_or_default();
    let pages = match (&citation.start_page, &citation.end_page) {
        (Some(start), Some(end)) => format!(":{start}-{end}"),
        (Some(start), None) => format!(":{start}"),
        _ => String::new(),
    };
    let volume = citation.volume.as_ref().map(|volume| format!(";{volume}{issue}{pages}")).unwrap_or_default();
    let place = format!("{journal} {}{volume}", citation.year.map(|year| year.to_string()).unwrap_or_default());
    let doi = citation.doi.as_ref().map(|doi| format!("doi:{doi}"));
    let parts = [format!("{}{more}", authors.join(", ")), citation.title.clone(), place.trim().to_owned()];
    let mut parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.extend(doi);
    parts.join(". ")
}

/// Returns the answers of arms by arm, for tables of arms: arm id, name, and what was noted.
pub(in crate::app) fn arm_descriptions(form: &Form, cells: &BTreeMap<String, ParsedValue>) -> Vec<(String, String)> {
    let arms = form.arms.iter().filter_map(|arm| {
        let fields = form.fields.iter().filter(|field| field.scope == Scope::Arm);
        let told: Vec<String> = fields.filter_map(|field| named(field, cells.get(&format!("arm.{}.{}", arm.id, field.id))?)).collect();
        let outcome = format!(".{}.", arm.id);
        let has_numbers =
            cells.iter().any(|(path, value)| path.starts_with("outcome.") && path.contains(&outcome) && value.number().is_some());
        (has_numbers || !told.is_empty()).then(|| (arm.label.clone(), told.join("; ")))
    });
    arms.collect()
}
