//! What follows from several tags of one RIS record together: which title, date, pages and identifiers hold.

use std::collections::HashSet;

use crate::domain::identifier::{Doi, find_registry_ids};
use crate::domain::record::{Citation, PublicationKind};

use crate::refs::normalise::{
    bare_pmid, doi_in_link, labelled_pmid, parse_article_number, parse_date, parse_page_fields, parse_year, without_full_stop,
};
use crate::refs::tagged::{Remarks, excerpt};

use super::meaning::{Found, Gathered};

/// Settles title, journal and abbreviation from the tags that may hold them.
pub(super) fn settle_titles(citation: &mut Citation, gathered: &mut Gathered) {
    let is_chapter = citation.kind == PublicationKind::BookChapter;
    let titles: &[&str] = if is_chapter { &["TI", "T1", "CT"] } else { &["TI", "T1", "CT", "BT"] };
    if let Some(found) = remove_first(&mut gathered.titles, titles) {
        citation.title = without_full_stop(&found.text).to_owned();
        gathered.titles.retain(|other| without_full_stop(&other.text) != citation.title);
    }
    if is_chapter && let Some(book) = remove_first(&mut gathered.titles, &["BT"]) {
        let text = without_full_stop(&book.text).to_owned();
        gathered.journals.insert(0, Found { tag: "JF".to_owned(), text, ..book });
    }
    if citation.title.is_empty()
        && let Some(found) = remove_first(&mut gathered.titles, &["BT"])
    {
        citation.title = without_full_stop(&found.text).to_owned();
    }
    if let Some(full) = remove_first(&mut gathered.journals, &["JF", "T2", "JO", "JA"]) {
        // A second name is the abbreviation when it is the shorter one, and nothing new when it is the same.
        gathered.journals.retain(|other| !other.text.eq_ignore_ascii_case(&full.text));
        if let Some(short) = remove_first(&mut gathered.journals, &["JA", "JO"]) {
            gathered.abbreviations.insert(0, short);
        }
        citation.journal = Some(full.text);
    } else if let Some(source) = remove_first(&mut gathered.journals, &["SO"]) {
        let end = source.text.find([';', ':']).unwrap_or(source.text.len());
        let name = source.text[..end].trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '(' | ')'));
        citation.journal = Some(name.to_owned()).filter(|name| !name.is_empty());
        if citation.journal.as_deref() != Some(source.text.as_str()) {
            citation.extra.push((source.tag, source.text));
        }
    }
    if let Some(short) = remove_first(&mut gathered.abbreviations, &["JA", "JO", "J2", "JI", "J1", "J9"]) {
        gathered.abbreviations.retain(|other| other.text != short.text);
        citation.journal_abbreviation = Some(short.text);
    }
    keep_unused(gathered.titles.drain(..), &mut citation.extra);
    keep_unused(gathered.journals.drain(..), &mut citation.extra);
    keep_unused(gathered.abbreviations.drain(..), &mut citation.extra);
}

/// Takes the first value of the first of these tags that has one.
fn remove_first(list: &mut Vec<Found>, tags: &[&str]) -> Option<Found> {
    let place = tags.iter().find_map(|tag| list.iter().position(|found| found.tag == *tag))?;
    Some(list.remove(place))
}

/// Settles year and date of publication.
pub(super) fn settle_date(citation: &mut Citation, gathered: &mut Gathered, remarks: &mut Remarks) {
    let mut dates = std::mem::take(&mut gathered.dates);
    let by_rank = ["PY", "Y1", "DA", "PD"].iter().flat_map(|tag| dates.iter().filter(move |found| found.tag == *tag));
    citation.year = by_rank.clone().find_map(|found| parse_year(&found.text));
    for found in dates.extract_if(.., |found| matches!(found.tag.as_str(), "PY" | "Y1") && parse_year(&found.text).is_none()) {
        let message = format!("No year was found in \"{}\"; the value is kept as it is.", excerpt(&found.text));
        remarks.warn(found.line, Some(&found.tag), message);
        citation.extra.push((found.tag, found.text));
    }
    for tag in ["DA", "Y1", "PY", "PD"] {
        let date = dates.iter().filter(|found| found.tag == tag).find_map(|found| parse_date(&found.text, citation.year));
        if date.is_some() {
            citation.date = date;
            break;
        }
    }
    // A date of another year than the one shown is kept, so that nothing is lost by the choice.
    let year = citation.year;
    let shown = citation.date.clone();
    dates.retain(|found| {
        let date = parse_date(&found.text, year);
        date.is_some() && date != shown && parse_year(&found.text) != year
    });
    keep_unused(dates, &mut citation.extra);
}

