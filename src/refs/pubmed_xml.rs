//! PubMed XML: `PubmedArticle` and `PubmedBookArticle`, in a set or alone.
//!
//! Values that this reader does not interpret are kept under the tags of PubMed's text form, so that [`write_nbib`](super::write_nbib)
//! puts them back. The format is that of the "PubMed DTD" of the National Library of Medicine.

use crate::domain::author::Author;
use crate::domain::record::{Citation, PublicationKind};

use super::builder::{Builder, Role};
use super::lines::LineCounter;
use super::nbib::{KINDS, settle_kind};
use super::normalise::without_full_stop;
use super::tagged::{Remarks, line_of};
use super::xml::{Element, XmlReader};

/// Returns the reader of the format.
pub(super) fn reader() -> XmlReader {
    XmlReader::new(&["PubmedArticle", "PubmedBookArticle"], interpret)
}

fn interpret(record: &Element<'_>, counter: &mut LineCounter<'_>, remarks: &mut Remarks) -> Citation {
    let line = counter.line_at(record.start);
    let mut builder = Builder::new(KINDS, line, remarks);
    match record.at(&["BookDocument"]) {
        Some(book) => take_book(book, line, &mut builder),
        None => {
            // Damaged files may lack the wrapping element.
            let citation = record.at(&["MedlineCitation"]).unwrap_or(record);
            take_article(citation, line, &mut builder);
        }
    }
    for path in ["PubmedData", "PubmedBookData"] {
        if let Some(data) = record.at(&[path]) {
            take_ids(data, line, &mut builder);
            for date in data.all("History").flat_map(|history| history.all("PubMedPubDate")) {
                let status = date.attribute("PubStatus").unwrap_or_default();
                builder.take(Role::Extra, "PHST", line, &format!("{} [{status}]", date_of(date, "/")));
            }
            builder.take(Role::Extra, "PST", line, &data.text_at(&["PublicationStatus"]));
        }
    }
    builder.finish()
}

/// Takes what describes a journal article.
fn take_article(citation: &Element<'_>, line: usize, builder: &mut Builder<'_>) {
    builder.take(Role::Pmid, "PMID", line, &citation.text_at(&["PMID"]));
    for (attribute, tag) in [("Owner", "OWN"), ("Status", "STAT")] {
        builder.take(Role::Extra, tag, line, &citation.attribute(attribute).unwrap_or_default());
    }
    if let Some(article) = citation.at(&["Article"]) {
        builder.take(Role::Title, "TI", line, &article.text_at(&["ArticleTitle"]));
        builder.take(Role::OriginalTitle, "TT", line, &article.text_at(&["VernacularTitle"]));
        if let Some(journal) = article.at(&["Journal"]) {
            builder.take(Role::Journal, "JT", line, &journal.text_at(&["Title"]));
            builder.take(Role::JournalAbbreviation, "TA", line, &journal.text_at(&["ISOAbbreviation"]));
            builder.take(Role::Issn, "IS", line, &journal.text_at(&["ISSN"]));
            if let Some(issue) = journal.at(&["JournalIssue"]) {
                builder.take(Role::Volume, "VI", line, &issue.text_at(&["Volume"]));
                builder.take(Role::Issue, "IP", line, &issue.text_at(&["Issue"]));
                if let Some(date) = issue.at(&["PubDate"]) {
                    builder.take(Role::Date, "DP", line, &date_of(date, " "));
                }
            }
        }
        take_common(article, line, builder);
        take_types(article.all("PublicationTypeList").flat_map(|list| list.all("PublicationType")), false, builder);
        for bank in article.all("DataBankList").flat_map(|list| list.all("DataBank")) {
            let name = bank.text_at(&["DataBankName"]);
            for number in bank.all("AccessionNumberList").flat_map(|list| list.all("AccessionNumber")) {
                builder.take(Role::Registry, "SI", line, &format!("{name}/{}", number.text()));
            }
        }
        for grant in article.all("GrantList").flat_map(|list| list.all("Grant")) {
            let parts: Vec<String> = grant.children().map(|part| line_of(&part.text())).filter(|part| !part.is_empty()).collect();
            builder.take(Role::Extra, "GR", line, &parts.join("/"));
        }
        for date in article.all("ArticleDate") {
            builder.take(Role::Extra, "DEP", line, &date_of(date, "").replace(' ', ""));
        }
    }
    take_description(citation, line, builder);
    let info = |name: &str| citation.text_at(&["MedlineJournalInfo", name]);
    let abbreviation = line_of(&info("MedlineTA"));
    if builder.citation.journal_abbreviation.is_none() {
        builder.take(Role::JournalAbbreviation, "TA", line, &abbreviation);
    }
    builder.take(Role::Extra, "PL", line, &info("Country"));
    builder.take(Role::Extra, "JID", line, &info("NlmUniqueID"));
    for subset in citation.all("CitationSubset") {
        builder.take(Role::Extra, "SB", line, &subset.text());
    }
}

