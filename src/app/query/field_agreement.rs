//! How far two extractors agree, field by field, in the drafts that each handed in before seeing the other's.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::consensus::{CellComparison, compare};
use crate::domain::extraction::DraftValue;
use crate::domain::form::{CellPlace, CellSpec, FieldType, FormCells};
use crate::domain::value::ParsedValue;
use crate::stats::agreement::{AgreementTable, share_interval};
use crate::stats::icc::icc_agreement;

use super::super::error::Result;
use super::super::workspace::Workspace;

/// How far extractors agree in one field, over all studies, arms and time points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldAgreement {
    /// The field: "design", "arm.dose", "outcome.pain.mean".
    pub field: String,
    /// Its heading.
    pub group: String,
    /// Its label.
    pub label: String,
    /// The type of its answers ("choice").
    pub kind: String,
    /// Cells in which at least one of the two has an answer.
    pub n: usize,
    /// Cells in which both mean the same.
    pub same: usize,
    /// Cells in which only one has an answer.
    pub missing: usize,
    /// The share of cells in which both mean the same, a fraction.
    pub share: Option<f64>,
    /// Wilson's interval of 95 % of it.
    pub share_interval: Option<(f64, f64)>,
    /// Cohen's kappa, for choices and yes or no; no answer is a category. Absent where chance agreement is complete.
    pub kappa: Option<f64>,
    /// Cells in which both have a number.
    pub numbers: usize,
    /// The mean of the first extractor's number minus the second's.
    pub mean_difference: Option<f64>,
    /// The standard deviation of these differences.
    pub sd_difference: Option<f64>,
    /// The intraclass correlation for absolute agreement, ICC(A,1).
    pub icc: Option<f64>,
    /// Its interval of 95 %.
    pub icc_interval: Option<(f64, f64)>,
}

/// How far extractors agree, before consensus.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExtractionAgreement {
    /// The pairs of extractors, in the order in which they joined, each with the number of studies that both extracted.
    pub pairs: Vec<(String, String, usize)>,
    /// All cells together.
    pub whole: FieldAgreement,
    /// Each field in which somebody answered, in form order.
    pub fields: Vec<FieldAgreement>,
}

/// One cell of one study with both answers.
struct Both {
    spec: CellSpec,
    a: Option<ParsedValue>,
    b: Option<ParsedValue>,
    is_same: bool,
}

impl Workspace {
    /// Returns how far the first two extractors of each study agree, over the drafts as they stood when both had been handed in for the first
    /// time. Studies whose drafts are not all in are left out, as are studies with one extractor.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review has no form.
    pub fn extraction_agreement(&self) -> Result<ExtractionAgreement> {
        let forms = self.forms()?;
        let mut pairs: Vec<(String, String, usize)> = Vec::new();
        let mut cells: Vec<Both> = Vec::new();
        for study in self.state.studies().into_iter().filter(|study| study.is_included && self.is_comparable(&forms, study)) {
            let people = self.state.submitters(&study.id);
            let (Some(a), Some(b)) = (people.first(), people.get(1)) else { continue };
            let Some(at) = self.state.first_both_submitted(&study.id, [a, b]) else { continue };
            let specs = forms.cells_at(&self.state, &study.id, at);
            let drafts = [a, b].map(|person| self.read_draft_at(&forms, &study.id, person, at));
            match pairs.iter_mut().find(|(one, two, _)| *one == a.as_str() && *two == b.as_str()) {
                Some(known) => known.2 += 1,
                None => pairs.push((a.to_string(), b.to_string(), 1)),
            }
            cells.extend(both(specs, &drafts[0], &drafts[1]));
        }
        let mut order: Vec<String> = forms.current().cells().iter().map(field_of).collect();
        order.extend(cells.iter().map(|cell| field_of(&cell.spec)));
        let mut groups: BTreeMap<usize, Vec<&Both>> = BTreeMap::new();
        for cell in &cells {
            let field = field_of(&cell.spec);
            let place = order.iter().position(|known| *known == field).unwrap_or(usize::MAX);
            groups.entry(place).or_default().push(cell);
        }
        let all: Vec<&Both> = cells.iter().collect();
        let whole = FieldAgreement { field: "all".to_owned(), label: "All cells".to_owned(), ..told(&all, None) };
        Ok(ExtractionAgreement { pairs, whole, fields: groups.values().map(|cells| told(cells, Some(&cells[0].spec))).collect() })
    }
}

