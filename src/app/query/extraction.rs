//! Studies, drafts and their comparison. A draft of somebody else appears only when all drafts needed are in.

use serde::Serialize;

use crate::derive::derive;
use crate::domain::consensus;
use crate::domain::diagnostic::Severity;
use crate::domain::extraction::{Answers, DraftValue};
use crate::domain::form::{Block, CellSpec, blocks};
use crate::domain::ids::{RecordId, StudyId};
use crate::domain::state::StudyView;

use super::super::error::Result;
use super::super::extract::remarks_on;
use super::super::forms::Forms;
use super::super::workspace::Workspace;

/// A report of a study in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StudyReportLine {
    /// The report's unit.
    pub record: RecordId,
    /// Its title.
    pub title: String,
    /// Its year.
    pub year: Option<i32>,
    /// Whether it was included at full text.
    pub is_included: bool,
}

/// A study in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StudyLine {
    /// The identity.
    pub study: StudyId,
    /// The label.
    pub label: String,
    /// Its reports.
    pub reports: Vec<StudyReportLine>,
    /// "blocked", "drafting", "comparable" or "agreed".
    pub status: &'static str,
    /// Drafts handed in.
    pub submitted: usize,
    /// Drafts needed.
    pub required: usize,
    /// Whether the acting reviewer's draft is handed in.
    pub is_mine_submitted: bool,
    /// Cells that the acting reviewer has filled.
    pub my_cells: usize,
    /// Cells on which the drafts differ and that are not settled.
    pub open_cells: usize,
    /// The version of the form that it is on; `None` where the review has no form.
    pub version: Option<u32>,
    /// Whether another version of the form is in use.
    pub is_behind: bool,
}

impl StudyLine {
    /// Returns the year of the study: the one in its label ("Pickering 2020") where one of its reports is of that year, else that of its
    /// earliest report.
    pub fn year(&self) -> Option<i32> {
        let years = self.reports.iter().filter_map(|report| report.year);
        years.clone().find(|year| self.label.contains(&year.to_string())).or_else(|| years.min())
    }
}

/// One cell of the acting reviewer's draft.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellView {
    /// The path.
    pub path: String,
    /// The heading that it stands under.
    pub group: String,
    /// The label.
    pub label: String,
    /// The kind of value in words ("decimal").
    pub kind: String,
    /// The unit.
    pub unit: Option<String>,
    /// The units that a number may be typed with.
    pub units: Vec<String>,
    /// Whether a value or "not reported" is needed.
    pub is_required: bool,
    /// The options of a choice.
    pub options: Vec<String>,
    /// What the form says about it.
    pub guidance: Option<String>,
    /// What was typed.
    pub raw: Option<String>,
    /// The report that it stands in.
    pub report: Option<String>,
    /// The page or table.
    pub page: Option<String>,
    /// The words of the report.
    pub quote: Option<String>,
    /// The cell of the form that the study is on.
    #[serde(skip)]
    pub spec: CellSpec,
    /// Whether the form changed after the value was typed, so that it must be looked at again.
    pub is_stale: bool,
    /// Remarks, as (severity, sentence).
    pub remarks: Vec<(Severity, String)>,
    /// The rules whose remarks on the cell have an obvious mend.
    pub mends: Vec<String>,
    /// What follows for the cell from other cells: the number to be pooled, and how it was made.
    pub derived: Option<(f64, String)>,
}

/// The acting reviewer's draft of a study.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DraftView {
    /// The study.
    pub study: StudyId,
    /// Its label.
    pub label: String,
    /// The extractor.
    pub reviewer: String,
    /// Whether it is handed in.
    pub is_submitted: bool,
    /// The version of the form that the study is on.
    pub version: u32,
    /// The version of the form in use.
    pub in_use: u32,
    /// Whether the study is on another version than the one in use.
    pub is_behind: bool,
    /// Every cell of the form that is asked, filled or not, in form order.
    pub cells: Vec<CellView>,
    /// The same cells as tables, in the same order.
    #[serde(skip)]
    pub blocks: Vec<Block>,
    /// What was typed on another version into cells that this one does not have: path and text.
    pub kept: Vec<(String, String)>,
}

