//! Builds a forest plot from plain numbers, with the words and lines that RevMan prints.

use super::data::{DataColumns, Study, columns, data_cells, effect_cell, event_cells, total_cells};
use super::lines::{Heterogeneity, OverallTest, heterogeneity_line, overall_effect_line, subgroup_difference_line};
use super::{Effect, Model, Row, RowKind};
use crate::figure::axis::{Axis, Scale};
use crate::figure::number;
use crate::figure::scene::Color;

/// What is known before the first study.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Title above the figure; may be empty.
    pub title: String,
    /// What the figure shows, for people who listen to it; may be empty.
    pub description: String,
    /// Which data of the studies are listed.
    pub data: DataColumns,
    /// Name of the effect measure ("Mean Difference").
    pub measure: String,
    /// Method, model and level ("IV, Random, 95% CI").
    pub method: String,
    /// How effects are spread along the axis.
    pub scale: Scale,
    /// Value of no effect: 0 for differences, 1 for ratios, `None` for single groups.
    pub null: Option<f64>,
    /// Words under the axis.
    pub favours: Option<Favours>,
}

/// What the two sides of the axis mean, as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Favours {
    /// Text under the left half.
    pub left: String,
    /// Text under the right half.
    pub right: String,
}

impl Favours {
    /// Creates RevMan's words for two arms: `Favours [ketamine]`, `Favours [placebo]`.
    pub fn arms(left: &str, right: &str) -> Self {
        Self { left: format!("Favours [{left}]"), right: format!("Favours [{right}]") }
    }
}

/// A pooled effect and what is said below it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pooled {
    /// Words in the first column; empty for RevMan's `Total (95% CI)` or `Subtotal (95% CI)`.
    pub label: String,
    /// Participants of the experimental and the control arm.
    pub totals: Option<[u64; 2]>,
    /// Participants with the event in the experimental and the control arm.
    pub events: Option<[u64; 2]>,
    /// Sum of weights in percent.
    pub weight: Option<f64>,
    /// Pooled effect in the units of the axis labels; `None` is shown as not estimable.
    pub effect: Option<Effect>,
    /// Limits of the prediction interval in the units of the axis labels.
    pub prediction: Option<(f64, f64)>,
    /// Heterogeneity; `None` prints "Not applicable".
    pub heterogeneity: Option<Heterogeneity>,
    /// Test for overall effect; `None` prints "Not applicable".
    pub test: Option<OverallTest>,
}

/// Colour of squares of continuous outcomes.
const GREEN: Color = Color(0x2E, 0x8B, 0x3D);
/// Colour of squares of dichotomous outcomes.
const BLUE: Color = Color(0x2F, 0x5F, 0xB3);
/// Colour of squares of generic inverse variance.
const RED: Color = Color(0xB0, 0x3A, 0x2E);

/// Gathers rows from top to bottom, then chooses the axis.
#[derive(Debug, Clone)]
pub struct Builder {
    model: Model,
    data: DataColumns,
    axis: Option<Axis>,
    null: Option<f64>,
    scale: Scale,
}

impl Builder {
    /// Starts a plot without rows.
    pub fn new(head: Head) -> Self {
        let Head { title, description, data, measure, method, scale, null, favours } = head;
        let square = match data {
            DataColumns::Continuous { .. } => GREEN,
            DataColumns::Dichotomous { .. } | DataColumns::Proportion => BLUE,
            DataColumns::Generic { .. } | DataColumns::Effects => RED,
        };
        let columns = columns(&data, &measure, &method);
        let axis = Axis::automatic(scale, null, &[], &[]);
        let model = Model { title, description, columns, rows: Vec::new(), axis, favours, measure, method, footnotes: Vec::new(), square };
        Self { model, data, axis: None, null, scale }
    }

    /// Takes an axis that the user chose instead of the automatic one.
    pub fn axis(mut self, axis: Axis) -> Self {
        self.axis = Some(axis);
        self
    }

    /// Adds a study.
    pub fn study(&mut self, study: &Study) {
        let mut cells = vec![study.label.clone()];
        cells.extend(data_cells(&self.data, &study.data));
        cells.push(study.weight.map(number::weight).unwrap_or_default());
        cells.push(effect_cell(study.effect.as_ref()));
        self.model.rows.push(Row { kind: RowKind::Study, cells, effect: study.effect, weight: study.weight });
    }

    /// Adds the title of a subgroup, with an empty line above it unless it is the first row.
    pub fn subgroup(&mut self, title: &str) {
        if !self.model.rows.is_empty() {
            self.model.rows.push(Row::text(RowKind::Blank, ""));
        }
        self.model.rows.push(Row::text(RowKind::SubgroupTitle, title));
    }

    /// Adds the pooled effect of a subgroup with its lines on heterogeneity and overall effect.
    pub fn subtotal(&mut self, pooled: &Pooled) {
        self.pooled(RowKind::Subtotal, pooled);
    }

    /// Adds the pooled effect of all studies with its lines on heterogeneity and overall effect.
    pub fn total(&mut self, pooled: &Pooled) {
        if !self.model.rows.is_empty() {
            self.model.rows.push(Row::text(RowKind::Blank, ""));
        }
        self.pooled(RowKind::Total, pooled);
    }

    /// Adds a line of text.
    pub fn note(&mut self, text: impl Into<String>) {
        self.model.rows.push(Row::text(RowKind::Note, text));
    }

