//! The cells of a form as the tables of an article: rows are arms, columns are numbers, one table for each outcome and time point.
//!
//! A table holds the same cells as the list of [`Form::cells`], in the same order of groups; nothing is in a table that is not a cell.

use std::collections::BTreeSet;

use super::{CellPlace, CellSpec, ContrastPart, Form, Outcome, OutcomePart, Scope};

/// One table of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is about ("Pain, 3 months", "Arms", "methods").
    pub title: String,
    /// The unit that all its numbers on the scale share.
    pub unit: Option<String>,
    /// The id of the outcome whose numbers it holds.
    pub outcome: Option<String>,
    /// What stands over the columns, in the order in which they are typed.
    pub columns: Vec<String>,
    /// The rows; each has a place for every column.
    pub rows: Vec<BlockRow>,
    /// The formats to choose from; at most one where all columns belong together.
    pub formats: Vec<BlockFormat>,
}

/// A row of a table: an arm, a pair of arms, or a field of the study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockRow {
    /// What stands before it.
    pub label: String,
    /// The path of the cell in each column; `None` where the form does not ask for it.
    pub cells: Vec<Option<String>>,
}

/// Columns that a report prints together ("n, mean, SD").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockFormat {
    /// The columns in words.
    pub name: String,
    /// The places of the columns in [`Block::columns`], in the order in which the format is typed.
    pub columns: Vec<usize>,
}

/// Which columns of a table are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Those of the format with this place among the formats, and every other one with an answer.
    Format(usize),
    /// All of them.
    All,
}

impl Default for Shown {
    /// The format that the form names first.
    fn default() -> Self {
        Self::Format(0)
    }
}

impl Block {
    /// Returns the places of the columns to show, the format's own first; `is_filled` tells whether a path has an answer.
    ///
    /// A column with an answer is never hidden. A format that the table does not have shows everything.
    pub fn shown(&self, shown: Shown, is_filled: impl Fn(&str) -> bool) -> Vec<usize> {
        let format = match shown {
            Shown::Format(at) => self.formats.get(at),
            Shown::All => None,
        };
        let Some(format) = format else { return (0..self.columns.len()).collect() };
        let holds = |column: &usize| self.rows.iter().filter_map(|row| row.cells[*column].as_deref()).any(&is_filled);
        let others = (0..self.columns.len()).filter(|column| !format.columns.contains(column) && holds(column));
        format.columns.iter().copied().chain(others).collect()
    }

    /// Returns what follows a choice of columns: the next format, after the last one everything, then the first one again.
    pub fn after(&self, shown: Shown) -> Shown {
        match shown {
            Shown::Format(at) if at + 1 < self.formats.len() => Shown::Format(at + 1),
            Shown::Format(_) => Shown::All,
            Shown::All => Shown::Format(0),
        }
    }

    /// Returns row and column of a cell, if the table holds it.
    pub fn place_of(&self, path: &str) -> Option<(usize, usize)> {
        self.rows.iter().enumerate().find_map(|(at, row)| {
            let column = row.cells.iter().position(|cell| cell.as_deref() == Some(path))?;
            Some((at, column))
        })
    }
}

/// Arranges the cells of a form into tables: each section of the study, the arms with their fields, and for each outcome its instrument,
/// its numbers at each time point, and its contrasts.
///
/// `is_asked` tells which of the form's cells are there; rows, columns and tables without one are left out.
pub fn blocks(form: &Form, is_asked: impl Fn(&CellSpec) -> bool) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut last: Option<(Key, Vec<String>)> = None;
    for cell in form.cells().into_iter().filter(|cell| is_asked(cell)) {
        let (key, row, column) = position(form, &cell);
        if last.as_ref().is_none_or(|(known, _)| *known != key) {
            found.push(empty(form, &key));
            last = None;
        }
        let Some(block) = found.last_mut() else { continue };
        if last.as_ref().is_none_or(|(_, known)| *known != row) {
            block.rows.push(BlockRow { label: row_label(form, &cell, &row), cells: vec![None; block.columns.len()] });
        }
        if let Some(place) = block.rows.last_mut().and_then(|row| row.cells.get_mut(column)) {
            *place = Some(cell.path);
        }
        last = Some((key, row));
    }
    found.into_iter().map(without_empty_columns).collect()
}

/// What a table is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    /// A section of the study.
    Section(String),
    /// The arms.
    Arms,
    /// The instrument of an outcome.
    Measure(String),
    /// An outcome at a time point, by ids.
    Outcome(String, String),
    /// Its contrasts, by ids.
    Contrast(String, String),
}