/// One cell with both values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedCell {
    /// The path.
    pub path: String,
    /// The heading that it stands under.
    pub group: String,
    /// The label.
    pub label: String,
    /// The first extractor's value as typed.
    pub a: Option<String>,
    /// Where the first extractor found it.
    pub a_place: Option<String>,
    /// The second extractor's value as typed.
    pub b: Option<String>,
    /// Where the second extractor found it.
    pub b_place: Option<String>,
    /// How the two compare ("equal", "equal-after-rounding", "differ", "missing-in-one").
    pub verdict: String,
    /// The value that counts, where there is one.
    pub agreed: Option<String>,
    /// How it came about ("auto", "chosen_a", "chosen_b", "other"); `None` while it is open.
    pub how: Option<String>,
    /// Who settled it and why.
    pub settled: Option<String>,
    /// What the form that the study is on asks for.
    #[serde(skip)]
    pub spec: Option<CellSpec>,
}

/// Two drafts of a study, cell by cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparisonView {
    /// The study.
    pub study: StudyId,
    /// Its label.
    pub label: String,
    /// The first extractor.
    pub a: String,
    /// The second extractor.
    pub b: String,
    /// The cells in which at least one draft has a value, in form order.
    pub cells: Vec<ComparedCell>,
}

/// One agreed value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgreedValueView {
    /// The cell.
    pub path: String,
    /// The value as typed; empty where it was agreed to leave the cell empty.
    pub raw: String,
    /// How it came about ("auto", "chosen_a", "chosen_b", "other").
    pub how: String,
}

/// A study with its agreed values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgreedStudyView {
    /// The study.
    pub study: StudyLine,
    /// The values, by path.
    pub values: Vec<AgreedValueView>,
}

/// Where an agreed value comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TraceView {
    /// The study's label.
    pub study: String,
    /// The cell.
    pub cell: ComparedCell,
    /// The first extractor.
    pub a: String,
    /// The second extractor.
    pub b: String,
    /// Each value with its report, page and quote, as sentences.
    pub sources: Vec<String>,
}

impl Workspace {
    /// Returns all studies, by label.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the file cannot be read.
    pub fn studies(&self) -> Result<Vec<StudyLine>> {
        let forms = self.forms().ok();
        let me = self.reviewer().map(|person| person.id.clone());
        let mut lines = Vec::new();
        for study in self.state.studies() {
            let form = forms.as_ref().map(|forms| forms.of(&self.state, &study.id));
            let required = form.map_or(2, |form| form.extractors.max(1) as usize);
            let submitted = self.state.submitters(&study.id).len();
            let is_comparable = study.is_included && submitted >= required;
            let open_cells = match &forms {
                Some(forms) if is_comparable => self.open_cells(forms, &study),
                _ => 0,
            };
            let status = match (study.is_included, is_comparable, open_cells) {
                (false, ..) => "blocked",
                (true, false, _) => "drafting",
                (true, true, 0) => "agreed",
                (true, true, _) => "comparable",
            };
            lines.push(StudyLine {
                reports: self.report_lines(&study)?,
                status,
                submitted,
                required,
                is_mine_submitted: me.as_ref().is_some_and(|me| self.state.is_submitted(&study.id, me)),
                my_cells: me.as_ref().map_or(0, |me| self.state.draft(&study.id, me).len()),
                open_cells,
                version: form.map(|form| form.version),
                is_behind: forms.as_ref().is_some_and(|forms| forms.is_behind(&self.state, &study.id)),
                study: study.id,
                label: study.label,
            });
        }
        Ok(lines)
    }

