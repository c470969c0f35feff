//! From the columns of a table to the studies of an analysis. Every complaint names file, row and column.

use crate::app::Error;
use crate::cli::input::InputTable;
use crate::cli::report::Done;
use crate::domain::text::clean_line;
use crate::meta::measure::{CorrelationRow, GenericRow, ObservedExpected, OneMean, OneProportion, OneRate, TwoByTwo, TwoMeans, TwoRates};
use crate::meta::{Dataset, EffectMeasure, Formula, Moderator, StudyData};

/// What is missing in a table of studies.
const MISSING: [&str; 5] = ["", "na", "nan", ".", "null"];

/// The columns of a table under the names that the engine's documentation uses.
pub struct Columns<'a> {
    table: &'a InputTable,
    named: Vec<(String, String)>,
}

/// Which columns are no numbers of the effect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Roles<'a> {
    /// The names of the studies.
    pub label: Option<&'a str>,
    /// The subgroups.
    pub subgroup: Option<&'a str>,
    /// The formula of a meta-regression.
    pub moderators: Option<&'a Formula>,
}

impl<'a> Columns<'a> {
    /// Joins a table and the names given on the command line ("ai=events_e").
    pub fn new(table: &'a InputTable, given: &[String]) -> Done<Self> {
        let mut named = Vec::new();
        for pair in given.iter().filter(|pair| !pair.is_empty()) {
            let (name, column) = pair.split_once('=').ok_or_else(|| {
                Error::user(format!("\"{pair}\" is not NAME=COLUMN")).hint("for example --columns ai=events_e,n1i=total_e")
            })?;
            let (name, column) = (name.trim().to_lowercase(), column.trim().to_lowercase());
            table.need(&[&column])?;
            named.push((name, column));
        }
        if table.len() == 0 {
            return Err(Error::user(format!("{} holds no study", table.file)).hint("one study a row, below the header").into());
        }
        Ok(Self { table, named })
    }

    /// Returns the place of a column, by the name given on the command line or its own.
    fn place(&self, name: &str) -> Option<usize> {
        let own = self.named.iter().find(|(known, _)| known == name).map_or(name, |(_, column)| column.as_str());
        self.table.find(&[own])
    }

