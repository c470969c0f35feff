//! The judgement of a pair: first what rules a duplicate out, then what proves it, then what a person should look at.

use super::evidence::{Evidence, FieldVerdict, PageMatch};
use super::keys::Prepared;
use super::similarity::TitleDifference;

/// What a pair of records is judged to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PairVerdict {
    /// Two records of one report.
    Duplicate,
    /// Alike, but not enough to be grouped without a person.
    Possible,
    /// Records of two reports.
    Different,
}

/// A verdict with the rule that gave it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Judgement {
    pub verdict: PairVerdict,
    /// A short stable name of the rule.
    pub rule: &'static str,
    /// 0 to 1: at least .9 for duplicates, .5 to .9 for possible ones, below .5 for different ones.
    pub score: f64,
    /// Whether the rule is a contradiction, which also keeps groups apart, rather than mere lack of evidence.
    pub is_contradiction: bool,
}

/// Judges a pair by its evidence.
pub(crate) fn judge(a: &Prepared, b: &Prepared, evidence: &Evidence) -> Judgement {
    let strength = strength(evidence);
    let duplicate = |rule| Judgement { verdict: PairVerdict::Duplicate, rule, score: 0.9 + 0.1 * strength, is_contradiction: false };
    let possible = |rule| Judgement { verdict: PairVerdict::Possible, rule, score: 0.5 + 0.39 * strength, is_contradiction: false };
    let different = |rule| Judgement { verdict: PairVerdict::Different, rule, score: 0.49 * strength, is_contradiction: true };
    let unproven = |rule| Judgement { verdict: PairVerdict::Different, rule, score: 0.49 * strength, is_contradiction: false };

    if evidence.pmid.agrees() && a.nature == b.nature {
        let is_supported = evidence.title >= 0.6 || a.title.is_empty() || b.title.is_empty() || is_same_place(evidence);
        return if is_supported { duplicate("same-pmid") } else { possible("same-pmid-other-title") };
    }
    if let Some(rule) = contradiction(a, b, evidence) {
        return different(rule);
    }
    if a.is_registration && evidence.registry.agrees() {
        return duplicate("same-registration");
    }
    if let Some(rule) = proof(a, b, evidence) {
        return duplicate(rule);
    }
    match doubt(a, b, evidence) {
        Some(rule) => possible(rule),
        None if evidence.title >= 0.85 => unproven("other-place"),
        None => unproven("other-text"),
    }
}

/// Tells, from the similarity of the titles and the fields that cost nothing to compare, that [`judge`] would say `Different`.
///
/// Most candidate pairs end here, before names and words are compared.
pub(crate) fn is_plainly_different(a: &Prepared, b: &Prepared, title: f64) -> bool {
    let differs = |x: &Option<Box<str>>, y: &Option<Box<str>>| x.is_some() && y.is_some() && x != y;
    let agrees = |x: &Option<Box<str>>, y: &Option<Box<str>>| x.is_some() && x == y;
    if agrees(&a.pmid, &b.pmid) {
        return false;
    }
    let is_far = a.year.zip(b.year).is_some_and(|(x, y)| x.abs_diff(y) > 1);
    if a.nature != b.nature || title < 0.95 && is_far || title < 0.97 && (differs(&a.pmid, &b.pmid) || differs(&a.doi, &b.doi)) {
        return true;
    }
    let may_be_place = a.volume.is_some() && a.volume == b.volume && a.pages.start.is_some() && a.pages.start == b.pages.start;
    title < 0.85 && !agrees(&a.doi, &b.doi) && !may_be_place && !a.is_registration
}

