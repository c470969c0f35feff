//! In which order records are screened.

use std::fmt;
use std::str::FromStr;

use super::ids::RecordId;

/// An order of records, as a reviewer has chosen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScreeningOrder {
    /// As they were imported.
    #[default]
    Import,
    /// The newest publication first; without a year last.
    Newest,
    /// The oldest publication first; without a year last.
    Oldest,
    /// By title.
    Title,
    /// By the family name of the first author, the oldest publication of each first; without an author last.
    Author,
    /// As chance has it, the same for the same seed.
    Random(u32),
}

impl ScreeningOrder {
    /// The words for the orders, as the command line takes them.
    pub const WORDS: &'static [&'static str] = &["import", "newest", "oldest", "title", "author", "random"];

    /// Returns the word without the seed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Title => "title",
            Self::Author => "author",
            Self::Random(_) => "random",
        }
    }

    /// Returns the order in words for people.
    pub fn label(self) -> String {
        match self {
            Self::Import => "in the order of import".to_owned(),
            Self::Newest => "newest first".to_owned(),
            Self::Oldest => "oldest first".to_owned(),
            Self::Title => "by title".to_owned(),
            Self::Author => "by first author".to_owned(),
            Self::Random(seed) => format!("in random order (seed {seed})"),
        }
    }

    /// Returns the seed of a random order.
    pub fn seed(self) -> Option<u32> {
        if let Self::Random(seed) = self { Some(seed) } else { None }
    }
}

impl fmt::Display for ScreeningOrder {
    /// Writes the order so that it can be read again: "newest", "random 42".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        self.seed().map_or(Ok(()), |seed| write!(f, " {seed}"))
    }
}

impl FromStr for ScreeningOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(' ').unwrap_or((text, "")) {
            ("import", "") => Ok(Self::Import),
            ("newest", "") => Ok(Self::Newest),
            ("oldest", "") => Ok(Self::Oldest),
            ("title", "") => Ok(Self::Title),
            ("author", "") => Ok(Self::Author),
            ("random", seed) => seed.parse().map(Self::Random).map_err(|_| format!("\"{seed}\" is no seed")),
            _ => Err(format!("\"{text}\" is no order")),
        }
    }
}

/// Returns where chance puts a record: records are ordered by this number.
///
/// It depends on seed and record alone, so that records of a later import find their places among the others without moving them.
/// The mixing is that of splitmix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195).
pub fn random_place(seed: u32, record: RecordId) -> u64 {
    let mix = |mut z: u64| {
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let begin = mix(u64::from(seed).wrapping_add(0x9e37_79b9_7f4a_7c15));
    record.as_str().bytes().fold(begin, |z, byte| mix(z.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(count: u32) -> Vec<RecordId> {
        (0..count)
            .map(|n| {
                let mut hash = [0; 32];
                hash[..4].copy_from_slice(&n.wrapping_mul(2_654_435_769).to_be_bytes());
                hash[4..8].copy_from_slice(&n.to_be_bytes());
                RecordId::from_hash(&hash)
            })
            .collect()
    }

    #[test]
    fn an_order_is_written_and_read_again() {
        use ScreeningOrder::{Author, Import, Newest, Oldest, Random, Title};
        for order in [Import, Newest, Oldest, Title, Author, Random(7)] {
            assert_eq!(order.to_string().parse(), Ok(order));
            assert!(ScreeningOrder::WORDS.contains(&order.word()));
        }
        assert!("random".parse::<ScreeningOrder>().is_err() && "by luck".parse::<ScreeningOrder>().is_err());
    }

    #[test]
    fn chance_is_repeatable_and_differs_by_seed() {
        let order = |seed, count| {
            let mut order = records(count);
            order.sort_by_key(|record| random_place(seed, *record));
            order
        };
        assert_eq!(order(1, 500), order(1, 500));
        assert_ne!(order(1, 500), order(2, 500));
        let later: Vec<RecordId> = order(1, 600).into_iter().filter(|record| records(500).contains(record)).collect();
        assert_eq!(later, order(1, 500), "later records move nothing");
    }

    /// The first of 10 records is each of them about equally often: chi-squared with 9 degrees of freedom, 99.9 % point 27.9.
    #[test]
    fn every_record_is_first_equally_often() {
        let all = records(10);
        let mut first = [0_f64; 10];
        for seed in 0..5000 {
            let at = (0..10).min_by_key(|at| random_place(seed, all[*at])).expect("ten");
            first[at] += 1.0;
        }
        let chi_squared: f64 = first.iter().map(|count| (count - 500.0).powi(2) / 500.0).sum();
        assert!(chi_squared < 27.9, "{chi_squared} {first:?}");
    }
}
