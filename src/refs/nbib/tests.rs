//! Tests of the PubMed reader and writer: one for each habit of the format and of those who imitate it, and the laws.

use proptest::prelude::*;

use super::*;
use crate::domain::record::{Citation, PublicationKind};
use crate::refs::arbitrary::citation;
use crate::refs::{Format, ParseOptions, Parsed, parse, write_ris};

fn read_text(text: &str) -> Parsed {
    parse(text.as_bytes(), &ParseOptions::default()).expect("nbib is recognised")
}

fn only(text: &str) -> Citation {
    let parsed = read_text(text);
    assert_eq!(parsed.drafts.len(), 1, "{:?}", parsed.diagnostics);
    parsed.drafts[0].citation.clone()
}

const RECORD: &str = "PMID- 19604642
OWN - NLM
STAT- MEDLINE
IS  - 1872-6623 (Electronic)
VI  - 145
IP  - 3
DP  - 2009 Oct
TI  - Ketamine produces effective and long-term pain relief in patients with Complex
      Regional Pain Syndrome Type 1.
PG  - 304-11
LID - S0304-3959(09)00361-X [pii]
LID - 10.1016/j.pain.2009.06.023 [doi]
AB  - BACKGROUND: One
      two.
FAU - Sigtermans, Marnix J
AU  - Sigtermans MJ
AD  - Department of Anesthesiology.
FAU - van Hilten, Jacobus J
AU  - van Hilten JJ
CN  - TREND Consortium
LA  - eng
SI  - ISRCTN/ISRCTN12345678
PT  - Journal Article
PT  - Randomized Controlled Trial
PL  - United States
TA  - Pain
JT  - Pain
MH  - Adult
MH  - *Analgesia
OT  - ketamine
PMC - PMC7758557
AID - 10.1016/j.pain.2009.06.023 [doi]
SO  - Pain. 2009 Oct;145(3):304-11.
";

#[test]
fn a_record_as_pubmed_writes_it() {
    let citation = only(RECORD);
    assert_eq!(
        citation.title,
        "Ketamine produces effective and long-term pain relief in patients with Complex Regional Pain Syndrome Type 1"
    );
    assert_eq!(
        citation.authors.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["Sigtermans, Marnix J", "van Hilten, Jacobus J", "TREND Consortium"]
    );
    assert_eq!((citation.year, citation.date.as_deref()), (Some(2009), Some("2009 Oct")));
    assert_eq!((citation.start_page.as_deref(), citation.end_page.as_deref()), (Some("304"), Some("311")));
    assert_eq!(citation.doi.expect("doi").as_str(), "10.1016/j.pain.2009.06.023");
    assert_eq!(citation.pmid.expect("pmid").as_str(), "19604642");
    assert_eq!(citation.pmcid.as_deref(), Some("PMC7758557"));
    assert_eq!(citation.abstract_text.as_deref(), Some("BACKGROUND: One two."));
    assert_eq!(citation.keywords, ["Adult", "*Analgesia", "ketamine"]);
    assert_eq!(citation.registry_ids, ["ISRCTN12345678"]);
    assert_eq!(citation.kind, PublicationKind::JournalArticle);
    for (tag, value) in
        [("PT", "Randomized Controlled Trial"), ("LID", "S0304-3959(09)00361-X [pii]"), ("AD", "Department of Anesthesiology.")]
    {
        assert!(citation.extra.contains(&(tag.to_owned(), value.to_owned())), "{tag}");
    }
}

#[test]
fn records_need_no_blank_line_between_them() {
    for text in [format!("{RECORD}{RECORD}"), format!("{RECORD}\n{RECORD}\n\n"), format!("\n\n{RECORD}\r\n\r\n{RECORD}")] {
        let parsed = read_text(&text);
        assert_eq!((parsed.found, parsed.drafts.len(), parsed.not_understood), (2, 2, 0));
        assert_eq!(parsed.drafts[0].citation, parsed.drafts[1].citation);
        assert_eq!(parsed.drafts[0].raw.trim_end(), RECORD.trim_end());
    }
}

#[test]
fn a_book_and_its_chapter_are_told_apart() {
    let book = only("PMID- 1\nOWN - NLM\nDP  - 2022\nBTI - Ketamine Revisited\nPB  - StatPearls\nPT  - Book\n");
    assert_eq!(
        (book.kind, book.title.as_str(), book.publisher.as_deref()),
        (PublicationKind::Book, "Ketamine Revisited", Some("StatPearls"))
    );
    let chapter = only("PMID- 1\nOWN - NLM\nTI  - Ketamine for Pain\nBTI - Ketamine Revisited\nFED - Editor, A\nED  - Editor A\n");
    assert_eq!((chapter.kind, chapter.journal.as_deref()), (PublicationKind::BookChapter, Some("Ketamine Revisited")));
    assert!(chapter.authors.is_empty() && chapter.extra.len() >= 2);
}

