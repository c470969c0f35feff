//! The judgement of a pair: first what rules a duplicate out, then what proves it, then what a person should look at.

use super::difference::TitleDifference;
use super::evidence::{Evidence, FieldVerdict, PageMatch};
use super::keys::Prepared;

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
        // a wrong number is likelier than the same text twice in one volume: a person should look
        let is_wrong_number = matches!(rule, "other-doi" | "other-pmid") && is_alike_in_all(evidence) && evidence.volume.agrees();
        let is_open = is_wrong_number && evidence.is_same_title() && generic(a, b).is_none() && !evidence.pages.differs();
        return if is_open { Judgement { is_contradiction: true, ..possible(rule) } } else { different(rule) };
    }
    // a registration has neither volume nor pages: records that have may be reports of the trial
    if a.is_registration && evidence.registry.agrees() && !evidence.volume.differs() && !evidence.pages.differs() {
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
    e.title >= 0.99 && e.author_share >= 0.99 && e.first_author && e.is_list_cut && e.journal.agrees() && e.year.agrees()
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
    if a.is_thesis != b.is_thesis && !e.doi.agrees() {
        return Some("thesis-and-paper");
    }
    if is_other_version(a, b, e) {
        return Some("other-version");
    }
    let is_exact_place = e.volume.agrees() && matches!(e.pages, PageMatch::Range | PageMatch::Start) && !e.journal.differs();
    let is_same_title = e.is_same_title() && e.title >= 0.97;
    if e.pmid.differs() && !(is_same_title && is_exact_place && !is_either_meeting) {
        return Some("other-pmid");
    }
    let is_slip_of_doi = is_same_title && is_exact_place && e.authors.agrees() && !e.issue.differs()
        || is_alike_in_all(e) && matches!(e.pages, PageMatch::Range | PageMatch::Start) && !e.volume.differs();
    if e.doi.differs() && !is_slip_of_doi {
        return Some("other-doi");
    }
    let is_same_doi_paper = e.doi.agrees() && !is_either_meeting && e.title >= 0.93 && !e.authors.differs();
    let is_full_match = e.pages == PageMatch::Range && e.volume.agrees() && e.authors.agrees() && !is_either_meeting;
    // one abstract text in one place: the title was mistyped, even where the error makes another word of it
    let is_same_abstract = e.abstracts.agrees() && e.authors.agrees() && !e.pages.differs() && (is_exact_place || e.doi.agrees());
    match &e.difference {
        TitleDifference::Numbers(..) if !is_full_match => return Some("other-number"),
        TitleDifference::Word(..) if !is_full_match && !is_same_abstract => return Some("other-word"),
        _ => {}
    }
    if e.year.differs() && !is_same_doi_paper && !(is_same_place(e) && e.title >= 0.95 && e.authors.agrees()) {
        return Some("other-year");
    }
    if e.volume.agrees() && e.issue.differs() && !(is_same_doi_paper || is_full_match && e.title >= 0.9) {
        return Some("other-issue");
    }
    let is_near_alike = (e.pages != PageMatch::Differ || e.doi.agrees()) && is_same_title && e.authors.agrees();
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
///
/// The more of the title is the same, the less of the place must be: the same title needs a volume, a page or a journal beside
/// its authors; a title with a word mistyped, a subtitle more or another wording needs the one page or DOI that only one text has.
fn proof(a: &Prepared, b: &Prepared, e: &Evidence) -> Option<&'static str> {
    // versions of a Cochrane review share title and authors: without a DOI only the year tells them apart
    if (a.cochrane.is_some() || b.cochrane.is_some()) && !e.doi.agrees() && !e.year.agrees() {
        return None;
    }
    let is_same_version = a.cochrane.is_some() && b.cochrane.is_some();
    if is_same_version && e.title >= 0.6 && !e.authors.differs() && (e.doi.agrees() || e.year.agrees()) {
        return Some("same-cochrane-version");
    }
    proof_by_doi(a, b, e)
        .or_else(|| proof_by_page(a, b, e))
        .or_else(|| proof_by_translation(a, b, e))
        .or_else(|| proof_without_page(a, b, e))
        .or_else(|| proof_by_abstract(a, b, e))
        .or_else(|| proof_near_page(a, b, e))
}

