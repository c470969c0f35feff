//! Tests of the RIS reader and writer: one for each habit of a database or reference manager, and the laws.

use proptest::prelude::*;

use super::*;
use crate::domain::diagnostic::Severity;
use crate::domain::record::{Citation, PublicationKind};
use crate::refs::arbitrary::citation;
use crate::refs::{ParseOptions, Parsed, RefsError, parse, parse_with_progress};

fn read_text(text: &str) -> Parsed {
    parse(text.as_bytes(), &ParseOptions::default()).expect("RIS is recognised")
}

fn only(text: &str) -> Citation {
    let parsed = read_text(text);
    assert_eq!(parsed.drafts.len(), 1, "{:?}", parsed.diagnostics);
    parsed.drafts[0].citation.clone()
}

fn record(fields: &str) -> Citation {
    only(&format!("TY  - JOUR\n{fields}\nER  - \n"))
}

fn names(citation: &Citation) -> Vec<String> {
    citation.authors.iter().map(ToString::to_string).collect()
}

#[test]
fn a_record_as_pubmed_and_embase_write_it() {
    let citation = record(
        "T1  - Ketamine produces long-term pain relief.\nA1  - Sigtermans, M.J.\nA1  - van Hilten, J.J.\nY1  - 2009///\nJF  - Pain\n\
         VL  - 145\nIS  - 3\nSP  - 304\nEP  - 11\nDO  - https://doi.org/10.1016/J.PAIN.2009.06.023\nSN  - 0304-3959; 1872-6623",
    );
    assert_eq!(citation.title, "Ketamine produces long-term pain relief");
    assert_eq!(names(&citation), ["Sigtermans, M.J.", "van Hilten, J.J."]);
    assert_eq!((citation.year, citation.date.as_deref()), (Some(2009), None));
    assert_eq!(citation.journal.as_deref(), Some("Pain"));
    assert_eq!((citation.start_page.as_deref(), citation.end_page.as_deref()), (Some("304"), Some("311")));
    assert_eq!(citation.doi.expect("doi").as_str(), "10.1016/j.pain.2009.06.023");
    assert_eq!(citation.issn, ["0304-3959", "1872-6623"]);
    assert_eq!(citation.kind, PublicationKind::JournalArticle);
    assert!(citation.extra.is_empty());
}

#[test]
fn central_has_headers_between_records_two_spaces_and_ids_in_c3() {
    let parsed = read_text(
        "Record #3 of 18\nProvider: John Wiley & Sons, Ltd.\nContent: text/plain; charset=\"UTF-8\"\n\nTY  -  JOUR\nAN  -  CN-00778158\n\
         AU  -  Bywater, T\nTI  -  A programme\nJA  -  Trials\nPY  -  2011\nSP  -  1279‐97\nC3  -  PUBMED 21314913,EMBASE 63\nM3  -  Journal article\n\
         DOI -  x\nER  -  \n\n\nRecord #4 of 18\nProvider: x\n\nTY  -  JOUR\nAN  -  CN-1\nTI  -  Two\nC3  -  PUBMED 1234567\nER  -  \n",
    );
    assert_eq!((parsed.found, parsed.drafts.len(), parsed.not_understood), (2, 2, 0));
    let citation = &parsed.drafts[0].citation;
    assert_eq!(citation.pmid.as_ref().expect("pmid").as_str(), "21314913");
    assert_eq!((citation.journal.as_deref(), citation.accession.as_deref()), (Some("Trials"), Some("CN-00778158")));
    assert_eq!(citation.end_page.as_deref(), Some("1297"));
    assert!(citation.extra.contains(&("C3".to_owned(), "PUBMED 21314913,EMBASE 63".to_owned())), "the Embase number is not lost");
    assert!(!parsed.drafts[1].citation.extra.iter().any(|(tag, _)| tag == "C3"));
    assert_eq!(parsed.drafts[0].line, 5);
}

