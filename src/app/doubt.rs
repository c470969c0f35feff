//! Warnings on extracted numbers across the review, what becomes of them, and studies left out of an analysis.

use serde::Serialize;

use crate::domain::analysis::AnalysisExclusion;
use crate::domain::diagnostic::Severity;
use crate::domain::extraction::{Answers, Dismissal};
use crate::domain::ids::{ReviewerId, StudyId};
use crate::domain::operation::{OpKind, Row};
use crate::domain::state::StudyView;
use crate::guard::{Mend, Rule, Warning, check_review, check_study};

use super::error::{Error, Result};
use super::forms::Forms;
use super::request::{CellEntry, Reply, Request};
use super::workspace::{Change, Workspace, nothing};

/// One warning on the numbers of a study, with where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WarningView {
    /// The study.
    pub study: StudyId,
    /// Its label.
    pub label: String,
    /// Whose numbers they are: "agreed", or the acting reviewer's own draft.
    pub of: &'static str,
    /// The rule ("V7").
    pub rule: String,
    /// What the rule looks at.
    pub title: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The cell to look at first.
    pub path: String,
    /// What was found.
    pub message: String,
    /// The change that would answer it, in words; only in one's own draft.
    pub mend: Option<String>,
    /// Why it may stand and who says so, where it was dismissed.
    pub dismissed: Option<String>,
}

impl Workspace {
    /// Returns the warnings on the numbers of all studies: on agreed values where both drafts are in, else on the acting reviewer's own
    /// draft. Nothing of another's draft is looked at before that.
    ///
    /// # Errors
    /// [`Error`] where the review has no form.
    pub fn warnings(&self) -> Result<Vec<WarningView>> {
        let forms = self.forms()?;
        let mut found = Vec::new();
        let (mut places, mut side_by_side) = (Vec::new(), Vec::new());
        for study in self.state.studies().into_iter().filter(|study| study.is_included) {
            let is_agreed = self.is_comparable(&forms, &study);
            let Some(answers) = self.visible_answers(&forms, &study) else { continue };
            found.extend(
                check_study(forms.of(&self.state, &study.id), &answers).into_iter().map(|warning| self.view(&study, is_agreed, warning)),
            );
            if is_agreed {
                side_by_side.push(answers);
                places.push(study);
            }
        }
        for (at, warning) in check_review(forms.current(), &side_by_side) {
            found.push(self.view(&places[at], true, warning));
        }
        // Study by study, each in the order of the form; what is dismissed comes last.
        found.sort_by(|a, b| (a.dismissed.is_some(), &a.label).cmp(&(b.dismissed.is_some(), &b.label)));
        Ok(found)
    }

    /// Returns the identity of the study with this label or identity.
    ///
    /// # Errors
    /// [`Error`] where the review has no such study.
    pub fn my_study(&self, name: &str) -> Result<StudyId> {
        self.known_study(name).map(|study| study.id)
    }

    /// Lets a warning stand, with the reason; an empty reason takes that back.
    pub(super) fn dismiss(&mut self, study: &StudyId, rule: &str, path: &str, reason: &str) -> Result<Reply> {
        let reviewer = self.acting()?;
        let study = self.known_study(study.as_str())?;
        let warning = self.find_warning(&study, rule, path)?;
        let reason = reason.trim();
        if warning.severity == Severity::Error {
            return Err(Error::blocked(format!("{} cannot be: {}", warning.path, warning.message)).hint("mend the number"));
        }
        let is_dismissed = !reason.is_empty();
        let stands = self.state.dismissal_of(&study.id, rule, path, &warning.message, |person| *person == reviewer);
        if stands.is_some_and(|known| known.reason == reason) || (stands.is_none() && !is_dismissed) {
            return Ok(nothing("it stands that way already"));
        }
        let row = Dismissal {
            study: study.id,
            reviewer,
            rule: rule.to_owned(),
            path: path.to_owned(),
            seen: warning.message,
            reason: reason.to_owned(),
            is_dismissed,
        };
        let what = format!("{} {rule} on {} of {}", if is_dismissed { "let stand" } else { "opened again" }, row.path, study.label);
        self.transact(Change::new(OpKind::Dismiss, what, vec![Row::Dismissal(row)]))
    }

