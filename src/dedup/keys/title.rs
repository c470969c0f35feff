//! Titles without the notes that databases add, and what kind of text a title announces.

use super::pages::roman;
use super::text::{fold_words, without_markup};

/// What a title says about the text under it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Nature {
    /// A paper, abstract, chapter or report in its own right.
    #[default]
    Original,
    /// An erratum or corrigendum.
    Correction,
    /// A notice of retraction or concern.
    Retraction,
    /// A reply of authors.
    Reply,
    /// A comment on another text.
    Comment,
}

/// A title ready to be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Title {
    /// Folded words without notes; numbers are digits ("phase II", "phase two" and "phase 2" are alike).
    pub words: String,
    /// What the title announces.
    pub nature: Nature,
    /// Whether the database gives a translation of a title in another language.
    pub is_translated: bool,
    /// Whether the title calls the text a letter or an editorial.
    pub is_letter: bool,
}

impl Title {
    /// Cleans and folds a title.
    pub fn parse(raw: &str) -> Self {
        let plain;
        let raw = if raw.contains(['&', '<']) {
            plain = without_markup(raw);
            plain.as_str()
        } else {
            raw
        };
        let (core, is_translated) = without_notes(raw);
        let (core, is_letter) = without_prefix(core);
        let core = without_suffix(core);
        let corrected;
        let core = if core.contains("[corrected]") {
            corrected = core.replace("[corrected]", " ");
            corrected.as_str()
        } else {
            core
        };
        let folded = fold_words(core);
        let nature = nature(core, &folded);
        let folded = if nature == Nature::Correction { fold_words(corrected_title(core)) } else { folded };
        let words = canonical_words(&folded);
        let words = match leading_numeral(core) {
            Some((numeral, number)) => words.strip_prefix(&numeral).map_or(words.clone(), |rest| format!("{number}{rest}")),
            None => words,
        };
        Self { words, nature, is_translated, is_letter }
    }
}

/// Finds the number of a part before the title proper ("II. Effects on mice"): the numeral as folded, and its value.
fn leading_numeral(core: &str) -> Option<(String, u64)> {
    let (label, _) = core.split_once(['.', ':', ')'])?;
    let is_numeral = !label.is_empty() && label.len() <= 4 && label.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'));
    let numeral = label.to_ascii_lowercase();
    // numerals of two letters and more are read wherever they stand
    if is_numeral && label.len() == 1 { roman(&numeral).map(|value| (numeral, value)) } else { None }
}

/// Cuts the bracketed notes at the end (`[Review] [75 refs]`, `[German]`) and the brackets round a translated title.
fn without_notes(raw: &str) -> (&str, bool) {
    let mut text = before_correction_note(raw.trim());
    let mut is_translated = false;
    loop {
        let bare = text.trim_end_matches(['.', ' ', '*']);
        let Some(open) = bare.strip_suffix(']').and_then(|inner| matching_open(inner, '[', ']')) else { break };
        let inner = &bare[open + 1..bare.len() - 1];
        if open == 0 {
            is_translated = true;
            text = inner.trim();
            continue;
        }
        let folded = fold_words(inner);
        let is_language = folded.split(' ').any(|word| LANGUAGES.contains(&word)) && folded.split(' ').count() <= 4;
        let is_note = is_language || is_note(&folded);
        if !is_note {
            break;
        }
        is_translated |= is_language;
        text = bare[..open].trim_end();
    }
    let bare = text.trim_end_matches(['.', ' ']);
    if let Some(open) = bare.strip_suffix(')').and_then(|inner| matching_open(inner, '(', ')'))
        && open > 0
    {
        let folded = fold_words(&bare[open + 1..bare.len() - 1]);
        if matches!(folded.as_str(), "review" | "abstract" | "letter" | "editorial" | "meeting abstract") {
            return (bare[..open].trim_end(), is_translated);
        }
        let is_language = LANGUAGES.contains(&folded.as_str()) || folded.strip_prefix("in ").is_some_and(|l| LANGUAGES.contains(&l));
        if is_language || folded.starts_with("author transl") || folded.starts_with("reprinted from") {
            return (bare[..open].trim_end(), is_translated || is_language);
        }
    }
    (text, is_translated)
}