#[test]
fn a_registry_record_of_central_is_known_as_one() {
    let citation = record(
        "TI  - A trial\nM3  - Trial registry record\nAN  - CN-01\nUR  - https://clinicaltrials.gov/show/NCT00579085\nID  - NCT00579085",
    );
    assert_eq!(citation.kind, PublicationKind::RegistryEntry);
    assert_eq!(citation.registry_ids, ["NCT00579085"]);
}

#[test]
fn ovid_numbers_records_and_writes_tags_and_prose_after_their_end() {
    let parsed = read_text(
        "1. \nTY  - JOUR\nID  - 2019-65183-001\nDO  - http://dx.doi.org/10.1002/cpp.2398\nT1  - One.\nA1  - Trindade, Ines A\nY1  - 2019//\n\
         SP  - No\nEP  - Specified\nER  -  \nNL  - Clin Psychol\nC1  - Database: x. Search Strategy: 1 exp pain/\n\n \n\
         Link to the Ovid Full Text or citation: http://x\n\n2.\nTY  - JOUR\nT1  - Two\nER  -\n",
    );
    assert_eq!((parsed.found, parsed.drafts.len(), parsed.not_understood), (2, 2, 2));
    let citation = &parsed.drafts[0].citation;
    assert_eq!(citation.start_page, None);
    assert_eq!(citation.accession.as_deref(), Some("2019-65183-001"));
    assert_eq!(parsed.drafts[1].citation.title, "Two");
    assert_eq!(parsed.diagnostics.iter().filter(|d| d.field.as_deref() == Some("NL") && d.line == 11).count(), 1);
}

#[test]
fn ovid_medline_gives_the_pmid_as_id() {
    let citation = record("TI  - A\nDB  - Ovid MEDLINE(R) <1946 to June 2024>\nID  - 19604642");
    assert_eq!(citation.pmid.expect("pmid").as_str(), "19604642");
    let other = record("TI  - A\nDB  - ERIC\nID  - 19604642");
    assert_eq!((other.pmid, other.accession.as_deref()), (None, Some("19604642")));
}

#[test]
fn embase_gives_the_pmid_in_c5_and_its_own_number_in_u2() {
    let citation = record(
        "TI  - A\nU2  - L2029880245\nC5  - 38773066\nDB  - Embase\nDB  - Medline\nJF  - Nature Communications\nJO  - Nat. Commun.\n\
         L2  - http://dx.doi.org/10.1038/s41467-024-48400-3\nM1  - (Yang Z.) School",
    );
    assert_eq!(citation.pmid.expect("pmid").as_str(), "38773066");
    assert_eq!(citation.accession.as_deref(), Some("L2029880245"));
    assert_eq!(citation.journal_abbreviation.as_deref(), Some("Nat. Commun."));
    assert_eq!(citation.doi.expect("doi").as_str(), "10.1038/s41467-024-48400-3");
    assert!(citation.extra.contains(&("M1".to_owned(), "(Yang Z.) School".to_owned())));
}

#[test]
fn web_of_science_begins_paragraphs_with_three_spaces() {
    let citation = record(
        "TI  - A title\n   of two lines\nAB  - Background: a.\n   methods: b.\nT2  - PLOS ONE\nJ9  - PLOS ONE\nJI  - PLoS One\nDA  - SEP 22\nPY  - 2010\nC7  - e12292\nAN  - WOS:000282053100002",
    );
    assert_eq!(citation.title, "A title of two lines");
    assert_eq!(citation.abstract_text.as_deref(), Some("Background: a.\nmethods: b."));
    assert_eq!((citation.year, citation.date.as_deref()), (Some(2010), Some("SEP 22")));
    assert_eq!((citation.start_page.as_deref(), citation.end_page), (Some("e12292"), None));
    assert_eq!(citation.accession.as_deref(), Some("WOS:000282053100002"));
}

