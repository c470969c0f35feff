//! Words to look out for while reading: lists of words and phrases, and where a text holds them.
//!
//! A word matches whatever its capitals and accents, with its plural, and in British or American spelling; `*` at its end stands for
//! any ending ("random*"); quotation marks keep it to the letters as written. The words of a phrase may be joined by spaces or
//! hyphens. [`Highlighter::find`] is a pure function from a text to ranges in it.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::review::Side;
use super::text::{clean_line, fold};

/// The most words that the lists hold together.
pub const MOST_WORDS: usize = 500;
/// The longest word or phrase, in letters.
pub const LONGEST_WORD: usize = 100;

/// The list that a word stands on.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WordList {
    /// Speaks for inclusion.
    Include,
    /// Speaks for exclusion.
    Exclude,
    /// Names the population.
    Population,
    /// Names the intervention.
    Intervention,
    /// Names the comparison.
    Comparison,
    /// Names an outcome.
    Outcome,
}

impl WordList {
    /// Returns the list in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Include => "speaks for",
            Self::Exclude => "speaks against",
            Self::Population => "population",
            Self::Intervention => "intervention",
            Self::Comparison => "comparison",
            Self::Outcome => "outcome",
        }
    }

    /// Returns the sign behind a word of the list where its style alone does not tell it from the others; empty for none.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Include | Self::Exclude => "",
            Self::Population => "ᴾ",
            Self::Intervention => "ᴵ",
            Self::Comparison => "ᶜ",
            Self::Outcome => "ᴼ",
        }
    }
}

impl From<Side> for WordList {
    fn from(side: Side) -> Self {
        match side {
            Side::Include => Self::Include,
            Side::Exclude => Self::Exclude,
        }
    }
}

/// A word or phrase to highlight while reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HighlightWord {
    /// The list; "side" in files, where it once could only be for or against.
    #[serde(rename = "side")]
    pub list: WordList,
    /// The word or phrase; a trailing `*` stands for any ending, quotation marks for the letters as written.
    pub text: String,
}

/// Words that many reviews of trials use; offered, never set by themselves.
pub const USUAL_WORDS: [(WordList, &str); 16] = [
    (WordList::Include, "randomi*"),
    (WordList::Include, "randomly"),
    (WordList::Include, "RCT"),
    (WordList::Include, "placebo"),
    (WordList::Include, "sham"),
    (WordList::Include, "double-blind"),
    (WordList::Include, "controlled trial"),
    (WordList::Include, "crossover"),
    (WordList::Exclude, "animals"),
    (WordList::Exclude, "rats"),
    (WordList::Exclude, "mice"),
    (WordList::Exclude, "in vitro"),
    (WordList::Exclude, "case report"),
    (WordList::Exclude, "retrospective"),
    (WordList::Exclude, "editorial"),
    (WordList::Exclude, "systematic review"),
];

/// Returns the usual words that a list does not hold yet, as entries.
pub fn usual_words(standing: &[HighlightWord]) -> Vec<HighlightWord> {
    let usual = USUAL_WORDS.into_iter().map(|(list, text)| HighlightWord { list, text: text.to_owned() });
    usual.filter(|word| !standing.iter().any(|known| is_same_word(&known.text, &word.text))).collect()
}

/// Tells whether two entries are one word; capitals do not matter.
pub fn is_same_word(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Returns the lists as they are kept: texts on one line, each word once, the last list that it was put on.
///
/// # Errors
/// A sentence that names the first entry that cannot be a word, and why.
pub fn tidy_words(words: Vec<HighlightWord>) -> Result<Vec<HighlightWord>, String> {
    let mut tidy: Vec<HighlightWord> = Vec::new();
    for HighlightWord { list, text } in words {
        let text = clean_line(&text).trim().to_owned();
        if Phrase::parse(list, &text).is_none() {
            return Err(format!("\"{text}\" holds no letters to look for"));
        }
        if text.chars().count() > LONGEST_WORD {
            return Err(format!(
                "a word or phrase has at most {LONGEST_WORD} letters: \"{}...\"",
                text.chars().take(30).collect::<String>()
            ));
        }
        match tidy.iter_mut().find(|known| is_same_word(&known.text, &text)) {
            Some(known) => known.list = list,
            None => tidy.push(HighlightWord { list, text }),
        }
    }
    if tidy.len() > MOST_WORDS {
        return Err(format!("the lists hold at most {MOST_WORDS} words together, not {}", tidy.len()));
    }
    Ok(tidy)
}

/// A place in a text that holds a word of the lists. Starts and ends lie between whole letters as readers see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
    /// The list.
    pub list: WordList,
}

