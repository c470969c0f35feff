//! Moving studies to the version of the form in use: first what that means for each, then the move, as one operation.
//!
//! Nothing is rewritten. A study's version is a row; what was typed stays as typed, and whether an answer must be looked at again follows
//! from the two versions of its cell each time it is read.

use serde::Serialize;

use crate::domain::form::{CellSpec, stale_words};
use crate::domain::ids::{ReviewerId, StudyId};
use crate::domain::operation::{OpKind, Row, StudyForm};
use crate::domain::report::Submission;
use crate::domain::state::StudyView;
use crate::domain::text::counted;
use crate::domain::value::parse_value;

use super::error::{Error, Result};
use super::forms::Forms;
use super::request::Reply;
use super::workspace::{Change, Workspace, nothing};

/// One cell that a move concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MovedCell {
    /// The path.
    pub path: String,
    /// The heading and the label.
    pub label: String,
    /// What was typed, where it is one's own or agreed upon.
    pub raw: Option<String>,
    /// What changed, or what is needed; empty where there is nothing to say.
    pub why: String,
}

/// What moving one study to the version in use means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StudyMove {
    /// The study.
    pub study: StudyId,
    /// Its label.
    pub label: String,
    /// The version that it is on.
    pub from: u32,
    /// Whose answers are looked at: "your draft", "agreed", or "nobody's" where neither may be seen.
    pub of: &'static str,
    /// Answers that stand as they are.
    pub carried: usize,
    /// Answers to cells that the new version does not have; they are kept, and not shown.
    pub dropped: Vec<MovedCell>,
    /// Answers that must be looked at again.
    pub stale: Vec<MovedCell>,
    /// Answers that stand under another title, which may ask something else.
    pub retitled: Vec<MovedCell>,
    /// Cells that are newly asked, or needed now and empty.
    pub asked: Vec<MovedCell>,
    /// Handed-in drafts that open again, by their extractors.
    pub reopened: Vec<String>,
}

impl StudyMove {
    /// Says the same in fewer words: "12 stay, 1 dropped, 2 again, 3 new".
    pub fn short(&self) -> String {
        let again = if self.reopened.is_empty() { "" } else { ", drafts open again" };
        format!("{} stay, {} dropped, {} again, {} new{again}", self.carried, self.dropped.len(), self.stale.len(), self.asked.len())
    }

    /// Says in one line what the move means: "12 carried over, 1 dropped but kept, 2 to look at again, 3 newly asked".
    pub fn words(&self) -> String {
        let mut parts = vec![format!("{} carried over", self.carried)];
        let lists = [
            (self.retitled.len(), "of them under another title"),
            (self.dropped.len(), "dropped but kept"),
            (self.stale.len(), "to look at again"),
            (self.asked.len(), "newly asked"),
        ];
        parts.extend(lists.iter().filter(|(number, _)| *number > 0).map(|(number, words)| format!("{number} {words}")));
        if !self.reopened.is_empty() {
            parts.push(format!("{} open again: {}", if self.reopened.len() == 1 { "draft" } else { "drafts" }, self.reopened.join(", ")));
        }
        parts.join(", ")
    }
}

/// The studies that are on another version than the one in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormMove {
    /// The id of the form in use.
    pub form: String,
    /// Its version.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// The studies, by label.
    pub studies: Vec<StudyMove>,
}

impl Workspace {
    /// Returns the studies that are on another version of the form than the one in use, by label.
    ///
    /// # Errors
    /// [`Error`] where no form is in use.
    pub(super) fn studies_behind(&self) -> Result<Vec<StudyView>> {
        let forms = self.forms()?;
        Ok(self.state.studies().into_iter().filter(|study| forms.is_behind(&self.state, &study.id)).collect())
    }

    /// Says what moving each study to the version in use means. Answers are looked at where they are one's own or agreed upon; of somebody
    /// else's draft nothing is told but that it opens again where the versions differ so that it has to.
    ///
    /// # Errors
    /// [`Error`] where no form is in use.
    pub fn form_move(&self) -> Result<FormMove> {
        let forms = self.forms()?;
        let studies = self.studies_behind()?.iter().map(|study| self.move_of(&forms, study)).collect();
        let form = forms.current();
        Ok(FormMove { form: form.form.clone(), version: form.version, title: form.title.clone(), studies })
    }