#[test]
fn scopus_gives_the_pmid_in_c2_and_the_article_number_in_c7() {
    let citation = record(
        "TI  - A\nC2  - 38580657\nC7  - 2864\nSN  - 20411723 (ISSN)\nJ2  - Nat. Commun.\nUR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-85&doi=10.1038%2fs41467-024-46843-2&partnerID=40",
    );
    assert_eq!(citation.pmid.expect("pmid").as_str(), "38580657");
    assert_eq!(citation.start_page.as_deref(), Some("2864"));
    assert_eq!(citation.doi.expect("doi").as_str(), "10.1038/s41467-024-46843-2");
    assert_eq!((citation.journal, citation.journal_abbreviation.as_deref()), (None, Some("Nat. Commun.")));
}

#[test]
fn ebsco_has_the_doi_in_l3_and_the_abstract_twice() {
    let citation = record(
        "T1  - A.\nL3  - 10.1371/journal.pone.0298242\nAB  - One.\nAB  - Copyright of PLoS ONE.\nN1  - Accession Number: 176404503; Email: x\nJO  - PLoS ONE\nJF  - PLoS ONE",
    );
    assert_eq!(citation.doi.expect("doi").as_str(), "10.1371/journal.pone.0298242");
    assert_eq!(citation.abstract_text.as_deref(), Some("One.\nCopyright of PLoS ONE."));
    assert_eq!(citation.accession.as_deref(), Some("176404503"));
    assert_eq!((citation.journal.as_deref(), citation.journal_abbreviation), (Some("PLoS ONE"), None));
    assert!(citation.extra.is_empty());
}

#[test]
fn titles_of_every_kind_lose_the_full_stop_that_databases_put_behind_them() {
    for tag in ["OP", "TT"] {
        let citation = record(&format!("TI  - A.\n{tag}  - Ein Titel.\n{tag}  - Ein Titel"));
        assert_eq!((citation.original_title.as_deref(), citation.extra.len()), (Some("Ein Titel"), 0), "{tag}");
    }
    let chapter = only("TY  - CHAP\nTI  - Pain.\nT1  - Pain\nBT  - Ketamine Revisited.\nER  - \n");
    assert_eq!((chapter.title.as_str(), chapter.journal.as_deref()), ("Pain", Some("Ketamine Revisited")));
    assert_eq!(chapter.extra, []);
}

#[test]
fn endnote_continues_lists_without_a_tag() {
    let citation = record(
        "AN  - 29657938\nC2  - PMC5887696\nDP  - NLM\nKW  - Antirrhinum majus\nblue light\nSN  - 2277-9175 (Print)\n2277-9175\nN1  - One\nTwo\nTI  - A\nOP  - Ein Titel\nID  - 895",
    );
    assert_eq!(citation.keywords, ["Antirrhinum majus", "blue light"].map(str::to_owned));
    assert_eq!(citation.issn, ["2277-9175 (Print)", "2277-9175"]);
    assert_eq!((citation.pmid.expect("pmid").as_str(), citation.pmcid.as_deref()), ("29657938", Some("PMC5887696")));
    assert_eq!(citation.original_title.as_deref(), Some("Ein Titel"));
    assert_eq!(citation.notes.len(), 2);
}

#[test]
fn rayyan_writes_two_tags_on_one_line() {
    let citation = record(
        "TI  - A\nUR  - https://www.embase.com/x     U2  - L2029880245\nDO  - 10.1038/s41467-024-48400-3     LK  - https://x.org/y\nN1  - RAYYAN-INCLUSION: {\"Emily\"=>\"Included\"}",
    );
    assert_eq!(citation.urls, ["https://www.embase.com/x", "https://x.org/y"]);
    assert_eq!(citation.accession.as_deref(), Some("L2029880245"));
    assert_eq!(citation.notes, ["RAYYAN-INCLUSION: {\"Emily\"=>\"Included\"}"]);
}

