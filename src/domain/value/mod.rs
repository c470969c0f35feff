//! Extracted values: what an extractor typed, and what it means for a cell.
//!
//! What was typed is never thrown away; [`parse_value`] gives its meaning beside it. A reading that could be two numbers
//! ("1,234") is an error that says so, never a guess.

mod date;
mod number;
mod unit;

pub use date::PartialDate;
pub use number::{Number, NumberError, parse_number};
pub use unit::{is_same_unit, unit_factor};

use serde::{Deserialize, Serialize};

use super::form::{CellSpec, FieldType};

/// An answer to a cell before its type is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The text as typed, without white space at its ends.
    Value(String),
    /// The report does not say it.
    NotReported,
    /// The report says it, but not so that it could be used.
    Unclear,
}

impl Answer {
    /// Reads what was typed; `None` where nothing was.
    ///
    /// "not reported", "NR" and "N.R." are [`Answer::NotReported`], "unclear" is [`Answer::Unclear`], in any case of letters.
    /// "NA" is not read as either, because it can also mean "not applicable".
    pub fn read(raw: &str) -> Option<Self> {
        let folded = fold_space(raw).to_lowercase();
        match folded.as_str() {
            "" => None,
            "not reported" | "not-reported" | "not_reported" | "nr" | "n.r." | "n/r" => Some(Self::NotReported),
            "unclear" => Some(Self::Unclear),
            _ => Some(Self::Value(raw.trim().to_owned())),
        }
    }
}

/// What an answer means for its cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "value")]
pub enum ParsedValue {
    /// A whole number.
    Integer(i64),
    /// A finite number, in the unit of its cell.
    Decimal(f64),
    /// A finite number in another unit, which cannot be turned into that of its cell.
    Measured {
        /// The number.
        number: f64,
        /// Its unit, spelled as in the form.
        unit: String,
    },
    /// Text with runs of white space folded to one space.
    Text(String),
    /// One option, spelled as in the form.
    Choice(String),
    /// Options, spelled and ordered as in the form, each once.
    Multi(Vec<String>),
    /// Yes or no.
    Bool(bool),
    /// A year, month or day.
    Date(PartialDate),
    /// The report does not say it.
    NotReported,
    /// The report does not say it clearly.
    Unclear,
}

impl ParsedValue {
    /// Returns the number, where the value is one in the unit of its cell.
    pub fn number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "people are counted in numbers far below 2^53")]
            Self::Integer(value) => Some(*value as f64),
            Self::Decimal(value) => Some(*value),
            _ => None,
        }
    }
}

impl std::fmt::Display for ParsedValue {
    /// Writes the value so that [`parse_value`] reads the same again.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(value) => write!(f, "{value}"),
            Self::Decimal(value) => write!(f, "{value}"),
            Self::Measured { number, unit } => write!(f, "{number} {unit}"),
            Self::Text(text) | Self::Choice(text) => f.write_str(text),
            Self::Multi(options) => f.write_str(&options.join("; ")),
            Self::Bool(true) => f.write_str("yes"),
            Self::Bool(false) => f.write_str("no"),
            Self::Date(date) => write!(f, "{date}"),
            Self::NotReported => f.write_str("not reported"),
            Self::Unclear => f.write_str("unclear"),
        }
    }
}

/// Why an answer does not fit its cell; every message says what is expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Nothing was typed.
    #[error("nothing was typed; a value, \"not reported\" or \"unclear\" is expected")]
    Empty,
    /// The text holds control characters or overrides of writing direction.
    #[error("{raw} holds control characters; plain text is expected")]
    ControlCharacters {
        /// What was typed, escaped.
        raw: String,
    },
    /// It is not a number.
    #[error("{raw}: {error}")]
    Number {
        /// What was typed, escaped.
        raw: String,
        /// What is wrong with it.
        error: NumberError,
    },
    /// It is a number with a unit that the cell does not take.
    #[error("{raw} is not in one of the units: {units}")]
    Unit {
        /// What was typed, escaped.
        raw: String,
        /// The units, separated by semicolons.
        units: String,
    },
    /// It is a number, but not a whole one.
    #[error("{raw} is not a whole number")]
    NotWhole {
        /// What was typed, escaped.
        raw: String,
    },
    /// It is none of the options.
    #[error("{raw} is not among the options: {options}")]
    NotAnOption {
        /// What was typed, escaped.
        raw: String,
        /// The options, separated by semicolons.
        options: String,
    },
    /// It is neither yes nor no.
    #[error("{raw} is neither yes nor no")]
    NotYesOrNo {
        /// What was typed, escaped.
        raw: String,
    },
    /// It is not a date.
    #[error("{raw} is not a date; a year, month or day is expected, as in 2009, 2009-10 or 2009-10-02")]
    NotADate {
        /// What was typed, escaped.
        raw: String,
    },
}