    fn report_lines(&self, study: &StudyView) -> Result<Vec<StudyReportLine>> {
        let lines = self.list(&study.reports)?.into_iter().zip(&study.reports).map(|(line, unit)| StudyReportLine {
            record: line.record,
            title: line.title,
            year: line.year,
            is_included: self.state.status(crate::domain::decision::Stage::FullText, *unit).is_some_and(|status| status.is_in()),
        });
        Ok(lines.collect())
    }

    /// Returns the included reports that belong to no study yet.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the file cannot be read.
    pub fn reports_without_study(&self) -> Result<Vec<super::ListedRecord>> {
        self.list(&self.state.reports_without_study())
    }

    /// Returns the acting reviewer's own draft of a study, every cell of the form in order.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where there is no form, no such study, or nobody is acting.
    pub fn my_draft(&self, study: &StudyId) -> Result<DraftView> {
        let me = self.acting()?;
        let view = self.known_study(study.as_str())?;
        let forms = self.forms()?;
        let form = forms.of(&self.state, &view.id);
        let draft = self.read_draft(&forms, &view.id, &me);
        let remarks = remarks_on(form, &draft);
        let answers = Answers::of_draft(&draft);
        let derived = derive(form, &answers);
        // What is not asked is not shown, unless somebody answered it.
        let is_shown = |cell: &CellSpec| cell.is_asked(|path| answers.text(path)) || draft.iter().any(|value| value.path == cell.path);
        let cells = form.cells().into_iter().filter(|cell| is_shown(cell)).map(|cell| {
            let value = draft.iter().find(|value| value.path == cell.path);
            CellView {
                remarks: remarks
                    .iter()
                    .filter(|remark| remark.path == cell.path)
                    .map(|remark| (remark.severity, remark.in_words()))
                    .collect(),
                mends: remarks
                    .iter()
                    .filter(|remark| remark.path == cell.path && remark.mend.is_some())
                    .filter_map(|r| r.rule)
                    .map(|r| r.to_string())
                    .collect(),
                derived: derived.step_of(&cell.path).map(|step| (step.value, step.words())),
                raw: value.map(|value| value.raw.clone()),
                report: value.and_then(|value| value.report.clone()),
                page: value.and_then(|value| value.page.clone()),
                quote: value.and_then(|value| value.quote.clone()),
                is_stale: value.is_some_and(|value| value.stale.is_some()),
                spec: cell.clone(),
                kind: cell.kind.to_string(),
                path: cell.path,
                group: cell.group,
                label: cell.label,
                unit: cell.unit,
                units: cell.units,
                is_required: cell.required,
                options: cell.options,
                guidance: cell.guidance,
            }
        });
        let cells = cells.collect();
        Ok(DraftView {
            is_submitted: self.state.is_submitted(&view.id, &me),
            version: form.version,
            in_use: forms.current().version,
            is_behind: forms.is_behind(&self.state, &view.id),
            blocks: blocks(form, is_shown),
            kept: self.kept_values(&forms, &view.id, &me),
            study: view.id,
            label: view.label,
            reviewer: me.to_string(),
            cells,
        })
    }

