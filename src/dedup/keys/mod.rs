//! Normalised fields of one record: all that the comparison needs, so that the record itself can be dropped.

pub(crate) mod digest;
pub(crate) mod names;
pub(crate) mod pages;
pub(crate) mod registry;
pub(crate) mod text;
pub(crate) mod title;

use self::digest::Digest;
use self::names::{Authors, journal_words, second_journal_name};
use self::pages::{Issue, Pages, names_supplement, volume_number};
use self::text::fold_words;
use self::title::{Nature, Title};
use crate::domain::record::{Citation, PublicationKind};

/// A text of at least so many pages after its first is a paper, not an abstract of a meeting.
const LEAST_PAPER: u64 = 3;

/// A text of more pages than this in a supplement is the supplement.
const LONGEST_PAPER: u64 = 100;

/// A record made ready for comparison: folded, parsed and small (about half a kilobyte).
///
/// The order of two prepared records depends on their content alone, so that results do not depend on the order of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prepared {
    /// The folded title; may be empty.
    pub(crate) title: Box<str>,
    /// The folded title in the original language, where it differs.
    pub(crate) other_title: Option<Box<str>>,
    pub(crate) nature: Nature,
    pub(crate) is_translated: bool,
    pub(crate) year: Option<i32>,
    pub(crate) volume: Option<u64>,
    pub(crate) issue: Issue,
    pub(crate) pages: Pages,
    pub(crate) authors: Authors,
    /// The folded full name of the journal and its abbreviation; each may be empty.
    pub(crate) journal: Box<str>,
    pub(crate) journal_abbreviation: Box<str>,
    /// ISSNs and ISBNs: digits and X alone, sorted.
    pub(crate) issn: Box<[Box<str>]>,
    pub(crate) doi: Option<Box<str>>,
    pub(crate) pmid: Option<Box<str>>,
    /// Registry numbers without signs, in lower case, sorted.
    pub(crate) registry: Box<[Box<str>]>,
    pub(crate) is_registration: bool,
    /// A meeting abstract, or another short text printed in a supplement.
    pub(crate) is_meeting: bool,
    pub(crate) is_preprint: bool,
    pub(crate) is_thesis: bool,
    pub(crate) cochrane: Option<CochraneVersion>,
    /// Whether the title calls the text a letter or an editorial.
    pub(crate) is_letter: bool,
    /// A digest of the abstract; empty where it is missing or too short.
    pub(crate) abstract_digest: Digest,
}

/// A version of a Cochrane review, from its DOI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CochraneVersion {
    /// The number of the review ("CD001234" gives 1234).
    pub review: u32,
    /// 1 for the protocol or first version (no suffix), n for ".pubn"; `None` where only the review's number is known.
    pub version: Option<u32>,
}

impl Prepared {
    /// Prepares a record; reads every field but the keywords and notes.
    pub fn new(citation: &Citation) -> Self {
        let title = Title::parse(&citation.title);
        let other = citation.original_title.as_deref().map(Title::parse).filter(|t| !t.words.is_empty() && t.words != title.words);
        let journal_raw = citation.journal.as_deref().unwrap_or("");
        let abbreviation_raw = citation.journal_abbreviation.as_deref().unwrap_or("");
        let journal = journal_words(journal_raw);
        let second_raw = if abbreviation_raw.is_empty() { second_journal_name(journal_raw) } else { abbreviation_raw };
        let abbreviation = Some(journal_words(second_raw)).filter(|a| *a != journal).unwrap_or_default();
        let volume = citation.volume.as_deref().and_then(volume_number);
        let mut pages = Pages::parse(citation.start_page.as_deref(), citation.end_page.as_deref());
        if volume.is_none() && pages.start == Some(1) && pages.prefix.is_empty() {
            // online-first papers are paged from 1 before they have a volume
            pages = Pages::default();
        }
        let mut issue = citation.issue.as_deref().map(Issue::parse).unwrap_or_default();
        if citation.volume.as_deref().is_some_and(|v| v.contains("no pagination")) && issue.first.is_some() {
            // "17 (1) (no pagination)" puts the article's number into the issue field
            pages.start = pages.start.or(issue.first);
            issue = Issue::default();
        } else if issue.first.is_some_and(|number| number > 12 && Some(number) == pages.start) {
            issue = Issue::default();
        }
        let journal_folded = fold_words(journal_raw);
        let is_registration = citation.kind == PublicationKind::RegistryEntry
            || registry::names_registry(&journal_folded)
            || journal_raw.contains("http") && !registry::numbers(journal_raw).is_empty();
        let is_supplement =
            pages.in_supplement() || issue.is_supplement || citation.volume.as_deref().is_some_and(|v| names_supplement(&fold_words(v)));
        if is_supplement && pages.span() > LONGEST_PAPER {
            // the pages of the whole supplement
            pages = Pages::default();
        }
        let is_of_meeting = citation.kind == PublicationKind::ConferencePaper || is_supplement || names_meeting(&journal_folded);
        let is_meeting = is_of_meeting && pages.span() < LEAST_PAPER;
        let mut registry: Vec<Box<str>> = citation.registry_ids.iter().flat_map(|id| registry::numbers(id)).collect();
        if is_registration {
            for text in [Some(citation.title.as_str()), Some(journal_raw), citation.accession.as_deref(), citation.start_page.as_deref()] {
                registry.extend(text.into_iter().flat_map(registry::numbers));
            }
            registry.extend(citation.urls.iter().flat_map(|url| registry::numbers(url)));
        }
        registry.sort_unstable();
        registry.dedup();
        let mut issn: Vec<Box<str>> = citation.issn.iter().flat_map(|text| serial_numbers(text)).collect();
        issn.sort_unstable();
        issn.dedup();
        let doi: Option<Box<str>> = citation.doi.as_ref().map(|doi| doi.as_str().trim_end_matches('/').into());
        let cochrane = doi.as_deref().and_then(cochrane_version).or_else(|| {
            let review = pages.start.filter(|_| &*pages.prefix == "cd").and_then(|n| u32::try_from(n).ok())?;
            Some(CochraneVersion { review, version: None })
        });
        Self {
            title: title.words.into(),
            other_title: other.map(|t| t.words.into()),
            nature: title.nature,
            is_translated: title.is_translated,
            year: citation.year,
            volume,
            issue,
            pages,
            authors: Authors::new(&citation.authors),
            journal: journal.into(),
            journal_abbreviation: abbreviation.into(),
            issn: issn.into(),
            doi,
            pmid: citation.pmid.as_ref().map(|pmid| pmid.as_str().into()),
            registry: registry.into(),
            is_registration,
            is_meeting,
            is_preprint: citation.kind == PublicationKind::Preprint || names_preprint_server(&journal_folded),
            is_thesis: citation.kind == PublicationKind::Thesis || names_thesis(&journal_folded),
            cochrane,
            is_letter: title.is_letter,
            abstract_digest: citation.abstract_text.as_deref().map(Digest::new).unwrap_or_default(),
        }
    }
}

