//! Dual extraction: the form, two blind drafts, and the settling of what differs.

use crate::domain::consensus::{self, Choice};
use crate::domain::diagnostic::Severity;
use crate::domain::extraction::{Answers, DraftValue, check_draft};
use crate::domain::form::Form;
use crate::domain::ids::{ReviewerId, StudyId};
use crate::domain::operation::{FormVersion, OpKind, Row};
use crate::domain::report::{ConsensusChoice, ConsensusValue, ExtractedValue, Submission};
use crate::domain::state::StudyView;
use crate::domain::text::counted;
use crate::domain::value::parse_value;
use crate::guard::{Mend, Rule, check_study};

use super::error::{Error, Result};
use super::form_file;
use super::forms::Forms;
use super::load::Planned;
use super::request::{CellEntry, Reply};
use super::workspace::{Change, Workspace, nothing};

/// A remark on one cell of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct CellRemark {
    /// The cell.
    pub path: String,
    /// An error keeps the draft from being handed in.
    pub severity: Severity,
    /// The check that made it: a rule of [`crate::guard`], or none where the answer itself is at fault.
    pub rule: Option<Rule>,
    /// What was found.
    pub message: String,
    /// The change that would answer it.
    pub mend: Option<Mend>,
}

impl CellRemark {
    /// Returns what was found, with the rule and the obvious mend in words.
    pub fn in_words(&self) -> String {
        let rule = self.rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
        let mend = self.mend.as_ref().map(|mend| format!("; {}?", mend.words())).unwrap_or_default();
        format!("{}{mend}{rule}", self.message)
    }
}

/// Returns every remark on a draft: answers that do not fit their cells, and numbers that are unlikely.
pub(super) fn remarks_on(form: &Form, draft: &[DraftValue]) -> Vec<CellRemark> {
    let answers = check_draft(form, draft).into_iter().map(|problem| CellRemark {
        path: problem.path,
        severity: problem.severity,
        rule: None,
        message: problem.message,
        mend: None,
    });
    let numbers = check_study(form, &Answers::of_draft(draft)).into_iter().map(|warning| CellRemark {
        path: warning.path,
        severity: warning.severity,
        rule: Some(warning.rule),
        message: warning.message,
        mend: warning.mend,
    });
    answers.chain(numbers).collect()
}

impl Workspace {
    /// Returns the extraction form in use.
    ///
    /// # Errors
    /// [`Error`] where no form is in use.
    pub fn form(&self) -> Result<Form> {
        Ok(self.forms()?.current().clone())
    }

    pub(super) fn read_form(&self) -> Result<Form> {
        let (_, version) =
            self.state.form().ok_or_else(|| Error::not_found("the review has no extraction form yet").hint("tamis form use FILE.toml"))?;
        form_file::parse_form(&version.text, &version.form).map_err(|error| Error::user(error.to_string()))
    }

    /// Returns the text of the extraction form in use.
    pub fn form_text(&self) -> Option<String> {
        self.state.form().map(|(_, version)| version.text.clone())
    }

    pub(super) fn use_form(&mut self, file_name: &str, text: &str) -> Result<Reply> {
        let form = form_file::parse_form(text, file_name)
            .map_err(|error| Error::user(error.to_string()).hint("nothing was changed; tamis form check FILE lists everything"))?;
        if self.form_text().is_some_and(|known| known == text) {
            return Ok(nothing("this form is in use already"));
        }
        self.check_version(&form)?;
        let what =
            format!("took the form {} version {} into use: {} a study", form.form, form.version, counted(form.cells().len(), "cell"));
        let row = Row::Form(FormVersion { form: form.form, version: form.version, text: text.to_owned() });
        let mut reply = self.transact(Change::new(OpKind::Form, what, vec![row]))?;
        let behind = self.studies_behind()?.len();
        if behind > 0 {
            let stay = if behind == 1 { "stays" } else { "stay" };
            reply.message = format!("{}; {} {stay} on the version before (tamis extract migrate)", reply.message, counted(behind, "study"));
        }
        Ok(reply)
    }

    /// Versions of one form go up; what was typed on a version keeps its text.
    fn check_version(&self, form: &Form) -> Result<()> {
        let of_this_form = self.state.forms().into_iter().map(|(_, known)| known).filter(|known| known.form == form.form);
        let Some(newest) = of_this_form.map(|known| known.version).max() else { return Ok(()) };
        let is_used = || self.state.studies().iter().any(|study| self.state.is_begun(&study.id));
        if form.version > newest || (form.version == newest && !is_used()) {
            return Ok(());
        }
        let message = match form.version == newest {
            true => format!("values have been typed on version {newest} of the form {}, and this file differs from it", form.form),
            false => format!("version {newest} of the form {} has been in use; this file is version {}", form.form, form.version),
        };
        Err(Error::blocked(message).hint(format!("write version = {} into the file", newest + 1)))
    }

