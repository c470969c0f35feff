//! The files of a Cochrane data package of version 1, as the Cochrane Library offered them with each review until September 2024, and as
//! `read.cdir` of R's meta reads them.
//!
//! Two folders: `<id>-analysis-data` with one row a study and analysis, an analysis, and a subgroup; `<id>-study-data` with what is known
//! of the studies. Files are UTF-8 with a byte order mark. Results have six decimals; what they are made from is not rounded.

use super::study_data::StudyData;
use super::{Comparison, Group, Kind, Numbers, Outcome, Pooled, Study, Weighting, exact, line, rounded, sums};
use crate::export::csv_safe::BYTE_ORDER_MARK;
use crate::export::table::{Cell, Table};

/// The columns of `data-rows`.
pub const DATA_ROW_COLUMNS: [&str; 24] = [
    "Analysis group",
    "Analysis number",
    "Analysis name",
    "Subgroup",
    "Applicability",
    "Study",
    "Study year",
    "GIV Mean",
    "GIV SE",
    "Experimental mean",
    "Experimental SD",
    "Experimental cases",
    "Experimental N",
    "Control mean",
    "Control SD",
    "Control cases",
    "Control N",
    "O-E",
    "Variance",
    "Weight",
    "Mean",
    "CI start",
    "CI end",
    "Footnotes",
];

/// The columns of `overall-estimates-and-settings`.
pub const SETTING_COLUMNS: [&str; 45] = [
    "Analysis group",
    "Analysis number",
    "Analysis name",
    "Analysis group name",
    "Data source",
    "Data source eligibility",
    "Data type",
    "Log-scale data",
    "Outcome",
    "Intervention grouping",
    "Experimental intervention",
    "Control intervention",
    "Subgroup by",
    "Filter criteria",
    "Experimental group label",
    "Control group label",
    "Statistical method",
    "Effect measure",
    "Unit of effect measure",
    "Analysis model",
    "Subgroup estimates",
    "Overall estimates",
    "Test for subgroup differences",
    "Swap event and non-event",
    "Study CI",
    "Estimate CI",
    "Experimental cases",
    "Experimental N",
    "Control cases",
    "Control N",
    "Mean",
    "CI start",
    "CI end",
    "Heterogeneity Tau²",
    "Heterogeneity Chi²",
    "Heterogeneity df",
    "Heterogeneity P",
    "Heterogeneity I²",
    "Effect Z",
    "Effect P",
    "Subgroup Chi²",
    "Subgroup df",
    "Subgroup P",
    "Subgroup I²",
    "ID",
];

/// The columns of `subgroup-estimates`.
pub const SUBGROUP_COLUMNS: [&str; 20] = [
    "Analysis group",
    "Analysis number",
    "Subgroup",
    "Subgroup number",
    "Experimental cases",
    "Experimental N",
    "Control cases",
    "Control N",
    "Weight",
    "Mean",
    "CI start",
    "CI end",
    "Heterogeneity Tau²",
    "Heterogeneity Chi²",
    "Heterogeneity df",
    "Heterogeneity P",
    "Heterogeneity I²",
    "Effect Z",
    "Effect P",
    "ID",
];

/// The decimals of results.
const DECIMALS: i32 = 6;

/// What stands where an analysis has no such setting.
const NOT_APPLICABLE: &str = "#N/A";

/// One file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFile {
    /// Its path in the package, with `/` between folder and file.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Returns the files of a package, in the order of the Cochrane Library. `id` stands before every name ("CD015373").
