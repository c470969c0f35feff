//! The tables of characteristics of included and excluded studies, as reviews print them.

use super::docx::{Block, DocumentTable};
use super::table::{Cell, Table, markdown_text};

/// What both tables are made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CharacteristicTables {
    /// The title of the review.
    pub title: String,
    /// The names of the characteristics, in order.
    pub columns: Vec<String>,
    /// The included studies.
    pub included: Vec<IncludedStudy>,
    /// The reports excluded at full text.
    pub excluded: Vec<ExcludedReport>,
}

/// An included study.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IncludedStudy {
    /// The label.
    pub study: String,
    /// The year of its earliest report.
    pub year: Option<i32>,
    /// What is known, one line a field, one entry for each of [`CharacteristicTables::columns`].
    pub cells: Vec<Vec<String>>,
    /// Its reports, each as one line.
    pub reports: Vec<String>,
}

/// An excluded report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExcludedReport {
    /// The study, or first author and year.
    pub study: String,
    /// Why it was excluded.
    pub reason: String,
    /// The report as one line.
    pub report: String,
}

impl CharacteristicTables {
    /// Returns the included studies as a table: a row a study, a column a characteristic, the lines of a cell joined by line feeds.
    pub fn included_table(&self) -> Table {
        let mut table = Table::new(&["Study", "Year"]);
        table.headers.extend(self.columns.iter().cloned());
        table.headers.push("Reports".to_owned());
        for study in &self.included {
            let mut row = vec![Cell::text(&study.study), study.year.map_or(Cell::Empty, |year| Cell::Integer(i64::from(year)))];
            row.extend(study.cells.iter().chain([&study.reports]).map(|lines| text_cell(&lines.join("\n"))));
            table.push(row);
        }
        table
    }

    /// Returns the excluded reports as a table.
    pub fn excluded_table(&self) -> Table {
        let mut table = Table::new(&["Study", "Reason for exclusion", "Report"]);
        for report in &self.excluded {
            table.push([&report.study, &report.reason, &report.report].map(|text| text_cell(text)).to_vec());
        }
        table
    }

    /// Returns both tables as Markdown: a table a study, then one of the excluded reports.
    pub fn markdown(&self) -> String {
        let mut out = String::from("# Characteristics of studies\n\n## Characteristics of included studies\n");
        for study in &self.included {
            out.push_str(&format!("\n### {}\n\n| | |\n| --- | --- |\n", markdown_text(&study.study)));
            for (name, lines) in self.rows_of(study) {
                let lines: Vec<String> = lines.iter().map(|line| markdown_text(line)).collect();
                out.push_str(&format!("| {} | {} |\n", markdown_text(name), lines.join("<br>")));
            }
        }
        if self.included.is_empty() {
            out.push_str("\nNo study is included yet.\n");
        }
        out.push_str("\n## Characteristics of excluded studies\n\n");
        if self.excluded.is_empty() {
            out.push_str("No report was excluded at full text.\n");
        } else {
            out.push_str(&self.excluded_table().markdown());
        }
        out
    }

    /// Returns both tables as the parts of a document.
    pub fn document(&self) -> Vec<Block> {
        let heading = |level, text: &str| Block::Heading(level, text.to_owned());
        let mut blocks = self.head();
        blocks.push(heading(1, "Characteristics of included studies"));
        for study in &self.included {
            let rows = self.rows_of(study).map(|(name, lines)| vec![name.to_owned(), lines.join("\n")]);
            blocks.push(heading(2, &study.study));
            let table = DocumentTable { rows: rows.collect(), widths: vec![18, 82], has_row_names: true, ..DocumentTable::default() };
            blocks.push(Block::Table(table));
        }
        if self.included.is_empty() {
            blocks.push(Block::Paragraph("No study is included yet.".to_owned()));
        }
        blocks.extend(self.excluded_part());
        blocks
    }

    /// Returns the excluded reports as the parts of a document.
    pub fn excluded_document(&self) -> Vec<Block> {
        let mut blocks = self.head();
        blocks.extend(self.excluded_part());
        blocks
    }

    fn head(&self) -> Vec<Block> {
        if self.title.is_empty() { Vec::new() } else { vec![Block::Paragraph(self.title.clone())] }
    }

    fn excluded_part(&self) -> [Block; 2] {
        let heading = Block::Heading(1, "Characteristics of excluded studies".to_owned());
        if self.excluded.is_empty() {
            return [heading, Block::Paragraph("No report was excluded at full text.".to_owned())];
        }
        let table = self.excluded_table();
        let rows = table.rows.iter().map(|row| row.iter().map(Cell::plain).collect());
        let table = DocumentTable { rows: rows.collect(), headers: table.headers, widths: vec![18, 27, 55], has_row_names: true };
        [heading, Block::Table(table)]
    }

    fn rows_of<'a>(&'a self, study: &'a IncludedStudy) -> impl Iterator<Item = (&'a str, &'a [String])> {
        let known = self.columns.iter().map(String::as_str).zip(study.cells.iter().map(Vec::as_slice));
        known.chain([("Reports", study.reports.as_slice())])
    }
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::text(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables() -> CharacteristicTables {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        CharacteristicTables {
            title: "Ketamine".into(),
            columns: lines(&["Methods", "Funding"]),
            included: vec![IncludedStudy {
                study: "A 2001".into(),
                year: Some(2001),
                cells: vec![lines(&["Design: RCT", "Blinding: double|blind"]), Vec::new()],
                reports: lines(&["Author A. Title. 2001"]),
            }],
            excluded: vec![ExcludedReport { study: "=B 2002".into(), reason: "Wrong population".into(), report: "B. Title".into() }],
        }
    }

    #[test]
    fn a_row_has_every_characteristic_and_the_reports() {
        assert_eq!(
            tables().included_table().csv(),
            "Study,Year,Methods,Funding,Reports\nA 2001,2001,\"Design: RCT\nBlinding: double|blind\",,Author A. Title. 2001\n"
        );
        assert_eq!(tables().excluded_table().csv(), "Study,Reason for exclusion,Report\n'=B 2002,Wrong population,B. Title\n");
    }

    #[test]
    fn markdown_has_a_table_for_each_study() {
        let text = tables().markdown();
        assert!(
            text.contains("### A 2001\n\n| | |\n| --- | --- |\n| Methods | Design: RCT<br>Blinding: double\\|blind |\n| Funding |  |\n"),
            "{text}"
        );
        assert!(text.contains("| =B 2002 | Wrong population | B. Title |"), "{text}");
        let nothing = CharacteristicTables::default().markdown();
        assert!(nothing.contains("No study is included yet.") && nothing.contains("No report was excluded"), "{nothing}");
    }

    #[test]
    fn a_document_has_the_same() {
        let blocks = tables().document();
        let headings: Vec<&str> =
            blocks.iter().filter_map(|block| if let Block::Heading(_, text) = block { Some(text.as_str()) } else { None }).collect();
        assert_eq!(headings, ["Characteristics of included studies", "A 2001", "Characteristics of excluded studies"]);
        let rows: Vec<usize> =
            blocks.iter().filter_map(|block| if let Block::Table(table) = block { Some(table.rows.len()) } else { None }).collect();
        assert_eq!(rows, [3, 1]);
        assert_eq!(CharacteristicTables::default().document().len(), 4);
        assert_eq!(tables().excluded_document().len(), 3);
    }
}
