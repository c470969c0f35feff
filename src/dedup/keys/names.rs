//! Author names and journal names as keys: compared however they are abbreviated or turned round.

use super::text::{compact, fold_words};
use crate::domain::author::Author;

/// The most authors of a record that are compared.
const MOST_AUTHORS: usize = 16;

/// The authors of a record, folded, in one allocation: `family TAB given LF` for each.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Authors(Box<str>);

/// One folded author.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'a> {
    /// The family name without spaces.
    pub family: &'a str,
    /// The words of the given name, or initials.
    pub given: &'a str,
}

impl Authors {
    /// Folds authors; those without letters are left out.
    pub fn new(authors: &[Author]) -> Self {
        let mut out = String::new();
        for author in authors.iter().take(MOST_AUTHORS) {
            let family = transliterated(&compact(&fold_words(&author.family)));
            if family.is_empty() || matches!(family.as_str(), "anonymous" | "etal" | "al" | "nolistedauthors" | "noauthor") {
                continue;
            }
            out.push_str(&family);
            out.push('\t');
            out.push_str(&author.given.as_deref().map(fold_words).unwrap_or_default());
            out.push('\n');
        }
        Self(out.into_boxed_str())
    }

    /// Returns the names in printed order.
    pub fn iter(&self) -> impl Iterator<Item = Name<'_>> + Clone {
        self.0.lines().filter_map(|line| line.split_once('\t')).map(|(family, given)| Name { family, given })
    }

    /// Tells whether no author is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the first author.
    pub fn first(&self) -> Option<Name<'_>> {
        self.iter().next()
    }
}

impl Name<'_> {
    /// Tells whether two names may be one person: same family name and no other first initial, or the two parts swapped or
    /// divided at another place ("van Hilten, Jacobus" and "Hilten, Jacobus van").
    pub fn matches(&self, other: &Name<'_>) -> bool {
        if family_matches(self.family, other.family) {
            return match (self.given.chars().next(), other.given.chars().next()) {
                (Some(a), Some(b)) => a == b || initials(self.given).any(|c| c == b) && initials(other.given).any(|c| c == a),
                _ => true,
            };
        }
        self.is_turned(other) || other.is_turned(self)
    }

    /// Tells whether the other's family name stands among this name's given words, and this family name (or its initial) among
    /// the other's.
    fn is_turned(&self, other: &Name<'_>) -> bool {
        let own = self.given.split(' ').any(|word| word.len() > 2 && word == other.family) || compact_equal(self.given, other.family);
        own && (other
            .given
            .split(' ')
            .any(|word| word == self.family || word.len() <= 2 && word.chars().next() == self.family.chars().next())
            || compact_equal(other.given, self.family)
            || other.given.is_empty())
    }
}

fn compact_equal(spaced: &str, joined: &str) -> bool {
    joined.len() > 2 && spaced.chars().filter(|c| *c != ' ').eq(joined.chars())
}

fn initials(given: &str) -> impl Iterator<Item = char> {
    given.split(' ').flat_map(|word| if word.len() <= 3 { word } else { &word[..word.chars().next().map_or(0, char::len_utf8)] }.chars())
}

fn family_matches(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() >= 4 && (long.starts_with(short) || long.ends_with(short)) {
        return true;
    }
    short.len() >= 5 && rapidfuzz::fuzz::ratio(a.chars(), b.chars()) >= 0.86
}

fn transliterated(family: &str) -> String {
    if family.is_ascii() && (family.contains("ae") || family.contains("oe") || family.contains("ue")) {
        family.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    } else {
        family.to_owned()
    }
}

/// How well two author lists fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct AuthorOverlap {
    /// Whether the first authors may be one person.
    pub first: bool,
    /// The share of the shorter list that occurs in the other, 0 to 1.
    pub share: f64,
    /// Whether the lists are of one length, or the shorter is the beginning of the longer.
    pub is_cut: bool,
}

