//! The pooling engine against reference results: every case of `tests/data/pooling/expected.json`, and of `more` and `random` beside it,
//! at the tolerance that the case states. `TAMIS_POOLING_REFERENCE=FOLDER` puts another folder of the same format in their place:
//! `expected.json` with `datasets` and `cases`, and a CSV file for each dataset.
//!
//! Prints one line per kind, `kind passed failed unsupported`, then the totals. A kind of analysis that the engine does not have is
//! counted as unsupported and named; a number outside its tolerance fails the test. Each case must give every field of its reference
//! result, so a missing quantity is a failure and not an omission; only a quantity that no case of the kind gives is unsupported.

mod conversions;
mod data;
mod diagnostics;
mod effects;
mod json;
mod mixed;
mod pooling;
mod regression;
mod revman;
mod small_study;
mod structured;
mod tolerance;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde_json::Value;

use data::Reference;
use tolerance::Complaint;

/// What a case gives: a result to compare, or the word that the engine has no such analysis.
type Outcome = Option<Value>;

fn run(case: &Value, reference: &Reference) -> Outcome {
    match json::text(case, "kind") {
        "es" => effects::study_effects(case, reference),
        "pool" => pooling::pooled(case, reference),
        "mh" => pooling::mantel_haenszel(case, reference),
        "peto" => pooling::peto(case, reference),
        "subgroup" => pooling::subgroups(case, reference),
        "mods" => regression::moderators(case, reference),
        "tau2_ci" => diagnostics::tau2_intervals(case, reference),
        "mu_pl_ci" => diagnostics::profile_likelihood(case, reference),
        "ivhet" => diagnostics::ivhet(case, reference),
        "leave1out" => diagnostics::without_each(case, reference),
        "cumul" => diagnostics::one_after_another(case, reference),
        "influence" => diagnostics::deletion(case, reference),
        "resid" => diagnostics::residuals(case, reference),
        "gosh" => diagnostics::all_subsets(case, reference),
        "permutest" => diagnostics::permutations(case, reference),
        "egger" => small_study::egger(case, reference),
        "begg" => small_study::begg(case, reference),
        "bias_binary" => small_study::binary(case, reference),
        "pet_peese" => small_study::pet_peese(case, reference),
        "trimfill" => small_study::trim_and_fill(case, reference),
        "failsafe" => small_study::fail_safe(case, reference),
        "multilevel" => structured::nested(case, reference),
        "robust_cr1" | "robust_cr2" => structured::robust(case, reference),
        "robust_uni" => structured::robust_mean(case, reference),
        "nma" => structured::treatments(case, reference),
        "dta_bivariate" => structured::accuracy(case, reference),
        "dta_glmm" => structured::accuracy_of_counts(case, reference),
        "glmm" => mixed::mixed_model(case, reference),
        "selmodel" => small_study::selection(case, reference),
        "conversion" => conversions::conversion(case),
        "dist" => values::distributions(case),
        "hedges_j" => values::hedges(case),
        _ => None,
    }
}

/// What happened to one case.
enum Verdict {
    Unsupported,
    Compared(Vec<Complaint>),
    Panicked(String),
}

fn judge(case: &Value, reference: &Reference, known: &mut BTreeSet<String>) -> Verdict {
    let kind = json::text(case, "kind");
    match catch_unwind(AssertUnwindSafe(|| run(case, reference))) {
        Ok(None) => Verdict::Unsupported,
        Ok(Some(got)) => {
            known.extend(tolerance::names(&got).into_iter().map(|name| format!("{kind} {name}")));
            Verdict::Compared(tolerance::compare(&got, case, reference))
        }
        Err(cause) => {
            let text = cause.downcast_ref::<String>().cloned().or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Verdict::Panicked(text.unwrap_or_default())
        }
    }
}

/// What a folder of cases gave.
struct Report {
    /// One line per kind, then the totals and what is unsupported.
    lines: Vec<String>,
    /// The cases that failed, each with its complaints.
    failures: Vec<String>,
}