/// Weighs the fields that are known: the share of the weight that agrees, 0 to 1.
fn strength(evidence: &Evidence) -> f64 {
    let fields = [
        (3.0, evidence.doi),
        (3.0, evidence.pmid),
        (2.0, evidence.authors),
        (2.0, evidence.pages.verdict()),
        (1.0, evidence.volume),
        (1.0, evidence.journal),
        (1.0, evidence.year),
        (0.5, evidence.issue),
    ];
    let mut sum = 6.0 * evidence.title;
    let mut whole = 6.0;
    for (weight, verdict) in fields {
        match verdict {
            FieldVerdict::Agree => {
                sum += weight;
                whole += weight;
            }
            FieldVerdict::Differ => whole += weight,
            FieldVerdict::Unknown => whole += 0.2 * weight,
        }
    }
    sum / whole
}

/// Same volume and page: the strongest evidence there is without an identifier.
fn is_same_place(evidence: &Evidence) -> bool {
    evidence.volume.agrees() && evidence.pages.agrees() && !evidence.journal.differs()
}

/// The same title, all authors, journal and year.
fn is_alike_in_all(e: &Evidence) -> bool {
    e.title >= 0.99 && e.author_share >= 0.99 && e.first_author && e.journal.agrees() && e.year.agrees()
}

/// Finds what rules out that two records are one report.
fn contradiction(a: &Prepared, b: &Prepared, e: &Evidence) -> Option<&'static str> {
    let is_either_meeting = a.is_meeting || b.is_meeting;
    if a.nature != b.nature {
        return Some("other-kind");
    }
    if a.is_registration != b.is_registration {
        return Some("registration-and-report");
    }
    if a.is_registration && e.registry.differs() {
        return Some("other-registration");
    }
    if a.is_preprint != b.is_preprint && !e.doi.agrees() {
        return Some("preprint-and-paper");
    }
    if is_other_version(a, b, e) {
        return Some("other-version");
    }
    let is_exact_place = e.volume.agrees() && matches!(e.pages, PageMatch::Range | PageMatch::Start) && !e.journal.differs();
    if e.pmid.differs() && !(e.title >= 0.97 && is_exact_place && !is_either_meeting) {
        return Some("other-pmid");
    }
    let is_slip_of_doi = e.title >= 0.97 && is_exact_place && e.authors.agrees() && !e.issue.differs()
        || is_alike_in_all(e) && matches!(e.pages, PageMatch::Range | PageMatch::Start) && !e.volume.differs();
    if e.doi.differs() && !is_slip_of_doi {
        return Some("other-doi");
    }
    let is_same_doi_paper = e.doi.agrees() && !is_either_meeting && e.title >= 0.93 && !e.authors.differs();
    let is_full_match = e.pages == PageMatch::Range && e.volume.agrees() && e.authors.agrees() && !is_either_meeting;
    match &e.difference {
        TitleDifference::Numbers(..) if !is_full_match => return Some("other-number"),
        TitleDifference::Word(..) if !is_full_match => return Some("other-word"),
        _ => {}
    }
    if e.year.differs() && !is_same_doi_paper && !(is_same_place(e) && e.title >= 0.95 && e.authors.agrees()) {
        return Some("other-year");
    }
    if e.volume.agrees() && e.issue.differs() && !(is_same_doi_paper || is_full_match && e.title >= 0.9) {
        return Some("other-issue");
    }
    let is_near_alike = (e.pages == PageMatch::Near || e.doi.agrees()) && e.title >= 0.97 && e.authors.agrees();
    if a.is_meeting && b.is_meeting && e.pages.differs() && !is_near_alike {
        return Some("other-abstract");
    }
    if let Some(generic) = generic(a, b).filter(|_| !e.pmid.agrees()) {
        let is_pinned = is_same_place(e) && !e.issue.differs() && e.title >= 0.9
            || is_full_match && e.year.agrees() && e.title >= 0.95
            || is_same_doi_paper && e.authors.agrees();
        // without pages, the same issue will do where the authors are many or the title is merely short
        let is_same_issue = e.title >= 0.99 && e.volume.agrees() && e.journal.agrees() && e.year.agrees() && !e.issue.differs();
        let has_many_authors = e.author_share >= 0.99 && a.authors.iter().count().min(b.authors.iter().count()) >= 3;
        let is_short_alone = generic == Generic::Short && e.issue.agrees() && !e.authors.differs();
        if !is_pinned && !(is_same_issue && e.pages == PageMatch::Unknown && (has_many_authors || is_short_alone)) {
            return Some("generic-title");
        }
    }
    None
}

