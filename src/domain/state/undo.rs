//! What can be taken back, and what stands in the way.

use super::super::ids::{OpId, RecordId, ReviewerId, StudyId};
use super::super::operation::OpKind;
use super::super::report::Removal;
use super::super::text::{counted, was};
use super::{Kept, OpIndex, RecordIndex, ReviewState};

/// Whether an operation is to be switched off or on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toggle {
    /// Switch it off.
    Undo,
    /// Switch it on again.
    Redo,
}

/// Why an operation cannot be switched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotUndo {
    /// There is nothing of one's own left.
    #[error("there is nothing of yours to {0}")]
    Nothing(&'static str),
    /// The review holds no such operation.
    #[error("the review holds no operation {0}")]
    Unknown(OpId),
    /// It is an undo or redo itself.
    #[error("an undo is taken back with redo, a redo with undo: name the original operation")]
    IsToggle,
    /// It stands that way already.
    #[error("the operation {0} already")]
    Already(&'static str),
    /// Another person made it.
    #[error("the operation was made by {0}; only {0} can take it back")]
    NotYours(ReviewerId),
    /// Later work rests on it.
    #[error("{0}")]
    Blocked(String),
}

impl ReviewState {
    /// Returns the operation that an undo or redo without a name is about: for undo the reviewer's newest live operation, for redo the
    /// one that the reviewer took back last, as long as nothing new was done since.
    ///
    /// # Errors
    /// [`CannotUndo::Nothing`].
    pub fn toggle_candidate(&self, toggle: Toggle, reviewer: &ReviewerId) -> Result<OpIndex, CannotUndo> {
        let mut own = self.ops.iter().enumerate().rev().filter(|(_, op)| op.reviewer == *reviewer);
        match toggle {
            Toggle::Undo => {
                own.find(|(at, op)| !op.kind.is_toggle() && self.live[*at]).map(|(at, _)| at as OpIndex).ok_or(CannotUndo::Nothing("undo"))
            }
            Toggle::Redo => own
                .take_while(|(_, op)| op.kind.is_toggle())
                .filter(|(_, op)| op.kind == OpKind::Undo)
                .filter_map(|(_, op)| op.target.and_then(|target| self.op_place(target)))
                .find(|at| !self.is_live(*at))
                .ok_or(CannotUndo::Nothing("redo")),
        }
    }

    /// Checks that a reviewer may switch an operation.
    ///
    /// # Errors
    /// [`CannotUndo`], with the later work in words where some rests on it.
    pub fn check_toggle(&self, toggle: Toggle, op: OpIndex, reviewer: &ReviewerId) -> Result<(), CannotUndo> {
        let head = self.op(op);
        if head.kind.is_toggle() {
            return Err(CannotUndo::IsToggle);
        }
        if head.reviewer != *reviewer {
            return Err(CannotUndo::NotYours(head.reviewer.clone()));
        }
        match (toggle, self.is_live(op)) {
            (Toggle::Undo, false) => Err(CannotUndo::Already("is undone")),
            (Toggle::Redo, true) => Err(CannotUndo::Already("stands")),
            (Toggle::Redo, false) => Ok(()),
            (Toggle::Undo, true) => match self.what_rests_on(op) {
                Some(why) => Err(CannotUndo::Blocked(why)),
                None => Ok(()),
            },
        }
    }

    /// Returns in words the first later work that rests on an operation, or `None` where it can be taken back.
    fn what_rests_on(&self, op: OpIndex) -> Option<String> {
        if op == 0 {
            return Some("the review begins with this operation".to_owned());
        }
        match self.op(op).kind {
            OpKind::Setup => self.people_with_work(op).or_else(|| self.what_rests_on_round(op)).or_else(|| self.imports_since_update(op)),
            OpKind::Source => self.imports_from(op),
            OpKind::Import => self.work_on_import(op),
            OpKind::FindDuplicates | OpKind::Group => self.votes_on_groups_of(op),
            OpKind::Vote | OpKind::Retrieve => self.judgements_after(op),
            OpKind::Resolve => self.full_text_after(op),
            OpKind::Study => self.extraction_after(op),
            OpKind::Form => {
                let studies = self.studies_on_form_of(op);
                self.count_values_after(op, |study| studies.contains(study))
                    .map(|n| format!("{} {} extracted with this form since", counted(n, "value"), was(n)))
            }
            OpKind::Extract | OpKind::Submit => self.consensus_after(op),
            OpKind::Mark
            | OpKind::Remove
            | OpKind::Agree
            | OpKind::Dismiss
            | OpKind::Exclude
            | OpKind::Appraise
            | OpKind::Undo
            | OpKind::Redo => None,
        }
    }

    fn people_with_work(&self, op: OpIndex) -> Option<String> {
        let added: Vec<&ReviewerId> = self.reviewers.iter().filter(|kept| kept.op == op).map(|kept| &kept.value.id).collect();
        let is_only_entry =
            |id: &ReviewerId| !self.reviewers.iter().any(|kept| kept.op != op && kept.value.id == *id && self.is_live(kept.op));
        let busy = added.into_iter().find(|id| {
            is_only_entry(id)
                && self.ops.iter().enumerate().any(|(at, later)| at as OpIndex > op && later.reviewer == **id && self.live[at])
        });
        busy.map(|id| format!("{id} has worked in the review since; make the person inactive instead"))
    }

    fn imports_since_update(&self, op: OpIndex) -> Option<String> {
        let count = self.imports_of_update(op);
        (count > 0).then(|| format!("{} {} made in this update; undo {} first", counted(count, "import"), was(count), those(count)))
    }

    fn imports_from(&self, op: OpIndex) -> Option<String> {
        let named: Vec<_> = self.sources.iter().filter(|kept| kept.op == op).map(|kept| &kept.value.id).collect();
        let count = self.batches().filter(|batch| named.contains(&&batch.source)).count();
        (count > 0).then(|| format!("{} came from this source; undo {} first", counted(count, "import"), those(count)))
    }

    fn work_on_import(&self, op: OpIndex) -> Option<String> {
        let is_ours = |record: &RecordIndex| {
            let head = &self.batches[self.records[*record as usize].batch as usize];
            head.ops.contains(&op) && !head.ops.iter().any(|other| *other != op && self.is_live(*other))
        };
        let votes = self.live_votes(|record, _| is_ours(&record));
        if votes > 0 {
            return Some(format!("{} {} cast on records of this import", counted(votes, "vote"), was(votes)));
        }
        let by_person = self.links.iter().filter(|kept| kept.value.by_person && self.is_live(kept.op));
        let places = |id: RecordId| self.record_place(id);
        let settled = by_person.filter(|kept| [places(kept.value.a), places(kept.value.b)].iter().flatten().any(is_ours)).count();
        if settled > 0 {
            return Some(format!("{} on duplicates {} given on records of this import", counted(settled, "verdict"), was(settled)));
        }
        let retrieved = self.retrievals.iter().filter(|(record, rows)| is_ours(record) && self.last_live(rows).is_some()).count();
        let removed = self.removals.iter().filter(|(record, rows)| is_ours(record) && self.last_live::<Removal>(rows).is_some()).count();
        let linked = self
            .study_reports
            .iter()
            .filter(|kept| self.is_live(kept.op) && places(kept.value.record).as_ref().is_some_and(is_ours))
            .count();
        let others = retrieved + removed + linked;
        (others > 0)
            .then(|| format!("{} {} on records of this import", counted(others, "later step"), if others == 1 { "rests" } else { "rest" }))
    }

    fn votes_on_groups_of(&self, op: OpIndex) -> Option<String> {
        let mut units: Vec<RecordIndex> = Vec::new();
        for kept in self.links.iter().filter(|kept| kept.op == op) {
            units.extend([kept.value.a, kept.value.b].iter().filter_map(|id| self.record_place(*id)).map(|record| self.unit_of(record)));
        }
        units.sort_unstable();
        units.dedup();
        let votes = self.live_votes(|record, at| at > op && units.binary_search(&self.unit_of(record)).is_ok());
        (votes > 0).then(|| format!("{} {} cast on these groups of duplicates since", counted(votes, "vote"), was(votes)))
    }

    fn judgements_after(&self, op: OpIndex) -> Option<String> {
        if let Some(closed) = self.closed_round_of(op) {
            return Some(closed);
        }
        let units: Vec<RecordIndex> = self.records_touched_by(op).into_iter().map(|record| self.unit_of(record)).collect();
        let after = |rows: &[Kept<super::Resolution>]| rows.iter().any(|kept| kept.op > op && self.is_live(kept.op));
        let resolved = self.resolutions.iter().filter(|((_, record), rows)| units.contains(&self.unit_of(*record)) && after(rows)).count();
        if resolved > 0 {
            return Some("the conflict was settled since; undo that first".to_owned());
        }
        let votes_on = |record: &RecordIndex| self.votes.of(super::Stage::TitleAbstract, *record);
        let is_title_abstract = self.records_touched_by(op).iter().flat_map(votes_on).any(|kept| kept.op == op);
        if is_title_abstract || self.op(op).kind == OpKind::Retrieve {
            return self.full_text_work(&units, op);
        }
        None
    }

    fn full_text_after(&self, op: OpIndex) -> Option<String> {
        let is_title_abstract = self
            .resolutions
            .iter()
            .any(|((stage, _), rows)| *stage == super::Stage::TitleAbstract && rows.iter().any(|kept| kept.op == op));
        if !is_title_abstract {
            return None;
        }
        let units: Vec<RecordIndex> = self.records_touched_by(op).into_iter().map(|record| self.unit_of(record)).collect();
        self.full_text_work(&units, op)
    }

    fn full_text_work(&self, units: &[RecordIndex], op: OpIndex) -> Option<String> {
        let members = units.iter().flat_map(|unit| self.members_of(*unit));
        let rows = members.flat_map(|member| self.votes.of(super::Stage::FullText, member));
        let later = rows.filter(|kept| kept.op > op && self.is_live(kept.op)).count();
        (later > 0).then(|| format!("{} {} cast at full text since; undo {} first", counted(later, "vote"), was(later), those(later)))
    }

    fn extraction_after(&self, op: OpIndex) -> Option<String> {
        let mut ids: Vec<&StudyId> = self.studies.iter().filter(|kept| kept.op == op).map(|kept| &kept.value.id).collect();
        ids.extend(self.study_reports.iter().filter(|kept| kept.op == op).map(|kept| &kept.value.study));
        self.count_values_after(op, |study| ids.contains(&study))
            .map(|n| format!("{} {} extracted for this study since", counted(n, "value"), was(n)))
    }

    fn count_values_after(&self, op: OpIndex, of: impl Fn(&StudyId) -> bool) -> Option<usize> {
        let cells = self.values.iter().filter(|((study, _), _)| of(study)).flat_map(|(_, cells)| cells.values()).flatten();
        let count = cells.filter(|kept| kept.op > op && self.is_live(kept.op)).count();
        (count > 0).then_some(count)
    }

    fn consensus_after(&self, op: OpIndex) -> Option<String> {
        let handed_in = self.submissions.iter().filter(|(_, rows)| rows.iter().any(|kept| kept.op == op));
        let mut ids: Vec<&StudyId> = handed_in.map(|(study, _)| study).collect();
        for ((study, _), cells) in &self.values {
            if cells.values().flatten().any(|kept| kept.op == op) {
                ids.push(study);
            }
        }
        let cells = ids.iter().filter_map(|study| self.consensus.get(*study)).flat_map(|cells| cells.values()).flatten();
        let settled = cells.filter(|kept| kept.op > op && self.is_live(kept.op)).count();
        if settled > 0 {
            return Some(format!(
                "{} of this study {} settled since; undo {} first",
                counted(settled, "cell"),
                was(settled),
                those(settled)
            ));
        }
        let is_extract = self.op(op).kind == OpKind::Extract;
        let handed_in = ids.iter().any(|study| self.is_submitted(study, &self.op(op).reviewer));
        (is_extract && handed_in).then(|| "the draft has been handed in; take it back first".to_owned())
    }

    fn live_votes(&self, of: impl Fn(RecordIndex, OpIndex) -> bool) -> usize {
        self.votes
            .iter()
            .flat_map(|(_, record, rows)| rows.iter().map(move |kept| (record, kept.op)))
            .filter(|(record, op)| self.is_live(*op) && of(*record, *op))
            .count()
    }
}

fn those(number: usize) -> &'static str {
    if number == 1 { "it" } else { "those" }
}
