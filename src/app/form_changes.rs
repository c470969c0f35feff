//! What taking a form into use changes, said before it is done: answers, titles, and what hangs on the ids of analyses.

use strum::IntoEnumIterator;

use crate::domain::analysis::AnalysisSpec;
use crate::domain::certainty::CertaintyItem;
use crate::domain::form::{Form, FormCells};
use crate::domain::text::counted;

use super::error::{Error, Result};
use super::form_file;
use super::workspace::Workspace;

impl Workspace {
    /// Says what a form would change beside the one in use, in sentences without a full stop; empty where no form is in use or nothing
    /// of that kind changes.
    ///
    /// # Errors
    /// [`Error`] where the text is no sound form.
    pub fn form_changes(&self, text: &str) -> Result<Vec<String>> {
        let new = form_file::parse_form(text, "form").map_err(|error| Error::user(error.to_string()))?;
        if self.form_text().is_none() {
            return Ok(Vec::new());
        }
        let old = self.form()?;
        let mut said: Vec<String> = answers(&old, &new).into_iter().collect();
        said.extend(old.analyses.iter().filter_map(|analysis| self.analysis_change(analysis, &new)));
        said.extend(titles(&old, &new));
        Ok(said)
    }

    /// Says what becomes of ratings of certainty and of studies left out, which hang on the id of an analysis.
    fn analysis_change(&self, old: &AnalysisSpec, new: &Form) -> Option<String> {
        let ratings = CertaintyItem::iter().filter(|item| self.rating_of(&old.id, *item).is_some()).count();
        let left_out = self.state.excluded_from(&old.id).iter().filter(|row| row.is_excluded).count();
        let mut kept = Vec::new();
        if ratings > 0 {
            kept.push(format!("{} of certainty", counted(ratings, "rating")));
        }
        if left_out > 0 {
            kept.push(format!("{} left out", counted(left_out, "study")));
        }
        let (id, kept) = (&old.id, if kept.is_empty() { return None } else { kept.join(" and ") });
        match new.analysis(id) {
            Some(now) if is_of_the_same(old, now) => None,
            Some(now) => {
                let of = |spec: &AnalysisSpec| {
                    format!("{} of {}.{}, {} vs {}", spec.measure, spec.outcome, spec.timepoint, spec.experimental, spec.control)
                };
                Some(format!("analysis {id} was {} and is {}, and keeps {kept}: look at them again", of(old), of(now)))
            }
            None => match new.analyses.iter().find(|now| is_of_the_same(old, now)) {
                Some(now) => Some(format!(
                    "analysis {id} is called {} now, which begins without the {kept} of {id}: keep the id, or do them again",
                    now.id
                )),
                None => Some(format!("analysis {id} is gone: what hangs on it ({kept}) stays in the history and counts no longer")),
            },
        }
    }
}

/// Whether two analyses pool the same numbers with the same measure.
fn is_of_the_same(old: &AnalysisSpec, new: &AnalysisSpec) -> bool {
    let of =
        |spec: &AnalysisSpec| (spec.outcome.clone(), spec.timepoint.clone(), spec.experimental.clone(), spec.control.clone(), spec.measure);
    of(old) == of(new)
}

/// Says how many cells keep their answers, and how many do not.
fn answers(old: &Form, new: &Form) -> Option<String> {
    let found = FormCells::new(new).difference_since(&FormCells::new(old));
    let mut parts = Vec::new();
    for (number, words) in [
        (found.stale.len(), "to look at again where answered"),
        (found.dropped.len(), "dropped, answers kept"),
        (found.asked.len(), "newly asked"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {words}"));
        }
    }
    (!parts.is_empty()).then(|| format!("{} of a study stand as they are, {}", counted(found.carried.len(), "cell"), parts.join(", ")))
}

/// Names every title that differs. A title makes no answer stale, but another one may ask something else.
fn titles(old: &Form, new: &Form) -> Vec<String> {
    let mut said = Vec::new();
    let mut compare = |noun: &str, id: &str, was: &str, is: &str| {
        if was != is {
            said.push(format!("the title of {noun} {id} was “{was}” and is “{is}”; answers stand"));
        }
    };
    for arm in &old.arms {
        if let Some(now) = new.arm(&arm.id) {
            compare("arm", &arm.id, &arm.label, &now.label);
        }
    }
    for field in &old.fields {
        if let Some(now) = new.field(&field.id) {
            compare("field", &field.id, field.name(), now.name());
        }
    }
    for outcome in &old.outcomes {
        let Some(now) = new.outcome(&outcome.id) else { continue };
        compare("outcome", &outcome.id, &outcome.label, &now.label);
        for point in &outcome.timepoints {
            if let Some(now) = now.timepoint(&point.id) {
                compare("time point", &format!("{}.{}", outcome.id, point.id), point.name(), now.name());
            }
        }
    }
    said
}
