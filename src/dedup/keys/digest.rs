//! A digest of an abstract: enough to tell whether two abstracts are one text.

/// How many words from the beginning are read: databases cut long abstracts at the end.
const MOST_WORDS: usize = 70;

/// Fewer pairs of words than this tell nothing ("No abstract available").
const LEAST_PAIRS: usize = 15;

/// The pairs of neighbouring words at the beginning of an abstract, as sorted hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digest(Box<[u16]>);

impl Digest {
    /// Reads an abstract; one that is too short gives an empty digest.
    pub fn new(text: &str) -> Self {
        let mut pairs: Vec<u16> = Vec::with_capacity(MOST_WORDS);
        let mut previous = 0_u32;
        let mut word = 0_u32;
        for byte in text.bytes().chain([b' ']) {
            if byte.is_ascii_alphanumeric() {
                word = (word ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193).wrapping_add(0x9e37);
                continue;
            }
            if word == 0 {
                continue;
            }
            if previous != 0 {
                let mixed = (previous.rotate_left(7) ^ word).wrapping_mul(0x85eb_ca6b);
                pairs.push((mixed >> 16) as u16);
                if pairs.len() + 1 == MOST_WORDS {
                    break;
                }
            }
            previous = word;
            word = 0;
        }
        if pairs.len() < LEAST_PAIRS {
            return Self::default();
        }
        pairs.sort_unstable();
        pairs.dedup();
        Self(pairs.into())
    }

    /// Returns the share of the shorter digest that the other has, 0 to 1; `None` where one is empty.
    pub fn overlap(&self, other: &Self) -> Option<f64> {
        let least = self.0.len().min(other.0.len());
        if least == 0 {
            return None;
        }
        let (mut i, mut j, mut shared) = (0, 0, 0_usize);
        while i < self.0.len() && j < other.0.len() {
            match self.0[i].cmp(&other.0[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    i += 1;
                    j += 1;
                }
            }
        }
        Some(shared as f64 / least as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Background: Cold feet trouble keepers of lighthouses in winter. We compared warm socks with none in forty keepers over one season and measured the warmth of toes.";

    #[test]
    fn one_text_in_two_spellings_overlaps_and_two_texts_do_not() {
        let digest = Digest::new(TEXT);
        assert_eq!(digest.overlap(&digest), Some(1.0));
        let plain = Digest::new(&TEXT.replace("Background: ", "").to_uppercase());
        assert!(digest.overlap(&plain).is_some_and(|share| share > 0.9));
        let other = Digest::new(
            "Darning needles cause minor injuries among sailors on long journeys; we counted the visits to the surgeon of a frigate over three years and the days lost.",
        );
        assert!(digest.overlap(&other).is_some_and(|share| share < 0.2));
    }

    #[test]
    fn a_note_in_place_of_an_abstract_tells_nothing() {
        assert_eq!(Digest::new("No abstract available").overlap(&Digest::new(TEXT)), None);
    }
}
