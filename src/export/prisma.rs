//! The flow diagram as the CSV file that the PRISMA2020 R package (1.1.4) and its web form read.
//!
//! Source: Haddaway NR et al., Campbell Syst Rev 2022;18:e1230; the parser `PRISMA_data`. It finds rows by the text in the first column, reads
//! numbers from `n`, and lists of labels with counts as `Label, 12; Label two, 5`. Its drawing step trips over commas, semicolons and quotes
//! in labels, so these are replaced; remarks say so.

use super::table::{Cell, Table};
use crate::figure::clean::one_line;
use crate::figure::flow::{Count, FlowModel, Included};

/// The file and what could not be carried into it.
#[derive(Debug, Clone, PartialEq)]
pub struct PrismaFile {
    /// The CSV text: a header and 34 rows.
    pub csv: String,
    /// The same rows as a table, for other formats.
    pub table: Table,
    /// What was changed or has no place in the file, one sentence each.
    pub remarks: Vec<String>,
}

/// What the parser takes for a missing value.
const NA: &str = "NA";

/// Returns the counts as a file for the R package.
///
/// Optional lines without a count, and the whole column of other methods when it has no numbers, are written as `NA`, which the package hides.
/// A box of reasons is never empty: without reasons it says `None, 0`.
pub fn prisma_csv(model: &FlowModel) -> PrismaFile {
    let table = Table::new(&["data", "node", "box", "description", "boxtext", "tooltips", "url", "n"]);
    let mut file = Rows { table, remarks: Vec::new() };
    let is_update = model.previous.is_some();
    let new = if is_update { "new " } else { "" };
    let other = model.other.as_ref().filter(|other| other.has_numbers());
    let other_reports = other.map(|other| &other.reports);
    let (reports, included) = (&model.reports, &model.included);
    let studies_of = |included: Option<Included>| optional(included.map(|included| included.studies));
    let reports_of = |included: Option<Included>| optional(included.and_then(|included| included.reports));

    file.title("node4", "prevstud", "Previous studies");
    file.row("previous_studies", "node5", "box1", "Studies included in previous version of review", &studies_of(model.previous));
    file.row("previous_reports", NA, "box1", "Reports of studies included in previous version of review", &reports_of(model.previous));
    file.title("node6", "newstud", &format!("Identification of {new}studies via databases and registers"));
    file.row("database_results", "node7", "box2", "Databases", &model.databases.to_string());
    let sources = file.list(&model.database_sources);
    file.row("database_specific_results", NA, "box2", "Specific Databases", &sources);
    file.row("register_results", NA, "box2", "Registers", &optional(model.registers));
    let sources = file.list(&model.register_sources);
    file.row("register_specific_results", NA, "box2", "Specific Registers", &sources);
    file.title("node16", "othstud", &format!("Identification of {new}studies via other methods"));
    file.row("website_results", "node17", "box11", "Websites", &optional(other.and_then(|other| other.websites)));
    file.row("organisation_results", NA, "box11", "Organisations", &optional(other.and_then(|other| other.organisations)));
    file.row("citations_results", NA, "box11", "Citation searching", &optional(other.and_then(|other| other.citations)));
    file.row("duplicates", "node8", "box3", "Duplicate records", &model.duplicates.to_string());
    file.row("excluded_automatic", NA, "box3", "Records marked as ineligible by automation tools", &optional(model.automation));
    file.row("excluded_other", NA, "box3", "Records removed for other reasons", &optional(model.other_reasons));
    file.row("records_screened", "node9", "box4", "Records screened", &model.screened.to_string());
    file.row("records_excluded", "node10", "box5", "Records excluded", &model.excluded.to_string());
    file.row("dbr_sought_reports", "node11", "box6", "Reports sought for retrieval", &reports.sought.to_string());
    file.row("dbr_notretrieved_reports", "node12", "box7", "Reports not retrieved", &reports.not_retrieved.to_string());
    file.row("other_sought_reports", "node18", "box12", "Reports sought for retrieval", &optional(other_reports.map(|r| r.sought)));
    file.row("other_notretrieved_reports", "node19", "box13", "Reports not retrieved", &optional(other_reports.map(|r| r.not_retrieved)));
    file.row("dbr_assessed", "node13", "box8", "Reports assessed for eligibility", &reports.assessed.to_string());
    let reasons = file.reasons(&reports.excluded);
    file.row("dbr_excluded", "node14", "box9", "Reports excluded", &reasons);
    file.row("other_assessed", "node20", "box14", "Reports assessed for eligibility", &optional(other_reports.map(|r| r.assessed)));
    let reasons = file.reasons(other_reports.map_or(&[], |reports| &reports.excluded));
    file.row("other_excluded", "node21", "box15", "Reports excluded", &reasons);
    let words = if is_update {
        ["New studies included in review", "Reports of new included studies"]
    } else {
        ["Studies included in review", "Reports of included studies"]
    };
    file.row("new_studies", "node15", "box10", words[0], &included.studies.to_string());
    file.row("new_reports", NA, "box10", words[1], &optional(included.reports));
    file.row("total_studies", "node22", "box16", "Total studies included in review", &studies_of(model.total));
    file.row("total_reports", NA, "box16", "Reports of total included studies", &reports_of(model.total));
    for (phase, node, words) in
        [("identification", "node1", "Identification"), ("screening", "node2", "Screening"), ("included", "node3", "Included")]
    {
        file.row(phase, node, phase, words, NA);
    }
    file.row("total_studies_ma", "node23", "box17", "Total studies included in meta-analysis", &studies_of(model.meta_analysis));
    file.row("total_reports_ma", NA, "box17", "Reports of total included studies in meta-analysis", &reports_of(model.meta_analysis));

    if let Some(other) = other {
        for method in other.further.iter().filter(|method| method.n > 0) {
            let label = one_line(&method.label);
            file.remarks
                .push(format!("The file has no row for records from {label:?} (n = {}): add them to one of the other methods.", method.n));
        }
    }
    if let Some(by) = model.excluded_by {
        let split = format!("{} by a human, {} by automation tools", by.human, by.automation);
        file.remarks.push(format!("The file has no row for who excluded records ({split}): say so in a footnote."));
    }
    PrismaFile { csv: file.table.csv(), table: file.table, remarks: file.remarks }
}