    /// Tells whether the table has all of these columns.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.place(name).is_some())
    }

    /// Returns a column of numbers, NaN where a cell is empty or NA.
    pub fn numbers(&self, name: &str) -> Done<Vec<f64>> {
        let name = name.trim().to_lowercase();
        let Some(column) = self.place(&name) else {
            return self.table.need(&[&name]).map(|_| Vec::new());
        };
        let numbers = (0..self.table.len()).map(|row| {
            let cell = self.table.cell(row, Some(column)).unwrap_or_default();
            if MISSING.contains(&cell.to_lowercase().as_str()) {
                return Ok(f64::NAN);
            }
            let read = cell.parse::<f64>().ok().filter(|number| number.is_finite());
            read.ok_or_else(|| self.error(row, column, format!("\"{}\" is not a number", clean_line(cell))).into())
        });
        numbers.collect()
    }

    /// Returns a column of texts that every row must have.
    pub fn required(&self, name: &str) -> Done<Vec<String>> {
        let cells = self.texts(name)?;
        let column = self.place(&name.trim().to_lowercase()).unwrap_or_default();
        cells.into_iter().enumerate().map(|(row, cell)| cell.ok_or_else(|| self.error(row, column, "it is empty").into())).collect()
    }

    fn texts(&self, name: &str) -> Done<Vec<Option<String>>> {
        let name = name.trim().to_lowercase();
        let column = match self.place(&name) {
            Some(column) => column,
            None => self.table.need(&[&name])?,
        };
        let is_missing = |cell: &str| MISSING.contains(&cell.to_lowercase().as_str());
        Ok((0..self.table.len())
            .map(|row| self.table.cell(row, Some(column)).filter(|cell| !is_missing(cell)).map(|cell| clean_line(cell).into_owned()))
            .collect())
    }

    fn error(&self, row: usize, column: usize, message: impl std::fmt::Display) -> Error {
        let name = self.table.heads().get(column).map_or("", String::as_str);
        self.table.error(row, format!("column {name}: {message}"))
    }

    /// Returns the rows of a shape; `None` where a column of it is missing.
    fn rows<T, const N: usize>(&self, names: [&str; N], make: impl Fn([f64; N]) -> T) -> Done<Option<Vec<T>>> {
        if !self.has(&names) {
            return Ok(None);
        }
        let columns = names.iter().map(|name| self.numbers(name)).collect::<Done<Vec<Vec<f64>>>>()?;
        Ok(Some((0..self.table.len()).map(|row| make(std::array::from_fn(|at| columns[at][row]))).collect()))
    }

    /// Refuses numbers that cannot be: sizes, counts, times, spreads and variances below zero.
    fn refuse_negative(&self, names: &[&str]) -> Done {
        for name in names.iter().filter(|name| self.has(&[name])) {
            let column = self.place(name).unwrap_or_default();
            if let Some(row) = self.numbers(name)?.iter().position(|number| *number < 0.0) {
                return Err(self.error(row, column, "it cannot be negative").into());
            }
        }
        Ok(())
    }

    /// Refuses groups with more events than people.
    fn refuse_more_events_than_people(&self, pairs: &[(&str, &str)]) -> Done {
        for (events, people) in pairs.iter().filter(|(events, people)| self.has(&[events, people])) {
            let (counts, sizes) = (self.numbers(events)?, self.numbers(people)?);
            if let Some(row) = counts.iter().zip(&sizes).position(|(count, size)| count > size) {
                let column = self.place(events).unwrap_or_default();
                return Err(self.error(row, column, format!("{} events among {} people", counts[row], sizes[row])).into());
            }
        }
        Ok(())
    }
}

/// Builds the dataset of an analysis.
pub fn dataset(columns: &Columns<'_>, measure: EffectMeasure, roles: &Roles<'_>) -> Done<Dataset> {
    let data = studies(columns, measure)?;
    let label = match roles.label {
        Some(name) => Some(columns.texts(name)?),
        None => ["study", "label", "slab", "author", "trial"]
            .into_iter()
            .find(|name| columns.has(&[name]))
            .map(|name| columns.texts(name))
            .transpose()?,
    };
    let count = columns.table.len();
    let labels = label.unwrap_or_else(|| vec![None; count]);
    let labels = labels.into_iter().enumerate().map(|(at, label)| label.unwrap_or_else(|| format!("Study {}", at + 1))).collect();
    let mut dataset = Dataset::new(labels, data);
    if let Some(name) = roles.subgroup {
        let groups = columns.texts(name)?.into_iter().map(|group| group.unwrap_or_else(|| "not reported".to_owned()));
        dataset = dataset.with_subgroups(groups.collect());
    }
    for name in roles.moderators.map(Formula::variables).unwrap_or_default() {
        dataset.moderators.push(moderator(columns, &name)?);
    }
    Ok(dataset)
}

/// Reads a moderator: numbers where every cell is one, else categories.
fn moderator(columns: &Columns<'_>, name: &str) -> Done<Moderator> {
    let texts = columns.texts(name)?;
    let are_numbers = texts.iter().flatten().all(|text| text.parse::<f64>().is_ok_and(f64::is_finite));
    let name = name.to_owned();
    Ok(if are_numbers { Moderator::Number { values: columns.numbers(&name)?, name } } else { Moderator::Factor { name, values: texts } })
}

