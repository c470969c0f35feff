//! Finding records by a query, with blinding applied: what may not be seen cannot be found either.
//!
//! States are those that the acting reviewer may know (see [`Queue`]); of notes only those of votes that may be read are looked
//! into. Whatever else other people judged does not change what a query finds, which a test tries.

use crate::domain::decision::{Stage, Verdict};
use crate::domain::ids::RecordId;
use crate::domain::mark::Marks;
use crate::domain::search::{Leaf, Part, Pattern, Query, Segment, State, TextField, UnitSet, is_in, parse, parse_unfinished};
use crate::domain::state::RecordIndex;

use super::super::error::{Error, Result};
use super::super::workspace::Workspace;
use super::screening::Queue;

/// Looks something up in a segment and hands every record that it finds to the second argument.
type Look<'l> = dyn FnMut(&Segment, &mut dyn FnMut(u32)) + 'l;

/// What a query found in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The query as it was understood.
    pub query: String,
    /// The records of the list that fit.
    pub records: Vec<RecordId>,
    /// How many records fit in the whole stage.
    pub everywhere: usize,
}

impl Workspace {
    /// Returns the units of a queue that fit a query, in the order of the queue.
    ///
    /// A query that itself names a state of screening or the acting reviewer's vote is asked of the whole stage.
    /// With `is_typing` the query may be unfinished, see [`parse_unfinished`].
    ///
    /// # Errors
    /// [`Error`] where the query cannot be read, with the place and what to write, or the file cannot be read.
    pub fn filter(&self, stage: Stage, queue: Queue, text: &str, is_typing: bool) -> Result<Found> {
        let unreadable = |error: crate::domain::search::QueryError| Error::user(error.to_string()).hint(error.hint);
        let (query, understood) =
            if is_typing { parse_unfinished(text).map_err(unreadable)? } else { (parse(text).map_err(unreadable)?, text.to_owned()) };
        let mut all = self.no_units();
        all.extend(self.state.units_in(stage).map(|(unit, _)| unit));
        let found = self.fitting(&query, stage, &all)?;
        let mut names_state = false;
        query.each_leaf(&mut |leaf| names_state |= matches!(leaf, Leaf::Is(_) | Leaf::My(_)));
        let queue = if names_state { Queue::All } else { queue };
        let fits = |record: &RecordId| self.state.record_place(*record).is_some_and(|place| found.contains(place));
        let records = self.queue(stage, queue).into_iter().filter(fits).collect();
        Ok(Found { query: understood, records, everywhere: found.count() })
    }

    /// Returns the units of the whole review that fit a query, in the order of import; states are those at title and abstract.
    ///
    /// # Errors
    /// As [`Workspace::filter`].
    pub fn search(&self, text: &str) -> Result<Vec<RecordId>> {
        let query = parse(text).map_err(|error| Error::user(error.to_string()).hint(error.hint))?;
        let mut all = self.no_units();
        all.extend(self.state.units());
        let found = self.fitting(&query, Stage::TitleAbstract, &all)?;
        Ok(found.iter().map(|unit| self.state.record_id(unit)).collect())
    }

    fn no_units(&self) -> UnitSet {
        UnitSet::new(self.state.records().len())
    }

    fn fitting(&self, query: &Query, stage: Stage, all: &UnitSet) -> Result<UnitSet> {
        if query.needs_texts() {
            self.read_missing_texts()?;
        }
        query.evaluate(all, &mut |leaf| self.answer(leaf, stage))
    }

    /// Returns the units that fit one condition.
    fn answer(&self, leaf: &Leaf, stage: Stage) -> Result<UnitSet> {
        let mut found = self.no_units();
        match leaf {
            Leaf::Text(field, pattern) => {
                let mut texts = self.texts.borrow_mut();
                texts.matching(*field, pattern, self.state.records().len()).iter().for_each(|place| self.insert_unit(&mut found, place));
                drop(texts);
                if *field == TextField::Any {
                    if let Some(year) = as_year(pattern) {
                        self.in_segments(&mut found, &mut |segment, hit| segment.find_years(Some(year), Some(year), hit));
                    }
                    self.add_of_sources(&mut found, pattern);
                    self.with_note(&mut found, Some(pattern));
                    self.with_marks(&mut found, &|marks| marks.tags.iter().any(|tag| is_in(pattern, tag)));
                }
            }
            Leaf::Year(from, to) => self.in_segments(&mut found, &mut |segment, hit| segment.find_years(*from, *to, hit)),
            Leaf::Source(pattern) => self.add_of_sources(&mut found, pattern),
            Leaf::Note(pattern) => self.with_note(&mut found, Some(pattern)),
            Leaf::Tag(pattern) => self.with_marks(&mut found, &|marks| marks.tags.iter().any(|tag| is_in(pattern, tag))),
            Leaf::Doi { text, is_beginning: true } => self.units_of(&mut found, &self.store.records_with_doi_beginning(text)?),
            Leaf::Doi { text, is_beginning: false } => {
                self.units_of(&mut found, &self.store.records_with_identifier(Some(text), None)?);
            }
            Leaf::Pmid(text) => self.units_of(&mut found, &self.store.records_with_identifier(None, Some(text))?),
            Leaf::Record(name) => match name.rsplit_once('#') {
                // a file or place that is not there holds no record
                Some((file, place)) => self.units_of(&mut found, self.record_of_file(file, place).ok().as_slice()),
                None => self.units_of(&mut found, &self.store.records_named(name, u32::MAX)?),
            },
            Leaf::Is(state) => self.in_queue(&mut found, stage, queue_of(*state)),
            Leaf::My(verdict) => self.with_my_vote(&mut found, stage, *verdict),
            Leaf::Has(part) => self.with_part(&mut found, *part),
        }
        Ok(found)
    }