/// Compares two author lists; `None` where one is empty.
pub(crate) fn compare_authors(a: &Authors, b: &Authors) -> Option<AuthorOverlap> {
    if a.0 == b.0 && !a.is_empty() {
        return Some(AuthorOverlap { first: true, share: 1.0, is_cut: true });
    }
    let (first_a, first_b) = (a.first()?, b.first()?);
    let (count_a, count_b) = (a.iter().count(), b.iter().count());
    let (short, long) = if (count_a, a) <= (count_b, b) { (a, b) } else { (b, a) };
    let found = short.iter().filter(|name| long.iter().any(|other| name.matches(&other))).count();
    let share = found as f64 / count_a.min(count_b).max(1) as f64;
    let is_cut = count_a == count_b || short.iter().zip(long.iter()).all(|(x, y)| x.matches(&y));
    Some(AuthorOverlap { first: first_a.matches(&first_b), share, is_cut })
}

/// Folds the name of a journal: without articles and prepositions, without what follows a colon, an equals sign or a bracket.
pub(crate) fn journal_words(raw: &str) -> String {
    let lower = raw.to_lowercase();
    let cut = lower.find(['(', '[', ':', ';', '=']).filter(|at| *at >= 3).unwrap_or(lower.len());
    let cut = lower[..cut].find("conference").filter(|at| *at >= 3).unwrap_or(cut);
    let folded = fold_words(&lower[..cut]);
    const STOP: [&str; 22] = [
        "the", "of", "and", "in", "for", "a", "an", "on", "de", "la", "le", "les", "et", "to", "der", "die", "und", "fur", "des", "du",
        "del", "y",
    ];
    let mut out = String::with_capacity(folded.len());
    for word in folded.split(' ').filter(|w| !w.is_empty() && !STOP.contains(w)) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.is_empty() { folded } else { out }
}

/// Returns the second name that a journal carries in square brackets, after an equals sign or after "Conference:" (the name of
/// the meeting, which another database may give as that of the journal), of two words or more.
pub(crate) fn second_journal_name(raw: &str) -> &str {
    if let Some((_, meeting)) = raw.split_once("Conference:") {
        return meeting.trim().split(['.', ';']).next().unwrap_or("");
    }
    let second = match raw.split_once('[') {
        Some((_, tail)) => tail.split(']').next().unwrap_or(""),
        None => raw.split_once('=').map_or("", |(_, tail)| tail),
    };
    let second = second.trim();
    if second.contains(' ') { second } else { "" }
}

/// Tells whether two folded journal names are one journal; `None` where that cannot be told.
///
/// Abbreviations match word for word in order ("am j infect control"); a single short word may be an acronym ("jama").
pub(crate) fn journals_agree(a: &str, b: &str) -> Option<bool> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b || a.chars().filter(|c| *c != ' ').eq(b.chars().filter(|c| *c != ' ')) {
        return Some(true);
    }
    let (wa, wb): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let (short, long) = if (wa.len(), &wa) <= (wb.len(), &wb) { (&wa, &wb) } else { (&wb, &wa) };
    let mut matched = 0;
    let mut skipped = 0;
    let mut left_over = 0;
    let mut words = long.iter().peekable();
    while let Some(word) = words.next() {
        if matched == short.len() {
            left_over += 1;
        } else if joins(short[matched], word, words.peek().copied()) {
            words.next();
            matched += 1;
        } else if word_abbreviates(short[matched], word) {
            matched += 1;
        } else {
            skipped += 1;
        }
    }
    // a long name may lose its last word ("Proc Natl Acad Sci U S A" ends with an article)
    if matched == short.len()
        && skipped == 0
        && left_over <= usize::from(matched >= 5)
        && (short.len() > 1 || is_one_word_abbreviated(short[0], long[0]))
    {
        return Some(true);
    }
    // "J Immunol" and "J Clin Immunol", "Pain" and "Pain Medicine" may be two journals or one
    if matched == short.len() && skipped <= 1 {
        return None;
    }
    if short.len() == 1 && (is_acronym(short[0], long) || long.len() >= 3 && is_glued(short[0], long)) {
        return Some(true);
    }
    if rapidfuzz::fuzz::ratio(a.chars(), b.chars()) >= 0.9 {
        return Some(true);
    }
    Some(false)
}

