//! Page ranges, volumes and issues as numbers, whatever way a database printed or damaged them.

use super::text::fold_words;

/// Where in its volume a publication stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pages {
    /// The number of the first page or of the article; `None` where it is lost or was never printed.
    pub start: Option<u64>,
    /// The number of the last page in full.
    pub end: Option<u64>,
    /// The letters before the first number in lower case ("s", "e", "cd"); empty for plain pages.
    pub prefix: Box<str>,
}

impl Pages {
    /// Reads a first page that may hold a whole range ("S12-S19", "221-8", "e221") and a last page, if there is one.
    pub fn parse(start: Option<&str>, end: Option<&str>) -> Self {
        let start = start.unwrap_or("").trim();
        let end = end.unwrap_or("").trim();
        let text = if end.is_empty() || start.is_empty() { format!("{start}{end}") } else { format!("{start}-{end}") };
        let mut pages = Self::parse_text(&text);
        if start.is_empty() && pages.end.is_none() {
            pages.end = pages.start.take();
        }
        pages
    }

    fn parse_text(text: &str) -> Self {
        let lower: String = text
            .chars()
            .flat_map(char::to_lowercase)
            .map(|c| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}' | '\u{2043}') { '-' } else { c })
            .collect();
        let cut = lower.find(['[', ';', ',', '(']).filter(|at| *at > 0).unwrap_or(lower.len());
        let cut = lower[..cut].find(" and ").unwrap_or(cut);
        let kept = lower[..cut].trim().trim_matches('"');
        if kept.contains("pagination") || kept.contains("specified") || kept == "n/a" {
            return Self::default();
        }
        if let Some(dated) = undone_date(kept) {
            return dated;
        }
        let kept = ["pages", "page", "pp.", "pp", "p."].iter().find_map(|label| kept.strip_prefix(label)).unwrap_or(kept).trim_start();
        let (left, right) = kept.split_once("--").or_else(|| kept.split_once('-')).map_or((kept, None), |(l, r)| (l, Some(r)));
        let is_label = matches!(left.trim().trim_end_matches('.'), "suppl" | "supplement" | "pt" | "part" | "no" | "issue");
        if is_label {
            return Self { start: None, end: right.and_then(|r| number(r).0), prefix: "".into() };
        }
        let (mut start, mut prefix) = number(left);
        if start.is_none() && right.is_none() {
            start = roman(left.trim()).inspect(|_| prefix = "r".into());
        } else if start.is_none()
            && let Some(value) = roman(left.trim())
        {
            return Self { start: Some(value), end: right.and_then(|r| roman(r.trim())), prefix: "r".into() };
        }
        let end = right.and_then(|r| number(r).0);
        let end = match (start, end) {
            (Some(first), Some(last)) => Some(expand(first, last)),
            (_, last) => last,
        };
        Self { start, end, prefix: prefix.into() }
    }

    /// Tells whether the prefix marks the pages of a supplement.
    pub fn in_supplement(&self) -> bool {
        self.start.is_some() && matches!(&*self.prefix, "s" | "suppl" | "ss" | "sup")
    }

    /// Tells whether the number counts articles rather than pages ("e0123456", "CD001234", "1475").
    pub fn is_article_number(&self) -> bool {
        match self.start {
            None => false,
            Some(start) => {
                start >= 50_000
                    || matches!(&*self.prefix, "e" | "cd" | "art" | "article" | "id" | "bcr" | "f" | "d" | "k" | "c" | "b" | "m" | "o")
            }
        }
    }

    /// Returns how many pages follow the first; 0 where that is not known.
    pub fn span(&self) -> u64 {
        self.start.zip(self.end).map_or(0, |(first, last)| last.saturating_sub(first))
    }

    /// Returns the last page, or the first where only one is printed.
    pub fn last(&self) -> Option<u64> {
        self.end.or(self.start)
    }
}

/// Gives the last page in full: 8 after 221 is 228. A last page below the first that cannot be a short form is kept.
fn expand(first: u64, last: u64) -> u64 {
    if last >= first {
        return last;
    }
    let mut unit = 10;
    while unit <= last {
        unit *= 10;
    }
    let full = first / unit * unit + last;
    if full >= first { full } else { last }
}

