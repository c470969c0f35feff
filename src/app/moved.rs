//! What a change did to the analyses: which pooled results moved, from where to where.
//!
//! Pooling is quick enough to be done before and after every change that can touch an agreed number, so nothing has to be remembered.

use serde::Serialize;

use crate::domain::form::Form;

use super::certainty::EffectView;
use super::request::{Detail, Reply, RequestKind};
use super::workspace::Workspace;

/// How many analyses are named in a sentence.
const NAMED: usize = 2;

/// An analysis whose pooled result is another than before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MovedAnalysis {
    /// The analysis.
    pub analysis: String,
    /// Its title.
    pub title: String,
    /// The pooled effect before; `None` where nothing was pooled.
    pub before: Option<EffectView>,
    /// The pooled effect now.
    pub after: Option<EffectView>,
    /// Studies pooled before.
    pub studies_before: usize,
    /// Studies pooled now.
    pub studies_after: usize,
}

/// The pooled results at one moment.
pub(super) type Standing = Vec<(String, String, Option<EffectView>, usize)>;

impl MovedAnalysis {
    /// Says it in words ("1.1 MD -27.70 (-41.43 to -13.97) → -15.79 (-32.09 to 0.51), studies 1 → 3").
    pub fn said(&self) -> String {
        let numbers = |effect: &EffectView| effect.text.strip_prefix(effect.measure).unwrap_or(&effect.text).trim_start().to_owned();
        let name = |effect: &Option<EffectView>| effect.as_ref().map_or_else(|| "no result".to_owned(), numbers);
        let measure = self.after.as_ref().or(self.before.as_ref()).map(|effect| format!("{} ", effect.measure)).unwrap_or_default();
        let (before, after) = (name(&self.before), name(&self.after));
        let results = if before == after { format!("{after} in later digits") } else { format!("{before} → {after}") };
        let studies = if self.studies_before == self.studies_after {
            String::new()
        } else {
            format!(", studies {} → {}", self.studies_before, self.studies_after)
        };
        format!("{} {measure}{results}{studies}", self.analysis)
    }
}

/// Tells whether a kind of request can touch an agreed number, or which numbers enter an analysis.
pub(super) fn may_move(kind: RequestKind) -> bool {
    use RequestKind as K;
    matches!(
        kind,
        K::Agree
            | K::Load
            | K::SubmitDraft
            | K::WithdrawDraft
            | K::ExcludeStudy
            | K::UseForm
            | K::Dismiss
            | K::LinkStudy
            | K::UnlinkStudy
            | K::Resolve
            | K::Undo
            | K::Redo
            | K::Merge
    )
}

impl Workspace {
    /// Returns the pooled results of all analyses as they stand.
    pub(super) fn standing_results(&self) -> Standing {
        let Ok(form) = self.form() else { return Vec::new() };
        let run = |form: &Form| form.analyses.iter().filter_map(|spec| self.analysis(&spec.id).ok()).collect::<Vec<_>>();
        let line = |result: super::AnalysisResult| {
            let studies = result.pooled.as_ref().map_or(0, |pooled| pooled.k);
            (result.spec.id.clone(), result.spec.title.clone(), super::certainty::effect(&result), studies)
        };
        run(&form).into_iter().map(line).collect()
    }

    /// Adds to a reply which analyses moved since `before`.
    pub(super) fn tell_moved(&self, before: &Standing, reply: &mut Reply) {
        let moved = moved(before, &self.standing_results());
        if moved.is_empty() {
            return;
        }
        let mut said: Vec<String> = moved.iter().take(NAMED).map(MovedAnalysis::said).collect();
        if moved.len() > NAMED {
            said.push(format!("{} more", moved.len() - NAMED));
        }
        reply.message = format!("{}; moved: {}", reply.message, said.join("; "));
        if reply.detail == Detail::None {
            reply.detail = Detail::Moved(moved);
        }
    }
}

fn moved(before: &Standing, after: &Standing) -> Vec<MovedAnalysis> {
    let mut found = Vec::new();
    for (id, title, now, studies) in after {
        let was = before.iter().find(|(known, ..)| known == id);
        let (then, studies_before) = was.map_or((&None, 0), |(_, _, effect, studies)| (effect, *studies));
        if then != now || studies_before != *studies {
            found.push(MovedAnalysis {
                analysis: id.clone(),
                title: title.clone(),
                before: then.clone(),
                after: now.clone(),
                studies_before,
                studies_after: *studies,
            });
        }
    }
    for (id, title, then, studies) in before.iter().filter(|(id, ..)| !after.iter().any(|(known, ..)| known == id)) {
        if then.is_some() {
            let (before, after) = (then.clone(), None);
            found.push(MovedAnalysis {
                analysis: id.clone(),
                title: title.clone(),
                before,
                after,
                studies_before: *studies,
                studies_after: 0,
            });
        }
    }
    found
}