pub fn data_package(id: &str, comparisons: &[Comparison], studies: &StudyData) -> Vec<PackageFile> {
    let file = |folder: &str, name: &str, bytes: Vec<u8>| PackageFile { path: format!("{id}-{folder}/{id}-{name}"), bytes };
    let csv = |folder: &str, name: &str, table: &Table| {
        file(folder, &format!("{name}.csv"), format!("{BYTE_ORDER_MARK}{}", table.csv()).into_bytes())
    };
    let (analysis, study) = ("analysis-data", "study-data");
    let mut files = vec![
        csv(analysis, "data-rows", &data_rows(comparisons)),
        csv(analysis, "overall-estimates-and-settings", &settings_table(comparisons)),
        csv(analysis, "subgroup-estimates", &subgroup_table(comparisons)),
        csv(study, "study-information", &studies.information()),
    ];
    if let Some(table) = studies.risk_of_bias() {
        files.push(csv(study, "risk-of-bias", &table));
    }
    files.push(csv(study, "study-arms", &studies.arms()));
    files.push(csv(study, "study-results", &studies.results()));
    files.push(file(study, "included.ris", studies.included.clone()));
    files.push(file(study, "excluded.ris", studies.excluded.clone()));
    files
}

fn number(number: u32) -> Cell {
    Cell::Integer(i64::from(number))
}

fn near(value: Option<f64>) -> Cell {
    rounded(value, DECIMALS)
}

fn each_outcome(comparisons: &[Comparison]) -> impl Iterator<Item = (&Comparison, &Outcome)> {
    comparisons.iter().flat_map(|comparison| comparison.outcomes.iter().map(move |outcome| (comparison, outcome)))
}

fn data_rows(comparisons: &[Comparison]) -> Table {
    let mut table = Table::new(&DATA_ROW_COLUMNS);
    for (comparison, outcome) in each_outcome(comparisons) {
        for (group, study) in outcome.all_studies() {
            let subgroup = usize::try_from(group).ok().and_then(|group| outcome.groups.get(group.checked_sub(1)?));
            let mut row = vec![
                number(comparison.number),
                number(outcome.number),
                line(&outcome.name),
                subgroup.map_or(Cell::Empty, |group| line(&group.name)),
                Cell::text("SUBGROUP_AND_OVERALL"),
            ];
            row.extend(study_cells(study));
            table.push(row);
        }
    }
    table
}

fn study_cells(study: &Study) -> Vec<Cell> {
    let mut cells = vec![line(&study.label), study.year.map_or(Cell::Empty, |year| Cell::Integer(i64::from(year)))];
    let (estimate, arms) = match &study.numbers {
        Numbers::Estimate { estimate, se, people } => ([Some(*estimate), Some(*se)], [0, 1].map(|side| [None, None, None, people[side]])),
        Numbers::Means(arms) => ([None, None], arms.map(|[mean, sd, n]| [Some(mean), Some(sd), None, Some(n)])),
        Numbers::Counts(arms) => ([None, None], arms.map(|[events, n]| [None, None, Some(events), Some(n)])),
    };
    cells.extend(estimate.map(exact));
    cells.extend(arms.into_iter().flatten().map(exact));
    cells.extend([Cell::Empty, Cell::Empty, near(study.weight)]);
    cells.extend(effect_cells(study.effect));
    cells.push(line(&study.footnote));
    cells
}

fn effect_cells(effect: Option<[f64; 3]>) -> [Cell; 3] {
    effect.map_or([None; 3], |effect| effect.map(Some)).map(near)
}

