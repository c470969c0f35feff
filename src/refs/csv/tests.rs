//! Tests of the table reader and writer: one for each habit of an exporter, and the laws.

use proptest::prelude::*;

use super::*;
use crate::domain::record::{Citation, PublicationKind};
use crate::refs::arbitrary::citation;
use crate::refs::{Format, ParseOptions, Parsed, parse};

fn read_text(text: &str) -> Parsed {
    parse(text.as_bytes(), &ParseOptions::default()).expect("a table is recognised")
}

fn only(text: &str) -> Citation {
    let parsed = read_text(text);
    assert_eq!(parsed.drafts.len(), 1, "{:?}", parsed.diagnostics);
    parsed.drafts[0].citation.clone()
}

fn names(citation: &Citation) -> Vec<String> {
    citation.authors.iter().map(ToString::to_string).collect()
}

#[test]
fn embase_puts_the_query_before_the_header_and_pages_in_the_source() {
    let text = "\"SEARCH QUERY\",\"'pain'/exp AND [2009]\"\n-------------------------------------\n\n\
                \"Title\",\"Author Names\",\"Source\",\"Publication Year\",\"Emtree Medical Index Terms\",\"Medline PMID\",\"PUI\",\"Copyright\"\n\
                \"Ketamine for pain.\",\"Sigtermans M.J., van Hilten J.J.\",\"Pain (2009) 145:3 (304-311). Date of Publication: 2009\",\"2009\",\
                \"pain (diagnosis, therapy), adult\",\"19604642\",\"L1\",\"Elsevier\"\n";
    for text in [text.to_owned(), text.replace(",\"", ";\"").replace("\n", ";;\r\n"), format!("\u{feff}{text}")] {
        let citation = only(&text);
        assert_eq!(citation.title, "Ketamine for pain");
        assert_eq!(names(&citation), ["Sigtermans, M.J.", "van Hilten, J.J."]);
        assert_eq!((citation.journal.as_deref(), citation.volume.as_deref()), (Some("Pain"), Some("145")));
        assert_eq!((citation.start_page.as_deref(), citation.end_page.as_deref()), (Some("304"), Some("311")));
        assert_eq!(citation.keywords, ["pain (diagnosis, therapy)", "adult"]);
        assert_eq!(citation.pmid.expect("pmid").as_str(), "19604642");
        assert!(citation.extra.contains(&("Copyright".to_owned(), "Elsevier".to_owned())));
    }
}

#[test]
fn embase_once_had_one_field_per_line() {
    let text = "\"TITLE\",\"One\"\n\"AUTHOR NAMES\",\"Smith J.\",\"Jones K.\"\n\"SOURCE\",\"Pain (2009) 1:2 (3-4)\"\n\"MEDLINE PMID\",\"1234567\"\n\
                \n\"TITLE\",\"Two\"\n\"AUTHOR NAMES\",\"Jones K.\"\n\"ABSTRACT\",\"x\"\n";
    let parsed = read_text(text);
    assert_eq!((parsed.found, parsed.drafts.len()), (2, 2));
    let citation = &parsed.drafts[0].citation;
    assert_eq!((citation.authors.len(), citation.volume.as_deref(), citation.year), (2, Some("1"), Some(2009)));
    assert_eq!(parsed.drafts[1].line, 6);
}

#[test]
fn scopus_has_article_numbers_and_its_own_source_column() {
    let citation = only(
        "Authors,Author full names,Title,Year,Source title,Art. No.,Page start,Page end,Link,Document Type,Source,EID\n\
         \"Wilson L.N.; Gardner J.D.\",\"Wilson, L (1)\",A title,2024,Nature,2864,,,https://www.scopus.com/x?doi=10.1038%2fs41467-1&a=b,Article,Scopus,2-s2.0-85\n",
    );
    assert_eq!((citation.journal.as_deref(), citation.start_page.as_deref()), (Some("Nature"), Some("2864")));
    assert_eq!(citation.doi.expect("doi").as_str(), "10.1038/s41467-1");
    assert_eq!(citation.accession.as_deref(), Some("2-s2.0-85"));
    assert!(citation.extra.contains(&("Source".to_owned(), "Scopus".to_owned())));
}

