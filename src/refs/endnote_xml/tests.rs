//! Tests of the EndNote XML reader and writer.

use proptest::prelude::*;

use super::*;
use crate::refs::arbitrary::citation;
use crate::refs::{Format, ParseOptions, Parsed, parse};

fn read_text(text: &str) -> Parsed {
    let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("EndNote XML is recognised");
    assert_eq!(parsed.format, Format::EndnoteXml);
    parsed
}

#[test]
fn fields_are_joined_from_their_runs_and_paths_are_not_kept() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?><xml><records><record><database name=\"My.enl\" path=\"C:\\Users\\jane\\My.enl\">My.enl</database>\
                <source-app name=\"EndNote\" version=\"20.2\">EndNote</source-app><rec-number>895</rec-number><ref-type name=\"Journal Article\">17</ref-type>\
                <contributors><authors><author><style face=\"normal\">Shahtalebi, M. A.</style></author><author><style face=\"normal\">Study Group,</style></author></authors>\
                <secondary-authors><author>Editor, E</author></secondary-authors></contributors>\
                <titles><title><style face=\"normal\">Gel of </style><style face=\"italic\">A. majus</style><style face=\"normal\"> 10</style><style face=\"superscript\">5</style></title>\
                <secondary-title>Adv Biomed Res</secondary-title><alt-title>Adv Biomed Res</alt-title></titles><periodical><full-title>Adv Biomed Res</full-title></periodical>\
                <pages>304-11</pages><volume>7</volume><number>2</number><keywords><keyword>Acne</keyword><keyword>blue light</keyword></keywords>\
                <dates><year>2018</year><pub-dates><date>Mar 27</date></pub-dates></dates><isbn>2277-9175 (Print)&#xD;2277-9175</isbn><accession-num>29657938</accession-num>\
                <abstract>One.&#xD;Two.</abstract><urls><related-urls><url>https://e.org/x</url></related-urls><pdf-urls><url>internal-pdf://a.pdf</url></pdf-urls></urls>\
                <custom2>PMC5887686</custom2><electronic-resource-num>10.4103/abr.abr_99_17</electronic-resource-num><remote-database-provider>NLM</remote-database-provider>\
                <label>x</label></record></records></xml>";
    for text in [text.to_owned(), text.replace('>', ">\n  ").replace('<', "\n  <")] {
        let parsed = read_text(&text);
        assert_eq!(parsed.diagnostics, []);
        let citation = &parsed.drafts[0].citation;
        assert_eq!(citation.title.replace(' ', ""), "GelofA.majus10⁵".replace('⁵', if text.contains('\n') { "5" } else { "⁵" }));
        assert_eq!(citation.authors.iter().map(ToString::to_string).collect::<Vec<_>>(), ["Shahtalebi, M. A.", "Study Group"]);
        assert_eq!(
            (citation.journal.as_deref(), citation.end_page.as_deref(), citation.year),
            (Some("Adv Biomed Res"), Some("311"), Some(2018))
        );
        assert_eq!((citation.issn.len(), citation.keywords.len(), citation.date.as_deref()), (2, 2, Some("Mar 27")));
        assert_eq!((citation.pmid.as_ref().expect("pmid").as_str(), citation.pmcid.as_deref()), ("29657938", Some("PMC5887686")));
        assert_eq!(citation.abstract_text.as_deref(), Some("One.\nTwo."));
        assert!(!format!("{citation:?}").contains("jane"));
        for kept in [("secondary-author", "Editor, E"), ("label", "x"), ("pdf-urls", "internal-pdf://a.pdf")] {
            assert!(citation.extra.contains(&(kept.0.to_owned(), kept.1.to_owned())), "{kept:?}");
        }
    }
}

#[test]
fn fifty_thousand_records_on_one_line_are_read_in_linear_time() {
    let record = "<record><titles><title>A</title></titles><ref-type>17</ref-type></record>";
    assert_eq!(read_text(&format!("<xml><records>{}</records></xml>", record.repeat(50_000))).drafts.len(), 50_000);
}

#[test]
fn identifiers_that_stand_in_two_fields_are_kept_once_and_other_ones_beside_them() {
    let text = "<xml><records><record><titles><title>A</title></titles><notes>Trial NCT01158170</notes><custom2>PMC123456</custom2>\
                <custom2>PMC123456</custom2><custom6>NCT01158170</custom6><custom7>PMID: 19604642</custom7><custom7>PMID: 19604643</custom7>\
                </record></records></xml>";
    let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("EndNote XML");
    let citation = &parsed.drafts[0].citation;
    assert_eq!((citation.registry_ids.as_slice(), citation.pmcid.as_deref()), (&["NCT01158170".to_owned()][..], Some("PMC123456")));
    assert_eq!(citation.pmid.as_ref().map(|pmid| pmid.as_str()), Some("19604642"));
    assert_eq!(citation.extra, [("custom7".to_owned(), "PMID: 19604643".to_owned())]);
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same_citations(citations in prop::collection::vec(citation(&["label", "custom1", "edition", "secondary-author", "short-title"]), 1..4)) {
        let mut written = Vec::new();
        write_endnote_xml(&mut written, &citations).expect("memory");
        let parsed = parse(&written, &ParseOptions::default()).expect("EndNote XML");
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
        "<record>", "</record>", "<titles>", "<title>", "</title>", "</titles>", "<ref-type name='", "'>", "é", "&#xD;", "&", "<style face=\"superscript\">", "</style>",
        "<custom1>", "PMC1", "<urls>", "<url>", "<!--", "-->", "<![CDATA[", "]]>", "<", ">", "<dates>", "<year>", "2009", "<Trial>", "<TrialID>", "<PubmedArticle>",
    ]), 0..60)) {
        let text = parts.concat();
        for format in [Format::EndnoteXml, Format::PubmedXml, Format::Ictrp] {
            if let Ok(parsed) = parse(text.as_bytes(), &ParseOptions { format: Some(format), encoding: None, ..ParseOptions::default() }) {
                prop_assert!(parsed.drafts.len() <= parsed.found);
            }
        }
    }
}
