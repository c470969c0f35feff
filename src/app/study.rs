//! Studies: reports tied to the investigation that they are about.

use crate::domain::decision::Stage;
use crate::domain::ids::{RecordId, StudyId, slug};
use crate::domain::operation::{OpKind, Row};
use crate::domain::report::{Study, StudyReport};
use crate::domain::state::StudyView;
use crate::domain::text::clean_line;

use super::error::{Error, Result};
use super::request::Reply;
use super::workspace::{Change, Workspace, nothing};

impl Workspace {
    pub(super) fn link_study(&mut self, record: RecordId, study: &str) -> Result<Reply> {
        let unit = self.unit(record)?;
        let id = self.state.record_id(unit);
        if self.state.status(Stage::FullText, unit).is_none() {
            return Err(Error::blocked(format!("{id} has not reached full text, so it is no report of a study yet")));
        }
        let label = clean_line(study).to_string();
        if label.is_empty() {
            return Err(Error::user("the study needs a label").hint("for example \"Sigtermans 2009\""));
        }
        let mut rows = Vec::new();
        let (study, label) = match self.find_study(&label) {
            Some(known) if known.reports.contains(&unit) => return Ok(nothing(format!("{id} belongs to {} already", known.label))),
            Some(known) => (known.id, known.label),
            None => {
                let study = StudyId::from(slug(&label).as_str());
                rows.push(Row::Study(Study { id: study.clone(), label: label.clone() }));
                (study, label)
            }
        };
        rows.push(Row::StudyReport(StudyReport { study, record: id, is_linked: true }));
        self.transact(Change::new(OpKind::Study, format!("tied report {id} to {label}"), rows))
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
