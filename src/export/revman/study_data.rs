//! What a data package tells of the studies: characteristics, risk of bias, arms, results, and the references.

use super::{exact, line};
use crate::export::table::{Cell, Table};

/// The columns of `study-arms`.
pub const STUDY_ARM_COLUMNS: [&str; 4] = ["Study", "Arm", "Description", "Intervention"];

/// The columns of `study-results`. They are known from a program that writes them, not from a package of the Cochrane Library.
pub const STUDY_RESULT_COLUMNS: [&str; 41] = [
    "Study",
    "Outcome",
    "Data type",
    "Effect measure",
    "Arm",
    "Reference arm",
    "Sample size",
    "Cases",
    "Mean",
    "SD",
    "SE",
    "Variance",
    "CI level",
    "CI start",
    "CI end",
    "Exp mean",
    "Exp CI start",
    "Exp CI end",
    "t-test",
    "z-test",
    "P value",
    "Covariance method",
    "Covariance",
    "Other arm 1",
    "Other arm 2",
    "Correlation arm 1",
    "Correlation arm 2",
    "Correlation",
    "Other mean",
    "Other SE",
    "Other variance",
    "Other CI level",
    "Other CI start",
    "Other CI end",
    "Other exp mean",
    "Other exp CI start",
    "Other exp CI end",
    "Other t-test",
    "Other z-test",
    "Other P value",
    "Footnotes",
];

/// What a package tells of the studies.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StudyData {
    /// The names of the characteristics, in order ("Methods", "Participants", ...).
    pub characteristics: Vec<String>,
    /// The included studies.
    pub studies: Vec<Characteristics>,
    /// The domains of bias that were judged, in order.
    pub domains: Vec<String>,
    /// The judgements agreed upon.
    pub judged: Vec<JudgedStudy>,
    /// The arms of the studies.
    pub study_arms: Vec<StudyArm>,
    /// The results of the studies.
    pub study_results: Vec<StudyResult>,
    /// The reports of included studies, as RIS.
    pub included: Vec<u8>,
    /// The reports excluded at full text, as RIS.
    pub excluded: Vec<u8>,
}

/// A study with its characteristics.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Characteristics {
    /// The label.
    pub study: String,
    /// Its year.
    pub year: Option<i32>,
    /// What is known, one text for each name of [`StudyData::characteristics`].
    pub texts: Vec<String>,
}

/// A study with its risk of bias.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JudgedStudy {
    /// The label.
    pub study: String,
    /// One entry for each of [`StudyData::domains`]; `None` where nothing is agreed.
    pub domains: Vec<Option<JudgedDomain>>,
}

/// A judgement with the words that support it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JudgedDomain {
    /// The judgement in words.
    pub judgement: String,
    /// What supports it.
    pub support: String,
}

/// An arm of a study.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StudyArm {
    /// The label of the study.
    pub study: String,
    /// The name of the arm.
    pub arm: String,
    /// What the extractors noted of it.
    pub description: String,
}

/// A result of one arm, or of one arm against another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StudyResult {
    /// The label of the study.
    pub study: String,
    /// The clinical outcome with its time point.
    pub outcome: String,
    /// "Continuous", "Dichotomous" or "Contrast level".
    pub data_type: &'static str,
    /// The effect measure of a contrast.
    pub measure: String,
    /// The arm.
    pub arm: String,
    /// The arm that it is compared with; empty for the result of one arm.
    pub reference_arm: String,
    /// People analysed.
    pub people: Option<f64>,
    /// People with the event.
    pub cases: Option<f64>,
    /// The mean, or the contrast; of a ratio its natural logarithm.
    pub mean: Option<f64>,
    /// The standard deviation.
    pub sd: Option<f64>,
    /// The standard error of a contrast.
    pub se: Option<f64>,
    /// How numbers were derived.
    pub footnote: String,
}

impl StudyData {
    /// Returns the table `study-information`.
    pub fn information(&self) -> Table {
        let mut table = Table::new(&["Study", "Year", "Data source"]);
        table.headers.extend(self.characteristics.iter().map(|name| format!("Char: {name}")));
        for study in &self.studies {
            let year = study.year.map_or(Cell::Empty, |year| Cell::Integer(i64::from(year)));
            let mut row = vec![line(&study.study), year, Cell::Empty];
            row.extend(study.texts.iter().map(|text| if text.is_empty() { Cell::Empty } else { Cell::text(text) }));
            table.push(row);
        }
        table
    }

