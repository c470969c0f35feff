//! What goes into a meta-analysis: one row of numbers per study, labels, subgroups and moderators.

use super::measure::{CorrelationRow, GenericRow, ObservedExpected, OneMean, OneProportion, OneRate, TwoByTwo, TwoMeans, TwoRates};

/// The numbers of all studies, in one of the shapes that an effect measure can be computed from.
///
/// Missing numbers are NaN; a study with a missing number is not estimable and stays in its place.
#[derive(Debug, Clone, PartialEq)]
pub enum StudyData {
    /// Events and group sizes of two groups.
    TwoByTwo(Vec<TwoByTwo>),
    /// Means, standard deviations and sizes of two groups.
    TwoMeans(Vec<TwoMeans>),
    /// Events and person-time of two groups.
    TwoRates(Vec<TwoRates>),
    /// Events and size of one group.
    OneProportion(Vec<OneProportion>),
    /// Mean, standard deviation and size of one group.
    OneMean(Vec<OneMean>),
    /// Events and person-time of one group.
    OneRate(Vec<OneRate>),
    /// Correlation coefficients.
    Correlation(Vec<CorrelationRow>),
    /// Observed minus expected events and their variance (log-rank).
    ObservedExpected(Vec<ObservedExpected>),
    /// Estimates with their sampling variances.
    Generic(Vec<GenericRow>),
}

impl StudyData {
    /// Returns the number of studies.
    pub fn len(&self) -> usize {
        match self {
            Self::TwoByTwo(rows) => rows.len(),
            Self::TwoMeans(rows) => rows.len(),
            Self::TwoRates(rows) => rows.len(),
            Self::OneProportion(rows) => rows.len(),
            Self::OneMean(rows) => rows.len(),
            Self::OneRate(rows) => rows.len(),
            Self::Correlation(rows) => rows.len(),
            Self::ObservedExpected(rows) => rows.len(),
            Self::Generic(rows) => rows.len(),
        }
    }

    /// Returns true when there is no study.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the rows at these places, in this order; places out of range are left out.
    #[must_use]
    pub fn select(&self, places: &[usize]) -> Self {
        fn take<T: Clone>(rows: &[T], places: &[usize]) -> Vec<T> {
            places.iter().filter_map(|&i| rows.get(i).cloned()).collect()
        }
        match self {
            Self::TwoByTwo(rows) => Self::TwoByTwo(take(rows, places)),
            Self::TwoMeans(rows) => Self::TwoMeans(take(rows, places)),
            Self::TwoRates(rows) => Self::TwoRates(take(rows, places)),
            Self::OneProportion(rows) => Self::OneProportion(take(rows, places)),
            Self::OneMean(rows) => Self::OneMean(take(rows, places)),
            Self::OneRate(rows) => Self::OneRate(take(rows, places)),
            Self::Correlation(rows) => Self::Correlation(take(rows, places)),
            Self::ObservedExpected(rows) => Self::ObservedExpected(take(rows, places)),
            Self::Generic(rows) => Self::Generic(take(rows, places)),
        }
    }

    /// Returns the words for the shape of the rows, for messages.
    pub fn shape(&self) -> &'static str {
        match self {
            Self::TwoByTwo(_) => "events and sizes of two groups",
            Self::TwoMeans(_) => "means and SDs of two groups",
            Self::TwoRates(_) => "events and person-time of two groups",
            Self::OneProportion(_) => "events and size of one group",
            Self::OneMean(_) => "mean and SD of one group",
            Self::OneRate(_) => "events and person-time of one group",
            Self::Correlation(_) => "correlations",
            Self::ObservedExpected(_) => "observed minus expected events",
            Self::Generic(_) => "estimates and variances",
        }
    }

    /// Returns the number of participants in the experimental and control group of each study, or the whole size and `None` for
    /// one-group data; `None` where the shape has no sizes.
    pub fn sizes(&self, i: usize) -> Option<(f64, Option<f64>)> {
        match self {
            Self::TwoByTwo(rows) => rows.get(i).map(|r| (r.n1, Some(r.n2))),
            Self::TwoMeans(rows) => rows.get(i).map(|r| (r.n1, Some(r.n2))),
            Self::OneProportion(rows) => rows.get(i).map(|r| (r.n, None)),
            Self::OneMean(rows) => rows.get(i).map(|r| (r.n, None)),
            Self::Correlation(rows) => rows.get(i).map(|r| (r.n, None)),
            _ => None,
        }
    }
}

/// Participants and events of all studies together, those that are not estimable among them (as in RevMan).
///
/// `None` where the shape of the data has no such number, or a study lacks it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Totals {
    /// Events in the experimental group (or the only group).
    pub events1: Option<f64>,
    /// Participants in the experimental group (or the only group).
    pub n1: Option<f64>,
    /// Events in the control group.
    pub events2: Option<f64>,
    /// Participants in the control group.
    pub n2: Option<f64>,
}

