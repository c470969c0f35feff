//! The analyses of a review as Cochrane's Review Manager (RevMan) holds them: comparison, outcome, subgroup, study.
//!
//! **Scale**: effects and their limits are on the scale that people read, ratios as ratios. Only a ready estimate of a study
//! ([`Numbers::Estimate`]) and every standard error of a ratio are on the scale of its natural logarithm, which is where RevMan takes
//! them. **Digits**: what a pooled result is made from is written at full precision, so that reading the file back gives the same
//! result; what follows from it is rounded as RevMan rounds it.

mod analysis_csv;
mod package;
mod rm5;
mod study_data;

pub use analysis_csv::{ANALYSIS_COLUMNS, LOG_SCALE_COLUMN, analysis_table};
pub use package::{DATA_ROW_COLUMNS, PackageFile, SETTING_COLUMNS, SUBGROUP_COLUMNS, data_package, settings_table, subgroup_table};
pub use rm5::rm5;
pub use study_data::{
    Characteristics, JudgedDomain, JudgedStudy, STUDY_ARM_COLUMNS, STUDY_RESULT_COLUMNS, StudyArm, StudyData, StudyResult,
};

use super::table::Cell;

/// A comparison of two interventions with its outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Its number, from 1.
    pub number: u32,
    /// Its name ("Ketamine versus Placebo").
    pub name: String,
    /// Its outcomes by number.
    pub outcomes: Vec<Outcome>,
}

/// An outcome of a comparison: one analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its number in the comparison, from 1.
    pub number: u32,
    /// The title of the analysis.
    pub name: String,
    /// The clinical outcome with its time point.
    pub clinical: String,
    /// Which numbers its studies give.
    pub kind: Kind,
    /// How studies are weighted.
    pub method: Weighting,
    /// The effect measure: "MD", "SMD", "RR", "OR" or "RD".
    pub measure: &'static str,
    /// Whether the measure is a ratio.
    pub is_ratio: bool,
    /// Whether effects vary between studies.
    pub is_random: bool,
    /// The confidence level in percent.
    pub level: f64,
    /// The unit of a difference; empty where there is none.
    pub unit: String,
    /// The names of the experimental and the control arm.
    pub arms: [String; 2],
    /// What effects left and right of the line mean.
    pub graph_labels: [String; 2],
    /// What the subgroups are made from; `None` where the analysis has no subgroups.
    pub subgroup_by: Option<String>,
    /// The studies of an analysis without subgroups.
    pub studies: Vec<Study>,
    /// The subgroups of an analysis with subgroups.
    pub groups: Vec<Group>,
    /// The pooled result; `None` where nothing could be pooled.
    pub pooled: Option<Pooled>,
    /// The test for differences between subgroups.
    pub between: Option<Between>,
}

/// Which numbers the studies of an outcome give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Events and people of both arms.
    Dichotomous,
    /// Mean, standard deviation and people of both arms.
    Continuous,
    /// An estimate with its standard error.
    Estimate,
}

/// How studies are weighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// By the inverse of the variance.
    InverseVariance,
    /// Mantel-Haenszel.
    MantelHaenszel,
    /// Peto.
    Peto,
}

/// A subgroup with its studies and its own result.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its studies.
    pub studies: Vec<Study>,
    /// Its pooled result.
    pub pooled: Pooled,
}

/// One study of an analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// The label.
    pub label: String,
    /// Its year.
    pub year: Option<i32>,
    /// What is pooled.
    pub numbers: Numbers,
    /// Its effect with its limits; `None` where it is not estimable.
    pub effect: Option<[f64; 3]>,
    /// The standard error of the effect; of a ratio that of its natural logarithm.
    pub se: Option<f64>,
    /// Its weight in percent.
    pub weight: Option<f64>,
    /// How its numbers were derived from what was reported; empty where they were reported.
    pub footnote: String,
}

/// The numbers of a study, experimental arm first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Numbers {
    /// Events and people of each arm.
    Counts([[f64; 2]; 2]),
    /// Mean, standard deviation and people of each arm.
    Means([[f64; 3]; 2]),
    /// An estimate and its standard error (of a ratio the natural logarithm), and the people of each arm where they are known.
    Estimate {
        /// The estimate.
        estimate: f64,
        /// Its standard error.
        se: f64,
        /// The people of each arm.
        people: [Option<f64>; 2],
    },
}

impl Numbers {
    /// Returns the people of both arms.
    pub fn people(&self) -> [Option<f64>; 2] {
        match self {
            Self::Counts(arms) => arms.map(|[_, n]| Some(n)),
            Self::Means(arms) => arms.map(|[.., n]| Some(n)),
            Self::Estimate { people, .. } => *people,
        }
    }

    /// Returns the people with the event in both arms.
    pub fn events(&self) -> [Option<f64>; 2] {
        match self {
            Self::Counts(arms) => arms.map(|[events, _]| Some(events)),
            Self::Means(_) | Self::Estimate { .. } => [None, None],
        }
    }
}

/// A pooled result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// The estimate with its limits.
    pub effect: Option<[f64; 3]>,
    /// The share of the weights in percent.
    pub weight: Option<f64>,
    /// Cochran's Q.
    pub q: Option<f64>,
    /// Its degrees of freedom.
    pub df: Option<f64>,
    /// Its p value.
    pub p_q: Option<f64>,
    /// I² in percent.
    pub i2: Option<f64>,
    /// The variance between studies; `None` under a common effect.
    pub tau2: Option<f64>,
    /// The statistic of the test of the effect.
    pub z: Option<f64>,
    /// Its p value.
    pub p_z: Option<f64>,
}

/// The test for differences between subgroups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Between {
    /// Q between the groups.
    pub q: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// The p value.
    pub p: f64,
    /// I² between the groups, in percent.
    pub i2: f64,
}

impl Outcome {
    /// Returns all studies with the number of their subgroup, 0 where there are none.
    pub fn all_studies(&self) -> impl Iterator<Item = (u32, &Study)> + Clone {
        let grouped = (1..).zip(&self.groups).flat_map(|(number, group)| group.studies.iter().map(move |study| (number, study)));
        self.studies.iter().map(|study| (0, study)).chain(grouped)
    }
}

/// Sums what the studies give of both arms; nothing where no study gives it.
fn sums<'a>(studies: impl Iterator<Item = &'a Study> + Clone, of: impl Fn(&Numbers) -> [Option<f64>; 2]) -> [Option<f64>; 2] {
    [0, 1].map(|side| {
        let mut known = studies.clone().filter_map(|study| of(&study.numbers)[side]).peekable();
        known.peek().is_some().then(|| known.sum())
    })
}

/// Returns a number rounded to some decimals; nothing for what is not finite.
fn rounded(value: Option<f64>, decimals: i32) -> Cell {
    let Some(value) = value.filter(|value| value.is_finite()) else { return Cell::Empty };
    let scale = 10_f64.powi(decimals);
    let near = (value * scale).round() / scale;
    exact(Some(if near.is_finite() { near } else { value }))
}

/// Returns a number at full precision, whole ones without a point.
fn exact(value: Option<f64>) -> Cell {
    match value {
        Some(value) if value.fract() == 0.0 && value.abs() < 1e15 => Cell::Integer(value as i64),
        Some(value) if value.is_finite() => Cell::Number(value),
        _ => Cell::Empty,
    }
}

/// Returns a text on one line: files of RevMan are read line by line.
fn line(text: &str) -> Cell {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.is_empty() { Cell::Empty } else { Cell::Text(joined) }
}

#[cfg(test)]
mod sample;