#[test]
fn covidence_leaves_empty_tags_and_proquest_repeats_them() {
    let citation = record(
        "TI  - A\nPD  - \nEP  - \nSP  - \nPG  - 14316\nN1  - \nVL  -\nN1  - Date revised - 2019\nN1  - Last updated\nAN  - 2214991469; 51887\nSN  - 0894-9867, 0894-9867",
    );
    assert_eq!((citation.start_page.as_deref(), citation.volume), (Some("14316"), None));
    assert_eq!(citation.notes.len(), 2);
    assert_eq!(citation.accession.as_deref(), Some("2214991469; 51887"));
    assert!(citation.extra.is_empty(), "{:?}", citation.extra);
}

#[test]
fn links_to_pubmed_give_the_pmid() {
    let citation = record("TI  - A\nL2  - https://www.ncbi.nlm.nih.gov/pubmed/32424665\nUR  - https://x.org/a https://x.org/b");
    assert_eq!(citation.pmid.expect("pmid").as_str(), "32424665");
    assert_eq!(citation.urls.len(), 3);
}

#[test]
fn editors_are_not_mixed_with_authors() {
    let citation = record("TI  - A\nA1  - First, A\nAU  - Second, B\nA1  - Second, B\nA2  - Editor, C\nED  - Editor, D");
    assert_eq!(names(&citation), ["Second, B", "First, A"]);
    assert_eq!(citation.extra, [("A2".to_owned(), "Editor, C".to_owned()), ("ED".to_owned(), "Editor, D".to_owned())]);
}

#[test]
fn a_chapter_has_its_book_as_container() {
    let citation = only("TY  - CHAP\nTI  - Ketamine for Chronic Pain\nBT  - Ketamine Revisited\nER  - \n");
    assert_eq!((citation.kind, citation.journal.as_deref()), (PublicationKind::BookChapter, Some("Ketamine Revisited")));
    let book = only("TY  - BOOK\nBT  - Ketamine Revisited\nER  - \n");
    assert_eq!((book.kind, book.title.as_str()), (PublicationKind::Book, "Ketamine Revisited"));
}

#[test]
fn an_unknown_kind_and_unknown_tags_are_kept() {
    let citation = only("TY  - MUSIC\nTI  - A\nZZ  - what\nJP  - CRISPR\nER  - \n");
    assert_eq!(citation.kind, PublicationKind::Other);
    for (tag, value) in [("TY", "MUSIC"), ("ZZ", "what"), ("JP", "CRISPR")] {
        assert!(citation.extra.contains(&(tag.to_owned(), value.to_owned())));
    }
}

#[test]
fn spacing_around_the_hyphen_may_be_wrong() {
    for text in [
        "TY  -JOUR\nTI  -A\nER  -",
        "TY - JOUR\nTI - A\nER -",
        "TY-\nTI- A\nER-",
        " TY  - JOUR\n TI  - A\n ER  - ",
        "TY  – JOUR\nTI  – A\nER  – ",
    ] {
        assert_eq!(only(text).title, "A", "{text}");
    }
}

#[test]
fn words_that_look_like_tags_are_no_tags() {
    assert_eq!(split_tag("ER then second line"), None);
    assert_eq!(split_tag("IL-6 was raised"), None);
    assert_eq!(split_tag("TI-84 calculators"), None);
    assert_eq!(split_tag("   AB  - indented like a paragraph"), None);
    assert_eq!(split_tag("TY"), None);
    assert_eq!(split_tag("é"), None);
    let citation = record("TI  - A\nAB  - first line,\nER then second line\nIL-6 was raised");
    assert_eq!(citation.abstract_text.as_deref(), Some("first line,\nER then second line\nIL-6 was raised"));
    let wrapped = record("TI  - A\nN2  - first line,\n      then the second\nand the third");
    assert_eq!(wrapped.abstract_text.as_deref(), Some("first line, then the second and the third"));
}

