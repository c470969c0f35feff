//! What `tamis pool` prints is what metafor prints, to the digits shown: the reference results, rounded, against the program's text.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tamis::figure::number::{self, fixed};
use tamis::meta::EffectMeasure;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pooling")
}

/// The options of the command line for a case; `None` for choices beyond the usual ones.
fn words(case: &Value) -> Option<Vec<String>> {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    if text("tol") == "skip" {
        return None;
    }
    let (method, test) = (text("method"), text("test"));
    let mut words = vec!["--measure", text("measure"), "--no-plot"];
    match (text("kind"), text("convention")) {
        ("pool", "metafor") => {
            match (method, test) {
                ("EE", "z") => words.extend(["--model", "common"]),
                ("DL" | "REML", "z") | ("REML", "knha") => words.extend(["--tau2", method]),
                _ => return None,
            }
            words.extend(["--test", test]);
        }
        ("pool", "revman") => {
            let (weights, tau2) = method.split_once('-').map_or((method, None), |(weights, tau2)| (weights, Some(tau2)));
            words.extend(["--convention", "revman54", "--test", if test == "HKSJ" { "knha" } else { "z" }]);
            words.extend([
                "--method",
                match weights {
                    "MH" => "mh",
                    "Peto" => "peto",
                    _ => "iv",
                },
            ]);
            match tau2 {
                Some(tau2) => words.extend(["--model", "random", "--tau2", tau2]),
                None => words.extend(["--model", "common"]),
            }
        }
        ("mh", "metafor") => words.extend(["--method", "mh", "--model", "common"]),
        ("peto", "metafor") => words.extend(["--method", "peto", "--model", "common"]),
        _ => return None,
    }
    let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    for (key, value) in case["options"].as_object().into_iter().flatten() {
        match key.as_str() {
            "drop00" if value == true => words.push("--drop00".into()),
            "level" => words.extend(["--level".into(), value.to_string()]),
            _ => return None,
        }
    }
    Some(words)
}

fn run(file: &Path, words: &[String]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tamis")).arg("pool").arg(file).args(words).env("NO_COLOR", "1").output();
    let output = output.expect("the program runs");
    assert!(output.status.success(), "{} {words:?}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What the program should print for a reference result: the beginning of a line, and what must stand in it.
fn expected(case: &Value) -> Vec<(String, String)> {
    let result = &case["result"];
    let get = |key: &str| result[key].as_f64();
    let measure: EffectMeasure = case["measure"].as_str().unwrap_or_default().parse().expect("a measure of the reference");
    let back = |value: f64| measure.back_transform(value);
    if get("k") == Some(0.0) {
        return vec![("No study can be estimated".to_owned(), String::new())];
    }
    let mut lines = Vec::new();
    if let (Some(estimate), Some(lower), Some(upper)) = (get("estimate"), get("ci_lb"), get("ci_ub")) {
        lines.push((format!("{} (", measure.label()), number::estimate_with_interval(back(estimate), back(lower), back(upper))));
        let scale = if measure.is_log_scale() { format!("{} (SE ", fixed(estimate, 4)) } else { String::new() };
        let name = if measure.is_log_scale() { "On the log scale" } else { "Standard error" };
        lines.push((name.to_owned(), format!("{scale}{}", fixed(get("se").unwrap_or(f64::NAN), 4))));
    }
    if let (Some(stat), Some(p)) = (get("stat"), get("pval")) {
        let df = get("df").map_or_else(|| "Z".to_owned(), |df| format!("t({})", fixed(df, 0)));
        lines.push(("Test for overall effect".to_owned(), format!("{df} = {}, {}", number::estimate(stat), number::p_value(p))));
    }
    if get("k").is_some_and(|k| k > 1.0)
        && let (Some(q), Some(df), Some(p)) = (get("Q"), get("Q_df"), get("Q_p"))
    {
        lines.push(("Heterogeneity ".to_owned(), format!("Q = {}, df = {}, {}", number::estimate(q), fixed(df, 0), number::p_value(p))));
        lines.push(("I² ".to_owned(), number::i_squared(get("I2").unwrap_or(f64::NAN))));
    }
    if case["model"] == "RE"
        && get("k").is_some_and(|k| k > 1.0)
        && let Some(tau2) = get("tau2")
    {
        // Seven digits before the point and four behind it are more than the reference has.
        let se = get("se_tau2").filter(|se| *se < 1e6).map(|se| format!(" (SE {}", fixed(se, 4))).unwrap_or_default();
        lines.push(("Tau² ".to_owned(), format!("{}{se}", fixed(tau2, 4))));
    }
    if let (Some(lower), Some(upper)) = (result["PI"]["normal"]["lb"].as_f64(), result["PI"]["normal"]["ub"].as_f64())
        && case["test"] == "z"
        && get("k").is_some_and(|k| k > 1.0)
    {
        // Without a convention a normal test has metafor's interval.
        lines.push(("95% prediction interval".to_owned(), number::interval(back(lower), back(upper))));
    }
    lines
}

/// Tables of arms and of accuracy: numbers of the reference cases `nma` and `dta_bivariate`.
const NOT_ONE_EFFECT_A_STUDY: [(&str, &str, &[&str]); 2] = [
    ("senn2013.csv", "--network placebo", &["-1.11 [-1.23, -1.00]", "-1.20 [-1.30, -1.11]", "Q = 96.98 on 18 df"]),
    (
        "kearon1998.csv",
        "--accuracy",
        &["1.1097 (SE 0.2544)", "3.0672 (SE 0.2251)", "1.6839", "0.9339", "correlation between studies -0.28"],
    ),
];

#[test]
fn what_is_printed_is_what_metafor_prints_to_the_digits_shown() {
    let text = std::fs::read_to_string(folder().join("expected.json")).expect("the reference tables are part of the project");
    let root: Value = serde_json::from_str(&text).expect("JSON");
    let (mut compared, mut datasets) = (0, std::collections::BTreeSet::new());
    let mut wrong = Vec::new();
    for case in root["cases"].as_array().into_iter().flatten() {
        let Some(words) = words(case) else { continue };
        let dataset = case["dataset"].as_str().unwrap_or_default();
        let printed = run(&folder().join(format!("{dataset}.csv")), &words);
        for (begin, part) in expected(case) {
            compared += 1;
            let line = printed.lines().find(|line| line.starts_with(begin.trim_end()) && line.contains(&part));
            if line.is_none() {
                let found = printed.lines().find(|line| line.starts_with(begin.trim_end())).unwrap_or("no such line");
                wrong.push(format!("{}: wanted \"{part}\", found \"{found}\"", case["id"]));
            }
        }
        datasets.insert(dataset.to_owned());
    }
    for (file, words, parts) in NOT_ONE_EFFECT_A_STUDY {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let printed = run(&folder().join(file), &words);
        for part in parts {
            compared += 1;
            if !printed.contains(part) {
                wrong.push(format!("{file}: \"{part}\" is not in\n{printed}"));
            }
        }
        datasets.insert(file.trim_end_matches(".csv").to_owned());
    }
    println!("{compared} printed numbers of {} datasets", datasets.len());
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(datasets.len(), 36, "{datasets:?}");
}