/// One DOI names one paper, but it may name a whole supplement of abstracts.
fn proof_by_doi(a: &Prepared, b: &Prepared, e: &Evidence) -> Option<&'static str> {
    if !e.doi.agrees() {
        return None;
    }
    let is_meeting = a.is_meeting || b.is_meeting;
    let (t, pages) = (e.title, e.pages.agrees());
    // texts of one page may be abstracts that share the DOI of their supplement
    let is_short = a.pages.span() == 0
        && b.pages.span() == 0
        && !is_alike_in_all(e)
        && !(a.pages.is_article_number() || b.pages.is_article_number())
        && e.pages != PageMatch::OtherNumbering;
    let is_counted_otherwise = matches!(e.pages, PageMatch::OtherNumbering | PageMatch::Overlap) && is_alike_in_all(e);
    let is_paper = !(is_meeting || is_short) || !e.pages.differs() || is_counted_otherwise && !e.abstracts.differs();
    // abstracts of a meeting without pages: one author list must be the other, or its beginning
    let is_one_list = !is_meeting || pages || e.is_list_cut || e.authors == FieldVerdict::Unknown || e.abstracts.agrees();
    let is_same = if e.is_same_title() {
        t >= 0.93 && !e.authors.differs() && is_paper && is_one_list || pages && t >= 0.95
    } else {
        let may_share_page = is_short && a.pages.start.is_some() && b.pages.start.is_some();
        let is_one_paper = !is_meeting && !may_share_page && e.authors.agrees() && !e.pages.differs();
        let is_same_abstract = e.abstracts.agrees() && !e.pages.differs() && e.authors.agrees();
        is_one_paper && t >= 0.6 && (pages || t >= 0.85)
            || is_same_abstract && t >= 0.6
            || is_slip(e) && pages && e.author_share >= 0.99 && !e.abstracts.differs()
    };
    is_same.then_some("same-doi")
}

/// Tells whether the titles are the same but for a word that may be mistyped, of a length at which errors are likelier than
/// another word.
fn is_slip(e: &Evidence) -> bool {
    matches!(&e.difference, TitleDifference::Slip(x, y) if x.len().min(y.len()) >= 4)
}

/// The first page of a volume is the place of one paper, and of several abstracts.
fn proof_by_page(a: &Prepared, b: &Prepared, e: &Evidence) -> Option<&'static str> {
    let is_meeting = a.is_meeting || b.is_meeting;
    let t = e.title;
    if !e.pages.agrees() || e.authors.differs() && t < 0.98 {
        return None;
    }
    // several short texts may share a page
    let is_own_page = e.pages == PageMatch::Range || t >= 0.95 || e.first_author || e.author_share >= 0.8;
    if e.is_same_title() {
        let is_same_place = e.volume.agrees() && !e.journal.differs();
        let is_likely_place = (e.volume.agrees() || e.journal.agrees()) && !e.volume.differs();
        if (is_same_place || is_likely_place) && is_own_page {
            return Some("same-page");
        }
        if e.volume.differs() && e.journal.agrees() && e.authors.agrees() && t >= 0.95 && e.pages == PageMatch::Range && !is_meeting {
            return Some("same-page-other-volume");
        }
        return None;
    }
    let is_regular_issue = e.issue.agrees() && a.issue.first.is_some() && e.author_share >= 0.99;
    let is_paper = e.pages == PageMatch::Range || !is_meeting && (a.pages.span() > 0 || b.pages.span() > 0 || is_regular_issue);
    let is_same_abstract = e.abstracts.agrees() || is_slip(e) && e.author_share >= 0.99 && !e.abstracts.differs();
    let is_one_text = t >= 0.85 && e.authors.agrees() && (is_paper || is_same_abstract) && !e.abstracts.differs();
    // a range of several pages in one volume and year is chance in two journals, with the same author and title it is not
    let is_journal_open = !e.journal.differs() || e.pages == PageMatch::Range && a.pages.span() >= 3 && e.year.agrees() && t >= 0.93;
    (is_one_text && e.volume.agrees() && is_journal_open).then_some("same-page")
}

/// A paper fills its pages alone, whatever language its title is given in.
fn proof_by_translation(a: &Prepared, b: &Prepared, e: &Evidence) -> Option<&'static str> {
    if e.pages != PageMatch::Range || !e.volume.agrees() || a.is_meeting || b.is_meeting || e.year.differs() {
        return None;
    }
    let is_translated = a.is_translated || b.is_translated || a.other_title.is_some() || b.other_title.is_some();
    if e.authors.agrees() && !e.journal.differs() && (e.title >= 0.6 || is_translated) {
        return Some("same-page-translated");
    }
    let is_paper = a.pages.span() >= 3;
    if is_paper && e.journal.agrees() && e.authors == FieldVerdict::Unknown && e.title >= 0.7 {
        return Some("same-page-translated");
    }
    let is_untitled = a.title.is_empty() || b.title.is_empty();
    (is_untitled && e.authors.agrees() && e.author_share >= 0.8 && e.journal.agrees()).then_some("same-page-untitled")
}