    /// Returns the table `risk-of-bias`; nothing where no domain was judged.
    pub fn risk_of_bias(&self) -> Option<Table> {
        if self.judged.is_empty() || self.domains.is_empty() {
            return None;
        }
        let mut table = Table::new(&["Study"]);
        for domain in &self.domains {
            table.headers.extend([format!("Domain (judgement): {domain}"), format!("Domain (support): {domain}")]);
        }
        for study in &self.judged {
            let mut row = vec![line(&study.study)];
            for domain in &study.domains {
                row.extend(domain.as_ref().map_or([Cell::Empty, Cell::Empty], |domain| [line(&domain.judgement), line(&domain.support)]));
            }
            table.push(row);
        }
        Some(table)
    }

    /// Returns the table `study-arms`. The intervention of an arm is the arm of the review that it was matched to.
    pub fn arms(&self) -> Table {
        let mut table = Table::new(&STUDY_ARM_COLUMNS);
        for arm in &self.study_arms {
            table.push([&arm.study, &arm.arm, &arm.description, &arm.arm].map(|text| line(text)).to_vec());
        }
        table
    }

    /// Returns the table `study-results`.
    pub fn results(&self) -> Table {
        let mut table = Table::new(&STUDY_RESULT_COLUMNS);
        for result in &self.study_results {
            let mut row = vec![line(&result.study), line(&result.outcome), Cell::text(result.data_type)];
            row.extend([&result.measure, &result.arm, &result.reference_arm].map(|text| line(text)));
            row.extend([result.people, result.cases, result.mean, result.sd, result.se].map(exact));
            row.resize(STUDY_RESULT_COLUMNS.len() - 1, Cell::Empty);
            row.push(line(&result.footnote));
            table.push(row);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn studies_have_a_column_for_each_characteristic() {
        let data = StudyData {
            characteristics: vec!["Methods".into(), "Funding".into()],
            studies: vec![Characteristics { study: "A 2001".into(), year: Some(2001), texts: vec!["Design: RCT".into(), String::new()] }],
            ..StudyData::default()
        };
        assert_eq!(data.information().csv(), "Study,Year,Data source,Char: Methods,Char: Funding\nA 2001,2001,,Design: RCT,\n");
    }

    #[test]
    fn a_domain_has_its_judgement_and_its_support() {
        let judged = JudgedDomain { judgement: "Low risk".into(), support: "sealed envelopes".into() };
        let data = StudyData {
            domains: vec!["randomisation".into(), "missing data".into()],
            judged: vec![JudgedStudy { study: "A 2001".into(), domains: vec![Some(judged), None] }],
            ..StudyData::default()
        };
        let csv = data.risk_of_bias().map(|table| table.csv()).expect("a table");
        assert_eq!(
            csv,
            "Study,Domain (judgement): randomisation,Domain (support): randomisation,Domain (judgement): missing data,\
             Domain (support): missing data\nA 2001,Low risk,sealed envelopes,,\n"
        );
        assert_eq!(StudyData::default().risk_of_bias(), None);
    }

    #[test]
    fn a_result_has_a_cell_for_each_column() {
        let result = StudyResult {
            study: "A 2001".into(),
            outcome: "Pain".into(),
            data_type: "Continuous",
            arm: "Drug".into(),
            people: Some(30.0),
            mean: Some(1.5),
            sd: Some(0.5),
            footnote: "SD from SE".into(),
            ..StudyResult::default()
        };
        let data = StudyData { study_results: vec![result], ..StudyData::default() };
        let csv = data.results().csv();
        let row = csv.lines().nth(1).expect("a row");
        assert!(row.starts_with("A 2001,Pain,Continuous,,Drug,,30,,1.5,0.5,,") && row.ends_with(",SD from SE"), "{row}");
        assert_eq!(row.matches(',').count(), STUDY_RESULT_COLUMNS.len() - 1);
    }
}