    /// Returns the request that answers a warning in the acting reviewer's own draft ("treat as SE").
    ///
    /// # Errors
    /// [`Error`] where there is no such warning or nothing obvious to do about it.
    pub fn mend(&self, study: &StudyId, rule: &str, path: &str) -> Result<Request> {
        let study = self.known_study(study.as_str())?;
        let me = self.acting()?;
        if self.state.is_submitted(&study.id, &me) {
            return Err(
                Error::blocked(format!("your draft of {} is handed in", study.label)).hint("settle the cell with tamis extract agree")
            );
        }
        let warning = self.find_warning(&study, rule, path)?;
        let Some(Mend::Move { from, to }) = warning.mend else {
            return Err(Error::blocked(format!("{rule} on {path} has no obvious mend"))
                .hint("change the cell, or dismiss the warning with a reason"));
        };
        let draft = self.read_draft(&*self.forms()?, &study.id, &me);
        let typed = draft.iter().find(|value| value.path == from).ok_or_else(|| Error::not_found(format!("your draft has no {from}")))?;
        let entry = |path: String, raw: Option<String>| CellEntry {
            study: study.id.clone(),
            path,
            report: typed.report.as_ref().filter(|_| raw.is_some()).and_then(|id| id.parse().ok()),
            page: typed.page.clone().filter(|_| raw.is_some()),
            quote: typed.quote.clone().filter(|_| raw.is_some()),
            raw,
        };
        Ok(Request::SetCells(vec![entry(to, Some(typed.raw.clone())), entry(from, None)]))
    }

    /// Leaves a study out of an analysis, with the reason; an empty reason takes it in again.
    pub(super) fn exclude_study(&mut self, analysis: &str, study: &StudyId, reason: &str) -> Result<Reply> {
        let reviewer = self.acting()?;
        let form = self.form()?;
        if form.analysis(analysis).is_none() {
            return Err(Error::not_found(format!("the form has no analysis \"{analysis}\"")));
        }
        let study = self.known_study(study.as_str())?;
        let reason = reason.trim();
        let is_excluded = !reason.is_empty();
        let stands = self.state.excluded_from(analysis).into_iter().find(|known| known.study == study.id);
        if stands.is_some_and(|known| known.reason == reason) || (stands.is_none() && !is_excluded) {
            return Ok(nothing("it stands that way already"));
        }
        let row = AnalysisExclusion { analysis: analysis.to_owned(), study: study.id, reviewer, reason: reason.to_owned(), is_excluded };
        let what = match is_excluded {
            true => format!("left {} out of analysis {analysis}", study.label),
            false => format!("took {} into analysis {analysis} again", study.label),
        };
        self.transact(Change::new(OpKind::Exclude, what, vec![Row::Exclusion(row)]))
    }

    /// The numbers of a study that the acting reviewer may see: those agreed upon, or the own draft.
    fn visible_answers(&self, forms: &Forms, study: &StudyView) -> Option<Answers> {
        if self.is_comparable(forms, study) {
            return Some(self.agreed_answers(forms, study));
        }
        let me = self.acting().ok()?;
        let draft = self.read_draft(forms, &study.id, &me);
        (!draft.is_empty()).then(|| Answers::of_draft(&draft))
    }

    fn find_warning(&self, study: &StudyView, rule: &str, path: &str) -> Result<Warning> {
        let forms = self.forms()?;
        rule.parse::<Rule>().map_err(|_| Error::not_found(format!("there is no rule {rule}; rules are V0 to V17")))?;
        let answers = self.visible_answers(&forms, study).unwrap_or_default();
        let mut warnings = check_study(forms.of(&self.state, &study.id), &answers);
        if self.is_comparable(&forms, study) {
            let others: Vec<StudyView> =
                self.state.studies().into_iter().filter(|study| study.is_included && self.is_comparable(&forms, study)).collect();
            let all: Vec<Answers> = others.iter().map(|study| self.agreed_answers(&forms, study)).collect();
            let beside =
                check_review(forms.current(), &all).into_iter().filter(|(at, _)| others[*at].id == study.id).map(|(_, warning)| warning);
            warnings.extend(beside);
        }
        let found = warnings.into_iter().find(|warning| warning.rule.to_string() == rule && warning.path == path);
        found.ok_or_else(|| {
            Error::not_found(format!("{} has no warning {rule} on {path}", study.label)).hint("tamis extract warnings lists them")
        })
    }

    fn view(&self, study: &StudyView, is_agreed: bool, warning: Warning) -> WarningView {
        let rule = warning.rule.to_string();
        let me = self.acting().ok();
        // Before both drafts are in, only one's own dismissals are anybody's business.
        let counts = |person: &ReviewerId| is_agreed || Some(person) == me.as_ref();
        let dismissal = self.state.dismissal_of(&study.id, &rule, &warning.path, &warning.message, counts);
        WarningView {
            study: study.id.clone(),
            label: study.label.clone(),
            of: if is_agreed { "agreed" } else { "your draft" },
            title: warning.rule.title(),
            severity: warning.severity,
            mend: warning.mend.as_ref().filter(|_| !is_agreed).map(Mend::words),
            dismissed: dismissal.map(|known| format!("{}: {}", known.reviewer, known.reason)),
            path: warning.path,
            message: warning.message,
            rule,
        }
    }
}