/// Returns the table of a cell, what its row is about (one arm, two arms, or the cell itself), and the place of its column.
fn position(form: &Form, cell: &CellSpec) -> (Key, Vec<String>, usize) {
    let alone = || vec![cell.path.clone()];
    let outcome = |id: &str| form.outcome(id);
    match &cell.place {
        CellPlace::Study { .. } | CellPlace::Unit { .. } => (Key::Section(cell.group.clone()), alone(), 0),
        CellPlace::Arm { arm, field } => {
            let column = form.fields.iter().filter(|field| field.scope == Scope::Arm).position(|known| known.id == *field);
            (Key::Arms, vec![arm.clone()], column.unwrap_or(0))
        }
        CellPlace::Measure { outcome, .. } => (Key::Measure(outcome.clone()), alone(), 0),
        CellPlace::Outcome { outcome: id, timepoint, arm, part } => {
            let column = outcome(id).and_then(|outcome| outcome.parts().iter().position(|known| known == part));
            (Key::Outcome(id.clone(), timepoint.clone()), vec![arm.clone()], column.unwrap_or(0))
        }
        CellPlace::Contrast { outcome: id, timepoint, experimental, control, part } => {
            let column = outcome(id).and_then(|outcome| outcome.contrast_parts().iter().position(|known| known == part));
            (Key::Contrast(id.clone(), timepoint.clone()), vec![experimental.clone(), control.clone()], column.unwrap_or(0))
        }
    }
}

/// Returns what stands before the row of a cell.
fn row_label(form: &Form, cell: &CellSpec, row: &[String]) -> String {
    let arm = |id: &String| form.arms.iter().find(|arm| arm.id == *id).map_or_else(|| id.clone(), |arm| arm.label.clone());
    match (&cell.place, row) {
        (CellPlace::Arm { .. } | CellPlace::Outcome { .. }, [id]) => arm(id),
        (CellPlace::Contrast { .. }, [experimental, control]) => format!("{} against {}", arm(experimental), arm(control)),
        _ => cell.label.clone(),
    }
}

/// Makes the table without its rows.
fn empty(form: &Form, key: &Key) -> Block {
    let block =
        |title: String, columns: Vec<String>| Block { title, unit: None, outcome: None, columns, rows: Vec::new(), formats: Vec::new() };
    let known = |id: &str| form.outcome(id);
    let label = |id: &str| known(id).map_or_else(|| id.to_owned(), |outcome| outcome.label.clone());
    let point = |id: &str, timepoint: &str| {
        let name = known(id).and_then(|outcome| outcome.timepoint(timepoint)).map_or(timepoint, |timepoint| timepoint.name());
        format!("{}, {name}", label(id))
    };
    match key {
        Key::Section(title) => block(title.clone(), vec!["answer".to_owned()]),
        Key::Arms => {
            let fields = form.fields.iter().filter(|field| field.scope == Scope::Arm);
            let heading = |unit: Option<&String>, name: &str| unit.map_or_else(|| name.to_owned(), |unit| format!("{name}, {unit}"));
            block("Arms".to_owned(), fields.map(|field| heading(field.base_unit(), field.name())).collect())
        }
        Key::Measure(id) => block(format!("{}: instrument", label(id)), vec!["answer".to_owned()]),
        Key::Outcome(id, timepoint) => {
            let parts = known(id).map(Outcome::parts).unwrap_or_default();
            Block {
                unit: known(id).filter(|outcome| !outcome.harmonise).and_then(|outcome| outcome.unit.clone()),
                outcome: Some(id.clone()),
                formats: known(id).map(|outcome| formats(outcome, &parts)).unwrap_or_default(),
                ..block(point(id, timepoint), parts.iter().map(|part| part_heading(*part).to_owned()).collect())
            }
        }
        Key::Contrast(id, timepoint) => {
            let parts = known(id).map(Outcome::contrast_parts).unwrap_or_default();
            let columns = parts.iter().map(|part| contrast_heading(*part).to_owned()).collect();
            block(format!("{}: arms compared", point(id, timepoint)), columns)
        }
    }
}

