//! Notes, tags and stars: what a person puts on a record while reading.

use crate::domain::decision::Stage;
use crate::domain::ids::{RecordId, ReviewerId};
use crate::domain::mark::{Mark, MarkValue, Marks, Star, tidy_tag};
use crate::domain::operation::{OpKind, Row};
use crate::domain::screening::Status;
use crate::domain::state::RecordIndex;
use crate::domain::text::clean_paragraphs;

use super::error::{Error, Result};
use super::request::{MarkChange, Reply};
use super::workspace::{Change, Workspace, nothing};

impl Workspace {
    /// Sets or takes away marks of the acting reviewer on one unit, as one operation.
    ///
    /// The summary names neither mark nor record: the log is for everybody.
    pub(super) fn mark(&mut self, record: RecordId, changes: Vec<MarkChange>) -> Result<Reply> {
        let reviewer = self.acting()?;
        let unit = self.unit(record)?;
        let record = self.state.record_id(unit);
        let stage = self.stage_of_marks(unit);
        let mut standing = self.own_marks(unit, &reviewer);
        if !self.wants_to_discuss(stage, unit, &reviewer) {
            standing.stars.retain(|star| *star != Star::DiscussLater);
        }
        let (mut rows, mut said) = (Vec::new(), Vec::new());
        for change in changes {
            if let MarkChange::Star(Star::DiscussLater, is_set) = change {
                self.check_conflict_to_discuss(stage, unit, is_set)?;
            }
            let (value, is_set) = planned(change, &standing)?;
            let Some(value) = value else { continue };
            said.push(words(&value, is_set));
            let mark = Mark { stage, record, reviewer: reviewer.clone(), value, is_set };
            standing.apply(&mark);
            rows.push(Row::Mark(mark));
        }
        if rows.is_empty() {
            return Ok(nothing(format!("{record} is marked that way already")));
        }
        let mut reply = self.transact(Change::new(OpKind::Mark, "marked a record", rows))?;
        reply.message = format!("{} ({record})", said.join(", "));
        Ok(reply)
    }

    /// Tells whether a person has put the conflict of a unit at a stage off for a talk.
    pub(super) fn wants_to_discuss(&self, stage: Stage, unit: RecordIndex, reviewer: &ReviewerId) -> bool {
        let own = self.state.marks_on(unit, |id, of| id == reviewer && of == stage);
        own.iter().any(|(_, marks)| marks.stars.contains(&Star::DiscussLater))
    }

    /// Checks that there is a conflict to be put off.
    fn check_conflict_to_discuss(&self, stage: Stage, unit: RecordIndex, is_set: bool) -> Result<()> {
        let is_conflict = self.state.status(stage, unit).is_some_and(Status::is_conflict);
        if is_conflict || !is_set {
            return Ok(());
        }
        let id = self.state.record_id(unit);
        Err(Error::blocked(format!("{id} is in no conflict, so there is nothing to discuss later"))
            .hint("a note or a tag can be put on any record"))
    }

    /// Returns the stage at which a unit stands, whose votes decide when others see a mark set now.
    fn stage_of_marks(&self, unit: RecordIndex) -> Stage {
        if self.state.status(Stage::FullText, unit).is_some() { Stage::FullText } else { Stage::TitleAbstract }
    }

    /// Returns all marks of one person on a unit, for that person's own eyes.
    pub(super) fn own_marks(&self, unit: RecordIndex, reviewer: &ReviewerId) -> Marks {
        let own = self.state.marks_on(unit, |id, _| id == reviewer);
        own.into_iter().next().map(|(_, marks)| marks).unwrap_or_default()
    }
}

/// Checks a change against the marks that stand; `None` where it changes nothing.
fn planned(change: MarkChange, standing: &Marks) -> Result<(Option<MarkValue>, bool)> {
    Ok(match change {
        MarkChange::Note(text) => {
            let text = clean_paragraphs(text.trim()).into_owned();
            match (&standing.note, text.is_empty()) {
                (Some(note), true) => (Some(MarkValue::Note(note.clone())), false),
                (None, true) => (None, false),
                (Some(note), false) if *note == text => (None, true),
                (_, false) => (Some(MarkValue::Note(text)), true),
            }
        }
        MarkChange::Tag(text, is_set) => {
            let tag = tidy_tag(&text).map_err(Error::user)?;
            (Some(tag).filter(|tag| standing.has_tag(tag) != is_set).map(MarkValue::Tag), is_set)
        }
        MarkChange::Star(star, is_set) => (Some(star).filter(|star| standing.stars.contains(star) != is_set).map(MarkValue::Star), is_set),
    })
}

/// Says what was done, for the person who did it.
fn words(value: &MarkValue, is_set: bool) -> String {
    match (value, is_set) {
        (MarkValue::Note(_), true) => "note kept".to_owned(),
        (MarkValue::Note(_), false) => "note taken away".to_owned(),
        (MarkValue::Tag(tag), true) => format!("tagged \"{tag}\""),
        (MarkValue::Tag(tag), false) => format!("tag \"{tag}\" taken away"),
        (MarkValue::Star(star), true) => format!("marked \"{}\"", star.label()),
        (MarkValue::Star(star), false) => format!("no longer marked \"{}\"", star.label()),
    }
}
