//! Tables that describe the studies, and the workbook of everything.

use std::io::Read;

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::{Scratch, example};

const REVIEW: &str = "--review d/ketamine.tamis";

#[test]
fn included_studies_have_their_characteristics_and_excluded_reports_their_reasons() {
    let scratch = Scratch::with_demo();
    let csv = scratch.ok(&format!("{REVIEW} export characteristics"));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names: Vec<String> = reader.headers().expect("names").iter().map(str::to_owned).collect();
    assert_eq!(names, ["Study", "Year", "Methods", "Participants", "Interventions", "Outcomes", "Funding", "Registration", "Reports"]);
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(rows.len(), 6);
    let sigtermans = rows.iter().find(|row| &row[0] == "Sigtermans 2009").expect("an included study");
    assert_eq!(&sigtermans[1], "2009");
    assert!(sigtermans[2].starts_with("Design: RCT parallel"), "{sigtermans:?}");
    assert!(sigtermans[4].contains("\nKetamine: Drug and route: "), "{sigtermans:?}");
    assert_eq!(sigtermans[5].lines().next(), Some("Pain intensity (Immediate term, Short term)"), "{sigtermans:?}");
    assert!(sigtermans[8].contains("Sigtermans") && sigtermans[8].contains("doi:10."), "{sigtermans:?}");
    let excluded = scratch.ok(&format!("{REVIEW} export excluded"));
    let flow = scratch.json(&format!("{REVIEW} flow"));
    let counts = ["dbr_excluded", "other_excluded"].iter().filter_map(|column| flow[*column].as_object());
    let counted: u64 = counts.flat_map(|column| column.values()).filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(csv::Reader::from_reader(excluded.as_bytes()).records().count() as u64, counted, "as many as in the flow: {flow}");
    assert!(excluded.contains("Wrong comparator"), "{excluded}");
}

#[test]
fn the_same_tables_are_written_as_markdown_and_for_word() {
    let scratch = Scratch::with_demo();
    let markdown = scratch.ok(&format!("{REVIEW} export characteristics --format md"));
    assert!(markdown.contains("### Sigtermans 2009\n\n| | |\n| --- | --- |\n| Methods | Design: RCT parallel"), "{markdown}");
    assert!(markdown.contains("## Characteristics of excluded studies\n\n| Study | Reason for exclusion | Report |"), "{markdown}");
    scratch.ok(&format!("{REVIEW} export characteristics -o c.docx"));
    let mut archive = zip::ZipArchive::new(std::fs::File::open(scratch.path("c.docx")).expect("the file")).expect("an archive");
    let mut text = String::new();
    archive.by_name("word/document.xml").expect("the text").read_to_string(&mut text).expect("UTF-8");
    for part in ["Characteristics of included studies", "Sigtermans 2009", "Design: RCT parallel", "Wrong comparator"] {
        assert!(text.contains(part), "{part}");
    }
    // A table a study and one of the reports excluded.
    assert_eq!(text.matches("<w:tbl>").count(), 7);
}

#[test]
fn what_is_not_agreed_upon_is_left_empty_and_said() {
    let scratch = Scratch::with_studies();
    scratch.ok(&format!("--as AR extract load {}", example("extraction-AR.csv")));
    scratch.ok("--as AR extract submit --all");
    let run = scratch.run("--as AR export characteristics");
    assert!(run.talk.contains("Sigtermans 2009: what its extractors have not agreed upon is left empty."), "{}", run.talk);
    assert!(!run.out.contains("RCT parallel"), "{}", run.out);
}

#[test]
fn a_form_says_which_column_a_field_belongs_to() {
    let scratch = Scratch::with_demo();
    let form = std::fs::read_to_string(example("form.toml")).expect("the form").replace("version = 1", "version = 2");
    let moved = form
        .replace("id = \"condition\"\n", "id = \"condition\"\ncharacteristic = \"setting\"\n")
        .replace("id = \"duration\"\n", "id = \"duration\"\ncharacteristic = \"none\"\n");
    scratch.write("form.toml", &moved);
    scratch.ok(&format!("{REVIEW} --as AR form use form.toml"));
    let csv = scratch.ok(&format!("{REVIEW} export characteristics"));
    assert!(csv.lines().next().is_some_and(|line| line.contains("Setting")), "{csv}");
    assert!(!csv.contains("Duration of administration"), "{csv}");
    scratch.write("wrong.toml", &form.replace("id = \"condition\"\n", "id = \"condition\"\ncharacteristic = \"colour\"\n"));
    let run = scratch.run("form check wrong.toml");
    assert_eq!(run.code, 3, "{}{}", run.out, run.talk);
    assert!(format!("{}{}", run.out, run.talk).contains("wrong.toml:53:"), "{}{}", run.out, run.talk);
}

#[test]
fn the_workbook_has_every_table_with_typed_cells_and_no_formula() {
    let scratch = Scratch::with_demo();
    scratch.ok(&format!("{REVIEW} --as AR export workbook -o all.xlsx"));
    let mut book: Xlsx<_> = open_workbook(scratch.path("all.xlsx")).expect("a workbook");
    let names = book.sheet_names().clone();
    for name in [
        "contents",
        "included studies",
        "excluded reports",
        "results",
        "pairs",
        "analyses",
        "estimates",
        "agreed values",
        "flow",
        "votes",
        "records",
    ] {
        assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    }
    for name in &names {
        let formulas = book.worksheet_formula(name).expect("a sheet");
        assert!(formulas.used_cells().next().is_none(), "{name} has a formula");
    }
    let contents = book.worksheet_range("contents").expect("a sheet");
    assert_eq!(contents.height(), names.len(), "a row for each other sheet, and the names of the columns");
    for row in contents.rows().skip(1) {
        let (Data::String(name), Data::Float(count)) = (&row[0], &row[2]) else { panic!("{row:?}") };
        let sheet = book.worksheet_range(name).expect("the sheet that is named");
        assert_eq!(sheet.height() - 1, *count as usize, "{name}");
    }
    for (name, what) in [("results", "results"), ("analyses", "analysis"), ("agreed values", "extraction"), ("records", "records")] {
        let csv = scratch.ok(&format!("{REVIEW} --as AR export {what} --format csv"));
        let rows = csv::Reader::from_reader(csv.as_bytes()).records().count();
        assert_eq!(book.worksheet_range(name).expect("a sheet").height(), rows + 1, "{name}");
    }
    let results = book.worksheet_range("results").expect("a sheet");
    let mean = results.rows().next().and_then(|row| row.iter().position(|name| *name == Data::String("mean".into()))).expect("a column");
    assert!(results.rows().skip(1).any(|row| matches!(row[mean], Data::Float(value) if value == 26.8)));
}

#[test]
fn a_review_without_a_form_has_a_workbook_of_its_screening() {
    let scratch = Scratch::with_records();
    scratch.ok("--as AR export workbook -o all.xlsx");
    let book: Xlsx<_> = open_workbook(scratch.path("all.xlsx")).expect("a workbook");
    assert_eq!(book.sheet_names(), &["contents", "flow", "duplicates", "votes", "marks", "records"]);
    let run = scratch.run("export workbook -o all.csv");
    assert!(run.code == 2 && run.talk.contains("-o FILE.xlsx"), "{}", run.talk);
}