/// The formats of an outcome that differ in the numbers of an arm; one whose numbers another one has as well is left out.
fn formats(outcome: &Outcome, parts: &[OutcomePart]) -> Vec<BlockFormat> {
    let mut sets: Vec<&'static [OutcomePart]> = Vec::new();
    for format in outcome.formats() {
        let set = format.arm_parts();
        if !set.is_empty() && !sets.contains(&set) {
            sets.push(set);
        }
    }
    let as_set = |set: &[OutcomePart]| set.iter().copied().collect::<BTreeSet<_>>();
    let is_within = |set: &[OutcomePart]| sets.iter().any(|other| *other != set && as_set(set).is_subset(&as_set(other)));
    let kept = sets.iter().filter(|set| !is_within(set));
    kept.map(|set| BlockFormat {
        name: set.iter().map(|part| part_heading(*part)).collect::<Vec<_>>().join(", "),
        columns: set.iter().filter_map(|part| parts.iter().position(|known| known == part)).collect(),
    })
    .collect()
}

fn without_empty_columns(block: Block) -> Block {
    let is_used = |column: &usize| block.rows.iter().any(|row| row.cells[*column].is_some());
    let used: Vec<usize> = (0..block.columns.len()).filter(is_used).collect();
    let new_place = |column: &usize| used.iter().position(|known| known == column);
    Block {
        columns: used.iter().map(|column| block.columns[*column].clone()).collect(),
        rows: block
            .rows
            .iter()
            .map(|row| BlockRow { label: row.label.clone(), cells: used.iter().map(|column| row.cells[*column].clone()).collect() })
            .collect(),
        formats: block
            .formats
            .iter()
            .map(|format| BlockFormat { name: format.name.clone(), columns: format.columns.iter().filter_map(new_place).collect() })
            .collect(),
        ..block
    }
}

/// Returns what stands over a column of an outcome, as reports print it.
fn part_heading(part: OutcomePart) -> &'static str {
    match part {
        OutcomePart::Events => "events",
        OutcomePart::N => "n",
        OutcomePart::Percent => "%",
        OutcomePart::Mean => "mean",
        OutcomePart::Sd => "SD",
        OutcomePart::Se => "SE",
        OutcomePart::CiLow => "CI low",
        OutcomePart::CiHigh => "CI high",
        OutcomePart::Median => "median",
        OutcomePart::Q1 => "Q1",
        OutcomePart::Q3 => "Q3",
        OutcomePart::Min => "min",
        OutcomePart::Max => "max",
    }
}

