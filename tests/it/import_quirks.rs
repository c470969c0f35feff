//! One small file for each quirk that exports of databases, registries and reference managers are known for.
//!
//! The files in `tests/data/import/quirks` are made up for these tests, after the layouts that are documented or were seen.

use std::path::Path;

use tamis::domain::record::{Citation, PublicationKind};
use tamis::refs::{Format, ParseOptions, Parsed, RefsError, parse};

fn bytes_of(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import/quirks").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads a file, which must hold this many records of this format.
fn read(name: &str, format: Format, records: usize) -> Parsed {
    let parsed = parse(&bytes_of(name), &ParseOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!((parsed.format, parsed.found, parsed.drafts.len()), (format, records, records), "{name}: {:?}", parsed.diagnostics);
    parsed
}

fn citation(parsed: &Parsed, at: usize) -> &Citation {
    &parsed.drafts[at].citation
}

fn names(citation: &Citation) -> Vec<String> {
    citation.authors.iter().map(ToString::to_string).collect()
}

fn doi(citation: &Citation) -> Option<&str> {
    citation.doi.as_ref().map(|doi| doi.as_str())
}

fn pmid(citation: &Citation) -> Option<&str> {
    citation.pmid.as_ref().map(|pmid| pmid.as_str())
}

fn pages(citation: &Citation) -> (Option<&str>, Option<&str>) {
    (citation.start_page.as_deref(), citation.end_page.as_deref())
}

/// Reports whether a kept tag has a value that begins like this.
fn keeps(citation: &Citation, tag: &str, beginning: &str) -> bool {
    citation.extra.iter().any(|(kept, value)| kept == tag && value.starts_with(beginning))
}

#[test]
fn pubmed_saved_under_the_name_of_ris_is_read_as_pubmed() {
    let parsed = read("pubmed-saved-as-ris.ris", Format::Nbib, 3);
    let article = citation(&parsed, 0);
    assert_eq!(article.title, "Ketamine produces effective and long-term pain relief in patients with a painful syndrome of the arm");
    assert_eq!((pages(article), article.issue.as_deref(), article.volume.as_deref()), ((Some("454"), Some("481")), Some("3"), Some("145")));
    assert_eq!((doi(article), pmid(article)), (Some("10.1000/pain.2009.1"), Some("30000001")));
    assert_eq!(article.issn, ["1872-6623 (Electronic)", "0304-3959 (Linking)"]);
    assert!(article.keywords.iter().any(|word| word == "complex regional pain syndrome"));
    assert_eq!(article.original_title.as_deref(), Some("Ketamine geeft langdurige verlichting"));
}

#[test]
fn pubmed_names_each_author_twice_and_groups_once() {
    let parsed = read("pubmed-saved-as-ris.ris", Format::Nbib, 3);
    assert_eq!(names(citation(&parsed, 0)), ["Sigtermans, Marnix J", "van Hilten, Jacobus J", "Pain Study Group"]);
}

#[test]
fn pubmed_gives_an_article_number_as_location_only() {
    let parsed = read("pubmed-saved-as-ris.ris", Format::Nbib, 3);
    assert_eq!((pages(citation(&parsed, 1)), doi(citation(&parsed, 1))), ((Some("e0151234"), None), Some("10.1000/open.e0151")));
}

#[test]
fn a_book_of_pubmed_has_its_own_title_and_editors_who_are_no_authors() {
    let parsed = read("pubmed-saved-as-ris.ris", Format::Nbib, 3);
    let book = citation(&parsed, 2);
    assert_eq!((book.title.as_str(), book.kind, book.authors.len()), ("A book on the Bookshelf", PublicationKind::Book, 0));
    assert!(keeps(book, "FED", "Editor, Anna") && keeps(book, "AID", "NBK123456"), "{:?}", book.extra);
}

#[test]
fn one_book_of_pubmed_xml_needs_no_set_around_it() {
    let parsed = read("pubmed-book-alone.xml", Format::PubmedXml, 1);
    assert_eq!((citation(&parsed, 0).title.as_str(), citation(&parsed, 0).year), ("A guideline", Some(2009)));
    assert_eq!(names(citation(&parsed, 0)), ["A centre"]);
}

#[test]
fn markup_and_formulas_in_titles_of_pubmed_xml_become_text() {
    let parsed = read("pubmed-article-with-markup.xml", Format::PubmedXml, 1);
    let article = citation(&parsed, 0);
    assert!(article.title.starts_with("Effect of Antirrhinum majus at 10⁶ cells") && article.title.contains('α'), "{}", article.title);
    assert_eq!(article.abstract_text.as_deref(), Some("BACKGROUND: One.\nMETHODS: Two < three."));
    assert_eq!((pages(article), doi(article)), ((Some("e0151234"), None), Some("10.1000/open.e0151")));
}

#[test]
fn ovid_counts_records_before_their_first_line_and_writes_prose_behind_their_last() {
    let parsed = read("ovid-medline.ris", Format::Ris, 2);
    let first = citation(&parsed, 0);
    assert_eq!(
        (first.year, first.journal.as_deref(), first.journal_abbreviation.as_deref()),
        (Some(1989), Some("Journal of Examples"), Some("J. Ex."))
    );
    assert_eq!((doi(first), pmid(first)), (Some("10.1000/ovid.1"), Some("30000006")));
    assert_eq!(names(first), ["Doe, Jane", "Roe, R. S."]);
    assert!(!first.abstract_text.as_deref().unwrap_or_default().contains("Search Strategy"));
    assert_eq!((citation(&parsed, 1).title.as_str(), pages(citation(&parsed, 1))), ("Another title", (Some("12"), Some("19"))));
    assert!(!parsed.diagnostics.is_empty(), "what was left out is said");
}

#[test]
fn no_pagination_specified_that_ovid_tears_in_two_is_no_page() {
    let parsed = read("ovid-medline.ris", Format::Ris, 2);
    assert_eq!(pages(citation(&parsed, 0)), (None, None));
}

#[test]
fn the_reference_list_of_ovid_is_kept_and_is_no_field() {
    let parsed = read("ovid-medline.ris", Format::Ris, 2);
    assert_eq!(citation(&parsed, 0).extra.iter().filter(|(tag, _)| tag == "M1").count(), 2);
}

#[test]
fn ovid_tagged_text_has_a_space_before_each_line_and_everything_in_its_source() {
    let parsed = read("ovid-tagged.txt", Format::Ovid, 2);
    let first = citation(&parsed, 0);
    assert_eq!(
        (first.journal.as_deref(), first.volume.as_deref(), first.issue.as_deref()),
        (Some("Journal of Examples"), Some("201"), Some("2-3"))
    );
    assert_eq!((pages(first), first.year), ((Some("327"), Some("334")), Some(2004)));
    assert_eq!(citation(&parsed, 1).year, Some(2015));
}

#[test]
fn ovid_citation_text_has_names_of_fields_on_their_own_lines() {
    let parsed = read("ovid-citation.txt", Format::Ovid, 2);
    let first = citation(&parsed, 0);
    assert_eq!(names(first), ["Doe, Jane", "Roe, Richard"]);
    assert_eq!((pages(first), doi(first)), ((Some("1048"), Some("1064")), Some("10.1000/ovid.7")));
}

#[test]
fn ovid_xml_has_no_reader_and_is_refused_with_a_way_on() {
    let refused = parse(&bytes_of("ovid-embase.xml"), &ParseOptions::default()).expect_err("no reader");
    assert_eq!(refused, RefsError::UnknownFormat { guess: Some("XML") });
    assert!(refused.to_string().contains("Export the search as RIS"), "{refused}");
}

#[test]
fn embase_has_its_own_accession_number_and_several_links() {
    let parsed = read("embase-com.ris", Format::Ris, 1);
    let record = citation(&parsed, 0);
    assert_eq!((record.accession.as_deref(), pmid(record), doi(record)), (Some("L355000001"), None, Some("10.1000/embase.1")));
    assert_eq!((record.urls.len(), names(record).len(), record.abstract_text.as_deref()), (3, 2, Some("An abstract of Embase.")));
}

#[test]
fn central_has_lines_between_records_and_two_spaces_behind_the_hyphen() {
    let parsed = read("central.ris", Format::Ris, 2);
    let trial = citation(&parsed, 0);
    assert_eq!((trial.title.as_str(), pmid(trial), trial.journal.as_deref()), ("A trial in CENTRAL", Some("19604642"), Some("Pain")));
    assert_eq!(trial.accession.as_deref(), Some("CN-00700001"));
}

#[test]
fn the_typographic_hyphens_of_central_separate_pages() {
    let parsed = read("central.ris", Format::Ris, 2);
    assert_eq!(pages(citation(&parsed, 0)), (Some("304"), Some("311")));
}

#[test]
fn a_registry_entry_in_central_is_one() {
    let parsed = read("central.ris", Format::Ris, 2);
    let entry = citation(&parsed, 1);
    assert_eq!((entry.kind, entry.registry_ids.as_slice()), (PublicationKind::RegistryEntry, &["NCT00579085".to_owned()][..]));
}

#[test]
fn text_of_the_cochrane_library_has_old_line_ends_and_a_mark_where_pages_were_joined() {
    let parsed = read("cochrane-library.txt", Format::Cochrane, 2);
    let first = citation(&parsed, 0);
    assert_eq!((pmid(first), pages(first), first.keywords.len()), (Some("19604642"), (Some("304"), Some("311")), 2));
    assert!(first.abstract_text.as_ref().is_some_and(|text| text.len() > 4000), "the abstract is one huge line");
    assert_eq!(names(first), ["Doe, Jane", "Van Roe, Richard"]);
}

#[test]
fn web_of_science_text_named_ris_is_read_as_what_it_is() {
    let parsed = read("web-of-science-named-ris.ris", Format::Wos, 2);
    let first = citation(&parsed, 0);
    assert_eq!(
        (first.title.as_str(), names(first)),
        ("Soil animals of a lakeshore wetland", vec!["Doe, Jane".to_owned(), "Roe, Richard S.".to_owned()])
    );
    assert_eq!(first.extra.iter().filter(|(tag, _)| tag == "CR").count(), 2);
}

#[test]
fn a_date_of_web_of_science_without_its_year_does_not_hide_the_year() {
    for (name, format) in [("web-of-science-named-ris.ris", Format::Wos), ("web-of-science.ris", Format::Ris)] {
        let parsed = parse(&bytes_of(name), &ParseOptions::default()).expect(name);
        assert_eq!((parsed.format, citation(&parsed, 0).year), (format, Some(2020)));
    }
}

#[test]
fn an_article_number_of_web_of_science_is_shown_plain_and_kept_as_printed() {
    let parsed = read("web-of-science-named-ris.ris", Format::Wos, 2);
    assert_eq!(citation(&parsed, 0).start_page.as_deref(), Some("1722034"));
    assert!(keeps(citation(&parsed, 0), "AR", "UNSP 1722034"));
}

#[test]
fn the_table_of_web_of_science_has_tags_for_names_of_columns() {
    let parsed = read("web-of-science.tab", Format::Csv, 1);
    let record = citation(&parsed, 0);
    assert_eq!((record.title.as_str(), record.year, pages(record)), ("A title in a table", Some(2020), (Some("1722034"), None)));
    assert_eq!((names(record).len(), doi(record)), (2, Some("10.1000/wos.1")));
}

#[test]
fn scopus_has_article_numbers_notes_of_the_export_and_the_pubmed_number_in_a_custom_field() {
    let parsed = read("scopus.ris", Format::Ris, 1);
    let record = citation(&parsed, 0);
    assert_eq!((pages(record), pmid(record)), ((Some("e0151234"), None), Some("30000008")));
    assert!(record.notes.iter().any(|note| note.contains("Cited By: 12")), "{:?}", record.notes);
}

#[test]
fn bibtex_of_scopus_has_prose_names_with_spaces_fields_twice_and_keys_twice() {
    let parsed = read("scopus.bib", Format::Bibtex, 2);
    let first = citation(&parsed, 0);
    assert_eq!((first.title.as_str(), first.start_page.as_deref(), first.year), ("A title of Scopus", Some("e0151234"), Some(2020)));
    assert_eq!(first.extra.iter().filter(|(tag, _)| tag == "funding_details").count(), 2);
    assert!(keeps(first, "funding_text_1", "Paid by a fund"));
    assert_eq!(citation(&parsed, 1).title, "Another with the same key");
}

#[test]
fn ebsco_has_its_doi_in_a_link_and_the_rights_behind_the_abstract() {
    let parsed = read("ebsco-cinahl.ris", Format::Ris, 1);
    let record = citation(&parsed, 0);
    assert_eq!((doi(record), record.year), (Some("10.1000/cinahl.1"), Some(2019)));
    assert!(record.abstract_text.as_deref().is_some_and(|text| text.starts_with("An abstract.\nCopyright")));
}

#[test]
fn proquest_repeats_notes_and_links_and_has_two_years() {
    let parsed = read("proquest.ris", Format::Ris, 1);
    let record = citation(&parsed, 0);
    assert_eq!((record.year, record.date.as_deref(), record.notes.len(), record.urls.len()), (Some(2014), Some("2014 Spring"), 3, 2));
}

#[test]
fn ris_of_clinicaltrials_gov_gives_a_trial_with_its_number() {
    let parsed = read("clinicaltrials-gov.ris", Format::Ris, 1);
    let trial = citation(&parsed, 0);
    assert_eq!(
        (trial.title.as_str(), trial.year, trial.registry_ids.as_slice()),
        ("Ketamine for a painful syndrome", Some(2007), &["NCT00579085".to_owned()][..])
    );
    assert_eq!(trial.keywords, ["CRPS", "Pain"]);
}

#[test]
fn tables_of_clinicaltrials_gov_are_read_with_the_headings_of_before_and_after_2024() {
    for name in ["clinicaltrials-gov-2024.csv", "clinicaltrials-gov-before-2024.csv"] {
        let parsed = read(name, Format::Csv, 1);
        let trial = citation(&parsed, 0);
        assert_eq!(
            (trial.title.as_str(), trial.year, trial.kind),
            ("Ketamine for a painful syndrome", Some(2007), PublicationKind::RegistryEntry),
            "{name}"
        );
        assert_eq!(
            (trial.registry_ids.as_slice(), &trial.keywords[..2]),
            (&["NCT00579085".to_owned()][..], &["CRPS".to_owned(), "Pain".to_owned()][..]),
            "{name}"
        );
    }
}

#[test]
fn xml_of_the_registry_platform_has_entities_escaped_twice_and_wraps_softly() {
    let parsed = read("ictrp.xml", Format::Ictrp, 1);
    let trial = citation(&parsed, 0);
    assert_eq!((trial.title.as_str(), trial.year), ("Ketamine & pain: a title that is wrapped softly", Some(2007)));
    assert_eq!(trial.accession.as_deref(), Some("NTR0000813"));
}

#[test]
fn tables_of_the_registry_platform_have_line_ends_inside_fields() {
    let parsed = read("ictrp.csv", Format::Csv, 2);
    let [first, second] = [citation(&parsed, 0), citation(&parsed, 1)];
    assert_eq!((first.title.as_str(), first.year, first.kind), ("Ketamine for pain", Some(2007), PublicationKind::RegistryEntry));
    assert_eq!(first.registry_ids, ["NTR813"]);
    assert_eq!((second.title.as_str(), second.registry_ids.as_slice()), ("Ketamine & placebo", &["EUCTR2004-000446-20".to_owned()][..]));
}

#[test]
fn endnote_xml_on_one_line_has_several_styles_in_one_field() {
    let parsed = read("endnote.xml", Format::EndnoteXml, 1);
    let record = citation(&parsed, 0);
    assert_eq!(record.title, "Effect of Antirrhinum majus at 10⁶");
    assert_eq!(record.issn, ["0304-3959 (Print)", "1872-6623"]);
}

#[test]
fn the_path_of_an_endnote_library_names_its_owner_and_is_not_taken_over() {
    let parsed = read("endnote.xml", Format::EndnoteXml, 1);
    assert!(!format!("{:?}", citation(&parsed, 0)).contains("jdoe"));
}

#[test]
fn keywords_of_endnote_stand_on_lines_without_a_tag_and_its_number_is_no_accession() {
    let parsed = read("endnote-ris.txt", Format::Ris, 1);
    assert_eq!(citation(&parsed, 0).keywords, ["Adult", "Ketamine", "complex regional pain syndrome"]);
    assert_eq!(citation(&parsed, 0).accession, None);
}

#[test]
fn the_type_of_an_enw_record_need_not_come_first() {
    for name in ["endnote.enw", "enw-named-ris.ris"] {
        let parsed = read(name, Format::Refer, 2);
        assert_eq!(
            (citation(&parsed, 0).title.as_str(), citation(&parsed, 1).kind),
            ("A title that comes before the type", PublicationKind::Book)
        );
    }
}

#[test]
fn zotero_writes_dates_with_strokes_and_months_without_quotes() {
    let ris = read("zotero.ris", Format::Ris, 1);
    assert_eq!((citation(&ris, 0).year, citation(&ris, 0).journal_abbreviation.as_deref()), (Some(2009), Some("J. Ex.")));
    let bib = read("zotero.bib", Format::Bibtex, 1);
    let record = citation(&bib, 0);
    assert_eq!((record.title.as_str(), record.year, pages(record)), ("A title of Zotero and CRPS", Some(2009), (Some("304"), Some("311"))));
    assert!(record.date.as_deref().is_some_and(|date| date.to_lowercase().contains("oct")), "{:?}", record.date);
    assert_eq!(names(record), ["Doe, Jane", "van Hilten, J. J."]);
}

#[test]
fn refworks_begins_records_with_their_type_and_shortens_pages() {
    let parsed = read("refworks-tagged.txt", Format::RefWorks, 2);
    let record = citation(&parsed, 0);
    assert_eq!((names(record), pages(record)), (vec!["Doe, Jane".to_owned(), "Roe, Richard".to_owned()], (Some("304"), Some("311"))));
    assert_eq!(doi(record), Some("10.1000/refworks.1"));
}

#[test]
fn the_numbers_of_eppi_reviewer_are_kept_and_are_no_identifiers() {
    let parsed = read("eppi-reviewer.ris", Format::Ris, 1);
    let record = citation(&parsed, 0);
    assert_eq!((record.year, pmid(record)), (Some(2009), None));
    assert!(keeps(record, "U1", "53000001"), "{:?}", record.extra);
}

#[test]
fn xml_of_citavi_has_no_reader_and_is_refused_with_a_way_on() {
    let refused = parse(&bytes_of("citavi.xml"), &ParseOptions::default()).expect_err("no reader");
    assert_eq!(refused, RefsError::UnknownFormat { guess: Some("XML") });
}

#[test]
fn empty_tags_of_covidence_are_no_values() {
    let parsed = read("covidence.ris", Format::Ris, 1);
    let record = citation(&parsed, 0);
    assert_eq!((doi(record), pages(record)), (None, (Some("304"), Some("311"))));
    assert_eq!(record.abstract_text.as_deref(), Some("An abstract."));
}

#[test]
fn ris_has_many_tags_for_a_title() {
    let parsed = read("general.ris", Format::Ris, 6);
    let titles: Vec<_> = parsed.drafts.iter().map(|draft| draft.citation.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "A title under T1",
            "A title under CT",
            "A record without an end",
            "A record behind it",
            "A record that lost its first line",
            "A title under BT"
        ]
    );
}

#[test]
fn editors_in_ris_are_no_authors() {
    let parsed = read("general.ris", Format::Ris, 6);
    assert_eq!(names(citation(&parsed, 0)), ["Doe, Jane"]);
    assert!(keeps(citation(&parsed, 0), "A2", "Editor, Anna"));
}

#[test]
fn a_doi_in_ris_stands_in_links_and_notes_too() {
    let parsed = read("general.ris", Format::Ris, 6);
    assert_eq!((doi(citation(&parsed, 0)), doi(citation(&parsed, 1))), (Some("10.1000/general.1"), Some("10.1000/general.2")));
}

#[test]
fn a_year_in_ris_is_found_in_free_text() {
    let parsed = read("general.ris", Format::Ris, 6);
    assert_eq!(citation(&parsed, 1).year, Some(2010));
}

#[test]
fn a_wrapped_word_that_begins_with_er_ends_no_record() {
    let parsed = read("general.ris", Format::Ris, 6);
    let record = citation(&parsed, 2);
    assert!(record.abstract_text.as_deref().is_some_and(|text| text.contains("ERupted in the next line.")), "{:?}", record.abstract_text);
    assert!(keeps(record, "ZZ", "an unknown tag"));
}

#[test]
fn a_record_without_its_end_or_its_beginning_costs_no_other_and_is_said_with_its_line() {
    let parsed = read("general.ris", Format::Ris, 6);
    let lines: Vec<usize> = parsed.diagnostics.iter().map(|remark| remark.line).collect();
    assert!(lines.iter().any(|line| (15..=23).contains(line)), "the missing end: {:?}", parsed.diagnostics);
    assert!(lines.iter().any(|line| (24..=27).contains(line)), "the missing beginning: {:?}", parsed.diagnostics);
}

#[test]
fn windows_1252_is_guessed_and_said() {
    let parsed = read("windows-1252.bib", Format::Bibtex, 1);
    assert_eq!((citation(&parsed, 0).title.as_str(), parsed.encoding.as_str()), ("A title of Ménière’s disease in Zürich", "windows-1252"));
    assert_eq!(parsed.diagnostics.len(), 1);
}

#[test]
fn mac_roman_is_read_when_a_person_says_so() {
    let options = ParseOptions { encoding: Some("macroman".to_owned()), ..ParseOptions::default() };
    let parsed = parse(&bytes_of("mac-roman.bib"), &options).expect("named");
    assert_eq!(citation(&parsed, 0).title, "A title of Ménière’s disease in Zürich");
    assert_eq!(names(citation(&parsed, 0))[0], "Müller, Zoë");
}

#[test]
fn utf_16_is_found_with_and_without_a_mark() {
    for name in ["utf-16-with-mark.bib", "utf-16-without-mark.bib"] {
        let parsed = read(name, Format::Bibtex, 1);
        assert_eq!(
            (citation(&parsed, 0).title.as_str(), parsed.encoding.as_str()),
            ("A title of Ménière’s disease in Zürich", "utf-16le"),
            "{name}"
        );
    }
}

#[test]
fn files_that_were_joined_have_a_mark_in_the_middle() {
    let parsed = read("joined-with-a-mark-in-the-middle.ris", Format::Ris, 2);
    assert_eq!((citation(&parsed, 0).title.as_str(), citation(&parsed, 1).title.as_str()), ("A title of Zotero", "A title of Scopus"));
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
}

#[test]
fn all_line_ends_in_one_file_are_line_ends() {
    let parsed = read("mixed-line-ends.ris", Format::Ris, 3);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    assert_eq!(citation(&parsed, 0), citation(&parsed, 2));
}

#[test]
fn tables_named_csv_are_separated_by_semicolons_or_tabs_too() {
    for name in ["semicolons-named-csv.csv", "tabs-named-csv.csv"] {
        let parsed = read(name, Format::Csv, 1);
        assert_eq!((citation(&parsed, 0).title.as_str(), citation(&parsed, 0).year), ("Ketamine, for pain", Some(2009)), "{name}");
    }
}