/// Takes what describes a book or a part of one.
fn take_book(document: &Element<'_>, line: usize, builder: &mut Builder<'_>) {
    builder.take(Role::Pmid, "PMID", line, &document.text_at(&["PMID"]));
    take_ids(document, line, builder);
    let title = document.text_at(&["ArticleTitle"]);
    builder.take(Role::OriginalTitle, "TT", line, &document.text_at(&["VernacularTitle"]));
    let is_part = !title.trim().is_empty();
    builder.take(Role::Title, "TI", line, &title);
    if let Some(book) = document.at(&["Book"]) {
        let name = book.text_at(&["BookTitle"]);
        builder.take(if is_part { Role::Journal } else { Role::Title }, "BTI", line, without_full_stop(name.trim_end()));
        builder.take(Role::Publisher, "PB", line, &book.text_at(&["Publisher", "PublisherName"]));
        builder.take(Role::Extra, "PL", line, &book.text_at(&["Publisher", "PublisherLocation"]));
        builder.take(Role::Extra, "CTI", line, &book.text_at(&["CollectionTitle"]));
        builder.take(Role::Extra, "EN", line, &book.text_at(&["Edition"]));
        builder.take(Role::Volume, "VI", line, &book.text_at(&["Volume"]));
        for number in book.all("Isbn") {
            builder.take(Role::Issn, "ISBN", line, &number.text());
        }
        if let Some(date) = book.at(&["PubDate"]) {
            builder.take(Role::Date, "DP", line, &date_of(date, " "));
        }
        take_locations(book, line, builder);
        // The authors of a part stand beside the book, its editors inside.
        let has_own = document.all("AuthorList").any(|list| list.attribute("Type").is_none_or(|kind| kind != "editors"));
        take_people(book, has_own, line, builder);
    }
    take_common(document, line, builder);
    take_description(document, line, builder);
    take_types(document.all("PublicationType"), !is_part || document.at(&["Book"]).is_some(), builder);
    builder.citation.kind = match builder.citation.kind {
        PublicationKind::JournalArticle | PublicationKind::Book | PublicationKind::BookChapter if is_part => PublicationKind::BookChapter,
        PublicationKind::JournalArticle | PublicationKind::BookChapter => PublicationKind::Book,
        other => other,
    };
}

/// Takes what articles and books have in common.
fn take_common(element: &Element<'_>, line: usize, builder: &mut Builder<'_>) {
    take_people(element, false, line, builder);
    for pages in element.all("Pagination") {
        let range = pages.text_at(&["MedlinePgn"]);
        if range.trim().is_empty() {
            builder.take(Role::StartPage, "PG", line, &pages.text_at(&["StartPage"]));
            builder.take(Role::EndPage, "PG", line, &pages.text_at(&["EndPage"]));
        } else {
            builder.take(Role::Pages, "PG", line, &range);
        }
    }
    take_locations(element, line, builder);
    for summary in element.all("Abstract") {
        take_abstract(summary, Role::Abstract, line, builder);
    }
    for language in element.all("Language") {
        builder.take(Role::Language, "LA", line, &language.text());
    }
}

