//! The analyses as RevMan 5 writes them by File > Export, and as `read.rm5` of R's meta reads them.
//!
//! A row for each comparison (outcome 0), each outcome, each subgroup, and each study. RevMan writes 0 for numbers that the kind of data
//! does not have, and so does this.

use super::{Comparison, Kind, Numbers, Outcome, Pooled, Study, Weighting, exact, line, rounded, sums};
use crate::export::table::{Cell, Table};

/// The columns, in RevMan's order.
pub const ANALYSIS_COLUMNS: [&str; 37] = [
    "Comparison Number",
    "Outcome Number",
    "Subgroup Number",
    "Name",
    "Data Type",
    "Statistical Method",
    "Effect Measure",
    "Analysis Model",
    "Events 1",
    "Mean 1",
    "SD 1",
    "Total 1",
    "Events 2",
    "Mean 2",
    "SD 2",
    "Total 2",
    "Effect Estimate",
    "SE",
    "CI Start",
    "CI End",
    "Weight",
    "Q",
    "P(Q)",
    "I²(Q)",
    "Tau²",
    "Z",
    "P(Z)",
    "Qint",
    "P(Qint)",
    "I²(Qint)",
    "df",
    "Group Label 1",
    "Group Label 2",
    "Left Graph Label",
    "Right Graph Label",
    "Year of study",
    "User defined order",
];

/// The column behind them that tells whether standard errors are those of a logarithm; only where an analysis pools ready estimates.
///
/// "YES": the estimates of the file are ratios, and are to be logged before they are pooled.
pub const LOG_SCALE_COLUMN: &str = "Entered data are on log scale (Generic Inverse Variance only)";

/// The decimals of what RevMan computes.
const DECIMALS: i32 = 8;

/// Returns the analyses of all comparisons as one table.
pub fn analysis_table(comparisons: &[Comparison]) -> Table {
    let has_estimates = comparisons.iter().flat_map(|comparison| &comparison.outcomes).any(|outcome| outcome.kind == Kind::Estimate);
    let mut table = Table::new(&ANALYSIS_COLUMNS);
    if has_estimates {
        table.headers.push(LOG_SCALE_COLUMN.to_owned());
    }
    for comparison in comparisons {
        table.push(Row::at([comparison.number, 0, 0]).name(&comparison.name).cells());
        for outcome in &comparison.outcomes {
            let at = |group: u32| [comparison.number, outcome.number, group];
            let mut order = 0;
            let mut studies = |table: &mut Table, studies: &[Study], group: u32| {
                for study in studies {
                    order += 1;
                    table.push(Row::at(at(group)).name(&study.label).study(study, order).cells());
                }
            };
            table.push(outcome_row(outcome, at(0)).cells());
            studies(&mut table, &outcome.studies, 0);
            for (number, group) in (1..).zip(&outcome.groups) {
                let row = Row::at(at(number)).name(&group.name).settings(outcome);
                table.push(row.totals(group.studies.iter()).pooled(&group.pooled).cells());
                studies(&mut table, &group.studies, number);
            }
        }
    }
    table
}

fn outcome_row(outcome: &Outcome, at: [u32; 3]) -> Row {
    let mut row = Row::at(at).name(&outcome.name).settings(outcome).totals(outcome.all_studies().map(|(_, study)| study));
    if let Some(pooled) = &outcome.pooled {
        row = row.pooled(pooled);
    }
    if let Some(between) = &outcome.between {
        row.set(27, [between.q, between.p, between.i2].map(|value| rounded(Some(value), DECIMALS)));
    }
    let [first, second] = &outcome.arms;
    let [left, right] = &outcome.graph_labels;
    row.set(31, [first, second, left, right].map(|label| line(label)));
    if outcome.kind == Kind::Estimate {
        row.0.push(Cell::text(if outcome.is_ratio { "YES" } else { "NO" }));
    }
    row
}

/// A row that is being filled; the numbers are places of [`ANALYSIS_COLUMNS`].
struct Row(Vec<Cell>);

impl Row {
    fn at(place: [u32; 3]) -> Self {
        let mut row = Self(vec![Cell::Empty; ANALYSIS_COLUMNS.len()]);
        row.set(0, place.map(|number| Cell::Integer(i64::from(number))));
        row
    }

    fn set<const N: usize>(&mut self, from: usize, cells: [Cell; N]) {
        for (place, cell) in self.0[from..].iter_mut().zip(cells) {
            *place = cell;
        }
    }

    fn name(mut self, name: &str) -> Self {
        self.set(3, [line(name)]);
        self
    }

    fn settings(mut self, outcome: &Outcome) -> Self {
        let kind = match outcome.kind {
            Kind::Dichotomous => "DIC",
            Kind::Continuous => "CON",
            Kind::Estimate => "IV",
        };
        let (method, measure) = match outcome.method {
            Weighting::InverseVariance => ("IV", outcome.measure),
            Weighting::MantelHaenszel => ("MH", outcome.measure),
            Weighting::Peto => ("PETO", "PETO_OR"),
        };
        let model = if outcome.is_random { "Random" } else { "Fixed" };
        self.set(4, [kind, method, measure, model].map(Cell::text));
        self
    }

