//! What two records say about each other, field by field: agree, differ, or nothing known.

use super::difference::{TitleDifference, title_difference};
use super::keys::Prepared;
use super::keys::names::{compare_authors, journals_agree};
use super::keys::pages::Pages;

/// Whether a field of two records speaks for or against one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldVerdict {
    /// The field is the same, allowing for spelling and abbreviation.
    Agree,
    /// The field is known on both sides and is not the same.
    Differ,
    /// The field is missing on a side, or cannot be compared.
    Unknown,
}

impl FieldVerdict {
    /// Tells whether the field agrees.
    pub fn agrees(self) -> bool {
        self == Self::Agree
    }

    /// Tells whether the field differs.
    pub fn differs(self) -> bool {
        self == Self::Differ
    }

    fn from_option(agrees: Option<bool>) -> Self {
        match agrees {
            Some(true) => Self::Agree,
            Some(false) => Self::Differ,
            None => Self::Unknown,
        }
    }
}

/// How the places in the volume compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageMatch {
    /// First and last page are the same, over more than one page.
    Range,
    /// The first page is the same; the last is the same, missing, or the paper has one page.
    Start,
    /// The first page is the same, the last is not.
    StartOnly,
    /// The first page is lost on a side and the last is the same.
    End,
    /// The ranges share more than one page, which those of two papers never do.
    Overlap,
    /// The pages touch, or are a few pages apart.
    Near,
    /// One side counts pages, the other articles.
    OtherNumbering,
    /// The pages have nothing in common.
    Differ,
    /// A side has no pages.
    Unknown,
}

impl PageMatch {
    /// Tells whether the pages are the same.
    pub fn agrees(self) -> bool {
        matches!(self, Self::Range | Self::Start | Self::StartOnly | Self::End)
    }

    /// Tells whether the pages are known and not the same.
    pub fn differs(self) -> bool {
        matches!(self, Self::Overlap | Self::Near | Self::OtherNumbering | Self::Differ)
    }

    /// Returns the verdict to show.
    pub fn verdict(self) -> FieldVerdict {
        if self.agrees() {
            FieldVerdict::Agree
        } else if self.differs() {
            FieldVerdict::Differ
        } else {
            FieldVerdict::Unknown
        }
    }
}

/// The evidence of a pair.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    /// Similarity of the titles, 0 to 1.
    pub title: f64,
    /// What is decisive in the difference of the titles; looked for in similar titles only.
    pub difference: TitleDifference,
    pub authors: FieldVerdict,
    /// Whether the first authors may be one person.
    pub first_author: bool,
    /// The share of the shorter author list found in the other, 0 to 1; 0 where unknown.
    pub author_share: f64,
    /// Whether the author lists are of one length, or the shorter is the beginning of the longer.
    pub is_list_cut: bool,
    pub journal: FieldVerdict,
    pub year: FieldVerdict,
    /// Years apart.
    pub year_gap: Option<u32>,
    pub volume: FieldVerdict,
    pub issue: FieldVerdict,
    pub pages: PageMatch,
    pub doi: FieldVerdict,
    pub pmid: FieldVerdict,
    pub registry: FieldVerdict,
    /// Whether the abstracts begin alike; unknown where one is missing or the two share some sentences only.
    pub abstracts: FieldVerdict,
}

/// At least this share of the word pairs of two abstracts of one text is the same, allowing for headings and typing errors.
const LEAST_SAME_ABSTRACT: f64 = 0.6;
/// At most this share is the same in abstracts of two texts, stock phrases of the trade included.
const MOST_OTHER_ABSTRACT: f64 = 0.2;

impl Evidence {
    /// Tells whether the titles are the same text: nothing in their difference matters.
    pub fn is_same_title(&self) -> bool {
        self.title >= 0.9 && self.difference == TitleDifference::None
    }