#[test]
fn a_bare_er_ends_a_record_only_where_one_can_end() {
    let parsed = read_text("TY  - JOUR\nTI  - One\nER\n\nTY  - JOUR\nTI  - Two\nAB  - the\nER\nreceptor\nER\n");
    assert_eq!(parsed.drafts.len(), 2);
    assert_eq!(parsed.drafts[1].citation.abstract_text.as_deref(), Some("the\nER receptor"));
}

#[test]
fn a_missing_er_or_ty_costs_no_record() {
    let parsed =
        read_text("TY  - JOUR\nTI  - One\n\nTY  - JOUR\nTI  - Two\nER  - \n\nTI  - Three\nAU  - A, B\nER  - \nTY  - JOUR\nTI  - Four\n");
    let titles: Vec<_> = parsed.drafts.iter().map(|draft| draft.citation.title.as_str()).collect();
    assert_eq!(titles, ["One", "Two", "Three", "Four"]);
    let remarks: Vec<_> = parsed.diagnostics.iter().map(|d| (d.line, d.field.as_deref(), d.severity)).collect();
    assert_eq!(remarks, [(1, Some("ER"), Severity::Note), (8, Some("TY"), Severity::Warning), (11, Some("ER"), Severity::Warning)]);
}

#[test]
fn a_damaged_record_costs_itself_at_most() {
    let parsed = read_text(
        "TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Tw\u{0}\u{1b}[2Jo\n%%%% garbage\nPY  - x\nER  - \nTY  - JOUR\nTI  - Three\nER  - \n",
    );
    assert_eq!(parsed.drafts.len(), 3);
    assert_eq!(parsed.drafts[1].citation.title, "Two %%%% garbage");
    assert!(parsed.diagnostics.iter().all(|d| (4..=8).contains(&d.line)), "{:?}", parsed.diagnostics);
    assert!(!parsed.diagnostics.is_empty());
}

#[test]
fn an_empty_record_is_counted_and_left_out() {
    let parsed = read_text("TY  - JOUR\nTI  - \nER  - \nTY  - JOUR\nTI  - A\nER  - \n");
    assert_eq!((parsed.found, parsed.drafts.len()), (2, 1));
    assert_eq!(parsed.diagnostics[0].line, 1);
}

#[test]
fn what_cannot_be_read_is_kept_and_said() {
    let parsed = read_text("TY  - JOUR\nTI  - A\nPY  - 10 15\nDO  - not a doi\nER  - \n");
    let citation = &parsed.drafts[0].citation;
    assert_eq!((citation.year, &citation.doi), (None, &None));
    assert!(
        citation.extra.contains(&("PY".to_owned(), "10 15".to_owned()))
            && citation.extra.contains(&("DO".to_owned(), "not a doi".to_owned()))
    );
    let remarks: Vec<_> = parsed.diagnostics.iter().map(|d| (d.line, d.field.as_deref())).collect();
    assert_eq!(remarks, [(3, Some("PY")), (4, Some("DO"))]);
}

#[test]
fn the_text_of_a_record_is_kept_as_it_stood() {
    let parsed = read_text("\n1.\nTY  - JOUR\r\nTI  - A  <b>x</b>\u{7}\r\nER  - \r\n\r\nprose\n");
    assert_eq!(parsed.drafts[0].raw, "TY  - JOUR\r\nTI  - A  <b>x</b>\u{7}\r\nER  - ");
    assert_eq!(parsed.drafts[0].citation.title, "A x");
}

#[test]
fn reading_can_be_stopped() {
    let text = "TY  - JOUR\nTI  - A\nER  - \n".repeat(20_000);
    let mut calls = Vec::new();
    let result = parse_with_progress(text.as_bytes(), &ParseOptions::default(), &mut |done, total| {
        calls.push((done, total));
        calls.len() < 3
    });
    assert_eq!(result, Err(RefsError::Cancelled));
    assert!(calls.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[1].1 == text.len()));
}

