//! How alike two titles are, and whether what differs is decisive.

use rapidfuzz::fuzz::{Args, RatioBatchComparator, ratio, ratio_with_args};

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

/// Tells whether the shorter title, of at least 25 letters and four words, stands whole at the beginning or end of the longer.
fn begins_or_ends(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 25 || short.split(' ').count() < 4 {
        return false;
    }
    long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' ')) || long.strip_suffix(short).is_some_and(|rest| rest.ends_with(' '))
}

/// What two similar titles do not share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TitleDifference {
    /// Nothing that matters: spelling, word breaks, a subtitle.
    None,
    /// One title has a number that the other lacks.
    ExtraNumber(String),
    /// Both have numbers, and they are not the same ("phase 2", "phase 3").
    Numbers(String, String),
    /// One word stands in the place of another ("sensitive", "resistant"), or one title has a negation.
    Word(String, String),
}

impl TitleDifference {
    fn turned(self) -> Self {
        match self {
            Self::Numbers(a, b) => Self::Numbers(b, a),
            Self::Word(a, b) => Self::Word(b, a),
            same => same,
        }
    }
}

/// Finds what is decisive in the difference of two folded titles.
pub(crate) fn title_difference(a: &str, b: &str) -> TitleDifference {
    // words are paired greedily: a fixed order makes the result the same from both sides
    match a.cmp(b) {
        std::cmp::Ordering::Equal => TitleDifference::None,
        std::cmp::Ordering::Less => ordered_difference(a, b),
        std::cmp::Ordering::Greater => ordered_difference(b, a).turned(),
    }
}

fn ordered_difference(a: &str, b: &str) -> TitleDifference {
    let (mut only_a, mut only_b) = unshared(a, b);
    let (numbers_a, numbers_b) = (numbers(&only_a), numbers(&only_b));
    if numbers_a != numbers_b {
        return if numbers_a.is_empty() || numbers_b.is_empty() {
            TitleDifference::ExtraNumber(if numbers_a.is_empty() { numbers_b.join(", ") } else { numbers_a.join(", ") })
        } else {
            TitleDifference::Numbers(numbers_a.join(", "), numbers_b.join(", "))
        };
    }
    let joined = |words: &[&str]| words.concat();
    if joined(&only_a) == joined(&only_b) {
        return TitleDifference::None;
    }
    pair_similar(&mut only_a, &mut only_b);
    for (own, other) in [(&only_a, &only_b), (&only_b, &only_a)] {
        if let Some(word) = own.iter().find(|word| NEGATIONS.contains(word))
            && other.len() <= 1
            && own.len() <= 2
        {
            let pair = (word.to_string(), other.first().map(ToString::to_string).unwrap_or_default());
            return if std::ptr::eq(own, &only_a) { TitleDifference::Word(pair.0, pair.1) } else { TitleDifference::Word(pair.1, pair.0) };
        }
    }
    if let Some(word) = only_a.iter().find(|word| ANNOUNCEMENTS.contains(word)) {
        return TitleDifference::Word(word.to_string(), String::new());
    }
    if let Some(word) = only_b.iter().find(|word| ANNOUNCEMENTS.contains(word)) {
        return TitleDifference::Word(String::new(), word.to_string());
    }
    match (only_a.as_slice(), only_b.as_slice()) {
        ([x], [y]) if !WEIGHTLESS.contains(x) && !WEIGHTLESS.contains(y) => TitleDifference::Word(x.to_string(), y.to_string()),
        _ => TitleDifference::None,
    }
}

/// Returns the words that only one of the titles has, in order of the titles, articles and prepositions left out.
fn unshared<'t>(a: &'t str, b: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    let mut only_b: Vec<&str> = b.split(' ').collect();
    let mut only_a = Vec::new();
    for word in a.split(' ') {
        match only_b.iter().position(|other| *other == word) {
            Some(at) => {
                only_b.remove(at);
            }
            None => only_a.push(word),
        }
    }
    only_a.retain(|w| !STOP.contains(w));
    only_b.retain(|w| !STOP.contains(w));
    (only_a, only_b)
}