/// Takes keywords, other abstracts, chemicals and notes.
fn take_description(element: &Element<'_>, line: usize, builder: &mut Builder<'_>) {
    for heading in element.all("MeshHeadingList").flat_map(|list| list.all("MeshHeading")) {
        let mut text = String::new();
        for part in heading.children() {
            let is_major = part.attribute("MajorTopicYN").is_some_and(|value| value == "Y");
            text.push_str(if text.is_empty() { "" } else { "/" });
            text.push_str(if is_major { "*" } else { "" });
            text.push_str(&line_of(&part.text()));
        }
        builder.take(Role::Keyword, "MH", line, &text);
    }
    for keyword in element.all("KeywordList").flat_map(|list| list.all("Keyword")) {
        builder.take(Role::Keyword, "OT", line, &keyword.text());
    }
    for chemical in element.all("ChemicalList").flat_map(|list| list.all("Chemical")) {
        let number = line_of(&chemical.text_at(&["RegistryNumber"]));
        let name = line_of(&chemical.text_at(&["NameOfSubstance"]));
        builder.take(Role::Extra, "RN", line, &format!("{number} ({name})"));
    }
    for other in element.all("OtherAbstract") {
        take_abstract(other, Role::Extra, line, builder);
    }
    for correction in element.all("CommentsCorrectionsList").flat_map(|list| list.all("CommentsCorrections")) {
        let kind = correction.attribute("RefType").unwrap_or_default();
        let tag = match kind.as_ref() {
            "CommentIn" => "CIN",
            "CommentOn" => "CON",
            "ErratumIn" => "EIN",
            "ErratumFor" => "EFR",
            "RetractionIn" => "RIN",
            "RetractionOf" => "ROF",
            "UpdateIn" => "UIN",
            "UpdateOf" => "UOF",
            _ => continue,
        };
        builder.take(Role::Extra, tag, line, &correction.text_at(&["RefSource"]));
    }
    builder.take(Role::Extra, "COIS", line, &element.text_at(&["CoiStatement"]));
    for note in element.all("GeneralNote") {
        builder.take(Role::Note, "GN", line, &note.text());
    }
}

/// Takes authors and editors; `only_editors` leaves authors to another list.
fn take_people(element: &Element<'_>, only_editors: bool, line: usize, builder: &mut Builder<'_>) {
    for list in element.all("AuthorList") {
        let is_editors = list.attribute("Type").is_some_and(|kind| kind == "editors");
        for person in list.all("Author").filter(|person| person.attribute("ValidYN").is_none_or(|value| value != "N")) {
            let Some(author) = author_of(person) else { continue };
            if is_editors {
                builder.keep("FED", author.to_string());
                continue;
            }
            if !only_editors {
                builder.citation.authors.push(author);
            }
            for affiliation in person.all("AffiliationInfo") {
                builder.take(Role::Extra, "AD", line, &affiliation.text_at(&["Affiliation"]));
            }
        }
    }
}

/// Reads a person or a group.
fn author_of(person: &Element<'_>) -> Option<Author> {
    let part = |name: &str| line_of(&person.text_at(&[name]));
    let (family, group) = (part("LastName"), part("CollectiveName"));
    if family.is_empty() {
        return (!group.is_empty()).then(|| Author::new(group, None));
    }
    let given = Some(part("ForeName")).filter(|name| !name.is_empty()).unwrap_or_else(|| part("Initials"));
    let suffix = part("Suffix");
    Some(Author::new(family, Some(format!("{given} {suffix}").trim())))
}

/// Takes the paragraphs of an abstract with their labels.
fn take_abstract(summary: &Element<'_>, role: Role, line: usize, builder: &mut Builder<'_>) {
    for part in summary.all("AbstractText") {
        let text = part.text();
        let label = part.attribute("Label").filter(|label| !label.trim().is_empty() && label != "UNLABELLED");
        let text = match label {
            Some(label) if !text.trim().is_empty() => format!("{label}: {text}"),
            _ => text,
        };
        builder.take(role, "OAB", line, &text);
    }
    builder.take(Role::Extra, "CI", line, &summary.text_at(&["CopyrightInformation"]));
}