#[test]
fn a_title_of_four_thousand_characters_and_right_to_left_text_are_kept() {
    let long = "word ".repeat(800);
    assert_eq!(record(&format!("TI  - {long}")).title, long.trim());
    assert_eq!(record("TI  - درد مزمن \u{202e}abc").title, "درد مزمن abc");
}

#[test]
fn fifty_thousand_records_without_an_end_are_read_in_linear_time() {
    let text = "TY  - JOUR\nTI  - A\n\n\n\n1.\n".repeat(50_000);
    assert_eq!(read_text(&text).drafts.len(), 50_000);
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same_citations(citations in prop::collection::vec(citation(&["AD", "CY", "ET", "ST", "ZZ", "Y2"]), 1..4)) {
        let mut written = Vec::new();
        write_ris(&mut written, &citations).expect("memory");
        let parsed = parse(&written, &ParseOptions::default()).expect("RIS");
        let read: Vec<Citation> = parsed.drafts.into_iter().map(|draft| draft.citation).collect();
        prop_assert_eq!(read, citations, "{}", String::from_utf8_lossy(&written));
        prop_assert_eq!(parsed.diagnostics, vec![]);
    }

    #[test]
    fn no_input_panics_and_no_record_is_lost(parts in prop::collection::vec(prop::sample::select(vec![
        "TY  - JOUR", "TI  - A title", "ER  - ", "ER", "AU  - B, C", "12.", "Record #1 of 2", "   x", "", "AB  - é\u{0}", "PY  - 2009",
        "\u{feff}", "DO  - 10.1/x", "SP  - 1-", "N1  - doi:10.1000/é", "KW  -", "UR  - http://10.1000/a?b#c d", "M1  - é1", "C2  - PMCx", "prose é",
    ]), 0..40), ending in prop::sample::select(vec!["\n", "\r\n", "\r"])) {
        let text = parts.join(ending);
        let types = parts.iter().filter(|part| part.starts_with("TY")).count();
        if let Ok(parsed) = parse(text.as_bytes(), &ParseOptions { format: Some(crate::refs::Format::Ris), encoding: None, ..ParseOptions::default() }) {
            prop_assert!(parsed.found >= types && parsed.drafts.len() <= parsed.found);
            let without_marks = text.replace('\u{feff}', "");
            for draft in &parsed.drafts {
                prop_assert!(without_marks.contains(&draft.raw));
            }
        }
    }

    #[test]
    fn no_value_of_any_tag_panics_and_no_escape_is_left(fields in prop::collection::vec(("[A-Z][A-Z0-9]", "(\\PC|[\\x00-\\x1f\\u{80}-\\u{9f}]|10\\.1000/|pmid|PMC|NCT0|https?://|doi|[0-9]{1,4}|[-;, .]|<sup>|&#){0,8}"), 1..6)) {
        // A printed backslash would look like an escape below.
        let text = fields.iter().map(|(tag, value)| format!("{tag}  - {}\n", value.replace('\\', ""))).collect::<String>();
        for (head, format) in [("TY  - JOUR\nTI  - A\n", crate::refs::Format::Ris), ("PMID- 1\nTI  - A\n", crate::refs::Format::Nbib)] {
            let parsed = parse(format!("{head}{text}").as_bytes(), &ParseOptions { format: Some(format), encoding: None, ..ParseOptions::default() }).expect("a format");
            for draft in &parsed.drafts {
                // The debug form writes control characters as escapes.
                let shown = format!("{:?}{:?}", draft.citation, parsed.diagnostics);
                for escape in ["\\u{1b}", "\\u{9b}", "\\u{9d}", "\\u{202e}", "\\r", "\\0"] {
                    prop_assert!(!shown.contains(escape), "{}", shown);
                }
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in [None, Some(crate::refs::Format::Ris), Some(crate::refs::Format::Nbib)] {
            let _ = parse(&bytes, &ParseOptions { format, encoding: None, ..ParseOptions::default() });
        }
    }
}
