//! V14: crossover and cluster trials are pooled only after a word about what their numbers are.

use super::{Rule, Study, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::form::{UnitItem, is_cluster, unit_path};

pub(super) fn check(study: &Study<'_>, found: &mut Vec<Warning>) {
    let has_numbers = !study.derived.numbers.is_empty();
    let Some(why) = study.derived.blocked.as_ref().filter(|_| has_numbers) else { return };
    let is_cluster = study.answers.text(crate::domain::form::DESIGN).is_some_and(|design| is_cluster(&design));
    let item = if is_cluster { UnitItem::Cluster } else { UnitItem::Crossover };
    // Handing in is not barred: the report may not say it, and somebody else may know.
    found.push(Warning::new(Rule::V14, Severity::Warning, unit_path(item), format!("{why}; until then the study is not pooled")));
}
