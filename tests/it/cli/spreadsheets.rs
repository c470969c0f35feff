//! Tables of strangers and workbooks, in and out, as people use them.

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::Scratch;

fn sheet(scratch: &Scratch, file: &str) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = open_workbook(scratch.path(file)).expect("a workbook");
    let name = workbook.sheet_names()[0].clone();
    assert!(workbook.worksheet_formula(&name).expect("a sheet").is_empty());
    workbook.worksheet_range(&name).expect("a sheet").rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn a_table_with_names_of_its_own_is_read_by_a_mapping_that_the_log_keeps() {
    let scratch = Scratch::with_review();
    scratch.write("treffer.csv", "Kurztitel;Verfasst von;Erschienen\nKetamin bei Schmerz;\"Müller, K; Groß, H\";2009\n");
    let run = scratch.run("import treffer.csv --dry-run");
    assert_eq!(run.code, 1);
    for part in ["no column of titles", "\"Verfasst von\"", "--map", "title, authors, year"] {
        assert!(run.talk.contains(part), "\"{part}\" is missing in: {}", run.talk);
    }
    let run = scratch.run("import treffer.csv --dry-run --map title=Titel");
    assert!(run.talk.contains("There is no column \"Titel\". The columns are: \"Kurztitel\""), "{}", run.talk);
    let columns = "title=Kurztitel,year=Erschienen";
    let read = scratch.json(&format!("import treffer.csv --dry-run --map {columns}"));
    assert_eq!(read["files"][0]["records"][0]["title"], "Ketamin bei Schmerz");
    assert_eq!(read["files"][0]["records"][0]["year"], 2009);
    scratch.ok(&format!("import treffer.csv --source Bibliothek --map {columns}"));
    assert!(scratch.ok("log").contains("columns title=Kurztitel, year=Erschienen"), "{}", scratch.ok("log"));
}

#[test]
fn every_table_is_exported_as_a_workbook_that_holds_what_the_csv_holds() {
    let scratch = Scratch::with_studies();
    for what in ["records", "duplicates", "votes", "prisma", "extraction", "analysis"] {
        scratch.ok(&format!("export {what} -o {what}.xlsx"));
        scratch.ok(&format!("export {what} -o {what}.csv"));
        let rows = sheet(&scratch, &format!("{what}.xlsx"));
        let csv = std::fs::read(scratch.path(&format!("{what}.csv"))).expect("the csv");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_slice());
        let lines: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("CSV");
        assert_eq!(rows.len(), lines.len(), "{what}");
        for (row, line) in rows.iter().zip(&lines) {
            for (cell, text) in row.iter().zip(line) {
                let shown = match cell {
                    Data::Empty => String::new(),
                    Data::Bool(value) => value.to_string(),
                    cell => cell.to_string(),
                };
                let is_same =
                    shown == text || format!("'{shown}") == text || shown.parse::<f64>().is_ok_and(|value| text.parse() == Ok(value));
                assert!(is_same, "{what}: {cell:?} is written as \"{text}\" in the csv");
            }
        }
    }
    let records = sheet(&scratch, "records.xlsx");
    let year = records[0].iter().position(|name| *name == Data::String("year".to_owned())).expect("a column of years");
    assert!(records[1..].iter().all(|row| matches!(row[year], Data::Float(_))));
}

#[test]
fn votes_and_records_go_out_and_come_in_as_workbooks() {
    let scratch = Scratch::with_records();
    let before = scratch.json("import --dry-run search.ris".replace("search.ris", &super::example("search-embase.ris")).as_str());
    scratch.ok("export records -o all.xlsx");
    let again = scratch.json("import --dry-run all.xlsx");
    assert_eq!(again["files"][0]["format"], "xlsx");
    let kept = again["files"][0]["kept"].as_u64().expect("a number");
    assert_eq!(again["files"][0]["found"], kept);
    let titles = |value: &serde_json::Value| -> Vec<String> {
        let records = value["files"][0]["records"].as_array().cloned().unwrap_or_default();
        records.iter().map(|record| format!("{} {} {} {}", record["title"], record["year"], record["doi"], record["authors"])).collect()
    };
    let all = titles(&again);
    assert!(titles(&before).iter().all(|record| all.contains(record)));
    scratch.write("votes.csv", "record,vote\nsearch-pubmed.nbib#1,include\nsearch-pubmed.nbib#2,exclude\n");
    scratch.ok("--as AR screen votes votes.csv");
    scratch.ok("--as AR export votes -o votes.xlsx");
    scratch.ok("undo");
    assert_eq!(scratch.json("--as AR screen list --queue mine")["total"], 0);
    scratch.ok("--as AR screen votes votes.xlsx");
    assert_eq!(scratch.json("--as AR screen list --queue mine")["total"], 2);
}

#[test]
fn references_are_exported_in_every_format_and_read_back() {
    let scratch = Scratch::with_records();
    let count = scratch.json("export records --format json").as_array().map(Vec::len).expect("a list");
    for (format, name) in [
        ("ris", "ris"),
        ("nbib", "nbib"),
        ("bib", "bibtex"),
        ("csl-json", "csl-json"),
        ("endnote-xml", "endnote-xml"),
        ("csv", "csv"),
        ("xlsx", "xlsx"),
    ] {
        scratch.ok(&format!("export records --format {format} -o records.out"));
        let read = scratch.json("import --dry-run records.out");
        assert_eq!((read["files"][0]["format"].as_str(), read["files"][0]["kept"].as_u64()), (Some(name), Some(count as u64)), "{format}");
        assert_eq!(read["files"][0]["diagnostics"].as_array().map(Vec::len), Some(0), "{format}: {}", read["files"][0]["diagnostics"]);
    }
    assert_eq!(scratch.run("export votes --format bib").code, 2);
}
