//! Tests of the BibTeX reader and writer: one for each habit of an exporter, and the laws.

use proptest::prelude::*;

use super::*;
use crate::refs::arbitrary::citation;
use crate::refs::{Format, ParseOptions, Parsed, parse};

fn read_text(text: &str) -> Parsed {
    let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("BibTeX is recognised");
    assert_eq!(parsed.format, Format::Bibtex);
    parsed
}

fn only(text: &str) -> Citation {
    let parsed = read_text(text);
    assert_eq!(parsed.drafts.len(), 1, "{:?}", parsed.diagnostics);
    parsed.drafts[0].citation.clone()
}

#[test]
fn zotero_writes_months_without_quotes_and_braces_in_titles() {
    let citation = only(
        "\n@article{larsen_1999,\n\ttitle = {Microangiography in {Cocker} {Spaniel} dogs.},\n\tvolume = {12},\n\tissn = {0932-0814},\n\tlanguage = {English},\n\tnumber = {3},\n\
         \tjournal = {VET},\n\tauthor = {Larsen, LJ and Roush, J{\\\"u}rgen},\n\tmonth = aug,\n\tyear = {1999},\n\tkeywords = {blood supply, Cocker Spaniels},\n\tpages = {134--37},\n\tdoi = {10.21521/mw.6330},\n}\n",
    );
    assert_eq!(citation.title, "Microangiography in Cocker Spaniel dogs");
    assert_eq!(citation.authors[1].to_string(), "Roush, Jürgen");
    assert_eq!((citation.year, citation.date.as_deref(), citation.end_page.as_deref()), (Some(1999), Some("1999 Aug"), Some("137")));
    assert_eq!((citation.keywords.len(), citation.doi.is_some()), (2, true));
    assert_eq!(citation.extra, [("citekey".to_owned(), "larsen_1999".to_owned())]);
}

#[test]
fn scopus_writes_prose_before_entries_spaces_in_names_and_keys_twice() {
    let parsed = read_text(
        "Scopus\nEXPORT DATE: 4 June 2020 a@b.com\n\n@ARTICLE{Li2020,\nauthor={Li, W. and Dou, Z.},\ntitle={Soil fauna},\njournal={Ecosystem Health},\nyear={2020},\nart_number={1722034},\n\
         note={cited By 0},\nurl={https://www.scopus.com/x?eid=2&doi=10.1080%2f2096.2020&partnerID=40},\nauthor_keywords={Lake;  reed},\nfunding_details={A},\nfunding_details={B},\n\
         funding_text 1={Thanks},\nabbrev_source_title={Ecosyst. Health},\nsource={Scopus},\n}\n\n@ARTICLE{Li2020,\ntitle={Two},\n}\n",
    );
    assert_eq!((parsed.found, parsed.drafts.len(), parsed.diagnostics.len()), (2, 2, 0));
    let citation = &parsed.drafts[0].citation;
    assert_eq!(
        (citation.start_page.as_deref(), citation.keywords.as_slice()),
        (Some("1722034"), &["Lake".to_owned(), "reed".to_owned()][..])
    );
    assert_eq!(citation.doi.as_ref().expect("doi").as_str(), "10.1080/2096.2020");
    for kept in [("funding_details", "B"), ("funding_text_1", "Thanks"), ("source", "Scopus")] {
        assert!(citation.extra.contains(&(kept.0.to_owned(), kept.1.to_owned())), "{kept:?}");
    }
}

#[test]
fn entries_borrow_from_others() {
    let parsed = read_text(
        "@XData{name, publisher = {Macmillan}}\n@XData{both, xdata = {name,place}}\n@XData{place, location = {London}}\n\
         @Book{recursive, author= {Wemheuer, Moritz}, title= {Recursive}, subtitle={more}, date= {2016-04-03}, xdata= {both}}\n\
         @periodical{polecon, title={Journal of Political Economy}, date={2007-12}, volume={115}, editor={Uhlig, Harald}}\n\
         @article{arrgh, title={An-arrgh-chy}, author={Leeson, Peter T.}, crossref={polecon}}\n@misc{loop, title={L}, crossref={loop}}\n",
    );
    assert_eq!(parsed.drafts.len(), 4);
    let [book, _, article, _] = [0, 1, 2, 3].map(|at| parsed.drafts[at].citation.clone());
    assert_eq!((book.title.as_str(), book.publisher.as_deref(), book.year), ("Recursive: more", Some("Macmillan"), Some(2016)));
    assert_eq!(
        (article.journal.as_deref(), article.volume.as_deref(), article.year),
        (Some("Journal of Political Economy"), Some("115"), Some(2007))
    );
    assert_eq!(article.authors.len(), 1);
}

#[test]
fn addresses_are_not_latex() {
    let citation = only(
        "@misc{a, title={T}, url={https://e.org/~x/a--b\\_c?d=1\\&e=%20}, file={Test:E\\:\\\\some\\\\test.pdf:application/pdf}, doi={10.1000/a\\_b}}",
    );
    assert_eq!(citation.urls, ["https://e.org/~x/a--b_c?d=1&e=%20"]);
    assert_eq!(citation.doi.expect("doi").as_str(), "10.1000/a_b");
}

#[test]
fn an_entry_without_fields_is_counted_and_left_out() {
    let parsed = read_text("@article{a}\n@article{b, title={B}}\n");
    assert_eq!((parsed.found, parsed.drafts.len(), parsed.diagnostics[0].line), (2, 1, 1));
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same_citations(citations in prop::collection::vec(citation(&["editor", "address", "funding_text_1", "file-x"]), 1..4)) {
        let mut written = Vec::new();
        write_bibtex(&mut written, &citations).expect("memory");
        let parsed = parse(&written, &ParseOptions::default()).expect("BibTeX");
        let read: Vec<Citation> = parsed.drafts.into_iter().map(|draft| draft.citation).collect();
        prop_assert_eq!(read, citations, "{}", String::from_utf8_lossy(&written));
        prop_assert_eq!(parsed.diagnostics, vec![]);
    }

    #[test]
    fn no_input_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "@article{", "@comment{", "@string{", "@xdata(", "key,", "title", "=", "{", "}", "\"", "#", ",", "\n", "\\", "\\'", "\\\"", "$", "^", "_", "é", "ı", " and ", "author={",
        "~", "--", "%", "@", "crossref={", "jan", "family=", ")", "\r\n", "doi={10.1000/", "pages={1-",
    ]), 0..60)) {
        let text = parts.concat();
        if let Ok(parsed) = parse(text.as_bytes(), &ParseOptions { format: Some(Format::Bibtex), encoding: None, ..ParseOptions::default() }) {
            prop_assert!(parsed.drafts.len() <= parsed.found);
        }
    }
}
