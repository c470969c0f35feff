//! Units and their status: from records and links to what is screened, and from votes to where it stands.

use std::collections::HashMap;

use super::super::cluster::{DuplicateLink, Groups, LinkVerdict, PlacedLink};
use super::super::decision::{Resolution, Stage, Verdict, Vote};
use super::super::ids::{BatchId, RecordId, ReviewerId};
use super::super::report::{Removal, RemovalKind, Retrieval, RetrievalState};
use super::super::screening::{self, Judgement, Status};
use super::super::source::{ImportBatch, SourceKind};
use super::{Kept, OpIndex, RecordHead, RecordIndex, ReviewState};

/// A vote with the operation that cast it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VoteRecord<'a> {
    /// The operation.
    pub op: OpIndex,
    /// The vote.
    pub vote: &'a Vote,
}

/// How many units stand where in a stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StageCounts {
    /// Taken out before screening.
    pub removed: usize,
    /// Full text only: not at hand yet.
    pub awaiting_report: usize,
    /// Full text only: sought and not found.
    pub not_retrieved: usize,
    /// Without a vote.
    pub unscreened: usize,
    /// With fewer votes than required.
    pub partial: usize,
    /// In conflict, on the verdict or the reason.
    pub conflict: usize,
    /// Included.
    pub included: usize,
    /// Excluded.
    pub excluded: usize,
    /// Ongoing or awaiting classification.
    pub other: usize,
}

impl StageCounts {
    /// Returns how many units reached the stage, those taken out before it left aside.
    pub fn total(&self) -> usize {
        self.awaiting_report
            + self.not_retrieved
            + self.unscreened
            + self.partial
            + self.conflict
            + self.included
            + self.excluded
            + self.other
    }

    /// Returns how many units have no decision yet.
    pub fn pending(&self) -> usize {
        self.awaiting_report + self.unscreened + self.partial + self.conflict
    }

    fn add(&mut self, status: &Status) {
        let place = match status {
            Status::Removed => &mut self.removed,
            Status::AwaitingReport => &mut self.awaiting_report,
            Status::NotRetrieved => &mut self.not_retrieved,
            Status::Unscreened => &mut self.unscreened,
            Status::Partial => &mut self.partial,
            Status::Conflict | Status::ReasonConflict => &mut self.conflict,
            Status::In { .. } => &mut self.included,
            Status::Out { .. } => &mut self.excluded,
            Status::Ongoing | Status::Awaiting => &mut self.other,
        };
        *place += 1;
    }
}

impl ReviewState {
    /// Returns all records ever imported, in order, whether their import stands or not.
    pub fn records(&self) -> &[RecordHead] {
        &self.records
    }

    /// Returns the place of a record, or `None` where the review does not hold it.
    pub fn record_place(&self, id: RecordId) -> Option<RecordIndex> {
        self.record_places.get(&id).copied()
    }

    /// Returns the identity of the record at a place.
    pub fn record_id(&self, place: RecordIndex) -> RecordId {
        self.records[place as usize].id
    }

    /// Tells whether the import that brought the record stands.
    pub fn is_record_live(&self, place: RecordIndex) -> bool {
        self.records.get(place as usize).is_some_and(|record| self.batches[record.batch as usize].is_live)
    }

    /// Returns how many records stand.
    pub fn live_records(&self) -> usize {
        self.records.iter().filter(|record| self.batches[record.batch as usize].is_live).count()
    }

    /// Returns the import that brought the record.
    pub fn batch_of(&self, place: RecordIndex) -> &ImportBatch {
        &self.batches[self.records[place as usize].batch as usize].batch
    }

    /// Returns the kind of the source that the record came from.
    pub fn source_kind_of(&self, place: RecordIndex) -> SourceKind {
        self.batches[self.records[place as usize].batch as usize].kind
    }

    /// Returns the record at a 1-based place of an import.
    pub fn record_in_batch(&self, batch: BatchId, ordinal: u32) -> Option<RecordIndex> {
        let batch = *self.batch_places.get(&batch)?;
        let is_it = |record: &&RecordHead| record.batch == batch && record.ordinal == ordinal;
        let guess = self.batches[batch as usize].first? as usize + (ordinal as usize).checked_sub(1)?;
        if self.records.get(guess).as_ref().is_some_and(is_it) {
            return Some(guess as RecordIndex);
        }
        self.records.iter().position(|record| is_it(&record)).map(|at| at as RecordIndex)
    }

