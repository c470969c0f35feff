//! Two people extract a trial whose report prints standard errors: what the program notices, how they agree, what moves.

use super::{Scratch, example};

const STUDY: &str = "Sigtermans 2009";

/// The form of the worked example with formats to accept and each study's own scale, as its second version.
fn form() -> String {
    let text = std::fs::read_to_string(example("form.toml")).expect("the form of the worked example");
    text.replace("version = 1", "version = 2").replace(
        "unit = \"points of 0 to 100\"",
        "unit = \"points of 0 to 100\"\nharmonise = true\nmid = 10\naccept = [\"mean_sd\", \"mean_se\", \"median_iqr\", \"md_ci\", \"arm_p\"]",
    )
}

/// A review whose form is [`form`], in which each person fills the pain cells of Sigtermans 2009 with these spreads and submits nothing.
fn drafted(ar: &str, bk: &str) -> Scratch {
    let scratch = Scratch::with_studies();
    scratch.write("form.toml", &form());
    scratch.ok("form use form.toml");
    for (person, part) in [("AR", ar), ("BK", bk)] {
        let mut table = "study,path,value,page\n".to_owned();
        let mut add = |path: &str, value: &str| table.push_str(&format!("{STUDY},{path},{value},p. 307\n"));
        add("design", "RCT parallel");
        add("condition", "CRPS");
        add("condition_group", "complex regional pain syndrome");
        add("duration", ">1 day to ≤7 days");
        add("arm.ketamine.drug", "S-ketamine");
        add("arm.placebo.drug", "saline");
        for (item, value) in [("scale_min", "0"), ("scale_max", "10"), ("direction", "lower-better")] {
            add(&format!("measure.pain.{item}"), value);
        }
        for (arm, n, mean, spread) in [("ketamine", "30", "2.68", "0.51"), ("placebo", "30", "5.45", "0.48")] {
            for (part, value) in [("n", n), ("mean", mean), (part, spread)] {
                add(&format!("outcome.pain.immediate.{arm}.{part}"), value);
            }
        }
        scratch.write("draft.csv", &table);
        scratch.ok(&format!("--as {person} extract load draft.csv"));
    }
    scratch
}

/// A review in which both people take what the report of Sigtermans 2009 prints for standard errors.
pub fn agreed_by_se() -> Scratch {
    let scratch = drafted("se", "se");
    for person in ["AR", "BK"] {
        words(&scratch, &["--as", person, "extract", "submit", STUDY]);
    }
    scratch
}

fn words(scratch: &Scratch, words: &[&str]) -> String {
    scratch.ok_words(words)
}