    /// Puts in the units of the records that `look` finds in the index.
    fn in_segments(&self, found: &mut UnitSet, look: &mut Look<'_>) {
        self.texts.borrow().each_segment(&mut |segment, places| {
            look(segment, &mut |record| {
                if let Some(place) = places.get(record as usize) {
                    self.insert_unit(found, *place);
                }
            });
        });
    }

    fn insert_unit(&self, found: &mut UnitSet, place: RecordIndex) {
        if self.state.is_record_live(place) {
            found.insert(self.state.unit_of(place));
        }
    }

    fn units_of(&self, found: &mut UnitSet, records: &[RecordId]) {
        records.iter().filter_map(|id| self.state.record_place(*id)).for_each(|place| self.insert_unit(found, place));
    }

    fn add_of_sources(&self, found: &mut UnitSet, pattern: &Pattern) {
        let sources: Vec<_> =
            self.state.sources().into_iter().filter(|source| is_in(pattern, &source.name)).map(|source| &source.id).collect();
        if sources.is_empty() {
            return;
        }
        for place in 0..self.state.records().len() as RecordIndex {
            if sources.contains(&&self.state.batch_of(place).source) {
                self.insert_unit(found, place);
            }
        }
    }

    /// Puts in the units with a note that the acting reviewer may read, of either stage; any note, or one that holds a pattern.
    fn with_note(&self, found: &mut UnitSet, pattern: Option<&Pattern>) {
        let fits = |note: &str| !note.trim().is_empty() && pattern.is_none_or(|pattern| is_in(pattern, note));
        self.with_marks(found, &|marks| marks.note.as_deref().is_some_and(fits));
        for (stage, place) in self.state.records_with_note() {
            if !self.state.is_record_live(place) {
                continue;
            }
            let unit = self.state.unit_of(place);
            if self.readable_notes(stage, unit).iter().any(|note| fits(note)) {
                found.insert(unit);
            }
        }
    }

    /// Puts in the units on which marks of one person, as far as the acting reviewer may see them, fit.
    fn with_marks(&self, found: &mut UnitSet, fits: &dyn Fn(&Marks) -> bool) {
        let units = self.state.marked_units().into_iter();
        found.extend(units.filter(|unit| self.visible_marks(*unit).iter().any(|person| fits(&person.marks))));
    }

    fn in_queue(&self, found: &mut UnitSet, stage: Stage, queue: Queue) {
        let units = self.queue(stage, queue);
        self.units_of(found, &units);
    }

    fn with_my_vote(&self, found: &mut UnitSet, stage: Stage, verdict: Verdict) {
        let Some(me) = self.reviewer().map(|person| person.id.clone()) else { return };
        let is_mine = |unit: RecordIndex| self.state.vote_by(stage, unit, &me).is_some_and(|found| found.vote.verdict == verdict);
        found.extend(self.state.units_in(stage).map(|(unit, _)| unit).filter(|unit| is_mine(*unit)));
    }

    fn with_part(&self, found: &mut UnitSet, part: Part) {
        let flag = match part {
            Part::Abstract => Segment::HAS_ABSTRACT,
            Part::Author => Segment::HAS_AUTHOR,
            Part::Doi => Segment::HAS_DOI,
            Part::Pmid => Segment::HAS_PMID,
            Part::Year => return self.in_segments(found, &mut |segment, hit| segment.find_years(None, None, hit)),
            Part::Note => return self.with_note(found, None),
            Part::Tag => return self.with_marks(found, &|marks| !marks.tags.is_empty()),
            Part::Star => return self.with_marks(found, &|marks| !marks.stars.is_empty()),
            Part::Duplicate => {
                return found.extend(self.state.units().filter(|unit| self.state.groups().members_of(unit).len() > 1));
            }
        };
        self.in_segments(found, &mut |segment, hit| segment.find_parts(flag, hit));
    }
}

/// Returns the year that a single word of four digits may mean.
fn as_year(pattern: &Pattern) -> Option<i32> {
    match pattern.words.as_slice() {
        [word] if word.len() == 4 => word.parse().ok(),
        _ => None,
    }
}

fn queue_of(state: State) -> Queue {
    match state {
        State::Undecided => Queue::Undecided,
        State::Mine => Queue::Mine,
        State::Maybe => Queue::Maybe,
        State::Conflict => Queue::Conflict,
        State::Included => Queue::Included,
        State::Excluded => Queue::Excluded,
    }
}
