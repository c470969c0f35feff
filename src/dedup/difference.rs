//! What two similar titles do not share, and whether it makes them titles of two publications.
//!
//! Words that both titles have are set aside, then words that are spellings or inflections of one word, then words that one
//! title writes in two. What remains decides: a number, an opposite or another word in the same place marks another
//! publication, while words that only one title has may be a subtitle, or may be "in children".

use super::keys::text::GREEK;

/// What two similar titles do not share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TitleDifference {
    /// Nothing that matters: spelling, inflection, word breaks, articles and prepositions.
    None,
    /// Words that may be one word mistyped, or two words ("maternal" and "paternal").
    Slip(String, String),
    /// Words that only one title has: a subtitle left out, or a subgroup, a follow-up, another aspect.
    Longer(String),
    /// Each title has words of its own.
    Reworded,
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
            Self::Slip(a, b) => Self::Slip(b, a),
            same => same,
        }
    }
}

/// A title of so many letters may be one that a database cut at a fixed length.
pub(crate) const LEAST_CUT: usize = 60;

/// Tells whether the shorter title is the beginning of the longer, cut inside a word: no title ends so.
fn is_cut(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.len() >= LEAST_CUT && long.strip_prefix(short).is_some_and(|rest| !rest.is_empty() && !rest.starts_with(' '))
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
    if is_cut(a, b) {
        return TitleDifference::None;
    }
    let (mut only_a, mut only_b) = unshared(a, b);
    if only_a.concat() == only_b.concat() || letters(a).eq(letters(b)) {
        return TitleDifference::None;
    }
    let (numbers_a, numbers_b) = (numbers(&only_a), numbers(&only_b));
    if numbers_a != numbers_b {
        return if numbers_a.is_empty() || numbers_b.is_empty() {
            TitleDifference::ExtraNumber(if numbers_a.is_empty() { numbers_b.join(", ") } else { numbers_a.join(", ") })
        } else {
            TitleDifference::Numbers(numbers_a.join(", "), numbers_b.join(", "))
        };
    }
    remove_broken_words(&mut only_a, &mut only_b);
    remove_broken_words(&mut only_b, &mut only_a);
    only_a.retain(|w| !STOP.contains(w));
    only_b.retain(|w| !STOP.contains(w));
    remove_cut_word(a, &mut only_a, &mut only_b);
    remove_cut_word(b, &mut only_b, &mut only_a);
    let slip = pair_words(&mut only_a, &mut only_b);
    let has_negation = |own: &[&str], other: &[&str]| other.len() <= 1 && own.len() <= 2 && own.iter().any(|w| NEGATIONS.contains(w));
    let first = |words: &[&str], wanted: &[&str]| words.iter().find(|w| wanted.contains(w)).map(ToString::to_string);
    if has_negation(&only_a, &only_b) {
        return TitleDifference::Word(first(&only_a, &NEGATIONS).unwrap_or_default(), only_b.concat());
    }
    if has_negation(&only_b, &only_a) {
        return TitleDifference::Word(only_a.concat(), first(&only_b, &NEGATIONS).unwrap_or_default());
    }
    if let Some(word) = first(&only_a, &ANNOUNCEMENTS) {
        return TitleDifference::Word(word, String::new());
    }
    if let Some(word) = first(&only_b, &ANNOUNCEMENTS) {
        return TitleDifference::Word(String::new(), word);
    }
    match (only_a.as_slice(), only_b.as_slice()) {
        ([], []) => slip.map_or(TitleDifference::None, |(x, y)| TitleDifference::Slip(x, y)),
        ([], more) | (more, []) if more.iter().all(|w| WEIGHTLESS.contains(w)) => {
            slip.map_or(TitleDifference::None, |(x, y)| TitleDifference::Slip(x, y))
        }
        ([], more) | (more, []) => TitleDifference::Longer(more.join(" ")),
        ([x], [y]) if WEIGHTLESS.contains(x) && WEIGHTLESS.contains(y) => TitleDifference::None,
        ([x], [y]) if !WEIGHTLESS.contains(x) && !WEIGHTLESS.contains(y) => TitleDifference::Word(x.to_string(), y.to_string()),
        _ => TitleDifference::Reworded,
    }
}

fn letters(title: &str) -> impl Iterator<Item = u8> {
    title.bytes().filter(|byte| *byte != b' ')
}

/// Returns the words that only one of the titles has, in order of the titles.
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