#[test]
fn a_standard_error_typed_as_deviation_is_noticed_mended_and_agreed_and_the_plot_changes() {
    let scratch = drafted("sd", "sd");
    let sd = |arm: &str| format!("outcome.pain.immediate.{arm}.sd");
    let warnings = scratch.json("--as AR extract warnings");
    let found: Vec<(&str, &str)> = warnings["warnings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|warning| (warning["rule"].as_str().unwrap_or_default(), warning["mend"].as_str().unwrap_or_default()))
        .collect();
    assert!(found.len() >= 2 && found.iter().all(|found| *found == ("V7", "treat the SD as SE")), "{warnings}");
    // AR reads the table again and takes them for standard errors; BK hands in what was typed.
    for arm in ["ketamine", "placebo"] {
        words(&scratch, &["--as", "AR", "extract", "mend", STUDY, "V7", &sd(arm)]);
    }
    assert_eq!(scratch.json("--as AR extract warnings")["warnings"], serde_json::json!([]));
    for person in ["AR", "BK"] {
        words(&scratch, &["--as", person, "extract", "submit", STUDY]);
    }
    let pooled = |scratch: &Scratch| scratch.json("analyse run 1.1");
    assert_eq!(pooled(&scratch)["k"], 0, "nothing is pooled before they agree");
    let settle = |choice: &str| {
        let mut told = String::new();
        for arm in ["ketamine", "placebo"] {
            for part in ["sd", "se"] {
                let path = format!("outcome.pain.immediate.{arm}.{part}");
                told +=
                    &words(&scratch, &["--as", "AR", "extract", "agree", STUDY, &path, choice, "--why", "Table 2 gives standard errors"]);
            }
        }
        told
    };
    settle("b");
    let as_deviations = pooled(&scratch);
    let told = settle("a");
    assert!(told.contains("moved: 1.1 MD ") && told.contains("→ -27.70 (-41.43 to -13.97)"), "{told}");
    let undone = scratch.json("--as AR undo");
    assert_eq!(undone["moved"][0]["before"]["text"], "MD -27.70 (-41.43 to -13.97)", "{undone}");
    scratch.ok("--as AR redo");
    let as_errors = pooled(&scratch);
    let number = |value: &serde_json::Value, key: &str| value[key].as_f64().unwrap_or_else(|| panic!("{key} in {value}"));
    // Cochrane CD015373, analysis 1.1: -27.70 (-41.43 to -13.97) with standard deviations of 27.93 and 26.29.
    assert!((number(&as_errors, "estimate") + 27.7).abs() < 1e-9, "{as_errors}");
    assert!(
        (number(&as_errors, "ci_lb") + 41.426_746).abs() < 5e-7 && (number(&as_errors, "ci_ub") + 13.973_254).abs() < 5e-7,
        "{as_errors}"
    );
    assert!(number(&as_deviations, "se") < 0.2 * number(&as_errors, "se"), "{as_deviations}");
    let derived = as_errors["derived"].as_array().expect("a list");
    assert!(derived.iter().any(|step| step["formula"] == "SD = SE × √n" && step["source"] == "Cochrane Handbook 6.5.2.2"), "{as_errors}");
    let plot = scratch.ok("analyse show 1.1");
    assert!(plot.contains("What was derived") && plot.contains("SD = SE × √n, from se 0.51, n 30"), "{plot}");
    let csv = scratch.ok("export results --format csv");
    let row = csv.lines().find(|line| line.contains("ketamine,experimental")).expect("a row of the arm");
    assert!(row.starts_with("sigtermans-2009,Sigtermans 2009,2009,pain,immediate,ketamine,experimental,arm,30,26.8,27.9338"), "{row}");
    assert!(row.contains("converted") && row.contains("SD = SE × √n") && row.contains("se 0.51") && row.contains("p. 307"), "{row}");
    let wide = scratch.ok("export pairs --format csv");
    let header = "slab,year,outcome,timepoint,experimental,control,n1i,m1i,sd1i,n2i,m2i,sd2i,ai,ci,measure,yi,sei,design";
    assert!(wide.lines().next().is_some_and(|line| line.starts_with(header)), "{wide}");
    assert!(wide.contains("Sigtermans 2009,2009,pain,immediate,ketamine,placebo,30,26.8,27.9338"), "{wide}");
    assert!(scratch.ok("export pairs --names meta").starts_with("studlab,year,outcome,timepoint,experimental,control,n.e,mean.e,sd.e"));
    let trace = words(&scratch, &["extract", "trace", STUDY, "outcome.pain.immediate.ketamine.se"]);
    assert!(trace.contains("AR typed \"0.51\" (p. 307)") && trace.contains("Table 2 gives standard errors"), "{trace}");
}

#[test]
fn a_warning_on_a_draft_is_for_its_extractor_alone_until_both_are_in() {
    let scratch = drafted("se", "sd");
    let seen = scratch.ok("--as AR extract warnings --all --json");
    let before = seen.clone();
    assert!(!seen.contains("V7"), "AR typed standard errors and is told of no other: {seen}");
    let cell = "outcome.pain.immediate.placebo.sd";
    words(&scratch, &["--as", "BK", "extract", "dismiss", STUDY, "V7", cell, "--why", "a private word of BK"]);
    assert_eq!(scratch.ok("--as AR extract warnings --all --json"), before);
    assert!(!scratch.ok("--as AR log").contains("private word"));
    let own = scratch.ok("--as BK extract warnings --all");
    assert!(own.contains("let stand by BK: a private word of BK"), "{own}");
    // The other warning of the same rule stays open, and a changed number opens a dismissed one again.
    words(&scratch, &["--as", "BK", "extract", "set", STUDY, cell, "0.49"]);
    let open = scratch.json("--as BK extract warnings");
    assert!(open["warnings"].as_array().is_some_and(|list| list.iter().any(|warning| warning["path"] == cell)), "{open}");
    words(&scratch, &["--as", "BK", "undo"]);
    words(&scratch, &["--as", "BK", "extract", "dismiss", STUDY, "V7", cell, "--open"]);
    assert!(!scratch.ok("--as BK extract warnings --all").contains("let stand"));
    let refused = scratch.run_words(&["--as", "BK", "extract", "dismiss", STUDY, "V9", cell, "--why", "x"]);
    assert_eq!(refused.code, 1);
    assert!(refused.talk.contains("has no warning V9"), "{}", refused.talk);
}

#[test]
fn numbers_that_cannot_be_keep_a_draft_from_being_handed_in() {
    let scratch = drafted("se", "se");
    let cell = "outcome.pain.immediate.ketamine.mean";
    words(&scratch, &["--as", "AR", "extract", "set", STUDY, cell, "26.8"]);
    let refused = scratch.run_words(&["--as", "AR", "extract", "submit", STUDY]);
    assert_eq!(refused.code, 1);
    assert!(refused.talk.contains("the mean 26.8 lies above 10, the end of the scale"), "{}", refused.talk);
    let refused = scratch.run_words(&["--as", "AR", "extract", "dismiss", STUDY, "V3", cell, "--why", "so printed"]);
    assert!(refused.code == 1 && refused.talk.contains("cannot be"), "{}", refused.talk);
}

#[test]
fn a_study_is_left_out_of_an_analysis_with_a_reason_and_taken_in_again() {
    let scratch = drafted("se", "se");
    for person in ["AR", "BK"] {
        words(&scratch, &["--as", person, "extract", "submit", STUDY]);
    }
    assert_eq!(scratch.json("analyse run 1.1")["k"], 1);
    words(&scratch, &["--as", "AR", "analyse", "exclude", "1.1", STUDY, "--why", "baseline differs"]);
    let run = scratch.json("analyse run 1.1");
    assert_eq!((&run["k"], &run["left_out"][0]["why"]), (&0.into(), &"AR: baseline differs".into()));
    words(&scratch, &["--as", "AR", "analyse", "exclude", "1.1", STUDY, "--take-in"]);
    assert_eq!(scratch.json("analyse run 1.1")["k"], 1);
    scratch.ok("--as AR undo");
    assert_eq!(scratch.json("analyse run 1.1")["k"], 0);
    let log = scratch.ok("log");
    assert!(
        log.contains("left Sigtermans 2009 out of analysis 1.1") && log.contains("took Sigtermans 2009 into analysis 1.1 again"),
        "{log}"
    );
}