/// Gives the meaning of what was typed into a cell.
///
/// Numbers may have a decimal point, comma or middle dot, thousands separated by spaces, points, commas or apostrophes, a
/// Unicode minus, and the cell's own unit behind them. Options and yes/no are read in any case of letters. Whether a number
/// lies in its range is not looked at here: what a report prints is stored, and `extraction::check_draft` remarks on it.
///
/// # Errors
/// One of [`ValueError`], which says what is expected.
pub fn parse_value(cell: &CellSpec, raw: &str) -> Result<ParsedValue, ValueError> {
    let text = match Answer::read(raw) {
        None => return Err(ValueError::Empty),
        Some(Answer::NotReported) => return Ok(ParsedValue::NotReported),
        Some(Answer::Unclear) => return Ok(ParsedValue::Unclear),
        Some(Answer::Value(text)) => text,
    };
    if !is_plain(&text) {
        return Err(ValueError::ControlCharacters { raw: quoted(&text) });
    }
    match cell.kind {
        FieldType::Text | FieldType::Quote => Ok(ParsedValue::Text(fold_space(&text))),
        FieldType::Integer => parse_integer(&text, cell.unit.as_deref()),
        FieldType::Decimal if !cell.units.is_empty() => parse_measured(cell, &text),
        FieldType::Decimal => match parse_number(&text, cell.unit.as_deref()) {
            Ok(number) => Ok(ParsedValue::Decimal(number.value)),
            Err(error) => Err(ValueError::Number { raw: quoted(&text), error }),
        },
        FieldType::Choice => match find_option(&cell.options, &text) {
            Some(i) => Ok(ParsedValue::Choice(cell.options[i].clone())),
            None => Err(not_an_option(cell, &text)),
        },
        FieldType::Multi => parse_multi(cell, &text),
        FieldType::Bool => match text.to_lowercase().as_str() {
            "yes" | "y" | "true" => Ok(ParsedValue::Bool(true)),
            "no" | "n" | "false" => Ok(ParsedValue::Bool(false)),
            _ => Err(ValueError::NotYesOrNo { raw: quoted(&text) }),
        },
        FieldType::Date => PartialDate::parse(&text).map(ParsedValue::Date).ok_or_else(|| ValueError::NotADate { raw: quoted(&text) }),
    }
}

/// A number with one of the cell's units behind it: in the cell's own unit where it can be turned into that.
fn parse_measured(cell: &CellSpec, text: &str) -> Result<ParsedValue, ValueError> {
    let wrong = |error| ValueError::Number { raw: quoted(text), error };
    let Some((digits, unit)) = split_unit(cell, text) else {
        return match parse_number(text, None) {
            Ok(number) => Ok(ParsedValue::Decimal(number.value)),
            Err(NumberError::NotANumber) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                Err(ValueError::Unit { raw: quoted(text), units: cell.units.join("; ") })
            }
            Err(error) => Err(wrong(error)),
        };
    };
    let number = parse_number(digits, None).map_err(wrong)?.value;
    match cell.unit.as_ref().and_then(|base| unit_factor(unit, base)) {
        Some(factor) => Ok(ParsedValue::Decimal(number * factor)),
        None => Ok(ParsedValue::Measured { number, unit: unit.to_owned() }),
    }
}

/// Divides a text into its number and the unit behind it, as the cell spells the unit; the longest unit that fits is meant.
fn split_unit<'a>(cell: &'a CellSpec, text: &'a str) -> Option<(&'a str, &'a str)> {
    let begins = |at: &usize| {
        let before = text[..*at].chars().next_back();
        before.is_some_and(|c| c.is_ascii_digit() || c.is_whitespace())
            && !text[*at..].starts_with(|c: char| c.is_ascii_digit() || c.is_whitespace())
    };
    let places = text.char_indices().map(|(at, _)| at).filter(begins);
    let units = || cell.units.iter().chain(&cell.unit);
    let mut fits = places.filter_map(|at| {
        let typed = text[at..].trim();
        let exact = units().find(|unit| unit.as_str() == typed);
        exact.or_else(|| units().find(|unit| is_same_unit(unit, typed))).map(|unit| (text[..at].trim_end(), unit.as_str()))
    });
    fits.next()
}

/// Returns the unit that was typed behind a number, spelled as in the form; `None` where the number stands alone.
pub fn typed_unit<'a>(cell: &'a CellSpec, raw: &'a str) -> Option<&'a str> {
    if cell.units.is_empty() { None } else { split_unit(cell, raw.trim()).map(|(_, unit)| unit) }
}

