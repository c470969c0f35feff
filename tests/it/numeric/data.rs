//! The reference tables on disk: cases and datasets.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tamis::meta::measure::{CorrelationRow, GenericRow, ObservedExpected, OneMean, OneProportion, OneRate, TwoByTwo, TwoMeans, TwoRates};
use tamis::meta::{Convention, CorrectionAmount, Dataset, Effect, EffectMeasure, MetaError, Options, StudyData, VarianceType, measure};

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
        if matches!(measure, EffectMeasure::Generic | EffectMeasure::HazardRatio) {
            let by_variance = self.rows_of(["yi", "vi"], |[yi, vi]| GenericRow { yi, vi });
            let rows = by_variance.or_else(|| self.rows_of(["yi", "sei"], |[yi, sei]| GenericRow { yi, vi: sei * sei }));
            return rows.map(StudyData::Generic);
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
            .or_else(|| self.rows_of(["xi", "ti"], |[events, time]| OneRate { events, time }).map(StudyData::OneRate))
            .or_else(|| self.rows_of(["xi", "ni"], |[events, n]| OneProportion { events, n }).map(StudyData::OneProportion))
            .or_else(|| self.rows_of(["mi", "sdi", "ni"], |[mean, sd, n]| OneMean { mean, sd, n }).map(StudyData::OneMean))
    }
}

/// All cases and datasets.
pub struct Reference {
    root: Value,
    tables: HashMap<String, Table>,
}

/// Returns the folder of the reference tables that come with the project.
pub fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pooling")
}

fn read_table(path: &Path) -> Table {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let names: Vec<String> = reader.headers().expect("reference dataset has a header").iter().map(str::to_owned).collect();
    let mut columns: HashMap<String, Vec<String>> = names.iter().map(|name| (name.clone(), Vec::new())).collect();
    let mut rows = 0;
    for record in reader.records() {
        let record = record.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for (name, cell) in names.iter().zip(&record) {
            columns.get_mut(name).expect("column of the header").push(cell.to_owned());
        }
        rows += 1;
    }
    Table { columns, rows }
}

impl Reference {
    /// Reads a folder with `expected.json` and the datasets that it names.
    pub fn load(folder: &Path) -> Self {
        let path = folder.join("expected.json");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let root: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut tables = HashMap::new();
        for (name, entry) in root["datasets"].as_object().into_iter().flatten() {
            let file = entry.get("file").and_then(Value::as_str).map_or_else(|| format!("{name}.csv"), str::to_owned);
            tables.insert(name.clone(), read_table(&folder.join(file)));
        }
        Self { root, tables }
    }

    /// Returns all cases.
    pub fn cases(&self) -> &[Value] {
        self.root["cases"].as_array().expect("cases is a list")
    }

    /// Returns the inner level of the multilevel model of a dataset whose outer level is known.
    ///
    /// Cases on cluster-robust variances name the cluster only; the model is that of the multilevel cases of the same dataset.
    pub fn inner_level(&self, case: &Value, outer: &str) -> Option<&str> {
        let same = |other: &&Value| {
            json::text(other, "kind") == "multilevel"
                && json::text(other, "dataset") == json::text(case, "dataset")
                && json::option_text(other, "outer") == Some(outer)
        };
        json::option_text(self.cases().iter().find(same)?, "inner")
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
            let groups = table.texts(column)?;
            dataset.subgroups = Some(groups.to_vec());
            // A study without a group takes no part.
            let places: Vec<usize> = (0..dataset.len()).filter(|&i| !groups[i].is_empty()).collect();
            dataset = dataset.select(&places);
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

/// Returns the level of the intervals of a case as a fraction; cases give it in percent, and 95 % without saying so.
pub fn level(case: &Value) -> f64 {
    json::option_number(case, "level").map_or(0.95, |level| if level > 1.0 { level / 100.0 } else { level })
}

/// Returns what the engine gives; `None` for an analysis that it says it does not have. Any other refusal is a failure of the case.
pub fn given<T>(result: Result<T, MetaError>) -> Option<T> {
    match result {
        Ok(found) => Some(found),
        Err(MetaError::Shape { .. } | MetaError::Method { .. } | MetaError::Variance { .. }) => None,
        Err(error) => panic!("refused: {error}"),
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
    let names_tacc = ["id", "call"].iter().any(|key| json::text(case, key).contains("TACC"));
    if json::text(case, "convention") == "meta" && names_tacc {
        options.correction.amount = CorrectionAmount::TreatmentArm;
    }
    // `rma.mh` and `rma.peto` take pairs: for the effects of the studies, and for the counts that are pooled.
    if let Some(amounts) = json::option_numbers(case, "add") {
        options.correction.amount = CorrectionAmount::Constant(*amounts.first()?);
        if let Some(second) = amounts.get(1) {
            options.pooled_correction.amount = CorrectionAmount::Constant(*second);
        }
    }
    let rules = json::option_texts(case, "to");
    if let Some(rule) = rules.first() {
        options.correction.rule = rule.parse().ok()?;
    }
    if let Some(rule) = rules.get(1) {
        options.pooled_correction.rule = rule.parse().ok()?;
    }
    let drops = json::option_truths(case, "drop00");
    options.correction.drop_double_zero = drops.first().copied();
    options.pooled_correction.drop_double_zero = drops.get(1).copied();
    if let Some(kind) = json::option_text(case, "vtype") {
        let kind = kind.parse::<VarianceType>().ok()?;
        // metafor passes the option over for measures with a single formula.
        options.variance = if measure.variance_types().len() > 1 { kind } else { VarianceType::LargeSample };
    }
    options.level = level(case);
    Some(options)
}