/// Settles pages and article number.
pub(super) fn settle_pages(citation: &mut Citation, gathered: &mut Gathered) {
    let take = |list: &mut Vec<Found>| if list.is_empty() { None } else { Some(list.remove(0)) };
    let start = take(&mut gathered.start_pages);
    let end = take(&mut gathered.end_pages);
    let mut pages = parse_page_fields(start.as_ref().map(|found| found.text.as_str()), end.as_ref().map(|found| found.text.as_str()));
    if pages.start.is_none()
        && let Some(whole) = take(&mut gathered.whole_pages)
    {
        pages = parse_page_fields(Some(&whole.text), None);
    }
    if pages.start.is_some() && pages.end.is_none() {
        // Covidence leaves EP empty and has the range in PG.
        let ranges = gathered.whole_pages.iter().map(|found| parse_page_fields(Some(&found.text), None));
        pages.end = ranges.filter(|range| range.start == pages.start).find_map(|range| range.end);
    }
    if pages.start.is_none()
        && let Some(number) = take(&mut gathered.article_numbers)
    {
        pages = parse_article_number(&number.text);
        if pages.start.as_ref() != Some(&number.text) {
            citation.extra.push((number.tag, number.text));
        }
    }
    if let Some(rest) = pages.rest {
        citation.extra.push(("PG".to_owned(), rest));
    }
    let printed = [&pages.start, &pages.end].map(|page| page.clone().unwrap_or_default());
    gathered.whole_pages.retain(|found| {
        let again = parse_page_fields(Some(&found.text), None);
        again.start.is_some() && (again.start != pages.start || again.end.is_some_and(|end| !printed.contains(&end)))
    });
    citation.start_page = pages.start;
    citation.end_page = pages.end;
    for list in [&mut gathered.start_pages, &mut gathered.end_pages, &mut gathered.whole_pages, &mut gathered.article_numbers] {
        list.retain(|found| !printed.contains(&found.text));
        keep_unused(list.drain(..), &mut citation.extra);
    }
}

/// Settles abstract, publisher, and volume and issue under old tags.
pub(super) fn settle_rest(citation: &mut Citation, gathered: &mut Gathered) {
    let mut abstracts = std::mem::take(&mut gathered.abstracts);
    let mut second = std::mem::take(&mut gathered.second_abstracts);
    if abstracts.is_empty() {
        std::mem::swap(&mut abstracts, &mut second);
    }
    let mut known = HashSet::new();
    abstracts.retain(|found| known.insert(found.text.clone()));
    second.retain(|found| !known.contains(&found.text));
    let paragraphs: Vec<&str> = abstracts.iter().map(|found| found.text.as_str()).collect();
    citation.abstract_text = (!paragraphs.is_empty()).then(|| paragraphs.join("\n"));
    keep_unused(second, &mut citation.extra);
    if let Some(publisher) = remove_first(&mut gathered.publishers, &["PB", "PU"]) {
        citation.publisher = Some(publisher.text);
    }
    keep_unused(gathered.publishers.drain(..), &mut citation.extra);
    let is_number = |found: &Found| found.text.len() <= 6 && found.text.bytes().all(|b| b.is_ascii_digit());
    for (slot, old) in [(&mut citation.volume, &mut gathered.old_volumes), (&mut citation.issue, &mut gathered.old_issues)] {
        if slot.is_none() && old.first().is_some_and(is_number) {
            *slot = Some(old.remove(0).text);
        }
        keep_unused(old.drain(..), &mut citation.extra);
    }
}

