//! The reference tables on disk: cases and datasets.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tamis::meta::measure::{CorrelationRow, GenericRow, ObservedExpected, OneProportion, TwoByTwo, TwoMeans, TwoRates};
use tamis::meta::{
    Convention, Correction, CorrectionAmount, CorrectionRule, Dataset, Effect, EffectMeasure, Options, StudyData, VarianceType, measure,
};

use super::json;

/// A dataset as read: columns of text in file order.
pub struct Table {
    columns: HashMap<String, Vec<String>>,
    rows: usize,
}

impl Table {
    /// Returns a column of numbers, NaN where a cell is empty; `None` when there is no such column.
    pub fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        Some(self.columns.get(name)?.iter().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect())
    }

    /// Returns a column of text.
    pub fn texts(&self, name: &str) -> Option<&[String]> {
        self.columns.get(name).map(Vec::as_slice)
    }

    fn labels(&self) -> Vec<String> {
        self.texts("study").map_or_else(|| (1..=self.rows).map(|i| i.to_string()).collect(), <[String]>::to_vec)
    }

    fn rows_of<T, const N: usize>(&self, names: [&str; N], make: impl Fn([f64; N]) -> T) -> Option<Vec<T>> {
        let columns: Option<Vec<Vec<f64>>> = names.iter().map(|name| self.numbers(name)).collect();
        let columns = columns?;
        Some((0..self.rows).map(|i| make(std::array::from_fn(|j| columns[j][i]))).collect())
    }

    /// Returns the studies in the shape that the measure needs.
    pub fn studies(&self, measure: EffectMeasure) -> Option<StudyData> {
        if measure == EffectMeasure::Generic {
            return self.rows_of(["yi", "vi"], |[yi, vi]| GenericRow { yi, vi }).map(StudyData::Generic);
        }
        if measure == EffectMeasure::ObservedMinusExpected {
            return self
                .rows_of(["oe", "v"], |[o_minus_e, variance]| ObservedExpected { o_minus_e, variance })
                .map(StudyData::ObservedExpected);
        }
        self.rows_of(["ai", "n1i", "ci", "n2i"], |[a, n1, c, n2]| TwoByTwo::new(a, n1, c, n2))
            .map(StudyData::TwoByTwo)
            .or_else(|| {
                self.rows_of(["x1i", "t1i", "x2i", "t2i"], |[events1, time1, events2, time2]| TwoRates { events1, time1, events2, time2 })
                    .map(StudyData::TwoRates)
            })
            .or_else(|| {
                self.rows_of(["m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"], |[mean1, sd1, n1, mean2, sd2, n2]| TwoMeans {
                    mean1,
                    sd1,
                    n1,
                    mean2,
                    sd2,
                    n2,
                })
                .map(StudyData::TwoMeans)
            })
            .or_else(|| self.rows_of(["ri", "ni"], |[r, n]| CorrelationRow { r, n }).map(StudyData::Correlation))
            .or_else(|| self.rows_of(["xi", "ni"], |[events, n]| OneProportion { events, n }).map(StudyData::OneProportion))
    }
}

/// All cases and datasets.
pub struct Reference {
    root: Value,
    tables: HashMap<String, Table>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pooling")
}

fn read_table(path: &Path) -> Table {
    let mut reader = csv::Reader::from_path(path).expect("reference dataset is a readable CSV file");
    let names: Vec<String> = reader.headers().expect("reference dataset has a header").iter().map(str::to_owned).collect();
    let mut columns: HashMap<String, Vec<String>> = names.iter().map(|name| (name.clone(), Vec::new())).collect();
    let mut rows = 0;
    for record in reader.records() {
        let record = record.expect("reference dataset has rows of equal length");
        for (name, cell) in names.iter().zip(&record) {
            columns.get_mut(name).expect("column of the header").push(cell.to_owned());
        }
        rows += 1;
    }
    Table { columns, rows }
}

