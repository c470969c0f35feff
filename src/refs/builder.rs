//! A citation under construction: the readers say what a value is, this says what follows from it.
//!
//! Formats differ in how they name and separate values, not in what the values mean. A reader hands over each value with its
//! [`Role`]; the builder cleans it, settles what follows from several values together (year and date, pages, which DOI holds), and
//! keeps under its own name whatever finds no place, so that nothing is dropped.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::domain::identifier::{Doi, Pmid, find_registry_ids};
use crate::domain::record::Citation;
use crate::domain::text::clean_line;

use super::normalise::{
    bare_pmid, doi_in_link, find_pmcid, labelled_pmid, parse_article_number, parse_authors, parse_date, parse_given_first,
    parse_page_fields, parse_year, without_full_stop,
};
pub(super) use super::role::{Kinds, Role};
use super::source_line::SourceLine;
use super::tagged::{Remarks, excerpt, line_of, paragraphs_of};

/// A value with the name and the line it stood at.
#[derive(Debug)]
struct Found {
    tag: String,
    line: usize,
    text: String,
}

/// A citation under construction.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    /// What is settled so far; a reader may write to it where its format is unambiguous.
    pub citation: Citation,
    /// The remarks of the file.
    pub remarks: &'a mut Remarks,
    kinds: Kinds,
    line: usize,
    years: Vec<Found>,
    dates: Vec<Found>,
    start_pages: Vec<Found>,
    end_pages: Vec<Found>,
    whole_pages: Vec<Found>,
    article_numbers: Vec<Found>,
    abstracts: Vec<String>,
    known_abstracts: HashSet<String>,
    languages: Vec<String>,
    loose_dois: Vec<String>,
    loose_pmid: Option<Pmid>,
    links: HashSet<String>,
    known_issn: HashSet<String>,
    offered_number: Option<String>,
}

impl<'a> Builder<'a> {
    /// Starts a citation; `line` is the record's first line.
    pub fn new(kinds: Kinds, line: usize, remarks: &'a mut Remarks) -> Self {
        Self {
            citation: Citation::default(),
            remarks,
            kinds,
            line,
            years: Vec::new(),
            dates: Vec::new(),
            start_pages: Vec::new(),
            end_pages: Vec::new(),
            whole_pages: Vec::new(),
            article_numbers: Vec::new(),
            abstracts: Vec::new(),
            known_abstracts: HashSet::new(),
            languages: Vec::new(),
            loose_dois: Vec::new(),
            loose_pmid: None,
            links: HashSet::new(),
            known_issn: HashSet::new(),
            offered_number: None,
        }
    }