/// Returns the table `overall-estimates-and-settings`: an analysis a row, how it was pooled and what came out.
pub fn settings_table(comparisons: &[Comparison]) -> Table {
    let mut table = Table::new(&SETTING_COLUMNS);
    for (comparison, outcome) in each_outcome(comparisons) {
        let kind = match outcome.kind {
            Kind::Dichotomous => "Dichotomous",
            Kind::Continuous => "Continuous",
            Kind::Estimate => "Contrast level",
        };
        let (method, measure) = match (outcome.method, outcome.measure) {
            (Weighting::Peto, _) => ("PETO", "Peto Odds Ratio"),
            (method, measure) => (if method == Weighting::MantelHaenszel { "MH" } else { "IV" }, in_words(measure)),
        };
        let has_groups = !outcome.groups.is_empty();
        let level = format!("{}%", crate::figure::number::fixed(outcome.level, if outcome.level.fract() == 0.0 { 0 } else { 1 }));
        let mut row = vec![number(comparison.number), number(outcome.number), line(&outcome.name), line(&comparison.name)];
        row.extend([NOT_APPLICABLE, NOT_APPLICABLE, kind].map(Cell::text));
        row.push(Cell::Flag(outcome.kind == Kind::Estimate && outcome.is_ratio));
        row.push(line(&outcome.clinical));
        row.push(Cell::text(NOT_APPLICABLE));
        row.extend(outcome.arms.iter().map(|arm| line(arm)));
        row.push(outcome.subgroup_by.as_deref().map_or(Cell::text(NOT_APPLICABLE), line));
        row.push(Cell::text(NOT_APPLICABLE));
        row.extend(outcome.arms.iter().map(|arm| line(arm)));
        row.extend([Cell::text(method), Cell::text(measure), line(&outcome.unit)]);
        row.push(Cell::text(if outcome.is_random { "Random effect" } else { "Fixed effect" }));
        row.extend([has_groups, true, has_groups, false].map(Cell::Flag));
        row.extend([Cell::text(&level), Cell::text(&level)]);
        row.extend(arm_sums(outcome.all_studies().map(|(_, study)| study)));
        row.extend(effect_cells(outcome.pooled.and_then(|pooled| pooled.effect)));
        row.extend(heterogeneity(outcome.pooled.as_ref()));
        row.extend(outcome.between.map_or([None; 4], |between| [between.q, between.df, between.p, between.i2].map(Some)).map(near));
        row.push(Cell::text(format!("{}.{}", comparison.number, outcome.number)));
        table.push(row);
    }
    table
}

/// Returns a measure as RevMan spells it.
pub(super) fn in_words(measure: &str) -> &str {
    match measure {
        "MD" => "Mean Difference",
        "SMD" => "Std. Mean Difference",
        "RR" => "Risk Ratio",
        "OR" => "Odds Ratio",
        "RD" => "Risk Difference",
        other => other,
    }
}

/// Returns events and people of the experimental arm, then of the control arm.
fn arm_sums<'a>(studies: impl Iterator<Item = &'a Study> + Clone) -> [Cell; 4] {
    let events = sums(studies.clone(), Numbers::events);
    let people = sums(studies, Numbers::people);
    [events[0], people[0], events[1], people[1]].map(exact)
}

fn heterogeneity(pooled: Option<&Pooled>) -> [Cell; 7] {
    let Some(pooled) = pooled else { return [const { Cell::Empty }; 7] };
    let z = pooled.z.map(f64::abs);
    [pooled.tau2, pooled.q, pooled.df, pooled.p_q, pooled.i2, z, pooled.p_z].map(near)
}

