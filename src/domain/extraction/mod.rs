//! A draft: the values that one extractor took from a study's reports.
//!
//! A value is kept as typed beside its meaning, with the report, page and quotation it came from. [`check_draft`] looks at a
//! whole draft: single values against their cell, and numbers against each other. Its remarks are about reporting; a value
//! with a warning can be handed in, one with an error wants mending first.

mod answers;
mod check;
mod dismissal;
pub mod grid;
mod p_value;

pub use answers::Answers;
pub use check::{CellProblem, Rule, check_draft};
pub use dismissal::Dismissal;
pub use p_value::PrintedP;

use std::collections::BTreeMap;

use super::form::{CellSpec, Form};
use super::value::{ParsedValue, ValueError, parse_value};

/// One value of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftValue {
    /// The path of the cell.
    pub path: String,
    /// What was typed, untouched.
    pub raw: String,
    /// What it means for the cell, or why it does not fit.
    pub parsed: Result<ParsedValue, ValueError>,
    /// The report that the value stands in, by its id.
    pub report: Option<String>,
    /// The page, table or figure, as printed.
    pub page: Option<String>,
    /// The words of the report.
    pub quote: Option<String>,
    /// Why it must be looked at again, where the form changed after it was typed.
    pub stale: Option<String>,
}

impl DraftValue {
    /// Creates a value of a cell from what was typed, without provenance.
    pub fn new(cell: &CellSpec, raw: &str) -> Self {
        let parsed = parse_value(cell, raw);
        Self { path: cell.path.clone(), raw: raw.to_owned(), parsed, report: None, page: None, quote: None, stale: None }
    }

    /// Returns the number that the value means, if it means one.
    pub fn number(&self) -> Option<f64> {
        self.parsed.as_ref().ok().and_then(ParsedValue::number)
    }
}

/// The cells of a form by path, and a draft's values by path: what checks and comparisons look things up in.
pub(crate) struct DraftIndex<'a> {
    values: BTreeMap<&'a str, &'a DraftValue>,
}

impl<'a> DraftIndex<'a> {
    /// Indexes a draft; of several values of one cell the last one stands, and empty ones are no values.
    pub(crate) fn new(draft: &'a [DraftValue]) -> Self {
        let mut values = BTreeMap::new();
        for value in draft {
            if value.parsed == Err(ValueError::Empty) {
                values.remove(value.path.as_str());
            } else {
                values.insert(value.path.as_str(), value);
            }
        }
        Self { values }
    }

    /// Returns the value of a cell.
    pub(crate) fn get(&self, path: &str) -> Option<&'a DraftValue> {
        self.values.get(path).copied()
    }

    /// Returns the values of cells that the form does not have, by path.
    pub(crate) fn unknown(&self, cells: &[CellSpec]) -> Vec<&'a DraftValue> {
        let known: std::collections::BTreeSet<&str> = cells.iter().map(|cell| cell.path.as_str()).collect();
        self.values.values().filter(|value| !known.contains(value.path.as_str())).copied().collect()
    }
}

/// Reads a draft from (path, text as typed); pairs whose path the form does not have are returned beside it.
pub fn read_draft<'a>(form: &Form, typed: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Vec<DraftValue>, Vec<(&'a str, &'a str)>) {
    let cells: BTreeMap<String, CellSpec> = form.cells().into_iter().map(|cell| (cell.path.clone(), cell)).collect();
    let mut draft = Vec::new();
    let mut unknown = Vec::new();
    for (path, raw) in typed {
        match cells.get(path) {
            Some(cell) => draft.push(DraftValue::new(cell, raw)),
            None => unknown.push((path, raw)),
        }
    }
    (draft, unknown)
}

#[cfg(test)]
mod tests {
    use super::super::form::sample;
    use super::*;

    #[test]
    fn what_was_typed_is_kept_beside_its_meaning() {
        let form = sample::form();
        let (draft, unknown) = read_draft(&form, [("outcome.pain.short.drug.sd", "27,9 "), ("sleep", "8"), ("arm.drug.dose", "much")]);
        assert_eq!(unknown, [("sleep", "8")]);
        assert_eq!((draft[0].raw.as_str(), draft[0].number()), ("27,9 ", Some(27.9)));
        assert_eq!((draft[1].raw.as_str(), draft[1].parsed.is_err()), ("much", true));
    }

    #[test]
    fn the_last_value_of_a_cell_stands_and_an_empty_one_clears_it() {
        let form = sample::form();
        let (draft, _) = read_draft(&form, [("arm.drug.dose", "1"), ("arm.drug.dose", "2"), ("design", "RCT parallel"), ("design", " ")]);
        let index = DraftIndex::new(&draft);
        assert_eq!(index.get("arm.drug.dose").and_then(DraftValue::number), Some(2.0));
        assert!(index.get("design").is_none());
    }
}
