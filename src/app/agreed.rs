//! What the extractors agree on, by themselves or settled: the input of the analyses, worked out once after each change.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::derive::{Derived, Pairing, derive};
use crate::domain::analysis::AgreedStudy;
use crate::domain::consensus::{self, Agreed, How};
use crate::domain::extraction::Answers;
use crate::domain::ids::StudyId;
use crate::domain::report::ConsensusChoice;
use crate::domain::state::{OpIndex, StudyView};
use crate::domain::value::{ParsedValue, parse_value};

use super::forms::Forms;
use super::workspace::Workspace;

/// A cell on which both extractors agree, by themselves or settled, with the operation that settled it.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreedCell {
    /// The agreed value.
    pub agreed: Agreed,
    /// The operation that settled it, where one did.
    pub op: Option<OpIndex>,
}

/// A study with the values on which its extractors agreed, and what follows from them.
#[derive(Debug, Clone)]
pub struct AgreedNumbers {
    /// The study.
    pub id: StudyId,
    /// The values, those of outcomes as they are to be pooled.
    pub agreed: AgreedStudy,
    /// The steps from what was typed to what is pooled.
    pub derived: Derived,
}

/// Puts what was derived in the place of what was typed.
fn agreed_study(label: &str, answers: &Answers, derived: &Derived) -> AgreedStudy {
    let mut cells: BTreeMap<String, ParsedValue> = answers.iter().map(|(path, _, value)| (path.to_owned(), value.clone())).collect();
    // A number that may not be pooled as it stands has been taken out of what was derived.
    let is_number = |path: &str| path.starts_with("outcome.") || path.starts_with("contrast.");
    cells.retain(|path, value| !is_number(path) || value.number().is_none() || derived.numbers.contains_key(path));
    for (path, &number) in &derived.numbers {
        if cells.get(path).and_then(ParsedValue::number) != Some(number) {
            cells.insert(path.clone(), ParsedValue::Decimal(number));
        }
    }
    AgreedStudy { label: label.to_owned(), cells, blocked: derived.blocked.clone(), is_paired: derived.pairing == Pairing::Paired }
}

impl Workspace {
    /// Returns the cells of a study that are agreed upon, by themselves or settled; none before all drafts are in.
    pub(super) fn agreed_cells(&self, forms: &Forms, study: &StudyView) -> BTreeMap<String, AgreedCell> {
        let Ok((draft_a, draft_b)) = self.both_drafts(forms, study) else { return BTreeMap::new() };
        let compared = consensus::compare(forms.cells_of(&self.state, &study.id), &draft_a, &draft_b);
        let mut agreed: BTreeMap<String, AgreedCell> = consensus::agree_on_equal(&compared)
            .into_iter()
            .map(|cell| (cell.path.clone(), AgreedCell { agreed: cell, op: None }))
            .collect();
        let cells = forms.cells_of(&self.state, &study.id);
        for (op, settled) in self.standing_consensus(forms, &study.id) {
            let how = match settled.choice {
                ConsensusChoice::A => How::ChosenA,
                ConsensusChoice::B => How::ChosenB,
                ConsensusChoice::Other => How::Other,
            };
            let Some(cell) = cells.get(&settled.path) else { continue };
            let value = settled.raw.as_deref().and_then(|raw| parse_value(cell, raw).ok());
            let cell = Agreed { path: settled.path.clone(), raw: settled.raw.clone(), value, how };
            agreed.insert(settled.path.clone(), AgreedCell { agreed: cell, op: Some(op) });
        }
        agreed
    }

    /// Returns the agreed values of a study that fit their cells; none before all drafts are in.
    pub(super) fn agreed_answers(&self, forms: &Forms, study: &StudyView) -> Answers {
        let mut answers = Answers::default();
        for (path, cell) in self.agreed_cells(forms, study) {
            if let (Some(raw), Some(value)) = (cell.agreed.raw, cell.agreed.value) {
                answers.set(&path, &raw, value);
            }
        }
        answers
    }

    /// Returns every included study with the values that its extractors agreed upon: the input of the analyses.
    ///
    /// A study that is on an older version of the form is not pooled where the one in use asks for one of its numbers differently.
    pub(super) fn agreed_studies(&self, forms: &Forms) -> Arc<[AgreedNumbers]> {
        self.agreed.after(self.state.ops().len(), || self.find_agreed_studies(forms).into())
    }

    fn find_agreed_studies(&self, forms: &Forms) -> Vec<AgreedNumbers> {
        let included = self.state.studies().into_iter().filter(|study| study.is_included);
        let with_cells = included.map(|study| {
            let answers = self.agreed_answers(forms, &study);
            let form = forms.of(&self.state, &study.id);
            let derived = derive(form, &answers);
            let mut agreed = agreed_study(&study.label, &answers, &derived);
            if forms.is_behind(&self.state, &study.id) {
                let before = forms.cells_of(&self.state, &study.id);
                let is_stale = |path: &str| is_pooled(path) && !forms.current_cells().stale_since(before, path).is_empty();
                if answers.iter().any(|(path, ..)| is_stale(path)) {
                    let (then, now) = (form.version, forms.current().version);
                    agreed.blocked.get_or_insert(format!("it was extracted on version {then} of the form, which version {now} changed"));
                }
            }
            AgreedNumbers { id: study.id, agreed, derived }
        });
        with_cells.collect()
    }
}

/// Tells whether an answer is, or leads to, a number that is pooled.
fn is_pooled(path: &str) -> bool {
    ["outcome.", "contrast.", "measure.", "unit."].iter().any(|part| path.starts_with(part))
}