#[test]
fn central_has_the_journal_in_source_and_trial_numbers_in_columns() {
    let citation = only(
        "CENTRAL ID,Author(s),Title,Source,Year,Pages,PubMed ID,CTgov ID,Publication Type\n\
         \"CN-1\",\"Bywater, T; Hill, J\",\"A\",\"Trials\",\"2011\",\"1279‐97\",\"PUBMED 21314913\",\"NCT00579085\",\"Trial registry record\"\n",
    );
    assert_eq!((citation.journal.as_deref(), citation.end_page.as_deref()), (Some("Trials"), Some("1297")));
    assert_eq!((citation.registry_ids, citation.kind), (vec!["NCT00579085".to_owned()], PublicationKind::RegistryEntry));
}

#[test]
fn ebsco_writes_numbers_as_formulas() {
    let citation = only(
        "Article Title,Author,Journal Title,ISSN,Publication Date,First Page,Page Count\nA,\"B, C\",J,=\"19326203\",=\"4/3/2024\",\"1\",\"60\"\n",
    );
    assert_eq!((citation.issn, citation.year), (vec!["19326203".to_owned()], Some(2024)));
    assert_eq!(citation.date.as_deref(), Some("4/3/2024"));
}

#[test]
fn rayyan_glues_tags_and_keeps_decisions_in_notes() {
    let citation = only(
        "key,title,year,authors,url,notes,doi,pubmed_id,pmc_id\nr-1,A,2024,\"Yang, Z. and Xu, J.\",https://e.org/x     U2  - L2,\
         \"RAYYAN-INCLUSION: {\"\"E\"\"=>\"\"Included\"\"}\",10.1038/s1-2     LK  - http://x,,\n",
    );
    assert_eq!((names(&citation), citation.urls), (vec!["Yang, Z.".to_owned(), "Xu, J.".to_owned()], vec!["https://e.org/x".to_owned()]));
    assert_eq!(citation.doi.expect("doi").as_str(), "10.1038/s1-2");
    assert_eq!(citation.notes, ["RAYYAN-INCLUSION: {\"E\"=>\"Included\"}"]);
    assert!(citation.extra.contains(&("url".to_owned(), "U2 - L2".to_owned())));
}

#[test]
fn abstrackr_has_two_tables_of_different_width_in_one_file() {
    let parsed = read_text(
        "(internal) id,(source) id,pubmed id,title,authors,consensus\n1,7,0,One,\"Longrich, N.R.\n and Bardet, N.\n\",o\n\
         citations that are not yet labeled by anyone\n2,8,123,Two,\n",
    );
    assert_eq!((parsed.found, parsed.drafts.len(), parsed.not_understood), (2, 2, 1));
    assert_eq!(parsed.drafts[0].citation.authors.len(), 2);
    assert_eq!(parsed.drafts[0].citation.pmid, None);
    assert_eq!(parsed.drafts[1].citation.pmid.as_ref().expect("pmid").as_str(), "123");
}

#[test]
fn trial_registries_give_registry_entries() {
    let new =
        only("NCT Number,Study Title,Conditions,Start Date\r\nNCT03658772,A Study,\"Pain|Stage II, mild\",\"September 20, 2018\"\r\n");
    assert_eq!(
        (new.kind, new.registry_ids.as_slice(), new.year),
        (PublicationKind::RegistryEntry, &["NCT03658772".to_owned()][..], Some(2018))
    );
    let old =
        only("Rank\tNCT Number\tTitle\tStatus\tStart Date\tURL\n1\tNCT04333550\tA\tRecruiting\tApril 2020\thttps://ClinicalTrials.gov/x\n");
    assert_eq!((old.accession.as_deref(), old.date.as_deref()), (Some("NCT04333550"), Some("April 2020")));
    let who = only("TrialID,Public title,Date registration,web address\nACTRN12605000280695,A,12/05/2005,http://x.org\n");
    assert_eq!((who.registry_ids, who.year), (vec!["ACTRN12605000280695".to_owned()], Some(2005)));
}

#[test]
fn web_of_science_as_a_tab_delimited_table() {
    let citation = only(
        "PT\tAU\tAF\tTI\tSO\tDE\tPY\tVL\tBP\tEP\tAR\tDI\tPM\tUT\tZZ\nJ\tLi, W; Dou, Z\t\tSoil fauna\tECOSYSTEM HEALTH\tsoil; lake\t2020\t6\t\t\tUNSP 17\t10.1080/x1\t12345\tWOS:1\ty\n",
    );
    assert_eq!((names(&citation).len(), citation.keywords.len(), citation.start_page.as_deref()), (2, 2, Some("17")));
    assert_eq!((citation.pmid.expect("pmid").as_str(), citation.accession.as_deref()), ("12345", Some("WOS:1")));
    assert!(citation.extra.contains(&("ZZ".to_owned(), "y".to_owned())));
}