    pub(super) fn set_cells(&mut self, cells: Vec<CellEntry>) -> Result<Reply> {
        let forms = self.forms()?;
        let reviewer = self.extractor()?;
        let count = cells.len();
        let mut rows: Vec<Row> = Vec::with_capacity(count);
        let mut begun: Vec<StudyId> = Vec::new();
        for (at, entry) in cells.into_iter().enumerate() {
            let place = if count == 1 { String::new() } else { format!("row {}: ", at + 1) };
            let study = self.open_study(&entry.study, &reviewer).map_err(|mut error| {
                error.message = format!("{place}{}", error.message);
                error
            })?;
            let specs = forms.cells_of(&self.state, &study.id);
            let spec = specs.get(&entry.path).ok_or_else(|| {
                let near = specs.paths().find(|path| path.ends_with(entry.path.rsplit('.').next().unwrap_or_default()));
                let error = Error::not_found(format!("{place}the form has no cell \"{}\"", entry.path));
                near.map_or_else(
                    || error.clone().hint("tamis form show lists all cells"),
                    |near| error.clone().hint(format!("did you mean {near}?")),
                )
            })?;
            let raw = entry.raw.map(|raw| raw.trim().to_owned()).filter(|raw| !raw.is_empty());
            if let Some(raw) = &raw {
                parse_value(spec, raw).map_err(|error| Error::user(format!("{place}{}, {}: {error}", study.label, entry.path)))?;
            }
            let report = entry.report.map(|record| self.unit(record).map(|unit| self.state.record_id(unit))).transpose()?;
            let tidy = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            if !begun.contains(&study.id) {
                begun.push(study.id.clone());
            }
            rows.push(Row::Value(ExtractedValue {
                study: study.id,
                reviewer: reviewer.clone(),
                path: entry.path,
                raw,
                report,
                page: tidy(entry.page),
                quote: tidy(entry.quote),
            }));
        }
        let what = match &rows[..] {
            [] => return Ok(nothing("there was no value to record")),
            [Row::Value(value)] => format!("filled {} of {}", value.path, value.study),
            _ => format!("filled {}", counted(count, "cell")),
        };
        rows.extend(begun.iter().filter_map(|study| self.row_of_first_value(study)));
        self.transact(Change::new(OpKind::Extract, what, rows))
    }

    pub(super) fn submit_draft(&mut self, study: &StudyId) -> Result<Reply> {
        let reviewer = self.extractor()?;
        let view = self.open_study(study, &reviewer)?;
        let forms = self.forms()?;
        let draft = self.read_draft(&forms, &view.id, &reviewer);
        if draft.is_empty() {
            return Err(Error::blocked(format!("your draft of {} is empty", view.label)));
        }
        let problems = remarks_on(forms.of(&self.state, &view.id), &draft);
        let errors: Vec<String> =
            problems.iter().filter(|p| p.severity == Severity::Error).map(|p| format!("{}: {}", p.path, p.message)).collect();
        if !errors.is_empty() {
            return Err(Error::blocked(format!("the draft of {} cannot be handed in: {}", view.label, errors.join("; "))));
        }
        let warnings = problems.iter().filter(|p| p.severity == Severity::Warning).count();
        let row = Row::Submission(Submission { study: view.id.clone(), reviewer, is_submitted: true });
        let mut reply = self.transact(Change::new(OpKind::Submit, format!("handed in a draft of {}", view.label), vec![row]))?;
        if warnings > 0 {
            reply.message = format!(
                "{}; {} {} open (tamis extract show {})",
                reply.message,
                counted(warnings, "warning"),
                if warnings == 1 { "stays" } else { "stay" },
                view.id
            );
        }
        Ok(reply)
    }

    pub(super) fn withdraw_draft(&mut self, study: &StudyId) -> Result<Reply> {
        let reviewer = self.extractor()?;
        let view = self.known_study(study.as_str())?;
        if !self.state.is_submitted(&view.id, &reviewer) {
            return Err(Error::blocked(format!("your draft of {} is not handed in", view.label)));
        }
        if self.is_comparable(&*self.forms()?, &view) {
            return Err(Error::blocked(format!("both drafts of {} are in and can be compared", view.label))
                .hint("settle the cell with tamis extract agree"));
        }
        let row = Row::Submission(Submission { study: view.id, reviewer, is_submitted: false });
        self.transact(Change::new(OpKind::Submit, format!("took back a draft of {}", view.label), vec![row]))
    }