/// Takes DOI, publisher's number and article number.
fn take_locations(element: &Element<'_>, line: usize, builder: &mut Builder<'_>) {
    for location in element.all("ELocationID") {
        let text = line_of(&location.text());
        match location.attribute("EIdType").as_deref() {
            Some("doi") => builder.take(Role::Doi, "LID", line, &text),
            kind => {
                let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
                let is_number = letters <= 4 && text.len() <= letters + 8 && text.len() > letters;
                if is_number && text[letters..].bytes().all(|b| b.is_ascii_digit()) {
                    builder.offer_article_number(&text);
                }
                builder.keep("LID", format!("{text} [{}]", kind.unwrap_or("pii")));
            }
        }
    }
}

/// Takes the identifiers of a list.
fn take_ids(element: &Element<'_>, line: usize, builder: &mut Builder<'_>) {
    for id in element.all("ArticleIdList").flat_map(|list| list.all("ArticleId")) {
        let text = line_of(&id.text());
        match id.attribute("IdType").as_deref() {
            Some("doi") => builder.take(Role::Doi, "AID", line, &text),
            Some("pmc") => builder.take(Role::Pmcid, "PMC", line, &text),
            Some("pubmed") => builder.take(Role::Pmid, "PMID", line, &text),
            Some("bookaccession") => builder.keep("AID", format!("{text} [bookaccession]")),
            Some("mid") => builder.keep("MID", text),
            kind => {
                let value = format!("{text} [{}]", kind.unwrap_or("pii"));
                let known = builder.citation.extra.iter().any(|(tag, other)| tag == "LID" && *other == value);
                if !known && !text.is_empty() {
                    builder.keep("AID", value);
                }
            }
        }
    }
}

/// Takes publication types, which name the kind of publication.
fn take_types<'e, 'a: 'e>(types: impl Iterator<Item = &'e Element<'a>>, is_book: bool, builder: &mut Builder<'_>) {
    let types: Vec<String> = types.map(|kind| line_of(&kind.text())).filter(|kind| !kind.is_empty()).collect();
    settle_kind(&mut builder.citation, types, is_book);
}

