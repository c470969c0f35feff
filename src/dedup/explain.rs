//! The judgement of a pair in a reviewer's words, field by field.

use super::difference::TitleDifference;
use super::evidence::{Evidence, FieldVerdict, PageMatch};
use super::keys::Prepared;
use super::score::{Judgement, PairVerdict, judge};
use super::similarity::TitleComparator;
use crate::domain::record::Citation;

/// One field of two records side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldEvidence {
    /// "title", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "registry" or
    /// "abstract".
    pub field: &'static str,
    /// Whether the field speaks for or against one report.
    pub verdict: FieldVerdict,
    /// The field of the first record as printed; empty where missing.
    pub left: String,
    /// The field of the second record as printed; empty where missing.
    pub right: String,
    /// What is to be said about it, for example "one year apart".
    pub note: Option<String>,
}

/// Why a pair is judged as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct PairExplanation {
    /// What the pair is judged to be.
    pub verdict: PairVerdict,
    /// A short stable name of the rule, for example "same-doi".
    pub rule: &'static str,
    /// The reason as a sentence.
    pub reason: String,
    /// 0 to 1: at least .9 for duplicates, .5 to .9 for possible ones, below .5 for different ones.
    pub score: f64,
    /// The eleven fields, always in the same order.
    pub fields: Vec<FieldEvidence>,
}

/// Explains the judgement of two records.
///
/// The verdict is that of the pair alone: in a group, a person's verdict or a contradiction with a third record may decide
/// otherwise.
pub fn explain(a: &Citation, b: &Citation) -> PairExplanation {
    let (left, right) = (Prepared::new(a), Prepared::new(b));
    let title = TitleComparator::new(&left).similarity(&right);
    let evidence = Evidence::new(&left, &right, title);
    let judgement = judge(&left, &right, &evidence);
    PairExplanation {
        verdict: judgement.verdict,
        rule: judgement.rule,
        reason: reason(&judgement, &evidence),
        score: judgement.score,
        fields: fields(a, b, &evidence),
    }
}

fn fields(a: &Citation, b: &Citation, e: &Evidence) -> Vec<FieldEvidence> {
    let title_verdict = if a.title.is_empty() || b.title.is_empty() {
        FieldVerdict::Unknown
    } else if e.title >= 0.85 && !matches!(e.difference, TitleDifference::Numbers(..) | TitleDifference::Word(..)) {
        FieldVerdict::Agree
    } else {
        FieldVerdict::Differ
    };
    let year_note = e.year_gap.and_then(|gap| match gap {
        0 => None,
        1 => Some("one year apart, as online-first and print may be".to_owned()),
        gap => Some(format!("{gap} years apart")),
    });
    let author_note = (e.author_share > 0.0 && e.author_share < 1.0)
        .then(|| format!("{:.0} % of the shorter list are in the other", (e.author_share * 100.0).floor()));
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let names = |c: &Citation| c.authors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let journal = |c: &Citation| c.journal.clone().or_else(|| c.journal_abbreviation.clone()).unwrap_or_default();
    let year = |c: &Citation| c.year.map(|y| y.to_string()).unwrap_or_default();
    let make =
        |field, verdict, read: &dyn Fn(&Citation) -> String, note| FieldEvidence { field, verdict, left: read(a), right: read(b), note };
    vec![
        make("title", title_verdict, &|c| c.title.clone(), title_note(e)),
        make("authors", e.authors, &names, author_note),
        make("journal", e.journal, &journal, None),
        make("year", e.year, &year, year_note),
        make("volume", e.volume, &|c| text(&c.volume), None),
        make("issue", e.issue, &|c| text(&c.issue), None),
        make("pages", e.pages.verdict(), &pages, page_note(e.pages).map(str::to_owned)),
        make("doi", e.doi, &|c| c.doi.as_ref().map(ToString::to_string).unwrap_or_default(), None),
        make("pmid", e.pmid, &|c| c.pmid.as_ref().map(ToString::to_string).unwrap_or_default(), None),
        make("registry", e.registry, &|c| c.registry_ids.join("; "), None),
        make("abstract", e.abstracts, &|c| text(&c.abstract_text), None),
    ]
}

fn pages(citation: &Citation) -> String {
    match (&citation.start_page, &citation.end_page) {
        (Some(start), Some(end)) if start != end => format!("{start}-{end}"),
        (Some(page), _) | (None, Some(page)) => page.clone(),
        (None, None) => String::new(),
    }
}

