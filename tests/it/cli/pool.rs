//! The engine on a table of numbers: the same results as the reference tables, and complaints that name row and column.

use serde_json::Value;

use super::{Scratch, pooling_table};

/// Reads the cases of the reference tables.
fn cases() -> Vec<Value> {
    let text = std::fs::read_to_string(pooling_table("expected.json")).expect("the reference tables are part of the project");
    let root: Value = serde_json::from_str(&text).expect("JSON");
    root["cases"].as_array().cloned().expect("a list of cases")
}

fn close(found: &Value, wanted: &Value, what: &str) {
    match (found.as_f64(), wanted.as_f64()) {
        (Some(found), Some(wanted)) => {
            // The reference's own tolerance for iterated quantities.
            assert!((found - wanted).abs() <= 1e-8 + 1e-6 * wanted.abs(), "{what}: {found} is not {wanted}");
        }
        _ => assert_eq!(found.as_f64(), wanted.as_f64(), "{what}"),
    }
}

#[test]
fn results_are_those_of_the_reference() {
    let scratch = Scratch::new();
    let cases = cases();
    for (id, words) in [
        ("bcg/pool/RR/RE/REML/knha", "--measure RR"),
        ("bcg/pool/RR/RE/REML/z", "--measure RR --convention metafor"),
        ("bcg/pool/RR/RE/REML/z", "--measure RR --test z"),
        ("bcg/pool/RR/CE/EE/z", "--measure RR --model common"),
        ("bcg/pool/RR/RE/DL/knha", "--measure RR --tau2 DL --test knha"),
        ("bcg/pool/RR/RE/PM/adhoc", "--measure RR --tau2 pm --test adhoc"),
        ("bcg/pool/RR/RE/REML/knha/level90", "--measure RR --test knha --level 90"),
        ("bcg/pool/OR/CE/MH/Wald/revman", "--measure OR --model common --convention revman"),
        ("bcg/pool/OR/RE/MH-DL/Wald/revman", "--measure OR --convention revman"),
        ("bcg/pool/OR/RE/MH-DL/Wald/revman", "--measure OR --convention revman54"),
        ("bcg/pool/OR/RE/IV-REML/HKSJ/revman", "--measure OR --convention revman_web"),
    ] {
        let case = cases.iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("the reference has {id}"));
        let result = &case["result"];
        let pooled = scratch.json(&format!("pool {} {words}", pooling_table("bcg.csv")));
        for key in ["k", "estimate", "se", "stat", "df", "pval", "ci_lb", "ci_ub", "tau2", "Q", "Q_df", "Q_p"] {
            if let Some(wanted) = result.get(key) {
                close(&pooled[key], wanted, &format!("{id} {key}"));
            }
        }
        let weights = pooled["weights_pct"].as_array().cloned().unwrap_or_default();
        for (at, wanted) in result["weights_pct"].as_array().into_iter().flatten().enumerate() {
            close(&weights[at], wanted, &format!("{id} weight {at}"));
        }
    }
}

#[test]
fn other_shapes_of_data_are_pooled_by_their_columns() {
    let scratch = Scratch::new();
    for (file, measure, label) in [
        ("normand1999.csv", "MD", "Edinburgh"),
        ("pritz1997.csv", "PLO", "Giannotta et al."),
        ("hart1999.csv", "IRR", "AFASAK 1989"),
        ("molloy2014.csv", "ZCOR", "Axelsson et al. 2009"),
    ] {
        let pooled = scratch.json(&format!("pool {} --measure {measure}", pooling_table(file)));
        assert_eq!(pooled["studies"][0]["label"], label);
        assert!(pooled["estimate"].is_f64(), "{file}: {pooled}");
    }
}

#[test]
fn further_questions_have_their_own_keys() {
    let scratch = Scratch::new();
    let words = "--measure RR --moderators ablat,year --leave-one-out --cumulative year --influence --egger --begg --trim-and-fill";
    let pooled = scratch.json(&format!("pool {} {words}", pooling_table("bcg.csv")));
    super::has_keys(&pooled, "regression leave_one_out cumulative influence egger begg trim_and_fill");
    assert_eq!(pooled["leave_one_out"].as_array().map(Vec::len), Some(13));
    assert_eq!(pooled["cumulative"][12]["estimate"], pooled["estimate"]);
    assert_eq!(pooled["regression"]["coefficients"][1]["name"], "ablat");
}

