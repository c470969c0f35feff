//! Word documents (.docx) of headings, paragraphs and tables: enough for the tables of a review, and what Word, LibreOffice and python-docx
//! open without complaint. The same content gives the same bytes.

use super::archive::{ArchiveError, zip};

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; 1 is the greatest, 3 the smallest.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(String),
    /// A table.
    Table(DocumentTable),
}

/// A table of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentTable {
    /// The names of the columns; no row of names where there are none.
    pub headers: Vec<String>,
    /// The rows; a cell has one paragraph for each line of its text.
    pub rows: Vec<Vec<String>>,
    /// The widths of the columns as shares of the page, in percent.
    pub widths: Vec<u32>,
    /// Whether the first column is set in bold.
    pub has_row_names: bool,
}

/// The width of the text on a page of A4 in landscape, in twentieths of a point.
const TEXT_WIDTH: u32 = 14_570;

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"#;

const RELATIONSHIPS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

const DOCUMENT_RELATIONSHIPS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="18"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="60"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="200" w:after="80"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="22"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Heading3"><w:name w:val="heading 3"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="160" w:after="60"/><w:outlineLvl w:val="2"/></w:pPr><w:rPr><w:b/><w:sz w:val="20"/></w:rPr></w:style><w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="100" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style><w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="808080"/><w:left w:val="single" w:sz="4" w:space="0" w:color="808080"/><w:bottom w:val="single" w:sz="4" w:space="0" w:color="808080"/><w:right w:val="single" w:sz="4" w:space="0" w:color="808080"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="808080"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="808080"/></w:tblBorders></w:tblPr></w:style></w:styles>"#;

/// Returns a document of A4 pages in landscape.
///
/// # Errors
/// [`ArchiveError`] where the parts cannot be put together.
pub fn document(blocks: &[Block]) -> Result<Vec<u8>, ArchiveError> {
    let body: String = blocks.iter().map(block).collect();
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document \
         xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}<w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\" \
         w:orient=\"landscape\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" \
         w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    );
    zip([
        ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
        ("_rels/.rels", RELATIONSHIPS.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", STYLES.as_bytes()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONSHIPS.as_bytes()),
    ])
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(level, text) => {
            format!("<w:p><w:pPr><w:pStyle w:val=\"Heading{}\"/></w:pPr>{}</w:p>", (*level).clamp(1, 3), run(text, false))
        }
        Block::Paragraph(text) => paragraphs(text, false),
        // A paragraph behind a table: without one Word joins two tables that follow each other.
        Block::Table(content) => format!("{}<w:p/>", table(content)),
    }
}

fn table(content: &DocumentTable) -> String {
    let columns = content.rows.iter().map(Vec::len).chain([content.headers.len()]).max().unwrap_or(0);
    if columns == 0 {
        return String::new();
    }
    let even = 100 / u32::try_from(columns).unwrap_or(100).max(1);
    let width = |column: usize| content.widths.get(column).copied().unwrap_or(even) * TEXT_WIDTH / 100;
    let cell = |column: usize, text: &str, is_bold: bool| {
        format!("<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/></w:tcPr>{}</w:tc>", width(column), paragraphs(text, is_bold))
    };
    let row = |cells: &[String], is_header: bool| {
        let inside: String = (0..columns)
            .map(|column| {
                let is_bold = is_header || (content.has_row_names && column == 0);
                cell(column, cells.get(column).map_or("", String::as_str), is_bold)
            })
            .collect();
        let repeated = if is_header { "<w:trPr><w:tblHeader/></w:trPr>" } else { "" };
        format!("<w:tr>{repeated}{inside}</w:tr>")
    };
    let grid: String = (0..columns).map(|column| format!("<w:gridCol w:w=\"{}\"/>", width(column))).collect();
    let head = if content.headers.is_empty() { String::new() } else { row(&content.headers, true) };
    let rows: String = content.rows.iter().map(|cells| row(cells, false)).collect();
    format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"{TEXT_WIDTH}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr>\
         <w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"
    )
}

/// Returns a paragraph for each line of a text, at least one.
fn paragraphs(text: &str, is_bold: bool) -> String {
    let lines: Vec<&str> = if text.is_empty() { vec![""] } else { text.lines().collect() };
    lines.into_iter().map(|line| format!("<w:p>{}</w:p>", run(line, is_bold))).collect()
}

fn run(text: &str, is_bold: bool) -> String {
    if text.is_empty() {
        return String::new();
    }
    let bold = if is_bold { "<w:rPr><w:b/></w:rPr>" } else { "" };
    format!("<w:r>{bold}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

/// Returns a text as it stands in XML; characters that no XML can hold are left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    fn content(blocks: &[Block]) -> String {
        let bytes = document(blocks).expect("a document");
        assert_eq!(bytes, document(blocks).expect("a document"), "the same content gives the same bytes");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut text = String::new();
        archive.by_name("word/document.xml").expect("the text").read_to_string(&mut text).expect("UTF-8");
        text
    }

    #[test]
    fn text_is_escaped_and_lines_become_paragraphs() {
        let text = content(&[Block::Heading(1, "A & B".into()), Block::Paragraph("x < y\nz\u{1b}\u{0}".into())]);
        assert!(
            text.contains("<w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t xml:space=\"preserve\">A &amp; B</w:t></w:r></w:p>"),
            "{text}"
        );
        assert!(text.contains("x &lt; y</w:t></w:r></w:p><w:p><w:r><w:t xml:space=\"preserve\">z</w:t>"), "{text}");
    }

    #[test]
    fn a_table_has_a_cell_for_each_column_whatever_its_rows_have() {
        let table = DocumentTable {
            headers: vec!["Study".into(), "Methods".into(), "Notes".into()],
            rows: vec![vec!["A 2001".into()], vec!["B".into(), "one\ntwo".into(), String::new()]],
            widths: vec![20, 50, 30],
            has_row_names: true,
        };
        let text = content(&[Block::Table(table)]);
        assert_eq!(text.matches("<w:tc>").count(), 9);
        assert_eq!(text.matches("<w:tr>").count(), 3);
        assert!(text.contains("<w:trPr><w:tblHeader/></w:trPr>"));
        // No cell is without a paragraph: Word calls such a file damaged.
        assert!(!text.contains("</w:tcPr></w:tc>"));
        assert!(text.ends_with("</w:sectPr></w:body></w:document>"));
    }

    #[test]
    fn a_table_of_nothing_and_a_document_of_nothing_are_documents() {
        assert!(content(&[Block::Table(DocumentTable::default())]).contains("<w:body><w:p/>"));
        assert!(content(&[]).contains("<w:body><w:sectPr>"));
    }
}