impl Reference {
    /// Reads `tests/data/pooling`.
    pub fn load() -> Self {
        let text = std::fs::read_to_string(folder().join("expected.json")).expect("tests/data/pooling/expected.json is there");
        let root: Value = serde_json::from_str(&text).expect("expected.json is valid");
        let mut tables = HashMap::new();
        for (name, entry) in root["datasets"].as_object().expect("datasets is an object") {
            tables.insert(name.clone(), read_table(&folder().join(json::text(entry, "file"))));
        }
        Self { root, tables }
    }

    /// Returns all cases.
    pub fn cases(&self) -> &[Value] {
        self.root["cases"].as_array().expect("cases is a list")
    }

    /// Returns the table of a case.
    pub fn table(&self, case: &Value) -> Option<&Table> {
        self.tables.get(json::text(case, "dataset"))
    }

    /// Returns the dataset of a case for a measure.
    pub fn dataset(&self, case: &Value, measure: EffectMeasure) -> Option<Dataset> {
        let table = self.table(case)?;
        let mut dataset = Dataset::new(table.labels(), table.studies(measure)?);
        if let Some(column) = json::option_text(case, "group") {
            dataset.subgroups = Some(table.texts(column)?.to_vec());
        }
        Some(dataset)
    }

    /// Returns the effects of a case's studies, all rows.
    pub fn effects(&self, case: &Value) -> Option<Vec<Option<Effect>>> {
        let options = options(case)?;
        measure::effects(&self.dataset(case, options.measure)?.data, &options).ok()
    }

    /// Returns the effects of the studies that have one.
    pub fn columns(&self, case: &Value) -> Option<(Vec<f64>, Vec<f64>)> {
        Some(self.effects(case)?.into_iter().flatten().map(|effect| (effect.yi, effect.vi)).unzip())
    }

    /// Returns the mean sampling variance of a case's studies, 1 where it has none.
    pub fn variance_scale(&self, case: &Value) -> f64 {
        let scale = self.columns(case).map_or(f64::NAN, |(_, vi)| vi.iter().sum::<f64>() / vi.len() as f64);
        if scale.is_finite() && scale > 0.0 { scale } else { 1.0 }
    }
}

/// Returns the measure, convention and corrections of a case; `None` when the engine lacks one of them.
pub fn options(case: &Value) -> Option<Options> {
    let measure: EffectMeasure = json::text(case, "measure").parse().ok()?;
    let mut options = Options::new(measure);
    options.convention = match json::text(case, "convention") {
        "revman" => Convention::RevMan,
        "meta" => Convention::RMeta,
        _ => Convention::Metafor,
    };
    options.correct_ratio_of_means = json::text(case, "convention") == "metafor5";
    if json::text(case, "convention") == "meta" && json::text(case, "id").contains("TACC") {
        options.correction.amount = CorrectionAmount::TreatmentArm;
    }
    let given = case.get("options");
    if let Some(add) = given.and_then(|o| o.get("add")) {
        match add {
            Value::Array(both) => {
                let amount = |i: usize| CorrectionAmount::Constant(both.get(i).and_then(Value::as_f64).unwrap_or(0.0));
                options.correction.amount = amount(0);
                options.pooled_correction = Correction { amount: amount(1), rule: CorrectionRule::StudiesWithZero, drop_double_zero: None };
            }
            _ => options.correction.amount = CorrectionAmount::Constant(add.as_f64()?),
        }
    }
    if let Some(rule) = given.and_then(|o| o.get("to")).and_then(Value::as_str) {
        options.correction.rule = rule.parse().ok()?;
    }
    if let Some(drop) = given.and_then(|o| o.get("drop00")).and_then(Value::as_bool) {
        options.correction.drop_double_zero = Some(drop);
    }
    if let Some(kind) = given.and_then(|o| o.get("vtype")).and_then(Value::as_str) {
        options.variance = kind.parse::<VarianceType>().ok()?;
    }
    if let Some(level) = json::option_number(case, "level") {
        options.level = level / 100.0;
    }
    Some(options)
}
