//! Further results beside the pooled estimate: a key and an object for scripts, a title, a table and lines for people.

use serde_json::Value;

use crate::cli::output::Table;
use crate::cli::pooled::summary_object;
use crate::figure::number::{estimate_with_interval, fixed, i_squared, p_value_bare};
use crate::meta::fit::{Plan, Summary};
use crate::meta::{Dataset, Interval, MetaError, Options, measure};

/// One further result: a key and an object for scripts, a title, a table and lines for people.
pub struct Section {
    /// The key in JSON.
    pub key: &'static str,
    /// The heading.
    pub title: &'static str,
    /// The value of the key.
    pub object: Value,
    /// The table.
    pub table: Table,
    /// Lines below the table.
    pub lines: Vec<String>,
}

/// The effects of the studies that have one, with their places in the dataset.
pub struct Effects<'a> {
    /// The studies.
    pub dataset: &'a Dataset,
    /// How they are pooled.
    pub options: &'a Options,
    /// The same for plain numbers.
    pub plan: Plan,
    /// The places of the studies in the dataset.
    pub places: Vec<usize>,
    /// Their estimates.
    pub yi: Vec<f64>,
    /// Their sampling variances.
    pub vi: Vec<f64>,
}

impl Section {
    /// Makes a section without a table.
    pub fn of_lines(key: &'static str, title: &'static str, object: Value, lines: Vec<String>) -> Self {
        Self { key, title, object, table: Table::default(), lines }
    }
}

impl<'a> Effects<'a> {
    /// Computes the effects; studies without one, or without a variance, are left out.
    ///
    /// # Errors
    /// A measure that cannot be computed from the data.
    pub fn new(dataset: &'a Dataset, options: &'a Options) -> Result<Self, MetaError> {
        let (mut places, mut yi, mut vi) = (Vec::new(), Vec::new(), Vec::new());
        for (place, effect) in measure::effects(&dataset.data, options)?.into_iter().enumerate() {
            if let Some(effect) = effect.filter(|effect| effect.vi > 0.0) {
                places.push(place);
                yi.push(effect.yi);
                vi.push(effect.vi);
            }
        }
        Ok(Self { dataset, options, plan: Plan::of(options), places, yi, vi })
    }

    /// Returns the name of a study.
    pub fn label(&self, at: usize) -> String {
        self.dataset.label(self.places[at])
    }

    /// Writes an estimate with its interval on the scale of reading.
    pub fn read(&self, estimate: f64, ci: Interval) -> String {
        let back = |value: f64| self.options.measure.back_transform(value);
        let ci = ci.map(back);
        estimate_with_interval(back(estimate), ci.lower, ci.upper)
    }

    /// Makes a section of one summary a study.
    pub fn series(&self, key: &'static str, title: &'static str, head: &str, rows: Vec<(String, Summary)>) -> Section {
        let mut table = Table::new(&[&format!("~{head}"), ">studies", &format!(">{}", self.options.measure.label()), ">P", ">tau²", ">I²"]);
        let mut objects: Vec<Value> = Vec::new();
        for (label, summary) in rows {
            let (effect, i2) = (self.read(summary.estimate, summary.ci), i_squared(summary.heterogeneity.i2));
            table.row([&label, &summary.k.to_string(), &effect, &p_value_bare(summary.pval), &fixed(summary.tau2, 4), &i2]);
            let mut object = summary_object(&summary);
            object.insert("label".to_owned(), label.into());
            objects.push(object.into());
        }
        Section { key, title, object: objects.into(), table, lines: Vec::new() }
    }
}