#[test]
fn lists_as_python_prints_them_and_unknown_columns_are_read() {
    let citation =
        only("title,abstract,first_authors,keywords,label_included\nA,x,\"['Marx, Karl', 'Lindgren, Astrid']\",\"['Pippi']\",1\n");
    assert_eq!(
        (names(&citation), citation.keywords.as_slice()),
        (vec!["Marx, Karl".to_owned(), "Lindgren, Astrid".to_owned()], &["Pippi".to_owned()][..])
    );
    assert_eq!(citation.extra, [("label_included".to_owned(), "1".to_owned())]);
}

#[test]
fn words_for_an_empty_cell_are_no_values() {
    let parsed = read_text("title,authors,pmid,doi,year\nA,NA,NA,nan,None\n");
    assert_eq!((parsed.drafts[0].citation.authors.len(), parsed.diagnostics.len()), (0, 0));
}

#[test]
fn a_damaged_row_costs_itself_at_most() {
    let parsed = read_text("\"title\",\"authors\",\"year\"\n\"One\",\"A, B\",\"2001\"\n\"Two,\"A, B\",2002\n\"Three\",\"A, B\",\"2003\"\n");
    assert_eq!(parsed.drafts.len(), 3);
    assert_eq!(parsed.drafts[2].citation.title, "Three");
    let unclosed = read_text("\"title\",\"authors\",\"year\"\n\"One\",\"A, B\",\"2001\"\n\"Two\",\"A, B\n\"Three\",\"A, B\",\"2003\"\n");
    assert_eq!((unclosed.drafts.len(), unclosed.diagnostics.len(), unclosed.diagnostics[0].line), (3, 2, 3));
}

#[test]
fn joined_tables_give_the_sum_of_their_rows() {
    let table = "title,authors,year\nOne,\"A, B\",2001\n";
    let other = "\u{feff}Title;Abstract;Journal;Year\nTwo;x;J;2002\n".replace(';', ",");
    let parsed = read_text(&format!("{table}{table}{other}"));
    assert_eq!(parsed.drafts.len(), 3);
    assert_eq!(parsed.drafts[2].citation.journal.as_deref(), Some("J"));
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same_citations(citations in prop::collection::vec(citation(&["AD", "Emtree: x", "=ZZ", "title"]), 1..4)) {
        let mut written = Vec::new();
        write_csv(&mut written, &citations).expect("memory");
        let parsed = parse(&written, &ParseOptions::default()).expect("a table");
        prop_assert_eq!(parsed.format, Format::Csv);
        let read: Vec<Citation> = parsed.drafts.into_iter().map(|draft| draft.citation).collect();
        prop_assert_eq!(read, citations, "{}", String::from_utf8_lossy(&written));
        prop_assert_eq!(parsed.diagnostics, vec![]);
    }

    #[test]
    fn no_input_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "title", "authors", "NCT Number", "SEARCH QUERY", "\"", "\"\"", ",", ";", "\t", "\n", "\r\n", "\r", "é", "=\"1\"", "['a', 'b']", "x", "TITLE", "(", ")",
        "Author Names", "Source", "Emtree Medical Index Terms", "Pain (2009) 1:2 (3-4)", "|", " and ", "\u{feff}", "10.1000/é", "2009",
    ]), 0..60)) {
        let text = parts.concat();
        if let Ok(parsed) = parse(text.as_bytes(), &ParseOptions { format: Some(Format::Csv), encoding: None, ..ParseOptions::default() }) {
            prop_assert!(parsed.drafts.len() <= parsed.found);
        }
    }
}

/// Reads one row under the columns of an exporter: names and cells in pairs.
fn row_of_exporter(delimiter: &str, pairs: &[(&str, &str)]) -> Citation {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |cells: Vec<String>| cells.join(delimiter) + "\n";
    let names = line(pairs.iter().map(|(name, _)| quoted(name)).collect());
    only(&(names + &line(pairs.iter().map(|(_, cell)| quoted(cell)).collect())))
}