    /// Moves studies to the version in use.
    pub(super) fn migrate_studies(&mut self, names: &[StudyId]) -> Result<Reply> {
        let forms = self.forms()?;
        let mut studies: Vec<StudyView> = Vec::new();
        for name in names {
            let study = self.known_study(name.as_str())?;
            if !studies.iter().any(|known| known.id == study.id) {
                studies.push(study);
            }
        }
        let (form, version) = (forms.current().form.clone(), forms.current().version);
        studies.retain(|study| forms.is_behind(&self.state, &study.id));
        let mut rows = Vec::new();
        for study in &studies {
            rows.push(Row::StudyForm(StudyForm { study: study.id.clone(), form: form.clone(), version }));
            rows.extend(
                self.reopened(&forms, study)
                    .into_iter()
                    .map(|reviewer| Row::Submission(Submission { study: study.id.clone(), reviewer, is_submitted: false })),
            );
        }
        let what = match &studies[..] {
            [] if names.is_empty() => return Err(Error::user("no study was named").hint("name one, or all with --all")),
            [] => return Ok(nothing(format!("nothing to move: version {version} of the form is what they are on"))),
            [study] => format!("moved {} to version {version} of the form", study.label),
            _ => format!("moved {} to version {version} of the form", counted(studies.len(), "study")),
        };
        self.transact(Change::new(OpKind::Form, what, rows))
    }

    fn move_of(&self, forms: &Forms, study: &StudyView) -> StudyMove {
        let (before, now) = (forms.cells_of(&self.state, &study.id), forms.current_cells());
        let (of, answers) = self.answers_in_sight(forms, study);
        let raw = |path: &str| answers.iter().find(|(known, _)| known == path).map(|(_, raw)| raw.clone());
        let cell = |spec: Option<&CellSpec>, path: &str, raw: Option<String>, why: String| {
            let label = spec.map_or_else(|| path.to_owned(), |spec| format!("{}: {}", spec.group, spec.label));
            MovedCell { path: path.to_owned(), label, raw, why }
        };
        let difference = now.difference_since(before);
        // Somebody else's draft may hold an answer anywhere, so nothing of one's own says that a cell is not concerned.
        let concerns = |path: &String| of == "nobody's" || raw(path).is_some();
        let stale = difference.stale.iter().filter(|(path, _)| concerns(path));
        let answer = |path: &str| now.get(path).and_then(|spec| parse_value(spec, &raw(path)?).ok()).map(|value| value.to_string());
        let is_asked = |path: &str| of == "nobody's" || now.get(path).is_some_and(|spec| spec.is_asked(answer));
        let asked = difference.asked.iter().filter(|path| raw(path).is_none() && is_asked(path));
        StudyMove {
            study: study.id.clone(),
            label: study.label.clone(),
            from: forms.of(&self.state, &study.id).version,
            of,
            carried: difference.carried.iter().filter(|path| raw(path).is_some()).count(),
            dropped: difference
                .dropped
                .iter()
                .filter(|path| concerns(path))
                .map(|path| cell(before.get(path), path, raw(path), String::new()))
                .collect(),
            stale: stale.map(|(path, reasons)| cell(now.get(path), path, raw(path), stale_words(reasons).unwrap_or_default())).collect(),
            retitled: difference
                .retitled
                .iter()
                .filter(|(path, ..)| raw(path).is_some())
                .map(|(path, was, is)| cell(now.get(path), path, raw(path), format!("the title was “{was}” and is “{is}”")))
                .collect(),
            asked: asked
                .map(|path| {
                    let why = if now.get(path).is_some_and(|spec| spec.required) { "needed" } else { "" };
                    cell(now.get(path), path, None, why.to_owned())
                })
                .collect(),
            reopened: self.reopened(forms, study).iter().map(ToString::to_string).collect(),
        }
    }

    /// The answers of a study that the acting reviewer may see: the own draft, else what is agreed upon; as path and text.
    fn answers_in_sight(&self, forms: &Forms, study: &StudyView) -> (&'static str, Vec<(String, String)>) {
        let own = self.acting().map(|me| self.state.draft(&study.id, &me)).unwrap_or_default();
        if !own.is_empty() {
            return ("your draft", own.into_iter().filter_map(|value| Some((value.path.clone(), value.raw.clone()?))).collect());
        }
        if self.is_comparable(forms, study) {
            let agreed = self.agreed_cells(forms, study).into_iter();
            return ("agreed", agreed.filter_map(|(path, cell)| Some((path, cell.agreed.raw?))).collect());
        }
        ("nobody's", Vec::new())
    }

    /// The extractors whose handed-in drafts must be looked at again. While drafts are hidden from each other this depends on the two
    /// versions alone, so that it tells nothing of what is in them.
    fn reopened(&self, forms: &Forms, study: &StudyView) -> Vec<ReviewerId> {
        let (before, now) = (forms.cells_of(&self.state, &study.id), forms.current_cells());
        let difference = now.difference_since(before);
        let is_needed = |path: &String| now.get(path).is_some_and(|spec| spec.required);
        let is_open = self.is_comparable(forms, study);
        let must_look = |reviewer: &ReviewerId| {
            let draft = if is_open { self.state.draft(&study.id, reviewer) } else { Vec::new() };
            let has = |path: &String| draft.iter().any(|value| value.path == *path);
            difference.stale.iter().any(|(path, _)| !is_open || has(path))
                || difference.asked.iter().any(|path| is_needed(path) && !has(path))
        };
        self.state.submitters(&study.id).into_iter().filter(must_look).collect()
    }
}
