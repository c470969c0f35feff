//! Tests of the reader of workbooks, on workbooks made here part by part.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::*;
use crate::domain::record::Citation;
use crate::refs::{Format, Parsed, parse};

const RELS: &str = "<Relationships><Relationship Id=\"r1\" Type=\"http://x/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const BOOK_RELS: &str = "<Relationships><Relationship Id=\"rId1\" Type=\"http://x/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
    <Relationship Id=\"rId2\" Type=\"http://x/worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/>\
    <Relationship Id=\"rId3\" Type=\"http://x/sharedStrings\" Target=\"sharedStrings.xml\"/>\
    <Relationship Id=\"rId4\" Type=\"http://x/styles\" Target=\"styles.xml\"/></Relationships>";
const BOOK: &str = "<workbook><workbookPr/><sheets><sheet name=\"Notes\" sheetId=\"7\" r:id=\"rId1\"/><sheet name=\"Hits &amp; more\" sheetId=\"8\" r:id=\"rId2\"/></sheets></workbook>";
const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
    <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"16\"/></cellXfs></styleSheet>";
const STRINGS: &str = "<sst uniqueCount=\"99999999999999999\"><si/><si><t>Title</t></si><si><r><t>Ketamine </t></r><r><rPr><b/></rPr><t>for pain</t></r><rPh><t>x</t></rPh></si><si><t xml:space=\"preserve\"> =1+1</t></si></sst>";
const NOTES: &str =
    "<worksheet><sheetData><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>Read me first</t></is></c></row></sheetData></worksheet>";
const HITS: &str = "<x:worksheet><x:sheetData><x:row r=\"1\"/><x:row r=\"3\"><x:c r=\"A3\" t=\"s\"><x:v>1</x:v></x:c><c r=\"B3\" t=\"inlineStr\"><is><t>Year</t></is></c>\
    <c t=\"str\"><f>A1</f><v>Authors</v></c><c r=\"D3\" t=\"inlineStr\"><is><t>Date</t></is></c><c r=\"E3\" t=\"inlineStr\"><is><t>Pages</t></is></c><c r=\"F3\" t=\"inlineStr\"><is><t>PMID</t></is></c></x:row>\
    <row r=\"5\"><c r=\"A5\" t=\"s\"><v>2</v></c><c r=\"B5\"><v>2009.0</v></c><c r=\"C5\" t=\"str\"><v>Smith, J; M&#252;ller, K</v></c><c r=\"D5\" s=\"1\"><v>40087</v></c>\
    <c r=\"E5\" s=\"2\"><v>45200</v></c><c r=\"F5\"><v>1.9604642E7</v></c><c r=\"H5\" t=\"b\"><v>1</v></c></row>\
    <row><c t=\"s\"><v>3</v></c><c t=\"e\"><v>#N/A</v></c></row></x:sheetData></x:worksheet>";

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("memory");
        writer.write_all(text.as_bytes()).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

fn book(sheet: &str) -> Vec<u8> {
    archive(&[
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/sharedStrings.xml", STRINGS),
        ("xl/styles.xml", STYLES),
        ("xl/worksheets/sheet1.xml", NOTES),
        ("xl/worksheets/sheet2.xml", sheet),
    ])
}

fn read_book(bytes: &[u8], options: &ParseOptions) -> Parsed {
    let parsed = parse(bytes, options).expect("a workbook");
    assert_eq!((parsed.format, parsed.encoding.as_str()), (Format::Xlsx, "utf-8"));
    parsed
}

#[test]
fn the_first_sheet_with_a_header_is_read_cell_by_cell() {
    let parsed = read_book(&book(HITS), &ParseOptions::default());
    assert_eq!((parsed.found, parsed.drafts.len(), parsed.diagnostics.len()), (2, 2, 0));
    let Citation { title, year, authors, date, start_page, end_page, pmid, extra, .. } = &parsed.drafts[0].citation;
    assert_eq!((title.as_str(), *year, date.as_deref()), ("Ketamine for pain", Some(2009), Some("2009-10-01")));
    assert_eq!(authors.iter().map(ToString::to_string).collect::<Vec<_>>(), ["Smith, J", "Müller, K"]);
    assert_eq!((start_page.as_deref(), end_page.as_deref()), (Some("1-Oct"), None));
    assert_eq!(pmid.as_ref().map(ToString::to_string).as_deref(), Some("19604642"));
    assert_eq!(extra, &[("column 8".to_owned(), "TRUE".to_owned())]);
    assert_eq!(parsed.drafts[0].line, 5);
    assert_eq!(parsed.drafts[0].raw, "Ketamine for pain,2009,\"Smith, J; Müller, K\",2009-10-01,1-Oct,19604642,,TRUE");
    assert_eq!((parsed.drafts[1].citation.title.as_str(), parsed.drafts[1].line), ("=1+1", 6));
}