    /// Returns the groups of duplicates as they stand.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Returns the verdicts on pairs that stand, in the order in which they were given, with whether a person gave them; of a person's
    /// verdicts on one pair only the latest.
    pub fn standing_links(&self) -> Vec<(RecordIndex, RecordIndex, LinkVerdict, bool)> {
        let mut latest: HashMap<(RecordIndex, RecordIndex), usize> = HashMap::new();
        let mut standing = Vec::new();
        for kept in self.links.iter().filter(|kept| self.is_live(kept.op)) {
            let (a, b) = (self.record_places[&kept.value.a], self.record_places[&kept.value.b]);
            let link = (a.min(b), a.max(b), kept.value.verdict, kept.value.by_person);
            if kept.value.by_person {
                if let Some(at) = latest.get(&(link.0, link.1)) {
                    standing[*at] = link;
                    continue;
                }
                latest.insert((link.0, link.1), standing.len());
            }
            standing.push(link);
        }
        standing
    }

    /// Returns the links that stand between a record and the others of a list, with what they say.
    pub fn links_among(&self, records: &[RecordIndex]) -> Vec<&DuplicateLink> {
        let ids: Vec<RecordId> = records.iter().map(|record| self.record_id(*record)).collect();
        self.links
            .iter()
            .filter(|kept| self.is_live(kept.op))
            .map(|kept| &kept.value)
            .filter(|link| ids.contains(&link.a) && ids.contains(&link.b))
            .collect()
    }

    /// Returns the links that stand and lie within one unit, by unit.
    pub fn links_by_unit(&self) -> HashMap<RecordIndex, Vec<&DuplicateLink>> {
        let mut by_unit: HashMap<RecordIndex, Vec<&DuplicateLink>> = HashMap::new();
        for kept in self.links.iter().filter(|kept| self.is_live(kept.op)) {
            let unit = self.unit_of(self.record_places[&kept.value.a]);
            if unit == self.unit_of(self.record_places[&kept.value.b]) {
                by_unit.entry(unit).or_default().push(&kept.value);
            }
        }
        by_unit
    }

    /// Returns the unit of a record: the primary of its group.
    pub fn unit_of(&self, record: RecordIndex) -> RecordIndex {
        self.groups.primary_of(record)
    }

    /// Returns the records of a unit, ascending.
    pub fn members_of(&self, unit: RecordIndex) -> Vec<RecordIndex> {
        self.groups.members_of(&unit).to_vec()
    }

