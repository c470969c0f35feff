//! Calibration rounds: a random sample that several people screen at once, to see how far they agree before the rest is screened.

use serde::{Deserialize, Serialize};

use super::decision::Stage;
use super::ids::{RecordId, ReviewerId};

/// What becomes of the votes of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RoundVotes {
    /// They count for the review like any others.
    Count,
    /// They are for practice: the records are screened again afterwards.
    Practice,
}

/// One version of a round; the latest one that stands holds. A round is opened by its first version and closed by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The identity, made when the round is started.
    pub id: RoundId,
    /// The stage.
    pub stage: Stage,
    /// What the sample was drawn with.
    pub seed: u32,
    /// How many records were asked for; the sample is smaller where fewer were left.
    pub size: u32,
    /// What becomes of the votes.
    pub votes: RoundVotes,
    /// Whether votes on the sample belong to the round now.
    pub is_open: bool,
    /// Those who take part, in the order in which they joined the review.
    pub reviewers: Vec<ReviewerId>,
    /// The sample, in the order in which it is screened.
    pub records: Vec<RecordId>,
}

/// Names a round: twelve hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoundId(pub String);

impl std::fmt::Display for RoundId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says that the vote of the same operation on a record was cast in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundVote {
    /// The round.
    pub round: RoundId,
    /// The record, as the vote names it.
    pub record: RecordId,
}

/// Draws a sample without replacement, in random order; all, where fewer are there than wanted.
///
/// The same pool and seed give the same sample on every machine, in whatever order the pool comes: it is sorted by name first. The
/// generator is splitmix64 (Steele, Lea and Flood 2014), the shuffle that of Fisher and Yates; each choice is free of modulo bias.
pub fn draw(mut pool: Vec<RecordId>, size: usize, seed: u32) -> Vec<RecordId> {
    pool.sort_unstable();
    pool.dedup();
    let mut state = u64::from(seed);
    let mut next = move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    };
    let mut below = move |bound: u64| loop {
        let number = next();
        // Numbers beyond the last whole multiple of the bound would favour the small ones.
        if number < u64::MAX - u64::MAX % bound {
            break number % bound;
        }
    };
    let size = size.min(pool.len());
    for at in 0..size {
        let left = (pool.len() - at) as u64;
        let chosen = at + usize::try_from(below(left)).unwrap_or(0);
        pool.swap(at, chosen);
    }
    pool.truncate(size);
    pool
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(many: u8) -> Vec<RecordId> {
        (0..many).map(|n| RecordId::from_hash(&[n; 32])).collect()
    }

    #[test]
    fn a_sample_depends_on_pool_and_seed_alone() {
        let mut turned = pool(50);
        turned.rotate_left(17);
        assert_eq!(draw(pool(50), 10, 7), draw(turned, 10, 7));
        assert_ne!(draw(pool(50), 10, 7), draw(pool(50), 10, 8));
        assert_eq!(draw(pool(3), 10, 7).len(), 3);
        assert_eq!(draw(Vec::new(), 10, 7), []);
    }

    #[test]
    fn nothing_is_drawn_twice_and_everything_is_drawn_equally_often() {
        let mut times = [0u32; 20];
        for seed in 0..4000 {
            let mut sample = draw(pool(20), 5, seed);
            for record in &sample {
                times[pool(20).iter().position(|known| known == record).expect("of the pool")] += 1;
            }
            sample.sort_unstable();
            sample.dedup();
            assert_eq!(sample.len(), 5);
        }
        // Each is expected 1,000 times with a standard deviation of 27; five of those are allowed.
        assert!(times.iter().all(|times| times.abs_diff(1000) < 137), "{times:?}");
    }
}