/// Removes words of one list that stand broken in two in the other ("shortterm" and "short term", "inmice" and "in mice").
fn remove_broken_words(whole: &mut Vec<&str>, broken: &mut Vec<&str>) {
    let parts = |word: &str, broken: &[&str]| {
        let is_whole = |x: &str, y: &str| word.len() == x.len() + y.len() && word.starts_with(x) && word.ends_with(y);
        let next = broken.windows(2).position(|pair| is_whole(pair[0], pair[1])).map(|at| (at, at + 1));
        // a preposition may have been set aside with another of the same title: it stands anywhere in the list
        next.or_else(|| {
            let small = (0..broken.len()).filter(|at| STOP.contains(&broken[*at]));
            small
                .flat_map(|s| (0..broken.len()).map(move |o| (s, o)))
                .find(|(s, o)| s != o && (is_whole(broken[*s], broken[*o]) || is_whole(broken[*o], broken[*s])))
        })
    };
    whole.retain(|word| match parts(word, broken) {
        Some((x, y)) => {
            broken.remove(x.max(y));
            broken.remove(x.min(y));
            false
        }
        None => true,
    });
}

/// Removes the last word of a long title where it is the beginning of a word of the other: the title was cut there.
fn remove_cut_word(title: &str, own: &mut Vec<&str>, other: &mut Vec<&str>) {
    let Some(last) = own.last().copied().filter(|last| title.len() >= LEAST_CUT && last.len() >= 2 && title.ends_with(last)) else {
        return;
    };
    if let Some(at) = other.iter().position(|word| word.starts_with(last) && word.len() > last.len() && !STOP.contains(&last)) {
        own.pop();
        other.remove(at);
    }
}

/// Removes pairs of words that are one word spelled differently; returns a pair that may be one word or two.
fn pair_words(only_a: &mut Vec<&str>, only_b: &mut Vec<&str>) -> Option<(String, String)> {
    only_a.retain(|x| {
        let found = only_b.iter().position(|y| relation(x, y) == Relation::Same);
        if let Some(at) = found {
            only_b.remove(at);
        }
        found.is_none()
    });
    let mut slip = None;
    only_a.retain(|x| {
        let found = only_b.iter().position(|y| relation(x, y) == Relation::Slip);
        if let Some(at) = found {
            slip.get_or_insert_with(|| (x.to_string(), only_b[at].to_owned()));
            only_b.remove(at);
        }
        found.is_none()
    });
    slip
}

/// How two words that are not the same relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// Spellings or inflections of one word, or a typing error inside a long word.
    Same,
    /// A typing error, or two words.
    Slip,
    /// Two words.
    Other,
}

/// Judges two words that are not the same.
///
/// Typing errors seldom touch the first letter and mostly are one letter left out, doubled, changed, or two turned round; words
/// that differ in more, or in front, are more often a pair of drugs, places or opposites ("linagliptin", "sitagliptin").
fn relation(a: &str, b: &str) -> Relation {
    if is_opposite(a, b) || is_symbol(a) && is_symbol(b) || a.bytes().chain(b.bytes()).any(|byte| byte.is_ascii_digit()) {
        return Relation::Other;
    }
    let shorter = a.chars().count().min(b.chars().count());
    if is_inflection(a, b) {
        return Relation::Same;
    }
    let distance = edit_distance(a, b, 2);
    let is_front = a.chars().next() != b.chars().next();
    match distance {
        1 if shorter >= 5 && !is_front => Relation::Same,
        1 if shorter >= 3 => Relation::Slip,
        2 if shorter >= 7 && !is_front => Relation::Slip,
        _ => Relation::Other,
    }
}

/// Tells whether a word is the name of a Greek letter, which marks a kind ("beta" and "zeta" are not a typing error).
fn is_symbol(word: &str) -> bool {
    GREEK.iter().any(|(_, name)| *name == word)
}

/// Tells whether two words share a stem of four letters or more and end as inflections of it do.
fn is_inflection(a: &str, b: &str) -> bool {
    const ENDINGS: [&str; 34] = [
        "", "s", "es", "e", "d", "ed", "ing", "al", "ally", "ly", "ic", "ical", "y", "ies", "is", "us", "i", "um", "a", "ae", "ren", "r",
        "er", "rs", "ers", "ion", "ions", "ation", "ations", "ive", "ise", "ize", "isation", "ization",
    ];
    let stem = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    // an inflection may share more letters than its stem has ("increases", "increasing")
    (4..=stem).rev().take(3).any(|at| {
        let ends = |word: &str| word.get(at..).is_some_and(|rest| ENDINGS.contains(&rest));
        ends(a) && ends(b)
    })
}

/// Returns how many letters must be left out, put in, changed or turned round with their neighbour to make one word of the
/// other; `most + 1` where it is more than `most`.
fn edit_distance(a: &str, b: &str, most: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (previous[j] + usize::from(x != y)).min(previous[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut previous, row);
    }
    previous[b.len()].min(most + 1)
}