/// The columns that a measure is made from, by their names.
fn needed(measure: EffectMeasure) -> &'static [&'static str] {
    use EffectMeasure as M;
    match measure {
        M::RiskRatio
        | M::OddsRatio
        | M::RiskDifference
        | M::PetoOddsRatio
        | M::ArcsineDifference
        | M::Phi
        | M::YuleQ
        | M::YuleY
        | M::OddsRatioToSmdNormal
        | M::OddsRatioToSmdLogistic => &["ai", "n1i", "ci", "n2i"],
        M::MeanDifference
        | M::StandardizedMeanDifference
        | M::GlassDelta
        | M::HeteroscedasticSmd
        | M::RatioOfMeans
        | M::VariabilityRatio
        | M::CoefficientOfVariationRatio => &["m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"],
        M::RateRatio | M::RateDifference | M::RootRateDifference => &["x1i", "t1i", "x2i", "t2i"],
        M::Proportion | M::LogProportion | M::LogitProportion | M::ArcsineProportion | M::FreemanTukeyProportion => &["xi", "ni"],
        M::Mean | M::LogMean => &["mi", "sdi", "ni"],
        M::Rate | M::LogRate | M::RootRate | M::FreemanTukeyRate => &["xi", "ti"],
        M::Correlation | M::UnbiasedCorrelation | M::FisherZ => &["ri", "ni"],
        M::ObservedMinusExpected => &["oe", "v"],
        M::HazardRatio | M::Generic => &["yi", "vi"],
    }
}

fn studies(columns: &Columns<'_>, measure: EffectMeasure) -> Done<StudyData> {
    columns.refuse_negative(&[
        "ai", "bi", "ci", "di", "n1i", "n2i", "ni", "xi", "x1i", "x2i", "ti", "t1i", "t2i", "sd1i", "sd2i", "sdi", "vi", "sei", "v",
    ])?;
    columns.refuse_more_events_than_people(&[("ai", "n1i"), ("ci", "n2i"), ("xi", "ni")])?;
    let names = needed(measure);
    let found = match names {
        ["ai", ..] => two_by_two(columns)?.map(StudyData::TwoByTwo),
        ["m1i", ..] => columns
            .rows(["m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"], |[mean1, sd1, n1, mean2, sd2, n2]| TwoMeans {
                mean1,
                sd1,
                n1,
                mean2,
                sd2,
                n2,
            })?
            .map(StudyData::TwoMeans),
        ["x1i", ..] => columns
            .rows(["x1i", "t1i", "x2i", "t2i"], |[events1, time1, events2, time2]| TwoRates { events1, time1, events2, time2 })?
            .map(StudyData::TwoRates),
        ["xi", "ni"] => columns.rows(["xi", "ni"], |[events, n]| OneProportion { events, n })?.map(StudyData::OneProportion),
        ["mi", ..] => columns.rows(["mi", "sdi", "ni"], |[mean, sd, n]| OneMean { mean, sd, n })?.map(StudyData::OneMean),
        ["xi", "ti"] => columns.rows(["xi", "ti"], |[events, time]| OneRate { events, time })?.map(StudyData::OneRate),
        ["ri", ..] => columns.rows(["ri", "ni"], |[r, n]| CorrelationRow { r, n })?.map(StudyData::Correlation),
        ["oe", ..] => {
            columns.rows(["oe", "v"], |[o_minus_e, variance]| ObservedExpected { o_minus_e, variance })?.map(StudyData::ObservedExpected)
        }
        _ => None,
    };
    if let Some(data) = found {
        return Ok(data);
    }
    // Every measure can also be given as estimates (logarithms for ratios) with variances or standard errors.
    let generic = match columns.rows(["yi", "vi"], |[yi, vi]| GenericRow { yi, vi })? {
        Some(rows) => Some(rows),
        None => columns.rows(["yi", "sei"], |[yi, se]| GenericRow::from_standard_error(yi, se))?,
    };
    if let Some(rows) = generic {
        return Ok(StudyData::Generic(rows));
    }
    let missing: Vec<&str> = names.iter().copied().filter(|name| !columns.has(&[name])).collect();
    let alternative = if names[0] == "yi" { "" } else { ", or yi and vi" };
    Err(Error::user(format!(
        "{} has no column {}: {} needs {}{alternative}",
        columns.table.file,
        missing.join(", "),
        measure.short(),
        names.join(", ")
    ))
    .hint(format!(
        "its columns are {}; name them with --columns {}=COLUMN,...",
        columns.table.heads().join(", "),
        missing.first().copied().unwrap_or("yi")
    ))
    .into())
}