fn title_note(e: &Evidence) -> Option<String> {
    match &e.difference {
        TitleDifference::None if e.title >= 1.0 || e.title == 0.0 => None,
        TitleDifference::None => Some(format!("{:.0} % alike", (e.title * 100.0).floor())),
        TitleDifference::ExtraNumber(number) => Some(format!("only one title has {number}")),
        TitleDifference::Numbers(left, right) => Some(format!("{left} against {right}")),
        TitleDifference::Longer(words) => Some(format!("only one title has \"{words}\"")),
        TitleDifference::Reworded => Some(format!("{:.0} % alike, each with words of its own", (e.title * 100.0).floor())),
        TitleDifference::Slip(left, right) => Some(format!("\"{left}\" against \"{right}\", perhaps a typing error")),
        TitleDifference::Word(left, right) if left.is_empty() || right.is_empty() => Some(format!("only one title has \"{left}{right}\"")),
        TitleDifference::Word(left, right) => Some(format!("\"{left}\" against \"{right}\"")),
    }
}

fn page_note(pages: PageMatch) -> Option<&'static str> {
    match pages {
        PageMatch::StartOnly => Some("same first page, other last page"),
        PageMatch::End => Some("same last page, first page lost"),
        PageMatch::Overlap => Some("overlapping ranges"),
        PageMatch::Near => Some("a few pages apart"),
        PageMatch::OtherNumbering => Some("page number against article number"),
        PageMatch::Range | PageMatch::Start | PageMatch::Differ | PageMatch::Unknown => None,
    }
}

/// Says in a sentence why a pair was judged as it was.
pub(crate) fn reason(judgement: &Judgement, e: &Evidence) -> String {
    let lead = match judgement.rule {
        "same-pmid" => "Both records have the same PMID",
        "same-pmid-other-title" => "Both records have the same PMID, but the titles are not alike",
        "same-registration" => "Both are the registration of the same trial",
        "same-doi" => "Both records have the same DOI",
        "same-doi-other-fields" => "Both records have the same DOI, but other fields do not confirm it",
        "same-page" => "The titles are alike and stand on the same page",
        "same-page-other-volume" => "The titles are alike and have the same pages; the volume may be a slip",
        "same-page-translated" => "The pages, volume and authors are the same; the title is worded otherwise, as a translation is",
        "same-page-untitled" => "A record has no title; pages, volume, journal and authors are the same",
        "same-page-other-title" => "The pages, volume and journal are the same, but the titles are not alike",
        "same-volume" => "The titles are alike, the volume is the same, and a record has no pages",
        "online-first" => "Title, authors and journal are the same, and a record has no volume or pages yet",
        "same-text" => "Title, authors and year are the same, and neither volume nor pages say otherwise",
        "same-cochrane-version" => "Both are the same version of one Cochrane review",
        "same-abstract" => "Title, authors and abstract are the same, and no field says that it was printed twice",
        "near-page" => "Everything agrees but the pages, which are close or counted otherwise",
        "similar-title" => "The titles are alike, but the other fields do not prove that it is one report",
        "chain-conflict" => "The two records agree, but another record of their groups rules it out",
        "other-kind" => "Only one of them is a correction, reply or comment, or they are of different kinds",
        "registration-and-report" => "One is the registration of a trial, the other is not",
        "preprint-and-paper" => "One is a preprint, the other is not",
        "thesis-and-paper" => "One is a thesis, the other is not",
        "other-registration" => "They are registrations with different numbers",
        "other-version" => "They are different Cochrane reviews or versions of one",
        "other-pmid" => "They have different PMIDs",
        "other-doi" => "They have different DOIs",
        "other-number" => "The titles differ in a number",
        "other-word" => "The titles differ in a decisive word",
        "other-year" => "The years are too far apart",
        "other-issue" => "They stand in different issues of the volume",
        "other-abstract" => "They are abstracts on different pages",
        "generic-title" => "The title is too short or too common, and the place is not the same",
        "other-place" => "The titles are alike, but they were published in different places",
        _ => "The titles are not alike",
    };
    let named = |wanted: FieldVerdict| {
        let fields = [
            ("authors", e.authors),
            ("journal", e.journal),
            ("year", e.year),
            ("volume", e.volume),
            ("issue", e.issue),
            ("pages", e.pages.verdict()),
            ("DOI", e.doi),
            ("PMID", e.pmid),
            // what agrees in the abstract is told by the rule that rests on it
            ("abstract", if e.abstracts.differs() { FieldVerdict::Differ } else { FieldVerdict::Unknown }),
        ];
        fields.into_iter().filter(|(_, verdict)| *verdict == wanted).map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    };
    let mut sentence = format!("{lead} (titles {:.0} % alike", (e.title * 100.0).floor());
    if let Some(note) = title_note(e).filter(|_| e.difference != TitleDifference::None) {
        sentence.push_str(": ");
        sentence.push_str(&note);
    }
    for (label, fields) in [("agree", named(FieldVerdict::Agree)), ("differ", named(FieldVerdict::Differ))] {
        if !fields.is_empty() {
            sentence.push_str("; ");
            sentence.push_str(label);
            sentence.push_str(": ");
            sentence.push_str(&fields);
        }
    }
    sentence.push_str(").");
    sentence
}