#[test]
fn web_of_science_with_its_names_written_out() {
    let citation = row_of_exporter(
        "\t",
        &[
            ("Publication Type", "J"),
            ("Authors", "Li, W; Dou, Z"),
            ("Author Full Names", "Li, Wei; Dou, Zhen"),
            ("Article Title", "Soil fauna"),
            ("Source Title", "ECOSYSTEM HEALTH"),
            ("Document Type", "Article"),
            ("Author Keywords", "soil; lake"),
            ("Keywords Plus", "WATER"),
            ("Times Cited, WoS Core", "4"),
            ("Journal Abbreviation", "ECOSYST HEALTH"),
            ("Publication Date", "DEC 1"),
            ("Publication Year", "2020"),
            ("Volume", "6"),
            ("Start Page", "5"),
            ("End Page", "9"),
            ("DOI", "10.1080/x1"),
            ("DOI Link", "http://dx.doi.org/10.1080/x1"),
            ("Pubmed Id", "12345"),
            ("UT (Unique WOS ID)", "WOS:1"),
        ],
    );
    assert_eq!(names(&citation), ["Li, Wei", "Dou, Zhen"]);
    assert_eq!((citation.title.as_str(), citation.journal.as_deref(), citation.year), ("Soil fauna", Some("ECOSYSTEM HEALTH"), Some(2020)));
    assert_eq!((citation.keywords.len(), citation.journal_abbreviation.as_deref()), (3, Some("ECOSYST HEALTH")));
    assert_eq!((citation.end_page.as_deref(), citation.accession.as_deref()), (Some("9"), Some("WOS:1")));
    assert_eq!(citation.pmid.expect("pmid").as_str(), "12345");
    assert!(citation.extra.contains(&("Times Cited, WoS Core".to_owned(), "4".to_owned())));
    let without = row_of_exporter(
        "\t",
        &[("Article Title", "A"), ("Source Title", "J"), ("UT (Unique WOS ID)", "WOS:1"), ("Authors", "Li, W"), ("Author Full Names", "")],
    );
    assert_eq!(names(&without), ["Li, W"]);
}

#[test]
fn dimensions_has_a_line_before_the_header() {
    let text = "\"About the data: Exported on Nov 02, 2026. Criteria: 'ketamine'\"\n\
        Rank,Publication ID,DOI,PMID,PMCID,Title,Abstract,Source title,Anthology title,MeSH terms,Publication date,PubYear,Volume,Issue,Pagination,Open Access,\
        Publication Type,Authors,Authors (Raw Affiliation),Times cited,Source Linkout,Dimensions URL\n\
        500,pub.1,10.1000/x,19604642,PMC7758557,Ketamine,Text,Pain,,Pain; Adult,2009-10,2009,145,3,304-311,Closed,Article,\"Sigtermans, Marnix J.; van Hilten, Jacobus J.\",\
        x,7,https://e.org/l,https://app.dimensions.ai/details/publication/pub.1\n";
    let citation = only(text);
    assert_eq!(names(&citation), ["Sigtermans, Marnix J.", "van Hilten, Jacobus J."]);
    assert_eq!((citation.journal.as_deref(), citation.year, citation.end_page.as_deref()), (Some("Pain"), Some(2009), Some("311")));
    assert_eq!((citation.accession.as_deref(), citation.pmcid.as_deref(), citation.keywords.len()), (Some("pub.1"), Some("PMC7758557"), 2));
    assert_eq!(citation.urls.len(), 2);
}

#[test]
fn openalex_separates_its_lists_by_bars() {
    let new = row_of_exporter(
        ",",
        &[
            ("id", "https://openalex.org/W1"),
            ("title", "Ketamine"),
            ("publication_year", "2009"),
            ("publication_date", "2009-10-01"),
            ("doi", "https://doi.org/10.1000/x"),
            ("ids.pmid", "https://pubmed.ncbi.nlm.nih.gov/19604642"),
            ("authorships.author.display_name", "Marnix J. Sigtermans|Jacobus J. van Hilten"),
            ("primary_location.source.display_name", "Pain"),
            ("biblio.volume", "145"),
            ("biblio.issue", "3"),
            ("biblio.first_page", "304"),
            ("biblio.last_page", "311"),
            ("type", "article"),
        ],
    );
    assert_eq!(names(&new), ["Sigtermans, Marnix J.", "van Hilten, Jacobus J."]);
    assert_eq!((new.journal.as_deref(), new.volume.as_deref(), new.end_page.as_deref()), (Some("Pain"), Some("145"), Some("311")));
    assert_eq!(new.doi.expect("doi").as_str(), "10.1000/x");
    assert_eq!(new.pmid.expect("pmid").as_str(), "19604642");
    let old = row_of_exporter(
        ",",
        &[
            ("id", "W1"),
            ("display_name", "A"),
            ("primary_location_display_name", "J"),
            ("primary_location_issns", "0304-3959|1872-6623"),
            ("author_names", "Ann Lee|Bo Ek"),
        ],
    );
    assert_eq!((names(&old), old.issn.len(), old.journal.as_deref()), (vec!["Lee, Ann".to_owned(), "Ek, Bo".to_owned()], 2, Some("J")));
}