/// Whole numbers: a single comma before three digits separates thousands here, because a count has no decimals.
fn parse_integer(text: &str, unit: Option<&str>) -> Result<ParsedValue, ValueError> {
    let number = match parse_number(text, unit) {
        Err(NumberError::Ambiguous { .. }) => parse_number(&text.replace(',', " "), unit),
        other => other,
    };
    let number = number.map_err(|error| ValueError::Number { raw: quoted(text), error })?;
    if number.value.fract() != 0.0 {
        return Err(ValueError::NotWhole { raw: quoted(text) });
    }
    if number.value.abs() > 9_007_199_254_740_992.0 {
        return Err(ValueError::Number { raw: quoted(text), error: NumberError::TooLarge });
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and at most 2^53 in size")]
    Ok(ParsedValue::Integer(number.value as i64))
}

/// Several options: separated by semicolons or bars; by commas too where no option is missed that way.
fn parse_multi(cell: &CellSpec, text: &str) -> Result<ParsedValue, ValueError> {
    let pick = |separators: &[char]| -> Result<Vec<usize>, String> {
        let parts = text.split(separators).map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| find_option(&cell.options, part).ok_or_else(|| part.to_owned())).collect()
    };
    let mut found = pick(&[';', '|', '\n'])
        .or_else(|part| pick(&[';', '|', '\n', ',']).map_err(|_| part))
        .map_err(|part| not_an_option(cell, &part))?;
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return Err(not_an_option(cell, text));
    }
    Ok(ParsedValue::Multi(found.into_iter().map(|i| cell.options[i].clone()).collect()))
}

fn find_option(options: &[String], text: &str) -> Option<usize> {
    let wanted = fold_space(text).to_lowercase();
    options.iter().position(|option| fold_space(option).to_lowercase() == wanted)
}

fn not_an_option(cell: &CellSpec, text: &str) -> ValueError {
    ValueError::NotAnOption { raw: quoted(text), options: cell.options.join("; ") }
}

/// Returns the text with runs of white space folded to one space and none at its ends.
pub fn fold_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether a text is free of control characters (line breaks and tabs aside) and of overrides of writing direction.
pub fn is_plain(text: &str) -> bool {
    text.chars().all(|c| {
        let is_direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        !is_direction && (!c.is_control() || matches!(c, '\n' | '\r' | '\t'))
    })
}