fn optional(count: Option<u64>) -> String {
    count.map_or_else(|| NA.to_owned(), |count| count.to_string())
}

struct Rows {
    table: Table,
    remarks: Vec<String>,
}

impl Rows {
    /// Writes a row; the words of the box also serve as description and, where there is a node to point at, as tooltip.
    fn row(&mut self, key: &str, node: &str, place: &str, words: &str, n: &str) {
        let tooltip = if node == NA { NA } else { words };
        let mut row: Vec<Cell> = [key, node, place, words, words, tooltip, NA].map(Cell::text).into();
        row.push(n.parse().map_or_else(|_| Cell::text(n), Cell::Integer));
        self.table.push(row);
    }

    /// Writes the row of a heading, which has no key.
    fn title(&mut self, node: &str, place: &str, words: &str) {
        self.row(NA, node, place, words, NA);
    }

    fn list(&mut self, counts: &[Count]) -> String {
        if counts.is_empty() {
            return NA.to_owned();
        }
        let items: Vec<String> = counts.iter().map(|count| format!("{}, {}", self.label(&count.label), count.n)).collect();
        items.join("; ")
    }

    fn reasons(&mut self, counts: &[Count]) -> String {
        if counts.is_empty() { "None, 0".to_owned() } else { self.list(counts) }
    }

    /// Returns a label that survives parser, drawing step and spreadsheet.
    fn label(&mut self, label: &str) -> String {
        let original = one_line(label).trim().to_owned();
        let mut safe = String::with_capacity(original.len());
        for c in original.chars() {
            match c {
                ',' | ';' => safe.push_str(" -"),
                '\'' => safe.push('\u{2019}'),
                '"' => safe.push('\u{201d}'),
                '\\' => safe.push('/'),
                c => safe.push(c),
            }
        }
        let safe = safe.trim_start_matches(['=', '+', '-', '@', ' ']).trim_end();
        let safe = if safe.is_empty() { "Unnamed" } else { safe }.to_owned();
        if safe != original {
            self.remarks.push(format!("The label {original:?} is written as {safe:?}: the R package cannot draw the original."));
        }
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::flow::{ExcludedBy, OtherMethods, Reports};

    const KEYS: &str = "NA previous_studies previous_reports NA database_results database_specific_results register_results \
        register_specific_results NA website_results organisation_results citations_results duplicates excluded_automatic excluded_other \
        records_screened records_excluded dbr_sought_reports dbr_notretrieved_reports other_sought_reports other_notretrieved_reports \
        dbr_assessed dbr_excluded other_assessed other_excluded new_studies new_reports total_studies total_reports identification screening \
        included total_studies_ma total_reports_ma";

    fn field(csv: &str, key: &str) -> String {
        let row = csv.lines().find(|line| line.starts_with(&format!("{key},"))).unwrap();
        match row.strip_suffix('"') {
            Some(quoted) => quoted[quoted.rfind('"').unwrap() + 1..].to_owned(),
            None => row.rsplit(',').next().unwrap().to_owned(),
        }
    }

    #[test]
    fn the_file_has_the_34_rows_of_the_template_in_order() {
        let csv = prisma_csv(&FlowModel::default()).csv;
        let keys: Vec<&str> = csv.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(keys.len(), 34);
        assert_eq!(keys, KEYS.split_whitespace().collect::<Vec<_>>());
        assert_eq!(csv.lines().next(), Some("data,node,box,description,boxtext,tooltips,url,n"));
    }

    #[test]
    fn counts_are_plain_numbers_and_missing_ones_na() {
        let model = FlowModel { databases: 12_345, registers: Some(34), ..FlowModel::default() };
        let csv = prisma_csv(&model).csv;
        assert_eq!(field(&csv, "database_results"), "12345");
        assert_eq!(field(&csv, "register_results"), "34");
        assert_eq!(field(&csv, "previous_studies"), "NA");
        assert_eq!(field(&csv, "website_results"), "NA");
        assert_eq!(field(&csv, "citations_results"), "NA");
        assert_eq!(field(&csv, "dbr_excluded"), "None, 0");
    }

    #[test]
    fn labels_lose_what_the_drawing_step_cannot_bear() {
        let excluded = vec![Count::new("Wrong dose, or route", 5), Count::new("Author's \"no\"; reply", 2), Count::new("=SUM(1)", 1)];
        let model = FlowModel { reports: Reports { excluded, ..Reports::default() }, ..FlowModel::default() };
        let file = prisma_csv(&model);
        assert_eq!(field(&file.csv, "dbr_excluded"), "Wrong dose - or route, 5; Author’s ”no” - reply, 2; SUM(1), 1");
        assert_eq!(file.remarks.len(), 3);
    }

    #[test]
    fn what_has_no_row_is_said() {
        let model = FlowModel {
            excluded_by: Some(ExcludedBy { human: 4, automation: 3 }),
            other: Some(OtherMethods { citations: Some(5), further: vec![Count::new("Experts", 2)], ..OtherMethods::default() }),
            ..FlowModel::default()
        };
        let file = prisma_csv(&model);
        assert_eq!(field(&file.csv, "citations_results"), "5");
        assert_eq!(file.remarks.len(), 2);
        assert!(file.remarks[0].contains("Experts"));
    }
}
