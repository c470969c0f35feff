//! What leaves for RevMan and the Cochrane Library: the numbers of the analyses, row by row.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use super::{Scratch, example};

const REVIEW: &str = "--review d/ketamine.tamis";

/// The worked example whole, with more analyses than it has.
fn demo() -> Scratch {
    let scratch = Scratch::with_demo();
    let form = std::fs::read_to_string(example("form.toml")).expect("the form of the worked example").replace("version = 1", "version = 2");
    let more = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/further-analyses.toml")).expect("analyses");
    scratch.write("form.toml", &format!("{form}{more}"));
    scratch.ok(&format!("{REVIEW} --as AR form use form.toml"));
    scratch
}

/// Reads CSV, with or without a byte order mark, into rows by the names of their columns.
fn read(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names: Vec<String> = reader.headers().expect("names of columns").iter().map(str::to_owned).collect();
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        names.iter().cloned().zip(row.expect("rows of equal length").iter().map(str::to_owned)).collect()
    };
    reader.records().map(row).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?} is a number"))
}

fn near(got: f64, wanted: f64, tolerance: f64) {
    assert!((got - wanted).abs() <= tolerance * wanted.abs().max(1.0), "{got}, not {wanted}");
}

/// The files of a package by the ends of their names.
fn package(bytes: Vec<u8>) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).expect("a file of the archive");
            let mut text = String::new();
            file.read_to_string(&mut text).expect("UTF-8");
            (file.name().expect("a name").into_owned(), text)
        })
        .collect()
}

#[test]
fn every_analysis_leaves_for_revman_with_the_result_that_analyse_gives() {
    let scratch = demo();
    let run = scratch.run(&format!("{REVIEW} export revman"));
    assert_eq!(run.code, 0, "{}", run.talk);
    let rows = read(&run.out);
    assert!(!run.out.lines().any(|line| line.split(',').count() < 36), "each row on a line of its own");
    let at = |row: &BTreeMap<String, String>| ["Comparison Number", "Outcome Number", "Subgroup Number"].map(|name| row[name].clone());
    let outcomes: Vec<_> = rows.iter().filter(|row| !row["Data Type"].is_empty() && row["Subgroup Number"] == "0").collect();
    let ids: Vec<String> = outcomes.iter().map(|row| format!("{}.{}", row["Comparison Number"], row["Outcome Number"])).collect();
    assert_eq!(ids, ["1.1", "1.2", "1.4", "1.9", "2.1", "2.2", "2.3", "2.4", "2.5", "2.10"]);
    for (id, row) in ids.iter().zip(&outcomes) {
        let result = scratch.json(&format!("{REVIEW} analyse run {id}"));
        let is_ratio = matches!(row["Effect Measure"].as_str(), "RR" | "OR" | "PETO_OR");
        let wanted = |key: &str| {
            let value = result[key].as_f64().unwrap_or_else(|| panic!("{key} of {id}: {result}"));
            if is_ratio { value.exp() } else { value }
        };
        for (column, key) in [("Effect Estimate", "estimate"), ("CI Start", "ci_lb"), ("CI End", "ci_ub")] {
            near(number(row, column), wanted(key), 1e-8);
        }
        let studies = rows.iter().filter(|study| at(study)[..2] == at(row)[..2] && study["Data Type"].is_empty()).count();
        assert_eq!(studies as u64, result["studies"].as_array().map_or(0, Vec::len) as u64, "{id}: {result}");
    }
    let words: Vec<String> = outcomes
        .iter()
        .map(|row| ["Data Type", "Statistical Method", "Effect Measure", "Analysis Model"].map(|name| row[name].clone()).join(" "))
        .collect();
    assert_eq!(
        words,
        [
            "CON IV MD Random",
            "CON IV MD Random",
            "CON IV MD Random",
            "DIC IV RR Random",
            "DIC MH RR Fixed",
            "DIC MH OR Fixed",
            "DIC PETO PETO_OR Fixed",
            "DIC IV RD Random",
            "CON IV SMD Random",
            "CON IV MD Random",
        ]
    );
    // The published result of the analysis (Cochrane review CD015373), and its subgroups.
    near(number(outcomes[0], "Effect Estimate"), -15.79, 4e-4);
    let groups: Vec<_> = rows.iter().filter(|row| row["Subgroup Number"] != "0" && !row["Data Type"].is_empty()).collect();
    let of_duration: Vec<&str> = groups.iter().filter(|row| at(row)[..2] == ["1", "2"]).map(|row| row["Name"].as_str()).collect();
    assert_eq!(of_duration.len(), 2, "{of_duration:?}");
    near(number(outcomes[1], "Qint"), 3.04, 2e-3);
    for remark in ["Analysis 2.10 estimates the variance between studies by REML", "Analysis 2.10 has an interval by Hartung and Knapp"] {
        assert!(run.talk.contains(remark), "{}", run.talk);
    }
}

