//! The summary of findings as a table: for spreadsheets one row a finding with plain numbers, for manuscripts in Markdown
//! or Word with footnotes.
//!
//! Columns: Cochrane Handbook 14.1.6.

use crate::export::docx::{Block, DocumentTable};
use crate::export::table::{Cell, Table, markdown_text};

use super::{FindingView, Findings};

impl Findings {
    /// Returns one row a finding: numbers at full precision, ratings as their stored words.
    pub fn table(&self) -> Table {
        let mut headers: Vec<String> = [
            "analysis",
            "outcome",
            "timepoint",
            "intervention",
            "comparator",
            "studies",
            "participants",
            "events",
            "measure",
            "estimate",
            "ci_low",
            "ci_high",
            "comparator_per_1000",
            "comparator_source",
            "intervention_per_1000",
            "intervention_low",
            "intervention_high",
            "difference",
            "number_needed",
            "certainty",
        ]
        .map(str::to_owned)
        .to_vec();
        let rated = self.rows.first().map(|row| &row.ratings[..]).unwrap_or_default();
        headers.extend(rated.iter().flat_map(|rated| [rated.item.to_string(), format!("{}_why", rated.item)]));
        headers.push("comment".to_owned());
        let rows = self.rows.iter().map(plain_row).collect();
        Table { headers, rows }
    }

    /// Returns the table as it is printed, in Markdown, with the reasons for rating down or up as footnotes.
    pub fn markdown(&self) -> String {
        let Printed { title, rows, notes, source } = self.printed();
        let mut table = Table::new(&HEADS);
        rows.into_iter().for_each(|row| table.push(row.into_iter().map(Cell::text).collect()));
        let mut text = format!("# {}\n\n{}\n", markdown_text(&title), table.markdown());
        for (at, note) in notes.iter().enumerate() {
            text.push_str(&format!("{}. {}\n", at + 1, markdown_text(note)));
        }
        text.push_str(&format!("\n{}\n", markdown_text(&source)));
        text
    }

    /// Returns the table as it is printed, as the parts of a Word document.
    pub fn document(&self) -> Vec<Block> {
        let Printed { title, rows, notes, source } = self.printed();
        let widths = vec![18, 11, 19, 15, 11, 13, 13];
        let table = DocumentTable { headers: HEADS.map(str::to_owned).to_vec(), rows, widths, has_row_names: true };
        let mut blocks = vec![Block::Heading(1, title), Block::Table(table)];
        blocks.extend(notes.iter().enumerate().map(|(at, note)| Block::Paragraph(format!("{}. {note}", at + 1))));
        blocks.push(Block::Paragraph(source));
        blocks
    }

    fn printed(&self) -> Printed {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        for row in &self.rows {
            let mut marks = Vec::new();
            for note in row.footnotes() {
                let at = notes.iter().position(|known| *known == note).unwrap_or_else(|| {
                    notes.push(note);
                    notes.len() - 1
                });
                marks.push((at + 1).to_string());
            }
            let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
            let absolute = row.absolute.as_ref();
            let with = absolute.map(|absolute| if absolute.with.is_empty() { &absolute.difference } else { &absolute.with });
            // A difference of means is no relative effect: it stands in the column before.
            let relative = row.effect.as_ref().filter(|_| row.baseline.is_some()).map(|effect| effect.text.clone());
            let dash = || "-".to_owned();
            rows.push(vec![
                row.what(),
                absolute.map(|absolute| absolute.without.clone()).filter(|text| !text.is_empty()).unwrap_or_else(dash),
                with.cloned().unwrap_or_else(|| "nothing pooled".to_owned()),
                relative.unwrap_or_else(dash),
                format!("{} ({})", row.participants, row.studies),
                format!("{}{marks}", row.certainty_text()),
                row.comment.clone(),
            ]);
        }
        let sources: Vec<String> =
            self.rows.iter().filter_map(|row| Some(format!("{}: {}", row.what(), row.baseline.as_ref()?.source))).collect();
        let mut levels: Vec<String> = self.rows.iter().map(|row| format!("{} %", row.level)).collect();
        levels.dedup();
        let mut source = format!("CI: confidence interval ({}).", levels.join(", "));
        if !sources.is_empty() {
            source.push_str(&format!(" Risk with the comparator: {}.", sources.join("; ")));
        }
        Printed { title: format!("Summary of findings: {}", self.review), rows, notes, source }
    }
}

/// The columns of the printed table.
const HEADS: [&str; 7] = [
    "Outcome",
    "Risk with comparator",
    "Risk with intervention (CI)",
    "Relative effect (CI)",
    "Participants (studies)",
    "Certainty",
    "Comments",
];

/// The printed table: its title, rows, footnotes, and what the numbers rest on.
struct Printed {
    title: String,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
    source: String,
}

fn plain_row(row: &FindingView) -> Vec<Cell> {
    let number = |value: Option<f64>| value.map_or(Cell::Empty, Cell::Number);
    let effect = row.effect.as_ref();
    let per_1000 = row.absolute.as_ref().and_then(|absolute| absolute.per_1000);
    let mut cells = vec![
        Cell::text(&row.analysis),
        Cell::text(&row.outcome),
        Cell::text(&row.timepoint),
        Cell::text(&row.experimental),
        Cell::text(&row.control),
        Cell::count(row.studies as u64),
        Cell::count(row.participants),
        row.events.map_or(Cell::Empty, Cell::count),
        effect.map_or(Cell::Empty, |effect| Cell::text(effect.measure)),
        number(effect.map(|effect| effect.estimate)),
        number(effect.map(|effect| effect.lower)),
        number(effect.map(|effect| effect.upper)),
        number(row.baseline.as_ref().map(|baseline| baseline.per_1000)),
        row.baseline.as_ref().map_or(Cell::Empty, |baseline| Cell::text(&baseline.source)),
        number(per_1000.map(|risks| risks[0])),
        number(per_1000.map(|risks| risks[1])),
        number(per_1000.map(|risks| risks[2])),
        row.absolute.as_ref().map_or(Cell::Empty, |absolute| Cell::text(&absolute.difference)),
        row.absolute
            .as_ref()
            .filter(|absolute| !absolute.number_needed.is_empty())
            .map_or(Cell::Empty, |absolute| Cell::text(&absolute.number_needed)),
        row.certainty.map_or(Cell::Empty, |level| Cell::text(level.label())),
    ];
    for rated in &row.ratings {
        cells.push(rated.rating.as_ref().map_or(Cell::Empty, Cell::text));
        cells.push(if rated.explanation.is_empty() { Cell::Empty } else { Cell::text(&rated.explanation) });
    }
    cells.push(if row.comment.is_empty() { Cell::Empty } else { Cell::text(&row.comment) });
    cells
}
