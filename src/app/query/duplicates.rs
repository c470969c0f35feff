//! Groups of duplicates and the pairs that wait for a person.

use serde::Serialize;

use crate::dedup::{self, FieldEvidence, PairExplanation};
use crate::domain::cluster::{DuplicateLink, LinkVerdict};
use crate::domain::ids::RecordId;
use crate::domain::record::Citation;
use crate::domain::state::RecordIndex;

use super::super::error::{Error, Result};
use super::super::workspace::Workspace;
use super::records::ListedRecord;

/// One record of a group, with how it came in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupMember {
    /// The record.
    #[serde(flatten)]
    pub line: ListedRecord,
    /// The rule that tied it to the group; "primary" for the first.
    pub rule: String,
    /// How alike it is to the record that it was tied to, 0 to 1.
    pub score: f64,
    /// The reason in words.
    pub reason: String,
}

/// A group of records of the same report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupView {
    /// The group's name: its primary record.
    pub id: RecordId,
    /// The primary record.
    pub primary: RecordId,
    /// All records, the primary first.
    pub members: Vec<GroupMember>,
}

/// A pair that waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairView {
    /// The one record.
    pub a: ListedRecord,
    /// The other record.
    pub b: ListedRecord,
    /// The rule that found it.
    pub rule: String,
    /// How alike the two are, 0 to 1.
    pub score: f64,
    /// The reason in words.
    pub reason: String,
}

impl Workspace {
    /// Returns the groups of two or more records, in the order of import.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read.
    pub fn groups(&self) -> Result<Vec<GroupView>> {
        let mut groups = Vec::new();
        let by_unit = self.state.links_by_unit();
        for primary in self.state.groups().primaries() {
            let members = self.state.members_of(primary);
            let links = by_unit.get(&primary).map_or(&[][..], Vec::as_slice);
            let lines = self.list(&members)?;
            let members = lines.into_iter().map(|line| member(line, self.state.record_id(primary), links)).collect();
            let id = self.state.record_id(primary);
            groups.push(GroupView { id, primary: id, members });
        }
        Ok(groups)
    }

    /// Returns the pairs that wait for a person, in the order of import.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read.
    pub fn possible_duplicates(&self) -> Result<Vec<PairView>> {
        let mut pairs = Vec::new();
        for (a, b) in self.state.groups().possible() {
            let mut lines = self.list(&[*a, *b])?;
            let links = self.state.links_among(&[*a, *b]);
            let (Some(second), Some(first)) = (lines.pop(), lines.pop()) else { continue };
            let link = links.into_iter().rev().find(|link| link.verdict == LinkVerdict::Possible);
            let (rule, score, reason) = link.map(|link| (link.rule.clone(), link.score, link.reason.clone())).unwrap_or_default();
            pairs.push(PairView { a: first, b: second, rule, score, reason });
        }
        Ok(pairs)
    }

    /// Compares two records field by field and says what the program makes of them.
    ///
    /// # Errors
    /// [`Error`] where the review does not hold one of them or the file cannot be read.
    pub fn explain_pair(&self, a: RecordId, b: RecordId) -> Result<PairExplanation> {
        Ok(dedup::explain(&self.citation_of(a)?, &self.citation_of(b)?))
    }

    /// Returns a record's own fields, without those of its group.
    ///
    /// # Errors
    /// [`Error`] where the review does not hold it or the file cannot be read.
    pub fn citation_of(&self, record: RecordId) -> Result<Citation> {
        let place: RecordIndex =
            self.state.record_place(record).ok_or_else(|| Error::not_found(format!("the review holds no record {record}")))?;
        self.citation(place)
    }

    /// Returns the fields in which a record agrees with or differs from the primary of its group.
    ///
    /// # Errors
    /// [`Error`] where the review does not hold it or the file cannot be read.
    pub fn differences_in_group(&self, record: RecordId) -> Result<Vec<FieldEvidence>> {
        let primary = self.state.record_id(self.unit(record)?);
        Ok(self.explain_pair(primary, record)?.fields)
    }
}

fn member(line: ListedRecord, primary: RecordId, links: &[&DuplicateLink]) -> GroupMember {
    if line.record == primary {
        return GroupMember { line, rule: "primary".to_owned(), score: 1.0, reason: "the first of the group".to_owned() };
    }
    let ours = links.iter().filter(|link| (link.a == line.record || link.b == line.record) && link.verdict == LinkVerdict::Same);
    let best = ours.max_by(|x, y| x.by_person.cmp(&y.by_person).then(x.score.total_cmp(&y.score)));
    let (rule, score, reason) = best.map(|link| (link.rule.clone(), link.score, link.reason.clone())).unwrap_or_default();
    GroupMember { line, rule, score, reason }
}