/// Tells whether a word writes two words of the other name in one ("cardiothorac" and "cardio thoracic").
fn joins(joined: &str, first: &str, second: Option<&&str>) -> bool {
    let tail = joined.strip_prefix(first).filter(|tail| first.len() >= 3 && tail.len() >= 3);
    tail.zip(second).is_some_and(|(tail, second)| word_abbreviates(tail, second))
}

fn word_abbreviates(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.starts_with(short) {
        return true;
    }
    let common = short.bytes().zip(long.bytes()).take_while(|(x, y)| x == y).count();
    if common >= 4 && common + 3 >= long.len() {
        return true;
    }
    if short.len() < 3 || short.chars().next() != long.chars().next() {
        return false;
    }
    let mut rest = long.chars();
    short.chars().all(|c| rest.any(|d| d == c))
}

fn is_acronym(word: &str, long: &[&str]) -> bool {
    (3..=8).contains(&word.len()) && long.len() >= 3 && long.iter().filter_map(|w| w.chars().next()).eq(word.chars())
}

/// Tells whether the name of one journal is an abbreviation of another, each of one word ("Circ" is; "Cancer" is not "Cancers").
fn is_one_word_abbreviated(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.len() >= 3 && long.len() > short.len() + 2 && long.starts_with(short)
}

/// Tells whether a word is an abbreviation that lost its spaces ("jthoraccardiovascsurg"): the beginnings of all words in order.
fn is_glued(glued: &str, words: &[&str]) -> bool {
    let Some((first, rest)) = words.split_first() else { return glued.is_empty() };
    let shared = glued.bytes().zip(first.bytes()).take_while(|(x, y)| x == y).count();
    (1..=shared).rev().any(|at| glued.get(at..).is_some_and(|tail| is_glued(tail, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(a: &str, b: &str) -> Option<bool> {
        journals_agree(&journal_words(a), &journal_words(b))
    }

    #[test]
    fn journals_are_the_same_under_their_abbreviations() {
        for (a, b) in [
            ("Am J Infect Control", "American Journal of Infection Control"),
            ("Acta Pharmacol Sin", "Acta Pharmacologica Sinica"),
            ("JAMA", "Journal of the American Medical Association"),
            ("Lancet", "The Lancet (London, England)"),
            ("Interactive Cardiovascular & Thoracic Surgery", "Interactive CardioVascular and Thoracic Surgery"),
            ("Proc Natl Acad Sci U S A", "Proceedings of the National Academy of Sciences of the United States of America"),
            ("Blood.", "Blood"),
            ("Eur J Cardiothorac Surg", "European Journal of Cardio-thoracic Surgery"),
            ("Jthoraccardiovascsurg", "Journal of Thoracic & Cardiovascular Surgery"),
        ] {
            assert_eq!(agree(a, b), Some(true), "{a} / {b}");
        }
        for (a, b) in [("Chest", "Thorax"), ("Diabetes", "Diabetologia"), ("Chest", "Chemist")] {
            assert_ne!(agree(a, b), Some(true), "{a} / {b}");
        }
        for (a, b) in [("Pain", "Pain Medicine"), ("J Immunol", "Journal of Clinical Immunology"), ("Infect Dis", "Int Infect Dis")] {
            assert_eq!(agree(a, b), None, "{a} / {b}");
        }
    }

    #[test]
    fn given_and_family_names_may_be_swapped_or_split_elsewhere() {
        let one = |family: &str, given: &str| Authors::new(&[Author::new(family, Some(given))]);
        for (a, b) in [
            (one("Chang", "Min Woo"), one("Min Woo", "Chang")),
            (one("van Hilten", "JJ"), one("Hilten", "J. J. van")),
            (one("Wang Lei", ""), one("Wang", "L")),
            (one("Müller", "K"), one("Mueller", "Karl")),
            (one("Garcia", "M"), one("Garcia-Lopez", "Maria")),
        ] {
            assert!(compare_authors(&a, &b).is_some_and(|o| o.first), "{a:?} {b:?}");
        }
        assert!(!compare_authors(&one("Chang", "M"), &one("Chang", "K")).is_some_and(|o| o.first));
        assert_eq!(compare_authors(&Authors::default(), &one("Chang", "M")), None);
    }
}