/// Returns what stands over a column of contrasts.
fn contrast_heading(part: ContrastPart) -> &'static str {
    match part {
        ContrastPart::Measure => "measure",
        ContrastPart::Estimate => "estimate",
        ContrastPart::CiLow => "CI low",
        ContrastPart::CiHigh => "CI high",
        ContrastPart::Se => "SE",
        ContrastPart::P => "p",
        ContrastPart::OMinusE => "O\u{2212}E",
        ContrastPart::Variance => "variance",
        ContrastPart::Claim => "text says",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Accept, Arm, ArmRole, sample};
    use super::*;

    /// Every cell of the tables, row by row.
    fn paths(blocks: &[Block]) -> Vec<&str> {
        blocks.iter().flat_map(|block| &block.rows).flat_map(|row| &row.cells).filter_map(Option::as_deref).collect()
    }

    fn titles(blocks: &[Block]) -> Vec<&str> {
        blocks.iter().map(|block| block.title.as_str()).collect()
    }

    fn headings<'a>(block: &'a Block, columns: &[usize]) -> Vec<&'a str> {
        columns.iter().map(|column| block.columns[*column].as_str()).collect()
    }

    fn with_formats(accept: &[Accept]) -> Form {
        let mut form = sample::form();
        form.outcomes[0].accept = accept.to_vec();
        form
    }

    #[test]
    fn every_cell_is_in_one_table_and_in_the_order_of_the_form() {
        let form = sample::form();
        let blocks = blocks(&form, |_| true);
        let cells = form.cells();
        assert_eq!(paths(&blocks), cells.iter().map(|cell| cell.path.as_str()).collect::<Vec<_>>());
        assert_eq!(
            titles(&blocks),
            ["methods", "unit of analysis", "Arms", "Pain, Immediate", "Pain, Short term", "Adverse events, Any time"]
        );
    }

    #[test]
    fn rows_are_arms_and_columns_are_numbers() {
        let blocks = blocks(&sample::form(), |_| true);
        let pain = &blocks[4];
        assert_eq!(pain.columns, ["n", "mean", "SD"]);
        assert_eq!(pain.rows.iter().map(|row| row.label.as_str()).collect::<Vec<_>>(), ["Drug", "Placebo"]);
        assert_eq!(pain.rows[1].cells[2].as_deref(), Some("outcome.pain.short.placebo.sd"));
        assert_eq!((pain.unit.as_deref(), pain.outcome.as_deref()), (Some("points"), Some("pain")));
        assert_eq!(pain.place_of("outcome.pain.short.placebo.sd"), Some((1, 2)));
        assert_eq!(pain.place_of("outcome.pain.immediate.placebo.sd"), None);
        assert_eq!(blocks[5].columns, ["events", "n"]);
        assert_eq!(blocks[2].columns, ["n_randomised", "dose, mg/kg"]);
        assert_eq!(blocks[2].rows[0].cells, [Some("arm.drug.n_randomised".to_owned()), Some("arm.drug.dose".to_owned())]);
    }

    #[test]
    fn one_arm_and_three_arms_are_as_many_rows() {
        let mut form = sample::form();
        form.arms.truncate(1);
        assert!(blocks(&form, |_| true)[3..].iter().all(|block| block.rows.len() == 1));
        let arm = |id: &str, role| Arm { id: id.to_owned(), label: "Same name".to_owned(), role };
        form.arms = vec![arm("low", ArmRole::Experimental), arm("high", ArmRole::Experimental), arm("placebo", ArmRole::Control)];
        form.outcomes[0].accept = vec![Accept::MeanSd, Accept::MdCi];
        let blocks = blocks(&form, |_| true);
        assert_eq!(paths(&blocks).len(), form.cells().len(), "arms of one name keep their rows");
        let (numbers, contrast) = (&blocks[3], &blocks[4]);
        assert_eq!((numbers.rows.len(), numbers.columns.len()), (3, 3));
        assert_eq!(contrast.title, "Pain, Immediate: arms compared");
        assert_eq!((contrast.rows.len(), contrast.columns.join(" ").as_str()), (2, "measure estimate CI low CI high"));
        assert_eq!(contrast.rows[1].cells[0].as_deref(), Some("contrast.pain.immediate.high.placebo.measure"));
    }

    #[test]
    fn the_first_format_and_what_is_filled_are_shown() {
        let form = with_formats(&[Accept::MeanSd, Accept::MedianIqr, Accept::MdCi]);
        let pain = &blocks(&form, |_| true)[3];
        assert_eq!(pain.columns, ["n", "mean", "SD", "median", "Q1", "Q3"]);
        let names: Vec<&str> = pain.formats.iter().map(|format| format.name.as_str()).collect();
        assert_eq!(names, ["n, mean, SD", "n, median, Q1, Q3"], "the n and mean beside a difference are those of the first");
        let empty = |_: &str| false;
        assert_eq!(headings(pain, &pain.shown(Shown::default(), empty)), ["n", "mean", "SD"]);
        assert_eq!(headings(pain, &pain.shown(Shown::Format(1), empty)), ["n", "median", "Q1", "Q3"]);
        assert_eq!(headings(pain, &pain.shown(Shown::All, empty)), pain.columns);
        let is_filled = |path: &str| path.ends_with("placebo.median");
        assert_eq!(headings(pain, &pain.shown(Shown::default(), is_filled)), ["n", "mean", "SD", "median"]);
        assert_eq!(headings(pain, &pain.shown(Shown::Format(7), empty)), pain.columns);
    }

    #[test]
    fn the_key_goes_round_the_formats() {
        let form = with_formats(&[Accept::MeanSd, Accept::MedianIqr]);
        let pain = &blocks(&form, |_| true)[3];
        let mut shown = Shown::default();
        let mut round = Vec::new();
        for _ in 0..3 {
            shown = pain.after(shown);
            round.push(shown);
        }
        assert_eq!(round, [Shown::Format(1), Shown::All, Shown::Format(0)]);
    }

    #[test]
    fn what_is_not_asked_leaves_no_row_and_no_column() {
        let form = sample::form();
        let some = blocks(&form, |cell| !cell.path.starts_with("unit.") && cell.path != "arm.drug.dose" && !cell.path.ends_with(".n"));
        assert_eq!(some[1].title, "Arms");
        assert_eq!(some[1].rows[0].cells, [Some("arm.drug.n_randomised".to_owned()), None]);
        assert_eq!(some[2].columns, ["mean", "SD"]);
        assert_eq!(some[2].formats[0].columns, [0, 1]);
        assert!(blocks(&form, |_| false).is_empty());
    }

    #[test]
    fn an_instrument_stands_before_the_numbers() {
        let mut form = sample::form();
        form.outcomes[0].harmonise = true;
        let blocks = blocks(&form, |_| true);
        assert_eq!(blocks[3].title, "Pain: instrument");
        assert_eq!((blocks[3].rows.len(), blocks[3].rows[0].label.as_str()), (5, "Instrument"));
        assert_eq!(blocks[4].unit, None, "the study has a scale of its own");
    }
}