/// Tells whether two records are versions of one Cochrane review, or of two.
fn is_other_version(a: &Prepared, b: &Prepared, e: &Evidence) -> bool {
    let Some((x, y)) = a.cochrane.zip(b.cochrane) else { return false };
    if x.review != y.review {
        return true;
    }
    match (x.version, y.version) {
        (Some(v), Some(w)) => v != w,
        _ => e.year_gap.is_some_and(|gap| gap > 0) || e.issue.differs(),
    }
}

/// Why a title alone does not tell texts apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Generic {
    /// A heading that many texts share ("Editorial").
    Heading,
    /// A title of few letters.
    Short,
}

/// Finds whether the title of a record is too common or too short to tell texts apart; a missing title is neither.
fn generic(a: &Prepared, b: &Prepared) -> Option<Generic> {
    const HEADINGS: [&str; 30] = [
        "editorial",
        "editorials",
        "introduction",
        "letter",
        "letters",
        "letter to the editor",
        "letters to the editor",
        "foreword",
        "preface",
        "in this issue",
        "book review",
        "book reviews",
        "from the editor",
        "table of contents",
        "contents",
        "conference abstracts",
        "abstracts",
        "poster",
        "posters",
        "poster abstracts",
        "oral presentations",
        "news",
        "in brief",
        "reply",
        "comment",
        "commentary",
        "discussion",
        "obituary",
        "correspondence",
        "untitled",
    ];
    let judge_one = |record: &Prepared| {
        let title = &*record.title;
        let letters = title.chars().filter(|c| *c != ' ').map(|c| if c.is_ascii() { 1 } else { 3 }).sum::<usize>();
        if HEADINGS.contains(&title) || letters < 10 && letters > 0 {
            Some(Generic::Heading)
        } else {
            (letters < 25 && letters > 0).then_some(Generic::Short)
        }
    };
    match (judge_one(a), judge_one(b)) {
        (Some(Generic::Heading), _) | (_, Some(Generic::Heading)) => Some(Generic::Heading),
        (None, None) => None,
        _ => Some(Generic::Short),
    }
}