/// Undoes what a spreadsheet makes of "1-10": "01-Oct", "10-Jan", "Jan-10".
fn undone_date(text: &str) -> Option<Pages> {
    let (left, right) = text.split_once('-')?;
    let (left, right) = (left.trim(), right.trim());
    let (month, other) = match (month(left), month(right)) {
        (Some(month), None) => (month, right),
        (None, Some(month)) => (month, left),
        _ => return None,
    };
    if other.is_empty() || other.len() > 2 {
        return None;
    }
    let other: u64 = other.parse().ok()?;
    Some(Pages { start: Some(month.min(other)), end: Some(month.max(other)), prefix: "".into() })
}

/// Reads an English month name or its three letters.
fn month(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let at = MONTHS.iter().position(|m| *m == text)?;
    u64::try_from(at + 1).ok()
}

/// Returns the first number of a text and the letters directly before it.
fn number(text: &str) -> (Option<u64>, String) {
    let Some(at) = text.find(|c: char| c.is_ascii_digit()) else { return (None, String::new()) };
    let digits: String = text[at..].chars().take_while(char::is_ascii_digit).take(18).collect();
    let prefix: String = text[..at].chars().filter(|c| c.is_alphabetic()).collect();
    (digits.parse().ok(), prefix)
}

/// Reads a Roman numeral in lower case, up to 499.
pub(crate) fn roman(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    let mut sum = 0_u64;
    let mut previous = 0;
    for c in text.chars().rev() {
        let value = match c {
            'i' => 1,
            'v' => 5,
            'x' => 10,
            'l' => 50,
            'c' => 100,
            _ => return None,
        };
        if value < previous {
            sum = sum.checked_sub(value)?;
        } else {
            sum += value;
            previous = value;
        }
    }
    Some(sum)
}

/// Returns the number of a volume: the first number of the field, or a Roman numeral.
///
/// A fragment with an unmatched closing bracket ("1)", torn from "33 (Suppl 1)") counts as missing.
pub(crate) fn volume_number(text: &str) -> Option<u64> {
    let text = text.trim();
    if is_torn(text) {
        return None;
    }
    let folded = fold_words(text);
    let lead = folded.split(' ').next().unwrap_or("");
    if matches!(lead, "suppl" | "supplement" | "supp" | "conference") {
        return None;
    }
    number(&folded).0.or_else(|| roman(lead))
}

/// More issues than this has no volume: a greater number counts from the first volume on, or is that of the article.
const MOST_IN_VOLUME: u64 = 60;

/// The issue of a volume.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Issue {
    /// The first number, where the issue has one of its own (not a supplement's or a part's).
    pub first: Option<u64>,
    /// The last number of a combined issue ("1-3").
    pub last: Option<u64>,
    /// Whether the field names a supplement.
    pub is_supplement: bool,
    /// The number of the supplement.
    pub supplement: Option<u64>,
}

impl Issue {
    /// Reads an issue; months and words give no number.
    pub fn parse(text: &str) -> Self {
        if is_torn(text.trim()) {
            return Self::default();
        }
        let folded = fold_words(text);
        let is_supplement = names_supplement(&folded) || folded.split(' ').any(|w| w.starts_with("meeting") || w.starts_with("abstract"));
        let supplement = if is_supplement { supplement_number(&folded) } else { None };
        let mut issue = Self { is_supplement, supplement, ..Self::default() };
        for word in folded.split(' ') {
            if word.starts_with("supp") || word == "pt" || word == "part" || word == "pts" {
                break;
            }
            let digits = word.strip_prefix(['s', 'n']).unwrap_or(word);
            if word.starts_with('s') && word.len() > 1 && digits.bytes().all(|b| b.is_ascii_digit()) {
                issue.is_supplement = true;
                issue.supplement = digits.parse().ok();
                break;
            }
            let digits: String = word.chars().take_while(char::is_ascii_digit).take(9).collect();
            if let Ok(value) = digits.parse() {
                if issue.first.is_none() {
                    issue.first = Some(value);
                }
                issue.last = Some(value);
            }
        }
        if issue.first.is_some_and(|n| n > 9_999) { Self { is_supplement, supplement, ..Self::default() } } else { issue }
    }