    /// Takes one value as it stands in the file; `tag` is the format's name for it and `line` its 1-based line.
    pub fn take(&mut self, role: Role, tag: &str, line: usize, value: &str) {
        if role == Role::Nothing || value.trim().is_empty() {
            return;
        }
        if role == Role::Abstract {
            return self.take_abstract(value);
        }
        if matches!(role, Role::Extra | Role::Note) {
            return self.take_lines(role, tag, value);
        }
        let text = line_of(value);
        if text.is_empty() {
            return;
        }
        let found = |text: String| Found { tag: clean_line(tag).into_owned(), line, text };
        match role {
            Role::Kind => self.take_kind(tag, text),
            Role::Title => {
                let title = without_full_stop(&text).to_owned();
                if self.citation.title.is_empty() {
                    self.citation.title = title;
                } else if self.citation.title != title {
                    self.keep(tag, text);
                }
            }
            Role::OriginalTitle => {
                let title = without_full_stop(&text).to_owned();
                let displaced = first(&mut self.citation.original_title, title);
                self.keep_some(tag, displaced);
            }
            Role::Authors => self.take_authors(tag, line, &text, &|text| parse_authors(text)),
            Role::GivenFirst => {
                self.take_authors(tag, line, &text, &|text| text.split(';').filter_map(parse_given_first).collect());
            }
            Role::Journal => {
                let displaced = first(&mut self.citation.journal, text);
                self.keep_some(tag, displaced);
            }
            Role::JournalAbbreviation => {
                let displaced = first(&mut self.citation.journal_abbreviation, text);
                self.keep_some(tag, displaced);
            }
            Role::Volume => {
                let displaced = first(&mut self.citation.volume, text);
                self.keep_some(tag, displaced);
            }
            Role::Issue => {
                let displaced = first(&mut self.citation.issue, text);
                self.keep_some(tag, displaced);
            }
            Role::Publisher => {
                let displaced = first(&mut self.citation.publisher, text);
                self.keep_some(tag, displaced);
            }
            Role::Year => self.years.push(found(text)),
            Role::Date => self.dates.push(found(text)),
            Role::StartPage => self.start_pages.push(found(text)),
            Role::EndPage => self.end_pages.push(found(text)),
            Role::Pages => self.whole_pages.push(found(text)),
            Role::ArticleNumber => self.article_numbers.push(found(text)),
            Role::Doi => self.take_doi(tag, line, text),
            Role::Pmid => self.take_pmid(tag, line, text),
            Role::Pmcid => {
                let digits = text.bytes().all(|b| b.is_ascii_digit()) && (3..=9).contains(&text.len());
                let pmcid = if digits { Some(format!("PMC{text}")) } else { find_pmcid(&text) };
                match pmcid {
                    Some(pmcid) => {
                        let displaced = first(&mut self.citation.pmcid, pmcid);
                        self.keep_some(tag, displaced);
                    }
                    None => self.keep(tag, text),
                }
            }
            Role::Issn => {
                for part in text.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()) {
                    if self.known_issn.insert(part.to_owned()) {
                        self.citation.issn.push(part.to_owned());
                    }
                }
            }
            Role::Registry => {
                let ids = find_registry_ids(&text);
                let is_understood = ids.len() == 1 && ids[0] == text;
                self.add_registry_ids(ids);
                if !is_understood {
                    self.keep(tag, text);
                }
            }
            Role::Accession => {
                self.add_registry_ids(find_registry_ids(&text));
                if let Some(pmid) = labelled_pmid(&text) {
                    self.loose_pmid.get_or_insert(pmid);
                }
                self.loose_dois.push(text.clone());
                let displaced = first(&mut self.citation.accession, text);
                self.keep_some(tag, displaced);
            }
            Role::Keyword => self.citation.keywords.push(text),
            Role::Language => self.languages.push(text),
            Role::Url => self.take_url(tag, &text),
            Role::Abstract | Role::Extra | Role::Note | Role::Nothing => {}
        }
    }

    /// Takes the keywords of one value, which are separated by any of these characters.
    pub fn take_keywords(&mut self, value: &str, separators: &[char]) {
        let plain = paragraphs_of(value);
        for part in plain.split(|c| c == '\n' || separators.contains(&c)) {
            let part = part.trim();
            if !part.is_empty() {
                self.citation.keywords.push(part.to_owned());
            }
        }
    }

    /// Offers an article number, to be used when there are no pages; the caller keeps the value.
    pub fn offer_article_number(&mut self, text: &str) {
        self.offered_number.get_or_insert_with(|| text.to_owned());
    }

    /// Reports whether a year or a date was taken.
    pub fn has_date(&self) -> bool {
        !(self.years.is_empty() && self.dates.is_empty())
    }

    /// Keeps a value under its name. Both are cleaned here once more, because parts of them may come from the names of a file.
    pub fn keep(&mut self, tag: &str, text: String) {
        let text = match clean_line(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(clean) => clean,
        };
        self.citation.extra.push((clean_line(tag).into_owned(), text));
    }

    fn keep_some(&mut self, tag: &str, text: Option<String>) {
        if let Some(text) = text {
            self.keep(tag, text);
        }
    }

    fn take_kind(&mut self, tag: &str, text: String) {
        let lower = text.to_lowercase();
        let known = self.kinds.iter().find(|(_, names)| names.iter().any(|name| name.to_lowercase() == lower));
        if let Some((kind, names)) = known {
            self.citation.kind = *kind;
            if names[0] != text {
                self.keep(tag, text);
            }
        } else {
            self.keep(tag, text);
        }
    }

    fn take_authors(&mut self, tag: &str, line: usize, text: &str, parse: &dyn Fn(&str) -> Vec<crate::domain::author::Author>) {
        let authors = parse(text);
        if authors.is_empty() {
            self.remarks.note(line, Some(tag), format!("\"{}\" names nobody and was left out of the authors.", excerpt(text)));
        }
        self.citation.authors.extend(authors);
    }

    fn take_abstract(&mut self, value: &str) {
        let text = paragraphs_of(value);
        if !text.is_empty() && self.known_abstracts.insert(text.clone()) {
            self.abstracts.push(text);
        }
    }

    fn take_lines(&mut self, role: Role, tag: &str, value: &str) {
        for text in paragraphs_of(value).split('\n').filter(|text| !text.is_empty()) {
            if role == Role::Extra {
                self.keep(tag, text.to_owned());
                continue;
            }
            let begins = |label: &str| text.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label));
            if begins("doi") {
                self.loose_dois.push(text.to_owned());
            }
            if (begins("pmid") || begins("pubmed"))
                && let Some(pmid) = labelled_pmid(text)
            {
                self.loose_pmid.get_or_insert(pmid);
            }
            self.add_registry_ids(find_registry_ids(text));
            self.citation.notes.push(text.to_owned());
        }
    }

    fn add_registry_ids(&mut self, ids: Vec<String>) {
        for id in ids {
            if !self.citation.registry_ids.contains(&id) {
                self.citation.registry_ids.push(id);
            }
        }
    }

    fn take_doi(&mut self, tag: &str, line: usize, text: String) {
        let doi = if text.contains("://") { doi_in_link(&text).or_else(|| Doi::find(&text)) } else { Doi::find(&text) };
        match doi {
            Some(doi) if self.citation.doi.is_none() => self.citation.doi = Some(doi),
            Some(doi) if self.citation.doi.as_ref() == Some(&doi) => {}
            Some(_) => self.keep(tag, text),
            None => {
                self.remarks.warn(line, Some(tag), format!("\"{}\" is no DOI; the value is kept as it is.", excerpt(&text)));
                self.keep(tag, text);
            }
        }
    }

    fn take_pmid(&mut self, tag: &str, line: usize, text: String) {
        match labelled_pmid(&text).or_else(|| Pmid::find(&text)) {
            Some(pmid) if self.citation.pmid.is_none() => self.citation.pmid = Some(pmid),
            Some(pmid) if self.citation.pmid.as_ref() == Some(&pmid) => {}
            Some(_) => self.keep(tag, text),
            // Zero and its like stand for none.
            None if text.bytes().all(|b| b == b'0' || b == b'-') => {}
            None => {
                let message = format!("\"{}\" is no PubMed identifier; the value is kept as it is.", excerpt(&text));
                self.remarks.warn(line, Some(tag), message);
                self.keep(tag, text);
            }
        }
    }

    fn take_url(&mut self, tag: &str, text: &str) {
        let is_link = |part: &str| part.contains("://") || part.starts_with("www.");
        let parts: Vec<&str> = if text.split(' ').all(is_link) { text.split(' ').collect() } else { vec![text] };
        for part in parts {
            self.loose_dois.push(part.to_owned());
            if part.contains("pubmed")
                && let Some(pmid) = labelled_pmid(part)
            {
                self.loose_pmid.get_or_insert(pmid);
            }
            if !is_link(part) {
                self.keep(tag, part.to_owned());
            } else if self.links.insert(part.to_owned()) {
                self.citation.urls.push(part.to_owned());
            }
        }
    }

    /// Takes from a source line what no field of its own says.
    pub fn fill_from(&mut self, tag: &str, source: SourceLine) {
        let citation = &mut self.citation;
        citation.journal = citation.journal.take().or(source.journal);
        citation.volume = citation.volume.take().or(source.volume);
        citation.issue = citation.issue.take().or(source.issue);
        let has_pages = !(self.start_pages.is_empty() && self.whole_pages.is_empty() && self.article_numbers.is_empty());
        if !has_pages && let Some(start) = source.pages.start {
            self.start_pages.push(Found { tag: tag.to_owned(), line: self.line, text: start });
            self.end_pages.extend(source.pages.end.map(|text| Found { tag: tag.to_owned(), line: self.line, text }));
        }
        if self.years.is_empty()
            && self.dates.is_empty()
            && let Some(year) = source.year
        {
            self.years.push(Found { tag: tag.to_owned(), line: self.line, text: year.to_string() });
        }
    }

    /// Says that the accession number is PubMed's own, so that digits alone are a PubMed identifier.
    pub fn accession_is_pubmed(&mut self) {
        if let Some(pmid) = self.citation.accession.as_deref().and_then(bare_pmid) {
            self.citation.pmid.get_or_insert(pmid);
        }
    }

    /// Settles what follows from several values together and returns the citation.
    pub fn finish(mut self) -> Citation {
        self.settle_date();
        self.settle_pages();
        let citation = &mut self.citation;
        if !self.abstracts.is_empty() {
            citation.abstract_text = Some(self.abstracts.join("\n"));
        }
        self.languages.dedup();
        if !self.languages.is_empty() {
            citation.language = Some(self.languages.join("; "));
        }
        if citation.doi.is_none() {
            citation.doi = self.loose_dois.iter().find_map(|text| if text.contains("://") { doi_in_link(text) } else { Doi::find(text) });
        }
        if citation.pmid.is_none() {
            citation.pmid = self.loose_pmid;
        }
        if citation.title.is_empty() {
            self.remarks.warn(self.line, None, "The record has no title.");
        }
        self.citation
    }

    fn settle_date(&mut self) {
        let years = std::mem::take(&mut self.years);
        let dates = std::mem::take(&mut self.dates);
        self.citation.year = years.iter().chain(&dates).find_map(|found| parse_year(&found.text));
        for found in years.iter().filter(|found| self.citation.year.is_none() && parse_year(&found.text).is_none()) {
            let message = format!("No year was found in \"{}\"; the value is kept as it is.", excerpt(&found.text));
            self.remarks.warn(found.line, Some(&found.tag), message);
        }
        let with_year = years.iter().filter(|found| parse_year(&found.text).is_some());
        for found in dates.iter().chain(with_year) {
            match parse_date(&found.text, self.citation.year) {
                None => {}
                Some(date) if self.citation.date.is_none() => self.citation.date = Some(date),
                Some(date) if self.citation.date.as_ref() == Some(&date) => {}
                Some(_) => self.citation.extra.push((found.tag.clone(), found.text.clone())),
            }
        }
        for found in years.into_iter().filter(|found| parse_year(&found.text).is_none()) {
            self.keep(&found.tag, found.text);
        }
    }

    fn settle_pages(&mut self) {
        let take = |list: &mut Vec<Found>| if list.is_empty() { None } else { Some(list.remove(0)) };
        let (start, end) = (take(&mut self.start_pages), take(&mut self.end_pages));
        let mut pages = parse_page_fields(start.as_ref().map(|found| found.text.as_str()), end.as_ref().map(|found| found.text.as_str()));
        let mut rest_tag = start.map(|found| found.tag).unwrap_or_default();
        let whole = take(&mut self.whole_pages);
        if let Some(whole) = whole {
            let again = parse_page_fields(Some(&whole.text), None);
            if pages.start.is_none() {
                pages = again;
                rest_tag = whole.tag;
            } else if again.start.is_some()
                && (&again.start, again.end.as_ref().or(pages.end.as_ref())) != (&pages.start, pages.end.as_ref())
            {
                self.whole_pages.insert(0, whole);
            }
        }
        if pages.start.is_none()
            && let Some(number) = take(&mut self.article_numbers)
        {
            pages = parse_article_number(&number.text);
            rest_tag.clone_from(&number.tag);
            if pages.start.as_ref() != Some(&number.text) {
                self.citation.extra.push((number.tag, number.text));
            }
        }
        if let Some(rest) = pages.rest {
            self.citation.extra.push((rest_tag, rest));
        }
        self.citation.start_page = pages.start.or(self.offered_number.take());
        self.citation.end_page = pages.end;
        for list in [&mut self.start_pages, &mut self.end_pages, &mut self.whole_pages, &mut self.article_numbers] {
            for found in list.drain(..) {
                self.citation.extra.push((found.tag, found.text));
            }
        }
    }
}

/// Fills a slot; returns the value when another one is there already.
fn first(slot: &mut Option<String>, text: String) -> Option<String> {
    match slot {
        None => {
            *slot = Some(text);
            None
        }
        Some(taken) if *taken == text => None,
        Some(_) => Some(text),
    }
}