impl Prepared {
    /// Tells whether this may be the abstract of a meeting although nothing says so: it fills one page.
    pub(crate) fn may_be_meeting(&self) -> bool {
        self.is_meeting || self.pages.start.is_some() && self.pages.start == self.pages.end
    }

    /// Tells whether the pages show a paper: several of them, and no supplement.
    pub(crate) fn is_paper(&self) -> bool {
        !self.is_meeting && self.pages.span() >= LEAST_PAPER
    }

    /// Tells whether neither volume nor pages are known.
    pub(crate) fn has_no_place(&self) -> bool {
        self.volume.is_none() && self.pages == Pages::default()
    }
}

/// Reads "10.1002/14651858.cd012345.pub2".
fn cochrane_version(doi: &str) -> Option<CochraneVersion> {
    let tail = doi.strip_prefix("10.1002/14651858.cd")?;
    let (number, suffix) = tail.split_once('.').map_or((tail, None), |(n, s)| (n, Some(s)));
    let review = number.parse().ok()?;
    let version = match suffix {
        None => 1,
        Some(suffix) => suffix.strip_prefix("pub")?.parse().ok()?,
    };
    Some(CochraneVersion { review, version: Some(version) })
}

/// Finds ISSNs (8 signs) and ISBNs (10 or 13) in a text such as "0007-0610 (Print) 0007-0610".
fn serial_numbers(text: &str) -> Vec<Box<str>> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | '/'))
        .map(|part| part.chars().filter(|c| c.is_ascii_digit() || matches!(c, 'x' | 'X')).collect::<String>().to_ascii_uppercase())
        .filter(|number| matches!(number.len(), 8 | 10 | 13))
        .map(Into::into)
        .collect()
}

fn names_meeting(folded_journal: &str) -> bool {
    folded_journal.split(' ').any(|word| matches!(word, "conference" | "meeting" | "congress" | "symposium" | "workshop" | "abstracts"))
}

fn names_thesis(folded_journal: &str) -> bool {
    let is_collection = folded_journal.starts_with("dissertation abstracts") || folded_journal.starts_with("proquest dissertations");
    is_collection || folded_journal.split(' ').any(|word| matches!(word, "thesis" | "dissertation"))
}

fn names_preprint_server(folded_journal: &str) -> bool {
    const SERVERS: [&str; 9] =
        ["biorxiv", "medrxiv", "arxiv", "chemrxiv", "psyarxiv", "ssrn", "research square", "preprints org", "authorea"];
    SERVERS.iter().any(|server| folded_journal.starts_with(server))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cochrane_versions_are_read_from_the_doi() {
        let read = |doi| cochrane_version(doi).map(|c| (c.review, c.version));
        assert_eq!(read("10.1002/14651858.cd012345"), Some((12_345, Some(1))));
        assert_eq!(read("10.1002/14651858.cd012345.pub2"), Some((12_345, Some(2))));
        assert_eq!(read("10.1002/sim.1186"), None);
    }

    #[test]
    fn serial_numbers_are_found_among_words() {
        assert_eq!(serial_numbers("0007-0610 (Print) 1476-537x"), vec![Box::from("00070610"), Box::from("1476537X")]);
        assert!(serial_numbers("n/a 12").is_empty());
    }
}
