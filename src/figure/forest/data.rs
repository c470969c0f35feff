//! Data of studies as RevMan lists them: which columns there are and what stands in their cells.

use super::{Column, ColumnRole, Effect};
use crate::figure::number;

/// Which data of the studies stand in columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataColumns {
    /// Mean, SD and total of two arms, under the names of the arms.
    Continuous {
        /// Name of the experimental arm.
        experimental: String,
        /// Name of the control arm.
        control: String,
    },
    /// Events and total of two arms, under the names of the arms.
    Dichotomous {
        /// Name of the experimental arm.
        experimental: String,
        /// Name of the control arm.
        control: String,
    },
    /// Events and total of a single group.
    Proportion,
    /// The effect and its standard error as reported (generic inverse variance).
    Generic {
        /// Heading of the effect's column ("log[Hazard Ratio]").
        estimate: String,
    },
    /// No data columns.
    Effects,
}

/// One arm of a continuous outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanArm {
    /// Mean of the arm.
    pub mean: f64,
    /// Standard deviation of the arm.
    pub sd: f64,
    /// Participants analysed.
    pub total: u64,
}

/// One arm of a dichotomous outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventArm {
    /// Participants with the event.
    pub events: u64,
    /// Participants analysed.
    pub total: u64,
}

/// Data of one study, for the columns of the same kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StudyData {
    /// Experimental, then control arm.
    Continuous(MeanArm, MeanArm),
    /// Experimental, then control arm.
    Dichotomous(EventArm, EventArm),
    /// The only group.
    Proportion(EventArm),
    /// Estimate and standard error, on the scale on which they are pooled.
    Generic {
        /// The estimate.
        estimate: f64,
        /// Its standard error.
        standard_error: f64,
    },
    /// Nothing to list.
    None,
}

/// One study of the plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// Name of the study ("Noppers 2011").
    pub label: String,
    /// Its data.
    pub data: StudyData,
    /// Its effect in the units of the axis labels; `None` is shown as not estimable.
    pub effect: Option<Effect>,
    /// Its weight in percent; `None` leaves the cell empty.
    pub weight: Option<f64>,
}

pub(super) fn columns(data: &DataColumns, measure: &str, method: &str) -> Vec<Column> {
    let column = |heading: &str, group: Option<&str>, role| Column { heading: heading.to_owned(), group: group.map(str::to_owned), role };
    let mut columns = vec![column("Study or Subgroup", None, ColumnRole::Label)];
    match data {
        DataColumns::Continuous { experimental, control } => {
            for arm in [experimental, control] {
                let arm = Some(arm.as_str());
                columns.push(column("Mean", arm, ColumnRole::Data));
                columns.push(column("SD", arm, ColumnRole::Data));
                columns.push(column("Total", arm, ColumnRole::Total));
            }
        }
        DataColumns::Dichotomous { experimental, control } => {
            for arm in [experimental, control] {
                columns.push(column("Events", Some(arm), ColumnRole::Data));
                columns.push(column("Total", Some(arm), ColumnRole::Total));
            }
        }
        DataColumns::Proportion => {
            columns.push(column("Events", None, ColumnRole::Data));
            columns.push(column("Total", None, ColumnRole::Total));
        }
        DataColumns::Generic { estimate } => {
            columns.push(column(estimate, None, ColumnRole::Data));
            columns.push(column("SE", None, ColumnRole::Data));
        }
        DataColumns::Effects => {}
    }
    columns.push(column("Weight", None, ColumnRole::Weight));
    columns.push(column(method, Some(measure), ColumnRole::Effect));
    columns
}

pub(super) fn effect_cell(effect: Option<&Effect>) -> String {
    effect.map_or_else(|| number::NOT_ESTIMABLE.to_owned(), Effect::text)
}

/// Returns the cells between label and weight; empty ones when the data are of another kind than the columns.
pub(super) fn data_cells(columns: &DataColumns, data: &StudyData) -> Vec<String> {
    match (columns, data) {
        (DataColumns::Continuous { .. }, StudyData::Continuous(experimental, control)) => [experimental, control]
            .into_iter()
            .flat_map(|arm| [number::estimate(arm.mean), number::estimate(arm.sd), arm.total.to_string()])
            .collect(),
        (DataColumns::Dichotomous { .. }, StudyData::Dichotomous(experimental, control)) => {
            [experimental, control].into_iter().flat_map(|arm| [arm.events.to_string(), arm.total.to_string()]).collect()
        }
        (DataColumns::Proportion, StudyData::Proportion(group)) => vec![group.events.to_string(), group.total.to_string()],
        (DataColumns::Generic { .. }, StudyData::Generic { estimate, standard_error }) => {
            vec![number::fixed(*estimate, 4), number::fixed(*standard_error, 4)]
        }
        _ => vec![String::new(); data_width(columns)],
    }
}

const fn data_width(columns: &DataColumns) -> usize {
    match columns {
        DataColumns::Continuous { .. } => 6,
        DataColumns::Dichotomous { .. } => 4,
        DataColumns::Proportion | DataColumns::Generic { .. } => 2,
        DataColumns::Effects => 0,
    }
}

pub(super) fn total_cells(columns: &DataColumns, totals: Option<[u64; 2]>) -> Vec<String> {
    let mut cells = vec![String::new(); data_width(columns)];
    let Some([experimental, control]) = totals else { return cells };
    let (at, count) = match columns {
        DataColumns::Continuous { .. } => ([2, 5], 2),
        DataColumns::Dichotomous { .. } => ([1, 3], 2),
        DataColumns::Proportion => ([1, 1], 1),
        DataColumns::Generic { .. } | DataColumns::Effects => return cells,
    };
    for (index, total) in at.into_iter().zip([experimental, control]).take(count) {
        cells[index] = total.to_string();
    }
    cells
}

/// Returns the row "Total events", for columns that list events.
pub(super) fn event_cells(columns: &DataColumns, [experimental, control]: [u64; 2]) -> Option<Vec<String>> {
    let label = "Total events:".to_owned();
    match columns {
        DataColumns::Dichotomous { .. } => {
            Some(vec![label, experimental.to_string(), String::new(), control.to_string(), String::new(), String::new(), String::new()])
        }
        DataColumns::Proportion => Some(vec![label, experimental.to_string(), String::new(), String::new(), String::new()]),
        _ => None,
    }
}
