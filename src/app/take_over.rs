//! Votes that come in files: tables that people write, and decisions that other tools leave inside their exports.
//!
//! Decisions of a file are counted, never cast by themselves. A reviewer takes over their own: only those of one person, only on
//! units that wait for that reviewer's vote, all in one operation. What contradicts itself, cannot be read, or fits no record or
//! more than one is named and left.

mod finder;
mod own;
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::decision::{Stage, Verdict};
use crate::domain::ids::{RecordId, ReviewerId, slug};
use crate::domain::record::Citation;
use crate::domain::state::RecordIndex;
use crate::domain::text::{clean_line, counted, fold};
use crate::refs::decisions::{Decisions, FoundDecision, Tool, decisions};
use crate::refs::{self, ParseOptions};

use super::error::{Error, Result};
use super::load::{Aside, Load, LoadRow, RowChange, RowProblem};
use super::named_table::text_of_workbook;
use super::request::VoteEntry;
use super::workspace::Workspace;

use finder::Finder;
pub use tally::{DecisionCount, DecisionTally};

/// What the acting reviewer says about a file of votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteOrder {
    /// The stage at which to vote.
    pub stage: Stage,
    /// The reviewer's name in the file; needed where it names several people and none of them as the review does.
    pub person: Option<String>,
    /// The vote on records for which an export names no decision, such as a list of irrelevant studies.
    pub every: Option<Verdict>,
    /// Whether the decisions were made without sight of anybody else's, so that they may enter agreement statistics.
    pub is_blinded: bool,
    /// Whether the good rows are recorded where others are wrong.
    pub keeps_going: bool,
}

impl VoteOrder {
    /// Creates an order with nothing said but the stage.
    pub fn at(stage: Stage) -> Self {
        Self { stage, person: None, every: None, is_blinded: false, keeps_going: false }
    }
}

/// One record of an export with its decisions.
struct Read {
    line: u64,
    place: Option<String>,
    record: Result<(RecordId, &'static str)>,
    decisions: Decisions,
}

/// A decision on its way to a vote.
struct Taken {
    row: usize,
    unit: RecordIndex,
    verdict: Verdict,
}

impl Workspace {
    /// Reads a file of votes of the acting reviewer: a table with the column `vote` and one that names the record (`record`, `doi`,
    /// `pmid`, or `title` and `year`), or an export of another tool with decisions in it.
    ///
    /// # Errors
    /// [`Error`] where the file is neither, or where it must be said which person's decisions are meant. Problems of single rows are
    /// kept in the table.
    pub fn votes_of_file(&self, order: &VoteOrder, bytes: &[u8], file: &str) -> Result<Load> {
        self.voter()?;
        let sheet = text_of_workbook(bytes, file)?;
        if let Some(table) = own::table(sheet.as_deref().map_or(bytes, str::as_bytes), file)? {
            return own::votes(self, order, &table, file).map(|load| load.keep_going(order.keeps_going));
        }
        let parsed = refs::parse(bytes, &ParseOptions::default()).map_err(|error| {
            let mut error = Error::from(error);
            error.message = format!("{file}: {}", error.message);
            error
        })?;
        let finder = Finder::new(self)?;
        let read = parsed.drafts.iter().map(|draft| {
            let decisions = decisions(&draft.citation);
            let is_wanted = order.every.is_some() || !decisions.is_empty();
            let record = if is_wanted { finder.find(self, &draft.citation, &draft.raw) } else { Err(Error::not_found("")) };
            Read { line: draft.line as u64, place: None, record, decisions }
        });
        self.taken_over(order, file, read.collect())
    }

    /// Reads the decisions that the records of an import hold; it is named by its source or its file.
    ///
    /// # Errors
    /// [`Error`] where nothing was imported under the name, or where it must be said which person's decisions are meant.
    pub fn votes_of_source(&self, order: &VoteOrder, name: &str) -> Result<Load> {
        self.voter()?;
        let mut read = Vec::new();
        self.each_imported(name, &mut |record, place, citation| {
            read.push(Read { line: 0, place: Some(place), record: Ok((record, "record")), decisions: decisions(citation) });
        })?;
        self.taken_over(order, name, read)
    }

    /// Counts the decisions that the records of an import hold, by person; it is named by its source or its file.
    ///
    /// # Errors
    /// [`Error`] where nothing was imported under the name or the file cannot be read.
    pub fn decisions_of_source(&self, name: &str) -> Result<DecisionTally> {
        let mut tally = DecisionTally::default();
        self.each_imported(name, &mut |_, _, citation| tally.add(citation, 0))?;
        Ok(tally)
    }

    /// Hands the records of an import that stands to `each`, with their places in the file.
    fn each_imported(&self, name: &str, each: &mut dyn FnMut(RecordId, String, &Citation)) -> Result<()> {
        let id = slug(name);
        let batches: Vec<_> =
            self.state.batches().filter(|batch| batch.file_name == name || batch.source.as_str() == id).map(|batch| batch.id).collect();
        if batches.is_empty() {
            return Err(Error::not_found(format!("nothing was imported under the name \"{name}\""))
                .hint("name a source or an imported file; tamis source list shows both"));
        }
        for batch in batches {
            self.store.each_record(batch, &mut |record| {
                if let Some(at) = self.state.record_place(record.id).filter(|at| self.state.is_record_live(*at)) {
                    each(record.id, self.file_place(at), &record.citation);
                }
                true
            })?;
        }
        Ok(())
    }