    /// Compares two records whose titles have the given similarity.
    pub fn new(a: &Prepared, b: &Prepared, title: f64) -> Self {
        let difference = if title >= 0.75 { least_difference(a, b) } else { TitleDifference::None };
        let overlap = compare_authors(&a.authors, &b.authors);
        let authors = match overlap {
            None => FieldVerdict::Unknown,
            Some(o) if o.first || o.share >= 0.5 => FieldVerdict::Agree,
            Some(o) if o.share < 0.25 => FieldVerdict::Differ,
            Some(_) => FieldVerdict::Unknown,
        };
        let year_gap = a.year.zip(b.year).map(|(x, y)| x.abs_diff(y));
        let year = match year_gap {
            Some(0) => FieldVerdict::Agree,
            Some(1) | None => FieldVerdict::Unknown,
            Some(_) => FieldVerdict::Differ,
        };
        let registry = match (a.registry.is_empty(), b.registry.is_empty()) {
            (false, false) => FieldVerdict::from_option(Some(a.registry.iter().any(|n| b.registry.contains(n)))),
            _ => FieldVerdict::Unknown,
        };
        let is_shifted = is_shifted(a, b) || is_shifted(b, a);
        let is_page_in_issue = is_page_in_issue(a, b) || is_page_in_issue(b, a);
        Self {
            title,
            difference,
            authors,
            first_author: overlap.is_some_and(|o| o.first),
            author_share: overlap.map_or(0.0, |o| o.share),
            is_list_cut: overlap.is_some_and(|o| o.is_cut),
            journal: compare_journals(a, b),
            year,
            year_gap,
            volume: compare_volumes(a, b),
            issue: if is_shifted || is_page_in_issue { FieldVerdict::Unknown } else { FieldVerdict::from_option(a.issue.agrees(&b.issue)) },
            pages: if is_shifted {
                PageMatch::Unknown
            } else if is_page_in_issue {
                PageMatch::Start
            } else {
                compare_pages(&a.pages, &b.pages)
            },
            doi: compare_dois(a.doi.as_deref(), b.doi.as_deref()),
            pmid: equal(a.pmid.as_deref(), b.pmid.as_deref()),
            registry,
            abstracts: match a.abstract_digest.overlap(&b.abstract_digest) {
                Some(share) if share >= LEAST_SAME_ABSTRACT => FieldVerdict::Agree,
                Some(share) if share <= MOST_OTHER_ABSTRACT => FieldVerdict::Differ,
                _ => FieldVerdict::Unknown,
            },
        }
    }
}

/// Finds the difference of the titles; a title in the original language may be the one that fits.
fn least_difference(a: &Prepared, b: &Prepared) -> TitleDifference {
    let difference = title_difference(&a.title, &b.title);
    if difference == TitleDifference::None || a.other_title.is_none() && b.other_title.is_none() {
        return difference;
    }
    let others = |record: &Prepared| record.other_title.clone().into_iter().chain([record.title.clone()]).collect::<Vec<_>>();
    let is_same = others(a).iter().any(|x| others(b).iter().any(|y| title_difference(x, y) == TitleDifference::None));
    if is_same { TitleDifference::None } else { difference }
}

fn equal(a: Option<&str>, b: Option<&str>) -> FieldVerdict {
    FieldVerdict::from_option(a.zip(b).map(|(x, y)| x == y))
}

/// Compares DOIs: one that begins with the other may be cut, or name a part of the same document, which is not known.
fn compare_dois(a: Option<&str>, b: Option<&str>) -> FieldVerdict {
    let Some((x, y)) = a.zip(b) else { return FieldVerdict::Unknown };
    if x == y {
        return FieldVerdict::Agree;
    }
    let (short, long) = if x.len() <= y.len() { (x, y) } else { (y, x) };
    let suffix = short.split_once('/').map_or(0, |(_, suffix)| suffix.len());
    if suffix >= LEAST_DOI_SUFFIX && long.starts_with(short) { FieldVerdict::Unknown } else { FieldVerdict::Differ }
}

/// A DOI cut shorter than this after its prefix no longer tells which it was.
const LEAST_DOI_SUFFIX: usize = 8;

/// Tells whether volume and issue of `a` slid one field to the right in `b`: into issue and pages.
fn is_shifted(a: &Prepared, b: &Prepared) -> bool {
    let is_volume_moved = a.volume.is_some() && b.volume.is_none() && b.issue.first == a.volume;
    is_volume_moved && a.issue.first.is_some() && b.pages.start == a.issue.first
}

/// Tells whether the page of `b` stands in the issue field of `a`, which has no pages of its own.
fn is_page_in_issue(a: &Prepared, b: &Prepared) -> bool {
    let is_lost = a.pages.start.is_none() && a.pages.end.is_none();
    is_lost && b.pages.start.is_some_and(|page| page > 4) && a.issue.first == b.pages.start && b.issue.first != a.issue.first
}