/// Settles DOI, PubMed identifier, accession number and registry numbers.
pub(super) fn settle_identifiers(citation: &mut Citation, gathered: &mut Gathered, remarks: &mut Remarks) {
    for found in gathered.dois.drain(..) {
        let doi =
            if found.text.contains("://") { doi_in_link(&found.text).or_else(|| Doi::find(&found.text)) } else { Doi::find(&found.text) };
        match doi {
            Some(doi) if citation.doi.is_none() => citation.doi = Some(doi),
            Some(doi) if citation.doi.as_ref() == Some(&doi) => {}
            Some(_) => citation.extra.push((found.tag, found.text)),
            None => {
                let message = format!("\"{}\" is no DOI; the value is kept as it is.", excerpt(&found.text));
                remarks.warn(found.line, Some("DO"), message);
                citation.extra.push((found.tag, found.text));
            }
        }
    }
    let is_of = |found: &Found, names: &[&str]| {
        let lower = found.text.to_lowercase();
        names.iter().any(|name| lower.contains(name))
    };
    let is_embase = gathered.databases.iter().any(|found| is_of(found, &["embase"]));
    let is_pubmed = !is_embase && gathered.databases.iter().any(|found| found.text == "NLM" || is_of(found, &["medline", "pubmed"]));
    for found in gathered.accessions.drain(..) {
        gathered.registry.push(found.text.clone());
        gathered.loose_dois.push(found.text.clone());
        if let Some(pmid) = labelled_pmid(&found.text) {
            gathered.pmids.insert(0, pmid);
            if found.text.len() <= 20 {
                continue;
            }
        }
        if is_pubmed && let Some(pmid) = bare_pmid(&found.text) {
            gathered.weak_pmids.insert(0, pmid);
        }
        match &citation.accession {
            None => citation.accession = Some(found.text),
            Some(_) => citation.extra.push((found.tag, found.text)),
        }
    }
    for found in gathered.record_numbers.drain(..) {
        gathered.registry.push(found.text.clone());
        gathered.loose_dois.push(found.text.clone());
        if is_pubmed
            && found.tag == "ID"
            && let Some(pmid) = bare_pmid(&found.text)
        {
            gathered.weak_pmids.insert(0, pmid);
        }
        // A small number is the position in somebody's library, not an accession number.
        let is_position = found.text.len() <= 5 && found.text.bytes().all(|b| b.is_ascii_digit());
        if citation.accession.is_none() && !is_position {
            citation.accession = Some(found.text);
        } else if !found.tag.is_empty() {
            citation.extra.push((found.tag, found.text));
        }
    }
    citation.pmid = gathered.pmids.first().or(gathered.weak_pmids.first()).cloned();
    if citation.doi.is_none() {
        citation.doi = gathered.loose_dois.iter().find_map(|text| if text.contains("://") { doi_in_link(text) } else { Doi::find(text) });
    }
    let mut known = HashSet::new();
    citation.issn.retain(|number| known.insert(number.clone()));
    if citation.kind == PublicationKind::RegistryEntry {
        // CENTRAL has the number as the author and in a link to the register, which stands for the journal.
        gathered.registry.extend(citation.authors.iter().map(|author| author.family.clone()));
        gathered.registry.extend(citation.journal.clone());
    }
    for text in &gathered.registry {
        for id in find_registry_ids(text) {
            if !citation.registry_ids.contains(&id) {
                citation.registry_ids.push(id);
            }
        }
    }
}

/// Keeps values that were gathered and not used.
fn keep_unused(unused: impl IntoIterator<Item = Found>, extra: &mut Vec<(String, String)>) {
    extra.extend(unused.into_iter().flat_map(|found| {
        let tag = found.tag;
        found.text.split('\n').map(|line| (tag.clone(), line.to_owned())).collect::<Vec<_>>()
    }));
}