    pub(super) fn agree(&mut self, study: &StudyId, path: &str, choice: &str, rationale: &str) -> Result<Reply> {
        let rows = self.plan_agreement(study, path, choice, rationale).map_err(|(_, error)| error)?;
        let label = self.known_study(study.as_str())?.label;
        if rows.is_empty() {
            return Ok(nothing(format!("{path} of {label} is settled that way already")));
        }
        self.transact(Change::new(OpKind::Agree, format!("settled {path} of {label}"), rows))
    }

    /// Plans the settling of one cell; an error comes with the column of a table that it is about.
    pub(super) fn plan_agreement(&self, study: &StudyId, path: &str, choice: &str, rationale: &str) -> Planned {
        let at = |column: &'static str| move |error: Error| (Some(column), error);
        let reviewer = self.acting().map_err(|error| (None, error))?;
        let view = self.known_study(study.as_str()).map_err(at("study"))?;
        let forms = self.forms().map_err(|error| (None, error))?;
        let form = forms.of(&self.state, &view.id);
        let cell = form.cell(path).ok_or_else(|| (Some("path"), Error::not_found(format!("the form has no cell \"{path}\""))))?;
        if rationale.trim().is_empty() {
            return Err((Some("why"), Error::user("settling a cell needs a reason in words").hint("add --why \"...\"")));
        }
        let (draft_a, draft_b) = self.both_drafts(&forms, &view).map_err(at("study"))?;
        let compared = consensus::compare(forms.cells_of(&self.state, &view.id), &draft_a, &draft_b);
        let compared = compared
            .into_iter()
            .find(|cell| cell.path == path)
            .ok_or_else(|| (Some("path"), Error::blocked(format!("neither draft has a value for {path}"))))?;
        let choice = Choice::parse(choice);
        let agreed =
            consensus::settle(&cell, &compared, &choice).map_err(|error| (Some("choice"), Error::user(format!("{path}: {error}"))))?;
        let choice = match choice {
            Choice::A => ConsensusChoice::A,
            Choice::B => ConsensusChoice::B,
            Choice::Other(_) => ConsensusChoice::Other,
        };
        let row = ConsensusValue {
            study: view.id,
            path: path.to_owned(),
            choice,
            raw: agreed.raw,
            reviewer,
            rationale: rationale.trim().to_owned(),
        };
        let stands = self.standing_consensus(&forms, &row.study).into_iter().rfind(|(_, known)| known.path == path);
        Ok(if stands.is_some_and(|(_, known)| *known == row) { Vec::new() } else { vec![Row::Consensus(row)] })
    }

    fn extractor(&self) -> Result<ReviewerId> {
        let person = self.acting()?;
        if self.reviewer().is_some_and(|reviewer| reviewer.votes()) {
            Ok(person)
        } else {
            Err(Error::blocked(format!("{person} does not extract in this review")))
        }
    }

    /// Returns a study whose draft of this extractor can be filled.
    fn open_study(&self, study: &StudyId, reviewer: &ReviewerId) -> Result<StudyView> {
        let view = self.known_study(study.as_str())?;
        if !view.is_included {
            return Err(Error::blocked(format!("no report of {} has been included at full text", view.label)));
        }
        if self.state.is_submitted(&view.id, reviewer) {
            return Err(Error::blocked(format!("your draft of {} is handed in and locked", view.label))
                .hint("take it back with tamis extract withdraw"));
        }
        Ok(view)
    }

    /// Returns the first two handed-in drafts; nobody sees either before both are in.
    pub(super) fn both_drafts(&self, forms: &Forms, study: &StudyView) -> Result<(Vec<DraftValue>, Vec<DraftValue>)> {
        let submitters = self.state.submitters(&study.id);
        let extractors = forms.of(&self.state, &study.id).extractors;
        if !self.is_comparable(forms, study) {
            return Err(Error::blocked(format!(
                "the drafts of {} cannot be compared yet: {} of {extractors} handed in",
                study.label,
                submitters.len(),
            )));
        }
        let draft = |at: usize| submitters.get(at).map(|reviewer| self.read_draft(forms, &study.id, reviewer)).unwrap_or_default();
        let first = draft(0);
        let second = if extractors <= 1 && submitters.len() == 1 { first.clone() } else { draft(1) };
        Ok((first, second))
    }
}