/// Returns a date as PubMed prints it: "2016 May 3", "1998 Dec-1999 Jan", "2016 Spring".
fn date_of(date: &Element<'_>, between: &str) -> String {
    let medline = line_of(&date.text_at(&["MedlineDate"]));
    if !medline.is_empty() {
        return medline;
    }
    let parts = ["Year", "Season", "Month", "Day"].map(|name| line_of(&date.text_at(&[name])));
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refs::{Format, ParseOptions, Parsed, parse};

    fn read_text(text: &str) -> Parsed {
        let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("PubMed XML is recognised");
        assert_eq!(parsed.format, Format::PubmedXml);
        parsed
    }

    #[test]
    fn an_article_in_a_set() {
        let parsed = read_text(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE PubmedArticleSet PUBLIC \"-//NLM\" \"x.dtd\">\n<PubmedArticleSet>\n<PubmedArticle><MedlineCitation Owner=\"NLM\" Status=\"MEDLINE\">\
             <PMID Version=\"1\">19604642</PMID><Article><Journal><ISSN>0304-3959</ISSN><JournalIssue><Volume>145</Volume><Issue>3</Issue><PubDate><Year>2009</Year><Month>Oct</Month></PubDate>\
             </JournalIssue><Title>Pain</Title><ISOAbbreviation>Pain</ISOAbbreviation></Journal><ArticleTitle>Ketamine in <i>CRPS</i> at 10<sup>5</sup>.</ArticleTitle>\
             <Pagination><MedlinePgn>304-11</MedlinePgn></Pagination><ELocationID EIdType=\"doi\">10.1016/j.pain.2009.06.023</ELocationID>\
             <Abstract><AbstractText Label=\"BACKGROUND\">One &lt; two.</AbstractText><AbstractText Label=\"METHODS\">Two.</AbstractText></Abstract>\
             <AuthorList><Author ValidYN=\"Y\"><LastName>van Hilten</LastName><ForeName>Jacobus J</ForeName><Initials>JJ</Initials><AffiliationInfo><Affiliation>Leiden</Affiliation></AffiliationInfo></Author>\
             <Author><CollectiveName>Pain Group</CollectiveName></Author></AuthorList><Language>eng</Language>\
             <DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList><AccessionNumber>NCT00579085</AccessionNumber></AccessionNumberList></DataBank></DataBankList>\
             <PublicationTypeList><PublicationType>Journal Article</PublicationType><PublicationType>Randomized Controlled Trial</PublicationType></PublicationTypeList></Article>\
             <MeshHeadingList><MeshHeading><DescriptorName MajorTopicYN=\"N\">Ketamine</DescriptorName><QualifierName MajorTopicYN=\"Y\">therapeutic use</QualifierName></MeshHeading></MeshHeadingList>\
             </MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType=\"pmc\">PMC7758557</ArticleId></ArticleIdList></PubmedData></PubmedArticle>\n</PubmedArticleSet>\n",
        );
        assert_eq!((parsed.drafts.len(), parsed.drafts[0].line, parsed.diagnostics.len()), (1, 4, 0));
        let citation = &parsed.drafts[0].citation;
        assert_eq!(citation.title, "Ketamine in CRPS at 10⁵");
        assert_eq!(citation.authors.iter().map(ToString::to_string).collect::<Vec<_>>(), ["van Hilten, Jacobus J", "Pain Group"]);
        assert_eq!((citation.year, citation.date.as_deref(), citation.end_page.as_deref()), (Some(2009), Some("2009 Oct"), Some("311")));
        assert_eq!(citation.abstract_text.as_deref(), Some("BACKGROUND: One < two.\nMETHODS: Two."));
        assert_eq!(
            (citation.keywords.as_slice(), citation.registry_ids.as_slice()),
            (&["Ketamine/*therapeutic use".to_owned()][..], &["NCT00579085".to_owned()][..])
        );
        assert_eq!((citation.pmcid.as_deref(), citation.kind), (Some("PMC7758557"), PublicationKind::JournalArticle));
        assert!(citation.extra.contains(&("PT".to_owned(), "Randomized Controlled Trial".to_owned())));
    }

    #[test]
    fn a_book_stands_alone_and_a_part_of_one_is_a_chapter() {
        let book = "<PubmedBookArticle><BookDocument><PMID>21413195</PMID><Book><BookTitle>Guideline</BookTitle><PubDate><Year>2009</Year></PubDate>\
                    <AuthorList Type=\"authors\"><Author><CollectiveName>Centre</CollectiveName></Author></AuthorList></Book></BookDocument></PubmedBookArticle>";
        let whole = &read_text(book).drafts[0].citation;
        assert_eq!((whole.title.as_str(), whole.kind, whole.authors.len()), ("Guideline", PublicationKind::Book, 1));
        let part = &read_text(&book.replace("<Book>", "<ArticleTitle>Part</ArticleTitle><Book>")).drafts[0].citation;
        assert_eq!((part.title.as_str(), part.kind, part.journal.as_deref()), ("Part", PublicationKind::BookChapter, Some("Guideline")));
    }

    #[test]
    fn an_article_that_is_cut_off_is_read_as_far_as_it_goes() {
        let parsed = read_text(
            "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation></PubmedArticle><PubmedArticle><MedlineCitation><PMID>2</PMID><Article><ArticleTitle>Two",
        );
        assert_eq!((parsed.drafts.len(), parsed.drafts[1].citation.title.as_str()), (2, "Two"));
        assert!(parsed.diagnostics.iter().any(|d| d.message.contains("cut off")));
    }
}