/// Tells whether two similar words are opposites ("hyperthyroidism" and "hypothyroidism", "afferent" and "efferent").
fn is_opposite(a: &str, b: &str) -> bool {
    const PREFIXES: [(&str, &str); 25] = [
        ("hyper", "hypo"),
        ("intra", "inter"),
        ("intra", "extra"),
        ("pre", "post"),
        ("pre", "peri"),
        ("anti", "pro"),
        ("micro", "macro"),
        ("mono", "poly"),
        ("mono", "bi"),
        ("endo", "exo"),
        ("uni", "bi"),
        ("in", "de"),
        ("in", "ex"),
        ("im", "ex"),
        ("a", "de"),
        ("de", "re"),
        ("fe", ""),
        ("wo", ""),
        ("un", ""),
        ("non", ""),
        ("in", ""),
        ("im", ""),
        ("dis", ""),
        ("anti", ""),
        ("a", ""),
    ];
    const PAIRS: [(&str, &str); 8] = [
        ("systolic", "diastolic"),
        ("afferent", "efferent"),
        ("abduction", "adduction"),
        ("ascending", "descending"),
        ("inhalation", "exhalation"),
        ("maternal", "paternal"),
        ("neural", "neutral"),
        ("casual", "causal"),
    ];
    let pair = |x: &str, y: &str| {
        PAIRS.contains(&(x, y))
            || PREFIXES.iter().any(|(p, q)| {
                x.strip_prefix(p).zip(y.strip_prefix(q)).is_some_and(|(rest_x, rest_y)| rest_x == rest_y && rest_x.len() >= 3)
            })
    };
    a != b && (pair(a, b) || pair(b, a))
}

const NEGATIONS: [&str; 6] = ["non", "not", "no", "without", "anti", "never"];
/// Words by which one title announces another kind of text.
const ANNOUNCEMENTS: [&str; 4] = ["protocol", "infographic", "rationale", "corrigendum"];
const STOP: [&str; 16] = ["the", "a", "an", "of", "in", "on", "and", "for", "to", "by", "from", "at", "is", "s", "as", "or"];
const WEIGHTLESS: [&str; 8] = ["using", "use", "study", "versus", "vs", "among", "during", "following"];

#[cfg(test)]
mod tests {
    use super::*;

    fn word(a: &str, b: &str) -> TitleDifference {
        TitleDifference::Word(a.into(), b.into())
    }

    #[test]
    fn decisive_words_and_numbers_are_found() {
        for (a, b, left, right) in [
            ("methicillin sensitive strains", "methicillin resistant strains", "sensitive", "resistant"),
            ("deficiency of factor h", "deficiency of factor i", "h", "i"),
            ("small cell lung cancer", "non small cell lung cancer", "", "non"),
            ("hypertension in rats", "hypotension in rats", "hypertension", "hypotension"),
            ("survivors with diabetes", "survivors without diabetes", "with", "without"),
            ("aspirin increases survival", "aspirin decreases survival", "increases", "decreases"),
            ("effects of linagliptin", "effects of sitagliptin", "linagliptin", "sitagliptin"),
            ("trials of duloxetine", "trials of fluoxetine", "duloxetine", "fluoxetine"),
            ("interleukin 1 beta", "interleukin 1 zeta", "beta", "zeta"),
            ("typical pneumonia", "atypical pneumonia", "typical", "atypical"),
        ] {
            assert_eq!(title_difference(a, b), word(left, right), "{a} / {b}");
            assert_eq!(title_difference(b, a), word(right, left), "{b} / {a}");
        }
        let numbers = TitleDifference::Numbers("2".into(), "3".into());
        assert_eq!(title_difference("a phase 2 trial", "a phase 3 trial"), numbers);
    }

    #[test]
    fn spellings_inflections_slips_and_word_breaks_do_not_matter() {
        for (a, b) in [
            ("tcu 380 a device", "tcu380a device"),
            ("short term pain", "shortterm pains"),
            ("pain relief in adults", "pain releif in adult"),
            ("growth in mice in spring", "growth inmice in spring"),
            ("increases of activity", "increasing activities"),
            ("randomised analysis", "randomized analyses"),
        ] {
            assert_eq!(title_difference(a, b), TitleDifference::None, "{a} / {b}");
        }
    }

    #[test]
    fn words_that_may_be_one_or_two_are_slips() {
        for (a, b) in
            [("rats with ckd", "rats with ckt"), ("prednisone for pain", "prednisolone for pain"), ("liver of mice", "liver of mce")]
        {
            assert!(matches!(title_difference(a, b), TitleDifference::Slip(..)), "{a} / {b}");
        }
    }

    #[test]
    fn words_that_one_title_has_alone_are_told() {
        assert_eq!(title_difference("aspirin in stroke", "aspirin in stroke in children"), TitleDifference::Longer("children".into()));
        assert_eq!(title_difference("aspirin after stroke pain", "aspirin or rest for neck pain"), TitleDifference::Reworded);
    }
}
