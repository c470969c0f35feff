//! A whole table into a draft: the text of the clipboard or of a file, the cells that its texts go into, and the one change that does it.

use serde::Serialize;

use crate::domain::extraction::grid::{GridPlan, place_grid, place_in, turned};
use crate::domain::form::CellSpec;
use crate::domain::ids::{RecordId, StudyId};
use crate::domain::value::parse_value;

use super::error::{Error, Result};
use super::request::{CellEntry, Request};
use super::workspace::Workspace;

/// The most texts that one table may hold.
const MOST_CELLS: usize = 5000;

/// A text of a pasted table with the cell that takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastedCell {
    /// The path.
    pub path: String,
    /// The heading of the cell's group.
    pub group: String,
    /// The label.
    pub label: String,
    /// What will stand there, as in the table.
    pub raw: String,
    /// What stands there now, where that is something else.
    pub replaces: Option<String>,
    /// The row of the table, from 1.
    pub row: usize,
    /// The column of the table, from 1.
    pub column: usize,
}

/// Where the texts of a pasted table go in a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastePlan {
    /// The study.
    pub study: StudyId,
    /// Its label.
    pub label: String,
    /// The texts that fit a cell, row by row.
    pub cells: Vec<PastedCell>,
    /// The other texts, each as a sentence with its place.
    pub left: Vec<String>,
}

/// Where a table goes whose headings do not say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PasteAt {
    /// Nowhere.
    #[default]
    Anywhere,
    /// From the cell with this path on.
    Cell(String),
    /// Into these places of a table, row by row; the first one is the selected cell.
    Places(Vec<Vec<Option<String>>>),
}

/// Where all values of a pasted table were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PasteSource {
    /// The report.
    pub report: Option<RecordId>,
    /// The page or table.
    pub page: Option<String>,
    /// The words of the report.
    pub quote: Option<String>,
}

impl PastePlan {
    /// Returns the request that fills the cells, all as one change.
    pub fn request(&self, source: &PasteSource) -> Request {
        let entry = |cell: &PastedCell| CellEntry {
            study: self.study.clone(),
            path: cell.path.clone(),
            raw: Some(cell.raw.clone()),
            report: source.report,
            page: source.page.clone(),
            quote: source.quote.clone(),
        };
        Request::SetCells(self.cells.iter().map(entry).collect())
    }
}

impl Workspace {
    /// Finds the cells of the acting reviewer's draft into which the texts of a table go.
    ///
    /// `text` is a table divided by tabs, semicolons, commas, or runs of spaces. `at` says what the table does not;
    /// `is_turned` exchanges rows and columns first. Texts that do not fit their cell are left out with the reason.
    ///
    /// # Errors
    /// [`Error`] where there is no such study or form, the draft is locked, or the text is no table.
    pub fn paste_plan(&self, study: &StudyId, text: &str, at: &PasteAt, is_turned: bool) -> Result<PastePlan> {
        let view = self.known_study(study.as_str())?;
        let me = self.acting()?;
        if self.state.is_submitted(&view.id, &me) {
            return Err(Error::blocked(format!("your draft of {} is handed in and locked", view.label))
                .hint("take it back with tamis extract withdraw"));
        }
        let forms = self.forms()?;
        let (form, cells) = (forms.of(&self.state, &view.id), forms.cells_of(&self.state, &view.id));
        if let PasteAt::Cell(path) = at
            && cells.get(path).is_none()
        {
            return Err(Error::not_found(format!("the form has no cell \"{path}\"")).hint("tamis form show lists all cells"));
        }
        let mut rows = read_table(text)?;
        if is_turned {
            rows = turned(&rows);
        }
        let draft = self.state.draft(&view.id, &me);
        let typed = |path: &str| draft.iter().find(|value| value.path == path).and_then(|value| value.raw.clone());
        let GridPlan { placed, left } = match at {
            PasteAt::Anywhere => place_grid(form, &rows, None),
            PasteAt::Cell(path) => place_grid(form, &rows, Some(path)),
            PasteAt::Places(places) => place_in(form, &rows, places),
        };
        let place = |row: usize, column: usize, raw: &str| format!("row {row}, column {column}, \"{raw}\"");
        let mut plan = PastePlan { study: view.id, label: view.label, cells: Vec::new(), left: Vec::new() };
        for cell in placed {
            match cells.get(&cell.path).map(|spec| (spec, parse_value(spec, &cell.raw))) {
                Some((spec, Ok(_))) => {
                    let CellSpec { group, label, .. } = spec.clone();
                    let replaces = typed(&cell.path).filter(|known| *known != cell.raw);
                    let (row, column) = (cell.row, cell.column);
                    plan.cells.push(PastedCell { path: cell.path, group, label, raw: cell.raw, replaces, row, column });
                }
                Some((spec, Err(error))) => {
                    plan.left.push(format!("{}: {}, {}: {error}", place(cell.row, cell.column, &cell.raw), spec.group, spec.label));
                }
                None => plan.left.push(format!("{}: the form has no cell {}", place(cell.row, cell.column, &cell.raw), cell.path)),
            }
        }
        plan.left.extend(left.into_iter().map(|text| format!("{}: {}", place(text.row, text.column, &text.raw), text.why)));
        Ok(plan)
    }
}