    /// Makes votes of the decisions of one person.
    fn taken_over(&self, order: &VoteOrder, file: &str, read: Vec<Read>) -> Result<Load> {
        let reviewer = self.voter()?;
        let people: BTreeSet<&str> = read.iter().flat_map(|row| &row.decisions.found).filter_map(|found| found.person.as_deref()).collect();
        let has_any = order.every.is_some() || read.iter().any(|row| !row.decisions.is_empty());
        if !has_any {
            return Err(Error::user(format!("{file} holds no decisions"))
                .hint("a table of votes has the columns record (or doi, pmid, title), vote, and perhaps reason and note"));
        }
        let person = self.person_in(file, order, &people)?;
        let mut load = Load::new(file, Vec::new()).keep_going(order.keeps_going);
        let mut taken: Vec<Taken> = Vec::new();
        let mut tools: BTreeSet<Tool> = BTreeSet::new();
        for row in read {
            let is_theirs = |found: &&FoundDecision| {
                found.person.as_deref() == person.as_deref() && found.stage.is_none_or(|stage| stage == order.stage)
            };
            let theirs: Vec<&FoundDecision> = row.decisions.found.iter().filter(is_theirs).collect();
            load.aside.others += row.decisions.found.len() - theirs.len();
            let wrong = |message: String| {
                let (file, record) = (file.to_owned(), row.place.clone());
                Box::new(RowProblem { file, line: row.line, record, column: None, message, hint: None })
            };
            let mut refuse =
                |message: String| load.rows.push(LoadRow { line: row.line, record: row.place.clone(), change: Err(wrong(message)) });
            if let Some(unreadable) = row.decisions.unreadable.first() {
                refuse(unreadable.message.clone());
                continue;
            }
            let verdicts: BTreeSet<Verdict> = theirs.iter().map(|found| found.verdict).collect();
            let verdict = match (verdicts.first(), order.every) {
                (Some(_), _) if verdicts.len() > 1 => {
                    let words: Vec<String> = verdicts.iter().map(ToString::to_string).collect();
                    refuse(format!("the record contradicts itself: {}", words.join(" and ")));
                    continue;
                }
                (Some(verdict), _) => *verdict,
                (None, Some(every)) if row.decisions.found.is_empty() => every,
                (None, _) => {
                    load.aside.undecided += usize::from(row.decisions.found.is_empty());
                    continue;
                }
            };
            let (record, matched) = match row.record {
                Ok(found) => found,
                Err(error) => {
                    refuse(error.message);
                    continue;
                }
            };
            let unit = self.unit(record)?;
            if self.state.vote_now(order.stage, unit, &reviewer).is_some() {
                load.aside.voted += 1;
                continue;
            }
            if self.check_open(order.stage, unit, &reviewer).is_err() {
                load.aside.past += 1;
                continue;
            }
            let excluders = row.decisions.found.iter().filter(|found| found.verdict == Verdict::Exclude).count();
            let (reason, note) = match self.reason_and_note(order.stage, verdict, &theirs, excluders > 1) {
                Ok(known) => known,
                Err(message) => {
                    refuse(message);
                    continue;
                }
            };
            tools.extend(theirs.iter().map(|found| found.tool));
            *load.aside.matched.entry(matched).or_default() += 1;
            taken.push(Taken { row: load.rows.len(), unit, verdict });
            let vote = VoteEntry { record, verdict, reason, note, milliseconds: None };
            let change = RowChange::Vote { stage: order.stage, vote, is_independent: order.is_blinded };
            load.rows.push(LoadRow { line: row.line, record: row.place, change: Ok(change) });
        }
        settle_repeats(&mut load, &taken);
        let names: Vec<&str> = tools.iter().filter(|tool| **tool != Tool::Table).map(|tool| tool.title()).collect();
        load.origin = Some(if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) });
        Ok(load)
    }

    /// Returns whose decisions are meant; `None` for those of nobody named.
    fn person_in(&self, file: &str, order: &VoteOrder, people: &BTreeSet<&str>) -> Result<Option<String>> {
        let listed = || people.iter().map(|person| clean_line(person).into_owned()).collect::<Vec<_>>().join(", ");
        let named = |name: &str| {
            let wanted = fold(name);
            let mut fitting = people.iter().filter(|person| fold(person) == wanted);
            fitting.next().filter(|_| fitting.next().is_none()).map(|person| (*person).to_owned())
        };
        match (&order.person, people.len()) {
            (Some(_), 0) => Err(Error::user(format!("{file} names nobody")).hint("leave --person out")),
            (Some(name), _) => match people.get(name.as_str()).map(|person| (*person).to_owned()).or_else(|| named(name)) {
                Some(person) => Ok(Some(person)),
                None => Err(Error::not_found(format!("{file} holds no decisions of {name}")).hint(format!("it names {}", listed()))),
            },
            (None, 0) => Ok(None),
            (None, 1) => Ok(people.first().map(|person| (*person).to_owned())),
            (None, _) => {
                let own = self.reviewer().and_then(|me| named(me.id.as_str()).or_else(|| named(&me.name)));
                own.map(Some).ok_or_else(|| {
                    Error::user(format!(
                        "{file} holds decisions of {}: {}",
                        counted(people.len(), "person").replace("persons", "people"),
                        listed()
                    ))
                    .hint("say which of them are yours: --person NAME; the others take over theirs themselves")
                })
            }
        }
    }

    /// Finds the review's exclusion reason for what a tool says, and what goes into the note.
    fn reason_and_note(
        &self,
        stage: Stage,
        verdict: Verdict,
        found: &[&FoundDecision],
        is_shared: bool,
    ) -> std::result::Result<(Option<String>, Option<String>), String> {
        let mut notes: Vec<String> = found.iter().filter_map(|found| found.note.clone()).collect();
        notes.dedup();
        let said: BTreeSet<&str> = found.iter().flat_map(|found| &found.reasons).map(String::as_str).collect();
        if verdict != Verdict::Exclude {
            return Ok((None, joined(&notes)));
        }
        let fitting = |name: &str| {
            let name = fold(name);
            self.state
                .reasons()
                .iter()
                .find(|known| fold(&known.code) == name || fold(&known.label) == name)
                .map(|known| known.code.clone())
        };
        let known: BTreeSet<String> = said.iter().filter_map(|name| fitting(name)).collect();
        let words = said.iter().map(|reason| clean_line(reason).into_owned()).collect::<Vec<_>>().join(", ");
        // Rayyan's reasons belong to a record: where two people excluded it, whose they are is not said.
        let is_unclear = is_shared && found.iter().any(|found| found.tool == Tool::Rayyan);
        let code = (known.len() == 1 && said.len() == 1 && !is_unclear).then(|| known.first().cloned()).flatten();
        if stage == Stage::FullText && code.is_none() {
            return Err(match said.len() {
                0 => "the decision names no reason, and an exclusion at full text needs one".to_owned(),
                1 if is_unclear => format!("whose reason \"{words}\" is, is not said"),
                1 => format!("the review has no exclusion reason \"{words}\"; add it with tamis setup reasons"),
                _ => format!("the decision names several reasons ({words}), and a vote has one"),
            });
        }
        if code.is_none() && !words.is_empty() {
            let tool = found.first().map_or("", |found| found.tool.title());
            notes.push(format!("{tool}: {words}"));
        }
        Ok((code, joined(&notes)))
    }

    /// Returns the acting reviewer's names, folded.
    fn names_of(&self, reviewer: &ReviewerId) -> Vec<String> {
        let name = self.state.reviewer(reviewer).map(|person| fold(&person.name));
        std::iter::once(fold(reviewer.as_str())).chain(name).collect()
    }
}