/// Cuts `[Erratum appears in ...` wherever it begins, closed or not.
fn before_correction_note(text: &str) -> &str {
    const NOTES: [&str; 4] = ["erratum appears", "published erratum", "retraction in", "see comment"];
    let found = text.match_indices('[').find(|(at, _)| {
        let start: String = text[at + 1..].chars().take(20).flat_map(char::to_lowercase).collect();
        let start = start.trim_start();
        // the note may be cut with the title
        let is_cut = start.len() >= 5 && text[at + 1..].chars().count() < 20;
        *at > 0 && NOTES.iter().any(|note| start.starts_with(note) || is_cut && note.starts_with(start))
    });
    found.map_or(text, |(at, _)| text[..at].trim_end())
}

/// Finds the bracket that opens the group which ends at the end of `inner` (the closing bracket already cut).
fn matching_open(inner: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 1_u32;
    for (at, c) in inner.char_indices().rev() {
        if c == close {
            depth += 1;
        } else if c == open {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

fn is_note(folded: &str) -> bool {
    const WORDS: [&str; 16] = [
        "ref",
        "refs",
        "references",
        "review",
        "comment",
        "comments",
        "abstract",
        "letter",
        "editorial",
        "erratum",
        "corrected",
        "correction",
        "retraction",
        "summary",
        "abs",
        "proceeding",
    ];
    folded.split(' ').count() <= 40 && folded.split(' ').any(|word| WORDS.contains(&word)) || folded.is_empty()
}

const LANGUAGES: [&str; 33] = [
    "english",
    "german",
    "french",
    "spanish",
    "italian",
    "russian",
    "chinese",
    "japanese",
    "polish",
    "portuguese",
    "dutch",
    "danish",
    "swedish",
    "norwegian",
    "finnish",
    "czech",
    "hungarian",
    "turkish",
    "korean",
    "hebrew",
    "greek",
    "romanian",
    "bulgarian",
    "serbian",
    "croatian",
    "slovak",
    "slovenian",
    "ukrainian",
    "persian",
    "arabic",
    "bosnian",
    "lithuanian",
    "afrikaans",
];

/// Kinds of text that a journal prints with the title as a heading.
const LABELS: [&str; 14] = [
    "short report",
    "case report",
    "original article",
    "original research",
    "original paper",
    "research article",
    "review article",
    "review",
    "brief report",
    "brief communication",
    "short communication",
    "retracted",
    "retracted article",
    "clinical study",
];

/// Cuts such a heading printed after the title proper.
fn without_suffix(text: &str) -> &str {
    let bare = text.trim_end_matches(['.', ' ']);
    match bare.rfind(['.', ':']) {
        Some(at) if at >= 20 && bare.len() - at <= 30 && LABELS.contains(&fold_words(&bare[at..]).as_str()) => bare[..at].trim_end(),
        _ => text,
    }
}

/// Cuts what a journal or meeting prints before the title proper ("Short report:", "Abstract 1234:", "RETRACTED:").
///
/// Also tells whether it calls the text a letter or an editorial.
fn without_prefix(text: &str) -> (&str, bool) {
    const LETTERS: [&str; 6] = ["letter", "letters", "letter to the editor", "letters to the editor", "letter to editor", "editorial"];
    let text = text.trim_start_matches(['"', '\'', '\u{201c}', '*', ' ']);
    let Some((label, rest)) = text.split_once([':', '.']) else { return (text, false) };
    if label.len() > 40 || rest.trim().len() < 20 {
        return (text, false);
    }
    let folded = fold_words(label);
    let is_letter = LETTERS.contains(&folded.as_str());
    if is_letter || LABELS.contains(&folded.as_str()) {
        return (rest.trim_start(), is_letter);
    }
    let number = folded.strip_prefix("abstract ").unwrap_or(&folded);
    let letters = number.chars().take_while(|c| c.is_ascii_alphabetic()).count();
    let digits = number[letters..].trim_start();
    let is_code = letters <= 3 && (2..=5).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let is_year = letters == 0 && digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    (if is_code && (!is_year || number.len() < folded.len()) { rest.trim_start() } else { text }, false)
}

/// Reads what a title announces; a note about another place ("(vol 104, pg 240, 2007)") marks a correction.
///
/// A word that also begins ordinary titles ("Correction of hyponatraemia") counts only before a sign, "to" or "on".
fn nature(core: &str, folded: &str) -> Nature {
    const RETRACTIONS: [&str; 6] =
        ["retraction", "retraction note", "retraction notice", "notice of retraction", "expression of concern", "withdrawal notice"];
    const CORRECTIONS: [&str; 9] = [
        "correction",
        "corrections",
        "author correction",
        "publisher correction",
        "publishers correction",
        "correction and addendum",
        "addendum",
        "erratum note",
        "published erratum",
    ];
    const REPLIES: [&str; 10] = [
        "reply",
        "replies",
        "in reply",
        "authors reply",
        "author reply",
        "the authors reply",
        "authors response",
        "author response",
        "response to the letter",
        "response to letter",
    ];
    const COMMENTS: [&str; 10] = [
        "comment",
        "comments",
        "commentary",
        "re",
        "invited commentary",
        "invited comment",
        "editorial comment",
        "editorial commentary",
        "letter to the editor",
        "letter regarding",
    ];
    let (before_sign, label) = announced(core, folded);
    let is_any = |labels: &[&str]| labels.contains(&label) || labels.contains(&before_sign);
    let ends_with = |words: &[&str]| {
        words.iter().any(|w| *w != "re" && folded.strip_suffix(w).is_some_and(|rest| rest.is_empty() || rest.ends_with(' ')))
    };
    let first = folded.split(' ').next().unwrap_or("");
    if is_any(&RETRACTIONS) {
        Nature::Retraction
    } else if matches!(first, "erratum" | "errata" | "corrigendum" | "corrigenda")
        || is_any(&CORRECTIONS)
        || has_place_note(folded)
        || ends_with_place(core)
        || ends_with(&["erratum", "corrigendum"])
    {
        Nature::Correction
    } else if is_any(&REPLIES) || matches!(before_sign, "response" | "response to" | "in response to") || ends_with(&REPLIES[..8]) {
        Nature::Reply
    } else if is_any(&COMMENTS) || ends_with(&COMMENTS[..8]) || folded.contains(" comment on ") {
        Nature::Comment
    } else {
        Nature::Original
    }
}

/// Returns the folded words before the first sign of the title (empty where it has none), and those before its first sign, "to"
/// or "on".
fn announced<'a>(core: &str, folded: &'a str) -> (&'a str, &'a str) {
    let by_sign = core.find([':', '.', '(', '-', '\u{2013}', '\u{2014}', '?']).map_or(usize::MAX, |at| fold_words(&core[..at]).len());
    let is_re = by_sign == 2 && !core.contains(':');
    let by_word = [" to ", " on ", " for "].iter().filter_map(|w| folded.find(w)).min().unwrap_or(folded.len());
    let end = if is_re { by_word } else { by_sign.min(by_word) };
    (folded.get(..by_sign).unwrap_or(""), folded.get(..end).unwrap_or(folded))
}

/// Returns the title that a correction is about: without the label before it and the place after it.
fn corrected_title(core: &str) -> &str {
    let bare = core.trim_end_matches(['.', ' ']);
    let open = bare.strip_suffix(')').and_then(|inner| matching_open(inner, '(', ')')).filter(|open| *open > 0);
    let core = match open {
        Some(open) if has_place_note(&fold_words(&bare[open..])) || ends_with_place(bare) => bare[..open].trim_end(),
        _ => core,
    };
    match core.split_once(':') {
        Some((label, rest)) if label.len() < 30 && !rest.trim().is_empty() && nature(label, &fold_words(label)) == Nature::Correction => {
            rest.trim_start()
        }
        _ => core,
    }
}

/// Tells whether a title ends with a reference in brackets: "(Journal of Pain (2009) 360 (542-544))".
fn ends_with_place(core: &str) -> bool {
    let bare = core.trim_end_matches(['.', ' ']);
    let Some(open) = bare.strip_suffix(')').and_then(|inner| matching_open(inner, '(', ')')) else { return false };
    let inner = &bare[open + 1..bare.len() - 1];
    inner.match_indices('(').any(|(at, _)| {
        let mut rest = inner[at + 1..].chars();
        let year: String = rest.by_ref().take(4).collect();
        let is_year = year.len() == 4 && (year.starts_with("19") || year.starts_with("20")) && year.bytes().all(|b| b.is_ascii_digit());
        let tail: String = rest.take(3).collect();
        is_year && tail.starts_with(')') && tail.trim_start_matches([')', ' ', ',', ';', ':']).starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Finds "vol 104 pg 240" or "vol 65 suppl 1 p 57" in a folded title.
fn has_place_note(folded: &str) -> bool {
    let words: Vec<&str> = folded.split(' ').collect();
    words.windows(2).enumerate().any(|(at, pair)| {
        let is_volume = matches!(pair[0], "vol" | "volume") && pair[1].starts_with(|c: char| c.is_ascii_digit());
        is_volume && words[at + 2..].iter().take(4).any(|word| matches!(*word, "pg" | "p" | "page" | "pp"))
    })
}

/// Writes numbers as digits, leaves out words of no weight, and takes British spelling for American.
fn canonical_words(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    let folded = folded.replace("horizontal ellipsis", "");
    let mut previous = "";
    for word in folded.split(' ').filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        if let Some(digits) = number_word(word, previous) {
            out.push_str(&digits);
        } else if let Some(spelled) = american(word) {
            out.push_str(&spelled);
        } else {
            out.push_str(word);
        }
        previous = word;
    }
    out
}

/// Takes the British spelling of a word for the American; `None` where they are the same.
fn american(word: &str) -> Option<String> {
    if word.len() < 5 || !(word.contains("ae") || word.contains("oe") || word.contains("our")) {
        return None;
    }
    let spelled = word.replace("ae", "e").replace("oe", "e");
    let keeps_our =
        ["our", "hour", "cour", "sour", "tour", "four", "jour"].iter().any(|part| spelled.starts_with(part) || spelled.ends_with(part));
    Some(if keeps_our { spelled } else { spelled.replace("our", "or") })
}

fn number_word(word: &str, previous: &str) -> Option<String> {
    const BEFORE: [&str; 13] =
        ["part", "phase", "type", "stage", "class", "grade", "level", "group", "study", "trial", "angiotensin", "section", "chapter"];
    let value = match word {
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "twelve" => 12,
        "ii" | "iii" | "iv" | "vi" | "vii" | "viii" | "ix" => roman(word)?,
        _ if is_staged(word) || BEFORE.contains(&previous.strip_suffix('s').unwrap_or(previous)) || BEFORE.contains(&previous) => {
            // "phase Ib", "stage IIIa"
            let numeral = word.trim_end_matches(['a', 'b', 'c']);
            let value = roman(numeral).filter(|value| *value <= 12 && word.len() <= numeral.len() + 1)?;
            return Some(format!("{value}{}", &word[numeral.len()..]));
        }
        _ => return None,
    };
    Some(value.to_string())
}

/// Tells whether a word is a numeral of two signs or more with the letter of a stage ("IIIb").
fn is_staged(word: &str) -> bool {
    let numeral = word.trim_end_matches(['a', 'b', 'c']);
    word.len() == numeral.len() + 1 && matches!(numeral, "ii" | "iii" | "iv" | "vi" | "vii" | "viii")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_of_databases_are_no_part_of_the_title() {
        for (raw, words) in [
            ("Pleural drains in children [Review] [75 refs]", "pleural drains in children"),
            ("Pleural drains in children [Erratum appears in Chest. 2004;3:1]", "pleural drains in children"),
            ("Pleural drains in children. [Russian]", "pleural drains in children"),
            ("[Pleural drains in children]", "pleural drains in children"),
            ("Short report: pleural drains in children", "pleural drains in children"),
            ("Abstract 16632: Pleural drains in small children", "pleural drains in small children"),
            ("Phase II study", "phase 2 study"),
            ("Haemolytic oedema of tumours", "hemolytic edema of tumors"),
        ] {
            assert_eq!(Title::parse(raw).words, words, "{raw}");
        }
        assert!(Title::parse("[Pleural drains in children]").is_translated);
    }

    #[test]
    fn a_note_inside_the_originals_title_does_not_make_it_an_erratum() {
        for (raw, nature) in [
            ("Pleural drains [Erratum appears in Chest. 2004;3:1]", Nature::Original),
            ("Erratum: Pleural drains", Nature::Correction),
            ("Pleural drains in children (vol 104, pg 240, 2007)", Nature::Correction),
            ("Pleural drains in children - Reply", Nature::Reply),
            ("Comment on: Pleural drains in children", Nature::Comment),
            ("Re: Pleural drains in children", Nature::Comment),
            ("Retraction: Pleural drains in children", Nature::Retraction),
            ("RETRACTED: Pleural drains in small children", Nature::Original),
            ("Renal failure", Nature::Original),
            ("Correction of hyponatraemia in the elderly", Nature::Original),
        ] {
            assert_eq!(Title::parse(raw).nature, nature, "{raw}");
        }
    }
}
