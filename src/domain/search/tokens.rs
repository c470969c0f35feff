//! Text cut into the words that are looked for.

use crate::domain::text::fold;

use super::query::Pattern;

/// Hands the words of a text to `each`, folded, in order.
///
/// A word is a run of letters and digits; hyphens, apostrophes and all other signs end it ("S-ketamine" is two words). Scripts that
/// are written without spaces (Chinese characters, kana) give a word for each letter.
pub(super) fn each_word(text: &str, each: &mut dyn FnMut(&str)) {
    let folded = fold(text);
    let mut begin = None;
    for (at, letter) in folded.char_indices() {
        let is_alone = is_written_without_spaces(letter);
        if letter.is_alphanumeric() && !is_alone {
            begin.get_or_insert(at);
            continue;
        }
        if let Some(begin) = begin.take() {
            each(&folded[begin..at]);
        }
        if is_alone {
            each(&folded[at..at + letter.len_utf8()]);
        }
    }
    if let Some(begin) = begin {
        each(&folded[begin..]);
    }
}

/// Returns the words of a text, folded, in order.
pub(super) fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, &mut |word| words.push(word.to_owned()));
    words
}

/// Tells whether a text holds the words of a pattern next to each other.
///
/// For short texts that are no part of the index: notes, tags, names of sources.
pub fn is_in(pattern: &Pattern, text: &str) -> bool {
    let words = words_of(text);
    let last = pattern.words.len().saturating_sub(1);
    let fits = |window: &[String]| {
        let mut pairs = window.iter().zip(&pattern.words).enumerate();
        pairs
            .all(|(at, (word, wanted))| if pattern.is_beginning && at == last { word.starts_with(wanted.as_str()) } else { word == wanted })
    };
    !pattern.words.is_empty() && words.windows(pattern.words.len()).any(fits)
}

fn is_written_without_spaces(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_cut_at_signs() {
        assert_eq!(words_of("S-Ketamine (10 mg/kg), Crohn’s"), ["s", "ketamine", "10", "mg", "kg", "crohn", "s"]);
        assert_eq!(words_of("慢性疼痛 pain"), ["慢", "性", "疼", "痛", "pain"]);
        assert_eq!(words_of("—"), Vec::<String>::new());
    }

    #[test]
    fn a_pattern_is_found_in_a_short_text() {
        let pattern = |words: &[&str], is_beginning| Pattern { words: words.iter().map(|word| (*word).to_owned()).collect(), is_beginning };
        assert!(is_in(&pattern(&["key", "paper"], false), "A KEY paper?"));
        assert!(is_in(&pattern(&["key", "pap"], true), "a key paper"));
        assert!(!is_in(&pattern(&["key", "pap"], false), "a key paper"));
        assert!(!is_in(&pattern(&["ke", "paper"], true), "a key paper"));
    }
}