/// Without pages on a side, the same title and authors must stand in one volume, or await one.
fn proof_without_page(a: &Prepared, b: &Prepared, e: &Evidence) -> Option<&'static str> {
    // in one issue a long title is enough, whatever two databases made of the abstract
    let is_other_text = e.abstracts.differs() && !(e.volume.agrees() && e.issue.agrees());
    if e.pages != PageMatch::Unknown || e.issue.differs() || !e.is_same_title() || is_other_text || a.is_letter != b.is_letter {
        return None;
    }
    let t = e.title;
    // one may be called an abstract only by one database, unless the other's pages or issue show a paper
    let is_kind_open = !is_meeting_and_paper(a, b, e) && e.year.agrees() && t >= 0.98;
    let is_same_kind = a.is_meeting == b.is_meeting
        || e.year.agrees() && (a.may_be_meeting() && b.may_be_meeting() || a.has_no_place() && b.has_no_place());
    // one volume number in two journals is chance, one volume and issue number hardly
    let is_journal_open = !e.journal.differs() || e.issue.agrees() && e.year.agrees() && t >= 0.98;
    let is_anonymous_match = t >= 0.97 && e.journal.agrees() && !e.authors.differs() && e.year.agrees();
    let has_proof = t >= 0.93 && e.authors.agrees() || is_anonymous_match;
    if e.volume.agrees() && (is_same_kind || is_kind_open) && is_journal_open && has_proof {
        return Some("same-volume");
    }
    // papers appear online first, abstracts of one page do not: with such a text only the abstract tells
    let is_known_abstract = [a, b].iter().any(|r| r.has_no_place() && r.is_meeting);
    let is_paper_online =
        a.has_no_place() == b.has_no_place() || !(a.may_be_meeting() || b.may_be_meeting()) || is_known_abstract || e.abstracts.agrees();
    if t >= 0.98 && e.authors.agrees() && e.journal.agrees() && is_same_kind && !e.volume.differs() && is_paper_online {
        return Some("online-first");
    }
    let has_no_journal = [a, b].iter().all(|r| r.journal.is_empty() && r.journal_abbreviation.is_empty());
    let is_unplaced = e.volume == FieldVerdict::Unknown && e.year.agrees() && (has_no_journal || e.journal.agrees());
    (is_unplaced && t >= 0.98 && e.authors.agrees() && e.author_share >= 0.8 && a.is_meeting == b.is_meeting).then_some("same-text")
}

/// One abstract by the same authors is one text, unless its place or kind says that it was printed twice.
///
/// A title that is longer or worded otherwise needs a volume or page beside it, for reports of one trial may share an abstract.
fn proof_by_abstract(a: &Prepared, b: &Prepared, e: &Evidence) -> Option<&'static str> {
    if !e.abstracts.agrees() || !e.authors.agrees() || e.year.differs() || a.is_letter != b.is_letter || is_meeting_and_paper(a, b, e) {
        return None;
    }
    let is_page_open = e.pages != PageMatch::Differ && (!e.pages.differs() || e.is_list_cut);
    let is_no_other_place = !e.journal.differs() && !e.volume.differs() && !e.issue.differs() && is_page_open;
    let has_place = e.volume.agrees() || e.pages.agrees();
    let is_same = if e.is_same_title() || is_slip(e) && e.title >= 0.93 {
        e.journal.agrees() || has_place
    } else {
        e.title >= 0.85 && has_place && e.author_share >= 0.8
    };
    (is_same && is_no_other_place).then_some("same-abstract")
}

/// Tells whether one is an abstract of a meeting while the other is shown to be a paper: by its pages, a regular issue, or a PMID
/// without a place, which PubMed gives to papers that appeared online first.
fn is_meeting_and_paper(a: &Prepared, b: &Prepared, e: &Evidence) -> bool {
    let is_online = |record: &Prepared| record.pmid.is_some() && record.has_no_place();
    let is_regular = |record: &Prepared| record.issue.first.is_some() && !e.issue.agrees() || is_online(record);
    let shows_paper = |record: &Prepared| record.is_paper() || !record.is_meeting && is_regular(record);
    a.is_meeting && shows_paper(b) || b.is_meeting && shows_paper(a)
}

/// A page off by one or two is a slip; a page against an article number is another way to count.
fn proof_near_page(a: &Prepared, b: &Prepared, e: &Evidence) -> Option<&'static str> {
    let is_meeting = a.is_meeting || b.is_meeting;
    let is_near = matches!(e.pages, PageMatch::OtherNumbering | PageMatch::Overlap)
        || e.pages == PageMatch::Near && (a.pages.span() > 0 || b.pages.span() > 0);
    // ranges that overlap are those of one paper even where its subtitle is left out
    let is_alike = e.is_same_title() && e.title >= 0.95
        || e.pages == PageMatch::Overlap
            && e.title >= 0.93
            && matches!(e.difference, TitleDifference::Longer(_) | TitleDifference::Slip(..));
    let is_same = is_alike && e.authors.agrees() && e.journal.agrees() && e.volume.agrees();
    (is_same && is_near && !is_meeting && a.is_letter == b.is_letter && !e.abstracts.differs()).then_some("near-page")
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
    // without authors a title that begins another says little ("Wilson's disease"): the text or a place must be the same
    let is_backed = e.is_same_title() || e.abstracts.agrees() || e.volume.agrees() || e.pages.agrees();
    let has_author = e.authors.agrees() || !e.authors.differs() && e.title >= 0.93 && is_backed;
    (has_author && !is_elsewhere).then_some("similar-title")
}