/// Finds what proves that two records are one report; nothing rules it out.
fn proof(a: &Prepared, b: &Prepared, e: &Evidence) -> Option<&'static str> {
    let is_meeting = a.is_meeting || b.is_meeting;
    let (t, pages) = (e.title, e.pages.agrees());
    let has_extra_number = matches!(e.difference, TitleDifference::ExtraNumber(_));
    // versions of a Cochrane review share title and authors: without a DOI only the year tells them apart
    if (a.cochrane.is_some() || b.cochrane.is_some()) && !e.doi.agrees() && !e.year.agrees() {
        return None;
    }
    if e.doi.agrees() {
        // texts of one page may be abstracts that share the DOI of their supplement
        let is_short = a.pages.span() == 0 && b.pages.span() == 0 && !is_alike_in_all(e) && e.pages != PageMatch::OtherNumbering;
        let is_paper = !(is_meeting || is_short) || !e.pages.differs();
        if t >= 0.93 && !e.authors.differs() && is_paper && !(is_meeting && has_extra_number)
            || pages && t >= if e.authors.differs() { 0.98 } else { 0.95 }
            || pages && e.authors.agrees() && t >= 0.6 && !is_meeting
        {
            return Some("same-doi");
        }
    }
    if pages && !(e.authors.differs() && t < 0.98) {
        // several short texts may share a page
        let is_own_page = e.pages == PageMatch::Range || t >= 0.95 || e.first_author || e.author_share >= 0.8;
        if e.volume.agrees() && !e.journal.differs() && t >= 0.85 && is_own_page {
            return Some("same-page");
        }
        if (e.volume.agrees() || e.journal.agrees()) && t >= 0.9 && !e.volume.differs() && is_own_page {
            return Some("same-page");
        }
        if e.volume.differs() && e.journal.agrees() && e.authors.agrees() && t >= 0.95 && e.pages == PageMatch::Range && !is_meeting {
            return Some("same-page-other-volume");
        }
    }
    if e.pages == PageMatch::Range && e.volume.agrees() && !is_meeting && !e.year.differs() {
        let is_translated = a.is_translated || b.is_translated || a.other_title.is_some() || b.other_title.is_some();
        if e.authors.agrees() && !e.journal.differs() && (t >= 0.6 || is_translated) {
            return Some("same-page-translated");
        }
        let is_paper = a.pages.span() >= 3;
        if is_paper && e.journal.agrees() && e.authors == FieldVerdict::Unknown && t >= 0.7 {
            return Some("same-page-translated");
        }
        let is_untitled = a.title.is_empty() || b.title.is_empty();
        if is_untitled && e.authors.agrees() && e.author_share >= 0.8 && e.journal.agrees() {
            return Some("same-page-untitled");
        }
    }
    if e.pages == PageMatch::Unknown && !has_extra_number && !e.issue.differs() {
        // one may be called an abstract only by one database, unless the other's pages show a paper
        let is_kind_open = !(a.is_meeting && b.is_paper() || b.is_meeting && a.is_paper()) && e.year.agrees() && t >= 0.98;
        let is_same_kind = a.is_meeting == b.is_meeting
            || e.year.agrees() && (a.may_be_meeting() && b.may_be_meeting() || a.has_no_place() && b.has_no_place());
        let is_journal_open = !e.journal.differs() || e.year.agrees() && t >= 0.98;
        let is_anonymous_match = t >= 0.97 && e.journal.agrees() && !e.authors.differs() && e.year.agrees();
        let has_proof = t >= 0.93 && e.authors.agrees() || is_anonymous_match;
        if e.volume.agrees() && (is_same_kind || is_kind_open) && is_journal_open && has_proof {
            return Some("same-volume");
        }
        if t >= 0.98 && e.authors.agrees() && e.journal.agrees() && is_same_kind && !e.volume.differs() {
            return Some("online-first");
        }
        let has_no_journal = [a, b].iter().all(|r| r.journal.is_empty() && r.journal_abbreviation.is_empty());
        let is_unplaced = e.volume == FieldVerdict::Unknown && e.year.agrees() && (has_no_journal || e.journal.agrees());
        if is_unplaced && t >= 0.98 && e.authors.agrees() && e.author_share >= 0.8 && a.is_meeting == b.is_meeting {
            return Some("same-text");
        }
    }
    if e.pages.differs()
        && t >= 0.95
        && e.authors.agrees()
        && e.journal.agrees()
        && e.volume.agrees()
        && !is_meeting
        && !has_extra_number
        && (e.pages == PageMatch::OtherNumbering || e.pages == PageMatch::Near && (a.pages.span() > 0 || b.pages.span() > 0))
    {
        return Some("near-page");
    }
    None
}

/// Finds what makes a pair worth a person's look.
fn doubt(a: &Prepared, b: &Prepared, e: &Evidence) -> Option<&'static str> {
    if e.doi.agrees() && (e.title >= 0.6 || e.authors.agrees() && !(a.is_meeting && b.is_meeting)) {
        return Some("same-doi-other-fields");
    }
    if e.pages == PageMatch::Range && e.volume.agrees() && e.journal.agrees() && !e.authors.differs() {
        return Some("same-page-other-title");
    }
    if e.title < 0.85 || generic(a, b) == Some(Generic::Heading) {
        return None;
    }
    let is_elsewhere = e.pages == PageMatch::Differ && (e.volume.differs() || e.journal.differs())
        || e.volume.differs() && e.journal.differs() && !e.pages.agrees();
    let has_author = e.authors.agrees() || !e.authors.differs() && e.title >= 0.93;
    (has_author && !is_elsewhere).then_some("similar-title")
}
