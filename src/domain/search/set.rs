//! A set of units, one bit each.

/// A set of places among `len` units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitSet {
    words: Vec<u64>,
    len: usize,
}

impl UnitSet {
    /// Makes an empty set over `len` places.
    pub fn new(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// Returns how many places there are, in the set or not.
    pub fn places(&self) -> usize {
        self.len
    }

    /// Puts a place in. Places beyond the end are none.
    pub fn insert(&mut self, place: u32) {
        if (place as usize) < self.len {
            self.words[place as usize / 64] |= 1 << (place % 64);
        }
    }

    /// Tells whether a place is in.
    pub fn contains(&self, place: u32) -> bool {
        (place as usize) < self.len && self.words[place as usize / 64] & (1 << (place % 64)) != 0
    }

    /// Keeps what is in both.
    pub fn intersect(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= theirs);
    }

    /// Takes in what is in the other.
    pub fn unite(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// Takes out what is in the other.
    pub fn subtract(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= !theirs);
    }

    /// Returns how many places are in.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Tells whether nothing is in.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Returns the places that are in, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(at as u32 * 64 + bit)
            })
        })
    }
}

impl Extend<u32> for UnitSet {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, places: I) {
        places.into_iter().for_each(|place| self.insert(place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(places: &[u32]) -> UnitSet {
        let mut set = UnitSet::new(200);
        set.extend(places.iter().copied());
        set
    }

    #[test]
    fn sets_are_joined_and_cut() {
        let mut both = set(&[0, 63, 64, 130]);
        both.intersect(&set(&[63, 130, 199]));
        assert_eq!(both.iter().collect::<Vec<_>>(), [63, 130]);
        both.unite(&set(&[1]));
        both.subtract(&set(&[130]));
        assert_eq!((both.iter().collect::<Vec<_>>(), both.count(), both.is_empty()), (vec![1, 63], 2, false));
    }

    #[test]
    fn a_place_beyond_the_end_is_not_taken_in() {
        let mut set = UnitSet::new(3);
        set.insert(3);
        assert!(set.is_empty() && !set.contains(3) && !set.contains(300));
    }
}