#[test]
fn a_study_left_out_of_an_analysis_leaves_the_file_and_is_named() {
    let scratch = demo();
    let rows = |scratch: &Scratch| {
        let run = scratch.run(&format!("{REVIEW} export revman"));
        let names = read(&run.out).into_iter().filter(|row| row["Outcome Number"] == "1" && row["Comparison Number"] == "1");
        (names.map(|row| row["Name"].clone()).collect::<Vec<_>>(), run.talk)
    };
    let (before, _) = rows(&scratch);
    scratch.ok_words(&["--review", "d/ketamine.tamis", "--as", "AR", "analyse", "exclude", "1.1", "Noppers 2011", "--why", "unblinded"]);
    let (after, talk) = rows(&scratch);
    assert_eq!(after.len() + 1, before.len());
    assert!(!after.iter().any(|name| name == "Noppers 2011"));
    assert!(talk.contains("Analysis 1.1 is without Noppers 2011: AR: unblinded"), "{talk}");
}

#[test]
fn a_package_has_the_rows_that_the_cochrane_library_has() {
    let scratch = demo();
    scratch.ok(&format!("{REVIEW} export package --id CD015373 -o p.zip"));
    let files = package(std::fs::read(scratch.path("p.zip")).expect("the archive"));
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    for name in ["data-rows.csv", "overall-estimates-and-settings.csv", "subgroup-estimates.csv"] {
        assert!(names.contains(&format!("CD015373-analysis-data/CD015373-{name}").as_str()), "{names:?}");
    }
    let study = |name: &str| files[&format!("CD015373-study-data/CD015373-{name}")].clone();
    assert_eq!(study("included.ris").matches("TY  - ").count(), 9, "as many reports as were included");
    assert!(study("excluded.ris").contains("TY  - "));
    let information = read(&study("study-information.csv"));
    assert_eq!(information.len(), 6);
    let sigtermans = information.iter().find(|row| row["Study"] == "Sigtermans 2009").expect("an included study");
    assert_eq!(sigtermans["Year"], "2009");
    assert!(sigtermans["Char: Methods"].contains("Design: RCT parallel"), "{sigtermans:?}");
    assert!(sigtermans["Char: Interventions"].contains("Ketamine: Drug and route:"), "{sigtermans:?}");
    assert!(sigtermans["Char: Outcomes"].contains("Pain intensity (Immediate term"), "{sigtermans:?}");
    let arms = read(&study("study-arms.csv"));
    assert_eq!(arms.iter().filter(|row| row["Study"] == "Sigtermans 2009").count(), 2);
    let results = read(&study("study-results.csv"));
    assert!(results.iter().any(|row| row["Study"] == "Sigtermans 2009" && row["Arm"] == "Ketamine" && row["Mean"] == "26.8"));

    let ours = read(&files["CD015373-analysis-data/CD015373-data-rows.csv"]);
    let root = std::env::var_os("TAMIS_REFERENCE").map_or_else(|| PathBuf::from("../shared/reference"), PathBuf::from);
    let Ok(published) = std::fs::read_to_string(root.join("ketamine/cochrane-cd015373-ketamine-data-rows.csv")) else {
        return println!("the package of the Cochrane Library is absent: rows are not compared");
    };
    let head = |text: &str| text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default().replace('"', "");
    assert_eq!(head(&files["CD015373-analysis-data/CD015373-data-rows.csv"]), head(&published));
    let mut compared = 0;
    for row in ours.iter().filter(|row| row["Analysis group"] == "1") {
        let family = |row: &BTreeMap<String, String>| row["Study"].split(' ').next().unwrap_or_default().to_owned();
        let same = |other: &&BTreeMap<String, String>| {
            ["Analysis group", "Analysis number", "Subgroup"].iter().all(|name| other[*name] == row[*name]) && family(other) == family(row)
        };
        let published = read(&published);
        let other = published.iter().find(same).unwrap_or_else(|| panic!("{row:?} is published"));
        for column in ["Study year", "Experimental N", "Control N", "Weight", "Mean", "CI start", "CI end"] {
            near(number(row, column), number(other, column), 2e-6);
        }
        for column in ["Experimental mean", "Control SD", "Experimental cases", "Control cases"] {
            assert_eq!(row[column].is_empty(), other[column].is_empty(), "{column} of {row:?}");
        }
        compared += 1;
    }
    assert_eq!(compared, 14);
}

