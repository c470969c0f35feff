//! Two drafts side by side: where they agree, where they differ, and how a difference was settled.
//!
//! Values are equal when their meanings are: numbers after parsing, also where they were typed in two units that can be turned into each
//! other; options by their spelling in the form, text after white space is folded, "not reported" with "not reported". Only equal values
//! are agreed upon without a person; two numbers that agree after rounding are shown as such and left to people.

use super::extraction::{DraftIndex, DraftValue};
use super::form::{CellSpec, FormCells};
use super::value::{ParsedValue, ValueError, parse_number, parse_value, typed_unit, unit_factor};

/// How two values of one cell compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Verdict {
    /// They mean the same.
    Equal,
    /// The same quantity, typed in two units that can be turned into each other.
    EqualAfterUnit,
    /// Numbers that are equal once the more precise one is rounded to the digits of the other, or dates that are equal as exactly as the
    /// form asks for them.
    EqualAfterRounding,
    /// They mean different things, or one of them does not fit its cell.
    Differ,
    /// Only one draft has a value.
    MissingInOne,
}

impl Verdict {
    /// Tells whether both mean the same, so that no person has to settle it.
    pub fn is_same(self) -> bool {
        matches!(self, Self::Equal | Self::EqualAfterUnit)
    }
}

/// One cell with the values of both drafts.
#[derive(Debug, Clone, PartialEq)]
pub struct CellComparison<'a> {
    /// The path of the cell.
    pub path: String,
    /// The first draft's value.
    pub a: Option<&'a DraftValue>,
    /// The second draft's value.
    pub b: Option<&'a DraftValue>,
    /// How they compare.
    pub verdict: Verdict,
}

/// Compares two drafts of one study, cell by cell in form order.
///
/// Cells without a value in either draft are left out, as are cells that the form does not have (`extraction::check_draft`
/// names those). Of several values of one cell in one draft the last one stands.
pub fn compare<'a>(cells: &FormCells, draft_a: &'a [DraftValue], draft_b: &'a [DraftValue]) -> Vec<CellComparison<'a>> {
    let (index_a, index_b) = (DraftIndex::new(draft_a), DraftIndex::new(draft_b));
    let mut compared = Vec::new();
    for cell in cells.iter() {
        let (a, b) = (index_a.get(&cell.path), index_b.get(&cell.path));
        let verdict = match (a, b) {
            (None, None) => continue,
            (Some(a), Some(b)) => compare_values(cell, a, b),
            _ => Verdict::MissingInOne,
        };
        compared.push(CellComparison { path: cell.path.clone(), a, b, verdict });
    }
    compared
}

fn compare_values(cell: &CellSpec, a: &DraftValue, b: &DraftValue) -> Verdict {
    let (Ok(value_a), Ok(value_b)) = (&a.parsed, &b.parsed) else { return Verdict::Differ };
    let units = [typed_unit(cell, &a.raw), typed_unit(cell, &b.raw)].map(|unit| unit.or(cell.unit.as_deref()));
    if value_a == value_b {
        return if units[0] == units[1] { Verdict::Equal } else { Verdict::EqualAfterUnit };
    }
    match (value_a, value_b) {
        // Numbers that were turned into the cell's unit carry the error of that; so do not compare what was typed.
        (ParsedValue::Decimal(a), ParsedValue::Decimal(b)) if units[0] != units[1] => {
            if (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) {
                Verdict::EqualAfterUnit
            } else {
                Verdict::Differ
            }
        }
        (ParsedValue::Measured { number: a, unit: of_a }, ParsedValue::Measured { number: b, unit: of_b }) => {
            match unit_factor(of_a, of_b) {
                Some(factor) if (a * factor - b).abs() <= 1e-9 * b.abs() => Verdict::EqualAfterUnit,
                _ => Verdict::Differ,
            }
        }
        (ParsedValue::Date(a), ParsedValue::Date(b)) => match cell.precision {
            Some(precision) if a.to(precision) == b.to(precision) => Verdict::EqualAfterRounding,
            _ => Verdict::Differ,
        },
        (ParsedValue::Decimal(_), ParsedValue::Decimal(_)) if is_equal_after_rounding(&a.raw, &b.raw, cell.unit.as_deref()) => {
            Verdict::EqualAfterRounding
        }
        _ => Verdict::Differ,
    }
}

/// Tells whether the more precise of two typed numbers lies within half a last digit of the other.
fn is_equal_after_rounding(a: &str, b: &str, unit: Option<&str>) -> bool {
    let (Ok(a), Ok(b)) = (parse_number(a, unit), parse_number(b, unit)) else { return false };
    let (Some(decimals_a), Some(decimals_b)) = (a.decimals, b.decimals) else { return false };
    if decimals_a == decimals_b {
        return false;
    }
    let Ok(decimals) = i32::try_from(decimals_a.min(decimals_b)) else { return false };
    let half = 0.5 * 10.0_f64.powi(-decimals);
    // Both numbers carry the error of their binary form, so a value typed on the very edge (2.5 and 3) still counts.
    (a.value - b.value).abs() <= half + 4.0 * f64::EPSILON * a.value.abs().max(b.value.abs())
}

