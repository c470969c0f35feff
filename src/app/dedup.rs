//! Grouping duplicates: the program's search, and a person's verdicts.

use std::collections::HashSet;
use std::time::Instant;

use crate::dedup::{self, PairVerdict, Settled};
use crate::domain::cluster::{DuplicateLink, LinkVerdict};
use crate::domain::ids::RecordId;
use crate::domain::operation::{OpKind, Row};
use crate::domain::state::RecordIndex;
use crate::domain::text::counted;

use super::error::{Error, ErrorKind, Result};
use super::request::{Detail, DuplicateReport, Progress, Reply};
use super::workspace::{Change, Workspace};

impl Workspace {
    pub(super) fn find_duplicates(&mut self, progress: &mut Progress<'_>) -> Result<Reply> {
        let since = Instant::now();
        let places = self.prepare_records(progress)?;
        let settled = self.settled_pairs(&places);
        let first_new = self.compared.done_before(&settled);
        let prepared = &self.compared.prepared;
        let found = dedup::find_duplicates_from(prepared, first_new, &settled, &mut |done, total| progress(done, total, "comparing"));
        let found = found.ok_or_else(|| Error::new(ErrorKind::Cancelled, "cancelled; nothing was changed"))?;
        let known: HashSet<(RecordIndex, RecordIndex)> = self.state.standing_links().into_iter().map(|(a, b, ..)| (a, b)).collect();
        let rows: Vec<Row> = found
            .links
            .iter()
            .filter(|link| link.verdict == PairVerdict::Duplicate || !known.contains(&(places[link.a], places[link.b])))
            .map(|link| {
                Row::Link(DuplicateLink {
                    a: self.state.record_id(places[link.a]),
                    b: self.state.record_id(places[link.b]),
                    verdict: if link.verdict == PairVerdict::Duplicate { LinkVerdict::Same } else { LinkVerdict::Possible },
                    by_person: false,
                    rule: link.rule.to_owned(),
                    score: link.score.clamp(0.0, 1.0),
                    reason: link.reason.clone(),
                })
            })
            .collect();
        let new_links = rows.len();
        let mut reply = self.transact(Change::new(OpKind::FindDuplicates, "looked for duplicates", rows))?;
        self.compared.finish(self.settled_pairs(&places));
        let report = self.duplicate_report(new_links, since.elapsed().as_millis() as u64);
        reply.message = format!(
            "compared {}: {} {} {}; {} {} for a person{}",
            counted(report.records, "record"),
            counted(report.groups, "group"),
            if report.groups == 1 { "holds" } else { "hold" },
            counted(report.duplicates, "duplicate"),
            counted(report.possible, "possible pair"),
            if report.possible == 1 { "waits" } else { "wait" },
            if new_links == 0 { "; nothing new was found" } else { "" }
        );
        reply.detail = Detail::Duplicates(report);
        Ok(reply)
    }

    fn duplicate_report(&self, new_links: usize, ms: u64) -> DuplicateReport {
        let groups = self.state.groups();
        let primaries = groups.primaries();
        let duplicates = primaries.iter().map(|primary| groups.members_of(primary).len() - 1).sum();
        DuplicateReport {
            records: self.state.live_records(),
            groups: primaries.len(),
            duplicates,
            possible: groups.possible().len(),
            new_links,
            ms,
        }
    }

    /// Returns what stands already: a person's verdicts, and the program's earlier ones.
    fn settled_pairs(&self, places: &[RecordIndex]) -> Settled {
        let at_of = |record: RecordIndex| places.binary_search(&record).ok();
        let mut settled = Settled::default();
        for (a, b, verdict, by_person) in self.state.standing_links() {
            let (Some(a), Some(b)) = (at_of(a), at_of(b)) else { continue };
            match (verdict, by_person) {
                (LinkVerdict::Same, true) => settled.same.push((a, b)),
                (LinkVerdict::Different, _) => settled.different.push((a, b)),
                (LinkVerdict::Same, false) => settled.grouped.push((a, b)),
                (LinkVerdict::Possible, _) => {}
            }
        }
        settled
    }

    pub(super) fn group(&mut self, records: &[RecordId]) -> Result<Reply> {
        let places = self.distinct_places(records)?;
        if places.len() < 2 {
            return Err(Error::user("a group needs at least two records"));
        }
        let mut rows = Vec::new();
        for (at, a) in places.iter().enumerate() {
            rows.extend(places[at + 1..].iter().map(|b| self.person_link(*a, *b, LinkVerdict::Same)));
        }
        let what = format!("called {} the same report", counted(places.len(), "record"));
        let reply = self.transact(Change::new(OpKind::Group, what, rows))?;
        let unit = self.state.unit_of(places[0]);
        if places.iter().any(|place| self.state.unit_of(*place) != unit) {
            let op = reply.op;
            self.undo(op)?;
            return Err(Error::blocked(
                "these records cannot be one group: a person called two of them, or of their groups, different reports",
            )
            .hint("take back that verdict first; tamis dedup list shows the groups"));
        }
        Ok(reply)
    }

    pub(super) fn split(&mut self, records: &[RecordId]) -> Result<Reply> {
        let places = self.distinct_places(records)?;
        let mut rows = Vec::new();
        for place in &places {
            let others = self.state.members_of(self.state.unit_of(*place)).into_iter().filter(|member| !places.contains(member));
            rows.extend(others.map(|other| self.person_link(*place, other, LinkVerdict::Different)));
        }
        if rows.is_empty() {
            return Err(Error::user("these records are in no group with others").hint("name only those that are to leave their group"));
        }
        let what = format!("took {} out of {} group", counted(places.len(), "record"), if places.len() == 1 { "its" } else { "their" });
        self.transact(Change::new(OpKind::Group, what, rows))
    }

    pub(super) fn keep_apart(&mut self, a: RecordId, b: RecordId) -> Result<Reply> {
        let places = self.distinct_places(&[a, b])?;
        let [a, b] = places[..] else { return Err(Error::user("a record cannot be kept apart from itself")) };
        let row = self.person_link(a, b, LinkVerdict::Different);
        self.transact(Change::new(OpKind::Group, "called two records different reports", vec![row]))
    }

    fn person_link(&self, a: RecordIndex, b: RecordIndex, verdict: LinkVerdict) -> Row {
        Row::Link(DuplicateLink {
            a: self.state.record_id(a),
            b: self.state.record_id(b),
            verdict,
            by_person: true,
            rule: "person".to_owned(),
            score: if verdict == LinkVerdict::Same { 1.0 } else { 0.0 },
            reason: "a person's verdict".to_owned(),
        })
    }

    fn distinct_places(&self, records: &[RecordId]) -> Result<Vec<RecordIndex>> {
        let mut places = records.iter().map(|id| self.place(*id)).collect::<Result<Vec<_>>>()?;
        places.sort_unstable();
        places.dedup();
        Ok(places)
    }

    /// Returns the place of a record that stands.
    pub(super) fn place(&self, record: RecordId) -> Result<RecordIndex> {
        let place = self.state.record_place(record).filter(|place| self.state.is_record_live(*place));
        place.ok_or_else(|| Error::not_found(format!("the review holds no record {record}")))
    }

    /// Returns the unit of a record that stands.
    pub(super) fn unit(&self, record: RecordId) -> Result<RecordIndex> {
        self.place(record).map(|place| self.state.unit_of(place))
    }
}