/// The lists, prepared for looking through many texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlighter {
    phrases: Vec<Phrase>,
}

impl Highlighter {
    /// Prepares the lists; entries without letters are left out.
    pub fn new(words: &[HighlightWord]) -> Self {
        Self { phrases: words.iter().filter_map(|word| Phrase::parse(word.list, &word.text)).collect() }
    }

    /// Tells whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Finds the words in a text, from its beginning on, without overlaps: where several begin at one place the one of most words
    /// wins, among equals the one that stands first in the lists; where two overlap, the one that begins first.
    ///
    /// A word right after "non" ("non-randomised") says the opposite and is not found, unless the entry itself begins with "non".
    pub fn find(&self, text: &str) -> Vec<Found> {
        if self.is_empty() {
            return Vec::new();
        }
        let tokens: Vec<Token> = text.unicode_word_indices().map(|(start, word)| Token::new(start, word)).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let here = self.phrases.iter().filter(|phrase| phrase.begins(text, &tokens, at));
            let longest = here.fold(None::<&Phrase>, |best, phrase| match best {
                Some(best) if best.words.len() >= phrase.words.len() => Some(best),
                _ => Some(phrase),
            });
            match longest {
                Some(phrase) => {
                    let last = at + phrase.words.len() - 1;
                    found.push(Found { start: tokens[at].start, end: tokens[last].end, list: phrase.list });
                    at = last + 1;
                }
                None => at += 1,
            }
        }
        found
    }
}

/// One word of a text.
struct Token {
    start: usize,
    end: usize,
    folded: String,
    spelled: String,
    form: String,
}

impl Token {
    fn new(start: usize, word: &str) -> Self {
        let folded = fold(word);
        let spelled = american(&folded);
        let form = form(&folded);
        Self { start, end: start + word.len(), folded, spelled, form }
    }
}

/// An entry of the lists, cut into words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase {
    list: WordList,
    words: Vec<Wanted>,
}

/// One word of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// The letters as written.
    Exact(String),
    /// Any of the word's forms.
    Form(String),
    /// Anything that begins so.
    Beginning(Vec<String>),
}

impl Phrase {
    fn parse(list: WordList, text: &str) -> Option<Self> {
        let text = text.trim();
        let quotes = ['"', '“', '”', '„'];
        let inner = text.strip_prefix(quotes).and_then(|rest| rest.strip_suffix(quotes));
        let mut words = Vec::new();
        for part in inner.unwrap_or(text).split_whitespace() {
            let has_star = inner.is_none() && part.ends_with('*');
            let of_part: Vec<String> = part.unicode_words().map(fold).filter(|word| !word.is_empty()).collect();
            let last = of_part.len().saturating_sub(1);
            words.extend(of_part.into_iter().enumerate().map(|(at, word)| match (inner, has_star && at == last) {
                (Some(_), _) => Wanted::Exact(word),
                (None, true) => Wanted::Beginning(beginnings(&word)),
                (None, false) => Wanted::Form(form(&word)),
            }));
        }
        (!words.is_empty()).then_some(Self { list, words })
    }

    fn begins(&self, text: &str, tokens: &[Token], at: usize) -> bool {
        let Some(here) = tokens.get(at..at + self.words.len()) else { return false };
        here.iter().zip(&self.words).all(|(token, wanted)| wanted.fits(token))
            && here.windows(2).all(|pair| is_joined(&text[pair[0].end..pair[1].start]))
            && !(at > 0 && tokens[at - 1].folded == "non" && is_joined(&text[tokens[at - 1].end..here[0].start]))
    }
}

impl Wanted {
    fn fits(&self, token: &Token) -> bool {
        match self {
            Self::Exact(word) => token.folded == *word,
            Self::Form(form) => token.form == *form,
            Self::Beginning(beginnings) => {
                beginnings.iter().any(|beginning| token.folded.starts_with(beginning) || token.spelled.starts_with(beginning))
            }
        }
    }
}