/// How a value came to be agreed upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum How {
    /// Both drafts say the same.
    Auto,
    /// People chose the first draft's value.
    ChosenA,
    /// People chose the second draft's value.
    ChosenB,
    /// People chose a third value.
    Other,
}

/// The value of a cell that counts from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreed {
    /// The path of the cell.
    pub path: String,
    /// The value as typed; `None` where it was agreed to leave the cell empty.
    pub raw: Option<String>,
    /// What it means; `None` where the cell stays empty.
    pub value: Option<ParsedValue>,
    /// How it came about.
    pub how: How,
}

/// What people decide about a cell on which two drafts differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The first draft's value; an empty cell where it has none.
    A,
    /// The second draft's value; an empty cell where it has none.
    B,
    /// A third value, as typed; empty text leaves the cell empty.
    Other(String),
}

impl Choice {
    /// Reads a choice as the command line and tables write it: "a", "b", or the value itself.
    pub fn parse(text: &str) -> Self {
        match text.trim() {
            "a" | "A" => Self::A,
            "b" | "B" => Self::B,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Returns the cells on which two drafts agree without a person, in form order.
pub fn agree_on_equal(compared: &[CellComparison<'_>]) -> Vec<Agreed> {
    let equal = compared.iter().filter(|cell| cell.verdict.is_same());
    equal
        .filter_map(|cell| {
            let a = cell.a?;
            Some(Agreed { path: cell.path.clone(), raw: Some(a.raw.clone()), value: a.parsed.clone().ok(), how: How::Auto })
        })
        .collect()
}

/// Settles a cell by a choice.
///
/// `cell` is the cell that was compared.
///
/// # Errors
/// [`ValueError`] where the chosen value does not fit the cell; another choice is needed then.
pub fn settle(cell: &CellSpec, compared: &CellComparison<'_>, choice: &Choice) -> Result<Agreed, ValueError> {
    let (raw, how) = match choice {
        Choice::A => (compared.a.map(|value| value.raw.clone()), How::ChosenA),
        Choice::B => (compared.b.map(|value| value.raw.clone()), How::ChosenB),
        Choice::Other(text) => ((!text.trim().is_empty()).then(|| text.clone()), How::Other),
    };
    let value = raw.as_deref().map(|raw| parse_value(cell, raw)).transpose()?;
    Ok(Agreed { path: cell.path.clone(), raw, value, how })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::extraction::read_draft;
    use super::super::form::sample;
    use super::*;

    fn verdicts(a: &[(&str, &str)], b: &[(&str, &str)]) -> Vec<(String, Verdict)> {
        let form = sample::form();
        let (draft_a, _) = read_draft(&form, a.iter().copied());
        let (draft_b, _) = read_draft(&form, b.iter().copied());
        compare(&FormCells::new(&form), &draft_a, &draft_b).into_iter().map(|cell| (cell.path, cell.verdict)).collect()
    }

    fn verdict(path: &str, a: &str, b: &str) -> Verdict {
        verdicts(&[(path, a)], &[(path, b)])[0].1
    }

    #[test]
    fn values_are_compared_by_meaning_not_by_spelling() {
        assert_eq!(verdict("arm.drug.dose", "0,5", "0.50 mg/kg"), Verdict::Equal);
        assert_eq!(verdict("design", "rct  parallel", "RCT parallel"), Verdict::Equal);
        assert_eq!(verdict("funding", "public; none", "none, public"), Verdict::Equal);
        assert_eq!(verdict("arm.drug.dose", "NR", "not reported"), Verdict::Equal);
        assert_eq!(verdict("arm.drug.dose", "NR", "unclear"), Verdict::Differ);
        assert_eq!(verdict("arm.drug.n_randomised", "1 030", "1030"), Verdict::Equal);
    }

    #[test]
    fn rounding_is_a_verdict_of_its_own() {
        let mean = "outcome.pain.immediate.drug.mean";
        assert_eq!(verdict(mean, "60.033898", "60.03"), Verdict::EqualAfterRounding);
        assert_eq!(verdict(mean, "60", "59.5"), Verdict::EqualAfterRounding);
        assert_eq!(verdict(mean, "60.04", "60.03"), Verdict::Differ);
        assert_eq!(verdict(mean, "75.2", "72.5"), Verdict::Differ);
        assert_eq!(verdict("arm.drug.n_randomised", "30", "31"), Verdict::Differ);
    }

    #[test]
    fn one_quantity_in_two_units_is_the_same() {
        let mut form = sample::form();
        form.fields[3].unit = Some("mg".into());
        form.fields[3].units = ["mg", "g", "mg/kg", "\u{b5}g/kg"].map(str::to_owned).to_vec();
        let verdict = |a: &str, b: &str| {
            let read = |raw: &str| read_draft(&form, [("arm.drug.dose", raw)]).0;
            compare(&FormCells::new(&form), &read(a), &read(b))[0].verdict
        };
        assert_eq!(verdict("500", "0.5 g"), Verdict::EqualAfterUnit);
        assert_eq!(verdict("0.1 g", "100 mg"), Verdict::EqualAfterUnit);
        assert_eq!(verdict("500", "500 mg"), Verdict::Equal);
        assert_eq!(verdict("0.5 mg/kg", "500 mcg/kg"), Verdict::EqualAfterUnit);
        assert_eq!(verdict("0.5 mg/kg", "0.5 mg"), Verdict::Differ);
        assert_eq!(verdict("500", "0.4 g"), Verdict::Differ);
        assert!(Verdict::EqualAfterUnit.is_same() && !Verdict::EqualAfterRounding.is_same());
    }

    #[test]
    fn dates_are_compared_as_exactly_as_the_form_asks() {
        let mut form = sample::form();
        form.fields.push(sample::field("start", crate::domain::form::FieldType::Date));
        let verdict = |form: &crate::domain::form::Form, a: &str, b: &str| {
            let read = |raw: &str| read_draft(form, [("start", raw)]).0;
            compare(&FormCells::new(form), &read(a), &read(b))[0].verdict
        };
        assert_eq!(verdict(&form, "2009-10-02", "2009-10"), Verdict::Differ);
        form.fields[4].precision = Some(crate::domain::form::Precision::Month);
        assert_eq!(verdict(&form, "2009-10-02", "2009-10"), Verdict::EqualAfterRounding);
        assert_eq!(verdict(&form, "2009-10", "2009"), Verdict::Differ);
    }

    #[test]
    fn only_cells_with_a_value_are_compared_and_in_form_order() {
        let found = verdicts(&[("arm.drug.dose", "1"), ("design", "RCT parallel")], &[("design", "RCT crossover"), ("funding", " ")]);
        assert_eq!(found, [("design".to_owned(), Verdict::Differ), ("arm.drug.dose".to_owned(), Verdict::MissingInOne)]);
    }

    #[test]
    fn values_that_do_not_fit_are_never_agreed_upon() {
        assert_eq!(verdict("arm.drug.dose", "much", "much"), Verdict::Differ);
    }

    #[test]
    fn equal_cells_are_agreed_and_the_others_settled_by_choice() {
        let form = sample::form();
        let path = "outcome.pain.immediate.drug.sd";
        let (draft_a, _) = read_draft(&form, [("design", "RCT parallel"), (path, "27.93385")]);
        let (draft_b, _) = read_draft(&form, [("design", "RCT parallel"), (path, "5.1")]);
        let compared = compare(&FormCells::new(&form), &draft_a, &draft_b);
        let agreed = agree_on_equal(&compared);
        assert_eq!(agreed.iter().map(|cell| (cell.path.as_str(), cell.how)).collect::<Vec<_>>(), [("design", How::Auto)]);
        let cell = form.cell(path).expect("a cell");
        let settle = |choice: &str| settle(&cell, &compared[1], &Choice::parse(choice));
        assert_eq!(settle("a").map(|agreed| agreed.value), Ok(Some(ParsedValue::Decimal(27.93385))));
        assert_eq!(settle("B").map(|agreed| agreed.how), Ok(How::ChosenB));
        assert_eq!(settle("28,1").map(|agreed| (agreed.raw, agreed.how)), Ok((Some("28,1".to_owned()), How::Other)));
        assert_eq!(settle("").map(|agreed| agreed.value), Ok(None));
        assert!(settle("many").is_err());
    }

    #[test]
    fn choosing_the_draft_without_a_value_leaves_the_cell_empty() {
        let form = sample::form();
        let (draft_a, _) = read_draft(&form, [("arm.drug.dose", "1")]);
        let compared = compare(&FormCells::new(&form), &draft_a, &[]);
        let cell = form.cell("arm.drug.dose").expect("a cell");
        assert_eq!(settle(&cell, &compared[0], &Choice::B).map(|agreed| (agreed.raw, agreed.value)), Ok((None, None)));
    }

    proptest! {
        #[test]
        fn comparing_is_symmetric(a in "[0-9]{1,3}(\\.[0-9]{1,4})?", b in "[0-9]{1,3}(\\.[0-9]{1,4})?") {
            prop_assert_eq!(verdict("arm.drug.dose", &a, &b), verdict("arm.drug.dose", &b, &a));
            prop_assert_eq!(verdict("arm.drug.dose", &a, &a), Verdict::Equal);
        }
    }
}