#[test]
fn an_article_number_stands_only_in_lid() {
    let citation = only("PMID- 1\nTI  - A\nLID - e12292 [pii]\nLID - 10.1371/journal.pone.0012292 [doi]\n");
    assert_eq!(citation.start_page.as_deref(), Some("e12292"));
    let with_pages = only("PMID- 1\nTI  - A\nPG  - 53\nLID - 54\n");
    assert_eq!(with_pages.start_page.as_deref(), Some("53"));
}

#[test]
fn short_names_count_only_where_full_names_are_missing() {
    let citation = only("PMID- 1\nTI  - A\nFAU - Gout, I\nAU  - Gout I\nAU  - Dhand R\nAU  - et al.\nFAU - Last, Only Full\nLA  - eng\n");
    assert_eq!(citation.authors.iter().map(ToString::to_string).collect::<Vec<_>>(), ["Gout, I", "Dhand, R", "Last, Only Full"]);
}

#[test]
fn exports_that_imitate_pubmed_begin_with_own() {
    let parsed = read_text(
        "OWN - ERIC\nTI  - One\nAU  - van Groen, Maaike M.\nISSN - EISSN-2375-5636\nOID - EJ1227990\nLID - http://eric.ed.gov/?id=EJ1227990\n\nOWN - ERIC\nTI  - Two\n",
    );
    assert_eq!(parsed.drafts.len(), 2);
    let citation = &parsed.drafts[0].citation;
    assert_eq!((citation.accession.as_deref(), citation.issn.as_slice()), (Some("EJ1227990"), &["EISSN-2375-5636".to_owned()][..]));
    assert_eq!(citation.urls, ["http://eric.ed.gov/?id=EJ1227990"]);
}

#[test]
fn prose_and_lost_first_lines_cost_no_record() {
    let parsed = read_text(
        "Saved from PubMed\n\nPMID- 1\nTI  - One\nDP  - x\n\nTI  - Two\nDP  - 2009\n\nPMID- 3\nTI  - Three\nunindented\n\nfooter\n",
    );
    let titles: Vec<_> = parsed.drafts.iter().map(|draft| draft.citation.title.as_str()).collect();
    assert_eq!(titles, ["One", "Two", "Three unindented"]);
    assert_eq!(parsed.not_understood, 2);
    let lines: Vec<_> = parsed.diagnostics.iter().map(|d| d.line).collect();
    assert_eq!(lines, [1, 5, 12, 14]);
}

#[test]
fn a_title_in_two_languages_is_kept_in_both() {
    let citation = only("PMID- 1\nTI  - [Therapy of acne with visible light].\nTT  - Aknetherapie mit sichtbarem Licht.\n");
    assert_eq!(citation.title, "[Therapy of acne with visible light]");
    assert_eq!(citation.original_title.as_deref(), Some("Aknetherapie mit sichtbarem Licht"));
}

#[test]
fn a_pubmed_record_written_as_ris_keeps_what_it_says() {
    let citation = only(RECORD);
    let mut written = Vec::new();
    write_ris(&mut written, [&citation]).expect("memory");
    let mut read = parse(&written, &ParseOptions::default()).expect("RIS").drafts.remove(0).citation;
    read.extra.clear();
    let expected = Citation { extra: Vec::new(), ..citation };
    assert_eq!(read, expected);
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same_citations(citations in prop::collection::vec(citation(&["AD", "STAT", "GR", "RN", "EDAT"]), 1..4)) {
        let mut written = Vec::new();
        write_nbib(&mut written, &citations).expect("memory");
        let parsed = parse(&written, &ParseOptions { format: Some(Format::Nbib), encoding: None, ..ParseOptions::default() }).expect("nbib");
        let read: Vec<Citation> = parsed.drafts.into_iter().map(|draft| draft.citation).collect();
        prop_assert_eq!(read, citations, "{}", String::from_utf8_lossy(&written));
        prop_assert_eq!(parsed.diagnostics, vec![]);
    }

    #[test]
    fn no_input_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "PMID- 1", "PMID- x", "OWN - NLM", "TI  - A title", "      more", "", "FAU - B, C", "AU  - B C", "AU  -", "PG  - 1-é", "LID - [doi]",
        "LID - 10.1000/é [doi]", "DP  - é", "prose é", "PMC - é", "BTI - x", "PT  - Book", "-----", "É   - x", "SI  - NCT",
    ]), 0..40), ending in prop::sample::select(vec!["\n", "\r\n", "\r"])) {
        let text = parts.join(ending);
        if let Ok(parsed) = parse(text.as_bytes(), &ParseOptions { format: Some(Format::Nbib), encoding: None, ..ParseOptions::default() }) {
            prop_assert_eq!(parsed.found, parsed.drafts.len());
            for draft in &parsed.drafts {
                prop_assert!(text.contains(&draft.raw));
            }
        }
    }
}