#[test]
fn a_sheet_can_be_named_and_columns_be_mapped() {
    let sheet = |name: &str| ParseOptions { sheet: Some(name.to_owned()), ..ParseOptions::default() };
    assert_eq!(read_book(&book(HITS), &sheet("hits & MORE")).drafts.len(), 2);
    let error = parse(&book(HITS), &sheet("Treffer")).expect_err("no such sheet");
    assert_eq!(error.to_string(), "There is no sheet \"Treffer\". The sheets are: \"Notes\", \"Hits & more\".");
    let columns = vec![("title".to_owned(), "date".to_owned())];
    let parsed = read_book(&book(HITS), &ParseOptions { columns, ..ParseOptions::default() });
    assert_eq!(parsed.drafts[0].citation.title, "2009-10-01");
    let other = book(
        &HITS.replace("Year", "Jahrgang").replace("<x:v>1<", "<x:v>3<").replace("Pages", "S").replace("PMID", "x").replace("Date", "y"),
    );
    let error = parse(&other, &ParseOptions::default()).expect_err("no title");
    assert!(error.to_string().contains("\"Jahrgang\""), "{error}");
}

#[test]
fn other_files_and_damaged_ones_are_named() {
    let failure = |bytes: &[u8]| match parse(bytes, &ParseOptions::default()) {
        Err(RefsError::Workbook { message }) => message,
        other => panic!("{other:?}"),
    };
    assert!(failure(&archive(&[("word/document.xml", "")])).contains(".docx"));
    assert!(failure(&archive(&[("mimetype", ""), ("content.xml", "")])).contains("OpenDocument"));
    assert!(failure(&archive(&[("a.txt", "x")])).contains("without a workbook"));
    assert!(failure(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0]).contains(".xls"));
    let whole = book(HITS);
    assert!(failure(&whole[..whole.len() / 2]).contains("damaged"));
    let mut torn = whole.clone();
    let at = torn.windows(10).position(|part| part == b"sheet2.xml").expect("a name") + 30;
    torn[at] ^= 0xff;
    assert!(!failure(&torn).is_empty());
    assert!(parse(b"title,year\na,2001\n", &ParseOptions { format: Some(Format::Xlsx), ..ParseOptions::default() }).is_err());
}

#[test]
fn a_small_file_that_inflates_without_end_is_refused() {
    let rows = "<row><c t=\"s\"><v>1</v></c></row>".repeat(100);
    let long = "x".repeat(16 << 20);
    let strings = format!("<sst><si><t>Title</t></si><si><t>{long}</t></si></sst>");
    let header = "<row><c t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><t>Year</t></is></c></row>";
    let bytes = archive(&[
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/sharedStrings.xml", &strings),
        ("xl/worksheets/sheet1.xml", NOTES),
        ("xl/worksheets/sheet2.xml", &format!("<worksheet><sheetData>{header}{rows}</sheetData></worksheet>")),
    ]);
    assert!(bytes.len() < 1 << 20);
    let mut package = Package::open(&bytes).expect("an archive");
    let workbook = Workbook::read(&mut package).expect("a workbook");
    let xml = workbook.xml(1, &mut package).expect("a sheet");
    let mut sheet = Rows::new(&workbook, &xml);
    let failure = loop {
        match sheet.next() {
            Ok(row) => assert!(row.is_some(), "the sheet was read to its end"),
            Err(failure) => break failure,
        }
    };
    assert!(failure.to_string().contains("MB of text"), "{failure}");
}

#[test]
fn a_row_that_claims_the_last_column_costs_no_memory() {
    let wide = "<row><c r=\"XFD1\"><v>1</v></c><c r=\"ZZZZZZZZ1\"><v>1</v></c></row>".repeat(1000);
    let parsed = read_book(&book(&HITS.replace("</x:sheetData>", &format!("{wide}</x:sheetData>"))), &ParseOptions::default());
    assert_eq!(parsed.drafts.len(), 2);
}

#[test]
fn a_sheet_as_text_keeps_the_numbers_of_its_rows() {
    let sheet = "<sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>record</t></is></c><c t=\"inlineStr\"><is><t>note</t></is></c></row>\
        <row r=\"4\"><c t=\"inlineStr\"><is><t>a&#10;b</t></is></c><c><v>1</v></c></row></sheetData>";
    let bytes = archive(&[
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/worksheets/sheet2.xml", HITS),
    ]);
    assert_eq!(csv_text(&bytes).expect("a workbook").as_deref(), Some("record,note\n\n\na b,1\n"));
    assert_eq!(csv_text(b"record,vote\n").expect("text"), None);
}

proptest! {
    #[test]
    fn no_sheet_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "<row>", "<row r=\"0\">", "<row r=\"99999999999\">", "</row>", "<c>", "<c r=\"B2\">", "<c r=\"é\" t=\"s\">", "<c t=\"str\">", "<c t=\"b\">", "<c t=\"d\" s=\"1\">", "<c s=\"99\">",
        "</c>", "<v>", "</v>", "<is>", "</is>", "<t>", "</t>", "1", "-1", "1e400", "title", "Titel", "é", "&amp;", "&#0;", "_x000D_", "_x00", "<!--", "<", "\"", "</sheetData>", "<f/>",
    ]), 0..60)) {
        let sheet = parts.concat();
        let _ = parse(&book(&sheet), &ParseOptions::default());
        let _ = csv_text(&book(&sheet));
        let _ = parse(&book(&format!("{}{sheet}", HITS.split("</x:sheetData>").next().unwrap_or(""))), &ParseOptions::default());
    }

    #[test]
    fn no_damaged_archive_panics(at in 0_usize..2000, byte in any::<u8>(), length in 0_usize..3000) {
        let mut bytes = book(HITS);
        let place = at % bytes.len();
        bytes[place] = byte;
        let _ = parse(&bytes, &ParseOptions::default());
        bytes.truncate(length);
        let _ = parse(&bytes, &ParseOptions::default());
    }
}
