//! Studies: reports tied to the investigation that they are about.

use crate::domain::decision::Stage;
use crate::domain::ids::{RecordId, StudyId, slug};
use crate::domain::operation::{OpKind, Row};
use crate::domain::report::{Study, StudyReport};
use crate::domain::state::StudyView;
use crate::domain::text::clean_line;

use super::error::{Error, Result};
use super::load::Planned;
use super::request::Reply;
use super::workspace::{Change, Workspace, nothing};

impl Workspace {
    pub(super) fn link_study(&mut self, record: RecordId, study: &str) -> Result<Reply> {
        let rows = self.plan_link(record, study, &[]).map_err(|(_, error)| error)?;
        let id = self.state.record_id(self.unit(record)?);
        let label = clean_line(study).to_string();
        let label = self.find_study(&label).map_or(label, |known| known.label);
        if rows.is_empty() {
            return Ok(nothing(format!("{id} belongs to {label} already")));
        }
        self.transact(Change::new(OpKind::Study, format!("tied report {id} to {label}"), rows))
    }

    /// Plans a tie of a report to a study, which is made where neither the review nor a row before has it; none where the tie is known.
    pub(super) fn plan_link(&self, record: RecordId, study: &str, before: &[Row]) -> Planned {
        let unit = self.unit(record).map_err(|error| (Some("record"), error))?;
        let id = self.state.record_id(unit);
        if self.state.status(Stage::FullText, unit).is_none() {
            let error = Error::blocked(format!("{id} has not reached full text, so it is no report of a study yet"));
            return Err((Some("record"), error));
        }
        let label = clean_line(study).to_string();
        if label.is_empty() {
            return Err((Some("study"), Error::user("the study needs a label").hint("for example \"Sigtermans 2009\"")));
        }
        let known = self.find_study(&label);
        if known.as_ref().is_some_and(|known| known.reports.contains(&unit)) {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        let name = known.map_or_else(|| StudyId::from(slug(&label).as_str()), |known| known.id);
        let is_named = self.find_study(&label).is_some() || before.iter().any(|row| matches!(row, Row::Study(named) if named.id == name));
        if !is_named {
            rows.push(Row::Study(Study { id: name.clone(), label }));
        }
        let tie = Row::StudyReport(StudyReport { study: name, record: id, is_linked: true });
        if before.contains(&tie) {
            return Ok(Vec::new());
        }
        rows.push(tie);
        Ok(rows)
    }

    pub(super) fn unlink_study(&mut self, record: RecordId, study: &str) -> Result<Reply> {
        let unit = self.unit(record)?;
        let id = self.state.record_id(unit);
        let known = self.known_study(study)?;
        if !known.reports.contains(&unit) {
            return Err(Error::user(format!("{id} is no report of {}", known.label)));
        }
        let row = Row::StudyReport(StudyReport { study: known.id, record: id, is_linked: false });
        self.transact(Change::new(OpKind::Study, format!("untied report {id} from {}", known.label), vec![row]))
    }

    fn find_study(&self, name: &str) -> Option<StudyView> {
        let id = slug(name);
        self.state.studies().into_iter().find(|study| study.label == name || study.id.as_str() == id)
    }

    /// Returns the study with this label or identity.
    pub(super) fn known_study(&self, name: &str) -> Result<StudyView> {
        self.find_study(name)
            .ok_or_else(|| Error::not_found(format!("the review has no study \"{name}\"")).hint("tamis study list shows them"))
    }
}