fn both(specs: &FormCells, a: &[DraftValue], b: &[DraftValue]) -> Vec<Both> {
    let meaning = |value: Option<&DraftValue>| value.and_then(|value| value.parsed.clone().ok());
    let cell = |CellComparison { path, a, b, verdict }: CellComparison<'_>| {
        Some(Both { spec: specs.get(&path)?.clone(), a: meaning(a), b: meaning(b), is_same: verdict.is_same() })
    };
    compare(specs, a, b).into_iter().filter_map(cell).collect()
}

/// Names the field of a cell, without arm and time point.
fn field_of(cell: &CellSpec) -> String {
    match &cell.place {
        CellPlace::Study { field } => field.clone(),
        CellPlace::Arm { field, .. } => format!("arm.{field}"),
        CellPlace::Outcome { outcome, part, .. } => format!("outcome.{outcome}.{part}"),
        CellPlace::Contrast { outcome, part, .. } => format!("contrast.{outcome}.{part}"),
        CellPlace::Measure { .. } | CellPlace::Unit { .. } => cell.path.clone(),
    }
}

/// Counts and measures the agreement over some cells; kappa and numbers only where they are of one field.
fn told(cells: &[&Both], field: Option<&CellSpec>) -> FieldAgreement {
    let (n, same) = (cells.len(), cells.iter().filter(|cell| cell.is_same).count());
    let counts = (same as u64, n as u64);
    let numbers: Vec<Vec<f64>> = match field {
        Some(_) => cells.iter().filter_map(|cell| Some(vec![cell.a.as_ref()?.number()?, cell.b.as_ref()?.number()?])).collect(),
        None => Vec::new(),
    };
    let differences: Vec<f64> = numbers.iter().map(|pair| pair[0] - pair[1]).collect();
    let mean = (!differences.is_empty()).then(|| differences.iter().sum::<f64>() / differences.len() as f64);
    let sd = mean.filter(|_| differences.len() > 1).map(|mean| {
        let squares: f64 = differences.iter().map(|difference| (difference - mean).powi(2)).sum();
        (squares / (differences.len() - 1) as f64).sqrt()
    });
    let icc = icc_agreement(&numbers);
    let is_choice = field.is_some_and(|spec| matches!(spec.kind, FieldType::Choice | FieldType::Bool));
    FieldAgreement {
        field: field.map(field_of).unwrap_or_default(),
        group: field.map(group_of).unwrap_or_default(),
        label: field.map(label_of).unwrap_or_default(),
        kind: field.map(|spec| spec.kind.to_string()).unwrap_or_default(),
        n,
        same,
        missing: cells.iter().filter(|cell| cell.a.is_none() || cell.b.is_none()).count(),
        share: (n > 0).then(|| same as f64 / n as f64),
        share_interval: share_interval(counts.0, counts.1),
        kappa: if is_choice { kappa(cells) } else { None },
        numbers: numbers.len(),
        mean_difference: mean,
        sd_difference: sd,
        icc: icc.map(|icc| icc.value),
        icc_interval: icc.and_then(|icc| icc.interval),
    }
}

fn kappa(cells: &[&Both]) -> Option<f64> {
    let said = |value: &Option<ParsedValue>| value.as_ref().map_or_else(String::new, ToString::to_string);
    let mut categories: Vec<String> = cells.iter().flat_map(|cell| [said(&cell.a), said(&cell.b)]).collect();
    categories.sort();
    categories.dedup();
    let place = |value: &Option<ParsedValue>| categories.iter().position(|known| *known == said(value)).unwrap_or(0);
    AgreementTable::from_pairs(categories.len(), cells.iter().map(|cell| (place(&cell.a), place(&cell.b)))).agreement().kappa
}

/// The heading of a field: a number of an outcome stands under the outcome, whatever its time point.
fn group_of(cell: &CellSpec) -> String {
    match &cell.place {
        CellPlace::Arm { .. } => "arms".to_owned(),
        CellPlace::Outcome { .. } | CellPlace::Contrast { .. } => cell.group.split(", ").next().unwrap_or(&cell.group).to_owned(),
        _ => cell.group.clone(),
    }
}

fn label_of(cell: &CellSpec) -> String {
    match &cell.place {
        CellPlace::Outcome { part, .. } => part.words().to_owned(),
        CellPlace::Contrast { part, .. } => part.words().to_owned(),
        _ => cell.label.clone(),
    }
}
