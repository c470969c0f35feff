//! Candidate pairs: records that share at least one key.
//!
//! Keys are hashes. A group of records with one key gives all its pairs while it is small; a group beyond
//! [`LARGEST_GROUP`] ("Editorial", one DOI for a supplement) is ordered by content and each record is paired with its next
//! neighbours only, so that the cost stays in proportion to the number of records.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::ops::Range;

use super::keys::Prepared;

/// The largest group of records with one key that is compared pair by pair.
const LARGEST_GROUP: usize = 120;
/// How many neighbours each record of a larger group is compared with.
const NEIGHBOURS: usize = 12;
/// A thread is not worth its start for fewer records or pairs than this.
const LEAST_PART: usize = 4_096;

/// A small fast hash that gives the same values in every run; a collision costs one needless comparison.
#[derive(Default)]
struct KeyHasher(u64);

impl KeyHasher {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.mix(chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
        self.mix(chunks.remainder().iter().fold(bytes.len() as u64, |word, byte| word << 8 | u64::from(*byte)));
    }

    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    fn write_u32(&mut self, value: u32) {
        self.mix(u64::from(value));
    }

    fn write_u8(&mut self, value: u8) {
        self.mix(u64::from(value));
    }

    fn finish(&self) -> u64 {
        let folded = (self.0 ^ self.0 >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        folded ^ folded >> 32
    }
}

type StableHash = BuildHasherDefault<KeyHasher>;

/// How often each word, by its hash, stands in the titles.
type WordCounts = HashMap<u64, u32, StableHash>;

/// Returns the pairs (a, b) with a < b that share a key, sorted, each once; only pairs with b >= `first_new`.
pub(crate) fn candidates(records: &[Prepared], first_new: usize) -> Vec<(u32, u32)> {
    let first_new = first_new.min(records.len());
    let rarity = word_counts(records);
    // new records first: of the earlier ones only keys that a new one has are of use
    let mut keys = keys_of(records, first_new..records.len(), &rarity, &|_| true);
    if first_new > 0 {
        let new_keys: HashSet<u64, StableHash> = keys.iter().map(|(key, _)| *key).collect();
        keys.extend(keys_of(records, 0..first_new, &rarity, &|key| new_keys.contains(&key)));
    }
    drop(rarity);
    sort_by_halves(&mut keys);
    keys.dedup();
    let is_wanted = |a: u32, b: u32| a.max(b) as usize >= first_new;
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for group in keys.chunk_by(|x, y| x.0 == y.0) {
        if group.len() < 2 || group.iter().all(|(_, i)| (*i as usize) < first_new) {
            continue;
        }
        if group.len() <= LARGEST_GROUP {
            for (at, (_, a)) in group.iter().enumerate() {
                pairs.extend(group[at + 1..].iter().filter(|(_, b)| is_wanted(*a, *b)).map(|(_, b)| (*a, *b)));
            }
        } else {
            let mut ordered: Vec<u32> = group.iter().map(|(_, i)| *i).collect();
            ordered.sort_by(|a, b| records[*a as usize].cmp(&records[*b as usize]));
            for (at, a) in ordered.iter().enumerate() {
                let next = ordered[at + 1..].iter().take(NEIGHBOURS).filter(|b| is_wanted(*a, **b));
                pairs.extend(next.map(|b| (*a.min(b), *a.max(b))));
            }
        }
    }
    drop(keys);
    sort_by_halves(&mut pairs);
    pairs.dedup();
    pairs
}

/// Does the same with equal parts of a range on all processors; the results are in the order of the parts.
fn in_parts<R: Send>(range: Range<usize>, work: impl Fn(Range<usize>) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(range.len() / LEAST_PART + 1);
    let size = range.len().div_ceil(threads);
    let part = |at: usize| (range.start + at * size).min(range.end)..(range.start + (at + 1) * size).min(range.end);
    let work = &work;
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|at| scope.spawn(move || work(part(at)))).collect();
        let mut results = vec![work(part(0))];
        for other in others {
            match other.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

/// Returns the keys that are wanted of the records of a range, each with the record's number, in no order.
fn keys_of(records: &[Prepared], range: Range<usize>, rarity: &WordCounts, is_wanted: &(dyn Fn(u64) -> bool + Sync)) -> Vec<(u64, u32)> {
    let parts = in_parts(range, |range| {
        let mut keys: Vec<(u64, u32)> = Vec::new();
        for index in range {
            let Ok(number) = u32::try_from(index) else { continue };
            record_keys(&records[index], rarity, &mut |key| {
                if is_wanted(key) {
                    keys.push((key, number));
                }
            });
        }
        keys
    });
    parts
        .into_iter()
        .reduce(|mut all, part| {
            all.extend(part);
            all
        })
        .unwrap_or_default()
}

/// Sorts on two processors: what lies below the middle value, and the rest.
fn sort_by_halves<T: Ord + Send>(values: &mut [T]) {
    if values.len() < 2 * LEAST_PART {
        values.sort_unstable();
        return;
    }
    let middle = values.len() / 2;
    let (low, _, high) = values.select_nth_unstable(middle);
    std::thread::scope(|scope| {
        scope.spawn(|| low.sort_unstable());
        high.sort_unstable();
    });
}

fn hash(kind: u8, parts: impl Hash) -> u64 {
    let mut hasher = KeyHasher::default();
    kind.hash(&mut hasher);
    parts.hash(&mut hasher);
    hasher.finish()
}

fn word_counts(records: &[Prepared]) -> WordCounts {
    let parts = in_parts(0..records.len(), |range| {
        let mut counts = WordCounts::default();
        for record in &records[range] {
            for word in record.title.split(' ').filter(|w| w.len() > 3) {
                *counts.entry(hash(0, word)).or_insert(0) += 1;
            }
        }
        counts
    });
    let merged = parts.into_iter().reduce(|mut all, part| {
        part.into_iter().for_each(|(word, count)| *all.entry(word).or_insert(0) += count);
        all
    });
    merged.unwrap_or_default()
}

fn record_keys(record: &Prepared, rarity: &WordCounts, emit: &mut dyn FnMut(u64)) {
    if let Some(doi) = &record.doi {
        emit(hash(1, doi));
    }
    if let Some(pmid) = &record.pmid {
        emit(hash(2, pmid));
    }
    if record.is_registration {
        record.registry.iter().for_each(|number| emit(hash(3, number)));
    }
    let mut letters = Vec::with_capacity(record.title.len());
    for title in std::iter::once(&record.title).chain(record.other_title.iter()) {
        letters.clear();
        letters.extend(title.bytes().filter(|byte| *byte != b' '));
        if letters.len() >= 6 {
            emit(hash(4, &letters[..letters.len().min(28)]));
            emit(hash(5, &letters[letters.len() - letters.len().min(24)..]));
        }
    }
    let first = record.authors.first();
    let pages = &record.pages;
    if let Some(start) = pages.start {
        if let (Some(volume), Some(year)) = (record.volume, record.year) {
            emit(hash(6, (start, volume, year)));
        }
        if let Some(first) = first {
            emit(hash(7, (start, first.family)));
        }
    }
    if let (Some(volume), Some(end)) = (record.volume, pages.end) {
        emit(hash(8, (pages.start, end, volume)));
        if let Some(first) = first {
            emit(hash(9, (end, first.family)));
        }
    }
    let words = rarest_words(&record.title, rarity);
    for (at, a) in words.iter().enumerate() {
        words[at + 1..].iter().for_each(|b| emit(hash(10, (a.min(b), a.max(b)))));
    }
    if let (Some(first), Some(year), Some(word)) = (first, record.year, record.title.split(' ').find(|w| w.len() > 3)) {
        emit(hash(11, (first.family, year, word)));
        emit(hash(11, (first.family, year + 1, word)));
    }
}

/// Returns the hashes of the four rarest words of a title that occur at least twice in all titles.
fn rarest_words(title: &str, rarity: &WordCounts) -> Vec<u64> {
    let mut words: Vec<(u32, u64)> = title
        .split(' ')
        .filter(|w| w.len() > 3)
        .map(|w| hash(0, w))
        .filter_map(|key| rarity.get(&key).map(|count| (*count, key)))
        .filter(|(count, _)| *count > 1)
        .collect();
    words.sort_unstable();
    words.dedup();
    words.truncate(4);
    words.into_iter().map(|(_, key)| key).collect()
}
