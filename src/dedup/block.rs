//! Candidate pairs: records that share at least one key.
//!
//! Keys are hashes. A group of records with one key gives all its pairs while it is small; a group beyond
//! [`LARGEST_GROUP`] ("Editorial", one DOI for a supplement) is ordered by content and each record is paired with its next
//! neighbours only, so that the cost stays in proportion to the number of records.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};

use super::keys::Prepared;

/// The largest group of records with one key that is compared pair by pair.
const LARGEST_GROUP: usize = 120;
/// How many neighbours each record of a larger group is compared with.
const NEIGHBOURS: usize = 12;

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

/// Returns the pairs (a, b) with a < b that share a key, sorted, each once; only pairs with b >= `first_new`.
pub(crate) fn candidates(records: &[Prepared], first_new: usize) -> Vec<(u32, u32)> {
    let rarity = word_counts(records);
    let mut keys: Vec<(u64, u32)> = Vec::with_capacity((records.len() - first_new.min(records.len())) * 14);
    let mut new_keys: HashSet<u64, StableHash> = HashSet::default();
    // new records first: of the earlier ones only keys that a new one has are of use
    for (index, record) in records.iter().enumerate().skip(first_new).chain(records.iter().enumerate().take(first_new)) {
        let Ok(number) = u32::try_from(index) else { continue };
        record_keys(record, &rarity, &mut |key| {
            if index >= first_new || new_keys.contains(&key) {
                keys.push((key, number));
            }
        });
        if first_new > 0 && index + 1 == records.len() {
            new_keys = keys.iter().map(|(key, _)| *key).collect();
        }
    }
    drop(rarity);
    keys.sort_unstable();
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
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn hash(kind: u8, parts: impl Hash) -> u64 {
    let mut hasher = KeyHasher::default();
    kind.hash(&mut hasher);
    parts.hash(&mut hasher);
    hasher.finish()
}

fn word_counts(records: &[Prepared]) -> HashMap<u64, u32, StableHash> {
    let mut counts = HashMap::default();
    for record in records {
        for word in record.title.split(' ').filter(|w| w.len() > 3) {
            *counts.entry(hash(0, word)).or_insert(0) += 1;
        }
    }
    counts
}

fn record_keys(record: &Prepared, rarity: &HashMap<u64, u32, StableHash>, emit: &mut dyn FnMut(u64)) {
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
fn rarest_words(title: &str, rarity: &HashMap<u64, u32, StableHash>) -> Vec<u64> {
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