    /// Adds the line on differences between subgroups.
    pub fn subgroup_difference(&mut self, difference: Option<&Heterogeneity>) {
        self.note(subgroup_difference_line(difference));
    }

    /// Adds a line under the whole figure.
    pub fn footnote(&mut self, text: impl Into<String>) {
        self.model.footnotes.push(text.into());
    }

    fn pooled(&mut self, kind: RowKind, pooled: &Pooled) {
        let usual = if kind == RowKind::Total { "Total (95% CI)" } else { "Subtotal (95% CI)" };
        let label = if pooled.label.is_empty() { usual } else { &pooled.label };
        let mut cells = vec![label.to_owned()];
        cells.extend(total_cells(&self.data, pooled.totals));
        cells.push(pooled.weight.map(number::weight).unwrap_or_default());
        cells.push(effect_cell(pooled.effect.as_ref()));
        self.model.rows.push(Row { kind, cells, effect: pooled.effect, weight: pooled.weight });
        if let (Some((low, high)), Some(effect)) = (pooled.prediction, pooled.effect)
            && let Some(effect) = Effect::new(effect.point, low, high)
        {
            let mut cells = vec![String::new(); self.model.columns.len()];
            cells[0] = "Prediction interval".to_owned();
            if let Some(last) = cells.last_mut() {
                *last = number::interval(effect.low, effect.high);
            }
            self.model.rows.push(Row { kind: RowKind::Prediction, cells, effect: Some(effect), weight: None });
        }
        if let Some(cells) = pooled.events.and_then(|events| event_cells(&self.data, events)) {
            self.model.rows.push(Row { kind: RowKind::Note, cells, effect: None, weight: None });
        }
        self.note(heterogeneity_line(pooled.heterogeneity.as_ref()));
        self.note(overall_effect_line(pooled.test.as_ref()));
    }

    /// Returns the finished model with the user's axis, or else one that shows all points and, where there is room, all intervals.
    pub fn finish(self) -> Model {
        let Self { mut model, axis, null, scale, .. } = self;
        model.axis = axis.unwrap_or_else(|| {
            let (mut points, mut limits) = (Vec::new(), Vec::new());
            for row in &model.rows {
                let Some(effect) = &row.effect else { continue };
                points.push(effect.point);
                if row.kind.is_pooled() { &mut points } else { &mut limits }.extend([effect.low, effect.high]);
            }
            Axis::automatic(scale, null, &points, &limits)
        });
        model
    }
}

#[cfg(test)]
mod tests {
    use super::super::data::{EventArm, StudyData};
    use super::*;

    fn head(data: DataColumns) -> Head {
        Head {
            title: String::new(),
            description: String::new(),
            data,
            measure: "Risk Ratio".to_owned(),
            method: "IV, Random, 95% CI".to_owned(),
            scale: Scale::Log,
            null: Some(1.0),
            favours: None,
        }
    }

    fn arms() -> DataColumns {
        DataColumns::Dichotomous { experimental: "Ketamine".to_owned(), control: "Placebo".to_owned() }
    }

    #[test]
    fn studies_without_an_effect_stay_and_say_so() {
        let mut builder = Builder::new(head(arms()));
        let data = StudyData::Dichotomous(EventArm { events: 0, total: 10 }, EventArm { events: 0, total: 12 });
        builder.study(&Study { label: "Zero 2001".to_owned(), data, effect: None, weight: None });
        builder.total(&Pooled { totals: Some([10, 12]), events: Some([0, 0]), ..Pooled::default() });
        let model = builder.finish();
        assert_eq!(model.rows[0].cells, ["Zero 2001", "0", "10", "0", "12", "", "Not estimable"]);
        let texts: Vec<&str> = model.rows.iter().map(|row| row.cell(0)).collect();
        let note = "Heterogeneity: Not applicable";
        assert_eq!(texts, ["Zero 2001", "", "Total (95% CI)", "Total events:", note, "Test for overall effect: Not applicable"]);
    }

    #[test]
    fn every_row_has_a_cell_for_each_column_or_only_text() {
        for data in [arms(), DataColumns::Proportion, DataColumns::Effects, DataColumns::Generic { estimate: "log[RR]".to_owned() }] {
            let mut builder = Builder::new(head(data));
            builder.study(&Study { label: "A".to_owned(), data: StudyData::None, effect: Effect::new(1.0, 0.5, 2.0), weight: Some(100.0) });
            let pooled = Pooled { totals: Some([1, 2]), events: Some([1, 2]), effect: Effect::new(1.0, 0.5, 2.0), ..Pooled::default() };
            builder.total(&Pooled { prediction: Some((0.2, 5.0)), ..pooled });
            let model = builder.finish();
            assert!(model.rows.iter().all(|row| row.cells.len() == 1 || row.cells.len() == model.columns.len()), "{model:?}");
        }
    }

    #[test]
    fn effects_are_made_from_logs_and_refuse_missing_numbers() {
        let effect = Effect::from_log(3.2575f64.ln(), 1.0518f64.ln(), 10.0889f64.ln()).unwrap();
        assert_eq!(effect.text(), "3.26 [1.05, 10.09]");
        assert_eq!(Effect::new(f64::NAN, 0.0, 1.0), None);
        assert_eq!(Effect::new(0.0, 1.0, -1.0), Effect::new(0.0, -1.0, 1.0));
    }
}