    /// Compares two issues: `None` where at least one has no number. Supplements without an issue compare by their own.
    pub fn agrees(&self, other: &Self) -> Option<bool> {
        if self.first.is_none() && other.first.is_none() {
            return self.supplement.zip(other.supplement).map(|(a, b)| a == b);
        }
        let (a, b) = (self.first?, other.first?);
        if (a > MOST_IN_VOLUME) != (b > MOST_IN_VOLUME) {
            return None;
        }
        let (a_last, b_last) = (self.last.unwrap_or(a).max(a), other.last.unwrap_or(b).max(b));
        Some(a <= b_last && b <= a_last)
    }
}

/// Returns the number of a supplement; a letter ("Suppl H") counts from 1,001.
fn supplement_number(folded: &str) -> Option<u64> {
    folded.split(' ').skip_while(|w| !w.starts_with("supp")).find_map(|word| match word.as_bytes() {
        [letter] if letter.is_ascii_lowercase() => Some(1_001 + u64::from(letter - b'a')),
        _ => number(word).0,
    })
}

/// Tells whether a folded field names a supplement.
pub(crate) fn names_supplement(folded: &str) -> bool {
    folded.split(' ').any(|word| word.starts_with("suppl") || word == "supp")
}

fn is_torn(text: &str) -> bool {
    text.matches(')').count() > text.matches('(').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(text: &str) -> (Option<u64>, Option<u64>, String) {
        let p = Pages::parse(Some(text), None);
        (p.start, p.end, p.prefix.to_string())
    }

    #[test]
    fn page_ranges_are_read_in_every_spelling() {
        for (text, start, end, prefix) in [
            ("221-8", Some(221), Some(228), ""),
            ("221-228", Some(221), Some(228), ""),
            ("S221", Some(221), None, "s"),
            ("S528-S529", Some(528), Some(529), "s"),
            ("e221", Some(221), None, "e"),
            ("221 [abs 12]", Some(221), None, ""),
            ("697-701; discussion 689", Some(697), Some(701), ""),
            ("1\u{2010}10", Some(1), Some(10), ""),
            ("no pagination", None, None, ""),
            ("Suppl-28", None, Some(28), ""),
            ("pt-8", None, Some(8), ""),
            ("01-Oct", Some(1), Some(10), ""),
            ("10-Jan", Some(1), Some(10), ""),
            ("pp. 12-15", Some(12), Some(15), ""),
            ("xii-xv", Some(12), Some(15), "r"),
            ("CD001234", Some(1234), None, "cd"),
            ("1098-103", Some(1098), Some(1103), ""),
            ("", None, None, ""),
        ] {
            assert_eq!(pages(text), (start, end, prefix.to_owned()), "{text}");
        }
        let split = Pages::parse(Some("304"), Some("311"));
        assert_eq!((split.start, split.end), (Some(304), Some(311)));
    }

    #[test]
    fn torn_volumes_are_missing_and_supplements_are_not_volumes() {
        assert_eq!(volume_number("1)"), None);
        assert_eq!(volume_number("60 (1 Supplement 1)"), Some(60));
        assert_eq!(volume_number("7 Suppl 1"), Some(7));
        assert_eq!(volume_number("Suppl 1"), None);
        assert_eq!(volume_number("XII"), Some(12));
    }

    #[test]
    fn combined_issues_agree_with_their_parts() {
        assert_eq!(Issue::parse("1-3").agrees(&Issue::parse("2")), Some(true));
        assert_eq!(Issue::parse("13 Suppl").agrees(&Issue::parse("14")), Some(false));
        assert_eq!(Issue::parse("Suppl 1").agrees(&Issue::parse("2")), None);
        assert_eq!(Issue::parse("MARCH").agrees(&Issue::parse("3")), None);
        assert!(Issue::parse("S1").is_supplement);
    }
}
