//! Published RevMan analyses, read at run time from the reference folder (`TAMIS_REFERENCE`, or `../shared/reference` beside the package).
//! Other people's data: never copied into the project. Without the folder the tests say so on one line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use tamis::meta::measure::{TwoByTwo, TwoMeans};
use tamis::meta::{Dataset, EffectMeasure, Method, Options, Pooled, StudyData, Tau2Method, pool, pool_subgroups};

use super::json as read;

fn folder() -> Option<PathBuf> {
    let root = std::env::var_os("TAMIS_REFERENCE")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/reference"), PathBuf::from)
        .join("pooling/revman");
    if root.is_dir() {
        return Some(root);
    }
    println!("skipped: no RevMan reference data at {}", root.display());
    None
}

/// RevMan 5 stores full doubles but computes p values from a distribution function that is good to seven digits.
fn near(what: &str, got: f64, want: f64, tolerance: f64) {
    let passes = (got - want).abs() <= tolerance * (1.0 + want.abs());
    assert!(passes, "{what}: got {got}, want {want}");
}

fn against_total(id: &str, pooled: &Pooled, total: &Value) {
    let field = |name: &str| total[name].as_f64().unwrap_or(f64::NAN);
    if total["estimable"].as_bool() != Some(true) {
        assert_eq!(pooled.k, 0, "{id}");
        return;
    }
    near(id, pooled.estimate.exp(), field("effect"), 1e-12);
    near(id, pooled.ci.lower.exp(), field("ci_lb"), 1e-12);
    near(id, pooled.ci.upper.exp(), field("ci_ub"), 1e-12);
    near(id, pooled.stat.abs(), field("Z"), 1e-12);
    near(id, pooled.pval, field("P_Z"), 1e-6);
    near(id, pooled.heterogeneity.df, field("k_df"), 0.0);
    near(id, pooled.heterogeneity.q, field("Q"), 1e-11);
    if pooled.k > 1 {
        near(id, pooled.heterogeneity.p, field("P_Q"), 1e-6);
        near(id, pooled.heterogeneity.i2_q, field("I2"), 1e-10);
        if field("tau2").is_finite() {
            near(id, pooled.tau2, field("tau2"), 1e-12);
        }
    }
}

#[test]
fn analyses_stored_by_revman_5_are_reproduced_to_the_last_digits() {
    let Some(folder) = folder() else { return };
    let text = std::fs::read_to_string(folder.join("revman5_actual.json")).expect("revman5_actual.json is readable");
    let root: Value = serde_json::from_str(&text).expect("revman5_actual.json is valid");
    for analysis in root["analyses"].as_array().expect("analyses is a list") {
        let id = read::text(analysis, "id");
        let rows = analysis["rows"].as_array().expect("rows is a list");
        let number = |row: &Value, key: &str| row[key].as_f64().unwrap_or(f64::NAN);
        let tables =
            rows.iter().map(|row| TwoByTwo::new(number(row, "ai"), number(row, "n1i"), number(row, "ci"), number(row, "n2i"))).collect();
        let labels = (0..rows.len()).map(|i| i.to_string()).collect();
        let dataset =
            Dataset::new(labels, StudyData::TwoByTwo(tables)).with_subgroups(rows.iter().map(|row| row["subgroup"].to_string()).collect());
        let measure: EffectMeasure = read::text(analysis, "measure").parse().expect("a known measure");
        let options = Options::revman(measure);
        let options = if read::text(analysis, "model") == "CE" { options.common() } else { options };
        let pooled = pool(&dataset, &options).expect("the analysis runs");
        against_total(id, &pooled, &analysis["total"]);
        for (i, row) in rows.iter().enumerate() {
            if row["estimable"].as_bool() == Some(true) {
                let study = pooled.studies[i].expect("RevMan found the study estimable");
                near(id, study.yi.exp(), number(row, "effect"), 1e-12);
                near(id, study.vi.sqrt(), number(row, "se"), 1e-12);
                near(id, pooled.weights_pct[i].unwrap_or(0.0), number(row, "weight"), 1e-11);
            } else {
                assert!(pooled.studies[i].is_none(), "{id}: study {i}");
            }
        }
        if let Some(subgroups) = analysis["subgroups"].as_array() {
            let groups = pool_subgroups(&dataset, &options).expect("the subgroups run");
            for (group, want) in groups.groups.iter().zip(subgroups) {
                against_total(id, &group.pooled, want);
            }
            if let Some(q) = analysis["between"]["Q"].as_f64() {
                near(id, groups.q_between, q, 1e-11);
                near(id, groups.i2_between, analysis["between"]["I2"].as_f64().unwrap_or(0.0), 1e-9);
            }
        }
    }
}