/// Divides a pasted text into rows of texts, control characters taken out.
///
/// # Errors
/// [`Error`] where there is nothing in it, or too much.
fn read_table(text: &str) -> Result<Vec<Vec<String>>> {
    let text: String = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return Err(Error::user("there is nothing in what was pasted"));
    }
    let holds = |mark: char| lines.iter().filter(|line| line.contains(mark)).count() * 2 > lines.len();
    let is_decimal = |line: &&str| {
        let (whole, decimals) = line.trim().split_once(',').unwrap_or((line, "x"));
        !whole.is_empty() && [whole, decimals].iter().all(|part| part.chars().all(|c| c.is_ascii_digit()))
    };
    let mark = if holds('\t') {
        Some(b'\t')
    } else if holds(';') {
        Some(b';')
    } else if holds(',') && !lines.iter().all(is_decimal) {
        Some(b',')
    } else {
        None
    };
    let rows = match mark {
        Some(mark) => by_mark(&text, mark)?,
        None => lines.iter().map(|line| by_spaces(line)).collect(),
    };
    if rows.iter().map(Vec::len).sum::<usize>() > MOST_CELLS {
        return Err(Error::user(format!("the table is too large: more than {MOST_CELLS} texts")));
    }
    Ok(rows)
}

fn by_mark(text: &str, mark: u8) -> Result<Vec<Vec<String>>> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(mark).flexible(true).has_headers(false).trim(csv::Trim::All).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.map_err(|error| Error::user(format!("the table cannot be read: {error}")))?;
        Ok(row.iter().map(clean).collect::<Vec<_>>())
    });
    let rows: Vec<Vec<String>> = rows.collect::<Result<_>>()?;
    Ok(rows.into_iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).collect())
}

/// Text copied from a PDF has spaces between its columns: two or more, or single ones where all is numbers.
fn by_spaces(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.iter().all(|word| word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '\u{2212}'))) {
        return words.into_iter().map(clean).collect();
    }
    line.trim().split("  ").map(clean).filter(|cell| !cell.is_empty()).collect()
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        read_table(text).expect("a table")
    }

    #[test]
    fn tables_are_divided_by_what_divides_them() {
        let wanted = [["Arm", "Mean"], ["Drug", "27,9"]];
        assert_eq!(rows("Arm\tMean\nDrug\t27,9\n"), wanted);
        assert_eq!(rows("Arm;Mean\r\nDrug;27,9"), wanted);
        assert_eq!(rows("Arm,Mean\nDrug,\"27,9\""), wanted);
        assert_eq!(rows("Arm   Mean\n\nDrug   27,9"), wanted);
        assert_eq!(rows("30 27.9 18.2\n29 54.5 26.3"), [["30", "27.9", "18.2"], ["29", "54.5", "26.3"]]);
        assert_eq!(rows("27,9\n18,2"), [["27,9"], ["18,2"]], "decimals, not columns");
        assert_eq!(rows("a\u{1b}[2J\tb"), [["a[2J", "b"]]);
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert!(read_table(" \n\t\n").is_err());
        assert!(read_table(&"1\t2\t3\n".repeat(2000)).is_err());
    }
}
