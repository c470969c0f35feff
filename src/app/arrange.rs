//! How a reviewer arranges the screening: the order of the records, and batches of them.
//!
//! This is no judgement and no history: it is remembered in the file for the reviewer, and may be forgotten without harm.

use std::cell::RefCell;

use crate::domain::change::ChangeSet;
use crate::domain::decision::Stage;
use crate::domain::ids::{RecordId, ReviewerId};
use crate::domain::order::{ScreeningOrder, random_place};
use crate::domain::state::RecordIndex;
use crate::domain::text::{counted, fold};

use super::error::{Error, Result};
use super::request::{Detail, Reply};
use super::workspace::Workspace;

/// The most records in a batch.
pub const LARGEST_BATCH: usize = 1000;

/// All records in the order that was asked for last.
pub(super) type Sequence = RefCell<Option<(ScreeningOrder, usize, Vec<RecordIndex>)>>;

fn order_key(reviewer: &ReviewerId) -> String {
    format!("screening order of {reviewer}")
}

fn batch_key(reviewer: &ReviewerId) -> String {
    format!("screening batch of {reviewer}")
}

/// Returns a text as it is sorted: folded, without signs before its first letter.
fn sort_key(text: &str) -> String {
    fold(text).trim_start_matches(|letter: char| !letter.is_alphanumeric()).to_owned()
}

fn done(message: String) -> Reply {
    Reply { message, op: None, changes: ChangeSet::VOTES, detail: Detail::None }
}

impl Workspace {
    /// Sets the order in which the acting reviewer screens; a random order without a seed gets one.
    pub(super) fn set_order(&mut self, word: &str, seed: Option<u32>) -> Result<Reply> {
        let reviewer = self.acting()?;
        let order = match (word, seed) {
            ("random", seed) => ScreeningOrder::Random(match seed {
                Some(seed) => seed,
                None => self.new_seed(&reviewer)?,
            }),
            (_, Some(_)) => return Err(Error::user(format!("only a random order has a seed, not \"{word}\""))),
            (word, None) => word.parse().map_err(|_| {
                Error::user(format!("\"{word}\" is no order")).hint(format!("the orders are {}", ScreeningOrder::WORDS.join(", ")))
            })?,
        };
        self.store.remember(&order_key(&reviewer), &order.to_string())?;
        Ok(done(format!("{reviewer} screens {}", order.label())))
    }

    fn new_seed(&self, reviewer: &ReviewerId) -> Result<u32> {
        let bytes = self.environment.names.next(&format!("order {reviewer} {}", self.state.ops().len()))?;
        // six digits can be read out and typed
        Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) % 1_000_000)
    }

    /// Takes the next records that wait for the acting reviewer's vote as a batch; none ends the batch.
    pub(super) fn take_batch(&mut self, size: usize) -> Result<Reply> {
        let reviewer = self.acting()?;
        if size > LARGEST_BATCH {
            return Err(Error::user(format!("a batch has at most {} records", LARGEST_BATCH)));
        }
        let waiting = self.in_order(self.waiting_for_my_vote(Stage::TitleAbstract).to_vec());
        let taken: Vec<RecordId> = waiting.into_iter().take(size).map(|unit| self.state.record_id(unit)).collect();
        if size > 0 && taken.is_empty() {
            return Err(Error::blocked("no record waits for your vote, so there is nothing to take as a batch"));
        }
        let names: Vec<&str> = taken.iter().map(|record| record.as_str()).collect();
        self.store.remember(&batch_key(&reviewer), &names.join(" "))?;
        Ok(done(if taken.is_empty() {
            format!("{reviewer} works on no batch")
        } else {
            format!("{reviewer} works on a batch of {}", counted(taken.len(), "record"))
        }))
    }

    /// Returns the order in which the acting reviewer screens titles and abstracts.
    pub fn screening_order(&self) -> ScreeningOrder {
        let remembered = self.reviewer().and_then(|person| self.store.remembered(&order_key(&person.id)).ok().flatten());
        remembered.and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    /// Returns the records of the acting reviewer's batch, voted on or not.
    pub(super) fn batch_records(&self) -> Vec<RecordId> {
        let remembered = self.reviewer().and_then(|person| self.store.remembered(&batch_key(&person.id)).ok().flatten());
        remembered.map(|text| text.split(' ').filter_map(|name| name.parse().ok()).collect()).unwrap_or_default()
    }

    /// Puts units into the order in which the acting reviewer screens.
    pub(super) fn in_order(&self, units: Vec<RecordIndex>) -> Vec<RecordIndex> {
        let order = self.screening_order();
        if order == ScreeningOrder::Import {
            return units;
        }
        let count = self.state.records().len();
        let mut kept = self.sequence.borrow_mut();
        if kept.as_ref().is_none_or(|(of, records, _)| (*of, *records) != (order, count)) {
            // a file that cannot be read now is told about by whatever reads it next
            *kept = self.all_in_order(order).ok().map(|sequence| (order, count, sequence));
        }
        let Some((_, _, sequence)) = kept.as_ref() else { return units };
        let mut is_wanted = vec![false; count];
        units.iter().for_each(|unit| is_wanted[*unit as usize] = true);
        sequence.iter().copied().filter(|record| is_wanted[*record as usize]).collect()
    }

    fn all_in_order(&self, order: ScreeningOrder) -> Result<Vec<RecordIndex>> {
        let mut all: Vec<RecordIndex> = (0..self.state.records().len() as RecordIndex).collect();
        match order {
            ScreeningOrder::Import => {}
            ScreeningOrder::Newest | ScreeningOrder::Oldest => {
                let mut years: Vec<Option<i32>> = vec![None; all.len()];
                self.store.each_year_and_title(&mut |id, year, _| {
                    if let Some(place) = self.state.record_place(id) {
                        years[place as usize] = year;
                    }
                })?;
                let sign = if order == ScreeningOrder::Newest { -1 } else { 1 };
                all.sort_by_key(|at| years[*at as usize].map_or((1, 0), |year| (0, sign * year)));
            }
            ScreeningOrder::Title => {
                let mut titles: Vec<String> = vec![String::new(); all.len()];
                self.store.each_year_and_title(&mut |id, _, title| {
                    if let Some(place) = self.state.record_place(id) {
                        titles[place as usize] = sort_key(title);
                    }
                })?;
                all.sort_by(|a, b| titles[*a as usize].cmp(&titles[*b as usize]));
            }
            ScreeningOrder::Author => {
                let mut keys: Vec<(bool, String, Option<i32>)> = vec![(true, String::new(), None); all.len()];
                self.store.each_year_and_first_author(&mut |id, year, author| {
                    if let Some(place) = self.state.record_place(id) {
                        let name = sort_key(author);
                        keys[place as usize] = (name.is_empty(), name, year);
                    }
                })?;
                all.sort_by(|a, b| keys[*a as usize].cmp(&keys[*b as usize]));
            }
            ScreeningOrder::Random(seed) => all.sort_by_cached_key(|at| random_place(seed, self.state.record_id(*at))),
        }
        Ok(all)
    }
}
