//! Notes, tags and stars, with blinding applied: one's own always, those of others when the votes of their stage may be seen.

use serde::Serialize;

use crate::domain::decision::Stage;
use crate::domain::ids::RecordId;
use crate::domain::mark::{Marks, Star, is_same_tag};
use crate::domain::screening::Status;
use crate::domain::state::RecordIndex;

use super::super::error::Result;
use super::super::workspace::Workspace;

/// The marks of one person on a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MarksView {
    /// Who.
    pub reviewer: String,
    /// Whether it is the acting reviewer.
    pub is_mine: bool,
    /// What.
    #[serde(flatten)]
    pub marks: Marks,
}

/// A tag as the acting reviewer sees it used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TagUse {
    /// The tag.
    pub tag: String,
    /// On how many units the acting reviewer sees it.
    pub units: usize,
}

impl Workspace {
    /// Returns the marks on a unit that the acting reviewer may see, in the order in which people joined.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the review does not hold the record.
    pub fn marks(&self, record: RecordId) -> Result<Vec<MarksView>> {
        Ok(self.visible_marks(self.unit(record)?))
    }

    /// Returns every unit with marks that the acting reviewer may see, in the order of import.
    pub fn marked(&self) -> Vec<(RecordId, Vec<MarksView>)> {
        let units = self.state.marked_units().into_iter().map(|unit| (self.state.record_id(unit), self.visible_marks(unit)));
        units.filter(|(_, marks)| !marks.is_empty()).collect()
    }

    /// Returns the tags that the acting reviewer sees, the most used first.
    pub fn tags(&self) -> Vec<TagUse> {
        let mut uses: Vec<TagUse> = Vec::new();
        for (_, people) in self.marked() {
            let mut of_unit: Vec<String> = Vec::new();
            for tag in people.into_iter().flat_map(|person| person.marks.tags) {
                if !of_unit.iter().any(|known| is_same_tag(known, &tag)) {
                    of_unit.push(tag);
                }
            }
            for tag in of_unit {
                match uses.iter_mut().find(|known| is_same_tag(&known.tag, &tag)) {
                    Some(known) => known.units += 1,
                    None => uses.push(TagUse { tag, units: 1 }),
                }
            }
        }
        uses.sort_by(|a, b| b.units.cmp(&a.units).then_with(|| a.tag.to_lowercase().cmp(&b.tag.to_lowercase())));
        uses
    }

    pub(super) fn visible_marks(&self, unit: RecordIndex) -> Vec<MarksView> {
        let me = self.reviewer().map(|person| person.id.clone());
        let is_shown = [Stage::TitleAbstract, Stage::FullText].map(|stage| self.shows_others(stage, unit));
        let shows = |stage: Stage| is_shown[usize::from(stage == Stage::FullText)];
        let people = self.state.marks_on(unit, |id, stage| me.as_ref() == Some(id) || shows(stage));
        let in_conflict = [Stage::TitleAbstract, Stage::FullText]
            .into_iter()
            .find(|stage| self.state.status(*stage, unit).is_some_and(Status::is_conflict));
        let views = people.into_iter().map(|(id, mut marks)| {
            // what was to be discussed says nothing once it is settled
            if !in_conflict.is_some_and(|stage| self.wants_to_discuss(stage, unit, &id)) {
                marks.stars.retain(|star| *star != Star::DiscussLater);
            }
            MarksView { is_mine: me.as_ref() == Some(&id), reviewer: id.to_string(), marks }
        });
        views.filter(|view| !view.marks.is_empty()).collect()
    }

    /// Tells whether what others wrote at a stage of a unit may be seen: their votes are open, and no policy hides them in a conflict.
    fn shows_others(&self, stage: Stage, unit: RecordIndex) -> bool {
        let is_hidden_conflict =
            || self.state.status(stage, unit).is_some_and(Status::is_conflict) && !self.state.policy(stage).shows_votes_in_conflict;
        self.is_open(stage, unit) && !is_hidden_conflict()
    }
}