    /// Compares the two drafts of a study, cell by cell.
    ///
    /// # Errors
    /// [`super::super::error::Error`] before all drafts needed are in.
    pub fn comparison(&self, study: &StudyId) -> Result<ComparisonView> {
        let view = self.known_study(study.as_str())?;
        let forms = self.forms()?;
        let (draft_a, draft_b) = self.both_drafts(&forms, &view)?;
        let submitters = self.state.submitters(&view.id);
        let agreed = self.agreed_cells(&forms, &view);
        let settlements = self.standing_consensus(&forms, &view.id);
        let specs = forms.cells_of(&self.state, &view.id);
        let cells = consensus::compare(specs, &draft_a, &draft_b).into_iter().map(|compared| {
            let found = agreed.get(&compared.path);
            let settled = settlements
                .iter()
                .find(|(_, value)| value.path == compared.path)
                .map(|&(op, value)| format!("{} on {}: {}", value.reviewer, self.state.op(op).at.to_minute(), value.rationale));
            let spec = specs.get(&compared.path);
            ComparedCell {
                group: spec.map(|spec| spec.group.clone()).unwrap_or_default(),
                label: spec.map(|spec| spec.label.clone()).unwrap_or_default(),
                a: compared.a.map(|value| value.raw.clone()),
                a_place: compared.a.and_then(place_in_words),
                b: compared.b.map(|value| value.raw.clone()),
                b_place: compared.b.and_then(place_in_words),
                verdict: compared.verdict.to_string(),
                agreed: found.map(|cell| cell.agreed.raw.clone().unwrap_or_default()),
                how: found.map(|cell| cell.agreed.how.to_string()),
                settled,
                spec: spec.cloned(),
                path: compared.path,
            }
        });
        let cells = cells.collect();
        let name = |at: usize| submitters.get(at).map(ToString::to_string).unwrap_or_default();
        Ok(ComparisonView { study: view.id, label: view.label, a: name(0), b: name(1), cells })
    }

    /// Returns where an agreed value comes from: both extractors, report, page and quote of each, and who settled it.
    ///
    /// # Errors
    /// [`super::super::error::Error`] before all drafts needed are in, or where neither has a value.
    pub fn trace(&self, study: &StudyId, path: &str) -> Result<TraceView> {
        let compared = self.comparison(study)?;
        let cell = compared.cells.into_iter().find(|cell| cell.path == path);
        let cell = cell
            .ok_or_else(|| super::super::error::Error::not_found(format!("neither draft of {} has a value for {path}", compared.label)))?;
        let sources = [(&compared.a, &cell.a, &cell.a_place), (&compared.b, &cell.b, &cell.b_place)]
            .into_iter()
            .filter_map(|(who, raw, place)| {
                let raw = raw.as_ref()?;
                Some(format!("{who} typed \"{raw}\"{}", place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default()))
            })
            .collect();
        Ok(TraceView { study: compared.label, cell, a: compared.a, b: compared.b, sources })
    }

    /// Counts the cells of a study on which the drafts differ and that nobody has settled.
    pub(in crate::app) fn open_cells(&self, forms: &Forms, study: &StudyView) -> usize {
        let Ok((draft_a, draft_b)) = self.both_drafts(forms, study) else { return 0 };
        let compared = consensus::compare(forms.cells_of(&self.state, &study.id), &draft_a, &draft_b);
        let settled = self.standing_consensus(forms, &study.id);
        let is_settled = |path: &str| settled.iter().any(|(_, value)| value.path == path);
        compared.iter().filter(|cell| !cell.verdict.is_same() && !is_settled(&cell.path)).count()
    }

    /// Returns every agreed value of every study, for tables: study, cell, value, how it was agreed.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where there is no form.
    pub fn agreed_values(&self) -> Result<Vec<AgreedStudyView>> {
        let forms = self.forms()?;
        let views = self.state.studies();
        let lines = self.studies()?;
        let with_values = lines.into_iter().filter_map(|line| {
            let view = views.iter().find(|view| view.id == line.study)?;
            let agreed = self.agreed_cells(&forms, view).into_values().map(|cell| cell.agreed);
            let values =
                agreed.map(|cell| AgreedValueView { path: cell.path, raw: cell.raw.unwrap_or_default(), how: cell.how.to_string() });
            Some(AgreedStudyView { values: values.collect(), study: line })
        });
        Ok(with_values.collect())
    }
}

/// Says where a value was found: report, page and quote.
fn place_in_words(value: &DraftValue) -> Option<String> {
    let parts: Vec<String> = [
        value.report.as_ref().map(|report| format!("report {report}")),
        value.page.clone(),
        value.quote.as_ref().map(|quote| format!("\u{201c}{quote}\u{201d}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