fn joined(notes: &[String]) -> Option<String> {
    let text = notes.iter().map(|note| clean_line(note).into_owned()).filter(|note| !note.is_empty()).collect::<Vec<_>>().join("; ");
    (!text.is_empty()).then_some(text)
}

/// Keeps one of several equal decisions on a unit, and none of several that differ.
fn settle_repeats(load: &mut Load, taken: &[Taken]) {
    let mut units: BTreeMap<RecordIndex, Vec<&Taken>> = BTreeMap::new();
    for one in taken {
        units.entry(one.unit).or_default().push(one);
    }
    let mut dropped: BTreeSet<usize> = BTreeSet::new();
    for rows in units.values().filter(|rows| rows.len() > 1) {
        let is_one_mind = rows.iter().all(|other| other.verdict == rows[0].verdict);
        if is_one_mind {
            dropped.extend(rows[1..].iter().map(|row| row.row));
            load.aside.repeated += rows.len() - 1;
            continue;
        }
        for row in rows {
            let message = format!("records of one group of duplicates are decided on differently; this one says {}", row.verdict);
            let file = load.file.clone();
            let changed = &mut load.rows[row.row];
            let (line, record) = (changed.line, changed.record.clone());
            changed.change = Err(Box::new(RowProblem { file, line, record, column: None, message, hint: None }));
        }
    }
    let mut at = 0;
    load.rows.retain(|_| {
        at += 1;
        !dropped.contains(&(at - 1))
    });
}

impl Aside {
    /// Returns what was left aside as clauses for people.
    pub fn told(&self, stage: Stage) -> Vec<String> {
        let mut told = Vec::new();
        let mut tell = |count: usize, what: &str| {
            if count > 0 {
                told.push(what.replace('#', &count.to_string()));
            }
        };
        tell(self.voted, "# left: you have voted on them here");
        tell(self.past, &format!("# left: they do not wait for a vote at {}", stage.label()));
        tell(self.repeated, "# repeated within groups of duplicates");
        tell(self.undecided, "# without a decision");
        tell(self.others, "# of other people or another stage, not looked at");
        told
    }
}
