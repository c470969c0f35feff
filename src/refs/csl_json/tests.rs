//! Tests of the CSL-JSON reader and writer.

use proptest::prelude::*;

use super::*;
use crate::refs::arbitrary::citation;
use crate::refs::{Format, ParseOptions, Parsed, parse};

fn read_text(text: &str) -> Parsed {
    let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("JSON is recognised");
    assert_eq!(parsed.format, Format::CslJson);
    parsed
}

#[test]
fn an_item_as_zotero_writes_it() {
    let parsed = read_text(
        "[\n\t{\n\t\t\"id\": \"http://zotero.org/1\",\n\t\t\"type\": \"article-journal\",\n\t\t\"title\": \"Ketamine <i>in vivo</i>.\",\n\t\t\"container-title\": \"Pain\",\n\
         \t\t\"page\": \"304-11\",\n\t\t\"volume\": 145,\n\t\t\"DOI\": \"10.1016/j.pain.2009.06.023\",\n\t\t\"ISSN\": \"0304-3959, 1872-6623\",\n\
         \t\t\"note\": \"PMID: 19604642\",\n\t\t\"keyword\": \"a, b\",\n\t\t\"author\": [{\"family\": \"Hilten\", \"non-dropping-particle\": \"van\", \"given\": \"J.\"}, {\"literal\": \"Pain Group\"}],\n\
         \t\t\"issued\": {\"date-parts\": [[\"2009\", 10, 1]]},\n\t\t\"collection-title\": \"Series\"\n\t}\n]\n",
    );
    let citation = &parsed.drafts[0].citation;
    assert_eq!(
        (citation.title.as_str(), citation.volume.as_deref(), citation.end_page.as_deref()),
        ("Ketamine in vivo", Some("145"), Some("311"))
    );
    assert_eq!(citation.authors.iter().map(ToString::to_string).collect::<Vec<_>>(), ["van Hilten, J.", "Pain Group"]);
    assert_eq!(
        (citation.year, citation.date.as_deref(), citation.issn.len(), citation.keywords.len()),
        (Some(2009), Some("2009-10-01"), 2, 2)
    );
    assert_eq!(citation.pmid.as_ref().expect("pmid").as_str(), "19604642");
    assert!(citation.extra.contains(&("collection-title".to_owned(), "Series".to_owned())));
    assert_eq!(parsed.drafts[0].line, 2);
}

#[test]
fn lists_of_references_with_plain_names_are_read() {
    let parsed = read_text(
        "{\"references\":[{\"title\":\"A\",\"journal\":\"J\",\"authors\":[\"Shahtalebi, M. A.\",\"B, C\"],\"year\":2018,\"isbn\":\"2277-9175 (Print)\\r2277-9175\",\"x\":{\"y\":1}},{\"z\":1}]}",
    );
    assert_eq!((parsed.found, parsed.drafts.len(), parsed.not_understood), (1, 1, 1));
    let citation = &parsed.drafts[0].citation;
    assert_eq!((citation.authors.len(), citation.year, citation.journal.as_deref(), citation.issn.len()), (2, Some(2018), Some("J"), 2));
    assert_eq!(citation.extra, [("x".to_owned(), "{\"y\":1}".to_owned())]);
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same_citations(citations in prop::collection::vec(citation(&["collection-title", "edition", "event-place"]), 1..4)) {
        let mut written = Vec::new();
        write_csl_json(&mut written, &citations).expect("memory");
        let parsed = parse(&written, &ParseOptions::default()).expect("JSON");
        let sorted = |mut citation: Citation| {
            citation.extra.sort();
            citation
        };
        let read: Vec<Citation> = parsed.drafts.into_iter().map(|draft| sorted(draft.citation)).collect();
        let citations: Vec<Citation> = citations.into_iter().map(sorted).collect();
        prop_assert_eq!(read, citations, "{}", String::from_utf8_lossy(&written));
        prop_assert_eq!(parsed.diagnostics, vec![]);
    }

    #[test]
    fn no_input_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", "\"title\":", "\"author\":", "\"issued\":{\"date-parts\":[[", "\"protocolSection\":", "\"a\"", ":", ",", "\"", "\\", "\n", "é", "1", "null", "\"custom\":",
        "\"items\":[", "\"given\":\"é\"", "true",
    ]), 0..60)) {
        let text = parts.concat();
        for format in [Format::CslJson, Format::CtgovJson] {
            if let Ok(parsed) = parse(text.as_bytes(), &ParseOptions { format: Some(format), encoding: None, ..ParseOptions::default() }) {
                prop_assert!(parsed.drafts.len() <= parsed.found);
            }
        }
    }
}