/// Reads events with group sizes, or with counts of those without the event.
fn two_by_two(columns: &Columns<'_>) -> Done<Option<Vec<TwoByTwo>>> {
    let by_size = columns.rows(["ai", "n1i", "ci", "n2i"], |[a, n1, c, n2]| TwoByTwo::new(a, n1, c, n2))?;
    match by_size {
        Some(rows) => Ok(Some(rows)),
        None => columns.rows(["ai", "bi", "ci", "di"], |[a, b, c, d]| TwoByTwo::new(a, a + b, c, c + d)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::report::Failure;

    fn table(text: &str) -> InputTable {
        let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file");
        std::fs::write(file.path(), text).expect("a file to write");
        InputTable::read(file.path()).unwrap_or_else(|_| panic!("a readable table"))
    }

    fn read(text: &str, given: &[&str], measure: EffectMeasure) -> Result<Dataset, String> {
        let table = table(text);
        let given: Vec<String> = given.iter().map(|pair| (*pair).to_owned()).collect();
        let result = Columns::new(&table, &given).and_then(|columns| dataset(&columns, measure, &Roles::default()));
        result.map_err(|failure| match failure {
            Failure::App(error) => error.message,
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn columns_are_found_by_their_names_or_by_the_names_given() {
        let own = read("study,ai,n1i,ci,n2i\nA,4,123,11,139\n", &[], EffectMeasure::RiskRatio).expect("reads");
        let given = read(
            "Trial,events,total,c_events,c_total\nA,4,123,11,139\n",
            &["ai=events", "n1i=total", "ci=c_events", "n2i=c_total"],
            EffectMeasure::RiskRatio,
        );
        let given = given.expect("reads");
        assert_eq!(own.data, given.data);
        assert_eq!(own.labels, ["A"]);
        assert_eq!(given.labels, ["A"]);
    }

    #[test]
    fn a_wrong_cell_is_named_by_row_and_column() {
        let message = read("study,ai,n1i,ci,n2i\nA,4,123,11,139\nB,x,1,1,1\n", &[], EffectMeasure::RiskRatio).expect_err("x is no number");
        assert!(message.contains("row 2: column ai: \"x\" is not a number"), "{message}");
        let message = read("study,ai,n1i,ci,n2i\nA,4,3,11,139\n", &[], EffectMeasure::RiskRatio).expect_err("more events than people");
        assert!(message.contains("row 1: column ai: 4 events among 3 people"), "{message}");
        let message = read("m1i,sd1i,n1i,m2i,sd2i,n2i\n1,-2,3,4,5,6\n", &[], EffectMeasure::MeanDifference).expect_err("a negative spread");
        assert!(message.contains("column sd1i: it cannot be negative"), "{message}");
    }

    #[test]
    fn a_missing_column_is_named_with_what_the_measure_needs() {
        let message = read("study,ai,n1i\nA,4,123\n", &[], EffectMeasure::RiskRatio).expect_err("two columns are missing");
        assert!(message.contains("has no column ci, n2i: RR needs ai, n1i, ci, n2i, or yi and vi"), "{message}");
    }

    #[test]
    fn empty_cells_are_missing_and_estimates_stand_for_any_measure() {
        let dataset = read("yi,sei\n0.5,0.1\nNA,0.2\n", &[], EffectMeasure::RiskRatio).expect("reads");
        let StudyData::Generic(rows) = dataset.data else { panic!("estimates were expected") };
        assert!(rows[1].yi.is_nan() && (rows[0].vi - 0.01).abs() < 1e-12);
        assert_eq!(dataset.labels[1], "Study 2");
    }
}