    /// Returns the units in the order of import.
    pub fn units(&self) -> impl Iterator<Item = RecordIndex> + '_ {
        (0..self.records.len() as RecordIndex).filter(|at| self.is_record_live(*at) && self.unit_of(*at) == *at)
    }

    /// Tells whether the unit came in through a database or register: by at least one of the records of the cycle in which it came in,
    /// so that an update does not change how an earlier version was counted.
    pub fn is_searched(&self, unit: RecordIndex) -> bool {
        let cycle = self.cycle_of_unit(unit);
        let members = self.groups.members_of(&unit).iter().filter(|record| self.cycle_of(**record) == cycle);
        members.into_iter().any(|record| self.source_kind_of(*record).is_searched())
    }

    /// Returns where the unit stands in a stage; `None` where it has not reached the stage.
    pub fn status(&self, stage: Stage, unit: RecordIndex) -> Option<&Status> {
        match stage {
            Stage::TitleAbstract => self.title_abstract.get(unit as usize),
            Stage::FullText => {
                let reached = self.title_abstract.get(unit as usize).is_some_and(Status::is_in);
                if reached { self.full_text.get(unit as usize) } else { None }
            }
        }
    }

    /// Returns the units that have reached a stage, in the order of import, those taken out before screening left aside.
    pub fn units_in(&self, stage: Stage) -> impl Iterator<Item = (RecordIndex, &Status)> + '_ {
        self.units()
            .filter_map(move |unit| self.status(stage, unit).filter(|status| **status != Status::Removed).map(|status| (unit, status)))
    }

    /// Counts the units of a stage by status.
    pub fn counts(&self, stage: Stage) -> StageCounts {
        let mut counts = StageCounts::default();
        for unit in self.units() {
            if let Some(status) = self.status(stage, unit) {
                counts.add(status);
            }
        }
        counts
    }

    /// Returns the standing votes on a unit, one per reviewer, in the order in which the reviewers joined. Votes cast for practice in a
    /// round are none of them.
    ///
    /// A vote on the primary record counts before votes on other members of the group, which are kept but inactive; where the primary has
    /// none by that reviewer, the latest on another member counts, so that grouping loses no work.
    pub fn votes_on(&self, stage: Stage, unit: RecordIndex) -> Vec<VoteRecord<'_>> {
        let mut standing: Vec<(bool, VoteRecord<'_>)> = Vec::new();
        for member in self.groups.members_of(&unit) {
            let counts = |kept: &&Kept<Vote>| self.is_live(kept.op) && !self.is_practice(kept.op, *member);
            for kept in self.votes.of(stage, *member).iter().filter(counts) {
                let (on_primary, found) = (*member == unit, VoteRecord { op: kept.op, vote: &kept.value });
                match standing.iter_mut().find(|(_, known)| known.vote.reviewer == kept.value.reviewer) {
                    Some(known) if (on_primary, kept.op) >= (known.0, known.1.op) => *known = (on_primary, found),
                    Some(_) => {}
                    None => standing.push((on_primary, found)),
                }
            }
        }
        if standing.len() > 1 {
            let people = self.reviewers();
            let rank = |id: &ReviewerId| people.iter().position(|person| person.id == *id).unwrap_or(usize::MAX);
            standing.sort_by_key(|(_, found)| rank(&found.vote.reviewer));
        }
        standing.into_iter().map(|(_, found)| found).collect()
    }

    /// Returns the standing vote of one reviewer on a unit, by the rule of [`ReviewState::votes_on`].
    pub fn vote_by(&self, stage: Stage, unit: RecordIndex, reviewer: &ReviewerId) -> Option<VoteRecord<'_>> {
        let mut standing: Option<(bool, VoteRecord<'_>)> = None;
        for member in self.groups.members_of(&unit) {
            let mut rows = self.votes.of(stage, *member).iter().rev();
            let counts = |kept: &Kept<Vote>| self.is_live(kept.op) && !self.is_practice(kept.op, *member);
            let own = rows.find(|kept| kept.value.reviewer == *reviewer && counts(kept));
            let Some(kept) = own else { continue };
            let found = (*member == unit, VoteRecord { op: kept.op, vote: &kept.value });
            if standing.is_none_or(|known| (found.0, found.1.op) >= (known.0, known.1.op)) {
                standing = Some(found);
            }
        }
        standing.map(|(_, found)| found)
    }

    /// Returns the records with a note on a vote that stands, whoever wrote it, in no order. Not for screens: it knows no blinding.
    pub fn records_with_note(&self) -> Vec<(Stage, RecordIndex)> {
        let has_note = |kept: &Kept<Vote>| kept.value.note.is_some() && self.is_live(kept.op);
        self.votes.iter().filter(|(_, _, rows)| rows.iter().any(has_note)).map(|(stage, record, _)| (stage, record)).collect()
    }

    /// Returns for every stage, record and reviewer the verdict that stands, unordered and without regard to groups.
    ///
    /// This is what the file's own view computes; `check` compares the two. It is not for screens: it knows no blinding.
    pub fn standing_votes(&self) -> Vec<(Stage, RecordId, ReviewerId, Verdict)> {
        let mut standing = Vec::new();
        for (stage, record, rows) in self.votes.iter() {
            let mut seen: Vec<&ReviewerId> = Vec::new();
            for kept in rows.iter().rev().filter(|kept| self.is_live(kept.op)) {
                if !seen.contains(&&kept.value.reviewer) {
                    seen.push(&kept.value.reviewer);
                    standing.push((stage, self.record_id(record), kept.value.reviewer.clone(), kept.value.verdict));
                }
            }
        }
        standing
    }

    /// Tells whether a vote cast now could be influenced: as many people as the policy asks for (or once asked for) have voted on the unit
    /// at some time, so that votes could be seen. Votes taken back since then count as well.
    pub fn has_been_open(&self, stage: Stage, unit: RecordIndex) -> bool {
        if let Some(found) = self.open_round_of(stage, unit) {
            return self.has_round_been_open(found.round, unit);
        }
        let mut people: Vec<&ReviewerId> = Vec::new();
        for member in self.groups.members_of(&unit) {
            people.extend(self.votes.of(stage, *member).iter().map(|kept| &kept.value.reviewer));
        }
        people.sort_unstable();
        people.dedup();
        people.len() >= usize::from(self.fewest_votes_asked_for(stage))
    }

    /// Returns the smallest number of votes that any policy of the stage ever asked for: votes that could be seen once were seen.
    fn fewest_votes_asked_for(&self, stage: Stage) -> u8 {
        let set = self.policies.iter().filter(|kept| kept.value.stage == stage).map(|kept| kept.value.required_votes);
        set.chain([self.policy(stage).required_votes]).min().unwrap_or(1)
    }

    /// Returns the standing resolutions of a unit, the latest of each person.
    pub fn resolutions_of(&self, stage: Stage, unit: RecordIndex) -> Vec<&Resolution> {
        let mut standing: Vec<&Kept<Resolution>> = Vec::new();
        for member in self.groups.members_of(&unit) {
            for kept in self.resolutions.get(&(stage, *member)).into_iter().flatten().filter(|kept| self.is_live(kept.op)) {
                match standing.iter_mut().find(|known| known.value.reviewer == kept.value.reviewer) {
                    Some(known) => *known = if kept.op >= known.op { kept } else { known },
                    None => standing.push(kept),
                }
            }
        }
        standing.into_iter().map(|kept| &kept.value).collect()
    }

    /// Returns the last vote that each reviewer cast before votes on the unit could be seen, for agreement statistics.
    ///
    /// Votes of rounds are left to [`ReviewState::independent_round_votes`]. A vote that was taken back counts only where the same person
    /// voted again after unblinding.
    pub fn independent_votes(&self, stage: Stage, unit: RecordIndex) -> Vec<VoteRecord<'_>> {
        let mut found: Vec<VoteRecord<'_>> = Vec::new();
        let is_outside = |op: OpIndex| self.groups.members_of(&unit).iter().all(|member| self.round_of_vote(op, *member).is_none());
        for standing in self.votes_on(stage, unit).into_iter().filter(|found| is_outside(found.op)) {
            if standing.vote.is_independent {
                found.push(standing);
                continue;
            }
            let members = self.groups.members_of(&unit).iter();
            let rows = members.flat_map(|member| self.votes.of(stage, *member));
            let rows = rows.filter(|kept| is_outside(kept.op));
            let own = rows.filter(|kept| kept.value.is_independent && kept.value.reviewer == standing.vote.reviewer);
            found.extend(own.max_by_key(|kept| kept.op).map(|kept| VoteRecord { op: kept.op, vote: &kept.value }));
        }
        found
    }

    /// Returns the retrieval log of a unit's report as it stands, oldest first.
    pub fn retrieval_log(&self, unit: RecordIndex) -> Vec<(OpIndex, &Retrieval)> {
        let mut log: Vec<(OpIndex, &Retrieval)> = Vec::new();
        for member in self.groups.members_of(&unit) {
            log.extend(
                self.retrievals.get(member).into_iter().flatten().filter(|kept| self.is_live(kept.op)).map(|kept| (kept.op, &kept.value)),
            );
        }
        log.sort_by_key(|(op, _)| *op);
        log
    }

    /// Returns whether the report of a unit is at hand.
    pub fn retrieval_of(&self, unit: RecordIndex) -> RetrievalState {
        self.retrieval_log(unit).last().map_or(RetrievalState::Pending, |(_, entry)| entry.state)
    }

    /// Returns the removal that stands for a unit.
    pub fn removal_of(&self, unit: RecordIndex) -> Option<&Removal> {
        let rows = self.removals.get(&unit)?;
        self.last_live(rows).map(|kept| &kept.value).filter(|removal| removal.kind != RemovalKind::Restored)
    }

    /// Computes which records stand, the groups, and every status.
    pub(super) fn regroup(&mut self) {
        for at in 0..self.batches.len() {
            let is_live = self.batches[at].ops.iter().any(|op| self.is_live(*op));
            self.batches[at].is_live = is_live;
        }
        self.place_in_cycles();
        let links = self.links.iter().filter(|kept| self.is_live(kept.op)).map(|kept| PlacedLink {
            a: self.record_places[&kept.value.a],
            b: self.record_places[&kept.value.b],
            verdict: kept.value.verdict,
            by_person: kept.value.by_person,
            score: kept.value.score,
        });
        self.groups = Groups::compute(self.records.len(), |at| self.is_record_live(at), links);
        let count = self.records.len();
        self.title_abstract = vec![Status::Unscreened; count];
        self.full_text = vec![Status::AwaitingReport; count];
        self.voted = (vec![0; count], vec![0; count]);
        let mut touched: Vec<RecordIndex> = self.votes.iter().map(|(_, record, _)| record).collect();
        touched.extend(self.resolutions.keys().map(|(_, record)| *record));
        touched.extend(self.retrievals.keys());
        touched.extend(self.removals.keys());
        touched.iter_mut().for_each(|record| *record = self.groups.primary_of(*record));
        touched.sort_unstable();
        touched.dedup();
        self.refresh(&touched);
    }

    /// Computes the status of the units of these records anew.
    pub fn refresh(&mut self, records: &[RecordIndex]) {
        let policies = [self.policy(Stage::TitleAbstract), self.policy(Stage::FullText)];
        let people: Vec<ReviewerId> = self.people_with_bits().into_iter().cloned().collect();
        let people: Vec<&ReviewerId> = people.iter().collect();
        for record in records {
            let unit = self.unit_of(*record);
            let (title_abstract, at_title_abstract) = self.fold_votes(unit, &policies[0], &people);
            let title_abstract = if self.removal_of(unit).is_some() { Status::Removed } else { title_abstract };
            let (full_text, at_full_text) = self.fold_votes(unit, &policies[1], &people);
            let full_text = screening::full_text_status(self.retrieval_of(unit), full_text);
            self.title_abstract[unit as usize] = title_abstract;
            self.full_text[unit as usize] = full_text;
            (self.voted.0[unit as usize], self.voted.1[unit as usize]) = (at_title_abstract, at_full_text);
        }
    }

    /// Returns the status of a unit by its votes, and the bits of those who voted.
    fn fold_votes(&self, unit: RecordIndex, policy: &super::super::policy::Policy, people: &[&ReviewerId]) -> (Status, u32) {
        let standing = self.votes_on(policy.stage, unit);
        let bits = Self::bits_of(people, &standing);
        let votes: Vec<Judgement> = standing
            .into_iter()
            .map(|found| Judgement {
                reviewer: found.vote.reviewer.clone(),
                verdict: found.vote.verdict,
                reason: found.vote.reason.clone(),
            })
            .collect();
        let resolutions: Vec<Judgement> = self
            .resolutions_of(policy.stage, unit)
            .into_iter()
            .map(|r| Judgement { reviewer: r.reviewer.clone(), verdict: r.verdict, reason: r.reason.clone() })
            .collect();
        // While a round is open, nothing of its sample is decided before everybody in it has voted.
        let is_waiting = self.open_round_of(policy.stage, unit).is_some_and(|found| !self.missing_in_round(found.round, unit).is_empty());
        if is_waiting && !votes.is_empty() {
            return (Status::Partial, bits);
        }
        (screening::fold(&votes, &resolutions, policy, |code| self.reason_rank(code)), bits)
    }

    /// Returns the records that an operation judged, whose statuses may have changed when it is added or switched.
    pub fn records_touched_by(&self, op: OpIndex) -> Vec<RecordIndex> {
        self.judged.range((op, 0)..=(op, RecordIndex::MAX)).map(|(_, record)| *record).collect()
    }

    /// Returns the record that an operation judged, where it is only one.
    pub fn only_record_touched_by(&self, op: OpIndex) -> Option<RecordIndex> {
        let mut judged = self.judged.range((op, 0)..=(op, RecordIndex::MAX)).map(|(_, record)| *record);
        judged.next().filter(|_| judged.next().is_none())
    }

    /// Returns the verdict of a vote in one letter for tables: `i`, `m`, `e`, `o`, `a`.
    pub fn letter(verdict: Verdict) -> char {
        match verdict {
            Verdict::Include => 'i',
            Verdict::Maybe => 'm',
            Verdict::Exclude => 'e',
            Verdict::Ongoing => 'o',
            Verdict::Awaiting => 'a',
        }
    }
}