/// Runs every case of a folder.
fn run_all(folder: &Path) -> Report {
    let reference = Reference::load(folder);
    let mut known = BTreeSet::new();
    let mut verdicts = Vec::new();
    for case in reference.cases() {
        if json::text(case, "tol") == "skip" {
            // metafor is at a local maximum here; the case with convention `global` tests the same data.
            continue;
        }
        verdicts.push((case, judge(case, &reference, &mut known)));
    }
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let (mut failures, mut unknown) = (Vec::new(), BTreeSet::new());
    for (case, verdict) in &verdicts {
        let kind = json::text(case, "kind");
        let count = counts.entry(kind).or_default();
        let complaints: Vec<String> = match verdict {
            Verdict::Unsupported => {
                count[2] += 1;
                continue;
            }
            Verdict::Panicked(text) => vec![format!("panicked: {text}")],
            Verdict::Compared(complaints) => {
                let (foreign, own): (Vec<&Complaint>, Vec<&Complaint>) = complaints
                    .iter()
                    .partition(|complaint| complaint.missing.as_ref().is_some_and(|name| !known.contains(&format!("{kind} {name}"))));
                unknown.extend(foreign.iter().map(|complaint| format!("{kind}.{}", complaint.missing.clone().unwrap_or_default())));
                if own.is_empty() && !foreign.is_empty() {
                    count[2] += 1;
                    continue;
                }
                own.iter().map(|complaint| complaint.text.clone()).collect()
            }
        };
        if complaints.is_empty() {
            count[0] += 1;
        } else {
            count[1] += 1;
            failures.push(format!("{}\n    {}", json::text(case, "id"), complaints.join("\n    ")));
        }
    }
    let mut lines = Vec::new();
    let mut totals = [0; 3];
    for (kind, count) in &counts {
        lines.push(format!("{kind} {} {} {}", count[0], count[1], count[2]));
        for (total, n) in totals.iter_mut().zip(count) {
            *total += n;
        }
    }
    lines.push(format!("{} passed, {} failed, {} unsupported", totals[0], totals[1], totals[2]));
    let unsupported: Vec<&str> = counts.iter().filter(|(_, count)| count[2] > 0).map(|(kind, _)| *kind).collect();
    if !unsupported.is_empty() {
        lines.push(format!("unsupported kinds: {}", unsupported.join(", ")));
    }
    if !unknown.is_empty() {
        lines.push(format!("unsupported quantities: {}", unknown.into_iter().collect::<Vec<_>>().join(", ")));
    }
    Report { lines, failures }
}

impl Report {
    fn expect_no_failure(&self) {
        assert!(self.failures.is_empty(), "{} cases failed:\n{}", self.failures.len(), self.failures.join("\n"));
    }
}

fn other_folder() -> Option<PathBuf> {
    std::env::var_os("TAMIS_POOLING_REFERENCE").map(PathBuf::from)
}

#[test]
fn every_reference_case_is_reproduced_within_its_tolerance() {
    let report = run_all(&other_folder().unwrap_or_else(data::own_folder));
    println!("{}", report.lines.join("\n"));
    report.expect_no_failure();
}

#[test]
fn further_measures_options_and_formulas_are_reproduced_too() {
    run_all(&data::own_folder().join("more")).expect_no_failure();
}

#[test]
fn random_combinations_of_options_are_reproduced_too() {
    run_all(&data::own_folder().join("random")).expect_no_failure();
}

#[test]
fn another_folder_may_hold_what_the_engine_does_not_know() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("trials.csv"), "name,yi,vi,place\nA,0.2,0.04,x\nB,0.6,0.02,\nC,,0.1,y\n").expect("a dataset");
    let text = r#"{"meta":{},"remark":1,"datasets":{"trials":{"file":"trials.csv","more":true}},"cases":[
        {"id":"a","dataset":"trials","kind":"pool","convention":"metafor","measure":"GEN","model":"CE","method":"EE","test":"z",
         "options":{"level":95,"colour":"red"},"note":"x","tol":"exact","result":{"k":2,"tau2":0,"weights_pct":[33.333333333333336,66.66666666666667,null]}},
        {"id":"b","dataset":"trials","kind":"oracle","result":{"x":1}},
        {"id":"c","dataset":"nowhere","kind":"pool","measure":"GEN","method":"DL","result":{"x":1}},
        {"id":"d","dataset":"trials","kind":"es","measure":"XYZ","result":{"yi":[1]}},
        {"id":"e","dataset":"trials","kind":"pool","measure":"GEN","model":"CE","method":"EE","result":{"k":2,"moons":3}}]}"#;
    std::fs::write(folder.path().join("expected.json"), text).expect("the cases");
    let report = run_all(folder.path());
    report.expect_no_failure();
    let expected = ["es 0 0 1", "oracle 0 0 1", "pool 1 0 2", "1 passed, 0 failed, 4 unsupported", "unsupported kinds: es, oracle, pool"];
    assert_eq!(report.lines[..5], expected);
    assert_eq!(report.lines[5], "unsupported quantities: pool.moons");
}

#[test]
fn a_number_outside_its_tolerance_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("trials.csv"), "study,yi,vi\nA,0.2,0.04\nB,0.6,0.02\n").expect("a dataset");
    let text = r#"{"datasets":{"trials":{"file":"trials.csv"}},"cases":[
        {"id":"a","dataset":"trials","kind":"pool","measure":"GEN","model":"CE","method":"EE","tol":"exact","result":{"estimate":0.46667}}]}"#;
    std::fs::write(folder.path().join("expected.json"), text).expect("the cases");
    let report = run_all(folder.path());
    assert_eq!(report.lines[0], "pool 0 1 0");
    assert!(report.failures[0].contains("estimate: got 0.4666666666666667, want 0.46667"), "{:?}", report.failures);
}

#[test]
fn a_tail_is_held_to_twelve_digits_whatever_its_size() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = |value: &str| {
        let text = format!(
            r#"{{"datasets":{{}},"cases":[{{"id":"a","dataset":"none","kind":"dist","tol":"exact",
            "result":{{"values":[{{"fn":"norm_sf","args":[30],"value":{value}}}]}}}}]}}"#
        );
        std::fs::write(folder.path().join("expected.json"), text).expect("the cases");
        run_all(folder.path()).failures.len()
    };
    assert_eq!((case("4.906713927148187e-198"), case("4.906713927158e-198")), (0, 1));
}