#[test]
fn models_beyond_one_effect_a_study_are_a_flag_away() {
    let scratch = Scratch::new();
    let bcg = "--measure RR --gosh --intervals --pet-peese --count-tests --fail-safe --selection step=.025 --assumed-risk 0.02,0.1";
    let pooled = scratch.json(&format!("pool {} {bcg}", pooling_table("bcg.csv")));
    super::has_keys(&pooled, "gosh intervals pet_peese count_tests fail_safe selection absolute");
    assert_eq!((&pooled["gosh"]["n"], &pooled["selection"]["alternative"]), (&8191.into(), &"less".into()));
    assert_eq!(pooled["absolute"].as_array().map(Vec::len), Some(2));
    let cases = cases();
    let near = |file: &str, words: &str, id: &str, got: &[&str], want: &[&str]| {
        let case = cases.iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("the reference has {id}"));
        let mut found = &scratch.json(&format!("pool {} {words}", pooling_table(file)));
        for key in got {
            found = &found[*key];
        }
        let mut wanted = &case["result"];
        for key in want {
            wanted = wanted.as_array().map_or_else(|| &wanted[*key], |list| &list[0]);
        }
        let wanted = wanted.as_array().map_or(wanted, |list| &list[0]);
        let (found, wanted) = (found.as_f64().expect(id), wanted.as_f64().expect(id));
        assert!((found - wanted).abs() <= 1e-4 + 1e-3 * wanted.abs(), "{id}: {found} is not {wanted}");
    };
    let levels = "--measure GEN --multilevel district/school --test z";
    near("konstantopoulos2011.csv", levels, "konstantopoulos2011/multilevel/GEN/RE/REML/z", &["multilevel", "estimate"], &["coef"]);
    let robust = "--measure GEN --robust district --tau2 DL --test z";
    near("konstantopoulos2011.csv", robust, "konstantopoulos2011/robust_uni/GEN/RE/DL/t", &["robust", "CR1", "se"], &["CR1", "se"]);
    let counts = "--measure OR --glmm --test z";
    near("nielweise2007.csv", counts, "nielweise2007/glmm/OR/RE/UM.FS-ML/z/nAGQ25", &["glmm", "estimate"], &["estimate"]);
    let exact = "--measure OR --glmm el --test z";
    near("nielweise2007.csv", exact, "nielweise2007/glmm/OR/RE/CM.EL-ML/z/nAGQ7", &["glmm", "tau2"], &["tau2"]);
    let beta = "--measure RR --selection beta --alternative greater";
    near("bcg.csv", beta, "bcg/selmodel/RR/RE/ML/beta", &["selection", "estimate"], &["estimate"]);
    near("senn2013.csv", "--network placebo", "senn2013/nma/MD/z/formula", &["REML", "tau2"], &["REML", "tau2"]);
    near("kearon1998.csv", "--accuracy", "kearon1998/dta_bivariate/SENS_SPEC/RE/REML/z", &["sensitivity", "estimate"], &["sens"]);
    let of_counts = "kearon1998/dta_glmm/SENS_SPEC/RE/ML-Laplace/z";
    near("kearon1998.csv", "--accuracy", of_counts, &["counts", "ll"], &["ll"]);
    scratch.write("few.csv", "study,yi,vi\nA,0.5,0.1\nB,0.4,0.05\nC,0.2,0.2\nD,0.9,0.1\n");
    let text = scratch.ok("pool few.csv --measure GEN --permute --egger --robust study --no-plot --test z");
    for part in ["over all 16 assignments of signs", "warning: 4 studies, fewer than 10", "CR2 with Satterthwaite's degrees of freedom"] {
        assert!(text.contains(part), "\"{part}\" is missing in {text}");
    }
}

#[test]
fn conventions_stand_side_by_side_with_what_moved_and_why() {
    let scratch = Scratch::new();
    let bcg = pooling_table("bcg.csv");
    let compared = scratch.json(&format!("pool {bcg} --measure OR --compare"));
    let names: Vec<&str> =
        compared["conventions"].as_array().into_iter().flatten().filter_map(|column| column["convention"].as_str()).collect();
    assert_eq!(names, ["revman54", "revman_web", "metafor"]);
    let cases = cases();
    for (at, id) in ["bcg/pool/OR/RE/MH-DL/Wald/revman", "bcg/pool/OR/RE/IV-REML/HKSJ/revman", "bcg/pool/OR/RE/REML/z"].iter().enumerate() {
        let case = cases.iter().find(|case| case["id"] == *id).unwrap_or_else(|| panic!("the reference has {id}"));
        for key in ["estimate", "ci_lb", "ci_ub", "tau2", "Q"] {
            close(&compared["conventions"][at][key], &case["result"][key], &format!("{id} {key}"));
        }
    }
    let abouts: Vec<&str> = compared["differences"].as_array().into_iter().flatten().filter_map(|rule| rule["about"].as_str()).collect();
    assert!(abouts.contains(&"Between-study variance") && abouts.contains(&"Interval and test"), "{abouts:?}");
    let steps = compared["conventions"][1]["steps"].as_array().cloned().unwrap_or_default();
    let moved = steps.iter().flat_map(|step| step["moved"].as_array().cloned().unwrap_or_default());
    assert!(moved.into_iter().any(|one| one["quantity"] == "tau2" && one["from"] != one["to"]), "{steps:?}");
    let text = scratch.ok(&format!("pool {bcg} --measure OR --compare revman54,metafor"));
    assert!(text.contains("From RevMan 5.4 to metafor") && text.contains("Weight of Aronson 1948"), "{text}");
    assert_eq!(scratch.run(&format!("pool {bcg} --measure OR --compare excel")).code, 2);
}