/// Tells whether what stands between two words joins them into one phrase: white space, hyphens and dashes, a slash.
fn is_joined(between: &str) -> bool {
    between.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}'))
}

/// Returns the spellings of a beginning.
fn beginnings(folded: &str) -> Vec<String> {
    let mut all = vec![folded.to_owned(), spell(folded)];
    for (from, to) in [("is", "iz"), ("iz", "is"), ("ys", "yz"), ("yz", "ys")] {
        all.extend(folded.strip_suffix(from).map(|stem| format!("{stem}{to}")));
    }
    all.dedup();
    all
}

/// Returns what all forms of a word have in common: without a possessive or plural ending, in American spelling.
fn form(folded: &str) -> String {
    let word = folded.strip_suffix("'s").or_else(|| folded.strip_suffix('\'')).unwrap_or(folded);
    american(&singular(word))
}

/// Takes the plural ending off an English word (the "S stemmer": D. Harman, How effective is suffixing?, JASIS 1991;42:7-15, table 1).
fn singular(word: &str) -> String {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    if let Some(stem) = word.strip_suffix("ies").filter(|_| !ends(&["eies", "aies"])) {
        return format!("{stem}y");
    }
    if word.ends_with("es") && !ends(&["aes", "ees", "oes"]) {
        return word[..word.len() - 1].to_owned();
    }
    match word.strip_suffix('s').filter(|_| !ends(&["us", "ss", "is"])) {
        Some(stem) => stem.to_owned(),
        None => word.to_owned(),
    }
}

/// Spells a word as Americans do, as far as endings and vowels tell: randomize, analyze, anesthesia, tumor, center, labeled.
fn american(word: &str) -> String {
    if word.len() < 6 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut word = spell(word);
    for (british, ours) in [("is", "iz"), ("ys", "yz")] {
        for ending in ["e", "ed", "ing", "er", "ation", "able"] {
            if let Some(stem) = word.strip_suffix(ending).and_then(|stem| stem.strip_suffix(british)) {
                word = format!("{stem}{ours}{ending}");
                return word;
            }
        }
    }
    for (british, ours) in [("tre", "ter"), ("bre", "ber"), ("lled", "led"), ("lling", "ling"), ("amme", "am")] {
        if let Some(stem) = word.strip_suffix(british) {
            return format!("{stem}{ours}");
        }
    }
    word
}