/// Returns a text for use in a message: in quotation marks, cut after 60 characters, with anything unprintable escaped.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let cut: String = text.chars().take(LONGEST).collect();
    let ellipsis = if text.chars().nth(LONGEST).is_some() { "\u{2026}" } else { "" };
    let escaped: String = cut
        .chars()
        .flat_map(|c| if is_plain(c.encode_utf8(&mut [0; 4])) && !c.is_control() { vec![c] } else { c.escape_unicode().collect() })
        .collect();
    format!("\"{escaped}{ellipsis}\"")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    use super::super::form::{CellPlace, Form, sample};
    use super::*;

    fn cell(kind: FieldType) -> CellSpec {
        let options =
            if kind.has_options() { vec!["RCT parallel".into(), "RCT crossover".into(), "cohort, matched".into()] } else { Vec::new() };
        CellSpec {
            options,
            unit: kind.is_number().then(|| "mg/kg".into()),
            ..CellSpec::new("x".into(), "methods".into(), kind, CellPlace::Study { field: "x".into() })
        }
    }

    fn parse(kind: FieldType, raw: &str) -> Result<ParsedValue, ValueError> {
        parse_value(&cell(kind), raw)
    }

    #[test]
    fn every_cell_can_be_not_reported_or_unclear() {
        for kind in FieldType::iter() {
            for raw in ["not reported", " NR ", "n.r.", "Not  Reported"] {
                assert_eq!(parse(kind, raw), Ok(ParsedValue::NotReported), "{kind} {raw}");
            }
            assert_eq!(parse(kind, "Unclear"), Ok(ParsedValue::Unclear));
            assert_eq!(parse(kind, "  "), Err(ValueError::Empty));
        }
        assert_eq!(parse(FieldType::Text, "NA"), Ok(ParsedValue::Text("NA".into())));
    }

    #[test]
    fn decimals_are_read_as_papers_print_them() {
        for (raw, value) in [
            ("27.9", 27.9),
            ("27,9", 27.9),
            ("27\u{b7}9", 27.9),
            ("\u{2212}1.05", -1.05),
            ("0.5 mg/kg", 0.5),
            ("1\u{a0}234.5", 1234.5),
            (".5", 0.5),
        ] {
            assert_eq!(parse(FieldType::Decimal, raw), Ok(ParsedValue::Decimal(value)), "{raw}");
        }
    }

    #[test]
    fn a_number_takes_one_of_several_units() {
        let units = ["mg/kg", "mg/kg/h", "mg", "g"].map(str::to_owned).to_vec();
        let dose = CellSpec { unit: Some("mg".into()), units, ..cell(FieldType::Decimal) };
        let parse = |raw: &str| parse_value(&dose, raw);
        assert_eq!(parse("500"), Ok(ParsedValue::Decimal(500.0)));
        assert_eq!(parse("0,5 g"), Ok(ParsedValue::Decimal(500.0)), "turned into the unit of the cell");
        let measured = ParsedValue::Measured { number: 0.5, unit: "mg/kg".into() };
        assert_eq!(parse("0.5mg/kg"), Ok(measured.clone()));
        assert_eq!((measured.number(), measured.to_string()), (None, "0.5 mg/kg".to_owned()));
        assert_eq!(parse(&measured.to_string()), Ok(measured));
        assert_eq!(parse("5 mL").expect_err("no such unit").to_string(), "\"5 mL\" is not in one of the units: mg/kg; mg/kg/h; mg; g");
        assert!(parse("much").is_err() && parse("NR") == Ok(ParsedValue::NotReported));
        assert_eq!((typed_unit(&dose, "0.5 g"), typed_unit(&dose, "500")), (Some("g"), None));
    }

    #[test]
    fn a_comma_that_could_be_decimal_or_thousands_is_asked_about_but_not_in_a_count() {
        let error = parse(FieldType::Decimal, "1,234").expect_err("ambiguous");
        assert!(error.to_string().contains("1.234 or 1234"), "{error}");
        assert_eq!(parse(FieldType::Integer, "1,234"), Ok(ParsedValue::Integer(1234)));
        assert_eq!(parse(FieldType::Integer, "106"), Ok(ParsedValue::Integer(106)));
        assert_eq!(parse(FieldType::Integer, "12.0"), Ok(ParsedValue::Integer(12)));
        assert_eq!(parse(FieldType::Integer, "12.5"), Err(ValueError::NotWhole { raw: "\"12.5\"".into() }));
    }

    #[test]
    fn options_are_spelled_as_in_the_form() {
        assert_eq!(parse(FieldType::Choice, "rct  PARALLEL"), Ok(ParsedValue::Choice("RCT parallel".into())));
        let error = parse(FieldType::Choice, "cohort").expect_err("not an option");
        assert!(error.to_string().contains("RCT parallel; RCT crossover"), "{error}");
        let both = ParsedValue::Multi(vec!["RCT parallel".into(), "RCT crossover".into()]);
        assert_eq!(parse(FieldType::Multi, "RCT crossover; RCT parallel; rct parallel"), Ok(both.clone()));
        assert_eq!(parse(FieldType::Multi, "RCT crossover, RCT parallel"), Ok(both));
        assert_eq!(parse(FieldType::Multi, "cohort, matched"), Ok(ParsedValue::Multi(vec!["cohort, matched".into()])));
        assert!(parse(FieldType::Multi, ";").is_err());
    }

    #[test]
    fn yes_and_no_and_dates_are_read() {
        assert_eq!(parse(FieldType::Bool, "Yes"), Ok(ParsedValue::Bool(true)));
        assert!(parse(FieldType::Bool, "1").is_err());
        assert_eq!(parse(FieldType::Date, "2009-10").map(|v| v.to_string()), Ok("2009-10".into()));
        assert!(parse(FieldType::Date, "2009-13").is_err());
    }

    #[test]
    fn text_is_folded_and_hostile_text_is_refused() {
        assert_eq!(parse(FieldType::Text, " two \n lines\t"), Ok(ParsedValue::Text("two lines".into())));
        for raw in ["a\u{1b}[2J", "\u{202e}abc", "a\u{0}"] {
            let error = parse(FieldType::Text, raw).expect_err("hostile").to_string();
            assert!(is_plain(&error) && !error.contains('\n'), "{error:?}");
        }
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 63);
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_messages_are_always_plain(raw in any::<String>(), digits in "[-+0-9., e'\u{a0}\u{2212}]{0,30}") {
            for kind in FieldType::iter() {
                for text in [&raw, &digits] {
                    if let Err(error) = parse(kind, text) {
                        prop_assert!(is_plain(&error.to_string()));
                    }
                }
            }
        }

        #[test]
        fn a_value_written_out_reads_the_same_again(value in any::<f64>().prop_filter("finite", |v| v.is_finite()), whole in -1_000_000_000_i64..1_000_000_000) {
            let value = ParsedValue::Decimal(value);
            prop_assert_eq!(parse(FieldType::Decimal, &value.to_string()), Ok(value));
            let whole = ParsedValue::Integer(whole);
            prop_assert_eq!(parse(FieldType::Integer, &whole.to_string()), Ok(whole));
        }
    }

    #[test]
    fn the_sample_form_is_read_cell_by_cell() {
        let form: Form = sample::form();
        let design = form.cell("design").expect("a cell");
        assert_eq!(parse_value(&design, "RCT parallel"), Ok(ParsedValue::Choice("RCT parallel".into())));
    }
}
