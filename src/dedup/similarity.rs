//! How alike two titles are, and whether what differs is decisive.

use rapidfuzz::fuzz::{Args, RatioBatchComparator, ratio, ratio_with_args};

use super::difference::LEAST_CUT;
use super::keys::Prepared;

/// Below this similarity two titles count as different texts.
pub(crate) const LEAST_SIMILARITY: f64 = 0.6;

/// The title of one record, ready to be compared with many others.
pub(crate) struct TitleComparator<'a> {
    record: &'a Prepared,
    batch: RatioBatchComparator<char>,
}

impl<'a> TitleComparator<'a> {
    /// Prepares the title of a record.
    pub fn new(record: &'a Prepared) -> Self {
        Self { record, batch: RatioBatchComparator::new(record.title.chars()) }
    }

    /// Returns the similarity of the titles, 0 to 1; 0 where it is below [`LEAST_SIMILARITY`] or a title is missing.
    ///
    /// It is the greatest of: the ratio of the texts in order; the ratio of their sorted words; .95 where one title begins or
    /// ends the other (a subtitle left out); the same for a title in the original language.
    pub fn similarity(&self, other: &Prepared) -> f64 {
        let (a, b) = (&*self.record.title, &*other.title);
        if a.is_empty() || b.is_empty() {
            return 0.0;
        }
        if a == b {
            return 1.0;
        }
        let cutoff = Args::default().score_cutoff(LEAST_SIMILARITY);
        let mut best = self.batch.similarity_with_args(b.chars(), &cutoff).unwrap_or(0.0);
        if best < 0.95 && begins_or_ends(a, b) {
            best = 0.95;
        }
        if (LEAST_SIMILARITY..0.97).contains(&best) {
            best = best.max(sorted_ratio(a, b)).max(joined_ratio(a, b));
        }
        for (original, others) in [(&self.record.other_title, other), (&other.other_title, self.record)] {
            if let Some(original) = original {
                best = best.max(ratio_with_args(original.chars(), others.title.chars(), &cutoff).unwrap_or(0.0));
                if let Some(second) = &others.other_title {
                    best = best.max(ratio_with_args(original.chars(), second.chars(), &cutoff).unwrap_or(0.0));
                }
            }
        }
        best
    }
}

fn sorted_ratio(a: &str, b: &str) -> f64 {
    let sorted = |text: &str| {
        let mut words: Vec<&str> = text.split(' ').collect();
        words.sort_unstable();
        words.join(" ")
    };
    ratio(sorted(a).chars(), sorted(b).chars())
}

fn joined_ratio(a: &str, b: &str) -> f64 {
    ratio(a.chars().filter(|c| *c != ' ').collect::<Vec<_>>(), b.chars().filter(|c| *c != ' ').collect::<Vec<_>>())
}

/// Tells whether the shorter title, of at least 20 letters and three words, stands whole at the beginning or end of the longer,
/// or is its beginning cut at a fixed length.
fn begins_or_ends(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 20 || short.split(' ').count() < 3 {
        return false;
    }
    long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' ') || short.len() >= LEAST_CUT)
        || long.strip_suffix(short).is_some_and(|rest| rest.ends_with(' '))
}