/// A study-level variable for meta-regression.
#[derive(Debug, Clone, PartialEq)]
pub enum Moderator {
    /// A number per study; NaN where missing.
    Number {
        /// Name of the variable.
        name: String,
        /// One value per study.
        values: Vec<f64>,
    },
    /// A category per study; `None` where missing. Levels are sorted, the first is the reference.
    Factor {
        /// Name of the variable.
        name: String,
        /// One category per study.
        values: Vec<Option<String>>,
    },
}

impl Moderator {
    /// Returns the name of the variable.
    pub fn name(&self) -> &str {
        match self {
            Self::Number { name, .. } | Self::Factor { name, .. } => name,
        }
    }
}

/// The studies of one analysis.
///
/// **Shape**: `labels`, `subgroups` and each moderator have one entry per study, in the order of `data`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Study labels, for output only.
    pub labels: Vec<String>,
    /// The numbers.
    pub data: StudyData,
    /// Subgroup of each study, when the analysis has subgroups.
    pub subgroups: Option<Vec<String>>,
    /// Study-level variables.
    pub moderators: Vec<Moderator>,
}

impl Dataset {
    /// Makes a dataset without subgroups and moderators.
    pub fn new(labels: Vec<String>, data: StudyData) -> Self {
        Self { labels, data, subgroups: None, moderators: Vec::new() }
    }

    /// Makes a dataset of estimates and sampling variances, labelled by number.
    ///
    /// The shorter slice gives the number of studies.
    pub fn generic(yi: &[f64], vi: &[f64]) -> Self {
        let rows: Vec<GenericRow> = yi.iter().zip(vi).map(|(&yi, &vi)| GenericRow { yi, vi }).collect();
        Self::new((1..=rows.len()).map(|i| i.to_string()).collect(), StudyData::Generic(rows))
    }

    /// Returns the same dataset with a subgroup per study.
    #[must_use]
    pub fn with_subgroups(mut self, subgroups: Vec<String>) -> Self {
        self.subgroups = Some(subgroups);
        self
    }

    /// Returns the number of studies, estimable or not.
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Returns true when there is no study.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// Returns the label of a study, or its number (from 1) where no label was given.
    pub fn label(&self, i: usize) -> String {
        self.labels.get(i).cloned().unwrap_or_else(|| (i + 1).to_string())
    }

    /// Returns participants and events over all studies.
    pub fn totals(&self) -> Totals {
        let sum = |values: &mut dyn Iterator<Item = f64>| Some(values.sum::<f64>()).filter(|total| total.is_finite());
        match &self.data {
            StudyData::TwoByTwo(rows) => Totals {
                events1: sum(&mut rows.iter().map(|row| row.events1)),
                n1: sum(&mut rows.iter().map(|row| row.n1)),
                events2: sum(&mut rows.iter().map(|row| row.events2)),
                n2: sum(&mut rows.iter().map(|row| row.n2)),
            },
            StudyData::TwoMeans(rows) => {
                Totals { n1: sum(&mut rows.iter().map(|row| row.n1)), n2: sum(&mut rows.iter().map(|row| row.n2)), ..Totals::default() }
            }
            StudyData::TwoRates(rows) => Totals {
                events1: sum(&mut rows.iter().map(|row| row.events1)),
                events2: sum(&mut rows.iter().map(|row| row.events2)),
                ..Totals::default()
            },
            StudyData::OneProportion(rows) => Totals {
                events1: sum(&mut rows.iter().map(|row| row.events)),
                n1: sum(&mut rows.iter().map(|row| row.n)),
                ..Totals::default()
            },
            StudyData::OneRate(rows) => Totals { events1: sum(&mut rows.iter().map(|row| row.events)), ..Totals::default() },
            StudyData::OneMean(rows) => Totals { n1: sum(&mut rows.iter().map(|row| row.n)), ..Totals::default() },
            StudyData::Correlation(rows) => Totals { n1: sum(&mut rows.iter().map(|row| row.n)), ..Totals::default() },
            StudyData::ObservedExpected(_) | StudyData::Generic(_) => Totals::default(),
        }
    }

    /// Returns the studies at these places, in this order, with everything that belongs to them.
    #[must_use]
    pub fn select(&self, places: &[usize]) -> Self {
        let pick = |values: &[String]| places.iter().map(|&i| values.get(i).cloned().unwrap_or_default()).collect::<Vec<_>>();
        Self {
            labels: places.iter().map(|&i| self.label(i)).collect(),
            data: self.data.select(places),
            subgroups: self.subgroups.as_deref().map(pick),
            moderators: self
                .moderators
                .iter()
                .map(|moderator| match moderator {
                    Moderator::Number { name, values } => Moderator::Number {
                        name: name.clone(),
                        values: places.iter().map(|&i| values.get(i).copied().unwrap_or(f64::NAN)).collect(),
                    },
                    Moderator::Factor { name, values } => {
                        Moderator::Factor { name: name.clone(), values: places.iter().map(|&i| values.get(i).cloned().flatten()).collect() }
                    }
                })
                .collect(),
        }
    }
}