fn spell(word: &str) -> String {
    word.replace("ae", "e").replace("oe", "e").replace("our", "or")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(list: WordList, text: &str) -> HighlightWord {
        HighlightWord { list, text: text.to_owned() }
    }

    /// The words found in a text by one list.
    fn found<'t>(words: &[&str], text: &'t str) -> Vec<&'t str> {
        let words: Vec<HighlightWord> = words.iter().map(|text| word(WordList::Include, text)).collect();
        Highlighter::new(&words).find(text).into_iter().map(|found| &text[found.start..found.end]).collect()
    }

    #[test]
    fn words_are_found_whole_whatever_their_capitals_and_accents() {
        assert_eq!(found(&["oral"], "Oral, ORAL; not temporal or orally."), ["Oral", "ORAL"]);
        assert_eq!(found(&["naive", "Sjögren"], "naïve, NAI\u{308}VE and Sjogren"), ["naïve", "NAI\u{308}VE", "Sjogren"]);
        assert_eq!(found(&["beta-blocker"], "β-blockers and beta blocker"), ["β-blockers", "beta blocker"]);
        assert_eq!(found(&["İstanbul"], "In İstanbul"), ["İstanbul"], "letters whose small form is longer");
    }

    #[test]
    fn a_star_stands_for_any_ending_and_quotation_marks_for_none() {
        assert_eq!(found(&["random*"], "Randomised, random, randomly; quasirandom"), ["Randomised", "random", "randomly"]);
        assert_eq!(found(&["\"rat\""], "a rat and rats"), ["rat"]);
        assert_eq!(found(&["“case report”"], "case reports; a case report"), ["case report"]);
    }

    #[test]
    fn plurals_and_both_spellings_are_one_word() {
        assert_eq!(found(&["rat", "study"], "Rats of two studies; ratio, rate, Alzheimer's rat's"), ["Rats", "studies", "rat's"]);
        assert_eq!(found(&["rats"], "one rat, the rate"), ["rat"]);
        assert_eq!(found(&["randomised"], "randomized and randomised"), ["randomized", "randomised"]);
        assert_eq!(found(&["anaesthesia", "tumors"], "anesthesia, anaesthesia, tumour"), ["anesthesia", "anaesthesia", "tumour"]);
        assert_eq!(found(&["randomis*", "anaesth*"], "Randomization under anesthetic"), ["Randomization", "anesthetic"]);
        assert_eq!(found(&["open label", "analysed"], "open labels were analyzed"), ["open labels", "analyzed"]);
        assert_eq!(found(&["sepsis", "diagnosis"], "sepsis, diagnosis, diagnoses"), ["sepsis", "diagnosis"]);
    }

    #[test]
    fn hyphens_join_and_sentences_part() {
        let forms = "double-blind, double blind, double\u{2010}blind and double / blind";
        assert_eq!(found(&["double-blind"], forms), ["double-blind", "double blind", "double\u{2010}blind", "double / blind"]);
        assert_eq!(found(&["double blind"], "It was double. Blind patients; double, blind"), [] as [&str; 0]);
        assert_eq!(found(&["placebo"], "placebo-controlled"), ["placebo"]);
    }

    #[test]
    fn the_longest_phrase_wins_and_none_overlap() {
        let words = [
            word(WordList::Include, "placebo"),
            word(WordList::Exclude, "placebo controlled trial"),
            word(WordList::Outcome, "trial registration"),
            word(WordList::Population, "PLACEBO"),
        ];
        let text = "a placebo-controlled trial registration; placebo";
        let lists: Vec<_> = Highlighter::new(&words).find(text).into_iter().map(|f| (&text[f.start..f.end], f.list)).collect();
        assert_eq!(lists, [("placebo-controlled trial", WordList::Exclude), ("placebo", WordList::Include)]);
    }

    #[test]
    fn what_is_denied_is_not_found() {
        assert_eq!(found(&["randomi*"], "non-randomised, non randomised, randomised"), ["randomised"]);
        assert_eq!(found(&["non-randomised"], "a non-randomized study"), ["non-randomized"]);
    }

    #[test]
    fn other_scripts_are_found_letter_by_letter() {
        assert_eq!(found(&["慢性疼痛"], "氯胺酮治疗慢性疼痛患者"), ["慢性疼痛"]);
        assert_eq!(found(&["כאב"], "טיפול ב כאב כרוני"), ["כאב"]);
    }

    #[test]
    fn lists_are_kept_tidy() {
        let words = vec![word(WordList::Include, " Rats "), word(WordList::Exclude, "rats"), word(WordList::Population, "adults\u{1b}")];
        let tidy = tidy_words(words).expect("words");
        assert_eq!(tidy, [word(WordList::Exclude, "Rats"), word(WordList::Population, "adults")]);
        assert!(tidy_words(vec![word(WordList::Include, " * ")]).is_err());
        assert!(tidy_words(vec![word(WordList::Include, &"x".repeat(LONGEST_WORD + 1))]).is_err());
        assert_eq!(usual_words(&tidy).len(), USUAL_WORDS.len() - 1);
        assert_eq!(tidy_words(usual_words(&[])).map(|words| words.len()), Ok(USUAL_WORDS.len()));
    }

    proptest! {
        #[test]
        fn ranges_lie_between_letters_in_order_and_apart(text in "[a-zA-Z éß👩‍⚕️e\u{301}慢性 .-]{0,60}", entries in prop::collection::vec("[a-zé慢]{1,3}\\*?", 0..5)) {
            let words: Vec<HighlightWord> = entries.iter().map(|text| word(WordList::Include, text)).collect();
            let edges: std::collections::BTreeSet<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
            let mut before = 0;
            for found in Highlighter::new(&words).find(&text) {
                prop_assert!(before <= found.start && found.start < found.end);
                prop_assert!(edges.contains(&found.start) && edges.contains(&found.end), "{text:?} {found:?}");
                before = found.end;
            }
        }
    }
}