#[test]
fn a_package_goes_into_a_folder_as_well_and_settings_are_whole() {
    let scratch = demo();
    let said = scratch.ok(&format!("{REVIEW} export package -o out"));
    assert!(said.starts_with("wrote 8 files of the package into out"), "{said}");
    let text = std::fs::read_to_string(scratch.path("out/review-analysis-data/review-overall-estimates-and-settings.csv")).expect("a file");
    let rows = read(&text);
    let duration = rows.iter().find(|row| row["ID"] == "1.2").expect("an analysis");
    assert_eq!(
        ["Subgroup by", "Subgroup estimates", "Test for subgroup differences", "Overall estimates"].map(|name| duration[name].as_str()),
        ["Duration of administration", "true", "true", "true"]
    );
    near(number(duration, "Subgroup P"), 0.08, 2e-2);
    let groups = std::fs::read_to_string(scratch.path("out/review-analysis-data/review-subgroup-estimates.csv")).expect("a file");
    assert_eq!(read(&groups).iter().filter(|row| row["Analysis number"] == "2" && row["Analysis group"] == "1").count(), 2);
}

#[test]
fn the_file_of_revman_has_the_rows_of_its_table() {
    let scratch = demo();
    let file = scratch.ok(&format!("{REVIEW} export rm5"));
    let table = read(&scratch.ok(&format!("{REVIEW} export revman")));
    let attribute = |line: &str, name: &str| {
        let rest = line.split(&format!(" {name}=\"")).nth(1)?;
        rest.split('"').next().map(str::to_owned)
    };
    let rows: Vec<&str> =
        file.lines().filter(|line| line.contains("_DATA ") && line.starts_with('<') && line.contains("STUDY_ID")).collect();
    let rows: Vec<&str> = rows.into_iter().filter(|line| !line.contains("QUALITY")).collect();
    let studies: Vec<_> = table.iter().filter(|row| row["Data Type"].is_empty() && row["Outcome Number"] != "0").collect();
    assert_eq!(rows.len(), studies.len());
    for (line, row) in rows.iter().zip(&studies) {
        for (name, column) in [
            ("TOTAL_1", "Total 1"),
            ("TOTAL_2", "Total 2"),
            ("EFFECT_SIZE", "Effect Estimate"),
            ("SE", "SE"),
            ("WEIGHT", "Weight"),
            ("CI_END", "CI End"),
        ] {
            let value: f64 = attribute(line, name).unwrap_or_else(|| panic!("{name} in {line}")).parse().expect("a number");
            near(value, number(row, column), 2e-8);
        }
        if let Some(log) = attribute(line, "LOG_EFFECT_SIZE") {
            near(log.parse().expect("a number"), number(row, "Effect Estimate").log10(), 2e-8);
        }
    }
    assert!(file.contains("STUDY_ID=\"STD-Sigtermans-2009\"") && file.contains("<P>Design: RCT parallel</P>"), "characteristics are there");
    let run = scratch.run(&format!("{REVIEW} export rm5 -o x.csv"));
    assert!(run.code == 2 && run.talk.contains("-o FILE.rm5"), "{}", run.talk);
}

#[test]
fn what_a_package_is_not_is_said() {
    let scratch = Scratch::with_studies();
    for words in ["export package -o p.csv", "export package --format json", "export votes -o v.zip", "export package --id ../x -o p.zip"] {
        let run = scratch.run(words);
        assert_eq!(run.code, 2, "{words}: {}", run.talk);
        assert!(run.talk.contains("hint:"), "{}", run.talk);
    }
}