#[test]
fn a_formula_is_that_of_r() {
    let scratch = Scratch::new();
    let bcg = pooling_table("bcg.csv");
    let names = |formula: &str| -> Vec<String> {
        let pooled = super::Run::of(
            &scratch
                .command()
                .args(["--json", "pool", &bcg, "--measure", "RR", "--moderators", formula])
                .output()
                .expect("the program runs"),
        );
        let value: Value = serde_json::from_str(&pooled.out).unwrap_or_else(|_| panic!("{formula}: {}{}", pooled.out, pooled.talk));
        let list = value["regression"]["coefficients"].as_array().cloned().unwrap_or_default();
        list.iter().map(|coefficient| coefficient["name"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names("ablat*year"), ["intercept", "ablat", "year", "ablat x year"]);
    assert_eq!(names("0 + alloc"), ["alloc: alternate", "alloc: random", "alloc: systematic"]);
    assert_eq!(names("I(ablat - 33) + factor(alloc)"), ["intercept", "I(ablat - 33)", "alloc: random", "alloc: systematic"]);
    let run = scratch.run(&format!("pool {bcg} --measure RR --moderators spline(ablat)"));
    assert!(run.code == 1 && run.talk.contains("spline"), "{}", run.talk);
}

#[test]
fn options_that_a_convention_or_a_measure_does_not_have_are_refused() {
    let scratch = Scratch::new();
    let bcg = pooling_table("bcg.csv");
    for (words, code, part) in [
        ("--measure RR --vtype UB", 1, "RR has no sampling variance of type UB; it has LS"),
        ("--measure RR --convention revman --add 1", 2, "RevMan's rule for zero cells is fixed"),
        ("--measure RR --convention revman_web --vtype HO", 2, "variance formula of its own"),
        ("--measure RR --selection gamma", 2, "there is no selection"),
        ("--measure RR --assumed-risk 2", 1, "absolute effect"),
        ("--measure RR --multilevel alloc", 2, "OUTER/INNER"),
        ("--measure RR --glmm", 1, "model of the counts"),
        ("--measure RR --subgroup alloc --method peto", 1, "Peto pooling does not exist for RR"),
    ] {
        let run = scratch.run(&format!("pool {bcg} {words}"));
        assert_eq!(run.code, code, "{words}: {}", run.talk);
        assert!(run.talk.contains(part), "{words}: {}", run.talk);
    }
}

#[test]
fn people_get_the_forest_plot_and_the_numbers() {
    let text = Scratch::new().ok(&format!("pool {} --measure RR --subgroup alloc --egger", pooling_table("bcg.csv")));
    insta::assert_snapshot!("pool_bcg", text);
}

#[test]
fn complaints_name_the_row_and_the_column() {
    let scratch = Scratch::new();
    for (text, words, parts) in [
        ("study,ai,n1i,ci,n2i\nA,1,10,2,10\nB,1,ten,2,10\n", "--measure RR", vec!["t.csv row 2", "column n1i", "\"ten\" is not a number"]),
        ("study,ai,n1i,ci,n2i\nA,11,10,2,10\n", "--measure RR", vec!["t.csv row 1", "column ai", "11 events among 10 people"]),
        ("study,yi,vi\nA,1,-1\n", "--measure GEN", vec!["t.csv row 1", "column vi", "negative"]),
        ("study,yi\nA,1\n", "--measure GEN", vec!["no column vi", "GEN needs yi, vi"]),
        ("study,yi,vi\n", "--measure GEN", vec!["t.csv holds no study"]),
        ("study,yi,vi\nA,1,1\n", "--measure GEN --subgroup place", vec!["no column \"place\""]),
        ("study,yi,vi\nA,1,1\nB,2,1\n", "--measure GEN --egger", vec!["t.csv", "at least 3 studies"]),
    ] {
        scratch.write("t.csv", text);
        let run = scratch.run(&format!("pool t.csv {words}"));
        assert_eq!(run.code, 1, "{words}: {}{}", run.out, run.talk);
        for part in parts {
            assert!(run.talk.contains(part), "\"{part}\" is missing in {}", run.talk);
        }
    }
    for words in ["--measure XX", "--measure RR --tau2 XX", "--measure RR --level 0", "--measure RR --add -1"] {
        assert_eq!(scratch.run(&format!("pool t.csv {words}")).code, 2, "{words}");
    }
}

#[test]
fn studies_that_cannot_be_estimated_keep_their_place() {
    let scratch = Scratch::new();
    scratch.write("t.csv", "study,yi,vi\nA,0.5,0.1\nB,NA,\nC,0.2,0.2\n");
    let pooled = scratch.json("pool t.csv --measure GEN");
    assert_eq!((&pooled["k"], &pooled["studies"][1]["yi"], &pooled["weights_pct"][1]), (&2.into(), &Value::Null, &Value::Null));
    scratch.write("t.csv", "study,yi,vi\nA,NA,0.1\n");
    let none = scratch.json("pool t.csv --measure GEN");
    assert_eq!((&none["k"], &none["estimate"]), (&0.into(), &Value::Null));
    assert!(scratch.ok("pool t.csv --measure GEN").contains("nothing to pool"));
}