/// Returns the table `subgroup-estimates`: a subgroup a row.
pub fn subgroup_table(comparisons: &[Comparison]) -> Table {
    let mut table = Table::new(&SUBGROUP_COLUMNS);
    for (comparison, outcome) in each_outcome(comparisons) {
        for (at, group) in (1..).zip(&outcome.groups) {
            let Group { name, studies, pooled } = group;
            let mut row = vec![number(comparison.number), number(outcome.number), line(name), number(at)];
            row.extend(arm_sums(studies.iter()));
            row.push(near(pooled.weight));
            row.extend(effect_cells(pooled.effect));
            row.extend(heterogeneity(Some(pooled)));
            row.push(Cell::text(format!("{}.{}.{at}", comparison.number, outcome.number)));
            table.push(row);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn text(files: &[PackageFile], name: &str) -> String {
        let file = files.iter().find(|file| file.path.ends_with(name)).unwrap_or_else(|| panic!("{name} is in the package"));
        String::from_utf8(file.bytes.clone()).expect("UTF-8")
    }

    fn package() -> Vec<PackageFile> {
        data_package("CD000001", &[sample::ketamine(), sample::estimates()], &StudyData::default())
    }

    #[test]
    fn files_have_their_folders_and_a_byte_order_mark() {
        let files = package();
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths[0], "CD000001-analysis-data/CD000001-data-rows.csv");
        assert_eq!(paths[3], "CD000001-study-data/CD000001-study-information.csv");
        assert!(files.iter().filter(|file| file.path.ends_with(".csv")).all(|file| file.bytes.starts_with(BYTE_ORDER_MARK.as_bytes())));
        assert!(!paths.iter().any(|path| path.contains("risk-of-bias")), "nothing was appraised");
    }

    #[test]
    fn a_row_has_what_is_pooled_whole_and_what_follows_with_six_decimals() {
        let rows = text(&package(), "data-rows.csv");
        let lines: Vec<&str> = rows.lines().collect();
        assert_eq!(lines[0].trim_start_matches(BYTE_ORDER_MARK), DATA_ROW_COLUMNS.join(","));
        assert_eq!(
            lines[1],
            "1,1,Pain,,SUBGROUP_AND_OVERALL,Noppers 2011,2011,,,56,31.176914536239792,,12,74,10.392304845413264,,12,,,40,-18,-36.59385,0.59385,SD from SE"
        );
        assert_eq!(lines[3], "1,2,Harm,≤1 day,SUBGROUP_AND_OVERALL,A 2001,2001,,,,,5,12,,,1,12,,,100,2.5,0.4,9,");
        assert_eq!(lines[4], "1,2,Harm,>1 day,SUBGROUP_AND_OVERALL,'=B 2002,2002,,,,,0,11,,,0,10,,,,,,,");
        assert!(lines[5].starts_with("2,1,Response,,SUBGROUP_AND_OVERALL,C 2003,2003,0.4054651081081644,0.123456789012,,,,40,"));
    }

    #[test]
    fn settings_say_how_an_analysis_was_pooled() {
        let table = settings_table(&[sample::ketamine(), sample::estimates()]);
        let cell = |row: usize, name: &str| {
            let column = SETTING_COLUMNS.iter().position(|column| *column == name).unwrap_or_else(|| panic!("{name} is a column"));
            assert_eq!(table.rows[row].len(), SETTING_COLUMNS.len());
            table.rows[row][column].plain()
        };
        let row = |at: usize| {
            ["Data type", "Statistical method", "Effect measure", "Analysis model", "Log-scale data", "Study CI"].map(|name| cell(at, name))
        };
        assert_eq!(row(0), ["Continuous", "IV", "Mean Difference", "Random effect", "false", "95%"]);
        assert_eq!(row(1), ["Dichotomous", "PETO", "Peto Odds Ratio", "Fixed effect", "false", "95%"]);
        assert_eq!(row(2), ["Contrast level", "IV", "Risk Ratio", "Random effect", "true", "95%"]);
        assert_eq!([cell(1, "Subgroup by"), cell(1, "Subgroup P"), cell(1, "Experimental N")], ["Duration", "0.75", "23"]);
        assert_eq!([cell(0, "Effect Z"), cell(0, "Heterogeneity Tau²"), cell(0, "ID")], ["4.2", "4.25", "1.1"]);
    }

    #[test]
    fn a_subgroup_without_an_estimate_keeps_its_row() {
        let groups = text(&package(), "subgroup-estimates.csv");
        let lines: Vec<&str> = groups.lines().collect();
        assert_eq!(lines[1], "1,2,≤1 day,1,5,12,1,12,100,2.5,0.4,9,,0,1,1,0,1.1,0.27,1.2.1");
        assert_eq!(lines[2], "1,2,>1 day,2,0,11,0,10,,,,,,,,,,,,1.2.2");
    }
}
