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
        ("bcg/pool/RR/RE/REML/z", "--measure RR"),
        ("bcg/pool/RR/CE/EE/z", "--measure RR --model common"),
        ("bcg/pool/RR/RE/DL/knha", "--measure RR --tau2 DL --test knha"),
        ("bcg/pool/RR/RE/PM/adhoc", "--measure RR --tau2 pm --test adhoc"),
        ("bcg/pool/RR/RE/REML/knha/level90", "--measure RR --test knha --level 90"),
        ("bcg/pool/OR/CE/MH/Wald/revman", "--measure OR --model common --convention revman"),
        ("bcg/pool/OR/RE/MH-DL/Wald/revman", "--measure OR --convention revman"),
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