/// Compares volumes; a volume that stands in the other's issue field counts as the same, and one that is the number of the
/// other's supplement (torn from "59 (Suppl 1)") as unknown.
fn compare_volumes(a: &Prepared, b: &Prepared) -> FieldVerdict {
    if is_shifted(a, b) || is_shifted(b, a) {
        return FieldVerdict::Agree;
    }
    match (a.volume, b.volume) {
        (Some(x), Some(y)) if x == y => FieldVerdict::Agree,
        (Some(x), Some(y)) if b.issue.supplement == Some(x) || a.issue.supplement == Some(y) => FieldVerdict::Unknown,
        (Some(_), Some(_)) => FieldVerdict::Differ,
        (Some(volume), None) if b.issue.first == Some(volume) && a.issue.first.is_none() => FieldVerdict::Agree,
        (None, Some(volume)) if a.issue.first == Some(volume) && b.issue.first.is_none() => FieldVerdict::Agree,
        _ => FieldVerdict::Unknown,
    }
}

/// Compares journals by serial number, then by any of the names.
fn compare_journals(a: &Prepared, b: &Prepared) -> FieldVerdict {
    if a.issn.iter().any(|number| b.issn.contains(number)) {
        return FieldVerdict::Agree;
    }
    let mut is_open = false;
    let mut is_known = false;
    for x in [&a.journal, &a.journal_abbreviation] {
        for y in [&b.journal, &b.journal_abbreviation] {
            match journals_agree(x, y) {
                Some(true) => return FieldVerdict::Agree,
                Some(false) => is_known = true,
                None => is_open |= !x.is_empty() && !y.is_empty(),
            }
        }
    }
    if is_known && !is_open { FieldVerdict::Differ } else { FieldVerdict::Unknown }
}

/// Compares places in a volume.
pub(crate) fn compare_pages(a: &Pages, b: &Pages) -> PageMatch {
    let same_prefix = a.prefix == b.prefix || a.prefix.is_empty() || b.prefix.is_empty();
    if is_letter_read_as_one(a, b) || is_letter_read_as_one(b, a) {
        return PageMatch::Start;
    }
    match (a.start, b.start) {
        (Some(x), Some(y)) if x == y && same_prefix => match (a.end, b.end) {
            (Some(p), Some(q)) if p == q && p > x => PageMatch::Range,
            (Some(p), Some(q)) if p != q => PageMatch::StartOnly,
            _ => PageMatch::Start,
        },
        (Some(x), Some(y)) => {
            if a.is_article_number() != b.is_article_number() || counts_own_pages(a, b) || counts_own_pages(b, a) {
                return PageMatch::OtherNumbering;
            }
            let (last_a, last_b) = (a.last().unwrap_or(x), b.last().unwrap_or(y));
            let shared = (last_a.min(last_b) + 1).saturating_sub(x.max(y));
            if shared > 1 && same_prefix {
                return PageMatch::Overlap;
            }
            let is_near = x.abs_diff(y) <= 6 || last_a == last_b || shared > 0;
            if is_near && same_prefix { PageMatch::Near } else { PageMatch::Differ }
        }
        (None, None) if a.end.is_none() || b.end.is_none() => PageMatch::Unknown,
        _ => match (a.last(), b.last()) {
            (Some(p), Some(q)) if p == q => PageMatch::End,
            (Some(_), Some(_)) => PageMatch::Differ,
            _ => PageMatch::Unknown,
        },
    }
}

/// Tells whether `a` counts the pages of the article itself ("1-7") and `b` gives the number of the article ("132").
fn counts_own_pages(a: &Pages, b: &Pages) -> bool {
    a.start == Some(1) && a.prefix.is_empty() && a.span() > 0 && b.span() == 0 && b.start.is_some_and(|number| number > 1)
}

/// Tells whether "i428" or "l428" on one side is "1428" on the other.
fn is_letter_read_as_one(a: &Pages, b: &Pages) -> bool {
    let (Some(x), Some(y)) = (a.start, b.start) else { return false };
    matches!(&*a.prefix, "i" | "l") && b.prefix.is_empty() && x >= 10 && y.to_string() == format!("1{x}")
}