#[test]
fn publish_or_perish_and_eppi_reviewer_have_names_of_their_own() {
    let scholar = row_of_exporter(
        ",",
        &[
            ("Cites", "3"),
            ("Authors", "A Šuňovská, V. Hasíková"),
            ("Title", "T"),
            ("Year", "2016"),
            ("Source", "Water"),
            ("Publisher", "P"),
            ("ArticleURL", "https://e.org/a"),
            ("GSRank", "1"),
            ("Type", "Article"),
            ("StartPage", "2657"),
            ("EndPage", "2668"),
        ],
    );
    assert_eq!((scholar.journal.as_deref(), scholar.end_page.as_deref(), scholar.urls.len()), (Some("Water"), Some("2668"), 1));
    assert_eq!(names(&scholar), ["Šuňovská, A", "Hasíková, V."]);
    let eppi = row_of_exporter(
        ",",
        &[
            ("ItemId", "77"),
            ("Title", "T"),
            ("Authors", "Smith J ; Doe K ;"),
            ("ParentTitle", "Pain"),
            ("ShortTitle", "Smith (2009)"),
            ("Year", "2009"),
            ("StandardNumber", "0304-3959"),
            ("TypeName", "Journal, Article"),
            ("Pages", "1-2"),
            ("DOI", "10.1000/x"),
        ],
    );
    assert_eq!((eppi.journal.as_deref(), eppi.accession.as_deref(), eppi.issn.len()), (Some("Pain"), Some("77"), 1));
    assert_eq!(names(&eppi), ["Smith, J", "Doe, K"]);
}

#[test]
fn columns_that_nobody_knows_are_said_by_a_person() {
    let text = "Suche vom 1.2.2026;;\nKurztitel;Verfasst von;Erschienen\nKetamin;Müller, K; Groß, H;2009\n"
        .replace("Müller, K; Groß, H", "\"Müller, K; Groß, H\"");
    let error = parse(text.as_bytes(), &ParseOptions::default()).expect_err("no known column");
    assert!(matches!(&error, crate::refs::RefsError::UnknownTable { columns } if columns.contains(&"Verfasst von".to_owned())), "{error}");
    let mapped = |pairs: &[(&str, &str)]| {
        let columns = pairs.iter().map(|(field, column)| ((*field).to_owned(), (*column).to_owned())).collect();
        parse(text.as_bytes(), &ParseOptions { columns, ..ParseOptions::default() })
    };
    let parsed = mapped(&[("title", "kurztitel"), ("authors", "Verfasst von"), ("year", "Erschienen")]).expect("a table");
    let citation = &parsed.drafts[0].citation;
    assert_eq!((citation.title.as_str(), names(citation).len(), citation.year), ("Ketamin", 2, Some(2009)));
    let error = mapped(&[("title", "Titel"), ("year", "Erschienen")]).expect_err("no such column");
    assert_eq!(error.to_string(), "There is no column \"Titel\". The columns are: \"Kurztitel\", \"Verfasst von\", \"Erschienen\".");
    let error = mapped(&[("titel", "Kurztitel")]).expect_err("no such field");
    assert!(error.to_string().starts_with("There is no field \"titel\". The fields are: title, authors, year,"), "{error}");
    let error = mapped(&[("year", "Erschienen")]).expect_err("no title");
    assert!(error.to_string().contains("no column of titles"), "{error}");
}

#[test]
fn a_table_in_pieces_is_the_whole_table() {
    let text = "Search;;\r\ntitle;authors;abstract\r\n\"One\r\nline\";\"A, B\";x\r\nTwo;\"C, D\";\"y;\r\n\r\nz\"\r\ntitle;authors;abstract\r\nThree;E;\"é\"\r\n";
    let whole = read_text(text);
    assert_eq!(whole.drafts.len(), 3);
    for length in 1..text.len() {
        let mut drafts = Vec::new();
        let mut keep = |draft| {
            drafts.push(draft);
            true
        };
        let mut feed = TableFeed::new(Mapping::default());
        // As when the header was found before: rows are given out as they come.
        let mut at = 0;
        while at < text.len() {
            let next = (at + length).min(text.len());
            let next = (next..=text.len()).find(|&next| text.is_char_boundary(next)).unwrap_or(text.len());
            if at > 50 {
                feed.patience = feed.patience.min(feed.text.len());
            }
            assert_eq!(feed.feed(&text[at..next], &mut keep), Ok(true));
            at = next;
        }
        let totals = feed.finish(&mut keep).expect("a table").expect("not stopped");
        assert_eq!((totals.found, totals.not_understood), (whole.found, whole.not_understood), "pieces of {length}");
        assert_eq!(drafts, whole.drafts, "pieces of {length}");
    }
}