type Rows = Vec<BTreeMap<String, String>>;

fn analyses(path: PathBuf) -> BTreeMap<String, Rows> {
    let mut reader = csv::Reader::from_path(path).expect("RevMan table is readable");
    let names: Vec<String> = reader.headers().expect("RevMan table has a header").iter().map(str::to_owned).collect();
    let mut found: BTreeMap<String, Rows> = BTreeMap::new();
    for record in reader.records() {
        let record = record.expect("RevMan table has rows of equal length");
        let row: BTreeMap<String, String> = names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        // One analysis name may stand for tables of several measures.
        found.entry(format!("{} {}", row["analysis"], row["measure"])).or_default().push(row);
    }
    found
}

fn number(row: &BTreeMap<String, String>, key: &str) -> f64 {
    row[key].parse().unwrap_or(f64::NAN)
}

/// Options for one of the rules that reproduce the published weights; `None` for rules that RevMan does not have.
fn rule(measure: EffectMeasure, name: &str) -> Option<Options> {
    let options = Options::revman(measure);
    let peto = measure == EffectMeasure::PetoOddsRatio;
    Some(match name {
        "CE-IV" if peto => options,
        "CE-IV" => options.common().with_method(Method::InverseVariance),
        "CE-MH" if !peto => options.common().with_method(Method::MantelHaenszel),
        "RE-DL(MH)" if !peto => options.random(Tau2Method::DerSimonianLaird).with_method(Method::MantelHaenszel),
        "RE-DL(IV)" | "RE-DL" if !peto => options.random(Tau2Method::DerSimonianLaird).with_method(Method::InverseVariance),
        "RE-REML(IV)" | "RE-REML" => options.random(Tau2Method::RestrictedMaximumLikelihood).with_method(Method::InverseVariance),
        _ => return None,
    })
}

#[test]
fn rows_and_weights_published_by_revman_web_are_reproduced() {
    let Some(folder) = folder() else { return };
    let (mut weight_sets, mut checked_rows) = (0, 0);
    for file in ["revman_web_binary.csv", "revman_web_continuous.csv"] {
        for (id, rows) in analyses(folder.join(file)) {
            let measure: EffectMeasure = rows[0]["measure"].parse().expect("a known measure");
            let column = |key: &str| rows.iter().map(|row| number(row, key)).collect::<Vec<f64>>();
            let data = if file.contains("binary") {
                let (a, n1, c, n2) = (column("ai"), column("n1i"), column("ci"), column("n2i"));
                StudyData::TwoByTwo((0..rows.len()).map(|i| TwoByTwo::new(a[i], n1[i], c[i], n2[i])).collect())
            } else {
                let [mean1, sd1, n1, mean2, sd2, n2] = ["m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"].map(column);
                let row = |i: usize| TwoMeans { mean1: mean1[i], sd1: sd1[i], n1: n1[i], mean2: mean2[i], sd2: sd2[i], n2: n2[i] };
                StudyData::TwoMeans((0..rows.len()).map(row).collect())
            };
            let dataset = Dataset::new((0..rows.len()).map(|i| i.to_string()).collect(), data);
            for name in rows[0]["weights_match"].split(';') {
                let Some(options) = rule(measure, name) else { continue };
                let pooled = pool(&dataset, &options).expect("the analysis runs");
                weight_sets += 1;
                for (i, row) in rows.iter().enumerate() {
                    if row["weight"].is_empty() {
                        assert!(pooled.studies[i].is_none(), "{id}: RevMan does not estimate study {i}");
                        continue;
                    }
                    // Published to six decimals, from inputs that are rounded as well.
                    near(&format!("{id} {name} weight {i}"), pooled.weights_pct[i].unwrap_or(0.0), number(row, "weight"), 2e-6);
                    let Some(study) = pooled.studies[i] else { continue };
                    checked_rows += 1;
                    for (got, key) in [(study.yi, "effect"), (study.ci.lower, "ci_lb"), (study.ci.upper, "ci_ub")] {
                        near(&format!("{id} {key} {i}"), measure.back_transform(got), number(row, key), 2e-6);
                    }
                }
            }
        }
    }
    println!("{weight_sets} weight sets, {checked_rows} rows of published RevMan Web analyses");
    assert!(weight_sets > 100);
}