    fn totals<'a>(mut self, studies: impl Iterator<Item = &'a Study> + Clone) -> Self {
        let events = sums(studies.clone(), Numbers::events);
        let people = sums(studies, Numbers::people);
        for (side, from) in [8, 12].into_iter().enumerate() {
            self.set(from, [exact(Some(events[side].unwrap_or(0.0)))]);
            self.set(from + 3, [exact(people[side])]);
        }
        self
    }

    fn pooled(mut self, pooled: &Pooled) -> Self {
        let near = |value| rounded(value, DECIMALS);
        let [estimate, low, high] = pooled.effect.map_or([None; 3], |effect| effect.map(Some));
        self.set(16, [near(estimate), Cell::Empty, near(low), near(high), near(pooled.weight)]);
        self.set(21, [pooled.q, pooled.p_q, pooled.i2, pooled.tau2.or(Some(0.0)), pooled.z.map(f64::abs), pooled.p_z].map(near));
        self.set(30, [exact(pooled.df)]);
        self
    }

    fn study(mut self, study: &Study, order: i64) -> Self {
        let none = Cell::Integer(0);
        for (side, from) in [8, 12].into_iter().enumerate() {
            let cells = match &study.numbers {
                Numbers::Counts(arms) => [exact(Some(arms[side][0])), none.clone(), none.clone(), exact(Some(arms[side][1]))],
                Numbers::Means(arms) => {
                    let [mean, sd, n] = arms[side].map(|value| exact(Some(value)));
                    [none.clone(), mean, sd, n]
                }
                Numbers::Estimate { people, .. } => [none.clone(), none.clone(), none.clone(), exact(people[side])],
            };
            self.set(from, cells);
        }
        let near = |value| rounded(value, DECIMALS);
        let [mut estimate, low, high] = study.effect.map_or([None; 3], |effect| effect.map(Some)).map(near);
        let mut se = near(study.se);
        // What is pooled is not rounded.
        if let (Numbers::Estimate { se: exactly, .. }, Some([natural, ..])) = (&study.numbers, study.effect) {
            (estimate, se) = (exact(Some(natural)), exact(Some(*exactly)));
        }
        self.set(16, [estimate, se, low, high, near(study.weight)]);
        let year = study.year.map_or(Cell::Empty, |year| Cell::Integer(i64::from(year)));
        self.set(35, [year, Cell::Integer(order)]);
        self
    }

    fn cells(self) -> Vec<Cell> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn comparison_outcome_subgroup_and_study_have_a_row_each() {
        let csv = analysis_table(&[sample::ketamine()]).csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[0], ANALYSIS_COLUMNS.join(","));
        assert_eq!(lines[1], format!("1,0,0,Ketamine versus Placebo{}", ",".repeat(33)));
        assert_eq!(
            lines[2],
            "1,1,0,Pain,CON,IV,MD,Random,0,,,42,0,,,42,-22.5,,-33,-12,100,1.5,0.22,33.3,4.25,4.2,0.00001,,,,1,Ketamine,Placebo,\
             Favours ketamine,Favours placebo,,"
        );
        assert_eq!(
            lines[3],
            "1,1,0,Noppers 2011,,,,,0,56,31.176914536239792,12,0,74,10.392304845413264,12,-18,9.48683298,-36.59385,0.59385,40,,,,,,,,,,,,,,,2011,1"
        );
        assert_eq!(
            lines[5],
            "1,2,0,Harm,DIC,PETO,PETO_OR,Fixed,5,,,23,1,,,22,2.5,,0.4,9,100,0.4,0.5,0,0,1.1,0.27,0.1,0.75,0,1,Ketamine,Placebo,Favours ketamine,Favours placebo,,"
        );
        assert!(lines[6].starts_with("1,2,1,≤1 day,DIC,PETO,PETO_OR,Fixed,5,,,12,1,,,12,"), "{}", lines[6]);
        assert!(lines[7].starts_with("1,2,1,A 2001,,,,,5,0,0,12,1,0,0,12,"), "{}", lines[7]);
        // Not estimable: no effect, no weight, and still its numbers.
        assert!(lines[9].starts_with("1,2,2,'=B 2002,,,,,0,0,0,11,0,0,0,10,,,,,,"), "{}", lines[9]);
        assert_eq!(lines.len(), 10);
    }

    #[test]
    fn ready_estimates_are_ratios_with_the_standard_error_of_the_logarithm() {
        let table = analysis_table(&[sample::estimates()]);
        assert_eq!(table.headers.last().map(String::as_str), Some(LOG_SCALE_COLUMN));
        let csv = table.csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[2].ends_with(",YES") && lines[2].starts_with("2,1,0,Response,IV,IV,RR,Random,"), "{}", lines[2]);
        let cells: Vec<&str> = lines[3].split(',').collect();
        assert_eq!((cells[16], cells[17], cells[11]), ("1.5", "0.123456789012", "40"));
    }

    #[test]
    fn every_line_of_the_file_has_as_many_cells() {
        let mut comparison = sample::ketamine();
        comparison.name = "two\nlines, \"quoted\"".to_owned();
        let csv = analysis_table(&[comparison, sample::estimates()]).csv();
        assert_eq!(csv.lines().count(), 13, "no cell has a line break");
        assert!(csv.contains("\n1,0,0,\"two lines, \"\"quoted\"\"\","), "{csv}");
    }

    #[test]
    fn no_comparison_gives_the_names_of_the_columns() {
        assert_eq!(analysis_table(&[]).csv().lines().count(), 1);
    }
}
