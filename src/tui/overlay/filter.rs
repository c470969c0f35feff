//! Finding lines by a few of their letters, best first.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Returns the places of the texts that contain the wanted letters in order, the best match first.
///
/// Words of the wanted text may match in any order. Nothing wanted gives every place in order; equal matches keep theirs.
pub fn best_matches<'a>(wanted: &str, texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
    if wanted.trim().is_empty() {
        return (0..texts.count()).collect();
    }
    let pattern = Pattern::parse(wanted, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut found: Vec<(u32, usize)> = texts
        .enumerate()
        .filter_map(|(at, text)| pattern.score(Utf32Str::new(text, &mut letters), &mut matcher).map(|score| (score, at)))
        .collect();
    found.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    found.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_letters_find_the_line() {
        let texts = ["Wrong population", "Wrong comparator", "Not randomised"];
        assert_eq!(best_matches("nrand", texts.into_iter()), [2]);
        assert_eq!(best_matches("wro comp", texts.into_iter())[0], 1);
        assert_eq!(best_matches("", texts.into_iter()), [0, 1, 2]);
        assert_eq!(best_matches("zzz", texts.into_iter()), Vec::<usize>::new());
    }
}