fn numbers(words: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = words
        .iter()
        .flat_map(|word| word.split(|c: char| !c.is_ascii_digit()))
        .map(|digits| digits.trim_start_matches('0'))
        .filter(|digits| !digits.is_empty())
        .map(str::to_owned)
        .collect();
    found.sort_unstable();
    found
}

/// Removes pairs of words that are one word spelled differently.
fn pair_similar(only_a: &mut Vec<&str>, only_b: &mut Vec<&str>) {
    only_a.retain(|x| {
        let found = only_b.iter().position(|y| is_same_word(x, y));
        if let Some(at) = found {
            only_b.remove(at);
        }
        found.is_none()
    });
    remove_broken_word(only_a, only_b);
    remove_broken_word(only_b, only_a);
}

/// Removes a word of one list that stands broken in two in the other ("shortterm" and "short term").
fn remove_broken_word(whole: &mut Vec<&str>, broken: &mut Vec<&str>) {
    let found =
        whole.iter().enumerate().find_map(|(at, word)| broken.windows(2).position(|pair| pair.concat() == **word).map(|start| (at, start)));
    if let Some((at, start)) = found {
        whole.remove(at);
        broken.drain(start..start + 2);
    }
}

/// Tells whether two words are spellings or inflections of one word.
fn is_same_word(a: &str, b: &str) -> bool {
    if is_opposite(a, b) {
        return false;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() >= 4 && long.starts_with(short) {
        return true;
    }
    short.len() >= 4 && ratio(a.chars(), b.chars()) >= 0.75
}

/// Tells whether two similar words are opposites ("hyperthyroidism" and "hypothyroidism", "afferent" and "efferent").
fn is_opposite(a: &str, b: &str) -> bool {
    const PREFIXES: [(&str, &str); 15] = [
        ("hyper", "hypo"),
        ("intra", "inter"),
        ("intra", "extra"),
        ("pre", "post"),
        ("anti", "pro"),
        ("micro", "macro"),
        ("mono", "poly"),
        ("endo", "exo"),
        ("uni", "bi"),
        ("fe", ""),
        ("wo", ""),
        ("un", ""),
        ("non", ""),
        ("in", ""),
        ("anti", ""),
    ];
    const PAIRS: [(&str, &str); 6] = [
        ("systolic", "diastolic"),
        ("afferent", "efferent"),
        ("abduction", "adduction"),
        ("increased", "decreased"),
        ("increase", "decrease"),
        ("prenatal", "perinatal"),
    ];
    let pair = |x: &str, y: &str| {
        PAIRS.contains(&(x, y))
            || PREFIXES.iter().any(|(p, q)| {
                x.strip_prefix(p).zip(y.strip_prefix(q)).is_some_and(|(rest_x, rest_y)| rest_x == rest_y && rest_x.len() >= 3)
            })
    };
    a != b && (pair(a, b) || pair(b, a))
}

const NEGATIONS: [&str; 5] = ["non", "not", "no", "without", "anti"];
/// Words by which one title announces another kind of text.
const ANNOUNCEMENTS: [&str; 2] = ["protocol", "infographic"];
const STOP: [&str; 14] = ["the", "a", "an", "of", "in", "on", "and", "for", "to", "by", "from", "at", "is", "s"];
const WEIGHTLESS: [&str; 8] = ["using", "use", "study", "versus", "vs", "among", "during", "following"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisive_words_and_numbers_are_found() {
        use TitleDifference::{None, Numbers, Word};
        let word = |a: &str, b: &str| Word(a.into(), b.into());
        assert_eq!(title_difference("methicillin sensitive strains", "methicillin resistant strains"), word("sensitive", "resistant"));
        assert_eq!(title_difference("deficiency of factor h", "deficiency of factor i"), word("h", "i"));
        assert_eq!(title_difference("small cell lung cancer", "non small cell lung cancer"), word("", "non"));
        assert_eq!(title_difference("hypertension in rats", "hypotension in rats"), word("hypertension", "hypotension"));
        assert_eq!(title_difference("a phase 2 trial", "a phase 3 trial"), Numbers("2".into(), "3".into()));
        assert_eq!(title_difference("tcu 380 a device", "tcu380a device"), None);
        assert_eq!(title_difference("short term pain", "shortterm pains"), None);
        assert_eq!(title_difference("pain relief in adults", "pain releif in adult"), None);
    }
}