/// Returns the titles of a table and its remarks as (line, field, what they say).
fn titles_and_remarks(text: &str) -> (Vec<String>, Vec<(usize, String, String)>) {
    let parsed = read_text(text);
    let remarks = parsed.diagnostics.into_iter().map(|remark| (remark.line, remark.field.unwrap_or_default(), remark.message));
    (parsed.drafts.into_iter().map(|draft| draft.citation.title).collect(), remarks.collect())
}

#[test]
fn a_row_that_a_line_break_divides_is_put_together_where_that_is_certain() {
    let text = "title,abstract,year,doi\nOne,Pain was\nmeasured.,2001,10.1000/a\nTwo,x,2002,10.1000/b\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
        let parsed = read_text(&text);
        assert_eq!((parsed.found, parsed.drafts.len()), (2, 2));
        let citation = &parsed.drafts[0].citation;
        assert_eq!((citation.abstract_text.as_deref(), citation.year), (Some("Pain was\nmeasured."), Some(2001)));
        assert_eq!((parsed.drafts[0].raw.as_str(), parsed.drafts[1].line), ("One,Pain was\nmeasured.,2001,10.1000/a", 4));
        assert_eq!(parsed.diagnostics.len(), 1, "{:?}", parsed.diagnostics);
        assert_eq!((parsed.diagnostics[0].line, parsed.diagnostics[0].field.as_deref()), (2, Some("abstract")));
        assert!(parsed.diagnostics[0].message.contains("put together with line 3"), "{}", parsed.diagnostics[0].message);
    }
}

#[test]
fn two_short_rows_that_may_be_two_records_are_both_kept_with_a_remark() {
    // Each has a title and a year of its own.
    let (titles, remarks) = titles_and_remarks("title,authors,year,doi,journal\nOne,\"A, B\",2001\nTwo,\"C, D\",2002\n");
    assert_eq!((titles, remarks.len()), (vec!["One".to_owned(), "Two".to_owned()], 2));
    assert_eq!((remarks[0].0, remarks[0].1.as_str()), (2, "doi"));
    assert!(remarks[1].2.contains("may go on the row of line 2") && remarks[1].2.contains("both were kept"), "{remarks:?}");
    // Nothing shows that the second belongs to the first.
    let (titles, remarks) = titles_and_remarks("title,abstract,journal\nOne,Pain was\nmeasured.,J\n");
    assert_eq!((titles.len(), remarks.len()), (2, 2));
    let (titles, remarks) = titles_and_remarks("title,authors,year\nOne,\"A, B\"\nTwo,\"C, D\",2002\nThree,\"E, F\"\n");
    assert_eq!(titles, ["One", "Two", "Three"]);
    assert_eq!(remarks.iter().map(|(line, field, _)| (*line, field.as_str())).collect::<Vec<_>>(), [(2, "year"), (4, "year")]);
}

#[test]
fn a_row_with_more_cells_than_columns_says_so_and_keeps_them() {
    let text = "title,year,journal\nOne,2001,J\nTwo,2002,Pain, and more,,x\nThree,2003,J,,\n";
    let parsed = read_text(text);
    assert_eq!((parsed.drafts.len(), parsed.diagnostics.len()), (3, 1));
    assert_eq!((parsed.diagnostics[0].line, parsed.diagnostics[0].field.as_deref()), (3, Some("column 4")));
    let extra = [("column 4".to_owned(), "and more".to_owned()), ("column 6".to_owned(), "x".to_owned())];
    assert_eq!(parsed.drafts[1].citation.extra, extra);
}

#[test]
fn a_short_row_at_the_end_of_a_table_is_kept() {
    let (titles, remarks) = titles_and_remarks("title,authors,year\nOne,\"A, B\"");
    assert_eq!((titles.len(), remarks.len(), remarks[0].0), (1, 1, 2));
}
